//! What keeps drops from their answer: told to the technician, tried again with longer and longer pauses. Owns the list;
//! decides nothing.

use std::io;
use std::path::PathBuf;

use super::looking::Hindrance;
use super::taking::wait_after;
use super::{Found, Inbox};

/// A drop that cannot be decided on, or not brought to its end, for the technician.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where it lay below the inbox; empty where no decision at all can be written down.
    pub file: PathBuf,
    /// What the system said.
    pub found: String,
    /// How often it was tried.
    pub tries: u32,
}

impl Inbox {
    /// What cannot be decided on, or is decided and cannot be brought to its end, by name.
    pub fn troubles(&self) -> Vec<Trouble> {
        let ending = self.pending.values().filter(|pending| pending.tries > 0).map(|pending| Trouble {
            file: pending.source.clone(),
            found: pending.found.clone(),
            tries: pending.tries,
        });
        let hindered = self.seen.iter().filter_map(|(path, seen)| {
            let Hindrance { tries, found, .. } = seen.hindrance.clone()?;
            let file = path.strip_prefix(&self.root).unwrap_or(path).to_path_buf();
            Some(Trouble { file, found, tries })
        });
        let unwritable = self.unwritable.iter().map(|trouble| Trouble {
            file: PathBuf::new(),
            found: trouble.found.clone(),
            tries: trouble.tries,
        });
        let mut troubles: Vec<Trouble> = ending.chain(hindered).chain(unwritable).collect();
        troubles.sort_by(|a, b| a.file.cmp(&b.file));
        troubles
    }

    /// The clerk was hindered, or there is no place to put the drop away.
    pub(super) fn hinder(&mut self, found: &Found, error: &io::Error) {
        let at = self.at;
        let Some(seen) = self.seen.get_mut(&found.path) else { return };
        let tries = seen.hindrance.as_ref().map_or(0, |hindrance| hindrance.tries);
        if tries == 0 {
            tracing::warn!(%error, file = %found.path.display(), "a drop cannot be decided on; it is tried again");
        }
        let next = at + wait_after(tries);
        seen.hindrance = Some(Hindrance { tries: tries.saturating_add(1), next, found: error.to_string() });
    }
}
