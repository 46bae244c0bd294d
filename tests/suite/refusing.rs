//! A journal that refuses to be written while a test says so, as on a disk that is full, and can be read all the while.
//! Owns nothing but the refusal.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use loa::core::airing::{AiringId, CueId, ScheduleId, SlotId};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::drops::DropId;
use loa::core::emergency::EmergencyRecord;
use loa::core::order::Order;
use loa::core::record::{
    Approved, Dropped, Entry, Gap, Heard, JournalledVersion, Pulse, Record, RecordError, Span, Stamp,
    Unfinished,
};
use loa::journal::Journal;

pub struct Refusing {
    pub journal: Arc<Journal>,
    pub refuses: Arc<AtomicBool>,
}

impl Refusing {
    fn writable(&self) -> Result<(), RecordError> {
        if !self.refuses.load(Ordering::Relaxed) {
            return Ok(());
        }
        let found = "no space left on the device".to_owned();
        Err(RecordError { path: "journal.db".into(), doing: "written", found, refused: false })
    }
}

impl Record for Refusing {
    fn append(&self, at: DateTime<Utc>, entries: &[Entry]) -> Result<Vec<Stamp>, RecordError> {
        self.writable()?;
        self.journal.append(at, entries)
    }
    fn pulse(&self, pulse: &Pulse) -> Result<(), RecordError> {
        self.writable()?;
        self.journal.pulse(pulse)
    }
    fn next_airing(&self) -> AiringId {
        self.journal.next_airing()
    }
    fn last_pulse(&self) -> Result<Option<Pulse>, RecordError> {
        self.journal.last_pulse()
    }
    fn span(&self) -> Result<Option<Span>, RecordError> {
        self.journal.span()
    }
    fn settled(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HashSet<CueId>, RecordError> {
        self.journal.settled(from, to)
    }
    fn unfinished(&self) -> Result<Vec<Unfinished>, RecordError> {
        self.journal.unfinished()
    }
    fn last_played(
        &self,
        schedule: &ScheduleId,
        slot: &SlotId,
    ) -> Result<Option<Vec<CartName>>, RecordError> {
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
    fn heard(&self, since: DateTime<Utc>) -> Result<Vec<Heard>, RecordError> {
        self.journal.heard(since)
    }
    fn gaps(&self) -> Result<Vec<Gap>, RecordError> {
        self.journal.gaps()
    }
    fn brought(&self, subject: &str, content: &Fingerprint) -> Result<Option<Dropped>, RecordError> {
        self.journal.brought(subject, content)
    }
    fn approvals(&self, schedule: &ScheduleId) -> Result<Vec<Approved>, RecordError> {
        self.journal.approvals(schedule)
    }
    fn missed_by_clock(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(AiringId, CueId)>, RecordError> {
        self.journal.missed_by_clock(from, to)
    }
}

impl EmergencyRecord for Refusing {
    fn emergencies(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Order, String)>, RecordError> {
        self.journal.emergencies(since)
    }
    fn emergency_drops(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Dropped)>, RecordError> {
        self.journal.emergency_drops(since)
    }
}
