//! Whatever lies in a station's folders, its readers answer: with a value or with faults that have a place.

use std::path::Path;

use loa::config::{Config, Themes, holidays};
use loa::core::fault::{Fault, Flaw, Located, Severity};
use loa::core::schedule::read::{Reference, read};
use loa::words::{Language, Say};
use proptest::prelude::*;

const SAMPLES: [&str; 5] = [
    "schedules/cchc-thuong-xuyen.toml",
    "schedules/thong-bao-xa.toml",
    "config/station.toml",
    "config/themes.toml",
    "config/holidays.toml",
];

/// All readers over the same bytes; what they tell must be tellable.
fn all_readers(bytes: &[u8]) {
    let lines = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    fn tellable<F: Flaw>(faults: &[Located<F>], lines: usize)
    where
        Located<F>: Say,
    {
        assert!(!faults.is_empty());
        for fault in faults {
            assert!(fault.line.is_none_or(|line| (1..=lines).contains(&line)), "{fault}: of {lines} lines");
            for language in [Language::Vi, Language::En] {
                let said = fault.say(language);
                assert!(!said.contains('\n') && said.chars().count() < 2_000, "{said}");
            }
        }
    }
    let lenient = read(bytes, "lich.toml", &Reference::lenient());
    let strict = read(bytes, "lich.toml", &Reference::new(["vneid".to_owned()].into()));
    match (lenient, strict) {
        // The list of themes, which may change, never decides whether a text is right, nor what it means.
        (Ok((lenient, _)), Ok((strict, notices))) => {
            assert_eq!(lenient, strict);
            assert!(notices.iter().all(|notice| notice.fault.severity() == Severity::Notice));
        }
        (Err(lenient), Err(strict)) => {
            tellable(&lenient, lines);
            tellable(&strict, lines);
        }
        (lenient, strict) => panic!("{lenient:?} {strict:?}"),
    }
    if let Err(faults) = Config::parse(bytes, "station.toml", Path::new("/loa")) {
        tellable(&faults, lines);
    }
    if let Err(faults) = Themes::parse(bytes, "themes.toml") {
        tellable(&faults, lines);
    }
    if let Err(faults) = holidays::parse(bytes, "holidays.toml") {
        tellable(&faults, lines);
    }
}

fn sample(at: usize) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(SAMPLES[at])).unwrap()
}

/// A slip of a hand, or of a copy.
#[derive(Clone, Debug)]
enum Slip {
    Cut(prop::sample::Index),
    Drop(prop::sample::Index, usize),
    Write(prop::sample::Index, Vec<u8>),
    DropLine(prop::sample::Index),
    RepeatLine(prop::sample::Index),
    SwapLines(prop::sample::Index, prop::sample::Index),
}

fn slips() -> impl Strategy<Value = Slip> {
    let index = || any::<prop::sample::Index>();
    let pieces = prop::sample::select(vec![
        "\"",
        "'",
        "[",
        "]]",
        "=",
        "\n",
        "#",
        "\\",
        "“",
        "=\n",
        "[[slot]]\n",
        "-1",
        "9999-12-31",
        "1970-01-01",
        "inf",
        "0x1f",
        "\"thu\"",
        "true",
        "{",
        "\u{0}",
        "\u{feff}",
        "ế",
        "1e400",
        "24:00",
        "..",
        "\r",
    ]);
    prop_oneof![
        index().prop_map(Slip::Cut),
        (index(), 1..40usize).prop_map(|(at, length)| Slip::Drop(at, length)),
        (index(), pieces).prop_map(|(at, piece)| Slip::Write(at, piece.as_bytes().to_vec())),
        (index(), prop::collection::vec(any::<u8>(), 1..4)).prop_map(|(at, bytes)| Slip::Write(at, bytes)),
        index().prop_map(Slip::DropLine),
        index().prop_map(Slip::RepeatLine),
        (index(), index()).prop_map(|(a, b)| Slip::SwapLines(a, b)),
    ]
}

