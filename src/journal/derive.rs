//! From entries to the as-run log: the one function by which an entry changes the derived tables, used when it is
//! appended, verified and rebuilt. Owns the rules of what may follow what; reads nothing but the derived tables.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension};

use super::by_hand;
use super::chain::{micros, odd};
use super::error::{Fault, Refusal};
use crate::core::airing::{AiredCart, AiringId, CueId, Kind, Outcome, Priority, Reason};
use crate::core::order::Order;
use crate::core::record::{Approved, Entry, Finish, Refused};

/// Every derived table, with how many of its first columns are its key. Listed so that emptying them in this order
/// breaks no reference.
pub(super) const TABLES: &[(&str, usize)] = &[
    ("airing_cart", 2),
    ("airing", 1),
    ("airing_spent", 1),
    ("version", 1),
    ("skip", 1),
    ("dropped", 1),
    ("approval", 1),
    ("restored", 1),
    ("note", 1),
    ("review", 1),
    ("holidays", 1),
    ("mark", 1),
];

/// Empties the derived tables.
pub(super) fn clear(db: &Connection) -> rusqlite::Result<()> {
    for (table, _) in TABLES {
        db.execute_batch(&format!("DELETE FROM {table}"))?;
    }
    db.execute_batch("INSERT INTO mark VALUES (1, 0, 0)")
}

/// Takes in entry number `seq`, written `at` (microseconds UTC). After a refusal the caller rolls back.
pub(super) fn derive(db: &Connection, seq: i64, at: i64, entry: &Entry) -> Result<(), Fault> {
    let taken = take_in(db, seq, at, entry).map_err(|stop| match stop {
        Stop::Refused(why) => Fault::Refused { seq: seq.unsigned_abs(), why },
        Stop::Sqlite(error) => error.into(),
    })?;
    db.prepare_cached("UPDATE mark SET seq = ?1, airing = max(airing, ?2)")?.execute((seq, taken))?;
    Ok(())
}

pub(super) enum Stop {
    Refused(Refusal),
    Sqlite(rusqlite::Error),
}

impl From<Refusal> for Stop {
    fn from(why: Refusal) -> Stop {
        Stop::Refused(why)
    }
}
impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Stop {
        Stop::Sqlite(error)
    }
}

