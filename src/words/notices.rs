//! What stands in a cue's way, and why it did or did not air: the sentences of the rundown and of `loa why`.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::terms::{self, clock_time};
use crate::core::airing::{Airing, Kind, Outcome, Reason};
use crate::core::limits::Limit;
use crate::core::rundown::forecast::Notice;

/// A limit of the station that stands in the way.
pub(super) fn limit(language: Language, limit: Limit) -> String {
    let length = |span| terms::length(language, span);
    match (language, limit) {
        (Vi, Limit::Sessions(most)) => format!("trạm chỉ phát {most} buổi mỗi ngày"),
        (En, Limit::Sessions(most)) => format!("the station has {most} sessions a day"),
        (Vi, Limit::Session(most)) => format!("mỗi buổi phát không quá {}", length(most)),
        (En, Limit::Session(most)) => format!("a session is {} at most", length(most)),
        (Vi, Limit::Day(most)) => format!("mỗi ngày phát không quá {}", length(most)),
        (En, Limit::Day(most)) => format!("the station airs {} a day at most", length(most)),
        (Vi, Limit::Weekday(date)) => format!("trạm không phát vào {}", terms::date(Vi, date)),
        (En, Limit::Weekday(date)) => format!("the station does not air on {}", terms::date(En, date)),
        (Vi, Limit::Holiday(date)) => format!("trạm không phát ngày nghỉ lễ {}", terms::date(Vi, date)),
        (En, Limit::Holiday(date)) => {
            format!("the station does not air on the holiday {}", terms::date(En, date))
        }
        (Vi, Limit::Music) => "trạm không phát nhạc vào giờ này".into(),
        (En, Limit::Music) => "the station airs no music at that time".into(),
    }
}

/// A notice of the rundown.
pub fn notice(language: Language, zone: Tz, notice: &Notice) -> String {
    let at = |time: &DateTime<Utc>| clock_time(zone, *time);
    let names = |carts: &[crate::core::cart::CartName]| {
        carts.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
    };
    match (language, notice) {
        (Vi, Notice::Cancelled { reason: None }) => "đã hủy theo thay đổi trong lịch".into(),
        (En, Notice::Cancelled { reason: None }) => "cancelled by a change in the schedule".into(),
        (Vi, Notice::Cancelled { reason: Some(why) }) => format!("đã hủy theo thay đổi trong lịch: {why}"),
        (En, Notice::Cancelled { reason: Some(why) }) => {
            format!("cancelled by a change in the schedule: {why}")
        }
        (Vi, Notice::Skipped { by }) => format!("{by} đã cho bỏ lượt này"),
        (En, Notice::Skipped { by }) => format!("left out by {by}"),
        (Vi, Notice::WithoutCarts { carts, all: true }) => {
            format!("không phát được: thiếu tệp ghi âm {}", names(carts))
        }
        (En, Notice::WithoutCarts { carts, all: true }) => format!("cannot air: missing {}", names(carts)),
        (Vi, Notice::WithoutCarts { carts, all: false }) => {
            format!("sẽ phát thiếu: không có {}", names(carts))
        }
        (En, Notice::WithoutCarts { carts, all: false }) => format!("will air without {}", names(carts)),
        (Vi, Notice::Former { missing }) => format!("phát bản cũ cho đến khi có {}", names(missing)),
        (En, Notice::Former { missing }) => {
            format!("plays the old recordings until {} is in", names(missing))
        }
        (Vi, Notice::NothingToRepeat) => "phát lại nhưng lượt gốc chưa phát gì".into(),
        (En, Notice::NothingToRepeat) => "a repeat of a slot that has played nothing yet".into(),
        (Vi, Notice::Waits { behind, until }) => format!("phải chờ đến {}, sau “{behind}”", at(until)),
        (En, Notice::Waits { behind, until }) => format!("waits until {}, after “{behind}”", at(until)),
        (Vi, Notice::WaitsForQuiet { until }) => format!("phải chờ hết giờ yên tĩnh, đến {}", at(until)),
        (En, Notice::WaitsForQuiet { until }) => {
            format!("waits for the end of the quiet hours, until {}", at(until))
        }
        (Vi, Notice::CutBy { by, at: when }) => format!("bị “{by}” cắt ngang lúc {}", at(when)),
        (En, Notice::CutBy { by, at: when }) => format!("will be cut by “{by}” at {}", at(when)),
        (_, Notice::WaitsForLimit { limit: stands, until }) => match language {
            Vi => format!("phải chờ đến {}: {}", at(until), limit(Vi, *stands)),
            En => format!("waits until {}: {}", at(until), limit(En, *stands)),
        },
        (Vi, Notice::Limit { limit: None }) => "bị cắt vì vượt giới hạn phát của trạm".into(),
        (En, Notice::Limit { limit: None }) => "will be cut: it goes beyond a limit of the station".into(),
        (Vi, Notice::Limit { limit: Some(stands) }) => format!("không phát được: {}", limit(Vi, *stands)),
        (En, Notice::Limit { limit: Some(stands) }) => format!("cannot air: {}", limit(En, *stands)),
        (Vi, Notice::QuietHours) => "không phát được vì vướng giờ yên tĩnh".into(),
        (En, Notice::QuietHours) => "cannot air: the quiet hours stand in its way".into(),
        (Vi, Notice::TooLate { behind }) => {
            format!("sẽ lỡ: phải chờ “{behind}” lâu hơn thời gian cho phép phát trễ")
        }
        (En, Notice::TooLate { behind }) => {
            format!("will be missed: it waits for “{behind}” beyond its grace")
        }
        (Vi, Notice::Superseded) => "sẽ lỡ: lượt kế tiếp của khung giờ này đến trước khi phát được".into(),
        (En, Notice::Superseded) => {
            "will be missed: the slot's next cue falls due before it can start".into()
        }
    }
}

