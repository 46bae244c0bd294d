//! Names of files in a backup: paths below the station's folder, with `/`. Owns which may be unpacked: none that leaves the
//! folder on any system, none that this system cannot hold, none twice.

use std::collections::{HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use crate::core::archive::NameFault;
use crate::intake::inbox::names::is_bad_on_windows;

/// Bytes of a path, at most: what the systems bear.
const LONGEST: usize = 1_024;

/// What is wrong with a name on its own; `windows`: whether it is to be held there.
fn fault(name: &str, windows: bool) -> Option<NameFault> {
    let leaves = |part: &str| part.is_empty() || part == "." || part == "..";
    if name.len() > LONGEST || name.contains(['\\', '\0']) || name.split('/').any(leaves) {
        return Some(NameFault::Outside);
    }
    // `C:` and what a disk of Windows has beside a file.
    if windows && name.split('/').any(|part| is_bad_on_windows(part) || part.chars().any(char::is_control)) {
        return Some(NameFault::Windows);
    }
    None
}

/// The first name that may not be unpacked, with what is wrong with it.
pub(super) fn first_fault<'n>(
    names: impl Iterator<Item = &'n str>,
    windows: bool,
) -> Option<(&'n str, NameFault)> {
    // macOS and Windows take the two spellings and the two cases of a letter for the same.
    let key = |name: &str| match windows {
        true => name.nfc().collect::<String>().to_lowercase(),
        false => name.to_owned(),
    };
    let mut files: HashMap<String, &str> = HashMap::new();
    let mut folders: HashSet<String> = HashSet::new();
    for name in names {
        if let Some(fault) = fault(name, windows) {
            return Some((name, fault));
        }
        let known = key(name);
        folders.extend(known.match_indices('/').map(|(at, _)| known[..at].to_owned()));
        if files.insert(known, name).is_some() {
            return Some((name, NameFault::Twice));
        }
    }
    let both = files.iter().find(|(known, _)| folders.contains(*known));
    both.map(|(_, name)| (*name, NameFault::FileAndFolder))
}

/// Whether Windows could not hold it: to be told while the name can still be changed.
pub(super) fn is_unfit_for_windows(name: &str) -> bool {
    fault(name, true).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(names: &[&str], windows: bool) -> Option<NameFault> {
        first_fault(names.iter().copied(), windows).map(|(_, fault)| fault)
    }

    #[test]
    fn no_name_leaves_the_folder() {
        for name in ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".", "a/", "a\\..\\b", "..", "a\0b"] {
            assert_eq!(told(&[name], false), Some(NameFault::Outside), "{name:?}");
            assert_eq!(told(&[name], true), Some(NameFault::Outside), "{name:?}");
        }
        let long = "a/".repeat(600) + "b";
        assert_eq!(told(&[&long], false), Some(NameFault::Outside));
        assert_eq!(told(&["audio/Phòng Văn hóa/Bản tin số 1.mp3", "audio/..a.mp3", "a"], true), None);
    }

    #[test]
    fn what_windows_cannot_hold_is_refused_there_alone() {
        for name in ["audio/a:b.mp3", "C:/x", "audio/nul", "audio/CON.mp3", "audio/a.", "a?b", "a\tb"] {
            assert_eq!(told(&[name], false), None, "{name}");
            assert_eq!(told(&[name], true), Some(NameFault::Windows), "{name}");
            assert!(is_unfit_for_windows(name));
        }
        assert_eq!(told(&["audio/Bài.mp3", "audio/bài.mp3"], false), None);
        assert_eq!(told(&["audio/Bài.mp3", "audio/bài.mp3"], true), Some(NameFault::Twice));
    }

    #[test]
    fn no_name_comes_twice_nor_as_file_and_folder() {
        assert_eq!(told(&["a/b", "c", "a/b"], false), Some(NameFault::Twice));
        assert_eq!(told(&["a/b", "c", "a"], false), Some(NameFault::FileAndFolder));
        assert_eq!(told(&["a", "a/b"], false), Some(NameFault::FileAndFolder));
    }
}
