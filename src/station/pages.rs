//! Puts the pages to work: what they may ask of the running station, and the task that serves them. Owns nothing but the
//! wiring; the playout does not know that they exist.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::alarms::Alarms;
use super::folders::StationFolders;
use super::shelf::Shelf;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Themes};
use crate::control::{Ask, Told};
use crate::core::account::AccountName;
use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint, Library};
use crate::core::drops::DropId;
use crate::core::handwritten::Handwritten;
use crate::core::order::Order;
use crate::core::record::Entry;
use crate::core::rundown::Plan;
use crate::core::standing::Report;
use crate::playout::scribe::Scribe;
use crate::web::folders::{Changed, DayChange, Folders, Incoming, Unheard};
use crate::web::{Given, Pages, Station};

/// Who answers what is asked of the station, by command or by page.
pub(super) type Answers = Arc<dyn Fn(Ask) -> Told + Send + Sync>;

/// What the pages reach of the station.
pub(super) struct Reach {
    pub(super) answers: Answers,
    pub(super) shelf: Arc<Shelf>,
    pub(super) alarms: Arc<Alarms>,
    pub(super) scribe: Scribe,
    pub(super) clock: Arc<SystemClock>,
    pub(super) folders: StationFolders,
}

impl Reach {
    fn given(&self, ask: Ask) -> Given {
        match (self.answers)(ask) {
            Told::Done(answer) => Given::Done(answer),
            Told::Refused(refusal) => Given::Refused(refusal),
            Told::Busy | Told::NotUnderstood | Told::Status(_) => Given::Silent,
        }
    }
}

impl Station for Reach {
    fn report(&self) -> Option<Report> {
        match (self.answers)(Ask::Status) {
            Told::Status(report) => Some(*report),
            _ => None,
        }
    }

    fn give(&self, order: Order, by: String) -> Given {
        self.given(Ask::Order { order, by })
    }

    fn approve(&self, schedule: ScheduleId, by: String, receipt: Option<DropId>) -> Given {
        self.given(Ask::Approve { schedule, by, receipt })
    }

    fn refuse(&self, schedule: ScheduleId, by: String, why: String, receipt: Option<DropId>) -> Given {
        self.given(Ask::Refuse { schedule, by, why, receipt })
    }

    fn write_down(&self, hand: Handwritten) -> Given {
        self.given(Ask::Write { hand })
    }

    fn programme(&self) -> (Arc<Plan>, Arc<Library>) {
        (self.shelf.get().plan, self.shelf.cleared())
    }

    fn write(&self, entries: Vec<Entry>) {
        self.scribe.hand_in(self.clock.now(), entries);
    }

    fn alarm(&self, code: &'static str, found: Option<(String, String)>) {
        self.alarms.set(code, found.into_iter().collect::<BTreeMap<_, _>>());
    }
}

impl Folders for Reach {
    fn offices(&self) -> Vec<String> {
        self.folders.offices()
    }

    fn incoming(&self, office: Option<&str>, sent: &str) -> io::Result<Box<dyn Incoming>> {
        self.folders.incoming(office, sent)
    }

    fn receipt(&self, id: &DropId) -> Option<String> {
        self.folders.receipt(id)
    }

    fn recording(&self, name: &CartName) -> io::Result<Option<std::fs::File>> {
        self.folders.recording(name)
    }

    fn unheard(&self) -> Vec<Unheard> {
        self.folders.unheard()
    }

    fn unheard_recording(&self, name: &CartName, content: &Fingerprint) -> io::Result<Option<std::fs::File>> {
        self.folders.unheard_recording(name, content)
    }

    fn take_off(&self, name: &CartName) -> io::Result<bool> {
        self.folders.take_off(name)
    }

    fn change(&self, change: &DayChange, by: &AccountName) -> Changed {
        self.folders.change(change, by)
    }
}

/// The task that serves the pages.
pub(super) fn task(
    config: &Config,
    themes: Themes,
    journal: &Path,
    reach: Reach,
    stop: impl Fn() -> bool + Send + 'static,
) -> impl FnOnce() + Send + 'static {
    let clock = reach.clock.clone();
    let pages = Pages::new(config, themes, journal, Box::new(reach), clock);
    move || match pages {
        Some(pages) => pages.keep(stop),
        None => {
            tracing::error!("the system gives no random numbers: the pages are not served");
            // A task that ends before the station does would end it.
            while !stop() {
                std::thread::sleep(std::time::Duration::from_secs(1));
            }
        }
    }
}
