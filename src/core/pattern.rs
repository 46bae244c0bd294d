//! When a slot is due: cron expressions as crontab(5) has them, times of the week, times of named days. Owns the way
//! from a pattern to civil times and from those to instants, with the rules of summer time; never asks what time it is.
//!
//! A fixed time that a gap of the zone skips is due at the first valid instant after it, one that occurs twice is due
//! once, the first time; a cron expression with `*` in minute or hour follows real time (Debian's cron(8)).

use std::fmt;
use std::sync::Arc;

use chrono::{
    DateTime, Datelike, Days as DaySpan, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta,
    TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;

mod crontab;
mod spelling;

pub use crontab::{Field, PatternError};
pub use spelling::{Days, DaysError, TimeError, parse_time};

use crontab::Crontab;

/// How far a next occurrence is looked for: 29 February on a Monday comes every 28 years, 40 over a century's end.
const SEARCH_DAYS: usize = 366 * 41;

/// The first day that zones are asked for: 1 January of the year 1.
const FIRST_DATE: NaiveDate = match NaiveDate::from_ymd_opt(1, 1, 1) {
    Some(date) => date,
    None => NaiveDate::MIN,
};

/// Zones are asked for the years 1 to 9999, before and after that it is UTC: at the ends of what chrono holds an offset
/// has nowhere to go.
fn has_civil_time(date: &NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

/// A pattern of due times.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// A cron expression.
    Cron(Arc<Crontab>),
    /// Times of the day on some weekdays.
    Weekly {
        /// The times, ascending.
        at: Arc<[NaiveTime]>,
        /// The weekdays.
        days: Days,
    },
    /// Times of named days.
    Dated {
        /// The days, ascending.
        dates: Arc<[NaiveDate]>,
        /// The times, ascending.
        at: Arc<[NaiveTime]>,
    },
}

/// Ascending, each once.
fn in_order<T: Ord + Clone>(items: &[T]) -> Arc<[T]> {
    let mut items = items.to_vec();
    items.sort();
    items.dedup();
    items.into()
}

impl Pattern {
    /// A cron expression of five fields (minute hour day month weekday), or six with seconds first; `@hourly`, `@daily`,
    /// `@midnight`, `@weekly`, `@monthly`, `@yearly`, `@annually`.
    ///
    /// # Errors
    /// What is wrong with it, and an expression that never fires, such as 30 February.
    pub fn cron(text: &str) -> Result<Pattern, PatternError> {
        crontab::parse(text).map(|crontab| Pattern::Cron(Arc::new(crontab)))
    }

    /// Those times on those weekdays, every week.
    pub fn weekly(at: &[NaiveTime], days: Days) -> Pattern {
        Pattern::Weekly { at: in_order(at), days }
    }

    /// Those times on those days.
    pub fn dated(dates: &[NaiveDate], at: &[NaiveTime]) -> Pattern {
        Pattern::Dated { dates: in_order(dates), at: in_order(at) }
    }

    /// Appends the instants that belong to that civil day to `out`, ascending, each once. An instant that a gap moved
    /// over midnight belongs to the day of its civil time.
    pub fn on_day(&self, day: &Day, out: &mut Vec<DateTime<Utc>>) {
        let first = out.len();
        match self {
            Pattern::Weekly { at, days } if days.has(day.date) => out.extend(at.iter().map(|at| day.at(*at))),
            Pattern::Dated { dates, at } if dates.binary_search(&day.date).is_ok() => {
                out.extend(at.iter().map(|at| day.at(*at)));
            }
            Pattern::Cron(crontab) if crontab.has_day(day.date) => {
                if crontab.follows_real_time() && !day.is_even() {
                    day.each_second_of(crontab, out);
                } else {
                    crontab.times().for_each(|at| out.push(day.at(at)));
                }
            }
            _ => return,
        }
        if !day.is_even() {
            // Two civil times of a gap are one instant.
            let mut of_day = out.split_off(first);
            of_day.dedup();
            out.append(&mut of_day);
        }
    }

    /// How many instants belong to that civil day.
    pub fn count_on(&self, day: &Day) -> usize {
        let mut out = Vec::new();
        self.on_day(day, &mut out);
        out.len()
    }

    /// How many instants belong to one of its days.
    pub fn a_day(&self) -> usize {
        match self {
            Pattern::Cron(crontab) => crontab.times().count(),
            Pattern::Weekly { at, .. } | Pattern::Dated { at, .. } => at.len(),
        }
    }

    /// The first instant after `after`; none where there is none in the next 41 years, or before the year 10000.
    pub fn next_after(&self, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // The civil day may be the one before that of UTC, and a gap moves an instant past its civil day.
        let first = after
            .date_naive()
            .checked_sub_days(DaySpan::new(2))
            .map_or(FIRST_DATE, |date| date.max(FIRST_DATE));
        let mut found = Vec::new();
        for date in first.iter_days().take(SEARCH_DAYS).take_while(has_civil_time) {
            if !self.may_have(date) {
                continue;
            }
            found.clear();
            self.on_day(&Day::new(date, zone), &mut found);
            if let Some(next) = found.iter().find(|instant| **instant > after) {
                return Some(*next);
            }
            if matches!(self, Pattern::Dated { dates, .. } if dates.last().is_none_or(|last| *last < date)) {
                return None;
            }
        }
        None
    }

    fn may_have(&self, date: NaiveDate) -> bool {
        match self {
            Pattern::Weekly { days, .. } => days.has(date),
            Pattern::Dated { .. } => true,
            Pattern::Cron(crontab) => crontab.has_day(date),
        }
    }
}

/// The span of civil days `[from, to]` as instants `(after, until]`: a cue at the first midnight belongs to it.
pub fn civil_days(zone: Tz, from: NaiveDate, to: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |date| Day::new(date, zone).at(NaiveTime::MIN);
    let next = to.succ_opt().unwrap_or(to);
    let moment = chrono::TimeDelta::nanoseconds(1);
    (midnight(from) - moment, midnight(next) - moment)
}

/// A civil day of a zone with its offset worked out once, so that mapping its times is cheap.
#[derive(Clone, Debug)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// The zone.
    pub zone: Tz,
    /// The instant of its midnight, where the whole day has one offset; else each time is asked for.
    midnight: Option<DateTime<Utc>>,
}

