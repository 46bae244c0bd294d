//! The station: opens the adapters, spawns the named tasks, and ends them in order. The composition root: it knows
//! every room, and holds no rule of its own.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::mpsc::UnboundedSender;

use crate::audio::engine::{Engine, EngineSettings};
use crate::audio::output::OutputEvent;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Themes};
use crate::control::Control;
use crate::core::calendar::Holidays;
use crate::core::cart::CartName;
use crate::core::fault::{ConfigFault, Faults};
use crate::core::order::Order;
use crate::core::record::{Entry, Record};
use crate::core::rundown::Plan;
use crate::core::rundown::forecast::Policy;
use crate::core::schedule::read::Reference;
use crate::core::standing::Standing;
use crate::core::trust::Testimony;
use crate::intake::recordings::Recordings;
use crate::intake::schedules::Folder;
use crate::journal::lock::StationLock;
use crate::journal::open_or_restore;
use crate::playout::scribe::Scribe;
use crate::playout::{Fallback, News, Playout, Settings};
use crate::words::Say;

mod alarms;
pub mod amplifier;
mod answering;
mod approving;
mod backups;
mod changing;
mod clerk;
mod conditions;
mod disk;
mod driving;
mod emergencies;
mod folders;
mod handwriting;
mod inbox;
mod memory;
pub mod outbox;
mod pages;
mod refusing;
mod scheduling;
mod shelf;
mod supervisor;
mod targets;
mod tasks;
mod unheard;

use alarms::Alarms;
use backups::Backups;
use clerk::Desk;
use conditions::Conditions;
use disk::{DiskWatch, Slowness};
use driving::{StatusLine, drive};
use folders::StationFolders;
use handwriting::Handwriting;
use inbox::Intake;
use memory::CartMemory;
pub(crate) use memory::known_cart;
use pages::Reach;
use scheduling::Scheduling;
use shelf::Shelf;
pub use supervisor::{Overseer, Voice, Word};
use supervisor::{Speaker, Supervisor};
pub use tasks::TaskDied;
use tasks::{Event, spawn, until_ended};

/// The machine is asked about its clock this often: a process a minute, some milliseconds of it;
const ASK_ABOUT_CLOCK: Duration = Duration::from_secs(60);
/// and so often until it says that the clock is synchronised: after a power cut a village may be waiting for the net.
const ASK_FOR_SYNCHRONY: Duration = Duration::from_secs(10);
/// How long a command waits for the playout.
const PLAYOUT_ANSWERS_IN: Duration = Duration::from_secs(5);
/// Versions are kept at hand for this long after they ended: for the account of what was missed, and for the old audio of
/// cues whose new has not arrived.
const KEEP_VERSIONS: TimeDelta = TimeDelta::days(32);

/// What the driver of the playout is told.
enum Call {
    News(News),
    Standing(Sender<Standing>),
    End(String),
}

