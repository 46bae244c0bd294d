//! Times, lengths and the closed lists of the core in words. Owns one wording for each, so that a page, a receipt and
//! a report say the same.

use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use crate::core::airing::{Kind, Outcome, Priority, Reason};
use crate::core::record::Trust;

/// A text with a capital at its begin.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The time of day in the station's zone: `05:30`, with seconds where they are not zero.
pub fn clock_time(zone: Tz, at: DateTime<Utc>) -> String {
    time_of_day(at.with_timezone(&zone).time())
}

/// A civil time: `05:30`, with seconds where they are not zero.
pub fn time_of_day(time: NaiveTime) -> String {
    time.format(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// The time and day in the station's zone: `05:30 Thứ Ba 24/11/2026`, `05:30 Tuesday 24 November 2026`.
pub fn date_and_time(language: Language, zone: Tz, at: DateTime<Utc>) -> String {
    let civil = at.with_timezone(&zone);
    format!("{} {}", time_of_day(civil.time()), date(language, civil.date_naive()))
}

/// A civil day with its weekday: `Thứ Ba 24/11/2026`, `Tuesday 24 November 2026`.
pub fn date(language: Language, date: NaiveDate) -> String {
    const DAYS: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];
    match language {
        Vi => {
            let day = DAYS[date.weekday().num_days_from_monday() as usize % DAYS.len()];
            format!("{day} {}", short_date(date))
        }
        En => date.format("%A %-d %B %Y").to_string(),
    }
}

/// From when to when a schedule is valid.
pub fn validity(language: Language, from: NaiveDate, until: Option<NaiveDate>) -> String {
    let from = date(language, from);
    match (language, until.map(|until| date(language, until))) {
        (Vi, Some(until)) => format!("từ {from} đến hết {until}"),
        (En, Some(until)) => format!("{from} to {until}"),
        (Vi, None) => format!("từ {from} trở đi"),
        (En, None) => format!("from {from} on"),
    }
}

/// A civil day as forms carry it: `24/11/2026`.
pub fn short_date(date: NaiveDate) -> String {
    date.format("%d/%m/%Y").to_string()
}

/// A length of time: `1 giờ 2 phút 5 giây`, `1 h 2 min 5 s`; tenths of a second below ten seconds.
pub fn length(language: Language, length: Duration) -> String {
    let [hour, minute, second] = match language {
        Vi => ["giờ", "phút", "giây"],
        En => ["h", "min", "s"],
    };
    let tenths = (length.as_millis() + 50) / 100;
    if tenths < 100 && !tenths.is_multiple_of(10) {
        let point = if language == Vi { ',' } else { '.' };
        return format!("{}{point}{} {second}", tenths / 10, tenths % 10);
    }
    let seconds = (length.as_millis() + 500) / 1000;
    let parts = [(seconds / 3600, hour), (seconds / 60 % 60, minute), (seconds % 60, second)];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count} {unit}")).collect();
    if said.is_empty() { format!("0 {second}") } else { said.join(" ") }
}

/// A number with one digit after the point: `-16,4`, `-16.4`.
pub fn tenths(language: Language, number: f64) -> String {
    let said = format!("{number:.1}");
    if language == Vi { said.replace('.', ",") } else { said }
}

/// A size as the file managers of offices show it, in units of 1,024, a begun tenth counted as whole: `2,1 GB`.
pub fn size(language: Language, bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} byte{}", if language == En && bytes != 1 { "s" } else { "" });
    }
    let power = (bytes.ilog2() / 10).min(UNITS.len() as u32);
    let tenths = (u128::from(bytes) * 10).div_ceil(1 << (10 * power));
    let unit = UNITS[power as usize - 1];
    match (tenths % 10, language) {
        (0, _) => format!("{} {unit}", tenths / 10),
        (tenth, Vi) => format!("{},{tenth} {unit}", tenths / 10),
        (tenth, En) => format!("{}.{tenth} {unit}", tenths / 10),
    }
}

