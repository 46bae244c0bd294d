//! The workbook of targets: told from a schedule by its headings, read cell by cell, in every format, as the template writes it
//! and as other programs save it. `LOA_WRITE_GOLDEN=1 cargo test workbook` writes the golden file anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use loa::config::{Themes, targets};
use loa::core::fault::{Flaw, TargetFault};
use loa::core::report::targets::{Amount, Target, Targets};
use loa::core::workbook::targets::{is_targets, translate};
use loa::core::workbook::template::TargetsTemplate;
use loa::core::workbook::{Area, Cell, CellFault, Grid};
use loa::export::template::{targets_csv, targets_xlsx};
use loa::intake::workbook::{Book, Ending, open};
use loa::words::{Language, Say, template};
use proptest::prelude::*;

use super::workbook_rig::{day, fixture, grid, plan, said, themes};

const GOLDEN: &str = "tests/golden/targets.txt";
const HEAD: &str = "STT|Chủ đề CCHC|Mã chủ đề|Kỳ|Số lượt phát|Số phút|Ghi chú\n";
const ROW: &str = "1|Cổng dịch vụ công|dich-vu-cong|Quý IV năm 2026|24\n";

fn sheet(rows: &str) -> Vec<Grid> {
    vec![grid("Chỉ tiêu", &format!("|CHỈ TIÊU\n\n{HEAD}{rows}"))]
}

fn read(grids: &[Grid]) -> Vec<String> {
    assert!(is_targets(grids));
    let found = translate(grids, &themes()).unwrap_or_else(|faults| panic!("{}", said(&faults)));
    lines(&found)
}

fn lines(targets: &Targets) -> Vec<String> {
    let line = |Target { topic, period, amount }: &Target| match amount {
        Amount::Airings(count) => format!("{topic} {period} {count} airings"),
        Amount::Minutes(count) => format!("{topic} {period} {count} minutes"),
    };
    targets.0.iter().map(line).collect()
}

fn faults(grids: &[Grid]) -> Vec<CellFault> {
    assert!(is_targets(grids));
    translate(grids, &themes()).expect_err("no fault")
}

/// Places, as [`place`] writes them.
type Cells = &'static [&'static str];

