//! The rundown against a naive telling of the same rules, and the forecast against what a station then really does.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use loa::clock::Clock;
use loa::core::airing::{Airing, Outcome, Reason};
use loa::core::limits::{Limits, Sounded};
use loa::core::order::Order;
use loa::core::pattern::{Day, Days};
use loa::core::rundown::forecast::{Notice, Policy, Row, forecast};
use loa::core::rundown::{Fate, Plan, Version, queue_order};
use loa::core::schedule::{Action, Play, Schedule};
use proptest::prelude::*;

use super::rig::{Rig, ZONE, moment, read_schedule};
use super::station_months::{RECORDINGS, schedule};

fn whole(text: &str) -> String {
    format!("id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-12-01\nvalid_until = 2026-12-31\n{text}")
}

fn plan_of(schedules: Vec<Schedule>) -> Plan {
    let version =
        |schedule| Version { schedule: Arc::new(schedule), from: DateTime::<Utc>::MIN_UTC, until: None };
    Plan { versions: schedules.into_iter().map(version).collect(), ..Plan::empty(ZONE) }
}

/// The cues of a span as lines: `02 05:30 sang nhac-hieu.mp3+dvc.mp3`.
fn lines(plan: &Plan, from: &str, until: &str) -> Vec<String> {
    let second = TimeDelta::seconds(1);
    let cues = plan.cues(moment(ZONE, from) - second, moment(ZONE, until) - second);
    let line = |cue: &loa::core::rundown::Cue| {
        let play: Vec<&str> = cue.play.iter().map(|name| name.as_str()).collect();
        let fate = match &cue.fate {
            None => "",
            Some(Fate::Cancelled { .. }) => " cancelled",
            Some(Fate::Skipped { .. }) => " skipped",
        };
        format!(
            "{} {} {}{fate}",
            cue.due.with_timezone(&ZONE).format("%d %H:%M"),
            cue.slot.id,
            play.join("+")
        )
    };
    cues.iter().map(line).collect()
}

const TWO: &str = r#"
[[slot]]
id = "sang"
title = "Sáng"
at = ["05:30"]
days = ["T2-T6"]
play = ["a.mp3", "b.mp3"]
except = ["holidays", 2026-12-04]
[[slot]]
id = "chieu"
title = "Chiều"
at = ["17:00"]
repeat_of = "sang"
"#;

#[test]
fn one_day_changes_change_one_day() {
    let changes = r#"
[[change]]
slot = "sang"
date = 2026-12-01
action = "cancel"
[[change]]
slot = "sang"
date = 2026-12-02
action = "move"
at = "06:15"
[[change]]
slot = "sang"
date = 2026-12-03
action = "replace"
play = ["c.mp3"]
[[change]]
slot = "sang"
date = 2026-12-05
action = "extra"
at = "08:00"
"#;
    let mut plan = plan_of(vec![read_schedule(&whole(&format!("{TWO}{changes}")))]);
    plan.holidays = Arc::new(["2026-12-07".parse().unwrap()].into_iter().collect());
    assert_eq!(
        lines(&plan, "2026-11-30 00:00", "2026-12-08 00:00"),
        [
            "01 05:30 sang a.mp3+b.mp3 cancelled",
            "01 17:00 chieu ",
            "02 06:15 sang a.mp3+b.mp3",
            "02 17:00 chieu a.mp3+b.mp3",
            "03 05:30 sang c.mp3",
            "03 17:00 chieu c.mp3",
            "04 17:00 chieu c.mp3",
            "05 08:00 sang a.mp3+b.mp3",
            "05 17:00 chieu a.mp3+b.mp3",
            "06 17:00 chieu a.mp3+b.mp3",
            "07 17:00 chieu a.mp3+b.mp3",
        ]
    );
}

