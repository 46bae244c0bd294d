//! A real disk that is really full: a small file system of its own, seen by no other process. What is proved of the station
//! in virtual time holds there too.

#![cfg(target_os = "linux")]

use std::path::{Path, PathBuf};
use std::process::Command;

use loa::core::record::{Entry, Record};
use loa::journal::{Journal, Reader, reserve};

use super::histories::{self, Event, Station};
use super::journal::verdict;
use super::station_folder::{StationFolder, wait_for};

const NOW: &str = "2027-05-01T02:00:00Z";

/// Where this test, as another process, finds its small disk.
const FOLDER: &str = "LOA_TEST_SMALL_DISK";

/// Runs the test of that name in a process of its own, which sees a disk of so many megabytes; in that process it
/// answers with the disk, outside with what was said there.
fn small_disk(test: &str, megabytes: u32) -> Result<PathBuf, String> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Ok(folder.into());
    }
    let place = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o size=\"$2\"m tmpfs \"$1\" && shift 2 && exec \"$@\"";
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"])
        .arg(place.path())
        .arg(megabytes.to_string())
        .arg(std::env::current_exe().unwrap())
        .args([&format!("disk_full::{test}"), "--exact", "--nocapture"])
        .env(FOLDER, place.path())
        .output()
        .expect("`unshare` of util-linux gives these tests a disk of their own");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    Err(said.into_owned())
}

/// Writes a file until nothing more goes on the disk.
fn fill(folder: &Path) -> PathBuf {
    use std::io::Write;
    let path = folder.join("rác");
    let mut file = std::fs::File::create(&path).unwrap();
    for size in [1 << 20, 1 << 12, 1] {
        while file.write_all(&vec![1; size]).is_ok() {}
    }
    path
}

/// The reserve takes the entries of hours and more, and what does not fit any more is refused without harm.
#[test]
fn the_reserve_takes_what_airs_on_a_full_disk() {
    let disk = match small_disk("the_reserve_takes_what_airs_on_a_full_disk", 40) {
        Ok(disk) => disk,
        Err(said) => return println!("{said}"),
    };
    let path = disk.join("journal.db");
    histories::fill(&path, 500);
    reserve::keep(&disk).unwrap();
    assert!(reserve::stands(&disk));
    let journal = Journal::open(&path).unwrap();
    let junk = fill(&disk);
    assert_eq!(reserve::free_space(&disk), Some(0));
    let before = Reader::open(&path).unwrap().counts().unwrap().airings.values().sum::<u64>();
    let mut station = Station::founded_after(journal.next_airing().0);
    let mut written = 0u64;
    'full: for event in std::iter::repeat(Event::Airs) {
        station.happens(event);
        for (at, mut entries) in station.take() {
            entries.retain(|entry| !matches!(entry, Entry::Founded { .. }));
            match journal.append(at, &entries) {
                Ok(_) => written += entries.len() as u64,
                Err(error) => {
                    assert!(!error.refused, "{error}");
                    break 'full;
                }
            }
        }
    }
    assert!(!reserve::stands(&disk));
    let counts = Reader::open(&path).unwrap().counts().unwrap();
    let airings = counts.airings.values().sum::<u64>() - before;
    println!("in the reserve: {written} entries, {airings} airings");
    assert!(airings > 1_000, "{airings} airings, {written} entries");
    assert!(verdict(&path).is_whole());
    // There is room again: it goes on as if nothing had been.
    std::fs::remove_file(junk).unwrap();
    journal.append(histories::fill(&disk.join("o.db"), 1), &[Entry::Ended { by: "x".into() }]).unwrap();
    reserve::keep(&disk).unwrap();
    assert!(reserve::stands(&disk) && verdict(&path).is_whole());
    // Where there is no room for it, nothing is left of the attempt.
    reserve::free(&disk);
    let junk = fill(&disk);
    assert!(reserve::keep(&disk).is_err() && !disk.join("reserve").exists());
    std::fs::remove_file(junk).unwrap();
}

