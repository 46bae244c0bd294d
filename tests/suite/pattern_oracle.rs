//! Patterns against two references: cronsim, which keeps to Debian's cron, asked through
//! `tests/oracle/cronsim_oracle.py`; and the clock on the wall, read minute by minute. Without cronsim it fails.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use loa::core::pattern::{Day, Pattern, PatternError};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// No change, changes of an hour on either side of the equator, one of half an hour.
const ZONES: [Tz; 4] =
    [Tz::Asia__Ho_Chi_Minh, Tz::America__New_York, Tz::Europe__Berlin, Tz::Australia__Lord_Howe];

/// Zones whose clocks change at midnight: a day begins at one o'clock, an evening has its last hour twice.
const AT_MIDNIGHT: [Tz; 2] = [Tz::America__Havana, Tz::Asia__Beirut];

/// How many occurrences of each expression are compared.
const FIRES: usize = 6;

#[derive(Debug)]
struct Question {
    zone: Tz,
    after: DateTime<Utc>,
    expression: String,
}

/// What cronsim says to each; none where it refuses.
fn cronsim(questions: &[Question]) -> Vec<Option<Vec<i64>>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home = std::env::var_os("LOA_ORACLE_PYTHONPATH")
        .map_or_else(|| root.join("target/oracle-python"), PathBuf::from);
    let mut python = Command::new("python3")
        .arg(root.join("tests/oracle/cronsim_oracle.py"))
        .env("PYTHONPATH", &home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is needed to ask cronsim");
    let asked: String = questions
        .iter()
        .map(|q| format!("{}\t{}\t{FIRES}\t{}\n", q.zone, q.after.timestamp(), q.expression))
        .collect();
    // Where the script fails at once, what it says is worth more than the broken pipe.
    let _ = python.stdin.take().unwrap().write_all(asked.as_bytes());
    let said = python.wait_with_output().unwrap();
    assert!(
        said.status.success(),
        "cronsim did not answer (looked for in {}; `scripts/need-oracle` installs it):\n{}",
        home.display(),
        String::from_utf8_lossy(&said.stderr)
    );
    let answers: Vec<_> = String::from_utf8(said.stdout)
        .unwrap()
        .lines()
        .map(|line| {
            let instants = || line.split(' ').map(|instant| instant.parse().unwrap()).collect();
            (line != "refused").then(instants)
        })
        .collect();
    assert_eq!(answers.len(), questions.len());
    answers
}

/// What Loa says to each; none where it refuses.
fn loa(question: &Question) -> Result<Vec<i64>, PatternError> {
    let pattern = Pattern::cron(&question.expression)?;
    let next = |at: &DateTime<Utc>| pattern.next_after(question.zone, *at);
    let fires = std::iter::successors(next(&question.after), next);
    Ok(fires.take(FIRES).map(|at| at.timestamp()).collect())
}

/// Compares them all, tells the first that differ, and answers how many fire and how many are refused.
fn compare(questions: &[Question]) -> (usize, usize) {
    let (mut fire, mut refused, mut differ) = (0, 0, Vec::new());
    for (question, theirs) in questions.iter().zip(cronsim(questions)) {
        let ours = loa(question);
        match (&ours, &theirs) {
            (Ok(ours), Some(theirs)) if ours == theirs => fire += 1,
            (Err(_), None) => refused += 1,
            _ => {
                let civil = |instants: &[i64]| -> Vec<String> {
                    let at =
                        |at: &i64| DateTime::from_timestamp(*at, 0).unwrap().with_timezone(&question.zone);
                    instants.iter().map(|instant| at(instant).to_rfc3339()).collect()
                };
                let ours = ours.as_deref().map(civil);
                let theirs = theirs.as_deref().map(civil);
                differ.push(format!("{question:?}\n  Loa     {ours:?}\n  cronsim {theirs:?}"));
            }
        }
    }
    let first = differ.iter().take(10).cloned().collect::<Vec<_>>().join("\n");
    assert!(differ.is_empty(), "{} of {} differ:\n{first}", differ.len(), questions.len());
    (fire, refused)
}

/// The instants at which a zone changes its offset, from 2026 on.
fn changes(zone: Tz) -> Vec<DateTime<Utc>> {
    let offset = |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix();
    let hours = (0..4 * 365 * 24).map(|hour| start_of_2026() + TimeDelta::hours(hour));
    hours.filter(|hour| offset(*hour) != offset(*hour + TimeDelta::hours(1))).collect()
}

