//! A journal on a disk that a test spoils: full, hanging, or deaf. Owns nothing but the spoiling.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use chrono::{DateTime, Utc};
use loa::core::airing::{AiringId, CueId, ScheduleId, SlotId};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::drops::DropId;
use loa::core::emergency::EmergencyRecord;
use loa::core::order::Order;
use loa::core::record::{
    Approved, Dropped, Entry, Gap, Heard, JournalledVersion, NotedRefusal, Pulse, Record, RecordError, Span,
    Stamp, Unfinished,
};
use loa::journal::Journal;

/// How a disk is.
#[derive(Clone, Copy, Default, PartialEq)]
pub enum Mode {
    #[default]
    Well,
    /// Nothing can be written, everything can be read.
    Full,
    /// Nothing comes back.
    Hangs,
    /// What is asked is not answered in time.
    Deaf,
}

/// A disk.
#[derive(Default)]
pub struct Disk {
    mode: Mutex<Mode>,
    changed: Condvar,
    /// The most entries that were written at once.
    most: AtomicUsize,
}

impl Disk {
    pub fn is(&self, mode: Mode) {
        *self.mode.lock().unwrap() = mode;
        self.changed.notify_all();
    }

    pub fn most_written_at_once(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }

    fn reach(&self, writing: bool) -> Result<(), RecordError> {
        let mode = self.changed.wait_while(self.mode.lock().unwrap(), |mode| *mode == Mode::Hangs).unwrap();
        let failed = |doing, found: &str| {
            Err(RecordError { path: "journal.db".into(), doing, found: found.into(), refused: false })
        };
        match *mode {
            Mode::Full if writing => failed("written", "database or disk is full"),
            Mode::Deaf if !writing => failed("read", "the disk has not answered"),
            _ => Ok(()),
        }
    }
}

/// The journal on it.
pub struct Spoilt {
    pub journal: Arc<Journal>,
    pub disk: Arc<Disk>,
}

impl Record for Spoilt {
    fn append(&self, at: DateTime<Utc>, entries: &[Entry]) -> Result<Vec<Stamp>, RecordError> {
        self.disk.reach(true)?;
        self.disk.most.fetch_max(entries.len(), Ordering::Relaxed);
        self.journal.append(at, entries)
    }
    fn next_airing(&self) -> AiringId {
        self.journal.next_airing()
    }
    fn pulse(&self, pulse: &Pulse) -> Result<(), RecordError> {
        self.disk.reach(true)?;
        self.journal.pulse(pulse)
    }
    fn last_pulse(&self) -> Result<Option<Pulse>, RecordError> {
        self.disk.reach(false)?;
        self.journal.last_pulse()
    }
    fn span(&self) -> Result<Option<Span>, RecordError> {
        self.disk.reach(false)?;
        self.journal.span()
    }
    fn settled(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HashSet<CueId>, RecordError> {
        self.disk.reach(false)?;
        self.journal.settled(from, to)
    }
    fn unfinished(&self) -> Result<Vec<Unfinished>, RecordError> {
        self.disk.reach(false)?;
        self.journal.unfinished()
    }
    fn last_played(
        &self,
        schedule: &ScheduleId,
        slot: &SlotId,
    ) -> Result<Option<Vec<CartName>>, RecordError> {
        self.disk.reach(false)?;
        self.journal.last_played(schedule, slot)
    }
    fn versions(&self, since: DateTime<Utc>) -> Result<Vec<JournalledVersion>, RecordError> {
        self.journal.versions(since)
    }
    fn skips(&self, since: DateTime<Utc>) -> Result<Vec<(Order, String)>, RecordError> {
        self.journal.skips(since)
    }
    fn has_drop(&self, id: &DropId) -> Result<bool, RecordError> {
        self.journal.has_drop(id)
    }
    fn answered(&self, id: &DropId) -> Result<Option<u64>, RecordError> {
        self.journal.answered(id)
    }
    fn brought(&self, subject: &str, content: &Fingerprint) -> Result<Option<Dropped>, RecordError> {
        self.journal.brought(subject, content)
    }
    fn approvals(&self, schedule: &ScheduleId) -> Result<Vec<Approved>, RecordError> {
        self.journal.approvals(schedule)
    }
    fn refusals(&self, after: u64) -> Result<Vec<NotedRefusal>, RecordError> {
        self.journal.refusals(after)
    }
    fn heard(&self, since: DateTime<Utc>) -> Result<Vec<Heard>, RecordError> {
        self.disk.reach(false)?;
        self.journal.heard(since)
    }
    fn gaps(&self) -> Result<Vec<Gap>, RecordError> {
        self.disk.reach(false)?;
        self.journal.gaps()
    }
    fn missed_by_clock(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(AiringId, CueId)>, RecordError> {
        self.disk.reach(false)?;
        self.journal.missed_by_clock(from, to)
    }
}

impl EmergencyRecord for Spoilt {
    fn emergencies(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Order, String)>, RecordError> {
        self.disk.reach(false)?;
        self.journal.emergencies(since)
    }
    fn emergency_drops(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Dropped)>, RecordError> {
        self.disk.reach(false)?;
        self.journal.emergency_drops(since)
    }
}
