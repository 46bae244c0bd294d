//! `loa stop`, `loa play`, `loa skip`, `loa approve`, `loa clock confirm`: orders to the running station.

use anyhow::{Result, anyhow};
use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Subcommand};

use super::setting::{Asked, who};
use super::{Exit, problem, say};
use crate::control::{Ask, Told};
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::drops::DropId;
use crate::core::order::{Answer, ControlError, Order};
use crate::core::pattern::parse_time;
use crate::words::{Language, Say, emergencies, orders, terms};

/// Airs a recording of the library: now, or after what is on air.
#[derive(Debug, Args)]
pub struct Play {
    /// The recording, as it is called in the folder of recordings.
    file: String,
}

/// Leaves out a slot's cues of one day.
#[derive(Debug, Args)]
pub struct Skip {
    /// The slot.
    slot: String,
    /// The civil day, e.g. 2026-11-24.
    date: NaiveDate,
    /// The civil time of the cue. Default: every cue of that day.
    #[arg(value_parser = time)]
    time: Option<NaiveTime>,
}

/// Approves a schedule that waits, with its recordings as they are now.
#[derive(Debug, Args)]
pub struct Approve {
    /// The schedule. Default: the one that waits.
    schedule: Option<String>,
    /// Who approves, as the journal and the reports name them.
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    by: String,
    /// The number of the newest receipt that the approver has read: nothing that came later is approved with it.
    #[arg(long, value_name = "NUMBER")]
    receipt: Option<String>,
}

/// Refuses what waits of a schedule, its new version and new recordings. What was approved before airs on.
#[derive(Debug, Args)]
pub struct Refuse {
    /// The schedule. Default: the one that waits.
    schedule: Option<String>,
    /// Who refuses, as the journal and the receipt name them.
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    by: String,
    /// Why, for the office that sent it; 500 letters at most.
    #[arg(long, value_name = "TEXT")]
    why: String,
    /// The number of the newest receipt that the refuser has read: nothing that came later is refused with it.
    #[arg(long, value_name = "NUMBER")]
    receipt: Option<String>,
}

/// About the station's clock.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// A person vouches that the clock is right: cues air again.
    Confirm,
}

/// A civil time on the command line.
pub(super) fn time(text: &str) -> Result<NaiveTime, String> {
    parse_time(text).map_err(|error| error.to_string())
}

pub(super) fn stop(asked: &Asked) -> Result<Exit> {
    give(asked, Order::Stop)
}

impl Play {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        give(asked, Order::Play { file: cart_name(asked.language_known(), &self.file)? })
    }
}

/// A recording as it is named on the command line.
pub(super) fn cart_name(language: Language, name: &str) -> Result<CartName> {
    CartName::new(name).map_err(|error| match language {
        Language::Vi => {
            anyhow!("“{name}” không phải là tên tệp trong kho ghi âm; ghi tên như trong thư mục audio")
        }
        Language::En => anyhow!("`{name}` {error}; give the name as it is in the folder of recordings"),
    })
}

impl Skip {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        give(asked, Order::Skip { slot: SlotId::from(self.slot.as_str()), date: self.date, time: self.time })
    }
}

impl Approve {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let schedule = match meant(asked, self.schedule.as_deref())? {
            Ok(schedule) => schedule,
            Err(exit) => return Ok(exit),
        };
        let receipt = self.receipt.as_deref().map(|number| DropId(number.into()));
        ask(asked, Ask::Approve { schedule, by: self.by.clone(), receipt })
    }
}

impl Refuse {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let schedule = match meant(asked, self.schedule.as_deref())? {
            Ok(schedule) => schedule,
            Err(exit) => return Ok(exit),
        };
        let receipt = self.receipt.as_deref().map(|number| DropId(number.into()));
        ask(asked, Ask::Refuse { schedule, by: self.by.clone(), why: self.why.clone(), receipt })
    }
}

/// The schedule that was named, else the one that waits; where it is not certain which, how the command ends.
fn meant(asked: &Asked, named: Option<&str>) -> Result<Result<ScheduleId, Exit>> {
    if let Some(named) = named {
        return Ok(Ok(ScheduleId::from(named)));
    }
    let setting = asked.setting()?;
    let (language, state) = (setting.language, &setting.config.paths.state);
    let report = setting
        .running()
        .ok_or_else(|| anyhow!("{}", ControlError::NotRunning { state: state.clone() }.say(language)))?;
    if let [only] = &report.waiting[..] {
        return Ok(Ok(only.schedule.clone()));
    }
    say(&match (language, report.waiting.is_empty()) {
        (Language::Vi, true) => "Không có lịch nào đang chờ duyệt.".to_owned(),
        (Language::En, true) => "No schedule waits.".to_owned(),
        (Language::Vi, false) => "Nhiều lịch đang chờ duyệt; hãy ghi rõ mã lịch:".to_owned(),
        (Language::En, false) => "Several schedules wait; name the one:".to_owned(),
    });
    for awaited in &report.waiting {
        say(&format!("  {}  “{}”", awaited.schedule, awaited.title));
    }
    Ok(Err(if report.waiting.is_empty() { Exit::Fine } else { Exit::Wrong }))
}

impl ClockCommand {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let now = terms::date_and_time(setting.language, setting.zone, setting.now);
        say(&match setting.language {
            Language::Vi => format!("Bây giờ là {now}."),
            Language::En => format!("It is {now}."),
        });
        give(asked, Order::ConfirmClock)
    }
}

pub(super) fn give(asked: &Asked, order: Order) -> Result<Exit> {
    ask(asked, Ask::Order { order, by: who() })
}

pub(super) fn ask(asked: &Asked, what: Ask) -> Result<Exit> {
    let setting = asked.setting()?;
    let (language, zone) = (setting.language, setting.zone);
    match crate::control::ask(&setting.config.paths.state, what) {
        Ok(Told::Done(answer)) => {
            say(&orders::answer(language, zone, &answer));
            if matches!(answer, Answer::Emergency { .. }) {
                say(emergencies::how_to_end(language));
            }
            Ok(Exit::Fine)
        }
        Ok(Told::Refused(refusal)) => {
            problem(language, &orders::refusal(language, zone, &refusal));
            Ok(Exit::Wrong)
        }
        Ok(other) => Err(anyhow!("unexpected answer: {other:?}")),
        Err(error) => Err(anyhow!("{}", error.say(language))),
    }
}
