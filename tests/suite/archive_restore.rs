//! `loa restore`: a station goes on from its backup on another machine, or back in its place; what was there is kept whole.

use std::collections::BTreeMap;
use std::path::Path;

use super::archive_rig::{back_up, files_of, manifest, names_in, restore, text, unzipped};
use super::station_folder::{StationFolder, wait_for};

/// The last entry, as a report carries it.
fn head(station: &StationFolder) -> String {
    station.json(&["verify", "--json"])["head"].as_str().unwrap().to_owned()
}

/// The files of a station, without those that say who looked at it last: the lock, and the index that SQLite makes for whoever
/// reads.
fn lasting(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = files_of(folder);
    files.retain(|name, _| name != "state/lock" && !name.ends_with("-shm") && !name.ends_with("-wal"));
    files
}

#[test]
fn a_station_that_airs_goes_on_elsewhere_and_its_journal_with_it() {
    let place = tempfile::tempdir().unwrap();
    let mut old = StationFolder::within(place.path(), "\"virtual\"");
    old.recording("Bản tin số 1.wav", 48_000 * 20);
    old.schedule_in(3, "Bản tin số 1.wav");
    old.run();
    let on_air = || old.airings().iter().any(|airing| airing["outcome"] == "on_air").then_some(());
    wait_for("the programme", on_air);
    let reported = head(&old);
    let file = place.path().join("tram.zip");
    back_up(&old, &file, &[]);
    old.wait_for_outcome("aired");
    old.signal("TERM");
    assert_eq!(old.ended(), Some(0));
    let after = head(&old);
    let before = files_of(old.path());

    // The new PC: a folder that the package made, with nothing in it but folders.
    let mut new = StationFolder::within(place.path(), "\"virtual\"");
    std::fs::remove_dir_all(new.path()).unwrap();
    std::fs::create_dir_all(new.path().join("state")).unwrap();
    let said = restore(&file, new.path(), &[]);
    assert!(said.status.success(), "{}", text(&said));
    assert!(text(&said).contains("goes on after the entry of"), "{}", text(&said));
    assert!(files_of(old.path()) == before, "the old one is not touched");
    let mut held: BTreeMap<String, Vec<u8>> = unzipped(&file);
    held.retain(|name, _| !name.starts_with("loa-backup") && name != "state/journal.db");
    let mut found = files_of(new.path());
    let journal = found.remove("state/journal.db").unwrap();
    assert!(journal.starts_with(b"SQLite"));
    assert!(found == held, "every file is as it was");
    for name in ["audio/Bản tin số 1.wav", "schedules/lich.toml"] {
        let time =
            |station: &StationFolder| station.path().join(name).metadata().unwrap().modified().unwrap();
        assert_eq!(time(&new), time(&old), "{name} need not be measured again");
    }

    new.run();
    let verdict = new.json(&["verify", "--json"]);
    assert_eq!(verdict["whole"], true, "{verdict}");
    assert_eq!(verdict["gaps"].as_array().unwrap().len(), 1);
    assert!(new.loa(&["verify", "--head", &reported]).status.success(), "a report of before holds");
    let lost = new.loa(&["verify", "--head", &after]);
    assert_eq!(lost.status.code(), Some(1));
    assert!(text(&lost).contains("is lost") && !text(&lost).contains("another history"), "{}", text(&lost));
    // What sounded when the backup was made was not heard to its end by this journal, and does not sound twice.
    let airing = new.wait_for_outcome("interrupted");
    assert_eq!(airing["reason"], "power_lost");
    wait_for("the alarm", || text(&new.loa(&["status"])).contains("restored at").then_some(()));
    new.schedule_in(3, "Bản tin số 1.wav");
    new.wait_for_outcome("aired");
    assert_eq!(new.airings().len(), 2, "{:?}", new.airings());
}

