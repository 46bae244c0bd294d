//! Nhật ký phát thanh: the airing log, one row an airing. Owns its columns and what a row says.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::super::Language::{self, En, Vi};
use super::super::terms;
use super::{Occasion, cart_kind, column, control_code, printed, source};
use crate::core::airing::{AiredCart, Airing, Kind, Outcome, Priority};
use crate::core::form::{Form, FormCell, Printed, Table, Usual};
use crate::core::report::{Daypart, Logged, Standing, day_of};

/// The columns, as they stand in a workbook from the left.
const NUMBER: usize = 0;
const DAY: usize = 1;
const DAYPART: usize = 2;
const DUE: usize = 3;
const STARTED: usize = 4;
const ENDED: usize = 5;
const TITLE: usize = 6;
const KIND: usize = 7;
const THEME: usize = 8;
const SOURCE: usize = 9;
const PRIORITY: usize = 10;
const LENGTH: usize = 11;
const OUTCOME: usize = 12;
const REASON: usize = 13;
const APPROVED_BY: usize = 14;
const CONTROL_CODE: usize = 15;
const REMARKS: usize = 16;

/// The form of the period's airings, in the order of the log.
pub fn log(occasion: &Occasion, rows: &[Logged]) -> Form {
    let language = occasion.language;
    let tests = rows.iter().filter(|logged| logged.airing.kind == Kind::Test).count();
    let shown = rows.iter().filter(|logged| logged.airing.kind != Kind::Test);
    let rows: Vec<Vec<FormCell>> =
        shown.enumerate().map(|(at, logged)| row(occasion, at as u64 + 1, logged)).collect();
    let headings = [
        ("STT", "No.", 5),
        ("Ngày", "Date", 11),
        ("Buổi", "Part of day", 8),
        ("Giờ theo lịch", "Due", 10),
        ("Giờ bắt đầu", "Started", 10),
        ("Giờ kết thúc", "Ended", 10),
        ("Tên chương trình", "Programme", 36),
        ("Loại", "Kind", 16),
        ("Chủ đề CCHC", "Theme", 36),
        ("Nguồn", "Source", 16),
        ("Ưu tiên", "Priority", 12),
        ("Thời lượng", "Length", 10),
        ("Kết quả", "Outcome", 14),
        ("Lý do", "Reason", 24),
        ("Người duyệt", "Approved by", 28),
        ("Mã đối chứng", "Control code", 18),
        ("Ghi chú", "Remarks", 30),
    ];
    let pick = |vi, en| occasion.pick(vi, en);
    let (usual, legend) = usual(occasion, &rows);
    let table = Table {
        caption: pick("Nhật ký", "Log").into(),
        columns: headings.iter().map(|(vi, en, width)| column(pick(vi, en), *width)).collect(),
        printed: vec![
            printed(pick("STT", "No."), &[NUMBER], 4),
            printed(pick("Ngày, buổi", "Date"), &[DAY, DAYPART], 8),
            printed(pick("Giờ theo lịch", "Due"), &[DUE], 6),
            printed(pick("Giờ bắt đầu, kết thúc", "Started, ended"), &[STARTED, ENDED], 6),
            printed(
                pick("Tên chương trình, loại, nguồn", "Programme, kind, source"),
                &[TITLE, KIND, SOURCE],
                19,
            ),
            printed(pick("Chủ đề CCHC", "Theme"), &[THEME], 20),
            printed(pick("Thời lượng", "Length"), &[LENGTH], 6),
            printed(pick("Kết quả, lý do", "Outcome, reason"), &[OUTCOME, REASON], 13),
            Printed {
                usual,
                ..printed(
                    pick(
                        "Ghi chú (mã đối chứng, ưu tiên, người duyệt)",
                        "Remarks (control code, priority, approved by)",
                    ),
                    // The code begins a line, so that it is not parted.
                    &[CONTROL_CODE, PRIORITY, APPROVED_BY, REMARKS],
                    18,
                )
            },
        ],
        legend,
        rows,
        total: None,
    };
    let mut remarks = Vec::new();
    if table.rows.is_empty() {
        remarks.push(pick("Không có lượt phát nào trong kỳ.", "Nothing aired in the period.").to_owned());
    }
    remarks.extend(tests_left_out(language, tests));
    Form {
        landscape: true, ..occasion.form(pick("NHẬT KÝ PHÁT THANH", "AIRING LOG"), vec![table], remarks)
    }
}

