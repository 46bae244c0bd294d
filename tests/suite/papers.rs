//! What offices find in their inbox: every receipt, the board and the alarm, pinned in both languages, and harmless
//! whatever a file is called. `LOA_WRITE_GOLDEN=1 cargo test papers` writes the golden file anew; its difference is
//! then read by a person.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use loa::core::airing::{Airing, AiringId, CueId, Kind, Outcome, Priority, Reason};
use loa::core::board::{Alarm, Board, Waiting};
use loa::core::cart::{CartFault, CartName, CartNameError, Measurement};
use loa::core::drops::{
    Airs, Answer, BadName, Complaint, DropId, Hold, News, Receipt, RecordingAnswer, Remark, ScheduleAnswer,
    Sender, Verdict, Withdrawn,
};
use loa::core::fault::{Fault, Located};
use loa::core::paper::{Contact, Paper, Part};
use loa::core::preview::{Coming, Missing, Preview, Shift, ShiftKind};
use loa::core::rundown::forecast::Notice;
use loa::core::schedule::read::{Reference, read};
use loa::core::workbook::{CellFault, SheetFault};
use loa::export::{page, text};
use loa::words::Language::{self, En, Vi};
use loa::words::{Say, board, receipts};
use proptest::prelude::*;
use unicode_width::UnicodeWidthStr;

use super::rig::{ZONE, moment};

const GOLDEN: &str = "tests/golden/papers.txt";

fn at(time: &str) -> DateTime<Utc> {
    moment(ZONE, &format!("2026-12-{time}"))
}

fn cart(name: &str) -> CartName {
    CartName::new(name).unwrap()
}

