//! Stations at work: what is heard, and what is left of a station that was killed.

use chrono::{DateTime, Utc};

use super::{Pc, assert_heard};

#[test]
fn what_is_heard_is_the_recording_sample_for_sample() {
    let pc = Pc::start();
    let mut station = pc.station();
    let recording = station.recording("Nhạc hiệu đài Bình Minh.wav", 48_000 * 3);
    let due = station.schedule_in(20, "Nhạc hiệu đài Bình Minh.wav");
    let recorder = pc.server.record();
    station.run();
    let airing = station.wait_for_outcome("aired");
    let device = airing["device"].as_str().unwrap();
    assert!(device.starts_with("wasapi"), "{device}");
    assert_eq!((&airing["kind"], &airing["frames"]), (&"cue".into(), &(48_000 * 3).into()));
    let started: DateTime<Utc> = airing["started"].as_str().unwrap().parse().unwrap();
    assert!((started - due).num_milliseconds() >= 0, "never before its instant: {started} for {due}");
    assert_heard(recorder, recording);
    // A second station on the same state is refused, as everywhere.
    let second = station.loa(&["run"]);
    assert_eq!(second.status.code(), Some(1));
    station.signal("INT");
    assert_eq!(station.ended(), Some(0), "{}", station.log());
}

#[test]
fn a_killed_station_says_what_was_interrupted_and_airs_what_comes() {
    let pc = Pc::start();
    let mut station = pc.station();
    station.recording("dài.wav", 48_000 * 60);
    station.schedule_in(20, "dài.wav");
    station.run();
    station.wait_for_outcome("on_air");
    // A pulse is written every five seconds: after two something has been heard, and it is known how much.
    std::thread::sleep(std::time::Duration::from_secs(11));
    station.kill();
    let again = station.recording("ngắn.wav", 48_000);
    let recorder = pc.server.record();
    station.run();
    let interrupted = station.wait_for_outcome("interrupted");
    assert_eq!(interrupted["reason"], "power_lost");
    assert!(interrupted["frames"].as_u64().unwrap() > 0, "{interrupted}");
    assert!(station.loa(&["play", "ngắn.wav"]).status.success());
    station.wait_for_outcome("aired");
    assert_heard(recorder, again);
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}
