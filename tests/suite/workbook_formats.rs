//! Workbooks in every format: the template is understood as it is written, and the same schedule is the same text
//! whatever file it came in.

use std::collections::BTreeSet;

use loa::core::schedule::read::{Reference, read};
use loa::core::workbook::ThemeNames;
use loa::core::workbook::headings::{CHANGES, PLAN, TARGETS};
use loa::core::workbook::template::Template;
use loa::export::template::{csv, xlsx};
use loa::intake::workbook::{Ending, grids, read as read_file};
use loa::words::Language;
use loa::words::template::wording;

use super::workbook_rig::{FIXTURES, day, fixture, said, themes};

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
    for (words, kind) in [(PLAN, "plan"), (CHANGES, "changes"), (TARGETS, "targets")] {
        for word in words {
            assert!(loa::core::workbook::headings::knows(word.vi), "{kind}: {}", word.vi);
            assert!(loa::core::workbook::headings::knows(word.en), "{kind}: {}", word.en);
        }
    }
}

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
