//! A whole station in one file, as values: what the file says of itself, and what can be wrong with it or with the folder
//! that it is restored into. Owns the format's number and the texts in English; the file is `archive`'s.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::cart::Fingerprint;
use super::record::Stamp;

/// The format that this program writes, and the highest that it reads.
pub const FORMAT: u32 = 1;

/// What a backup says of itself. Names in it are paths below the station's folder, with `/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`] of the program that wrote it.
    pub format: u32,
    /// The version of that program.
    pub program: String,
    /// The station's id.
    pub station: String,
    /// Its name.
    pub name: String,
    /// When the backup was begun.
    pub made: DateTime<Utc>,
    /// Whether the station ran then.
    pub running: bool,
    /// Where the configuration is.
    pub config: String,
    /// The folders.
    pub places: Places,
    /// The journal; none: the station had never run.
    pub journal: Option<JournalPart>,
    /// What lay outside the station's folder, and lies in it since: the configuration is to say so.
    pub moved: Vec<Moved>,
    /// Every file.
    pub files: Vec<Part>,
}

/// Where the folders of a station are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Places {
    /// The schedules.
    pub schedules: String,
    /// The recordings.
    pub audio: String,
    /// What offices drop; nothing of it is in a backup.
    pub inbox: String,
    /// The state; what a backup has of it is what another machine can go on with.
    pub state: String,
}

/// The journal of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JournalPart {
    /// Its file.
    pub file: String,
    /// Its last entry; none: it has none.
    pub head: Option<Stamp>,
}

/// A path of the configuration that led out of the station's folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The table of the configuration, without brackets.
    pub table: String,
    /// The key.
    pub key: String,
    /// What it led to on the old machine.
    pub was: String,
    /// Where that is in the backup.
    pub now: String,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content.
    pub sha256: Fingerprint,
    /// When its content was last changed, nanoseconds since 1970: by size and time the station knows what it has measured.
    pub modified_ns: i64,
    /// Who may do what with it, the nine bits of unix; none: it comes from another system.
    pub mode: Option<u32>,
    /// Whether the backup has its name and fingerprint alone: a recording of a backup without recordings.
    #[serde(default)]
    pub left_out: bool,
}

/// Something of the station's folders that a backup cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTaken {
    /// Its path.
    pub path: PathBuf,
    /// Why.
    pub why: WhyNot,
}

/// Why a file is not in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// A link to a folder: it may lead anywhere, into itself too.
    Link,
    /// Neither a file nor a folder.
    Special,
    /// Its name is no Unicode.
    NotUnicode,
    /// A link that leads nowhere.
    Nowhere,
    /// So many folders lie in each other.
    Deep,
    /// The station's own account may not read it.
    Closed,
}

/// What is wrong with the name of a file in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    /// It leaves the folder, or is none.
    #[error("it leads out of the station's folder")]
    Outside,
    /// Windows cannot hold it, and this is Windows.
    #[error("Windows cannot hold a file of this name")]
    Windows,
    /// Two files of one name, as this system compares names.
    #[error("there are two files of this name")]
    Twice,
    /// It is listed as a file and as a folder.
    #[error("it is a file and a folder as well")]
    FileAndFolder,
}

