//! The life of the card: opened from the list, watched by its heartbeat, lost, opened again. Owns the order of the list
//! and the patience with a card; opening and closing happen on threads that may hang without harm.

use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{Ask, Desk, EngineSettings};
use crate::audio::bus::{Order, Reins, voice};
use crate::audio::card::{self, Heartbeat, Hosts, OpenCard, VoiceSlot};
use crate::audio::output::{DeckId, Ending, OutputEvent};
use crate::audio::virtual_card::{self, Virtual};
use crate::clock::Clock;
use crate::core::card::{CardName, Host, NotOpened};

/// No callback for this long: the card is lost. The hosts' longest block is 200 ms.
const DEAD: Duration = Duration::from_millis(700);
/// And after an error for this long.
const DEAD_AFTER_ERROR: Duration = Duration::from_millis(150);
/// A card that was just opened may need this long for its first callback.
const FIRST_CALLBACK: Duration = Duration::from_secs(3);
/// A card that does not open within this is passed over; the attempt may end when it likes.
const OPENS_WITHIN: Duration = Duration::from_secs(4);
/// Between two rounds of the list while a programme waits for its card.
const URGENT_REST: Duration = Duration::from_millis(200);
/// And otherwise.
const REST: Duration = Duration::from_secs(1);

/// Opens one card.
pub(super) type Opener = Arc<
    dyn Fn(&EngineSettings, &CardName, VoiceSlot, Arc<Heartbeat>) -> Result<OpenCard, NotOpened>
        + Send
        + Sync,
>;

/// How it stands with the card.
pub(super) enum CardLife {
    /// None is wanted.
    Closed,
    /// The list is being tried.
    Opening { attempt: u64 },
    /// One is open.
    Open(Held),
    /// None could be opened; the list is tried again at that steady time.
    Resting { until: Duration },
}

/// The card that is open.
pub(super) struct Held {
    name: String,
    slot: VoiceSlot,
    beat: Arc<Heartbeat>,
    /// Kept for its drop, which closes the card.
    card: OpenCard,
    opened: Duration,
}

/// The engine's end of a bus that outlives its card.
pub(super) struct Moving {
    pub(super) reins: Reins,
    /// Set while it has no card: since when, the last moment heard, and what was found.
    lost: Option<Loss>,
}

struct Loss {
    since: Duration,
    heard: DateTime<Utc>,
    unheard: u64,
    found: String,
    /// The bus, taken off the card.
    voice: Option<crate::audio::bus::Voice>,
}

/// What became of a round of the list.
pub(super) struct Attempt {
    number: u64,
    opened: Option<(String, VoiceSlot, Arc<Heartbeat>, OpenCard)>,
    tried: Vec<(String, NotOpened)>,
}

/// Opens cards by the machine's sound systems, which it keeps.
pub(super) fn opener() -> Opener {
    let hosts = Hosts::default();
    Arc::new(move |settings, name, slot, beat| open(&hosts, settings, name, slot, beat))
}

/// Opens a card of the machine or the virtual one.
fn open(
    hosts: &Hosts,
    settings: &EngineSettings,
    name: &CardName,
    slot: VoiceSlot,
    beat: Arc<Heartbeat>,
) -> Result<OpenCard, NotOpened> {
    if name.host != Host::Virtual {
        return card::open(hosts, name, settings.rate, settings.buffer_frames, slot, beat, settings.clock);
    }
    let card = Virtual {
        rate: settings.rate,
        folder: settings.aircheck.clone(),
        zone: settings.zone,
        clock: settings.clock,
    };
    Ok(virtual_card::open(card, slot, beat)?)
}

/// Closing may block for ever where the sound server is gone.
fn close_aside(card: OpenCard) {
    if card.silent {
        // Loa's own ends at once, and completes its file.
        return drop(card);
    }
    let kept = Arc::new(std::sync::Mutex::new(Some(card)));
    let taken = kept.clone();
    let work = move || drop(taken.lock().unwrap_or_else(PoisonError::into_inner).take());
    if let Err(error) = std::thread::Builder::new().name("card closing".into()).spawn(work) {
        tracing::error!(%error, "no thread could be started to close the card");
    }
}

impl Desk {
    pub(super) fn want_card(&mut self) {
        if matches!(self.life, CardLife::Closed) {
            self.try_list();
        }
    }

