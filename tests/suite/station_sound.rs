//! Scenes of a station's life that try its sound: bad, late and missing recordings, a lost card, dead air.

use std::time::Duration;

use loa::core::cart::{Cart, CartFault};

use super::rig::Rig;
use super::station_life::{MORNING, station};

#[test]
fn a_recording_longer_than_it_was_measured_is_cut_at_the_boundary() {
    let slot = "[[slot]]\nid = \"dem\"\ntitle = \"Ban đêm\"\nat = [\"20:58\"]\nplay = [\"dvc.mp3\"]\n";
    let mut rig = station().schedule(slot).on();
    // The file that lies there is not the one that was measured.
    rig.stage.lock().unwrap().lengths.insert("dvc.mp3".into(), Duration::from_secs(300));
    rig.run_to("21:30");
    assert_eq!(rig.log(), "01 20:58 dem: cut, quiet_hours from 20:58:00, 120 s");
    rig.assert_sound();
}

#[test]
fn a_bad_recording_is_left_out_and_said() {
    let mut rig = station().schedule(MORNING);
    rig.stage.lock().unwrap().lengths.remove("nhac-hieu.mp3");
    rig.power_on();
    rig.run_to("06:00");
    rig.stage.lock().unwrap().lengths.remove("dvc.mp3");
    rig.run_to("2026-12-02 06:00");
    rig.set_cart("dvc.mp3", Cart::Faulty(CartFault::Silent));
    rig.set_cart("nhac-hieu.mp3", Cart::Faulty(CartFault::Silent));
    rig.run_to("2026-12-03 06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: interrupted, bad_audio from 05:30:00, 100 s\n\
         02 05:30 sang: missed, bad_audio\n\
         03 05:30 sang: missed, bad_audio"
    );
    rig.assert_sound();
}

#[test]
fn a_recording_that_comes_within_the_grace_airs_then() {
    let mut rig = Rig::at("2026-12-01 05:00")
        .recording("nhac-hieu.mp3", 20)
        .schedule("[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\nplay = [\"moi.mp3\"]\n")
        .on();
    rig.run_to("05:36");
    rig.add_recording("moi.mp3", 40);
    rig.run_to("2026-12-01 06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:36:00, 40 s");
}

#[test]
fn a_recording_that_never_comes_is_no_audio() {
    let mut rig = Rig::at("2026-12-01 05:00").schedule(MORNING).on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, no_audio");
}

#[test]
fn a_lost_card_pauses_the_airing_and_it_goes_on_where_it_was() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:31");
    rig.stage.lock().unwrap().unplug();
    rig.run_to("05:31:20");
    rig.stage.lock().unwrap().plug();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s");
    let ended = rig.airings()[0].ended.unwrap();
    assert!(ended >= rig.moment("05:32:20") && ended < rig.moment("05:32:25"), "{ended}");
    rig.assert_sound();
}

#[test]
fn a_card_that_stays_away_ends_the_airing_and_one_that_never_was_lets_none_begin() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:31");
    rig.stage.lock().unwrap().unplug();
    rig.run_to("2026-12-02 06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: interrupted, device_lost from 05:30:00, 60 s\n\
         02 05:30 sang: missed, no_device"
    );
    rig.assert_sound();
}

#[test]
fn on_the_virtual_card_everything_is_a_test() {
    let mut rig = station().schedule(MORNING);
    rig.stage.lock().unwrap().silent = true;
    rig.power_on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s (test)");
}

#[test]
fn silence_where_there_should_be_sound_is_dead_air() {
    let mut rig = station().schedule(MORNING);
    rig.stage.lock().unwrap().holes.insert("dvc.mp3".into(), Duration::from_secs(30));
    rig.power_on();
    rig.run_to("06:00");
    let log = rig.log();
    assert!(log.starts_with("01 05:30 sang: interrupted, dead_air from 05:30:00, 4"), "{log}");
}
