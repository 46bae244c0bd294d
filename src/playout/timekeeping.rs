//! The playout's view of time: coming up, steps of the clock, and whether it is trusted. Owns what follows from each;
//! the rule itself is `core::trust`.

use chrono::{DateTime, TimeDelta, Utc};

use super::Playout;
use super::airing::COUNTED;
use crate::core::airing::Reason;
use crate::core::record::{ClockChange, Entry, Trust};
use crate::core::standing::{CardStanding, Coming, OnAirNow, Standing};
use crate::core::trust::{Facts, STEP, judge};

/// Spans without trust that are remembered, to say why a cue in them was missed.
const SPANS: usize = 100;

impl Playout {
    /// What the journal says of earlier runs, and the word that this one has started.
    pub(super) fn come_up(&mut self, now: DateTime<Utc>) {
        let record = self.ledger.record().clone();
        let span = record.span().unwrap_or_else(|error| {
            tracing::error!(%error, "the journal's span is not known");
            None
        });
        let pulse = record.last_pulse().ok().flatten();
        if let Some(pulse) = &pulse {
            self.trusted_boot = pulse.boot.clone().filter(|_| pulse.trusted);
        }
        let alive = pulse.as_ref().map(|pulse| pulse.alive);
        self.high_water = span.map(|(_, last)| last).max(alive);
        self.ledger.alone_since(self.high_water.map_or(now, |last| last.max(now)));
        self.accounted =
            pulse.and_then(|pulse| pulse.accounted).or(span.map(|(first, _)| first)).or(Some(now));
        self.judge_clock(now);
        self.look_for_gap(span.map(|(_, last)| last), now);
        let mut entries = Vec::new();
        if span.is_none() {
            entries.push(Entry::Founded {
                station: self.settings.station.clone(),
                program: self.settings.program.clone(),
            });
        }
        entries.push(Entry::Started {
            program: self.settings.program.clone(),
            boot: self.testimony.boot.clone(),
            clock: self.clock_state(),
        });
        for open in record.unfinished().unwrap_or_default() {
            match (open.sounded, &open.begin.cue) {
                (Some(sounded), _) => entries.push(Entry::Finish(self.power_lost(&open, sounded))),
                (None, Some(cue)) => {
                    self.unsounded.insert(cue.clone(), open.begin.airing);
                }
                // An order is for its moment: it does not wait for the power to come back.
                (None, None) => entries.push(Entry::Missed(crate::core::record::Missed {
                    airing: open.begin.airing,
                    kind: open.begin.kind,
                    cue: None,
                    title: open.begin.title,
                    priority: open.begin.priority,
                    reason: Reason::StationOff,
                    planned: open.begin.planned,
                    carts: open.begin.carts,
                    by: open.begin.by,
                    approved_by: open.begin.approved_by,
                    detail: String::new(),
                })),
            }
        }
        self.ledger.write(now, entries);
        if !self.settings.policy.limits.is_none() {
            let heard = record.heard(now - COUNTED).unwrap_or_else(|error| {
                tracing::error!(%error, "what was heard today is not known");
                Vec::new()
            });
            self.sounded = self.settings.policy.sounded(heard, now);
        }
        self.loaded_until = DateTime::<Utc>::MIN_UTC;
        self.recall_emergencies(now);
    }

    /// Reads the clock, and follows it where it was set.
    pub(super) fn look_at_clock(&mut self) -> DateTime<Utc> {
        let reading = self.clock.read();
        let now = reading.wall;
        let wall = now - self.last.wall;
        let steady = TimeDelta::from_std(reading.steady.saturating_sub(self.last.steady)).unwrap_or_default();
        self.last = reading;
        let by = wall - steady;
        if by.abs() > TimeDelta::from_std(STEP).unwrap_or_default() {
            self.stepped = true;
            self.confirmed = false;
            // What fell due by the wrong time did not really fall due.
            self.queue.iter_mut().for_each(|one| one.distrusted = false);
            self.judge_clock(now);
            let change = ClockChange::Stepped { by_ms: by.num_milliseconds() };
            let clock = self.clock_state();
            self.ledger.write(now, vec![Entry::Clock { change, clock }]);
            tracing::warn!(by_ms = by.num_milliseconds(), trust = ?self.trust, "the clock was set");
            if by < TimeDelta::zero() {
                self.reopen(now);
            }
            self.move_emergencies(by, now);
        } else {
            let before = self.trust;
            self.judge_clock(now);
            if before.is_trusted() != self.trust.is_trusted() {
                let clock = self.clock_state();
                self.ledger.write(now, vec![Entry::Clock { change: ClockChange::Trust, clock }]);
                if self.trust.is_trusted() {
                    self.reopen(now);
                }
            }
        }
        self.follow_gap(now);
        self.mind_the_leaving(now);
        now
    }

