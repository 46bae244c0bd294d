//! Who may do what at the station's pages: every form without a session, in another role, without its mark, from another
//! site; passwords; machines elsewhere; hostile input. What is refused is told in the reader's language.

use loa::core::record::{AccountChange, Entry, Visit};
use loa::journal::Reader;

use super::pages_rig::{Browser, PASSWORD, Page, account, certificate, own_address, station};
use super::station_folder::{StationFolder, wait_for};

/// Every form, with who may send it: technician, supervisor, office, nobody in particular at the station itself.
const FORMS: &[(&str, [bool; 4])] = &[
    ("/stop", [true, true, true, true]),
    ("/play", [true, false, false, false]),
    ("/skip", [true, false, false, false]),
    ("/emergency", [true, false, false, false]),
    ("/emergency/end", [true, false, false, false]),
    ("/clock", [true, false, false, false]),
    ("/approve", [true, true, false, false]),
    ("/refuse", [true, true, false, false]),
    ("/enter", [true, true, false, false]),
    ("/note", [true, true, false, false]),
    ("/take-back", [true, true, false, false]),
    ("/review", [true, true, false, false]),
    ("/change", [true, false, false, false]),
    ("/recordings/off", [true, false, false, false]),
];

fn station_with_accounts(listen: &str) -> StationFolder {
    let mut station = station(listen);
    account(&station, "Bình", "technician");
    account(&station, "Cúc", "supervisor");
    account(&station, "Dũng", "office");
    station.run();
    station
}

fn entries(station: &StationFolder) -> Vec<Entry> {
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    journal.latest(500).unwrap().into_iter().map(|noted| noted.entry).collect()
}

fn refused(page: &Page, status: u16, about: &str) {
    assert_eq!(page.status, status, "{about}: {}", page.body);
    assert!(page.body.contains("class=\"bad\""), "{about}: {}", page.body);
}

#[test]
fn every_form_asks_who_sends_it_from_where_and_with_which_mark() {
    let station = station_with_accounts("127.0.0.1:0");
    let visitors: Vec<Browser> = ["Bình", "Cúc", "Dũng", ""]
        .iter()
        .map(|name| {
            let mut browser = Browser::of(&station);
            browser.get("/?language=vi");
            if !name.is_empty() {
                assert_eq!(browser.sign_in(name).status, 303);
            }
            browser
        })
        .collect();
    for (path, may) in FORMS {
        for (visitor, may) in visitors.iter().zip(may) {
            let mut visitor = visitor.clone();
            let token = visitor.get("/").token().unwrap().to_owned();
            let ours = format!("Origin: http://{}\r\n", visitor.address);
            let about = |what: &str| format!("{path} {what}");
            let no_mark = visitor.post_as(path, &[], None, &ours);
            refused(&no_mark, 403, &about("without a mark"));
            assert!(no_mark.body.contains("Hãy tải lại trang"), "{}", no_mark.body);
            refused(&visitor.post_as(path, &[], Some(&"0".repeat(64)), &ours), 403, &about("wrong mark"));
            let strange = visitor.post_as(path, &[], Some(&token), "Origin: http://evil.example\r\n");
            refused(&strange, 403, &about("of another site"));
            assert!(strange.body.contains("trang của nơi khác"), "{}", strange.body);
            let other_port = visitor.post_as(path, &[], Some(&token), "Origin: http://127.0.0.1:1\r\n");
            refused(&other_port, 403, &about("of another port"));
            let sly = format!("{ours}Sec-Fetch-Site: cross-site\r\n");
            refused(&visitor.post_as(path, &[], Some(&token), &sly), 403, &about("of a sly site"));
            refused(&visitor.post_as(path, &[], Some(&token), ""), 403, &about("from nowhere"));
            let named = "Host: evil.example\r\nOrigin: http://evil.example\r\n";
            refused(&visitor.post_as(path, &[], Some(&token), named), 421, &about("by another name"));
            let right = visitor.post_as(path, &[], Some(&token), &ours);
            match (may, visitor.cookies.contains_key("loa-session")) {
                (true, _) => assert!(matches!(right.status, 200 | 400), "{path}: {}", right.body),
                (false, true) => refused(&right, 403, &about("in another role")),
                (false, false) => refused(&right, 401, &about("without a session")),
            }
        }
    }
    // Whoever comes through another server is not at the station itself.
    let mut visitor = visitors[3].clone();
    let token = visitor.get("/").token().unwrap().to_owned();
    let through = format!("Origin: http://{}\r\nX-Forwarded-For: 10.0.0.1\r\n", visitor.address);
    refused(&visitor.post_as("/stop", &[], Some(&token), &through), 403, "stop through a proxy");
    // The mark of one visit is no mark of another's.
    let mut other = visitors[0].clone();
    let ours = format!("Origin: http://{}\r\n", other.address);
    refused(&other.post_as("/clock", &[], Some(&token), &ours), 403, "the mark of another");
    let orders = entries(&station).into_iter().filter_map(|entry| match entry {
        Entry::Ordered { by, .. } => Some(by),
        _ => None,
    });
    assert!(orders.filter(|by| by == "Cúc" || by == "Dũng").count() <= 2, "only stops reached the station");
}

