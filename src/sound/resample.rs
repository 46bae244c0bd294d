//! From a file's rate to the card's: stereo in, stereo out, without delay and of exact length. Owns one rubato resampler
//! that lives across recordings of one rate, so that they join without an edge; never mixes channels.

use audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler as _};

/// Frames that the resampler takes at a time, at least.
const CHUNK: usize = 1024;
const STEREO: usize = 2;

/// The resampler cannot be set up or refused a block.
#[derive(Debug, thiserror::Error)]
#[error("cannot be brought from {from} to {to} Hz: {found}")]
pub struct ResampleFault {
    /// The file's rate.
    pub from: u32,
    /// The card's rate.
    pub to: u32,
    /// What rubato said.
    pub found: String,
}

/// A run of frames at one rate, becoming a run at another. Equal rates pass bit for bit.
pub struct Resampler {
    from: u32,
    to: u32,
    engine: Option<Engine>,
    taken: u64,
    given: u64,
}

struct Engine {
    fft: Fft<f32>,
    /// What waits for a whole chunk.
    input: Vec<f32>,
    output: Vec<f32>,
    /// Frames of the engine's own delay that are still to be dropped.
    skip: usize,
}

impl Resampler {
    /// For frames at `from` Hz to be read at `to` Hz.
    ///
    /// # Errors
    /// For rates of 0.
    pub fn new(from: u32, to: u32) -> Result<Resampler, ResampleFault> {
        let engine = if from == to {
            None
        } else {
            let fault = |error: rubato::ResamplerConstructionError| ResampleFault {
                from,
                to,
                found: error.to_string(),
            };
            let fft = Fft::new(from as usize, to as usize, chunk(from, to), STEREO, FixedSync::Both)
                .map_err(fault)?;
            let output = vec![0.0; fft.output_frames_max() * STEREO];
            Some(Engine { skip: fft.output_delay(), fft, input: Vec::new(), output })
        };
        Ok(Resampler { from, to, engine, taken: 0, given: 0 })
    }

    /// The rate that goes in, in Hz.
    pub fn from(&self) -> u32 {
        self.from
    }

    /// Where the frames taken so far end in the output, in frames from the start of the run: the exact length of what
    /// they become, ⌈n·to/from⌉.
    pub fn end(&self) -> u64 {
        let frames = (u128::from(self.taken) * u128::from(self.to)).div_ceil(u128::from(self.from.max(1)));
        u64::try_from(frames).unwrap_or(u64::MAX)
    }

    /// Takes stereo frames and appends those that are ready to `out`: never more than [`Resampler::end`] in all.
    ///
    /// # Errors
    /// Where rubato refuses a block.
    pub fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) -> Result<(), ResampleFault> {
        self.taken += (frames.len() / STEREO) as u64;
        let Some(engine) = &mut self.engine else {
            self.given = self.taken;
            out.extend_from_slice(frames);
            return Ok(());
        };
        engine.input.extend_from_slice(frames);
        let chunk = engine.fft.input_frames_next() * STEREO;
        let whole = engine.input.len() / chunk * chunk;
        let mut fault = None;
        for at in (0..whole).step_by(chunk) {
            match engine.chunk(at, out) {
                Ok(frames) => self.given += frames as u64,
                Err(found) => fault = Some(found),
            }
        }
        engine.input.drain(..whole);
        fault.map_or(Ok(()), |found| Err(ResampleFault { from: self.from, to: self.to, found }))
    }

    /// Ends the run: appends what is still inside, so that [`Resampler::end`] frames came out in all.
    ///
    /// # Errors
    /// Where rubato refuses a block.
    pub fn finish(&mut self, out: &mut Vec<f32>) -> Result<(), ResampleFault> {
        let end = self.end();
        let taken = self.taken;
        while self.given < end {
            let silence = vec![0.0; CHUNK * STEREO];
            self.push(&silence, out)?;
        }
        self.taken = taken;
        let over = usize::try_from(self.given - end).unwrap_or(0) * STEREO;
        out.truncate(out.len().saturating_sub(over));
        self.given = end;
        Ok(())
    }
}

/// The chunk for two rates: a whole number of periods that both divide into, and an even one. The filter is as long as
/// the chunk, and the middle of an odd one lies half a frame beside the delay that rubato states.
fn chunk(from: u32, to: u32) -> usize {
    let (mut common, mut rest) = (from, to);
    while rest > 0 {
        (common, rest) = (rest, common % rest);
    }
    let period = (from / common.max(1)).max(1) as usize;
    period * CHUNK.div_ceil(period).next_multiple_of(2)
}

