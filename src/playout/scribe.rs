//! The hand that writes the journal. Takes entries over in order and writes them on a thread of its own, so that a disk
//! that hangs holds up nobody: whoever hands in waits for durability as long as it has time, and no longer. Owns what is
//! not durable yet; never drops an entry while the program runs, but one that the journal refuses for what it says.
//!
//! Without a thread, in tests and while the station comes up, the same steps are done by whoever hands in.

use std::collections::VecDeque;
use std::sync::mpsc::channel;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::record::{Entry, Pulse, Record, RecordError};

/// With each so many transactions that are held the diagnostics say so once more: a journal that is away for weeks.
const MANY_HELD: usize = 10_000;

/// The hand; clones write with the same.
#[derive(Clone)]
pub struct Scribe {
    record: Arc<dyn Record>,
    desk: Arc<(Mutex<Desk>, Condvar)>,
}

impl From<Arc<dyn Record>> for Scribe {
    fn from(record: Arc<dyn Record>) -> Scribe {
        Scribe { record, desk: Arc::default() }
    }
}

impl<R: Record + 'static> From<Arc<R>> for Scribe {
    fn from(record: Arc<R>) -> Scribe {
        Scribe::from(record as Arc<dyn Record>)
    }
}

/// Entries that belong together, by the number that whoever handed them in was given.
#[derive(Clone)]
struct Batch {
    number: u64,
    at: DateTime<Utc>,
    entries: Vec<Entry>,
}

type Question = Box<dyn FnOnce(&dyn Record) + Send>;

enum Job {
    Write(Batch),
    Answer(Question),
    Beat(Pulse),
}

#[derive(Default)]
struct Desk {
    /// What is not durable yet, oldest first.
    batches: VecDeque<Batch>,
    handed_in: u64,
    questions: VecDeque<Question>,
    /// Only the latest is worth writing.
    pulse: Option<Pulse>,
    /// The number of the batch in hand; 0 for a question or the pulse.
    in_hand: Option<u64>,
    /// How long somebody has waited in vain for what is in hand: nobody else waits for it as long again.
    in_vain: Duration,
    /// What the last attempt to write came to; none: it went well.
    trouble: Option<String>,
    /// What could not be written is to be tried again.
    again: bool,
    has_thread: bool,
    closed: bool,
}

impl Desk {
    /// Writing comes first, so that a question sees what was handed in before it was asked.
    fn next(&mut self) -> Option<Job> {
        if self.in_hand.is_some() {
            return None;
        }
        let may_write = self.trouble.is_none() || std::mem::take(&mut self.again);
        let job = match self.batches.front().filter(|_| may_write) {
            Some(batch) => Job::Write(batch.clone()),
            None => match self.questions.pop_front() {
                Some(question) => Job::Answer(question),
                // A sign of life is not worth a word each five seconds on a disk that takes nothing.
                None => Job::Beat(self.pulse.take().filter(|_| self.trouble.is_none())?),
            },
        };
        self.in_hand = Some(if let Job::Write(batch) = &job { batch.number } else { 0 });
        Some(job)
    }

    fn done(&mut self) {
        self.in_hand = None;
        self.in_vain = Duration::ZERO;
    }

    /// An entry that the journal refuses for what it says would block all others for ever: it is left out, with a loud
    /// word, and what was handed in with it is written one by one.
    fn written(&mut self, result: Result<(), RecordError>) {
        self.done();
        match result {
            Ok(()) => {
                self.batches.pop_front();
                self.trouble = None;
            }
            Err(error) if error.refused => {
                let Some(batch) = self.batches.pop_front() else { return };
                if let [entry] = &*batch.entries {
                    tracing::error!(%error, ?entry, "the journal refuses an entry; it is left out");
                } else {
                    let Batch { number, at, entries } = batch;
                    let alone = |entry| Batch { number, at, entries: vec![entry] };
                    entries.into_iter().rev().map(alone).for_each(|one| self.batches.push_front(one));
                }
            }
            Err(error) => {
                if self.trouble.is_none() {
                    tracing::error!(%error, entries = self.held(), "held in memory");
                }
                self.trouble = Some(error.found);
                self.again = false;
            }
        }
    }

    fn held(&self) -> usize {
        self.batches.iter().map(|batch| batch.entries.len()).sum()
    }