/// One sentence: why this did or did not air. `detail` is what the technician was told, in English.
pub fn why(language: Language, zone: Tz, airing: &Airing, detail: &str) -> String {
    let title = &airing.title;
    let due = airing.cue.as_ref().map(|cue| terms::date_and_time(language, zone, cue.due));
    let planned = due.map(|due| match language {
        Vi => format!(" (theo lịch {due})"),
        En => format!(" (due {due})"),
    });
    let planned = planned.unwrap_or_default();
    let by = airing.by.as_deref().unwrap_or_default();
    let reason = airing.reason.map(|reason| because(language, reason, by)).unwrap_or_default();
    let length = terms::length(language, airing.aired);
    let start = airing.started.map(|at| clock_time(zone, at)).unwrap_or_default();
    let end = airing.ended.map(|at| clock_time(zone, at)).unwrap_or_default();
    let relays = airing.kind == Kind::Relay;
    if airing.kind == Kind::Entered {
        return match language {
            Vi => format!(
                "“{title}” do {by} nhập thủ công, không phải số đo: bắt đầu {start}, dài {length}; lý do: {detail}"
            ),
            En => format!(
                "“{title}” was entered by hand by {by}, not measured: {start}, {length}; why: {detail}"
            ),
        };
    }
    let mut sentence = match (language, airing.outcome) {
        (Vi, Some(Outcome::OnAir)) if relays => format!("“{title}”{planned} đang tiếp sóng từ {start}"),
        (En, Some(Outcome::OnAir)) if relays => format!("“{title}”{planned} is relayed since {start}"),
        (Vi, Some(Outcome::Aired)) if relays => format!(
            "“{title}”{planned} đã tiếp sóng từ {start} đến {end}, dài {length}{} (không đo âm thanh)",
            late(Vi, airing)
        ),
        (En, Some(Outcome::Aired)) if relays => format!(
            "“{title}”{planned} was relayed from {start} to {end}, {length}{} (its sound is not measured)",
            late(En, airing)
        ),
        (Vi, Some(Outcome::Missed)) if relays && airing.reason == Some(Reason::NoDevice) => {
            format!("“{title}”{planned} không tiếp sóng vì tăng âm chưa bật được")
        }
        (En, Some(Outcome::Missed)) if relays && airing.reason == Some(Reason::NoDevice) => {
            format!("“{title}”{planned} was not relayed: the amplifier could not be switched on")
        }
        (Vi, None) => format!("“{title}”{planned} đã sẵn sàng nhưng chưa phát ra tiếng"),
        (En, None) => format!("“{title}”{planned} is about to start and has not sounded yet"),
        (Vi, Some(Outcome::OnAir)) => format!("“{title}”{planned} đang phát từ {start}"),
        (En, Some(Outcome::OnAir)) => format!("“{title}”{planned} is on air since {start}"),
        (Vi, Some(Outcome::Aired)) => format!(
            "“{title}”{planned} đã phát trọn vẹn từ {start} đến {end}, dài {length}{}",
            late(Vi, airing)
        ),
        (En, Some(Outcome::Aired)) => {
            format!("“{title}”{planned} aired whole from {start} to {end}, {length}{}", late(En, airing))
        }
        (Vi, Some(Outcome::Cut)) => {
            format!("“{title}”{planned} phát từ {start}, bị dừng lúc {end} sau {length} vì {reason}")
        }
        (En, Some(Outcome::Cut)) => {
            format!("“{title}”{planned} aired from {start} and was cut at {end} after {length}: {reason}")
        }
        (Vi, Some(Outcome::Interrupted)) => {
            format!("“{title}”{planned} phát từ {start} nhưng bị gián đoạn, phát được {length}, vì {reason}")
        }
        (En, Some(Outcome::Interrupted)) => {
            format!("“{title}”{planned} aired from {start} but was interrupted, {length} went out: {reason}")
        }
        (Vi, Some(Outcome::Missed)) => format!("“{title}”{planned} không phát vì {reason}"),
        (En, Some(Outcome::Missed)) => format!("“{title}”{planned} did not air: {reason}"),
    };
    if !detail.is_empty() {
        sentence.push_str(&format!(" [{detail}]"));
    }
    sentence
}

