//! What lies in the station's folders: recordings and schedules, looked at again and again. An event of the file
//! system is a hint, a rescan is the truth. Owns what of it is settled and taken over; never airs anything.

pub mod recordings;
pub mod schedules;
pub mod watch;

use std::path::Path;
use std::time::Duration;

/// A file is taken when its size and time have not changed for this long: a copy of it may still be going on.
pub const SETTLE: Duration = Duration::from_secs(1);

/// Size and time of a file: when both are as they were, its content is taken to be as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

    fn from_metadata(found: &std::fs::Metadata) -> std::io::Result<Marks> {
        let modified = chrono::DateTime::<chrono::Utc>::from(found.modified()?);
        Ok(Marks { size: found.len(), modified_ns: modified.timestamp_nanos_opt().unwrap_or(i64::MAX) })
    }
}

/// A name that copying programs and editors use for what is not finished.
pub fn is_temporary(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.starts_with('.')
        || lower.starts_with("~$")
        || lower.ends_with('~')
        || [".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".swp", ".filepart"]
            .iter()
            .any(|end| lower.ends_with(end))
        || lower == "thumbs.db"
        || lower == "desktop.ini"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_copies_are_known_by_their_names() {
        for name in
            ["bai.mp3.part", "~$lich.xlsx", ".bai.mp3.Xy12", "lich.toml~", "Thumbs.db", "a.CRDOWNLOAD"]
        {
            assert!(is_temporary(name), "{name}");
        }
        for name in ["bai.mp3", "lich (1).toml", "Bản tin.mp3"] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
