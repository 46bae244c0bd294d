//! The station's limits: how often, how long and on which days it may be heard, whatever its schedules say. Owns what a
//! session is and what counts; what follows from a limit is continuity's to say.
//!
//! A session is airings with gaps under ten minutes, and lasts from its first frame to its last, gaps included: that is
//! what the village hears of it. It belongs to the civil day in which it begins. What the quiet hours do not bind (slots
//! that the station excuses, emergencies) is not limited either, and counts for nothing.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::calendar::{Holidays, QuietHours};
use super::pattern::{Day, Days};

/// Airings with a gap shorter than this are one session.
pub const SESSION_GAP: TimeDelta = TimeDelta::minutes(10);

/// The kind of recording that a range without music keeps from airing; a signature tune is part of what it frames.
pub const MUSIC: &str = "nhac";

/// Limits of a station. The default has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most sessions of a civil day.
    pub sessions: Option<u32>,
    /// The longest session.
    pub session: Option<Duration>,
    /// The most that may sound in a civil day.
    pub day: Option<Duration>,
    /// The weekdays on which it may be heard.
    pub weekdays: Days,
    /// Whether it is silent on holidays.
    pub holidays: OnHolidays,
    /// Spans of every day without music.
    pub no_music: Vec<QuietHours>,
}

/// What holidays are to the station.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnHolidays {
    /// Days like others. The default.
    #[default]
    Airs,
    /// Days of silence.
    Silent,
}

/// Every day of the week.
const EVERY_DAY: Days = Days(0b111_1111);

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            sessions: None,
            session: None,
            day: None,
            weekdays: EVERY_DAY,
            holidays: OnHolidays::Airs,
            no_music: Vec::new(),
        }
    }
}

impl Limits {
    /// Whether nothing is limited.
    pub fn is_none(&self) -> bool {
        *self == Limits::default()
    }
}

/// The limit that stands in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// So many sessions a day.
    Sessions(u32),
    /// A session of that length.
    Session(Duration),
    /// So much a day.
    Day(Duration),
    /// No airing on that weekday.
    Weekday(NaiveDate),
    /// No airing on that holiday.
    Holiday(NaiveDate),
    /// No music at that time.
    Music,
}

/// From when to when something sounded.
type Heard = (DateTime<Utc>, DateTime<Utc>);

/// What has sounded so far, as far as limits count it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sounded(Vec<Heard>);

impl Sounded {
    /// Takes in that something sounded; a span that ends before it begins is none.
    pub fn add(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) {
        if until > from {
            self.0.push((from, until));
        }
    }

    /// Forgets what ended before that moment.
    pub fn forget_before(&mut self, moment: DateTime<Utc>) {
        self.0.retain(|(_, until)| *until >= moment);
    }

    /// The end of what sounded last.
    pub fn last_end(&self) -> Option<DateTime<Utc>> {
        self.0.iter().map(|(_, until)| *until).max()
    }
}

impl FromIterator<Heard> for Sounded {
    fn from_iter<I: IntoIterator<Item = Heard>>(spans: I) -> Sounded {
        let mut sounded = Sounded::default();
        spans.into_iter().for_each(|(from, until)| sounded.add(from, until));
        sounded
    }
}

/// What would sound.
#[derive(Clone, Copy, Debug)]
pub struct Candidate {
    /// Its planned length.
    pub planned: Duration,
    /// It plays music.
    pub music: bool,
}

/// The limits with what counts against them.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The limits.
    pub limits: &'a Limits,
    /// What has sounded.
    pub sounded: &'a Sounded,
    /// What sounds now, where limits count it: since when, and the present.
    pub sounding: Option<Heard>,
    /// The station's zone.
    pub zone: Tz,
    /// The holidays.
    pub holidays: &'a Holidays,
}