impl Engine {
    /// Resamples the chunk that begins at sample `at` of the input; answers how many frames came out.
    fn chunk(&mut self, at: usize, out: &mut Vec<f32>) -> Result<usize, String> {
        let frames = self.fft.input_frames_next();
        let input =
            InterleavedSlice::new(&self.input[at..], STEREO, frames).map_err(|error| error.to_string())?;
        let room = self.output.len() / STEREO;
        let mut output =
            InterleavedSlice::new_mut(&mut self.output, STEREO, room).map_err(|error| error.to_string())?;
        let (_, made) =
            self.fft.process_into_buffer(&input, &mut output, None).map_err(|error| error.to_string())?;
        let skipped = self.skip.min(made);
        self.skip -= skipped;
        out.extend_from_slice(&self.output[skipped * STEREO..made * STEREO]);
        Ok(made - skipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    fn run(from: u32, to: u32, blocks: &[&[f32]]) -> Vec<f32> {
        let mut resampler = Resampler::new(from, to).unwrap();
        let mut out = Vec::new();
        for block in blocks {
            resampler.push(block, &mut out).unwrap();
            assert!((out.len() / 2) as u64 <= resampler.end());
        }
        resampler.finish(&mut out).unwrap();
        assert_eq!((out.len() / 2) as u64, resampler.end());
        out
    }

    fn sine(frequency: f64, rate: u32, frames: usize) -> Vec<f32> {
        let value = |n: usize| (0.5 * (TAU * frequency * n as f64 / f64::from(rate)).sin()) as f32;
        (0..frames).flat_map(|n| [value(n), value(n)]).collect()
    }

    /// Everything that is not the sine, against the sine, in dB, away from the edges.
    fn noise_db(samples: &[f32], frequency: f64, rate: u32) -> f64 {
        let left: Vec<f64> = samples.iter().step_by(2).map(|s| f64::from(*s)).collect();
        let middle = &left[4800..left.len() - 4800];
        let at = |n: usize| TAU * frequency * (n + 4800) as f64 / f64::from(rate);
        // Least squares of a sine and a cosine.
        let (mut ss, mut cc, mut sc, mut ys, mut yc) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (n, y) in middle.iter().enumerate() {
            let (s, c) = at(n).sin_cos();
            (ss, cc, sc, ys, yc) = (ss + s * s, cc + c * c, sc + s * c, ys + y * s, yc + y * c);
        }
        let det = ss * cc - sc * sc;
        let (a, b) = ((ys * cc - yc * sc) / det, (yc * ss - ys * sc) / det);
        let rest: f64 =
            middle.iter().enumerate().map(|(n, y)| (y - a * at(n).sin() - b * at(n).cos()).powi(2)).sum();
        10.0 * (rest / (middle.len() as f64 * (a * a + b * b) / 2.0)).log10()
    }

    #[test]
    fn a_sine_stays_a_sine_in_its_place() {
        for (from, frequency) in
            [(44_100, 1000.0), (44_100, 10_000.0), (22_050, 1000.0), (96_000, 10_000.0), (8000, 997.0)]
        {
            let out = run(from, 48_000, &[&sine(frequency, from, from as usize)]);
            let noise = noise_db(&out, frequency, 48_000);
            assert!(noise < -90.0, "{from} Hz, {frequency} Hz: {noise} dB");
            // In its place: the same sine made at the target rate, sample for sample.
            let ideal = sine(frequency, 48_000, 48_000);
            let off = out
                .iter()
                .zip(&ideal)
                .skip(9600)
                .take(20_000)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(off < 2e-4, "{from} Hz, {frequency} Hz: off by {off}");
        }
    }

    #[test]
    fn what_the_new_rate_cannot_hold_is_taken_out() {
        let out = run(48_000, 8000, &[&sine(6000.0, 48_000, 48_000)]);
        let loudest = out[2000..out.len() - 2000].iter().fold(0.0f32, |peak, s| peak.max(s.abs()));
        assert!(loudest < 1e-4, "{loudest}");
    }

    #[test]
    fn equal_rates_pass_bit_for_bit() {
        let noise: Vec<f32> =
            (0..5000u32).map(|n| (n.wrapping_mul(2_654_435_761) as f32) / 4e9 - 0.5).collect();
        assert_eq!(run(48_000, 48_000, &[&noise[..1000], &noise[1000..]]), noise);
    }

    #[test]
    fn rates_without_a_common_divisor_are_exact_too() {
        assert_eq!(run(44_101, 48_000, &[&sine(440.0, 44_101, 5000)]).len() / 2, 5443);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn length_is_exact_and_blocks_make_no_difference(
            rate in prop::sample::select(vec![8000u32, 11_025, 16_000, 22_050, 32_000, 44_100, 88_200, 96_000, 192_000]),
            to in prop::sample::select(vec![44_100u32, 48_000]),
            frames in 0usize..5000, cut in 0usize..5000,
        ) {
            let whole = sine(440.0, rate, frames);
            let cut = cut.min(frames) * 2;
            let out = run(rate, to, &[&whole]);
            let expected = (frames as u64 * u64::from(to)).div_ceil(u64::from(rate));
            prop_assert_eq!(out.len() as u64 / 2, expected);
            prop_assert_eq!(run(rate, to, &[&whole[..cut], &whole[cut..]]), out);
        }
    }
}
