//! The journal's entries as values, and the trait that hands them in. Owns the shape of what is written down for
//! ever: a field may be added here, none may change its meaning. Never touches a file.

use std::collections::HashSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::account::AccountName;
use super::airing::{AiredCart, AiringId, CueId, Kind, Outcome, Priority, Reason, ScheduleId, SlotId};
use super::amplifier::Switch;
use super::cart::{CartName, Fingerprint};
use super::drops::DropId;
use super::emergency::EmergencyRecord;
use super::handwritten::{AiringNote, Entered, Reviewed, TakenBack};
use super::order::Order;

mod accounts;
mod circumstances;
mod inbox;
mod restored;

pub use accounts::{AccountChange, Visit};
pub use circumstances::{CardChange, ClockChange, ClockState, Trust};
pub use inbox::{Approved, Dropped, NotedRefusal, Refused, RefusedDrop};
pub use restored::{Gap, Restored};

/// One fact in the journal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum Entry {
    /// The station came into being: nothing before this was missed.
    Founded {
        /// The station's id and name.
        station: String,
        /// The program and its version.
        program: String,
    },
    /// The program started.
    Started {
        /// The program and its version.
        program: String,
        /// The system's id of this boot, where it has one.
        boot: Option<String>,
        /// The clock as it stood.
        clock: ClockState,
    },
    /// The program ended in order.
    Ended {
        /// Who or what asked for it.
        by: String,
    },
    /// A version of a schedule went live; whole, so that it answers for its cues whatever becomes of the file.
    Live {
        /// The schedule.
        schedule: ScheduleId,
        /// The file it was read from, relative to the folder of schedules.
        file: String,
        /// Its text.
        text: String,
        /// Who brought it.
        by: String,
    },
    /// A schedule was taken out.
    Retired {
        /// The schedule.
        schedule: ScheduleId,
        /// Who took it out, and how.
        by: String,
    },
    /// A drop into the inbox was decided on.
    Dropped(Dropped),
    /// A person approved a version of a schedule, with the recordings that it plays as they are now.
    Approved(Approved),
    /// A person refused what waited of a schedule, and why.
    Refused(Refused),
    /// The set of holidays that cues with `except = ["holidays"]` go by.
    Holidays {
        /// The calendar's text.
        text: String,
    },
    /// The plan's targets that reports go by from here on.
    Targets {
        /// The list's text.
        text: String,
        /// Who brought it: `inbox Phòng Văn hóa/chi-tieu.xlsx`, or `file config/targets.toml` for a change by hand.
        by: String,
    },
    /// An airing begins: written before its first frame is handed to the card. May come again for the same airing
    /// where the first attempt never sounded.
    Begin(Begin),
    /// Its first frame was played.
    Sounded {
        /// The airing.
        airing: AiringId,
        /// When, at the loudspeaker.
        at: DateTime<Utc>,
        /// The card.
        device: String,
    },
    /// It was paused (an emergency, or the card was lost).
    Paused {
        /// The airing.
        airing: AiringId,
        /// When.
        at: DateTime<Utc>,
        /// Why.
        reason: Reason,
    },
    /// It went on.
    Resumed {
        /// The airing.
        airing: AiringId,
        /// When.
        at: DateTime<Utc>,
        /// The card.
        device: String,
    },
    /// It ended.
    Finish(Finish),
    /// A cue or an order ended without a frame.
    Missed(Missed),
    /// A person wrote an airing in.
    Entered(Entered),
    /// A person wrote a note on an airing.
    Noted(AiringNote),
    /// A person took back an airing that a person had written in.
    TakenBack(TakenBack),
    /// A person reviewed a period.
    Reviewed(Reviewed),
    /// A `missed` that a wrong clock wrote is taken back: the cue waits again.
    Reopened {
        /// The airing.
        airing: AiringId,
    },
    /// A person gave an order.
    Ordered {
        /// The order.
        order: Order,
        /// Who.
        by: String,
        /// How it was answered, where it was refused.
        refused: Option<String>,
    },
    /// The clock changed its standing.
    Clock {
        /// What happened.
        change: ClockChange,
        /// The clock as it stands now.
        clock: ClockState,
    },
    /// The sound card changed its standing.
    Card {
        /// The card, as the config names it.
        device: String,
        /// What happened.
        change: CardChange,
    },
    /// The amplifier was switched, or failed to be.
    Amplifier {
        /// To what.
        to: Switch,
        /// What went wrong, in English; none: it was done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<String>,
    },
    /// An account of the pages was made, changed or taken out.
    Account {
        /// Its name.
        name: AccountName,
        /// What happened.
        change: AccountChange,
        /// The system's user who did it, as far as it is known.
        by: String,
    },
    /// Somebody signed in at the pages, out, or failed to.
    Visit(Visit),
    /// The journal was damaged, and this is what was left of it.
    Restored(Restored),
    /// Something is wrong, or no longer.
    Alarm {
        /// Its code, e.g. `schedule_faulty`.
        code: String,
        /// What it is about, e.g. a file.
        about: String,
        /// What was found, in English; empty when it is over.
        found: String,
        /// Raised, or over.
        state: AlarmState,
    },
}

