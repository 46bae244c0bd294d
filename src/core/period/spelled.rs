//! Periods as people write them: `Quý IV năm 2026`, `Tháng 10/2026`, `6 tháng đầu năm 2026`, `October 2026`. Owns the
//! spellings, those that are written and those that are read; never guesses: what may be two periods is none.

use chrono::NaiveDate;

use super::PeriodName;
use crate::core::language::Language;
use crate::core::workbook::headings::fold;

/// The years that an office can plan for; a year beyond them is a slip.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2099;
/// A longer text is no period.
const LONGEST: usize = 60;
const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl PeriodName {
    /// As a report has it; a span by its days, which this does not know, is empty.
    pub fn spelled(self, language: Language) -> String {
        use Language::{En, Vi};
        match (language, self) {
            (Vi, PeriodName::Week(year, week)) => format!("Tuần {week} năm {year}"),
            (En, PeriodName::Week(year, week)) => format!("Week {week} of {year}"),
            (Vi, PeriodName::Month(year, month)) => format!("Tháng {month} năm {year}"),
            (En, PeriodName::Month(year, month)) => match NaiveDate::from_ymd_opt(year, month, 1) {
                Some(first) => first.format("%B %Y").to_string(),
                None => self.to_string(),
            },
            (Vi, PeriodName::Quarter(year, quarter)) => {
                format!("Quý {} năm {year}", ROMAN[(quarter as usize + 3) % 4])
            }
            (En, PeriodName::Quarter(year, quarter)) => format!("Quarter {quarter} of {year}"),
            (Vi, PeriodName::Half(year, 1)) => format!("6 tháng đầu năm {year}"),
            (Vi, PeriodName::Half(year, _)) => format!("6 tháng cuối năm {year}"),
            (En, PeriodName::Half(year, half)) => {
                format!("{} half of {year}", if half == 1 { "First" } else { "Second" })
            }
            (Vi, PeriodName::Year(year)) => format!("Năm {year}"),
            (En, PeriodName::Year(year)) => format!("Year {year}"),
            (_, PeriodName::Span) => String::new(),
        }
    }

    /// The year that it is of; a span of days has none.
    pub fn year(self) -> Option<i32> {
        match self {
            PeriodName::Week(year, _)
            | PeriodName::Month(year, _)
            | PeriodName::Quarter(year, _)
            | PeriodName::Half(year, _)
            | PeriodName::Year(year) => Some(year),
            PeriodName::Span => None,
        }
    }

    /// Reads a period of the years 2000 to 2099 as people write it, or as [`PeriodName::parse`] has it; none where it is
    /// none.
    pub fn read(text: &str) -> Option<PeriodName> {
        if text.chars().count() > LONGEST {
            return None;
        }
        let found = PeriodName::parse(text.trim()).ok().or_else(|| written(text))?;
        found.year().is_some_and(|year| YEARS.contains(&year)).then_some(found)
    }
}

fn written(text: &str) -> Option<PeriodName> {
    let folded = fold(text);
    let filler = ["nam", "year", "of", "ca", "whole"];
    let words: Vec<&str> = folded.split(' ').filter(|word| !filler.contains(word)).collect();
    // The year stands last everywhere.
    let (year, rest) = words.split_last()?;
    let is_year = year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = |part: String| PeriodName::parse(&format!("{year}-{part}")).ok();
    if !is_year {
        return None;
    }
    match rest {
        [] => PeriodName::parse(year).ok(),
        ["thang" | "month", month] => canonical((*month).to_owned()),
        [month] if month.bytes().all(|byte| byte.is_ascii_digit()) => canonical((*month).to_owned()),
        [month] if MONTHS.contains(month) => {
            canonical(format!("{:02}", MONTHS.iter().position(|known| known == month)? + 1))
        }
        ["quy" | "quarter", quarter] => {
            let roman = ROMAN.iter().position(|roman| roman.to_lowercase() == *quarter);
            canonical(roman.map_or_else(|| format!("Q{quarter}"), |at| format!("Q{}", at + 1)))
        }
        [marked] if marked.starts_with(['q', 'h', 'w']) => canonical((*marked).to_owned()),
        ["6" | "sau", "thang", "dau"] | ["nua", "dau"] | ["first", "half"] => canonical("H1".into()),
        ["6" | "sau", "thang", "cuoi"] | ["nua", "cuoi"] | ["second", "half"] => canonical("H2".into()),
        ["tuan" | "week", week] => canonical(format!("W{week}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut names = vec![PeriodName::Year(2026), PeriodName::Half(2026, 1), PeriodName::Half(2026, 2)];
        names.extend((1..=4).map(|quarter| PeriodName::Quarter(2026, quarter)));
        names.extend((1..=12).map(|month| PeriodName::Month(2026, month)));
        names.extend((1..=53).map(|week| PeriodName::Week(2026, week)));
        for name in names {
            for text in [name.to_string(), name.spelled(Language::Vi), name.spelled(Language::En)] {
                assert_eq!(PeriodName::read(&text), Some(name), "{text}");
            }
        }
    }

    #[test]
    fn periods_are_read_as_offices_write_them() {
        for (text, name) in [
            ("2026", PeriodName::Year(2026)),
            ("cả năm 2026", PeriodName::Year(2026)),
            ("Tháng 10/2026", PeriodName::Month(2026, 10)),
            ("tháng 05 năm 2026", PeriodName::Month(2026, 5)),
            ("10/2026", PeriodName::Month(2026, 10)),
            ("QUÝ 4/2026", PeriodName::Quarter(2026, 4)),
            ("Quy iv - 2026", PeriodName::Quarter(2026, 4)),
            ("Q4/2026", PeriodName::Quarter(2026, 4)),
            ("Sáu tháng đầu năm 2026", PeriodName::Half(2026, 1)),
            ("nửa cuối năm 2026", PeriodName::Half(2026, 2)),
            ("tuần 45/2026", PeriodName::Week(2026, 45)),
        ] {
            assert_eq!(PeriodName::read(text), Some(name), "{text}");
        }
        for text in [
            "",
            "tháng 10",
            "13/2026",
            "Quý V năm 2026",
            "tuần 54/2026",
            "9 tháng năm 2026",
            "2026 tháng 10",
            "01/10/2026",
            "12-26",
            "năm 20266",
            "1926",
            "từ 1 đến 3/2026",
            "3 tháng đầu năm 2026",
        ] {
            assert_eq!(PeriodName::read(text), None, "{text}");
        }
    }
}
