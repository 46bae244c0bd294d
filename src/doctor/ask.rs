//! Commands of the system, asked with a time-out. Owns that none of them is waited for longer, nor read without end.

use std::io::{ErrorKind, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// A command that takes longer is killed.
const PATIENCE: Duration = Duration::from_secs(5);
/// More than this of what a command says is not read.
const LONGEST: u64 = 1 << 20;
/// A command that has closed its output ends within moments, or is killed.
const MOMENT: Duration = Duration::from_millis(10);

/// What a command said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    /// It ended with 0.
    pub(super) fine: bool,
    /// Its standard output.
    pub(super) said: String,
    /// The first line of its standard error.
    pub(super) complaint: String,
}

/// Why a command said nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unasked {
    #[error("`{0}` is not installed")]
    NotInstalled(&'static str),
    #[error("`{0}` did not answer within {seconds} s", seconds = PATIENCE.as_secs())]
    Silent(&'static str),
    #[error("`{0}` cannot be started: {1}")]
    NotStarted(&'static str, std::io::Error),
    #[error("`{0}` failed: {1}")]
    Failed(&'static str, String),
}

/// Asks; what it says comes in the language of C, for machines. Its exit code may mean anything.
pub(super) fn ask(program: &'static str, arguments: &[&str]) -> Result<Answer, Unasked> {
    ask_within(PATIENCE, program, arguments)
}

/// Asks a command whose exit code says whether it could do what it was told.
pub(super) fn ask_fine(program: &'static str, arguments: &[&str]) -> Result<String, Unasked> {
    let answer = ask(program, arguments)?;
    if answer.fine { Ok(answer.said) } else { Err(Unasked::Failed(program, answer.complaint)) }
}

fn ask_within(patience: Duration, program: &'static str, arguments: &[&str]) -> Result<Answer, Unasked> {
    let started = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| match error.kind() {
        ErrorKind::NotFound => Unasked::NotInstalled(program),
        _ => Unasked::NotStarted(program, error),
    })?;
    let said = child.stdout.take().map(read_aside);
    let complaint = child.stderr.take().map(read_aside);
    let hear = |from: Option<Receiver<String>>| from.and_then(|from| from.recv_timeout(patience).ok());
    let Some(said) = hear(said) else {
        end(&mut child);
        return Err(Unasked::Silent(program));
    };
    let complaint = hear(complaint).unwrap_or_default();
    let complaint = complaint.lines().next().unwrap_or_default().trim().to_owned();
    Ok(Answer { fine: ended_well(&mut child), said, complaint })
}

/// Reads on a thread of its own: a program that the command started may keep its output open for ever.
fn read_aside(from: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = from.take(LONGEST).read_to_end(&mut bytes);
        let _ = tell.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    told
}

fn ended_well(child: &mut Child) -> bool {
    for _ in 0..100 {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(MOMENT),
            Err(_) => return false,
        }
    }
    end(child);
    false
}

/// Never waits: a process that hangs in a driver cannot even be killed.
fn end(child: &mut Child) {
    let _ = child.kill();
    let _ = child.try_wait();
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_heard_and_its_end_is_told() {
        let answer = ask("sh", &["-c", "echo no; echo why >&2; echo more >&2; exit 3"]).unwrap();
        let expected = Answer { fine: false, said: "no\n".into(), complaint: "why".into() };
        assert_eq!(answer, expected);
        assert_eq!(ask_fine("sh", &["-c", "printf '%s' \"$LC_ALL\""]).unwrap(), "C");
        let failed = ask_fine("sh", &["-c", "echo why >&2; exit 1"]).unwrap_err();
        assert_eq!(failed.to_string(), "`sh` failed: why");
    }

    #[test]
    fn one_that_is_not_there_or_never_ends_is_an_error() {
        let none = ask("loa-has-no-such-program", &[]).unwrap_err();
        assert!(matches!(none, Unasked::NotInstalled(_)), "{none}");
        let silent = ask_within(Duration::from_millis(50), "sleep", &["600"]).unwrap_err();
        assert!(matches!(silent, Unasked::Silent("sleep")), "{silent}");
    }

    #[test]
    fn one_that_speaks_without_end_is_cut_short() {
        let answer = ask("sh", &["-c", "exec cat /dev/zero"]).unwrap();
        assert_eq!(answer.said.len() as u64, LONGEST);
    }
}
