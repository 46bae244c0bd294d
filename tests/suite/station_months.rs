//! Schedules that chance made, and months in which nothing happens; those in which much does are
//! [`super::survival_months`]'s.

use loa::core::airing::Outcome;
use proptest::prelude::*;

use super::rig::Rig;

pub const RECORDINGS: [(&str, u64); 5] =
    [("nhac-hieu.mp3", 12), ("dvc.mp3", 95), ("tin.mp3", 240), ("bai.mp3", 900), ("hoi-dap.mp3", 1_500)];

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

fn station() -> Rig {
    RECORDINGS.iter().fold(Rig::at("2026-12-01 04:00"), |rig, (name, seconds)| rig.recording(name, *seconds))
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
