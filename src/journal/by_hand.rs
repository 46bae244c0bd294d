//! What people wrote by hand, as rows: airings that they entered, notes, reviews. Owns how these follow from the chain and
//! how they are read; never lets one of them change what was recorded.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, Rows};

use super::answers::entry_at;
use super::chain::{instant, micros};
use super::derive::{NewRow, Stop, bring_in, find, span};
use super::error::{Fault, Refusal};
use crate::core::airing::{AiredCart, AiringId, Kind, Outcome, Priority, Reason};
use crate::core::cart::CartName;
use crate::core::handwritten::{AiringNote, Entered, NotedReview, TakenBack};
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
    let plain = entered.title.replace(['/', '\\', ':', '.'], " ");
    let file = CartName::new(&plain).map_err(|error| Refusal::OutOfRange {
        what: "the title",
        found: format!("`{}` {error}", entered.title),
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

/// An airing that was written in counts no more: it stands as missed, withdrawn.
pub(super) fn take_back(db: &Connection, seq: i64, back: &TakenBack) -> Result<(), Stop> {
    let airing = back.airing;
    let row = find(db, airing)?.ok_or(Refusal::NotBegun { airing })?;
    let changed = db
        .prepare_cached(
            "UPDATE airing SET outcome = ?2, reason = ?3, started = NULL, ended = NULL, aired = 0, settled = ?4
             WHERE id = ?1 AND kind = 'entered' AND outcome = 'aired'",
        )?
        .execute((row.id, Outcome::Missed.word(), Reason::Withdrawn.word(), seq))?;
    if changed == 0 {
        return Err(Refusal::NotByHand { airing }.into());
    }
    db.prepare_cached("UPDATE airing_cart SET aired = 0 WHERE airing = ?1")?.execute([row.id])?;
    Ok(())
}

/// The airing that was written in with that start and title, and not taken back.
pub(super) fn entered_alike(
    db: &Connection,
    started: DateTime<Utc>,
    title: &str,
) -> Result<Option<AiringId>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT id FROM airing WHERE placed = ?1 AND kind = 'entered' AND outcome = 'aired' AND title = ?2",
    )?;
    let id: Option<i64> = query.query_row((micros(started), title), |row| row.get(0)).optional()?;
    Ok(id.map(|id| AiringId(id.unsigned_abs())))
}

/// The row of a note. An airing that is none has none.
pub(super) fn note(db: &Connection, seq: i64, at: i64, noted: &AiringNote) -> Result<(), Stop> {
    let airing = noted.airing;
    let row = find(db, airing)?.ok_or(Refusal::NotBegun { airing })?;
    db.prepare_cached("INSERT INTO note VALUES (?1, ?2, ?3)")?.execute((seq, row.id, at))?;
    Ok(())
}

/// The notes on one airing, in the order they were written.
pub(super) fn notes_of(db: &Connection, airing: AiringId) -> Result<Vec<AiringNote>, Fault> {
    let mut query = db.prepare_cached("SELECT seq FROM note WHERE airing = ?1 ORDER BY seq")?;
    let rows = query.query([i64::try_from(airing.0).unwrap_or(0)])?;
    noted(db, rows)
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
    let rows = query.query((micros(from), micros(to)))?;
    noted(db, rows)
}

fn noted(db: &Connection, mut rows: Rows<'_>) -> Result<Vec<AiringNote>, Fault> {
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

/// The reviews of periods that share a day with `from` to `to`, the latest last; `span` are the instants of those days.
pub(super) fn reviews(
    db: &Connection,
    (from, to): (NaiveDate, NaiveDate),
    span: (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<NotedReview>, Fault> {
    let mut later = db.prepare_cached(
        "SELECT (SELECT count(*) FROM airing WHERE placed >= ?1 AND placed < ?2 AND kind = 'entered' AND settled > ?3)
              + (SELECT count(*) FROM note n JOIN airing a ON a.id = n.airing
                 WHERE n.seq > ?3 AND a.placed >= ?1 AND a.placed < ?2)",
    )?;
    let mut query =
        db.prepare_cached("SELECT seq, at FROM review WHERE last >= ?1 AND first <= ?2 ORDER BY seq")?;
    let mut rows = query.query((from.to_string(), to.to_string()))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let at = instant(row.get(1)?, 1)?;
        match entry_at(db, seq)? {
            Entry::Reviewed(reviewed) => {
                let later: i64 = later.query_row((micros(span.0), micros(span.1), seq), |row| row.get(0))?;
                found.push(NotedReview { at, reviewed, later: later.unsigned_abs() });
            }
            _ => return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no review".into() }),
        }
    }
    Ok(found)
}
