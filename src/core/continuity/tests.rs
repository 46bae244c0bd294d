//! The rules of continuity, one by one, and as properties over random situations.

use chrono_tz::Asia::Ho_Chi_Minh;
use proptest::prelude::*;

use super::*;
use crate::core::calendar::QuietHours;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-11-24T{text}+07:00").parse().unwrap()
}

fn bid(due: &str) -> Bid {
    Bid {
        slot: 1,
        due: at(due),
        grace: Duration::from_secs(600),
        start: Start::Soft,
        priority: Priority::Normal,
        planned: Duration::from_secs(60),
        readiness: Readiness::Ready,
        obstacle: None,
        fate: None,
        ordered: false,
        exempt: false,
        music: false,
        yields: false,
    }
}

fn hard(due: &str) -> Bid {
    Bid { start: Start::Hard, slot: 2, ..bid(due) }
}

fn on_air(due: &str) -> OnAir {
    OnAir {
        due: at(due),
        priority: Priority::Normal,
        exempt: false,
        music: false,
        since: at(due),
        yields: false,
    }
}

/// What a station without limits has of them.
#[derive(Default)]
struct Unlimited {
    limits: Limits,
    sounded: Sounded,
    holidays: Holidays,
}

fn situation<'a>(
    now: DateTime<Utc>,
    bids: &'a [Bid],
    quiet: &'a QuietHours,
    none: &'a Unlimited,
) -> Situation<'a> {
    let Unlimited { limits, sounded, holidays } = none;
    Situation {
        now,
        trusted: true,
        on_air: None,
        paused: None,
        bids,
        quiet,
        limits,
        sounded,
        holidays,
        zone: Ho_Chi_Minh,
    }
}

fn ask(now: &str, on_air: Option<&OnAir>, bids: &[Bid]) -> Move {
    let quiet = QuietHours::parse("21:00-05:00").unwrap();
    next_move(&Situation { on_air, ..situation(at(now), bids, &quiet, &Unlimited::default()) })
}

fn starts(bid: usize, when: &str) -> Move {
    Move::Start { bid, at: at(when) }
}

fn misses(bid: usize, reason: Reason) -> Move {
    Move::Miss { bid, reason }
}

#[test]
fn a_cue_is_settled_a_lead_before_it_is_due_and_no_sooner() {
    assert_eq!(ask("05:29:58.400", None, &[bid("05:30:00")]), Move::Wait { until: Some(at("05:29:58.500")) });
    assert_eq!(ask("05:29:58.500", None, &[bid("05:30:00")]), starts(0, "05:30:00"));
}

#[test]
fn a_late_start_is_a_start_until_the_grace_is_over() {
    assert_eq!(ask("05:40:00", None, &[bid("05:30:00")]), starts(0, "05:40:00"));
    assert_eq!(ask("05:40:00.001", None, &[bid("05:30:00")]), misses(0, Reason::Late));
    let late = Bid { obstacle: Some(Reason::NoAudio), ..bid("05:30:00") };
    assert_eq!(ask("05:41:00", None, &[late]), misses(0, Reason::NoAudio));
}

#[test]
fn soft_waits_and_hard_cuts_when_its_audio_is_ready() {
    let playing = on_air("05:25:00");
    assert!(matches!(ask("05:30:00", Some(&playing), &[bid("05:30:00")]), Move::Wait { .. }));
    assert_eq!(ask("05:29:59", Some(&playing), &[hard("05:30:00")]), starts(0, "05:30:00"));
    let unready = Bid { readiness: Readiness::NotReady, ..hard("05:30:00") };
    assert!(
        matches!(ask("05:30:00", Some(&playing), &[unready]), Move::Wait { .. }),
        "without ready audio nothing is cut"
    );
    assert_eq!(ask("05:30:30", Some(&playing), &[hard("05:30:00")]), starts(0, "05:30:30"));
    assert!(
        matches!(ask("05:30:30.001", Some(&playing), &[hard("05:30:00")]), Move::Wait { .. }),
        "too late to cut"
    );
}

#[test]
fn no_start_cuts_a_higher_priority_and_among_equals_the_later_due_cuts() {
    let high = OnAir { priority: Priority::Priority, ..on_air("05:25:00") };
    assert!(matches!(ask("05:30:00", Some(&high), &[hard("05:30:00")]), Move::Wait { .. }));
    let high_bid = Bid { priority: Priority::Priority, ..hard("05:20:00") };
    let high_bid = Bid { due: at("05:29:50"), ..high_bid };
    assert_eq!(ask("05:30:00", Some(&on_air("05:29:55")), &[high_bid]), starts(0, "05:30:00"));
    assert!(matches!(ask("05:30:00", Some(&on_air("05:30:00")), &[hard("05:30:00")]), Move::Wait { .. }));
    assert!(matches!(ask("05:30:00", Some(&on_air("05:30:01")), &[hard("05:30:00")]), Move::Wait { .. }));
}

