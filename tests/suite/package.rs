//! The Debian package, as far as it can be proved without installing it: its units, its scripts, its lists, its version.
//! `make test-deb` installs it in a clean Debian.

use std::path::{Path, PathBuf};
use std::process::Command;

use loa::config::{installed, targets};
use loa::control::{self, Ask, Told};

use super::station_folder::{StationFolder, wait_for};

const SCRIPTS: [&str; 4] = ["preinst", "postinst", "prerm", "postrm"];
const UNITS: [&str; 3] = ["loa.service", "loa-awake.service", "loa-restart.service"];

fn part(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/debian").join(name)
}

fn text(name: &str) -> String {
    std::fs::read_to_string(part(name)).unwrap()
}

#[test]
fn the_changelog_begins_with_this_version() {
    let expected = format!("loa ({}) ", env!("CARGO_PKG_VERSION"));
    assert!(text("changelog").starts_with(&expected), "write an entry that begins with `{expected}`");
}

/// With this program in the place of the installed one. A machine without systemd has no judge.
#[test]
fn systemd_finds_no_fault_in_the_units() {
    let judge = Command::new("systemd-analyze").arg("--version").output();
    if judge.is_err() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for unit in UNITS {
        let text = text(unit).replace("/usr/bin/loa", env!("CARGO_BIN_EXE_loa"));
        std::fs::write(folder.path().join(unit), text).unwrap();
    }
    for unit in UNITS {
        let said = Command::new("systemd-analyze")
            .args(["verify", "--man=no"])
            .arg(folder.path().join(unit))
            .env("SYSTEMD_UNIT_PATH", format!("{}:", folder.path().display()))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&said.stderr).into_owned();
        // Other units of this machine may have faults of their own.
        let ours: Vec<&str> = said.lines().filter(|line| line.contains("loa")).collect();
        assert!(ours.is_empty(), "{unit}: {ours:#?}");
    }
}

#[test]
fn the_service_airs_the_station_that_commands_find_and_is_quiet_before_it_is_set_up() {
    let config = installed::folder().join(installed::CONFIG);
    let unit = text("loa.service");
    for line in [
        format!("ConditionPathExists={}", config.display()),
        format!("ExecStart=/usr/bin/loa run --config {}", config.display()),
        format!("ReadWritePaths={}", installed::folder().display()),
    ] {
        assert!(unit.lines().any(|found| found == line), "{line}");
    }
    for script in ["preinst", "postinst"] {
        assert!(text(script).contains(&format!("station={}\n", installed::folder().display())), "{script}");
    }
    // What the scripts and units ask of this program is there.
    let station = StationFolder::new("\"virtual\"");
    let asked = station.loa(&["wait-to-restart", "--ask"]);
    assert_eq!(asked.status.code(), Some(1), "{asked:?}");
    assert!(String::from_utf8_lossy(&asked.stdout).contains("does not say what it airs"), "{asked:?}");
}

#[test]
fn a_station_that_runs_says_when_it_may_be_started_anew() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 4_800);
    station.run();
    let ask = |station: &StationFolder| {
        let asked = station.loa(&["wait-to-restart", "--ask"]);
        (asked.status.code(), String::from_utf8_lossy(&asked.stdout).into_owned())
    };
    let (code, said) = ask(&station);
    assert!(code == Some(0) && said.contains("is idle"), "{said}");
    // It is asked for more than the playout's own queue holds, which reaches five to ten minutes ahead.
    let due = station.schedule_in(30 * 60, "a.wav");
    wait_for("the next cue", || {
        let Ok(Told::Status(report)) = control::ask(&station.path().join("state"), Ask::Status) else {
            return None;
        };
        assert!(report.standing.coming.is_empty());
        report.next_due.filter(|next| *next == due)
    });
    assert_eq!(ask(&station).0, Some(0));
    let due = station.schedule_in(9 * 60, "a.wav");
    let (code, said) = wait_for("the schedule", || Some(ask(&station)).filter(|(code, _)| *code == Some(1)));
    let due = due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).format("%H:%M").to_string();
    assert!(code == Some(1) && said.contains(&format!("a cue is due at {due}")), "{said}");
    // A configuration that the new version refuses restarts nothing.
    let config = station.path().join("config/station.toml");
    let right = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, right + "[statoin]\n").unwrap();
    let refused = station.loa(&["wait-to-restart", "--ask"]);
    assert!(refused.status.code() == Some(1) && String::from_utf8_lossy(&refused.stderr).contains("statoin"));
}

#[test]
fn the_scripts_are_shell_and_end_at_the_first_failure() {
    for script in SCRIPTS {
        let said = Command::new("sh").arg("-n").arg(part(script)).output().unwrap();
        assert!(said.status.success(), "{script}: {said:?}");
        assert!(text(script).lines().any(|line| line == "set -e"), "{script}");
    }
}

/// With a `df` that finds the disk full.
#[test]
fn a_full_disk_is_told_before_anything_is_unpacked() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: String| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        file
    };
    write("df", "#!/bin/sh\necho head\necho /dev/sda1 9000000 8990000 10000 100% /\n".into());
    let preinst = write("preinst", text("preinst").replace("@SIZE@", "30000"));
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    for (words, vi, en) in [
        (&["install"][..], "Chưa có gì bị thay đổi. Hãy dọn chỗ", "Nothing was changed. Make room"),
        (&["upgrade", "0.1.0"], "trạm vẫn chạy phiên bản 0.1.0.", "the station goes on with version 0.1.0."),
    ] {
        let said = Command::new("sh").arg(&preinst).args(words).env("PATH", &path).output().unwrap();
        let told = String::from_utf8_lossy(&said.stderr).into_owned();
        assert_eq!(said.status.code(), Some(1), "{told}");
        assert!(told.contains(vi) && told.contains(en), "{told}");
        assert!(told.contains("9 MB") && told.contains("49 MB"), "what there is and what is needed: {told}");
    }
}

/// What a new station begins with is right, and counts nothing against a plan that nobody has made.
#[test]
fn the_lists_are_fit_for_a_real_station() {
    let mut station = StationFolder::new("\"virtual\"");
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = station.path().join("config");
    for list in ["config/holidays.toml", "config/themes.toml", "packaging/lists/targets.toml"] {
        let name = Path::new(list).file_name().unwrap();
        std::fs::copy(source.join(list), config.join(name)).unwrap();
    }
    let file = config.join("station.toml");
    let more = "[files]\nholidays = \"config/holidays.toml\"\ntargets = \"config/targets.toml\"\n";
    std::fs::write(&file, std::fs::read_to_string(&file).unwrap() + more).unwrap();
    let read = loa::config::Config::read(&file).unwrap();
    let targets = targets::read(&config.join("targets.toml"), &read.themes().unwrap()).unwrap();
    assert!(targets.0.is_empty());
    assert!(read.holidays().unwrap().iter().next().is_some());
    let checked = station.loa(&["check"]);
    assert!(checked.status.success(), "{checked:?}");
    // The first start of such a station has nothing to complain of.
    station.run();
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    assert!(!station.log().contains("ERROR"), "{}", station.log());
}
