//! The guard itself: carries out the orders that come down its pipe, and switches the amplifier off when the pipe closes
//! and it may be on. Owns how a command is run; deaf to the signals that end the station, since it has to outlive it.

use std::io::{BufRead, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use super::{Commands, Reply};
use crate::core::amplifier::Switch;

/// How often the last off is tried before the guard gives up.
const LAST_TRIES: usize = 3;
/// Between two looks whether a command has ended.
const LOOK: Duration = Duration::from_millis(20);
/// What a failed command says is waited for this long, and kept up to so many bytes.
const LAST_WORDS: (Duration, u64) = (Duration::from_millis(300), 400);

/// Serves until `orders` closes; answers every order on `replies`.
///
/// # Errors
/// The pipe broke before the commands were known; nothing was switched then.
pub fn serve(mut orders: impl BufRead, mut replies: impl Write) -> std::io::Result<()> {
    let mut line = String::new();
    orders.read_line(&mut line)?;
    let commands: Commands = serde_json::from_str(&line)?;
    // The guard of a station that was killed may still be switching off: two hands on one switch would come in any order.
    let lock = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(&commands.lock)?;
    lock.lock()?;
    // Whoever starts a guard does not know how the amplifier is.
    let mut may_be_on = true;
    loop {
        line.clear();
        match orders.read_line(&mut line) {
            Ok(0) | Err(_) => break,
            Ok(_) => {}
        }
        let Ok(to) = serde_json::from_str::<Switch>(&line) else { continue };
        may_be_on |= to == Switch::On;
        let fault = carry_out(&commands, to);
        if to == Switch::Off && fault.is_none() {
            may_be_on = false;
        }
        let reply = serde_json::to_string(&Reply { fault })?;
        if writeln!(replies, "{reply}").and_then(|()| replies.flush()).is_err() {
            break;
        }
    }
    for _ in 0..LAST_TRIES {
        if !may_be_on {
            break;
        }
        may_be_on = carry_out(&commands, Switch::Off).is_some();
    }
    Ok(())
}

/// Runs a command; what went wrong, where something did.
fn carry_out(commands: &Commands, to: Switch) -> Option<String> {
    let [program, arguments @ ..] = commands.of(to) else { return Some("there is no command".into()) };
    let named = |found: String| Some(format!("`{program}`: {found}"));
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    #[cfg(unix)]
    {
        // What ends the station at its terminal is not to end the command half way.
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let mut process = match command.spawn() {
        Ok(process) => process,
        Err(error) => return named(error.to_string()),
    };
    let (words, last_words) = channel();
    if let Some(stderr) = process.stderr.take() {
        std::thread::spawn(move || {
            let (mut stderr, mut said) = (stderr, Vec::new());
            let _ = stderr.by_ref().take(LAST_WORDS.1).read_to_end(&mut said);
            let _ = words.send(String::from_utf8_lossy(&said).trim().to_owned());
            // A pipe that closes would kill a command that still talks.
            let _ = std::io::copy(&mut stderr, &mut std::io::sink());
        });
    }
    let mut left = commands.timeout;
    loop {
        match process.try_wait() {
            Ok(Some(status)) if status.success() => return None,
            Ok(Some(status)) => {
                let said = last_words.recv_timeout(LAST_WORDS.0).unwrap_or_default();
                return named(if said.is_empty() { status.to_string() } else { format!("{status}: {said}") });
            }
            Ok(None) if left.is_zero() => {
                kill(&mut process);
                let _ = process.wait();
                return named(format!(
                    "it did not end within {} s and was killed",
                    commands.timeout.as_secs()
                ));
            }
            Ok(None) => {
                std::thread::sleep(LOOK.min(left));
                left = left.saturating_sub(LOOK);
            }
            Err(error) => return named(error.to_string()),
        }
    }
}

/// Kills a command and what it started: a grandchild that goes on might switch again later.
fn kill(process: &mut Child) {
    #[cfg(target_os = "linux")]
    if let Some(group) = i32::try_from(process.id()).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = process.kill();
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    /// Serves these orders with commands that write into a file; what was written, and what was answered.
    fn served(on: &str, orders: &[Switch]) -> (String, String) {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let shell = |script: &str| {
            ["sh", "-c", &script.replace("LOG", &log.display().to_string())].map(str::to_owned).to_vec()
        };
        let commands = Commands {
            on: shell(on),
            off: shell("echo off >> LOG"),
            timeout: Duration::from_secs(1),
            lock: folder.path().join("lock"),
        };
        let mut down = format!("{}\n", serde_json::to_string(&commands).unwrap());
        for order in orders {
            down.push_str(&format!("{}\n", serde_json::to_string(order).unwrap()));
        }
        let mut replies = Vec::new();
        serve(down.as_bytes(), &mut replies).unwrap();
        (std::fs::read_to_string(&log).unwrap_or_default(), String::from_utf8(replies).unwrap())
    }

    #[test]
    fn it_switches_off_at_its_end_unless_it_is_off() {
        use Switch::{Off, On};
        let on = "echo on >> LOG";
        assert_eq!(served(on, &[Off, On]).0, "off\non\noff\n");
        assert_eq!(served(on, &[On, Off]).0, "on\noff\n");
        assert_eq!(served(on, &[]).0, "off\n");
    }

    #[test]
    fn what_fails_is_told_with_its_words_and_what_hangs_is_killed() {
        let (_, replies) = served("echo không có điện >&2; exit 3", &[Switch::On]);
        assert!(replies.contains("exit status: 3: không có điện"), "{replies}");
        // One that talks a lot is let talk, and what it starts ends with it.
        let talks = "head -c 100000 /dev/zero >&2; sleep 0.1; echo x >&2; echo on >> LOG";
        assert_eq!(served(talks, &[Switch::On]).0, "on\noff\n");
        let (log, replies) = served("(sleep 1.5; echo late >> LOG) & sleep 600", &[Switch::On]);
        assert!(replies.contains("within 1 s"), "{replies}");
        assert_eq!(log, "off\n");
    }
}
