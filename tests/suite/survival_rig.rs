//! What the proofs of survival share: how long they run, chance by a seed, and recordings whose every frame says which
//! recording and which frame it is, so that whatever a card's monitor hears can be told apart to the frame. Owns the
//! ear; asserts nothing about stations.

// The figures are what these proofs are run for.
#![allow(clippy::print_stdout)]

use std::io::Read;
use std::process::Child;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now};

/// How long the proofs run: the short form belongs to `make test`, the long one to `make soak`. Read here alone.
pub fn soak() -> bool {
    std::env::var("LOA_SOAK").is_ok_and(|value| !value.is_empty() && value != "0")
}

/// How many times something is done, by the form that runs; `LOA_SOAK_TIMES` sets it for both, to try one out.
pub fn times(short: usize, long: usize) -> usize {
    let set = std::env::var("LOA_SOAK_TIMES").ok().and_then(|value| value.parse().ok());
    set.unwrap_or(if soak() { long } else { short })
}

/// How long the real soak lasts in its long form; `LOA_SOAK_SECONDS` sets it.
#[cfg(target_os = "linux")]
pub fn soak_span(short: Duration) -> Duration {
    let set = std::env::var("LOA_SOAK_SECONDS").ok().and_then(|value| value.parse().ok());
    let long = Duration::from_secs(set.unwrap_or(7_200));
    if soak() { long } else { short }
}

/// Chance that can be had again: the seed is printed, and `LOA_SEED` sets it.
pub struct Chance(u64);

impl Chance {
    pub fn new(proof: &str) -> Chance {
        let set = std::env::var("LOA_SEED").ok().and_then(|value| value.parse().ok());
        let seed = set.unwrap_or_else(|| now().timestamp_micros() as u64);
        println!("{proof}: LOA_SEED={seed}");
        Chance(seed)
    }

    /// A number in `0..below` (splitmix64).
    pub fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    /// A span of `from..until` milliseconds.
    pub fn millis(&mut self, from: u64, until: u64) -> Duration {
        Duration::from_micros(from * 1_000 + self.below((until - from) * 1_000))
    }

    #[cfg(target_os = "linux")]
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u64) as usize]
    }
}

/// Recordings that can be told apart.
pub const CODES: usize = 64;
/// The longest of them, in frames: 87 s.
pub const LONGEST: usize = 1 << 22;
/// Keeps the left channel well above what counts as silence.
const LOUD: i16 = 1_024;

/// Puts a recording into the station's folder whose frames say that they are `code`'s, and which each is.
pub fn coded(station: &StationFolder, name: &str, code: usize, frames: usize) {
    assert!(code < CODES && frames <= LONGEST);
    let frame = |at: usize| [LOUD + (code << 8 | at >> 14) as i16, (at & 0x3fff) as i16 - 8_192];
    station.recording_of(name, (0..frames).map(frame));
}

/// Which recording and which frame that is; none for what no recording alone can have sounded.
fn decoded(left: f32, right: f32) -> Option<(usize, usize)> {
    let exact = |sample: f32| {
        let scaled = sample * 32_768.0;
        (scaled.fract() == 0.0).then_some(scaled as i32)
    };
    let high = usize::try_from(exact(left)? - i32::from(LOUD)).ok().filter(|high| *high < 1 << 14)?;
    let low = usize::try_from(exact(right)? + 8_192).ok().filter(|low| *low < 1 << 14)?;
    Some((high >> 8, (high & 0xff) << 14 | low))
}

/// Frames of one recording that were heard one after the other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    /// Which recording.
    pub code: usize,
    /// The first frame heard.
    pub from: usize,
    /// The frame after the last.
    pub until: usize,
    /// When the first arrived here: some tens of milliseconds after it sounded, more on a busy machine.
    pub at: DateTime<Utc>,
}

/// Everything that was heard so far.
#[derive(Default)]
pub struct Heard {
    pub stretches: Vec<Stretch>,
    /// Frames that were neither silence nor a frame of one recording: two programmes at once, or a wrong gain.
    pub strange: usize,
    /// The monitor has given its first frames.
    pub began: Option<DateTime<Utc>>,
    silent: bool,
}

impl Heard {
    fn take(&mut self, left: f32, right: f32, at: DateTime<Utc>) {
        if left == 0.0 && right == 0.0 {
            self.silent = true;
            return;
        }
        let Some((code, frame)) = decoded(left, right) else {
            self.strange += 1;
            return;
        };
        match self.stretches.last_mut() {
            Some(last) if !self.silent && last.code == code && last.until == frame => last.until += 1,
            _ => self.stretches.push(Stretch { code, from: frame, until: frame + 1, at }),
        }
        self.silent = false;
    }

