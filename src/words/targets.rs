//! The plan's targets in words: what a receipt says of those that were taken, why they are returned, and who changed them
//! last. Owns the wording; what changed is [`crate::core::report::targets`]'s.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cues::pick;
use super::{Say, pages, terms};
use crate::core::drops::{ENGLISH_NAMES, VIETNAMESE_NAMES};
use crate::core::fault::TargetFault;
use crate::core::paper::{Part, ROWS};
use crate::core::report::targets::{Amount, Changed, Over, TargetsAnswer, TargetsChanged, TargetsRefused};

/// What a receipt says of targets that were taken.
pub fn receipt(language: Language, answer: &TargetsAnswer) -> Vec<Part> {
    let text = |vi: String, en: String| Part::Text(if language == Vi { vi } else { en });
    let years = years(answer);
    let count = answer.count;
    let mut parts = vec![text(
        format!("Trạm đã nhận chỉ tiêu tuyên truyền năm {years}: {count} chỉ tiêu."),
        match count {
            1 => format!("The station has taken the targets of {years}: one target."),
            _ => format!("The station has taken the targets of {years}: {count} targets."),
        },
    )];
    if answer.changed.is_empty() {
        parts.push(text(
            "Các chỉ tiêu giống hệt như trạm đang có; không có gì thay đổi.".into(),
            "They are those that the station has already; nothing changes.".into(),
        ));
        return parts;
    }
    parts.push(text(
        format!(
            "Có hiệu lực ngay: từ bây giờ trang “Chủ đề” và các báo cáo tính theo chỉ tiêu mới, kể cả báo cáo của kỳ đã \
             qua. Báo cáo đã in không thay đổi. Chỉ tiêu năm khác giữ nguyên; chỉ tiêu năm {years} không ghi trong tệp \
             này thì bị bỏ."
        ),
        format!(
            "They count at once: from now on the page “Themes” and the reports go by them, reports of past periods too. \
             What is printed already stays. Targets of other years stay; those of {years} that this file does not have \
             are gone."
        ),
    ));
    parts.push(Part::Heading(pick(language, "Chỉ tiêu thay đổi", "What changes").into()));
    let headings = match language {
        Vi => ["Chủ đề", "Kỳ", "Trước đây", "Bây giờ"],
        En => ["Theme", "Period", "Before", "Now"],
    };
    let row = |one: &Changed| {
        let was =
            |amount: Option<Amount>| amount.map_or_else(|| none(language), |amount| of(language, amount));
        vec![
            theme(language, answer, &one.topic),
            one.period.spelled(language),
            was(one.before),
            was(one.after),
        ]
    };
    parts.push(Part::Table {
        headings: headings.map(str::to_owned).into(),
        rows: answer.changed.iter().take(ROWS).map(row).collect(),
    });
    parts.extend(super::cues::and_more(language, answer.changed.len().saturating_sub(ROWS)).map(Part::Text));
    parts
}

/// What the journal keeps of targets that were taken, in English, a line each.
pub fn journalled(answer: &TargetsAnswer) -> String {
    let line = |one: &Changed| {
        let was = |amount: Option<Amount>| amount.map_or_else(|| none(En), |amount| of(En, amount));
        format!("{} {}: {} → {}", one.topic, one.period, was(one.before), was(one.after))
    };
    match answer.changed.is_empty() {
        true => "targets: nothing changes".to_owned(),
        false => format!("targets:\n{}", answer.changed.iter().map(line).collect::<Vec<_>>().join("\n")),
    }
}

/// What stands at the head of the list that the inbox writes.
pub fn heading(brought: &str) -> String {
    format!(
        "Chỉ tiêu tuyên truyền theo kế hoạch, do hộp nhận tệp của trạm ghi theo tệp đã nhận ({brought}).\n\
         Bản trước được giữ ở state/replaced/targets.toml. Có thể sửa tay; nhật ký sẽ ghi lại.\n\
         The plan's targets, written by the station's inbox from what was dropped ({brought}).\n\
         The list before is kept in state/replaced/targets.toml. It may be edited by hand; the journal takes it down."
    )
}

/// Who changed the targets last, for the board.
pub fn changed(language: Language, zone: Tz, last: &TargetsChanged) -> String {
    let at = terms::date_and_time(language, zone, last.at);
    match language {
        Vi => format!("Chỉ tiêu tuyên truyền được thay đổi lúc {at}, theo {}.", brought(Vi, &last.by)),
        En => format!("The plan's targets were changed on {at}, by {}.", brought(En, &last.by)),
    }
}

fn brought(language: Language, by: &str) -> String {
    match (language, by.strip_prefix("inbox "), by.strip_prefix("file ")) {
        (Vi, Some(drop), _) => format!("tệp gửi vào hộp nhận tệp “{drop}”"),
        (En, Some(drop), _) => format!("the drop “{drop}”"),
        (Vi, None, Some(file)) => format!("tệp “{file}” sửa tại trạm"),
        (En, None, Some(file)) => format!("the file “{file}”, edited at the station"),
        (_, None, None) => format!("“{by}”"),
    }
}

fn years(answer: &TargetsAnswer) -> String {
    answer.years.iter().map(i32::to_string).collect::<Vec<_>>().join(", ")
}

fn theme(language: Language, answer: &TargetsAnswer, id: &str) -> String {
    let named = answer.themes.iter().find(|(known, ..)| known == id);
    match (named, language) {
        (Some((_, vi, _)), Vi) => vi.clone(),
        (Some((_, _, en)), En) => en.clone(),
        (None, _) => id.to_owned(),
    }
}

