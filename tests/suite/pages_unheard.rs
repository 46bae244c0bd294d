//! What waits for approval is heard on the pages before it is approved: that very content, by those who may listen, and
//! nothing else is approved than what the page showed.

use loa::core::cart::Fingerprint;
use loa::journal::Reader;

use super::office_rig::{drop_file, office, recording};
use super::pages_rig::{
    Browser, Page, account, approval, approving_station, encoded, hasty_inbox, own_address, station,
};
use super::station_folder::{StationFolder, wait_for};

const NAME: &str = "Phòng Văn hóa/ban-tin.wav";
const SCHEDULE: &str = "id = \"tuan\"\ntitle = \"Lịch tuần\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"sang\"\ntitle = \"Buổi sáng\"\n\
                        at = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"ban-tin.wav\"]\n";

/// An office copies a file into its folder; it is answered when this returns.
fn send(station: &StationFolder, name: &str, bytes: &[u8]) {
    let office = office(station);
    let receipts = || {
        let files = std::fs::read_dir(office.join("Receipts")).into_iter().flatten().flatten();
        files.filter(|file| file.file_name().to_string_lossy().ends_with(".txt")).count()
    };
    let before = receipts();
    drop_file(station, name, bytes);
    wait_for("the answer", || (receipts() > before).then_some(()));
}

/// The address of that content.
fn at(what: &str, name: &str, content: &[u8]) -> String {
    format!("/recordings/{what}?name={}&content={}", encoded(name), Fingerprint::of(content))
}

/// As a page has it.
fn shown(address: &str) -> String {
    address.replace('&', "&#38;")
}

fn orders_with(browser: &mut Browser, address: &str) -> Page {
    wait_for("what is to be heard", || {
        let page = browser.get("/orders");
        page.body.contains(&format!("href=\"{}\"", shown(address))).then_some(page)
    })
}

fn approved(station: &StationFolder) -> Vec<Fingerprint> {
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    let approvals = journal.approvals(&"tuan".into()).unwrap();
    approvals.into_iter().flat_map(|one| one.carts.into_values()).collect()
}

