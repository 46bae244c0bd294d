//! Continuity: given the time, what waits and what is on air, the next move. Owns the rules of soft and hard starts,
//! grace, priorities, quiet hours, limits, emergencies and fallbacks; the playout performs the moves, the rundown foretells
//! them by the same rules. Never remembers anything between two questions.
//!
//! An emergency pauses what is on air, however late it is; another emergency it lets finish, since half a warning is
//! none. What is paused goes on when the air is free again, if that is within its grace, and ends otherwise. A fallback
//! yields to every cue, the soft ones too: it fills a hole and is owed to nobody.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::airing::{Priority, Reason, Start};
use super::calendar::{Holidays, QuietHours};
use super::limits::{Account, Candidate, Limits, Sounded};

/// A start is settled this long before it is due, so that its begin is in the journal and its start frame with the
/// card in time: a commit to a slow disk takes some hundred milliseconds.
pub const LEAD: Duration = Duration::from_millis(1500);

/// A hard start that is later than this waits like a soft one: cutting a programme in its middle is only right at
/// the instant that was announced.
pub const HARD_WINDOW: Duration = Duration::from_secs(30);

/// Whether a bid's audio is at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// It can sound at once.
    Ready,
    /// Not yet: it is being decoded, its recording has not come, no card is open …
    NotReady,
}

/// What waits for the air.
#[derive(Clone, Debug, PartialEq)]
pub struct Bid {
    /// The slot it comes from: of one slot at most one cue waits. Orders have numbers of their own.
    pub slot: u64,
    /// The planned instant.
    pub due: DateTime<Utc>,
    /// How late it may start.
    pub grace: Duration,
    /// Waits or cuts.
    pub start: Start,
    /// What goes first.
    pub priority: Priority,
    /// How long it will sound.
    pub planned: Duration,
    /// Whether it can sound at once.
    pub readiness: Readiness,
    /// What stands in its way: the reason it is missed for if that lasts until its grace is over. None: `late`.
    pub obstacle: Option<Reason>,
    /// It will not air, for this reason; written down when it falls due.
    pub fate: Option<Reason>,
    /// A person ordered it, so it airs on an untrusted clock too.
    pub ordered: bool,
    /// The quiet hours and the limits do not bind it.
    pub exempt: bool,
    /// It plays music.
    pub music: bool,
    /// It yields to every other bid: a fallback.
    pub yields: bool,
}

impl Bid {
    /// The last instant at which it may start.
    pub fn last_start(&self) -> DateTime<Utc> {
        self.due + self.grace
    }
}

/// What is on air, or settled to be in at most [`LEAD`].
#[derive(Clone, Debug, PartialEq)]
pub struct OnAir {
    /// The planned instant of its cue or order.
    pub due: DateTime<Utc>,
    /// Its priority.
    pub priority: Priority,
    /// The quiet hours and the limits do not bind it.
    pub exempt: bool,
    /// It plays music.
    pub music: bool,
    /// Since when it sounds, or will.
    pub since: DateTime<Utc>,
    /// Every cue may cut it: a fallback.
    pub yields: bool,
}

impl OnAir {
    /// A bid that starts at that moment.
    pub fn of(bid: &Bid, since: DateTime<Utc>) -> OnAir {
        let Bid { due, priority, exempt, music, yields, .. } = *bid;
        OnAir { due, priority, exempt, music, since, yields }
    }
}

/// What was on air when an emergency took its place, and is to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct Paused {
    /// As it was on air.
    pub on_air: OnAir,
    /// Since when it is paused.
    pub since: DateTime<Utc>,
    /// How long it may be.
    pub grace: Duration,
}

impl Paused {
    /// The last instant at which it may go on.
    fn last_resume(&self) -> DateTime<Utc> {
        self.since + self.grace
    }
}

/// The situation that a move answers.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// The time.
    pub now: DateTime<Utc>,
    /// Whether the time is trusted: if not, only what a person ordered airs, and nothing is missed.
    pub trusted: bool,
    /// What is on air.
    pub on_air: Option<&'a OnAir>,
    /// What is paused for an emergency.
    pub paused: Option<&'a Paused>,
    /// What waits, in queue order: priority, due, schedule id, slot id.
    pub bids: &'a [Bid],
    /// The quiet hours.
    pub quiet: &'a QuietHours,
    /// The limits.
    pub limits: &'a Limits,
    /// What has sounded, as far as the limits count it.
    pub sounded: &'a Sounded,
    /// The holidays.
    pub holidays: &'a Holidays,
    /// The station's zone.
    pub zone: Tz,
}

