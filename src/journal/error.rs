//! What can be wrong with the journal or with an entry, as values. Owns the texts in English; never recovers.

use std::path::{Path, PathBuf};

use chrono::SecondsFormat;
use rusqlite::ErrorCode;

use crate::core::airing::{AiringId, CueId, Outcome, Reason, ScheduleId};
use crate::core::drops::DropId;
use crate::core::record::RecordError;

/// Something wrong with the journal at `path`.
#[derive(Debug, thiserror::Error)]
#[error("the journal `{}`: {fault}", path.display())]
pub struct JournalError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong.
    #[source]
    pub fault: Fault,
}

impl JournalError {
    /// For [`RecordError`], which others than this room see. `doing` is `written` or `read`.
    pub(super) fn record(self, doing: &'static str) -> RecordError {
        let refused = doing == "written" && self.fault.is_refusal();
        RecordError { path: self.path.display().to_string(), doing, found: self.fault.to_string(), refused }
    }
}

/// What is wrong.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// There is no such file.
    #[error("there is none yet; `loa run` founds it")]
    Missing,
    /// A file of no bytes. The station never leaves one: a new journal gets its name when it is whole.
    #[error("the file is empty; restore it from a backup, or move it away and a new journal will be founded")]
    Empty,
    /// Not an SQLite file.
    #[error(
        "the file is no journal: it does not begin as one (an SQLite file); restore it from a backup, or move it away and a new journal will be founded"
    )]
    NotSqlite,
    /// An SQLite file of another program.
    #[error(
        "the file belongs to another program: its application id is {found:#010x}, that of a journal {expected:#010x}; move it away or set another path"
    )]
    Foreign {
        /// Its application id.
        found: u32,
        /// That of a journal.
        expected: u32,
    },
    /// Shorter than its own header says.
    #[error("the file is cut off: it has {size} bytes and should have {expected}; restore it from a backup")]
    Truncated {
        /// Its size in bytes.
        size: u64,
        /// What its header says, in bytes.
        expected: u64,
    },
    /// Written by a newer program.
    #[error(
        "its layout is version {found}, this program knows versions up to {known}; use the newer program"
    )]
    Newer {
        /// The version of its layout.
        found: u32,
        /// The highest that this program knows.
        known: u32,
    },
    /// Written by an older program and only read here.
    #[error(
        "its layout is version {found} of {known}; start the station once with this program to bring it up"
    )]
    Older {
        /// The version of its layout.
        found: u32,
        /// The one that this program reads.
        known: u32,
    },
    /// The write-ahead log is there and the journal is not.
    #[error("the file is gone but `{}` is there: put the journal back beside it, or move that away too", wal.display())]
    StrayWal {
        /// The write-ahead log, which may hold entries of the journal that is gone.
        wal: PathBuf,
    },
    /// Its folder does not allow a write-ahead log, e.g. a network share.
    #[error("SQLite's write-ahead log cannot be used here (mode `{found}`); keep the state on a local disk")]
    NoWal {
        /// The mode that SQLite fell back to.
        found: String,
    },
    /// The file cannot be written.
    #[error("the file can only be read; give the account that runs the station the right to write it")]
    ReadOnly,
    /// Its last entry does not follow from the one before.
    #[error(
        "entry {seq}, the last, does not match its hash; `loa verify` tells more; restore the journal from a backup"
    )]
    BrokenTail {
        /// The number of the entry.
        seq: u64,
    },
    /// Entries that were taken in are not there any more. Deriving anew would wipe out that they ever were.
    #[error(
        "it ends with entry {last}, but entry {known} was written: the entries after {last} are gone; restore the journal from a backup, or move it away and a new one will be founded"
    )]
    TailGone {
        /// The last entry.
        last: u64,
        /// The last that was taken in.
        known: u64,
    },
    /// SQLite finds the file damaged.
    #[error("the file is damaged: {found}; `loa verify` tells more; restore the journal from a backup")]
    Damaged {
        /// What SQLite said.
        found: String,
    },
    /// An entry that makes no sense where the journal stands.
    #[error("entry {seq} is refused: {why}")]
    Refused {
        /// The number that it would have, or has.
        seq: u64,
        /// Why.
        why: Refusal,
    },
    /// An entry, pulse or measurement that cannot be turned into JSON or back.
    #[error("entry {seq} cannot be read: {found}")]
    Unreadable {
        /// The number of the entry.
        seq: u64,
        /// What was found.
        found: String,
    },
    /// SQLite says no.
    #[error("{0}")]
    Sqlite(#[source] rusqlite::Error),
    /// The system says no.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// A value that has no JSON.
    #[error("{0}")]
    Json(#[from] serde_json::Error),
}

impl Fault {
    /// Whether the journal is well and what it was given can never be written: trying again is of no use.
    fn is_refusal(&self) -> bool {
        match self {
            Fault::Refused { .. } | Fault::Unreadable { .. } | Fault::Json(_) => true,
            Fault::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::TooBig),
            _ => false,
        }
    }
    /// Names the file.
    pub(super) fn at(self, path: &Path) -> JournalError {
        JournalError { path: path.to_path_buf(), fault: self }
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Fault::Damaged { found: error.to_string() }
            }
            _ => Fault::Sqlite(error),
        }
    }
}

