//! The real binary on a real sound server, heard through its monitor: what is heard is the recording after its gain,
//! sample for sample. When it is heard is measured by `make bench`, where a busy machine breaks nothing.

use loa::sound::programme::{Part, Programme, render};

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, wait_for};

/// A station on that server's card which leaves its recordings as they are.
fn plain_station(server: &SoundServer) -> StationFolder {
    let mut station = StationFolder::new("\"pulseaudio:loa\"");
    station.environment = server.environment();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + "[loudness]\nnormalise = false\n").unwrap();
    station
}

#[test]
fn what_is_heard_is_the_recording_sample_for_sample() {
    let server = SoundServer::start();
    let mut station = plain_station(&server);
    let path = station.recording("a.wav", 48_000 * 3);
    let due = station.schedule_in(9, "a.wav");
    let recorder = server.record();
    station.run();
    let airing = station.wait_for_outcome("aired");
    assert_eq!((&airing["device"], &airing["kind"]), (&"pulseaudio:loa".into(), &"cue".into()));
    assert_eq!(airing["frames"], 48_000 * 3);
    let started: chrono::DateTime<chrono::Utc> = airing["started"].as_str().unwrap().parse().unwrap();
    assert!((started - due).num_milliseconds() >= 0, "never before its instant: {started} for {due}");
    let heard = recorder.stop();
    let part = Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let expected = render(Programme { parts: vec![part] }, 48_000);
    let first = heard.iter().position(|sample| *sample != 0.0).expect("something was heard");
    assert!(heard[first..].len() >= expected.len(), "{} of {} samples", heard.len() - first, expected.len());
    let wrong = heard[first..].iter().zip(&expected).position(|(heard, expected)| heard != expected);
    assert_eq!(wrong, None, "the sample at which they differ");
    assert!(
        heard[first + expected.len()..].iter().all(|sample| *sample == 0.0),
        "something was heard after it"
    );
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

#[test]
fn an_emergency_is_heard_over_a_programme_which_goes_on_at_its_frame() {
    let server = SoundServer::start();
    let mut station = plain_station(&server);
    let programme = station.recording("chuyen-muc.wav", 48_000 * 12);
    let warning = station.recording("lu.wav", 48_000 * 2);
    station.schedule_in(9, "chuyen-muc.wav");
    let recorder = server.record();
    station.run();
    station.wait_for_outcome("on_air");
    assert!(station.loa(&["emergency", "lu.wav"]).status.success());
    let both = wait_for("both to have aired", || {
        let airings = station.airings();
        let aired = airings.iter().filter(|airing| airing["outcome"] == "aired").count();
        (aired == 2).then_some(airings)
    });
    let heard = recorder.stop();
    let kinds: Vec<_> = both.iter().map(|airing| airing["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"cue") && kinds.contains(&"emergency"), "{kinds:?}");
    assert!(
        both.iter().all(|airing| airing["frames"] == airing["planned_s"].as_f64().unwrap() * 48_000.0),
        "{both:?}"
    );
    // Neither recording holds a zero: what is heard is the programme up to a frame, the warning whole, silence for a
    // moment, and the programme from the next frame on.
    let samples = |path| {
        let part = Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
        render(Programme { parts: vec![part] }, 48_000)
    };
    let (programme, warning) = (samples(programme), samples(warning));
    let sound: Vec<f32> = heard.iter().copied().filter(|sample| *sample != 0.0).collect();
    assert_eq!(sound.len(), programme.len() + warning.len());
    let paused = sound.iter().zip(&programme).position(|(heard, expected)| heard != expected).unwrap();
    assert!(paused > 0 && paused % 2 == 0, "{paused}");
    assert!(sound[paused..paused + warning.len()] == warning[..], "the warning is not whole");
    assert!(
        sound[paused + warning.len()..] == programme[paused..],
        "the programme does not go on at its frame"
    );
    // No silence but after the warning: it takes the programme's place in one frame.
    let first = heard.iter().position(|sample| *sample != 0.0).unwrap();
    assert!(heard[first..first + paused + warning.len()].iter().all(|sample| *sample != 0.0));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn a_card_taken_away_is_waited_for_and_nothing_goes_on_elsewhere() {
    let server = SoundServer::start();
    server.plug("other");
    let mut station = StationFolder::new("\"pulseaudio:loa\"");
    station.environment = server.environment();
    station.recording("a.wav", 48_000 * 8);
    station.schedule_in(8, "a.wav");
    station.run();
    station.wait_for_outcome("on_air");
    server.unplug();
    let card = |wanted: &str| {
        wait_for(&format!("a card that is {wanted}"), || {
            let status = station.json(&["status", "--json"]);
            (status["card"]["state"] == wanted).then_some(())
        });
    };
    card("missing");
    server.plug("loa");
    card("open");
    let airing = station.wait_for_outcome("aired");
    assert_eq!((&airing["frames"], &airing["device"]), (&(48_000 * 8).into(), &"pulseaudio:loa".into()));
}