/// What a printed row leaves unsaid, and the legend that says it once: the ordinary priority, and who approved most of
/// them. A workbook says both in every row.
fn usual(occasion: &Occasion, rows: &[Vec<FormCell>]) -> (Vec<Usual>, Option<String>) {
    let ordinary = terms::capital(terms::priority(occasion.language, Priority::Normal));
    let mut approvers: BTreeMap<&str, usize> = BTreeMap::new();
    for row in rows {
        if let FormCell::Text(name) = &row[APPROVED_BY] {
            *approvers.entry(name).or_default() += 1;
        }
    }
    let most =
        approvers.into_iter().max_by_key(|(_, count)| *count).filter(|(_, count)| count * 2 > rows.len());
    let mut usual =
        vec![Usual { of: PRIORITY, cell: FormCell::text(ordinary.clone()), without: String::new() }];
    let legend = match (occasion.language, most) {
        (_, None) if rows.is_empty() => None,
        (Vi, None) => Some(format!("Lượt không ghi mức ưu tiên là “{ordinary}”.")),
        (En, None) => Some(format!("Where no priority is given it is “{ordinary}”.")),
        (Vi, Some((name, _))) => Some(format!(
            "Lượt không ghi mức ưu tiên là “{ordinary}”; lượt không ghi người duyệt do {name} duyệt."
        )),
        (En, Some((name, _))) => Some(format!(
            "Where no priority is given it is “{ordinary}”; where nobody is named, {name} approved it."
        )),
    };
    usual.extend(most.map(|(name, _)| Usual {
        of: APPROVED_BY,
        cell: FormCell::text(name),
        without: occasion.pick("không có người duyệt", "approved by nobody").into(),
    }));
    (usual, legend)
}

/// That tests are not in a report.
pub(super) fn tests_left_out(language: Language, tests: usize) -> Option<String> {
    (tests > 0).then(|| match language {
        Vi => format!("{tests} lượt phát thử (card ảo hoặc trạm mẫu) không đưa vào báo cáo."),
        En => format!(
            "{tests} test airing(s), on the virtual card or by a sample station, are not in this report."
        ),
    })
}

fn row(occasion: &Occasion, number: u64, logged: &Logged) -> Vec<FormCell> {
    let (language, zone, airing) = (occasion.language, occasion.zone, &logged.airing);
    let time = |at: Option<chrono::DateTime<chrono::Utc>>| match at {
        Some(at) => FormCell::Time(at.with_timezone(&zone).time()),
        None => FormCell::Empty,
    };
    let of_carts = |what: &dyn Fn(&AiredCart) -> Option<String>| distinct(airing, what);
    let outcome = match airing.outcome {
        Some(outcome) => terms::outcome(language, outcome),
        None => occasion.pick("sắp phát", "about to start"),
    };
    vec![
        FormCell::Whole(number),
        FormCell::Date(day_of(zone, airing)),
        FormCell::text(daypart(language, zone, airing)),
        time(airing.cue.as_ref().map(|cue| cue.due)),
        time(airing.started),
        time(airing.ended),
        FormCell::text(airing.title.clone()),
        of_carts(&|cart| Some(cart_kind(language, &cart.kind))),
        of_carts(&|cart| cart.topic.as_deref().map(|topic| occasion.theme(topic))),
        of_carts(&|cart| cart.source.as_deref().map(|from| source(language, from))),
        FormCell::text(terms::capital(terms::priority(language, airing.priority))),
        if airing.ended.is_some() { FormCell::Length(airing.aired) } else { FormCell::Empty },
        FormCell::text(terms::capital(outcome)),
        FormCell::text(reason(occasion, airing)),
        FormCell::text(airing.approved_by.clone().unwrap_or_default()),
        // The entry that settles it is still to come.
        if airing.ended.is_some() || airing.outcome == Some(Outcome::Missed) {
            FormCell::text(control_code(airing))
        } else {
            FormCell::Empty
        },
        FormCell::text(remarks(occasion, logged)),
    ]
}

