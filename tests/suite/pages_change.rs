//! A schedule changed for one day by a page, and a recording taken off after a stop: what a file in a folder does, a form
//! does as well, in somebody's name and by the same rules.

use loa::core::drops::Verdict;
use loa::core::record::{Entry, Visit};
use loa::journal::Reader;

use super::pages_rig::{Browser, Page, account, approving_station, hasty_inbox, station};
use super::station_folder::{StationFolder, now, wait_for};

const SCHEDULE: &str = "# Lịch của xã\nid = \"mai\"\ntitle = \"Lịch mai\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"sang\"\n\
                        title = \"Buổi sáng\"\nat = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.wav\"]\n";

fn entries(station: &StationFolder) -> Vec<Entry> {
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    journal.latest(500).unwrap().into_iter().map(|noted| noted.entry).collect()
}

fn text(station: &StationFolder) -> String {
    std::fs::read_to_string(station.path().join("schedules/mai.toml")).unwrap()
}

fn day(ahead: i64) -> String {
    let civil = (now() + chrono::TimeDelta::days(ahead)).with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    civil.format("%Y-%m-%d").to_string()
}

fn change(browser: &mut Browser, day: &str, action: &str, more: &[(&str, &str)]) -> Page {
    let mut fields = vec![("slot", "mai|sang"), ("date", day), ("action", action), ("reason", "Hội nghị")];
    fields.extend(more);
    browser.post("/change", &fields)
}

