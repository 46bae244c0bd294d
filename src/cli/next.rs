//! `loa next`: when a pattern fires.

use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::clock::{Clock, SystemClock};
use crate::core::as_json::rfc3339;
use crate::core::pattern::Pattern;
use crate::words::{Language, Say, terms};

/// When a pattern fires.
#[derive(Debug, Args)]
pub struct Next {
    /// The pattern: five fields as in crontab(5), or six with seconds first.
    pattern: String,
    /// The instant after which to look, RFC 3339. Default: now.
    #[arg(long, value_name = "RFC3339")]
    from: Option<DateTime<chrono::FixedOffset>>,
    /// How many.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    count: u32,
    /// The time zone. Default: the station's, else Asia/Ho_Chi_Minh.
    #[arg(long, value_name = "ZONE")]
    time_zone: Option<Tz>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Next {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting().ok();
        let language = setting.as_ref().map_or(asked.language_known(), |setting| setting.language);
        let stations = setting.map(|setting| setting.zone);
        let zone = self.time_zone.or(stations).unwrap_or(chrono_tz::Asia::Ho_Chi_Minh);
        let pattern = Pattern::cron(&self.pattern).map_err(|error| anyhow!("{}", error.say(language)))?;
        let from = self.from.map_or_else(|| SystemClock::new().now(), |from| from.with_timezone(&Utc));
        let mut fires = Vec::new();
        let mut after = from;
        while fires.len() < self.count as usize {
            let Some(next) = pattern.next_after(zone, after) else { break };
            fires.push(next);
            after = next;
        }
        if self.json {
            say_json(&fires.iter().map(|at| rfc3339(zone, *at)).collect::<Vec<_>>())?;
        } else {
            fires.iter().for_each(|at| say(&terms::date_and_time(language, zone, *at)));
            if fires.len() < self.count as usize {
                say(match language {
                    Language::Vi => "Sau đó không còn lần nào nữa.",
                    Language::En => "It fires no more after that.",
                });
            }
        }
        Ok(Exit::Fine)
    }
}
