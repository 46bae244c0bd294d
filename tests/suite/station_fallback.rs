//! Scenes of a station's life with holes: what airs in place of a cue that could not, and dead air while it lasts.

use std::time::Duration;

use loa::core::airing::Kind;
use loa::core::cart::{Cart, CartFault, CartName};
use loa::playout::Fallback;

use super::rig::Rig;
use super::station_life::{MORNING, station};

fn with_fallback(carts: &[&str]) -> Rig {
    let mut rig = station().recording("nhac-nen.mp3", 90);
    let carts = carts.iter().map(|name| CartName::new(name).unwrap()).collect();
    rig.settings.fallback = Fallback { carts, title: "Phát thay thế".into() };
    rig
}

#[test]
fn a_cue_without_its_audio_is_missed_and_the_fallback_airs_in_its_place_once() {
    let mut rig = with_fallback(&["khong-co.mp3", "nhac-nen.mp3"]).schedule(MORNING);
    rig.remove_recording("nhac-hieu.mp3");
    rig.remove_recording("dvc.mp3");
    rig.power_on();
    rig.run_to("06:00");
    for name in ["nhac-hieu.mp3", "dvc.mp3"] {
        rig.set_cart(name, Cart::Faulty(CartFault::NotApproved));
    }
    rig.run_to("2026-12-02 06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: missed, no_audio\n\
         fallback Phát thay thế: aired from 05:40:00, 90 s\n\
         02 05:30 sang: missed, not_approved\n\
         fallback Phát thay thế: aired from 05:40:00, 90 s"
    );
    let fallback = &rig.airings()[1];
    assert_eq!((fallback.kind, fallback.cue.is_none()), (Kind::Fallback, true));
    assert!(fallback.carts.iter().all(|cart| cart.topic.is_none()), "without theme");
    rig.assert_sound();
}

#[test]
fn what_is_missed_for_another_reason_has_no_fallback() {
    let night = "\n[[slot]]\nid = \"dem\"\ntitle = \"Đêm\"\nat = [\"03:15\"]\nplay = [\"tin.mp3\"]\n\
                 [[change]]\nslot = \"sang\"\ndate = 2026-12-02\naction = \"cancel\"\n";
    let mut rig = with_fallback(&["nhac-nen.mp3"]).schedule(&format!("{MORNING}{night}")).on();
    rig.run_to("05:45");
    rig.power_cut();
    rig.off_until("2026-12-02 01:00");
    rig.power_on();
    rig.run_to("2026-12-02 06:00");
    assert!(rig.airings().iter().all(|airing| airing.kind != Kind::Fallback), "{}", rig.log());
}

#[test]
fn without_a_fallback_or_one_that_can_air_there_is_silence_that_is_told() {
    let slot = "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\nplay = [\"moi.mp3\"]\n";
    let mut rig = with_fallback(&[]).schedule(slot).on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, no_audio");
    let mut rig = with_fallback(&["khong-co.mp3"]).schedule(slot).on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, no_audio\nfallback Phát thay thế: missed, no_audio");
}

#[test]
fn any_cue_cuts_the_fallback_and_none_is_kept_waiting_by_it() {
    let slots = "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\nplay = [\"moi.mp3\"]\n\
                 [[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:40:30\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = with_fallback(&["nhac-nen.mp3"]).schedule(slots).on();
    rig.run_to("06:00");
    let log = rig.log();
    assert!(log.contains("fallback Phát thay thế: cut, hard_start from 05:40:00"), "{log}");
    assert!(log.contains("01 05:40 tin: aired from 05:40:30, 60 s"), "{log}");
    rig.assert_sound();
}

#[test]
fn nothing_falls_back_while_another_is_on_air_or_waits_nor_into_the_quiet_hours() {
    // The other cue is on air when the first is missed.
    let slots = "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\nplay = [\"moi.mp3\"]\n\
                 [[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:39\"]\nplay = [\"dvc.mp3\"]\n";
    let mut rig = with_fallback(&["nhac-nen.mp3"]).schedule(slots).on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, no_audio\n01 05:39 tin: aired from 05:39:00, 100 s");
    let night = "[[slot]]\nid = \"toi\"\ntitle = \"Tối\"\nat = [\"20:49\"]\nplay = [\"moi.mp3\"]\n";
    let mut rig = with_fallback(&["nhac-nen.mp3"]).schedule(night).on();
    rig.run_to("22:00");
    assert_eq!(rig.log(), "01 20:49 toi: missed, no_audio\nfallback Phát thay thế: missed, quiet_hours");
    rig.assert_sound();
}

#[test]
fn dead_air_is_noticed_while_it_lasts_ends_the_programme_and_the_fallback_airs() {
    let mut rig = with_fallback(&["nhac-nen.mp3"]).schedule(MORNING);
    rig.stage.lock().unwrap().holes.insert("dvc.mp3".into(), Duration::from_secs(60));
    rig.power_on();
    // The signature tune lasts 20 s, then comes the hole; 20 s of it are allowed.
    rig.run_to("05:30:39");
    assert_eq!(rig.dead_air(), None);
    rig.run_to("05:30:43");
    assert_eq!(rig.dead_air().map(|dead| dead.title.as_str()), Some("Chuyên mục CCHC"));
    rig.run_to("05:30:50");
    assert_eq!(rig.dead_air(), None, "the fallback is heard");
    rig.run_to("06:00");
    let log = rig.log();
    let [sang, fallback] = log.lines().collect::<Vec<_>>()[..] else { panic!("{log}") };
    assert!(sang.starts_with("01 05:30 sang: interrupted, dead_air from 05:30:00, 4"), "{log}");
    assert!(fallback.starts_with("fallback Phát thay thế: aired from 05:30:4"), "{log}");
    rig.assert_sound();
}

#[test]
fn dead_air_stands_until_something_is_heard_again_and_lets_what_waits_sound() {
    let second = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = station().schedule(&format!("{MORNING}{second}"));
    rig.stage.lock().unwrap().holes.insert("dvc.mp3".into(), Duration::from_secs(60));
    rig.power_on();
    rig.run_to("05:30:58");
    assert!(rig.dead_air().is_some());
    rig.run_to("06:00");
    assert_eq!(rig.dead_air(), None);
    let log = rig.log();
    assert!(log.contains("01 05:31 tin: aired from 05:31:00, 60 s"), "{log}");
}
