//! The look-ahead limiter: keeps true peaks below a ceiling without changing the length, and leaves alone what is below.
//! Owns the 4× detection (the interpolator of ITU-R BS.1770, annex 2) and the gain's shape; never decides whether it is
//! needed.
//!
//! The gain of a frame is the mean, over the look-ahead before it, of the smallest gain that any peak of the
//! look-ahead after each of those frames needs: it has reached what a peak needs when the peak comes, without a step.

use std::collections::VecDeque;
use std::time::Duration;

/// How far ahead peaks are seen; the gain sinks over this time.
const LOOK_AHEAD: Duration = Duration::from_millis(5);
/// The time in which the gain comes back by 63 %.
const RELEASE: Duration = Duration::from_millis(120);
/// It works so much below the ceiling, in dB: between the values that it looks at a peak may be a little higher.
const MARGIN_DB: f64 = 0.3;
/// Taps of each of the interpolator's phases.
const TAPS: usize = 24;
/// Values between two samples.
const PHASES: usize = 4;
/// The interpolator's answer for the interval after a sample comes so many frames later.
const LATE: usize = TAPS / 2;

/// A limiter for one run of interleaved stereo frames.
pub struct Limiter {
    threshold: f32,
    filter: [[f32; PHASES]; TAPS],
    /// The last samples of each side, newest first, written twice so that a window is always in one piece.
    history: [[f32; 2 * TAPS]; 2],
    newest: usize,
    /// The highest value in the interval before the last one looked at.
    before: f32,
    seen: u64,
    /// Frames whose gain is not known yet.
    waiting: VecDeque<[f32; 2]>,
    /// The needs within the look-ahead, rising, with their place.
    needs: VecDeque<(u64, f32)>,
    release: f64,
    held: f64,
    /// The held gains of the look-ahead before, their sum, and how many of them are below 1.
    recent: VecDeque<f64>,
    sum: f64,
    lowered: usize,
}

impl Limiter {
    /// A limiter at `rate` Hz whose output stays below `ceiling_dbtp` (0 is full scale).
    pub fn new(rate: u32, ceiling_dbtp: f64) -> Limiter {
        let frames = |time: Duration| f64::from(rate) * time.as_secs_f64();
        let ahead = (frames(LOOK_AHEAD).round() as usize).max(1);
        Limiter {
            threshold: 10f64.powf((ceiling_dbtp - MARGIN_DB) / 20.0) as f32,
            filter: interpolator(),
            history: [[0.0; 2 * TAPS]; 2],
            newest: 0,
            before: 0.0,
            seen: 0,
            waiting: VecDeque::with_capacity(ahead + LATE + 1),
            needs: VecDeque::with_capacity(ahead + 1),
            release: 1.0 - (-1.0 / frames(RELEASE).max(1.0)).exp(),
            held: 1.0,
            recent: VecDeque::from(vec![1.0; ahead]),
            sum: ahead as f64,
            lowered: 0,
        }
    }

    /// Takes interleaved stereo frames and appends those whose gain is known to `out`.
    pub fn push(&mut self, frames: &[f32], out: &mut Vec<f32>) {
        for frame in frames.chunks_exact(2) {
            self.waiting.push_back([frame[0], frame[1]]);
            self.look([frame[0], frame[1]], out);
        }
    }

    /// Ends the run: appends the frames that are still inside. As many came out as went in.
    pub fn finish(&mut self, out: &mut Vec<f32>) {
        while !self.waiting.is_empty() {
            self.look([0.0, 0.0], out);
        }
    }

