//! What is told of alarms, and when: the outbox as a value, in virtual time.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::core::outbox::{Change, Outbox, Pace, STEPS, Standing, Tiding, Undelivered};
use proptest::prelude::*;

const AFTER: i64 = 2;

fn start() -> DateTime<Utc> {
    "2026-11-24T05:00:00Z".parse().unwrap()
}

fn minute(at: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(at)
}

fn alarm(about: &str, since: i64) -> Standing {
    Standing {
        code: "card_lost".into(),
        about: about.into(),
        found: format!("{about} is gone"),
        since: minute(since),
    }
}

fn nobody() -> Undelivered {
    Undelivered::NoSuchHost { host: "x".into() }
}

/// An outbox to which each minute is told what stands.
#[derive(Default)]
struct Life {
    outbox: Outbox,
    pace: Pace,
    told: Vec<(i64, Tiding)>,
    tries: Vec<i64>,
}

impl Life {
    fn minute(&mut self, at: i64, standing: &[Standing], settled: bool, reached: bool) {
        let now = minute(at);
        self.outbox.observe(standing, |_| settled, now, self.pace);
        let message = self.outbox.message(now, self.pace);
        if message.tidings.is_empty() {
            return;
        }
        self.tries.push(at);
        match reached {
            true => {
                self.outbox.delivered(&message, now);
                self.told.extend(message.tidings.into_iter().map(|tiding| (at, tiding)));
            }
            false => self.outbox.failed(nobody(), now),
        }
    }

    /// The station is started anew.
    fn restart(&mut self) {
        let stored = serde_json::to_string(&self.outbox).unwrap();
        self.outbox = serde_json::from_str(&stored).unwrap();
        self.outbox.restarted();
    }

    fn changes(&self) -> Vec<(i64, Change)> {
        self.told.iter().map(|(at, tiding)| (*at, tiding.change)).collect()
    }
}

#[test]
fn what_is_over_soon_is_not_told_and_what_lasts_is_told_once_reminded_of_and_ended() {
    let mut life = Life::default();
    for at in 0..5_000 {
        let short = (10..11).contains(&at).then(|| alarm("short", 10));
        let long = (100..3_500).contains(&at).then(|| alarm("long", 100));
        let standing: Vec<Standing> = short.into_iter().chain(long).collect();
        life.minute(at, &standing, true, true);
    }
    let day = 24 * 60;
    assert_eq!(
        life.changes(),
        [
            (102, Change::Raised),
            (102 + day, Change::Standing),
            (102 + 2 * day, Change::Standing),
            (3_500, Change::Over { at: minute(3_500) })
        ]
    );
    assert!(life.told.iter().all(|(_, tiding)| tiding.alarm.about == "long"));
}

#[test]
fn a_server_that_is_not_there_is_tried_after_one_five_thirty_minutes_two_and_then_every_six_hours() {
    let mut life = Life::default();
    let standing = [alarm("card", 0)];
    for at in 0..1_300 {
        life.minute(at, &standing, true, false);
    }
    assert_eq!(life.tries, [2, 3, 8, 38, 158, 518, 878, 1_238]);
    let way = life.outbox.standing(loa::core::outbox::Way::Webhook, "x".into());
    let failing = way.failing.unwrap();
    assert_eq!((failing.tries, failing.since, failing.again), (8, minute(2), minute(1_598)));
    for at in 1_300..1_700 {
        life.minute(at, &standing, true, true);
    }
    assert_eq!(life.changes(), [(1_598, Change::Raised)]);
    assert!(life.outbox.standing(loa::core::outbox::Way::Webhook, "x".into()).failing.is_none());
}

#[test]
fn what_was_wrong_and_is_over_before_the_server_is_there_again_is_told_all_the_same() {
    let mut life = Life::default();
    for at in 0..200 {
        let standing: Vec<Standing> = (at < 20).then(|| alarm("card", 0)).into_iter().collect();
        life.minute(at, &standing, true, at >= 100);
    }
    assert_eq!(life.changes(), [(158, Change::Over { at: minute(20) })]);
    assert_eq!(life.told[0].1.alarm.since, minute(0));
}

#[test]
fn a_restart_tells_nothing_twice_and_what_did_not_come_back_with_it_is_over() {
    let mut life = Life::default();
    let both = [alarm("card", 0), alarm("disk", 0)];
    (0..10).for_each(|at| life.minute(at, &both, true, true));
    life.restart();
    life.told.clear();
    // At first nothing has been raised anew; then only one is, with another beginning.
    (10..12).for_each(|at| life.minute(at, &[], false, true));
    (12..60).for_each(|at| life.minute(at, &[alarm("disk", 12)], at > 13, true));
    assert_eq!(life.changes(), [(14, Change::Over { at: minute(14) })]);
    assert_eq!((life.told[0].1.alarm.about.as_str(), life.told[0].1.alarm.since), ("card", minute(0)));
}