impl Situation<'_> {
    /// The limits with what counts against them; none where there are none.
    fn account(&self) -> Option<Account<'_>> {
        let counted = self.on_air.filter(|on_air| !on_air.exempt && on_air.since <= self.now);
        (!self.limits.is_none()).then(|| Account {
            limits: self.limits,
            sounded: self.sounded,
            sounding: counted.map(|on_air| (on_air.since, self.now)),
            zone: self.zone,
            holidays: self.holidays,
        })
    }

    /// When the limits end what is on air.
    fn limit_ends(&self) -> Option<DateTime<Utc>> {
        let on_air = self.on_air.filter(|on_air| !on_air.exempt)?;
        self.account()?.ends(on_air.since, on_air.music)
    }
}

/// The next move. `bid` is an index into the situation's bids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The bid ends without a frame.
    Miss {
        /// Which.
        bid: usize,
        /// Why.
        reason: Reason,
    },
    /// What is on air ends now.
    Cut {
        /// Why.
        reason: Reason,
    },
    /// The bid starts at `at` (at most [`LEAD`] ahead); what sounds then is cut in that frame.
    Start {
        /// Which.
        bid: usize,
        /// When.
        at: DateTime<Utc>,
    },
    /// The bid, an emergency, starts at `at` (at most [`LEAD`] ahead); what sounds then is paused in that frame.
    Interrupt {
        /// Which.
        bid: usize,
        /// When.
        at: DateTime<Utc>,
    },
    /// What is paused goes on now.
    Resume,
    /// What is paused will not go on: it ends.
    Release {
        /// Why.
        reason: Reason,
    },
    /// Nothing to do before `until`, unless something happens.
    Wait {
        /// None: until something happens.
        until: Option<DateTime<Utc>>,
    },
}

/// The move that the situation asks for. Perform it and ask again until it is [`Move::Wait`].
pub fn next_move(s: &Situation) -> Move {
    if let Some(on_air) = s.on_air
        && !on_air.exempt
        && s.quiet.contains(s.zone, s.now)
    {
        return Move::Cut { reason: Reason::QuietHours };
    }
    if s.limit_ends().is_some_and(|end| end <= s.now) {
        return Move::Cut { reason: Reason::Limit };
    }
    if let Some(miss) = s
        .bids
        .iter()
        .enumerate()
        .find_map(|(bid, one)| missed(s, bid, one).map(|reason| Move::Miss { bid, reason }))
    {
        return miss;
    }
    let start = start(s);
    if let Some(paused) = s.paused
        && let Some(end) = after_pause(s, paused, start)
    {
        return end;
    }
    start.unwrap_or_else(|| Move::Wait { until: next_instant(s) })
}

/// What becomes of what is paused, where that is certain by now; `start` is what would start otherwise.
fn after_pause(s: &Situation, paused: &Paused, start: Option<Move>) -> Option<Move> {
    if s.now > paused.last_resume() {
        return Some(Move::Release { reason: Reason::Emergency });
    }
    if s.on_air.is_some() {
        return None;
    }
    if let Some(Move::Start { bid, at }) = start {
        let one = &s.bids[bid];
        if one.priority == Priority::Emergency {
            return None;
        }
        // What would be cut again at once does not go on.
        if cuts(one, at, &paused.on_air) {
            return Some(Move::Release { reason: Reason::HardStart });
        }
    }
    if !paused.on_air.exempt && s.quiet.contains(s.zone, s.now) {
        return Some(Move::Release { reason: Reason::QuietHours });
    }
    Some(Move::Resume)
}

/// Why a bid will not air, where that is certain by now.
fn missed(s: &Situation, bid: usize, one: &Bid) -> Option<Reason> {
    if !(s.trusted || one.ordered) || one.due > s.now {
        return None;
    }
    if let Some(reason) = one.fate {
        return Some(reason);
    }
    let newer = |other: &Bid| other.slot == one.slot && other.due > one.due && other.due <= s.now;
    if s.bids.iter().enumerate().any(|(at, other)| at != bid && newer(other)) {
        return Some(Reason::Superseded);
    }
    earliest_start(s, one).err()
}

/// Steps of the search for a start: the quiet spans, gaps between sessions and midnights that the longest grace can meet
/// are fewer.
const STEPS: usize = 64;

