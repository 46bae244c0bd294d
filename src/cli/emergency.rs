//! `loa emergency`: airs a warning at once, and ends it. Owns how its expiry is given; its limits are the core's.

use std::time::Duration;

use anyhow::{Result, anyhow};
use chrono::{DateTime, Days, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::Exit;
use super::orders::{cart_name, give};
use super::setting::Asked;
use crate::core::document::span;
use crate::core::order::Order;
use crate::core::pattern::{Day, parse_time};
use crate::words::Language;

/// Airs a warning at once, in the quiet hours too, and repeats it until it expires.
#[derive(Debug, Args)]
pub struct Emergency {
    /// The recording, as it is called in the folder of recordings. With --end: only the order of this one.
    #[arg(required_unless_present = "end")]
    file: Option<String>,
    /// When it expires: a time of day, e.g. 18:00, or RFC 3339. Default: in an hour, or as the station's config says.
    #[arg(long, value_name = "TIME", value_parser = expiry, conflicts_with = "end")]
    until: Option<Expiry>,
    /// How often it is repeated, e.g. 10m. Default: it airs once.
    #[arg(long, value_name = "SPAN", value_parser = interval, conflicts_with = "end")]
    every: Option<Duration>,
    /// What it is called in the record. Default: what the schedules call it, else its file's name.
    #[arg(long, value_name = "TITLE", conflicts_with = "end",
          value_parser = clap::builder::NonEmptyStringValueParser::new())]
    title: Option<String>,
    /// Ends the emergency orders that stand.
    #[arg(long)]
    end: bool,
}

/// An expiry as it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Expiry {
    /// The next time that it is this time of day.
    Time(NaiveTime),
    Instant(DateTime<Utc>),
}

fn expiry(text: &str) -> Result<Expiry, String> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(Expiry::Instant(instant.to_utc()));
    }
    parse_time(text).map(Expiry::Time).map_err(|error| error.to_string())
}

fn interval(text: &str) -> Result<Duration, String> {
    span::parse(text).ok_or_else(|| format!("`{text}` is not a length of time such as `10m` or `1h30m`"))
}

impl Expiry {
    fn instant(self, zone: Tz, now: DateTime<Utc>) -> DateTime<Utc> {
        let time = match self {
            Expiry::Instant(instant) => return instant,
            Expiry::Time(time) => time,
        };
        let today = now.with_timezone(&zone).date_naive();
        let days = [Some(today), today.checked_add_days(Days::new(1))];
        let mut times = days.into_iter().flatten().map(|day| Day::new(day, zone).at(time));
        times.find(|at| *at > now).unwrap_or(now)
    }
}

impl Emergency {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let file = self.file.as_deref().map(|name| cart_name(language, name)).transpose()?;
        if self.end {
            return give(asked, Order::EndEmergency { file });
        }
        let Some(file) = file else {
            return Err(match language {
                Language::Vi => anyhow!("hãy ghi tên tệp ghi âm cần phát"),
                Language::En => anyhow!("name the recording to air"),
            });
        };
        let setting = asked.setting()?;
        let until = match self.until {
            Some(expiry) => expiry.instant(setting.zone, setting.now),
            None => {
                setting.now + TimeDelta::from_std(setting.config.policy.emergency_for).unwrap_or_default()
            }
        };
        give(
            asked,
            Order::Emergency { file, title: self.title.clone(), until, every: self.every, from: None },
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Asia::Ho_Chi_Minh;

    #[test]
    fn an_expiry_is_the_next_such_time_of_day_or_an_instant() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let now = at("2026-11-24T20:30:00+07:00");
        let of = |text: &str| expiry(text).map(|expiry| expiry.instant(Ho_Chi_Minh, now));
        assert_eq!(of("21:00"), Ok(at("2026-11-24T21:00:00+07:00")));
        assert_eq!(of("20:30"), Ok(at("2026-11-25T20:30:00+07:00")));
        assert_eq!(of("2026-11-26T06:00:00Z"), Ok(at("2026-11-26T06:00:00Z")));
        for wrong in ["", "25:00", "tomorrow", "2026-11-26"] {
            assert!(of(wrong).is_err(), "{wrong}");
        }
    }
}
