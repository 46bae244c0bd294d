//! Ninety days of stations that chance made and chance disturbs: power cuts, lost cards, clocks that are set, that nobody
//! vouches for or that a dead battery has wrong, a journal that cannot be written, orders, new versions, recordings that
//! go and come, in zones with summer time and without. The oracle is its own: it counts by the calendar what falls due,
//! and asks that each has exactly one true outcome, and that what was heard is what the rows say.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use loa::clock::Clock;
use loa::core::airing::Outcome;
use loa::core::cart::CartName;
use loa::core::order::Order;
use loa::core::trust::Testimony;
use loa::playout::News;
use proptest::prelude::*;

use super::rig::{Rig, synchronised};
use super::spoilt::Mode;
use super::station_months::RECORDINGS;
use super::survival_calendar::{Made, Plan, Weekdays, first_instant, plan};
use super::survival_rig::{soak, times};

/// Days of a station's life in the long form, and in the short one.
const DAYS: i64 = 90;
const FEW_DAYS: i64 = 20;

/// What happens to a station.
#[derive(Clone, Debug)]
enum Fate {
    PowerCut {
        off: TimeDelta,
    },
    /// Power cuts one after the other, some in the middle of coming up.
    Flicker {
        turns: Vec<u8>,
    },
    ShutDown {
        off: TimeDelta,
    },
    Unplugged {
        seconds: i64,
    },
    Clock {
        by: TimeDelta,
    },
    /// The power was away, the battery is dead: the clock goes on where it stopped, until the net is there.
    DeadBattery {
        off: TimeDelta,
        net_after: TimeDelta,
    },
    /// For that long the machine says nothing about its clock.
    Unvouched {
        minutes: i64,
    },
    /// The machine sleeps: steady time stands still.
    Suspended {
        span: TimeDelta,
    },
    JournalRefuses {
        minutes: i64,
    },
    Stop,
    Play(usize),
    Skip {
        slot: usize,
    },
    Confirm,
    Version(Plan),
    Taken {
        recording: usize,
        minutes: i64,
    },
}

