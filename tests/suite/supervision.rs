//! The real binary under a supervisor: what it says to systemd, and that those who are far away are told.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

use super::far_servers::{Web, dead_port, web};
use super::station_folder::{PATIENCE, StationFolder, wait_for};

/// A supervisor's socket.
struct Supervisor(UnixDatagram);

impl Supervisor {
    fn of(station: &mut StationFolder) -> Supervisor {
        let path = station.path().join("notify");
        let socket = UnixDatagram::bind(&path).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        station.environment.push(("NOTIFY_SOCKET".into(), path.display().to_string()));
        Supervisor(socket)
    }

    /// The next word, none where none comes for so long.
    fn hears(&self, within: Duration) -> Option<String> {
        self.0.set_read_timeout(Some(within)).unwrap();
        let mut word = [0; 4096];
        let length = self.0.recv(&mut word).ok()?;
        Some(String::from_utf8(word[..length].to_vec()).unwrap().trim_end().to_owned())
    }

    fn hears_until(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut heard = Vec::new();
        loop {
            // The watchdog is fed for ever, whatever else is not said.
            assert!(heard.len() < 300, "in vain: {heard:?}");
            heard.push(self.hears(PATIENCE).unwrap_or_else(|| panic!("no more was said than {heard:?}")));
            if wanted(heard.last().unwrap()) {
                return heard;
            }
        }
    }
}

/// The thread of that name.
fn thread_of(process: u32, name: &str) -> Pid {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).unwrap().flatten();
    let is_it = |folder: &std::path::PathBuf| {
        std::fs::read_to_string(folder.join("comm")).is_ok_and(|comm| comm.trim_end() == name)
    };
    let folder = threads.map(|thread| thread.path()).find(is_it).unwrap();
    Pid::from_raw(folder.file_name().unwrap().to_str().unwrap().parse().unwrap())
}

fn is_alive(word: &str) -> bool {
    word == "WATCHDOG=1"
}

#[test]
fn systemd_hears_when_cues_air_what_comes_next_that_the_playout_turns_and_the_end() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 4_800);
    station.schedule_in(3_000, "a.wav");
    let supervisor = Supervisor::of(&mut station);
    station.environment.push(("WATCHDOG_USEC".into(), "1000000".into()));
    station.start();
    let mut heard = supervisor.hears_until(|word| word == "READY=1");
    let status = |word: &str| word.starts_with("STATUS=") && word.contains("Đúng giờ");
    if !heard.iter().any(|word| status(word)) {
        heard.extend(supervisor.hears_until(status));
    }
    for _ in 0..5 {
        supervisor.hears_until(is_alive);
    }
    station.signal("TERM");
    supervisor.hears_until(|word| word == "STOPPING=1");
    assert_eq!(station.ended(), Some(0));
}

