//! The folder of schedules: what lies in it against what is live. Owns the rule by which a version goes live or is
//! taken out; a faulty file changes nothing. Never edits a schedule.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{Marks, SETTLE, is_temporary};
use crate::core::airing::ScheduleId;
use crate::core::calendar::Holidays;
use crate::core::fault::{Fault, Located};
use crate::core::order::Order;
use crate::core::record::JournalledVersion;
use crate::core::rundown::{Plan, Skip, Version};
use crate::core::schedule::Schedule;
use crate::core::schedule::read::{Reference, read};

/// A larger file is no schedule: 1 MiB holds some ten thousand slots.
pub const LARGEST: u64 = 1024 * 1024;

/// A schedule file as it was read.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// Its name below the folder.
    pub file: String,
    /// Its text; empty where it is not UTF-8.
    pub text: String,
    /// What it says, or everything that is wrong with it.
    pub result: Result<Arc<Schedule>, Vec<Located>>,
    /// What is told of a right one.
    pub notices: Vec<Located>,
}

/// The folder as it was last looked at.
pub struct Folder {
    root: PathBuf,
    reference: Reference,
    read: HashMap<String, (Marks, Sheet)>,
    /// Files that may still be written to: their marks, and since when they have had them.
    unsettled: HashMap<String, (Marks, Duration)>,
    /// Files that are certainly whole, with these marks.
    whole: HashMap<PathBuf, Marks>,
    /// The files of the last look; one that is gone since may be in the middle of being saved.
    there: Option<HashSet<String>>,
    shrank: Option<Duration>,
}

impl Folder {
    /// The folder at `root`; topics and the like are checked against `reference`.
    pub fn new(root: PathBuf, reference: Reference) -> Folder {
        Folder {
            root,
            reference,
            read: HashMap::new(),
            unsettled: HashMap::new(),
            whole: HashMap::new(),
            there: None,
            shrank: None,
        }
    }

    /// Reads every file that is settled, sorted by name; none where the folder cannot be read. `at` is the steady time
    /// of the look; none takes files as they are: at a start, and for a check.
    pub fn look(&mut self, at: Option<Duration>) -> Option<Vec<Sheet>> {
        let mut sheets = Vec::new();
        let mut moving = HashMap::new();
        for (file, path, marks) in files(&self.root)? {
            let known = self.read.get(&file);
            if let Some((_, sheet)) = known.filter(|(known, _)| *known == marks) {
                sheets.push(sheet.clone());
                continue;
            }
            if let Some(at) = at.filter(|_| self.whole.remove(&path) != Some(marks)) {
                let since = self
                    .unsettled
                    .get(&file)
                    .filter(|(seen, _)| *seen == marks)
                    .map_or(at, |(_, since)| *since);
                if at - since < SETTLE {
                    // What it said before stands until it is settled.
                    sheets.extend(known.map(|(_, sheet)| sheet.clone()));
                    moving.insert(file, (marks, since));
                    continue;
                }
            }
            let sheet = read_sheet(&path, &file, marks, &self.reference);
            self.read.insert(file, (marks, sheet.clone()));
            sheets.push(sheet);
        }
        self.read.retain(|file, _| sheets.iter().any(|sheet| sheet.file == *file));
        self.unsettled = moving;
        let there =
            sheets.iter().map(|sheet| sheet.file.clone()).chain(self.unsettled.keys().cloned()).collect();
        if self.there.as_ref().is_some_and(|before| !before.is_subset(&there)) {
            self.shrank = at;
        } else if self.shrank.is_some_and(|since| at.is_none_or(|at| at - since >= SETTLE)) {
            self.shrank = None;
        }
        self.there = Some(there);
        Some(sheets)
    }

    /// That file was put there whole: it need not settle, as it is now.
    pub fn is_whole(&mut self, path: &Path) {
        if let Ok(marks) = Marks::of(path) {
            self.whole.insert(path.to_path_buf(), marks);
        }
    }

    /// The schedule of that very text, where a look has read it already.
    pub fn has_read(&self, text: &str) -> Option<Arc<Schedule>> {
        let mut sheets = self.read.values().map(|(_, sheet)| sheet);
        sheets.find(|sheet| sheet.text == text).and_then(|sheet| sheet.result.clone().ok())
    }

    /// What topics and the like are checked against.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether files are being written to, or one has just gone: look again before something is taken out.
    pub fn is_unsettled(&self) -> bool {
        !self.unsettled.is_empty() || self.shrank.is_some()
    }
}

/// Whether a look at the folder reads that file.
pub fn is_schedule_file(path: &Path) -> bool {
    let is_toml = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    is_toml && !is_temporary(&name) && path.is_file()
}

fn files(root: &Path) -> Option<Vec<(String, PathBuf, Marks)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(root).ok()?.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_schedule_file(&entry.path()) {
            let marks = Marks::of(&entry.path()).unwrap_or(Marks { size: 0, modified_ns: 0 });
            found.push((name, entry.path(), marks));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    Some(found)
}

