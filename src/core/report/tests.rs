//! What counts, told as small stories.

use super::*;
use crate::core::airing::{AiringId, CueId, Priority};
use crate::core::cart::CartName;

fn cart(file: &str, topic: Option<&str>, seconds: u64) -> AiredCart {
    AiredCart {
        file: CartName::new(file).unwrap(),
        title: file.to_owned(),
        kind: "bai".into(),
        topic: topic.map(str::to_owned),
        source: None,
        sha256: Some(Fingerprint::of(file.as_bytes())),
        aired: Duration::from_secs(seconds),
    }
}

fn airing(kind: Kind, outcome: Outcome, reason: Option<Reason>, carts: Vec<AiredCart>) -> Airing {
    let due: DateTime<Utc> = "2026-11-03T22:30:00Z".parse().unwrap();
    Airing {
        id: AiringId(1),
        kind,
        cue: Some(CueId { schedule: "cchc".into(), slot: "sang".into(), due }),
        title: "Chuyên mục CCHC".into(),
        priority: Priority::Normal,
        started: None,
        ended: None,
        outcome: Some(outcome),
        reason,
        planned: None,
        frames: 0,
        aired: carts.iter().map(|cart| cart.aired).sum(),
        device: None,
        level_dbfs: None,
        clock_synchronised: None,
        by: None,
        approved_by: None,
        entry_hash: String::new(),
        noted: due,
        carts,
    }
}

fn counting(earlier: impl IntoIterator<Item = Earlier>) -> Counting {
    let name = crate::core::period::PeriodName::parse("2026-11").unwrap();
    let period = Period::named(name, crate::core::period::Reckoning::Calendar).unwrap();
    Counting::of(chrono_tz::Asia::Ho_Chi_Minh, &period, earlier)
}

fn aired(carts: Vec<AiredCart>) -> Airing {
    airing(Kind::Cue, Outcome::Aired, None, carts)
}

#[test]
fn a_signature_tune_is_no_minute_of_reform() {
    let mut counting = counting([]);
    counting.take(aired(vec![cart("nhac-hieu", None, 15), cart("dvc-1", Some("dvc"), 300)]));
    let summary = counting.summary();
    let dvc = &summary.themes[&Some("dvc".into())];
    assert_eq!(dvc.counted(), Count { times: 1, length: Duration::from_secs(300) });
    assert_eq!(summary.themes[&None].counted().length, Duration::from_secs(15));
}

#[test]
fn a_recording_that_aired_before_in_the_year_is_a_repeat_whatever_its_name() {
    let print = Fingerprint::of(b"dvc-1");
    let earlier = Earlier {
        identity: Some(Identity::Content(print)),
        topic: Some("dvc".into()),
        count: Count { times: 1, length: Duration::from_secs(300) },
    };
    let mut counting = counting([earlier]);
    let mut renamed = cart("ten-moi", Some("dvc"), 300);
    renamed.sha256 = Some(print);
    assert!(counting.take(aired(vec![renamed])).repeat);
    assert!(!counting.take(aired(vec![cart("dvc-2", Some("dvc"), 60)])).repeat);
    assert!(counting.take(aired(vec![cart("nhac-hieu", None, 15), cart("dvc-2", Some("dvc"), 60)])).repeat);
    let dvc = &counting.summary().themes[&Some("dvc".into())];
    assert_eq!((dvc.programmes, dvc.first.times, dvc.repeats.times, dvc.cumulative.times), (2, 1, 2, 4));
}

