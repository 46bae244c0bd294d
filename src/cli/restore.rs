//! `loa restore`: a station from a backup, put into the folder of the installed station or another.

use std::path::{Path, PathBuf};

use anyhow::{Result, anyhow};
use clap::Args;

use super::backup::percent;
use super::setting::Asked;
use super::{Exit, problem, progress, say};
use crate::archive::{self, Occupied, Placed, Step};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, installed};
use crate::words::archive as words;
use crate::words::{Language, Say, terms};

/// So many missing recordings are named on the terminal.
const NAMED: usize = 50;

/// Puts a station from a backup into the folder of the installed station. The whole backup is proved first; where a station is
/// already, nothing is done without `--replace`, which sets it aside whole.
#[derive(Debug, Args)]
pub struct Restore {
    /// The file that `loa backup` made.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The folder to restore into. Default: that of the installed station.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
    /// Set aside what is in the folder, under a name with the date; nothing of it is deleted.
    #[arg(long)]
    replace: bool,
}

impl Restore {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let language = asked.language_known();
        let pick = |vi: &'static str, en: &'static str| if language == Language::Vi { vi } else { en };
        let folder = self.folder.clone().unwrap_or_else(installed::folder);
        let occupied = if self.replace { Occupied::SetAside } else { Occupied::Refuse };
        let doing = pick("đang khôi phục", "restoring");
        let mut pace = |step: Step| progress(&format!("{doing} {}", percent(step)));
        let placed = archive::restore(&self.file, &folder, occupied, SystemClock::new().now(), &mut pace);
        progress("");
        let placed = placed.map_err(|fault| anyhow!("{}", fault.say(language)))?;
        tell(language, &placed);
        match &placed.config {
            Ok(config) => {
                for (key, path) in elsewhere(config).into_iter().filter(|(_, path)| !path.exists()) {
                    say(&words::not_here(language, key, &path.display().to_string()));
                }
                let cards =
                    config.output.cards.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                say(&words::next_steps(language, &cards));
                Ok(Exit::Fine)
            }
            Err(faults) => {
                let lines = faults.iter().map(|fault| format!("\n{}", fault.say(language)));
                problem(
                    language,
                    &format!("{}{}", words::config_faulty(language), lines.collect::<String>()),
                );
                Ok(Exit::Wrong)
            }
        }
    }
}

fn tell(language: Language, placed: &Placed) {
    let manifest = &placed.manifest;
    let zone = placed.config.as_ref().map_or(chrono_tz::Asia::Ho_Chi_Minh, |config| config.station.time_zone);
    let moment = |at| terms::date_and_time(language, zone, at);
    let folder = placed.folder.display().to_string();
    say(&words::restored(language, manifest, &moment(manifest.made), &folder));
    let aside = placed.set_aside.as_ref().map(|aside| aside.display().to_string());
    if let Some(aside) = &aside {
        say(&words::set_aside(language, aside));
    }
    if let Some(restored) = &placed.journal {
        let from = restored.intact_until.map(moment).unwrap_or_default();
        say(&words::goes_on(language, &from, restored.whole));
    }
    for moved in &manifest.moved {
        let key = format!("{}.{}", moved.table, moved.key);
        say(&words::amended(language, &key, &moved.was, &moved.now));
    }
    if placed.taken_over > 0 {
        say(&words::taken_over(language, placed.taken_over, aside.as_deref().unwrap_or(&folder)));
    }
    if !placed.missing.is_empty() {
        let audio = placed.folder.join(&manifest.places.audio).display().to_string();
        say(&words::missing(language, placed.missing.len(), &audio));
        for part in placed.missing.iter().take(NAMED) {
            let below =
                part.name.strip_prefix(&manifest.places.audio).map(|rest| rest.trim_start_matches('/'));
            say(&format!("  {}", below.unwrap_or(&part.name)));
        }
        if placed.missing.len() > NAMED {
            say(&words::and_more(language, placed.missing.len() - NAMED));
        }
    }
}

/// What the configuration names outside the station's folder and no backup holds.
fn elsewhere(config: &Config) -> Vec<(&'static str, &Path)> {
    // A folder of backups is made where it can be; the disk that it is on must be there.
    let disk = config.backup.folder.parent().unwrap_or(&config.backup.folder);
    let commands =
        config.amplifier.iter().flat_map(|keys| [("amplifier.on", &keys.on), ("amplifier.off", &keys.off)]);
    let programs = commands.filter_map(|(key, words)| Some((key, Path::new(words.first()?))));
    let absolute = programs.filter(|(_, path)| path.is_absolute());
    std::iter::once(("backup.folder", disk)).chain(absolute).collect()
}
