//! What the journal answers: each question as one query or two, and rows as values. Owns the SQL of reading, for the
//! [`super::Reader`] as for the station's [`super::Journal`]; never writes.

use std::collections::HashSet;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, Row};

use super::chain::{self, Noted, instant, micros, odd};
use super::error::Fault;
use super::reader::Counts;
use crate::core::airing::{AiredCart, Airing, AiringId, CueId, Reason, ScheduleId, SlotId};
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::DropId;
use crate::core::order::Order;
use crate::core::record::{Approved, Dropped, Entry, Gap, Heard, JournalledVersion, Pulse, Span, Unfinished};
use crate::core::schedule::LONGEST_GRACE;

fn entries(db: &Connection, which: &str, number: i64) -> Result<Vec<Noted>, Fault> {
    let mut query = db.prepare_cached(&format!("SELECT {} FROM entry {which}", chain::COLUMNS))?;
    let mut rows = query.query([number])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(chain::noted(row)?);
    }
    Ok(found)
}

/// The last `count`, the latest last.
pub(super) fn latest(db: &Connection, count: usize) -> Result<Vec<Noted>, Fault> {
    let mut found = entries(db, "ORDER BY seq DESC LIMIT ?1", i64::try_from(count).unwrap_or(i64::MAX))?;
    found.reverse();
    Ok(found)
}

/// The last `most` starts and orderly ends, the latest last. Walks the whole chain where there are fewer.
pub(super) fn lives(db: &Connection, most: usize) -> Result<Vec<Noted>, Fault> {
    let which = "WHERE json_extract(body, '$.entry') IN ('started', 'ended') ORDER BY seq DESC LIMIT ?1";
    let mut found = entries(db, which, i64::try_from(most).unwrap_or(i64::MAX))?;
    found.reverse();
    Ok(found)
}

pub(super) fn entry(db: &Connection, seq: u64) -> Result<Option<Noted>, Fault> {
    Ok(entries(db, "WHERE seq = ?1", i64::try_from(seq).unwrap_or(0))?.pop())
}

pub(super) fn entry_at(db: &Connection, seq: i64) -> Result<Entry, Fault> {
    let missing = || Fault::Unreadable { seq: seq.unsigned_abs(), found: "there is no such entry".into() };
    entries(db, "WHERE seq = ?1", seq)?.pop().map(|noted| noted.entry).ok_or_else(missing)
}

/// The pulse is overwritten and proves nothing: one that another version of the program wrote is as good as none.
pub(super) fn pulse(db: &Connection) -> Result<Option<Pulse>, Fault> {
    let body: Option<String> =
        db.prepare_cached("SELECT body FROM pulse")?.query_row([], |row| row.get(0)).optional()?;
    Ok(body.and_then(|body| {
        serde_json::from_str(&body)
            .inspect_err(|error| tracing::warn!(%error, "the last pulse cannot be read"))
            .ok()
    }))
}

pub(super) fn span(db: &Connection) -> Result<Option<Span>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT (SELECT at FROM entry ORDER BY seq LIMIT 1), (SELECT at FROM entry ORDER BY seq DESC LIMIT 1)",
    )?;
    Ok(query.query_row([], |row| Ok(optional_instant(row, 0)?.zip(optional_instant(row, 1)?)))?)
}

pub(super) fn settled(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<HashSet<CueId>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT schedule, slot, due FROM airing
         WHERE placed BETWEEN ?1 AND ?2 AND due IS NOT NULL AND outcome IS NOT NULL",
    )?;
    let found = query.query_map([micros(from), micros(to)], |row| cue_of(row, 0))?;
    Ok(found.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

pub(super) fn unfinished(db: &Connection) -> Result<Vec<Unfinished>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT begun, started, device FROM airing WHERE outcome IS NULL OR outcome = 'on_air' ORDER BY id",
    )?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let Entry::Begin(begin) = entry_at(db, seq)? else {
            return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no begin".into() });
        };
        found.push(Unfinished { begin, sounded: optional_instant(row, 1)?, device: row.get(2)? });
    }
    Ok(found)
}

