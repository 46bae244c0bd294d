//! The playout: performs continuity's moves on the output, and writes down what came of them. Owns what waits and what
//! is on air, and is the only writer of airings. It has no thread and no clock of its own: whoever drives it tells it
//! the news ([`Playout::hear`]) and lets it act ([`Playout::turn`]), so that months of it run in a test in seconds.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::audio::output::{DeckId, Delivered, Output, OutputEvent};
use crate::clock::{Clock, Reading};
use crate::core::LOOK_AGAIN;
use crate::core::airing::{AiringId, CueId, Reason, ScheduleId, SlotId};
use crate::core::amplifier::Switched;
use crate::core::card::NotOpened;
use crate::core::cart::Library;
use crate::core::limits::Sounded;
use crate::core::loudness::Loudness;
use crate::core::order::{Answer, Order, Refusal};
use crate::core::record::{ClockState, Entry, Pulse, Trust};
use crate::core::rundown::forecast::Policy;
use crate::core::rundown::{Plan, Skip};
use crate::core::standing::CardStanding;
use crate::core::trust::Testimony;

mod accounts;
mod airing;
mod amplifier;
mod dead_air;
mod emergencies;
mod fallback;
mod gap;
mod hearing;
mod known;
mod ledger;
mod moves;
mod orders;
mod preparing;
mod relay;
pub mod scribe;
mod timekeeping;
mod verdict;
mod waiting;

use airing::Playing;
use amplifier::Powered;
pub use dead_air::DeadAir;
use emergencies::Emergencies;
pub use fallback::Fallback;
use gap::Unrecorded;
use ledger::Ledger;
use scribe::Scribe;
use waiting::Waiting;

/// The card is opened and the audio decoded this long before a cue is due: opening takes up to a second, and the
/// mapping of frames to time wants two more (crates.md, 12: 3 to 4 s are enough).
pub const PREROLL: Duration = Duration::from_secs(5);

/// The pulse is written this often.
pub const PULSE: Duration = Duration::from_secs(5);

/// What the station is, as far as the playout must know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Id and name, for the founding entry.
    pub station: String,
    /// The program and its version.
    pub program: String,
    /// When the program was built: no trusted clock is before that.
    pub built: DateTime<Utc>,
    /// Quiet hours and their exemptions.
    pub policy: Policy,
    /// The station's loudness.
    pub loudness: Loudness,
    /// A sample station: its airings are tests.
    pub sample: bool,
    /// Only the virtual card is listed: nothing sounds.
    pub silent_only: bool,
    /// The longest silence that is no dead air.
    pub dead_air: Duration,
    /// What airs where a cue's own audio cannot.
    pub fallback: Fallback,
    /// The folder of recordings.
    pub recordings: PathBuf,
    /// The config says that this machine's clock is vouched for.
    pub vouched: bool,
}

/// What the playout is told.
pub enum News {
    /// The output did something.
    Output(OutputEvent),
    /// A person gave an order; the answer goes to `reply`.
    Order {
        /// The order.
        order: Order,
        /// Who.
        by: String,
        /// Where the answer goes.
        reply: Reply,
    },
    /// The schedules changed.
    Plan(Plan),
    /// The recordings changed.
    Library(Arc<Library>),
    /// What the machine says about its clock.
    Testimony(Testimony),
    /// What came of a command to the amplifier.
    Amplifier(Switched),
    /// The system says that the clock was set: look again.
    ClockSet,
}

/// Where the answer to an order goes.
pub type Reply = Box<dyn FnOnce(Result<Answer, Refusal>) + Send>;

/// How it goes on after a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Come again at this time, or when there is news.
    Look(DateTime<Utc>),
    /// Everything has ended; nothing more will happen.
    Over,
}

