//! Workbooks: what is wrong with one is told cell by cell. `LOA_WRITE_GOLDEN=1 cargo test workbook` writes the golden
//! file anew; its difference is then read by a person.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use loa::core::fault::{Flaw, SheetFault};
use loa::core::workbook::{CellFault, Grid, Legacy};
use loa::intake::workbook::{Ending, LARGEST, read as read_file};
use loa::words::{Language, Say};

use super::workbook_rig::{HEAD, LABELS, ROW, changed, faults, grid, plan, said, themes};

const GOLDEN: &str = "tests/golden/workbooks.txt";

/// Places, as [`place`] writes them.
type Cells = &'static [&'static str];

/// What is wrong, the workbook, and the cells that must be named (`Sheet!F7`, or a sheet or row alone).
fn cases() -> Vec<(&'static str, Vec<Grid>, Cells)> {
    let row = |about, rows: &str, cells: Cells| (about, plan(rows), cells);
    let edit = |about, from: &str, to: &str, cells: Cells| (about, plan(&ROW.replacen(from, to, 1)), cells);
    let change = |about, changes: &str, cells: Cells| {
        (about, changed(&format!("{ROW}|||17h||CCHC||||||5h30\n"), changes), cells)
    };
    let whole = |about, name: &str, text: &str, cells: Cells| (about, vec![grid(name, text)], cells);
    vec![
        ("nothing at all", vec![grid("Sheet1", "")], &[""]),
        whole("no sheet of the name", "Sheet1", "Danh bạ|Điện thoại\nAn|0905\n", &[""]),
        whole("empty sheet", "Lịch phát", "", &["Lịch phát"]),
        whole("no headings", "Lịch phát", "Mã lịch|cchc-12\nGiờ|Bài\n", &["Lịch phát"]),
        whole("no rows", "Lịch phát", &format!("{LABELS}{HEAD}"), &["Lịch phát"]),
        whole(
            "TCVN3",
            "Sheet1",
            "LÞch ph¸t thanh\nTõ ngµy|§Õn ngµy|Giê ph¸t|Tªn ch\u{ad}¬ng tr×nh|Tªn tÖp ghi ©m\n",
            &["Sheet1"],
        ),
        whole(
            "VNI",
            "Lịch phát",
            "Lòch phaùt thanh\nTöø ngaøy|Ñeán ngaøy|Giôø phaùt|Teân chöông trình\n",
            &["Lịch phát"],
        ),
        row(
            "titles in TCVN3",
            "01/12/2026|31/12/2026|T2-T6|5h30||CCHC|Tªn ch\u{ad}¬ng tr×nh ph¸t thanh|a.mp3|Bài\n",
            &["Lịch phát"],
        ),
        whole("no labels", "Lịch phát", &format!("{HEAD}{ROW}"), &["Lịch phát", "Lịch phát"]),
        whole(
            "empty label",
            "Lịch phát",
            &format!("{}{HEAD}{ROW}", LABELS.replace("cchc-12", "")),
            &["Lịch phát!B1"],
        ),
        whole(
            "id with diacritics",
            "Lịch phát",
            &format!("{}{HEAD}{ROW}", LABELS.replace("cchc-12", "Lịch tháng 12")),
            &["Lịch phát!B1"],
        ),
        whole(
            "columns missing",
            "Lịch phát",
            &format!("{LABELS}Từ ngày|Đến ngày|Giờ phát\n01/12/2026|02/12/2026|5h30\n"),
            &["Lịch phát 4", "Lịch phát 4", "Lịch phát 4"],
        ),
        whole(
            "unknown, double and missing headings",
            "Lịch phát",
            &format!("{LABELS}{}|Loại|Tên tin bàii|Cán bộ\n{}||||||Tin|b|An|c\n", HEAD.trim(), ROW.trim()),
            &["Lịch phát!O4", "Lịch phát!P4", "Lịch phát!Q4", "Lịch phát!R5"],
        ),
        edit("formula that fails", "01/12/2026", "#REF!", &["Lịch phát!A5"]),
        edit("formula that fails in a name", "a.mp3", "#REF!", &["Lịch phát!H5"]),
        edit("month before day", "31/12/2026", "12/31/2026", &["Lịch phát!B5"]),
        edit("year of two digits", "01/12/2026", "01/12/26", &["Lịch phát!A5"]),
        edit("no last day", "31/12/2026", "", &["Lịch phát!B5"]),
        edit("ends before it begins", "31/12/2026", "30/11/2026", &["Lịch phát!B5"]),
        edit("bare weekday", "T2-T6", "2", &["Lịch phát!C5"]),
        edit("bare thu", "T2-T6", "thu", &["Lịch phát!C5"]),
        edit("weekdays backwards", "T2-T6", "T6-T2", &["Lịch phát!C5"]),
        edit("no weekday", "T2-T6", "T8", &["Lịch phát!C5"]),
        edit("no such weekday between", "31/12/2026|T2-T6", "02/12/2026|CN", &["Lịch phát!C5"]),
        edit("no time", "5h30", "5", &["Lịch phát!D5"]),
        edit("one of two times", "5h30", "5h30; 25h", &["Lịch phát!D5"]),
        edit("no order", "5h30|", "5h30|một", &["Lịch phát!E5"]),
        edit("no programme", "CCHC", "", &["Lịch phát!F5"]),
        row(
            "a programme below one that is at fault takes no time from it",
            "01/12/2026|31/12/2026||5h30||#REF!||a.mp3|Tin\n|||||Bản tin||b.mp3|Tin\n",
            &["Lịch phát!F5", "Lịch phát!D6"],
        ),
        edit("title without recording", "a.mp3", "", &["Lịch phát!H5"]),
        edit("recording outside", "a.mp3", "..\\a.mp3", &["Lịch phát!H5"]),
        edit("kind nearly right", "Bài", "Thông boá", &["Lịch phát!I5"]),
        edit("kind of no list", "Bài", "xyz", &["Lịch phát!I5"]),
        edit("no kind", "Bài", "", &["Lịch phát!I5"]),
        edit("theme nearly right", "dich-vu-cong", "Cổng dịch vụ côn", &["Lịch phát!J5"]),
        edit("theme of no list", "dich-vu-cong", "Bóng đá", &["Lịch phát!J5"]),
        edit("emergency", "dich-vu-cong", "dich-vu-cong|||Khẩn cấp", &["Lịch phát!M5"]),
        row("nothing to play", "01/12/2026|31/12/2026||5h30||CCHC\n", &["Lịch phát!H5"]),
        edit("recording and repeat", "dich-vu-cong", "dich-vu-cong||CCHC", &["Lịch phát!L5"]),
        row(
            "the same recording described otherwise",
            &format!("{ROW}|||17h||Chiều|Kỳ 1|a.mp3|Tin|vneid\n"),
            &["Lịch phát!I6", "Lịch phát!J6"],
        ),
        row(
            "a long part of a longer schedule",
            "01/01/2026|31/12/2028||5h30||CCHC||a.mp3|Tin\n01/01/2026|31/12/2027||6h||Tin||b.mp3|Tin\n",
            &["Lịch phát!B6"],
        ),
        row("repeat of nothing", &format!("{ROW}|||17h||Chiều||||||Xyz\n"), &["Lịch phát!L6"]),
        row("repeat of nearly that", &format!("{ROW}|||17h||Chiều||||||CCHCC\n"), &["Lịch phát!L6"]),
        row("repeat at another time", &format!("{ROW}|||17h||Chiều||||||CCHC 6h\n"), &["Lịch phát!L6"]),
        row("repeat of itself", &format!("{ROW}|||17h||Chiều||||||Chiều\n"), &["Lịch phát!L6"]),
        row(
            "repeat of a repeat",
            &format!("{ROW}|||11h||Trưa||||||CCHC\n|||17h||Chiều||||||Trưa\n"),
            &["Lịch phát!L7"],
        ),
        change("change of nothing", "09/12/2026||Xyz|Hủy lượt phát\n", &["Thay đổi!C2"]),
        change("change at another time", "09/12/2026|6h|CCHC|Hủy lượt phát\n", &["Thay đổi!C2"]),
        change("which of two", "09/12/2026||CCHC|Hủy lượt phát\n", &["Thay đổi!B2"]),
        change("not due", "12/12/2026|5h30|CCHC|Hủy lượt phát\n", &["Thay đổi!A2"]),
        change("outside the schedule", "12/01/2027|18h|CCHC|Phát thêm\n", &["Thay đổi!A2"]),
        change("no kind of change", "09/12/2026|5h30|CCHC|Dời ngày\n", &["Thay đổi!D2"]),
        change("no new time", "09/12/2026|5h30|CCHC|Đổi giờ\n", &["Thay đổi!E2"]),
        change("no new recording", "09/12/2026|5h30|CCHC|Thay bản ghi\n", &["Thay đổi!F2"]),
        change("new time of a cancelled one", "09/12/2026|5h30|CCHC|Hủy lượt phát|6h\n", &["Thay đổi!E2"]),
        change("moved to where it is", "09/12/2026|5h30|CCHC|Đổi giờ|5h30\n", &["Thay đổi!E2"]),
        change(
            "two that contradict",
            "09/12/2026|5h30|CCHC|Hủy lượt phát\n09/12/2026|5h30|CCHC|Đổi giờ|6h\n",
            &["Thay đổi 3"],
        ),
        change("nothing but a date", "09/12/2026|5h30\n", &["Thay đổi!D2"]),
        (
            "changes without headings",
            vec![plan(ROW).remove(0), grid("Thay đổi", "09/12|hủy\nmai|hủy\n")],
            &["Thay đổi"],
        ),
    ]
}

