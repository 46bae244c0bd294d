//! What the station says to whoever supervises it: by systemd's protocol (sd_notify(3)), a datagram a word, or to the
//! overseer that it was given. Owns the rhythm of the watchdog. It is fed by the playout's own loop alone, so that a playout
//! that hangs is killed and started again; where nobody supervises nothing is said.

use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use super::tasks::{self, Event};

/// The status line is looked at again this often.
const STATUS_EVERY: Duration = Duration::from_secs(10);

/// Who keeps this station where neither a terminal nor systemd does: the service manager of Windows.
pub struct Overseer {
    /// Hears what the station has to say, on a thread of its own: one that does not listen holds up nothing.
    pub voice: Voice,
    /// It kills a station whose playout has not turned for so long.
    pub patience: Duration,
    /// Asks for the ordered end as a signal does, and says by what name the log is to know it.
    pub ends: UnboundedReceiver<&'static str>,
}

/// One word to the supervisor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// Cues air.
    Ready,
    /// The playout has turned.
    Alive,
    /// How the station is, in one line.
    Status(String),
    /// It ends.
    Stopping,
}

/// How the supervisor is spoken to.
pub type Voice = Box<dyn FnMut(Word) + Send>;

/// Speaks for the playout. See the module's words.
pub(super) struct Supervisor {
    voice: Option<Voice>,
    /// The watchdog is fed so often; none: it does not watch.
    feed: Option<Duration>,
    fed: Option<Duration>,
    told: Option<(Duration, String)>,
}

impl Supervisor {
    /// Speaks with `voice`; `patience` is how long the watchdog waits before it kills.
    pub(super) fn new(voice: Option<Voice>, patience: Option<Duration>) -> Supervisor {
        let feed = patience.filter(|_| voice.is_some()).map(|patience| patience / 2);
        Supervisor { voice, feed, fed: None, told: None }
    }

    /// The one that this speaker leads to.
    pub(super) fn by(speaker: Speaker) -> Supervisor {
        let patience = speaker.patience;
        let voice = speaker.way.is_some().then(|| -> Voice { Box::new(move |word| speaker.say(word)) });
        Supervisor::new(voice, patience)
    }

    /// The playout has turned, at that steady time. `status` is asked when it is time for a new line.
    pub(super) fn turned(&mut self, at: Duration, status: impl FnOnce() -> String) {
        let Some(voice) = &mut self.voice else { return };
        if let Some(feed) = self.feed
            // With waits of half a feed this feeds in time whenever the turns fall.
            && self.fed.is_none_or(|fed| at.saturating_sub(fed) >= feed / 2)
        {
            self.fed = Some(at);
            voice(Word::Alive);
        }
        if self.told.as_ref().is_none_or(|(told, _)| at.saturating_sub(*told) >= STATUS_EVERY) {
            let line = status();
            if self.told.as_ref().is_none_or(|(_, told)| *told != line) {
                voice(Word::Status(line.clone()));
            }
            self.told = Some((at, line));
        }
    }

    /// How long the playout may wait for news before it turns again: so long at most that the watchdog is fed at half
    /// its patience.
    pub(super) fn most(&self) -> Duration {
        self.feed.map_or(Duration::MAX, |feed| feed / 2)
    }
}

/// Words that wait to be said; more are not said.
const WAITING: usize = 16;

/// The way to the supervisor. A thread of its own says the words: one that does not read would hold up whoever speaks.
#[derive(Clone)]
pub(super) struct Speaker {
    way: Option<SyncSender<Word>>,
    patience: Option<Duration>,
}

impl Speaker {
    /// To the overseer, else to the one that started this process; where there is none nothing is ever said.
    pub(super) fn to(
        overseer: Option<(Voice, Duration)>,
        events: &UnboundedSender<Event>,
    ) -> anyhow::Result<Speaker> {
        let (voice, patience): (Voice, _) = match overseer {
            Some((voice, patience)) => (voice, Some(patience)),
            None if is_supervised() => (Box::new(say), patience()),
            None => return Ok(Speaker { way: None, patience: None }),
        };
        let (way, words) = sync_channel(WAITING);
        tasks::spawn("supervisor", events, move || words.into_iter().for_each(voice))?;
        Ok(Speaker { way: Some(way), patience })
    }

