//! What a person's order does. Owns the meaning of *stop*, *play*, *skip* and *the clock is right*; every order is
//! written down with who gave it, the refused ones too.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use super::Playout;
use super::waiting::{Loading, Origin, Waiting};
use crate::core::airing::{Reason, SlotId};
use crate::core::cart::{Cart, CartName};
use crate::core::emergency;
use crate::core::limits::{Account, Candidate, MUSIC};
use crate::core::order::{Answer, Order, Refusal};
use crate::core::record::{ClockChange, Entry};
use crate::core::rundown::{Fate, Skip};
use crate::core::schedule::CartNote;

/// A stop of nothing is written down so often.
const IDLE_STOP_TOLD: TimeDelta = TimeDelta::minutes(1);

impl Playout {
    /// Carries out an order. It is written down before it takes effect: what is not recorded does not happen, except
    /// that a stop always stops and an emergency always airs.
    pub(super) fn obey(&mut self, order: Order, by: String, now: DateTime<Utc>) -> Result<Answer, Refusal> {
        let refused = self.objection(&order, now);
        // The repetitions of an emergency are named by this moment, to the millisecond, in the journal as here.
        let now = if matches!(order, Order::Emergency { .. }) { emergency::moment(now) } else { now };
        let entry = Entry::Ordered {
            order: order.clone(),
            by: by.clone(),
            refused: refused.as_ref().map(ToString::to_string),
        };
        if let Some(refusal) = refused {
            // Whoever presses *stop* again and again while nothing is on air fills the journal for ever with nothing.
            let idle_stop = refusal == Refusal::NothingOnAir;
            let told = self
                .idle_stop
                .is_some_and(|last| (TimeDelta::zero()..IDLE_STOP_TOLD).contains(&(now - last)));
            if !(idle_stop && told) {
                self.ledger.write(now, vec![entry]);
            }
            if idle_stop && !told {
                self.idle_stop = Some(now);
            }
            return Err(refusal);
        }
        // A full disk is no reason to keep a village from being warned: it is written down as soon as it can be.
        let safe = matches!(
            order,
            Order::Stop | Order::Shutdown | Order::Emergency { .. } | Order::EndEmergency { .. }
        );
        if safe {
            self.ledger.write(now, vec![entry]);
        } else if let Err(found) = self.ledger.take_down(now, entry) {
            return Err(Refusal::NotRecorded { found });
        }
        Ok(match order {
            Order::Stop => self.stop(by, now),
            Order::Play { file } => self.play(file, by, now),
            Order::Skip { slot, date, time } => self.skip(slot, date, time, by),
            order @ Order::Emergency { .. } => self.order_emergency(order, by, now),
            Order::EndEmergency { file } => self.end_emergencies(file.as_ref(), &by, now),
            Order::ConfirmClock => self.confirm_clock(now),
            Order::Shutdown => {
                self.end_for(by);
                Answer::Ending
            }
        })
    }

    /// Why an order cannot be carried out.
    fn objection(&self, order: &Order, now: DateTime<Utc>) -> Option<Refusal> {
        if self.is_ending() && !matches!(order, Order::Stop | Order::Shutdown) {
            return Some(Refusal::Ending);
        }
        match order {
            Order::Stop => {
                let idle = self.on_air.is_none() && !self.queue.iter().any(|one| one.due <= now);
                idle.then_some(Refusal::NothingOnAir)
            }
            Order::Play { file } => self.cannot_air(file).or_else(|| match self.library.get(file) {
                Some(Cart::Ready(found)) if !self.settings.silent_only => {
                    let quiet = &self.settings.policy.quiet;
                    let touched = quiet.touches(self.plan.zone, now, now + found.duration());
                    let until = touched.then(|| quiet.end_after(self.plan.zone, now)).flatten();
                    until.map(|until| Refusal::QuietHours { until }).or_else(|| {
                        let music = self.note_of(file).is_some_and(|note| note.kind == MUSIC);
                        let candidate = Candidate { planned: found.duration(), music };
                        self.limits_now(now).forbids(candidate, now).map(|limit| Refusal::Limit { limit })
                    })
                }
                _ => None,
            }),
            Order::Emergency { file, until, every, .. } => {
                self.cannot_air(file).or_else(|| emergency::objection(*until, *every, now))
            }
            Order::EndEmergency { file } => {
                let none = !self.has_emergency(file.as_ref(), now);
                none.then_some(Refusal::NoEmergency)
            }
            Order::Skip { slot, date, time } => {
                let none_left = self.cues_to_skip(slot, *date, *time).is_empty();
                none_left.then(|| Refusal::NoSuchCue { slot: slot.clone(), date: *date })
            }
            Order::ConfirmClock | Order::Shutdown => None,
        }
    }

