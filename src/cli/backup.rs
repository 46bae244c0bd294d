//! `loa backup`: the whole station in one file, made while it runs.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow};
use clap::Args;

use super::setting::Asked;
use super::{Exit, progress, say};
use crate::archive::{self, Recordings, Step};
use crate::words::archive as words;
use crate::words::{Say, terms};

/// The rest after each megabyte while the station runs: its disk and processor are for what airs.
const REST: Duration = Duration::from_millis(20);

/// Puts the whole station into one file, also while it runs: configuration, schedules, recordings, journal, accounts. The
/// file holds hashed passwords and keys: only its owner can read it. `loa restore` puts it back.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, by habit with the ending .zip. One that is there is never written over.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Leave the recordings out; their names and fingerprints are noted.
    #[arg(long)]
    without_audio: bool,
}

impl Backup {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, config) = (setting.language, &setting.config);
        crate::clock::yield_to_others();
        let made = terms::date_and_time(language, setting.zone, setting.now);
        let for_people = words::for_people(&config.station.name, &made, env!("CARGO_PKG_VERSION"));
        let running = asked.on_station(|| setting.running().is_some())?;
        let order = archive::Asked {
            config,
            config_file: &asked.config,
            journal: &crate::station::journal_file(config),
            file: &self.file,
            recordings: if self.without_audio { Recordings::LeftOut } else { Recordings::Taken },
            for_people: &for_people,
            running,
            now: setting.now,
        };
        let doing = setting.words("đang sao lưu", "backing up");
        let mut pace = |step: Step| {
            progress(&format!("{doing} {}", percent(step)));
            if running {
                std::thread::sleep(REST);
            }
        };
        let backed = archive::back_up(&order, &mut pace);
        progress("");
        let backed = backed.map_err(|fault| anyhow!("{}", fault.say(language)))?;
        let manifest = &backed.manifest;
        let head = manifest.journal.as_ref().and_then(|journal| journal.head.as_ref());
        let head = head.map(|head| format!("{}:{}", head.seq, head.hash));
        let (left_out, held): (Vec<_>, Vec<_>) = manifest.files.iter().partition(|part| part.left_out);
        let file = self.file.display().to_string();
        say(&terms::capital(&words::backed_up(language, &file, backed.size, held.len(), head.as_deref())));
        if self.without_audio {
            let bytes = left_out.iter().map(|part| part.size).sum();
            say(&words::without_audio(language, left_out.len(), bytes));
        }
        for moved in &manifest.moved {
            let key = format!("{}.{}", moved.table, moved.key);
            say(&words::moved(language, &key, &moved.was, &moved.now));
        }
        for name in &backed.unfit_for_windows {
            say(&words::unfit_for_windows(language, name));
        }
        for found in &backed.not_taken {
            say(&words::not_taken(language, found));
        }
        say(&words::without_inbox(language, &config.paths.inbox.display().to_string()));
        say(words::keep_it_safe(language));
        Ok(Exit::Fine)
    }
}

/// How far it is.
pub(super) fn percent(step: Step) -> String {
    let hundred = u128::from(step.done) * 100;
    hundred
        .checked_div(u128::from(step.all))
        .map_or_else(String::new, |percent| format!("{}%", percent.min(100)))
}
