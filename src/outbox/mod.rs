//! The outbox: tells people who are far away what is wrong with the station. Owns the ways (webhook, e-mail), the file
//! `state/outbox.json` that lets what was told and what is undelivered survive a restart, and that a way which fails,
//! hangs or panics costs nobody else anything. What is told, and when, is `core::outbox`'s to say; the words are handed in.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::fault::clip;
use crate::core::outbox::{Outbox, Pace, Standing, Tiding, Undelivered, Way, WayStanding};

pub mod email;
pub mod webhook;

/// A server that says nothing for this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What delivers a message by one way; blocks. Answers what the server said.
pub type Deliver = Box<dyn Fn(&[Tiding], DateTime<Utc>) -> Result<String, Undelivered> + Send>;

/// One way to one receiver.
pub struct Courier {
    /// Which way.
    pub way: Way,
    /// Where it leads, as far as it may be shown.
    pub to: String,
    /// Delivers.
    pub send: Deliver,
}

/// All ways of a station, and what each of them still has to tell.
pub struct Dispatch {
    file: PathBuf,
    pace: Pace,
    ways: Vec<(Courier, Outbox)>,
    stored: String,
    store_fails: bool,
}

impl Dispatch {
    /// Takes up where the last run of the station ended. A file that cannot be read is as none: what stands is told anew.
    pub fn open(file: PathBuf, pace: Pace, couriers: Vec<Courier>) -> Dispatch {
        let stored = std::fs::read_to_string(&file).unwrap_or_default();
        let mut known: BTreeMap<String, Outbox> = match serde_json::from_str(&stored) {
            Ok(known) => known,
            Err(error) => {
                if !stored.is_empty() {
                    tracing::warn!(%error, ?file, "what was told of alarms is not known any more; it is told again");
                }
                BTreeMap::new()
            }
        };
        let ways = couriers.into_iter().map(|courier| {
            let outbox = known.remove(&key(&courier)).unwrap_or_default();
            (courier, outbox)
        });
        Dispatch { file, pace, ways: ways.collect(), stored, store_fails: false }
    }

    /// Tells what is to be told now, by every way. `settled` as in [`Outbox::observe`]. Blocks for as long as the servers
    /// take.
    pub fn turn(&mut self, standing: &[Standing], settled: bool, now: impl Fn() -> DateTime<Utc>) {
        for at in 0..self.ways.len() {
            let (courier, outbox) = &mut self.ways[at];
            outbox.observe(standing, settled, now(), self.pace);
            let message = outbox.message(now(), self.pace);
            if message.is_empty() {
                continue;
            }
            // A fault of a library is a failed delivery, and no end of the station.
            let sent = catch_unwind(AssertUnwindSafe(|| (courier.send)(&message, now())));
            let sent = sent.unwrap_or_else(|_| Err(Undelivered::Broken { found: "a panic".into() }));
            match sent {
                Ok(answer) => {
                    tracing::info!(to = courier.to, answer, alarms = message.len(), "alarms were told");
                    outbox.delivered(&message, now());
                }
                Err(found) => {
                    tracing::warn!(to = courier.to, %found, "alarms could not be told");
                    outbox.failed(found, now());
                }
            }
            // A power cut while the next way hangs must not tell this one twice.
            self.store();
        }
        self.store();
    }

    /// How every way stands.
    pub fn standing(&self) -> Vec<WayStanding> {
        self.ways.iter().map(|(courier, outbox)| outbox.standing(courier.way, courier.to.clone())).collect()
    }

    /// Writes down what changed. Where that fails the station goes on by memory: at worst something is told twice.
    fn store(&mut self) {
        let all: BTreeMap<String, &Outbox> =
            self.ways.iter().map(|(courier, outbox)| (key(courier), outbox)).collect();
        let Ok(text) = serde_json::to_string(&all) else { return };
        if text == self.stored {
            return;
        }
        match replace(&self.file, &text) {
            Ok(()) => (self.stored, self.store_fails) = (text, false),
            Err(error) => {
                if !std::mem::replace(&mut self.store_fails, true) {
                    tracing::warn!(%error, file = ?self.file, "what was told of alarms could not be written down");
                }
            }
        }
    }
}

fn key(courier: &Courier) -> String {
    let way = match courier.way {
        Way::Webhook => "webhook",
        Way::Email => "email",
    };
    format!("{way} {}", courier.to)
}

fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    let mut open = std::fs::File::create(&fresh)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    std::fs::rename(&fresh, file)
}

/// What a server or the system said, as it stands in a message.
fn said(found: impl std::fmt::Display) -> String {
    clip(&found.to_string())
}
