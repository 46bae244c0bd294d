//! Schedules that are right: what they say, whatever the editor that saved them.

use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};
use loa::core::airing::{Priority, SlotId, Start};
use loa::core::cart::CartName;
use loa::core::fault::{DocumentFault, Fault, Flaw};
use loa::core::pattern::{Days, Pattern};
use loa::core::schedule::read::{Reference, read};
use loa::core::schedule::{Action, DEFAULT_GRACE, Play, Schedule};

const WHOLE: &str = r#"
id = "cchc-2026-12"
title = "Tuyên truyền CCHC tháng 12/2026"
valid_from = 2026-12-01
valid_until = 2026-12-31
approved_by = "Nguyễn Văn An, Phó Chủ tịch UBND xã"
approved_ref = "45/KH-UBND"

[[cart]]
file = "dvc-ky-1.mp3"
title = "Nộp hồ sơ trực tuyến, kỳ 1"
kind = "bai"
topic = "dich-vu-cong"
source = "tu-san-xuat"

[[slot]]
id = "sang"
title = "Chuyên mục CCHC"
cron = "30 5 * * mon-fri"
play = ["nhac-hieu.mp3", "dvc-ky-1.mp3"]

[[slot]]
id = "chieu"
title = "Chuyên mục CCHC (phát lại)"
at = ["17:00"]
days = ["T2-T6"]
repeat_of = "sang"
start = "hard"
grace = "15m"
priority = "priority"
except = ["holidays", 2026-12-24]

[[slot]]
id = "rieng"
dates = [2026-12-08]
at = [16:45:00]
play = ['bài\kỳ 2.mp3']

[[change]]
slot = "sang"
date = 2026-12-09
action = "cancel"
reason = "Hội nghị tại trụ sở"

[[change]]
slot = "sang"
date = 2026-12-10
action = "move"
at = "06:00"

[[change]]
slot = "sang"
date = 2026-12-11
action = "replace"
play = ["dvc-ky-1.mp3"]

[[change]]
slot = "rieng"
date = 2026-12-12
action = "extra"
at = "16:45"
"#;

fn right(text: &[u8]) -> Schedule {
    let (schedule, notices) = read(text, "lich.toml", &Reference::lenient()).unwrap();
    assert_eq!(notices, []);
    schedule
}

fn at(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap()
}

