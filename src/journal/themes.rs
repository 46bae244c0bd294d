//! How the airings of a theme are found. Owns the choice between two ways: a theme that is rare in the whole journal is
//! looked up by its recordings, any other is met soon by going through the days asked for.

use rusqlite::Connection;

use super::error::Fault;

/// So many recordings are gathered at most.
const RARE: i64 = 150;

/// The condition on an airing `a` that one of its recordings is on the theme `:topic`.
pub(super) fn condition(db: &Connection, topic: Option<&str>) -> Result<&'static str, Fault> {
    let Some(topic) = topic else { return Ok("") };
    let mut query =
        db.prepare_cached("SELECT count(*) FROM (SELECT 1 FROM airing_cart WHERE topic = ?1 LIMIT ?2)")?;
    let found: i64 = query.query_row((topic, RARE), |row| row.get(0))?;
    Ok(match found < RARE {
        true => " AND a.id IN (SELECT airing FROM airing_cart WHERE topic = :topic)",
        false => " AND EXISTS (SELECT 1 FROM airing_cart c WHERE c.topic = :topic AND c.airing = a.id)",
    })
}
