//! Relay slots (tiếp sóng): the station stands aside, keeps the amplifier on, and counts the time apart.

use std::sync::{Arc, Mutex};

use loa::core::airing::Kind;
use loa::core::amplifier::Switch;
use loa::core::limits::Sounded;
use loa::core::order::Order;
use loa::core::rundown::forecast::{Notice, forecast};

use super::panel::Panel;
use super::rig::Rig;

const RELAY: &str =
    "[[slot]]\nid = \"tinh\"\ntitle = \"Tiếp sóng đài tỉnh\"\nat = [\"06:00\"]\nrelay = \"30m\"\n";

fn station() -> Rig {
    let mut rig = Rig::at("2026-12-01 05:00").recording("tin.mp3", 60);
    rig.panel = Some(Arc::new(Mutex::new(Panel::default())));
    rig
}

fn slot(id: &str, at: &str, more: &str) -> String {
    format!("[[slot]]\nid = \"{id}\"\ntitle = \"{id}\"\nat = [\"{at}\"]\nplay = [\"tin.mp3\"]\n{more}\n")
}

#[test]
fn a_relay_takes_its_time_keeps_the_amplifier_on_and_is_counted_apart() {
    let mut rig = station().schedule(&format!("{RELAY}{}", slot("sau", "06:25", ""))).on();
    rig.run_to("07:00");
    assert_eq!(rig.log(), "01 06:00 tinh: aired from 06:00:00\n01 06:25 sau: aired from 06:30:00, 60 s");
    let airing = rig.airings().remove(0);
    assert_eq!((airing.kind, airing.aired.as_secs(), airing.frames), (Kind::Relay, 1_800, 0));
    assert_eq!(airing.device.as_deref(), Some("relay"));
    let panel = rig.panel.as_ref().unwrap().lock().unwrap();
    let at = |at: &chrono::DateTime<chrono::Utc>| at.with_timezone(&rig.zone).format("%H:%M:%S").to_string();
    let switched: Vec<_> = panel.orders.iter().map(|(when, to)| (at(when), *to)).collect();
    let expected = [("05:00:00", Switch::Off), ("05:59:30", Switch::On), ("06:32:00", Switch::Off)];
    assert_eq!(switched, expected.map(|(at, to)| (at.to_owned(), to)));
    drop(panel);
    rig.assert_sound();
}

#[test]
fn a_hard_start_a_person_and_the_end_of_the_station_cut_it() {
    let mut rig = station().schedule(&format!("{RELAY}{}", slot("cung", "06:10", "start = \"hard\""))).on();
    rig.run_to("06:20");
    assert_eq!(
        rig.log(),
        "01 06:00 tinh: cut, hard_start from 06:00:00\n01 06:10 cung: aired from 06:10:00, 60 s"
    );
    rig.run_to("2026-12-02 06:05");
    rig.order(Order::Stop).unwrap();
    rig.run_to("2026-12-02 06:06");
    assert!(rig.log().contains("02 06:00 tinh: cut, operator from 06:00:00"), "{}", rig.log());
    rig.run_to("2026-12-03 06:05");
    rig.shut_down();
    assert!(rig.log().contains("03 06:00 tinh: cut, shutdown from 06:00:00"), "{}", rig.log());
    rig.assert_sound();
}

#[test]
fn what_sounds_when_it_begins_is_cut_by_a_hard_relay_and_waited_for_by_a_soft_one() {
    let before = slot("truoc", "05:59:30", "");
    let mut rig = station().schedule(&format!("{before}{RELAY}start = \"hard\"\n")).on();
    rig.run_to("07:00");
    let log = rig.log();
    assert!(log.contains("truoc: cut, hard_start from 05:59:30"), "{log}");
    assert!(log.contains("tinh: aired from 06:00:00"), "{log}");
    let mut rig = station().schedule(&format!("{before}{RELAY}")).on();
    rig.run_to("07:00");
    assert!(rig.log().contains("tinh: aired from 06:00:30"), "{}", rig.log());
    rig.assert_sound();
}

#[test]
fn without_its_amplifier_it_is_missed_and_a_power_cut_interrupts_it() {
    let mut rig = station().schedule(RELAY).on();
    rig.panel.as_ref().unwrap().lock().unwrap().broken = true;
    rig.run_to("06:30");
    assert_eq!(rig.log(), "01 06:00 tinh: missed, no_device");
    rig.panel.as_ref().unwrap().lock().unwrap().broken = false;
    rig.run_to("2026-12-02 06:10");
    rig.power_cut();
    rig.off_until("2026-12-02 06:20");
    rig.power_on();
    rig.run_to("2026-12-02 07:00");
    let airing = rig.airings().pop().unwrap();
    assert!(rig.log().contains("02 06:00 tinh: interrupted, power_lost from 06:00:00"), "{}", rig.log());
    assert!((590..=600).contains(&airing.aired.as_secs()), "{:?}", airing.aired);
    rig.assert_sound();
}

#[test]
fn it_keeps_the_quiet_hours_and_is_foretold() {
    let evening = "[[slot]]\nid = \"toi\"\ntitle = \"Tối\"\nat = [\"20:45\"]\nrelay = \"30m\"\n";
    let mut rig = station().schedule(&format!("{RELAY}{evening}{}", slot("sau", "06:25", ""))).on();
    let (plan, library, policy) = (rig.plan(), rig.library(), rig.settings.policy.clone());
    let (from, until) = (rig.moment("05:00"), rig.moment("22:00"));
    let mut rows = Vec::new();
    forecast(&plan, &library, &policy, &Sounded::default(), from, until, |row| {
        rows.push((row.cue.slot.id.to_string(), row.notice))
    });
    assert_eq!(rows[0], ("tinh".to_owned(), None));
    assert!(
        matches!(&rows[1].1, Some(Notice::Waits { until, .. }) if *until == rig.moment("06:30")),
        "{rows:?}"
    );
    assert_eq!(rows[2], ("toi".to_owned(), Some(Notice::QuietHours)));
    rig.run_to("22:00");
    assert!(rig.log().contains("01 20:45 toi: missed, quiet_hours"), "{}", rig.log());
    rig.assert_sound();
}

#[test]
fn a_clock_that_is_set_makes_it_neither_longer_nor_shorter() {
    let mut rig = station().schedule(RELAY).on();
    rig.run_to("06:10");
    let ahead = rig.moment("06:15");
    rig.clock.set(ahead);
    rig.run_to("07:00");
    let airing = rig.airings().remove(0);
    assert_eq!((airing.aired.as_secs(), rig.log().as_str()), (1_800, "01 06:00 tinh: aired from 06:00:00"));
}

#[test]
fn an_emergency_ends_it_since_what_it_relays_cannot_be_paused() {
    let mut rig = station().schedule(RELAY).on();
    rig.run_to("06:10");
    let file = loa::core::cart::CartName::new("tin.mp3").unwrap();
    let until = rig.moment("06:40");
    rig.order(Order::Emergency { file, title: None, until, every: None, from: None }).unwrap();
    rig.run_to("07:00");
    let log = rig.log();
    assert!(log.contains("tinh: cut, emergency from 06:00:00"), "{log}");
    assert!(log.lines().any(|line| line.contains("aired from 06:10:0") && line.contains("60 s")), "{log}");
    rig.assert_sound();
}
