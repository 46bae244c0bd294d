//! Refusals of what waited, read back. They stand in the table of approvals, which says in which entries a person decided
//! on a schedule; owns the telling of one from the other. Never writes.

use rusqlite::Connection;

use super::answers;
use super::error::Fault;
use crate::core::record::{Entry, NotedRefusal};

/// Those in entries above `after`, the latest last.
pub(super) fn refusals(db: &Connection, after: u64) -> Result<Vec<NotedRefusal>, Fault> {
    let after = i64::try_from(after).unwrap_or(i64::MAX);
    let mut query = db.prepare_cached("SELECT seq FROM approval WHERE seq > ?1 ORDER BY seq")?;
    let decided: Vec<i64> = query.query_map([after], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for seq in decided {
        let noted = answers::entry(db, seq.unsigned_abs())?;
        let missing =
            || Fault::Unreadable { seq: seq.unsigned_abs(), found: "there is no such entry".into() };
        let noted = noted.ok_or_else(missing)?;
        if let Entry::Refused(refused) = noted.entry {
            found.push(NotedRefusal { seq: noted.stamp.seq, at: noted.at, refused });
        }
    }
    Ok(found)
}
