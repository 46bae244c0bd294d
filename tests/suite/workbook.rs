//! Workbooks: what offices fill in becomes a schedule, or is told cell by cell. `LOA_WRITE_GOLDEN=1 cargo test workbook`
//! writes the golden file anew; its difference is then read by a person.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use chrono::{NaiveDate, NaiveTime};
use loa::core::fault::{Flaw, SheetFault};
use loa::core::schedule::read::{Reference, read};
use loa::core::schedule::{Action, Play, Schedule};
use loa::core::workbook::headings::{CHANGES, PLAN};
use loa::core::workbook::template::Template;
use loa::core::workbook::{Area, Cell, CellFault, Grid, Legacy, ThemeNames, Translated, translate};
use loa::export::template::{csv, xlsx};
use loa::intake::workbook::{Ending, LARGEST, grids, read as read_file};
use loa::words::template::wording;
use loa::words::{Language, Say};
use proptest::prelude::*;

const GOLDEN: &str = "tests/golden/workbooks.txt";

fn themes() -> Vec<ThemeNames> {
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

fn grid(name: &str, text: &str) -> Grid {
    Grid { name: name.into(), rows: rows(text), merged: Vec::new() }
}

const LABELS: &str = "Mã lịch|cchc-12\nTên lịch|Tuyên truyền CCHC\n\n";
const HEAD: &str = "Từ ngày|Đến ngày|Ngày trong tuần|Giờ phát|Thứ tự trong buổi|Tên chương trình|Tên tin bài|Tên tệp ghi âm|Loại|Chủ đề CCHC|Nguồn|Phát lại từ|Mức ưu tiên|Ghi chú\n";
const ROW: &str = "01/12/2026|31/12/2026|T2-T6|5h30||CCHC|Kỳ 1|a.mp3|Bài|dich-vu-cong\n";
const CHANGE_HEAD: &str =
    "Ngày|Giờ phát|Tên chương trình|Nội dung thay đổi|Giờ mới|Tên tệp ghi âm mới|Lý do|Người duyệt\n";

/// A workbook with these rows below the headings.
fn plan(rows: &str) -> Vec<Grid> {
    vec![grid("Lịch phát", &format!("{LABELS}{HEAD}{rows}"))]
}

/// With these changes.
fn changed(rows: &str, changes: &str) -> Vec<Grid> {
    let mut grids = plan(rows);
    grids.push(grid("Thay đổi", &format!("{CHANGE_HEAD}{changes}")));
    grids
}

fn text_of(grids: &[Grid]) -> Translated {
    translate(grids, &themes()).unwrap_or_else(|faults| panic!("{}", said(&faults)))
}

fn schedule(grids: &[Grid]) -> Schedule {
    let text = text_of(grids).text;
    let (schedule, notices) = read(text.as_bytes(), "lich.toml", &Reference::lenient()).unwrap();
    assert_eq!(notices, [], "{text}");
    schedule
}

fn said(faults: &[CellFault]) -> String {
    faults.iter().map(|fault| fault.say(Language::Vi)).collect::<Vec<_>>().join("\n")
}

fn faults(grids: &[Grid]) -> Vec<CellFault> {
    match translate(grids, &themes()) {
        Ok(translated) => panic!("no fault:\n{}", translated.text),
        Err(faults) => faults,
    }
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn files(play: &Play) -> Vec<String> {
    match play {
        Play::Carts(names) => names.iter().map(ToString::to_string).collect(),
        Play::RepeatOf(slot) => vec![format!("<- {slot}")],
    }
}

/// Each slot in a line: id, what it plays.
fn outline(schedule: &Schedule) -> Vec<String> {
    schedule.slots.iter().map(|slot| format!("{}: {}", slot.id, files(&slot.play).join(" "))).collect()
}

#[test]
fn a_workbook_becomes_the_text_of_a_schedule() {
    let rows = "01/12/2026|31/12/2026|T2-T6|5h30|2|Chuyên mục CCHC|Nộp hồ sơ \"trực tuyến\"|dvc-1.mp3|Bài|Cổng dịch vụ công|Tự sản xuất||Ưu tiên|\n\
                ||||1||Nhạc hiệu|nhac-hieu.mp3|Nhạc hiệu\n\
                05/12/2026|06/12/2026||17:00||Bản tin xã||tin.mp3|Tin\n";
    let expected = r#"id = "cchc-12"
title = "Tuyên truyền CCHC"
valid_from = 2026-12-01
valid_until = 2026-12-31

[[cart]]
file = "dvc-1.mp3"
title = "Nộp hồ sơ \"trực tuyến\""
kind = "bai"
topic = "dich-vu-cong"
source = "Tự sản xuất"

[[cart]]
file = "nhac-hieu.mp3"
title = "Nhạc hiệu"
kind = "nhac-hieu"

[[cart]]
file = "tin.mp3"
kind = "tin"

[[slot]]
id = "0530-chuyen-muc-cchc"
title = "Chuyên mục CCHC"
at = ["05:30:00"]
days = ["T2, T3, T4, T5, T6"]
priority = "priority"
play = ["nhac-hieu.mp3", "dvc-1.mp3"]

[[slot]]
id = "1700-ban-tin-xa"
title = "Bản tin xã"
at = ["17:00:00"]
dates = [2026-12-05, 2026-12-06]
play = ["tin.mp3"]

[[change]]
slot = "0530-chuyen-muc-cchc"
date = 2026-12-09
action = "cancel"
reason = "Hội nghị (Nguyễn Văn An)"
"#;
    let changes = "09/12/2026|5h30|chuyên mục cchc|Hủy lượt phát|||Hội nghị|Nguyễn Văn An\n";
    let translated = text_of(&changed(rows, changes));
    assert_eq!(translated.text, expected);
    assert_eq!(translated.sender, None);
}

#[test]
fn labels_headings_and_columns_stand_wherever_they_are() {
    let plain = text_of(&plan(ROW)).text;
    let grids = vec![
        grid("Hướng dẫn", "Giờ phát ghi 5h30|Từ ngày|Đến ngày\n"),
        grid(
            "  LI\u{323}CH  PHÁT ",
            "|ỦY BAN NHÂN DÂN XÃ\n\n||Mã lịch:||cchc-12|Tên lịch|Tuyên truyền CCHC\n|Đơn vị gửi: UBND xã Tam Mỹ\n\n\
             STT|LOẠI|tên tệp\\nghi âm|Tên Tin Bài|Chu\u{309} đề CCHC|Ten chuong trinh|Giờ phát (hh:mm)|Ngày trong  tuần|Đến ngày *|Từ ngày:\n\
             1|bài|a.mp3|Kỳ 1|CỔNG DỊCH VỤ CÔNG|CCHC|05:30|thứ 2 đến thứ 6|31-12-2026|2026-12-01\n",
        ),
        grid("Sheet3", ""),
    ];
    let translated = text_of(&grids);
    assert_eq!(translated.text, plain);
    assert_eq!(translated.sender.as_deref(), Some("UBND xã Tam Mỹ"));

    let english = "Schedule id|cchc-12\nSchedule title|Tuyên truyền CCHC\n\nNo.|From|Until|Weekdays|Time|Order|Programme|Item|Recording|Kind|Reform theme\n\
                   1|01/12/2026|31/12/2026|mon-fri|5:30|1|CCHC|Kỳ 1|a.mp3|Feature|Public-service portal\n";
    assert_eq!(text_of(&[grid("Schedule", english)]).text, plain);
    assert_eq!(text_of(&[grid("Sheet1", english)]).text, plain, "a sheet is known by its headings too");
}

#[test]
fn one_programme_is_one_slot_in_the_order_of_its_numbers() {
    let order = |numbers: [&str; 4]| {
        let rows: String = numbers
            .iter()
            .zip(["a", "b", "c", "d"])
            .enumerate()
            .map(|(at, (number, name))| match at {
                0 => format!("01/12/2026|31/12/2026||5h30|{number}|CCHC||{name}.mp3|Tin\n"),
                _ => format!("||||{number}|||{name}.mp3|Tin\n"),
            })
            .collect();
        let schedule = schedule(&plan(&rows));
        assert_eq!(schedule.slots.len(), 1);
        files(&schedule.slots[0].play).join(" ")
    };
    assert_eq!(order(["", "", "", ""]), "a.mp3 b.mp3 c.mp3 d.mp3");
    assert_eq!(order(["4", "3", "2", "1"]), "d.mp3 c.mp3 b.mp3 a.mp3");
    assert_eq!(
        order(["2", "", "1", ""]),
        "c.mp3 d.mp3 a.mp3 b.mp3",
        "one without a number follows the one above"
    );
    assert_eq!(order(["1", "1", "1", "1"]), "a.mp3 b.mp3 c.mp3 d.mp3");

    let several = "01/12/2026|31/12/2026||5h30; 17h||CCHC|Kỳ 1; Kỳ 2|a.mp3; b.mp3\\nc.mp3|Tin\n";
    let schedule = schedule(&plan(several));
    assert_eq!(outline(&schedule), ["0530-cchc: a.mp3 b.mp3 c.mp3", "1700-cchc: a.mp3 b.mp3 c.mp3"]);
}

#[test]
fn empty_cells_go_on_with_the_programme_above_and_never_with_another_ones_time() {
    let rows = "01/12/2026|31/12/2026|T2-T6|5h30||CCHC||a.mp3|Tin\n\
                ||||||Kỳ 2|b.mp3|Tin\n\
                |||||cchc||c.mp3|Tin\n\
                |||17h||||d.mp3|Tin\n\
                ||T7|18h||Bản tin||e.mp3|Tin\n\
                06/12/2026|06/12/2026||6h||Bản tin||f.mp3|Tin\n";
    let whole = schedule(&plan(rows));
    assert_eq!(
        outline(&whole),
        ["0530-cchc: a.mp3 b.mp3 c.mp3", "1700-cchc: d.mp3", "1800-ban-tin: e.mp3", "0600-ban-tin: f.mp3"]
    );
    let airs = |slot: usize, date: NaiveDate| {
        whole.slots[slot].airs_on(&loa::core::pattern::Day::new(date, chrono_tz::Tz::UTC)) > 0
    };
    assert!(airs(1, day(12, 4)) && !airs(1, day(12, 5)), "the days above");
    assert!(airs(2, day(12, 5)) && !airs(2, day(12, 4)), "own weekdays, first and last day above");
    assert!(airs(3, day(12, 6)) && !airs(3, day(12, 7)), "own days are every day between them");

    let told = faults(&plan(&format!("{ROW}|||||Bản tin||b.mp3|Tin\n")));
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].cell().as_deref(), &told[0].fault), (Some("D6"), &SheetFault::EmptyCell));
}

