//! The bus: what the card's callback does. It takes orders from a ring, starts decks at their frame, copies, counts, and
//! tells what happened through another ring. It allocates nothing, frees nothing, locks nothing and logs nothing: decks
//! that have ended go back through the ring and are freed elsewhere.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use rodio::Source;
use rodio::mixer::{MixerSource, mixer};
use rtrb::{Consumer, Producer, RingBuffer};

use super::deck::{Deck, STEREO};
use super::output::DeckId;
use super::timeline::{Stamp, Timeline};

/// Orders and news that may wait in their rings; there are never more than a dozen.
const WAITING: usize = 256;
/// Decks on the bus at once: the one that sounds and those settled to start.
const DECKS: usize = 16;
/// The longest block that a callback is served in one piece, in frames; longer ones are served in several.
const LONGEST_BLOCK: usize = 16_384;

/// Channels of the mixer.
const TWO: NonZero<u16> = NonZero::<u16>::MIN.saturating_add(1);

/// What the bus is told.
pub(super) enum Order {
    /// A deck, with its start set.
    Add(Box<Deck>),
    /// Another start for a deck that has not begun; `i64::MIN` for as soon as possible.
    Start(DeckId, i64),
    /// The deck ends now, or never begins.
    Stop(DeckId),
    /// The bus was moved to another card, or the same one opened again; of what it had handed over this many frames
    /// were not heard.
    Moved { unheard: usize },
}

/// Why a deck left the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Left {
    Completed,
    Stopped,
}

/// What the bus tells. Times are nanoseconds since 1970, at the loudspeaker.
pub(super) enum Word {
    Begun { deck: DeckId, at: i64 },
    Resumed { deck: DeckId, at: i64 },
    Gone { deck: Box<Deck>, at: i64, left: Left },
}

#[expect(clippy::vec_box)]
struct Bus {
    cursor: u64,
    timeline: Timeline,
    /// Boxed, since they come and go by rings: moving one is moving a pointer.
    decks: Vec<Box<Deck>>,
    orders: Consumer<Order>,
    words: Producer<Word>,
    /// Decks that left while the ring of words was full; never in practice.
    stuck: Vec<Word>,
}

impl Bus {
    /// Fills a block of whole frames, the first of which will be heard as `stamp` says.
    fn render(&mut self, stamp: Stamp, out: &mut [f32]) {
        out.fill(0.0);
        while let Some(word) = self.stuck.pop() {
            if let Err(rtrb::PushError::Full(word)) = self.words.push(word) {
                self.stuck.push(word);
                break;
            }
        }
        let moved = self.take_orders();
        self.timeline.note(self.cursor, stamp);
        if let Some(deck) = moved.and_then(|()| self.decks.iter().find(|deck| deck.begun)) {
            let word = Word::Resumed { deck: deck.id, at: self.timeline.wall_of(self.cursor) };
            self.tell(word);
        }
        let frames = out.len() / STEREO;
        let mut from = 0;
        while from < frames {
            let start = self.next_start(from, frames);
            let until = start.map_or(frames, |(at, _)| at);
            self.play(&mut out[from * STEREO..until * STEREO], from);
            from = until;
            if let Some((at, deck)) = start {
                self.begin(deck, at);
            }
        }
        self.cursor += frames as u64;
    }

    /// Takes the orders; some where the bus was moved.
    fn take_orders(&mut self) -> Option<()> {
        let mut moved = None;
        while let Ok(order) = self.orders.pop() {
            match order {
                Order::Add(deck) => self.decks.push(deck),
                Order::Start(id, start) => {
                    self.decks
                        .iter_mut()
                        .filter(|deck| deck.id == id && !deck.begun)
                        .for_each(|deck| deck.start = start);
                }
                Order::Stop(id) => {
                    if let Some(at) = self.decks.iter().position(|deck| deck.id == id) {
                        self.leave(at, self.cursor, Left::Stopped);
                    }
                }
                Order::Moved { unheard } => {
                    self.timeline.forget();
                    self.decks.iter_mut().filter(|deck| deck.begun).for_each(|deck| deck.rewind(unheard));
                    moved = Some(());
                }
            }
        }
        moved
    }

