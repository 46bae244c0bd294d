//! The examination of a station and its machine, for `loa doctor`: asks the system, the card and the journal, and
//! answers with findings. Owns how a check is kept from hanging or taking the others with it; changes nothing, and is
//! never part of the running station.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::control::Report;
use crate::core::checkup::{Finding, Station, Subject, Unfinished};
use crate::core::order::ControlError;

mod affairs;
mod ask;
mod card;
mod clock;
mod folders;
mod mixer;
mod page;
mod processes;
pub mod programme;
mod programs;
mod rights;
mod system;

/// A check that takes longer is left behind: a card or a drive that does not answer is what it was to find.
const PATIENCE: Duration = Duration::from_secs(20);
/// The proof of a whole journal may take that long.
const LONG_PATIENCE: Duration = Duration::from_secs(3_600);

/// Who is examined.
#[derive(Clone)]
pub struct Patient {
    /// The config's file.
    pub file: PathBuf,
    /// The config.
    pub config: Config,
    /// The journal's file.
    pub journal: PathBuf,
    /// The present.
    pub now: DateTime<Utc>,
    /// What the running station said, or why it said nothing.
    pub answer: Arc<Result<Report, ControlError>>,
    /// The whole journal is to be proven, however long it takes.
    pub full: bool,
}

impl Patient {
    fn report(&self) -> Option<&Report> {
        self.answer.as_ref().as_ref().ok()
    }

    /// The process that holds the station's lock.
    fn holder(&self) -> Option<u32> {
        processes::holder(&self.config.paths.state.join("lock"))
    }

    /// Whether a station may be at work on this state, whether it answers or not.
    fn is_at_work(&self) -> bool {
        !matches!(*self.answer, Err(ControlError::NotRunning { .. })) || self.holder().is_some()
    }
}

/// One check: what it is about, and its work. The work may hang or panic.
pub struct Check {
    subject: Subject,
    patience: Duration,
    work: Box<dyn FnOnce() -> Vec<Finding> + Send>,
}

impl Check {
    /// A check about `subject`.
    pub fn new(subject: Subject, work: impl FnOnce() -> Vec<Finding> + Send + 'static) -> Check {
        Check { subject, patience: PATIENCE, work: Box::new(work) }
    }
}

/// The checks that need no config.
pub fn of_the_machine() -> Vec<Check> {
    vec![
        Check::new(Subject::Suspend, system::suspend),
        Check::new(Subject::Autostart, system::autostart),
        Check::new(Subject::Converter, system::converter),
    ]
}

/// Every check of `patient` but those of its programme, which are [`programme`]'s.
pub fn of(patient: &Patient) -> Vec<Check> {
    let check = |subject, work: fn(&Patient) -> Vec<Finding>| {
        let patient = patient.clone();
        Check::new(subject, move || work(&patient))
    };
    let mut checks = vec![
        check(Subject::Config, affairs::lists),
        check(Subject::Station, affairs::station),
        check(Subject::Alarms, affairs::alarms),
        check(Subject::Card, card::card),
        check(Subject::Mixer, mixer::mixer),
        check(Subject::Programs, programs::programs),
        check(Subject::Clock, clock::clock),
        check(Subject::Inbox, affairs::inbox),
        check(Subject::Page, page::page),
        check(Subject::Journal, affairs::journal),
        check(Subject::Restarts, affairs::restarts),
        check(Subject::Disk, folders::disk),
        check(Subject::Permissions, folders::permissions),
    ];
    for check in checks.iter_mut().filter(|check| check.subject == Subject::Journal && patient.full) {
        check.patience = LONG_PATIENCE;
    }
    checks.extend(of_the_machine());
    checks
}

/// What a config with faults leaves to be found.
pub fn faults_of_config(faults: crate::core::fault::Faults<crate::core::fault::ConfigFault>) -> Vec<Finding> {
    faults.0.into_iter().map(|fault| Station::ConfigFaulty(Box::new(fault)).into()).collect()
}

/// Makes the checks, all at once; the findings are in the order of their subjects. A check that hangs or panics is a
/// finding itself and costs no other.
pub fn examine(checks: Vec<Check>) -> Vec<Finding> {
    let mut under_way: Vec<(Subject, Duration, Receiver<Vec<Finding>>)> = Vec::new();
    let mut found = Vec::new();
    for Check { subject, patience, work } in checks {
        let (tell, told) = channel();
        let started = std::thread::Builder::new().name(format!("check {subject:?}")).spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            let broke = |panic: Box<dyn std::any::Any + Send>| {
                let said = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
                let said = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                vec![Finding::Unfinished { subject, how: Unfinished::Broke { found: said } }]
            };
            let _ = tell.send(result.unwrap_or_else(broke));
        });
        match started {
            Ok(_) => under_way.push((subject, patience, told)),
            Err(error) => found.push((subject, broken(subject, error.to_string()))),
        }
    }
    for (subject, patience, told) in under_way {
        match told.recv_timeout(patience) {
            Ok(findings) => found.extend(findings.into_iter().map(|one| (subject, one))),
            Err(RecvTimeoutError::Timeout) => {
                let how = Unfinished::Hung { after: patience };
                found.push((subject, Finding::Unfinished { subject, how }));
            }
            Err(RecvTimeoutError::Disconnected) => {
                found.push((subject, broken(subject, "it ended without a word".into())));
            }
        }
    }
    let mut found: Vec<Finding> = found.into_iter().map(|(_, finding)| finding).collect();
    found.sort_by_key(|finding| finding.nature().subject);
    found
}

fn broken(subject: Subject, found: String) -> Finding {
    Finding::Unfinished { subject, how: Unfinished::Broke { found } }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::checkup::Machine;

    #[test]
    fn a_check_that_panics_or_hangs_is_a_finding_and_costs_no_other() {
        let (_keep, never) = channel::<()>();
        let mut hanging = Check::new(Subject::Card, move || {
            let _ = never.recv();
            Vec::new()
        });
        hanging.patience = Duration::from_millis(20);
        let checks = vec![
            Check::new(Subject::Converter, || vec![Machine::Converter { there: true }.into()]),
            Check::new(Subject::Clock, || panic!("no such clock")),
            hanging,
        ];
        let found = examine(checks);
        let hung = Unfinished::Hung { after: Duration::from_millis(20) };
        let broke = Unfinished::Broke { found: "no such clock".into() };
        assert_eq!(
            found,
            [
                Finding::Unfinished { subject: Subject::Card, how: hung },
                Finding::Unfinished { subject: Subject::Clock, how: broke },
                Machine::Converter { there: true }.into(),
            ]
        );
    }
}
