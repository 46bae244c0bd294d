//! Looking into the inbox: what lies in it, what of that has settled, and in which order it is taken up. Owns the walk
//! and the marks of what is not yet taken; opens files only to see that they can be read.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::names::{DEPTH, Own, fault, fold, is_schedule, own};
use super::writers::{is_open_to_write, open_to_write};
use super::{Found, Inbox, Inlet, Marks};
use crate::core::drops::{BadName, Complaint, DropId, Sender};
use crate::intake::is_temporary;

/// What cannot be read, and what is empty, may be the beginning of a copy: it is waited for so many spans of settling.
const PATIENCE: u32 = 10;
/// A program that has a file open to write, and writes nothing, is waited for so long.
const STALLED: Duration = Duration::from_secs(600);
/// Schedules wait so long for the recordings that are dropped together with them; an emptied folder as long for more.
pub(super) const TOGETHER: Duration = Duration::from_secs(30);
/// Files of one sender that a look regards, at most: the memory for a drive dropped whole is bounded.
const REGARDED: usize = 10_000;
/// Folders below folders that are walked, to answer each file that lies too deep; what is deeper is one drop.
const WALKED: usize = 32;

/// A file not yet taken up.
pub(super) struct Seen {
    marks: Marks,
    /// The steady time since when it has these marks.
    since: Duration,
    /// It could not be decided on.
    pub hindrance: Option<Hindrance>,
}

/// What kept a drop from being decided on.
#[derive(Clone)]
pub(super) struct Hindrance {
    /// How often.
    pub tries: u32,
    /// The steady time of the next try.
    pub next: Duration,
    /// What the system said last.
    pub found: String,
}

/// A sender and where its folder lies.
pub(super) struct Office {
    pub sender: Sender,
    pub folder: PathBuf,
}

/// The inbox itself and each office's folder in it, by name.
pub(super) fn offices(root: &Path) -> io::Result<Vec<Office>> {
    let mut found = vec![Office { sender: Sender::default(), folder: root.to_path_buf() }];
    for name in entries(root)? {
        let folder = root.join(&name);
        let text = name.to_string_lossy();
        let is_folder = std::fs::symlink_metadata(&folder).is_ok_and(|found| found.is_dir());
        if is_folder && own(&name).is_none() && !is_temporary(&text) {
            found.push(Office { sender: Sender::office(&text), folder });
        }
    }
    Ok(found)
}

fn entries(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names: Vec<OsString> =
        std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
    names.sort();
    Ok(names)
}

/// What kind of thing lies there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    File,
    /// A link, a pipe, a device.
    Other,
    /// A folder too deep to be walked.
    Abyss,
}

struct Entry {
    path: PathBuf,
    kind: Kind,
    inlet: Inlet,
    /// Below the sender's folder, or its folder for taking off or for emergencies.
    inner: PathBuf,
    marks: Marks,
}

impl Entry {
    /// Why its name or nature has it returned.
    fn complaint(&self, office: &Office, largest: u64) -> Option<Complaint> {
        let deep = self.inner.iter().count() > DEPTH + 1;
        let name = office.sender.folder().and(office.folder.file_name()).unwrap_or_default();
        let called = Path::new(name).join(&self.inner);
        match self.kind {
            Kind::Other => Some(Complaint::NoFile),
            Kind::Abyss => Some(Complaint::BadName(BadName::Deep)),
            Kind::File => match fault(&called) {
                Some(bad) => Some(Complaint::BadName(bad)),
                None if deep => Some(Complaint::BadName(BadName::Deep)),
                None if self.marks.size == 0 => Some(Complaint::Empty),
                None if self.marks.size > largest => {
                    Some(Complaint::TooLarge { bytes: self.marks.size, limit: largest })
                }
                None => None,
            },
        }
    }

    /// Drops that one look does not hand out together: Windows or the library take them for one.
    fn twin(&self, sender: &Sender) -> (Inlet, String) {
        let office = sender.folder().unwrap_or_default();
        (self.inlet, fold(&format!("{office}/{}", self.inner.to_string_lossy())))
    }

    /// Emergencies come first; then what is taken off, so that what is dropped with it replaces it; then recordings,
    /// then the schedules that may name them.
    fn order(&self) -> u8 {
        match self.inlet {
            Inlet::Emergency => 0,
            Inlet::Withdraw => 1,
            Inlet::Drop if !self.is_schedule() => 2,
            Inlet::Drop => 3,
        }
    }

