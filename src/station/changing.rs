//! A schedule changed for one day by a person at the pages. Owns the way from the change to the version that has it; the
//! version is read, judged and journalled as any other that lies in the folder.

use anyhow::Result;

use super::scheduling::Scheduling;
use crate::core::account::AccountName;
use crate::core::cart::Fingerprint;
use crate::core::record::{Entry, Visit};
use crate::core::schedule::amend::with_change;
use crate::core::schedule::read::read;
use crate::web::folders::{Changed, DayChange};

impl Scheduling {
    /// Changes a live schedule for one day. Where it would be faulty, or where another version of it would be lost, nothing
    /// is written.
    pub(super) fn change(&mut self, change: &DayChange, by: &AccountName) -> Changed {
        self.try_change(change, by).unwrap_or_else(|error| Changed::Failed(error.to_string()))
    }

    fn try_change(&mut self, change: &DayChange, by: &AccountName) -> Result<Changed> {
        self.take_over(false)?;
        self.catch_up()?;
        let (id, now) = (&change.schedule, self.clock.now());
        let Some(live) = self.live(now)?.into_iter().find(|live| live.schedule == *id) else {
            return Ok(Changed::NotLive);
        };
        let in_folder = self.file_of(id).and_then(|path| std::fs::read(path).ok());
        if self.waiting.contains_key(id) || in_folder.as_deref() != Some(live.text.as_bytes()) {
            return Ok(Changed::AnotherWaits);
        }
        let reason = change.reason.as_deref();
        let text = with_change(&live.text, &change.slot, change.date, &change.action, reason);
        let text = text.ok_or_else(|| anyhow::anyhow!("`{}` takes no changes", live.file))?;
        let schedule = match read(text.as_bytes(), &live.file, self.folder.reference()) {
            Ok((schedule, _)) => schedule,
            Err(faults) => return Ok(Changed::Faulty(faults)),
        };
        let holds = self.holds(&live.file, &text, &schedule, false)?;
        // First who: a version may wait for days, and outlive this run.
        let of_text = Fingerprint::of(text.as_bytes());
        let told = Visit::Changed { name: by.clone(), schedule: id.clone(), text: of_text };
        self.record.append(now, &[Entry::Visit(told)])?;
        self.changed_by.insert(of_text, by.to_string());
        self.put(id, &text)?;
        Ok(if holds.is_empty() { Changed::Live } else { Changed::Waits(holds) })
    }
}
