//! A damaged journal: set aside, never deleted, and put together again from what is intact of it and of the backups. Owns
//! what counts as intact (an entry whose hash follows from the one before, back to the first) and the steps by which the
//! new file takes the old one's place, each of which bears a power cut. Touches no file that is not a journal.
//!
//! Beyond the first break of one file only what another file proves is taken over: its entry follows in the chain on the
//! last one that is intact. Everything after is lost, and the entry *restored* says so.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::chain::{self, ORIGIN, hash_of, instant, micros};
use super::derive::derive;
use super::error::{Fault, JournalError};
use super::file::beside;
use super::writer::Journal;
use super::{answers, backup, carts, file, reserve, verify};
use crate::core::cart::Fingerprint;
use crate::core::record::{Entry, Pulse, Restored};

/// A number in a damaged file that is so far above the last intact one was never given.
const FARTHEST: u64 = 10_000_000;
/// A cue may begin up to six hours after its due: cues of so long before the gap are accounted for once more.
const BEFORE_GAP: TimeDelta = TimeDelta::hours(7);

/// Opens the journal at `path` to write, founding it where there is none, and restoring it first where it is damaged or
/// gone and there are backups in the folder `backups`. `now` is the time of the entry that a restoration adds.
///
/// # Errors
/// What is no journal, or a newer program's, or cannot be written.
pub fn open_or_restore(
    path: &Path,
    backups: &Path,
    now: DateTime<Utc>,
) -> Result<(Journal, Option<Restored>), JournalError> {
    let at = |fault: Fault| fault.at(path);
    let finished = finish(path).map_err(at)?;
    let found = match damage(path, backups).map_err(at)? {
        Look::Well(journal) => return Ok((*journal, finished)),
        Look::Damaged(found) => found,
    };
    tracing::error!(path = %path.display(), found, "the journal is damaged; what is intact is put together");
    build(path, backups, &found, now)
        .or_else(|fault| match path.parent() {
            Some(state) if fault.is_full() && reserve::free(state) => build(path, backups, &found, now),
            _ => Err(fault),
        })
        .map_err(at)?;
    let restored = finish(path).map_err(at)?;
    let _ = std::fs::remove_file(suspicion(path));
    Ok((Journal::open(path)?, restored))
}

/// Notes that the journal was found damaged while the station ran: the next start proves it whole or restores it.
pub fn suspect(path: &Path, found: &str) {
    if let Err(error) = std::fs::write(suspicion(path), found) {
        tracing::warn!(%error, "that the journal is damaged could not be noted");
    }
}

fn suspicion(path: &Path) -> PathBuf {
    beside(path, ".suspect")
}

/// What a look at the file found.
enum Look {
    /// It is open.
    Well(Box<Journal>),
    /// What is wrong with it so that it must be restored, in English.
    Damaged(String),
}

fn damage(path: &Path, backups: &Path) -> Result<Look, Fault> {
    if suspicion(path).exists() {
        match verify::verify(path, None, &mut |_, _| ()) {
            Ok(proof) if proof.is_whole() => drop(std::fs::remove_file(suspicion(path))),
            Ok(proof) => {
                return Ok(Look::Damaged(proof.flaw.map(|flaw| flaw.to_string()).unwrap_or_default()));
            }
            Err(_) => {}
        }
    }
    if !path.exists() && !beside(path, "-wal").exists() && !backup::list(backups).is_empty() {
        return Ok(Look::Damaged("the file is gone".into()));
    }
    match Journal::open(path) {
        Ok(journal) => Ok(Look::Well(Box::new(journal))),
        Err(JournalError { fault, .. }) if fault.is_damage() => Ok(Look::Damaged(fault.to_string())),
        // A header whose mark of a journal is spoilt: another program's file has no entry that the chain begins with.
        Err(JournalError { fault: fault @ Fault::Foreign { .. }, .. }) => {
            let mut new = file::blank()?;
            let all = new.transaction()?;
            let mut head = Head::default();
            match extend(&all, &open_damaged(path)?, &mut head)? {
                0 => Err(fault),
                _ => Ok(Look::Damaged(fault.to_string())),
            }
        }
        Err(JournalError { fault, .. }) => Err(fault),
    }
}