#[test]
fn merged_cells_speak_for_all_their_rows_but_never_repeat_a_recording() {
    let rows = "01/12/2026|31/12/2026|T2-T6|5h30||CCHC|Kỳ 1|a.mp3|Bài|vneid\n\
                |||||||b.mp3\n\
                |||||||\n";
    let mut grids = plan(rows);
    let merged = |column: u32| Area { from: (4, column), to: (6, column) };
    grids[0].merged = (0..10).map(merged).collect();
    let schedule = schedule(&grids);
    assert_eq!(outline(&schedule), ["0530-cchc: a.mp3"], "b.mp3 lies under the merged cell of a.mp3");
    grids[0].merged.retain(|area| area.from.1 != 7);
    let schedule = self::schedule(&grids);
    assert_eq!(outline(&schedule), ["0530-cchc: a.mp3 b.mp3"]);
    let note = |file: &str| &schedule.carts[&loa::core::cart::CartName::new(file).unwrap()];
    assert_eq!((note("b.mp3").kind.as_str(), note("b.mp3").topic.as_deref()), ("bai", Some("vneid")));
}

#[test]
fn programmes_of_one_session_queue_in_the_order_of_the_workbook() {
    let rows = "01/12/2026|31/12/2026||5h30|1|Zulu||a.mp3|Tin\n\
                |||5h30|3|Alpha||b.mp3|Tin\n\
                |||5h30|2|Mike||c.mp3|Tin\n";
    let schedule = schedule(&plan(rows));
    let mut ids: Vec<_> = schedule.slots.iter().map(|slot| slot.id.clone()).collect();
    ids.sort();
    let ids: Vec<&str> = ids.iter().map(|id| id.as_str()).collect();
    assert_eq!(ids, ["0530-zulu", "0530.02-mike", "0530.03-alpha"]);
}

