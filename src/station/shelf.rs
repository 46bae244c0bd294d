//! What the rooms of the station know of each other's work: the plan that is live and the recordings that are there.
//! Owns the rule by which a recording without approval is kept from the playout; tells the playout what changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Call;
use super::refusing::Followed;
use super::unheard::ContentsKnown;
use crate::config::Config;
use crate::core::airing::ScheduleId;
use crate::core::cart::{Cart, CartFault, CartName, Fingerprint, Library};
use crate::core::drops::Hold;
use crate::core::order::{Answer, Order, Refusal};
use crate::core::rundown::Plan;
use crate::core::schedule::Schedule;
use crate::intake::recordings::Known;
use crate::intake::store;
use crate::playout::News;
use crate::sound::measure::{fingerprint, fingerprint_of};

/// What lies on the shelf at a moment.
#[derive(Clone)]
pub(super) struct Shown {
    /// Everything that decides what is due when.
    pub(super) plan: Arc<Plan>,
    /// The recordings as they are in their folder.
    pub(super) library: Arc<Library>,
    /// Recordings that an approval covers: nothing airs of them but what was approved.
    pub(super) covered: Arc<BTreeMap<CartName, Cover>>,
    /// Versions that wait for a person.
    pub(super) waiting: Arc<BTreeMap<ScheduleId, Arc<Schedule>>>,
}

/// What approvals say of a recording.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cover {
    /// The content that was approved.
    pub(super) allowed: Vec<Fingerprint>,
    /// The live schedules that it was approved with.
    pub(super) schedules: Vec<ScheduleId>,
}

impl Shown {
    /// The library as the playout may use it.
    fn cleared(&self) -> Arc<Library> {
        let withheld: Vec<&CartName> = self.covered.keys().filter(|name| self.is_withheld(name)).collect();
        if withheld.is_empty() {
            return self.library.clone();
        }
        let mut library = Library::clone(&self.library);
        withheld.into_iter().for_each(|name| library.put(name.clone(), Cart::Faulty(CartFault::NotApproved)));
        Arc::new(library)
    }

    /// Whether what lies in the folder of recordings under that name was not approved, though an approval covers it.
    fn is_withheld(&self, name: &CartName) -> bool {
        match (self.covered.get(name), self.library.get(name)) {
            (Some(cover), Some(Cart::Ready(found))) => !cover.allowed.contains(&found.sha256),
            _ => false,
        }
    }
}

/// The shelf.
pub(super) struct Shelf {
    shown: Mutex<Shown>,
    tell: Mutex<Sender<Call>>,
    /// New content of covered recordings waits here, by its name, for a person to approve it.
    pub(super) pending: PathBuf,
    /// The folder of recordings.
    pub(super) audio: PathBuf,
    /// What was replaced or taken out is kept here.
    pub(super) kept: PathBuf,
    /// How far refusals have been followed.
    pub(super) refusals: Followed,
    /// Tells the folder of recordings what has been measured.
    pub(super) known: Known,
    /// What is known of the content that waits.
    pub(super) contents_known: ContentsKnown,
}

