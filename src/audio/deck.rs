//! A deck: the audio of one airing on its way to the card. Owns its ring, what the callback counts of it, and the last
//! second for a card that is lost; never decodes, and allocates nothing once it is made.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use rtrb::{Consumer, Producer, RingBuffer};

use super::output::{DeckId, Delivered};
use crate::core::cart::frames_to_duration;

/// Samples of a frame: everything is stereo.
pub(super) const STEREO: usize = 2;
/// Seconds that are decoded ahead.
const AHEAD: usize = 4;
/// Seconds that are kept for a card that is lost: what was handed over and not heard is played again.
const KEPT: usize = 1;

/// What is counted of a deck: written by the callback and the decoder, read by the engine.
#[derive(Debug, Default)]
pub(super) struct Count {
    rate: u32,
    /// The decoder has put in everything.
    pub(super) decoded: AtomicBool,
    /// Frames of each part that were decoded, in order.
    parts: Mutex<Vec<u64>>,
    /// Frames of the programme that the card took.
    frames: AtomicU64,
    underrun: AtomicU64,
    /// Bits of an `f64`.
    squares: AtomicU64,
    longest_silence: AtomicU64,
}

impl Count {
    /// `frames` of that part were decoded.
    pub(super) fn note_part(&self, part: usize, frames: u64) {
        let mut parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        if parts.len() <= part {
            parts.resize(part + 1, 0);
        }
        parts[part] += frames;
    }

    /// What went out, less the last `unheard` frames.
    pub(super) fn delivered(&self, unheard: u64) -> Delivered {
        let read = self.frames.load(Ordering::Acquire).saturating_sub(unheard);
        let underrun_frames = self.underrun.load(Ordering::Acquire);
        let frames = read + underrun_frames;
        let mut left = read;
        let parts = self.parts.lock().unwrap_or_else(PoisonError::into_inner);
        let parts = parts.iter().map(|part| {
            let aired = left.min(*part);
            left -= aired;
            aired
        });
        let squares = f64::from_bits(self.squares.load(Ordering::Acquire));
        Delivered {
            frames,
            rate: if frames > 0 { self.rate } else { 0 },
            parts: parts.collect(),
            mean_square: if frames > 0 { squares / (frames * STEREO as u64) as f64 } else { 0.0 },
            longest_silence: frames_to_duration(self.longest_silence.load(Ordering::Acquire), self.rate),
            underrun_frames,
        }
    }
}

/// The callback's half of a deck.
pub(super) struct Deck {
    pub(super) id: DeckId,
    /// When it starts, nanoseconds since 1970; `i64::MIN` for as soon as possible.
    pub(super) start: i64,
    pub(super) begun: bool,
    /// Its first frame, for as long as it is not filled: one that leaves before was never heard.
    pub(super) first: Option<u64>,
    /// What sounds when it begins is paused by it, not ended.
    pub(super) interrupts: bool,
    /// Since which frame of the bus it is paused.
    pub(super) paused: Option<u64>,
    /// The frame of the bus after the last that it filled.
    pub(super) filled_to: u64,
    ring: Consumer<f32>,
    count: std::sync::Arc<Count>,
    /// Below this a frame is silent.
    threshold: f32,
    silent: u64,
    kept: Box<[f32]>,
    kept_at: usize,
    /// Frames of what is kept that are to be played again.
    again: usize,
}

/// Makes a deck for a card of that rate: the callback's half, the decoder's end of its ring, and the count of both.
pub(super) fn deck(
    id: DeckId,
    rate: u32,
    threshold: f32,
) -> (Box<Deck>, Producer<f32>, std::sync::Arc<Count>) {
    let frames = rate as usize;
    let (producer, ring) = RingBuffer::new(frames * AHEAD * STEREO);
    let count = std::sync::Arc::new(Count { rate, ..Count::default() });
    let deck = Deck {
        id,
        start: i64::MIN,
        begun: false,
        first: None,
        interrupts: false,
        paused: None,
        filled_to: 0,
        ring,
        count: count.clone(),
        threshold,
        silent: 0,
        kept: vec![0.0; frames * KEPT * STEREO].into(),
        kept_at: 0,
        again: 0,
    };
    (Box::new(deck), producer, count)
}

