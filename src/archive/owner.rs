//! Whom a restored station belongs to: whoever the folder belonged to that it takes the place of, since the command is root's
//! and the station is not. Owns these rights alone; a system without owners has nothing to do.

use std::io;
use std::path::Path;

/// Gives everything below `new` to the owner of `old`, and each folder that `old` has too that one's owner, group and rights
/// (an inbox that offices share). From then on the station's account may lay anything there.
#[cfg(unix)]
pub(super) fn mirror(old: &Path, new: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = match old.metadata() {
        Ok(found) => Some((found.uid(), found.gid())),
        Err(_) => account_of_the_service(old),
    };
    match found {
        Some(owner) => below(old, new, owner),
        None => Ok(()),
    }
}

#[cfg(not(unix))]
pub(super) fn mirror(_: &Path, _: &Path) -> io::Result<()> {
    Ok(())
}

/// From the inside out: as long as something is to be done in a folder nobody else may write in it, and what a name leads to
/// there is what was unpacked.
#[cfg(unix)]
fn below(old: &Path, new: &Path, owner: (u32, u32)) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let found = old.symlink_metadata().ok().filter(std::fs::Metadata::is_dir);
    let mine = found.as_ref().map_or(owner, |found| (found.uid(), found.gid()));
    for entry in std::fs::read_dir(new)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            below(&old.join(entry.file_name()), &entry.path(), mine)?;
        } else {
            give(&entry.path(), mine)?;
        }
    }
    give(new, mine)?;
    found.map_or(Ok(()), |found| std::fs::set_permissions(new, found.permissions()))
}

/// Only where it is another's: who is not root may not even give a file to himself.
#[cfg(unix)]
fn give(path: &Path, (user, group): (u32, u32)) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt, lchown};
    let found = path.symlink_metadata()?;
    if (found.uid(), found.gid()) == (user, group) {
        return Ok(());
    }
    lchown(path, Some(user), Some(group))
}

/// The account `loa` that the service runs as, for the installed station's folder where it is not there.
#[cfg(unix)]
fn account_of_the_service(folder: &Path) -> Option<(u32, u32)> {
    if folder != crate::config::installed::folder() {
        return None;
    }
    crate::rights::accounts::by_name("loa").map(|account| (account.user, account.group))
}
