//! The proof: walks the chain from the first entry, names the first that is wrong, then derives the as-run log a
//! second time and compares. Owns what counts as a flaw; never mends one, but for [`rebuild`], which writes only what
//! is derived.

use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::chain::{self, ORIGIN, Raw, stamp};
use super::derive::{self, TABLES};
use super::error::{Fault, JournalError, Refusal};
use super::file;
use crate::core::cart::Fingerprint;
use crate::core::record::{Entry, Gap, Stamp};

/// What the proof found.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Entries found right, from the first on.
    pub entries: u64,
    /// The last of these.
    pub head: Option<Stamp>,
    /// The stretches that were lost with a damaged file and are owned up to, the latest last: the proof holds for what is
    /// there.
    pub gaps: Vec<Gap>,
    /// The first thing found wrong; none: the journal is whole.
    pub flaw: Option<Flaw>,
}

impl Verdict {
    /// Nothing is wrong.
    pub fn is_whole(&self) -> bool {
        self.flaw.is_none()
    }
}

/// What is wrong with a journal.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Flaw {
    /// A number is left out.
    #[error("entry {seq} is missing: after {} comes {next}", seq - 1)]
    Missing {
        /// The first number that is missing.
        seq: u64,
        /// The number found in its place.
        next: u64,
    },
    /// It is not what was written: the entry after it still vouches for its hash, or no one does.
    #[error("entry {seq} was changed after it was written: its text or its time does not match its hash")]
    Altered {
        /// Its number.
        seq: u64,
    },
    /// Text and time are as written, the entry after it says so, but its own hash is not.
    #[error("entry {seq} has another hash than it was written with: it is {found} and must be {expected}")]
    HashAltered {
        /// Its number.
        seq: u64,
        /// Its hash.
        found: String,
        /// The hash that it must have.
        expected: String,
    },
    /// It matches its hash but is no entry.
    #[error("entry {seq} cannot be read: {found}")]
    Unreadable {
        /// Its number.
        seq: u64,
        /// What was found.
        found: String,
    },
    /// It matches its hash but makes no sense after the entries before it.
    #[error("entry {seq} makes no sense where it stands: {why}")]
    Senseless {
        /// Its number.
        seq: u64,
        /// Why.
        why: Refusal,
    },
    /// Entries are missing at the end.
    #[error(
        "the journal ends with entry {last}, but entry {known} was written: the entries after {last} are gone"
    )]
    TailGone {
        /// The last entry.
        last: u64,
        /// A later one that is known of, by the head that was given or by the as-run log.
        known: u64,
    },
    /// The head that was given lies in a gap, where a damaged journal was restored or a backup went on: its entry is lost.
    #[error(
        "entry {seq}, which the head that was given names, is lost: this journal was put together again or goes on from a backup, and of entries {first} to {last} it has none"
    )]
    Lost {
        /// The number of the head.
        seq: u64,
        /// The first entry that is lost.
        first: u64,
        /// The last.
        last: u64,
    },
    /// The chain is whole in itself but not the one that the head was taken from.
    #[error(
        "entry {seq} has the hash {found}, but the head that was given says {expected}: this is another history"
    )]
    OtherHistory {
        /// The number of the head.
        seq: u64,
        /// Its hash here.
        found: String,
        /// Its hash as given.
        expected: String,
    },
    /// The layout is not that of a journal, e.g. a trigger was taken out.
    #[error("the layout was changed: {found}")]
    Layout {
        /// What was found.
        found: String,
    },
    /// SQLite finds the file damaged.
    #[error("the file is damaged after entry {after}: {found}")]
    Damaged {
        /// The last entry that could be read.
        after: u64,
        /// What SQLite said.
        found: String,
    },
    /// The as-run log or another derived table is not what the entries say.
    #[error("the entries do not say what `{table}` says of {key}: {found}; derive it anew")]
    Derived {
        /// The table.
        table: &'static str,
        /// Which row, e.g. `id 7`.
        key: String,
        /// How it differs.
        found: String,
    },
}

