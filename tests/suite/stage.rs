//! An output without sound for tests of the playout: it opens, decodes, starts and loses its card as the simulated clock
//! goes on, and tells the truth about what it delivered. Owns no rule of Loa.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::audio::output::{DeckId, Delivered, Ending, Output, OutputEvent, Programme, StartAt};
use loa::clock::{Clock, SimulatedClock};

pub const RATE: u32 = 48_000;
const OPENS_IN: Duration = Duration::from_millis(300);
const DECODES_IN: Duration = Duration::from_millis(200);
/// What a real card needs between a command and the loudspeaker.
const SOONEST: Duration = Duration::from_millis(60);
const TRIES_AGAIN: Duration = Duration::from_secs(1);
const WAITS_FOR_CARD: Duration = Duration::from_secs(60);

#[derive(Clone, Debug, PartialEq)]
enum Act {
    Open,
    Decoded(DeckId),
    Sound(DeckId),
    Resume(DeckId),
    Finish(DeckId),
    GiveUp(DeckId),
}

/// A stretch that sounded: to prove that no two are audible together, and none in the quiet hours.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    pub deck: DeckId,
    /// By the clock that nobody sets.
    pub steady: (Duration, Duration),
    /// By the clock on the wall as it went then, at the begin and at the end.
    pub wall: (DateTime<Utc>, DateTime<Utc>),
    /// It began with the programme's first frame: not the rest of one that a loss had interrupted.
    pub first: bool,
}

struct Deck {
    programme: Programme,
    ready: bool,
    started: bool,
    /// Steady time of the first frame, or of the frame after a resume.
    sounding: Option<Duration>,
    began: DateTime<Utc>,
    delivered: Duration,
    /// It takes the place of what sounds when it begins.
    interrupts: bool,
    /// Since when an emergency has its place.
    paused: Option<DateTime<Utc>>,
}

/// The state of the stage; the rig and the playout's output share it.
pub struct Stage {
    clock: Arc<SimulatedClock>,
    acts: BTreeMap<(Duration, u64), Act>,
    number: u64,
    decks: HashMap<DeckId, Deck>,
    told: VecDeque<OutputEvent>,
    wanted: bool,
    open: bool,
    /// Whether a card is there to be opened.
    pub card: bool,
    /// Whether it is the virtual one.
    pub silent: bool,
    /// File name → its length; a file without one cannot be decoded.
    pub lengths: HashMap<String, Duration>,
    /// Longest silence of a file.
    pub holes: HashMap<String, Duration>,
    /// What sounded.
    pub heard: Vec<Heard>,
}

impl Stage {
    pub fn new(clock: Arc<SimulatedClock>) -> Arc<Mutex<Stage>> {
        Arc::new(Mutex::new(Stage {
            clock,
            acts: BTreeMap::new(),
            number: 0,
            decks: HashMap::new(),
            told: VecDeque::new(),
            wanted: false,
            open: false,
            card: true,
            silent: false,
            lengths: HashMap::new(),
            holes: HashMap::new(),
            heard: Vec::new(),
        }))
    }

    fn steady(&self) -> Duration {
        self.clock.read().steady
    }

    fn wall_of(&self, steady: Duration) -> DateTime<Utc> {
        let now = self.clock.read();
        now.wall + TimeDelta::from_std(steady).unwrap() - TimeDelta::from_std(now.steady).unwrap()
    }

    fn later(&mut self, at: Duration, act: Act) {
        self.number += 1;
        self.acts.insert((at, self.number), act);
    }

    fn forget(&mut self, deck: DeckId) {
        self.acts.retain(|_, act| !matches!(act, Act::Decoded(d) | Act::Sound(d) | Act::Resume(d) | Act::Finish(d) | Act::GiveUp(d) if *d == deck));
    }

    /// When something happens next, as a span from now.
    pub fn next(&self) -> Option<Duration> {
        self.acts.keys().next().map(|(at, _)| at.saturating_sub(self.steady()))
    }

    /// Whether a deck sounds now.
    pub fn sounds(&self) -> bool {
        self.decks.values().any(|deck| deck.sounding.is_some())
    }

    /// Does what is due, and hands out what was told.
    pub fn play_on(&mut self) -> Vec<OutputEvent> {
        while let Some(((at, number), act)) =
            self.acts.first_key_value().map(|(key, act)| (*key, act.clone()))
        {
            if at > self.steady() {
                break;
            }
            self.acts.remove(&(at, number));
            self.act(at, act);
        }
        self.told.drain(..).collect()
    }

