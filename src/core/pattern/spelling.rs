//! Weekdays and times of day as people at an office write them. Owns the spellings that are taken and why others are
//! refused: what two readers would take for two things is never guessed.

use std::fmt;

use chrono::{NaiveTime, Weekday};

use super::clip;

/// A set of weekdays: bit 0 is Monday, bit 6 Sunday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days(pub u8);

/// Why a text names no weekdays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaysError {
    /// Nothing but white space and commas.
    #[error("it is empty, expected weekdays such as `T2-T6`, `CN`, `mon-fri`")]
    Empty,
    /// A word that is no weekday.
    #[error("`{found}` is no weekday, expected `T2` to `T7` and `CN`, or `mon` to `sun`")]
    Unknown {
        /// As written, in lower case, at most 40 characters.
        found: String,
    },
    /// `thu`: Thursday, or the beginning of *thứ*?
    #[error("`{found}` may be Thursday or the Vietnamese “thứ”; write `T5` for Thứ Năm")]
    Thu {
        /// As written, in lower case, at most 40 characters.
        found: String,
    },
    /// A bare number: crontab counts Monday as 1, Vietnamese as 2.
    #[error(
        "the number `{found}` may be counted from Monday or as in “thứ {found}”; write `T2` to `T7`, `CN`"
    )]
    Number {
        /// As written, in lower case, at most 40 characters.
        found: String,
    },
    /// A range whose end comes before its begin.
    #[error("the range `{found}` runs backwards; name the days one by one, e.g. `T7, CN, T2`")]
    Backwards {
        /// As written, in lower case, at most 40 characters.
        found: String,
    },
}

const WORDS: [&[&str]; 7] = [
    &["t2", "thứ hai", "thứ 2", "mon", "monday"],
    &["t3", "thứ ba", "thứ 3", "tue", "tues", "tuesday"],
    &["t4", "thứ tư", "thứ 4", "thứ bốn", "wed", "wednesday"],
    &["t5", "thứ năm", "thứ 5", "thursday", "thur", "thurs"],
    &["t6", "thứ sáu", "thứ 6", "fri", "friday"],
    &["t7", "thứ bảy", "thứ bẩy", "thứ 7", "sat", "saturday"],
    &["cn", "chủ nhật", "chúa nhật", "sun", "sunday"],
];

/// All seven days in a word.
const EVERY_DAY: [&str; 9] = [
    "hằng ngày",
    "hàng ngày",
    "mỗi ngày",
    "mọi ngày",
    "các ngày trong tuần",
    "cả tuần",
    "daily",
    "every day",
    "all week",
];

/// Words that part or join days, each with the sign that it stands for; a blank on both sides.
const JOINING: [(&str, &str); 5] =
    [(" đến ", "-"), (" tới ", "-"), (" to ", "-"), (" và ", ","), (" and ", ",")];

impl Days {
    /// Monday to Sunday.
    pub const ALL: Days = Days(0b111_1111);

    /// Reads weekdays: single ones, ranges with `-` or `đến`, lists with `,`, `;` or `và`; `hằng ngày` for all. A range
    /// may end on Sunday and begins at the latest where it ends.
    pub fn parse(text: &str) -> Result<Days, DaysError> {
        use unicode_normalization::UnicodeNormalization;
        let mut text: String = text.nfc().collect::<String>().to_lowercase();
        if EVERY_DAY.contains(&text.split_whitespace().collect::<Vec<_>>().join(" ").as_str()) {
            return Ok(Days::ALL);
        }
        for (word, sign) in JOINING {
            text = text.replace(word, sign);
        }
        let text = text.trim().strip_prefix("từ ").unwrap_or(&text);
        let mut days = 0;
        for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
            if let Ok(day) = one(part) {
                days |= 1 << day;
                continue;
            }
            match part.split_once(['-', '–', '—']) {
                None => return Err(one(part).err().unwrap_or(DaysError::Empty)),
                Some((from, to)) => {
                    let (from, to) = (one(from.trim())?, one(to.trim())?);
                    if to < from {
                        return Err(DaysError::Backwards { found: clip(part) });
                    }
                    (from..=to).for_each(|day| days |= 1 << day);
                }
            }
        }
        if days == 0 { Err(DaysError::Empty) } else { Ok(Days(days)) }
    }
}

fn one(word: &str) -> Result<usize, DaysError> {
    let found = || clip(word);
    // One blank between two words, however many were typed.
    let tidy = word.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some(day) = WORDS.iter().position(|words| words.contains(&tidy.as_str())) {
        return Ok(day);
    }
    Err(match tidy.as_str() {
        "thu" | "thứ" => DaysError::Thu { found: found() },
        number if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            DaysError::Number { found: found() }
        }
        _ => DaysError::Unknown { found: found() },
    })
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, words) in WORDS.iter().enumerate().filter(|(day, _)| self.0 >> day & 1 == 1) {
            write!(f, "{separator}{}", words[0].to_uppercase())?;
            separator = ", ";
        }
        Ok(())
    }
}

impl FromIterator<Weekday> for Days {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Days {
        Days(days.into_iter().fold(0, |days, day| days | 1 << day.num_days_from_monday()))
    }
}

/// Why a text is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{found}` is no time of day, expected 00:00 to 23:59, such as `05:30`, `5h30` or `17:00:15`")]
pub struct TimeError {
    /// As written, at most 40 characters.
    pub found: String,
}

/// Reads a time of day: `05:30`, `5:30`, `05:30:15`, `5h30`, `5h`, `17g30`. Minutes and seconds have two digits.
pub fn parse_time(text: &str) -> Result<NaiveTime, TimeError> {
    let refused = || TimeError { found: clip(text) };
    let lower = text.trim().to_lowercase();
    let parts: Vec<&str> = match lower.split_once(['h', 'g']) {
        Some((hour, "")) => vec![hour, "00"],
        Some((hour, minute)) => vec![hour, minute],
        None => lower.split(':').collect(),
    };
    let number = |text: &str, most: usize| -> Option<u32> {
        let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse().ok() } else { None }
    };
    let two = |text: &str| number(text, 2).filter(|_| text.len() == 2);
    let time = match parts[..] {
        [hour, minute] => {
            number(hour, 2).zip(two(minute)).and_then(|(h, m)| NaiveTime::from_hms_opt(h, m, 0))
        }
        [hour, minute, second] => {
            let whole = number(hour, 2).zip(two(minute)).zip(two(second));
            whole.and_then(|((h, m), s)| NaiveTime::from_hms_opt(h, m, s))
        }
        _ => None,
    };
    time.ok_or_else(refused)
}
