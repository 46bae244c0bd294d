//! Scenes of a station's life, each with the lines of the as-run log that it must leave: days, nights and the clock.

use chrono::TimeDelta;
use loa::clock::Clock;
use loa::playout::News;

use super::rig::Rig;
use super::spoilt::Mode;

pub const MORNING: &str = r#"
[[slot]]
id = "sang"
title = "Chuyên mục CCHC"
at = ["05:30"]
play = ["nhac-hieu.mp3", "dvc.mp3"]
"#;

pub fn station() -> Rig {
    Rig::at("2026-12-01 05:00")
        .recording("nhac-hieu.mp3", 20)
        .recording("dvc.mp3", 100)
        .recording("tin.mp3", 60)
}

#[test]
fn a_day_goes_by_and_every_cue_is_aired_at_its_second() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("2026-12-03 12:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n\
         02 05:30 sang: aired from 05:30:00, 120 s\n\
         03 05:30 sang: aired from 05:30:00, 120 s"
    );
    assert!(rig.airings().iter().all(|airing| airing.late_ms() == Some(0)));
    rig.assert_sound();
}

#[test]
fn a_soft_cue_waits_for_what_is_on_air_and_a_hard_one_cuts_it() {
    let both = |start: &str| {
        let second = format!(
            "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\nstart = \"{start}\"\nplay = [\"tin.mp3\"]\n"
        );
        let mut rig = station().schedule(&format!("{MORNING}{second}")).on();
        rig.run_to("06:00");
        rig.assert_sound();
        rig.log()
    };
    assert_eq!(
        both("soft"),
        "01 05:30 sang: aired from 05:30:00, 120 s\n01 05:31 tin: aired from 05:32:00, 60 s"
    );
    assert_eq!(
        both("hard"),
        "01 05:30 sang: cut, hard_start from 05:30:00, 60 s\n01 05:31 tin: aired from 05:31:00, 60 s"
    );
}

#[test]
fn what_cannot_start_within_its_grace_is_late() {
    let second = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\ngrace = \"30s\"\nplay = [\"tin.mp3\"]\n";
    let mut rig = station().schedule(&format!("{MORNING}{second}")).on();
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s\n01 05:31 tin: missed, late");
}

#[test]
fn a_power_cut_in_the_middle_is_said_and_one_before_the_first_frame_is_made_good() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:31");
    rig.power_cut();
    rig.off_until("05:35");
    rig.power_on();
    rig.run_to("2026-12-02 05:29:59");
    // The begin is written, the first frame has not sounded.
    rig.power_cut();
    rig.off_until("05:34");
    rig.power_on();
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: interrupted, power_lost from 05:30:00, 60 s\n\
         02 05:30 sang: aired from 05:34:00, 120 s"
    );
    let aired = rig.airings();
    let late = aired[1].late_ms().unwrap();
    assert!((240_000..241_500).contains(&late), "{late}");
    rig.assert_sound();
}

#[test]
fn a_week_off_is_accounted_for_day_by_day() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:45");
    rig.power_cut();
    rig.off_until("2026-12-07 05:10");
    rig.power_on();
    rig.run_to("05:45");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n\
         02 05:30 sang: missed, station_off\n\
         03 05:30 sang: missed, station_off\n\
         04 05:30 sang: missed, station_off\n\
         05 05:30 sang: missed, station_off\n\
         06 05:30 sang: missed, station_off\n\
         07 05:30 sang: aired from 05:30:00, 120 s"
    );
    rig.assert_sound();
}

#[test]
fn nothing_before_the_station_was_founded_was_missed() {
    let mut rig = Rig::at("2026-12-01 08:00")
        .recording("nhac-hieu.mp3", 20)
        .recording("dvc.mp3", 100)
        .schedule(MORNING)
        .on();
    rig.run_to("2026-12-02 06:00");
    assert_eq!(rig.log(), "02 05:30 sang: aired from 05:30:00, 120 s");
}

#[test]
fn quiet_hours_keep_a_cue_from_starting_and_cut_what_runs_into_them() {
    let late = r#"
[[slot]]
id = "dem"
title = "Ban đêm"
at = ["20:59"]
play = ["dvc.mp3"]
[[slot]]
id = "khuya"
title = "Khuya"
at = ["03:15"]
play = ["tin.mp3"]
[[slot]]
id = "som"
title = "Sớm"
at = ["04:55"]
play = ["tin.mp3"]
"#;
    let mut rig = station().schedule(late).on();
    rig.run_to("2026-12-02 12:00");
    assert_eq!(
        rig.log(),
        "01 20:59 dem: missed, quiet_hours\n\
         02 03:15 khuya: missed, quiet_hours\n\
         02 04:55 som: aired from 05:00:00, 60 s"
    );
    rig.assert_sound();
}

#[test]
fn a_slot_that_the_station_excuses_may_sound_at_night() {
    let slot =
        "[[slot]]\nid = \"giao-thua\"\ntitle = \"Giao thừa\"\nat = [\"23:59\"]\nplay = [\"dvc.mp3\"]\n";
    let mut rig = station().schedule(slot);
    rig.settings.policy.exempt.insert(("lich".into(), "giao-thua".into()));
    rig.power_on();
    rig.run_to("2026-12-02 01:00");
    assert_eq!(rig.log(), "01 23:59 giao-thua: aired from 23:59:00, 100 s");
}

