//! The inbox of a station under Windows: Vietnamese names, both ways of spelling them, and paths longer than the 260 letters
//! that Windows' older programs bear.

use std::path::Path;

use super::station_folder::wait_for;
use super::{Pc, assert_heard};

/// The names of the receipts in a folder of an office, one a drop.
fn receipts(office: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(office.join("Receipts")).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    names.filter(|name| name.ends_with(".txt")).collect()
}

#[test]
fn drops_of_vietnamese_names_and_long_paths_are_taken_answered_and_aired() {
    let pc = Pc::start();
    let mut station = pc.station();
    let office = station.path().join("inbox/Phòng Văn hóa");
    let long = "Tuyên truyền cải cách hành chính năm 2026 của Ủy ban nhân dân xã";
    let deep =
        office.join(long).join(format!("{long} - tháng 12")).join(format!("{long} - tuần 49, các thôn"));
    std::fs::create_dir_all(&deep).unwrap();
    assert!(deep.to_string_lossy().chars().count() > 260, "{}", deep.display());
    // A Mac spells its letters in pieces: a, then the circumflex, then the accent.
    let in_pieces = "Ba\u{300}i mô\u{323}t.wav";
    let recording = station.recording("drop.wav", 48_000 * 2);
    std::fs::copy(&recording, office.join("Bài hai.wav")).unwrap();
    std::fs::copy(station.recording("other.wav", 48_000), office.join(in_pieces)).unwrap();
    std::fs::copy(station.recording("deepest.wav", 48_000 * 3), deep.join("Bài ba.wav")).unwrap();
    for name in ["drop.wav", "other.wav", "deepest.wav"] {
        std::fs::rename(station.path().join("audio").join(name), station.path().join(name)).unwrap();
    }
    station.run();
    wait_for("three receipts", || {
        let accepted = receipts(&office).iter().filter(|name| name.contains("ACCEPTED")).count();
        (accepted == 3).then_some(())
    });
    let kept = station.path().join("audio/Phòng Văn hóa");
    assert!(kept.join("Bài hai.wav").is_file(), "{:?}", std::fs::read_dir(&kept));
    let recorder = pc.server.record();
    let name = format!("Phòng Văn hóa/{long}/{long} - tháng 12/{long} - tuần 49, các thôn/Bài ba.wav");
    let played = station.loa(&["play", &name]);
    assert!(played.status.success(), "{}", String::from_utf8_lossy(&played.stderr));
    station.wait_for_outcome("aired");
    assert_heard(recorder, station.path().join("deepest.wav"));
}
