//! What the output tells, taken in. Owns the standing of the card and what its changes write into the journal; what a
//! start or an end means for an airing is in [`super::airing`].

use chrono::{DateTime, Utc};

use super::Playout;
use super::waiting::Loading;
use crate::audio::output::OutputEvent;
use crate::core::card::NotOpened;
use crate::core::record::{CardChange, Entry};
use crate::core::standing::CardStanding;

impl Playout {
    pub(super) fn hear_output(&mut self, event: OutputEvent, now: DateTime<Utc>) {
        match event {
            OutputEvent::Opened { device, silent } => {
                self.refused_cards.clear();
                if self.lost_card.take().is_some() {
                    self.ledger
                        .write(now, vec![Entry::Card { device: device.clone(), change: CardChange::Back }]);
                }
                self.card = CardStanding::Open { device, silent };
            }
            OutputEvent::NoDevice { tried } => {
                let is_news = |(device, found): &&(String, NotOpened)| {
                    self.refused_cards.get(device).is_none_or(|told| found.is_news_after(told))
                };
                let fresh: Vec<(String, NotOpened)> = tried.iter().filter(is_news).cloned().collect();
                let entry = |(device, found): &(String, NotOpened)| Entry::Card {
                    device: device.clone(),
                    change: CardChange::Refused { found: found.to_string() },
                };
                self.ledger.write(now, fresh.iter().map(entry).collect());
                self.refused_cards.extend(fresh);
                self.card = CardStanding::Missing { tried };
            }
            OutputEvent::Lost { device, found, at } => self.card_lost(device, found, at, now),
            OutputEvent::Paused { deck, at } => self.paused(deck, at, now),
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
            // The station is about to end: what is on air stays open in the journal, and is settled by the next run.
            OutputEvent::Broken => tracing::error!("the audio output has died"),
            OutputEvent::Ended { deck, at, ending, delivered } => {
                self.ended(deck, at, &ending, &delivered, now)
            }
        }
    }
}