impl Deck {
    /// Whether it is the one that is heard.
    pub(super) fn sounds(&self) -> bool {
        self.begun && self.paused.is_none()
    }

    /// Puts the next frames into `out`. Fewer than it holds: the programme has ended there. A decoder that is late
    /// leaves silence, which is counted.
    pub(super) fn fill(&mut self, out: &mut [f32]) -> usize {
        let wanted = out.len() / STEREO;
        let mut done = self.play_again(out);
        // Asked before the ring is: what the decoder put in before it said so is then seen.
        let decoded = self.count.decoded.load(Ordering::Acquire) || self.ring.is_abandoned();
        let there = (self.ring.slots() / STEREO).min(wanted - done);
        let (read, _) = self.ring.pop_partial_slice(&mut out[done * STEREO..(done + there) * STEREO]);
        let read = read.len() / STEREO;
        self.keep(&out[done * STEREO..(done + read) * STEREO]);
        self.count.frames.fetch_add(read as u64, Ordering::AcqRel);
        self.meter(&out[..(done + read) * STEREO]);
        done += read;
        if done < wanted && !(decoded && self.ring.slots() < STEREO) {
            let late = &mut out[done * STEREO..];
            late.fill(0.0);
            self.count.underrun.fetch_add((wanted - done) as u64, Ordering::AcqRel);
            self.meter_silence((wanted - done) as u64);
            done = wanted;
        }
        done
    }

    /// The card is lost, and this many frames that it took were never heard: they come again, and are counted again.
    pub(super) fn rewind(&mut self, unheard: usize) {
        let taken = self.count.frames.load(Ordering::Acquire);
        // What waits to be played again from an earlier loss is taken off the count already.
        let most = self.again + usize::try_from(taken).unwrap_or(usize::MAX - self.again);
        let again = (self.again + unheard).min(self.kept.len() / STEREO).min(most);
        self.count.frames.store(taken - (again - self.again) as u64, Ordering::Release);
        let mut squares = f64::from_bits(self.count.squares.load(Ordering::Acquire));
        for at in self.again * STEREO..again * STEREO {
            let sample = f64::from(self.kept[(self.kept_at + self.kept.len() - 1 - at) % self.kept.len()]);
            squares -= sample * sample;
        }
        self.count.squares.store(squares.max(0.0).to_bits(), Ordering::Release);
        self.again = again;
    }

    fn play_again(&mut self, out: &mut [f32]) -> usize {
        let frames = self.again.min(out.len() / STEREO);
        let from = self.kept_at + self.kept.len() - self.again * STEREO;
        for (at, sample) in out[..frames * STEREO].iter_mut().enumerate() {
            *sample = self.kept[(from + at) % self.kept.len()];
        }
        self.again -= frames;
        self.count.frames.fetch_add(frames as u64, Ordering::AcqRel);
        frames
    }

    fn keep(&mut self, frames: &[f32]) {
        for sample in frames {
            self.kept[self.kept_at] = *sample;
            self.kept_at = (self.kept_at + 1) % self.kept.len();
        }
    }

    fn meter(&mut self, frames: &[f32]) {
        let mut squares = 0.0;
        for frame in frames.chunks_exact(STEREO) {
            let loudest = frame.iter().fold(0.0f32, |most, sample| most.max(sample.abs()));
            squares += frame.iter().map(|sample| f64::from(*sample) * f64::from(*sample)).sum::<f64>();
            if loudest < self.threshold { self.meter_silence(1) } else { self.silent = 0 }
        }
        let before = f64::from_bits(self.count.squares.load(Ordering::Acquire));
        self.count.squares.store((before + squares).to_bits(), Ordering::Release);
    }

    fn meter_silence(&mut self, frames: u64) {
        self.silent += frames;
        self.count.longest_silence.fetch_max(self.silent, Ordering::AcqRel);
    }
}
