//! Emergency orders: what is in force, and when each repeats. Owns their limits, the instants of their repetitions and
//! the names by which the journal knows them; never carries one out.
//!
//! An order stands from the moment it was given until it expires or is ended. It repeats every interval, counted from
//! that moment; each repetition is a cue of its own, so that it has exactly one outcome, across power cuts too. The
//! same recording ordered again takes the place of its former order.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::airing::{CueId, Reason, ScheduleId, SlotId};
use super::cart::CartName;
use super::order::{Order, Refusal};
use super::record::{Dropped, RecordError};

/// An order without an expiry of its own stands for an hour, where the station's config says nothing else.
pub const USUAL_TIME: Duration = Duration::from_secs(3_600);
/// An order may stand for a week: a warning that is older is no emergency any more, and nobody remembers it.
pub const LONGEST_TIME: Duration = Duration::from_secs(7 * 24 * 3_600);
/// It may not repeat more often than once a minute,
pub const SHORTEST_INTERVAL: Duration = Duration::from_secs(60);
/// nor less often than once a day.
pub const LONGEST_INTERVAL: Duration = Duration::from_secs(24 * 3_600);

/// The schedule of the cues of emergency orders; no schedule can have it as its id.
const SCHEDULE: &str = "@emergency";

/// An emergency order that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// The due of its first airing: when it was given, whole milliseconds.
    pub at: DateTime<Utc>,
    /// The recording.
    pub file: CartName,
    /// What it was called by whoever gave it.
    pub title: Option<String>,
    /// It stands until then.
    pub until: DateTime<Utc>,
    /// It repeats so often; none: it airs once.
    pub every: Option<Duration>,
    /// Who gave it.
    pub by: String,
    /// It was ended before its time: when, and for what reason what had not aired by then did not.
    pub ended: Option<(DateTime<Utc>, Reason)>,
}

/// An emergency order as the station's standing shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InForce {
    /// The recording.
    pub file: CartName,
    /// What it is called.
    pub title: String,
    /// It stands until then.
    pub until: DateTime<Utc>,
    /// It repeats so often; none: it airs once.
    pub every: Option<Duration>,
    /// When it airs next; none: no more.
    pub next: Option<DateTime<Utc>>,
    /// Who gave it.
    pub by: String,
}

impl Emergency {
    /// Until when it stands.
    pub fn stands_until(&self) -> DateTime<Utc> {
        self.ended.map_or(self.until, |(ended, _)| ended.min(self.until))
    }

    /// Whether it is in force at that moment.
    pub fn is_in_force(&self, now: DateTime<Utc>) -> bool {
        now < self.stands_until()
    }

    /// The due of its repetition `number`, from 0; none where it no longer stands then.
    pub fn due(&self, number: u64) -> Option<DateTime<Utc>> {
        let due = match self.every {
            None if number > 0 => return None,
            None => self.at,
            Some(every) => {
                let millis =
                    i64::try_from(every.as_millis()).ok()?.checked_mul(i64::try_from(number).ok()?)?;
                self.at.checked_add_signed(TimeDelta::try_milliseconds(millis)?)?
            }
        };
        (due < self.stands_until()).then_some(due)
    }

    /// The number of the first repetition due at `instant` or later, whether or not the order still stands then.
    pub fn first_from(&self, instant: DateTime<Utc>) -> u64 {
        let Ok(since) = (instant - self.at).to_std() else { return 0 };
        match self.every.map(|every| every.as_nanos()).filter(|every| *every > 0) {
            Some(every) => u64::try_from(since.as_nanos().div_ceil(every)).unwrap_or(u64::MAX),
            None => u64::from(!since.is_zero()),
        }
    }

    /// How the journal names its repetition with that due.
    pub fn cue(&self, due: DateTime<Utc>) -> CueId {
        let slot = self.at.format("%Y%m%d-%H%M%S%.3f").to_string();
        CueId { schedule: ScheduleId::from(SCHEDULE), slot: SlotId::from(slot.as_str()), due }
    }
}

