//! Takes schedules over from their folder: what is right and cleared goes live and into the journal, what is right and
//! not cleared waits for a person, what is faulty is an alarm. What a person says of what waits is taken down in [`super::approving`] and [`super::refusing`].

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::alarms::Alarms;
use super::shelf::{Cover, Shelf};
use crate::clock::Clock;
use crate::config::Approval;
use crate::core::airing::ScheduleId;
use crate::core::calendar::Holidays;
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{Hold, Sender};
use crate::core::fault::{Fault, Located};
use crate::core::record::{Approved, Dropped, Entry, JournalledVersion, NotedRefusal, Record};
use crate::core::schedule::Schedule;
use crate::core::schedule::against::{Against, Filed, check_against};
use crate::core::schedule::read::{Reference, id_of, read};
use crate::intake::SETTLE;
use crate::intake::inbox::disk::{Disk, RealDisk};
use crate::intake::inbox::names::is_bad_on_windows;
use crate::intake::schedules::{Changes, Folder, Sheet, compare, is_schedule_file, plan_of, version_of};
use crate::intake::watch::Hints;
use crate::words::{self, Language, Say};

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
    /// Who changed a schedule for a day, by the text that it got, since this run began.
    pub(super) changed_by: HashMap<Fingerprint, String>,
    /// Live schedules that nobody approved, where approval is wanted: from before it was.
    pub(super) unapproved: BTreeMap<ScheduleId, String>,
    /// Written down, while what is refused is still in its folder.
    pub(super) refusing: Vec<NotedRefusal>,
    /// The journal holds what the plan on the shelf does not show yet, or an approved recording is not stored.
    pub(super) behind: bool,
}

impl Scheduling {
    /// Takes over what lies in the folder, and makes the plan to start with.
    pub(super) fn first_look(&mut self) -> Result<()> {
        self.remember_refusals()?;
        self.take_over(true)?;
        self.behind = true;
        self.catch_up()
    }

    /// Brings the shelf up to what the journal holds; what fails is tried again with the next look.
    pub(super) fn catch_up(&mut self) -> Result<()> {
        if self.behind {
            self.behind = !self.renew()?;
        }
        Ok(())
    }

    /// Makes the plan anew and puts it, with what approvals cover, on the shelf; false where an approved recording could
    /// not be stored.
    fn renew(&mut self) -> Result<bool> {
        let versions = self.record.versions(self.since)?;
        let skips = self.record.skips(self.since)?;
        let mut plan = plan_of(&[], &skips, self.zone, self.holidays.clone());
        // What live versions play; and what only former ones played, for it may air until the new has arrived.
        let (mut covered, mut formerly) = (BTreeMap::new(), BTreeMap::new());
        self.unapproved.clear();
        for journalled in &versions {
            let known = self.folder.has_read(&journalled.text);
            let Some(mut version) = version_of(journalled, known) else { continue };
            if self.approval == Approval::Command {
                let mut schedule = Schedule::clone(&version.schedule);
                let is_live = journalled.until.is_none();
                match self.approved(&journalled.schedule, &journalled.text)? {
                    Some(latest) => {
                        cover(if is_live { &mut covered } else { &mut formerly }, &schedule, &latest);
                        schedule.approved_by = Some(latest.by);
                    }
                    None if is_live => {
                        self.unapproved.insert(schedule.id.clone(), schedule.title.clone());
                    }
                    None => {}
                }
                version.schedule = Arc::new(schedule);
            }
            plan.versions.push(version);
        }
        for (name, former) in formerly {
            covered.entry(name).or_insert(former);
        }
        let stored = self.shelf.release(&covered);
        self.shelf.put_plan(plan, covered);
        Ok(stored)
    }

    /// The latest approval of that text.
    fn approved(&self, schedule: &ScheduleId, text: &str) -> Result<Option<Approved>> {
        let text = Fingerprint::of(text.as_bytes());
        Ok(self.record.approvals(schedule)?.into_iter().rev().find(|approved| approved.text == text))
    }

