//! What the inbox does to files, each a step that can fail or at which the power can be cut. Owns how a step is made
//! durable; a test puts a disk of its own in its place. Deletes nothing but what it is told to.

use std::io;
use std::path::Path;

/// The steps. A step that was done and is done again does no harm.
pub trait Disk: Send {
    /// Whether a file can be opened for reading. Waits for nothing and follows no link.
    fn readable(&self, path: &Path) -> io::Result<()>;
    /// Makes a folder that may be there already; as open to others as the folder that it lies in. What lies there and
    /// is no folder (a link above all) is an error.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Writes a file of the inbox's own beside its place, through to the disk.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Gives what was written its name, over an older file of that name.
    fn replace(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Moves a drop; never over another file ([`io::ErrorKind::AlreadyExists`]).
    fn shift(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Deletes a file; one that is not there is no error.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Deletes a folder that is empty.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
}

/// The machine's disk.
#[derive(Clone, Copy, Debug)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn readable(&self, path: &Path) -> io::Result<()> {
        open(path)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        match std::fs::create_dir(path) {
            Ok(()) => {
                as_open_as_its_parent(path);
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                match std::fs::symlink_metadata(path) {
                    Ok(found) if found.is_dir() => Ok(()),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        // What a power cut left of an earlier attempt; and never through a link that somebody put there.
        self.remove_file(path)?;
        let mut file = std::fs::File::create_new(path)?;
        io::Write::write_all(&mut file, bytes)?;
        file.sync_all()
    }

    fn replace(&self, from: &Path, to: &Path) -> io::Result<()> {
        std::fs::rename(from, to)?;
        sync_folder_of(to);
        Ok(())
    }

    fn shift(&self, from: &Path, to: &Path) -> io::Result<()> {
        rename_never_over(from, to)?;
        sync_folder_of(to);
        sync_folder_of(from);
        Ok(())
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        std::fs::remove_dir(path)
    }
}

/// Opening a pipe waits for its other end: never wait, and never follow a link.
#[cfg(target_os = "linux")]
fn open(path: &Path) -> io::Result<()> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty()).map(drop)?)
}

#[cfg(not(target_os = "linux"))]
fn open(path: &Path) -> io::Result<()> {
    std::fs::File::open(path).map(drop)
}

/// One step where the file system has it; network drives have not.
#[cfg(target_os = "linux")]
fn rename_never_over(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => rename_where_free(from, to),
        done => Ok(done?),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename_never_over(from: &Path, to: &Path) -> io::Result<()> {
    rename_where_free(from, to)
}

fn rename_where_free(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => std::fs::rename(from, to),
        Err(error) => Err(error),
        Ok(_) => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

/// A name is durable once its folder is. Not every file system lets a folder be synced, and the notes bear its lack.
#[cfg(unix)]
fn sync_folder_of(path: &Path) {
    if let Some(folder) = path.parent() {
        let _ = std::fs::File::open(folder).and_then(|folder| folder.sync_all());
    }
}

#[cfg(not(unix))]
fn sync_folder_of(_path: &Path) {}

/// Offices come over the network as other users than Loa: where they may write into a folder, they may into those that
/// Loa makes in it.
#[cfg(unix)]
fn as_open_as_its_parent(path: &Path) {
    use std::os::unix::fs::{MetadataExt, lchown};
    let Some(parent) = path.parent().and_then(|parent| std::fs::metadata(parent).ok()) else { return };
    let _ = lchown(path, Some(parent.uid()), Some(parent.gid()));
    let _ = std::fs::set_permissions(path, parent.permissions());
}

#[cfg(not(unix))]
fn as_open_as_its_parent(_path: &Path) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_is_never_moved_over_a_file() {
        let place = tempfile::tempdir().unwrap();
        let (from, to) = (place.path().join("a"), place.path().join("b"));
        std::fs::write(&from, "new").unwrap();
        std::fs::write(&to, "old").unwrap();
        for shift in [rename_never_over, rename_where_free] {
            assert_eq!(shift(&from, &to).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        }
        assert_eq!(std::fs::read_to_string(&to).unwrap(), "old");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_is_no_folder_and_is_not_written_through() {
        let place = tempfile::tempdir().unwrap();
        let (elsewhere, link) = (place.path().join("elsewhere"), place.path().join("link"));
        std::fs::create_dir(&elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
        assert_eq!(RealDisk.make_folder(&link).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert!(RealDisk.make_folder(&elsewhere).is_ok());

        let (victim, temporary) = (elsewhere.join("victim"), place.path().join(".loa.tmp"));
        std::fs::write(&victim, "safe").unwrap();
        std::os::unix::fs::symlink(&victim, &temporary).unwrap();
        RealDisk.write(&temporary, b"mine").unwrap();
        assert_eq!(std::fs::read_to_string(&victim).unwrap(), "safe");
        assert_eq!(std::fs::read_to_string(&temporary).unwrap(), "mine");
    }

    #[test]
    #[cfg(unix)]
    fn a_folder_is_as_open_as_its_parent() {
        use std::os::unix::fs::PermissionsExt;
        let place = tempfile::tempdir().unwrap();
        let office = place.path().join("office");
        std::fs::create_dir(&office).unwrap();
        std::fs::set_permissions(&office, std::fs::Permissions::from_mode(0o2775)).unwrap();
        RealDisk.make_folder(&office.join("made")).unwrap();
        let made = std::fs::metadata(office.join("made")).unwrap();
        assert_eq!(made.permissions().mode() & 0o7777, 0o2775);
    }
}
