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
    /// The deck, which is paused, goes on now.
    Resume(DeckId),
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
    Paused { deck: DeckId, at: i64 },
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
        let goes_on = self.take_orders();
        self.timeline.note(self.cursor, stamp);
        if let Some(deck) = goes_on.and_then(|()| self.decks.iter().find(|deck| deck.sounds())) {
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

    /// Takes the orders; some where a deck goes on, since it was told to or the bus was moved.
    fn take_orders(&mut self) -> Option<()> {
        let mut goes_on = None;
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
                        let frame = self.decks[at].paused.unwrap_or(self.cursor);
                        self.leave(at, frame, Left::Stopped);
                    }
                }
                Order::Resume(id) => {
                    if let Some(at) =
                        self.decks.iter().position(|deck| deck.id == id && deck.paused.is_some())
                    {
                        self.decks[at].paused = None;
                        if let Some(other) = self.decks.iter().position(|deck| deck.sounds() && deck.id != id)
                        {
                            self.leave(other, self.cursor, Left::Stopped);
                        }
                        goes_on = Some(());
                    }
                }
                Order::Moved { unheard } => {
                    self.timeline.forget();
                    for deck in self.decks.iter_mut().filter(|deck| deck.begun) {
                        // Of one that is paused, what was played just before its pause may not have been heard.
                        let since = self.cursor - deck.filled_to;
                        deck.rewind(unheard.saturating_sub(usize::try_from(since).unwrap_or(usize::MAX)));
                    }
                    goes_on = Some(());
                }
            }
        }
        goes_on
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
        let interrupts = self.decks.iter().any(|deck| deck.id == id && deck.interrupts);
        match self.decks.iter_mut().position(|deck| deck.sounds()) {
            Some(other) if interrupts => {
                self.tell_of_first_frame(other);
                self.decks[other].paused = Some(frame);
                let word = Word::Paused { deck: self.decks[other].id, at: self.timeline.wall_of(frame) };
                self.tell(word);
            }
            Some(other) => self.leave(other, frame, Left::Stopped),
            None => {}
        }
        if let Some(deck) = self.decks.iter_mut().find(|deck| deck.id == id) {
            (deck.begun, deck.filled_to, deck.first) = (true, frame, Some(frame));
        }
    }

    fn tell_of_first_frame(&mut self, at: usize) {
        if let Some(first) = self.decks[at].first.take() {
            let word = Word::Begun { deck: self.decks[at].id, at: self.timeline.wall_of(first) };
            self.tell(word);
        }
    }

    /// Plays what has begun into `out`, whose first frame is the block's frame `from`.
    fn play(&mut self, out: &mut [f32], from: usize) {
        let Some(at) = self.decks.iter().position(|deck| deck.sounds()) else { return };
        let filled = self.decks[at].fill(out);
        self.decks[at].filled_to = self.cursor + (from + filled) as u64;
        if filled > 0 {
            self.tell_of_first_frame(at);
        }
        if filled < out.len() / STEREO {
            self.leave(at, self.cursor + (from + filled) as u64, Left::Completed);
        }
    }

    fn leave(&mut self, at: usize, frame: u64, left: Left) {
        let mut deck = self.decks.swap_remove(at);
        // Another one has begun at the very frame, or it has none.
        deck.begun &= deck.first.is_none();
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
mod tests;
