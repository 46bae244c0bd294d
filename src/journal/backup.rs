//! Copies of the journal: made while the station writes, proved like the journal itself, and only then given the name of a
//! backup. Owns these names and how many are kept; deletes nothing that does not have one. When a copy is made is the
//! station's to say.

use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::chain::{self, stamp};
use super::error::Fault;
use super::verify::{Flaw, verify};
use super::writer::Journal;
use super::{file, reserve};
use crate::core::record::Stamp;

/// Pages copied between two rests: 1 MB, some milliseconds of a disk.
const PAGES: i32 = 256;
/// How the name of a copy that is not proved yet ends.
const PART: &str = ".part";

/// Why no backup was made.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Whoever was asked between two steps said so.
    #[error("it was put off")]
    PutOff,
    /// The copy would leave the disk too little room.
    #[error("`{}` has {free} bytes free, and a backup needs {needed}", folder.display())]
    NoRoom {
        /// The folder of backups.
        folder: PathBuf,
        /// Free there, in bytes.
        free: u64,
        /// Needed, in bytes.
        needed: u64,
    },
    /// The copy was made and is not whole: neither is the journal.
    #[error("{0}")]
    Flawed(Flaw),
    /// SQLite or the disk says no.
    #[error(transparent)]
    Failed(#[from] Fault),
}

impl From<rusqlite::Error> for BackupError {
    fn from(error: rusqlite::Error) -> BackupError {
        Fault::from(error).into()
    }
}
impl From<std::io::Error> for BackupError {
    fn from(error: std::io::Error) -> BackupError {
        Fault::from(error).into()
    }
}

/// Makes a backup of the journal into `folder`, named by its last entry and `day`, and keeps the newest `keep`. The journal
/// is read as it stands at one moment, whatever is written meanwhile. `rest` is asked between two steps; it waits as long as
/// it likes, and where it says false the copy is given up.
///
/// # Errors
/// See [`BackupError`]; nothing is left of the copy then, and no older one is deleted.
pub fn back_up(
    journal: &Path,
    folder: &Path,
    day: NaiveDate,
    keep: usize,
    rest: &mut dyn FnMut() -> bool,
) -> Result<PathBuf, BackupError> {
    std::fs::create_dir_all(folder)?;
    remove_parts(folder);
    let needed = std::fs::metadata(journal)?.len() * 2 + reserve::SIZE;
    if let Some(free) = reserve::free_space(folder).filter(|free| *free < needed) {
        return Err(BackupError::NoRoom { folder: folder.to_owned(), free, needed });
    }
    let part = folder.join(format!("copy{PART}"));
    let copied = copy(journal, &part, rest).and_then(|head| {
        let seq = head.map_or(0, |head| head.seq);
        let path = folder.join(format!("journal-{seq:010}-{day}.db"));
        file::sync(&part)?;
        std::fs::rename(&part, &path)?;
        file::sync_folder_of(&path)?;
        Ok(path)
    });
    if copied.is_err() {
        remove_parts(folder);
    } else {
        for old in list(folder).into_iter().skip(keep.max(1)) {
            tracing::info!(path = %old.display(), "an old backup is deleted");
            file::remove(&old)?;
        }
    }
    copied
}

/// Copies the journal to `part`, which nothing has, and proves the copy; its last entry, none where it has no entries. The
/// journal of an older program is brought up in the copy alone. `rest` is asked as in [`back_up`].
///
/// # Errors
/// See [`BackupError`]; what there is of `part` then is the caller's to delete.
pub fn copy(
    journal: &Path,
    part: &Path,
    rest: &mut dyn FnMut() -> bool,
) -> Result<Option<Stamp>, BackupError> {
    let head = Target::open(part)?.fill(journal, rest)?;
    prove(part, head.as_ref())?;
    Ok(head)
}

/// The file of a copy, open: who fills it need have no rights for its folder, only for the journal's.
pub struct Target(Connection);

impl Target {
    /// Opens `part`, which is empty or not there.
    ///
    /// # Errors
    /// SQLite or the disk says no.
    pub fn open(part: &Path) -> Result<Target, BackupError> {
        let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        // Commands of root's write where others may have laid a link.
        flags.set(OpenFlags::SQLITE_OPEN_NOFOLLOW, cfg!(target_os = "linux"));
        // Named as it is: SQLite refuses a link anywhere on the way, and a folder may well be one.
        let folder = part.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let whole = match (folder.canonicalize(), part.file_name()) {
            (Ok(folder), Some(name)) if cfg!(target_os = "linux") => folder.join(name),
            _ => part.to_owned(),
        };
        let target = Connection::open_with_flags(whole, flags)?;
        // No other file is opened beside it: a copy that fails is deleted.
        target.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
        Ok(Target(target))
    }

    /// Copies the journal as it is at this moment; its last entry. What comes of it is to be proved.
    ///
    /// # Errors
    /// See [`BackupError`].
    pub fn fill(
        mut self,
        journal: &Path,
        rest: &mut dyn FnMut() -> bool,
    ) -> Result<Option<Stamp>, BackupError> {
        let source = file::open_to_copy(journal)?;
        // While it reads, this connection sees the journal as it was: without it each entry would begin the copy anew.
        let moment = source.unchecked_transaction()?;
        let (seq, hash) = chain::head(&moment)?;
        {
            let copying = Backup::new(&moment, &mut self.0)?;
            while copying.step(PAGES)? != StepResult::Done {
                if !rest() {
                    return Err(BackupError::PutOff);
                }
            }
        }
        self.0.close().map_err(|(_, error)| error)?;
        Ok((seq > 0).then(|| stamp(seq, &hash)))
    }
}

/// Brings a copy up to this program's layout, makes one file of it and proves it up to `head`.
///
/// # Errors
/// See [`BackupError`].
pub fn prove(part: &Path, head: Option<&Stamp>) -> Result<(), BackupError> {
    if !file::is_up_to_date(part)? {
        drop(Journal::open(part).map_err(|error| error.fault)?);
    }
    // One file, which can be read where nothing can be written beside it.
    let target = Connection::open(part)?;
    let mode: String = target.query_row("PRAGMA journal_mode = DELETE", [], |row| row.get(0))?;
    if mode != "delete" {
        return Err(Fault::NoWal { found: mode }.into());
    }
    target.close().map_err(|(_, error)| error)?;
    let proof = verify(part, head, &mut |_, _| ()).map_err(|error| error.fault)?;
    proof.flaw.map_or(Ok(()), |flaw| Err(BackupError::Flawed(flaw)))
}

/// The backups in `folder`, the newest first: by the number of their last entry, which no wrong clock can mix up.
pub fn list(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(u64, PathBuf)> =
        entries.filter_map(|entry| Some((named(&entry.path())?.0, entry.path()))).collect();
    found.sort_by(|one, other| other.cmp(one));
    found.into_iter().map(|(_, path)| path).collect()
}

/// The day of the newest backup.
pub fn newest_day(folder: &Path) -> Option<NaiveDate> {
    Some(named(list(folder).first()?)?.1)
}

/// The last entry and the day that the name of a backup tells.
fn named(path: &Path) -> Option<(u64, NaiveDate)> {
    let name = path.file_name()?.to_str()?.strip_prefix("journal-")?.strip_suffix(".db")?;
    let (seq, day) = name.split_once('-')?;
    Some((seq.parse().ok()?, day.parse().ok()?))
}

/// What a copy left that a power cut or an error ended.
fn remove_parts(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(&format!("copy{PART}")) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}