    pub(super) fn close_card(&mut self) {
        self.voice = None;
        self.told_missing.clear();
        if let CardLife::Open(held) = std::mem::replace(&mut self.life, CardLife::Closed) {
            close_aside(held.card);
        }
        let left: Vec<(DeckId, bool)> =
            self.decks.iter().filter(|(_, deck)| deck.on_bus).map(|(id, deck)| (*id, deck.begun)).collect();
        left.into_iter().for_each(|(id, begun)| self.end_where_it_was(id, begun, Ending::Stopped));
    }

    /// Tries the list on a thread of its own.
    fn try_list(&mut self) {
        self.attempts += 1;
        let number = self.attempts;
        self.life = CardLife::Opening { attempt: number };
        let (settings, opener, me) = (self.settings.clone(), self.opener.clone(), self.me.clone());
        let work = move || drop(me.send(Ask::Tried(round(number, &settings, &opener))));
        if let Err(error) = std::thread::Builder::new().name("card opening".into()).spawn(work) {
            tracing::error!(%error, "no thread could be started to open a card");
            self.life = CardLife::Resting { until: self.clock.read().steady + REST };
        }
    }

    pub(super) fn take_attempt(&mut self, attempt: Attempt) {
        let current = matches!(self.life, CardLife::Opening { attempt: number } if number == attempt.number);
        let Some((name, slot, beat, card)) = attempt.opened else {
            if current {
                self.nothing_opened(attempt.tried);
            }
            return;
        };
        if !current {
            return close_aside(card);
        }
        let steady = self.clock.read().steady;
        let same_rate = self.voice.as_ref().is_some_and(|voice| voice.reins.rate == card.rate);
        let sounding = self.decks.values().any(|deck| deck.on_bus);
        if !same_rate && sounding {
            let rate = self.voice.as_ref().map_or(0, |voice| voice.reins.rate);
            let found = format!(
                "it takes {} frames a second, and the programme on air was decoded for {rate}",
                card.rate
            );
            close_aside(card);
            return self.nothing_opened(vec![(name, found.into())]);
        }
        let rate = card.rate;
        let lost = self.voice.as_mut().filter(|_| same_rate).and_then(|voice| voice.lost.take());
        match lost {
            Some(Loss { voice: Some(old), unheard, .. }) => {
                let unheard = usize::try_from(unheard).unwrap_or(usize::MAX);
                self.order(Order::Moved { unheard });
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(old);
            }
            _ => {
                let (fresh, reins) = voice(rate);
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(fresh);
                self.voice = Some(Moving { reins, lost: None });
            }
        }
        self.told_missing.clear();
        let silent = card.silent;
        self.life = CardLife::Open(Held { name: name.clone(), slot, beat, card, opened: steady });
        self.tell(OutputEvent::Opened { device: name, silent });
        self.decode_waiting(rate, !same_rate);
    }

    fn nothing_opened(&mut self, tried: Vec<(String, NotOpened)>) {
        let urgent = self.decks.values().any(|deck| deck.on_bus);
        let rest = if urgent { URGENT_REST } else { REST };
        self.life = CardLife::Resting { until: self.clock.read().steady + rest };
        let same = |told: &(String, NotOpened), now: &(String, NotOpened)| {
            told.0 == now.0 && !now.1.is_news_after(&told.1)
        };
        let told = &self.told_missing;
        if told.len() != tried.len() || !told.iter().zip(&tried).all(|(told, now)| same(told, now)) {
            self.told_missing.clone_from(&tried);
            self.tell(OutputEvent::NoDevice { tried });
        }
    }

    /// Looks whether the card lives, and whether a lost one is waited for too long.
    pub(super) fn mind_card(&mut self) {
        let steady = self.clock.read().steady;
        match &self.life {
            CardLife::Open(held) => {
                if let Some(found) = held.dead(steady) {
                    self.lose_card(found, steady);
                }
            }
            CardLife::Resting { until } if *until <= steady => self.try_list(),
            CardLife::Closed | CardLife::Opening { .. } | CardLife::Resting { .. } => {}
        }
        let patience = self.settings.loss_wait;
        let given_up = self
            .voice
            .as_ref()
            .and_then(|voice| voice.lost.as_ref())
            .filter(|loss| steady >= loss.since + patience);
        if let Some(found) = given_up.map(|loss| loss.found.clone()) {
            let begun: Vec<DeckId> =
                self.decks.iter().filter(|(_, deck)| deck.on_bus).map(|(id, _)| *id).collect();
            begun
                .into_iter()
                .for_each(|id| self.end_where_it_was(id, true, Ending::DeviceLost { found: found.clone() }));
            self.voice = None;
        }
    }

