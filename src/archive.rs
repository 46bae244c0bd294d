//! A whole station in one file: config, schedules, recordings, journal and accounts, so that it goes on on another PC. Owns
//! the file (a zip archive with a manifest, proved when it is made and proved before it is restored), and how a station
//! takes its place in a folder; never writes into the folder of a station, but sets it aside whole. Where root does it, what
//! a station has is read with the rights of the station's account ([`crate::rights`]): what lies there that account has put
//! there. The backup itself, and the folder that is to take a station's place, are root's until they are whole.
//!
//! What belongs to the machine stays with it: the control file, the lock, the reserve of the disk, what waits in the inbox.

use std::io::{Error, ErrorKind};
use std::path::Path;

use crate::core::archive::ArchiveFault;
use crate::rights::Owner;

mod contents;
mod names;
mod output;
mod owner;
mod place;
mod read;
mod taking_over;
mod unpack;
mod write;

pub use contents::Recordings;
pub use read::{Opened, open};
pub use unpack::{Occupied, Placed, restore};
pub use write::{Asked, Backed, back_up};

/// The manifest's name in the archive, the last of its files.
const MANIFEST: &str = "loa-backup.json";
/// What a person finds who opens the archive: the first of its files, by which a backup is known.
const FOR_PEOPLE: &str = "loa-backup.txt";
/// Bytes that are read, hashed and written between two looks at whether to rest.
const PIECE: usize = 1 << 20;

/// How far it is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Done.
    pub done: u64,
    /// In all.
    pub all: u64,
}

/// Told after each piece; it may rest as long as it likes.
pub type Pace<'p> = &'p mut (dyn FnMut(Step) + Send);

/// Does `work` with the rights of a station's owner; `folder` is told where that cannot be.
fn act<T: Send>(
    owner: &Owner,
    folder: &Path,
    work: impl FnOnce() -> Result<T, ArchiveFault> + Send,
) -> Result<T, ArchiveFault> {
    owner.act(work).map_err(|error| unreadable(folder, &error))?
}

/// A file of the station that cannot be read.
fn unreadable(file: &Path, error: &Error) -> ArchiveFault {
    ArchiveFault::Unreadable { file: file.to_owned(), found: error.to_string() }
}

/// What stands in the way of writing `file`.
fn unwritable(file: &Path, error: &Error) -> ArchiveFault {
    let folder = folder_of(file).to_owned();
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => ArchiveFault::Full { folder },
        ErrorKind::FileTooLarge => ArchiveFault::TooLarge { folder },
        _ => ArchiveFault::Unwritable { file: file.to_owned(), found: error.to_string() },
    }
}

/// The folder that a file lies in.
fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file beside another, whose name goes on with `suffix`.
fn beside(file: &Path, suffix: &str) -> std::path::PathBuf {
    let mut name = std::ffi::OsString::from(file);
    name.push(suffix);
    name.into()
}