fn off() -> impl Strategy<Value = TimeDelta> {
    prop_oneof![
        4 => (1i64..3_600).prop_map(TimeDelta::seconds),
        3 => (1i64..3_000).prop_map(TimeDelta::minutes),
        1 => (1i64..400).prop_map(TimeDelta::days),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    let step = (off(), any::<bool>()).prop_map(|(by, back)| if back { -by } else { by });
    prop_oneof![
        4 => off().prop_map(|off| Fate::PowerCut { off }),
        2 => prop::collection::vec(0u8..20, 1..6).prop_map(|turns| Fate::Flicker { turns }),
        1 => off().prop_map(|off| Fate::ShutDown { off }),
        3 => (1i64..200).prop_map(|seconds| Fate::Unplugged { seconds }),
        3 => step.prop_map(|by| Fate::Clock { by }),
        2 => (off(), off()).prop_map(|(off, net_after)| Fate::DeadBattery { off, net_after }),
        1 => (1i64..600).prop_map(|minutes| Fate::Unvouched { minutes }),
        1 => off().prop_map(|span| Fate::Suspended { span }),
        2 => (1i64..3_000).prop_map(|minutes| Fate::JournalRefuses { minutes }),
        1 => Just(Fate::Stop),
        2 => (0..RECORDINGS.len()).prop_map(Fate::Play),
        1 => (0usize..6).prop_map(|slot| Fate::Skip { slot }),
        1 => Just(Fate::Confirm),
        2 => plan().prop_map(Fate::Version),
        1 => (0..RECORDINGS.len(), 1i64..600).prop_map(|(recording, minutes)| Fate::Taken { recording, minutes }),
    ]
}

/// A station's life and what is known of it without asking Loa.
struct Life {
    rig: Rig,
    /// Each version with the time at which it went live; it answers until the next did.
    versions: Vec<(DateTime<Utc>, Plan)>,
    set_back: bool,
    boots: usize,
}

impl Life {
    fn begin(zone: Tz, civil: &str, quiet: &str, plan: Plan) -> Life {
        let rig = RECORDINGS
            .iter()
            .fold(Rig::in_zone(zone, civil), |rig, (name, seconds)| rig.recording(name, *seconds))
            .quiet(quiet);
        let mut life = Life { rig, versions: Vec::new(), set_back: false, boots: 1 };
        life.rig.drowsy = true;
        life.version(plan);
        life.rig.power_on();
        life
    }

    fn now(&self) -> DateTime<Utc> {
        self.rig.clock.now()
    }

    fn run(&mut self, span: TimeDelta) {
        let until = self.now() + span;
        self.rig.run_until(until);
    }

    fn version(&mut self, plan: Plan) {
        self.versions.push((self.now(), plan.clone()));
        self.rig.go_live(&plan.text());
    }

    fn set_clock(&mut self, by: TimeDelta) {
        self.set_back |= by < TimeDelta::zero();
        self.rig.clock.set(self.now() + by);
    }

    fn testimony(&mut self, testimony: Testimony) {
        self.rig.testimony = testimony.clone();
        self.rig.tell(News::Testimony(testimony));
    }

    fn off(&mut self, off: TimeDelta) {
        self.rig.power_cut();
        self.rig.clock.pass(off.to_std().unwrap());
        self.boots += 1;
        self.rig.testimony.boot = Some(format!("boot-{}", self.boots));
    }

    fn suffer(&mut self, fate: Fate) {
        match fate {
            Fate::PowerCut { off } => {
                self.off(off);
                self.rig.power_on();
            }
            Fate::Flicker { turns } => {
                for turns in turns {
                    (0..turns).for_each(|_| self.run(TimeDelta::milliseconds(150)));
                    self.off(TimeDelta::seconds(2));
                    self.rig.power_on();
                }
            }
            Fate::ShutDown { off } => {
                self.rig.shut_down();
                self.off(off);
                self.rig.power_on();
            }
            Fate::Unplugged { seconds } => {
                self.rig.stage.lock().unwrap().unplug();
                self.run(TimeDelta::seconds(seconds));
                self.rig.stage.lock().unwrap().plug();
            }
            Fate::Clock { by } => {
                self.set_clock(by);
                self.rig.tell(News::ClockSet);
            }
            Fate::DeadBattery { off, net_after } => {
                self.off(off);
                self.set_clock(-off);
                let boot = self.rig.testimony.boot.clone();
                self.rig.testimony = Testimony { boot: boot.clone(), ..Testimony::default() };
                self.rig.power_on();
                let net_after = net_after.min(TimeDelta::hours(12));
                self.run(net_after);
                self.set_clock(off);
                self.testimony(Testimony { boot, ..synchronised() });
            }
            Fate::Unvouched { minutes } => {
                let before = self.rig.testimony.clone();
                self.testimony(Testimony { boot: before.boot.clone(), ..Testimony::default() });
                self.run(TimeDelta::minutes(minutes));
                self.testimony(before);
            }
            // To the program it is a step: the wall clock goes on, the steady one does not.
            Fate::Suspended { span } => self.set_clock(span),
            Fate::JournalRefuses { minutes } => {
                self.rig.disk.is(Mode::Full);
                self.run(TimeDelta::minutes(minutes));
                self.rig.disk.is(Mode::Well);
            }
            Fate::Stop => drop(self.rig.order(Order::Stop)),
            Fate::Play(at) => {
                let file = CartName::new(RECORDINGS[at].0).unwrap();
                drop(self.rig.order(Order::Play { file }));
            }
            Fate::Skip { slot } => {
                let date = self.now().with_timezone(&self.rig.zone).date_naive();
                drop(self.rig.order(Order::Skip {
                    slot: format!("s{slot}").as_str().into(),
                    date,
                    time: None,
                }));
            }
            Fate::Confirm => drop(self.rig.order(Order::ConfirmClock)),
            Fate::Version(plan) => self.version(plan),
            Fate::Taken { recording, minutes } => {
                let (name, seconds) = RECORDINGS[recording];
                self.rig.remove_recording(name);
                self.run(TimeDelta::minutes(minutes));
                self.rig.add_recording(name, seconds);
            }
        }
    }

    /// Time for every grace to pass and the account to be kept, by a clock that is right.
    fn settle(&mut self) {
        let boot = self.rig.testimony.boot.clone();
        self.testimony(Testimony { boot, ..synchronised() });
        self.run(TimeDelta::hours(8));
        self.rig.assert_sound();
        self.assert_settled_once();
        self.assert_as_heard();
    }

    /// What fell due, counted by the calendar, has exactly one row, which says how it ended.
    fn assert_settled_once(&self) {
        let until = self.now() - TimeDelta::hours(7);
        let mut rows: BTreeMap<(usize, DateTime<Utc>), usize> = BTreeMap::new();
        for row in self.rig.airings() {
            let Some(cue) = &row.cue else { continue };
            let slot = cue.slot.as_str()[1..].parse().unwrap();
            *rows.entry((slot, cue.due)).or_default() += 1;
            let ended = row.outcome.is_some_and(|outcome| outcome != Outcome::OnAir);
            assert!(ended || cue.due > until, "no outcome: {row:?}");
        }
        assert!(rows.values().all(|count| *count == 1), "two rows for one occurrence: {rows:?}");
        let mut due = BTreeSet::new();
        for (at, (from, plan)) in self.versions.iter().enumerate() {
            let end = self.versions.get(at + 1).map_or(until, |(end, _)| *end);
            due.extend(plan.occurrences(self.rig.zone, *from, end.min(until)));
        }
        for one in &due {
            assert!(rows.contains_key(one), "no row for slot {} due {}", one.0, one.1);
        }
        // By a clock that was set back a version may have aired what another now answers for.
        for one in rows.keys().filter(|one| !self.set_back && one.1 <= until) {
            assert!(due.contains(one), "a row for what was never due: slot {} at {}", one.0, one.1);
        }
    }

    /// Every programme that was heard from its first frame on is a row that says so, and the other way round. What is
    /// still on air counts for neither: the stage tells what was heard when it ends.
    fn assert_as_heard(&self) {
        let stage = self.rig.stage.lock().unwrap();
        let mut heard: Vec<_> = stage.heard.iter().filter(|one| one.first).map(|one| one.wall.0).collect();
        let ended = self.rig.airings().into_iter().filter(|row| row.outcome != Some(Outcome::OnAir));
        let mut told: Vec<_> = ended.filter_map(|row| row.started).collect();
        heard.sort();
        told.sort();
        let off =
            |pair: (&DateTime<Utc>, &DateTime<Utc>)| (*pair.0 - *pair.1).abs() > TimeDelta::milliseconds(1);
        let wrong = heard.iter().zip(&told).find(|pair| off(*pair));
        assert!(
            wrong.is_none() && heard.len() == told.len(),
            "{} heard, {} told: {wrong:?}",
            heard.len(),
            told.len()
        );
        if self.rig.settings.policy.quiet.contains(self.rig.zone, at_night(self.rig.zone)) {
            for at in heard {
                let hour = at.with_timezone(&self.rig.zone).hour();
                assert!((5..21).contains(&hour), "it woke the village at {at}");
            }
        }
    }
}

fn at_night(zone: Tz) -> DateTime<Utc> {
    first_instant(zone, NaiveDate::from_ymd_opt(2026, 12, 1).unwrap().and_hms_opt(23, 0, 0).unwrap())
}

fn setting() -> impl Strategy<Value = (Tz, &'static str, &'static str)> {
    let zone = prop_oneof![
        3 => Just(Tz::Asia__Ho_Chi_Minh),
        1 => Just(Tz::Europe__Berlin),
        1 => Just(Tz::America__New_York),
        1 => Just(Tz::Australia__Lord_Howe)
    ];
    // So that summer time begins or ends in some of these stations' months.
    let begin = prop_oneof![Just("2026-12-01 04:00"), Just("2027-03-10 20:55"), Just("2027-09-28 12:00")];
    let quiet = prop_oneof![3 => Just("21:00-05:00"), 1 => Just("none")];
    (zone, begin, quiet)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: times(4, 60) as u32,
        max_shrink_iters: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn whatever_happens_in_ninety_days_every_occurrence_has_one_true_outcome(
        (zone, begin, quiet) in setting(),
        plan in plan(),
        fates in prop::collection::vec((1i64..100, fate()), 0..24),
    ) {
        let mut life = Life::begin(zone, begin, quiet, plan);
        let days = if soak() { DAYS } else { FEW_DAYS };
        let end = life.rig.clock.read().steady + TimeDelta::days(days).to_std().unwrap();
        // The gaps share the days among what happens.
        let whole: i64 = fates.iter().map(|(gap, _)| gap).sum::<i64>().max(1);
        for (gap, fate) in fates {
            life.run(TimeDelta::minutes(days * 1_440 * gap / whole));
            life.suffer(fate);
        }
        let left = end.saturating_sub(life.rig.clock.read().steady);
        life.run(TimeDelta::from_std(left).unwrap() + TimeDelta::minutes(1));
        life.settle();
    }
}

/// Chance found it: the eight hours after the last day end at 05:56, in the middle of a programme.
#[test]
fn what_is_on_air_when_the_count_is_made_is_no_fault() {
    let made = Made {
        times: [NaiveTime::from_hms_opt(5, 26, 0).unwrap()].into(),
        weekdays: Weekdays::All,
        start: "soft",
        grace: "0s",
        priority: "normal",
        play: vec![1, 2, 4],
    };
    let mut life = Life::begin(Tz::Europe__Berlin, "2027-03-30 20:55", "21:00-05:00", Plan(vec![made]));
    life.run(TimeDelta::minutes(61));
    life.settle();
    let on_air = |row: &loa::core::airing::Airing| row.outcome == Some(Outcome::OnAir);
    assert_eq!(life.rig.airings().iter().filter(|row| on_air(row)).count(), 1);
}
