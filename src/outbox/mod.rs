//! The outbox: tells people who are far away what is wrong with the station. Owns the ways (webhook, e-mail), the file
//! `state/outbox.json` that lets what was told and what is undelivered survive a restart, and that a way which fails,
//! hangs or panics costs the others no more than its patience. What is told, and when, is `core::outbox`'s to say; the words
//! are handed in. A disk that hangs keeps nobody from being told: that may be the alarm.

use std::collections::BTreeMap;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::core::fault::clip;
use crate::core::outbox::{Message, Outbox, Pace, Standing, Undelivered, Way, WayStanding};

pub mod email;
pub mod webhook;

/// A server that says nothing for this long has failed.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// A disk that takes longer is written to behind the back of whoever has something to tell.
const DISK_PATIENCE: Duration = Duration::from_millis(500);

/// What delivers a message by one way; blocks. Answers what the server said.
pub type Deliver = Box<dyn Fn(&Message, DateTime<Utc>) -> Result<String, Undelivered> + Send>;

/// One way to one receiver.
pub struct Courier {
    /// Which way.
    pub way: Way,
    /// Where it leads, as far as it may be shown.
    pub to: String,
    /// What is remembered of it stands under this: another address is another receiver.
    pub mark: String,
    /// Delivers.
    pub send: Deliver,
}

/// All ways of a station, and what each of them still has to tell.
pub struct Dispatch {
    pace: Pace,
    ways: Vec<(Courier, Outbox)>,
    notebook: Notebook,
    stored: String,
    store_fails: bool,
}

/// What was told, and when, if anything was.
struct Notebook {
    file: PathBuf,
    write: Sender<String>,
    written: Receiver<(String, std::io::Result<()>)>,
    in_hand: bool,
}

impl Notebook {
    /// A notebook whose pages are written by a thread of its own.
    fn of(file: PathBuf) -> Notebook {
        let (write, pages) = channel::<String>();
        let (told, written) = channel();
        let place = file.clone();
        let work = move || {
            for text in pages {
                let done = replace(&place, &text);
                if told.send((text, done)).is_err() {
                    return;
                }
            }
        };
        if let Err(error) = std::thread::Builder::new().name("outbox file".into()).spawn(work) {
            tracing::warn!(%error, "what is told of alarms is not written down");
        }
        Notebook { file, write, written, in_hand: false }
    }

    /// Hands a text in where none is in hand, and waits for it a moment; what came of the one that was, where it is known.
    fn put(&mut self, text: &str) -> Option<(String, std::io::Result<()>)> {
        if !self.in_hand {
            self.in_hand = self.write.send(text.to_owned()).is_ok();
        }
        let done = self.written.recv_timeout(DISK_PATIENCE).ok()?;
        self.in_hand = false;
        Some(done)
    }
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
            let mut outbox = known.remove(&key(&courier)).unwrap_or_default();
            outbox.restarted();
            (courier, outbox)
        });
        let ways = ways.collect();
        Dispatch { pace, ways, notebook: Notebook::of(file), stored, store_fails: false }
    }

    /// Tells what is to be told now, by every way; `look` says what stands when it is a way's turn, `settled` is as in
    /// [`Outbox::observe`]. Blocks for as long as the servers take.
    pub fn turn(
        &mut self,
        look: impl Fn() -> Vec<Standing>,
        settled: impl Fn(&str) -> bool,
        now: impl Fn() -> DateTime<Utc>,
    ) {
        for at in 0..self.ways.len() {
            let (courier, outbox) = &mut self.ways[at];
            outbox.observe(&look(), &settled, now(), self.pace);
            let message = outbox.message(now(), self.pace);
            if message.tidings.is_empty() {
                continue;
            }
            // A fault of a library is a failed delivery, and no end of the station.
            let sent = catch_unwind(AssertUnwindSafe(|| (courier.send)(&message, now())));
            let sent = sent.unwrap_or_else(|_| Err(Undelivered::Broken { found: "a panic".into() }));
            match sent {
                Ok(answer) => {
                    tracing::info!(
                        to = courier.to,
                        answer,
                        alarms = message.tidings.len(),
                        "alarms were told"
                    );
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
        match self.notebook.put(&text) {
            None => {}
            Some((text, Ok(()))) => (self.stored, self.store_fails) = (text, false),
            Some((_, Err(_))) if self.store_fails => {}
            Some((_, Err(error))) => {
                self.store_fails = true;
                let file = &self.notebook.file;
                tracing::warn!(%error, ?file, "what was told of alarms could not be written down");
            }
        }
    }
}

fn key(courier: &Courier) -> String {
    let way = match courier.way {
        Way::Webhook => "webhook",
        Way::Email => "email",
    };
    format!("{way} {}", courier.mark)
}

fn replace(file: &Path, text: &str) -> std::io::Result<()> {
    let fresh = file.with_extension("new");
    let mut open = std::fs::File::create(&fresh)?;
    open.write_all(text.as_bytes())?;
    open.sync_all()?;
    std::fs::rename(&fresh, file)
}

/// Whether the system knows no machine of that name; the libraries have no kind of error for it.
fn is_unknown_name(error: &std::io::Error) -> bool {
    error.to_string().starts_with("failed to lookup address information")
}

/// What a server or the system said, as it stands in a message.
fn said(found: impl std::fmt::Display) -> String {
    clip(&found.to_string())
}
