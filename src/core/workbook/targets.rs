//! The workbook of the plan's targets: a row is a theme, a period, and so many airings or minutes. Owns how such a workbook is
//! told from a schedule's, by its headings, and how its rows become targets; what they are held against is
//! [`crate::core::report::targets`]'s.

use std::collections::HashMap;

use chrono::Datelike;

use super::find::{Table, head, sample, table, tell_no_plan};
use super::headings::{Column, PLAN, SHEETS, SheetKind, TARGETS, Word, fold, meaning, titled};
use super::legacy::legacy;
use super::lines::{Place, Told};
use super::rows::{closest_theme, theme_of};
use super::{Cell, CellFault, Grid, SheetFault, ThemeNames};
use crate::core::fault::{TargetFault, clip};
use crate::core::period::PeriodName;
use crate::core::report::targets::{Amount, MOST, Target, Targets};

/// Whether it is a workbook of targets: by the name of a sheet, or by headings that no schedule has.
pub fn is_targets(grids: &[Grid]) -> bool {
    is_named(grids, SheetKind::Targets).is_some()
        || is_named(grids, SheetKind::Plan).is_none()
            && grids.iter().any(|grid| headings(grid).is_some())
            && !grids.iter().any(is_schedule)
}

fn is_named(grids: &[Grid], kind: SheetKind) -> Option<usize> {
    grids.iter().position(|grid| meaning(SHEETS, &grid.name) == Some(kind))
}

/// The columns that a row of headings has.
fn columns(grid: &Grid, words: &[Word<Column>], row: usize) -> Vec<Column> {
    grid.used(row).filter_map(|(_, cell)| titled(words, &cell.line())).collect()
}

fn headings(grid: &Grid) -> Option<usize> {
    let row = head(grid, TARGETS, 0)?;
    let has = |column: &Column| columns(grid, TARGETS, row).contains(column);
    let is_table =
        (has(&Column::Topic) || has(&Column::TopicId)) && (has(&Column::Airings) || has(&Column::Minutes));
    is_table.then_some(row)
}

fn is_schedule(grid: &Grid) -> bool {
    let has = |row: usize, column: &Column| columns(grid, PLAN, row).contains(column);
    head(grid, PLAN, 0).is_some_and(|row| has(row, &Column::Time) && has(row, &Column::Programme))
}

/// Reads the targets. Every fault is told at once, by sheet, row and column.
///
/// # Errors
/// Everything that is wrong, at most a hundred and how many more; never empty.
pub fn translate(grids: &[Grid], themes: &[ThemeNames]) -> Result<Targets, Vec<CellFault>> {
    let mut told = Told::new(grids);
    let mut targets = Vec::new();
    if let Some(plan) = is_named(grids, SheetKind::Plan) {
        told.tell(Place::sheet(plan), SheetFault::Target(TargetFault::WithSchedule));
    } else if let Some(found) = find(grids, &mut told) {
        targets = rows(&found, themes, &mut told);
        if targets.is_empty() && told.is_empty() {
            told.tell(found.place, SheetFault::Target(TargetFault::NoFigures));
        }
    }
    if told.is_empty() { Ok(Targets(targets)) } else { Err(told.finish()) }
}

fn find<'g>(grids: &'g [Grid], told: &mut Told<'_>) -> Option<Table<'g>> {
    let by_headings = || grids.iter().position(|grid| headings(grid).is_some());
    let Some(at) = is_named(grids, SheetKind::Targets).or_else(by_headings) else {
        tell_no_plan(grids, told);
        return None;
    };
    let (place, grid) = (Place::sheet(at), &grids[at]);
    let Some(row) = head(grid, TARGETS, 0) else {
        let fault = match (legacy(&sample(grid)), grid.rows.iter().flatten().all(Cell::is_empty)) {
            (Some(found), _) => SheetFault::OldFont { found },
            (None, true) => SheetFault::EmptySheet,
            (None, false) => SheetFault::Target(TargetFault::NoHeadings),
        };
        told.tell(place, fault);
        return None;
    };
    let found = table(place, grid, TARGETS, row, grid.rows.len(), told);
    let headed = |column| place.row(row).headed(column);
    if !found.has(Column::Topic) && !found.has(Column::TopicId) {
        told.tell(headed(Column::Topic), SheetFault::MissingColumn);
    }
    if !found.has(Column::Period) {
        told.tell(headed(Column::Period), SheetFault::MissingColumn);
    }
    if !found.has(Column::Airings) && !found.has(Column::Minutes) {
        told.tell(headed(Column::Airings), SheetFault::MissingColumn);
    }
    told.is_empty().then_some(found)
}

fn rows(table: &Table<'_>, themes: &[ThemeNames], told: &mut Told<'_>) -> Vec<Target> {
    let mut targets = Vec::new();
    let mut first: HashMap<(String, PeriodName), usize> = HashMap::new();
    let mut parted = false;
    // The theme of the row above: one that was told to be wrong is not told again.
    let mut above: Option<Option<String>> = None;
    for row in table.rows() {
        if table.is_empty(row) {
            (parted, above) = (true, None);
        }
        if is_total(table, row) || parted && is_signature(table, row) {
            continue;
        }
        let unnamed = [Column::Topic, Column::TopicId].iter().all(|of| table.filled(row, *of).is_empty());
        let amount = amount(table, row, told);
        // A theme without a figure has no target: the template lists all of them.
        let Some(amount) = amount else {
            if !unnamed {
                above = theme_of(&table.filled(row, Column::Topic).line(), themes).map(Some);
            }
            continue;
        };
        // Where a theme has several periods, it is often written beside the first.
        let topic = match above {
            Some(above) if unnamed => above,
            _ => topic(table, row, themes, told),
        };
        above = Some(topic.clone());
        let period = period(table, row, told);
        let (Some(amount), Some(topic), Some(period)) = (amount, topic, period) else { continue };
        if let Some(other) = first.get(&(topic.clone(), period)) {
            let fault = TargetFault::Again { row: u32::try_from(other + 1).unwrap_or(u32::MAX) };
            told.tell(table.at(row, Column::Period), SheetFault::Target(fault));
            continue;
        }
        first.insert((topic.clone(), period), row);
        targets.push(Target { topic, period, amount });
    }
    targets
}

