//! Where in a workbook the tables stand: the sheets by their names, the headings wherever they are, the labels above
//! them. Owns what counts as a table and where it ends; never reads what its cells mean.

use std::collections::HashMap;

use super::headings::{CHANGES, Column, LABELS, Label, PLAN, SHEETS, SheetKind, Word, meaning, titled};
use super::legacy::legacy;
use super::lines::{Place, Told};
use super::{Cell, Grid, SheetFault};
use crate::core::fault::{clip, closest};

/// How far down the headings are looked for.
const HEAD_ROWS: usize = 200;
/// So many headings make a table.
const LEAST_HEADINGS: usize = 3;
/// The most cells that merged areas are followed into.
const MOST_COVERED: usize = 200_000;

/// A table of a sheet.
pub(super) struct Table<'g> {
    /// The sheet.
    pub place: Place,
    grid: &'g Grid,
    head: usize,
    end: usize,
    columns: HashMap<Column, usize>,
    /// Cells of a merged area, each with its first.
    covered: HashMap<(usize, usize), (usize, usize)>,
}

/// What stands where.
pub(super) struct Found<'g> {
    /// *Lịch phát*.
    pub plan: Table<'g>,
    /// *Thay đổi*.
    pub changes: Option<Table<'g>>,
    /// The labels above the table, each with the place of its value.
    pub labels: HashMap<Label, (Place, String)>,
    /// `Đơn vị gửi`.
    pub sender: Option<String>,
}

impl<'g> Table<'g> {
    /// The rows below the headings.
    pub fn rows(&self) -> std::ops::Range<usize> {
        self.head + 1..self.end
    }

    /// The place of a cell, where the table has that column.
    pub fn at(&self, row: usize, column: Column) -> Place {
        self.place.row(row).column(self.columns.get(&column).copied()).headed(column)
    }

    /// Nothing stands in that row.
    pub fn is_empty(&self, row: usize) -> bool {
        self.grid.used(row).next().is_none()
    }

    /// The row of the headings.
    pub fn heading_row(&self) -> usize {
        self.head
    }

    /// Whether it has that column.
    pub fn has(&self, column: Column) -> bool {
        self.columns.contains_key(&column)
    }

    /// The cell itself; empty where a merged area covers it, whatever is stored below.
    pub fn own(&self, row: usize, column: Column) -> &'g Cell {
        const NOTHING: &Cell = &Cell::Empty;
        let Some(at) = self.columns.get(&column) else { return NOTHING };
        match self.covered.get(&(row, *at)) {
            Some(first) if *first != (row, *at) => NOTHING,
            _ => self.grid.cell(row, *at),
        }
    }

    /// The cell, or the first of the merged area that it lies in; a merged heading says nothing of the rows.
    pub fn filled(&self, row: usize, column: Column) -> &'g Cell {
        let first = self.columns.get(&column).and_then(|at| self.covered.get(&(row, *at)));
        match first {
            Some((row, at)) if *row > self.head => self.grid.cell(*row, *at),
            _ => self.own(row, column),
        }
    }
}

/// Finds the tables; none where there is no table of what airs.
pub(super) fn find<'g>(grids: &'g [Grid], told: &mut Told<'_>) -> Option<Found<'g>> {
    let named = |kind| move |grid: &&(usize, &Grid)| meaning(SHEETS, &grid.1.name) == Some(kind);
    let all: Vec<(usize, &Grid)> = grids.iter().enumerate().collect();
    let by_name = all.iter().find(named(SheetKind::Plan)).copied();
    let guide = named(SheetKind::Guide);
    let by_headings =
        || all.iter().filter(|grid| !guide(grid)).find(|(_, grid)| head(grid, PLAN, 0).is_some()).copied();
    let Some((at, grid)) = by_name.or_else(by_headings) else {
        tell_no_plan(grids, told);
        return None;
    };
    let place = Place::sheet(at);
    let Some(head_row) = head(grid, PLAN, 0) else {
        let fault = match (legacy(&sample(grid)), grid.rows.iter().flatten().all(Cell::is_empty)) {
            (Some(found), _) => SheetFault::OldFont { found },
            (None, true) => SheetFault::EmptySheet,
            (None, false) => SheetFault::NoHeadings,
        };
        told.tell(place, fault);
        return None;
    };
    let parted = (head_row + 1..grid.rows.len()).find(|row| is_heading_of_changes(grid, *row));
    let plan = table(place, grid, PLAN, head_row, parted.unwrap_or(grid.rows.len()), told);
    let changes = match (parted, all.iter().find(named(SheetKind::Changes))) {
        (Some(row), _) => changes_of(place, grid, row, told),
        (None, Some((at, grid))) => changes_of(Place::sheet(*at), grid, 0, told),
        (None, None) => None,
    };
    let labels = labels(place, grid, head_row);
    let sender = labels.get(&Label::Sender).map(|(_, text)| text.clone()).filter(|text| !text.is_empty());
    Some(Found { plan, changes, labels, sender })
}

