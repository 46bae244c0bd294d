//! The station's pages in a real browser: stations driven by the scripts of `tests/browser` in a headless Chromium, and what
//! their journals say of it afterwards. Without the browser it fails, with the remedy.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Timelike};
use chrono_tz::Tz;
use loa::core::account::{AccountName, Role};
use loa::core::order::{Answer, Order};
use loa::core::record::{ClockState, Entry, Trust};
use loa::core::standing::{CardStanding, Report, Standing};
use loa::journal::Reader;
use loa::web::Given;

use super::pages_rig::{MadeUp, PASSWORD, Served, account, address, station};
use super::station_folder::{StationFolder, now, wait_for};
use super::year_rig;

/// Longer than the browser needs to stop it.
const LONG: usize = 48_000 * 90;
/// As people name files, and longer than a phone is wide.
const NAME: &str = "Bản_tin_tuyên_truyền_cải_cách_hành_chính_tháng_11_năm_2026_kỳ_1_(bản_chính_thức).wav";

fn local() -> DateTime<Tz> {
    now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh)
}

/// A station with the generated year behind it, and a schedule for the coming days that waits for approval.
fn station_with_a_past() -> StationFolder {
    let station = station("127.0.0.1:0");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    // Not now, whenever the test runs: something is to be heard.
    let quiet = if local().hour() < 3 { "03:30-04:30" } else { "01:00-02:00" };
    let approval = format!("quiet_hours = \"{quiet}\"\napproval = \"command\"");
    let text =
        text.replace("quiet_hours = \"none\"", &approval).replace("language = \"en\"", "language = \"vi\"");
    std::fs::write(
        &config,
        format!("{text}[inbox]\nsettle = \"1s\"\n[files]\ntargets = \"config/targets.toml\"\n"),
    )
    .unwrap();
    std::fs::create_dir(station.path().join("state")).unwrap();
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    std::fs::copy(sample.join("themes.toml"), station.path().join("config/themes.toml")).unwrap();
    let targets = std::fs::read_to_string(sample.join("targets.toml")).unwrap();
    std::fs::write(station.path().join("config/targets.toml"), targets.replace("2026", "2025")).unwrap();
    year_rig::fill(&station.path().join("state/journal.db"));
    station.recording(NAME, LONG);
    station.recording("bài ngắn.wav", 48_000);
    for (name, role) in [("Bình", "technician"), ("Cúc", "supervisor"), ("Phòng Văn hóa", "office")] {
        account(&station, name, role);
    }
    let mut text = String::from("id = \"tuan\"\ntitle = \"Lịch tuần\"\n");
    writeln!(text, "valid_from = {}", local().date_naive().succ_opt().unwrap()).unwrap();
    for (id, at, play) in [
        ("sang", "05:30", NAME),
        ("chen", "05:31", "bài ngắn.wav"),
        ("trua", "11:15", "bài ngắn.wav"),
        ("thieu", "17:00", "chưa gửi.wav"),
    ] {
        write!(
            text,
            "[[slot]]\nid = \"{id}\"\ntitle = \"Bản tin {id}\"\nat = [\"{at}\"]\ndays = [\"T2-CN\"]\nplay = [\"{play}\"]\n"
        )
        .unwrap();
    }
    station.schedule("tuan.toml", &text);
    let office = station.path().join("inbox/Phòng Văn hóa");
    std::fs::create_dir_all(&office).unwrap();
    std::fs::write(office.join(format!("{NAME}.mp3")), "không phải âm thanh").unwrap();
    station
}

/// Airings of the year that ended in each way, by their numbers.
fn proofs(station: &StationFolder) -> Vec<u64> {
    let airings = station.json(&["airings", "--from", "2025-06-01", "--to", "2025-12-31", "--json"]);
    let airings = airings.as_array().unwrap();
    let of = |outcome: &str| airings.iter().find(|one| one["outcome"] == outcome)?["id"].as_u64();
    ["aired", "cut", "interrupted", "missed"].into_iter().filter_map(of).collect()
}

/// Runs a script of `tests/browser`, and shows what it says where something is wrong.
fn drive(script: &str, told: &serde_json::Value) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let home =
        std::env::var_os("LOA_BROWSER_HOME").map_or_else(|| root.join("target/browser"), PathBuf::from);
    let said = Command::new("node")
        .arg(root.join("tests/browser").join(script))
        .arg(told.to_string())
        .env("LOA_BROWSER_HOME", home)
        .output()
        .expect(
            "node is missing; `scripts/need-browser` (or `make setup-test`) installs what these tests need",
        );
    let (out, wrong) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "the pages in the browser:\n{out}\n{wrong}");
    out.into_owned()
}

