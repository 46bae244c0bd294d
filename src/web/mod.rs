//! The pages that the running station serves: what is on air, the rundown, the as-run log with its proofs, orders for those
//! who may give them. Owns the sockets, the accounts and the sessions; renders on the server, needs no script and nothing
//! from elsewhere. Gives orders to the station through what `station` hands it ([`Station`]), reads the journal by readers
//! of its own, and never writes either. It may fail and begin anew: the playout does not notice.
//!
//! A request passes `receive`, which decides by whom it comes and whether it may do what it asks, before any page sees it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::config::{Config, Listen, Themes};
use crate::core::airing::ScheduleId;
use crate::core::cart::Library;
use crate::core::drops::DropId;
use crate::core::handwritten::Handwritten;
use crate::core::order::{Answer, Order, Refusal};
use crate::core::record::{Entry, Visit};
use crate::core::rundown::Plan;
use crate::core::rundown::forecast::Policy;
use crate::core::standing::Report;
use crate::words;

pub mod accounts;
mod airings;
mod api;
mod ask;
mod attempts;
pub mod certificate;
mod change;
mod door;
pub mod folders;
mod frame;
mod handwriting;
mod inbox;
mod listen;
mod login;
mod month;
mod now;
mod orders;
mod proof;
mod readers;
mod receive;
mod recordings;
mod reports;
mod room;
mod rundown;
mod sending;
mod sessions;
mod take_off;
mod themes;
mod unheard;
mod upload;
mod visitor;

use accounts::Accounts;
use attempts::Attempts;
use folders::Folders;
use month::KeptMonths;
use readers::Readers;
use sessions::{Secret, Sessions};

/// The first pause after a failure; the next is twice as long.
const BACK_OFF: Duration = Duration::from_secs(1);
/// And none is longer.
const LONGEST_BACK_OFF: Duration = Duration::from_secs(60);
/// So often it is looked whether accounts have changed and the station ends.
const LOOK: Duration = Duration::from_millis(500);
/// So many questions to the journal at once: the disk is the playout's first.
const READING: usize = 3;
/// So many pieces of recordings are read at once for those who listen.
const LISTENING: usize = 2;
/// So many forms with files at once.
const UPLOADING: usize = 4;

/// So many orders at once, and so many stops: together with those who read, fewer than the threads there are for what blocks.
const ORDERING: usize = 6;
const STOPPING: usize = 4;
const CARRYING: usize = 6;
const ASKING: usize = 2;
/// What the playout said so lately is said again.
const FRESH: Duration = Duration::from_secs(1);

/// What the pages need of the running station. `station` implements it; a test may.
pub trait Station: Folders + Send + Sync {
    /// How it stands; none: the playout does not answer. Blocks for seconds at most.
    fn report(&self) -> Option<Report>;
    /// Gives an order in somebody's name. Blocks for seconds at most.
    fn give(&self, order: Order, by: String) -> Given;
    /// Approves a schedule in somebody's name: nothing that came after the receipt.
    fn approve(&self, schedule: ScheduleId, by: String, receipt: Option<DropId>) -> Given;
    /// Refuses what waits of a schedule in somebody's name, for that reason: nothing that came after the receipt.
    fn refuse(&self, schedule: ScheduleId, by: String, why: String, receipt: Option<DropId>) -> Given;
    /// Takes down what somebody writes by hand. Blocks for seconds at most.
    fn write_down(&self, hand: Handwritten) -> Given;
    /// What is planned, and the recordings there are.
    fn programme(&self) -> (Arc<Plan>, Arc<Library>);
    /// Hands entries to whoever writes the journal; does not wait for the disk.
    fn write(&self, entries: Vec<Entry>);
    /// Raises an alarm of the pages, with what it is about and what was found, or ends it.
    fn alarm(&self, code: &'static str, found: Option<(String, String)>);
}

/// What became of an order.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// It is carried out.
    Done(Answer),
    /// It is refused.
    Refused(Refusal),
    /// The playout did not answer in time.
    Silent,
}

/// The accounts as they were last read.
#[derive(Default)]
struct KnownAccounts {
    accounts: Arc<Accounts>,
    read: Option<Option<(SystemTime, u64)>>,
    faulty: bool,
}

/// All that the pages know.
pub struct Pages {
    config: Config,
    themes: Themes,
    policy: Policy,
    station: Box<dyn Station>,
    clock: Arc<dyn Clock>,
    readers: Readers,
    accounts: Mutex<KnownAccounts>,
    sessions: Mutex<Sessions>,
    attempts: Mutex<Attempts>,
    months: Mutex<KeptMonths>,
    /// Marks the forms of this run.
    secret: Secret,
    /// One password is proved at a time: each takes 19 MiB.
    proving: Arc<Semaphore>,
    reading: Arc<Semaphore>,
    /// Orders, and stops apart from them: neither waits for whoever reads.
    ordering: Arc<Semaphore>,
    stopping: Arc<Semaphore>,
    /// Files that are sent in, listened to, taken off.
    carrying: Arc<Semaphore>,
    /// How the station stood a moment ago: however many look, the playout is asked once.
    report: Mutex<Option<(Duration, Option<Report>)>>,
    /// Something was ordered then: what the playout said before is old. A lock of its own: an order never waits for whoever
    /// asks.
    ordered: Mutex<Duration>,
    /// Those who only want to know whether the playout answers.
    asking: Arc<Semaphore>,
    /// One form of a report is made at a time.
    reporting: Arc<Semaphore>,
    periods: Mutex<themes::KeptPeriods>,
    uploading: Arc<Semaphore>,
    listening: Semaphore,
}

