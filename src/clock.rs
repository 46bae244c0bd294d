//! The clock: the only file that reads the machine's time. Owns what "now" is, wall and steady; whether the time can
//! be trusted is worked out in [`crate::core`] from what is measured here.

use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, Utc};

/// Wall time and steady time, read together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// What the wall clock says.
    pub wall: DateTime<Utc>,
    /// Time since the program started, which no one can set.
    pub steady: Duration,
}

/// Where time comes from.
pub trait Clock: Send + Sync {
    /// Both times now.
    fn read(&self) -> Reading;
    /// The wall time now.
    fn now(&self) -> DateTime<Utc> {
        self.read().wall
    }
}

/// The machine's clock.
#[derive(Clone, Copy, Debug)]
pub struct SystemClock {
    began: Instant,
}

impl SystemClock {
    /// Starts the steady time at zero.
    #[allow(clippy::disallowed_methods)]
    pub fn new() -> SystemClock {
        SystemClock { began: Instant::now() }
    }
    /// The steady time of an [`Instant`] taken elsewhere, e.g. by the audio library's callback.
    pub fn steady_of(&self, instant: Instant) -> Duration {
        instant.saturating_duration_since(self.began)
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods)]
    fn read(&self) -> Reading {
        Reading { wall: DateTime::<Utc>::from(SystemTime::now()), steady: self.began.elapsed() }
    }
}
