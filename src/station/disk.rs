//! Minds the disk: keeps room for the journal, deletes old diagnostics where room is short, and says what is wrong. Owns
//! the thresholds. What Loa writes as diagnostics are the airchecks of the virtual card, nothing else: a record, a
//! recording or a drop is never deleted for room.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::alarms::Alarms;
use crate::audio::virtual_card;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::core::record::{Gap, Record};
use crate::journal::reserve;
use crate::playout::scribe::Scribe;
use crate::words::{Language, disk};

/// The disk is looked at this often.
const LOOK: Duration = Duration::from_secs(10);
/// Less free than this is an alarm: 256 MB are some twenty programmes of a quarter of an hour as offices send them, days
/// in which someone can act, and ten years of a journal.
const LOW: u64 = 256 << 20;
/// The reserve is made again only where so much more than itself is free, so that it does not come and go.
const ROOM_FOR_RESERVE: u64 = reserve::SIZE * 2;
/// A journal that takes no entries for so long is an alarm; a disk that is only slow is none.
const PATIENCE: Duration = Duration::from_secs(10);
/// That the journal was restored is told for so long.
const RESTORED_IS_TOLD: TimeDelta = TimeDelta::days(7);
/// The looping task asks whether it is to stop so often.
const BREATH: Duration = Duration::from_millis(500);

/// See the module's words.
pub(super) struct DiskWatch {
    state: PathBuf,
    /// Folders that the station writes into or that offices fill.
    watched: Vec<PathBuf>,
    aircheck: PathBuf,
    journal: PathBuf,
    alarms: Arc<Alarms>,
    clock: Arc<SystemClock>,
    gap: Option<Gap>,
    language: Language,
    zone: Tz,
}

impl DiskWatch {
    pub(super) fn new(
        config: &Config,
        alarms: Arc<Alarms>,
        record: Arc<dyn Record>,
        clock: Arc<SystemClock>,
    ) -> DiskWatch {
        let paths = &config.paths;
        let gaps = record.gaps().unwrap_or_default();
        DiskWatch {
            state: paths.state.clone(),
            watched: vec![paths.state.clone(), paths.audio.clone(), paths.inbox.clone()],
            aircheck: paths.aircheck.clone(),
            journal: super::journal_file(config),
            alarms,
            clock,
            gap: gaps.into_iter().next_back(),
            language: config.station.language,
            zone: config.station.time_zone,
        }
    }

    /// Looks again and again until `stop` says so.
    pub(super) fn keep(self, stop: impl Fn() -> bool) {
        crate::clock::yield_to_others();
        while !stop() {
            self.look();
            let mut left = LOOK;
            while !left.is_zero() && !stop() {
                std::thread::sleep(BREATH.min(left));
                left = left.saturating_sub(BREATH);
            }
        }
    }

    fn look(&self) {
        let about = |path: &Path| path.display().to_string();
        let mut room = reserve::free_space(&self.state);
        if room.is_some_and(|free| free < LOW) {
            virtual_card::free_room(&self.aircheck, || {
                room = reserve::free_space(&self.state);
                room.is_some_and(|free| free < LOW)
            });
        }
        if !reserve::stands(&self.state)
            && room.is_none_or(|free| free > ROOM_FOR_RESERVE)
            && let Err(error) = reserve::keep(&self.state)
        {
            tracing::warn!(%error, "no room could be kept for the journal");
        }
        let mut low = BTreeMap::new();
        let mut full = BTreeMap::new();
        if !reserve::stands(&self.state) {
            full.insert(about(&self.state), disk::full(self.language));
        }
        let mut disks = Vec::new();
        for folder in &self.watched {
            // A folder that is not there yet has no disk.
            let Ok(free) = reserve::free_space(folder).ok_or(()) else { continue };
            let disk = disk_of(folder);
            if disk.is_some() && disks.contains(&disk) {
                continue;
            }
            disks.push(disk);
            if free < LOW && !full.contains_key(&about(folder)) {
                // In steps, so that the alarm is not another with each file that comes or goes.
                let step = (free >> 24) << 24;
                low.insert(about(folder), disk::low(self.language, step));
            }
        }
        self.alarms.set("disk_low", low);
        self.alarms.set("disk_full", full);
        let fresh = self.gap.iter().filter(|gap| self.clock.now() - gap.until < RESTORED_IS_TOLD);
        let told = fresh.map(|gap| (about(&self.journal), disk::restored(self.language, self.zone, gap)));
        self.alarms.set("journal_restored", told.collect());
    }
}

/// Which disk a folder is on, where the system says it.
#[cfg(unix)]
fn disk_of(folder: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(folder).ok().map(|found| found.dev())
}

#[cfg(not(unix))]
fn disk_of(_folder: &Path) -> Option<u64> {
    None
}

/// Raises the alarm of a journal that takes no entries. Touches no disk: that may be what hangs.
pub(super) struct Slowness {
    scribe: Scribe,
    alarms: Arc<Alarms>,
    clock: Arc<SystemClock>,
    journal: String,
    language: Language,
    since: Option<Duration>,
    told: bool,
}

impl Slowness {
    pub(super) fn new(
        scribe: Scribe,
        alarms: Arc<Alarms>,
        clock: Arc<SystemClock>,
        config: &Config,
    ) -> Slowness {
        let journal = super::journal_file(config).display().to_string();
        let language = config.station.language;
        alarms.set("journal_not_written", BTreeMap::new());
        Slowness { scribe, alarms, clock, journal, language, since: None, told: false }
    }

    /// To be called every few seconds.
    pub(super) fn look(&mut self) {
        let Some(found) = self.scribe.trouble() else {
            self.since = None;
            if std::mem::take(&mut self.told) {
                self.alarms.set("journal_not_written", BTreeMap::new());
            }
            return;
        };
        let now = self.clock.read().steady;
        let since = *self.since.get_or_insert(now);
        if now.saturating_sub(since) >= PATIENCE && !std::mem::replace(&mut self.told, true) {
            let said = disk::not_written(self.language, &found);
            self.alarms.set("journal_not_written", BTreeMap::from([(self.journal.clone(), said)]));
        }
    }
}