fn of(language: Language, amount: Amount) -> String {
    pages::plan(language, amount, Over::Period)
}

fn none(language: Language) -> String {
    pick(language, "không có", "none").to_owned()
}

impl Say for TargetsRefused {
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (_, TargetsRefused::Faulty(faults)) => faults.say(language),
            (Vi, TargetsRefused::Empty) => {
                "danh sách không có chỉ tiêu nào; hãy ghi ít nhất một chỉ tiêu của năm cần thay đổi".into()
            }
            (En, TargetsRefused::Empty) => {
                "the list has no target; write at least one of the year that is to change".into()
            }
            (Vi, TargetsRefused::Approval) => {
                "tệp này là chỉ tiêu tuyên truyền; ở trạm này mọi thay đổi phải có người duyệt, mà việc duyệt chỉ áp dụng \
                 cho lịch phát; hãy gửi chỉ tiêu cho người phụ trách để ghi vào `config/targets.toml` tại trạm"
                    .into()
            }
            (En, TargetsRefused::Approval) => {
                "these are targets of the plan; at this station nothing changes without approval, and only schedules can be \
                 approved; give the figures to the technician, who writes them into `config/targets.toml` at the station"
                    .into()
            }
            (Vi, TargetsRefused::NoList) => {
                "trạm chưa có nơi ghi chỉ tiêu; nhờ người trực trạm thêm dòng `targets = \"config/targets.toml\"` vào mục \
                 `[files]` của `config/station.toml` và khởi động lại Loa, rồi gửi lại tệp này"
                    .into()
            }
            (En, TargetsRefused::NoList) => {
                "the station has no list of targets; ask the technician to add `targets = \"config/targets.toml\"` to \
                 `[files]` in `config/station.toml` and to start Loa again, then drop this file again"
                    .into()
            }
            (Vi, TargetsRefused::NotTakenOff) => format!(
                "chỉ tiêu tuyên truyền không gỡ bằng thư mục “{}”; hãy gửi tệp chỉ tiêu mới vào thư mục của đơn \
                 vị, chủ đề nào không còn chỉ tiêu thì để trống số",
                VIETNAMESE_NAMES.withdraw
            ),
            (En, TargetsRefused::NotTakenOff) => format!(
                "targets are not taken off by the folder “{}”; drop the new targets into the office's folder, with no \
                 figure for a theme that has no target any more",
                ENGLISH_NAMES.withdraw
            ),
        }
    }
}

/// What is wrong with a target in a workbook, in Vietnamese.
pub(super) fn message(fault: &TargetFault) -> String {
    match fault {
        TargetFault::UnknownTheme { found, .. } => {
            format!("“{found}” không có trong danh sách chủ đề của trạm")
        }
        TargetFault::ThemesDiffer { of_id, named } => {
            format!("mã này là của chủ đề “{of_id}”, nhưng dòng này lại ghi tên chủ đề “{named}”")
        }
        TargetFault::BadPeriod { found } => format!("“{found}” không phải một kỳ từ năm 2000 đến 2099"),
        TargetFault::BadFigure { found } => format!("“{found}” không phải số nguyên từ 1 đến 1.000.000"),
        TargetFault::TwoFigures => "dòng này vừa có số lượt phát vừa có số phút".into(),
        TargetFault::Again { row } => format!("dòng {row} đã có chỉ tiêu của chủ đề này trong kỳ này"),
        TargetFault::NoHeadings => "không thấy dòng tiêu đề cột như trong mẫu".into(),
        TargetFault::NoFigures => "không dòng nào ghi số lượt phát hay số phút".into(),
        TargetFault::WithSchedule => "bảng tính này vừa có lịch phát vừa có chỉ tiêu".into(),
    }
}

/// What mends it, in Vietnamese.
pub(super) fn remedy(fault: &TargetFault) -> String {
    match fault {
        TargetFault::UnknownTheme { closest: Some(closest), .. } => format!("có phải là “{closest}”?"),
        TargetFault::UnknownTheme { closest: None, .. } => {
            "hãy chọn trong danh sách của mẫu; chủ đề mới thì nhờ người trực trạm thêm vào danh sách".into()
        }
        TargetFault::ThemesDiffer { .. } => "hãy giữ lại ô đúng và xóa ô kia".into(),
        TargetFault::BadPeriod { .. } => {
            "hãy ghi như “Tháng 10 năm 2026”, “Quý IV năm 2026”, “6 tháng đầu năm 2026” hoặc “Năm 2026”"
                .into()
        }
        TargetFault::BadFigure { .. } => {
            "hãy chỉ ghi chữ số, ví dụ 96; không có chỉ tiêu thì để trống ô".into()
        }
        TargetFault::TwoFigures => "hãy giữ lại một số".into(),
        TargetFault::Again { .. } => "hãy giữ lại một dòng".into(),
        TargetFault::NoHeadings => {
            "hãy chép dòng tiêu đề từ tệp mẫu: “Chủ đề CCHC”, “Mã chủ đề”, “Kỳ”, “Số lượt phát”, “Số phút”"
                .into()
        }
        TargetFault::NoFigures => {
            "hãy điền cột “Số lượt phát” hoặc “Số phút” của các chủ đề có chỉ tiêu".into()
        }
        TargetFault::WithSchedule => "hãy gửi lịch phát và chỉ tiêu trong hai tệp riêng".into(),
    }
}
