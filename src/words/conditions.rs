//! How the station stands, in one line for whoever supervises it, and what is wrong with it, as alarms with their remedy.
//! Owns the wording.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cards;
use super::terms::{clock_time, date_and_time};
use crate::core::amplifier::Switch;
use crate::core::card::NotOpened;
use crate::core::standing::{CardStanding, Standing};

/// What keeps it from airing, else what is on air, else what comes next. `later` is asked for the next cue, its due and
/// title, where the playout has none at hand: within eight days.
pub fn status_line(
    language: Language,
    zone: Tz,
    standing: &Standing,
    later: impl FnOnce() -> Option<(DateTime<Utc>, String)>,
) -> String {
    if !standing.clock.trust.is_trusted() {
        return match language {
            Vi => "Chưa tin được giờ máy: không phát".into(),
            En => "Clock not trusted: nothing airs".into(),
        };
    }
    if let CardStanding::Missing { .. } = standing.card {
        return match language {
            Vi => "Không mở được card âm thanh".into(),
            En => "No sound card opens".into(),
        };
    }
    if let Some(on_air) = &standing.on_air {
        let until = on_air.until.map(|until| format!(" → {}", clock_time(zone, until))).unwrap_or_default();
        return match language {
            Vi => format!("Đang phát: {}{until}", on_air.title),
            En => format!("On air: {}{until}", on_air.title),
        };
    }
    let soon = standing.coming.iter().min_by_key(|coming| coming.due);
    let next = soon.map(|coming| (coming.due, coming.title.clone())).or_else(later);
    match (language, next) {
        (Vi, Some((due, title))) => format!("Lượt kế tiếp: {} – {title}", date_and_time(language, zone, due)),
        (En, Some((due, title))) => format!("Next: {} – {title}", date_and_time(language, zone, due)),
        (Vi, None) => "8 ngày tới không có lượt phát nào".into(),
        (En, None) => "Nothing is planned for 8 days".into(),
    }
}

/// That the inbox failed and begins anew.
pub fn inbox_failed(language: Language) -> &'static str {
    match language {
        Vi => "bộ phận nhận tệp gặp lỗi và đang tự khởi động lại; việc phát không bị ảnh hưởng",
        En => "the inbox failed and begins anew; airing is not affected",
    }
}

/// That the inbox's folder is not there.
pub fn inbox_missing(language: Language) -> &'static str {
    match language {
        Vi => "không thấy hộp nhận tệp; hãy kiểm tra ổ đĩa hoặc kết nối mạng",
        En => "the inbox is not there; check the drive or the network",
    }
}

/// That a drop cannot be decided on or put away for the moment, with what the system said; it stays and is tried again.
pub fn drop_not_stored(language: Language, found: &str) -> String {
    match language {
        Vi => format!(
            "chưa xử lý được tệp này ({found}); tệp vẫn còn nguyên và đài tự thử lại; hãy xem ổ đĩa còn chỗ không và tài khoản \
             của trạm có được ghi vào hộp nhận tệp không"
        ),
        En => format!(
            "it cannot be seen to for the moment ({found}); the file is left as it is and tried again; see whether the disk \
             has room and the station's account may write into the inbox"
        ),
    }
}

/// That the folder of schedules is not there.
pub fn schedules_unreadable(language: Language) -> (String, String) {
    match language {
        Vi => (
            "thư mục lịch".into(),
            "không đọc được thư mục lịch; các lịch đang chạy vẫn giữ nguyên; hãy kiểm tra ổ đĩa và quyền đọc thư mục".into(),
        ),
        En => (
            "folder of schedules".into(),
            "the folder of schedules cannot be read; what is live stays; check the drive and who may read the folder".into(),
        ),
    }
}

/// That a command of the amplifier failed.
pub fn amplifier_failed(language: Language, to: Switch, fault: &str) -> (String, String) {
    let found = match (language, to) {
        (Vi, Switch::On) => format!(
            "không bật được tăng âm: {fault}; hãy bật tay, rồi kiểm tra lệnh `on` trong mục [amplifier]"
        ),
        (Vi, Switch::Off) => format!(
            "không tắt được tăng âm: {fault}; hãy tắt tay, rồi kiểm tra lệnh `off` trong mục [amplifier]"
        ),
        (En, Switch::On) => format!(
            "the amplifier was not switched on: {fault}; switch it by hand, and check `on` in [amplifier]"
        ),
        (En, Switch::Off) => format!(
            "the amplifier was not switched off: {fault}; switch it by hand, and check `off` in [amplifier]"
        ),
    };
    let about = match language {
        Vi => "tăng âm",
        En => "amplifier",
    };
    (about.into(), found)
}

/// That no card opens: what it is about, and what was found.
pub fn no_card(language: Language, tried: &[(String, NotOpened)]) -> (String, String) {
    let found = cards::tried(language, tried);
    // There is nothing to plug in where every card is there and another program has it.
    if let [(_, NotOpened::InUse { program }), ..] = tried
        && tried.iter().all(|(_, found)| matches!(found, NotOpened::InUse { .. }))
    {
        let let_go = cards::let_go(language, program.as_deref());
        return match language {
            Vi => (
                "card âm thanh".into(),
                format!(
                    "không mở được card nào, không có gì được phát ({found}); {let_go}; trạm tự thử lại, cảnh báo này hết khi \
                     mở được card, chậm nhất là trước lượt phát kế tiếp"
                ),
            ),
            En => (
                "sound card".into(),
                format!(
                    "none opens, nothing is heard ({found}); {let_go}; the station tries again by itself, and this alarm is over \
                     when a card opens, before the next airing at the latest"
                ),
            ),
        };
    }
    match language {
        Vi => (
            "card âm thanh".into(),
            format!(
                "không mở được card nào, không có gì được phát ({found}); hãy cắm lại card, tắt chương trình khác đang dùng \
                 card, rồi xem `loa devices`; cảnh báo này hết khi mở được card, chậm nhất là trước lượt phát kế tiếp"
            ),
        ),
        En => (
            "sound card".into(),
            format!(
                "none opens, nothing is heard ({found}); plug the card in again, close the program that has it, then see \
                 `loa devices`; this alarm is over when a card opens, before the next airing at the latest"
            ),
        ),
    }
}

/// That nothing airs by a clock of which nobody knows whether it is right.
pub fn clock_not_trusted(language: Language) -> (String, String) {
    match language {
        Vi => (
            "đồng hồ".into(),
            "chưa tin được giờ của máy nên chưa phát lượt nào; nếu giờ trên màn hình đúng, hãy chạy `loa clock confirm`; nếu \
             sai, hãy chỉnh lại giờ trước"
                .into(),
        ),
        En => (
            "clock".into(),
            "the machine's time is not trusted, and nothing airs by it; if the time on the screen is right, run \
             `loa clock confirm`; if not, set it first"
                .into(),
        ),
    }
}
