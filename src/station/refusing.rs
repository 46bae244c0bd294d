//! A person refuses what waits. Owns what a refusal takes down, and that what it refuses leaves the folders of what waits,
//! however often the power is cut; what is live it never touches. The offices are answered by [`super::clerk`].

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, io};

use anyhow::Result;

use super::scheduling::Scheduling;
use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{DropId, Hold};
use crate::core::handwritten::{HandFault, LONGEST_TEXT, Text};
use crate::core::order::{Answer, Refusal};
use crate::core::record::{Entry, NotedRefusal, Refused, RefusedDrop};
use crate::intake::inbox::disk::{Disk, RealDisk};
use crate::intake::store;
use crate::sound::measure::fingerprint_of;

/// Texts that are refused are kept beside replaced recordings, in a folder of this name.
const KEPT: &str = "schedules";

/// How far refusals have been followed: by the files, and by the answers to the offices.
pub(super) struct Followed {
    /// Up to this one what was refused has left its folder.
    files: UpTo,
    /// Up to this one the offices are answered, or will be by notes that are durable.
    pub(super) answers: UpTo,
    /// Drops that this run answered, by the entry that refused them, while an earlier one of them is not.
    beyond: Mutex<BTreeSet<(u64, DropId)>>,
    /// Offices are still to be answered, as far as is known.
    open: AtomicBool,
    /// Something was refused just now: whoever answers need not sleep on.
    fresh: AtomicBool,
}

impl Followed {
    pub(super) fn new(state: &Path) -> Followed {
        Followed {
            files: UpTo(state.join("refused-files")),
            answers: UpTo(state.join("refused-answers")),
            beyond: Mutex::default(),
            open: AtomicBool::new(true),
            fresh: AtomicBool::new(false),
        }
    }

    fn beyond(&self) -> MutexGuard<'_, BTreeSet<(u64, DropId)>> {
        self.beyond.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this run answered that drop after that refusal.
    pub(super) fn is_answered(&self, seq: u64, drop: &DropId) -> bool {
        self.beyond().contains(&(seq, drop.clone()))
    }

    /// That drop is answered.
    pub(super) fn answered(&self, seq: u64, drop: &DropId) {
        self.beyond().insert((seq, drop.clone()));
    }

    /// Everything up to that refusal is answered.
    pub(super) fn all_answered(&self, seq: u64) -> io::Result<()> {
        self.answers.set(seq)?;
        self.beyond().retain(|(of, _)| *of > seq);
        Ok(())
    }

    /// Offices are to be answered.
    pub(super) fn reopen(&self) {
        self.open.store(true, Ordering::Release);
    }

    /// Whether offices are to be answered; whoever asks sees to it, or calls [`Followed::reopen`].
    pub(super) fn take(&self) -> bool {
        self.open.swap(false, Ordering::AcqRel)
    }

    /// Whether something was refused since it was asked last.
    pub(super) fn is_fresh(&self) -> bool {
        self.fresh.swap(false, Ordering::AcqRel)
    }
}

/// The number of an entry, kept on disk. Lost, everything is followed once more, which changes nothing.
pub(super) struct UpTo(PathBuf);

impl UpTo {
    pub(super) fn get(&self) -> u64 {
        fs::read_to_string(&self.0).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0)
    }

    pub(super) fn set(&self, seq: u64) -> io::Result<()> {
        let draft = self.0.with_extension("part");
        RealDisk.write(&draft, format!("{seq}\n").as_bytes())?;
        RealDisk.replace(&draft, &self.0)
    }
}

impl Scheduling {
    /// A person refuses what waits of that schedule, its new version and new recordings alike; what was approved before
    /// stays live. With the newest receipt that the refuser has read, only what had come by then.
    pub(super) fn refuse(
        &mut self,
        schedule: &ScheduleId,
        by: &str,
        why: &str,
        receipt: Option<DropId>,
    ) -> Result<Result<Answer, Refusal>> {
        let why = why.trim();
        match why.chars().count() {
            0 => return Ok(Err(Refusal::ByHand(HandFault::Empty { what: Text::Why }))),
            found if found > LONGEST_TEXT => {
                return Ok(Err(Refusal::ByHand(HandFault::TooLong { what: Text::Why, found })));
            }
            _ => {}
        }
        self.take_over(false)?;
        self.catch_up()?;
        let text = self.waiting.get(schedule).map(|waiting| Fingerprint::of(waiting.sheet.text.as_bytes()));
        let held = self.shelf.awaiting().into_iter().filter(|(_, of)| of.contains(schedule));
        let held: Vec<Hold> = held.map(|(hold, _)| hold).collect();
        if text.is_none() && held.is_empty() {
            return Ok(Err(self.nothing_to_refuse(schedule)));
        }
        let (mut names, mut lying) = (Vec::new(), Vec::new());
        for hold in held {
            match hold {
                Hold::NewContent { file } => names.push(file),
                Hold::NewRecording { file } | Hold::NotApproved { file } => {
                    names.push(file.clone());
                    lying.push(file);
                }
                Hold::Approval | Hold::SameHour { .. } => {}
            }
        }
        let carts = self.shelf.contents(schedule, names.iter())?;
        if let Some(receipt) = &receipt
            && let Some(refusal) = self.beyond(receipt, schedule, text, &carts)?
        {
            return Ok(Err(refusal));
        }
        let mut drops: Vec<RefusedDrop> = Vec::new();
        let of_carts = carts.iter().map(|(name, content)| (name.as_str(), content));
        for (subject, content) in text.iter().map(|text| (schedule.as_str(), text)).chain(of_carts) {
            let Some(drop) = self.record.brought(subject, content)? else { continue };
            if drops.iter().all(|known| known.id != drop.id) {
                drops.push(RefusedDrop { id: drop.id, sender: drop.sender, file: drop.file });
            }
        }
        let awaited = self.awaited().into_iter().find(|one| one.schedule == *schedule);
        let title = awaited.map(|one| one.title).unwrap_or_default();
        let refused = Refused {
            schedule: schedule.clone(),
            title: title.clone(),
            text,
            carts,
            drops,
            by: by.to_owned(),
            why: why.to_owned(),
            receipt,
        };
        let at = self.clock.now();
        let stamps = self.record.append(at, &[Entry::Refused(refused.clone())])?;
        self.refusing.extend(stamps.first().map(|stamp| NotedRefusal { seq: stamp.seq, at, refused }));
        self.shelf.refusals.reopen();
        self.shelf.refusals.fresh.store(true, Ordering::Release);
        self.take_over(false)?;
        self.catch_up()?;
        Ok(Ok(Answer::Refused { schedule: schedule.clone(), title, lying }))
    }