    /// The next deck that begins in this block at `from` or later, and at which frame of the block.
    fn next_start(&self, from: usize, frames: usize) -> Option<(usize, DeckId)> {
        let begins = |deck: &Deck| {
            let frame = if deck.start == i64::MIN { 0 } else { self.timeline.frame_at(deck.start) };
            usize::try_from(frame.saturating_sub(self.cursor)).unwrap_or(usize::MAX).max(from)
        };
        let waiting = self.decks.iter().filter(|deck| !deck.begun).map(|deck| (begins(deck), deck.id));
        waiting.filter(|(at, _)| *at < frames).min()
    }

    fn begin(&mut self, id: DeckId, at: usize) {
        let frame = self.cursor + at as u64;
        if let Some(other) = self.decks.iter().position(|deck| deck.begun) {
            self.leave(other, frame, Left::Stopped);
        }
        if let Some(deck) = self.decks.iter_mut().find(|deck| deck.id == id) {
            deck.begun = true;
        }
        self.tell(Word::Begun { deck: id, at: self.timeline.wall_of(frame) });
    }

    /// Plays what has begun into `out`, whose first frame is the block's frame `from`.
    fn play(&mut self, out: &mut [f32], from: usize) {
        let Some(at) = self.decks.iter().position(|deck| deck.begun) else { return };
        let filled = self.decks[at].fill(out);
        if filled < out.len() / STEREO {
            self.leave(at, self.cursor + (from + filled) as u64, Left::Completed);
        }
    }

    fn leave(&mut self, at: usize, frame: u64, left: Left) {
        let deck = self.decks.swap_remove(at);
        let at = self.timeline.wall_of(frame);
        self.tell(Word::Gone { deck, at, left });
    }

    fn tell(&mut self, word: Word) {
        if let Err(rtrb::PushError::Full(word)) = self.words.push(word) {
            self.stuck.push(word);
        }
    }
}

/// What a callback says, on its way to the source at the other end of the mixer.
#[derive(Default)]
struct Call {
    called: AtomicI64,
    heard: AtomicI64,
    wall: AtomicI64,
    frames: AtomicU64,
}

/// The bus as the one permanent source in rodio's mixer. It hands out whole blocks, as long as the callback asked for.
struct BusSource {
    bus: Bus,
    call: Arc<Call>,
    rate: NonZero<u32>,
    block: Vec<f32>,
    at: usize,
}

impl Iterator for BusSource {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.at >= self.block.len() {
            let frames = (self.call.frames.load(Ordering::Acquire) as usize).clamp(1, LONGEST_BLOCK);
            let stamp = Stamp {
                called: self.call.called.load(Ordering::Acquire),
                heard: self.call.heard.load(Ordering::Acquire),
                wall: self.call.wall.load(Ordering::Acquire),
            };
            // Within the capacity that it was made with.
            self.block.resize(frames * STEREO, 0.0);
            self.bus.render(stamp, &mut self.block);
            self.at = 0;
        }
        let sample = self.block.get(self.at).copied().unwrap_or(0.0);
        self.at += 1;
        Some(sample)
    }
}

impl Source for BusSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }
    fn channels(&self) -> NonZero<u16> {
        TWO
    }
    fn sample_rate(&self) -> NonZero<u32> {
        self.rate
    }
    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

/// What a callback pulls: rodio's mixer with the bus in it.
pub(super) struct Voice {
    source: MixerSource,
    call: Arc<Call>,
    rate: u32,
}

/// The engine's end of a voice.
pub(super) struct Reins {
    pub(super) orders: Producer<Order>,
    pub(super) words: Consumer<Word>,
    pub(super) rate: u32,
}

/// A voice for cards of that rate.
pub(super) fn voice(rate: u32) -> (Voice, Reins) {
    let (orders, orders_end) = RingBuffer::new(WAITING);
    let (words_end, words) = RingBuffer::new(WAITING);
    let bus = Bus {
        cursor: 0,
        timeline: Timeline::new(rate),
        decks: Vec::with_capacity(DECKS),
        orders: orders_end,
        words: words_end,
        stuck: Vec::with_capacity(DECKS),
    };
    let call = Arc::new(Call::default());
    let rate_hz = NonZero::new(rate).unwrap_or(NonZero::<u32>::MIN);
    let block = Vec::with_capacity(LONGEST_BLOCK * STEREO);
    let source = BusSource { bus, call: call.clone(), rate: rate_hz, block, at: 0 };
    let (mixer, out) = mixer(TWO, rate_hz);
    mixer.add(source);
    (Voice { source: out, call, rate }, Reins { orders, words, rate })
}