#[test]
fn what_was_cut_called_off_or_failed_counts_nothing_and_is_told_apart() {
    let dvc = || vec![cart("dvc-1", Some("dvc"), 100)];
    let none = || vec![cart("dvc-1", Some("dvc"), 0)];
    let mut counting = counting([]);
    for (outcome, reason, carts, standing) in [
        (Outcome::Cut, Reason::HardStart, dvc(), Standing::Partial),
        (Outcome::Interrupted, Reason::PowerLost, dvc(), Standing::Partial),
        (Outcome::Missed, Reason::Cancelled, none(), Standing::CalledOff),
        (Outcome::Missed, Reason::Withdrawn, none(), Standing::CalledOff),
        (Outcome::Missed, Reason::StationOff, none(), Standing::Failed),
        (Outcome::Missed, Reason::Superseded, none(), Standing::Failed),
    ] {
        assert_eq!(counting.take(airing(Kind::Cue, outcome, Some(reason), carts)).standing, standing);
    }
    // What sounded in part was not heard: its first whole airing is the first.
    assert!(!counting.take(aired(dvc())).repeat);
    let dvc = &counting.summary().themes[&Some("dvc".into())];
    assert_eq!((dvc.counted().times, dvc.partial.times, dvc.called_off, dvc.failed), (1, 2, 2, 2));
}

#[test]
fn tests_and_fallbacks_are_never_counted_and_relays_apart() {
    let mut counting = counting([]);
    for kind in [Kind::Test, Kind::Fallback, Kind::Relay] {
        let taken = counting.take(airing(kind, Outcome::Aired, None, vec![cart("dvc-1", Some("dvc"), 100)]));
        assert_ne!(taken.standing, Standing::Counted, "{kind}");
    }
    let entered = vec![cart("Trưởng thôn đọc", Some("dvc"), 100)];
    for _ in 0..2 {
        let taken = counting.take(airing(Kind::Entered, Outcome::Aired, None, entered.clone()));
        assert!(taken.standing == Standing::Counted && !taken.repeat);
    }
    let summary = counting.summary();
    let dvc = &summary.themes[&Some("dvc".into())];
    assert_eq!((dvc.counted().times, dvc.entered.times, dvc.programmes), (2, 2, 2));
    assert_eq!(summary.airings[&Standing::Relayed].times, 1);
}

#[test]
fn parts_of_the_day() {
    let at = |hour: u32, minute: u32| {
        let civil =
            chrono::NaiveDate::from_ymd_opt(2026, 11, 24).unwrap().and_hms_opt(hour, minute, 0).unwrap();
        Daypart::of(chrono_tz::Asia::Ho_Chi_Minh, (civil - chrono::TimeDelta::hours(7)).and_utc())
    };
    assert_eq!((at(5, 30), at(10, 59)), (Daypart::Morning, Daypart::Morning));
    assert_eq!((at(11, 0), at(13, 59)), (Daypart::Noon, Daypart::Noon));
    assert_eq!((at(14, 0), at(18, 29)), (Daypart::Afternoon, Daypart::Afternoon));
    assert_eq!((at(18, 30), at(0, 0)), (Daypart::Evening, Daypart::Morning));
}

#[test]
fn a_period_over_new_year_counts_two_years() {
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    let period = Period::span(
        "2026-12-28".parse().unwrap(),
        "2027-01-03".parse().unwrap(),
        crate::core::period::Reckoning::Calendar,
    );
    let earlier = Earlier {
        identity: Some(Identity::Name("x".into())),
        topic: Some("dvc".into()),
        count: Count { times: 90, length: Duration::from_secs(90) },
    };
    let mut counting = Counting::of(chrono_tz::Asia::Ho_Chi_Minh, &period.unwrap(), [earlier]);
    let mut repeats = Vec::new();
    // Half past five in Ha Noi, on 30 and 31 December, 1 and 2 January.
    for due in
        ["2026-12-29T22:30:00Z", "2026-12-30T22:30:00Z", "2026-12-31T22:30:00Z", "2027-01-01T22:30:00Z"]
    {
        let mut one = aired(vec![cart("dvc-1", Some("dvc"), 60)]);
        one.cue.as_mut().unwrap().due = at(due);
        repeats.push(counting.take(one).repeat);
    }
    assert_eq!(repeats, [false, true, false, true]);
    let dvc = &counting.summary().themes[&Some("dvc".into())];
    assert_eq!((dvc.counted().times, dvc.cumulative.times), (4, 2));
}
