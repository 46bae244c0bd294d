//! The periods that reports are made for: week, month, quarter, half-year, year, or any span, reckoned by the calendar or
//! as administrations do. Owns where each begins and ends; never asks what day it is.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

mod spelled;

/// The years that periods are asked for.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;
/// The longest span: ten years.
const LONGEST_DAYS: i64 = 3_660;

/// How the months of a period are reckoned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reckoning {
    /// From the first day to the last.
    #[default]
    Calendar,
    /// From the 15th of the month before to the 14th, so that the report can be in when the month ends: how the periodic
    /// reports of the administration are reckoned.
    Administrative,
}

/// What a period is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PeriodName {
    /// A week of ISO 8601, Monday to Sunday: `2026-W45`.
    Week(i32, u32),
    /// A month, 1–12: `2026-10`.
    Month(i32, u32),
    /// A quarter, 1–4: `2026-Q4`.
    Quarter(i32, u32),
    /// A half-year, 1 or 2: `2026-H2`.
    Half(i32, u32),
    /// A year: `2026`.
    Year(i32),
    /// Any days.
    Span,
}

/// A period of civil days, both ends inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    /// What it is called.
    pub name: PeriodName,
    /// How it is reckoned.
    pub reckoning: Reckoning,
    /// Its first day.
    pub from: NaiveDate,
    /// Its last day.
    pub to: NaiveDate,
}

/// Why something is no period.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Not one of the spellings.
    #[error("`{found}` is no period, expected one such as 2026-10, 2026-W45, 2026-Q4, 2026-H2 or 2026")]
    NoPeriod {
        /// As written.
        found: String,
    },
    /// Month 13, week 54, quarter 5.
    #[error("`{found}` does not exist: the year {year} has {from} to {to}")]
    OutOfRange {
        /// As written.
        found: String,
        /// The year.
        year: i32,
        /// The first there is.
        from: &'static str,
        /// The last there is.
        to: &'static str,
    },
    /// Weeks are weeks.
    #[error("weeks have no administrative reckoning; leave out `--administrative`, or ask for a month")]
    WeekIsCalendar,
    /// No day that a station can have lived.
    #[error("the days lie outside the years {} to {}; mend the dates", YEARS.start(), YEARS.end())]
    BeyondCalendar,
    /// Longer than any report.
    #[error("the span has {days} days, expected at most {LONGEST_DAYS}; ask for its parts")]
    TooLong {
        /// How many it has.
        days: i64,
    },
    /// The last day lies before the first.
    #[error("the period ends on {to}, before it begins on {from}; give the earlier day first")]
    Backwards {
        /// The first day.
        from: NaiveDate,
        /// The last day.
        to: NaiveDate,
    },
}

impl PeriodName {
    /// Reads `2026-10`, `2026-W45`, `2026-Q4`, `2026-H2`, `2026`.
    pub fn parse(text: &str) -> Result<PeriodName, PeriodError> {
        let none = || PeriodError::NoPeriod { found: text.chars().take(40).collect() };
        let number = |digits: &str, length: std::ops::RangeInclusive<usize>| {
            let plain = length.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            plain.then(|| digits.parse::<u32>().ok()).flatten()
        };
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        let year = number(year, 4..=4)
            .map(|year| year as i32)
            .filter(|year| YEARS.contains(year))
            .ok_or_else(none)?;
        let Some(rest) = rest else { return Ok(PeriodName::Year(year)) };
        let outside = |from, to| PeriodError::OutOfRange { found: text.to_owned(), year, from, to };
        let marked = |mark: char| rest.strip_prefix([mark, mark.to_ascii_lowercase()]);
        if let Some(week) = marked('W') {
            let week = number(week, 1..=2).ok_or_else(none)?;
            let exists = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).is_some();
            let long = NaiveDate::from_isoywd_opt(year, 53, Weekday::Mon).is_some();
            let last = if long { "W53" } else { "W52" };
            return exists.then_some(PeriodName::Week(year, week)).ok_or_else(|| outside("W01", last));
        }
        if let Some(quarter) = marked('Q') {
            let quarter = number(quarter, 1..=1).ok_or_else(none)?;
            let exists = (1..=4).contains(&quarter);
            return exists.then_some(PeriodName::Quarter(year, quarter)).ok_or_else(|| outside("Q1", "Q4"));
        }
        if let Some(half) = marked('H') {
            let half = number(half, 1..=1).ok_or_else(none)?;
            let exists = (1..=2).contains(&half);
            return exists.then_some(PeriodName::Half(year, half)).ok_or_else(|| outside("H1", "H2"));
        }
        let month = number(rest, 1..=2).ok_or_else(none)?;
        (1..=12).contains(&month).then_some(PeriodName::Month(year, month)).ok_or_else(|| outside("01", "12"))
    }
}

