//! `loa devices`: the sound cards, by the names that the configuration takes.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::audio::{card, holders};
use crate::words::Language;
use crate::words::cards::used_by;

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
    /// The program that has it to itself, where the system tells.
    used_by: Option<String>,
}

impl Devices {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let device = |card: card::Listed| DeviceJson {
            used_by: holders::program_on(&card.name),
            name: card.name.to_string(),
            description: card.description,
        };
        let found: Vec<DeviceJson> = card::list().into_iter().map(device).collect();
        if self.json {
            say_json(&found)?;
            return Ok(Exit::Fine);
        }
        for card in &found {
            let used = card.used_by.as_deref().map_or(String::new(), |program| used_by(language, program));
            say(&format!("{:40} {}{used}", card.name, card.description));
        }
        say(match language {
            Language::Vi => "Ghi tên ở cột đầu vào `output.cards` trong config/station.toml.",
            Language::En => "Put the name of the first column into `output.cards` of config/station.toml.",
        });
        Ok(Exit::Fine)
    }
}