    fn lose_card(&mut self, found: String, steady: Duration) {
        let CardLife::Open(held) = std::mem::replace(&mut self.life, CardLife::Closed) else { return };
        self.hear_bus();
        let (unheard, heard) = held.beat.lost(held.card.rate);
        let bus = held.slot.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(voice) = &mut self.voice {
            voice.lost = Some(Loss { since: steady, heard, unheard, found: found.clone(), voice: bus });
        }
        let device = held.name.clone();
        close_aside(held.card);
        // What had not begun does not sound on a card that comes back too late for it: it waits again.
        let armed: Vec<DeckId> =
            self.decks.iter().filter(|(_, deck)| deck.on_bus && !deck.begun).map(|(id, _)| *id).collect();
        self.tell(OutputEvent::Lost { device, found: found.clone(), at: heard });
        for id in armed {
            self.order(Order::Stop(id));
            self.end_unheard(id, Ending::DeviceLost { found: found.clone() });
        }
        self.try_list();
    }

    /// No card pulls the bus.
    pub(super) fn is_card_gone(&self) -> bool {
        !matches!(self.life, CardLife::Open(_))
    }

    /// The last moment that was heard of a card that is gone, and the frames of the bus that were not.
    pub(super) fn last_heard(&self) -> (DateTime<Utc>, u64) {
        let loss = self.voice.as_ref().and_then(|voice| voice.lost.as_ref());
        loss.map_or_else(|| (self.clock.now(), 0), |loss| (loss.heard, loss.unheard))
    }

    /// The card that is open, as the config names it.
    pub(super) fn device(&self) -> String {
        match &self.life {
            CardLife::Open(held) => held.name.clone(),
            _ => String::new(),
        }
    }
}

impl Held {
    /// What shows that the card is lost, if anything does.
    fn dead(&self, steady: Duration) -> Option<String> {
        if self.beat.gone.load(Ordering::Acquire) {
            return Some("the sound system has no such card any more".into());
        }
        let last = Duration::from_nanos(self.beat.last.load(Ordering::Acquire));
        let silent = steady.saturating_sub(if last.is_zero() { self.opened } else { last });
        let failed = self.beat.errors.load(Ordering::Acquire) > 0;
        let limit = match (last.is_zero(), failed) {
            (true, _) => FIRST_CALLBACK,
            (false, true) => DEAD_AFTER_ERROR,
            (false, false) => DEAD,
        };
        let told = || card::first_error(&self.beat);
        (silent > limit)
            .then(|| told().unwrap_or_else(|| format!("it asked for no sound for {} ms", silent.as_millis())))
    }
}

/// Tries each card of the list once, in order.
fn round(number: u64, settings: &Arc<EngineSettings>, opener: &Opener) -> Attempt {
    let mut tried = Vec::new();
    for name in &settings.cards {
        let slot = VoiceSlot::default();
        let beat = Arc::new(Heartbeat::default());
        let (tell, told) = channel();
        let (settings, opener) = (settings.clone(), opener.clone());
        let (its_name, its_slot, its_beat) = (name.clone(), slot.clone(), beat.clone());
        let work = move || drop(tell.send(opener(&settings, &its_name, its_slot, its_beat)));
        let spawned = std::thread::Builder::new().name("card".into()).spawn(work);
        let result = match spawned {
            Ok(_) => told.recv_timeout(OPENS_WITHIN).unwrap_or_else(|_| {
                let seconds = OPENS_WITHIN.as_secs();
                Err(format!("it did not open within {seconds} s; is its sound server hung?").into())
            }),
            Err(error) => Err(error.to_string().into()),
        };
        match result {
            Ok(card) => return Attempt { number, opened: Some((name.to_string(), slot, beat, card)), tried },
            Err(found) => tried.push((name.to_string(), found)),
        }
    }
    Attempt { number, opened: None, tried }
}
