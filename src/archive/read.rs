//! Reads a backup: whether it is one, whole, and of a program that this one understands. Owns what is refused before
//! anything is unpacked; writes nothing, and reads of no file more than its manifest says there is.

use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use zip::ZipArchive;
use zip::result::ZipError;

use super::contents::begins_as_backup;
use super::{FOR_PEOPLE, MANIFEST, PIECE, Pace, Step, names, unreadable};
use crate::core::archive::{ArchiveFault, FORMAT, Manifest, Part};
use crate::core::cart::Fingerprint;

/// A manifest is smaller, in bytes: some hundred for each recording.
const LARGEST_MANIFEST: u64 = 256 << 20;
/// What a byte of the archive unpacks to at most, as deflate works.
const MOST_SWOLLEN: u64 = 1_032;

/// A backup that is open, and whose names and sizes are what it says of itself; of its content nothing was proved yet.
pub struct Opened<R> {
    zip: ZipArchive<R>,
    file: PathBuf,
    manifest: Manifest,
}

/// What becomes of a piece of a file.
pub(super) type TakePiece<'p> = &'p mut dyn FnMut(&Part, &[u8]) -> Result<(), ArchiveFault>;

/// What every manifest has, whatever its format.
#[derive(Deserialize)]
struct Origin {
    format: u32,
    program: String,
}

/// Opens a backup.
///
/// # Errors
/// What is no backup, one that is cut off or damaged, a newer program's, or one with names that may not be unpacked.
pub fn open(file: &Path) -> Result<Opened<File>, ArchiveFault> {
    open_file(File::open(file).map_err(|error| unreadable(file, &error))?, file)
}

pub(super) fn open_file<R: Read + Seek>(mut from: R, file: &Path) -> Result<Opened<R>, ArchiveFault> {
    let failed = |error: std::io::Error| unreadable(file, &error);
    let mut begin = Vec::new();
    from.by_ref().take(64).read_to_end(&mut begin).map_err(failed)?;
    let no_backup = |found: &str| ArchiveFault::NoBackup { file: file.to_owned(), found: found.into() };
    if !begins_as_backup(&begin) {
        return Err(no_backup("it does not begin as one"));
    }
    let length = from.seek(SeekFrom::End(0)).map_err(failed)?;
    // Its list of files stands at its end.
    let cut_off = || ArchiveFault::CutOff { file: file.to_owned() };
    let mut zip = match ZipArchive::new(from) {
        Err(ZipError::Io(error)) if error.kind() != ErrorKind::UnexpectedEof => return Err(failed(error)),
        other => other.map_err(|_| cut_off())?,
    };
    let damaged =
        |name: &str, found: String| ArchiveFault::Damaged { file: file.to_owned(), name: name.into(), found };
    let of_manifest = |found: String| damaged(MANIFEST, found);
    let text = match zip.by_name(MANIFEST) {
        Err(ZipError::FileNotFound) => return Err(cut_off()),
        Err(error) => return Err(of_manifest(error.to_string())),
        Ok(listed) if listed.size() > LARGEST_MANIFEST => {
            return Err(of_manifest(format!("it has {} bytes", listed.size())));
        }
        Ok(listed) => {
            let mut text = Vec::new();
            listed
                .take(LARGEST_MANIFEST)
                .read_to_end(&mut text)
                .map_err(|error| of_manifest(error.to_string()))?;
            text
        }
    };
    let of_json = |error: serde_json::Error| of_manifest(error.to_string());
    let origin: Origin = serde_json::from_slice(&text).map_err(of_json)?;
    let this = env!("CARGO_PKG_VERSION");
    if origin.format > FORMAT || is_newer(&origin.program, this) {
        let (made_by, this) = (origin.program, this.to_owned());
        return Err(ArchiveFault::Newer { file: file.to_owned(), made_by, this });
    }
    let manifest: Manifest = serde_json::from_slice(&text).map_err(of_json)?;
    let own = [FOR_PEOPLE, MANIFEST];
    let listed = manifest.files.iter().map(|part| part.name.as_str());
    if let Some((name, fault)) = names::first_fault(listed.chain(own), cfg!(windows)) {
        return Err(ArchiveFault::BadName { file: file.to_owned(), name: name.into(), fault });
    }
    let places = &manifest.places;
    let journal = manifest.journal.iter().map(|journal| journal.file.as_str());
    let folders = [&places.schedules, &places.audio, &places.inbox, &places.state, &manifest.config];
    let folders = folders.into_iter().map(String::as_str).chain(journal);
    for name in folders.chain(manifest.moved.iter().map(|moved| moved.now.as_str())) {
        if let Some((name, fault)) = names::first_fault(std::iter::once(name), cfg!(windows)) {
            return Err(ArchiveFault::BadName { file: file.to_owned(), name: name.into(), fault });
        }
    }
    let mut opened = Opened { zip, file: file.to_owned(), manifest };
    opened.compare(length)?;
    Ok(opened)
}

