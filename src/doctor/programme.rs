//! What the station is to air in the coming week: its schedules and their recordings. Owns which of it is told; the
//! plan and the library are handed in by whoever has read them.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::core::cart::{Cart, CartName};
use crate::core::checkup::{Finding, Lacking, Station};
use crate::core::preview::{Grounds, missing_anywhere};
use crate::core::rundown::{Cue, Plan};
use crate::intake::schedules::{Sheet, compare};

/// How far ahead it looks.
const AHEAD: TimeDelta = TimeDelta::days(7);
/// Cues without their recordings that are told one by one.
const MOST: usize = 20;

fn coming(plan: &Plan, now: DateTime<Utc>) -> Vec<Cue> {
    let mut cues = plan.cues(now, now + AHEAD);
    cues.retain(|cue| cue.fate.is_none());
    cues
}

/// What is wrong with the schedules in their folder, and what comes.
pub fn schedules(sheets: &[Sheet], plan: &Plan, now: DateTime<Utc>) -> Vec<Finding> {
    let faulty = compare(&[], sheets, false).faulty;
    let faults = faulty.into_values().flatten().map(|fault| Station::ScheduleFaulty(Box::new(fault)));
    let mut found: Vec<Station> = faults.collect();
    let cues = coming(plan, now);
    found.push(match cues.first() {
        _ if plan.versions.is_empty() => Station::NoSchedule,
        None => Station::NothingComes,
        Some(first) => Station::Comes { cues: cues.len(), first: first.due },
    });
    found.into_iter().map(Finding::from).collect()
}

/// What the cues of the coming week lack, and what was not listened through yet.
pub fn recordings(plan: &Plan, grounds: &Grounds<'_>) -> Vec<Finding> {
    let (library, until) = (grounds.library, grounds.now + AHEAD);
    let fault = |name: &CartName| match library.get(name) {
        Some(Cart::Faulty(fault)) => Some(fault.clone()),
        _ => None,
    };
    let lacking = missing_anywhere(plan, grounds).into_iter().filter(|missing| missing.due <= until);
    let mut found: Vec<Station> = lacking
        .take(MOST)
        .map(|missing| {
            let carts = missing.carts.iter().map(|name| (name.clone(), fault(name))).collect();
            let meanwhile = !missing.meanwhile.is_empty();
            Station::Lacks(Box::new(Lacking { title: missing.title, due: missing.due, carts, meanwhile }))
        })
        .collect();
    let cues = coming(plan, grounds.now);
    let played = cues.iter().flat_map(|cue| cue.plays(library).iter());
    let unmeasured: BTreeSet<&CartName> =
        played.filter(|name| matches!(library.get(name), Some(Cart::Unmeasured))).collect();
    if !unmeasured.is_empty() {
        found.push(Station::Unmeasured { recordings: unmeasured.len() });
    } else if found.is_empty() && !cues.is_empty() {
        found.push(Station::RecordingsThere);
    }
    found.into_iter().map(Finding::from).collect()
}
