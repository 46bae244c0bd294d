//! The plan's targets: so many airings or minutes of a theme in a period. Owns how a target is found for the period of a
//! report, and how far it is reached; reading the list is `config`'s.

use std::time::Duration;

use super::{Count, ThemeCount};
use crate::core::period::{Period, PeriodName};

mod change;

pub use change::{Changed, TargetsAnswer, TargetsChanged, TargetsRefused, is_list};

/// More than a year of minutes, and more airings than a slot can have.
pub const MOST: u32 = 1_000_000;

/// The share of a target from which the scores of the field count a plan as kept, in per cent: "90–100 %" in the commune
/// index of CCHC.
pub const KEPT_FROM: f64 = 90.0;

/// What a theme is to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// So many airings.
    Airings(u32),
    /// So much time on air.
    Minutes(u32),
}

/// One target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The theme.
    pub topic: String,
    /// In that period.
    pub period: PeriodName,
    /// So much.
    pub amount: Amount,
}

/// All targets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets(pub Vec<Target>);

/// A target as it stands against what aired.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What was to be reached.
    pub amount: Amount,
    /// In the period of the report, or in its year.
    pub over: Over,
    /// How far it is reached, in per cent.
    pub per_cent: f64,
}

/// What a target is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Over {
    /// What aired in the period of the report.
    Period,
    /// What aired since the begin of the year, since the plan names the year only.
    Year,
}

impl Targets {
    /// The target of a theme for the period of a report: the period's own; else that of its parts, where every part has one
    /// of the same unit; else that of its year, against what aired since the year's begin.
    pub fn progress(&self, topic: &str, period: &Period, count: &ThemeCount) -> Option<Progress> {
        let of_period = self.amount(topic, period.name).or_else(|| self.of_parts(topic, period.name));
        let (amount, over, reached) = match of_period {
            Some(amount) => (amount, Over::Period, count.counted()),
            None => (self.amount(topic, period.year().name)?, Over::Year, count.cumulative),
        };
        Some(Progress { amount, over, per_cent: per_cent(amount, reached) })
    }

    fn amount(&self, topic: &str, name: PeriodName) -> Option<Amount> {
        self.0
            .iter()
            .find(|target| target.topic == topic && target.period == name)
            .map(|target| target.amount)
    }

    fn of_parts(&self, topic: &str, name: PeriodName) -> Option<Amount> {
        let parts = parts(name);
        let amounts: Option<Vec<Amount>> = parts
            .iter()
            .map(|part| self.amount(topic, *part).or_else(|| self.of_parts(topic, *part)))
            .collect();
        let amounts = amounts.filter(|amounts| !amounts.is_empty())?;
        amounts.into_iter().try_fold(None, |sum, amount| match (sum, amount) {
            (None, first) => Some(Some(first)),
            (Some(Amount::Airings(sum)), Amount::Airings(more)) => {
                Some(Some(Amount::Airings(sum.saturating_add(more))))
            }
            (Some(Amount::Minutes(sum)), Amount::Minutes(more)) => {
                Some(Some(Amount::Minutes(sum.saturating_add(more))))
            }
            _ => None,
        })?
    }
}

/// The next smaller periods that a period consists of.
fn parts(name: PeriodName) -> Vec<PeriodName> {
    match name {
        PeriodName::Year(year) => vec![PeriodName::Half(year, 1), PeriodName::Half(year, 2)],
        PeriodName::Half(year, half) => {
            (half * 2 - 1..=half * 2).map(|q| PeriodName::Quarter(year, q)).collect()
        }
        PeriodName::Quarter(year, quarter) => {
            (quarter * 3 - 2..=quarter * 3).map(|month| PeriodName::Month(year, month)).collect()
        }
        PeriodName::Month(..) | PeriodName::Week(..) | PeriodName::Span => Vec::new(),
    }
}

fn per_cent(amount: Amount, reached: Count) -> f64 {
    match amount {
        Amount::Airings(0) | Amount::Minutes(0) => 100.0,
        Amount::Airings(target) => reached.times as f64 * 100.0 / f64::from(target),
        Amount::Minutes(target) => {
            let target = Duration::from_secs(60 * u64::from(target));
            reached.length.as_secs_f64() * 100.0 / target.as_secs_f64()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::period::Reckoning;

    fn targets(list: &[(&str, &str, Amount)]) -> Targets {
        let target = |(topic, period, amount): &(&str, &str, Amount)| Target {
            topic: (*topic).to_owned(),
            period: PeriodName::parse(period).unwrap(),
            amount: *amount,
        };
        Targets(list.iter().map(target).collect())
    }

    fn count(times: u64, minutes: u64, cumulative: u64) -> ThemeCount {
        let of = |times, minutes: u64| Count { times, length: Duration::from_secs(60 * minutes) };
        ThemeCount {
            first: of(times, minutes),
            cumulative: of(cumulative, minutes * 2),
            ..ThemeCount::default()
        }
    }

    fn progress(targets: &Targets, period: &str, count: &ThemeCount) -> Option<Progress> {
        let period = Period::named(PeriodName::parse(period).unwrap(), Reckoning::Calendar).unwrap();
        targets.progress("dvc", &period, count)
    }

    #[test]
    fn the_periods_own_target_goes_before_its_parts_and_before_the_year() {
        use Amount::{Airings, Minutes};
        let months = [("dvc", "2026-10", Airings(10)), ("dvc", "2026-11", Airings(10))];
        let twelfth = ("dvc", "2026-12", Airings(20));
        let year = ("dvc", "2026", Airings(100));

        let found = progress(&targets(&[months[0], year]), "2026-10", &count(9, 1, 50)).unwrap();
        assert_eq!((found.over, found.per_cent), (Over::Period, 90.0));
        let quarter =
            progress(&targets(&[months[0], months[1], twelfth]), "2026-Q4", &count(20, 1, 50)).unwrap();
        assert_eq!((quarter.amount, quarter.per_cent), (Airings(40), 50.0));
        let of_year =
            progress(&targets(&[months[0], months[1], year]), "2026-Q4", &count(20, 1, 50)).unwrap();
        assert_eq!((of_year.over, of_year.amount, of_year.per_cent), (Over::Year, Airings(100), 50.0));
        let mixed = targets(&[months[0], months[1], ("dvc", "2026-12", Minutes(5))]);
        assert_eq!(progress(&mixed, "2026-Q4", &count(20, 1, 50)), None);
        let minutes =
            progress(&targets(&[("dvc", "2026-W45", Minutes(60))]), "2026-W45", &count(1, 45, 3)).unwrap();
        assert_eq!(minutes.per_cent, 75.0);
        assert_eq!(progress(&targets(&[("khac", "2026", Airings(1))]), "2026", &count(1, 1, 1)), None);
    }
}
