//! What is wrong with the station now. Owns the list; each change of it is an entry in the journal.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::clock::Clock;
use crate::config::Config;
use crate::control::Alarm;
use crate::core::record::{AlarmState, Entry};
use crate::playout::DeadAir;
use crate::playout::scribe::Scribe;
use crate::words::{Language, emergencies};

/// The alarms that stand.
pub(super) struct Alarms {
    scribe: Scribe,
    clock: Arc<dyn Clock>,
    standing: Mutex<BTreeMap<(String, String), Standing>>,
}

/// What was found, and since when there is something to be found.
struct Standing {
    found: String,
    since: DateTime<Utc>,
}

impl Alarms {
    pub(super) fn new(scribe: Scribe, clock: Arc<dyn Clock>) -> Self {
        Alarms { scribe, clock, standing: Mutex::default() }
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
        self.scribe.hand_in(at, entries);
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

/// Tells of dead air: the playout knows it, and has no alarms of its own.
pub(super) struct Silence {
    alarms: Arc<Alarms>,
    language: Language,
    zone: Tz,
    told: Option<DeadAir>,
}

impl Silence {
    pub(super) fn new(config: &Config, alarms: Arc<Alarms>) -> Silence {
        let (language, zone) = (config.station.language, config.station.time_zone);
        Silence { alarms, language, zone, told: None }
    }

    /// Raises the alarm, or lets it be over.
    pub(super) fn tell(&mut self, dead: Option<&DeadAir>) {
        if self.told.as_ref() == dead {
            return;
        }
        let said = |dead: &DeadAir| {
            (dead.title.clone(), emergencies::dead_air(self.language, self.zone, dead.since))
        };
        self.alarms.set("dead_air", dead.map(said).into_iter().collect());
        self.told = dead.cloned();
    }
}