impl Day {
    /// That day in that zone.
    pub fn new(date: NaiveDate, zone: Tz) -> Day {
        if !has_civil_time(&date) {
            return Day { date, zone, midnight: Some(date.and_time(NaiveTime::MIN).and_utc()) };
        }
        // A change of offset inside the day shows as a day that is not 24 hours long: zones change once a day at most.
        let midnight = |date: NaiveDate| zone.from_local_datetime(&date.and_time(NaiveTime::MIN)).single();
        let ends = date.succ_opt().and_then(|next| Some((midnight(date)?, midnight(next)?)));
        let even = ends.filter(|(from, until)| *until - *from == TimeDelta::days(1));
        Day { date, zone, midnight: even.map(|(from, _)| from.to_utc()) }
    }

    /// The instant of a civil time of that day; a time that a gap skips is the first valid instant after, one that
    /// occurs twice the first.
    pub fn at(&self, time: NaiveTime) -> DateTime<Utc> {
        match self.midnight {
            Some(midnight) => midnight + (time - NaiveTime::MIN),
            None => instant(self.zone, self.date.and_time(time)),
        }
    }

    /// The whole day has one offset.
    fn is_even(&self) -> bool {
        self.midnight.is_some()
    }

    /// Real time, second by second where the expression names seconds, else minute by minute: for the days on which
    /// the zone changes its offset.
    fn each_second_of(&self, crontab: &Crontab, out: &mut Vec<DateTime<Utc>>) {
        let from = instant(self.zone, self.date.and_time(NaiveTime::MIN));
        let next = self.date.succ_opt().unwrap_or(self.date);
        let until = instant(self.zone, next.and_time(NaiveTime::MIN));
        // Clocks of some zones change in the middle of an hour, none in the middle of a minute since 1972.
        let mut minute = from;
        while minute < until {
            let civil = minute.with_timezone(&self.zone);
            if crontab.has_minute(civil.hour(), civil.minute()) {
                out.extend(crontab.seconds().map(|second| minute + TimeDelta::seconds(i64::from(second))));
            }
            minute += TimeDelta::minutes(1);
        }
    }
}

/// The instant of a civil time; see [`Day::at`].
fn instant(zone: Tz, civil: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&civil) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.to_utc(),
        MappedLocalTime::None => after_gap(zone, civil),
    }
}

/// The first valid instant after a civil time that does not exist: where the offset changes.
fn after_gap(zone: Tz, civil: NaiveDateTime) -> DateTime<Utc> {
    // The gap lies between these two instants, whatever the zone (offsets reach from −12 to +14 hours).
    let (mut before, mut after) =
        (civil.and_utc() - TimeDelta::hours(26), civil.and_utc() + TimeDelta::hours(26));
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        if zone.from_utc_datetime(&middle.naive_utc()).naive_local() < civil {
            before = middle;
        } else {
            after = middle;
        }
    }
    DateTime::from_timestamp(after.timestamp(), 0).unwrap_or(after)
}

/// So much of a text as a message can hold.
fn clip(text: &str) -> String {
    text.chars().take(40).collect()
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Cron(crontab) => f.write_str(crontab.text()),
            Pattern::Weekly { at, days } => write!(f, "{at:?} on {days}"),
            Pattern::Dated { dates, at } => write!(f, "{at:?} on {dates:?}"),
        }
    }
}

impl Days {
    /// Whether that day is one of them.
    pub fn has(self, date: NaiveDate) -> bool {
        self.0 >> date.weekday().num_days_from_monday() & 1 == 1
    }
}

#[cfg(test)]
mod tests;
