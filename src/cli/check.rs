//! `loa check`: everything that can be wrong before it is. Errors end with 1, notices with 0.

use anyhow::Result;
use chrono::Days;
use clap::Args;
use serde::Serialize;

use super::setting::{Asked, Setting};
use super::{Exit, say, say_json};
use crate::core::fault::{Flaw, Located, Severity};
use crate::core::rundown::forecast::{Notice, Row, forecast};
use crate::core::schedule::against::{Against, Filed, check_against};
use crate::intake::schedules::{compare, plan_of_sheets};
use crate::words::{Language, Say, emergencies, notices, terms};

/// How many days ahead a check looks.
const DAYS: u64 = 14;
/// Notices of the rundown that are told one by one; of more, how many.
const MOST: usize = 40;

/// Says everything that can be wrong before it is.
#[derive(Debug, Args)]
pub struct Check {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct FindingJson {
    severity: &'static str,
    code: String,
    file: Option<String>,
    line: Option<usize>,
    slot: Option<String>,
    message: String,
}

impl Check {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone) = (setting.language, setting.zone);
        let sheets = setting.sheets()?;
        let library = setting.library(true)?;
        let mut findings = Vec::new();
        let mut located = |fault: &Located| {
            findings.push(FindingJson {
                severity: if fault.fault.severity() == Severity::Error { "error" } else { "notice" },
                code: fault.fault.code(),
                file: Some(fault.file.clone()),
                line: fault.line,
                slot: fault.slot.as_ref().map(ToString::to_string),
                message: fault.say(language),
            });
        };
        let changes = compare(&[], &sheets, false);
        changes.faulty.values().flatten().for_each(&mut located);
        sheets.iter().flat_map(|sheet| &sheet.notices).for_each(&mut located);
        let right = sheets
            .iter()
            .filter_map(|sheet| Some(Filed { file: &sheet.file, schedule: sheet.result.as_ref().ok()? }));
        let holidays = setting.holidays()?;
        let against = Against {
            library: &library,
            zone,
            from: setting.today(),
            days: DAYS as usize,
            holidays: &holidays,
        };
        check_against(&right.collect::<Vec<_>>(), &against).iter().for_each(&mut located);
        for file in &setting.config.policy.fallback {
            if library.duration(file).is_none() {
                findings.push(FindingJson {
                    severity: "notice",
                    code: "fallback".into(),
                    file: Some(file.to_string()),
                    line: None,
                    slot: None,
                    message: emergencies::fallback_cannot_air(language, file),
                });
            }
        }
        findings.extend(password(&setting));
        findings.extend(targets(&setting));
        let plan = plan_of_sheets(&sheets, zone, holidays.clone());
        let to = setting.today().checked_add_days(Days::new(DAYS)).unwrap_or(setting.today());
        let (_, until) = setting.span(setting.today(), to);
        let policy = crate::station::policy(&setting.config);
        let mut rows: Vec<Row> = Vec::new();
        let mut cues = 0;
        forecast(&plan, &library, &policy, &setting.sounded(&policy)?, setting.now, until, |row| {
            cues += 1;
            if row.notice.as_ref().is_some_and(worth_telling) {
                rows.push(row);
            }
        });
        for row in rows.iter().take(MOST) {
            let Some(notice) = &row.notice else { continue };
            findings.push(FindingJson {
                severity: "notice",
                code: "rundown".into(),
                file: None,
                line: None,
                slot: Some(row.cue.slot.id.to_string()),
                message: format!(
                    "{} “{}”: {}",
                    terms::date_and_time(language, zone, row.cue.due),
                    row.cue.slot.title,
                    notices::notice(language, zone, notice)
                ),
            });
        }
        let more = rows.len().saturating_sub(MOST);
        let errors = findings.iter().filter(|finding| finding.severity == "error").count();
        if self.json {
            say_json(&findings)?;
        } else {
            for finding in &findings {
                let word = match (language, finding.severity) {
                    (Language::Vi, "error") => "lỗi",
                    (Language::Vi, _) => "lưu ý",
                    (Language::En, severity) => severity,
                };
                say(&format!("{word}: {}", finding.message));
            }
            if more > 0 {
                say(&match language {
                    Language::Vi => format!("… và {more} lưu ý nữa; xem `loa rundown --days {DAYS}`"),
                    Language::En => format!("… and {more} more notices; see `loa rundown --days {DAYS}`"),
                });
            }
            let (files, notices) = (sheets.len(), findings.len() - errors + more);
            say(&match language {
                Language::Vi => format!(
                    "{files} tệp lịch, {} tệp ghi âm, {cues} lượt phát trong {DAYS} ngày tới: {errors} lỗi, {notices} lưu ý.",
                    library.len()
                ),
                Language::En => format!(
                    "{files} schedule(s), {} recording(s), {cues} cue(s) in the next {DAYS} days: {errors} error(s), {notices} notice(s).",
                    library.len()
                ),
            });
        }
        Ok(if errors == 0 { Exit::Fine } else { Exit::Wrong })
    }
}

/// A password file by which no letter would go out. A notice: the check may be run by another user than the station.
fn password(setting: &Setting) -> Option<FindingJson> {
    let login = setting.config.alarms.email.as_ref()?.login.as_ref()?;
    let fault = crate::outbox::email::password(&login.password_file).err()?;
    Some(FindingJson {
        severity: "notice",
        code: "alarms.password".into(),
        file: Some(login.password_file.display().to_string()),
        line: None,
        slot: None,
        message: fault.say(setting.language),
    })
}

/// The plan's targets are looked at only when a report is made: what is wrong with them is told long before.
fn targets(setting: &Setting) -> Vec<FindingJson> {
    // A list of themes that cannot be read was told already.
    let Ok(themes) = setting.config.themes() else { return Vec::new() };
    let faults = setting.config.targets(&themes).err();
    let told = faults.iter().flat_map(|faults| faults.iter()).map(|fault| FindingJson {
        severity: "error",
        code: fault.fault.code(),
        file: Some(fault.file.clone()),
        line: fault.line,
        slot: None,
        message: fault.say(setting.language),
    });
    told.collect()
}

/// What an author meant is no surprise to them.
fn worth_telling(notice: &Notice) -> bool {
    !matches!(notice, Notice::Cancelled { .. } | Notice::Skipped { .. })
}
