//! The rundown: schedules × days → the ordered cues of a span. Owns which version answers for which instant and what
//! one-day changes do to a day; foretelling what stands in a cue's way is in [`forecast`]. Never asks what was aired.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::airing::{CueId, Reason, ScheduleId, SlotId};
use super::calendar::Holidays;
use super::cart::{Cart, CartName, Library};
use super::limits::MUSIC;
use super::order::Order;
use super::pattern::Day;
use super::schedule::{Action, CartNote, Change, Play, Schedule, Slot};

pub mod forecast;

/// How far back a repeat looks for what its slot played: two months, longer than any holiday break.
const REPEAT_DAYS: u64 = 62;

/// A version of a schedule and the span of instants that it answers for.
#[derive(Clone, Debug)]
pub struct Version {
    /// The schedule.
    pub schedule: Arc<Schedule>,
    /// It answers for cues due after this.
    pub from: DateTime<Utc>,
    /// And up to this.
    pub until: Option<DateTime<Utc>>,
}

impl Version {
    fn answers_for(&self, due: DateTime<Utc>) -> bool {
        due > self.from && self.until.is_none_or(|until| due <= until)
    }

    /// What each of its slots played in the version that this one replaced, where that was something else.
    fn before<'a>(&self, versions: &'a [Version]) -> impl FnMut(&Slot) -> Option<Former> + use<'a> {
        let of_this = |other: &&Version| {
            other.schedule.id == self.schedule.id && other.until.is_some_and(|until| until <= self.from)
        };
        let before = versions.iter().filter(of_this).max_by_key(|other| other.until);
        let slots: HashMap<&SlotId, &Play> = before
            .iter()
            .flat_map(|before| before.schedule.slots.iter().map(|slot| (&slot.id, &slot.play)))
            .collect();
        move |slot| match (&slot.play, slots.get(&slot.id)?) {
            (Play::Carts(now), Play::Carts(play)) if now != play => {
                Some(Former { schedule: before?.schedule.clone(), play: play.clone() })
            }
            _ => None,
        }
    }
}

/// A person's order to leave out cues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The slot, in whichever schedule.
    pub slot: SlotId,
    /// The civil day.
    pub date: NaiveDate,
    /// The civil time; none: every cue of that day.
    pub time: Option<NaiveTime>,
    /// Who.
    pub by: String,
}

impl Skip {
    /// What an order leaves out; none where it is another.
    pub fn of(order: &Order, by: &str) -> Option<Skip> {
        match order {
            Order::Skip { slot, date, time } => {
                Some(Skip { slot: slot.clone(), date: *date, time: *time, by: by.to_owned() })
            }
            _ => None,
        }
    }
}

/// One planned airing of one slot at one instant.
#[derive(Clone, Debug)]
pub struct Cue {
    /// Its schedule, in the version that answers for it.
    pub schedule: Arc<Schedule>,
    /// Its slot.
    pub slot: Arc<Slot>,
    /// The planned instant.
    pub due: DateTime<Utc>,
    /// What it plays; empty where it relays, or repeats a slot that has played nothing.
    pub play: Arc<[CartName]>,
    /// What it plays for as long as recordings of its own are not in.
    pub former: Option<Former>,
    /// It will not air: called off by a change, or by a person.
    pub fate: Option<Fate>,
}

/// What a cue played before something replaced it: a one-day change, or a new version of its schedule.
#[derive(Clone, Debug)]
pub struct Former {
    /// The version that says so, with what it says of the recordings.
    pub schedule: Arc<Schedule>,
    /// What it played.
    pub play: Arc<[CartName]>,
}

/// Why a planned cue will not air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// A change in the schedule.
    Cancelled {
        /// Why, where the change says it.
        reason: Option<String>,
    },
    /// An order.
    Skipped {
        /// Who.
        by: String,
    },
}

impl Fate {
    /// The reason it is missed for.
    pub fn reason(&self) -> Reason {
        match self {
            Fate::Cancelled { .. } => Reason::Cancelled,
            Fate::Skipped { .. } => Reason::Operator,
        }
    }
}

