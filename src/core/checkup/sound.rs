//! Findings about the cards of the config, their mixer and who else plays on them. Owns how grave each is.

use super::{Grade, Nature, Subject};
use crate::core::card::{CardName, NotOpened};

/// Below this a village hears too little; the volume of a playout card belongs near its full.
const LOW_PERCENT: u32 = 50;

/// The program that a mixer is read with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mixer {
    /// `pactl`, of PulseAudio and PipeWire.
    Pactl,
    /// `amixer`, of ALSA.
    Amixer,
}

impl Mixer {
    /// The program's name.
    pub fn program(self) -> &'static str {
        match self {
            Mixer::Pactl => "pactl",
            Mixer::Amixer => "amixer",
        }
    }

    /// The package that brings it on Debian and Ubuntu.
    pub fn package(self) -> &'static str {
        match self {
            Mixer::Pactl => "pulseaudio-utils",
            Mixer::Amixer => "alsa-utils",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Sound {
    /// The card opens.
    Opens {
        /// Which.
        card: CardName,
        /// Frames a second that it takes.
        rate: u32,
    },
    /// The station runs and has that card open.
    Open {
        /// Which, as the station names it.
        device: String,
    },
    /// The station runs and has no card open, since nothing is due.
    Closed,
    /// The card does not open.
    Fails {
        /// Which.
        card: String,
        /// Why.
        found: NotOpened,
        /// A later card of the list with a sound that opens in its place.
        instead: Option<String>,
    },
    /// The config lists no card that makes a sound.
    OnlyVirtual,
    /// The card's control is up.
    Level {
        /// The card or the sound server's name for it.
        card: String,
        /// The control.
        control: String,
        /// How far it is up, percent; above 100 it is amplified.
        percent: u32,
        /// What it was read with.
        mixer: Mixer,
    },
    /// The card's control is muted.
    Muted {
        /// The card or the sound server's name for it.
        card: String,
        /// The control.
        control: String,
        /// What it was read with.
        mixer: Mixer,
    },
    /// Somebody muted Loa itself in the sound server.
    LoaMuted,
    /// The program that reads the card's mixer is not installed.
    NoMixer {
        /// The card.
        card: String,
        /// What it would be read with.
        mixer: Mixer,
    },
    /// How the mixer stands is not known.
    MixerUnknown {
        /// The card.
        card: String,
        /// What was found, in English.
        found: String,
    },
    /// How this card's mixer stands is not known on this system.
    MixerUnknownHere {
        /// The card.
        card: String,
    },
    /// Nobody else plays on the cards.
    Alone,
    /// Another program plays on the card, or has it.
    Shared {
        /// The card, as it was found.
        card: String,
        /// The program.
        program: String,
        /// Its process, where it is known.
        process: Option<u32>,
    },
    /// Another Loa runs on this machine, on another state.
    OtherStation {
        /// Its process.
        process: u32,
    },
    /// Who else plays is not known.
    ProgramsUnknown,
}

impl Sound {
    pub(super) fn nature(&self) -> Nature {
        use Grade::{Attention, NotKnown, Ok, Wrong};
        use Subject::{Card, Mixer, Programs};
        let (subject, grade, code) = match self {
            Sound::Opens { .. } => (Card, Ok, "card_opens"),
            Sound::Open { .. } => (Card, Ok, "card_open"),
            Sound::Closed => (Card, Ok, "card_closed"),
            Sound::Fails { instead: Some(_), .. } => (Card, Attention, "card_fails"),
            Sound::Fails { instead: None, .. } => (Card, Wrong, "card_fails"),
            Sound::OnlyVirtual => (Card, Attention, "card_only_virtual"),
            Sound::Level { percent: 0, .. } => (Mixer, Wrong, "mixer_down"),
            Sound::Level { percent, .. } if *percent < LOW_PERCENT => (Mixer, Attention, "mixer_low"),
            Sound::Level { .. } => (Mixer, Ok, "mixer_up"),
            Sound::Muted { .. } => (Mixer, Wrong, "mixer_muted"),
            Sound::LoaMuted => (Mixer, Wrong, "loa_muted"),
            Sound::NoMixer { .. } => (Mixer, NotKnown, "no_mixer"),
            Sound::MixerUnknown { .. } | Sound::MixerUnknownHere { .. } => (Mixer, NotKnown, "mixer_unknown"),
            Sound::Alone => (Programs, Ok, "card_alone"),
            Sound::Shared { .. } => (Programs, Attention, "card_shared"),
            Sound::OtherStation { .. } => (Programs, Attention, "other_station"),
            Sound::ProgramsUnknown => (Programs, NotKnown, "programs_unknown"),
        };
        Nature { subject, grade, code }
    }
}