/// Why it ended so; why it was entered.
pub(super) fn reason(occasion: &Occasion, airing: &Airing) -> String {
    match (airing.kind, airing.reason) {
        (Kind::Entered, _) => occasion.whys.get(&airing.id).cloned().unwrap_or_default(),
        (_, reason) => {
            reason.map(|reason| terms::reason(occasion.language, reason).to_owned()).unwrap_or_default()
        }
    }
}

/// What its recordings are, each once, in their order.
fn distinct(airing: &Airing, what: &dyn Fn(&AiredCart) -> Option<String>) -> FormCell {
    let mut found: Vec<String> = Vec::new();
    for one in airing.carts.iter().filter_map(what) {
        if !one.is_empty() && !found.contains(&one) {
            found.push(one);
        }
    }
    FormCell::text(found.join("; "))
}

fn daypart(language: Language, zone: Tz, airing: &Airing) -> &'static str {
    let (vi, en) = match Daypart::of(zone, airing.placed()) {
        Daypart::Morning => ("Sáng", "Morning"),
        Daypart::Noon => ("Trưa", "Noon"),
        Daypart::Afternoon => ("Chiều", "Afternoon"),
        Daypart::Evening => ("Tối", "Evening"),
    };
    super::super::cues::pick(language, vi, en)
}

/// What is remarkable about a row, in a few words.
pub(super) fn remarks(occasion: &Occasion, logged: &Logged) -> String {
    let language = occasion.language;
    let airing = &logged.airing;
    let mut said: Vec<String> = Vec::new();
    // That it was ordered says the next phrase.
    let ordered = airing.kind == Kind::Manual && airing.by.is_some();
    if airing.kind != Kind::Cue && !ordered {
        said.push(terms::kind(language, airing.kind).to_owned());
    }
    match (language, airing.by.as_deref()) {
        (Vi, Some(by)) if airing.kind == Kind::Entered => said.push(format!("người nhập: {by}")),
        (En, Some(by)) if airing.kind == Kind::Entered => said.push(format!("entered by {by}")),
        (Vi, Some(by)) => said.push(format!("theo lệnh của {by}")),
        (En, Some(by)) => said.push(format!("ordered by {by}")),
        (_, None) => {}
    }
    if airing.kind == Kind::Entered && airing.outcome == Some(Outcome::Missed) {
        said.push(
            super::super::cues::pick(language, "đã rút, không tính", "taken back, not counted").to_owned(),
        );
    }
    if logged.repeat {
        said.push(super::super::cues::pick(language, "phát lại", "repeat").to_owned());
    }
    if let Some(late) = airing.late_ms().filter(|ms| *ms >= 1_000) {
        let late = terms::length(language, std::time::Duration::from_millis(late.unsigned_abs()));
        said.push(match language {
            Vi => format!("trễ {late}"),
            En => format!("{late} late"),
        });
    }
    if logged.standing == Standing::Partial {
        said.push(
            super::super::cues::pick(language, "phát dở, không tính", "in part, not counted").to_owned(),
        );
    }
    if airing.started.is_some() && airing.clock_synchronised == Some(false) {
        said.push(
            super::super::cues::pick(language, "giờ máy chưa đồng bộ", "clock not synchronised").to_owned(),
        );
    }
    said.extend(occasion.noted(airing));
    said.join("; ")
}