/// The first instant from now on at which the rules of time, quiet and limits would let the bid start, if nothing else
/// sounds until then; the reason it is missed for if its grace is over before.
fn earliest_start(s: &Situation, one: &Bid) -> Result<DateTime<Utc>, Reason> {
    let mut at = s.now.max(one.due);
    if at > one.last_start() {
        return Err(one.obstacle.unwrap_or(Reason::Late));
    }
    if one.exempt {
        return Ok(at);
    }
    let account = s.account();
    let candidate = Candidate { planned: one.planned, music: one.music };
    let mut reason = Reason::QuietHours;
    for _ in 0..STEPS {
        let end = at + one.planned.max(Duration::from_millis(1));
        let next = if s.quiet.touches(s.zone, at, end) {
            reason = Reason::QuietHours;
            s.quiet.end_after(s.zone, at)
        } else if let Some(account) = account.filter(|account| account.forbids(candidate, at).is_some()) {
            reason = Reason::Limit;
            account.next_chance(at)
        } else {
            return Ok(at);
        };
        match next {
            Some(next) if next <= one.last_start() => at = next,
            _ => return Err(reason),
        }
    }
    Err(reason)
}

/// The bid that may start now or within [`LEAD`].
fn start(s: &Situation) -> Option<Move> {
    let may = |one: &Bid| -> Option<DateTime<Utc>> {
        if one.readiness != Readiness::Ready
            || one.fate.is_some()
            || !(s.trusted || one.ordered)
            || one.due > s.now + LEAD
        {
            return None;
        }
        // Only where neither quiet hours nor limits push it back.
        earliest_start(s, one).ok().filter(|at| *at == s.now.max(one.due))
    };
    let mut best: Option<(DateTime<Utc>, usize)> = None;
    for (bid, one) in s.bids.iter().enumerate() {
        let Some(at) = may(one) else { continue };
        if s.on_air.is_some_and(|on_air| !cuts(one, at, on_air)) {
            continue;
        }
        // The earlier start goes first; at one instant the queue's order decides, which is the order of the slice.
        if best.is_none_or(|(earliest, _)| at < earliest) {
            best = Some((at, bid));
        }
    }
    let (at, bid) = best?;
    let chosen = &s.bids[bid];
    // What would be cut again within the lead is not begun: nobody wants a second of a programme.
    let newcomer = OnAir::of(chosen, at);
    let rival = s
        .bids
        .iter()
        .enumerate()
        .filter(|(_, other)| other.due > at && other.due <= s.now + LEAD)
        .filter_map(|(bid, other)| {
            may(other).filter(|then| cuts(other, *then, &newcomer)).map(|then| (then, bid))
        })
        .min();
    let (at, bid) = rival.unwrap_or((at, bid));
    let pauses = s.bids[bid].priority == Priority::Emergency && s.on_air.is_some_and(|on_air| !on_air.yields);
    Some(if pauses { Move::Interrupt { bid, at } } else { Move::Start { bid, at } })
}

/// Whether the bid, starting at `at`, may cut what is on air, or pause it where the bid is an emergency.
fn cuts(one: &Bid, at: DateTime<Utc>, on_air: &OnAir) -> bool {
    if on_air.priority == Priority::Emergency || one.priority == Priority::Emergency {
        return one.priority > on_air.priority;
    }
    if on_air.yields || one.yields {
        return !one.yields;
    }
    let in_time = at - one.due <= TimeDelta::seconds(HARD_WINDOW.as_secs() as i64);
    one.start == Start::Hard
        && in_time
        && (one.priority > on_air.priority || (one.priority == on_air.priority && one.due > on_air.due))
}

/// The next instant at which the answer may differ though nothing happens.
fn next_instant(s: &Situation) -> Option<DateTime<Utc>> {
    let just_after = TimeDelta::milliseconds(1);
    let mut until: Option<DateTime<Utc>> = None;
    let mut note = |at: DateTime<Utc>| {
        if at > s.now && until.is_none_or(|known| at < known) {
            until = Some(at);
        }
    };
    for one in s.bids {
        note(one.due - LEAD);
        note(one.due);
        note(one.last_start() + just_after);
        if !one.exempt && one.due <= s.now {
            s.quiet.end_after(s.zone, s.now).into_iter().for_each(&mut note);
            s.account().and_then(|account| account.next_chance(s.now)).into_iter().for_each(&mut note);
        }
    }
    s.limit_ends().into_iter().for_each(&mut note);
    if let Some(paused) = s.paused {
        note(paused.last_resume() + just_after);
    }
    if s.on_air.is_some_and(|on_air| !on_air.exempt) {
        s.quiet.start_after(s.zone, s.now).into_iter().for_each(&mut note);
    }
    until
}

#[cfg(test)]
mod tests;
