//! The station's calendar: quiet hours and holidays as values. Owns when a moment is quiet, in civil time and through
//! changes of summer time; never decides what follows from it.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, MappedLocalTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::pattern::{Day, TimeError, parse_time};

/// The span of each civil day in which nothing sounds: half open, may cross midnight. The default is none at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuietHours(Option<(NaiveTime, NaiveTime)>);

/// Why a text names no quiet hours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QuietHoursError {
    /// Not two times.
    #[error("`{found}` is no span, expected two times such as `21:00-05:00`, or `none`")]
    NoSpan {
        /// As written.
        found: String,
    },
    /// One of them is none.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// It ends when it begins: all day, or never?
    #[error("`{found}` ends when it begins, expected two different times, or `none`")]
    Empty {
        /// As written.
        found: String,
    },
}

impl QuietHours {
    /// Reads `21:00-05:00`, or `none`.
    pub fn parse(text: &str) -> Result<QuietHours, QuietHoursError> {
        let found = || text.chars().take(40).collect::<String>();
        if text.trim().eq_ignore_ascii_case("none") {
            return Ok(QuietHours(None));
        }
        let (from, until) =
            text.split_once(['-', '–']).ok_or_else(|| QuietHoursError::NoSpan { found: found() })?;
        let (from, until) = (parse_time(from)?, parse_time(until)?);
        if from == until {
            return Err(QuietHoursError::Empty { found: found() });
        }
        Ok(QuietHours(Some((from, until))))
    }

    /// From and until, where there are any.
    pub fn span(&self) -> Option<(NaiveTime, NaiveTime)> {
        self.0
    }

    /// Whether that moment is quiet.
    pub fn contains(&self, zone: Tz, at: DateTime<Utc>) -> bool {
        self.spans(zone, at).any(|(from, until)| from <= at && at < until)
    }

    /// Whether any moment of `[from, until)` is quiet; `from` itself where the span is empty.
    pub fn touches(&self, zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> bool {
        self.contains(zone, from) || self.start_after(zone, from).is_some_and(|start| start < until)
    }

    /// The end of the quiet span that `at` is in, else of the next one; later than `at`. At the end it is not quiet.
    pub fn end_after(&self, zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut end = None;
        for (from, until) in self.spans(zone, at).filter(|(_, until)| *until > at) {
            if end.is_some_and(|end| end < from) {
                break;
            }
            end = Some(until);
        }
        end
    }

    /// The next begin of a quiet span; later than `at`. Just before it, it is not quiet.
    pub fn start_after(&self, zone: Tz, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut quiet_until = None;
        for (from, until) in self.spans(zone, at) {
            if from > at && quiet_until.is_none_or(|quiet_until| quiet_until < from) {
                return Some(from);
            }
            quiet_until = Some(until);
        }
        None
    }

    /// The spans that begin on the civil days around `at`, ascending; those that a gap swallows are left out. Where a
    /// span leaves less than an hour of the day, the hour that occurs twice may let two of them meet.
    fn spans(&self, zone: Tz, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let today = at.date_naive();
        // The civil day may be the one before or after that of UTC, a span reaches into the next day, and in the hours
        // of a change of offset one may be empty.
        let days = (-2..=4).filter_map(move |ahead| today.checked_add_signed(TimeDelta::days(ahead)));
        self.0.into_iter().flat_map(move |(from, until)| {
            days.clone().filter_map(move |date| {
                let end = if until > from { date } else { date.succ_opt()? };
                let span = (Day::new(date, zone).at(from), end_of(zone, end, until));
                Some(span).filter(|(from, until)| from < until)
            })
        })
    }
}

/// The end of the moments before a civil time, the later ones where they occur twice: what is quiet both times is quiet
/// in between.
fn end_of(zone: Tz, date: NaiveDate, until: NaiveTime) -> DateTime<Utc> {
    let moment = TimeDelta::nanoseconds(1);
    let last = date.and_time(until).checked_sub_signed(moment);
    match last.map(|last| zone.from_local_datetime(&last)) {
        Some(MappedLocalTime::Ambiguous(_, latest)) => latest.to_utc() + moment,
        _ => Day::new(date, zone).at(until),
    }
}

impl fmt::Display for QuietHours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((from, until)) => write!(f, "{}-{}", from.format("%H:%M"), until.format("%H:%M")),
            None => f.write_str("none"),
        }
    }
}

/// The days on which cues with `except = ["holidays"]` do not air.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holidays(BTreeSet<NaiveDate>);

impl Holidays {
    /// Whether that day is one.
    pub fn contains(&self, date: NaiveDate) -> bool {
        self.0.contains(&date)
    }

    /// All of them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = NaiveDate> {
        self.0.iter().copied()
    }
}

