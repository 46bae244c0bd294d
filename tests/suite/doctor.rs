//! `loa doctor` by the real binary, on stations with which something is wrong: what it finds, in both languages, each
//! with a remedy, and how it ends.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, wait_for};

/// What the machine of a test has or lacks is not the test's affair.
const OF_THE_MACHINE: &[&str] = &["disk", "suspend", "autostart", "converter", "clock", "programs"];

/// A station that has something to air tomorrow, and its recording.
fn station(cards: &str) -> StationFolder {
    let station = StationFolder::new(cards);
    station.recording("a.wav", 48_000);
    station.schedule("lich.toml", &daily("lich", "a.wav"));
    station
}

fn daily(id: &str, play: &str) -> String {
    format!(
        "id = \"{id}\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"sang\"\ntitle = \"Buổi sáng\"\n\
         at = [\"05:30\"]\nplay = [\"{play}\"]\n"
    )
}

struct Examined {
    findings: Vec<Value>,
    code: Option<i32>,
}

impl Examined {
    fn of(station: &StationFolder, arguments: &[&str]) -> Examined {
        let output = station.loa(&[&["doctor", "--json"], arguments].concat());
        let said = String::from_utf8_lossy(&output.stdout);
        let told: Value = serde_json::from_str(&said)
            .unwrap_or_else(|_| panic!("no JSON: {said}; {}", String::from_utf8_lossy(&output.stderr)));
        Examined { findings: told["findings"].as_array().unwrap().clone(), code: output.status.code() }
    }

    fn has(&self, code: &str) -> bool {
        self.findings.iter().any(|found| found["code"] == code)
    }

    /// The codes of what is wrong with the station.
    fn wrong(&self) -> BTreeSet<&str> {
        let wrong = self.findings.iter().filter(|found| {
            found["grade"] == "wrong" && !OF_THE_MACHINE.contains(&found["subject"].as_str().unwrap())
        });
        wrong.map(|found| found["code"].as_str().unwrap()).collect()
    }
}

#[test]
fn three_things_wrong_are_told_each_with_its_remedy_in_both_languages() {
    let server = SoundServer::start();
    let mut station = station("\"pulseaudio:loa\"");
    station.environment = server.environment();
    let well = Examined::of(&station, &[]);
    assert_eq!(well.wrong(), BTreeSet::new(), "{:#?}", well.findings);
    assert!(well.has("card_opens") && well.has("mixer_up") && well.has("cues_come"), "{:#?}", well.findings);

    server.mute("loa");
    station.schedule("hong.toml", &daily("hong", "a.wav").replace("play", "paly"));
    station.schedule("thieu.toml", &daily("thieu", "khong-co.mp3"));
    let mut other = Command::new("pacat")
        .args(["--playback", "--device=loa", "/dev/zero"])
        .envs(server.environment())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let ill = wait_for("the other program to be seen", || {
        Some(Examined::of(&station, &[])).filter(|ill| ill.has("card_shared"))
    });
    other.kill().unwrap();
    other.wait().unwrap();
    assert_eq!(ill.code, Some(1));
    assert_eq!(
        ill.wrong(),
        BTreeSet::from(["mixer_muted", "schedule_faulty", "recordings_lacking"]),
        "{:#?}",
        ill.findings
    );
    for found in ill.findings.iter().filter(|found| found["grade"] != "ok") {
        assert!(found["remedy"].as_str().is_some_and(|remedy| !remedy.is_empty()), "{found}");
    }
    for (language, expected) in [
        (
            "en",
            [
                "WRONG     Mixer: ",
                "muted",
                "hong.toml",
                "did you mean",
                "khong-co.mp3",
                "ATTENTION Station: ",
            ],
        ),
        (
            "vi",
            ["LỖI       Âm lượng: ", "tắt tiếng", "hong.toml", "có phải", "khong-co.mp3", "LƯU Ý     Trạm: "],
        ),
    ] {
        let output = station.loa(&["doctor", "--language", language]);
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        for words in expected {
            assert!(said.contains(words), "no `{words}` in\n{said}");
        }
        let wrong = if language == "en" { "WRONG " } else { "LỖI " };
        let lines: Vec<&str> = said.lines().collect();
        for (at, _) in lines.iter().enumerate().filter(|(_, line)| line.starts_with(wrong)) {
            assert!(lines[at + 1].trim_start().starts_with("→ "), "no remedy after {}", lines[at]);
        }
    }
}