    /// Says it as soon as the supervisor listens.
    pub(super) fn say(&self, word: Word) {
        if let Some(way) = &self.way {
            let _ = way.try_send(word);
        }
    }
}

#[cfg(target_os = "linux")]
fn is_supervised() -> bool {
    std::env::var_os("NOTIFY_SOCKET").is_some_and(|socket| !socket.is_empty())
}

#[cfg(target_os = "linux")]
fn patience() -> Option<Duration> {
    sd_notify::watchdog_enabled().filter(|patience| !patience.is_zero())
}

#[cfg(target_os = "linux")]
fn say(word: Word) {
    use sd_notify::NotifyState;
    let said = match &word {
        Word::Ready => sd_notify::notify(&[NotifyState::Ready]),
        Word::Alive => sd_notify::notify(&[NotifyState::Watchdog]),
        Word::Status(line) => sd_notify::notify(&[NotifyState::Status(line)]),
        Word::Stopping => sd_notify::notify(&[NotifyState::Stopping]),
    };
    if let Err(error) = said {
        tracing::debug!(%error, ?word, "the supervisor does not listen");
    }
}

#[cfg(not(target_os = "linux"))]
fn is_supervised() -> bool {
    false
}

#[cfg(not(target_os = "linux"))]
fn patience() -> Option<Duration> {
    None
}

#[cfg(not(target_os = "linux"))]
fn say(_word: Word) {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{Receiver, channel};

    fn supervisor(patience: Option<Duration>) -> (Supervisor, Receiver<Word>) {
        let (say, heard) = channel();
        let voice: Voice = Box::new(move |word| drop(say.send(word)));
        (Supervisor::new(Some(voice), patience), heard)
    }

    #[test]
    fn the_watchdog_is_fed_at_half_its_patience_however_often_the_playout_turns() {
        let patience = Duration::from_secs(20);
        for turn_ms in [5, 700, 2_000, 5_000] {
            let (mut supervisor, heard) = supervisor(Some(patience));
            let turn = Duration::from_millis(turn_ms).min(supervisor.most());
            let mut at = Duration::ZERO;
            let (mut fed, mut last) = (0, Duration::ZERO);
            while at < Duration::from_secs(600) {
                supervisor.turned(at, String::new);
                if heard.try_iter().any(|word| word == Word::Alive) {
                    assert!(at - last <= patience / 2, "{turn_ms} ms: {:?}", at - last);
                    (fed, last) = (fed + 1, at);
                }
                at += turn;
            }
            assert!((60..=121).contains(&fed), "turns of {turn_ms} ms fed it {fed} times in 10 minutes");
        }
    }

    #[test]
    fn a_playout_that_does_not_turn_feeds_nothing_and_without_a_watchdog_nothing_is_fed() {
        let (mut one, heard) = supervisor(None);
        one.turned(Duration::ZERO, || "next".into());
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), [Word::Status("next".into())]);
        assert_eq!(one.most(), Duration::MAX);
        let (_held_up, heard) = supervisor(Some(Duration::from_secs(1)));
        assert_eq!(heard.try_iter().count(), 0);
        let mut nobody = Supervisor::new(None, Some(Duration::from_secs(1)));
        nobody.turned(Duration::ZERO, || unreachable!("nobody listens"));
    }

    #[test]
    fn the_status_is_told_when_it_changes_and_not_more_often_than_it_is_looked_at() {
        let (mut supervisor, heard) = supervisor(None);
        for (second, line) in [(0, "a"), (5, "b"), (10, "b"), (20, "b"), (30, "c")] {
            supervisor.turned(Duration::from_secs(second), || line.into());
        }
        let lines = ["a", "b", "c"].map(|line| Word::Status(line.into()));
        assert_eq!(heard.try_iter().collect::<Vec<_>>(), lines);
    }
}
