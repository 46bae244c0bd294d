//! What the playout knows to be wrong, as alarms: no card, a clock that is not trusted, dead air. Owns how long each must
//! last, or stands at least; the playout has no alarms of its own, and is asked after each of its turns.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono_tz::Tz;

use super::alarms::Alarms;
use crate::config::Config;
use crate::core::standing::CardStanding;
use crate::playout::{DeadAir, Playout};
use crate::words::{Language, conditions, emergencies};

/// After a start the machine is asked about its clock first.
const DISTRUST_LASTS: Duration = Duration::from_secs(30);
/// Another programme sounds seconds after dead air. Whoever looks in, or is far away, is told of it all the same.
const DEAD_AIR_STANDS: Duration = Duration::from_secs(600);

/// See the module's words.
pub(super) struct Conditions {
    alarms: Arc<Alarms>,
    language: Language,
    zone: Tz,
    dead: Option<(DeadAir, Duration)>,
    /// What was found at each card of the list, where none opens.
    no_card: Option<Vec<(String, String)>>,
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
            no_card: None,
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
        match card {
            CardStanding::Missing { tried } if self.no_card.as_ref() != Some(tried) => {
                let (about, said) = conditions::no_card(self.language, tried);
                self.alarms.set("no_card", BTreeMap::from([(about, said)]));
                self.no_card = Some(tried.clone());
            }
            CardStanding::Open { .. } if self.no_card.take().is_some() => {
                self.alarms.set("no_card", BTreeMap::new());
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
