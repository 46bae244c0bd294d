//! The as-run log by a filter: whole airings for whoever counts or proves, and rows for whoever looks at a list. Owns how a
//! filter narrows the log; what an airing is made of is [`super::answers`]'s.

use rusqlite::types::ToSql;
use rusqlite::{Connection, Row};

use super::answers::{AIRING, airing, airing_id, nanos, optional_instant, optional_word, row_of, word};
use super::chain::{instant, micros};
use super::error::Fault;
use super::reader::Filter;
use super::themes;
use crate::core::airing::{Airing, Listed, Outcome};

/// What a list shows of an airing: neither its recordings nor its entry, each of which lies elsewhere in the file.
const LISTED: &str = "SELECT a.id, a.kind, a.title, a.due, a.placed, a.started, a.ended, a.aired, a.outcome, a.reason FROM airing a";

/// Those that fit, in the order of the log; where there are more than `limit`, the latest.
pub(super) fn airings(db: &Connection, filter: &Filter, limit: Option<usize>) -> Result<Vec<Airing>, Fault> {
    narrowed(db, AIRING, filter, limit, airing)
}

/// As [`airings`], as rows of a list.
pub(super) fn listed(db: &Connection, filter: &Filter, limit: Option<usize>) -> Result<Vec<Listed>, Fault> {
    narrowed(db, LISTED, filter, limit, |_, row| {
        Ok(Listed {
            id: airing_id(row.get(0)?),
            kind: word(row, 1)?,
            title: row.get(2)?,
            due: optional_instant(row, 3)?,
            placed: instant(row.get(4)?, 4)?,
            started: optional_instant(row, 5)?,
            ended: optional_instant(row, 6)?,
            aired: nanos(row.get(7)?),
            outcome: optional_word(row, 8)?,
            reason: optional_word(row, 9)?,
        })
    })
}

fn narrowed<T>(
    db: &Connection,
    select: &str,
    filter: &Filter,
    limit: Option<usize>,
    made: impl Fn(&Connection, &Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, Fault> {
    let mut sql = format!("{select} WHERE true");
    let mut values: Vec<(&str, Box<dyn ToSql>)> = Vec::new();
    let mut narrow = |clause: &str, name: &'static str, value: Option<Box<dyn ToSql>>| {
        if let Some(value) = value {
            sql.push_str(clause);
            values.push((name, value));
        }
    };
    fn boxed(value: impl ToSql + 'static) -> Box<dyn ToSql> {
        Box::new(value)
    }
    narrow(" AND a.placed >= :from", ":from", filter.from.map(micros).map(boxed));
    narrow(" AND a.placed < :to", ":to", filter.to.map(micros).map(boxed));
    narrow(" AND a.outcome = :outcome", ":outcome", filter.outcome.map(Outcome::word).map(boxed));
    narrow(" AND a.slot = :slot", ":slot", filter.slot.as_ref().map(|slot| boxed(slot.to_string())));
    narrow(themes::condition(db, filter.topic.as_deref())?, ":topic", filter.topic.clone().map(boxed));
    if let Some((placed, id)) = filter.before {
        sql.push_str(" AND (a.placed, a.id) < (:placed, :id)");
        values.extend([(":placed", boxed(micros(placed))), (":id", boxed(row_of(id)))]);
    }
    let limit = limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
    sql.push_str(" ORDER BY a.placed DESC, a.id DESC");
    if let Some(limit) = limit {
        sql.push_str(&format!(" LIMIT {limit}"));
    }
    let values: Vec<(&str, &dyn ToSql)> = values.iter().map(|(name, value)| (*name, &**value)).collect();
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(&*values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(made(db, row)?);
    }
    found.reverse();
    Ok(found)
}
