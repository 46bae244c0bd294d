//! Makes a backup: beside its name first, durable, read back and held against its own manifest, and only then under its
//! name. Owns the order of the steps; nothing that was there is written over, and nothing half-made has the name of a backup.
//! The station is read with its owner's rights ([`crate::rights`]), the backup lies where its caller may write.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Timelike, Utc};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::contents::{Contents, Recordings, Sort, Source, list};
use super::{
    FOR_PEOPLE, MANIFEST, PIECE, Pace, Step, act, beside, folder_of, names, output, read, unreadable,
    unwritable,
};
use crate::config::Config;
use crate::core::archive::{ArchiveFault, FORMAT, JournalPart, Manifest, NotTaken, Part};
use crate::core::cart::Fingerprint;
use crate::intake::Marks;
use crate::journal::backup::BackupError;
use crate::journal::{Reader, backup, reserve};
use crate::rights::Owner;

/// From this size on a file of the archive is written as zip archives have it that may be larger than 4 GB.
const LARGE: u64 = 1 << 31;

/// What is to be backed up.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The station.
    pub config: &'a Config,
    /// The file that its config was read from.
    pub config_file: &'a Path,
    /// The journal's file.
    pub journal: &'a Path,
    /// The backup to make; its name must be free.
    pub file: &'a Path,
    /// Whether recordings are in it.
    pub recordings: Recordings,
    /// What is said to a person who opens the file.
    pub for_people: &'a str,
    /// Whether the station runs.
    pub running: bool,
    /// The time.
    pub now: DateTime<Utc>,
}

/// A backup that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backed {
    /// What it holds.
    pub manifest: Manifest,
    /// Its size in bytes.
    pub size: u64,
    /// What it could not hold.
    pub not_taken: Vec<NotTaken>,
    /// Names in it that Windows cannot hold.
    pub unfit_for_windows: Vec<String>,
}

/// Makes the backup. `pace` is told after each megabyte, and may rest.
///
/// # Errors
/// See [`ArchiveFault`]; nothing is left of the backup then.
pub fn back_up(asked: &Asked<'_>, pace: Pace<'_>) -> Result<Backed, ArchiveFault> {
    let file = asked.file;
    if file.symlink_metadata().is_ok() {
        return Err(ArchiveFault::Exists { file: file.to_owned() });
    }
    let (part, copy) = (beside(file, ".part"), beside(file, ".journal.part"));
    let mut into = output::claim(&part, file)?;
    let owner = Owner::of_station(asked.config_file, Some(&asked.config.paths.state));
    let made = make(asked, &owner, &mut into, (&part, &copy), pace).and_then(|backed| {
        output::name(&part, file)?;
        sync_folder(folder_of(file)).map_err(|error| unwritable(file, &error))?;
        Ok(backed)
    });
    for leftover in journal_files(&copy) {
        let _ = std::fs::remove_file(leftover);
    }
    if made.is_err() {
        let _ = std::fs::remove_file(&part);
    }
    made
}

/// A copy of the journal, and what SQLite may have left beside it.
fn journal_files(copy: &Path) -> [PathBuf; 4] {
    ["", "-journal", "-wal", "-shm"].map(|suffix| beside(copy, suffix))
}

