//! What the journal knows of emergencies: the orders, and the recordings that came for one. Owns these two questions.

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::Journal;
use super::answers::{dropped_at, lasting_orders};
use super::chain::{instant, micros};
use super::error::Fault;
use crate::core::emergency::EmergencyRecord;
use crate::core::order::Order;
use crate::core::record::{Dropped, RecordError};

impl EmergencyRecord for Journal {
    fn emergencies(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Order, String)>, RecordError> {
        let ours = |order: &Order| matches!(order, Order::Emergency { .. } | Order::EndEmergency { .. });
        self.read(|db| lasting_orders(db, since, ours))
    }

    fn emergency_drops(&self, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Dropped)>, RecordError> {
        self.read(|db| drops(db, since))
    }
}

fn drops(db: &Connection, since: DateTime<Utc>) -> Result<Vec<(DateTime<Utc>, Dropped)>, Fault> {
    // SQLite passes over the others by their text: a week of drops can be thousands.
    let mut query = db.prepare_cached(
        "SELECT d.seq, d.at FROM dropped d JOIN entry e ON e.seq = d.seq
         WHERE d.at >= ?1 AND e.body LIKE '%\"emergency\":true%' ORDER BY d.seq",
    )?;
    let mut rows = query.query([micros(since)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let dropped = dropped_at(db, row.get(0)?)?;
        if dropped.emergency {
            found.push((instant(row.get(1)?, 1)?, dropped));
        }
    }
    Ok(found)
}
