//! An emergency in trouble: no cut of power, step of the clock or loss of the card takes a repetition away or doubles one.

use chrono::TimeDelta;
use loa::clock::Clock;
use loa::core::cart::CartName;
use loa::core::order::Order;
use loa::core::trust::Testimony;
use loa::playout::News;

use super::station_emergency::{order, warned};
use super::station_life::MORNING;
#[test]
fn a_power_cut_in_the_series_costs_what_was_due_meanwhile_and_no_more() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "07:00", Some(10));
    // The power goes while the emergency sounds and the programme is paused.
    rig.run_to("05:30:50");
    rig.power_cut();
    rig.off_until("06:05");
    rig.power_on();
    rig.run_to("06:12");
    rig.power_cut();
    // And again while it is off nothing happens.
    rig.off_until("06:13");
    rig.power_on();
    rig.run_to("07:30");
    let log = rig.log();
    assert_eq!(
        log.lines().filter(|line| line.contains("EMERGENCY")).collect::<Vec<_>>(),
        [
            "01 05:30 EMERGENCY lu.mp3: interrupted, power_lost from 05:30:30, 18 s",
            "01 05:40 EMERGENCY lu.mp3: missed, station_off",
            "01 05:50 EMERGENCY lu.mp3: missed, station_off",
            "01 06:00 EMERGENCY lu.mp3: aired from 06:05:00, 40 s",
            "01 06:10 EMERGENCY lu.mp3: aired from 06:10:30, 40 s",
            "01 06:20 EMERGENCY lu.mp3: aired from 06:20:30, 40 s",
            "01 06:30 EMERGENCY lu.mp3: aired from 06:30:30, 40 s",
            "01 06:40 EMERGENCY lu.mp3: aired from 06:40:30, 40 s",
            "01 06:50 EMERGENCY lu.mp3: aired from 06:50:30, 40 s",
        ]
    );
    let sang = log.lines().find(|line| line.contains("sang")).unwrap();
    assert_eq!(
        sang, "01 05:30 sang: interrupted, power_lost from 05:30:00, 30 s",
        "to its pause and no further"
    );
    rig.assert_sound();
}

#[test]
fn one_that_expired_while_the_station_was_off_has_all_its_outcomes_and_is_not_aired() {
    let mut rig = warned().schedule(MORNING).on();
    order(&mut rig, "lu.mp3", "05:25", Some(10));
    rig.power_cut();
    rig.off_until("2026-12-03 12:00");
    rig.power_on();
    rig.run_to("12:05");
    assert_eq!(
        rig.log(),
        "01 05:00 EMERGENCY lu.mp3: missed, station_off\n\
         01 05:10 EMERGENCY lu.mp3: missed, station_off\n\
         01 05:20 EMERGENCY lu.mp3: missed, station_off\n\
         01 05:30 sang: missed, station_off\n\
         02 05:30 sang: missed, station_off\n\
         03 05:30 sang: missed, station_off"
    );
    // Nor again, however often it starts.
    rig.power_cut();
    rig.power_on();
    rig.run_to("12:10");
    assert_eq!(rig.log().lines().count(), 6);
}

#[test]
fn killed_before_its_first_frame_it_airs_after_the_restart_under_the_same_number() {
    let mut rig = warned().schedule(MORNING).on();
    order(&mut rig, "lu.mp3", "06:00", None);
    // The begin is written, the first frame is on its way.
    while !rig.airings().iter().any(|airing| airing.outcome.is_none()) {
        let until = rig.clock.now() + TimeDelta::milliseconds(5);
        rig.run_until(until);
    }
    rig.power_cut();
    rig.off_until("05:01");
    rig.power_on();
    rig.run_to("05:05");
    assert_eq!(rig.log(), "01 05:00 EMERGENCY lu.mp3: aired from 05:01:00, 40 s");
}

#[test]
fn an_ended_order_stays_ended_after_a_restart_and_the_same_recording_ordered_again_takes_its_place() {
    let mut rig = warned().schedule(MORNING).on();
    order(&mut rig, "lu.mp3", "06:00", Some(10));
    rig.run_to("05:05");
    order(&mut rig, "lu.mp3", "06:00", Some(20));
    order(&mut rig, "bao.mp3", "06:00", Some(10));
    rig.run_to("05:08");
    rig.order(Order::EndEmergency { file: CartName::new("bao.mp3").ok() }).unwrap();
    rig.power_cut();
    rig.power_on();
    assert_eq!(rig.standing().emergencies.len(), 1);
    rig.run_to("05:27");
    assert_eq!(
        rig.log(),
        "01 05:00 EMERGENCY lu.mp3: aired from 05:00:00, 40 s\n\
         01 05:05 EMERGENCY lu.mp3: aired from 05:05:00, 40 s\n\
         01 05:05 EMERGENCY bao.mp3: aired from 05:05:40, 30 s\n\
         01 05:25 EMERGENCY lu.mp3: aired from 05:25:00, 40 s"
    );
    rig.assert_sound();
}