/// Faults of files, which no cells have.
fn of_files() -> Vec<(&'static str, Vec<CellFault>)> {
    let whole = |fault| vec![CellFault::whole(fault)];
    let of = |bytes: &[u8], ending| read_file(bytes, ending, &themes()).unwrap_err();
    let many: String = (0..150).map(|_| "x|x|x|x|x|x||a.mp3|Tin\n").collect();
    let repeat = |at: u32| format!("|||{}h{:02}||Phát lại {at}||||||CCHC\n", at % 24, at % 60);
    let repeats = (0..3000).fold(ROW.to_owned(), |rows, at| rows + &repeat(at));
    let row = |at: u32| format!("01/01/2026|31/12/2026||{}h{:02}||Số {at}||a.mp3|Tin\n", at % 24, at % 60);
    let long = (0..300)
        .fold("01/01/2026|31/12/2027||5h||Cả năm||a.mp3|Tin\n".to_owned(), |rows, at| rows + &row(at));
    vec![
        ("no workbook", of(b"xin chao", Ending::Xlsx)),
        ("nothing", of(b" \n", Ending::Csv)),
        ("a web page", of(b"<html><table>", Ending::Xls)),
        ("damaged", of(b"PK\x03\x04", Ending::Xlsx)),
        ("too large", of(&vec![b' '; LARGEST as usize + 1], Ending::Csv)),
        ("old encoding", of(b"L\xdech ph\xb8t;Gi\xea ph\xb8t;Ng\xb5y\xb5", Ending::Csv)),
        ("unknown encoding", of(b"T\xea ng\xe0y", Ending::Csv)),
        ("locked", whole(SheetFault::Encrypted)),
        ("swollen", whole(SheetFault::Swollen { limit: 64 << 20 })),
        ("too many columns", of(format!("{}a", ";".repeat(200)).as_bytes(), Ending::Csv)),
        ("too many rows", of(format!("{}a;b", "\n".repeat(20_000)).as_bytes(), Ending::Csv)),
        ("many faults", faults(&plan(&many)).split_off(100)),
        ("too much", faults(&plan(&repeats))),
        ("more than a schedule's text can hold", faults(&plan(&long))),
        ("no Unicode", whole(SheetFault::OldFont { found: Legacy::Vni })),
    ]
}

