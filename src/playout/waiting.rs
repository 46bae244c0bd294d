//! What waits for the air: a cue or an order, and how far its audio is. Owns the way from a cue to a bid, a programme
//! and the entries that describe it; never decides when it starts.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Settings;
use crate::audio::output::{DeckId, Part, Programme};
use crate::core::airing::{AiredCart, AiringId, CueId, Kind, Priority, Reason, Start};
use crate::core::cart::{Cart, CartFault, CartName, Library};
use crate::core::continuity::{Bid, Readiness};
use crate::core::limits::MUSIC;
use crate::core::record::{Begin, ClockState, Missed};
use crate::core::rundown::{Cue, Fate, planned_length};
use crate::core::schedule::{CartNote, DEFAULT_GRACE};

/// How far the audio of a waiting cue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loading {
    /// Not asked for yet.
    Idle,
    /// Being decoded.
    Asked,
    /// Enough is decoded for it to start.
    Ready,
    /// Nothing of it can be decoded.
    Unplayable,
}

/// Where what waits came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// A slot of a schedule.
    Cue,
    /// A person, to be aired once.
    Order,
    /// An emergency order, of which it is this repetition.
    Emergency(CueId),
    /// A cue that could not air.
    Fallback,
}

/// A cue or an order that waits.
#[derive(Clone, Debug)]
pub(super) struct Waiting {
    pub(super) origin: Origin,
    pub(super) deck: DeckId,
    pub(super) slot: u64,
    pub(super) cue: Option<Cue>,
    /// What the schedules say of the recording that was ordered.
    pub(super) note: Option<CartNote>,
    pub(super) title: String,
    pub(super) due: DateTime<Utc>,
    pub(super) grace: Duration,
    pub(super) start: Start,
    pub(super) priority: Priority,
    pub(super) play: Arc<[CartName]>,
    /// Which of `play` each part of the loaded programme is.
    pub(super) loaded: Vec<usize>,
    pub(super) loading: Loading,
    /// What is wrong with its audio, in English, one line a recording.
    pub(super) faults: Vec<String>,
    pub(super) by: Option<String>,
    pub(super) exempt: bool,
    /// It fell due while the clock was not trusted.
    pub(super) distrusted: bool,
    /// The number of an earlier attempt that never sounded.
    pub(super) airing: Option<AiringId>,
}

impl Waiting {
    /// Something that plays this: for its moment, soft, normal, bound by the quiet hours.
    pub(super) fn new(deck: DeckId, origin: Origin, play: Arc<[CartName]>) -> Self {
        Waiting {
            origin,
            deck,
            slot: 0,
            cue: None,
            note: None,
            title: String::new(),
            due: DateTime::<Utc>::MIN_UTC,
            grace: DEFAULT_GRACE,
            start: Start::Soft,
            priority: Priority::Normal,
            play,
            loaded: Vec::new(),
            loading: Loading::Idle,
            faults: Vec::new(),
            by: None,
            exempt: false,
            distrusted: false,
            airing: None,
        }
    }

    pub(super) fn of_cue(cue: Cue, deck: DeckId, slot: u64, exempt: bool) -> Self {
        Waiting {
            slot,
            title: cue.slot.title.clone(),
            due: cue.due,
            grace: cue.grace(),
            start: cue.slot.start,
            priority: cue.slot.priority,
            exempt,
            ..Waiting::new(deck, Origin::Cue, cue.play.clone())
        }
        .with_cue(cue)
    }

    fn with_cue(mut self, cue: Cue) -> Self {
        self.cue = Some(cue);
        self
    }

    /// Takes what the cue plays with the recordings that are there; true where that is something else than before.
    pub(super) fn settle_play(&mut self, library: &Library) -> bool {
        let Some(cue) = self.cue.as_ref().filter(|cue| cue.former.is_some()) else { return false };
        let plays = cue.plays(library);
        let other = *plays != self.play;
        if other {
            self.play = plays.clone();
        }
        other
    }

