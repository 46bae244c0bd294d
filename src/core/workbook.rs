//! The workbook that offices fill in: its sheets, columns and words, and how its cells become a schedule. Owns the
//! headings and what may stand below them; reading the file is in `intake`.
//!
//! A workbook is translated into the text of a TOML schedule, the only form in which a schedule goes live and is
//! journalled, and that text is read by [`super::schedule::read`]: all rules stay in one place. The translation
//! remembers for each line the cell that it came from, so that a fault of a line is told of its cell.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use unicode_normalization::UnicodeNormalization;

use super::fault::Flaw;
use super::schedule::read::{self, Reference};

mod cells;
mod changes;
mod find;
pub mod headings;
mod ids;
mod legacy;
mod lines;
mod plan;
mod repeats;
mod rows;
pub mod targets;
pub mod template;

pub use super::fault::SheetFault;
pub use cells::{date, days, time};
pub use legacy::{Legacy, legacy};

/// The most rows of a sheet that are read: 20,000, as many as a schedule can have slots.
pub const MOST_ROWS: usize = super::schedule::read::MOST_SLOTS;
/// The most columns of a sheet that are read.
pub const MOST_COLUMNS: usize = 100;

/// A cell as it was stored: a value, not what a format makes of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text.
    Text(String),
    /// A number that is formatted neither as a date nor as a time.
    Number(f64),
    /// True or false.
    Flag(bool),
    /// A civil day.
    Date(NaiveDate),
    /// A time of day, to the second.
    Time(NaiveTime),
    /// A civil day with a time of day.
    Moment(NaiveDateTime),
    /// A formula that went wrong, e.g. `#REF!`.
    Fault(String),
}

impl Cell {
    /// The cell of a text; blank text is an empty cell.
    pub fn text(text: &str) -> Cell {
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
    }

    /// Nothing but white space.
    pub fn is_empty(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Its content as one line of text in NFC: white space and control characters become single blanks.
    pub fn line(&self) -> String {
        match self {
            Cell::Empty => String::new(),
            Cell::Text(text) => tidy(text),
            Cell::Number(number) => number.to_string(),
            Cell::Flag(flag) => flag.to_string().to_uppercase(),
            Cell::Date(date) => date.format("%d/%m/%Y").to_string(),
            Cell::Time(time) => time.format("%H:%M:%S").to_string(),
            Cell::Moment(moment) => moment.format("%d/%m/%Y %H:%M:%S").to_string(),
            Cell::Fault(found) => tidy(found),
        }
    }

    /// Several things in one cell, parted by `;` or line breaks.
    fn list(&self) -> Vec<String> {
        let whole = match self {
            Cell::Text(text) => text.clone(),
            other => other.line(),
        };
        whole.split([';', '\n', '\r']).map(tidy).filter(|part| !part.is_empty()).collect()
    }
}

fn tidy(text: &str) -> String {
    let blank = |c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}';
    text.nfc().collect::<String>().split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Cells that are merged into one; rows and columns from 0, both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Row and column of its first cell, the one that has the value.
    pub from: (u32, u32),
    /// Row and column of its last cell.
    pub to: (u32, u32),
}

/// One sheet of a workbook.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    /// Its name.
    pub name: String,
    /// Its cells, by row and column, from the first row and column of the sheet on.
    pub rows: Vec<Vec<Cell>>,
    /// Its merged cells.
    pub merged: Vec<Area>,
}

impl Grid {
    /// The cell there; empty beyond what is stored.
    fn cell(&self, row: usize, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(NOTHING)
    }

    /// The cells of a row that are not empty, with their columns.
    fn used(&self, row: usize) -> impl Iterator<Item = (usize, &Cell)> {
        let cells = self.rows.get(row).map(Vec::as_slice).unwrap_or_default();
        cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty())
    }
}

/// A theme of the station's list: its id, its Vietnamese and its English name.
pub type ThemeNames = (String, String, String);

/// A workbook that was found right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translated {
    /// The schedule, as TOML; it reads without faults.
    pub text: String,
    /// The office that sends it, as it calls itself (`Đơn vị gửi`).
    pub sender: Option<String>,
}

/// Something that is wrong with a workbook, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct CellFault {
    /// The sheet, as it is named in the workbook; empty for the workbook itself.
    pub sheet: String,
    /// The row, from 1; none where the whole sheet is meant.
    pub row: Option<u32>,
    /// The column, from 0; none where the whole row is meant.
    pub column: Option<u32>,
    /// The heading of the column, as the Vietnamese template has it.
    pub heading: Option<&'static str>,
    /// What is wrong.
    pub fault: SheetFault,
}

impl CellFault {
    /// A fault of the workbook itself.
    pub fn whole(fault: SheetFault) -> CellFault {
        CellFault { sheet: String::new(), row: None, column: None, heading: None, fault }
    }

    /// A fault of a whole sheet.
    pub fn of_sheet(sheet: &str, fault: SheetFault) -> CellFault {
        CellFault { sheet: sheet.to_owned(), ..CellFault::whole(fault) }
    }

    /// Its cell as people at a spreadsheet know it: `F7`.
    pub fn cell(&self) -> Option<String> {
        Some(format!("{}{}", column_letters(self.column?), self.row?))
    }
}

/// The letters of a column, from 0: `A`, `Z`, `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = u64::from(column) + 1;
    while rest > 0 {
        rest -= 1;
        letters.push((b'A' + (rest % 26) as u8) as char);
        rest /= 26;
    }
    letters.iter().rev().collect()
}

impl fmt::Display for CellFault {
    /// `Schedule, row 7, column F (Order), cell F7: message; remedy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place: Vec<String> = Vec::new();
        place.extend(Some(self.sheet.clone()).filter(|sheet| !sheet.is_empty()));
        place.extend(self.row.map(|row| format!("row {row}")));
        let heading = self.heading.map(headings::in_english);
        match (self.column.map(column_letters), heading) {
            (Some(letters), Some(heading)) => place.push(format!("column {letters} ({heading})")),
            (Some(letters), None) => place.push(format!("column {letters}")),
            (None, Some(heading)) => place.push(heading.to_owned()),
            (None, None) => {}
        }
        place.extend(self.cell().map(|cell| format!("cell {cell}")));
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        write!(f, "{}", self.fault)?;
        self.fault.help().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for CellFault {}

/// Translates a workbook. Every fault is told at once, by sheet, row and column; what is returned as text reads
/// without faults.
///
/// # Errors
/// Everything that is wrong, at most a hundred and how many more; never empty.
pub fn translate(grids: &[Grid], themes: &[ThemeNames]) -> Result<Translated, Vec<CellFault>> {
    let mut told = lines::Told::new(grids);
    let Some(found) = find::find(grids, &mut told) else { return Err(told.finish()) };
    let plan = plan::read(&found.plan, themes, &mut told);
    let mut lines = lines::Lines::default();
    plan.write(&found, &mut lines, &mut told);
    if let Some(table) = &found.changes {
        changes::write(table, &plan, &mut lines, &mut told);
    }
    let topics: BTreeSet<String> = themes.iter().map(|(id, ..)| id.clone()).collect();
    let faults = match read::read(lines.text.as_bytes(), "", &Reference::new(topics)) {
        Ok((_, notices)) => notices,
        Err(faults) => faults,
    };
    told.retell(&lines, faults);
    if told.is_empty() {
        Ok(Translated { text: lines.text, sender: found.sender })
    } else {
        Err(told.finish())
    }
}
