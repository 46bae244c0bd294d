//! The way of a recording into the library and out of it. Each step may be the last before a power cut, and each may be
//! done again: the library has the old recording or the new one, whole, and the old one is kept. Owns the order of the
//! steps; never follows a link, and never decides what is stored.

use std::ffi::OsString;
use std::fs::{self, DirEntry, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::Marks;
use super::judging::sort::ending_of;
use crate::core::cart::{CartName, Fingerprint};
use crate::sound::measure::fingerprint_of;

/// So deep are folders that kept versions lie in: the library's eight, and one a recording.
const DEPTH: usize = 16;

/// Puts `source` into the library as `name`, in place of what is there: that is kept as `kept_root/NAME/SHA.ending`, by
/// the first 12 digits of its fingerprint. Both spellings of a name in Unicode are one; the one on disk stays. Where
/// the content is there already nothing is done, so that it can be asked for again after a power cut, with `source`
/// gone too. Answers the marks of the stored file.
///
/// # Errors
/// What the system says; [`ErrorKind::InvalidData`] where `source` does not have the `content`, or where a link or a
/// folder stands in the way. The library is then as it was.
pub fn store(
    source: &Path,
    audio_root: &Path,
    name: &CartName,
    content: Fingerprint,
    kept_root: &Path,
) -> io::Result<Marks> {
    let (folder, file) = folder_of(audio_root, name, true)?.ok_or(ErrorKind::NotFound)?;
    let mut there = spellings(&folder, &file)?;
    // The library takes the first by bytes, so that is replaced, and the others go only when it is.
    let target = if there.is_empty() { folder.join(&file) } else { there.remove(0) };
    let old = if target.exists() { Some(fingerprint_of(&target)?) } else { None };
    if old != Some(content) {
        let new = folder.join(format!(".loa-{}.part", &content.to_string()[..16]));
        let put = copy(source, &new, content).and_then(|()| {
            if let Some(old) = old {
                keep(&target, old, name, kept_root)?;
            }
            fs::rename(&new, &target)
        });
        if put.is_err() {
            let _ = fs::remove_file(&new);
        }
        put?;
    }
    for twin in there {
        let old = fingerprint_of(&twin)?;
        if old != content {
            keep(&twin, old, name, kept_root)?;
        }
        fs::remove_file(&twin)?;
    }
    sync_folder(&folder)?;
    Marks::of(&target)
}

/// Opens a recording of the library for reading; none where there is none.
///
/// # Errors
/// What the system says, or a link in the way: none is followed.
pub fn open(audio_root: &Path, name: &CartName) -> io::Result<Option<File>> {
    let Some((folder, file)) = folder_of(audio_root, name, false)? else { return Ok(None) };
    let Some(path) = spellings(&folder, &file)?.into_iter().next() else { return Ok(None) };
    let opened = File::open(&path)?;
    // Between the look and the opening it may have become something else.
    let is_it = fs::symlink_metadata(&path)?.is_file() && opened.metadata()?.is_file();
    if is_it { Ok(Some(opened)) } else { Err(in_the_way(&path)) }
}

/// Takes a recording out of the library, in every spelling of its name, and keeps it as [`store`] does; false where
/// there is none.
///
/// # Errors
/// What the system says, or a link in the way; a recording that is not kept is not taken out.
pub fn remove(audio_root: &Path, name: &CartName, kept_root: &Path) -> io::Result<bool> {
    let Some((folder, file)) = folder_of(audio_root, name, false)? else { return Ok(false) };
    let there = spellings(&folder, &file)?;
    for path in &there {
        keep(path, fingerprint_of(path)?, name, kept_root)?;
        fs::remove_file(path)?;
    }
    if !there.is_empty() {
        sync_folder(&folder)?;
    }
    Ok(!there.is_empty())
}

/// Deletes versions that have been kept for longer than `span`, and folders that are empty then; answers how many.
///
/// # Errors
/// Where the folder of kept versions cannot be read; a single file that cannot be deleted stays, and is told.
pub fn prune(kept_root: &Path, span: Duration, now: DateTime<Utc>) -> io::Result<usize> {
    match prune_folder(kept_root, span, now, DEPTH) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        pruned => pruned,
    }
}

fn prune_folder(folder: &Path, span: Duration, now: DateTime<Utc>, depth: usize) -> io::Result<usize> {
    let mut pruned = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() && depth > 0 {
            pruned += prune_folder(&path, span, now, depth - 1)?;
            // Refused as long as something is in it.
            let _ = fs::remove_dir(&path);
        } else if kind.is_file() {
            let since = DateTime::<Utc>::from(entry.metadata()?.modified()?);
            if (now - since).to_std().is_ok_and(|kept| kept > span) {
                match fs::remove_file(&path) {
                    Ok(()) => pruned += 1,
                    Err(error) => tracing::warn!(%error, ?path, "a kept version stays beyond its time"),
                }
            }
        }
    }
    Ok(pruned)
}

