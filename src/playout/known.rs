//! What this run knows of itself without asking the journal: which cues it has decided, and what its slots played. Owns
//! the time since which nobody else can have aired anything; never reads the journal.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::core::airing::{AiringId, CueId, ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::record::Entry;

/// More cues than this are not remembered: those of a week and more ago go.
const MANY: usize = 20_000;
const KEPT: TimeDelta = TimeDelta::days(7);

/// See the module's words.
pub(super) struct Known {
    since: DateTime<Utc>,
    begun: HashMap<AiringId, (CueId, Vec<CartName>)>,
    decided: HashSet<CueId>,
    played: HashMap<(ScheduleId, SlotId), Vec<CartName>>,
}

impl Known {
    /// A run that knows nothing yet.
    pub(super) fn nothing() -> Known {
        Known {
            since: DateTime::<Utc>::MAX_UTC,
            begun: HashMap::new(),
            decided: HashSet::new(),
            played: HashMap::new(),
        }
    }

    /// What falls due after `since` no earlier run has aired.
    pub(super) fn alone_since(&mut self, since: DateTime<Utc>) {
        self.since = since;
    }

    /// Since when.
    pub(super) fn since(&self) -> DateTime<Utc> {
        self.since
    }

    /// Takes in what is written down.
    pub(super) fn hear(&mut self, entry: &Entry) {
        match entry {
            Entry::Begin(begin) => {
                if let Some(cue) = &begin.cue {
                    let carts = begin.carts.iter().map(|cart| cart.file.clone()).collect();
                    self.begun.insert(begin.airing, (cue.clone(), carts));
                }
            }
            Entry::Sounded { airing, .. } => {
                if let Some((cue, carts)) = self.begun.get(airing) {
                    self.played.insert((cue.schedule.clone(), cue.slot.clone()), carts.clone());
                    self.decide(cue.clone());
                }
            }
            Entry::Finish(finish) => drop(self.begun.remove(&finish.airing)),
            Entry::Missed(missed) => {
                self.begun.remove(&missed.airing);
                if let Some(cue) = missed.cue.clone() {
                    self.decide(cue);
                }
            }
            _ => {}
        }
    }

    /// That cue waits again.
    pub(super) fn reopened(&mut self, cue: &CueId) {
        self.decided.remove(cue);
    }

    fn decide(&mut self, cue: CueId) {
        if self.decided.len() >= MANY {
            let until = cue.due - KEPT;
            self.decided.retain(|one| one.due >= until);
            self.since = self.since.max(until);
        }
        self.decided.insert(cue);
    }

    /// The cues due in `[from, until]` that this run has given an outcome or put on air.
    pub(super) fn decided(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> HashSet<CueId> {
        self.decided.iter().filter(|cue| (from..=until).contains(&cue.due)).cloned().collect()
    }

    /// What that slot played last in this run.
    pub(super) fn played(&self, schedule: &ScheduleId, slot: &SlotId) -> Option<Vec<CartName>> {
        self.played.get(&(schedule.clone(), slot.clone())).cloned()
    }
}
