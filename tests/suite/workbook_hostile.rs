//! Workbooks that are hostile, damaged or nothing but noise: each is answered, and none takes more room than it may.

use chrono::{NaiveDate, NaiveTime};
use loa::core::fault::SheetFault;
use loa::core::schedule::read::{Reference, read};
use loa::core::workbook::{Area, Cell, translate};
use loa::intake::workbook::{Ending, read as read_file};
use loa::words::{Language, Say};
use proptest::prelude::*;

use super::workbook_rig::{FIXTURES, ROW, changed, day, fixture, themes};

/// A zip archive of these parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn an_archive_that_swells_is_refused_before_it_is_opened() {
    let zeros = vec![0; 80 << 20];
    let bomb = packed(&[("xl/workbook.xml", b"<workbook/>"), ("xl/worksheets/sheet1.xml", &zeros)]);
    assert!(bomb.len() < 200_000);
    let fault = |bytes: &[u8]| read_file(bytes, Ending::Xlsx, &themes()).unwrap_err().remove(0).fault;
    assert!(matches!(fault(&bomb), SheetFault::Swollen { .. }), "{:?}", fault(&bomb));
    let many: Vec<String> = (0..3_000).map(|at| at.to_string()).collect();
    let parts: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    assert!(matches!(fault(&packed(&parts)), SheetFault::Swollen { .. }));
}

#[test]
fn a_part_that_is_larger_than_the_directory_says_is_read_no_further() {
    let mut lying = fixture("lich.xlsx");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&lying)).unwrap();
    let size = archive.by_name("xl/worksheets/sheet1.xml").unwrap().size() as u32;
    drop(archive);
    let mut changed = 0;
    for at in 0..lying.len() - 4 {
        if lying[at..at + 4] == size.to_le_bytes() {
            lying[at..at + 4].copy_from_slice(&(size / 2).to_le_bytes());
            changed += 1;
        }
    }
    assert!(changed > 0);
    let fault = read_file(&lying, Ending::Xlsx, &themes()).unwrap_err().remove(0).fault;
    assert!(matches!(&fault, SheetFault::Unreadable { found } if found.contains("declared")), "{fault}");
}

