//! To whom the files beside the accounts belong when the command is root's: to the station. Owns that no link is followed on
//! the way; what is in the files is [`super`]'s.

use std::path::Path;

/// The file is nobody's content, so it is never shortened; and no link is followed: the command may be root's, and what lies
/// in the folder the station's account has put there.
pub(super) fn open_lock(lock: &Path) -> std::io::Result<std::fs::File> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    }
    let held = options.open(lock)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, fchown};
        let folder = std::fs::metadata(lock.parent().unwrap_or(Path::new(".")))?;
        let found = held.metadata()?;
        if found.uid() != folder.uid() && found.is_file() && found.nlink() == 1 {
            fchown(&held, Some(folder.uid()), Some(folder.gid()))?;
        }
    }
    Ok(held)
}

/// What another user makes in the state folder, `root` by `sudo` say, the station must be able to read: it belongs to whoever
/// the folder belongs to.
#[cfg(unix)]
pub(super) fn belongs_to_station(file: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, chown};
    let folder = std::fs::metadata(file.parent().unwrap_or(Path::new(".")))?;
    if std::fs::metadata(file)?.uid() == folder.uid() {
        return Ok(());
    }
    chown(file, Some(folder.uid()), Some(folder.gid()))
}
