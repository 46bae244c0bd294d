//! Limits against cases worked out by hand, and against a count minute by minute.

use chrono_tz::Asia::Ho_Chi_Minh;
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    let civil = chrono::NaiveDateTime::parse_from_str(&format!("2026-12-{text}"), "%Y-%m-%d %H:%M").unwrap();
    chrono::TimeZone::from_local_datetime(&Ho_Chi_Minh, &civil).unwrap().to_utc()
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn sounded(spans: &[(&str, &str)]) -> Sounded {
    spans.iter().map(|(from, until)| (at(from), at(until))).collect()
}

/// What stands in the way of so many minutes at that time.
fn asked(limits: &Limits, sounded: &Sounded, when: &str, length: u64, music: bool) -> Option<Limit> {
    let holidays: Holidays = ["2026-12-03".parse().unwrap()].into_iter().collect();
    let account = Account { limits, sounded, sounding: None, zone: Ho_Chi_Minh, holidays: &holidays };
    account.forbids(Candidate { planned: minutes(length), music }, at(when))
}

#[test]
fn a_session_is_airings_with_gaps_under_ten_minutes_and_lasts_with_its_gaps() {
    let limits = Limits { session: Some(minutes(15)), sessions: Some(2), ..Limits::default() };
    let heard = sounded(&[("01 05:30", "01 05:35")]);
    assert_eq!(asked(&limits, &heard, "01 05:35", 10, false), None);
    assert_eq!(asked(&limits, &heard, "01 05:35", 11, false), Some(Limit::Session(minutes(15))));
    // Nine minutes later it is the same session, ten minutes later another.
    assert_eq!(asked(&limits, &heard, "01 05:44", 2, false), Some(Limit::Session(minutes(15))));
    assert_eq!(asked(&limits, &heard, "01 05:45", 15, false), None);
    let heard = sounded(&[("01 05:30", "01 05:35"), ("01 11:00", "01 11:15")]);
    assert_eq!(asked(&limits, &heard, "01 17:00", 5, false), Some(Limit::Sessions(2)));
    assert_eq!(asked(&limits, &heard, "02 05:30", 5, false), None);
    assert_eq!(asked(&limits, &heard, "01 05:36", 5, false), None, "it belongs to a session that there was");
}

#[test]
fn a_day_has_so_many_minutes() {
    let limits = Limits { day: Some(minutes(60)), ..Limits::default() };
    let heard = sounded(&[("01 05:30", "01 06:00"), ("01 11:00", "01 11:20")]);
    assert_eq!(asked(&limits, &heard, "01 17:00", 10, false), None);
    assert_eq!(asked(&limits, &heard, "01 17:00", 11, false), Some(Limit::Day(minutes(60))));
    assert_eq!(asked(&limits, &heard, "02 17:00", 60, false), None);
}

#[test]
fn days_of_silence_and_spans_without_music() {
    let silent = Limits {
        weekdays: Days::parse("T2-T6").unwrap(),
        holidays: OnHolidays::Silent,
        no_music: vec![QuietHours::parse("05:00-06:00").unwrap()],
        ..Limits::default()
    };
    let none = Sounded::default();
    let date = |day: &str| format!("2026-12-{day}").parse().unwrap();
    assert_eq!(asked(&silent, &none, "04 17:00", 5, false), None);
    assert_eq!(asked(&silent, &none, "05 17:00", 5, false), Some(Limit::Weekday(date("05"))));
    assert_eq!(asked(&silent, &none, "04 23:58", 5, false), Some(Limit::Weekday(date("05"))));
    assert_eq!(asked(&silent, &none, "03 17:00", 5, false), Some(Limit::Holiday(date("03"))));
    assert_eq!(asked(&silent, &none, "04 04:58", 5, true), Some(Limit::Music));
    assert_eq!(asked(&silent, &none, "04 04:58", 5, false), None);
    assert_eq!(asked(&silent, &none, "04 06:00", 5, true), None);
}

