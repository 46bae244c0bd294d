//! Which drops some program still has open to write: a copy that stalls looks settled and is not whole. Knows what the
//! system tells of programs that we may look into; never waits for one.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The files below `root` that a program has open to write. Linux tells of our own programs, and the superuser of all;
/// elsewhere none is told of (Windows is asked of each file, [`is_open_to_write`]).
#[cfg(target_os = "linux")]
pub(super) fn open_to_write(root: &Path) -> HashSet<PathBuf> {
    let Ok(real) = root.canonicalize() else { return HashSet::new() };
    let numbered = |folder: &Path| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
    };
    let mut found = HashSet::new();
    for process in numbered(Path::new("/proc")) {
        for descriptor in numbered(&process.path().join("fd")) {
            let Ok(file) = std::fs::read_link(descriptor.path()) else { continue };
            let Ok(inner) = file.strip_prefix(&real) else { continue };
            let about = process.path().join("fdinfo").join(descriptor.file_name());
            if std::fs::read_to_string(about).is_ok_and(|about| is_to_write(&about)) {
                found.insert(root.join(inner));
            }
        }
    }
    found
}

#[cfg(not(target_os = "linux"))]
pub(super) fn open_to_write(_: &Path) -> HashSet<PathBuf> {
    HashSet::new()
}

/// Whether a program has that file open to write, where the system says it of one file. Windows does: it does not open
/// a file for somebody who wants nobody to write while another has it open to write.
#[cfg(windows)]
pub(super) fn is_open_to_write(file: &Path) -> bool {
    use std::os::windows::fs::OpenOptionsExt;
    /// `FILE_SHARE_READ | FILE_SHARE_DELETE`.
    const BUT_WRITING: u32 = 1 | 4;
    let opened = std::fs::OpenOptions::new().read(true).share_mode(BUT_WRITING).open(file);
    opened.is_err_and(|error| super::looking::is_being_written(&error))
}

#[cfg(not(windows))]
pub(super) fn is_open_to_write(_: &Path) -> bool {
    false
}

/// By the flags of `open` as proc(5) has them, in octal: the last two bits are 0 for reading alone.
#[cfg(target_os = "linux")]
fn is_to_write(about: &str) -> bool {
    let flags = about.lines().find_map(|line| line.strip_prefix("flags:"));
    flags.and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok()).is_some_and(|flags| flags & 3 != 0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn who_writes_is_told_and_who_reads_is_not() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("inbox");
        std::fs::create_dir(&root).unwrap();
        let paths = ["a", "b", "c"].map(|name| root.join(name));
        paths.iter().for_each(|path| std::fs::write(path, name(path)).unwrap());
        let reading = std::fs::File::open(&paths[0]).unwrap();
        let writing = std::fs::File::options().append(true).open(&paths[1]).unwrap();
        let both = std::fs::File::options().read(true).write(true).open(&paths[2]).unwrap();
        assert_eq!(open_to_write(&root), paths[1..].iter().cloned().collect());
        // Through a link in the path as well: by the name that the inbox uses.
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&root, &link).unwrap();
        assert!(open_to_write(&link).contains(&link.join("b")));
        drop((reading, writing, both));
        assert!(open_to_write(&root).is_empty() && open_to_write(Path::new("/nowhere")).is_empty());
    }

    fn name(path: &Path) -> String {
        path.display().to_string()
    }
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;
    use std::os::windows::fs::OpenOptionsExt;

    #[test]
    fn who_writes_is_told_and_who_reads_is_not() {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("bài.mp3");
        std::fs::write(&file, "bài").unwrap();
        let reading = std::fs::File::open(&file).unwrap();
        assert!(!is_open_to_write(&file));
        drop(reading);
        // As programs open a file that they go on writing, and as Excel does, which lets nobody in.
        for sharing in [7, 1, 0] {
            let writing = std::fs::File::options().append(true).share_mode(sharing).open(&file).unwrap();
            assert!(is_open_to_write(&file), "sharing {sharing}");
            drop(writing);
        }
        assert!(!is_open_to_write(&file));
    }
}
