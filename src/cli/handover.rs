//! `loa handover`: the hand-over sheet, from the real configuration and journal.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use chrono::{Datelike, Days, NaiveTime, Timelike};
use clap::Args;

use super::report::{closed_pipe, refused, write_new};
use super::setting::{Asked, Setting};
use super::{Exit, say};
use crate::config::{Approval, Listen};
use crate::core::airing::Outcome;
use crate::core::handover::{Amplifier, CertificateAt, Handover, Places, Regular};
use crate::export::page;
use crate::journal::{Filter, backup};
use crate::web::accounts::Accounts;
use crate::web::certificate::good_until;
use crate::words::{Say, handover as words};

/// The hand-over sheet (Phiếu bàn giao): what this station is, where things are, whom to call, what goes wrong and its remedy;
/// for printing on A4.
#[derive(Debug, Args)]
pub struct HandoverSheet {
    /// The file to write, `.html`; one that is there is never written over. Default: standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl HandoverSheet {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let facts = asked.on_station(|| facts(&setting, asked))??;
        let sheet = page::small_html(&words::paper(setting.language, &facts));
        let Some(file) = self.output.as_ref().filter(|file| file.as_os_str() != "-") else {
            std::io::stdout().lock().write_all(sheet.as_bytes()).or_else(closed_pipe)?;
            return Ok(Exit::Fine);
        };
        write_new(file, sheet.as_bytes()).with_context(|| refused(setting.language, file))?;
        say(&words::written(setting.language, &file.display().to_string()));
        Ok(Exit::Fine)
    }
}

fn facts(setting: &Setting, asked: &Asked) -> Result<Handover> {
    let config = &setting.config;
    let accounts =
        Accounts::read(&config.paths.state).map_err(|error| anyhow!("{}", error.say(setting.language)))?;
    let journal = setting.journal()?;
    let aired = Filter { outcome: Some(Outcome::Aired), ..Filter::default() };
    let last = journal.as_ref().map(|journal| journal.airings(&aired, Some(1))).transpose()?;
    let last = last.unwrap_or_default().pop();
    let shown = |path: &std::path::Path| path.display().to_string();
    let email = config.alarms.email.as_ref();
    Ok(Handover {
        day: setting.today(),
        zone: setting.zone,
        id: config.station.id.clone(),
        name: config.station.name.clone(),
        program: env!("CARGO_PKG_VERSION").into(),
        sample: config.station.sample,
        superior: config.report.superior.clone(),
        receiver: config.report.receiver.clone(),
        place: config.report.place.clone(),
        technician: config.station.technician.clone(),
        telephone: config.station.telephone.clone(),
        cards: config.output.cards.iter().map(ToString::to_string).collect(),
        loudness: config.loudness.normalise.then_some(config.loudness.target_lufs),
        amplifier: config.amplifier.as_ref().map_or(Amplifier::ByHand, |keys| Amplifier::Switched {
            before: keys.timing.before,
            after: keys.timing.after,
        }),
        quiet: config.policy.quiet_hours.clone(),
        limits: config.policy.limits.clone(),
        approval: config.policy.approval == Approval::Command,
        where_is: Places {
            config: shown(&std::path::absolute(&asked.config).unwrap_or_else(|_| asked.config.clone())),
            schedules: shown(&config.paths.schedules),
            audio: shown(&config.paths.audio),
            inbox: shown(&config.paths.inbox),
            state: shown(&config.paths.state),
            page: address(setting),
            certificate: config.page.certificate.as_ref().map(|files| CertificateAt {
                file: shown(&files.chain),
                ends: good_until(files).ok().map(|ends| ends.with_timezone(&setting.zone).date_naive()),
            }),
            backups: shown(&config.backup.folder),
            newest_backup: backup::newest_day(&config.backup.folder),
            kept: config.backup.keep,
        },
        head: journal.as_ref().map(|journal| journal.head()).transpose()?.flatten(),
        last_aired: last.and_then(|airing| Some((airing.started?, airing.title))),
        offices: config.offices.iter().map(|office| office.folder.clone()).collect(),
        accounts: accounts.iter().map(|account| (account.name.clone(), account.role)).collect(),
        told: email.map(|email| email.to.clone()).unwrap_or_default(),
        webhook: config.alarms.webhook.is_some(),
        week: week(setting)?,
    })
}

/// The address of the pages, as one opens it at the station's own PC.
fn address(setting: &Setting) -> Option<String> {
    let page = &setting.config.page;
    let Listen::At(address) = page.listen else { return None };
    let scheme = if page.certificate.is_some() { "https" } else { "http" };
    let host = if address.ip().is_unspecified() { "127.0.0.1".to_owned() } else { address.ip().to_string() };
    Some(format!("{scheme}://{host}:{}", address.port()))
}

/// What airs in the seven days from today, told once for all its days.
fn week(setting: &Setting) -> Result<Vec<Regular>> {
    let from = setting.today();
    let until = from.checked_add_days(Days::new(6)).unwrap_or(from);
    let (after, until) = setting.span(from, until);
    let mut found: BTreeMap<(NaiveTime, String), [bool; 7]> = BTreeMap::new();
    for cue in setting.plan()?.cues(after, until).into_iter().filter(|cue| cue.fate.is_none()) {
        let civil = cue.due.with_timezone(&setting.zone).naive_local();
        let time = civil.time().with_nanosecond(0).unwrap_or_default();
        let days = found.entry((time, cue.slot.title.to_string())).or_default();
        days[civil.weekday().num_days_from_monday() as usize] = true;
    }
    Ok(found.into_iter().map(|((time, title), days)| Regular { time, days, title }).collect())
}
