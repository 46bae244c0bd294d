//! What will become of the cues of a span, by the very rules that the playout follows: which waits, which is cut,
//! which cannot air at all. Owns the notices of the rundown; never changes a plan.

use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Cue, Fate, Plan, planned_length};
use crate::core::airing::{CueId, Kind, Reason, ScheduleId, SlotId};
use crate::core::calendar::QuietHours;
use crate::core::cart::{Cart, CartName, Library};
use crate::core::continuity::{Bid, Move, OnAir, Readiness, Situation, next_move};
use crate::core::limits::{Account, Candidate, Limit, Limits, Sounded};
use crate::core::record::Heard;

/// What binds every airing of the station.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The quiet hours.
    pub quiet: QuietHours,
    /// The limits.
    pub limits: Limits,
    /// The slots that the station excuses from both.
    pub exempt: HashSet<(ScheduleId, SlotId)>,
}

impl Policy {
    /// What counts against the limits of what was heard; what sounds still, until `now`.
    pub fn sounded(&self, heard: Vec<Heard>, now: DateTime<Utc>) -> Sounded {
        let counts = |one: &Heard| {
            let exempt = |cue: &CueId| self.exempt.contains(&(cue.schedule.clone(), cue.slot.clone()));
            one.kind != Kind::Emergency && !one.cue.as_ref().is_some_and(exempt)
        };
        heard.into_iter().filter(counts).map(|one| (one.from, one.until.unwrap_or(now))).collect()
    }

    /// Whether quiet hours and limits do not bind that cue.
    pub fn exempts(&self, cue: &Cue) -> bool {
        !self.exempt.is_empty() && self.exempt.contains(&(cue.schedule.id.clone(), cue.slot.id.clone()))
    }
}

/// What stands in a cue's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A change called it off.
    Cancelled {
        /// Why, where the change says it.
        reason: Option<String>,
    },
    /// A person's order leaves it out.
    Skipped {
        /// Who.
        by: String,
    },
    /// Recordings that are not in the library, or cannot air; the others air.
    WithoutCarts {
        /// Their names.
        carts: Vec<CartName>,
        /// Nothing else is left to air.
        all: bool,
    },
    /// It plays what it played before it was replaced, since its own recordings are not all in.
    Former {
        /// What is not in, or cannot air.
        missing: Vec<CartName>,
    },
    /// It repeats a slot that has played nothing yet.
    NothingToRepeat,
    /// It will wait for what is on air.
    Waits {
        /// The title of what is on air.
        behind: String,
        /// The expected start.
        until: DateTime<Utc>,
    },
    /// It will wait for the end of the quiet hours.
    WaitsForQuiet {
        /// The expected start.
        until: DateTime<Utc>,
    },
    /// A hard start will cut it.
    CutBy {
        /// The title of what cuts it.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// It will wait until a limit of the station lets it start.
    WaitsForLimit {
        /// The limit.
        limit: Limit,
        /// The expected start.
        until: DateTime<Utc>,
    },
    /// A limit of the station will cut it, or keep it from starting.
    Limit {
        /// The limit; none where several take turns.
        limit: Option<Limit>,
    },
    /// The quiet hours will cut it, or keep it from starting.
    QuietHours,
    /// It cannot start within its grace.
    TooLate {
        /// The title of what keeps it waiting.
        behind: String,
    },
    /// The slot's next cue falls due while it still waits.
    Superseded,
}

/// A cue and what will become of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The cue.
    pub cue: Cue,
    /// Its length, as far as its recordings are measured.
    pub length: Duration,
    /// Recordings of it that are still being measured, so that the length is not the whole.
    pub unmeasured: bool,
    /// What stands in its way.
    pub notice: Option<Notice>,
}

