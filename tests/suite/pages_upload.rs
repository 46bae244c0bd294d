//! Files sent into the inbox by a page: whole or not at all, where the sender may, under a name that every system bears;
//! what breaks off, is too large or comes from elsewhere leaves nothing. Receipts are read on the page.

use std::path::PathBuf;

use loa::core::record::{Entry, Visit};
use loa::journal::Reader;
use unicode_normalization::UnicodeNormalization;

use super::pages_rig::{Browser, Page, account, station};
use super::station_folder::{StationFolder, wait_for};

pub const BOUNDARY: &str = "----ranh-gioi";
const OFFICE: &str = "Phòng Văn hóa";

/// A part of a form: its name, the name of its file, what is in it.
pub type Part<'a> = (&'a str, Option<&'a str>, &'a [u8]);

pub fn body_of(parts: &[Part<'_>]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.extend_from_slice(
            format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n")
                .as_bytes(),
        );
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

/// Sends so much of a form as `said` and then hangs up.
fn send(browser: &mut Browser, origin: &str, body: &[u8], said: usize) -> Page {
    let cookies = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n{origin}Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n\
         Content-Length: {said}\r\nConnection: close\r\n\r\n",
        browser.address,
        cookies.join("; "),
    );
    browser.send(&[head.as_bytes(), body].concat())
}

fn ours(browser: &Browser) -> String {
    format!("Origin: http://{}\r\n", browser.address)
}

/// Sends files for that office as the form on the page does.
pub fn upload(browser: &mut Browser, office: &str, files: &[(&str, &[u8])]) -> Page {
    let token = browser.get("/").token().unwrap().to_owned();
    let mut parts: Vec<Part<'_>> =
        vec![("token", None, token.as_bytes()), ("office", None, office.as_bytes())];
    parts.extend(files.iter().map(|(name, content)| ("file", Some(*name), *content)));
    let body = body_of(&parts);
    let origin = ours(browser);
    send(browser, &origin, &body, body.len())
}

fn station_with(inbox: &str) -> StationFolder {
    let mut station = station("127.0.0.1:0");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(
        &config,
        format!("{text}[inbox]\nsettle = \"1s\"\n{inbox}[[office]]\nfolder = \"{OFFICE}\"\n"),
    )
    .unwrap();
    account(&station, "Bình", "technician");
    account(&station, "Cúc", "supervisor");
    account(&station, "Dũng", "office");
    station.recording("a.wav", 30_000);
    station.run();
    station
}

fn signed_in(station: &StationFolder, name: &str) -> Browser {
    let mut browser = Browser::of(station);
    browser.get("/?language=vi");
    if !name.is_empty() {
        assert_eq!(browser.sign_in(name).status, 303);
    }
    browser
}

/// Every file below the inbox that is no furniture of its own.
fn files(station: &StationFolder) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![station.path().join("inbox")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false if name == "rundown.html" || name == "ALARM.txt" || name == ".loa.tmp" => {}
                false => found.push(entry.path()),
            }
        }
    }
    found
}

fn uploads(station: &StationFolder) -> Vec<(String, Option<String>, String, u64)> {
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    let entries = journal.latest(500).unwrap().into_iter();
    let mut found: Vec<_> = entries
        .filter_map(|noted| match noted.entry {
            Entry::Visit(Visit::Uploaded { name, office, file, bytes }) => {
                Some((name.to_string(), office, file, bytes))
            }
            _ => None,
        })
        .collect();
    found.sort();
    found
}

fn receipts(browser: &mut Browser, count: usize) -> Vec<String> {
    wait_for("the receipts", || {
        let page = browser.get("/inbox").body;
        let links = page.split("href=\"/inbox/receipts/").skip(1);
        let ids: Vec<String> = links.filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect();
        (ids.len() >= count).then_some(ids)
    })
}