/// Runs a station with a year behind it until its schedule waits and its inbox has answered; what a script is told of it.
fn run_with_a_past() -> (StationFolder, serde_json::Value) {
    let mut station = station_with_a_past();
    station.run();
    wait_for("the schedule to wait", || {
        station.json(&["status", "--json"])["waiting"][0]["schedule"].as_str().map(|_| ())
    });
    // What is not measured cannot be heard yet, and what is measured meanwhile is approved by no page from before.
    wait_for("the recordings", || {
        let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
        (journal.carts().unwrap().len() == 2).then_some(())
    });
    wait_for("the inbox to answer", || {
        station.path().join("inbox/Phòng Văn hóa/Phiếu báo").is_dir().then_some(())
    });
    let told = serde_json::json!({
        "address": format!("http://{}", address(station.path())),
        "password": PASSWORD,
        "recording": NAME,
        "short": "bài ngắn.wav",
        "schedule": "Lịch tuần",
        "tomorrow": local().date_naive().succ_opt().unwrap(),
        "yesterday": local().date_naive().pred_opt().unwrap(),
        "proofs": proofs(&station),
    });
    (station, told)
}

fn entries(station: &StationFolder) -> Vec<Entry> {
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    journal.latest(500).unwrap().into_iter().map(|noted| noted.entry).collect()
}

#[test]
fn people_order_and_write_at_the_pages_in_a_browser() {
    let (station, told) = run_with_a_past();
    println!("{}", drive("actions.mjs", &told));
    // Each order stands in the journal once for each language, in the name of whoever gave it.
    let orders: Vec<(Order, String)> = entries(&station)
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Ordered { order, by, .. } => Some((order, by)),
            _ => None,
        })
        .collect();
    let given = |what: &dyn Fn(&Order) -> bool, whose: &str| {
        orders.iter().filter(|(order, by)| what(order) && by == whose).count()
    };
    assert_eq!(given(&|order| matches!(order, Order::Skip { .. }), "Bình"), 2, "{orders:?}");
    let ten = |every: &Option<Duration>| *every == Some(Duration::from_secs(600));
    let emergency = |order: &Order| matches!(order, Order::Emergency { every, .. } if ten(every));
    assert_eq!(given(&emergency, "Bình"), 2, "{orders:?}");
    assert_eq!(given(&|order| matches!(order, Order::EndEmergency { .. }), "Bình"), 2, "{orders:?}");
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    let approvals = journal.approvals(&"tuan".into()).unwrap();
    assert_eq!(approvals.iter().map(|one| one.by.as_str()).collect::<Vec<_>>(), ["Cúc", "Cúc"]);
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

/// A station that does not trust its clock until a person vouches for it.
#[derive(Default)]
struct Doubting(AtomicBool);

impl MadeUp for Doubting {
    fn report(&self) -> Option<Report> {
        let trust = if self.0.load(Ordering::Relaxed) { Trust::Confirmed } else { Trust::Unproven };
        let standing = Standing {
            now: now(),
            started: now(),
            clock: ClockState { synchronised: None, trust },
            on_air: None,
            paused: None,
            emergencies: Vec::new(),
            coming: Vec::new(),
            card: CardStanding::Closed,
            amplifier: None,
            held: 0,
            accounted: None,
        };
        let (alarms, schedules, waiting, ways) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Some(Report { standing, next_due: None, alarms, schedules, waiting, ways })
    }
    fn give(&self, order: Order, by: String) -> Given {
        assert_eq!((order, by.as_str()), (Order::ConfirmClock, "Bình"));
        self.0.store(true, Ordering::Relaxed);
        Given::Done(Answer::ClockConfirmed { now: now() })
    }
}

#[test]
fn a_clock_that_is_doubted_is_vouched_for_in_a_browser() {
    for language in ["vi", "en"] {
        let served = Served::by(Doubting::default(), |_| {});
        let name = AccountName::new("Bình").unwrap();
        let state = served.root.path().join("state");
        loa::web::accounts::add(&state, &name, Role::Technician, PASSWORD, "thử").unwrap();
        let address = format!("http://{}", address(served.root.path()));
        let told = serde_json::json!({ "address": address, "password": PASSWORD, "language": language });
        wait_for("the account", || served.browser().get("/").body.contains("href=\"/login\"").then_some(()));
        println!("{}", drive("clock.mjs", &told));
    }
}

#[test]
fn people_use_the_pages_in_a_browser() {
    let (station, told) = run_with_a_past();
    println!("{}", drive("pages.mjs", &told));
    // What the journal has of it: two were stopped at the page, one by whoever stood there, one by the technician.
    let stopped: Vec<_> = station
        .airings()
        .into_iter()
        .filter(|airing| airing["title"] == NAME)
        .map(|airing| (airing["outcome"].clone(), airing["reason"].clone(), airing["by"].clone()))
        .collect();
    assert_eq!(stopped.len(), 2, "{stopped:?}");
    assert!(
        stopped.iter().all(|(outcome, reason, _)| outcome == "cut" && reason == "operator"),
        "{stopped:?}"
    );
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    assert_eq!(journal.approvals(&"tuan".into()).unwrap().last().unwrap().by, "Cúc");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}
