//! What a report costs where the journal holds a million airings: time and peak memory of the real command, by form and
//! format. Prints a table of docs/performance.md. Reads /proc, so it runs on Linux.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs
)]

use std::time::Instant;

#[path = "../tests/suite/station_folder.rs"]
mod station_folder;
#[path = "../tests/suite/year_rig.rs"]
mod year_rig;

use station_folder::StationFolder;

/// Ten years of so many a day are 1,000,922 airings.
const A_DAY: u32 = 274;
const TIMES: usize = 5;

fn main() {
    let station = StationFolder::new("\"virtual\"");
    std::fs::create_dir(station.path().join("state")).unwrap();
    let began = Instant::now();
    year_rig::fill_decade(&station.path().join("state/journal.db"), A_DAY);
    let db = station.path().join("state/journal.db");
    let size = std::fs::metadata(&db).unwrap().len() / 1_000_000;
    println!(
        "(ten years of {A_DAY} airings a day written in {:.0} s, {size} MB)",
        began.elapsed().as_secs_f64()
    );
    println!("| period, form, format | median ms | worst of {TIMES} ms | bytes |");
    println!("| --- | --- | --- | --- |");
    for period in ["2025-12", "2025-Q4", "2025"] {
        for form in ["log", "summary", "reconcile"] {
            for format in ["html", "xlsx", "csv"] {
                if period != "2025-12" && format != "xlsx" {
                    continue;
                }
                measure(&station, period, form, format);
            }
        }
    }
}

fn measure(station: &StationFolder, period: &str, form: &str, format: &str) {
    let file = station.path().join(format!("bao-cao.{format}"));
    let name = file.display().to_string();
    let mut took: Vec<f64> = Vec::new();
    let mut bytes = 0;
    for _ in 0..TIMES {
        let _ = std::fs::remove_file(&file);
        let began = Instant::now();
        let output = station.loa(&["report", "--period", period, "--form", form, "-o", &name]);
        took.push(began.elapsed().as_secs_f64() * 1000.0);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        bytes = std::fs::metadata(&file).unwrap().len();
    }
    took.sort_by(f64::total_cmp);
    println!("| {period}, {form}, {format} | {:.0} | {:.0} | {bytes} |", took[TIMES / 2], took[TIMES - 1]);
}