/// The last entry taken over.
pub(super) struct Head {
    pub(super) seq: i64,
    pub(super) hash: Fingerprint,
    pub(super) at: Option<i64>,
}

impl Default for Head {
    fn default() -> Head {
        Head { seq: 0, hash: ORIGIN, at: None }
    }
}

/// Makes the new journal beside the damaged one, and gives it the name under which [`finish`] looks for it when it is
/// whole on disk.
fn build(path: &Path, backups: &Path, found: &str, now: DateTime<Utc>) -> Result<(), Fault> {
    let part = beside(path, ".restoring");
    for leftover in [part.clone(), beside(&part, "-journal")] {
        file::remove(&leftover)?;
    }
    let mut sources: Vec<(PathBuf, Connection)> = Vec::new();
    for name in std::iter::once(path.to_path_buf()).chain(backup::list(backups)) {
        if name.exists() {
            match open_damaged(&name) {
                Ok(db) => sources.push((name, db)),
                Err(error) => tracing::warn!(%error, path = %name.display(), "nothing can be read of it"),
            }
        }
    }
    let mut db = file::found_at(&part)?;
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut head = Head::default();
    let mut used: Vec<String> = Vec::new();
    loop {
        let before = head.seq;
        for (name, source) in &sources {
            if extend(&all, source, &mut head)? > 0 {
                let name = name.file_name().unwrap_or_default().to_string_lossy().into_owned();
                used.retain(|one| *one != name);
                used.push(name);
            }
        }
        if head.seq == before {
            break;
        }
    }
    let intact = head.seq.unsigned_abs();
    let (mut entries, mut airings) = (intact, 0);
    for (_, source) in &sources {
        let known = highest(source);
        entries = entries.max(known.0.filter(|seq| *seq < intact + FARTHEST).unwrap_or(0));
        airings = airings.max(known.1.filter(|id| *id < intact + FARTHEST).unwrap_or(0));
    }
    let readable = sources.first().filter(|(name, _)| name == path);
    // The mark is written with each entry: where it can be read, and the chain reaches it, there was nothing more.
    let whole = readable.is_some_and(|(_, db)| highest_marked(db) == Some(intact))
        && file::inspect(path).is_ok()
        && entries == intact;
    let restored = Restored {
        found: found.to_owned(),
        set_aside: (path.exists() || beside(path, "-wal").exists()).then(|| free_name(path, now)),
        sources: used,
        intact_until: head.at.map(|at| instant(at, 1)).transpose()?,
        entries,
        airings,
        whole,
        backup: None,
    };
    let pulse = sources.iter().find_map(|(_, db)| believable(db, &restored, now));
    if let Some(pulse) = pulse {
        let body = serde_json::to_string(&pulse)?;
        all.execute("INSERT OR REPLACE INTO pulse VALUES (1, ?1)", [body])?;
    }
    append(&all, &head, entries, &restored, micros(now))?;
    // Measurements have no proof of their own: only those of a backup that is whole are believed.
    if let Some((_, backup)) = sources.iter().find(|(name, db)| name != path && is_sound(db)) {
        for cart in carts::all(backup)? {
            carts::remember(&all, &cart)?;
        }
    }
    all.commit()?;
    db.close().map_err(|(_, error)| error)?;
    file::sync(&part)?;
    std::fs::rename(&part, beside(path, ".restored"))?;
    file::sync_folder_of(path)
}

/// The entry that owns up to it, above every number known.
pub(super) fn append(
    all: &Connection,
    head: &Head,
    entries: u64,
    restored: &Restored,
    at: i64,
) -> Result<(), Fault> {
    let seq = head.seq.max(i64::try_from(entries).unwrap_or(head.seq)) + 1;
    let body = serde_json::to_string(&Entry::Restored(restored.clone()))?;
    let hash = hash_of(&head.hash, seq, at, body.as_bytes());
    insert(all, seq, at, &hash, &body)?;
    derive(all, seq, at, &serde_json::from_str(&body)?)
}

