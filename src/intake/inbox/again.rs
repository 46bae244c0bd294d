//! A drop is answered once more, when a person has decided on what waited. Owns nothing: the answer goes by a note as the
//! first one did, so that a power cut or a network drive that is away only delays it.

use std::ffi::OsString;
use std::io;
use std::path::Path;

use super::names::receipt;
use super::taking::{Note, Pending, Step};
use super::{Clerk, Decision, Inbox, Marks};

impl Inbox {
    /// Answers a drop again, beside its first receipt; done twice it writes the same. Of the decision only the answer is
    /// carried out. False where the first answer is not out yet: then it is asked for again.
    ///
    /// # Errors
    /// The note could not be written.
    pub fn answer_again(&mut self, decision: Decision, clerk: &mut dyn Clerk) -> io::Result<bool> {
        let id = decision.id.clone();
        if self.pending.contains_key(&id) {
            return Ok(false);
        }
        let folder: OsString = decision.sender.folder().unwrap_or_default().into();
        // No drop is meant but the receipt itself: nothing in the inbox waits for this note.
        let name = format!("{}.html", receipt(&decision.file, &decision.receipt.stamp, &id));
        let place = Path::new(&folder).join(self.names.receipts).join(name).into_os_string();
        let note = Note {
            decision,
            folder,
            source: place.clone(),
            marks: Marks { size: 0, modified_ns: 0 },
            destination: place,
            left: vec![Step::Answer],
        };
        self.write_down(&note).map_err(|(error, _)| error)?;
        self.pending.insert(id.clone(), Pending::of(&note));
        self.carry_on(&id, &note, clerk);
        Ok(true)
    }
}
