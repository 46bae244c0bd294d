//! Weeks and months of stations that chance made and chance disturbs: power cuts, lost cards, clocks set, orders, new
//! versions, recordings that go and come. Whatever happened, what [`Rig::assert_sound`] lists must hold.

use chrono::{DateTime, TimeDelta, Utc};
use loa::clock::Clock;
use loa::core::airing::Outcome;
use loa::core::cart::CartName;
use loa::core::order::Order;
use loa::playout::News;
use proptest::prelude::*;

use super::rig::Rig;

pub const RECORDINGS: [(&str, u64); 5] =
    [("nhac-hieu.mp3", 12), ("dvc.mp3", 95), ("tin.mp3", 240), ("bai.mp3", 900), ("hoi-dap.mp3", 1_500)];

/// What happens to a station.
#[derive(Clone, Debug)]
enum Fate {
    PowerCut { minutes: i64 },
    Unplugged { seconds: i64 },
    Stop,
    Play(usize),
    Skip,
    Clock { minutes: i64 },
    ShutDown { minutes: i64 },
    Version(String),
    Taken(usize),
}

fn slot(number: usize) -> impl Strategy<Value = String> {
    let times = prop::collection::vec((4u32..23, 0u32..60), 1..4);
    let days = prop_oneof![Just("T2-T6"), Just("T7, CN"), Just("T2-CN"), Just("thứ Tư")];
    let start = prop_oneof![3 => Just("soft"), 1 => Just("hard")];
    let grace = prop_oneof![Just("0s"), Just("90s"), Just("10m"), Just("3h")];
    let priority = prop_oneof![4 => Just("normal"), 1 => Just("priority")];
    let play = prop::collection::vec(0..RECORDINGS.len(), 1..4);
    (times, days, start, grace, priority, play).prop_map(move |(times, days, start, grace, priority, play)| {
        let mut times: Vec<String> = times.iter().map(|(hour, minute)| format!("\"{hour:02}:{minute:02}\"")).collect();
        times.sort();
        times.dedup();
        let play: Vec<String> = play.iter().map(|at| format!("\"{}\"", RECORDINGS[*at].0)).collect();
        let days: Vec<String> = days.split(", ").map(|day| format!("\"{day}\"")).collect();
        format!(
            "[[slot]]\nid = \"s{number}\"\ntitle = \"Khung {number}\"\nat = [{}]\ndays = [{}]\nstart = \"{start}\"\n\
             grace = \"{grace}\"\npriority = \"{priority}\"\nplay = [{}]\n",
            times.join(", "),
            days.join(", "),
            play.join(", ")
        )
    })
}

pub fn schedule() -> impl Strategy<Value = String> {
    (1usize..6)
        .prop_flat_map(|count| (0..count).map(slot).collect::<Vec<_>>())
        .prop_map(|slots| slots.concat())
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => (1i64..3_000).prop_map(|minutes| Fate::PowerCut { minutes }),
        3 => (1i64..200).prop_map(|seconds| Fate::Unplugged { seconds }),
        1 => Just(Fate::Stop),
        2 => (0..RECORDINGS.len()).prop_map(Fate::Play),
        1 => Just(Fate::Skip),
        2 => (-600i64..600).prop_map(|minutes| Fate::Clock { minutes }),
        1 => (1i64..600).prop_map(|minutes| Fate::ShutDown { minutes }),
        2 => schedule().prop_map(Fate::Version),
        1 => (0..RECORDINGS.len()).prop_map(Fate::Taken),
    ]
}

fn suffer(rig: &mut Rig, fate: Fate) {
    let later = |rig: &Rig, span: TimeDelta| -> DateTime<Utc> { rig.clock.now() + span };
    match fate {
        Fate::PowerCut { minutes } => {
            rig.power_cut();
            rig.clock.pass(TimeDelta::minutes(minutes).to_std().unwrap());
            rig.power_on();
        }
        Fate::ShutDown { minutes } => {
            rig.shut_down();
            rig.clock.pass(TimeDelta::minutes(minutes).to_std().unwrap());
            rig.power_cut();
            rig.power_on();
        }
        Fate::Unplugged { seconds } => {
            rig.stage.lock().unwrap().unplug();
            let until = later(rig, TimeDelta::seconds(seconds));
            rig.run_until(until);
            rig.stage.lock().unwrap().plug();
        }
        Fate::Stop => drop(rig.order(Order::Stop)),
        Fate::Play(at) => drop(rig.order(Order::Play { file: CartName::new(RECORDINGS[at].0).unwrap() })),
        Fate::Skip => {
            let date = rig.clock.now().with_timezone(&rig.zone).date_naive();
            drop(rig.order(Order::Skip { slot: "s0".into(), date, time: None }));
        }
        Fate::Clock { minutes } => {
            let now = rig.clock.now();
            rig.clock.set(now + TimeDelta::minutes(minutes));
            rig.tell(News::ClockSet);
        }
        Fate::Version(text) => rig.go_live(&text),
        Fate::Taken(at) => {
            rig.remove_recording(RECORDINGS[at].0);
            let until = later(rig, TimeDelta::hours(5));
            rig.run_until(until);
            rig.add_recording(RECORDINGS[at].0, RECORDINGS[at].1);
        }
    }
}

fn station() -> Rig {
    RECORDINGS.iter().fold(Rig::at("2026-12-01 04:00"), |rig, (name, seconds)| rig.recording(name, *seconds))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_happens_every_cue_has_one_true_outcome(
        schedule in schedule(),
        fates in prop::collection::vec((1i64..2_000, fate()), 0..14),
    ) {
        let mut rig = station().schedule(&schedule).on();
        for (minutes, fate) in fates {
            let until = rig.clock.now() + TimeDelta::minutes(minutes);
            rig.run_until(until);
            suffer(&mut rig, fate);
        }
        // Time for every grace to pass and the account to be kept.
        let until = rig.clock.now() + TimeDelta::hours(8);
        rig.run_until(until);
        rig.assert_sound();
    }
}

#[test]
fn three_quiet_months_air_every_cue_to_the_millisecond() {
    let week = r#"
[[slot]]
id = "sang"
title = "Sáng"
at = ["05:30"]
play = ["nhac-hieu.mp3", "dvc.mp3"]
[[slot]]
id = "chieu"
title = "Chiều"
cron = "0 17 * * mon-fri"
repeat_of = "sang"
[[slot]]
id = "tin"
title = "Tin"
at = ["11:00", "18:30"]
days = ["T2, T4, T6"]
play = ["tin.mp3"]
"#;
    let mut rig = station().schedule(week).on();
    rig.run_to("2027-03-01 04:00");
    let airings = rig.airings();
    // Counted by the calendar, not by Loa.
    let mut expected = 0;
    let mut day: chrono::NaiveDate = "2026-12-01".parse().unwrap();
    while day < "2027-03-01".parse().unwrap() {
        use chrono::Datelike;
        let weekday = day.weekday().number_from_monday();
        expected += 1 + usize::from(weekday <= 5) + 2 * usize::from([1, 3, 5].contains(&weekday));
        day = day.succ_opt().unwrap();
    }
    assert_eq!(airings.len(), expected);
    assert!(
        airings.iter().all(|airing| airing.outcome == Some(Outcome::Aired) && airing.late_ms() == Some(0))
    );
    rig.assert_sound();
}
