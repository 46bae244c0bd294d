//! Patterns against the calendar on the wall; `tests/suite/pattern_oracle.rs` holds them against cronsim.

use proptest::prelude::*;

use super::*;

const VIET_NAM: Tz = Tz::Asia__Ho_Chi_Minh;

fn cron(text: &str) -> Pattern {
    Pattern::cron(text).unwrap()
}

/// The next `count` after that civil time, as civil times.
fn next(pattern: &Pattern, zone: Tz, after: &str, count: usize) -> Vec<String> {
    let civil = NaiveDateTime::parse_from_str(after, "%Y-%m-%d %H:%M").unwrap();
    let mut at = zone.from_local_datetime(&civil).earliest().unwrap().to_utc();
    let mut found = Vec::new();
    for _ in 0..count {
        let Some(next) = pattern.next_after(zone, at) else { break };
        found.push(next.with_timezone(&zone).format("%a %Y-%m-%d %H:%M:%S %:z").to_string());
        at = next;
    }
    found
}

#[test]
fn weekdays_count_as_crontab_counts_them() {
    assert_eq!(
        next(&cron("30 5 * * mon-fri"), VIET_NAM, "2026-11-27 12:00", 2),
        ["Mon 2026-11-30 05:30:00 +07:00", "Tue 2026-12-01 05:30:00 +07:00"]
    );
    for sunday in ["0 6 * * 0", "0 6 * * 7", "0 6 * * sun", "0 6 * * SUN", "0 6 * * 7-7"] {
        assert_eq!(
            next(&cron(sunday), VIET_NAM, "2026-11-24 00:00", 1),
            ["Sun 2026-11-29 06:00:00 +07:00"],
            "{sunday}"
        );
    }
    let fits = |text: &str| {
        let pattern = cron(text);
        let Pattern::Cron(crontab) = &pattern else { unreachable!() };
        (23..30)
            .map(|day| u8::from(crontab.has_day(NaiveDate::from_ymd_opt(2026, 11, day).unwrap())))
            .collect::<Vec<_>>()
    };
    assert_eq!(fits("0 6 * * 1-5"), [1, 1, 1, 1, 1, 0, 0]);
    assert_eq!(fits("0 6 * * 5-7"), [0, 0, 0, 0, 1, 1, 1]);
    assert_eq!(fits("0 6 * * fri-sun"), [0, 0, 0, 0, 1, 1, 1]);
    assert_eq!(fits("0 6 * * sun-tue"), [1, 1, 0, 0, 0, 0, 1]);
    assert_eq!(fits("0 6 * * */2"), [0, 1, 0, 1, 0, 1, 1]);
}

#[test]
fn day_and_weekday_both_restricted_fit_by_either() {
    assert_eq!(
        next(&cron("0 9 13 * fri"), VIET_NAM, "2026-11-05 10:00", 3),
        [
            "Fri 2026-11-06 09:00:00 +07:00",
            "Fri 2026-11-13 09:00:00 +07:00",
            "Fri 2026-11-20 09:00:00 +07:00"
        ]
    );
    // A field that begins with a star is unrestricted: both must fit.
    assert_eq!(
        next(&cron("0 9 */2 * mon"), VIET_NAM, "2026-11-01 10:00", 1),
        ["Mon 2026-11-09 09:00:00 +07:00"]
    );
}

#[test]
fn seconds_come_first_where_there_are_six() {
    assert_eq!(
        next(&cron("15,45 30 5 * * *"), VIET_NAM, "2026-11-24 05:30", 2),
        ["Tue 2026-11-24 05:30:15 +07:00", "Tue 2026-11-24 05:30:45 +07:00"]
    );
    assert_eq!(next(&cron("@daily"), VIET_NAM, "2026-11-24 05:30", 1), ["Wed 2026-11-25 00:00:00 +07:00"]);
}

#[test]
fn a_gap_moves_a_fixed_time_and_drops_real_time() {
    let berlin = Tz::Europe__Berlin;
    assert_eq!(
        next(&cron("30 2 * * *"), berlin, "2027-03-27 12:00", 2),
        ["Sun 2027-03-28 03:00:00 +02:00", "Mon 2027-03-29 02:30:00 +02:00"]
    );
    // Two civil times of the gap are one cue.
    assert_eq!(
        next(&cron("15,45 2 * * *"), berlin, "2027-03-27 12:00", 2),
        ["Sun 2027-03-28 03:00:00 +02:00", "Mon 2027-03-29 02:15:00 +02:00"]
    );
    assert_eq!(
        next(&cron("*/30 * * * *"), berlin, "2027-03-28 01:30", 2),
        ["Sun 2027-03-28 03:00:00 +02:00", "Sun 2027-03-28 03:30:00 +02:00"]
    );
    let weekly = Pattern::weekly(&[parse_time("02:30").unwrap()], Days::ALL);
    assert_eq!(next(&weekly, berlin, "2027-03-27 12:00", 1), ["Sun 2027-03-28 03:00:00 +02:00"]);
}

