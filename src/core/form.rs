//! A form as a value: head, tables of typed cells, remarks, the places to sign, before it is laid out. Owns what a form
//! can hold; the words come from `words`, the layouts (workbook, CSV, page) from `export`.

use std::fmt;
use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};

use serde::{Deserialize, Serialize};

use super::airing::closed_list;
use super::language::Language;

closed_list! {
    /// The forms that a station hands in to the chain above it.
    FormKind {
        /// Nhật ký phát thanh: the airing log.
        Log = "log",
        /// Biểu tổng hợp: by theme, against the plan.
        Summary = "summary",
        /// Đối chiếu lịch – thực phát: scheduled against aired.
        Reconcile = "reconcile",
    }
}

/// A form to be sent up, printed and signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// Its language.
    pub language: Language,
    /// What stands above its title.
    pub head: Head,
    /// What it is, e.g. `Nhật ký phát thanh`.
    pub title: String,
    /// Its period and whatever else stands below the title.
    pub subtitles: Vec<String>,
    /// Its tables, the first of them the form's own.
    pub tables: Vec<Table>,
    /// Remarks below the tables.
    pub remarks: Vec<String>,
    /// Who signs, from left to right.
    pub signatures: Vec<Signature>,
    /// What proves it: the journal's head, and how to hold the journal against it.
    pub proof: Vec<String>,
    /// Whether it is printed across.
    pub landscape: bool,
}

/// What stands above the title, as Decree 30/2020/NĐ-CP lays out a document: the bodies on the left, the state's name and
/// motto on the right.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The body above the station's, where the config names it.
    pub superior: Option<String>,
    /// The station.
    pub station: String,
    /// To whom it goes, where the config names it, with its label.
    pub receiver: Option<String>,
    /// The state's name.
    pub state: String,
    /// Its motto.
    pub motto: String,
    /// Place and day.
    pub place_and_day: String,
}

/// A place to sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Whose.
    pub title: String,
    /// What is done there, e.g. `(Ký, ghi rõ họ tên)`.
    pub what: String,
}

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// What stands above it; a workbook names its sheet so.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// What is printed of it on paper, where all its columns do not fit: each with the columns that stand in it one below
    /// the other. Empty: all of them.
    pub printed: Vec<Printed>,
    /// What stands below it on paper alone: what its printed columns leave unsaid.
    pub legend: Option<String>,
    /// Its rows; every row has as many cells as there are columns.
    pub rows: Vec<Vec<FormCell>>,
    /// The last row, of sums.
    pub total: Option<Vec<FormCell>>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its heading.
    pub heading: String,
    /// Its width in letters.
    pub width: u16,
}

/// A printed column.
#[derive(Clone, Debug, PartialEq)]
pub struct Printed {
    /// Its heading.
    pub heading: String,
    /// The columns of the table that it holds.
    pub of: Vec<usize>,
    /// Its share of the width, in per cent.
    pub share: u16,
    /// What goes without saying in it.
    pub usual: Vec<Usual>,
}

/// What a printed column does not repeat in every row, since the legend says it once.
#[derive(Clone, Debug, PartialEq)]
pub struct Usual {
    /// The column of the table.
    pub of: usize,
    /// What is left out.
    pub cell: FormCell,
    /// What is printed where the table has nothing, so that it is not taken for the usual; empty where it always has
    /// something.
    pub without: String,
}

/// A cell, with its meaning: a workbook gets real numbers, dates and times.
#[derive(Clone, Debug, PartialEq)]
pub enum FormCell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A whole number.
    Whole(u64),
    /// A whole number of something, e.g. `120 phút`.
    WholeOf(u64, String),
    /// Minutes with one decimal.
    Minutes(Duration),
    /// A length as hours, minutes and seconds.
    Length(Duration),
    /// How late, in milliseconds, early ones negative; shown in seconds with one decimal.
    Late(i64),
    /// A civil day.
    Date(NaiveDate),
    /// A civil time, with seconds.
    Time(NaiveTime),
    /// Per cent with one decimal; whether it is enough shows without colour too.
    PerCent {
        /// The number.
        value: f64,
        /// How it stands to the line.
        reached: Reached,
    },
}

