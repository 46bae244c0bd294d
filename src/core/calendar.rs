//! x
use chrono::*; use chrono_tz::Tz;
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuietHours;
impl QuietHours {
 pub fn contains(&self, _z: Tz, _t: DateTime<Utc>) -> bool { false }
 pub fn touches(&self, _z: Tz, _t: DateTime<Utc>, _u: DateTime<Utc>) -> bool { false }
 pub fn end_after(&self, _z: Tz, _t: DateTime<Utc>) -> Option<DateTime<Utc>> { None }
 pub fn start_after(&self, _z: Tz, _t: DateTime<Utc>) -> Option<DateTime<Utc>> { None }
}
#[derive(Clone, Debug, Default)]
pub struct Holidays;
impl Holidays { pub fn contains(&self, _d: NaiveDate) -> bool { false } }
