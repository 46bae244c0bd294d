//! `loa setup` as people use it: by flags, by answers on its standard input, and at a terminal. Owns the station's folder and
//! what was said.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use loa::config::Config;

/// A place where there is no station yet.
pub struct Bare {
    folder: tempfile::TempDir,
    pub environment: Vec<(String, String)>,
}

/// What a run said.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Bare {
    pub fn new() -> Bare {
        Bare { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// The station's folder, which setup makes.
    pub fn root(&self) -> PathBuf {
        self.folder.path().join("đài")
    }

    pub fn config_file(&self) -> PathBuf {
        self.root().join("config/station.toml")
    }

    pub fn text(&self) -> String {
        std::fs::read_to_string(self.config_file()).unwrap()
    }

    pub fn config(&self) -> Config {
        Config::read(&self.config_file()).unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loa"));
        command.arg("setup").arg("--folder").arg(self.root()).args(arguments);
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Runs with those answers, a line each, and then no more.
    pub fn setup(&self, arguments: &[&str], answers: &[&str]) -> Said {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Whoever is refused at once reads nothing.
        let _ = child.stdin.take().unwrap().write_all(lines(answers).as_bytes());
        said(child)
    }

    /// A station with the usual answers, made by flags.
    pub fn made(&self) {
        let said = self.setup(&["--yes", "--name", "Đài xã Tân Lập", "--card", "virtual"], &[]);
        assert_eq!(said.code, Some(0), "{said:?}");
    }

    /// The files below the station's folder, those of the program's own state apart.
    pub fn files(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.root()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => found.push(path.strip_prefix(self.root()).unwrap().display().to_string()),
                }
            }
        }
        found.sort();
        found
    }

    /// Another command of this station.
    pub fn loa(&self, arguments: &[&str]) -> Said {
        let mut command = Command::new(env!("CARGO_BIN_EXE_loa"));
        command
            .args(arguments)
            .arg("--config")
            .arg(self.config_file())
            .envs(self.environment.iter().cloned());
        let child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        said(child)
    }
}

fn said(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

pub fn lines(answers: &[&str]) -> String {
    answers.iter().map(|answer| format!("{answer}\n")).collect()
}

/// Whether that folder holds nothing, or is not there.
pub fn is_bare(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}
