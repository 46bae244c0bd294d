//! A desk on which dropped recordings are judged, and the formats in which offices send them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use loa::core::drops::Complaint;
use loa::intake::judging::{Judged, Limits, Setback, find_ffmpeg, judge};
use loa::sound::measure::fingerprint_of;
use tempfile::TempDir;

use crate::ffmpeg::{self, VOICE};

/// A desk that recordings are judged on: a folder of drops and a scratch folder.
pub struct Desk {
    pub folder: TempDir,
    pub limits: Limits,
}

impl Desk {
    pub fn new() -> Desk {
        let limits =
            Limits { largest: 1 << 31, longest: Duration::from_secs(4 * 3600), ffmpeg: find_ffmpeg() };
        assert!(limits.ffmpeg.is_some(), "these tests need ffmpeg: scripts/need-packages ffmpeg sox");
        Desk { folder: tempfile::tempdir().unwrap(), limits }
    }

    pub fn scratch(&self) -> PathBuf {
        self.folder.path().join("scratch")
    }

    fn left(&self) -> Vec<PathBuf> {
        fs::read_dir(self.scratch()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Judges a file, and sees that nothing is left but what was answered.
    pub fn judge(&self, path: &Path) -> Result<Judged, Complaint> {
        match self.try_to(path) {
            Ok(judged) => Ok(judged),
            Err(Setback::Returned(complaint)) => Err(complaint),
            Err(Setback::Hindered { found }) => panic!("{}: {found}", path.display()),
        }
    }

    pub fn try_to(&self, path: &Path) -> Result<Judged, Setback> {
        let name = path.file_name().unwrap().to_string_lossy();
        let answer = judge(path, &name, &self.limits, &self.scratch(), &mut |_| ());
        match &answer {
            Ok(judged) if judged.converted_from.is_some() => {
                assert_eq!(self.left(), std::slice::from_ref(&judged.source));
                assert_eq!(fingerprint_of(&judged.source).unwrap(), judged.content);
                assert_ne!(judged.content, judged.dropped);
            }
            Ok(judged) => {
                assert_eq!((judged.source.as_path(), judged.content), (path, judged.dropped));
                assert!(self.left().is_empty());
            }
            Err(_) => assert!(self.left().is_empty(), "{answer:?}"),
        }
        if let Ok(judged) = &answer {
            assert_eq!(judged.dropped, fingerprint_of(path).unwrap());
            assert_eq!(judged.content, judged.found.sha256);
        }
        answer
    }

    pub fn drop(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    pub fn judge_bytes(&self, name: &str, bytes: &[u8]) -> Result<Judged, Complaint> {
        self.judge(&self.drop(name, bytes))
    }

    pub fn clear(&self, judged: &Judged) {
        if judged.converted_from.is_some() {
            fs::remove_file(&judged.source).unwrap();
        }
    }
}

/// The formats that Loa decodes itself.
pub const OURS: &[(&str, &str)] = &[
    ("j.wav", "-c:a pcm_s24le"),
    ("j.mp3", "-b:a 128k"),
    ("j-bare.mp3", "-b:a 128k -write_xing 0 -id3v2_version 0"),
    ("j.mp2", "-c:a mp2"),
    ("j.flac", ""),
    ("j.ogg", "-c:a libvorbis"),
    ("j.opus", "-c:a libopus"),
    ("j.m4a", "-c:a aac"),
    ("j.aac", "-c:a aac"),
    ("j-aac.3gp", "-c:a aac"),
    ("j.aiff", ""),
    ("j.caf", ""),
    ("j.webm", "-c:a libopus"),
];

/// The formats that are converted, and the word for each.
pub const FOREIGN: &[(&str, &str, &str)] = &[
    ("j.wma", "-c:a wmav2", "wma"),
    ("j-old.wma", "-c:a wmav1", "wma"),
    ("j.ac3", "-c:a ac3", "ac3"),
    ("j.eac3", "-c:a eac3", "ac3"),
    ("j.wv", "-c:a wavpack", "wavpack"),
    ("j.tta", "-c:a tta", "tta"),
    ("j.au", "-c:a pcm_s16be", "au"),
    ("j.w64", "-c:a pcm_s16le", "w64"),
    ("j-rf64.wav", "-c:a pcm_s24le -rf64 always", "rf64"),
    ("j-mp3.wav", "-c:a libmp3lame -b:a 128k", "wav"),
    ("j-ac3.m4a", "-c:a ac3", "m4a"),
];

/// AMR, which only sox writes, raw and in the 3gp of a telephone.
pub fn amr() -> [(PathBuf, &'static str); 2] {
    let wav = ffmpeg::make("j-amr.wav", VOICE, "");
    let amr = ffmpeg::sox(&wav, "j.amr-nb", "-r 8000 -c 1", "");
    let named = ffmpeg::place("j.amr");
    fs::copy(amr, &named).unwrap();
    let phone = ffmpeg::convert(&named, "j-amr.3gp", "-c copy");
    [(named, "amr"), (phone, "3gp")]
}
