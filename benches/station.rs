//! What a station costs: ready after its start, memory and processor while nothing airs and while a long recording
//! plays, and a year's rundown. Prints the tables of docs/performance.md. Reads /proc, so it runs on Linux.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs
)]

use std::process::Command;
use std::time::{Duration, Instant};

use loa::core::cart::{CartName, Fingerprint, Measurement};

#[path = "../tests/suite/histories.rs"]
mod histories;
#[path = "../tests/suite/station_folder.rs"]
mod station_folder;

use station_folder::{StationFolder, wait_for};

/// A schedule with so many slots, none due at the time of the run.
fn slots(count: usize, play: &str) -> String {
    let mut text = String::from("id = \"lon\"\ntitle = \"Lịch lớn\"\nvalid_from = 2026-01-01\n");
    for slot in 0..count {
        // Tomorrow night at the earliest for whoever runs this by day; each minute of two hours has its share.
        let (hour, minute) = (2 + slot / 60 % 2, slot % 60);
        text += &format!(
            "[[slot]]\nid = \"s{slot}\"\ntitle = \"Khung {slot}\"\ncron = \"{minute} {hour} * * *\"\nplay = [\"{play}\"]\n"
        );
    }
    text
}

fn status_line(pid: u32, key: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with(key)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Processor time so far, in clock ticks of a hundredth of a second.
fn ticks(pid: u32) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = text.rsplit(") ").next().unwrap().split(' ').collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn remember_carts(station: &StationFolder, count: usize) {
    let journal = loa::journal::Journal::open(&station.path().join("state/journal.db")).unwrap();
    for number in 0..count {
        let name = format!("r{number}.wav");
        let path = station.path().join("audio").join(&name);
        std::fs::write(&path, name.as_bytes()).unwrap();
        let found = std::fs::metadata(&path).unwrap();
        let modified = found.modified().unwrap().duration_since(std::time::UNIX_EPOCH).unwrap();
        let measurement = Measurement {
            sha256: Fingerprint([number as u8; 32]),
            format: "wav".into(),
            frames: 48_000 * 60,
            rate: 48_000,
            channels: 1,
            loudness_lufs: Some(-20.0),
            true_peak_dbtp: Some(-3.0),
            silent_head: Duration::ZERO,
            silent_tail: Duration::ZERO,
            longest_hole: Duration::ZERO,
            clipped: 0,
            missing_frames: 0,
        };
        journal
            .remember_cart(&loa::journal::KnownCart {
                name: CartName::new(&name).unwrap(),
                size: found.len(),
                mtime_ns: modified.as_nanos() as i64,
                measurement: Some(measurement),
                fault: None,
            })
            .unwrap();
    }
}

fn ready_and_idle() {
    let mut station = StationFolder::new("\"virtual\"");
    std::fs::create_dir_all(station.path().join("state")).unwrap();
    let began = Instant::now();
    histories::fill(&station.path().join("state/journal.db"), 100_000);
    println!("(100,000 airings written in {:.1} s)", began.elapsed().as_secs_f64());
    remember_carts(&station, 1_000);
    station.schedule("lon.toml", &slots(1_000, "r1.wav"));
    // The first start takes the schedule into the journal; the starts that are measured find it there.
    station.run();
    station.signal("TERM");
    station.ended();
    let mut spans = Vec::new();
    for _ in 0..10 {
        spans.push(station.ready_in());
        station.signal("TERM");
        station.ended();
    }
    spans.sort();
    println!(
        "| ready after start, 1,000 slots, 1,000 carts, 100,000 airings | median {:.0} ms | worst of 10 {:.0} ms |",
        spans[5].as_secs_f64() * 1e3,
        spans[9].as_secs_f64() * 1e3
    );
    station.run();
    let pid = station.pid();
    std::thread::sleep(Duration::from_secs(30));
    let (before, from) = (ticks(pid), Instant::now());
    let early = status_line(pid, "VmRSS");
    std::thread::sleep(Duration::from_secs(120));
    let spent = (ticks(pid) - before) as f64 / 100.0 / from.elapsed().as_secs_f64() * 100.0;
    println!(
        "| idle: resident memory, processor | {:.1} MB, after 2 minutes {:.1} MB | {spent:.2} % of a core |",
        early as f64 / 1024.0,
        status_line(pid, "VmRSS") as f64 / 1024.0
    );
}

fn long_recording() {
    let mut station = StationFolder::new("\"virtual\"");
    let mp3 = station.path().join("audio/dai.mp3");
    let made = Command::new("ffmpeg")
        .args([
            "-loglevel",
            "error",
            "-f",
            "lavfi",
            "-i",
            "anoisesrc=d=7200:a=0.2:r=44100",
            "-ac",
            "1",
            "-b:a",
            "64k",
        ])
        .arg(&mp3)
        .status();
    assert!(made.unwrap().success());
    station.run();
    let pid = station.pid();
    wait_for("the recording to be measured", || {
        station.loa(&["play", "dai.mp3"]).status.success().then_some(())
    });
    station.wait_for_outcome("on_air");
    let (before, from) = (ticks(pid), Instant::now());
    let mut seen = Vec::new();
    for _ in 0..9 {
        std::thread::sleep(Duration::from_secs(15));
        seen.push(status_line(pid, "VmRSS") as f64 / 1024.0);
    }
    let spent = (ticks(pid) - before) as f64 / 100.0 / from.elapsed().as_secs_f64() * 100.0;
    println!(
        "| a two-hour mp3 plays: resident memory, processor | {:.1} MB at first, {:.1} MB after 2 minutes | {spent:.2} % of a core |",
        seen[0],
        seen[seen.len() - 1]
    );
}

fn year() {
    let station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 48_000);
    station.schedule("lon.toml", &slots(10_000, "a.wav"));
    let text = std::fs::read_to_string(station.path().join("schedules/lon.toml")).unwrap();
    let reference = loa::core::schedule::read::Reference::lenient();
    let began = Instant::now();
    let (schedule, _) = loa::core::schedule::read::read(text.as_bytes(), "lon.toml", &reference).unwrap();
    println!("| a schedule of 10,000 slots read and checked | {:.2} s | |", began.elapsed().as_secs_f64());
    let version = loa::core::rundown::Version {
        schedule: schedule.into(),
        from: chrono::DateTime::UNIX_EPOCH,
        until: None,
    };
    let plan = loa::core::rundown::Plan {
        versions: vec![version],
        ..loa::core::rundown::Plan::empty(chrono_tz::Asia::Ho_Chi_Minh)
    };
    let from = "2026-12-31T17:00:00Z".parse().unwrap();
    let mut spans = Vec::new();
    let mut cues = 0;
    for _ in 0..3 {
        let began = Instant::now();
        cues = 0;
        plan.each_day(from, from + chrono::TimeDelta::days(366), |day| cues += day.len());
        spans.push(began.elapsed());
    }
    spans.sort();
    println!(
        "| a rundown of 10,000 slots over 366 days ({cues} cues) | median of 3 {:.2} s | |",
        spans[1].as_secs_f64()
    );
}

impl StationFolder {
    /// Starts the station; how long until a command is answered.
    fn ready_in(&mut self) -> Duration {
        let began = Instant::now();
        self.start();
        let control = self.path().join("state/control");
        loop {
            // A connection that is answered: the station is ready. Commands would add the start of another process.
            if loa::control::ask(control.parent().unwrap(), loa::control::Ask::Status).is_ok() {
                return began.elapsed();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn main() {
    // `cargo bench --bench station -- year` measures a part.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    println!("| what | | |\n| --- | --- | --- |");
    if wanted("year") {
        year();
    }
    if wanted("idle") {
        ready_and_idle();
    }
    if wanted("long") {
        long_recording();
    }
}