/// A priority.
pub fn priority(language: Language, priority: Priority) -> &'static str {
    let (vi, en) = match priority {
        Priority::Normal => ("thông thường", "normal"),
        Priority::Priority => ("ưu tiên", "priority"),
        Priority::Emergency => ("khẩn cấp", "emergency"),
    };
    pick(language, vi, en)
}

/// An outcome.
pub fn outcome(language: Language, outcome: Outcome) -> &'static str {
    let (vi, en) = match outcome {
        Outcome::OnAir => ("đang phát", "on air"),
        Outcome::Aired => ("đã phát", "aired"),
        Outcome::Cut => ("bị cắt", "cut"),
        Outcome::Interrupted => ("bị gián đoạn", "interrupted"),
        Outcome::Missed => ("không phát", "missed"),
    };
    pick(language, vi, en)
}

/// A reason, as a column of a report has it.
pub fn reason(language: Language, reason: Reason) -> &'static str {
    let (vi, en) = match reason {
        Reason::HardStart => ("nhường chương trình giờ cố định", "a hard start"),
        Reason::Emergency => ("nhường bản tin khẩn cấp", "an emergency"),
        Reason::Operator => ("theo lệnh người trực", "a person's order"),
        Reason::QuietHours => ("giờ yên tĩnh", "quiet hours"),
        Reason::Limit => ("quá giới hạn của trạm", "a limit of the station"),
        Reason::Shutdown => ("trạm được lệnh tắt", "the station was told to end"),
        Reason::PowerLost => ("mất điện", "power lost"),
        Reason::DeviceLost => ("mất card âm thanh", "sound card lost"),
        Reason::BadAudio => ("tệp ghi âm hỏng", "bad recording"),
        Reason::DeadAir => ("im lặng trên sóng", "dead air"),
        Reason::StationOff => ("trạm không hoạt động", "station off"),
        Reason::Late => ("quá thời gian cho phép phát trễ", "too late"),
        Reason::NoAudio => ("thiếu tệp ghi âm", "recording missing"),
        Reason::NoDevice => ("không có card âm thanh", "no sound card"),
        Reason::Clock => ("giờ máy chưa đáng tin", "clock not trusted"),
        Reason::Superseded => ("lượt sau hoặc lịch mới thay thế", "superseded"),
        Reason::Cancelled => ("hủy theo lịch", "cancelled by the schedule"),
        Reason::Withdrawn => ("lịch đã được gỡ", "schedule taken out"),
        Reason::NotApproved => ("chưa được duyệt", "not approved"),
        Reason::NoRecord => ("không ghi được nhật ký", "journal not writable"),
    };
    pick(language, vi, en)
}

/// Where an airing came from.
pub fn kind(language: Language, kind: Kind) -> &'static str {
    let (vi, en) = match kind {
        Kind::Cue => ("theo lịch", "scheduled"),
        Kind::Emergency => ("khẩn cấp", "emergency"),
        Kind::Relay => ("tiếp sóng", "relay"),
        Kind::Fallback => ("phát thay thế", "fallback"),
        Kind::Manual => ("theo lệnh", "by order"),
        Kind::Entered => ("nhập thủ công", "entered by hand"),
        Kind::Test => ("phát thử", "test"),
    };
    pick(language, vi, en)
}

/// What the airing is called that takes the place of a cue.
pub fn fallback(language: Language) -> &'static str {
    pick(language, "Phát thay thế", "Fallback")
}

/// Whether the clock is trusted, and on what ground.
pub fn trust(language: Language, trust: Trust) -> &'static str {
    let (vi, en) = match trust {
        Trust::Synchronised => ("đã đồng bộ", "synchronised"),
        Trust::Plausible => ("khớp với đồng hồ phần cứng", "agrees with the hardware clock"),
        Trust::Confirmed => ("đã được người trực xác nhận", "confirmed by a person"),
        Trust::Vouched => ("được bảo đảm trong cấu hình", "vouched for in the config"),
        Trust::BeforeBuild => (
            "chưa đáng tin: sớm hơn ngày phát hành chương trình",
            "not trusted: before the program was built",
        ),
        Trust::BeforeJournal => {
            ("chưa đáng tin: sớm hơn mục cuối của nhật ký", "not trusted: before the journal's last entry")
        }
        Trust::Unproven => (
            "chưa đáng tin: chưa đồng bộ, không có đồng hồ phần cứng để đối chiếu",
            "not trusted: neither synchronised nor borne out by a hardware clock",
        ),
        Trust::Stepped => {
            ("chưa đáng tin: giờ máy vừa bị chỉnh", "not trusted: it was set while nothing vouched for it")
        }
    };
    pick(language, vi, en)
}

