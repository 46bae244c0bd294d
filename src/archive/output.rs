//! The file of a backup while it is made: under a name of its own that no other program has, and then under its own without
//! writing over anything. The command may be root's and the folder another account's: no link is followed, and no file is
//! taken that somebody else may have put there. Owns these two steps; what is in the file is [`super::write`]'s.

use std::fs::{File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::Path;

use super::unwritable;
use crate::core::archive::ArchiveFault;

/// Options by which no link is followed.
fn options() -> std::fs::OpenOptions {
    let mut options = File::options();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    #[cfg(target_os = "linux")]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        (rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32,
    );
    options
}

/// A file that nothing has, which only its owner can read.
pub(super) fn create(path: &Path) -> io::Result<File> {
    options().create_new(true).open(path)
}

/// The same again, where it still is one.
pub(super) fn open_again(path: &Path) -> io::Result<File> {
    options().open(path)
}

/// The file that is written first, this process's alone; what a power cut left of it is replaced. Told are `file`, which it
/// is to become, and what stands in its place.
pub(super) fn claim(part: &Path, file: &Path) -> Result<File, ArchiveFault> {
    let failed = |error: &io::Error| unwritable(part, error);
    let in_the_way = || ArchiveFault::Exists { file: part.to_owned() };
    let (into, is_new) = match create(part) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => match open_again(part) {
            Ok(there) => (there, false),
            // A link that leads anywhere or nowhere.
            Err(_) if part.is_symlink() => return Err(in_the_way()),
            Err(error) => return Err(failed(&error)),
        },
        other => (other.map_err(|error| failed(&error))?, true),
    };
    lock(&into, file)?;
    if is_new {
        return Ok(into);
    }
    if !is_a_leftover(&into).map_err(|error| failed(&error))? {
        return Err(in_the_way());
    }
    // A fresh one, which nobody has open: who made the other no disk tells that knows no owners, a stick say.
    drop(into);
    std::fs::remove_file(part).map_err(|error| failed(&error))?;
    let into = create(part).map_err(|error| failed(&error))?;
    lock(&into, file)?;
    Ok(into)
}

fn lock(into: &File, file: &Path) -> Result<(), ArchiveFault> {
    match into.try_lock() {
        Err(TryLockError::WouldBlock) => Err(ArchiveFault::AtWork { file: file.to_owned() }),
        // A share that knows no locks.
        Err(TryLockError::Error(_)) | Ok(()) => Ok(()),
    }
}

/// Whether it is a file, and under no other name the file of somebody.
#[cfg(target_os = "linux")]
fn is_a_leftover(file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let found = file.metadata()?;
    Ok(found.is_file() && found.nlink() == 1)
}

#[cfg(not(target_os = "linux"))]
fn is_a_leftover(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

/// Gives `part` the name `file`, which nothing may have by now.
pub(super) fn name(part: &Path, file: &Path) -> Result<(), ArchiveFault> {
    rename_to_free(part, file).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => ArchiveFault::Exists { file: file.to_owned() },
        _ => unwritable(file, &error),
    })
}

#[cfg(target_os = "linux")]
fn rename_to_free(part: &Path, file: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, part, CWD, file, RenameFlags::NOREPLACE) {
        // A file system, or a kernel, that cannot: exFAT, some shares.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => in_two_steps(part, file),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn rename_to_free(part: &Path, file: &Path) -> io::Result<()> {
    in_two_steps(part, file)
}

/// A second name is refused where something has it; where the disk knows no second names, what is there is looked for.
fn in_two_steps(part: &Path, file: &Path) -> io::Result<()> {
    if cfg!(unix) {
        match std::fs::hard_link(part, file) {
            Ok(()) => return std::fs::remove_file(part),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(error),
            Err(_) => {}
        }
    }
    if file.symlink_metadata().is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    std::fs::rename(part, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_came_meanwhile_is_not_written_over() {
        let place = tempfile::tempdir().unwrap();
        let (part, file) = (place.path().join("a.part"), place.path().join("a"));
        for way in [rename_to_free, in_two_steps] {
            std::fs::write(&part, "mới").unwrap();
            std::fs::write(&file, "của ai đó").unwrap();
            assert_eq!(way(&part, &file).unwrap_err().kind(), ErrorKind::AlreadyExists);
            assert_eq!(std::fs::read_to_string(&file).unwrap(), "của ai đó");
            std::fs::remove_file(&file).unwrap();
            way(&part, &file).unwrap();
            assert_eq!(std::fs::read_to_string(&file).unwrap(), "mới");
            assert!(!part.exists());
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn only_what_an_earlier_command_left_is_taken_over() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let place = tempfile::tempdir().unwrap();
        let (part, file) = (place.path().join("a.part"), place.path().join("a"));
        let other = place.path().join("khác");
        std::fs::write(&other, "của ai đó").unwrap();
        std::fs::set_permissions(&other, std::fs::Permissions::from_mode(0o600)).unwrap();
        let in_the_way = |fault: ArchiveFault| assert_eq!(fault, ArchiveFault::Exists { file: part.clone() });
        for leads_to in [&other, &place.path().join("không có")] {
            symlink(leads_to, &part).unwrap();
            in_the_way(claim(&part, &file).unwrap_err());
            std::fs::remove_file(&part).unwrap();
        }
        std::fs::hard_link(&other, &part).unwrap();
        in_the_way(claim(&part, &file).unwrap_err());
        std::fs::remove_file(&part).unwrap();
        // Somebody may have it open to read, and sees nothing of what is written now.
        std::fs::write(&part, "đợi").unwrap();
        std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o644)).unwrap();
        let mut open = File::open(&part).unwrap();
        io::Write::write_all(&mut claim(&part, &file).unwrap(), b"m").unwrap();
        assert_eq!(io::read_to_string(&mut open).unwrap(), "đợi");
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "của ai đó");
        assert_eq!(part.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        drop(claim(&part, &file).unwrap());
        assert_eq!(part.metadata().unwrap().len(), 0);
    }
}
