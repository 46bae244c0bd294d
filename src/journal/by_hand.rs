//! What people wrote by hand, as rows: airings that they entered, notes, reviews. Owns how these follow from the chain and
//! how they are read; never lets one of them change what was recorded.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::Connection;

use super::answers::entry_at;
use super::chain::{instant, micros};
use super::derive::{NewRow, Stop, bring_in, find, span};
use super::error::{Fault, Refusal};
use crate::core::airing::{AiredCart, Kind, Outcome, Priority};
use crate::core::cart::CartName;
use crate::core::handwritten::{AiringNote, Entered, Reviewed};
use crate::core::record::Entry;

/// The row of an airing that a person wrote in; answers with its number.
pub(super) fn enter(db: &Connection, seq: i64, entered: &Entered) -> Result<i64, Stop> {
    let length = span("the length entered", entered.length)?;
    let ended = TimeDelta::from_std(entered.length)
        .ok()
        .and_then(|length| entered.started.checked_add_signed(length))
        .ok_or_else(|| Refusal::OutOfRange {
            what: "the length entered",
            found: format!("{:?}", entered.length),
        })?;
    // It is nobody's file: what aired stands where a recording's name would.
    let file = CartName::new(&entered.title.replace(['/', '\\', ':'], " ")).map_err(|error| {
        Refusal::OutOfRange { what: "the title", found: format!("`{}` {error}", entered.title) }
    })?;
    let cart = AiredCart {
        file,
        title: entered.title.clone(),
        kind: entered.kind.clone(),
        topic: entered.topic.clone(),
        source: None,
        sha256: None,
        aired: entered.length,
    };
    let by = Some(entered.by.clone());
    let row = NewRow {
        airing: entered.airing,
        kind: Kind::Entered,
        cue: &None,
        title: &entered.title,
        priority: Priority::Normal,
        ended: None,
        planned: None,
        clock_synchronised: None,
        by: &by,
        approved_by: &None,
        carts: std::slice::from_ref(&cart),
    };
    let started = micros(entered.started);
    let id = bring_in(db, seq, started, &row)?;
    db.prepare_cached("UPDATE airing SET outcome = ?2, started = ?3, ended = ?4, aired = ?5 WHERE id = ?1")?
        .execute((id, Outcome::Aired.word(), started, micros(ended), length))?;
    db.prepare_cached("UPDATE airing_cart SET aired = ?2 WHERE airing = ?1")?.execute((id, length))?;
    Ok(id)
}

/// The row of a note. An airing that is none has none.
pub(super) fn note(db: &Connection, seq: i64, at: i64, noted: &AiringNote) -> Result<(), Stop> {
    let airing = noted.airing;
    let row = find(db, airing)?.ok_or(Refusal::NotBegun { airing })?;
    db.prepare_cached("INSERT INTO note VALUES (?1, ?2, ?3)")?.execute((seq, row.id, at))?;
    Ok(())
}

/// The notes on airings placed in `[from, to)`, in the order they were written.
pub(super) fn notes(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<AiringNote>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT seq FROM note WHERE airing IN (SELECT id FROM airing WHERE placed >= ?1 AND placed < ?2) ORDER BY seq",
    )?;
    let mut rows = query.query((micros(from), micros(to)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        match entry_at(db, seq)? {
            Entry::Noted(noted) => found.push(noted),
            _ => return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no note".into() }),
        }
    }
    Ok(found)
}

/// The reviews of periods that share a day with `from` to `to`, with when they were written, the latest last.
pub(super) fn reviews(
    db: &Connection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<(DateTime<Utc>, Reviewed)>, Fault> {
    let mut query =
        db.prepare_cached("SELECT seq, at FROM review WHERE last >= ?1 AND first <= ?2 ORDER BY seq")?;
    let mut rows = query.query((from.to_string(), to.to_string()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let at = instant(row.get(1)?, 1)?;
        match entry_at(db, seq)? {
            Entry::Reviewed(reviewed) => found.push((at, reviewed)),
            _ => return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no review".into() }),
        }
    }
    Ok(found)
}
