//! Relays (tiếp sóng): cues without a recording of ours, in which the station stands aside for another's programme and
//! keeps the amplifier on. Owns their begin and end by the clock, since no card tells them; they are counted apart.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Playout;
use super::airing::Playing;
use crate::audio::output::Ending;
use crate::core::airing::{Outcome, Reason};
use crate::core::record::{Entry, Finish};

/// What stands in the record as the device of a relay: no card of ours.
const DEVICE: &str = "relay";

impl Playout {
    /// Begins and ends a relay whose time has come.
    pub(super) fn mind_the_relay(&mut self, now: DateTime<Utc>) {
        let steady = self.last.steady;
        let Some(playing) = self.on_air.as_mut().filter(|playing| playing.is_relay()) else { return };
        let begins = playing.relayed_until.is_none() && now >= playing.at;
        if let Some(deck) = self.gives_way.take_if(|_| begins || playing.stopping()) {
            self.output.stop(deck);
        }
        if playing.stopping() {
            let reason = playing.stopped_for.as_ref().map_or(Reason::Operator, |(reason, _)| *reason);
            return self.end_relay(now, Outcome::Cut, Some(reason));
        }
        match playing.relayed_until {
            None if begins => {
                // The length counts by the steady clock: one that is set in the middle makes it neither longer nor shorter.
                playing.relayed_until = Some(steady + playing.planned);
                let (deck, at) = (playing.waiting.deck, playing.at.max(playing.waiting.due));
                self.sounded(deck, at, DEVICE.to_owned(), now);
            }
            Some(until) if steady >= until => self.end_relay(now, Outcome::Aired, None),
            _ => {}
        }
    }

    /// When to look at the relay again.
    pub(super) fn relay_turns(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let playing = self.on_air.as_ref().filter(|playing| playing.is_relay())?;
        Some(match playing.relayed_until {
            None => playing.at,
            Some(until) => now + until.saturating_sub(self.last.steady),
        })
    }

    /// How long the relay on air has gone on; none where none is.
    pub(super) fn relayed(&self) -> Option<Duration> {
        let playing = self.on_air.as_ref()?;
        let left = playing.relayed_until?.saturating_sub(self.last.steady);
        Some(playing.planned.saturating_sub(left))
    }

    /// Ends the relay on air.
    pub(super) fn end_relay(&mut self, now: DateTime<Utc>, outcome: Outcome, reason: Option<Reason>) {
        let aired = self.relayed();
        let Some(playing) = self.on_air.take() else { return };
        let Some(aired) = aired else { return self.never_sounded(playing, &Ending::Stopped, now) };
        self.count(&playing, now);
        let by = playing.stopped_for.as_ref().and_then(|(_, by)| by.as_ref());
        let detail = by.map_or_else(String::new, |by| format!("stopped by {by}"));
        let finish = Finish {
            airing: playing.airing,
            outcome,
            reason,
            ended: now,
            frames: 0,
            aired,
            carts: Vec::new(),
            level_dbfs: None,
            device: Some(DEVICE.to_owned()),
            detail,
        };
        self.ledger.write(now, vec![Entry::Finish(finish)]);
    }
}

impl Playing {
    /// Whether it is a relay, of which no deck knows.
    pub(super) fn is_relay(&self) -> bool {
        self.waiting.relay().is_some()
    }
}
