//! `loa wait-to-restart`: started by the package after an upgrade, never by a person. Waits for the moment in which the
//! station may be started anew, and says what it waits for; the restart itself is the system's.

use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::setting::Asked;
use super::{Exit, say};
use crate::clock::{Clock, SystemClock};
use crate::core::restart::{Restart, Turn};
use crate::words::restart;

/// Between two looks at the station.
const LOOK: Duration = Duration::from_secs(20);

/// Waits for the moment in which the station may be started anew; exit code 1: it need not be any more.
#[derive(Debug, Args)]
pub struct WaitToRestart {
    /// Only says whether this is the moment, by the exit code too.
    #[arg(long)]
    ask: bool,
}

impl WaitToRestart {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        // A configuration that the new version refuses is told here, while the old one still airs.
        let setting = asked.setting()?;
        let clock = SystemClock::new();
        let mut wait = Restart::default();
        let mut said = None;
        loop {
            let turn = wait.turn(setting.running().as_ref(), clock.read().steady);
            if said.as_ref() != Some(&turn) {
                say(&restart::turn(setting.language, setting.zone, &turn));
            }
            match &turn {
                Turn::Restart => return Ok(Exit::Fine),
                Turn::Over => return Ok(Exit::Wrong),
                Turn::Wait(_) if self.ask => return Ok(Exit::Wrong),
                Turn::Wait(_) => std::thread::sleep(LOOK),
            }
            said = Some(turn);
        }
    }
}