    /// Judges anew whether the clock is trusted, and keeps what the next judgement rests on.
    pub(super) fn judge_clock(&mut self, now: DateTime<Utc>) {
        self.trust = judge(&Facts {
            now,
            built: self.settings.built,
            last_known: self.high_water,
            testimony: &self.testimony,
            trusted_boot: self.trusted_boot.as_deref(),
            confirmed: self.confirmed,
            stepped: self.stepped,
            vouched: self.settings.vouched,
        });
        if self.trust.is_trusted() {
            self.stepped = false;
            self.trusted_boot.clone_from(&self.testimony.boot);
            self.high_water = match self.trust {
                // Whoever vouches outweighs a journal that was kept ahead of the time.
                Trust::Synchronised | Trust::Confirmed => Some(now),
                _ => self.high_water.max(Some(now)),
            };
        } else {
            match self.distrust.last_mut() {
                Some((_, until)) if (now - *until).abs() < TimeDelta::minutes(1) => *until = now,
                _ => self.distrust.push((now, now)),
            }
            if self.distrust.len() > SPANS {
                self.distrust.remove(0);
            }
        }
    }

    /// Takes back what a wrong clock wrote as missed although its time has not passed.
    fn reopen(&mut self, now: DateTime<Utc>) {
        if !self.trust.is_trusted() {
            return;
        }
        let longest = TimeDelta::from_std(crate::core::schedule::LONGEST_GRACE).unwrap_or_default();
        let from = now - longest;
        let candidates = match self.ledger.missed_by_clock(from, DateTime::<Utc>::MAX_UTC) {
            Ok(candidates) => candidates,
            Err(error) => return tracing::error!(%error, "what a wrong clock wrote is not known"),
        };
        if candidates.is_empty() {
            return;
        }
        let still_due = self.plan.cues(from, now);
        let open = |id: &crate::core::airing::CueId| {
            id.due > now || still_due.iter().any(|cue| cue.due + cue.grace() >= now && cue.id() == *id)
        };
        let reopened = candidates.into_iter().filter(|(_, cue)| open(cue)).collect();
        self.ledger.reopen(now, reopened);
        self.loaded_until = from;
        self.accounted = self.accounted.map(|accounted| accounted.min(from));
    }

    /// The card, as it was found last.
    pub fn card(&self) -> &CardStanding {
        &self.card
    }

    /// Whether cues air by the clock.
    pub fn trusts_clock(&self) -> bool {
        self.trust.is_trusted()
    }

    /// How the station stands.
    pub fn standing(&self) -> Standing {
        let now = self.clock.now();
        let on_air = self.on_air.as_ref().map(|playing| OnAirNow {
            airing: playing.airing,
            kind: playing.kind,
            title: playing.waiting.title.clone(),
            priority: playing.waiting.priority,
            since: playing.sounded,
            until: Some(playing.ends()),
            level_dbfs: self
                .output
                .delivered(playing.waiting.deck)
                .and_then(|delivered| delivered.level_dbfs()),
        });
        let mut coming: Vec<Coming> = self
            .queue
            .iter()
            .map(|one| Coming {
                schedule: one.cue.as_ref().map(|cue| cue.schedule.id.to_string()),
                slot: one.cue.as_ref().map(|cue| cue.slot.id.to_string()),
                title: one.title.clone(),
                due: one.due,
            })
            .collect();
        coming.sort_by_key(|one| one.due);
        coming.truncate(10);
        Standing {
            emergencies: self.emergencies_in_force(now),
            paused: self.paused.as_ref().map(|playing| playing.waiting.title.clone()),
            now,
            started: self.started,
            clock: self.clock_state(),
            on_air,
            coming,
            card: self.card.clone(),
            amplifier: self.amplifier_stands(),
            held: self.ledger.held(),
            accounted: self.accounted,
        }
    }
}