/// Whether version `one` is newer than `other`; what is no version is not.
fn is_newer(one: &str, other: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let plain = version.split(['-', '+']).next().unwrap_or_default();
        plain.split('.').map(|number| number.parse().unwrap_or(0)).collect()
    };
    numbers(one) > numbers(other)
}

impl<R: Read + Seek> Opened<R> {
    /// What the backup says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The journal in it, by a name that a person finds it by.
    pub(super) fn journal(&self) -> PathBuf {
        let name = self.manifest.journal.as_ref().map_or("", |journal| journal.file.as_str());
        self.file.join(name)
    }

    /// The bytes that it unpacks to.
    pub fn unpacked(&self) -> u64 {
        self.manifest.files.iter().filter(|part| !part.left_out).map(|part| part.size).sum()
    }

    fn damaged(&self, name: &str, found: impl Into<String>) -> ArchiveFault {
        ArchiveFault::Damaged { file: self.file.clone(), name: name.into(), found: found.into() }
    }

    /// The archive has the files of the manifest, as large as it says, and no others.
    fn compare(&mut self, length: u64) -> Result<(), ArchiveFault> {
        let parts: Vec<(String, u64)> = self.held().map(|part| (part.name.clone(), part.size)).collect();
        if self.zip.len() != parts.len() + 2 || self.zip.has_duplicate_names() {
            let found = format!("it holds {} files, and its list has {}", self.zip.len(), parts.len() + 2);
            return Err(self.damaged(MANIFEST, found));
        }
        let mut packed = 0u64;
        for (name, size) in parts {
            let listed = self.zip.by_name(&name).map(|file| {
                let plain = !file.is_symlink() && !file.is_dir() && !file.encrypted();
                (file.size(), file.compressed_size(), plain)
            });
            let (found, taken, plain) = listed.map_err(|error| self.damaged(&name, error.to_string()))?;
            packed = packed.saturating_add(taken);
            if !plain {
                return Err(self.damaged(&name, "it is no plain file"));
            }
            if found != size || size / MOST_SWOLLEN > taken {
                return Err(
                    self.damaged(&name, format!("it has {found} bytes from {taken}, expected {size}"))
                );
            }
        }
        if packed > length {
            return Err(self.damaged(MANIFEST, "its files share their bytes"));
        }
        Ok(())
    }

    fn held(&self) -> impl Iterator<Item = &Part> {
        self.manifest.files.iter().filter(|part| !part.left_out)
    }

    /// Reads everything, and holds it against the manifest.
    ///
    /// # Errors
    /// The first file that is not what the manifest says.
    pub fn check(&mut self, pace: Pace<'_>) -> Result<(), ArchiveFault> {
        self.each(pace, &mut |_, _| Ok(()), &mut |_| Ok(()))
    }

    /// Hands on each file piece by piece, and then that it was whole.
    pub(super) fn each(
        &mut self,
        pace: Pace<'_>,
        piece: TakePiece<'_>,
        whole: &mut dyn FnMut(&Part) -> Result<(), ArchiveFault>,
    ) -> Result<(), ArchiveFault> {
        let parts: Vec<Part> = self.held().cloned().collect();
        let all = self.unpacked();
        let Opened { zip, file, .. } = self;
        let damaged = |part: &Part, found: String| ArchiveFault::Damaged {
            file: file.clone(),
            name: part.name.clone(),
            found,
        };
        let mut done = 0;
        let mut buffer = vec![0; PIECE];
        for part in &parts {
            let mut digest = Sha256::new();
            let mut size = 0u64;
            let mut entry = zip.by_name(&part.name).map_err(|error| damaged(part, error.to_string()))?;
            loop {
                let read = match entry.read(&mut buffer) {
                    Ok(0) => break,
                    Ok(read) => read,
                    Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                    Err(error) => return Err(damaged(part, error.to_string())),
                };
                size += read as u64;
                if size > part.size {
                    return Err(damaged(part, format!("it has more than {} bytes", part.size)));
                }
                digest.update(&buffer[..read]);
                piece(part, &buffer[..read])?;
                done += read as u64;
                pace(Step { done, all });
            }
            let found = Fingerprint(digest.finalize().into());
            if size != part.size || found != part.sha256 {
                return Err(damaged(part, format!("its SHA-256 is {found}, expected {}", part.sha256)));
            }
            whole(part)?;
        }
        Ok(())
    }
}
