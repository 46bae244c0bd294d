//! Workbooks that are zip archives, measured before they are opened: how much they unpack to, and how often an
//! OpenDocument repeats its rows and cells. Owns the guard against archives that swell; never reads what a cell means.

use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

use super::{LARGEST_UNPACKED, MOST_CELLS, MOST_TEXT, swollen, unreadable, within};
use crate::core::workbook::{Area, CellFault, SheetFault};

/// The most parts of an archive; a workbook has some twenty.
const MOST_PARTS: usize = 2_000;

type Archive<'b> = ZipArchive<Cursor<&'b [u8]>>;

fn open(bytes: &[u8]) -> Result<Archive<'_>, CellFault> {
    ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error.to_string()))
}

/// Whether it is an OpenDocument rather than a workbook of Excel.
pub(super) fn is_document(bytes: &[u8]) -> bool {
    open(bytes).is_ok_and(|archive| archive.index_for_name("content.xml").is_some())
}

/// Sums up what the parts unpack to, by the archive's directory. A part that is larger than its directory says is an
/// error of the library as soon as it is read that far (a test holds it to that).
pub(super) fn measure(bytes: &[u8]) -> Result<(), CellFault> {
    let mut archive = open(bytes)?;
    let mut unpacked = 0u64;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(zip::result::ZipError::PASSWORD_REQUIRED) => {
                CellFault::whole(SheetFault::Encrypted)
            }
            error => unreadable(&error.to_string()),
        })?;
        unpacked = unpacked.saturating_add(part.size());
        if at >= MOST_PARTS || unpacked > LARGEST_UNPACKED {
            return Err(swollen(LARGEST_UNPACKED));
        }
    }
    Ok(())
}

/// The sheet that is being walked through: what its cells come to once all repetitions are written out.
#[derive(Default)]
struct Walk {
    name: String,
    /// Rows above the one at hand.
    rows: usize,
    row: Row,
    cell: Option<Cell>,
    merged: Vec<Area>,
    /// Cells and bytes of text of all sheets so far.
    all_cells: usize,
    all_text: usize,
}

#[derive(Default)]
struct Row {
    repeats: usize,
    /// Columns to the left of the cell at hand.
    columns: usize,
    /// Up to the last cell that holds something.
    filled: usize,
    text: usize,
}

struct Cell {
    repeats: usize,
    spans: (usize, usize),
    filled: bool,
    text: usize,
}

