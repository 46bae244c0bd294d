//! What really went out: an airing, its outcome and the reason. The lists are closed; every cue ends in exactly one
//! of these outcomes. Owns their names in the journal and in JSON; never decides which one applies.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cart::{CartName, Fingerprint};

/// A closed list of words, the same in the journal, in JSON and on the command line.
macro_rules! closed_list {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// Every member, in the order of the design.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
            /// The word in the journal and in JSON.
            pub fn word(self) -> &'static str { match self { $($name::$variant => $word),+ } }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.word()) }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(word: &str) -> Result<Self, ()> {
                match word { $($word => Ok($name::$variant),)+ _ => Err(()) }
            }
        }
    };
}

pub(super) use closed_list;

closed_list! {
    /// How an airing stands or ended.
    Outcome {
        /// Sounding now.
        OnAir = "on_air",
        /// Every file reached its end, at least 99 % of the planned frames were delivered.
        Aired = "aired",
        /// Stopped by a rule or a person.
        Cut = "cut",
        /// Stopped or holed by a failure.
        Interrupted = "interrupted",
        /// No frame sounded.
        Missed = "missed",
    }
}

closed_list! {
    /// Why an airing ended as it did; which reasons go with which outcome is [`Reason::fits`].
    Reason {
        /// A hard start took its place.
        HardStart = "hard_start",
        /// An emergency took its place.
        Emergency = "emergency",
        /// A person stopped, skipped or refused it.
        Operator = "operator",
        /// The quiet hours of the station.
        QuietHours = "quiet_hours",
        /// A limit of the station's policy.
        Limit = "limit",
        /// The station was told to end.
        Shutdown = "shutdown",
        /// The station lost power or was killed.
        PowerLost = "power_lost",
        /// The sound card was lost.
        DeviceLost = "device_lost",
        /// A recording could not be decoded, wholly or in part.
        BadAudio = "bad_audio",
        /// The output was silent for longer than allowed while it should have sounded.
        DeadAir = "dead_air",
        /// The station was not running when it was due.
        StationOff = "station_off",
        /// It could not start within its grace.
        Late = "late",
        /// A recording is not in the library.
        NoAudio = "no_audio",
        /// No sound card could be opened.
        NoDevice = "no_device",
        /// The clock could not be trusted.
        Clock = "clock",
        /// A new version of the schedule, or the slot's next cue, took its place.
        Superseded = "superseded",
        /// A change in the schedule called it off.
        Cancelled = "cancelled",
        /// Its schedule was taken out.
        Withdrawn = "withdrawn",
        /// It waited for an approval that did not come.
        NotApproved = "not_approved",
        /// The journal could not record its beginning.
        NoRecord = "no_record",
    }
}

impl Reason {
    /// Whether what was missed for this reason was meant not to air: told apart from what failed.
    pub fn is_called_off(self) -> bool {
        matches!(self, Reason::Cancelled | Reason::Withdrawn | Reason::Operator)
    }

    /// The table of the design: whether `outcome` may carry this reason.
    pub fn fits(self, outcome: Outcome) -> bool {
        use Reason::*;
        match outcome {
            Outcome::OnAir | Outcome::Aired => false,
            Outcome::Cut => matches!(self, HardStart | Emergency | Operator | QuietHours | Limit | Shutdown),
            Outcome::Interrupted => matches!(self, PowerLost | DeviceLost | BadAudio | DeadAir),
            Outcome::Missed => matches!(
                self,
                StationOff
                    | Late
                    | NoAudio
                    | BadAudio
                    | NoDevice
                    | QuietHours
                    | Limit
                    | Clock
                    | Superseded
                    | Cancelled
                    | Withdrawn
                    | NotApproved
                    | Operator
                    | NoRecord
            ),
        }
    }
}

closed_list! {
    /// Where an airing came from.
    Kind {
        /// A slot of a schedule.
        Cue = "cue",
        /// An emergency order.
        Emergency = "emergency",
        /// Aired because the cued one could not be.
        Fallback = "fallback",
        /// Ordered by a person.
        Manual = "manual",
        /// Another station's programme, for which this one stood aside (tiếp sóng): counted apart, its sound never measured.
        Relay = "relay",
        /// Written in by hand, never shown as measured.
        Entered = "entered",
        /// On the virtual card or by the sample station: never counted in a report.
        Test = "test",
    }
}

closed_list! {
    /// What goes first when two cues want the air (Circular 39/2020 names three classes; the emergency is an order,
    /// never a slot).
    Priority {
        /// Thông thường.
        Normal = "normal",
        /// Ưu tiên.
        Priority = "priority",
        /// Khẩn cấp.
        Emergency = "emergency",
    }
}

closed_list! {
    /// Whether a cue waits for what is on air, or cuts it.
    Start {
        /// Waits.
        Soft = "soft",
        /// Cuts.
        Hard = "hard",
    }
}

