//! Đối chiếu lịch – thực phát: every cue with what became of it, what it comes to, and what offices sent in vain. Owns its
//! columns and what a row says.

use chrono::{DateTime, Utc};

use super::super::Language::{En, Vi};
use super::super::returned::returned;
use super::super::terms;
use super::log::{remarks, tests_left_out};
use super::{Occasion, column, printed};
use crate::core::airing::{Airing, Reason};
use crate::core::drops::Verdict;
use crate::core::form::{Form, FormCell, Table, number};
use crate::core::record::Dropped;
use crate::core::report::reconcile::{Open, Row, Totals};
use crate::core::report::{Logged, Standing};

/// The form of the period's cues; `drops` are those of the period, `tests` how many airings were tests.
pub fn reconcile(
    occasion: &Occasion,
    rows: &[Row],
    totals: &Totals,
    drops: &[(DateTime<Utc>, Dropped)],
    tests: usize,
) -> Form {
    let pick = |vi, en| occasion.pick(vi, en);
    let headings = [
        ("STT", "No.", 5),
        ("Ngày", "Date", 11),
        ("Giờ theo lịch", "Due", 10),
        ("Tên chương trình", "Programme", 36),
        ("Giờ bắt đầu", "Started", 10),
        ("Lệch giờ (giây)", "Late (s)", 9),
        ("Thời lượng theo lịch", "Planned", 10),
        ("Thời lượng thực phát", "Aired", 10),
        ("Kết quả", "Outcome", 14),
        ("Lý do", "Reason", 28),
        ("Ghi chú", "Remarks", 28),
    ];
    let shares = [4, 9, 8, 21, 8, 6, 7, 7, 9, 11, 10];
    let of = |(at, (heading, share)): (usize, (&(&'static str, &'static str, u16), u16))| {
        printed(pick(heading.0, heading.1), &[at], share)
    };
    let cues = Table {
        caption: pick("Đối chiếu", "Reconciliation").into(),
        columns: headings.iter().map(|(vi, en, width)| column(pick(vi, en), *width)).collect(),
        printed: headings.iter().zip(shares).enumerate().map(of).collect(),
        legend: None,
        rows: rows.iter().enumerate().map(|(at, row)| cue(occasion, at as u64 + 1, row)).collect(),
        total: None,
    };
    let mut tables = vec![cues, sums(occasion, totals)];
    tables.extend(in_vain(occasion, rows, drops));
    let mut below = Vec::new();
    if let Some(kept) = totals.kept_per_cent() {
        let kept = number(occasion.language, kept, 1);
        below.push(match occasion.language {
            Vi => format!("Tỷ lệ phát đủ so với lịch, không kể lượt đã hủy: {kept} %."),
            En => format!("Aired whole, of the cues that were not called off: {kept} %."),
        });
    }
    below.extend(tests_left_out(occasion.language, tests));
    let title = pick("ĐỐI CHIẾU LỊCH - THỰC PHÁT", "SCHEDULED AGAINST AIRED");
    Form { landscape: true, ..occasion.form(title, tables, below) }
}

fn cue(occasion: &Occasion, count: u64, row: &Row) -> Vec<FormCell> {
    let (language, zone) = (occasion.language, occasion.zone);
    let due = row.due().map(|due| due.with_timezone(&zone));
    let number = FormCell::Whole(count);
    let (date, time) = due.map_or((FormCell::Empty, FormCell::Empty), |due| {
        (FormCell::Date(due.date_naive()), FormCell::Time(due.time()))
    });
    match row {
        Row::Settled(logged) => {
            let Logged { airing, .. } = &**logged;
            let started = airing.started.map(|at| FormCell::Time(at.with_timezone(&zone).time()));
            let outcome = airing.outcome.map(|outcome| terms::outcome(language, outcome));
            vec![
                number,
                date,
                time,
                FormCell::text(airing.title.clone()),
                started.unwrap_or(FormCell::Empty),
                airing.late_ms().map_or(FormCell::Empty, FormCell::Late),
                airing.planned.map_or(FormCell::Empty, FormCell::Length),
                if airing.ended.is_some() { FormCell::Length(airing.aired) } else { FormCell::Empty },
                FormCell::text(terms::capital(
                    outcome.unwrap_or(occasion.pick("sắp phát", "about to start")),
                )),
                FormCell::text(
                    airing.reason.map(|reason| terms::reason(language, reason)).unwrap_or_default(),
                ),
                FormCell::text(remarks(occasion, logged)),
            ]
        }
        Row::Open(planned) => {
            let (outcome, why) = match planned.open {
                Open::Coming => (occasion.pick("Chưa đến giờ", "To come"), ""),
                Open::OnlyTested => (
                    occasion.pick("Chỉ phát thử", "Test only"),
                    occasion.pick("trên card ảo hoặc ở trạm mẫu, không tính", "not counted"),
                ),
                Open::Unaccounted => (
                    occasion.pick("Chưa có kết quả", "No outcome yet"),
                    occasion.pick("trạm chưa ghi vào nhật ký", "the station has not written it down"),
                ),
            };
            let mut cells = vec![number, date, time, FormCell::text(planned.title.clone())];
            cells.extend([FormCell::Empty, FormCell::Empty, FormCell::Empty, FormCell::Empty]);
            cells.extend([FormCell::text(outcome), FormCell::text(why), FormCell::Empty]);
            cells
        }
    }
}