#[test]
fn what_waits_is_heard_before_it_is_approved_and_nothing_else_is() {
    let mut station = approving_station("127.0.0.1:0");
    hasty_inbox(&station);
    for (name, role) in [("Cúc", "supervisor"), ("Dũng", "office")] {
        account(&station, name, role);
    }
    station.run();
    let [first, second, third] = [48_000, 96_000, 60_000].map(|frames| recording(&station, frames));
    let mut supervisor = Browser::signed_in(&station, "Cúc");
    let mut office = Browser::signed_in(&station, "Dũng");

    // A new schedule, with a recording that nobody has approved.
    send(&station, "ban-tin.wav", &first);
    send(&station, "lich.toml", SCHEDULE.as_bytes());
    let page = orders_with(&mut supervisor, &at("one", NAME, &first)).body;
    assert!(page.contains(&format!("{NAME} (1 s)")) && page.contains("action=\"/refuse\""), "{page}");
    assert!(supervisor.hear(&at("listen", NAME, &first), "").2 == first);
    let told = supervisor.approve("tuan");
    assert!(told.body.contains("Approved"), "{}", told.body);
    assert_eq!(approved(&station), [Fingerprint::of(&first)]);
    assert_eq!(supervisor.get(&at("one", NAME, &first)).status, 410, "it does not wait any more");

    // New content of it, while what was approved airs on.
    send(&station, "ban-tin.wav", &second);
    let page = orders_with(&mut supervisor, &at("one", NAME, &second)).body;
    assert!(page.contains(&format!("{NAME} (2 s)")), "{page}");
    let old = supervisor.decision("/approve", "tuan").unwrap();
    let listen = at("listen", NAME, &second);
    for browser in [&mut supervisor, &mut office] {
        let list = browser.get("/recordings").body;
        assert!(list.contains("Recordings that wait") && list.contains(&shown(&listen)), "{list}");
        assert!(!browser.get("/recordings?name=khac").body.contains(&shown(&listen)));
        let one = browser.get(&at("one", NAME, &second)).body;
        assert!(one.contains(&format!("preload=\"none\" src=\"{}\"", shown(&listen))), "{one}");
        assert!(one.contains("tuan") && one.contains(&Fingerprint::of(&second).to_string()), "{one}");
        let (status, head, heard) = browser.hear(&listen, "");
        assert!(status == 200 && heard == second && head.contains("content-type: audio/wav"), "{head}");
        let (status, head, heard) = browser.hear(&listen, "bytes=1000-1999");
        assert!(status == 206 && heard == second[1_000..2_000], "{head}");
        assert_eq!(browser.hear(&listen, &format!("bytes={}-", second.len())).0, 416);
        let old = format!("/recordings/listen?name={}", encoded(NAME));
        assert!(browser.hear(&old, "").2 == first, "what is approved is heard as before");
    }
    assert!(supervisor.get(&at("one", NAME, &second)).body.contains("href=\"/orders\""));
    assert!(!office.get(&at("one", NAME, &second)).body.contains("href=\"/orders\""));
    let sha = Fingerprint::of(&second).to_string();
    for (name, content, status) in [
        ("../state/waiting/ban-tin.wav", &*sha, 400),
        ("/etc/passwd", &*sha, 400),
        ("", &*sha, 400),
        (NAME, "zz", 400),
        (NAME, "../../etc/passwd", 400),
        ("khac.wav", &*sha, 410),
        ("ban-tin.wav", &*sha, 410),
        (NAME, &"0".repeat(64), 410),
    ] {
        for what in ["one", "listen"] {
            let address = format!("/recordings/{what}?name={}&content={}", encoded(name), encoded(content));
            let told = supervisor.get(&address);
            assert_eq!(told.status, status, "{address}: {}", told.body);
            assert!(told.body.contains("class=\"bad\""), "{address}: {}", told.body);
        }
    }

    // A third comes while the page with the second is open.
    send(&station, "ban-tin.wav", &third);
    for what in ["one", "listen"] {
        let told = supervisor.get(&at(what, NAME, &second));
        assert!(told.status == 410 && told.body.contains("does not wait for approval in that content"));
    }
    let told = supervisor.decide("/approve", &old);
    assert!(!told.body.contains("Approved") && told.status == 409, "{}: {}", told.status, told.body);
    assert_eq!(approved(&station), [Fingerprint::of(&first)]);
    // Somebody lays other bytes in its place, or takes it away.
    orders_with(&mut supervisor, &at("one", NAME, &third));
    let aside = station.path().join("state/waiting").join(NAME);
    std::fs::write(&aside, &second).unwrap();
    assert_eq!(supervisor.get(&at("listen", NAME, &third)).status, 410);
    orders_with(&mut supervisor, &at("one", NAME, &second));
    std::fs::remove_file(&aside).unwrap();
    assert_eq!(supervisor.get(&at("listen", NAME, &second)).status, 410);
    std::fs::write(&aside, &third).unwrap();
    // Known by a station that was started anew as well.
    station.kill();
    station.run();
    let mut supervisor = Browser::signed_in(&station, "Cúc");
    orders_with(&mut supervisor, &at("one", NAME, &third));
    wait_for("its length", || {
        supervisor.get("/orders").body.contains(&format!("{NAME} (1.3 s)")).then_some(())
    });
    assert!(supervisor.hear(&at("listen", NAME, &third), "").2 == third);
    let told = supervisor.approve("tuan");
    assert!(told.body.contains("Approved"), "{}", told.body);
    let stored = station.path().join("audio").join(NAME);
    wait_for("the new content", || (std::fs::read(&stored).unwrap() == third).then_some(()));
    assert_eq!(approved(&station), [&first, &third].map(|content| Fingerprint::of(content)));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn what_waits_is_not_heard_from_afar_without_signing_in() {
    let Some(own) = own_address() else { return };
    let mut station = approving_station("0.0.0.0:0");
    account(&station, "Cúc", "supervisor");
    station.recording("a.wav", 48_000);
    station.schedule_in(3_000, "a.wav");
    station.run();
    let bytes = std::fs::read(station.path().join("audio/a.wav")).unwrap();
    let mut here = Browser::of(&station);
    here.address.set_ip(own);
    let by_login = |address: &str| {
        let next: String = form_urlencoded::byte_serialize(address.as_bytes()).collect();
        format!("/login?next={next}")
    };
    for what in ["one", "listen"] {
        let address = at(what, "a.wav", &bytes);
        assert_eq!(here.get(&address).header("location"), Some(&*by_login(&address)));
    }
    here.sign_in("Cúc");
    // Whoever was sent the address ends up there.
    let address = at("one", "a.wav", &bytes);
    assert_eq!(here.get(&by_login(&address)).header("location"), Some(&*address));
    orders_with(&mut here, &at("one", "a.wav", &bytes));
    assert!(here.hear(&at("listen", "a.wav", &bytes), "").2 == bytes);
}

/// What a technician lays into the folder of recordings has no receipt to read.
#[test]
fn an_approval_covers_nothing_but_what_its_page_showed() {
    let mut station = approving_station("127.0.0.1:0");
    account(&station, "Cúc", "supervisor");
    let path = station.recording("ban-tin.wav", 48_000);
    station.schedule("tuan.toml", SCHEDULE);
    station.run();
    let [first, second, third] = [48_000, 96_000, 60_000].map(|frames| {
        let bytes = recording(&station, frames);
        if frames == 48_000 { std::fs::read(&path).unwrap() } else { bytes }
    });
    let mut supervisor = Browser::signed_in(&station, "Cúc");
    orders_with(&mut supervisor, &at("one", "ban-tin.wav", &first));
    assert!(supervisor.approve("tuan").body.contains("Approved"));
    std::fs::write(&path, &second).unwrap();
    orders_with(&mut supervisor, &at("one", "ban-tin.wav", &second));
    let old = supervisor.decision("/approve", "tuan").unwrap();
    std::fs::write(&path, &third).unwrap();
    // At once, before the folder is looked at again.
    assert_eq!(supervisor.get(&at("listen", "ban-tin.wav", &second)).status, 410);
    orders_with(&mut supervisor, &at("one", "ban-tin.wav", &third));
    let told = supervisor.decide("/approve", &old);
    assert!(told.status == 409 && told.body.contains("Nothing was approved"), "{}", told.body);
    // Nor by a form that shows nothing.
    let bare: Vec<_> = old.into_iter().filter(|(name, _)| name != "seal").collect();
    assert_eq!(supervisor.decide("/approve", &bare).status, 409);
    assert_eq!(approved(&station), [Fingerprint::of(&first)]);
    assert!(supervisor.approve("tuan").body.contains("Approved"));
    assert_eq!(approved(&station), [&first, &third].map(|content| Fingerprint::of(content)));
}

#[test]
fn a_schedule_that_aired_before_approval_was_wanted_can_be_approved_and_not_refused() {
    let mut station = station("127.0.0.1:0");
    account(&station, "Cúc", "supervisor");
    station.recording("ban-tin.wav", 48_000);
    station.schedule("tuan.toml", SCHEDULE);
    station.run();
    station.signal("TERM");
    station.ended();
    approval(&station, true);
    station.run();
    let mut supervisor = Browser::signed_in(&station, "Cúc");
    wait_for("the form for approving", || supervisor.decision("/approve", "tuan"));
    assert_eq!(supervisor.decision("/refuse", "tuan"), None, "nothing of it waits that could be refused");
    // A change of it waits, and can be refused.
    station.schedule("tuan.toml", &SCHEDULE.replace("05:30", "06:15"));
    let refuse = wait_for("the form for refusing", || supervisor.decision("/refuse", "tuan"));
    let told = supervisor.decide("/refuse", &[&refuse[..], &[("why".into(), "sai giờ".into())]].concat());
    assert!(told.body.contains("Refused"), "{}", told.body);
    wait_for("nothing to refuse", || supervisor.decision("/refuse", "tuan").is_none().then_some(()));
    assert!(supervisor.approve("tuan").body.contains("Approved"));
    assert_eq!(supervisor.decision("/approve", "tuan"), None);
}