#[test]
fn a_version_that_is_sent_again_names_its_slots_alike() {
    let ids = |rows: &str| -> BTreeSet<String> {
        schedule(&plan(rows)).slots.iter().map(|slot| slot.id.to_string()).collect()
    };
    let daily = |from: u32| -> String {
        (from..from + 4)
            .map(|day| format!("{day}/12/2026|{day}/12/2026||5h30||CCHC||ky-{day}.mp3|Tin\n"))
            .collect()
    };
    let (first, later) = (ids(&daily(1)), ids(&daily(2)));
    assert!(first.contains("0530-cchc-20261202"));
    assert_eq!(first.intersection(&later).count(), 3, "{first:?} {later:?}");
    let more = ids(&format!("{ROW}05/12/2026|05/12/2026||17h||Đặc biệt||b.mp3|Tin\n"));
    assert!(more.is_superset(&ids(ROW)), "{more:?}");
    let longer = ids(&ROW.replace("31/12/2026", "31/01/2027"));
    assert_eq!(longer, ids(ROW));
    let same_day = ids(
        "01/12/2026|31/12/2026|T2|5h30||CCHC||a.mp3|Tin\n01/12/2026|31/12/2026|T3|5h30||CCHC||b.mp3|Tin\n01/12/2026|30/12/2026|T3|5h30||CCHC||c.mp3|Tin\n",
    );
    assert_eq!(same_day.len(), 3, "{same_day:?}");
    let long = format!("{}{}", "Chương trình phát thanh của xã ".repeat(9), "mới");
    assert!(ids(&ROW.replace("CCHC", &long)).iter().all(|id| id.len() <= 64));
    assert_eq!(ids(&ROW.replace("CCHC", "電台")).into_iter().collect::<Vec<_>>(), ["0530-chuong-trinh"]);
}