#[test]
fn an_open_document_that_repeats_without_end_is_refused() {
    let document = |cells: &str, rows: u32| {
        let content = format!(
            "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\"><office:body><office:spreadsheet>\
             <table:table table:name=\"Lịch phát\"><table:table-row table:number-rows-repeated=\"{rows}\">{cells}</table:table-row>\
             </table:table></office:spreadsheet></office:body></office:document-content>"
        );
        let bytes = packed(&[
            ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", content.as_bytes()),
            ("META-INF/manifest.xml", b"<manifest:manifest xmlns:manifest=\"m\"/>"),
        ]);
        read_file(&bytes, Ending::Ods, &themes()).unwrap_err().remove(0).fault
    };
    let cell = |repeats: u32, text: &str| {
        format!(
            "<table:table-cell office:value-type=\"string\" table:number-columns-repeated=\"{repeats}\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    assert!(matches!(document(&cell(1, "a"), 1_000_000), SheetFault::TooManyRows { .. }));
    assert!(matches!(document(&cell(16_000, "a"), 1), SheetFault::TooManyColumns { .. }));
    assert!(matches!(document(&cell(100, &"a".repeat(1_000)), 20_000), SheetFault::Swollen { .. }));
    // What a spreadsheet writes below and beside a table says nothing.
    let empty = "<table:table-cell table:number-columns-repeated=\"16384\"/>";
    assert_eq!(document(empty, 1_048_576), SheetFault::EmptySheet);
}

#[test]
fn a_cell_at_the_far_end_of_a_sheet_takes_no_room() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write_string(0, 0, "a").unwrap();
    sheet.write_string(1_048_575, 16_383, "b").unwrap();
    let fault = read_file(&book.save_to_buffer().unwrap(), Ending::Xlsx, &themes()).unwrap_err().remove(0);
    assert!(matches!(fault.fault, SheetFault::TooManyRows { .. }), "{fault}");
    assert_eq!(fault.sheet, "Sheet1");
}

#[test]
fn a_locked_workbook_is_said_to_be_locked() {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream("EncryptedPackage").unwrap();
    let bytes = file.into_inner().into_inner();
    for ending in [Ending::Xlsx, Ending::Xls] {
        assert_eq!(read_file(&bytes, ending, &themes()).unwrap_err()[0].fault, SheetFault::Encrypted);
    }
    let manifest = b"<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>";
    let bytes = packed(&[("content.xml", b"x"), ("META-INF/manifest.xml", manifest)]);
    assert_eq!(read_file(&bytes, Ending::Ods, &themes()).unwrap_err()[0].fault, SheetFault::Encrypted);
}

/// Whatever the bytes are: a schedule that reads, or faults that can be said.
fn answered(bytes: &[u8], ending: Ending) {
    match read_file(bytes, ending, &themes()) {
        Ok(translated) => {
            read(translated.text.as_bytes(), "", &Reference::lenient()).unwrap();
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            for fault in &faults {
                assert!(!fault.say(Language::Vi).is_empty() && !fault.say(Language::En).is_empty());
            }
        }
    }
}

#[test]
fn half_a_workbook_is_answered() {
    for (name, ending) in FIXTURES {
        let bytes = fixture(name);
        for cut in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            answered(&bytes[..cut], ending);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_bring_the_reader_down(bytes in prop::collection::vec(any::<u8>(), 0..400), magic in 0..4usize) {
        let heads: [&[u8]; 4] = [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"];
        let bytes = [heads[magic], &bytes].concat();
        for (_, ending) in FIXTURES {
            answered(&bytes, ending);
        }
    }

    #[test]
    fn no_slips_in_a_right_workbook_bring_the_reader_down(
        at in 0..FIXTURES.len(),
        slips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let (name, ending) = FIXTURES[at];
        let mut bytes = fixture(name);
        for (at, byte) in slips {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        answered(&bytes, ending);
    }
}

/// Cells as they may stand anywhere: right ones, nearly right ones, and anything.
fn any_cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "CCHC",
        "Bản tin",
        "5h30",
        "17:00",
        "25h",
        "T2-T6",
        "2",
        "thu",
        "hằng ngày",
        "05/12/2026",
        "31/12/2026",
        "01/12/2026",
        "a.mp3",
        "a.mp3; b.mp3",
        "../x",
        "Bài",
        "Tin",
        "Nhạc hiệu",
        "dich-vu-cong",
        "Khẩn cấp",
        "Ưu tiên",
        "Hủy lượt phát",
        "Đổi giờ",
        "Phát thêm",
        "Thay bản ghi",
        "CCHC 5h30",
        "Thay đổi",
        "Mã lịch",
        "Giờ phát",
        "1",
        "999",
    ]);
    prop_oneof![
        4 => Just(Cell::Empty),
        8 => words.prop_map(|word| Cell::Text(word.into())),
        1 => "\\PC{0,12}".prop_map(Cell::Text),
        1 => "[\u{0}-\u{20}\u{80}-\u{a0}\"\\\\;\n]{0,6}".prop_map(Cell::Text),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => (0..86_400u32).prop_map(|at| Cell::Time(NaiveTime::from_num_seconds_from_midnight_opt(at, 0).unwrap())),
        1 => (1..29u32).prop_map(|at| Cell::Date(day(12, at))),
        1 => any::<i32>().prop_map(|at| Cell::Date(NaiveDate::from_num_days_from_ce_opt(at % 4_000_000).unwrap_or_default())),
        1 => Just(Cell::Flag(true)),
        1 => Just(Cell::Fault("#REF!".into())),
    ]
}

fn any_rows(columns: usize) -> impl Strategy<Value = Vec<Vec<Cell>>> {
    prop::collection::vec(prop::collection::vec(any_cell(), 0..=columns + 1), 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_cells_give_a_schedule_that_reads_or_faults_inside_the_sheets(
        below in any_rows(14),
        changes in any_rows(8),
        above in any_rows(3),
        areas in prop::collection::vec(((0..20u32, 0..16u32), (0..6u32, 0..6u32)), 0..3),
        headed in prop::bool::weighted(0.9),
    ) {
        let mut grids = changed(ROW, "");
        if headed {
            grids[0].rows.splice(0..0, above);
            grids[0].rows.extend(below);
            grids[1].rows.extend(changes);
        } else {
            grids[0].rows = below;
        }
        grids[0].merged = areas
            .into_iter()
            .map(|((row, column), (down, right))| Area { from: (row, column), to: (row + down, column + right) })
            .collect();
        match translate(&grids, &themes()) {
            Ok(translated) => {
                prop_assert!(read(translated.text.as_bytes(), "", &Reference::lenient()).is_ok(), "{}", translated.text);
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in faults {
                    let Some(grid) = grids.iter().find(|grid| grid.name == fault.sheet) else {
                        prop_assert!(fault.sheet.is_empty() && fault.row.is_none(), "{fault}");
                        continue;
                    };
                    prop_assert!(fault.row.is_none_or(|row| (1..=grid.rows.len() as u32).contains(&row)), "{fault}");
                    prop_assert!(fault.column.is_none_or(|column| column < 20), "{fault}");
                    prop_assert!(!fault.say(Language::Vi).is_empty());
                }
            }
        }
    }
}
