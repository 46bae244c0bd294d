//! Drives the playout: lets it act on time and on news, and tells after each turn. Owns the loop and the line that
//! `systemctl status` shows, and no rule of what airs.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::Call;
use super::shelf::Shelf;
use crate::clock::Clock;
use crate::core::LOOK_AGAIN;
use crate::core::standing::Standing;
use crate::playout::{Next, Playout};
use crate::words::{Language, conditions};

/// What the supervisor is told of the station, and in whose words.
pub(super) struct StatusLine {
    pub(super) language: Language,
    pub(super) zone: Tz,
    /// What is planned: what comes after the minutes that the playout looks ahead.
    pub(super) shelf: Arc<Shelf>,
}

/// Lets the playout act on time and on news until it is over; `after` is called after each turn, and no two turns are
/// further apart than `most`.
pub(super) fn drive(
    playout: &mut Playout,
    inbox: &Receiver<Call>,
    clock: &dyn Clock,
    most: Duration,
    mut after: impl FnMut(&Playout),
) {
    let most = LOOK_AGAIN.min(most);
    loop {
        let Next::Look(at) = playout.turn() else { return };
        after(playout);
        let span = (at - clock.now()).to_std().unwrap_or_default().min(most);
        let first = inbox.recv_timeout(span);
        if matches!(first, Err(RecvTimeoutError::Disconnected)) {
            return;
        }
        for call in first.into_iter().chain(inbox.try_iter()) {
            match call {
                Call::News(news) => playout.hear(news),
                Call::Standing(reply) => drop(reply.send(playout.standing())),
                Call::End(by) => {
                    if playout.shut_down(&by) == Next::Over {
                        return;
                    }
                }
            }
        }
    }
}

impl StatusLine {
    /// How the station is, for `systemctl status`: what is on air, or what comes next.
    pub(super) fn of(&self, standing: &Standing) -> String {
        conditions::status_line(self.language, self.zone, standing, || self.later(standing.now))
    }

    /// The next cue of the coming days.
    fn later(&self, now: DateTime<Utc>) -> Option<(DateTime<Utc>, String)> {
        let plan = self.shelf.get().plan;
        let within = |days| {
            let cues = plan.cues(now, now + TimeDelta::days(days));
            let next = cues.into_iter().filter(|cue| cue.fate.is_none()).min_by_key(|cue| cue.due)?;
            Some((next.due, next.slot.title.clone()))
        };
        // Most stations air every day: the whole week is worked out for the others alone.
        within(1).or_else(|| within(8))
    }
}
