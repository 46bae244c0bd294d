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
    let (_, text) = receipt(&station, "ban-tin.wav - CHỜ DUYỆT");
    assert!(text.contains("loa approve tuan-48"), "{text}");
    let stored = station.path().join("audio/Phòng Văn hóa/ban-tin.wav");
    assert_eq!(std::fs::read(&stored).unwrap(), first);
    let waiting = || station.json(&["status", "--json"])["waiting"].clone();
    assert_eq!(waiting()[0]["holds"][0]["hold"], "new_content", "{}", waiting());
    assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
    wait_for("the new content", || (std::fs::read(&stored).unwrap() == second).then_some(()));
    wait_for("nothing to wait", || waiting().as_array().unwrap().is_empty().then_some(()));

    // The power was cut after the approval was written down and before the recording was stored.
    station.kill();
    let held = station.path().join("state/waiting/Phòng Văn hóa/ban-tin.wav");
    std::fs::rename(&stored, held).unwrap();
    std::fs::write(&stored, &first).unwrap();
    station.run();
    assert_eq!(std::fs::read(&stored).unwrap(), second);
}

#[test]
fn at_a_station_that_wants_approval_direct_edits_wait_as_well() {
    let mut station = station("approval = \"command\"");
    let path = station.recording("bai.wav", 48_000);
    station.schedule("tuan.toml", &schedule("tuan-48", "bai.wav", "05:30"));
    station.run();
    let waiting = |station: &StationFolder| station.json(&["status", "--json"])["waiting"].clone();
    let approve = |station: &StationFolder| {
        assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
        wait_for("nothing to wait", || waiting(station).as_array().unwrap().is_empty().then_some(()));
    };
    assert_eq!(waiting(&station)[0]["holds"][0]["hold"], "approval");
    assert!(rundown(&station).is_empty());
    approve(&station);
    wait_for("it to be live", || (rundown(&station).len() == 1).then_some(()));
    // The schedule is edited in its folder: what was approved stays live.
    station.schedule("tuan.toml", &schedule("tuan-48", "bai.wav", "06:15"));
    wait_for("the edit to wait", || (waiting(&station)[0]["holds"][0]["hold"] == "approval").then_some(()));
    assert!(rundown(&station)[0]["due"].as_str().unwrap().contains("T05:30"));
    approve(&station);
    wait_for("the edit", || rundown(&station)[0]["due"].as_str().unwrap().contains("T06:15").then_some(()));
    // The recording is overwritten in its folder: nothing of it airs.
    std::fs::write(&path, recording(&station, 96_000)).unwrap();
    wait_for("the recording to wait", || {
        (waiting(&station)[0]["holds"][0]["hold"] == "not_approved").then_some(())
    });
    wait_for("the cue to be without it", || (!rundown(&station)[0]["notice"].is_null()).then_some(()));
    let board = || std::fs::read_to_string(office(&station).join("lich-phat.html")).unwrap_or_default();
    wait_for("the board to say so", || board().contains("bai.wav").then_some(()));
    approve(&station);
    wait_for("the cue to have it", || rundown(&station)[0]["notice"].is_null().then_some(()));
}