impl Shelf {
    pub(super) fn new(config: &Config, library: Arc<Library>, tell: Sender<Call>, known: Known) -> Shelf {
        let plan = Arc::new(Plan::empty(config.station.time_zone));
        let shown = Shown { plan, library, covered: Arc::default(), waiting: Arc::default() };
        let state = &config.paths.state;
        Shelf {
            shown: Mutex::new(shown),
            tell: Mutex::new(tell),
            pending: state.join("waiting"),
            audio: config.paths.audio.clone(),
            kept: state.join("replaced"),
            refusals: Followed::new(state),
            known,
            contents_known: ContentsKnown::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What lies on it now.
    pub(super) fn get(&self) -> Shown {
        self.lock().clone()
    }

    fn tell(&self, news: News) {
        drop(self.tell.lock().unwrap_or_else(PoisonError::into_inner).send(Call::News(news)));
    }

    /// Gives the playout an order of the station's own; none: it did not answer in time.
    pub(super) fn give(&self, order: Order, by: String) -> Option<Result<Answer, Refusal>> {
        let (reply, answer) = channel();
        let reply = Box::new(move |result| drop(reply.send(result)));
        self.tell(News::Order { order, by, reply });
        answer.recv_timeout(super::PLAYOUT_ANSWERS_IN).ok()
    }

    /// Puts another plan, and what approvals cover.
    pub(super) fn put_plan(&self, plan: Plan, covered: BTreeMap<CartName, Cover>) {
        let mut shown = self.lock();
        shown.plan = Arc::new(plan.clone());
        let other = *shown.covered != covered;
        shown.covered = Arc::new(covered);
        // The library first: a plan must not air for a moment what is not approved.
        if other {
            self.tell(News::Library(shown.cleared()));
        }
        self.tell(News::Plan(plan));
    }

    /// Puts the versions that wait for a person.
    pub(super) fn put_waiting(&self, waiting: BTreeMap<ScheduleId, Arc<Schedule>>) {
        self.lock().waiting = Arc::new(waiting);
    }

    /// Puts other recordings.
    pub(super) fn put_library(&self, library: Arc<Library>) {
        let mut shown = self.lock();
        shown.library = library;
        self.tell(News::Library(shown.cleared()));
    }

    /// The library as the playout may use it.
    pub(super) fn cleared(&self) -> Arc<Library> {
        // Not under the lock: the playout takes it too.
        self.get().cleared()
    }

    /// Recordings that wait for a person, with the schedules that they would be approved with.
    pub(super) fn awaiting(&self) -> Vec<(Hold, Vec<ScheduleId>)> {
        let shown = self.get();
        let waiting = shown.covered.iter().filter_map(|(name, cover)| {
            let file = name.clone();
            let hold = match (self.pending.join(name.as_str()).is_file(), shown.is_withheld(name)) {
                (true, _) => Hold::NewContent { file },
                (false, true) if cover.allowed.is_empty() => Hold::NewRecording { file },
                (false, true) => Hold::NotApproved { file },
                (false, false) => return None,
            };
            Some((hold, cover.schedules.clone()))
        });
        waiting.collect()
    }

    /// What a person approves who approves that schedule with those recordings now: the content that waits for it, else
    /// what is in the folder, measured or not yet.
    ///
    /// # Errors
    /// What waits cannot be read.
    pub(super) fn contents<'n>(
        &self,
        schedule: &ScheduleId,
        names: impl Iterator<Item = &'n CartName>,
    ) -> std::io::Result<BTreeMap<CartName, Fingerprint>> {
        let Shown { library, covered, .. } = self.get();
        let of_it = |name| covered.get(name).is_some_and(|cover| cover.schedules.contains(schedule));
        let mut contents = BTreeMap::new();
        for name in names {
            let waits = self.pending.join(name.as_str());
            let content = match (of_it(name) && waits.is_file(), library.get(name)) {
                (true, _) => Some(fingerprint_of(&waits)?),
                (false, Some(Cart::Ready(found))) => Some(found.sha256),
                (false, Some(Cart::Faulty(_))) => None,
                // A new station looks and measures for a while: what lies there is approved all the same.
                (false, Some(Cart::Unmeasured) | None) => self.lies_there(name),
            };
            contents.extend(content.map(|content| (name.clone(), content)));
        }
        Ok(contents)
    }

    /// What lies in the folder under that name; none where it cannot be read, as where it is not there.
    fn lies_there(&self, name: &CartName) -> Option<Fingerprint> {
        let mut opened = store::open(&self.audio, name).ok().flatten()?;
        fingerprint(&mut opened).ok()
    }

    /// Puts what waits and is approved into the folder of recordings, at a start too: the power may have been cut between
    /// the two. It was measured when it came; the folder measures it again in its own time. False
    /// where one could not be stored.
    pub(super) fn release(&self, covered: &BTreeMap<CartName, Cover>) -> bool {
        let mut all = true;
        for (name, cover) in covered {
            let waits = self.pending.join(name.as_str());
            if !waits.is_file() {
                continue;
            }
            let released = fingerprint_of(&waits).and_then(|content| {
                if cover.allowed.contains(&content) {
                    store::store(&waits, &self.audio, name, content, &self.kept)?;
                    std::fs::remove_file(&waits)?;
                }
                Ok(())
            });
            if let Err(error) = released {
                tracing::error!(%error, %name, "an approved recording could not be stored; it is tried again");
                all = false;
            }
        }
        all
    }
}
