//! `loa backup`: a whole station in one file, while it airs; nothing half-made, nothing written over, nothing that belongs
//! to the machine.

use super::archive_rig::{manifest, names_in, restore, text, unzipped};
use super::station_folder::{StationFolder, wait_for};

/// A station that airs half a minute on the virtual card.
fn airing() -> StationFolder {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("Bản tin số 1.wav", 48_000 * 30);
    station.schedule_in(3, "Bản tin số 1.wav");
    station.run();
    wait_for("the programme", || {
        station.airings().iter().any(|airing| airing["outcome"] == "on_air").then_some(())
    });
    station
}

#[test]
fn a_station_is_backed_up_while_it_airs_and_its_airing_is_not_disturbed() {
    let station = airing();
    std::fs::create_dir_all(station.path().join("audio/Phòng Văn hóa")).unwrap();
    std::fs::write(station.path().join("audio/Phòng Văn hóa/Lời chào.txt"), "chào").unwrap();
    std::fs::create_dir_all(station.path().join("state/waiting")).unwrap();
    std::fs::write(station.path().join("state/waiting/moi.wav"), "chờ duyệt").unwrap();
    std::fs::create_dir_all(station.path().join("inbox/Xã")).unwrap();
    std::fs::write(station.path().join("inbox/Xã/dang-chep.wav.part"), "x").unwrap();
    let added = std::process::Command::new(env!("CARGO_BIN_EXE_loa"))
        .args(["user", "add", "binh", "--role", "technician", "--password-file", "-", "--config"])
        .arg(station.path().join("config/station.toml"))
        .stdin(std::process::Stdio::piped())
        .spawn()
        .and_then(|mut child| {
            use std::io::Write;
            child.stdin.take().unwrap().write_all(b"mot mat khau dai\n")?;
            child.wait()
        });
    assert!(added.unwrap().success());
    // Inside the station's own folders: it must not swallow itself, nor the one before.
    let first = station.path().join("config/first.zip");
    let second = station.path().join("audio/second.zip");
    for file in [&first, &second] {
        let said = station.loa(&["backup", file.to_str().unwrap()]);
        assert!(said.status.success(), "{}", text(&said));
    }
    assert!(station.airings().iter().any(|airing| airing["outcome"] == "on_air"), "it still airs");
    let held = unzipped(&second);
    let names: Vec<&str> = held.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "audio/Bản tin số 1.wav",
            "audio/Phòng Văn hóa/Lời chào.txt",
            "config/station.toml",
            "config/themes.toml",
            "loa-backup.json",
            "loa-backup.txt",
            "schedules/lich.toml",
            "state/accounts-noted.json",
            "state/accounts.json",
            "state/journal.db",
            "state/waiting/moi.wav",
        ]
    );
    for (name, bytes) in &held {
        if !name.starts_with("loa-backup") && name != "state/journal.db" {
            assert_eq!(bytes, &std::fs::read(station.path().join(name)).unwrap(), "{name}");
        }
    }
    let manifest = manifest(&second);
    assert_eq!((&manifest["station"], &manifest["running"]), (&"xa-thu".into(), &true.into()));
    let copy = station.path().join("copy.db");
    std::fs::write(&copy, &held["state/journal.db"]).unwrap();
    let verdict = loa::journal::verify(&copy, None, &mut |_, _| ()).unwrap();
    let head = verdict.head.clone().unwrap();
    assert!(verdict.is_whole());
    assert_eq!(
        (&manifest["journal"]["head"]["seq"], &manifest["journal"]["head"]["hash"]),
        (&head.seq.into(), &head.hash.into())
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(second.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert!(names_in(&station.path().join("audio")).iter().all(|name| !name.ends_with(".part")));
    assert_eq!(station.wait_for_outcome("aired")["frames"], 48_000 * 30);
}

#[test]
fn recordings_that_are_left_out_are_known_by_name_and_fingerprint() {
    let station = StationFolder::new("\"virtual\"");
    let path = station.recording("nhac hieu.wav", 4_800);
    let file = station.path().join("nhe.zip");
    let said = station.loa(&["backup", "--without-audio", file.to_str().unwrap()]);
    assert!(said.status.success(), "{}", text(&said));
    assert!(text(&said).contains("1 recordings"), "{}", text(&said));
    assert!(!unzipped(&file).keys().any(|name| name.starts_with("audio/")));
    let manifest = manifest(&file);
    let left_out: Vec<_> =
        manifest["files"].as_array().unwrap().iter().filter(|part| part["left_out"] == true).collect();
    let print = loa::sound::measure::fingerprint_of(&path).unwrap().to_string();
    assert_eq!(left_out.len(), 1);
    assert_eq!(
        (&left_out[0]["name"], &left_out[0]["sha256"]),
        (&"audio/nhac hieu.wav".into(), &print.into())
    );
    assert!(manifest["journal"].is_null(), "it never ran");
}

#[test]
fn nothing_is_written_over_and_two_at_once_do_not_meet() {
    let station = StationFolder::new("\"virtual\"");
    let file = station.path().join("a.zip");
    std::fs::write(&file, "của người khác").unwrap();
    let said = station.loa(&["backup", file.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("never written over"), "{}", text(&said));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "của người khác");
    let other = station.path().join("b.zip");
    let part = station.path().join("b.zip.part");
    let held = std::fs::File::create(&part).unwrap();
    held.lock().unwrap();
    let said = station.loa(&["backup", other.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("at work"), "{}", text(&said));
    // What a power cut left is nobody's.
    drop(held);
    std::fs::write(&part, vec![7; 100_000]).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&part, std::fs::Permissions::from_mode(0o600)).unwrap();
    }
    std::fs::write(station.path().join("b.zip.journal.part"), "SQLite").unwrap();
    let said = station.loa(&["backup", other.to_str().unwrap()]);
    assert!(said.status.success(), "{}", text(&said));
    assert!(unzipped(&other).contains_key("config/station.toml"));
    assert!(names_in(station.path()).iter().all(|name| !name.ends_with(".part")));
}

