//! The chain: what an entry is in the file, and what its hash covers. Owns the reading of entries; never writes.

use chrono::{DateTime, Utc};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row};
use sha2::{Digest, Sha256};

use super::error::Fault;
use crate::core::cart::Fingerprint;
use crate::core::record::{Entry, Stamp};

/// What stands before the first entry.
pub(super) const ORIGIN: Fingerprint = Fingerprint([0; 32]);

/// An entry as it was written down.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted {
    /// Its place in the chain.
    pub stamp: Stamp,
    /// When it was written, to the microsecond.
    pub at: DateTime<Utc>,
    /// What it says.
    pub entry: Entry,
}

/// An entry as it stands in the file, not yet read.
pub(super) struct Raw<'r> {
    pub seq: i64,
    /// Microseconds UTC.
    pub at: i64,
    pub hash: Fingerprint,
    pub body: &'r [u8],
}

impl Raw<'_> {
    /// The hash that it must have after `before`.
    pub fn expected_hash(&self, before: &Fingerprint) -> Fingerprint {
        hash_of(before, self.seq, self.at, self.body)
    }
    /// Whether it may leave out numbers before it. By its first bytes, as the trigger in the layout has it.
    pub fn is_restoration(&self) -> bool {
        self.body.starts_with(br#"{"entry":"restored","#)
    }
    /// What it says.
    pub fn entry(&self) -> Result<Entry, Fault> {
        serde_json::from_slice(self.body)
            .map_err(|error| Fault::Unreadable { seq: self.seq.unsigned_abs(), found: error.to_string() })
    }
}

/// The hash of an entry over its stored bytes.
pub(super) fn hash_of(before: &Fingerprint, seq: i64, at: i64, body: &[u8]) -> Fingerprint {
    let mut hash = Sha256::new_with_prefix([0u8]);
    hash.update(before.0);
    hash.update(seq.to_be_bytes());
    hash.update(at.to_be_bytes());
    hash.update(body);
    Fingerprint(hash.finalize().into())
}

/// The columns that [`raw`] reads.
pub(super) const COLUMNS: &str = "seq, at, hash, body";

/// Takes [`COLUMNS`] from a row.
pub(super) fn raw<'r>(row: &'r Row<'_>) -> rusqlite::Result<Raw<'r>> {
    let body = match row.get_ref(3)? {
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
        other => return Err(rusqlite::Error::InvalidColumnType(3, "body".into(), other.data_type())),
    };
    Ok(Raw { seq: row.get(0)?, at: row.get(1)?, hash: Fingerprint(row.get(2)?), body })
}

/// Takes [`COLUMNS`] from a row and reads what the entry says.
pub(super) fn noted(row: &Row<'_>) -> Result<Noted, Fault> {
    let raw = raw(row)?;
    Ok(Noted { stamp: stamp(raw.seq, &raw.hash), at: instant(raw.at, 1)?, entry: raw.entry()? })
}

/// A place in the chain for those outside.
pub(super) fn stamp(seq: i64, hash: &Fingerprint) -> Stamp {
    Stamp { seq: seq.unsigned_abs(), hash: hash.to_string() }
}

/// The number and hash of the last entry; 0 and [`ORIGIN`] before the first.
pub(super) fn head(db: &Connection) -> rusqlite::Result<(i64, Fingerprint)> {
    db.prepare_cached("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, Fingerprint(row.get(1)?))))
        .optional()
        .map(|found| found.unwrap_or((0, ORIGIN)))
}

/// Microseconds UTC, as the file has times. Every `DateTime<Utc>` fits.
pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant of a time in the file; `column` is for the error.
pub(super) fn instant(micros: i64, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).ok_or_else(|| odd(column, format!("{micros} µs is no time")))
}

/// A value in the file that cannot have been written by us.
pub(super) fn odd(column: usize, found: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, found.into())
}
