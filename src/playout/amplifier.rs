//! The amplifier as the playout keeps it: on ahead of what airs, off after the last. Owns what was asked of it and what
//! came of that, writes both down, and tries again what failed; an airing never waits for it, a relay does.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Playout;
use super::waiting::{CardState, Waiting};
use crate::core::amplifier::{Amplifier, Need, Switch, Switched, Timing, wanted};
use crate::core::record::Entry;
use crate::core::standing::{AmplifierStanding, CardStanding};

/// A command that failed is given again after this, and each time after twice as long, up to [`LONGEST_REST`].
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// A station that ends waits this long for the word that its amplifier is off, longer than a command usually may take; its
/// guard switches it off all the same.
const PATIENCE: Duration = Duration::from_secs(11);

/// The amplifier and how it stands.
pub(super) struct Powered {
    amplifier: Box<dyn Amplifier>,
    timing: Timing,
    /// What was asked last, and whether it was done; none before the first order: how it is at a start nobody knows.
    asked: Option<(Switch, Standing)>,
    rest: Duration,
    /// Something sounded at the last look.
    sounded: bool,
    /// When the last thing that sounded ended.
    ended: Option<DateTime<Utc>>,
    /// What was written down last.
    told: Option<Switched>,
    /// Since when an ending station waits for the off.
    leaving: Option<Duration>,
}

/// What came of the last order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// Not known yet.
    Asked,
    /// Done.
    Done,
    /// Failed; given again at that steady time.
    Failed(Duration),
}

impl Powered {
    pub(super) fn new(amplifier: Box<dyn Amplifier>, timing: Timing) -> Powered {
        Powered {
            amplifier,
            timing,
            asked: None,
            rest: FIRST_REST,
            sounded: false,
            ended: None,
            told: None,
            leaving: None,
        }
    }

    fn ask(&mut self, to: Switch) {
        if self.asked.is_none_or(|(before, _)| before != to) {
            self.rest = FIRST_REST;
        }
        self.amplifier.switch(to);
        self.asked = Some((to, Standing::Asked));
    }

    fn keep(&mut self, to: Switch, steady: Duration) {
        match self.asked {
            Some((asked, Standing::Asked | Standing::Done)) if asked == to => {}
            Some((asked, Standing::Failed(again))) if asked == to && steady < again => {}
            _ => self.ask(to),
        }
    }
}

impl Playout {
    /// Gives the playout an amplifier to keep.
    pub fn with_amplifier(mut self, amplifier: Box<dyn Amplifier>, timing: Timing) -> Playout {
        self.powered = Some(Powered::new(amplifier, timing));
        self
    }

    /// Switches the amplifier where it is not as it is to be.
    pub(super) fn mind_the_amplifier(&mut self, now: DateTime<Utc>) {
        let sounding = self.on_air.is_some() || self.paused.is_some() || !self.leaving.is_empty();
        let next = self.queue.iter().filter_map(|one| self.may_sound(one, now)).min();
        let steady = self.last.steady;
        let Some(powered) = &mut self.powered else { return };
        if sounding || powered.sounded {
            powered.ended = Some(now);
        }
        powered.sounded = sounding;
        // By a clock that was set back since: when it comes there again, nothing will have ended.
        powered.ended = powered.ended.filter(|ended| *ended <= now);
        let need = Need { sounding, next, ended: powered.ended };
        powered.keep(wanted(&need, &powered.timing, now), steady);
    }

    /// When that cue is to sound by what is known, so that the amplifier is worth switching on for it; none: not at all.
    fn may_sound(&self, one: &Waiting, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let card = match &self.card {
            CardStanding::Missing { .. } if one.relay().is_none() => CardState::Missing,
            _ => CardState::Open,
        };
        let bid = one.bid(&self.library, card);
        let vouched = self.trust.is_trusted() || one.ordered();
        if bid.fate.is_some() || bid.obstacle.is_some() || !vouched {
            return None;
        }
        let (zone, quiet) = (self.plan.zone, &self.settings.policy.quiet);
        let mut starts = one.due.max(now);
        if !one.exempt && quiet.contains(zone, starts) {
            starts = quiet.end_after(zone, starts)?;
        }
        let ends = starts + bid.planned.max(Duration::from_millis(1));
        let sounds = one.exempt || !quiet.touches(zone, starts, ends);
        (sounds && starts <= bid.last_start()).then_some(starts)
    }

    pub(super) fn switched(&mut self, switched: Switched, now: DateTime<Utc>) {
        let steady = self.last.steady;
        let Some(powered) = &mut self.powered else { return };
        if let Some((asked, standing)) = &mut powered.asked
            && *asked == switched.to
        {
            *standing = match &switched.fault {
                None => Standing::Done,
                Some(_) => Standing::Failed(steady + powered.rest),
            };
            powered.rest = match switched.fault {
                None => FIRST_REST,
                Some(_) => (powered.rest * 2).min(LONGEST_REST),
            };
        }
        // What fails for weeks is told once, not once a minute.
        if powered.told.as_ref() != Some(&switched) {
            powered.told = Some(switched.clone());
            self.ledger.write(now, vec![Entry::Amplifier { to: switched.to, fault: switched.fault }]);
        }
    }

    /// Whether an ending station may go: its amplifier is off, or has been asked to be for long enough.
    pub(super) fn amplifier_is_left(&mut self) -> bool {
        let steady = self.last.steady;
        let Some(powered) = &mut self.powered else { return true };
        powered.keep(Switch::Off, steady);
        let since = *powered.leaving.get_or_insert(steady);
        powered.asked == Some((Switch::Off, Standing::Done)) || steady.saturating_sub(since) >= PATIENCE
    }

    /// How the amplifier stands, where there is one.
    pub(super) fn amplifier_stands(&self) -> Option<AmplifierStanding> {
        Some(match self.powered.as_ref()?.asked {
            Some((Switch::On, Standing::Done)) => AmplifierStanding::On,
            Some((Switch::Off, Standing::Done)) => AmplifierStanding::Off,
            Some((_, Standing::Failed(_))) => AmplifierStanding::Failed,
            Some((_, Standing::Asked)) | None => AmplifierStanding::Switching,
        })
    }

    /// Whether what goes out without a recording of ours can be heard: the amplifier is on, or there is none to switch.
    pub(super) fn is_heard(&self) -> bool {
        self.powered.as_ref().is_none_or(|powered| powered.asked == Some((Switch::On, Standing::Done)))
    }
}