/// An alarm begins or is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlarmState {
    /// It begins.
    Raised,
    /// It is over.
    Over,
}

/// What an airing was to be, at its begin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Begin {
    /// Its number.
    pub airing: AiringId,
    /// Where it came from.
    pub kind: Kind,
    /// The cue that it answers.
    pub cue: Option<CueId>,
    /// Title of the slot, or of what was ordered.
    pub title: String,
    /// Its priority.
    pub priority: Priority,
    /// The planned length, where every recording is measured.
    pub planned: Option<Duration>,
    /// Its recordings, `aired` zero.
    pub carts: Vec<AiredCart>,
    /// Whether the system said that its clock is synchronised.
    pub clock_synchronised: Option<bool>,
    /// On what ground the clock was trusted, or why it was not (then a person had ordered it).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_trust: Option<Trust>,
    /// Who ordered it.
    pub by: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The journal could not be written at the time: this entry was held in memory and came later.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
}

/// How an airing ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finish {
    /// The airing.
    pub airing: AiringId,
    /// `aired`, `cut` or `interrupted`.
    pub outcome: Outcome,
    /// Why; none for `aired`.
    pub reason: Option<Reason>,
    /// The frame after the last, at the loudspeaker.
    pub ended: DateTime<Utc>,
    /// Frames delivered to the card, at the card's rate.
    pub frames: u64,
    /// What these frames are in time.
    pub aired: Duration,
    /// How much of each recording went out, in order.
    pub carts: Vec<Duration>,
    /// Mean level of what was delivered, dBFS (RMS over all samples), none for silence.
    pub level_dbfs: Option<f64>,
    /// The card.
    pub device: Option<String>,
    /// What went wrong, in English, for the technician; empty when nothing did.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// A cue or an order that never sounded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// Its number.
    pub airing: AiringId,
    /// Where it came from.
    pub kind: Kind,
    /// The cue.
    pub cue: Option<CueId>,
    /// Title of the slot, or of what was ordered.
    pub title: String,
    /// Its priority.
    pub priority: Priority,
    /// Why.
    pub reason: Reason,
    /// The planned length, where it is known.
    pub planned: Option<Duration>,
    /// Its recordings.
    pub carts: Vec<AiredCart>,
    /// Who ordered, skipped or cancelled it.
    pub by: Option<String>,
    /// Who approved its schedule.
    pub approved_by: Option<String>,
    /// What stood in its way, in English, for the technician.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// Where an entry stands in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Its number, from 1.
    pub seq: u64,
    /// Its hash, hexadecimal.
    pub hash: String,
}

/// What is overwritten every few seconds, outside the chain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pulse {
    /// The station was alive.
    pub alive: DateTime<Utc>,
    /// The system's id of this boot.
    pub boot: Option<String>,
    /// Whether the clock was trusted.
    pub trusted: bool,
    /// What was on air, and how many frames had been delivered.
    pub on_air: Option<(AiringId, u64, Duration)>,
    /// What was paused for an emergency, since when, and how many frames had been delivered of it.
    #[serde(default)]
    pub paused: Option<(AiringId, DateTime<Utc>, u64, Duration)>,
    /// Every cue due until then has its outcome.
    pub accounted: Option<DateTime<Utc>>,
}

/// An airing that the journal holds as begun and not ended: found at start.
#[derive(Clone, Debug, PartialEq)]
pub struct Unfinished {
    /// Its begin.
    pub begin: Begin,
    /// When its first frame was played; none: it never sounded, and its cue waits again.
    pub sounded: Option<DateTime<Utc>>,
    /// The card it sounded on.
    pub device: Option<String>,
}