/// The playout. See the module's words.
pub struct Playout {
    clock: Arc<dyn Clock>,
    output: Box<dyn Output>,
    ledger: Ledger,
    powered: Option<Powered>,
    settings: Settings,
    plan: Plan,
    library: Arc<Library>,
    skips: Vec<Skip>,
    /// What has been heard of late, as far as the limits count it.
    sounded: Sounded,
    queue: Vec<Waiting>,
    on_air: Option<Playing>,
    leaving: Vec<Playing>,
    /// What a relay that is settled will cut when it begins.
    gives_way: Option<DeckId>,
    /// What an emergency has paused, or will within the lead of its start.
    paused: Option<Playing>,
    emergencies: Emergencies,
    dead_air: Option<DeadAir>,
    /// When a stop of nothing was last written down.
    idle_stop: Option<DateTime<Utc>>,
    card: CardStanding,
    /// A card was lost and is not back: its name.
    lost_card: Option<String>,
    refused_cards: HashMap<String, NotOpened>,
    wanted_until: DateTime<Utc>,
    // Time.
    started: DateTime<Utc>,
    last: Reading,
    testimony: Testimony,
    trust: Trust,
    trusted_boot: Option<String>,
    confirmed: bool,
    stepped: bool,
    high_water: Option<DateTime<Utc>>,
    distrust: Vec<(DateTime<Utc>, DateTime<Utc>)>,
    // Accounts.
    loaded_until: DateTime<Utc>,
    accounted: Option<DateTime<Utc>>,
    next_account: DateTime<Utc>,
    account_step: TimeDelta,
    next_pulse: DateTime<Utc>,
    unsounded: HashMap<CueId, AiringId>,
    unrecorded: Option<Unrecorded>,
    // Numbers.
    next_deck: u64,
    slots: HashMap<(ScheduleId, SlotId), u64>,
    ending: Option<String>,
    over: bool,
}

impl Playout {
    /// The playout of a station that comes up: what an earlier run left open in the journal is settled by the first
    /// turns. `clock_known` is what the machine said so far.
    pub fn new(
        clock: Arc<dyn Clock>,
        output: Box<dyn Output>,
        record: impl Into<Scribe>,
        settings: Settings,
        plan: Plan,
        library: Arc<Library>,
        testimony: Testimony,
    ) -> Playout {
        let reading = clock.read();
        let now = reading.wall;
        let mut playout = Playout {
            clock,
            output,
            ledger: Ledger::new(record.into()),
            powered: None,
            skips: plan.skips.clone(),
            plan,
            settings,
            library,
            sounded: Sounded::default(),
            queue: Vec::new(),
            on_air: None,
            leaving: Vec::new(),
            gives_way: None,
            paused: None,
            emergencies: Emergencies::default(),
            dead_air: None,
            idle_stop: None,
            card: CardStanding::Closed,
            lost_card: None,
            refused_cards: HashMap::new(),
            wanted_until: now,
            started: now,
            last: reading,
            testimony,
            trust: Trust::Unproven,
            trusted_boot: None,
            confirmed: false,
            stepped: false,
            high_water: None,
            distrust: Vec::new(),
            loaded_until: now,
            accounted: None,
            next_account: now,
            account_step: accounts::LONGEST_STEP,
            next_pulse: now,
            unsounded: HashMap::new(),
            unrecorded: None,
            next_deck: 0,
            slots: HashMap::new(),
            ending: None,
            over: false,
        };
        playout.come_up(now);
        playout
    }

    /// Takes in what happened. Acting on it is the next [`Playout::turn`].
    pub fn hear(&mut self, news: News) {
        let now = self.clock.now();
        match news {
            News::Output(event) => self.hear_output(event, now),
            News::Order { order, by, reply } => reply(self.obey(order, by, now)),
            News::Plan(plan) => self.take_plan(plan, now),
            News::Library(library) => self.take_library(library),
            News::Testimony(testimony) => self.testimony = testimony,
            News::Amplifier(switched) => self.switched(switched, now),
            News::ClockSet => {}
        }
    }