#[test]
fn each_instant_is_answered_for_by_one_version() {
    let old = read_schedule(&whole(TWO));
    let new = read_schedule(&whole(&TWO.replace("05:30", "05:45")));
    let between = moment(ZONE, "2026-12-01 05:30");
    let mut plan = plan_of(vec![old, new]);
    plan.versions[0].until = Some(between);
    plan.versions[1].from = between;
    let cues = lines(&plan, "2026-12-01 00:00", "2026-12-02 12:00");
    let morning: Vec<&String> = cues.iter().filter(|line| line.contains("sang")).collect();
    assert_eq!(
        morning,
        ["01 05:30 sang a.mp3+b.mp3", "01 05:45 sang a.mp3+b.mp3", "02 05:45 sang a.mp3+b.mp3"]
    );
}

/// The same rules told slowly: every slot of every version on every day, then sorted by everything.
fn naive(schedules: &[Schedule], from: NaiveDate, days: u64) -> Vec<(DateTime<Utc>, String, String)> {
    let mut cues = Vec::new();
    for date in from.iter_days().take(days as usize) {
        for schedule in schedules {
            for slot in &schedule.slots {
                let mut times = Vec::new();
                slot.pattern.on_day(&Day::new(date, ZONE), &mut times);
                let changes =
                    || schedule.changes.iter().filter(|change| change.slot == slot.id && change.date == date);
                for change in changes() {
                    if let Action::Move { at } = change.action {
                        times.iter_mut().for_each(|due| *due = Day::new(date, ZONE).at(at));
                    }
                }
                cues.extend(
                    times
                        .into_iter()
                        .map(|due| (slot.priority, due, schedule.id.to_string(), slot.id.to_string())),
                );
            }
        }
    }
    cues.sort_by(|a, b| a.1.cmp(&b.1).then(b.0.cmp(&a.0)).then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3)));
    cues.into_iter().map(|(_, due, schedule, slot)| (due, schedule, slot)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_rundown_is_every_slot_of_every_day_in_order(first in schedule(), second in schedule()) {
        let schedules = vec![
            read_schedule(&whole(&first)),
            read_schedule(&whole(&second).replace("id = \"lich\"", "id = \"lich-hai\"")),
        ];
        let expected = naive(&schedules, "2026-12-05".parse().unwrap(), 9);
        let plan = plan_of(schedules);
        let second = TimeDelta::seconds(1);
        let cues = plan.cues(moment(ZONE, "2026-12-05 00:00") - second, moment(ZONE, "2026-12-14 00:00") - second);
        prop_assert!(cues.windows(2).all(|pair| pair[0].due < pair[1].due || queue_order(&pair[0], &pair[1]).is_le()));
        let found: Vec<_> = cues.iter().map(|cue| (cue.due, cue.schedule.id.to_string(), cue.slot.id.to_string())).collect();
        prop_assert_eq!(found, expected);
    }
}

