//! What a station of the rig did, as lines of text, and whether its journal is sound. Reads; changes nothing.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::clock::Clock;
use loa::core::airing::{Airing, Kind, Outcome, Priority};
use loa::core::record::Record;
use loa::journal::{Filter, Reader};

use super::rig::Rig;

impl Rig {
    pub fn airings(&self) -> Vec<Airing> {
        Reader::open(&self.path()).unwrap().airings(&Filter::default(), None).unwrap()
    }

    /// The as-run log: one line an airing, e.g. `01 05:30 sang: aired from 05:30:00, 60 s`.
    pub fn log(&self) -> String {
        self.airings().iter().map(|airing| self.line(airing)).collect::<Vec<_>>().join("\n")
    }

    fn line(&self, airing: &Airing) -> String {
        let civil = |at: DateTime<Utc>, form: &str| at.with_timezone(&self.zone).format(form).to_string();
        let who = match &airing.cue {
            Some(cue) if cue.is_emergency() => {
                format!("{} EMERGENCY {}", civil(cue.due, "%d %H:%M"), airing.title)
            }
            Some(cue) => format!("{} {}", civil(cue.due, "%d %H:%M"), cue.slot),
            None => format!("{} {}", airing.kind, airing.title),
        };
        let outcome = airing.outcome.map_or("begun", Outcome::word);
        let reason = airing.reason.map(|reason| format!(", {reason}")).unwrap_or_default();
        let from = airing.started.map(|at| format!(" from {}", civil(at, "%H:%M:%S"))).unwrap_or_default();
        let aired = if airing.frames > 0 { format!(", {} s", airing.aired.as_secs()) } else { String::new() };
        let test = if airing.kind == Kind::Test { " (test)" } else { "" };
        format!("{who}: {outcome}{reason}{from}{aired}{test}")
    }

    /// What must hold of every station whatever happened to it: the journal is whole, no two programmes are audible at
    /// once, nothing sounds in the quiet hours, and every cue has exactly one true outcome.
    pub fn assert_sound(&mut self) {
        let verdict = loa::journal::verify(&self.path(), None, &mut |_, _| ()).unwrap();
        assert!(verdict.is_whole(), "the journal: {:?}", verdict.flaw);
        let mut heard = self.stage.lock().unwrap().heard.clone();
        heard.sort_by_key(|one| one.steady);
        let slack = Duration::from_millis(1);
        for pair in heard.windows(2) {
            assert!(pair[1].steady.0 + slack >= pair[0].steady.1, "two programmes at once: {pair:?}");
        }
        let emergencies = self.airings().into_iter().filter(|airing| airing.priority == Priority::Emergency);
        let emergencies: Vec<_> =
            emergencies.filter_map(|airing| Some((airing.started?, airing.ended?))).collect();
        let is_emergency = |from, until| {
            let slack = TimeDelta::milliseconds(1);
            emergencies.iter().any(|(began, ended)| *began <= from + slack && until <= *ended + slack)
        };
        let exempt = !self.settings.policy.exempt.is_empty();
        for one in heard.iter().filter(|_| !exempt) {
            let (from, until) = one.wall;
            let lasted = TimeDelta::from_std(one.steady.1 - one.steady.0).unwrap();
            // A clock set into the quiet hours while something sounds ends it then, not before.
            if (until - from - lasted).abs() < TimeDelta::seconds(1) {
                let quiet =
                    self.settings.policy.quiet.touches(self.zone, from, until - TimeDelta::milliseconds(500));
                let allowed = !quiet || is_emergency(from, until);
                assert!(allowed, "sound in the quiet hours: {from} to {until}");
            }
        }
        let mut seen = HashSet::new();
        for airing in self.airings() {
            let (Some(cue), Some(outcome)) = (&airing.cue, airing.outcome) else { continue };
            assert!(seen.insert(cue.clone()), "two rows for {cue:?}");
            let fits = airing
                .reason
                .map_or(outcome == Outcome::Aired || outcome == Outcome::OnAir, |r| r.fits(outcome));
            assert!(fits, "{}", self.line(&airing));
        }
        let founded = self.journal().span().unwrap().unwrap().0;
        let settled_until = self.clock.now() - TimeDelta::hours(7);
        for cue in self.plan().cues(founded, settled_until) {
            assert!(
                seen.contains(&cue.id()),
                "no outcome for {} {}",
                cue.slot.id,
                cue.due.with_timezone(&self.zone)
            );
        }
    }
}