#[test]
fn a_backup_without_recordings_put_back_in_its_place_loses_nothing() {
    let place = tempfile::tempdir().unwrap();
    let mut station = StationFolder::within(place.path(), "\"virtual\"");
    station.recording("a.wav", 4_800);
    station.recording("b.wav", 4_801);
    station.run();
    let file = place.path().join("truoc-khi-nang-cap.zip");
    back_up(&station, &file, &["--without-audio"]);
    // It goes on, one recording is another, and what waits in the inbox waits.
    station.schedule_in(2, "a.wav");
    station.wait_for_outcome("aired");
    station.recording("b.wav", 9_000);
    std::fs::create_dir_all(station.path().join("inbox/Xã")).unwrap();
    std::fs::write(station.path().join("inbox/Xã/x.wav.part"), "đang chép").unwrap();
    let said = restore(&file, station.path(), &["--replace"]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("a station runs in"), "{}", text(&said));
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    let (last, before) = (head(&station), lasting(station.path()));
    let said = restore(&file, station.path(), &[]);
    assert_eq!(said.status.code(), Some(1));
    assert!(
        text(&said).contains("there is a station") && text(&said).contains("--replace"),
        "{}",
        text(&said)
    );
    assert!(lasting(station.path()) == before, "nothing was changed");
    let said = restore(&file, station.path(), &["--replace"]);
    assert!(said.status.success(), "{}", text(&said));
    let told = text(&said);
    assert!(told.contains("1 recordings were still whole"), "{told}");
    assert!(told.contains("1 recordings are MISSING") && told.contains("  b.wav"), "{told}");
    assert!(told.contains("no entry is lost"), "{told}");
    let own = station.path().file_name().unwrap().to_str().unwrap().to_owned();
    let aside = names_in(place.path()).into_iter().find(|name| name.starts_with(&format!("{own}.before-")));
    let kept = lasting(&place.path().join(aside.unwrap()));
    assert!(kept == before, "what was there is kept whole");
    assert!(station.path().join("audio/a.wav").is_file() && !station.path().join("audio/b.wav").exists());
    station.run();
    assert!(station.loa(&["verify", "--head", &last]).status.success(), "the later report holds too");
    assert_eq!(station.airings().iter().filter(|airing| airing["outcome"] == "aired").count(), 1);
}

#[test]
fn what_lay_elsewhere_lies_in_the_folder_and_the_config_says_so() {
    let place = tempfile::tempdir().unwrap();
    let station = StationFolder::within(place.path(), "\"virtual\"");
    let disk = place.path().join("D/âm thanh");
    std::fs::create_dir_all(&disk).unwrap();
    std::fs::write(disk.join("a.txt"), "lời").unwrap();
    let config = station.path().join("config/station.toml");
    let mut written = std::fs::read_to_string(&config).unwrap();
    written = written
        .replace("[output]", &format!("# ổ D\n[paths]\naudio = \"{}\" # ổ ngoài\n[output]", disk.display()));
    std::fs::write(&config, &written).unwrap();
    let file = place.path().join("a.zip");
    back_up(&station, &file, &[]);
    assert_eq!(manifest(&file)["moved"][0]["now"], "audio");
    std::fs::remove_dir_all(disk).unwrap();
    let new = place.path().join("mới");
    let said = restore(&file, &new, &[]);
    assert!(said.status.success() && text(&said).contains("`paths.audio` was"), "{}", text(&said));
    assert_eq!(std::fs::read_to_string(new.join("audio/a.txt")).unwrap(), "lời");
    let amended = std::fs::read_to_string(new.join("config/station.toml")).unwrap();
    assert!(amended.contains("# ổ D\n[paths]\naudio = \"audio\""), "{amended}");
    let check = loa::config::Config::read(&new.join("config/station.toml")).unwrap();
    assert_eq!(check.paths.audio, new.canonicalize().unwrap_or(new).join("audio"));
}

