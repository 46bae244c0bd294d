//! Workbooks: what offices fill in becomes a schedule, with programmes, repeats and the changes of a day.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use loa::core::fault::SheetFault;
use loa::core::schedule::Action;
use loa::core::schedule::read::{Reference, read};
use loa::core::workbook::{Area, translate};

use super::workbook_rig::{ROW, changed, day, faults, files, grid, outline, plan, schedule, text_of, themes};

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
