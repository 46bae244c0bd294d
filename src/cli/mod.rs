//! The command line: one file a command, and the only room that prints. Owns what is said on the terminal and the exit
//! codes: 0 fine, 1 something is wrong with what was asked about, 2 wrong usage.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::words::Language;

mod airings;
mod alarms;
#[cfg(windows)]
mod as_service;
mod backup;
mod check;
mod devices;
mod doctor;
mod emergency;
mod guard;
mod handover;
mod handwriting;
#[cfg(windows)]
mod install;
#[cfg(any(windows, test))]
mod log_file;
mod next;
mod orders;
mod probe;
mod report;
mod restart;
mod restore;
mod run;
mod rundown;
mod setting;
mod setup;
mod status;
mod template;
mod user;
mod verify;
mod why;

/// Airs recorded programmes on time and writes down what really went out.
#[derive(Debug, Parser)]
#[command(name = "loa", version, about, disable_help_subcommand = true)]
pub struct Cli {
    /// The station's configuration. Default: config/station.toml here, else that of the installed station.
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// The language of what is said: vi or en. Default: the station's.
    #[arg(long, global = true, value_name = "LANGUAGE", value_parser = language)]
    pub language: Option<Language>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

fn language(text: &str) -> Result<Language, String> {
    match text {
        "vi" => Ok(Language::Vi),
        "en" => Ok(Language::En),
        other => Err(format!("`{other}` is not one of `vi`, `en`")),
    }
}

/// What the command line can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Airs the schedules until told to stop.
    Run(run::Run),
    /// Says everything that can be wrong before it is.
    Check(check::Check),
    /// What will play, and what stands in its way.
    Rundown(rundown::Rundown),
    /// When a pattern fires.
    Next(next::Next),
    /// The as-run log: what really went out.
    Airings(airings::Airings),
    /// A report of what aired: for printing and signing, or as a workbook.
    Report(report::Report),
    /// One sentence: why this did or did not air.
    Why(why::Why),
    /// How the station is.
    Status(status::Status),
    /// What is wrong with the station and its machine, and how to mend it.
    Doctor(doctor::Doctor),
    /// Ends what is on air and what waits for it.
    Stop,
    /// Airs a recording of the library: now, or after what is on air.
    Play(orders::Play),
    /// Leaves out a slot's cues of one day.
    Skip(orders::Skip),
    /// Airs a warning at once, in the quiet hours too, and repeats it until it expires.
    Emergency(emergency::Emergency),
    /// Approves a schedule that waits, with its recordings as they are now.
    Approve(orders::Approve),
    /// Refuses what waits of a schedule; what was approved before airs on, and the office is told why.
    Refuse(orders::Refuse),
    /// About the station's clock.
    #[command(subcommand)]
    Clock(orders::ClockCommand),
    /// Whether those who are far away are told of alarms.
    Alarms(alarms::Alarms),
    /// Writes in an airing that Loa did not make.
    Enter(handwriting::Enter),
    /// Takes back an airing that was written in.
    TakeBack(handwriting::TakeBackEntered),
    /// Writes a note on an airing.
    Note(handwriting::Note),
    /// Writes down that a period was reviewed.
    Review(handwriting::Review),
    /// Proves the journal whole, or names the first entry that is not.
    Verify(verify::Verify),
    /// The sound cards, by the names that the configuration takes.
    Devices(devices::Devices),
    /// What intake would say of recordings.
    Probe(probe::Probe),
    /// Writes the workbook that offices fill in.
    Template(template::Template),
    /// The hand-over sheet, for printing: what the station is, where things are, whom to call.
    Handover(handover::HandoverSheet),
    /// Puts the whole station into one file, also while it runs.
    Backup(backup::Backup),
    /// Puts a station from a backup into its folder; nothing is written over.
    Restore(restore::Restore),
    /// The accounts of the station's pages.
    #[command(subcommand)]
    User(user::User),
    /// Puts the program in its place on this PC; what the installer of the package starts.
    #[cfg(windows)]
    Install(install::Install),
    /// Takes the program out of this PC; the station's folder stays.
    #[cfg(windows)]
    Uninstall,
    /// Sets the station up, or changes one thing of it.
    Setup(setup::Setup),
    /// Keeps the amplifier for the station that started it.
    #[command(hide = true)]
    AmplifierGuard,
    /// Waits until the station may be started anew after an upgrade.
    #[command(hide = true)]
    WaitToRestart(restart::WaitToRestart),
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0.
    Fine,
    /// 1: something is wrong with what was asked about.
    Wrong,
    /// 2: wrong usage.
    Usage,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Wrong => 1,
            Exit::Usage => 2,
        })
    }
}

/// Runs the command.
pub fn run(cli: Cli) -> Exit {
    let named = cli.config.clone();
    let config = crate::config::installed::configuration(cli.config);
    let asked = setting::Asked { config, language: cli.language };
    // Whoever gives the order, it is carried out with the rights of the station's account.
    let _ = setting::who();
    let result = match on_station(&cli.command) {
        true => asked.on_station(|| carry_out(&cli.command, &asked, named)).and_then(|result| result),
        false => carry_out(&cli.command, &asked, named),
    };
    result.unwrap_or_else(|error| {
        problem(asked.language_known(), &format!("{error:#}"));
        Exit::Wrong
    })
}

