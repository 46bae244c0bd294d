//! `loa doctor`: what is wrong with the station and its machine, and how to mend it. Exit 1 where something is wrong.

use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::{Asked, Setting};
use super::{Exit, say, say_json};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::control::{Ask, Report, Told};
use crate::core::checkup::{Finding, Grade, Station, Subject};
use crate::core::order::ControlError;
use crate::core::preview::Grounds;
use crate::doctor::{self, Check, Patient, programme};
use crate::words::{Language, checkup};

/// What is wrong with the station and its machine, and how to mend it.
#[derive(Debug, Args)]
pub struct Doctor {
    /// As JSON.
    #[arg(long)]
    json: bool,
    /// Proves the whole journal too, however long that takes.
    #[arg(long)]
    full: bool,
}

#[derive(Serialize)]
struct DoctorJson {
    wrong: usize,
    attention: usize,
    not_known: usize,
    findings: Vec<FindingJson>,
}

#[derive(Serialize)]
struct FindingJson {
    subject: Subject,
    grade: Grade,
    code: &'static str,
    found: String,
    remedy: Option<String>,
}

impl Doctor {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let (language, zone, findings) = match Config::read(&asked.config) {
            Ok(config) => {
                let language = asked.language.unwrap_or(config.station.language);
                (language, config.station.time_zone, self.examine(asked, config, language))
            }
            Err(faults) => {
                let mut findings = doctor::faults_of_config(faults);
                findings.extend(doctor::examine(doctor::of_the_machine()));
                (asked.language_known(), chrono_tz::Asia::Ho_Chi_Minh, findings)
            }
        };
        let count = |grade| findings.iter().filter(|one| one.nature().grade == grade).count();
        let (wrong, attention) = (count(Grade::Wrong), count(Grade::Attention));
        let not_known = count(Grade::NotKnown);
        if self.json {
            let told = |finding: &Finding| {
                let nature = finding.nature();
                let checkup::Said { found, remedy } = checkup::finding(language, zone, finding);
                FindingJson { subject: nature.subject, grade: nature.grade, code: nature.code, found, remedy }
            };
            let findings = findings.iter().map(told).collect();
            say_json(&DoctorJson { wrong, attention, not_known, findings })?;
        } else {
            findings
                .iter()
                .flat_map(|finding| checkup::lines(language, zone, finding))
                .for_each(|line| say(&line));
            say(&match language {
                Language::Vi => format!(
                    "{} mục: {wrong} lỗi, {attention} cần xem lại, {not_known} chưa rõ.",
                    findings.len()
                ),
                Language::En => format!(
                    "{} findings: {wrong} wrong, {attention} to see to, {not_known} not known.",
                    findings.len()
                ),
            });
        }
        Ok(if wrong == 0 { Exit::Fine } else { Exit::Wrong })
    }

    fn examine(&self, asked: &Asked, config: Config, language: Language) -> Vec<Finding> {
        let now = SystemClock::new().now();
        let setting = Setting { language, zone: config.station.time_zone, now, config };
        let patient = Patient {
            file: asked.config.clone(),
            journal: crate::station::journal_file(&setting.config),
            answer: Arc::new(report(&setting)),
            config: setting.config.clone(),
            full: self.full,
            now,
        };
        let mut checks = doctor::of(&patient);
        let planned = setting.clone();
        checks.push(Check::new(Subject::Schedules, move || schedules(&planned)));
        checks.push(Check::new(Subject::Recordings, move || recordings(&setting)));
        doctor::examine(checks)
    }
}

fn report(setting: &Setting) -> Result<Report, ControlError> {
    let state = &setting.config.paths.state;
    match crate::control::ask(state, Ask::Status)? {
        Told::Status(report) => Ok(*report),
        other => Err(ControlError::NoAnswer { found: format!("it answered {other:?}") }),
    }
}

fn schedules(setting: &Setting) -> Vec<Finding> {
    let unreadable = || Station::SchedulesUnreadable { folder: setting.config.paths.schedules.clone() };
    // Without the lists that schedules are read by nothing can be said of them; the lists' own faults are told.
    if setting.config.reference().is_err() || setting.config.holidays().is_err() {
        return Vec::new();
    }
    match (setting.sheets(), setting.plan()) {
        (Err(_), _) => vec![unreadable().into()],
        (Ok(sheets), Ok(plan)) => programme::schedules(&sheets, &plan, setting.now),
        // The journal cannot be read, and is told of as such.
        (Ok(sheets), Err(_)) => {
            let plan = setting
                .holidays()
                .map(|holidays| crate::intake::schedules::plan_of_sheets(&sheets, setting.zone, holidays));
            plan.map(|plan| programme::schedules(&sheets, &plan, setting.now)).unwrap_or_default()
        }
    }
}

fn recordings(setting: &Setting) -> Vec<Finding> {
    let (Ok(plan), Ok(library)) = (setting.plan(), setting.library(false)) else { return Vec::new() };
    let policy = crate::station::policy(&setting.config);
    let Ok(sounded) = setting.sounded(&policy) else { return Vec::new() };
    let grounds = Grounds { library: &library, policy: &policy, sounded: &sounded, now: setting.now };
    programme::recordings(&plan, &grounds)
}
