//! The amplifier as the playout keeps it: on ahead of what airs, off after the last. Owns what was asked of it and what
//! came of that, writes both down, and tries again what failed; an airing never waits for it, a relay does.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Playout;
use crate::core::amplifier::{Amplifier, Need, Switch, Switched, Timing, wanted};
use crate::core::record::Entry;
use crate::core::standing::AmplifierStanding;

/// A command that failed is given again after this, and each time after twice as long, up to [`LONGEST_REST`].
const FIRST_REST: Duration = Duration::from_secs(5);
const LONGEST_REST: Duration = Duration::from_secs(60);
/// A station that ends waits this long for the word that its amplifier is off; its guard switches it off all the same.
const PATIENCE: Duration = Duration::from_secs(3);

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
        let next = self.queue.iter().filter(|one| self.may_sound(one, now)).map(|one| one.due).min();
        let steady = self.last.steady;
        let Some(powered) = &mut self.powered else { return };
        if sounding || powered.sounded {
            powered.ended = Some(now);
        }
        powered.sounded = sounding;
        let need = Need { sounding, next, ended: powered.ended };
        powered.keep(wanted(&need, &powered.timing, now), steady);
    }

    /// Whether the amplifier is worth switching on for that cue.
    fn may_sound(&self, one: &super::waiting::Waiting, now: DateTime<Utc>) -> bool {
        let starts = one.due.max(now);
        let ends = starts + one.expected(&self.library).max(Duration::from_millis(1));
        let called_off = one.cue.as_ref().is_some_and(|cue| cue.fate.is_some());
        let quiet = !one.exempt && self.settings.policy.quiet.touches(self.plan.zone, starts, ends);
        !called_off && !quiet && (self.trust.is_trusted() || one.ordered())
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
        self.ledger.write(now, vec![Entry::Amplifier { to: switched.to, fault: switched.fault }]);
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
