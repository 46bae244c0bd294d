//! What intake says of a dropped recording: decoded whole and measured, converted where Loa cannot decode it well, and
//! then taken with remarks or returned with a reason. Owns the limits of both; never stores anything, and leaves
//! nothing in the scratch folder but the recording that it answers with.

mod convert;
mod mpeg;
pub mod sort;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

pub use convert::find_ffmpeg;
use convert::{Failure, Job, PATIENCE};
use sort::{Content, Format, HEAD, content_of};
pub use sort::{Sort, sort_of};

use crate::core::cart::{CartFault, Fingerprint, Measurement, frames_to_duration};
use crate::core::drops::{Complaint, Remark};
use crate::sound::decode::{DecodeFault, is_damaged};
use crate::sound::measure::{self, MeasureFault, Measured};

/// A longer silence before the first sound is remarked on: listeners take it for a fault.
pub const LONG_HEAD: Duration = Duration::from_secs(3);
/// A longer silence after the last sound is remarked on.
pub const LONG_TAIL: Duration = Duration::from_secs(5);
/// A longer silence in the middle is remarked on: listeners take it for the end.
pub const LONG_HOLE: Duration = Duration::from_secs(5);
/// Clipping is remarked on from one sample in so many, 0.01 %: a few clipped samples nobody hears …
pub const CLIPPED_ONE_IN: u64 = 10_000;
/// … and from so many on, however short the recording.
pub const CLIPPED_LEAST: u64 = 100;
/// What is softer, in LUFS, is remarked on: brought up to the target by 12 dB and more, its noise is heard.
pub const SOFT_LUFS: f64 = -35.0;
/// A longer recording is remarked on: a local programme has 15 minutes, the longest session known 60.
pub const LONG: Duration = Duration::from_secs(60 * 60);
/// The length that a container claims in a round number may be so far off.
const CLAIM_SLACK: Duration = Duration::from_millis(500);

/// Why a recording is not taken.
#[derive(Clone, Debug, PartialEq)]
pub enum Setback {
    /// It is returned.
    Returned(Complaint),
    /// Loa is hindered, e.g. by a full disk, and nothing is said of the file: it is to be judged again later.
    Hindered {
        /// What the system said.
        found: String,
    },
}

impl From<Complaint> for Setback {
    fn from(complaint: Complaint) -> Setback {
        Setback::Returned(complaint)
    }
}

/// What a station takes.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of a dropped file.
    pub largest: u64,
    /// Length of a recording.
    pub longest: Duration,
    /// The program that converts, where there is one: [`find_ffmpeg`].
    pub ffmpeg: Option<PathBuf>,
}

/// A recording that is taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// SHA-256 of the dropped bytes.
    pub dropped: Fingerprint,
    /// SHA-256 of what is to be stored.
    pub content: Fingerprint,
    /// What measuring found of what is to be stored.
    pub found: Measurement,
    /// What is to be stored: the drop itself, or a file in the scratch folder that whoever stores it then removes.
    pub source: PathBuf,
    /// The format of the drop, where it was converted.
    pub converted_from: Option<String>,
    /// What the office should know.
    pub remarks: Vec<Remark>,
}

