//! Players that something else starts, in the same minutes: by cron, and mpv at the instant. Owns their sinks and processes.

use std::process::{Command, Stdio};

use chrono::{DateTime, TimeDelta, Timelike, Utc};

use super::listener::Listener;
use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now};
use super::{MINUTES, errors, row};

/// Players that something else starts: one a minute by cron, and mpv at the instant by this program.
pub fn measure(server: &SoundServer) {
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
