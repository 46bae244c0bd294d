//! A schedule as a value: its recordings, slots and one-day changes. Owns what they mean; reading one from text is
//! in [`read`], working out its cues is in `rundown`.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};

use super::airing::{Priority, ScheduleId, SlotId, Start};
use super::cart::CartName;
use super::pattern::Pattern;

pub mod against;
pub mod amend;
pub mod read;

/// How late a cue may start where its slot does not say: ten minutes.
pub const DEFAULT_GRACE: Duration = Duration::from_secs(600);
/// The longest grace a slot may ask for: six hours; a longer wait airs into another part of the day.
pub const LONGEST_GRACE: Duration = Duration::from_secs(6 * 3600);

/// The longest relay: six hours.
pub const LONGEST_RELAY: Duration = Duration::from_secs(6 * 3600);

/// One version of a schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its identity: the same id replaces the former version.
    pub id: ScheduleId,
    /// What it is called.
    pub title: String,
    /// First civil day, inclusive.
    pub valid_from: NaiveDate,
    /// Last civil day, inclusive; none: until it is replaced.
    pub valid_until: Option<NaiveDate>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The document of the approval.
    pub approved_ref: Option<String>,
    /// Taken out by its office.
    pub retired: bool,
    /// What its recordings are.
    pub carts: HashMap<CartName, CartNote>,
    /// Its slots, in the order written.
    pub slots: Vec<Arc<Slot>>,
    /// Its one-day changes, in the order written.
    pub changes: Vec<Change>,
}

impl Schedule {
    /// The slot of that id.
    pub fn slot(&self, id: &SlotId) -> Option<&Arc<Slot>> {
        self.slots.iter().find(|slot| slot.id == *id)
    }
    /// Approver and document in one line, as the as-run log carries them.
    pub fn approval(&self) -> Option<String> {
        match (&self.approved_by, &self.approved_ref) {
            (Some(by), Some(document)) => Some(format!("{by} ({document})")),
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (None, None) => None,
        }
    }
}

/// What a recording is: counted by theme, by the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartNote {
    /// Title in reports.
    pub title: String,
    /// tin, bai, chuyen-muc, thong-bao, nhac-hieu, nhac …
    pub kind: String,
    /// A theme of `config/themes.toml`.
    pub topic: Option<String>,
    /// Where it came from.
    pub source: Option<String>,
}

/// A standing rule: when, what, and how it behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Unique in the schedule.
    pub id: SlotId,
    /// What listeners would call it.
    pub title: String,
    /// When.
    pub pattern: Pattern,
    /// What.
    pub play: Play,
    /// Waits or cuts.
    pub start: Start,
    /// How late it may start, 0 s to [`LONGEST_GRACE`].
    pub grace: Duration,
    /// What goes first.
    pub priority: Priority,
    /// Not on holidays.
    pub except_holidays: bool,
    /// Not on these civil days.
    pub except: BTreeSet<NaiveDate>,
    /// The line of the file where it begins, from 1.
    pub line: usize,
}

/// What a slot plays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Play {
    /// These, one after the other; never empty.
    Carts(Arc<[CartName]>),
    /// What that slot of the same schedule played last.
    RepeatOf(SlotId),
    /// Nothing of ours: another station's programme goes out for so long (tiếp sóng), 1 min–[`LONGEST_RELAY`].
    Relay(Duration),
}

/// A change for one day only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The slot.
    pub slot: SlotId,
    /// The civil day of the cues it changes.
    pub date: NaiveDate,
    /// What changes.
    pub action: Action,
    /// Why.
    pub reason: Option<String>,
    /// The line of the file where it begins, from 1.
    pub line: usize,
}

/// What a change does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// The slot's cues of that day are called off.
    Cancel,
    /// The slot's cue of that day airs at another time instead. Only for a slot with one cue that day.
    Move {
        /// The civil time.
        at: NaiveTime,
    },
    /// The slot's cues of that day play something else.
    Replace {
        /// These, one after the other.
        play: Arc<[CartName]>,
    },
    /// One more cue of the slot on that day.
    Extra {
        /// The civil time.
        at: NaiveTime,
        /// What it plays; none: what the slot plays.
        play: Option<Arc<[CartName]>>,
    },
}
