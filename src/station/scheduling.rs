//! Takes schedules over from their folder: what is right and cleared goes live and into the journal, what is right and
//! not cleared waits for a person, what is faulty is an alarm. Owns who waits for what.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::alarms::Alarms;
use super::shelf::Shelf;
use crate::clock::Clock;
use crate::config::Approval;
use crate::core::airing::ScheduleId;
use crate::core::calendar::Holidays;
use crate::core::cart::Fingerprint;
use crate::core::drops::Hold;
use crate::core::fault::{Fault, Located};
use crate::core::order::Awaited;
use crate::core::record::{Approved, Entry, JournalledVersion, Record};
use crate::core::schedule::Schedule;
use crate::core::schedule::against::{Against, Filed, check_against};
use crate::core::schedule::read::{Reference, id_of, read};
use crate::intake::SETTLE;
use crate::intake::inbox::disk::{Disk, RealDisk};
use crate::intake::schedules::{Changes, Folder, Sheet, compare, plan_of};
use crate::intake::watch::Hints;
use crate::words::{Language, Say};

/// The folder is looked at this often without a hint.
const RESCAN: Duration = Duration::from_secs(20);
/// The alarm of a faulty file.
const FAULTY: &str = "schedule_faulty";
/// How many days ahead two schedules are held against each other for the same programme in the same hour.
const SAME_HOUR_DAYS: usize = 62;

/// A right version that waits for a person.
#[derive(Clone, Debug)]
pub(super) struct WaitingVersion {
    pub(super) sheet: Sheet,
    pub(super) schedule: Arc<Schedule>,
    pub(super) holds: Vec<Hold>,
}

/// What decides whether a version goes live.
pub(super) struct Scheduling {
    pub(super) folder: Folder,
    pub(super) record: Arc<dyn Record>,
    pub(super) alarms: Arc<Alarms>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zone: Tz,
    pub(super) language: Language,
    pub(super) holidays: Arc<Holidays>,
    pub(super) since: DateTime<Utc>,
    pub(super) approval: Approval,
    pub(super) shelf: Arc<Shelf>,
    pub(super) waiting: BTreeMap<ScheduleId, WaitingVersion>,
}

impl Scheduling {
    /// Takes over what lies in the folder, and makes the plan to start with.
    pub(super) fn first_look(&mut self) -> Result<()> {
        self.take_over(true)?;
        self.renew()
    }

    /// Makes the plan anew and puts it, with what approvals cover, on the shelf.
    fn renew(&self) -> Result<()> {
        let versions = self.record.versions(self.since)?;
        let skips = self.record.skips(self.since)?;
        let mut plan = plan_of(&versions, &skips, self.zone, self.holidays.clone());
        let mut covered = BTreeMap::new();
        if self.approval == Approval::Command {
            for (journalled, version) in versions.iter().zip(&mut plan.versions) {
                let Some(latest) = self.approved(&journalled.schedule, &journalled.text)? else { continue };
                let mut schedule = Schedule::clone(&version.schedule);
                schedule.approved_by = Some(latest.by.clone());
                if journalled.until.is_none() {
                    for name in schedule.played() {
                        let allowed: &mut Vec<Fingerprint> = covered.entry(name.clone()).or_default();
                        allowed.extend(latest.carts.get(name));
                    }
                }
                version.schedule = Arc::new(schedule);
            }
        }
        self.shelf.put_plan(plan, covered);
        Ok(())
    }

    /// The latest approval of that text.
    fn approved(&self, schedule: &ScheduleId, text: &str) -> Result<Option<Approved>> {
        let text = Fingerprint::of(text.as_bytes());
        Ok(self.record.approvals(schedule)?.into_iter().rev().find(|approved| approved.text == text))
    }

    fn live(&self, now: DateTime<Utc>) -> Result<Vec<JournalledVersion>> {
        Ok(self.record.versions(now)?.into_iter().filter(|version| version.until.is_none()).collect())
    }

