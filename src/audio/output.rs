//! The seam between the playout and the sound: what the playout may ask of an output, and what it is told.
//! Owns the trait, so that months of station life run against a fake; never knows a card or a file format.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::card::NotOpened;

pub use crate::sound::programme::{Part, Programme};

/// The number of a load: the playout gives each airing attempt a deck of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeckId(pub u64);

/// When the first frame is to be at the loudspeaker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartAt {
    /// At that instant, to the frame; if it has passed, as soon as possible.
    Instant(DateTime<Utc>),
    /// As soon as possible.
    Soonest,
}

/// How a deck ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The last part reached its end (parts that could not be decoded were told by [`OutputEvent::PartFailed`]).
    Completed,
    /// [`Output::stop`], or another deck's start, cut it.
    Stopped,
    /// The card was lost and did not come back within the span that the output was told to wait.
    DeviceLost {
        /// What was found, in English.
        found: String,
    },
}

/// What went out of a deck so far.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Delivered {
    /// Frames that reached the loudspeaker, at the output's rate.
    pub frames: u64,
    /// The output's rate in Hz; 0 before anything was delivered.
    pub rate: u32,
    /// Frames of each part, in order.
    pub parts: Vec<u64>,
    /// Mean square of all samples, for the level; 0 for silence.
    pub mean_square: f64,
    /// The longest silence (below the dead-air threshold) among what was delivered.
    pub longest_silence: Duration,
    /// Frames of silence put in because the decoder was late.
    pub underrun_frames: u64,
}

impl Delivered {
    /// RMS level in dBFS, none for silence.
    pub fn level_dbfs(&self) -> Option<f64> {
        (self.mean_square > 1e-12).then(|| 10.0 * self.mean_square.log10())
    }
}

/// What the output tells, in the order in which it happened.
#[derive(Clone, Debug, PartialEq)]
pub enum OutputEvent {
    /// A card is open.
    Opened {
        /// The card as the config names it, e.g. `pulseaudio:loa` or `virtual`.
        device: String,
        /// It makes no sound (the virtual card).
        silent: bool,
    },
    /// No card of the list could be opened; the output tries again by itself as long as it is asked to be open.
    NoDevice {
        /// Each card of the list with why it did not open.
        tried: Vec<(String, NotOpened)>,
    },
    /// The open card was lost; the output opens it, or the next of the list, again by itself, and goes on with what
    /// was sounding from the frame last heard.
    Lost {
        /// The card.
        device: String,
        /// What was found, in English.
        found: String,
        /// The moment of the last frame heard, where something was sounding.
        at: DateTime<Utc>,
    },
    /// A deck that sounded is paused: [`Output::interrupt`] has put another in its place.
    Paused {
        /// The deck.
        deck: DeckId,
        /// The frame after the last, at the loudspeaker.
        at: DateTime<Utc>,
    },
    /// A deck goes on after a loss, or after [`Output::resume`].
    Resumed {
        /// The deck.
        deck: DeckId,
        /// When.
        at: DateTime<Utc>,
        /// On which card.
        device: String,
    },
    /// Enough of a deck is decoded for it to start.
    Ready {
        /// The deck.
        deck: DeckId,
    },
    /// A part cannot be decoded, or breaks in the middle; what could be decoded airs, then the next part.
    PartFailed {
        /// The deck.
        deck: DeckId,
        /// Which part, from 0.
        part: usize,
        /// What was found, in English.
        found: String,
    },
    /// No part of a deck could be decoded; it will never start, and is unloaded.
    Unplayable {
        /// The deck.
        deck: DeckId,
    },
    /// The first frame of a deck was played.
    Sounded {
        /// The deck.
        deck: DeckId,
        /// When, at the loudspeaker, by the card's clock.
        at: DateTime<Utc>,
        /// On which card.
        device: String,
    },
    /// The output's own thread has died, and tells nothing more. Whoever runs the station ends it loudly.
    Broken,
    /// A deck that had been started ended, its last frame having reached the loudspeaker; with no frames where it was
    /// stopped, or its card lost, before it sounded. One that was only loaded tells nothing when it is stopped.
    Ended {
        /// The deck.
        deck: DeckId,
        /// The frame after the last, at the loudspeaker.
        at: DateTime<Utc>,
        /// How.
        ending: Ending,
        /// What went out.
        delivered: Delivered,
    },
}

/// Where the output's events go; called from its threads, never from the audio callback.
pub type Ear = Box<dyn Fn(OutputEvent) + Send + Sync>;

/// A sound output. No call blocks for long: what takes time happens on the output's own threads and comes back as an
/// [`OutputEvent`].
pub trait Output: Send {
    /// Asks that a card be open: the first of the config's list that opens. Nothing happens if one is.
    fn open(&mut self);
    /// Asks that no card be open. Only when no deck sounds.
    fn close(&mut self);
    /// Decodes ahead for a deck, on its own thread.
    fn load(&mut self, deck: DeckId, programme: Programme);
    /// Starts a loaded deck. Another deck that sounds then is cut in the frame before. Asked again with another
    /// time before it sounded, the new time counts.
    fn start(&mut self, deck: DeckId, at: StartAt);
    /// Starts a loaded deck as [`Output::start`] does; another deck that sounds then is paused in the frame before, and
    /// keeps its place. While it is paused, more may be started and ended.
    fn interrupt(&mut self, deck: DeckId, at: StartAt);
    /// A paused deck goes on as soon as possible, with the frame after the last that was played.
    fn resume(&mut self, deck: DeckId);
    /// Ends a deck: cut if it sounds, unloaded if it does not.
    fn stop(&mut self, deck: DeckId);
    /// What has gone out of the deck that sounds.
    fn delivered(&self, deck: DeckId) -> Option<Delivered>;
}
