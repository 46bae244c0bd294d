//! A programme: the recordings of one airing joined gapless at the card's rate, with gain and limiter applied. Owns the
//! order of the path (decode, mix to stereo, resample, gain, limit, clamp); never knows a card.
//!
//! Recordings of one rate go through one resampler, one after the other without an edge, and count as one *run*; what
//! comes out is told apart again by where each of them ends in the run.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::decode::{self, Recording};
use super::limit::Limiter;
use super::resample::Resampler;

/// One recording of a programme, with the gain that brings it to the station's loudness.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The file.
    pub path: PathBuf,
    /// Gain in dB, −60 to +30.
    pub gain_db: f64,
    /// True where measured peak plus gain would exceed the ceiling: the limiter is in the path.
    pub limit: bool,
    /// What the limiter keeps its true peaks below, in dBTP; of no effect where `limit` is false.
    pub ceiling_dbtp: f64,
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
    /// Frames were appended to the buffer.
    Audio {
        /// The part that all of them belong to, from 0.
        part: usize,
        /// How many stereo frames.
        frames: usize,
    },
    /// A part cannot be opened, or breaks in the middle or ends more than 1 % early (what could be decoded came
    /// before); reading goes on with the next.
    Failed {
        /// Which part, from 0.
        part: usize,
        /// What was found, in English.
        found: String,
    },
    /// Every part has been read.
    End,
}

/// Frames that a block has at most; a limiter's last block may have some more.
const BLOCK: usize = 4096;
const STEREO: usize = 2;

/// CONTRACT: reads a programme as interleaved stereo f32 at the card's rate, every value within ±1.
///
/// Memory does not grow with the length of a recording: a reel holds one decoded block, the resampler's chunk and the
/// limiter's look-ahead.
pub struct Reel {
    parts: Vec<Part>,
    rate: u32,
    /// The part to be opened next.
    next: usize,
    /// What is being decoded, and its part.
    playing: Option<(usize, Recording)>,
    /// A recording of another rate than the run's, opened, waiting for the run to end.
    waiting: Option<(usize, Recording)>,
    run: Option<Run>,
    /// How each part that was taken up ends, in order; the first is the one whose frames come out now.
    ends: VecDeque<End>,
    /// The gain and limiter of the part whose frames come out now.
    desk: Option<Desk>,
    block: Vec<f32>,
    stereo: Vec<f32>,
}

/// The end of a part.
struct End {
    part: usize,
    /// Its place in the output of its run.
    at: u64,
    fault: Option<String>,
}

/// Recordings of one rate on their way through one resampler.
struct Run {
    resampler: Resampler,
    /// Frames that came out of it and were not read yet.
    ready: Vec<f32>,
    /// Frames that were read.
    read: u64,
}

impl Reel {
    /// A reel at the card's `rate` in Hz. Nothing is opened before the first [`Reel::read`].
    pub fn open(programme: Programme, rate: u32) -> Reel {
        Reel {
            parts: programme.parts,
            rate,
            next: 0,
            playing: None,
            waiting: None,
            run: None,
            ends: VecDeque::new(),
            desk: None,
            block: Vec::new(),
            stereo: Vec::new(),
        }
    }

    /// Appends up to about 4096 frames to `out`. Panics of a decoder are caught and come as [`Block::Failed`].
    pub fn read(&mut self, out: &mut Vec<f32>) -> Block {
        loop {
            if let Some(block) = self.deliver(out) {
                return block;
            }
            if !self.take_in() {
                return Block::End;
            }
        }
    }

    /// Hands out what is ready of the part that is due; none where more must be decoded first.
    fn deliver(&mut self, out: &mut Vec<f32>) -> Option<Block> {
        loop {
            let (part, end) = match (self.ends.front(), &self.playing) {
                (Some(end), _) => (end.part, Some(end.at)),
                (None, Some((part, _))) => (*part, None),
                (None, None) => return None,
            };
            let before = out.len();
            if let Some(run) = &mut self.run {
                let left = end.map_or(u64::MAX, |end| end - run.read);
                let frames =
                    (run.ready.len() / STEREO).min(BLOCK).min(usize::try_from(left).unwrap_or(BLOCK));
                let settings = self.parts.get(part)?;
                let desk = self.desk.get_or_insert_with(|| Desk::new(settings, self.rate));
                desk.push(&run.ready[..frames * STEREO], out);
                run.ready.drain(..frames * STEREO);
                run.read += frames as u64;
            }
            let complete = end.is_some_and(|end| self.run.as_ref().is_none_or(|run| run.read == end));
            if complete && let Some(desk) = self.desk.take() {
                desk.finish(out);
            }
            let frames = (out.len() - before) / STEREO;
            if frames > 0 {
                return Some(Block::Audio { part, frames });
            }
            if !complete {
                return None;
            }
            // All of its sound is out: what broke it, if anything, and on with the next.
            if let Some(End { fault: Some(found), .. }) = self.ends.pop_front() {
                return Some(Block::Failed { part, found });
            }
        }
    }