/// Proves the journal at `path`, also while the station runs. `head` is a place in the chain known from elsewhere,
/// e.g. a printed report. Memory stays small however long the journal; what is derived goes to a temporary file.
/// `progress` is told the entries done and the entries there are.
///
/// The error is for a file that cannot be opened as a journal; everything else is a [`Flaw`].
pub fn verify(
    path: &Path,
    head: Option<&Stamp>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Verdict, JournalError> {
    prove(path, head, progress).map_err(|fault| fault.at(path))
}

fn prove(path: &Path, head: Option<&Stamp>, progress: &mut dyn FnMut(u64, u64)) -> Result<Verdict, Fault> {
    let db = file::open_to_read(path)?;
    let moment = db.unchecked_transaction()?;
    let anew = file::blank()?;
    let mut proof = Proof { entries: 0, head: (0, ORIGIN), known: None, gaps: Vec::new() };
    let flaw = match proof.walk(&moment, &anew, head, progress) {
        Err(Stop::Flaw(flaw)) => Some(flaw),
        Err(Stop::Fault(Fault::Sqlite(error))) => Some(proof.damaged(error.to_string())),
        Err(Stop::Fault(Fault::Damaged { found })) => Some(proof.damaged(found)),
        Err(Stop::Fault(fault)) => return Err(fault),
        Ok(()) => None,
    };
    let (seq, hash) = proof.head;
    let head = (seq > 0).then(|| stamp(seq, &hash));
    Ok(Verdict { entries: proof.entries, head, gaps: proof.gaps, flaw })
}

enum Stop {
    Flaw(Flaw),
    Fault(Fault),
}

impl From<Flaw> for Stop {
    fn from(flaw: Flaw) -> Stop {
        Stop::Flaw(flaw)
    }
}
impl From<Fault> for Stop {
    fn from(fault: Fault) -> Stop {
        match fault {
            Fault::Refused { seq, why } => Stop::Flaw(Flaw::Senseless { seq, why }),
            Fault::Unreadable { seq, found } => Stop::Flaw(Flaw::Unreadable { seq, found }),
            other => Stop::Fault(other),
        }
    }
}
impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Stop {
        Stop::Fault(error.into())
    }
}

struct Proof {
    entries: u64,
    head: (i64, Fingerprint),
    /// The hash of the entry that the given head names, once it was passed.
    known: Option<Fingerprint>,
    gaps: Vec<Gap>,
}

