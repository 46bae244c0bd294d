//! Emergencies and silence in words: what an order is answered with, what stands, what waits for a person, what fell
//! silent and what was to fill it. Owns the wording alone.

use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms::{clock_time, date_and_time, length};
use crate::core::cart::CartName;
use crate::core::drops::EmergencyTaken;
use crate::core::emergency::InForce;

/// How often it repeats: `mỗi 10 phút`, `every 10 min`.
fn repeats(language: Language, every: Option<Duration>) -> String {
    match (language, every) {
        (Vi, Some(every)) => format!("phát lại mỗi {}", length(Vi, every)),
        (En, Some(every)) => format!("repeated every {}", length(En, every)),
        (Vi, None) => "phát một lần".into(),
        (En, None) => "once".into(),
    }
}

/// That an order stands.
pub fn ordered(
    language: Language,
    zone: Tz,
    title: &str,
    until: DateTime<Utc>,
    every: Option<Duration>,
) -> String {
    let (until, repeats) = (date_and_time(language, zone, until), repeats(language, every));
    match language {
        Vi => format!("KHẨN CẤP: phát “{title}” ngay, {repeats}; lệnh có hiệu lực đến {until}."),
        En => format!("EMERGENCY: “{title}” airs at once, {repeats}; the order stands until {until}."),
    }
}

/// How whoever is at the command line ends an order before it expires; a page has a button.
pub fn how_to_end(language: Language) -> &'static str {
    match language {
        Vi => "Kết thúc sớm: `loa emergency --end`",
        En => "To end it sooner: `loa emergency --end`",
    }
}

/// That orders are ended.
pub fn ended(language: Language, titles: &[String]) -> String {
    let titles = titles.iter().map(|title| format!("“{title}”")).collect::<Vec<_>>().join(", ");
    match language {
        Vi => format!("Đã kết thúc lệnh phát khẩn cấp {titles}. Trạm phát tiếp theo lịch."),
        En => format!("Ended: the emergency order {titles}. The schedule goes on."),
    }
}

/// A line of the status for an order that stands.
pub fn standing(language: Language, zone: Tz, order: &InForce) -> String {
    let InForce { title, by, .. } = order;
    let until = date_and_time(language, zone, order.until);
    let repeats = repeats(language, order.every);
    let next = order.next.map(|next| clock_time(zone, next));
    match language {
        Vi => {
            let next = next.map(|next| format!(", lần kế tiếp {next}")).unwrap_or_default();
            format!("KHẨN CẤP: “{title}”, {repeats}{next}; đến {until}; người ra lệnh: {by}")
        }
        En => {
            let next = next.map(|next| format!(", next at {next}")).unwrap_or_default();
            format!("EMERGENCY: “{title}”, {repeats}{next}; until {until}; ordered by {by}")
        }
    }
}

/// The command by which a person has a dropped recording aired. Names hold spaces and letters of every kind.
pub fn command(file: &CartName) -> String {
    format!("loa emergency \"{file}\" --until HH:MM --every 10m")
}

/// What stands in the alarms while a recording waits for a person.
pub fn waits(language: Language, file: &CartName, since: DateTime<Utc>, zone: Tz) -> String {
    let (since, command) = (date_and_time(language, zone, since), command(file));
    match language {
        Vi => format!(
            "bản tin khẩn cấp nhận lúc {since} đang chờ người có thẩm quyền; phát ngay bằng lệnh `{command}`, không phát \
             thì chuyển tệp vào thư mục “Gỡ khỏi lịch”"
        ),
        En => format!(
            "an emergency recording, received at {since}, waits for a person; air it with `{command}`, or move the \
             file into “Take off”"
        ),
    }
}

/// What a receipt says of a recording that came by the folder for emergencies.
pub fn taken(language: Language, file: &CartName, taken: &EmergencyTaken) -> String {
    match (language, taken) {
        (Vi, EmergencyTaken::Waits) => format!(
            "Trạm đã nhận bản tin khẩn cấp này nhưng chỉ phát khi người có thẩm quyền ra lệnh. Hãy gọi ngay cho người trực \
             trạm. Lệnh phát: `{}`, trong đó HH:MM là giờ hết hiệu lực.",
            command(file)
        ),
        (En, EmergencyTaken::Waits) => format!(
            "The station has taken this emergency recording and airs it only when a person orders it. Call the \
             technician now. The order: `{}`, where HH:MM is when it expires.",
            command(file)
        ),
        (Vi, EmergencyTaken::AtOnce { time, every }) => format!(
            "Trạm phát bản tin khẩn cấp này ngay, phát lại mỗi {}, trong {} kể từ lần phát đầu. Muốn kết thúc sớm, người \
             trực trạm chạy lệnh `loa emergency --end`.",
            length(Vi, *every),
            length(Vi, *time)
        ),
        (En, EmergencyTaken::AtOnce { time, every }) => format!(
            "The station airs this emergency recording at once and repeats it every {}, for {} from its first airing \
             on. To end it sooner the technician runs `loa emergency --end`.",
            length(En, *every),
            length(En, *time)
        ),
    }
}

/// An order from the inbox that the station refused.
pub fn refused(language: Language, found: &str) -> String {
    match language {
        Vi => format!("bản tin khẩn cấp chưa phát được: {found}"),
        En => format!("the emergency recording does not air: {found}"),
    }
}

/// What stands in the alarms while the output has fallen silent.
pub fn dead_air(language: Language, zone: Tz, since: DateTime<Utc>) -> String {
    let since = clock_time(zone, since);
    match language {
        Vi => format!(
            "im lặng từ {since} trong khi phải có tiếng; trạm đã ngừng chương trình này; hãy nghe lại tệp ghi âm bằng \
             `loa probe` và kiểm tra mức âm lượng"
        ),
        En => format!(
            "silent since {since} where there should be sound; the station has ended this programme; try the recording \
             with `loa probe`, and look at the levels"
        ),
    }
}

/// That a recording of the config's `fallback` cannot air: what was to fill a hole would leave it.
pub fn fallback_cannot_air(language: Language, file: &CartName) -> String {
    match language {
        Vi => format!(
            "tệp phát thay thế “{file}” ghi ở `fallback` không có trong kho hoặc không phát được; xem `loa probe`"
        ),
        En => {
            format!("`fallback` names `{file}`, which is not in the library or cannot air; see `loa probe`")
        }
    }
}
