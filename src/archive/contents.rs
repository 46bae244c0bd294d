//! What of a station goes into a backup: its config's folder, schedules, recordings, and of its state what another machine
//! goes on with. Owns where each of it is in the backup; reads no content.

use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::{FOR_PEOPLE, unreadable};
use crate::config::Config;
use crate::core::archive::{ArchiveFault, Moved, NotTaken, Places, WhyNot};
use crate::intake::Marks;

/// So deep do folders lie in each other at most.
const DEPTH: usize = 32;
/// Files of the state that another machine goes on with: the accounts and what the journal was told of them, and what
/// receivers of alarms were told, and which refusals the offices were told of. Control, lock, page and reserve are this machine's; what was noted of drops is about
/// files of the inbox.
const OF_THE_STATE: &[&str] = &["accounts.json", "accounts-noted.json", "outbox.json", "refused-answers"];
/// Recordings that wait for an approval.
const WAITING: &str = "waiting";

/// Whether recordings are in the backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recordings {
    /// They are.
    Taken,
    /// Their names and fingerprints are.
    LeftOut,
}

/// What a file is to a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// Something that packs well.
    Text,
    /// A recording that waits for an approval: no packing makes it smaller, and nobody else has it.
    Waiting,
    /// A recording of the library, which may be left out.
    Library,
}

/// A file to be taken.
pub(super) struct Source {
    pub(super) path: PathBuf,
    /// It itself where it was opened already; nothing was read of it.
    pub(super) opened: Option<File>,
    /// Size and time when it was listed.
    pub(super) marks: Marks,
    pub(super) sort: Sort,
    /// Its name below the folder of recordings.
    pub(super) below: String,
}

/// What there is to take.
pub(super) struct Contents {
    /// By their names in the backup.
    pub(super) sources: BTreeMap<String, Source>,
    pub(super) not_taken: Vec<NotTaken>,
    pub(super) moved: Vec<Moved>,
    pub(super) places: Places,
    /// The configuration's name in the backup.
    pub(super) config: String,
}

/// Lists what the station of `config`, read from `file`, has. `own` are files that are never taken: the backup itself.
/// `as_owner`: root's rights were given up for the owner's; what is closed to the station's own account is no part of the
/// station then, and is told. To others it is a reason to ask for more rights.
///
/// # Errors
/// A folder that cannot be read.
pub(super) fn list(
    config: &Config,
    file: &Path,
    own: &[PathBuf],
    as_owner: bool,
) -> Result<Contents, ArchiveFault> {
    let whole = std::path::absolute(file).map_err(|error| unreadable(file, &error))?;
    let folder = whole.parent().unwrap_or(&whole);
    let root = folder.parent().unwrap_or(folder);
    let paths = &config.paths;
    let mut placing = Placing { root, taken: Vec::new(), moved: Vec::new() };
    let config_place = placing.place(folder, "config", None);
    let places = Places {
        schedules: placing.place(&paths.schedules, "schedules", Some(("paths", "schedules"))),
        audio: placing.place(&paths.audio, "audio", Some(("paths", "audio"))),
        inbox: placing.place(&paths.inbox, "inbox", Some(("paths", "inbox"))),
        state: placing.place(&paths.state, "state", Some(("paths", "state"))),
    };
    let config_name = whole.file_name().unwrap_or_default().to_string_lossy();
    let mut walk = Walk {
        as_owner,
        never: [&paths.state, &paths.inbox, &paths.aircheck, &config.backup.folder]
            .into_iter()
            .chain(own)
            .map(|path| resolved(path))
            .collect(),
        sources: BTreeMap::new(),
        not_taken: Vec::new(),
    };
    walk.tree(folder, &config_place, Sort::Text)?;
    let certificate = config.page.certificate.as_ref();
    let login = config.alarms.email.as_ref().and_then(|email| email.login.as_ref());
    for (path, table, key) in [
        (config.files.holidays.as_deref(), "files", "holidays"),
        (Some(config.files.themes.as_path()), "files", "themes"),
        (config.files.targets.as_deref(), "files", "targets"),
        (certificate.map(|found| found.chain.as_path()), "page", "certificate"),
        (certificate.map(|found| found.key.as_path()), "page", "key"),
        (login.map(|login| login.password_file.as_path()), "alarms.email", "password_file"),
    ] {
        let Some(path) = path.filter(|path| walk.is_file_to(path)) else { continue };
        let usual = format!("{config_place}/{}", path.file_name().unwrap_or_default().to_string_lossy());
        let name = placing.place(path, &usual, Some((table, key)));
        walk.file(path, name, Sort::Text)?;
    }
    walk.tree(&paths.schedules, &places.schedules, Sort::Text)?;
    for name in OF_THE_STATE {
        let path = paths.state.join(name);
        if path.is_file() {
            walk.file(&path, format!("{}/{name}", places.state), Sort::Text)?;
        }
    }
    walk.tree(&paths.state.join(WAITING), &format!("{}/{WAITING}", places.state), Sort::Waiting)?;
    walk.tree(&paths.audio, &places.audio, Sort::Library)?;
    Ok(Contents {
        sources: walk.sources,
        not_taken: walk.not_taken,
        moved: placing.moved,
        config: format!("{config_place}/{config_name}"),
        places,
    })
}