impl Cue {
    /// Its identity.
    pub fn id(&self) -> CueId {
        CueId { schedule: self.schedule.id.clone(), slot: self.slot.id.clone(), due: self.due }
    }

    /// What it plays with the recordings that are there. A replaced cue keeps its old audio until all of the new has
    /// arrived: half of a new programme is worth less to its listeners than the whole of the old.
    pub fn plays(&self, library: &Library) -> &Arc<[CartName]> {
        let lacks = |play: &[CartName]| {
            play.iter().any(|name| matches!(library.get(name), None | Some(Cart::Faulty(_))))
        };
        match &self.former {
            Some(former) if lacks(&self.play) && !lacks(&former.play) => &former.play,
            _ => &self.play,
        }
    }

    /// How long it relays another station's programme; none where it plays recordings.
    pub fn relay(&self) -> Option<Duration> {
        match self.slot.play {
            Play::Relay(span) if self.play.is_empty() => Some(span),
            _ => None,
        }
    }

    /// How late it may start: a relay not after what it relays has ended.
    pub fn grace(&self) -> Duration {
        let before_end = self.relay().map(|span| span.saturating_sub(Duration::from_secs(1)));
        before_end.map_or(self.slot.grace, |most| self.slot.grace.min(most))
    }

    /// Whether it plays music: one of its recordings is of that kind.
    pub fn has_music(&self) -> bool {
        self.play.iter().any(|name| self.note(name).is_some_and(|note| note.kind == MUSIC))
    }

    /// What the schedules say of a recording that it plays.
    pub fn note(&self, name: &CartName) -> Option<&CartNote> {
        let former = || self.former.as_ref().and_then(|former| former.schedule.carts.get(name));
        self.schedule.carts.get(name).or_else(former)
    }
}

/// Puts cues into queue order: priority, due, schedule id, slot id.
pub fn queue_order(a: &Cue, b: &Cue) -> std::cmp::Ordering {
    (b.slot.priority.cmp(&a.slot.priority))
        .then_with(|| a.due.cmp(&b.due))
        .then_with(|| a.schedule.id.cmp(&b.schedule.id))
        .then_with(|| a.slot.id.cmp(&b.slot.id))
}

/// Everything that decides what is due when.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The station's zone.
    pub zone: Tz,
    /// Every version that answers for the spans asked about.
    pub versions: Vec<Version>,
    /// The holidays.
    pub holidays: Arc<Holidays>,
    /// Orders to leave out.
    pub skips: Vec<Skip>,
}

impl Plan {
    /// A plan without any schedule.
    pub fn empty(zone: Tz) -> Plan {
        Plan { zone, versions: Vec::new(), holidays: Arc::default(), skips: Vec::new() }
    }

