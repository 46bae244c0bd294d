//! Takes down what people write by hand. Owns nothing: the rules are [`crate::core::handwritten`]'s, the proof that an
//! airing exists is the journal's.

use std::sync::Arc;

use chrono_tz::Tz;

use crate::clock::Clock;
use crate::core::handwritten::{HandFault, Handwritten};
use crate::core::order::{Answer, Refusal};
use crate::core::record::{Entry, Record};

/// Where handwriting goes.
#[derive(Clone)]
pub(super) struct Handwriting {
    pub(super) record: Arc<dyn Record>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) zone: Tz,
    /// The ids of the themes.
    pub(super) themes: Vec<String>,
}

impl Handwriting {
    /// Takes it down, or says why not.
    pub(super) fn take(&self, mut hand: Handwritten) -> Result<Answer, Refusal> {
        let now = self.clock.now();
        let today = now.with_timezone(&self.zone).date_naive();
        let themes: Vec<&str> = self.themes.iter().map(String::as_str).collect();
        if let Some(fault) = hand.fault(now, today, &themes) {
            return Err(Refusal::ByHand(fault));
        }
        if let Handwritten::Airing(entered) = &mut hand {
            entered.airing = self.record.next_airing();
        }
        let noted = match &hand {
            Handwritten::Note(noted) => Some(noted.airing),
            _ => None,
        };
        let entry = match hand.clone() {
            Handwritten::Airing(entered) => Entry::Entered(entered),
            Handwritten::Note(noted) => Entry::Noted(noted),
            Handwritten::Review(reviewed) => Entry::Reviewed(reviewed),
        };
        match (self.record.append(now, &[entry]), noted) {
            (Ok(_), _) => Ok(Answer::WrittenDown { hand }),
            // The journal refuses a note on an airing that it does not have.
            (Err(error), Some(airing)) if error.refused => {
                Err(Refusal::ByHand(HandFault::NoSuchAiring { airing }))
            }
            (Err(error), _) => Err(Refusal::NotRecorded { found: error.to_string() }),
        }
    }
}
