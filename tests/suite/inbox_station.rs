//! The real binary with an inbox: what an office drops is answered, aired and taken off, as an office would do it.

use std::path::PathBuf;

use serde_json::Value;

use super::station_folder::{StationFolder, now, wait_for};

/// A station whose inbox settles in a second, in Vietnamese.
fn station(policy: &str) -> StationFolder {
    let station = StationFolder::new("\"virtual\"");
    let file = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("language = \"en\"", "language = \"vi\"\ntelephone = \"0905 123 456\"");
    let text = text.replace("quiet_hours = \"none\"", &format!("quiet_hours = \"none\"\n{policy}"));
    std::fs::write(&file, format!("{text}[inbox]\nsettle = \"1s\"\n")).unwrap();
    station
}

fn office(station: &StationFolder) -> PathBuf {
    let folder = station.path().join("inbox/Phòng Văn hóa");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The receipts of an office whose names hold `part`, as text.
fn receipts(station: &StationFolder, part: &str) -> Vec<(String, String)> {
    let folder = office(station).join("Phiếu báo");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".txt") && name.contains(part)).collect();
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(office(station).join("Phiếu báo").join(&name)).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

fn receipt(station: &StationFolder, part: &str) -> (String, String) {
    wait_for(&format!("a receipt of {part}; {}", station.log()), || receipts(station, part).pop())
}

/// Copies as a person does: the whole file appears at once under its name.
fn drop_file(station: &StationFolder, name: &str, bytes: &[u8]) {
    let draft = station.path().join("draft-drop");
    std::fs::write(&draft, bytes).unwrap();
    std::fs::rename(draft, office(station).join(name)).unwrap();
}

fn tomorrow() -> String {
    let date = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    date.succ_opt().unwrap().to_string()
}

fn schedule(id: &str, file: &str, at: &str) -> String {
    let day = tomorrow();
    format!(
        "id = \"{id}\"\ntitle = \"Lịch thử\"\nvalid_from = {day}\napproved_by = \"Nguyễn Văn An\"\n\
         approved_ref = \"45/KH-UBND\"\n[[cart]]\nfile = \"{file}\"\ntitle = \"Bài thử\"\nkind = \"bai\"\n\
         [[slot]]\nid = \"sang\"\ntitle = \"Bản tin sáng\"\ndates = [{day}]\nat = [\"{at}\"]\nplay = [\"{file}\"]\n"
    )
}

fn rundown(station: &StationFolder) -> Vec<Value> {
    station.json(&["rundown", "--days", "3", "--json"]).as_array().unwrap().clone()
}

fn recording(station: &StationFolder, frames: usize) -> Vec<u8> {
    let path = station.recording("mau.wav", frames);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    bytes
}

