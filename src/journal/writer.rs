//! The one writer. Owns the connection that appends, and the numbers of airings; keeps no copy of what the file
//! holds but its last entry, so that a transaction that failed leaves nothing to undo.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};

use super::by_hand;
use super::carts::{self, KnownCart};
use super::chain::{self, ORIGIN, hash_of, micros, stamp};
use super::counting;
use super::derive::derive;
use super::error::{Fault, JournalError};
use super::{answers, file, refusals, reserve, verify};
use crate::core::airing::{AiringId, CueId, ScheduleId, SlotId};
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::DropId;
use crate::core::order::Order;
use crate::core::record::{
    Approved, Dropped, Entry, Gap, Heard, JournalledVersion, NotedRefusal, Pulse, Record, RecordError, Stamp,
    Unfinished,
};

/// The journal, open to write. Only the holder of [`super::lock::StationLock`] may have one.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    db: Mutex<Connection>,
    /// The last entry written or found, by which a file that was away is known again.
    head: Mutex<(i64, Fingerprint)>,
    /// The highest number of an airing given out or written.
    airings: AtomicU64,
    rebuilt: bool,
}

impl Journal {
    /// Opens the journal at `path`, in a folder that is there, and founds it where there is none. The time it takes
    /// does not grow with the journal: the last entry is checked against the one before, the rest is
    /// [`verify`](super::verify())'s. Where the derived tables lag behind the entries they are derived anew.
    pub fn open(path: &Path) -> Result<Journal, JournalError> {
        Journal::open_at(path).map_err(|fault| fault.at(path))
    }

    fn open_at(path: &Path) -> Result<Journal, Fault> {
        let mut db = file::open_to_write(path)?;
        let (last, mark) = stands(&db)?;
        let rebuilt = mark != last;
        if rebuilt {
            tracing::warn!(mark, last, "the derived tables do not match the entries and are derived anew");
            verify::rebuild_in(&mut db, &mut |_, _| {})?;
        }
        let (_, airings) = mark_numbers(&db)?;
        Ok(Journal {
            path: path.to_path_buf(),
            head: Mutex::new(chain::head(&db)?),
            db: Mutex::new(db),
            airings: AtomicU64::new(airings),
            rebuilt,
        })
    }

