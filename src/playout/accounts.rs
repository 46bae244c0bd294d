//! Which cues wait, and which were missed while nobody looked. Owns the way from the plan to the queue, and the
//! account that leaves no cue without an outcome; it is kept in batches, and goes on where it stopped.

use chrono::{DateTime, TimeDelta, Utc};

use super::waiting::{Loading, Waiting};
use super::{Next, Playout};
use crate::core::airing::{CueId, Reason};
use crate::core::record::Entry;
use crate::core::rundown::{Cue, Plan, Version};
use crate::core::schedule::LONGEST_GRACE;

/// Cues are taken into the queue this far ahead,
const AHEAD: TimeDelta = TimeDelta::minutes(10);
/// and again when it reaches less far than this: the amplifier may be wanted [`crate::core::amplifier::LONGEST_BEFORE`]
/// before a cue.
const REFILL: TimeDelta = TimeDelta::minutes(5);
/// A queue that reaches so much further than it was filled tells that the clock was set back.
const SLACK: TimeDelta = TimeDelta::seconds(20);
/// A step of the account is one day of cues at most,
pub(super) const LONGEST_STEP: TimeDelta = TimeDelta::days(1);
/// and no less than this. A step that was too much for the machine, or for one transaction, is followed by half of it,
/// one that went well by twice as much: the playout has other things to do between two.
const SHORTEST_STEP: TimeDelta = TimeDelta::minutes(1);
/// Rows of a step: one transaction, which even an old disk takes before anybody misses the playout.
const ROWS: usize = 250;
/// How often the account is brought up to date when nothing is behind.
const ACCOUNT_EVERY: TimeDelta = TimeDelta::seconds(60);
/// Where the journal did not answer, it is asked again after this.
const ASK_AGAIN: TimeDelta = TimeDelta::seconds(1);
/// The account rests while a cue is nearer than this: airing comes first.
const REST_BEFORE_CUE: TimeDelta = TimeDelta::seconds(3);

impl Playout {
    /// Takes the next cues of the plan into the queue.
    pub(super) fn extend_queue(&mut self, now: DateTime<Utc>) {
        if self.loaded_until >= now + REFILL && self.loaded_until <= now + AHEAD + SLACK {
            return;
        }
        if self.loaded_until > now + AHEAD + SLACK {
            // The clock was set back: what is planned before then may still be aired, once.
            self.queue.retain(|one| one.ordered() || one.due <= now);
            self.loaded_until = now;
        }
        let grace = TimeDelta::from_std(LONGEST_GRACE).unwrap_or_default();
        let from = self.loaded_until.max(now - grace);
        let until = now + AHEAD;
        let answered = self.ledger.settled(from, until);
        // Where the journal does not say what aired, only what nobody but this run can have aired is taken up.
        let is_whole = answered.is_some();
        let from = if is_whole { from } else { from.max(self.ledger.alone()) };
        if from >= until {
            return;
        }
        let Some(settled) = answered.or_else(|| self.ledger.settled(from, until)) else { return };
        for cue in self.plan.cues(from, until) {
            let id = cue.id();
            // What is past its grace is the account's.
            if cue.due + cue.grace() < now
                || settled.contains(&id)
                || self.holds(&id)
                || self.may_have_aired(&cue)
            {
                continue;
            }
            self.take_cue(cue, id);
        }
        if is_whole {
            self.loaded_until = until;
        }
    }

    fn take_cue(&mut self, cue: Cue, id: CueId) {
        let exempt = self.settings.policy.exempts(&cue);
        let slot = self.slot_number(&id);
        let mut one = Waiting::of_cue(cue, self.deck(), slot, exempt);
        one.airing = self.unsounded.remove(&id);
        one.settle_play(&self.library);
        self.enqueue(one);
    }

    /// A number for a slot, the same for all its cues.
    pub(super) fn slot_number(&mut self, id: &CueId) -> u64 {
        let next = self.slots.len() as u64;
        *self.slots.entry((id.schedule.clone(), id.slot.clone())).or_insert(next)
    }

    pub(super) fn enqueue(&mut self, one: Waiting) {
        let place = self.queue.partition_point(|other| other.queue_order(&one).is_le());
        self.queue.insert(place, one);
    }

    /// Writes down what was missed while nobody looked, a batch at a time.
    pub(super) fn account(&mut self, now: DateTime<Utc>) {
        let Some(from) = self.accounted else { return };
        let stepped_back = self.next_account > now + ACCOUNT_EVERY;
        if !self.trust.is_trusted() || (now < self.next_account && !stepped_back) || self.account_rests(now) {
            return;
        }
        self.next_account = now + ACCOUNT_EVERY;
        if from >= now {
            // A journal that was kept ahead of the time, by a clock since put right.
            self.accounted = Some(now);
            return;
        }
        let until = (from + self.account_step).min(now);
        let Some(settled) = self.ledger.settled(from, until) else { return self.account_failed(now) };
        let mut entries = Vec::new();
        // From where the next step has to look again: a cue that is open, or one for which this step has no room.
        let mut again: Option<DateTime<Utc>> = None;
        let mut is_full = false;
        for cue in self.plan.cues(from, until) {
            let id = cue.id();
            if settled.contains(&id) {
                continue;
            }
            is_full = entries.len() == ROWS;
            let open = self.holds(&id) || (cue.due + cue.grace() >= now && !self.may_have_aired(&cue));
            if open || is_full {
                again = Some(again.map_or(cue.due, |first| first.min(cue.due)));
            }
            if is_full {
                break;
            }
            if open {
                continue;
            }
            let reason = match &cue.fate {
                Some(fate) => fate.reason(),
                None if self.may_have_aired(&cue) => Reason::NoRecord,
                None => self.reason_of_absence(cue.due, cue.due + cue.grace()),
            };
            let exempt = self.settings.policy.exempts(&cue);
            let slot = self.slot_number(&id);
            let mut one = Waiting::of_cue(cue, self.deck(), slot, exempt);
            one.airing = self.unsounded.remove(&id);
            one.settle_play(&self.library);
            let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
            let kind = self.kind_of(&one, self.settings.silent_only);
            entries.push(Entry::Missed(one.missed(airing, kind, &self.library, reason, None)));
        }
        if !self.ledger.write(now, entries) {
            return self.account_failed(now);
        }
        self.accounted = Some(match again {
            Some(first) => (first - TimeDelta::milliseconds(1)).max(from),
            None => until,
        });
        self.account_step = if is_full { self.account_step / 2 } else { self.account_step * 2 }
            .clamp(SHORTEST_STEP, LONGEST_STEP);
        if is_full || (until < now && again.is_none()) {
            self.next_account = now;
        }
    }

