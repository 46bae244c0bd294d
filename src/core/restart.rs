//! When the station may be started anew with the version of the program that an upgrade brought: never while something
//! sounds, and never shortly before a cue. Owns the rule; never restarts anything, and has no clock.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::standing::Report;

/// Nothing may fall due for so long after a restart: it takes seconds, and whoever looks after the station has the rest to
/// notice that it did not come up.
pub const CLEAR: TimeDelta = TimeDelta::minutes(10);
/// Every weekday has come by after so long. A station that had no [`CLEAR`] span in it will have none in the next week;
pub const A_WEEK: Duration = Duration::from_secs(7 * 24 * 3_600);
/// from then on this is enough.
pub const CLEAR_AFTER_A_WEEK: TimeDelta = TimeDelta::minutes(1);

/// What keeps the station from being started anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Busy {
    /// That sounds, or is paused while an emergency sounds.
    OnAir {
        /// Its title.
        title: String,
    },
    /// Something waits for the air or falls due soon.
    Due {
        /// When.
        at: DateTime<Utc>,
    },
    /// Entries of the journal are in memory alone and would be lost.
    Unwritten {
        /// How many.
        entries: usize,
    },
    /// It does not say how it stands.
    Silent,
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It may be started anew now.
    Restart,
    /// It has been started anew since, by whomever: the version that runs is the new one.
    Over,
    /// Not yet.
    Wait(Busy),
}

/// The wait for a moment to start a station anew.
#[derive(Clone, Debug, Default)]
pub struct Restart {
    /// When the program that runs the station began, as it said first.
    began: Option<DateTime<Utc>>,
}

impl Restart {
    /// What is to be done, by how the station says it stands (none: it does not say), after waiting for `waited`.
    pub fn turn(&mut self, report: Option<&Report>, waited: Duration) -> Turn {
        let Some(report) = report else { return Turn::Wait(Busy::Silent) };
        let began = report.standing.started;
        if *self.began.get_or_insert(began) != began {
            return Turn::Over;
        }
        let clear = if waited < A_WEEK { CLEAR } else { CLEAR_AFTER_A_WEEK };
        busy(report, clear).map_or(Turn::Restart, Turn::Wait)
    }
}

