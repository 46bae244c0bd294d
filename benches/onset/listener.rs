//! An ear at a monitor: dates what it hears by the samples' arrival. Owns its recorder's process.

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::RATE;
use super::sound_server::SoundServer;
use super::station_folder::now;

/// Listens to a monitor and dates what it hears.
pub struct Listener {
    parec: Child,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
pub struct Heard {
    samples: Vec<f32>,
    /// Frames so far, and when the chunk that ends there came.
    chunks: Vec<(usize, DateTime<Utc>)>,
}

impl Listener {
    pub fn to(server: &SoundServer, sink: &str) -> Listener {
        let mut parec = Command::new("parec")
            .args([
                &format!("--device={sink}.monitor"),
                "--format=float32le",
                "--rate=48000",
                "--channels=2",
                "--latency-msec=2",
            ])
            .envs(server.environment())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = parec.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = heard.clone();
        std::thread::spawn(move || {
            let (mut chunk, mut rest) = (vec![0u8; 65_536], Vec::new());
            while let Ok(read @ 1..) = out.read(&mut chunk) {
                let at = now();
                rest.extend(&chunk[..read]);
                let whole = rest.len() / 8 * 8;
                let mut heard = shared.lock().unwrap();
                heard.samples.extend(
                    rest.drain(..whole)
                        .collect::<Vec<u8>>()
                        .chunks(4)
                        .map(|b| f32::from_le_bytes(b.try_into().unwrap())),
                );
                let frames = heard.samples.len() / 2;
                heard.chunks.push((frames, at));
            }
        });
        Listener { parec, heard }
    }

    pub fn stop(mut self) -> Heard {
        self.parec.kill().unwrap();
        self.parec.wait().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl Heard {
    /// The moments at which sound began after half a second of silence.
    pub fn onsets(&self) -> Vec<DateTime<Utc>> {
        let (mut found, mut silent) = (Vec::new(), RATE as usize);
        for (frame, pair) in self.samples.chunks(2).enumerate() {
            if pair.iter().all(|sample| sample.abs() < 1e-4) {
                silent += 1;
                continue;
            }
            if silent > RATE as usize / 2 {
                found.push(self.date(frame));
            }
            silent = 0;
        }
        found
    }

    fn date(&self, frame: usize) -> DateTime<Utc> {
        let near = self.chunks.iter().filter(|(end, _)| end.abs_diff(frame) < RATE as usize);
        let since = |frames: usize| TimeDelta::nanoseconds((frames as f64 / RATE * 1e9) as i64);
        let first = near.map(|(end, at)| *at - since(*end)).min().unwrap();
        first + since(frame)
    }
}
