//! The station's pages over real HTTP: each in both languages, light, without a raw key; orders by page, in whose name they
//! are recorded; the commands' JSON.

use loa::words::Language;

use super::pages_rig::{Browser, Page, account, approving_station, hasty_inbox, station};
use super::station_folder::{StationFolder, wait_for};

/// A page of a browser may weigh this.
const HEAVIEST: usize = 100_000;

fn aired_station() -> StationFolder {
    let mut station = station("127.0.0.1:0");
    station.recording("a.wav", 30_000);
    account(&station, "Bình", "technician");
    account(&station, "Cúc", "supervisor");
    account(&station, "Dũng", "office");
    station.schedule_in(7, "a.wav");
    station.run();
    station.wait_for_outcome("aired");
    station
}

fn in_order(page: &Page, language: &str, path: &str) {
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    assert!(page.body.len() < HEAVIEST, "{path} has {} bytes", page.body.len());
    if path != "/live" {
        assert!(page.body.contains(&format!("<html lang=\"{language}\">")), "{path}");
    }
    for labels in [loa::words::pages::labels(Language::Vi), loa::words::pages::labels(Language::En)] {
        for (key, _) in labels.all().iter().filter(|(key, _)| key.contains('_')) {
            // An outcome's word is the class of its colour, and the value of a choice.
            let shown = page.body.replace("on_air", "");
            assert!(!shown.contains(key), "{path} shows `{key}`");
        }
    }
    for (name, wanted) in [
        ("content-security-policy", "default-src 'none'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("content-type", "text/html"),
    ] {
        assert!(page.header(name).is_some_and(|value| value.contains(wanted)), "{path}: {name}");
    }
    for outside in ["http://", "https://", "//www", "<style", "onclick", "javascript:"] {
        assert!(!page.body.contains(outside), "{path} has `{outside}`");
    }
}

#[test]
fn every_page_is_there_in_both_languages_light_and_without_a_raw_key() {
    let station = aired_station();
    let mut reader = Browser::of(&station);
    let mut technician = Browser::of(&station);
    assert_eq!(technician.sign_in("Bình").status, 303);
    for (language, word) in [("vi", "Nhật ký phát"), ("en", "Airings")] {
        for path in [
            "/",
            "/live",
            "/rundown",
            "/airings",
            "/airings/1",
            "/month",
            "/inbox",
            "/recordings",
            "/login",
            "/themes",
            "/reports",
        ] {
            let page = reader.get(&format!("{path}?language={language}"));
            in_order(&page, language, path);
            if path != "/live" {
                assert!(page.body.contains(word), "{path} is in {language}");
            }
        }
        for path in [
            "/",
            "/orders",
            "/reports",
            "/themes?period=2026-Q4",
            "/rundown?days=31",
            "/airings?topic=dich-vu-cong&outcome=missed&slot=gio",
        ] {
            let mark = if path.contains('?') { '&' } else { '?' };
            in_order(&technician.get(&format!("{path}{mark}language={language}")), language, path);
        }
    }
    // The choice of a language stays with its reader.
    assert!(reader.get("/").body.contains("lang=\"en\""));
    assert_eq!(reader.get("/loa.css").status, 200);
    assert_eq!(reader.get("/loa.js").header("content-type"), Some("text/javascript; charset=utf-8"));
    let proof = reader.get("/airings/1").body;
    let airing = &station.airings()[0];
    for shown in [
        airing["entry_hash"].as_str().unwrap(),
        airing["carts"][0]["sha256"].as_str().unwrap(),
        "30,000",
        "virtual",
        "aired whole",
        "dBFS",
    ] {
        assert!(proof.contains(shown), "the proof shows `{shown}`: {proof}");
    }
    assert!(reader.get("/airings").body.contains("href=\"/airings/1\""));
    assert!(reader.get("/month").body.contains("<a href=\"/airings/1\">A</a>"));
    let recordings = reader.get("/recordings?name=A.W").body;
    assert!(recordings.contains("a.wav") && recordings.contains("fit to air") && recordings.contains("lich"));
    assert!(!reader.get("/recordings?name=khong-co").body.contains("a.wav"));
    assert!(!reader.get("/").body.contains("/orders"), "whoever may give no orders is shown none");
}

#[test]
fn programs_get_the_commands_json() {
    let station = aired_station();
    let mut reader = Browser::of(&station);
    assert_eq!(reader.get("/api/v1/airings").json(), station.json(&["airings", "--json"]));
    let rundown = station.json(&["rundown", "--days", "3", "--json"]);
    assert_eq!(reader.get("/api/v1/rundown?days=3").json(), rundown);
    let (page, command) = (reader.get("/api/v1/status").json(), station.json(&["status", "--json"]));
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&page), keys(&command));
    assert_eq!(page["station"], command["station"]);
    let health = reader.get("/health");
    assert_eq!((health.status, health.json()["playout"].as_bool()), (200, Some(true)));
    let bad = reader.get("/api/v1/airings?from=2026-13-01");
    assert_eq!(bad.status, 400);
    assert!(bad.json()["error"].as_str().unwrap().contains("2026-13-01"));
}