    /// Why that version may not go live by itself; empty where it may.
    pub(super) fn holds(
        &self,
        file: &str,
        text: &str,
        schedule: &Schedule,
        dropped: bool,
    ) -> Result<Vec<Hold>> {
        if self.approved(&schedule.id, text)?.is_some() {
            return Ok(Vec::new());
        }
        let mut holds = Vec::new();
        if self.approval == Approval::Command {
            holds.push(Hold::Approval);
        }
        // A technician who edits the folder knows what else is in it; an office that drops does not.
        if dropped {
            holds.extend(self.same_hours(file, schedule));
        }
        Ok(holds)
    }

    fn same_hours(&self, file: &str, schedule: &Schedule) -> Vec<Hold> {
        let shelf = self.shelf.get();
        let others: Vec<&Arc<Schedule>> = shelf
            .plan
            .versions
            .iter()
            .filter(|version| version.until.is_none() && version.schedule.id != schedule.id)
            .map(|version| &version.schedule)
            .collect();
        let mut filed: Vec<Filed<'_>> = others.iter().map(|schedule| Filed { file: "", schedule }).collect();
        filed.push(Filed { file, schedule });
        let against = Against {
            library: &shelf.library,
            zone: self.zone,
            from: self.clock.now().with_timezone(&self.zone).date_naive(),
            days: SAME_HOUR_DAYS,
            holidays: &self.holidays,
        };
        let hold = |told: Located| match told {
            Located { slot: Some(slot), fault: Fault::SameHour { file, date, other, .. }, .. } => {
                Some(Hold::SameHour { file, date, slot, other: other.schedule, other_slot: other.slot })
            }
            _ => None,
        };
        check_against(&filed, &against).into_iter().filter_map(hold).collect()
    }

    /// Looks at the folder once; true where something went live or was taken out.
    fn take_over(&mut self, at_once: bool) -> Result<bool> {
        let Some(sheets) = self.folder.look((!at_once).then(|| self.clock.read().steady)) else {
            let found = match self.language {
                Language::Vi => "không đọc được thư mục lịch; các lịch đang chạy vẫn giữ nguyên",
                Language::En => "the folder of schedules cannot be read; what is live stays",
            };
            self.alarms
                .set("schedules_unreadable", BTreeMap::from([("schedules".to_owned(), found.to_owned())]));
            return Ok(false);
        };
        self.alarms.set("schedules_unreadable", BTreeMap::new());
        let now = self.clock.now();
        let Changes { live: going_live, retired, faulty } =
            compare(&self.live(now)?, &sheets, !self.folder.is_unsettled());
        let told =
            |faults: &Vec<Located>| faults.iter().map(|fault| fault.say(self.language)).collect::<Vec<_>>();
        let told = faulty.iter().map(|(file, faults)| (file.clone(), told(faults).join("\n")));
        self.alarms.set(FAULTY, told.collect());
        let mut entries = Vec::new();
        let mut waiting = BTreeMap::new();
        for sheet in going_live {
            let Ok(schedule) = sheet.result.clone() else { continue };
            let by = self.brought_by(&schedule.id, &sheet.text)?;
            let holds = self.holds(&sheet.file, &sheet.text, &schedule, by.is_some())?;
            if !holds.is_empty() {
                waiting.insert(schedule.id.clone(), WaitingVersion { sheet, schedule, holds });
                continue;
            }
            tracing::info!(schedule = %schedule.id, file = sheet.file, "a version goes live");
            entries.push(Entry::Live {
                schedule: schedule.id.clone(),
                by: by.unwrap_or_else(|| format!("file {}", sheet.file)),
                file: sheet.file,
                text: sheet.text,
            });
        }
        self.waiting = waiting;
        for schedule in retired {
            tracing::info!(%schedule, "a schedule is taken out");
            let text = |sheet: &Sheet| sheet.result.as_ref().is_ok_and(|read| read.id == schedule);
            let text = sheets.iter().find(|sheet| text(sheet)).map(|sheet| sheet.text.as_str());
            let by = text.map(|text| self.brought_by(&schedule, text)).transpose()?.flatten();
            entries.push(Entry::Retired { schedule, by: by.unwrap_or_else(|| "folder of schedules".into()) });
        }
        if entries.is_empty() {
            return Ok(false);
        }
        self.record.append(now, &entries)?;
        Ok(true)
    }

