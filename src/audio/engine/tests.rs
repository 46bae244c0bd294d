//! The engine on the virtual card and on a card that a test pulls out. The machine's own clock runs here: what is
//! asserted is samples, order and what the engine says of itself, never how fast the machine was.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::audio::card::{Heartbeat, OpenCard, VoiceSlot};
use crate::audio::deck::STEREO;
use crate::audio::output::Part;
use crate::audio::timeline::Stamp;
use crate::core::card::{Host, NotOpened};
use crate::sound::programme::render;

mod pausing;

const RATE: u32 = 48_000;

/// A recording that repeats nowhere, so that a frame lost, doubled or moved shows.
fn recording(folder: &Path, name: &str, frames: usize) -> Programme {
    let path = folder.join(name);
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(&path, spec).unwrap();
    let mut state = 0x2545_f491u32;
    for _ in 0..frames * STEREO {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        // Never zero: silence is told from sound by that.
        file.write_sample((state as i16 / 2) | 1).unwrap();
    }
    file.finalize().unwrap();
    Programme { parts: vec![Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 }] }
}

/// An engine and what it tells.
struct Heard {
    engine: Engine,
    told: Receiver<OutputEvent>,
}

impl Heard {
    fn new(settings: EngineSettings, opener: Opener) -> Heard {
        let (tell, told) = channel();
        let ear: Ear = Box::new(move |event| drop(tell.send(event)));
        Heard { engine: Engine::with_opener(settings, ear, opener), told }
    }

    /// The next event that fits; those before it are passed over.
    fn until<T>(&self, mut fits: impl FnMut(&OutputEvent) -> Option<T>) -> T {
        loop {
            let event = self.told.recv_timeout(Duration::from_secs(60)).expect("an event within a minute");
            if let Some(found) = fits(&event) {
                return found;
            }
        }
    }

    fn ready(&self, wanted: DeckId) {
        self.until(|event| matches!(event, OutputEvent::Ready { deck } if *deck == wanted).then_some(()));
    }

    fn ended(&self, wanted: DeckId) -> (DateTime<Utc>, Ending, Delivered) {
        self.until(|event| match event {
            OutputEvent::Ended { deck, at, ending, delivered } if *deck == wanted => {
                Some((*at, ending.clone(), delivered.clone()))
            }
            _ => None,
        })
    }

    /// Waits until so many of its frames have been heard.
    fn delivered(&self, wanted: DeckId, frames: u64) {
        while self.engine.delivered(wanted).is_none_or(|delivered| delivered.frames < frames) {
            std::thread::yield_now();
        }
    }

    fn sounded(&self, wanted: DeckId) -> DateTime<Utc> {
        self.until(|event| match event {
            OutputEvent::Sounded { deck, at, .. } if *deck == wanted => Some(*at),
            _ => None,
        })
    }
}

fn airchecks(folder: &Path) -> Vec<Vec<i16>> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| hound::WavReader::open(path).unwrap().samples().map(|sample| sample.unwrap()).collect())
        .collect()
}

fn as_written(samples: &[f32]) -> Vec<i16> {
    samples.iter().map(|sample| (sample * 32_767.0).round() as i16).collect()
}

