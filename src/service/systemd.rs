//! The service under systemd, by `systemctl`. Owns how its answers are read; the unit comes with the package.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::{ServiceError, State};

/// The unit of the package.
const UNIT: &str = "loa.service";

/// Is there while systemd keeps this system, as sd_booted(3) has it.
const BOOTED: &str = "/run/systemd/system";

pub(super) fn state() -> State {
    if !Path::new(BOOTED).is_dir() {
        return State::NoKeeper;
    }
    match systemctl(&["show", UNIT, "--property=LoadState", "--property=ActiveState"]) {
        Ok(answer) if answer.status.success() => read(&String::from_utf8_lossy(&answer.stdout)),
        _ => State::NoKeeper,
    }
}

pub(super) fn enable_and_start() -> Result<(), ServiceError> {
    tell(&["enable", "--now", UNIT])
}

pub(super) fn restart() -> Result<(), ServiceError> {
    tell(&["restart", UNIT])
}

pub(super) fn stop() -> Result<(), ServiceError> {
    tell(&["stop", UNIT])
}

fn systemctl(arguments: &[&str]) -> std::io::Result<Output> {
    Command::new("systemctl").args(arguments).env("LC_ALL", "C").stdin(Stdio::null()).output()
}

fn tell(arguments: &[&str]) -> Result<(), ServiceError> {
    // Nobody is asked for a password in the middle of it.
    let arguments: Vec<&str> = ["--no-ask-password"].iter().chain(arguments).copied().collect();
    match systemctl(&arguments) {
        Ok(answer) if answer.status.success() => Ok(()),
        Ok(answer) => Err(refused(&String::from_utf8_lossy(&answer.stderr))),
        Err(error) => Err(ServiceError::Refused { found: format!("systemctl: {error}") }),
    }
}

fn refused(said: &str) -> ServiceError {
    // What went well is told on the same channel, and first.
    let done = ["Created symlink", "Synchronizing state", "Executing:"];
    let mut lines = said.lines().map(str::trim);
    let wrong = lines.find(|line| !line.is_empty() && !done.iter().any(|words| line.starts_with(words)));
    let found = wrong.unwrap_or("it said nothing").to_owned();
    let denied = ["Access denied", "authentication required", "Permission denied"];
    if denied.iter().any(|word| said.contains(word)) {
        ServiceError::NotAllowed { found }
    } else {
        ServiceError::Refused { found }
    }
}

/// Reads `LoadState=loaded` and `ActiveState=active`, a line each.
fn read(said: &str) -> State {
    let value = |key: &str| said.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
    match (value("LoadState"), value("ActiveState")) {
        (Some("loaded"), Some("active" | "activating" | "reloading")) => State::Running,
        (Some("loaded"), Some("failed")) => State::Failed,
        (Some("loaded"), _) => State::Stopped,
        _ => State::NotInstalled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_systemctl_shows_is_read_in_any_order() {
        for (said, state) in [
            ("LoadState=loaded\nActiveState=active\n", State::Running),
            ("ActiveState=activating\nLoadState=loaded\n", State::Running),
            ("LoadState=loaded\nActiveState=inactive\n", State::Stopped),
            ("LoadState=loaded\nActiveState=failed\n", State::Failed),
            ("LoadState=not-found\nActiveState=inactive\n", State::NotInstalled),
            ("LoadState=masked\nActiveState=inactive\n", State::NotInstalled),
            ("", State::NotInstalled),
        ] {
            assert_eq!(read(said), state, "{said}");
        }
    }

    #[test]
    fn a_refusal_says_whether_rights_are_missing() {
        let denied = refused("Failed to start loa.service: Interactive authentication required.\nSee more");
        assert!(matches!(denied, ServiceError::NotAllowed { .. }), "{denied}");
        let failed = refused("\nJob for loa.service failed because the control process exited.\nSee \"x\"");
        assert_eq!(failed.to_string().matches("Job for loa.service failed").count(), 1);
        let enabled =
            refused("Created symlink /etc/x → /lib/x.\nJob for loa.service failed because of that.");
        assert!(enabled.to_string().contains("Job for loa.service failed"), "{enabled}");
        assert!(matches!(refused(""), ServiceError::Refused { .. }));
    }
}
