//! The real binary with an inbox: what an office drops is answered, aired and taken off, as an office would do it.

use serde_json::Value;

use super::office_rig::{
    drop_file, office, receipt, receipts, recording, rundown, schedule, station, tomorrow,
};
use super::station_folder::wait_for;

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
    // The supervisor reads in the own language why it was returned.
    let day =
        loa::clock::Clock::now(&loa::clock::SystemClock::new()).with_timezone(&chrono_tz::Asia::Ho_Chi_Minh);
    let from = (day - chrono::TimeDelta::days(1)).format("%Y-%m-%d").to_string();
    let to = day.format("%Y-%m-%d").to_string();
    for (language, why) in [
        ("vi", "tệp ghi âm bị hỏng hoặc chép chưa hết (phiếu báo số "),
        ("en", "the recording is damaged, or was copied in part (receipt "),
    ] {
        let asked = ["report", "--from", &from, "--to", &to, "--form", "reconcile", "--format", "csv"];
        let csv = station.loa(&[&asked[..], &["--language", language]].concat());
        let csv = String::from_utf8(csv.stdout).unwrap();
        assert!(csv.contains(why) && csv.contains("ban-tin.wav"), "{csv}");
    }
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
    let (right, wrong) = (station.path().join("dung.toml"), station.path().join("sai.toml"));
    std::fs::write(&right, schedule("tuan-48", "tot.wav", "05:30")).unwrap();
    std::fs::write(&wrong, schedule("tuan-48", "tot.wav", "25:30")).unwrap();
    let names = [&good, &half, &word, &right, &wrong].map(|path| path.to_str().unwrap());
    let output = station.loa(&[&["probe", "--json"], &names[..3], &["khong-co.wav"], &names[3..]].concat());
    assert_eq!(output.status.code(), Some(1));
    let found: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&found[0]["fit"], &found[0]["complaint"]), (&Value::Bool(true), &Value::Null), "{found}");
    assert_eq!(found[0]["measurement"]["frames"], 480_000);
    assert_eq!((&found[4]["fit"], &found[4]["complaint"]), (&Value::Bool(true), &Value::Null), "{found}");
    for (at, says) in [(1, "mất khoảng"), (2, "Excel"), (3, "không đọc được"), (5, "25:30")] {
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

#[test]
fn a_name_that_the_station_has_in_common_is_told_of_until_the_office_has_its_own() {
    let mut station = station("");
    station.recording("REC001.wav", 48_000);
    station.run();
    let sent = schedule("tuan-48", "REC001.wav", "05:30");
    drop_file(&station, "lich.toml", sent.as_bytes());
    let (_, text) = receipt(&station, "lich.toml - ĐÃ TIẾP NHẬN");
    assert!(text.contains("bản ghi chung") && text.contains("REC001.wav"), "{text}");
    assert_eq!(rundown(&station)[0]["carts"][0], "REC001.wav");
    // Its own comes later: its receipt says what airs instead, and what to do.
    drop_file(&station, "REC001.wav", &recording(&station, 96_000));
    let (_, text) = receipt(&station, "REC001.wav - ĐÃ TIẾP NHẬN");
    assert!(text.contains("“tuan-48”") && text.contains("gửi lại lịch"), "{text}");
    drop_file(&station, "lich-2.toml", sent.as_bytes());
    let (_, text) = receipt(&station, "lich-2.toml - ĐÃ TIẾP NHẬN");
    assert!(!text.contains("bản ghi chung"), "{text}");
    wait_for("its own", || (rundown(&station)[0]["carts"][0] == "Phòng Văn hóa/REC001.wav").then_some(()));
}