#[test]
fn whoever_stands_before_the_station_stops_it_without_signing_in() {
    let mut station = station("127.0.0.1:0");
    station.recording("dài.wav", 48_000 * 60);
    station.schedule_in(7, "dài.wav");
    station.run();
    station.wait_for_outcome("on_air");
    let mut reader = Browser::of(&station);
    let now = reader.get("/");
    assert!(now.body.contains("STOP NOW") && now.body.contains("Đúng giờ"), "{}", now.body);
    let told = reader.post("/stop", &[]);
    assert_eq!(told.status, 200, "{}", told.body);
    assert!(told.body.contains("Stopped “Đúng giờ”"), "{}", told.body);
    let cut = station.wait_for_outcome("cut");
    assert_eq!(cut["reason"], "operator");
    let proof = reader.get(&format!("/airings/{}", cut["id"])).body;
    assert!(proof.contains("127.0.0.1"), "the record says from where: {proof}");
    let again = reader.post("/stop?language=vi", &[]);
    assert!(again.body.contains("không có gì đang phát") || again.body.contains("Không có gì đang phát"));
}

#[test]
fn a_technicians_orders_are_carried_out_in_his_name() {
    let station = aired_station();
    let mut technician = Browser::of(&station);
    technician.sign_in("Bình");
    let text = "id = \"mai\"\ntitle = \"Mai\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\n\
                at = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.wav\"]\n";
    station.schedule("mai.toml", text);
    let orders = wait_for("the cue to leave out", || {
        let page = technician.get("/orders").body;
        page.contains("sang|").then_some(page)
    });
    let cue = orders.split_once("value=\"sang|").unwrap().1.split_once('"').unwrap().0;
    let left_out = technician.post("/skip", &[("cue", &format!("sang|{cue}"))]);
    assert!(left_out.body.contains("Left out"), "{}", left_out.body);
    let day = cue.split_once('|').unwrap().0;
    let rundown = technician.get(&format!("/rundown?from={day}&days=1")).body;
    assert!(rundown.contains("left out by Bình"), "{rundown}");
    let refused = technician.post("/play", &[("file", "khong-co.wav")]);
    assert!(refused.status == 200 && refused.body.contains("is not in the library"), "{}", refused.body);
    assert!(technician.post("/play", &[("file", "a.wav")]).body.contains("airs"), "it is there");
    let manual = wait_for("the manual airing", || {
        station.airings().into_iter().find(|airing| airing["by"] == "Bình" && airing["outcome"] == "aired")
    });
    assert_eq!(manual["title"], "a.wav");
    let given = technician.post("/emergency", &[("file", "a.wav"), ("minutes", "30"), ("every", "10")]);
    assert_eq!(given.status, 200, "{}", given.body);
    let emergencies = || station.json(&["status", "--json"])["emergencies"].clone();
    assert_eq!((&emergencies()[0]["by"], &emergencies()[0]["every_s"]), (&"Bình".into(), &600.into()));
    assert!(technician.get("/orders").body.contains("/emergency/end"));
    assert_eq!(technician.post("/emergency/end", &[("file", "a.wav")]).status, 200);
    assert_eq!(emergencies().as_array().unwrap().len(), 0);
    let confirmed = technician.post("/clock", &[]);
    assert!(confirmed.body.contains("vouched"), "{}", confirmed.body);
    assert!(technician.post("/approve", &[("schedule", "khong-co")]).body.contains("khong-co"));
    for (field, bad) in [("cue", "../../x"), ("cue", "sang|2026-99-99|x")] {
        assert_eq!(technician.post("/skip", &[(field, bad)]).status, 400);
    }
    assert_eq!(technician.post("/emergency", &[("file", "a.wav"), ("minutes", "7")]).status, 400);
    assert_eq!(technician.post("/play", &[("file", "../config/station.toml")]).status, 400);
}