/// Limits that bind now and then; half of the stations have none.
fn limits() -> impl Strategy<Value = Limits> {
    let minutes = |count: u64| Duration::from_secs(count * 60);
    let some = (
        prop::option::of(1u32..4),
        prop::option::of((5u64..40).prop_map(minutes)),
        prop::option::of((10u64..120).prop_map(minutes)),
        prop_oneof![Just(Days(0b111_1111)), Just(Days(0b111_1110)), Just(Days(0b111_1011))],
    );
    let limits = some.prop_map(|(sessions, session, day, weekdays)| Limits {
        sessions,
        session,
        day,
        weekdays,
        ..Limits::default()
    });
    prop_oneof![Just(Limits::default()), limits]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    /// What is foretold is what happens, where nothing else happens. Lengths that add up to no whole minute keep two
    /// things from falling on one instant, where a callback's breath decides.
    #[test]
    fn what_is_foretold_is_what_happens(text in schedule(), limits in limits()) {
        let mut rig = Rig::at("2026-12-01 03:00");
        rig.settings.policy.limits = limits;
        for (name, seconds) in RECORDINGS {
            rig.add_recording(name, seconds / 60 * 60 + 7);
        }
        let mut rig = rig.schedule(&text).on();
        let (plan, library) = (rig.plan(), rig.library());
        let policy = rig.settings.policy.clone();
        let (from, until) = (rig.clock.now(), rig.clock.now() + TimeDelta::days(3));
        let mut rows: Vec<Row> = Vec::new();
        forecast(&plan, &library, &policy, &Sounded::default(), from, until, |row| rows.push(row));
        rig.run_until(until + TimeDelta::hours(5));
        let aired: HashMap<_, Airing> = rig.airings().into_iter().filter_map(|airing| Some((airing.cue.clone()?, airing))).collect();
        // The last hours are left out: what falls due after the forecast's end may have kept them waiting.
        for row in rows.iter().filter(|row| row.cue.due < until - TimeDelta::hours(5)) {
            let airing = &aired[&row.cue.id()];
            let (outcome, reason) = (airing.outcome.unwrap(), airing.reason);
            let starts = |at: DateTime<Utc>| airing.started.is_some_and(|started| (started - at).abs() < TimeDelta::seconds(2));
            let fits = match &row.notice {
                None => outcome == Outcome::Aired && starts(row.cue.due),
                Some(Notice::Waits { until, .. } | Notice::WaitsForQuiet { until }) => starts(*until),
                Some(Notice::WaitsForLimit { until, .. }) => starts(*until),
                Some(Notice::Limit { .. }) => reason == Some(Reason::Limit),
                Some(Notice::CutBy { .. }) => reason == Some(Reason::HardStart),
                Some(Notice::QuietHours) => reason == Some(Reason::QuietHours),
                Some(Notice::TooLate { .. }) => reason == Some(Reason::Late),
                Some(Notice::Superseded) => reason == Some(Reason::Superseded),
                Some(_) => false,
            };
            prop_assert!(fits, "{:?} was foretold for {} {}, and it was {outcome} {reason:?} from {:?}",
                row.notice, row.cue.slot.id, row.cue.due.with_timezone(&ZONE), airing.started);
        }
    }
}

#[test]
fn what_is_missing_cancelled_or_skipped_is_foretold() {
    let change =
        "[[change]]\nslot = \"sang\"\ndate = 2026-12-02\naction = \"cancel\"\nreason = \"Hội nghị\"\n";
    let mut rig = Rig::at("2026-12-01 03:00").recording("a.mp3", 60).schedule(&format!("{TWO}{change}")).on();
    rig.order(Order::Skip { slot: "chieu".into(), date: "2026-12-02".parse().unwrap(), time: None }).unwrap();
    let (plan, library) = (rig.plan(), rig.library());
    let mut notices = Vec::new();
    let from = rig.clock.now();
    forecast(
        &plan,
        &library,
        &Policy::default(),
        &Sounded::default(),
        from,
        from + TimeDelta::days(2),
        |row| notices.push(row.notice),
    );
    assert!(
        matches!(&notices[0], Some(Notice::WithoutCarts { carts, all: false }) if carts[0].as_str() == "b.mp3")
    );
    assert!(
        matches!(&notices[2], Some(Notice::Cancelled { reason: Some(why) }) if why == "Hội nghị"),
        "{notices:?}"
    );
    assert!(matches!(&notices[3], Some(Notice::Skipped { by }) if by == "an"), "{notices:?}");
    let nothing = plan_of(vec![read_schedule(&whole(TWO))]);
    assert!(
        matches!(&nothing.versions[0].schedule.slots[1].play, Play::RepeatOf(of) if of.as_str() == "sang")
    );
    let before = moment(ZONE, "2026-12-01 06:00");
    let mut first = None;
    let mut none_yet = plan_of(vec![read_schedule(&whole(TWO))]);
    none_yet.versions[0].from = before;
    forecast(
        &none_yet,
        &library,
        &Policy::default(),
        &Sounded::default(),
        before,
        before + TimeDelta::days(1),
        |row| {
            first.get_or_insert(row.notice);
        },
    );
    assert!(matches!(first, Some(Some(Notice::NothingToRepeat))), "{first:?}");
}
