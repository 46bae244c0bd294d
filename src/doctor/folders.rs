//! The station's folders: the disks that they lie on, and whether the station may do with them what it does.
//! Owns both checks; writes nothing to find out.

use std::path::{Path, PathBuf};

use super::Patient;
use super::rights::{self, Barred};
use crate::config::Paths;
use crate::core::checkup::{Finding, Machine, Need, Place};
use crate::intake::watch::is_on_network;

/// Files of the state that the station writes, as far as they are there.
const OF_STATE: &[&str] = &["lock", "control", "journal.db", "journal.db-wal", "journal.db-shm"];

fn places(paths: &Paths) -> [(Place, &PathBuf); 4] {
    [
        (Place::State, &paths.state),
        (Place::Audio, &paths.audio),
        (Place::Inbox, &paths.inbox),
        (Place::Schedules, &paths.schedules),
    ]
}

/// The folder, or the nearest above it that is there.
fn nearest(folder: &Path) -> PathBuf {
    folder.ancestors().find(|above| above.exists()).unwrap_or(Path::new("/")).to_path_buf()
}

pub(super) fn disk(patient: &Patient) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut seen = Vec::new();
    for (place, folder) in places(&patient.config.paths) {
        // The schedules are read, and small.
        if place == Place::Schedules {
            continue;
        }
        let there = nearest(folder);
        if place == Place::State && is_on_network(&there) {
            found.push(Machine::StateOnNetwork { folder: folder.clone() });
        }
        match room(&there) {
            Err(error) => {
                found.push(Machine::SpaceUnknown { folder: folder.clone(), found: error });
            }
            Ok(room) if seen.contains(&room.disk) => {}
            Ok(room) => {
                seen.push(room.disk);
                found.extend(room.findings(folder));
            }
        }
    }
    found.into_iter().map(Finding::from).collect()
}

/// Room on a disk.
#[derive(Debug)]
struct Room {
    /// Tells disks apart.
    disk: u64,
    /// Bytes that this account may write.
    free: u64,
    /// None is left; some systems do not count files.
    no_more_files: bool,
    read_only: bool,
}

impl Room {
    fn findings(&self, folder: &Path) -> Vec<Machine> {
        let folder = folder.to_path_buf();
        let mut found = Vec::new();
        if self.read_only {
            found.push(Machine::ReadOnly { folder: folder.clone() });
        }
        if self.no_more_files {
            found.push(Machine::NoMoreFiles { folder: folder.clone() });
        }
        found.push(Machine::Space { folder, free: self.free });
        found
    }
}

#[cfg(target_os = "linux")]
fn room(folder: &Path) -> Result<Room, String> {
    use std::os::unix::fs::MetadataExt;
    let told = rustix::fs::statvfs(folder).map_err(|error| error.to_string())?;
    let disk = std::fs::metadata(folder).map_err(|error| error.to_string())?.dev();
    Ok(Room {
        disk,
        free: told.f_bavail.saturating_mul(told.f_frsize),
        no_more_files: told.f_files > 0 && told.f_favail == 0,
        read_only: told.f_flag.contains(rustix::fs::StatVfsMountFlags::RDONLY),
    })
}

#[cfg(windows)]
fn room(folder: &Path) -> Result<Room, String> {
    use std::path::{Component, Prefix};
    let free = fs4::available_space(folder).map_err(|error| error.to_string())?;
    let whole = folder.canonicalize().map_err(|error| error.to_string())?;
    let disk = match whole.components().next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::VerbatimDisk(letter) | Prefix::Disk(letter) => u64::from(letter),
            _ => 0,
        },
        _ => 0,
    };
    Ok(Room { disk, free, no_more_files: false, read_only: false })
}

#[cfg(not(any(target_os = "linux", windows)))]
fn room(_folder: &Path) -> Result<Room, String> {
    Err("this system is not asked".into())
}

