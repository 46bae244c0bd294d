//! The cards that a station could take, and a short sound on one of them, through the engine that airs programmes: what is
//! heard here is heard there. Owns which of a system's many names are worth a person's look.

use std::sync::mpsc::channel;
use std::time::Duration;

use super::gong;
use crate::audio::engine::{Engine, EngineSettings};
use crate::audio::output::{DeckId, Ending, Output, OutputEvent, Part, Programme, StartAt};
use crate::audio::{card, holders};
use crate::core::card::{CardName, Host, NotOpened};

/// Far longer than a card and a gong need.
const PATIENCE: Duration = Duration::from_secs(20);
/// Frames a second asked of a card, as the config has it by default.
const RATE: u32 = 48_000;

/// A card that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// As the config names it.
    pub name: CardName,
    /// What its maker or the system calls it.
    pub description: String,
    /// The program that keeps it in use, where the system tells.
    pub used_by: Option<String>,
}

/// Why no test sound was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CardTrouble {
    /// It did not open.
    NotOpened(NotOpened),
    /// It was lost in the middle.
    Lost {
        /// What was found, in English.
        found: String,
    },
    /// The sound could not be made, or never ended.
    NoSound {
        /// What was found, in English.
        found: String,
    },
}

/// The cards that can be chosen, the likeliest first. A station that is a service runs as a user without a desktop, whose
/// sound server it cannot reach: the cards themselves go first then.
pub fn candidates(as_service: bool) -> Vec<Candidate> {
    let names: Vec<(CardName, String)> =
        card::list().into_iter().map(|card| (card.name, card.description)).collect();
    let chosen = worth_a_look(names, as_service);
    let candidate =
        |(name, description)| Candidate { used_by: holders::program_on(&name), name, description };
    chosen.into_iter().map(candidate).collect()
}

fn worth_a_look(names: Vec<(CardName, String)>, as_service: bool) -> Vec<(CardName, String)> {
    let mut ranked: Vec<(u32, (CardName, String))> =
        names.into_iter().filter_map(|one| Some((rank(&one.0, as_service)?, one))).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, one)| one).collect()
}

/// ALSA has a dozen names for each card: the one that converts what the card does not take, and its default.
fn rank(name: &CardName, as_service: bool) -> Option<u32> {
    let id = name.id.as_deref().unwrap_or("default");
    match name.host {
        Host::Virtual => None,
        Host::Alsa if id.starts_with("plughw:") => Some(if as_service { 0 } else { 2 }),
        Host::Alsa if id == "default" => Some(4),
        Host::Alsa if id == "pulse" || id == "pipewire" => Some(if as_service { 6 } else { 4 }),
        Host::Alsa if id.starts_with("hdmi:") => Some(5),
        Host::Alsa => None,
        _ if as_service => Some(3),
        _ => Some(1),
    }
}

/// Opens a card for a moment, without a sound.
pub fn try_silently(name: &CardName) -> Result<(), CardTrouble> {
    if name.host == Host::Virtual {
        return Ok(());
    }
    card::try_open(name, RATE).map(drop).map_err(CardTrouble::NotOpened)
}

/// Sounds the gong on that card alone, four seconds, and returns when it has died away.
pub fn sound(name: &CardName) -> Result<(), CardTrouble> {
    let no_sound = |found: String| CardTrouble::NoSound { found };
    let folder = tempfile::tempdir().map_err(|error| no_sound(error.to_string()))?;
    let path = folder.path().join("gong.wav");
    gong::write(&path, 1).map_err(|error| no_sound(error.to_string()))?;
    let (tell, told) = channel();
    let settings = EngineSettings { cards: vec![name.clone()], rate: RATE, ..EngineSettings::default() };
    let mut engine = Engine::new(settings, Box::new(move |event| drop(tell.send(event))));
    let part = Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let deck = DeckId(1);
    engine.open();
    engine.load(deck, Programme { parts: vec![part] });
    loop {
        match told.recv_timeout(PATIENCE) {
            Ok(OutputEvent::Ready { .. }) => engine.start(deck, StartAt::Soonest),
            Ok(OutputEvent::NoDevice { tried }) => {
                let found = tried.into_iter().map(|(_, found)| found).next();
                return Err(CardTrouble::NotOpened(found.unwrap_or(NotOpened::NotThere)));
            }
            Ok(OutputEvent::Ended { ending: Ending::Completed, .. }) => return Ok(()),
            Ok(OutputEvent::Lost { found, .. }) => return Err(CardTrouble::Lost { found }),
            Ok(OutputEvent::Ended { ending: Ending::DeviceLost { found }, .. }) => {
                return Err(CardTrouble::Lost { found });
            }
            Ok(OutputEvent::PartFailed { found, .. }) => return Err(no_sound(found)),
            Ok(OutputEvent::Unplayable { .. } | OutputEvent::Broken | OutputEvent::Ended { .. }) => {
                return Err(no_sound("the sound could not be played".into()));
            }
            Ok(_) => {}
            Err(_) => return Err(no_sound(format!("nothing was told for {} s", PATIENCE.as_secs()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(all: &[&str]) -> Vec<(CardName, String)> {
        all.iter().map(|name| (name.parse().unwrap(), String::new())).collect()
    }

    #[test]
    fn the_likeliest_card_stands_first_and_plugins_nowhere() {
        let all = names(&[
            "pulseaudio:alsa_output.pci",
            "alsa:null",
            "alsa:default",
            "alsa:hw:CARD=PCH,DEV=0",
            "alsa:plughw:CARD=PCH,DEV=0",
            "alsa:surround51:CARD=PCH,DEV=0",
            "alsa:hdmi:CARD=PCH,DEV=0",
            "virtual",
        ]);
        let shown = |as_service| {
            let chosen = worth_a_look(all.clone(), as_service);
            chosen.into_iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>()
        };
        let card = "alsa:plughw:CARD=PCH,DEV=0";
        let (server, rest) = ("pulseaudio:alsa_output.pci", ["alsa:default", "alsa:hdmi:CARD=PCH,DEV=0"]);
        assert_eq!(shown(true), [card, server, rest[0], rest[1]]);
        assert_eq!(shown(false), [server, card, rest[0], rest[1]]);
    }

    #[test]
    fn a_card_that_is_not_there_says_so_and_the_virtual_one_is_played_to_its_end() {
        let none = if cfg!(windows) { "wasapi:khong-co" } else { "alsa:plughw:CARD=khong-co,DEV=0" };
        let none: CardName = none.parse().unwrap();
        assert!(matches!(sound(&none), Err(CardTrouble::NotOpened(NotOpened::NotThere))));
        assert!(matches!(try_silently(&none), Err(CardTrouble::NotOpened(NotOpened::NotThere))));
        assert_eq!(sound(&"virtual".parse().unwrap()), Ok(()));
    }
}