    fn act(&mut self, at: Duration, act: Act) {
        match act {
            Act::Open if !self.wanted || self.open => {}
            Act::Open if self.card => {
                self.open = true;
                let device = if self.silent { "virtual" } else { "pulseaudio:loa" };
                self.told.push_back(OutputEvent::Opened { device: device.into(), silent: self.silent });
                let paused: Vec<DeckId> = self
                    .decks
                    .iter()
                    .filter(|(_, d)| {
                        d.started && d.paused.is_none() && d.sounding.is_none() && !d.delivered.is_zero()
                    })
                    .map(|(id, _)| *id)
                    .collect();
                self.acts.retain(|_, act| !matches!(act, Act::GiveUp(_)));
                for deck in paused {
                    self.forget(deck);
                    self.sound(deck, at, true);
                }
                let waiting: Vec<DeckId> =
                    self.decks.iter().filter(|(_, d)| !d.ready).map(|(id, _)| *id).collect();
                for deck in waiting {
                    self.later(at + DECODES_IN, Act::Decoded(deck));
                }
            }
            Act::Open => {
                let tried = vec![("pulseaudio:loa".to_owned(), "no such card".into())];
                self.told.push_back(OutputEvent::NoDevice { tried });
                self.later(at + TRIES_AGAIN, Act::Open);
            }
            Act::Decoded(deck) => self.decoded(deck),
            Act::Sound(deck) => self.sound(deck, at, false),
            Act::Resume(deck) => self.sound(deck, at, true),
            Act::Finish(deck) => self.end(deck, at, Ending::Completed),
            Act::GiveUp(deck) => self.end(deck, at, Ending::DeviceLost { found: "unplugged".into() }),
        }
    }

    fn decoded(&mut self, id: DeckId) {
        let Some(deck) = self.decks.get_mut(&id) else { return };
        let names: Vec<String> = deck.programme.parts.iter().map(name_of).collect();
        let bad: Vec<usize> = (0..names.len()).filter(|at| !self.lengths.contains_key(&names[*at])).collect();
        deck.ready = true;
        if bad.len() == names.len() {
            self.decks.remove(&id);
            self.told.push_back(OutputEvent::Unplayable { deck: id });
            return;
        }
        for part in bad {
            self.told.push_back(OutputEvent::PartFailed { deck: id, part, found: "is damaged".into() });
        }
        self.told.push_back(OutputEvent::Ready { deck: id });
    }

    fn lengths_of(&self, id: DeckId) -> Vec<Duration> {
        let parts = &self.decks[&id].programme.parts;
        parts.iter().map(|part| self.lengths.get(&name_of(part)).copied().unwrap_or_default()).collect()
    }

    fn sound(&mut self, id: DeckId, at: Duration, again: bool) {
        if !self.decks.contains_key(&id) || !self.open {
            return;
        }
        let others: Vec<DeckId> = self
            .decks
            .iter()
            .filter(|(other, deck)| **other != id && deck.sounding.is_some())
            .map(|(other, _)| *other)
            .collect();
        for other in others {
            if self.decks[&id].interrupts && !again {
                self.forget(other);
                self.pause(other, at);
                let at = self.wall_of(at);
                self.decks.get_mut(&other).unwrap().paused = Some(at);
                self.told.push_back(OutputEvent::Paused { deck: other, at });
            } else {
                self.end(other, at, Ending::Stopped);
            }
        }
        let total: Duration = self.lengths_of(id).iter().sum();
        let wall = self.wall_of(at);
        let device = if self.silent { "virtual" } else { "pulseaudio:loa" }.to_owned();
        let deck = self.decks.get_mut(&id).unwrap();
        deck.sounding = Some(at);
        deck.began = wall;
        let left = total - deck.delivered;
        self.later(at + left, Act::Finish(id));
        self.told.push_back(if again {
            OutputEvent::Resumed { deck: id, at: wall, device }
        } else {
            OutputEvent::Sounded { deck: id, at: wall, device }
        });
    }

    fn pause(&mut self, id: DeckId, at: Duration) {
        let wall = self.wall_of(at);
        let Some(deck) = self.decks.get_mut(&id) else { return };
        if let Some(since) = deck.sounding.take() {
            let span = at.saturating_sub(since);
            let first = deck.delivered.is_zero();
            deck.delivered += span;
            let began = deck.began;
            self.heard.push(Heard { deck: id, steady: (since, at), wall: (began, wall), first });
        }
    }

    fn end(&mut self, id: DeckId, at: Duration, ending: Ending) {
        self.forget(id);
        self.pause(id, at);
        let delivered = self.delivered(id, at);
        let ended = self.decks.remove(&id);
        let paused_at = ended.as_ref().and_then(|deck| deck.paused);
        let started = ended.is_some_and(|deck| deck.started);
        if started {
            let at = paused_at.unwrap_or_else(|| self.wall_of(at));
            self.told.push_back(OutputEvent::Ended { deck: id, at, ending, delivered });
        }
    }

    fn delivered(&self, id: DeckId, at: Duration) -> Delivered {
        let Some(deck) = self.decks.get(&id) else { return Delivered::default() };
        let total = deck.delivered + deck.sounding.map_or(Duration::ZERO, |since| at.saturating_sub(since));
        let frames = |span: Duration| (span.as_nanos() * u128::from(RATE) / 1_000_000_000) as u64;
        let mut left = total;
        let parts = self.lengths_of(id).into_iter().map(|length| {
            let part = length.min(left);
            left -= part;
            frames(part)
        });
        // A hole is at the beginning of its file.
        let played = self.lengths_of(id).into_iter().scan(total, |left, length| {
            let part = length.min(*left);
            *left -= part;
            Some(part)
        });
        let parts_played = deck.programme.parts.iter().zip(played);
        let holes =
            parts_played.filter_map(|(part, played)| Some(*self.holes.get(&name_of(part))?.min(&played)));
        Delivered {
            frames: frames(total),
            rate: RATE,
            parts: parts.collect(),
            mean_square: 0.01,
            longest_silence: holes.max().unwrap_or_default(),
            underrun_frames: 0,
        }
    }

