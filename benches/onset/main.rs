//! When a programme is heard, and whether all of it is: the real binary on a sound server of its own, listened to through
//! the monitor, beside a player started by cron and mpv in the same run. Prints the tables of docs/performance.md.
//!
//! The monitor's samples are dated by their arrival: of all chunks within a second of an onset the one that was late
//! least gives the line. A null sink renders one block ahead of its clock; that constant, its configured latency, is
//! printed and added.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use loa::sound::programme::{Part, Programme, render};

mod listener;
mod peers;
mod readers;
#[path = "../../tests/suite/sound_server.rs"]
mod sound_server;
#[path = "../../tests/suite/station_folder.rs"]
mod station_folder;
#[path = "../../tests/windows/wine.rs"]
mod wine;

use listener::Listener;
use readers::Readers;
use sound_server::SoundServer;
use station_folder::{StationFolder, now};
use wine::Wine;

const RATE: f64 = 48_000.0;
const AIRINGS: usize = 20;
const APART: i64 = 3;
/// Starts of the players beside: cron starts one a minute.
const MINUTES: usize = 5;

/// Milliseconds by which each due instant was missed.
fn errors(dues: &[DateTime<Utc>], onsets: &[DateTime<Utc>], within_ms: f64) -> Vec<f64> {
    let nearest = |due: &DateTime<Utc>| {
        onsets
            .iter()
            .map(|at| (*at - *due).num_microseconds().unwrap() as f64 / 1e3)
            .min_by(|a, b| a.abs().total_cmp(&b.abs()))
    };
    dues.iter().filter_map(nearest).filter(|error| error.abs() < within_ms).collect()
}

fn row(name: &str, count: usize, errors: &[f64]) {
    if errors.is_empty() {
        return println!("| {name} | none of {count} | | | | |");
    }
    let mean = errors.iter().sum::<f64>() / errors.len() as f64;
    let (least, most) =
        errors.iter().fold((f64::MAX, f64::MIN), |(least, most), one| (least.min(*one), most.max(*one)));
    println!(
        "| {name} | {} of {count} | {mean:+.2} | {least:+.2} | {most:+.2} | {:.2} |",
        errors.len(),
        most - least
    );
}

/// Keeps both cores busy until it is dropped.
struct Busy(Arc<AtomicBool>);
impl Busy {
    fn both_cores() -> Busy {
        let end = Arc::new(AtomicBool::new(false));
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) * 2 {
            let end = end.clone();
            std::thread::spawn(move || {
                while !end.load(Ordering::Relaxed) {
                    std::hint::black_box(
                        (0..10_000u64).fold(0u64, |a, b| a.wrapping_mul(31).wrapping_add(b)),
                    );
                }
            });
        }
        Busy(end)
    }
}
impl Drop for Busy {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn configured_latency(server: &SoundServer) -> f64 {
    let list = Command::new("pactl").args(["list", "sinks"]).envs(server.environment()).output().unwrap();
    let text = String::from_utf8_lossy(&list.stdout).into_owned();
    let after = text
        .split("configured ")
        .nth(1)
        .and_then(|rest| rest.split(' ').next())
        .and_then(|usec| usec.parse::<f64>().ok());
    after.unwrap_or(0.0) / 1e3
}

fn alsa_configuration(server: &SoundServer, station: &StationFolder) -> (String, String) {
    let path = station.path().join("asound.conf");
    let socket = server.environment().into_iter().find(|(name, _)| name == "PULSE_SERVER").unwrap().1;
    std::fs::write(&path, format!("pcm.!default {{ type pulse server \"{socket}\" device \"loa\" }}\nctl.!default {{ type pulse server \"{socket}\" }}\n")).unwrap();
    ("ALSA_CONFIG_PATH".into(), format!("/usr/share/alsa/alsa.conf:{}", path.display()))
}

/// What goes on beside the airings.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    Nothing,
    BusyCores,
    /// A thousand recordings dropped into the inbox at once.
    Drops,
    /// Fifty readers of the station's pages, without a pause.
    Readers,
}

impl Beside {
    fn name(self) -> &'static str {
        match self {
            Beside::Nothing => "idle",
            Beside::BusyCores => "cores busy",
            Beside::Drops => "1,000 files dropped",
            Beside::Readers => "50 readers of its pages",
        }
    }
}

