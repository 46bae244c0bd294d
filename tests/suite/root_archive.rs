//! Backup and restoration by the superuser of a station that is another account's: what is in its folder that account has put
//! there, and the superuser's rights are not for it. Without the superuser's rights there is nothing to see here.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};

use super::archive_rig::{back_up, manifest, names_in, restore, rewritten, text, unzipped};
use super::root_commands::{below, give, has_aired, own};
use super::station_folder::StationFolder;

/// Nobody's station, in a place that it can come to, beside a folder of root's alone.
struct Case {
    place: tempfile::TempDir,
    station: StationFolder,
}

const NOBODY: u32 = 65_534;
const SECRET: &[u8] = b"root:$y$j9T$mat-khau-cua-may:20000:0:99999:7:::";

impl Case {
    /// None where the test is not root's.
    fn new(fill: impl FnOnce(&mut StationFolder)) -> Option<Case> {
        if own() != 0 {
            return None;
        }
        let place = tempfile::tempdir().unwrap();
        std::fs::set_permissions(place.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        let mut station = StationFolder::within(place.path(), "\"virtual\"");
        fill(&mut station);
        give(&station, NOBODY);
        let kept = place.path().join("backups");
        std::fs::create_dir(&kept).unwrap();
        std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(0o700)).unwrap();
        let case = Case { place, station };
        case.of_root("secret", 0o600);
        Some(case)
    }

