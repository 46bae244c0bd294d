//! What the rooms of the station know of each other's work: the plan that is live and the recordings that are there.
//! Owns the rule by which a recording without approval is kept from the playout; tells the playout what changes.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Call;
use crate::config::Config;
use crate::core::cart::{Cart, CartFault, CartName, Fingerprint, Library};
use crate::core::rundown::Plan;
use crate::intake::recordings::Known;
use crate::intake::store;
use crate::playout::News;

/// What lies on the shelf at a moment.
#[derive(Clone)]
pub(super) struct Shown {
    /// Everything that decides what is due when.
    pub(super) plan: Arc<Plan>,
    /// The recordings as they are in their folder.
    pub(super) library: Arc<Library>,
    /// Recordings that an approval covers, each with the content that was approved: nothing else of it airs.
    pub(super) covered: Arc<BTreeMap<CartName, Vec<Fingerprint>>>,
}

impl Shown {
    /// The library as the playout may use it.
    fn cleared(&self) -> Arc<Library> {
        let open = |(name, allowed): (&CartName, &Vec<Fingerprint>)| match self.library.get(name) {
            Some(Cart::Ready(found)) => (!allowed.contains(&found.sha256)).then(|| name.clone()),
            _ => None,
        };
        let withheld: Vec<CartName> = self.covered.iter().filter_map(open).collect();
        if withheld.is_empty() {
            return self.library.clone();
        }
        let mut library = Library::clone(&self.library);
        withheld.into_iter().for_each(|name| library.put(name, Cart::Faulty(CartFault::NotApproved)));
        Arc::new(library)
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
    /// Tells the folder of recordings what has been measured.
    pub(super) known: Known,
}

impl Shelf {
    pub(super) fn new(config: &Config, library: Arc<Library>, tell: Sender<Call>, known: Known) -> Shelf {
        let plan = Arc::new(Plan::empty(config.station.time_zone));
        let shown = Shown { plan, library, covered: Arc::default() };
        let state = &config.paths.state;
        Shelf {
            shown: Mutex::new(shown),
            tell: Mutex::new(tell),
            pending: state.join("waiting"),
            audio: config.paths.audio.clone(),
            kept: state.join("replaced"),
            known,
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

    /// Puts another plan, and what approvals cover.
    pub(super) fn put_plan(&self, plan: Plan, covered: BTreeMap<CartName, Vec<Fingerprint>>) {
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

    /// Puts other recordings.
    pub(super) fn put_library(&self, library: Arc<Library>) {
        let mut shown = self.lock();
        shown.library = library;
        self.tell(News::Library(shown.cleared()));
    }

    /// The library as the playout may use it.
    pub(super) fn cleared(&self) -> Arc<Library> {
        self.lock().cleared()
    }

    /// Puts what waits of those recordings into the library, and tells the content that each has then.
    pub(super) fn release<'n>(
        &self,
        names: impl Iterator<Item = &'n CartName>,
    ) -> BTreeMap<CartName, Fingerprint> {
        let library = self.get().library;
        let mut contents = BTreeMap::new();
        for name in names {
            if contents.contains_key(name) {
                continue;
            }
            match self.release_one(name) {
                Ok(Some(content)) => drop(contents.insert(name.clone(), content)),
                Ok(None) => {
                    if let Some(Cart::Ready(found)) = library.get(name) {
                        contents.insert(name.clone(), found.sha256);
                    }
                }
                Err(error) => tracing::error!(%error, %name, "an approved recording could not be stored"),
            }
        }
        contents
    }

    fn release_one(&self, name: &CartName) -> std::io::Result<Option<Fingerprint>> {
        let waits = self.pending.join(name.as_str());
        if !waits.is_file() {
            return Ok(None);
        }
        // It was measured when it came; the folder of recordings measures it again in its own time.
        let content = crate::sound::measure::fingerprint_of(&waits)?;
        store::store(&waits, &self.audio, name, content, &self.kept)?;
        std::fs::remove_file(&waits)?;
        Ok(Some(content))
    }
}
