//! What can be wrong with a schedule: in itself, against the recordings, and beside the other schedules.

use chrono::{NaiveDate, NaiveTime};

use super::{DocumentFault, Flaw, Severity, clip, listed, words_of};
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::{CartName, CartNameError};
use crate::core::pattern::PatternError;

mod remedy;

pub use remedy::says_thu;

/// Another slot that plays the same in the same hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameCue {
    /// Its schedule.
    pub schedule: ScheduleId,
    /// The slot.
    pub slot: SlotId,
    /// Its civil time.
    pub at: NaiveTime,
}

/// What is wrong with a schedule.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// With the file, its syntax, keys or types.
    #[error(transparent)]
    Document(#[from] DocumentFault),
    /// More slots than a station can have.
    #[error("the schedule has {found} slots, expected at most {limit}")]
    TooManySlots {
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// More cues a day than a station can air: a pattern that fires every second, for instance.
    #[error("the slots that air more than once a day make {found} cues a day, expected at most {limit}")]
    TooManyCues {
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// No slot, and not retired.
    #[error("the schedule has no slots")]
    NoSlots,
    /// It ends before it begins.
    #[error("`valid_until` {until} is before `valid_from` {from}")]
    UntilBeforeFrom {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// A slot id that another slot has.
    #[error("the slot of line {first_line} has the same id")]
    DuplicateSlot {
        /// Where the first stands.
        first_line: usize,
    },
    /// None of `cron`, `at` + `days`, `dates` + `at`.
    #[error("it does not say when it airs")]
    NoTime,
    /// More than one of them.
    #[error("it says in several ways when it airs: {}", listed(found))]
    SeveralTimes {
        /// The keys.
        found: Vec<&'static str>,
    },
    /// `days` or `dates` without `at`.
    #[error("`{has}` needs `{lacks}`")]
    HalfTime {
        /// The key that is there.
        has: &'static str,
        /// What goes with it.
        lacks: &'static str,
    },
    /// A cron expression that is none, or that never fires.
    #[error("`{found}` is not a cron pattern that fires: {error}")]
    BadPattern {
        /// As written, clipped.
        found: String,
        /// What is wrong with it.
        error: PatternError,
    },
    /// A text that names no weekdays.
    #[error("`{found}` names no weekdays")]
    BadDays {
        /// As written, clipped.
        found: String,
    },
    /// A text that is no time of day.
    #[error("`{found}` is not a time of day")]
    BadTime {
        /// As written, clipped.
        found: String,
    },
    /// A date of a slot or change on which the schedule is not valid.
    #[error("{date} is outside the validity of the schedule, {}", validity(*from, *until))]
    DateOutsideValidity {
        /// The date.
        date: NaiveDate,
        /// First day.
        from: NaiveDate,
        /// Last day, where there is one.
        until: Option<NaiveDate>,
    },
    /// No `play`, no `repeat_of` and no `relay`.
    #[error("it does not say what it plays")]
    NothingToPlay,
    /// More than one of them.
    #[error("it says in several ways what it plays: {}", listed(found))]
    SeveralPlays {
        /// The keys.
        found: Vec<&'static str>,
    },
    /// A name that no recording can have.
    #[error("`{found}` cannot be a recording: it {error}")]
    BadCartName {
        /// As written, clipped.
        found: String,
        /// Why.
        error: CartNameError,
    },
    /// `repeat_of` a slot that is not there.
    #[error("`repeat_of` names the slot `{wanted}`, which this schedule does not have")]
    UnknownRepeat {
        /// The slot.
        wanted: String,
        /// The slot that comes closest.
        closest: Option<String>,
    },
    /// `repeat_of` the slot itself.
    #[error("`repeat_of` names the slot itself")]
    RepeatOfItself,
    /// `repeat_of` a repeat.
    #[error("`repeat_of` names the slot `{wanted}`, which is itself a repeat of `{of}`")]
    RepeatOfRepeat {
        /// The slot.
        wanted: SlotId,
        /// What that one repeats.
        of: SlotId,
    },
    /// `repeat_of` a relay.
    #[error("`repeat_of` names the slot `{wanted}`, which relays and has nothing to repeat")]
    RepeatOfRelay {
        /// The slot.
        wanted: SlotId,
    },
    /// A word in `except` that means nothing.
    #[error("`except` holds `{found}`, expected dates or \"holidays\"")]
    BadExcept {
        /// As written, clipped.
        found: String,
    },
    /// Two notes on one recording.
    #[error("`{file}` is already described in line {first_line}")]
    DuplicateCart {
        /// The recording.
        file: CartName,
        /// Where the first stands.
        first_line: usize,
    },
    /// A change of a slot that is not there.
    #[error("the change names the slot `{wanted}`, which this schedule does not have")]
    ChangeOfUnknownSlot {
        /// The slot.
        wanted: String,
        /// The slot that comes closest.
        closest: Option<String>,
    },
    /// A change on a day when the slot does not air.
    #[error("the slot does not air on {date}, so there is nothing to change")]
    ChangeWhenNotDue {
        /// The day.
        date: NaiveDate,
    },
    /// A move of a slot that airs several times that day.
    #[error("the slot airs {count} times on {date}, so it is not certain which of them moves")]
    MoveOfSeveral {
        /// The day.
        date: NaiveDate,
        /// How often.
        count: usize,
    },
    /// A key that this action does not take.
    #[error("`{key}` means nothing with `action = \"{action}\"`")]
    KeyWithoutMeaning {
        /// The key.
        key: &'static str,
        /// The action.
        action: &'static str,
    },
    /// Two changes of which only one can be.
    #[error("this change and that of line {first_line} cannot both be on {date}")]
    ChangesContradict {
        /// The day.
        date: NaiveDate,
        /// Where the first stands.
        first_line: usize,
    },
    /// A change puts a cue where the slot has one.
    #[error("the slot already airs at {} on {date}", at.format("%H:%M"))]
    AlreadyDue {
        /// The day.
        date: NaiveDate,
        /// The time.
        at: NaiveTime,
    },
    /// A theme that is not in the list.
    #[error("`{topic}` is not a theme of the station's list")]
    UnknownTopic {
        /// The theme, clipped.
        topic: String,
        /// The theme that comes closest.
        closest: Option<String>,
    },
    /// A kind of recording that looks like a slip of the pen.
    #[error("`{kind}` is not a known kind of recording")]
    UnknownKind {
        /// The kind, clipped.
        kind: String,
        /// The one that it looks like.
        closest: &'static str,
    },
    /// A note on a recording that no slot plays.
    #[error("`{file}` is described but no slot plays it")]
    UnusedCart {
        /// The recording.
        file: CartName,
        /// The played one that comes closest.
        closest: Option<String>,
    },
    /// Recordings that an office names and never sent, of which the station has its own.
    #[error("of {} the station's common recording airs: this office sent none of that name", listed(&names_of(files)))]
    CommonRecordings {
        /// The recordings, each once.
        files: Vec<CartName>,
    },
    /// No day of the validity is one of the slot's.
    #[error("it never airs between {from} and {until}")]
    NeverDue {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// A change on a holiday, for a slot that does not air on holidays.
    #[error("{date} is a holiday, on which the slot does not air, so the change does nothing")]
    ChangeOnHoliday {
        /// The day.
        date: NaiveDate,
    },
    /// A recording that is not there.
    #[error("`{file}` is not in the library")]
    MissingRecording {
        /// The recording.
        file: CartName,
        /// The one that comes closest.
        closest: Option<String>,
    },
    /// A recording that cannot be opened.
    #[error("`{file}` cannot be read: {found}")]
    UnreadableRecording {
        /// The recording.
        file: CartName,
        /// What the system said.
        found: String,
    },
    /// A recording that cannot be decoded.
    #[error("`{file}` cannot be decoded: {found}")]
    UndecodableRecording {
        /// The recording.
        file: CartName,
        /// What the decoder said.
        found: String,
    },
    /// A recording of nothing but silence.
    #[error("`{file}` is silent from beginning to end")]
    SilentRecording {
        /// The recording.
        file: CartName,
    },
    /// A recording whose content was not approved, at a station that airs nothing else.
    #[error("`{file}` is not approved in the content that it has now")]
    UnapprovedRecording {
        /// The recording.
        file: CartName,
    },
    /// A recording that ends early or has holes.
    #[error("`{file}` is damaged: {missing_frames} of {} frames cannot be decoded", frames.saturating_add(*missing_frames))]
    DamagedRecording {
        /// The recording.
        file: CartName,
        /// Frames decoded.
        frames: u64,
        /// Frames that could not be.
        missing_frames: u64,
    },
    /// A recording that is in the folder and was not measured yet.
    #[error("`{file}` is not measured yet")]
    UnmeasuredRecording {
        /// The recording.
        file: CartName,
    },
    /// Two files with one schedule id.
    #[error("the schedule id `{id}` is also that of {}", listed(others))]
    DuplicateSchedule {
        /// The id.
        id: ScheduleId,
        /// The other files.
        others: Vec<String>,
    },
    /// The same recording in the same hour from two schedules.
    #[error(
        "`{file}` airs twice within the hour on {date}: at {} here, at {} by slot `{}` of schedule `{}`",
        at.format("%H:%M"), other.at.format("%H:%M"), other.slot, other.schedule
    )]
    SameHour {
        /// The recording.
        file: CartName,
        /// The first day on which it happens.
        date: NaiveDate,
        /// When this slot is due.
        at: NaiveTime,
        /// The other slot.
        other: SameCue,
    },
}

words_of!(Fault {
    Fault::Document(_) => "document",
    Fault::TooManySlots { .. } => "too_many_slots",
    Fault::TooManyCues { .. } => "too_many_cues",
    Fault::NoSlots => "no_slots",
    Fault::UntilBeforeFrom { .. } => "until_before_from",
    Fault::DuplicateSlot { .. } => "duplicate_slot",
    Fault::NoTime => "no_time",
    Fault::SeveralTimes { .. } => "several_times",
    Fault::HalfTime { .. } => "half_time",
    Fault::BadPattern { .. } => "bad_pattern",
    Fault::BadDays { .. } => "bad_days",
    Fault::BadTime { .. } => "bad_time",
    Fault::DateOutsideValidity { .. } => "date_outside_validity",
    Fault::NothingToPlay => "nothing_to_play",
    Fault::SeveralPlays { .. } => "several_plays",
    Fault::BadCartName { .. } => "bad_cart_name",
    Fault::UnknownRepeat { .. } => "unknown_repeat",
    Fault::RepeatOfItself => "repeat_of_itself",
    Fault::RepeatOfRepeat { .. } => "repeat_of_repeat",
    Fault::RepeatOfRelay { .. } => "repeat_of_relay",
    Fault::BadExcept { .. } => "bad_except",
    Fault::DuplicateCart { .. } => "duplicate_cart",
    Fault::ChangeOfUnknownSlot { .. } => "change_of_unknown_slot",
    Fault::ChangeWhenNotDue { .. } => "change_when_not_due",
    Fault::MoveOfSeveral { .. } => "move_of_several",
    Fault::KeyWithoutMeaning { .. } => "key_without_meaning",
    Fault::ChangesContradict { .. } => "changes_contradict",
    Fault::AlreadyDue { .. } => "already_due",
    Fault::UnknownTopic { .. } => "unknown_topic",
    Fault::UnknownKind { .. } => "unknown_kind",
    Fault::UnusedCart { .. } => "unused_cart",
    Fault::CommonRecordings { .. } => "common_recordings",
    Fault::NeverDue { .. } => "never_due",
    Fault::ChangeOnHoliday { .. } => "change_on_holiday",
    Fault::MissingRecording { .. } => "missing_recording",
    Fault::UnreadableRecording { .. } => "unreadable_recording",
    Fault::UndecodableRecording { .. } => "undecodable_recording",
    Fault::SilentRecording { .. } => "silent_recording",
    Fault::UnapprovedRecording { .. } => "unapproved_recording",
    Fault::DamagedRecording { .. } => "damaged_recording",
    Fault::UnmeasuredRecording { .. } => "unmeasured_recording",
    Fault::DuplicateSchedule { .. } => "duplicate_schedule",
    Fault::SameHour { .. } => "same_hour",
});

impl Fault {
    /// A file larger than `limit` bytes, which was not read.
    pub fn too_large(bytes: u64, limit: u64) -> Fault {
        DocumentFault::TooLarge { bytes, limit }.into()
    }

    /// A file that the system did not let be read; `found` is what it said.
    pub fn unreadable(found: &str) -> Fault {
        DocumentFault::Unreadable { found: clip(found) }.into()
    }

    /// A schedule id that other files have too.
    pub fn duplicate_id(id: ScheduleId, others: Vec<String>) -> Fault {
        Fault::DuplicateSchedule { id, others }
    }
}

impl Flaw for Fault {
    const ROOM: &'static str = "schedule";

    fn word(&self) -> &'static str {
        match self {
            Fault::Document(fault) => fault.word(),
            own => own.own_word(),
        }
    }

    /// Notices are what may be meant, and what depends on more than the schedule's own text (the themes, the
    /// holidays): a version that was right once must read as right for ever, since the journal keeps it.
    fn severity(&self) -> Severity {
        match self {
            Fault::UnknownTopic { .. }
            | Fault::UnknownKind { .. }
            | Fault::UnusedCart { .. }
            | Fault::CommonRecordings { .. }
            | Fault::NeverDue { .. }
            | Fault::ChangeOnHoliday { .. }
            | Fault::UnmeasuredRecording { .. }
            | Fault::SameHour { .. } => Severity::Notice,
            Fault::Document(fault) => fault.severity(),
            _ => Severity::Error,
        }
    }

    fn help(&self) -> Option<String> {
        remedy::of(self)
    }
}

fn names_of(files: &[CartName]) -> Vec<&str> {
    files.iter().map(CartName::as_str).collect()
}

fn validity(from: NaiveDate, until: Option<NaiveDate>) -> String {
    match until {
        Some(until) => format!("{from} to {until}"),
        None => format!("from {from}"),
    }
}
