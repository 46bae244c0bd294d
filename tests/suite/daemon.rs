//! The real binary on the virtual card: started, ordered about, edited under, signalled and killed.

use chrono::{DateTime, Utc};

use super::station_folder::{StationFolder, wait_for};

fn instant(value: &serde_json::Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn it_airs_a_cue_at_its_second_writes_it_down_and_ends_in_order() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 60_000);
    let due = station.schedule_in(9, "a.wav");
    station.run();
    let airing = station.wait_for_outcome("aired");
    assert_eq!((&airing["kind"], &airing["slot"]), (&"test".into(), &"gio".into()));
    assert_eq!(instant(&airing["due"]), due);
    assert_eq!(
        (&airing["frames"], &airing["aired_s"], &airing["planned_s"]),
        (&60_000.into(), &1.25.into(), &1.25.into())
    );
    assert_eq!(airing["device"], "virtual");
    assert!(airing["carts"][0]["sha256"].as_str().is_some_and(|hash| hash.len() == 64));
    let off = (instant(&airing["started"]) - due).num_milliseconds();
    assert!((0..10_000).contains(&off), "started {off} ms after its instant");
    let airchecks: Vec<_> = std::fs::read_dir(station.path().join("state/aircheck")).unwrap().collect();
    assert_eq!(airchecks.len(), 1);
    let verify = station.json(&["verify", "--json"]);
    assert_eq!(verify["whole"], true);
    let head = verify["head"].as_str().unwrap().to_owned();
    assert!(station.loa(&["verify", "--head", &head]).status.success());
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    let why = station.loa(&[
        "why",
        "gio",
        &due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%Y-%m-%d").to_string(),
    ]);
    assert!(String::from_utf8_lossy(&why.stdout).contains("Đúng giờ"), "{why:?}");
    assert!(station.loa(&["verify", "--head", &head]).status.success());
}

#[test]
fn orders_are_carried_out_and_a_stopped_airing_is_cut() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("dài.wav", 48_000 * 60);
    station.schedule("rong.toml", "id = \"rong\"\ntitle = \"Rỗng\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"x\"\ntitle = \"X\"\ndates = [2026-01-01]\nat = [\"05:00\"]\nplay = [\"dài.wav\"]\n");
    station.run();
    assert_eq!(station.loa(&["stop"]).status.code(), Some(1), "nothing is on air yet");
    assert_eq!(station.loa(&["play", "khong-co.wav"]).status.code(), Some(1));
    assert!(
        station.loa(&["play", "dài.wav"]).status.success(),
        "it is there, and waits until it is measured"
    );
    station.wait_for_outcome("on_air");
    let status = station.json(&["status", "--json"]);
    assert_eq!(status["on_air"]["title"], "dài.wav");
    assert!(station.loa(&["stop"]).status.success());
    let cut = station.wait_for_outcome("cut");
    assert_eq!((&cut["reason"], &cut["kind"]), (&"operator".into(), &"test".into()));
    assert_eq!(station.loa(&["skip", "khong-co", "2026-12-01"]).status.code(), Some(1));
    station.signal("INT");
    assert_eq!(station.ended(), Some(0));
    assert_eq!(station.loa(&["stop"]).status.code(), Some(1), "no station runs");
    assert_eq!(station.loa(&["status"]).status.code(), Some(1));
    assert_eq!(station.loa(&["skip"]).status.code(), Some(2));
}

#[test]
fn killed_while_it_airs_it_says_so_and_killed_before_it_makes_good() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 48_000 * 30);
    station.schedule_in(8, "a.wav");
    station.run();
    station.wait_for_outcome("on_air");
    station.kill();
    station.run();
    let lost = station.wait_for_outcome("interrupted");
    assert_eq!(lost["reason"], "power_lost");
    // Before the first frame: the begin is written 1.5 s ahead of it.
    station.kill();
    station.schedule_in(7, "a.wav");
    station.run();
    let begun = || station.airings().iter().any(|airing| airing["outcome"].is_null());
    wait_for("a begin", || begun().then_some(()));
    station.kill();
    station.run();
    station.wait_for_outcome("on_air");
    assert_eq!(station.airings().len(), 2, "{:?}", station.airings());
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    assert_eq!(station.wait_for_outcome("cut")["reason"], "shutdown");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn check_tells_of_a_fallback_that_cannot_air() {
    let station = StationFolder::new("\"virtual\"");
    station.recording("nhac-nen.wav", 48_000);
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let with = |carts: &str| {
        let policy = format!("quiet_hours = \"none\"\nfallback = [{carts}]");
        std::fs::write(&config, text.replace("quiet_hours = \"none\"", &policy)).unwrap();
        station.json(&["check", "--json"])
    };
    assert_eq!(with("\"nhac-nen.wav\"").as_array().unwrap().len(), 0);
    let findings = with("\"nhac-nen.wav\", \"khong-co.wav\"");
    assert_eq!((&findings[0]["code"], &findings[0]["file"]), (&"fallback".into(), &"khong-co.wav".into()));
}