fn make(
    asked: &Asked<'_>,
    owner: &Owner,
    into: &mut File,
    (part, copy): (&Path, &Path),
    pace: Pace<'_>,
) -> Result<Backed, ArchiveFault> {
    let station = &asked.config.paths.state;
    // The journal first: what the folders have beyond it is news to it; what it has beyond them would be lost.
    let length = act(owner, station, || Ok(std::fs::metadata(asked.journal).map_or(0, |found| found.len())))?;
    room(asked.file, length * 2)?;
    let head = copy_journal(asked, owner, copy, pace)?;
    let own = [asked.file, part, copy].map(Path::to_owned);
    let Contents { mut sources, not_taken, moved, places, config } =
        act(owner, station, || list(asked.config, asked.config_file, &own, owner.is_other()))?;
    let journal = head.map(|head| JournalPart { file: format!("{}/journal.db", places.state), head });
    if let Some(journal) = &journal {
        let opened = output::open_again(copy).map_err(|error| unreadable(copy, &error))?;
        let marks = opened.metadata().and_then(|found| Marks::from_metadata(&found));
        let marks = marks.map_err(|error| unreadable(copy, &error))?;
        // Its rights are those of the journal itself.
        let (path, below) = (asked.journal.to_owned(), String::new());
        let source = Source { path, opened: Some(opened), marks, sort: Sort::Text, below };
        sources.insert(journal.file.clone(), source);
    }
    let left_out = |source: &Source| source.sort == Sort::Library && asked.recordings == Recordings::LeftOut;
    let all = sources.values().filter(|source| !left_out(source)).map(|source| source.marks.size).sum();
    room(asked.file, all)?;
    let known =
        if asked.recordings == Recordings::LeftOut { known(copy, journal.is_some()) } else { HashMap::new() };
    let origin = Manifest {
        format: FORMAT,
        program: env!("CARGO_PKG_VERSION").into(),
        station: asked.config.station.id.clone(),
        name: asked.config.station.name.clone(),
        made: asked.now,
        running: asked.running,
        config,
        places,
        journal,
        moved,
        files: Vec::with_capacity(sources.len()),
    };
    let manifest =
        act(owner, station, || fill(asked, into, (part, all), origin, (&sources, &known), &left_out, pace))?;
    let size = into.metadata().map_err(|error| unwritable(part, &error))?.len();
    let unfit = manifest.files.iter().filter(|part| names::is_unfit_for_windows(&part.name));
    let unfit_for_windows = unfit.map(|part| part.name.clone()).collect();
    Ok(Backed { manifest, size, not_taken, unfit_for_windows })
}

/// What was measured of the recordings, by their names.
type Known = HashMap<String, (Marks, Fingerprint)>;

/// Writes everything into the archive of `all` bytes, reads it back, and says what it holds.
fn fill(
    asked: &Asked<'_>,
    into: &mut File,
    (part, all): (&Path, u64),
    mut manifest: Manifest,
    (sources, known): (&BTreeMap<String, Source>, &Known),
    left_out: &dyn Fn(&Source) -> bool,
    pace: Pace<'_>,
) -> Result<Manifest, ArchiveFault> {
    let mut archive = Archive {
        zip: ZipWriter::new(&mut *into).set_auto_large_file(),
        options: dated(asked),
        part,
        done: 0,
        all: all * 2,
    };
    archive.text(FOR_PEOPLE, asked.for_people.as_bytes(), CompressionMethod::Stored)?;
    // What says when something airs goes first, close to the journal's moment: recordings take minutes, and what is dropped
    // meanwhile would look in the restored station as if a person had put it there.
    let (first, then): (Vec<_>, Vec<_>) = sources.iter().partition(|(_, source)| source.sort == Sort::Text);
    for (name, source) in first.into_iter().chain(then) {
        let taken = match left_out(source) {
            true => fingerprint(source, known)?,
            false => archive.add(name, source, pace)?,
        };
        // Taken away meanwhile: then the station has it no more.
        let Some((size, sha256)) = taken else { continue };
        manifest.files.push(Part {
            name: name.clone(),
            size,
            sha256,
            mode: mode_of(&source.path),
            modified_ns: source.marks.modified_ns,
            left_out: left_out(source),
        });
    }
    let done = archive.finish(&manifest)?;
    into.sync_all().map_err(|error| unwritable(part, &error))?;
    prove(into, asked.file, &manifest, &mut |step| pace(Step { done: done + step.done, all: all * 2 }))?;
    Ok(manifest)
}

