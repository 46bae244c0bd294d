//! What hangs on the board of the inbox (`lich-phat.html`), as a value: alarms, what is awaited, the coming days,
//! yesterday. Owns its shape; the station fills it.

use chrono::{DateTime, Utc};

use super::airing::{Airing, ScheduleId};
use super::drops::Hold;
use super::preview::{Coming, Missing};
use super::record::NotedRefusal;
use super::report::targets::TargetsChanged;

/// The board at a moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The moment.
    pub now: DateTime<Utc>,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
    /// Schedules that are right and not live.
    pub waiting: Vec<Waiting>,
    /// Cues that lack recordings, by deadline.
    pub missing: Vec<Missing>,
    /// The first [`super::paper::ROWS`] cues of the coming [`super::preview::DAYS`], by due.
    pub coming: Vec<Coming>,
    /// How many there are beyond those.
    pub beyond: usize,
    /// What became of yesterday's cues, and what else aired, by due or start.
    pub yesterday: Vec<Airing>,
    /// What was refused of late, the latest first.
    pub refused: Vec<NotedRefusal>,
    /// The last change of the plan's targets, where it is not long ago.
    pub targets: Option<TargetsChanged>,
}

/// Something that is wrong with the station.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// What it is about, e.g. a file.
    pub about: String,
    /// What was found, in the station's language; a line for each thing.
    pub found: String,
}

/// A schedule that is right and not live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its id.
    pub id: ScheduleId,
    /// Its title.
    pub title: String,
    /// Why it is not live; never empty.
    pub holds: Vec<Hold>,
}