#[test]
fn a_second_instance_is_refused_and_a_second_signal_ends_at_once() {
    let mut station = StationFolder::new("\"virtual\"");
    station.run();
    let second = station.loa(&["run"]);
    assert_eq!(second.status.code(), Some(1));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("lock"), "{said}");
    station.signal("TERM");
    station.signal("TERM");
    // In order or at once, whichever was first; never hanging.
    assert!(matches!(station.ended(), Some(0 | 1)));
}

#[test]
fn a_template_without_the_stations_themes_is_written_before_there_is_a_station_and_never_after() {
    let station = StationFolder::new("\"virtual\"");
    let file = station.path().join("mau.csv");
    let template = || station.loa(&["template", "-o", file.to_str().unwrap()]);
    let config = station.path().join("config/station.toml");
    let right = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{right}[files]\nthemes = \"config/khong-co.toml\"\n")).unwrap();
    let said = template();
    assert_eq!(said.status.code(), Some(1), "{said:?}");
    assert!(String::from_utf8_lossy(&said.stderr).contains("khong-co.toml") && !file.exists(), "{said:?}");
    std::fs::remove_file(&config).unwrap();
    assert!(template().status.success() && file.exists());
}

#[test]
fn a_station_that_has_schedules_before_its_first_start_is_founded_before_they_are_live() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 4_800);
    station.schedule_in(600, "a.wav");
    station.run();
    let reader = loa::journal::Reader::open(&station.path().join("state/journal.db")).unwrap();
    let first = reader.entry(1).unwrap().unwrap();
    assert!(matches!(first.entry, loa::core::record::Entry::Founded { .. }), "{first:?}");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn schedules_are_taken_over_live_if_right_and_the_last_good_one_stays_if_not() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 4_800);
    station.schedule_in(3_000, "a.wav");
    station.run();
    let slots = |station: &StationFolder| -> Vec<String> {
        let rundown = station.json(&["rundown", "--days", "2", "--json"]);
        rundown.as_array().unwrap().iter().map(|cue| cue["slot"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(slots(&station), ["gio"]);
    let text = std::fs::read_to_string(station.path().join("schedules/lich.toml")).unwrap();
    station.schedule("lich.toml", &text.replace("\"gio\"", "\"khac\""));
    wait_for("the new version", || (slots(&station) == ["khac"]).then_some(()));
    station.schedule("lich.toml", &text.replace("play =", "paly ="));
    let alarms =
        |station: &StationFolder| station.json(&["status", "--json"])["alarms"].as_array().unwrap().clone();
    let raised = wait_for("the alarm", || alarms(&station).first().cloned());
    assert!(raised["found"].as_str().unwrap().contains("play"), "{raised}");
    assert_eq!(slots(&station), ["khac"], "the last good one stays");
    // Across a restart too.
    station.kill();
    station.run();
    assert_eq!(slots(&station), ["khac"]);
    station.schedule("lich.toml", &text);
    wait_for("the mended version", || {
        (slots(&station) == ["gio"] && alarms(&station).is_empty()).then_some(())
    });
    station.schedule("lich.toml", "id = \"lich\"\nretired = true\n");
    wait_for("its end", || slots(&station).is_empty().then_some(()));
}

#[test]
fn a_broken_theme_list_or_a_config_with_faults_is_told_in_full() {
    let station = StationFolder::new("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("quiet_hours", "quiet_hour") + "tursted = true\n").unwrap();
    let output = station.loa(&["run"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("quiet_hours") && said.contains("trust"), "{said}");
}

/// The journal is spoilt while the station is off: it comes up by itself, airs, says what happened and what is missing, and
/// keeps the damaged file.
#[test]
fn a_damaged_journal_is_set_aside_and_the_station_airs_on() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 48_000);
    station.schedule_in(8, "a.wav");
    station.run();
    station.wait_for_outcome("aired");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + "[backup]\nat = \"00:00\"\n").unwrap();
    station.kill();
    station.run();
    let backups = station.path().join("state/backup");
    wait_for("a backup", || loa::journal::backup::list(&backups).pop());
    station.kill();
    let journal = station.path().join("state/journal.db");
    let spoilt = [0xa5; 20_000];
    std::fs::write(&journal, spoilt).unwrap();
    station.schedule_in(8, "a.wav");
    station.run();
    let status = station.json(&["status", "--json"]);
    let alarms = status["alarms"].as_array().unwrap();
    assert!(alarms.iter().any(|alarm| alarm["code"] == "journal_restored"), "{alarms:?}");
    let aired = |station: &StationFolder| {
        station.airings().iter().filter(|airing| airing["outcome"] == "aired").count()
    };
    wait_for("the second airing", || (aired(&station) == 2).then_some(()));
    let verify = station.json(&["verify", "--json"]);
    assert_eq!((&verify["whole"], verify["gaps"].as_array().unwrap().len()), (&true.into(), 1));
    let aside = verify["gaps"][0]["set_aside"].as_str().unwrap();
    assert!(std::fs::read(station.path().join("state").join(aside)).unwrap() == spoilt);
    let said = station.loa(&["verify"]);
    assert!(String::from_utf8_lossy(&said.stdout).contains("was restored at"), "{said:?}");
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}