    /// The stretches, those that a moment of silence broke (a sound server that ran dry) joined again; and how many
    /// such moments there were.
    pub fn joined(&self) -> (Vec<Stretch>, usize) {
        let mut joined: Vec<Stretch> = Vec::new();
        for one in &self.stretches {
            match joined.last_mut() {
                Some(last) if last.code == one.code && last.until == one.from => last.until = one.until,
                _ => joined.push(*one),
            }
        }
        let holes = self.stretches.len() - joined.len();
        (joined, holes)
    }
}

/// Listens at the monitor of the card until it is dropped, or the sound server ends.
pub struct Ear {
    parec: Child,
    reader: Option<std::thread::JoinHandle<()>>,
    heard: Arc<Mutex<Heard>>,
}

impl Ear {
    pub fn at(server: &SoundServer) -> Ear {
        let mut parec = server.recorder();
        let mut out = parec.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let told = heard.clone();
        let work = move || {
            let (mut bytes, mut kept) = (vec![0u8; 1 << 16], Vec::new());
            while let Ok(count) = out.read(&mut bytes) {
                if count == 0 {
                    return;
                }
                let at = now();
                kept.extend_from_slice(&bytes[..count]);
                let mut heard = told.lock().unwrap();
                heard.began.get_or_insert(at);
                let sample = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().unwrap());
                kept.chunks_exact(8)
                    .for_each(|frame| heard.take(sample(&frame[..4]), sample(&frame[4..]), at));
                kept.drain(..kept.len() / 8 * 8);
            }
        };
        Ear { parec, reader: Some(std::thread::spawn(work)), heard }
    }

    pub fn with<T>(&self, ask: impl FnOnce(&Heard) -> T) -> T {
        ask(&self.heard.lock().unwrap())
    }

    /// Stops listening; what was heard.
    pub fn stop(mut self) -> Heard {
        self.end();
        std::mem::take(&mut self.heard.lock().unwrap())
    }

    fn end(&mut self) {
        let _ = self.parec.kill();
        let _ = self.parec.wait();
        if let Some(reader) = self.reader.take() {
            reader.join().unwrap();
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.end();
    }
}

/// A station on the card of that server whose recordings air sample for sample.
pub fn station_on(server: &SoundServer, more_config: &str) -> StationFolder {
    let mut station = StationFolder::in_memory("\"pulseaudio:loa\"");
    station.environment = server.environment();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + "[loudness]\nnormalise = false\n" + more_config).unwrap();
    station
}

/// Least, median, most and how many, of milliseconds.
pub fn figures(mut millis: Vec<i64>) -> String {
    millis.sort_unstable();
    match (millis.first(), millis.last()) {
        (Some(least), Some(most)) => {
            format!(
                "{} × least {least} ms, median {} ms, most {most} ms",
                millis.len(),
                millis[millis.len() / 2]
            )
        }
        _ => "none".into(),
    }
}

#[test]
fn every_frame_of_a_coded_recording_is_told_apart_and_a_mixture_is_not_taken_for_one() {
    let station = StationFolder::new("\"virtual\"");
    let mut heard = Heard::default();
    for code in [0, 1, CODES - 1] {
        coded(&station, "a.wav", code, 40_000);
        let mut file = hound::WavReader::open(station.path().join("audio/a.wav")).unwrap();
        let samples: Vec<f32> = file.samples::<i16>().map(|one| f32::from(one.unwrap()) / 32_768.0).collect();
        samples.chunks(2).for_each(|frame| heard.take(frame[0], frame[1], DateTime::UNIX_EPOCH));
        heard.take(0.0, 0.0, DateTime::UNIX_EPOCH);
        let twice = samples.chunks(2).next_back().unwrap();
        heard.take(twice[0] + 1_024.3 / 32_768.0, twice[1] + 7.5 / 32_768.0, DateTime::UNIX_EPOCH);
    }
    let found: Vec<_> = heard.stretches.iter().map(|one| (one.code, one.from, one.until)).collect();
    assert_eq!(found, [(0, 0, 40_000), (1, 0, 40_000), (CODES - 1, 0, 40_000)]);
    assert_eq!(heard.strange, 3);
}
