//! When a slot is due: cron expressions and plain times, in the station's zone.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

/// CONTRACT for the helper: keep these names and signatures.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern;

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("x")]
pub struct PatternError;

/// A civil day of a zone with its changes of offset worked out once, so that mapping its times is cheap.
pub struct Day { pub date: NaiveDate, pub zone: Tz }

impl Day {
    pub fn new(_date: NaiveDate, _zone: Tz) -> Day { todo!() }
    /// The instant of a civil time of that day; a time that a gap skips is the first valid instant after, one that occurs twice the first.
    pub fn at(&self, _time: NaiveTime) -> DateTime<Utc> { todo!() }
}

impl Pattern {
    pub fn cron(_text: &str) -> Result<Pattern, PatternError> { todo!() }
    /// `at` on `days` of each week
    pub fn weekly(_at: &[NaiveTime], _days: Days) -> Pattern { todo!() }
    pub fn dated(_dates: &[NaiveDate], _at: &[NaiveTime]) -> Pattern { todo!() }
    /// Puts the instants of this pattern on that civil day into `out`, ascending.
    pub fn on_day(&self, _day: &Day, _out: &mut Vec<DateTime<Utc>>) { todo!() }
    /// The first instant after `after`.
    pub fn next_after(&self, _zone: Tz, _after: DateTime<Utc>) -> Option<DateTime<Utc>> { todo!() }
}

/// A set of weekdays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(pub u8);
