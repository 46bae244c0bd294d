//! What the pages need of the station's folders: what comes into the inbox, receipts, recordings to listen to and
//! what waits for approval, a schedule
//! changed for one day. Owns the trait alone; `station` implements it, and no path ever passes here.

use std::io;
use std::time::Duration;

use crate::core::account::AccountName;
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{DropId, Hold};
use crate::core::fault::Located;
use crate::core::schedule::Action;

/// A file that comes in. Let go before it is finished, it leaves nothing.
pub trait Incoming: Send {
    /// Writes on; blocks.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::StorageFull`] where it would take room that the station needs.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Through to the disk and to its name, which it answers; never over another file. Blocks.
    ///
    /// # Errors
    /// What the system says.
    fn finish(self: Box<Self>) -> io::Result<String>;
}

/// A change for one day as a form has it.
#[derive(Clone, Debug, PartialEq)]
pub struct DayChange {
    /// The schedule.
    pub schedule: ScheduleId,
    /// The slot.
    pub slot: SlotId,
    /// The civil day.
    pub date: chrono::NaiveDate,
    /// What changes.
    pub action: Action,
    /// Why.
    pub reason: Option<String>,
}

/// What became of a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Changed {
    /// The schedule is live with it.
    Live,
    /// The schedule with it waits for a person.
    Waits(Vec<Hold>),
    /// The schedule would be faulty; nothing was written.
    Faulty(Vec<Located>),
    /// No such schedule is live.
    NotLive,
    /// Another version of it waits, or lies in the folder of schedules and is not live: it would be lost.
    AnotherWaits,
    /// What the system says.
    Failed(String),
}

/// A recording that would be approved with a schedule, and never was in that content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unheard {
    /// Its name.
    pub name: CartName,
    /// What would be approved; none: it is not measured yet, or cannot be read.
    pub content: Option<Fingerprint>,
    /// How long it is, where that is known.
    pub length: Option<Duration>,
    /// The schedules that it waits with.
    pub schedules: Vec<ScheduleId>,
}

/// The folders of the station. All of it blocks.
pub trait Folders {
    /// The offices that a file can be sent for.
    fn offices(&self) -> Vec<String> {
        Vec::new()
    }
    /// Begins a file for that office, or for the inbox itself, which was `sent` under that name.
    ///
    /// # Errors
    /// What the system says.
    fn incoming(&self, _office: Option<&str>, _sent: &str) -> io::Result<Box<dyn Incoming>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// The receipt of that number as a page; none where there is none any more.
    fn receipt(&self, _id: &DropId) -> Option<String> {
        None
    }
    /// A recording of the library, opened; none where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn recording(&self, _name: &CartName) -> io::Result<Option<std::fs::File>> {
        Ok(None)
    }
    /// What waits for a person to approve it, by name.
    fn unheard(&self) -> Vec<Unheard> {
        Vec::new()
    }
    /// A recording that waits in that content, opened; none where it does not, or no longer.
    ///
    /// # Errors
    /// What the system says.
    fn unheard_recording(
        &self,
        _name: &CartName,
        _content: &Fingerprint,
    ) -> io::Result<Option<std::fs::File>> {
        Ok(None)
    }
    /// Does what is done when a person moves that recording into the folder for taking off; false where there is none.
    ///
    /// # Errors
    /// What the system says.
    fn take_off(&self, _name: &CartName) -> io::Result<bool> {
        Ok(false)
    }
    /// Changes a schedule for one day, in somebody's name.
    fn change(&self, _change: &DayChange, _by: &AccountName) -> Changed {
        Changed::NotLive
    }
}
