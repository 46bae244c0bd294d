//! A station in virtual time: the real playout on the real journal, with a simulated clock and an output without sound.
//! Tests say what lies in the schedules, let time pass, and read the as-run log as lines of text.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use loa::clock::{Clock, SimulatedClock};
use loa::core::amplifier::Timing;
use loa::core::calendar::QuietHours;
use loa::core::cart::{Cart, CartName, Fingerprint, Library, Measurement};
use loa::core::loudness::Loudness;
use loa::core::order::{Answer, Order, Refusal};
use loa::core::record::{Entry, Record};
use loa::core::rundown::Plan;
use loa::core::rundown::forecast::Policy;
use loa::core::trust::Testimony;
use loa::intake::schedules::plan_of;
use loa::journal::Journal;
use loa::playout::scribe::Scribe;
use loa::playout::{DeadAir, Fallback, News, Next, Playout, Settings};

use super::panel::{FakeAmplifier, Panel};
use super::spoilt::{Disk, Spoilt};
use super::stage::{FakeOutput, Stage};

pub const ZONE: Tz = Tz::Asia__Ho_Chi_Minh;

/// Shorter than the playout fills its queue ahead: no cue is late for it.
pub const DROWSE: Duration = Duration::from_secs(14);

/// What a test says of the machine's clock.
pub fn synchronised() -> Testimony {
    Testimony { synchronised: Some(true), hardware_ahead: None, boot: Some("boot-1".into()) }
}

/// A station that a test runs.
pub struct Rig {
    pub clock: Arc<SimulatedClock>,
    pub stage: Arc<Mutex<Stage>>,
    pub settings: Settings,
    pub testimony: Testimony,
    pub zone: Tz,
    /// Writes in the journal's place, where a test wants that.
    pub scribe: Option<Scribe>,
    /// The disk that the journal is on.
    pub disk: Arc<Disk>,
    /// Months go by faster: a playout that waits for nothing is looked after only every [`DROWSE`].
    pub drowsy: bool,
    folder: tempfile::TempDir,
    playout: Option<Playout>,
    journal: Option<Arc<Journal>>,
    library: HashMap<CartName, Cart>,
    /// Its amplifier, where the test wants one.
    pub panel: Option<Arc<Mutex<Panel>>>,
}

impl Rig {
    /// A station at that civil time, switched off, with nothing in its folders.
    pub fn at(civil: &str) -> Rig {
        Rig::in_zone(ZONE, civil)
    }

    pub fn in_zone(zone: Tz, civil: &str) -> Rig {
        let clock = Arc::new(SimulatedClock::at(moment(zone, civil)));
        // Every entry is made durable; where the machine has a disk in memory, months go by faster on it.
        let memory = std::path::Path::new("/dev/shm");
        let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
        Rig {
            stage: Stage::new(clock.clone()),
            clock,
            settings: Settings {
                station: "xa-binh-yen".into(),
                program: "loa test".into(),
                built: "2026-01-01T00:00:00Z".parse().unwrap(),
                policy: Policy { quiet: QuietHours::parse("21:00-05:00").unwrap(), ..Policy::default() },
                loudness: Loudness { target_lufs: -16.0, ceiling_dbtp: -1.0, normalise: true },
                sample: false,
                silent_only: false,
                dead_air: Duration::from_secs(20),
                fallback: Fallback::default(),
                recordings: "audio".into(),
                vouched: false,
            },
            testimony: synchronised(),
            zone,
            scribe: None,
            disk: Arc::default(),
            drowsy: false,
            folder: folder.unwrap(),
            playout: None,
            journal: None,
            library: HashMap::new(),
            panel: None,
        }
    }

    /// A recording of that length lies in the library.
    pub fn recording(mut self, name: &str, seconds: u64) -> Rig {
        self.add_recording(name, seconds);
        self
    }

    pub fn add_recording(&mut self, name: &str, seconds: u64) {
        let length = Duration::from_secs(seconds);
        self.stage.lock().unwrap().lengths.insert(name.to_owned(), length);
        self.set_cart(name, Cart::Ready(Arc::new(measured(name, seconds))));
    }

    /// What the library says of a recording, whatever the stage can play.
    pub fn set_cart(&mut self, name: &str, cart: Cart) {
        self.library.insert(CartName::new(name).unwrap(), cart);
        let library = Arc::new(self.library());
        if let Some(playout) = &mut self.playout {
            playout.hear(News::Library(library));
        }
    }

    /// A recording is no longer in the library, nor can it be played.
    pub fn remove_recording(&mut self, name: &str) {
        self.stage.lock().unwrap().lengths.remove(name);
        self.library.remove(&CartName::new(name).unwrap());
        let library = Arc::new(self.library());
        if let Some(playout) = &mut self.playout {
            playout.hear(News::Library(library));
        }
    }