#[test]
fn repeats_name_a_programme_a_time_or_both() {
    let repeat = |of: &str| {
        let rows = format!(
            "{ROW}|||11h||Bản tin||b.mp3|Tin\n|||12h||CCHC||c.mp3|Tin\n|||17h||Buổi chiều||||||{of}\n"
        );
        translate(&plan(&rows), &themes()).map(|translated| {
            let (schedule, _) = read(translated.text.as_bytes(), "", &Reference::lenient()).unwrap();
            outline(&schedule).into_iter().filter(|line| line.contains("<-")).collect::<Vec<_>>().join(", ")
        })
    };
    for (of, expected) in [
        ("Bản tin", "<- 1100-ban-tin"),
        ("bản  TIN", "<- 1100-ban-tin"),
        ("11h", "<- 1100-ban-tin"),
        ("5h30", "<- 0530-cchc"),
        ("CCHC 5h30", "<- 0530-cchc"),
        ("CCHC (05:30)", "<- 0530-cchc"),
        ("CCHC, 5 giờ 30", "<- 0530-cchc"),
        ("CCHC lúc 12h", "<- 1200-cchc"),
        ("CCHC", "<- 1200-cchc"),
    ] {
        assert_eq!(repeat(of), Ok(format!("1700-buoi-chieu: {expected}")), "{of}");
    }
    let fault = |of: &str| repeat(of).unwrap_err().remove(0).fault;
    assert!(
        matches!(fault("Bản tinn"), SheetFault::UnknownProgramme { closest: Some(closest), .. } if closest == "Bản tin")
    );
    assert!(matches!(fault("Bản tin 6h"), SheetFault::NotAtThatTime { .. }));
    assert_eq!(fault("Buổi chiều"), SheetFault::RepeatOfItself);
}

#[test]
fn a_programme_of_a_slot_a_day_is_repeated_day_by_day() {
    let rows: String = (1..=3)
        .map(|day| format!("{day}/12/2026|{day}/12/2026||17h||CCHC||ky-{day}.mp3|Tin\n"))
        .chain(["02/12/2026|05/12/2026||5h30||CCHC phát lại||||||CCHC\n".into()])
        .collect();
    let grids = changed(&rows, "04/12/2026||CCHC phát lại|Hủy lượt phát\n");
    let schedule = schedule(&grids);
    let on = |date: NaiveDate| -> Vec<String> {
        let day = loa::core::pattern::Day::new(date, chrono_tz::Tz::UTC);
        let repeats =
            schedule.slots.iter().filter(|slot| slot.title == "CCHC phát lại" && slot.airs_on(&day) > 0);
        repeats.map(|slot| files(&slot.play).join(" ")).collect()
    };
    assert_eq!(on(day(12, 2)), ["<- 1700-cchc-20261201"]);
    assert_eq!(on(day(12, 3)), ["<- 1700-cchc-20261202"]);
    assert_eq!(on(day(12, 4)), ["<- 1700-cchc-20261203"]);
    assert_eq!(on(day(12, 5)), ["<- 1700-cchc-20261203"], "what was due last");
    assert_eq!(schedule.changes.len(), 1);
}