    /// Looks at one more frame, and lets go of the one whose gain is thereby known.
    fn look(&mut self, frame: [f32; 2], out: &mut Vec<f32>) {
        let peak = self.interval_peak(frame);
        let Some(place) = self.seen.checked_sub(LATE as u64) else {
            self.seen += 1;
            // The interval before the first frame belongs to it too.
            self.before = peak;
            return;
        };
        self.seen += 1;
        let highest = peak.max(self.before);
        self.before = peak;
        let need = if highest > self.threshold { self.threshold / highest } else { 1.0 };

        let ahead = self.recent.len() as u64;
        while self.needs.back().is_some_and(|(_, waiting)| *waiting >= need) {
            self.needs.pop_back();
        }
        self.needs.push_back((place, need));
        while self.needs.front().is_some_and(|(at, _)| at + ahead <= place) {
            self.needs.pop_front();
        }
        let lowest = self.needs.front().map_or(1.0, |(_, need)| *need);
        self.hold(f64::from(lowest));

        // The frame whose look-ahead this completes, once there is one.
        if place + 1 >= ahead
            && let Some([left, right]) = self.waiting.pop_front()
        {
            let gain = if self.lowered == 0 { 1.0 } else { (self.sum / ahead as f64) as f32 };
            out.extend([left * gain, right * gain]);
        }
    }

    /// Sinks at once, comes back slowly, and takes the mean.
    fn hold(&mut self, lowest: f64) {
        self.held = if lowest < self.held { lowest } else { self.held + (lowest - self.held) * self.release };
        if lowest >= 1.0 && self.held > 0.9999 {
            self.held = 1.0;
        }
        let oldest = self.recent.pop_front().unwrap_or(1.0);
        self.recent.push_back(self.held);
        self.sum += self.held - oldest;
        self.lowered = self.lowered + usize::from(self.held < 1.0) - usize::from(oldest < 1.0);
        if self.lowered == 0 {
            self.sum = self.recent.len() as f64;
        }
    }

    /// The highest value, of both sides, from the sample `LATE` frames ago up to the next.
    fn interval_peak(&mut self, frame: [f32; 2]) -> f32 {
        self.newest = if self.newest == 0 { TAPS - 1 } else { self.newest - 1 };
        let mut peak = 0.0f32;
        for (history, sample) in self.history.iter_mut().zip(frame) {
            history[self.newest] = sample;
            history[self.newest + TAPS] = sample;
            let mut values = [0.0f32; PHASES];
            for (sample, phases) in history[self.newest..].iter().zip(&self.filter) {
                for (value, coefficient) in values.iter_mut().zip(phases) {
                    *value += sample * coefficient;
                }
            }
            peak = values.iter().fold(peak, |peak, value| peak.max(value.abs()));
        }
        peak
    }
}

/// A sinc under a Hann window, cut into phases; phase 0 is the sample itself.
fn interpolator() -> [[f32; PHASES]; TAPS] {
    let length = (TAPS * PHASES) as f64;
    let mut filter = [[0.0; PHASES]; TAPS];
    for (at, coefficient) in filter.as_flattened_mut().iter_mut().enumerate() {
        let window = 0.5 * (1.0 - (std::f64::consts::TAU * at as f64 / length).cos());
        let angle = std::f64::consts::PI * (at as f64 - length / 2.0) / PHASES as f64;
        let sinc = if angle.abs() < 1e-9 { 1.0 } else { angle.sin() / angle };
        *coefficient = (window * sinc) as f32;
    }
    filter
}

#[cfg(test)]
mod tests {
    use super::*;
    use ebur128::{EbuR128, Mode};
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    const RATE: u32 = 48_000;
    const CEILING_DBTP: f64 = -1.0;

    fn limited(input: &[f32], rate: u32, block: usize) -> Vec<f32> {
        let mut limiter = Limiter::new(rate, CEILING_DBTP);
        let mut out = Vec::new();
        for block in input.chunks(block * 2) {
            limiter.push(block, &mut out);
        }
        limiter.finish(&mut out);
        out
    }

    fn true_peak(samples: &[f32], rate: u32) -> f64 {
        let mut meter = EbuR128::new(2, rate, Mode::TRUE_PEAK).unwrap();
        meter.add_frames_f32(samples).unwrap();
        meter.add_frames_f32(&[0.0; 64]).unwrap();
        20.0 * meter.true_peak(0).unwrap().max(meter.true_peak(1).unwrap()).log10()
    }