fn insert(all: &Connection, seq: i64, at: i64, hash: &Fingerprint, body: &str) -> rusqlite::Result<()> {
    all.prepare_cached("INSERT INTO entry (seq, at, hash, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute((seq, at, hash.0, body))
        .map(drop)
}

/// Takes over what follows on `head` in that file, up to its first break; how many entries.
pub(super) fn extend(all: &Connection, source: &Connection, head: &mut Head) -> Result<u64, Fault> {
    let sql = format!("SELECT {} FROM entry WHERE seq > ?1 ORDER BY seq", chain::COLUMNS);
    let Ok(mut query) = source.prepare(&sql) else { return Ok(0) };
    let Ok(mut rows) = query.query([head.seq]) else { return Ok(0) };
    let mut taken = 0;
    while let Ok(Some(row)) = rows.next() {
        let Ok(raw) = chain::raw(row) else { break };
        let follows = raw.seq == head.seq + 1 || (raw.seq > head.seq && raw.is_restoration());
        if !follows || raw.expected_hash(&head.hash) != raw.hash {
            break;
        }
        let (Ok(entry), Ok(body)) = (raw.entry(), std::str::from_utf8(raw.body)) else { break };
        all.prepare_cached("SAVEPOINT one")?.execute([])?;
        let taken_in = insert(all, raw.seq, raw.at, &raw.hash, body)
            .map_err(Fault::from)
            .and_then(|()| derive(all, raw.seq, raw.at, &entry));
        match taken_in {
            Ok(()) => all.prepare_cached("RELEASE one")?.execute([])?,
            Err(Fault::Refused { seq, why }) => {
                tracing::error!(seq, %why, "an entry that is intact makes no sense; what follows it is lost");
                all.execute_batch("ROLLBACK TO one; RELEASE one")?;
                break;
            }
            Err(fault) => return Err(fault),
        };
        *head = Head { seq: raw.seq, hash: raw.hash, at: Some(raw.at) };
        taken += 1;
    }
    Ok(taken)
}

/// The highest numbers of an entry and of an airing that the file tells of, as far as it can be read.
pub(super) fn highest(db: &Connection) -> (Option<u64>, Option<u64>) {
    let ask = |sql: &str| -> Option<u64> {
        let found: Option<i64> = db.query_row(sql, [], |row| row.get(0)).ok()?;
        found.and_then(|found| u64::try_from(found).ok())
    };
    let entries = ask("SELECT max(seq) FROM entry").max(highest_marked(db));
    let airings = ask("SELECT airing FROM mark").max(ask("SELECT max(id) FROM airing"));
    (entries, airings.max(ask("SELECT max(id) FROM airing_spent")).max(highest_told(db)))
}

/// The highest number of an airing in the latest entries, proved or not.
fn highest_told(db: &Connection) -> Option<u64> {
    let mut query = db.prepare("SELECT body FROM entry ORDER BY seq DESC LIMIT 1000").ok()?;
    let bodies = query.query_map([], |row| row.get::<_, String>(0)).ok()?;
    let number = |entry| match entry {
        Entry::Begin(begin) => Some(begin.airing.0),
        Entry::Missed(missed) => Some(missed.airing.0),
        _ => None,
    };
    bodies.map_while(Result::ok).filter_map(|body| number(serde_json::from_str(&body).ok()?)).max()
}

fn highest_marked(db: &Connection) -> Option<u64> {
    let found: i64 = db.query_row("SELECT seq FROM mark", [], |row| row.get(0)).ok()?;
    u64::try_from(found).ok()
}

fn is_sound(db: &Connection) -> bool {
    db.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)).is_ok_and(|said| said == "ok")
}