impl fmt::Display for PeriodName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PeriodName::Week(year, week) => write!(f, "{year}-W{week:02}"),
            PeriodName::Month(year, month) => write!(f, "{year}-{month:02}"),
            PeriodName::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            PeriodName::Half(year, half) => write!(f, "{year}-H{half}"),
            PeriodName::Year(year) => write!(f, "{year}"),
            PeriodName::Span => f.write_str("span"),
        }
    }
}

impl Period {
    /// The period of that name.
    ///
    /// # Errors
    /// [`PeriodError::WeekIsCalendar`]; a [`PeriodName::Span`], which names no days, is no period.
    pub fn named(name: PeriodName, reckoning: Reckoning) -> Result<Period, PeriodError> {
        let none = || PeriodError::NoPeriod { found: name.to_string() };
        let (first, months) = match name {
            PeriodName::Week(..) if reckoning == Reckoning::Administrative => {
                return Err(PeriodError::WeekIsCalendar);
            }
            PeriodName::Week(year, week) => {
                let from = NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).ok_or_else(none)?;
                let to = from.checked_add_days(Days::new(6)).ok_or_else(none)?;
                return Ok(Period { name, reckoning, from, to });
            }
            PeriodName::Month(year, month) => ((year, month), 1),
            PeriodName::Quarter(year, quarter) => ((year, quarter * 3 - 2), 3),
            PeriodName::Half(year, half) => ((year, half * 6 - 5), 6),
            PeriodName::Year(year) => ((year, 1), 12),
            PeriodName::Span => return Err(none()),
        };
        let begins = NaiveDate::from_ymd_opt(first.0, first.1, 1).ok_or_else(none)?;
        let from = match reckoning {
            Reckoning::Calendar => Some(begins),
            Reckoning::Administrative => {
                begins.checked_sub_months(Months::new(1)).and_then(|before| before.with_day(15))
            }
        }
        .ok_or_else(none)?;
        let to = from.checked_add_months(Months::new(months)).and_then(|next| next.pred_opt());
        Ok(Period { name, reckoning, from, to: to.ok_or_else(none)? })
    }

    /// Any span of days; `reckoning` says to which year they are counted.
    ///
    /// # Errors
    /// [`PeriodError::Backwards`], [`PeriodError::BeyondCalendar`], [`PeriodError::TooLong`].
    pub fn span(from: NaiveDate, to: NaiveDate, reckoning: Reckoning) -> Result<Period, PeriodError> {
        if to < from {
            return Err(PeriodError::Backwards { from, to });
        }
        if !YEARS.contains(&from.year()) || !YEARS.contains(&to.year()) {
            return Err(PeriodError::BeyondCalendar);
        }
        let days = (to - from).num_days() + 1;
        if days > LONGEST_DAYS {
            return Err(PeriodError::TooLong { days });
        }
        Ok(Period { name: PeriodName::Span, reckoning, from, to })
    }

    /// Whether that civil day belongs to it.
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.to).contains(&day)
    }

    /// The year that its last day belongs to, by the same reckoning: what is counted up since its begin, and what counts as
    /// a repeat, goes by this year.
    pub fn year(&self) -> Period {
        year_of(self.to, self.reckoning)
    }
}

