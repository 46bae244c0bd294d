//! The journal as commands and pages read it, also while the station writes. Owns the connection of one reader; the
//! questions themselves are [`super::answers`]'s. Never writes.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Connection;

use super::answers;
use super::by_hand;
use super::carts::{self, KnownCart};
use super::chain::{self, Noted, stamp};
use super::counting;
use super::error::{Fault, JournalError};
use super::{file, glance, listing, refusals};
use crate::core::airing::{Airing, AiringId, CueId, Glance, Listed, Outcome, ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::drops::Verdict;
use crate::core::handwritten::{AiringNote, NotedReview};
use crate::core::order::Order;
use crate::core::record::{
    Approved, Dropped, Gap, Heard, JournalledVersion, NotedRefusal, Pulse, Span, Stamp, Unfinished,
};
use crate::core::report::Earlier;

/// Which airings are wanted; everything that is not given is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Due, else started, else written, at or after this.
    pub from: Option<DateTime<Utc>>,
    /// And before this.
    pub to: Option<DateTime<Utc>>,
    /// Standing so.
    pub outcome: Option<Outcome>,
    /// Of the slots of that id, in whichever schedule.
    pub slot: Option<SlotId>,
    /// With a recording on that theme.
    pub topic: Option<String>,
    /// Before that airing in the order of the log: where a list goes on that shows the latest first.
    pub before: Option<(DateTime<Utc>, AiringId)>,
}

/// How much the journal holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries.
    pub entries: u64,
    /// Airings by how they stand; those that began and did not sound yet are in none.
    pub airings: BTreeMap<Outcome, u64>,
}

/// The journal, open to read, also while the station writes. Each question is one short transaction. Not to be shared
/// between threads: each opens its own.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    db: Connection,
    /// The questions belong to one moment, which is open.
    at_once: Cell<bool>,
}

impl Reader {
    /// Opens the journal at `path`. [`Fault::Missing`] where the station was never started.
    pub fn open(path: &Path) -> Result<Reader, JournalError> {
        let db = file::open_to_read(path).map_err(|fault| fault.at(path))?;
        // A file that only begins as a journal is told now rather than at the first question.
        chain::head(&db).map_err(|error| Fault::from(error).at(path))?;
        Ok(Reader { path: path.to_path_buf(), db, at_once: Cell::new(false) })
    }

    /// Keeps little of the file in memory: for readers that stay open beside the playout.
    pub fn sparing(self) -> Result<Reader, JournalError> {
        self.db
            .execute_batch("PRAGMA cache_size = -256;")
            .map_err(|error| Fault::from(error).at(&self.path))?;
        Ok(self)
    }

    /// The airings that fit, in the order of the log; where there are more than `limit`, the latest.
    pub fn airings(&self, filter: &Filter, limit: Option<usize>) -> Result<Vec<Airing>, JournalError> {
        self.ask(|db| listing::airings(db, filter, limit))
    }

    /// As [`Reader::airings`], as rows of a list: a tenth of the work.
    pub fn listed(&self, filter: &Filter, limit: Option<usize>) -> Result<Vec<Listed>, JournalError> {
        self.ask(|db| listing::listed(db, filter, limit))
    }

