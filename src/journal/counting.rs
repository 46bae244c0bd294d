//! What reports ask of the journal beside its airings: sums, so that a year need not be read row by row for a month, and the
//! holidays of the time. Owns the queries; the rules are [`crate::core::report`]'s, and a test holds the two together.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::answers::entry_at;
use super::chain::{instant, micros};
use super::error::Fault;
use crate::core::cart::Fingerprint;
use crate::core::record::Entry;
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
