//! The gap in a journal that was restored: cues that fell into it may have aired, and nobody knows. Owns the rule: none of
//! them airs again, each is accounted for as `missed`, `no_record`. Silence rather than a programme twice.

use chrono::{DateTime, Utc};

use super::Playout;
use crate::core::rundown::Cue;

/// The time of which nothing is recorded.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unrecorded {
    /// The last intact entry.
    from: DateTime<Utc>,
    /// When the station came up after it.
    until: DateTime<Utc>,
    /// Whether it came up in this run, and the clock has not been trusted since: the end is not certain.
    open: bool,
}

impl Playout {
    /// Reads the latest gap from the journal, whose last entry is of `last`.
    pub(super) fn look_for_gap(&mut self, last: Option<DateTime<Utc>>, now: DateTime<Utc>) {
        let gaps = self.ledger.record().gaps().unwrap_or_else(|error| {
            tracing::error!(%error, "whether the journal was restored is not known");
            Vec::new()
        });
        self.unrecorded = gaps.last().filter(|gap| !gap.restored.whole).map(|gap| Unrecorded {
            from: gap.restored.intact_until.unwrap_or(DateTime::<Utc>::MIN_UTC),
            until: gap.until,
            open: last == Some(gap.until),
        });
        self.follow_gap(now);
    }

    /// A clock that is not trusted may have put the end of the gap anywhere: it is where trust begins.
    pub(super) fn follow_gap(&mut self, now: DateTime<Utc>) {
        let trusted = self.trust.is_trusted();
        if let Some(gap) = self.unrecorded.as_mut().filter(|gap| gap.open) {
            if trusted {
                (gap.until, gap.open) = (now, false);
            } else {
                gap.until = gap.until.max(now);
            }
        }
    }

    /// Whether that cue may have aired in the gap. What was due before and could no longer begin in it did not.
    pub(super) fn may_have_aired(&self, cue: &Cue) -> bool {
        self.unrecorded.is_some_and(|gap| cue.due <= gap.until && cue.due + cue.grace() >= gap.from)
    }
}