/// What is wrong, the workbook, and the cells that must be named.
fn cases() -> Vec<(&'static str, Vec<Grid>, Cells)> {
    let rows = |about, rows: &str, cells: Cells| (about, sheet(rows), cells);
    let edit = |about, from: &str, to: &str, cells: Cells| (about, sheet(&ROW.replacen(from, to, 1)), cells);
    vec![
        ("nothing at all", vec![grid("Chỉ tiêu", "")], &["Chỉ tiêu"]),
        ("no headings", vec![grid("Chỉ tiêu", "Chủ đề|Một\nCổng dịch vụ công|24\n")], &["Chỉ tiêu"]),
        (
            "TCVN3",
            vec![grid(
                "Chỉ tiêu",
                "LÞch ph¸t thanh\nTõ ngµy|§Õn ngµy|Giê ph¸t|Tªn ch\u{ad}¬ng tr×nh|Tªn tÖp ghi ©m\n",
            )],
            &["Chỉ tiêu"],
        ),
        ("no period", vec![grid("Chỉ tiêu", "Chủ đề CCHC|Mã chủ đề|Số phút\nVNeID||5\n")], &["Chỉ tiêu 1"]),
        ("no figures", sheet("1|Cổng dịch vụ công|dich-vu-cong|Năm 2026\n"), &["Chỉ tiêu"]),
        ("a schedule beside it", [plan(""), sheet(ROW)].concat(), &["Lịch phát"]),
        (
            "a heading twice",
            vec![grid("Chỉ tiêu", &format!("{}\n{ROW}", HEAD.trim().replace("Ghi chú", "Kỳ")))],
            &["Chỉ tiêu!G1"],
        ),
        (
            "a heading misspelt",
            vec![grid(
                "Chỉ tiêu",
                &format!("{}\n{}|x", HEAD.trim().replace("Ghi chú", "Ghi chúc"), ROW.trim().to_owned() + "|"),
            )],
            &["Chỉ tiêu!G1"],
        ),
        rows("a theme misspelt", "1|Cổng dịch vụ cộng hòa||Năm 2026|5\n", &["Chỉ tiêu!B4"]),
        edit("an id misspelt", "|dich-vu-cong|", "|dich-vu-kong|", &["Chỉ tiêu!C4"]),
        rows("a theme that nobody knows", "1|Xyz||Năm 2026|5\n", &["Chỉ tiêu!B4"]),
        edit("the id of another", "|dich-vu-cong|", "|vneid|", &["Chỉ tiêu!C4"]),
        rows("no theme", "1|||Năm 2026|5\n", &["Chỉ tiêu!B4"]),
        rows(
            "no theme below one that is wrong, and below a gap",
            "1|Xyz||2025|5\n2|||2026|5\n\n3|||2027|5\n",
            &["Chỉ tiêu!B4", "Chỉ tiêu!B7"],
        ),
        edit("no such period", "Quý IV năm 2026", "Quý V năm 2026", &["Chỉ tiêu!D4"]),
        edit("a period without a year", "Quý IV năm 2026", "tháng 10", &["Chỉ tiêu!D4"]),
        edit("no period at all", "Quý IV năm 2026", "", &["Chỉ tiêu!D4"]),
        edit("a day", "Quý IV năm 2026", "05/12/2026", &["Chỉ tiêu!D4"]),
        edit("no number", "|24", "|hai mươi", &["Chỉ tiêu!E4"]),
        edit("a negative number", "|24", "|-24", &["Chỉ tiêu!E4"]),
        edit("nought", "|24", "|0", &["Chỉ tiêu!E4"]),
        edit("a dot that may be two things", "|24", "|1.200", &["Chỉ tiêu!E4"]),
        edit("too many", "|24", "||1000001", &["Chỉ tiêu!F4"]),
        edit("both", "|24", "|24|60", &["Chỉ tiêu!F4"]),
        edit("a formula that failed", "|24", "|#REF!", &["Chỉ tiêu!E4"]),
        rows(
            "the same twice",
            &format!("{ROW}2|VNeID App|||3\n3||DICH-VU-CONG|2026-Q4||60\n"),
            &["Chỉ tiêu!D5", "Chỉ tiêu!D6"],
        ),
    ]
}

fn place(fault: &CellFault) -> String {
    match (fault.cell(), fault.row) {
        (Some(cell), _) => format!("{}!{cell}", fault.sheet),
        (None, Some(row)) => format!("{} {row}", fault.sheet),
        (None, None) => fault.sheet.clone(),
    }
}

#[test]
fn a_fault_names_its_cell_and_is_said_in_both_languages_as_the_golden_file_has_it() {
    let (mut text, mut told) = (String::new(), BTreeSet::new());
    for (about, grids, cells) in cases() {
        let faults = faults(&grids);
        assert_eq!(faults.iter().map(place).collect::<Vec<_>>(), cells, "{about}: {}", said(&faults));
        writeln!(text, "## {about}").unwrap();
        for fault in faults {
            let (vi, en) = (fault.say(Language::Vi), fault.say(Language::En));
            writeln!(text, "{}\n  {vi}\n  {en}", fault.fault.code()).unwrap();
            assert!(vi != en && vi.contains("; ") && en.contains("; "), "{about}: a remedy: {vi} {en}");
            told.insert(fault.fault.word());
        }
        text.push('\n');
    }
    let absent: Vec<&&str> = TargetFault::WORDS.iter().filter(|word| !told.contains(**word)).collect();
    assert_eq!(absent, Vec::<&&str>::new());
    super::golden::hold_against(GOLDEN, &text);
}