#[test]
fn other_findings_are_told_and_one_message_holds_what_has_come_together() {
    let mut life = Life::default();
    for at in 0..30 {
        let mut standing = vec![alarm("a", 0)];
        if at >= 1 {
            standing.extend([alarm("b", 1), alarm("c", 1)]);
        }
        if at >= 20 {
            standing[1].found = "something else".into();
        }
        life.minute(at, &standing, true, true);
    }
    assert_eq!(life.tries, [2, 3, 20], "what is new a moment later waits for the next message");
    assert_eq!(life.told.last().unwrap().1.alarm.found, "something else");
}

/// Switched off at night with an alarm of the last seconds, or with one that is mended before the morning: what does not
/// come again is not told as if it stood.
#[test]
fn what_is_remembered_is_not_told_as_standing_before_it_stands_again() {
    for (first, morning) in [(0, 600), (-200, 2_000)] {
        let mut life = Life::default();
        (first..1).for_each(|at| life.minute(at, &[alarm("drive", first)], true, true));
        life.told.clear();
        life.restart();
        (morning..morning + 2).for_each(|at| life.minute(at, &[], false, true));
        (morning + 2..morning + 60).for_each(|at| life.minute(at, &[], true, true));
        let standing = |(_, change): &(i64, Change)| !matches!(change, Change::Over { .. });
        assert!(!life.changes().iter().any(standing), "{:?}", life.changes());
    }
}

/// What stood in this run and is gone is over, whoever else has not yet looked.
#[test]
fn what_came_and_went_in_the_first_moments_of_a_run_is_not_told() {
    let mut life = Life::default();
    life.minute(0, &[alarm("off", 0)], false, true);
    (1..5).for_each(|at| life.minute(at, &[], false, true));
    (5..60).for_each(|at| life.minute(at, &[], true, true));
    assert_eq!(life.changes(), []);
}

#[test]
fn what_comes_and_goes_all_day_is_told_and_few_times() {
    // A minute and a half on, half a minute off.
    let mut life = Life::default();
    for half in 0..2 * 24 * 60 {
        let (at, now) = (half / 2, start() + TimeDelta::seconds(half * 30));
        let standing: Vec<Standing> = (half % 4 != 3).then(|| alarm("cable", at)).into_iter().collect();
        life.outbox.observe(&standing, |_| true, now, life.pace);
        let message = life.outbox.message(now, life.pace);
        if !message.tidings.is_empty() {
            life.outbox.delivered(&message, now);
            life.told.extend(message.tidings.into_iter().map(|tiding| (at, tiding)));
        }
    }
    let told = life.changes().len();
    assert!((1..12).contains(&told), "{told}: {:?}", life.changes());
    assert_eq!(life.changes()[0].1, Change::Raised);
}

#[test]
fn half_an_hour_of_trouble_is_not_forgotten_for_a_flash_while_the_server_is_away() {
    let mut life = Life::default();
    for at in 0..400 {
        let stands = at < 30 || at == 50;
        let standing: Vec<Standing> =
            stands.then(|| alarm("card", if at < 30 { 0 } else { 50 })).into_iter().collect();
        life.minute(at, &standing, true, at > 60);
    }
    assert_eq!(life.changes(), [(158, Change::Over { at: minute(51) })]);
    assert_eq!(life.told[0].1.alarm.since, minute(0));
}

#[test]
fn often_reminded_is_not_often_stormed() {
    let mut life =
        Life { pace: Pace { remind: Duration::from_secs(3_600), ..Pace::default() }, ..Life::default() };
    for at in 0..24 * 60 {
        let mut one = alarm("disk", 0);
        one.found = format!("{} MB", at % 2);
        life.minute(at, &[one], true, true);
    }
    assert!(life.tries.len() < 30, "{} messages in a day", life.tries.len());
}

#[test]
fn a_message_says_how_many_others_stand() {
    let mut outbox = Outbox::default();
    let pace = Pace { after: Duration::ZERO, ..Pace::default() };
    outbox.observe(&[alarm("a", 0), alarm("b", 0)], |_| true, minute(0), pace);
    let both = outbox.message(minute(0), pace);
    assert_eq!((both.tidings.len(), both.others), (2, 0));
    outbox.delivered(&both, minute(0));
    outbox.observe(&[alarm("b", 0)], |_| true, minute(5), pace);
    let one = outbox.message(minute(5), pace);
    assert_eq!((one.tidings.len(), one.others), (1, 1));
}