#[test]
fn it_airs_by_an_untrusted_clock_and_goes_on_when_the_clock_is_put_right() {
    let mut rig = warned().schedule(MORNING);
    rig.testimony = Testimony { boot: Some("boot-1".into()), ..Testimony::default() };
    rig.power_on();
    order(&mut rig, "lu.mp3", "06:00", Some(10));
    rig.run_to("05:12");
    // It was three hours and a day late.
    rig.clock.set(rig.moment("2026-12-02 08:12"));
    rig.tell(News::ClockSet);
    rig.tell(News::Testimony(super::rig::synchronised()));
    rig.run_to("09:30");
    let log = rig.log();
    let emergencies: Vec<&str> = log.lines().filter(|line| line.contains("EMERGENCY")).collect();
    assert_eq!(
        emergencies,
        [
            "01 05:00 EMERGENCY lu.mp3: aired from 05:00:00, 40 s",
            "01 05:10 EMERGENCY lu.mp3: aired from 05:10:00, 40 s",
            "02 08:20 EMERGENCY lu.mp3: aired from 08:20:00, 40 s",
            "02 08:30 EMERGENCY lu.mp3: aired from 08:30:00, 40 s",
            "02 08:40 EMERGENCY lu.mp3: aired from 08:40:00, 40 s",
            "02 08:50 EMERGENCY lu.mp3: aired from 08:50:00, 40 s"
        ],
        "{log}"
    );
    rig.power_cut();
    rig.power_on();
    rig.run_to("09:40");
    assert_eq!(rig.log(), log, "a restart finds nothing to add");
    rig.assert_sound();
}

#[test]
fn a_clock_set_back_airs_no_repetition_twice_and_leaves_none_without_an_outcome() {
    for minutes in [3, 15, 45, 60 * 24 * 400] {
        let mut rig = warned().schedule(MORNING).on();
        order(&mut rig, "lu.mp3", "06:00", Some(10));
        rig.run_to("05:22");
        rig.clock.set(rig.clock.now() - TimeDelta::minutes(minutes));
        rig.tell(News::ClockSet);
        let until = rig.clock.now() + TimeDelta::minutes(60 + minutes.min(60));
        rig.run_until(until);
        let heard = rig.stage.lock().unwrap().heard.len();
        let sounded = rig.airings().iter().filter(|airing| airing.started.is_some()).count();
        assert_eq!(heard, sounded, "{minutes} min: {}", rig.log());
        assert!(rig.airings().iter().all(|airing| airing.outcome.is_some()), "{minutes} min: {}", rig.log());
        rig.assert_sound();
    }
}

#[test]
fn a_card_lost_while_it_sounds_pauses_it_and_all_goes_on() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "06:00", None);
    rig.run_to("05:30:50");
    rig.stage.lock().unwrap().unplug();
    rig.run_to("05:31:10");
    rig.stage.lock().unwrap().plug();
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n01 05:30 EMERGENCY lu.mp3: aired from 05:30:30, 40 s"
    );
    rig.assert_sound();
}

#[test]
fn a_card_lost_for_good_leaves_each_its_outcome() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "05:50", Some(10));
    rig.run_to("05:30:50");
    rig.stage.lock().unwrap().unplug();
    rig.run_to("06:00");
    let log = rig.log();
    assert!(
        log.contains("sang: interrupted, device_lost from 05:30:00, 30 s")
            || log.contains("sang: cut, emergency"),
        "{log}"
    );
    assert!(log.contains("01 05:30 EMERGENCY lu.mp3: interrupted, device_lost"), "{log}");
    assert!(log.contains("01 05:40 EMERGENCY lu.mp3: missed, no_device"), "{log}");
    rig.assert_sound();
}

#[test]
fn the_ordered_end_cuts_both_and_the_next_run_goes_on_with_the_order() {
    let mut rig = warned().schedule(MORNING).on();
    rig.run_to("05:30:30");
    order(&mut rig, "lu.mp3", "06:00", Some(10));
    rig.run_to("05:30:50");
    rig.shut_down();
    rig.off_until("05:35");
    rig.power_on();
    rig.run_to("05:45");
    let log = rig.log();
    assert!(log.contains("sang: cut, shutdown from 05:30:00, 30 s"), "{log}");
    assert!(log.contains("01 05:30 EMERGENCY lu.mp3: cut, shutdown"), "{log}");
    assert!(log.contains("01 05:40 EMERGENCY lu.mp3: aired from 05:40:30, 40 s"), "{log}");
    rig.assert_sound();
}