#[test]
fn a_config_of_another_version_is_told_and_everything_is_there_all_the_same() {
    let place = tempfile::tempdir().unwrap();
    let station = StationFolder::within(place.path(), "\"virtual\"");
    let file = place.path().join("a.zip");
    back_up(&station, &file, &[]);
    let other = place.path().join("b.zip");
    super::archive_rig::rewritten(&file, &other, |files, manifest| {
        let (_, bytes) = files.iter_mut().find(|(name, _)| name == "config/station.toml").unwrap();
        bytes.extend(b"[old_table]\nkey = 1\n");
        let parts = manifest["files"].as_array_mut().unwrap();
        let part = parts.iter_mut().find(|part| part["name"] == "config/station.toml").unwrap();
        use sha2::Digest;
        part["size"] = bytes.len().into();
        let print = loa::core::cart::Fingerprint(sha2::Sha256::digest(&*bytes).into());
        part["sha256"] = print.to_string().into();
    });
    let new = place.path().join("new");
    let said = restore(&other, &new, &[]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("old_table") && text(&said).contains("is restored"), "{}", text(&said));
    assert!(new.join("config/station.toml").is_file() && new.join("config/themes.toml").is_file());
}

#[test]
fn a_folder_with_other_files_is_not_taken() {
    let place = tempfile::tempdir().unwrap();
    let station = StationFolder::within(place.path(), "\"virtual\"");
    let new = place.path().join("new");
    std::fs::create_dir_all(new.join("tài liệu")).unwrap();
    std::fs::write(new.join("tài liệu/thư.txt"), "của ai đó").unwrap();
    let file = new.join("a.zip");
    back_up(&station, &file, &[]);
    let said = restore(&file, &new, &[]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("is not empty"), "{}", text(&said));
    let said = restore(&file, &new, &["--replace"]);
    assert!(said.status.success(), "{}", text(&said));
    let aside = names_in(place.path()).into_iter().find(|name| name.starts_with("new.before-")).unwrap();
    let kept = files_of(&place.path().join(aside));
    assert_eq!(kept["tài liệu/thư.txt"], "của ai đó".as_bytes());
    assert!(kept.contains_key("a.zip"));
}

/// The command is root's, the station is not: what is restored belongs to whoever the folder belongs to. Where the test is not
/// root's all is one account's anyway.
#[cfg(unix)]
#[test]
fn what_is_restored_belongs_to_the_station() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
    let place = tempfile::tempdir().unwrap();
    // Where the station's account can come to it, as it must.
    std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let station = StationFolder::within(place.path(), "\"virtual\"");
    std::fs::write(station.path().join("config/mat-khau"), "bí mật").unwrap();
    let secret = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(station.path().join("config/mat-khau"), secret).unwrap();
    let file = place.path().join("a.zip");
    back_up(&station, &file, &[]);
    let new = place.path().join("new");
    let inbox = new.join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    let is_root = new.metadata().unwrap().uid() == 0;
    let (user, group, shared) = match new.metadata().unwrap() {
        _ if is_root => (4_711, 4_712, 4_713),
        found => (found.uid(), found.gid(), found.gid()),
    };
    chown(&new, Some(user), Some(group)).unwrap();
    chown(&inbox, Some(user), Some(shared)).unwrap();
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o750)).unwrap();
    std::fs::set_permissions(&inbox, std::fs::Permissions::from_mode(0o2775)).unwrap();
    let said = restore(&file, &new, &[]);
    assert!(said.status.success(), "{}", text(&said));
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o7777;
    assert_eq!((mode(&new), mode(&inbox)), (0o750, 0o2775));
    assert_eq!(inbox.metadata().unwrap().gid(), shared);
    assert_eq!(mode(&new.join("config/mat-khau")), 0o600);
    for name in files_of(&new).keys() {
        let found = new.join(name).metadata().unwrap();
        assert_eq!((found.uid(), found.gid()), (user, group), "{name}");
    }
    assert!(!place.path().join("new.restoring").exists());
    assert_eq!(
        names_in(place.path()).iter().filter(|name| name.starts_with("new")).count(),
        1,
        "empty folders go"
    );
}
