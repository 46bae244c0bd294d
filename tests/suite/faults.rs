//! What stations read of their mistakes, pinned in both languages. `LOA_WRITE_GOLDEN=1 cargo test faults` writes the
//! golden file anew; its difference is then read by a person.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use chrono_tz::Asia::Ho_Chi_Minh;
use loa::config::{Config, Themes, holidays, targets};
use loa::core::calendar::Holidays;
use loa::core::cart::{Cart, CartFault, CartName, Library, Measurement};
use loa::core::fault::{ConfigFault, DocumentFault, Fault, Flaw, Located, Severity};
use loa::core::schedule::against::{Against, Filed, check_against};
use loa::core::schedule::read::{Reference, read};
use loa::words::{Language, Say};

use crate::faulty;

const GOLDEN: &str = "tests/golden/faults.txt";

/// One fault as both languages say it.
pub struct Said {
    pub code: String,
    severity: Severity,
    line: Option<usize>,
    pub vi: String,
    pub en: String,
}

fn said<F: Flaw>(faults: &[Located<F>]) -> Vec<Said>
where
    Located<F>: Say,
{
    let one = |one: &Located<F>| Said {
        code: one.fault.code(),
        severity: one.fault.severity(),
        line: one.line,
        vi: one.say(Language::Vi),
        en: one.say(Language::En),
    };
    faults.iter().map(one).collect()
}

fn themes() -> Reference {
    Reference::new(["dich-vu-cong", "vneid"].map(str::to_owned).into())
}

/// What is told of a schedule, right or wrong.
fn of_schedule(text: &[u8]) -> Vec<Located> {
    read(text, "lich.toml", &themes()).map_or_else(|faults| faults, |(_, notices)| notices)
}

/// Every faulty text of the list with what is said of it.
fn cases() -> Vec<(&'static str, String, Vec<Said>)> {
    let mut cases = Vec::new();
    for case in faulty::schedules() {
        let told = said(&of_schedule(case.text.as_bytes()));
        cases.push((case.about, case.text, told));
    }
    for case in faulty::configs() {
        let read = Config::parse(case.text.as_bytes(), "station.toml", Path::new("/loa"));
        cases.push((case.about, case.text, read.map_or_else(|faults| said(&faults), |_| Vec::new())));
    }
    for case in faulty::themes() {
        let read = Themes::parse(case.text.as_bytes(), "themes.toml");
        cases.push((case.about, case.text, read.map_or_else(|faults| said(&faults), |_| Vec::new())));
    }
    for case in faulty::holidays() {
        let read = holidays::parse(case.text.as_bytes(), "holidays.toml");
        cases.push((case.about, case.text, read.map_or_else(|faults| said(&faults), |_| Vec::new())));
    }
    let list = Themes::parse(b"[[theme]]\nid = \"dich-vu-cong\"\nvi = \"D\"\nen = \"P\"\n", "themes.toml");
    let list = list.unwrap();
    for case in faulty::targets() {
        let read = targets::parse(case.text.as_bytes(), "targets.toml", &list);
        cases.push((case.about, case.text, read.map_or_else(|faults| said(&faults), |_| Vec::new())));
    }
    cases
}

/// Faults that no text of a schedule has: of its bytes, of its size, of its file.
fn of_files() -> Vec<Said> {
    let slots = "[[slot]]\n".repeat(20_001);
    let many = (0..150).fold(String::new(), |text, at| format!("{text}k{at} = 1\n"));
    let whole = |fault: Fault| vec![Located { file: "lich.toml".into(), line: None, slot: None, fault }];
    let duplicate = Fault::duplicate_id("cchc".into(), vec!["lich (1).toml".into(), "lich cu.toml".into()]);
    let name = |name: &str| CartName::new(name).unwrap();
    let more = of_schedule(many.as_bytes());
    [
        of_schedule(&[b' '; (1 << 20) + 1]),
        of_schedule(b"id = \"lich\"\ntitle = \"L\xecch\"\n"),
        of_schedule(slots.as_bytes())
            .into_iter()
            .filter(|one| one.fault.word() == "too_many_slots")
            .collect(),
        more.into_iter().filter(|one| one.fault.word() == "more").collect(),
        whole(Fault::too_large(5_000_000, 1 << 20)),
        whole(Fault::unreadable("Permission denied (os error 13)")),
        whole(duplicate),
        whole(Fault::CommonRecordings { files: vec![name("nhac-hieu.mp3"), name("REC001.wav")] }),
    ]
    .iter()
    .flat_map(|faults| said(faults))
    .chain([ConfigFault::NotThere, ConfigFault::Folder].into_iter().flat_map(|fault| {
        said(&[Located { file: "config/station.toml".into(), line: None, slot: None, fault }])
    }))
    .collect()
}