fn busy(report: &Report, clear: TimeDelta) -> Option<Busy> {
    let standing = &report.standing;
    let sounds = standing.on_air.as_ref().map(|on_air| &on_air.title).or(standing.paused.as_ref());
    if let Some(title) = sounds {
        return Some(Busy::OnAir { title: title.clone() });
    }
    // The queue reaches five to ten minutes ahead, what the live schedules have next reaches further.
    let waiting = standing.coming.iter().map(|coming| coming.due);
    let warnings = standing.emergencies.iter().filter_map(|order| order.next);
    let next = waiting.chain(warnings).chain(report.next_due).min();
    if let Some(at) = next.filter(|at| *at <= standing.now + clear) {
        return Some(Busy::Due { at });
    }
    (standing.held > 0).then_some(Busy::Unwritten { entries: standing.held })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::airing::{AiringId, Kind, Priority};
    use crate::core::emergency::InForce;
    use crate::core::record::ClockState;
    use crate::core::record::Trust;
    use crate::core::standing::{CardStanding, Coming, OnAirNow, Standing};

    fn at(minute: i64, second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute) + TimeDelta::seconds(second)
    }

    /// It is minute 100, and nothing is to be done.
    fn idle() -> Report {
        let clock = ClockState { trust: Trust::Synchronised, synchronised: Some(true) };
        let standing = Standing {
            now: at(100, 0),
            started: at(0, 0),
            clock,
            on_air: None,
            paused: None,
            emergencies: Vec::new(),
            coming: Vec::new(),
            card: CardStanding::Closed,
            amplifier: None,
            held: 0,
            accounted: None,
        };
        let (alarms, schedules, waiting, ways) = Default::default();
        Report { standing, next_due: None, alarms, schedules, waiting, ways }
    }

    fn turn(change: impl FnOnce(&mut Report)) -> Turn {
        let mut report = idle();
        change(&mut report);
        Restart::default().turn(Some(&report), Duration::ZERO)
    }

    fn coming(due: DateTime<Utc>) -> Coming {
        Coming { schedule: None, slot: None, title: "Bản tin".into(), due }
    }

    #[test]
    fn an_idle_station_is_started_anew_and_one_that_airs_or_is_about_to_is_not() {
        assert_eq!(turn(|_| {}), Turn::Restart);
        let due = |at| Turn::Wait(Busy::Due { at });
        assert_eq!(turn(|report| report.next_due = Some(at(110, 0))), due(at(110, 0)));
        assert_eq!(turn(|report| report.next_due = Some(at(110, 1))), Turn::Restart);
        // One that waits for its audio is over its due; the soonest counts.
        let queue =
            |report: &mut Report| report.standing.coming = vec![coming(at(107, 0)), coming(at(99, 0))];
        assert_eq!(turn(queue), due(at(99, 0)));
        let sounds = |report: &mut Report| {
            report.standing.on_air = Some(OnAirNow {
                airing: AiringId(1),
                kind: Kind::Cue,
                title: "Chuyên mục".into(),
                priority: Priority::Normal,
                since: None,
                until: None,
                level_dbfs: None,
            });
        };
        assert_eq!(turn(sounds), Turn::Wait(Busy::OnAir { title: "Chuyên mục".into() }));
        let paused = |report: &mut Report| report.standing.paused = Some("Chuyên mục".into());
        assert_eq!(turn(paused), Turn::Wait(Busy::OnAir { title: "Chuyên mục".into() }));
    }

    #[test]
    fn a_warning_that_repeats_counts_as_a_cue_and_no_entry_is_lost() {
        let warning = |next| {
            turn(|report| {
                let order = InForce {
                    file: crate::core::cart::CartName::new("bao.mp3").unwrap(),
                    title: "Tin bão".into(),
                    until: at(500, 0),
                    every: Some(Duration::from_secs(1_800)),
                    next: Some(next),
                    by: "truong".into(),
                };
                report.standing.emergencies = vec![order];
            })
        };
        assert_eq!(warning(at(105, 0)), Turn::Wait(Busy::Due { at: at(105, 0) }));
        assert_eq!(warning(at(125, 0)), Turn::Restart);
        assert_eq!(turn(|report| report.standing.held = 3), Turn::Wait(Busy::Unwritten { entries: 3 }));
    }

    #[test]
    fn whoever_was_started_anew_meanwhile_is_left_alone() {
        let mut wait = Restart::default();
        let mut report = idle();
        report.next_due = Some(at(101, 0));
        assert_eq!(wait.turn(None, Duration::ZERO), Turn::Wait(Busy::Silent));
        assert!(matches!(wait.turn(Some(&report), Duration::ZERO), Turn::Wait(Busy::Due { .. })));
        report.standing.started = at(99, 0);
        report.next_due = None;
        assert_eq!(wait.turn(Some(&report), Duration::ZERO), Turn::Over);
    }

    /// A station that airs every five minutes, day and night.
    #[test]
    fn a_station_without_a_gap_of_ten_minutes_is_started_anew_after_a_week_between_two_airings() {
        let mut report = idle();
        report.next_due = Some(at(105, 0));
        let mut wait = Restart::default();
        let nearly = A_WEEK - Duration::from_secs(1);
        assert!(matches!(wait.turn(Some(&report), nearly), Turn::Wait(_)));
        assert_eq!(wait.turn(Some(&report), A_WEEK), Turn::Restart);
        report.next_due = Some(at(101, 0));
        assert!(matches!(wait.turn(Some(&report), A_WEEK), Turn::Wait(Busy::Due { .. })));
    }
}
