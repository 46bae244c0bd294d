//! What a person asks of the running station, as values. Owns the list of orders; never carries one out.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::airing::SlotId;
use super::cart::CartName;

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
    /// A person vouches that the clock is right.
    ConfirmClock,
    /// The station ends in order.
    Shutdown,
}