/// Twenty airings; start errors as heard and by the program's own mapping.
fn loa(server: &SoundServer, card: &str, beside: Beside) {
    let mut station = StationFolder::new(&format!("\"{card}\""));
    station.environment = server.environment();
    // Windows' sound is there under Wine, which plays on the same card, and late where the machine is busy: PulseAudio keeps
    // some of it then, as in the tests. It is not what Wine's clock knows of, so an idle machine does without.
    let windows = || {
        let buffer = ("PULSE_LATENCY_MSEC".to_owned(), "200".to_owned());
        let kept = (beside == Beside::BusyCores).then_some(buffer);
        Wine::start(server.environment().into_iter().chain(kept).collect())
    };
    let wine = card.starts_with("wasapi").then(windows);
    if let Some(wine) = &wine {
        station.run_by(wine::loa(), wine::named);
        station.environment = wine.environment();
    }
    if beside == Beside::Readers {
        let config = station.path().join("config/station.toml");
        let text = std::fs::read_to_string(&config).unwrap();
        std::fs::write(&config, text.replace("listen = \"none\"", "listen = \"127.0.0.1:0\"")).unwrap();
    }
    let alsa = alsa_configuration(server, &station);
    station.environment.push(alsa);
    station.recording("a.wav", 24_000);
    let first = (now() + TimeDelta::seconds(12)).with_nanosecond(0).unwrap();
    let dues: Vec<DateTime<Utc>> =
        (0..AIRINGS as i64).map(|n| first + TimeDelta::seconds(n * APART)).collect();
    let civil = |at: &DateTime<Utc>| at.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    let times: Vec<String> =
        dues.iter().map(|due| format!("\"{}\"", civil(due).format("%H:%M:%S"))).collect();
    station.schedule("lich.toml", &format!(
        "id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"gio\"\ntitle = \"Giờ\"\nat = [{}]\nplay = [\"a.wav\"]\n",
        times.join(", ")
    ));
    let listener = Listener::to(server, "loa");
    station.run();
    let load = (beside == Beside::BusyCores).then(Busy::both_cores);
    let readers = (beside == Beside::Readers).then(|| Readers::of(&station));
    if beside == Beside::Drops {
        std::thread::sleep((first - TimeDelta::seconds(3) - now()).to_std().unwrap_or_default());
        station.drop_recordings(1_000);
    }
    let span = (*dues.last().unwrap() - now()).to_std().unwrap() + Duration::from_secs(3);
    std::thread::sleep(span / 2);
    let latency = configured_latency(server);
    std::thread::sleep(span / 2);
    drop(load);
    drop(readers);
    let heard = listener.stop();
    let host = if wine.is_some() { "wasapi under Wine" } else { card.split(':').next().unwrap() };
    let name = format!("Loa, {host} {}", beside.name());
    let raw = errors(&dues, &heard.onsets(), 1_500.0);
    eprintln!("one by one: {raw:.2?}");
    row(&format!("{name}, raw at the monitor"), AIRINGS, &raw);
    row(
        &format!("{name}, sink's {latency:.2} ms added"),
        AIRINGS,
        &raw.iter().map(|error| error + latency).collect::<Vec<_>>(),
    );
    let own: Vec<f64> = station
        .airings()
        .iter()
        .filter_map(|airing| {
            let at = |key: &str| airing[key].as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
            Some((at("started")? - at("due")?).num_microseconds()? as f64 / 1e3)
        })
        .collect();
    row(&format!("{name}, by its own mapping"), AIRINGS, &own);
}

/// Ten minutes with both cores busy, compared sample by sample.
fn fidelity(server: &SoundServer) {
    let frames = 600 * RATE as usize;
    let mut station = StationFolder::new("\"pulseaudio:loa\"");
    station.environment = server.environment();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, text + "[loudness]\nnormalise = false\n").unwrap();
    let path = station.recording("a.wav", frames);
    station.schedule_in(40, "a.wav");
    let recorder = server.record();
    station.run();
    let load = Busy::both_cores();
    // The players beside, in the same minutes and under the same load.
    peers::measure(server);
    let done = || station.airings().iter().any(|airing| airing["ended"].is_string());
    while !done() {
        std::thread::sleep(Duration::from_secs(5));
    }
    drop(load);
    let heard = recorder.stop();
    let part = Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let expected = render(Programme { parts: vec![part] }, RATE as u32);
    let first = heard.iter().position(|sample| *sample != 0.0).unwrap_or(heard.len());
    let same = heard[first..].iter().zip(&expected).take_while(|(heard, expected)| heard == expected).count();
    let after =
        heard[(first + expected.len()).min(heard.len())..].iter().filter(|sample| **sample != 0.0).count();
    let outcome = station.airings().first().map(|airing| airing["outcome"].to_string()).unwrap_or_default();
    println!(
        "\n10 minutes, both cores busy: {same} of {} samples the same, {after} sounding after the end, outcome {outcome}",
        expected.len()
    );
}

fn main() {
    // `cargo bench --bench onset -- alsa` and the like measure a part; all of it takes a quarter of an hour.
    let named: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |part: &str| named.is_empty() || named.iter().any(|name| name == part);
    let server = SoundServer::start();
    println!("Start error in milliseconds, late positive.\n");
    println!("| what | heard | mean | least | most | spread |\n| --- | --- | --- | --- | --- | --- |");
    for (part, card) in
        [("pulseaudio", "pulseaudio:loa"), ("alsa", "alsa:default"), ("wine", "wasapi:default")]
    {
        for beside in [Beside::Nothing, Beside::BusyCores] {
            if wanted(part) {
                loa(&server, card, beside);
            }
        }
    }
    if wanted("inbox") {
        loa(&server, "pulseaudio:loa", Beside::Drops);
    }
    if wanted("pages") {
        loa(&server, "pulseaudio:loa", Beside::Readers);
    }
    if named.iter().any(|name| name == "peers") {
        // With the rest they run beside the ten minutes of fidelity, under the same load.
        let _load = Busy::both_cores();
        peers::measure(&server);
    }
    if wanted("fidelity") {
        fidelity(&server);
    }
}
