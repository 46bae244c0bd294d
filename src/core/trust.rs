//! Whether the time can be trusted. Owns the rule of the design; what the machine says about its clock is gathered
//! in `clock`. A PC with a dead battery boots at the time last saved, which looks plausible and is hours late: no
//! hardware clock, no synchronisation, no trust.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::record::Trust;

/// A step of the wall clock of less than this is not a step but the slewing of a synchronised clock, or a slow read.
pub const STEP: Duration = Duration::from_millis(500);

/// A hardware clock that is further off than this does not vouch for the time: it has whole seconds, and a good one
/// drifts some seconds a month.
const HARDWARE_AGREES: TimeDelta = TimeDelta::seconds(120);

/// The wall clock may lie this much behind the journal without that being a step back: entries carry instants up to
/// the lead of a start ahead.
const JOURNAL_SLACK: TimeDelta = TimeDelta::seconds(5);

/// What the machine says about its clock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Testimony {
    /// Whether it says that its clock is synchronised; none where it says nothing.
    pub synchronised: Option<bool>,
    /// What its hardware clock was ahead of the wall clock when both were read; none where there is none.
    pub hardware_ahead: Option<TimeDelta>,
    /// Its id of this boot.
    pub boot: Option<String>,
}

/// A person's word that the clock is right, given while no station runs: it holds for the next start in the same boot, as
/// long as nobody has set the clock since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// The boot in which it was given.
    pub boot: String,
    /// When the system had started, by the clock that was vouched for: it moves when the clock is set.
    pub started: DateTime<Utc>,
    /// Who gave it.
    pub by: String,
}

impl Vouched {
    /// Whether it still holds in that boot, which started then by the clock of now. A synchronised clock slews within the
    /// measure by which a hardware clock agrees.
    pub fn holds(&self, boot: Option<&str>, started: Option<DateTime<Utc>>) -> bool {
        boot == Some(self.boot.as_str())
            && started.is_some_and(|started| (started - self.started).abs() <= HARDWARE_AGREES)
    }
}

/// Everything that the rule looks at.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The wall time.
    pub now: DateTime<Utc>,
    /// When the program was built.
    pub built: DateTime<Utc>,
    /// The journal's last entry or pulse.
    pub last_known: Option<DateTime<Utc>>,
    /// What the machine says.
    pub testimony: &'a Testimony,
    /// The boot in which the clock was last trusted.
    pub trusted_boot: Option<&'a str>,
    /// A person vouched for it since it was last set.
    pub confirmed: bool,
    /// It was set since it was last trusted.
    pub stepped: bool,
    /// The config says that this machine's clock is vouched for by other means.
    pub vouched: bool,
}

/// The judgement.
pub fn judge(facts: &Facts) -> Trust {
    if facts.testimony.synchronised == Some(true) {
        return Trust::Synchronised;
    }
    if facts.confirmed {
        return Trust::Confirmed;
    }
    if facts.now < facts.built {
        return Trust::BeforeBuild;
    }
    if facts.last_known.is_some_and(|last| facts.now < last - JOURNAL_SLACK) {
        return Trust::BeforeJournal;
    }
    if facts.vouched {
        return Trust::Vouched;
    }
    if facts.testimony.hardware_ahead.is_some_and(|ahead| ahead.abs() <= HARDWARE_AGREES) {
        return Trust::Plausible;
    }
    if facts.stepped {
        return Trust::Stepped;
    }
    let same_boot = facts.testimony.boot.as_deref().is_some_and(|boot| facts.trusted_boot == Some(boot));
    if same_boot { Trust::Plausible } else { Trust::Unproven }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn facts(testimony: &Testimony) -> Facts<'_> {
        Facts {
            now: at("2026-11-24T05:00:00Z"),
            built: at("2026-11-01T00:00:00Z"),
            last_known: Some(at("2026-11-24T03:00:00Z")),
            testimony,
            trusted_boot: Some("a"),
            confirmed: false,
            stepped: false,
            vouched: false,
        }
    }

    #[test]
    fn a_machine_that_says_nothing_after_a_boot_is_not_trusted_however_plausible_its_time() {
        let silent = Testimony { boot: Some("b".into()), ..Testimony::default() };
        assert_eq!(judge(&facts(&silent)), Trust::Unproven);
        assert_eq!(judge(&Facts { confirmed: true, ..facts(&silent) }), Trust::Confirmed);
        assert_eq!(judge(&Facts { vouched: true, ..facts(&silent) }), Trust::Vouched);
    }

    #[test]
    fn synchronisation_a_hardware_clock_or_the_same_boot_vouch_for_it() {
        let synchronised = Testimony { synchronised: Some(true), ..Testimony::default() };
        let before = Facts { now: at("2020-01-01T00:00:00Z"), ..facts(&synchronised) };
        assert_eq!(
            judge(&before),
            Trust::Synchronised,
            "a synchronised clock outweighs a journal written ahead"
        );
        let agrees = Testimony { hardware_ahead: Some(TimeDelta::seconds(-60)), ..Testimony::default() };
        assert_eq!(judge(&facts(&agrees)), Trust::Plausible);
        let far = Testimony { hardware_ahead: Some(TimeDelta::hours(7)), ..Testimony::default() };
        assert_eq!(judge(&facts(&far)), Trust::Unproven);
        let same_boot = Testimony { boot: Some("a".into()), ..Testimony::default() };
        assert_eq!(judge(&facts(&same_boot)), Trust::Plausible);
        assert_eq!(judge(&Facts { stepped: true, ..facts(&same_boot) }), Trust::Stepped);
    }

    #[test]
    fn a_word_given_before_the_start_holds_in_its_boot_until_the_clock_is_set() {
        let started = at("2026-11-24T04:00:00Z");
        let word = Vouched { boot: "a".into(), started, by: "binh".into() };
        assert!(word.holds(Some("a"), Some(started + TimeDelta::seconds(30))));
        assert!(!word.holds(Some("b"), Some(started)), "another boot");
        assert!(!word.holds(Some("a"), Some(started + TimeDelta::hours(1))), "the clock was set");
        assert!(!word.holds(None, Some(started)) && !word.holds(Some("a"), None), "nothing is known");
    }

    #[test]
    fn the_past_is_never_trusted_not_even_when_vouched_for() {
        let agrees = Testimony { hardware_ahead: Some(TimeDelta::zero()), ..Testimony::default() };
        let early = Facts { now: at("2026-10-01T00:00:00Z"), vouched: true, ..facts(&agrees) };
        assert_eq!(judge(&early), Trust::BeforeBuild);
        let behind = Facts { now: at("2026-11-24T02:00:00Z"), ..facts(&agrees) };
        assert_eq!(judge(&behind), Trust::BeforeJournal);
    }
}