/// Where things are in the backup.
struct Placing<'r> {
    root: &'r Path,
    taken: Vec<String>,
    moved: Vec<Moved>,
}

impl Placing<'_> {
    /// As below the station's folder; what lies outside gets the `usual` place, or the next that is free.
    fn place(&mut self, path: &Path, usual: &str, key: Option<(&str, &str)>) -> String {
        let below = path.strip_prefix(self.root).ok().and_then(spelled).filter(|name| !name.is_empty());
        let name = below.clone().unwrap_or_else(|| {
            let numbered = (2..).map(|number| format!("{usual}-{number}"));
            let mut names = std::iter::once(usual.to_owned()).chain(numbered);
            names.find(|name| !self.taken.contains(name)).unwrap_or_default()
        });
        if let (None, Some((table, key))) = (below, key) {
            let was = path.display().to_string();
            self.moved.push(Moved { table: table.into(), key: key.into(), was, now: name.clone() });
        }
        self.taken.push(name.clone());
        name
    }
}

/// A relative path with `/`; none where it leaves its folder or is no Unicode.
fn spelled(path: &Path) -> Option<String> {
    let parts = path.components().map(|part| match part {
        Component::Normal(part) => part.to_str(),
        _ => None,
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}

/// A path by which the same file is known again, whether it is there or not.
pub(super) fn resolved(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = whole.parent().and_then(|folder| folder.canonicalize().ok());
    match (whole.canonicalize(), folder, whole.file_name()) {
        (Ok(found), _, _) => found,
        (Err(_), Some(folder), Some(name)) => folder.join(name),
        _ => whole,
    }
}

struct Walk {
    /// What is closed is told, and no error.
    as_owner: bool,
    /// Never taken, nor what is in them.
    never: Vec<PathBuf>,
    sources: BTreeMap<String, Source>,
    not_taken: Vec<NotTaken>,
}

impl Walk {
    /// Everything in a folder; one that is not there has nothing.
    fn tree(&mut self, folder: &Path, name: &str, sort: Sort) -> Result<(), ArchiveFault> {
        match folder.metadata() {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            _ => self.below(folder, folder, name, sort, 0),
        }
    }

    fn below(
        &mut self,
        top: &Path,
        folder: &Path,
        name: &str,
        sort: Sort,
        depth: usize,
    ) -> Result<(), ArchiveFault> {
        if depth > DEPTH {
            self.not_taken.push(NotTaken { path: folder.to_owned(), why: WhyNot::Deep });
            return Ok(());
        }
        let Some(listed) = self.open_to(folder, std::fs::read_dir(folder))? else { return Ok(()) };
        for entry in listed {
            let entry = entry.map_err(|error| unreadable(folder, &error))?;
            let path = entry.path();
            if self.never.contains(&resolved(&path)) {
                continue;
            }
            let not_taken = |why| NotTaken { path: path.clone(), why };
            let Some(part) = entry.file_name().to_str().map(str::to_owned) else {
                self.not_taken.push(not_taken(WhyNot::NotUnicode));
                continue;
            };
            // A copy that is not finished, or that a power cut left.
            if part.starts_with(".loa-") && part.ends_with(".part") {
                continue;
            }
            let kind = entry.file_type().map_err(|error| unreadable(&path, &error))?;
            let name = format!("{name}/{part}");
            match path.metadata() {
                Err(error) if error.kind() == ErrorKind::NotFound && kind.is_symlink() => {
                    self.not_taken.push(not_taken(WhyNot::Nowhere));
                }
                // Taken away since the folder was listed.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => drop(self.open_to::<()>(&path, Err(error))?),
                Ok(found) if found.is_dir() && kind.is_symlink() => {
                    self.not_taken.push(not_taken(WhyNot::Link));
                }
                Ok(found) if found.is_dir() => self.below(top, &path, &name, sort, depth + 1)?,
                Ok(found) if found.is_file() => {
                    let below = path.strip_prefix(top).ok().and_then(spelled).unwrap_or_default();
                    self.add(path, name, &found, sort, below)?;
                }
                Ok(_) => self.not_taken.push(not_taken(WhyNot::Special)),
            }
        }
        Ok(())
    }

    /// What came of opening `path`; none: it is closed, which is told.
    fn open_to<T>(&mut self, path: &Path, opened: std::io::Result<T>) -> Result<Option<T>, ArchiveFault> {
        match opened {
            Err(error) if self.as_owner && error.kind() == ErrorKind::PermissionDenied => {
                let found = NotTaken { path: path.to_owned(), why: WhyNot::Closed };
                // A list that the configuration names lies in its folder, as a rule.
                if !self.not_taken.contains(&found) {
                    self.not_taken.push(found);
                }
                Ok(None)
            }
            other => other.map(Some).map_err(|error| unreadable(path, &error)),
        }
    }

    /// Whether a file is there that may be read; one that is closed is told here, or as an error when it is to be taken.
    fn is_file_to(&mut self, path: &Path) -> bool {
        let opened = path.metadata().and_then(|found| match found.is_file() {
            true => File::open(path).map(|_| true),
            false => Ok(false),
        });
        match opened {
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                self.open_to::<()>(path, Err(error)).is_err()
            }
            other => other.unwrap_or(false),
        }
    }

    fn file(&mut self, path: &Path, name: String, sort: Sort) -> Result<(), ArchiveFault> {
        let found = path.metadata().map_err(|error| unreadable(path, &error))?;
        self.add(path.to_owned(), name, &found, sort, String::new())
    }

    fn add(
        &mut self,
        path: PathBuf,
        name: String,
        found: &Metadata,
        sort: Sort,
        below: String,
    ) -> Result<(), ArchiveFault> {
        let begun = match is_backup(&path) {
            Err(_) if !self.as_owner => Some(false),
            begun => self.open_to(&path, begun)?,
        };
        if begun == Some(false) {
            let marks = Marks::from_metadata(found).map_err(|error| unreadable(&path, &error))?;
            self.sources.insert(name, Source { path, opened: None, marks, sort, below });
        }
        Ok(())
    }
}

/// Whether the file is a backup of a station, finished or not: none holds another. One that cannot be read, or was taken away
/// since its folder was listed, is told when it is to be taken; one that is closed here.
fn is_backup(path: &Path) -> std::io::Result<bool> {
    use std::io::Read;
    let mut begin = Vec::new();
    match File::open(path).and_then(|file| file.take(64).read_to_end(&mut begin)) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(error),
        read => Ok(read.is_ok() && begins_as_backup(&begin)),
    }
}

/// By the name of the first file, which stands at byte 30 of a zip archive.
pub(super) fn begins_as_backup(begin: &[u8]) -> bool {
    begin.starts_with(b"PK\x03\x04")
        && begin.get(30..).is_some_and(|rest| rest.starts_with(FOR_PEOPLE.as_bytes()))
}
