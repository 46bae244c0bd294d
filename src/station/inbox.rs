//! Keeps the inbox: waits for drops, has each decided on and carried out, and lays out the board. Owns the task's
//! rhythm. It may fail and begin anew; the playout does not notice.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::alarms::Alarms;
use super::clerk::Desk;
use super::emergencies::EmergencyFolder;
use super::scheduling::hold;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::control::Alarm;
use crate::core::airing::Airing;
use crate::core::board::{self, Board};
use crate::core::cart::Library;
use crate::core::drops::{ENGLISH_NAMES, VIETNAMESE_NAMES};
use crate::core::order::Awaited;
use crate::core::paper::{Contact, ROWS};
use crate::core::pattern::Day;
use crate::core::preview;
use crate::core::record::{NotedRefusal, Pulse};
use crate::core::rundown::Plan;
use crate::intake::inbox::{Inbox, Settings};
use crate::intake::store;
use crate::intake::watch::{Hints, is_on_network};
use crate::journal::{Filter, Reader};
use crate::words::{self, Language};

/// The board is laid out so often at least: its readers are told to doubt it when it is a quarter of an hour old. What
/// it shows being changed it is laid out with the next look, or soon after.
const BOARD_EVERY: Duration = Duration::from_secs(300);
/// Between two of them passes so many times what the last took: while a thousand recordings are measured at a first start
/// the board is not laid out for each.
const BOARD_RESTS: u32 = 20;
/// Old drops are looked for so often.
const SWEEP_EVERY: Duration = Duration::from_secs(3600);
/// And for the first time when it is certain whose pulse is read.
const FIRST_SWEEP: Duration = Duration::from_secs(120);
/// An older pulse is that of an earlier run.
const PULSE_IS_FRESH: TimeDelta = TimeDelta::minutes(1);
/// A network drive is looked at so often at least: nobody tells of changes there.
const NETWORK_POLL: Duration = Duration::from_secs(3);
/// A recording that is still missing is an alarm when its deadline is no further off than this.
const MISSING_ALARMS: TimeDelta = TimeDelta::hours(24);
/// What was refused stays on the board for so long.
const REFUSED_TOLD_FOR: TimeDelta = TimeDelta::days(7);
/// After the inbox failed it begins anew when this has passed, longer each time, up to ten minutes.
const BACK_OFF: Duration = Duration::from_secs(10);
/// Hints are gathered for so long before a look.
const GATHERED: Duration = Duration::from_millis(250);
/// The looping task asks whether it is to stop so often.
const BREATH: Duration = Duration::from_secs(1);

/// What the board was laid out from.
struct Seen {
    plan: Arc<Plan>,
    library: Arc<Library>,
    alarms: Vec<Alarm>,
    awaited: Vec<Awaited>,
    day: NaiveDate,
}

impl PartialEq for Seen {
    fn eq(&self, other: &Seen) -> bool {
        Arc::ptr_eq(&self.plan, &other.plan)
            && Arc::ptr_eq(&self.library, &other.library)
            && (&self.alarms, &self.awaited, self.day) == (&other.alarms, &other.awaited, other.day)
    }
}

/// The inbox with all that it needs.
pub(super) struct Intake {
    desk: Desk,
    emergencies: EmergencyFolder,
    alarms: Arc<Alarms>,
    clock: Arc<SystemClock>,
    journal: PathBuf,
    root: PathBuf,
    state: PathBuf,
    settings: Settings,
    zone: Tz,
    language: Language,
    contact: Contact,
}

impl Intake {
    pub(super) fn new(config: &Config, desk: Desk, alarms: Arc<Alarms>, clock: Arc<SystemClock>) -> Intake {
        let keep = Duration::from_secs(u64::from(config.inbox.keep_days) * 86_400);
        let zone = config.station.time_zone;
        Intake {
            contact: desk.contact.clone(),
            desk,
            emergencies: EmergencyFolder::default(),
            alarms,
            clock,
            journal: super::journal_file(config),
            root: config.paths.inbox.clone(),
            state: config.paths.state.clone(),
            settings: Settings {
                settle: config.inbox.settle,
                poll: config.inbox.poll,
                keep,
                largest: u64::from(config.inbox.largest_mb) * 1_000_000,
                ..Settings::of(zone)
            },
            zone,
            language: config.station.language,
        }
    }

