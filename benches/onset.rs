//! When a programme is heard, and whether all of it is: the real binary on a sound server of its own, listened to through
//! the monitor, beside a player started by cron and mpv in the same run. Prints the tables of docs/performance.md.
//!
//! The monitor's samples are dated by their arrival: of all chunks within a second of an onset the one that was late
//! least gives the line. A null sink renders one block ahead of its clock; that constant, its configured latency, is
//! printed and added.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, clippy::print_stderr, missing_docs)]

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use loa::sound::programme::{Part, Programme, render};

#[path = "../tests/suite/sound_server.rs"]
mod sound_server;
#[path = "../tests/suite/station_folder.rs"]
mod station_folder;
#[path = "../tests/windows/wine.rs"]
mod wine;

use sound_server::SoundServer;
use station_folder::{StationFolder, now};
use wine::Wine;

const RATE: f64 = 48_000.0;
const AIRINGS: usize = 20;
const APART: i64 = 3;
/// Starts of the players beside: cron starts one a minute.
const MINUTES: usize = 5;

/// Listens to a monitor and dates what it hears.
struct Listener {
    parec: Child,
    heard: Arc<Mutex<Heard>>,
}

#[derive(Default)]
struct Heard {
    samples: Vec<f32>,
    /// Frames so far, and when the chunk that ends there came.
    chunks: Vec<(usize, DateTime<Utc>)>,
}

impl Listener {
    fn to(server: &SoundServer, sink: &str) -> Listener {
        let mut parec = Command::new("parec")
            .args([
                &format!("--device={sink}.monitor"),
                "--format=float32le",
                "--rate=48000",
                "--channels=2",
                "--latency-msec=2",
            ])
            .envs(server.environment())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut out = parec.stdout.take().unwrap();
        let heard = Arc::new(Mutex::new(Heard::default()));
        let shared = heard.clone();
        std::thread::spawn(move || {
            let (mut chunk, mut rest) = (vec![0u8; 65_536], Vec::new());
            while let Ok(read @ 1..) = out.read(&mut chunk) {
                let at = now();
                rest.extend(&chunk[..read]);
                let whole = rest.len() / 8 * 8;
                let mut heard = shared.lock().unwrap();
                heard.samples.extend(
                    rest.drain(..whole)
                        .collect::<Vec<u8>>()
                        .chunks(4)
                        .map(|b| f32::from_le_bytes(b.try_into().unwrap())),
                );
                let frames = heard.samples.len() / 2;
                heard.chunks.push((frames, at));
            }
        });
        Listener { parec, heard }
    }

    fn stop(mut self) -> Heard {
        self.parec.kill().unwrap();
        self.parec.wait().unwrap();
        std::thread::sleep(Duration::from_millis(300));
        std::mem::take(&mut self.heard.lock().unwrap())
    }
}

impl Heard {
    /// The moments at which sound began after half a second of silence.
    fn onsets(&self) -> Vec<DateTime<Utc>> {
        let (mut found, mut silent) = (Vec::new(), RATE as usize);
        for (frame, pair) in self.samples.chunks(2).enumerate() {
            if pair.iter().all(|sample| sample.abs() < 1e-4) {
                silent += 1;
                continue;
            }
            if silent > RATE as usize / 2 {
                found.push(self.date(frame));
            }
            silent = 0;
        }
        found
    }

    fn date(&self, frame: usize) -> DateTime<Utc> {
        let near = self.chunks.iter().filter(|(end, _)| end.abs_diff(frame) < RATE as usize);
        let since = |frames: usize| TimeDelta::nanoseconds((frames as f64 / RATE * 1e9) as i64);
        let first = near.map(|(end, at)| *at - since(*end)).min().unwrap();
        first + since(frame)
    }
}

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

/// Fifty readers, one page after the other, until dropped; says how many pages they had.
struct Readers {
    over: std::sync::Arc<std::sync::atomic::AtomicBool>,
    threads: Vec<std::thread::JoinHandle<usize>>,
}

