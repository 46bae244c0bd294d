//! `loa probe`: what intake would say of files, each by itself.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::Asked;
use super::{Exit, progress, say, say_json};
use crate::config::{Config, Themes, targets};
use crate::core::cart::{CartFault, Measurement};
use crate::core::drops::Complaint;
use crate::core::report::targets::TargetsRefused;
use crate::core::schedule::read::Reference;
use crate::intake::judging::{Judged, Limits, Setback, Sort, find_ffmpeg, judge, sort_of_file};
use crate::intake::submitted::{Submitted, bytes_of, text_of};
use crate::words::{Language, Say, terms};

/// What the inbox would say of recordings, schedules and targets, each by itself.
#[derive(Debug, Args)]
pub struct Probe {
    /// The recordings, schedules and targets.
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
    converted_from: Option<String>,
    /// What the office would be told beside.
    remarks: Vec<String>,
    fault: Option<CartFault>,
    /// Why it would be returned.
    complaint: Option<String>,
}

impl Probe {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let grounds = asked.on_station(|| Grounds::of(Config::read(&asked.config).ok().as_ref()))?;
        // Of this command alone: in a folder that all may write in a name that can be guessed may be somebody else's link.
        let scratch = tempfile::tempdir()?;
        let mut found = Vec::new();
        for file in &self.files {
            let name = file.display().to_string();
            progress(&name);
            let probed = said(language, name, probe(file, &grounds, scratch.path()));
            progress("");
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

/// What files are looked at by.
struct Grounds {
    limits: Limits,
    reference: Reference,
    themes: Themes,
}

impl Grounds {
    /// By what the station takes; without a configuration what a station takes that says nothing else.
    fn of(config: Option<&Config>) -> Grounds {
        let usual = crate::config::Inbox::default();
        let inbox = config.map_or(&usual, |config| &config.inbox);
        let largest = u64::from(inbox.largest_mb) * 1_000_000;
        let limits = Limits { largest, longest: inbox.longest, ffmpeg: find_ffmpeg() };
        let themes = config.and_then(|config| config.themes().ok());
        let reference =
            themes.as_ref().map_or_else(Reference::lenient, |themes| Reference::new(themes.ids()));
        Grounds { limits, reference, themes: themes.unwrap_or_default() }
    }
}

/// What a file is that is right.
enum Probed {
    Recording(Box<Judged>),
    /// A schedule, or targets.
    Sheet,
}

fn probe(file: &Path, grounds: &Grounds, scratch: &Path) -> Result<Probed, Setback> {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match sort_of_file(file, &name).map_err(|error| Complaint::Unreadable { found: error.to_string() })? {
        Sort::Recording => {
            let judged = judge(file, &name, &grounds.limits, scratch, &mut |_| ())?;
            Ok(Probed::Recording(Box::new(judged)))
        }
        Sort::Document(ending) => Err(Complaint::Document { ending }.into()),
        Sort::Other(ending) => Err(Complaint::NoUse { ending }.into()),
        sort @ (Sort::Toml | Sort::Workbook(_)) => {
            let bytes = bytes_of(file, &sort)?;
            match text_of(&bytes, &sort, &name, &grounds.reference, &grounds.themes.names())? {
                Submitted::Schedule(_) => Ok(Probed::Sheet),
                Submitted::Targets(text) => {
                    let read = targets::parse(text.as_bytes(), &name, &grounds.themes);
                    read.map_err(|faults| Complaint::Targets(TargetsRefused::Faulty(faults)))?;
                    Ok(Probed::Sheet)
                }
            }
        }
    }
}

fn said(language: Language, file: String, answer: Result<Probed, Setback>) -> ProbeJson {
    let blank = |complaint: Option<String>, fault| ProbeJson {
        file: file.clone(),
        fit: false,
        measurement: None,
        converted_from: None,
        remarks: Vec::new(),
        fault,
        complaint,
    };
    match answer {
        Ok(Probed::Sheet) => ProbeJson { fit: true, ..blank(None, None) },
        Ok(Probed::Recording(judged)) => ProbeJson {
            fit: true,
            measurement: Some(judged.found),
            converted_from: judged.converted_from,
            remarks: judged.remarks.iter().map(|remark| remark.say(language)).collect(),
            ..blank(None, None)
        },
        Err(Setback::Returned(complaint)) => {
            let said = complaint.say(language);
            let fault = match complaint {
                Complaint::Recording(fault) => Some(fault),
                _ => None,
            };
            blank(Some(said), fault)
        }
        Err(Setback::Hindered { found }) => blank(Some(found), None),
    }
}

fn line(language: Language, probed: &ProbeJson) -> String {
    let mut text = match (&probed.complaint, language) {
        (None, Language::Vi) if probed.measurement.is_none() => format!("{}: đúng mẫu", probed.file),
        (None, Language::En) if probed.measurement.is_none() => format!("{}: right", probed.file),
        (None, Language::Vi) => format!("{}: dùng được", probed.file),
        (None, Language::En) => format!("{}: fit to air", probed.file),
        (Some(why), Language::Vi) => format!("{}: KHÔNG dùng được: {why}", probed.file),
        (Some(why), Language::En) => format!("{}: NOT fit to air: {why}", probed.file),
    };
    let mut beside = Vec::new();
    beside.extend(probed.converted_from.as_ref().map(|format| match language {
        Language::Vi => format!("được chuyển đổi từ {format}"),
        Language::En => format!("is converted from {format}"),
    }));
    beside.extend(probed.remarks.iter().cloned());
    beside.iter().for_each(|remark| text.push_str(&format!("\n  ! {remark}")));
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
