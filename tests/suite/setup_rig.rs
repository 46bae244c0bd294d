//! `loa setup` as people use it: by flags, by answers on its standard input, and at a terminal. Owns the station's folder and
//! what was said.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
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

fn said(child: Child) -> Said {
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

pub fn lines(answers: &[&str]) -> String {
    answers.iter().map(|answer| format!("{answer}\n")).collect()
}

/// A person at a terminal, who types when asked.
pub struct AtTerminal {
    child: Child,
    keys: ChildStdin,
    screen: Arc<Mutex<String>>,
    /// How much of the screen has been answered.
    read: usize,
}

impl AtTerminal {
    /// `script` of util-linux gives the program a terminal of its own.
    pub fn of(bare: &Bare, arguments: &[&str]) -> AtTerminal {
        let words = [env!("CARGO_BIN_EXE_loa"), "setup", "--folder"].iter().copied();
        let root = bare.root().display().to_string();
        let line: Vec<String> = words
            .chain([root.as_str()])
            .chain(arguments.iter().copied())
            .map(|word| format!("'{word}'"))
            .collect();
        let mut child = Command::new("script")
            .args(["-qec", &line.join(" "), "/dev/null"])
            .envs(bare.environment.iter().cloned())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` of util-linux gives this test a terminal");
        let screen = Arc::new(Mutex::new(String::new()));
        let (mut out, seen) = (child.stdout.take().unwrap(), screen.clone());
        std::thread::spawn(move || {
            let (mut all, mut some) = (Vec::new(), [0; 4096]);
            while let Ok(length @ 1..) = out.read(&mut some) {
                all.extend_from_slice(&some[..length]);
                *seen.lock().unwrap() = String::from_utf8_lossy(&all).into_owned();
            }
        });
        let keys = child.stdin.take().unwrap();
        AtTerminal { child, keys, screen, read: 0 }
    }

    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().clone()
    }

    /// Waits for a question and types those keys.
    pub fn answer(&mut self, question: &str, keys: &str) {
        let read = self.read;
        let at = wait_for(question, || {
            let screen = self.screen();
            screen.get(read..).and_then(|rest| rest.find(question)).map(|at| read + at + question.len())
        });
        self.read = at;
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn ended(mut self) -> (Option<i32>, String) {
        let status = wait_for("the end of the dialogue", || self.child.try_wait().unwrap());
        (status.code(), self.screen())
    }
}

/// Whether that folder holds nothing, or is not there.
pub fn is_bare(folder: &Path) -> bool {
    std::fs::read_dir(folder).map_or(true, |mut entries| entries.next().is_none())
}