#[test]
fn rows_are_read_as_offices_fill_them_in() {
    let mut grids = sheet(&format!(
        "{ROW}|VNeID App||10/2026||90|\n|||11/2026||95|\n|Cải cách thể chế|||\n||vneid|6 tháng đầu năm 2027|007\n\n|Tổng cộng|||31|90\n\n||||NGƯỜI LẬP BIỂU|\n"
    ));
    let expected = [
        "dich-vu-cong 2026-Q4 24 airings",
        "vneid 2026-10 90 minutes",
        "vneid 2026-11 95 minutes",
        "vneid 2027-H1 7 airings",
    ];
    assert_eq!(read(&grids), expected);
    // Whatever the sheet is called, in English, with the columns in another order, and numbers as a spreadsheet has them.
    grids[0].name = "Sheet1".into();
    assert_eq!(read(&grids), expected);
    let mut other =
        vec![grid("Sheet1", "Airings|Period|Theme\n\n24|x|Public-service portal\n3|x|VNEID\n5|y|vneid\n")];
    other[0].rows[2][0] = Cell::Number(24.0);
    other[0].rows[2][1] = Cell::Date(day(10, 1));
    other[0].rows[3][1] = Cell::Number(2026.0);
    other[0].rows[4][1] = Cell::Empty;
    other[0].merged.push(Area { from: (3, 1), to: (4, 1) });
    let faults = translate(&other, &themes()).unwrap_err();
    assert_eq!(faults.iter().map(place).collect::<Vec<_>>(), ["Sheet1!B5"], "{}", said(&faults));
    other[0].rows[4][2] = Cell::text("the-che");
    assert_eq!(
        read(&other),
        ["dich-vu-cong 2026-10 24 airings", "vneid 2026 3 airings", "the-che 2026 5 airings"]
    );
}

#[test]
fn a_schedule_is_no_list_of_targets_and_a_report_is_none_either() {
    assert!(!is_targets(&plan("")));
    let with_own = grid("Thống kê", "Chủ đề|Số lượt phát|Ghi chú\nVNeID|3\n");
    let mut grids = [plan(""), vec![with_own]].concat();
    assert!(!is_targets(&grids));
    grids[0].name = "Sheet1".into();
    assert!(!is_targets(&grids));
    assert!(is_targets(&grids[1..]));
    // The summary that Loa itself prints.
    let summary = "STT|Nội dung|Số chương trình|Số lượt phát|Thời lượng (phút)|Lũy kế lượt phát|Kế hoạch|Ghi chú\n1|VNeID|2|3|4|5|6\n";
    assert!(!is_targets(&[grid("Tổng hợp", summary)]));
    assert!(!is_targets(&[grid("Sheet1", "Chủ đề|Ghi chú\n")]) && !is_targets(&[]));
}

fn present() -> Targets {
    let text = "[[target]]\ntheme = \"vneid\"\nperiod = \"2026-Q4\"\nminutes = 60\n\
                [[target]]\ntheme = \"dich-vu-cong\"\nperiod = \"2027\"\nairings = 96\n\
                [[target]]\ntheme = \"vneid\"\nperiod = \"2026-W45\"\nairings = 3\n\
                [[target]]\ntheme = \"vneid\"\nperiod = \"2026-10\"\nairings = 12\n";
    targets::parse(text.as_bytes(), "", &known()).unwrap()
}

fn known() -> Themes {
    let line = |(id, vi, en): &(String, String, String)| {
        format!("[[theme]]\nid = \"{id}\"\nvi = \"{vi}\"\nen = \"{en}\"\n")
    };
    let text: String = themes().iter().map(line).collect();
    Themes::parse(text.as_bytes(), "").unwrap()
}

fn opened(bytes: &[u8], ending: Ending) -> Targets {
    match open(bytes, ending, &themes()).unwrap_or_else(|faults| panic!("{}", said(&faults))) {
        Book::Targets(targets) => targets,
        Book::Schedule(schedule) => panic!("a schedule: {}", schedule.text),
    }
}