/// Foretells the cues due in `(after, until]` and hands each to `emit`, by due, then in queue order. `sounded` is what has
/// been heard before, as far as the limits count it.
pub fn forecast(
    plan: &Plan,
    library: &Library,
    policy: &Policy,
    sounded: &Sounded,
    after: DateTime<Utc>,
    until: DateTime<Utc>,
    emit: impl FnMut(Row),
) {
    let mut stage = Stage {
        plan,
        library,
        policy,
        sounded: if policy.limits.is_none() { Sounded::default() } else { sounded.clone() },
        now: after,
        on_air: None,
        bids: Vec::new(),
        waiting: Vec::new(),
        rows: VecDeque::new(),
        first: 0,
        slots: HashMap::new(),
        emit,
    };
    plan.each_day(after, until, |cues| {
        let mut coming = cues.drain(..).peekable();
        while let Some(cue) = coming.next() {
            stage.take(cue, coming.peek().map(|next| next.due));
        }
    });
    stage.run_until(None);
    stage.release();
}

/// What sounds in the forecast.
struct Sounding {
    row: usize,
    on_air: OnAir,
    ends: DateTime<Utc>,
}

/// The station as the forecast plays it.
struct Stage<'a, E: FnMut(Row)> {
    plan: &'a Plan,
    library: &'a Library,
    policy: &'a Policy,
    sounded: Sounded,
    now: DateTime<Utc>,
    on_air: Option<Sounding>,
    bids: Vec<Bid>,
    /// The row of each bid.
    waiting: Vec<usize>,
    rows: VecDeque<Row>,
    /// The number of the first row still held.
    first: usize,
    slots: HashMap<(ScheduleId, SlotId), u64>,
    emit: E,
}

