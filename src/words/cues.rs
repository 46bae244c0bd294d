//! Cues on a sheet: when one starts, what it lacks, why it waits, a day beside a day. Owns what receipts and the board
//! say alike.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::notices;
use super::terms::{self, clock_time, date_and_time};
use crate::core::airing::ScheduleId;
use crate::core::cart::CartName;
use crate::core::drops::{Airs, DropId, Hold};
use crate::core::paper::{Contact, Part, ROWS};
use crate::core::preview::{Coming, Missing};
use crate::core::rundown::forecast::Notice;

/// Items of a list on a sheet.
pub(super) const ITEMS: usize = 100;

/// The Vietnamese or the English.
pub(super) fn pick<'a>(language: Language, vi: &'a str, en: &'a str) -> &'a str {
    match language {
        Vi => vi,
        En => en,
    }
}

/// A clause as a sentence of its own: a capital and a full stop.
pub(super) fn sentence(clause: &str) -> String {
    ended(&terms::capital(clause))
}

/// A clause with its full stop, where it does not end with a question.
pub(super) fn ended(clause: &str) -> String {
    format!("{clause}{}", if clause.ends_with('?') { "" } else { "." })
}

/// Names in a row: `“a.mp3”, “b.mp3”`.
pub(super) fn names(carts: &[CartName]) -> String {
    carts.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

/// When a cue starts, and what stands in its way: `đúng giờ`; `16:52, sau chương trình “X”`.
pub(super) fn expected(language: Language, zone: Tz, cue: &Coming) -> String {
    let Some(start) = cue.expected else {
        return match &cue.notice {
            Some(notice) => notices::notice(language, zone, notice),
            None => pick(language, "không phát", "will not air").into(),
        };
    };
    let at = clock_time(zone, start);
    match (language, &cue.notice) {
        (Vi, Some(Notice::Waits { behind, .. })) => format!("{at}, sau chương trình “{behind}”"),
        (En, Some(Notice::Waits { behind, .. })) => format!("{at}, after “{behind}”"),
        (Vi, Some(Notice::WaitsForQuiet { .. })) => format!("{at}, khi hết giờ yên tĩnh"),
        (En, Some(Notice::WaitsForQuiet { .. })) => format!("{at}, when the quiet hours end"),
        (Vi, Some(Notice::WaitsForLimit { limit, .. })) => {
            format!("{at}, vì {}", notices::limit(Vi, *limit))
        }
        (En, Some(Notice::WaitsForLimit { limit, .. })) => {
            format!("{at}, because {}", notices::limit(En, *limit))
        }
        (_, Some(other)) => {
            format!("{}; {}", on_time(language, zone, cue.due, start), notices::notice(language, zone, other))
        }
        (_, None) => on_time(language, zone, cue.due, start),
    }
}

fn on_time(language: Language, zone: Tz, due: DateTime<Utc>, start: DateTime<Utc>) -> String {
    if start == due { pick(language, "đúng giờ", "on time").into() } else { clock_time(zone, start) }
}

/// Cues day by day: a heading for each day, a table below it, of which the first column is the time.
pub(super) fn by_day(
    language: Language,
    zone: Tz,
    headings: &[&str],
    cues: impl IntoIterator<Item = (DateTime<Utc>, Vec<String>)>,
) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut day = None;
    let mut table: Vec<Vec<String>> = Vec::new();
    let mut left = ROWS;
    let mut more = 0usize;
    let close = |parts: &mut Vec<Part>, rows: &mut Vec<Vec<String>>| {
        if !rows.is_empty() {
            let headings = headings.iter().map(|heading| (*heading).to_owned()).collect();
            parts.push(Part::Table { headings, rows: std::mem::take(rows) });
        }
    };
    for (due, rest) in cues {
        if left == 0 {
            more += 1;
            continue;
        }
        left -= 1;
        let date = due.with_timezone(&zone).date_naive();
        if day != Some(date) {
            close(&mut parts, &mut table);
            parts.push(Part::Subheading(terms::date(language, date)));
            day = Some(date);
        }
        table.push([vec![clock_time(zone, due)], rest].concat());
    }
    close(&mut parts, &mut table);
    parts.extend(and_more(language, more).map(Part::Text));
    parts
}

/// What is said of the rest of a list that is too long for a sheet.
pub(super) fn and_more(language: Language, more: usize) -> Option<String> {
    (more > 0).then(|| match language {
        Vi => format!("… và {more} mục nữa."),
        En => format!("… and {more} more."),
    })
}

/// A list, of at most [`ITEMS`] items.
pub(super) fn list(language: Language, items: impl IntoIterator<Item = String>) -> Part {
    let mut items = items.into_iter();
    let mut shown: Vec<String> = items.by_ref().take(ITEMS).collect();
    shown.extend(and_more(language, items.count()));
    Part::List(shown)
}

/// The cues that play a recording, day by day.
pub(super) fn airs(language: Language, zone: Tz, airs: &[Airs]) -> Vec<Part> {
    let headings = match language {
        Vi => ["Giờ theo lịch", "Chương trình", "Dự kiến phát"],
        En => ["Due", "Programme", "Expected"],
    };
    let row = |one: &Airs| {
        let start = on_time(language, zone, one.due, one.expected.unwrap_or(one.due));
        (one.due, vec![one.title.clone(), start])
    };
    by_day(language, zone, &headings, airs.iter().map(row))
}

/// The cues that played a recording which is no more, day by day.
pub(super) fn aired(language: Language, zone: Tz, airs: &[Airs]) -> Vec<Part> {
    let headings = match language {
        Vi => ["Giờ theo lịch", "Chương trình"],
        En => ["Due", "Programme"],
    };
    by_day(language, zone, &headings, airs.iter().map(|one| (one.due, vec![one.title.clone()])))
}

