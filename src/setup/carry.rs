//! Carrying out what was decided: folders, lists, the first account, and at last the config. Owns the order and that each
//! step bears being done twice: whatever is cut short is done by setting up again. A config that is replaced stays beside
//! the new one, under its day and time.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::{Place, owner, share, template};
use crate::config::{Config, installed};
use crate::core::account::{AccountName, Role};
use crate::core::fault::{ConfigFault, Faults};
use crate::web::accounts::{self, AccountsError};

/// An account that is to be made.
#[derive(Clone)]
pub struct NewAccount {
    /// Its name.
    pub name: AccountName,
    /// Its password.
    pub password: String,
    /// The system's user who makes it.
    pub by: String,
}

/// What is to be done.
pub struct Plan {
    /// Where.
    pub place: Place,
    /// The config that was there when the questions were asked; none: there was none.
    pub was: Option<String>,
    /// The config that is to be there; none: it stays as it is.
    pub config: Option<String>,
    /// The technician's account.
    pub account: Option<NewAccount>,
    /// Whether the lines by which the inbox is shared are to be written.
    pub share: bool,
    /// When, by which the old config is named.
    pub now: DateTime<Utc>,
}

/// What was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// A folder was made.
    Folder(PathBuf),
    /// A list was written that was not there.
    List(PathBuf),
    /// The account was made, or has another password now.
    Account(AccountName),
    /// The lines for sharing the inbox were written.
    Share(PathBuf),
    /// The old config was kept there.
    Kept(PathBuf),
    /// The config was written.
    Config(PathBuf),
}

/// Why it was not done. `Display` is the English, with the remedy. While things are carried out, the config is as it was.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A file or folder could not be written.
    #[error("`{}` cannot be written: {found}; {}", path.display(), remedy(*kind))]
    NotWritten {
        /// Which.
        path: PathBuf,
        /// What kind of trouble.
        kind: ErrorKind,
        /// What the system said.
        found: String,
    },
    /// The station would not read what was to be written.
    #[error("the answers do not make a config that the station reads: {0:?}; nothing was changed")]
    WouldNotRead(Faults<ConfigFault>),
    /// Somebody else changed the config meanwhile.
    #[error("`{}` was changed by somebody else meanwhile; run `loa setup` again, nothing was overwritten", config.display())]
    Changed {
        /// The config.
        config: PathBuf,
    },
    /// Something of a person's lies where setup would write.
    #[error("`{}` is not by `loa setup` and is left as it is; rename it, then try again", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// The account could not be made.
    #[error(transparent)]
    Account(#[from] AccountsError),
}

fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::PermissionDenied => "run the command with administrator's rights: `sudo loa setup`",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            "make room on the disk, then run `loa setup` again"
        }
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only: it may be damaged; see `loa doctor`",
        _ => "see to the disk and the folder, then run `loa setup` again",
    }
}

impl SetupError {
    pub(super) fn of(path: &Path) -> impl Fn(std::io::Error) -> SetupError {
        let path = path.to_path_buf();
        move |error| {
            let found = error.to_string();
            // The name of a draft that is gone again tells nobody anything.
            let found = found.split_once(" at path").map_or(found.as_str(), |(found, _)| found).to_owned();
            SetupError::NotWritten { path: path.clone(), kind: error.kind(), found }
        }
    }
}

/// Whether this user may write the station's folder: asked before a person answers question after question in vain. Leaves
/// nothing behind.
pub fn may_write(place: &Place) -> Result<(), SetupError> {
    let config = place.config.parent().unwrap_or(place.root());
    let there = config.ancestors().find(|folder| folder.is_dir()).unwrap_or(config);
    tempfile::tempfile_in(there).map(drop).map_err(SetupError::of(there))
}

/// Does what is to be done, the config last.
pub fn carry_out(plan: &Plan) -> Result<Vec<Done>, SetupError> {
    let root = plan.place.root();
    let text = plan.config.as_ref().or(plan.was.as_ref()).cloned().unwrap_or_default();
    let config = Config::parse(text.as_bytes(), &plan.place.config.display().to_string(), root)
        .map_err(SetupError::WouldNotRead)?;
    let unchanged = || match std::fs::read_to_string(&plan.place.config) {
        Ok(now) => plan.was.as_ref() == Some(&now),
        Err(error) => error.kind() == ErrorKind::NotFound && plan.was.is_none(),
    };
    let changed = || SetupError::Changed { config: plan.place.config.clone() };
    if !unchanged() {
        return Err(changed());
    }
    let mut done = Vec::new();
    folder(root, root, &mut done)?;
    let beside = plan.place.config.parent().unwrap_or(root);
    let paths = &config.paths;
    for one in [beside, &paths.schedules, &paths.audio, &paths.inbox, &paths.state] {
        folder(root, one, &mut done)?;
    }
    if plan.was.is_none() {
        for (name, text) in template::lists() {
            let file = beside.join(name);
            if !file.exists() {
                replace(root, &file, text.as_bytes())?;
                done.push(Done::List(file));
            }
        }
    }
    if plan.share {
        let file = beside.join(share::FILE);
        replace(root, &file, share::text(&config, &file).as_bytes())?;
        done.push(Done::Share(file));
    }
    if let Some(account) = &plan.account {
        accounts::add(&paths.state, &account.name, Role::Technician, &account.password, &account.by)?;
        done.push(Done::Account(account.name.clone()));
    }
    let Some(text) = plan.config.as_ref().filter(|text| plan.was.as_ref() != Some(text)) else {
        return Ok(done);
    };
    if let Some(was) = &plan.was {
        let kept =
            name_for_old(&plan.place.config, plan.now.with_timezone(&config.station.time_zone).naive_local());
        replace(root, &kept, was.as_bytes())?;
        done.push(Done::Kept(kept));
    }
    if !unchanged() {
        return Err(changed());
    }
    replace(root, &plan.place.config, text.as_bytes())?;
    done.push(Done::Config(plan.place.config.clone()));
    Ok(done)
}