pub(super) fn tell_no_plan(grids: &[Grid], told: &mut Told<'_>) {
    if let Some((at, found)) =
        grids.iter().enumerate().find_map(|(at, grid)| Some((at, legacy(&sample(grid))?)))
    {
        told.tell(Place::sheet(at), SheetFault::OldFont { found });
    } else if grids.iter().all(|grid| grid.rows.iter().flatten().all(Cell::is_empty)) {
        told.tell(Place::sheet(usize::MAX), SheetFault::EmptyBook);
    } else {
        let sheets = grids.iter().take(8).map(|grid| clip(&grid.name)).collect();
        told.tell(Place::sheet(usize::MAX), SheetFault::NoPlan { sheets });
    }
}

/// Some of the text of a sheet.
pub(super) fn sample(grid: &Grid) -> String {
    let texts = grid.rows.iter().take(HEAD_ROWS).flatten().filter_map(|cell| match cell {
        Cell::Text(text) => Some(text.chars().take(200).collect::<String>()),
        _ => None,
    });
    texts.take(400).collect::<Vec<_>>().join("\n")
}

/// The row that has most headings of the table; the first of several.
pub(super) fn head(grid: &Grid, words: &[Word<Column>], from: usize) -> Option<usize> {
    let count = |row: usize| {
        let mut found: Vec<Column> = Vec::new();
        for column in
            grid.used(row).take(super::MOST_COLUMNS).filter_map(|(_, cell)| titled(words, &cell.line()))
        {
            if !found.contains(&column) {
                found.push(column);
            }
        }
        found.len()
    };
    let rows = from..grid.rows.len().min(from + HEAD_ROWS);
    let counted = rows.map(|row| (count(row), row)).filter(|(count, _)| *count >= LEAST_HEADINGS);
    counted.max_by_key(|(count, row)| (*count, std::cmp::Reverse(*row))).map(|(_, row)| row)
}

/// In a CSV the changes follow below a row that says `Thay đổi` and no more.
fn is_heading_of_changes(grid: &Grid, row: usize) -> bool {
    let mut used = grid.used(row);
    let (Some((_, Cell::Text(text))), None) = (used.next(), used.next()) else { return false };
    meaning(SHEETS, text) == Some(SheetKind::Changes)
}

fn changes_of<'g>(place: Place, grid: &'g Grid, from: usize, told: &mut Told<'_>) -> Option<Table<'g>> {
    match head(grid, CHANGES, from) {
        Some(row) => Some(table(place, grid, CHANGES, row, grid.rows.len(), told)),
        None => {
            // A sheet that was emptied, headings and all, changes nothing.
            if grid.rows.iter().skip(from + 1).flatten().any(|cell| !cell.is_empty()) {
                let fault = legacy(&sample(grid))
                    .map_or(SheetFault::NoHeadings, |found| SheetFault::OldFont { found });
                told.tell(place, fault);
            }
            None
        }
    }
}

