//! The workbooks that offices drop: their bytes become sheets of cells, by the libraries that know the formats. Owns
//! the limits that keep a hostile file from costing the station its memory; what the cells mean is in
//! [`crate::core::workbook`].
//!
//! No macro, link or formula is ever run: of a formula the result that was stored with it is taken.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::core::fault::clip;
use crate::core::report::targets::Targets;
use crate::core::workbook::{
    CellFault, Grid, MOST_COLUMNS, MOST_ROWS, SheetFault, ThemeNames, targets, translate,
};

pub use crate::core::workbook::Translated;

mod csv_text;
mod old;
mod packed;
mod spreadsheet;

/// The largest file that is opened: 10 MiB. A filled-in template has some 30 KB.
pub const LARGEST: u64 = 10 << 20;
/// The most that the parts of a workbook may unpack to: 64 MiB.
pub const LARGEST_UNPACKED: u64 = 64 << 20;
/// The most text that all cells of a workbook may hold together: 16 MiB.
const MOST_TEXT: usize = 16 << 20;
/// The most cells of all sheets together that room is made for.
const MOST_CELLS: usize = 2 * MOST_ROWS * MOST_COLUMNS;

/// The formats, by the endings of their files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ending {
    /// `.xlsx`, and `.xlsm`, whose macros are left alone.
    Xlsx,
    /// `.xls`.
    Xls,
    /// `.ods`.
    Ods,
    /// `.csv`.
    Csv,
}

impl Ending {
    /// The format of a file by its name; none where it is no workbook.
    pub fn of(name: &str) -> Option<Ending> {
        let (_, ending) = name.rsplit_once('.')?;
        Some(match ending.to_lowercase().as_str() {
            "xlsx" | "xlsm" | "xltx" | "xltm" => Ending::Xlsx,
            "xls" | "xlt" => Ending::Xls,
            "ods" | "ots" => Ending::Ods,
            "csv" => Ending::Csv,
            _ => return None,
        })
    }
}

/// What a workbook is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Book {
    /// A schedule.
    Schedule(Translated),
    /// The plan's targets.
    Targets(Targets),
}

/// Reads a workbook and translates it into what its headings say it is.
///
/// # Errors
/// Everything that is wrong with it, each with its sheet, row and column.
pub fn open(bytes: &[u8], ending: Ending, themes: &[ThemeNames]) -> Result<Book, Vec<CellFault>> {
    let grids = grids(bytes, ending).map_err(|fault| vec![fault])?;
    match targets::is_targets(&grids) {
        true => targets::translate(&grids, themes).map(Book::Targets),
        false => translate(&grids, themes).map(Book::Schedule),
    }
}

/// Reads a workbook and translates it into a schedule.
///
/// # Errors
/// Everything that is wrong with it, each with its sheet, row and column.
pub fn read(bytes: &[u8], ending: Ending, themes: &[ThemeNames]) -> Result<Translated, Vec<CellFault>> {
    let grids = grids(bytes, ending).map_err(|fault| vec![fault])?;
    translate(&grids, themes)
}

/// The sheets of a workbook as cells.
///
/// # Errors
/// Why it cannot be read, or that it is larger than any workbook of an office.
pub fn grids(bytes: &[u8], ending: Ending) -> Result<Vec<Grid>, CellFault> {
    let whole = CellFault::whole;
    let size = bytes.len() as u64;
    if size > LARGEST {
        return Err(whole(SheetFault::TooLarge { bytes: size, limit: LARGEST }));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(whole(SheetFault::EmptyBook));
    }
    // A library that stumbles over a hostile file must not take the station with it.
    let read = catch_unwind(AssertUnwindSafe(|| match Form::of(bytes, ending)? {
        Form::OpenXml => {
            packed::measure(bytes)?;
            spreadsheet::open_xml(bytes)
        }
        Form::OpenDocument => {
            packed::measure(bytes)?;
            let merged = packed::measure_document(bytes)?;
            spreadsheet::open_document(bytes, merged)
        }
        Form::Old => {
            old::measure(bytes)?;
            spreadsheet::old(bytes)
        }
        Form::Text => csv_text::grid(bytes).map(|grid| vec![grid]),
    }));
    read.unwrap_or_else(|_| Err(unreadable("it is damaged")))
}

/// What the bytes are, whatever the name says: a `.xls` is often a renamed `.xlsx`.
enum Form {
    OpenXml,
    OpenDocument,
    Old,
    Text,
}

impl Form {
    fn of(bytes: &[u8], ending: Ending) -> Result<Form, CellFault> {
        const ZIP: &[u8] = b"PK\x03\x04";
        const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
        if bytes.starts_with(ZIP) {
            return Ok(if packed::is_document(bytes) { Form::OpenDocument } else { Form::OpenXml });
        }
        if bytes.starts_with(COMPOUND) {
            return Ok(Form::Old);
        }
        let head: String = String::from_utf8_lossy(bytes.get(..512).unwrap_or(bytes)).to_lowercase();
        let markup = ["<html", "<?xml", "<!doctype", "<table"].iter().any(|tag| head.contains(tag));
        match ending {
            _ if markup => Err(CellFault::whole(SheetFault::WebPage)),
            Ending::Csv => Ok(Form::Text),
            Ending::Xlsx | Ending::Xls | Ending::Ods => Err(CellFault::whole(SheetFault::NoWorkbook)),
        }
    }
}

fn unreadable(found: &str) -> CellFault {
    CellFault::whole(SheetFault::Unreadable { found: clip(found) })
}

fn swollen(limit: u64) -> CellFault {
    CellFault::whole(SheetFault::Swollen { limit })
}

/// Refuses a sheet whose used cells reach further than `rows` and `columns` may.
fn within(sheet: &str, rows: usize, columns: usize) -> Result<(), CellFault> {
    if rows > MOST_ROWS {
        return Err(CellFault::of_sheet(sheet, SheetFault::TooManyRows { limit: MOST_ROWS as u64 }));
    }
    if columns > MOST_COLUMNS {
        return Err(CellFault::of_sheet(sheet, SheetFault::TooManyColumns { limit: MOST_COLUMNS as u64 }));
    }
    Ok(())
}