/// The last line of many tables, which is no target.
fn is_total(table: &Table<'_>, row: usize) -> bool {
    let says = |column| {
        ["tong", "tong cong", "tong so", "cong", "total"].contains(&&*fold(&table.own(row, column).line()))
    };
    table.own(row, Column::Period).is_empty()
        && [Column::Number, Column::Topic, Column::TopicId].into_iter().any(says)
}

/// Below the table stands who made it and who signs, in whatever column.
fn is_signature(table: &Table<'_>, row: usize) -> bool {
    let nothing = |column| table.own(row, column).is_empty();
    let no_figure = |column| matches!(table.own(row, column), Cell::Empty | Cell::Text(_));
    [Column::Topic, Column::TopicId, Column::Period].into_iter().all(nothing)
        && [Column::Airings, Column::Minutes].into_iter().all(no_figure)
}

/// What a row is to reach: nothing at all, or something that may be wrong.
fn amount(table: &Table<'_>, row: usize, told: &mut Told<'_>) -> Option<Option<Amount>> {
    let [airings, minutes] = [Column::Airings, Column::Minutes].map(|column| table.own(row, column));
    match (airings.is_empty(), minutes.is_empty()) {
        (true, true) => None,
        (false, false) => {
            told.tell(table.at(row, Column::Minutes), SheetFault::Target(TargetFault::TwoFigures));
            Some(None)
        }
        (false, true) => Some(figure(table, (row, Column::Airings), told).map(Amount::Airings)),
        (true, false) => Some(figure(table, (row, Column::Minutes), told).map(Amount::Minutes)),
    }
}

fn figure(table: &Table<'_>, (row, column): (usize, Column), told: &mut Told<'_>) -> Option<u32> {
    let cell = table.own(row, column);
    let number = match cell {
        Cell::Number(number) if number.fract() == 0.0 && (1.0..=f64::from(MOST)).contains(number) => {
            Some(*number as u32)
        }
        Cell::Text(_) => {
            let line = cell.line();
            let digits = line.len() <= 7 && line.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| line.parse().ok()).flatten().filter(|number| (1..=MOST).contains(number))
        }
        _ => None,
    };
    if number.is_none() {
        let wrong = TargetFault::BadFigure { found: clip(&cell.line()) };
        told.tell(table.at(row, column), broken(cell).unwrap_or(SheetFault::Target(wrong)));
    }
    number
}

/// A formula that went wrong says so itself.
fn broken(cell: &Cell) -> Option<SheetFault> {
    match cell {
        Cell::Fault(found) => Some(SheetFault::FormulaFault { found: clip(found) }),
        _ => None,
    }
}

/// The theme by its name, its id, or both, which then must agree.
fn topic(table: &Table<'_>, row: usize, themes: &[ThemeNames], told: &mut Told<'_>) -> Option<String> {
    let mut whole = true;
    let mut read = |column| {
        let cell = table.filled(row, column);
        if cell.is_empty() {
            return None;
        }
        let text = cell.line();
        let found = theme_of(&text, themes);
        if found.is_none() {
            let closest = closest_theme(&text, themes);
            let unknown = SheetFault::Target(TargetFault::UnknownTheme { found: clip(&text), closest });
            told.tell(table.at(row, column), broken(cell).unwrap_or(unknown));
            whole = false;
        }
        found
    };
    let (named, of_id) = (read(Column::Topic), read(Column::TopicId));
    match (named, of_id) {
        (Some(named), Some(of_id)) if named != of_id => {
            let fault = SheetFault::Target(TargetFault::ThemesDiffer { of_id, named });
            told.tell(table.at(row, Column::TopicId), fault);
            None
        }
        (None, None) if whole => {
            let column = if table.has(Column::Topic) { Column::Topic } else { Column::TopicId };
            told.tell(table.at(row, column), SheetFault::EmptyCell);
            None
        }
        (named, of_id) => named.or(of_id).filter(|_| whole),
    }
}

fn period(table: &Table<'_>, row: usize, told: &mut Told<'_>) -> Option<PeriodName> {
    let cell = table.filled(row, Column::Period);
    let found = match cell {
        Cell::Number(year) => PeriodName::read(&year.to_string()),
        // What a spreadsheet makes of `10/2026` and of `2026-10`.
        Cell::Date(day) if day.day() == 1 => PeriodName::read(&format!("{}/{}", day.month(), day.year())),
        Cell::Text(_) => PeriodName::read(&cell.line()),
        _ => None,
    };
    if found.is_none() {
        let wrong = match cell.is_empty() {
            true => SheetFault::EmptyCell,
            false => SheetFault::Target(TargetFault::BadPeriod { found: clip(&cell.line()) }),
        };
        told.tell(table.at(row, Column::Period), broken(cell).unwrap_or(wrong));
    }
    found
}
