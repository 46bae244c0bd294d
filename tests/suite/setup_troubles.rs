//! What stands in the way of `loa setup`: disks that are full or read-only, folders of another user, and the card, heard at
//! the monitor of a sound server.

use super::setup_rig::{Bare, Talk, is_bare};
use super::sound_server::SoundServer;
use super::station_folder::{now, wait_for};

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
    // A station that is there, on a disk that the system made read-only: nothing is asked in vain, nothing changed.
    let said = on_own_disk(
        "size=4m",
        &format!(
            "{NEW} >/dev/null || exit 9; mount -o remount,ro \"$1\"; cksum \"$1\"/d/*/* > /tmp/loa-ro-$$ 2>/dev/null; \
             for more in '' '--loudness -20' --share --first-cue --clock-is-right; do \
             \"$2\" setup --folder \"$1/d\" $more; echo code $?; done; \
             cksum \"$1\"/d/*/* 2>/dev/null | cmp - /tmp/loa-ro-$$ && echo same; rm /tmp/loa-ro-$$; \
             mount -o remount,rw \"$1\"; \"$2\" setup --folder \"$1/d\" --loudness -20; echo then $?"
        ),
    );
    assert_eq!(said.matches("code 1").count(), 5, "{said}");
    assert_eq!(said.matches("chỉ đọc được").count(), 5, "{said}");
    assert!(said.contains("same") && said.contains("then 0") && !said.contains("Đổi mục"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_station_that_finds_its_disk_full_at_the_start_says_so_with_the_remedy() {
    for (language, words) in [("vi", "ổ đĩa đã đầy"), ("en", "the disk is full")] {
        let said = on_own_disk(
            "size=200k",
            &format!(
                "{NEW} >/dev/null || exit 9; cat /dev/zero > \"$1/junk\" 2>/dev/null; \
                 \"$2\" --language {language} run --config \"$1/d/config/station.toml\"; echo code $?"
            ),
        );
        assert!(said.contains("code 1") && said.contains("state/lock"), "{said}");
        assert!(said.contains(words) && !said.contains("os error"), "{said}");
    }
}

/// Everything that setup writes at once, on a disk of `$size`, then on one with room. Each attempt that ends in a trouble
/// says so by the disk, and leaves no draft and no half of a file behind.
#[cfg(target_os = "linux")]
const STEP_BY_STEP: &str = r#"
printf 'mười hai con giáp\n' > /tmp/loa-password-$$
all() {
    "$2" setup --folder "$1/d" --yes --name X --card virtual --quiet-hours none --listen 0.0.0.0:8123 --account binh         --password-file /tmp/loa-password-$$ --share --clock-is-right --first-cue 2>&1
}
sums() { (cd "$1/d" && find . -type f ! -name '*.lock' ! -name accounts.json ! -name 'clock-*' ! -name 'kiem-tra*' | sort | xargs -r -d '
' cksum); }
umount "$1"; mount -t tmpfs -o size=16m tmpfs "$1"
all "$@" >/dev/null || exit 9
sums "$1" > /tmp/loa-whole-$$
for options in $LIMITS; do
    umount "$1"; mount -t tmpfs -o "$options" tmpfs "$1" || exit 9
    said=$(all "$@"); code=$?
    echo "$options code $code"
    [ $code = 0 ] && break
    [ $code = 1 ] || echo "BAD code: $said"
    case "$said" in *"ổ đĩa đã đầy"*) ;; *) echo "BAD not said: $said" ;; esac
    case "$said" in *"$1"*) ;; *) echo "BAD no file named: $said" ;; esac
    left=$(find "$1" -mindepth 1 -name '.tmp*' -o -name '*.new' -o -name '*.part*'); [ -z "$left" ] || echo "BAD left: $left"
    [ -d "$1/d" ] && sums "$1" | while read -r line; do
        grep -qxF "$line" /tmp/loa-whole-$$ || echo "BAD half: $line"
    done
    if [ -e "$1/d/config/station.toml" ]; then
        case "$said" in *"Cấu hình vẫn như cũ"*) echo "BAD the config is there: $said" ;; esac
    else
        case "$said" in *"Đã ghi cấu hình"*) echo "BAD no config: $said" ;; esac
    fi
    mount -o remount,size=16m,nr_inodes=1000 "$1"
    again=$(all "$@") || echo "BAD again: $again"
    sums "$1" | cmp - /tmp/loa-whole-$$ || echo "BAD not the same in the end"
    for one in accounts.json clock-vouched.json; do [ -s "$1/d/state/$one" ] || [ $one != accounts.json ] || echo "BAD no $one"; done
done
rm /tmp/loa-password-$$ /tmp/loa-whole-$$
"#;

#[test]
#[cfg(target_os = "linux")]
fn each_file_that_finds_the_disk_full_is_named_and_setting_up_again_goes_on() {
    let sizes: Vec<String> = (1..13).chain([4_000]).map(|pages| format!("size={}k", pages * 4)).collect();
    let inodes: Vec<String> = (1..40).map(|count| format!("size=16m,nr_inodes={count}")).collect();
    for limits in [sizes, inodes] {
        let script = format!("LIMITS='{}'\n{STEP_BY_STEP}", limits.join(" "));
        let said = on_own_disk("size=16m", &script);
        let failed = said.lines().filter(|line| line.ends_with("code 1")).count();
        assert!(failed >= 8 && said.contains("code 0"), "{said}");
        assert!(!said.contains("BAD"), "{said}");
    }
}

/// A person may look for the cable until the next cue is near.
#[test]
fn no_test_sounds_where_a_cue_has_come_near_since_the_question() {
    let server = SoundServer::start();
    let mut bare = Bare::new();
    bare.environment = server.environment();
    let flags = ["--yes", "--name", "Đài xã Tân", "--card", "pulseaudio:loa", "--quiet-hours", "none"];
    let said = bare.setup(&[&flags[..], &["--listen", "none", "--clock-is-right"]].concat(), &[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let mut station = std::process::Command::new(env!("CARGO_BIN_EXE_loa"));
    station.args(["run", "--config"]).arg(bare.config_file()).envs(bare.environment.iter().cloned());
    let (nowhere, log) = (std::process::Stdio::null, std::process::Stdio::null);
    let mut station = station.stdout(nowhere()).stderr(log()).spawn().unwrap();
    wait_for("the station to answer", || (bare.loa(&["status"]).code == Some(0)).then_some(()));
    let mut talk = Talk::begin(bare.command(&[]));
    talk.hears("Enter");
    talk.answers("3");
    let question = "Phát thử trên card số mấy?";
    let said = talk.hears(question);
    assert!(!said.contains("Trạm đang phát hoặc sắp phát"), "{said}");
    let civil = (now() + chrono::TimeDelta::minutes(5)).with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    let slot = format!(
        "id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"gio\"\ntitle = \"Đúng giờ\"\n\
         dates = [{}]\nat = [\"{}\"]\nplay = [\"a.wav\"]\n",
        civil.format("%Y-%m-%d"),
        civil.format("%H:%M:%S")
    );
    std::fs::write(bare.root().join("schedules/lich.toml"), slot).unwrap();
    wait_for("the schedule", || bare.loa(&["status"]).out.contains("Đúng giờ").then_some(()));
    let recorder = server.record();
    talk.answers("1");
    let said = talk.hears(question);
    let heard = recorder.stop();
    station.kill().unwrap();
    station.wait().unwrap();
    assert!(said.contains("Trạm đang phát hoặc sắp phát nên không phát thử lúc này"), "{said}");
    assert_eq!(peak(&heard), 0.0);
    talk.answers("b");
    let said = talk.ends();
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
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