/// Makes a folder with those above it that are missing, each its owner's.
fn folder(root: &Path, wanted: &Path, done: &mut Vec<Done>) -> Result<(), SetupError> {
    let missing: Vec<&Path> = wanted.ancestors().take_while(|folder| !folder.is_dir()).collect();
    for one in missing.into_iter().rev() {
        std::fs::create_dir(one).map_err(SetupError::of(one))?;
        if one.starts_with(root) {
            owner::give(root, one).map_err(SetupError::of(one))?;
        }
        done.push(Done::Folder(one.to_path_buf()));
    }
    Ok(())
}

/// Where the config is kept that is replaced: `station.toml` beside itself as `station-2026-11-24-0512.toml`.
fn name_for_old(config: &Path, now: chrono::NaiveDateTime) -> PathBuf {
    let stem = config.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let stamp = now.format("%Y-%m-%d-%H%M");
    let first = config.with_file_name(format!("{stem}-{stamp}.toml"));
    let numbered = (2..).map(|number: u32| config.with_file_name(format!("{stem}-{stamp}-{number}.toml")));
    std::iter::once(first.clone()).chain(numbered).find(|path| !path.exists()).unwrap_or(first)
}

/// Writes a file whole or not at all, as its folder's owner's.
pub(super) fn replace(root: &Path, file: &Path, bytes: &[u8]) -> Result<(), SetupError> {
    let failed = SetupError::of(file);
    // The config may be a link of the technician's, which stays one: what it leads to is replaced. No other file is: the
    // command is root's, and what lies in the folder the station's account may have put there.
    let is_config = file.file_name() == Path::new(installed::CONFIG).file_name();
    if !is_config && file.symlink_metadata().is_ok_and(|found| found.is_symlink()) {
        return Err(SetupError::NotOurs { path: file.to_path_buf() });
    }
    let target = std::fs::canonicalize(file).unwrap_or_else(|_| file.to_path_buf());
    let folder = target.parent().unwrap_or(root);
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(&failed)?;
    fresh.write_all(bytes).and_then(|()| fresh.as_file().sync_all()).map_err(&failed)?;
    match std::fs::metadata(&target) {
        Ok(old) => std::fs::set_permissions(fresh.path(), old.permissions()),
        Err(_) => owner::readable(fresh.path()),
    }
    .map_err(&failed)?;
    owner::give(root, fresh.path()).map_err(&failed)?;
    fresh.persist(&target).map_err(|error| failed(error.error))?;
    // A name is durable once its folder is.
    #[cfg(unix)]
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(&failed)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::{Answer, Draft, Found};

    fn plan(place: &Place, was: Option<&str>, config: &str) -> Plan {
        Plan {
            place: place.clone(),
            was: was.map(str::to_owned),
            config: Some(config.to_owned()),
            account: None,
            share: false,
            now: "2026-11-23T22:12:00Z".parse().unwrap(),
        }
    }

    fn text(name: &str) -> String {
        let mut draft = Draft::fresh(Path::new("/x"));
        draft.take(&Answer::Name(name.into())).unwrap();
        draft.text()
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(None, Some(folder.path().join("d")));
        carry_out(&plan(&place, None, &text("Một"))).unwrap();
        // Made by another in the meantime, and changed by another in the meantime.
        for was in [None, Some(text("Hai"))] {
            let refused = carry_out(&plan(&place, was.as_deref(), &text("Ba")));
            assert!(matches!(refused, Err(SetupError::Changed { .. })), "{refused:?}");
            let Found::Station { config, .. } = place.look() else { panic!("no station") };
            assert_eq!(config.station.name, "Một");
        }
    }

    #[test]
    fn what_no_station_would_read_is_never_written() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(None, Some(folder.path().join("d")));
        let refused = carry_out(&plan(&place, None, "[station]\nid = \"x\"\n"));
        assert!(matches!(refused, Err(SetupError::WouldNotRead(_))), "{refused:?}");
        assert!(!place.root().exists());
    }

    #[test]
    fn every_copy_of_an_old_config_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::new(None, Some(folder.path().join("d")));
        let texts = ["Một", "Hai", "Ba"].map(text);
        carry_out(&plan(&place, None, &texts[0])).unwrap();
        carry_out(&plan(&place, Some(&texts[0]), &texts[1])).unwrap();
        carry_out(&plan(&place, Some(&texts[1]), &texts[2])).unwrap();
        // By the station's own day and time.
        for (name, text) in
            [("station-2026-11-24-0512.toml", &texts[0]), ("station-2026-11-24-0512-2.toml", &texts[1])]
        {
            assert_eq!(&std::fs::read_to_string(place.config.with_file_name(name)).unwrap(), text);
        }
    }
}
