//! What people who are far away are told of alarms, and why a message did not reach them. Owns the wording and the order:
//! what is wrong first, what still is, what is over last.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::Say;
use super::cues::{foot, list, pick, sentence};
use super::terms::{clock_time, date_and_time};
use crate::core::outbox::{Change, Message, PasswordFault, Tiding, Undelivered, WayStanding};
use crate::core::paper::{Contact, Paper, Part, Stamp, Tone};

/// The subject of a letter: how it stands, in one line.
pub fn subject(language: Language, contact: &Contact, message: &Message) -> String {
    let Message { tidings, others } = message;
    let over = tidings.iter().filter(|one| matches!(one.change, Change::Over { .. })).count();
    let bad = tidings.len() - over;
    let what = match (language, bad, over) {
        (Vi, 0, _) if *others > 0 => format!("{over} cảnh báo đã hết, còn {others}"),
        (En, 0, _) if *others > 0 => format!("{over} over, {others} remain"),
        (Vi, 0, _) => format!("{over} cảnh báo đã hết"),
        (En, 0, _) => format!("{over} over"),
        (Vi, _, 0) => format!("CẢNH BÁO: {bad}"),
        (En, _, 0) => format!("ALARM: {bad}"),
        (Vi, ..) => format!("CẢNH BÁO: {bad}, đã hết: {over}"),
        (En, ..) => format!("ALARM: {bad}, over: {over}"),
    };
    format!("[{}] {what}", contact.station)
}

/// A heading in both languages, and what belongs below it.
type Group = (&'static str, &'static str, fn(&Change) -> bool);

/// The letter as a sheet.
pub fn letter(
    language: Language,
    zone: Tz,
    contact: &Contact,
    now: DateTime<Utc>,
    message: &Message,
) -> Paper {
    let Message { tidings, others } = message;
    let any = |wanted: fn(&Change) -> bool| tidings.iter().any(|one| wanted(&one.change));
    let standing = *others > 0 || any(|change| !matches!(change, Change::Over { .. }));
    let stamp = match standing {
        true => Stamp { text: pick(language, "CẢNH BÁO", "ALARM").into(), tone: Tone::Bad },
        false => Stamp {
            text: pick(language, "ĐÃ HẾT CẢNH BÁO", "THE ALARM IS OVER").into(),
            tone: Tone::Good,
        },
    };
    let as_of = date_and_time(language, zone, now);
    let mut parts = vec![Part::Text(match language {
        Vi => format!("Trạm gửi lúc {as_of}."),
        En => format!("Sent by the station, {as_of}."),
    })];
    let groups: [Group; 3] = [
        ("Mới xảy ra", "New", |change| *change == Change::Raised),
        ("Vẫn chưa khắc phục", "Still wrong", |change| *change == Change::Standing),
        ("Đã hết", "Over", |change| matches!(change, Change::Over { .. })),
    ];
    for (vi, en, belongs) in groups {
        if any(belongs) {
            parts.push(Part::Heading(pick(language, vi, en).into()));
            let those = tidings.iter().filter(|one| belongs(&one.change));
            parts.extend(those.flat_map(|one| tiding(language, zone, one)));
        }
    }
    if *others > 0 {
        parts.push(Part::Text(match language {
            Vi => format!(
                "Ngoài ra còn {others} cảnh báo đã gửi trước đây chưa khắc phục; xem bằng `loa status`."
            ),
            En => format!("Besides, {others} alarm(s) that were told before still stand; see `loa status`."),
        }));
    }
    parts.push(Part::Heading(pick(language, "Liên hệ", "Whom to ask").into()));
    parts.push(Part::Facts(foot(language, contact)));
    Paper { language, title: contact.station.clone(), stamp: Some(stamp), parts, renewed: None }
}

fn tiding(language: Language, zone: Tz, tiding: &Tiding) -> Vec<Part> {
    let alarm = &tiding.alarm;
    let mut lines = alarm.found.lines().filter(|line| !line.trim().is_empty());
    let first = lines.next().unwrap_or_default();
    let rest: Vec<String> = lines.map(ToOwned::to_owned).collect();
    let said = format!("{}: {first}", alarm.about);
    let since = date_and_time(language, zone, alarm.since);
    let (head, when) = match (language, tiding.change) {
        (Vi, Change::Over { at }) => {
            (Part::Text(said), format!("Từ {since} đến {}.", date_and_time(language, zone, at)))
        }
        (En, Change::Over { at }) => {
            (Part::Text(said), format!("From {since} to {}.", date_and_time(language, zone, at)))
        }
        (Vi, _) => (Part::Warning(said), format!("Từ {since}.")),
        (En, _) => (Part::Warning(said), format!("Since {since}.")),
    };
    let mut parts = vec![head];
    if !rest.is_empty() {
        parts.push(list(language, rest));
    }
    parts.push(Part::Text(when));
    parts
}

