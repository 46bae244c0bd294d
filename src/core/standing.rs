//! How the station stands at a moment, as a value: what `loa status` shows. Owns its shape; the playout fills it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::airing::{AiringId, Kind, Priority};
use super::card::NotOpened;
use super::emergency::InForce;
use super::order::Awaited;
use super::outbox::WayStanding;
use super::record::ClockState;

/// What sounds, or is settled to within a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OnAirNow {
    /// The airing.
    pub airing: AiringId,
    /// Where it came from.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// Its priority.
    pub priority: Priority,
    /// The first frame at the loudspeaker; none: not yet.
    pub since: Option<DateTime<Utc>>,
    /// When it will end.
    pub until: Option<DateTime<Utc>>,
    /// Mean level so far, dBFS.
    pub level_dbfs: Option<f64>,
}

/// A cue that waits or comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Coming {
    /// Its schedule; none for an order.
    pub schedule: Option<String>,
    /// Its slot; none for an order.
    pub slot: Option<String>,
    /// Its title.
    pub title: String,
    /// Its planned instant.
    pub due: DateTime<Utc>,
}

/// The sound card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CardStanding {
    /// Closed: nothing is due.
    Closed,
    /// Being opened.
    Opening,
    /// Open.
    Open {
        /// Which.
        device: String,
        /// It makes no sound.
        silent: bool,
    },
    /// None can be opened.
    Missing {
        /// Each card of the list, and why it did not open.
        tried: Vec<(String, NotOpened)>,
    },
}

/// The amplifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmplifierStanding {
    /// On.
    On,
    /// Off.
    Off,
    /// A command was given, and what came of it is not known yet.
    Switching,
    /// The last command failed; it is given again.
    Failed,
}

/// How the station stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The time by the station's clock.
    pub now: DateTime<Utc>,
    /// When the program started.
    pub started: DateTime<Utc>,
    /// The clock.
    pub clock: ClockState,
    /// What is on air.
    pub on_air: Option<OnAirNow>,
    /// The title of what an emergency has paused.
    #[serde(default)]
    pub paused: Option<String>,
    /// The emergency orders that stand, oldest first.
    #[serde(default)]
    pub emergencies: Vec<InForce>,
    /// What waits for the air, and what comes next, by due; at most ten.
    pub coming: Vec<Coming>,
    /// The card.
    pub card: CardStanding,
    /// The amplifier; none where the station switches none.
    #[serde(default)]
    pub amplifier: Option<AmplifierStanding>,
    /// How many entries could not be written yet and are held in memory.
    pub held: usize,
    /// Every cue due until then has its outcome.
    pub accounted: Option<DateTime<Utc>>,
}

/// How the station stands, with what is wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The playout's standing.
    pub standing: Standing,
    /// When the live schedules have their next cue, within an hour of the standing's time; what waits already is among
    /// those that come.
    #[serde(default)]
    pub next_due: Option<DateTime<Utc>>,
    /// What is wrong.
    pub alarms: Vec<Alarm>,
    /// The schedules that are live.
    pub schedules: Vec<String>,
    /// The versions that wait for a person.
    pub waiting: Vec<Awaited>,
    /// How those who are far away are told of alarms.
    #[serde(default)]
    pub ways: Vec<WayStanding>,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Alarm {
    /// Its code.
    pub code: String,
    /// What it is about.
    pub about: String,
    /// What was found, one line a fault, in the station's language.
    pub found: String,
    /// Since when.
    pub since: DateTime<Utc>,
}