impl Proof {
    fn walk(
        &mut self,
        db: &Connection,
        anew: &Connection,
        head: Option<&Stamp>,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), Stop> {
        let (last, _) = chain::head(db)?;
        let total = last.unsigned_abs();
        anew.execute_batch("BEGIN")?;
        let mut query = db.prepare(&format!("SELECT {} FROM entry ORDER BY seq", chain::COLUMNS))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let raw = chain::raw(row)?;
            self.check(db, &raw)?;
            let entry = raw.entry()?;
            derive::derive(anew, raw.seq, raw.at, &entry)?;
            if let Entry::Restored(restored) = entry {
                let (first, last) = ((self.head.0 + 1).unsigned_abs(), (raw.seq - 1).unsigned_abs());
                let entries = (first <= last).then_some((first, last));
                self.gaps.push(Gap { entries, until: chain::instant(raw.at, 1)?, restored });
            }
            self.head = (raw.seq, raw.hash);
            self.entries += 1;
            if head.is_some_and(|head| head.seq == raw.seq.unsigned_abs()) {
                self.known = Some(raw.hash);
            }
            if self.entries.is_multiple_of(1000) || raw.seq == last {
                progress(raw.seq.unsigned_abs(), total);
            }
        }
        anew.execute_batch("COMMIT")?;
        if let Some(head) = head {
            self.meets(head)?;
        }
        same_layout(db, anew)?;
        let derived: i64 = db.query_row("SELECT seq FROM mark", [], |row| row.get(0))?;
        if derived > self.head.0 {
            return Err(Flaw::TailGone { last: self.last(), known: derived.unsigned_abs() }.into());
        }
        let sound: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
        if sound != "ok" {
            return Err(self.damaged(sound).into());
        }
        for (table, key) in TABLES {
            same_rows(db, anew, table, *key)?;
        }
        Ok(())
    }

    fn check(&self, db: &Connection, raw: &Raw<'_>) -> Result<(), Stop> {
        let (before, hash) = &self.head;
        if raw.seq != before + 1 && !(raw.seq > *before && raw.is_restoration()) {
            let (seq, next) = ((before + 1).unsigned_abs(), raw.seq.unsigned_abs());
            return Err(Flaw::Missing { seq, next }.into());
        }
        let expected = raw.expected_hash(hash);
        if expected == raw.hash {
            return Ok(());
        }
        // The next entry's hash covers this one's as it was written: it tells which of the two was changed.
        let seq = raw.seq.unsigned_abs();
        let vouched = db
            .prepare(&format!("SELECT {} FROM entry WHERE seq > ?1 ORDER BY seq LIMIT 1", chain::COLUMNS))?
            .query_row([raw.seq], |row| {
                let next = chain::raw(row)?;
                Ok(next.expected_hash(&expected) == next.hash)
            })
            .optional()?;
        Err(match vouched {
            Some(true) => {
                Flaw::HashAltered { seq, found: raw.hash.to_string(), expected: expected.to_string() }.into()
            }
            _ => Flaw::Altered { seq }.into(),
        })
    }

    fn meets(&self, head: &Stamp) -> Result<(), Flaw> {
        if head.seq > self.last() {
            return Err(Flaw::TailGone { last: self.last(), known: head.seq });
        }
        let lost = |gap: &Gap| gap.entries.filter(|(first, last)| (*first..=*last).contains(&head.seq));
        if let Some((first, last)) = self.gaps.iter().find_map(lost) {
            return Err(Flaw::Lost { seq: head.seq, first, last });
        }
        let found = self.known.unwrap_or(ORIGIN).to_string();
        if !found.eq_ignore_ascii_case(&head.hash) {
            return Err(Flaw::OtherHistory { seq: head.seq, found, expected: head.hash.clone() });
        }
        Ok(())
    }

    fn last(&self) -> u64 {
        self.head.0.unsigned_abs()
    }

    fn damaged(&self, found: String) -> Flaw {
        Flaw::Damaged { after: self.last(), found }
    }
}

