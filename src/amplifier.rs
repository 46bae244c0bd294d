//! The amplifier's commands, carried out by a guard: a process of its own that holds the other end of a pipe and switches
//! the amplifier off when the station is gone, however it went. Owns the guard's life; when the amplifier is wanted is
//! `core::amplifier`'s rule.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::core::amplifier::{Amplifier, Switch, Switched};

pub mod guard;

/// The two commands, each a program and its arguments; no shell comes between.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commands {
    /// What switches it on; never empty.
    pub on: Vec<String>,
    /// What switches it off; never empty.
    pub off: Vec<String>,
    /// A command that takes longer is killed and counts as failed.
    pub timeout: Duration,
    /// Held by the guard that may switch.
    pub lock: PathBuf,
}

impl Commands {
    fn of(&self, to: Switch) -> &[String] {
        match to {
            Switch::On => &self.on,
            Switch::Off => &self.off,
        }
    }
}

/// The guard's answer to one order.
#[derive(Debug, Serialize, Deserialize)]
struct Reply {
    fault: Option<String>,
}

/// The amplifier behind its guard.
pub struct Guarded {
    orders: Sender<Switch>,
}

impl Guarded {
    /// The amplifier of these commands. What came of each order goes to `ear`, from a thread of its own; `guard` is how
    /// the guard is started. Answers with the thread's work, for whoever names and supervises threads.
    pub fn new(
        commands: Commands,
        guard: impl Fn() -> Command + Send + 'static,
        ear: impl Fn(Switched) + Send + 'static,
    ) -> (Guarded, impl FnOnce() + Send + 'static) {
        let (orders, wanted) = channel();
        (Guarded { orders }, move || keep(&commands, &guard, &wanted, &ear))
    }
}

impl Amplifier for Guarded {
    fn switch(&mut self, to: Switch) {
        let _ = self.orders.send(to);
    }
}

/// A guard that runs.
struct Guard {
    process: Child,
    orders: ChildStdin,
    replies: BufReader<ChildStdout>,
}

impl Guard {
    fn start(commands: &Commands, mut command: Command) -> std::io::Result<Guard> {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(mut orders), Some(replies)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(std::io::Error::other("it has no pipes"));
        };
        writeln!(orders, "{}", serde_json::to_string(commands)?)?;
        Ok(Guard { process, orders, replies: BufReader::new(replies) })
    }

    /// Gives an order and waits for what came of it: at most the command's time-out.
    fn order(&mut self, to: Switch) -> std::io::Result<Reply> {
        writeln!(self.orders, "{}", serde_json::to_string(&to)?)?;
        let mut line = String::new();
        match self.replies.read_line(&mut line)? {
            0 => Err(std::io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(serde_json::from_str(&line)?),
        }
    }

    /// The guard ends by itself when its pipe closes, and has switched off by then.
    fn leave(self) {
        let Guard { mut process, orders, replies } = self;
        drop(orders);
        drop(replies);
        let _ = process.wait();
    }
}

fn keep(
    commands: &Commands,
    start: &impl Fn() -> Command,
    wanted: &Receiver<Switch>,
    ear: &impl Fn(Switched),
) {
    let mut guard: Option<Guard> = None;
    while let Ok(mut to) = wanted.recv() {
        // Only the last word counts.
        to = wanted.try_iter().last().unwrap_or(to);
        // Twice: the guard may have died since the last order.
        let mut fault = None;
        for _ in 0..2 {
            let mut held = match guard.take().map_or_else(|| Guard::start(commands, start()), Ok) {
                Ok(held) => held,
                Err(error) => {
                    fault = Some(format!("the guard of the amplifier could not be started: {error}"));
                    break;
                }
            };
            match held.order(to) {
                Ok(reply) => {
                    fault = reply.fault;
                    guard = Some(held);
                    break;
                }
                Err(error) => {
                    fault = Some(format!("the guard of the amplifier has died: {error}"));
                    let _ = held.process.kill();
                    let _ = held.process.wait();
                }
            }
        }
        ear(Switched { to, fault });
    }
    if let Some(guard) = guard {
        guard.leave();
    }
}
