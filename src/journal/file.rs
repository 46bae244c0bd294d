//! The file of the journal: founding, opening, bringing up to date. Owns the layout's version and SQLite's settings;
//! never touches a file that is not certainly a journal.

use std::ffi::OsString;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::error::Fault;

/// What brings the layout from each version to the next, the first from nothing. A step is never changed once it was
/// released; a later step that changes what is derived sets `mark.seq` to 0, and opening derives everything anew.
pub(super) const UPGRADES: &[&str] = &[
    include_str!("schema.sql"),
    include_str!("upgrade-2.sql"),
    include_str!("upgrade-3.sql"),
    include_str!("upgrade-4.sql"),
];

/// The version of the layout that this program writes.
pub(super) const LAYOUT: u32 = UPGRADES.len() as u32;

/// `LOA1`, so that `file` and we know the file.
const APPLICATION: u32 = 0x4c4f_4131;

/// How long SQLite waits for another connection: readers hold up a checkpoint for moments only.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the journal to write, founding it where there is none.
pub(super) fn open_to_write(path: &Path) -> Result<Connection, Fault> {
    match inspect(path) {
        Err(Fault::Missing) => found(path)?,
        other => other?,
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags)?;
    if db.is_readonly("main")? {
        return Err(Fault::ReadOnly);
    }
    settle(&db)?;
    let mode: String = db.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))?;
    if mode != "wal" {
        return Err(Fault::NoWal { found: mode });
    }
    // The station reads little of it again; 2 MB of pages, SQLite's own choice, would be a tenth of its memory.
    db.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 4194304; PRAGMA cache_size = -256;",
    )?;
    upgrade(&mut db)?;
    Ok(db)
}

/// Opens the journal to read, while the station runs or not, also where nothing may be written beside it.
pub(super) fn open_to_read(path: &Path) -> Result<Connection, Fault> {
    let db = open_to_copy(path)?;
    match layout(&db)? {
        LAYOUT => Ok(db),
        found => Err(Fault::Older { found, known: LAYOUT }),
    }
}

/// Whether the layout of the journal is the one that this program writes.
pub(super) fn is_up_to_date(path: &Path) -> Result<bool, Fault> {
    Ok(layout(&open_to_copy(path)?)? == LAYOUT)
}

/// As [`open_to_read`], an older layout too.
pub(super) fn open_to_copy(path: &Path) -> Result<Connection, Fault> {
    inspect(path)?;
    let db = match read_only(path) {
        // SQLite keeps an index beside a WAL file, which needs a writable folder. Where there is no WAL, no station
        // runs and the file is all there is.
        Err(error)
            if matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
                && !beside(path, "-wal").exists() =>
        {
            let name = path.to_str().ok_or(error)?;
            read_only(format!("file:{}?immutable=1", uri_path(name)))?
        }
        other => other?,
    };
    match layout(&db)? {
        found if found > LAYOUT => Err(Fault::Newer { found, known: LAYOUT }),
        _ => Ok(db),
    }
}

fn read_only(path: impl AsRef<Path>) -> rusqlite::Result<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let db = Connection::open_with_flags(path, flags)?;
    settle(&db)?;
    layout(&db)?;
    Ok(db)
}

/// An empty journal in a temporary file of SQLite's, gone when it is closed.
pub(super) fn blank() -> Result<Connection, Fault> {
    let mut db = Connection::open("")?;
    db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF; PRAGMA journal_mode = OFF;")?;
    upgrade(&mut db)?;
    Ok(db)
}

/// A file beside the journal.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Makes a new journal under another name and gives it its own when it is whole on disk: a power cut on the way
/// leaves no half-made journal.
fn found(path: &Path) -> Result<(), Fault> {
    let wal = beside(path, "-wal");
    if wal.exists() {
        return Err(Fault::StrayWal { wal });
    }
    let new = beside(path, ".new");
    for leftover in [new.clone(), beside(&new, "-journal")] {
        remove(&leftover)?;
    }
    let db = found_at(&new)?;
    db.close().map_err(|(_, error)| error)?;
    std::fs::rename(&new, path)?;
    sync_folder_of(path)
}

/// An empty journal under that name, which nothing has.
pub(super) fn found_at(new: &Path) -> Result<Connection, Fault> {
    let mut db = Connection::open(new)?;
    db.execute_batch(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA synchronous = EXTRA;"))?;
    upgrade(&mut db)?;
    Ok(db)
}

/// Deletes a file; one that is not there is no error.
pub(super) fn remove(path: &Path) -> Result<(), Fault> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Makes what was written into a closed file durable. Opened to write: Windows syncs no other.
pub(super) fn sync(path: &Path) -> std::io::Result<()> {
    File::options().write(true).open(path)?.sync_all()
}

/// Makes the names in the folder of `path` durable.
pub(super) fn sync_folder_of(path: &Path) -> Result<(), Fault> {
    #[cfg(unix)]
    File::open(path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new(".")))?
        .sync_all()?;
    let _ = path;
    Ok(())
}

/// Looks at the header without SQLite, which would write beside a file that is none of ours.
pub(super) fn inspect(path: &Path) -> Result<(), Fault> {
    let file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(Fault::Missing),
        other => other?,
    };
    let size = file.metadata()?.len();
    let mut header = Vec::new();
    file.take(100).read_to_end(&mut header)?;
    if header.is_empty() {
        return Err(Fault::Empty);
    }
    let Ok(header) = <[u8; 100]>::try_from(header) else { return Err(Fault::NotSqlite) };
    if !header.starts_with(b"SQLite format 3\0") {
        return Err(Fault::NotSqlite);
    }
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    if word(68) != APPLICATION {
        return Err(Fault::Foreign { found: word(68), expected: APPLICATION });
    }
    if word(60) > LAYOUT {
        return Err(Fault::Newer { found: word(60), known: LAYOUT });
    }
    // Between two checkpoints the rest may still be in the WAL.
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        page => u64::from(page),
    };
    let expected = page * u64::from(word(28));
    let wal = std::fs::metadata(beside(path, "-wal")).map_or(0, |wal| wal.len());
    if size < expected && wal == 0 {
        return Err(Fault::Truncated { size, expected });
    }
    Ok(())
}

/// The settings of every connection.
fn settle(db: &Connection) -> rusqlite::Result<()> {
    db.busy_timeout(PATIENCE)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    db.set_prepared_statement_cache_capacity(64);
    db.execute_batch("PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")
}

fn layout(db: &Connection) -> rusqlite::Result<u32> {
    db.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Takes the steps that are missing, all or none.
fn upgrade(db: &mut Connection) -> Result<(), Fault> {
    let found = layout(db)?;
    if found > LAYOUT {
        return Err(Fault::Newer { found, known: LAYOUT });
    }
    if found < LAYOUT {
        let steps = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        for step in UPGRADES.iter().skip(found as usize) {
            steps.execute_batch(step)?;
        }
        steps.pragma_update(None, "user_version", LAYOUT)?;
        steps.commit()?;
    }
    Ok(())
}

/// `path` as the path of a `file:` URI, for SQLite.
fn uri_path(path: &str) -> String {
    let mut uri = String::with_capacity(path.len() + 8);
    if cfg!(windows) && path.as_bytes().get(1) == Some(&b':') {
        uri.push('/');
    }
    for char in path.chars() {
        match char {
            '%' | '?' | '#' => uri.push_str(&format!("%{:02x}", char as u32)),
            '\\' if cfg!(windows) => uri.push('/'),
            other => uri.push(other),
        }
    }
    uri
}
