//! How soon a drop is answered, and what a thousand at once cost. Prints the table of docs/performance.md. Reads /proc,
//! so it runs on Linux.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

#[path = "../tests/suite/station_folder.rs"]
mod station_folder;

use station_folder::{StationFolder, wait_for};

/// What `[inbox] settle` is here: the time that a file must not have changed is taken off each answer.
const SETTLE: Duration = Duration::from_secs(1);

fn station() -> StationFolder {
    let station = StationFolder::new("\"virtual\"");
    let file = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("{text}[inbox]\nsettle = \"1s\"\n")).unwrap();
    station
}

fn peak_mb(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn main() {
    println!("| what | | |\n| --- | --- | --- |");
    let mut one = station();
    one.run();
    std::fs::create_dir_all(one.path().join("inbox/Xa")).unwrap();
    let mut answers = Vec::new();
    for number in 0..5 {
        // 320 kbit/s for 131 s: 5.2 MB.
        let mp3 = one.path().join("drop.mp3");
        let sine = format!("sine=frequency={}:duration=131", 300 + number);
        let arguments = ["-v", "error", "-y", "-f", "lavfi", "-i", &sine, "-b:a", "320k"];
        let made = Command::new("ffmpeg").args(arguments).arg(&mp3).stdin(Stdio::null()).status().unwrap();
        assert!(made.success());
        let size = std::fs::metadata(&mp3).unwrap().len();
        assert!(size > 5_000_000, "{size} bytes");
        std::fs::rename(&mp3, one.path().join(format!("inbox/Xa/r{number}.mp3"))).unwrap();
        let dropped = Instant::now();
        while one.receipts() <= number {
            std::thread::sleep(Duration::from_millis(5));
        }
        answers.push(dropped.elapsed().saturating_sub(SETTLE));
    }
    answers.sort();
    println!(
        "| a 5 MB mp3 answered, after it had not changed for 1 s | median of 5 {:.2} s | worst {:.2} s |",
        answers[2].as_secs_f64(),
        answers[4].as_secs_f64()
    );
    drop(one);

    let mut many = station();
    many.run();
    let before = peak_mb(many.pid());
    many.drop_recordings(1_000);
    let dropped = Instant::now();
    let count = loop {
        let count = many.receipts();
        if count >= 1_000 || dropped.elapsed() > Duration::from_secs(900) {
            break count;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let spent = dropped.elapsed();
    println!(
        "| 1,000 recordings of 2 s dropped at once | {count} answered in {:.0} s | peak memory {:.1} MB, before {before:.1} MB |",
        spent.as_secs_f64(),
        peak_mb(many.pid())
    );
    let library = wait_for("the library", || {
        let folder = std::fs::read_dir(many.path().join("audio/Xa")).ok()?;
        Some(folder.flatten().filter(|file| !file.file_name().to_string_lossy().starts_with('.')).count())
    });
    println!("| of them in the library | {library} | |");
}
