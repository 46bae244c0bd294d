//! Frames to wall time, from what each callback of a card says of itself. Owns the smoothing: single timestamps jitter
//! by some milliseconds, the line through them does not. Counting frames from the opening would drift with the card's
//! crystal; this follows it (measured with a prototype: 0.01 ms on average against the monitor).

/// Callbacks that the line is drawn through: 1.4 s at 1,024 frames, 2.7 s at 2,048. The delays that ALSA's pulse plugin
/// reports are off by milliseconds for a second at a time; a third of it let most of them show through. Longer, and a
/// crystal would show through: one that is off by 100 ppm by 0.14 ms already.
const MEMORY: usize = 64;

/// Callbacks nearer to each other than a second divided by this count as one: Windows asks every 10 ms, and would be
/// remembered for 0.6 s alone.
const APART: u32 = 50;

/// Wall clock against the card's clock may jump by this much before it counts as set, and the card's frames against its
/// clock before it counts as having run dry, nanoseconds. What ALSA's pulse plugin is off by stays below it.
const STEP: i64 = 5_000_000;

/// This many callbacks must agree that the wall clock was set forward, or that the card ran dry: one may only have been
/// called late.
const AGREE: usize = 3;

/// What a card says when it asks for frames, all in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    /// The card's clock at the call.
    pub(super) called: i64,
    /// The card's clock when the first frame asked for will be at the loudspeaker.
    pub(super) heard: i64,
    /// The wall clock at the call, since 1970.
    pub(super) wall: i64,
}

/// The line.
#[derive(Clone, Debug)]
pub(super) struct Timeline {
    rate: u32,
    /// Wall clock less card's clock, latest at `next - 1`; the smallest is the call that was late least.
    epochs: [i64; MEMORY],
    /// Card's clock of frame 0, as each callback has it.
    origins: [i64; MEMORY],
    next: usize,
    known: usize,
    /// The frame that the latest callback which counted for itself asked for first.
    counted: u64,
}

impl Timeline {
    pub(super) fn new(rate: u32) -> Self {
        Timeline { rate, epochs: [0; MEMORY], origins: [0; MEMORY], next: 0, known: 0, counted: 0 }
    }

    /// Forgets everything: another card, or the same one opened again.
    pub(super) fn forget(&mut self) {
        self.known = 0;
    }

    /// Takes in what a callback says of the frame that it asks for first.
    pub(super) fn note(&mut self, frame: u64, stamp: Stamp) {
        let (epoch, origin) = (stamp.wall - stamp.called, stamp.heard - self.span(frame));
        if self.known > 0 && frame.abs_diff(self.counted) < u64::from(self.rate / APART) {
            // The call that was late least counts, and of the delays the newest.
            let latest = (self.next + MEMORY - 1) % MEMORY;
            self.epochs[latest] = self.epochs[latest].min(epoch);
            self.origins[latest] = origin;
            return;
        }
        self.counted = frame;
        self.epochs[self.next] = epoch;
        self.origins[self.next] = origin;
        self.next = (self.next + 1) % MEMORY;
        self.known = (self.known + 1).min(MEMORY);
        // A wall clock set back makes the smallest smaller by itself; one set forward must be noticed.
        if self.known > AGREE {
            let latest = (1..=AGREE).map(|back| self.epochs[(self.next + MEMORY - back) % MEMORY]);
            let (least, most) =
                latest.fold((i64::MAX, i64::MIN), |(least, most), one| (least.min(one), most.max(one)));
            let before = self.least_epoch();
            if least > before + STEP && most - least < STEP {
                self.epochs.fill(least);
            }
            self.follow_a_shift();
        }
    }

    /// A card that ran dry plays every later frame later. The median would follow in a second or so, and what is placed
    /// by it until then would start as much too late.
    fn follow_a_shift(&mut self) {
        let mut latest: [i64; AGREE] =
            std::array::from_fn(|back| self.origins[(self.next + MEMORY - 1 - back) % MEMORY]);
        latest.sort_unstable();
        let [least, middle, most] = latest;
        let before = self.median_origin();
        if most - least < STEP && (least > before + STEP || most < before - STEP) {
            self.origins.fill(middle);
        }
    }

    fn least_epoch(&self) -> i64 {
        self.epochs[..self.known].iter().copied().min().unwrap_or(0)
    }

    /// Nanoseconds that so many frames last.
    fn span(&self, frames: u64) -> i64 {
        (i128::from(frames) * 1_000_000_000 / i128::from(self.rate.max(1))) as i64
    }

    /// The wall time of frame 0, nanoseconds since 1970.
    fn start(&self) -> i64 {
        self.least_epoch() + self.median_origin()
    }

    fn median_origin(&self) -> i64 {
        let mut origins = self.origins;
        let known = &mut origins[..self.known];
        known.sort_unstable();
        let middle = known.len() / 2;
        match known.len() {
            0 => 0,
            even if even % 2 == 0 => known[middle - 1] + (known[middle] - known[middle - 1]) / 2,
            _ => known[middle],
        }
    }

    /// When that frame is at the loudspeaker, nanoseconds since 1970.
    pub(super) fn wall_of(&self, frame: u64) -> i64 {
        self.start() + self.span(frame)
    }

