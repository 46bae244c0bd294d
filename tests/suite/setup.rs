//! `loa setup`: a station made by flags and by answers, changed one thing at a time, and what is wrong told with nothing lost.

use std::process::Command;

use loa::config::{ClockTrust, Listen};
use loa::core::language::Language;

use super::setup_rig::{Bare, is_bare};
use super::station_folder::wait_for;

/// Every question of a new station but the card, which a flag answers: name, clock, quiet hours, pages, review, first cue.
const ANSWERS: [&str; 6] = ["Đài Truyền thanh xã Bình Minh", "c", "", "", "", ""];
const CARD: [&str; 2] = ["--card", "virtual"];

#[test]
fn every_answer_is_a_flag() {
    let bare = Bare::new();
    let password = bare.root().with_extension("password");
    std::fs::write(&password, "mười hai con giáp\n").unwrap();
    let flags = [
        "--yes",
        "--name",
        "Đài Truyền thanh xã Bình Minh",
        "--zone",
        "Asia/Bangkok",
        "--card",
        "virtual",
        "--quiet-hours",
        "22:00-04:30",
        "--preset",
        "lien-chieu",
        "--listen",
        "0.0.0.0:8123",
        "--account",
        "binh",
        "--password-file",
        password.to_str().unwrap(),
        "--loudness",
        "-18",
        "--technician",
        "Nguyễn Văn Bình",
        "--telephone",
        "0905 000 000",
        "--share",
    ];
    let said = bare.setup(&flags, &[]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    let config = bare.config();
    assert_eq!(config.station.id, "xa-binh-minh");
    assert_eq!(config.station.name, "Đài Truyền thanh xã Bình Minh");
    assert_eq!(config.station.time_zone, chrono_tz::Asia::Bangkok);
    assert_eq!(config.output.cards.iter().map(ToString::to_string).collect::<Vec<_>>(), ["virtual"]);
    assert_eq!(config.policy.quiet_hours.span().unwrap().0.to_string(), "22:00:00");
    assert_eq!(config.policy.limits.sessions, Some(2));
    assert_eq!(config.page.listen, Listen::At("0.0.0.0:8123".parse().unwrap()));
    assert_eq!(config.loudness.target_lufs, -18.0);
    assert_eq!(config.station.telephone.as_deref(), Some("0905 000 000"));
    assert!(!config.station.sample && config.clock == ClockTrust::Measured);
    let accounts = bare.loa(&["user", "list"]);
    assert!(accounts.out.contains("binh"), "{accounts:?}");
    let lines = std::fs::read_to_string(bare.root().join("config/samba-hop-nhan-tep.conf")).unwrap();
    assert!(lines.contains(&format!("path = {}", config.paths.inbox.display())), "{lines}");
    // All that a station needs is there, and nothing is wrong with it.
    let check = bare.loa(&["check"]);
    assert_eq!(check.code, Some(0), "{check:?}");
    assert!(said.out.contains("Sáng mai"), "{said:?}");
}

#[test]
fn a_station_is_made_by_eight_answers_at_most_in_either_language() {
    for (first, language, tomorrow) in
        [("en", Language::En, "Tomorrow morning"), ("vi", Language::Vi, "Sáng mai")]
    {
        let bare = Bare::new();
        let answers: Vec<&str> = [first].into_iter().chain(ANSWERS).collect();
        let said = bare.setup(&CARD, &answers);
        assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
        assert_eq!(bare.config().station.language, language);
        assert!(said.out.contains(tomorrow), "{said:?}");
        assert_eq!(bare.loa(&["check"]).code, Some(0));
        assert!(bare.root().join("inbox").is_dir() && bare.root().join("state").is_dir());
        assert!(!bare.files().iter().any(|file| file.contains("kiem-tra")), "nobody asked for a first cue");
    }
}

#[test]
fn what_is_wrong_is_asked_again_with_what_was_wrong() {
    let bare = Bare::new();
    let answers = [
        "",
        "Đài xã \u{7f}",
        "Đài xã Tân Lập",
        // The clock: no answer, wrong, a zone that is none, one that is, right.
        "hả",
        "k",
        "Asia/Ho Chi Min",
        "Asia/Bangkok",
        "",
        "đúng",
        // The quiet hours.
        "9",
        "chín giờ tối",
        "22:00-05:00",
        // The pages, from the network, which want an account.
        "0",
        "3",
        "",
        "binh",
        "ngắn",
        "mười hai con giáp",
        "mười hai con",
        "mười hai con giáp",
        "mười hai con giáp",
        // The review: no such number, the loudness, and back.
        "12",
        "6",
        "to lên",
        "-3",
        "-17,5",
        "7",
        "Nguyễn Văn Bình",
        "",
        "8",
        "",
        "k",
    ];
    let said = bare.setup(&CARD, &answers);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    for word in [
        "Chưa có tên",
        "Không đọc được những chữ vừa gõ",
        "Hãy gõ c (có) hoặc k (không)",
        "timedatectl set-time",
        "Asia/Ho_Chi_Minh",
        "Không có số này",
        "quiet_hours",
        "Mở ra mạng thì phải có tài khoản",
        "ít nhất 10 ký tự",
        "Hai lần gõ không giống nhau",
        "không phải là số",
        "-30",
        "Trạm không tự chạy",
    ] {
        assert!(said.out.contains(word), "`{word}` is missing in {}", said.out);
    }
    assert!(!said.out.contains("giáp"), "a password is never shown");
    let config = bare.config();
    assert_eq!(config.station.time_zone, chrono_tz::Asia::Bangkok);
    assert_eq!(config.loudness.target_lufs, -17.5);
    assert_eq!(config.station.technician.as_deref(), Some("Nguyễn Văn Bình"));
    assert!(matches!(config.page.listen, Listen::At(at) if at.ip().is_unspecified()));
}

#[test]
fn whoever_breaks_off_leaves_everything_as_it_was() {
    let bare = Bare::new();
    for count in 0..ANSWERS.len() - 1 {
        let said = bare.setup(&CARD, &ANSWERS[..count]);
        assert_eq!(said.code, Some(1), "{said:?}");
        assert!(said.out.contains("Không có gì được ghi"), "{said:?}");
        assert!(is_bare(&bare.root()), "after {count} answers: {:?}", bare.files());
    }
    let said = bare.setup(&CARD, &["Đài xã Tân", "c", "", "", "t"]);
    assert_eq!((said.code, is_bare(&bare.root())), (Some(1), true), "{said:?}");
    // Of a station that is there, too.
    bare.made();
    let before = (bare.text(), bare.files());
    let said = bare.setup(&[], &["4", "sai"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    let said = bare.setup(&[], &[""]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("Không có gì thay đổi"), "{said:?}");
    assert_eq!((bare.text(), bare.files()), before);
}

#[test]
fn run_again_it_shows_what_is_and_changes_one_thing() {
    let bare = Bare::new();
    bare.made();
    let text = bare.text().replace("[inbox]", "# ghi chú của kỹ thuật\n[inbox]");
    std::fs::write(bare.config_file(), &text).unwrap();
    let said = bare.setup(&[], &["4", "2"]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    for shown in ["Đài xã Tân Lập", "21:00–05:00", "127.0.0.1:8080", "-16 LUFS", "Trạm đang được đặt như sau"]
    {
        assert!(said.out.contains(shown), "`{shown}` is missing in {}", said.out);
    }
    let now = bare.text();
    let changed: Vec<_> = text.lines().zip(now.lines()).filter(|(before, after)| before != after).collect();
    assert_eq!(changed, [("quiet_hours = \"21:00-05:00\"", "quiet_hours = \"21:00-06:00\"")]);
    let kept = |bare: &Bare| -> Vec<String> {
        bare.files().into_iter().filter(|file| file.starts_with("config/station-")).collect()
    };
    let [old] = &kept(&bare)[..] else { panic!("{:?}", bare.files()) };
    assert_eq!(std::fs::read_to_string(bare.root().join(old)).unwrap(), text);
    // By a flag; the second time nothing is written and no copy is made.
    let flags = ["--quiet-hours", "22:00-05:00"];
    assert_eq!(bare.setup(&flags, &[]).code, Some(0));
    let again = bare.setup(&flags, &[]);
    assert_eq!(again.code, Some(0));
    assert!(again.out.contains("Không có gì thay đổi"), "{again:?}");
    assert_eq!(kept(&bare).len(), 2);
    // Whoever takes Enter keeps what stands, whatever the usual answer is.
    for number in ["1", "4", "5", "6"] {
        let said = bare.setup(&[], &[number, ""]);
        assert!(said.out.contains("Không có gì thay đổi"), "{said:?}");
    }
    assert_eq!(bare.config().policy.quiet_hours.span().unwrap().0.to_string(), "22:00:00");
    assert!(bare.text().contains("# ghi chú của kỹ thuật"));
    // In the reader's language, without a change of the station's.
    let said = bare.setup(&["--language", "en", "--yes"], &[]);
    assert!(said.out.contains("The station is set up like this"), "{said:?}");
    assert_eq!(bare.config().station.language, Language::Vi);
}

#[test]
fn a_config_that_cannot_be_read_is_left_alone_and_all_of_it_is_told() {
    let bare = Bare::new();
    bare.made();
    let old = bare.text().replace("quiet_hours =", "gio_yen_tinh =").replace("rate = 48000", "rate = 1");
    std::fs::write(bare.config_file(), &old).unwrap();
    for (language, words) in [
        ("vi", ["gio_yen_tinh", "rate", "Hãy sửa", "đổi tên"]),
        ("en", ["gio_yen_tinh", "rate", "Mend", "rename"]),
    ] {
        for flags in [vec![], vec!["--quiet-hours", "22:00-05:00"]] {
            let flags: Vec<&str> = ["--language", language].into_iter().chain(flags).collect();
            let said = bare.setup(&flags, &["1", "x"]);
            assert_eq!(said.code, Some(1), "{said:?}");
            assert!(words.iter().all(|word| said.err.contains(word)), "{said:?}");
            assert_eq!(bare.text(), old);
        }
    }
}

/// A station with an account of an office's, and what its accounts are.
fn with_an_office() -> (Bare, impl Fn(&Bare) -> Vec<String>) {
    let bare = Bare::new();
    bare.made();
    let password = bare.root().with_extension("password");
    std::fs::write(&password, "mười hai con giáp\n").unwrap();
    let file = password.to_str().unwrap();
    let added = bare.loa(&["user", "add", "an", "--role", "office", "--password-file", file]);
    assert_eq!(added.code, Some(0), "{added:?}");
    let accounts = |bare: &Bare| {
        let said = bare.loa(&["user", "list", "--json"]);
        let rows: Vec<serde_json::Value> = serde_json::from_str(&said.out).unwrap();
        let one = |row: &serde_json::Value| {
            format!("{} {}", row["name"].as_str().unwrap(), row["role"].as_str().unwrap())
        };
        rows.iter().map(one).collect()
    };
    (bare, accounts)
}

#[test]
fn a_station_with_accounts_needs_no_new_one_for_its_pages() {
    let (bare, accounts) = with_an_office();
    let said = bare.setup(&[], &["5", "3", ""]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("Trạm đã có tài khoản: an (cơ quan"), "{said:?}");
    assert!(matches!(bare.config().page.listen, Listen::At(at) if at.ip().is_unspecified()));
    assert_eq!(accounts(&bare), ["an office"]);
}

#[test]
fn no_account_gets_the_technicians_role_unless_a_person_says_so() {
    let (bare, accounts) = with_an_office();
    let before = std::fs::read(bare.root().join("state/accounts.json")).unwrap();
    let password = bare.root().with_extension("password");
    let flags = ["--account", "an", "--password-file", password.to_str().unwrap()];
    let said = bare.setup(&flags, &[]);
    assert_eq!(said.code, Some(2), "{said:?}");
    for word in ["“an” (cơ quan", "không đổi vai trò", "loa user add an --role technician"] {
        assert!(said.err.contains(word), "`{word}` is missing in {said:?}");
    }
    assert_eq!(std::fs::read(bare.root().join("state/accounts.json")).unwrap(), before);
    // By hand: Enter is no, and another name is asked.
    let given = "một mật khẩu đủ dài";
    let said = bare.setup(&[], &["5", "2", "an", "", "binh", given, given]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert!(said.out.contains("Đã có tài khoản “an” (cơ quan"), "{said:?}");
    assert_eq!(accounts(&bare), ["an office", "binh technician"]);
    let said = bare.setup(&[], &["5", "2", "an", "c", given, given]);
    assert_eq!((said.code, said.err.as_str()), (Some(0), ""), "{said:?}");
    assert_eq!(accounts(&bare), ["an technician", "binh technician"]);
    // The same flags again are how what was cut short is done again.
    let flags = ["--account", "binh", "--password-file", password.to_str().unwrap()];
    assert_eq!(bare.setup(&flags, &[]).code, Some(0));
}

#[test]
fn a_wrong_flag_is_told_before_anything_is_asked_or_made() {
    let bare = Bare::new();
    let base = ["--yes", "--name", "Đài xã Tân", "--card", "virtual"];
    let wrong: [(&[&str], &str); 9] = [
        (&["--zone", "Hanoi"], "Hanoi"),
        (&["--quiet-hours", "22h"], "quiet_hours"),
        (&["--preset", "ha-noi"], "ha-noi"),
        (&["--listen", "8080"], "listen"),
        (&["--listen", "0.0.0.0:8080"], "--account"),
        (&["--loudness", "-3"], "-30"),
        (&["--account", "binh"], "--password-file"),
        (&["--account", "\u{200b}", "--password-file", "/dev/null"], "tên"),
        (&["--account", "binh", "--password-file", "/dev/null"], "10 ký tự"),
    ];
    for (flags, word) in wrong {
        let said = bare.setup(&[&base[..], flags].concat(), &[]);
        assert_eq!(said.code, Some(2), "{flags:?}: {said:?}");
        assert!(said.err.contains(word), "{flags:?}: {said:?}");
        assert!(is_bare(&bare.root()), "{flags:?}");
    }
    for (flags, word) in [(&base[..3], "--card"), (&["--yes", "--card", "virtual"], "--name")] {
        let said = bare.setup(flags, &[]);
        assert_eq!((said.code, said.err.contains(word)), (Some(2), true), "{said:?}");
    }
    let said = bare.setup(&["--yes", "--name", "X", "--card", "alsa:plughw:CARD=khong-co,DEV=0"], &[]);
    assert_eq!((said.code, said.err.contains("khong-co")), (Some(2), true), "{said:?}");
    assert!(is_bare(&bare.root()));
    let untried = ["--yes", "--name", "X", "--card", "alsa:plughw:CARD=khong-co,DEV=0", "--no-test"];
    assert_eq!(bare.setup(&untried, &[]).code, Some(0));
}

#[test]
fn a_station_that_runs_hears_that_its_clock_is_right_and_what_waits_for_a_start() {
    let bare = Bare::new();
    let flags =
        ["--yes", "--name", "Đài xã Tân", "--card", "virtual", "--listen", "none", "--clock-is-right"];
    assert_eq!(bare.setup(&flags, &[]).code, Some(0));
    let mut station = Command::new(env!("CARGO_BIN_EXE_loa"));
    station.args(["run", "--config"]).arg(bare.config_file());
    let mut station =
        station.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().unwrap();
    let trusted = wait_for("a trusted clock", || {
        let said = bare.loa(&["status", "--json"]);
        let status: serde_json::Value = serde_json::from_str(&said.out).ok()?;
        status["clock_trusted"].as_bool().filter(|trusted| *trusted)
    });
    assert!(trusted, "the word given before the start was taken");
    assert!(!bare.root().join("state/clock-vouched.json").exists());
    let said = bare.setup(&["--clock-is-right"], &[]);
    assert!(said.out.contains("trạm phát theo lịch trở lại") || said.out.contains("xác nhận"), "{said:?}");
    let said = bare.setup(&["--loudness", "-18"], &[]);
    assert_eq!(said.code, Some(0));
    assert!(said.out.contains("Ctrl-C"), "{said:?}");
    station.kill().unwrap();
    station.wait().unwrap();
}

#[test]
fn the_first_cue_is_in_the_rundown_and_never_in_the_quiet_hours() {
    let bare = Bare::new();
    let flags =
        ["--yes", "--name", "Đài xã Tân", "--card", "virtual", "--quiet-hours", "none", "--first-cue"];
    let said = bare.setup(&flags, &[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    // Near midnight the cue is tomorrow's.
    let rundown = bare.loa(&["rundown", "--days", "2", "--json"]);
    let cues: serde_json::Value = serde_json::from_str(&rundown.out).unwrap();
    assert_eq!(cues.as_array().unwrap().len(), 1, "{rundown:?}");
    assert_eq!(cues[0]["schedule"], "kiem-tra");
    assert_eq!(cues[0]["notice"], serde_json::Value::Null, "{rundown:?}");
    assert_eq!(bare.loa(&["check"]).code, Some(0));
    let before = bare.files();
    // What a person wrote under that name is left alone.
    std::fs::write(bare.root().join("schedules/kiem-tra.toml"), "# của tôi\n").unwrap();
    let said = bare.setup(&["--first-cue"], &[]);
    assert_eq!((said.code, said.err.contains("kiem-tra.toml")), (Some(1), true), "{said:?}");
    assert_eq!(std::fs::read_to_string(bare.root().join("schedules/kiem-tra.toml")).unwrap(), "# của tôi\n");
    assert_eq!(bare.files(), before);

    let quiet = Bare::new();
    let flags =
        ["--yes", "--name", "Đài xã Tân", "--card", "virtual", "--quiet-hours", "00:00-23:59", "--first-cue"];
    let said = quiet.setup(&flags, &[]);
    assert!(said.out.contains("giờ yên tĩnh nên không phát thử"), "{said:?}");
    assert!(!quiet.files().iter().any(|file| file.contains("kiem-tra")), "{:?}", quiet.files());
}
