//! Whether the station may do with a file what it does. Owns whose rights that is asked with: the superuser may do everything,
//! which says nothing about the station's account, so that its command looks with those of that account.

use std::path::{Path, PathBuf};

use super::Patient;
use crate::core::checkup::Need;
use crate::rights::Owner;

/// Where something is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Barred {
    /// At what; a folder on the way to it, where it is not to be entered.
    pub(super) path: PathBuf,
    /// What is not allowed.
    pub(super) need: Need,
}

/// The account that the station runs as: whoever holds its lock, else whoever its state, else its folder belongs to.
pub(super) fn owner(patient: &Patient) -> Owner {
    if let Some(process) = patient.holder() {
        return Owner::of(&[Path::new(&format!("/proc/{process}"))]);
    }
    // What a command of root's left behind is root's, and the station's account cannot open it.
    let folder = patient.file.parent().and_then(Path::parent).unwrap_or(Path::new(""));
    Owner::of(&[&patient.config.paths.state, folder])
}

/// What `owner` may not of what is needed at `path`.
pub(super) fn barred(owner: &Owner, path: &Path, need: Need) -> Option<Barred> {
    // Whose rights cannot be taken on, nothing is known of.
    owner.act(|| on_the_way(path, need)).ok().flatten()
}

fn on_the_way(path: &Path, need: Need) -> Option<Barred> {
    let whole = path.canonicalize().or_else(|_| std::path::absolute(path));
    let whole = whole.unwrap_or_else(|_| path.to_path_buf());
    let mut above: Vec<&Path> = whole.ancestors().skip(1).collect();
    above.reverse();
    let closed = above.into_iter().find(|folder| !may(folder, Need::Enter));
    let barred = |path: &Path, need| Some(Barred { path: path.to_path_buf(), need });
    match closed {
        Some(folder) => barred(folder, Need::Enter),
        None if may(&whole, need) => None,
        None => barred(&whole, need),
    }
}

#[cfg(target_os = "linux")]
fn may(path: &Path, need: Need) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let mut wanted = match need {
        Need::Read => Access::READ_OK,
        Need::Write | Need::Make => Access::READ_OK | Access::WRITE_OK,
        Need::Enter => Access::EXEC_OK,
    };
    if path.is_dir() {
        wanted |= Access::EXEC_OK;
    }
    // A read-only disk is told of as such.
    !matches!(accessat(CWD, path, wanted, AtFlags::EACCESS), Err(error) if error != rustix::io::Errno::ROFS)
}

#[cfg(not(target_os = "linux"))]
fn may(path: &Path, need: Need) -> bool {
    std::fs::metadata(path)
        .is_ok_and(|found| !matches!(need, Need::Write | Need::Make) || !found.permissions().readonly())
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::fs::{PermissionsExt, chown};

    use super::*;

    fn mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn what_bars_an_account_is_told_by_the_first_that_does() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, file) = (folder.path().join("d"), folder.path().join("d/f"));
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(&file, "").unwrap();
        // Root looks with the eyes of an account of no file here; whoever else runs this test, with his own.
        if crate::rights::by_root() {
            chown(folder.path(), Some(4_711), Some(4_712)).unwrap();
        }
        let owner = Owner::of(&[folder.path()]);
        let told = |path: &Path, need| Some(Barred { path: path.canonicalize().unwrap(), need });
        mode(&inner, 0o755);
        mode(&file, 0o444);
        assert_eq!(barred(&owner, &file, Need::Read), None);
        assert_eq!(barred(&owner, &file, Need::Write), told(&file, Need::Write));
        mode(&file, 0o200);
        assert_eq!(barred(&owner, &file, Need::Read), told(&file, Need::Read));
        mode(&inner, 0o600);
        assert_eq!(barred(&owner, &file, Need::Read), told(&inner, Need::Enter));
        assert_eq!(barred(&owner, &inner, Need::Enter), told(&inner, Need::Enter));
        mode(&inner, 0o755);
    }
}
