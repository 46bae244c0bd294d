//! The board of the inbox and the file that is there for as long as something is wrong. Owns their order and words;
//! what is wrong is decided elsewhere.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cues::{and_more, by_day, expected, foot, hold, list, missing, pick};
use super::terms::{self, clock_time, date_and_time};
use super::{refused, targets};
use crate::core::airing::{Airing, Kind};
use crate::core::board::{Alarm, Board};
use crate::core::paper::{Contact, Paper, Part, ROWS, Stamp, Tone};
use crate::core::preview::Missing;

/// How often a board that is left open looks again.
const RENEWED: Duration = Duration::from_secs(60);
/// Later than this by the second counts as late on the board.
const LATE_MS: i64 = 1_000;

/// The board as a sheet: what is wrong, what is awaited, the coming days, yesterday.
pub fn board(language: Language, zone: Tz, contact: &Contact, board: &Board) -> Paper {
    let heading = |vi: &str, en: &str| Part::Heading(pick(language, vi, en).into());
    let mut parts = updated(language, zone, board.now);
    if !board.alarms.is_empty() {
        parts.push(heading("Cảnh báo", "Alarms"));
        parts.extend(alarms(language, &board.alarms));
    }
    if !board.waiting.is_empty() {
        parts.push(heading("Lịch đang chờ duyệt", "Schedules that wait for approval"));
        for one in &board.waiting {
            parts.push(Part::Subheading(format!("{} ({})", one.title, one.id)));
            parts.push(list(
                language,
                one.holds.iter().map(|why| hold(language, contact, &one.id, why, None)),
            ));
        }
    }
    if !board.refused.is_empty() {
        parts.push(heading("Không được duyệt", "Not approved"));
        parts.push(list(language, board.refused.iter().map(|one| refused::on_board(language, zone, one))));
    }
    if !board.missing.is_empty() {
        parts.push(heading("Còn thiếu tệp ghi âm", "Missing recordings"));
        parts.push(list(language, board.missing.iter().map(|one| missing(language, zone, board.now, one))));
    }
    parts.push(heading("Lịch phát 7 ngày tới", "The next 7 days"));
    if board.coming.is_empty() {
        parts.push(Part::Text(pick(language, "Không có lượt phát nào.", "Nothing is planned.").into()));
    }
    let headings = match language {
        Vi => ["Giờ", "Chương trình", "Ghi chú"],
        En => ["Time", "Programme", "Remarks"],
    };
    let coming = board.coming.iter().map(|cue| {
        let quiet = cue.notice.is_none() && cue.expected == Some(cue.due);
        let note = if quiet { String::new() } else { expected(language, zone, cue) };
        (cue.due, vec![cue.title.clone(), note])
    });
    parts.extend(by_day(language, zone, &headings, coming));
    parts.extend(and_more(language, board.beyond).map(Part::Text));
    parts.push(heading("Kết quả phát hôm qua", "What aired yesterday"));
    parts.push(yesterday(language, zone, &board.yesterday));
    parts.extend(and_more(language, board.yesterday.len().saturating_sub(ROWS)).map(Part::Text));
    if let Some(last) = &board.targets {
        parts.push(heading("Chỉ tiêu tuyên truyền", "Targets of the plan"));
        parts.push(Part::Text(targets::changed(language, zone, last)));
    }
    parts.push(heading("Liên hệ", "Whom to ask"));
    parts.push(Part::Facts(foot(language, contact)));
    let awaited = !board.waiting.is_empty() || !board.missing.is_empty();
    let stamp = match (board.alarms.is_empty(), awaited) {
        (false, _) => Stamp { text: pick(language, "CÓ CẢNH BÁO", "ALARM").into(), tone: Tone::Bad },
        (true, true) => Stamp {
            text: pick(language, "CẦN BỔ SUNG HOẶC PHÊ DUYỆT", "SOMETHING IS AWAITED").into(),
            tone: Tone::Awaited,
        },
        (true, false) => {
            Stamp { text: pick(language, "BÌNH THƯỜNG", "ALL IS WELL").into(), tone: Tone::Good }
        }
    };
    let title = pick(language, "Lịch phát", "Rundown");
    Paper {
        language,
        title: format!("{title} – {}", contact.station),
        stamp: Some(stamp),
        parts,
        renewed: Some(RENEWED),
    }
}

