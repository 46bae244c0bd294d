//! Setting a station up: where it stands, what is there already, the answers of whoever sets it up, and writing what follows
//! from them. Owns the order in which things are written and the rule that the config which takes the place of another one
//! was read whole before; the old one stays beside it. Asks nobody and prints nothing, sets no clock, and touches nothing
//! outside the station's folder.

use std::path::{Path, PathBuf};

use crate::config::{Config, installed};
use crate::core::fault::{ConfigFault, DocumentFault, Faults, Located};
use crate::core::trust::Vouched;

pub mod cards;
mod carry;
mod draft;
pub mod first_cue;
mod gong;
mod owner;
mod share;
mod template;

pub use carry::{Done, NewAccount, Plan, SetupError, carry_out, may_write};
pub use draft::{Answer, Draft};

/// Where a station is, or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its config; everything else is relative to the parent of the folder it lies in.
    pub config: PathBuf,
}

/// What is there.
#[derive(Debug)]
pub enum Found {
    /// Nothing: a station can be made.
    Nothing,
    /// A station, with the text of its config.
    Station {
        /// Its config.
        config: Box<Config>,
        /// The text of it.
        text: String,
    },
    /// A config that cannot be read; it is not touched.
    Faulty(Faults<ConfigFault>),
}

impl Place {
    /// The place that is meant: by its config, by its folder, else the installed station's.
    pub fn new(config: Option<PathBuf>, folder: Option<PathBuf>) -> Place {
        let of_folder = |folder: PathBuf| folder.join(installed::CONFIG);
        let config = config.unwrap_or_else(|| of_folder(folder.unwrap_or_else(installed::folder)));
        Place { config: std::path::absolute(&config).unwrap_or(config) }
    }

    /// The station's folder.
    pub fn root(&self) -> &Path {
        let folder = self.config.parent().unwrap_or(&self.config);
        folder.parent().unwrap_or(folder)
    }

    /// Whether it is the one that the system's service runs.
    pub fn is_installed(&self) -> bool {
        self.config == installed::folder().join(installed::CONFIG)
    }

    /// What is there.
    pub fn look(&self) -> Found {
        // A link that leads nowhere is something, too: it is told, and not written over.
        if std::fs::symlink_metadata(&self.config)
            .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        {
            return Found::Nothing;
        }
        let config = match Config::read(&self.config) {
            Ok(config) => Box::new(config),
            Err(faults) => return Found::Faulty(faults),
        };
        match std::fs::read_to_string(&self.config) {
            Ok(text) => Found::Station { config, text },
            Err(error) => {
                let fault = DocumentFault::Unreadable { found: error.to_string() }.into();
                let file = self.config.display().to_string();
                Found::Faulty(Faults(vec![Located { file, line: None, slot: None, fault }]))
            }
        }
    }
}

/// The first port from `usual` on that no other program listens at, of ten.
pub fn free_port(usual: u16) -> u16 {
    let free = |port: &u16| std::net::TcpListener::bind((std::net::Ipv4Addr::UNSPECIFIED, *port)).is_ok();
    (usual..usual.saturating_add(10)).find(free).unwrap_or(usual)
}

/// Leaves a person's word about the clock for the station's next start.
pub fn vouch(config: &Config, root: &Path, vouched: &Vouched) -> Result<(), SetupError> {
    let note = crate::control::vouched::note_in(&config.paths.state);
    let left = crate::control::vouched::leave(&config.paths.state, vouched);
    left.and_then(|()| owner::give(root, &note)).map_err(SetupError::of(&note))
}