/// Faults of schedules against recordings, holidays and one another.
fn of_library() -> Vec<Said> {
    let slot = |id: &str, hour: u32, play: &str| {
        format!(
            "[[slot]]\nid = \"{id}\"\nat = [\"{hour:02}:30\"]\ndays = [\"T2-T6\"]\nplay = [{play}]\nexcept = [\"holidays\"]\n"
        )
    };
    let head = |id: &str| format!("id = \"{id}\"\ntitle = \"Lịch\"\nvalid_from = 2026-12-01\n");
    let note = "[[cart]]\nfile = \"nguyen-ven.mp3\"\nkind = \"bai\"\n";
    let names = [
        "dvc-ky-1.mp3",
        "bong-da.mp3",
        "khong-doc.mp3",
        "khong-giai-ma.mp3",
        "im-lang.mp3",
        "chua-duyet.mp3",
        "hong.mp3",
        "moi.mp3",
    ];
    let play = names.map(|name| format!("\"{name}\"")).join(", ");
    let change = "[[change]]\nslot = \"sang\"\ndate = 2026-12-09\naction = \"cancel\"\n";
    let first = format!(
        "{}{note}{}{}{change}",
        head("mot"),
        slot("sang", 5, &play),
        slot("trua", 11, "\"nguyen-ven.mp3\"")
    );
    let second = format!("{}{}", head("hai"), slot("cung-gio", 11, "\"nguyen-ven.mp3\""));
    let (first, _) = read(first.as_bytes(), "mot.toml", &themes()).unwrap();
    let (second, _) = read(second.as_bytes(), "hai.toml", &themes()).unwrap();

    let measured = |missing_frames| Measurement {
        sha256: "0".repeat(64).parse().unwrap(),
        format: "mp3".into(),
        frames: 48_000,
        rate: 48_000,
        channels: 1,
        loudness_lufs: Some(-16.0),
        true_peak_dbtp: Some(-1.0),
        silent_head: std::time::Duration::ZERO,
        silent_tail: std::time::Duration::ZERO,
        longest_hole: std::time::Duration::ZERO,
        clipped: 0,
        missing_frames,
    };
    let mut library = Library::default();
    for (name, cart) in [
        ("dvc-ky-01.mp3", Cart::Unmeasured),
        (
            "khong-doc.mp3",
            Cart::Faulty(CartFault::Unreadable { found: "Permission denied (os error 13)".into() }),
        ),
        ("khong-giai-ma.mp3", Cart::Faulty(CartFault::Undecodable { found: "unsupported codec".into() })),
        ("im-lang.mp3", Cart::Faulty(CartFault::Silent)),
        ("chua-duyet.mp3", Cart::Faulty(CartFault::NotApproved)),
        ("hong.mp3", Cart::Ready(measured(480).into())),
        ("moi.mp3", Cart::Unmeasured),
        ("nguyen-ven.mp3", Cart::Ready(measured(0).into())),
    ] {
        library.put(CartName::new(name).unwrap(), cart);
    }
    let holidays: Holidays = holidays::parse(b"[[holiday]]\ndate = 2026-12-09\n", "holidays.toml").unwrap();
    let filed = [Filed { file: "mot.toml", schedule: &first }, Filed { file: "hai.toml", schedule: &second }];
    let against = Against {
        library: &library,
        zone: Ho_Chi_Minh,
        from: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        days: 14,
        holidays: &holidays,
    };
    said(&check_against(&filed, &against))
}

pub fn all() -> Vec<(&'static str, Vec<Said>)> {
    let texts = cases().into_iter().map(|(about, _, told)| (about, told));
    texts.chain([("files", of_files()), ("recordings", of_library())]).collect()
}

#[test]
fn every_fault_is_said_in_both_languages_as_the_golden_file_has_it() {
    let mut text = String::new();
    for (about, told) in all() {
        writeln!(text, "## {about}").unwrap();
        for Said { code, severity, vi, en, .. } in told {
            writeln!(
                text,
                "{code} ({})\n  {vi}\n  {en}",
                if severity == Severity::Error { "error" } else { "notice" }
            )
            .unwrap();
        }
        text.push('\n');
    }
    super::golden::hold_against(GOLDEN, &text);
}

#[test]
fn every_code_has_its_place_in_the_golden_file() {
    let told: BTreeSet<String> = all().into_iter().flat_map(|(_, told)| told).map(|one| one.code).collect();
    let own =
        |room: &str, words: &[&str]| words.iter().map(|word| format!("{room}.{word}")).collect::<Vec<_>>();
    let schedule = own("schedule", Fault::WORDS).into_iter().chain(own("schedule", DocumentFault::WORDS));
    let absent: Vec<String> = schedule
        .chain(own("config", ConfigFault::WORDS))
        // The faults of a document go by their own word.
        .filter(|code| !code.ends_with(".document") && !told.contains(code))
        .collect();
    assert_eq!(absent, Vec::<String>::new());
}

#[test]
fn a_fault_names_the_line_that_it_is_about() {
    for (about, text, told) in cases() {
        let marked: BTreeSet<usize> =
            text.lines().enumerate().filter(|(_, line)| line.contains("# !")).map(|(at, _)| at + 1).collect();
        let named: BTreeSet<usize> = told.iter().filter_map(|one| one.line).collect();
        assert!(!told.is_empty(), "{about}: nothing is told");
        if !marked.is_empty() {
            assert_eq!(named, marked, "{about}: {:?}", told.iter().map(|one| &one.en).collect::<Vec<_>>());
        }
        let last = text.lines().count();
        assert!(named.iter().all(|line| (1..=last).contains(line)), "{about}: {named:?} of {last}");
    }
}

#[test]
fn no_fault_leaves_a_reader_without_a_remedy_or_in_the_wrong_language() {
    for (about, told) in all() {
        for Said { code, vi, en, .. } in told {
            assert_ne!(vi, en, "{about}");
            assert!(!en.ends_with('.') && !vi.ends_with('.'), "{about}: {en}");
            assert!(!en.contains('\n') && en.chars().count() < 600, "{about}: {en}");
            let remedy = en.contains("; ") && vi.contains("; ");
            let clear =
                matches!(code.as_str(), "schedule.syntax" | "schedule.unknown_word" | "config.unknown_word");
            assert!(remedy || clear, "{about}: {en}");
        }
    }
}