fn december(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

#[test]
fn a_schedule_says_what_its_text_says() {
    let schedule = right(WHOLE.as_bytes());
    let cart = |name: &str| CartName::new(name).unwrap();
    assert_eq!(schedule.id.as_str(), "cchc-2026-12");
    assert_eq!((schedule.valid_from, schedule.valid_until), (december(1), Some(december(31))));
    assert_eq!(schedule.approval().unwrap(), "Nguyễn Văn An, Phó Chủ tịch UBND xã (45/KH-UBND)");
    let note = &schedule.carts[&cart("dvc-ky-1.mp3")];
    assert_eq!((note.kind.as_str(), note.topic.as_deref()), ("bai", Some("dich-vu-cong")));

    let [sang, chieu, rieng] = &schedule.slots[..] else { panic!() };
    assert_eq!(sang.pattern, Pattern::cron("30 5 * * mon-fri").unwrap());
    assert_eq!(sang.play, Play::Carts([cart("nhac-hieu.mp3"), cart("dvc-ky-1.mp3")].into()));
    assert_eq!((sang.start, sang.grace, sang.priority), (Start::Soft, DEFAULT_GRACE, Priority::Normal));
    assert_eq!(chieu.pattern, Pattern::weekly(&[at(17, 0)], Days::parse("mon-fri").unwrap()));
    assert_eq!(chieu.play, Play::RepeatOf(SlotId::from("sang")));
    assert_eq!((chieu.start, chieu.grace), (Start::Hard, Duration::from_secs(900)));
    assert_eq!(chieu.priority, Priority::Priority);
    assert!(chieu.except_holidays && chieu.except == [december(24)].into());
    assert_eq!(rieng.pattern, Pattern::dated(&[december(8)], &[at(16, 45)]));
    assert_eq!(rieng.title, schedule.title);
    assert_eq!(rieng.play, Play::Carts([cart("bài/kỳ 2.mp3")].into()));
    assert_eq!(WHOLE.lines().nth(rieng.line - 1), Some("[[slot]]"));

    let actions: Vec<&Action> = schedule.changes.iter().map(|change| &change.action).collect();
    let replaced = Action::Replace { play: [cart("dvc-ky-1.mp3")].into() };
    let [cancel, moved, replace, extra] = actions[..] else { panic!() };
    assert_eq!((cancel, moved), (&Action::Cancel, &Action::Move { at: at(6, 0) }));
    assert_eq!((replace, extra), (&replaced, &Action::Extra { at: at(16, 45), play: None }));
    assert_eq!(schedule.changes[0].reason.as_deref(), Some("Hội nghị tại trụ sở"));
}

#[test]
fn a_text_reads_the_same_from_notepad_and_from_a_mac() {
    use unicode_normalization::UnicodeNormalization;
    let usual = right(WHOLE.as_bytes());
    let notepad = format!("\u{feff}{}", WHOLE.replace('\n', "\r\n"));
    assert_eq!(right(notepad.as_bytes()), usual);
    // Names of recordings are compared in NFC; titles stay as they are.
    let mac: String = WHOLE.nfd().collect();
    let of_mac = right(mac.as_bytes());
    assert!(of_mac.slots.iter().map(|slot| &slot.play).eq(usual.slots.iter().map(|slot| &slot.play)));
}

#[test]
fn lines_are_counted_the_same_with_windows_line_ends() {
    let faulty = WHOLE.replace("grace = \"15m\"", "grase = \"15m\"");
    let line = 1 + faulty.lines().position(|line| line.starts_with("grase")).unwrap();
    for text in [faulty.clone(), faulty.replace('\n', "\r\n")] {
        let faults = read(text.as_bytes(), "lich.toml", &Reference::lenient()).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [Some(line)]);
        let Fault::Document(DocumentFault::UnknownKey { closest, .. }) = &faults[0].fault else { panic!() };
        assert_eq!(*closest, Some("grace"));
        assert_eq!(faults[0].slot, Some(SlotId::from("chieu")));
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = WHOLE
        .replace("days = [\"T2-T6\"]", "days = [\"thu\"]")
        .replace("valid_until = 2026-12-31", "valid_until = 2026-11-31")
        .replace("date = 2026-12-09", "date = \"9/12\"")
        .replace("kind = \"bai\"", "kint = \"bai\"");
    let faults = read(text.as_bytes(), "lich.toml", &Reference::lenient()).unwrap_err();
    let words: Vec<&str> = faults.iter().map(|fault| fault.fault.word()).collect();
    for word in ["impossible_date", "unknown_key", "missing_key", "bad_days", "wrong_type"] {
        assert!(words.contains(&word), "{word} of {words:?}");
    }
    assert!(faults.is_sorted_by_key(|fault| fault.line));
}

#[test]
fn a_time_without_days_is_every_days() {
    let text = WHOLE.replace("days = [\"T2-T6\"]\n", "");
    let days = Days::parse("mon-sun").unwrap();
    assert_eq!(right(text.as_bytes()).slots[1].pattern, Pattern::weekly(&[at(17, 0)], days));
}

#[test]
fn what_is_taken_out_needs_no_more_than_its_id() {
    let schedule = right(b"id = \"cu\"\nretired = true\n");
    assert!(schedule.retired && schedule.slots.is_empty());
    let whole = format!("retired = true\n{WHOLE}");
    assert!(right(whole.as_bytes()).retired);
}

#[test]
fn a_theme_that_the_list_lost_does_not_make_a_schedule_faulty() {
    let strict = Reference::new(["vneid".to_owned()].into());
    let (schedule, notices) = read(WHOLE.as_bytes(), "lich.toml", &strict).unwrap();
    assert_eq!(schedule, right(WHOLE.as_bytes()));
    let [notice] = &notices[..] else { panic!("{notices:?}") };
    assert!(matches!(&notice.fault, Fault::UnknownTopic { topic, .. } if topic == "dich-vu-cong"));
}