#[test]
fn one_day_is_changed_by_a_form_as_by_a_file() {
    let mut station = station("127.0.0.1:0");
    account(&station, "Bình", "technician");
    account(&station, "Dũng", "office");
    station.recording("a.wav", 30_000);
    station.recording("b.wav", 60_000);
    station.schedule("mai.toml", SCHEDULE);
    station.run();
    let mut technician = Browser::signed_in(&station, "Bình");
    wait_for("the recordings", || {
        let page = technician.get("/recordings?language=en").body;
        (page.matches("fit to air").count() == 2).then_some(())
    });
    let page = technician.get("/rundown").body;
    assert!(page.contains("<option value=\"mai|sang\">Buổi sáng – Lịch mai</option>"), "{page}");
    assert!(!Browser::signed_in(&station, "Dũng").get("/rundown").body.contains("action=\"/change\""));
    for (ahead, action, more) in [
        (2, "cancel", vec![]),
        (3, "move", vec![("at", "06:15")]),
        (4, "replace", vec![("play", "b.wav"), ("play", ""), ("play", "a.wav")]),
        (5, "extra", vec![("at", "18:00:30"), ("play", "b.wav")]),
        (6, "extra", vec![("at", "18:00")]),
    ] {
        let told = change(&mut technician, &day(ahead), action, &more);
        assert!(told.status == 200 && told.body.contains("changed and live"), "{action}: {}", told.body);
    }
    let written = text(&station);
    assert!(written.starts_with(SCHEDULE), "the rest stays as it was: {written}");
    let rundown = technician.get(&format!("/rundown?from={}&days=6", day(1))).body;
    for shown in ["06:15", "18:00:30", "Hội nghị"] {
        assert!(rundown.contains(shown), "{shown}: {rundown}");
    }
    let cues = station.json(&["rundown", "--from", &day(4), "--days", "1", "--json"]);
    assert_eq!(cues[0]["carts"].as_array().unwrap().len(), 2, "{cues}");
    let told = entries(&station);
    let live: Vec<&str> = told
        .iter()
        .filter_map(|entry| match entry {
            Entry::Live { by, .. } => Some(by.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(live, ["file mai.toml", "Bình", "Bình", "Bình", "Bình", "Bình"]);
    let changed = told.iter().filter(|entry| matches!(entry, Entry::Visit(Visit::Changed { .. })));
    assert_eq!(changed.count(), 5);
    // What would be faulty is told in the reader's language, and nothing is written.
    let twice = change(&mut technician, &day(2), "move", &[("at", "07:00")]);
    assert!(twice.body.contains("Nothing was changed") && twice.body.contains("<li>"), "{}", twice.body);
    technician.get("/?language=vi");
    let same = change(&mut technician, &day(9), "move", &[("at", "05:30")]);
    assert!(same.body.contains("Không thay đổi gì") && same.body.contains("05:30"), "{}", same.body);
    for (day, action, more) in [
        (day(-1), "cancel", vec![]),
        (day(0), "extra", vec![("at", "00:00")]),
        ("2026-13-01".into(), "cancel", vec![]),
        (String::new(), "cancel", vec![]),
        (day(8), "move", vec![]),
        (day(8), "move", vec![("at", "25:00")]),
        (day(8), "replace", vec![]),
        (day(8), "replace", vec![("play", "khong-co.wav")]),
        (day(8), "replace", vec![("play", "../config/station.toml")]),
        (day(8), "extra", vec![("at", "18:00"), ("play", "b.wav"), ("play", "\"]\n[[slot]]")]),
        (day(8), "xóa", vec![]),
        (day(8), "", vec![]),
    ] {
        let told = change(&mut technician, &day, action, &more);
        assert_eq!(told.status, 400, "{day} {action} {more:?}: {}", told.body);
        assert!(told.body.contains("class=\"bad\""), "{}", told.body);
    }
    for strange in ["", "mai", "mai|", "mai|chieu", "khac|sang", "mai|sang|", "../mai|sang"] {
        let told = technician.post("/change", &[("slot", strange), ("date", &day(8)), ("action", "cancel")]);
        assert_eq!(told.status, 400, "{strange}: {}", told.body);
    }
    assert_eq!(text(&station), written);
    // A reason is text and nothing else.
    let fields =
        [("slot", "mai|sang"), ("date", &day(8)), ("action", "cancel"), ("reason", "\"\n[[slot]]\n\u{7}")];
    assert!(technician.post("/change", &fields).body.contains("có hiệu lực"));
    assert_eq!(text(&station).matches("\n[[slot]]").count(), 1);
    // A file that somebody is editing is not written over.
    let draft = format!("{}# đang sửa\ntitel = 1\n", text(&station));
    station.schedule("mai.toml", &draft);
    let told = change(&mut technician, &day(10), "cancel", &[]);
    assert!(told.body.contains("Hãy giải quyết bản đó trước"), "{}", told.body);
    assert_eq!(text(&station), draft);
}

#[test]
fn a_change_waits_for_the_approval_that_the_station_wants() {
    let mut station = approving_station("127.0.0.1:0");
    account(&station, "Bình", "technician");
    account(&station, "Cúc", "supervisor");
    station.recording("a.wav", 30_000);
    station.schedule("mai.toml", SCHEDULE);
    station.run();
    let (mut technician, mut supervisor) =
        (Browser::signed_in(&station, "Bình"), Browser::signed_in(&station, "Cúc"));
    let mut approve = || {
        wait_for("the version to be approved", || {
            let told = supervisor.approve("mai");
            told.body.contains("Approved").then_some(())
        });
    };
    approve();
    let live = || {
        let versions = entries(&station).into_iter().filter_map(|entry| match entry {
            Entry::Live { by, text, .. } => Some((by, text.contains("[[change]]"))),
            _ => None,
        });
        versions.collect::<Vec<_>>()
    };
    wait_for("it to be live", || (live().len() == 1).then_some(()));
    wait_for("the form", || technician.get("/rundown").body.contains("mai|sang").then_some(()));
    let told = change(&mut technician, &day(2), "cancel", &[]);
    assert!(told.body.contains("waits") && told.body.contains("approval"), "{}", told.body);
    assert_eq!(live().len(), 1, "the former version is live");
    assert!(text(&station).contains("[[change]]"));
    let again = change(&mut technician, &day(3), "cancel", &[]);
    assert!(again.body.contains("another version of this schedule waits"), "{}", again.body);
    approve();
    wait_for("it to be live", || (live().len() == 2).then_some(()));
    assert_eq!(live()[1], ("Bình".to_owned(), true));
}

#[test]
fn what_was_stopped_is_taken_off_every_schedule() {
    let mut station = station("127.0.0.1:0");
    hasty_inbox(&station);
    account(&station, "Bình", "technician");
    std::fs::create_dir(station.path().join("audio/Phòng Văn hóa")).unwrap();
    station.recording("Phòng Văn hóa/dài.wav", 48_000 * 60);
    station.recording("b.wav", 30_000);
    station.schedule_in(9, "Phòng Văn hóa/dài.wav");
    station.run();
    station.wait_for_outcome("on_air");
    let mut technician = Browser::signed_in(&station, "Bình");
    let mut passer_by = Browser::of(&station);
    let stopped = passer_by.post("/stop", &[]);
    assert!(stopped.body.contains("Stopped") && stopped.body.contains("dài.wav"), "{}", stopped.body);
    assert!(!stopped.body.contains("action=\"/recordings/off\""), "{}", stopped.body);
    let login =
        stopped.body.split_once("href=\"/login?next=").unwrap().1.split_once('"').unwrap().0.to_owned();
    // Signed in, one is on the page of the recording.
    let next = passer_by.get(&format!("/login?next={login}")).body;
    let next = next.split_once("name=\"next\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let next = next.replace("&#38;", "&").replace("&#37;", "%");
    assert!(next.starts_with("/recordings/one?name=Ph"), "{next}");
    let one = technician.get(&next).body;
    assert!(one.contains("action=\"/recordings/off\"") && one.contains("dài.wav"), "{one}");
    for (name, status) in
        [("", 400), ("../state/journal.db", 400), ("khong-co.wav", 404), ("Phòng Văn hóa", 404)]
    {
        let told = technician.post("/recordings/off", &[("name", name)]);
        assert_eq!(told.status, status, "{name}: {}", told.body);
    }
    let told = technician.post("/recordings/off", &[("name", "Phòng Văn hóa/dài.wav")]);
    assert!(told.status == 200 && told.body.contains("is being taken off"), "{}", told.body);
    let gone = station.path().join("audio/Phòng Văn hóa/dài.wav");
    wait_for("it to be taken off", || (!gone.exists()).then_some(()));
    assert!(station.path().join("audio/b.wav").exists());
    assert!(station.path().join("state/replaced/Phòng Văn hóa/dài.wav").is_dir(), "it is kept");
    let drop = wait_for("the drop", || {
        entries(&station).into_iter().find_map(|entry| match entry {
            Entry::Dropped(drop) => Some(drop),
            _ => None,
        })
    });
    assert_eq!((drop.verdict, drop.subject.as_deref()), (Verdict::Withdrawn, Some("Phòng Văn hóa/dài.wav")));
    wait_for("the entry that says who", || {
        let mut told = entries(&station).into_iter();
        told.any(
            |entry| matches!(entry, Entry::Visit(Visit::TookOff { name, .. }) if name.as_str() == "Bình"),
        )
        .then_some(())
    });
}
