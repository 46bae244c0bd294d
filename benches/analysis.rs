//! How fast a recording is measured on one core, beside ffmpeg's own meter in the same run, and how much memory that
//! takes. Prints a table in markdown.
//!
//!     cargo bench --bench analysis
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use loa::sound::measure;

/// Of so many runs the fastest counts: the others were disturbed.
const RUNS: usize = 3;

fn ffmpeg(arguments: &[&str]) {
    let arguments = [&["-v", "error", "-y"], arguments].concat();
    assert!(Command::new("ffmpeg").args(&arguments).status().unwrap().success(), "ffmpeg {arguments:?}");
}

/// A minute of sound.
fn minute(folder: &Path, name: &str, options: &str) -> PathBuf {
    let path = folder.join(name);
    let source = "aevalsrc=exprs=(0.3+0.2*sin(2*PI*1.3*t))*sin(2*PI*317*t)+0.1*random(0)-0.05|\
                  (0.3+0.2*cos(2*PI*0.7*t))*sin(2*PI*941*t)+0.1*random(1)-0.05:s=44100:d=60";
    let options: Vec<&str> = options.split_whitespace().collect();
    ffmpeg(&[&["-f", "lavfi", "-i", source], &options[..], &[path.to_str().unwrap()]].concat());
    path
}

/// So many times the same minute, encoded with the options that are given.
fn repeated(minute: &Path, name: &str, minutes: u32, options: &str) -> PathBuf {
    let path = minute.with_file_name(name);
    let times = (minutes - 1).to_string();
    let options: Vec<&str> = options.split_whitespace().collect();
    let again = ["-stream_loop", &times, "-i", minute.to_str().unwrap()];
    ffmpeg(&[&again, &options[..], &[path.to_str().unwrap()]].concat());
    path
}

fn fastest(mut work: impl FnMut()) -> Duration {
    let run = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..RUNS).map(run).min().unwrap()
}

fn measure_with_ffmpeg(path: &Path) {
    let input = ["-threads", "1", "-i", path.to_str().unwrap(), "-threads", "1", "-filter_threads", "1"];
    ffmpeg(&[&input[..], &["-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"]].concat());
}

/// The most memory that this process ever had, in MB, where the system tells.
fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    Some(line.split_whitespace().nth(1)?.parse::<f64>().ok()? / 1024.0)
}

/// Measures a recording, and says how much memory was needed until then.
fn memory_for(path: &Path) -> String {
    measure(path, &mut |_| ()).unwrap();
    peak_memory().map_or_else(|| "unknown".to_owned(), |megabytes| format!("{megabytes:.1} MB"))
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let short = minute(folder.path(), "minute.mp3", "-b:a 128k");
    let long = repeated(&short, "long.mp3", 120, "-c copy");
    println!(
        "Most memory: {} for an mp3 of 1 minute, {} for one of 2 hours.",
        memory_for(&short),
        memory_for(&long)
    );
    println!();
    println!(
        "| recording | length | Loa | × real time | ffmpeg, 1 thread | × real time | Loa against ffmpeg |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    let wav = minute(folder.path(), "minute.wav", "-c:a pcm_s16le");
    for (name, minutes, options) in [
        ("stereo.mp3", 30, "-b:a 128k"),
        ("mono.mp3", 30, "-ac 1 -b:a 64k"),
        ("stereo.wav", 30, "-c:a pcm_s16le"),
        ("mono.wav", 30, "-ac 1 -c:a pcm_s16le"),
        ("stereo.flac", 30, ""),
        ("stereo.m4a", 30, "-c:a aac -b:a 128k"),
    ] {
        let path = repeated(&wav, name, minutes, options);
        let ours = fastest(|| {
            measure(&path, &mut |_| ()).unwrap();
        });
        let theirs = fastest(|| measure_with_ffmpeg(&path));
        let (ours, theirs) = (ours.as_secs_f64(), theirs.as_secs_f64());
        let length = f64::from(minutes) * 60.0;
        println!(
            "| {name} | {minutes} min | {ours:.2} s | {:.0} | {theirs:.2} s | {:.0} | {:.2}× |",
            length / ours,
            length / theirs,
            theirs / ours
        );
        std::fs::remove_file(path).unwrap();
    }
}
