//! What a recording is, found by decoding all of it once: length, loudness, true peak, silences, damage, fingerprint.
//! Owns the measuring; never judges whether a recording is good enough to air, silence excepted.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;
use std::time::Duration;

use ebur128::{Channel, EbuR128, Mode};
use sha2::{Digest, Sha256};

use super::decode::{self, DecodeFault, Recording};
use super::mix::Mixdown;
use crate::core::cart::{CartFault, Fingerprint, Measurement, frames_to_duration};

/// Below this a sample counts as silence: −60 dBFS.
const SILENCE: f32 = 0.001;
/// At this a sample counts as clipped: the largest value of 16 bits.
const FULL_SCALE: f32 = 32_767.0 / 32_768.0;

/// Measures a recording, as it will air: loudness and peak are those of the stereo that it becomes (a mono file sounds
/// on both sides, and measures 3 LU more than one side alone). Memory is bounded: a few hundred kB an hour. `progress`
/// is called after each block with the share of the file that was read, 0 to 1.
///
/// A recording that ends early or has holes is measured as far as it goes; `missing_frames` says how much is not there.
///
/// # Errors
/// [`CartFault::Unreadable`], [`CartFault::Undecodable`] where not one frame comes out, [`CartFault::Silent`].
pub fn measure(path: &Path, progress: &mut dyn FnMut(f32)) -> Result<Measurement, CartFault> {
    let mut file = decode::open_file(path)?;
    let sha256 = fingerprint(&mut file).map_err(DecodeFault::Unreadable)?;
    let mut recording = Recording::from_file(file, path)?;
    let mut meter = Meter::new(recording.rate(), recording.mixdown())?;
    let (mut block, mut stereo) = (Vec::new(), Vec::new());
    let mut broken = 0;
    loop {
        block.clear();
        match recording.read(&mut block) {
            Ok(0) => break,
            Ok(_) => {}
            // A decoder that gives up in the middle leaves what it gave before.
            Err(DecodeFault::Panicked { .. }) => {
                broken = 1;
                break;
            }
            Err(fault) => return Err(fault.into()),
        }
        let heard = match recording.mixdown() {
            Mixdown::Mono | Mixdown::Stereo => &block,
            matrix => {
                stereo.clear();
                matrix.mix(&block, &mut stereo);
                &stereo
            }
        };
        meter.clipped += block.iter().filter(|sample| sample.abs() >= FULL_SCALE).count() as u64;
        meter.hear(heard)?;
        let (read, length) = recording.progress();
        progress(read as f32 / length.max(1) as f32);
    }
    let missing_frames = recording.missing_frames().max(broken);
    let measured = meter.finish(sha256, &recording, missing_frames);
    if measured.is_silent() { Err(CartFault::Silent) } else { Ok(measured) }
}

/// SHA-256 of all bytes.
fn fingerprint(file: &mut File) -> io::Result<Fingerprint> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => digest.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok(Fingerprint(digest.finalize().into()))
}

/// Hears a recording through.
struct Meter {
    loudness: EbuR128,
    channels: usize,
    rate: u32,
    frames: u64,
    /// Frames before the first sound.
    head: Option<u64>,
    /// Silent frames since the last sound.
    silent: u64,
    hole: u64,
    clipped: u64,
}

impl Meter {
    fn new(rate: u32, mixdown: &Mixdown) -> Result<Meter, CartFault> {
        let channels: u32 = if *mixdown == Mixdown::Mono { 1 } else { 2 };
        let mut loudness = EbuR128::new(channels, rate, Mode::I | Mode::TRUE_PEAK).map_err(fault)?;
        if channels == 1 {
            loudness.set_channel(0, Channel::DualMono).map_err(fault)?;
        }
        Ok(Meter {
            loudness,
            channels: channels as usize,
            rate,
            frames: 0,
            head: None,
            silent: 0,
            hole: 0,
            clipped: 0,
        })
    }

    fn hear(&mut self, samples: &[f32]) -> Result<(), CartFault> {
        self.loudness.add_frames_f32(samples).map_err(fault)?;
        for frame in samples.chunks_exact(self.channels) {
            if frame.iter().all(|sample| sample.abs() < SILENCE) {
                self.silent += 1;
                continue;
            }
            match self.head {
                None => self.head = Some(self.silent),
                Some(_) => self.hole = self.hole.max(self.silent),
            }
            self.silent = 0;
        }
        self.frames += (samples.len() / self.channels) as u64;
        Ok(())
    }

    fn finish(self, sha256: Fingerprint, recording: &Recording, missing_frames: u64) -> Measurement {
        let time = |frames| frames_to_duration(frames, self.rate);
        let peaks = (0..self.channels as u32).filter_map(|channel| self.loudness.true_peak(channel).ok());
        let peak = 20.0 * peaks.fold(0.0, f64::max).log10();
        Measurement {
            sha256,
            format: recording.format().to_owned(),
            frames: self.frames,
            rate: self.rate,
            channels: recording.channels(),
            loudness_lufs: self.loudness.loudness_global().ok().filter(|loudness| loudness.is_finite()),
            true_peak_dbtp: peak.is_finite().then_some(peak),
            silent_head: time(self.head.unwrap_or(self.frames)),
            silent_tail: if self.head.is_some() { time(self.silent) } else { Duration::ZERO },
            longest_hole: time(self.hole),
            clipped: self.clipped,
            missing_frames,
        }
    }
}

fn fault(error: ebur128::Error) -> CartFault {
    CartFault::Undecodable { found: format!("its loudness cannot be measured: {error}") }
}