impl Readers {
    fn of(station: &StationFolder) -> Readers {
        let sign = station.path().join("state/page");
        let address: std::net::SocketAddr = station_folder::wait_for("the pages", || {
            let text = std::fs::read_to_string(&sign).ok()?;
            text.trim().trim_end_matches('/').rsplit('/').next()?.parse().ok()
        });
        let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
        let reader = |number: usize| {
            let over = over.clone();
            std::thread::spawn(move || {
                let pages = ["/", "/airings", "/month", "/rundown", "/themes"];
                let mut had = 0;
                while !over.load(std::sync::atomic::Ordering::Relaxed) {
                    let path = pages[(number + had) % pages.len()];
                    let mut stream = std::net::TcpStream::connect(address).unwrap();
                    let request =
                        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
                    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
                    std::io::Read::read_to_end(&mut stream, &mut Vec::new()).unwrap();
                    had += 1;
                }
                had
            })
        };
        let threads = (0..50).map(reader).collect();
        Readers { over, threads }
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.over.store(true, std::sync::atomic::Ordering::Relaxed);
        let had: usize = self.threads.drain(..).map(|thread| thread.join().unwrap_or_default()).sum();
        println!("({had} pages were read meanwhile)");
    }
}

/// Twenty airings; start errors as heard and by the program's own mapping.
fn loa(server: &SoundServer, card: &str, beside: Beside) {
    let mut station = StationFolder::new(&format!("\"{card}\""));
    station.environment = server.environment();
    // Windows' sound is there under Wine, which plays on the same card, and late where the machine is busy: PulseAudio keeps
    // some of it, as in the tests.
    let windows = || {
        let buffer = ("PULSE_LATENCY_MSEC".to_owned(), "200".to_owned());
        Wine::start(server.environment().into_iter().chain([buffer]).collect())
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

/// Players that something else starts: one a minute by cron, and mpv at the instant by this program.
fn peers(server: &SoundServer) {
    let load = |name: &str| {
        let sink = format!("sink_name={name}");
        let arguments = [
            "load-module",
            "module-null-sink",
            &sink,
            "rate=48000",
            "channels=2",
            "format=float32le",
            "norewinds=1",
        ];
        assert!(
            Command::new("pactl")
                .args(arguments)
                .envs(server.environment())
                .stdout(Stdio::null())
                .status()
                .unwrap()
                .success()
        );
    };
    load("cron");
    load("mpv");
    let station = StationFolder::new("\"virtual\"");
    let recording = station.recording("a.wav", 24_000);
    let tabs = station.path().join("crontabs");
    std::fs::create_dir(&tabs).unwrap();
    let socket = server.environment().into_iter().find(|(name, _)| name == "PULSE_SERVER").unwrap().1;
    let tab = format!("PULSE_SERVER={socket}\n* * * * * paplay --device=cron {}\n", recording.display());
    std::fs::write(tabs.join("root"), tab).unwrap();
    // Cron reads no table that others may read.
    assert!(Command::new("chmod").arg("600").arg(tabs.join("root")).status().unwrap().success());
    // Debian's own cron, in a room of its own: the machine's crontabs are neither read nor touched.
    let apart = format!(
        "mount --bind {} /var/spool/cron/crontabs && mount -t tmpfs tmpfs /run && exec cron -f",
        tabs.display()
    );
    let mut cron = Command::new("unshare")
        .args(["--mount", "sh", "-c", &apart])
        .envs(server.environment())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("unshare is part of every Linux");
    let (by_cron, by_mpv) = (Listener::to(server, "cron"), Listener::to(server, "mpv"));
    let first = (now() + TimeDelta::seconds(60)).with_second(0).unwrap().with_nanosecond(0).unwrap();
    let minutes: Vec<DateTime<Utc>> =
        (0..MINUTES as i64).map(|minute| first + TimeDelta::minutes(minute)).collect();
    let end = *minutes.last().unwrap() + TimeDelta::seconds(5);
    let mut instants = Vec::new();
    let mut at = first + TimeDelta::seconds(7);
    while at < end {
        instants.push(at);
        std::thread::sleep((at - now()).to_std().unwrap_or_default());
        let arguments = ["--no-video", "--really-quiet", "--ao=pulse", "--audio-device=pulse/mpv"];
        let _ = Command::new("mpv").args(arguments).arg(&recording).envs(server.environment()).status();
        at += TimeDelta::seconds(15);
    }
    std::thread::sleep((end - now()).to_std().unwrap_or_default());
    let _ = cron.kill();
    let _ = cron.wait();
    row("cron + paplay, cores busy", MINUTES, &errors(&minutes, &by_cron.stop().onsets(), 20_000.0));
    row(
        "mpv started at the instant, cores busy",
        instants.len(),
        &errors(&instants, &by_mpv.stop().onsets(), 7_000.0),
    );
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
    peers(server);
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
        peers(&server);
    }
    if wanted("fidelity") {
        fidelity(&server);
    }
}