/// How a share stands to the line that counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reached {
    /// At the target or beyond.
    Full,
    /// Short of it, at or above the line, or not to be judged yet.
    AboveLine,
    /// Below the line.
    BelowLine,
}

impl Reached {
    /// How a share in per cent stands to a line in per cent.
    pub fn of(value: f64, line: f64) -> Reached {
        match value {
            _ if value >= 100.0 => Reached::Full,
            _ if value >= line => Reached::AboveLine,
            _ => Reached::BelowLine,
        }
    }

    /// What stands behind the number, for readers and printers without colour.
    pub fn mark(self) -> &'static str {
        match self {
            Reached::Full => " ✓",
            Reached::AboveLine => "",
            Reached::BelowLine => " ▼",
        }
    }
}

impl FormCell {
    /// Words, or nothing.
    pub fn text(text: impl Into<String>) -> FormCell {
        let text = text.into();
        if text.is_empty() { FormCell::Empty } else { FormCell::Text(text) }
    }
}

/// A number as people of that language write it: `1.234,5` in Vietnamese, `1,234.5` in English.
pub fn number(language: Language, value: f64, decimals: usize) -> String {
    let (thousands, point) = match language {
        Language::Vi => ('.', ','),
        Language::En => (',', '.'),
    };
    let plain = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut said = String::new();
    if value < 0.0 && plain.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        said.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            said.push(thousands);
        }
        said.push(digit);
    }
    if !fraction.is_empty() {
        said.push(point);
        said.push_str(fraction);
    }
    said
}

/// A length to the nearest second: `5:00`, `1:02:05`.
pub fn clock_length(length: Duration) -> String {
    let seconds = (length.as_millis() + 500) / 1000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// A cell as people of that language read it.
pub fn said(language: Language, cell: &FormCell) -> String {
    match cell {
        FormCell::Empty => String::new(),
        FormCell::Text(text) => text.clone(),
        FormCell::Whole(count) => number(language, *count as f64, 0),
        FormCell::WholeOf(count, unit) => format!("{} {unit}", number(language, *count as f64, 0)),
        FormCell::Minutes(length) => number(language, minutes(*length), 1),
        FormCell::Length(length) => clock_length(*length),
        FormCell::Late(ms) => {
            let seconds = number(language, *ms as f64 / 1000.0, 1);
            if *ms >= 50 { format!("+{seconds}") } else { seconds }
        }
        FormCell::Date(date) => date.format("%d/%m/%Y").to_string(),
        FormCell::Time(time) => time.format("%H:%M:%S").to_string(),
        FormCell::PerCent { value, reached } => {
            format!("{}{}", number(language, *value, 1), reached.mark())
        }
    }
}

/// Minutes, rounded to a tenth.
pub fn minutes(length: Duration) -> f64 {
    ((length.as_millis() + 3_000) / 6_000) as f64 / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_people_of_the_language_do() {
        assert_eq!(number(Language::Vi, 1_234_567.25, 1), "1.234.567,2");
        assert_eq!(number(Language::En, 1_234.0, 0), "1,234");
        assert_eq!(number(Language::Vi, 999.0, 0), "999");
        assert_eq!(number(Language::Vi, -1_000.0, 0), "-1.000");
        assert_eq!(number(Language::Vi, -0.04, 1), "0,0");
    }

    #[test]
    fn lengths_and_minutes_are_rounded_to_what_a_reader_uses() {
        assert_eq!(clock_length(Duration::from_millis(299_600)), "5:00");
        assert_eq!(clock_length(Duration::from_secs(3_725)), "1:02:05");
        assert_eq!((minutes(Duration::from_secs(90)), minutes(Duration::from_secs(2))), (1.5, 0.0));
        assert_eq!(said(Language::Vi, &FormCell::Minutes(Duration::from_secs(75_180))), "1.253,0");
    }
}