    /// Why a recording that a person orders cannot air.
    fn cannot_air(&self, file: &CartName) -> Option<Refusal> {
        match self.library.get(file) {
            None => {
                let closest = self.library.closest(file).cloned();
                Some(Refusal::NotInLibrary { file: file.clone(), closest })
            }
            Some(Cart::Faulty(fault)) => {
                Some(Refusal::CannotAir { file: file.clone(), found: fault.to_string() })
            }
            Some(Cart::Ready(_) | Cart::Unmeasured) => None,
        }
    }

    fn stop(&mut self, by: String, now: DateTime<Utc>) -> Answer {
        let title = self.on_air.as_ref().map(|playing| playing.waiting.title.clone());
        self.cut(Reason::Operator, Some(by.clone()));
        self.release(Reason::Operator, Some(by.clone()));
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.queue).into_iter().partition(|one| one.due <= now);
        self.queue = later;
        let waiting = due.len();
        for one in due {
            if one.loading != Loading::Idle {
                self.output.stop(one.deck);
            }
            let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
            let kind = self.kind_of(&one, self.settings.silent_only);
            let missed = one.missed(airing, kind, &self.library, Reason::Operator, Some(by.clone()));
            self.ledger.write(now, vec![Entry::Missed(missed)]);
        }
        Answer::Stopped { title, waiting }
    }

    fn play(&mut self, file: CartName, by: String, now: DateTime<Utc>) -> Answer {
        let note = self.note_of(&file);
        let title = note.as_ref().map_or_else(|| file.to_string(), |note| note.title.clone());
        let behind = self.on_air.as_ref().map(|playing| playing.waiting.title.clone());
        let slot = u64::MAX - self.next_deck;
        let one = Waiting {
            slot,
            note,
            title: title.clone(),
            due: now,
            by: Some(by),
            // The quiet hours keep the village asleep; what makes no sound wakes nobody.
            exempt: self.settings.silent_only,
            ..Waiting::new(self.deck(), Origin::Order, Arc::new([file]))
        };
        self.enqueue(one);
        Answer::Playing { title, behind }
    }

    /// The limits with what counts against them now.
    fn limits_now(&self, now: DateTime<Utc>) -> Account<'_> {
        let on_air = self.on_air.as_ref().filter(|playing| !playing.waiting.exempt);
        let since = on_air.and_then(|playing| playing.sounded).filter(|since| *since <= now);
        Account {
            limits: &self.settings.policy.limits,
            sounded: &self.sounded,
            sounding: since.map(|since| (since, now)),
            zone: self.plan.zone,
            holidays: &self.plan.holidays,
        }
    }

    /// What the schedules say of a recording, the latest version first.
    pub(super) fn note_of(&self, file: &CartName) -> Option<CartNote> {
        self.plan.versions.iter().rev().find_map(|version| version.schedule.carts.get(file)).cloned()
    }

    /// The cues that an order to skip would leave out: those that have no outcome yet and are not on air.
    fn cues_to_skip(&self, slot: &SlotId, date: NaiveDate, time: Option<NaiveTime>) -> Vec<DateTime<Utc>> {
        let mut cues = self.plan.on_date(date);
        cues.retain(|cue| {
            let civil = cue.due.with_timezone(&self.plan.zone).time();
            cue.slot.id == *slot && cue.fate.is_none() && time.is_none_or(|time| time == civil)
        });
        let (Some(first), Some(last)) = (cues.first(), cues.last()) else { return Vec::new() };
        let settled = self.ledger.settled(first.due, last.due).unwrap_or_default();
        let on_air = self.on_air.as_ref().and_then(|playing| playing.waiting.cue_id());
        cues.iter()
            .map(|cue| cue.id())
            .filter(|id| !settled.contains(id) && on_air.as_ref() != Some(id))
            .map(|id| id.due)
            .collect()
    }

    fn skip(&mut self, slot: SlotId, date: NaiveDate, time: Option<NaiveTime>, by: String) -> Answer {
        let dues = self.cues_to_skip(&slot, date, time);
        for one in &mut self.queue {
            if let Some(cue) = &mut one.cue
                && cue.slot.id == slot
                && dues.contains(&cue.due)
            {
                cue.fate = Some(Fate::Skipped { by: by.clone() });
            }
        }
        self.skips.push(Skip { slot, date, time, by });
        self.plan.skips.clone_from(&self.skips);
        Answer::Skipped { dues }
    }

    fn confirm_clock(&mut self, now: DateTime<Utc>) -> Answer {
        self.confirmed = true;
        self.judge_clock(now);
        let clock = self.clock_state();
        self.ledger.write(now, vec![Entry::Clock { change: ClockChange::Trust, clock }]);
        Answer::ClockConfirmed { now }
    }
}
