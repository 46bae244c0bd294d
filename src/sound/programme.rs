//! A programme: the recordings of one airing joined gapless at the card's rate, with gain and limiter applied. Owns the
//! order of the path (decode, mix to stereo, resample, gain, limit); never knows a card.

use std::path::PathBuf;

/// One recording of a programme, with the gain that brings it to the station's loudness.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The file.
    pub path: PathBuf,
    /// Gain in dB, −60 to +30.
    pub gain_db: f64,
    /// True where measured peak plus gain would exceed the ceiling: the limiter is in the path.
    pub limit: bool,
}

/// What a deck plays: its parts one after the other, gapless.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Programme {
    /// The parts.
    pub parts: Vec<Part>,
}


/// CONTRACT: what reading a programme yields.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// `frames` stereo frames were appended to the buffer; all of them belong to `part`.
    Audio { part: usize, frames: usize },
    /// A part cannot be opened, or breaks in the middle (what could be decoded came before); reading goes on with the next.
    Failed { part: usize, found: String },
    /// Every part has been read.
    End,
}

/// CONTRACT: reads a programme as interleaved stereo f32 at `rate` Hz.
pub struct Reel;
impl Reel {
    pub fn open(_programme: Programme, _rate: u32) -> Reel { todo!() }
    /// Appends up to about 4096 frames to `out`. Panics of a decoder are caught and come as `Failed`.
    pub fn read(&mut self, _out: &mut Vec<f32>) -> Block { todo!() }
}
