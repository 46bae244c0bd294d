//! The bus called by hand, block by block, with decks of numbered frames: what is heard at which frame.

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
        self.put(id, start, base, frames, false);
    }

    /// The same, to pause what sounds then.
    fn interrupt(&mut self, id: u64, start: i64, base: f32, frames: usize) {
        self.put(id, start, base, frames, true);
    }

    fn put(&mut self, id: u64, start: i64, base: f32, frames: usize, interrupts: bool) {
        let (mut half, mut ring, count) = deck(DeckId(id), RATE, 0.001);
        (half.start, half.interrupts) = (start, interrupts);
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
                Word::Paused { deck, at } => format!("{} paused at {}", deck.0, frame(at)),
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
    assert_eq!(hand.words(), ["1 begun at 100", "1 Stopped at 104", "2 begun at 104", "2 Completed at 107"]);
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

/// Two that are late begin with the same block, and a recording without a frame: what has no frame has not begun.
#[test]
fn what_no_frame_was_heard_of_has_not_begun() {
    let mut hand = Hand::new();
    hand.call(100);
    hand.add(1, stamp(50).wall, 0.0, 9);
    hand.add(2, stamp(60).wall, 50.0, 2);
    assert_eq!(hand.call(3), [51.0, 52.0, 0.0]);
    assert_eq!(hand.words(), ["1 Stopped at 100", "2 begun at 100", "2 Completed at 102"]);
    hand.add(3, i64::MIN, 0.0, 0);
    hand.call(2);
    assert_eq!(hand.words(), ["3 Completed at 103"]);
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
fn one_that_interrupts_pauses_the_other_which_goes_on_with_its_next_frame() {
    let mut hand = Hand::new();
    hand.add(1, i64::MIN, 0.0, 9);
    assert_eq!(hand.call(3), [1.0, 2.0, 3.0]);
    hand.interrupt(2, stamp(5).wall, 50.0, 2);
    assert_eq!(hand.call(6), [4.0, 5.0, 51.0, 52.0, 0.0, 0.0]);
    // Another one that is started meanwhile ends nothing.
    hand.add(3, stamp(10).wall, 70.0, 1);
    assert_eq!(hand.call(3), [0.0, 71.0, 0.0]);
    assert!(hand.reins.orders.push(Order::Resume(DeckId(1))).is_ok());
    assert_eq!(hand.call(6), [6.0, 7.0, 8.0, 9.0, 0.0, 0.0]);
    assert_eq!(
        hand.words(),
        [
            "1 begun at 0",
            "1 paused at 5",
            "2 begun at 5",
            "2 Completed at 7",
            "3 begun at 10",
            "3 Completed at 11",
            "1 resumed at 12",
            "1 Completed at 16"
        ]
    );
}

#[test]
fn one_that_is_stopped_while_it_is_paused_ended_where_it_was_paused() {
    let mut hand = Hand::new();
    hand.add(1, i64::MIN, 0.0, 100);
    hand.call(3);
    hand.interrupt(2, i64::MIN, 50.0, 100);
    hand.call(10);
    assert!(hand.reins.orders.push(Order::Stop(DeckId(1))).is_ok());
    assert_eq!(hand.call(1), [61.0]);
    let words = hand.words();
    assert_eq!(words[3..], ["1 Stopped at 3"], "{words:?}");
    // One that is not paused does not go on.
    assert!(hand.reins.orders.push(Order::Resume(DeckId(2))).is_ok());
    assert_eq!((hand.call(1), hand.words().len()), (vec![62.0], 0));
}

#[test]
fn a_card_lost_soon_after_a_pause_loses_and_doubles_nothing_of_either() {
    let mut hand = Hand::new();
    hand.add(1, i64::MIN, 0.0, 20);
    hand.call(10);
    hand.interrupt(2, i64::MIN, 50.0, 6);
    hand.call(3);
    // Of the last eight frames, five are of the first and three of the second.
    assert!(hand.reins.orders.push(Order::Moved { unheard: 8 }).is_ok());
    assert_eq!(hand.call(7), [51.0, 52.0, 53.0, 54.0, 55.0, 56.0, 0.0]);
    assert!(hand.reins.orders.push(Order::Resume(DeckId(1))).is_ok());
    assert_eq!(hand.call(3), [6.0, 7.0, 8.0]);
}

#[test]
fn one_told_to_go_on_while_its_card_is_lost_goes_on_with_the_card_and_doubles_nothing() {
    let mut hand = Hand::new();
    hand.add(1, i64::MIN, 0.0, 20);
    hand.call(10);
    hand.interrupt(2, i64::MIN, 50.0, 2);
    hand.call(6);
    assert!(hand.reins.orders.push(Order::Resume(DeckId(1))).is_ok());
    // The last frames were silence and the second's; it has ended, and none of them is the first's.
    assert!(hand.reins.orders.push(Order::Moved { unheard: 5 }).is_ok());
    assert_eq!(hand.call(2), [11.0, 12.0]);
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