    /// The frame nearest to that wall time; 0 for one before the first.
    pub(super) fn frame_at(&self, wall: i64) -> u64 {
        let since = i128::from(wall) - i128::from(self.start());
        let frames = (since * i128::from(self.rate) + 500_000_000).div_euclid(1_000_000_000);
        u64::try_from(frames).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;
    const PERIOD: u64 = 2048;
    const DELAY: i64 = 60_000_000;
    const NOON: i64 = 1_795_000_000_000_000_000;

    /// A card that runs `ppm` fast, called late by up to some milliseconds as chance has it.
    fn run(timeline: &mut Timeline, callbacks: u64, ppm: i64, mut late: impl FnMut(u64) -> i64) {
        for call in 0..callbacks {
            let frame = call * PERIOD;
            let span = (frame as i128 * 1_000_000_000 / i128::from(RATE)) as i64;
            let due = span - span / 1_000_000 * ppm;
            let called = due + late(call);
            timeline.note(
                frame,
                Stamp { called, heard: due + DELAY + late(call) % 700_000, wall: NOON + called },
            );
        }
    }

    #[test]
    fn frames_and_times_are_one_line() {
        let mut timeline = Timeline::new(RATE);
        run(&mut timeline, 40, 0, |_| 0);
        let at = timeline.wall_of(100 * PERIOD);
        assert_eq!(at, NOON + DELAY + (100 * PERIOD as i64 * 1_000_000_000 / i64::from(RATE)));
        assert_eq!(timeline.frame_at(at), 100 * PERIOD);
        assert_eq!(timeline.frame_at(NOON - 1_000_000_000), 0);
    }

    #[test]
    fn late_calls_and_a_crystal_that_runs_fast_move_it_by_a_fraction_of_a_millisecond() {
        for ppm in [0, 100, -100] {
            let mut timeline = Timeline::new(RATE);
            // Late by up to 4 ms, in no order; every seventh call comes in time.
            run(&mut timeline, 2_000, ppm, |call| {
                if call % 7 == 0 { 0 } else { (call * 7919 % 4_000) as i64 * 1_000 }
            });
            let frame = 2_000 * PERIOD;
            let span = (frame as i128 * 1_000_000_000 / i128::from(RATE)) as i64;
            let truth = NOON + DELAY + span - span / 1_000_000 * ppm;
            let off = timeline.wall_of(frame) - truth;
            // The jitter of `heard` in this test alone has a median of 0.3 ms; the crystal adds 0.14.
            assert!(off.abs() < 500_000, "{ppm} ppm: {off} ns");
        }
    }

    #[test]
    fn a_card_that_ran_dry_is_followed_within_three_calls_and_one_odd_delay_is_not() {
        let note = |timeline: &mut Timeline, call: u64, behind: i64| {
            let span = (call * PERIOD) as i64 * 1_000_000_000 / i64::from(RATE);
            let stamp = Stamp { called: span, heard: span + DELAY + behind, wall: NOON + span };
            timeline.note(call * PERIOD, stamp);
        };
        let mut timeline = Timeline::new(RATE);
        (0..100).for_each(|call| note(&mut timeline, call, 0));
        let before = timeline.wall_of(0);
        note(&mut timeline, 100, 30_000_000);
        note(&mut timeline, 101, 0);
        assert_eq!(timeline.wall_of(0), before, "one odd delay");
        for behind in [30_000_000, -30_000_000] {
            let mut shifted = timeline.clone();
            (102..105).for_each(|call| note(&mut shifted, call, behind));
            assert_eq!(shifted.wall_of(0) - before, behind);
        }
        // What a plugin is off by is smoothed, not followed.
        (102..105).for_each(|call| note(&mut timeline, call, 4_000_000));
        assert_eq!(timeline.wall_of(0), before);
    }

    #[test]
    fn a_card_that_asks_every_ten_milliseconds_is_remembered_as_long_as_others() {
        const TEN_MS: u64 = RATE as u64 / 100;
        let note = |timeline: &mut Timeline, call: u64, behind: i64| {
            let span = call as i64 * 10_000_000;
            let stamp = Stamp { called: span, heard: span + DELAY + behind, wall: NOON + span };
            timeline.note(call * TEN_MS, stamp);
        };
        let mut timeline = Timeline::new(RATE);
        (0..400).for_each(|call| note(&mut timeline, call, 0));
        let before = timeline.wall_of(0);
        (400..450).for_each(|call| note(&mut timeline, call, 4_000_000));
        assert_eq!(timeline.wall_of(0), before, "half a second of odd delays");
        (450..456).for_each(|call| note(&mut timeline, call, 30_000_000));
        assert_eq!(timeline.wall_of(0) - before, 30_000_000, "it ran dry");
    }

    #[test]
    fn a_wall_clock_that_is_set_is_followed_and_one_late_call_is_not() {
        let note = |timeline: &mut Timeline, call: u64, wall_ahead: i64| {
            let span = (call * PERIOD) as i64 * 1_000_000_000 / i64::from(RATE);
            timeline.note(
                call * PERIOD,
                Stamp { called: span, heard: span + DELAY, wall: NOON + span + wall_ahead },
            );
        };
        let mut timeline = Timeline::new(RATE);
        (0..40).for_each(|call| note(&mut timeline, call, 0));
        let before = timeline.wall_of(0);
        note(&mut timeline, 40, 20_000_000);
        assert_eq!(timeline.wall_of(0), before);
        for step in [3_600_000_000_000, -60_000_000_000] {
            let mut stepped = timeline.clone();
            (41..45).for_each(|call| note(&mut stepped, call, step));
            assert_eq!(stepped.wall_of(0) - before, step);
        }
    }
}
