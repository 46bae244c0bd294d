//! `loa rundown`: what will play, and what stands in its way.

use anyhow::Result;
use chrono::{Days, NaiveDate};
use clap::Args;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::core::airing::Priority;
use crate::core::as_json::CueJson;
use crate::core::rundown::forecast::{Row, forecast};
use crate::words::{Language, notices, terms};

/// What will play, and what stands in its way.
#[derive(Debug, Args)]
pub struct Rundown {
    /// The first day. Default: today.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// How many days.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=3660))]
    days: u32,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Rundown {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone) = (setting.language, setting.zone);
        let from = self.from.unwrap_or_else(|| setting.today());
        let to = from.checked_add_days(Days::new(u64::from(self.days) - 1)).unwrap_or(from);
        let (after, until) = setting.span(from, to);
        let plan = setting.plan()?;
        let library = setting.library(false)?;
        let policy = crate::station::policy(&setting.config);
        let mut rows: Vec<Row> = Vec::new();
        forecast(&plan, &library, &policy, &setting.sounded(&policy)?, after, until, |row| rows.push(row));
        if self.json {
            let json = |row: &Row| {
                let notice = row.notice.as_ref().map(|notice| notices::notice(language, zone, notice));
                CueJson::of(zone, row, notice)
            };
            say_json(&rows.iter().map(json).collect::<Vec<_>>())?;
            return Ok(Exit::Fine);
        }
        let mut day = None;
        for row in &rows {
            let date = row.cue.due.with_timezone(&zone).date_naive();
            if day != Some(date) {
                if day.is_some() {
                    say("");
                }
                say(&terms::date(language, date));
                day = Some(date);
            }
            let length = terms::length(language, row.length);
            let unmeasured =
                if row.unmeasured { setting.words(" (chưa đo xong)", " (not all measured)") } else { "" };
            let priority = match row.cue.slot.priority {
                Priority::Normal => String::new(),
                other => format!(" [{}]", terms::priority(language, other)),
            };
            let title = &row.cue.slot.title;
            say(&format!(
                "  {}  {title}{priority} · {length}{unmeasured}",
                terms::clock_time(zone, row.cue.due)
            ));
            if let Some(notice) = &row.notice {
                say(&format!("            ! {}", notices::notice(language, zone, notice)));
            }
        }
        if rows.is_empty() {
            say(match language {
                Language::Vi => "Không có lượt phát nào.",
                Language::En => "Nothing is planned.",
            });
        }
        Ok(Exit::Fine)
    }
}
