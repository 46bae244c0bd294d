//! What `loa setup` says: its questions, each with a line of why, and what it answers. Owns the wording; which question
//! comes when is the command's. The texts of the questions are one table a language, so that none is ever missing.

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms;

mod closing;
mod english;
mod settings;
mod troubles;
mod vietnamese;

pub use closing::*;
pub use settings::*;
pub use troubles::*;

/// The texts that hold nothing of the station.
pub struct Texts {
    /// Before the first question.
    pub welcome: &'static str,
    /// How to go on in the other language.
    pub other_language: &'static str,
    /// The station's name, and why.
    pub name: &'static str,
    /// A name that is none.
    pub name_missing: &'static str,
    /// Why the clock is read aloud.
    pub clock: &'static str,
    /// After the time: whether it is right.
    pub clock_right: &'static str,
    /// After it was wrong: read again, another zone, or later.
    pub clock_again: &'static str,
    /// The clock is left as it is; what that means.
    pub clock_later: &'static str,
    /// The cards, and why.
    pub card: &'static str,
    /// What a test sounds like, and the amplifier.
    pub card_warning: &'static str,
    /// No card at all.
    pub no_card: &'static str,
    /// The card that makes no sound, which a flag alone takes.
    pub card_silent: &'static str,
    /// Whether it was heard.
    pub card_heard: &'static str,
    /// It was not; what to look at.
    pub card_not_heard: &'static str,
    /// No test in the quiet hours.
    pub card_quiet: &'static str,
    /// No test while the station airs.
    pub card_busy_station: &'static str,
    /// The quiet hours, and why.
    pub quiet: &'static str,
    /// What can be chosen, in the order of the choices.
    pub quiet_choices: [&'static str; 5],
    /// A number, or hours of one's own.
    pub quiet_choose: &'static str,
    /// The pages, and why.
    pub page: &'static str,
    /// What can be chosen: here, here with an account, the network.
    pub page_choices: [&'static str; 3],
    /// A number of the list.
    pub choose: &'static str,
    /// No such number.
    pub no_such_choice: &'static str,
    /// The account's name.
    pub account: &'static str,
    /// The password.
    pub password: &'static str,
    /// The same again.
    pub password_again: &'static str,
    /// They differ.
    pub passwords_differ: &'static str,
    /// Keys that are no letters.
    pub not_read: &'static str,
    /// What Enter does to a setting that stands.
    pub keep: &'static str,
    /// The network wants an account.
    pub account_needed: &'static str,
    /// Neither yes nor no.
    pub yes_or_no: &'static str,
    /// The loudness, and why.
    pub loudness: &'static str,
    /// No number.
    pub no_number: &'static str,
    /// Who is asked about the station.
    pub technician: &'static str,
    /// Their telephone.
    pub telephone: &'static str,
    /// All answers, before they are written.
    pub review: &'static str,
    /// Write them, or change one.
    pub review_choose: &'static str,
    /// How it stands, where there is a station.
    pub standing: &'static str,
    /// Which one to change.
    pub change: &'static str,
    /// Nothing was changed.
    pub nothing_changed: &'static str,
    /// The questions were broken off.
    pub broken_off: &'static str,
    /// Whether to start the station again.
    pub restart: &'static str,
    /// It counts from the next start on.
    pub restart_later: &'static str,
    /// The station runs, now and with each start of the machine.
    pub runs: &'static str,
    /// The same, where somebody would change it.
    pub runs_already: &'static str,
    /// Whether to switch the service on.
    pub service: &'static str,
    /// The title of the first cue.
    pub first_cue: &'static str,
}

/// The texts in that language.
pub fn texts(language: Language) -> &'static Texts {
    match language {
        Vi => &vietnamese::TEXTS,
        En => &english::TEXTS,
    }
}

/// The time read aloud, to be compared with a watch.
pub fn time_aloud(language: Language, zone: Tz, now: DateTime<Utc>) -> String {
    let civil = now.with_timezone(&zone);
    match language {
        Vi => {
            let day = terms::date(Vi, civil.date_naive());
            let weekday = day.rsplit_once(' ').map_or("", |(weekday, _)| weekday).replace("Thứ", "thứ");
            format!(
                "Bây giờ là {} giờ {} phút, {weekday}, ngày {} tháng {} năm {} (múi giờ {zone}).",
                civil.hour(),
                civil.minute(),
                civil.day(),
                civil.month(),
                civil.year()
            )
        }
        En => format!(
            "It is {} on {} (time zone {zone}).",
            civil.format("%H:%M"),
            civil.format("%A, %-d %B %Y")
        ),
    }
}

/// How the machine's clock is set: setup never does it behind anybody's back.
pub fn set_the_clock(language: Language, zone: Tz) -> String {
    match (language, cfg!(windows)) {
        (Vi, false) => format!(
            "   Loa không tự chỉnh đồng hồ của máy. Mở thêm một cửa sổ lệnh rồi gõ:\n\
             \x20    sudo timedatectl set-timezone {zone}\n\
             \x20    sudo timedatectl set-ntp true          (máy có mạng: giờ tự đúng sau chừng một phút)\n\
             \x20  Máy không có mạng thì gõ giờ trên đồng hồ tay, ví dụ:\n\
             \x20    sudo timedatectl set-ntp false\n\
             \x20    sudo timedatectl set-time \"2026-11-24 05:12:00\""
        ),
        (En, false) => format!(
            "   Loa does not set the machine's clock by itself. Open another terminal and type:\n\
             \x20    sudo timedatectl set-timezone {zone}\n\
             \x20    sudo timedatectl set-ntp true          (with a network: right within a minute)\n\
             \x20  Without a network, type what your watch says, for example:\n\
             \x20    sudo timedatectl set-ntp false\n\
             \x20    sudo timedatectl set-time \"2026-11-24 05:12:00\""
        ),
        (Vi, true) => {
            "   Loa không tự chỉnh đồng hồ của máy. Bấm chuột phải vào đồng hồ ở góc dưới màn hình, chọn \
                       “Điều chỉnh ngày/giờ” (Adjust date and time), sửa múi giờ và giờ."
                .into()
        }
        (En, true) => {
            "   Loa does not set the machine's clock by itself. Right-click the clock in the corner of the \
                       screen, choose “Adjust date and time”, and mend zone and time."
                .into()
        }
    }
}

/// A card of the list.
pub fn card_line(
    language: Language,
    number: usize,
    description: &str,
    name: &str,
    used_by: Option<&str>,
) -> String {
    let description = if description.is_empty() { name } else { description };
    let used = used_by.map_or(String::new(), |program| super::cards::used_by(language, program));
    // Some cards describe themselves in two lines.
    format!("     {number}  {} [{name}]{used}", description.replace('\n', " – "))
}

/// On which card the test is to sound.
pub fn card_choose(language: Language, usual: usize) -> String {
    match language {
        Vi => format!("   Phát thử trên card số mấy? [Enter = {usual}; b = lấy card này, không phát thử] "),
        En => format!("   Which card shall sound the test? [Enter = {usual}; s = take it without a test] "),
    }
}

/// The test sounds now.
pub fn card_sounds(language: Language, number: usize) -> String {
    match language {
        Vi => format!("   Đang phát ba tiếng chuông trên card {number} …"),
        En => format!("   Three strokes of a gong on card {number} …"),
    }
}

/// The first cue: whether it may sound, and when.
pub fn first_cue_question(language: Language, zone: Tz, due: DateTime<Utc>) -> String {
    let time = terms::clock_time(zone, due);
    match language {
        Vi => format!(
            "Nghe thử một lượt phát theo lịch ngay hôm nay: trạm phát ba hồi chuông, 10 giây, lúc {time}, một lần.\n\
             Tăng âm đang bật thì LOA NGOÀI TRỜI SẼ KÊU. Có phát không? [c = có, Enter = không] "
        ),
        En => format!(
            "Hear one cue air by the schedule today: a gong of 10 seconds at {time}, once.\n\
             With the amplifier on, THE LOUDSPEAKERS OUTSIDE SOUND. Shall it air? [y = yes, Enter = no] "
        ),
    }
}

/// The first cue is on its way.
pub fn first_cue_set(language: Language, zone: Tz, due: DateTime<Utc>) -> String {
    let time = terms::clock_time(zone, due);
    match language {
        Vi => format!("Lúc {time} trạm phát ba hồi chuông. Lịch này tự hết hiệu lực khi hết hôm nay."),
        En => format!("At {time} the station airs a gong. That schedule ends by itself with this day."),
    }
}

/// A question with what Enter takes.
pub fn with_enter(question: &str, enter: Option<&str>) -> String {
    match enter {
        Some(enter) => format!("{question} [Enter = {enter}] "),
        None => format!("{question}: "),
    }
}

/// A port that another program has.
pub fn port_taken(language: Language, taken: u16, instead: u16) -> String {
    match language {
        Vi => format!("   (Cổng {taken} đang có chương trình khác dùng; trang sẽ mở ở cổng {instead}.)"),
        En => format!("   (Port {taken} is used by another program; the pages take port {instead}.)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_with_an_enter_show_what_it_takes() {
        assert_eq!(with_enter("Q", Some("1")), "Q [Enter = 1] ");
        assert_eq!(with_enter("Q", None), "Q: ");
    }

    #[test]
    fn both_languages_offer_as_many_choices_and_keep_their_margin() {
        for language in [Vi, En] {
            let texts = texts(language);
            for asked in
                [texts.quiet_choose, texts.choose, texts.clock_right, texts.card_heard, texts.card_warning]
            {
                assert!(asked.starts_with("   "), "{asked}");
            }
            assert!(texts.quiet_choices.iter().chain(&texts.page_choices).all(|choice| !choice.is_empty()));
        }
    }

    #[test]
    fn the_time_is_read_as_people_say_it() {
        let now = "2026-11-23T22:12:40Z".parse().unwrap();
        let zone = chrono_tz::Asia::Ho_Chi_Minh;
        assert_eq!(
            time_aloud(Vi, zone, now),
            "Bây giờ là 5 giờ 12 phút, thứ Ba, ngày 24 tháng 11 năm 2026 (múi giờ Asia/Ho_Chi_Minh)."
        );
        assert_eq!(
            time_aloud(En, zone, now),
            "It is 05:12 on Tuesday, 24 November 2026 (time zone Asia/Ho_Chi_Minh)."
        );
    }
}