#[test]
fn changes_of_one_day_are_understood() {
    let rows = format!("{ROW}|||17h||CCHC||||||5h30\n|||11h||Bản tin||b.mp3|Tin\n");
    let changes = "09/12/2026|5h30|CCHC|Hủy lượt phát|||Họp\n\
                   10/12/2026|11:00||Đổi giờ|11h30\n\
                   10/12/2026||Bản tin|Thay bản ghi||c.mp3; d.mp3||An\n\
                   12/12/2026|18h|Bản tin|Phát thêm\n\
                   14/12/2026||CCHC|Phát thêm|19h|e.mp3\n";
    let schedule = schedule(&changed(&rows, changes));
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let play =
        |files: &[&str]| files.iter().map(|file| loa::core::cart::CartName::new(file).unwrap()).collect();
    let found: Vec<(&str, NaiveDate, Action)> = schedule
        .changes
        .iter()
        .map(|change| (change.slot.as_str(), change.date, change.action.clone()))
        .collect();
    assert_eq!(
        found,
        [
            ("0530-cchc", day(12, 9), Action::Cancel),
            ("1100-ban-tin", day(12, 10), Action::Move { at: at(11, 30) }),
            ("1100-ban-tin", day(12, 10), Action::Replace { play: play(&["c.mp3", "d.mp3"]) }),
            ("1100-ban-tin", day(12, 12), Action::Extra { at: at(18, 0), play: None }),
            ("0530-cchc", day(12, 14), Action::Extra { at: at(19, 0), play: Some(play(&["e.mp3"])) }),
        ]
    );
    assert_eq!(schedule.changes[0].reason.as_deref(), Some("Họp"));
    assert_eq!(schedule.changes[2].reason.as_deref(), Some("(An)"));
}

#[test]
fn who_made_and_who_signs_stands_below_the_table() {
    let rows = format!("{ROW}\n\n||||||||||NGƯỜI LẬP|CHỦ TỊCH\n|Nguyễn Văn An\n");
    assert_eq!(text_of(&plan(&rows)).text, text_of(&plan(ROW)).text);
    let late = faults(&plan(&format!("{ROW}\n\n|||6h||Bản tin\n")));
    assert!(late.iter().all(|fault| fault.row == Some(8)), "a row further down is not lost: {late:?}");
}

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

fn all() -> Vec<(&'static str, Vec<CellFault>)> {
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
    // Faults of the schedule go by their own word.
    let absent: Vec<&&str> =
        SheetFault::WORDS.iter().filter(|word| **word != "schedule" && !told.contains(**word)).collect();
    assert_eq!(absent, Vec::<&&str>::new());
}

fn template(language: Language, themes: &[ThemeNames]) -> Template<'_> {
    Template { language, wording: wording(language), themes, first: day(12, 1) }
}

#[test]
fn the_template_as_written_is_understood_in_both_languages_and_formats() {
    let themes = themes();
    let mut texts = Vec::new();
    for language in [Language::Vi, Language::En] {
        let template = template(language, &themes);
        let book = xlsx(&template).unwrap();
        let from_xlsx =
            read_file(&book, Ending::Xlsx, &themes).unwrap_or_else(|faults| panic!("{}", said(&faults)));
        let from_csv = read_file(&csv(&template), Ending::Csv, &themes)
            .unwrap_or_else(|faults| panic!("{}", said(&faults)));
        assert_eq!(from_xlsx, from_csv);
        assert!(from_xlsx.sender.is_some());
        let (schedule, notices) = read(from_xlsx.text.as_bytes(), "", &Reference::lenient()).unwrap();
        assert_eq!(notices, []);
        assert_eq!((schedule.slots.len(), schedule.carts.len()), (1, 2));
        assert_eq!((schedule.valid_from, schedule.valid_until), (day(12, 1), Some(day(12, 31))));
        let topics: BTreeSet<_> = schedule.carts.values().map(|cart| cart.topic.clone()).collect();
        assert_eq!(topics, [None, Some("dich-vu-cong".to_owned())].into());
        assert!(from_xlsx.text.contains(if language == Language::Vi { "VÍ DỤ" } else { "EXAMPLE" }));
        let names: Vec<String> =
            grids(&book, Ending::Xlsx).unwrap().into_iter().map(|grid| grid.name).collect();
        assert_eq!(names.len(), 4);
        texts.push(from_xlsx.text);
        assert!(xlsx(&Template { themes: &[], ..template }).is_ok(), "without themes");
    }
    assert_ne!(texts[0], texts[1]);
}