#[test]
fn a_new_version_takes_over_what_has_not_begun() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:20");
    rig.go_live(&MORNING.replace("\"nhac-hieu.mp3\", \"dvc.mp3\"", "\"tin.mp3\"").replace("05:30", "05:40"));
    rig.run_to("05:50");
    rig.go_live(MORNING);
    rig.retire("lich");
    rig.run_to("2026-12-02 06:00");
    assert_eq!(rig.log(), "01 05:40 sang: aired from 05:40:00, 60 s");
}

#[test]
fn a_cue_that_waits_and_is_no_longer_planned_is_superseded_or_withdrawn() {
    let mut rig = Rig::at("2026-12-01 05:00").schedule(MORNING).on();
    rig.run_to("05:31");
    rig.go_live(&MORNING.replace("05:30", "05:50"));
    rig.run_to("05:51");
    rig.retire("lich");
    rig.run_to("06:30");
    assert_eq!(rig.log(), "01 05:30 sang: missed, superseded\n01 05:50 sang: missed, withdrawn");
}

#[test]
fn of_one_slot_only_the_latest_cue_waits() {
    let often =
        "[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:30\", \"05:35\"]\nplay = [\"moi.mp3\"]\n";
    let mut rig = Rig::at("2026-12-01 05:00").schedule(often).on();
    rig.run_to("05:37");
    rig.add_recording("moi.mp3", 30);
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 tin: missed, superseded\n01 05:35 tin: aired from 05:37:00, 30 s");
}

#[test]
fn a_repeat_plays_what_its_slot_really_played() {
    let schedule = format!(
        "{MORNING}\n[[slot]]\nid = \"chieu\"\ntitle = \"Phát lại\"\nat = [\"17:00\"]\nrepeat_of = \"sang\"\n\
         [[change]]\nslot = \"sang\"\ndate = 2026-12-02\naction = \"replace\"\nplay = [\"tin.mp3\"]\n"
    );
    let mut rig = station().schedule(&schedule).on();
    rig.run_to("2026-12-02 18:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 120 s\n\
         01 17:00 chieu: aired from 17:00:00, 120 s\n\
         02 05:30 sang: aired from 05:30:00, 60 s\n\
         02 17:00 chieu: aired from 17:00:00, 60 s"
    );
}

#[test]
fn a_clock_set_back_airs_nothing_twice() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:40");
    let before = rig.clock.now();
    rig.clock.set(before - TimeDelta::minutes(30));
    rig.tell(News::ClockSet);
    rig.run_to("06:30");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s");
    assert_eq!(rig.stage.lock().unwrap().heard.len(), 1);
}

#[test]
fn a_clock_set_forward_airs_what_is_within_its_grace_and_misses_the_rest() {
    let second = "\n[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:10\"]\nplay = [\"tin.mp3\"]\n";
    let mut rig = station().schedule(&format!("{MORNING}{second}")).on();
    rig.run_to("05:05");
    rig.clock.set(rig.moment("05:35"));
    rig.tell(News::ClockSet);
    rig.run_to("06:30");
    let log = rig.log();
    assert!(log.contains("01 05:10 tin: missed,"), "{log}");
    assert!(log.contains("01 05:30 sang: aired from 05:35:0"), "{log}");
}

#[test]
fn what_a_wrong_clock_missed_is_reopened_when_it_is_put_right() {
    let mut rig = station().schedule(MORNING);
    rig.power_on();
    rig.run_to("05:10");
    // A hand that slips: the clock is two hours ahead, and still says that it is synchronised.
    rig.clock.set(rig.moment("07:10"));
    rig.tell(News::ClockSet);
    rig.run_to("07:15");
    assert_eq!(rig.log(), "01 05:30 sang: missed, late");
    rig.clock.set(rig.moment("05:15"));
    rig.tell(News::ClockSet);
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s");
}

#[test]
fn a_gap_of_summer_time_airs_once_at_the_first_instant_after() {
    let slot = "[[slot]]\nid = \"dem\"\ntitle = \"Night\"\ncron = \"30 2 * * *\"\nplay = [\"tin.mp3\"]\n";
    let mut rig = Rig::in_zone(chrono_tz::Europe::Berlin, "2027-03-27 12:00")
        .quiet("none")
        .recording("tin.mp3", 60)
        .schedule(slot)
        .on();
    rig.run_to("2027-03-29 12:00");
    assert_eq!(rig.log(), "28 03:00 dem: aired from 03:00:00, 60 s\n29 02:30 dem: aired from 02:30:00, 60 s");
}

#[test]
fn a_journal_that_takes_nothing_keeps_nobody_busy_and_gets_everything_later() {
    let mut rig = station().schedule(MORNING).on();
    rig.run_to("05:29");
    rig.disk.is(Mode::Full);
    rig.run_to("05:40");
    let (mut turns, until) = (0, rig.moment("05:50"));
    while rig.clock.now() < until {
        let look = rig.step().unwrap();
        rig.clock.pass(look.max(std::time::Duration::from_millis(1)));
        turns += 1;
    }
    assert!(turns <= 10 * 60, "{turns} looks in ten minutes");
    assert_eq!(rig.log(), "");
    rig.disk.is(Mode::Well);
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 120 s");
    rig.assert_sound();
}
