//! One recording as frames: opens a file, decodes it block by block at its own rate and channels, trimmed to what its
//! encoder was given, and counts what is missing. Owns what can go wrong with it, a decoder's panic too; never mixes,
//! resamples or changes a level.

use std::fs::{self, File};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;

use symphonia::core::formats::probe::Hint;

use super::container;
use super::mix::Mixdown;
use super::stream::Stream;
use crate::core::cart::CartFault;

/// Sample rates that are decoded, in Hz.
pub const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;
/// Channels that are decoded.
pub const CHANNELS: std::ops::RangeInclusive<usize> = 1..=8;

/// Why a file gives no sound, or no more of it.
#[derive(Debug, thiserror::Error)]
pub enum DecodeFault {
    /// Not a regular file. Opening a pipe would wait for ever.
    #[error("is {found}, not a file: put the recording itself here")]
    NotAFile {
        /// `a folder` or `a pipe or device`.
        found: &'static str,
    },
    /// The system does not let it be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// No byte in it.
    #[error("is empty (0 bytes): copy it again")]
    Empty,
    /// No known container.
    #[error("is no recording of a known format ({found}): convert it with `ffmpeg -i FILE FILE.flac`")]
    Unrecognised {
        /// What the demuxer said.
        found: String,
    },
    /// A known container with something in it that is not decoded, such as HE-AAC.
    #[error("holds {codec}, which is not decoded ({found}): convert it with `ffmpeg -i FILE FILE.flac`")]
    Unsupported {
        /// The codec, or `no sound track`.
        codec: String,
        /// What the decoder said.
        found: String,
    },
    /// A rate or a number of channels that no recording has.
    #[error(
        "has {channels} channels at {rate} Hz, expected 1 to 8 at 8,000 to 192,000 Hz: convert it with `ffmpeg -i FILE -ar 48000 -ac 2 FILE.flac`"
    )]
    Unusual {
        /// Frames a second.
        rate: u32,
        /// Channels.
        channels: usize,
    },
    /// A well-formed head, and not one frame of sound behind it.
    #[error("holds no sound: nothing could be decoded ({found})")]
    NoSound {
        /// What the decoder said last.
        found: String,
    },
    /// The decoder itself failed.
    #[error("made the decoder fail ({found}): convert it with `ffmpeg -i FILE FILE.flac`")]
    Panicked {
        /// The decoder's words.
        found: String,
    },
}

impl From<DecodeFault> for CartFault {
    fn from(fault: DecodeFault) -> CartFault {
        let found = fault.to_string();
        match fault {
            DecodeFault::NotAFile { .. } | DecodeFault::Unreadable(_) => CartFault::Unreadable { found },
            _ => CartFault::Undecodable { found },
        }
    }
}

/// Whether so much is missing that a recording counts as damaged: more than 1 % of what it claims.
pub fn is_damaged(frames: u64, missing_frames: u64) -> bool {
    missing_frames > frames.saturating_add(missing_frames) / 100
}

/// Opens a regular file, and nothing else.
pub(super) fn open_file(path: &Path) -> Result<File, DecodeFault> {
    let regular = |about: fs::Metadata| match about.file_type() {
        kind if kind.is_file() => Ok(about.len()),
        kind if kind.is_dir() => Err(DecodeFault::NotAFile { found: "a folder" }),
        _ => Err(DecodeFault::NotAFile { found: "a pipe or device" }),
    };
    regular(fs::metadata(path).map_err(DecodeFault::Unreadable)?)?;
    let file = File::open(path).map_err(DecodeFault::Unreadable)?;
    match regular(file.metadata().map_err(DecodeFault::Unreadable)?)? {
        0 => Err(DecodeFault::Empty),
        _ => Ok(file),
    }
}

/// A recording that is being decoded.
pub struct Recording {
    stream: Stream,
    /// The first block, decoded by opening.
    ahead: Vec<f32>,
    mixdown: Mixdown,
    over: bool,
}

impl Recording {
    /// Opens a recording and decodes its first block.
    ///
    /// # Errors
    /// [`DecodeFault`]: not a file, unreadable, or nothing in it that can be decoded.
    pub fn open(path: &Path) -> Result<Recording, DecodeFault> {
        Recording::from_file(open_file(path)?, path)
    }