fn start_of_2026() -> DateTime<Utc> {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc()
}

/// Somewhere in four years, in every second case on the days about a change of offset.
fn moment(zone: Tz) -> impl Strategy<Value = DateTime<Utc>> {
    let anywhere = (0i64..4 * 365 * 86_400).prop_map(|seconds| start_of_2026() + TimeDelta::seconds(seconds));
    let mut changes = changes(zone);
    if changes.is_empty() {
        changes.push(start_of_2026());
    }
    let near = (proptest::sample::select(changes), -48 * 60i64..8 * 60)
        .prop_map(|(change, minutes)| change + TimeDelta::minutes(minutes));
    prop_oneof![anywhere, near]
}

const MONTHS: [&str; 12] =
    ["Jan", "FEB", "mar", "Apr", "MAY", "jun", "Jul", "AUG", "sep", "Oct", "NOV", "dec"];
const WEEKDAYS: [&str; 7] = ["Sun", "MON", "tue", "Wed", "THU", "fri", "Sat"];

/// A value as a number or by its name.
fn spelled(least: u32, names: &'static [&'static str], value: u32, by_name: bool) -> String {
    let name = names.get((value - least) as usize).filter(|_| by_name);
    name.map_or_else(|| value.to_string(), |name| (*name).to_owned())
}

/// A field: stars, values, ranges, steps and lists of them. A star is rarer the larger `restricted`.
fn field(
    (least, most): (u32, u32),
    names: &'static [&'static str],
    restricted: u32,
) -> impl Strategy<Value = String> {
    let value =
        (least..=most, any::<bool>()).prop_map(move |(value, by_name)| spelled(least, names, value, by_name));
    let span = (least..most, 1..=most - least, any::<bool>()).prop_map(move |(from, more, by_name)| {
        let to = (from + more).min(most);
        format!("{}-{}", spelled(least, names, from, by_name), spelled(least, names, to, by_name))
    });
    let step = 1..=most + 2;
    let part = prop_oneof![
        4 => value.clone(),
        2 => span.clone(),
        1 => (span, step.clone()).prop_map(|(span, step)| format!("{span}/{step}")),
        1 => (value, step.clone()).prop_map(|(value, step)| format!("{value}/{step}")),
        1 => step.prop_map(|step| format!("*/{step}")),
    ];
    let list = proptest::collection::vec(part.clone(), 2..4).prop_map(|parts| parts.join(","));
    prop_oneof![4 => Just("*".to_owned()), restricted => part, restricted / 3 + 1 => list]
}

fn five_fields() -> impl Strategy<Value = String> {
    let clock = (field((0, 59), &[], 12), field((0, 23), &[], 8));
    let calendar = (field((1, 31), &[], 3), field((1, 12), &MONTHS, 2), field((0, 7), &WEEKDAYS, 4));
    (clock, calendar).prop_map(|((minute, hour), (day, month, weekday))| {
        format!("{minute} {hour} {day} {month} {weekday}")
    })
}

/// Expressions of which one part is replaced by something else.
fn spoilt() -> impl Strategy<Value = String> {
    let what = proptest::sample::select(vec![
        "60", "24", "32", "13", "8", "0", "5-3", "7-1", "*/0", "5/", "/5", "-", "1-", "-1", "1--2", "", "a",
        "mo", "monday", "**", "*-5", "1,", ",1", "1,,2", "1/2/3", "1-2-3", "+5", "5.0", "٥", "mon", "jan",
        "1-mon", "~",
    ]);
    (five_fields(), 0usize..5, what).prop_map(|(expression, at, what)| {
        let mut fields: Vec<&str> = expression.split(' ').collect();
        fields[at] = what;
        fields.join(" ")
    })
}

/// The same `count` cases every time.
fn cases<T>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

fn questions(zones: &[Tz], expressions: impl Strategy<Value = String> + Clone, each: usize) -> Vec<Question> {
    let of_zone = |zone: &Tz| {
        let zone = *zone;
        let both = (moment(zone), expressions.clone());
        cases(both, each).into_iter().map(move |(after, expression)| Question { zone, after, expression })
    };
    zones.iter().flat_map(of_zone).collect()
}

/// Follows real time: minute or hour begins with a star.
fn follows_real_time(expression: &str) -> bool {
    expression.split(' ').take(2).any(|field| field.starts_with('*'))
}

