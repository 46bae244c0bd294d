//! What the clerk asks of a plan: what is live in it, what plays a recording, and how it would be without a schedule. Owns
//! no decision.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::core::airing::ScheduleId;
use crate::core::cart::CartName;
use crate::core::drops::Airs;
use crate::core::preview::{self, Grounds};
use crate::core::rundown::{Plan, Version};
use crate::core::schedule::Schedule;

/// The schedule that is live under that id.
pub(super) fn live<'a>(plan: &'a Plan, id: &ScheduleId) -> Option<&'a Arc<Schedule>> {
    let of_it = |version: &&Version| version.until.is_none() && version.schedule.id == *id;
    plan.versions.iter().find(of_it).map(|version| &version.schedule)
}

/// Whether a live schedule plays that recording, at any time, or may play it until its own have arrived.
pub(super) fn plays(plan: &Plan, name: &CartName) -> bool {
    let is_live = |id: &ScheduleId| live(plan, id).is_some();
    let answering = plan.versions.iter().filter(|version| is_live(&version.schedule.id));
    answering.flat_map(|version| version.schedule.played()).any(|played| played == name)
}

/// The plan as it is when that schedule ends now.
pub(super) fn without(plan: &Plan, id: &ScheduleId, now: DateTime<Utc>) -> Plan {
    let mut plan = plan.clone();
    for version in &mut plan.versions {
        if version.until.is_none() && version.schedule.id == *id {
            version.until = Some(now);
        }
    }
    plan
}

pub(super) fn airs(plan: &Plan, name: &CartName, grounds: &Grounds<'_>) -> Vec<Airs> {
    let cues = preview::cues_with(plan, std::slice::from_ref(name), grounds);
    let airs = |cue: preview::Coming| {
        let expected = cue.expected.filter(|at| *at != cue.due);
        Airs { title: cue.title, due: cue.due, expected }
    };
    cues.into_iter().map(airs).collect()
}
