//! Commands that the superuser gives on a station of somebody else's: they leave nothing behind that its service could not
//! open. Without the superuser's rights the owner is whoever runs the test, which proves less.

use std::os::unix::fs::{MetadataExt, chown, lchown};
use std::path::{Path, PathBuf};

use super::station_folder::{StationFolder, wait_for};

/// Everything below `folder`, itself included.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries.flat_map(|path| below(&path)).collect();
    found.push(folder.to_path_buf());
    found
}

/// Lets a station run until it has aired.
pub fn has_aired(station: &mut StationFolder) {
    station.recording("a.wav", 4_800);
    station.schedule_in(2, "a.wav");
    station.run();
    station.wait_for_outcome("aired");
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

/// Gives a station to `owner`, whole.
pub fn give(station: &StationFolder, owner: u32) {
    below(station.path()).iter().for_each(|path| lchown(path, Some(owner), Some(owner)).unwrap());
}

/// A station that has run and aired, and now belongs to `owner`.
fn of(owner: u32) -> StationFolder {
    let mut station = StationFolder::new("\"virtual\"");
    has_aired(&mut station);
    give(&station, owner);
    station
}

pub fn own() -> u32 {
    rustix::process::geteuid().as_raw()
}

/// What `loa doctor` finds of the rights: the codes, and all that it says of them.
fn rights(station: &StationFolder) -> (Vec<String>, String) {
    let told = station.json(&["doctor", "--json"]);
    let found = told["findings"].as_array().unwrap().iter().filter(|one| one["subject"] == "permissions");
    let found: Vec<_> = found.cloned().collect();
    let codes = found.iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    (codes, format!("{found:?}"))
}

#[test]
fn the_superuser_sees_the_station_as_its_own_account_would() {
    if own() != 0 {
        return println!("only the superuser looks through another account's eyes");
    }
    let station = of(65_534);
    let of_root = |path: &Path, mode: u32| {
        use std::os::unix::fs::PermissionsExt;
        chown(path, Some(0), Some(0)).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let (codes, said) = rights(&station);
    assert_eq!(codes, ["allowed"], "what the guide advises is no fault: {said}");
    // A folder that is to be made where the account may make none: the one above is not its own, and stays so.
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::create_dir(station.path().join("of root")).unwrap();
    std::fs::write(&config, text.clone() + "[paths]\nstate = \"of root/state\"\n").unwrap();
    let (codes, said) = rights(&station);
    assert_eq!(codes, ["not_allowed"], "{said}");
    assert!(said.contains("sudo install -d -o nobody") && !said.contains("chown"), "{said}");
    std::fs::write(&config, text).unwrap();
    // What a command of root's may leave behind.
    of_root(&station.path().join("state/lock"), 0o644);
    of_root(&station.path().join("config/station.toml"), 0o600);
    of_root(&station.path().join("audio"), 0o755);
    let (codes, said) = rights(&station);
    assert_eq!(codes, ["not_allowed"; 3], "{said}");
    for word in ["`nobody`", "may not write", "may not read", "audio", "lock", "sudo chown -R nobody"] {
        assert!(said.contains(word), "`{word}` is missing in {said}");
    }
    // Nobody enters the station's folder any more; told once.
    of_root(station.path(), 0o700);
    let (codes, said) = rights(&station);
    assert_eq!(codes, ["not_allowed"], "{said}");
    assert!(said.contains("may not enter"), "{said}");
}

#[test]
fn reading_commands_leave_nothing_that_the_service_cannot_open() {
    let owner = if own() == 0 { 65_534 } else { own() };
    let mut station = of(owner);
    for command in [
        &["airings"][..],
        &["status"],
        &["rundown"],
        &["check"],
        &["verify"],
        &["why", "gio", "2026-11-29"],
        &["report", "--period", "2026", "--form", "log", "--format", "csv", "-o", "-"],
        &["doctor", "--full"],
        &["user", "list"],
    ] {
        station.loa(command);
    }
    let password = station.path().join("password");
    std::fs::write(&password, "một mật khẩu đủ dài").unwrap();
    chown(&password, Some(owner), Some(owner)).unwrap();
    let file = password.display().to_string();
    let added = station.loa(&["user", "add", "kt", "--role", "technician", "--password-file", &file]);
    assert!(added.status.success(), "{added:?}");
    let stray: Vec<PathBuf> = below(station.path())
        .into_iter()
        .filter(|path| std::fs::symlink_metadata(path).unwrap().uid() != owner)
        .collect();
    assert!(stray.is_empty(), "{stray:#?}");

    station.start();
    if own() == 0 {
        assert_eq!(station.ended(), Some(1), "the superuser would leave files of its own");
        assert!(station.log().contains("systemctl start loa"), "{}", station.log());
        assert!(!station.path().join("state/control").exists());
    } else {
        wait_for("the station", || station.loa(&["status"]).status.success().then_some(()));
    }
}

/// The folder is the station's account's, which may have put anything there; the command may be root's.
#[test]
fn no_lock_is_a_link_to_some_other_file() {
    let mut station = StationFolder::new("\"virtual\"");
    let state = station.path().join("state");
    std::fs::create_dir(&state).unwrap();
    let (other, secret) = (station.path().join("other"), station.path().join("secret"));
    std::fs::write(&other, "of the system").unwrap();
    std::fs::write(&secret, "mười hai con giáp").unwrap();
    for (lock, command) in [
        ("accounts.lock", &["user", "add", "binh", "--role", "technician", "--password-file"][..]),
        ("lock", &["run", "--card"][..]),
    ] {
        let link = state.join(lock);
        std::os::unix::fs::symlink(&other, &link).unwrap();
        let last = if lock == "lock" { "virtual" } else { secret.to_str().unwrap() };
        let said = station.loa(&[command, &[last]].concat());
        assert_eq!(said.status.code(), Some(1), "{lock}: {said:?}");
        assert_eq!(std::fs::read_to_string(&other).unwrap(), "of the system", "{lock}");
        std::fs::remove_file(&link).unwrap();
    }
    station.run();
}

/// The superuser's rights are for what the superuser names, and not for what the station's account has laid into its folder.
#[test]
fn what_lies_in_the_stations_folder_is_read_with_its_accounts_rights() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    if own() != 0 {
        return println!("only root has rights that it could give up");
    }
    let station = of(65_534);
    let closed = tempfile::tempdir().unwrap();
    std::fs::set_permissions(closed.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
    let secret = closed.path().join("secret");
    std::fs::write(&secret, "mười hai con giáp = [\n").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o600)).unwrap();
    // What the superuser names it may read and write, where nobody else may.
    let named = |name: &str| closed.path().join(name).display().to_string();
    for command in [
        &["user", "add", "kt", "--role", "technician", "--password-file", &named("secret")][..],
        &["report", "--period", "2026", "--form", "log", "-o", &named("log.html")],
        &["handover", "-o", &named("sheet.html")],
        &["template", "-o", &named("template.xlsx")],
        &["template", "--targets", "-o", &named("targets.csv")],
    ] {
        let said = station.loa(command);
        assert!(said.status.success(), "{command:?}: {said:?}");
    }
    let probed = station.loa(&["probe", &named("template.xlsx")]);
    assert!(!String::from_utf8_lossy(&probed.stdout).contains("denied"), "{probed:?}");
    for (name, commands) in [
        ("config/themes.toml", &[&["check"][..], &["template", "-o", &named("x.xlsx")]][..]),
        ("schedules/x.toml", &[&["check"], &["rundown"]]),
        (
            "config/station.toml",
            &[
                &["check"],
                &["status"],
                &["airings"],
                &["stop"],
                &["user", "list"],
                &["report", "--period", "2026", "--form", "log"],
            ],
        ),
    ] {
        let link = station.path().join(name);
        let _ = std::fs::remove_file(&link);
        symlink(&secret, &link).unwrap();
        for command in commands {
            let said = station.loa(command);
            let told =
                format!("{}{}", String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
            assert!(!told.contains("con giáp"), "{command:?} with {name}: {told}");
        }
    }
}
