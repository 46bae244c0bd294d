//! Under what circumstances an entry was written: how the clock and the card stood. Owns their words in the journal; what
//! follows from them is decided elsewhere.

use serde::{Deserialize, Serialize};

/// The standing of the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// What the system says about synchronisation; none where it says nothing.
    pub synchronised: Option<bool>,
    /// Whether the station trusts it, by the rule of the design.
    pub trust: Trust,
}

/// Whether the clock is trusted, and on what ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// The system says that it is synchronised.
    Synchronised,
    /// It moved plausibly and agrees with a hardware clock that kept running, or never stopped since it was trusted.
    Plausible,
    /// A person vouched for it in this boot.
    Confirmed,
    /// The config says that this machine's clock is vouched for by other means.
    Vouched,
    /// Not trusted: before the program was built.
    BeforeBuild,
    /// Not trusted: before the journal's last entry or pulse.
    BeforeJournal,
    /// Not trusted: no synchronisation and no hardware clock that agrees since the machine booted.
    Unproven,
    /// Not trusted: it was set while nothing vouched for it.
    Stepped,
}

impl Trust {
    /// Whether cues air by it.
    pub fn is_trusted(self) -> bool {
        matches!(self, Trust::Synchronised | Trust::Plausible | Trust::Confirmed | Trust::Vouched)
    }
}

/// What happened to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum ClockChange {
    /// It was set: wall time moved otherwise than the machine's steady clock.
    Stepped {
        /// By how many milliseconds, forward positive.
        by_ms: i64,
    },
    /// It came to be trusted, or ceased to be.
    Trust,
}

/// What happened to the card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum CardChange {
    /// It could not be opened.
    Refused {
        /// What was found, in English.
        found: String,
    },
    /// It was lost while open.
    Lost {
        /// What was found, in English.
        found: String,
    },
    /// It is open again after a loss.
    Back,
}