#[test]
fn what_another_pattern_has_at_the_same_instant_stays() {
    let berlin = Tz::Europe__Berlin;
    let day = Day::new(NaiveDate::from_ymd_opt(2027, 3, 28).unwrap(), berlin);
    let mut due = Vec::new();
    cron("15,45 2 * * *").on_day(&day, &mut due);
    cron("30 2 * * *").on_day(&day, &mut due);
    assert_eq!(due, [day.at(NaiveTime::from_hms_opt(3, 0, 0).unwrap()); 2]);
}

#[test]
fn a_fixed_time_that_occurs_twice_airs_the_first_time_and_real_time_both() {
    let berlin = Tz::Europe__Berlin;
    assert_eq!(
        next(&cron("30 2 * * *"), berlin, "2026-10-24 12:00", 2),
        ["Sun 2026-10-25 02:30:00 +02:00", "Mon 2026-10-26 02:30:00 +01:00"]
    );
    assert_eq!(
        next(&cron("30 * * * *"), berlin, "2026-10-25 01:59", 3),
        [
            "Sun 2026-10-25 02:30:00 +02:00",
            "Sun 2026-10-25 02:30:00 +01:00",
            "Sun 2026-10-25 03:30:00 +01:00"
        ]
    );
}

#[test]
fn what_never_fires_and_what_says_nothing_is_refused_with_its_field() {
    let refused = |text: &str| Pattern::cron(text).unwrap_err();
    assert_eq!(refused("0 9 30 2 *"), PatternError::Never);
    assert_eq!(refused("0 9 31 4,6,9,11 *"), PatternError::Never);
    assert_eq!(refused("0 9 * *"), PatternError::FieldCount { found: 4 });
    assert_eq!(refused(""), PatternError::FieldCount { found: 0 });
    assert_eq!(refused("0 9 * * * * 2026"), PatternError::FieldCount { found: 7 });
    let field = |field, found: &str| PatternError::Field { field, found: found.into() };
    assert_eq!(refused("60 9 * * *"), field(Field::Minute, "60"));
    assert_eq!(refused("0 24 * * *"), field(Field::Hour, "24"));
    assert_eq!(refused("0 9 0 * *"), field(Field::Day, "0"));
    assert_eq!(refused("0 9 * 13 *"), field(Field::Month, "13"));
    assert_eq!(refused("0 9 * * 8"), field(Field::Weekday, "8"));
    assert_eq!(refused("0 9 * * T2"), field(Field::Weekday, "T2"));
    assert_eq!(refused("0 9 L * *"), field(Field::Day, "L"));
    assert_eq!(refused("*/0 9 * * *"), field(Field::Minute, "*/0"));
    assert_eq!(refused("0 9 ? * *"), field(Field::Day, "?"));
    assert_eq!(refused("0,, 9 * * *"), field(Field::Minute, ""));
    assert_eq!(refused("0 22-5 * * *"), PatternError::Backwards { field: Field::Hour, found: "22-5".into() });
    assert_eq!(refused("@reboot"), PatternError::Nickname { found: "@reboot".into() });
}

#[test]
fn weekdays_are_read_as_offices_write_them() {
    let days = |text: &str| Days::parse(text).map(|days| days.0);
    for working in
        ["T2-T6", "mon-fri", "thứ Hai - thứ Sáu", "T2,T3,T4,T5,T6", "Thứ 2–Thứ 6", "THỨ HAI; T3-T6"]
    {
        assert_eq!(days(working), Ok(0b001_1111), "{working}");
    }
    assert_eq!(days("CN"), Ok(0b100_0000));
    assert_eq!(days("T7-CN"), Ok(0b110_0000));
    // The same letters, taken apart as macOS writes them.
    assert_eq!(days("thu\u{31b}\u{301} Hai"), Ok(1));
    assert!(matches!(days("thu"), Err(DaysError::Thu { .. })));
    assert!(matches!(days("2-6"), Err(DaysError::Number { .. })));
    assert!(matches!(days("5"), Err(DaysError::Number { .. })));
    assert!(matches!(days("T6-T2"), Err(DaysError::Backwards { .. })));
    assert!(matches!(days("hôm nay"), Err(DaysError::Unknown { .. })));
    assert!(matches!(days(" , "), Err(DaysError::Empty)));
    assert_eq!(Days::parse("T2-T6").unwrap().to_string(), "T2, T3, T4, T5, T6");
}

