//! Airings × plan → what the forms say: what is counted, what is a repeat, what was called off and what failed. Owns the
//! rules of counting; the forms' words are in `words`, their layout in `export`.
//!
//! A row belongs to the civil day of its due, else of its start (*placed*). Themes count recordings, by the second, so
//! that a signature tune is no minute of reform. A recording counts where its airing ended `aired`; what was cut or
//! interrupted is told apart and counts for nothing, since a supervisor must be able to rely on every count.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;

use super::airing::{AiredCart, Airing, Kind, Outcome, Reason};
use super::cart::Fingerprint;
use super::period::{Period, year_of};

pub mod reconcile;
pub mod targets;

/// How an airing counts in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Standing {
    /// It aired: its recordings count.
    Counted,
    /// It sounded in part: told apart, not counted.
    Partial,
    /// A person or the schedule called it off: told apart from what failed.
    CalledOff,
    /// It should have aired and did not.
    Failed,
    /// It sounds, or is about to.
    OnAir,
    /// Another station's programme: counted apart.
    Relayed,
    /// What took the place of a cue: never counted.
    Uncounted,
    /// A test, on the virtual card or by a sample station: never counted and in no form.
    Tested,
}

impl Standing {
    /// That of an airing.
    pub fn of(airing: &Airing) -> Standing {
        match airing.kind {
            Kind::Test => return Standing::Tested,
            Kind::Fallback => return Standing::Uncounted,
            _ => {}
        }
        match airing.outcome {
            None | Some(Outcome::OnAir) => Standing::OnAir,
            Some(Outcome::Aired) if airing.kind == Kind::Relay => Standing::Relayed,
            Some(Outcome::Aired) => Standing::Counted,
            Some(Outcome::Cut | Outcome::Interrupted) => Standing::Partial,
            Some(Outcome::Missed) if airing.reason.is_some_and(Reason::is_called_off) => Standing::CalledOff,
            Some(Outcome::Missed) => Standing::Failed,
        }
    }
}

/// The part of the day (buổi) that a programme belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Daypart {
    /// Sáng: before 11:00. The days of the stations begin at 04:00–06:00.
    Morning,
    /// Trưa: from 11:00.
    Noon,
    /// Chiều: from 14:00.
    Afternoon,
    /// Tối: from 18:30, when the programmes of 17:00–18:00 are over.
    Evening,
}

impl Daypart {
    /// That of a moment.
    pub fn of(zone: Tz, at: DateTime<Utc>) -> Daypart {
        let civil = at.with_timezone(&zone).time();
        match civil.hour() * 60 + civil.minute() {
            ..660 => Daypart::Morning,
            660..840 => Daypart::Noon,
            840..1110 => Daypart::Afternoon,
            _ => Daypart::Evening,
        }
    }
}

/// What a recording is known by, so that its repeats are found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Identity {
    /// By its content.
    Content(Fingerprint),
    /// By its name, where its content was never known.
    Name(String),
}

impl Identity {
    fn of(cart: &AiredCart) -> Identity {
        cart.sha256.map_or_else(|| Identity::Name(cart.file.to_string()), Identity::Content)
    }
}

/// How often a recording counted earlier in the year.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Earlier {
    /// The recording; none: written in by hand, so that it can have no repeat.
    pub identity: Option<Identity>,
    /// Its theme.
    pub topic: Topic,
    /// How often and how long.
    pub count: Count,
}

/// Counts with their time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How often.
    pub times: u64,
    /// How long, taken together.
    pub length: Duration,
}

impl Count {
    fn add(&mut self, length: Duration) {
        self.times += 1;
        self.length += length;
    }
}

/// What one theme comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThemeCount {
    /// Different recordings that counted.
    pub programmes: u64,
    /// Recordings aired for the first time in the year.
    pub first: Count,
    /// Recordings that had aired before in the year.
    pub repeats: Count,
    /// Of all these, those that were written in by hand.
    pub entered: Count,
    /// Since the begin of the year, to the end of the period.
    pub cumulative: Count,
    /// What sounded in part.
    pub partial: Count,
    /// Recordings of airings that were called off.
    pub called_off: u64,
    /// Recordings of airings that failed.
    pub failed: u64,
}

