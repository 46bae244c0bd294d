//! A sheet of every kind: each receipt and each complaint, the board and the alarm, full and empty.

use std::time::Duration;

use chrono::NaiveDate;
use loa::config::{Themes, targets};
use loa::core::airing::{Airing, AiringId, CueId, Kind, Outcome, Priority, Reason};
use loa::core::board::{Alarm, Board, Waiting};
use loa::core::cart::{CartFault, CartNameError, Fingerprint, Measurement};
use loa::core::drops::{
    Airs, Answer, BadName, Complaint, EmergencyTaken, News, Receipt, RecordingAnswer, ScheduleAnswer, Sender,
    Withdrawn,
};
use loa::core::fault::{ConfigFault, Fault, Faults, Located};
use loa::core::paper::{Contact, Paper};
use loa::core::period::PeriodName;
use loa::core::preview::{Coming, Preview};
use loa::core::record::{NotedRefusal, Refused, RefusedDrop};
use loa::core::report::targets::{Amount, Changed, TargetsAnswer, TargetsChanged, TargetsRefused};
use loa::core::schedule::read::{Reference, read};
use loa::core::workbook::{CellFault, SheetFault};
use loa::words::{Language, board, receipts};

use super::papers_rig::{
    at, cart, contact, dropped, first, holds, measured, missing, obstructed, recording, remarks, schedule,
    secs, shifts,
};
use super::rig::ZONE;

/// What is told of a schedule in TOML.
fn faults() -> Vec<Located> {
    let text = "id = \"ban-tin\"\ntitle = \"Bản tin\"\nvalid_from = 2026-12-05\n[[slot]]\nid = \"sang\"\nat = [\"5h70\"]\n";
    read(text.as_bytes(), "ban-tin.toml", &Reference::default()).unwrap_err()
}

fn faulty_targets() -> Faults<ConfigFault> {
    let text = "[[target]]\ntheme = \"vneid\"\nperiod = \"tháng 10\"\nairings = 1\n";
    targets::parse(text.as_bytes(), "chi-tieu.toml", &Themes::default()).unwrap_err()
}

/// Targets that were taken: one more, one other, one gone.
fn planned() -> TargetsAnswer {
    let changed = |topic: &str, period: &str, before, after| Changed {
        topic: topic.into(),
        period: PeriodName::parse(period).unwrap(),
        before,
        after,
    };
    TargetsAnswer {
        years: [2026, 2027].into(),
        count: 14,
        changed: vec![
            changed("vneid", "2026-Q4", Some(Amount::Airings(24)), Some(Amount::Airings(36))),
            changed("the-che", "2027", None, Some(Amount::Minutes(1_200))),
            changed("khac", "2026-10", Some(Amount::Airings(3)), None),
        ],
        themes: super::workbook_rig::themes(),
    }
}

pub fn complaints() -> Vec<Complaint> {
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
        Complaint::Targets(TargetsRefused::Approval),
        Complaint::Targets(TargetsRefused::NoList),
        Complaint::Targets(TargetsRefused::NotTakenOff),
        Complaint::Targets(TargetsRefused::Empty),
        Complaint::Targets(TargetsRefused::Faulty(faulty_targets())),
        Complaint::NothingToWithdraw,
        Complaint::NoEmergency,
    ];
    recordings
        .into_iter()
        .map(Complaint::Recording)
        .chain(names.into_iter().map(Complaint::BadName))
        .chain(others)
        .collect()
}

/// A receipt of every kind, with a word on what it shows.
pub fn receipts_of_every_kind() -> Vec<(&'static str, Receipt)> {
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
        (
            "an emergency that waits",
            sound(RecordingAnswer {
                name: cart("Văn hóa xã/Khẩn cấp/lu.mp3"),
                airs: vec![],
                unscheduled: true,
                emergency: Some(EmergencyTaken::Waits),
                ..recording()
            }),
        ),
        (
            "an emergency that airs at once",
            sound(RecordingAnswer {
                name: cart("Văn hóa xã/Khẩn cấp/lu.mp3"),
                airs: vec![],
                unscheduled: true,
                emergency: Some(EmergencyTaken::AtOnce {
                    time: std::time::Duration::from_secs(3_600),
                    every: std::time::Duration::from_secs(600),
                }),
                ..recording()
            }),
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
        ("targets", dropped("chi-tieu.xlsx", Answer::Targets(Box::new(planned())))),
        (
            "targets that change nothing",
            dropped(
                "chi-tieu.xlsx",
                Answer::Targets(Box::new(TargetsAnswer {
                    years: [2026].into(),
                    count: 1,
                    changed: vec![],
                    ..planned()
                })),
            ),
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

pub fn alarms() -> Vec<Alarm> {
    let alarm = |about: &str, found: &str| Alarm { about: about.into(), found: found.into() };
    vec![
        alarm("Card âm thanh", "không mở được card nào"),
        alarm(
            "ban-tin.toml",
            "hai lỗi:\nban-tin.toml, dòng 3: chưa ghi phát gì\nban-tin.toml, dòng 9: trùng mã",
        ),
    ]
}

pub fn full_board() -> Board {
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
        refused: vec![refusal(true), refusal(false)],
        targets: Some(TargetsChanged { at: at("03 09:00"), by: "inbox Văn hóa xã/chi-tieu.xlsx".into() }),
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
        refused: vec![],
        targets: None,
    }
}

/// Of a version with a recording, or of recordings alone.
fn refusal(of_version: bool) -> NotedRefusal {
    let drop = RefusedDrop {
        id: dropped("lich.xlsx", Answer::Returned(vec![])).id,
        sender: Sender::office("Văn hóa xã"),
        file: "lich.xlsx".into(),
    };
    let refused = Refused {
        schedule: "ban-tin".into(),
        title: "Bản tin xã tháng 12".into(),
        text: of_version.then_some(Fingerprint([7; 32])),
        carts: [(cart("dvc-ky-1.mp3"), Fingerprint([8; 32]))].into(),
        drops: vec![drop],
        by: "Trần Thị Bình".into(),
        why: "Sai ngày họp dân".into(),
        receipt: None,
    };
    NotedRefusal { seq: 7, at: at("04 09:12"), refused }
}

/// Every sheet in that language.
pub fn papers(language: Language) -> Vec<(&'static str, Paper)> {
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
        board(
            &nobody,
            &Board {
                missing: missing(),
                targets: Some(TargetsChanged { at: at("03 09:00"), by: "file config/targets.toml".into() }),
                ..empty_board()
            },
        ),
    ));
    let noted = refusal(true);
    let drop = &noted.refused.drops[0];
    papers.push(("a refusal", loa::words::refused::paper(language, ZONE, &contact(), &noted, drop)));
    papers.push(("the board, all well", board(&contact(), &empty_board())));
    let alarm = board::alarm(language, ZONE, &contact(), at("04 09:12"), &alarms(), &missing()[1..]);
    papers.push(("the alarm", alarm.unwrap()));
    papers
}
