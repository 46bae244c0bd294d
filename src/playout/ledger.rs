//! The playout's hand on the journal: what cannot be written at once is held in memory, in order, and written as soon
//! as the journal takes it. Owns the held entries; never drops one while the station runs.

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::core::record::{Entry, Record};

/// Held entries beyond this are still kept, but the diagnostics say so once more: a journal that is away for weeks.
const MANY_HELD: usize = 10_000;

/// Writes entries, or holds them.
pub(super) struct Ledger {
    record: Arc<dyn Record>,
    held: VecDeque<(DateTime<Utc>, Entry)>,
}

impl Ledger {
    pub(super) fn new(record: Arc<dyn Record>) -> Self {
        Ledger { record, held: VecDeque::new() }
    }

    pub(super) fn record(&self) -> &Arc<dyn Record> {
        &self.record
    }

    /// How many entries wait to be written.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }

    /// Writes `entries` in one transaction; false where they are held instead.
    pub(super) fn write(&mut self, at: DateTime<Utc>, entries: Vec<Entry>) -> bool {
        if entries.is_empty() {
            return true;
        }
        if self.held.is_empty() {
            match self.record.append(at, &entries) {
                Ok(_) => return true,
                Err(error) => tracing::error!(%error, entries = entries.len(), "held in memory"),
            }
        }
        self.held.extend(entries.into_iter().map(|entry| (at, as_held(entry))));
        if self.held.len().is_multiple_of(MANY_HELD) {
            tracing::error!(held = self.held.len(), "the journal has not taken entries for long");
        }
        false
    }

    /// Tries to write what is held, oldest first. An entry that the journal refuses for what it says, not for the
    /// state of the disk, would block all others for ever: it is set aside with a loud word.
    pub(super) fn catch_up(&mut self) {
        while let Some((at, entry)) = self.held.front() {
            match self.record.append(*at, std::slice::from_ref(entry)) {
                Ok(_) => {
                    self.held.pop_front();
                }
                Err(error) if error.refused => {
                    tracing::error!(%error, ?entry, "the journal refuses a held entry; it is left out");
                    self.held.pop_front();
                }
                Err(_) => return,
            }
        }
    }
}

fn as_held(entry: Entry) -> Entry {
    match entry {
        Entry::Begin(mut begin) => {
            begin.held = true;
            Entry::Begin(begin)
        }
        other => other,
    }
}