    fn nothing_to_refuse(&self, schedule: &ScheduleId) -> Refusal {
        let of_recordings = self.shelf.awaiting().into_iter().flat_map(|(_, schedules)| schedules);
        let mut waiting: Vec<ScheduleId> = self.waiting.keys().cloned().chain(of_recordings).collect();
        waiting.sort();
        waiting.dedup();
        Refusal::NothingToRefuse { schedule: schedule.clone(), waiting }
    }

    /// At a start: the refusals that an earlier run wrote down and did not finish.
    pub(super) fn remember_refusals(&mut self) -> Result<()> {
        self.refusing = self.record.refusals(self.shelf.refusals.files.get())?;
        Ok(())
    }

    /// Has what was refused leave its folder; what fails is tried again with the next look.
    pub(super) fn finish_refusals(&mut self) {
        let mut done = None;
        for one in std::mem::take(&mut self.refusing) {
            match self.put_right(&one) {
                Ok(()) if self.refusing.is_empty() => done = Some(one.seq),
                Ok(()) => {}
                Err(error) => {
                    let schedule = &one.refused.schedule;
                    tracing::error!(%error, %schedule, "what was refused is still in its folder; it is tried again");
                    self.refusing.push(one);
                }
            }
        }
        if let Some(Err(error)) = done.map(|seq| self.shelf.refusals.files.set(seq)) {
            tracing::warn!(%error, "that a refusal was followed could not be written down; the next start looks again");
        }
    }

    /// Whether that very text was refused and could not leave its folder yet.
    pub(super) fn is_refused(&self, schedule: &ScheduleId, text: &str) -> bool {
        let text = Fingerprint::of(text.as_bytes());
        let of_it = |one: &NotedRefusal| one.refused.schedule == *schedule && one.refused.text == Some(text);
        self.refusing.iter().any(of_it)
    }

    fn put_right(&mut self, noted: &NotedRefusal) -> Result<()> {
        let Refused { schedule, text, carts, .. } = &noted.refused;
        if let Some(text) = text
            && !self.came_again(noted, schedule.as_str(), text)?
        {
            self.take_back(schedule, *text)?;
        }
        for (name, content) in carts {
            let waits = self.shelf.pending.join(name.as_str());
            // What lies in the folder of recordings itself a person put there: it stays, and does not air.
            if waits.is_file()
                && fingerprint_of(&waits)? == *content
                && !self.came_again(noted, name.as_str(), content)?
            {
                store::remove(&self.shelf.pending, name, &self.shelf.kept)?;
            }
        }
        Ok(())
    }

    /// Whether the same content was dropped once more since: then it is another request, which waits.
    fn came_again(&self, noted: &NotedRefusal, subject: &str, content: &Fingerprint) -> Result<bool> {
        let Some(drop) = self.record.brought(subject, content)? else { return Ok(false) };
        Ok(self.record.answered(&drop.id)?.is_some_and(|answered| answered > noted.seq))
    }

    /// Takes a refused text out of the folder of schedules and keeps it. In its place comes the live one: a file that is
    /// gone would retire that.
    fn take_back(&mut self, schedule: &ScheduleId, text: Fingerprint) -> Result<()> {
        let Some(path) = self.file_of(schedule) else { return Ok(()) };
        if Fingerprint::of(&fs::read(&path)?) != text {
            return Ok(());
        }
        let live = self.live(self.clock.now())?.into_iter().find(|live| live.schedule == *schedule);
        if live.as_ref().is_some_and(|live| Fingerprint::of(live.text.as_bytes()) == text) {
            return Ok(());
        }
        store::keep(&path, text, &CartName::new(&format!("{KEPT}/{schedule}.toml"))?, &self.shelf.kept)?;
        match live {
            Some(live) => self.write(&path, &live.text)?,
            None => {
                // By another name first, which a look passes over and which is durable: it is gone however the power is cut.
                let aside = path.with_extension("toml.part");
                RealDisk.replace(&path, &aside)?;
                RealDisk.remove_file(&aside)?;
            }
        }
        Ok(())
    }
}
