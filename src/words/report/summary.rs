//! Biểu tổng hợp kết quả tuyên truyền CCHC: one row a theme, against the plan. Owns its columns and what a row says.

use super::super::Language::{self, En, Vi};
use super::super::cues::pick;
use super::{Occasion, column, log};
use crate::core::form::{Form, FormCell, Reached, Table, minutes, number};
use crate::core::period::Period;
use crate::core::report::targets::{Amount, KEPT_FROM, Over, Progress, Targets};
use crate::core::report::{Count, Standing, Summary, ThemeCount};

/// The form of what the period comes to.
pub fn summary(occasion: &Occasion, found: &Summary, targets: &Targets) -> Form {
    let language = occasion.language;
    let listed = occasion.themes.iter().map(|(id, _, _)| id.clone());
    let mut ids: Vec<String> = listed.collect();
    let mut more: Vec<&String> = found.themes.keys().flatten().filter(|id| !ids.contains(id)).collect();
    more.sort();
    let more: Vec<String> = more.into_iter().cloned().collect();
    ids.extend(more);
    let none = ThemeCount::default();
    let mut sum = ThemeCount::default();
    let mut rows = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let count = found.themes.get(&Some(id.clone())).unwrap_or(&none);
        add(&mut sum, count);
        let progress = targets.progress(id, &occasion.period, count);
        let remarks = remarks(language, count, progress.map(|progress| progress.over));
        let progress = progress.map(|progress| (progress, reached(&occasion.period, &progress)));
        rows.push(row(language, Some(at as u64 + 1), occasion.theme(id), count, progress, remarks));
    }
    let total = pick(language, "Tổng cộng", "Total").to_owned();
    let total = row(language, None, total, &sum, None, remarks(language, &sum, None));
    let columns = [
        ("STT", "No.", 5),
        ("Nội dung", "Theme", 48),
        ("Số chương trình", "Programmes", 12),
        ("Số lượt phát", "Airings", 10),
        ("Thời lượng (phút)", "Length (minutes)", 12),
        ("Lũy kế lượt phát", "Airings since the year began", 12),
        ("Kế hoạch", "Plan", 12),
        ("Tỷ lệ hoàn thành (%)", "Reached (%)", 12),
        ("Ghi chú", "Remarks", 40),
    ];
    let table = Table {
        caption: pick(language, "Tổng hợp", "Summary").into(),
        columns: columns.iter().map(|(vi, en, width)| column(pick(language, vi, en), *width)).collect(),
        printed: Vec::new(),
        legend: None,
        rows,
        total: Some(total),
    };
    let title = pick(
        language,
        "BIỂU TỔNG HỢP KẾT QUẢ TUYÊN TRUYỀN CẢI CÁCH HÀNH CHÍNH",
        "SUMMARY OF PUBLICITY FOR ADMINISTRATIVE REFORM",
    );
    Form { landscape: true, ..occasion.form(title, vec![table], below(occasion, found, targets)) }
}

fn add(sum: &mut ThemeCount, count: &ThemeCount) {
    let add = |sum: &mut Count, more: &Count| {
        sum.times += more.times;
        sum.length += more.length;
    };
    sum.programmes += count.programmes;
    sum.called_off += count.called_off;
    sum.failed += count.failed;
    add(&mut sum.first, &count.first);
    add(&mut sum.repeats, &count.repeats);
    add(&mut sum.entered, &count.entered);
    add(&mut sum.cumulative, &count.cumulative);
    add(&mut sum.partial, &count.partial);
}