fn read_sheet(path: &Path, file: &str, marks: Marks, reference: &Reference) -> Sheet {
    let faulty = |fault: Fault| Sheet {
        file: file.to_owned(),
        text: String::new(),
        result: Err(vec![Located { file: file.to_owned(), line: None, slot: None, fault }]),
        notices: Vec::new(),
    };
    if marks.size > LARGEST {
        return faulty(Fault::too_large(marks.size, LARGEST));
    }
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) => return faulty(Fault::unreadable(&error.to_string())),
    };
    let (result, notices) = match read(&bytes, file, reference) {
        Ok((schedule, notices)) => (Ok(Arc::new(schedule)), notices),
        Err(faults) => (Err(faults), Vec::new()),
    };
    Sheet { file: file.to_owned(), text: String::from_utf8(bytes).unwrap_or_default(), result, notices }
}

/// What a look at the folder changes.
#[derive(Debug, Default)]
pub struct Changes {
    /// Versions that go live.
    pub live: Vec<Sheet>,
    /// Schedules that are taken out.
    pub retired: Vec<ScheduleId>,
    /// What is wrong, by file: it stays an alarm as long as it does.
    pub faulty: BTreeMap<String, Vec<Located>>,
}

/// What `sheets` change against the versions that are live. The same id in two files is refused in both. While a file
/// cannot be read or the folder is not `settled` nothing is taken out, since it may be the schedule that seems to be
/// gone; nor from a folder without any schedule, which is how a drive that is not mounted looks.
pub fn compare(live: &[JournalledVersion], sheets: &[Sheet], settled: bool) -> Changes {
    let mut changes = Changes::default();
    let mut by_id: BTreeMap<&ScheduleId, Vec<(&Sheet, &Arc<Schedule>)>> = BTreeMap::new();
    for sheet in sheets {
        match &sheet.result {
            Ok(schedule) => by_id.entry(&schedule.id).or_default().push((sheet, schedule)),
            Err(faults) => {
                changes.faulty.insert(sheet.file.clone(), faults.clone());
            }
        }
    }
    for (id, found) in &by_id {
        let current = live.iter().find(|version| version.schedule == **id);
        match found[..] {
            [(sheet, schedule)] => match current {
                Some(version) if version.text == sheet.text => {}
                Some(_) if schedule.retired => changes.retired.push((*id).clone()),
                None if schedule.retired => {}
                _ => changes.live.push(sheet.clone()),
            },
            _ => {
                for (sheet, _) in found {
                    let others =
                        found.iter().map(|(other, _)| other.file.clone()).filter(|file| *file != sheet.file);
                    let fault = Fault::duplicate_id((*id).clone(), others.collect());
                    let place = Located { file: sheet.file.clone(), line: None, slot: None, fault };
                    changes.faulty.entry(sheet.file.clone()).or_default().push(place);
                }
            }
        }
    }
    if changes.faulty.is_empty() && settled && !sheets.is_empty() {
        let gone = live.iter().filter(|version| !by_id.contains_key(&version.schedule));
        changes.retired.extend(gone.map(|version| version.schedule.clone()));
    }
    changes
}

/// The version that was journalled; its `schedule` where it has been read already. A text that this version of the program no longer reads is told and left out: it was
/// right when it went live.
pub fn version_of(journalled: &JournalledVersion, schedule: Option<Arc<Schedule>>) -> Option<Version> {
    let (from, until) = (journalled.from, journalled.until);
    if let Some(schedule) = schedule {
        return Some(Version { schedule, from, until });
    }
    match read(journalled.text.as_bytes(), &journalled.file, &Reference::lenient()) {
        Ok((schedule, _)) => Some(Version { schedule: Arc::new(schedule), from, until }),
        Err(faults) => {
            let first = faults.first().map(ToString::to_string).unwrap_or_default();
            tracing::error!(schedule = %journalled.schedule, first, "a journalled schedule is not read any more");
            None
        }
    }
}

/// The plan that the journalled versions make.
pub fn plan_of(
    versions: &[JournalledVersion],
    skips: &[(Order, String)],
    zone: Tz,
    holidays: Arc<Holidays>,
) -> Plan {
    Plan {
        zone,
        versions: versions.iter().filter_map(|one| version_of(one, None)).collect(),
        holidays,
        skips: skips.iter().filter_map(|(order, by)| Skip::of(order, by)).collect(),
    }
}

/// The plan that a folder makes by itself, as if every right file were live for all time: for a check and a rundown
/// without a station.
pub fn plan_of_sheets(sheets: &[Sheet], zone: Tz, holidays: Arc<Holidays>) -> Plan {
    let version = |schedule: &Arc<Schedule>| Version {
        schedule: schedule.clone(),
        from: DateTime::<Utc>::MIN_UTC,
        until: None,
    };
    let right = sheets.iter().filter_map(|sheet| sheet.result.as_ref().ok());
    Plan { zone, versions: right.map(version).collect(), holidays, skips: Vec::new() }
}