/// An airing that was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Where it came from.
    pub kind: Kind,
    /// The cue that it answered.
    pub cue: Option<CueId>,
    /// Its first frame.
    pub from: DateTime<Utc>,
    /// The frame after its last; none: it sounds.
    pub until: Option<DateTime<Utc>>,
}

/// A version of a schedule as the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct JournalledVersion {
    /// The schedule.
    pub schedule: ScheduleId,
    /// The file it came from.
    pub file: String,
    /// Its text.
    pub text: String,
    /// It answers for cues due after this.
    pub from: DateTime<Utc>,
    /// And up to this, where it was replaced or retired.
    pub until: Option<DateTime<Utc>>,
}

/// Why something could not be written down or read back.
#[derive(Debug, thiserror::Error)]
#[error("the journal `{path}` could not be {doing}: {found}")]
pub struct RecordError {
    /// The file.
    pub path: String,
    /// `written` or `read`.
    pub doing: &'static str,
    /// What was found.
    pub found: String,
    /// The journal is well, and refuses what the entry says: trying again is of no use.
    pub refused: bool,
}

/// From when to when.
pub type Span = (DateTime<Utc>, DateTime<Utc>);

/// The journal as those see it who write to it: implemented by `journal`, handed out by `station`.
pub trait Record: EmergencyRecord + Send + Sync {
    /// Writes `entries` in one transaction; durable on return.
    fn append(&self, at: DateTime<Utc>, entries: &[Entry]) -> Result<Vec<Stamp>, RecordError>;
    /// A number for a new airing; never the same twice, also after a restart.
    fn next_airing(&self) -> AiringId;
    /// Overwrites the pulse.
    fn pulse(&self, pulse: &Pulse) -> Result<(), RecordError>;
    /// The pulse last written.
    fn last_pulse(&self) -> Result<Option<Pulse>, RecordError>;
    /// The time of the first entry and of the last.
    fn span(&self) -> Result<Option<Span>, RecordError>;
    /// The cues due in `[from, to]` that have an outcome or are on air. A begin that never sounded does not count.
    fn settled(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<HashSet<CueId>, RecordError>;
    /// The airings that were begun and not ended.
    fn unfinished(&self) -> Result<Vec<Unfinished>, RecordError>;
    /// What that slot's last airing that sounded played.
    fn last_played(&self, schedule: &ScheduleId, slot: &SlotId)
    -> Result<Option<Vec<CartName>>, RecordError>;
    /// The versions that answered for cues at any moment after `since`, the live ones included.
    fn versions(&self, since: DateTime<Utc>) -> Result<Vec<JournalledVersion>, RecordError>;
    /// The orders to skip given since `since`, with who gave them.
    fn skips(&self, since: DateTime<Utc>) -> Result<Vec<(Order, String)>, RecordError>;
    /// Whether the decision about that drop is written down.
    fn has_drop(&self, id: &DropId) -> Result<bool, RecordError>;
    /// The number of the entry by which that drop was answered; none where no drop has that number.
    fn answered(&self, id: &DropId) -> Result<Option<u64>, RecordError>;
    /// The drop that brought that content for that schedule or recording, the latest.
    fn brought(&self, subject: &str, content: &Fingerprint) -> Result<Option<Dropped>, RecordError>;
    /// Every approval of that schedule, the latest last.
    fn approvals(&self, schedule: &ScheduleId) -> Result<Vec<Approved>, RecordError>;
    /// The refusals whose entries have numbers above `after`, of all schedules, the latest last.
    fn refusals(&self, _after: u64) -> Result<Vec<NotedRefusal>, RecordError> {
        Ok(Vec::new())
    }
    /// What sounded and began at or after `since`.
    fn heard(&self, since: DateTime<Utc>) -> Result<Vec<Heard>, RecordError>;
    /// `missed` rows with due in `[from, to]` written for reason `clock`, `late` or `station_off`: candidates to be reopened.
    fn missed_by_clock(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<(AiringId, CueId)>, RecordError>;
    /// The airing that a person wrote in with that start and title, and nobody took back.
    fn entered_alike(&self, _: DateTime<Utc>, _: &str) -> Result<Option<AiringId>, RecordError> {
        Ok(None)
    }
    /// The calendar of holidays that was written down last.
    fn last_holidays(&self) -> Result<Option<String>, RecordError> {
        Ok(None)
    }
    /// The stretches of the record that were lost with a damaged file, the latest last.
    fn gaps(&self) -> Result<Vec<Gap>, RecordError> {
        Ok(Vec::new())
    }
}
