//! What a person has to say before it airs. Owns what waits for whom, and what an approval takes down: the text and the
//! recordings as they are then, and none that came after the receipt which the approver read.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::Result;

use super::scheduling::Scheduling;
use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{DropId, Hold};
use crate::core::order::{Awaited, Refusal};
use crate::core::record::{Approved, Entry};
use crate::core::schedule::Schedule;
use crate::core::schedule::read::{Reference, read};

impl Scheduling {
    /// What waits for a person: versions, and new content of recordings.
    pub(super) fn awaited(&self) -> Vec<Awaited> {
        let waiting = self.waiting.values();
        let mut awaited: BTreeMap<ScheduleId, Awaited> = waiting
            .map(|waiting| {
                let (schedule, title) = (waiting.schedule.id.clone(), waiting.schedule.title.clone());
                (schedule.clone(), Awaited { schedule, title, holds: waiting.holds.clone(), airs: false })
            })
            .collect();
        let shown = self.shelf.get();
        let title = |id: &ScheduleId| {
            let version =
                shown.plan.versions.iter().find(|one| one.until.is_none() && one.schedule.id == *id);
            version.map_or_else(String::new, |version| version.schedule.title.clone())
        };
        for (schedule, title) in &self.unapproved {
            let fresh = Awaited {
                schedule: schedule.clone(),
                title: title.clone(),
                holds: vec![Hold::Approval],
                airs: true,
            };
            awaited.entry(schedule.clone()).or_insert(fresh);
        }
        for (hold, schedules) in self.shelf.awaiting() {
            for schedule in schedules {
                let fresh = || Awaited {
                    schedule: schedule.clone(),
                    title: title(&schedule),
                    holds: Vec::new(),
                    airs: false,
                };
                let of_it = awaited.entry(schedule.clone()).or_insert_with(fresh);
                of_it.holds.push(hold.clone());
                of_it.airs = false;
            }
        }
        awaited.into_values().collect()
    }

    /// A person approves what waits of that schedule; where nothing waits, the recordings of its live version as they
    /// are now. With the newest receipt that the approver has read, only what had come by then.
    pub(super) fn approve(
        &mut self,
        schedule: &ScheduleId,
        by: &str,
        receipt: Option<DropId>,
    ) -> Result<Result<Arc<Schedule>, Refusal>> {
        self.take_over(false)?;
        self.catch_up()?;
        let now = self.clock.now();
        let nothing = |waiting: Vec<Awaited>| {
            let waiting = waiting.into_iter().map(|one| one.schedule).collect();
            Ok(Err(Refusal::NothingToApprove { schedule: schedule.clone(), waiting }))
        };
        let (text, approved) = match self.waiting.get(schedule) {
            Some(waiting) => (waiting.sheet.text.clone(), waiting.schedule.clone()),
            None => {
                let Some(live) = self.live(now)?.into_iter().find(|live| live.schedule == *schedule) else {
                    return nothing(self.awaited());
                };
                let read = read(live.text.as_bytes(), &live.file, &Reference::lenient());
                let Ok((read, _)) = read else { return nothing(self.awaited()) };
                (live.text, Arc::new(read))
            }
        };
        let carts = self.shelf.contents(schedule, approved.played())?;
        let text = Fingerprint::of(text.as_bytes());
        if let Some(receipt) = &receipt
            && let Some(refusal) = self.beyond(receipt, schedule, Some(text), &carts)?
        {
            return Ok(Err(refusal));
        }
        self.record.append(
            now,
            &[Entry::Approved(Approved {
                schedule: schedule.clone(),
                text,
                carts,
                by: by.to_owned(),
                receipt,
            })],
        )?;
        self.behind = true;
        self.take_over(false)?;
        self.catch_up()?;
        Ok(Ok(approved))
    }

    /// Why somebody who has read no receipt newer than that one cannot approve or refuse this: something of it was
    /// dropped later, or nothing ever was answered with that number. What a technician put there by hand has no receipt,
    /// and is decided on as it is.
    pub(super) fn beyond(
        &self,
        receipt: &DropId,
        schedule: &ScheduleId,
        text: Option<Fingerprint>,
        carts: &BTreeMap<CartName, Fingerprint>,
    ) -> Result<Option<Refusal>> {
        // By the order of the journal: two drops may share a second, and a clock may be set back.
        let Some(read) = self.record.answered(receipt)? else {
            return Ok(Some(Refusal::NoSuchReceipt { receipt: receipt.clone() }));
        };
        let mut newest = None;
        let of_text = text.map(|text| self.record.brought(schedule.as_str(), &text)).transpose()?.flatten();
        let of_carts = carts.iter().map(|(name, content)| self.record.brought(name.as_str(), content));
        for drop in of_text.into_iter().map(|drop| Ok(Some(drop))).chain(of_carts) {
            let Some(drop) = drop? else { continue };
            let answered = self.record.answered(&drop.id)?;
            newest = newest.into_iter().chain([(answered, drop)]).max_by_key(|(answered, _)| *answered);
        }
        let later = newest.filter(|(answered, _)| *answered > Some(read));
        Ok(later.map(|(_, newest)| Refusal::NewerThanReceipt {
            receipt: receipt.clone(),
            file: newest.file,
            newest: newest.id,
        }))
    }
}
