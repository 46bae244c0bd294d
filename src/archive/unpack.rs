//! Puts a station from a backup into a folder: unpacked and proved beside it, made durable, and only then put in its place by
//! one renaming. Owns the order of the steps; a station that is there is set aside whole, and nothing of it is deleted or
//! changed.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use toml_edit::DocumentMut;

use super::place::{self, Found};
use super::read::{Opened, open};
use super::write::{room, sync_folder};
use super::{Pace, Step, beside, owner, unreadable, unwritable};
use crate::config::{Config, installed};
use crate::core::archive::{ArchiveFault, Manifest, Part};
use crate::core::fault::{ConfigFault, Faults};
use crate::core::record::Restored;
use crate::journal::lock::{LockError, StationLock};
use crate::journal::{self, backup};
use crate::sound::measure::fingerprint_of;

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
    let old = Old::of(&folder);
    let held = old.lock(&manifest)?;
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
    let made = unpack(&mut opened, &staging, &old, now, pace).and_then(|unpacked| {
        owner::mirror(&folder, &staging).map_err(|error| unwritable(&staging, &error))?;
        sync_tree(&staging).map_err(|error| unwritable(&staging, &error))?;
        Ok(unpacked)
    });
    drop(opened);
    // Windows renames no folder in which a file is open; elsewhere no station starts in between.
    let held = if cfg!(windows) { Vec::new() } else { held };
    let lock_file = lock.path().to_owned();
    drop(lock);
    let swapped = made.and_then(|unpacked| {
        std::fs::remove_file(&lock_file).map_err(|error| unwritable(&lock_file, &error))?;
        let set_aside = place::swap(&staging, &folder, now)?;
        Ok((unpacked, set_aside))
    });
    drop(held);
    if swapped.is_err() {
        let _ = std::fs::remove_dir_all(&staging);
    }
    let (Unpacked { taken_over, missing, journal }, set_aside) = swapped?;
    let config = Config::read(&folder.join(&manifest.config)).map(Box::new);
    Ok(Placed { folder, manifest, set_aside, taken_over, missing, journal, config })
}

/// The station that is in the folder, as far as can be seen.
struct Old {
    folder: PathBuf,
    config: Option<Config>,
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

    /// The journal, then its backups, the newest first.
    fn journals(&self) -> Vec<PathBuf> {
        let state = self.state();
        let backups =
            self.config.as_ref().map_or_else(|| state.join("backup"), |config| config.backup.folder.clone());
        std::iter::once(state.join("journal.db")).chain(backup::list(&backups)).collect()
    }
}

/// The folder that is unpacked into, this process's alone; what a power cut left of it is deleted.
fn claim(staging: &Path) -> Result<StationLock, ArchiveFault> {
    let lock = StationLock::take(staging).map_err(|error| match error {
        LockError::Held { .. } => ArchiveFault::AtWork { file: staging.to_owned() },
        LockError::Unusable { path, source } => unwritable(&path, &source),
    })?;
    let listed = std::fs::read_dir(staging).map_err(|error| unreadable(staging, &error))?;
    for entry in listed.flatten().filter(|entry| entry.path() != lock.path()) {
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        let gone = if is_folder { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        gone.map_err(|error| unwritable(&path, &error))?;
    }
    Ok(lock)
}

/// What came of it.
struct Unpacked {
    taken_over: usize,
    missing: Vec<Part>,
    journal: Option<Restored>,
}

fn unpack(
    opened: &mut Opened<File>,
    staging: &Path,
    old: &Old,
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
    let (taken_over, missing) = take_over(&manifest, staging, old, pace)?;
    amend(&manifest, staging)?;
    let journal = match &manifest.journal {
        Some(part) => {
            let path = staging.join(&part.file);
            let told = |error: journal::JournalError| ArchiveFault::Journal { found: error.to_string() };
            let proof = journal::verify(&path, part.head.as_ref(), &mut |_, _| ()).map_err(told)?;
            if let Some(flaw) = proof.flaw {
                return Err(ArchiveFault::JournalDamaged { found: flaw.to_string() });
            }
            journal::go_on(&path, &old.journals(), manifest.made, now).map_err(told)?
        }
        None => None,
    };
    Ok(Unpacked { taken_over, missing, journal })
}

fn make_folder(folder: &Path) -> Result<(), ArchiveFault> {
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))
}

/// A file is whole: its time, its mode, and on the disk.
fn finish(file: &File, part: &Part) -> std::io::Result<()> {
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

/// Recordings that the backup has not, taken over from the station that is replaced where their content is the same; how
/// many, and which are missing.
fn take_over(
    manifest: &Manifest,
    staging: &Path,
    old: &Old,
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
        if fingerprint_of(&there).is_ok_and(|found| found == part.sha256) {
            let path = staging.join(&part.name);
            make_folder(path.parent().unwrap_or(staging))?;
            // The library replaces its files by renaming: a second name for the same bytes does no harm.
            let put = std::fs::hard_link(&there, &path);
            put.or_else(|_| std::fs::copy(&there, &path).map(drop))
                .map_err(|error| unwritable(&path, &error))?;
            taken += 1;
        } else {
            missing.push(part.clone());
        }
        done += part.size;
        pace(Step { done, all });
    }
    Ok((taken, missing))
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
