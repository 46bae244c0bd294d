//! The cells of workbooks, as calamine reads them. Owns how its values become ours: dates and times to the second,
//! whatever the format stores them as.

use std::io::{Cursor, Read, Seek};

use calamine::{
    Data, DataRef, Dimensions, ExcelDateTime, Ods, Range, Reader, SheetType, Xls, Xlsx, XlsxError,
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Timelike};

use super::{MOST_CELLS, MOST_TEXT, swollen, unreadable, within};
use crate::core::workbook::{Area, Cell, CellFault, Grid, SheetFault};

/// The most sheets that are read; a filled-in template has three.
const MOST_SHEETS: usize = 50;
/// The longest text of a cell that is kept, in letters; Excel stores at most 32,767.
const LONGEST_TEXT: usize = 4_000;

fn refused(error: &dyn std::fmt::Display) -> CellFault {
    let said = error.to_string();
    // All formats word it alike.
    if said.to_lowercase().contains("password") {
        return CellFault::whole(SheetFault::Encrypted);
    }
    unreadable(&said)
}

/// Sheets that are being filled.
#[derive(Default)]
struct Filling {
    grids: Vec<Grid>,
    text: usize,
    cells: usize,
}

impl Filling {
    fn begin(&mut self, name: &str, merged: Vec<Area>) {
        self.grids.push(Grid { name: name.to_owned(), rows: Vec::new(), merged });
    }

    fn put(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<(), CellFault> {
        let Some(grid) = self.grids.last_mut() else { return Ok(()) };
        if cell.is_empty() {
            return Ok(());
        }
        let (row, column) = (row as usize, column as usize);
        within(&grid.name, row.saturating_add(1), column.saturating_add(1))?;
        if let Cell::Text(text) = &cell {
            self.text += text.len();
        }
        if grid.rows.len() <= row {
            grid.rows.resize_with(row + 1, Vec::new);
        }
        if let Some(cells) = grid.rows.get_mut(row) {
            if cells.len() <= column {
                self.cells += column + 1 - cells.len();
                cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = cells.get_mut(column) {
                *place = cell;
            }
        }
        if self.text > MOST_TEXT || self.cells > MOST_CELLS {
            return Err(swollen(MOST_TEXT as u64));
        }
        Ok(())
    }

    fn put_range(&mut self, range: &Range<Data>) -> Result<(), CellFault> {
        let (Some(from), Some(to)) = (range.start(), range.end()) else { return Ok(()) };
        let name = self.grids.last().map(|grid| grid.name.clone()).unwrap_or_default();
        within(&name, to.0 as usize + 1, to.1 as usize + 1)?;
        for (row, column, value) in range.used_cells() {
            self.put((from.0 + row as u32, from.1 + column as u32), of(&borrowed(value)))?;
        }
        Ok(())
    }
}

fn area(merged: &Dimensions) -> Area {
    Area { from: merged.start, to: merged.end }
}

fn worksheets<S: Read + Seek, R: Reader<S>>(book: &R) -> Vec<String> {
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets.take(MOST_SHEETS).map(|sheet| sheet.name.clone()).collect()
}

/// The sheets of an `.xlsx`, cell by cell: a sheet with one cell at its far end is refused before room is made for it.
pub(super) fn open_xml(bytes: &[u8]) -> Result<Vec<Grid>, CellFault> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut filling = Filling::default();
    for name in worksheets(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        let mut cells = match book.worksheet_cells_reader(&name) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(refused(&error)),
        };
        filling.begin(&name, merged.iter().map(area).collect());
        while let Some(cell) = cells.next_cell().map_err(|error| refused(&error))? {
            filling.put(cell.get_position(), of(cell.get_value()))?;
        }
    }
    Ok(filling.grids)
}

/// The sheets of an `.xls`.
pub(super) fn old(bytes: &[u8]) -> Result<Vec<Grid>, CellFault> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut filling = Filling::default();
    for name in worksheets(&book) {
        let merged = book.merge_cells_by_sheet_name(&name).unwrap_or_default();
        filling.begin(&name, merged.iter().map(area).collect());
        let range = book.worksheet_range(&name).map_err(|error| refused(&error))?;
        filling.put_range(&range)?;
    }
    Ok(filling.grids)
}

/// The sheets of an `.ods`; its merged areas are known already.
pub(super) fn open_document(bytes: &[u8], merged: Vec<(String, Vec<Area>)>) -> Result<Vec<Grid>, CellFault> {
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes)).map_err(|error| refused(&error))?;
    let mut filling = Filling::default();
    for name in worksheets(&book) {
        let areas = merged.iter().find(|(sheet, _)| *sheet == name).map(|(_, areas)| areas.clone());
        filling.begin(&name, areas.unwrap_or_default());
        let range = book.worksheet_range(&name).map_err(|error| refused(&error))?;
        filling.put_range(&range)?;
    }
    Ok(filling.grids)
}

fn borrowed(value: &Data) -> DataRef<'_> {
    match value {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(flag) => DataRef::Bool(*flag),
        Data::DateTime(stored) => DataRef::DateTime(*stored),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}

fn of(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => text_of(text),
        DataRef::SharedString(text) => text_of(text),
        DataRef::Bool(flag) => Cell::Flag(*flag),
        DataRef::DateTime(stored) => moment(stored),
        DataRef::DateTimeIso(text) => written_moment(text),
        DataRef::DurationIso(text) => written_span(text),
        DataRef::Error(error) => Cell::Fault(error.to_string()),
    }
}

