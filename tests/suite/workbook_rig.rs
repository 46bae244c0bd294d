//! Workbooks for tests: sheets written as lines of text, what they are translated into, and the files of each format.

use std::path::PathBuf;

use chrono::NaiveDate;
use loa::core::schedule::read::{Reference, read};
use loa::core::schedule::{Play, Schedule};
use loa::core::workbook::{Cell, CellFault, Grid, ThemeNames, Translated, translate};
use loa::intake::workbook::Ending;
use loa::words::{Language, Say};

pub fn themes() -> Vec<ThemeNames> {
    [
        ("the-che", "Cải cách thể chế", "Institutional reform"),
        ("dich-vu-cong", "Cổng dịch vụ công", "Public-service portal"),
        ("vneid", "Ứng dụng VNeID", "VNeID app"),
    ]
    .map(|(id, vi, en)| (id.into(), vi.into(), en.into()))
    .into()
}

/// Rows with `|` between their cells. `#REF!` is a formula that went wrong.
fn rows(text: &str) -> Vec<Vec<Cell>> {
    let cell = |text: &str| match text.trim() {
        "#REF!" => Cell::Fault("#REF!".into()),
        text => Cell::text(&text.replace("\\n", "\n")),
    };
    text.lines().map(|line| line.trim().split('|').map(cell).collect()).collect()
}

pub fn grid(name: &str, text: &str) -> Grid {
    Grid { name: name.into(), rows: rows(text), merged: Vec::new() }
}

pub const LABELS: &str = "Mã lịch|cchc-12\nTên lịch|Tuyên truyền CCHC\n\n";
pub const HEAD: &str = "Từ ngày|Đến ngày|Ngày trong tuần|Giờ phát|Thứ tự trong buổi|Tên chương trình|Tên tin bài|Tên tệp ghi âm|Loại|Chủ đề CCHC|Nguồn|Phát lại từ|Mức ưu tiên|Ghi chú\n";
pub const ROW: &str = "01/12/2026|31/12/2026|T2-T6|5h30||CCHC|Kỳ 1|a.mp3|Bài|dich-vu-cong\n";
const CHANGE_HEAD: &str =
    "Ngày|Giờ phát|Tên chương trình|Nội dung thay đổi|Giờ mới|Tên tệp ghi âm mới|Lý do|Người duyệt\n";

/// A workbook with these rows below the headings.
pub fn plan(rows: &str) -> Vec<Grid> {
    vec![grid("Lịch phát", &format!("{LABELS}{HEAD}{rows}"))]
}

/// With these changes.
pub fn changed(rows: &str, changes: &str) -> Vec<Grid> {
    let mut grids = plan(rows);
    grids.push(grid("Thay đổi", &format!("{CHANGE_HEAD}{changes}")));
    grids
}

pub fn text_of(grids: &[Grid]) -> Translated {
    translate(grids, &themes()).unwrap_or_else(|faults| panic!("{}", said(&faults)))
}

pub fn schedule(grids: &[Grid]) -> Schedule {
    let text = text_of(grids).text;
    let (schedule, notices) = read(text.as_bytes(), "lich.toml", &Reference::lenient()).unwrap();
    assert_eq!(notices, [], "{text}");
    schedule
}

pub fn said(faults: &[CellFault]) -> String {
    faults.iter().map(|fault| fault.say(Language::Vi)).collect::<Vec<_>>().join("\n")
}

pub fn faults(grids: &[Grid]) -> Vec<CellFault> {
    match translate(grids, &themes()) {
        Ok(translated) => panic!("no fault:\n{}", translated.text),
        Err(faults) => faults,
    }
}

pub fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

pub fn files(play: &Play) -> Vec<String> {
    match play {
        Play::Carts(names) => names.iter().map(ToString::to_string).collect(),
        Play::RepeatOf(slot) => vec![format!("<- {slot}")],
        Play::Relay(span) => vec![format!("relay {span:?}")],
    }
}

/// Each slot in a line: id, what it plays.
pub fn outline(schedule: &Schedule) -> Vec<String> {
    schedule.slots.iter().map(|slot| format!("{}: {}", slot.id, files(&slot.play).join(" "))).collect()
}

pub fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/workbooks", name].iter().collect();
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub const FIXTURES: [(&str, Ending); 4] = [
    ("lich.xlsx", Ending::Xlsx),
    ("lich.xls", Ending::Xls),
    ("lich.ods", Ending::Ods),
    ("lich.csv", Ending::Csv),
];