    /// What counted of each recording that was placed in `[from, to)`: how often and how long, in no order.
    pub fn counted(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Earlier>, JournalError> {
        self.ask(|db| counting::counted(db, from, to))
    }

    /// The notes on that airing, in the order they were written.
    pub fn notes_of(&self, airing: AiringId) -> Result<Vec<AiringNote>, JournalError> {
        self.ask(|db| by_hand::notes_of(db, airing))
    }

    /// The notes on airings placed in `[from, to)`, in the order they were written.
    pub fn notes(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<AiringNote>, JournalError> {
        self.ask(|db| by_hand::notes(db, from, to))
    }

    /// The reviews of periods that share one of these days, the latest last; `span` are the instants of the days.
    pub fn reviews(
        &self,
        days: (NaiveDate, NaiveDate),
        span: (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<NotedReview>, JournalError> {
        self.ask(|db| by_hand::reviews(db, days, span))
    }

    /// The calendars of holidays that the station has gone by, each with since when, the latest last.
    pub fn holidays(&self) -> Result<Vec<(DateTime<Utc>, String)>, JournalError> {
        self.ask(counting::holidays)
    }

    /// Asks several questions of one and the same moment of the journal, whatever the station writes meanwhile.
    pub fn at_once<T, E: From<JournalError>>(
        &self,
        questions: impl FnOnce(&Reader) -> Result<T, E>,
    ) -> Result<T, E> {
        let moment = self.db.unchecked_transaction().map_err(|error| Fault::from(error).at(&self.path))?;
        self.at_once.set(true);
        let answers = questions(self);
        self.at_once.set(false);
        drop(moment);
        answers
    }

    /// How the cues ended that stand in `[from, to)`, in the order of the log.
    pub fn glances(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Glance>, JournalError> {
        self.ask(|db| glance::glances(db, from, to))
    }

    /// The airing of that number.
    pub fn airing(&self, id: AiringId) -> Result<Option<Airing>, JournalError> {
        self.ask(|db| answers::airing_numbered(db, id))
    }

    /// The airing that answers that cue.
    pub fn airing_of(&self, cue: &CueId) -> Result<Option<Airing>, JournalError> {
        self.ask(|db| answers::airing_of(db, cue))
    }

    /// What was noted about how that airing ended, in English, for the technician; empty where nothing was.
    pub fn detail(&self, id: AiringId) -> Result<String, JournalError> {
        self.ask(|db| answers::detail(db, id))
    }

    /// The last `count` entries, the latest last.
    pub fn latest(&self, count: usize) -> Result<Vec<Noted>, JournalError> {
        self.ask(|db| answers::latest(db, count))
    }

    /// The entry of that number.
    pub fn entry(&self, seq: u64) -> Result<Option<Noted>, JournalError> {
        self.ask(|db| answers::entry(db, seq))
    }

    /// Number and hash of the last entry, as a report carries them.
    pub fn head(&self) -> Result<Option<Stamp>, JournalError> {
        self.ask(|db| {
            let (seq, hash) = chain::head(db)?;
            Ok((seq > 0).then(|| stamp(seq, &hash)))
        })
    }

    /// The time of the first entry and of the last.
    pub fn span(&self) -> Result<Option<Span>, JournalError> {
        self.ask(answers::span)
    }

    /// The last sign of life.
    pub fn pulse(&self) -> Result<Option<Pulse>, JournalError> {
        self.ask(answers::pulse)
    }

    /// The versions of schedules that are live.
    pub fn live(&self) -> Result<Vec<JournalledVersion>, JournalError> {
        self.ask(|db| answers::versions(db, None))
    }

    /// The versions that answered for cues at any moment after `since`.
    pub fn versions(&self, since: DateTime<Utc>) -> Result<Vec<JournalledVersion>, JournalError> {
        self.ask(|db| answers::versions(db, Some(since)))
    }

    /// The airings that were begun and not ended: what is on air, while the station runs.
    pub fn unfinished(&self) -> Result<Vec<Unfinished>, JournalError> {
        self.ask(answers::unfinished)
    }

    /// The cues due in `[from, to]` that have an outcome or are on air.
    pub fn settled(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HashSet<CueId>, JournalError> {
        self.ask(|db| answers::settled(db, from, to))
    }

    /// The orders to skip given since `since`, with who gave them.
    pub fn skips(&self, since: DateTime<Utc>) -> Result<Vec<(Order, String)>, JournalError> {
        self.ask(|db| answers::skips(db, since))
    }

    /// What sounded and began at or after `since`.
    pub fn heard(&self, since: DateTime<Utc>) -> Result<Vec<Heard>, JournalError> {
        self.ask(|db| answers::heard(db, since))
    }

    /// The drops into the inbox decided on in `[from, to)`, with when.
    pub fn drops(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(DateTime<Utc>, Dropped)>, JournalError> {
        self.ask(|db| answers::drops(db, from, to))
    }

    /// The latest `most` drops, of a span or of all time, the latest last.
    pub fn latest_drops(
        &self,
        span: Option<Span>,
        most: usize,
    ) -> Result<Vec<(DateTime<Utc>, Dropped)>, JournalError> {
        self.ask(|db| counting::latest_drops(db, span, most))
    }

    /// How many drops were decided on in `[from, to)`, by verdict.
    pub fn drop_counts(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<BTreeMap<Verdict, u64>, JournalError> {
        self.ask(|db| counting::drop_counts(db, from, to))
    }

    /// Every approval of that schedule, the latest last.
    pub fn approvals(&self, schedule: &ScheduleId) -> Result<Vec<Approved>, JournalError> {
        self.ask(|db| answers::approvals(db, schedule))
    }

    /// The refusals in entries above `after`, the latest last.
    pub fn refusals(&self, after: u64) -> Result<Vec<NotedRefusal>, JournalError> {
        self.ask(|db| refusals::refusals(db, after))
    }

    /// What that slot's last airing that sounded played.
    pub fn last_played(
        &self,
        schedule: &ScheduleId,
        slot: &SlotId,
    ) -> Result<Option<Vec<CartName>>, JournalError> {
        self.ask(|db| answers::last_played(db, schedule, slot))
    }

    /// The stretches of the record that were lost with a damaged file, the latest last.
    pub fn gaps(&self) -> Result<Vec<Gap>, JournalError> {
        self.ask(answers::gaps)
    }

    /// The last `most` times that the program started or ended in order, the latest last.
    pub fn lives(&self, most: usize) -> Result<Vec<Noted>, JournalError> {
        self.ask(|db| answers::lives(db, most))
    }

    /// The measurements remembered.
    pub fn carts(&self) -> Result<Vec<KnownCart>, JournalError> {
        self.ask(carts::all)
    }

    /// How much there is.
    pub fn counts(&self) -> Result<Counts, JournalError> {
        self.ask(answers::counts)
    }

    fn ask<T>(&self, question: impl FnOnce(&Connection) -> Result<T, Fault>) -> Result<T, JournalError> {
        let answer = || {
            if self.at_once.get() {
                return question(&self.db);
            }
            let moment = self.db.unchecked_transaction()?;
            question(&moment)
        };
        answer().map_err(|fault: Fault| fault.at(&self.path))
    }
}