/// Answers with the number of the airing that the entry brings in, else 0.
fn take_in(db: &Connection, seq: i64, at: i64, entry: &Entry) -> Result<i64, Stop> {
    match entry {
        Entry::Founded { .. } if seq != 1 => return Err(Refusal::Founded.into()),
        Entry::Live { schedule, .. } => {
            close_version(db, schedule.as_str(), at)?;
            db.prepare_cached("INSERT INTO version VALUES (?1, ?2, ?3, NULL)")?.execute((
                seq,
                schedule.as_str(),
                at,
            ))?;
        }
        Entry::Retired { schedule, .. } => {
            if close_version(db, schedule.as_str(), at)? == 0 {
                return Err(Refusal::NotLive { schedule: schedule.clone() }.into());
            }
        }
        Entry::Begin(begin) => {
            return bring_in(
                db,
                seq,
                at,
                &NewRow {
                    airing: begin.airing,
                    kind: begin.kind,
                    cue: &begin.cue,
                    title: &begin.title,
                    priority: begin.priority,
                    ended: None,
                    planned: begin.planned,
                    clock_synchronised: begin.clock_synchronised,
                    by: &begin.by,
                    approved_by: &begin.approved_by,
                    carts: &begin.carts,
                },
            );
        }
        Entry::Missed(missed) => {
            fits(Outcome::Missed, Some(missed.reason))?;
            return bring_in(
                db,
                seq,
                at,
                &NewRow {
                    airing: missed.airing,
                    kind: missed.kind,
                    cue: &missed.cue,
                    title: &missed.title,
                    priority: missed.priority,
                    ended: Some((Outcome::Missed, missed.reason)),
                    planned: missed.planned,
                    clock_synchronised: None,
                    by: &missed.by,
                    approved_by: &missed.approved_by,
                    carts: &missed.carts,
                },
            );
        }
        Entry::Sounded { airing, at: started, device } => {
            let row = standing(db, *airing)?;
            match row.outcome {
                None => {}
                Some(Outcome::OnAir) => return Err(Refusal::Sounding { airing: *airing }.into()),
                Some(outcome) => return Err(Refusal::Ended { airing: *airing, outcome }.into()),
            }
            db.prepare_cached(
                "UPDATE airing SET outcome = ?2, started = ?3, placed = coalesce(due, ?3), device = ?4, settled = ?5
                 WHERE id = ?1",
            )?
            .execute((row.id, Outcome::OnAir.word(), micros(*started), device, seq))?;
        }
        Entry::Paused { airing, at: since, reason } => {
            let row = sounding(db, *airing)?;
            if row.paused {
                return Err(Refusal::Pause { airing: *airing, paused: true }.into());
            }
            if !reason.fits(Outcome::Cut) && !reason.fits(Outcome::Interrupted) {
                return Err(Refusal::Misfit { outcome: Outcome::OnAir, reason: *reason }.into());
            }
            db.prepare_cached("UPDATE airing SET paused = ?2 WHERE id = ?1")?
                .execute((row.id, micros(*since)))?;
        }
        Entry::Resumed { airing, device, .. } => {
            let row = sounding(db, *airing)?;
            if !row.paused {
                return Err(Refusal::Pause { airing: *airing, paused: false }.into());
            }
            db.prepare_cached("UPDATE airing SET paused = NULL, device = ?2 WHERE id = ?1")?
                .execute((row.id, device))?;
        }
        Entry::Finish(finish) => end(db, seq, finish)?,
        Entry::Reopened { airing } => {
            let row = standing(db, *airing)?;
            if row.outcome != Some(Outcome::Missed) || row.cue.is_none() {
                return Err(Refusal::NotMissed { airing: *airing }.into());
            }
            take_out(db, row.id)?;
            spend(db, row.id)?;
        }
        Entry::Ordered {
            order: Order::Skip { .. } | Order::Emergency { .. } | Order::EndEmergency { .. },
            refused: None,
            ..
        } => {
            db.prepare_cached("INSERT INTO skip VALUES (?1, ?2)")?.execute((seq, at))?;
        }
        Entry::Dropped(drop) => {
            if db.prepare_cached("SELECT 1 FROM dropped WHERE id = ?1")?.exists([&*drop.id.0])? {
                return Err(Refusal::DropTwice { id: drop.id.clone() }.into());
            }
            db.prepare_cached("INSERT INTO dropped VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?.execute((
                seq,
                &*drop.id.0,
                at,
                drop.verdict.word(),
                &drop.subject,
                drop.content.map(|print| print.0),
            ))?;
        }
        Entry::Approved(Approved { schedule, .. }) | Entry::Refused(Refused { schedule, .. }) => {
            db.prepare_cached("INSERT INTO approval VALUES (?1, ?2)")?.execute((seq, schedule.as_str()))?;
        }
        Entry::Entered(entered) => return by_hand::enter(db, seq, entered),
        Entry::TakenBack(back) => by_hand::take_back(db, seq, back)?,
        Entry::Noted(noted) => by_hand::note(db, seq, at, noted)?,
        Entry::Reviewed(reviewed) => {
            db.prepare_cached("INSERT INTO review VALUES (?1, ?2, ?3, ?4)")?.execute((
                seq,
                reviewed.from.to_string(),
                reviewed.to.to_string(),
                at,
            ))?;
        }
        Entry::Restored(restored) => {
            // Whatever number was given in the gap is never given again.
            let highest = number(AiringId(restored.airings.max(1)))?;
            db.prepare_cached("INSERT INTO restored SELECT ?1, seq, ?2 FROM mark")?.execute((seq, at))?;
            return Ok(if restored.airings == 0 { 0 } else { highest });
        }
        Entry::Holidays { .. } => {
            db.prepare_cached("INSERT INTO holidays VALUES (?1, ?2)")?.execute((seq, at))?;
        }
        Entry::Founded { .. }
        | Entry::Started { .. }
        | Entry::Ended { .. }
        | Entry::Targets { .. }
        | Entry::Ordered { .. }
        | Entry::Clock { .. }
        | Entry::Card { .. }
        | Entry::Amplifier { .. }
        | Entry::Account { .. }
        | Entry::Visit(_)
        | Entry::Alarm { .. } => {}
    }
    Ok(0)
}

/// What a begin or a missed says of its airing.
pub(super) struct NewRow<'e> {
    pub(super) airing: AiringId,
    pub(super) kind: Kind,
    pub(super) cue: &'e Option<CueId>,
    pub(super) title: &'e str,
    pub(super) priority: Priority,
    pub(super) ended: Option<(Outcome, Reason)>,
    pub(super) planned: Option<Duration>,
    pub(super) clock_synchronised: Option<bool>,
    pub(super) by: &'e Option<String>,
    pub(super) approved_by: &'e Option<String>,
    pub(super) carts: &'e [AiredCart],
}

