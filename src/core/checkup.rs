//! What an examination of the station finds, as values: what it is about, how grave it is, and what was found. Owns the
//! list of findings and the judgement how grave each is; what is found is gathered in `doctor`, and `words` says it with
//! its remedy.

use std::time::Duration;

use serde::Serialize;

mod machine;
mod page;
mod sound;
mod station;

pub use machine::{Machine, Need, Place};
pub use page::{CERTIFICATE_ENDS_SOON, Page};
pub use sound::{Mixer, Sound};
pub use station::{Lacking, Station};

/// What a finding is about; in this order they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The config and the lists beside it.
    Config,
    /// Whether the station runs.
    Station,
    /// What the running station itself says is wrong.
    Alarms,
    /// The sound cards of the config.
    Card,
    /// The mixer of these cards.
    Mixer,
    /// Other programs on these cards, and other stations on this machine.
    Programs,
    /// The machine's clock.
    Clock,
    /// The schedules.
    Schedules,
    /// The recordings of the coming days.
    Recordings,
    /// The inbox.
    Inbox,
    /// The station's pages.
    Page,
    /// The journal.
    Journal,
    /// How often the station did not end in order.
    Restarts,
    /// The disks.
    Disk,
    /// Whether this account may do what the station does.
    Permissions,
    /// Whether the machine goes to sleep.
    Suspend,
    /// Whether the station comes back by itself.
    Autostart,
    /// The program that converts recordings.
    Converter,
}

impl Subject {
    /// All of them, as they are told.
    pub const ALL: [Subject; 18] = [
        Subject::Config,
        Subject::Station,
        Subject::Alarms,
        Subject::Card,
        Subject::Mixer,
        Subject::Programs,
        Subject::Clock,
        Subject::Schedules,
        Subject::Recordings,
        Subject::Inbox,
        Subject::Page,
        Subject::Journal,
        Subject::Restarts,
        Subject::Disk,
        Subject::Permissions,
        Subject::Suspend,
        Subject::Autostart,
        Subject::Converter,
    ];
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// As it should be.
    Ok,
    /// It could not be found out; nothing is said about how it is.
    NotKnown,
    /// It airs as it is, and should be seen to.
    Attention,
    /// Something does not air, is not written down, or is heard by nobody.
    Wrong,
}

/// What kind of finding it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nature {
    /// What it is about.
    pub subject: Subject,
    /// How grave it is.
    pub grade: Grade,
    /// Its name for machines; never changes.
    pub code: &'static str,
}

/// Something that was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Finding {
    /// About cards, their mixer and who else plays on them.
    Sound(Sound),
    /// About the machine.
    Machine(Machine),
    /// About the station's own affairs.
    Station(Station),
    /// About the station's pages.
    Page(Page),
    /// A check did not come to an end: that is a finding itself.
    Unfinished {
        /// What was to be checked.
        subject: Subject,
        /// How it failed.
        how: Unfinished,
    },
}

/// How a check failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfinished {
    /// It took longer than this and was left behind.
    Hung {
        /// How long it was waited for.
        after: Duration,
    },
    /// It broke: a fault of the program.
    Broke {
        /// What it said, in English.
        found: String,
    },
}

impl Finding {
    /// What kind of finding it is.
    pub fn nature(&self) -> Nature {
        match self {
            Finding::Sound(found) => found.nature(),
            Finding::Machine(found) => found.nature(),
            Finding::Station(found) => found.nature(),
            Finding::Page(found) => found.nature(),
            Finding::Unfinished { subject, how: Unfinished::Hung { .. } } => {
                Nature { subject: *subject, grade: Grade::Wrong, code: "check_hung" }
            }
            Finding::Unfinished { subject, how: Unfinished::Broke { .. } } => {
                Nature { subject: *subject, grade: Grade::Wrong, code: "check_broke" }
            }
        }
    }
}

impl From<Sound> for Finding {
    fn from(found: Sound) -> Finding {
        Finding::Sound(found)
    }
}

impl From<Machine> for Finding {
    fn from(found: Machine) -> Finding {
        Finding::Machine(found)
    }
}

impl From<Page> for Finding {
    fn from(found: Page) -> Finding {
        Finding::Page(found)
    }
}

impl From<Station> for Finding {
    fn from(found: Station) -> Finding {
        Finding::Station(found)
    }
}
