//! Cron expressions as crontab(5) has them. The `cron` crate reads the fields; it counts weekdays from Sunday as 1 and
//! wants both days to match, so weekdays are translated and the days are joined here. Owns what is refused and why.

use chrono::{Datelike, NaiveDate, NaiveTime};
use cron::{Schedule, TimeUnitSpec};

use super::clip;

/// A field of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// 0–59, only in expressions of six fields.
    Second,
    /// 0–59.
    Minute,
    /// 0–23.
    Hour,
    /// 1–31.
    Day,
    /// 1–12, `jan`–`dec`.
    Month,
    /// 0–7, both ends Sunday, `sun`–`sat`.
    Weekday,
}

impl Field {
    /// In the order of an expression of six fields.
    pub const ALL: [Field; 6] =
        [Field::Second, Field::Minute, Field::Hour, Field::Day, Field::Month, Field::Weekday];

    /// Its English name.
    pub fn name(self) -> &'static str {
        match self {
            Field::Second => "second",
            Field::Minute => "minute",
            Field::Hour => "hour",
            Field::Day => "day",
            Field::Month => "month",
            Field::Weekday => "weekday",
        }
    }

    /// What it may hold, as a message has it.
    pub fn expected(self) -> &'static str {
        match self {
            Field::Second | Field::Minute => "0-59",
            Field::Hour => "0-23",
            Field::Day => "1-31",
            Field::Month => "1-12, jan-dec",
            Field::Weekday => "0-7, sun-sat",
        }
    }

    /// How a range that passes its end is written instead, as a message has it.
    pub fn two_ranges(self) -> &'static str {
        match self {
            Field::Second | Field::Minute => "50-59,0-10",
            Field::Hour => "22-23,0-5",
            Field::Day => "25-31,1-5",
            Field::Month => "nov-dec,jan-feb",
            Field::Weekday => "fri-sat,sun-mon",
        }
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Field::Month => {
                &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
            }
            Field::Weekday => &["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
            _ => &[],
        }
    }

    fn range(self) -> (u32, u32) {
        match self {
            Field::Second | Field::Minute => (0, 59),
            Field::Hour => (0, 23),
            Field::Day => (1, 31),
            Field::Month => (1, 12),
            Field::Weekday => (0, 7),
        }
    }
}

/// Why a text is no cron expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// Not five or six fields.
    #[error(
        "it has {found} fields, expected five (minute hour day month weekday), or six with seconds first"
    )]
    FieldCount {
        /// How many.
        found: usize,
    },
    /// A field that says nothing a clock could do.
    #[error("`{found}` in the field {} is not among {}", field.name(), field.expected())]
    Field {
        /// Which.
        field: Field,
        /// The part that is wrong, as written, at most 40 characters.
        found: String,
    },
    /// A range whose end comes before its begin.
    #[error("the range `{found}` in the field {} runs backwards; write two ranges, such as `{}`", field.name(), field.two_ranges())]
    Backwards {
        /// Which.
        field: Field,
        /// As written.
        found: String,
    },
    /// A word after `@` that is none of crontab's, or one that has no time.
    #[error("`{found}` is not among @hourly, @daily, @weekly, @monthly, @yearly")]
    Nickname {
        /// As written.
        found: String,
    },
    /// No day has that date.
    #[error("it never fires: no day of the calendar fits")]
    Never,
}

/// An expression, read: which values of each field fit, as bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crontab {
    text: String,
    seconds: u64,
    minutes: u64,
    hours: u64,
    days: u64,
    months: u64,
    /// Bit 0 is Sunday.
    weekdays: u64,
    /// Day and weekday must both fit, since one of them begins with `*`; else either may.
    both_days: bool,
    /// Minute or hour begins with `*`.
    real_time: bool,
}

/// Reads an expression.
pub(super) fn parse(text: &str) -> Result<Crontab, PatternError> {
    let spelled = match text.trim() {
        word if word.starts_with('@') => nickname(word)?,
        other => other,
    };
    let mut fields: Vec<&str> = spelled.split_ascii_whitespace().collect();
    let found = fields.len();
    if fields.len() == 5 {
        fields.insert(0, "0");
    }
    let Ok(fields) = <[&str; 6]>::try_from(fields) else {
        return Err(PatternError::FieldCount { found });
    };
    let mut translated = Vec::with_capacity(6);
    for (field, written) in Field::ALL.into_iter().zip(fields) {
        let parts: Result<Vec<String>, _> = written.split(',').map(|part| translate(field, part)).collect();
        translated.push(parts?.join(","));
    }
    let wrong = || PatternError::Field { field: Field::Minute, found: clip(spelled) };
    let schedule: Schedule = translated.join(" ").parse().map_err(|_| wrong())?;
    let crontab = Crontab {
        text: text.trim().to_owned(),
        seconds: bits(schedule.seconds()),
        minutes: bits(schedule.minutes()),
        hours: bits(schedule.hours()),
        days: bits(schedule.days_of_month()),
        months: bits(schedule.months()),
        weekdays: bits(schedule.days_of_week()) >> 1,
        both_days: fields[3].starts_with('*') || fields[5].starts_with('*'),
        real_time: fields[1].starts_with('*') || fields[2].starts_with('*'),
    };
    // The calendar repeats every 28 years between 1901 and 2099.
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).unwrap_or_default();
    let ever = first.iter_days().take(28 * 366).any(|date| crontab.has_day(date));
    if ever { Ok(crontab) } else { Err(PatternError::Never) }
}