    /// Who dropped that text into the inbox, and as what; none where it was put into the folder by hand.
    fn brought_by(&self, schedule: &ScheduleId, text: &str) -> Result<Option<String>> {
        let drop = self.record.brought(schedule.as_str(), &Fingerprint::of(text.as_bytes()))?;
        Ok(drop.map(|drop| match drop.sender.folder() {
            Some(folder) => format!("inbox {folder}/{}", drop.file),
            None => format!("inbox {}", drop.file),
        }))
    }

    /// Puts a text into the folder, over the file that has that schedule now, and takes it over: when this returns it
    /// is live, or waits for a person. The same text once more changes nothing.
    pub(super) fn put(&mut self, id: &ScheduleId, text: &str) -> Result<()> {
        let path = self.file_of(id).unwrap_or_else(|| self.folder.root().join(format!("{id}.toml")));
        if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            // A name that a look passes over, until the text is whole on disk.
            let draft = path.with_extension("toml.part");
            RealDisk.make_folder(self.folder.root())?;
            RealDisk.write(&draft, text.as_bytes())?;
            RealDisk.replace(&draft, &path)?;
        }
        self.folder.is_whole(&path);
        if self.take_over(false)? {
            self.renew()?;
        }
        Ok(())
    }

    /// The file that has that schedule, whatever it is called.
    fn file_of(&self, id: &ScheduleId) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.folder.root()).ok()?.flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml")));
        files.sort();
        files.into_iter().find(|path| id_of(&std::fs::read(path).unwrap_or_default()).as_ref() == Some(id))
    }

    /// What waits for a person.
    pub(super) fn awaited(&self) -> Vec<Awaited> {
        let awaited = |waiting: &WaitingVersion| Awaited {
            schedule: waiting.schedule.id.clone(),
            title: waiting.schedule.title.clone(),
            holds: waiting.holds.clone(),
        };
        self.waiting.values().map(awaited).collect()
    }

    /// A person approves what waits of that schedule; where nothing waits, the recordings of its live version as they
    /// are now. None: there is no such schedule.
    pub(super) fn approve(&mut self, schedule: &ScheduleId, by: &str) -> Result<Option<Arc<Schedule>>> {
        self.take_over(false)?;
        let now = self.clock.now();
        let (text, approved) = match self.waiting.get(schedule) {
            Some(waiting) => (waiting.sheet.text.clone(), waiting.schedule.clone()),
            None => {
                let Some(live) = self.live(now)?.into_iter().find(|live| live.schedule == *schedule) else {
                    return Ok(None);
                };
                let read = read(live.text.as_bytes(), &live.file, &Reference::lenient());
                let Ok((read, _)) = read else { return Ok(None) };
                (live.text, Arc::new(read))
            }
        };
        let carts = self.shelf.release(approved.played());
        self.record.append(
            now,
            &[Entry::Approved(Approved {
                schedule: schedule.clone(),
                text: Fingerprint::of(text.as_bytes()),
                carts,
                by: by.to_owned(),
            })],
        )?;
        self.take_over(false)?;
        self.renew()?;
        Ok(Some(approved))
    }
}

/// Whoever holds it decides alone; a panic elsewhere leaves it as it was.
pub(super) fn hold(scheduling: &Mutex<Scheduling>) -> MutexGuard<'_, Scheduling> {
    scheduling.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps looking until `stop` says so; `renewed` is called after each new plan.
pub(super) fn keep(scheduling: &Mutex<Scheduling>, stop: impl Fn() -> bool, renewed: impl Fn()) {
    let root = hold(scheduling).folder.root().to_path_buf();
    let mut hints = Hints::of(&root);
    let mut was_there = root.is_dir();
    while !stop() {
        let unsettled = hold(scheduling).folder.is_unsettled();
        hints.wait(if unsettled { SETTLE } else { RESCAN });
        let is_there = root.is_dir();
        if is_there && !was_there {
            hints.watch(&root);
        }
        was_there = is_there;
        let mut scheduling = hold(scheduling);
        match scheduling.take_over(false).and_then(|changed| match changed {
            true => scheduling.renew().map(|()| true),
            false => Ok(false),
        }) {
            Ok(true) => renewed(),
            Ok(false) => {}
            Err(error) => tracing::error!(%error, "schedules could not be taken over; it is tried again"),
        }
    }
}
