//! The engine: the output of a real station. A thread of its own opens the cards of the list, hands decks to the bus,
//! notices when a card is lost, and tells the playout what was heard. Owns the decks and the card's life; decides
//! nothing about what airs.
//!
//! Lost is a card whose callback has stopped, whatever its errors say (crates.md, 12): hosts go silent without an error,
//! and others tell a million errors while they play. The callback's bus is then moved to the card come back, or to the
//! next of the list, with what had not been heard yet.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::deck::Count;
use super::decoder::Decoded;
use super::output::{DeckId, Delivered, Ear, Ending, Output, OutputEvent, Programme, StartAt};
use crate::clock::{Clock, SystemClock};
use crate::core::card::{CardName, NotOpened};

mod cards;
mod decks;

use cards::{Attempt, CardLife, Opener};
use decks::Loaded;

/// How often a card in use is looked at: what it played is told this late at most.
const LOOK: Duration = Duration::from_millis(10);
/// And one that is open and plays nothing.
const IDLE_LOOK: Duration = Duration::from_millis(100);

/// What an engine is made of.
#[derive(Clone)]
pub struct EngineSettings {
    /// The cards, in the order in which they are tried.
    pub cards: Vec<CardName>,
    /// Frames a second asked of a card, 8,000–192,000.
    pub rate: u32,
    /// The card's buffer in frames; none: 2,048.
    pub buffer_frames: Option<u32>,
    /// Where the virtual card writes what would have sounded; none: nowhere.
    pub aircheck: Option<PathBuf>,
    /// By which airchecks are named.
    pub zone: Tz,
    /// Below this, in dBFS, a frame counts as silent.
    pub silence_dbfs: f64,
    /// The station's clock.
    pub clock: SystemClock,
    /// How long a programme waits for its card to come back.
    pub loss_wait: Duration,
}

impl Default for EngineSettings {
    /// The virtual card at 48 kHz, UTC, −50 dBFS, and a minute of patience with a lost card.
    fn default() -> Self {
        EngineSettings {
            cards: vec![CardName { host: crate::core::card::Host::Virtual, id: None }],
            rate: 48_000,
            buffer_frames: None,
            aircheck: None,
            zone: Tz::UTC,
            silence_dbfs: -50.0,
            clock: SystemClock::new(),
            loss_wait: Duration::from_secs(60),
        }
    }
}

/// What the engine's thread is asked or told.
enum Ask {
    Open,
    Close,
    Load(DeckId, Programme),
    Start(DeckId, StartAt),
    Interrupt(DeckId, StartAt),
    Resume(DeckId),
    Stop(DeckId),
    Decoded(DeckId, Decoded),
    Tried(Attempt),
    Quit,
}

/// What is counted of each deck, for [`Output::delivered`].
type Counts = Arc<Mutex<HashMap<DeckId, Arc<Count>>>>;

/// The output of a real station.
pub struct Engine {
    asks: Sender<Ask>,
    counts: Counts,
    thread: Option<JoinHandle<()>>,
}

impl Engine {
    /// Starts the engine; no card is opened before [`Output::open`]. Its events go to `ear`.
    pub fn new(settings: EngineSettings, ear: Ear) -> Engine {
        Engine::with_opener(settings, ear, cards::opener())
    }

    fn with_opener(settings: EngineSettings, ear: Ear, opener: Opener) -> Engine {
        let (asks, inbox) = channel();
        let counts = Counts::default();
        let desk = Desk {
            clock: settings.clock,
            settings: Arc::new(settings),
            ear: Arc::new(ear),
            me: asks.clone(),
            opener,
            counts: counts.clone(),
            decks: HashMap::new(),
            life: CardLife::Closed,
            voice: None,
            later: Vec::new(),
            attempts: 0,
            told_missing: Vec::new(),
        };
        let thread = std::thread::Builder::new().name("engine".into()).spawn(move || run(desk, &inbox));
        Engine {
            asks,
            counts,
            thread: thread.inspect_err(|error| tracing::error!(%error, "no audio engine")).ok(),
        }
    }

