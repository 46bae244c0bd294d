//! What is wrong with the station now. Owns the list; each change of it is an entry in the journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::clock::Clock;
use crate::control::Alarm;
use crate::core::record::{AlarmState, Entry};
use crate::playout::scribe::Scribe;

/// The alarms that stand.
pub(super) struct Alarms {
    scribe: Scribe,
    clock: Arc<dyn Clock>,
    standing: Mutex<BTreeMap<(String, String), Standing>>,
    looked_for: Mutex<BTreeSet<String>>,
}

/// What was found, and since when there is something to be found.
struct Standing {
    found: String,
    since: DateTime<Utc>,
}

impl Alarms {
    pub(super) fn new(scribe: Scribe, clock: Arc<dyn Clock>) -> Self {
        Alarms { scribe, clock, standing: Mutex::default(), looked_for: Mutex::default() }
    }

    /// Makes the alarms of that code exactly these: what is new is raised, what is missing is over. Does not wait for the
    /// journal, whose own trouble may be the alarm.
    pub(super) fn set(&self, code: &str, now: BTreeMap<String, String>) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let at = self.clock.now();
        let mut entries = Vec::new();
        let mut note = |about: &str, found: &str, state| {
            entries.push(Entry::Alarm { code: code.into(), about: about.into(), found: found.into(), state });
        };
        for ((kind, about), Standing { found, .. }) in standing.iter() {
            if kind == code && now.get(about) != Some(found) {
                note(about, "", AlarmState::Over);
            }
        }
        let mut fresh = BTreeMap::new();
        for (about, found) in now {
            let key = (code.to_owned(), about);
            let before = standing.get(&key);
            if before.is_none_or(|before| before.found != found) {
                note(&key.1, &found, AlarmState::Raised);
            }
            let since = before.map_or(at, |before| before.since);
            fresh.insert(key, Standing { found, since });
        }
        standing.retain(|(kind, _), _| kind != code);
        standing.extend(fresh);
        self.looked_for.lock().unwrap_or_else(PoisonError::into_inner).insert(code.to_owned());
        self.scribe.hand_in(at, entries);
    }

    /// Whether it has been looked in this run whether there are alarms of that code.
    pub(super) fn were_looked_for(&self, code: &str) -> bool {
        self.looked_for.lock().unwrap_or_else(PoisonError::into_inner).contains(code)
    }

    /// All of them.
    pub(super) fn all(&self) -> Vec<Alarm> {
        let standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        let alarm = |((code, about), Standing { found, since }): (&(String, String), &Standing)| Alarm {
            code: code.clone(),
            about: about.clone(),
            found: found.clone(),
            since: *since,
        };
        standing.iter().map(alarm).collect()
    }
}