/// What the journal knows of emergencies: a part of [`super::record::Record`].
pub trait EmergencyRecord {
    /// The emergency orders given and ended since `since`, oldest first: when, what, and who.
    fn emergencies(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Order, String)>, RecordError>;
    /// The recordings taken by the folder for emergencies since `since`, oldest first.
    fn emergency_drops(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Dropped)>, RecordError>;
}

/// The moment of an order as its repetitions are counted from it.
pub fn moment(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(3)
}

impl CueId {
    /// Whether it is a repetition of an emergency order and no cue of a schedule.
    pub fn is_emergency(&self) -> bool {
        self.schedule.as_str() == SCHEDULE
    }
}

/// What stands of the orders that the journal holds, in the order in which they were given; those that have ended too.
pub fn in_order(orders: impl IntoIterator<Item = (DateTime<Utc>, Order, String)>) -> Vec<Emergency> {
    let mut all: Vec<Emergency> = Vec::new();
    for (at, order, by) in orders {
        match order {
            Order::EndEmergency { file } => drop(end(&mut all, file.as_ref(), at, Reason::Operator)),
            order => take_up(&mut all, at, order, by),
        }
    }
    all
}

/// Takes up an order given at `at`: one of the same recording that still stands is ended by it. Other orders are none of
/// this room's.
pub fn take_up(all: &mut Vec<Emergency>, at: DateTime<Utc>, order: Order, by: String) {
    let Order::Emergency { file, title, until, every, from } = order else { return };
    match from {
        None => drop(end(all, Some(&file), at, Reason::Superseded)),
        Some(from) => {
            // Given anew since the clock was set: what had not aired by then is counted from there, and all is moved as
            // far as the expiry.
            for former in all.iter_mut().filter(|one| one.file == file && one.ended.is_none()) {
                former.ended = Some((from - (until - former.until), Reason::Superseded));
            }
        }
    }
    let mut from = moment(from.unwrap_or(at));
    // Each has a name of its own in the journal.
    while all.iter().any(|one| one.at == from) {
        from += TimeDelta::milliseconds(1);
    }
    all.push(Emergency { at: from, file, title, until, every, by, ended: None });
}

/// Ends the orders of that recording that stand, or all of them; their recordings.
pub fn end(
    all: &mut [Emergency],
    file: Option<&CartName>,
    at: DateTime<Utc>,
    reason: Reason,
) -> Vec<CartName> {
    let standing =
        all.iter_mut().filter(|one| one.is_in_force(at) && file.is_none_or(|file| one.file == *file));
    standing
        .map(|one| {
            one.ended = Some((at, reason));
            one.file.clone()
        })
        .collect()
}

