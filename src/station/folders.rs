//! What the pages may do to the station's folders: files come into the inbox, receipts and recordings are read, a schedule
//! is changed for one day. Owns the room that an upload leaves to the station; the rules are the inbox's and the schedules'.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use super::scheduling::{Scheduling, hold};
use super::shelf::Shelf;
use crate::config::Config;
use crate::core::account::AccountName;
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{DropId, ENGLISH_NAMES, VIETNAMESE_NAMES};
use crate::intake::inbox::uploads::{Upload, offered, receipt_of, sweep};
use crate::intake::store;
use crate::journal::reserve;
use crate::web::folders::{Changed, DayChange, Incoming, Unheard};
use crate::words::Language;

/// An upload leaves so much free: the journal has to be written.
const LEFT_FREE: u64 = 32 << 20;
/// So often in its bytes it is asked what is free, and written out.
const ASKED_EVERY: u64 = 4 << 20;

/// The folders, as the pages reach them.
pub(super) struct StationFolders {
    inbox: PathBuf,
    offices: Vec<String>,
    withdraw: &'static str,
    shelf: Arc<Shelf>,
    scheduling: Arc<Mutex<Scheduling>>,
}

/// An upload that leaves the station its room.
struct Careful {
    upload: Upload,
    disk: PathBuf,
    written: u64,
}

fn has_room(disk: &std::path::Path) -> io::Result<()> {
    match reserve::free_space(disk) {
        Some(free) if free < LEFT_FREE => Err(ErrorKind::StorageFull.into()),
        _ => Ok(()),
    }
}

impl Incoming for Careful {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let before = self.written / ASKED_EVERY;
        self.written += bytes.len() as u64;
        if self.written / ASKED_EVERY != before {
            has_room(&self.disk)?;
            self.upload.sync()?;
        }
        self.upload.write(bytes)
    }

    fn finish(self: Box<Self>) -> io::Result<String> {
        self.upload.finish()
    }
}

impl StationFolders {
    /// Those of that station; what uploads left that a power cut broke off is swept away.
    pub(super) fn new(
        config: &Config,
        shelf: Arc<Shelf>,
        scheduling: Arc<Mutex<Scheduling>>,
    ) -> StationFolders {
        sweep(&config.paths.inbox);
        StationFolders {
            inbox: config.paths.inbox.clone(),
            offices: config.offices.iter().map(|office| office.folder.clone()).collect(),
            withdraw: match config.station.language {
                Language::Vi => VIETNAMESE_NAMES.withdraw,
                Language::En => ENGLISH_NAMES.withdraw,
            },
            shelf,
            scheduling,
        }
    }

    pub(super) fn offices(&self) -> Vec<String> {
        offered(&self.inbox, &self.offices)
    }

    pub(super) fn incoming(&self, office: Option<&str>, sent: &str) -> io::Result<Box<dyn Incoming>> {
        has_room(&self.inbox)?;
        let upload = Upload::begin(&self.inbox, office, &self.offices, sent)?;
        Ok(Box::new(Careful { upload, disk: self.inbox.clone(), written: 0 }))
    }

    pub(super) fn receipt(&self, id: &DropId) -> Option<String> {
        receipt_of(&self.inbox, id)
    }

    pub(super) fn recording(&self, name: &CartName) -> io::Result<Option<File>> {
        store::open(&self.shelf.audio, name)
    }

    pub(super) fn unheard(&self) -> Vec<Unheard> {
        self.shelf.unheard()
    }

    pub(super) fn unheard_recording(
        &self,
        name: &CartName,
        content: &Fingerprint,
    ) -> io::Result<Option<File>> {
        self.shelf.open_unheard(name, content)
    }

    /// A copy of the recording goes where a person would move it; what follows is the inbox's.
    pub(super) fn take_off(&self, name: &CartName) -> io::Result<bool> {
        let Some(mut recording) = self.recording(name)? else { return Ok(false) };
        has_room(&self.inbox)?;
        let upload = Upload::to_withdraw(&self.inbox, self.withdraw, name.as_str())?;
        let mut copy = Careful { upload, disk: self.inbox.clone(), written: 0 };
        let mut buffer = vec![0; 256 * 1_024];
        loop {
            match io::Read::read(&mut recording, &mut buffer)? {
                0 => break,
                read => copy.write(&buffer[..read])?,
            }
        }
        copy.upload.finish().map(|_| true)
    }

    pub(super) fn change(&self, change: &DayChange, by: &AccountName) -> Changed {
        hold(&self.scheduling).change(change, by)
    }
}