/// Judges a dropped recording, decoding all of it. `name` is what the office called it; `scratch` is made where it is
/// not there. `progress` is called with the share that was read, 0 to 1.
///
/// # Errors
/// Why it is returned, or what hinders Loa. A file that cannot be read is returned: [`Complaint::Unreadable`].
pub fn judge(
    path: &Path,
    name: &str,
    limits: &Limits,
    scratch: &Path,
    progress: &mut dyn FnMut(f32),
) -> Result<Judged, Setback> {
    let about = fs::symlink_metadata(path).map_err(unreadable)?;
    if !about.is_file() {
        return Err(Complaint::NoFile.into());
    }
    match about.len() {
        0 => return Err(Complaint::Empty.into()),
        bytes if bytes > limits.largest => {
            return Err(Complaint::TooLarge { bytes, limit: limits.largest }.into());
        }
        _ => {}
    }
    let mut drop = Looked { path, name, bytes: about.len(), limits, scratch, progress };
    let head = head_of(path).map_err(unreadable)?;
    let content = content_of(&head);
    let format = match content {
        Content::Else(found) => return Err(Complaint::NotSound { found }.into()),
        Content::Sound(format) if !format.ours => {
            return drop.converted(format.word.to_owned(), format.word, false);
        }
        Content::Sound(format) => Some(format),
        Content::Unknown => None,
    };
    let fault = match measure::within(path, limits.longest, drop.progress) {
        Ok(measured) => {
            let dropped = measured.found.sha256;
            return Ok(judged(dropped, measured, path.to_path_buf(), None)?);
        }
        Err(fault) => fault,
    };
    match (format, fault) {
        (Some(format), MeasureFault::Decode(fault)) if is_beyond_us(format, &head, &fault) => {
            let unusual = matches!(fault, DecodeFault::Unusual { .. });
            drop.converted(word_of(format, &fault), format.word, unusual)
        }
        (_, fault) => Err(complaint(fault, limits).into()),
    }
}

/// What kind of thing a file is, that an office calls `name`.
///
/// # Errors
/// It cannot be read.
pub fn sort_of_file(path: &Path, name: &str) -> io::Result<Sort> {
    Ok(sort_of(name, &head_of(path)?))
}

/// The beginning of a file.
pub(super) fn head_of(path: &Path) -> io::Result<Vec<u8>> {
    let mut head = Vec::with_capacity(HEAD);
    File::open(path)?.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

fn unreadable(error: io::Error) -> Complaint {
    Complaint::Unreadable { found: error.to_string() }
}

/// Whether a fault lies with what Loa can decode and not with the file: a converter may know better. What is cut off is
/// not mended by converting.
fn is_beyond_us(format: Format, head: &[u8], fault: &DecodeFault) -> bool {
    match fault {
        DecodeFault::Unsupported { .. } | DecodeFault::Unusual { .. } | DecodeFault::Panicked { .. } => true,
        DecodeFault::Unrecognised { .. } => format.word == "wav" && is_compressed_wav(head),
        _ => false,
    }
}

/// Whether a WAV holds a codec that its reader does not take, such as mp3: any but PCM, floats, G.711, two kinds of ADPCM,
/// and "extensible".
fn is_compressed_wav(head: &[u8]) -> bool {
    let format = head.windows(4).position(|word| word == b"fmt ");
    let tag = format.and_then(|at| Some(u16::from_le_bytes(*head.get(at + 8..)?.first_chunk()?)));
    tag.is_some_and(|tag| !matches!(tag, 1 | 2 | 3 | 6 | 7 | 0x11 | 0xfffe))
}

/// What the office is told that it sent.
fn word_of(format: Format, fault: &DecodeFault) -> String {
    match fault {
        // Of AAC only the plain kind is decoded; the other in use is HE-AAC.
        DecodeFault::Unsupported { codec, .. } if codec.eq_ignore_ascii_case("aac") => "HE-AAC".to_owned(),
        DecodeFault::Unsupported { codec, .. } if codec == "HE-AAC" => codec.clone(),
        _ => format.word.to_owned(),
    }
}

fn complaint(fault: MeasureFault, limits: &Limits) -> Complaint {
    match fault {
        MeasureFault::TooLong { length } => Complaint::TooLong { length, limit: limits.longest },
        MeasureFault::Decode(DecodeFault::Empty) => Complaint::Empty,
        fault => Complaint::Recording(fault.into()),
    }
}

/// A drop that is looked into.
struct Looked<'a> {
    path: &'a Path,
    name: &'a str,
    bytes: u64,
    limits: &'a Limits,
    scratch: &'a Path,
    progress: &'a mut dyn FnMut(f32),
}