/// The year that `day` belongs to. At the ends of what the calendar of the program holds it is that day alone.
pub fn year_of(day: NaiveDate, reckoning: Reckoning) -> Period {
    let next = reckoning == Reckoning::Administrative && (day.month(), day.day()) >= (12, 15);
    let year = PeriodName::Year(day.year() + i32::from(next));
    let alone = Period { name: PeriodName::Span, reckoning, from: day, to: day };
    Period::named(year, reckoning).unwrap_or(alone)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(name: &str, reckoning: Reckoning) -> (NaiveDate, NaiveDate) {
        let period = Period::named(PeriodName::parse(name).unwrap(), reckoning).unwrap();
        (period.from, period.to)
    }

    #[test]
    fn calendar_periods_run_from_the_first_day_to_the_last() {
        for (name, from, to) in [
            ("2026-10", "2026-10-01", "2026-10-31"),
            ("2028-02", "2028-02-01", "2028-02-29"),
            ("2026-Q4", "2026-10-01", "2026-12-31"),
            ("2026-H2", "2026-07-01", "2026-12-31"),
            ("2026", "2026-01-01", "2026-12-31"),
            ("2026-W45", "2026-11-02", "2026-11-08"),
            ("2026-W53", "2026-12-28", "2027-01-03"),
        ] {
            assert_eq!(days(name, Reckoning::Calendar), (day(from), day(to)), "{name}");
        }
    }

    #[test]
    fn administrative_periods_are_those_of_the_decree() {
        for (name, from, to) in [
            ("2026-10", "2026-09-15", "2026-10-14"),
            ("2026-01", "2025-12-15", "2026-01-14"),
            ("2026-03", "2026-02-15", "2026-03-14"),
            ("2026-Q1", "2025-12-15", "2026-03-14"),
            ("2026-Q4", "2026-09-15", "2026-12-14"),
            ("2026-H1", "2025-12-15", "2026-06-14"),
            ("2026-H2", "2026-06-15", "2026-12-14"),
            ("2026", "2025-12-15", "2026-12-14"),
        ] {
            assert_eq!(days(name, Reckoning::Administrative), (day(from), day(to)), "{name}");
        }
        let week = PeriodName::parse("2026-W45").unwrap();
        assert_eq!(Period::named(week, Reckoning::Administrative), Err(PeriodError::WeekIsCalendar));
    }

    #[test]
    fn the_parts_of_a_year_follow_one_another_without_a_gap() {
        for reckoning in [Reckoning::Calendar, Reckoning::Administrative] {
            for (parts, name) in [(12u32, "month"), (4, "quarter"), (2, "half")] {
                let mut next = days("2026", reckoning).0;
                for part in 1..=parts {
                    let part = match parts {
                        12 => PeriodName::Month(2026, part),
                        4 => PeriodName::Quarter(2026, part),
                        _ => PeriodName::Half(2026, part),
                    };
                    let period = Period::named(part, reckoning).unwrap();
                    assert_eq!(period.from, next, "{name} {part}");
                    assert_eq!(period.year().name, PeriodName::Year(2026));
                    next = period.to.succ_opt().unwrap();
                }
                assert_eq!(next.pred_opt().unwrap(), days("2026", reckoning).1);
            }
        }
    }

    #[test]
    fn names_read_back_and_what_is_none_is_told() {
        for name in ["2026-10", "2026-W05", "2026-Q4", "2026-H2", "2026"] {
            assert_eq!(PeriodName::parse(name).unwrap().to_string(), name);
        }
        for name in ["2026-13", "2026-00", "2026-W54", "2026-W00", "2025-W53", "2026-Q5", "2026-H0"] {
            let told = PeriodName::parse(name).unwrap_err();
            assert!(matches!(told, PeriodError::OutOfRange { .. }), "{name}: {told}");
        }
        for name in
            ["", "26", "2026-", "2026-Q", "2026-Q11", "2026-10-01", "tháng 10", "0000", "9999", "２０２６"]
        {
            let told = PeriodName::parse(name).unwrap_err();
            assert!(matches!(told, PeriodError::NoPeriod { .. }), "{name}: {told}");
        }
        let told = Period::span(day("2026-10-02"), day("2026-10-01"), Reckoning::Calendar);
        assert!(matches!(told, Err(PeriodError::Backwards { .. })));
        let told = |from, to| Period::span(from, to, Reckoning::Administrative).unwrap_err();
        assert_eq!(told(NaiveDate::MIN, day("2026-01-01")), PeriodError::BeyondCalendar);
        assert_eq!(told(day("2026-01-01"), NaiveDate::MAX), PeriodError::BeyondCalendar);
        assert!(matches!(told(day("2016-01-01"), day("2026-12-31")), PeriodError::TooLong { .. }));
        let told = PeriodName::parse("2025-W53").unwrap_err().to_string();
        assert!(told.contains("W01 to W52"), "{told}");
    }

    #[test]
    fn a_day_belongs_to_the_year_of_its_reckoning() {
        let year = |text, reckoning| year_of(day(text), reckoning).name;
        assert_eq!(year("2026-12-14", Reckoning::Administrative), PeriodName::Year(2026));
        assert_eq!(year("2026-12-15", Reckoning::Administrative), PeriodName::Year(2027));
        assert_eq!(year("2026-12-31", Reckoning::Calendar), PeriodName::Year(2026));
    }
}
