//! What reports ask of the journal beside its airings: sums, so that a year need not be read row by row for a month, and the
//! holidays of the time. Owns the queries; the rules are [`crate::core::report`]'s, and a test holds the two together.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::answers::{dropped_at, entry_at};
use super::chain::{instant, micros, odd};
use super::error::Fault;
use crate::core::cart::Fingerprint;
use crate::core::drops::Verdict;
use crate::core::record::{Dropped, Entry, Span};
use crate::core::report::{Count, Earlier, Identity};

/// What counted in `[from, to)`, a row for each recording and theme.
pub(super) fn counted(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Earlier>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT c.sha256, CASE WHEN c.sha256 IS NULL THEN c.file END, c.topic, a.kind = 'entered',
                count(*), sum(c.aired)
         FROM airing a CROSS JOIN airing_cart c ON c.airing = a.id
         WHERE a.outcome = 'aired' AND a.placed >= ?1 AND a.placed < ?2
           AND a.kind NOT IN ('test', 'fallback', 'relay')
         GROUP BY 1, 2, 3, 4",
    )?;
    let mut rows = query.query((micros(from), micros(to)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let content = row.get::<_, Option<[u8; 32]>>(0)?.map(|print| Identity::Content(Fingerprint(print)));
        let name = row.get::<_, Option<String>>(1)?.map(Identity::Name);
        let entered: bool = row.get(3)?;
        let (times, length): (i64, i64) = (row.get(4)?, row.get(5)?);
        found.push(Earlier {
            identity: content.or(name).filter(|_| !entered),
            topic: row.get(2)?,
            count: Count { times: times.unsigned_abs(), length: Duration::from_nanos(length.unsigned_abs()) },
        });
    }
    Ok(found)
}

/// The calendars of holidays, each with when it was written down, the latest last.
pub(super) fn holidays(db: &Connection) -> Result<Vec<(DateTime<Utc>, String)>, Fault> {
    let mut query = db.prepare_cached("SELECT seq, at FROM holidays ORDER BY seq")?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let Entry::Holidays { text } = entry_at(db, seq)? else {
            return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no calendar".into() });
        };
        found.push((instant(row.get(1)?, 1)?, text));
    }
    Ok(found)
}

/// The latest `most` drops, of a span or of all time, the latest last.
pub(super) fn latest_drops(
    db: &Connection,
    span: Option<Span>,
    most: usize,
) -> Result<Vec<(DateTime<Utc>, Dropped)>, Fault> {
    let (from, to) = span.map_or((i64::MIN, i64::MAX), |(from, to)| (micros(from), micros(to)));
    let mut query = db.prepare_cached(
        "SELECT seq, at FROM dropped WHERE at >= ?1 AND at < ?2 ORDER BY seq DESC LIMIT ?3",
    )?;
    let mut rows = query.query((from, to, i64::try_from(most).unwrap_or(i64::MAX)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((instant(row.get(1)?, 1)?, dropped_at(db, row.get(0)?)?));
    }
    found.reverse();
    Ok(found)
}

/// How many drops were decided on in `[from, to)`, by verdict.
pub(super) fn drop_counts(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<BTreeMap<Verdict, u64>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT verdict, count(*) FROM dropped WHERE at >= ?1 AND at < ?2 GROUP BY verdict",
    )?;
    let mut rows = query.query((micros(from), micros(to)))?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let word: String = row.get(0)?;
        let verdict = word.parse().map_err(|()| odd(0, format!("`{word}` is none of ours")))?;
        found.insert(verdict, row.get::<_, i64>(1)?.unsigned_abs());
    }
    Ok(found)
}
