//! Takes schedules over from their folder: what is right goes live and into the journal, what is faulty is an alarm.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::alarms::Alarms;
use crate::clock::Clock;
use crate::core::calendar::Holidays;
use crate::core::record::{Entry, JournalledVersion, Record};
use crate::core::rundown::Plan;
use crate::intake::SETTLE;
use crate::intake::schedules::{Changes, Folder, compare, plan_of};
use crate::intake::watch::Hints;
use crate::words::{Language, Say};

/// The folder is looked at this often without a hint.
const RESCAN: Duration = Duration::from_secs(20);
/// The alarm of a faulty file.
const FAULTY: &str = "schedule_faulty";

pub(super) struct Scheduling {
    pub(super) folder: Folder,
    pub(super) record: Arc<dyn Record>,
    pub(super) alarms: Arc<Alarms>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zone: Tz,
    pub(super) language: Language,
    pub(super) holidays: Arc<Holidays>,
    pub(super) since: DateTime<Utc>,
}

impl Scheduling {
    /// Takes over what lies in the folder, and makes the plan to start with.
    pub(super) fn first_look(&mut self) -> Result<Plan> {
        self.take_over(true)?;
        self.plan()
    }

    fn plan(&self) -> Result<Plan> {
        let versions = self.record.versions(self.since)?;
        let skips = self.record.skips(self.since)?;
        Ok(plan_of(&versions, &skips, self.zone, self.holidays.clone()))
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
        let live: Vec<JournalledVersion> =
            self.record.versions(now)?.into_iter().filter(|version| version.until.is_none()).collect();
        let Changes { live: going_live, retired, faulty } =
            compare(&live, &sheets, !self.folder.is_unsettled());
        let told = |faults: &Vec<crate::core::fault::Located>| {
            faults.iter().map(|fault| fault.say(self.language)).collect::<Vec<_>>().join("\n")
        };
        self.alarms.set(FAULTY, faulty.iter().map(|(file, faults)| (file.clone(), told(faults))).collect());
        let mut entries = Vec::new();
        for sheet in going_live {
            let Ok(schedule) = &sheet.result else { continue };
            tracing::info!(schedule = %schedule.id, file = sheet.file, "a version goes live");
            entries.push(Entry::Live {
                schedule: schedule.id.clone(),
                by: format!("file {}", sheet.file),
                file: sheet.file,
                text: sheet.text,
            });
        }
        for schedule in retired {
            tracing::info!(%schedule, "a schedule is taken out");
            entries.push(Entry::Retired { schedule, by: "folder of schedules".into() });
        }
        if entries.is_empty() {
            return Ok(false);
        }
        self.record.append(now, &entries)?;
        Ok(true)
    }

    /// Keeps looking until `stop` says so; tells each new plan.
    pub(super) fn keep(mut self, stop: impl Fn() -> bool, tell: impl Fn(Plan)) {
        let mut hints = Hints::of(self.folder.root());
        let mut was_there = self.folder.root().is_dir();
        while !stop() {
            hints.wait(if self.folder.is_unsettled() { SETTLE } else { RESCAN });
            let is_there = self.folder.root().is_dir();
            if is_there && !was_there {
                hints.watch(self.folder.root());
            }
            was_there = is_there;
            match self
                .take_over(false)
                .and_then(|changed| if changed { self.plan().map(Some) } else { Ok(None) })
            {
                Ok(Some(plan)) => tell(plan),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "schedules could not be taken over; it is tried again"),
            }
        }
    }
}