impl Walk {
    fn begin(&mut self, tag: &BytesStart<'_>) {
        let attribute = |name: &str| tag.try_get_attribute(name).ok().flatten().map(|found| found.value);
        let number =
            |name: &str| attribute(name).and_then(|value| value.parse::<usize>().ok()).unwrap_or(1).max(1);
        match tag.name().as_ref() {
            "table:table" => {
                self.name = attribute("table:name").unwrap_or_default().into_owned();
                self.rows = 0;
            }
            "table:table-row" => {
                self.row = Row { repeats: number("table:number-rows-repeated"), ..Row::default() };
            }
            "table:table-cell" | "table:covered-table-cell" => {
                let value =
                    ["office:value-type", "calcext:value-type", "table:formula", "office:string-value"];
                let text = attribute("office:string-value").map_or(0, |text| text.len());
                self.cell = Some(Cell {
                    repeats: number("table:number-columns-repeated"),
                    spans: (number("table:number-rows-spanned"), number("table:number-columns-spanned")),
                    filled: value.iter().any(|name| attribute(name).is_some()),
                    text: text + attribute("table:formula").map_or(0, |formula| formula.len()),
                });
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) -> Result<(), CellFault> {
        match name {
            "table:table-cell" | "table:covered-table-cell" => self.end_cell(),
            "table:table-row" => self.end_row()?,
            _ => {}
        }
        Ok(())
    }

    fn end_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        let (row, column) = (self.rows, self.row.columns);
        if cell.spans != (1, 1) && self.merged.len() < MOST_CELLS / 100 {
            let at = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            let (rows, columns) = cell.spans;
            let to = (at(row.saturating_add(rows - 1)), at(column.saturating_add(columns - 1)));
            self.merged.push(Area { from: (at(row), at(column)), to });
        }
        self.row.columns = column.saturating_add(cell.repeats);
        if cell.filled {
            self.row.filled = self.row.columns;
            self.row.text = self.row.text.saturating_add(cell.text.saturating_mul(cell.repeats));
        }
    }

    fn end_row(&mut self) -> Result<(), CellFault> {
        let row = std::mem::take(&mut self.row);
        self.rows = self.rows.saturating_add(row.repeats);
        if row.filled == 0 {
            return Ok(());
        }
        within(&self.name, self.rows, row.filled)?;
        self.all_cells = self.all_cells.saturating_add(row.filled.saturating_mul(row.repeats));
        self.all_text = self.all_text.saturating_add(row.text.saturating_mul(row.repeats));
        if self.all_text > MOST_TEXT || self.all_cells > MOST_CELLS {
            return Err(swollen(MOST_TEXT as u64));
        }
        Ok(())
    }
}

/// Walks through the sheets of an OpenDocument: how far their cells reach once all repetitions are written out. Returns
/// the merged areas of each sheet.
pub(super) fn measure_document(bytes: &[u8]) -> Result<Vec<(String, Vec<Area>)>, CellFault> {
    let mut archive = open(bytes)?;
    if let Ok(mut manifest) = archive.by_name("META-INF/manifest.xml") {
        let mut text = String::new();
        let read = manifest.by_ref().take(1 << 20).read_to_string(&mut text);
        if read.is_ok() && text.contains("encryption-data") {
            return Err(CellFault::whole(SheetFault::Encrypted));
        }
    }
    let mut content = Vec::new();
    let part = archive.by_name("content.xml").map_err(|error| unreadable(&error.to_string()))?;
    part.take(LARGEST_UNPACKED).read_to_end(&mut content).map_err(|error| unreadable(&error.to_string()))?;
    let content = String::from_utf8(content).map_err(|_| unreadable("it is not UTF-8"))?;

    let mut reader = Reader::from_str(&content);
    let (mut sheets, mut walk) = (Vec::new(), Walk::default());
    loop {
        match reader.read_event().map_err(|error| unreadable(&error.to_string()))? {
            Event::Start(tag) => walk.begin(&tag),
            Event::Empty(tag) => {
                walk.begin(&tag);
                walk.end(tag.name().as_ref())?;
            }
            Event::Text(text) => {
                if let Some(cell) = &mut walk.cell {
                    cell.text += text.len();
                    cell.filled |= !text.is_empty();
                }
            }
            Event::End(tag) if tag.name().as_ref() == "table:table" => {
                sheets.push((std::mem::take(&mut walk.name), std::mem::take(&mut walk.merged)));
            }
            Event::End(tag) => walk.end(tag.name().as_ref())?,
            Event::Eof => return Ok(sheets),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// The fault that the walk finds by itself: what comes after it makes room for the cells.
    fn measured(cells: &str, rows: u32) -> Result<Vec<(String, Vec<Area>)>, SheetFault> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        archive.start_file("content.xml", zip::write::SimpleFileOptions::default()).unwrap();
        write!(
            archive,
            "<table:table table:name=\"Lịch phát\"><table:table-row table:number-rows-repeated=\"{rows}\">{cells}\
             </table:table-row></table:table>"
        )
        .unwrap();
        measure_document(&archive.finish().unwrap().into_inner()).map_err(|fault| fault.fault)
    }

    #[test]
    fn repetitions_are_written_out_before_room_is_made_for_them() {
        let cell = |repeats: u32, text: &str| {
            format!(
                "<table:table-cell table:number-columns-repeated=\"{repeats}\"><text:p>{text}</text:p></table:table-cell>"
            )
        };
        assert!(matches!(measured(&cell(1, "a"), 20_001), Err(SheetFault::TooManyRows { .. })));
        assert!(matches!(measured(&cell(101, "a"), 1), Err(SheetFault::TooManyColumns { .. })));
        assert!(matches!(measured(&cell(100, &"a".repeat(9)), 20_000), Err(SheetFault::Swollen { .. })));
        assert!(measured(&cell(100, "a"), 20_000).is_ok());
        let empty = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
        assert!(measured(empty, 1_048_576).is_ok());
        let merged = "<table:table-cell/><table:table-cell table:number-rows-spanned=\"3\"/>";
        let area = Area { from: (0, 1), to: (2, 1) };
        assert_eq!(measured(merged, 1), Ok(vec![("Lịch phát".to_owned(), vec![area])]));
    }
}