/// What is wrong with the times of an order given now.
pub fn objection(until: DateTime<Utc>, every: Option<Duration>, now: DateTime<Utc>) -> Option<Refusal> {
    let limits = SHORTEST_INTERVAL..=LONGEST_INTERVAL;
    if until <= now {
        Some(Refusal::EmergencyOver { until })
    } else if until - now > TimeDelta::from_std(LONGEST_TIME).unwrap_or_default() {
        Some(Refusal::EmergencyTooLong { until, most: LONGEST_TIME })
    } else {
        every.filter(|every| !limits.contains(every)).map(|every| Refusal::EmergencyInterval {
            every,
            from: SHORTEST_INTERVAL,
            to: LONGEST_INTERVAL,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        format!("2026-11-24T{text}+07:00").parse().unwrap()
    }

    fn order(file: &str, until: &str, every: Option<u64>) -> Order {
        Order::Emergency {
            file: CartName::new(file).unwrap(),
            title: None,
            until: at(until),
            every: every.map(Duration::from_secs),
            from: None,
        }
    }

    fn given(orders: &[(&str, Order)]) -> Vec<Emergency> {
        in_order(orders.iter().map(|(when, order)| (at(when), order.clone(), "an".to_owned())))
    }

    #[test]
    fn it_repeats_from_the_moment_it_was_given_until_it_expires() {
        let all = given(&[("03:30:00", order("lu.mp3", "04:30:00", Some(1_800)))]);
        let dues: Vec<_> = (0..9).map_while(|number| all[0].due(number)).collect();
        assert_eq!(dues, [at("03:30:00"), at("04:00:00")], "what is due as it expires does not air");
        let once = given(&[("03:30:00", order("lu.mp3", "04:30:00", None))]);
        assert_eq!((once[0].due(0), once[0].due(1)), (Some(at("03:30:00")), None));
    }

    #[test]
    fn the_same_recording_ordered_again_takes_its_place_and_an_end_ends_what_it_names() {
        let again = [
            ("03:30:00", order("lu.mp3", "09:00:00", Some(600))),
            ("03:31:00", order("bao.mp3", "09:00:00", Some(600))),
            ("03:32:00", order("lu.mp3", "10:00:00", Some(900))),
        ];
        let all = given(&again);
        assert_eq!(all[0].ended, Some((at("03:32:00"), Reason::Superseded)));
        assert!(all[1].is_in_force(at("08:59:59")) && !all[1].is_in_force(at("09:00:00")));
        let end = |file: Option<&str>| {
            let file = file.map(|file| CartName::new(file).unwrap());
            let all = given(&[&again[..], &[("04:00:00", Order::EndEmergency { file })]].concat());
            all.iter().map(|one| one.is_in_force(at("04:00:00"))).collect::<Vec<_>>()
        };
        assert_eq!(end(None), [false, false, false]);
        assert_eq!(end(Some("bao.mp3")), [false, false, true]);
    }

    #[test]
    fn one_given_anew_after_the_clock_was_set_goes_on_where_it_was() {
        let mut all = given(&[("02:00:00", order("lu.mp3", "03:00:00", Some(600)))]);
        // Three hours and a half later by the right clock; the repetition of 02:20 is the next.
        let anew = Order::Emergency {
            file: all[0].file.clone(),
            title: None,
            until: at("06:30:00"),
            every: all[0].every,
            from: Some(at("05:50:00")),
        };
        take_up(&mut all, at("05:45:00"), anew, "an".into());
        assert_eq!(all[0].ended, Some((at("02:20:00"), Reason::Superseded)));
        assert_eq!((all[0].due(1), all[0].due(2)), (Some(at("02:10:00")), None));
        assert_eq!((all[1].due(0), all[1].due(4)), (Some(at("05:50:00")), None));
    }

    #[test]
    fn two_orders_of_one_moment_have_names_of_their_own_and_none_is_a_schedules() {
        let all = given(&[
            ("03:30:00", order("lu.mp3", "04:30:00", None)),
            ("03:30:00", order("bao.mp3", "04:30:00", None)),
        ]);
        let cues: Vec<CueId> = all.iter().map(|one| one.cue(one.at)).collect();
        assert_ne!(cues[0], cues[1]);
        assert!(cues[0].is_emergency() && super::super::document::is_id(cues[0].schedule.as_str()).is_err());
    }

    #[test]
    fn an_order_that_is_over_too_long_or_too_often_is_refused() {
        let now = at("03:30:00");
        let day = TimeDelta::days(1);
        let of = |until, every: Option<u64>| objection(until, every.map(Duration::from_secs), now);
        assert!(matches!(of(now, None), Some(Refusal::EmergencyOver { .. })));
        assert_eq!(of(now + day * 7, Some(60)), None);
        assert!(matches!(
            of(now + day * 7 + TimeDelta::seconds(1), None),
            Some(Refusal::EmergencyTooLong { .. })
        ));
        for every in [0, 59, 86_401] {
            assert!(matches!(of(now + day, Some(every)), Some(Refusal::EmergencyInterval { .. })), "{every}");
        }
    }

    proptest! {
        #[test]
        fn the_first_from_an_instant_is_due_then_or_later_and_none_before_it_is(
            every in 1u64..200_000, after in -100_000i64..10_000_000,
        ) {
            let one = Emergency {
                at: at("03:30:00"),
                file: CartName::new("lu.mp3").unwrap(),
                title: None,
                until: DateTime::<Utc>::MAX_UTC,
                every: Some(Duration::from_millis(every)),
                by: String::new(),
                ended: None,
            };
            let instant = one.at + TimeDelta::milliseconds(after);
            let number = one.first_from(instant);
            prop_assert!(one.due(number).unwrap() >= instant);
            prop_assert!(number == 0 || one.due(number - 1).unwrap() < instant);
        }
    }
}
