//! The folder of recordings: what is in it, and what measuring found. Owns the way from a file to a cart of the
//! library; measurements are remembered by name, size and time, so that a start need not measure again.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::judging::{head_of, sort};
use super::watch::Hints;
use super::{Marks, SETTLE, is_temporary};
use crate::clock::Clock;
use crate::core::cart::{Cart, CartName, Library};

/// The folder is looked at this often without a hint.
const RESCAN: Duration = Duration::from_secs(30);
/// Folders below folders, at most.
const DEPTH: usize = 9;
/// What is remembered of recordings between two runs.
pub trait Memory: Send {
    /// Everything remembered.
    fn recall(&self) -> Vec<(CartName, Marks, Cart)>;
    /// Remembers what was found of a recording.
    fn remember(&self, name: &CartName, marks: Marks, cart: &Cart);
    /// Forgets a recording that is no longer there.
    fn forget(&self, name: &CartName);
}

/// What intake has measured already, told to the folder: it takes such a file at its next look, neither waiting for it
/// to settle nor measuring it again. Clones tell the same folder.
#[derive(Clone, Default)]
pub struct Known {
    told: Arc<Mutex<HashMap<CartName, (Marks, Cart)>>>,
    nudge: Arc<Mutex<Option<SyncSender<()>>>>,
}

impl Known {
    /// The file of that name with those marks is that recording. To be told when it is stored; the folder then looks.
    pub fn tell(&self, name: CartName, marks: Marks, cart: Cart) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).insert(name, (marks, cart));
        self.look();
    }

    /// Has the folder looked at now, while it is kept: something was put there or taken away.
    pub fn look(&self) {
        if let Some(nudge) = &*self.nudge.lock().unwrap_or_else(PoisonError::into_inner) {
            // Full: a look is due as it is.
            let _ = nudge.try_send(());
        }
    }

    fn of(&self, name: &CartName, marks: Marks) -> Option<Cart> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(name).filter(|(known, _)| *known == marks).map(|(_, cart)| cart.clone())
    }

    /// What was told of a name is done with: it was taken, or the file is another one by now.
    fn is_done(&self, name: &CartName) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

struct Held {
    path: Arc<Path>,
    marks: Marks,
    cart: Cart,
}

/// The folder of recordings as it was last looked at.
pub struct Recordings {
    root: PathBuf,
    memory: Box<dyn Memory>,
    remembered: HashMap<CartName, (Marks, Cart)>,
    held: HashMap<CartName, Held>,
    /// Files that may still be written to: their marks, and since when they have had them.
    unsettled: HashMap<CartName, (Marks, Duration)>,
    known: Known,
}

impl Recordings {
    /// The folder at `root`, looked at for the first time at the steady time `at`: what is remembered is known at once.
    pub fn open(root: PathBuf, memory: Box<dyn Memory>, at: Duration) -> Recordings {
        let remembered =
            memory.recall().into_iter().map(|(name, marks, cart)| (name, (marks, cart))).collect();
        let mut recordings = Recordings {
            root,
            memory,
            remembered,
            held: HashMap::new(),
            unsettled: HashMap::new(),
            known: Known::default(),
        };
        recordings.look(at);
        recordings
    }

    /// By which this folder is told what is measured already.
    pub fn known(&self) -> Known {
        self.known.clone()
    }

