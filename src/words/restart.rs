//! What is said of a restart that an upgrade wants. Owns the wording.

use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms::clock_time;
use crate::core::restart::{Busy, Turn};

/// What is done, and why.
pub fn turn(language: Language, zone: Tz, turn: &Turn) -> String {
    match (language, turn) {
        (Vi, Turn::Restart) => "Trạm đang rảnh: khởi động lại ngay với phiên bản mới.".into(),
        (En, Turn::Restart) => "The station is idle: it is started anew now, with the new version.".into(),
        (Vi, Turn::Over) => "Trạm đã chạy phiên bản mới.".into(),
        (En, Turn::Over) => "The station runs the new version already.".into(),
        (Vi, Turn::Wait(why)) => format!(
            "Trạm còn chạy phiên bản cũ, vì {}. Trạm sẽ tự khởi động lại khi không phát gì và trong 10 phút tiếp theo không \
             có lượt phát nào. Muốn khởi động lại ngay: sudo systemctl restart loa",
            busy(language, zone, why)
        ),
        (En, Turn::Wait(why)) => format!(
            "The station still runs the old version, since {}. It will be started anew by itself when nothing airs and \
             nothing is due for 10 minutes. To do it now: sudo systemctl restart loa",
            busy(language, zone, why)
        ),
    }
}

fn busy(language: Language, zone: Tz, why: &Busy) -> String {
    match (language, why) {
        (Vi, Busy::OnAir { title }) => format!("đang phát “{title}”"),
        (En, Busy::OnAir { title }) => format!("“{title}” is on air"),
        (Vi, Busy::Due { at }) => format!("có lượt phát lúc {}", clock_time(zone, *at)),
        (En, Busy::Due { at }) => format!("a cue is due at {}", clock_time(zone, *at)),
        (Vi, Busy::Unwritten { entries }) => format!("còn {entries} mục nhật ký chưa ghi được ra ổ đĩa"),
        (En, Busy::Unwritten { entries }) => {
            format!("{entries} entries of the journal are not on the disk yet")
        }
        (Vi, Busy::Silent) => "trạm chưa trả lời đang phát gì".into(),
        (En, Busy::Silent) => "it does not say what it airs".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_why_and_what_to_do() {
        let zone = chrono_tz::Asia::Ho_Chi_Minh;
        let due = Turn::Wait(Busy::Due { at: chrono::DateTime::UNIX_EPOCH });
        let vi = turn(Vi, zone, &due);
        assert!(vi.contains("có lượt phát lúc 08:00") && vi.contains("systemctl restart loa"), "{vi}");
        let en = turn(En, zone, &due);
        assert!(en.contains("a cue is due at 08:00") && en.contains("systemctl restart loa"), "{en}");
    }
}