#[test]
fn a_card_that_is_not_there_and_folders_that_vanished_are_wrong() {
    let station = station("\"pulseaudio:loa\", \"virtual\"");
    let server = SoundServer::start();
    let mut station = station;
    station.environment = server.environment();
    server.unplug();
    std::fs::remove_dir_all(station.path().join("audio")).unwrap();
    std::fs::remove_dir_all(station.path().join("schedules")).unwrap();
    let ill = Examined::of(&station, &[]);
    let expected = ["card_fails", "folder_missing", "schedules_unreadable"];
    assert_eq!(ill.wrong(), BTreeSet::from(expected), "{:#?}", ill.findings);
}

#[test]
fn a_running_station_is_asked_and_a_killed_one_is_told_with_its_power_cut() {
    let mut station = station("\"virtual\"");
    let never = Examined::of(&station, &[]);
    assert!(never.has("never_ran") && never.has("card_only_virtual") && never.has("no_journal"));
    assert!(!station.path().join("state").exists(), "an examination changes nothing");
    station.run();
    let runs = Examined::of(&station, &["--full"]);
    assert_eq!(runs.wrong(), BTreeSet::new(), "{:#?}", runs.findings);
    for code in ["running", "no_alarm", "journal_whole", "no_cuts", "inbox_empty", "allowed"] {
        assert!(runs.has(code), "{code}: {:#?}", runs.findings);
    }
    station.kill();
    let killed = Examined::of(&station, &[]);
    assert_eq!(killed.wrong(), BTreeSet::from(["not_running"]), "{:#?}", killed.findings);
    station.run();
    let back = Examined::of(&station, &[]);
    assert!(back.has("cuts") && back.has("running"), "{:#?}", back.findings);
    // One whose door is gone holds its lock and cannot be asked.
    std::fs::remove_file(station.path().join("state/control")).unwrap();
    let mute = Examined::of(&station, &[]);
    if cfg!(target_os = "linux") {
        assert_eq!(mute.wrong(), BTreeSet::from(["not_answering"]), "{:#?}", mute.findings);
    }
    station.kill();
    std::fs::write(station.path().join("state/journal.db"), "no journal").unwrap();
    let broken = Examined::of(&station, &[]);
    assert_eq!(broken.wrong(), BTreeSet::from(["not_running", "journal_broken"]), "{:#?}", broken.findings);
}

#[test]
fn every_fault_of_the_config_is_a_finding_and_the_machine_is_examined_all_the_same() {
    let station = StationFolder::new("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text.replace("quiet_hours", "quiet_hour") + "tursted = true\n").unwrap();
    let ill = Examined::of(&station, &["--language", "en"]);
    assert_eq!((ill.code, ill.wrong()), (Some(1), BTreeSet::from(["config_faulty"])));
    let faults = ill.findings.iter().filter(|found| found["code"] == "config_faulty").count();
    assert_eq!(faults, 2, "{:#?}", ill.findings);
    assert!(ill.has("ffmpeg") || ill.has("no_ffmpeg"));
    std::fs::write(&config, text).unwrap();
    std::fs::write(station.path().join("config/themes.toml"), "[[thema]]\n").unwrap();
    let ill = Examined::of(&station, &[]);
    assert_eq!(ill.wrong(), BTreeSet::from(["config_faulty"]), "{:#?}", ill.findings);
}

#[test]
#[cfg(unix)]
fn commands_that_hang_or_are_not_installed_cost_nothing_but_what_they_would_have_told() {
    use std::os::unix::fs::PermissionsExt;
    let mut station = station("\"pulseaudio:loa\"");
    let programs = station.path().join("programs");
    std::fs::create_dir(&programs).unwrap();
    let pactl = programs.join("pactl");
    std::fs::write(&pactl, "#!/bin/sh\nwhile :; do :; done\n").unwrap();
    std::fs::set_permissions(&pactl, std::fs::Permissions::from_mode(0o755)).unwrap();
    let nowhere = station.path().join("no-socket").display().to_string();
    station.environment = vec![
        ("PATH".into(), programs.display().to_string()),
        ("PULSE_SERVER".into(), format!("unix:{nowhere}")),
        ("XDG_RUNTIME_DIR".into(), nowhere),
    ];
    let ill = Examined::of(&station, &[]);
    for code in
        ["mixer_unknown", "sleep_unknown", "autostart_unknown", "no_ffmpeg", "cues_come", "card_fails"]
    {
        assert!(ill.has(code), "{code}: {:#?}", ill.findings);
    }
    assert_eq!(ill.wrong(), BTreeSet::from(["card_fails"]), "{:#?}", ill.findings);
    let mixer = ill.findings.iter().find(|found| found["code"] == "mixer_unknown").unwrap();
    assert!(mixer["found"].as_str().unwrap().contains("did not answer"), "{mixer}");
}