    /// As [`Recording::open`], from an open file; `path` only hints at the format by its extension.
    pub(super) fn from_file(mut file: File, path: &Path) -> Result<Recording, DecodeFault> {
        let head = container::look(&mut file).map_err(DecodeFault::Unreadable)?;
        let mut hint = Hint::new();
        if let Some(extension) = path.extension().and_then(|extension| extension.to_str()) {
            hint.with_extension(extension);
        }
        guarded(|| {
            let mut stream = Stream::open(file, &hint, head)?;
            let mut ahead = Vec::new();
            if stream.next(&mut ahead)? == 0 {
                let found = stream.trouble.unwrap_or_else(|| "it ends at once".to_owned());
                return Err(DecodeFault::NoSound { found });
            }
            let mixdown = Mixdown::of(&stream.channels);
            Ok(Recording { stream, ahead, mixdown, over: false })
        })
    }

    /// Frames a second, 8,000–192,000 Hz.
    pub fn rate(&self) -> u32 {
        self.stream.rate
    }

    /// Channels, 1–8.
    pub fn channels(&self) -> u16 {
        u16::try_from(self.mixdown.channels()).unwrap_or(u16::MAX)
    }

    /// How its channels become stereo.
    pub fn mixdown(&self) -> &Mixdown {
        &self.mixdown
    }

    /// Container or codec in a word: `wav`, `aiff`, `mp3`, `flac`, `vorbis`, `opus`, `aac` …
    pub fn format(&self) -> &str {
        &self.stream.name
    }

    /// Frames that the container claims, where it does.
    pub fn claimed_frames(&self) -> Option<u64> {
        self.stream.claimed
    }

    /// Frames decoded so far, the block decoded by opening included.
    pub fn frames(&self) -> u64 {
        self.stream.frames
    }

    /// Frames that are not there, once the end was reached: those claimed and not decoded, and those of packets that
    /// could not be decoded. A lower bound where the container claims nothing.
    pub fn missing_frames(&self) -> u64 {
        let unclaimed = self.stream.claimed.map_or(0, |claimed| claimed.saturating_sub(self.stream.frames));
        unclaimed.max(self.stream.lost)
    }

    /// How much of the file has been read, in bytes, and how much there is.
    pub fn progress(&self) -> (u64, u64) {
        self.stream.progress()
    }

    /// Whether it ends in the middle and nothing says how much is not there: an Ogg stream without its last page.
    pub fn is_cut_off(&self) -> bool {
        self.stream.cut_off
    }

    /// Appends the next block, interleaved, at the file's rate and channels, no value of it infinite or not a
    /// number. Answers how many frames it has; 0 at the end, and for ever after.
    ///
    /// # Errors
    /// Where the file can no longer be read or the decoder fails; `out` is then as it was, and the recording is over.
    pub fn read(&mut self, out: &mut Vec<f32>) -> Result<usize, DecodeFault> {
        if !self.ahead.is_empty() {
            let frames = self.ahead.len() / self.mixdown.channels();
            out.append(&mut self.ahead);
            self.ahead = Vec::new();
            return Ok(frames);
        }
        if self.over {
            return Ok(0);
        }
        let before = out.len();
        let read = guarded(|| self.stream.next(out));
        self.over = !matches!(read, Ok(1..));
        if read.is_err() {
            out.truncate(before);
        }
        read
    }
}

/// Catches what a decoder may do to us.
fn guarded<T>(work: impl FnOnce() -> Result<T, DecodeFault>) -> Result<T, DecodeFault> {
    panic::catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let found = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (None, Some(text)) => text.clone(),
            (None, None) => "without a word".to_owned(),
        };
        Err(DecodeFault::Panicked { found })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decoder_that_panics_is_a_fault_with_its_words() {
        let fault = |work: fn() -> u32| guarded(|| Ok(work())).map_err(|fault| fault.to_string());
        let said = fault(|| panic!("block {} of 3", 4)).unwrap_err();
        assert_eq!(said, "made the decoder fail (block 4 of 3): convert it with `ffmpeg -i FILE FILE.flac`");
        assert!(fault(|| [1, 2, 3][std::hint::black_box(3)]).unwrap_err().contains("index out of bounds"));
        assert_eq!(fault(|| 7), Ok(7));
    }

    #[test]
    fn more_than_one_percent_is_damage() {
        assert!(!is_damaged(0, 0));
        assert!(!is_damaged(99, 1));
        assert!(is_damaged(98, 2));
        assert!(!is_damaged(u64::MAX, 1));
    }
}