impl<E: FnMut(Row)> Stage<'_, E> {
    fn take(&mut self, cue: Cue, next_due: Option<DateTime<Utc>>) {
        let (length, unmeasured, obstacle) = self.audio_of(&cue);
        let due = cue.due;
        let exempt = self.policy.exempts(&cue);
        let limited = !self.policy.limits.is_none();
        let free = !limited
            && self.bids.is_empty()
            && self.on_air.as_ref().is_none_or(|sounding| sounding.ends <= due);
        let alone = next_due.is_some_and(|next| next > due + length);
        if free && alone && cue.fate.is_none() && obstacle.is_none() {
            let end = due + length.max(Duration::from_millis(1));
            if exempt || !self.policy.quiet.touches(self.plan.zone, due, end) {
                self.on_air = None;
                self.now = due;
                self.release();
                self.first += 1;
                (self.emit)(Row { cue, length, unmeasured, notice: None });
                return;
            }
        }
        self.run_until(Some(due));
        let next_slot = self.slots.len() as u64;
        let key = (cue.schedule.id.clone(), cue.slot.id.clone());
        let slot = *self.slots.entry(key).or_insert(next_slot);
        let nothing =
            matches!(obstacle, Some(Notice::NothingToRepeat | Notice::WithoutCarts { all: true, .. }));
        let bid = Bid {
            slot,
            due,
            grace: cue.grace(),
            start: cue.slot.start,
            priority: cue.slot.priority,
            planned: length,
            readiness: if nothing { Readiness::NotReady } else { Readiness::Ready },
            obstacle: nothing.then_some(Reason::NoAudio),
            fate: cue.fate.as_ref().map(Fate::reason),
            ordered: false,
            exempt,
            music: cue.has_music(),
            yields: false,
        };
        let notice = match &cue.fate {
            Some(Fate::Cancelled { reason }) => Some(Notice::Cancelled { reason: reason.clone() }),
            Some(Fate::Skipped { by }) => Some(Notice::Skipped { by: by.clone() }),
            None => obstacle,
        };
        let row = self.first + self.rows.len();
        self.rows.push_back(Row { cue, length, unmeasured, notice });
        let order = |at: usize| {
            super::queue_order(
                &self.rows[self.waiting[at] - self.first].cue,
                &self.rows[row - self.first].cue,
            )
        };
        let place = (0..self.bids.len()).find(|at| order(*at).is_gt()).unwrap_or(self.bids.len());
        self.bids.insert(place, bid);
        self.waiting.insert(place, row);
        self.release();
    }

    /// Length of what can air, whether something is not measured, and what is missing.
    fn audio_of(&self, cue: &Cue) -> (Duration, bool, Option<Notice>) {
        if let Some(relay) = cue.relay() {
            return (relay, false, None);
        }
        if cue.play.is_empty() {
            return (Duration::ZERO, false, Some(Notice::NothingToRepeat));
        }
        if let Some(whole) = planned_length(&cue.play, |name| self.library.duration(name)) {
            return (whole, false, None);
        }
        let mut missing = Vec::new();
        let mut unmeasured = false;
        let mut length = Duration::ZERO;
        let plays = cue.plays(self.library);
        if *plays != cue.play {
            let lacks = |name: &&CartName| matches!(self.library.get(name), None | Some(Cart::Faulty(_)));
            let missing = cue.play.iter().filter(lacks).cloned().collect();
            let length = plays.iter().filter_map(|name| self.library.duration(name)).sum();
            let unmeasured = plays.iter().any(|name| self.library.duration(name).is_none());
            return (length, unmeasured, Some(Notice::Former { missing }));
        }
        for name in cue.play.iter() {
            match self.library.get(name) {
                Some(Cart::Ready(found)) => length += found.duration(),
                Some(Cart::Unmeasured) => unmeasured = true,
                Some(Cart::Faulty(_)) | None => missing.push(name.clone()),
            }
        }
        let all = missing.len() == cue.play.len();
        let notice = (!missing.is_empty()).then_some(Notice::WithoutCarts { carts: missing, all });
        (length, unmeasured, notice)
    }

    /// Plays until just before `until`; none: until nothing is left.
    fn run_until(&mut self, until: Option<DateTime<Utc>>) {
        loop {
            let situation = Situation {
                now: self.now,
                trusted: true,
                on_air: self.on_air.as_ref().map(|sounding| &sounding.on_air),
                paused: None,
                bids: &self.bids,
                quiet: &self.policy.quiet,
                limits: &self.policy.limits,
                sounded: &self.sounded,
                holidays: &self.plan.holidays,
                zone: self.plan.zone,
            };
            match next_move(&situation) {
                Move::Miss { bid, reason } => self.miss(bid, reason),
                Move::Cut { reason } => {
                    if let Some(sounding) = self.on_air.take() {
                        self.heard(&sounding, self.now);
                        let notice = match reason {
                            Reason::Limit => Notice::Limit { limit: None },
                            _ => Notice::QuietHours,
                        };
                        self.note(sounding.row, notice);
                    }
                }
                Move::Start { bid, at } | Move::Interrupt { bid, at } => self.start(bid, at),
                // Emergencies cannot be foretold, so nothing is ever paused here.
                Move::Resume | Move::Release { .. } => return,
                Move::Wait { until: look } => {
                    let ends = self.on_air.as_ref().map(|sounding| sounding.ends);
                    let Some(next) = [look, ends].into_iter().flatten().min() else { return };
                    if until.is_some_and(|until| next >= until) {
                        return;
                    }
                    self.now = next.max(self.now);
                    if ends == Some(next)
                        && let Some(sounding) = self.on_air.take()
                    {
                        self.heard(&sounding, next);
                    }
                }
            }
        }
    }

    fn start(&mut self, bid: usize, at: DateTime<Utc>) {
        let bid_row = self.waiting.remove(bid);
        let bid = self.bids.remove(bid);
        let title = self.rows[bid_row - self.first].cue.slot.title.clone();
        let before = self.on_air.take();
        if let Some(before) = &before {
            self.heard(before, at);
        }
        let limit = self.limit(&bid, bid.due.max(self.sounded.last_end().unwrap_or(bid.due)));
        if let Some(cut) = before.filter(|sounding| sounding.ends > at) {
            self.note(cut.row, Notice::CutBy { by: title, at });
        }
        let minor = |notice: &Notice| matches!(notice, Notice::Former { .. });
        if at > bid.due && self.rows[bid_row - self.first].notice.as_ref().is_none_or(minor) {
            let behind = self.keeps_waiting(bid_row);
            let notice = match behind {
                _ if limit.is_some_and(|(_, from)| from < at) => {
                    let limit = limit.map(|(limit, _)| limit).unwrap_or(Limit::Music);
                    Notice::WaitsForLimit { limit, until: at }
                }
                Some(behind) => Notice::Waits { behind, until: at },
                None => Notice::WaitsForQuiet { until: at },
            };
            self.note(bid_row, notice);
        }
        let on_air = OnAir::of(&bid, at);
        // A relay ends when what it relays does, however late it begins.
        let relays = self.rows[bid_row - self.first].cue.relay().is_some();
        let ends = if relays { (bid.due + bid.planned).max(at) } else { at + bid.planned };
        self.on_air = Some(Sounding { row: bid_row, on_air, ends });
    }

    fn miss(&mut self, bid: usize, reason: Reason) {
        let row = self.waiting.remove(bid);
        let bid = self.bids.remove(bid);
        let notice = match reason {
            Reason::Limit => {
                Some(Notice::Limit { limit: self.limit(&bid, self.now.max(bid.due)).map(|(limit, _)| limit) })
            }
            Reason::QuietHours => Some(Notice::QuietHours),
            Reason::Superseded => Some(Notice::Superseded),
            Reason::Late => Some(Notice::TooLate { behind: self.keeps_waiting(row).unwrap_or_default() }),
            _ => None,
        };
        if let Some(notice) = notice {
            self.note(row, notice);
        }
    }

    /// Takes down that something was heard until then, as far as limits count it.
    fn heard(&mut self, sounding: &Sounding, until: DateTime<Utc>) {
        if !self.policy.limits.is_none() && !sounding.on_air.exempt {
            self.sounded.add(sounding.on_air.since, until);
        }
    }

    /// The limit that keeps a bid from starting at that moment, with the moment.
    fn limit(&self, bid: &Bid, at: DateTime<Utc>) -> Option<(Limit, DateTime<Utc>)> {
        if self.policy.limits.is_none() || bid.exempt {
            return None;
        }
        let account = Account {
            limits: &self.policy.limits,
            sounded: &self.sounded,
            sounding: None,
            zone: self.plan.zone,
            holidays: &self.plan.holidays,
        };
        let candidate = Candidate { planned: bid.planned, music: bid.music };
        account.forbids(candidate, at).map(|limit| (limit, at))
    }

    /// The title of what sounded last before that row's start: what it waits for.
    fn keeps_waiting(&self, row: usize) -> Option<String> {
        let before = |sounding: &Sounding| {
            self.rows.get(sounding.row.checked_sub(self.first)?).map(|row| row.cue.slot.title.clone())
        };
        self.on_air.as_ref().and_then(before).or_else(|| {
            let due = self.rows[row - self.first].cue.due;
            let sounded = |other: &&Row| other.cue.due <= due && other.cue.fate.is_none();
            self.rows.iter().take(row - self.first).rev().find(sounded).map(|row| row.cue.slot.title.clone())
        })
    }

    fn note(&mut self, row: usize, notice: Notice) {
        if let Some(at) = row.checked_sub(self.first)
            && let Some(row) = self.rows.get_mut(at)
        {
            // What keeps a cue from airing counts for more than that it waits.
            row.notice = Some(notice);
        }
    }

    /// Hands on the rows whose fate is settled: all before the first that waits or sounds.
    fn release(&mut self) {
        let oldest =
            self.waiting.iter().copied().chain(self.on_air.as_ref().map(|sounding| sounding.row)).min();
        while oldest.is_none_or(|oldest| self.first < oldest) {
            let Some(row) = self.rows.pop_front() else { return };
            self.first += 1;
            (self.emit)(row);
        }
    }
}
