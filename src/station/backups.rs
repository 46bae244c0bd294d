//! The daily backup of the journal, with the proof that it is whole. Owns when it is made: after the time of the config,
//! when nothing is on air or due within minutes; the copying is [`crate::journal::backup`]'s.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;

use super::{Call, PLAYOUT_ANSWERS_IN, alarms::Alarms};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::journal::backup::{self, BackupError};
use crate::journal::suspect;
use crate::words::{Language, disk};

/// Whether a backup is due is asked this often.
const ASK: Duration = Duration::from_secs(30);
/// A station that came up has other things to do for so long.
const FIRST: Duration = Duration::from_secs(20);
/// After a failure it is tried again when this has passed.
const AGAIN: Duration = Duration::from_secs(3600);
/// Nothing may be due within this.
const AHEAD: TimeDelta = TimeDelta::minutes(4);
/// A station that is on air all day is backed up all the same when it was put off for so long: copying disturbs nobody.
const LONGEST_PUT_OFF: Duration = Duration::from_secs(6 * 3600);
/// The rest between two steps of copying.
const REST: Duration = Duration::from_millis(50);
/// The looping task asks whether it is to stop so often.
const BREATH: Duration = Duration::from_millis(500);

/// See the module's words.
pub(super) struct Backups {
    journal: PathBuf,
    folder: PathBuf,
    keep: usize,
    at: NaiveTime,
    zone: Tz,
    language: Language,
    alarms: Arc<Alarms>,
    clock: Arc<SystemClock>,
    calls: Sender<Call>,
}

impl Backups {
    pub(super) fn new(
        config: &Config,
        alarms: Arc<Alarms>,
        clock: Arc<SystemClock>,
        calls: Sender<Call>,
    ) -> Backups {
        Backups {
            journal: super::journal_file(config),
            folder: config.backup.folder.clone(),
            keep: config.backup.keep as usize,
            at: config.backup.at,
            zone: config.station.time_zone,
            language: config.station.language,
            alarms,
            clock,
            calls,
        }
    }

    /// Makes each day's backup until `stop` says so.
    pub(super) fn keep(self, stop: impl Fn() -> bool) {
        crate::clock::yield_to_others();
        let mut pause = FIRST;
        let mut due_since = None;
        loop {
            wait(pause, &stop);
            if stop() {
                return;
            }
            pause = ASK;
            let now = self.clock.read();
            if !self.is_due() {
                due_since = None;
                continue;
            }
            let since = *due_since.get_or_insert(now.steady);
            if !self.is_idle() && now.steady.saturating_sub(since) < LONGEST_PUT_OFF {
                continue;
            }
            if !self.back_up(&stop) {
                pause = AGAIN;
            }
        }
    }

    /// The day's time has passed and the day has no backup.
    fn is_due(&self) -> bool {
        let civil = self.clock.now().with_timezone(&self.zone).naive_local();
        civil.time() >= self.at && backup::newest_day(&self.folder) != Some(civil.date())
    }

    /// Nothing is on air and nothing is due soon.
    fn is_idle(&self) -> bool {
        let (reply, answer) = channel();
        let _ = self.calls.send(Call::Standing(reply));
        answer.recv_timeout(PLAYOUT_ANSWERS_IN).is_ok_and(|standing| {
            let soon = standing.now + AHEAD;
            standing.on_air.is_none() && standing.coming.iter().all(|cue| cue.due > soon)
        })
    }

    /// Makes one; false where it failed.
    fn back_up(&self, stop: &impl Fn() -> bool) -> bool {
        let day = self.clock.now().with_timezone(&self.zone).date_naive();
        let mut rest = || {
            std::thread::sleep(REST);
            !stop()
        };
        let made = backup::back_up(&self.journal, &self.folder, day, self.keep, &mut rest);
        let (mut failed, mut damaged) = (None, None);
        match &made {
            Ok(path) => tracing::info!(path = %path.display(), "the journal was backed up"),
            Err(BackupError::PutOff) => return true,
            Err(BackupError::Flawed(flaw)) => {
                suspect(&self.journal, &flaw.to_string());
                damaged = Some(disk::damaged(self.language, &flaw.to_string()));
            }
            Err(error) => failed = Some(disk::backup_failed(self.language, &error.to_string())),
        }
        if let Err(error) = &made {
            tracing::error!(%error, "no backup of the journal was made");
        }
        let alarm = |about: &PathBuf, found: Option<String>| -> BTreeMap<String, String> {
            found.into_iter().map(|found| (about.display().to_string(), found)).collect()
        };
        self.alarms.set("backup_failed", alarm(&self.folder, failed));
        self.alarms.set("journal_damaged", alarm(&self.journal, damaged));
        made.is_ok()
    }
}

fn wait(span: Duration, stop: &impl Fn() -> bool) {
    let mut left = span;
    while !left.is_zero() && !stop() {
        std::thread::sleep(BREATH.min(left));
        left = left.saturating_sub(BREATH);
    }
}
