//! `loa devices`: the sound cards, by the names that the configuration takes.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::words::Language;

/// The sound cards, by the names that the configuration takes.
#[derive(Debug, Args)]
pub struct Devices {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct DeviceJson {
    name: String,
    description: String,
}

impl Devices {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let found: Vec<DeviceJson> = crate::audio::card::list()
            .into_iter()
            .map(|card| DeviceJson { name: card.name.to_string(), description: card.description })
            .collect();
        if self.json {
            say_json(&found)?;
            return Ok(Exit::Fine);
        }
        for card in &found {
            say(&format!("{:40} {}", card.name, card.description));
        }
        say(match language {
            Language::Vi => "Ghi tên ở cột đầu vào `output.cards` trong config/station.toml.",
            Language::En => "Put the name of the first column into `output.cards` of config/station.toml.",
        });
        Ok(Exit::Fine)
    }
}
