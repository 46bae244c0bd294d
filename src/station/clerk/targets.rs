//! What the clerk does with targets that an office drops. Owns which of them are taken; the list itself is
//! [`crate::station::targets`]'s.

use super::{Desk, Judged};
use crate::core::cart::Fingerprint;
use crate::core::drops::{Answer, Complaint};
use crate::core::report::targets::{TargetsAnswer, TargetsRefused};
use crate::intake::inbox::{Act, Decision, Found, Inlet};
use crate::intake::judging::Setback;
use crate::words::Say;

impl Desk {
    /// Judges targets that were sent as that text in TOML.
    pub(super) fn sent_targets(
        &self,
        found: &Found,
        text: String,
        sha256: Option<Fingerprint>,
    ) -> Result<Judged, Setback> {
        let refused = |why| Ok(Judged::returned(vec![Complaint::Targets(why)], sha256));
        if found.inlet != Inlet::Drop {
            return refused(TargetsRefused::NotTakenOff);
        }
        let sent = match self.targets.read(&text, &found.inner) {
            Ok(sent) => sent,
            Err(why) => return refused(why),
        };
        // A list that is faulty itself is not the office's to mend.
        let present = self
            .targets
            .present()
            .map_err(|faults| Setback::Hindered { found: faults.say(self.language) })?;
        let now = present.with(&sent);
        let years = sent.years();
        let of_them = |year: Option<i32>| year.is_some_and(|year| years.contains(&year));
        let answer = TargetsAnswer {
            count: now.0.iter().filter(|target| of_them(target.period.year())).count(),
            changed: present.changed(&now),
            themes: self.themes.clone(),
            years,
        };
        Ok(Judged { answer: Answer::Targets(Box::new(answer)), act: Act::Targets { text }, sha256 })
    }
}

/// Who brought what a decision is about, as the journal has it.
pub(super) fn brought(decision: &Decision) -> String {
    match decision.sender.folder() {
        Some(folder) => format!("inbox {folder}/{}", decision.file),
        None => format!("inbox {}", decision.file),
    }
}
