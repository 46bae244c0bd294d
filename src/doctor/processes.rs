//! Who runs on this machine, as far as Linux tells in /proc. Owns how these files are read; elsewhere nothing is known.

use std::path::Path;

/// The process that holds a lock on `file`, without trying the lock: whoever tries it could be in a starting station's
/// way.
#[cfg(target_os = "linux")]
pub(super) fn holder(file: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let inode = std::fs::metadata(file).ok()?.ino();
    holder_in(&std::fs::read_to_string("/proc/locks").ok()?, inode)
}

#[cfg(not(target_os = "linux"))]
pub(super) fn holder(_file: &Path) -> Option<u32> {
    None
}

/// The process of the lock on the file with that inode, in the text of /proc/locks. Devices are not compared: layered
/// file systems tell other numbers there than elsewhere.
#[cfg(any(target_os = "linux", test))]
fn holder_in(locks: &str, inode: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [_, "FLOCK", _, "WRITE", process, place, ..] = fields[..] else { return None };
        let same = place.rsplit(':').next()?.parse() == Ok(inode);
        process.parse().ok().filter(|_| same)
    })
}

/// What the program of a process is called; empty where it is not known.
pub(super) fn name_of(process: u32) -> String {
    let text = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
    text.trim().to_owned()
}

/// The processes of stations that run: `loa … run`.
pub(super) fn stations() -> Vec<u32> {
    let Ok(entries) = std::fs::read_dir("/proc") else { return Vec::new() };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let runs = |process: &u32| {
        let line = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        name_of(*process) == "loa" && line.split(|byte| *byte == 0).skip(1).any(|word| word == b"run")
    };
    let mut found: Vec<u32> = numbers.filter(runs).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_holder_of_a_lock_is_read_from_the_systems_list() {
        let locks = "1: POSIX  ADVISORY  READ 22837 00:1b:29556 128 128\n\
                     2: FLOCK  ADVISORY  WRITE 25093 fe:00:10521339 0 EOF\n\
                     2: -> FLOCK  ADVISORY  WRITE 25094 fe:00:10521339 0 EOF\n\
                     3: FLOCK  ADVISORY  READ 77 fe:00:12 0 EOF\nhalf a li";
        assert_eq!(holder_in(locks, 10_521_339), Some(25_093));
        assert_eq!((holder_in(locks, 29_556), holder_in(locks, 12), holder_in("", 1)), (None, None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_lock_of_this_process_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let lock = crate::journal::lock::StationLock::take(folder.path()).unwrap();
        assert_eq!(holder(lock.path()), Some(std::process::id()));
        let path = lock.path().to_owned();
        drop(lock);
        assert_eq!(holder(&path), None);
    }
}