fn text_of(text: &str) -> Cell {
    match text.char_indices().nth(LONGEST_TEXT) {
        Some((end, _)) => Cell::text(text.get(..end).unwrap_or_default()),
        // A formula that failed is stored as its text by some programs.
        None if text.starts_with('#') && text.ends_with(['!', '?']) && text.len() <= 8 || text == "#N/A" => {
            Cell::Fault(text.to_owned())
        }
        None => Cell::text(text),
    }
}

/// A date or time of a workbook: days since its epoch. Below one it is a time of day.
fn moment(stored: &ExcelDateTime) -> Cell {
    let days = stored.as_f64();
    if (0.0..1.0).contains(&days) {
        let time = NaiveTime::from_num_seconds_from_midnight_opt((days * 86_400.0).round() as u32, 0);
        return time.map_or(Cell::Number(days), Cell::Time);
    }
    match stored.as_datetime().and_then(to_the_second) {
        Some(at) if days > 0.0 && !stored.is_duration() => date_or_moment(at),
        _ => Cell::Number(days),
    }
}

fn to_the_second(at: NaiveDateTime) -> Option<NaiveDateTime> {
    let late = if at.nanosecond() >= 500_000_000 { 1 } else { 0 };
    at.with_nanosecond(0)?.checked_add_signed(chrono::TimeDelta::seconds(late))
}

fn date_or_moment(at: NaiveDateTime) -> Cell {
    // OpenDocument dates a bare time to the day before the epoch.
    let epoch = NaiveDate::from_ymd_opt(1900, 1, 1);
    match at.time() {
        time if epoch.is_some_and(|epoch| at.date() < epoch) => Cell::Time(time),
        NaiveTime::MIN => Cell::Date(at.date()),
        _ => Cell::Moment(at),
    }
}

fn written_moment(text: &str) -> Cell {
    let text = text.trim_end_matches('Z');
    let at = text.parse::<NaiveDateTime>().ok();
    let at = at.or_else(|| NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M").ok());
    let at = at.or_else(|| text.parse::<NaiveDate>().ok().map(|date| date.and_time(NaiveTime::MIN)));
    if let Some(at) = at.and_then(to_the_second) {
        return date_or_moment(at);
    }
    text.parse::<NaiveTime>().map_or_else(|_| Cell::text(text), Cell::Time)
}

/// `PT05H30M00S`, also with a fraction of the second, with a comma, or with parts left out.
fn written_span(text: &str) -> Cell {
    let span = || -> Option<NaiveTime> {
        let mut rest = text.strip_prefix("PT")?;
        let mut seconds = 0.0;
        for (unit, worth) in [('H', 3600.0), ('M', 60.0), ('S', 1.0)] {
            let Some((number, after)) = rest.split_once(unit) else { continue };
            let number = number.replace(',', ".");
            if !number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') {
                return None;
            }
            seconds += number.parse::<f64>().ok()? * worth;
            rest = after;
        }
        if !rest.is_empty() || !(0.0..86_400.0).contains(&seconds) {
            return None;
        }
        NaiveTime::from_num_seconds_from_midnight_opt(seconds.round() as u32, 0)
    };
    span().map_or_else(|| Cell::text(text), Cell::Time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    #[test]
    fn stored_dates_and_times_are_read_to_the_second() {
        let stored = |days: f64| moment(&ExcelDateTime::new(days, ExcelDateTimeType::DateTime, false));
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
        assert_eq!(stored(46_361.0), Cell::Date(day(2026, 12, 5)));
        assert_eq!(stored(46_361.229_166_666_664), Cell::Moment(day(2026, 12, 5).and_time(at(5, 30))));
        assert_eq!(stored(0.229_166_666_666_666_66), Cell::Time(at(5, 30)));
        assert_eq!(stored(0.0), Cell::Time(NaiveTime::MIN));
        let old_mac = moment(&ExcelDateTime::new(46_361.0 - 1462.0, ExcelDateTimeType::DateTime, true));
        assert_eq!(old_mac, Cell::Date(day(2026, 12, 5)));
        for odd in [-1.0, 1e12, f64::NAN, 0.999_999_99] {
            assert!(matches!(stored(odd), Cell::Number(_)), "{odd}");
        }
    }

    #[test]
    fn written_dates_and_times_are_read_to_the_second() {
        let at = |hour, minute, second| NaiveTime::from_hms_opt(hour, minute, second).unwrap();
        assert_eq!(written_moment("2026-12-05"), Cell::Date(day(2026, 12, 5)));
        assert_eq!(written_moment("2026-12-05T00:00:00"), Cell::Date(day(2026, 12, 5)));
        assert_eq!(written_moment("1899-12-30T05:30:00"), Cell::Time(at(5, 30, 0)));
        assert_eq!(written_moment("05:30:00"), Cell::Time(at(5, 30, 0)));
        assert_eq!(written_span("PT05H30M00S"), Cell::Time(at(5, 30, 0)));
        assert_eq!(written_span("PT05H29M59.9999999S"), Cell::Time(at(5, 30, 0)));
        assert_eq!(written_span("PT5H30M"), Cell::Time(at(5, 30, 0)));
        for odd in ["PT25H00M00S", "PT-5H", "P1D", "PTxH", "PT23H59M59.9S"] {
            assert_eq!(written_span(odd), Cell::Text(odd.into()), "{odd}");
        }
    }
}
