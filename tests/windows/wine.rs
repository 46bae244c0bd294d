//! A Windows for tests: Wine, with a PC of its own (`target/wine/prefix`, made by `scripts/need-wine`). Owns the names of
//! paths there, and its processes.

// Benchmarks use less of it than tests do.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A PC that runs Windows. One at a time: they share the disk.
pub struct Wine {
    environment: Vec<(String, String)>,
}

impl Drop for Wine {
    fn drop(&mut self) {
        self.cut_power();
    }
}

impl Wine {
    /// Switches it on, with that in the environment of every process: where its sound goes, above all.
    pub fn start(environment: Vec<(String, String)>) -> Wine {
        let prefix = ("WINEPREFIX".to_owned(), prefix().display().to_string());
        assert!(
            prefix_is_made(),
            "`scripts/need-wine` makes the PC of these tests; `make test-windows` runs it"
        );
        let quiet = ("WINEDEBUG".to_owned(), "-all".to_owned());
        // The home is the sound server's, whose socket is named by its own variable.
        let environment = environment.into_iter().chain([prefix, quiet]).collect();
        let wine = Wine { environment };
        wine.cut_power();
        wine.switch_on();
        wine
    }

    /// Starts the PC, and the services that start with it.
    pub fn switch_on(&self) {
        // The processes that Wine keeps beside the programs live as long as the PC does. Whoever is the first program would
        // hand them its standard output, and nobody could read that to its end.
        assert!(self.unix("wineserver", &["-p"]).status().unwrap().success());
        assert!(self.unix("wine", &["wineboot"]).status().unwrap().success());
    }

    /// Every process ends at once.
    pub fn cut_power(&self) {
        let _ = self.unix("wineserver", &["-k"]).status();
        let _ = self.unix("wineserver", &["-w"]).status();
    }

    /// A command of this machine in Wine's environment.
    fn unix(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment.iter().cloned());
        // Where no station lies: this folder holds the sample's, which `loa` would take.
        command.current_dir(drive_c());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// A program of Windows, by its name there or its path here.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Said {
        let mut command = self.unix("wine", &[program]);
        let output = command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).output().unwrap();
        Said {
            fine: output.status.success(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            error: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// What every process there is told.
    pub fn environment(&self) -> Vec<(String, String)> {
        self.environment.clone()
    }
}

/// What a program said.
#[derive(Debug)]
pub struct Said {
    pub fine: bool,
    pub out: String,
    pub error: String,
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target")
}

fn prefix() -> PathBuf {
    target().join("wine/prefix")
}

fn prefix_is_made() -> bool {
    prefix().join("drive_c/windows/system32/bcryptprimitives.dll").is_file()
}

/// `C:\`.
pub fn drive_c() -> PathBuf {
    prefix().join("drive_c")
}

/// Loa for Windows, as it was built last.
pub fn loa_exe() -> PathBuf {
    let built = |profile: &str| target().join("x86_64-pc-windows-gnu").join(profile).join("loa.exe");
    let newest = |path: &PathBuf| path.metadata().and_then(|found| found.modified()).ok();
    let found = ["debug", "release"].map(built).into_iter().filter(|path| path.is_file()).max_by_key(newest);
    found.expect("`make test-windows` and `make windows` build Loa for Windows")
}

/// The name that a path of this machine has there.
pub fn named(path: &Path) -> String {
    format!("Z:{}", path.display().to_string().replace('/', "\\"))
}

/// What runs Loa there: the program and its first arguments.
pub fn loa() -> Vec<String> {
    vec!["wine".to_owned(), named(&loa_exe())]
}
