//! The outcome of an airing from what was really delivered. Owns the rule of the design's table; never guesses from
//! what was planned to happen.

use std::time::Duration;

use crate::audio::output::{Delivered, Ending};
use crate::core::airing::{Outcome, Reason};
use crate::core::cart::frames_to_duration;

/// Of the planned frames, this many in a hundred must have been delivered for an airing to count as aired.
const WHOLE_PERCENT: u128 = 99;

/// What the verdict rests on.
pub(super) struct Evidence<'a> {
    pub(super) ending: &'a Ending,
    pub(super) delivered: &'a Delivered,
    /// The planned length of what was loaded; none where a recording was not measured.
    pub(super) planned: Option<Duration>,
    /// A recording was left out or broke.
    pub(super) bad_audio: bool,
    /// Why the playout stopped it, if it did.
    pub(super) stopped_for: Option<Reason>,
    /// The longest silence that is no dead air.
    pub(super) dead_air: Duration,
}

/// The outcome and its reason.
pub(super) fn verdict(e: &Evidence) -> (Outcome, Option<Reason>) {
    match e.ending {
        Ending::DeviceLost { .. } => return (Outcome::Interrupted, Some(Reason::DeviceLost)),
        Ending::Stopped => {
            let reason = e.stopped_for.unwrap_or(Reason::Operator);
            return (outcome_of_stop(reason), Some(reason));
        }
        Ending::Completed => {}
    }
    let aired = frames_to_duration(
        e.delivered.frames - e.delivered.underrun_frames.min(e.delivered.frames),
        e.delivered.rate,
    );
    let whole = |planned: Duration| aired.as_nanos() * 100 >= planned.as_nanos() * WHOLE_PERCENT;
    if e.bad_audio {
        (Outcome::Interrupted, Some(Reason::BadAudio))
    } else if e.delivered.longest_silence > e.dead_air {
        (Outcome::Interrupted, Some(Reason::DeadAir))
    } else if !e.planned.is_none_or(whole) {
        // What was planned was measured: less than that came out of the decoder, or silence stood in for it.
        let reason = if e.delivered.underrun_frames > 0 { Reason::DeadAir } else { Reason::BadAudio };
        (Outcome::Interrupted, Some(reason))
    } else {
        (Outcome::Aired, None)
    }
}

/// What an airing is that was told to end: cut by a rule or a person, unless it was for a failure of its own.
pub(super) fn outcome_of_stop(reason: Reason) -> Outcome {
    if reason.fits(Outcome::Interrupted) { Outcome::Interrupted } else { Outcome::Cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(
        ending: Ending,
        delivered: Delivered,
        change: impl FnOnce(&mut Evidence),
    ) -> (Outcome, Option<Reason>) {
        let mut evidence = Evidence {
            ending: &ending,
            delivered: &delivered,
            planned: Some(Duration::from_secs(100)),
            bad_audio: false,
            stopped_for: None,
            dead_air: Duration::from_secs(20),
        };
        change(&mut evidence);
        verdict(&evidence)
    }

    fn frames(frames: u64) -> Delivered {
        Delivered { frames, rate: 48_000, ..Delivered::default() }
    }

    #[test]
    fn ninety_nine_percent_is_aired_and_a_frame_less_is_not() {
        assert_eq!(judged(Ending::Completed, frames(4_752_000), |_| ()), (Outcome::Aired, None));
        let bad = (Outcome::Interrupted, Some(Reason::BadAudio));
        assert_eq!(judged(Ending::Completed, frames(4_751_999), |_| ()), bad);
        let holed = Delivered { underrun_frames: 48_001, ..frames(4_800_000) };
        assert_eq!(judged(Ending::Completed, holed, |_| ()), (Outcome::Interrupted, Some(Reason::DeadAir)));
        assert_eq!(
            judged(Ending::Completed, frames(4_751_999), |e| e.planned = None),
            (Outcome::Aired, None)
        );
    }

    #[test]
    fn what_spoils_an_airing_is_its_outcome() {
        let silent = Delivered { longest_silence: Duration::from_secs(21), ..frames(4_800_000) };
        assert_eq!(judged(Ending::Completed, silent, |_| ()), (Outcome::Interrupted, Some(Reason::DeadAir)));
        let bad = judged(Ending::Completed, frames(4_800_000), |e| e.bad_audio = true);
        assert_eq!(bad, (Outcome::Interrupted, Some(Reason::BadAudio)));
        let lost = judged(Ending::DeviceLost { found: String::new() }, frames(4_800_000), |_| ());
        assert_eq!(lost, (Outcome::Interrupted, Some(Reason::DeviceLost)));
        let cut = judged(Ending::Stopped, frames(4_800_000), |e| e.stopped_for = Some(Reason::HardStart));
        assert_eq!(cut, (Outcome::Cut, Some(Reason::HardStart)));
        let silent = judged(Ending::Stopped, frames(4_800_000), |e| e.stopped_for = Some(Reason::DeadAir));
        assert_eq!(silent, (Outcome::Interrupted, Some(Reason::DeadAir)));
    }
}
