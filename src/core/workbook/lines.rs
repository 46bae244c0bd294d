//! The text of the schedule line by line, and what is wrong cell by cell. Owns the way back from a line to the cell
//! that it came from, and how a fault of the text is retold in the words of the workbook.

use chrono::NaiveDate;

use super::headings::{CHANGES, Column, LABELS, Label, PLAN, TARGETS, Word};
use super::{CellFault, Grid, SheetFault};
use crate::core::document::{LARGEST, MOST_FAULTS};
use crate::core::fault::{DocumentFault, Fault, Flaw, Located, Severity};

/// A place in a workbook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Which grid.
    pub sheet: usize,
    /// The row, from 0.
    pub row: Option<usize>,
    /// The column, from 0.
    pub column: Option<usize>,
    /// The heading or label, as the Vietnamese template has it.
    pub heading: Option<&'static str>,
}

impl Place {
    /// A whole sheet.
    pub fn sheet(sheet: usize) -> Place {
        Place { sheet, row: None, column: None, heading: None }
    }

    /// A row of it.
    pub fn row(self, row: usize) -> Place {
        Place { row: Some(row), ..self }
    }

    /// A cell of that row.
    pub fn column(self, column: Option<usize>) -> Place {
        Place { column, ..self }
    }

    /// With the heading.
    pub fn headed(self, column: Column) -> Place {
        let mut columns = PLAN.iter().chain(CHANGES).chain(TARGETS);
        let heading = columns.find(|word| word.means == column).map(|word| word.vi);
        Place { heading, ..self }
    }

    /// With the label.
    pub fn labelled(self, label: Label) -> Place {
        let of = |word: &&Word<Label>| word.means == label;
        Place { heading: LABELS.iter().find(of).map(|word| word.vi), ..self }
    }
}

/// Lines of TOML, each with the place that it came from.
#[derive(Debug, Default)]
pub(super) struct Lines {
    /// The text.
    pub text: String,
    places: Vec<Option<Place>>,
}

impl Lines {
    /// Writes a line.
    pub fn push(&mut self, place: Option<Place>, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.places.push(place);
    }

    /// Longer than any schedule that is read: no more needs to be written.
    pub fn is_full(&self) -> bool {
        self.text.len() as u64 > LARGEST
    }

    fn place(&self, line: Option<usize>) -> Option<Place> {
        *self.places.get(line?.checked_sub(1)?)?
    }
}

/// A text as TOML writes it; it must be one line without control characters.
pub(super) fn quoted(text: &str) -> String {
    let escaped: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
}

/// What is wrong with a workbook, as it is found.
pub(super) struct Told<'g> {
    grids: &'g [Grid],
    faults: Vec<(Place, SheetFault)>,
    more: usize,
}

impl<'g> Told<'g> {
    pub fn new(grids: &'g [Grid]) -> Told<'g> {
        Told { grids, faults: Vec::new(), more: 0 }
    }

    pub fn tell(&mut self, place: Place, fault: SheetFault) {
        let known = |(at, told): &(Place, SheetFault)| *at == place && *told == fault;
        if self.faults.iter().any(known) {
            return;
        }
        if self.faults.len() < MOST_FAULTS {
            self.faults.push((place, fault));
        } else {
            self.more += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    /// Retells what reading the text found. Where cells were at fault, their slots are not in the text: what the text
    /// lacks then, and what seems unused, says nothing new.
    pub fn retell(&mut self, lines: &Lines, faults: Vec<Located>) {
        let first = self.faults.is_empty();
        for Located { line, fault, .. } in faults {
            let lacking = matches!(fault, Fault::Document(DocumentFault::MissingKey { .. }) | Fault::NoSlots);
            let notice = fault.severity() == Severity::Notice && !first;
            match lines.place(line) {
                Some(place) if !lacking && !notice => {
                    let other = |line| lines.place(Some(line));
                    let fault = self.in_cells(fault, other);
                    self.tell(place, fault);
                }
                _ if first => {
                    let fault = self.in_cells(fault, |_| None);
                    self.tell(Place::sheet(self.main_sheet()), fault);
                }
                _ => {}
            }
        }
    }

    fn main_sheet(&self) -> usize {
        let of = |grid: &Grid| super::headings::meaning(super::headings::SHEETS, &grid.name);
        self.grids.iter().position(|grid| of(grid) == Some(super::headings::SheetKind::Plan)).unwrap_or(0)
    }

    /// A fault of the text in the words of the workbook, where those of the text would name its keys or lines.
    fn in_cells(&self, fault: Fault, place: impl Fn(usize) -> Option<Place>) -> SheetFault {
        let row = |line: usize| place(line).and_then(|place| place.row).map_or(0, |row| row as u32 + 1);
        match fault {
            Fault::ChangesContradict { date, first_line } => {
                SheetFault::ChangesContradict { date, row: row(first_line) }
            }
            Fault::ChangeWhenNotDue { date } => SheetFault::NotDue { date },
            Fault::DateOutsideValidity { date, from, until } => {
                SheetFault::OutsideValidity { date, from, until: until.unwrap_or(NaiveDate::MAX) }
            }
            Fault::NeverDue { from, until } => SheetFault::NeverDue { from, until },
            Fault::TooManySlots { .. } | Fault::Document(DocumentFault::TooLarge { .. }) => {
                SheetFault::TooMuch
            }
            other => SheetFault::Schedule(Box::new(other)),
        }
    }

    /// What was told, by sheet, row and column.
    pub fn finish(mut self) -> Vec<CellFault> {
        self.faults.sort_by_key(|(place, _)| *place);
        let name = |sheet: usize| self.grids.get(sheet).map(|grid| grid.name.clone()).unwrap_or_default();
        let number = |at: usize| u32::try_from(at).ok();
        let mut faults: Vec<CellFault> = std::mem::take(&mut self.faults)
            .into_iter()
            .map(|(place, fault)| CellFault {
                sheet: name(place.sheet),
                row: place.row.and_then(|row| number(row + 1)),
                column: place.column.and_then(number),
                heading: place.heading,
                fault,
            })
            .collect();
        if self.more > 0 {
            faults.push(CellFault::whole(SheetFault::More { count: self.more }));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_reads_back() {
        for text in ["Bản tin \"mới\"", "C:\\nhac", "a\u{7}b", "#", "'", "\\u00e9", ""] {
            let read: toml::Table = toml::from_str(&format!("a = {}", quoted(text))).unwrap();
            assert_eq!(read["a"].as_str().unwrap(), text.replace('\u{7}', ""), "{text}");
        }
    }
}