#[test]
fn the_virtual_card_airs_a_programme_to_the_sample_at_its_instant() {
    let folder = tempfile::tempdir().unwrap();
    let programme = recording(folder.path(), "a.wav", 40_000);
    let aircheck = folder.path().join("aircheck");
    let settings = EngineSettings { aircheck: Some(aircheck.clone()), ..EngineSettings::default() };
    let clock = settings.clock;
    let mut heard = Heard::new(settings, cards::opener());
    let deck = DeckId(1);
    heard.engine.open();
    heard.engine.load(deck, programme.clone());
    heard.ready(deck);
    let due = clock.now() + chrono::TimeDelta::milliseconds(1_500);
    heard.engine.start(deck, StartAt::Instant(due));
    let began = heard.sounded(deck);
    let (ended, ending, delivered) = heard.ended(deck);
    assert_eq!(ending, Ending::Completed);
    assert_eq!((delivered.frames, delivered.rate, delivered.underrun_frames), (40_000, RATE, 0));
    assert_eq!(delivered.parts, [40_000]);
    assert!(delivered.level_dbfs().is_some_and(|level| (-14.0..-8.0).contains(&level)), "{delivered:?}");
    let off = (began - due).num_microseconds().unwrap();
    assert!(
        (0..100_000).contains(&off) || off.abs() <= 21,
        "its own clock says that it began {off} µs after its instant"
    );
    let lasted = (ended - began).num_microseconds().unwrap();
    assert!((lasted - 833_333).abs() < 2_000, "{lasted}");
    drop(heard);
    assert_eq!(airchecks(&aircheck), [as_written(&render(programme, RATE))]);
}

#[test]
fn a_start_cuts_what_sounds_in_the_frame_before() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) =
        (recording(folder.path(), "a.wav", 200_000), recording(folder.path(), "b.wav", 10_000));
    let aircheck = folder.path().join("aircheck");
    let settings = EngineSettings { aircheck: Some(aircheck.clone()), ..EngineSettings::default() };
    let clock = settings.clock;
    let mut heard = Heard::new(settings, cards::opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), first.clone());
    heard.engine.load(DeckId(2), second.clone());
    heard.ready(DeckId(1));
    heard.engine.start(DeckId(1), StartAt::Soonest);
    let began = heard.sounded(DeckId(1));
    heard.engine.start(DeckId(2), StartAt::Instant(began + chrono::TimeDelta::milliseconds(1_200)));
    let (cut, ending, delivered) = heard.ended(DeckId(1));
    assert_eq!(ending, Ending::Stopped);
    let (_, ending, second_delivered) = heard.ended(DeckId(2));
    assert_eq!((ending, second_delivered.frames), (Ending::Completed, 10_000));
    drop(heard);
    let _ = (cut, clock);
    let both: Vec<f32> =
        [&render(first, RATE)[..delivered.frames as usize * STEREO], &render(second, RATE)[..]].concat();
    assert_eq!(airchecks(&aircheck), [as_written(&both)]);
}

#[test]
fn a_deck_that_was_only_loaded_says_nothing_and_one_that_was_started_says_that_it_ended() {
    let folder = tempfile::tempdir().unwrap();
    let programme = recording(folder.path(), "a.wav", 1_000);
    let mut heard = Heard::new(EngineSettings::default(), cards::opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), programme.clone());
    heard.engine.load(DeckId(2), programme);
    heard.ready(DeckId(2));
    heard.engine.stop(DeckId(1));
    let far = heard.engine_clock() + chrono::TimeDelta::hours(1);
    heard.engine.start(DeckId(2), StartAt::Instant(far));
    heard.engine.stop(DeckId(2));
    let first_end = heard.until(|event| match event {
        OutputEvent::Ended { deck, ending, delivered, .. } => Some((*deck, ending.clone(), delivered.frames)),
        _ => None,
    });
    assert_eq!(first_end, (DeckId(2), Ending::Stopped, 0));
}

impl Heard {
    fn engine_clock(&self) -> DateTime<Utc> {
        SystemClock::new().now()
    }
}

#[test]
fn what_cannot_be_decoded_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.mp3");
    std::fs::write(&bad, b"no sound at all").unwrap();
    let part = Part { path: bad, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let mut heard = Heard::new(EngineSettings::default(), cards::opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), Programme { parts: vec![part.clone()] });
    heard.until(|event| matches!(event, OutputEvent::Unplayable { deck: DeckId(1) }).then_some(()));
    let mut programme = recording(folder.path(), "good.wav", 1_000);
    programme.parts.insert(0, part);
    heard.engine.load(DeckId(2), programme);
    heard.until(|event| {
        matches!(event, OutputEvent::PartFailed { deck: DeckId(2), part: 0, .. }).then_some(())
    });
    heard.ready(DeckId(2));
    heard.engine.start(DeckId(2), StartAt::Soonest);
    let (_, ending, delivered) = heard.ended(DeckId(2));
    assert_eq!((ending, delivered.parts), (Ending::Completed, vec![0, 1_000]));
}

