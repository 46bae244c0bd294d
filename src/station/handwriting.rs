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
            match self.record.entered_alike(entered.started, &entered.title) {
                Ok(None) => {}
                Ok(Some(airing)) => return Err(Refusal::ByHand(HandFault::Twice { airing })),
                Err(error) => return Err(Refusal::NotRecorded { found: error.to_string() }),
            }
            entered.airing = self.record.next_airing();
        }
        // The journal refuses what is about an airing that it does not have, or that nobody wrote in.
        let (entry, refused) = match hand.clone() {
            Handwritten::Airing(entered) => (Entry::Entered(entered), None),
            Handwritten::Note(noted) => {
                let airing = noted.airing;
                (Entry::Noted(noted), Some(HandFault::NoSuchAiring { airing }))
            }
            Handwritten::TakeBack(back) => {
                let airing = back.airing;
                (Entry::TakenBack(back), Some(HandFault::NotByHand { airing }))
            }
            Handwritten::Review(reviewed) => (Entry::Reviewed(reviewed), None),
        };
        match (self.record.append(now, &[entry]), refused) {
            (Ok(_), _) => Ok(Answer::WrittenDown { hand }),
            (Err(error), Some(fault)) if error.refused => Err(Refusal::ByHand(fault)),
            (Err(error), _) => Err(Refusal::NotRecorded { found: error.to_string() }),
        }
    }
}
