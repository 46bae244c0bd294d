//! Recordings that came by the inbox's folder for emergencies: which of them wait for an order, and the orders that the
//! station gives itself where its config says so. Owns that account; it is made anew from the journal and the library at
//! each look, so that no power cut loses an emergency and none is ordered twice.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::alarms::Alarms;
use super::clerk::Desk;
use crate::config::{Config, EmergencyDrops};
use crate::core::cart::{Cart, CartName};
use crate::core::drops::{DropId, EmergencyTaken};
use crate::core::emergency::LONGEST_TIME;
use crate::core::order::Order;
use crate::core::record::{Dropped, RecordError};
use crate::words::{emergencies, orders};

/// A recording that waits for an order.
struct Waiting {
    file: CartName,
    /// When it was dropped.
    since: DateTime<Utc>,
    drop: Dropped,
    /// It is in the library as it was dropped; else it is on its way there, or was taken off.
    there: bool,
}

/// What was dropped, as the journal had it when the desk had carried out so many decisions.
struct Drops {
    carried_out: u64,
    all: Vec<(DateTime<Utc>, Dropped)>,
}

/// The station's side of the folder.
#[derive(Default)]
pub(super) struct EmergencyFolder {
    dropped: Option<Drops>,
    /// Drops that were ordered by the station, with what was wrong where it was refused.
    tried: HashSet<DropId>,
    refused: BTreeMap<DropId, String>,
}

impl EmergencyFolder {
    /// Orders what is to air at once, and makes an alarm of what waits for a person. True where it is to be called again
    /// soon: something has been dropped and is on its way into the library.
    pub(super) fn mind(&mut self, desk: &Desk, alarms: &Alarms) -> bool {
        let waiting = match self.waiting(desk) {
            Ok(waiting) => waiting,
            Err(error) => {
                tracing::warn!(%error, "which emergencies wait is not known");
                return false;
            }
        };
        let now = desk.clock.now();
        let mut found = BTreeMap::new();
        let mut soon = false;
        for one in waiting {
            if !one.there {
                soon |= (now - one.since).abs() < TimeDelta::minutes(1);
                continue;
            }
            if self.order(desk, &one, now) {
                continue;
            }
            let said = match self.refused.get(&one.drop.id) {
                Some(refusal) => emergencies::refused(desk.language, refusal),
                None => emergencies::waits(desk.language, &one.file, one.since, desk.zone),
            };
            found.insert(one.file.to_string(), said);
        }
        alarms.set("emergency_waiting", found);
        soon
    }

    /// Orders it where the station may, and the drop is no older than the order would stand; whether it is ordered.
    fn order(&mut self, desk: &Desk, one: &Waiting, now: DateTime<Utc>) -> bool {
        let EmergencyTaken::AtOnce { time, every } = desk.emergencies else { return false };
        let time = TimeDelta::from_std(time).unwrap_or_default();
        if (now - one.since).abs() > time || !self.tried.insert(one.drop.id.clone()) {
            return false;
        }
        let order = Order::Emergency {
            file: one.file.clone(),
            title: None,
            until: now + time,
            every: Some(every),
            from: None,
        };
        let by = format!("inbox {}", one.drop.sender.folder().unwrap_or("/"));
        match desk.shelf.give(order, by) {
            Some(Ok(_)) => true,
            Some(Err(refusal)) => {
                let said = orders::refusal(desk.language, desk.zone, &refusal);
                self.refused.insert(one.drop.id.clone(), said);
                false
            }
            None => {
                // The playout is busy: with the next look again.
                self.tried.remove(&one.drop.id);
                false
            }
        }
    }

    /// The recordings that no order has named since they came, the latest of each name.
    fn waiting(&mut self, desk: &Desk) -> Result<Vec<Waiting>, RecordError> {
        let since = desk.clock.now() - TimeDelta::from_std(LONGEST_TIME).unwrap_or_default();
        let carried_out = desk.carried_out;
        if self.dropped.as_ref().is_none_or(|drops| drops.carried_out != carried_out) {
            let all = desk.record.emergency_drops(since)?;
            self.dropped = Some(Drops { carried_out, all });
        }
        let mut latest: BTreeMap<CartName, (DateTime<Utc>, &Dropped)> = BTreeMap::new();
        for (at, drop) in self.dropped.iter().flat_map(|drops| &drops.all).filter(|(at, _)| *at >= since) {
            if let Some(name) = drop.subject.as_deref().and_then(|name| CartName::new(name).ok()) {
                latest.insert(name, (*at, drop));
            }
        }
        if latest.is_empty() {
            return Ok(Vec::new());
        }
        for (at, order, _) in desk.record.emergencies(since)? {
            if let Order::Emergency { file, .. } = order
                && latest.get(&file).is_some_and(|(dropped, _)| *dropped <= at)
            {
                latest.remove(&file);
            }
        }
        let library = desk.shelf.cleared();
        let waiting = latest.into_iter().map(|(file, (since, drop))| {
            let there = match (library.get(&file), drop.content) {
                (Some(Cart::Ready(found)), Some(content)) => found.sha256 == content,
                _ => false,
            };
            Waiting { file, since, drop: drop.clone(), there }
        });
        Ok(waiting.collect())
    }
}

/// What is done about recordings in that folder.
pub(super) fn what_is_done(config: &Config) -> EmergencyTaken {
    match config.policy.emergency {
        EmergencyDrops::Approve => EmergencyTaken::Waits,
        EmergencyDrops::AtOnce => {
            EmergencyTaken::AtOnce { time: config.policy.emergency_for, every: config.policy.emergency_every }
        }
    }
}
