//! What a new version of a schedule changes: the coming days as they would be with it beside the coming days as they
//! are, foretold by the rules that the playout follows. Owns the comparison; never makes anything live.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::airing::{CueId, ScheduleId, SlotId};
use super::cart::{Cart, CartFault, CartName, Library};
use super::limits::Sounded;
use super::pattern::Day;
use super::rundown::forecast::{Notice, Policy, Row, forecast};
use super::rundown::{Cue, Plan};

/// The coming days that a receipt tells of.
pub const DAYS: u64 = 7;

/// What changes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// The cues of the version itself in the coming [`DAYS`], by due.
    pub cues: Vec<Coming>,
    /// What is other than it was, by due; empty where nothing changes.
    pub shifts: Vec<Shift>,
    /// Cues whose recordings are not all in, each with its deadline, as far ahead as they are known.
    pub missing: Vec<Missing>,
    /// The first cue of the version, however far ahead.
    pub first: Option<Coming>,
}

/// A cue and when it is expected to start.
#[derive(Clone, Debug, PartialEq)]
pub struct Coming {
    /// Its slot.
    pub slot: SlotId,
    /// The title of its slot.
    pub title: String,
    /// The planned instant.
    pub due: DateTime<Utc>,
    /// When it will start by what is known; none: it will not.
    pub expected: Option<DateTime<Utc>>,
    /// What stands in its way.
    pub notice: Option<Notice>,
}

/// A cue that is other than it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    /// The schedule: another one's where the new version makes its cue wait, or cuts it.
    pub schedule: ScheduleId,
    /// The cue as it will be; as it was, where it falls away.
    pub cue: Coming,
    /// How it differs.
    pub kind: ShiftKind,
}

/// How a cue differs from what it was.
#[derive(Clone, Debug, PartialEq)]
pub enum ShiftKind {
    /// It is new.
    Added,
    /// It falls away.
    Removed,
    /// The slot's cue of that day had another due.
    Moved {
        /// The due it had.
        from: DateTime<Utc>,
    },
    /// It plays something else.
    Replaced {
        /// What it played.
        before: Arc<[CartName]>,
        /// What it plays now.
        now: Arc<[CartName]>,
    },
    /// Its due and recordings are as they were; it now waits, is cut, or cannot air, or no longer does.
    Affected {
        /// What stood in its way before.
        before: Option<Notice>,
    },
}

/// A cue that lacks recordings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The title of its slot.
    pub title: String,
    /// Its first due that lacks them; the recordings must be in the inbox before the preroll.
    pub due: DateTime<Utc>,
    /// The latest instant at which they may be dropped: due, less the preroll and what intake takes.
    pub deadline: DateTime<Utc>,
    /// What it lacks.
    pub carts: Vec<CartName>,
    /// What it plays until they are in: its old recordings. Empty: it airs without them, or not at all.
    pub meanwhile: Vec<CartName>,
}

/// Recordings must be in the inbox so long before the cue: they are settled, listened through and stored meanwhile.
pub const INTAKE_TAKES: TimeDelta = TimeDelta::minutes(5);

/// How far ahead missing recordings are told of.
const AHEAD: TimeDelta = TimeDelta::days(62);
/// How far ahead the first cue of a version is looked for.
const FAR_AHEAD: TimeDelta = TimeDelta::days(400);

/// What the station has, beside the plans that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Grounds<'a> {
    /// The recordings.
    pub library: &'a Library,
    /// What binds every airing.
    pub policy: &'a Policy,
    /// What has been heard, as far as the limits count it.
    pub sounded: &'a Sounded,
    /// The present.
    pub now: DateTime<Utc>,
}

/// What changes when `after` takes the place of `before`, told of that schedule, and of others where it touches them.
pub fn preview(before: &Plan, after: &Plan, schedule: &ScheduleId, grounds: &Grounds<'_>) -> Preview {
    let until = grounds.now + TimeDelta::days(i64::try_from(DAYS).unwrap_or(7));
    let (was, will) = (rows(before, grounds, until), rows(after, grounds, until));
    let own: Vec<&Row> = will.iter().filter(|row| row.cue.schedule.id == *schedule).collect();
    Preview {
        cues: own.iter().filter(|row| row.cue.fate.is_none()).map(|row| coming(row)).collect(),
        shifts: shifts(&was, &will, schedule, after.zone),
        missing: missing(after, schedule, grounds),
        first: own.iter().find(|row| row.cue.fate.is_none()).map(|row| coming(row)).or_else(|| {
            first_after(&only(after, schedule), until).map(|cue| Coming {
                slot: cue.slot.id.clone(),
                title: cue.slot.title.clone(),
                due: cue.due,
                expected: Some(cue.due),
                notice: None,
            })
        }),
    }
}