    /// A person ordered it.
    pub(super) fn ordered(&self) -> bool {
        matches!(self.origin, Origin::Order | Origin::Emergency(_))
    }

    /// Whether it plays music.
    pub(super) fn has_music(&self) -> bool {
        match &self.cue {
            Some(cue) => cue.has_music(),
            None => self.note.as_ref().is_some_and(|note| note.kind == MUSIC),
        }
    }

    /// How long it relays; none where it plays recordings.
    pub(super) fn relay(&self) -> Option<Duration> {
        self.cue.as_ref()?.relay()
    }

    pub(super) fn cue_id(&self) -> Option<CueId> {
        match &self.origin {
            Origin::Emergency(cue) => Some(cue.clone()),
            _ => self.cue.as_ref().map(Cue::id),
        }
    }

    fn fate(&self) -> Option<&Fate> {
        self.cue.as_ref()?.fate.as_ref()
    }

    /// Its place in the queue: priority, due, schedule id, slot id.
    pub(super) fn queue_order(&self, other: &Self) -> std::cmp::Ordering {
        let ids = |one: &Self| one.cue.as_ref().map(|cue| (cue.schedule.id.clone(), cue.slot.id.clone()));
        (other.priority.cmp(&self.priority))
            .then_with(|| self.due.cmp(&other.due))
            .then_with(|| ids(self).cmp(&ids(other)))
    }

    pub(super) fn planned(&self, library: &Library) -> Option<Duration> {
        self.relay().or_else(|| planned_length(&self.play, |name| library.duration(name)))
    }

    /// How long it will sound, as far as that is known.
    pub(super) fn expected(&self, library: &Library) -> Duration {
        self.relay().unwrap_or_else(|| self.play.iter().filter_map(|name| library.duration(name)).sum())
    }

    /// How long it will sound if it starts then: a relay ends when what it relays does, however late it begins.
    pub(super) fn expected_from(&self, at: DateTime<Utc>, library: &Library) -> Duration {
        match self.relay() {
            Some(span) => (self.due + span - at).to_std().unwrap_or_default().min(span),
            None => self.expected(library),
        }
    }

    /// What it asks of continuity.
    /// `card` is how it stands with the card; for a relay, with the amplifier.
    pub(super) fn bid(&self, library: &Library, card: CardState) -> Bid {
        let relays = self.relay().is_some();
        let audio = match self.loading {
            _ if relays => None,
            Loading::Unplayable => Some(Reason::BadAudio),
            Loading::Idle
                if !self.play.iter().any(|name| matches!(library.get(name), Some(Cart::Ready(_)))) =>
            {
                let faults = || {
                    self.play.iter().filter_map(|name| match library.get(name) {
                        Some(Cart::Faulty(fault)) => Some(fault),
                        _ => None,
                    })
                };
                Some(if faults().any(|fault| *fault == CartFault::NotApproved) {
                    Reason::NotApproved
                } else if faults().next().is_some() {
                    Reason::BadAudio
                } else {
                    Reason::NoAudio
                })
            }
            _ => None,
        };
        let clock = self.distrusted.then_some(Reason::Clock);
        let device = (card == CardState::Missing).then_some(Reason::NoDevice);
        let ready = (relays || self.loading == Loading::Ready) && card == CardState::Open;
        Bid {
            slot: self.slot,
            due: self.due,
            grace: self.grace,
            start: self.start,
            priority: self.priority,
            planned: self.expected(library),
            readiness: if ready { Readiness::Ready } else { Readiness::NotReady },
            obstacle: audio.or(clock).or(device),
            fate: self.fate().map(Fate::reason),
            ordered: self.ordered(),
            exempt: self.exempt,
            music: self.has_music(),
            yields: self.yields(),
        }
    }

    /// Every cue goes before it.
    pub(super) fn yields(&self) -> bool {
        matches!(self.origin, Origin::Fallback)
    }

