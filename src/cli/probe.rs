//! `loa probe`: what intake would say of recordings.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, progress, say, say_json};
use crate::core::cart::{CartFault, Measurement};
use crate::words::{Language, Say, terms};

/// What intake would say of recordings.
#[derive(Debug, Args)]
pub struct Probe {
    /// The recordings.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct ProbeJson {
    file: String,
    fit: bool,
    measurement: Option<Measurement>,
    fault: Option<CartFault>,
}

impl Probe {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let mut found = Vec::new();
        for file in &self.files {
            let name = file.display().to_string();
            progress(&name);
            let (measurement, fault) = match crate::sound::measure::measure(file, &mut |_| ()) {
                Ok(found) if found.missing_frames > 0 => {
                    let fault =
                        CartFault::Damaged { frames: found.frames, missing_frames: found.missing_frames };
                    (Some(found), Some(fault))
                }
                Ok(found) => (Some(found), None),
                Err(fault) => (None, Some(fault)),
            };
            progress("");
            let probed = ProbeJson { file: name, fit: fault.is_none(), measurement, fault };
            if !self.json {
                say(&line(language, &probed));
            }
            found.push(probed);
        }
        if self.json {
            say_json(&found)?;
        }
        Ok(if found.iter().all(|probed| probed.fit) { Exit::Fine } else { Exit::Wrong })
    }
}

fn line(language: Language, probed: &ProbeJson) -> String {
    let mut text = match (&probed.fault, language) {
        (None, Language::Vi) => format!("{}: dùng được", probed.file),
        (None, Language::En) => format!("{}: fit to air", probed.file),
        (Some(fault), Language::Vi) => format!("{}: KHÔNG dùng được: {}", probed.file, fault.say(language)),
        (Some(fault), Language::En) => format!("{}: NOT fit to air: {}", probed.file, fault.say(language)),
    };
    if let Some(m) = &probed.measurement {
        let number = |value: Option<f64>| match (value, language) {
            (Some(value), Language::Vi) => format!("{value:.1}").replace('.', ","),
            (Some(value), Language::En) => format!("{value:.1}"),
            (None, _) => "-".into(),
        };
        let (loudness, peak) = (number(m.loudness_lufs), number(m.true_peak_dbtp));
        let length = terms::length(language, m.duration());
        let head = terms::length(language, m.silent_head);
        let tail = terms::length(language, m.silent_tail);
        text.push_str(&match language {
            Language::Vi => format!(
                "\n  {} · {} Hz · {} kênh · dài {length} · độ to {loudness} LUFS · đỉnh {peak} dBTP · lặng đầu {head}, cuối {tail} · {} mẫu bị vỡ tiếng\n  SHA-256 {}",
                m.format, m.rate, m.channels, m.clipped, m.sha256
            ),
            Language::En => format!(
                "\n  {} · {} Hz · {} channel(s) · {length} · {loudness} LUFS · peak {peak} dBTP · silent head {head}, tail {tail} · {} clipped samples\n  SHA-256 {}",
                m.format, m.rate, m.channels, m.clipped, m.sha256
            ),
        });
    }
    text
}