/// The time of the backup as file managers show it, in the station's zone.
fn dated(asked: &Asked<'_>) -> SimpleFileOptions {
    let civil = asked.now.with_timezone(&asked.config.station.time_zone).naive_local();
    let part = |number: u32| u8::try_from(number).unwrap_or_default();
    let (year, month, day) = (u16::try_from(civil.year()).unwrap_or_default(), civil.month(), civil.day());
    let (hour, minute, second) = (part(civil.hour()), part(civil.minute()), part(civil.second()));
    let time = zip::DateTime::from_date_and_time(year, part(month), part(day), hour, minute, second);
    SimpleFileOptions::default().last_modified_time(time.unwrap_or_default())
}

/// Copies the journal as it is at this moment, and proves it; none: there is none yet.
fn copy_journal(
    asked: &Asked<'_>,
    owner: &Owner,
    copy: &Path,
    pace: Pace<'_>,
) -> Result<Option<Option<crate::core::record::Stamp>>, ArchiveFault> {
    for leftover in journal_files(copy) {
        match std::fs::remove_file(&leftover) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(unwritable(&leftover, &error)),
            _ => {}
        }
    }
    let unreadable = |error: std::io::Error| unreadable(asked.journal, &error);
    let station = &asked.config.paths.state;
    if !act(owner, station, || asked.journal.try_exists().map_err(unreadable))? {
        return Ok(None);
    }
    output::create(copy).map_err(|error| unwritable(copy, &error))?;
    let failed = |error: BackupError| match error {
        BackupError::Flawed(flaw) => ArchiveFault::JournalDamaged { found: flaw.to_string() },
        BackupError::Failed(fault) if fault.is_full() => {
            ArchiveFault::Full { folder: folder_of(asked.file).to_owned() }
        }
        error => ArchiveFault::Journal { file: asked.journal.to_owned(), found: error.to_string() },
    };
    let target = backup::Target::open(copy).map_err(failed)?;
    let head = act(owner, station, || {
        let mut rest = || {
            pace(Step { done: 0, all: 0 });
            true
        };
        target.fill(asked.journal, &mut rest).map_err(failed)
    })?;
    backup::prove(copy, head.as_ref()).map_err(failed)?;
    Ok(Some(head))
}

/// What was measured of the recordings, so that a backup without them need not read them all.
fn known(journal: &Path, there: bool) -> Known {
    let carts = there.then(|| Reader::open(journal).and_then(|reader| reader.carts()).ok()).flatten();
    let marked = carts.unwrap_or_default().into_iter().filter_map(|cart| {
        let marks = Marks { size: cart.size, modified_ns: cart.mtime_ns };
        Some((cart.name.as_str().to_owned(), (marks, cart.measurement?.sha256)))
    });
    marked.collect()
}

/// The fingerprint of a recording that is left out; none: it is there no more.
fn fingerprint(source: &Source, known: &Known) -> Result<Option<(u64, Fingerprint)>, ArchiveFault> {
    let measured = known.get(&source.below.nfc().collect::<String>());
    if let (Some((marks, sha256)), Ok(found)) = (measured, Marks::of(&source.path))
        && *marks == found
    {
        return Ok(Some((found.size, *sha256)));
    }
    let mut digest = Sha256::new();
    let mut size = 0;
    let there = each_piece(source, &mut |piece| {
        digest.update(piece);
        size += piece.len() as u64;
        Ok(())
    })?;
    Ok(there.then(|| (size, Fingerprint(digest.finalize().into()))))
}

/// Hands on the content of a file; false where it is not there.
fn each_piece(
    source: &Source,
    hand_on: &mut dyn FnMut(&[u8]) -> Result<(), ArchiveFault>,
) -> Result<bool, ArchiveFault> {
    let path = &source.path;
    let opened = source.opened.as_ref().map_or_else(|| File::open(path), File::try_clone);
    let mut from = match opened {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        other => other.map_err(|error| unreadable(path, &error))?,
    };
    let mut buffer = vec![0; PIECE];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok(true),
            Ok(read) => hand_on(&buffer[..read])?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(path, &error)),
        }
    }
}

/// The archive while it is written.
struct Archive<'f> {
    zip: ZipWriter<&'f mut File>,
    /// What all its files have in common.
    options: SimpleFileOptions,
    part: &'f Path,
    done: u64,
    all: u64,
}