/// The cues of the coming days that play one of those recordings, by what is live.
pub fn cues_with(plan: &Plan, names: &[CartName], grounds: &Grounds<'_>) -> Vec<Coming> {
    let until = grounds.now + TimeDelta::days(i64::try_from(DAYS).unwrap_or(7));
    let plays = |row: &Row| {
        let by_now = row.cue.plays(grounds.library).iter();
        row.cue.fate.is_none() && row.cue.play.iter().chain(by_now).any(|name| names.contains(name))
    };
    let mut found = Vec::new();
    forecast(plan, grounds.library, grounds.policy, grounds.sounded, grounds.now, until, |row| {
        if plays(&row) {
            found.push(coming(&row));
        }
    });
    found
}

/// The first cue that plays that recording after the coming [`DAYS`], by what is live.
pub fn later_with(plan: &Plan, name: &CartName, grounds: &Grounds<'_>) -> Option<(String, DateTime<Utc>)> {
    let versions =
        plan.versions.iter().filter(|version| version.schedule.played().any(|played| played == name));
    let plan = Plan { versions: versions.cloned().collect(), ..plan.clone() };
    let after = grounds.now + TimeDelta::days(i64::try_from(DAYS).unwrap_or(7));
    let cue = first_where(&plan, after, |cue| cue.play.contains(name))?;
    Some((cue.slot.title.clone(), cue.due))
}

/// The cues of the coming [`DAYS`], of every schedule, by due: the first `most`, and how many there are beyond.
pub fn coming_days(plan: &Plan, grounds: &Grounds<'_>, most: usize) -> (Vec<Coming>, usize) {
    let until = grounds.now + TimeDelta::days(i64::try_from(DAYS).unwrap_or(7));
    let (mut found, mut beyond) = (Vec::new(), 0);
    forecast(plan, grounds.library, grounds.policy, grounds.sounded, grounds.now, until, |row| {
        match found.len() < most {
            true => found.push(coming(&row)),
            false => beyond += 1,
        }
    });
    (found, beyond)
}

/// What lacks recordings in that plan, of every schedule.
pub fn missing_anywhere(plan: &Plan, grounds: &Grounds<'_>) -> Vec<Missing> {
    gather(plan, grounds)
}

/// The first cue of that plan after an instant that will air.
fn first_after(plan: &Plan, after: DateTime<Utc>) -> Option<Cue> {
    first_where(plan, after, |_| true)
}

/// The first such cue; a week at a time, so that no year stands in memory.
fn first_where(plan: &Plan, after: DateTime<Utc>, is_it: impl Fn(&Cue) -> bool) -> Option<Cue> {
    let weeks = (0..FAR_AHEAD.num_weeks()).map(|week| after + TimeDelta::weeks(week));
    weeks.into_iter().find_map(|from| {
        let cues = plan.cues(from, from + TimeDelta::weeks(1));
        cues.into_iter().find(|cue| cue.fate.is_none() && is_it(cue))
    })
}

fn missing(plan: &Plan, schedule: &ScheduleId, grounds: &Grounds<'_>) -> Vec<Missing> {
    gather(&only(plan, schedule), grounds)
}

/// One row for each slot and set of missing recordings, with the first due.
fn gather(plan: &Plan, grounds: &Grounds<'_>) -> Vec<Missing> {
    let library = grounds.library;
    // What is there and not approved is no office's to send.
    let lacks = |name: &&CartName| match library.get(name) {
        None => true,
        Some(Cart::Faulty(fault)) => *fault != CartFault::NotApproved,
        Some(_) => false,
    };
    // Of what begins later than that, the first weeks count.
    let first = plan.versions.iter().filter(|version| version.until.is_none());
    let first = first.map(|version| version.schedule.valid_from).min();
    let first = first.map_or(grounds.now, |date| Day::new(date, plan.zone).at(NaiveTime::MIN));
    let from = grounds.now.max(first - TimeDelta::seconds(1));
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    plan.each_day(from, from + AHEAD, |cues| {
        for cue in cues.drain(..).filter(|cue| cue.fate.is_none()) {
            let carts: Vec<CartName> = cue.play.iter().filter(lacks).cloned().collect();
            if carts.is_empty() || !seen.insert((cue.schedule.id.clone(), cue.slot.id.clone(), carts.clone()))
            {
                continue;
            }
            let plays = cue.plays(library);
            let meanwhile = if *plays == cue.play { Vec::new() } else { plays.to_vec() };
            found.push(Missing {
                title: cue.slot.title.clone(),
                due: cue.due,
                deadline: cue.due - INTAKE_TAKES,
                carts,
                meanwhile,
            });
        }
    });
    found
}

