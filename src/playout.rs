//! The playout: performs continuity's moves on the output, and writes down what came of them. Owns what waits and what
//! is on air, and is the only writer of airings. It has no thread and no clock of its own: whoever drives it tells it
//! the news ([`Playout::hear`]) and lets it act ([`Playout::turn`]), so that months of it run in a test in seconds.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::audio::output::{DeckId, Delivered, Output, OutputEvent, StartAt};
use crate::clock::{Clock, Reading};
use crate::core::LOOK_AGAIN;
use crate::core::airing::{AiringId, CueId, Kind, Reason, ScheduleId, SlotId};
use crate::core::cart::Library;
use crate::core::continuity::{Bid, Move, OnAir, Situation, next_move};
use crate::core::loudness::Loudness;
use crate::core::order::{Answer, Order, Refusal};
use crate::core::record::{CardChange, ClockState, Entry, Pulse, Record, Trust};
use crate::core::rundown::forecast::Policy;
use crate::core::rundown::{Plan, Skip};
use crate::core::standing::CardStanding;
use crate::core::trust::Testimony;

mod accounts;
mod airing;
mod ledger;
mod orders;
mod timekeeping;
mod verdict;
mod waiting;

use airing::Playing;
use ledger::Ledger;
use waiting::{CardState, Loading, Waiting};

/// The card is opened and the audio decoded this long before a cue is due: opening takes up to a second, and the
/// mapping of frames to time wants two more (crates.md, 12: 3 to 4 s are enough).
pub const PREROLL: Duration = Duration::from_secs(5);

/// The card is closed when nothing is due for this long.
const CLOSE_AFTER: Duration = Duration::from_secs(15);

