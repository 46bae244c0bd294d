//! A real station in a folder of its own: the binary, its files, and what its commands say. Owns the process; kills it
//! when the test is over.

// Benchmarks use more of it than tests do, and the other way round.
#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

/// What a test waits for at most; far more than any machine needs.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let mut waited = Duration::ZERO;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(waited < PATIENCE, "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(50));
        waited += Duration::from_millis(50);
    }
}

pub struct StationFolder {
    folder: tempfile::TempDir,
    running: Option<Child>,
    pub environment: Vec<(String, String)>,
    /// What runs Loa, and the name of a path of this machine there.
    runner: Option<Runner>,
}

/// A program with its first arguments, and how it names paths.
type Runner = (Vec<String>, fn(&Path) -> String);

impl Drop for StationFolder {
    fn drop(&mut self) {
        if let Some(mut child) = self.running.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl StationFolder {
    /// A station with those cards, awake around the clock, whose clock is vouched for.
    pub fn new(cards: &str) -> StationFolder {
        StationFolder::within(&std::env::temp_dir(), cards)
    }

    /// As [`StationFolder::new`], in memory where the machine has a disk there: what a killed process wrote stays there
    /// just the same, and a busy disk does not decide how long an entry takes.
    pub fn in_memory(cards: &str) -> StationFolder {
        let memory = Path::new("/dev/shm");
        let place = if memory.is_dir() { memory.to_path_buf() } else { std::env::temp_dir() };
        StationFolder::within(&place, cards)
    }

    /// Loa is run by `program` from now on, which knows this machine's paths by the names that `named` gives them.
    pub fn run_by(&mut self, program: Vec<String>, named: fn(&Path) -> String) {
        self.runner = Some((program, named));
    }

    pub fn within(place: &Path, cards: &str) -> StationFolder {
        let folder = tempfile::tempdir_in(place).unwrap();
        for name in ["config", "schedules", "audio"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let config = format!(
            "[station]\nid = \"xa-thu\"\nname = \"Đài thử\"\nlanguage = \"en\"\n[output]\ncards = [{cards}]\n\
             [policy]\nquiet_hours = \"none\"\n[page]\nlisten = \"none\"\n[clock]\ntrust = \"vouched\"\n"
        );
        std::fs::write(folder.path().join("config/station.toml"), config).unwrap();
        std::fs::write(
            folder.path().join("config/themes.toml"),
            "[[theme]]\nid = \"dich-vu-cong\"\nvi = \"Dịch vụ công\"\nen = \"Public services\"\n",
        )
        .unwrap();
        StationFolder { folder, running: None, environment: Vec::new(), runner: None }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A recording of noise that long; returns its samples as frames of 48 kHz stereo.
    pub fn recording(&self, name: &str, frames: usize) -> PathBuf {
        let mut state = 0x9e37_79b9u32 ^ name.len() as u32;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state as i16 / 4) | 1
        };
        self.recording_of(name, (0..frames).map(|_| [next(), next()]))
    }

    /// A recording of those frames, 48 kHz stereo.
    pub fn recording_of(&self, name: &str, frames: impl Iterator<Item = [i16; 2]>) -> PathBuf {
        let path = self.path().join("audio").join(name);
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 48_000,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = hound::WavWriter::create(&path, spec).unwrap();
        frames.flatten().for_each(|sample| file.write_sample(sample).unwrap());
        file.finalize().unwrap();
        path
    }

    /// Drops so many recordings into the inbox, no two the same, all at once.
    pub fn drop_recordings(&self, count: usize) {
        let folder = self.path().join("inbox/Xa");
        std::fs::create_dir_all(self.path().join("drops")).unwrap();
        for number in 0..count {
            let path = self.recording("drop.wav", 96_000 + number);
            std::fs::rename(path, self.path().join(format!("drops/r{number}.wav"))).unwrap();
        }
        std::fs::rename(self.path().join("drops"), folder).unwrap();
    }

    /// How many receipts the inbox has given for what [`StationFolder::drop_recordings`] dropped.
    pub fn receipts(&self) -> usize {
        let entries = ["Receipts", "Phiếu báo"].map(|name| self.path().join("inbox/Xa").join(name));
        let entries = entries.into_iter().filter_map(|folder| std::fs::read_dir(folder).ok()).flatten();
        entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "txt")).count()
    }

