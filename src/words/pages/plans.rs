//! What the pages *Themes* and *Reports* say of forms, targets and what is left of them. Owns their wording alone.

use super::super::Language::{self, En, Vi};
use super::super::report::named;
use crate::core::form::{FormKind, number};
use crate::core::handwritten::AiringNote;
use crate::core::report::targets::{Amount, Over};

/// A form by its name.
pub fn form(language: Language, kind: FormKind) -> &'static str {
    let (vi, en) = match kind {
        FormKind::Log => ("Nhật ký phát thanh", "Airing log"),
        FormKind::Summary => ("Tổng hợp theo chủ đề", "Summary by theme"),
        FormKind::Reconcile => ("Đối chiếu lịch – thực phát", "Scheduled against aired"),
    };
    if language == Vi { vi } else { en }
}

/// A layout by the ending of its file.
pub fn layout(language: Language, ending: &str) -> &'static str {
    let (vi, en) = match ending {
        "html" => ("xem và in trên giấy A4", "to look at and print on A4"),
        "xlsx" => ("bảng tính Excel", "Excel workbook"),
        _ => ("tệp CSV", "CSV"),
    };
    if language == Vi { vi } else { en }
}

/// A target: `96 lượt cả năm`, `120 phút`.
pub fn plan(language: Language, amount: Amount, over: Over) -> String {
    let count = |count: u32| number(language, f64::from(count), 0);
    let said = match (language, amount) {
        (Vi, Amount::Airings(airings)) => format!("{} lượt", count(airings)),
        (En, Amount::Airings(airings)) => format!("{} airings", count(airings)),
        (Vi, Amount::Minutes(minutes)) => format!("{} phút", count(minutes)),
        (En, Amount::Minutes(minutes)) => format!("{} minutes", count(minutes)),
    };
    match (language, over) {
        (_, Over::Period) => said,
        (Vi, Over::Year) => format!("{said} cả năm"),
        (En, Over::Year) => format!("{said} in the year"),
    }
}

/// What is left to reach a target, and whether the schedules have it; `coming` recordings are planned.
pub fn left(language: Language, amount: Amount, left: u64, coming: u64) -> String {
    match (language, amount, left) {
        (Vi, _, 0) => "đã đạt".into(),
        (En, _, 0) => "reached".into(),
        (Vi, Amount::Airings(_), left) if coming >= left => format!("còn thiếu {left} lượt, lịch đã có đủ"),
        (En, Amount::Airings(_), left) if coming >= left => format!("{left} short, and planned"),
        (Vi, Amount::Airings(_), left) => format!("còn thiếu {left} lượt, lịch mới có {coming}"),
        (En, Amount::Airings(_), left) => format!("{left} short, {coming} planned"),
        (Vi, Amount::Minutes(_), left) => format!("còn thiếu {left} phút"),
        (En, Amount::Minutes(_), left) => format!("{left} minutes short"),
    }
}

/// What aired on no theme.
pub fn outside(language: Language, times: u64, minutes: f64) -> String {
    let minutes = number(language, minutes, 1);
    match language {
        Vi => format!("Ngoài các chủ đề (nhạc hiệu, lời dẫn, bài khác): {times} lượt, {minutes} phút."),
        En => format!(
            "On no theme (signature tunes, introductions, other items): {times} airings, {minutes} minutes."
        ),
    }
}

/// A note on an airing, with whose it is.
pub fn noted(language: Language, note: &AiringNote) -> String {
    format!("{} – {}", note.text, named(language, &note.by, &note.account))
}
