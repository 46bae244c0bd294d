//! The words of the station's pages: the sentences that are only there, and below it headings, labels and buttons. Owns
//! their wording alone.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms;
use crate::core::account::{Deed, Role};
use crate::core::airing::{Outcome, Reason};
use crate::core::standing::{AmplifierStanding, CardStanding};

mod accounts;
mod labels;
mod plans;
mod problems;
mod refusals;

pub use accounts::*;
pub use labels::{Labels, labels};
pub use plans::*;
pub use problems::problem;
pub use refusals::refusal;

/// What a language calls itself.
pub fn own_name(language: Language) -> &'static str {
    match language {
        Vi => "Tiếng Việt",
        En => "English",
    }
}

/// What an account is for.
pub fn role(language: Language, role: Role) -> &'static str {
    match (language, role) {
        (Vi, Role::Supervisor) => "giám sát",
        (En, Role::Supervisor) => "supervisor",
        (Vi, Role::Office) => "cơ quan gửi bài",
        (En, Role::Office) => "office",
        (Vi, Role::Technician) => "kỹ thuật",
        (En, Role::Technician) => "technician",
    }
}

/// What is done at the pages, as the object of a sentence.
pub fn deed(language: Language, deed: Deed) -> &'static str {
    let (vi, en) = match deed {
        Deed::Stop => ("dừng phát", "stop what is on air"),
        Deed::Play => ("phát ngay một bản ghi", "play a recording now"),
        Deed::Skip => ("bỏ một lượt phát", "leave out a cue"),
        Deed::Emergency => ("ra lệnh khẩn cấp", "order an emergency"),
        Deed::ConfirmClock => ("xác nhận giờ máy", "vouch for the clock"),
        Deed::Approve => ("duyệt lịch", "approve a schedule"),
        Deed::WriteDown => ("nhập hay ghi chú vào nhật ký", "write into the record"),
        Deed::Upload => ("gửi tệp vào hộp nhận tệp", "send files into the inbox"),
        Deed::Change => ("thay đổi lịch trong một ngày", "change a schedule for a day"),
        Deed::TakeOff => ("gỡ bản ghi khỏi lịch", "take a recording off the schedules"),
    };
    if language == Vi { vi } else { en }
}

/// The headline of the page *Now*.
pub fn headline(language: Language, on_air: bool, quiet: bool, trusted: bool, alarms: usize) -> String {
    let state = match (language, on_air, quiet) {
        (Vi, true, _) => "ĐANG PHÁT",
        (En, true, _) => "ON AIR",
        (Vi, false, true) => "GIỜ YÊN TĨNH, KHÔNG PHÁT",
        (En, false, true) => "QUIET HOURS, NOTHING AIRS",
        (Vi, false, false) => "KHÔNG CÓ GÌ ĐANG PHÁT",
        (En, false, false) => "NOTHING IS ON AIR",
    };
    let clock = match (language, trusted) {
        (_, true) => "",
        (Vi, false) => " · CHƯA TIN ĐƯỢC GIỜ MÁY",
        (En, false) => " · THE CLOCK IS NOT TRUSTED",
    };
    let alarms = match (language, alarms) {
        (_, 0) => String::new(),
        (Vi, count) => format!(" · {count} CẢNH BÁO"),
        (En, 1) => " · 1 ALARM".into(),
        (En, count) => format!(" · {count} ALARMS"),
    };
    format!("{state}{clock}{alarms}")
}

/// In whose name the journal has what somebody does who is not signed in, by the address he comes from.
pub fn not_signed_in(language: Language, from: &str) -> String {
    match language {
        Vi => format!("người tại máy {from} (không đăng nhập)"),
        En => format!("somebody at {from} (not signed in)"),
    }
}

/// What an emergency has paused.
pub fn paused(language: Language, title: &str) -> String {
    match language {
        Vi => format!("Tạm dừng, sẽ phát tiếp: “{title}”"),
        En => format!("Paused, goes on afterwards: “{title}”"),
    }
}

/// How many entries wait for the disk.
pub fn held(language: Language, entries: usize) -> String {
    match language {
        Vi => format!("{entries} mục chưa ghi được vào nhật ký, đang giữ trong bộ nhớ"),
        En => format!("{entries} entries could not be written and are held in memory"),
    }
}

/// What came into the inbox today.
pub fn drops(language: Language, taken: usize, returned: usize) -> String {
    match language {
        Vi => format!("hôm nay nhận {taken} tệp, trả lại {returned} tệp"),
        En => format!("today {taken} taken, {returned} returned"),
    }
}

