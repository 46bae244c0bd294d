//! The plan's targets as the station keeps them: what the inbox takes goes into the list that the config names, and whatever
//! changes in that list, by a drop or by hand, is taken down in the journal. A commune is scored on these figures: none of
//! them changes unseen. Owns the list's file and `state/targets-noted.json`; never decides whether a drop is taken.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::{Approval, Config, Themes, targets};
use crate::core::cart::{CartName, Fingerprint};
use crate::core::fault::{ConfigFault, Faults};
use crate::core::record::{Entry, Record};
use crate::core::report::targets::{Targets, TargetsChanged, TargetsRefused};
use crate::intake::inbox::disk::{Disk, RealDisk};
use crate::intake::store;
use crate::words::targets::heading;

/// The board tells of a change for so long.
const TOLD_FOR: TimeDelta = TimeDelta::days(7);

/// The list, and what the journal was told of it.
pub(super) struct TargetsList {
    /// None: the config names no list.
    path: Option<PathBuf>,
    kept: PathBuf,
    noted: PathBuf,
    themes: Themes,
    approval: Approval,
    record: Arc<dyn Record>,
    clock: Arc<dyn Clock>,
}

/// What the journal was told last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Noted {
    text: String,
    /// None: the list is as it was when it was first seen.
    changed: Option<TargetsChanged>,
}

impl TargetsList {
    /// The list of the station of `config`.
    pub(super) fn new(
        config: &Config,
        themes: &Themes,
        record: Arc<dyn Record>,
        clock: Arc<dyn Clock>,
    ) -> TargetsList {
        TargetsList {
            path: config.files.targets.clone(),
            kept: config.paths.state.join("replaced"),
            noted: config.paths.state.join("targets-noted.json"),
            themes: themes.clone(),
            approval: config.policy.approval,
            record,
            clock,
        }
    }

    /// Reads targets that were sent, where this station takes them.
    pub(super) fn read(&self, text: &str, file: &str) -> Result<Targets, TargetsRefused> {
        let sent = targets::parse(text.as_bytes(), file, &self.themes).map_err(TargetsRefused::Faulty)?;
        match (&self.path, self.approval) {
            _ if sent.0.is_empty() => Err(TargetsRefused::Empty),
            (_, Approval::Command) => Err(TargetsRefused::Approval),
            (None, Approval::Schedule) => Err(TargetsRefused::NoList),
            (Some(_), Approval::Schedule) => Ok(sent),
        }
    }

    /// The list as it is; empty where it is not written yet.
    pub(super) fn present(&self) -> Result<Targets, Faults<ConfigFault>> {
        match &self.path {
            Some(path) if path.exists() => targets::read(path, &self.themes),
            _ => Ok(Targets::default()),
        }
    }

    /// Takes over targets that were sent. What the list was is kept; done again it changes nothing.
    ///
    /// # Errors
    /// What the system says, or what is wrong with the list as it is; it is then as it was.
    pub(super) fn put(&self, text: &str, by: &str) -> io::Result<()> {
        let Some(path) = &self.path else {
            return Err(io::Error::other("the config names no list of targets"));
        };
        let faulty = |faults: Faults<ConfigFault>| io::Error::other(faults.to_string());
        let sent = targets::parse(text.as_bytes(), "the drop", &self.themes).map_err(faulty)?;
        let present = self.present().map_err(faulty)?;
        let now = present.with(&sent);
        if !present.changed(&now).is_empty() {
            let text = now.text(&heading(by));
            // What is written is read by reports: it is proved to read.
            targets::parse(text.as_bytes(), &path.display().to_string(), &self.themes).map_err(faulty)?;
            self.write(path, &text)?;
        }
        self.note(by).map(drop)
    }

    fn write(&self, path: &Path, text: &str) -> io::Result<()> {
        let draft = path.with_extension("toml.part");
        RealDisk.write(&draft, text.as_bytes())?;
        if let Ok(old) = std::fs::read(path) {
            let name = CartName::new("targets.toml").map_err(io::Error::other)?;
            store::keep(path, Fingerprint::of(&old), &name, &self.kept)?;
            // Whoever may read the list may read the new one.
            let _ =
                std::fs::metadata(path).and_then(|old| std::fs::set_permissions(&draft, old.permissions()));
        }
        RealDisk.replace(&draft, path)
    }

    /// Takes down the list that the station has when it runs for the first time. Later the inbox looks first, so that what a
    /// drop changed before a power cut goes by the name of who dropped it.
    pub(super) fn first_look(&self) {
        if self.told().is_none() {
            self.watch();
        }
    }

    /// Takes down a change by hand; true where there was one.
    pub(super) fn watch(&self) -> bool {
        let Some(path) = &self.path else { return false };
        self.note(&format!("file {}", path.display())).unwrap_or_else(|error| {
            tracing::warn!(%error, "a change of the targets could not be taken down; it is tried again");
            false
        })
    }

    /// Takes down the list as it is, where the journal does not have it; a faulty one is no list that reports go by.
    fn note(&self, by: &str) -> io::Result<bool> {
        let Some(path) = &self.path else { return Ok(false) };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        let noted = self.told();
        if noted.as_ref().is_some_and(|noted| noted.text == text) {
            return Ok(false);
        }
        if !text.is_empty() && targets::parse(text.as_bytes(), "", &self.themes).is_err() {
            return Ok(false);
        }
        let at = self.clock.now();
        if noted.is_some() || !text.is_empty() {
            let entry = Entry::Targets { text: text.clone(), by: by.to_owned() };
            self.record.append(at, &[entry]).map_err(io::Error::other)?;
        }
        // Not written, it is told once more.
        let changed = noted.is_some() || by.starts_with("inbox ");
        let noted = Noted { text, changed: changed.then(|| TargetsChanged { at, by: by.to_owned() }) };
        let draft = self.noted.with_extension("json.part");
        RealDisk.write(&draft, &serde_json::to_vec(&noted)?)?;
        RealDisk.replace(&draft, &self.noted)?;
        Ok(true)
    }

    fn told(&self) -> Option<Noted> {
        serde_json::from_slice(&std::fs::read(&self.noted).ok()?).ok()
    }

    /// The last change, where it is not long ago.
    pub(super) fn last_changed(&self, now: DateTime<Utc>) -> Option<TargetsChanged> {
        self.told()?.changed.filter(|changed| now - changed.at < TOLD_FOR)
    }
}
