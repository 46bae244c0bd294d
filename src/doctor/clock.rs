//! The machine's clock: whether the station trusts it, what vouches for it, and whether its civil time is the station's.

use chrono::{Local, Offset, TimeDelta, TimeZone};

use super::Patient;
use crate::clock::{SystemClock, built, testimony};
use crate::core::checkup::{Finding, Machine};
use crate::core::record::Trust;
use crate::core::trust::{Facts, Testimony, judge};
use crate::journal::Reader;

/// A hardware clock that is further off than this vouches for nothing; the same as in the rule of trust.
const AGREES: TimeDelta = TimeDelta::seconds(120);

pub(super) fn clock(patient: &Patient) -> Vec<Finding> {
    let testimony = testimony(&SystemClock::new());
    let running = patient.report().map(|report| report.standing.clock.trust);
    let trust = running.unwrap_or_else(|| trust_without_station(patient, &testimony));
    let mut found = told(trust, &testimony);
    let zone = patient.config.station.time_zone;
    let present = patient.now.naive_utc();
    let ahead = |offset: chrono::FixedOffset| TimeDelta::seconds(i64::from(offset.local_minus_utc()));
    let system = ahead(Local.offset_from_utc_datetime(&present).fix());
    if system != ahead(zone.offset_from_utc_datetime(&present).fix()) {
        found.push(Machine::ZoneDiffers { system, station: zone });
    }
    found.into_iter().map(Finding::from).collect()
}

/// As a station would judge that starts now.
fn trust_without_station(patient: &Patient, testimony: &Testimony) -> Trust {
    let reader = Reader::open(&patient.journal).ok();
    let pulse = reader.as_ref().and_then(|reader| reader.pulse().ok().flatten());
    let span = reader.as_ref().and_then(|reader| reader.span().ok().flatten());
    let alive = pulse.as_ref().map(|pulse| pulse.alive);
    judge(&Facts {
        now: patient.now,
        built: built(),
        last_known: span.map(|(_, last)| last).max(alive),
        testimony,
        trusted_boot: pulse.as_ref().filter(|pulse| pulse.trusted).and_then(|pulse| pulse.boot.as_deref()),
        confirmed: false,
        stepped: false,
        vouched: patient.config.clock_is_vouched(),
    })
}

fn told(trust: Trust, testimony: &Testimony) -> Vec<Machine> {
    let mut found = vec![Machine::Clock { trust }];
    // Whoever vouches for the clock has other means than these.
    let others = trust != Trust::Vouched;
    if testimony.synchronised != Some(true) && others {
        found.push(Machine::NotSynchronised { said: testimony.synchronised });
    }
    match testimony.hardware_ahead {
        None if others => found.push(Machine::NoHardwareClock),
        Some(ahead) if ahead.abs() > AGREES => found.push(Machine::HardwareClockOff { ahead }),
        _ => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_vouches_for_the_clock_is_told_beside_the_judgement() {
        let well =
            Testimony { synchronised: Some(true), hardware_ahead: Some(TimeDelta::seconds(-1)), boot: None };
        assert_eq!(told(Trust::Synchronised, &well), [Machine::Clock { trust: Trust::Synchronised }]);
        let local = Testimony { hardware_ahead: Some(TimeDelta::hours(7)), ..Testimony::default() };
        assert_eq!(
            told(Trust::Unproven, &local),
            [
                Machine::Clock { trust: Trust::Unproven },
                Machine::NotSynchronised { said: None },
                Machine::HardwareClockOff { ahead: TimeDelta::hours(7) },
            ]
        );
        let bare = Testimony::default();
        assert_eq!(told(Trust::Vouched, &bare), [Machine::Clock { trust: Trust::Vouched }]);
        assert_eq!(told(Trust::Plausible, &bare).last(), Some(&Machine::NoHardwareClock));
    }
}
