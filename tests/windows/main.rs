//! Loa for Windows, at work under Wine on a PulseAudio card: airings, kills, the inbox, the service, the installation. Run by
//! `make test-windows`, which builds what it needs. One PC, so one test at a time.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod airing;
mod inbox;
mod service;
#[path = "../suite/sound_server.rs"]
mod sound_server;
#[path = "../suite/station_folder.rs"]
mod station_folder;
mod wine;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sound_server::{Recorder, SoundServer};
use station_folder::StationFolder;
use wine::Wine;

static PC: Mutex<()> = Mutex::new(());

/// Wine hands PulseAudio its sound from a thread like any other: on a busy machine it comes late, which a card of its own
/// would not know. What it is late by is kept in PulseAudio's buffer.
const KEPT: Duration = Duration::from_millis(400);

/// The PC with a sound card, for one test.
pub struct Pc {
    pub wine: Wine,
    pub server: SoundServer,
    _turn: MutexGuard<'static, ()>,
}

impl Pc {
    pub fn start() -> Pc {
        let turn = PC.lock().unwrap_or_else(PoisonError::into_inner);
        let server = SoundServer::start();
        let mut environment = server.environment();
        environment.push(("PULSE_LATENCY_MSEC".into(), KEPT.as_millis().to_string()));
        Pc { wine: Wine::start(environment), server, _turn: turn }
    }

    /// A station in a folder of its own, on the default card, that leaves its recordings as they are.
    pub fn station(&self) -> StationFolder {
        let mut station = StationFolder::new("\"wasapi:default\"");
        station.run_by(wine::loa(), wine::named);
        station.environment = self.wine.environment();
        let config = station.path().join("config/station.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text + "[loudness]\nnormalise = false\n").unwrap();
        station
    }
}

/// What is heard, from the first sound on, is that recording, sample for sample, and then silence.
pub fn assert_heard(recorder: Recorder, recording: std::path::PathBuf) {
    use loa::sound::programme::{Part, Programme, render};
    // What Windows counts as heard PulseAudio still has.
    std::thread::sleep(KEPT * 2);
    let heard = recorder.stop();
    let part = Part { path: recording, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let expected = render(Programme { parts: vec![part] }, 48_000);
    let first = heard.iter().position(|sample| *sample != 0.0).expect("something was heard");
    let heard = &heard[first..];
    assert!(heard.len() >= expected.len(), "{} of {} samples", heard.len(), expected.len());
    let wrong = heard.iter().zip(&expected).position(|(heard, expected)| heard != expected);
    assert_eq!(wrong, None, "the sample at which they differ, of {}", expected.len());
    assert!(heard[expected.len()..].iter().all(|sample| *sample == 0.0), "something was heard after it");
}
