//! Workbooks of Excel 97 to 2003 (BIFF8), measured before they are opened: how far their cells reach and how much text
//! they hold, since a text that is stored once may stand in every cell. Owns the guard; the reading is done by a library
//! that keeps all sheets in memory.

use std::io::{Cursor, Read};

use super::{LARGEST, MOST_CELLS, MOST_TEXT, swollen, unreadable, within};
use crate::core::workbook::{CellFault, SheetFault};

/// The kinds of records that are looked at ([MS-XLS] 2.3).
mod record {
    pub const FORMULA: u16 = 0x0006;
    pub const FILE_PASS: u16 = 0x002f;
    pub const CONTINUE: u16 = 0x003c;
    pub const MUL_RK: u16 = 0x00bd;
    pub const SHARED_STRINGS: u16 = 0x00fc;
    pub const SHARED_STRING_CELL: u16 = 0x00fd;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOL_OR_ERROR: u16 = 0x0205;
    pub const RK: u16 = 0x027e;
    pub const RICH_STRING: u16 = 0x00d6;
    pub const BEGIN: u16 = 0x0809;
}

/// Refuses what would take too much memory, and what is locked with a password.
pub(super) fn measure(bytes: &[u8]) -> Result<(), CellFault> {
    let damaged = |error: std::io::Error| unreadable(&error.to_string());
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if file.exists("EncryptedPackage") {
        return Err(CellFault::whole(SheetFault::Encrypted));
    }
    let name = ["Workbook", "Book"].into_iter().find(|name| file.is_stream(name));
    let name = name.ok_or_else(|| CellFault::whole(SheetFault::NoWorkbook))?;
    let mut stream = Vec::new();
    file.open_stream(name).map_err(damaged)?.take(LARGEST).read_to_end(&mut stream).map_err(damaged)?;
    measure_records(&stream)
}

fn number(data: &[u8], at: usize) -> usize {
    data.get(at..at + 2).map_or(0, |two| usize::from(two[0]) | usize::from(two[1]) << 8)
}

fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (number(rest.get(..2)?, 0), number(rest.get(2..4)?, 0));
        let data = rest.get(4..4 + length)?;
        rest = rest.get(4 + length..)?;
        Some((kind as u16, data))
    })
}

fn measure_records(stream: &[u8]) -> Result<(), CellFault> {
    let mut shared: Vec<&[u8]> = Vec::new();
    let mut in_shared = false;
    let mut lengths: Vec<usize> = Vec::new();
    let (mut text, mut cells) = (0usize, 0usize);
    let (mut rows, mut columns) = (0usize, 0usize);
    for (kind, data) in records(stream) {
        if in_shared && kind != record::CONTINUE {
            lengths = lengths_of(&shared);
            in_shared = false;
        }
        match kind {
            record::FILE_PASS if number(data, 0) != 0 => return Err(CellFault::whole(SheetFault::Encrypted)),
            record::SHARED_STRINGS => {
                shared = vec![data];
                in_shared = true;
            }
            record::CONTINUE if in_shared => shared.push(data),
            record::BEGIN => {
                cells = cells.saturating_add(rows.saturating_mul(columns));
                (rows, columns) = (0, 0);
            }
            record::FORMULA
            | record::NUMBER
            | record::LABEL
            | record::BOOL_OR_ERROR
            | record::RK
            | record::RICH_STRING
            | record::SHARED_STRING_CELL
            | record::MUL_RK => {
                let last = if kind == record::MUL_RK { data.len().saturating_sub(2) } else { 2 };
                rows = rows.max(number(data, 0) + 1);
                columns = columns.max(number(data, last) + 1);
                within("", rows, columns)?;
                if kind == record::SHARED_STRING_CELL {
                    let at = number(data, 6) | number(data, 8) << 16;
                    text = text.saturating_add(lengths.get(at).copied().unwrap_or_default());
                }
            }
            _ => {}
        }
        if text > MOST_TEXT || cells.saturating_add(rows * columns) > MOST_CELLS {
            return Err(swollen(MOST_TEXT as u64));
        }
    }
    Ok(())
}

