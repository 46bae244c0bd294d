//! Dead air while it lasts: silence at the output for longer than the config allows, while something should be heard.
//! Owns the watch and what is done: the airing ends, so that what waits, or the fallback, may sound instead. The verdict
//! on an airing that ended by itself is in [`super::verdict`].

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::Playout;
use crate::audio::output::Delivered;
use crate::core::airing::{AiringId, Reason};
use crate::core::cart::frames_to_duration;

/// Sound is back when so much of an airing was more than silence.
const SOUND: Duration = Duration::from_secs(1);

/// Silence where there should have been sound. It stands until something is heard again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadAir {
    /// What should have been heard.
    pub title: String,
    /// Since when nothing was.
    pub since: DateTime<Utc>,
    airing: AiringId,
}

impl Playout {
    /// What fell silent, until something is heard again.
    pub fn dead_air(&self) -> Option<&DeadAir> {
        self.dead_air.as_ref()
    }

    /// Looks whether what is on air is heard.
    pub(super) fn mind_dead_air(&mut self, now: DateTime<Utc>) {
        let Some(playing) = self.on_air.as_ref().filter(|playing| playing.is_heard()) else { return };
        let Some(delivered) = self.output.delivered(playing.waiting.deck) else { return };
        if delivered.longest_silence > self.settings.dead_air {
            let since = now - TimeDelta::from_std(delivered.longest_silence).unwrap_or_default();
            let origin = playing.waiting.origin.clone();
            self.dead_air =
                Some(DeadAir { title: playing.waiting.title.clone(), since, airing: playing.airing });
            self.cut(Reason::DeadAir, None);
            self.fall_back(&origin, Reason::DeadAir, now);
        } else if self.dead_air.as_ref().is_some_and(|dead| dead.airing != playing.airing)
            && heard(&delivered) >= SOUND
        {
            self.dead_air = None;
        }
    }
}

/// How much of what was delivered was certainly more than silence.
fn heard(delivered: &Delivered) -> Duration {
    frames_to_duration(delivered.frames, delivered.rate).saturating_sub(delivered.longest_silence)
}
