//! Readers of the journal for the pages. Owns those that are open and idle; a reader is one thread's at a time.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::hold;
use crate::core::page::Problem;
use crate::journal::{JournalError, Reader};

/// More are not kept open.
const IDLE: usize = super::READING;

/// The readers.
pub(super) struct Readers {
    journal: PathBuf,
    idle: Mutex<Vec<Reader>>,
}

impl Readers {
    pub(super) fn new(journal: &Path) -> Readers {
        Readers { journal: journal.to_owned(), idle: Mutex::default() }
    }

    /// Where the journal is, for whoever asks at length and must not keep a reader from others.
    pub(super) fn journal(&self) -> &Path {
        &self.journal
    }

    /// Asks the journal. Blocks.
    pub(super) fn ask<T>(
        &self,
        question: impl FnOnce(&Reader) -> Result<T, JournalError>,
    ) -> Result<T, Problem> {
        let failed = |error: JournalError| Problem::Journal { found: error.to_string() };
        let idle = hold(&self.idle).pop();
        let reader =
            idle.map_or_else(|| Reader::open(&self.journal).and_then(Reader::sparing), Ok).map_err(failed)?;
        // One that failed is not kept: the next opens the file anew.
        let answer = question(&reader).map_err(failed)?;
        let mut idle = hold(&self.idle);
        if idle.len() < IDLE {
            idle.push(reader);
        }
        Ok(answer)
    }
}
