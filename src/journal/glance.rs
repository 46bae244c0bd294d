//! How the cues of a span ended, without what they played: for whoever looks at a month at once. Owns that one question; a
//! row of it costs a tenth of an airing's.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::answers::{cue_of, optional_word};
use super::chain::micros;
use super::error::Fault;
use crate::core::airing::{AiringId, Glance};

/// Those that stand in `[from, to)`, in the order of the log.
pub(super) fn glances(db: &Connection, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Glance>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT id, schedule, slot, due, title, outcome, reason FROM airing
         WHERE placed >= ?1 AND placed < ?2 AND due IS NOT NULL ORDER BY placed, id",
    )?;
    let mut rows = query.query([micros(from), micros(to)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(cue) = cue_of(row, 1)? else { continue };
        found.push(Glance {
            id: AiringId(row.get::<_, i64>(0)?.unsigned_abs()),
            cue,
            title: row.get(4)?,
            outcome: optional_word(row, 5)?,
            reason: optional_word(row, 6)?,
        });
    }
    Ok(found)
}