/// The card.
pub fn card(language: Language, card: &CardStanding) -> String {
    match (language, card) {
        (Vi, CardStanding::Closed) => "đóng, sẽ mở trước lượt phát kế tiếp".into(),
        (En, CardStanding::Closed) => "closed until the next cue".into(),
        (Vi, CardStanding::Opening) => "đang mở".into(),
        (En, CardStanding::Opening) => "being opened".into(),
        (_, CardStanding::Open { device, silent: false }) => device.clone(),
        (Vi, CardStanding::Open { device, silent: true }) => format!("{device} (không phát ra tiếng)"),
        (En, CardStanding::Open { device, silent: true }) => format!("{device} (makes no sound)"),
        (_, CardStanding::Missing { tried }) => {
            let none = if language == Vi { "không mở được card nào" } else { "none can be opened" };
            format!("{none}: {}", super::cards::tried(language, tried))
        }
    }
}

/// The amplifier.
pub fn amplifier(language: Language, amplifier: AmplifierStanding) -> &'static str {
    let (vi, en) = match amplifier {
        AmplifierStanding::On => ("bật", "on"),
        AmplifierStanding::Off => ("tắt", "off"),
        AmplifierStanding::Switching => ("đang bật hoặc tắt", "being switched"),
        AmplifierStanding::Failed => ("lệnh bị lỗi", "the command fails"),
    };
    if language == Vi { vi } else { en }
}

/// A version that waits for a person.
pub fn waiting(language: Language, title: &str, why: &str) -> String {
    match language {
        Vi => format!("Lịch “{title}”: {why}"),
        En => format!("Schedule “{title}”: {why}"),
    }
}

/// The question that whoever vouches for the clock answers.
pub fn is_it_right(language: Language, zone: Tz, now: DateTime<Utc>) -> String {
    let now = terms::date_and_time(language, zone, now);
    match language {
        Vi => format!("Bây giờ là {now}. Đúng không?"),
        En => format!("It is {now}. Is that right?"),
    }
}

/// A month: `Tháng 11/2026`, `November 2026`.
pub fn month(language: Language, first: NaiveDate) -> String {
    match language {
        Vi => format!("Tháng {}/{}", first.month(), first.year()),
        En => first.format("%B %Y").to_string(),
    }
}

/// The letter by which an outcome is told where colours are not seen.
pub fn sign(language: Language, outcome: Option<Outcome>, reason: Option<Reason>) -> &'static str {
    let (vi, en) = match (outcome, reason) {
        (Some(Outcome::Missed), Some(reason)) if reason.is_called_off() => ("H", "X"),
        (Some(Outcome::OnAir), _) | (None, _) => ("Đ", "O"),
        (Some(Outcome::Aired), _) => ("P", "A"),
        (Some(Outcome::Cut), _) => ("C", "C"),
        (Some(Outcome::Interrupted), _) => ("G", "I"),
        (Some(Outcome::Missed), _) => ("K", "M"),
    };
    if language == Vi { vi } else { en }
}

/// What was called off by a schedule, as the legend of the month has it.
pub fn called_off(language: Language) -> &'static str {
    if language == Vi { "đã hủy" } else { "called off" }
}

/// How an airing ended, in a few words.
pub fn result(language: Language, outcome: Option<Outcome>, reason: Option<Reason>) -> String {
    let outcome = match (language, outcome) {
        (_, Some(outcome)) => terms::outcome(language, outcome),
        (Vi, None) => "sắp phát",
        (En, None) => "about to start",
    };
    match reason {
        Some(reason) => format!("{outcome} ({})", terms::reason(language, reason)),
        None => outcome.to_owned(),
    }
}

/// A day of the rundown for whoever does not see the drawing.
pub fn day_drawn(language: Language, cues: usize, clashes: usize) -> String {
    match language {
        Vi => format!("{cues} lượt phát, {clashes} lượt có vướng mắc; xem bảng bên dưới"),
        En => format!(
            "{cues} cue{}, {clashes} with something in their way; see the table below",
            if cues == 1 { "" } else { "s" }
        ),
    }
}

/// That a day has more cues than a page shows.
pub fn cues_beyond(language: Language, count: usize) -> String {
    match language {
        Vi => format!(
            "Còn {count} lượt nữa trong ngày. Người phụ trách kỹ thuật xem đủ bằng lệnh `loa rundown`."
        ),
        En => format!("{count} more on that day. The technician sees all with `loa rundown`."),
    }
}

/// That more came than a page shows.
pub fn drops_beyond(language: Language, count: usize) -> String {
    match language {
        Vi => format!("Còn {count} tệp nữa; hãy chọn khoảng ngày ngắn hơn."),
        En => format!("{count} more; choose a shorter span of days."),
    }
}