#[test]
fn a_playout_that_is_held_up_feeds_no_watchdog_and_one_that_goes_on_feeds_it_again() {
    let mut station = StationFolder::new("\"virtual\"");
    let supervisor = Supervisor::of(&mut station);
    station.environment.push(("WATCHDOG_USEC".into(), "1000000".into()));
    station.run();
    supervisor.hears_until(is_alive);
    // One thread stands still, as if it hung in a loop or a lock, while all others go on.
    let playout = thread_of(station.pid(), "playout");
    ptrace::seize(playout, ptrace::Options::empty()).unwrap();
    ptrace::interrupt(playout).unwrap();
    waitpid(playout, Some(WaitPidFlag::__WALL)).unwrap();
    // A busy machine makes such a silence longer, never shorter; any other thread of the station would break it.
    wait_for("a silence", || supervisor.hears(Duration::from_secs(3)).is_none().then_some(()));
    ptrace::detach(playout, None).unwrap();
    supervisor.hears_until(is_alive);
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

#[test]
fn without_a_supervisor_and_with_one_that_is_deaf_the_station_runs_all_the_same() {
    let mut station = StationFolder::new("\"virtual\"");
    station.environment.push(("NOTIFY_SOCKET".into(), "/khong/co/ai".into()));
    station.environment.push(("WATCHDOG_USEC".into(), "x".into()));
    station.run();
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

/// A supervisor that does not read what it is told holds up nothing.
#[test]
fn one_that_never_reads_does_not_hold_up_the_playout() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("a.wav", 4_800);
    let _unread = Supervisor::of(&mut station);
    station.environment.push(("WATCHDOG_USEC".into(), "200000".into()));
    station.run();
    // More words than any queue between the two holds.
    std::thread::sleep(Duration::from_secs(8));
    assert!(station.loa(&["play", "a.wav"]).status.success());
    station.wait_for_outcome("aired");
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

/// Adds to the station's config.
fn configure(station: &StationFolder, more: &str) {
    let file = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(file, text + more).unwrap();
}

#[test]
fn a_faulty_schedule_is_told_to_those_who_are_far_away_once_across_a_kill() {
    let mut station = StationFolder::new("\"virtual\"");
    let (port, heard) = web(&[Web::Answer("200 OK", "thanks")]);
    configure(&station, &format!("[alarms]\nwebhook = \"http://127.0.0.1:{port}/bi-mat\"\nafter = \"0s\"\n"));
    let silent = station.json(&["status", "--json"]);
    assert_eq!(silent["running"], false);
    station.schedule("hong.toml", "id = \"hong\"\npaly = 1\n");
    station.run();
    let (_, body) = heard.recv_timeout(PATIENCE).unwrap();
    let items: serde_json::Value = serde_json::from_str(&body).unwrap();
    let item = items.as_array().unwrap().iter().find(|item| item["alarm"] == "schedule_faulty").unwrap();
    assert_eq!((&item["station"], &item["state"]), (&"xa-thu".into(), &"raised".into()));
    assert!(item["found"].as_str().unwrap().contains("paly"), "{item}");
    let delivered = |station: &StationFolder| {
        let status = station.json(&["status", "--json"]);
        let way = status["ways"][0].clone();
        assert!(!status.to_string().contains("bi-mat"));
        (way["way"] == "webhook" && !way["delivered"].is_null()).then_some(way)
    };
    let before = wait_for("the delivery in the status", || delivered(&station));
    station.kill();
    station.run();
    assert_eq!(wait_for("the ways", || delivered(&station)), before);
    let test = station.loa(&["alarms", "--test"]);
    let said = String::from_utf8_lossy(&test.stdout).into_owned();
    assert!(test.status.success() && said.contains("200 OK thanks"), "{test:?}");
    let (_, body) = heard.recv_timeout(PATIENCE).unwrap();
    assert!(body.contains("\"state\":\"test\""), "after the kill the first word is the test: {body}");
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}

#[test]
fn a_server_that_is_not_there_is_shown_in_the_status_and_is_no_alarm_itself() {
    let mut station = StationFolder::new("\"virtual\"");
    let port = dead_port();
    let mail =
        "server = \"127.0.0.1\"\nsecurity = \"none\"\nfrom = \"a@b.vn\"\nto = [\"c@d.vn\", \"e@f.vn\"]\n";
    configure(&station, &format!("[alarms]\nafter = \"0s\"\n[alarms.email]\nport = {port}\n{mail}"));
    station.schedule("hong.toml", "id = \"hong\"\npaly = 1\n");
    station.run();
    let status = wait_for("both receivers' failures", || {
        let status = station.json(&["status", "--json"]);
        let failing = |at: usize| !status["ways"][at]["failing"].is_null();
        (failing(0) && failing(1)).then_some(status)
    });
    assert_eq!(status["alarms"].as_array().unwrap().len(), 1, "{status}");
    let said = String::from_utf8_lossy(&station.loa(&["status"]).stdout).into_owned();
    assert!(said.contains("Alarms have not reached c@d.vn"), "{said}");
    let test = station.loa(&["alarms", "--test"]);
    assert_eq!(test.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&test.stdout).contains("Not sent to e@f.vn"), "{test:?}");
    assert_eq!(station.loa(&["alarms"]).status.code(), Some(2));
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
}