    pub(super) fn live(&self, now: DateTime<Utc>) -> Result<Vec<JournalledVersion>> {
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

    /// Looks at the folder once.
    pub(super) fn take_over(&mut self, at_once: bool) -> Result<()> {
        self.finish_refusals();
        let Some(sheets) = self.folder.look((!at_once).then(|| self.clock.read().steady)) else {
            let told = words::conditions::schedules_unreadable(self.language);
            self.alarms.set("schedules_unreadable", BTreeMap::from([told]));
            return Ok(());
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
            if self.is_refused(&schedule.id, &sheet.text) {
                continue;
            }
            let by = self.brought_by(&schedule.id, &sheet.text)?;
            let holds = self.holds(&sheet.file, &sheet.text, &schedule, by.is_some())?;
            if !holds.is_empty() {
                waiting.insert(schedule.id.clone(), WaitingVersion { sheet, schedule, holds });
                continue;
            }
            tracing::info!(schedule = %schedule.id, file = sheet.file, "a version goes live");
            entries.push(Entry::Live {
                schedule: schedule.id.clone(),
                by: by
                    .or_else(|| self.changed_by.get(&Fingerprint::of(sheet.text.as_bytes())).cloned())
                    .unwrap_or_else(|| format!("file {}", sheet.file)),
                file: sheet.file,
                text: sheet.text,
            });
        }
        let shown = waiting.iter().map(|(id, one): (_, &WaitingVersion)| (id.clone(), one.schedule.clone()));
        self.shelf.put_waiting(shown.collect());
        self.waiting = waiting;
        for schedule in retired {
            tracing::info!(%schedule, "a schedule is taken out");
            let text = |sheet: &Sheet| sheet.result.as_ref().is_ok_and(|read| read.id == schedule);
            let text = sheets.iter().find(|sheet| text(sheet)).map(|sheet| sheet.text.as_str());
            let by = text.map(|text| self.brought_by(&schedule, text)).transpose()?.flatten();
            entries.push(Entry::Retired { schedule, by: by.unwrap_or_else(|| "folder of schedules".into()) });
        }
        if entries.is_empty() {
            return Ok(());
        }
        self.record.append(now, &entries)?;
        self.behind = true;
        Ok(())
    }

    /// Who dropped that text into the inbox, and as what; none where it was put into the folder by hand.
    fn brought_by(&self, schedule: &ScheduleId, text: &str) -> Result<Option<String>> {
        let drop = self.record.brought(schedule.as_str(), &Fingerprint::of(text.as_bytes()))?;
        Ok(drop.map(|drop| match drop.sender.folder() {
            Some(folder) => format!("inbox {folder}/{}", drop.file),
            None => format!("inbox {}", drop.file),
        }))
    }

    /// The schedules, live or waiting, that this office sent and that play the common recording of that name.
    pub(super) fn sent_with(&self, sender: &Sender, inner: &str) -> Result<Vec<ScheduleId>> {
        let Ok(common) = CartName::new(inner) else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for live in self.live(self.clock.now())? {
            let Some(version) = version_of(&live, self.folder.has_read(&live.text)) else { continue };
            if !version.schedule.played().any(|played| *played == common) {
                continue;
            }
            let drop = self.record.brought(live.schedule.as_str(), &Fingerprint::of(live.text.as_bytes()))?;
            found.extend(drop.is_some_and(|drop| drop.sender == *sender).then_some(live.schedule));
        }
        for (id, waiting) in &self.waiting {
            let text = Fingerprint::of(waiting.sheet.text.as_bytes());
            let sent = |drop: Dropped| drop.sender == *sender;
            if waiting.schedule.played().any(|played| *played == common)
                && self.record.brought(id.as_str(), &text)?.is_some_and(sent)
                && !found.contains(id)
            {
                found.push(id.clone());
            }
        }
        Ok(found)
    }

    /// Puts a text into the folder, over the file that has that schedule now, and takes it over: when this returns it
    /// is live, or waits for a person. The same text once more changes nothing.
    ///
    /// # Errors
    /// Where it came to neither, e.g. as another file in the folder has the same schedule.
    pub(super) fn put(&mut self, id: &ScheduleId, text: &str) -> Result<()> {
        let path = match self.file_of(id) {
            Some(path) => path,
            None => free_name(self.folder.root(), id)?,
        };
        if std::fs::read(&path).ok().as_deref() != Some(text.as_bytes()) {
            RealDisk.make_folder(self.folder.root())?;
            self.write(&path, text)?;
        }
        self.folder.is_whole(&path);
        self.take_over(false)?;
        self.catch_up()?;
        let live = self.live(self.clock.now())?.into_iter().find(|live| live.schedule == *id);
        let is_live = live.as_ref().is_some_and(|live| live.text == text);
        let waits = self.waiting.get(id).is_some_and(|waiting| waiting.sheet.text == text);
        let is_off = || live.is_none() && !self.waiting.contains_key(id);
        let is_retired =
            || read(text.as_bytes(), "", &Reference::lenient()).is_ok_and(|(read, _)| read.retired);
        anyhow::ensure!(
            is_live || waits || (is_retired() && is_off()),
            "the folder of schedules has another file with the schedule `{id}`, or cannot be read; see `loa check`"
        );
        Ok(())
    }

    /// Gives that file of the folder another text, in one step.
    pub(super) fn write(&mut self, path: &Path, text: &str) -> Result<()> {
        // A name that a look passes over, until the text is whole on disk.
        let draft = path.with_extension("toml.part");
        RealDisk.write(&draft, text.as_bytes())?;
        RealDisk.replace(&draft, path)?;
        self.folder.is_whole(path);
        Ok(())
    }

    /// The file that has that schedule, whatever it is called.
    pub(super) fn file_of(&self, id: &ScheduleId) -> Option<PathBuf> {
        let entries = std::fs::read_dir(self.folder.root()).ok()?.flatten();
        let mut files: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        files.retain(|path| is_schedule_file(path));
        files.sort();
        files.into_iter().find(|path| id_of(&std::fs::read(path).unwrap_or_default()).as_ref() == Some(id))
    }
}

/// What the approval of a schedule covers.
fn cover(covered: &mut BTreeMap<CartName, Cover>, schedule: &Schedule, approved: &Approved) {
    for name in schedule.played() {
        let cover = covered.entry(name.clone()).or_default();
        cover.allowed.extend(approved.carts.get(name));
        if !cover.schedules.contains(&schedule.id) {
            cover.schedules.push(schedule.id.clone());
        }
    }
}

/// A name in the folder that no other file has, on Windows neither, for a schedule that comes as new.
fn free_name(root: &Path, id: &ScheduleId) -> Result<PathBuf> {
    let taken: HashSet<String> = match std::fs::read_dir(root) {
        Ok(entries) => {
            entries.flatten().map(|entry| entry.file_name().to_string_lossy().to_lowercase()).collect()
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => HashSet::new(),
        Err(error) => return Err(error.into()),
    };
    let named = |n: usize| match n {
        1 => format!("{id}.toml"),
        n => format!("{id}-{n}.toml"),
    };
    let is_free = |name: &String| !taken.contains(&name.to_lowercase()) && !is_bad_on_windows(name);
    let name = (1..=taken.len() + 2).map(named).find(is_free);
    Ok(root.join(name.ok_or_else(|| anyhow::anyhow!("`{}` has no room for `{id}.toml`", root.display()))?))
}

/// Whoever holds it decides alone; a panic elsewhere leaves it as it was.
pub(super) fn hold(scheduling: &Mutex<Scheduling>) -> MutexGuard<'_, Scheduling> {
    scheduling.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps looking until `stop` says so.
pub(super) fn keep(scheduling: &Mutex<Scheduling>, stop: impl Fn() -> bool) {
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
        let taken = scheduling.take_over(false).and_then(|()| scheduling.catch_up());
        if let Err(error) = taken {
            tracing::error!(%error, "schedules could not be taken over; it is tried again");
        }
    }
}