fn slip(text: &mut Vec<u8>, slip: &Slip) {
    if text.is_empty() {
        return;
    }
    let lines =
        |text: &[u8]| text.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    match slip {
        Slip::Cut(at) => text.truncate(at.index(text.len())),
        Slip::Drop(at, length) => {
            let at = at.index(text.len());
            let end = (at + length).min(text.len());
            text.drain(at..end);
        }
        Slip::Write(at, bytes) => {
            let at = at.index(text.len());
            text.splice(at..at, bytes.iter().copied());
        }
        Slip::DropLine(at) => {
            let mut all = lines(text);
            all.remove(at.index(all.len()));
            *text = all.concat();
        }
        Slip::RepeatLine(at) => {
            let mut all = lines(text);
            let at = at.index(all.len());
            all.insert(at, all[at].clone());
            *text = all.concat();
        }
        Slip::SwapLines(a, b) => {
            let mut all = lines(text);
            let (a, b) = (a.index(all.len()), b.index(all.len()));
            all.swap(a, b);
            *text = all.concat();
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_bring_a_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        all_readers(&bytes);
    }

    #[test]
    fn no_text_brings_a_reader_down(text in "[\\PC\n\t=\\[\\]\"'#]{0,400}") {
        all_readers(text.as_bytes());
    }

    #[test]
    fn no_slips_in_a_right_file_bring_a_reader_down(at in 0..SAMPLES.len(), made in prop::collection::vec(slips(), 1..6)) {
        let mut text = sample(at);
        made.iter().for_each(|one| slip(&mut text, one));
        all_readers(&text);
    }
}

#[test]
fn hostile_files_are_answered() {
    let mebibyte = 1 << 20;
    for text in [
        String::new(),
        "\u{feff}".into(),
        "a".repeat(mebibyte),
        "a".repeat(mebibyte + 1),
        "[".repeat(mebibyte),
        "[[slot]]\n".repeat(mebibyte / 9),
        "a=\n".repeat(mebibyte / 3),
        "\"\n".repeat(mebibyte / 2),
        "a.".repeat(mebibyte / 2),
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(100_000)),
        format!("id = \"{}\"", "ế".repeat(300_000)),
        format!("[[slot]]\nid = \"a\"\nplay = [{}]\n", "\"a.mp3\",".repeat(100_000)),
        format!("[[slot]]\nid = \"a\"\ndates = [{}]\n", "0000-01-01,9999-12-31,".repeat(20_000)),
        "id = \"a\"\ntitle = \"a\"\nvalid_from = 0000-01-01\nvalid_until = 9999-12-31\n[[slot]]\nid = \"a\"\n\
         at = [\"05:30\"]\ndays = [\"T2\"]\nplay = [\"a\"]\n"
            .into(),
    ] {
        all_readers(text.as_bytes());
    }
}

#[test]
fn a_hundred_faults_are_listed_and_the_rest_counted() {
    let text: String = (0..250).map(|at| format!("khoa{at} = 1\n")).collect();
    let faults = read(text.as_bytes(), "lich.toml", &Reference::lenient()).unwrap_err();
    let listed = faults.iter().filter(|fault| fault.line.is_some()).count();
    assert_eq!(listed, 100);
    let Some(Located { fault: Fault::Document(loa::core::fault::DocumentFault::More { count }), .. }) =
        faults.last()
    else {
        panic!("{:?}", faults.last())
    };
    // 250 unknown keys and three missing ones; that there is no slot is told of the whole file.
    assert_eq!(listed + count, 253);
}

#[test]
fn a_thousand_slots_are_no_limit_and_twenty_thousand_and_one_are() {
    let schedule = |slots: usize| {
        let head = "id = \"l\"\ntitle = \"L\"\nvalid_from = 2026-12-01\n".to_owned();
        (0..slots).fold(head, |text, at| {
            text + &format!("[[slot]]\nid=\"{at}\"\ncron=\"0 6 * * *\"\nplay=[\"a\"]\n")
        })
    };
    let of = |slots| read(schedule(slots).as_bytes(), "lich.toml", &Reference::lenient());
    assert_eq!(of(1_000).unwrap().0.slots.len(), 1_000);
    assert_eq!(of(19_000).unwrap().0.slots.len(), 19_000);
    let faults = of(20_001).unwrap_err();
    assert!(faults.iter().any(|fault| fault.fault.word() == "too_many_slots"), "{faults:?}");
}