    fn is_schedule(&self) -> bool {
        self.inlet == Inlet::Drop && is_schedule(&self.inner.to_string_lossy())
    }
}

/// What of a sender can be taken up now.
struct Queue {
    office: Office,
    ready: std::vec::IntoIter<Entry>,
}

impl Inbox {
    /// Looks at the steady time `at`: what has settled and is not yet taken up, at most as many as the settings say,
    /// each sender in its turn. What was not processed comes again with the next look.
    pub fn look(&mut self, at: Duration, now: DateTime<Utc>) -> Vec<Found> {
        self.at = at;
        // A drive torn away is no reason to forget what was on it.
        let Some(offices) = self.is_there().then(|| offices(&self.root).ok()).flatten() else {
            return Vec::new();
        };
        self.furnish(&offices);
        self.remove_emptied();
        let taken: HashSet<PathBuf> =
            self.pending.values().map(|pending| self.root.join(&pending.source)).collect();
        let mut before = std::mem::take(&mut self.seen);
        (self.unsettled, self.more) = (false, false);
        let mut queues: Vec<Queue> =
            offices.into_iter().map(|office| self.queue(office, &taken, &mut before)).collect();
        if let Some(served) = &self.served {
            let first = queues.partition_point(|queue| queue.office.sender <= *served) % queues.len().max(1);
            queues.rotate_left(first);
        }
        let most = match &self.unwritable {
            None => self.settings.at_once,
            Some(trouble) => usize::from(trouble.next <= at),
        };
        let any = queues.iter().any(|queue| queue.ready.len() > 0);
        self.written = if any { open_to_write(&self.root) } else { HashSet::new() };
        self.hand_out(queues, most, now)
    }

    /// What of an office has settled, in order.
    fn queue(
        &mut self,
        office: Office,
        taken: &HashSet<PathBuf>,
        before: &mut HashMap<PathBuf, Seen>,
    ) -> Queue {
        let (at, settle) = (self.at, self.settings.settle);
        let mut moving = false;
        let mut ready = Vec::new();
        for entry in walk(&office, taken) {
            // Equal or not: a time that lies ahead or goes backwards is a time like any other.
            let known = before.remove(&entry.path).filter(|seen| seen.marks == entry.marks);
            let is_new = known.is_none();
            let (since, hindrance) = known.map_or((at, None), |seen| (seen.since, seen.hindrance));
            let waits = hindrance.as_ref().is_some_and(|hindrance| hindrance.next > at);
            let empty = entry.kind == Kind::File && entry.marks.size == 0;
            let span = if empty { settle * PATIENCE } else { settle };
            self.seen.insert(entry.path.clone(), Seen { marks: entry.marks, since, hindrance });
            if is_new || at.saturating_sub(since) < span {
                self.unsettled = true;
                moving |= !entry.is_schedule();
            } else if !waits {
                ready.push((since, entry));
            }
        }
        ready.retain(|(since, entry)| {
            let waits = moving && entry.is_schedule() && at.saturating_sub(*since) < settle + TOGETHER;
            !waits
        });
        let mut ready: Vec<Entry> = ready.into_iter().map(|(_, entry)| entry).collect();
        ready.sort_by(|a, b| a.order().cmp(&b.order()).then_with(|| a.inner.cmp(&b.inner)));
        Queue { office, ready: ready.into_iter() }
    }

    /// One of each sender, and again, until there are enough.
    fn hand_out(&mut self, mut queues: Vec<Queue>, most: usize, now: DateTime<Utc>) -> Vec<Found> {
        let mut found: Vec<(u8, Found)> = Vec::new();
        let mut twins = HashSet::new();
        while found.len() < most && !queues.is_empty() {
            let mut left = Vec::with_capacity(queues.len());
            for mut queue in queues {
                if found.len() == most {
                    left.push(queue);
                    continue;
                }
                let Some(entry) = queue.ready.next() else { continue };
                if !twins.insert(entry.twin(&queue.office.sender)) {
                    self.more = true;
                } else if let Some(taken) = self.take_up(&entry, &queue.office, now) {
                    self.served = Some(queue.office.sender.clone());
                    found.push((entry.order(), taken));
                }
                left.push(queue);
            }
            queues = left;
        }
        self.more |= queues.iter().any(|queue| queue.ready.len() > 0);
        found.sort_by_key(|(order, _)| *order);
        found.into_iter().map(|(_, found)| found).collect()
    }

