//! Dates, times of day and weekdays as they stand in cells. Owns the spellings that a spreadsheet adds to those of
//! schedules; what two readers would take for two things is refused, never guessed.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use unicode_normalization::UnicodeNormalization;

use super::{Cell, SheetFault};
use crate::core::fault::clip;
use crate::core::pattern::{Days, parse_time};

/// The years that a schedule of an office can be about; a year beyond them is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;

/// A civil day: a date cell, or `05/12/2026`, `5-12-2026`, `5.12.2026`, `2026-12-05`. The day comes before the month.
///
/// # Errors
/// What stands there instead, a bare number included: which day it is depends on the workbook.
pub fn date(cell: &Cell) -> Result<NaiveDate, SheetFault> {
    let date = match cell {
        Cell::Date(date) => Some(*date),
        Cell::Text(_) => written_date(&cell.line()),
        Cell::Fault(found) => return Err(SheetFault::FormulaFault { found: clip(found) }),
        _ => None,
    };
    date.filter(|date| YEARS.contains(&date.year()))
        .ok_or_else(|| SheetFault::BadDate { found: clip(&cell.line()) })
}

fn written_date(text: &str) -> Option<NaiveDate> {
    // Exports write the midnight of a date cell out.
    let text = ["T00:00:00", " 00:00:00", " 00:00", " 0:00"]
        .iter()
        .find_map(|midnight| text.strip_suffix(midnight))
        .unwrap_or(text);
    let parts: Vec<&str> = text.split(['/', '-', '.']).map(str::trim).collect();
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let number = |part: &str| part.parse::<u32>().ok();
    let [a, b, c] = parts[..] else { return None };
    if !(digits(a) && digits(b) && digits(c)) || b.len() > 2 {
        return None;
    }
    let (year, month, day) = match (a.len(), c.len()) {
        (4, 1..=2) => (a, b, c),
        (1..=2, 4) => (c, b, a),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(year.parse().ok()?, number(month)?, number(day)?)
}

/// A time of day: a time cell, a fraction of a day, or `05:30`, `5h30`, `5 giờ 30`, `17h`, `5h30'`, `5:30 SA`, `5:30 PM`.
/// To the second.
///
/// # Errors
/// What stands there instead; a whole number is no time: nobody knows whether 5 is five o'clock.
pub fn time(cell: &Cell) -> Result<NaiveTime, SheetFault> {
    let time = match cell {
        Cell::Time(time) => time.with_nanosecond(0),
        Cell::Number(fraction) if *fraction > 0.0 && *fraction < 1.0 => {
            NaiveTime::from_num_seconds_from_midnight_opt((fraction * 86_400.0).round() as u32, 0)
        }
        Cell::Text(_) => written_time(&cell.line()),
        Cell::Fault(found) => return Err(SheetFault::FormulaFault { found: clip(found) }),
        _ => None,
    };
    time.ok_or_else(|| SheetFault::BadTime { found: clip(&cell.line()) })
}

pub(super) fn written_time(text: &str) -> Option<NaiveTime> {
    if text.chars().count() > 30 {
        return None;
    }
    let mut text: String = text.nfc().flat_map(char::to_lowercase).collect();
    for (word, short) in [("giờ", "h"), ("phút", ""), ("rưỡi", "30"), ("rưởi", "30")] {
        text = text.replace(word, short);
    }
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    for (halves, afternoon) in [(["am", "sa"], false), (["pm", "ch"], true)] {
        if let Some(clock) = halves.iter().find_map(|half| text.strip_suffix(half)) {
            let time = parse_time(clock).ok().filter(|time| (1..=12).contains(&time.hour()))?;
            return time.with_hour(time.hour() % 12 + if afternoon { 12 } else { 0 });
        }
    }
    let minutes = text.strip_suffix(['\'', '’', '′', 'p']).filter(|rest| !rest.ends_with('h'));
    parse_time(minutes.unwrap_or(&text)).ok()
}

/// Weekdays, as [`Days::parse`] reads them; line breaks part them as commas do.
///
/// # Errors
/// Why they are none: a bare number, a bare `thu`, an unknown word, a range that runs backwards.
pub fn days(cell: &Cell) -> Result<Days, SheetFault> {
    let text = match cell {
        Cell::Fault(found) => return Err(SheetFault::FormulaFault { found: clip(found) }),
        Cell::Text(text) => text.replace(['\n', '\r'], ","),
        other => other.line(),
    };
    Days::parse(&text).map_err(|error| SheetFault::BadDays { found: clip(&cell.line()), error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::pattern::DaysError;

    fn text(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn dates_are_read_with_the_day_before_the_month() {
        let fifth = NaiveDate::from_ymd_opt(2026, 12, 5).unwrap();
        for written in [
            "05/12/2026",
            "5-12-2026",
            "5.12.2026",
            " 5 / 12 / 2026 ",
            "2026-12-05",
            "2026/12/5",
            "05/12/2026 00:00:00",
            "2026-12-05T00:00:00",
        ] {
            assert_eq!(date(&text(written)), Ok(fifth), "{written}");
        }
        assert_eq!(date(&Cell::Date(fifth)), Ok(fifth));
        for refused in [
            "12/25/2026",
            "05/12/26",
            "05/12",
            "30/02/2026",
            "05/12/2026 05:30",
            "46361",
            "5/12/1926",
            "mai",
            "05/123/2026",
            "٠٥/12/2026",
        ] {
            assert_eq!(date(&text(refused)), Err(SheetFault::BadDate { found: refused.into() }), "{refused}");
        }
        assert_eq!(date(&Cell::Number(46_361.0)), Err(SheetFault::BadDate { found: "46361".into() }));
        let moment = fifth.and_hms_opt(5, 30, 0).unwrap();
        assert!(date(&Cell::Moment(moment)).is_err() && time(&Cell::Moment(moment)).is_err());
    }

    #[test]
    fn times_are_read_as_offices_write_them() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        for (written, expected) in [
            ("05:30", at(5, 30)),
            ("5:30", at(5, 30)),
            ("5h30", at(5, 30)),
            ("5H30", at(5, 30)),
            ("5g30", at(5, 30)),
            ("5 giờ 30", at(5, 30)),
            ("5 giơ\u{300} 30 phút", at(5, 30)),
            ("5 giờ rưỡi", at(5, 30)),
            ("5h30'", at(5, 30)),
            ("5h30’", at(5, 30)),
            ("5h30p", at(5, 30)),
            ("5 h 30", at(5, 30)),
            ("05:30:00", at(5, 30)),
            ("17h", at(17, 0)),
            ("17 giờ", at(17, 0)),
            ("5:30 SA", at(5, 30)),
            ("5:30:00 CH", at(17, 30)),
            ("5:30 PM", at(17, 30)),
            ("12:30 AM", at(0, 30)),
            ("12:30 PM", at(12, 30)),
        ] {
            assert_eq!(time(&text(written)), Ok(expected), "{written}");
        }
        for refused in
            ["5.30", "5", "24:00", "17:30 PM", "5h3", "sáng", "h", "'", "05:30-06:00", "5h30 chiều"]
        {
            assert_eq!(time(&text(refused)), Err(SheetFault::BadTime { found: refused.into() }), "{refused}");
        }
    }

    #[test]
    fn a_fraction_of_a_day_is_a_time_to_the_second() {
        let at = |hour, minute, second| NaiveTime::from_hms_opt(hour, minute, second).unwrap();
        for (fraction, expected) in [
            (0.229_166_666_666_666_66, at(5, 30, 0)),
            (0.229_166_666_67, at(5, 30, 0)),
            (0.708_333_333, at(17, 0, 0)),
            (0.229_178_24, at(5, 30, 1)),
        ] {
            assert_eq!(time(&Cell::Number(fraction)), Ok(expected), "{fraction}");
        }
        for refused in [0.0, 1.0, 5.3, -0.2, f64::NAN, f64::INFINITY, 0.999_999_9] {
            assert!(time(&Cell::Number(refused)).is_err(), "{refused}");
        }
        let nanos = at(5, 30, 0).with_nanosecond(7).unwrap();
        assert_eq!(time(&Cell::Time(nanos)), Ok(at(5, 30, 0)));
    }

    #[test]
    fn weekdays_are_read_as_offices_write_them() {
        for (written, expected) in [
            ("T2-T6", 0b001_1111),
            ("T2 - T6", 0b001_1111),
            ("thứ 2 đến thứ 6", 0b001_1111),
            ("từ thứ Hai đến thứ Sáu", 0b001_1111),
            ("Mon to Fri", 0b001_1111),
            ("T2, T4, CN", 0b100_0101),
            ("T2\nT4\nCN", 0b100_0101),
            ("T2, T4 và CN", 0b100_0101),
            ("thứ Hai", 1),
            ("hằng ngày", 0b111_1111),
            ("Hàng ngày", 0b111_1111),
            ("cả tuần", 0b111_1111),
            ("daily", 0b111_1111),
            ("T7; CN", 0b110_0000),
        ] {
            assert_eq!(days(&text(written)).map(|days| days.0), Ok(expected), "{written}");
        }
        let error = |cell: Cell| match days(&cell) {
            Err(SheetFault::BadDays { error, .. }) => error,
            other => panic!("{cell:?}: {other:?}"),
        };
        assert!(matches!(error(Cell::Number(2.0)), DaysError::Number { .. }));
        assert!(matches!(error(text("2, 4, 6")), DaysError::Number { .. }));
        assert!(matches!(error(text("thứ 2, 4")), DaysError::Number { .. }));
        assert!(matches!(error(text("thu")), DaysError::Thu { .. }));
        assert!(matches!(error(text("T6-T2")), DaysError::Backwards { .. }));
        assert!(matches!(error(text("hôm nay")), DaysError::Unknown { .. }));
    }

    #[test]
    fn what_a_formula_could_not_work_out_is_said_to_be_that() {
        let broken = Cell::Fault("#REF!".into());
        let fault = SheetFault::FormulaFault { found: "#REF!".into() };
        assert_eq!(date(&broken), Err(fault.clone()));
        assert_eq!(time(&broken), Err(fault.clone()));
        assert_eq!(days(&broken).err(), Some(fault));
    }
}
