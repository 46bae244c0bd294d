//! The place that a restored station takes: what is there, and the one renaming by which the new folder is there instead. Owns
//! the names of what is set aside; deletes nothing but empty folders.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::contents::resolved;
use super::write::sync_folder;
use super::{beside, folder_of, unreadable, unwritable};
use crate::config::installed;
use crate::core::archive::ArchiveFault;
use crate::rights::Owner;

/// What is in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing but empty folders and a package's lists, or not even the folder.
    Nothing,
    /// A station.
    Station,
    /// A file that is no station's.
    Files(PathBuf),
}

/// Looks into `folder`; the backup `file` itself does not count.
pub(super) fn look(folder: &Path, file: &Path) -> Result<Found, ArchiveFault> {
    let marks = [installed::CONFIG, "state/journal.db"];
    if marks.iter().any(|mark| folder.join(mark).symlink_metadata().is_ok()) {
        return Ok(Found::Station);
    }
    let is_folder = folder.try_exists().map_err(|error| unreadable(folder, &error))?;
    let found = if is_folder { first_file(folder, &resolved(file))? } else { None };
    Ok(found.map_or(Found::Nothing, Found::Files))
}

/// A list that a package puts there for a new station; it is set aside like everything else.
fn is_list(path: &Path) -> bool {
    ["config/holidays.toml", "config/themes.toml", "config/targets.toml"]
        .iter()
        .any(|list| path.ends_with(list))
}

fn first_file(folder: &Path, but: &Path) -> Result<Option<PathBuf>, ArchiveFault> {
    for entry in std::fs::read_dir(folder).map_err(|error| unreadable(folder, &error))? {
        let entry = entry.map_err(|error| unreadable(folder, &error))?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if let Some(found) = first_file(&path, but)? {
                return Ok(Some(found));
            }
        } else if resolved(&path) != but && !is_list(&path) {
            return Ok(Some(path));
        }
    }
    Ok(None)
}

/// Puts `new` in the place of `folder`, which was `owner`'s; where what was there is now, none: nothing was. Whenever the
/// power goes, one of the two is there whole (on Linux at that very name; elsewhere between two renamings both have other
/// names).
pub(super) fn swap(
    new: &Path,
    folder: &Path,
    owner: &Owner,
    now: DateTime<Utc>,
) -> Result<Option<PathBuf>, ArchiveFault> {
    let failed = |error: std::io::Error| ArchiveFault::NoSwap {
        new: new.to_owned(),
        old: folder.to_owned(),
        found: error.to_string(),
    };
    let durable = || sync_folder(folder_of(folder)).map_err(|error| unwritable(folder, &error));
    if folder.symlink_metadata().is_err() {
        std::fs::rename(new, folder).map_err(failed)?;
        durable()?;
        return Ok(None);
    }
    let aside = free_name(folder, now);
    // The new one waits under the very name that the old one will have: what has the name of something half-made is never
    // the station that was there.
    std::fs::rename(new, &aside).map_err(failed)?;
    let swapped = exchange(&aside, folder).or_else(|_| {
        std::fs::rename(&aside, new)?;
        std::fs::rename(folder, &aside)?;
        std::fs::rename(new, folder).inspect_err(|_| {
            let _ = std::fs::rename(&aside, folder);
        })
    });
    if let Err(error) = swapped {
        let _ = std::fs::rename(&aside, new);
        return Err(failed(error));
    }
    durable()?;
    // A station that was set aside keeps its empty folders, an inbox that nothing was in say.
    let emptied = owner.act(|| {
        let empty = matches!(first_file(&aside, Path::new("")), Ok(None));
        if empty {
            remove_if_empty(&aside);
        }
        empty
    });
    if matches!(emptied, Ok(true)) {
        // Its own name is in a folder that may be root's.
        let _ = std::fs::remove_dir(&aside);
    }
    Ok(aside.exists().then_some(aside))
}

/// Both names change their folders in one step.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> std::io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// A name beside the folder that nothing has: `loa.before-20261129T051200Z`.
fn free_name(folder: &Path, now: DateTime<Utc>) -> PathBuf {
    let day = now.format("%Y%m%dT%H%M%SZ");
    let named = |number: usize| match number {
        1 => beside(folder, &format!(".before-{day}")),
        number => beside(folder, &format!(".before-{day}-{number}")),
    };
    (1..).map(named).find(|name| name.symlink_metadata().is_err()).unwrap_or_else(|| named(1))
}

/// Removes a folder that has nothing but folders: each is refused as long as something is in it.
fn remove_if_empty(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_if_empty(&entry.path());
        }
    }
    let _ = std::fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packages_lists_are_no_station_and_any_other_file_is_somebodys() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("loa");
        let backup = folder.join("loa.zip");
        std::fs::create_dir_all(folder.join("config")).unwrap();
        for list in ["holidays", "themes", "targets"] {
            std::fs::write(folder.join("config").join(list).with_extension("toml"), "").unwrap();
        }
        std::fs::write(&backup, "").unwrap();
        assert!(matches!(look(&folder, &backup), Ok(Found::Nothing)));
        let other = folder.join("config/ghi-chu.txt");
        std::fs::write(&other, "").unwrap();
        assert!(matches!(look(&folder, &backup), Ok(Found::Files(found)) if found == other));
        std::fs::write(folder.join("config/station.toml"), "").unwrap();
        assert!(matches!(look(&folder, &backup), Ok(Found::Station)));
    }
}
