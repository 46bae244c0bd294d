//! The amplifier: on before what airs and off after the last, in virtual time; and behind its guard, off however the real
//! station ends.

use std::sync::{Arc, Mutex};

use loa::core::amplifier::Switch;

use super::panel::Panel;
use super::rig::Rig;

const MORNING: &str = "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\nplay = [\"tin.mp3\"]\n";

fn station() -> Rig {
    let mut rig = Rig::at("2026-12-01 05:00").recording("tin.mp3", 60);
    rig.panel = Some(Arc::new(Mutex::new(Panel::default())));
    rig
}

/// What was asked of it: `05:29:30 on`.
fn orders(rig: &Rig) -> Vec<String> {
    let panel = rig.panel.as_ref().unwrap().lock().unwrap();
    let line = |(at, to): &(chrono::DateTime<chrono::Utc>, Switch)| {
        let word = if *to == Switch::On { "on" } else { "off" };
        format!("{} {word}", at.with_timezone(&rig.zone).format("%H:%M:%S"))
    };
    panel.orders.iter().map(line).collect()
}

#[test]
fn it_is_off_from_the_start_on_before_each_airing_and_off_after_the_last() {
    let evening = "[[slot]]\nid = \"lien\"\ntitle = \"Liền sau\"\nat = [\"05:32\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = station().schedule(&format!("{MORNING}{evening}")).on();
    rig.run_to("06:00");
    assert_eq!(orders(&rig), ["05:00:00 off", "05:29:30 on", "05:34:00 off"]);
    rig.assert_sound();
}

#[test]
fn what_will_not_sound_does_not_switch_it_on() {
    let night =
        "[[slot]]\nid = \"dem\"\ntitle = \"Đêm\"\nat = [\"03:15\", \"20:59:30\"]\nplay = [\"tin.mp3\"]\n";
    let cancelled = "[[change]]\nslot = \"sang\"\ndate = 2026-12-01\naction = \"cancel\"\n";
    let mut rig = station().schedule(&format!("{MORNING}{night}{cancelled}")).on();
    rig.run_to("2026-12-02 05:00");
    assert_eq!(orders(&rig), ["05:00:00 off"]);
    rig.assert_sound();
}

#[test]
fn an_order_switches_it_on_at_once_and_the_end_of_the_station_off() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:10");
    rig.order(loa::core::order::Order::Play { file: loa::core::cart::CartName::new("tin.mp3").unwrap() })
        .unwrap();
    rig.run_to("05:10:30");
    rig.shut_down();
    assert_eq!(orders(&rig), ["05:00:00 off", "05:10:00 on", "05:10:30 off"]);
    assert!(rig.log().contains("cut, shutdown"), "{}", rig.log());
}

#[test]
fn what_fails_is_tried_again_and_the_programme_airs_all_the_same() {
    let mut rig = station().schedule(MORNING).on();
    rig.panel.as_ref().unwrap().lock().unwrap().broken = true;
    rig.run_to("05:29:50");
    let tried = orders(&rig).into_iter().filter(|order| order.ends_with("on")).count();
    assert!((2..6).contains(&tried), "{:?}", orders(&rig));
    rig.panel.as_ref().unwrap().lock().unwrap().broken = false;
    rig.run_to("05:40");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 60 s");
    assert_eq!(orders(&rig).last().unwrap(), "05:32:00 off");
    let off = orders(&rig).into_iter().filter(|order| order.ends_with("off")).count();
    assert!(off < 60, "it rests between two tries: {off}");
    rig.assert_sound();
}

#[cfg(unix)]
mod guarded {
    use super::super::station_folder::{StationFolder, wait_for};

    /// A station whose amplifier is a log.
    fn station() -> StationFolder {
        let station = StationFolder::new("\"virtual\"");
        let file = station.path().join("config/station.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let log = station.path().join("amplifier.log");
        let command = |word: &str| format!("[\"sh\", \"-c\", \"echo {word} >> {}\"]", log.display());
        let amplifier =
            format!("[amplifier]\non = {}\noff = {}\nbefore = \"2s\"\n", command("on"), command("off"));
        std::fs::write(&file, format!("{text}{amplifier}")).unwrap();
        station.recording("dài.wav", 48_000 * 60);
        station.schedule_in(6, "dài.wav");
        station
    }

    fn switched(station: &StationFolder) -> Vec<String> {
        let log = std::fs::read_to_string(station.path().join("amplifier.log")).unwrap_or_default();
        log.lines().map(str::to_owned).collect()
    }

    #[test]
    fn it_goes_off_when_the_station_is_killed_and_when_it_is_told_to_end() {
        let mut station = station();
        station.run();
        station.wait_for_outcome("on_air");
        assert_eq!(switched(&station), ["off", "on"]);
        assert_eq!(station.json(&["status", "--json"])["amplifier"], "on");
        station.kill();
        wait_for("the guard to switch it off", || (switched(&station) == ["off", "on", "off"]).then_some(()));
        station.schedule_in(6, "dài.wav");
        station.run();
        wait_for("it to be on again", || (switched(&station).last().unwrap() == "on").then_some(()));
        station.signal("TERM");
        assert_eq!(station.ended(), Some(0));
        assert_eq!(switched(&station), ["off", "on", "off", "off", "on", "off"]);
        assert_eq!(station.json(&["verify", "--json"])["whole"], true);
    }

    #[test]
    fn a_command_that_fails_or_hangs_is_an_alarm_and_holds_up_nothing() {
        let mut station = station();
        let file = station.path().join("config/station.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let at = text.find("on = [\"sh\"").unwrap();
        let line = &text[at..at + text[at..].find('\n').unwrap()];
        let text = text.replace(line, "on = [\"sleep\", \"600\"]") + "timeout = \"1s\"\n";
        std::fs::write(&file, text).unwrap();
        station.run();
        station.wait_for_outcome("on_air");
        let alarms = || station.json(&["status", "--json"])["alarms"].clone();
        let told = wait_for("the alarm", || {
            let alarms = alarms();
            alarms.as_array().unwrap().iter().find(|one| one["code"] == "amplifier_failed").cloned()
        });
        let found = told["found"].as_str().unwrap();
        assert!(found.contains("sleep") && found.contains("by hand"), "{found}");
        station.signal("TERM");
        assert_eq!(station.ended(), Some(0));
    }
}
