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

/// What measuring a recording found, and whether it is all there is.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// What was found.
    pub found: Measurement,
    /// It ends in the middle, and nothing says how much is not there; `missing_frames` is at least 1 then.
    pub cut_off: bool,
}

/// Why a recording is not measured.
#[derive(Debug, thiserror::Error)]
pub enum MeasureFault {
    /// Longer than was asked for. It was not decoded further.
    #[error("is {} s long or longer", .length.as_secs())]
    TooLong {
        /// The length that it claims, or as far as it was decoded.
        length: Duration,
    },
    /// No sound at any moment.
    #[error("holds nothing but silence")]
    Silent,
    /// It cannot be decoded.
    #[error(transparent)]
    Decode(#[from] DecodeFault),
    /// Its rate or channels are none that loudness is defined for.
    #[error("its loudness cannot be measured: {0}")]
    Loudness(#[from] ebur128::Error),
}

impl From<MeasureFault> for CartFault {
    fn from(fault: MeasureFault) -> CartFault {
        match fault {
            MeasureFault::Silent => CartFault::Silent,
            MeasureFault::Decode(fault) => fault.into(),
            other => CartFault::Undecodable { found: other.to_string() },
        }
    }
}

/// Measures a recording, as it will air: loudness and peak are those of the stereo that it becomes (a mono file sounds
/// on both sides, and measures 3 LU more than one side alone). Memory is bounded: a few hundred kB an hour. `progress`
/// is called after each block with the share of the file that was read, 0 to 1.
///
/// A recording that ends early or has holes is measured as far as it goes; `missing_frames` says how much is not there.
///
/// # Errors
/// [`CartFault::Unreadable`], [`CartFault::Undecodable`] where not one frame comes out, [`CartFault::Silent`].
pub fn measure(path: &Path, progress: &mut dyn FnMut(f32)) -> Result<Measurement, CartFault> {
    Ok(within(path, Duration::MAX, progress)?.found)
}

/// As [`measure()`], no further than `longest`: a day of silence is not decoded to its end. Where the container claims
/// more than that and has the bytes for it, nothing is decoded at all.
///
/// # Errors
/// [`MeasureFault`].
pub fn within(
    path: &Path,
    longest: Duration,
    progress: &mut dyn FnMut(f32),
) -> Result<Measured, MeasureFault> {
    let file = decode::open_file(path)?;
    let mut bytes = file.try_clone().map_err(DecodeFault::Unreadable)?;
    let mut recording = Recording::from_file(file, path)?;
    if let Some(length) = sure_length(&recording).filter(|length| *length > longest) {
        return Err(MeasureFault::TooLong { length });
    }
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
        let length = frames_to_duration(meter.frames, meter.rate);
        if length > longest {
            return Err(MeasureFault::TooLong { length });
        }
        let (read, length) = recording.progress();
        progress(read as f32 / length.max(1) as f32);
    }
    let missing_frames = recording.missing_frames().max(broken);
    let cut_off = broken > 0 || recording.is_cut_off();
    let sha256 = fingerprint(&mut bytes).map_err(DecodeFault::Unreadable)?;
    let found = meter.finish(sha256, &recording, missing_frames);
    if found.is_silent() { Err(MeasureFault::Silent) } else { Ok(Measured { found, cut_off }) }
}

/// The length that a recording claims, where it is no idle claim: a second of speech has a kilobyte in any format.
fn sure_length(recording: &Recording) -> Option<Duration> {
    let length = frames_to_duration(recording.claimed_frames()?, recording.rate());
    let (_, bytes) = recording.progress();
    (bytes / 1000 >= length.as_secs()).then_some(length)
}

/// SHA-256 of a file.
///
/// # Errors
/// Where it cannot be read.
pub fn fingerprint_of(path: &Path) -> io::Result<Fingerprint> {
    fingerprint(&mut File::open(path)?)
}

/// SHA-256 of all bytes of an opened file.
///
/// # Errors
/// Where it cannot be read.
pub fn fingerprint(file: &mut File) -> io::Result<Fingerprint> {
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    file.rewind()?;
    loop {
        match file.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => digest.update(&buffer[..read]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
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
    fn new(rate: u32, mixdown: &Mixdown) -> Result<Meter, ebur128::Error> {
        let channels: u32 = if *mixdown == Mixdown::Mono { 1 } else { 2 };
        let mut loudness = EbuR128::new(channels, rate, Mode::I | Mode::TRUE_PEAK)?;
        if channels == 1 {
            loudness.set_channel(0, Channel::DualMono)?;
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

    fn hear(&mut self, samples: &[f32]) -> Result<(), ebur128::Error> {
        self.loudness.add_frames_f32(samples)?;
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