#[test]
fn what_sounds_ends_where_the_first_limit_is_reached() {
    let limits = Limits {
        session: Some(minutes(15)),
        day: Some(minutes(40)),
        weekdays: Days::parse("T2-T6").unwrap(),
        no_music: vec![QuietHours::parse("05:50-06:00").unwrap()],
        ..Limits::default()
    };
    let heard = sounded(&[("04 05:30", "04 05:40")]);
    let holidays = Holidays::default();
    let ends = |heard: &Sounded, since: &str, music| {
        let account = Account {
            limits: &limits,
            sounded: heard,
            sounding: None,
            zone: Ho_Chi_Minh,
            holidays: &holidays,
        };
        account.ends(at(since), music).unwrap()
    };
    assert_eq!(ends(&heard, "04 05:41", false), at("04 05:45"), "the session");
    assert_eq!(ends(&heard, "04 05:49", true), at("04 05:45"), "overdue");
    assert_eq!(ends(&Sounded::default(), "04 05:45", true), at("04 05:50"), "the music");
    let full = sounded(&[("04 05:00", "04 05:38")]);
    assert_eq!(ends(&full, "04 08:00", false), at("04 08:02"), "the day");
    assert_eq!(ends(&Sounded::default(), "04 23:55", false), at("05 00:00"), "the silent day");
}

proptest! {
    /// Told minute by minute, on one day: which minutes sound, which session each belongs to.
    #[test]
    fn sessions_are_what_a_count_by_minutes_finds(
        spans in prop::collection::vec((300u64..1_200, 1u64..40), 0..8),
        start in 300u64..1_200, length in 1u64..40, most in 1u32..4, longest in 5u64..60, whole in 10u64..200,
    ) {
        let minute = |minute: u64| at("01 00:00") + minutes(minute);
        // Real airings never overlap.
        let mut heard = vec![false; 1_500];
        let mut sounded = Sounded::default();
        for (from, length) in &spans {
            if heard[*from as usize..(from + length) as usize].contains(&true) {
                continue;
            }
            heard[*from as usize..(from + length) as usize].fill(true);
            sounded.add(minute(*from), minute(from + length));
        }
        prop_assume!(!heard[start as usize..(start + length) as usize].contains(&true));
        let sessions = |heard: &[bool]| {
            let mut found: Vec<(u64, u64)> = Vec::new();
            for at in (0..heard.len() as u64).filter(|at| heard[*at as usize]) {
                match found.last_mut() {
                    Some((_, until)) if at < *until + 10 => *until = at + 1,
                    _ => found.push((at, at + 1)),
                }
            }
            found
        };
        let before = sessions(&heard).len();
        let sum = heard.iter().filter(|heard| **heard).count() as u64;
        heard[start as usize..(start + length) as usize].fill(true);
        let after = sessions(&heard);
        let own = after.iter().find(|(from, until)| *from <= start && start < *until).unwrap();
        let is_new = *own == (start, start + length);
        let limits = Limits {
            sessions: Some(most), session: Some(minutes(longest)), day: Some(minutes(whole)), ..Limits::default()
        };
        let holidays = Holidays::default();
        let account = Account {
            limits: &limits, sounded: &sounded, sounding: None, zone: Ho_Chi_Minh, holidays: &holidays,
        };
        let found = account.forbids(Candidate { planned: minutes(length), music: false }, minute(start));
        let expected = if own.1 - own.0 > longest {
            Some(Limit::Session(minutes(longest)))
        } else if is_new && before >= most as usize {
            Some(Limit::Sessions(most))
        } else {
            (sum + length > whole).then_some(Limit::Day(minutes(whole)))
        };
        prop_assert_eq!(found, expected);
        // The next chance is never later than the first moment at which the answer is another. What a clock that was set
        // back has in its future is left out: a moment too late is a moment of silence.
        prop_assume!(!heard[(start + length) as usize..].contains(&true));
        if let (Some(limit), Some(chance)) = (found, account.next_chance(minute(start))) {
            let mut moment = start + 1;
            while moment < 1_400 && minute(moment) < chance {
                let again = account.forbids(Candidate { planned: minutes(length), music: false }, minute(moment));
                prop_assert!(again.is_some(), "{limit:?} is over at minute {moment}, before {chance}");
                moment += 1;
            }
        }
    }
}
