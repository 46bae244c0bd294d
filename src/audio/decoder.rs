//! Decoding ahead: a thread a deck reads its programme into the ring. Owns the pace (as fast as the ring takes it) and
//! the word that enough is there; never touches a card.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rtrb::Producer;

use super::deck::{Count, STEREO};
use crate::sound::programme::{Block, Programme, Reel};

/// A deck is ready when this much is decoded: a slow disk may then take as long for the next block.
const ENOUGH: Duration = Duration::from_millis(1_500);
/// The ring is full: looked at again after this. It holds seconds.
const REST: Duration = Duration::from_millis(100);

/// What a decoder tells.
#[derive(Debug)]
pub(super) enum Decoded {
    /// Enough for a start.
    Ready,
    /// A part is broken.
    PartFailed { part: usize, found: String },
    /// Nothing could be decoded at all.
    Unplayable,
}

/// Starts decoding on a thread of its own, which ends with the programme, or when the deck is dropped.
pub(super) fn start(
    programme: Programme,
    rate: u32,
    ring: Producer<f32>,
    count: Arc<Count>,
    tell: impl Fn(Decoded) + Send + 'static,
) -> std::io::Result<()> {
    let work = move || decode(programme, rate, ring, &count, tell);
    std::thread::Builder::new().name("decoder".into()).spawn(work).map(drop)
}

fn decode(programme: Programme, rate: u32, mut ring: Producer<f32>, count: &Count, tell: impl Fn(Decoded)) {
    let enough = (ENOUGH.as_millis() as u64 * u64::from(rate) / 1_000) as usize;
    let mut reel = Reel::open(programme, rate);
    let mut samples = Vec::new();
    let (mut frames_in, mut ready) = (0, false);
    loop {
        samples.clear();
        match reel.read(&mut samples) {
            Block::Audio { part, frames } => {
                // Before the callback can take them: what it delivers belongs to a part then.
                count.note_part(part, frames as u64);
                if !put(&mut ring, &samples) {
                    return;
                }
                frames_in += samples.len() / STEREO;
                if !ready && frames_in >= enough {
                    ready = true;
                    tell(Decoded::Ready);
                }
            }
            Block::Failed { part, found } => tell(Decoded::PartFailed { part, found }),
            Block::End => break,
        }
    }
    count.decoded.store(true, Ordering::Release);
    if frames_in == 0 {
        tell(Decoded::Unplayable);
    } else if !ready {
        tell(Decoded::Ready);
    }
    // The callback frees nothing: the ring stays until the deck is gone.
    while !ring.is_abandoned() {
        std::thread::sleep(REST);
    }
}

/// Puts all of it in as there is room; false where the deck is gone.
fn put(ring: &mut Producer<f32>, mut samples: &[f32]) -> bool {
    while !samples.is_empty() {
        if ring.is_abandoned() {
            return false;
        }
        // Whole frames only, so that the callback never sees half of one.
        let room = ring.slots() / STEREO * STEREO;
        let now = room.min(samples.len());
        let (_, rest) = ring.push_partial_slice(&samples[..now]);
        samples = &samples[now - rest.len()..];
        if !samples.is_empty() {
            std::thread::sleep(REST);
        }
    }
    true
}