#[test]
fn a_wrong_password_and_a_name_of_nobody_are_answered_alike_and_guessing_ends() {
    let station = station_with_accounts("127.0.0.1:0");
    let mut guesser = Browser::of(&station);
    let said = |page: &Page| {
        let line = page.body.lines().find(|line| line.contains("role=\"alert\"")).unwrap_or_default();
        (page.status, line.to_owned())
    };
    let wrong = said(&guesser.post("/login", &[("name", "Bình"), ("password", "không phải đâu")]));
    assert_eq!(wrong.0, 403);
    assert!(wrong.1.contains("name or the password is wrong"), "{}", wrong.1);
    assert_eq!(wrong, said(&guesser.post("/login", &[("name", "Ai đó"), ("password", "không phải đâu")])));
    assert_eq!(wrong, said(&guesser.post("/login", &[("name", ""), ("password", PASSWORD)])));
    assert_eq!(wrong, said(&guesser.post("/login", &[("name", "Bình"), ("password", &"x".repeat(5_000))])));
    let last =
        (0..12).map(|_| guesser.post("/login", &[("name", "Bình"), ("password", "sai sai sai")])).last();
    let last = last.unwrap();
    refused(&last, 429, "too many");
    assert!(last.header("retry-after").is_some_and(|wait| wait.parse::<u64>().unwrap() > 60));
    refused(&guesser.sign_in("Bình"), 429, "the right password comes too late");
    assert_eq!(guesser.sign_in("Cúc").status, 303, "another account is not kept out");
    let told = entries(&station);
    let failures: Vec<&Visit> = told
        .iter()
        .filter_map(|entry| match entry {
            Entry::Visit(visit @ Visit::Failed { .. }) => Some(visit),
            _ => None,
        })
        .collect();
    assert!((1..=3).contains(&failures.len()), "{failures:?}");
    let text = format!("{told:?}");
    assert!(!text.contains("Ai đó") && !text.contains("sai sai"), "no guess is written down");
    assert!(!text.contains(PASSWORD));
}

