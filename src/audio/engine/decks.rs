//! Decks from their load to their end, as the engine sees them. Owns the way onto the bus and what the bus tells.

use std::sync::{Arc, PoisonError};

use chrono::{DateTime, Utc};

use super::{Ask, Desk};
use crate::audio::bus::{Left, Order, Word};
use crate::audio::deck::{Count, Deck, deck};
use crate::audio::decoder::{self, Decoded};
use crate::audio::output::{DeckId, Ending, OutputEvent, Programme, StartAt};

/// A deck.
pub(super) struct Loaded {
    programme: Programme,
    /// The callback's half, until it goes onto the bus.
    half: Option<Box<Deck>>,
    count: Option<Arc<Count>>,
    /// It was handed to the bus and has not come back.
    pub(super) on_bus: bool,
    pub(super) begun: bool,
    /// Since when it is paused.
    paused: Option<DateTime<Utc>>,
}

impl Desk {
    pub(super) fn load(&mut self, id: DeckId, programme: Programme) {
        let loaded = Loaded { programme, half: None, count: None, on_bus: false, begun: false, paused: None };
        self.decks.insert(id, loaded);
        if let Some(rate) = self.voice.as_ref().map(|voice| voice.reins.rate) {
            self.decode(id, rate);
        }
    }

    /// Every deck that waited for a card, or was decoded for one of another rate, is decoded for this rate.
    pub(super) fn decode_waiting(&mut self, rate: u32, anew: bool) {
        let waiting = self.decks.iter().filter(|(_, deck)| !deck.on_bus && (anew || deck.half.is_none()));
        let waiting: Vec<DeckId> = waiting.map(|(id, _)| *id).collect();
        waiting.into_iter().for_each(|id| self.decode(id, rate));
    }

    fn decode(&mut self, id: DeckId, rate: u32) {
        let Some(loaded) = self.decks.get_mut(&id) else { return };
        let threshold = 10f64.powf(self.settings.silence_dbfs / 20.0) as f32;
        let (half, ring, count) = deck(id, rate, threshold);
        let me = self.me.clone();
        let tell = move |decoded| drop(me.send(Ask::Decoded(id, decoded)));
        match decoder::start(loaded.programme.clone(), rate, ring, count.clone(), tell) {
            Ok(()) => {
                loaded.half = Some(half);
                loaded.count = Some(count.clone());
                self.counts.lock().unwrap_or_else(PoisonError::into_inner).insert(id, count);
            }
            Err(error) => {
                tracing::error!(%error, "no thread could be started to decode a programme");
                self.hear_decoder(id, Decoded::Unplayable);
            }
        }
    }

    pub(super) fn hear_decoder(&mut self, deck: DeckId, decoded: Decoded) {
        if !self.decks.contains_key(&deck) {
            return;
        }
        match decoded {
            Decoded::Ready => self.tell(OutputEvent::Ready { deck }),
            Decoded::PartFailed { part, found } => self.tell(OutputEvent::PartFailed { deck, part, found }),
            Decoded::Unplayable => {
                self.forget(deck);
                self.tell(OutputEvent::Unplayable { deck });
            }
        }
    }

    pub(super) fn start(&mut self, id: DeckId, at: StartAt, interrupts: bool) {
        let start = match at {
            StartAt::Soonest => i64::MIN,
            StartAt::Instant(at) => at.timestamp_nanos_opt().unwrap_or(i64::MIN),
        };
        let Some(loaded) = self.decks.get_mut(&id) else { return };
        let order = match loaded.half.take() {
            Some(mut half) => {
                (half.start, half.interrupts) = (start, interrupts);
                loaded.on_bus = true;
                Order::Add(half)
            }
            None if loaded.on_bus => Order::Start(id, start),
            None => return self.end_unheard(id, Ending::Stopped),
        };
        if !self.order(order) {
            self.end_unheard(id, Ending::DeviceLost { found: "no card is open".into() });
        }
    }

    /// Where no card is open it goes on with the card: the order waits in the bus.
    pub(super) fn resume(&mut self, id: DeckId) {
        if self.decks.get(&id).is_some_and(|deck| deck.on_bus) && !self.order(Order::Resume(id)) {
            self.end_where_it_was(id, true, Ending::DeviceLost { found: "no card is open".into() });
        }
    }

    pub(super) fn stop(&mut self, id: DeckId) {
        let Some(loaded) = self.decks.get(&id) else { return };
        if !loaded.on_bus {
            return self.forget(id);
        }
        let begun = loaded.begun;
        let ordered = self.order(Order::Stop(id));
        // A bus without a card answers nothing: the deck has ended where it was last heard.
        if !ordered || self.is_card_gone() {
            self.end_where_it_was(id, begun, Ending::Stopped);
        }
    }

    /// Ends a deck on a bus that nobody pulls.
    pub(super) fn end_where_it_was(&mut self, id: DeckId, begun: bool, ending: Ending) {
        if !begun {
            return self.end_unheard(id, ending);
        }
        let paused = self.decks.get(&id).and_then(|deck| deck.paused);
        // What is paused was heard to its last frame, unless the card was lost in the very moment.
        let (at, unheard) = paused.map_or_else(|| self.last_heard(), |at| (at, 0));
        let count = self.decks.get(&id).and_then(|deck| deck.count.clone());
        let delivered = count.map(|count| count.delivered(unheard)).unwrap_or_default();
        self.forget(id);
        self.tell(OutputEvent::Ended { deck: id, at, ending, delivered });
    }

    /// Hands an order to the bus; false where there is none.
    pub(super) fn order(&mut self, order: Order) -> bool {
        match &mut self.voice {
            Some(voice) => voice.reins.orders.push(order).is_ok(),
            None => false,
        }
    }

    /// Takes in what the bus tells. What it frees is freed here.
    pub(super) fn hear_bus(&mut self) {
        while let Some(word) = self.voice.as_mut().and_then(|voice| voice.reins.words.pop().ok()) {
            let device = self.device();
            match word {
                Word::Begun { deck, at } => {
                    let Some(loaded) = self.decks.get_mut(&deck) else { continue };
                    loaded.begun = true;
                    let at = DateTime::<Utc>::from_timestamp_nanos(at);
                    self.tell_at(at, OutputEvent::Sounded { deck, at, device });
                }
                Word::Paused { deck, at } => {
                    let Some(loaded) = self.decks.get_mut(&deck) else { continue };
                    let at = DateTime::<Utc>::from_timestamp_nanos(at);
                    loaded.paused = Some(at);
                    self.tell_at(at, OutputEvent::Paused { deck, at });
                }
                Word::Resumed { deck, at } => {
                    let at = DateTime::<Utc>::from_timestamp_nanos(at);
                    if let Some(loaded) = self.decks.get_mut(&deck) {
                        loaded.paused = None;
                        self.tell_at(at, OutputEvent::Resumed { deck, at, device });
                    }
                }
                Word::Gone { deck, at, left } => {
                    let Some(loaded) = self.decks.get_mut(&deck.id) else { continue };
                    loaded.on_bus = false;
                    let at = DateTime::<Utc>::from_timestamp_nanos(at);
                    let ending = match left {
                        Left::Completed => Ending::Completed,
                        Left::Stopped => Ending::Stopped,
                    };
                    let (begun, id) = (deck.begun, deck.id);
                    drop(deck);
                    if begun {
                        let delivered =
                            loaded.count.as_ref().map(|count| count.delivered(0)).unwrap_or_default();
                        self.tell_at(at, OutputEvent::Ended { deck: id, at, ending, delivered });
                    } else {
                        self.end_unheard(id, ending);
                    }
                }
            }
        }
    }
}
