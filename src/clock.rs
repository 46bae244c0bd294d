//! The clock: the only file that reads the machine's time. Owns what "now" is, wall and steady, what the machine says
//! about its clock, and the word that it was set. Whether the time can be trusted is `core::trust`'s to say.

#[cfg(not(windows))]
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};

use crate::core::trust::Testimony;

#[cfg(any(windows, test))]
mod windows;

/// Lets this thread give way to others: what it does is not urgent. Nothing happens where the system knows no such way.
pub fn yield_to_others() {
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "the thread keeps its priority");
    }
}

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

/// A clock that a test sets: it stands still until it is moved.
#[derive(Debug)]
pub struct SimulatedClock {
    reading: Mutex<Reading>,
}

impl SimulatedClock {
    /// A clock that says `wall`.
    pub fn at(wall: DateTime<Utc>) -> SimulatedClock {
        SimulatedClock { reading: Mutex::new(Reading { wall, steady: Duration::ZERO }) }
    }

    /// Time passes.
    pub fn pass(&self, span: Duration) {
        let mut reading = self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        reading.wall += span;
        reading.steady += span;
    }

    /// Somebody sets the clock: no time passes.
    pub fn set(&self, wall: DateTime<Utc>) {
        self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner).wall = wall;
    }
}

impl Clock for SimulatedClock {
    fn read(&self) -> Reading {
        *self.reading.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// When this program was built.
pub fn built() -> DateTime<Utc> {
    let seconds = env!("LOA_BUILT").parse().unwrap_or(0);
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}

/// What the machine says about its clock. May take some tenths of a second: it asks another program.
pub fn testimony(clock: &dyn Clock) -> Testimony {
    Testimony { synchronised: synchronised(), hardware_ahead: hardware_ahead(clock), boot: boot_id() }
}

/// The system's id of this boot; none where it has none.
pub fn boot_id() -> Option<String> {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned()).filter(|id| !id.is_empty())
}

/// When this system started, by the clock as it is now; none where the system does not say how long it has been up.
pub fn system_started(clock: &dyn Clock) -> Option<DateTime<Utc>> {
    let text = std::fs::read_to_string("/proc/uptime").ok()?;
    let seconds: f64 = text.split_whitespace().next()?.parse().ok()?;
    Some(clock.now() - TimeDelta::milliseconds((seconds * 1_000.0) as i64))
}

/// The kernel's hardware clock, kept in UTC by Linux; one kept in local time is hours off and so does not vouch.
#[cfg(not(windows))]
fn hardware_ahead(clock: &dyn Clock) -> Option<TimeDelta> {
    let text = std::fs::read_to_string("/sys/class/rtc/rtc0/since_epoch").ok()?;
    let hardware = DateTime::from_timestamp(text.trim().parse().ok()?, 0)?;
    Some(hardware - clock.now())
}

/// Windows takes its time from the hardware clock at its start, from nowhere else, and keeps no time of its own over a
/// shutdown: a dead battery shows as a year long past, which is before the program was built.
#[cfg(windows)]
fn hardware_ahead(_clock: &dyn Clock) -> Option<TimeDelta> {
    Some(TimeDelta::zero())
}

#[cfg(windows)]
fn synchronised() -> Option<bool> {
    windows::synchronised()
}

/// systemd answers for whatever keeps the clock (its own client, chrony, ntpd): it asks the kernel.
#[cfg(not(windows))]
fn synchronised() -> Option<bool> {
    let asked = std::process::Command::new("timedatectl")
        .args(["show", "--property=NTPSynchronized", "--value"])
        .stdin(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .output();
    let said = asked.ok().filter(|answer| answer.status.success());
    match said.as_ref().map(|answer| answer.stdout.trim_ascii()) {
        Some(b"yes") => Some(true),
        Some(b"no") => Some(false),
        _ => Path::new("/run/systemd/timesync/synchronized").exists().then_some(true),
    }
}

/// Calls `tell` whenever the system says that its clock was set, for ever. Blocks: it wants a thread of its own.
/// Returns at once where the system does not say it; a step is then seen at the next look.
#[cfg(target_os = "linux")]
pub fn watch_for_steps(tell: impl Fn()) {
    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    let Ok(timer) = timerfd_create(TimerfdClockId::Realtime, TimerfdFlags::CLOEXEC) else { return };
    let flags = TimerfdTimerFlags::ABSTIME | TimerfdTimerFlags::CANCEL_ON_SET;
    // A time far ahead: the timer is there for its cancellation alone.
    let never = Timespec { tv_sec: 1 << 40, tv_nsec: 0 };
    let spec = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: never };
    loop {
        if timerfd_settime(&timer, flags, &spec).is_err() {
            return;
        }
        let mut count = [0u8; 8];
        match rustix::io::read(&timer, &mut count) {
            Err(rustix::io::Errno::CANCELED) => tell(),
            Err(rustix::io::Errno::INTR) | Ok(_) => {}
            Err(_) => return,
        }
    }
}

/// Calls `tell` whenever the system says that its clock was set: this system does not.
#[cfg(not(target_os = "linux"))]
pub fn watch_for_steps(_tell: impl Fn()) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_moves_the_wall_and_not_the_steady_time() {
        let clock = SimulatedClock::at("2026-11-24T05:00:00Z".parse().unwrap());
        clock.pass(Duration::from_secs(5));
        clock.set("2020-01-01T00:00:00Z".parse().unwrap());
        let reading = clock.read();
        assert_eq!((reading.wall.timestamp(), reading.steady), (1_577_836_800, Duration::from_secs(5)));
    }

    #[test]
    fn the_program_was_built_before_now() {
        let built = built();
        assert!(built.timestamp() > 1_700_000_000 && built <= SystemClock::new().now());
    }
}
