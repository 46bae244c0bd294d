//! The inbox: what offices drop is taken up when it has settled, decided on once, and carried out so that a power cut
//! at any point loses no file and takes none twice. Owns the folder `inbox/` and the notes in `state/intake`; what
//! becomes of a drop the clerk decides.

mod again;
pub mod disk;
mod keeping;
mod looking;
pub(crate) mod names;
mod taking;
mod troubles;
pub mod uploads;
mod writers;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::Marks;
use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint, Measurement};
use crate::core::drops::{Complaint, DropId, InboxNames, Sender, Verdict, WhyReturned};
use disk::{Disk, RealDisk};
use looking::{Hindrance, Seen};
use taking::Pending;
pub use taking::Taken;
pub use troubles::Trouble;

/// How a file came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Inlet {
    /// Dropped.
    Drop,
    /// Moved into the folder for taking off (`Gỡ khỏi lịch`).
    Withdraw,
    /// Dropped into the folder for emergencies (`Khẩn cấp`).
    Emergency,
}

/// A drop that has settled.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its number.
    pub id: DropId,
    /// When it was taken up.
    pub at: DateTime<Utc>,
    /// Who dropped it.
    pub sender: Sender,
    /// How.
    pub inlet: Inlet,
    /// Its name below the sender's folder (below the folder for taking off or for emergencies), with `/`, as far as it is Unicode.
    pub inner: String,
    /// Where it lies.
    pub path: PathBuf,
    /// Its size and time.
    pub marks: Marks,
    /// Why its name or nature alone has it returned; none: the clerk looks into it.
    pub complaint: Option<Complaint>,
}

/// What is to be done about a drop. Written down before anything is done, so that it can be done again from the
/// beginning after a power cut: every step of [`Clerk::carry_out`] must bear being repeated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The drop.
    pub id: DropId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who dropped it.
    pub sender: Sender,
    /// Its name below the sender's folder.
    pub file: String,
    /// SHA-256 of what was dropped.
    pub sha256: Option<Fingerprint>,
    /// The head of the receipt.
    pub verdict: Verdict,
    /// Why it was returned, each reason in a word.
    #[serde(default)]
    pub why: Vec<WhyReturned>,
    /// What was found wrong, or what is awaited, in English, one line a finding.
    pub detail: String,
    /// What is done beside the answer.
    pub act: Act,
    /// The answer as it is laid out.
    pub receipt: Rendered,
}

/// A receipt laid out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// The words of its head, for the file's name, e.g. `ĐÃ TIẾP NHẬN`.
    pub stamp: String,
    /// As a page.
    pub html: String,
    /// As plain text.
    pub text: String,
}

/// What is done about a drop beside answering it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Nothing.
    Answer,
    /// A recording goes into the library.
    Store {
        /// Its name there.
        name: CartName,
        /// The bytes: the drop itself, or what it was converted into.
        source: PathBuf,
        /// SHA-256 of them.
        content: Fingerprint,
        /// What measuring found.
        found: Box<Measurement>,
        /// It is put aside until a person approves it.
        waits: bool,
        /// It came by the folder for emergencies.
        #[serde(default)]
        emergency: bool,
    },
    /// A schedule goes into its folder.
    Schedule {
        /// Its id.
        id: ScheduleId,
        /// Its text.
        text: String,
    },
    /// The plan's targets, of the years that it names, become those of this list.
    Targets {
        /// The list, as TOML.
        text: String,
    },
    /// A schedule is taken off.
    Retire {
        /// Its id.
        id: ScheduleId,
    },
    /// A recording is taken out of the library; it is kept elsewhere.
    Remove {
        /// Its name.
        name: CartName,
    },
}

/// Decides on drops and carries decisions out: the station's side of the inbox.
pub trait Clerk {
    /// Looks into a settled drop and decides. Changes nothing.
    ///
    /// # Errors
    /// What hinders the station and not the file, e.g. a full disk; it is judged again later.
    fn judge(&mut self, found: &Found) -> std::io::Result<Decision>;
    /// Writes the decision into the journal and carries it out; nothing that was done already is done twice.
    ///
    /// # Errors
    /// What kept it from being carried out; it is tried again.
    fn carry_out(&mut self, decision: &Decision) -> std::io::Result<()>;
}