    /// Looks at the folder at the steady time `at`; true where the library changed.
    pub fn look(&mut self, at: Duration) -> bool {
        // A folder that cannot be read (a drive torn away) is no reason to forget what it held.
        let Some(found) = walk(&self.root) else { return false };
        let mut changed = false;
        let mut there = HashSet::with_capacity(found.len());
        let mut moving = HashMap::new();
        for (name, path, marks) in found {
            there.insert(name.clone());
            let held = self.held.get(&name).filter(|held| held.marks == marks && held.path == path);
            if held.is_some_and(|held| held.cart != Cart::Unmeasured) {
                continue;
            }
            if let Some(cart) = self.known.of(&name, marks) {
                self.known.is_done(&name);
                self.learn(&name, marks, &cart);
                self.held.insert(name, Held { path, marks, cart });
                changed = true;
                continue;
            }
            if held.is_some() {
                continue;
            }
            let known =
                self.remembered.get(&name).filter(|(known, _)| *known == marks).map(|(_, cart)| cart.clone());
            let since =
                self.unsettled.get(&name).filter(|(seen, _)| *seen == marks).map_or(at, |(_, since)| *since);
            if known.is_none() && at - since < SETTLE {
                moving.insert(name, (marks, since));
                continue;
            }
            let cart = known.unwrap_or(Cart::Unmeasured);
            self.known.is_done(&name);
            self.held.insert(name, Held { path, marks, cart });
            changed = true;
        }
        // What is being overwritten is not what was measured: until it has settled it is not played.
        changed |= moving.len() != self.unsettled.len()
            || moving.keys().any(|name| !self.unsettled.contains_key(name));
        self.unsettled = moving;
        let gone: Vec<CartName> = self.held.keys().filter(|name| !there.contains(*name)).cloned().collect();
        for name in gone {
            self.held.remove(&name);
            self.remembered.remove(&name);
            self.memory.forget(&name);
            changed = true;
        }
        changed
    }

    /// Whether files are there that may still be written to.
    pub fn is_unsettled(&self) -> bool {
        !self.unsettled.is_empty()
    }

    /// Measures one recording that has not been, of `first` the earliest; true where there was one.
    pub fn measure_next(&mut self, first: impl FnOnce() -> Vec<CartName>) -> bool {
        let open = self.held.iter().filter(|(_, held)| held.cart == Cart::Unmeasured).map(|(name, _)| name);
        let Some(any) = open.min().cloned() else { return false };
        let open = |name: &CartName| self.held.get(name).is_some_and(|held| held.cart == Cart::Unmeasured);
        let name = first().into_iter().find(open).unwrap_or(any);
        let Some(held) = self.held.get_mut(&name) else { return false };
        held.cart = match crate::sound::measure::measure(&held.path, &mut |_| ()) {
            Ok(found) => Cart::Ready(Arc::new(found)),
            Err(fault) => Cart::Faulty(fault),
        };
        // Written to while it was measured: it will be looked at again.
        if Marks::of(&held.path).ok() == Some(held.marks) {
            let (marks, cart) = (held.marks, held.cart.clone());
            self.learn(&name, marks, &cart);
        }
        true
    }

    fn learn(&mut self, name: &CartName, marks: Marks, cart: &Cart) {
        self.memory.remember(name, marks, cart);
        self.remembered.insert(name.clone(), (marks, cart.clone()));
    }

    /// The recordings as a value. A file that may still be written to is there and not measured: what is ordered or
    /// scheduled with it waits.
    pub fn library(&self) -> Library {
        let mut library = Library::default();
        for (name, held) in &self.held {
            library.place(name.clone(), held.path.clone());
            library.put(name.clone(), held.cart.clone());
        }
        self.unsettled.keys().for_each(|name| library.put(name.clone(), Cart::Unmeasured));
        library
    }

    /// Keeps looking and measuring until `stop` says so; tells each library that differs from the last.
    pub fn keep(
        mut self,
        clock: &dyn Clock,
        first: impl Fn() -> Vec<CartName>,
        stop: impl Fn() -> bool,
        tell: impl Fn(Arc<Library>),
    ) {
        let mut hints = Hints::of(&self.root);
        *self.known.nudge.lock().unwrap_or_else(PoisonError::into_inner) = Some(hints.nudge());
        let mut root_was_there = self.root.is_dir();
        while !stop() {
            // What was found changed is told before anything is measured, which may take minutes.
            let changed = self.look(clock.read().steady) || self.measure_next(&first);
            if changed {
                tell(Arc::new(self.library()));
                continue;
            }
            hints.wait(if self.is_unsettled() { SETTLE } else { RESCAN });
            let root_is_there = self.root.is_dir();
            if root_is_there && !root_was_there {
                hints.watch(&self.root);
            }
            root_was_there = root_is_there;
        }
    }
}

