//! `loa why`: one sentence, why this did or did not air.

use anyhow::Result;
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, problem, say, say_json};
use crate::core::airing::SlotId;
use crate::core::as_json::{AiringJson, rfc3339};
use crate::core::rundown::forecast::{Row, forecast};
use crate::journal::Filter;
use crate::words::{Language, notices, terms};

/// One sentence: why this did or did not air.
#[derive(Debug, Args)]
pub struct Why {
    /// The slot.
    slot: String,
    /// The civil day, e.g. 2026-11-24.
    date: NaiveDate,
    /// The civil time of the cue, e.g. 05:30. Default: every cue of that day.
    #[arg(value_parser = super::orders::time)]
    time: Option<NaiveTime>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct WhyJson {
    due: Option<String>,
    sentence: String,
    airing: Option<AiringJson>,
}

impl Why {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone) = (setting.language, setting.zone);
        let (after, until) = setting.span(self.date, self.date);
        let slot = SlotId::from(self.slot.as_str());
        let at_time = |due: chrono::DateTime<chrono::Utc>| {
            self.time.is_none_or(|time| due.with_timezone(&zone).time() == time)
        };
        let mut answers = Vec::new();
        let journal = setting.journal()?;
        if let Some(journal) = &journal {
            let filter =
                Filter { from: Some(after), to: Some(until), slot: Some(slot.clone()), ..Filter::default() };
            for airing in journal.airings(&filter, None)? {
                let Some(due) = airing.cue.as_ref().map(|cue| cue.due).filter(|due| at_time(*due)) else {
                    continue;
                };
                let detail = journal.detail(airing.id)?;
                let sentence = notices::why(language, zone, &airing, &detail);
                answers.push((
                    due,
                    WhyJson {
                        due: Some(rfc3339(zone, due)),
                        sentence,
                        airing: Some(AiringJson::of(zone, &airing)),
                    },
                ));
            }
        }
        let answered: Vec<_> = answers.iter().map(|(due, _)| *due).collect();
        let plan = setting.plan()?;
        let mut coming: Vec<Row> = Vec::new();
        let library = setting.library(false)?;
        let policy = crate::station::policy(&setting.config);
        forecast(
            &plan,
            &library,
            &policy,
            &setting.sounded(&policy)?,
            after - TimeDelta::hours(6),
            until,
            |row| coming.push(row),
        );
        coming.retain(|row| row.cue.slot.id == slot && row.cue.due > after && at_time(row.cue.due));
        coming.retain(|row| !answered.contains(&row.cue.due));
        for row in coming {
            let due = terms::date_and_time(language, zone, row.cue.due);
            let title = &row.cue.slot.title;
            let notice = row.notice.as_ref().map(|notice| notices::notice(language, zone, notice));
            let future = row.cue.due > setting.now;
            let sentence = match (language, notice, future) {
                (Language::Vi, None, true) => format!("“{title}” sẽ phát lúc {due}; chưa thấy gì cản trở"),
                (Language::En, None, true) => {
                    format!("“{title}” will air at {due}; nothing stands in its way")
                }
                (Language::Vi, Some(notice), true) => format!("“{title}” theo lịch {due}: {notice}"),
                (Language::En, Some(notice), true) => format!("“{title}”, due {due}: {notice}"),
                (Language::Vi, _, false) => {
                    format!("“{title}” theo lịch {due} chưa có kết quả trong nhật ký")
                }
                (Language::En, _, false) => {
                    format!("“{title}”, due {due}, has no outcome in the journal yet")
                }
            };
            answers.push((
                row.cue.due,
                WhyJson { due: Some(rfc3339(zone, row.cue.due)), sentence, airing: None },
            ));
        }
        answers.sort_by_key(|(due, _)| *due);
        let answers: Vec<WhyJson> = answers.into_iter().map(|(_, answer)| answer).collect();
        if self.json {
            say_json(&answers)?;
        } else {
            answers.iter().for_each(|answer| say(&format!("{}.", answer.sentence)));
        }
        if answers.is_empty() {
            let date = terms::date(language, self.date);
            problem(
                language,
                &match language {
                    Language::Vi => format!(
                        "khung giờ “{slot}” không có lượt nào {date}; xem `loa rundown --from {}`",
                        self.date
                    ),
                    Language::En => {
                        format!("slot `{slot}` has no cue on {date}; see `loa rundown --from {}`", self.date)
                    }
                },
            );
            return Ok(Exit::Wrong);
        }
        Ok(Exit::Fine)
    }
}
