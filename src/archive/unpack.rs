//! Puts a station from a backup into a folder: unpacked and proved beside it, made durable, and only then put in its place by
//! one renaming. Owns the order of the steps; a station that is there is set aside whole, and nothing of it is deleted or
//! changed. It is read with its owner's rights ([`crate::rights`]); what is unpacked is the caller's until it is whole.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use toml_edit::DocumentMut;

use super::place::{self, Found};
use super::read::{Opened, open};
use super::taking_over::take_over;
use super::write::{room, sync_folder};
use super::{Pace, act, beside, folder_of, owner, unreadable, unwritable};
use crate::config::{Config, installed};
use crate::core::archive::{ArchiveFault, Manifest, Part};
use crate::core::fault::{ConfigFault, Faults};
use crate::core::record::Restored;
use crate::journal::lock::{LockError, StationLock};
use crate::journal::{self, JournalError, backup};
use crate::rights::Owner;

/// What becomes of a station, or of other files, that the folder has already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// Nothing is restored.
    Refuse,
    /// It is set aside whole.
    SetAside,
}

/// A station that was restored.
#[derive(Debug)]
pub struct Placed {
    /// The folder.
    pub folder: PathBuf,
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// Where what was in the folder is now; none: nothing was.
    pub set_aside: Option<PathBuf>,
    /// Recordings of which the backup has the name alone, and that were taken over from what was in the folder.
    pub taken_over: usize,
    /// Recordings that are missing.
    pub missing: Vec<Part>,
    /// How the journal goes on; none: there is none.
    pub journal: Option<Restored>,
    /// What is wrong with the configuration; it may be of an older version.
    pub config: Result<Box<Config>, Faults<ConfigFault>>,
}

/// Restores the backup `file` into `folder`.
///
/// # Errors
/// See [`ArchiveFault`]; what was in the folder is as it was then.
pub fn restore(
    file: &Path,
    folder: &Path,
    occupied: Occupied,
    now: DateTime<Utc>,
    pace: Pace<'_>,
) -> Result<Placed, ArchiveFault> {
    let mut opened = open(file)?;
    let manifest = opened.manifest().clone();
    let whole = std::path::absolute(folder).map_err(|error| unreadable(folder, &error))?;
    // Where the folder is a link to another disk, that is where the station lives.
    let folder = whole.canonicalize().unwrap_or(whole);
    let found = place::look(&folder, file)?;
    let owner = Owner::of(&[&folder, &folder.join("config"), &folder.join("state")]);
    let old = act(&owner, &folder, || Ok(Old::of(&folder)))?;
    let mut held = act(&owner, &folder, || old.lock(&manifest))?;
    match (&found, occupied) {
        (Found::Station, Occupied::Refuse) => return Err(ArchiveFault::Occupied { folder }),
        (Found::Files(file), Occupied::Refuse) => {
            return Err(ArchiveFault::NotEmpty { folder, file: file.clone() });
        }
        _ => {}
    }
    let parent = folder.parent().unwrap_or(&folder);
    std::fs::create_dir_all(parent).map_err(|error| unwritable(parent, &error))?;
    room(&folder, opened.unpacked())?;
    let staging = beside(&folder, ".restoring");
    let lock = claim(&staging)?;
    let in_backup = opened.journal();
    let made = unpack(&mut opened, &staging, (&old, &owner), now, pace).and_then(|mut unpacked| {
        sync_tree(&staging).map_err(|error| unwritable(&staging, &error))?;
        owner::mirror(&folder, &staging).map_err(|error| unwritable(&staging, &error))?;
        // The new journal is its owner's by now, as the old ones are that it goes on from.
        if let Some(journal) = unpacked.to_go_on.take() {
            let made = manifest.made;
            let gone_on = act(&owner, &folder, || Ok(go_on(&journal, &old.journals(), made, now)))?;
            unpacked.journal = gone_on.map_err(told(in_backup))?;
        }
        // Whom the folders belong to now; their content is on the disk.
        let _ = owner.act(|| sync_tree(&staging));
        Ok(unpacked)
    });
    drop(opened);
    // Windows renames no folder in which a file is open; elsewhere no station starts in between.
    if cfg!(windows) {
        held.clear();
    }
    let lock_file = lock.path().to_owned();
    drop(lock);
    let swapped = made.and_then(|unpacked| {
        std::fs::remove_file(&lock_file).map_err(|error| unwritable(&lock_file, &error))?;
        let set_aside = place::swap(&staging, &folder, &owner, now)?;
        Ok((unpacked, set_aside))
    });
    drop(held);
    if swapped.is_err() {
        let _ = std::fs::remove_dir_all(&staging);
    }
    let (Unpacked { taken_over, missing, journal, .. }, set_aside) = swapped?;
    let path = folder.join(&manifest.config);
    let config = act(&Owner::of(&[&folder]), &folder, || Ok(Config::read(&path).map(Box::new)))?;
    Ok(Placed { folder, manifest, set_aside, taken_over, missing, journal, config })
}