    /// A file of root's.
    fn of_root(&self, name: &str, mode: u32) -> PathBuf {
        let path = self.place.path().join(name);
        std::fs::write(&path, SECRET).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    /// A link in the station's folder, as its account may lay one.
    fn link(&self, to: &Path, name: &str) -> PathBuf {
        let link = self.station.path().join(name);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(to, &link).unwrap();
        link
    }

    /// As an upgrade makes it: where nobody but root may look.
    fn backup(&self, name: &str, more: &[&str]) -> PathBuf {
        let file = self.place.path().join("backups").join(name);
        back_up(&self.station, &file, more);
        file
    }

    fn secret(&self) -> PathBuf {
        self.place.path().join("secret")
    }

    /// What is in the station's folder and is not its account's.
    fn stray(&self) -> Vec<PathBuf> {
        let all = below(self.station.path()).into_iter();
        all.filter(|path| path.symlink_metadata().unwrap().uid() != NOBODY).collect()
    }
}

#[test]
fn what_the_stations_account_may_not_read_is_told_and_not_in_the_backup() {
    let Some(case) = Case::new(|station| drop(station.recording("a.wav", 4_800))) else { return };
    let public = case.of_root("public", 0o644);
    // The list of themes is in the folder of the configuration, and is named by it too.
    std::fs::remove_file(case.station.path().join("config/themes.toml")).unwrap();
    let links = [
        "audio/x.wav",
        "config/x.toml",
        "config/themes.toml",
        "schedules/x.toml",
        "state/waiting/x.wav",
        "state/accounts.json",
    ];
    let links = links.map(|name| case.link(&case.secret(), name));
    let closed = case.station.path().join("audio/closed");
    std::fs::create_dir(&closed).unwrap();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    case.link(&public, "audio/y.wav");
    for (name, more) in [("whole.zip", &[][..]), ("without.zip", &["--without-audio"][..])] {
        let file = case.place.path().join("backups").join(name);
        let said = case.station.loa(&[&["backup", file.to_str().unwrap()], more].concat());
        assert!(said.status.success(), "{}", text(&said));
        for path in links.iter().chain([&closed]) {
            let told = format!("NOT backed up: `{}`: the station's account may not read it", path.display());
            assert_eq!(text(&said).matches(&told).count(), 1, "{told}\n{}", text(&said));
        }
        let held = unzipped(&file);
        assert!(
            !held.keys().any(|name| name.ends_with("x.wav") || name.ends_with("x.toml")),
            "{:?}",
            held.keys()
        );
        let listed = manifest(&file)["files"].as_array().unwrap().len();
        // a.wav, y.wav, and the configuration.
        assert_eq!(listed, 3, "{}", manifest(&file));
        for (name, bytes) in &held {
            assert!(name == "audio/y.wav" || bytes != SECRET, "{name}");
        }
    }
    let held = unzipped(&case.place.path().join("backups/whole.zip"));
    assert!(
        held.contains_key("audio/a.wav") && held["audio/y.wav"] == SECRET,
        "what all may read is followed"
    );
}

#[test]
fn an_upgrades_backup_of_another_accounts_station_goes_back_whole_with_its_owners() {
    let with_two = |station: &mut StationFolder| {
        station.recording("b.wav", 4_801);
        has_aired(station);
    };
    let Some(case) = Case::new(with_two) else { return };
    let station = case.station.path();
    std::fs::set_permissions(station, std::fs::Permissions::from_mode(0o750)).unwrap();
    let inbox = station.join("inbox");
    std::fs::create_dir_all(&inbox).unwrap();
    chown(&inbox, Some(NOBODY), Some(4_713)).unwrap();
    std::fs::set_permissions(&inbox, std::fs::Permissions::from_mode(0o2770)).unwrap();
    let before = case.station.json(&["verify", "--json"])["head"].clone();
    let file = case.backup("loa.zip", &["--without-audio"]);
    let found = file.metadata().unwrap();
    assert_eq!((found.uid(), found.mode() & 0o777), (0, 0o600));
    assert_eq!(names_in(file.parent().unwrap()), ["loa.zip"], "nothing else is left there");
    assert_eq!(case.stray(), [] as [PathBuf; 0]);
    let seq = before.as_str().unwrap().split(':').next().unwrap().to_owned();
    assert_eq!(manifest(&file)["journal"]["head"]["seq"].to_string(), seq);
    let number = |name: &str| station.join("audio").join(name).metadata().unwrap().ino();
    let same = ["a.wav", "b.wav"].map(number);

    let said = restore(&file, station, &["--replace"]);
    let told = text(&said);
    assert!(said.status.success() && told.contains("2 recordings were still whole"), "{told}");
    assert!(told.contains("no entry is lost"), "{told}");
    assert_eq!(case.stray(), [] as [PathBuf; 0]);
    assert_eq!(["a.wav", "b.wav"].map(number), same, "a second name for the same bytes");
    let found = station.metadata().unwrap();
    assert_eq!((found.uid(), found.gid(), found.mode() & 0o7777), (NOBODY, NOBODY, 0o750));
    let found = inbox.metadata().unwrap();
    assert_eq!((found.uid(), found.gid(), found.mode() & 0o7777), (NOBODY, 4_713, 0o2770));
    let verdict = case.station.json(&["verify", "--json"]);
    assert_eq!(verdict["whole"], true, "{verdict}");
    assert!(case.station.loa(&["verify", "--head", before.as_str().unwrap()]).status.success());
    assert_eq!(case.station.airings().len(), 1);
    let left = names_in(case.place.path());
    assert!(!left.iter().any(|name| name.ends_with(".restoring")), "{left:?}");
}

/// What is unpacked becomes the station's account's: a second name of root's own file would give it away.
#[test]
fn no_file_changes_hands_where_recordings_are_taken_over() {
    let Some(case) = Case::new(|station| drop(station.recording("a.wav", 4_800))) else { return };
    let public = case.of_root("public", 0o644);
    case.link(&public, "audio/y.wav");
    let made = case.backup("loa.zip", &["--without-audio"]);
    // Whoever knows what a file has in it may have it listed.
    let file = case.place.path().join("backups/listed.zip");
    rewritten(&made, &file, |_, manifest| {
        let parts = manifest["files"].as_array_mut().unwrap();
        let mut more = parts.iter().find(|part| part["name"] == "audio/y.wav").unwrap().clone();
        more["name"] = "audio/x.wav".into();
        parts.push(more);
    });
    case.link(&case.secret(), "audio/x.wav");
    let said = restore(&file, case.station.path(), &["--replace"]);
    let told = text(&said);
    assert!(said.status.success() && told.contains("2 recordings were still whole"), "{told}");
    assert!(told.contains("1 recordings are MISSING") && told.contains("  x.wav"), "{told}");
    for (file, mode) in [(&public, 0o644), (&case.secret(), 0o600)] {
        let found = file.metadata().unwrap();
        assert_eq!((found.uid(), found.nlink(), found.mode() & 0o777), (0, 1, mode), "{}", file.display());
    }
    let copy = case.station.path().join("audio/y.wav");
    assert_eq!(std::fs::read(&copy).unwrap(), SECRET);
    assert!(!copy.is_symlink() && copy.metadata().unwrap().uid() == NOBODY);
}

#[test]
fn a_journal_that_the_stations_account_may_not_read_is_not_gone_on_from() {
    let Some(mut case) = Case::new(has_aired) else { return };
    let file = case.backup("loa.zip", &[]);
    // It has more by now, and root has put it away; the account laid links to it.
    let head = |case: &Case| case.station.json(&["verify", "--json"])["head"].clone();
    let backed_up = head(&case);
    give(&case.station, 0);
    has_aired(&mut case.station);
    give(&case.station, NOBODY);
    assert_ne!(head(&case), backed_up);
    let journal = case.station.path().join("state/journal.db");
    let away = case.secret();
    let whole = case.place.path().join("backups/whole.db");
    let db = rusqlite::Connection::open(&journal).unwrap();
    db.execute("VACUUM INTO ?1", [whole.to_str().unwrap()]).unwrap();
    drop(db);
    std::fs::rename(&whole, &away).unwrap();
    std::fs::set_permissions(&away, std::fs::Permissions::from_mode(0o600)).unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", journal.display()));
    }
    case.link(&away, "state/journal.db");
    case.link(&away, "state/backup/journal-0000000999-2026-11-24.db");
    let before = std::fs::read(&away).unwrap();
    let said = restore(&file, case.station.path(), &["--replace"]);
    let told = text(&said);
    assert!(said.status.success() && told.contains("goes on after the entry of"), "{told}");
    assert!(std::fs::read(&away).unwrap() == before, "nor was it touched");
    assert_eq!(case.stray(), [] as [PathBuf; 0]);
}

