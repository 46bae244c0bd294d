//! The station's named threads and what ends it. Owns the rule that a task which panics, or ends before the station
//! does, ends the station loudly, so that whoever supervises it starts it again whole.

use std::sync::mpsc::Sender;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::Call;

/// A task that ends may do so because another one has panicked, or because the station is over: the word of that may be
/// under way.
const EXPLAINED_IN: Duration = Duration::from_secs(1);

/// What ends a station.
#[derive(Debug)]
pub(super) enum Event {
    /// The playout has ended in order.
    Over,
    /// A task has panicked, and what it said.
    Died(&'static str, String),
    /// A task has ended by itself.
    Ended(&'static str),
}

/// Why the station runs no more, and is to be started again by whoever supervises it.
#[derive(Debug, thiserror::Error)]
#[error("the task `{task}` has died: {found}; the station ends so that it is started again whole")]
pub struct TaskDied {
    task: &'static str,
    found: String,
}

/// A named thread. One that panics, or ends before the station does, ends the station loudly.
pub(super) fn spawn(
    name: &'static str,
    events: &UnboundedSender<Event>,
    work: impl FnOnce() + Send + 'static,
) -> Result<()> {
    let events = events.clone();
    std::thread::Builder::new()
        .name(name.into())
        .spawn(move || {
            let event = match std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)) {
                Ok(()) => Event::Ended(name),
                Err(panic) => {
                    let said = panic.downcast_ref::<&str>().map(ToString::to_string);
                    let found = said.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
                    tracing::error!(task = name, found, "the task has panicked");
                    Event::Died(name, found)
                }
            };
            // Nobody listens any more where the station is over: then it was to end.
            let _ = events.send(event);
        })
        .with_context(|| format!("the task `{name}` could not be started"))?;
    Ok(())
}

/// Waits for a signal, or a word of the overseer that there is, and then for the ordered end; a second signal ends at
/// once. `ending` is called with the first.
pub(super) async fn until_ended(
    calls: &Sender<Call>,
    ended: &mut UnboundedReceiver<Event>,
    mut overseer: Option<UnboundedReceiver<&'static str>>,
    ending: impl Fn(),
) -> Result<()> {
    let mut asked = false;
    loop {
        tokio::select! {
            event = ended.recv() => return outcome(event, ended).await,
            name = asked_to_end(&mut overseer) => {
                if asked {
                    tracing::warn!(name, "asked again: the station ends at once, and what is on air stays open in the journal");
                    anyhow::bail!("ended at once by a second {name}");
                }
                asked = true;
                tracing::info!(name, "the station ends in order; a second signal ends it at once");
                ending();
                let _ = calls.send(Call::End(name.to_owned()));
            }
        }
    }
}

async fn outcome(event: Option<Event>, ended: &mut UnboundedReceiver<Event>) -> Result<()> {
    let task = match event {
        Some(Event::Over) | None => return Ok(()),
        Some(Event::Died(task, found)) => return Err(TaskDied { task, found }.into()),
        Some(Event::Ended(task)) => task,
    };
    let explained = async {
        loop {
            match ended.recv().await {
                Some(Event::Over) => return Ok(()),
                Some(Event::Died(task, found)) => return Err(TaskDied { task, found }),
                Some(Event::Ended(_)) => {}
                None => return Err(ended_early(task)),
            }
        }
    };
    let found = tokio::time::timeout(EXPLAINED_IN, explained).await;
    Ok(found.unwrap_or_else(|_| Err(ended_early(task)))?)
}

fn ended_early(task: &'static str) -> TaskDied {
    TaskDied { task, found: "it has ended by itself, before the station did".into() }
}

async fn asked_to_end(overseer: &mut Option<UnboundedReceiver<&'static str>>) -> &'static str {
    let told = async {
        match overseer {
            Some(ends) => match ends.recv().await {
                Some(name) => name,
                None => std::future::pending().await,
            },
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        name = signal() => name,
        name = told => name,
    }
}

#[cfg(unix)]
async fn signal() -> &'static str {
    use tokio::signal::unix::{SignalKind, signal};
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        },
        _ => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn signal() -> &'static str {
    match tokio::signal::ctrl_c().await {
        Ok(()) => "Ctrl-C",
        Err(_) => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::mpsc::unbounded_channel;

    /// How a station ends whose tasks do this.
    fn end_of(tasks: impl FnOnce(&UnboundedSender<Event>)) -> Result<()> {
        let (events, mut ended) = unbounded_channel();
        let (calls, _inbox) = std::sync::mpsc::channel();
        tasks(&events);
        // Virtual time passes only while nothing else can happen, so that the threads must have spoken: they are
        // waited for by the channel itself, which a sender keeps open.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(until_ended(&calls, &mut ended, None, || {}))
    }

    fn said(result: Result<()>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_task_that_panics_ends_the_station_with_its_words() {
        let text = said(end_of(|events| {
            spawn("recordings", events, || panic!("a {} word", "formatted")).unwrap();
        }));
        assert!(text.contains("`recordings`") && text.contains("a formatted word"), "{text}");
        let text = said(end_of(|events| spawn("inbox", events, || panic!("plain")).unwrap()));
        assert!(text.contains("`inbox`") && text.contains("plain"), "{text}");
    }

    #[test]
    fn a_task_that_ends_by_itself_ends_the_station_too() {
        let text = said(end_of(|events| spawn("schedules", events, || {}).unwrap()));
        assert!(text.contains("`schedules`") && text.contains("ended by itself"), "{text}");
    }

    #[test]
    fn the_panic_that_made_another_task_end_has_the_last_word() {
        let text = said(end_of(|events| {
            events.send(Event::Ended("amplifier")).unwrap();
            events.send(Event::Died("playout", "the cause".into())).unwrap();
        }));
        assert!(text.contains("`playout`") && text.contains("the cause"), "{text}");
    }

    #[test]
    fn an_overseer_asks_for_the_ordered_end_as_a_signal_does() {
        let (events, mut ended) = unbounded_channel();
        let (calls, inbox) = std::sync::mpsc::channel();
        let (end, ends) = unbounded_channel();
        end.send("stop of the service").unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let over = || events.send(Event::Over).unwrap();
        runtime.block_on(until_ended(&calls, &mut ended, Some(ends), over)).unwrap();
        assert!(matches!(inbox.try_recv(), Ok(Call::End(name)) if name == "stop of the service"));
        let (end, ends) = unbounded_channel();
        end.send("shutdown of Windows").unwrap();
        end.send("shutdown of Windows").unwrap();
        let at_once = runtime.block_on(until_ended(&calls, &mut ended, Some(ends), || {}));
        assert!(said(at_once).contains("second shutdown of Windows"));
    }

    #[test]
    fn what_ends_with_the_station_is_no_death() {
        end_of(|events| {
            events.send(Event::Ended("amplifier")).unwrap();
            events.send(Event::Over).unwrap();
        })
        .unwrap();
    }
}
