//! The station's limits in virtual time: kept at the last moment, whatever the schedule says, through restarts, steps of
//! the clock and losses of the card.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use loa::core::calendar::QuietHours;
use loa::core::cart::Cart;
use loa::core::limits::{Limits, OnHolidays};
use loa::core::order::Order;
use loa::core::pattern::Days;

use super::rig::Rig;

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn station(limits: Limits) -> Rig {
    let mut rig = Rig::at("2026-12-01 05:00").recording("tin.mp3", 600).recording("nhac.mp3", 120);
    rig.settings.policy.limits = limits;
    rig
}

fn slot(id: &str, at: &str, more: &str) -> String {
    format!("[[slot]]\nid = \"{id}\"\ntitle = \"{id}\"\nat = [\"{at}\"]\nplay = [\"tin.mp3\"]\n{more}\n")
}

#[test]
fn no_session_is_longer_and_no_day_has_more_of_them() {
    let limits = Limits { session: Some(minutes(15)), sessions: Some(2), ..Limits::default() };
    let slots = [
        slot("mot", "05:30", ""),
        slot("hai", "05:41", "grace = \"5m\""),
        slot("ba", "11:00", ""),
        slot("bon", "17:00", ""),
    ];
    let mut rig = station(limits).schedule(&slots.concat()).on();
    rig.run_to("20:00");
    assert_eq!(
        rig.log(),
        "01 05:30 mot: aired from 05:30:00, 600 s\n01 05:41 hai: missed, limit\n\
         01 11:00 ba: aired from 11:00:00, 600 s\n01 17:00 bon: missed, limit"
    );
    rig.assert_sound();
}

#[test]
fn a_cue_whose_grace_reaches_the_next_session_waits_for_it() {
    let limits = Limits { session: Some(minutes(15)), ..Limits::default() };
    let slots = [slot("mot", "05:30", ""), slot("hai", "05:41", "grace = \"15m\"")];
    let mut rig = station(limits).schedule(&slots.concat()).on();
    rig.run_to("06:30");
    assert_eq!(
        rig.log(),
        "01 05:30 mot: aired from 05:30:00, 600 s\n01 05:41 hai: aired from 05:50:00, 600 s"
    );
}

#[test]
fn a_restart_in_the_middle_of_a_day_forgets_nothing_of_it() {
    let limits = Limits { day: Some(minutes(25)), ..Limits::default() };
    let slots = [slot("mot", "05:30", ""), slot("hai", "11:00", ""), slot("ba", "17:00", "")];
    let mut rig = station(limits).schedule(&slots.concat()).on();
    rig.run_to("05:38");
    rig.power_cut();
    rig.off_until("05:39");
    rig.power_on();
    rig.run_to("11:30");
    rig.shut_down();
    rig.off_until("16:00");
    rig.power_on();
    rig.run_to("20:00");
    let log = rig.log();
    assert!(log.contains("mot: interrupted, power_lost") && log.contains("hai: aired"), "{log}");
    assert!(log.contains("ba: missed, limit"), "{log}");
    // The next day has its minutes again.
    rig.run_to("2026-12-02 06:00");
    assert!(rig.log().contains("02 05:30 mot: aired"), "{}", rig.log());
    rig.assert_sound();
}

#[test]
fn what_runs_longer_than_it_was_measured_is_cut_where_the_limit_is_reached() {
    let limits = Limits { session: Some(minutes(15)), ..Limits::default() };
    let mut rig = station(limits).schedule(&slot("mot", "05:30", "")).on();
    // The file became longer after it was measured.
    rig.stage.lock().unwrap().lengths.insert("tin.mp3".into(), minutes(40));
    rig.run_to("07:00");
    assert_eq!(rig.log(), "01 05:30 mot: cut, limit from 05:30:00, 900 s");
    rig.assert_sound();
}

#[test]
fn days_of_silence_are_silent_but_for_what_the_station_excuses() {
    let limits =
        Limits { weekdays: Days::parse("T2-T6").unwrap(), holidays: OnHolidays::Silent, ..Limits::default() };
    let mut rig = station(limits);
    rig.settings.policy.exempt = HashSet::from([("lich".into(), "hai".into())]);
    let slots = [slot("mot", "05:30", ""), slot("hai", "11:00", "")];
    let mut rig = rig.schedule(&slots.concat()).on();
    rig.run_to("2026-12-04 12:00");
    rig.run_to("2026-12-07 12:00");
    let log = rig.log();
    for line in [
        "04 05:30 mot: aired",
        "05 05:30 mot: missed, limit",
        "06 05:30 mot: missed, limit",
        "07 05:30 mot: aired",
        "05 11:00 hai: aired",
    ] {
        assert!(log.contains(line), "{line} in\n{log}");
    }
    rig.assert_sound();
}

#[test]
fn no_music_sounds_in_its_spans() {
    let limits = Limits { no_music: vec![QuietHours::parse("05:00-06:00").unwrap()], ..Limits::default() };
    let music = "[[cart]]\nfile = \"nhac.mp3\"\ntitle = \"Nhạc\"\nkind = \"nhac\"\n\
                 [[slot]]\nid = \"nhac\"\ntitle = \"Nhạc\"\nat = [\"05:15\", \"05:55\", \"06:30\"]\nplay = [\"nhac.mp3\"]\n";
    let mut rig = station(limits).schedule(&format!("{music}{}", slot("mot", "05:30", ""))).on();
    rig.run_to("07:00");
    assert_eq!(
        rig.log(),
        "01 05:15 nhac: missed, limit\n01 05:30 mot: aired from 05:30:00, 600 s\n\
         01 05:55 nhac: aired from 06:00:00, 120 s\n01 06:30 nhac: aired from 06:30:00, 120 s"
    );
}

#[test]
fn a_clock_set_back_gives_no_second_session_and_an_order_is_limited_too() {
    let limits = Limits { sessions: Some(1), session: Some(minutes(15)), ..Limits::default() };
    let slots = [slot("mot", "05:30", ""), slot("hai", "05:10", "grace = \"1m\"")];
    let mut rig = station(limits).schedule(&slots.concat()).on();
    rig.run_to("05:55");
    assert!(rig.log().contains("05:10 hai: aired"), "{}", rig.log());
    assert!(rig.log().contains("05:30 mot: missed, limit"), "{}", rig.log());
    let back = rig.moment("05:00");
    rig.clock.set(back);
    rig.run_to("06:30");
    let aired = rig.log().lines().filter(|line| line.contains("aired")).count();
    assert_eq!(aired, 1, "{}", rig.log());
    let file = loa::core::cart::CartName::new("tin.mp3").unwrap();
    let refused = rig.order(Order::Play { file });
    assert!(matches!(refused, Err(loa::core::order::Refusal::Limit { .. })), "{refused:?}");
    rig.assert_sound();
}

#[test]
fn a_recording_that_is_not_measured_yet_is_cut_by_the_limit_too() {
    let limits = Limits { day: Some(minutes(5)), ..Limits::default() };
    let mut rig = station(limits).schedule(&slot("mot", "05:30", "")).on();
    rig.set_cart("tin.mp3", Cart::Ready(Arc::new(super::rig::measured("tin.mp3", 60))));
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 mot: cut, limit from 05:30:00, 300 s");
}
