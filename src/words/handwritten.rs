//! What is said of writings by hand: what was taken down, and why one was not.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms::{self, short_date};
use crate::core::handwritten::{FURTHEST_BACK, HandFault, Handwritten, LONGEST_ENTERED, LONGEST_TEXT, Text};

/// What was taken down.
pub fn taken(language: Language, zone: Tz, hand: &Handwritten) -> String {
    match (language, hand) {
        (Vi, Handwritten::Airing(entered)) => format!(
            "Đã ghi vào nhật ký, lượt phát số {}: “{}”, {}, dài {} (nhập thủ công, không phải số đo).",
            entered.airing,
            entered.title,
            terms::date_and_time(Vi, zone, entered.started),
            terms::length(Vi, entered.length)
        ),
        (En, Handwritten::Airing(entered)) => format!(
            "Written down as airing {}: “{}”, {}, {} (entered by hand, not measured).",
            entered.airing,
            entered.title,
            terms::date_and_time(En, zone, entered.started),
            terms::length(En, entered.length)
        ),
        (Vi, Handwritten::Note(noted)) => format!("Đã ghi chú lượt phát số {}.", noted.airing),
        (En, Handwritten::Note(noted)) => format!("The note on airing {} is written down.", noted.airing),
        (Vi, Handwritten::TakeBack(back)) => {
            format!("Đã rút lượt phát nhập thủ công số {}; báo cáo không tính lượt này nữa.", back.airing)
        }
        (En, Handwritten::TakeBack(back)) => {
            format!("Airing {}, entered by hand, is taken back; reports count it no more.", back.airing)
        }
        (Vi, Handwritten::Review(reviewed)) => format!(
            "Đã ghi nhận: kỳ từ {} đến hết {} đã được {} xem xét.",
            short_date(reviewed.from),
            short_date(reviewed.to),
            reviewed.by
        ),
        (En, Handwritten::Review(reviewed)) => format!(
            "Written down: {} to {} was reviewed by {}.",
            short_date(reviewed.from),
            short_date(reviewed.to),
            reviewed.by
        ),
    }
}

/// Why one was not taken.
pub fn refused(language: Language, zone: Tz, fault: &HandFault) -> String {
    if language == En {
        return match fault {
            HandFault::BadTime { ended } => format!(
                "it would have ended at {}, expected a time of the last {} days; mend date and time",
                terms::date_and_time(En, zone, *ended),
                FURTHEST_BACK.num_days()
            ),
            other => other.to_string(),
        };
    }
    match fault {
        HandFault::Empty { what } => format!("chưa ghi {}; hãy ghi vài chữ", text(*what)),
        HandFault::TooLong { what, found } => {
            format!("{} dài {found} chữ, nhiều nhất {LONGEST_TEXT}; hãy viết gọn lại", text(*what))
        }
        HandFault::BadTime { ended } => format!(
            "lượt phát sẽ kết thúc lúc {}, phải là thời điểm đã qua, trong vòng {} ngày; hãy sửa ngày giờ",
            terms::date_and_time(Vi, zone, *ended),
            FURTHEST_BACK.num_days()
        ),
        HandFault::BadLength { found } => format!(
            "thời lượng là {}, phải từ 1 giây đến {}; hãy sửa thời lượng",
            terms::length(Vi, *found),
            terms::length(Vi, LONGEST_ENTERED)
        ),
        HandFault::UnknownTheme { found, closest: None } => {
            format!("“{found}” không có trong danh sách chủ đề của trạm (config/themes.toml)")
        }
        HandFault::UnknownTheme { found, closest: Some(closest) } => {
            format!("“{found}” không có trong danh sách chủ đề của trạm; có phải là “{closest}”?")
        }
        HandFault::NoSuchAiring { airing } => {
            format!("không có lượt phát số {airing}; xem số ở đầu mã đối chứng trong nhật ký")
        }
        HandFault::NotByHand { airing } => format!(
            "lượt phát số {airing} không phải nhập thủ công, hoặc đã được rút rồi; lượt phát nào cũng có thể ghi chú bằng `loa note`"
        ),
        HandFault::Twice { airing } => {
            format!("lượt phát số {airing} đã có cùng giờ bắt đầu và tên chương trình; xem `loa airings`")
        }
        HandFault::NoLine { what } => {
            format!(
                "{} có dấu xuống dòng, dấu tab hoặc ký tự không hiển thị được; hãy viết trên một dòng",
                text(*what)
            )
        }
        HandFault::NotOver { to } => {
            format!("kỳ báo cáo đến hết {} chưa kết thúc; hãy xem xét sau ngày đó", short_date(*to))
        }
    }
}

fn text(what: Text) -> &'static str {
    match what {
        Text::Title => "tên chương trình",
        Text::Why => "lý do",
        Text::Note => "ghi chú",
        Text::By => "họ tên người nhập",
        Text::Kind => "loại chương trình",
    }
}