#[test]
fn expressions_fire_when_cronsim_says() {
    let mut questions = questions(&ZONES, five_fields().boxed(), 1_500);
    // Looking for an hour, cronsim steps by whole ones and strays where a change is one of half an hour; the clock on
    // the wall is the reference there.
    questions.retain(|q| q.zone != Tz::Australia__Lord_Howe || !follows_real_time(&q.expression));
    let (fire, _) = compare(&questions);
    assert!(fire > 4_500, "{fire}");
}

#[test]
fn fixed_times_fire_when_cronsim_says_where_clocks_change_at_midnight() {
    let mut questions = questions(&AT_MIDNIGHT, five_fields().boxed(), 1_000);
    // With a star in minute or hour cronsim fires at the midnight that does not exist.
    questions.retain(|q| !follows_real_time(&q.expression));
    let (fire, _) = compare(&questions);
    assert!(fire > 800, "{fire}");
}

#[test]
fn six_fields_fire_when_cronsim_says() {
    let expressions =
        (field((0, 59), &[], 12), five_fields()).prop_map(|(second, rest)| format!("{second} {rest}"));
    let (fire, _) = compare(&questions(&ZONES[..1], expressions.boxed(), 1_000));
    assert!(fire > 800, "{fire}");
}

#[test]
fn what_cronsim_refuses_is_refused_and_nothing_else() {
    let (fire, refused) = compare(&questions(&ZONES[..1], spoilt().boxed(), 2_000));
    assert!(fire > 100 && refused > 1_000, "{fire} fire, {refused} refused");
}

/// The days about a change of offset, minute by minute: each instant with its civil time written as if it were UTC.
fn on_the_wall(zone: Tz, change: DateTime<Utc>) -> Vec<(DateTime<Utc>, DateTime<Utc>)> {
    let first = change - TimeDelta::days(3);
    let minutes = (0..6 * 1440).map(|minute| first + TimeDelta::minutes(minute));
    minutes.map(|at| (at, at.with_timezone(&zone).naive_local().and_utc())).collect()
}

/// The rules of the time of day again, by searching: UTC has no changes, so it tells which civil times an expression
/// names; the wall tells when they are.
#[test]
fn expressions_follow_the_clock_on_the_wall_through_every_change() {
    let clock = (field((0, 59), &[], 12), prop_oneof![field((0, 23), &[], 8), field((0, 3), &[], 8)]);
    let expressions = clock.prop_map(|(minute, hour)| format!("{minute} {hour} * * *"));
    let mut moved = BTreeSet::new();
    for zone in ZONES.into_iter().chain(AT_MIDNIGHT) {
        for change in changes(zone) {
            let wall = on_the_wall(zone, change);
            let days: Vec<NaiveDate> =
                (-1..=1).map(|ahead| change.date_naive() + TimeDelta::days(ahead)).collect();
            for expression in cases(&expressions, 20) {
                let pattern = Pattern::cron(&expression).unwrap();
                let on_days = |zone: Tz| {
                    let mut fires = Vec::new();
                    days.iter().for_each(|date| pattern.on_day(&Day::new(*date, zone), &mut fires));
                    fires
                };
                let named = on_days(Tz::UTC);
                let expected: BTreeSet<DateTime<Utc>> = if follows_real_time(&expression) {
                    let named: BTreeSet<_> = named.into_iter().collect();
                    wall.iter().filter(|(_, civil)| named.contains(civil)).map(|(at, _)| *at).collect()
                } else {
                    let reached = |named: &DateTime<Utc>| {
                        let exact = wall.iter().find(|(_, civil)| civil == named);
                        exact.or_else(|| wall.iter().find(|(_, civil)| civil > named)).unwrap().0
                    };
                    named.iter().map(reached).collect()
                };
                let fires = on_days(zone);
                let story = format!("`{expression}` in {zone} about {change}");
                assert_eq!(fires, expected.iter().copied().collect::<Vec<_>>(), "{story}");
                let near = change - TimeDelta::hours(2);
                let asked: Vec<_> =
                    expected.range(near + TimeDelta::seconds(1)..).take(30).copied().collect();
                let next = |at: &DateTime<Utc>| pattern.next_after(zone, *at);
                let walked: Vec<_> = std::iter::successors(next(&near), next).take(asked.len()).collect();
                assert_eq!(walked, asked, "{story}, one after the other");
                if fires.len() != on_days(Tz::UTC).len() {
                    moved.insert((zone.name(), follows_real_time(&expression)));
                }
            }
        }
    }
    assert!(moved.len() > 8, "too little was changed by the changes: {moved:?}");
}