/// The pulse of that file, where it can be read and does not lie in a time that has not come. Cues that were accounted for
/// in entries that are lost are accounted for anew.
fn believable(db: &Connection, restored: &Restored, now: DateTime<Utc>) -> Option<Pulse> {
    let pulse = answers::pulse(db).ok().flatten()?;
    let latest = restored.intact_until.map_or(now, |at| at.max(now)) + TimeDelta::days(1);
    let accounted = match restored.intact_until {
        _ if restored.whole => pulse.accounted,
        Some(until) => pulse.accounted.map(|at| at.min(until - BEFORE_GAP)),
        None => None,
    };
    (pulse.alive <= latest).then_some(Pulse { accounted, ..pulse })
}

/// A name for the damaged file that no other has.
fn free_name(path: &Path, now: DateTime<Utc>) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let day = now.format("%Y%m%dT%H%M%SZ");
    let named = |n: usize| match n {
        1 => format!("{stem}.damaged-{day}.db"),
        n => format!("{stem}.damaged-{day}-{n}.db"),
    };
    let taken = |name: &String| {
        let place = path.with_file_name(name);
        place.exists() || beside(&place, "-wal").exists()
    };
    (1..).map(named).find(|name| !taken(name)).unwrap_or_default()
}

/// Puts a restored journal in the damaged one's place. Each step bears being the last before a power cut: as long as the
/// restored file has its own name, whatever has the journal's is the damaged one.
fn finish(path: &Path) -> Result<Option<Restored>, Fault> {
    let ready = beside(path, ".restored");
    if !ready.exists() {
        return Ok(None);
    }
    let db = open_damaged(&ready)?;
    let restored = answers::gaps(&db)?.pop().map(|gap| gap.restored);
    drop(db);
    let name = restored.as_ref().and_then(|restored| restored.set_aside.clone());
    let aside = path.with_file_name(name.unwrap_or_else(|| "journal.damaged.db".into()));
    for suffix in ["", "-wal"] {
        let (from, to) = (beside(path, suffix), beside(&aside, suffix));
        if from.exists() {
            std::fs::rename(from, to)?;
        }
    }
    // An index of the log, which SQLite makes anew; beside another file it would mislead.
    file::remove(&beside(path, "-shm"))?;
    file::sync_folder_of(path)?;
    std::fs::rename(&ready, path)?;
    file::sync_folder_of(path)?;
    Ok(restored)
}

/// Opens a file of which not everything can be read. Nothing is written to it.
pub(super) fn open_damaged(path: &Path) -> Result<Connection, Fault> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    // With it a file that is shorter than its header says is read as far as it goes.
    db.execute_batch("PRAGMA writable_schema = ON; PRAGMA cell_size_check = ON;")?;
    Ok(db)
}

impl Fault {
    /// Whether the file was a journal once and is none any more, or not to its end.
    fn is_damage(&self) -> bool {
        match self {
            Fault::Empty
            | Fault::NotSqlite
            | Fault::Truncated { .. }
            | Fault::StrayWal { .. }
            | Fault::BrokenTail { .. }
            | Fault::TailGone { .. }
            | Fault::Damaged { .. }
            | Fault::Refused { .. }
            | Fault::Unreadable { .. } => true,
            // A table that is gone.
            Fault::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::Unknown),
            _ => false,
        }
    }

    /// Whether the file may be well, and what is open of it is not.
    pub(super) fn is_away(&self) -> bool {
        use ErrorCode::{CannotOpen, ReadOnly, SystemIoFailure};
        matches!(self, Fault::Sqlite(error)
            if matches!(error.sqlite_error_code(), Some(SystemIoFailure | CannotOpen | ReadOnly)))
    }

    /// Whether the disk has no room.
    pub fn is_full(&self) -> bool {
        match self {
            Fault::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DiskFull),
            Fault::Io(error) => error.kind() == std::io::ErrorKind::StorageFull,
            _ => false,
        }
    }
}