pub(super) fn last_played(
    db: &Connection,
    schedule: &ScheduleId,
    slot: &SlotId,
) -> Result<Option<Vec<CartName>>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT id FROM airing WHERE schedule = ?1 AND slot = ?2 AND started IS NOT NULL
         ORDER BY started DESC, id DESC LIMIT 1",
    )?;
    let id: Option<i64> = query.query_row((schedule.as_str(), slot.as_str()), |row| row.get(0)).optional()?;
    Ok(match id {
        Some(id) => Some(carts_of(db, id)?.into_iter().map(|cart| cart.file).collect()),
        None => None,
    })
}

/// Those that answered after `since`, or those that are live.
pub(super) fn versions(
    db: &Connection,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<JournalledVersion>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT seq, since, until FROM version WHERE until IS NULL OR until > ?1 ORDER BY seq",
    )?;
    let mut rows = query.query([since.map(micros)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get(0)?;
        let Entry::Live { schedule, file, text, .. } = entry_at(db, seq)? else {
            return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no version".into() });
        };
        let (from, until) = (instant(row.get(1)?, 1)?, optional_instant(row, 2)?);
        found.push(JournalledVersion { schedule, file, text, from, until });
    }
    Ok(found)
}

/// The orders given since `since` that outlive their moment, those that `which` says.
pub(super) fn lasting_orders(
    db: &Connection,
    since: DateTime<Utc>,
    which: impl Fn(&Order) -> bool,
) -> Result<Vec<(DateTime<Utc>, Order, String)>, Fault> {
    let mut query = db.prepare_cached("SELECT seq, at FROM skip WHERE at >= ?1 ORDER BY seq")?;
    let mut rows = query.query([micros(since)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, at) = (row.get(0)?, instant(row.get(1)?, 1)?);
        let Entry::Ordered { order, by, .. } = entry_at(db, seq)? else {
            return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no order".into() });
        };
        if which(&order) {
            found.push((at, order, by));
        }
    }
    Ok(found)
}

pub(super) fn heard(db: &Connection, since: DateTime<Utc>) -> Result<Vec<Heard>, Fault> {
    // Rows stand by their due, and no start is later than the longest grace allows.
    let grace = TimeDelta::from_std(LONGEST_GRACE).unwrap_or_default();
    let mut query = db.prepare_cached(
        "SELECT kind, schedule, slot, due, started, ended FROM airing
         WHERE placed >= ?1 AND started >= ?2 AND kind <> 'entered' ORDER BY started",
    )?;
    let mut rows = query.query((micros(since - grace), micros(since)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Heard {
            kind: word(row, 0)?,
            cue: cue_of(row, 1)?,
            from: instant(row.get(4)?, 4)?,
            until: optional_instant(row, 5)?,
        });
    }
    Ok(found)
}

pub(super) fn skips(db: &Connection, since: DateTime<Utc>) -> Result<Vec<(Order, String)>, Fault> {
    let skips = lasting_orders(db, since, |order| matches!(order, Order::Skip { .. }))?;
    Ok(skips.into_iter().map(|(_, order, by)| (order, by)).collect())
}

pub(super) fn has_drop(db: &Connection, id: &DropId) -> Result<bool, Fault> {
    Ok(db.prepare_cached("SELECT 1 FROM dropped WHERE id = ?1")?.exists([&*id.0])?)
}

pub(super) fn answered(db: &Connection, id: &DropId) -> Result<Option<u64>, Fault> {
    let mut query = db.prepare_cached("SELECT seq FROM dropped WHERE id = ?1")?;
    let seq: Option<i64> = query.query_row([&*id.0], |row| row.get(0)).optional()?;
    Ok(seq.map(i64::unsigned_abs))
}

pub(super) fn dropped_at(db: &Connection, seq: i64) -> Result<Dropped, Fault> {
    match entry_at(db, seq)? {
        Entry::Dropped(dropped) => Ok(dropped),
        _ => Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no drop".into() }),
    }
}

pub(super) fn brought(
    db: &Connection,
    subject: &str,
    content: &Fingerprint,
) -> Result<Option<Dropped>, Fault> {
    let mut query = db.prepare_cached(
        "SELECT seq FROM dropped WHERE subject = ?1 AND content = ?2 ORDER BY seq DESC LIMIT 1",
    )?;
    let seq: Option<i64> = query.query_row((subject, content.0), |row| row.get(0)).optional()?;
    seq.map(|seq| dropped_at(db, seq)).transpose()
}

