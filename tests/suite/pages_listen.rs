//! Recordings listened to by a page: byte for byte, in parts, of the library alone, and without hurry.

use unicode_normalization::UnicodeNormalization;

use super::pages_rig::{Browser, account, encoded, station};
use super::station_folder::{now, wait_for};

#[test]
fn a_recording_is_heard_byte_for_byte_and_nothing_else_is() {
    let mut station = station("127.0.0.1:0");
    account(&station, "Dũng", "office");
    let office = station.path().join("audio/Phòng Văn hóa");
    std::fs::create_dir(&office).unwrap();
    // As a Mac calls it.
    let decomposed: String = "bài sáng.wav".nfd().collect();
    let file = station.recording("x.wav", 300_000);
    std::fs::rename(&file, office.join(&decomposed)).unwrap();
    station.recording("a.wav", 1_500_000);
    std::fs::write(station.path().join("audio/ghi chú.txt"), "riêng").unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/passwd", station.path().join("audio/link.wav")).unwrap();
    station.schedule(
        "lich.toml",
        "id = \"lich\"\ntitle = \"Lịch tháng\"\nvalid_from = 2026-01-01\n[[slot]]\nid = \"sang\"\ntitle = \"Buổi sáng\"\n\
         at = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.wav\"]\n",
    );
    station.run();
    let mut reader = Browser::of(&station);
    let name = "Phòng Văn hóa/bài sáng.wav";
    let page = wait_for("the recordings", || {
        let page = reader.get("/recordings?language=en").body;
        (page.matches("fit to air").count() == 2).then_some(page)
    });
    let path = format!("/recordings/listen?name={}", encoded(name));
    assert!(page.contains(&format!("preload=\"none\" src=\"{path}\"")), "{page}");
    assert!(!page.contains("link.wav"), "{page}");
    let policy = reader.get("/recordings");
    assert!(policy.header("content-security-policy").unwrap().contains("media-src 'self'"));
    let one = reader.get("/recordings/one?name=a.wav").body;
    for shown in
        ["LUFS", "dBTP", "Buổi sáng", "Lịch tháng (lich)", "05:30", "<audio controls preload=\"none\""]
    {
        assert!(one.contains(shown), "{shown}: {one}");
    }
    let content = std::fs::read(office.join(&decomposed)).unwrap();
    let (status, head, heard) = reader.hear(&path, "");
    assert!(status == 200 && heard == content, "{head}");
    for line in [
        "content-type: audio/wav",
        "accept-ranges: bytes",
        "x-content-type-options: nosniff",
        "content-security-policy: default-src 'none'",
        &format!("content-length: {}", content.len()),
    ] {
        assert!(head.contains(line), "{line}: {head}");
    }
    let length = content.len();
    for (range, from, to) in
        [("bytes=0-", 0, length), ("bytes=100000-400000", 100_000, 400_001), ("bytes=-7", length - 7, length)]
    {
        let (status, head, heard) = reader.hear(&path, range);
        assert_eq!(status, 206, "{range}: {head}");
        assert!(
            head.contains(&format!("content-range: bytes {from}-{}/{length}", to - 1)),
            "{range}: {head}"
        );
        assert!(heard == content[from..to], "{range}");
    }
    let (status, head, heard) = reader.hear(&path, &format!("bytes={length}-"));
    assert_eq!((status, heard.len()), (416, 0), "{head}");
    assert!(head.contains(&format!("content-range: bytes */{length}")), "{head}");
    for strange in [
        "../config/station.toml",
        "/etc/passwd",
        "Phòng Văn hóa/../../state/accounts.json",
        "..\\config\\station.toml",
        "C:\\x.wav",
        "a.wav\0",
        "",
    ] {
        for what in ["listen", "one"] {
            let page = reader.get(&format!("/recordings/{what}?name={}", encoded(strange)));
            assert_eq!(page.status, 400, "{what} {strange}: {}", page.body);
        }
    }
    for strange in ["ghi chú.txt", "link.wav", "khong-co.wav", "Phòng Văn hóa", "."] {
        let page = reader.get(&format!("/recordings/listen?name={}", encoded(strange)));
        assert!(matches!(page.status, 400 | 404), "{strange}: {} {}", page.status, page.body);
        assert!(page.body.contains("class=\"bad\""), "{}", page.body);
    }
    // 6 MB by two who listen: at the pace that is theirs, and pages come meanwhile.
    let begun = now();
    let listening: Vec<_> = (0..2)
        .map(|_| {
            let reader = reader.clone();
            std::thread::spawn(move || reader.hear("/recordings/listen?name=a.wav", "").2.len())
        })
        .collect();
    let asked = now();
    assert_eq!(reader.get("/").status, 200);
    assert!((now() - asked).num_milliseconds() < 1_000);
    for one in listening {
        assert_eq!(one.join().unwrap(), 6_000_044);
    }
    assert!((now() - begun).num_milliseconds() > 2_000);
    // Gone from the folder it is told so, and no part of it is cut short unseen.
    std::fs::remove_file(office.join(&decomposed)).unwrap();
    let gone = reader.get(&path);
    assert_eq!(gone.status, 404, "{}", gone.body);
}
