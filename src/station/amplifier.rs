//! Puts the amplifier's guard to work: started from this very program, heard by the playout, its failures an alarm. Owns
//! nothing but the wiring.

use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::Sender;

use anyhow::Result;
use tokio::sync::mpsc::UnboundedSender;

use super::alarms::Alarms;
use super::{Call, Event, spawn};
use crate::amplifier::{Commands, Guarded};
use crate::config::Config;
use crate::core::amplifier::Switched;
use crate::playout::{News, Playout};
use crate::words;

/// The command by which this program becomes the guard.
pub const GUARD: &str = "amplifier-guard";

/// The playout with the amplifier of the config; as it is where there is none.
pub(super) fn add(
    playout: Playout,
    config: &Config,
    alarms: Arc<Alarms>,
    calls: &Sender<Call>,
    events: &UnboundedSender<Event>,
) -> Result<Playout> {
    let Some(keys) = &config.amplifier else { return Ok(playout) };
    let program = std::env::current_exe()?;
    let guard = move || {
        let mut command = Command::new(&program);
        command.arg(GUARD);
        command
    };
    let commands = Commands {
        on: keys.on.clone(),
        off: keys.off.clone(),
        timeout: keys.timeout,
        lock: config.paths.state.join("amplifier.lock"),
    };
    let (language, calls) = (config.station.language, calls.clone());
    let ear = move |switched: Switched| {
        let failed = |fault: &String| words::conditions::amplifier_failed(language, switched.to, fault);
        alarms.set("amplifier_failed", switched.fault.as_ref().map(failed).into_iter().collect());
        let _ = calls.send(Call::News(News::Amplifier(switched)));
    };
    let (amplifier, work) = Guarded::new(commands, guard, ear);
    spawn("amplifier", events, work)?;
    Ok(playout.with_amplifier(Box::new(amplifier), keys.timing))
}