    /// The journal did not take a step in time, or not answer: less is tried, and soon. Where even the shortest is too
    /// much the playout has better things to do than to wait for it each second.
    fn account_failed(&mut self, now: DateTime<Utc>) {
        let is_shortest = self.account_step <= SHORTEST_STEP;
        self.account_step = (self.account_step / 2).max(SHORTEST_STEP);
        self.next_account = now + if is_shortest { ACCOUNT_EVERY } else { ASK_AGAIN };
    }

    /// Whether the account waits: for the journal, or for a cue that is near.
    fn account_rests(&self, now: DateTime<Utc>) -> bool {
        self.ledger.held() > 0
            || self.queue.iter().any(|one| one.due > now && one.due - now < REST_BEFORE_CUE)
    }

    /// Whether the account has a batch to go on with at once. One that rests has not: asked again and again it would
    /// keep the processor and the disk busy for as long as the journal takes nothing.
    pub(super) fn account_is_behind(&self, now: DateTime<Utc>) -> bool {
        self.next_account <= now
            && self.trust.is_trusted()
            && self.accounted.is_some_and(|until| until < now)
            && !self.account_rests(now)
    }

    /// Why a cue that nobody took up, and that could have started until `last`, was missed.
    pub(super) fn reason_of_absence(&self, due: DateTime<Utc>, last: DateTime<Utc>) -> Reason {
        if last < self.started {
            Reason::StationOff
        } else if self.distrust.iter().any(|(from, until)| due <= *until && last >= *from) {
            Reason::Clock
        } else {
            Reason::Late
        }
    }

    /// Takes over new schedules: what has not begun follows them.
    pub(super) fn take_plan(&mut self, mut plan: Plan, now: DateTime<Utc>) {
        plan.skips.clone_from(&self.skips);
        let before = std::mem::replace(&mut self.plan, plan);
        let mut missed = Vec::new();
        for mut one in std::mem::take(&mut self.queue) {
            let Some(cue) = &one.cue else {
                self.queue.push(one);
                continue;
            };
            let successor = self.successor(cue);
            match successor {
                Some(new) => {
                    let plays = new.plays(&self.library);
                    let other = new.former.is_some() && *plays != one.play;
                    if new.play != cue.play || new.fate != cue.fate || other {
                        if one.loading != Loading::Idle {
                            self.output.stop(one.deck);
                        }
                        one.deck = self.deck();
                        one.loading = Loading::Idle;
                        one.play = plays.clone();
                    }
                    one.title.clone_from(&new.slot.title);
                    (one.grace, one.start, one.priority) = (new.grace(), new.slot.start, new.slot.priority);
                    one.cue = Some(new);
                    self.queue.push(one);
                }
                None => {
                    if one.loading != Loading::Idle {
                        self.output.stop(one.deck);
                    }
                    if one.due <= now {
                        let lives = self.plan.versions.iter().any(|version| {
                            version.until.is_none()
                                && version.schedule.id == cue.schedule.id
                                && !version.schedule.retired
                        });
                        missed.push((one, if lives { Reason::Superseded } else { Reason::Withdrawn }));
                    }
                }
            }
        }
        self.queue.sort_by(Waiting::queue_order);
        self.write_missed(missed, now);
        drop(before);
        // Cues that the new schedules add within what was loaded already.
        self.loaded_until = now - TimeDelta::from_std(LONGEST_GRACE).unwrap_or_default();
        self.extend_queue(now);
    }

    /// The same cue by the schedules now live, whenever they went live.
    fn successor(&self, cue: &Cue) -> Option<Cue> {
        let mut live = self.plan.versions.iter().filter(|version| version.until.is_none());
        let version = live.rfind(|version| version.schedule.id == cue.schedule.id)?;
        let alone = Plan {
            versions: vec![Version {
                schedule: version.schedule.clone(),
                from: DateTime::<Utc>::MIN_UTC,
                until: None,
            }],
            ..self.plan.clone()
        };
        alone
            .cues(cue.due - TimeDelta::nanoseconds(1), cue.due)
            .into_iter()
            .find(|new| new.slot.id == cue.slot.id)
    }

    /// Begins to end: nothing new starts.
    pub(super) fn end_for(&mut self, by: String) {
        self.ending.get_or_insert(by);
    }

    /// Whether the playout has been told to end.
    pub fn is_ending(&self) -> bool {
        self.ending.is_some()
    }

    /// Ends in order, as if ordered by `by`; the turns that follow carry it out until [`Next::Over`].
    pub fn shut_down(&mut self, by: &str) -> Next {
        self.end_for(by.to_owned());
        self.turn()
    }
}