impl Archive<'_> {
    fn failed(&self, error: zip::result::ZipError) -> ArchiveFault {
        unwritable(self.part, &error.into())
    }

    fn text(&mut self, name: &str, text: &[u8], method: CompressionMethod) -> Result<(), ArchiveFault> {
        let options = self.options.compression_method(method).unix_permissions(0o600);
        self.zip.start_file(name, options).map_err(|error| self.failed(error))?;
        self.zip.write_all(text).map_err(|error| unwritable(self.part, &error))
    }

    /// Takes a file; none: it is not there.
    fn add(
        &mut self,
        name: &str,
        source: &Source,
        pace: Pace<'_>,
    ) -> Result<Option<(u64, Fingerprint)>, ArchiveFault> {
        if !source.path.try_exists().map_err(|error| unreadable(&source.path, &error))? {
            return Ok(None);
        }
        let method =
            if source.sort == Sort::Text { CompressionMethod::Deflated } else { CompressionMethod::Stored };
        let options = self
            .options
            .compression_method(method)
            .large_file(source.marks.size >= LARGE)
            .unix_permissions(mode_of(&source.path).unwrap_or(0o600));
        self.zip.start_file(name, options).map_err(|error| self.failed(error))?;
        let mut digest = Sha256::new();
        let mut size = 0;
        let Archive { zip, part, done, all, .. } = self;
        let there = each_piece(source, &mut |piece| {
            digest.update(piece);
            size += piece.len() as u64;
            zip.write_all(piece).map_err(|error| unwritable(part, &error))?;
            *done += piece.len() as u64;
            pace(Step { done: *done, all: *all });
            Ok(())
        })?;
        if !there {
            self.zip.abort_file().map_err(|error| self.failed(error))?;
            return Ok(None);
        }
        Ok(Some((size, Fingerprint(digest.finalize().into()))))
    }

    /// Writes what the backup says of itself, and ends it; how many bytes were taken.
    fn finish(mut self, manifest: &Manifest) -> Result<u64, ArchiveFault> {
        let text =
            serde_json::to_vec_pretty(manifest).map_err(|error| unwritable(self.part, &error.into()))?;
        self.text(MANIFEST, &text, CompressionMethod::Deflated)?;
        let (part, done) = (self.part, self.done);
        self.zip.finish().map_err(|error| unwritable(part, &error.into()))?;
        Ok(done)
    }
}

/// Reads the whole backup again as a restoration does, and holds it against what was meant to be written.
fn prove(into: &mut File, file: &Path, manifest: &Manifest, pace: Pace<'_>) -> Result<(), ArchiveFault> {
    into.seek(SeekFrom::Start(0)).map_err(|error| unwritable(file, &error))?;
    let mut opened = read::open_file(&mut *into, file)?;
    if opened.manifest() != manifest {
        let found = "it is not what was written; the disk cannot be trusted".into();
        return Err(ArchiveFault::Damaged { file: file.to_owned(), name: MANIFEST.into(), found });
    }
    opened.check(pace)
}

/// Whether the disk has room for so much and for what the station keeps free.
pub(super) fn room(file: &Path, needed: u64) -> Result<(), ArchiveFault> {
    let folder = folder_of(file);
    let needed = needed + reserve::SIZE;
    match reserve::free_space(folder) {
        Some(free) if free < needed => Err(ArchiveFault::NoRoom { folder: folder.to_owned(), free, needed }),
        _ => Ok(()),
    }
}

/// Who may do what with the file, where the system says it so.
#[cfg(unix)]
fn mode_of(path: &Path) -> Option<u32> {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().ok().map(|found| found.permissions().mode() & 0o777)
}

#[cfg(not(unix))]
fn mode_of(_: &Path) -> Option<u32> {
    None
}

/// Makes what a folder lists durable. Windows does not open folders, and needs no such thing.
pub(super) fn sync_folder(folder: &Path) -> std::io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