/// An id of a schedule, as written in it: letters, digits, `-`, `_`, `.`, at most 64.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ScheduleId(pub Arc<str>);

/// An id of a slot, unique in its schedule; the same letters as a schedule's.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlotId(pub Arc<str>);

macro_rules! text_id {
    ($($name:ident),+) => { $(
        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self { $name(text.into()) }
        }
    )+ };
}
text_id!(ScheduleId, SlotId);

/// The identity of a cue: one planned airing of one slot at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CueId {
    /// The schedule.
    pub schedule: ScheduleId,
    /// Its slot.
    pub slot: SlotId,
    /// The planned instant.
    pub due: DateTime<Utc>,
}

/// The number of an airing in the journal, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct AiringId(pub u64);

impl fmt::Display for AiringId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One recording of an airing as it stands in the journal: what it was, and how much of it went out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AiredCart {
    /// Its name in the library.
    pub file: CartName,
    /// What it is called in reports; the file's name where the schedule gives none.
    pub title: String,
    /// tin, bai, chuyen-muc, thong-bao, nhac-hieu, nhac …
    pub kind: String,
    /// A theme of the plan, where it has one.
    pub topic: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
    /// The fingerprint of what was to air, where it was known.
    pub sha256: Option<Fingerprint>,
    /// How much of it went out.
    pub aired: Duration,
}

/// An airing as the journal derives it: one row of the as-run log.
#[derive(Clone, Debug, PartialEq)]
pub struct Airing {
    /// Its number.
    pub id: AiringId,
    /// Where it came from.
    pub kind: Kind,
    /// The cue that it answers; none for manual, emergency and fallback airings.
    pub cue: Option<CueId>,
    /// The title of the slot or of what was ordered.
    pub title: String,
    /// Its priority.
    pub priority: Priority,
    /// The first frame at the loudspeaker, by the card's clock.
    pub started: Option<DateTime<Utc>>,
    /// The frame after the last.
    pub ended: Option<DateTime<Utc>>,
    /// How it stands; none between begin and the first frame.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<Reason>,
    /// What was planned, where the recordings were measured.
    pub planned: Option<Duration>,
    /// Frames delivered to the card, at the card's rate.
    pub frames: u64,
    /// What these frames are in time.
    pub aired: Duration,
    /// The card, as the config names it.
    pub device: Option<String>,
    /// Mean level of what was delivered, dBFS (RMS), none for silence.
    pub level_dbfs: Option<f64>,
    /// Whether the system said that its clock is synchronised.
    pub clock_synchronised: Option<bool>,
    /// Who ordered it, where a person did.
    pub by: Option<String>,
    /// Who approved it: name and document.
    pub approved_by: Option<String>,
    /// The hash of the entry that settled it.
    pub entry_hash: String,
    /// When it was written down (begin, or missed).
    pub noted: DateTime<Utc>,
    /// Its recordings in order.
    pub carts: Vec<AiredCart>,
}

/// How a cue stands or ended, without what it played.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// The airing's number.
    pub id: AiringId,
    /// The cue.
    pub cue: CueId,
    /// The title of its slot at the time.
    pub title: String,
    /// How it stands; none between begin and the first frame.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<Reason>,
}

/// An airing as a list shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its number.
    pub id: AiringId,
    /// Where it came from.
    pub kind: Kind,
    /// Its title.
    pub title: String,
    /// When it was due.
    pub due: Option<DateTime<Utc>>,
    /// Where it stands in the log.
    pub placed: DateTime<Utc>,
    /// Its first frame.
    pub started: Option<DateTime<Utc>>,
    /// The frame after its last.
    pub ended: Option<DateTime<Utc>>,
    /// How long it sounded.
    pub aired: Duration,
    /// How it stands; none between begin and the first frame.
    pub outcome: Option<Outcome>,
    /// Why.
    pub reason: Option<Reason>,
}

impl Airing {
    /// Where it stands in the log: its due, else its start, else when it was written down.
    pub fn placed(&self) -> DateTime<Utc> {
        self.cue.as_ref().map(|cue| cue.due).or(self.started).unwrap_or(self.noted)
    }

    /// How late the first frame was against the due instant, in whole milliseconds, early ones negative.
    pub fn late_ms(&self) -> Option<i64> {
        let due = self.cue.as_ref()?.due;
        Some(((self.started? - due).num_nanoseconds()? as f64 / 1e6).round() as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_belongs_to_an_outcome_and_aired_needs_none() {
        for reason in Reason::ALL {
            assert!(Outcome::ALL.iter().any(|outcome| reason.fits(*outcome)), "{reason} belongs nowhere");
            assert!(!reason.fits(Outcome::Aired) && !reason.fits(Outcome::OnAir));
        }
        assert!(Reason::HardStart.fits(Outcome::Cut) && !Reason::HardStart.fits(Outcome::Missed));
    }

    #[test]
    fn words_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(outcome.word().parse(), Ok(*outcome));
            assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.word());
        }
    }
}