#[test]
fn sessions_begin_and_end_and_the_journal_has_it() {
    let station = station_with_accounts("127.0.0.1:0");
    let mut browser = Browser::of(&station);
    let before = browser.get("/login");
    let signed = browser.sign_in("Bình");
    let cookie = signed.header("set-cookie").unwrap();
    for part in ["loa-session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_eq!(signed.header("location"), Some("/"));
    assert_ne!(browser.get("/").token(), before.token(), "another mark than before signing in");
    assert!(browser.get("/orders").body.contains("Bình"));
    let elsewhere = browser
        .clone()
        .post("/login", &[("name", "Bình"), ("password", PASSWORD), ("next", "//evil.example")]);
    assert_eq!(elsewhere.header("location"), Some("/"));
    let copy = browser.clone();
    assert_eq!(browser.post("/logout", &[]).status, 303);
    assert_eq!(copy.clone().get("/orders").header("location"), Some("/login?next=%2Forders"));
    // Whoever loses the account, or gets another password, loses the session.
    for change in ["password", "removal"] {
        browser.sign_in("Bình");
        assert_eq!(browser.get("/orders").status, 200);
        match change {
            "password" => account(&station, "Bình", "technician"),
            _ => assert!(station.loa(&["user", "remove", "Bình"]).status.success()),
        }
        wait_for("the end of the session", || (browser.get("/orders").status == 303).then_some(()));
    }
    let told = entries(&station);
    let has = |wanted: &dyn Fn(&Entry) -> bool| told.iter().any(wanted);
    assert!(has(&|entry| matches!(entry, Entry::Visit(Visit::In { name, from })
        if name.as_str() == "Bình" && from == "127.0.0.1")));
    assert!(has(&|entry| matches!(entry, Entry::Visit(Visit::Out { .. }))));
    for wanted in [AccountChange::Password, AccountChange::Removed] {
        assert!(
            has(&|entry| matches!(entry, Entry::Account { name, change, by }
            if name.as_str() == "Bình" && *change == wanted && !by.is_empty())),
            "{wanted:?}: {told:?}"
        );
    }
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
    let listed = station.json(&["user", "list", "--json"]);
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert!(!listed.to_string().contains("salt"));
    for wrong in [
        &["user", "remove", "Ai"][..],
        &["user", "add", "x", "--role", "office", "--password-file", "/dev/null"],
    ] {
        assert_eq!(station.loa(wrong).status.code(), Some(1), "{wrong:?}");
    }
}

#[test]
fn accounts_that_cannot_be_read_are_told_and_nobody_gains_or_loses_by_it() {
    let station = station_with_accounts("127.0.0.1:0");
    let mut browser = Browser::of(&station);
    browser.sign_in("Bình");
    let file = station.path().join("state/accounts.json");
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, "{\"accounts\": [{\"name\": \"Kẻ gian\"").unwrap();
    let alarm = |station: &StationFolder| {
        let alarms = station.json(&["status", "--json"])["alarms"].clone();
        alarms.as_array().unwrap().iter().find(|alarm| alarm["code"] == "accounts_faulty").cloned()
    };
    let told = wait_for("the alarm", || alarm(&station));
    assert!(told["found"].as_str().unwrap().contains("loa user add"), "{told}");
    assert_eq!(browser.get("/orders").status, 200, "who was signed in stays so");
    assert_eq!(Browser::of(&station).sign_in("Cúc").status, 303);
    assert_eq!(
        station.loa(&["user", "add", "x", "--role", "office", "--password-file", "-"]).status.code(),
        Some(1)
    );
    std::fs::write(&file, whole).unwrap();
    wait_for("the end of the alarm", || alarm(&station).is_none().then_some(()));
}