#[test]
fn times_are_read_as_offices_write_them() {
    let time = |text: &str| parse_time(text).map(|time| time.to_string()).ok();
    for half_past_five in ["05:30", "5:30", "5h30", "05H30", "5g30", "05:30:00", " 05:30 "] {
        assert_eq!(time(half_past_five).as_deref(), Some("05:30:00"), "{half_past_five}");
    }
    assert_eq!(time("17h").as_deref(), Some("17:00:00"));
    assert_eq!(time("17:00:15").as_deref(), Some("17:00:15"));
    for nonsense in
        ["24:00", "5:3", "05:60", "", "5", "05.30", "-5:30", "05:30:60", "h30", "005:30", "５:30", "5:+3"]
    {
        assert_eq!(time(nonsense), None, "{nonsense}");
    }
}

#[test]
fn named_days_end() {
    let dated = Pattern::dated(
        &["2026-12-08".parse().unwrap()],
        &[parse_time("16:45").unwrap(), parse_time("08:00").unwrap()],
    );
    assert_eq!(
        next(&dated, VIET_NAM, "2026-11-24 00:00", 5),
        ["Tue 2026-12-08 08:00:00 +07:00", "Tue 2026-12-08 16:45:00 +07:00"]
    );
}

#[test]
fn a_refusal_names_the_field_what_was_found_and_what_to_write() {
    let said = |text: &str| Pattern::cron(text).unwrap_err().to_string();
    assert_eq!(said("0 24 * * *"), "`24` in the field hour is not among 0-23");
    assert_eq!(
        said("0 9 * * Sat-Tue"),
        "the range `Sat-Tue` in the field weekday runs backwards; write two ranges, such as `fri-sat,sun-mon`"
    );
    let long = "9".repeat(1 << 20);
    assert!(said(&format!("{long} 5 * * *")).len() < 100 && said(&format!("0 0 {long}-1 * *")).len() < 100);
    assert!(Days::parse(&long).unwrap_err().to_string().len() < 200);
    assert!(Days::parse(&format!("CN-{}", "T2".repeat(1 << 20))).unwrap_err().to_string().len() < 200);
    for field in Field::ALL {
        let fields: Vec<_> =
            Field::ALL.iter().map(|other| if *other == field { field.two_ranges() } else { "*" }).collect();
        assert!(Pattern::cron(&fields.join(" ")).is_ok(), "{field:?}");
    }
}

#[test]
fn the_ends_of_time_are_no_accident() {
    for zone in [VIET_NAM, Tz::America__New_York] {
        for pattern in [cron("30 5 * * *"), cron("* * * * *"), Pattern::weekly(&[NaiveTime::MIN], Days::ALL)]
        {
            assert!(pattern.next_after(zone, DateTime::<Utc>::MIN_UTC).is_some());
            assert_eq!(pattern.next_after(zone, DateTime::<Utc>::MAX_UTC), None);
            for date in [NaiveDate::MIN, NaiveDate::MAX] {
                assert_eq!(Day::new(date, zone).at(NaiveTime::MIN), date.and_time(NaiveTime::MIN).and_utc());
                pattern.count_on(&Day::new(date, zone));
            }
        }
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in ".{0,40}", cronlike in "[0-9*,/a-z@ -]{0,30}") {
        for text in [&text, &cronlike] {
            let _ = Pattern::cron(text);
            let _ = Days::parse(text);
            let _ = parse_time(text);
        }
    }

    /// Walking day by day and asking for the next one are the same, in every zone and through every change.
    #[test]
    fn day_by_day_is_one_after_the_other(
        minute in "(\\*|\\*/17|[0-5]?[0-9]|5-40/9)", hour in "(\\*|[0-9]|1,2,3)", zone in 0usize..4, day in 0i64..730,
    ) {
        let zone = [VIET_NAM, Tz::Europe__Berlin, Tz::America__New_York, Tz::Australia__Lord_Howe][zone];
        let pattern = cron(&format!("{minute} {hour} * * *"));
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(day);
        let mut walked = Vec::new();
        for date in first.iter_days().take(4) {
            pattern.on_day(&Day::new(date, zone), &mut walked);
        }
        prop_assert!(walked.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", walked);
        // From somewhere in the middle: asking for each of thousands would take long.
        let from = walked.len() * 2 / 5;
        let mut at = walked[from] - TimeDelta::seconds(1);
        for expected in walked.iter().skip(from).take(12) {
            let next = pattern.next_after(zone, at).unwrap();
            prop_assert_eq!(next, *expected);
            at = next;
        }
    }
}