/// Runs the station of `config` until it is told to end: by a signal, or by the overseer that there is. `ready` is called
/// once, when cues air.
pub fn run(config: &Config, overseer: Option<Overseer>, ready: impl FnOnce()) -> Result<()> {
    let (overseer, ends) = match overseer {
        Some(Overseer { voice, patience, ends }) => (Some((voice, patience)), Some(ends)),
        None => (None, None),
    };
    let state = &config.paths.state;
    let _lock = StationLock::take(state)?;
    let clock = Arc::new(SystemClock::new());
    let (journal, restored) = open_or_restore(&journal_file(config), &config.backup.folder, clock.now())?;
    if let Some(restored) = restored {
        tracing::error!(found = restored.found, set_aside = restored.set_aside, "the journal was restored");
    }
    let journal = Arc::new(journal);
    let record: Arc<dyn Record> = journal.clone();
    let scribe = Scribe::from(record.clone());
    let alarms = Arc::new(Alarms::new(scribe.clone(), clock.clone()));
    let (holidays, reference, themes) = lists(config, &alarms);

    let now = clock.now();
    // The first entry founds the station: before any version of the schedules that lie there already.
    if record.span()?.is_none() {
        record.append(now, &[Entry::Founded { station: named(config), program: program() }])?;
    }
    let since = oldest_needed(&*record, now)?;
    let recordings = Recordings::open(
        config.paths.audio.clone(),
        Box::new(CartMemory(journal.clone())),
        clock.read().steady,
    );
    let (calls, inbox) = channel::<Call>();
    let shelf =
        Arc::new(Shelf::new(config, Arc::new(recordings.library()), calls.clone(), recordings.known()));
    let mut scheduling = Scheduling {
        folder: Folder::new(config.paths.schedules.clone(), reference.clone()),
        record: record.clone(),
        alarms: alarms.clone(),
        clock: clock.clone(),
        zone: config.station.time_zone,
        language: config.station.language,
        holidays,
        since,
        approval: config.policy.approval,
        shelf: shelf.clone(),
        waiting: BTreeMap::new(),
        changed_by: HashMap::new(),
        unapproved: BTreeMap::new(),
        refusing: Vec::new(),
        behind: false,
    };
    scheduling.first_look()?;
    let scheduling = Arc::new(Mutex::new(scheduling));
    let shown = shelf.get();
    let testimony = Testimony { boot: crate::clock::boot_id(), ..Testimony::default() };

    let (events, mut ended) = tokio::sync::mpsc::unbounded_channel::<Event>();
    let ear_calls = calls.clone();
    let died = events.clone();
    let ear = Box::new(move |event| match event {
        OutputEvent::Broken => drop(died.send(Event::Died("audio engine", "its panic is told above".into()))),
        event => drop(ear_calls.send(Call::News(News::Output(event)))),
    });
    let engine = Engine::new(engine_settings(config, &clock), ear);
    let playout = Playout::new(
        clock.clone(),
        Box::new(engine),
        scribe.clone(),
        settings(config),
        Plan::clone(&shown.plan),
        shelf.cleared(),
        testimony,
    );
    // What was planned is told by the holidays of its time, whatever the file says later. After
    // the playout has come up: a new station is founded by its first entry.
    let calendar = config.holidays_text();
    if config.holidays().is_ok() && record.last_holidays().ok().flatten().unwrap_or_default() != calendar {
        scribe.hand_in(clock.now(), vec![Entry::Holidays { text: calendar }]);
    }
    let playout = amplifier::add(playout, config, alarms.clone(), &calls, &events)?;

    let stopping = Arc::new(AtomicBool::new(false));
    let drive_clock = clock.clone();
    let over = events.clone();
    spawn("journal", &events, scribe.thread())?;
    let mut slowness = Slowness::new(scribe.clone(), alarms.clone(), clock.clone(), config);
    let mut conditions = Conditions::new(config, alarms.clone());
    let speaker = Speaker::to(overseer, &events)?;
    let mut supervisor = Supervisor::by(speaker.clone());
    let status = StatusLine {
        language: config.station.language,
        zone: config.station.time_zone,
        shelf: shelf.clone(),
    };
    spawn("playout", &events, move || {
        // The playout goes after the word that it is over: what ends with it is no death then.
        let mut playout = playout;
        let most = supervisor.most();
        drive(&mut playout, &inbox, &*drive_clock, most, |playout| {
            let at = drive_clock.read().steady;
            slowness.look();
            conditions.look(playout, at);
            supervisor.turned(at, || status.of(&playout.standing()));
        });
        let _ = over.send(Event::Over);
    })?;
    let (told, stop, look_clock) = (shelf.clone(), stopping.clone(), clock.clone());
    spawn("recordings", &events, move || {
        let first = || wanted_first(&told.get().plan, look_clock.now());
        let stop = move || stop.load(Ordering::Relaxed);
        recordings.keep(&*look_clock, first, stop, |library| told.put_library(library));
    })?;
    let (schedules, stop) = (scheduling.clone(), stopping.clone());
    spawn("schedules", &events, move || {
        scheduling::keep(&schedules, move || stop.load(Ordering::Relaxed));
    })?;
    let disk = DiskWatch::new(config, alarms.clone(), record.clone(), clock.clone());
    let stop = stopping.clone();
    spawn("disk", &events, move || disk.keep(|| stop.load(Ordering::Relaxed)))?;
    let backups = Backups::new(config, alarms.clone(), clock.clone(), calls.clone());
    let stop = stopping.clone();
    spawn("backup", &events, move || backups.keep(|| stop.load(Ordering::Relaxed)))?;
    let shown = shelf.clone();
    let desk =
        Desk::new(config, (reference, &themes), record.clone(), shelf, scheduling.clone(), clock.clone());
    desk.targets.first_look();
    let intake = Intake::new(config, desk, alarms.clone(), clock.clone());
    let handwriting = Handwriting {
        record: record.clone(),
        clock: clock.clone(),
        zone: config.station.time_zone,
        themes: themes.0.iter().map(|theme| theme.id.clone()).collect(),
    };
    let stop = stopping.clone();
    spawn("inbox", &events, move || intake.keep(|| stop.load(Ordering::Relaxed)))?;
    take_word_about_clock(state, &calls, &clock);
    spawn_clock_watch(&calls, &clock, &events)?;
    let (ways, stop) = (outbox::Ways::default(), stopping.clone());
    let telling = outbox::task(config, alarms.clone(), clock.clone(), ways.clone(), move || {
        stop.load(Ordering::Relaxed)
    });
    if let Some(telling) = telling {
        spawn("outbox", &events, telling)?;
    }

    let answers = answering::answers(
        calls.clone(),
        alarms.clone(),
        shown.clone(),
        scheduling.clone(),
        ways,
        handwriting,
    );
    let folders = StationFolders::new(config, shown.clone(), scheduling.clone());
    let reach = Reach { answers: answers.clone(), shelf: shown, alarms, scribe, clock, folders };
    let stop = stopping.clone();
    let serving =
        pages::task(config, themes, &journal_file(config), reach, move || stop.load(Ordering::Relaxed));
    spawn("pages", &events, serving)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(async {
        let control = Control::open(state).await?;
        ready();
        speaker.say(Word::Ready);
        tokio::select! {
            () = control.serve(answers) => Ok(()),
            result = until_ended(&calls, &mut ended, ends, || speaker.say(Word::Stopping)) => result,
        }
    });
    stopping.store(true, Ordering::Relaxed);
    // A task that is in the middle of a long recording is not waited for: nothing of it is lost.
    runtime.shutdown_timeout(Duration::from_millis(200));
    result
}

