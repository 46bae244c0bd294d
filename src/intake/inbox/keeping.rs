//! Keeping the inbox: its folders made anew, the board and the alarm laid out for every office, what is old deleted.
//! Owns the only place that deletes; it deletes what Loa put there itself and nothing else.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::Inbox;
use super::looking::{Office, TOGETHER, offices};
use super::names::{Own, own, receipt_day};
use crate::core::drops::{ENGLISH_NAMES, VIETNAMESE_NAMES};

impl Inbox {
    /// Every office sees its folders for taking off and for emergencies.
    pub(super) fn furnish(&self, offices: &[Office]) {
        let own = offices.iter().flat_map(|Office { folder, .. }| {
            [self.names.withdraw, self.names.emergency].map(|name| folder.join(name))
        });
        for folder in own {
            if let Err(error) = self.disk.make_folder(&folder) {
                tracing::debug!(%error, folder = %folder.display(), "a folder of the inbox's own could not be made");
            }
        }
    }

    /// Deletes folders that have been empty for a while after their files were taken: not at once, since a program may
    /// be about to copy the next file into one. Senders' own folders stay.
    pub(super) fn remove_emptied(&mut self) {
        let due = |at: &std::time::Duration| self.at.saturating_sub(*at) >= TOGETHER;
        let due: Vec<PathBuf> =
            self.emptied.iter().filter(|(_, at)| due(at)).map(|(folder, _)| folder.clone()).collect();
        for folder in due {
            self.emptied.remove(&folder);
            let mut folder = folder.as_path();
            while self.is_drop_s_own(folder) && self.disk.remove_folder(folder).is_ok() {
                let Some(above) = folder.parent() else { break };
                folder = above;
            }
        }
    }

    /// A folder that came with a drop: no sender's, none of the inbox's own.
    fn is_drop_s_own(&self, folder: &Path) -> bool {
        let Ok(inner) = folder.strip_prefix(&self.root) else { return false };
        let mut parts = inner.iter();
        // In those of the inbox itself for taking off and for emergencies, everything is; of an office's folder, what is no own name.
        match (parts.next(), parts.next(), parts.next()) {
            (Some(first), Some(_), _) if own(first).is_some() => true,
            (Some(_), Some(second), None) => own(second).is_none(),
            (Some(_), Some(_), Some(_)) => true,
            _ => false,
        }
    }

    /// Lays out the board, and the alarm while there is one, in the inbox and every office's folder where they are not
    /// as they should be. Answers with what could not be written, each page once until it can be again.
    pub fn publish(&mut self, board: &str, alarm: Option<&str>) -> Vec<(PathBuf, io::Error)> {
        let Some(offices) = self.is_there().then(|| offices(&self.root).ok()).flatten() else {
            return Vec::new();
        };
        let mut failed = Vec::new();
        for Office { folder, .. } in &offices {
            failed.extend(self.lay_out(&folder.join(self.names.board), Some(board)));
            failed.extend(self.lay_out(&folder.join(self.names.alarm), alarm));
            // What the station called them in its other language.
            let twins = [VIETNAMESE_NAMES, ENGLISH_NAMES].into_iter().filter(|names| *names != self.names);
            for twin in twins.flat_map(|names| [names.board, names.alarm]) {
                failed.extend(self.lay_out(&folder.join(twin), None));
            }
        }
        let paths: HashSet<PathBuf> = failed.iter().map(|(path, _)| path.clone()).collect();
        failed.retain(|(path, _)| !self.told.contains(path));
        self.told = paths;
        failed
    }

    fn lay_out(&self, path: &Path, text: Option<&str>) -> Option<(PathBuf, io::Error)> {
        let found = std::fs::symlink_metadata(path);
        let done = match text {
            None if found.is_err() => return None,
            None => self.disk.remove_file(path),
            Some(text) => {
                let is_file = found.is_ok_and(|found| found.is_file() && found.len() == text.len() as u64);
                if is_file && std::fs::read(path).is_ok_and(|bytes| bytes == text.as_bytes()) {
                    return None;
                }
                self.write_whole(path, text.as_bytes())
            }
        };
        done.err().map(|error| (path.to_path_buf(), error))
    }

    /// Writes a page of the inbox's own: it is there whole or not at all.
    pub(super) fn write_whole(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let fresh = path.with_file_name(".loa.tmp");
        self.disk.write(&fresh, bytes)?;
        self.disk.replace(&fresh, path)
    }

    /// Deletes kept drops and receipts that are older than the settings say, by the day in the name of their folder or
    /// of the receipt; how many files. Only to be called while the clock is trusted.
    pub fn sweep(&mut self, now: DateTime<Utc>) -> usize {
        let days = self.settings.keep.as_secs().div_ceil(24 * 60 * 60);
        let kept = i64::try_from(days).ok().and_then(TimeDelta::try_days);
        let today = now.with_timezone(&self.settings.zone).date_naive();
        let Some(oldest) = kept.filter(|_| days > 0).and_then(|kept| today.checked_sub_signed(kept)) else {
            return 0;
        };
        if !self.is_there() {
            return 0;
        }
        let mut deleted = 0;
        for Office { folder, .. } in offices(&self.root).unwrap_or_default() {
            for (path, name) in folders_in(&folder) {
                match own(name.as_ref()) {
                    Some(Own::Kept) => {
                        for (day, name) in folders_in(&path) {
                            if day_of(&name).is_some_and(|day| day < oldest) {
                                deleted += self.delete_below(&day);
                            }
                        }
                    }
                    Some(Own::Receipts) => deleted += self.delete_receipts(&path, oldest),
                    _ => {}
                }
            }
        }
        deleted
    }

    fn delete_receipts(&self, folder: &Path, oldest: NaiveDate) -> usize {
        let mut deleted = 0;
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let day = entry.file_name().to_str().and_then(receipt_day);
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && day.is_some_and(|day| day < oldest) {
                deleted += usize::from(self.disk.remove_file(&entry.path()).is_ok());
            }
        }
        deleted
    }

    /// Deletes a day's folder with what is in it. A link is deleted, never followed.
    fn delete_below(&self, folder: &Path) -> usize {
        let mut deleted = 0;
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => deleted += self.delete_below(&entry.path()),
                Ok(_) => deleted += usize::from(self.disk.remove_file(&entry.path()).is_ok()),
                Err(_) => {}
            }
        }
        if let Err(error) = self.disk.remove_folder(folder) {
            tracing::debug!(%error, folder = %folder.display(), "an old folder of kept drops stays");
        }
        deleted
    }
}

/// The folders in a folder, no links, with their names.
fn folders_in(folder: &Path) -> Vec<(PathBuf, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    folders.filter_map(|entry| Some((entry.path(), entry.file_name().into_string().ok()?))).collect()
}

/// `2026-11-24`, in just that spelling: what Loa calls the folder of a day.
fn day_of(name: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(name, "%Y-%m-%d").ok().filter(|day| day.to_string() == name)
}