    /// Whether opening found the derived tables out of step with the entries and derived them anew.
    pub fn rebuilt(&self) -> bool {
        self.rebuilt
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `entries` in one transaction, durable on return: all of them or, after an error, none. `at` is kept to
    /// the microsecond. An entry that makes no sense is [`Fault::Refused`], and would be again.
    pub fn write(&self, at: DateTime<Utc>, entries: &[Entry]) -> Result<Vec<Stamp>, JournalError> {
        self.write_at(micros(at), entries)
            .or_else(|fault| match self.path.parent() {
                Some(state) if fault.is_full() && reserve::free(state) => {
                    tracing::error!("the disk is full; the room kept for the journal is used");
                    self.write_at(micros(at), entries)
                }
                _ if fault.is_away() => {
                    self.open_again()?;
                    self.write_at(micros(at), entries)
                }
                _ => Err(fault),
            })
            .map_err(|fault| fault.at(&self.path))
    }

    /// Opens the file anew, after a disk that was torn away: what was open stays dead when it comes back. Never founds a
    /// journal, and takes none for this one that does not hold what was written last.
    fn open_again(&self) -> Result<(), Fault> {
        let mut db = self.db();
        file::inspect(&self.path)?;
        let fresh = file::open_to_write(&self.path)?;
        let (seq, hash) = *self.head.lock().unwrap_or_else(PoisonError::into_inner);
        let held = answers::entry(&fresh, seq.unsigned_abs())?;
        if seq > 0 && held.is_none_or(|noted| noted.stamp != stamp(seq, &hash)) {
            let found =
                format!("it does not hold entry {seq}, which was written last: it is another journal");
            return Err(Fault::Damaged { found });
        }
        tracing::warn!(path = %self.path.display(), "the journal was opened again");
        *db = fresh;
        Ok(())
    }

    fn write_at(&self, at: i64, entries: &[Entry]) -> Result<Vec<Stamp>, Fault> {
        if entries.is_empty() {
            return Ok(Vec::new());
        }
        let mut db = self.db();
        let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let (mut seq, mut hash) = chain::head(&all)?;
        let mut stamps = Vec::with_capacity(entries.len());
        for entry in entries {
            seq += 1;
            let body = serde_json::to_string(entry)?;
            hash = hash_of(&hash, seq, at, body.as_bytes());
            all.prepare_cached("INSERT INTO entry (seq, at, hash, body) VALUES (?1, ?2, ?3, ?4)")?
                .execute((seq, at, hash.0, &body))?;
            // From what was written, not from what was meant: a float may differ in its last digit.
            let written = serde_json::from_str(&body)
                .map_err(|error| Fault::Unreadable { seq: seq.unsigned_abs(), found: error.to_string() })?;
            derive(&all, seq, at, &written)?;
            stamps.push(stamp(seq, &hash));
        }
        let (_, airings) = mark_numbers(&all)?;
        all.commit()?;
        *self.head.lock().unwrap_or_else(PoisonError::into_inner) = (seq, hash);
        self.airings.fetch_max(airings, Ordering::Relaxed);
        Ok(stamps)
    }

    /// Derives the as-run log anew from the entries.
    pub fn rebuild(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<(), JournalError> {
        verify::rebuild_in(&mut self.db(), progress).map_err(|fault| fault.at(&self.path))
    }

    /// The measurements remembered.
    pub fn carts(&self) -> Result<Vec<KnownCart>, JournalError> {
        self.ask(carts::all)
    }

    /// Remembers a measurement in place of the former of that name.
    pub fn remember_cart(&self, cart: &KnownCart) -> Result<(), JournalError> {
        self.ask(|db| carts::remember(db, cart))
    }

    /// Forgets the measurement of that name.
    pub fn forget_cart(&self, name: &CartName) -> Result<(), JournalError> {
        self.ask(|db| carts::forget(db, name))
    }

    /// A panic elsewhere leaves at most a transaction that SQLite rolls back.
    fn db(&self) -> MutexGuard<'_, Connection> {
        self.db.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, JournalError> {
        question(&self.db()).map_err(|fault| fault.at(&self.path))
    }

    pub(super) fn read<T>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Fault>,
    ) -> Result<T, RecordError> {
        self.ask(question).map_err(|error| error.record("read"))
    }
}

/// The last entry, found right, and the last that was derived from.
pub(super) fn stands(db: &Connection) -> Result<(i64, i64), Fault> {
    let last = check_tail(db)?;
    let (mark, _) = mark(db)?;
    if mark > last {
        return Err(Fault::TailGone { last: last.unsigned_abs(), known: mark.unsigned_abs() });
    }
    Ok((last, mark))
}

/// Checks the last entry against the one before and answers with its number, 0 where there is none.
fn check_tail(db: &Connection) -> Result<i64, Fault> {
    let mut query = db.prepare(&format!("SELECT {} FROM entry ORDER BY seq DESC LIMIT 2", chain::COLUMNS))?;
    let mut rows = query.query([])?;
    let Some(row) = rows.next()? else { return Ok(0) };
    let last = chain::raw(row)?;
    let (seq, hash, at, body) = (last.seq, last.hash, last.at, last.body.to_vec());
    let before = match rows.next()? {
        Some(row) => chain::raw(row)?.hash,
        None => ORIGIN,
    };
    if hash_of(&before, seq, at, &body) != hash {
        return Err(Fault::BrokenTail { seq: seq.unsigned_abs() });
    }
    Ok(seq)
}

/// The last entry derived, and the highest number of an airing.
fn mark(db: &Connection) -> rusqlite::Result<(i64, i64)> {
    db.prepare_cached("SELECT seq, airing FROM mark")?.query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
}

fn mark_numbers(db: &Connection) -> rusqlite::Result<(u64, u64)> {
    mark(db).map(|(seq, airing)| (seq.unsigned_abs(), airing.unsigned_abs()))
}

impl Record for Journal {
    fn append(&self, at: DateTime<Utc>, entries: &[Entry]) -> Result<Vec<Stamp>, RecordError> {
        self.write(at, entries).map_err(|error| error.record("written"))
    }

    fn next_airing(&self) -> AiringId {
        AiringId(self.airings.fetch_add(1, Ordering::Relaxed) + 1)
    }

    fn pulse(&self, pulse: &Pulse) -> Result<(), RecordError> {
        self.ask(|db| {
            let body = serde_json::to_string(pulse)?;
            db.prepare_cached("INSERT OR REPLACE INTO pulse VALUES (1, ?1)")?.execute([body])?;
            Ok(())
        })
        .map_err(|error| error.record("written"))
    }

