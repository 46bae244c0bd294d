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
        Ending::Stopped => return (Outcome::Cut, Some(e.stopped_for.unwrap_or(Reason::Operator))),
        Ending::Completed => {}
    }
    let aired = frames_to_duration(e.delivered.frames - e.delivered.underrun_frames.min(e.delivered.frames), e.delivered.rate);
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

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(change: impl FnOnce(&mut Evidence)) -> (Outcome, Option<Reason>) {
        let delivered = Delivered { frames: 4_752_000, rate: 48_000, ..Delivered::default() };
        let mut evidence = Evidence {
            ending: &Ending::Completed,
            delivered: &delivered,
            planned: Some(Duration::from_secs(100)),
            bad_audio: false,
            stopped_for: None,
            dead_air: Duration::from_secs(20),
        };
        change(&mut evidence);
        verdict(&evidence)
    }

    #[test]
    fn ninety_nine_percent_is_aired_and_a_frame_less_is_not() {
        assert_eq!(judged(|_| ()), (Outcome::Aired, None));
        let short = Delivered { frames: 4_751_999, rate: 48_000, ..Delivered::default() };
        assert_eq!(judged(|e| e.delivered = &short), (Outcome::Interrupted, Some(Reason::BadAudio)));
        let holed = Delivered { frames: 4_800_000, rate: 48_000, underrun_frames: 48_001, ..Delivered::default() };
        assert_eq!(judged(|e| e.delivered = &holed), (Outcome::Interrupted, Some(Reason::DeadAir)));
        assert_eq!(judged(|e| (e.planned, e.delivered) = (None, &short)), (Outcome::Aired, None));
    }

    #[test]
    fn what_spoils_an_airing_is_its_outcome() {
        let silent = Delivered {
            frames: 4_800_000,
            rate: 48_000,
            longest_silence: Duration::from_secs(21),
            ..Delivered::default()
        };
        assert_eq!(judged(|e| e.delivered = &silent), (Outcome::Interrupted, Some(Reason::DeadAir)));
        assert_eq!(judged(|e| e.bad_audio = true), (Outcome::Interrupted, Some(Reason::BadAudio)));
        let lost = Ending::DeviceLost { found: String::new() };
        assert_eq!(judged(|e| e.ending = &lost), (Outcome::Interrupted, Some(Reason::DeviceLost)));
        assert_eq!(
            judged(|e| (e.ending, e.stopped_for) = (&Ending::Stopped, Some(Reason::HardStart))),
            (Outcome::Cut, Some(Reason::HardStart))
        );
    }
}
