//! What stands in the way of `loa setup`: disks that are full or read-only, folders of another user, and the card, heard at
//! the monitor of a sound server.

use super::setup_rig::{Bare, is_bare};
use super::sound_server::SoundServer;

/// Runs a script in a file system of its own, which no other process sees: `$1` is the folder, `$2` the program.
#[cfg(target_os = "linux")]
fn on_own_disk(options: &str, script: &str) -> String {
    let place = tempfile::tempdir().unwrap();
    let mount = format!("mount -t tmpfs -o {options} tmpfs \"$1\" && {{ {script}\n}}");
    let done = std::process::Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount, "sh"])
        .arg(place.path())
        .arg(env!("CARGO_BIN_EXE_loa"))
        .output()
        .expect("`unshare` of util-linux gives these tests a disk of their own");
    String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr)
}

#[cfg(target_os = "linux")]
const NEW: &str = "\"$2\" setup --folder \"$1/d\" --yes --name X --card virtual";

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_the_config_stays() {
    // A new station: too small from the start.
    let said = on_own_disk(
        "size=16k",
        &format!("{NEW}; echo code $?; test -e \"$1/d/config/station.toml\" || echo none"),
    );
    assert!(said.contains("code 1") && said.contains("ổ đĩa đã đầy"), "{said}");
    assert!(said.contains("none"), "{said}");
    // One that is there, on a disk that is filled afterwards.
    let said = on_own_disk(
        "size=200k",
        &format!(
            "{NEW} || exit 9; cp \"$1/d/config/station.toml\" /tmp/loa-before-$$; cat /dev/zero > \"$1/junk\" 2>/dev/null; \
             \"$2\" setup --folder \"$1/d\" --quiet-hours 22:00-05:00; echo code $?; \
             cmp \"$1/d/config/station.toml\" /tmp/loa-before-$$ && echo same; rm \"$1/junk\" /tmp/loa-before-$$; \
             ls -A \"$1/d/config\"; \"$2\" setup --folder \"$1/d\" --quiet-hours 22:00-05:00; echo then $?"
        ),
    );
    assert!(said.contains("ổ đĩa đã đầy") && said.contains("code 1") && said.contains("same"), "{said}");
    assert!(said.contains("then 0"), "{said}");
    assert!(!said.lines().any(|line| line.starts_with(".tmp")), "nothing is left of the attempt: {said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_may_not_be_written_is_told_before_the_first_question() {
    let said = on_own_disk("ro", "\"$2\" setup --folder \"$1/d\"; echo code $?");
    assert!(said.contains("code 1") && said.contains("chỉ đọc được"), "{said}");
    assert!(!said.contains("Tên:"), "{said}");
}

#[test]
#[cfg(unix)]
fn what_is_made_belongs_to_the_owner_of_the_folder() {
    use std::os::unix::fs::{MetadataExt, chown};
    let bare = Bare::new();
    std::fs::create_dir(bare.root()).unwrap();
    if chown(bare.root(), Some(12_345), Some(12_346)).is_err() {
        return println!("only root can give files away");
    }
    let password = bare.root().with_extension("password");
    std::fs::write(&password, "mười hai con giáp\n").unwrap();
    let account = ["--account", "binh", "--password-file", password.to_str().unwrap()];
    let flags = ["--yes", "--name", "X", "--card", "virtual", "--quiet-hours", "none"];
    let more = ["--clock-is-right", "--first-cue", "--share"];
    let said = bare.setup(&[&flags[..], &account, &more].concat(), &[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(bare.setup(&["--loudness", "-20"], &[]).code, Some(0));
    let files = bare.files();
    assert!(files.iter().any(|file| file == "state/accounts.json"), "{files:?}");
    let folders = ["config", "schedules", "audio", "inbox", "state"].map(str::to_owned);
    for one in files.iter().chain(&folders) {
        let found = std::fs::metadata(bare.root().join(one)).unwrap();
        assert_eq!((found.uid(), found.gid()), (12_345, 12_346), "{one}");
    }
}

/// The loudest sample that was heard.
fn peak(heard: &[f32]) -> f32 {
    heard.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

#[test]
fn the_card_is_the_one_on_which_the_gong_was_heard() {
    let server = SoundServer::start();
    server.plug("khac");
    let mut bare = Bare::new();
    bare.environment = server.environment();
    let recorder = server.record();
    // The first is not heard, the second is; whichever of the two is which.
    let answers = ["Đài xã Tân", "c", "", "k", "", "c", "", "", ""];
    let said = bare.setup(&["--quiet-hours", "none"], &answers);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let listed: Vec<String> = ["loa", "khac"].map(|sink| format!("[pulseaudio:{sink}]")).into();
    let place =
        |name: &String| said.out.find(name.as_str()).unwrap_or_else(|| panic!("{name}: {}", said.out));
    let second = listed.iter().max_by_key(|name| place(name)).unwrap();
    let cards: Vec<String> = bare.config().output.cards.iter().map(|card| format!("[{card}]")).collect();
    assert_eq!(cards, std::slice::from_ref(second), "{}", said.out);
    let heard = recorder.stop();
    assert!((0.03..0.3).contains(&peak(&heard)), "peak {}", peak(&heard));
}

#[test]
fn nothing_sounds_in_the_quiet_hours_unless_told() {
    let server = SoundServer::start();
    let mut bare = Bare::new();
    bare.environment = server.environment();
    let quiet = ["--quiet-hours", "00:00-23:59"];
    let recorder = server.record();
    let said = bare.setup(&quiet, &["Đài xã Tân", "c", "", "", ""]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("Đang là giờ yên tĩnh"), "{said:?}");
    assert_eq!(peak(&recorder.stop()), 0.0);
    let mut again = Bare::new();
    again.environment = server.environment();
    let recorder = server.record();
    let said = again.setup(&quiet, &["Đài xã Tân", "c", "phát", "", "c", "", ""]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(peak(&recorder.stop()) > 0.03);
}

#[test]
fn the_silent_card_is_taken_by_a_flag_alone() {
    let server = SoundServer::start();
    let mut bare = Bare::new();
    bare.environment = server.environment();
    let said = bare
        .setup(&["--quiet-hours", "none"], &["Đài xã Tân", "c", "virtual", "pulse:x", "7", "b", "", "", ""]);
    assert_eq!(said.code, Some(0), "{said:?}");
    for word in ["Card “virtual” không kêu", "pulseaudio", "Không có số này"] {
        assert!(said.out.contains(word), "`{word}` is missing in {}", said.out);
    }
    assert_eq!(
        bare.config().output.cards.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["pulseaudio:loa"]
    );
    assert!(!is_bare(&bare.root()));
}
