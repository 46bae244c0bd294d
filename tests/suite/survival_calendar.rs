//! What falls due, counted by the calendar alone: the oracle of `survival_months`, which never asks Loa. Owns schedules as
//! chance makes them.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::station_months::RECORDINGS;

/// A slot as chance made it.
#[derive(Clone, Debug)]
pub struct Made {
    pub times: BTreeSet<NaiveTime>,
    pub weekdays: Weekdays,
    pub start: &'static str,
    pub grace: &'static str,
    pub priority: &'static str,
    pub play: Vec<usize>,
}

#[derive(Clone, Copy, Debug)]
pub enum Weekdays {
    All,
    Working,
    Weekend,
    Wednesday,
}

impl Weekdays {
    fn words(self) -> &'static str {
        match self {
            Weekdays::All => "\"T2-CN\"",
            Weekdays::Working => "\"T2-T6\"",
            Weekdays::Weekend => "\"T7\", \"CN\"",
            Weekdays::Wednesday => "\"thứ Tư\"",
        }
    }

    fn has(self, date: NaiveDate) -> bool {
        let number = date.weekday().number_from_monday();
        match self {
            Weekdays::All => true,
            Weekdays::Working => number <= 5,
            Weekdays::Weekend => number >= 6,
            Weekdays::Wednesday => number == 3,
        }
    }
}

/// A version of the one schedule.
#[derive(Clone, Debug)]
pub struct Plan(pub Vec<Made>);

impl Plan {
    pub fn text(&self) -> String {
        let slot = |(number, made): (usize, &Made)| {
            let times: Vec<String> = made.times.iter().map(|at| at.format("\"%H:%M\"").to_string()).collect();
            let play: Vec<String> = made.play.iter().map(|at| format!("\"{}\"", RECORDINGS[*at].0)).collect();
            format!(
                "[[slot]]\nid = \"s{number}\"\ntitle = \"Khung {number}\"\nat = [{}]\ndays = [{}]\nstart = \"{}\"\n\
                 grace = \"{}\"\npriority = \"{}\"\nplay = [{}]\n",
                times.join(", "),
                made.weekdays.words(),
                made.start,
                made.grace,
                made.priority,
                play.join(", ")
            )
        };
        self.0.iter().enumerate().map(slot).collect()
    }

    /// What falls due in `(from, until]`: slot and instant. A time that summer time skips is due at the first instant
    /// after, one that comes twice the first time.
    pub fn occurrences(
        &self,
        zone: Tz,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> BTreeSet<(usize, DateTime<Utc>)> {
        let mut found = BTreeSet::new();
        let civil = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let days = civil(from).pred_opt().unwrap().iter_days().take_while(|date| *date <= civil(until));
        for date in days {
            for (number, made) in self.0.iter().enumerate().filter(|(_, made)| made.weekdays.has(date)) {
                let dues = made.times.iter().map(|time| first_instant(zone, date.and_time(*time)));
                found.extend(dues.filter(|due| *due > from && *due <= until).map(|due| (number, due)));
            }
        }
        found
    }
}

pub fn first_instant(zone: Tz, mut civil: NaiveDateTime) -> DateTime<Utc> {
    loop {
        if let Some(at) = zone.from_local_datetime(&civil).earliest() {
            return at.to_utc();
        }
        civil += TimeDelta::minutes(1);
    }
}

fn made() -> impl Strategy<Value = Made> {
    let time =
        (0u32..24, 0u32..60).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
    // In the night of a clock change, when quiet hours do not cover it.
    let at_change =
        (1u32..4, 0u32..60).prop_map(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
    let times = prop::collection::btree_set(prop_oneof![6 => time, 1 => at_change], 1..4);
    let weekdays = prop_oneof![
        Just(Weekdays::All),
        Just(Weekdays::Working),
        Just(Weekdays::Weekend),
        Just(Weekdays::Wednesday)
    ];
    let start = prop_oneof![3 => Just("soft"), 1 => Just("hard")];
    let grace = prop_oneof![Just("0s"), Just("90s"), Just("10m"), Just("3h")];
    let priority = prop_oneof![4 => Just("normal"), 1 => Just("priority")];
    let play = prop::collection::vec(0..RECORDINGS.len(), 1..4);
    (times, weekdays, start, grace, priority, play).prop_map(
        |(times, weekdays, start, grace, priority, play)| Made {
            times,
            weekdays,
            start,
            grace,
            priority,
            play,
        },
    )
}

pub fn plan() -> impl Strategy<Value = Plan> {
    prop::collection::vec(made(), 1..6).prop_map(Plan)
}

#[test]
fn the_calendar_of_the_oracle_knows_gaps_and_hours_that_come_twice() {
    let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0).unwrap();
    let made = Made {
        times: [at(2, 10), at(2, 40)].into(),
        weekdays: Weekdays::All,
        start: "soft",
        grace: "10m",
        priority: "normal",
        play: vec![0],
    };
    let plan = Plan(vec![made]);
    let zone = Tz::Europe__Berlin;
    let day = |text: &str| first_instant(zone, format!("{text}T00:00:00").parse().unwrap());
    let gap = plan.occurrences(zone, day("2027-03-28"), day("2027-03-29"));
    assert_eq!(
        gap.into_iter().map(|one| one.1.to_rfc3339()).collect::<Vec<_>>(),
        ["2027-03-28T01:00:00+00:00"]
    );
    let twice = plan.occurrences(zone, day("2027-10-31"), day("2027-11-01"));
    let twice: Vec<_> = twice.into_iter().map(|one| one.1.to_rfc3339()).collect();
    assert_eq!(twice, ["2027-10-31T00:10:00+00:00", "2027-10-31T00:40:00+00:00"]);
}
