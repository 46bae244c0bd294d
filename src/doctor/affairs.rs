//! The station's own affairs: its lists, whether it runs, its alarms, its inbox and its journal. Owns how these are read
//! without being in the station's way.

use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};

use super::Patient;
use crate::core::checkup::{Finding, Station};
use crate::core::order::ControlError;
use crate::core::record::Entry;
use crate::intake::inbox::names::{DEPTH, own};
use crate::intake::is_temporary;
use crate::journal::{self, Fault, Reader};

/// What lies in the inbox for longer is not being taken up; a copy over a slow line takes its while.
const STUCK: TimeDelta = TimeDelta::minutes(10);
/// Files counted in the inbox; more are as bad.
const MOST_FILES: usize = 10_000;
/// A journal up to this size is proven within seconds.
const QUICK: u64 = 8 << 20;
/// Starts and ends that are looked at: more than a week of a machine that restarts every ten minutes.
const LIVES: usize = 2_100;
/// How far back power cuts are counted.
const RECENT: TimeDelta = TimeDelta::days(7);
/// Alarms that other checks find by themselves, and tell more of.
const FOUND_ELSEWHERE: &[&str] = &[
    "schedule_faulty",
    "list_faulty",
    "schedules_unreadable",
    "no_card",
    "clock_not_trusted",
    "certificate_faulty",
    "certificate_ends",
];

pub(super) fn lists(patient: &Patient) -> Vec<Finding> {
    let (themes, holidays) = (patient.config.themes().err(), patient.config.holidays().err());
    let mut found: Vec<Finding> =
        themes.into_iter().chain(holidays).flat_map(super::faults_of_config).collect();
    if found.is_empty() {
        found.push(Station::ConfigRight { file: patient.file.clone() }.into());
    }
    found
}

pub(super) fn station(patient: &Patient) -> Vec<Finding> {
    let answer = patient.answer.as_ref();
    let found = match (answer, patient.holder()) {
        (Ok(report), _) => Station::Running { since: report.standing.started },
        (Err(ControlError::NotAllowed { file, .. }), _) => Station::Barred { file: file.clone() },
        (Err(ControlError::NoAnswer { found }), process) => {
            Station::NotAnswering { process, found: found.clone() }
        }
        (Err(error), Some(process)) => {
            Station::NotAnswering { process: Some(process), found: error.to_string() }
        }
        (Err(_), None) => Station::NotRunning { ever: patient.journal.exists() },
    };
    vec![found.into()]
}

pub(super) fn alarms(patient: &Patient) -> Vec<Finding> {
    let Some(report) = patient.report() else { return Vec::new() };
    let alarms = report.alarms.iter().filter(|alarm| !FOUND_ELSEWHERE.contains(&&*alarm.code));
    let said = |alarm: &crate::control::Alarm| Station::Alarm {
        about: alarm.about.clone(),
        found: alarm.found.clone(),
    };
    let mut found: Vec<Finding> = alarms.map(|alarm| said(alarm).into()).collect();
    if found.is_empty() {
        found.push(Station::NoAlarm.into());
    }
    found.extend(report.ways.iter().filter_map(|way| {
        let failing = way.failing.as_ref()?;
        let (to, since) = (way.to.clone(), failing.since);
        Some(Station::Untold { to, since, found: failing.found.clone() }.into())
    }));
    found
}

pub(super) fn inbox(patient: &Patient) -> Vec<Finding> {
    let root = &patient.config.paths.inbox;
    if !root.exists() {
        // Told among the rights, or made by the first start.
        return Vec::new();
    }
    let found = match waiting(root, patient.now - STUCK) {
        Err(error) => Station::InboxUnreadable { folder: root.clone(), found: error.to_string() },
        Ok(files) => match files.first() {
            None => Station::InboxEmpty,
            Some(one) => Station::InboxWaiting { files: files.len(), one: one.clone() },
        },
    };
    vec![found.into()]
}

/// Drops that have lain in the inbox since before `since`: what is not of the inbox's own, nor of a copy under way.
fn waiting(root: &Path, since: DateTime<Utc>) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    // Folders, with how deep they lie: only directly below a sender's folder names are the inbox's own.
    let mut folders = vec![(root.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Err(error) if depth == 0 => return Err(error),
            Err(_) => continue,
            Ok(entries) => entries,
        };
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            let name = entry.file_name();
            let Ok(kind) = entry.file_type() else { continue };
            if depth <= 1 && own(&name).is_some() || is_temporary(&name.to_string_lossy()) {
                continue;
            }
            if kind.is_dir() && depth <= DEPTH {
                folders.push((entry.path(), depth + 1));
            } else if kind.is_file() && entry.metadata().is_ok_and(|marks| arrived(&marks) < since) {
                found.push(entry.path());
                if found.len() >= MOST_FILES {
                    return Ok(found);
                }
            }
        }
    }
    Ok(found)
}