impl ThemeCount {
    /// First airings and repeats.
    pub fn counted(&self) -> Count {
        Count {
            times: self.first.times + self.repeats.times,
            length: self.first.length + self.repeats.length,
        }
    }
}

/// The theme of a recording; none: it is on no theme of the plan.
pub type Topic = Option<String>;

/// What a period comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// By theme. Recordings without one stand under none.
    pub themes: HashMap<Topic, ThemeCount>,
    /// Airings by how they stand.
    pub airings: HashMap<Standing, Count>,
}

/// One airing in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// The airing.
    pub airing: Airing,
    /// How it counts.
    pub standing: Standing,
    /// Whether every recording of it on a theme had aired before in the year; without such a recording, every recording.
    pub repeat: bool,
}

/// Goes through the airings of a period in the order of the log, and counts.
pub struct Counting {
    zone: Tz,
    /// The year that is being counted.
    year: Period,
    seen: HashSet<Identity>,
    of_period: HashMap<Topic, HashSet<Identity>>,
    summary: Summary,
}

impl Counting {
    /// Begins a period with what counted in its year before it, which is the year of the period's first day.
    pub fn of(zone: Tz, period: &Period, earlier: impl IntoIterator<Item = Earlier>) -> Counting {
        let mut counting = Counting {
            zone,
            year: year_of(period.from, period.reckoning),
            seen: HashSet::new(),
            of_period: HashMap::new(),
            summary: Summary::default(),
        };
        for one in earlier {
            let cumulative = &mut counting.summary.themes.entry(one.topic).or_default().cumulative;
            cumulative.times += one.count.times;
            cumulative.length += one.count.length;
            counting.seen.extend(one.identity);
        }
        counting
    }

    /// Takes in the next airing.
    pub fn take(&mut self, airing: Airing) -> Logged {
        let standing = Standing::of(&airing);
        let day = day_of(self.zone, &airing);
        if day > self.year.to {
            // Another year: what aired in the old one is no repeat in it, and is not counted up with it.
            self.year = year_of(day, self.year.reckoning);
            self.seen.clear();
            self.summary.themes.values_mut().for_each(|theme| theme.cumulative = Count::default());
        }
        self.summary.airings.entry(standing).or_default().add(airing.aired);
        let on_theme = airing.carts.iter().any(|cart| cart.topic.is_some());
        let mut repeat = standing == Standing::Counted && !airing.carts.is_empty();
        for cart in &airing.carts {
            let again = self.cart(cart, standing, airing.kind);
            repeat &= again || (on_theme && cart.topic.is_none());
        }
        Logged { airing, standing, repeat }
    }

    /// Whether it is a repeat.
    fn cart(&mut self, cart: &AiredCart, standing: Standing, kind: Kind) -> bool {
        if matches!(standing, Standing::OnAir | Standing::Relayed | Standing::Uncounted | Standing::Tested) {
            return false;
        }
        let theme = self.summary.themes.entry(cart.topic.clone()).or_default();
        match standing {
            Standing::Counted => {
                let identity = Identity::of(cart);
                // What a village head read out is nobody's recording: it is never a repeat.
                let again = kind != Kind::Entered && !self.seen.insert(identity.clone());
                let count = if again { &mut theme.repeats } else { &mut theme.first };
                count.add(cart.aired);
                theme.cumulative.add(cart.aired);
                if kind == Kind::Entered {
                    theme.entered.add(cart.aired);
                    theme.programmes += 1;
                } else if self.of_period.entry(cart.topic.clone()).or_default().insert(identity) {
                    theme.programmes += 1;
                }
                again
            }
            Standing::Partial => {
                if !cart.aired.is_zero() {
                    theme.partial.add(cart.aired);
                }
                false
            }
            Standing::CalledOff => {
                theme.called_off += 1;
                false
            }
            Standing::Failed => {
                theme.failed += 1;
                false
            }
            Standing::OnAir | Standing::Relayed | Standing::Uncounted | Standing::Tested => false,
        }
    }

    /// What it came to.
    pub fn summary(self) -> Summary {
        self.summary
    }
}

/// The civil day that an airing belongs to.
pub fn day_of(zone: Tz, airing: &Airing) -> NaiveDate {
    airing.placed().with_timezone(&zone).date_naive()
}

#[cfg(test)]
mod tests;