/// The folder of a recording as it is on disk, and its file's name; made where it is not there and `make` says so, none
/// where it is not there.
fn folder_of(root: &Path, name: &CartName, make: bool) -> io::Result<Option<(PathBuf, String)>> {
    let mut parts: Vec<&str> = name.as_str().split('/').collect();
    let file = parts.pop().unwrap_or_default().to_owned();
    if make {
        fs::create_dir_all(root)?;
    }
    let mut folder = root.to_path_buf();
    for part in parts {
        let named = match named(&folder, part) {
            Ok(mut found) => {
                if found.is_empty() {
                    None
                } else {
                    Some(found.remove(0))
                }
            }
            Err(error) if error.kind() == ErrorKind::NotFound && !make => return Ok(None),
            Err(error) => return Err(error),
        };
        let next = named.unwrap_or_else(|| folder.join(part));
        match fs::symlink_metadata(&next) {
            Ok(about) if about.is_dir() => {}
            Ok(_) => return Err(in_the_way(&next)),
            Err(error) if error.kind() == ErrorKind::NotFound && make => {
                fs::create_dir(&next)?;
                sync_folder(&folder)?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
        folder = next;
    }
    Ok(Some((folder, file)))
}

/// The files of a folder that have this name in any spelling, the first by bytes first: the one that the library takes.
fn spellings(folder: &Path, file: &str) -> io::Result<Vec<PathBuf>> {
    let mut there = match named(folder, file) {
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        there => there?,
    };
    // Some systems open a file under more names than the folder lists.
    let plain = folder.join(file);
    if there.is_empty() && fs::symlink_metadata(&plain).is_ok() {
        there.push(plain);
    }
    match there.iter().find(|path| !fs::symlink_metadata(path).is_ok_and(|about| about.is_file())) {
        Some(other) => Err(in_the_way(other)),
        None => Ok(there),
    }
}

fn named(folder: &Path, name: &str) -> io::Result<Vec<PathBuf>> {
    let is_it = |entry: &DirEntry| entry.file_name().to_str().is_some_and(|found| found.nfc().eq(name.nfc()));
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_it(&entry) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn in_the_way(path: &Path) -> io::Error {
    let what = match fs::symlink_metadata(path) {
        Ok(about) if about.is_symlink() => "a link",
        Ok(about) if about.is_dir() => "a folder",
        Ok(about) if about.is_file() => "a file",
        _ => "something else",
    };
    let found =
        format!("`{}` is {what}, which stands in the way of a recording: take it away", path.display());
    io::Error::new(ErrorKind::InvalidData, found)
}

/// Copies to a file that is made for it, makes it durable, and proves that it is what was measured.
fn copy(source: &Path, to: &Path, content: Fingerprint) -> io::Result<()> {
    // What a power cut left, or a link that somebody put there.
    match fs::remove_file(to) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut from = File::open(source)?;
    let mut into = File::options().write(true).create_new(true).open(to)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; 128 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                digest.update(&buffer[..read]);
                into.write_all(&buffer[..read])?;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    into.sync_all()?;
    let found = Fingerprint(digest.finalize().into());
    if found == content {
        return Ok(());
    }
    let found = format!("`{}` has changed: its SHA-256 is {found}, expected {content}", source.display());
    Err(io::Error::new(ErrorKind::InvalidData, found))
}

/// Keeps a version that is about to go. A copy, since its time counts from now on, and a link to the same bytes would
/// have the time of the recording.
///
/// # Errors
/// What the system says; then it must not go.
pub fn keep(path: &Path, content: Fingerprint, name: &CartName, kept_root: &Path) -> io::Result<()> {
    let folder = kept_root.join(name.as_str());
    fs::create_dir_all(&folder)?;
    let mut file = OsString::from(&content.to_string()[..12]);
    match ending_of(name.as_str()) {
        ending if ending.is_empty() => {}
        ending => file.push(format!(".{ending}")),
    }
    let kept = folder.join(&file);
    let new = folder.join(".new.part");
    let done = copy(path, &new, content).and_then(|()| fs::rename(&new, &kept));
    if done.is_err() {
        let _ = fs::remove_file(&new);
    }
    done?;
    sync_folder(&folder)
}

/// Makes what a folder lists durable. Windows does not open folders, and needs no such thing.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
