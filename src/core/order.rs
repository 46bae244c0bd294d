//! What a person asks of the running station, as values. Owns the list of orders; never carries one out.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use super::airing::{ScheduleId, SlotId};
use super::cart::CartName;
use super::drops::{DropId, Hold};
use super::handwritten::{HandFault, Handwritten};
use super::limits::Limit;

/// An order to the running station.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// Ends what is on air and what waits for it; later cues air as planned.
    Stop,
    /// Airs a recording of the library: at once, or after what is on air.
    Play {
        /// The recording.
        file: CartName,
    },
    /// Leaves out the cues of a slot on one civil day, or the one at `time`.
    Skip {
        /// The slot.
        slot: SlotId,
        /// The civil day.
        date: NaiveDate,
        /// The civil time; none: every cue of that day.
        time: Option<NaiveTime>,
    },
    /// Airs a recording of the library at once, in the quiet hours too, and again until it expires; see
    /// [`super::emergency`].
    Emergency {
        /// The recording.
        file: CartName,
        /// What it is called in the record; none: what the schedules call the recording, else its name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// It expires then: in at most [`super::emergency::LONGEST_TIME`].
        until: DateTime<Utc>,
        /// It repeats so often, [`super::emergency::SHORTEST_INTERVAL`] to [`super::emergency::LONGEST_INTERVAL`];
        /// none: it airs once.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        every: Option<Duration>,
        /// Its first airing is due then; none: when it is given. Another time is given by the station itself, where it
        /// gives an order anew after the clock was set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<DateTime<Utc>>,
    },
    /// Ends the emergency orders that stand.
    EndEmergency {
        /// Those of this recording; none: all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        file: Option<CartName>,
    },
    /// A person vouches that the clock is right.
    ConfirmClock,
    /// The station ends in order.
    Shutdown,
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// What was on air is stopped, and what waited for it is called off.
    Stopped {
        /// The title of what was on air.
        title: Option<String>,
        /// How many cues waited.
        waiting: usize,
    },
    /// The recording airs, now or after what is on air.
    Playing {
        /// Its title.
        title: String,
        /// It waits for this.
        behind: Option<String>,
    },
    /// Cues are left out.
    Skipped {
        /// Their planned instants.
        dues: Vec<DateTime<Utc>>,
    },
    /// An emergency order stands.
    Emergency {
        /// Its title.
        title: String,
        /// It expires then.
        until: DateTime<Utc>,
        /// It repeats so often; none: it airs once.
        every: Option<Duration>,
    },
    /// Emergency orders are ended.
    EmergencyEnded {
        /// Their titles; never empty.
        titles: Vec<String>,
    },
    /// The clock is vouched for.
    ClockConfirmed {
        /// The time that was vouched for.
        now: DateTime<Utc>,
    },
    /// A version of a schedule is approved, with its recordings.
    Approved {
        /// The schedule.
        schedule: ScheduleId,
        /// Its title.
        title: String,
    },
    /// What waited of a schedule is refused; what was approved before airs on.
    Refused {
        /// The schedule.
        schedule: ScheduleId,
        /// Its title.
        title: String,
        /// Recordings that lie in the folder of recordings without approval: they stay there, and do not air.
        lying: Vec<CartName>,
    },
    /// It is written down.
    WrittenDown {
        /// What.
        hand: Handwritten,
    },
    /// The station is ending.
    Ending,
}

/// A right version that waits for a person, or a live one whose recordings do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Awaited {
    /// The schedule.
    pub schedule: ScheduleId,
    /// Its title.
    pub title: String,
    /// Why it waits.
    pub holds: Vec<Hold>,
    /// It airs as it is, from before approval was wanted, and nothing new of it waits: it can be approved, and there is
    /// nothing to refuse.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub airs: bool,
}