#[test]
fn a_schedule_is_approved_by_whoever_may_in_his_own_name() {
    let mut station = approving_station("127.0.0.1:0");
    station.recording("a.wav", 30_000);
    account(&station, "Cúc", "supervisor");
    station.schedule_in(3_000, "a.wav");
    station.run();
    let mut supervisor = Browser::of(&station);
    supervisor.sign_in("Cúc");
    let orders = wait_for("the schedule that waits", || {
        let page = supervisor.get("/orders").body;
        page.contains("action=\"/approve\"").then_some(page)
    });
    assert!(!orders.contains("action=\"/play\""), "a supervisor plays nothing");
    let told = supervisor.approve("lich");
    assert!(told.body.contains("Approved"), "{}", told.body);
    wait_for("it to be live", || {
        let status = station.json(&["status", "--json"]);
        (status["schedules"][0] == "lich").then_some(())
    });
    let journal = loa::journal::Reader::open(&station.path().join("state/journal.db")).unwrap();
    let approvals = journal.approvals(&"lich".into()).unwrap();
    assert_eq!(approvals.last().unwrap().by, "Cúc");
}

#[test]
fn what_waits_is_refused_with_a_reason_that_the_office_reads_on_its_page() {
    let mut station = approving_station("127.0.0.1:0");
    hasty_inbox(&station);
    account(&station, "Cúc", "supervisor");
    station.recording("a.wav", 30_000);
    station.schedule_in(3_000, "a.wav");
    let office = station.path().join("inbox/Phòng Văn hóa");
    std::fs::create_dir_all(&office).unwrap();
    std::fs::rename(station.path().join("schedules/lich.toml"), office.join("lịch.toml")).unwrap();
    station.run();
    let mut supervisor = Browser::of(&station);
    supervisor.sign_in("Cúc");
    let number = wait_for("the form", || {
        let form = supervisor.decision("/refuse", "lich")?;
        form.into_iter().find_map(|(name, text)| (name == "receipt" && !text.is_empty()).then_some(text))
    });
    let fields = [("schedule", "lich"), ("receipt", number.as_str())];
    let told = supervisor.post("/refuse", &fields).body;
    assert!(told.contains("Not done") && told.contains("empty"), "{told}");
    let told = supervisor.post("/refuse", &[&fields[..], &[("why", "sai <ngày> họp")]].concat()).body;
    assert!(told.contains("Refused"), "{told}");
    let page = supervisor.get("/inbox").body;
    assert!(page.contains("NOT APPROVED") && page.contains("Cúc: sai &#60;ngày&#62; họp"), "{page}");
    assert_eq!(supervisor.decision("/refuse", "lich"), None);
    let receipt = wait_for("its receipt", || {
        let page = supervisor.get(&format!("/inbox/receipts/{number}")).body;
        page.contains("NOT APPROVED").then_some(page)
    });
    assert!(receipt.contains("sai &lt;ngày&gt; họp"), "{receipt}");
}

#[test]
fn what_the_inbox_answered_is_on_its_page() {
    let mut station = station("127.0.0.1:0");
    let office = station.path().join("inbox/Phòng Văn hóa");
    std::fs::create_dir_all(&office).unwrap();
    station.run();
    std::fs::write(office.join("<b>x.txt"), "Kính gửi đài").unwrap();
    let mut reader = Browser::of(&station);
    let page = wait_for("the answer", || {
        let page = reader.get("/inbox").body;
        page.contains("RETURNED").then_some(page)
    });
    assert!(page.contains("Phòng Văn hóa") && page.contains("x.txt") && !page.contains("<b>x"), "{page}");
    assert!(reader.get("/inbox?language=vi&from=2026-01-01&to=2026-01-02").body.contains("Không có tệp nào"));
    assert!(reader.get("/?language=en").body.contains("1 returned"), "the page Now counts it");
}