/// The lengths of the shared strings, in bytes of UTF-8 at most. A string goes on in the next record where one is full,
/// and its letters say there anew whether they have one byte or two.
fn lengths_of(parts: &[&[u8]]) -> Vec<usize> {
    let mut walk = Parts { parts, at: 0 };
    let mut lengths = Vec::new();
    walk.skip(8);
    while let Some(letters) = walk.two() {
        let Some(flags) = walk.byte() else { break };
        let runs = if flags & 8 == 0 { 0 } else { walk.two().unwrap_or_default() * 4 };
        let extension = if flags & 4 == 0 {
            0
        } else {
            walk.two().unwrap_or_default() | walk.two().unwrap_or_default() << 16
        };
        walk.skip_letters(letters, flags & 1 == 1);
        walk.skip(runs.saturating_add(extension));
        lengths.push(letters * 3);
    }
    lengths
}

struct Parts<'p, 'b> {
    parts: &'p [&'b [u8]],
    at: usize,
}

impl Parts<'_, '_> {
    /// What is left of the record at hand; goes on to the next where nothing is.
    fn left(&mut self) -> usize {
        while let Some(part) = self.parts.first() {
            if self.at < part.len() {
                return part.len() - self.at;
            }
            self.parts = self.parts.get(1..).unwrap_or_default();
            self.at = 0;
        }
        0
    }

    fn byte(&mut self) -> Option<u8> {
        self.left();
        let byte = *self.parts.first()?.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn two(&mut self) -> Option<usize> {
        Some(usize::from(self.byte()?) | usize::from(self.byte()?) << 8)
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 {
            let step = self.left().min(count);
            if step == 0 {
                return;
            }
            self.at += step;
            count -= step;
        }
    }

    fn skip_letters(&mut self, mut letters: usize, mut wide: bool) {
        while letters > 0 {
            let here = self.parts.first().map_or(0, |part| part.len().saturating_sub(self.at));
            let width = if wide { 2 } else { 1 };
            let step = (here / width).min(letters);
            self.at += step * width;
            letters -= step;
            if letters > 0 {
                // What is left of this record holds no whole letter.
                self.parts = self.parts.get(1..).unwrap_or_default();
                self.at = 0;
                let Some(flags) = self.byte() else { return };
                wide = flags & 1 == 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_shared_strings_are_read_across_records() {
        // Two strings: “abcd”, parted after “ab” into a record of wide letters; “é” with one run of formatting.
        let first = [2, 0, 0, 0, 2, 0, 0, 0, 4, 0, 0, b'a', b'b'];
        let second = [1, b'c', 0, b'd', 0, 1, 0, 9, 1, 0, 0xe9, 0, 7, 7, 7, 7];
        assert_eq!(lengths_of(&[&first, &second]), [12, 3]);
        assert_eq!(lengths_of(&[&first]), [12]);
        assert_eq!(lengths_of(&[]), Vec::<usize>::new());
    }

    #[test]
    fn a_text_in_every_cell_is_counted_in_every_cell() {
        let record = |kind: u16, data: &[u8]| {
            let mut bytes = kind.to_le_bytes().to_vec();
            bytes.extend((data.len() as u16).to_le_bytes());
            bytes.extend(data);
            bytes
        };
        let mut strings = vec![1, 0, 0, 0, 1, 0, 0, 0];
        strings.extend(8_000u16.to_le_bytes());
        strings.push(0);
        strings.extend([b'a'; 8_000]);
        let mut stream = record(record::SHARED_STRINGS, &strings);
        for row in 0..1_000u16 {
            let mut cell = row.to_le_bytes().to_vec();
            cell.extend([0; 8]);
            stream.extend(record(record::SHARED_STRING_CELL, &cell));
        }
        assert!(matches!(measure_records(&stream).unwrap_err().fault, SheetFault::Swollen { .. }));
        assert_eq!(measure_records(&stream[..stream.len() / 3]), Ok(()));
        let far = record(record::NUMBER, &[0xff, 0xff, 0, 0, 0, 0]);
        assert!(matches!(measure_records(&far).unwrap_err().fault, SheetFault::TooManyRows { .. }));
        let wide = record(record::NUMBER, &[0, 0, 0xff, 0, 0, 0]);
        assert!(matches!(measure_records(&wide).unwrap_err().fault, SheetFault::TooManyColumns { .. }));
    }
}