/// The file that is there for as long as something is wrong; none: nothing is.
pub fn alarm(
    language: Language,
    zone: Tz,
    contact: &Contact,
    now: DateTime<Utc>,
    found: &[Alarm],
    lacking: &[Missing],
) -> Option<Paper> {
    if found.is_empty() && lacking.is_empty() {
        return None;
    }
    let mut parts = updated(language, zone, now);
    parts.extend(alarms(language, found));
    if !lacking.is_empty() {
        parts.push(Part::Heading(pick(language, "Còn thiếu tệp ghi âm", "Missing recordings").into()));
        parts.push(list(language, lacking.iter().map(|one| missing(language, zone, now, one))));
    }
    parts.push(Part::Heading(pick(language, "Liên hệ", "Whom to ask").into()));
    parts.push(Part::Facts(foot(language, contact)));
    parts.push(Part::Text(
        pick(
            language,
            "Tệp này được tự động xóa khi không còn cảnh báo.",
            "This file goes away by itself when all is well again.",
        )
        .into(),
    ));
    Some(Paper {
        language,
        title: contact.station.clone(),
        stamp: Some(Stamp { text: pick(language, "CẢNH BÁO", "ALARM").into(), tone: Tone::Bad }),
        parts,
        renewed: None,
    })
}

/// As of when a sheet is, and what to think when that is long ago.
fn updated(language: Language, zone: Tz, now: DateTime<Utc>) -> Vec<Part> {
    let now = date_and_time(language, zone, now);
    vec![Part::Text(match language {
        Vi => format!(
            "Cập nhật lúc {now}. Nếu đã quá 15 phút kể từ giờ này, máy tính phát thanh của trạm có thể đang tắt; hãy gọi \
             người trực trạm."
        ),
        En => format!(
            "As of {now}. If that is more than 15 minutes ago, the playout computer may be off; call the technician."
        ),
    })]
}

fn alarms(language: Language, alarms: &[Alarm]) -> impl Iterator<Item = Part> {
    let said = |alarm: &Alarm| {
        let mut lines = alarm.found.lines().filter(|line| !line.trim().is_empty());
        let first = lines.next().unwrap_or_default();
        let rest: Vec<String> = lines.map(ToOwned::to_owned).collect();
        let mut parts = vec![Part::Warning(format!("{}: {first}", alarm.about))];
        if !rest.is_empty() {
            parts.push(list(language, rest));
        }
        parts
    };
    alarms.iter().flat_map(said).collect::<Vec<_>>().into_iter()
}

fn yesterday(language: Language, zone: Tz, airings: &[Airing]) -> Part {
    if airings.is_empty() {
        return Part::Text(pick(language, "Hôm qua không có lượt phát nào.", "Nothing was planned.").into());
    }
    let headings = match language {
        Vi => ["Giờ theo lịch", "Giờ bắt đầu", "Chương trình", "Kết quả", "Lý do"],
        En => ["Due", "Started", "Programme", "Result", "Reason"],
    };
    let time = |at: Option<DateTime<Utc>>| at.map_or_else(|| "—".to_owned(), |at| clock_time(zone, at));
    let row = |airing: &Airing| {
        let result = match airing.outcome {
            Some(outcome) => terms::outcome(language, outcome),
            None => pick(language, "chưa phát ra tiếng", "about to start"),
        };
        let title = match airing.kind {
            Kind::Cue => airing.title.clone(),
            other => format!("{} ({})", airing.title, terms::kind(language, other)),
        };
        vec![
            time(airing.cue.as_ref().map(|cue| cue.due)),
            time(airing.started),
            title,
            result.to_owned(),
            why(language, airing),
        ]
    };
    Part::Table {
        headings: headings.map(ToOwned::to_owned).into(),
        rows: airings.iter().take(ROWS).map(row).collect(),
    }
}

/// The reason, or how late it started.
fn why(language: Language, airing: &Airing) -> String {
    let late = airing.late_ms().filter(|ms| *ms >= LATE_MS).map(|ms| {
        let length = terms::length(language, Duration::from_millis(ms.unsigned_abs()));
        match language {
            Vi => format!("trễ {length}"),
            En => format!("{length} late"),
        }
    });
    let reason = airing.reason.map(|reason| terms::reason(language, reason).to_owned());
    reason.into_iter().chain(late).collect::<Vec<_>>().join("; ")
}
