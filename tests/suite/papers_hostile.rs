//! A stranger's text is nothing but text wherever it stands on a sheet, whatever a file or a programme is called.

use loa::core::board::{Alarm, Board};
use loa::core::cart::CartName;
use loa::core::drops::{Answer, Complaint, News, Receipt, RecordingAnswer, ScheduleAnswer, Sender};
use loa::core::paper::{Contact, Paper};
use loa::core::preview::{Coming, Preview, Shift, ShiftKind};
use loa::core::rundown::forecast::Notice;
use loa::export::{page, text};
use loa::words::Language::Vi;
use loa::words::{board, receipts};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::papers_rig::{cart, dropped, first, lines, recording, schedule, texts_of_page};
use super::papers_samples::full_board;
use super::rig::ZONE;

/// A receipt, the board and the alarm with that text wherever a stranger's text can stand.
fn with(hostile: &str) -> Vec<Paper> {
    let name = CartName::new(hostile).unwrap_or_else(|_| cart("x.mp3"));
    let cue =
        Coming { title: hostile.into(), notice: Some(Notice::TooLate { behind: hostile.into() }), ..first() };
    let recording = RecordingAnswer {
        name: name.clone(),
        news: News::SameAs(name),
        converted_from: Some(hostile.into()),
        ..recording()
    };
    let schedule = ScheduleAnswer {
        title: hostile.into(),
        approval: Some(hostile.into()),
        ..schedule(Preview {
            cues: vec![cue.clone()],
            first: Some(cue.clone()),
            shifts: vec![Shift { schedule: hostile.into(), cue: cue.clone(), kind: ShiftKind::Added }],
            ..Preview::default()
        })
    };
    let complaint = Complaint::NotConverted { format: hostile.into(), found: hostile.into() };
    let answers = [
        Answer::Recording(Box::new(recording)),
        Answer::Schedule(Box::new(schedule)),
        Answer::Returned(vec![complaint, Complaint::NoUse { ending: hostile.into() }]),
    ];
    let contact = Contact { station: hostile.into(), technician: Some(hostile.into()), telephone: None };
    let alarm = Alarm { about: hostile.into(), found: hostile.into() };
    let state = Board { alarms: vec![alarm.clone()], coming: vec![cue], ..full_board() };
    answers
        .into_iter()
        .map(|answer| {
            let receipt = Receipt { sender: Sender::office(hostile), ..dropped(hostile, answer) };
            receipts::receipt(Vi, ZONE, &contact, &receipt)
        })
        .chain([board::board(Vi, ZONE, &contact, &state)])
        .chain(board::alarm(Vi, ZONE, &contact, state.now, &[alarm], &[]))
        .collect()
}

/// Fails where a sheet with that text is more than text.
fn harmless(hostile: &str) {
    for paper in with(hostile) {
        let html = page::html(&paper);
        let said = texts_of_page(&html).concat();
        let plain = text::text(&paper);
        for line in lines(&plain) {
            assert!(line.width() <= 100, "{line:?}");
        }
        let turning = |letter: char| matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
        for shown in [said, lines(&plain).concat()] {
            let bad = shown.chars().find(|letter| turning(*letter) || letter.is_control() && *letter != '\n');
            assert_eq!(bad, None, "{hostile:?}");
        }
        assert!(html.len() < 200_000 && plain.len() < 200_000, "{} {}", html.len(), plain.len());
    }
}

#[test]
fn a_hostile_name_is_nothing_but_a_name() {
    for hostile in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>.mp3",
        "]]><!--&amp;&#0;-->.mp3",
        "' onmouseover='alert(1)",
        "bai\u{202e}3pm.exe",
        "bai\u{2066}\u{2069}\u{200f}.mp3",
        "a\u{0}b\u{1b}[31mc\r\nPHIẾU BÁO\u{85}d\u{2028}e.mp3",
        "\u{ffff}\u{fffe}\u{feff}.mp3",
        "",
        "e\u{301}\u{301}\u{301}\u{301}\u{301}.mp3",
    ] {
        harmless(hostile);
    }
    harmless(&"a".repeat(10_000));
    harmless(&"漢".repeat(10_000));
    harmless(&"a b".repeat(10_000));
    harmless(&"\u{301}".repeat(10_000));
    harmless(&"\n".repeat(10_000));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]
    #[test]
    fn any_text_is_nothing_but_text(hostile in "\\PC{0,60}|(?s:.{0,40})") {
        harmless(&hostile);
    }
}