    /// The cues due in `(after, until]`, by due, then in queue order.
    pub fn cues(&self, after: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Cue> {
        let mut cues = Vec::new();
        self.each_day(after, until, |day| cues.append(day));
        cues
    }

    /// Hands the cues due in `(after, until]` to `take` day by day, so that a year need not stand in memory.
    pub fn each_day(&self, after: DateTime<Utc>, until: DateTime<Utc>, mut take: impl FnMut(&mut Vec<Cue>)) {
        let mut works = DayWorks::new(self);
        // A gap in civil time moves a cue into the day after its own, so one more day in front belongs to the span.
        let mut date = after.with_timezone(&self.zone).date_naive() - Days::new(1);
        let last = until.with_timezone(&self.zone).date_naive();
        while date <= last {
            let mut cues = works.on(date);
            cues.retain(|cue| cue.due > after && cue.due <= until);
            if !cues.is_empty() {
                take(&mut cues);
            }
            date = date + Days::new(1);
        }
    }

    /// The cues of one slot on one civil day, whichever version answers for them.
    pub fn on_date(&self, date: NaiveDate) -> Vec<Cue> {
        DayWorks::new(self).on(date)
    }
}

/// What is worked out once for a walk over days: changes by day, and what each slot played last.
struct DayWorks<'a> {
    plan: &'a Plan,
    /// Every slot with the place of its version, in queue order: a day's cues then need sorting by due alone.
    slots: Vec<(usize, &'a Arc<Slot>, Option<Former>)>,
    /// How many cues the last day had.
    most: usize,
    changes: Vec<HashMap<NaiveDate, Vec<&'a Change>>>,
    repeated: Vec<bool>,
    played: HashMap<(ScheduleId, SlotId), Arc<[CartName]>>,
    times: Vec<DateTime<Utc>>,
    nothing: Arc<[CartName]>,
}

impl<'a> DayWorks<'a> {
    fn new(plan: &'a Plan) -> Self {
        let by_day = |version: &'a Version| {
            let mut days: HashMap<NaiveDate, Vec<&Change>> = HashMap::new();
            for change in &version.schedule.changes {
                days.entry(change.date).or_default().push(change);
            }
            days
        };
        let repeats = |version: &Version| {
            version.schedule.slots.iter().any(|slot| matches!(slot.play, Play::RepeatOf(_)))
        };
        let mut slots: Vec<(usize, &Arc<Slot>, Option<Former>)> = Vec::new();
        for (at, version) in plan.versions.iter().enumerate().filter(|(_, version)| !version.schedule.retired)
        {
            let mut before = version.before(&plan.versions);
            slots.extend(version.schedule.slots.iter().map(|slot| (at, slot, before(slot))));
        }
        let id = |at: usize| &plan.versions[at].schedule.id;
        slots.sort_by(|(a, one, _), (b, other, _)| {
            (other.priority.cmp(&one.priority))
                .then_with(|| id(*a).cmp(id(*b)))
                .then_with(|| one.id.cmp(&other.id))
        });
        DayWorks {
            plan,
            slots,
            most: 0,
            changes: plan.versions.iter().map(by_day).collect(),
            repeated: plan.versions.iter().map(repeats).collect(),
            played: HashMap::new(),
            times: Vec::new(),
            nothing: Arc::new([]),
        }
    }

    /// The cues that belong to that civil day, by due, then in queue order.
    fn on(&mut self, date: NaiveDate) -> Vec<Cue> {
        let mut cues = self.planned(date);
        cues.sort_by_key(|cue| cue.due);
        let repeats = self.repeated.contains(&true);
        for cue in &mut cues {
            if let Play::RepeatOf(of) = &cue.slot.play
                && cue.play.is_empty()
            {
                let key = (cue.schedule.id.clone(), of.clone());
                let play = match self.played.get(&key) {
                    Some(play) => Some(play.clone()),
                    None => self.played_before(date, &key),
                };
                cue.play = play.unwrap_or_else(|| self.nothing.clone());
            }
            if repeats && cue.fate.is_none() {
                self.played.insert((cue.schedule.id.clone(), cue.slot.id.clone()), cue.play.clone());
            }
        }
        cues
    }

    /// What that slot is planned to have played last before `date`.
    fn played_before(&self, date: NaiveDate, key: &(ScheduleId, SlotId)) -> Option<Arc<[CartName]>> {
        let mut works = DayWorks::new(self.plan);
        works.repeated.iter_mut().for_each(|any| *any = false);
        (1..=REPEAT_DAYS).find_map(|back| {
            let day = date.checked_sub_days(Days::new(back))?;
            let cues = works.planned(day);
            let last = cues
                .iter()
                .filter(|cue| cue.schedule.id == key.0 && cue.slot.id == key.1 && cue.fate.is_none())
                .max_by_key(|cue| cue.due)?;
            Some(last.play.clone())
        })
    }

