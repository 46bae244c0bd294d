//! Before an airing: the card opened and the audio decoded ahead of what is due soon. Owns when that begins and ends, and
//! what a waiting cue really plays; never starts anything.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::waiting::Loading;
use super::{PREROLL, Playout};
use crate::core::airing::Start;
use crate::core::cart::Library;
use crate::core::schedule::Play;
use crate::core::standing::CardStanding;

/// The card is closed when nothing is due for this long.
const CLOSE_AFTER: Duration = Duration::from_secs(15);

/// At most this many decks are decoded ahead: each holds some seconds of audio.
const DECKS: usize = 4;

impl Playout {
    /// Opens the card and decodes ahead for what is due soon; closes the card when nothing is.
    pub(super) fn prepare(&mut self, now: DateTime<Utc>) {
        let trusted = self.trust.is_trusted();
        let soon = now + PREROLL;
        let mut decks = 0;
        for at in 0..self.queue.len() {
            let one = &self.queue[at];
            let wanted = one.due <= soon
                && (trusted || one.ordered())
                && one.relay().is_none()
                && one.cue.as_ref().is_none_or(|cue| cue.fate.is_none());
            if !wanted {
                continue;
            }
            self.wanted_until = self.wanted_until.max(now + CLOSE_AFTER);
            let urgent = one.start == Start::Hard;
            if decks < DECKS || urgent {
                self.load(at);
            }
            decks += 1;
        }
        let sounds = self.on_air.as_ref().is_some_and(|playing| !playing.is_relay());
        let busy = sounds || self.paused.is_some() || !self.leaving.is_empty();
        let wanted = busy || self.wanted_until > now;
        match (&self.card, wanted) {
            (CardStanding::Closed, true) => {
                self.card = CardStanding::Opening;
                self.output.open();
            }
            (CardStanding::Closed, false) => {}
            (_, true) => {}
            (_, false) => {
                self.card = CardStanding::Closed;
                self.lost_card = None;
                self.output.close();
            }
        }
        // A step back must not keep the card open for the length of the step.
        self.wanted_until = self.wanted_until.min(now + CLOSE_AFTER);
    }

    pub(super) fn load(&mut self, at: usize) {
        if self.queue[at].loading != Loading::Idle {
            return;
        }
        self.resolve_repeat(at);
        let one = &mut self.queue[at];
        let programme = one.programme(&self.library, &self.settings);
        if !programme.parts.is_empty() {
            one.loading = Loading::Asked;
            self.output.load(one.deck, programme);
        }
    }

    /// A repeat plays what its slot really played last, where the journal knows it.
    pub(super) fn resolve_repeat(&mut self, at: usize) {
        let Some(cue) = &self.queue[at].cue else { return };
        let Play::RepeatOf(of) = &cue.slot.play else { return };
        let replaced = cue.schedule.changes.iter().any(|change| {
            change.slot == cue.slot.id && change.date == cue.due.with_timezone(&self.plan.zone).date_naive()
        });
        if replaced {
            return;
        }
        if let Some(played) = self.ledger.last_played(&cue.schedule.id, of)
            && !played.is_empty()
        {
            self.queue[at].play = played.into();
        }
    }

    /// New recordings: what waits and plays one that changed is decoded anew.
    pub(super) fn take_library(&mut self, library: Arc<Library>) {
        let before = std::mem::replace(&mut self.library, library);
        for at in 0..self.queue.len() {
            let other = self.queue[at].settle_play(&self.library);
            let changed =
                other || self.queue[at].play.iter().any(|name| before.get(name) != self.library.get(name));
            if changed && self.queue[at].loading != Loading::Idle {
                self.output.stop(self.queue[at].deck);
                self.queue[at].deck = self.deck();
                self.queue[at].loading = Loading::Idle;
            }
        }
    }
}