    /// A version of a schedule goes live now; `text` without its `id` line is given `id = "lich"` and a validity.
    pub fn schedule(mut self, text: &str) -> Rig {
        self.go_live(text);
        self
    }

    pub fn go_live(&mut self, text: &str) {
        let text = if text.contains("id = \"lich") && text.contains("valid_from") {
            text.to_owned()
        } else {
            format!("id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2020-01-01\n{text}")
        };
        let schedule = read_schedule(&text);
        let live = Entry::Live {
            schedule: schedule.id.clone(),
            file: "lich.toml".into(),
            text,
            by: "folder".into(),
        };
        self.write(live);
    }

    /// A schedule is taken out now.
    pub fn retire(&mut self, id: &str) {
        self.write(Entry::Retired { schedule: id.into(), by: "folder".into() });
    }

    fn write(&mut self, entry: Entry) {
        self.journal().append(self.clock.now(), &[entry]).unwrap();
        let plan = self.plan();
        if let Some(playout) = &mut self.playout {
            playout.hear(News::Plan(plan));
        }
    }

    /// Sleeping rules other than 21:00–05:00.
    pub fn quiet(mut self, span: &str) -> Rig {
        self.settings.policy.quiet = QuietHours::parse(span).unwrap();
        self
    }

    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("journal.db")
    }

    pub fn journal(&mut self) -> Arc<Journal> {
        let path = self.path();
        self.journal.get_or_insert_with(|| Arc::new(Journal::open(&path).unwrap())).clone()
    }

    pub fn library(&self) -> Library {
        let mut library = Library::default();
        self.library.iter().for_each(|(name, cart)| library.put(name.clone(), cart.clone()));
        library
    }

    pub fn plan(&mut self) -> Plan {
        let (since, zone) = (DateTime::UNIX_EPOCH, self.zone);
        let journal = self.journal();
        plan_of(&journal.versions(since).unwrap(), &journal.skips(since).unwrap(), zone, Arc::default())
    }

    /// The station comes up.
    pub fn power_on(&mut self) {
        let plan = self.plan();
        let spoilt = Spoilt { journal: self.journal(), disk: self.disk.clone() };
        let record = self.scribe.clone().unwrap_or_else(|| Scribe::from(Arc::new(spoilt)));
        let mut playout = Playout::new(
            self.clock.clone(),
            Box::new(FakeOutput(self.stage.clone())),
            record,
            self.settings.clone(),
            plan,
            Arc::new(self.library()),
            self.testimony.clone(),
        );
        if let Some(panel) = &self.panel {
            let timing = Timing { before: Duration::from_secs(30), after: Duration::from_secs(60) };
            playout =
                playout.with_amplifier(Box::new(FakeAmplifier(panel.clone(), self.clock.clone())), timing);
        }
        self.playout = Some(playout);
    }

    pub fn on(mut self) -> Rig {
        self.power_on();
        self
    }

    /// The power goes: nothing is said to anyone, the sound stops.
    pub fn power_cut(&mut self) {
        self.playout = None;
        self.journal = None;
        let fresh = Stage::new(self.clock.clone());
        let old = std::mem::replace(&mut self.stage, fresh);
        let (mut old, mut new) = (old.lock().unwrap(), self.stage.lock().unwrap());
        old.fall_silent();
        new.lengths = std::mem::take(&mut old.lengths);
        new.holes = std::mem::take(&mut old.holes);
        new.heard = std::mem::take(&mut old.heard);
        (new.card, new.silent) = (old.card, old.silent);
    }

    /// Time passes without a station.
    pub fn off_until(&mut self, civil: &str) {
        assert!(self.playout.is_none());
        let span = (self.moment(civil) - self.clock.now()).to_std().unwrap();
        self.clock.pass(span);
    }

    pub fn moment(&self, civil: &str) -> DateTime<Utc> {
        if civil.len() > 8 {
            return moment(self.zone, civil);
        }
        let today = self.clock.now().with_timezone(&self.zone).date_naive();
        moment(self.zone, &format!("{today} {civil}"))
    }

    /// The station runs until that civil time (of today, where no day is given).
    pub fn run_to(&mut self, civil: &str) -> &mut Rig {
        let until = self.moment(civil);
        self.run_until(until);
        self
    }

    pub fn run_until(&mut self, until: DateTime<Utc>) {
        // The steady clock decides how long it runs: a test may set the wall clock while it does.
        let until = self.clock.read().steady + (until - self.clock.now()).to_std().expect("a time to come");
        loop {
            let look = self.step().map(|look| if self.drowses(look) { DROWSE } else { look });
            let now = self.clock.read().steady;
            if now >= until {
                return;
            }
            let stage = self.stage.lock().unwrap().next();
            let span = look.into_iter().chain(stage).min().unwrap_or(Duration::MAX).min(until - now);
            self.clock.pass(span.max(Duration::from_millis(1)));
        }
    }

    /// Nothing is on air, and nothing falls due before the next look. What has waited for a while waits for something
    /// that does not come by looking.
    fn drowses(&self, look: Duration) -> bool {
        let now = self.clock.now();
        let (since, until) = (now - TimeDelta::seconds(5), now + TimeDelta::seconds(20));
        let idle = |playout: &Playout| {
            let standing = playout.standing();
            let far = standing.coming.iter().all(|one| one.due < since || one.due > until);
            // The list of what comes is cut off at ten.
            standing.on_air.is_none() && far && standing.coming.len() < 10
        };
        self.drowsy
            && look + Duration::from_millis(1) >= loa::core::LOOK_AGAIN
            && self.playout.as_ref().is_some_and(idle)
    }

    /// News and one turn; how long until the next.
    pub fn step(&mut self) -> Option<Duration> {
        let events = self.stage.lock().unwrap().play_on();
        let playout = self.playout.as_mut()?;
        events.into_iter().for_each(|event| playout.hear(News::Output(event)));
        if let Some(panel) = &self.panel {
            let said = std::mem::take(&mut panel.lock().unwrap().said);
            said.into_iter().for_each(|switched| playout.hear(News::Amplifier(switched)));
        }
        match playout.turn() {
            Next::Look(at) => Some((at - self.clock.now()).to_std().unwrap_or_default()),
            Next::Over => {
                self.playout = None;
                None
            }
        }
    }

    /// An order is given.
    pub fn order(&mut self, order: Order) -> Result<Answer, Refusal> {
        let (tell, told) = std::sync::mpsc::channel();
        let reply = Box::new(move |answer| tell.send(answer).unwrap());
        let playout = self.playout.as_mut().expect("a station that runs");
        playout.hear(News::Order { order, by: "an".into(), reply });
        told.recv().unwrap()
    }

    pub fn standing(&self) -> loa::core::standing::Standing {
        self.playout.as_ref().expect("a station that runs").standing()
    }

    /// What fell silent.
    pub fn dead_air(&self) -> Option<&DeadAir> {
        self.playout.as_ref()?.dead_air()
    }

    pub fn tell(&mut self, news: News) {
        self.playout.as_mut().expect("a station that runs").hear(news);
    }

    pub fn is_on(&self) -> bool {
        self.playout.is_some()
    }

    /// SIGTERM, and the turns that follow.
    pub fn shut_down(&mut self) {
        self.playout.as_mut().unwrap().shut_down("SIGTERM");
        while self.playout.is_some() {
            let wait = self.step().into_iter().chain(self.stage.lock().unwrap().next()).min();
            self.clock.pass(wait.unwrap_or_default().max(Duration::from_millis(1)));
        }
        self.journal = None;
    }
}