/// The subject and the one sentence of a test message.
pub fn test(language: Language, contact: &Contact) -> (String, &'static str) {
    let what = pick(language, "tin thử", "test message");
    let found = pick(
        language,
        "Đây là tin thử, không phải cảnh báo. Ai nhận được tin này sẽ nhận được cảnh báo của trạm.",
        "This is a test and no alarm. Whoever reads it will be told of the station's alarms.",
    );
    (format!("[{}] {what}", contact.station), found)
}

/// The test letter as a sheet.
pub fn test_letter(language: Language, contact: &Contact) -> Paper {
    let parts = vec![Part::Text(test(language, contact).1.into()), Part::Facts(foot(language, contact))];
    Paper { language, title: contact.station.clone(), stamp: None, parts, renewed: None }
}

/// A way's line in `loa status`.
pub fn way(language: Language, zone: Tz, way: &WayStanding) -> String {
    let to = &way.to;
    match (language, &way.failing, way.delivered) {
        (Vi, Some(failing), _) => format!(
            "! Chưa gửi được cảnh báo đến {to} từ {} ({} lần): {}. Thử lại lúc {}.",
            date_and_time(language, zone, failing.since),
            failing.tries,
            failing.found.say(language),
            clock_time(zone, failing.again)
        ),
        (En, Some(failing), _) => format!(
            "! Alarms have not reached {to} since {} ({} tries): {}. Next try at {}.",
            date_and_time(language, zone, failing.since),
            failing.tries,
            failing.found.say(language),
            clock_time(zone, failing.again)
        ),
        (Vi, None, Some(at)) => {
            format!("Cảnh báo gửi đến {to}, lần cuối {}.", date_and_time(language, zone, at))
        }
        (En, None, Some(at)) => format!("Alarms go to {to}, the last {}.", date_and_time(language, zone, at)),
        (Vi, None, None) => format!("Cảnh báo gửi đến {to}, chưa có lần nào."),
        (En, None, None) => format!("Alarms go to {to}, none so far."),
    }
}

/// The line of `loa alarms --test` for a way.
pub fn tested(language: Language, to: &str, answer: &Result<String, Undelivered>) -> String {
    match (language, answer) {
        (Vi, Ok(answer)) => format!("Đã gửi đến {to}. Máy chủ trả lời: {answer}"),
        (En, Ok(answer)) => format!("Sent to {to}. The server answered: {answer}"),
        (Vi, Err(why)) => format!("! Không gửi được đến {to}: {}", why.say(language)),
        (En, Err(why)) => format!("! Not sent to {to}: {}", why.say(language)),
    }
}

/// What `loa alarms --test` says where the config names nobody.
pub fn nobody(language: Language) -> String {
    sentence(pick(
        language,
        "chưa khai báo nơi nhận cảnh báo; hãy ghi `webhook` hoặc [alarms.email] trong mục [alarms] của station.toml",
        "nobody is told of alarms; write `webhook` or [alarms.email] into [alarms] of station.toml",
    ))
}

impl Say for Undelivered {
    fn say(&self, language: Language) -> String {
        if language == En {
            return self.to_string();
        }
        match self {
            Undelivered::NoSuchHost { host } => format!(
                "không có máy chủ “{host}”; hãy kiểm tra tên trong station.toml và kết nối mạng của trạm"
            ),
            Undelivered::NotReached { host, found } => {
                format!("không kết nối được với “{host}”: {found}; hãy kiểm tra kết nối mạng của trạm")
            }
            Undelivered::TooSlow { host, seconds } => format!(
                "“{host}” không trả lời trong {seconds} giây; hãy kiểm tra kết nối mạng của trạm hoặc máy chủ đó"
            ),
            Undelivered::NotSecure { host, found } => format!(
                "không lập được kết nối an toàn với “{host}”: {found}; hãy kiểm tra `security` và chứng thư của máy chủ"
            ),
            Undelivered::Refused { host, answer } => {
                format!("“{host}” từ chối nhận: {answer}; hãy hỏi người quản lý máy chủ đó")
            }
            Undelivered::BadAddress { address, found } => {
                format!("“{address}” không phải là địa chỉ đúng ({found}); hãy sửa trong station.toml")
            }
            Undelivered::Password { file, why } => {
                format!("tệp mật khẩu “{}” {}", file.display(), password(why))
            }
            Undelivered::Broken { found } => format!("không soạn hoặc không gửi được tin: {found}"),
        }
    }
}

fn password(why: &PasswordFault) -> String {
    match why {
        PasswordFault::Unreadable { found } => {
            format!("không đọc được: {found}; hãy tạo tệp, ghi mật khẩu ở dòng đầu")
        }
        PasswordFault::Open { mode } => format!(
            "để người khác cũng đọc được (quyền {mode:o}, phải là 600 trở xuống); hãy chạy `chmod 600` với tệp này, và đổi \
             mật khẩu nếu máy này có người khác dùng"
        ),
        PasswordFault::Empty => "đang trống; hãy ghi mật khẩu ở dòng đầu".into(),
        PasswordFault::TooLong { limit } => {
            format!("không phải tệp mật khẩu: dài quá {limit} byte; chỉ ghi mật khẩu ở dòng đầu")
        }
    }
}