fn only(plan: &Plan, schedule: &ScheduleId) -> Plan {
    let versions = plan.versions.iter().filter(|version| version.schedule.id == *schedule).cloned().collect();
    Plan { versions, ..plan.clone() }
}

fn rows(plan: &Plan, grounds: &Grounds<'_>, until: DateTime<Utc>) -> Vec<Row> {
    let mut rows = Vec::new();
    forecast(plan, grounds.library, grounds.policy, grounds.sounded, grounds.now, until, |row| {
        rows.push(row)
    });
    rows
}

fn coming(row: &Row) -> Coming {
    let due = row.cue.due;
    let expected = match &row.notice {
        Some(
            Notice::Waits { until, .. }
            | Notice::WaitsForQuiet { until }
            | Notice::WaitsForLimit { until, .. },
        ) => Some(*until),
        None
        | Some(Notice::CutBy { .. } | Notice::Former { .. } | Notice::WithoutCarts { all: false, .. }) => {
            Some(due)
        }
        Some(_) => None,
    };
    Coming {
        slot: row.cue.slot.id.clone(),
        title: row.cue.slot.title.clone(),
        due,
        expected,
        notice: row.notice.clone(),
    }
}

fn shifts(was: &[Row], will: &[Row], schedule: &ScheduleId, zone: Tz) -> Vec<Shift> {
    let airs = |row: &&Row| row.cue.fate.is_none();
    let by_id = |rows: &[Row]| -> HashMap<CueId, usize> {
        let with_id = rows.iter().enumerate().filter(|(_, row)| airs(row));
        with_id.map(|(at, row)| (row.cue.id(), at)).collect()
    };
    let (before, after) = (by_id(was), by_id(will));
    let shift = |row: &Row, kind| Shift { schedule: row.cue.schedule.id.clone(), cue: coming(row), kind };
    let own = |row: &&Row| row.cue.schedule.id == *schedule;
    let mut found = Vec::new();
    let day = |row: &Row| row.cue.due.with_timezone(&zone).date_naive();
    let gone = was.iter().filter(airs).filter(own).filter(|row| !after.contains_key(&row.cue.id()));
    let mut gone_of: HashMap<(SlotId, NaiveDate), VecDeque<&Row>> = HashMap::new();
    for row in gone {
        gone_of.entry((row.cue.slot.id.clone(), day(row))).or_default().push_back(row);
    }
    for row in will.iter().filter(airs) {
        match before.get(&row.cue.id()).map(|at| &was[*at]) {
            Some(old) if own(&row) && old.cue.play != row.cue.play => {
                let kind = ShiftKind::Replaced { before: old.cue.play.clone(), now: row.cue.play.clone() };
                found.push(shift(row, kind));
            }
            Some(old) if old.notice != row.notice => {
                found.push(shift(row, ShiftKind::Affected { before: old.notice.clone() }));
            }
            Some(_) => {}
            None if own(&row) => {
                let same = gone_of.get_mut(&(row.cue.slot.id.clone(), day(row)));
                let kind = match same.and_then(VecDeque::pop_front) {
                    Some(old) => ShiftKind::Moved { from: old.cue.due },
                    None => ShiftKind::Added,
                };
                found.push(shift(row, kind));
            }
            None => {}
        }
    }
    // What a change called off is told with the change's own words.
    let called_off: HashMap<CueId, &Row> =
        will.iter().filter(|row| row.cue.fate.is_some()).map(|row| (row.cue.id(), row)).collect();
    found.extend(gone_of.into_values().flatten().map(|old| {
        let mut removed = shift(old, ShiftKind::Removed);
        removed.cue.expected = None;
        removed.cue.notice = called_off.get(&old.cue.id()).and_then(|row| row.notice.clone());
        removed
    }));
    found.sort_by_key(|shift| shift.cue.due);
    found
}
