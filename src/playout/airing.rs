//! What is on air, from its start to its outcome. Owns what the output's events mean for an airing and writes
//! *sounded*, *paused*, *resumed* and *finish*; never starts one.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::verdict::{Evidence, outcome_of_stop, verdict};
use super::waiting::{Loading, Waiting};
use super::{Playout, or_nothing};
use crate::audio::output::{DeckId, Delivered, Ending};
use crate::core::airing::{AiringId, Kind, Outcome, Reason};
use crate::core::cart::frames_to_duration;
use crate::core::continuity::{OnAir, Paused};
use crate::core::record::{CardChange, Entry, Finish, Unfinished};

/// An output that was told to stop and says nothing for this long has lost its voice; the airing is settled without.
const STOP_PATIENCE: TimeDelta = TimeDelta::seconds(3);

/// What was heard is remembered for the limits this long: a day of it counts, and a session may cross midnight.
pub(super) const COUNTED: TimeDelta = TimeDelta::days(2);

/// What sounds, or will within the lead of a start.
pub(super) struct Playing {
    pub(super) waiting: Waiting,
    pub(super) airing: AiringId,
    pub(super) kind: Kind,
    /// When its first frame is meant to sound.
    pub(super) at: DateTime<Utc>,
    pub(super) sounded: Option<DateTime<Utc>>,
    pub(super) device: Option<String>,
    pub(super) planned: Duration,
    /// The steady time at which a relay that has begun ends.
    pub(super) relayed_until: Option<Duration>,
    pub(super) stopped_for: Option<(Reason, Option<String>)>,
    stop_noticed: Option<DateTime<Utc>>,
    pause: Option<Pause>,
    /// How long it was paused in all, pauses that are over.
    lag: TimeDelta,
}

/// A pause: since when, and why.
#[derive(Clone, Copy, Debug)]
struct Pause {
    since: DateTime<Utc>,
    reason: Reason,
}

impl Playing {
    pub(super) fn new(
        waiting: Waiting,
        airing: AiringId,
        kind: Kind,
        at: DateTime<Utc>,
        planned: Duration,
    ) -> Self {
        Playing {
            waiting,
            airing,
            kind,
            at,
            sounded: None,
            device: None,
            planned,
            relayed_until: None,
            stopped_for: None,
            stop_noticed: None,
            pause: None,
            lag: TimeDelta::zero(),
        }
    }

    /// As continuity sees it.
    pub(super) fn as_on_air(&self) -> OnAir {
        OnAir {
            due: self.waiting.due,
            priority: self.waiting.priority,
            exempt: self.waiting.exempt,
            music: self.waiting.has_music(),
            since: self.sounded.unwrap_or(self.at),
            yields: self.waiting.yields(),
        }
    }

    /// As continuity sees it while an emergency has its place; `now` counts where the pause is still to come.
    pub(super) fn as_paused(&self, now: DateTime<Utc>) -> Paused {
        Paused {
            on_air: self.as_on_air(),
            since: self.paused_since().unwrap_or(now),
            grace: self.waiting.grace,
        }
    }

    /// It has sounded, was not told to end, and is not paused.
    pub(super) fn is_heard(&self) -> bool {
        self.sounded.is_some() && !self.stopping() && self.pause.is_none()
    }

    /// Since when it is paused.
    pub(super) fn paused_since(&self) -> Option<DateTime<Utc>> {
        self.pause.map(|pause| pause.since)
    }

    /// Whether an emergency has really taken its place.
    fn gave_way(&self) -> bool {
        self.pause.is_some_and(|pause| pause.reason == Reason::Emergency)
    }

    /// It was told to end.
    pub(super) fn stopping(&self) -> bool {
        self.stopped_for.is_some()
    }

    /// When it will have ended by itself.
    pub(super) fn ends(&self) -> DateTime<Utc> {
        self.sounded.unwrap_or(self.at) + self.planned + self.lag
    }

    /// It was told to end long ago, and the output has not said that it did.
    pub(super) fn stop_overdue(&self, now: DateTime<Utc>) -> bool {
        self.stop_noticed.is_some_and(|since| now - since > STOP_PATIENCE)
    }
}

impl Playout {
    fn playing(&mut self, deck: DeckId) -> Option<&mut Playing> {
        let playing = self.on_air.iter_mut().chain(&mut self.leaving).chain(&mut self.paused);
        playing.into_iter().find(|playing| playing.waiting.deck == deck)
    }

    pub(super) fn sounded(&mut self, deck: DeckId, at: DateTime<Utc>, device: String, now: DateTime<Utc>) {
        let Some(playing) = self.playing(deck) else { return };
        playing.sounded = Some(at);
        playing.device = Some(device.clone());
        let airing = playing.airing;
        self.ledger.write(now, vec![Entry::Sounded { airing, at, device }]);
    }