    /// The power goes: what sounded was heard until now.
    pub fn fall_silent(&mut self) {
        let now = self.steady();
        let sounding: Vec<DeckId> =
            self.decks.iter().filter(|(_, deck)| deck.sounding.is_some()).map(|(id, _)| *id).collect();
        sounding.into_iter().for_each(|deck| self.pause(deck, now));
    }

    /// The card is torn out.
    pub fn unplug(&mut self) {
        self.card = false;
        if !std::mem::take(&mut self.open) {
            return;
        }
        let now = self.steady();
        let at = self.wall_of(now);
        self.told.push_back(OutputEvent::Lost {
            device: "pulseaudio:loa".into(),
            found: "unplugged".into(),
            at,
        });
        let sounding: Vec<DeckId> =
            self.decks.iter().filter(|(_, deck)| deck.sounding.is_some()).map(|(id, _)| *id).collect();
        for deck in sounding {
            self.forget(deck);
            self.pause(deck, now);
            self.later(now + WAITS_FOR_CARD, Act::GiveUp(deck));
        }
        let paused: Vec<DeckId> =
            self.decks.iter().filter(|(_, deck)| deck.paused.is_some()).map(|(id, _)| *id).collect();
        paused.into_iter().for_each(|deck| self.later(now + WAITS_FOR_CARD, Act::GiveUp(deck)));
        let armed: Vec<DeckId> = self
            .decks
            .iter()
            .filter(|(_, d)| d.started && d.delivered.is_zero())
            .map(|(id, _)| *id)
            .collect();
        armed.into_iter().for_each(|deck| self.end(deck, now, Ending::Stopped));
        self.later(now + TRIES_AGAIN, Act::Open);
    }

    /// And put back.
    pub fn plug(&mut self) {
        self.card = true;
    }
}

fn name_of(part: &loa::audio::output::Part) -> String {
    part.path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The playout's hand on the stage.
pub struct FakeOutput(pub Arc<Mutex<Stage>>);

impl Output for FakeOutput {
    fn open(&mut self) {
        let mut stage = self.0.lock().unwrap();
        stage.wanted = true;
        let at = stage.steady() + OPENS_IN;
        stage.later(at, Act::Open);
    }
    fn close(&mut self) {
        let mut stage = self.0.lock().unwrap();
        assert!(!stage.sounds(), "the card was closed while a deck sounded");
        (stage.wanted, stage.open) = (false, false);
        stage.acts.retain(|_, act| *act != Act::Open);
    }
    fn load(&mut self, deck: DeckId, programme: Programme) {
        let mut stage = self.0.lock().unwrap();
        let new = Deck {
            programme,
            ready: false,
            started: false,
            sounding: None,
            began: DateTime::UNIX_EPOCH,
            delivered: Duration::ZERO,
            interrupts: false,
            paused: None,
        };
        stage.decks.insert(deck, new);
        if stage.open {
            let at = stage.steady() + DECODES_IN;
            stage.later(at, Act::Decoded(deck));
        }
    }
    fn start(&mut self, deck: DeckId, at: StartAt) {
        let mut stage = self.0.lock().unwrap();
        let now = stage.clock.read();
        let soonest = now.steady + SOONEST;
        let at = match at {
            StartAt::Soonest => soonest,
            StartAt::Instant(at) => soonest.max(now.steady + (at - now.wall).to_std().unwrap_or_default()),
        };
        let known = stage.decks.get_mut(&deck).expect("a deck that was not loaded was started");
        assert!(known.ready, "a deck was started before it was ready");
        known.started = true;
        stage.acts.retain(|_, act| *act != Act::Sound(deck));
        stage.later(at, Act::Sound(deck));
    }
    fn interrupt(&mut self, deck: DeckId, at: StartAt) {
        self.0.lock().unwrap().decks.get_mut(&deck).expect("a deck that was not loaded").interrupts = true;
        self.start(deck, at);
    }
    fn resume(&mut self, deck: DeckId) {
        let mut stage = self.0.lock().unwrap();
        let at = stage.steady() + SOONEST;
        let known = stage.decks.get_mut(&deck).expect("a deck that is not there went on");
        assert!(known.paused.take().is_some(), "a deck that was not paused went on");
        stage.later(at, Act::Resume(deck));
    }
    fn stop(&mut self, deck: DeckId) {
        let mut stage = self.0.lock().unwrap();
        let at = stage.steady();
        stage.end(deck, at, Ending::Stopped);
    }
    fn delivered(&self, deck: DeckId) -> Option<Delivered> {
        let stage = self.0.lock().unwrap();
        let at = stage.steady();
        stage.decks.contains_key(&deck).then(|| stage.delivered(deck, at))
    }
}