fn row(
    language: Language,
    number: Option<u64>,
    name: String,
    count: &ThemeCount,
    progress: Option<(Progress, Reached)>,
    remarks: String,
) -> Vec<FormCell> {
    let counted = count.counted();
    let plan = progress.map_or(FormCell::Empty, |(progress, _)| match progress.amount {
        Amount::Airings(airings) => FormCell::Whole(u64::from(airings)),
        Amount::Minutes(minutes) => {
            FormCell::WholeOf(u64::from(minutes), pick(language, "phút", "min").to_owned())
        }
    });
    let reached = progress.map_or(FormCell::Empty, |(progress, reached)| FormCell::PerCent {
        // Down to the tenth: what is short of a line must not read as if it were on it.
        value: (progress.per_cent * 10.0).floor() / 10.0,
        reached,
    });
    vec![
        number.map_or(FormCell::Empty, FormCell::Whole),
        FormCell::Text(name),
        FormCell::Whole(count.programmes),
        FormCell::Whole(counted.times),
        FormCell::Minutes(counted.length),
        FormCell::Whole(count.cumulative.times),
        plan,
        reached,
        FormCell::text(remarks),
    ]
}

/// A year's plan is behind only when the year is over.
fn reached(period: &Period, progress: &Progress) -> Reached {
    match Reached::of(progress.per_cent, KEPT_FROM) {
        Reached::BelowLine if progress.over == Over::Year && period.to != period.year().to => {
            Reached::AboveLine
        }
        reached => reached,
    }
}

fn remarks(language: Language, count: &ThemeCount, over: Option<Over>) -> String {
    let mut said = Vec::new();
    let mut add = |many: u64, vi: String, en: String| {
        if many > 0 {
            said.push(pick(language, &vi, &en).to_owned());
        }
    };
    let (first, repeats) = (count.first.times, count.repeats.times);
    add(
        first + repeats,
        format!("phát lần đầu {first}, phát lại {repeats}"),
        format!("{first} for the first time, {repeats} repeats"),
    );
    let entered = count.entered.times;
    add(entered, format!("trong đó nhập thủ công {entered}"), format!("{entered} of them entered by hand"));
    let (partial, length) = (count.partial.times, number(language, minutes(count.partial.length), 1));
    add(
        partial,
        format!("phát dở {partial} ({length} phút), không tính"),
        format!("{partial} in part ({length} min), not counted"),
    );
    add(count.called_off, format!("hủy {}", count.called_off), format!("{} called off", count.called_off));
    add(count.failed, format!("không phát được {}", count.failed), format!("{} not aired", count.failed));
    if over == Some(Over::Year) {
        said.push(
            pick(language, "lũy kế so với kế hoạch năm", "since the year began, against the year's plan")
                .into(),
        );
    }
    said.join("; ")
}

fn below(occasion: &Occasion, found: &Summary, targets: &Targets) -> Vec<String> {
    let language = occasion.language;
    let mut said = Vec::new();
    let of = |standing| found.airings.get(&standing).copied().unwrap_or_default();
    let length = |count: Count| number(language, minutes(count.length), 1);
    let relayed = of(Standing::Relayed);
    if relayed.times > 0 {
        let (times, length) = (relayed.times, length(relayed));
        said.push(match language {
            Vi => format!("Tiếp sóng {times} lượt, {length} phút, tính riêng, không có trong bảng."),
            En => format!("Relayed: {times} airings, {length} minutes, counted apart and not in the table."),
        });
    }
    let outside = found.themes.get(&None).map(ThemeCount::counted).unwrap_or_default();
    if outside.times > 0 {
        let (times, length) = (outside.times, length(outside));
        said.push(match language {
            Vi => format!("Ngoài các chủ đề (nhạc hiệu, lời dẫn, bài khác): {times} lượt, {length} phút, không tính."),
            En => format!("On no theme (signature tunes, introductions, other items): {times} airings, {length} minutes, not counted."),
        });
    }
    said.extend(log::tests_left_out(language, of(Standing::Tested).times as usize));
    if !targets.0.is_empty() {
        said.push(match language {
            Vi => format!("✓: đạt kế hoạch; ▼: dưới mức {KEPT_FROM} %."),
            En => format!("✓: the plan is reached; ▼: below the line of {KEPT_FROM} %."),
        });
    }
    said
}
