//! `loa setup` as people use it: by flags, by answers on its standard input, and at a terminal. Owns the station's folder and
//! what was said.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use loa::config::Config;

use super::station_folder::wait_for;

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

/// Answers that wait for their questions.
pub struct Talk {
    child: Child,
    reader: std::thread::JoinHandle<()>,
    said: Arc<Mutex<Vec<u8>>>,
    heard: usize,
}

impl Talk {
    pub fn begin(mut command: Command) -> Talk {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        let all = said.clone();
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4_096];
            while let Ok(read @ 1..) = out.read(&mut bytes) {
                all.lock().unwrap().extend_from_slice(&bytes[..read]);
            }
        });
        Talk { child, reader, said, heard: 0 }
    }

    fn all(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().unwrap()).into_owned()
    }

    /// Waits until that was said, after what was waited for before; what was said up to there.
    pub fn hears(&mut self, words: &str) -> String {
        let (from, what) = (self.heard, format!("`{words}`"));
        let found = wait_for(&what, || {
            let all = self.all();
            all[from..].find(words).map(|at| all[from..from + at + words.len()].to_owned())
        });
        self.heard += found.len();
        found
    }

    pub fn answers(&mut self, answer: &str) {
        writeln!(self.child.stdin.as_ref().unwrap(), "{answer}").unwrap();
    }

    /// Has no more answers, and waits for the end.
    pub fn ends(self) -> Said {
        let Talk { mut child, reader, said, .. } = self;
        drop(child.stdin.take());
        let output = child.wait_with_output().unwrap();
        reader.join().unwrap();
        let out = String::from_utf8(std::mem::take(&mut said.lock().unwrap())).unwrap();
        Said { code: output.status.code(), out, err: String::from_utf8(output.stderr).unwrap() }
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
