//! A sound server of a test's own: PulseAudio with a null sink, whose monitor hears what a station plays. Owns the
//! server's process and folder.

// Benchmarks use more of it than tests do, and the other way round.
#![allow(dead_code)]

use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::station_folder::wait_for;

pub struct SoundServer {
    folder: tempfile::TempDir,
    server: Child,
}

impl Drop for SoundServer {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl SoundServer {
    pub fn start() -> SoundServer {
        let folder = tempfile::tempdir().unwrap();
        let server = SoundServer::spawn(folder.path());
        let server = SoundServer { folder, server };
        server.wait_until_it_answers();
        server
    }

    /// Kills the server, as a crash would.
    pub fn kill(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }

    /// Whether it lives: PulseAudio 16 sometimes crashes by itself when a card is taken away.
    pub fn is_running(&mut self) -> bool {
        self.server.try_wait().unwrap().is_none()
    }

    /// Starts it again after its end, with the same card; returns when it answers.
    pub fn start_again(&mut self) {
        let _ = std::fs::remove_file(self.folder.path().join("native"));
        self.server = SoundServer::spawn(self.folder.path());
        self.wait_until_it_answers();
    }

    fn wait_until_it_answers(&self) {
        wait_for("the sound server", || {
            let mut asked = Command::new("pactl");
            asked.args(["info"]).envs(self.environment()).stdout(Stdio::null()).stderr(Stdio::null());
            asked.status().unwrap().success().then_some(())
        });
    }

    fn spawn(folder: &std::path::Path) -> Child {
        let socket = folder.join("native");
        Command::new("pulseaudio")
            .args(["-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr"])
            .args([
                "-L",
                &format!("module-native-protocol-unix auth-anonymous=1 socket={}", socket.display()),
            ])
            // Without rewinds: an idle null sink otherwise renders two seconds ahead.
            .args(["-L", "module-null-sink sink_name=loa rate=48000 channels=2 format=float32le norewinds=1"])
            .envs(SoundServer::environment_of(folder.to_path_buf()))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pulseaudio is installed by `make test`")
    }

    fn environment_of(folder: PathBuf) -> Vec<(String, String)> {
        let text = folder.display().to_string();
        let names = ["HOME", "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH"];
        let mut environment: Vec<(String, String)> =
            names.iter().map(|name| ((*name).to_owned(), text.clone())).collect();
        environment.push(("PULSE_SERVER".into(), format!("unix:{text}/native")));
        environment
    }

    /// What a program must be told to play on this server.
    pub fn environment(&self) -> Vec<(String, String)> {
        SoundServer::environment_of(self.folder.path().to_path_buf())
    }

    fn pactl(&self, arguments: &[&str]) -> String {
        let output = Command::new("pactl").args(arguments).envs(self.environment()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Another card, or the same one again; the number to take it away by.
    pub fn plug(&self, sink: &str) -> String {
        let name = format!("sink_name={sink}");
        self.pactl(&[
            "load-module",
            "module-null-sink",
            &name,
            "rate=48000",
            "channels=2",
            "format=float32le",
            "norewinds=1",
        ])
    }

    /// Takes the card away on which stations of tests play.
    pub fn unplug(&self) {
        self.unplug_card("loa");
    }

    /// Takes that card away.
    pub fn unplug_card(&self, sink: &str) {
        let name = format!("sink_name={sink} ");
        let modules = self.pactl(&["list", "short", "modules"]);
        let line = modules.lines().find(|line| line.contains(&name)).unwrap();
        self.pactl(&["unload-module", line.split_whitespace().next().unwrap()]);
    }

    /// Mutes a card, as somebody at the mixer would.
    pub fn mute(&self, sink: &str) {
        self.pactl(&["set-sink-mute", sink, "1"]);
    }

    /// Records the monitor until the recorder is told to stop.
    pub fn record(&self) -> Recorder {
        let mut parec = self.recorder();
        let mut out = parec.stdout.take().unwrap();
        let reader = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            out.read_to_end(&mut bytes).unwrap();
            bytes
        });
        Recorder { parec, reader }
    }

    /// A recorder of the monitor: interleaved stereo of 32-bit floats at 48 kHz on its standard output.
    pub fn recorder(&self) -> Child {
        Command::new("parec")
            .args([
                "--device=loa.monitor",
                "--format=float32le",
                "--rate=48000",
                "--channels=2",
                "--latency-msec=20",
            ])
            .envs(self.environment())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }
}

/// A recorder that runs.
pub struct Recorder {
    parec: Child,
    reader: std::thread::JoinHandle<Vec<u8>>,
}

impl Recorder {
    /// Everything that was heard, as interleaved stereo.
    pub fn stop(mut self) -> Vec<f32> {
        self.parec.kill().unwrap();
        self.parec.wait().unwrap();
        let bytes = self.reader.join().unwrap();
        bytes.chunks_exact(4).map(|bytes| f32::from_le_bytes(bytes.try_into().unwrap())).collect()
    }
}