#[test]
fn a_schedule_and_its_recordings_are_answered_go_live_change_and_are_taken_off() {
    let mut station = station("");
    station.run();
    let sound = recording(&station, 96_000);
    // The schedule comes first: it is live, and says what it lacks and until when.
    drop_file(&station, "lich.toml", schedule("tuan-48", "ban-tin.wav", "05:30").as_bytes());
    let (name, text) = receipt(&station, "lich.toml");
    assert!(name.contains("CHỜ BỔ SUNG"), "{name}");
    assert!(text.contains("ban-tin.wav") && text.contains("05:25"), "{text}");
    assert!(text.contains("45/KH-UBND") && text.contains("0905 123 456"), "{text}");
    wait_for("the rundown to have it", || (rundown(&station).len() == 1).then_some(()));
    assert_eq!(rundown(&station)[0]["carts"][0], "Phòng Văn hóa/ban-tin.wav");
    // Half a recording is returned with the reason, and nothing of it airs.
    drop_file(&station, "ban-tin.wav", &sound[..sound.len() / 3]);
    let (name, text) = receipt(&station, "TRẢ LẠI");
    assert!(name.contains("ban-tin.wav"), "{name}: {text}");
    assert!(!station.path().join("audio/Phòng Văn hóa/ban-tin.wav").exists());
    // The whole of it is taken, and the receipt says when it airs.
    drop_file(&station, "ban-tin.wav", &sound);
    let (_, text) = receipt(&station, "ĐÃ TIẾP NHẬN");
    assert!(text.contains("Bản tin sáng") && text.contains("05:30"), "{text}");
    let stored = station.path().join("audio/Phòng Văn hóa/ban-tin.wav");
    assert_eq!(std::fs::read(&stored).unwrap(), sound);
    wait_for("the cue to lack nothing", || rundown(&station)[0]["notice"].is_null().then_some(()));
    // Another version under another file name replaces it; its receipt tells what moves.
    drop_file(&station, "lich (1).toml", schedule("tuan-48", "ban-tin.wav", "06:15").as_bytes());
    let (name, text) = receipt(&station, "lich (1).toml");
    assert!(name.contains("ĐÃ TIẾP NHẬN") && text.contains("06:15"), "{name}: {text}");
    wait_for("the new version", || {
        rundown(&station)[0]["due"].as_str().unwrap().contains("T06:15").then_some(())
    });
    // Moved into the folder for taking off.
    let withdraw = office(&station).join("Gỡ khỏi lịch");
    std::fs::write(withdraw.join("lich.toml"), schedule("tuan-48", "ban-tin.wav", "06:15")).unwrap();
    let (_, text) = receipt(&station, "ĐÃ GỠ");
    assert!(text.contains("tuan-48"), "{text}");
    wait_for("it to be off", || rundown(&station).is_empty().then_some(()));
    let board = std::fs::read_to_string(office(&station).join("lich-phat.html")).unwrap();
    assert!(board.contains("Đài thử"), "{board}");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn at_a_station_that_wants_approval_versions_and_new_content_wait_for_it() {
    let mut station = station("approval = \"command\"");
    station.run();
    let (first, second) = (recording(&station, 48_000), recording(&station, 96_000));
    drop_file(&station, "ban-tin.wav", &first);
    receipt(&station, "ban-tin.wav");
    drop_file(&station, "lich.toml", schedule("tuan-48", "ban-tin.wav", "05:30").as_bytes());
    let (name, text) = receipt(&station, "lich.toml");
    assert!(name.contains("CHỜ DUYỆT") && text.contains("loa approve tuan-48"), "{name}: {text}");
    wait_for("it to wait", || {
        (station.json(&["status", "--json"])["waiting"][0]["schedule"] == "tuan-48").then_some(())
    });
    assert!(rundown(&station).is_empty());
    assert_eq!(station.loa(&["approve", "khac", "--by", "Trần Thị B"]).status.code(), Some(1));
    assert!(station.loa(&["approve", "--by", "Trần Thị B"]).status.success());
    wait_for("it to be live", || (rundown(&station).len() == 1).then_some(()));
    // New content of a recording that the approval covers waits as well; the old stays.
    drop_file(&station, "ban-tin.wav", &second);
    receipt(&station, "ban-tin.wav - CHỜ DUYỆT");
    let stored = station.path().join("audio/Phòng Văn hóa/ban-tin.wav");
    assert_eq!(std::fs::read(&stored).unwrap(), first);
    assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
    wait_for("the new content", || (std::fs::read(&stored).unwrap() == second).then_some(()));
}

#[test]
fn the_same_programme_in_the_same_hour_is_held_and_asked_about() {
    let mut station = station("");
    station.recording("chung.wav", 48_000);
    station.run();
    drop_file(&station, "mot.toml", schedule("mot", "chung.wav", "05:30").as_bytes());
    let (name, _) = receipt(&station, "mot.toml");
    assert!(name.contains("ĐÃ TIẾP NHẬN"), "{name}");
    wait_for("the first", || (rundown(&station).len() == 1).then_some(()));
    drop_file(&station, "hai.toml", schedule("hai", "chung.wav", "05:45").as_bytes());
    let (name, text) = receipt(&station, "hai.toml");
    assert!(name.contains("CHỜ DUYỆT") && text.contains("mot"), "{name}: {text}");
    assert_eq!(rundown(&station).len(), 1);
    assert!(station.loa(&["approve", "hai", "--by", "Trần Thị B"]).status.success());
    wait_for("both", || (rundown(&station).len() == 2).then_some(()));
}

#[test]
fn a_power_cut_while_drops_are_taken_loses_none_and_answers_each_once() {
    let mut station = station("");
    station.run();
    for round in 0..4 {
        for file in 0..6 {
            let sound = recording(&station, 24_000 + round * 600 + file * 100);
            drop_file(&station, &format!("r{round}-{file}.wav"), &sound);
        }
        std::thread::sleep(std::time::Duration::from_millis(900 + 150 * round as u64));
        station.kill();
        station.run();
    }
    wait_for("every receipt", || (receipts(&station, ".wav").len() == 24).then_some(()));
    let stored = std::fs::read_dir(station.path().join("audio/Phòng Văn hóa")).unwrap();
    let stored = stored.flatten().filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
    assert_eq!(stored.count(), 24);
    let left = std::fs::read_dir(office(&station)).unwrap().flatten();
    let left: Vec<_> =
        left.filter(|entry| entry.path().extension().is_some_and(|end| end == "wav")).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}