impl Looked<'_> {
    /// Converts, and judges what comes of it.
    fn converted(&mut self, format: String, container: &str, to_usual: bool) -> Result<Judged, Setback> {
        let Some(ffmpeg) = &self.limits.ffmpeg else { return Err(Complaint::NeedsFfmpeg { format }.into()) };
        fs::create_dir_all(self.scratch)
            .map_err(|error| Setback::Hindered { found: format!("{}: {error}", self.scratch.display()) })?;
        let dropped = measure::fingerprint_of(self.path).map_err(unreadable)?;
        // Named by its content: tried again after a power cut, it replaces what was left.
        let to = self.scratch.join(format!("{}.flac", &dropped.to_string()[..16]));
        let job = Job {
            ffmpeg,
            from: self.path,
            to: &to,
            longest: self.limits.longest,
            lossy: !matches!(container, "rf64" | "wavpack" | "ape" | "tta" | "au" | "w64" | "wav" | "flac"),
            to_usual,
        };
        tracing::info!(name = self.name, format, "a recording is converted");
        let claimed = match convert::convert(&job, PATIENCE) {
            Ok(claimed) => claimed,
            Err(Failure::Refused(found)) => return Err(Complaint::NotConverted { format, found }.into()),
            Err(Failure::Hindered(found)) => return Err(Setback::Hindered { found }),
        };
        let judged = self.measured(&to, dropped, &format, container, claimed);
        if judged.is_err() {
            let _ = fs::remove_file(&to);
        }
        Ok(judged?)
    }

    fn measured(
        &mut self,
        to: &Path,
        dropped: Fingerprint,
        format: &str,
        container: &str,
        claimed: Option<Duration>,
    ) -> Result<Judged, Complaint> {
        let mut measured = match measure::within(to, self.limits.longest, self.progress) {
            Ok(measured) => measured,
            Err(MeasureFault::TooLong { length }) => {
                let length = claimed.unwrap_or(length).max(length);
                return Err(Complaint::TooLong { length, limit: self.limits.longest });
            }
            Err(MeasureFault::Decode(fault)) => {
                return Err(Complaint::NotConverted { format: format.to_owned(), found: fault.to_string() });
            }
            Err(fault) => return Err(complaint(fault, self.limits)),
        };
        // The FLAC is whole whatever became of the drop: what that claims is held against it.
        let found = &mut measured.found;
        let lost = claimed.unwrap_or_default().saturating_sub(found.duration());
        if lost > CLAIM_SLACK {
            found.missing_frames = (lost.as_nanos() * u128::from(found.rate) / 1_000_000_000) as u64;
        }
        let bytes = claimed_bytes(self.path, container).map_err(unreadable)?.unwrap_or(0);
        if bytes > self.bytes {
            let lost =
                u128::from(found.frames) * u128::from(bytes - self.bytes) / u128::from(self.bytes.max(1));
            found.missing_frames = found.missing_frames.max(u64::try_from(lost).unwrap_or(u64::MAX));
        }
        self::judged(dropped, measured, to.to_path_buf(), Some(format.to_owned()))
    }
}

/// How many bytes a file says that it has, where `ffmpeg` passes over that: the size in the File Properties Object of an
/// ASF (ASF specification, 3.2), unless it is a broadcast, and of a Wave64.
fn claimed_bytes(path: &Path, container: &str) -> io::Result<Option<u64>> {
    const PROPERTIES: &[u8] = b"\xa1\xdc\xab\x8c\x47\xa9\xcf\x11\x8e\xe4\x00\xc0\x0c\x20\x53\x65";
    let head = head_of(path)?;
    let number = |at: usize| Some(u64::from_le_bytes(*head.get(at..)?.first_chunk()?));
    Ok(match container {
        "wma" => {
            let start = head.windows(PROPERTIES.len()).position(|window| window == PROPERTIES);
            let is_broadcast = |start: usize| head.get(start + 88).is_none_or(|flags| flags & 1 == 1);
            start.filter(|start| !is_broadcast(*start)).and_then(|start| number(start + 40))
        }
        "w64" => number(16),
        _ => None,
    })
}

