//! The station's standing conditions as alarms: what is wrong, and the remedy. Owns the wording.

use super::Language::{self, En, Vi};

/// That no card opens: what it is about, and what was found.
pub fn no_card(language: Language, tried: &[(String, String)]) -> (String, String) {
    let found: Vec<String> = tried.iter().map(|(card, found)| format!("{card}: {found}")).collect();
    let found = found.join("; ");
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