#[test]
fn the_template_holds_the_present_targets_and_changes_nothing_when_it_is_sent_back() {
    let (themes, targets) = (themes(), present());
    for language in [Language::Vi, Language::En] {
        let (guide, caption, lists) = template::targets(language);
        let template = TargetsTemplate {
            language,
            guide,
            caption,
            lists,
            themes: &themes,
            targets: &targets,
            year: 2026,
        };
        let books = [(targets_xlsx(&template).unwrap(), Ending::Xlsx), (targets_csv(&template), Ending::Csv)];
        for (bytes, ending) in books {
            let read = opened(&bytes, ending);
            assert_eq!((targets.changed(&read), read.changed(&targets)), (vec![], vec![]));
        }
        let rows = template.rows();
        assert_eq!(rows.len(), 3 + 5, "a theme without a target has its row: {rows:?}");
        // Of two years, and the week that has a target.
        assert_eq!(template.periods().len(), 2 * 19 + 1);
        assert!(
            targets_xlsx(&TargetsTemplate { themes: &[], targets: &Targets::default(), ..template }).is_ok()
        );
    }
}

const FIXTURES: [(&str, Ending); 4] = [
    ("chi-tieu.xlsx", Ending::Xlsx),
    ("chi-tieu.xls", Ending::Xls),
    ("chi-tieu.ods", Ending::Ods),
    ("chi-tieu.csv", Ending::Csv),
];

#[test]
fn the_same_targets_saved_by_another_program_are_the_same_in_every_format() {
    for (name, ending) in FIXTURES {
        assert_eq!(
            lines(&opened(&fixture(name), ending)),
            [
                "dich-vu-cong 2026 96 airings",
                "dich-vu-cong 2026-Q4 24 airings",
                "vneid 2026-10 45 minutes",
                "the-che 2027-H1 6 airings",
            ],
            "{name}"
        );
    }
}

#[test]
fn half_a_workbook_is_answered() {
    for (name, ending) in FIXTURES {
        let bytes = fixture(name);
        for cut in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            if let Err(faults) = open(&bytes[..cut], ending, &themes()) {
                assert!(!faults.is_empty() && !said(&faults).is_empty());
            }
        }
    }
}

/// Cells as they may stand anywhere: right ones, nearly right ones, and anything.
fn any_cell() -> impl Strategy<Value = Cell> {
    let words = prop::sample::select(vec![
        "vneid",
        "VNeID App",
        "Cổng dịch vụ công",
        "Năm 2026",
        "10/2026",
        "Quý IV/2026",
        "2026-W45",
        "24",
        "-1",
        "Tổng cộng",
        "Chủ đề CCHC",
        "Kỳ",
        "Số phút",
        "Số lượt phát",
        "",
        "Tªn ch\u{ad}¬ng",
        "\u{0}\"\\",
    ]);
    prop_oneof![
        6 => words.prop_map(Cell::text),
        1 => any::<f64>().prop_map(Cell::Number),
        2 => (0..3000i32).prop_map(|number| Cell::Number(number.into())),
        1 => any::<String>().prop_map(|text| Cell::text(&text)),
        1 => Just(Cell::Fault("#REF!".into())),
        1 => (1..13u32, 1..29u32).prop_map(|(month, of)| Cell::Date(day(month, of))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_cells_give_targets_that_read_or_faults_inside_the_sheet(
        rows in prop::collection::vec(prop::collection::vec(any_cell(), 0..8), 0..12),
        merged in prop::collection::vec((0..14u32, 0..8u32, 0..4u32, 0..4u32), 0..3),
    ) {
        let mut grids = sheet("");
        grids[0].rows.extend(rows);
        grids[0].merged = merged.into_iter().map(|(row, column, down, right)| Area {
            from: (row, column), to: (row + down, column + right),
        }).collect();
        match translate(&grids, &themes()) {
            Ok(found) => {
                let read = targets::parse(found.text("x\u{7}\ny").as_bytes(), "", &known()).unwrap();
                prop_assert_eq!(read, found);
            }
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                for fault in &faults {
                    prop_assert!(fault.row.is_none_or(|row| row as usize <= grids[0].rows.len()));
                    prop_assert!(!fault.say(Language::Vi).contains('\n'));
                }
            }
        }
    }
}