#[test]
fn a_damaged_journal_is_told_and_leaves_nothing() {
    let mut station = StationFolder::new("\"virtual\"");
    station.run();
    station.kill();
    let journal = station.path().join("state/journal.db");
    let db = rusqlite::Connection::open(&journal).unwrap();
    db.execute_batch("DROP TRIGGER entry_is_never_changed; UPDATE entry SET at = at + 1 WHERE seq = 1;")
        .unwrap();
    drop(db);
    let file = station.path().join("a.zip");
    let said = station.loa(&["backup", file.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(1));
    assert!(text(&said).contains("the journal is damaged"), "{}", text(&said));
    assert!(!names_in(station.path()).iter().any(|name| name.starts_with("a.zip")));
}

/// Before the first start of a newer program, say.
#[test]
fn the_journal_of_an_older_program_is_brought_up_in_the_backup_alone() {
    const FIRST: &[u8] = include_bytes!("../fixtures/journals/version-1.db");
    let station = StationFolder::new("\"virtual\"");
    let journal = station.path().join("state/journal.db");
    std::fs::create_dir(station.path().join("state")).unwrap();
    std::fs::write(&journal, FIRST).unwrap();
    let file = station.path().join("a.zip");
    let said = station.loa(&["backup", file.to_str().unwrap()]);
    assert!(said.status.success(), "{}", text(&said));
    assert!(std::fs::read(&journal).unwrap() == FIRST, "the journal itself is as it was");
    let new = station.path().join("new");
    let said = restore(&file, &new, &[]);
    assert!(said.status.success(), "{}", text(&said));
    let verdict = loa::journal::verify(&new.join("state/journal.db"), None, &mut |_, _| ()).unwrap();
    assert!(verdict.is_whole() && verdict.gaps.len() == 1, "{verdict:?}");
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_files_and_told_where_they_lead_to_folders() {
    let station = StationFolder::new("\"virtual\"");
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::write(elsewhere.path().join("trang.crt"), "chứng thư").unwrap();
    std::os::unix::fs::symlink(elsewhere.path().join("trang.crt"), station.path().join("config/trang.crt"))
        .unwrap();
    std::os::unix::fs::symlink(station.path(), station.path().join("audio/vòng")).unwrap();
    std::os::unix::fs::symlink("không có", station.path().join("audio/đi đâu")).unwrap();
    let file = station.path().join("a.zip");
    let said = station.loa(&["backup", file.to_str().unwrap()]);
    assert!(said.status.success(), "{}", text(&said));
    let told = text(&said);
    assert!(
        told.contains("vòng`: it is a link to a folder")
            && told.contains("đi đâu`: it is a link that leads nowhere")
    );
    assert_eq!(unzipped(&file)["config/trang.crt"], "chứng thư".as_bytes());
}

/// The names are free when the command begins, and somebody else takes one.
#[cfg(unix)]
#[test]
fn no_link_is_followed_on_the_way_to_the_file_and_none_that_came_meanwhile_is_written_over() {
    use loa::archive::{self, Recordings};
    use loa::core::archive::ArchiveFault;
    let station = StationFolder::new("\"virtual\"");
    let place = tempfile::tempdir().unwrap();
    let (file, part) = (place.path().join("a.zip"), place.path().join("a.zip.part"));
    let other = place.path().join("của người khác");
    std::fs::write(&other, "nguyên").unwrap();
    for link in [&part, &file] {
        for leads_to in [&other, &place.path().join("không có")] {
            std::os::unix::fs::symlink(leads_to, link).unwrap();
            let said = station.loa(&["backup", file.to_str().unwrap()]);
            let name = link.display();
            assert_eq!(said.status.code(), Some(1), "{name}");
            assert!(text(&said).contains(&format!("`{name}` is there already")), "{}", text(&said));
            assert!(link.is_symlink() && !place.path().join("không có").exists());
            std::fs::remove_file(link).unwrap();
        }
    }
    let config_file = station.path().join("config/station.toml");
    let config = loa::config::Config::read(&config_file).unwrap();
    let asked = archive::Asked {
        config: &config,
        config_file: &config_file,
        journal: std::path::Path::new("không có"),
        file: &file,
        recordings: Recordings::Taken,
        for_people: "x",
        running: false,
        now: super::station_folder::now(),
    };
    let said = archive::back_up(&asked, &mut |_| std::fs::write(&file, "vừa đến").unwrap());
    assert_eq!(said.unwrap_err(), ArchiveFault::Exists { file: file.clone() });
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "vừa đến");
    assert_eq!(std::fs::read_to_string(&other).unwrap(), "nguyên");
    assert_eq!(names_in(place.path()), ["a.zip", "của người khác"]);
}