/// Why no backup was made, or why nothing was restored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveFault {
    /// The name is taken.
    #[error("`{}` is there already and is never written over; choose another name", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// Another process writes the same file, or restores into the same folder.
    #[error("another `loa` is at work on `{}`; wait until it is done", file.display())]
    AtWork {
        /// The file or folder.
        file: PathBuf,
    },
    /// Too little is free.
    #[error("`{}` has {free} bytes free, and {needed} are needed; free some room or choose another disk", folder.display())]
    NoRoom {
        /// The folder that is to be written into.
        folder: PathBuf,
        /// Free there, in bytes.
        free: u64,
        /// Needed, in bytes.
        needed: u64,
    },
    /// The disk became full on the way.
    #[error("the disk of `{}` is full; nothing was changed. Free some room or choose another disk", folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk's file system holds no file of that size.
    #[error(
        "the file system of `{}` holds no file over 4 GB (FAT32); format the disk as exFAT or NTFS, or give `--without-audio`",
        folder.display()
    )]
    TooLarge {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the station cannot be read.
    #[error("`{}` cannot be read: {found}; give the command as the station's user or with `sudo`", file.display())]
    Unreadable {
        /// The file or folder.
        file: PathBuf,
        /// What the system said.
        found: String,
    },
    /// Something cannot be written.
    #[error(
        "`{}` cannot be written: {found}; give the command with the rights for it (`sudo`), or choose another place",
        file.display()
    )]
    Unwritable {
        /// The file or folder.
        file: PathBuf,
        /// What the system said.
        found: String,
    },
    /// The journal is not whole.
    #[error(
        "the journal is damaged: {found}. Start the station again, which restores it, then make the backup"
    )]
    JournalDamaged {
        /// What is wrong with it.
        found: String,
    },
    /// The journal cannot be copied, read or continued.
    #[error(
        "the journal `{}` cannot be copied: {found}. A station's journal is examined by `loa doctor`; in the place of a backup \
         with such a journal take an older one",
        file.display()
    )]
    Journal {
        /// The journal.
        file: PathBuf,
        /// What is wrong.
        found: String,
    },
    /// A file that is no backup of Loa.
    #[error("`{}` is no backup of a station: {found}; `loa backup FILE` makes one", file.display())]
    NoBackup {
        /// The file.
        file: PathBuf,
        /// What was found.
        found: String,
    },
    /// The file ends too early.
    #[error(
        "`{}` is cut off: it begins as a backup of a station and has no end. Copy it again from where it was made, or take an \
         older backup; nothing was changed",
        file.display()
    )]
    CutOff {
        /// The file.
        file: PathBuf,
    },
    /// Its content is not what it says of itself.
    #[error(
        "`{}` is damaged at `{name}`: {found}. Copy it again from where it was made, or take an older backup; nothing was \
         changed",
        file.display()
    )]
    Damaged {
        /// The backup.
        file: PathBuf,
        /// The file in it.
        name: String,
        /// What was found.
        found: String,
    },
    /// A name in it is none that may be unpacked.
    #[error("`{}` holds `{name}`, and {fault}; nothing was changed", file.display())]
    BadName {
        /// The backup.
        file: PathBuf,
        /// The file in it.
        name: String,
        /// What is wrong with the name.
        fault: NameFault,
    },
    /// A newer program made it.
    #[error(
        "`{}` was made by Loa {made_by}, this is Loa {this}: install Loa {made_by} or newer and restore it with that; nothing \
         was changed",
        file.display()
    )]
    Newer {
        /// The backup.
        file: PathBuf,
        /// The version of the program that made it.
        made_by: String,
        /// The version of this program.
        this: String,
    },
    /// A station runs in the folder.
    #[error("a station runs in `{}`{}; end it first (`sudo systemctl stop loa`)", folder.display(), holder.map_or(String::new(), |pid| format!(" (process {pid})")))]
    Running {
        /// The folder.
        folder: PathBuf,
        /// The process, where it is known.
        holder: Option<u32>,
    },
    /// A station is in the folder already.
    #[error(
        "there is a station in `{}` already; to set it aside whole and put the backup in its place, give `--replace`; to \
         restore elsewhere, give `--folder FOLDER`",
        folder.display()
    )]
    Occupied {
        /// The folder.
        folder: PathBuf,
    },
    /// The folder cannot take another's place.
    #[error("`{}` cannot be put in the place of `{}`: {found}; give another folder with `--folder FOLDER`", new.display(), old.display())]
    NoSwap {
        /// The folder that was made.
        new: PathBuf,
        /// The one in whose place it was to be.
        old: PathBuf,
        /// What the system said.
        found: String,
    },
    /// Files are in the folder that are no station.
    #[error(
        "`{}` is not empty: `{}` is in it; to set all of it aside and put the backup in its place, give `--replace`; to restore \
         elsewhere, give `--folder FOLDER`",
        folder.display(), file.display()
    )]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
        /// One of the files.
        file: PathBuf,
    },
}