    fn ask(&self, ask: Ask) {
        // An engine that is gone has said so by its panic; whoever asks must not go on as if it sounded.
        assert!(self.asks.send(ask).is_ok(), "the audio engine has died");
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        let _ = self.asks.send(Ask::Quit);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Output for Engine {
    fn open(&mut self) {
        self.ask(Ask::Open);
    }
    fn close(&mut self) {
        self.ask(Ask::Close);
    }
    fn load(&mut self, deck: DeckId, programme: Programme) {
        self.ask(Ask::Load(deck, programme));
    }
    fn start(&mut self, deck: DeckId, at: StartAt) {
        self.ask(Ask::Start(deck, at));
    }
    fn interrupt(&mut self, deck: DeckId, at: StartAt) {
        self.ask(Ask::Interrupt(deck, at));
    }
    fn resume(&mut self, deck: DeckId) {
        self.ask(Ask::Resume(deck));
    }
    fn stop(&mut self, deck: DeckId) {
        self.ask(Ask::Stop(deck));
    }
    fn delivered(&self, deck: DeckId) -> Option<Delivered> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.get(&deck).map(|count| count.delivered(0))
    }
}

/// The engine's thread and everything that is its own.
struct Desk {
    settings: Arc<EngineSettings>,
    clock: SystemClock,
    ear: Arc<Ear>,
    me: Sender<Ask>,
    opener: Opener,
    counts: Counts,
    decks: HashMap<DeckId, Loaded>,
    life: CardLife,
    /// The engine's end of the bus; kept through a loss.
    voice: Option<cards::Moving>,
    /// What the loudspeaker has not reached yet, with the time at which it will.
    later: Vec<(DateTime<Utc>, OutputEvent)>,
    attempts: u64,
    told_missing: Vec<(String, NotOpened)>,
}

/// Tells when the engine's thread dies, whatever it was doing.
struct LastWord(Arc<Ear>);

impl Drop for LastWord {
    fn drop(&mut self) {
        if std::thread::panicking() {
            (self.0)(OutputEvent::Broken);
        }
    }
}

fn run(mut desk: Desk, inbox: &Receiver<Ask>) {
    let _last_word = LastWord(desk.ear.clone());
    loop {
        let ask = match desk.next_look() {
            Some(span) => inbox.recv_timeout(span),
            None => inbox.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        let mut quit = false;
        for ask in ask.into_iter().chain(inbox.try_iter()) {
            quit |= matches!(ask, Ask::Quit);
            desk.take(ask);
        }
        desk.look();
        if quit {
            desk.close_card();
            return;
        }
    }
}

impl Desk {
    fn take(&mut self, ask: Ask) {
        match ask {
            Ask::Open => self.want_card(),
            Ask::Close => self.close_card(),
            Ask::Load(deck, programme) => self.load(deck, programme),
            Ask::Start(deck, at) => self.start(deck, at, false),
            Ask::Interrupt(deck, at) => self.start(deck, at, true),
            Ask::Resume(deck) => self.resume(deck),
            Ask::Stop(deck) => self.stop(deck),
            Ask::Decoded(deck, decoded) => self.hear_decoder(deck, decoded),
            Ask::Tried(attempt) => self.take_attempt(attempt),
            Ask::Quit => {}
        }
    }

    /// When something may have to be done without being asked.
    fn next_look(&self) -> Option<Duration> {
        let busy = !self.later.is_empty() || self.decks.values().any(|deck| deck.on_bus);
        match &self.life {
            _ if busy => Some(LOOK),
            CardLife::Closed => None,
            CardLife::Open(_) | CardLife::Opening { .. } | CardLife::Resting { .. } => Some(IDLE_LOOK),
        }
    }

    fn look(&mut self) {
        self.hear_bus();
        self.mind_card();
        self.tell_what_was_heard();
    }

    fn tell(&self, event: OutputEvent) {
        (self.ear)(event);
    }

    /// An event that is true once the loudspeaker has got there.
    fn tell_at(&mut self, at: DateTime<Utc>, event: OutputEvent) {
        self.later.push((at, event));
    }

    fn tell_what_was_heard(&mut self) {
        let now = self.clock.now();
        // In the order in which they were noted; a clock that was set back does not hold them up.
        let far = chrono::TimeDelta::seconds(10);
        let (due, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.later).into_iter().partition(|(at, _)| *at <= now || *at - now > far);
        self.later = later;
        for (_, event) in due {
            if let OutputEvent::Ended { deck, .. } = &event {
                self.forget(*deck);
            }
            self.tell(event);
        }
    }

    fn forget(&mut self, deck: DeckId) {
        self.decks.remove(&deck);
        self.counts.lock().unwrap_or_else(PoisonError::into_inner).remove(&deck);
    }

    /// A deck that was started and will not sound: as if it had ended before its first frame.
    fn end_unheard(&mut self, deck: DeckId, ending: Ending) {
        self.forget(deck);
        self.tell(OutputEvent::Ended { deck, at: self.clock.now(), ending, delivered: Delivered::default() });
    }
}

#[cfg(test)]
mod tests;