/// Every recording below `root`, sorted by the bytes of its path; none where `root` cannot be read.
fn walk(root: &Path) -> Option<Vec<(CartName, Arc<Path>, Marks)>> {
    let mut found = Vec::new();
    let mut names = HashSet::new();
    let mut folders = vec![(root.to_path_buf(), 0)];
    let mut first = true;
    while let Some((folder, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(_) if first => return None,
            Err(_) => continue,
        };
        first = false;
        let mut entries: Vec<_> = entries.flatten().collect();
        entries.sort_by_key(std::fs::DirEntry::path);
        for entry in entries {
            let path = entry.path();
            // Links are not followed: they may lead out of the folder, or in a circle.
            let Ok(kind) = entry.file_type() else { continue };
            if is_temporary(&entry.file_name().to_string_lossy()) {
                continue;
            }
            if kind.is_dir() && depth < DEPTH {
                folders.push((path, depth + 1));
            } else if kind.is_file() && is_recording(&path) {
                let inner = path.strip_prefix(root).ok().and_then(Path::to_str);
                let (Some(name), Ok(metadata)) =
                    (inner.and_then(|inner| CartName::new(inner).ok()), entry.metadata())
                else {
                    continue;
                };
                let Ok(marks) = Marks::from_metadata(&metadata) else { continue };
                // Two spellings of one name: the first by bytes is the recording, always the same one.
                if names.insert(name.clone()) {
                    found.push((name, path.into(), marks));
                }
            }
        }
    }
    Some(found)
}