/// How the inbox is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A file is taken up when its size and time have not changed for this long; an empty one after ten times that.
    pub settle: Duration,
    /// How often a look happens without a hint.
    pub poll: Duration,
    /// How long answered drops and receipts are kept, in whole days; zero: for ever.
    pub keep: Duration,
    /// Bytes of a drop, at most; a larger one is returned unread.
    pub largest: u64,
    /// How many drops a look hands out, at most.
    pub at_once: usize,
    /// The zone whose days the folders of kept drops are named by.
    pub zone: Tz,
}

impl Settings {
    /// The settings of a station in `zone` that says nothing else: a second, 30 seconds, 90 days, 2 GiB, 64 drops.
    pub fn of(zone: Tz) -> Settings {
        Settings {
            settle: super::SETTLE,
            poll: Duration::from_secs(30),
            keep: Duration::from_secs(90 * 24 * 60 * 60),
            largest: 2 << 30,
            at_once: 64,
            zone,
        }
    }
}

/// The inbox as it was last looked at. No thread, no clock: whoever keeps it gives the time.
///
/// Kept in a loop: wait for a hint, at most for [`Inbox::next_look`]; [`Inbox::retry`]; [`Inbox::process`] each of
/// [`Inbox::look`]. At a start [`Inbox::recover`] comes first; now and then, while the clock is trusted,
/// [`Inbox::sweep`].
pub struct Inbox {
    root: PathBuf,
    notes: PathBuf,
    names: InboxNames,
    settings: Settings,
    disk: Box<dyn Disk>,
    /// The steady time of the last look.
    at: Duration,
    /// Files that a program had open to write at the last look.
    written: HashSet<PathBuf>,
    /// Files not yet taken up.
    seen: HashMap<PathBuf, Seen>,
    /// Whether some of them may still be written to.
    unsettled: bool,
    /// Whether more had settled than the last look handed out.
    more: bool,
    /// Who was served last: the next look begins with whoever comes after.
    served: Option<Sender>,
    /// The numbers given in this second.
    numbers: (String, HashSet<DropId>),
    /// Decided, and not all of it done.
    pending: BTreeMap<DropId, Pending>,
    /// No note could be written: nothing is taken up until its next try.
    unwritable: Option<Hindrance>,
    /// Folders whose last file was taken, and when.
    emptied: HashMap<PathBuf, Duration>,
    /// Pages that could not be written: told once.
    told: HashSet<PathBuf>,
}

impl Inbox {
    /// The inbox in the folder `root`, its notes in `state/intake`. What was decided before the program ended last is
    /// found there.
    pub fn new(root: PathBuf, state: &Path, names: InboxNames, settings: Settings) -> Inbox {
        Inbox::on(Box::new(RealDisk), root, state, names, settings)
    }

    /// The same on another disk: a test's.
    pub fn on(
        disk: Box<dyn Disk>,
        root: PathBuf,
        state: &Path,
        names: InboxNames,
        settings: Settings,
    ) -> Inbox {
        let notes = state.join("intake");
        let pending = taking::load(&notes);
        Inbox {
            root,
            notes,
            names,
            settings,
            disk,
            at: Duration::ZERO,
            written: HashSet::new(),
            seen: HashMap::new(),
            unsettled: false,
            more: false,
            served: None,
            numbers: (String::new(), HashSet::new()),
            pending,
            unwritable: None,
            emptied: HashMap::new(),
            told: HashSet::new(),
        }
    }

    /// Whether the folder is there: not deleted, not on a drive torn away, and no link.
    pub fn is_there(&self) -> bool {
        std::fs::symlink_metadata(&self.root).is_ok_and(|found| found.is_dir())
    }

    /// How long to wait for a hint before looking again.
    pub fn next_look(&self) -> Duration {
        let hindered = self.seen.values().filter_map(|seen| Some(seen.hindrance.as_ref()?.next));
        let next_try = self.pending.values().map(|pending| pending.next).chain(hindered);
        let next_try = next_try.chain(self.unwritable.as_ref().map(|trouble| trouble.next)).min();
        let next_try = next_try.map(|next| next.saturating_sub(self.at).max(self.settings.settle));
        match (self.more && self.unwritable.is_none(), self.unsettled) {
            (true, _) => Duration::ZERO,
            (_, true) => self.settings.settle,
            _ => next_try.unwrap_or(self.settings.poll).min(self.settings.poll),
        }
    }
}