    /// The programme of what can air now. What cannot is noted among the faults, to be told in the outcome.
    pub(super) fn programme(&mut self, library: &Library, settings: &Settings) -> Programme {
        self.loaded.clear();
        self.faults.clear();
        let mut parts = Vec::new();
        for (at, name) in self.play.iter().enumerate() {
            match library.get(name) {
                Some(Cart::Ready(found)) => {
                    let gain = settings.loudness.gain(found);
                    let path: Arc<Path> = match library.path(name) {
                        Some(path) => path.clone(),
                        None => settings.recordings.join(name.as_str()).into(),
                    };
                    parts.push(Part {
                        path: path.to_path_buf(),
                        gain_db: gain.db,
                        limit: gain.limit,
                        ceiling_dbtp: settings.loudness.ceiling_dbtp,
                    });
                    self.loaded.push(at);
                }
                Some(Cart::Faulty(fault)) => self.faults.push(format!("`{name}`: {fault}")),
                Some(Cart::Unmeasured) => self.faults.push(format!("`{name}` is not measured yet")),
                None => self.faults.push(format!("`{name}` is not in the library")),
            }
        }
        Programme { parts }
    }

    /// Its recordings as the journal has them, nothing aired yet.
    pub(super) fn carts(&self, library: &Library) -> Vec<AiredCart> {
        let note = |name| match &self.cue {
            Some(cue) => cue.note(name),
            None => self.note.as_ref(),
        };
        self.play.iter().map(|name| described(name, note(name), library)).collect()
    }

    fn approved_by(&self) -> Option<String> {
        self.cue.as_ref().and_then(|cue| cue.schedule.approval())
    }

    pub(super) fn begin(&self, airing: AiringId, kind: Kind, library: &Library, clock: ClockState) -> Begin {
        Begin {
            airing,
            kind,
            cue: self.cue_id(),
            title: self.title.clone(),
            priority: self.priority,
            planned: self.planned(library),
            carts: self.carts(library),
            clock_synchronised: clock.synchronised,
            clock_trust: Some(clock.trust),
            by: self.by.clone(),
            approved_by: self.approved_by(),
            held: false,
        }
    }

    pub(super) fn missed(
        &self,
        airing: AiringId,
        kind: Kind,
        library: &Library,
        reason: Reason,
        by: Option<String>,
    ) -> Missed {
        let skipped = match self.fate() {
            Some(Fate::Skipped { by }) => Some(by.clone()),
            _ => None,
        };
        let mut detail = self.faults.join("; ");
        if let Some(Fate::Cancelled { reason: Some(why) }) = self.fate() {
            detail = why.clone();
        } else if reason == Reason::NoAudio {
            let absent = self.play.iter().filter(|name| library.get(name).is_none());
            detail =
                absent.map(|name| format!("`{name}` is not in the library")).collect::<Vec<_>>().join("; ");
        }
        Missed {
            airing,
            kind,
            cue: self.cue_id(),
            title: self.title.clone(),
            priority: self.priority,
            reason,
            planned: self.planned(library),
            carts: self.carts(library),
            by: by.or(skipped).or_else(|| self.by.clone()),
            approved_by: self.approved_by(),
            detail,
        }
    }
}

/// Whether a card can take a start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CardState {
    /// It can.
    Open,
    /// It is closed, or being opened.
    NotOpen,
    /// None of the list can be opened.
    Missing,
}

/// A recording as the journal has it.
fn described(name: &CartName, note: Option<&CartNote>, library: &Library) -> AiredCart {
    let sha256 = match library.get(name) {
        Some(Cart::Ready(found)) => Some(found.sha256),
        _ => None,
    };
    AiredCart {
        file: name.clone(),
        title: note.map_or_else(|| name.to_string(), |note| note.title.clone()),
        kind: note.map(|note| note.kind.clone()).unwrap_or_default(),
        topic: note.and_then(|note| note.topic.clone()),
        source: note.and_then(|note| note.source.clone()),
        sha256,
        aired: Duration::ZERO,
    }
}
