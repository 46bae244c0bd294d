//! What commands and pages answer as JSON: an airing, a cue of the rundown, how the station stands. Owns these shapes, on
//! which programs of others rely: a field may be added, none may change its name or meaning. Renders nothing for people.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use super::airing::{AiredCart, Airing, Kind, Outcome, Priority, Reason, Start};
use super::emergency::InForce;
use super::order::Awaited;
use super::outbox::WayStanding;
use super::rundown::forecast::Row;
use super::standing::{Alarm, AmplifierStanding, CardStanding, Coming, OnAirNow, Report};

/// Times as JSON has them: RFC 3339 in the station's zone.
pub fn rfc3339(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// An airing.
#[derive(Serialize)]
pub struct AiringJson {
    id: u64,
    kind: Kind,
    schedule: Option<String>,
    slot: Option<String>,
    title: String,
    priority: Priority,
    due: Option<String>,
    started: Option<String>,
    ended: Option<String>,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    late_ms: Option<i64>,
    aired_s: f64,
    planned_s: Option<f64>,
    frames: u64,
    device: Option<String>,
    level_dbfs: Option<f64>,
    clock_synchronised: Option<bool>,
    by: Option<String>,
    approved_by: Option<String>,
    entry_hash: String,
    carts: Vec<CartJson>,
}

#[derive(Serialize)]
struct CartJson {
    file: String,
    title: String,
    kind: String,
    topic: Option<String>,
    source: Option<String>,
    sha256: Option<String>,
    aired_s: f64,
}

impl AiringJson {
    /// The airing, its times in that zone.
    pub fn of(zone: Tz, airing: &Airing) -> AiringJson {
        let cart = |cart: &AiredCart| CartJson {
            file: cart.file.to_string(),
            title: cart.title.clone(),
            kind: cart.kind.clone(),
            topic: cart.topic.clone(),
            source: cart.source.clone(),
            sha256: cart.sha256.map(|print| print.to_string()),
            aired_s: cart.aired.as_secs_f64(),
        };
        // A repetition of an emergency is due, but of no schedule.
        let of_schedule = airing.cue.as_ref().filter(|cue| !cue.is_emergency());
        AiringJson {
            id: airing.id.0,
            kind: airing.kind,
            schedule: of_schedule.map(|cue| cue.schedule.to_string()),
            slot: of_schedule.map(|cue| cue.slot.to_string()),
            title: airing.title.clone(),
            priority: airing.priority,
            due: airing.cue.as_ref().map(|cue| rfc3339(zone, cue.due)),
            started: airing.started.map(|at| rfc3339(zone, at)),
            ended: airing.ended.map(|at| rfc3339(zone, at)),
            outcome: airing.outcome,
            reason: airing.reason,
            late_ms: airing.late_ms(),
            aired_s: airing.aired.as_secs_f64(),
            planned_s: airing.planned.map(|planned| planned.as_secs_f64()),
            frames: airing.frames,
            device: airing.device.clone(),
            level_dbfs: airing.level_dbfs,
            clock_synchronised: airing.clock_synchronised,
            by: airing.by.clone(),
            approved_by: airing.approved_by.clone(),
            entry_hash: airing.entry_hash.clone(),
            carts: airing.carts.iter().map(cart).collect(),
        }
    }
}

/// A cue of the rundown.
#[derive(Serialize)]
pub struct CueJson {
    schedule: String,
    slot: String,
    title: String,
    due: String,
    duration_s: f64,
    priority: Priority,
    start: Start,
    carts: Vec<String>,
    notice: Option<String>,
}

impl CueJson {
    /// The cue, its due in that zone; `notice` is what stands in its way, in the reader's language.
    pub fn of(zone: Tz, row: &Row, notice: Option<String>) -> CueJson {
        CueJson {
            schedule: row.cue.schedule.id.to_string(),
            slot: row.cue.slot.id.to_string(),
            title: row.cue.slot.title.clone(),
            due: rfc3339(zone, row.cue.due),
            duration_s: row.length.as_secs_f64(),
            priority: row.cue.slot.priority,
            start: row.cue.slot.start,
            carts: row.cue.play.iter().map(ToString::to_string).collect(),
            notice,
        }
    }
}

/// Which station it is, as its config has it.
pub struct StationNamed {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its zone.
    pub zone: Tz,
    /// The configured cards, in order.
    pub cards: Vec<String>,
    /// The folder of its inbox.
    pub inbox: String,
    /// The folder of its airchecks.
    pub aircheck: String,
}

/// How the station stands.
#[derive(Serialize)]
pub struct StatusJson {
    running: bool,
    station: String,
    name: String,
    now: String,
    /// Whether the quiet hours bind the station now.
    quiet_hours: bool,
    /// The configured cards, in order.
    cards: Vec<String>,
    clock_trusted: Option<bool>,
    clock_trust: Option<String>,
    clock_synchronised: Option<bool>,
    card: Option<CardStanding>,
    amplifier: Option<AmplifierStanding>,
    on_air: Option<OnAirNow>,
    /// The title of what an emergency has paused.
    paused: Option<String>,
    /// The emergency orders that stand.
    emergencies: Vec<EmergencyJson>,
    coming: Vec<Coming>,
    schedules: Vec<String>,
    /// Versions of schedules that wait for a person.
    waiting: Vec<Awaited>,
    inbox: String,
    alarms: Vec<Alarm>,
    /// How those who are far away are told of them.
    ways: Vec<WayStanding>,
    held_entries: Option<usize>,
    aircheck: String,
}

impl StatusJson {
    /// How `station` stands at `now`; no `report`: it does not run.
    pub fn of(
        station: StationNamed,
        now: DateTime<Utc>,
        quiet_hours: bool,
        report: Option<&Report>,
    ) -> StatusJson {
        let standing = report.map(|report| &report.standing);
        let zone = station.zone;
        let emergencies = standing.map(|standing| &standing.emergencies[..]).unwrap_or_default();
        let trust = standing.and_then(|standing| serde_json::to_value(standing.clock.trust).ok());
        StatusJson {
            running: report.is_some(),
            station: station.id,
            name: station.name,
            now: rfc3339(zone, now),
            quiet_hours,
            cards: station.cards,
            clock_trusted: standing.map(|standing| standing.clock.trust.is_trusted()),
            clock_trust: trust.and_then(|trust| trust.as_str().map(ToOwned::to_owned)),
            clock_synchronised: standing.and_then(|standing| standing.clock.synchronised),
            card: standing.map(|standing| standing.card.clone()),
            amplifier: standing.and_then(|standing| standing.amplifier),
            on_air: standing.and_then(|standing| standing.on_air.clone()),
            paused: standing.and_then(|standing| standing.paused.clone()),
            emergencies: emergencies.iter().map(|order| EmergencyJson::of(zone, order)).collect(),
            coming: standing.map(|standing| standing.coming.clone()).unwrap_or_default(),
            schedules: report.map(|report| report.schedules.clone()).unwrap_or_default(),
            waiting: report.map(|report| report.waiting.clone()).unwrap_or_default(),
            inbox: station.inbox,
            alarms: report.map(|report| report.alarms.clone()).unwrap_or_default(),
            ways: report.map(|report| report.ways.clone()).unwrap_or_default(),
            held_entries: standing.map(|standing| standing.held),
            aircheck: station.aircheck,
        }
    }
}

#[derive(Serialize)]
struct EmergencyJson {
    file: String,
    title: String,
    until: String,
    /// None: it airs once.
    every_s: Option<u64>,
    next: Option<String>,
    by: String,
}

impl EmergencyJson {
    fn of(zone: Tz, order: &InForce) -> EmergencyJson {
        EmergencyJson {
            file: order.file.to_string(),
            title: order.title.clone(),
            until: rfc3339(zone, order.until),
            every_s: order.every.map(|every| every.as_secs()),
            next: order.next.map(|next| rfc3339(zone, next)),
            by: order.by.clone(),
        }
    }
}