pub(super) fn permissions(patient: &Patient) -> Vec<Finding> {
    let paths = &patient.config.paths;
    let owner = rights::owner(patient);
    let mut found: Vec<Machine> = Vec::new();
    let mut barred: Vec<Barred> = Vec::new();
    for (place, folder) in places(paths) {
        let need = if place == Place::Schedules { Need::Read } else { Need::Write };
        // The station makes its state and, at its first start, the inbox; a folder that vanished it does not bring back.
        let made = match place {
            Place::State => true,
            Place::Inbox => !patient.journal.exists(),
            Place::Audio | Place::Schedules => false,
        };
        if !folder.exists() && !made {
            found.push(Machine::NotThere { place, folder: folder.clone() });
        } else {
            let found = rights::barred(&owner, &nearest(folder), need);
            // What is above a folder that is still to be made is not the station's, and stays whose it is.
            barred.extend(found.map(|found| match found.need {
                Need::Write | Need::Read if !folder.exists() => {
                    Barred { path: folder.clone(), need: Need::Make }
                }
                _ => found,
            }));
        }
    }
    let state = OF_STATE.iter().map(|name| paths.state.join(name)).filter(|path| path.exists());
    barred.extend(state.filter_map(|path| rights::barred(&owner, &path, Need::Write)));
    let read = [patient.file.clone(), paths.state.join("accounts.json")];
    let read = read.into_iter().filter(|path| path.exists());
    barred.extend(read.filter_map(|path| rights::barred(&owner, &path, Need::Read)));
    // A folder that cannot be entered bars everything in it, and is told once.
    let mut told: Vec<Barred> = Vec::new();
    for one in barred {
        if !told.contains(&one) {
            told.push(one);
        }
    }
    let account = owner.name().map(ToOwned::to_owned);
    let not_allowed = |Barred { path, need }| Machine::NotAllowed { path, need, account: account.clone() };
    found.extend(told.into_iter().map(not_allowed));
    found.extend(other_account(&paths.state));
    found.extend(ajar(&paths.state.join("control")));
    if found.is_empty() {
        found.push(Machine::Allowed);
    }
    found.into_iter().map(Finding::from).collect()
}

#[cfg(target_os = "linux")]
fn other_account(state: &Path) -> Option<Machine> {
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata(state).ok()?.uid();
    let this = rustix::process::geteuid().as_raw();
    let name = crate::rights::accounts::name_of;
    // The superuser's look is what the guide advises: the station's account is seen through it.
    (owner != this && this != 0).then(|| Machine::OtherAccount { this: name(this), owner: name(owner) })
}

#[cfg(not(target_os = "linux"))]
fn other_account(_state: &Path) -> Option<Machine> {
    None
}

#[cfg(unix)]
fn ajar(file: &Path) -> Option<Machine> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(file).ok()?.permissions().mode();
    (mode & 0o007 != 0).then(|| Machine::DoorAjar { file: file.to_path_buf() })
}

#[cfg(not(unix))]
fn ajar(_file: &Path) -> Option<Machine> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::checkup::Grade;

    #[test]
    fn a_disk_that_is_read_only_or_out_of_files_is_told_beside_its_room() {
        let grades = |room: Room| -> Vec<(&str, Grade)> {
            let found = room.findings(Path::new("state")).into_iter().map(|one| Finding::from(one).nature());
            found.map(|nature| (nature.code, nature.grade)).collect()
        };
        let well = Room { disk: 1, free: 5 << 30, no_more_files: false, read_only: false };
        assert_eq!(grades(well), [("disk_free", Grade::Ok)]);
        let worst = Room { disk: 1, free: 0, no_more_files: true, read_only: true };
        assert_eq!(
            grades(worst),
            [
                ("disk_read_only", Grade::Wrong),
                ("disk_no_more_files", Grade::Wrong),
                ("disk_full", Grade::Wrong)
            ]
        );
        let tight = Room { disk: 1, free: 500 << 20, no_more_files: false, read_only: false };
        assert_eq!(grades(tight), [("disk_tight", Grade::Attention)]);
    }

    #[test]
    fn what_is_not_there_yet_is_judged_by_the_folder_above_it() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(nearest(&folder.path().join("a/b")), folder.path());
        let own = crate::rights::Owner::of(&[]);
        assert_eq!(rights::barred(&own, folder.path(), Need::Write), None);
        assert!(rights::barred(&own, &folder.path().join("a"), Need::Read).is_some());
        #[cfg(any(target_os = "linux", windows))]
        assert!(room(folder.path()).unwrap().free > 0);
    }

    #[test]
    #[cfg(unix)]
    fn a_door_that_others_may_read_is_ajar() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("control");
        std::fs::write(&file, "").unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(ajar(&file), None);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        assert!(ajar(&file).is_some());
        assert_eq!(ajar(&folder.path().join("none")), None);
    }
}
