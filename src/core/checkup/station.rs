//! Findings about the station's own affairs: config, schedules, recordings, inbox, journal, and whether it runs. Owns
//! how grave each is.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use super::{Grade, Nature, Subject};
use crate::core::cart::{CartFault, CartName};
use crate::core::fault::{ConfigFault, Flaw, Located, Severity};
use crate::core::outbox::Undelivered;

/// A cue of the coming days whose recordings are not all well.
#[derive(Clone, Debug, PartialEq)]
pub struct Lacking {
    /// The title of its slot.
    pub title: String,
    /// Its first due that lacks them.
    pub due: DateTime<Utc>,
    /// What it lacks, and what is wrong with what is there; none: it is not there.
    pub carts: Vec<(CartName, Option<CartFault>)>,
    /// It plays its old recordings meanwhile.
    pub meanwhile: bool,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Station {
    /// The config and its lists are right.
    ConfigRight {
        /// The config's file.
        file: PathBuf,
    },
    /// A fault of the config or of a list beside it.
    ConfigFaulty(Box<Located<ConfigFault>>),
    /// It runs.
    Running {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// It does not run.
    NotRunning {
        /// It has run before.
        ever: bool,
    },
    /// It holds its lock and does not answer.
    NotAnswering {
        /// Its process, where it is known.
        process: Option<u32>,
        /// What was found, in English.
        found: String,
    },
    /// This account may not ask it.
    Barred {
        /// The file that may not be read.
        file: PathBuf,
    },
    /// Entries are held in memory, since the journal cannot be written.
    Held {
        /// How many.
        entries: usize,
    },
    /// It raised an alarm that still stands.
    Alarm {
        /// What it is about.
        about: String,
        /// What was found, in the station's language.
        found: String,
    },
    /// It has raised none.
    NoAlarm,
    /// Alarms do not reach somebody who is far away.
    Untold {
        /// Whom, as far as it may be shown.
        to: String,
        /// Since when.
        since: DateTime<Utc>,
        /// Why.
        found: Undelivered,
    },
    /// Every file in the inbox was taken up.
    InboxEmpty,
    /// Files lie there longer than the station needs.
    InboxWaiting {
        /// How many.
        files: usize,
        /// One of them.
        one: PathBuf,
    },
    /// The inbox cannot be read.
    InboxUnreadable {
        /// Which.
        folder: PathBuf,
        /// What the system said.
        found: String,
    },
    /// The journal opens.
    Journal {
        /// How many entries it has.
        entries: u64,
        /// Each was proven; otherwise it was too long for a quick look.
        proven: bool,
    },
    /// There is none yet.
    NoJournal,
    /// It cannot be read, or is not whole.
    JournalBroken {
        /// What was found, in English.
        found: String,
    },
    /// How often the station was ended without its doing, in the last week.
    Restarts {
        /// How often.
        cuts: usize,
        /// When it came back the last time.
        last: Option<DateTime<Utc>>,
    },
    /// A fault of a schedule file.
    ScheduleFaulty(Box<Located>),
    /// The folder of schedules cannot be read.
    SchedulesUnreadable {
        /// Which.
        folder: PathBuf,
    },
    /// No schedule is there that could air anything.
    NoSchedule,
    /// Nothing airs in the coming week.
    NothingComes,
    /// What comes.
    Comes {
        /// Cues of the coming week that are not cancelled.
        cues: usize,
        /// The first of them.
        first: DateTime<Utc>,
    },
    /// Recordings of the coming week that are not all well.
    Lacks(Box<Lacking>),
    /// They are all there and well.
    RecordingsThere,
    /// Some were not listened through yet.
    Unmeasured {
        /// How many.
        recordings: usize,
    },
}

impl Station {
    pub(super) fn nature(&self) -> Nature {
        use Grade::{Attention, NotKnown, Ok, Wrong};
        use Subject::{Alarms, Config, Inbox, Journal, Recordings, Restarts, Schedules};
        let (subject, grade, code) = match self {
            Station::ConfigRight { .. } => (Config, Ok, "config_right"),
            Station::ConfigFaulty(_) => (Config, Wrong, "config_faulty"),
            Station::Running { .. } => (Subject::Station, Ok, "running"),
            // A station that was never started is being set up; one that was should be running.
            Station::NotRunning { ever: false } => (Subject::Station, Attention, "never_ran"),
            Station::NotRunning { ever: true } => (Subject::Station, Wrong, "not_running"),
            Station::NotAnswering { .. } => (Subject::Station, Wrong, "not_answering"),
            Station::Barred { .. } => (Subject::Station, NotKnown, "may_not_ask"),
            Station::Held { .. } => (Journal, Wrong, "entries_held"),
            Station::Alarm { .. } => (Alarms, Wrong, "alarm"),
            Station::NoAlarm => (Alarms, Ok, "no_alarm"),
            Station::Untold { .. } => (Alarms, Attention, "alarms_untold"),
            Station::InboxEmpty => (Inbox, Ok, "inbox_empty"),
            Station::InboxWaiting { .. } => (Inbox, Attention, "inbox_waiting"),
            Station::InboxUnreadable { .. } => (Inbox, Wrong, "inbox_unreadable"),
            Station::Journal { .. } => (Journal, Ok, "journal_whole"),
            Station::NoJournal => (Journal, NotKnown, "no_journal"),
            Station::JournalBroken { .. } => (Journal, Wrong, "journal_broken"),
            Station::Restarts { cuts: 0, .. } => (Restarts, Ok, "no_cuts"),
            Station::Restarts { .. } => (Restarts, Attention, "cuts"),
            Station::ScheduleFaulty(fault) if fault.fault.severity() == Severity::Error => {
                (Schedules, Wrong, "schedule_faulty")
            }
            Station::ScheduleFaulty(_) => (Schedules, Attention, "schedule_notice"),
            Station::SchedulesUnreadable { .. } => (Schedules, Wrong, "schedules_unreadable"),
            Station::NoSchedule => (Schedules, Wrong, "no_schedule"),
            Station::NothingComes => (Schedules, Attention, "nothing_comes"),
            Station::Comes { .. } => (Schedules, Ok, "cues_come"),
            Station::Lacks(lacking) if lacking.meanwhile => (Recordings, Attention, "recordings_late"),
            Station::Lacks(_) => (Recordings, Wrong, "recordings_lacking"),
            Station::RecordingsThere => (Recordings, Ok, "recordings_there"),
            Station::Unmeasured { .. } => (Recordings, NotKnown, "recordings_unmeasured"),
        };
        Nature { subject, grade, code }
    }
}