/// Why an entry makes no sense.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Refusal {
    /// About an airing that has no begin.
    #[error("airing {airing} was never begun")]
    NotBegun {
        /// The airing.
        airing: AiringId,
    },
    /// It can be said only of what sounds.
    #[error("airing {airing} does not sound: its first frame was not recorded")]
    NotSounding {
        /// The airing.
        airing: AiringId,
    },
    /// Its first frame was recorded before.
    #[error("airing {airing} sounds already")]
    Sounding {
        /// The airing.
        airing: AiringId,
    },
    /// Only what was written in by hand is taken back, once.
    #[error("airing {airing} was not written in by hand, or is taken back already")]
    NotByHand {
        /// The airing.
        airing: AiringId,
    },
    /// It has its outcome.
    #[error("airing {airing} has ended already, `{outcome}`")]
    Ended {
        /// The airing.
        airing: AiringId,
        /// Its outcome.
        outcome: Outcome,
    },
    /// Paused while paused, or resumed while not.
    #[error("airing {airing} is {}paused", if *paused { "already " } else { "not " })]
    Pause {
        /// The airing.
        airing: AiringId,
        /// Whether it is paused.
        paused: bool,
    },
    /// Another airing settled that cue, or sounds for it.
    #[error("the cue {} is `{outcome}` already, as airing {airing}", named(cue))]
    CueSettled {
        /// The cue.
        cue: CueId,
        /// The airing that has it.
        airing: AiringId,
        /// How that stands.
        outcome: Outcome,
    },
    /// A second begin that answers another cue than the first.
    #[error("airing {airing} began for another cue")]
    OtherCue {
        /// The airing.
        airing: AiringId,
    },
    /// An airing of kind `cue` without one.
    #[error("airing {airing} is of kind `cue` and names none")]
    NoCue {
        /// The airing.
        airing: AiringId,
    },
    /// That outcome never has that reason.
    #[error("`{reason}` is no reason for `{outcome}`")]
    Misfit {
        /// The outcome.
        outcome: Outcome,
        /// The reason.
        reason: Reason,
    },
    /// That outcome needs a reason.
    #[error("`{outcome}` needs a reason")]
    NoReason {
        /// The outcome.
        outcome: Outcome,
    },
    /// A finish with `on_air` or `missed`.
    #[error("an airing that sounded cannot finish `{outcome}`")]
    NoEnding {
        /// The outcome.
        outcome: Outcome,
    },
    /// A finish that counts other recordings than the begin.
    #[error("airing {airing} began with {begun} recordings and ends with {ended}")]
    Carts {
        /// The airing.
        airing: AiringId,
        /// At its begin.
        begun: usize,
        /// At its finish.
        ended: usize,
    },
    /// Only what is missed and answers a cue can wait again.
    #[error("airing {airing} is no missed cue that could wait again")]
    NotMissed {
        /// The airing.
        airing: AiringId,
    },
    /// A number that belonged to an airing that was taken back.
    #[error("airing {airing} was taken back: its cue needs a new number")]
    Spent {
        /// The airing.
        airing: AiringId,
    },
    /// A number or span beyond what the journal can hold.
    #[error("{what} {found} is out of range")]
    OutOfRange {
        /// Of what, e.g. `the number of airing`.
        what: &'static str,
        /// What was found.
        found: String,
    },
    /// The station is founded once, by the first entry.
    #[error("the station is founded already")]
    Founded,
    /// A schedule that is not live cannot be retired.
    #[error("the schedule `{schedule}` is not live")]
    NotLive {
        /// The schedule.
        schedule: ScheduleId,
    },
    /// A drop is decided on once.
    #[error("the drop `{id}` is decided on already")]
    DropTwice {
        /// The drop.
        id: DropId,
    },
}

fn named(cue: &CueId) -> String {
    format!("`{}`/`{}` due {}", cue.schedule, cue.slot, cue.due.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}
