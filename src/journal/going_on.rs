//! A journal that goes on from a backup, on another machine or in the place of what is there. Owns what it takes over from the
//! journal that it replaces, and which numbers it leaves free; the entry *restored* says both.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::chain::{self, instant, micros};
use super::error::{Fault, JournalError};
use super::restore::{Head, append, extend, highest, open_damaged};
use super::writer::Journal;
use super::{answers, file};
use crate::core::cart::Fingerprint;
use crate::core::record::Restored;

/// So many numbers are left free: the station may have run on after the backup, and a head that it printed then must never
/// name another entry here. Two years of a station that airs thirty programmes a day.
const FREE: u64 = 100_000;

/// Lets the copy of a journal at `path`, made at `made`, go on: what `others` (the journal that it replaces, first, and that
/// one's backups) prove beyond it is taken over, and *restored* is appended above every number that may have been given.
/// None: the copy has no entry.
///
/// # Errors
/// The copy's; of the others nothing is expected.
pub fn go_on(
    path: &Path,
    others: &[PathBuf],
    made: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Restored>, JournalError> {
    // Of an older layout it is brought up first.
    drop(Journal::open(path)?);
    append_to(path, others, made, now).map_err(|fault| fault.at(path))
}

fn append_to(
    path: &Path,
    others: &[PathBuf],
    made: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Option<Restored>, Fault> {
    let mut db = file::open_to_write(path)?;
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let (seq, hash) = chain::head(&all)?;
    if seq == 0 {
        return Ok(None);
    }
    let at = all.query_row("SELECT at FROM entry WHERE seq = ?1", [seq], |row| row.get(0))?;
    let mut head = Head { seq, hash, at: Some(at) };
    let sources: Vec<(&PathBuf, Connection)> = others
        .iter()
        .filter(|other| other.exists())
        .filter_map(|other| Some((other, open_damaged(other).ok()?)))
        .filter(|(_, source)| is_same_station(&all, source))
        .collect();
    let mut used = Vec::new();
    loop {
        let before = head.seq;
        for (name, source) in &sources {
            if extend(&all, source, &mut head)? > 0 {
                used.push(name.file_name().unwrap_or_default().to_string_lossy().into_owned());
            }
        }
        if head.seq == before {
            break;
        }
    }
    let (mut entries, mut airings) = (head.seq.unsigned_abs(), highest(&all).1.unwrap_or(0));
    for (_, source) in &sources {
        let known = highest(source);
        entries = entries.max(known.0.unwrap_or(0));
        airings = airings.max(known.1.unwrap_or(0));
    }
    // The journal that is replaced ends where this one does: nothing of what this machine wrote is missing.
    let replaced = sources.first().filter(|(name, _)| others.first() == Some(*name));
    let whole = entries == head.seq.unsigned_abs()
        && replaced.is_some_and(|(_, source)| has(source, head.seq, &head.hash));
    if let (true, Some((_, source))) = (whole, replaced)
        && let Some(pulse) = answers::pulse(source).ok().flatten()
    {
        let body = serde_json::to_string(&pulse)?;
        all.execute("INSERT OR REPLACE INTO pulse VALUES (1, ?1)", [body])?;
    }
    let restored = Restored {
        found: "the station was restored from a backup".into(),
        set_aside: None,
        sources: used,
        intact_until: head.at.map(|at| instant(at, 1)).transpose()?,
        entries,
        airings,
        whole,
        backup: Some(made),
    };
    let last = if whole { entries } else { entries.saturating_add(FREE) };
    // A clock that is behind the journal must not look right by this very entry.
    let at = micros(now).max(head.at.unwrap_or_default());
    append(&all, &head, last, &restored, at)?;
    all.commit()?;
    db.close().map_err(|(_, error)| error)?;
    Ok(Some(restored))
}

/// Whether both begin with the same entry.
fn is_same_station(one: &Connection, other: &Connection) -> bool {
    let first = |db: &Connection| -> Option<Vec<u8>> {
        db.query_row("SELECT hash FROM entry WHERE seq = 1", [], |row| row.get(0)).optional().ok().flatten()
    };
    first(one).is_some_and(|hash| first(other) == Some(hash))
}

fn has(source: &Connection, seq: i64, hash: &Fingerprint) -> bool {
    let found: Option<[u8; 32]> =
        source.query_row("SELECT hash FROM entry WHERE seq = ?1", [seq], |row| row.get(0)).ok();
    found.as_ref() == Some(&hash.0)
}