/// What a card heard between an opening and its loss, and the frames of it that came too late to be heard.
type Stretch = (Vec<f32>, u64);

/// A card that a test plugs and unplugs. It hears what it is given.
#[derive(Clone)]
struct TestCard {
    plugged: Arc<AtomicBool>,
    stretches: Arc<Mutex<Vec<Stretch>>>,
}

struct Pulling(Arc<AtomicBool>);
impl Drop for Pulling {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl TestCard {
    fn new() -> TestCard {
        TestCard { plugged: Arc::new(AtomicBool::new(true)), stretches: Arc::default() }
    }

    fn opener(&self) -> Opener {
        let card = self.clone();
        Arc::new(move |settings, _, slot, beat| card.open(settings, slot, beat))
    }

    fn open(
        &self,
        settings: &EngineSettings,
        slot: VoiceSlot,
        beat: Arc<Heartbeat>,
    ) -> Result<OpenCard, NotOpened> {
        if !self.plugged.load(Ordering::Acquire) {
            return Err("not plugged in".into());
        }
        let (card, clock, end) = (self.clone(), settings.clock, Arc::new(AtomicBool::new(false)));
        card.stretches.lock().unwrap().push((Vec::new(), 0));
        let ended = end.clone();
        std::thread::spawn(move || {
            let (began, mut out) = (clock.read().steady, 0u64);
            while !ended.load(Ordering::Acquire) && card.plugged.load(Ordering::Acquire) {
                let now = clock.read();
                let due = (now.steady - began).as_millis() as u64 * u64::from(RATE) / 1_000;
                let mut block = vec![0.0; (due - out).min(4_800) as usize * STEREO];
                let called = now.steady.as_nanos() as i64;
                let stamp = Stamp {
                    called,
                    heard: called + 30_000_000,
                    wall: now.wall.timestamp_nanos_opt().unwrap(),
                };
                let mut heard = card.stretches.lock().unwrap();
                if let Some(voice) = slot.lock().unwrap().as_mut() {
                    voice.render(stamp, &mut block);
                }
                let last = heard.last_mut().unwrap();
                last.0.extend(&block);
                let unheard = (block.len() / STEREO) as u64 + 1_440;
                last.1 = unheard;
                out += (block.len() / STEREO) as u64;
                beat.unheard.store(unheard, Ordering::Release);
                beat.heard.store(stamp.wall + 30_000_000, Ordering::Release);
                beat.last.store(called as u64, Ordering::Release);
                drop(heard);
                std::thread::sleep(Duration::from_millis(5));
            }
        });
        Ok(OpenCard { rate: RATE, silent: false, _stream: Box::new(Pulling(end)) })
    }
}

#[test]
fn a_lost_card_come_back_goes_on_with_the_frame_after_the_last_that_was_heard() {
    let folder = tempfile::tempdir().unwrap();
    let programme = recording(folder.path(), "a.wav", 96_000);
    let card = TestCard::new();
    let settings =
        EngineSettings { cards: vec![CardName { host: Host::Alsa, id: None }], ..EngineSettings::default() };
    let mut heard = Heard::new(settings, card.opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), programme.clone());
    heard.ready(DeckId(1));
    heard.engine.start(DeckId(1), StartAt::Soonest);
    heard.sounded(DeckId(1));
    heard.delivered(DeckId(1), 30_000);
    card.plugged.store(false, Ordering::Release);
    heard.until(|event| matches!(event, OutputEvent::Lost { .. }).then_some(()));
    heard.until(|event| matches!(event, OutputEvent::NoDevice { .. }).then_some(()));
    card.plugged.store(true, Ordering::Release);
    heard.until(|event| matches!(event, OutputEvent::Resumed { deck: DeckId(1), .. }).then_some(()));
    let (_, ending, delivered) = heard.ended(DeckId(1));
    assert_eq!((ending, delivered.frames), (Ending::Completed, 96_000));
    drop(heard);
    let stretches = card.stretches.lock().unwrap().clone();
    let [(first, unheard), (second, _)] = &stretches[..] else { panic!("{} openings", stretches.len()) };
    let sound =
        |samples: &[f32]| -> Vec<f32> { samples.iter().copied().filter(|sample| *sample != 0.0).collect() };
    let kept = first.len() - *unheard as usize * STEREO;
    let all = [sound(&first[..kept]), sound(second)].concat();
    assert!(all == render(programme, RATE), "{} of {} samples", all.len(), 96_000 * STEREO);
}

