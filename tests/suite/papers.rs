//! What offices find in their inbox: every receipt, the board and the alarm, pinned in both languages.
//! `LOA_WRITE_GOLDEN=1 cargo test papers` writes the golden file anew; its difference is then read by a person.

use std::fmt::Write as _;

use loa::core::board::Alarm;
use loa::core::drops::{Answer, Complaint, Verdict};
use loa::core::paper::{Paper, Part};
use loa::core::preview::{Coming, Missing, Preview, Shift, ShiftKind};
use loa::export::{page, text};
use loa::words::Language::{En, Vi};
use loa::words::{Say, board, receipts};
use unicode_width::UnicodeWidthStr;

use super::papers_rig::{at, contact, dropped, first, lines, missing, schedule, texts, texts_of_page};
use super::papers_samples::{alarms, complaints, papers, receipts_of_every_kind};
use super::rig::ZONE;

const GOLDEN: &str = "tests/golden/papers.txt";

#[test]
fn every_sheet_says_what_the_golden_file_has() {
    let mut text = String::new();
    for language in [Vi, En] {
        for (about, paper) in papers(language) {
            writeln!(text, "######## {about} ({language:?})\n").unwrap();
            lines(&text::text(&paper)).iter().for_each(|line| writeln!(text, "{line}").unwrap());
            text.push('\n');
        }
    }
    super::golden::hold_against(GOLDEN, &text);
}

#[test]
fn a_page_is_well_formed_says_every_text_and_needs_nothing_from_outside() {
    for language in [Vi, En] {
        for (about, paper) in papers(language) {
            let html = page::html(&paper);
            assert_eq!(texts_of_page(&html), texts(&paper), "{about}");
            assert!(html.contains(if language == Vi { "<html lang=\"vi\">" } else { "<html lang=\"en\">" }));
            assert!(html.contains("<meta charset=\"utf-8\"/>"));
            for outside in ["http:", "https:", "url(", "@import", "//"] {
                assert!(!html.contains(outside), "{about}: {outside}");
            }
            assert_eq!(html.contains("http-equiv=\"refresh\""), about.starts_with("the board"), "{about}");
        }
    }
}

#[test]
fn a_text_keeps_to_its_columns() {
    for language in [Vi, En] {
        for (about, paper) in papers(language) {
            for line in lines(&text::text(&paper)) {
                assert!(line.width() <= text::WIDTH, "{about}: {} columns: {line}", line.width());
            }
        }
    }
}

#[test]
fn a_table_stands_in_columns_with_wide_letters_and_combining_marks() {
    let rows = ["05:30", "e\u{30d}e\u{30d}", "漢字"].map(|cell| vec![cell.to_owned(), "x".to_owned()]);
    let table = Part::Table { headings: vec!["a".into(), "b".into()], rows: rows.into() };
    let paper = Paper { language: Vi, title: "t".into(), stamp: None, parts: vec![table], renewed: None };
    let text = text::text(&paper);
    let before: Vec<usize> =
        lines(&text).iter().filter_map(|line| line.strip_suffix('x')).map(UnicodeWidthStr::width).collect();
    assert_eq!(before, [7, 7, 7], "{text}");
}

#[test]
fn a_verdict_has_its_words_in_both_languages() {
    let receipts = receipts_of_every_kind();
    for verdict in
        [Verdict::Accepted, Verdict::Incomplete, Verdict::Waiting, Verdict::Withdrawn, Verdict::Returned]
    {
        let (_, receipt) = receipts.iter().find(|(_, one)| one.verdict() == verdict).unwrap();
        for language in [Vi, En] {
            let stamp = receipts::receipt(language, ZONE, &contact(), receipt).stamp.unwrap();
            assert_eq!(stamp.text, receipts::stamp(language, verdict));
        }
    }
}

#[test]
fn a_complaint_names_its_remedy_in_its_language() {
    for complaint in complaints() {
        let (vi, en) = (complaint.say(Vi), complaint.say(En));
        if matches!(complaint, Complaint::Workbook(_)) {
            continue;
        }
        assert_ne!(vi, en);
        for line in vi.lines().chain(en.lines()) {
            assert!(line.contains("; ") && !line.ends_with('.'), "{line}");
        }
    }
}

#[test]
fn a_sheet_in_vietnamese_has_no_english_words_of_ours() {
    // Beside commands and keys in back-ticks. What systems and decoders say comes through as it is.
    let english =
        ["the", "and", "is", "of", "it", "not", "with", "this", "was", "will", "cue", "slot", "schedule"];
    for (about, paper) in papers(Vi) {
        for text in texts(&paper) {
            let said: String = text.split('`').step_by(2).collect();
            let mut words = said.split(|letter: char| !letter.is_alphanumeric());
            assert_eq!(words.find(|word| english.contains(word)), None, "{about}: {text}");
        }
    }
}

#[test]
fn nothing_wrong_is_no_alarm() {
    let alarm = |alarms: &[Alarm], missing: &[Missing]| {
        board::alarm(Vi, ZONE, &contact(), at("04 09:12"), alarms, missing).is_some()
    };
    assert!(!alarm(&[], &[]));
    assert!(alarm(&alarms(), &[]));
    assert!(alarm(&[], &missing()));
}

#[test]
fn a_deadline_that_is_over_is_not_asked_for() {
    let said = |now| {
        let paper = board::alarm(Vi, ZONE, &contact(), at(now), &[], &missing()[1..2]).unwrap();
        texts(&paper).into_iter().find(|text| text.contains("còn thiếu")).unwrap()
    };
    assert!(said("05 05:24").contains("gửi trước 05:25 Thứ Bảy 05/12/2026"));
    assert!(said("05 05:25").contains("hạn gửi 05:25 Thứ Bảy 05/12/2026 đã qua"));
}

#[test]
fn a_schedule_of_thousands_has_a_receipt_that_can_be_read() {
    let shift = |at: i64| Shift {
        schedule: "ban-tin".into(),
        cue: Coming { due: first().due + chrono::TimeDelta::minutes(at / 10), ..first() },
        kind: ShiftKind::Added,
    };
    let preview = Preview {
        shifts: (0..20_000).map(shift).collect(),
        missing: vec![missing().remove(0); 5_000],
        first: Some(first()),
        ..Preview::default()
    };
    let receipt = dropped("lich.xlsx", Answer::Schedule(Box::new(schedule(preview))));
    let paper = receipts::receipt(Vi, ZONE, &contact(), &receipt);
    assert!(page::html(&paper).len() < 200_000 && lines(&text::text(&paper)).len() < 1_500);
    let said = texts(&paper);
    assert!(
        said.contains(&"… và 19700 mục nữa.".to_owned()) && said.contains(&"… và 4900 mục nữa.".to_owned())
    );
}