/// When it came into its folder: the time that its author last wrote it may be years back.
#[cfg(unix)]
fn arrived(marks: &std::fs::Metadata) -> DateTime<Utc> {
    use std::os::unix::fs::MetadataExt;
    DateTime::from_timestamp(marks.ctime(), 0).unwrap_or_default()
}

#[cfg(not(unix))]
fn arrived(marks: &std::fs::Metadata) -> DateTime<Utc> {
    marks.created().or_else(|_| marks.modified()).map(DateTime::from).unwrap_or_default()
}

pub(super) fn journal(patient: &Patient) -> Vec<Finding> {
    let held = patient.report().map_or(0, |report| report.standing.held);
    let held = (held > 0).then_some(Station::Held { entries: held });
    let looked = look(&patient.journal, patient.full);
    std::iter::once(looked).chain(held).map(Finding::from).collect()
}

fn look(file: &Path, full: bool) -> Station {
    let opened = Reader::open(file).and_then(|reader| Ok(reader.counts()?.entries));
    let entries = match opened {
        Err(error) if matches!(error.fault, Fault::Missing) => return Station::NoJournal,
        Err(error) => return Station::JournalBroken { found: error.fault.to_string() },
        Ok(entries) => entries,
    };
    if !full && std::fs::metadata(file).is_ok_and(|marks| marks.len() > QUICK) {
        return Station::Journal { entries, proven: false };
    }
    match journal::verify(file, None, &mut |_, _| {}) {
        Err(error) => Station::JournalBroken { found: error.fault.to_string() },
        Ok(verdict) => match verdict.flaw {
            Some(flaw) => Station::JournalBroken { found: flaw.to_string() },
            None => Station::Journal { entries: verdict.entries, proven: true },
        },
    }
}

pub(super) fn restarts(patient: &Patient) -> Vec<Finding> {
    // What cannot be read is told of as the journal.
    let Ok(lives) = Reader::open(&patient.journal).and_then(|reader| reader.lives(LIVES)) else {
        return Vec::new();
    };
    let since = patient.now - RECENT;
    let back: Vec<DateTime<Utc>> = lives
        .windows(2)
        .filter(|pair| {
            matches!((&pair[0].entry, &pair[1].entry), (Entry::Started { .. }, Entry::Started { .. }))
        })
        .map(|pair| pair[1].at)
        .filter(|at| *at >= since)
        .collect();
    vec![Station::Restarts { cuts: back.len(), last: back.last().copied() }.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_in_the_inbox_is_told_from_its_own_and_from_copies_under_way() {
        let inbox = tempfile::tempdir().unwrap();
        let put = |path: &str| {
            let path = inbox.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "x").unwrap();
        };
        for path in [
            "lich-phat.html",
            "ALARM.txt",
            "Phiếu báo/a.txt",
            "Xã Một/Đã nhận/a.mp3",
            "Xã Một/Returned/b.mp3",
            "Xã Một/.bai.mp3.Xy12Zw",
            "Xã Một/c.mp3.part",
        ] {
            put(path);
        }
        let later = crate::clock::Clock::now(&crate::clock::SystemClock::new()) + TimeDelta::hours(1);
        assert_eq!(waiting(inbox.path(), later).unwrap(), Vec::<PathBuf>::new());
        put("bai.mp3");
        put("Xã Một/Tháng 12/Đã nhận/bai.mp3");
        let found = waiting(inbox.path(), later).unwrap();
        assert_eq!(found.len(), 2, "deeper down a name is only a name: {found:?}");
        assert_eq!(waiting(inbox.path(), later - TimeDelta::hours(2)).unwrap(), Vec::<PathBuf>::new());
        assert!(waiting(&inbox.path().join("none"), later).is_err());
    }

    #[test]
    fn a_journal_is_there_missing_or_broken() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("journal.db");
        assert_eq!(look(&file, false), Station::NoJournal);
        drop(crate::journal::Journal::open(&file).unwrap());
        assert_eq!(look(&file, false), Station::Journal { entries: 0, proven: true });
        std::fs::write(&file, "no journal, whatever its name").unwrap();
        assert!(matches!(look(&file, false), Station::JournalBroken { .. }));
    }
}