fn pick(language: Language, vi: &'static str, en: &'static str) -> &'static str {
    match language {
        Vi => vi,
        En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use chrono_tz::Asia::Ho_Chi_Minh;
    use std::collections::HashSet;

    fn at(hour: u32, minute: u32, second: u32) -> DateTime<Utc> {
        Ho_Chi_Minh.with_ymd_and_hms(2026, 11, 24, hour, minute, second).unwrap().to_utc()
    }

    #[test]
    fn times_are_said_in_the_stations_zone() {
        assert_eq!(clock_time(Ho_Chi_Minh, at(5, 30, 0)), "05:30");
        assert_eq!(clock_time(Ho_Chi_Minh, at(5, 30, 4)), "05:30:04");
        assert_eq!(date_and_time(Vi, Ho_Chi_Minh, at(5, 30, 0)), "05:30 Thứ Ba 24/11/2026");
        assert_eq!(date_and_time(En, Ho_Chi_Minh, at(5, 30, 0)), "05:30 Tuesday 24 November 2026");
    }

    #[test]
    fn every_day_of_the_week_has_its_name() {
        let week: Vec<String> =
            (22..29).map(|day| date(Vi, NaiveDate::from_ymd_opt(2026, 11, day).unwrap())).collect();
        assert_eq!(week[0], "Chủ Nhật 22/11/2026");
        assert_eq!(week[1], "Thứ Hai 23/11/2026");
        assert_eq!(week[6], "Thứ Bảy 28/11/2026");
    }

    #[test]
    fn lengths_are_rounded_as_people_say_them() {
        let said = |ms| (length(Vi, Duration::from_millis(ms)), length(En, Duration::from_millis(ms)));
        let both = |vi: &str, en: &str| (vi.to_owned(), en.to_owned());
        assert_eq!(said(0), both("0 giây", "0 s"));
        assert_eq!(said(340), both("0,3 giây", "0.3 s"));
        assert_eq!(said(9_960), both("10 giây", "10 s"));
        assert_eq!(said(59_600), both("1 phút", "1 min"));
        assert_eq!(said(3_725_000), both("1 giờ 2 phút 5 giây", "1 h 2 min 5 s"));
    }

    #[test]
    fn sizes_and_numbers_are_written_as_offices_see_them() {
        assert_eq!(
            (size(Vi, 1), size(En, 1), size(En, 0)),
            ("1 byte".into(), "1 byte".into(), "0 bytes".into())
        );
        assert_eq!(size(Vi, 1024), "1 KB");
        assert_eq!((size(Vi, 2 << 30), size(Vi, (2 << 30) + 1)), ("2 GB".into(), "2,1 GB".into()));
        assert_eq!(size(En, 5_242_881), "5.1 MB");
        assert_eq!(size(En, u64::MAX), "16777216 TB");
        assert_eq!((tenths(Vi, -16.44), tenths(En, -16.44)), ("-16,4".into(), "-16.4".into()));
    }

    #[test]
    fn no_two_members_of_a_list_are_said_alike() {
        for language in [Vi, En] {
            let all = |said: Vec<&str>| {
                assert_eq!(said.iter().collect::<HashSet<_>>().len(), said.len(), "{said:?}")
            };
            all(Outcome::ALL.iter().map(|one| outcome(language, *one)).collect());
            all(Reason::ALL.iter().map(|one| reason(language, *one)).collect());
            all(Kind::ALL.iter().map(|one| kind(language, *one)).collect());
            all(Priority::ALL.iter().map(|one| priority(language, *one)).collect());
        }
    }
}