pub(super) fn table<'g>(
    place: Place,
    grid: &'g Grid,
    words: &'static [Word<Column>],
    head: usize,
    end: usize,
    told: &mut Told<'_>,
) -> Table<'g> {
    let mut columns = HashMap::new();
    let mut headed = Vec::new();
    for (at, cell) in grid.used(head) {
        headed.push(at);
        let here = place.row(head).column(Some(at));
        match titled(words, &cell.line()) {
            Some(column) if columns.contains_key(&column) => {
                told.tell(here.headed(column), SheetFault::ColumnTwice { found: clip(&cell.line()) });
            }
            Some(column) => {
                columns.insert(column, at);
            }
            None if (head + 1..end).any(|row| !grid.cell(row, at).is_empty()) => {
                let names = words.iter().flat_map(|word| [word.vi, word.en]);
                let closest = closest(&clip(&cell.line()), names);
                told.tell(here, SheetFault::UnknownColumn { found: clip(&cell.line()), closest });
            }
            None => {}
        }
    }
    let mut covered = HashMap::new();
    for area in &grid.merged {
        let (top, left) = (area.from.0 as usize, area.from.1 as usize);
        let (bottom, right) =
            ((area.to.0 as usize).min(grid.rows.len()), (area.to.1 as usize).min(super::MOST_COLUMNS));
        for (row, column) in (top..=bottom).flat_map(|row| (left..=right).map(move |column| (row, column))) {
            if covered.len() >= MOST_COVERED {
                break;
            }
            covered.insert((row, column), (top, left));
        }
    }
    let table = Table { place, grid, head, end, columns, covered };
    tell_unheaded(&table, &headed, told);
    table
}

/// Content beside the table has no heading that says what it is. What stands below the table (who made it, who signs)
/// is parted from it by an empty row.
fn tell_unheaded(table: &Table<'_>, headed: &[usize], told: &mut Told<'_>) {
    for row in table.rows() {
        let mut used = table.grid.used(row).peekable();
        if used.peek().is_none() {
            return;
        }
        if let Some((at, cell)) = used.find(|(at, _)| !headed.contains(at)) {
            let place = table.place.row(row).column(Some(at));
            told.tell(place, SheetFault::NoHeading { found: clip(&cell.line()) });
            return;
        }
    }
}

/// The labels above the headings: the value stands in the same cell behind a colon, or in the next one that is filled,
/// unless that is a label again.
fn labels(place: Place, grid: &Grid, head: usize) -> HashMap<Label, (Place, String)> {
    let mut found = HashMap::new();
    for row in 0..head {
        let mut used = grid.used(row).peekable();
        while let Some((at, cell)) = used.next() {
            let line = cell.line();
            let (label, rest) = match (titled(LABELS, &line), line.split_once(':')) {
                (Some(label), _) => (label, ""),
                (None, Some((label, rest))) => match titled(LABELS, label) {
                    Some(label) => (label, rest.trim()),
                    None => continue,
                },
                (None, None) => continue,
            };
            let here = |at| place.row(row).column(Some(at)).labelled(label);
            let (value_at, text) = match used.peek() {
                _ if !rest.is_empty() => (at, rest.to_owned()),
                Some((next, value))
                    if titled(LABELS, value.line().split(':').next().unwrap_or_default()).is_none() =>
                {
                    (*next, value.line())
                }
                _ => (at + 1, String::new()),
            };
            found.entry(label).or_insert((here(value_at), text));
        }
    }
    found
}

/// The name of a programme as it is compared: case and blanks do not count, diacritics do, since they alone part
/// “Bản tin Ba” from “Bản tin Bà”.
pub(super) fn same_name(name: &str) -> String {
    name.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_takes_the_next_cell_unless_that_is_a_label() {
        let text = |text: &str| Cell::text(text);
        let grid = Grid {
            name: "Lịch phát".into(),
            rows: vec![
                vec![text("ỦY BAN NHÂN DÂN XÃ")],
                vec![text("Mã lịch:"), Cell::Empty, text("cchc-12"), text("Tên lịch"), text("Tháng 12")],
                vec![text("Người duyệt"), text("Số văn bản: 45/KH-UBND")],
            ],
            merged: Vec::new(),
        };
        let found = labels(Place::sheet(0), &grid, 3);
        let text = |label| found.get(&label).map(|(place, text)| (place.column.unwrap(), text.as_str()));
        assert_eq!(text(Label::Id), Some((2, "cchc-12")));
        assert_eq!(text(Label::Title), Some((4, "Tháng 12")));
        assert_eq!(text(Label::Approver), Some((1, "")));
        assert_eq!(text(Label::Document), Some((1, "45/KH-UBND")));
        assert_eq!(text(Label::Sender), None);
    }
}
