//! Parses the command line, sets up the diagnostics, and answers with the exit code.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let cli = loa::cli::Cli::parse();
    loa::cli::set_up_diagnostics(&cli);
    loa::cli::run(cli).into()
}
