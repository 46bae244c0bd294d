//! Continuity's moves, performed: starts, cuts, and what is missed. Owns the order *written down, then started*; never
//! decides which move it is.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Playout;
use super::airing::Playing;
use super::waiting::{CardState, Loading, Origin, Waiting};
use crate::audio::output::StartAt;
use crate::core::LOOK_AGAIN;
use crate::core::airing::{Kind, Outcome, Reason};
use crate::core::continuity::{Bid, Move, Situation, next_move};
use crate::core::record::Entry;
use crate::core::standing::CardStanding;

/// A start that is this near is not taken back: the card may have its first frame.
const FIRST_FRAME: Duration = Duration::from_millis(250);
/// A first frame that is not told of so long after its time does not come.
const PATIENCE: Duration = Duration::from_secs(1);
/// How soon the playout looks again for the word of a first frame.
const SOON: Duration = Duration::from_millis(50);

impl Playout {
    /// Performs continuity's moves until there is nothing to do but wait; until when.
    pub(super) fn follow_continuity(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let card = match &self.card {
            CardStanding::Open { .. } => CardState::Open,
            CardStanding::Missing { .. } => CardState::Missing,
            CardStanding::Closed | CardStanding::Opening => CardState::NotOpen,
        };
        if !self.trust.is_trusted() {
            let waits = self.queue.iter_mut().filter(|one| one.due <= now && !one.ordered());
            waits.for_each(|one| one.distrusted = true);
        }
        let mut missed: Vec<(Waiting, Reason)> = Vec::new();
        let amplifier = if self.is_heard() { CardState::Open } else { CardState::Missing };
        let stands = |one: &Waiting| match one.relay() {
            Some(_) => amplifier,
            None => card,
        };
        let mut bids: Vec<Bid> = self.queue.iter().map(|one| one.bid(&self.library, stands(one))).collect();
        let wait = loop {
            let on_air = self.on_air.as_ref().map(Playing::as_on_air);
            let paused = self.paused.as_ref().map(|playing| playing.as_paused(now));
            let situation = Situation {
                now,
                trusted: self.trust.is_trusted(),
                on_air: on_air
                    .as_ref()
                    .filter(|_| self.on_air.as_ref().is_some_and(|playing| !playing.stopping())),
                paused: paused.as_ref(),
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
                Move::Start { .. } | Move::Interrupt { .. } | Move::Resume
                    if self.on_air.as_ref().is_some_and(Playing::stopping) =>
                {
                    break Some(now + LOOK_AGAIN);
                }
                Move::Start { bid, at } => {
                    bids.remove(bid);
                    let one = self.queue.remove(bid);
                    self.start(one, at, now);
                }
                Move::Interrupt { .. } if self.is_about_to_sound(now) => break Some(now + SOON),
                Move::Interrupt { bid, at } => {
                    bids.remove(bid);
                    let one = self.queue.remove(bid);
                    self.interrupt(one, at, now);
                }
                Move::Resume => self.resume(),
                Move::Release { reason } => self.release(reason, None),
                Move::Wait { until } => break until,
            }
        };
        let before = self.queue.len();
        self.write_missed(missed, now);
        // A fallback has come into the queue: its audio is asked for at once.
        if self.queue.len() > before { Some(now) } else { wait }
    }

    fn start(&mut self, one: Waiting, at: DateTime<Utc>, now: DateTime<Utc>) {
        let emergency = matches!(one.origin, Origin::Emergency(_));
        let reason = if emergency { Reason::Emergency } else { Reason::HardStart };
        if self.on_air.as_ref().is_some_and(Playing::is_relay) {
            self.end_relay(now, Outcome::Cut, Some(reason));
        }
        let playing = self.begin(one, at, now);
        if !playing.is_relay() {
            self.output.start(playing.waiting.deck, start_at(at, now));
        } else {
            // It sounds until the relay begins.
            self.gives_way = self.on_air.as_ref().map(|before| before.waiting.deck);
        }
        if let Some(mut before) = self.on_air.take() {
            before.stopped_for = Some((reason, None));
            self.leaving.push(before);
        }
        self.on_air = Some(playing);
    }