#[test]
fn a_folder_that_is_unpacked_into_is_no_link_and_nobody_elses() {
    let Some(case) = Case::new(|station| drop(station.recording("a.wav", 4_800))) else { return };
    let file = case.backup("loa.zip", &[]);
    let new = case.place.path().join("new");
    let (staging, other) = (case.place.path().join("new.restoring"), case.place.path().join("other"));
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("x"), "của người khác").unwrap();
    symlink(&other, &staging).unwrap();
    let said = restore(&file, &new, &[]);
    assert_eq!(said.status.code(), Some(1), "{}", text(&said));
    assert!(text(&said).contains("new.restoring` is there already"), "{}", text(&said));
    assert_eq!(names_in(&other), ["x"]);
    std::fs::remove_file(&staging).unwrap();
    // What a power cut left had its owner already.
    std::fs::create_dir(&staging).unwrap();
    chown(&staging, Some(NOBODY), Some(NOBODY)).unwrap();
    symlink(&other, staging.join("audio")).unwrap();
    let now = super::station_folder::now();
    let mut looked = 0;
    let restored = loa::archive::restore(&file, &new, loa::archive::Occupied::Refuse, now, &mut |_| {
        let found = staging.metadata().unwrap();
        assert_eq!((found.uid(), found.mode() & 0o022), (0, 0), "while it is unpacked it is root's");
        looked += 1;
    });
    assert!(restored.is_ok() && looked > 0, "{restored:?}");
    assert_eq!(names_in(&other), ["x"]);
    assert!(new.join("audio/a.wav").is_file() && new.metadata().unwrap().uid() == 0);
}