#[test]
fn a_card_that_stays_away_ends_the_programme_and_what_was_only_settled_waits_again() {
    let folder = tempfile::tempdir().unwrap();
    let programme = recording(folder.path(), "a.wav", 480_000);
    let card = TestCard::new();
    let settings = EngineSettings {
        cards: vec![CardName { host: Host::Alsa, id: None }],
        loss_wait: Duration::from_millis(800),
        ..EngineSettings::default()
    };
    let clock = settings.clock;
    let mut heard = Heard::new(settings, card.opener());
    heard.engine.open();
    for deck in [DeckId(1), DeckId(2)] {
        heard.engine.load(deck, programme.clone());
        heard.ready(deck);
    }
    heard.engine.start(DeckId(1), StartAt::Soonest);
    heard.sounded(DeckId(1));
    heard.delivered(DeckId(1), 10_000);
    heard.engine.start(DeckId(2), StartAt::Instant(clock.now() + chrono::TimeDelta::hours(1)));
    card.plugged.store(false, Ordering::Release);
    let (_, ending, delivered) = heard.ended(DeckId(2));
    assert!(matches!(ending, Ending::DeviceLost { .. }) && delivered.frames == 0);
    let (_, ending, delivered) = heard.ended(DeckId(1));
    assert!(matches!(ending, Ending::DeviceLost { .. }), "{ending:?}");
    let stretches = card.stretches.lock().unwrap().clone();
    let sounding = stretches[0].0.iter().filter(|sample| **sample != 0.0).count() / STEREO;
    assert_eq!(delivered.frames, sounding as u64 - stretches[0].1);
}

#[test]
fn without_a_card_it_is_told_once_and_opened_when_it_comes() {
    let card = TestCard::new();
    card.plugged.store(false, Ordering::Release);
    let settings = EngineSettings {
        cards: vec![CardName { host: Host::Alsa, id: Some("usb".into()) }],
        ..EngineSettings::default()
    };
    let mut heard = Heard::new(settings, card.opener());
    heard.engine.open();
    let tried = heard.until(|event| match event {
        OutputEvent::NoDevice { tried } => Some(tried.clone()),
        _ => None,
    });
    assert_eq!(tried, [("alsa:usb".to_owned(), "not plugged in".into())]);
    card.plugged.store(true, Ordering::Release);
    let next = heard.told.recv_timeout(Duration::from_secs(60)).unwrap();
    assert_eq!(next, OutputEvent::Opened { device: "alsa:usb".into(), silent: false });
}

#[test]
fn an_engine_that_dies_says_so() {
    let dying: Opener = Arc::new(|_, _, _, _| Err("never asked".into()));
    let (tell, told) = channel();
    let ear: Ear = Box::new(move |event| {
        tell.send(event.clone()).unwrap();
        assert!(!matches!(event, OutputEvent::NoDevice { .. }), "this ear cannot bear the news");
    });
    let mut engine = Engine::with_opener(EngineSettings::default(), ear, dying);
    engine.open();
    assert!(matches!(told.recv(), Ok(OutputEvent::NoDevice { .. })));
    assert_eq!(told.recv(), Ok(OutputEvent::Broken));
}