impl Account<'_> {
    /// The limit that keeps it from starting at that moment and sounding to its end.
    pub fn forbids(&self, one: Candidate, at: DateTime<Utc>) -> Option<Limit> {
        let end = at + one.planned.max(Duration::from_millis(1));
        let last = self.date(end - TimeDelta::nanoseconds(1));
        let mut date = self.date(at);
        loop {
            if let Some(limit) = self.forbidden(date) {
                return Some(limit);
            }
            if date >= last {
                break;
            }
            date = date.succ_opt()?;
        }
        if one.music && self.limits.no_music.iter().any(|span| span.touches(self.zone, at, end)) {
            return Some(Limit::Music);
        }
        let (session, alone) = self.session_with(at, end);
        if let Some(most) = self.limits.session
            && lasts(session) > most
        {
            return Some(Limit::Session(most));
        }
        let day = self.date(at);
        if let Some(most) = self.limits.sessions
            && alone
            && self.sessions_of(day) >= most
        {
            return Some(Limit::Sessions(most));
        }
        let most = self.limits.day?;
        (self.sum_of(day, self.sounding) + one.planned > most).then_some(Limit::Day(most))
    }

    /// The next moment at which [`Account::forbids`] may answer otherwise, if nothing sounds until then.
    pub fn next_chance(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let gaps = self.spans().map(|(_, until)| until + SESSION_GAP);
        let music = self.limits.no_music.iter().filter_map(|span| span.end_after(self.zone, at));
        let midnight = self.date(at).succ_opt().map(|date| self.midnight(date));
        gaps.chain(music).chain(midnight).filter(|moment| *moment > at).min()
    }

    /// When what sounds since that moment has to end; in the past where it should have ended already.
    pub fn ends(&self, since: DateTime<Utc>, music: bool) -> Option<DateTime<Utc>> {
        let others = Account { sounding: None, ..*self };
        let (session, _) = others.session_with(since, since);
        let session = self.limits.session.map(|most| session.0 + most);
        let day = self.limits.day.map(|most| {
            let left = most.saturating_sub(others.sum_of(self.date(since), None));
            since + left
        });
        let silent = self.silent_from(since);
        let music = music.then_some(&self.limits.no_music).into_iter().flatten().filter_map(|span| {
            if span.contains(self.zone, since) { Some(since) } else { span.start_after(self.zone, since) }
        });
        session.into_iter().chain(day).chain(silent).chain(music).min()
    }

    fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    fn midnight(&self, date: NaiveDate) -> DateTime<Utc> {
        Day::new(date, self.zone).at(NaiveTime::MIN)
    }

    /// Why nothing may sound on that day.
    fn forbidden(&self, date: NaiveDate) -> Option<Limit> {
        use chrono::Datelike;
        let day = 1 << date.weekday().num_days_from_monday();
        if self.limits.weekdays.0 & day == 0 {
            return Some(Limit::Weekday(date));
        }
        let silent = self.limits.holidays == OnHolidays::Silent && self.holidays.contains(date);
        silent.then_some(Limit::Holiday(date))
    }

    /// The first moment from then on that lies in a day of silence: today's own where it is one, else the next midnight
    /// at which one begins. What sounds is told to end then; nothing sounds for days.
    fn silent_from(&self, since: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let today = self.date(since);
        if self.forbidden(today).is_some() {
            return Some(since);
        }
        let tomorrow = today.succ_opt()?;
        self.forbidden(tomorrow).map(|_| self.midnight(tomorrow))
    }

    fn spans(&self) -> impl Iterator<Item = Heard> {
        self.sounded.0.iter().copied().chain(self.sounding)
    }

    /// The session that a span would belong to, and whether it would be one of its own.
    fn session_with(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> (Heard, bool) {
        let (mut session, mut alone) = ((from, until), true);
        // Each round takes in what lies near enough; there are at most as many rounds as spans.
        loop {
            let near = |span: &Heard| {
                span.0 < session.1 + SESSION_GAP
                    && session.0 < span.1 + SESSION_GAP
                    && (span.0 < session.0 || span.1 > session.1)
            };
            let Some(span) = self.spans().find(near) else { break };
            session = (session.0.min(span.0), session.1.max(span.1));
            alone = false;
        }
        let inside = |span: Heard| span.0 >= from && span.1 <= until;
        (session, alone && !self.spans().any(inside))
    }

    /// How many sessions began on that day.
    fn sessions_of(&self, day: NaiveDate) -> u32 {
        let mut spans: Vec<Heard> = self.spans().collect();
        spans.sort();
        let (mut count, mut end): (u32, Option<DateTime<Utc>>) = (0, None);
        for (from, until) in spans {
            if end.is_none_or(|end| from >= end + SESSION_GAP) && self.date(from) == day {
                count += 1;
            }
            end = Some(end.map_or(until, |end| end.max(until)));
        }
        count
    }

    /// How much sounded in what began on that day.
    fn sum_of(&self, day: NaiveDate, sounding: Option<Heard>) -> Duration {
        let spans = self.sounded.0.iter().copied().chain(sounding);
        spans.filter(|(from, _)| self.date(*from) == day).map(lasts).sum()
    }
}

fn lasts((from, until): Heard) -> Duration {
    (until - from).to_std().unwrap_or_default()
}

#[cfg(test)]
mod tests;