fn sums(occasion: &Occasion, totals: &Totals) -> Table {
    let language = occasion.language;
    let pick = |vi, en| occasion.pick(vi, en);
    let of = |standing| totals.of(standing);
    let mut rows: Vec<(String, u64)> = vec![
        (pick("Số lượt theo lịch", "Cues planned").into(), totals.planned),
        (pick("Đã phát đủ", "Aired whole").into(), of(Standing::Counted)),
    ];
    let mut more = |text: &str, count: u64| {
        if count > 0 {
            rows.push((text.to_owned(), count));
        }
    };
    more(pick("Đã tiếp sóng", "Relayed"), of(Standing::Relayed));
    more(pick("Phát dở (bị cắt, bị gián đoạn)", "In part (cut, interrupted)"), of(Standing::Partial));
    more(pick("Đã hủy", "Called off"), of(Standing::CalledOff));
    more(pick("Không phát được", "Not aired"), of(Standing::Failed));
    more(pick("Đang phát", "On air"), of(Standing::OnAir));
    more(pick("Chưa đến giờ", "To come"), totals.coming);
    more(pick("Chưa có kết quả", "No outcome yet"), totals.unaccounted);
    more(pick("Chỉ phát thử", "Test only"), totals.tested);
    let mut reasons: Vec<(&Reason, &u64)> = totals.reasons.iter().collect();
    reasons.sort();
    for (reason, count) in reasons {
        let which = match reason.is_called_off() {
            true => pick("đã hủy", "called off"),
            false => pick("không phát được", "not aired"),
        };
        rows.push((format!("– {which}: {}", terms::reason(language, *reason)), *count));
    }
    Table {
        caption: pick("Tổng hợp", "Totals").into(),
        columns: vec![column(pick("Kết quả", "Outcome"), 52), column(pick("Số lượt", "Cues"), 10)],
        printed: Vec::new(),
        legend: None,
        rows: rows
            .into_iter()
            .map(|(text, count)| vec![FormCell::Text(text), FormCell::Whole(count)])
            .collect(),
        total: None,
    }
}

/// What was sent and refused, and what was not ready when it was due; none where there is nothing of it.
fn in_vain(occasion: &Occasion, rows: &[Row], drops: &[(DateTime<Utc>, Dropped)]) -> Option<Table> {
    let (language, zone) = (occasion.language, occasion.zone);
    let pick = |vi, en| occasion.pick(vi, en);
    let mut found: Vec<(DateTime<Utc>, [String; 4])> = Vec::new();
    for (at, dropped) in drops.iter().filter(|(_, dropped)| dropped.verdict == Verdict::Returned) {
        let sender = dropped.sender.folder().unwrap_or_default().to_owned();
        let why = returned(language, dropped);
        let why = match language {
            Vi => format!("{why} (phiếu báo số {})", dropped.id),
            En => format!("{why} (receipt {})", dropped.id),
        };
        found.push((*at, [sender, dropped.file.clone(), pick("Trả lại", "Returned").into(), why]));
    }
    for row in rows {
        let Row::Settled(logged) = row else { continue };
        let (Some(due), Some(reason)) = (row.due(), logged.airing.reason) else { continue };
        if logged.standing == Standing::Failed && not_ready(reason) {
            let what = format!("{} ({})", logged.airing.title, files(&logged.airing));
            let why = terms::reason(language, reason).to_owned();
            found.push((due, [String::new(), what, pick("Không kịp", "Not ready").into(), why]));
        }
    }
    if found.is_empty() {
        return None;
    }
    found.sort();
    let headings = [
        ("STT", "No.", 5),
        ("Ngày", "Date", 11),
        ("Giờ", "Time", 10),
        ("Đơn vị gửi", "Office", 20),
        ("Tệp, chương trình", "File, programme", 40),
        ("Kết quả", "Outcome", 12),
        ("Lý do", "Reason", 40),
    ];
    let row = |(at, (when, texts)): (usize, (DateTime<Utc>, [String; 4]))| {
        let civil = when.with_timezone(&zone);
        let mut cells = vec![
            FormCell::Whole(at as u64 + 1),
            FormCell::Date(civil.date_naive()),
            FormCell::Time(civil.time()),
        ];
        cells.extend(texts.into_iter().map(FormCell::text));
        cells
    };
    Some(Table {
        caption: pick("Bài gửi bị trả lại hoặc không kịp", "Returned or not ready").into(),
        columns: headings.iter().map(|(vi, en, width)| column(pick(vi, en), *width)).collect(),
        printed: Vec::new(),
        legend: None,
        rows: found.into_iter().enumerate().map(row).collect(),
        total: None,
    })
}

/// Whether a cue was missed because of what an office owed.
fn not_ready(reason: Reason) -> bool {
    matches!(reason, Reason::NoAudio | Reason::BadAudio | Reason::NotApproved)
}

fn files(airing: &Airing) -> String {
    airing.carts.iter().map(|cart| cart.file.to_string()).collect::<Vec<_>>().join(", ")
}