/// Whether all that the command does it does in the station's folder, or with what it finds there, so that it needs no rights
/// but those of the station's account. The others take root's as far as they need them: for the machine, and for files that
/// the caller names.
fn on_station(command: &Command) -> bool {
    match command {
        Command::Check(_)
        | Command::Rundown(_)
        | Command::Airings(_)
        | Command::Why(_)
        | Command::Status(_)
        | Command::Stop
        | Command::Play(_)
        | Command::Skip(_)
        | Command::Emergency(_)
        | Command::Approve(_)
        | Command::Refuse(_)
        | Command::Clock(_)
        | Command::Alarms(_)
        | Command::Enter(_)
        | Command::TakeBack(_)
        | Command::Note(_)
        | Command::Review(_)
        | Command::Verify(_)
        | Command::WaitToRestart(_) => true,
        Command::Run(_)
        | Command::Next(_)
        | Command::Report(_)
        | Command::Doctor(_)
        | Command::Devices(_)
        | Command::Probe(_)
        | Command::Template(_)
        | Command::Handover(_)
        | Command::Backup(_)
        | Command::Restore(_)
        | Command::User(_)
        | Command::Setup(_)
        | Command::AmplifierGuard => false,
        #[cfg(windows)]
        Command::Install(_) | Command::Uninstall => false,
    }
}

fn carry_out(command: &Command, asked: &setting::Asked, named: Option<PathBuf>) -> anyhow::Result<Exit> {
    match command {
        Command::Run(run) => run.run(asked),
        Command::Check(check) => check.run(asked),
        Command::Rundown(rundown) => rundown.run(asked),
        Command::Next(next) => next.run(asked),
        Command::Airings(airings) => airings.run(asked),
        Command::Report(report) => report.run(asked),
        Command::Why(why) => why.run(asked),
        Command::Status(status) => status.run(asked),
        Command::Doctor(doctor) => doctor.run(asked),
        Command::Stop => orders::stop(asked),
        Command::Play(play) => play.run(asked),
        Command::Skip(skip) => skip.run(asked),
        Command::Emergency(emergency) => emergency.run(asked),
        Command::Approve(approve) => approve.run(asked),
        Command::Refuse(refuse) => refuse.run(asked),
        Command::Clock(clock) => clock.run(asked),
        Command::Alarms(alarms) => alarms.run(asked),
        Command::Enter(enter) => enter.run(asked),
        Command::TakeBack(back) => back.run(asked),
        Command::Note(note) => note.run(asked),
        Command::Review(review) => review.run(asked),
        Command::Verify(verify) => verify.run(asked),
        Command::Devices(devices) => devices.run(asked),
        Command::Probe(probe) => probe.run(asked),
        Command::Template(template) => template.run(asked),
        Command::Handover(sheet) => sheet.run(asked),
        Command::Backup(backup) => backup.run(asked),
        Command::Restore(restore) => restore.run(asked),
        Command::User(user) => user.run(asked),
        #[cfg(windows)]
        Command::Install(flags) => install::install(asked, flags),
        #[cfg(windows)]
        Command::Uninstall => install::uninstall(asked),
        Command::Setup(setup) => setup.run(asked, named),
        Command::AmplifierGuard => guard::run(),
        Command::WaitToRestart(wait) => wait.run(asked),
    }
}

/// Diagnostics go to standard error, as the system's journal wants them, and those of a service of Windows into a file;
/// `LOA_LOG` chooses how much of them.
pub fn set_up_diagnostics(cli: &Cli) {
    let running = matches!(cli.command, Command::Run(_));
    let default =
        if running { "warn,loa=info,symphonia=error" } else { "error,symphonia=off,pulseaudio=off" };
    let filter = tracing_subscriber::EnvFilter::try_from_env("LOA_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(default));
    let terminal = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    let _ = match log_file(cli) {
        Some(file) => terminal.with_writer(std::sync::Mutex::new(file)).with_ansi(false).try_init(),
        None => terminal.with_writer(std::io::stderr).with_ansi(std::io::stderr().is_terminal()).try_init(),
    };
    // A decoder's panic is caught and becomes a fault of its recording; a trace of it would cost 80 MB of memory
    // (crates.md, 12) and tell the technician nothing.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::warn!(place, "{}", panic.payload_as_str().unwrap_or("a panic without words"));
    }));
}

/// Where the diagnostics go if not to the terminal. In the folder of the station that the configuration is of, whatever
/// that says: it may be what is wrong.
#[cfg(windows)]
fn log_file(cli: &Cli) -> Option<log_file::LogFile> {
    let Command::Run(run::Run { service: true, .. }) = &cli.command else { return None };
    let config = crate::config::installed::configuration(cli.config.clone());
    let station = config.parent()?.parent()?;
    Some(log_file::LogFile::in_state(&station.join("state")))
}

#[cfg(not(windows))]
fn log_file(_cli: &Cli) -> Option<std::io::Sink> {
    None
}

/// Prints a line; whoever has closed the pipe has seen enough.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{text}");
}

/// Prints JSON.
fn say_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, value)?;
    let _ = writeln!(out);
    Ok(())
}

/// Says on standard error what is wrong.
fn problem(language: Language, text: &str) {
    let mut out = std::io::stderr().lock();
    let word = match language {
        Language::Vi => "lỗi",
        Language::En => "error",
    };
    let _ = writeln!(out, "{word}: {text}");
}

/// Shows on a terminal how far long work is; the next call, or `done`, replaces it.
fn progress(text: &str) {
    let mut out = std::io::stderr().lock();
    if out.is_terminal() {
        let _ = write!(out, "\r\x1b[K{text}");
        let _ = out.flush();
    }
}
