//! `loa run`: airs the schedules until told to stop.

use anyhow::Result;
use clap::Args;

use super::setting::Asked;
use super::{Exit, say};
use crate::words::Language;

/// Airs the schedules until told to stop.
#[derive(Debug, Args)]
pub struct Run {
    /// Air on this card instead of the configured list, e.g. `virtual`; may be given several times, in order.
    #[arg(long, value_name = "CARD")]
    card: Vec<String>,
}

impl Run {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let mut setting = asked.setting()?;
        if !self.card.is_empty() {
            setting.config.output.cards =
                self.card.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        }
        let (language, name) = (setting.language, setting.config.station.name.clone());
        let started = crate::station::run(&setting.config, move || match language {
            Language::Vi => say(&format!("Trạm “{name}” đang chạy. Bấm Ctrl-C để tắt.")),
            Language::En => say(&format!("Station “{name}” is running. Ctrl-C ends it.")),
        });
        started?;
        say(setting.words("Trạm đã tắt.", "The station has ended."));
        Ok(Exit::Fine)
    }
}