fn carts(names: &[&str]) -> Arc<[CartName]> {
    names.iter().map(|name| cart(name)).collect()
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn contact() -> Contact {
    Contact {
        station: "Đài Truyền thanh xã Bình Minh".into(),
        technician: Some("Trần Thị Bình".into()),
        telephone: Some("0912 345 678".into()),
    }
}

fn dropped(file: &str, answer: Answer) -> Receipt {
    Receipt {
        id: DropId("20261204-091203-3f9a1c".into()),
        sender: Sender::office("Văn hóa xã"),
        file: file.into(),
        at: at("04 09:12"),
        sha256: Some("3f9a1c".repeat(11)[..64].parse().unwrap()),
        answer,
    }
}

fn measured() -> Measurement {
    Measurement {
        sha256: "0".repeat(64).parse().unwrap(),
        format: "mp3".into(),
        frames: 48_000 * 754,
        rate: 48_000,
        channels: 2,
        loudness_lufs: Some(-16.44),
        true_peak_dbtp: Some(-1.0),
        silent_head: Duration::ZERO,
        silent_tail: Duration::ZERO,
        longest_hole: Duration::ZERO,
        clipped: 0,
        missing_frames: 0,
    }
}

fn recording() -> RecordingAnswer {
    let airs = |title: &str, due, expected: Option<&str>| Airs {
        title: title.into(),
        due: at(due),
        expected: expected.map(at),
    };
    RecordingAnswer {
        name: cart("Văn hóa xã/ban-tin.mp3"),
        found: measured(),
        converted_from: None,
        news: News::New,
        remarks: vec![],
        awaits: vec![],
        later: None,
        airs: vec![
            airs("Bản tin sáng", "05 05:30", None),
            airs("Bản tin chiều", "05 17:00", Some("05 17:04:30")),
            airs("Bản tin sáng", "06 05:30", None),
        ],
        unscheduled: false,
    }
}

fn remarks() -> Vec<Remark> {
    vec![
        Remark::SilentHead(secs(12)),
        Remark::SilentTail(secs(8)),
        Remark::Hole(secs(20)),
        Remark::Clipped(12_345),
        Remark::Soft(-38.25),
        Remark::Damaged(Duration::from_millis(2_400)),
        Remark::Long(secs(7_505)),
    ]
}

fn coming(slot: &str, title: &str, due: &str, expected: Option<&str>, notice: Option<Notice>) -> Coming {
    Coming { slot: slot.into(), title: title.into(), due: at(due), expected: expected.map(at), notice }
}

/// A cue for every notice.
fn obstructed() -> Vec<Coming> {
    let behind = || "Thời sự".to_owned();
    let notices = [
        (None, Notice::Cancelled { reason: Some("Hội nghị tại trụ sở".into()) }),
        (None, Notice::Cancelled { reason: None }),
        (None, Notice::Skipped { by: "Trần Thị Bình".into() }),
        (Some("07 05:03"), Notice::WithoutCarts { carts: vec![cart("ban-tin.mp3")], all: false }),
        (None, Notice::WithoutCarts { carts: vec![cart("ban-tin.mp3"), cart("loi-chao.mp3")], all: true }),
        (None, Notice::NothingToRepeat),
        (Some("07 05:05"), Notice::Former { missing: vec![cart("ban-tin.mp3")] }),
        (Some("07 16:52"), Notice::Waits { behind: behind(), until: at("07 16:52") }),
        (Some("07 05:00"), Notice::WaitsForQuiet { until: at("07 05:00") }),
        (Some("07 05:08"), Notice::CutBy { by: behind(), at: at("07 05:09") }),
        (None, Notice::QuietHours),
        (None, Notice::TooLate { behind: behind() }),
        (None, Notice::Superseded),
    ];
    let cue = |(minute, (expected, notice))| {
        coming(
            "chieu",
            &format!("Chương trình {minute}"),
            &format!("07 05:{minute:02}"),
            expected,
            Some(notice),
        )
    };
    notices.into_iter().enumerate().map(cue).collect()
}

fn missing() -> Vec<Missing> {
    let one = |due, deadline, meanwhile: &[&str]| Missing {
        title: "Bản tin sáng".into(),
        due: at(due),
        deadline: at(deadline),
        carts: vec![cart("ban-tin.mp3"), cart("phong-su.mp3")],
        meanwhile: meanwhile.iter().map(|name| cart(name)).collect(),
    };
    vec![
        one("04 09:15", "04 09:10", &[]),
        one("05 05:30", "05 05:25", &["ban-tin-cu.mp3"]),
        one("06 05:30", "06 05:25", &[]),
    ]
}

fn shifts() -> Vec<Shift> {
    let shift = |schedule: &str, cue, kind| Shift { schedule: schedule.into(), cue, kind };
    let waits = Notice::Waits { behind: "Bản tin chiều".into(), until: at("05 17:12") };
    let title = "Bản tin sáng";
    vec![
        shift("ban-tin", coming("sang", title, "05 05:30", Some("05 05:30"), None), ShiftKind::Added),
        shift("ban-tin", coming("trua", "Bản tin trưa", "05 11:00", None, None), ShiftKind::Removed),
        shift("ban-tin", coming("toi", "Bản tin tối", "05 19:00", None, called_off()), ShiftKind::Removed),
        shift(
            "ban-tin",
            coming("sang", title, "05 06:15", Some("05 06:15"), None),
            ShiftKind::Moved { from: at("05 05:30") },
        ),
        shift(
            "ban-tin",
            coming("sang", title, "05 06:20", Some("05 06:20"), None),
            ShiftKind::Moved { from: at("06 05:30") },
        ),
        shift(
            "ban-tin",
            coming("chieu", "Bản tin chiều", "05 17:00", Some("05 17:00"), None),
            ShiftKind::Replaced {
                before: carts(&["nhac-hieu.mp3", "cu.mp3"]),
                now: carts(&["nhac-hieu.mp3", "moi.mp3"]),
            },
        ),
        shift(
            "cchc-2026-12",
            coming("chieu", "Chuyên mục CCHC", "05 17:05", Some("05 17:12"), Some(waits.clone())),
            ShiftKind::Affected { before: None },
        ),
        shift(
            "cchc-2026-12",
            coming("chieu", "Chuyên mục CCHC", "06 17:05", Some("06 17:05"), None),
            ShiftKind::Affected { before: Some(waits.clone()) },
        ),
        shift(
            "cchc-2026-12",
            coming("toi", "Chuyên mục CCHC", "06 20:55", None, Some(Notice::QuietHours)),
            ShiftKind::Affected { before: Some(waits) },
        ),
    ]
}

fn called_off() -> Option<Notice> {
    Some(Notice::Cancelled { reason: Some("Nghỉ bảo trì (Nguyễn Văn An)".into()) })
}

fn holds() -> Vec<Hold> {
    vec![
        Hold::Approval,
        Hold::SameHour {
            file: cart("dvc-ky-1.mp3"),
            date: NaiveDate::from_ymd_opt(2026, 12, 5).unwrap(),
            slot: "sang".into(),
            other: "cchc-2026-12".into(),
            other_slot: "sang-som".into(),
        },
        Hold::NewContent { file: cart("dvc-ky-2.mp3") },
        Hold::NotApproved { file: cart("dvc-ky-3.mp3") },
    ]
}

fn first() -> Coming {
    coming("sang", "Bản tin sáng", "05 05:30", Some("05 05:30"), None)
}

fn schedule(preview: Preview) -> ScheduleAnswer {
    ScheduleAnswer {
        id: "ban-tin".into(),
        title: "Bản tin xã tháng 12".into(),
        from: NaiveDate::from_ymd_opt(2026, 12, 5).unwrap(),
        until: NaiveDate::from_ymd_opt(2026, 12, 31),
        approval: Some("Nguyễn Văn An, Phó Chủ tịch UBND xã, 45/KH-UBND".into()),
        replaces: false,
        holds: vec![],
        preview,
        notices: vec![],
    }
}

/// What is told of a schedule in TOML.
fn faults() -> Vec<Located> {
    let text = "id = \"ban-tin\"\ntitle = \"Bản tin\"\nvalid_from = 2026-12-05\n[[slot]]\nid = \"sang\"\nat = [\"5h70\"]\n";
    read(text.as_bytes(), "ban-tin.toml", &Reference::default()).unwrap_err()
}

fn complaints() -> Vec<Complaint> {
    let names = [
        BadName::Cart(CartNameError::Empty),
        BadName::Cart(CartNameError::Leaves),
        BadName::Cart(CartNameError::Control),
        BadName::Windows,
        BadName::Long,
        BadName::NotUnicode,
        BadName::Deep,
    ];
    let recordings = [
        CartFault::Unreadable { found: "Permission denied (os error 13)".into() },
        CartFault::Undecodable { found: "unsupported codec".into() },
        CartFault::Silent,
        CartFault::Damaged { frames: 48_000, missing_frames: 960_000 },
    ];
    let cell = CellFault {
        sheet: "Lịch phát".into(),
        row: Some(4),
        column: Some(2),
        heading: Some("Giờ phát"),
        fault: SheetFault::Unreadable { found: "no zip archive".into() },
    };
    let others = [
        Complaint::NotSound { found: "png" },
        Complaint::Empty,
        Complaint::TooLarge { bytes: 10 << 30, limit: 2 << 30 },
        Complaint::TooLong { length: secs(90_000), limit: secs(14_400) },
        Complaint::NotUnderstood,
        Complaint::NoCue {
            from: NaiveDate::from_ymd_opt(2026, 11, 1).unwrap(),
            until: NaiveDate::from_ymd_opt(2026, 11, 30),
        },
        Complaint::NeedsFfmpeg { format: "wma".into() },
        Complaint::NotConverted { format: "amr".into(), found: "Invalid data found".into() },
        Complaint::Document { ending: "docx".into() },
        Complaint::NoUse { ending: "zip".into() },
        Complaint::NoUse { ending: String::new() },
        Complaint::NoFile,
        Complaint::Unreadable { found: "Permission denied (os error 13)".into() },
        Complaint::Schedule(faults()),
        Complaint::Workbook(vec![cell]),
        Complaint::NothingToWithdraw,
    ];
    recordings
        .into_iter()
        .map(Complaint::Recording)
        .chain(names.into_iter().map(Complaint::BadName))
        .chain(others)
        .collect()
}

/// A receipt of every kind, with a word on what it shows.
fn receipts_of_every_kind() -> Vec<(&'static str, Receipt)> {
    let sound = |answer| dropped("ban-tin.mp3", Answer::Recording(Box::new(answer)));
    let plan = |answer| dropped("Lịch phát tháng 12.xlsx", Answer::Schedule(Box::new(answer)));
    let full = Preview {
        cues: [vec![first()], obstructed()].concat(),
        shifts: shifts(),
        missing: vec![],
        first: Some(first()),
    };
    let lacking = Preview {
        missing: missing(),
        cues: vec![first()],
        first: Some(Coming { expected: None, ..obstructed().remove(4) }),
        shifts: vec![],
    };
    let notice = Fault::UnknownTopic { topic: "vn-eid".into(), closest: Some("vneid".into()) };
    let located = Located { file: "ban-tin.toml".into(), line: Some(12), slot: None, fault: notice };
    let withdrawn = |file, what| dropped(file, Answer::Withdrawn(what));
    vec![
        ("a new recording", sound(recording())),
        ("a recording with remarks", sound(RecordingAnswer { remarks: remarks(), ..recording() })),
        (
            "a recording in no schedule, converted",
            sound(RecordingAnswer {
                converted_from: Some("wma".into()),
                found: Measurement { loudness_lufs: None, ..measured() },
                airs: vec![],
                unscheduled: true,
                ..recording()
            }),
        ),
        ("the same again", sound(RecordingAnswer { news: News::Same, airs: vec![], ..recording() })),
        (
            "the same under another name",
            sound(RecordingAnswer { news: News::SameAs(cart("a.mp3")), ..recording() }),
        ),
        ("new content", sound(RecordingAnswer { news: News::Replaces, ..recording() })),
        (
            "new content that waits",
            sound(RecordingAnswer {
                news: News::Replaces,
                awaits: vec!["cchc-2026-12".into()],
                ..recording()
            }),
        ),
        (
            "a recording that airs in some weeks",
            sound(RecordingAnswer {
                airs: vec![],
                later: Some(Airs { title: "Bản tin Tết".into(), due: at("25 05:30"), expected: None }),
                ..recording()
            }),
        ),
        (
            "a new recording that waits",
            sound(RecordingAnswer { awaits: vec!["cchc-2026-12".into()], ..recording() }),
        ),
        ("a schedule", plan(ScheduleAnswer { notices: vec![located], ..schedule(full.clone()) })),
        (
            "a schedule that replaces, open-ended, unapproved, unchanged",
            plan(ScheduleAnswer {
                replaces: true,
                until: None,
                approval: None,
                ..schedule(Preview { first: Some(first()), ..Preview::default() })
            }),
        ),
        ("a schedule that is over", plan(schedule(Preview::default()))),
        ("a schedule that lacks recordings", plan(schedule(lacking))),
        ("a schedule that waits", plan(ScheduleAnswer { holds: holds(), ..schedule(full.clone()) })),
        (
            "a version that waits",
            plan(ScheduleAnswer { holds: holds()[..1].into(), replaces: true, ..schedule(full) }),
        ),
        (
            "a schedule taken off",
            withdrawn("ban-tin.toml", Withdrawn::Schedule { id: "ban-tin".into(), cues: 21 }),
        ),
        (
            "a recording taken off",
            withdrawn(
                "ban-tin.mp3",
                Withdrawn::Recording { name: cart("ban-tin.mp3"), cues: recording().airs },
            ),
        ),
        (
            "an unused recording taken off",
            withdrawn("ban-tin.mp3", Withdrawn::Recording { name: cart("ban-tin.mp3"), cues: vec![] }),
        ),
        ("every complaint", dropped("hỏng.mp3", Answer::Returned(complaints()))),
    ]
}

fn airing(
    title: &str,
    kind: Kind,
    started: Option<&str>,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
) -> Airing {
    let due = at("03 05:30");
    Airing {
        id: AiringId(1),
        kind,
        cue: (kind == Kind::Cue).then(|| CueId { schedule: "ban-tin".into(), slot: "sang".into(), due }),
        title: title.into(),
        priority: Priority::Normal,
        started: started.map(at),
        ended: None,
        outcome,
        reason,
        planned: None,
        frames: 0,
        aired: Duration::ZERO,
        device: None,
        level_dbfs: None,
        clock_synchronised: None,
        by: None,
        approved_by: None,
        entry_hash: String::new(),
        noted: due,
        carts: vec![],
    }
}

fn alarms() -> Vec<Alarm> {
    let alarm = |about: &str, found: &str| Alarm { about: about.into(), found: found.into() };
    vec![
        alarm("Card âm thanh", "không mở được card nào"),
        alarm(
            "ban-tin.toml",
            "hai lỗi:\nban-tin.toml, dòng 3: chưa ghi phát gì\nban-tin.toml, dòng 9: trùng mã",
        ),
    ]
}

fn full_board() -> Board {
    Board {
        now: at("04 09:12"),
        alarms: alarms(),
        waiting: vec![Waiting {
            id: "ban-tin".into(), title: "Bản tin xã tháng 12".into(), holds: holds()
        }],
        missing: missing(),
        coming: [vec![first()], obstructed()].concat(),
        beyond: 0,
        yesterday: [
            airing("Bản tin sáng", Kind::Cue, Some("03 05:30"), Some(Outcome::Aired), None),
            airing("Bản tin trưa", Kind::Cue, Some("03 05:34:12"), Some(Outcome::Aired), None),
            airing(
                "Phóng sự",
                Kind::Cue,
                Some("03 05:30"),
                Some(Outcome::Interrupted),
                Some(Reason::PowerLost),
            ),
            airing("Ca nhạc", Kind::Cue, None, Some(Outcome::Missed), Some(Reason::NoAudio)),
            airing(
                "Thông báo gấp",
                Kind::Manual,
                Some("03 10:00"),
                Some(Outcome::Cut),
                Some(Reason::Operator),
            ),
            airing("Đang phát", Kind::Cue, Some("03 05:30"), Some(Outcome::OnAir), None),
            airing("Sắp phát", Kind::Cue, None, None, None),
        ]
        .into(),
    }
}

fn empty_board() -> Board {
    Board {
        now: at("04 09:12"),
        alarms: vec![],
        waiting: vec![],
        missing: vec![],
        coming: vec![],
        beyond: 0,
        yesterday: vec![],
    }
}

/// Every sheet in that language.
fn papers(language: Language) -> Vec<(&'static str, Paper)> {
    let mut papers: Vec<(&str, Paper)> = receipts_of_every_kind()
        .iter()
        .map(|(about, receipt)| (*about, receipts::receipt(language, ZONE, &contact(), receipt)))
        .collect();
    let board = |contact: &Contact, state: &Board| board::board(language, ZONE, contact, state);
    let nobody = Contact { station: contact().station, ..Contact::default() };
    let unanswered = Receipt {
        sender: Sender::default(),
        sha256: None,
        ..dropped("lich.pdf", Answer::Returned(vec![Complaint::Document { ending: "pdf".into() }]))
    };
    papers.push(("nobody to ask, no office", receipts::receipt(language, ZONE, &nobody, &unanswered)));
    papers.push(("the board", board(&contact(), &full_board())));
    papers.push((
        "the board, something awaited",
        board(&nobody, &Board { missing: missing(), ..empty_board() }),
    ));
    papers.push(("the board, all well", board(&contact(), &empty_board())));
    let alarm = board::alarm(language, ZONE, &contact(), at("04 09:12"), &alarms(), &missing()[1..]);
    papers.push(("the alarm", alarm.unwrap()));
    papers
}

/// Every text of a sheet, in order.
fn texts(paper: &Paper) -> Vec<String> {
    let mut texts = vec![paper.title.clone(), paper.title.clone()];
    texts.extend(paper.stamp.iter().map(|stamp| stamp.text.clone()));
    for part in &paper.parts {
        match part {
            Part::Heading(text) | Part::Subheading(text) | Part::Text(text) | Part::Warning(text) => {
                texts.push(text.clone());
            }
            Part::Facts(facts) => {
                facts.iter().for_each(|(label, what)| texts.extend([label.clone(), what.clone()]));
            }
            Part::List(items) => texts.extend(items.clone()),
            Part::Table { headings, rows } => {
                texts.extend(headings.clone());
                texts.extend(rows.concat());
            }
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// The texts of a page, after the strictest parser has taken it; fails where the page could load or run anything.
fn texts_of_page(html: &str) -> Vec<String> {
    let strict = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let page = roxmltree::Document::parse_with_options(html, strict).unwrap();
    let mut texts = Vec::new();
    for node in page.descendants() {
        if node.is_element() {
            let known = [
                "html", "head", "meta", "title", "style", "body", "h1", "h2", "h3", "p", "ul", "li", "div",
                "table", "thead", "tbody", "tr", "th", "td",
            ];
            assert!(known.contains(&node.tag_name().name()), "<{}>", node.tag_name().name());
            for attribute in node.attributes() {
                let known = ["lang", "charset", "name", "content", "http-equiv", "class"];
                assert!(known.contains(&attribute.name()), "{}=", attribute.name());
            }
        }
        if node.is_text() && !node.parent().is_some_and(|parent| parent.has_tag_name("style")) {
            texts.extend(node.text().filter(|text| *text != "\n").map(ToOwned::to_owned));
        }
    }
    texts
}

/// The lines of a plain text as Notepad sees them.
fn lines(text: &str) -> Vec<&str> {
    let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let lines: Vec<&str> = body.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])), "{text:?}");
    lines
}

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
