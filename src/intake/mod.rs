//! What lies in the station's folders: recordings and schedules, looked at again and again. An event of the file
//! system is a hint, a rescan is the truth. Owns what of it is settled and taken over; never airs anything.

pub mod inbox;
pub mod judging;
pub mod namespace;
pub mod recordings;
pub mod schedules;
pub mod store;
pub mod submitted;
pub mod watch;
pub mod workbook;

use std::path::Path;
use std::time::Duration;

/// A file is taken when its size and time have not changed for this long: a copy of it may still be going on.
pub const SETTLE: Duration = Duration::from_secs(1);

/// Size and time of a file: when both are as they were, its content is taken to be as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Marks {
    /// Bytes.
    pub size: u64,
    /// Nanoseconds since 1970 of the last change of its content.
    pub modified_ns: i64,
}

impl Marks {
    /// The marks of a file.
    pub fn of(path: &Path) -> std::io::Result<Marks> {
        Marks::from_metadata(&std::fs::metadata(path)?)
    }

    /// The marks of a file of which the system has told already.
    pub fn from_metadata(found: &std::fs::Metadata) -> std::io::Result<Marks> {
        let modified = chrono::DateTime::<chrono::Utc>::from(found.modified()?);
        Ok(Marks { size: found.len(), modified_ns: modified.timestamp_nanos_opt().unwrap_or(i64::MAX) })
    }
}

/// What the names of unfinished files end in: browsers, copiers, Syncthing, torrents, editors.
const UNFINISHED: &[&str] = &[
    "~",
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".crdownload",
    ".download",
    ".opdownload",
    ".filepart",
    ".swp",
    ".!ut",
    ".!qb",
    ".!sync",
    ".bc!",
    ".aria2",
];
/// What systems and servers keep in every folder or drive for themselves.
const OF_THE_SYSTEM: &[&str] = &[
    "thumbs.db",
    "desktop.ini",
    "$recycle.bin",
    "system volume information",
    "lost+found",
    "@eadir",
    "#recycle",
    "__macosx",
    "icon\r",
];

/// A name that copying programs and editors use for what is not finished (rsync's `.bai.mp3.Xy12Zw`, Syncthing's
/// `.syncthing.bai.mp3.tmp`, Office's `~$lich.xlsx`, LibreOffice's `.~lock.lich.ods#`), or that systems use for
/// themselves (`.DS_Store`, `._bai.mp3`, `Thumbs.db`, a drive's folder of deleted files).
pub fn is_temporary(name: &str) -> bool {
    let lower = name.to_lowercase();
    // `..\\bai.mp3` is no hidden file but one that would leave its folder: it is told so.
    lower.starts_with('.') && !lower.starts_with("..\\")
        || lower.starts_with("~$")
        || lower.starts_with("~syncthing~")
        || UNFINISHED.iter().any(|end| lower.ends_with(end))
        || OF_THE_SYSTEM.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_copies_are_known_by_their_names() {
        for name in [
            "bai.mp3.part",
            "~$lich.xlsx",
            ".bai.mp3.Xy12Zw",
            "lich.toml~",
            "Thumbs.db",
            "a.CRDOWNLOAD",
            ".syncthing.bai.mp3.tmp",
            "~syncthing~bai.mp3.tmp",
            "~syncthing~bai.mp3",
            "bai.mp3.!ut",
            "bai.mp3.opdownload",
            ".DS_Store",
            "._bai.mp3",
            ".~lock.lich.ods#",
            "$RECYCLE.BIN",
        ] {
            assert!(is_temporary(name), "{name}");
        }
        for name in [
            "bai.mp3",
            "lich (1).toml",
            "Bản tin.mp3",
            "partition.mp3",
            "tmp.mp3",
            "Phần 1 ~ 2.mp3",
            "..\\bai.mp3",
        ] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
