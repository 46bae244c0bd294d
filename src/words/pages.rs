//! The words of the station's pages: headings, labels, buttons, and the sentences that are only there. Owns their wording;
//! every label exists in both languages by its type.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms;
use crate::core::account::{Deed, Role};
use crate::core::airing::{Airing, Outcome, Reason};
use crate::core::standing::{AmplifierStanding, CardStanding};

mod accounts;
mod problems;

pub use accounts::*;
pub use problems::problem;

macro_rules! labels {
    ($($key:ident: $vi:literal, $en:literal;)+) => {
        /// The labels of the pages in one language.
        #[derive(Debug)]
        pub struct Labels { $(#[doc = $en] pub $key: &'static str),+ }

        const VIETNAMESE: Labels = Labels { $($key: $vi),+ };
        const ENGLISH: Labels = Labels { $($key: $en),+ };

        impl Labels {
            /// Each with its name in the source: no page may show that.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),+]
            }
        }
    };
}

labels! {
    to_content: "Đến nội dung chính", "Skip to the content";
    navigation: "Các trang", "Pages";
    sample_station: "trạm mẫu", "sample station";
    now: "Hiện tại", "Now";
    rundown: "Lịch phát", "Rundown";
    airings: "Nhật ký phát", "Airings";
    month: "Cả tháng", "Month";
    orders: "Ra lệnh", "Orders";
    sign_in: "Đăng nhập", "Sign in";
    sign_out: "Đăng xuất", "Sign out";
    times_in: "Mọi giờ ghi theo múi giờ", "All times are in the zone";
    whom_to_ask: "Liên hệ:", "Whom to ask:";
    stop_now: "DỪNG PHÁT NGAY", "STOP NOW";
    stop_explained: "Dừng chương trình đang phát và bỏ các lượt đang chờ. Các lượt sau vẫn phát theo lịch. Lệnh được ghi vào nhật ký.",
        "Stops what is on air and calls off what waits for it. Later cues air as planned. The order is written into the journal.";
    lost: "Mất liên lạc với trạm: những gì ghi dưới đây có thể đã cũ. Hãy xem máy phát thanh.",
        "The station does not answer: what stands below may be out of date. Look at the playout computer.";
    on_air: "Đang phát", "On air";
    alarms: "Cảnh báo", "Alarms";
    since: "từ", "since";
    next_cues: "Các lượt kế tiếp", "Next cues";
    nothing_planned: "Không có lượt phát nào.", "Nothing is planned.";
    due: "Giờ theo lịch", "Due";
    started: "Giờ bắt đầu", "Started";
    ended: "Giờ kết thúc", "Ended";
    programme: "Chương trình", "Programme";
    station_itself: "Tình trạng của trạm", "The station itself";
    clock: "Đồng hồ", "Clock";
    card: "Card âm thanh", "Sound card";
    amplifier: "Tăng âm", "Amplifier";
    disk: "Ổ đĩa", "Disk";
    journal: "Nhật ký", "Journal";
    inbox: "Hộp nhận tệp", "Inbox";
    schedules: "Lịch đang chạy", "Live schedules";
    no_schedules: "không có", "none";
    in_order: "bình thường", "in order";
    see_alarms: "có cảnh báo, xem ở trên", "see the alarms above";
    level: "Mức âm thanh", "Level";
    until: "Đến", "Until";
    priority: "Mức ưu tiên", "Priority";
    kind: "Loại", "Kind";
    not_yet: "sắp phát ra tiếng", "about to sound";
    from_day: "Từ ngày", "From";
    to_day: "Đến ngày", "To";
    how_many_days: "Số ngày", "Days";
    theme: "Chủ đề", "Theme";
    outcome: "Kết quả", "Outcome";
    slot: "Khung giờ", "Slot";
    all: "tất cả", "all";
    show: "Xem", "Show";
    no_airings: "Không có lượt phát nào trong nhật ký.", "The journal has no such airing.";
    length: "Thời lượng", "Length";
    older: "Cũ hơn", "Older";
    newest: "Mới nhất", "Newest";
    proof: "Bằng chứng", "Proof";
    proof_explained: "Các số liệu trên được đo tại đầu ra âm thanh khi phát. Mục nhật ký mang mã đối chứng; lệnh `loa verify` kiểm tra cả chuỗi.",
        "These figures were measured at the output while it aired. The journal's entry carries the hash; `loa verify` proves the whole chain.";
    for_the_technician: "Cho người phụ trách kỹ thuật:", "For the technician:";
    recordings: "Các bản ghi", "Recordings";
    recording: "Bản ghi", "Recording";
    aired_length: "Đã phát", "Aired";
    fingerprint: "Dấu vân SHA-256", "Fingerprint (SHA-256)";
    measured_start: "Bắt đầu (đo được)", "Started (measured)";
    measured_end: "Kết thúc (đo được)", "Ended (measured)";
    lateness: "Trễ so với lịch", "Late by";
    frames: "Số khung mẫu đã phát", "Frames delivered";
    planned_length: "Thời lượng dự kiến", "Planned length";
    device: "Thiết bị", "Device";
    clock_state: "Đồng hồ hệ thống", "System clock";
    synchronised: "đã đồng bộ", "synchronised";
    not_synchronised: "chưa đồng bộ", "not synchronised";
    not_known: "không rõ", "not known";
    ordered_by: "Người ra lệnh", "Ordered by";
    approved_by: "Người duyệt", "Approved by";
    schedule: "Lịch", "Schedule";
    entry_hash: "Mã đối chứng của mục nhật ký", "Hash of the journal's entry";
    noted_at: "Ghi vào nhật ký lúc", "Written down";
    number: "Số của lượt phát", "Number";
    nothing_measured: "không đo được", "not measured";
    month_before: "← Tháng trước", "← Month before";
    month_after: "Tháng sau →", "Month after →";
    more_slots: "Các khung giờ khác →", "More slots →";
    quiet_hours: "giờ yên tĩnh", "quiet hours";
    airs_on_time: "phát đúng giờ", "airs as planned";
    something_in_its_way: "có vướng mắc", "something in its way";
    in_its_way: "Vướng mắc", "In its way";
    days_before: "← Những ngày trước", "← Days before";
    days_after: "Những ngày sau →", "Days after →";
    account_name: "Tên tài khoản", "Account";
    password: "Mật khẩu", "Password";
    no_accounts: "Trạm chưa có tài khoản nào, nên các trang chỉ để xem. Người phụ trách kỹ thuật tạo tài khoản bằng lệnh `loa user add`.",
        "The station has no accounts, so that its pages are for reading. The technician makes them with `loa user add`.";
    clock_is_right: "Giờ này đúng", "This time is right";
    waiting_schedules: "Lịch đang chờ duyệt", "Schedules that wait for approval";
    approve: "Duyệt", "Approve";
    play_now: "Phát ngay", "Play now";
    skip_cue: "Bỏ lượt phát", "Leave out a cue";
    cue: "Lượt phát", "Cue";
    emergency: "Khẩn cấp", "Emergency";
    end_emergency: "Kết thúc lệnh khẩn cấp", "End this emergency";
    give_emergency: "PHÁT KHẨN CẤP", "AIR THIS EMERGENCY";
    emergency_explained: "Phát ngay, kể cả trong giờ yên tĩnh, và phát lại cho đến khi hết hiệu lực.",
        "Airs at once, in the quiet hours too, and again until it expires.";
    stands_for: "Có hiệu lực trong", "Stands for";
    repeats: "Phát lại sau mỗi", "Repeats every";
    once: "chỉ phát một lần", "airs once";
    back: "Quay lại", "Back";
    result: "Kết quả", "Result";
    refused: "Không thực hiện được", "Not done";
    not_possible: "Không mở được trang", "This page cannot be shown";
    nothing_to_order: "Tài khoản này không có lệnh nào để ra lúc này.", "There is nothing for this account to order now.";
}

/// The labels in that language.
pub fn labels(language: Language) -> &'static Labels {
    match language {
        Vi => &VIETNAMESE,
        En => &ENGLISH,
    }
}

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
            let tried: Vec<String> = tried.iter().map(|(card, found)| format!("{card}: {found}")).collect();
            let none = if language == Vi { "không mở được card nào" } else { "none can be opened" };
            format!("{none}: {}", tried.join("; "))
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
        Vi => format!("Lịch chờ: “{title}”: {why}"),
        En => format!("Waiting: “{title}”: {why}"),
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
        (Some(Outcome::Missed), Some(Reason::Cancelled | Reason::Withdrawn)) => ("H", "X"),
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
    if language == Vi { "hủy theo lịch" } else { "called off" }
}

/// How an airing ended, in a few words.
pub fn result(language: Language, airing: &Airing) -> String {
    let outcome = match (language, airing.outcome) {
        (_, Some(outcome)) => terms::outcome(language, outcome),
        (Vi, None) => "sắp phát",
        (En, None) => "about to start",
    };
    match airing.reason {
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
        Vi => format!("Còn {count} lượt nữa trong ngày; xem bằng `loa rundown`."),
        En => format!("{count} more on that day; `loa rundown` has them all."),
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
    fn every_label_is_said_in_both_languages() {
        for ((key, vi), (_, en)) in VIETNAMESE.all().into_iter().zip(ENGLISH.all()) {
            assert!(!vi.trim().is_empty() && !en.trim().is_empty(), "{key}");
            assert_ne!(vi, en, "{key}");
            assert!(!vi.contains('_') && !en.contains('_'), "{key}");
        }
    }

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