    pub(super) fn part_failed(&mut self, deck: DeckId, part: usize, found: &str) {
        let waiting = self.queue.iter_mut().find(|one| one.deck == deck);
        let playing = self.on_air.iter_mut().chain(&mut self.leaving).chain(&mut self.paused);
        let playing = playing.map(|playing| &mut playing.waiting);
        if let Some(one) = waiting.into_iter().chain(playing).find(|one| one.deck == deck) {
            let name = one.loaded.get(part).and_then(|at| one.play.get(*at));
            let name = name.map(ToString::to_string).unwrap_or_default();
            one.faults.push(format!("`{name}`: {found}"));
        }
    }

    pub(super) fn card_lost(&mut self, device: String, found: String, at: DateTime<Utc>, now: DateTime<Utc>) {
        let mut entries = vec![Entry::Card { device: device.clone(), change: CardChange::Lost { found } }];
        // What is to be paused in a moment still sounds.
        let sounding = self.on_air.iter_mut().chain(&mut self.paused);
        let on_card = |playing: &&mut Playing| {
            playing.sounded.is_some() && playing.pause.is_none() && !playing.is_relay()
        };
        for playing in sounding.filter(on_card) {
            playing.pause = Some(Pause { since: at, reason: Reason::DeviceLost });
            entries.push(Entry::Paused { airing: playing.airing, at, reason: Reason::DeviceLost });
        }
        self.lost_card = Some(device);
        self.card = crate::core::standing::CardStanding::Opening;
        self.ledger.write(now, entries);
    }

    pub(super) fn resumed(&mut self, deck: DeckId, at: DateTime<Utc>, device: String, now: DateTime<Utc>) {
        let Some(playing) = self.playing(deck) else { return };
        let Some(pause) = playing.pause.take() else { return };
        playing.lag += (at - pause.since).max(TimeDelta::zero());
        playing.device = Some(device.clone());
        let airing = playing.airing;
        self.ledger.write(now, vec![Entry::Resumed { airing, at, device }]);
    }

    /// An emergency has taken its place.
    pub(super) fn paused(&mut self, deck: DeckId, at: DateTime<Utc>, now: DateTime<Utc>) {
        let Some(playing) = self.playing(deck).filter(|playing| playing.pause.is_none()) else { return };
        playing.pause = Some(Pause { since: at, reason: Reason::Emergency });
        let airing = playing.airing;
        self.ledger.write(now, vec![Entry::Paused { airing, at, reason: Reason::Emergency }]);
    }

    /// The emergency that was to pause it never sounded: it is on air as before.
    fn keep_on_air(&mut self) {
        if self.on_air.is_none() {
            self.on_air = self.paused.take_if(|playing| !playing.gave_way());
        }
    }

    pub(super) fn ended(
        &mut self,
        deck: DeckId,
        at: DateTime<Utc>,
        ending: &Ending,
        delivered: &Delivered,
        now: DateTime<Utc>,
    ) {
        let playing = if self.on_air.as_ref().is_some_and(|playing| playing.waiting.deck == deck) {
            self.on_air.take()
        } else {
            let place = self.leaving.iter().position(|playing| playing.waiting.deck == deck);
            let leaving = place.map(|place| self.leaving.remove(place));
            leaving.or_else(|| self.paused.take_if(|playing| playing.waiting.deck == deck))
        };
        let Some(playing) = playing else { return };
        self.keep_on_air();
        if playing.sounded.is_none() {
            return self.never_sounded(playing, ending, now);
        }
        let (outcome, reason) = verdict(&Evidence {
            ending,
            delivered,
            planned: Some(playing.planned),
            bad_audio: !playing.waiting.faults.is_empty(),
            stopped_for: playing.stopped_for.as_ref().map(|(reason, _)| *reason),
            dead_air: self.settings.dead_air,
        });
        let mut detail = playing.waiting.faults.join("; ");
        if let Ending::DeviceLost { found } = ending {
            detail.clone_from(found);
        } else if delivered.underrun_frames > 0 {
            detail =
                format!("{} frames of silence stood in for late audio {detail}", delivered.underrun_frames);
        }
        if reason == Some(Reason::DeadAir) && delivered.longest_silence > self.settings.dead_air {
            detail = format!("silent for {} s {detail}", delivered.longest_silence.as_secs());
        }
        if let Some((_, Some(by))) = &playing.stopped_for {
            detail = format!("stopped by {by} {detail}");
        }
        self.count(&playing, at);
        let finish = finish(&playing, delivered, outcome, reason, at, detail.trim().to_owned());
        self.ledger.write(now, vec![Entry::Finish(finish)]);
    }

    /// Takes down that it was heard until then, as far as the limits count it.
    pub(super) fn count(&mut self, playing: &Playing, until: DateTime<Utc>) {
        if let (Some(since), false) = (playing.sounded, playing.waiting.exempt) {
            self.sounded.add(since, until);
            self.sounded.forget_before(until - COUNTED);
        }
    }

