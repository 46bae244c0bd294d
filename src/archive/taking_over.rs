//! Recordings that a backup has by name alone, taken over from the station that is replaced. Owns that what is taken over is
//! what that station's account can read, and that no file changes hands by it; never changes the old station.

use std::fs::File;
use std::io::{self, Seek};
use std::path::Path;

use super::unpack::{Old, finish, make_folder};
use super::{Pace, Step, act, output, unwritable};
use crate::core::archive::{ArchiveFault, Manifest, Part};
use crate::rights::Owner;
use crate::sound::measure::fingerprint;

/// Takes over what has the same content; how many, and which are missing.
pub(super) fn take_over(
    manifest: &Manifest,
    staging: &Path,
    (old, owner): (&Old, &Owner),
    pace: Pace<'_>,
) -> Result<(usize, Vec<Part>), ArchiveFault> {
    let left_out: Vec<&Part> = manifest.files.iter().filter(|part| part.left_out).collect();
    let all = left_out.iter().map(|part| part.size).sum();
    let (mut done, mut taken, mut missing) = (0, 0, Vec::new());
    let audio = old.config.as_ref().map(|config| config.paths.audio.clone());
    for part in left_out {
        let below = part.name.strip_prefix(&manifest.places.audio).and_then(|rest| rest.strip_prefix('/'));
        let there = match (&audio, below) {
            (Some(audio), Some(below)) => audio.join(below),
            _ => old.folder.join(&part.name),
        };
        match act(owner, &old.folder, || Ok(same_content(&there, part)))? {
            Some(mut found) => {
                let path = staging.join(&part.name);
                make_folder(path.parent().unwrap_or(staging))?;
                // The library replaces its files by renaming: a second name for the same bytes does no harm.
                link(&mut found, &there, &path, owner)
                    .or_else(|_| copy(&mut found, &path, part, (&old.folder, owner)))?;
                taken += 1;
            }
            None => missing.push(part.clone()),
        }
        done += part.size;
        pace(Step { done, all });
    }
    Ok((taken, missing))
}

/// The file there, open, where its content is that of `part`.
fn same_content(there: &Path, part: &Part) -> Option<File> {
    // Opening what is no file, a pipe say, could wait without an end.
    let is_file = there.metadata().is_ok_and(|found| found.is_file());
    let mut file = is_file.then(|| File::open(there).ok())??;
    let is_file = file.metadata().is_ok_and(|found| found.is_file());
    let same = is_file && fingerprint(&mut file).is_ok_and(|found| found == part.sha256);
    same.then_some(file)
}

/// Gives the very file that was read a second name; a link's own second name might lead nowhere. Where the station is another account's only if the file is too: what is
/// unpacked becomes that account's, and so would somebody else's file that it may read.
#[cfg(target_os = "linux")]
fn link(found: &mut File, _: &Path, path: &Path, owner: &Owner) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    if owner.user().is_some_and(|account| found.metadata().map_or(true, |found| found.uid() != account)) {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    use rustix::fs::{AtFlags, CWD, linkat};
    let opened = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(found));
    Ok(linkat(CWD, opened, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_: &mut File, there: &Path, path: &Path, _: &Owner) -> io::Result<()> {
    if there.is_symlink() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    std::fs::hard_link(there, path)
}

/// Copies it, as it is unpacked from a backup.
fn copy(
    found: &mut File,
    path: &Path,
    part: &Part,
    (folder, owner): (&Path, &Owner),
) -> Result<(), ArchiveFault> {
    let failed = |error: io::Error| unwritable(path, &error);
    let mut into = output::create(path).map_err(failed)?;
    act(owner, folder, || {
        found.rewind().and_then(|()| io::copy(found, &mut into)).map(drop).map_err(failed)
    })?;
    finish(&into, part).map_err(failed)
}
