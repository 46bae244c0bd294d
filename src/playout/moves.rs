//! Continuity's moves, performed: starts, cuts, and what is missed. Owns the order *written down, then started*; never
//! decides which move it is.

use chrono::{DateTime, Utc};

use super::Playout;
use super::airing::Playing;
use super::waiting::{CardState, Loading, Waiting};
use crate::audio::output::StartAt;
use crate::core::LOOK_AGAIN;
use crate::core::airing::{Kind, Outcome, Reason};
use crate::core::continuity::{Bid, Move, Situation, next_move};
use crate::core::record::Entry;
use crate::core::standing::CardStanding;

impl Playout {
    /// Performs continuity's moves until there is nothing to do but wait; until when.
    pub(super) fn follow_continuity(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let card = match &self.card {
            CardStanding::Open { .. } => CardState::Open,
            CardStanding::Missing { .. } => CardState::Missing,
            CardStanding::Closed | CardStanding::Opening => CardState::NotOpen,
        };
        if !self.trust.is_trusted() {
            self.queue.iter_mut().filter(|one| one.due <= now).for_each(|one| one.distrusted = true);
        }
        let mut missed: Vec<(Waiting, Reason)> = Vec::new();
        let amplifier = if self.is_heard() { CardState::Open } else { CardState::Missing };
        let stands = |one: &Waiting| match one.relay() {
            // No card starts it at a frame, so it is not begun ahead of its instant.
            Some(_) if one.due > now => CardState::NotOpen,
            Some(_) => amplifier,
            None => card,
        };
        let mut bids: Vec<Bid> = self.queue.iter().map(|one| one.bid(&self.library, stands(one))).collect();
        let wait = loop {
            let on_air = self.on_air.as_ref().map(Playing::as_on_air);
            let situation = Situation {
                now,
                trusted: self.trust.is_trusted(),
                on_air: on_air
                    .as_ref()
                    .filter(|_| self.on_air.as_ref().is_some_and(|playing| !playing.stopping())),
                bids: &bids,
                quiet: &self.settings.policy.quiet,
                limits: &self.settings.policy.limits,
                sounded: &self.sounded,
                holidays: &self.plan.holidays,
                zone: self.plan.zone,
            };
            match next_move(&situation) {
                Move::Miss { bid, reason } => {
                    bids.remove(bid);
                    missed.push((self.queue.remove(bid), reason));
                }
                Move::Cut { reason } => self.cut(reason, None),
                // What was told to stop has not left the air yet: two programmes are never audible together.
                Move::Start { .. } if self.on_air.as_ref().is_some_and(Playing::stopping) => {
                    break Some(now + LOOK_AGAIN);
                }
                Move::Start { bid, at } => {
                    bids.remove(bid);
                    let one = self.queue.remove(bid);
                    self.start(one, at, now);
                }
                Move::Wait { until } => break until,
            }
        };
        self.write_missed(missed, now);
        wait
    }

    pub(super) fn start(&mut self, one: Waiting, at: DateTime<Utc>, now: DateTime<Utc>) {
        let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
        let kind = self.kind_of(&one, matches!(self.card, CardStanding::Open { silent: true, .. }));
        let begin = one.begin(airing, kind, &self.library, self.clock_state());
        self.ledger.write(now, vec![Entry::Begin(begin)]);
        if self.on_air.as_ref().is_some_and(Playing::is_relay) {
            self.end_relay(now, Outcome::Cut, Some(Reason::HardStart));
        }
        let relays = one.relay().is_some();
        if !relays {
            self.output.start(one.deck, if at > now { StartAt::Instant(at) } else { StartAt::Soonest });
        }
        if let Some(mut before) = self.on_air.take() {
            if relays {
                self.output.stop(before.waiting.deck);
            }
            before.stopped_for = Some((Reason::HardStart, None));
            self.leaving.push(before);
        }
        let planned = one.expected(&self.library);
        self.on_air = Some(Playing::new(one, airing, kind, at, planned));
    }

    /// Ends what is on air. Its `Ended` comes from the output, and only then it is written down.
    pub(super) fn cut(&mut self, reason: Reason, by: Option<String>) {
        if let Some(playing) = &mut self.on_air
            && !playing.stopping()
        {
            playing.stopped_for = Some((reason, by));
            if !playing.is_relay() {
                self.output.stop(playing.waiting.deck);
            }
        }
    }

    /// The kind of an airing. On the virtual card, and at a sample station, everything is a test.
    pub(super) fn kind_of(&self, one: &Waiting, silent: bool) -> Kind {
        match one.cue {
            _ if self.settings.sample || silent => Kind::Test,
            Some(_) if one.relay().is_some() => Kind::Relay,
            Some(_) => Kind::Cue,
            None => Kind::Manual,
        }
    }

    pub(super) fn write_missed(&mut self, missed: Vec<(Waiting, Reason)>, now: DateTime<Utc>) {
        let mut entries = Vec::with_capacity(missed.len());
        for (one, reason) in missed {
            if one.loading != Loading::Idle {
                self.output.stop(one.deck);
            }
            let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
            let kind = self.kind_of(&one, self.settings.silent_only);
            entries.push(Entry::Missed(one.missed(airing, kind, &self.library, reason, None)));
        }
        self.ledger.write(now, entries);
    }
}