/// The drops decided on in `[from, to)`, with when.
pub(super) fn drops(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(DateTime<Utc>, Dropped)>, Fault> {
    let mut query =
        db.prepare_cached("SELECT seq, at FROM dropped WHERE at >= ?1 AND at < ?2 ORDER BY seq")?;
    let mut rows = query.query([micros(from), micros(to)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push((instant(row.get(1)?, 1)?, dropped_at(db, row.get(0)?)?));
    }
    Ok(found)
}

pub(super) fn approvals(db: &Connection, schedule: &ScheduleId) -> Result<Vec<Approved>, Fault> {
    let mut query = db.prepare_cached("SELECT seq FROM approval WHERE schedule = ?1 ORDER BY seq")?;
    let mut rows = query.query([schedule.as_str()])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        match entry_at(db, seq)? {
            Entry::Approved(approved) => found.push(approved),
            Entry::Refused(_) => {}
            _ => {
                return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no approval".into() });
            }
        }
    }
    Ok(found)
}

pub(super) fn missed_by_clock(
    db: &Connection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<(AiringId, CueId)>, Fault> {
    const REASONS: [Reason; 3] = [Reason::Clock, Reason::Late, Reason::StationOff];
    let mut query = db.prepare_cached(
        "SELECT schedule, slot, due, id FROM airing
         WHERE outcome = 'missed' AND placed BETWEEN ?1 AND ?2 AND due IS NOT NULL AND reason IN (?3, ?4, ?5)
         ORDER BY placed, id",
    )?;
    let [clock, late, off] = REASONS.map(Reason::word);
    let found = query.query_map((micros(from), micros(to), clock, late, off), |row| {
        let id = airing_id(row.get(3)?);
        Ok(cue_of(row, 0)?.map(|cue| (id, cue)))
    })?;
    Ok(found.filter_map(Result::transpose).collect::<Result<_, _>>()?)
}

/// The stretches that were lost, the latest last.
pub(super) fn gaps(db: &Connection) -> Result<Vec<Gap>, Fault> {
    let mut query = db.prepare_cached("SELECT seq, after, at FROM restored ORDER BY seq")?;
    let mut rows = query.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (seq, after): (i64, i64) = (row.get(0)?, row.get(1)?);
        let Entry::Restored(restored) = entry_at(db, seq)? else {
            return Err(Fault::Unreadable { seq: seq.unsigned_abs(), found: "it is no restoration".into() });
        };
        let (first, last) = (after.unsigned_abs() + 1, seq.unsigned_abs() - 1);
        let entries = (first <= last).then_some((first, last));
        found.push(Gap { entries, until: instant(row.get(2)?, 2)?, restored });
    }
    Ok(found)
}

pub(super) fn counts(db: &Connection) -> Result<Counts, Fault> {
    let (head, _) = chain::head(db)?;
    let lost: i64 = db
        .prepare_cached("SELECT coalesce(sum(seq - after - 1), 0) FROM restored")?
        .query_row([], |row| row.get(0))?;
    let entries = head - lost;
    let mut query =
        db.prepare_cached("SELECT outcome, count(*) FROM airing WHERE outcome IS NOT NULL GROUP BY outcome")?;
    let airings = query.query_map([], |row| Ok((word(row, 0)?, row.get::<_, i64>(1)?.unsigned_abs())))?;
    Ok(Counts { entries: entries.unsigned_abs(), airings: airings.collect::<Result<_, _>>()? })
}

/// The joins are outer ones so that SQLite goes by the airings first.
pub(super) const AIRING: &str = "SELECT a.id, a.kind, a.schedule, a.slot, a.due, a.title, a.priority, a.started, a.ended,
    a.outcome, a.reason, a.planned, a.frames, a.aired, a.device, a.level, a.clock_synchronised, a.by, a.approved_by,
    s.hash, b.at
  FROM airing a LEFT JOIN entry b ON b.seq = a.begun LEFT JOIN entry s ON s.seq = a.settled";

fn one(db: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Option<Airing>, Fault> {
    let mut query = db.prepare_cached(&format!("{AIRING} WHERE {which}"))?;
    Ok(query.query_row(values, |row| airing(db, row)).optional()?)
}

pub(super) fn airing_numbered(db: &Connection, id: AiringId) -> Result<Option<Airing>, Fault> {
    one(db, "a.id = ?1", &[&row_of(id)])
}

pub(super) fn airing_of(db: &Connection, cue: &CueId) -> Result<Option<Airing>, Fault> {
    let (schedule, slot, due) = (cue.schedule.as_str(), cue.slot.as_str(), micros(cue.due));
    one(db, "a.schedule = ?1 AND a.slot = ?2 AND a.due = ?3", &[&schedule, &slot, &due])
}

/// What the entry that settled it says went wrong.
pub(super) fn detail(db: &Connection, id: AiringId) -> Result<String, Fault> {
    let mut query = db.prepare_cached("SELECT settled FROM airing WHERE id = ?1")?;
    let seq: Option<i64> = query.query_row([row_of(id)], |row| row.get(0)).optional()?;
    Ok(match seq.map(|seq| entry_at(db, seq)).transpose()? {
        Some(Entry::Finish(finish)) => finish.detail,
        Some(Entry::Missed(missed)) => missed.detail,
        Some(Entry::Entered(entered)) => entered.why,
        Some(Entry::TakenBack(back)) => format!("{} ({})", back.why, back.by),
        _ => String::new(),
    })
}

pub(super) fn airing(db: &Connection, row: &Row<'_>) -> rusqlite::Result<Airing> {
    let id: i64 = row.get(0)?;
    Ok(Airing {
        id: airing_id(id),
        kind: word(row, 1)?,
        cue: cue_of(row, 2)?,
        title: row.get(5)?,
        priority: word(row, 6)?,
        started: optional_instant(row, 7)?,
        ended: optional_instant(row, 8)?,
        outcome: optional_word(row, 9)?,
        reason: optional_word(row, 10)?,
        planned: row.get::<_, Option<i64>>(11)?.map(nanos),
        frames: row.get::<_, i64>(12)?.unsigned_abs(),
        aired: nanos(row.get(13)?),
        device: row.get(14)?,
        level_dbfs: row.get(15)?,
        clock_synchronised: row.get(16)?,
        by: row.get(17)?,
        approved_by: row.get(18)?,
        entry_hash: Fingerprint(row.get(19)?).to_string(),
        noted: instant(row.get(20)?, 20)?,
        carts: carts_of(db, id)?,
    })
}

fn carts_of(db: &Connection, airing: i64) -> rusqlite::Result<Vec<AiredCart>> {
    let mut query = db.prepare_cached(
        "SELECT file, title, kind, topic, source, sha256, aired FROM airing_cart WHERE airing = ?1 ORDER BY position",
    )?;
    query
        .query_map([airing], |row| {
            // As it was written, not as a person would be made to write it today.
            let file: String = row.get(0)?;
            let file = serde_json::from_value(serde_json::Value::String(file));
            Ok(AiredCart {
                file: file.map_err(|error| odd(0, error.to_string()))?,
                title: row.get(1)?,
                kind: row.get(2)?,
                topic: row.get(3)?,
                source: row.get(4)?,
                sha256: row.get::<_, Option<[u8; 32]>>(5)?.map(Fingerprint),
                aired: nanos(row.get(6)?),
            })
        })?
        .collect()
}

/// The cue in three columns from `first`.
pub(super) fn cue_of(row: &Row<'_>, first: usize) -> rusqlite::Result<Option<CueId>> {
    let schedule: Option<String> = row.get(first)?;
    let slot: Option<String> = row.get(first + 1)?;
    let due = optional_instant(row, first + 2)?;
    Ok(match (schedule, slot, due) {
        (Some(schedule), Some(slot), Some(due)) => {
            Some(CueId { schedule: schedule.as_str().into(), slot: slot.as_str().into(), due })
        }
        _ => None,
    })
}

/// Its key in the file; 0, which no airing has, where it is beyond all numbers.
pub(super) fn row_of(id: AiringId) -> i64 {
    i64::try_from(id.0).unwrap_or(0)
}

pub(super) fn airing_id(id: i64) -> AiringId {
    AiringId(id.unsigned_abs())
}

pub(super) fn nanos(span: i64) -> Duration {
    Duration::from_nanos(span.unsigned_abs())
}

pub(super) fn optional_instant(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    row.get::<_, Option<i64>>(column)?.map(|micros| instant(micros, column)).transpose()
}

pub(super) fn optional_word<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    let word: Option<String> = row.get(column)?;
    word.map(|word| word.parse().map_err(|_| odd(column, format!("`{word}` is none of ours")))).transpose()
}

pub(super) fn word<T: FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    optional_word(row, column)?.ok_or_else(|| odd(column, "nothing".into()))
}