#[test]
fn every_heading_of_the_template_is_a_column_that_is_read() {
    for (words, kind) in [(PLAN, "plan"), (CHANGES, "changes")] {
        for word in words {
            assert!(loa::core::workbook::headings::knows(word.vi), "{kind}: {}", word.vi);
            assert!(loa::core::workbook::headings::knows(word.en), "{kind}: {}", word.en);
        }
    }
}

fn fixture(name: &str) -> Vec<u8> {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/workbooks", name].iter().collect();
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

const FIXTURES: [(&str, Ending); 4] = [
    ("lich.xlsx", Ending::Xlsx),
    ("lich.xls", Ending::Xls),
    ("lich.ods", Ending::Ods),
    ("lich.csv", Ending::Csv),
];

#[test]
fn the_same_schedule_in_every_format_is_the_same_text() {
    let expected = r#"id = "tam-my-2026-12"
title = "Lịch phát thanh tháng 12/2026"
approved_by = "Trần Thị Bình, Phó Chủ tịch"
approved_ref = "45/KH-UBND"
valid_from = 2026-12-01
valid_until = 2026-12-31

[[cart]]
file = "dvc-ky-1.mp3"
title = "Nộp hồ sơ trực tuyến, kỳ 1"
kind = "bai"
topic = "dich-vu-cong"
source = "Tự sản xuất"

[[cart]]
file = "nhac-hieu.mp3"
title = "Nhạc hiệu"
kind = "nhac-hieu"

[[cart]]
file = "ban-tin-so-7.mp3"
title = "Bản tin"
kind = "tin"

[[slot]]
id = "0530-chuyen-muc-cchc"
title = "Chuyên mục CCHC"
at = ["05:30:00"]
days = ["T2, T3, T4, T5, T6"]
play = ["nhac-hieu.mp3", "dvc-ky-1.mp3"]

[[slot]]
id = "1700-chuyen-muc-cchc-chieu"
title = "Chuyên mục CCHC (chiều)"
at = ["17:00:00"]
days = ["T2, T3, T4, T5, T6"]
repeat_of = "0530-chuyen-muc-cchc"

[[slot]]
id = "0615-ban-tin-xa"
title = "Bản tin xã"
at = ["06:15:00"]
dates = [2026-12-05]
priority = "priority"
play = ["ban-tin-so-7.mp3"]

[[change]]
slot = "0530-chuyen-muc-cchc"
date = 2026-12-09
action = "cancel"
reason = "Hội nghị tại trụ sở (Trần Thị Bình)"

[[change]]
slot = "1700-chuyen-muc-cchc-chieu"
date = 2026-12-10
action = "move"
at = "17:30:00"

[[change]]
slot = "0530-chuyen-muc-cchc"
date = 2026-12-11
action = "replace"
play = ["nhac-hieu.mp3", "dvc-ky-2.mp3"]

[[change]]
slot = "0615-ban-tin-xa"
date = 2026-12-12
action = "extra"
at = "18:00:00"
reason = "Theo yêu cầu"
"#;
    for (name, ending) in FIXTURES {
        let bytes = fixture(name);
        assert!(bytes.len() < 20_000, "{name} has {} bytes", bytes.len());
        let read = read_file(&bytes, ending, &themes());
        let read = read.unwrap_or_else(|faults| panic!("{name}: {}", said(&faults)));
        assert_eq!(read.text, expected, "{name}");
        assert_eq!(read.sender.as_deref(), Some("UBND xã Tam Mỹ"), "{name}");
    }
    let renamed = read_file(&fixture("lich.xlsx"), Ending::Xls, &themes()).unwrap();
    assert_eq!(renamed.text, expected, "the content says what it is, not the name");
}

#[test]
fn endings_say_what_is_a_workbook() {
    for (name, ending) in FIXTURES {
        assert_eq!(Ending::of(name), Some(ending));
        assert_eq!(Ending::of(&name.to_uppercase()), Some(ending));
    }
    assert_eq!(Ending::of("lich.tháng.12.XLSM"), Some(Ending::Xlsx));
    assert_eq!((Ending::of("lich.toml"), Ending::of("xlsx")), (None, None));
}

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