    /// The drop, unless it cannot be read yet: on Windows a file that is being written to cannot.
    fn take_up(&mut self, entry: &Entry, office: &Office, now: DateTime<Utc>) -> Option<Found> {
        let since = self.seen.get(&entry.path).map_or(self.at, |seen| seen.since);
        let is_written = || self.written.contains(&entry.path) || is_open_to_write(&entry.path);
        if self.at.saturating_sub(since) < STALLED && is_written() {
            self.unsettled = true;
            return None;
        }
        let mut complaint = entry.complaint(office, self.settings.largest);
        if complaint.is_none()
            && let Err(error) = self.disk.readable(&entry.path)
        {
            let patience = self.settings.settle * PATIENCE;
            if is_being_written(&error) || self.at.saturating_sub(since) < patience {
                self.unsettled = true;
                return None;
            }
            complaint = Some(Complaint::Unreadable { found: error.to_string() });
        }
        let separated = entry.inner.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        Some(Found {
            id: self.number(&entry.path, entry.marks, now),
            at: now,
            sender: office.sender.clone(),
            inlet: entry.inlet,
            inner: separated,
            path: entry.path.clone(),
            marks: entry.marks,
            complaint,
        })
    }

    fn number(&mut self, path: &Path, marks: Marks, now: DateTime<Utc>) -> DropId {
        let second = now.with_timezone(&self.settings.zone).format("%Y%m%d-%H%M%S").to_string();
        if self.numbers.0 != second {
            self.numbers = (second.clone(), HashSet::new());
        }
        let bytes = path.as_os_str().as_encoded_bytes();
        let mut salt = 0u64;
        loop {
            let hash = Sha256::new()
                .chain_update(bytes)
                .chain_update(marks.size.to_le_bytes())
                .chain_update(marks.modified_ns.to_le_bytes())
                .chain_update(salt.to_le_bytes())
                .finalize();
            let id = DropId(format!("{second}-{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2]).into());
            if !self.pending.contains_key(&id) && self.numbers.1.insert(id.clone()) {
                return id;
            }
            salt += 1;
        }
    }
}

/// Windows refuses a file that another program has open for writing: "sharing violation", "lock violation".
pub(super) fn is_being_written(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound || cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33))
}

/// What lies in a sender's folder, at most [`REGARDED`], those with the first names, without what is taken up
/// already. What cannot be read now may be at the next look.
fn walk(office: &Office, taken: &HashSet<PathBuf>) -> Vec<Entry> {
    let is_office = office.sender.folder().is_some();
    let mut found = Vec::new();
    let mut folders: Vec<(PathBuf, PathBuf, Inlet, usize)> =
        vec![(office.folder.clone(), PathBuf::new(), Inlet::Drop, 0)];
    while let Some((folder, inner, inlet, depth)) = folders.pop() {
        let is_top = inlet == Inlet::Drop && depth == 0;
        let mut below = Vec::new();
        for name in entries(&folder).unwrap_or_default() {
            if found.len() >= REGARDED {
                return found;
            }
            let path = folder.join(&name);
            let own = is_top.then(|| own(&name)).flatten();
            let inlet_of = |own| match own {
                Own::Withdraw => Some(Inlet::Withdraw),
                Own::Emergency => Some(Inlet::Emergency),
                Own::Kept | Own::Receipts | Own::Page => None,
            };
            let own_inlet = own.and_then(inlet_of);
            if is_temporary(&name.to_string_lossy())
                || own.is_some() && own_inlet.is_none()
                || taken.contains(&path)
            {
                continue;
            }
            // Links are not followed: they may lead out of the inbox, or in a circle.
            let Ok(metadata) = std::fs::symlink_metadata(&path) else { continue };
            if let Some(inlet) = own_inlet {
                if metadata.is_dir() {
                    below.push((path, PathBuf::new(), inlet, 0));
                }
                continue;
            }
            let kind = if metadata.is_dir() {
                if is_top && !is_office {
                    continue;
                }
                if depth < WALKED {
                    below.push((path, inner.join(&name), inlet, depth + 1));
                    continue;
                }
                Kind::Abyss
            } else if metadata.is_file() {
                Kind::File
            } else {
                Kind::Other
            };
            let Ok(marks) = Marks::from_metadata(&metadata) else { continue };
            found.push(Entry { path, kind, inlet, inner: inner.join(&name), marks });
        }
        folders.extend(below.into_iter().rev());
    }
    found
}
