//! Answers the offices of which something was refused, each beside its drop. Owns that every refusal is answered, however
//! often the power is cut; the words are `words`', the folder `intake`'s.

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
            Ok(all) => {
                if !all {
                    self.shelf.refusals.reopen();
                }
                true
            }
            Err(error) => {
                tracing::warn!(%error, "an office could not be told of a refusal; it is tried again");
                self.shelf.refusals.reopen();
                false
            }
        }
    }

    /// False where the first answer to one of the drops is not out yet.
    fn answer_all(&mut self, inbox: &mut Inbox) -> anyhow::Result<bool> {
        let shelf = self.shelf.clone();
        let answers = &shelf.refusals.answers;
        for noted in self.record.refusals(answers.get())? {
            for drop in &noted.refused.drops {
                let decision = self.answer_to(&noted, drop);
                if !inbox.answer_again(decision, self)? {
                    return Ok(false);
                }
            }
            answers.set(noted.seq)?;
        }
        Ok(true)
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
