//! Hours of a real station: cues, drops into the inbox, new versions, commands, and now and then a lost card, while its
//! memory, threads and descriptors are read from /proc. Minutes in `make test`, two hours in `make soak`.

// The figures are what these proofs are run for.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use chrono::{DateTime, Utc};
use loa::core::airing::Outcome;
use loa::journal::{Filter, Reader};

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now};
use super::survival_rig::{Chance, coded, soak, soak_span, station_on};

/// What a station may have more of at its end than in its beginning: gross leaks are found, figures are printed.
const MORE_MB: f64 = 12.0;
const MORE_DESCRIPTORS: f64 = 6.0;
const MORE_THREADS: f64 = 4.0;

/// The process at a moment.
struct Sample {
    at: DateTime<Utc>,
    resident_mb: f64,
    descriptors: f64,
    threads: f64,
}

fn sample(pid: u32) -> Sample {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let value = |key: &str| -> f64 {
        let line = status.lines().find(|line| line.starts_with(key)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    };
    Sample {
        at: now(),
        resident_mb: value("VmRSS") / 1_024.0,
        descriptors: std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count() as f64,
        threads: value("Threads"),
    }
}

/// A version of the schedule: a cue every minute, or every half of one.
fn version(station: &StationFolder, number: u64, often: bool) {
    let seconds = if often { "*/30" } else { "0" };
    station.schedule(
        "lich.toml",
        &format!(
            "id = \"lich\"\ntitle = \"Lịch {number}\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"deu\"\n\
             title = \"Đều đặn {number}\"\ncron = \"{seconds} * * * * *\"\ngrace = \"40s\"\nplay = [\"a.wav\"]\n"
        ),
    );
}

#[test]
fn a_station_at_work_keeps_its_memory_and_its_descriptors() {
    let span = soak_span(Duration::from_secs(45));
    let (tick, often) =
        if soak() { (Duration::from_secs(10), false) } else { (Duration::from_secs(2), true) };
    let mut chance = Chance::new("soak");
    let server = SoundServer::start();
    // As on every desktop: a sink that is always there takes over the streams of one that goes.
    server.plug("other");
    let mut station = station_on(&server, "");
    coded(&station, "a.wav", 5, if often { 48_000 * 5 } else { 48_000 * 25 });
    version(&station, 0, often);
    station.run();
    let (pid, began) = (station.pid(), now());
    let mut samples = Vec::new();
    let (mut versions, mut drops, mut losses, mut commands) = (0, 0, 0, 0);
    while (now() - began).to_std().unwrap_or_default() < span {
        std::thread::sleep(tick);
        assert!(station.is_running(), "{}", station.log());
        samples.push(sample(pid));
        match chance.below(16) {
            0 | 1 => {
                versions += 1;
                version(&station, versions, often);
            }
            2..=4 => {
                drops += 1;
                let path = station.recording("thả.wav", 48_000 + drops * 7);
                let folder = station.path().join("inbox/Xa");
                std::fs::create_dir_all(&folder).unwrap();
                std::fs::rename(path, folder.join(format!("tin {drops}.wav"))).unwrap();
            }
            5 if !often || losses < 3 => {
                losses += 1;
                server.unplug();
                std::thread::sleep(chance.millis(200, 1_500));
                server.plug("loa");
            }
            6..=9 => {
                for command in
                    [&["status", "--json"][..], &["rundown", "--json"], &["airings", "--json"], &["verify"]]
                {
                    commands += 1;
                    assert!(station.loa(command).status.success(), "{command:?}");
                }
            }
            10 => {
                commands += 1;
                station.loa(&["play", "a.wav"]);
            }
            _ => {}
        }
    }
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0), "{}", station.log());
    let journal = station.path().join("state/journal.db");
    let verdict = loa::journal::verify(&journal, None, &mut |_, _| ()).unwrap();
    assert!(verdict.is_whole(), "{:?}", verdict.flaw);
    let rows = Reader::open(&journal).unwrap().airings(&Filter::default(), None).unwrap();
    let cues = rows.iter().filter(|row| row.cue.is_some()).count() as u64;
    let due = span.as_secs() / if often { 30 } else { 60 };
    // The first may fall before the schedule is live, the last may still wait.
    assert!(cues + 2 >= due, "{cues} of some {due} cues have a row");
    assert!(rows.iter().any(|row| row.cue.is_some() && row.outcome == Some(Outcome::Aired)), "{rows:?}");
    println!(
        "soak: {} s; {} airings, {versions} versions, {drops} drops, {losses} losses of the card, {commands} commands, \
         {} entries",
        span.as_secs(),
        rows.len(),
        verdict.entries
    );
    told(&samples, span);
}

/// Prints least, median and most by parts of the span, and the slope; fails on what only grows.
fn told(samples: &[Sample], span: Duration) {
    // Ten minutes a part, but thirds of a short run.
    let part = Duration::from_secs(600).min(span / 3);
    let part_of = |one: &Sample| {
        let since = (one.at - samples[0].at).to_std().unwrap_or_default();
        (since.as_millis() / part.as_millis().max(1)) as usize
    };
    let parts = span.as_millis().div_ceil(part.as_millis().max(1)) as usize;
    for (name, allowed, read) in [
        ("resident MB", MORE_MB, (|one| one.resident_mb) as fn(&Sample) -> f64),
        ("descriptors", MORE_DESCRIPTORS, |one| one.descriptors),
        ("threads", MORE_THREADS, |one| one.threads),
    ] {
        let of_part = |part: usize| {
            let mut values: Vec<f64> = samples.iter().filter(|one| part_of(one) == part).map(read).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        for part in 0..parts {
            if let values @ [least, .., most] = &of_part(part)[..] {
                println!(
                    "soak: {name}, part {part}: {least:.1} / {:.1} / {most:.1}",
                    values[values.len() / 2]
                );
            }
        }
        let slope =
            slope_an_hour(samples.iter().map(|one| ((one.at - samples[0].at).num_milliseconds(), read(one))));
        println!("soak: {name}: {slope:+.2} an hour");
        let median = |part| of_part(part).get(of_part(part).len() / 2).copied().unwrap_or(0.0);
        let (first, last) = (median(0), median(parts - 1));
        assert!(last <= first + allowed, "{name}: {first:.1} in the first part, {last:.1} in the last");
    }
}

/// The slope of a straight line through the points (milliseconds, value), per hour.
fn slope_an_hour(points: impl Iterator<Item = (i64, f64)> + Clone) -> f64 {
    let count = points.clone().count().max(1) as f64;
    let mean = points.clone().fold((0.0, 0.0), |(x, y), one| (x + one.0 as f64 / count, y + one.1 / count));
    let (mut above, mut below) = (0.0, 0.0);
    for (at, value) in points {
        let x = at as f64 - mean.0;
        above += x * (value - mean.1);
        below += x * x;
    }
    if below > 0.0 { above / below * 3_600_000.0 } else { 0.0 }
}

#[test]
fn the_slope_of_a_line_is_its_slope() {
    let line = (0..100).map(|at| (at * 36_000, 7.0 + at as f64 * 0.02));
    assert!((slope_an_hour(line) - 2.0).abs() < 1e-6);
}
