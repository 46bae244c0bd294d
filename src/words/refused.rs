//! What is said of a refusal: the sheet beside the drop, a line on the board and on the page *Inbox*, the answer to whoever
//! refused. Owns the words; what is refused is decided elsewhere.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cues::{foot, list, pick};
use super::terms;
use crate::core::airing::ScheduleId;
use crate::core::cart::CartName;
use crate::core::paper::{Contact, Paper, Part, Stamp, Tone};
use crate::core::record::{NotedRefusal, Refused, RefusedDrop};

/// What the sheet says at its head.
pub fn stamp(language: Language) -> &'static str {
    pick(language, "KHÔNG DUYỆT", "NOT APPROVED")
}

/// Who refused, and why.
pub fn whose(refused: &Refused) -> String {
    format!("{}: {}", refused.by, refused.why)
}

/// The answer to the drop of which something was refused, its times in the station's zone.
pub fn paper(
    language: Language,
    zone: Tz,
    contact: &Contact,
    noted: &NotedRefusal,
    drop: &RefusedDrop,
) -> Paper {
    let say = |vi: &str, en: &str| pick(language, vi, en).to_owned();
    let refused = &noted.refused;
    let mut facts = vec![(say("Tệp đã gửi", "Dropped"), drop.file.clone())];
    facts.extend(drop.sender.folder().map(|folder| (say("Đơn vị gửi", "Office"), folder.to_owned())));
    facts.extend([
        (say("Lịch", "Schedule"), named(&refused.title, &refused.schedule)),
        (say("Quyết định lúc", "Decided"), terms::date_and_time(language, zone, noted.at)),
        (say("Người quyết định", "Decided by"), refused.by.clone()),
        (say("Lý do không duyệt", "Why"), refused.why.clone()),
    ]);
    let mut parts = vec![Part::Facts(facts)];
    parts.push(Part::Warning(say(
        "Nội dung chờ duyệt này không được duyệt nên trạm không phát. Những gì đã duyệt trước đó vẫn phát như cũ.",
        "What waited is not approved, and the station does not air it. What was approved before airs on.",
    )));
    if !refused.carts.is_empty() {
        parts.push(Part::Heading(say("Tệp ghi âm không được duyệt", "Recordings that are not approved")));
        parts.push(list(language, refused.carts.keys().map(ToString::to_string)));
    }
    parts.push(Part::Heading(say("Việc cần làm", "What to do")));
    let steps = [
        say(
            "Sửa theo lý do nêu trên rồi gửi lại tệp vào hộp nhận tệp.",
            "Mend it as the reason says and drop it again.",
        ),
        say(
            "Tệp gửi lại được coi là đề nghị mới và lại chờ duyệt, kể cả khi nội dung không đổi.",
            "What is dropped again is a new request and waits for approval again, even if it has not changed.",
        ),
        say(
            "Nếu chưa rõ lý do, hãy hỏi người quyết định hoặc người trực trạm.",
            "If the reason is not clear, ask whoever decided, or the technician.",
        ),
    ];
    parts.push(list(language, steps));
    parts.push(Part::Heading(say("Liên hệ", "Whom to ask")));
    let mut whom = foot(language, contact);
    whom.push((say("Số phiếu", "Drop number"), drop.id.to_string()));
    parts.push(Part::Facts(whom));
    Paper {
        language,
        title: say("Phiếu báo", "Receipt"),
        stamp: Some(Stamp { text: stamp(language).into(), tone: Tone::Bad }),
        parts,
        renewed: None,
    }
}

/// A refusal in a line of the board.
pub(super) fn on_board(language: Language, zone: Tz, noted: &NotedRefusal) -> String {
    let (refused, at) = (&noted.refused, terms::date_and_time(language, zone, noted.at));
    let schedule = named(&refused.title, &refused.schedule);
    let files: Vec<&str> = refused.carts.keys().map(CartName::as_str).collect();
    let what = match (refused.text, language) {
        _ if files.is_empty() => schedule,
        (None, Vi) => format!("tệp ghi âm {} của lịch {schedule}", files.join(", ")),
        (None, En) => format!("{} of the schedule {schedule}", files.join(", ")),
        (Some(_), Vi) => format!("{schedule}, cùng tệp ghi âm {}", files.join(", ")),
        (Some(_), En) => format!("{schedule}, with {}", files.join(", ")),
    };
    format!("{what}: {} ({}, {at})", refused.why, refused.by)
}

/// What whoever refused is told.
pub(super) fn answer(language: Language, schedule: &ScheduleId, title: &str, lying: &[CartName]) -> String {
    let schedule = named(title, schedule);
    let mut told = match language {
        Vi => format!(
            "Không duyệt: {schedule}. Trạm vẫn phát những gì đã duyệt trước đó; đơn vị gửi sẽ nhận phiếu báo có ghi lý do."
        ),
        En => format!(
            "Refused: {schedule}. What was approved before airs on; the office gets a receipt with the reason."
        ),
    };
    if !lying.is_empty() {
        let files: Vec<String> = lying.iter().map(|file| format!("“{file}”")).collect();
        told.push_str(&match language {
            Vi => format!(
                " Trong kho vẫn còn {} chưa được duyệt: trạm không phát; hãy chép lại bản đã duyệt hoặc lấy tệp ra khỏi kho.",
                files.join(", ")
            ),
            En => format!(
                " Not approved in the folder of recordings, where it stays and does not air: {}; put the approved one \
                 back, or take it out.",
                files.join(", ")
            ),
        });
    }
    told
}

fn named(title: &str, schedule: &ScheduleId) -> String {
    match title {
        "" => format!("“{schedule}”"),
        title => format!("“{title}” ({schedule})"),
    }
}