/// Tables, indexes and triggers are those of the layout, word for word.
fn same_layout(db: &Connection, anew: &Connection) -> Result<(), Stop> {
    let parts = |db: &Connection| -> rusqlite::Result<Vec<(String, String, String)>> {
        db.prepare(
            "SELECT type, name, sql FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_' ORDER BY 1, 2",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect()
    };
    let (found, expected) = (parts(db)?, parts(anew)?);
    let of = |part: &(String, String, String)| format!("{} `{}`", part.0, part.1);
    for part in &expected {
        match found.iter().find(|other| (&other.0, &other.1) == (&part.0, &part.1)) {
            None => return Err(Flaw::Layout { found: format!("{} is gone", of(part)) }.into()),
            Some(other) if other != part => {
                return Err(Flaw::Layout { found: format!("{} is another", of(part)) }.into());
            }
            Some(_) => {}
        }
    }
    match found.iter().find(|part| !expected.contains(part)) {
        Some(part) => Err(Flaw::Layout { found: format!("{} does not belong there", of(part)) }.into()),
        None => Ok(()),
    }
}

/// Compares a table row by row, in the order of its key.
fn same_rows(db: &Connection, anew: &Connection, table: &'static str, key: usize) -> Result<(), Stop> {
    let order = (1..=key).map(|column| column.to_string()).collect::<Vec<_>>().join(", ");
    let sql = format!("SELECT * FROM {table} ORDER BY {order}");
    let (mut stored, mut derived) = (db.prepare(&sql)?, anew.prepare(&sql)?);
    let columns: Vec<String> = stored.column_names().map(str::to_owned).collect();
    let differs = |row: &[Value], found: String| {
        let named = columns.iter().zip(row).take(key).map(|(name, value)| format!("{name} {}", shown(value)));
        Stop::Flaw(Flaw::Derived { table, key: named.collect::<Vec<_>>().join(", "), found })
    };
    let (mut stored, mut derived) = (stored.query([])?, derived.query([])?);
    loop {
        let has = stored.next()?.map(|row| values(row, columns.len())).transpose()?;
        let must = derived.next()?.map(|row| values(row, columns.len())).transpose()?;
        let (has, must) = match (has, must) {
            (None, None) => return Ok(()),
            (Some(has), None) => return Err(differs(&has, "the row should not be there".into())),
            (None, Some(must)) => return Err(differs(&must, "the row is missing".into())),
            (Some(has), Some(must)) => (has, must),
        };
        match order_of(&has[..key], &must[..key]) {
            std::cmp::Ordering::Less => return Err(differs(&has, "the row should not be there".into())),
            std::cmp::Ordering::Greater => return Err(differs(&must, "the row is missing".into())),
            std::cmp::Ordering::Equal => {}
        }
        if let Some(at) = (0..columns.len()).find(|at| has[*at] != must[*at]) {
            let found = format!("`{}` is {} and must be {}", columns[at], shown(&has[at]), shown(&must[at]));
            return Err(differs(&has, found));
        }
    }
}

/// The keys of all derived tables are whole numbers.
fn order_of(one: &[Value], other: &[Value]) -> std::cmp::Ordering {
    let numbers = |key: &[Value]| -> Vec<i64> {
        key.iter().map(|value| if let Value::Integer(number) = value { *number } else { i64::MIN }).collect()
    };
    numbers(one).cmp(&numbers(other))
}

fn values(row: &rusqlite::Row<'_>, columns: usize) -> rusqlite::Result<Vec<Value>> {
    (0..columns)
        .map(|at| {
            Ok(match row.get_ref(at)? {
                // Text that is no UTF-8 is kept as bytes and differs from any text.
                ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
                    Ok(text) => Value::Text(text.to_owned()),
                    Err(_) => Value::Blob(bytes.to_vec()),
                },
                ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
                ValueRef::Integer(number) => Value::Integer(number),
                ValueRef::Real(number) => Value::Real(number),
                ValueRef::Null => Value::Null,
            })
        })
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "nothing".into(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => format!("`{text}`"),
        Value::Blob(bytes) => format!("{} bytes", bytes.len()),
    }
}

/// Derives everything that is derived anew, at `path`, in one transaction. The caller holds the station's lock.
pub fn rebuild(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<(), JournalError> {
    file::open_to_write(path).and_then(|mut db| rebuild_in(&mut db, progress)).map_err(|fault| fault.at(path))
}

pub(super) fn rebuild_in(db: &mut Connection, progress: &mut dyn FnMut(u64, u64)) -> Result<(), Fault> {
    let all = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    derive::clear(&all)?;
    let total = chain::head(&all)?.0.unsigned_abs();
    {
        let mut query = all.prepare(&format!("SELECT {} FROM entry ORDER BY seq", chain::COLUMNS))?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            let raw = chain::raw(row)?;
            derive::derive(&all, raw.seq, raw.at, &raw.entry()?)?;
            let done = raw.seq.unsigned_abs();
            if done.is_multiple_of(1000) || done == total {
                progress(done, total);
            }
        }
    }
    all.commit()?;
    Ok(())
}
