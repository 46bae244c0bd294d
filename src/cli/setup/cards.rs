//! The question of the card: those that there are, a test sound on each until one is heard. Owns when nothing may sound:
//! in the quiet hours unless told, and never into a programme.

use anyhow::Result;

use super::{Session, WrongFlag, words};
use crate::cli::say;
use crate::clock::{Clock, SystemClock};
use crate::core::card::{CardName, Host, NotOpened};
use crate::core::standing::CardStanding;
use crate::setup::Answer;
use crate::setup::cards::{self, Candidate, CardTrouble};
use crate::words::Say;
use crate::words::cards::not_opened;

impl Session<'_> {
    /// The cards of this machine by the names that the config takes.
    pub(super) fn card_names(&self) -> Vec<String> {
        cards::candidates(self.place.is_installed()).iter().map(|card| card.name.to_string()).collect()
    }

    /// Whether a card that a flag named opens; it makes no sound. The station itself may have it open, which proves as much.
    pub(super) fn card_opens(&self, card: &str) -> Result<()> {
        let name: CardName = card.parse()?;
        let standing = self.running().map(|report| report.standing.card);
        if matches!(standing, Some(CardStanding::Open { device, .. }) if device == name.to_string()) {
            return Ok(());
        }
        let refused = |trouble| words::card_without_test(self.talk.language, &self.trouble(&name, &trouble));
        cards::try_silently(&name).map_err(|trouble| WrongFlag(refused(trouble)).into())
    }

    pub(super) fn ask_card(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        say(texts.card);
        let mut there = self.look_for_cards()?;
        say(texts.card_warning);
        let mut told_to_play = false;
        let mut told = self.no_test_now(told_to_play)?;
        if let Some(why) = told {
            say(why);
        }
        let mut usual = 1;
        loop {
            let text = self.talk.ask(&words::card_choose(self.talk.language, usual))?;
            let word = text.to_lowercase();
            if matches!(word.as_str(), "phát" | "phat" | "play") {
                told_to_play = true;
                continue;
            }
            let skip = matches!(word.as_str(), "b" | "s");
            let number = match word.parse() {
                Ok(number) => number,
                Err(_) if skip || word.is_empty() => usual,
                Err(_) => match self.typed(&text) {
                    Some(card) => {
                        there.push(card);
                        there.len()
                    }
                    None => continue,
                },
            };
            let Some(card) = number.checked_sub(1).and_then(|at: usize| there.get(at)).cloned() else {
                say(texts.no_such_choice);
                continue;
            };
            // Read at each sound: a person may have looked for the cable until the next cue was near.
            let why = self.no_test_now(told_to_play)?;
            if skip || why.is_some() && why == told {
                return self.take_card(&card);
            }
            told = why;
            if let Some(why) = why {
                say(why);
                usual = number;
                continue;
            }
            say(&words::card_sounds(self.talk.language, number));
            if let Err(trouble) = cards::sound(&card.name) {
                say(&format!("   {}", self.trouble(&card.name, &trouble)));
                // It may have been put in, or let go, meanwhile.
                there = self.list_cards();
                usual = number % there.len().max(1) + 1;
                continue;
            }
            if self.talk.yes(texts.card_heard, None)? {
                self.heard = true;
                return self.take_card(&card);
            }
            say(texts.card_not_heard);
            usual = number % there.len() + 1;
        }
    }

    /// A card whose name was typed; what is wrong with it is told.
    fn typed(&self, text: &str) -> Option<Candidate> {
        let texts = self.talk.texts();
        match text.parse::<CardName>() {
            Ok(name) if name.host == Host::Virtual => say(texts.card_silent),
            Ok(name) => return Some(Candidate { name, description: String::new(), used_by: None }),
            Err(fault) => say(&format!("   {}", fault.say(self.talk.language))),
        }
        None
    }

    fn take_card(&mut self, card: &Candidate) -> Result<()> {
        self.take(&Answer::Card(card.name.to_string())).map_err(|said| WrongFlag(said).into())
    }

    /// Looks until there is a card, or its name is typed.
    fn look_for_cards(&mut self) -> Result<Vec<Candidate>> {
        loop {
            let there = self.list_cards();
            if !there.is_empty() {
                return Ok(there);
            }
            let text = self.talk.ask(self.talk.texts().no_card)?;
            if text.is_empty() {
                continue;
            }
            if let Some(card) = self.typed(&text) {
                return Ok(vec![card]);
            }
        }
    }

    fn list_cards(&self) -> Vec<Candidate> {
        let there = cards::candidates(self.place.is_installed());
        for (at, card) in there.iter().enumerate() {
            let name = card.name.to_string();
            say(&words::card_line(
                self.talk.language,
                at + 1,
                &card.description,
                &name,
                card.used_by.as_deref(),
            ));
        }
        there
    }

    /// Why nothing may sound at this moment, in words: the station airs or will within minutes, or it is quiet and nobody
    /// told to play all the same.
    fn no_test_now(&self, told_to_play: bool) -> Result<Option<&'static str>> {
        let texts = self.talk.texts();
        if self.busy()?.is_some() {
            return Ok(Some(texts.card_busy_station));
        }
        let config = self.config()?;
        let quiet = config.policy.quiet_hours.contains(config.station.time_zone, SystemClock::new().now());
        Ok(Some(texts.card_quiet).filter(|_| quiet && !told_to_play))
    }

    fn trouble(&self, card: &CardName, trouble: &CardTrouble) -> String {
        let (language, card) = (self.talk.language, card.to_string());
        match trouble {
            CardTrouble::NotOpened(NotOpened::InUse { program }) => {
                words::card_in_use(language, &card, program.as_deref())
            }
            CardTrouble::NotOpened(found) => {
                words::card_trouble(language, &card, &not_opened(language, found))
            }
            CardTrouble::Lost { found } | CardTrouble::NoSound { found } => {
                words::card_trouble(language, &card, found)
            }
        }
    }
}
