//! What the playout knows to be wrong, as alarms: no card, a clock that is not trusted, dead air. Owns how long each must
//! last, or stands at least; the playout has no alarms of its own, and is asked after each of its turns.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;

use super::alarms::Alarms;
use crate::config::Config;
use crate::core::card::NotOpened;
use crate::core::standing::CardStanding;
use crate::playout::{DeadAir, Playout};
use crate::words::{Language, conditions, emergencies};

/// After a start the machine is asked about its clock first.
const DISTRUST_LASTS: Duration = Duration::from_secs(30);
/// Another programme sounds seconds after dead air. Whoever looks in, or is far away, is told of it all the same.
const DEAD_AIR_STANDS: Duration = Duration::from_secs(600);

/// What is told of the card.
enum Card {
    NotTried,
    Opens,
    /// What was found at each card of the list.
    Missing(Vec<(String, NotOpened)>),
}

/// See the module's words.
pub(super) struct Conditions {
    alarms: Arc<Alarms>,
    language: Language,
    zone: Tz,
    dead: Option<(DeadAir, Duration)>,
    card: Card,
    distrusted: Option<Duration>,
    distrust_told: bool,
}

impl Conditions {
    pub(super) fn new(config: &Config, alarms: Arc<Alarms>) -> Conditions {
        let (language, zone) = (config.station.language, config.station.time_zone);
        for code in ["dead_air", "clock_not_trusted"] {
            alarms.set(code, BTreeMap::new());
        }
        Conditions {
            alarms,
            language,
            zone,
            dead: None,
            card: Card::NotTried,
            distrusted: None,
            distrust_told: false,
        }
    }

    /// Raises what there is to raise, at that steady time.
    pub(super) fn look(&mut self, playout: &Playout, at: Duration) {
        self.dead_air(playout.dead_air(), at);
        self.card(playout.card());
        self.clock(playout.trusts_clock(), at);
    }

    fn dead_air(&mut self, dead: Option<&DeadAir>, at: Duration) {
        match (dead, &self.dead) {
            (Some(dead), Some((told, _))) if dead == told => {}
            (Some(dead), _) => {
                let said = emergencies::dead_air(self.language, self.zone, dead.since);
                self.alarms.set("dead_air", BTreeMap::from([(dead.title.clone(), said)]));
                self.dead = Some((dead.clone(), at));
            }
            (None, Some((_, since))) if at.saturating_sub(*since) >= DEAD_AIR_STANDS => {
                self.alarms.set("dead_air", BTreeMap::new());
                self.dead = None;
            }
            (None, _) => {}
        }
    }

    /// A card that was closed because nothing is due says nothing about whether it opens.
    fn card(&mut self, card: &CardStanding) {
        match (card, &self.card) {
            (CardStanding::Missing { tried }, Card::Missing(told)) if tried == told => {}
            (CardStanding::Missing { tried }, _) => {
                let (about, said) = conditions::no_card(self.language, tried);
                self.alarms.set("no_card", BTreeMap::from([(about, said)]));
                self.card = Card::Missing(tried.clone());
            }
            (CardStanding::Open { .. }, Card::NotTried | Card::Missing(_)) => {
                self.alarms.set("no_card", BTreeMap::new());
                self.card = Card::Opens;
            }
            _ => {}
        }
    }

    fn clock(&mut self, trusted: bool, at: Duration) {
        if trusted {
            self.distrusted = None;
            if std::mem::take(&mut self.distrust_told) {
                self.alarms.set("clock_not_trusted", BTreeMap::new());
            }
            return;
        }
        let since = *self.distrusted.get_or_insert(at);
        if at.saturating_sub(since) >= DISTRUST_LASTS && !std::mem::replace(&mut self.distrust_told, true) {
            let (about, said) = conditions::clock_not_trusted(self.language);
            self.alarms.set("clock_not_trusted", BTreeMap::from([(about, said)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;
    use crate::core::record::Record;
    use crate::journal::Journal;
    use crate::playout::scribe::Scribe;

    #[test]
    fn what_an_earlier_run_found_of_the_card_and_the_clock_is_over_when_this_one_knows_better() {
        let folder = tempfile::tempdir().unwrap();
        let journal: Arc<dyn Record> = Arc::new(Journal::open(&folder.path().join("journal.db")).unwrap());
        let alarms = Arc::new(Alarms::new(Scribe::from(journal), Arc::new(SystemClock::new())));
        let mut conditions = Conditions {
            alarms: alarms.clone(),
            language: Language::Vi,
            zone: Tz::Asia__Ho_Chi_Minh,
            dead: None,
            card: Card::NotTried,
            distrusted: None,
            distrust_told: false,
        };
        conditions.card(&CardStanding::Closed);
        assert!(!alarms.were_looked_for("no_card"), "nobody has tried to open it");
        conditions.card(&CardStanding::Open { device: "a".into(), silent: false });
        assert!(alarms.were_looked_for("no_card") && alarms.all().is_empty());
        let missing = |found: &str| CardStanding::Missing { tried: vec![("a".into(), found.into())] };
        for found in ["busy", "gone"] {
            conditions.card(&missing(found));
            assert!(alarms.all()[0].found.contains(found));
            conditions.card(&CardStanding::Closed);
            assert_eq!(alarms.all().len(), 1, "a closed card proves nothing");
        }
        conditions.card(&CardStanding::Open { device: "a".into(), silent: false });
        let second = Duration::from_secs;
        for (at, trusted, standing) in
            [(0, false, 0), (29, false, 0), (30, false, 1), (40, true, 0), (50, false, 0)]
        {
            conditions.clock(trusted, second(at));
            assert_eq!(alarms.all().len(), standing, "at {at} s");
        }
    }
}
