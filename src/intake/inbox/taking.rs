//! Taking a drop: judged, decided in writing, carried out, put away, answered. Owns the notes in `state/intake`, by which
//! a decision survives a power cut and an error; a drop is never deleted and never moved over another file.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::looking::Hindrance;
use super::names::{DEPTH, numbered, receipt};
use super::{Clerk, Decision, Found, Inbox, Inlet, Marks};
use crate::core::drops::{DropId, Verdict};

/// An error is met again after a second, then two, four … at most after this long.
const LONGEST_WAIT: Duration = Duration::from_secs(60);
/// Decisions tried again in one go, at most: new drops wait meanwhile.
const TRIED_AT_ONCE: usize = 64;

/// What became of processing a drop.
#[derive(Clone, Debug, PartialEq)]
pub enum Taken {
    /// Decided, carried out, put away and answered.
    Done(Box<Decision>),
    /// Decided; some of it failed and is tried again by [`Inbox::retry`].
    Waits(Box<Decision>),
    /// Not taken: it changed meanwhile, and settles anew.
    Changed,
    /// Not taken: the decision could not be written down. It comes again with a later look.
    Unwritten,
    /// Not taken: the clerk was hindered. It comes again with a later look.
    Hindered,
}

/// A decision as it is written down. Paths are below the inbox, so that a station can be moved; as the system's own
/// strings, since a name that is not Unicode is one that is returned.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Note {
    pub decision: Decision,
    /// The sender's folder.
    pub folder: OsString,
    pub source: OsString,
    pub marks: Marks,
    /// Where it is put away.
    pub destination: OsString,
    /// What is left to do. A deed that was done is not done again after a power cut when another step keeps failing: a
    /// later drop may have decided otherwise.
    pub left: Vec<Step>,
}

/// What follows a decision. Each step bears being repeated at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    CarryOut,
    PutAway,
    Answer,
}

/// A decision of which something is left to do. The note itself stays on the disk.
pub(super) struct Pending {
    pub source: PathBuf,
    destination: PathBuf,
    left: Vec<Step>,
    pub tries: u32,
    /// The steady time of the next try.
    pub next: Duration,
    pub found: String,
}

impl Pending {
    pub(super) fn of(note: &Note) -> Pending {
        Pending {
            source: (&note.source).into(),
            destination: (&note.destination).into(),
            left: note.left.clone(),
            tries: 0,
            next: Duration::ZERO,
            found: String::new(),
        }
    }
}

impl Inbox {
    /// Takes a drop: has it judged, writes the decision down, and does all that follows.
    pub fn process(&mut self, found: &Found, clerk: &mut dyn Clerk, now: DateTime<Utc>) -> Taken {
        if self.unwritable.as_ref().is_some_and(|trouble| trouble.next > self.at) {
            return Taken::Unwritten;
        }
        if !self.stands(found) {
            return Taken::Changed;
        }
        let decision = clerk.judge(found);
        if !self.stands(found) {
            return Taken::Changed;
        }
        let decision = match decision {
            Ok(decision) => decision,
            Err(error) => {
                self.hinder(found, &error);
                return Taken::Hindered;
            }
        };
        let note = match self.note(found, decision, now) {
            Ok(note) => note,
            Err(error) => {
                self.hinder(found, &error);
                return Taken::Hindered;
            }
        };
        if let Err((error, path)) = self.write_down(&note) {
            let tries = self.unwritable.as_ref().map_or(0, |trouble| trouble.tries);
            tracing::error!(%error, note = %path.display(), "a decision about a drop could not be written down");
            let (next, found) = (self.at + wait_after(tries), format!("{}: {error}", path.display()));
            self.unwritable = Some(Hindrance { tries: tries + 1, next, found });
            return Taken::Unwritten;
        }
        self.unwritable = None;
        self.seen.remove(&found.path);
        let id = note.decision.id.clone();
        self.pending.insert(id.clone(), Pending::of(&note));
        match self.carry_on(&id, &note, clerk) {
            true => Taken::Done(Box::new(note.decision)),
            false => Taken::Waits(Box::new(note.decision)),
        }
    }

    /// At a start: everything decided before the program ended is carried through.
    pub fn recover(&mut self, clerk: &mut dyn Clerk) {
        let all: Vec<DropId> = self.pending.keys().cloned().collect();
        all.iter().for_each(|id| self.try_again(id, clerk));
    }

    /// Tries again, at the steady time `at`, what failed and whose turn it is.
    pub fn retry(&mut self, at: Duration, clerk: &mut dyn Clerk) {
        self.at = at;
        let due = self.pending.iter().filter(|(_, pending)| pending.next <= at);
        let mut due: Vec<(Duration, DropId)> = due.map(|(id, pending)| (pending.next, id.clone())).collect();
        due.sort();
        due.iter().take(TRIED_AT_ONCE).for_each(|(_, id)| self.try_again(id, clerk));
    }

    /// Whether the drop is as it was found; otherwise it settles anew.
    fn stands(&mut self, found: &Found) -> bool {
        let stands = marks_of(&found.path).is_ok_and(|marks| marks == found.marks);
        if !stands {
            self.seen.remove(&found.path);
        }
        stands
    }

