//! The card is lost and comes back: taken out of the sound server, or the server killed; away before an airing, and
//! never there. The real binary, heard through the monitor of the card that came back.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::core::record::{CardChange, Entry};
use loa::journal::Reader;

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now, wait_for};
use super::survival_rig::{Chance, Ear, Stretch, coded, figures, station_on, times};

/// Within this a loss is noticed, and a card come back sounds again (issue 3).
const NOTICED_WITHIN: TimeDelta = TimeDelta::seconds(1);
const SOUNDS_WITHIN: TimeDelta = TimeDelta::seconds(2);

#[derive(Clone, Copy, Debug)]
enum Loss {
    /// The card is taken out of the sound server.
    Card,
    /// It is taken out, and PulseAudio moves the stream to another card without a word: no error ever comes.
    CardOfTwo,
    /// The sound server is killed.
    Server,
}

/// Frames that were heard of a programme between two losses.
struct Sounding {
    stretches: Vec<Stretch>,
    /// Before it, between the card's return and the monitor's first frames, nothing could be heard for so long.
    deaf: TimeDelta,
}

fn sleep(span: Duration) {
    std::thread::sleep(span);
}

/// The journal's entries, with when each was written.
fn entries(station: &StationFolder) -> Vec<(DateTime<Utc>, Entry)> {
    let reader = Reader::open(&station.path().join("state/journal.db")).unwrap();
    reader.latest(100_000).unwrap().into_iter().map(|noted| (noted.at, noted.entry)).collect()
}

fn millis(spans: &[TimeDelta]) -> String {
    figures(spans.iter().map(TimeDelta::num_milliseconds).collect())
}