    /// Decodes one block further; false where there is nothing more.
    fn take_in(&mut self) -> bool {
        if let Some((part, mut recording)) = self.playing.take() {
            match self.advance(&mut recording) {
                Ok(true) => self.playing = Some((part, recording)),
                Ok(false) => self.close(part, early_end(&recording)),
                Err(found) => self.close(part, Some(found)),
            }
            return true;
        }
        if self.waiting.is_none() && self.next < self.parts.len() {
            let part = self.next;
            self.next += 1;
            match Recording::open(&self.parts[part].path) {
                Ok(recording) => self.waiting = Some((part, recording)),
                Err(fault) => self.close(part, Some(fault.to_string())),
            }
            return true;
        }
        let Some((part, recording)) = self.waiting.take() else { return self.end_run() };
        match &self.run {
            Some(run) if run.resampler.from() == recording.rate() => self.playing = Some((part, recording)),
            Some(_) => {
                self.waiting = Some((part, recording));
                self.end_run();
            }
            None => match Resampler::new(recording.rate(), self.rate) {
                Ok(resampler) => {
                    self.run = Some(Run { resampler, ready: Vec::new(), read: 0 });
                    self.playing = Some((part, recording));
                }
                Err(fault) => self.close(part, Some(fault.to_string())),
            },
        }
        true
    }

    /// Moves one block of a recording into the run; false at its end.
    fn advance(&mut self, recording: &mut Recording) -> Result<bool, String> {
        let Some(run) = &mut self.run else { return Ok(false) };
        self.block.clear();
        self.stereo.clear();
        if recording.read(&mut self.block).map_err(|fault| fault.to_string())? == 0 {
            return Ok(false);
        }
        recording.mixdown().mix(&self.block, &mut self.stereo);
        run.resampler.push(&self.stereo, &mut run.ready).map_err(|fault| fault.to_string())?;
        Ok(true)
    }

    /// Notes where a part ends.
    fn close(&mut self, part: usize, fault: Option<String>) {
        let at = self.run.as_ref().map_or(0, |run| run.resampler.end());
        self.ends.push_back(End { part, at, fault });
    }

    /// Empties the resampler; once all of the run was read, lets go of it. False where there was no run.
    fn end_run(&mut self) -> bool {
        let Some(mut run) = self.run.take() else { return false };
        if run.read < run.resampler.end() {
            if let Err(fault) = run.resampler.finish(&mut run.ready) {
                tracing::warn!(%fault, "the end of a recording was lost");
            }
            // Whatever happened, the run has its length.
            let left = usize::try_from(run.resampler.end() - run.read).unwrap_or(usize::MAX);
            run.ready.resize(left.saturating_mul(STEREO), 0.0);
            self.run = Some(run);
        }
        true
    }
}

/// What is wrong with a recording that came to its end, if anything.
fn early_end(recording: &Recording) -> Option<String> {
    let (frames, missing) = (recording.frames(), recording.missing_frames());
    decode::is_damaged(frames, missing).then(|| {
        format!("is damaged: {frames} frames could be decoded and {missing} are missing; copy it again")
    })
}

/// Gain, limiter and the last check of one part.
struct Desk {
    gain: f32,
    limiter: Option<Limiter>,
    block: Vec<f32>,
}

impl Desk {
    fn new(part: &Part, rate: u32) -> Desk {
        let gain_db = if part.gain_db.is_finite() { part.gain_db.clamp(-60.0, 30.0) } else { 0.0 };
        Desk {
            gain: 10f64.powf(gain_db / 20.0) as f32,
            limiter: part.limit.then(|| Limiter::new(rate, part.ceiling_dbtp)),
            block: Vec::new(),
        }
    }

    fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        let louder =
            frames.iter().map(|sample| sample * self.gain).map(|s| if s.is_finite() { s } else { 0.0 });
        match &mut self.limiter {
            None => out.extend(louder.map(|sample| sample.clamp(-1.0, 1.0))),
            Some(limiter) => {
                self.block.clear();
                self.block.extend(louder);
                let before = out.len();
                limiter.push(&self.block, out);
                clamp(&mut out[before..]);
            }
        }
    }

    fn finish(self, out: &mut Vec<f32>) {
        if let Some(mut limiter) = self.limiter {
            let before = out.len();
            limiter.finish(out);
            clamp(&mut out[before..]);
        }
    }
}

fn clamp(samples: &mut [f32]) {
    samples.iter_mut().for_each(|sample| *sample = sample.clamp(-1.0, 1.0));
}

/// The whole programme at once, as a reel reads it: what a test or a benchmark compares the air with. A part that fails
/// is left out from where it fails.
pub fn render(programme: Programme, rate: u32) -> Vec<f32> {
    let mut reel = Reel::open(programme, rate);
    let mut out = Vec::new();
    while reel.read(&mut out) != Block::End {}
    out
}