    fn note_of(&self, id: &DropId) -> PathBuf {
        self.notes.join(format!("{id}.json"))
    }

    pub(super) fn write_down(&self, note: &Note) -> Result<(), (io::Error, PathBuf)> {
        let write = || {
            if !self.notes.is_dir() {
                std::fs::create_dir_all(self.notes.parent().unwrap_or(&self.notes))?;
                self.disk.make_folder(&self.notes)?;
            }
            self.keep_note(note)
        };
        write().map_err(|error| (error, self.note_of(&note.decision.id)))
    }

    fn keep_note(&self, note: &Note) -> io::Result<()> {
        let path = self.note_of(&note.decision.id);
        let fresh = path.with_extension("new");
        self.disk.write(&fresh, &serde_json::to_vec(note)?)?;
        self.disk.replace(&fresh, &path)
    }

    fn note(&self, found: &Found, decision: Decision, now: DateTime<Utc>) -> io::Result<Note> {
        let source = found.path.strip_prefix(&self.root).map_err(io::Error::other)?.to_path_buf();
        let mut inner = source.iter();
        let folder = match found.sender.folder() {
            Some(_) => inner.next().unwrap_or_default().to_owned(),
            None => OsString::new(),
        };
        if found.inlet != Inlet::Drop {
            inner.next();
        }
        let kept = match decision.verdict {
            Verdict::Returned => self.names.returned,
            _ => self.names.accepted,
        };
        let day = now.with_timezone(&self.settings.zone).format("%Y-%m-%d").to_string();
        let wanted = Path::new(&folder).join(kept).join(day).join(inner.as_path());
        let destination = self.free(&wanted)?.into_os_string();
        let left = vec![Step::CarryOut, Step::PutAway, Step::Answer];
        Ok(Note { decision, folder, source: source.into_os_string(), marks: found.marks, destination, left })
    }

    /// A path below the inbox where nothing lies and nothing else will be put: `wanted` or one numbered.
    fn free(&self, wanted: &Path) -> io::Result<PathBuf> {
        let mut parts = wanted.iter();
        // The office's folder, if any, the folder of kept drops and its day.
        let fixed = wanted.iter().position(|part| part == self.names.accepted || part == self.names.returned);
        let day: PathBuf = parts.by_ref().take(fixed.unwrap_or(0) + 2).collect();
        let below = parts.as_path();
        // Its own folders are kept, unless they would be too deep, or a file has the name of one of them.
        let blocked = |inner: &Path| {
            inner.ancestors().skip(1).any(|above| {
                !above.as_os_str().is_empty()
                    && std::fs::symlink_metadata(self.root.join(&day).join(above))
                        .is_ok_and(|found| !found.is_dir())
            })
        };
        let flat = below.iter().count() > DEPTH + 1 || blocked(below);
        let name = below.file_name().unwrap_or_default();
        let folder = match below.parent() {
            Some(parent) if !flat => day.join(parent),
            _ => day,
        };
        let is_free = |path: &PathBuf| {
            let lies = std::fs::symlink_metadata(self.root.join(path));
            lies.is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
                && !self.pending.values().any(|pending| pending.destination == *path)
        };
        let mut tries = (1..10_000).map(|n| folder.join(numbered(name, n)));
        tries.find(is_free).ok_or_else(|| io::ErrorKind::AlreadyExists.into())
    }

    fn try_again(&mut self, id: &DropId, clerk: &mut dyn Clerk) {
        match read(&self.note_of(id)) {
            Ok(note) => {
                self.carry_on(id, &note, clerk);
            }
            Err(error) => self.put_off(id, &error),
        }
    }

    fn put_off(&mut self, id: &DropId, error: &io::Error) {
        let Some(pending) = self.pending.get_mut(id) else { return };
        if pending.tries == 0 {
            let file = pending.source.display();
            tracing::warn!(%error, drop = %id, %file, "a drop is decided on; what follows is tried again");
        }
        pending.next = self.at + wait_after(pending.tries);
        pending.tries = pending.tries.saturating_add(1);
        pending.found = error.to_string();
    }

