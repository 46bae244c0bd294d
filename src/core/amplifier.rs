//! The amplifier or transmitter as a value: when it is to be on. Owns the rule by which it goes on ahead of an airing and
//! off after the last one; never switches anything, that is the work of whoever implements [`Amplifier`].

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// Switched on.
    On,
    /// Switched off.
    Off,
}

/// What came of a command to the amplifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Switched {
    /// What was wanted.
    pub to: Switch,
    /// What went wrong, in English; none: it was done.
    pub fault: Option<String>,
}

/// Whatever switches the amplifier. No call blocks: what came of it is told as [`Switched`].
pub trait Amplifier: Send {
    /// Asks that it be on, or off. Asked again for the same, the command is given again.
    fn switch(&mut self, to: Switch);
}

/// When the amplifier is switched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// So long before an airing it goes on, 0 s–[`LONGEST_BEFORE`]: valves and transmitters need to warm up.
    pub before: Duration,
    /// So long after the last airing it goes off.
    pub after: Duration,
}

/// The longest `before`: four minutes, less than the span in which the playout knows what comes.
pub const LONGEST_BEFORE: Duration = Duration::from_secs(240);

/// What the amplifier is needed for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Need {
    /// Something sounds.
    pub sounding: bool,
    /// When the next thing that may sound is due.
    pub next: Option<DateTime<Utc>>,
    /// When the last thing that sounded ended.
    pub ended: Option<DateTime<Utc>>,
}

/// How the amplifier is to be now. What ended in the future, by a clock that was set back, keeps nothing on.
pub fn wanted(need: &Need, timing: &Timing, now: DateTime<Utc>) -> Switch {
    let soon = need.next.is_some_and(|due| due - timing.before <= now);
    let just_now = need.ended.is_some_and(|ended| ended <= now && now < ended + timing.after);
    if need.sounding || soon || just_now { Switch::On } else { Switch::Off }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    const TIMING: Timing = Timing { before: Duration::from_secs(30), after: Duration::from_secs(60) };

    #[test]
    fn it_is_on_from_before_the_first_airing_until_after_the_last() {
        let next = Need { next: Some(at(100)), ..Need::default() };
        assert_eq!(wanted(&next, &TIMING, at(69)), Switch::Off);
        assert_eq!(wanted(&next, &TIMING, at(70)), Switch::On);
        let sounding = Need { sounding: true, ..Need::default() };
        assert_eq!(wanted(&sounding, &TIMING, at(500)), Switch::On);
        let over = Need { ended: Some(at(700)), ..Need::default() };
        assert_eq!(wanted(&over, &TIMING, at(759)), Switch::On);
        assert_eq!(wanted(&over, &TIMING, at(760)), Switch::Off);
        assert_eq!(wanted(&over, &TIMING, at(699)), Switch::Off, "a clock that was set back");
        assert_eq!(wanted(&Need::default(), &TIMING, at(0)), Switch::Off);
    }

    proptest! {
        #[test]
        fn it_is_never_on_without_a_cause(
            sounding in any::<bool>(), next in prop::option::of(-400i64..400), ended in prop::option::of(-400i64..400),
            now in -400i64..400,
        ) {
            let need = Need { sounding, next: next.map(at), ended: ended.map(at) };
            let cause = sounding
                || next.is_some_and(|due| now >= due - 30)
                || ended.is_some_and(|ended| ended <= now && now < ended + 60);
            prop_assert_eq!(wanted(&need, &TIMING, at(now)) == Switch::On, cause);
        }
    }
}