fn hold<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pages {
    /// The pages of a station; none: the system gives no chance for secrets.
    pub fn new(
        config: &Config,
        themes: Themes,
        journal: &Path,
        station: Box<dyn Station>,
        clock: Arc<dyn Clock>,
    ) -> Option<Pages> {
        Some(Pages {
            config: config.clone(),
            themes,
            policy: config.policy.rules(),
            station,
            clock,
            readers: Readers::new(journal),
            accounts: Mutex::default(),
            sessions: Mutex::default(),
            attempts: Mutex::default(),
            months: Mutex::default(),
            secret: Secret::new()?,
            proving: Arc::new(Semaphore::new(1)),
            reading: Arc::new(Semaphore::new(READING)),
            ordering: Arc::new(Semaphore::new(ORDERING)),
            stopping: Arc::new(Semaphore::new(STOPPING)),
            carrying: Arc::new(Semaphore::new(CARRYING)),
            report: Mutex::default(),
            ordered: Mutex::default(),
            asking: Arc::new(Semaphore::new(ASKING)),
            reporting: Arc::new(Semaphore::new(1)),
            periods: Mutex::default(),
            uploading: Arc::new(Semaphore::new(UPLOADING)),
            listening: Semaphore::new(LISTENING),
        })
    }

    /// Serves until told to stop.
    pub fn keep(self, stop: impl Fn() -> bool) {
        crate::clock::yield_to_others();
        let pages = Arc::new(self);
        let mut pause = BACK_OFF;
        while !stop() {
            let Listen::At(address) = pages.config.page.listen else {
                pages.wait(LONGEST_BACK_OFF, &stop);
                continue;
            };
            pages.look();
            let serving = || door::serve(&pages, address, &stop);
            let served = std::panic::catch_unwind(std::panic::AssertUnwindSafe(serving));
            let language = pages.config.station.language;
            let shown = address.to_string();
            let alarm = match served {
                Ok(Ok(())) => continue,
                Ok(Err(door::Closed::NoAccounts)) => {
                    pause = BACK_OFF;
                    words::pages::no_accounts_to_listen(language, &shown)
                }
                Ok(Err(door::Closed::Failed(found))) => words::pages::cannot_listen(language, &shown, &found),
                Err(_) => words::pages::pages_failed(language),
            };
            tracing::warn!(address = shown, found = alarm.1, "the pages are not served; the station airs on");
            pages.station.alarm("page_not_served", Some(alarm));
            pages.wait(pause, &stop);
            pause = (pause * 2).min(LONGEST_BACK_OFF);
        }
    }

    fn wait(&self, span: Duration, stop: &impl Fn() -> bool) {
        let mut waited = Duration::ZERO;
        while waited < span && !stop() {
            std::thread::sleep(LOOK);
            waited += LOOK;
            self.look();
        }
    }

    /// How the station stands, as of a second ago at most; none: the playout does not answer. Blocks for seconds at most.
    fn report(&self) -> Option<Report> {
        let mut kept = hold(&self.report);
        if let Some((at, report)) = &*kept
            && self.steady().saturating_sub(*at) < FRESH
            && *at > *hold(&self.ordered)
        {
            return report.clone();
        }
        let asked = self.steady();
        let report = self.station.report();
        *kept = Some((asked, report.clone()));
        report
    }

    /// Something was ordered: what the playout said before is old.
    fn asks_anew(&self) {
        *hold(&self.ordered) = self.steady();
    }

    fn steady(&self) -> Duration {
        self.clock.read().steady
    }

    fn accounts(&self) -> Arc<Accounts> {
        hold(&self.accounts).accounts.clone()
    }

    /// Reads the accounts where they have changed, and hands in what the journal is to be told. Accounts that cannot be read
    /// stay as they were: nobody loses his rights to a slip of an editor, and none gains any. No lock is held while the disk
    /// is asked: it may hang, and what is on air must be stopped all the same.
    fn look(&self) {
        let state = &self.config.paths.state;
        let changed = accounts::changed(state);
        if hold(&self.accounts).read != Some(changed) {
            let read = Accounts::read(state);
            match &read {
                Ok(accounts) => self.tell_changes(accounts),
                Err(error) => {
                    let about = accounts::file_of(state).display().to_string();
                    let found = words::Say::say(error, self.config.station.language);
                    self.station.alarm("accounts_faulty", Some((about, found)));
                }
            }
            let mut known = hold(&self.accounts);
            known.read = Some(changed);
            let was_faulty = std::mem::replace(&mut known.faulty, read.is_err());
            if let Ok(accounts) = read {
                known.accounts = Arc::new(accounts);
                if was_faulty {
                    self.station.alarm("accounts_faulty", None);
                }
            }
        }
        let told = hold(&self.attempts).take_due(self.steady());
        self.tell(told);
    }

    fn tell_changes(&self, accounts: &Accounts) {
        let state = &self.config.paths.state;
        let changes = accounts.changes(state);
        if changes.is_empty() {
            return;
        }
        let entry = |(name, change, by)| Entry::Account { name, change, by };
        self.station.write(changes.into_iter().map(entry).collect());
        if let Err(error) = accounts.noted(state) {
            tracing::error!(%error, "what the journal was told of the accounts could not be noted");
        }
    }

    fn tell(&self, visits: Vec<Visit>) {
        if !visits.is_empty() {
            self.station.write(visits.into_iter().map(Entry::Visit).collect());
        }
    }
}