#[test]
fn a_card_lost_and_come_back_sounds_within_two_seconds_from_the_frame_last_heard() {
    let losses = times(8, 50);
    let mut chance = Chance::new("cards");
    let mut server = SoundServer::start();
    let mut station = station_on(&server, "");
    // So many losses a programme, each after at most two seconds of sound.
    let a_programme = losses.min(16);
    let frames = 48_000 * (a_programme * 2 + 4);
    coded(&station, "dài.wav", 1, frames);
    station.run();
    let (mut gone, mut crashes) = (Vec::new(), 0);
    let (mut back, mut repeated, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for programme in 0..losses.div_ceil(a_programme) {
        let mut ear = Ear::at(&server);
        assert!(station.loa(&["play", "dài.wav"]).status.success());
        let mut soundings = Vec::new();
        let mut deaf = TimeDelta::zero();
        wait_for("the programme to sound", || ear.with(|heard| !heard.stretches.is_empty()).then_some(()));
        for _ in 0..a_programme.min(losses - programme * a_programme) {
            sleep(chance.millis(500, 2_000));
            let loss = [Loss::Card, Loss::CardOfTwo, Loss::Server][gone.len() % 3];
            if let Loss::CardOfTwo = loss {
                server.plug("other");
            }
            gone.push((loss, now()));
            match loss {
                Loss::Card | Loss::CardOfTwo => server.unplug(),
                Loss::Server => server.kill(),
            }
            let heard = ear.stop();
            assert_eq!(heard.strange, 0, "{loss:?}");
            soundings.push(Sounding { stretches: heard.joined().0, deaf });
            // A card that is back before its loss could be noticed was not lost, only its stream was.
            sleep(chance.millis(if let Loss::CardOfTwo = loss { 1_200 } else { 100 }, 3_000));
            let crashed = !matches!(loss, Loss::Server) && !server.is_running();
            crashes += usize::from(crashed);
            let returned = match loss {
                Loss::Card | Loss::CardOfTwo if !crashed => {
                    let returned = now();
                    server.plug("loa");
                    if let Loss::CardOfTwo = loss {
                        server.unplug_card("other");
                    }
                    returned
                }
                // A server is back when it answers: its own start is not Loa's.
                Loss::Card | Loss::CardOfTwo | Loss::Server => {
                    server.start_again();
                    now()
                }
            };
            ear = Ear::at(&server);
            let (began, sounds) = wait_for("the programme to go on", || {
                ear.with(|heard| Some((heard.began?, heard.stretches.first()?.at)))
            });
            deaf = began - returned;
            back.push(sounds - returned);
        }
        let row = wait_for("the end of the programme", || {
            station.airings().get(programme).filter(|row| row["outcome"] != "on_air").cloned()
        });
        assert_eq!((&row["outcome"], &row["frames"]), (&"aired".into(), &frames.into()), "{row}");
        soundings.push(Sounding { stretches: ear.stop().joined().0, deaf });
        for pair in soundings.windows(2) {
            let (before, after) = (pair[0].stretches.last().unwrap(), pair[1].stretches.first().unwrap());
            let again = before.until as i64 - after.from as i64;
            if again >= 0 { repeated.push(again / 48) } else { missing.push((-again / 48, pair[1].deaf)) }
        }
        assert_eq!(soundings[0].stretches[0].from, 0);
        assert_eq!(soundings.last().unwrap().stretches.last().unwrap().until, frames);
    }
    let told = entries(&station);
    let lost =
        |one: &&(DateTime<Utc>, Entry)| matches!(one.1, Entry::Card { change: CardChange::Lost { .. }, .. });
    let noticed: Vec<TimeDelta> = gone
        .iter()
        .map(|(_, gone)| {
            told.iter().filter(lost).find(|(at, _)| at > gone).expect("a loss that nobody noticed").0 - gone
        })
        .collect();
    let moved = gone.iter().zip(&noticed).filter(|((loss, _), _)| matches!(loss, Loss::CardOfTwo));
    let moved: Vec<TimeDelta> = moved.map(|(_, after)| *after).collect();
    let count = |fits: fn(&Entry) -> bool| told.iter().filter(|(_, entry)| fits(entry)).count();
    // A machine that starves the sound server for most of a second is an outage too.
    let paused = count(|entry| matches!(entry, Entry::Paused { .. }));
    assert!(paused >= losses, "each outage stands in the record: {paused} of {losses}");
    assert_eq!(count(|entry| matches!(entry, Entry::Resumed { .. })), paused, "and its end");
    println!(
        "cards: {losses} losses; noticed after {} (where the stream was moved in \
         silence {}); sounding after the return {}; heard again {}; not heard by the \
         recorder {}; crashes of the sound server itself: {crashes}",
        millis(&noticed),
        millis(&moved),
        millis(&back),
        figures(repeated.clone()),
        figures(missing.iter().map(|(gap, _)| *gap).collect())
    );
    assert!(noticed.iter().all(|after| *after <= NOTICED_WITHIN), "{noticed:?}");
    assert!(back.iter().all(|after| *after <= SOUNDS_WITHIN), "{back:?}");
    // What the monitor had not handed on when it went, and what sounded before the recorder was there again, nobody heard.
    for (gap, deaf) in missing {
        assert!(gap <= deaf.num_milliseconds() + 200, "{gap} ms are lost; the recorder was deaf for {deaf}");
    }
    assert!(repeated.iter().all(|again| *again <= 1_000), "{repeated:?}");
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

/// A schedule with two slots, one after the other, so many seconds from now; the first has hardly any grace.
pub fn two_slots(station: &StationFolder, first: i64, second: i64) -> DateTime<Utc> {
    let begin = now();
    let slot = |id: &str, seconds: i64, grace: &str| {
        let civil = (begin + TimeDelta::seconds(seconds)).with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
        format!(
            "[[slot]]\nid = \"{id}\"\ntitle = \"{id}\"\ndates = [{}]\nat = [\"{}\"]\ngrace = \"{grace}\"\n\
             play = [\"a.wav\"]\n",
            civil.format("%Y-%m-%d"),
            civil.format("%H:%M:%S")
        )
    };
    let text = slot("khong-cho", first, "3s") + &slot("cho", second, "10m");
    station
        .schedule("lich.toml", &format!("id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n{text}"));
    begin
}

#[test]
fn without_a_card_a_cue_is_missed_and_one_whose_grace_lasts_airs_when_the_card_comes() {
    let server = SoundServer::start();
    server.unplug();
    let mut station = station_on(&server, "");
    coded(&station, "a.wav", 2, 48_000);
    station.start();
    two_slots(&station, 6, 8);
    let missed = station.wait_for_outcome("missed");
    assert_eq!((&missed["slot"], &missed["reason"]), (&"khong-cho".into(), &"no_device".into()));
    // However often a card that is not there is tried.
    let descriptors = |station: &StationFolder| {
        std::fs::read_dir(format!("/proc/{}/fd", station.pid())).map_or(0, std::iter::Iterator::count)
    };
    let before = descriptors(&station);
    sleep(Duration::from_secs(5));
    let after = descriptors(&station);
    assert!(after <= before + 3, "{before} descriptors, five seconds later {after}");
    server.plug("loa");
    let ear = Ear::at(&server);
    let aired = station.wait_for_outcome("aired");
    assert_eq!(
        (&aired["slot"], &aired["device"], &aired["frames"]),
        (&"cho".into(), &"pulseaudio:loa".into(), &48_000.into())
    );
    assert_eq!(station.airings().len(), 2);
    let heard = ear.stop();
    let stretches: Vec<_> = heard.joined().0.iter().map(|one| (one.code, one.from, one.until)).collect();
    assert_eq!(stretches, [(2, 0, 48_000)]);
    let refused = entries(&station)
        .into_iter()
        .any(|(_, entry)| matches!(entry, Entry::Card { change: CardChange::Refused { .. }, .. }));
    assert!(refused, "that no card could be opened stands in the record");
}

#[test]
fn a_card_that_stays_away_ends_the_airing_as_interrupted_with_what_was_heard() {
    let server = SoundServer::start();
    let mut station = station_on(&server, "");
    coded(&station, "a.wav", 3, 48_000 * 20);
    station.run();
    let ear = Ear::at(&server);
    assert!(station.loa(&["play", "a.wav"]).status.success());
    wait_for("the programme to sound", || {
        ear.with(|heard| heard.stretches.first().is_some_and(|one| one.until > 48_000 * 2)).then_some(())
    });
    server.unplug();
    let heard = ear.stop().joined().0[0].until as i64;
    // Longer than any other wait of these tests: a minute of patience with the card.
    std::thread::sleep(Duration::from_secs(55));
    let row = station.wait_for_outcome("interrupted");
    assert_eq!(row["reason"], "device_lost");
    let frames = row["frames"].as_i64().unwrap();
    assert!((heard - frames).abs() <= 48_000 / 2, "{frames} frames by the journal, {heard} were heard");
}

#[test]
fn a_station_that_was_stopped_by_the_system_and_goes_on_airs_to_the_end() {
    let server = SoundServer::start();
    let mut station = station_on(&server, "");
    coded(&station, "a.wav", 4, 48_000 * 6);
    station.run();
    let ear = Ear::at(&server);
    assert!(station.loa(&["play", "a.wav"]).status.success());
    wait_for("the programme to sound", || ear.with(|heard| heard.stretches.first().copied()));
    station.signal("STOP");
    std::thread::sleep(Duration::from_secs(4));
    station.signal("CONT");
    let row = station.wait_for_outcome("aired");
    assert_eq!(row["frames"], 48_000 * 6);
    let heard = ear.stop();
    assert_eq!(heard.strange, 0);
    let (joined, _) = heard.joined();
    assert_eq!(joined[0].from, 0);
    assert_eq!(joined.last().unwrap().until, 48_000 * 6);
}
