//! The power goes while a backup is made or restored: there is a whole backup or none, and the old station or the new one. And
//! whatever is put into a backup comes out of it.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, Utc};
use proptest::prelude::*;

use loa::archive::{self, Occupied, Recordings};
use loa::config::Config;

use super::archive_rig::{back_up, files_of, names_in, restore, text, unzipped};
use super::station_folder::StationFolder;

fn started(arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_loa"))
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Kills a command at instants spread over its run, until it came through; asks `look` after each.
fn killed_again_and_again(start: impl Fn() -> Child, mut look: impl FnMut()) {
    let mut after = Duration::ZERO;
    loop {
        let mut child = start();
        std::thread::sleep(after);
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success());
            return;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        look();
        after += Duration::from_millis(4);
    }
}

fn large(place: &Path) -> StationFolder {
    let station = StationFolder::within(place, "\"virtual\"");
    for number in 0..4 {
        station.recording(&format!("{number}.wav"), 500_000);
    }
    station
}

#[test]
fn a_backup_that_is_killed_anywhere_leaves_no_file_of_its_name() {
    let place = tempfile::tempdir().unwrap();
    let station = large(place.path());
    let (file, config) = (place.path().join("a.zip"), station.path().join("config/station.toml"));
    let (name, config) = (file.to_str().unwrap(), config.to_str().unwrap());
    killed_again_and_again(
        || started(&["backup", name, "--config", config]),
        || {
            if file.exists() {
                assert_eq!(unzipped(&file).len(), 8, "it was done");
                std::fs::remove_file(&file).unwrap();
            }
        },
    );
    assert_eq!(unzipped(&file).len(), 8);
    assert!(!names_in(place.path()).iter().any(|name| name.ends_with(".part")));
}

#[test]
fn a_restoration_that_is_killed_anywhere_leaves_the_old_station_or_the_new_one_whole() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a.zip");
    back_up(&large(place.path()), &file, &[]);
    let there = StationFolder::within(place.path(), "\"virtual\"");
    there.recording("cũ.wav", 1_000);
    let old = files_of(there.path());
    let mut new = unzipped(&file);
    new.retain(|name, _| !name.starts_with("loa-backup"));
    let (name, folder) = (file.to_str().unwrap(), there.path().to_str().unwrap());
    let own = there.path().file_name().unwrap().to_str().unwrap().to_owned();
    let asides = || {
        let names = names_in(place.path());
        names.into_iter().filter(|name| name.starts_with(&format!("{own}.before-"))).collect::<Vec<_>>()
    };
    let mut swapped = 0;
    killed_again_and_again(
        || started(&["restore", name, "--folder", folder, "--replace"]),
        || {
            let found = files_of(there.path());
            assert!(found == old || found == new, "{:?}", found.keys());
            let kept = asides().iter().any(|aside| files_of(&place.path().join(aside)) == old);
            assert!(found == old || kept, "the old one is set aside");
            if found == new {
                swapped += 1;
            }
        },
    );
    assert!(files_of(there.path()) == new);
    assert!(asides().iter().any(|aside| files_of(&place.path().join(aside)) == old));
    assert!(
        !place.path().join(format!("{own}.restoring")).exists(),
        "what was left is cleared away; {swapped}"
    );
}

#[test]
fn two_restorations_into_one_folder_do_not_meet() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("a.zip");
    back_up(&large(place.path()), &file, &[]);
    let new = place.path().join("new");
    let staging = place.path().join("new.restoring");
    let held = loa::journal::lock::StationLock::take(&staging).unwrap();
    std::fs::write(staging.join("x"), "của lệnh kia").unwrap();
    let said = restore(&file, &new, &[]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("another `loa` is at work"), "{}", text(&said));
    assert!(staging.join("x").exists());
    drop(held);
    assert!(restore(&file, &new, &[]).status.success());
    assert!(!new.join("x").exists());
}

/// Files of a station: names as people give them, contents of no length, of some, and beyond a piece.
fn files() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let name =
        "(audio|schedules|config|state/waiting)(/[a-zA-Z0-9ạếốừữỳ ()_-]{1,12}){1,3}\\.(wav|mp3|toml|txt)";
    let content = prop_oneof![
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 1..400),
        (any::<u8>(), 1_048_570usize..1_048_590).prop_map(|(byte, length)| vec![byte; length]),
    ];
    prop::collection::vec((name, content), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn whatever_goes_into_a_backup_comes_out_of_it(files in files()) {
        let place = tempfile::tempdir().unwrap();
        let station = StationFolder::within(place.path(), "\"virtual\"");
        for (name, content) in &files {
            let path = station.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            // A name may be a folder already.
            let _ = std::fs::write(path, content);
        }
        let config_file = station.path().join("config/station.toml");
        let config = Config::read(&config_file).unwrap();
        let file = place.path().join("a.zip");
        let now: DateTime<Utc> = "2026-12-01T05:00:00Z".parse().unwrap();
        let asked = archive::Asked {
            config: &config,
            config_file: &config_file,
            journal: &station.path().join("state/journal.db"),
            file: &file,
            recordings: Recordings::Taken,
            for_people: "x",
            running: false,
            now,
        };
        let backed = archive::back_up(&asked, &mut |_| ()).unwrap();
        prop_assert!(backed.not_taken.is_empty());
        let new = place.path().join("new");
        archive::restore(&file, &new, Occupied::Refuse, now, &mut |_| ()).unwrap();
        prop_assert_eq!(files_of(&new), files_of(station.path()));
    }
}