/// At most this many decks are decoded ahead: each holds some seconds of audio.
const DECKS: usize = 4;

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
    settings: Settings,
    plan: Plan,
    library: Arc<Library>,
    skips: Vec<Skip>,
    queue: Vec<Waiting>,
    on_air: Option<Playing>,
    leaving: Vec<Playing>,
    card: CardStanding,
    /// A card was lost and is not back: its name.
    lost_card: Option<String>,
    refused_cards: HashMap<String, String>,
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
    next_pulse: DateTime<Utc>,
    unsounded: HashMap<CueId, AiringId>,
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
        record: Arc<dyn Record>,
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
            ledger: Ledger::new(record),
            skips: plan.skips.clone(),
            plan,
            settings,
            library,
            queue: Vec::new(),
            on_air: None,
            leaving: Vec::new(),
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
            next_pulse: now,
            unsounded: HashMap::new(),
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
        self.extend_queue(now);
        self.prepare(now);
        let wait = self.follow_continuity(now);
        self.account(now);
        self.beat(now);
        let preroll = |one: &Waiting| one.due - PREROLL;
        let next_load = self.queue.iter().map(preroll).filter(|at| *at > now).min();
        let again = now + LOOK_AGAIN;
        Next::Look([wait, next_load, Some(again)].into_iter().flatten().min().unwrap_or(again))
    }

    /// Opens the card and decodes ahead for what is due soon; closes the card when nothing is.
    fn prepare(&mut self, now: DateTime<Utc>) {
        let trusted = self.trust.is_trusted();
        let soon = now + PREROLL;
        let mut decks = 0;
        for at in 0..self.queue.len() {
            let one = &self.queue[at];
            let wanted = one.due <= soon && (trusted || one.ordered()) && one.cue.as_ref().is_none_or(|cue| cue.fate.is_none());
            if !wanted {
                continue;
            }
            self.wanted_until = self.wanted_until.max(now + CLOSE_AFTER);
            let urgent = one.start == crate::core::airing::Start::Hard;
            if decks < DECKS || urgent {
                self.load(at);
            }
            decks += 1;
        }
        let busy = self.on_air.is_some() || !self.leaving.is_empty();
        let wanted = busy || self.wanted_until > now;
        match (&self.card, wanted) {
            (CardStanding::Closed, true) => {
                self.card = CardStanding::Opening;
                self.output.open();
            }
            (CardStanding::Closed, false) => {}
            (_, true) => {}
            (_, false) => {
                self.card = CardStanding::Closed;
                self.lost_card = None;
                self.output.close();
            }
        }
        // A step back must not keep the card open for the length of the step.
        self.wanted_until = self.wanted_until.min(now + CLOSE_AFTER);
    }

    fn load(&mut self, at: usize) {
        if self.queue[at].loading != Loading::Idle {
            return;
        }
        self.resolve_repeat(at);
        let one = &mut self.queue[at];
        let programme = one.programme(&self.library, &self.settings);
        if !programme.parts.is_empty() {
            one.loading = Loading::Asked;
            self.output.load(one.deck, programme);
        }
    }

    /// A repeat plays what its slot really played last, where the journal knows it.
    fn resolve_repeat(&mut self, at: usize) {
        let Some(cue) = &self.queue[at].cue else { return };
        let crate::core::schedule::Play::RepeatOf(of) = &cue.slot.play else { return };
        let replaced = cue.schedule.changes.iter().any(|change| {
            change.slot == cue.slot.id && change.date == cue.due.with_timezone(&self.plan.zone).date_naive()
        });
        if replaced {
            return;
        }
        if let Ok(Some(played)) = self.ledger.record().last_played(&cue.schedule.id, of)
            && !played.is_empty()
        {
            self.queue[at].play = played.into();
        }
    }

    /// Performs continuity's moves until there is nothing to do but wait; until when.
    fn follow_continuity(&mut self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let card = match &self.card {
            CardStanding::Open { .. } => CardState::Open,
            CardStanding::Missing { .. } => CardState::Missing,
            CardStanding::Closed | CardStanding::Opening => CardState::NotOpen,
        };
        if !self.trust.is_trusted() {
            self.queue.iter_mut().filter(|one| one.due <= now).for_each(|one| one.distrusted = true);
        }
        let mut missed: Vec<(Waiting, Reason)> = Vec::new();
        let mut bids: Vec<Bid> = self.queue.iter().map(|one| one.bid(&self.library, card)).collect();
        let wait = loop {
            let on_air = self.on_air.as_ref().map(Playing::as_on_air);
            let situation = Situation {
                now,
                trusted: self.trust.is_trusted(),
                on_air: on_air.as_ref().filter(|_| self.on_air.as_ref().is_some_and(|playing| !playing.stopping())),
                bids: &bids,
                quiet: &self.settings.policy.quiet,
                zone: self.plan.zone,
            };
            match next_move(&situation) {
                Move::Miss { bid, reason } => {
                    bids.remove(bid);
                    missed.push((self.queue.remove(bid), reason));
                }
                Move::Cut { reason } => self.cut(reason, None),
                // What was told to stop has not left the air yet: two programmes are never audible together.
                Move::Start { .. } if self.on_air.as_ref().is_some_and(Playing::stopping) => break Some(now + LOOK_AGAIN),
                Move::Start { bid, at } => {
                    bids.remove(bid);
                    let one = self.queue.remove(bid);
                    self.start(one, at, now);
                }
                Move::Wait { until } => break until,
            }
        };
        self.write_missed(missed, now);
        wait
    }

    fn start(&mut self, one: Waiting, at: DateTime<Utc>, now: DateTime<Utc>) {
        let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
        let kind = self.kind_of(&one, matches!(self.card, CardStanding::Open { silent: true, .. }));
        let begin = one.begin(airing, kind, &self.library, self.testimony.synchronised);
        self.ledger.write(now, vec![Entry::Begin(begin)]);
        self.output.start(one.deck, if at > now { StartAt::Instant(at) } else { StartAt::Soonest });
        if let Some(mut before) = self.on_air.take() {
            before.stopped_for = Some((Reason::HardStart, None));
            self.leaving.push(before);
        }
        let planned = one.expected(&self.library);
        self.on_air = Some(Playing::new(one, airing, kind, at, planned));
    }

    /// Ends what is on air. Its `Ended` comes from the output, and only then it is written down.
    fn cut(&mut self, reason: Reason, by: Option<String>) {
        if let Some(playing) = &mut self.on_air
            && !playing.stopping()
        {
            playing.stopped_for = Some((reason, by));
            self.output.stop(playing.waiting.deck);
        }
    }

    /// The kind of an airing. On the virtual card, and at a sample station, everything is a test.
    fn kind_of(&self, one: &Waiting, silent: bool) -> Kind {
        match one.cue {
            _ if self.settings.sample || silent => Kind::Test,
            Some(_) => Kind::Cue,
            None => Kind::Manual,
        }
    }

    fn write_missed(&mut self, missed: Vec<(Waiting, Reason)>, now: DateTime<Utc>) {
        let mut entries = Vec::with_capacity(missed.len());
        for (one, reason) in missed {
            if one.loading != Loading::Idle {
                self.output.stop(one.deck);
            }
            let airing = one.airing.unwrap_or_else(|| self.ledger.record().next_airing());
            let kind = self.kind_of(&one, self.settings.silent_only);
            entries.push(Entry::Missed(one.missed(airing, kind, &self.library, reason, None)));
        }
        self.ledger.write(now, entries);
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
        let on_air = self.on_air.as_ref().filter(|playing| playing.sounded.is_some()).map(|playing| {
            let delivered = self.output.delivered(playing.waiting.deck).unwrap_or_default();
            let aired = crate::core::cart::frames_to_duration(delivered.frames, delivered.rate);
            (playing.airing, delivered.frames, aired)
        });
        let pulse = Pulse {
            alive: now,
            boot: self.testimony.boot.clone(),
            trusted: self.trust.is_trusted(),
            on_air,
            accounted: self.accounted,
        };
        if let Err(error) = self.ledger.record().pulse(&pulse) {
            tracing::warn!(%error, "the pulse could not be written");
        }
    }

    fn hear_output(&mut self, event: OutputEvent, now: DateTime<Utc>) {
        match event {
            OutputEvent::Opened { device, silent } => {
                self.refused_cards.clear();
                if self.lost_card.take().is_some() {
                    self.ledger.write(now, vec![Entry::Card { device: device.clone(), change: CardChange::Back }]);
                }
                self.card = CardStanding::Open { device, silent };
            }
            OutputEvent::NoDevice { tried } => {
                let fresh: Vec<Entry> = tried
                    .iter()
                    .filter(|(device, found)| self.refused_cards.get(device) != Some(found))
                    .map(|(device, found)| Entry::Card {
                        device: device.clone(),
                        change: CardChange::Refused { found: found.clone() },
                    })
                    .collect();
                self.ledger.write(now, fresh);
                self.refused_cards.extend(tried.iter().cloned());
                self.card = CardStanding::Missing { tried };
            }
            OutputEvent::Lost { device, found, at } => self.card_lost(device, found, at, now),
            OutputEvent::Resumed { deck, at, device } => self.resumed(deck, at, device, now),
            OutputEvent::Ready { deck } => {
                if let Some(one) = self.queue.iter_mut().find(|one| one.deck == deck) {
                    one.loading = Loading::Ready;
                }
            }
            OutputEvent::PartFailed { deck, part, found } => self.part_failed(deck, part, &found),
            OutputEvent::Unplayable { deck } => {
                if let Some(one) = self.queue.iter_mut().find(|one| one.deck == deck) {
                    one.loading = Loading::Unplayable;
                }
            }
            OutputEvent::Sounded { deck, at, device } => self.sounded(deck, at, device, now),
            OutputEvent::Ended { deck, at, ending, delivered } => self.ended(deck, at, &ending, &delivered, now),
        }
    }

    /// New recordings: what waits and plays one that changed is decoded anew.
    fn take_library(&mut self, library: Arc<Library>) {
        let before = std::mem::replace(&mut self.library, library);
        for at in 0..self.queue.len() {
            let changed = self.queue[at].play.iter().any(|name| before.get(name) != self.library.get(name));
            if changed && self.queue[at].loading != Loading::Idle {
                self.output.stop(self.queue[at].deck);
                self.queue[at].deck = self.deck();
                self.queue[at].loading = Loading::Idle;
            }
        }
    }

    /// Ends in order: what is on air is cut and written down, then the end itself.
    fn wind_up(&mut self, now: DateTime<Utc>) -> Next {
        self.cut(Reason::Shutdown, None);
        let waited_long = self.on_air.iter().chain(&self.leaving).all(|playing| playing.stop_overdue(now));
        if (self.on_air.is_some() || !self.leaving.is_empty()) && !waited_long {
            return Next::Look(now + TimeDelta::milliseconds(200));
        }
        for playing in self.on_air.take().into_iter().chain(std::mem::take(&mut self.leaving)) {
            let delivered = self.output.delivered(playing.waiting.deck).unwrap_or_default();
            self.settle_without_word(playing, &delivered, now);
        }
        let by = self.ending.clone().unwrap_or_default();
        self.ledger.write(now, vec![Entry::Ended { by }]);
        self.ledger.catch_up();
        self.next_pulse = now;
        self.beat(now);
        self.output.close();
        self.over = true;
        Next::Over
    }
}

impl Playing {
    fn as_on_air(&self) -> OnAir {
        OnAir { due: self.waiting.due, priority: self.waiting.priority, exempt: self.waiting.exempt }
    }
}

/// Everything delivered so far, or nothing.
fn or_nothing(delivered: Option<Delivered>) -> Delivered {
    delivered.unwrap_or_default()
}