    fn stereo(frames: usize, value: impl Fn(f64) -> f64) -> Vec<f32> {
        (0..frames)
            .flat_map(|n| {
                let v = value(n as f64) as f32;
                [v, -v]
            })
            .collect()
    }

    fn noise(n: f64) -> f64 {
        let mut x = (n as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        x ^= x >> 29;
        x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (x >> 11) as f64 / (1u64 << 52) as f64 - 1.0
    }

    #[test]
    fn nasty_signals_stay_below_the_ceiling() {
        for rate in [44_100, 48_000, 96_000] {
            let hz = f64::from(rate);
            let cases: Vec<(&str, Vec<f32>)> = vec![
                ("square 997 Hz, +12 dB", stereo(24_000, |n| 4.0 * (TAU * 997.0 * n / hz).sin().signum())),
                ("square 7 kHz", stereo(24_000, |n| (TAU * 7001.0 * n / hz).sin().signum())),
                (
                    "a quarter of the rate, between the samples",
                    stereo(24_000, |n| (TAU * 0.25 * n + TAU / 8.0).sin()),
                ),
                ("clipped noise, +20 dB", stereo(24_000, |n| (10.0 * noise(n)).clamp(-1.0, 1.0))),
                (
                    "alternating signs in bursts",
                    stereo(24_000, |n| {
                        if ((n / 3000.0) as u64).is_multiple_of(2) {
                            if (n as u64).is_multiple_of(2) { 1.0 } else { -1.0 }
                        } else {
                            0.1 * noise(n)
                        }
                    }),
                ),
                ("lone clicks", stereo(24_000, |n| if (n as u64).is_multiple_of(4801) { 8.0 } else { 0.0 })),
                ("from the first frame to the last", stereo(700, |_| 3.0)),
                ("rising sweep", stereo(48_000, |n| 2.0 * (TAU * (50.0 + n / 8.0) * n / hz).sin())),
                ("swelling", stereo(48_000, |n| (n / 20_000.0) * (TAU * 3000.0 * n / hz).sin())),
                ("wrong signs at full scale", stereo(24_000, |n| noise(n).signum())),
            ];
            for (name, input) in cases {
                let out = limited(&input, rate, 1000);
                assert_eq!(out.len(), input.len(), "{name}");
                let peak = true_peak(&out, rate);
                assert!(peak <= CEILING_DBTP, "{name} at {rate} Hz: {peak} dBTP");
                assert!(peak > CEILING_DBTP - 1.5, "{name} at {rate} Hz: pressed down to {peak} dBTP");
            }
        }
    }

    #[test]
    fn what_is_below_is_untouched_and_in_its_place() {
        let quiet = stereo(30_000, |n| 0.3 * noise(n));
        assert!(limited(&quiet, RATE, 777) == quiet);
        // A peak at 20,000 is heard about; long before and long after it nothing changes.
        let mut peak = quiet.clone();
        peak[40_000] = 2.0;
        let out = limited(&peak, RATE, 777);
        assert!(out[..39_000] == quiet[..39_000]);
        assert!(out[40_000] < 0.9 && out[40_000] > 0.7);
        assert_eq!(out.len(), quiet.len());
        assert!(out[40_002..40_100].iter().zip(&quiet[40_002..]).all(|(a, b)| a.abs() <= b.abs()));
        let back = 40_000 + 3 * 48_000;
        let long = [peak, stereo(90_000, |n| 0.3 * noise(n))].concat();
        assert!(limited(&long, RATE, 777)[back..] == long[back..]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]
        #[test]
        fn blocks_make_no_difference_and_no_peak_passes(
            points in prop::collection::vec((-4.0f32..4.0, 1usize..200), 1..60), block in 1usize..2000,
        ) {
            let input: Vec<f32> = points.iter().flat_map(|(v, n)| std::iter::repeat_n([*v, -v * 0.5], *n)).flatten().collect();
            let out = limited(&input, RATE, block);
            prop_assert_eq!(out.len(), input.len());
            prop_assert!(out == limited(&input, RATE, 4096));
            prop_assert!(true_peak(&out, RATE) <= CEILING_DBTP);
        }
    }
}