/// Why an order was refused. `Display` is the English, with the remedy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "refused", rename_all = "snake_case")]
pub enum Refusal {
    /// Nothing is on air and nothing waits.
    #[error("nothing is on air and nothing waits for it")]
    NothingOnAir,
    /// No recording of that name.
    #[error("`{file}` is not in the library{}", closest.as_ref().map(|name| format!("; closest is `{name}`")).unwrap_or_default())]
    NotInLibrary {
        /// The name asked for.
        file: CartName,
        /// The closest name there is.
        closest: Option<CartName>,
    },
    /// The recording cannot air.
    #[error("`{file}` cannot air: {found}; see `loa probe`")]
    CannotAir {
        /// The name asked for.
        file: CartName,
        /// What is wrong with it.
        found: String,
    },
    /// It would sound in the quiet hours.
    #[error("it would sound in the quiet hours, which last until {until}; order it again then")]
    QuietHours {
        /// When they end.
        until: DateTime<Utc>,
    },
    /// A limit of the station stands in the way.
    #[error("a limit of the station keeps it from airing now; see `[policy]` and `loa rundown`")]
    Limit {
        /// The limit.
        limit: Limit,
    },
    /// The expiry of an emergency order has passed.
    #[error("it would have expired at {until}, which has passed; give a later `--until`")]
    EmergencyOver {
        /// The expiry that was given.
        until: DateTime<Utc>,
    },
    /// An emergency order would stand too long.
    #[error("it would stand until {until}, expected at most {} days; order it again then", most.as_secs() / 86_400)]
    EmergencyTooLong {
        /// The expiry that was given.
        until: DateTime<Utc>,
        /// The longest time.
        most: Duration,
    },
    /// An emergency order would repeat too often, or hardly ever.
    #[error(
        "it would repeat every {} s, expected {} s to {} h; mend `--every`",
        every.as_secs(),
        from.as_secs(),
        to.as_secs() / 3_600
    )]
    EmergencyInterval {
        /// The interval that was given.
        every: Duration,
        /// The shortest.
        from: Duration,
        /// The longest.
        to: Duration,
    },
    /// No emergency order stands, or none of that recording.
    #[error("no such emergency order stands; `loa status` lists those that do")]
    NoEmergency,
    /// No such cue waits or comes.
    #[error("slot `{slot}` has no cue left on {date}; `loa rundown --from {date}` lists them")]
    NoSuchCue {
        /// The slot asked for.
        slot: SlotId,
        /// The day asked for.
        date: NaiveDate,
    },
    /// No such schedule waits or is live.
    #[error("no schedule `{schedule}` waits or is live{}", waiting.iter().map(|id| format!("; `{id}` waits")).collect::<String>())]
    NothingToApprove {
        /// The schedule asked for.
        schedule: ScheduleId,
        /// Those that wait.
        waiting: Vec<ScheduleId>,
    },
    /// Nothing of that schedule waits.
    #[error(
        "nothing of the schedule `{schedule}` waits{}; what is live is taken off by the folder for taking off",
        waiting.iter().map(|id| format!("; `{id}` waits")).collect::<String>()
    )]
    NothingToRefuse {
        /// The schedule asked for.
        schedule: ScheduleId,
        /// Those of which something waits.
        waiting: Vec<ScheduleId>,
    },
    /// What would be approved or refused came after the receipt that the approver has read.
    #[error("`{file}` came after receipt {receipt}; read its receipt, then give `--receipt {newest}`")]
    NewerThanReceipt {
        /// The receipt that was named.
        receipt: DropId,
        /// What came last of it.
        file: String,
        /// The number of its receipt.
        newest: DropId,
    },
    /// No drop has that number.
    #[error(
        "no receipt has the number `{receipt}`; it stands at the foot of each, e.g. 20261124-051203-3f9a1c"
    )]
    NoSuchReceipt {
        /// The number asked for.
        receipt: DropId,
    },
    /// What a person writes by hand is not taken.
    #[error("{0}")]
    ByHand(HandFault),
    /// The station is ending.
    #[error("the station is ending; start it again with `{START}`")]
    Ending,
    /// The order could not be written down, so it was not carried out.
    #[error("the order could not be written down: {found}; see `loa status`")]
    NotRecorded {
        /// What was found.
        found: String,
    },
}

/// How an installed station is started by hand: `loa run`, given by an administrator, would run it as the wrong account.
pub const START: &str = if cfg!(windows) { "net start loa" } else { "sudo systemctl start loa" };

/// Why a station could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// No station runs on this state folder.
    #[error("no station runs on `{state}`; start it with `{START}`, or `loa run` where it is tried out")]
    NotRunning {
        /// The state folder.
        state: PathBuf,
    },
    /// The door may not be read by this user.
    #[error("`{file}` may not be read by this user: {found}; run the command as the station's user")]
    NotAllowed {
        /// The file.
        file: PathBuf,
        /// What the system said.
        found: String,
    },
    /// The station runs and does not answer.
    #[error("the station does not answer: {found}; `loa status` again in a moment, or see its diagnostics")]
    NoAnswer {
        /// What was found.
        found: String,
    },
    /// The station could not open its door.
    #[error("`{file}` could not be written: {found}; the station's user must own the state folder")]
    NoDoor {
        /// The file.
        file: PathBuf,
        /// What the system said.
        found: String,
    },
}