/// Somebody vouched for the clock before the station ran (`loa setup`): the order that it would be now.
fn take_word_about_clock(state: &Path, calls: &Sender<Call>, clock: &Arc<SystemClock>) {
    let Some(vouched) = crate::control::vouched::take(state) else { return };
    if vouched.holds(crate::clock::boot_id().as_deref(), crate::clock::system_started(&**clock)) {
        let reply = Box::new(|answer| tracing::info!(?answer, "the clock was vouched for before the start"));
        let _ = calls.send(Call::News(News::Order { order: Order::ConfirmClock, by: vouched.by, reply }));
    }
}

fn spawn_clock_watch(
    calls: &Sender<Call>,
    clock: &Arc<SystemClock>,
    events: &UnboundedSender<Event>,
) -> Result<()> {
    let tell = calls.clone();
    // Whoever set the clock changed what the machine says about it, one way or the other: it is asked anew at once.
    let (set, was_set) = channel();
    let (kept, told) = (set.clone(), set);
    spawn("clock-steps", events, move || {
        crate::clock::watch_for_steps(|| {
            let _ = tell.send(Call::News(News::ClockSet));
            let _ = told.send(());
        });
        // This system does not say it: a step is seen at the next look, and the task has nothing to do.
        loop {
            std::thread::park();
        }
    })?;
    let (tell, clock) = (calls.clone(), clock.clone());
    spawn("clock-witness", events, move || {
        loop {
            let testimony = crate::clock::testimony(&*clock);
            let again =
                if testimony.synchronised == Some(true) { ASK_ABOUT_CLOCK } else { ASK_FOR_SYNCHRONY };
            if tell.send(Call::News(News::Testimony(testimony))).is_err() {
                return;
            }
            // Kept, so that the channel stays open where the system does not tell of steps.
            let _kept = &kept;
            let _ = was_set.recv_timeout(again);
        }
    })
}

