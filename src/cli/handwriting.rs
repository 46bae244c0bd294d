//! `loa enter`, `loa note`, `loa review`: what people write into the record by hand.

use std::time::Duration;

use anyhow::Result;
use chrono::{NaiveDate, NaiveTime};
use clap::Args;

use super::orders::{ask, time};
use super::setting::{Asked, who};
use super::{Exit, problem};
use crate::control::Ask;
use crate::core::airing::AiringId;
use crate::core::document::span;
use crate::core::handwritten::{AiringNote, Entered, Handwritten, Reviewed, TakenBack};
use crate::core::pattern::Day;
use crate::core::period::{Period, PeriodName, Reckoning};
use crate::words::report::no_period;

/// Writes in an airing that Loa did not make, e.g. a village head who read; reports mark it as written in by hand.
#[derive(Debug, Args)]
pub struct Enter {
    /// The civil day, e.g. 2026-11-24.
    date: NaiveDate,
    /// When it began, e.g. 17:00.
    #[arg(value_parser = time)]
    time: NaiveTime,
    /// How long it was, e.g. 15m or 1h30m.
    #[arg(value_parser = length)]
    length: Duration,
    /// What it was.
    title: String,
    /// Why it is written in by hand.
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// A theme of the plan that it counts for.
    #[arg(long, value_name = "T")]
    topic: Option<String>,
    /// What kind: tin, bai, thong-bao …
    #[arg(long, value_name = "KIND", default_value = "thong-bao")]
    kind: String,
    /// Who writes. Default: this account.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Takes back an airing that was written in; it stays in the record, and counts no more.
#[derive(Debug, Args)]
pub struct TakeBackEntered {
    /// The number of the airing.
    airing: u64,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// Who takes it back. Default: this account.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Writes a note on an airing; the log carries it.
#[derive(Debug, Args)]
pub struct Note {
    /// The number of the airing: the first half of its control code in the log.
    airing: u64,
    /// The note.
    text: String,
    /// Who writes. Default: this account.
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Writes down that the airings of a period were reviewed; its reports say so.
#[derive(Debug, Args)]
pub struct Review {
    /// The period: 2026-10, 2026-W45, 2026-Q4, 2026-H2 or 2026.
    #[arg(long, value_name = "PERIOD")]
    period: String,
    /// Months from the 15th of the month before to the 14th.
    #[arg(long)]
    administrative: bool,
    /// A remark.
    #[arg(long, value_name = "TEXT", default_value = "")]
    note: String,
    /// Who reviewed it, as the reports name them.
    #[arg(long, value_name = "NAME")]
    by: String,
}

fn length(text: &str) -> Result<Duration, String> {
    span::parse(text).ok_or_else(|| format!("`{text}` is no length, expected one such as 15m or 1h30m"))
}

impl Enter {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let started = Day::new(self.date, setting.zone).at(self.time);
        let entered = Entered {
            airing: AiringId(0),
            title: self.title.trim().to_owned(),
            started,
            length: self.length,
            kind: self.kind.trim().to_owned(),
            topic: self.topic.clone(),
            why: self.why.trim().to_owned(),
            by: self.by.as_deref().map_or_else(who, |by| by.trim().to_owned()),
            account: who(),
        };
        ask(asked, Ask::Write { hand: Handwritten::Airing(entered) })
    }
}

impl TakeBackEntered {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let by = self.by.as_deref().map_or_else(who, |by| by.trim().to_owned());
        let why = self.why.trim().to_owned();
        let back = TakenBack { airing: AiringId(self.airing), why, by, account: who() };
        ask(asked, Ask::Write { hand: Handwritten::TakeBack(back) })
    }
}

impl Note {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let by = self.by.as_deref().map_or_else(who, |by| by.trim().to_owned());
        let noted = AiringNote {
            airing: AiringId(self.airing),
            text: self.text.trim().to_owned(),
            by,
            account: who(),
        };
        ask(asked, Ask::Write { hand: Handwritten::Note(noted) })
    }
}

impl Review {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let reckoning = if self.administrative { Reckoning::Administrative } else { Reckoning::Calendar };
        let period = PeriodName::parse(&self.period).and_then(|name| Period::named(name, reckoning));
        let period = match period {
            Ok(period) => period,
            Err(error) => {
                problem(language, &no_period(language, &error));
                return Ok(Exit::Usage);
            }
        };
        let reviewed = Reviewed {
            from: period.from,
            to: period.to,
            text: self.note.trim().to_owned(),
            by: self.by.trim().to_owned(),
            account: who(),
        };
        ask(asked, Ask::Write { hand: Handwritten::Review(reviewed) })
    }
}
