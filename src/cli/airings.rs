//! `loa airings`: the as-run log.

use anyhow::Result;
use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use clap::Args;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::core::airing::{Airing, Kind, Outcome, SlotId};
use crate::core::as_json::AiringJson;
use crate::journal::Filter;
use crate::words::{Language, terms};

/// The as-run log: what really went out.
#[derive(Debug, Args)]
pub struct Airings {
    /// The first day. Default: the day before today.
    #[arg(long, value_name = "DATE")]
    from: Option<NaiveDate>,
    /// The last day. Default: today.
    #[arg(long, value_name = "DATE")]
    to: Option<NaiveDate>,
    /// Only this outcome: on_air, aired, cut, interrupted, missed.
    #[arg(long, value_parser = outcome)]
    outcome: Option<Outcome>,
    /// Only this slot.
    #[arg(long, value_name = "ID")]
    slot: Option<String>,
    /// Only airings with a recording of this theme.
    #[arg(long, value_name = "T")]
    topic: Option<String>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

fn outcome(text: &str) -> Result<Outcome, String> {
    text.parse().map_err(|()| {
        let words: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
        format!("`{text}` is not one of {}", words.join(", "))
    })
}

impl Airings {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone) = (setting.language, setting.zone);
        let to = self.to.unwrap_or_else(|| setting.today());
        let from = self.from.unwrap_or_else(|| to.checked_sub_days(Days::new(1)).unwrap_or(to));
        let (after, until) = setting.span(from, to);
        let filter = Filter {
            from: Some(after),
            to: Some(until),
            outcome: self.outcome,
            slot: self.slot.as_deref().map(SlotId::from),
            topic: self.topic.clone(),
            before: None,
        };
        let airings = setting.journal_there()?.airings(&filter, None)?;
        if self.json {
            say_json(&airings.iter().map(|airing| AiringJson::of(zone, airing)).collect::<Vec<_>>())?;
            return Ok(Exit::Fine);
        }
        let mut day = None;
        for airing in &airings {
            let at = airing.cue.as_ref().map(|cue| cue.due).or(airing.started).unwrap_or(airing.noted);
            let date = at.with_timezone(&zone).date_naive();
            if day != Some(date) {
                if day.is_some() {
                    say("");
                }
                say(&terms::date(language, date));
                day = Some(date);
            }
            say(&line(language, zone, airing, at));
        }
        if airings.is_empty() {
            say(setting.words("Không có lượt phát nào trong nhật ký.", "The journal has no such airing."));
        }
        Ok(Exit::Fine)
    }
}

fn line(language: Language, zone: Tz, airing: &Airing, at: chrono::DateTime<chrono::Utc>) -> String {
    let outcome = match airing.outcome {
        Some(outcome) => terms::outcome(language, outcome).to_owned(),
        None => match language {
            Language::Vi => "sắp phát".into(),
            Language::En => "about to start".into(),
        },
    };
    let reason =
        airing.reason.map(|reason| format!(" ({})", terms::reason(language, reason))).unwrap_or_default();
    let sounded = airing.started.map(|started| {
        let exact = started.with_timezone(&zone).format("%H:%M:%S%.3f");
        match airing.ended {
            Some(_) => format!(" · {exact} · {}", terms::length(language, airing.aired)),
            None => format!(" · {exact}"),
        }
    });
    let kind = match airing.kind {
        Kind::Cue => String::new(),
        other => format!(" [{}]", terms::kind(language, other)),
    };
    let sounded = sounded.unwrap_or_default();
    format!("  {}  {}{kind} · {outcome}{reason}{sounded}", terms::clock_time(zone, at), airing.title)
}
