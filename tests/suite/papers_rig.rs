//! What the sheets of the tests are made of, at one office in one week of December, and how a sheet, a page and a plain
//! text are read again.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use loa::core::cart::{CartName, Measurement};
use loa::core::drops::{
    Airs, Answer, DropId, Hold, News, Receipt, RecordingAnswer, Remark, ScheduleAnswer, Sender,
};
use loa::core::limits::Limit;
use loa::core::paper::{Contact, Paper, Part};
use loa::core::preview::{Coming, Missing, Preview, Shift, ShiftKind};
use loa::core::rundown::forecast::Notice;

use super::rig::{ZONE, moment};

pub fn at(time: &str) -> DateTime<Utc> {
    moment(ZONE, &format!("2026-12-{time}"))
}

pub fn cart(name: &str) -> CartName {
    CartName::new(name).unwrap()
}

fn carts(names: &[&str]) -> Arc<[CartName]> {
    names.iter().map(|name| cart(name)).collect()
}

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn contact() -> Contact {
    Contact {
        station: "Đài Truyền thanh xã Bình Minh".into(),
        technician: Some("Trần Thị Bình".into()),
        telephone: Some("0912 345 678".into()),
    }
}

pub fn dropped(file: &str, answer: Answer) -> Receipt {
    Receipt {
        id: DropId("20261204-091203-3f9a1c".into()),
        sender: Sender::office("Văn hóa xã"),
        file: file.into(),
        at: at("04 09:12"),
        sha256: Some("3f9a1c".repeat(11)[..64].parse().unwrap()),
        answer,
    }
}

pub fn measured() -> Measurement {
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

pub fn recording() -> RecordingAnswer {
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
        emergency: None,
    }
}

pub fn remarks() -> Vec<Remark> {
    vec![
        Remark::SilentHead(secs(12)),
        Remark::SilentTail(secs(8)),
        Remark::Hole(secs(20)),
        Remark::Clipped(12_345),
        Remark::Soft(-38.25),
        Remark::Damaged(Duration::from_millis(2_400)),
        Remark::Long(secs(7_505)),
        Remark::CommonAirs(vec!["cchc-2026-12".into()]),
    ]
}

fn coming(slot: &str, title: &str, due: &str, expected: Option<&str>, notice: Option<Notice>) -> Coming {
    Coming { slot: slot.into(), title: title.into(), due: at(due), expected: expected.map(at), notice }
}

/// A cue for every notice.
pub fn obstructed() -> Vec<Coming> {
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
        (Some("07 05:19"), Notice::WaitsForLimit { limit: Limit::Session(secs(900)), until: at("07 05:19") }),
        (None, Notice::Limit { limit: None }),
        (None, Notice::Limit { limit: Some(Limit::Sessions(2)) }),
        (None, Notice::Limit { limit: Some(Limit::Session(secs(900))) }),
        (None, Notice::Limit { limit: Some(Limit::Day(secs(3_600))) }),
        (None, Notice::Limit { limit: Some(Limit::Weekday("2026-12-06".parse().unwrap())) }),
        (None, Notice::Limit { limit: Some(Limit::Holiday("2026-12-07".parse().unwrap())) }),
        (None, Notice::Limit { limit: Some(Limit::Music) }),
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

pub fn missing() -> Vec<Missing> {
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

pub fn shifts() -> Vec<Shift> {
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

pub fn holds() -> Vec<Hold> {
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
        Hold::NewRecording { file: cart("dvc-ky-4.mp3") },
        Hold::NotApproved { file: cart("dvc-ky-3.mp3") },
    ]
}

pub fn first() -> Coming {
    coming("sang", "Bản tin sáng", "05 05:30", Some("05 05:30"), None)
}

pub fn schedule(preview: Preview) -> ScheduleAnswer {
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

/// Every text of a sheet, in order.
pub fn texts(paper: &Paper) -> Vec<String> {
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
            Part::Signatures(signs) => {
                signs.iter().for_each(|(who, how)| texts.extend([who.clone(), how.clone()]));
            }
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
pub fn texts_of_page(html: &str) -> Vec<String> {
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
pub fn lines(text: &str) -> Vec<&str> {
    let body = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let lines: Vec<&str> = body.strip_suffix("\r\n").unwrap().split("\r\n").collect();
    assert!(lines.iter().all(|line| !line.contains(['\r', '\n'])), "{text:?}");
    lines
}
