//! What changes when an office sends targets: those of the years that it names are replaced, those of other years stay. Owns
//! that rule, the difference that a receipt tells, and the text that is written; never touches a file.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Amount, Target, Targets};
use crate::core::fault::{ConfigFault, Faults};
use crate::core::period::PeriodName;
use crate::core::workbook::ThemeNames;

/// A target that is other than it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The theme.
    pub topic: String,
    /// The period.
    pub period: PeriodName,
    /// What it was; none: there was none.
    pub before: Option<Amount>,
    /// What it is; none: there is none any more.
    pub after: Option<Amount>,
}

/// The answer to targets that were taken.
#[derive(Clone, Debug, PartialEq)]
pub struct TargetsAnswer {
    /// The years that were sent.
    pub years: BTreeSet<i32>,
    /// How many targets those years have now.
    pub count: usize,
    /// What changes; empty: nothing.
    pub changed: Vec<Changed>,
    /// The station's themes.
    pub themes: Vec<ThemeNames>,
}

/// Why targets are returned that may be right.
#[derive(Clone, Debug, PartialEq)]
pub enum TargetsRefused {
    /// A list in TOML with faults.
    Faulty(Faults<ConfigFault>),
    /// A list without a target: of which year it would be nobody can tell.
    Empty,
    /// This station takes nothing over that no person approved, and an approval covers schedules alone.
    Approval,
    /// The config names no list of targets.
    NoList,
    /// In the folder for taking off: they are changed, never taken off.
    NotTakenOff,
}

/// The change that was seen last, by a drop or by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetsChanged {
    /// When it was seen.
    pub at: DateTime<Utc>,
    /// Who brought it: `inbox Phòng Văn hóa/chi-tieu.xlsx`, or `file config/targets.toml`.
    pub by: String,
}

impl Targets {
    /// The years that it is about.
    pub fn years(&self) -> BTreeSet<i32> {
        self.0.iter().filter_map(|target| target.period.year()).collect()
    }

    /// These with `sent` taken over: the years that are sent have the sent targets and no others. Done twice it is as done
    /// once.
    pub fn with(&self, sent: &Targets) -> Targets {
        let years = sent.years();
        let stays = |target: &&Target| target.period.year().is_none_or(|year| !years.contains(&year));
        let mut all: Vec<Target> = self.0.iter().filter(stays).chain(&sent.0).cloned().collect();
        // By year, whatever was sent first; within a year as they were written.
        all.sort_by_key(|target| target.period.year());
        Targets(all)
    }

    /// How `after` differs, in its order, what falls away last.
    pub fn changed(&self, after: &Targets) -> Vec<Changed> {
        let of = |targets: &Targets, target: &Target| targets.amount(&target.topic, target.period);
        let changed = |target: &Target| {
            let (before, now) = (of(self, target), of(after, target));
            let Target { topic, period, .. } = target.clone();
            (before != now).then_some(Changed { topic, period, before, after: now })
        };
        let gone = self.0.iter().filter(|target| of(after, target).is_none());
        after.0.iter().chain(gone).filter_map(changed).collect()
    }

    /// As `config/targets.toml` has them, below a heading of comments.
    pub fn text(&self, heading: &str) -> String {
        let mut text = String::new();
        for line in heading.lines() {
            // What a file is called may hold anything; a comment is one line.
            let line: String = line.chars().filter(|c| !c.is_control()).collect();
            let _ = writeln!(text, "# {line}");
        }
        if self.0.is_empty() {
            text.push_str("target = []\n");
        }
        for Target { topic, period, amount } in &self.0 {
            let (unit, number) = match amount {
                Amount::Airings(number) => ("airings", number),
                Amount::Minutes(number) => ("minutes", number),
            };
            let topic = toml::Value::from(topic.as_str());
            let _ = write!(text, "\n[[target]]\ntheme = {topic}\nperiod = \"{period}\"\n{unit} = {number}\n");
        }
        text
    }
}

/// Whether a text in TOML is a list of targets and no schedule.
pub fn is_list(text: &str) -> bool {
    let schedule = ["id", "slot", "cart", "change", "title"];
    toml::from_str::<toml::Table>(text.trim_start_matches('\u{feff}')).is_ok_and(|table| {
        table.contains_key("target") && !schedule.iter().any(|key| table.contains_key(*key))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(list: &[(&str, &str, Amount)]) -> Targets {
        let target = |(topic, period, amount): &(&str, &str, Amount)| Target {
            topic: (*topic).to_owned(),
            period: PeriodName::parse(period).unwrap(),
            amount: *amount,
        };
        Targets(list.iter().map(target).collect())
    }

    #[test]
    fn what_is_sent_replaces_the_years_that_it_names_and_no_others() {
        use Amount::{Airings, Minutes};
        let old = targets(&[
            ("dvc", "2027-Q1", Airings(3)),
            ("dvc", "2026", Airings(96)),
            ("vneid", "2026-10", Minutes(30)),
            ("dvc", "2026-H1", Airings(40)),
        ]);
        let sent = targets(&[
            ("dvc", "2026", Airings(120)),
            ("dvc", "2026-H1", Airings(40)),
            ("cntt", "2026-W45", Airings(2)),
        ]);
        let now = old.with(&sent);
        assert_eq!(now.with(&sent), now);
        let changed = old.changed(&now);
        let said: Vec<_> =
            changed.iter().map(|one| (&*one.topic, one.period.to_string(), one.before, one.after)).collect();
        assert_eq!(
            said,
            [
                ("dvc", "2026".to_owned(), Some(Airings(96)), Some(Airings(120))),
                ("cntt", "2026-W45".to_owned(), None, Some(Airings(2))),
                ("vneid", "2026-10".to_owned(), Some(Minutes(30)), None),
            ]
        );
        assert_eq!(now.0.last().unwrap().period.to_string(), "2027-Q1");
        assert_eq!(now.changed(&now), []);
    }

    #[test]
    fn a_list_is_told_from_a_schedule_and_written_as_it_is_read() {
        let list = targets(&[("a\"b", "2026", Amount::Airings(1))]).text("một\nhai\u{7}");
        assert_eq!(list, "# một\n# hai\n\n[[target]]\ntheme = 'a\"b'\nperiod = \"2026\"\nairings = 1\n");
        assert!(is_list(&list) && is_list("target = []") && is_list(&format!("\u{feff}{list}")));
        assert!(is_list(&Targets::default().text("không có")));
        assert!(!is_list(&format!("id = \"lich\"\n{list}")) && !is_list("[[target]") && !is_list(""));
    }
}