/// The values of a field as bits.
fn bits(spec: &impl TimeUnitSpec) -> u64 {
    spec.iter().fold(0, |bits, value| bits | 1 << value)
}

fn nickname(word: &str) -> Result<&'static str, PatternError> {
    Ok(match word.to_lowercase().as_str() {
        "@hourly" => "0 * * * *",
        "@daily" | "@midnight" => "0 0 * * *",
        "@weekly" => "0 0 * * 0",
        "@monthly" => "0 0 1 * *",
        "@yearly" | "@annually" => "0 0 1 1 *",
        _ => return Err(PatternError::Nickname { found: clip(word) }),
    })
}

/// One part of a field as the `cron` crate wants it.
fn translate(field: Field, part: &str) -> Result<String, PatternError> {
    let wrong = || PatternError::Field { field, found: clip(part) };
    let (range, step) = match part.split_once('/') {
        Some((range, step)) => (range, Some(number(step).filter(|step| *step > 0).ok_or_else(wrong)?)),
        None => (part, None),
    };
    let (least, most) = field.range();
    let (from, to) = match range.split_once('-') {
        _ if range == "*" => (least, if field == Field::Weekday { 6 } else { most }),
        Some((from, to)) => {
            let (from, mut to) = (value(field, from).ok_or_else(wrong)?, value(field, to).ok_or_else(wrong)?);
            if field == Field::Weekday && to == 0 && from > 0 {
                // `fri-sun`: a week of people ends on Sunday.
                to = 7;
            }
            if to < from {
                return Err(PatternError::Backwards { field, found: clip(part) });
            }
            (from, to)
        }
        None => {
            let from = value(field, range).ok_or_else(wrong)?;
            // `5/15`: from five to the end, as most crons have it.
            (from, if step.is_some() { most } else { from })
        }
    };
    // Each value by itself: the crate then has nothing to count in its own way.
    let values = (from..=to).step_by(step.unwrap_or(1) as usize).map(|value| match field {
        Field::Weekday => (value % 7 + 1).to_string(),
        _ => value.to_string(),
    });
    Ok(values.collect::<Vec<_>>().join(","))
}

fn value(field: Field, text: &str) -> Option<u32> {
    let (least, most) = field.range();
    if let Some(at) = field.names().iter().position(|name| name.eq_ignore_ascii_case(text)) {
        return Some(at as u32 + least);
    }
    number(text).filter(|number| (least..=most).contains(number))
}

fn number(text: &str) -> Option<u32> {
    let digits = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// The numbers of the bits that are set, ascending.
fn set_bits(bits: u64) -> impl Iterator<Item = u32> + Clone {
    let mut left = bits;
    std::iter::from_fn(move || {
        let next = (left != 0).then(|| left.trailing_zeros())?;
        left &= left - 1;
        Some(next)
    })
}

impl Crontab {
    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it fires on that day.
    pub(super) fn has_day(&self, date: NaiveDate) -> bool {
        let day = self.days >> date.day() & 1 == 1;
        let weekday = self.weekdays >> date.weekday().num_days_from_sunday() & 1 == 1;
        let fits = if self.both_days { day && weekday } else { day || weekday };
        fits && self.months >> date.month() & 1 == 1
    }

    /// Whether it fires in that minute of a day on which it fires.
    pub(super) fn has_minute(&self, hour: u32, minute: u32) -> bool {
        self.hours >> hour & 1 == 1 && self.minutes >> minute & 1 == 1
    }

    /// The seconds of a minute, ascending.
    pub(super) fn seconds(&self) -> impl Iterator<Item = u32> + Clone {
        set_bits(self.seconds)
    }

    /// The civil times of a day, ascending.
    pub(super) fn times(&self) -> impl Iterator<Item = NaiveTime> {
        set_bits(self.hours).flat_map(move |hour| {
            set_bits(self.minutes).flat_map(move |minute| {
                self.seconds().filter_map(move |second| NaiveTime::from_hms_opt(hour, minute, second))
            })
        })
    }

    /// Whether it follows real time through a change of the zone's offset, rather than the clock on the wall.
    pub(super) fn follows_real_time(&self) -> bool {
        self.real_time
    }
}
