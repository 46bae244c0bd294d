//! `loa run`: airs the schedules until told to stop.

use anyhow::Result;
use clap::Args;

use super::setting::{Asked, Setting};
use super::{Exit, say};
use crate::words::Language;

/// Airs the schedules until told to stop.
#[derive(Debug, Args)]
pub struct Run {
    /// Air on this card instead of the configured list, e.g. `virtual`; may be given several times, in order.
    #[arg(long, value_name = "CARD")]
    card: Vec<String>,
    /// Run as the service that Windows starts; its service manager alone starts it so.
    #[cfg(windows)]
    #[arg(long, hide = true)]
    pub(super) service: bool,
}

impl Run {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        #[cfg(windows)]
        if self.service {
            return super::as_service::run(asked);
        }
        let mut setting = asked.setting()?;
        if !self.card.is_empty() {
            setting.config.output.cards =
                self.card.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        }
        let Setting { config, language, .. } = &setting;
        let name = &config.station.name;
        crate::station::run(config, None, || match language {
            Language::Vi => say(&format!("Trạm “{name}” đang chạy. Bấm Ctrl-C để tắt.")),
            Language::En => say(&format!("Station “{name}” is running. Ctrl-C ends it.")),
        })?;
        say(setting.words("Trạm đã tắt.", "The station has ended."));
        Ok(Exit::Fine)
    }
}