impl FromIterator<NaiveDate> for Holidays {
    fn from_iter<I: IntoIterator<Item = NaiveDate>>(days: I) -> Holidays {
        Holidays(days.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZONES: [Tz; 6] = [
        Tz::Asia__Ho_Chi_Minh,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::America__Havana,
        Tz::Asia__Beirut,
    ];

    /// By the clock on the wall.
    fn quiet_by_the_wall((from, until): (NaiveTime, NaiveTime), time: NaiveTime) -> bool {
        if from < until { from <= time && time < until } else { from <= time || time < until }
    }

    fn at(zone: Tz, text: &str) -> DateTime<Utc> {
        let civil = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
        zone.from_local_datetime(&civil).earliest().unwrap().to_utc()
    }

    #[test]
    fn quiet_hours_are_half_open_and_cross_midnight() {
        let (zone, quiet) = (Tz::Asia__Ho_Chi_Minh, QuietHours::parse("21:00-05:00").unwrap());
        for (moment, is_quiet) in [
            ("2026-11-24 20:59:59", false),
            ("2026-11-24 21:00:00", true),
            ("2026-11-25 03:15:00", true),
            ("2026-11-25 04:59:59", true),
            ("2026-11-25 05:00:00", false),
        ] {
            assert_eq!(quiet.contains(zone, at(zone, moment)), is_quiet, "{moment}");
        }
        let evening = at(zone, "2026-11-24 20:00:00");
        assert_eq!(quiet.start_after(zone, evening), Some(at(zone, "2026-11-24 21:00:00")));
        assert_eq!(quiet.end_after(zone, evening), Some(at(zone, "2026-11-25 05:00:00")));
        assert_eq!(
            quiet.end_after(zone, at(zone, "2026-11-25 05:00:00")),
            Some(at(zone, "2026-11-26 05:00:00"))
        );
        assert!(quiet.touches(zone, at(zone, "2026-11-24 20:00:00"), at(zone, "2026-11-24 21:00:01")));
        assert!(!quiet.touches(zone, at(zone, "2026-11-24 20:00:00"), at(zone, "2026-11-24 21:00:00")));
        assert!(quiet.touches(zone, at(zone, "2026-11-24 20:00:00"), at(zone, "2026-11-27 20:00:00")));
    }

    #[test]
    fn none_is_never_and_nonsense_is_refused() {
        assert_eq!(QuietHours::parse("none").unwrap(), QuietHours::default());
        let any = at(Tz::UTC, "2026-11-24 03:15:00");
        assert!(
            !QuietHours::default().contains(Tz::UTC, any)
                && QuietHours::default().end_after(Tz::UTC, any).is_none()
        );
        assert!(matches!(QuietHours::parse("21:00"), Err(QuietHoursError::NoSpan { .. })));
        assert!(matches!(QuietHours::parse("21:00-25:00"), Err(QuietHoursError::Time(_))));
        assert!(matches!(QuietHours::parse("05:00-05:00"), Err(QuietHoursError::Empty { .. })));
        assert_eq!(QuietHours::parse(" 21h00 – 5h ").unwrap().to_string(), "21:00-05:00");
    }

    #[test]
    fn holidays_are_days() {
        let holidays: Holidays = ["2026-09-02".parse().unwrap()].into_iter().collect();
        assert!(
            holidays.contains("2026-09-02".parse().unwrap())
                && !holidays.contains("2026-09-03".parse().unwrap())
        );
        assert_eq!(holidays.iter().count(), 1);
    }

    /// Every minute of the days about a change of offset, read from the clock on the wall: quiet as it says, and in the
    /// hour that occurs twice from its first quiet minute to its last.
    struct Wall {
        first: DateTime<Utc>,
        quiet: Vec<bool>,
    }

    impl Wall {
        fn read(span: (NaiveTime, NaiveTime), zone: Tz, noon: DateTime<Utc>) -> Wall {
            let first = noon - TimeDelta::days(3);
            let minutes =
                (0..6 * 1440).map(|minute| (first + TimeDelta::minutes(minute)).with_timezone(&zone));
            let civil: Vec<_> = minutes.map(|minute| minute.naive_local()).collect();
            let mut quiet: Vec<bool> =
                civil.iter().map(|civil| quiet_by_the_wall(span, civil.time())).collect();
            if let Some(back) = (1..civil.len()).find(|at| civil[*at] < civil[at - 1]) {
                let twice = |at: &usize| {
                    if *at < back { civil[*at] >= civil[back] } else { civil[*at] <= civil[back - 1] }
                };
                let twice: Vec<usize> = (back - 120..back + 120).filter(twice).collect();
                let mut within = twice.into_iter().filter(|at| quiet[*at]);
                if let (Some(from), Some(until)) = (within.next(), within.next_back()) {
                    quiet[from..=until].fill(true);
                }
            }
            Wall { first, quiet }
        }

        fn at(&self, minute: usize) -> DateTime<Utc> {
            self.first + TimeDelta::minutes(minute as i64)
        }

        /// The first minute after that one at which it becomes quiet, or ceases to be.
        fn turn(&self, minute: usize, to: bool) -> Option<DateTime<Utc>> {
            let turns = |at: &usize| self.quiet[*at] == to && self.quiet[at - 1] != to;
            (minute + 1..self.quiet.len()).find(turns).map(|at| self.at(at))
        }
    }

    /// Noons near every change of two years, and one without.
    fn noons(zone: Tz) -> Vec<DateTime<Utc>> {
        let first = at(zone, "2026-01-01 12:00:00");
        let noons: Vec<_> = (0..730).map(|day| first + TimeDelta::days(day)).collect();
        let offset = |at: &DateTime<Utc>| at.with_timezone(&zone).naive_local() - at.naive_utc();
        let changed =
            noons.windows(2).filter(|pair| offset(&pair[0]) != offset(&pair[1])).map(|pair| pair[1]);
        changed.chain([first]).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn quiet_hours_are_what_the_clock_on_the_wall_says_minute_by_minute(
            zone in 0..ZONES.len(), near in any::<prop::sample::Index>(), from in edge(), until in edge(),
        ) {
            prop_assume!(from != until);
            let zone = ZONES[zone];
            let time = |minute: u32| NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).unwrap();
            let quiet = QuietHours(Some((time(from), time(until))));
            let wall = Wall::read((time(from), time(until)), zone, *near.get(&noons(zone)));
            for minute in (1440..3 * 1440).filter(|minute| minute % 7 == 0 || (*minute as u32 % 1440).abs_diff(from) < 2) {
                let at = wall.at(minute);
                let moment = at.with_timezone(&zone);
                prop_assert_eq!(quiet.contains(zone, at), wall.quiet[minute], "{}", moment);
                prop_assert_eq!(quiet.end_after(zone, at), wall.turn(minute, false), "end after {}", moment);
                prop_assert_eq!(quiet.start_after(zone, at), wall.turn(minute, true), "start after {}", moment);
                let long = minute * 31 % 1440;
                let touched = wall.quiet[minute..=minute + long.saturating_sub(1)].contains(&true);
                prop_assert_eq!(quiet.touches(zone, at, wall.at(minute + long)), touched, "{} minutes from {}", long, moment);
            }
        }
    }

    /// Minutes of the day, more of them in the small hours, when offsets change.
    fn edge() -> impl Strategy<Value = u32> {
        prop_oneof![0u32..240, 0u32..1440]
    }

    #[test]
    fn quiet_spans_that_meet_in_the_hour_that_occurs_twice_are_one() {
        let (zone, quiet) = (Tz::Europe__Berlin, QuietHours::parse("02:45-02:15").unwrap());
        let evening = at(zone, "2026-10-24 12:00:00");
        assert_eq!(quiet.end_after(zone, evening), Some(at(zone, "2026-10-26 02:15:00")));
        assert_eq!(quiet.start_after(zone, evening), Some(at(zone, "2026-10-26 02:45:00")));
    }

    #[test]
    fn quiet_hours_that_end_where_an_hour_occurs_twice_end_the_first_time() {
        let zone = Tz::America__New_York;
        let ends = |text: &str| {
            let end =
                QuietHours::parse(text).unwrap().end_after(zone, at(zone, "2026-11-01 00:30:00")).unwrap();
            end.with_timezone(&zone).to_rfc3339()
        };
        assert_eq!(ends("00:00-01:00"), "2026-11-01T01:00:00-04:00");
        assert_eq!(ends("00:00-01:20"), "2026-11-01T01:20:00-05:00");
        assert_eq!(ends("00:00-02:00"), "2026-11-01T02:00:00-05:00");
    }

    #[test]
    fn a_span_that_a_gap_swallows_is_none() {
        let (zone, quiet) = (Tz::Europe__Berlin, QuietHours::parse("02:10-02:50").unwrap());
        let evening = at(zone, "2027-03-27 20:00:00");
        assert_eq!(quiet.start_after(zone, evening), Some(at(zone, "2027-03-29 02:10:00")));
        assert_eq!(quiet.end_after(zone, evening), Some(at(zone, "2027-03-29 02:50:00")));
    }

    #[test]
    fn quiet_hours_may_leave_one_hour_of_the_day() {
        let quiet = QuietHours::parse("21:00-20:00").unwrap();
        for zone in ZONES {
            let evening = at(zone, "2026-11-24 19:30:00");
            assert!(quiet.contains(zone, evening), "{zone}");
            assert_eq!(quiet.end_after(zone, evening), Some(at(zone, "2026-11-24 20:00:00")), "{zone}");
            assert!(!quiet.contains(zone, at(zone, "2026-11-24 20:30:00")), "{zone}");
        }
    }

    #[test]
    fn the_ends_of_time_are_no_accident() {
        let quiet = QuietHours::parse("21:00-05:00").unwrap();
        for zone in ZONES {
            for at in [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC] {
                quiet.touches(zone, at, at);
                quiet.end_after(zone, at);
            }
        }
    }
}