/// Reads a schedule that has no fault.
pub fn read_schedule(text: &str) -> loa::core::schedule::Schedule {
    let reference = loa::core::schedule::read::Reference::lenient();
    loa::core::schedule::read::read(text.as_bytes(), "lich.toml", &reference)
        .unwrap_or_else(|faults| panic!("{faults:#?}"))
        .0
}

/// What measuring a recording of that length would find.
pub fn measured(name: &str, seconds: u64) -> Measurement {
    let mut sha256 = [0; 32];
    name.bytes().take(32).enumerate().for_each(|(at, byte)| sha256[at] = byte);
    Measurement {
        sha256: Fingerprint(sha256),
        format: "mp3".into(),
        frames: seconds * 48_000,
        rate: 48_000,
        channels: 1,
        loudness_lufs: Some(-20.0),
        true_peak_dbtp: Some(-6.0),
        silent_head: Duration::ZERO,
        silent_tail: Duration::ZERO,
        longest_hole: Duration::ZERO,
        clipped: 0,
        missing_frames: 0,
    }
}

/// A civil time of that zone: `2026-12-01 05:30` or `2026-12-01 05:30:15`.
pub fn moment(zone: Tz, civil: &str) -> DateTime<Utc> {
    let with_seconds = if civil.len() > 16 { civil.to_owned() } else { format!("{civil}:00") };
    let civil = NaiveDateTime::parse_from_str(&with_seconds, "%Y-%m-%d %H:%M:%S").unwrap();
    zone.from_local_datetime(&civil).earliest().unwrap().to_utc()
}