    /// What was started has its first frame on the way: in a moment it is known whether it sounds, and what does can be
    /// paused.
    fn is_about_to_sound(&self, now: DateTime<Utc>) -> bool {
        let near = |playing: &Playing| {
            playing.sounded.is_none() && playing.at <= now + FIRST_FRAME && now < playing.at + PATIENCE
        };
        self.on_air.as_ref().is_some_and(near)
    }

    /// Starts an emergency; what sounds then keeps its place, and what was only settled waits again. A relay goes on
    /// elsewhere meanwhile and cannot be paused: it ends.
    fn interrupt(&mut self, one: Waiting, at: DateTime<Utc>, now: DateTime<Utc>) {
        if self.on_air.as_ref().is_some_and(Playing::is_relay) {
            return self.start(one, at, now);
        }
        if self.on_air.as_ref().is_some_and(|playing| playing.sounded.is_none()) {
            self.cut(Reason::Emergency, None);
            self.leaving.extend(self.on_air.take());
        }
        let playing = self.begin(one, at, now);
        self.output.interrupt(playing.waiting.deck, start_at(at, now));
        self.release(Reason::Emergency, None);
        self.paused = self.on_air.replace(playing);
    }

    /// Writes the begin, before anything is asked of the output.
    fn begin(&mut self, one: Waiting, at: DateTime<Utc>, now: DateTime<Utc>) -> Playing {
        let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
        let silent = match one.relay() {
            Some(_) => self.settings.silent_only,
            None => matches!(self.card, CardStanding::Open { silent: true, .. }),
        };
        let kind = self.kind_of(&one, silent);
        let begin = one.begin(airing, kind, &self.library, self.clock_state());
        self.ledger.begin(now, Entry::Begin(begin), at);
        let planned = one.expected_from(at, &self.library);
        Playing::new(one, airing, kind, at, planned)
    }

    /// What is paused is on air again.
    fn resume(&mut self) {
        if let Some(playing) = self.paused.take() {
            self.output.resume(playing.waiting.deck);
            self.on_air = Some(playing);
        }
    }

    /// What is paused ends where it was paused. Its `Ended` comes from the output.
    pub(super) fn release(&mut self, reason: Reason, by: Option<String>) {
        if let Some(mut playing) = self.paused.take() {
            playing.stopped_for = Some((reason, by));
            self.output.stop(playing.waiting.deck);
            self.leaving.push(playing);
        }
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
        match one.origin {
            _ if self.settings.sample || silent => Kind::Test,
            Origin::Cue if one.relay().is_some() => Kind::Relay,
            Origin::Cue => Kind::Cue,
            Origin::Order => Kind::Manual,
            Origin::Emergency(_) => Kind::Emergency,
            Origin::Fallback => Kind::Fallback,
        }
    }

    pub(super) fn write_missed(&mut self, missed: Vec<(Waiting, Reason)>, now: DateTime<Utc>) {
        let mut entries = Vec::with_capacity(missed.len());
        let instead: Vec<(Origin, Reason)> =
            missed.iter().map(|(one, reason)| (one.origin.clone(), *reason)).collect();
        for (one, reason) in missed {
            if one.loading != Loading::Idle {
                self.output.stop(one.deck);
            }
            let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
            let kind = self.kind_of(&one, self.settings.silent_only);
            entries.push(Entry::Missed(one.missed(airing, kind, &self.library, reason, None)));
        }
        self.ledger.write(now, entries);
        for (origin, reason) in instead {
            self.fall_back(&origin, reason, now);
        }
    }
}

fn start_at(at: DateTime<Utc>, now: DateTime<Utc>) -> StartAt {
    if at > now { StartAt::Instant(at) } else { StartAt::Soonest }
}