    /// Does everything that is to be done now, and says when to come again.
    pub fn turn(&mut self) -> Next {
        if self.over {
            return Next::Over;
        }
        self.ledger.catch_up();
        let now = self.look_at_clock();
        if self.ending.is_some() {
            return self.wind_up(now);
        }
        self.mind_the_relay(now);
        self.extend_queue(now);
        self.take_up_emergencies(now);
        self.prepare(now);
        self.mind_dead_air(now);
        let wait = self.follow_continuity(now);
        self.mind_the_relay(now);
        self.mind_the_amplifier(now);
        self.account_emergencies(now);
        self.account(now);
        self.beat(now);
        let preroll = |one: &Waiting| one.due - PREROLL;
        let next_load = self.queue.iter().map(preroll).filter(|at| *at > now).min();
        let again =
            if self.account_is_behind(now) { now + TimeDelta::milliseconds(5) } else { now + LOOK_AGAIN };
        let relay = self.relay_turns(now);
        Next::Look([wait, next_load, relay, Some(again)].into_iter().flatten().min().unwrap_or(again))
    }

    fn deck(&mut self) -> DeckId {
        self.next_deck += 1;
        DeckId(self.next_deck)
    }

    fn clock_state(&self) -> ClockState {
        ClockState { synchronised: self.testimony.synchronised, trust: self.trust }
    }

    fn beat(&mut self, now: DateTime<Utc>) {
        // A step back would silence the pulse for the length of the step.
        if now < self.next_pulse && self.next_pulse <= now + PULSE {
            return;
        }
        self.next_pulse = now + PULSE;
        let frames = |playing: &Playing| {
            let delivered = self.output.delivered(playing.waiting.deck).unwrap_or_default();
            (delivered.frames, crate::core::cart::frames_to_duration(delivered.frames, delivered.rate))
        };
        let on_air = self.on_air.as_ref().filter(|playing| playing.sounded.is_some()).map(|playing| {
            let (frames, aired) = frames(playing);
            (playing.airing, frames, self.relayed().unwrap_or(aired))
        });
        let paused = self.paused.as_ref().filter(|playing| playing.sounded.is_some()).map(|playing| {
            let (frames, aired) = frames(playing);
            (playing.airing, playing.paused_since().unwrap_or(now), frames, aired)
        });
        let pulse = Pulse {
            alive: now,
            boot: self.testimony.boot.clone(),
            trusted: self.trust.is_trusted(),
            on_air,
            paused,
            accounted: self.accounted,
        };
        self.ledger.beat(pulse);
    }

    /// Ends in order: what is on air is cut and written down, then the end itself.
    fn wind_up(&mut self, now: DateTime<Utc>) -> Next {
        self.cut(Reason::Shutdown, None);
        self.mind_the_relay(now);
        self.release(Reason::Shutdown, None);
        let waited_long = self.on_air.iter().chain(&self.leaving).all(|playing| playing.stop_overdue(now));
        if (self.on_air.is_some() || !self.leaving.is_empty()) && !waited_long {
            return Next::Look(now + TimeDelta::milliseconds(200));
        }
        for playing in self.on_air.take().into_iter().chain(std::mem::take(&mut self.leaving)) {
            let delivered = self.output.delivered(playing.waiting.deck).unwrap_or_default();
            self.settle_without_word(playing, &delivered, now);
        }
        if !self.amplifier_is_left() {
            return Next::Look(now + TimeDelta::milliseconds(200));
        }
        let by = self.ending.clone().unwrap_or_default();
        self.ledger.write(now, vec![Entry::Ended { by }]);
        self.ledger.catch_up();
        self.next_pulse = now;
        self.beat(now);
        self.ledger.flush();
        self.output.close();
        self.over = true;
        Next::Over
    }
}

/// Everything delivered so far, or nothing.
fn or_nothing(delivered: Option<Delivered>) -> Delivered {
    delivered.unwrap_or_default()
}