/// The answer to what was measured.
fn judged(
    dropped: Fingerprint,
    measured: Measured,
    source: PathBuf,
    converted_from: Option<String>,
) -> Result<Judged, Complaint> {
    let Measured { found, cut_off } = measured;
    if cut_off || is_damaged(found.frames, found.missing_frames) {
        let (frames, missing_frames) = (found.frames, found.missing_frames);
        return Err(Complaint::Recording(CartFault::Damaged { frames, missing_frames }));
    }
    let remarks = remarks(&found);
    Ok(Judged { dropped, content: found.sha256, found, source, converted_from, remarks })
}

/// What the office should know of a recording that is fit to air.
fn remarks(found: &Measurement) -> Vec<Remark> {
    let mut remarks = Vec::new();
    if found.silent_head > LONG_HEAD {
        remarks.push(Remark::SilentHead(found.silent_head));
    }
    if found.silent_tail > LONG_TAIL {
        remarks.push(Remark::SilentTail(found.silent_tail));
    }
    if found.longest_hole > LONG_HOLE {
        remarks.push(Remark::Hole(found.longest_hole));
    }
    let samples = found.frames.saturating_mul(u64::from(found.channels));
    if found.clipped >= CLIPPED_LEAST && found.clipped > samples / CLIPPED_ONE_IN {
        remarks.push(Remark::Clipped(found.clipped));
    }
    // None is below the gate of −70 LUFS.
    let loudness = found.loudness_lufs.unwrap_or(-70.0);
    if loudness < SOFT_LUFS {
        remarks.push(Remark::Soft(loudness));
    }
    if found.missing_frames > 0 {
        remarks.push(Remark::Damaged(frames_to_duration(found.missing_frames, found.rate)));
    }
    if found.duration() > LONG {
        remarks.push(Remark::Long(found.duration()));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_begin_beyond_their_limits() {
        let second = Duration::from_secs(1);
        let fine = Measurement {
            sha256: Fingerprint([0; 32]),
            format: "wav".to_owned(),
            frames: 48_000 * 60,
            rate: 48_000,
            channels: 2,
            loudness_lufs: Some(SOFT_LUFS),
            true_peak_dbtp: Some(0.0),
            silent_head: LONG_HEAD,
            silent_tail: LONG_TAIL,
            longest_hole: LONG_HOLE,
            clipped: 576,
            missing_frames: 0,
        };
        assert_eq!(remarks(&fine), []);
        let with = |change: fn(&mut Measurement)| {
            let mut found = fine.clone();
            change(&mut found);
            remarks(&found)
        };
        assert_eq!(
            with(|m| m.silent_head += Duration::from_nanos(1)),
            [Remark::SilentHead(3 * second + Duration::from_nanos(1))]
        );
        assert_eq!(with(|m| m.silent_tail = Duration::from_secs(6)), [Remark::SilentTail(6 * second)]);
        assert_eq!(with(|m| m.longest_hole = Duration::from_secs(6)), [Remark::Hole(6 * second)]);
        assert_eq!(with(|m| m.clipped = 577), [Remark::Clipped(577)]);
        let short = |clipped| remarks(&Measurement { frames: 4800, clipped, ..fine.clone() });
        assert_eq!((short(99), short(100)), (vec![], vec![Remark::Clipped(100)]));
        assert_eq!(with(|m| m.loudness_lufs = Some(-35.1)), [Remark::Soft(-35.1)]);
        assert_eq!(with(|m| m.loudness_lufs = None), [Remark::Soft(-70.0)]);
        assert_eq!(with(|m| m.missing_frames = 480), [Remark::Damaged(Duration::from_millis(10))]);
        assert_eq!(with(|m| m.frames = 48_000 * 3600), []);
        assert_eq!(with(|m| m.frames = 48_000 * 3601), [Remark::Long(3601 * second)]);
    }
}