    fn last_pulse(&self) -> Result<Option<Pulse>, RecordError> {
        self.read(answers::pulse)
    }

    fn span(&self) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>, RecordError> {
        self.read(answers::span)
    }

    fn settled(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HashSet<CueId>, RecordError> {
        self.read(|db| answers::settled(db, from, to))
    }

    fn unfinished(&self) -> Result<Vec<Unfinished>, RecordError> {
        self.read(answers::unfinished)
    }

    fn last_played(
        &self,
        schedule: &ScheduleId,
        slot: &SlotId,
    ) -> Result<Option<Vec<CartName>>, RecordError> {
        self.read(|db| answers::last_played(db, schedule, slot))
    }

    fn versions(&self, since: DateTime<Utc>) -> Result<Vec<JournalledVersion>, RecordError> {
        self.read(|db| answers::versions(db, Some(since)))
    }

    fn skips(&self, since: DateTime<Utc>) -> Result<Vec<(Order, String)>, RecordError> {
        self.read(|db| answers::skips(db, since))
    }

    fn has_drop(&self, id: &DropId) -> Result<bool, RecordError> {
        self.read(|db| answers::has_drop(db, id))
    }

    fn answered(&self, id: &DropId) -> Result<Option<u64>, RecordError> {
        self.read(|db| answers::answered(db, id))
    }

    fn brought(&self, subject: &str, content: &Fingerprint) -> Result<Option<Dropped>, RecordError> {
        self.read(|db| answers::brought(db, subject, content))
    }

    fn approvals(&self, schedule: &ScheduleId) -> Result<Vec<Approved>, RecordError> {
        self.read(|db| answers::approvals(db, schedule))
    }

    fn refusals(&self, after: u64) -> Result<Vec<NotedRefusal>, RecordError> {
        self.read(|db| refusals::refusals(db, after))
    }

    fn heard(&self, since: DateTime<Utc>) -> Result<Vec<Heard>, RecordError> {
        self.read(|db| answers::heard(db, since))
    }

    fn missed_by_clock(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(AiringId, CueId)>, RecordError> {
        self.read(|db| answers::missed_by_clock(db, from, to))
    }

    fn entered_alike(&self, started: DateTime<Utc>, title: &str) -> Result<Option<AiringId>, RecordError> {
        self.read(|db| by_hand::entered_alike(db, started, title))
    }

    fn last_holidays(&self) -> Result<Option<String>, RecordError> {
        self.read(|db| Ok(counting::holidays(db)?.pop().map(|(_, text)| text)))
    }

    fn gaps(&self) -> Result<Vec<Gap>, RecordError> {
        self.read(answers::gaps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended() -> [Entry; 1] {
        [Entry::Ended { by: "x".into() }]
    }

    /// A connection that takes nothing any more, as after a disk that was torn away, is replaced; by the same journal only.
    /// Windows gives no file that is open another name, by which this is played.
    #[test]
    #[cfg(unix)]
    fn a_disk_that_comes_back_is_opened_again_and_another_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let (path, other) = (dir.path().join("journal.db"), dir.path().join("other.db"));
        let now = DateTime::UNIX_EPOCH;
        let journal = Journal::open(&path).unwrap();
        journal.write(now, &ended()).unwrap();
        let tear = || journal.db().execute_batch("PRAGMA query_only = ON").unwrap();
        tear();
        journal.write(now, &ended()).unwrap();
        tear();
        std::fs::rename(&path, &other).unwrap();
        assert!(matches!(journal.write(now, &ended()).unwrap_err().fault, Fault::Missing));
        assert!(!path.exists(), "nothing is founded where the disk was");
        for suffix in ["-wal", "-shm"] {
            std::fs::rename(file::beside(&path, suffix), file::beside(&other, suffix)).unwrap();
        }
        drop(Journal::open(&path).unwrap());
        assert!(matches!(journal.write(now, &ended()).unwrap_err().fault, Fault::Damaged { .. }));
        for suffix in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(file::beside(&path, suffix));
            std::fs::rename(file::beside(&other, suffix), file::beside(&path, suffix)).unwrap();
        }
        assert_eq!(journal.write(now, &ended()).unwrap()[0].seq, 3);
    }
}
