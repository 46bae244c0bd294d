//! What airs where a cue could not: one recording of the config's list, once, in place of a cue that its own audio kept
//! from the air. Owns when that is; that it yields to every cue is continuity's rule.
//!
//! The cue keeps its outcome. The fallback is an airing of its own, belongs to no theme and counts for nothing; it never
//! airs by an untrusted clock, nor while anything else is on air or waits, and the quiet hours bind it.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Playout;
use super::airing::Playing;
use super::waiting::{Origin, Waiting};
use crate::core::airing::{Priority, Reason, Start};
use crate::core::cart::{Cart, CartName};

/// A hole that has lasted this long is none any more: a fallback that could not start by then is missed.
const GRACE: Duration = Duration::from_secs(60);

/// The station's fallback.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fallback {
    /// Recordings of the library: the first that can air is taken; none: there is no fallback.
    pub carts: Vec<CartName>,
    /// What it is called in the record.
    pub title: String,
}

impl Playout {
    /// Puts the fallback into the queue where a cue ended for that reason.
    pub(super) fn fall_back(&mut self, instead_of: &Origin, reason: Reason, now: DateTime<Utc>) {
        let of_its_audio =
            matches!(reason, Reason::NoAudio | Reason::BadAudio | Reason::NotApproved | Reason::DeadAir);
        let carts = &self.settings.fallback.carts;
        if !of_its_audio
            || carts.is_empty()
            || !matches!(instead_of, Origin::Cue)
            || !self.trust.is_trusted()
            || self.is_ending()
        {
            return;
        }
        let on_air = self.on_air.as_ref().is_some_and(|playing: &Playing| !playing.stopping());
        // Another cue that has no audio either is no reason to stay silent.
        let waits = self.queue.iter().any(|one| {
            let fallback = matches!(one.origin, Origin::Fallback);
            one.due <= now && (fallback || self.can_air(&one.play))
        });
        if on_air || self.paused.is_some() || waits {
            return;
        }
        let play: Arc<[CartName]> = match carts.iter().find(|name| self.is_ready(name)) {
            Some(name) => Arc::new([name.clone()]),
            None => carts.clone().into(),
        };
        let title = self.settings.fallback.title.clone();
        let slot = u64::MAX - self.next_deck;
        let one = Waiting {
            slot,
            title,
            due: now,
            grace: GRACE,
            start: Start::Soft,
            priority: Priority::Normal,
            exempt: false,
            ..Waiting::new(self.deck(), Origin::Fallback, play)
        };
        self.enqueue(one);
    }

    fn can_air(&self, play: &[CartName]) -> bool {
        play.iter().any(|name| self.is_ready(name))
    }

    fn is_ready(&self, name: &CartName) -> bool {
        matches!(self.library.get(name), Some(Cart::Ready(_)))
    }
}