/// The station that is in the folder, as far as can be seen.
pub(super) struct Old {
    pub(super) folder: PathBuf,
    pub(super) config: Option<Config>,
}

impl Old {
    fn of(folder: &Path) -> Old {
        Old { folder: folder.to_owned(), config: Config::read(&folder.join(installed::CONFIG)).ok() }
    }

    fn state(&self) -> PathBuf {
        self.config.as_ref().map_or_else(|| self.folder.join("state"), |config| config.paths.state.clone())
    }

    /// No station may run in it, nor start meanwhile.
    fn lock(&self, manifest: &Manifest) -> Result<Vec<StationLock>, ArchiveFault> {
        let mut states = vec![self.state(), self.folder.join(&manifest.places.state)];
        states.dedup();
        let there = states.into_iter().filter(|state| state.join("lock").exists());
        let taken = there.map(|state| match StationLock::take(&state) {
            Ok(lock) => Ok(lock),
            Err(LockError::Held { holder, .. }) => {
                Err(ArchiveFault::Running { folder: self.folder.clone(), holder })
            }
            Err(LockError::Unusable { path, source }) => Err(unwritable(&path, &source)),
        });
        taken.collect()
    }

    /// The journal, then its backups, the newest first, as far as they are there.
    fn journals(&self) -> Vec<PathBuf> {
        let state = self.state();
        let backups =
            self.config.as_ref().map_or_else(|| state.join("backup"), |config| config.backup.folder.clone());
        let all = std::iter::once(state.join("journal.db")).chain(backup::list(&backups));
        all.filter(|journal| journal.is_file()).collect()
    }
}

/// The folder that is unpacked into, this process's alone; what a power cut left of it is deleted.
fn claim(staging: &Path) -> Result<StationLock, ArchiveFault> {
    if staging.symlink_metadata().is_ok_and(|found| !found.is_dir()) {
        return Err(ArchiveFault::Exists { file: staging.to_owned() });
    }
    let lock = StationLock::take(staging).map_err(|error| match error {
        LockError::Held { .. } => ArchiveFault::AtWork { file: staging.to_owned() },
        LockError::Unusable { path, source } => unwritable(&path, &source),
    })?;
    take_back(staging).map_err(|error| unwritable(staging, &error))?;
    let listed = std::fs::read_dir(staging).map_err(|error| unreadable(staging, &error))?;
    for entry in listed.flatten().filter(|entry| entry.path() != lock.path()) {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let gone = if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        gone.map_err(|error| unwritable(&path, &error))?;
    }
    Ok(lock)
}

/// Where a power cut came after the folder was given to the station it is the caller's again: nobody else may write there
/// while it is unpacked.
#[cfg(target_os = "linux")]
fn take_back(staging: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown};
    let (own, group) = (rustix::process::geteuid(), rustix::process::getegid());
    if staging.symlink_metadata()?.uid() == own.as_raw() || !own.is_root() {
        return Ok(());
    }
    lchown(staging, Some(own.as_raw()), Some(group.as_raw()))?;
    std::fs::set_permissions(staging, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(target_os = "linux"))]
fn take_back(_: &Path) -> std::io::Result<()> {
    Ok(())
}

/// What came of it.
struct Unpacked {
    taken_over: usize,
    missing: Vec<Part>,
    journal: Option<Restored>,
    /// The journal that is still to go on from those that it replaces.
    to_go_on: Option<PathBuf>,
}