    /// Somebody waited so long for nothing.
    fn waited(&mut self, patience: Duration) {
        if self.in_vain.is_zero() {
            tracing::warn!(
                ?patience,
                entries = self.held(),
                "the journal does not answer; entries are held in memory"
            );
        }
        self.in_vain = self.in_vain.max(patience);
    }

    fn waits_in_vain(&self, patience: Duration) -> bool {
        let gave_up = self.trouble.is_some() && !self.again && self.in_hand.is_none();
        !self.has_thread || self.closed || self.in_vain >= patience || gave_up
    }
}

impl Scribe {
    fn lock(&self) -> MutexGuard<'_, Desk> {
        self.desk.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wake(&self) {
        self.desk.1.notify_all();
    }

    /// The journal itself, for what takes no time, and for whoever may wait.
    pub fn record(&self) -> &Arc<dyn Record> {
        &self.record
    }

    /// From now on a thread writes: the one that runs what is returned, until [`Scribe::close`].
    pub fn thread(&self) -> impl FnOnce() + Send + 'static {
        self.lock().has_thread = true;
        let scribe = self.clone();
        move || {
            let idle = |desk: &mut Desk| {
                let stuck = desk.trouble.is_some() && !desk.again;
                let nothing = desk.questions.is_empty() && desk.pulse.is_none();
                !desk.closed && nothing && (desk.batches.is_empty() || stuck)
            };
            while !scribe.lock().closed {
                scribe.work_off();
                let desk = scribe.lock();
                drop(scribe.desk.1.wait_while(desk, idle).unwrap_or_else(PoisonError::into_inner));
            }
        }
    }

    /// Ends the thread once it has nothing in hand; what is not written then stays unwritten.
    pub fn close(&self) {
        self.lock().closed = true;
        self.wake();
    }

    /// Does what there is to do, in the calling thread.
    fn work_off(&self) {
        loop {
            let Some(job) = self.lock().next() else { return };
            match job {
                Job::Write(batch) => {
                    let result = self.record.append(batch.at, &batch.entries).map(drop);
                    self.lock().written(result);
                }
                Job::Answer(question) => {
                    question(&*self.record);
                    self.lock().done();
                }
                Job::Beat(pulse) => {
                    if let Err(error) = self.record.pulse(&pulse) {
                        tracing::warn!(%error, "the pulse could not be written");
                    }
                    self.lock().done();
                }
            }
            self.wake();
        }
    }

    fn go(&self) {
        let has_thread = self.lock().has_thread;
        if has_thread { self.wake() } else { self.work_off() }
    }

    /// Hands entries in and waits for nothing: they are written when it is their turn.
    pub fn hand_in(&self, at: DateTime<Utc>, entries: Vec<Entry>) {
        if !entries.is_empty() {
            self.take(at, entries);
            self.wake();
        }
    }

    fn take(&self, at: DateTime<Utc>, entries: Vec<Entry>) -> u64 {
        let mut desk = self.lock();
        desk.handed_in += 1;
        let number = desk.handed_in;
        desk.batches.push_back(Batch { number, at, entries });
        if desk.batches.len().is_multiple_of(MANY_HELD) {
            tracing::error!(held = desk.held(), "the journal has not taken entries for long");
        }
        number
    }

    /// Hands entries in as one transaction and waits for it up to `patience`; false where they are held instead. A begin
    /// among them then says so.
    pub fn write(&self, at: DateTime<Utc>, entries: Vec<Entry>, patience: Duration) -> bool {
        if entries.is_empty() {
            return true;
        }
        let number = self.take(at, entries);
        self.go();
        if self.wait_for(number, patience) {
            return true;
        }
        self.mark_held(number);
        false
    }

    /// Waits for that batch; false where it is not durable.
    fn wait_for(&self, number: u64, patience: Duration) -> bool {
        let is_there = |desk: &Desk| desk.batches.iter().any(|batch| batch.number == number);
        let waits = |desk: &mut Desk| is_there(desk) && !desk.waits_in_vain(patience);
        let waited = self.desk.1.wait_timeout_while(self.lock(), patience, waits);
        let (mut desk, timed) = waited.unwrap_or_else(PoisonError::into_inner);
        if timed.timed_out() && is_there(&desk) {
            desk.waited(patience);
        }
        !is_there(&desk)
    }

    /// What is in the writer's hand cannot be changed any more: its begin is written once more behind it, as held. An
    /// airing may begin twice as long as it has not sounded.
    fn mark_held(&self, number: u64) {
        let mut desk = self.lock();
        let in_hand = desk.in_hand == Some(number);
        let mut again = Vec::new();
        for batch in desk.batches.iter_mut().filter(|batch| batch.number == number) {
            for entry in &mut batch.entries {
                if let Entry::Begin(begin) = entry {
                    let mut held = begin.clone();
                    held.held = true;
                    if in_hand {
                        again.push((batch.at, Entry::Begin(held)));
                    } else {
                        *begin = held;
                    }
                }
            }
        }
        for (at, entry) in again {
            desk.handed_in += 1;
            let number = desk.handed_in;
            desk.batches.push_back(Batch { number, at, entries: vec![entry] });
        }
    }

    /// Writes an entry or does not: where the journal does not take it in time it is taken back. What is in the writer's
    /// hand already cannot be taken back and counts as written.
    ///
    /// # Errors
    /// Why it is not written, in English.
    pub fn write_or_leave(&self, at: DateTime<Utc>, entry: Entry, patience: Duration) -> Result<(), String> {
        let number = self.take(at, vec![entry]);
        self.lock().again = true;
        self.go();
        if self.wait_for(number, patience) {
            return Ok(());
        }
        let mut desk = self.lock();
        let before = desk.batches.len();
        if desk.in_hand != Some(number) {
            desk.batches.retain(|batch| batch.number != number);
        }
        if desk.batches.len() == before {
            return Ok(());
        }
        let slow = || format!("the disk has not answered within {patience:?}");
        Err(desk.trouble.clone().unwrap_or_else(slow))
    }

    /// Asks the journal and waits for the answer up to `patience`. The answer knows what was written, not what is held.
    ///
    /// # Errors
    /// The journal's own, or that it did not answer in time.
    pub fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        question: impl FnOnce(&dyn Record) -> Result<T, RecordError> + Send + 'static,
    ) -> Result<T, RecordError> {
        let late = || RecordError {
            path: "journal.db".into(),
            doing: "read",
            found: format!("the disk has not answered within {patience:?}"),
            refused: false,
        };
        let (tell, told) = channel();
        {
            let mut desk = self.lock();
            if !desk.has_thread {
                drop(desk);
                return question(&*self.record);
            }
            if desk.in_vain >= patience {
                return Err(late());
            }
            desk.questions.push_back(Box::new(move |record| drop(tell.send(question(record)))));
        }
        self.wake();
        told.recv_timeout(patience).unwrap_or_else(|_| {
            let mut desk = self.lock();
            if desk.in_hand.is_some() {
                desk.waited(patience);
            }
            Err(late())
        })
    }

    /// Hands the pulse in, over one that was not written yet.
    pub fn beat(&self, pulse: Pulse) {
        self.lock().pulse = Some(pulse);
        self.go();
    }

    /// Tries again to write what is held.
    pub fn catch_up(&self) {
        let held = {
            let mut desk = self.lock();
            desk.again = !desk.batches.is_empty();
            desk.again
        };
        if held {
            self.go();
        }
    }

    /// Waits up to `patience` until everything is written; false where it is not.
    pub fn flush(&self, patience: Duration) -> bool {
        let rest = |desk: &Desk| !desk.batches.is_empty() || desk.pulse.is_some() || desk.in_hand.is_some();
        let waits = |desk: &mut Desk| rest(desk) && !desk.waits_in_vain(patience);
        let waited = self.desk.1.wait_timeout_while(self.lock(), patience, waits);
        !rest(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    /// How many entries wait because the journal did not take them when they were handed in.
    pub fn held(&self) -> usize {
        let desk = self.lock();
        let behind = desk.trouble.is_some() || !desk.in_vain.is_zero();
        if behind { desk.held() } else { 0 }
    }

    /// What keeps the journal from taking entries, in English; none: nothing does.
    pub fn trouble(&self) -> Option<String> {
        let desk = self.lock();
        let slow = || format!("the disk has not answered for {:?} and more", desk.in_vain);
        desk.trouble.clone().or_else(|| (!desk.in_vain.is_zero()).then(slow))
    }
}