    /// Does what is left to do about a decision; true when nothing is.
    pub(super) fn carry_on(&mut self, id: &DropId, note: &Note, clerk: &mut dyn Clerk) -> bool {
        let steps = self.pending.get(id).map(|pending| pending.left.clone()).unwrap_or_default();
        let mut left = Vec::new();
        let mut failed = None;
        for step in steps {
            // An answer before its deed would be a lie; but a file that another program holds open is answered at once.
            let done = match step {
                _ if left.contains(&Step::CarryOut) => Ok(false),
                Step::CarryOut => clerk.carry_out(&note.decision).map(|()| true),
                Step::PutAway => self.put_away(note).map(|()| true),
                Step::Answer => self.answer(note).map(|()| true),
            };
            if !matches!(done, Ok(true)) {
                left.push(step);
            }
            if let Err(error) = done {
                failed.get_or_insert(error);
            }
        }
        if left.first() == Some(&Step::CarryOut)
            && failed.as_ref().is_some_and(|error| self.is_void(note, error))
        {
            tracing::warn!(drop = %id, file = %note.decision.file, "the drop changed before its decision was carried out");
            (left, failed) = (Vec::new(), None);
        }
        if left.is_empty()
            && let Err(error) = self.disk.remove_file(&self.note_of(id))
        {
            failed = Some(error);
        }
        match (failed, self.pending.get_mut(id)) {
            (Some(error), Some(pending)) => {
                pending.left.clone_from(&left);
                if left.len() < note.left.len() {
                    // Not written, the next try begins with what the note says, as after a power cut.
                    let kept = self.keep_note(&Note { left, ..note.clone() });
                    kept.unwrap_or_else(
                        |error| tracing::warn!(%error, drop = %id, "its note stays as it was"),
                    );
                }
                self.put_off(id, &error);
                false
            }
            _ => {
                self.pending.remove(id);
                true
            }
        }
    }

    /// A decision that fails since its drop is another one now, or is gone, can never be carried out.
    fn is_void(&self, note: &Note, error: &io::Error) -> bool {
        let gone = |path: &OsString| {
            marks_of(&self.root.join(path)).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        };
        let source = marks_of(&self.root.join(&note.source));
        let is_another = source.is_ok_and(|marks| marks != note.marks);
        let is_gone = gone(&note.source) && gone(&note.destination);
        self.is_there() && (is_another || is_gone && error.kind() == io::ErrorKind::NotFound)
    }

    fn put_away(&mut self, note: &Note) -> io::Result<()> {
        self.must_be_there()?;
        let source = self.root.join(&note.source);
        match marks_of(&source) {
            // Put away before the power cut; or taken back by the office.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
            // Dropped anew: it settles anew.
            Ok(marks) if marks != note.marks => return Ok(()),
            Ok(_) => {}
        }
        let mut destination = PathBuf::from(&note.destination);
        if marks_of(&self.root.join(&destination)).is_ok_and(|marks| marks == note.marks) {
            // Put away before the power cut; what lies there is the same file dropped again.
            return Ok(());
        }
        if std::fs::symlink_metadata(self.root.join(&destination)).is_ok() {
            destination = self.free(&destination)?;
        }
        self.make_folders(destination.parent().unwrap_or(Path::new("")))?;
        let target = self.root.join(&destination);
        self.disk.shift(&source, &target)?;
        if marks_of(&target).is_ok_and(|marks| marks != note.marks) {
            // Replaced in the last moment: this one is not answered yet.
            return self.disk.shift(&target, &source);
        }
        if let Some(folder) = source.parent() {
            self.emptied.insert(folder.to_path_buf(), self.at);
        }
        Ok(())
    }

    fn answer(&self, note: &Note) -> io::Result<()> {
        self.must_be_there()?;
        let folder = Path::new(&note.folder).join(self.names.receipts);
        self.make_folders(&folder)?;
        let Decision { id, file, receipt: answer, .. } = &note.decision;
        let name = receipt(file, &answer.stamp, id);
        for (ending, text) in [("html", &answer.html), ("txt", &answer.text)] {
            let path = self.root.join(&folder).join(format!("{name}.{ending}"));
            self.write_whole(&path, text.as_bytes())?;
        }
        Ok(())
    }

    /// Makes a folder below the inbox; the inbox itself never: it may lie on a drive that is not there.
    fn make_folders(&self, inner: &Path) -> io::Result<()> {
        let mut path = self.root.clone();
        for part in inner.iter() {
            path.push(part);
            self.disk.make_folder(&path)?;
        }
        Ok(())
    }

    fn must_be_there(&self) -> io::Result<()> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, "the inbox is not there");
        self.is_there().then_some(()).ok_or_else(missing)
    }
}

/// The marks of what lies there, be it a link.
fn marks_of(path: &Path) -> io::Result<Marks> {
    Marks::from_metadata(&std::fs::symlink_metadata(path)?)
}

pub(super) fn wait_after(tries: u32) -> Duration {
    LONGEST_WAIT.min(Duration::from_secs(1 << tries.min(10)))
}

fn read(path: &Path) -> io::Result<Note> {
    Ok(serde_json::from_slice(&std::fs::read(path)?)?)
}

/// The decisions that an earlier run left. A note that is broken is set aside: its drop, if nothing was done about it,
/// still lies in the inbox and settles anew.
pub(super) fn load(notes: &Path) -> BTreeMap<DropId, Pending> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(notes).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "new") {
            // The power was cut before the decision was one.
            let _ = std::fs::remove_file(&path);
        }
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        match read(&path) {
            Ok(note) => {
                found.insert(note.decision.id.clone(), Pending::of(&note));
            }
            Err(error) => {
                let aside = path.with_extension("broken");
                let set = std::fs::rename(&path, &aside);
                tracing::warn!(%error, note = %path.display(), set_aside = set.is_ok(), "a note about a drop is broken");
            }
        }
    }
    found
}
