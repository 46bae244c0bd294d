//! Whose the station's files are. Owns the rule that what setup makes belongs to whoever the station's folder belongs to:
//! it is run as root, the station is not.

use std::path::Path;

/// Hands `made` to the owner of `folder`; nothing happens where it is that user's already, or where the system knows no
/// owners.
#[cfg(unix)]
pub(super) fn give(folder: &Path, made: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, lchown};
    let (owner, now) = (std::fs::metadata(folder)?, std::fs::symlink_metadata(made)?);
    if (owner.uid(), owner.gid()) == (now.uid(), now.gid()) {
        return Ok(());
    }
    lchown(made, Some(owner.uid()), Some(owner.gid()))
}

#[cfg(not(unix))]
pub(super) fn give(_folder: &Path, _made: &Path) -> std::io::Result<()> {
    Ok(())
}

/// Lets everybody on the machine read `made`, as other files that are written for people.
#[cfg(unix)]
pub(super) fn readable(made: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(made, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
pub(super) fn readable(_made: &Path) -> std::io::Result<()> {
    Ok(())
}