/// By its name, or by its content: an office may send a recording under any name. What a name calls sound and cannot be
/// decoded is told so, what is no recording is passed over.
fn is_recording(path: &Path) -> bool {
    let name = path.file_name().map(std::ffi::OsStr::to_string_lossy).unwrap_or_default();
    sort::names_sound(&name)
        || head_of(path).is_ok_and(|head| matches!(sort::content_of(&head), sort::Content::Sound(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cart::CartFault;

    struct Nothing;
    impl Memory for Nothing {
        fn recall(&self) -> Vec<(CartName, Marks, Cart)> {
            Vec::new()
        }
        fn remember(&self, _: &CartName, _: Marks, _: &Cart) {}
        fn forget(&self, _: &CartName) {}
    }

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn names(recordings: &Recordings) -> Vec<String> {
        let mut names: Vec<String> = recordings.library().iter().map(|(name, _)| name.to_string()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_taken_when_two_looks_find_it_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let mut recordings = Recordings::open(folder.path().to_path_buf(), Box::new(Nothing), at(0));
        std::fs::write(folder.path().join("bai.mp3"), b"half").unwrap();
        recordings.look(at(0));
        // It is there, so that an order for it waits; it is not looked into.
        assert_eq!(names(&recordings), ["bai.mp3"]);
        assert!(recordings.is_unsettled() && !recordings.measure_next(Vec::new));
        std::fs::write(folder.path().join("bai.mp3"), b"half and more").unwrap();
        recordings.look(at(1));
        assert!(!recordings.measure_next(Vec::new), "it grew between two looks");
        assert!(!recordings.look(at(1)), "no time has passed since it grew");
        assert!(recordings.look(at(2)));
        assert_eq!(names(&recordings), ["bai.mp3"]);
        assert!(recordings.measure_next(Vec::new));
    }

    #[test]
    fn what_is_no_recording_is_passed_over_and_a_folder_torn_away_forgets_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("audio");
        std::fs::create_dir_all(root.join("xa")).unwrap();
        for name in ["xa/bài.flac", "doc.txt", ".hidden.mp3", "copy.mp3.part"] {
            std::fs::write(root.join(name), b"x").unwrap();
        }
        let mut recordings = Recordings::open(root.clone(), Box::new(Nothing), at(0));
        recordings.look(at(1));
        assert_eq!(names(&recordings), ["xa/bài.flac"]);
        std::fs::rename(&root, folder.path().join("away")).unwrap();
        assert!(!recordings.look(at(2)));
        assert_eq!(names(&recordings), ["xa/bài.flac"]);
        std::fs::create_dir(&root).unwrap();
        assert!(recordings.look(at(3)), "an empty folder is empty");
        assert!(names(&recordings).is_empty());
    }

    /// What was remembered, in order.
    #[derive(Clone, Default)]
    struct Notes(Arc<Mutex<Vec<(CartName, Marks)>>>);
    impl Memory for Notes {
        fn recall(&self) -> Vec<(CartName, Marks, Cart)> {
            Vec::new()
        }
        fn remember(&self, name: &CartName, marks: Marks, _: &Cart) {
            self.0.lock().unwrap().push((name.clone(), marks));
        }
        fn forget(&self, _: &CartName) {}
    }

    #[test]
    fn what_intake_has_measured_is_taken_at_once_and_not_measured_again() {
        let folder = tempfile::tempdir().unwrap();
        let (path, name) = (folder.path().join("bai.mp3"), CartName::new("bai.mp3").unwrap());
        let notes = Notes::default();
        let mut recordings = Recordings::open(folder.path().to_path_buf(), Box::new(notes.clone()), at(0));
        let known = recordings.known();
        // Any cart that measuring these bytes would not give.
        let cart = Cart::Faulty(CartFault::Silent);
        std::fs::write(&path, b"told").unwrap();
        let marks = Marks::of(&path).unwrap();
        known.tell(name.clone(), marks, cart.clone());
        assert!(recordings.look(at(0)), "without having settled");
        assert_eq!(recordings.library().get(&name), Some(&cart));
        assert!(!recordings.measure_next(Vec::new) && !recordings.is_unsettled());
        assert_eq!(*notes.0.lock().unwrap(), [(name.clone(), marks)]);
        assert!(!recordings.look(at(9)), "told once, taken once");

        // Told only when the folder had seen it already.
        std::fs::write(&path, b"told late").unwrap();
        assert!(recordings.look(at(10)), "what is overwritten is not played by what was measured before");
        assert_eq!(recordings.library().get(&name), Some(&Cart::Unmeasured));
        assert!(!recordings.look(at(10)));
        assert!(recordings.look(at(12)));
        assert_eq!(recordings.library().get(&name), Some(&Cart::Unmeasured));
        known.tell(name.clone(), Marks::of(&path).unwrap(), cart.clone());
        assert!(recordings.look(at(12)));
        assert_eq!(recordings.library().get(&name), Some(&cart));

        // Another file than was told of is measured like any other, and what was told is forgotten.
        known.tell(name.clone(), Marks { size: 1, modified_ns: 1 }, cart);
        std::fs::write(&path, b"other, and larger").unwrap();
        assert!(recordings.look(at(20)));
        assert!(recordings.look(at(22)) && recordings.measure_next(Vec::new));
        assert!(matches!(recordings.library().get(&name), Some(Cart::Faulty(CartFault::Undecodable { .. }))));
        assert!(known.told.lock().unwrap().is_empty());
    }

    #[test]
    fn a_recording_is_one_by_its_content_too() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in
            [("bai", &b"fLaC...."[..]), ("bai.avi", b"OggS...."), ("thu.txt", b"K\xc3\xadnh")]
        {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
        let recordings = Recordings::open(folder.path().to_path_buf(), Box::new(Nothing), at(0));
        assert_eq!(names(&recordings), ["bai", "bai.avi"]);
    }
}