/// What a recording is made of: `mp3, 44100 Hz, 2 kênh`.
pub fn format(language: Language, format: &str, rate: u32, channels: u16) -> String {
    match language {
        Vi => format!("{format}, {rate} Hz, {channels} kênh"),
        En => format!("{format}, {rate} Hz, {channels} channel{}", if channels == 1 { "" } else { "s" }),
    }
}

/// What changes on one day, by its word in a schedule.
pub fn action(language: Language, word: &str) -> &'static str {
    let (vi, en) = match word {
        "cancel" => ("hủy các lượt trong ngày", "call off the cues of the day"),
        "move" => ("dời sang giờ khác", "move to another time"),
        "replace" => ("thay bằng bản ghi khác", "play other recordings"),
        _ => ("phát thêm một lượt", "one more airing"),
    };
    if language == Vi { vi } else { en }
}

/// That a recording is on its way off.
pub fn taken_off(language: Language, file: &str) -> String {
    match language {
        Vi => format!("Đang gỡ “{file}” khỏi mọi lịch; phiếu báo sẽ có sau ít phút."),
        En => format!("“{file}” is being taken off every schedule; the receipt comes in a moment."),
    }
}

/// How large a file may be that is sent by page.
pub fn upload_limit(language: Language, megabytes: u32) -> String {
    match language {
        Vi => format!("Mỗi tệp không quá {megabytes} MB, mỗi lần không quá 20 tệp."),
        En => format!("A file may have {megabytes} MB, and a form 20 files."),
    }
}

/// That the pages cannot be served there: what it is about, and what was found.
pub fn cannot_listen(language: Language, address: &str, found: &str) -> (String, String) {
    match language {
        Vi => (
            "trang web của trạm".into(),
            format!(
                "không mở được trang tại {address}: {found}; hãy sửa `listen` trong `[page]` hoặc tắt chương trình khác đang \
                 dùng cổng đó; việc phát không bị ảnh hưởng"
            ),
        ),
        En => (
            "the station's pages".into(),
            format!(
                "they cannot be served at {address}: {found}; mend `listen` in `[page]`, or end the program that has that \
                 port; airing is not affected"
            ),
        ),
    }
}

/// That the pages are not served to other machines without accounts: what it is about, and what was found.
pub fn no_accounts_to_listen(language: Language, address: &str) -> (String, String) {
    match language {
        Vi => (
            "trang web của trạm".into(),
            format!(
                "chưa mở trang tại {address} vì máy khác cũng xem được mà trạm chưa có tài khoản; hãy tạo tài khoản bằng \
                 `loa user add`, hoặc ghi `listen = \"127.0.0.1:8080\"` trong `[page]`; việc phát không bị ảnh hưởng"
            ),
        ),
        En => (
            "the station's pages".into(),
            format!(
                "they are not served at {address}, which other machines reach, since there are no accounts; make one with \
                 `loa user add`, or write `listen = \"127.0.0.1:8080\"` in `[page]`; airing is not affected"
            ),
        ),
    }
}

/// That a renewed certificate cannot be used, so that the one before it still is.
pub fn certificate_not_renewed(language: Language, found: &str) -> String {
    match language {
        Vi => format!(
            "không dùng được chứng thư mới: {found}; hãy kiểm tra hai tệp `certificate` và `key` có cùng một cặp không; trang \
             vẫn dùng chứng thư trước đó"
        ),
        En => format!(
            "the new certificate cannot be used: {found}; check that the files of `certificate` and `key` are of one pair; the \
             pages go on with the one before"
        ),
    }
}

/// That the certificate ends soon.
pub fn certificate_ends(language: Language, zone: Tz, ends: DateTime<Utc>) -> String {
    let day = terms::date(language, ends.with_timezone(&zone).date_naive());
    match language {
        Vi => format!(
            "chứng thư của trang web dùng được đến {day}; hãy xin gia hạn rồi chép đè hai tệp, trạm tự nhận"
        ),
        En => format!(
            "the certificate of the pages is good until {day}; have it renewed and put the two files in place, the station \
             takes them over by itself"
        ),
    }
}

/// That the pages failed and begin anew.
pub fn pages_failed(language: Language) -> (String, String) {
    match language {
        Vi => (
            "trang web của trạm".into(),
            "trang web gặp lỗi và đang tự khởi động lại; việc phát không bị ảnh hưởng".into(),
        ),
        En => ("the station's pages".into(), "they failed and begin anew; airing is not affected".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_outcomes_have_one_sign() {
        for language in [Vi, En] {
            let mut signs: Vec<&str> =
                Outcome::ALL.iter().map(|one| sign(language, Some(*one), None)).collect();
            signs.push(sign(language, Some(Outcome::Missed), Some(Reason::Cancelled)));
            signs.sort_unstable();
            let count = signs.len();
            signs.dedup();
            assert_eq!(signs.len(), count);
        }
    }
}
