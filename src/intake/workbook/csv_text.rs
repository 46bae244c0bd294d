//! CSV files as a sheet: their encoding and their separator, neither of which the file says. Owns how both are found;
//! what is not Unicode is refused, since which letters were meant is not certain.

use super::{MOST_TEXT, swollen, within};
use crate::core::workbook::headings;
use crate::core::workbook::{Cell, CellFault, Grid, SheetFault, legacy};

/// How the only sheet is called.
const NAME: &str = "CSV";

/// The sheet of a CSV; its rows are numbered as a spreadsheet numbers them, empty ones included.
pub(super) fn grid(bytes: &[u8]) -> Result<Grid, CellFault> {
    let text = decoded(bytes)?;
    if text.len() > MOST_TEXT {
        return Err(swollen(MOST_TEXT as u64));
    }
    let (told, text) = separator_line(&text);
    let separator = told.unwrap_or_else(|| likeliest(text));
    let rows = parsed(text, separator, usize::MAX);
    let filled =
        rows.iter().rposition(|cells| cells.iter().any(|cell| !cell.is_empty())).map_or(0, |row| row + 1);
    let columns = rows.iter().filter_map(|cells| cells.iter().rposition(|cell| !cell.is_empty())).max();
    within(NAME, filled, columns.map_or(0, |column| column + 1))?;
    let above = usize::from(told.is_some());
    let mut all: Vec<Vec<Cell>> = vec![Vec::new(); above];
    all.extend(rows.into_iter().take(filled));
    Ok(Grid { name: NAME.to_owned(), rows: all, merged: Vec::new() })
}

fn decoded(bytes: &[u8]) -> Result<String, CellFault> {
    let wide = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let text: Result<String, _> = char::decode_utf16(units).collect();
        text.ok().filter(|_| bytes.len().is_multiple_of(2))
    };
    let text = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8(rest.to_vec()).ok(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).ok(),
    };
    text.filter(|text| !text.contains('\0')).ok_or_else(|| {
        // As a program of Western Europe would show it: that is how the old encodings are known.
        let western: String = bytes.iter().take(20_000).map(|byte| char::from(*byte)).collect();
        CellFault::whole(SheetFault::NotUnicode { found: legacy(&western) })
    })
}

/// `sep=;`, which Excel understands as the first line.
fn separator_line(text: &str) -> (Option<u8>, &str) {
    let line = text.lines().next().unwrap_or_default();
    let told = line.strip_prefix("sep=").and_then(|rest| rest.bytes().next()).filter(u8::is_ascii);
    match told {
        Some(separator) => (
            Some(separator),
            text.get(line.len()..)
                .unwrap_or_default()
                .trim_start_matches(['\r'])
                .strip_prefix('\n')
                .unwrap_or_default(),
        ),
        None => (None, text),
    }
}

/// The separator with which most headings and labels are found; of several the one that parts most.
fn likeliest(text: &str) -> u8 {
    let score = |separator: u8| {
        let rows = parsed(text, separator, 100);
        let known = rows.iter().flatten().filter(|cell| headings::knows(&cell.line())).count();
        (known, rows.iter().map(Vec::len).sum::<usize>())
    };
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|separator| score(*separator)).unwrap_or(b',')
}

fn parsed(text: &str, separator: u8, most: usize) -> Vec<Vec<Cell>> {
    let kept = with_empty_rows(text, separator);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .from_reader(kept.as_bytes());
    let records = reader.records().map_while(Result::ok).take(most);
    records.map(|record| record.iter().map(Cell::text).collect()).collect()
}

/// The library leaves empty lines out, which would number the rows below them otherwise than a spreadsheet does: they
/// get a separator. A line inside of quotes is none.
fn with_empty_rows(text: &str, separator: u8) -> String {
    let mut kept = String::with_capacity(text.len() + 64);
    let mut quoted = false;
    for line in text.split_inclusive('\n') {
        if !quoted && line.trim_end_matches(['\r', '\n']).is_empty() {
            kept.push(char::from(separator));
        }
        kept.push_str(line);
        quoted ^= line.bytes().filter(|byte| *byte == b'"').count() % 2 == 1;
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::workbook::Legacy;

    const TEXT: &str = "Mã lịch;cchc-12\n\nTừ ngày;Đến ngày;Giờ phát\n\"1\n2\";;5h30\n";

    fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
        grid(bytes).unwrap().rows.iter().map(|row| row.iter().map(Cell::line).collect()).collect()
    }

    #[test]
    fn encodings_and_separators_are_found_and_rows_keep_their_numbers() {
        let expected = rows(TEXT.as_bytes());
        assert_eq!(expected[0], ["Mã lịch", "cchc-12"]);
        assert_eq!(expected[2], ["Từ ngày", "Đến ngày", "Giờ phát"]);
        assert_eq!(expected[3], ["1 2", "", "5h30"]);
        let with = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        let units = || TEXT.encode_utf16();
        for bytes in [
            with(b"\xef\xbb\xbf", TEXT.into()),
            with(b"\xff\xfe", units().flat_map(u16::to_le_bytes).collect()),
            with(b"\xfe\xff", units().flat_map(u16::to_be_bytes).collect()),
            TEXT.replace(';', ",").into(),
            TEXT.replace(';', "\t").into(),
            TEXT.replace('\n', "\r\n").into(),
        ] {
            assert_eq!(rows(&bytes), expected, "{:?}", String::from_utf8_lossy(&bytes));
        }
        let told = rows(format!("sep=;\r\n{TEXT}").as_bytes());
        assert_eq!(told[1..], expected[..]);
    }

    #[test]
    fn what_is_not_unicode_is_refused_and_named() {
        let fault = |bytes: &[u8]| grid(bytes).unwrap_err().fault;
        let western = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
        let tcvn3 = western("LÞch ph¸t;Giê ph¸t;Tªn ch\u{ad}¬ng tr×nh");
        assert_eq!(fault(&tcvn3), SheetFault::NotUnicode { found: Some(Legacy::Tcvn3) });
        let vni = western("Lòch phaùt;Giôø phaùt;Teân chöông trình;Ngaøy trong tuaàn");
        assert_eq!(fault(&vni), SheetFault::NotUnicode { found: Some(Legacy::Vni) });
        for bytes in [&b"T\xea ng\xe0y"[..], b"\xff\xfea", b"\xff\xfe\x00\xd8", b"a\0b", b"\xef\xbb\xbf\xff"]
        {
            assert_eq!(fault(bytes), SheetFault::NotUnicode { found: None }, "{bytes:?}");
        }
    }
}
