//! The real binary at a station that airs nothing unapproved: versions, new content and direct edits wait, and an
//! approval covers what its approver has read.

use loa::journal::Reader;

use super::office_rig::{drop_file, office, receipt, receipts, recording, rundown, schedule, station};
use super::station_folder::{StationFolder, wait_for};

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
fn at_a_new_station_an_approval_covers_what_lies_there_measured_or_not() {
    let mut station = station("approval = \"command\"");
    // Long enough that the station still measures while its schedule is approved.
    for n in 1..=4 {
        station.recording(&format!("bai-{n}.wav"), 48_000 * 120);
    }
    let text = schedule("tuan-48", "bai-1.wav", "05:30");
    let all = "play = [\"bai-1.wav\", \"bai-2.wav\", \"bai-3.wav\", \"bai-4.wav\", \"chua-co.wav\"]";
    station.schedule("tuan.toml", &text.replace("play = [\"bai-1.wav\"]", all));
    station.run();
    let waiting = || station.json(&["status", "--json"])["waiting"].clone();
    assert_eq!(waiting()[0]["holds"], serde_json::json!([{ "hold": "approval" }]), "{}", waiting());
    assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
    let board = || rundown(&station)[0]["notice"].to_string();
    wait_for("everything to be measured", || {
        let library = Reader::open(&station.path().join("state/journal.db")).unwrap().carts().unwrap();
        (library.len() == 4).then_some(())
    });
    assert_eq!(waiting(), serde_json::json!([]));
    // What comes only later is new, and nobody replaced it.
    station.recording("chua-co.wav", 48_000);
    wait_for("the late one to wait", || waiting()[0]["holds"].as_array().map(|_| ()));
    let late = serde_json::json!([{ "hold": "new_recording", "file": "chua-co.wav" }]);
    assert_eq!(waiting()[0]["holds"], late, "{}", waiting());
    assert!(board().contains("chua-co.wav"), "{}", board());
    assert!(station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]).status.success());
    wait_for("nothing to wait", || waiting().as_array().unwrap().is_empty().then_some(()));
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
fn an_approval_by_a_receipt_covers_nothing_that_came_after_it() {
    let mut station = station("approval = \"command\"");
    station.run();
    drop_file(&station, "ban-tin.wav", &recording(&station, 48_000));
    receipt(&station, "ban-tin.wav");
    let number = |text: &str| {
        let number = text.split("--receipt ").nth(1).unwrap().split(['`', ' ', '\n', '.']).next().unwrap();
        number.to_owned()
    };
    let approve = |number: &str| {
        let output = station.loa(&["approve", "tuan-48", "--by", "Trần Thị B", "--receipt", number]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    // The leader reads the first receipt; meanwhile the office sends another version.
    drop_file(&station, "lich.toml", schedule("tuan-48", "ban-tin.wav", "05:30").as_bytes());
    let first = number(&receipt(&station, "lich.toml - CHỜ DUYỆT").1);
    drop_file(&station, "lich-sua.toml", schedule("tuan-48", "ban-tin.wav", "06:15").as_bytes());
    let second = number(&receipt(&station, "lich-sua.toml - CHỜ DUYỆT").1);
    let (code, said) = approve(&first);
    assert!(code == Some(1) && said.contains("lich-sua.toml") && said.contains(&second), "{code:?}: {said}");
    assert!(rundown(&station).is_empty());
    assert_eq!(approve("20200101-000000-000000").0, Some(1));
    assert_eq!(approve(&second).0, Some(0));
    wait_for("it to be live", || (rundown(&station).len() == 1).then_some(()));
    // New content of its recording is not approved by what was read before either.
    let new = recording(&station, 96_000);
    drop_file(&station, "ban-tin.wav", &new);
    let third = number(&receipt(&station, "ban-tin.wav - CHỜ DUYỆT").1);
    let (code, said) = approve(&second);
    assert!(code == Some(1) && said.contains("ban-tin.wav") && said.contains(&third), "{code:?}: {said}");
    assert_eq!(approve(&third).0, Some(0));
    let stored = station.path().join("audio/Phòng Văn hóa/ban-tin.wav");
    wait_for("the new content", || (std::fs::read(&stored).unwrap() == new).then_some(()));
}