    /// The day's cues in queue order but for their due, repeats not yet resolved.
    fn planned(&mut self, date: NaiveDate) -> Vec<Cue> {
        let plan = self.plan;
        let day = Day::new(date, plan.zone);
        let holiday = plan.holidays.contains(date);
        let of_the_day = |version: &Version| {
            let schedule = &version.schedule;
            schedule.valid_from <= date && schedule.valid_until.is_none_or(|end| date <= end)
        };
        let valid: Vec<bool> = plan.versions.iter().map(of_the_day).collect();
        let mut cues = Vec::with_capacity(self.most);
        for (at, slot, former) in self.slots.iter().filter(|(at, ..)| valid[*at]) {
            let version = &plan.versions[*at];
            let schedule = &version.schedule;
            let changes = self.changes[*at].get(&date).map_or(&[][..], Vec::as_slice);
            let own = match &slot.play {
                Play::Carts(carts) => carts,
                Play::RepeatOf(_) | Play::Relay(_) => &self.nothing,
            };
            if !((slot.except_holidays && holiday) || slot.except.contains(&date)) {
                self.times.clear();
                slot.pattern.on_day(&day, &mut self.times);
                let plain = |due: &DateTime<Utc>| Cue {
                    schedule: schedule.clone(),
                    slot: (*slot).clone(),
                    due: *due,
                    play: own.clone(),
                    former: former.clone(),
                    fate: None,
                };
                let first = cues.len();
                cues.extend(self.times.iter().filter(|due| version.answers_for(**due)).map(plain));
                for change in changes.iter().filter(|change| change.slot == slot.id) {
                    let moved_out = apply(change, &day, &mut cues[first..], version);
                    if moved_out {
                        cues.truncate(first);
                    }
                }
            }
            for change in changes.iter().filter(|change| change.slot == slot.id) {
                if let Action::Extra { at, play } = &change.action {
                    let due = day.at(*at);
                    if version.answers_for(due)
                        && !cues.iter().rev().any(|cue| Arc::ptr_eq(&cue.slot, slot) && cue.due == due)
                    {
                        let play = play.clone().unwrap_or_else(|| own.clone());
                        cues.push(Cue {
                            schedule: schedule.clone(),
                            slot: (*slot).clone(),
                            due,
                            play,
                            former: None,
                            fate: None,
                        });
                    }
                }
            }
        }
        self.most = self.most.max(cues.len());
        // A gap in civil time moves a cue into the day after.
        let near = |skip: &&Skip| skip.date == date || Some(skip.date) == date.succ_opt();
        let skips: Vec<&Skip> = plan.skips.iter().filter(near).collect();
        for cue in cues.iter_mut().filter(|_| !skips.is_empty()) {
            let civil = cue.due.with_timezone(&plan.zone).naive_local();
            let skip = skips.iter().find(|skip| {
                skip.slot == cue.slot.id
                    && skip.date == civil.date()
                    && skip.time.is_none_or(|time| time == civil.time())
            });
            if let (Some(skip), None) = (skip, &cue.fate) {
                cue.fate = Some(Fate::Skipped { by: skip.by.clone() });
            }
        }
        cues
    }
}

/// Applies a one-day change to the slot's own cues of that day; true where a move takes them past what the version
/// answers for.
fn apply(change: &Change, day: &Day, cues: &mut [Cue], version: &Version) -> bool {
    match &change.action {
        Action::Cancel => {
            for cue in cues {
                cue.fate = Some(Fate::Cancelled { reason: change.reason.clone() });
            }
        }
        Action::Move { at } => {
            let due = day.at(*at);
            if !version.answers_for(due) {
                return true;
            }
            for cue in cues {
                cue.due = due;
            }
        }
        Action::Replace { play } => {
            for cue in cues {
                let before = std::mem::replace(&mut cue.play, play.clone());
                let replaces = !before.is_empty() && before != *play;
                cue.former = replaces.then(|| Former { schedule: cue.schedule.clone(), play: before });
            }
        }
        Action::Extra { .. } => {}
    }
    false
}

/// The planned length of a play list; none where a recording is not measured.
pub fn planned_length(play: &[CartName], length: impl Fn(&CartName) -> Option<Duration>) -> Option<Duration> {
    play.iter().map(length).sum()
}