    /// A start that was settled and never sounded: the cue waits again, unless a person or a rule ended it.
    pub(super) fn never_sounded(&mut self, playing: Playing, ending: &Ending, now: DateTime<Utc>) {
        let Playing { mut waiting, airing, kind, stopped_for, .. } = playing;
        let missed = match (&stopped_for, ending) {
            (Some((reason @ (Reason::Operator | Reason::QuietHours | Reason::Limit), by)), _) => {
                Some((*reason, by.clone()))
            }
            // An ending station leaves the begin open: the next run finds it, and the cue waits again.
            (Some((Reason::Shutdown, _)), _) => return,
            (_, Ending::Completed) => {
                waiting.faults.push("it ended before its first frame".into());
                Some((Reason::BadAudio, None))
            }
            _ => None,
        };
        match missed {
            Some((reason, by)) => {
                let entry = waiting.missed(airing, kind, &self.library, reason, by);
                self.ledger.write(now, vec![Entry::Missed(entry)]);
            }
            None => {
                waiting.deck = self.deck();
                waiting.loading = Loading::Idle;
                waiting.airing = Some(airing);
                self.enqueue(waiting);
            }
        }
    }

    /// What was told to end and never said that it did, with what is known of it.
    pub(super) fn settle_without_word(
        &mut self,
        playing: Playing,
        delivered: &Delivered,
        now: DateTime<Utc>,
    ) {
        if playing.sounded.is_none() {
            return self.never_sounded(playing, &Ending::Stopped, now);
        }
        let reason = playing.stopped_for.as_ref().map_or(Reason::Shutdown, |(reason, _)| *reason);
        let detail = "the output did not say when it ended".to_owned();
        self.count(&playing, now);
        let finish = finish(&playing, delivered, outcome_of_stop(reason), Some(reason), now, detail);
        self.ledger.write(now, vec![Entry::Finish(finish)]);
    }

    /// Notices stops, and settles those that the output has not confirmed in time: a dead card must not hold the air.
    pub(super) fn mind_the_leaving(&mut self, now: DateTime<Utc>) {
        for playing in self.on_air.iter_mut().chain(&mut self.leaving) {
            if playing.stopping() && playing.stop_noticed.is_none() {
                playing.stop_noticed = Some(now.max(playing.at));
            }
        }
        let on_air = self.on_air.take_if(|playing| playing.stop_overdue(now));
        let leaving = self.leaving.extract_if(.., |playing| playing.stop_overdue(now)).collect::<Vec<_>>();
        self.keep_on_air();
        for playing in on_air.into_iter().chain(leaving) {
            let delivered = or_nothing(self.output.delivered(playing.waiting.deck));
            self.settle_without_word(playing, &delivered, now);
        }
    }

    /// The finish of an airing that an earlier run left open: it sounded, and the power went.
    pub(super) fn power_lost(&self, open: &Unfinished, sounded: DateTime<Utc>) -> Finish {
        let pulse = self.ledger.record().last_pulse().ok().flatten();
        let last = pulse.and_then(|pulse| {
            let on_air = pulse.on_air.map(|(id, frames, aired)| (id, pulse.alive, frames, aired));
            on_air.into_iter().chain(pulse.paused).find(|(id, ..)| *id == open.begin.airing)
        });
        let (ended, frames, aired) = match last {
            Some((_, last, frames, aired)) => (last.max(sounded), frames, aired),
            None => (sounded, 0, Duration::ZERO),
        };
        let mut left = aired;
        let share = |file| {
            let part = self.library.duration(file).unwrap_or(left).min(left);
            left -= part;
            part
        };
        Finish {
            airing: open.begin.airing,
            outcome: Outcome::Interrupted,
            reason: Some(Reason::PowerLost),
            ended,
            frames,
            aired,
            carts: open.begin.carts.iter().map(|cart| &cart.file).map(share).collect(),
            level_dbfs: None,
            device: open.device.clone(),
            detail: "found open when the station came up; frames and end by the last pulse".into(),
        }
    }
}

fn finish(
    playing: &Playing,
    delivered: &Delivered,
    outcome: Outcome,
    reason: Option<Reason>,
    ended: DateTime<Utc>,
    detail: String,
) -> Finish {
    let mut carts = vec![Duration::ZERO; playing.waiting.play.len()];
    for (part, at) in playing.waiting.loaded.iter().enumerate() {
        let frames = delivered.parts.get(part).copied().unwrap_or(0);
        carts[*at] = frames_to_duration(frames, delivered.rate);
    }
    Finish {
        airing: playing.airing,
        outcome,
        reason,
        ended,
        frames: delivered.frames,
        aired: frames_to_duration(delivered.frames, delivered.rate),
        carts,
        level_dbfs: delivered.level_dbfs(),
        device: playing.device.clone(),
        detail,
    }
}