#[test]
fn a_server_that_was_away_before_a_restart_is_tried_at_once_and_a_clock_set_back_holds_up_no_try() {
    let mut life = Life::default();
    (0..600).for_each(|at| life.minute(at, &[alarm("a", 0)], true, false));
    life.restart();
    life.minute(601, &[alarm("a", 601)], false, true);
    assert_eq!(life.changes(), [(601, Change::Raised)]);
    let mut life = Life::default();
    (0..3).for_each(|at| life.minute(at, &[alarm("a", 0)], true, false));
    (-300..-280).for_each(|at| life.minute(at, &[alarm("a", 0)], true, true));
    assert_eq!(life.changes(), [(-300, Change::Raised)]);
}

#[test]
fn times_at_the_end_of_all_time_bring_nothing_down() {
    let mut life = Life::default();
    (0..5).for_each(|at| life.minute(at, &[alarm("a", 0)], true, true));
    let stored = serde_json::to_string(&life.outbox).unwrap();
    let year = stored.replace("\"2026-", "\"+262142-");
    assert_ne!(year, stored);
    let mut outbox: Outbox = serde_json::from_str(&year).unwrap();
    outbox.observe(&[alarm("a", 0)], |_| true, minute(9), Pace::default());
    let message = outbox.message(minute(9), Pace::default());
    outbox.delivered(&message, minute(9));
    outbox.failed(nobody(), DateTime::<Utc>::MAX_UTC);
}

#[test]
fn a_clock_that_was_set_back_silences_nothing() {
    let mut life = Life::default();
    let mut standing = vec![alarm("a", 0)];
    (0..5).for_each(|at| life.minute(at, &standing, true, true));
    let years = -20 * 365 * 24 * 60;
    life.minute(years, &standing, true, false);
    standing.push(alarm("b", years + 1));
    (years + 1..years + 10).for_each(|at| life.minute(at, &standing, true, true));
    assert!(life.told.iter().any(|(_, tiding)| tiding.alarm.about == "b"), "{:?}", life.told);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Alarms that come and go at random, a server that is there or not, restarts: never a storm, never a word of what
    /// was over at once, and in the end the receiver knows how it stands.
    #[test]
    fn the_receiver_knows_the_truth_and_is_not_stormed(
        turns in proptest::collection::vec((0usize..3, 1i64..400, any::<bool>(), any::<bool>()), 1..60),
    ) {
        let names = ["a", "b", "c"];
        let mut life = Life::default();
        let mut since: BTreeMap<&str, i64> = BTreeMap::new();
        let (mut at, mut booted) = (0, -10);
        let quiet = [(3usize, 2_000, true, false)];
        for (which, minutes, reached, restart) in turns.into_iter().chain(quiet) {
            if restart {
                life.restart();
                booted = at;
            }
            if let Some(name) = names.get(which)
                && since.remove(name).is_none()
            {
                since.insert(name, at);
            }
            for _ in 0..minutes {
                let standing: Vec<Standing> = since.iter().map(|(name, since)| alarm(name, *since)).collect();
                life.minute(at, &standing, at - booted >= AFTER, reached);
                at += 1;
            }
        }
        for name in names {
            let of: Vec<&(i64, Tiding)> = life.told.iter().filter(|(_, tiding)| tiding.alarm.about == name).collect();
            let news: Vec<i64> =
                of.iter().filter(|(_, tiding)| tiding.change != Change::Standing).map(|(at, _)| *at).collect();
            for few in news.windows(STEPS.len() + 1) {
                prop_assert!(few[STEPS.len()] - few[0] >= 360, "{name} was told of at {few:?}");
            }
            let mut stands = false;
            for (at, tiding) in &of {
                let lasted = match tiding.change {
                    Change::Over { at } => at - tiding.alarm.since,
                    _ => minute(*at) - tiding.alarm.since,
                };
                prop_assert!(stands || lasted >= TimeDelta::minutes(AFTER), "{tiding:?}");
                stands = !matches!(tiding.change, Change::Over { .. });
            }
            prop_assert_eq!(stands, since.contains_key(name), "{} at the end: {:?}", name, of);
        }
    }
}

#[test]
fn the_steps_are_those_of_the_documents() {
    let minutes = [1, 5, 30, 120, 360].map(|minutes| Duration::from_secs(minutes * 60));
    assert_eq!(STEPS, minutes);
}