impl Voice {
    /// Fills a callback's block of stereo frames.
    pub(super) fn render(&mut self, stamp: Stamp, out: &mut [f32]) {
        let mut done = 0;
        for part in out.chunks_mut(LONGEST_BLOCK * STEREO) {
            let ahead = (done as i128 * 1_000_000_000 / i128::from(self.rate.max(1))) as i64;
            self.call.called.store(stamp.called, Ordering::Release);
            self.call.heard.store(stamp.heard + ahead, Ordering::Release);
            self.call.wall.store(stamp.wall, Ordering::Release);
            self.call.frames.store((part.len() / STEREO) as u64, Ordering::Release);
            part.iter_mut().for_each(|sample| *sample = self.source.next().unwrap_or(0.0));
            done += part.len() / STEREO;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::deck::deck;

    const RATE: u32 = 48_000;

    fn stamp(frame: u64) -> Stamp {
        let span = (frame * 1_000_000_000 / u64::from(RATE)) as i64;
        Stamp { called: span, heard: span, wall: span }
    }

    /// A voice whose callbacks a test calls, with decks of numbered frames.
    struct Hand {
        voice: Voice,
        reins: Reins,
        frame: u64,
        ends: Vec<Producer<f32>>,
    }

    impl Hand {
        fn new() -> Hand {
            let (voice, reins) = voice(RATE);
            Hand { voice, reins, frame: 0, ends: Vec::new() }
        }

        /// Puts a deck of so many frames, `base + 1`, `base + 2` …, onto the bus.
        fn add(&mut self, id: u64, start: i64, base: f32, frames: usize) {
            let (mut half, mut ring, count) = deck(DeckId(id), RATE, 0.001);
            half.start = start;
            for frame in 1..=frames {
                let value = base + frame as f32;
                ring.push(value).unwrap();
                ring.push(value).unwrap();
            }
            count.decoded.store(true, Ordering::Release);
            self.ends.push(ring);
            assert!(self.reins.orders.push(Order::Add(half)).is_ok());
        }

        fn call(&mut self, frames: usize) -> Vec<f32> {
            let mut out = vec![9.0; frames * STEREO];
            self.voice.render(stamp(self.frame), &mut out);
            self.frame += frames as u64;
            out.chunks(2)
                .map(|frame| {
                    assert_eq!(frame[0], frame[1]);
                    frame[0]
                })
                .collect()
        }

        fn words(&mut self) -> Vec<String> {
            let mut words = Vec::new();
            while let Ok(word) = self.reins.words.pop() {
                let frame = |at: i64| (at * i64::from(RATE) + 500_000_000) / 1_000_000_000;
                words.push(match word {
                    Word::Begun { deck, at } => format!("{} begun at {}", deck.0, frame(at)),
                    Word::Resumed { deck, at } => format!("{} resumed at {}", deck.0, frame(at)),
                    Word::Gone { deck, at, left } => format!("{} {left:?} at {}", deck.id.0, frame(at)),
                });
            }
            words
        }
    }

    #[test]
    fn a_deck_starts_and_ends_inside_a_block_to_the_frame() {
        let mut hand = Hand::new();
        assert_eq!(hand.call(100), [0.0; 100]);
        hand.add(1, stamp(103).wall, 0.0, 4);
        assert_eq!(hand.call(10), [0.0, 0.0, 0.0, 1.0, 2.0, 3.0, 4.0, 0.0, 0.0, 0.0]);
        assert_eq!(hand.words(), ["1 begun at 103", "1 Completed at 107"]);
    }

    #[test]
    fn one_that_is_late_starts_with_the_block_and_one_that_starts_cuts_the_other() {
        let mut hand = Hand::new();
        hand.call(100);
        hand.add(1, stamp(50).wall, 0.0, 1_000);
        hand.add(2, stamp(104).wall, 5_000.0, 3);
        assert_eq!(hand.call(9), [1.0, 2.0, 3.0, 4.0, 5_001.0, 5_002.0, 5_003.0, 0.0, 0.0]);
        assert_eq!(
            hand.words(),
            ["1 begun at 100", "1 Stopped at 104", "2 begun at 104", "2 Completed at 107"]
        );
    }

    #[test]
    fn a_start_can_be_moved_and_taken_back_until_it_is_reached() {
        let mut hand = Hand::new();
        hand.add(1, stamp(1_000).wall, 0.0, 5);
        hand.add(2, stamp(1_000).wall, 50.0, 5);
        hand.call(10);
        assert!(hand.reins.orders.push(Order::Start(DeckId(1), stamp(12).wall)).is_ok());
        assert!(hand.reins.orders.push(Order::Stop(DeckId(2))).is_ok());
        assert_eq!(hand.call(4), [0.0, 0.0, 1.0, 2.0]);
        assert!(hand.reins.orders.push(Order::Stop(DeckId(1))).is_ok());
        assert_eq!(hand.call(2), [0.0, 0.0]);
        assert_eq!(hand.words(), ["2 Stopped at 10", "1 begun at 12", "1 Stopped at 14"]);
    }

    #[test]
    fn a_late_decoder_leaves_silence_that_is_counted_and_loses_nothing() {
        let (mut half, mut ring, count) = deck(DeckId(1), RATE, 0.001);
        let mut out = [9.0; 8];
        ring.push_entire_slice(&[1.0, 1.0, 2.0, 2.0]).unwrap();
        assert_eq!((half.fill(&mut out), out), (4, [1.0, 1.0, 2.0, 2.0, 0.0, 0.0, 0.0, 0.0]));
        ring.push_entire_slice(&[3.0, 3.0]).unwrap();
        count.note_part(0, 3);
        count.decoded.store(true, Ordering::Release);
        assert_eq!((half.fill(&mut out), &out[..2]), (1, &[3.0, 3.0][..]));
        let delivered = count.delivered(0);
        assert_eq!((delivered.frames, delivered.underrun_frames, delivered.parts), (5, 2, vec![3]));
        assert_eq!(delivered.longest_silence, Duration::from_secs(2) / RATE);
        assert_eq!(delivered.mean_square, (1.0 + 4.0 + 9.0) * 2.0 / 10.0);
    }

    #[test]
    fn what_was_not_heard_comes_again_and_is_counted_once() {
        let mut hand = Hand::new();
        hand.add(1, i64::MIN, 0.0, 20);
        hand.call(10);
        assert!(hand.reins.orders.push(Order::Moved { unheard: 4 }).is_ok());
        let again = hand.call(20);
        assert_eq!(again[..6], [7.0, 8.0, 9.0, 10.0, 11.0, 12.0]);
        assert_eq!(again[13..], [20.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        let words = hand.words();
        assert_eq!(words[1], "1 resumed at 10", "{words:?}");
    }

    #[test]
    fn a_card_lost_again_before_all_came_again_loses_and_doubles_nothing() {
        let (mut half, mut ring, count) = deck(DeckId(1), RATE, 0.001);
        let samples: Vec<f32> = (1..=20).flat_map(|frame| [frame as f32; 2]).collect();
        ring.push_entire_slice(&samples).unwrap();
        count.note_part(0, 20);
        count.decoded.store(true, Ordering::Release);
        let take = |half: &mut Deck, frames: usize| {
            let mut out = vec![0.0; frames * STEREO];
            half.fill(&mut out);
            out.into_iter().step_by(2).collect::<Vec<f32>>()
        };
        take(&mut half, 10);
        half.rewind(6);
        assert_eq!(take(&mut half, 2), [5.0, 6.0]);
        half.rewind(1);
        assert_eq!(count.delivered(0).frames, 5);
        assert_eq!(take(&mut half, 15)[..6], [6.0, 7.0, 8.0, 9.0, 10.0, 11.0]);
        let delivered = count.delivered(0);
        assert_eq!(delivered.frames, 20);
        let squares: f64 = (1..=20).map(|frame| f64::from(frame * frame)).sum();
        assert!((delivered.mean_square - squares / 20.0).abs() < 1e-9);
        half.rewind(1_000_000);
        assert_eq!(count.delivered(0).frames, 0, "never more than was taken");
    }

    #[test]
    fn a_block_longer_than_any_is_served_whole() {
        let mut hand = Hand::new();
        hand.add(1, i64::MIN, 0.0, 40_000);
        let out = hand.call(40_000);
        assert!(out.iter().enumerate().all(|(at, value)| *value == (at + 1) as f32));
    }
}