fn late(language: Language, airing: &Airing) -> String {
    match (language, airing.late_ms()) {
        (Vi, Some(ms)) if ms >= 1_000 => format!(", trễ {} so với lịch", seconds(Vi, ms)),
        (En, Some(ms)) if ms >= 1_000 => format!(", {} late", seconds(En, ms)),
        (Vi, Some(_)) => ", đúng giờ".into(),
        (En, Some(_)) => ", on time".into(),
        (_, None) => String::new(),
    }
}

fn seconds(language: Language, ms: i64) -> String {
    terms::length(language, std::time::Duration::from_millis(ms.unsigned_abs()))
}

/// The reason as the end of a sentence.
fn because(language: Language, reason: Reason, by: &str) -> String {
    let whom = |vi: &str, en: &str| match language {
        Vi if by.is_empty() => vi.to_owned(),
        En if by.is_empty() => en.to_owned(),
        Vi => format!("{vi} ({by})"),
        En => format!("{en} ({by})"),
    };
    let (vi, en) = match reason {
        Reason::HardStart => ("chương trình giờ cố định khác đến lượt", "a hard start took its place"),
        Reason::Emergency => ("có bản tin khẩn cấp", "an emergency took its place"),
        Reason::Operator => return whom("người trực cho dừng hoặc bỏ qua", "a person stopped or skipped it"),
        Reason::QuietHours => ("vướng giờ yên tĩnh", "the quiet hours"),
        Reason::Limit => ("vượt giới hạn thời lượng của trạm", "a limit of the station"),
        Reason::Shutdown => ("trạm được lệnh tắt", "the station was told to end"),
        Reason::PowerLost => {
            ("mất điện hoặc chương trình bị tắt đột ngột", "the power was lost or the program was killed")
        }
        Reason::DeviceLost => ("mất card âm thanh", "the sound card was lost"),
        Reason::BadAudio => ("tệp ghi âm hỏng", "a recording could not be decoded"),
        Reason::DeadAir => ("im lặng quá lâu khi đang phát", "the output was silent for too long"),
        Reason::StationOff => ("trạm không hoạt động vào giờ đó", "the station was off at that time"),
        Reason::Late => {
            ("không kịp bắt đầu trong thời gian cho phép phát trễ", "it could not start within its grace")
        }
        Reason::NoAudio => ("chưa có tệp ghi âm", "its recording was not in the library"),
        Reason::NoDevice => ("không mở được card âm thanh nào", "no sound card could be opened"),
        Reason::Clock => ("đồng hồ máy chưa đáng tin", "the clock could not be trusted"),
        Reason::Superseded => {
            ("lượt sau hoặc lịch mới đã thay thế", "the slot's next cue or a new schedule took its place")
        }
        Reason::Cancelled => ("đã hủy theo thay đổi trong lịch", "a change in the schedule called it off"),
        Reason::Withdrawn => ("lịch đã được gỡ", "its schedule was taken out"),
        Reason::NotApproved => ("chưa được phê duyệt", "it was not approved"),
        Reason::NoRecord => ("không ghi được nhật ký", "the journal could not record it"),
    };
    if language == Vi { vi.into() } else { en.into() }
}
