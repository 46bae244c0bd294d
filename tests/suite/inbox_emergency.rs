//! The real binary with an emergency: ordered by the command, and dropped by an office into *Khẩn cấp*.

use super::office_rig::{drop_file, office, receipt, recording, station};
use super::station_folder::{StationFolder, wait_for};

fn drop_emergency(station: &StationFolder, name: &str, bytes: &[u8]) {
    let folder = office(station).join("Khẩn cấp");
    wait_for("the folder for emergencies", || folder.is_dir().then_some(()));
    let draft = station.path().join("draft-drop");
    std::fs::write(&draft, bytes).unwrap();
    std::fs::rename(draft, folder.join(name)).unwrap();
}

const NAME: &str = "Phòng Văn hóa/Khẩn cấp/lũ lụt.wav";

#[test]
fn one_dropped_into_its_folder_waits_for_an_order_and_says_so_everywhere() {
    let mut station = station("");
    station.run();
    let sound = recording(&station, 96_000);
    drop_emergency(&station, "lũ lụt.wav", &sound);
    let (name, text) = receipt(&station, "lũ lụt.wav");
    assert!(name.contains("CHỜ DUYỆT"), "{name}: {text}");
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(&format!("loa emergency \"{NAME}\" --until")), "{text}");
    assert_eq!(std::fs::read(station.path().join("audio").join(NAME)).unwrap(), sound);
    // It waits: in the status, in the alarm file, on the board.
    let alarms = |station: &StationFolder| station.json(&["status", "--json"])["alarms"].clone();
    let waiting = wait_for("an alarm", || alarms(&station).as_array().unwrap().first().cloned());
    assert_eq!((&waiting["code"], &waiting["about"]), (&"emergency_waiting".into(), &NAME.into()));
    let page = |name: &str| {
        let text = std::fs::read_to_string(office(&station).join(name)).unwrap_or_default();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    for name in ["CẢNH BÁO.txt", "lich-phat.html"] {
        wait_for(name, || page(name).contains("loa emergency").then_some(()));
    }
    assert!(station.airings().is_empty());
    // Across a restart too.
    station.kill();
    station.run();
    wait_for("the alarm", || alarms(&station).as_array().unwrap().first().cloned());
    // A person orders it.
    let ordered = station.loa(&["emergency", NAME, "--every", "10m", "--title", "Cảnh báo lũ"]);
    let said = String::from_utf8_lossy(&ordered.stdout).into_owned();
    assert!(ordered.status.success() && said.contains("10 phút"), "{ordered:?}");
    let aired = station.wait_for_outcome("aired");
    assert_eq!((&aired["title"], &aired["priority"]), (&"Cảnh báo lũ".into(), &"emergency".into()));
    assert!(aired["schedule"].is_null() && aired["slot"].is_null() && aired["due"].is_string(), "{aired}");
    assert_eq!(aired["frames"], 96_000);
    wait_for("the alarm to be over", || alarms(&station).as_array().unwrap().is_empty().then_some(()));
    let status = station.json(&["status", "--json"]);
    assert_eq!(status["emergencies"][0]["title"], "Cảnh báo lũ");
    assert_eq!(status["emergencies"][0]["every_s"], 600);
    assert!(station.loa(&["emergency", "--end"]).status.success());
    assert_eq!(station.loa(&["emergency", "--end"]).status.code(), Some(1), "none stands");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn at_a_station_that_allows_it_one_airs_at_once_and_only_once_however_often_it_starts() {
    let mut station = station("emergency = \"at_once\"\nemergency_for = \"30m\"\nemergency_every = \"15m\"");
    station.run();
    drop_emergency(&station, "lũ lụt.wav", &recording(&station, 96_000));
    let (name, text) = receipt(&station, "lũ lụt.wav");
    assert!(name.contains("ĐÃ TIẾP NHẬN") && text.contains("15 phút"), "{name}: {text}");
    let aired = station.wait_for_outcome("aired");
    assert_eq!((&aired["title"], &aired["by"]), (&NAME.into(), &"inbox Phòng Văn hóa".into()));
    station.kill();
    station.run();
    // What is dropped later is decided on later: whatever the restart would order again it has ordered by then.
    drop_file(&station, "khác.wav", &recording(&station, 48_000));
    receipt(&station, "khác.wav");
    let status = station.json(&["status", "--json"]);
    assert_eq!(status["emergencies"].as_array().unwrap().len(), 1);
    assert_eq!(station.airings().len(), 1, "{:?}", station.airings());
}

#[test]
fn only_recordings_are_taken_by_the_folder_for_emergencies() {
    let mut station = station("");
    station.run();
    drop_emergency(&station, "lich.toml", b"id = \"a\"\n");
    let (name, text) = receipt(&station, "lich.toml");
    assert!(name.contains("TRẢ LẠI") && text.contains("Khẩn cấp"), "{name}: {text}");
    drop_emergency(&station, "hỏng.wav", &recording(&station, 96_000)[..1_000]);
    let (name, _) = receipt(&station, "hỏng.wav");
    assert!(name.contains("TRẢ LẠI"), "{name}");
    assert!(station.json(&["status", "--json"])["alarms"].as_array().unwrap().is_empty());
}

#[test]
fn the_command_says_what_it_does_and_what_is_wrong() {
    let mut station = StationFolder::new("\"virtual\"");
    station.recording("lu.wav", 48_000);
    station.run();
    let said = |arguments: &[&str]| {
        let output = station.loa(arguments);
        let text = [output.stdout, output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&text).into_owned())
    };
    let (code, text) = said(&["emergency", "luu.wav"]);
    assert!(code == Some(1) && text.contains("closest is `lu.wav`"), "{text}");
    let (code, text) = said(&["emergency", "lu.wav", "--until", "2020-01-01T00:00:00Z"]);
    assert!(code == Some(1) && text.contains("--until"), "{text}");
    let (code, text) = said(&["emergency", "lu.wav", "--until", "2099-01-01T00:00:00Z"]);
    assert!(code == Some(1) && text.contains("7 days"), "{text}");
    let (code, text) = said(&["emergency", "lu.wav", "--every", "5s"]);
    assert!(code == Some(1) && text.contains("--every"), "{text}");
    for usage in [
        &["emergency"][..],
        &["emergency", "lu.wav", "--every", "soon"],
        &["emergency", "lu.wav", "--until", "x"],
    ] {
        assert_eq!(said(usage).0, Some(2), "{usage:?}");
    }
    let (code, text) = said(&["emergency", "lu.wav"]);
    assert!(code == Some(0) && text.contains("once") && text.contains("stands until"), "{text}");
    station.wait_for_outcome("aired");
    let (code, text) = said(&["emergency", "--end", "lu.wav"]);
    assert!(code == Some(0) && text.contains("lu.wav"), "{text}");
}