#[test]
fn at_a_station_that_wants_approval_nothing_slips_past_it() {
    let mut station = station("");
    station.run();
    let [old, new, wrong] = [48_000, 60_000, 72_000].map(|frames| recording(&station, frames));
    drop_file(&station, "cu.wav", &old);
    receipt(&station, "cu.wav");
    drop_file(&station, "lich.toml", schedule("tuan-48", "cu.wav", "05:30").as_bytes());
    receipt(&station, "lich.toml - ĐÃ TIẾP NHẬN");
    // From now on the station wants approval: what is live goes on, and is told of.
    station.signal("TERM");
    station.ended();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let wanted = text.replace("quiet_hours = \"none\"", "quiet_hours = \"none\"\napproval = \"command\"");
    std::fs::write(&config, wanted).unwrap();
    station.run();
    let stored = |name: &str| std::fs::read(station.path().join("audio/Phòng Văn hóa").join(name)).unwrap();
    let waiting = || station.json(&["status", "--json"])["waiting"].clone();
    let approve = || assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
    assert_eq!(waiting()[0]["holds"][0]["hold"], "approval");
    assert_eq!(rundown(&station).len(), 1);
    approve();
    wait_for("nothing to wait", || waiting().as_array().unwrap().is_empty().then_some(()));
    // Wrong content waits; the office sends the right one again, and what waited is no more to be approved.
    drop_file(&station, "cu.wav", &wrong);
    receipt(&station, "cu.wav - CHỜ DUYỆT");
    drop_file(&station, "cu.wav", &old);
    wait_for("the right one to be answered", || (receipts(&station, "cu.wav").len() == 3).then_some(()));
    wait_for("nothing to wait", || waiting().as_array().unwrap().is_empty().then_some(()));
    approve();
    assert!(stored("cu.wav") == old);
    // A new version is approved whose recording is not in yet: the old one airs meanwhile, and stays covered.
    drop_file(&station, "lich.toml", schedule("tuan-48", "moi.wav", "05:30").as_bytes());
    receipt(&station, "lich.toml - CHỜ DUYỆT");
    approve();
    wait_for("the new version", || {
        (rundown(&station)[0]["carts"][0] == "Phòng Văn hóa/moi.wav").then_some(())
    });
    drop_file(&station, "cu.wav", &wrong);
    wait_for("the wrong one to wait", || (receipts(&station, "cu.wav - CHỜ DUYỆT").len() == 2).then_some(()));
    assert!(stored("cu.wav") == old);
    // What is taken off while it waits is gone.
    std::fs::write(office(&station).join("Gỡ khỏi lịch/cu.wav"), &wrong).unwrap();
    receipt(&station, "cu.wav - ĐÃ GỠ");
    assert!(!station.path().join("state/waiting/Phòng Văn hóa/cu.wav").exists());
    // The new recording waits for its approval, and then it is there.
    drop_file(&station, "moi.wav", &new);
    receipt(&station, "moi.wav - CHỜ DUYỆT");
    assert!(!station.path().join("audio/Phòng Văn hóa/moi.wav").exists());
    approve();
    wait_for("the new one", || station.path().join("audio/Phòng Văn hóa/moi.wav").exists().then_some(()));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn a_dropped_schedule_takes_no_other_schedules_file_and_no_other_takes_its_place() {
    let mut station = station("");
    station.recording("chung.wav", 48_000);
    // The technician names files as he likes.
    station.schedule("Sang.toml", &schedule("cchc", "chung.wav", "05:30"));
    station.run();
    drop_file(&station, "lich.toml", schedule("sang", "chung.wav", "17:00").as_bytes());
    receipt(&station, "lich.toml - ĐÃ TIẾP NHẬN");
    wait_for("both", || (rundown(&station).len() == 2).then_some(()));
    // Last month's schedule sent again by mistake does not silence this month's.
    let past = schedule("sang", "chung.wav", "17:00").replace(&tomorrow(), "2020-01-06");
    drop_file(&station, "thang-truoc.toml", past.as_bytes());
    let (_, text) = receipt(&station, "thang-truoc.toml - TRẢ LẠI");
    assert!(text.contains("không còn lượt phát nào"), "{text}");
    assert_eq!(rundown(&station).len(), 2);
    // A second file with its id: neither airs by mistake, and nobody is told that it does.
    station.schedule("ban-sao.toml", &schedule("sang", "chung.wav", "18:00"));
    drop_file(&station, "lich-2.toml", schedule("sang", "chung.wav", "19:00").as_bytes());
    let alarm = station.path().join("inbox/CẢNH BÁO.txt");
    wait_for("an alarm", || {
        std::fs::read_to_string(&alarm).is_ok_and(|text| text.contains("lich-2.toml")).then_some(())
    });
    assert!(receipts(&station, "lich-2.toml").is_empty());
    std::fs::remove_file(station.path().join("schedules/ban-sao.toml")).unwrap();
    receipt(&station, "lich-2.toml - ĐÃ TIẾP NHẬN");
    wait_for("it to be live", || {
        rundown(&station).iter().any(|cue| cue["due"].as_str().unwrap().contains("T19:00")).then_some(())
    });
}

#[test]
fn a_recording_in_the_deepest_folder_is_in_the_library() {
    let mut station = station("");
    station.run();
    let bytes = recording(&station, 48_000);
    let folder = office(&station).join("1/2/3/4/5/6/7/8");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("bai.wav"), bytes).unwrap();
    receipt(&station, "bai.wav");
    let name = "Phòng Văn hóa/1/2/3/4/5/6/7/8/bai.wav";
    wait_for("it to be played", || station.loa(&["play", name]).status.success().then_some(()));
}

#[test]
fn a_drop_that_the_station_cannot_decide_on_for_the_moment_waits_and_says_so() {
    let mut station = station("");
    // Where conversions are made, something lies in the way.
    std::fs::create_dir_all(station.path().join("state")).unwrap();
    let scratch = station.path().join("state/scratch");
    std::fs::write(&scratch, "in the way").unwrap();
    station.run();
    let source = station.path().join("nguon.wav");
    std::fs::write(&source, recording(&station, 96_000)).unwrap();
    let wma = super::ffmpeg::convert(&source, "hindered.wma", "-c:a wmav2");
    drop_file(&station, "ban-tin.wma", &std::fs::read(&wma).unwrap());
    let alarm = station.path().join("inbox/CẢNH BÁO.txt");
    let text = wait_for("an alarm", || std::fs::read_to_string(&alarm).ok());
    assert!(text.contains("ban-tin.wma"), "{text}");
    // Others are served meanwhile.
    drop_file(&station, "khac.wav", &std::fs::read(&source).unwrap());
    receipt(&station, "khac.wav - ĐÃ TIẾP NHẬN");
    assert!(receipts(&station, "ban-tin.wma").is_empty() && office(&station).join("ban-tin.wma").exists());
    std::fs::remove_file(&scratch).unwrap();
    receipt(&station, "ban-tin.wma - ĐÃ TIẾP NHẬN");
    wait_for("the alarm to be over", || (!alarm.exists()).then_some(()));
}

#[test]
fn probe_says_what_the_inbox_would() {
    let station = station("");
    let good = station.recording("tot.wav", 480_000);
    let half = station.path().join("nua.wav");
    let bytes = std::fs::read(&good).unwrap();
    std::fs::write(&half, &bytes[..bytes.len() / 2]).unwrap();
    let word = station.path().join("lich.docx");
    std::fs::write(&word, b"PK\x03\x04").unwrap();
    let names = [&good, &half, &word].map(|path| path.to_str().unwrap());
    let output = station.loa(&["probe", "--json", names[0], names[1], names[2], "khong-co.wav"]);
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found[0]["fit"], &found[0]["complaint"]), (&Value::Bool(true), &Value::Null), "{found}");
    assert_eq!(found[0]["measurement"]["frames"], 480_000);
    for (at, says) in [(1, "mất khoảng"), (2, "Excel"), (3, "không đọc được")] {
        assert_eq!(found[at]["fit"], false);
        assert!(found[at]["complaint"].as_str().unwrap().contains(says), "{}", found[at]);
    }
    assert!(!found[1]["fault"].is_null(), "{found}");
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