#[test]
fn other_machines_come_in_only_where_there_are_accounts_and_only_signed_in() {
    let Some(own) = own_address() else { return };
    let mut station = station("0.0.0.0:0");
    station.run();
    let alarm = wait_for("the alarm", || {
        let alarms = station.json(&["status", "--json"])["alarms"].clone();
        alarms.as_array()?.iter().find(|alarm| alarm["code"] == "page_not_served").cloned()
    });
    assert!(alarm["found"].as_str().unwrap().contains("loa user add"), "{alarm}");
    assert!(!station.path().join("state/page").exists());
    account(&station, "Cúc", "supervisor");
    let mut here = Browser::of(&station);
    here.address.set_ip(own);
    wait_for("the end of the alarm", || {
        station.json(&["status", "--json"])["alarms"].as_array()?.is_empty().then_some(())
    });
    for path in [
        "/",
        "/airings",
        "/month",
        "/rundown",
        "/airings/1",
        "/inbox/receipts/20261124-051203-3f9a1c",
        "/recordings/listen?name=a.wav",
        "/recordings/one?name=a.wav",
    ] {
        let page = here.get(path);
        assert_eq!(page.status, 303, "{path}");
        assert!(page.header("location").is_some_and(|place| place.starts_with("/login?next=")));
    }
    assert_eq!(here.get("/live").status, 401);
    assert_eq!(here.get("/api/v1/status").status, 401);
    assert_eq!(here.get("/health").status, 200);
    let login = here.get("/login").body;
    assert!(!login.contains("/airings") && !login.contains("action=\"/stop\""), "{login}");
    refused(&here.post("/stop", &[]), 403, "stop from afar");
    assert_eq!(here.sign_in("Cúc").status, 303);
    assert_eq!(here.get("/airings").status, 200);
    assert_eq!(here.post("/stop", &[]).status, 200);
    assert_eq!(here.send(b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").status, 421);
    // The last account gone, the door is closed again.
    assert!(station.loa(&["user", "remove", "Cúc"]).status.success());
    wait_for("the door to close", || (!station.path().join("state/page").exists()).then_some(()));
}

/// Gives the station a certificate that is good for two days; the folder it is in.
fn with_certificate(station: &StationFolder) -> std::path::PathBuf {
    let folder = station.path().join("config");
    certificate(&folder, 2);
    let config = folder.join("station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let keys = "[page]\ncertificate = \"config/trang.crt\"\nkey = \"config/trang.key\"";
    std::fs::write(&config, text.replace("[page]", keys)).unwrap();
    folder
}

#[test]
fn pages_come_over_tls_where_the_config_has_a_certificate() {
    let mut station = station("127.0.0.1:0");
    with_certificate(&station);
    account(&station, "Bình", "technician");
    station.run();
    let address = super::pages_rig::address(station.path());
    assert!(std::fs::read_to_string(station.path().join("state/page")).unwrap().starts_with("https://"));
    let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
    let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
    let mut answer = agent.get(format!("https://{address}/login")).call().unwrap();
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("; Secure"), "{cookie}");
    assert!(answer.body_mut().read_to_string().unwrap().contains("name=\"password\""));
    // Who speaks no TLS gets nothing, and keeps nobody from the door.
    use std::io::{Read, Write};
    let mut plain = std::net::TcpStream::connect(address).unwrap();
    plain.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut said = Vec::new();
    let _ = plain.read_to_end(&mut said);
    assert!(!String::from_utf8_lossy(&said).contains("HTTP/1.1"));
    assert_eq!(agent.get(format!("https://{address}/health")).call().unwrap().status(), 200);
}

#[test]
fn a_renewed_certificate_is_taken_over_and_one_that_ends_is_told_of() {
    let mut station = station("127.0.0.1:0");
    let folder = with_certificate(&station);
    station.run();
    let address = super::pages_rig::address(station.path());
    let served = || {
        let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
        let agent: ureq::Agent = ureq::Agent::config_builder().tls_config(tls).build().into();
        agent.get(format!("https://{address}/health")).call().unwrap().status() == 200
    };
    let alarm = |code: &str| {
        let alarms = station.json(&["status", "--json"])["alarms"].clone();
        alarms.as_array()?.iter().find(|alarm| alarm["code"] == code).cloned()
    };
    let code = || {
        let found = station.json(&["doctor", "--json"]);
        let all = found.as_array().or(found["findings"].as_array()).unwrap().clone();
        all.iter().find(|one| one["subject"] == "page").unwrap()["code"].as_str().unwrap().to_owned()
    };
    wait_for("the alarm that it ends", || alarm("certificate_ends"));
    assert_eq!(code(), "certificate_ends");
    // The renewed one comes in two steps; until both are there the one before it is served.
    let renewed = tempfile::tempdir().unwrap();
    certificate(renewed.path(), 90);
    std::fs::copy(renewed.path().join("trang.crt"), folder.join("trang.crt")).unwrap();
    assert_eq!(code(), "certificate_faulty");
    assert!(served());
    std::fs::copy(renewed.path().join("trang.key"), folder.join("trang.key")).unwrap();
    wait_for("the alarm to end", || alarm("certificate_ends").is_none().then_some(()));
    assert!(served());
    assert_eq!(code(), "page_here");
    // One that stays wrong is an alarm, and the pages go on.
    std::fs::write(folder.join("trang.key"), "hỏng").unwrap();
    let alarm = wait_for("the alarm", || alarm("certificate_faulty"));
    assert!(alarm["found"].as_str().unwrap().contains("trang.key"), "{alarm}");
    assert!(served());
}

#[test]
fn a_port_that_another_program_has_is_an_alarm_and_the_station_airs() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut station = station(&taken.local_addr().unwrap().to_string());
    station.recording("a.wav", 30_000);
    station.schedule_in(7, "a.wav");
    station.run();
    let alarm = wait_for("the alarm", || {
        let alarms = station.json(&["status", "--json"])["alarms"].clone();
        alarms.as_array()?.iter().find(|alarm| alarm["code"] == "page_not_served").cloned()
    });
    assert!(alarm["found"].as_str().unwrap().contains("listen"), "{alarm}");
    station.wait_for_outcome("aired");
    drop(taken);
    wait_for("the pages", || station.path().join("state/page").exists().then_some(()));
    assert_eq!(Browser::of(&station).get("/").status, 200);
}