/// Makes the row of an airing. One that began for the same cue and never sounded gives way: its cue waited again.
pub(super) fn bring_in(db: &Connection, seq: i64, at: i64, new: &NewRow<'_>) -> Result<i64, Stop> {
    let airing = new.airing;
    let id = number(airing)?;
    if new.kind == Kind::Cue && new.cue.is_none() {
        return Err(Refusal::NoCue { airing }.into());
    }
    if db.prepare_cached("SELECT 1 FROM airing_spent WHERE id = ?1")?.exists([id])? {
        return Err(Refusal::Spent { airing }.into());
    }
    let cue = new.cue.as_ref().map(key);
    if let Some(former) = find(db, airing)? {
        match former.outcome {
            Some(Outcome::OnAir) => return Err(Refusal::Sounding { airing }.into()),
            Some(outcome) => return Err(Refusal::Ended { airing, outcome }.into()),
            None if former.cue.as_ref().map(|(a, b, due)| (a.as_str(), b.as_str(), *due)) != cue => {
                return Err(Refusal::OtherCue { airing }.into());
            }
            None => take_out(db, id)?,
        }
    }
    if let (Some(key), Some(cue)) = (cue, new.cue)
        && let Some((holder, outcome)) = holder(db, key)?
    {
        match outcome {
            Some(outcome) => {
                let airing = AiringId(holder.unsigned_abs());
                return Err(Refusal::CueSettled { cue: cue.clone(), airing, outcome }.into());
            }
            None => {
                take_out(db, holder)?;
                spend(db, holder)?;
            }
        }
    }
    let planned = new.planned.map(|planned| span("the planned length", planned)).transpose()?;
    let (outcome, reason) = new.ended.map_or((None, None), |(o, r)| (Some(o.word()), Some(r.word())));
    db.prepare_cached(
        "INSERT INTO airing (id, kind, schedule, slot, due, title, priority, placed, outcome, reason, planned,
                             frames, aired, clock_synchronised, by, approved_by, begun, settled)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, 0, 0, ?12, ?13, ?14, ?15, ?15)",
    )?
    .execute(rusqlite::params![
        id,
        new.kind.word(),
        cue.map(|cue| cue.0),
        cue.map(|cue| cue.1),
        cue.map(|cue| cue.2),
        new.title,
        new.priority.word(),
        cue.map_or(at, |cue| cue.2),
        outcome,
        reason,
        planned,
        new.clock_synchronised,
        new.by,
        new.approved_by,
        seq,
    ])?;
    let mut insert =
        db.prepare_cached("INSERT INTO airing_cart VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)")?;
    for (position, cart) in (0i64..).zip(new.carts) {
        insert.execute((
            id,
            position,
            cart.file.as_str(),
            &cart.title,
            &cart.kind,
            &cart.topic,
            &cart.source,
            cart.sha256.map(|print| print.0),
        ))?;
    }
    Ok(id)
}

/// Gives an airing that sounds its outcome.
fn end(db: &Connection, seq: i64, finish: &Finish) -> Result<(), Stop> {
    let airing = finish.airing;
    let outcome = finish.outcome;
    if !matches!(outcome, Outcome::Aired | Outcome::Cut | Outcome::Interrupted) {
        return Err(Refusal::NoEnding { outcome }.into());
    }
    fits(outcome, finish.reason)?;
    let row = sounding(db, airing)?;
    if row.carts != finish.carts.len() {
        return Err(Refusal::Carts { airing, begun: row.carts, ended: finish.carts.len() }.into());
    }
    let frames = i64::try_from(finish.frames)
        .map_err(|_| Refusal::OutOfRange { what: "the count of frames", found: finish.frames.to_string() })?;
    db.prepare_cached(
        "UPDATE airing SET outcome = ?2, reason = ?3, ended = ?4, frames = ?5, aired = ?6, level = ?7,
                           device = coalesce(?8, device), paused = NULL, settled = ?9
         WHERE id = ?1",
    )?
    .execute((
        row.id,
        outcome.word(),
        finish.reason.map(Reason::word),
        micros(finish.ended),
        frames,
        span("the length aired", finish.aired)?,
        finish.level_dbfs,
        &finish.device,
        seq,
    ))?;
    let mut update =
        db.prepare_cached("UPDATE airing_cart SET aired = ?3 WHERE airing = ?1 AND position = ?2")?;
    for (position, aired) in (0i64..).zip(&finish.carts) {
        update.execute((row.id, position, span("the length aired", *aired)?))?;
    }
    Ok(())
}

