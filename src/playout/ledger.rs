//! The playout's hand on the journal: no word to it or from it takes longer than the playout has time for. Owns how long
//! that is, and what an unanswered question means: nothing whose earlier airing cannot be excluded is taken for unaired.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::known::Known;
use super::scribe::Scribe;
use crate::core::airing::{AiringId, CueId, ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::record::{Entry, Pulse, Record, RecordError};

/// A disk that is well answers within this, an old one with much to do too.
const PATIENCE: Duration = Duration::from_millis(250);
/// The start of an airing is told to the card at least this long before.
const LEAD: Duration = Duration::from_millis(500);
/// A person waits this long for the word that an order is taken down.
const ORDER_PATIENCE: Duration = Duration::from_secs(1);
/// A station that ends waits this long for its last words to be written.
const FAREWELL: Duration = Duration::from_secs(5);

/// Writes entries, or holds them, and asks.
pub(super) struct Ledger {
    scribe: Scribe,
    known: Known,
}

impl Ledger {
    pub(super) fn new(scribe: Scribe) -> Self {
        Ledger { scribe, known: Known::nothing() }
    }

    /// For numbers of airings, and for coming up, when nothing can air yet.
    pub(super) fn record(&self) -> &Arc<dyn Record> {
        self.scribe.record()
    }

    /// How many entries wait to be written.
    pub(super) fn held(&self) -> usize {
        self.scribe.held()
    }

    /// What falls due after `since` no earlier run has aired.
    pub(super) fn alone_since(&mut self, since: DateTime<Utc>) {
        self.known.alone_since(since);
    }

    /// Writes `entries` in one transaction; false where they are held instead.
    pub(super) fn write(&mut self, at: DateTime<Utc>, entries: Vec<Entry>) -> bool {
        entries.iter().for_each(|entry| self.known.hear(entry));
        self.scribe.write(at, entries, PATIENCE)
    }

    /// Writes a begin. What is not durable when its start must be settled airs all the same, and is held.
    pub(super) fn begin(&mut self, now: DateTime<Utc>, entry: Entry, start: DateTime<Utc>) {
        self.known.hear(&entry);
        let left = (start - now).to_std().unwrap_or_default().saturating_sub(LEAD);
        self.scribe.write(now, vec![entry], left.clamp(PATIENCE, FAREWELL));
    }

    /// Takes back what a wrong clock wrote of those cues.
    pub(super) fn reopen(&mut self, now: DateTime<Utc>, missed: Vec<(AiringId, CueId)>) {
        missed.iter().for_each(|(_, cue)| self.known.reopened(cue));
        let entries = missed.into_iter().map(|(airing, _)| Entry::Reopened { airing }).collect();
        self.scribe.write(now, entries, PATIENCE);
    }

    /// Takes down an order, or says why it is not.
    pub(super) fn take_down(&self, now: DateTime<Utc>, order: Entry) -> Result<(), String> {
        self.scribe.write_or_leave(now, order, ORDER_PATIENCE)
    }

    /// Tries again to write what is held.
    pub(super) fn catch_up(&self) {
        self.scribe.catch_up();
    }

    /// Waits for the last words.
    pub(super) fn flush(&self) {
        if !self.scribe.flush(FAREWELL) && self.scribe.held() > 0 {
            tracing::error!(
                held = self.scribe.held(),
                "the station ends with entries that were never written"
            );
        }
    }

    pub(super) fn beat(&self, pulse: Pulse) {
        self.scribe.beat(pulse);
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Record) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, RecordError> {
        self.scribe.ask(PATIENCE, question)
    }

    /// The cues due in `[from, until]` that have an outcome or are on air; none where the journal does not answer and an
    /// earlier run may have aired one of them.
    pub(super) fn settled(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Option<HashSet<CueId>> {
        let own = self.known.decided(from, until);
        match self.ask(move |record| record.settled(from, until)) {
            Ok(mut settled) => {
                settled.extend(own);
                Some(settled)
            }
            Err(_) if from >= self.known.since() => Some(own),
            Err(error) => {
                tracing::debug!(%error, "the journal cannot be asked what aired");
                None
            }
        }
    }

    /// Since when this run alone can have aired anything.
    pub(super) fn alone(&self) -> DateTime<Utc> {
        self.known.since()
    }

    /// What that slot's last airing that sounded played; none where that is not known.
    pub(super) fn last_played(&self, schedule: &ScheduleId, slot: &SlotId) -> Option<Vec<CartName>> {
        let own = self.known.played(schedule, slot);
        own.or_else(|| {
            let (schedule, slot) = (schedule.clone(), slot.clone());
            let asked = self.ask(move |record| record.last_played(&schedule, &slot));
            asked.inspect_err(|error| tracing::warn!(%error, "what a slot played last is not known")).ok()?
        })
    }

    /// See [`Record::missed_by_clock`].
    pub(super) fn missed_by_clock(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(AiringId, CueId)>, RecordError> {
        self.ask(move |record| record.missed_by_clock(from, to))
    }
}
