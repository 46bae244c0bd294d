//! What the pages cost where the journal holds a million airings: 50 readers at once, each page many times, from the request
//! to its last byte. Prints a table of docs/performance.md.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    missing_docs
)]

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

#[path = "../tests/suite/station_folder.rs"]
mod station_folder;
#[path = "../tests/suite/year_rig.rs"]
mod year_rig;

use station_folder::{StationFolder, wait_for};

/// Ten years of so many a day are a million airings.
const A_DAY: u32 = 274;
const READERS: usize = 50;
const REQUESTS: usize = 20;

fn main() {
    let mut station = StationFolder::new("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("listen = \"none\"", "listen = \"127.0.0.1:0\"");
    std::fs::write(&config, format!("{text}[files]\ntargets = \"config/targets.toml\"\n")).unwrap();
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for name in ["themes.toml", "targets.toml"] {
        std::fs::copy(sample.join(name), station.path().join("config").join(name)).unwrap();
    }
    std::fs::create_dir(station.path().join("state")).unwrap();
    let began = Instant::now();
    year_rig::fill_decade(&station.path().join("state/journal.db"), A_DAY);
    println!("(ten years of {A_DAY} airings a day written in {:.0} s)", began.elapsed().as_secs_f64());
    station.run();
    let sign = station.path().join("state/page");
    let address: std::net::SocketAddr = wait_for("the pages", || {
        let text = std::fs::read_to_string(&sign).ok()?;
        text.trim().trim_end_matches('/').rsplit('/').next()?.parse().ok()
    });
    println!("| page, {READERS} readers at once | median ms | 99th percentile ms | worst ms | bytes |");
    println!("| --- | --- | --- | --- | --- |");
    for path in [
        "/",
        "/live",
        "/rundown",
        "/airings?from=2025-12-25&to=2025-12-31",
        "/airings?from=2016-01-01&to=2025-12-31&topic=vneid",
        "/airings?from=2025-01-01&to=2025-12-31&outcome=missed",
        "/airings/500000",
        "/month?month=2025-12",
        "/themes?period=2025-12",
        "/themes?period=2025",
        "/reports",
        "/inbox",
        "/recordings",
        "/login",
    ] {
        measure(address, path);
    }
    println!("station's resident memory after that: {:.1} MB", resident(station.pid()));
}

fn resident(pid: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = text.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

fn measure(address: std::net::SocketAddr, path: &str) {
    // Nobody is measured by what only the first reader pays.
    let bytes = ask(address, path).1;
    let readers: Vec<_> = (0..READERS)
        .map(|_| {
            let path = path.to_owned();
            std::thread::spawn(move || (0..REQUESTS).map(|_| ask(address, &path).0).collect::<Vec<_>>())
        })
        .collect();
    let mut took: Vec<Duration> = readers.into_iter().flat_map(|reader| reader.join().unwrap()).collect();
    took.sort();
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
    println!("| `{path}` | {:.1} | {:.1} | {:.1} | {bytes} |", at(0.5), at(0.99), at(1.0));
}

fn ask(address: std::net::SocketAddr, path: &str) -> (Duration, usize) {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let took = began.elapsed();
    assert!(
        answer.starts_with(b"HTTP/1.1 200"),
        "{path}: {}",
        String::from_utf8_lossy(&answer[..answer.len().min(200)])
    );
    (took, answer.len())
}