/// What a cue lacks, by when it must be in, and what airs until then.
pub(super) fn missing(language: Language, zone: Tz, now: DateTime<Utc>, missing: &Missing) -> String {
    let Missing { title, due, deadline, carts, meanwhile } = missing;
    let at = |at: &DateTime<Utc>| date_and_time(language, zone, *at);
    let (due, names) = (at(due), names(carts));
    let by = match (language, *deadline > now) {
        (Vi, true) => format!("gửi trước {}", at(deadline)),
        (En, true) => format!("drop before {}", at(deadline)),
        (Vi, false) => format!("hạn gửi {} đã qua; hãy gửi ngay cho các lượt sau", at(deadline)),
        (En, false) => format!("the deadline, {}, is over; drop now for later cues", at(deadline)),
    };
    let until = match (language, meanwhile.as_slice()) {
        (Vi, []) => "nếu không có, lượt này phát thiếu phần đó hoặc không phát".into(),
        (En, []) => "else this cue airs without, or not at all".into(),
        (Vi, old) => format!("trong lúc chờ vẫn phát bản cũ {}", self::names(old)),
        (En, old) => format!("until then the old {} airs", self::names(old)),
    };
    match language {
        Vi => format!("{title}, {due}: còn thiếu {names}; {by}; {until}."),
        En => format!("{title}, {due}: lacks {names}; {by}; {until}."),
    }
}

/// Why a right schedule is not live yet, and who settles it. `receipt` is the number of the sheet that says so, where it is a receipt: the command names it, so that nothing that
/// comes later is approved unread.
pub(super) fn hold(
    language: Language,
    contact: &Contact,
    id: &ScheduleId,
    hold: &Hold,
    receipt: Option<&DropId>,
) -> String {
    let name = pick(language, "HỌ TÊN", "NAME");
    let number = receipt.map(|number| format!(" --receipt {number}")).unwrap_or_default();
    let command = format!("loa approve {id} --by \"{name}\"{number}");
    let who = match (language, &contact.technician) {
        (Vi, Some(name)) => format!("người trực trạm ({name})"),
        (En, Some(name)) => format!("the technician ({name})"),
        (Vi, None) => "người trực trạm".into(),
        (En, None) => "the technician".into(),
    };
    match (language, hold) {
        (Vi, Hold::Approval) => format!(
            "Trạm chỉ phát lịch đã được duyệt. Khi lãnh đạo đã duyệt, {who} ghi nhận bằng lệnh \
             `{command}`."
        ),
        (En, Hold::Approval) => format!(
            "This station airs approved schedules only. Once it is approved, {who} enters it with \
             `{command}`."
        ),
        (Vi, Hold::SameHour { file, date, slot, other, other_slot }) => format!(
            "Từ {}, tệp “{file}” phát hai lần trong cùng một giờ: ở khung giờ “{slot}” của lịch này và khung giờ \
             “{other_slot}” của lịch “{other}”. Có thể hai đơn vị gửi cùng một chương trình. Nếu chỉ phát một lần: \
             bỏ tệp khỏi lịch này rồi gửi lại, hoặc gỡ lịch kia. Nếu phát cả hai: {who} xác nhận bằng lệnh \
             `{command}`.",
            terms::date(Vi, *date)
        ),
        (En, Hold::SameHour { file, date, slot, other, other_slot }) => format!(
            "From {} on “{file}” airs twice within the hour: in slot “{slot}” of this schedule and in slot \
             “{other_slot}” of schedule “{other}”. Two offices may have sent the same programme. If it is to air \
             once: leave it out of this schedule and drop it again, or take the other one off. If both are meant, \
             {who} confirms it with `{command}`.",
            terms::date(En, *date)
        ),
        (Vi, Hold::NewContent { file }) => format!(
            "Nội dung mới của bản ghi “{file}” chưa được duyệt nên trạm chưa phát. Khi lãnh đạo đã duyệt, {who} ghi \
             nhận bằng lệnh `{command}`."
        ),
        (En, Hold::NewContent { file }) => format!(
            "New content of the recording “{file}” is not approved and does not air yet. Once it is approved, {who} \
             enters it with `{command}`."
        ),
        (Vi, Hold::NewRecording { file }) => format!(
            "Bản ghi “{file}” mới có trong kho sau khi lịch được duyệt, chưa được duyệt nên trạm chưa phát. Khi lãnh đạo \
             đã duyệt, {who} ghi nhận bằng lệnh `{command}`."
        ),
        (En, Hold::NewRecording { file }) => format!(
            "The recording “{file}” came after the schedule was approved and does not air yet. Once it is approved, {who} \
             enters it with `{command}`."
        ),
        (Vi, Hold::NotApproved { file }) => format!(
            "Bản ghi “{file}” đã bị thay ngay trong kho mà chưa được duyệt nên trạm không phát. Khi lãnh đạo đã duyệt, \
             {who} ghi nhận bằng lệnh `{command}`; hoặc chép lại bản đã duyệt."
        ),
        (En, Hold::NotApproved { file }) => format!(
            "The recording “{file}” was changed in its folder without approval and does not air. Once it is approved, \
             {who} enters it with `{command}`; or put the approved one back."
        ),
    }
}

/// Whom to turn to, at the foot of every sheet.
pub(super) fn foot(language: Language, contact: &Contact) -> Vec<(String, String)> {
    let mut facts = vec![(pick(language, "Trạm", "Station").to_owned(), contact.station.clone())];
    let label = pick(language, "Người trực trạm", "Technician").to_owned();
    let person: Vec<&str> = contact.technician.iter().chain(&contact.telephone).map(String::as_str).collect();
    if !person.is_empty() {
        facts.push((label, person.join(", ")));
    }
    facts
}