    /// Keeps the inbox until `stop` says so. A failure is an alarm, and it begins anew.
    pub(super) fn keep(mut self, stop: impl Fn() -> bool) {
        crate::clock::yield_to_others();
        let mut pause = BACK_OFF;
        while !stop() {
            let kept = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.keep_once(&stop)));
            if kept.is_ok() {
                return;
            }
            let found = words::conditions::inbox_failed(self.language);
            self.alarms.set("inbox_failed", BTreeMap::from([("inbox".to_owned(), found.to_owned())]));
            wait(pause, &stop);
            pause = (pause * 2).min(Duration::from_secs(600));
        }
    }

    fn keep_once(&mut self, stop: &impl Fn() -> bool) {
        let names = match self.language {
            Language::Vi => VIETNAMESE_NAMES,
            Language::En => ENGLISH_NAMES,
        };
        if let Err(error) = std::fs::create_dir_all(&self.root) {
            tracing::error!(%error, "the inbox could not be made");
        }
        let mut settings = self.settings;
        if is_on_network(&self.root) {
            settings.poll = settings.poll.min(NETWORK_POLL);
        }
        let mut inbox = Inbox::new(self.root.clone(), &self.state, names, settings);
        inbox.recover(&mut self.desk);
        if inbox.troubles().is_empty() {
            // What a conversion left that the power cut short.
            let _ = std::fs::remove_dir_all(&self.desk.scratch);
        }
        let mut hints = Hints::of(&self.root);
        let mut next_board = Duration::ZERO;
        let mut next_sweep = self.clock.read().steady + FIRST_SWEEP;
        let (mut hung, mut news, mut rested) = (None, false, Duration::ZERO);
        while !stop() {
            hints.follow(&self.root);
            let at = self.clock.read().steady;
            inbox.retry(at, &mut self.desk);
            let mut taken = self.desk.answer_refusals(&mut inbox);
            for found in inbox.look(at, self.clock.now()) {
                if stop() {
                    return;
                }
                inbox.process(&found, &mut self.desk, self.clock.now());
                taken = true;
            }
            let at = self.clock.read().steady;
            if at >= next_sweep {
                next_sweep = at + SWEEP_EVERY;
                self.sweep(&mut inbox);
            }
            self.warn(&inbox);
            news |= self.desk.targets.watch();
            // What offices send goes first, and nobody waits long for either.
            let unheard = !taken && self.desk.shelf.measure_unheard();
            let soon = self.emergencies.mind(&self.desk, &self.alarms);
            // A turn went by without a failure.
            self.alarms.set("inbox_failed", BTreeMap::new());
            let seen = Some(self.seen());
            news |= taken || seen != hung;
            if at >= next_board || (news && at >= rested && inbox.next_look() > Duration::ZERO) {
                self.publish(&mut inbox);
                let took = self.clock.read().steady.saturating_sub(at);
                (next_board, rested) = (at + BOARD_EVERY, at + took * BOARD_RESTS);
                (hung, news) = (seen, false);
            }
            let until_board = if news { rested } else { next_board }.saturating_sub(at);
            let mut left = inbox.next_look().min(until_board);
            if soon || unheard {
                left = left.min(BREATH);
            }
            while !left.is_zero() && !stop() {
                let span = left.min(BREATH);
                if hints.wait(span) {
                    // A copy under way gives a hint for each piece that is written.
                    wait(GATHERED, &stop);
                    break;
                }
                if self.desk.shelf.refusals.is_fresh() {
                    break;
                }
                left -= span;
            }
        }
    }

    /// Deletes what was kept long enough, while the clock can be believed: at a machine that wakes in the wrong year
    /// nothing is old.
    fn sweep(&self, inbox: &mut Inbox) {
        let now = self.clock.now();
        // The pulse of this run, not of one that ended with another clock.
        let pulse = self.desk.record.last_pulse().ok().flatten();
        let beats = |pulse: &Pulse| pulse.trusted && (now - pulse.alive).abs() < PULSE_IS_FRESH;
        if !pulse.is_some_and(|pulse| beats(&pulse)) {
            return;
        }
        inbox.sweep(now);
        if !self.settings.keep.is_zero()
            && let Err(error) = store::prune(&self.desk.shelf.kept, self.settings.keep, now)
        {
            tracing::warn!(%error, "replaced recordings could not be looked through");
        }
    }

    /// What the board shows, as far as it can change without a drop.
    fn seen(&self) -> Seen {
        let shown = self.desk.shelf.get();
        Seen {
            plan: shown.plan,
            library: shown.library,
            alarms: self.alarms.all(),
            awaited: hold(&self.desk.scheduling).awaited(),
            day: self.today(),
        }
    }

    /// Raises what is wrong with the inbox.
    fn warn(&self, inbox: &Inbox) {
        let mut troubles = BTreeMap::new();
        for trouble in inbox.troubles() {
            let about = if trouble.file.as_os_str().is_empty() { &self.root } else { &trouble.file };
            let found = words::conditions::drop_not_stored(self.language, &trouble.found);
            troubles.insert(about.display().to_string(), found);
        }
        self.alarms.set("inbox_not_stored", troubles);
        let gone = words::conditions::inbox_missing(self.language);
        let gone = (!inbox.is_there()).then(|| (self.root.display().to_string(), gone.to_owned()));
        self.alarms.set("inbox_missing", gone.into_iter().collect());
    }

    fn publish(&self, inbox: &mut Inbox) {
        let board = self.board();
        let page = words::board::board(self.language, self.zone, &self.contact, &board);
        let soon = |missing: &&preview::Missing| missing.deadline - board.now < MISSING_ALARMS;
        let missing: Vec<preview::Missing> = board.missing.iter().filter(soon).cloned().collect();
        let alarm =
            words::board::alarm(self.language, self.zone, &self.contact, board.now, &board.alarms, &missing);
        let alarm = alarm.map(|paper| crate::export::text::text(&paper));
        for (path, error) in inbox.publish(&crate::export::page::html(&page), alarm.as_deref()) {
            tracing::warn!(%error, ?path, "a page could not be laid out in the inbox");
        }
    }

    fn board(&self) -> Board {
        let now = self.clock.now();
        let shown = self.desk.shelf.get();
        let library = self.desk.shelf.cleared();
        // A journal that cannot be asked leaves the board without what was heard today; the next one has it.
        let sounded = self.desk.sounded().unwrap_or_default();
        let grounds =
            preview::Grounds { library: &library, policy: &self.desk.policy, sounded: &sounded, now };
        let awaited = hold(&self.desk.scheduling).awaited();
        let waiting = awaited.into_iter().map(|one| board::Waiting {
            id: one.schedule,
            title: one.title,
            holds: one.holds,
        });
        let alarms = self.alarms.all().into_iter();
        let (coming, beyond) = preview::coming_days(&shown.plan, &grounds, ROWS);
        Board {
            now,
            alarms: alarms.map(|alarm| board::Alarm { about: alarm.about, found: alarm.found }).collect(),
            waiting: waiting.collect(),
            missing: preview::missing_anywhere(&shown.plan, &grounds),
            coming,
            beyond,
            yesterday: self.yesterday().unwrap_or_else(|error| {
                tracing::warn!(%error, "the board is without yesterday");
                Vec::new()
            }),
            refused: self.refused(now),
            targets: self.desk.targets.last_changed(now),
        }
    }

    /// What was refused of late, the latest first.
    fn refused(&self, now: DateTime<Utc>) -> Vec<NotedRefusal> {
        // A journal that cannot be asked leaves the board without them; the next one has them.
        let mut refused = self.desk.record.refusals(0).unwrap_or_default();
        refused.retain(|noted| now - noted.at < REFUSED_TOLD_FOR);
        refused.reverse();
        refused
    }

    fn today(&self) -> NaiveDate {
        self.clock.now().with_timezone(&self.zone).date_naive()
    }

    fn yesterday(&self) -> anyhow::Result<Vec<Airing>> {
        let today = self.today();
        let day = today.checked_sub_days(Days::new(1)).unwrap_or(today);
        let midnight = |date| Day::new(date, self.zone).at(NaiveTime::MIN);
        let filter = Filter { from: Some(midnight(day)), to: Some(midnight(today)), ..Filter::default() };
        Ok(Reader::open(&self.journal)?.airings(&filter, None)?)
    }
}

/// Waits, and asks now and then whether to stop.
fn wait(span: Duration, stop: &impl Fn() -> bool) {
    let mut left = span;
    while !left.is_zero() && !stop() {
        let breath = left.min(BREATH);
        std::thread::sleep(breath);
        left -= breath;
    }
}