#[test]
fn what_an_office_sends_is_answered_by_a_receipt_that_the_page_shows() {
    let station = station_with("");
    let sound = std::fs::read(station.path().join("audio/a.wav")).unwrap();
    let mut office = signed_in(&station, "Dũng");
    let page = office.get("/inbox").body;
    assert!(page.contains("action=\"/upload\"") && page.contains("<option>Phòng Văn hóa</option>"), "{page}");
    assert!(!page.contains("<option value=\"/\">"), "an office sends nothing for the whole station: {page}");
    let decomposed: String = "Bản tin sáng.wav".nfd().collect();
    let sent = upload(
        &mut office,
        OFFICE,
        &[
            ("bài.wav", &sound),
            ("bài.wav", &sound[..20_000]),
            (&decomposed, &sound),
            ("../../config/station.toml", b"x"),
            ("/etc/cron.d/x.wav", &sound),
            ("C:\\\\x\\\\CON.wav", &sound),
            ("ảnh.mp3", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR0123456789"),
            (".htaccess", b"x"),
        ],
    );
    assert_eq!(sent.status, 200, "{}", sent.body);
    for name in ["bài.wav", "bài (2).wav", "Bản tin sáng.wav", "station.toml", "x.wav", "_CON.wav"] {
        assert!(sent.body.contains(&format!("<li>{name}</li>")), "{name}: {}", sent.body);
    }
    assert!(sent.body.contains("/inbox#receipts"));
    let told = wait_for("the entries of the uploads", || {
        let told = uploads(&station);
        (told.len() == 8).then_some(told)
    });
    assert!(told.contains(&("Dũng".into(), Some(OFFICE.into()), "bài.wav".into(), sound.len() as u64)));
    let ids = receipts(&mut office, 8);
    assert!(station.path().join("config/station.toml").metadata().unwrap().len() > 10);
    let stored = station.path().join("audio").join(OFFICE);
    for name in ["bài.wav", "Bản tin sáng.wav", "x.wav", "_CON.wav"] {
        assert!(stored.join(name).is_file(), "{name} is in the library");
    }
    let mut returned = 0;
    for id in &ids {
        let receipt = wait_for("the receipt", || {
            let receipt = office.get(&format!("/inbox/receipts/{id}"));
            (receipt.status == 200).then_some(receipt)
        });
        let policy = receipt.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("sandbox"), "{policy}");
        assert!(!policy.contains("script"), "{policy}");
        assert!(receipt.body.contains(id), "{}", receipt.body);
        if receipt.body.contains("ảnh.mp3") {
            assert!(receipt.body.contains("RETURNED"), "{}", receipt.body);
            returned += 1;
        }
    }
    assert_eq!(returned, 1, "a picture named .mp3 is returned");
    let page = office.get("/inbox").body;
    assert!(page.contains("không phải tệp ghi âm như tên tệp"), "{page}");
    // The way to a receipt is its number.
    std::fs::write(station.path().join("inbox").join(OFFICE).join("Receipts/riêng.html"), "riêng").unwrap();
    for strange in [
        "ri%C3%AAng",
        "..%2F..%2Fconfig%2Fstation.toml",
        "%2Fetc%2Fpasswd",
        "20261124-051203-3f9a1c",
        "..",
        "%00",
        &format!("..%2FReceipts%2F{}", ids[0]),
    ] {
        let page = office.get(&format!("/inbox/receipts/{strange}"));
        assert_eq!(page.status, 404, "{strange}: {}", page.body);
    }
    // What waits for the library replaces nothing that is common: the technician alone sends for the whole station.
    let mut technician = signed_in(&station, "Bình");
    assert!(technician.get("/inbox").body.contains("<option value=\"/\">"));
    assert_eq!(upload(&mut technician, "/", &[("chung.wav", &sound)]).status, 200);
    let chung = ("Bình".to_owned(), None, "chung.wav".to_owned(), sound.len() as u64);
    wait_for("the entry of the upload", || uploads(&station).contains(&chung).then_some(()));
    assert_eq!(upload(&mut office, "/", &[("chung.wav", &sound)]).status, 400);
}