/// The table of outcomes and reasons.
fn fits(outcome: Outcome, reason: Option<Reason>) -> Result<(), Refusal> {
    match reason {
        None if outcome == Outcome::Aired => Ok(()),
        None => Err(Refusal::NoReason { outcome }),
        Some(reason) if reason.fits(outcome) => Ok(()),
        Some(reason) => Err(Refusal::Misfit { outcome, reason }),
    }
}

/// An airing as far as the rules need it.
pub(super) struct Standing {
    pub(super) id: i64,
    cue: Option<(String, String, i64)>,
    outcome: Option<Outcome>,
    paused: bool,
    carts: usize,
}

pub(super) fn find(db: &Connection, airing: AiringId) -> Result<Option<Standing>, Stop> {
    let id = number(airing)?;
    let mut query = db.prepare_cached(
        "SELECT schedule, slot, due, outcome, paused IS NOT NULL,
                (SELECT count(*) FROM airing_cart WHERE airing = id)
         FROM airing WHERE id = ?1",
    )?;
    let found = query.query_row([id], |row| {
        let cue = match (row.get(0)?, row.get(1)?, row.get(2)?) {
            (Some(schedule), Some(slot), Some(due)) => Some((schedule, slot, due)),
            _ => None,
        };
        let carts = usize::try_from(row.get::<_, i64>(5)?).unwrap_or_default();
        Ok(Standing { id, cue, outcome: outcome_of(row, 3)?, paused: row.get(4)?, carts })
    });
    Ok(found.optional()?)
}

fn standing(db: &Connection, airing: AiringId) -> Result<Standing, Stop> {
    find(db, airing)?.ok_or_else(|| Refusal::NotBegun { airing }.into())
}

fn sounding(db: &Connection, airing: AiringId) -> Result<Standing, Stop> {
    let row = standing(db, airing)?;
    match row.outcome {
        Some(Outcome::OnAir) => Ok(row),
        None => Err(Refusal::NotSounding { airing }.into()),
        Some(outcome) => Err(Refusal::Ended { airing, outcome }.into()),
    }
}

/// The airing that has that cue, and how it stands.
fn holder(db: &Connection, cue: (&str, &str, i64)) -> rusqlite::Result<Option<(i64, Option<Outcome>)>> {
    db.prepare_cached("SELECT id, outcome FROM airing WHERE schedule = ?1 AND slot = ?2 AND due = ?3")?
        .query_row(cue, |row| Ok((row.get(0)?, outcome_of(row, 1)?)))
        .optional()
}

fn outcome_of(row: &rusqlite::Row<'_>, column: usize) -> rusqlite::Result<Option<Outcome>> {
    let word: Option<String> = row.get(column)?;
    word.map(|word| word.parse().map_err(|()| odd(column, format!("`{word}` is no outcome")))).transpose()
}

/// Its recordings go with it.
fn take_out(db: &Connection, id: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM airing WHERE id = ?1")?.execute([id]).map(drop)
}

fn spend(db: &Connection, id: i64) -> rusqlite::Result<()> {
    db.prepare_cached("INSERT INTO airing_spent VALUES (?1)")?.execute([id]).map(drop)
}

fn close_version(db: &Connection, schedule: &str, at: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("UPDATE version SET until = ?2 WHERE schedule = ?1 AND until IS NULL")?
        .execute((schedule, at))
}

fn key(cue: &CueId) -> (&str, &str, i64) {
    (cue.schedule.as_str(), cue.slot.as_str(), micros(cue.due))
}

fn number(airing: AiringId) -> Result<i64, Refusal> {
    match i64::try_from(airing.0) {
        Ok(id @ 1..) => Ok(id),
        _ => Err(Refusal::OutOfRange { what: "the number of an airing,", found: airing.to_string() }),
    }
}

/// Nanoseconds; 292 years at most.
pub(super) fn span(what: &'static str, span: Duration) -> Result<i64, Refusal> {
    i64::try_from(span.as_nanos()).map_err(|_| Refusal::OutOfRange { what, found: format!("{span:?}") })
}