pub fn all() -> Vec<(&'static str, Vec<CellFault>)> {
    cases().into_iter().map(|(about, grids, _)| (about, faults(&grids))).chain(of_files()).collect()
}

fn place(fault: &CellFault) -> String {
    match (fault.cell(), fault.row) {
        (Some(cell), _) => format!("{}!{cell}", fault.sheet),
        (None, Some(row)) => format!("{} {row}", fault.sheet),
        (None, None) => fault.sheet.clone(),
    }
}

#[test]
fn a_fault_names_the_cell_that_it_is_about_and_nothing_else_is_told() {
    for (about, grids, cells) in cases() {
        let told: Vec<String> = faults(&grids).iter().map(place).collect();
        assert_eq!(told, cells, "{about}: {}", said(&faults(&grids)));
    }
}

#[test]
fn every_fault_is_said_in_both_languages_as_the_golden_file_has_it() {
    let mut text = String::new();
    for (about, told) in all() {
        writeln!(text, "## {about}").unwrap();
        for fault in told {
            let (vi, en) = (fault.say(Language::Vi), fault.say(Language::En));
            writeln!(text, "{}\n  {vi}\n  {en}", fault.fault.code()).unwrap();
            assert_ne!(vi, en);
            assert!(vi.contains("; ") && en.contains("; "), "{about}: a remedy: {vi} {en}");
            assert!(!vi.ends_with('.') && !en.ends_with('.') && !vi.contains('\n'), "{about}: {vi}");
        }
        text.push('\n');
    }
    super::golden::hold_against(GOLDEN, &text);
}

#[test]
fn every_code_has_its_place_in_the_golden_file() {
    let told: BTreeSet<&str> = all()
        .iter()
        .flat_map(|(_, told)| told.iter().map(|one| one.fault.word()).collect::<Vec<_>>())
        .collect();
    // Faults of the schedule and of targets go by their own words.
    let other = ["schedule", "target"];
    let absent: Vec<&&str> =
        SheetFault::WORDS.iter().filter(|word| !other.contains(word) && !told.contains(**word)).collect();
    assert_eq!(absent, Vec::<&&str>::new());
}