#[test]
fn an_upload_that_may_not_be_or_is_not_whole_leaves_nothing() {
    let station = station_with("largest_mb = 1\n");
    let sound = std::fs::read(station.path().join("audio/a.wav")).unwrap();
    let content: &[u8] = &sound;
    wait_for("the inbox", || station.path().join("inbox/Take off").is_dir().then_some(()));
    let refused = |page: Page, status: u16, about: &str| {
        assert_eq!(page.status, status, "{about}: {}", page.body);
        assert!(page.body.contains("class=\"bad\""), "{about}: {}", page.body);
        assert_eq!(files(&station), Vec::<PathBuf>::new(), "{about}");
    };
    for (name, status) in [("Cúc", 403), ("", 401)] {
        let mut browser = signed_in(&station, name);
        assert!(!browser.get("/inbox").body.contains("action=\"/upload\""), "{name}");
        refused(upload(&mut browser, OFFICE, &[("a.wav", content)]), status, name);
    }
    let mut office = signed_in(&station, "Dũng");
    let origin = ours(&office);
    let token = office.get("/").token().unwrap().to_owned();
    let mark: Part<'_> = ("token", None, token.as_bytes());
    let to: Part<'_> = ("office", None, OFFICE.as_bytes());
    let file: Part<'_> = ("file", Some("a.wav"), content);
    let wrong = "0".repeat(64);
    let more: Vec<Part<'_>> = [mark, to].into_iter().chain(std::iter::repeat_n(file, 21)).collect();
    let large = vec![7u8; 1_000_001];
    let long = vec![b'x'; 2_000_000];
    let cases: Vec<(Vec<Part<'_>>, u16, &str)> = vec![
        (vec![to, file], 403, "without a mark"),
        (vec![("token", None, wrong.as_bytes()), to, file], 403, "with a wrong mark"),
        (vec![to, mark, file], 403, "with its mark behind"),
        (vec![("token", Some("x"), token.as_bytes()), to, file], 403, "with a file for its mark"),
        (vec![("token", None, &long), to, file], 413, "with a mark without end"),
        (vec![mark, file, to], 400, "before it says for whom"),
        (vec![mark, file], 400, "for nobody"),
        (vec![mark, to], 400, "without a file"),
        (vec![mark, to, ("file", Some(""), b"")], 400, "with no file chosen"),
        (vec![mark, to, file, ("file", Some("b.wav"), &large)], 413, "with one too large"),
        (vec![mark, to, file, ("x", None, b"1")], 400, "with a strange field"),
        (more, 413, "with too many"),
    ];
    for (parts, status, about) in cases {
        let body = body_of(&parts);
        refused(send(&mut office, &origin, &body, body.len()), status, about);
    }
    for strange in
        ["", "/", "..", "../config", "/etc", "Nơi khác", "Receipts", "Take off", "Phòng Văn hóa/..", "\u{0}"]
    {
        refused(upload(&mut office, strange, &[("a.wav", content)]), 400, strange);
    }
    let whole = body_of(&[mark, to, file, file]);
    refused(send(&mut office, "Origin: http://evil.example\r\n", &whole, whole.len()), 403, "from elsewhere");
    refused(send(&mut office, "", &whole, whole.len()), 403, "from nowhere");
    let plain = office.post("/upload", &[("office", OFFICE)]);
    refused(plain, 400, "as a plain form");
    // It breaks off: in the second file, before its end, after the last boundary's first letters.
    for left in [sound.len() / 2, 40, 6] {
        let part = &whole[..whole.len() - left];
        refused(send(&mut office, &origin, part, part.len()), 400, &format!("short of {left} bytes"));
    }
    // A head of a part that never ends is not gathered.
    let mut endless = body_of(&[mark, to]);
    endless.truncate(endless.len() - BOUNDARY.len() - 6);
    endless.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; x=\"").as_bytes());
    endless.extend_from_slice(&long);
    refused(send(&mut office, &origin, &endless, endless.len()), 400, "with a head without end");
    assert_eq!(uploads(&station), Vec::new());
    assert_eq!(upload(&mut office, OFFICE, &[("a.wav", content)]).status, 200, "and the right one is taken");
}

#[test]
fn whoever_hangs_up_leaves_nothing_behind() {
    let station = station_with("");
    let mut office = signed_in(&station, "Dũng");
    let token = office.get("/").token().unwrap().to_owned();
    let content = vec![1u8; 700_000];
    let body = body_of(&[
        ("token", None, token.as_bytes()),
        ("office", None, OFFICE.as_bytes()),
        ("file", Some("a.wav"), &content),
    ]);
    let cookies = office.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>();
    let head = format!(
        "POST /upload HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nCookie: {1}\r\nContent-Type: multipart/form-data; \
         boundary={BOUNDARY}\r\nContent-Length: {2}\r\n\r\n",
        office.address,
        cookies.join("; "),
        body.len()
    );
    let mut stream = std::net::TcpStream::connect(office.address).unwrap();
    std::io::Write::write_all(&mut stream, head.as_bytes()).unwrap();
    std::io::Write::write_all(&mut stream, &body[..600_000]).unwrap();
    wait_for("the part", || (!files(&station).is_empty()).then_some(()));
    let part = files(&station).remove(0);
    assert!(part.file_name().unwrap().to_string_lossy().starts_with(".loa-upload-"), "{part:?}");
    // Pages are served meanwhile.
    assert_eq!(office.get("/recordings").status, 200);
    drop(stream);
    wait_for("it to be gone", || files(&station).is_empty().then_some(()));
    assert_eq!(uploads(&station), Vec::new());
}
