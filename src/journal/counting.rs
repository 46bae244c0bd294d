//! What the journal counts by itself, so that a year need not be read row by row for a month's report. Owns the queries;
//! the rules are [`crate::core::report`]'s, and a test holds the two against each other.

use std::time::Duration;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::chain::micros;
use super::error::Fault;
use crate::core::cart::Fingerprint;
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