#[test]
fn at_one_due_the_first_in_the_queue_airs() {
    let first = Bid { slot: 7, priority: Priority::Priority, ..bid("05:30:00") };
    assert_eq!(ask("05:29:59", None, &[first, bid("05:30:00")]), starts(0, "05:30:00"));
}

#[test]
fn nothing_is_begun_to_be_cut_within_the_lead() {
    let waiting = bid("05:25:00");
    assert_eq!(ask("05:29:59", None, &[waiting.clone(), hard("05:30:00")]), starts(1, "05:30:00"));
    assert_eq!(ask("05:29:58", None, &[waiting, hard("05:30:00")]), starts(0, "05:29:58"));
}

#[test]
fn of_one_slot_one_cue_waits() {
    let older = bid("05:30:00");
    let newer = bid("05:35:00");
    let playing = on_air("05:20:00");
    assert_eq!(ask("05:35:00", Some(&playing), &[older, newer]), misses(0, Reason::Superseded));
}

#[test]
fn quiet_hours_bind_the_start_the_planned_end_and_what_still_runs() {
    assert_eq!(ask("20:58:00", None, &[bid("20:58:00")]), starts(0, "20:58:00"));
    assert_eq!(
        ask("20:59:00", None, &[bid("20:59:00")]),
        starts(0, "20:59:00"),
        "ends as they begin: half-open"
    );
    assert_eq!(ask("20:59:01", None, &[bid("20:59:01")]), misses(0, Reason::QuietHours));
    assert_eq!(ask("03:15:00", None, &[bid("03:15:00")]), misses(0, Reason::QuietHours));
    assert_eq!(ask("04:55:00", None, &[bid("04:55:00")]), Move::Wait { until: Some(at("05:00:00")) });
    assert_eq!(ask("05:00:00", None, &[bid("04:55:00")]), starts(0, "05:00:00"));
    assert_eq!(ask("21:00:00", Some(&on_air("20:50:00")), &[]), Move::Cut { reason: Reason::QuietHours });
    let excused = OnAir { exempt: true, ..on_air("20:50:00") };
    assert_eq!(ask("21:00:00", Some(&excused), &[]), Move::Wait { until: None });
    assert_eq!(ask("03:15:00", None, &[Bid { exempt: true, ..bid("03:15:00") }]), starts(0, "03:15:00"));
}

#[test]
fn an_untrusted_clock_airs_what_a_person_ordered_and_writes_no_miss() {
    let quiet = QuietHours::parse("21:00-05:00").unwrap();
    let none = Unlimited::default();
    let situation = |bids| Situation { trusted: false, ..situation(at("09:00:00"), bids, &quiet, &none) };
    let cues = [bid("05:30:00"), bid("09:00:00")];
    assert!(matches!(next_move(&situation(&cues)), Move::Wait { .. }));
    let order = [Bid { ordered: true, ..bid("09:00:00") }];
    assert_eq!(next_move(&situation(&order)), starts(0, "09:00:00"));
}

#[test]
fn a_cue_called_off_is_written_down_when_it_falls_due() {
    let off = Bid { fate: Some(Reason::Cancelled), ..bid("05:30:00") };
    assert_eq!(ask("05:29:59", None, std::slice::from_ref(&off)), Move::Wait { until: Some(at("05:30:00")) });
    assert_eq!(ask("05:30:00", None, &[off]), misses(0, Reason::Cancelled));
}

fn emergency(due: &str) -> Bid {
    Bid {
        slot: 9,
        grace: Duration::from_secs(3_600),
        start: Start::Hard,
        priority: Priority::Emergency,
        ordered: true,
        exempt: true,
        ..bid(due)
    }
}

fn paused(due: &str, since: &str) -> Paused {
    Paused { on_air: on_air(due), since: at(since), grace: Duration::from_secs(600) }
}

fn after_pause(now: &str, on_air: Option<&OnAir>, paused: &Paused, bids: &[Bid]) -> Move {
    let quiet = QuietHours::parse("21:00-05:00").unwrap();
    let paused = Some(paused);
    next_move(&Situation { on_air, paused, ..situation(at(now), bids, &quiet, &Unlimited::default()) })
}