/// The holidays and the themes. A list that cannot be read keeps no village silent after a power cut: the station goes
/// on without it, with an alarm.
fn lists(config: &Config, alarms: &Alarms) -> (Arc<Holidays>, Reference, Themes) {
    let mut broken = BTreeMap::new();
    let mut note = |name: &Path, faults: &Faults<ConfigFault>| {
        broken.insert(name.display().to_string(), faults.say(config.station.language));
    };
    let holidays = config.holidays().unwrap_or_else(|faults| {
        note(config.files.holidays.as_deref().unwrap_or(Path::new("")), &faults);
        Holidays::default()
    });
    let (reference, themes) = match config.themes() {
        Ok(themes) => (Reference::new(themes.ids()), themes),
        Err(faults) => {
            note(&config.files.themes, &faults);
            (Reference::lenient(), Themes::default())
        }
    };
    alarms.set("list_faulty", broken);
    (Arc::new(holidays), reference, themes)
}

/// The earliest instant that the account may still have to answer for.
fn oldest_needed(record: &dyn Record, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let accounted = record.last_pulse()?.and_then(|pulse| pulse.accounted);
    let founded = record.span()?.map(|(first, _)| first);
    Ok(accounted.or(founded).unwrap_or(now).min(now) - KEEP_VERSIONS)
}

/// The recordings of the coming week, the soonest first: they are measured before all others.
fn wanted_first(plan: &Plan, now: DateTime<Utc>) -> Vec<CartName> {
    let mut seen = std::collections::HashSet::new();
    let mut first = Vec::new();
    plan.each_day(now, now + TimeDelta::days(7), |cues| {
        let names = cues.iter().flat_map(|cue| cue.play.iter());
        first.extend(names.filter(|name| seen.insert((*name).clone())).cloned());
    });
    first
}

/// What the playout must know of the config.
fn settings(config: &Config) -> Settings {
    Settings {
        station: named(config),
        program: program(),
        built: crate::clock::built(),
        policy: policy(config),
        loudness: config.loudness,
        sample: config.station.sample,
        silent_only: config.silent_only(),
        dead_air: config.output.dead_air,
        fallback: Fallback {
            carts: config.policy.fallback.clone(),
            title: crate::words::terms::fallback(config.station.language).to_owned(),
        },
        recordings: config.paths.audio.clone(),
        vouched: config.clock_is_vouched(),
    }
}

/// The station as its journal names it.
fn named(config: &Config) -> String {
    format!("{} {}", config.station.id, config.station.name)
}

/// The station's policy as the core has it.
pub fn policy(config: &Config) -> Policy {
    config.policy.rules()
}

/// The program and its version.
pub fn program() -> String {
    format!("loa {}", env!("CARGO_PKG_VERSION"))
}

fn engine_settings(config: &Config, clock: &Arc<SystemClock>) -> EngineSettings {
    EngineSettings {
        cards: config.output.cards.clone(),
        rate: config.output.rate,
        aircheck: Some(config.paths.aircheck.clone()),
        zone: config.station.time_zone,
        silence_dbfs: config.output.dead_air_dbfs,
        clock: **clock,
        ..EngineSettings::default()
    }
}

/// The journal of a station.
pub fn journal_file(config: &Config) -> PathBuf {
    config.paths.state.join("journal.db")
}
