//! The station as a service of this system: whether it is one, and how it is started, started again and ended. Owns the
//! words in which every system answers; how each is asked is a file of its own. Never decides when.

#[cfg(target_os = "linux")]
mod systemd;

#[cfg(target_os = "linux")]
use systemd as system;

#[cfg(windows)]
pub mod windows;
#[cfg(windows)]
use windows as system;

#[cfg(not(any(target_os = "linux", windows)))]
use without as system;

/// The service's name, on every system.
pub const NAME: &str = "loa";

/// How the service stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// This machine has no keeper of services that Loa knows: a container, a developer's shell.
    NoKeeper,
    /// The system does not know a service of that name.
    NotInstalled,
    /// It is installed and does not run.
    Stopped,
    /// It runs, or is being started.
    Running,
    /// It ended by itself and the system gave up on it.
    Failed,
}

/// Why a service could not be told something. `Display` is the English, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// This user may not.
    #[error(
        "the service `{NAME}` may not be told by this user: {found}; run the command with administrator's rights"
    )]
    NotAllowed {
        /// What the system said.
        found: String,
    },
    /// The system refused, or the station did not come up.
    #[error("the service `{NAME}` did not do it: {found}; `loa doctor` says more")]
    Refused {
        /// What the system said.
        found: String,
    },
}

/// How the service stands.
pub fn state() -> State {
    system::state()
}

/// Starts the service now and with every start of the system; returns when cues air, as far as the system tells.
pub fn enable_and_start() -> Result<(), ServiceError> {
    system::enable_and_start()
}

/// Ends it in order and starts it again.
pub fn restart() -> Result<(), ServiceError> {
    system::restart()
}

/// Ends it in order; it starts again with the system.
pub fn stop() -> Result<(), ServiceError> {
    system::stop()
}

/// A system whose services Loa does not know.
#[cfg(not(any(target_os = "linux", windows)))]
mod without {
    use super::{ServiceError, State};

    pub(super) fn state() -> State {
        State::NoKeeper
    }

    pub(super) fn enable_and_start() -> Result<(), ServiceError> {
        refused()
    }

    pub(super) fn restart() -> Result<(), ServiceError> {
        refused()
    }

    pub(super) fn stop() -> Result<(), ServiceError> {
        refused()
    }

    fn refused() -> Result<(), ServiceError> {
        Err(ServiceError::Refused { found: "this system keeps no services that Loa knows".into() })
    }
}