#[test]
fn an_emergency_pauses_what_is_on_air_however_late_and_whatever_the_hour() {
    let high = OnAir { priority: Priority::Priority, ..on_air("05:25:00") };
    let interrupts = |when: &str| Move::Interrupt { bid: 0, at: at(when) };
    assert_eq!(ask("05:30:00", Some(&high), &[emergency("05:30:00")]), interrupts("05:30:00"));
    assert_eq!(ask("05:40:00", Some(&high), &[emergency("05:30:00")]), interrupts("05:40:00"));
    assert_eq!(ask("03:15:00", None, &[emergency("03:15:00")]), starts(0, "03:15:00"));
    let unready = Bid { readiness: Readiness::NotReady, ..emergency("05:30:00") };
    assert!(matches!(ask("05:30:00", Some(&high), &[unready]), Move::Wait { .. }));
    // Half a warning is none.
    let warning = OnAir { priority: Priority::Emergency, exempt: true, ..on_air("05:25:00") };
    assert!(matches!(ask("05:30:00", Some(&warning), &[emergency("05:30:00")]), Move::Wait { .. }));
    assert!(matches!(ask("05:30:00", Some(&warning), &[hard("05:30:00")]), Move::Wait { .. }));
}

#[test]
fn what_is_paused_goes_on_within_its_grace_and_ends_after_it() {
    let one = paused("05:25:00", "05:30:00");
    let warning = OnAir { priority: Priority::Emergency, exempt: true, ..on_air("05:30:00") };
    assert_eq!(after_pause("05:31:00", None, &one, &[]), Move::Resume);
    assert_eq!(after_pause("05:31:00", None, &one, &[bid("05:30:30")]), Move::Resume, "before what waits");
    assert_eq!(after_pause("05:40:00", None, &one, &[]), Move::Resume);
    let until = Some(at("05:40:00.001"));
    assert_eq!(after_pause("05:31:00", Some(&warning), &one, &[]), Move::Wait { until });
    let over = Move::Release { reason: Reason::Emergency };
    assert_eq!(after_pause("05:40:00.001", Some(&warning), &one, &[]), over);
    assert_eq!(after_pause("05:40:00.001", None, &one, &[]), over);
}

#[test]
fn the_next_emergency_the_quiet_hours_and_a_hard_start_come_before_what_is_paused() {
    let one = paused("05:25:00", "05:30:00");
    assert_eq!(after_pause("05:31:00", None, &one, &[emergency("05:31:01")]), starts(0, "05:31:01"));
    let release = |reason| Move::Release { reason };
    assert_eq!(after_pause("05:31:00", None, &one, &[hard("05:30:50")]), release(Reason::HardStart));
    assert_eq!(after_pause("05:31:00", None, &one, &[hard("05:30:20")]), Move::Resume, "too late to cut");
    let late = paused("20:55:00", "20:59:00");
    assert_eq!(after_pause("21:00:00", None, &late, &[]), release(Reason::QuietHours));
    let excused = Paused { on_air: OnAir { exempt: true, ..late.on_air }, ..late };
    assert_eq!(after_pause("21:00:00", None, &excused, &[]), Move::Resume);
}

#[test]
fn a_fallback_yields_to_every_cue_and_cuts_nothing() {
    let fallback = Bid { yields: true, slot: 8, ..bid("05:40:00") };
    let filling = OnAir::of(&fallback, fallback.due);
    assert_eq!(ask("05:41:00", Some(&filling), &[bid("05:41:00")]), starts(0, "05:41:00"));
    assert_eq!(ask("05:49:00", Some(&filling), &[bid("05:41:00")]), starts(0, "05:49:00"), "however late");
    assert_eq!(ask("05:41:00", Some(&filling), &[emergency("05:41:00")]), starts(0, "05:41:00"));
    let other = Bid { slot: 7, due: at("05:40:30"), start: Start::Hard, ..fallback.clone() };
    assert!(matches!(ask("05:41:00", Some(&filling), std::slice::from_ref(&other)), Move::Wait { .. }));
    assert!(matches!(ask("05:41:00", Some(&on_air("05:35:00")), &[other]), Move::Wait { .. }));
    // It is not begun where a cue is about to start.
    assert_eq!(ask("05:40:29", None, &[fallback, bid("05:40:30")]), starts(1, "05:40:30"));
}

