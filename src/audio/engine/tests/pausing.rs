//! A deck that is paused by another, on the virtual card and on one that is pulled out: as samples.

use super::*;

#[test]
fn one_that_interrupts_pauses_what_sounds_and_no_frame_of_either_is_lost_or_comes_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) =
        (recording(folder.path(), "a.wav", 120_000), recording(folder.path(), "b.wav", 24_000));
    let aircheck = folder.path().join("aircheck");
    let settings = EngineSettings { aircheck: Some(aircheck.clone()), ..EngineSettings::default() };
    let mut heard = Heard::new(settings, cards::opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), first.clone());
    heard.engine.load(DeckId(2), second.clone());
    heard.engine.load(DeckId(3), second.clone());
    heard.ready(DeckId(3));
    heard.engine.start(DeckId(1), StartAt::Soonest);
    let began = heard.sounded(DeckId(1));
    heard.engine.interrupt(DeckId(2), StartAt::Instant(began + chrono::TimeDelta::milliseconds(900)));
    let paused = heard.until(|event| match event {
        OutputEvent::Paused { deck: DeckId(1), at } => Some(*at),
        _ => None,
    });
    assert_eq!(heard.sounded(DeckId(2)), paused, "the one begins in the frame in which the other is paused");
    let (_, ending, delivered) = heard.ended(DeckId(2));
    assert_eq!((ending, delivered.frames), (Ending::Completed, 24_000));
    let before = heard.engine.delivered(DeckId(1)).unwrap().frames;
    // Another one may air before the first goes on.
    heard.engine.start(DeckId(3), StartAt::Soonest);
    let (_, ending, _) = heard.ended(DeckId(3));
    assert_eq!(ending, Ending::Completed);
    assert_eq!(
        heard.engine.delivered(DeckId(1)).unwrap().frames,
        before,
        "nothing of it is played meanwhile"
    );
    heard.engine.resume(DeckId(1));
    heard.until(|event| matches!(event, OutputEvent::Resumed { deck: DeckId(1), .. }).then_some(()));
    let (_, ending, delivered) = heard.ended(DeckId(1));
    assert_eq!((ending, delivered.frames, delivered.underrun_frames), (Ending::Completed, 120_000, 0));
    drop(heard);
    let (first, second) = (render(first, RATE), render(second, RATE));
    let at = before as usize * STEREO;
    let expected = [&first[..at], &second[..], &second[..], &first[at..]].concat();
    let aired = airchecks(&aircheck);
    let sound: Vec<i16> = aired[0].iter().copied().filter(|sample| *sample != 0).collect();
    let expected: Vec<i16> = as_written(&expected);
    assert!(sound == expected, "{} of {} samples", sound.len(), expected.len());
}

#[test]
fn one_that_is_paused_as_its_card_is_lost_goes_on_on_the_card_come_back() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) =
        (recording(folder.path(), "a.wav", 96_000), recording(folder.path(), "b.wav", 60_000));
    let card = TestCard::new();
    let settings =
        EngineSettings { cards: vec![CardName { host: Host::Alsa, id: None }], ..EngineSettings::default() };
    let mut heard = Heard::new(settings, card.opener());
    heard.engine.open();
    heard.engine.load(DeckId(1), first.clone());
    heard.engine.load(DeckId(2), second.clone());
    heard.ready(DeckId(2));
    heard.engine.start(DeckId(1), StartAt::Soonest);
    heard.sounded(DeckId(1));
    heard.delivered(DeckId(1), 20_000);
    heard.engine.interrupt(DeckId(2), StartAt::Soonest);
    heard.sounded(DeckId(2));
    heard.delivered(DeckId(2), 20_000);
    card.plugged.store(false, Ordering::Release);
    heard.until(|event| matches!(event, OutputEvent::NoDevice { .. }).then_some(()));
    card.plugged.store(true, Ordering::Release);
    heard.until(|event| matches!(event, OutputEvent::Resumed { deck: DeckId(2), .. }).then_some(()));
    let (_, ending, delivered) = heard.ended(DeckId(2));
    assert_eq!((ending, delivered.frames), (Ending::Completed, 60_000));
    heard.engine.resume(DeckId(1));
    let (_, ending, delivered) = heard.ended(DeckId(1));
    assert_eq!((ending, delivered.frames), (Ending::Completed, 96_000));
    drop(heard);
    let stretches = card.stretches.lock().unwrap().clone();
    let [(one, unheard), (two, _)] = &stretches[..] else { panic!("{} openings", stretches.len()) };
    let kept = one.len() - *unheard as usize * STEREO;
    let all = [&one[..kept], &two[..]].concat();
    let all: Vec<f32> = all.into_iter().filter(|sample| *sample != 0.0).collect();
    let (first, second) = (render(first, RATE), render(second, RATE));
    let at = all.iter().zip(&first).position(|(heard, expected)| heard != expected).unwrap();
    let expected = [&first[..at], &second[..], &first[at..]].concat();
    assert!(all == expected, "{} of {} samples", all.len(), expected.len());
}