/// The real station on it: it airs while the disk is full, raises the alarm, gives up old airchecks and nothing else, and the
/// record is whole.
#[test]
fn the_station_airs_on_a_full_disk_and_says_so() {
    let Ok(disk) = small_disk("the_station_airs_on_a_full_disk_and_says_so", 48) else { return };
    let mut station = StationFolder::new("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(
        &config,
        format!("{text}[paths]\nstate = '{0}'\naircheck = '{0}/aircheck'\n", disk.display()),
    )
    .unwrap();
    let aircheck = disk.join("aircheck");
    std::fs::create_dir(&aircheck).unwrap();
    let old = ["2026-01-01T050000.000.aircheck.wav", "2026-01-02T050000.000.aircheck.wav"];
    old.iter().for_each(|name| std::fs::write(aircheck.join(name), [0; 1000]).unwrap());
    std::fs::write(aircheck.join("ghi chú.wav"), "a person's").unwrap();
    station.recording("a.wav", 48_000);
    station.run();
    wait_for("the reserve", || reserve::stands(&disk).then_some(()));
    // So small a disk is low on room from the start: the older aircheck went, the latest and what is no aircheck stay.
    wait_for("the old aircheck to go", || (!aircheck.join(old[0]).exists()).then_some(()));
    assert!(aircheck.join(old[1]).exists() && aircheck.join("ghi chú.wav").exists());
    let has = |station: &StationFolder, code: &str| {
        let status = station.json(&["status", "--json"]);
        status["alarms"].as_array().unwrap().iter().any(|alarm| alarm["code"] == code).then_some(())
    };
    wait_for("the alarm of a disk that is low", || has(&station, "disk_low"));
    let junk = fill(&disk);
    station.schedule_in(9, "a.wav");
    let airing = station.wait_for_outcome("aired");
    assert_eq!((&airing["slot"], &airing["frames"]), (&"gio".into(), &48_000.into()));
    wait_for("the alarm of a full disk", || has(&station, "disk_full"));
    std::fs::remove_file(junk).unwrap();
    wait_for("the alarm to be over", || has(&station, "disk_full").is_none().then_some(()));
    assert!(reserve::stands(&disk));
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

/// A disk that is read-only at a start is no damage: the journal is told to be readable alone, and is left where it is. It is
/// opened again when the disk is mended.
#[test]
fn a_read_only_disk_is_told_and_nothing_is_set_aside() {
    let Ok(disk) = small_disk("a_read_only_disk_is_told_and_nothing_is_set_aside", 48) else { return };
    let remount = |how: &str| {
        let options = format!("remount,{how}");
        Command::new("mount").args(["-o", &options]).arg(&disk).status().unwrap().success()
    };
    let path = disk.join("journal.db");
    histories::fill(&path, 20);
    assert!(remount("ro"));
    let error = Journal::open(&path).unwrap_err();
    assert!(
        error.to_string().contains("can only be read") || error.to_string().contains("read-only"),
        "{error}"
    );
    assert!(loa::journal::open_or_restore(&path, &disk.join("backup"), NOW.parse().unwrap()).is_err());
    assert!(Reader::open(&path).is_ok());
    assert!(remount("rw"));
    drop(Journal::open(&path).unwrap());
    assert!(verdict(&path).is_whole());
}

/// An upload takes nothing of the room that the station needs, is told so, and leaves nothing.
#[test]
fn an_upload_that_has_no_room_is_refused_and_leaves_nothing() {
    let test = "an_upload_that_has_no_room_is_refused_and_leaves_nothing";
    let disk = match small_disk(test, 44) {
        Ok(disk) => disk,
        Err(said) => return println!("{said}"),
    };
    let mut station = super::pages_rig::station("127.0.0.1:0");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let inbox = disk.join("inbox");
    std::fs::create_dir_all(inbox.join("Xã")).unwrap();
    std::fs::write(&config, format!("{text}[paths]\ninbox = \"{}\"\n", inbox.display())).unwrap();
    super::pages_rig::account(&station, "Dũng", "office");
    station.run();
    let mut office = super::pages_rig::Browser::of(&station);
    office.sign_in("Dũng");
    let content = vec![7u8; 16 << 20];
    let sent =
        super::pages_upload::upload(&mut office, "Xã", &[("a.wav", &content[..64]), ("b.wav", &content)]);
    assert_eq!(sent.status, 507, "{}", sent.body);
    assert!(sent.body.contains("disk has no room"), "{}", sent.body);
    let left = std::fs::read_dir(inbox.join("Xã")).unwrap().flatten().map(|entry| entry.path());
    let left: Vec<PathBuf> = left.filter(|path| path.is_file()).collect();
    assert!(
        left.iter().all(|path| path.ends_with("rundown.html") || path.ends_with("ALARM.txt")),
        "{left:?}"
    );
    assert!(reserve::free_space(&disk).unwrap() > 40 << 20);
}

/// Too little room is seen before anything is written; room that goes on the way leaves no backup, and the station that was
/// there.
#[test]
fn a_full_disk_leaves_no_half_backup_and_the_station_that_was_there() {
    use loa::archive::{self, Occupied, Recordings};
    use loa::core::archive::ArchiveFault;

    use super::archive_rig::{files_of, names_in};

    let disk = match small_disk("a_full_disk_leaves_no_half_backup_and_the_station_that_was_there", 40) {
        Ok(disk) => disk,
        Err(said) => return println!("{said}"),
    };
    let station = StationFolder::within(&disk, "\"virtual\"");
    let recording = station.recording("a.wav", 2_200_000);
    let config_file = station.path().join("config/station.toml");
    let config = loa::config::Config::read(&config_file).unwrap();
    let (file, now) = (disk.join("a.zip"), NOW.parse().unwrap());
    let asked = |file| archive::Asked {
        config: &config,
        config_file: &config_file,
        journal: Path::new("không có"),
        file,
        recordings: Recordings::Taken,
        for_people: "x",
        running: false,
        now,
    };
    let ballast = disk.join("khác");
    std::fs::write(&ballast, vec![1; 20 << 20]).unwrap();
    let said = archive::back_up(&asked(&file), &mut |_| ()).unwrap_err();
    assert!(matches!(said, ArchiveFault::NoRoom { .. }), "{said}");
    std::fs::remove_file(&ballast).unwrap();
    let mut rubbish = None;
    let said = archive::back_up(&asked(&file), &mut |_| {
        rubbish.get_or_insert_with(|| fill(&disk));
    })
    .unwrap_err();
    assert!(matches!(said, ArchiveFault::Full { .. }), "{said}");
    std::fs::remove_file(rubbish.unwrap()).unwrap();
    let own = station.path().file_name().unwrap().to_str().unwrap();
    assert_eq!(names_in(&disk), [own], "nothing is left of either");

    let elsewhere = tempfile::tempdir().unwrap();
    let file = elsewhere.path().join("a.zip");
    archive::back_up(&asked(&file), &mut |_| ()).unwrap();
    std::fs::write(&recording, "bản mới").unwrap();
    let before = files_of(station.path());
    let restore =
        |pace: archive::Pace<'_>| archive::restore(&file, station.path(), Occupied::SetAside, now, pace);
    std::fs::write(&ballast, vec![1; 30 << 20]).unwrap();
    let said = restore(&mut |_| ()).unwrap_err();
    assert!(matches!(said, ArchiveFault::NoRoom { .. }), "{said}");
    std::fs::remove_file(&ballast).unwrap();
    let mut rubbish = None;
    let said = restore(&mut |_| {
        rubbish.get_or_insert_with(|| fill(&disk));
    })
    .unwrap_err();
    assert!(matches!(said, ArchiveFault::Full { .. }), "{said}");
    std::fs::remove_file(rubbish.unwrap()).unwrap();
    assert!(files_of(station.path()) == before && names_in(&disk) == [own]);
    assert_eq!(restore(&mut |_| ()).unwrap().taken_over, 0);
    assert!(recording.metadata().unwrap().len() > 8_000_000);
}