fn any_bid() -> impl Strategy<Value = Bid> {
    let times = (0u64..4, 0i64..86_400, 0u64..1_200, 0u64..1_800);
    let flags = (any::<bool>(), 0u8..8, any::<bool>(), any::<bool>(), any::<bool>());
    (times, flags).prop_map(|((slot, due, grace, planned), (hard, class, ready, ordered, exempt))| Bid {
        slot,
        due: at("00:00:00") + TimeDelta::seconds(due),
        grace: Duration::from_secs(grace),
        start: if hard { Start::Hard } else { Start::Soft },
        priority: match class {
            0 | 1 => Priority::Emergency,
            2..5 => Priority::Priority,
            _ => Priority::Normal,
        },
        planned: Duration::from_secs(planned),
        readiness: if ready { Readiness::Ready } else { Readiness::NotReady },
        obstacle: None,
        fate: None,
        ordered,
        exempt,
        music: false,
        yields: class == 7,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]
    /// Whatever waits and whatever the hour: no start in the quiet hours or into them, none before its due or after
    /// its grace, none by an untrusted clock but by order, none that cuts what it may not; and it always ends.
    #[test]
    fn no_move_breaks_a_rule(
        mut bids in prop::collection::vec(any_bid(), 0..6),
        now in 0i64..86_400_000,
        trusted in any::<bool>(),
        playing in prop::option::of(any_bid()),
        paused in prop::option::of((any_bid(), 0i64..1_500)),
    ) {
        bids.sort_by(|a, b| b.priority.cmp(&a.priority).then(a.due.cmp(&b.due)));
        let quiet = QuietHours::parse("21:00-05:00").unwrap();
        let now = at("00:00:00") + TimeDelta::milliseconds(now);
        let mut on_air = playing.map(|one| OnAir::of(&one, one.due));
        let mut paused = paused.map(|(one, seconds)| Paused {
            on_air: OnAir::of(&one, one.due),
            since: now - TimeDelta::seconds(seconds),
            grace: one.grace,
        });
        if paused.is_some() {
            // Nothing else is on air then.
            on_air = on_air.filter(|on_air| on_air.priority == Priority::Emergency);
        }
        for round in 0.. {
            prop_assert!(round < 20, "continuity does not come to rest");
            let none = Unlimited::default();
            let situation = Situation {
                trusted, on_air: on_air.as_ref(), paused: paused.as_ref(), ..situation(now, &bids, &quiet, &none)
            };
            match next_move(&situation) {
                Move::Miss { bid, .. } => {
                    prop_assert!(trusted || bids[bid].ordered);
                    prop_assert!(bids[bid].due <= now);
                    bids.remove(bid);
                }
                Move::Cut { .. } => {
                    prop_assert!(quiet.contains(Ho_Chi_Minh, now) && !on_air.as_ref().unwrap().exempt);
                    on_air = None;
                }
                Move::Start { bid, at } => {
                    let one = bids.remove(bid);
                    prop_assert!(at >= one.due && at <= one.last_start() && at >= now && at <= now + LEAD);
                    prop_assert!(one.readiness == Readiness::Ready && (trusted || one.ordered));
                    prop_assert!(one.exempt || !quiet.touches(Ho_Chi_Minh, at, at + one.planned));
                    if let Some(before) = &on_air {
                        prop_assert!(before.priority != Priority::Emergency);
                        if before.yields {
                            prop_assert!(!one.yields || one.priority == Priority::Emergency);
                        } else {
                            prop_assert!(one.start == Start::Hard && one.priority >= before.priority && !one.yields);
                            prop_assert!(at - one.due <= TimeDelta::seconds(30));
                        }
                    }
                    prop_assert!(paused.is_none() || one.priority == Priority::Emergency);
                    on_air = Some(OnAir::of(&one, one.due));
                }
                Move::Interrupt { bid, at } => {
                    let one = bids.remove(bid);
                    prop_assert!(at >= one.due && at <= one.last_start() && at >= now && at <= now + LEAD);
                    prop_assert!(one.readiness == Readiness::Ready && one.priority == Priority::Emergency);
                    let before = on_air.replace(OnAir::of(&one, one.due)).unwrap();
                    prop_assert!(before.priority != Priority::Emergency && !before.yields && paused.is_none());
                    paused = Some(Paused { on_air: before, since: at, grace: Duration::from_secs(600) });
                }
                Move::Resume => {
                    let one = paused.take().unwrap();
                    prop_assert!(on_air.is_none() && now - one.since <= TimeDelta::from_std(one.grace).unwrap());
                    prop_assert!(one.on_air.exempt || !quiet.contains(Ho_Chi_Minh, now));
                    on_air = Some(one.on_air);
                }
                Move::Release { .. } => prop_assert!(paused.take().is_some()),
                Move::Wait { until } => {
                    prop_assert!(until.is_none_or(|until| until > now));
                    break;
                }
            }
        }
    }
}
