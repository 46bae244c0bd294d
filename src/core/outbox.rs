//! What is told of alarms to people who are far away, and when: one way (the webhook, or e-mail) as a pure value that
//! lives across restarts. Owns the rhythm: what is told at all, how often at most, when a failed delivery is tried
//! again. It never sends anything, and has no clock.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

mod servers;
mod undelivered;

pub use servers::{Login, MailServer, Security, WebAddress};
pub use undelivered::{PasswordFault, Undelivered};

/// After the first, second, … failed delivery the next is tried when this has passed; and an alarm that comes and goes
/// is told again when this has passed: 1 min, 5 min, 30 min, 2 h, and then every 6 h.
pub const STEPS: [Duration; 5] = [minutes(1), minutes(5), minutes(30), minutes(120), minutes(360)];
/// What is new is gathered for so long after a message: a cable that comes loose raises one alarm after the other.
pub const GATHERED: Duration = STEPS[0];

/// An alarm of which nothing was told for so long begins anew: twice the last step, so that one that comes and goes for
/// days does not begin anew each time.
const FORGOTTEN: Duration = minutes(720);

const fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(minutes * 60)
}

/// Two ways to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// An HTTP POST to the address of the config.
    Webhook,
    /// A letter to each address of the config.
    Email,
}

/// How patient a station is before it tells, `[alarms]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// An alarm that is over sooner is not told. Also: what stood before a restart is over when it did not come again
    /// for so long.
    pub after: Duration,
    /// What stands for so long since it was told is told again.
    pub remind: Duration,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace { after: Duration::from_secs(120), remind: Duration::from_secs(86_400) }
    }
}

/// An alarm that stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its code.
    pub code: String,
    /// What it is about.
    pub about: String,
    /// What was found, with the remedy, in the station's language.
    pub found: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// One item of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tiding {
    /// The alarm. Of one that is over: as it last stood.
    pub alarm: Standing,
    /// What there is to tell of it.
    pub change: Change,
}

/// What is told at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// What there is to tell; empty: nothing.
    pub tidings: Vec<Tiding>,
    /// How many alarms stand beside, of which the receiver knows.
    pub others: usize,
}

/// What there is to tell of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands, and this was not told yet.
    Raised,
    /// It still stands.
    Standing,
    /// It is over.
    Over {
        /// Since when.
        at: DateTime<Utc>,
    },
}

/// How a way stands, for `loa status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WayStanding {
    /// Which.
    pub way: Way,
    /// Where it leads, as far as it may be shown: the host of a webhook, the receivers of a letter.
    pub to: String,
    /// When a message was last delivered.
    pub delivered: Option<DateTime<Utc>>,
    /// Why the last try failed, since when all of them do, and when the next is made; none: the last one did not.
    pub failing: Option<Failing>,
}

/// A way by which nothing can be delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failing {
    /// Since when.
    pub since: DateTime<Utc>,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried again, if there is something to tell by then.
    pub again: DateTime<Utc>,
    /// Why.
    pub found: Undelivered,
}

/// One way's outbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outbox {
    #[serde(with = "as_list")]
    known: BTreeMap<(String, String), Known>,
    delivered: Option<DateTime<Utc>>,
    failing: Option<Failing>,
}

/// An alarm that stands, or was told of lately.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    found: String,
    since: DateTime<Utc>,
    /// It is over, since then.
    over: Option<DateTime<Utc>>,
    told: Option<Told>,
    /// It stood at some time of this run: what is only remembered from the last one may be over.
    #[serde(skip)]
    seen: bool,
}

/// What the receiver was told last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Told {
    at: DateTime<Utc>,
    /// What it had found; none: that it is over.
    found: Option<String>,
    /// The step until it may be told of again.
    step: usize,
}

/// Whether the time has come. A clock that was set back by more than the whole wait would else silence the station for
/// as long as it was set back.
fn is_due(at: DateTime<Utc>, now: DateTime<Utc>, wait: Duration) -> bool {
    now >= at || at - now > span(wait)
}