fn unpack(
    opened: &mut Opened<File>,
    staging: &Path,
    (old, owner): (&Old, &Owner),
    now: DateTime<Utc>,
    pace: Pace<'_>,
) -> Result<Unpacked, ArchiveFault> {
    let manifest = opened.manifest().clone();
    let open_one: std::cell::RefCell<Option<(PathBuf, File)>> = std::cell::RefCell::default();
    let create = |part: &Part| -> Result<(PathBuf, File), ArchiveFault> {
        let path = staging.join(&part.name);
        make_folder(path.parent().unwrap_or(staging))?;
        let mut options = File::options();
        options.write(true).create_new(true);
        // Nobody reads a password or a key before it has its own mode.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path);
        file.map_err(|error| unwritable(&path, &error)).map(|file| (path, file))
    };
    opened.each(
        pace,
        &mut |part, piece| {
            let mut open_one = open_one.borrow_mut();
            let (path, mut file) = match open_one.take() {
                Some(open) => open,
                None => create(part)?,
            };
            file.write_all(piece).map_err(|error| unwritable(&path, &error))?;
            *open_one = Some((path, file));
            Ok(())
        },
        &mut |part| {
            // An empty file has no piece.
            let (path, file) = match open_one.borrow_mut().take() {
                Some(open) => open,
                None => create(part)?,
            };
            finish(&file, part).map_err(|error| unwritable(&path, &error))
        },
    )?;
    let places = &manifest.places;
    for name in [&places.schedules, &places.audio, &places.inbox, &places.state] {
        make_folder(&staging.join(name))?;
    }
    let (taken_over, missing) = take_over(&manifest, staging, (old, owner), pace)?;
    amend(&manifest, staging)?;
    let mut unpacked = Unpacked { taken_over, missing, journal: None, to_go_on: None };
    if let Some(part) = &manifest.journal {
        let path = staging.join(&part.file);
        let proof =
            journal::verify(&path, part.head.as_ref(), &mut |_, _| ()).map_err(told(opened.journal()))?;
        if let Some(flaw) = proof.flaw {
            return Err(ArchiveFault::JournalDamaged { found: flaw.to_string() });
        }
        if act(owner, &old.folder, || Ok(old.journals()))?.is_empty() {
            unpacked.journal = go_on(&path, &[], manifest.made, now).map_err(told(opened.journal()))?;
        } else {
            unpacked.to_go_on = Some(path);
        }
    }
    Ok(unpacked)
}

/// Lets the journal at `path`, copied when the backup was `made`, go on from `others`, all of it durable.
fn go_on(
    path: &Path,
    others: &[PathBuf],
    made: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Restored>, JournalError> {
    let restored = journal::go_on(path, others, made, now)?;
    // Of the journal itself that was told; without this the log that is gone may come back.
    let _ = sync_folder(folder_of(path));
    Ok(restored)
}

/// What is wrong with `journal`, that of the backup.
fn told(journal: PathBuf) -> impl FnOnce(JournalError) -> ArchiveFault {
    |error| ArchiveFault::Journal { file: journal, found: error.fault.to_string() }
}

pub(super) fn make_folder(folder: &Path) -> Result<(), ArchiveFault> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

/// A file is whole: its time, its mode, and on the disk.
pub(super) fn finish(file: &File, part: &Part) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A backup made on Windows knows no modes; among its files are passwords and keys.
        let mode = part.mode.unwrap_or(0o640);
        file.set_permissions(std::fs::Permissions::from_mode(mode & 0o777))?;
    }
    file.set_modified(DateTime::from_timestamp_nanos(part.modified_ns).into())?;
    file.sync_all()
}

/// Has the configuration say where things are that lay outside the station's folder; all else in it stays as it is.
fn amend(manifest: &Manifest, staging: &Path) -> Result<(), ArchiveFault> {
    let path = staging.join(&manifest.config);
    if manifest.moved.is_empty() {
        return Ok(());
    }
    let text = std::fs::read_to_string(&path).map_err(|error| unreadable(&path, &error))?;
    // What is no TOML any more is told when the configuration is read.
    let Ok(mut document) = text.parse::<DocumentMut>() else { return Ok(()) };
    let mut tables: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
    for moved in &manifest.moved {
        tables.entry(&moved.table).or_default().push((&moved.key, &moved.now));
    }
    for (table, keys) in tables {
        let mut at = document.as_item_mut();
        for name in table.split('.') {
            at = &mut at[name];
        }
        for (key, now) in keys {
            at[key] = toml_edit::value(now);
        }
    }
    let mut file =
        File::options().write(true).truncate(true).open(&path).map_err(|error| unwritable(&path, &error))?;
    let written = file.write_all(document.to_string().as_bytes()).and_then(|()| file.sync_all());
    written.map_err(|error| unwritable(&path, &error))
}

/// Makes the names in all folders durable.
fn sync_tree(folder: &Path) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_tree(&entry.path())?;
        }
    }
    sync_folder(folder)
}