    pub fn schedule(&self, file: &str, text: &str) {
        // As an editor does it: whole at once.
        let draft = self.path().join("draft");
        std::fs::write(&draft, text).unwrap();
        std::fs::rename(draft, self.path().join("schedules").join(file)).unwrap();
    }

    /// A schedule with one slot that plays `play` so many seconds from now.
    pub fn schedule_in(&self, seconds: i64, play: &str) -> chrono::DateTime<chrono::Utc> {
        use chrono::Timelike;
        let due = (now() + chrono::TimeDelta::seconds(seconds)).with_nanosecond(0).unwrap();
        let civil = due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
        self.schedule(
            "lich.toml",
            &format!(
                "id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"gio\"\ntitle = \"Đúng giờ\"\n\
                 dates = [{}]\nat = [\"{}\"]\nplay = [\"{play}\"]\n",
                civil.format("%Y-%m-%d"),
                civil.format("%H:%M:%S")
            ),
        );
        due
    }

    pub fn loa(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let config = self.path().join("config/station.toml");
        let mut command = match &self.runner {
            None => Command::new(env!("CARGO_BIN_EXE_loa")),
            Some((program, _)) => {
                let mut command = Command::new(&program[0]);
                command.args(&program[1..]);
                command
            }
        };
        command.args(arguments).arg("--config");
        match &self.runner {
            None => command.arg(config),
            Some((_, name)) => command.arg(name(&config)),
        };
        command.envs(self.environment.iter().cloned());
        command
    }

    /// Standard output as JSON.
    pub fn json(&self, arguments: &[&str]) -> Value {
        let output = self.loa(arguments);
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{arguments:?} gave no JSON: {error}"))
    }

    pub fn airings(&self) -> Vec<Value> {
        let output = self.loa(&["airings", "--json"]);
        serde_json::from_slice::<Value>(&output.stdout)
            .ok()
            .and_then(|value| value.as_array().cloned())
            .unwrap_or_default()
    }

    /// Starts the station and waits until it answers.
    pub fn run(&mut self) {
        self.start();
        wait_for("the station to answer", || self.loa(&["status", "--json"]).status.success().then_some(()));
    }

    pub fn start(&mut self) {
        let log = std::fs::File::create(self.path().join("log")).unwrap();
        let child = self.command(&["run"]).stdout(Stdio::null()).stderr(log).spawn().unwrap();
        self.running = Some(child);
    }

    /// Whether the process lives; a station that was not told to end does.
    pub fn is_running(&mut self) -> bool {
        self.running.as_mut().is_some_and(|child| child.try_wait().unwrap().is_none())
    }

    pub fn pid(&self) -> u32 {
        self.running.as_ref().unwrap().id()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path().join("log")).unwrap_or_default()
    }

    pub fn kill(&mut self) {
        let mut child = self.running.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// Sends a signal by the system's own command.
    pub fn signal(&self, name: &str) {
        let id = self.running.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-s", name, &id]).status().unwrap().success());
    }

    /// Waits for the station's end; its exit code, none where a signal ended it.
    pub fn ended(&mut self) -> Option<i32> {
        let mut child = self.running.take().unwrap();
        wait_for("the station's end", || child.try_wait().unwrap()).code()
    }

    pub fn wait_for_outcome(&self, outcome: &str) -> Value {
        wait_for(&format!("an airing that is `{outcome}`; it has {:?}", self.airings()), || {
            self.airings().into_iter().find(|airing| airing["outcome"] == outcome)
        })
    }
}

/// The machine's time: these tests run with a real station.
pub fn now() -> chrono::DateTime<chrono::Utc> {
    use loa::clock::Clock;
    loa::clock::SystemClock::new().now()
}