/// The time when so much has passed; what a spoilt file says may lie at the end of all time.
fn after(at: DateTime<Utc>, wait: Duration) -> DateTime<Utc> {
    at.checked_add_signed(span(wait)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn span(span: Duration) -> TimeDelta {
    TimeDelta::from_std(span).unwrap_or(TimeDelta::MAX)
}

fn step(at: usize) -> Duration {
    STEPS[at.min(STEPS.len() - 1)]
}

/// The wait after so many failed deliveries before the last.
fn step_of(failed: u32) -> Duration {
    step(usize::try_from(failed).unwrap_or(usize::MAX))
}

impl Known {
    /// Whether it stood, or has stood, long enough to be told.
    fn lasted(&self, now: DateTime<Utc>, pace: Pace) -> bool {
        let age = self.over.unwrap_or(now) - self.since;
        age >= span(pace.after) || age < TimeDelta::zero()
    }

    fn change(&self, now: DateTime<Utc>, pace: Pace) -> Option<Change> {
        if !self.seen && self.over.is_none() {
            return None;
        }
        let said = self.told.as_ref().and_then(|told| told.found.as_ref());
        let change = match (self.over, said) {
            (None, Some(said)) if *said == self.found => {
                let told = self.told.as_ref().map_or(now, |told| told.at);
                return is_due(after(told, pace.remind), now, pace.remind).then_some(Change::Standing);
            }
            (None, _) if self.lasted(now, pace) => Change::Raised,
            (Some(at), Some(_)) => Change::Over { at },
            (Some(at), None) if self.lasted(now, pace) && self.since_told() => Change::Over { at },
            _ => return None,
        };
        let quiet = |told: &Told| is_due(after(told.at, step(told.step)), now, step(told.step));
        self.told.as_ref().is_none_or(quiet).then_some(change)
    }

    /// Whether it began after the last word of it.
    fn since_told(&self) -> bool {
        self.told.as_ref().is_none_or(|told| self.over.is_some_and(|over| over > told.at))
    }

    /// Whether it is still the same when it comes again after it was over: after a moment, or before anybody was told of
    /// what had lasted. Nobody would else hear of what comes and goes.
    fn goes_on(&self, over: DateTime<Utc>, since: DateTime<Utc>, pace: Pace) -> bool {
        let end_told = self.told.as_ref().is_some_and(|told| told.found.is_none() && told.at >= over);
        let brief = since - over < span(pace.after);
        !end_told && (brief || (self.lasted(over, pace) && self.since_told()))
    }

    /// Whether nothing of it is worth remembering.
    fn is_settled(&self, now: DateTime<Utc>, pace: Pace) -> bool {
        let Some(over) = self.over else { return false };
        match &self.told {
            None => !self.lasted(now, pace) && is_due(after(over, pace.after), now, pace.after),
            Some(told) => {
                let silent = told.found.is_none() && !(self.lasted(now, pace) && self.since_told());
                silent && is_due(after(told.at, FORGOTTEN), now, FORGOTTEN)
            }
        }
    }
}

impl Outbox {
    /// Takes in what stands now. `settled` says of a code whether this run of the station has looked for such alarms: one
    /// of an earlier run is not over before.
    pub fn observe(
        &mut self,
        standing: &[Standing],
        settled: impl Fn(&str) -> bool,
        now: DateTime<Utc>,
        pace: Pace,
    ) {
        let mut gone: Vec<(String, String)> = self.known.keys().cloned().collect();
        for alarm in standing {
            let key = (alarm.code.clone(), alarm.about.clone());
            gone.retain(|one| *one != key);
            let known = self.known.entry(key).or_insert_with(|| Known {
                found: alarm.found.clone(),
                since: alarm.since,
                over: None,
                told: None,
                seen: false,
            });
            known.seen = true;
            if let Some(over) = known.over
                && !known.goes_on(over, alarm.since, pace)
            {
                known.since = alarm.since;
            }
            known.over = None;
            known.found.clone_from(&alarm.found);
        }
        for key in &gone {
            let Some(known) = self.known.get_mut(key) else { continue };
            if known.seen || settled(&key.0) {
                known.over.get_or_insert(now);
            }
        }
        self.known.retain(|_, known| !known.is_settled(now, pace));
    }

    /// A new run may have been started to mend what failed: it is tried at once.
    pub fn restarted(&mut self) {
        if let Some(failing) = &mut self.failing {
            failing.again = failing.since;
        }
    }

    /// What is to be told now.
    pub fn message(&self, now: DateTime<Utc>, pace: Pace) -> Message {
        if let Some(failing) = &self.failing
            && !is_due(failing.again, now, step_of(failing.tries.saturating_sub(1)))
        {
            return Message::default();
        }
        if self.delivered.is_some_and(|at| !is_due(after(at, GATHERED), now, GATHERED)) {
            return Message::default();
        }
        let tiding = |((code, about), known): (&(String, String), &Known)| {
            let change = known.change(now, pace)?;
            let alarm = Standing {
                code: code.clone(),
                about: about.clone(),
                found: known.found.clone(),
                since: known.since,
            };
            Some(Tiding { alarm, change })
        };
        let tidings: Vec<Tiding> = self.known.iter().filter_map(tiding).collect();
        let is_told = |known: &&Known| known.told.as_ref().is_some_and(|told| told.found.is_some());
        let standing = self.known.values().filter(|known| known.over.is_none()).filter(is_told).count();
        let both = |tiding: &&Tiding| {
            let key = (tiding.alarm.code.clone(), tiding.alarm.about.clone());
            self.known.get(&key).is_some_and(|known| known.over.is_none() && is_told(&known))
        };
        let others = standing - tidings.iter().filter(both).count();
        Message { tidings, others }
    }

    /// The message was delivered.
    pub fn delivered(&mut self, message: &Message, now: DateTime<Utc>) {
        (self.delivered, self.failing) = (Some(now), None);
        for Tiding { alarm, change } in &message.tidings {
            let Some(known) = self.known.get_mut(&(alarm.code.clone(), alarm.about.clone())) else {
                continue;
            };
            let next = match (&known.told, change) {
                (Some(told), Change::Standing) if !is_due(after(told.at, FORGOTTEN), now, FORGOTTEN) => {
                    told.step
                }
                (Some(told), Change::Raised | Change::Over { .. })
                    if !is_due(after(told.at, FORGOTTEN), now, FORGOTTEN) =>
                {
                    (told.step + 1).min(STEPS.len() - 1)
                }
                _ => 0,
            };
            let found = (!matches!(change, Change::Over { .. })).then(|| alarm.found.clone());
            known.told = Some(Told { at: now, found, step: next });
        }
    }

    /// The message could not be delivered: it is tried again later, with what has come to it by then.
    pub fn failed(&mut self, found: Undelivered, now: DateTime<Utc>) {
        let (since, before) =
            self.failing.as_ref().map_or((now, 0), |failing| (failing.since, failing.tries));
        let again = after(now, step_of(before));
        self.failing = Some(Failing { since, tries: before.saturating_add(1), again, found });
    }

    /// How the way stands that leads `to`.
    pub fn standing(&self, way: Way, to: String) -> WayStanding {
        WayStanding { way, to, delivered: self.delivered, failing: self.failing.clone() }
    }
}

/// JSON has no keys of two parts.
mod as_list {
    use super::{BTreeMap, Known};
    use serde::{Deserialize, Deserializer, Serializer};

    type Map = BTreeMap<(String, String), Known>;

    pub(super) fn serialize<S: Serializer>(map: &Map, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(map)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Map, D::Error> {
        Ok(Vec::<((String, String), Known)>::deserialize(from)?.into_iter().collect())
    }
}
