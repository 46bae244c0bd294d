//! Answers the offices of which something was refused, each beside its drop. Owns that every refusal is answered, however
//! often the power is cut and whoever else cannot be answered; the words are `words`', the folder `intake`'s.

use super::Desk;
use crate::core::drops::{DropId, Verdict};
use crate::core::record::{NotedRefusal, RefusedDrop};
use crate::intake::inbox::{Act, Decision, Inbox, Rendered};
use crate::words::refused;

impl Desk {
    /// Answers what was refused and is not answered; true where something was. What fails is tried with the next turn.
    pub(in crate::station) fn answer_refusals(&mut self, inbox: &mut Inbox) -> bool {
        if !self.shelf.refusals.take() {
            return false;
        }
        match self.answer_all(inbox) {
            Ok((some, all)) => {
                if !all {
                    self.shelf.refusals.reopen();
                }
                some
            }
            Err(error) => {
                tracing::warn!(%error, "what was refused could not be looked up; it is tried again");
                self.shelf.refusals.reopen();
                false
            }
        }
    }

    /// Tries each, since an office whose folder is away must not keep others from their answers; says whether somebody was
    /// answered, and whether everybody is. Whose first answer is not out yet is told as a trouble of the inbox.
    fn answer_all(&mut self, inbox: &mut Inbox) -> anyhow::Result<(bool, bool)> {
        let shelf = self.shelf.clone();
        let followed = &shelf.refusals;
        let (mut some, mut all) = (false, true);
        for noted in self.record.refusals(followed.answers.get())? {
            for drop in &noted.refused.drops {
                if followed.is_answered(noted.seq, &drop.id) {
                    continue;
                }
                let decision = self.answer_to(&noted, drop);
                match inbox.answer_again(decision, self) {
                    Ok(true) => {
                        followed.answered(noted.seq, &drop.id);
                        some = true;
                    }
                    Ok(false) => all = false,
                    Err(error) => {
                        let (office, file) = (drop.sender.folder().unwrap_or_default(), &drop.file);
                        tracing::warn!(%error, office, file, "an office could not be told of a refusal; it is tried again");
                        all = false;
                    }
                }
            }
            // As far as nothing before it is open.
            if all && let Err(error) = followed.all_answered(noted.seq) {
                tracing::warn!(%error, "that a refusal was answered could not be written down; it is tried again");
                all = false;
            }
        }
        Ok((some, all))
    }

    fn answer_to(&self, noted: &NotedRefusal, drop: &RefusedDrop) -> Decision {
        let language = self.language_of(&drop.sender);
        let paper = refused::paper(language, self.zone, &self.contact, noted, drop);
        Decision {
            id: drop.id.clone(),
            at: noted.at,
            sender: drop.sender.clone(),
            file: drop.file.clone(),
            sha256: None,
            // Of what is decided only the answer is left to do.
            verdict: Verdict::Returned,
            why: Vec::new(),
            detail: String::new(),
            act: Act::Answer,
            receipt: Rendered {
                stamp: refused::stamp(language).to_owned(),
                html: crate::export::page::html(&paper),
                text: crate::export::text::text(&paper),
            },
        }
    }

    /// Whether what that drop brought was refused: then its decision, done again, must not bring it back.
    pub(super) fn is_refused(&self, drop: &DropId) -> std::io::Result<bool> {
        let refused = || {
            let Some(answered) = self.record.answered(drop)? else { return Ok(false) };
            let later = self.record.refusals(answered)?;
            Ok(later.iter().flat_map(|noted| &noted.refused.drops).any(|one| one.id == *drop))
        };
        refused().map_err(|error: crate::core::record::RecordError| std::io::Error::other(error))
    }
}
