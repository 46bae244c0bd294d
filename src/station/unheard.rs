//! What waits for a person, to be heard before it is approved. Owns which recordings that are and by which content each of
//! them is known; what is asked for is looked up among them, so that no path ever comes from outside.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Seek};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::shelf::{Shelf, Shown};
use crate::core::airing::ScheduleId;
use crate::core::cart::{Cart, CartName, Fingerprint};
use crate::core::drops::Hold;
use crate::intake::{Marks, store};
use crate::sound::measure::{fingerprint, measure};
use crate::web::folders::Unheard;

/// Where a recording lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    /// Aside, until somebody approves it.
    Aside,
    /// In the folder of recordings.
    Library,
}

/// What is known of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Content {
    marks: Marks,
    sha256: Fingerprint,
    length: Option<Duration>,
    /// How long it is was looked for, or is known from when it came.
    measured: bool,
}

/// What is known of files that wait: nobody who looks at a page, or listens to a piece of one, has them read whole again.
#[derive(Default)]
pub(super) struct ContentsKnown(Mutex<HashMap<(Place, CartName), Content>>);

impl ContentsKnown {
    fn lock(&self) -> MutexGuard<'_, HashMap<(Place, CartName), Content>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was put aside, as it was measured when it came.
    pub(super) fn learn(&self, name: CartName, marks: Marks, sha256: Fingerprint, length: Duration) {
        self.lock()
            .insert((Place::Aside, name), Content { marks, sha256, length: Some(length), measured: true });
    }

    /// The content of an opened file, which stands at its beginning afterwards.
    fn of(&self, place: Place, name: &CartName, file: &mut File) -> io::Result<Content> {
        let marks = Marks::from_metadata(&file.metadata()?)?;
        let key = (place, name.clone());
        if let Some(known) = self.lock().get(&key).filter(|known| known.marks == marks) {
            return Ok(*known);
        }
        let content = Content { marks, sha256: fingerprint(file)?, length: None, measured: false };
        file.rewind()?;
        // Written to meanwhile it is looked at again.
        if Marks::from_metadata(&file.metadata()?)? == marks {
            self.lock().insert(key, content);
        }
        Ok(content)
    }

    /// One that lies aside and was not measured since the program started; it is taken as measured from now on, so that a
    /// file which cannot be is tried once.
    fn take_unmeasured(&self) -> Option<(CartName, Content)> {
        let mut known = self.lock();
        let open = |(key, one): &(&(Place, CartName), &mut Content)| key.0 == Place::Aside && !one.measured;
        let ((_, name), content) = known.iter_mut().find(open)?;
        content.measured = true;
        Some((name.clone(), *content))
    }

    /// Forgets what does not wait any more.
    fn keep(&self, names: &BTreeSet<&CartName>) {
        self.lock().retain(|(_, name), _| names.contains(name));
    }
}

impl Shelf {
    /// What waits for a person, by name: what an approval given now would cover and none covered before.
    pub(super) fn unheard(&self) -> Vec<Unheard> {
        let shown = self.get();
        let mut wanted: BTreeSet<(CartName, ScheduleId)> = BTreeSet::new();
        for (hold, schedules) in self.awaiting() {
            if let Hold::NewContent { file } | Hold::NewRecording { file } | Hold::NotApproved { file } = hold
            {
                wanted.extend(schedules.into_iter().map(|schedule| (file.clone(), schedule)));
            }
        }
        for (id, schedule) in shown.waiting.iter() {
            wanted.extend(schedule.played().map(|name| (name.clone(), id.clone())));
        }
        let mut found: BTreeMap<(CartName, Option<Fingerprint>), Unheard> = BTreeMap::new();
        for (name, schedule) in wanted {
            let Some((content, length)) = self.to_approve(&shown, &name, &schedule) else { continue };
            let fresh = || Unheard { name: name.clone(), content, length, schedules: Vec::new() };
            found.entry((name.clone(), content)).or_insert_with(fresh).schedules.push(schedule);
        }
        self.contents_known.keep(&found.keys().map(|(name, _)| name).collect());
        found.into_values().collect()
    }

    /// What somebody would approve of that recording who approves that schedule, as [`Shelf::contents`] has it, with its
    /// length; none where there is nothing, or it was approved before.
    fn to_approve(
        &self,
        shown: &Shown,
        name: &CartName,
        schedule: &ScheduleId,
    ) -> Option<(Option<Fingerprint>, Option<Duration>)> {
        let cover = shown.covered.get(name);
        let covers = cover.is_some_and(|cover| cover.schedules.contains(schedule));
        if covers && self.pending.join(name.as_str()).is_file() {
            let content = self.lies_aside(name).unwrap_or_else(|error| {
                tracing::warn!(%error, %name, "a recording that waits cannot be read");
                None
            });
            return Some((content.map(|content| content.sha256), content.and_then(|content| content.length)));
        }
        match shown.library.get(name)? {
            Cart::Ready(found) => {
                let was_approved = cover.is_some_and(|cover| cover.allowed.contains(&found.sha256));
                (!was_approved).then(|| (Some(found.sha256), Some(found.duration())))
            }
            Cart::Unmeasured => Some((None, None)),
            Cart::Faulty(_) => None,
        }
    }

    /// Measures one recording that waits from before the program started: what was found when it came is not kept. True
    /// where there was one.
    pub(super) fn measure_unheard(&self) -> bool {
        // Each that waits is known by its content then.
        self.unheard();
        let Some((name, known)) = self.contents_known.take_unmeasured() else { return false };
        if let Ok(found) = measure(&self.pending.join(name.as_str()), &mut |_| ())
            && found.sha256 == known.sha256
        {
            self.contents_known.learn(name, known.marks, known.sha256, found.duration());
        }
        true
    }

    fn lies_aside(&self, name: &CartName) -> io::Result<Option<Content>> {
        let Some(mut file) = store::open(&self.pending, name)? else { return Ok(None) };
        self.contents_known.of(Place::Aside, name, &mut file).map(Some)
    }

    /// A recording that waits in that very content, opened; none where it does not, or no longer: it was approved, refused,
    /// or another came in its place.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn open_unheard(&self, name: &CartName, content: &Fingerprint) -> io::Result<Option<File>> {
        let is_it = |one: &Unheard| one.name == *name && one.content == Some(*content);
        if !self.unheard().iter().any(is_it) {
            return Ok(None);
        }
        for (place, root) in [(Place::Aside, &self.pending), (Place::Library, &self.audio)] {
            let Some(mut file) = store::open(root, name)? else { continue };
            // By what the opened file holds, not by what was known of its name.
            if self.contents_known.of(place, name, &mut file)?.sha256 == *content {
                return Ok(Some(file));
            }
        }
        Ok(None)
    }
}
