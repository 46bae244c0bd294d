//! The installation and the service: what the installer of the package starts, and the station under Windows' service
//! manager, as far as Wine has one.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::station_folder::wait_for;
use super::wine::{drive_c, loa_exe, named};
use super::{Pc, assert_heard};

fn station_folder() -> PathBuf {
    drive_c().join("ProgramData/Loa")
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// The unpacked package, as `scripts/make-windows` lays it.
fn package(place: &Path) -> PathBuf {
    let folder = place.join("gói cài đặt");
    std::fs::create_dir_all(folder.join("config")).unwrap();
    std::fs::copy(loa_exe(), folder.join("loa.exe")).unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("config/holidays.toml"), folder.join("config/holidays.toml")).unwrap();
    for name in ["go-bo.cmd", "uninstall.cmd"] {
        std::fs::copy(root.join("packaging/windows").join(name), folder.join(name)).unwrap();
    }
    folder
}

/// What the installed program says, found by the search path, of the installed station.
fn airings(pc: &Pc) -> Vec<Value> {
    let said = pc.wine.run("cmd", &["/c", "loa", "airings", "--json"]);
    serde_json::from_str::<Value>(&said.out).ok().and_then(|all| all.as_array().cloned()).unwrap_or_default()
}

fn wait_for_outcome(pc: &Pc, outcome: &str) -> Value {
    wait_for(outcome, || airings(pc).into_iter().find(|airing| airing["outcome"] == outcome))
}

fn service_is(pc: &Pc, state: &str) {
    wait_for(&format!("a service that is {state}"), || {
        pc.wine.run("sc", &["query", "loa"]).out.contains(state).then_some(())
    });
}

/// A PC on which Loa never was.
fn fresh(pc: &Pc) {
    pc.wine.run("net", &["stop", "loa"]);
    pc.wine.run("sc", &["delete", "loa"]);
    for folder in [station_folder(), drive_c().join("Program Files/Loa")] {
        let _ = std::fs::remove_dir_all(folder);
    }
}

/// A fresh PC with a restored station on it, whose only recordings are these.
fn restored(pc: &Pc, recordings: &[(&str, usize)]) {
    fresh(pc);
    let station = pc.station();
    for (name, frames) in recordings {
        station.recording(name, *frames);
    }
    copy_folder(station.path(), &station_folder());
}

#[test]
fn a_fresh_pc_has_a_station_after_the_installation() {
    let pc = Pc::start();
    fresh(&pc);
    let place = tempfile::tempdir().unwrap();
    let installer = named(&package(place.path()).join("loa.exe"));
    let name = "Đài Truyền thanh xã Bình Minh";
    let mut flags = vec!["install", "--", "--yes", "--name", name, "--clock-is-right", "--listen", "none"];
    // The card that PulseAudio has is the one whose name Windows gives it.
    let devices = pc.wine.run(&installer, &["devices", "--json"]).out;
    let devices: Vec<Value> = serde_json::from_str(&devices).unwrap();
    let card = devices.iter().find(|card| card["name"].as_str().unwrap().starts_with("wasapi:")).unwrap();
    flags.extend(["--card", card["name"].as_str().unwrap()]);
    let said = pc.wine.run(&installer, &flags);
    assert!(said.fine, "{said:?}");
    service_is(&pc, "RUNNING");
    let status = pc.wine.run("loa", &["status"]);
    assert!(status.fine && status.out.contains(name), "{status:?}");
    assert!(pc.wine.run("loa", &["uninstall"]).fine);
}

#[test]
fn the_installer_puts_the_program_in_its_place_and_the_station_airs_as_a_service() {
    let pc = Pc::start();
    restored(&pc, &[("ngắn.wav", 48_000 * 2), ("dài.wav", 48_000 * 60)]);
    let place = tempfile::tempdir().unwrap();
    let installer = named(&package(place.path()).join("loa.exe"));

    let said = pc.wine.run(&installer, &["--language", "vi", "install"]);
    assert!(said.fine, "{said:?}");
    assert!(said.out.contains("[x] chương trình: C:\\Program Files\\Loa"), "{}", said.out);
    let program = drive_c().join("Program Files/Loa");
    assert!(program.join("loa.exe").is_file() && program.join("go-bo.cmd").is_file());
    assert!(station_folder().join("config/holidays.toml").is_file(), "the lists of the package");
    service_is(&pc, "RUNNING");
    // Wine's `sc` does not show how a service is set up; its registry does.
    let key = "HKLM\\SYSTEM\\CurrentControlSet\\Services\\loa";
    let set_up = pc.wine.run("reg", &["query", key]).out;
    assert!(set_up.contains("Program Files\\Loa\\loa.exe") && set_up.contains("run --service"), "{set_up}");
    assert!(set_up.contains("Audiosrv"), "{set_up}");

    let recorder = pc.server.record();
    let played = pc.wine.run("cmd", &["/c", "loa", "play", "ngắn.wav"]);
    assert!(played.fine, "{played:?}");
    let aired = wait_for_outcome(&pc, "aired");
    assert!(aired["device"].as_str().unwrap().starts_with("wasapi"));
    assert_heard(recorder, station_folder().join("audio/ngắn.wav"));

    // The ordered end, in the middle of a programme.
    assert!(pc.wine.run("loa", &["play", "dài.wav"]).fine);
    wait_for_outcome(&pc, "on_air");
    pc.wine.run("net", &["stop", "loa"]);
    service_is(&pc, "STOPPED");
    assert_eq!(wait_for_outcome(&pc, "cut")["reason"], "shutdown");
    let log = std::fs::read_to_string(station_folder().join("state/loa.log")).unwrap();
    assert!(log.contains("stop of the service"), "{log}");

    // Installed anew: the station is kept, and runs again.
    let config = std::fs::read_to_string(station_folder().join("config/station.toml")).unwrap();
    assert!(pc.wine.run(&installer, &["install"]).fine);
    service_is(&pc, "RUNNING");
    assert_eq!(std::fs::read_to_string(station_folder().join("config/station.toml")).unwrap(), config);

    // Taken out: the service and its traces go, the station stays.
    let said = pc.wine.run("loa", &["--language", "vi", "uninstall"]);
    assert!(said.fine && said.out.contains("vẫn còn nguyên"), "{said:?}");
    assert!(!pc.wine.run("sc", &["query", "loa"]).out.contains("SERVICE_NAME"));
    assert!(!pc.wine.run("cmd", &["/c", "loa", "--version"]).fine, "still in the search path");
    assert!(station_folder().join("state/journal.db").is_file());
}

#[test]
fn the_station_starts_with_the_pc_and_says_what_a_power_cut_interrupted() {
    let pc = Pc::start();
    restored(&pc, &[("dài.wav", 48_000 * 60)]);
    let place = tempfile::tempdir().unwrap();
    assert!(pc.wine.run(&named(&package(place.path()).join("loa.exe")), &["install"]).fine);
    assert!(pc.wine.run("loa", &["play", "dài.wav"]).fine);
    wait_for_outcome(&pc, "on_air");
    // Two pulses: something has been heard, and it is known how much.
    std::thread::sleep(std::time::Duration::from_secs(11));
    pc.wine.cut_power();
    pc.wine.switch_on();
    service_is(&pc, "RUNNING");
    let interrupted = wait_for_outcome(&pc, "interrupted");
    assert_eq!(interrupted["reason"], "power_lost");
    assert!(interrupted["frames"].as_u64().unwrap() > 0, "{interrupted}");
    assert!(pc.wine.run("loa", &["uninstall"]).fine);
}
