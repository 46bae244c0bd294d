//! Scheduled against aired: every cue of a period with what became of it. Owns the pairing; which cues were planned is the
//! rundown's, what aired is the journal's.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{Logged, Standing};
use crate::core::airing::{CueId, Kind, Reason};
use crate::core::rundown::Cue;

/// A cue that the plan has and the log has not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The cue.
    pub id: CueId,
    /// The title of its slot.
    pub title: String,
    /// How it stands.
    pub open: Open,
}

/// Why a planned cue has no airing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Open {
    /// Its time has not come.
    Coming,
    /// Its time has come, and the journal does not say yet what became of it: the station is off, or was when the report
    /// was made.
    Unaccounted,
    /// It aired as a test: nobody heard it.
    OnlyTested,
}

/// One row: what was planned, and what became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// The journal says what became of it.
    Settled(Box<Logged>),
    /// It does not.
    Open(Planned),
}

impl Row {
    /// The planned instant.
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.cue().map(|cue| cue.due)
    }

    fn cue(&self) -> Option<&CueId> {
        match self {
            Row::Settled(logged) => logged.airing.cue.as_ref(),
            Row::Open(planned) => Some(&planned.id),
        }
    }
}

/// The totals of the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Cues that were planned, those called off included.
    pub planned: u64,
    /// By how they stand.
    pub standings: HashMap<Standing, u64>,
    /// Missed, by reason.
    pub reasons: HashMap<Reason, u64>,
    /// Time not come.
    pub coming: u64,
    /// Without an outcome.
    pub unaccounted: u64,
    /// Aired as tests only.
    pub tested: u64,
}

impl Totals {
    /// How many stand so.
    pub fn of(&self, standing: Standing) -> u64 {
        self.standings.get(&standing).copied().unwrap_or_default()
    }

    /// Aired, or relayed.
    pub fn kept(&self) -> u64 {
        self.of(Standing::Counted) + self.of(Standing::Relayed)
    }

    /// Of the cues that were due and not called off, how many aired or were relayed, in per cent; none where none was due.
    /// One that aired as a test only was due and not kept.
    pub fn kept_per_cent(&self) -> Option<f64> {
        let due = self.planned - self.coming - self.of(Standing::CalledOff) - self.of(Standing::OnAir);
        (due > 0).then(|| self.kept() as f64 * 100.0 / due as f64)
    }

    fn count(rows: &[Row]) -> Totals {
        let mut totals = Totals { planned: rows.len() as u64, ..Totals::default() };
        for row in rows {
            match row {
                Row::Settled(logged) => {
                    *totals.standings.entry(logged.standing).or_default() += 1;
                    let missed = matches!(logged.standing, Standing::Failed | Standing::CalledOff);
                    if let Some(reason) = logged.airing.reason.filter(|_| missed) {
                        *totals.reasons.entry(reason).or_default() += 1;
                    }
                }
                Row::Open(Planned { open: Open::Coming, .. }) => totals.coming += 1,
                Row::Open(Planned { open: Open::Unaccounted, .. }) => totals.unaccounted += 1,
                Row::Open(Planned { open: Open::OnlyTested, .. }) => totals.tested += 1,
            }
        }
        totals
    }
}

/// Pairs the cues of the plan with the log, both of the same period; rows by due.
pub fn reconcile(planned: &[Cue], logged: Vec<Logged>, now: DateTime<Utc>) -> (Vec<Row>, Totals) {
    let of_slot = |logged: &Logged| logged.airing.cue.as_ref().is_some_and(|cue| !cue.is_emergency());
    let row = |logged: Logged| match (logged.airing.kind, &logged.airing.cue) {
        (Kind::Test, Some(cue)) => {
            let title = logged.airing.title.clone();
            Row::Open(Planned { id: cue.clone(), title, open: Open::OnlyTested })
        }
        _ => Row::Settled(Box::new(logged)),
    };
    let mut rows: Vec<Row> = logged.into_iter().filter(of_slot).map(row).collect();
    let settled: HashSet<CueId> = rows.iter().filter_map(Row::cue).cloned().collect();
    let open = planned.iter().filter(|cue| !settled.contains(&cue.id())).map(|cue| {
        let open = if cue.due > now { Open::Coming } else { Open::Unaccounted };
        Row::Open(Planned { id: cue.id(), title: cue.slot.title.clone(), open })
    });
    rows.extend(open);
    rows.sort_by_key(Row::due);
    let totals = Totals::count(&rows);
    (rows, totals)
}
