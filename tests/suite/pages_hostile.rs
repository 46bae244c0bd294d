//! Hostile input at the station's pages, and a station behind them that fails: each gets a page that says what is wrong in
//! the reader's language, never a failure of ours, and the next reader is served.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use loa::core::order::{Order, Refusal};
use loa::core::standing::Report;
use loa::web::Given;

use super::pages_rig::{Browser, MadeUp, Page, Served, account, address, own_address, station};
use super::station_folder::{StationFolder, wait_for};

fn in_words(page: &Page, vietnamese: bool, about: &str) {
    assert!(!page.body.contains("panicked") && !page.body.contains(".rs"), "{about}: {}", page.body);
    assert_eq!(page.body.contains("<html lang=\"vi\""), vietnamese, "{about}: {}", page.body);
    assert!(page.header("content-type").is_some_and(|kind| kind.contains("utf-8")), "{about}");
    assert!(page.header("content-security-policy").is_some(), "{about}");
}

fn running() -> StationFolder {
    let mut station = station("127.0.0.1:0");
    station.recording("a.wav", 30_000);
    station.schedule_in(3_000, "a.wav");
    station.run();
    station
}

#[test]
fn what_makes_no_sense_is_told_in_the_readers_language() {
    let station = running();
    for (language, vietnamese) in [("vi", true), ("en", false)] {
        let mut reader = Browser::of(&station);
        reader.get(&format!("/?language={language}"));
        for (path, status) in [
            ("/airings?from=2026-02-30", 400),
            ("/airings?from=hôm nay".replace(' ', "%20").as_str(), 400),
            ("/airings?from=9999999-01-01", 400),
            ("/airings?from=-0001-01-01&to=0000-01-01", 400),
            ("/airings?from=2026-12-01&to=2026-11-01", 400),
            ("/airings?outcome=gone", 400),
            ("/airings?before=x", 400),
            ("/airings?before=99999999999999999999.1", 400),
            ("/airings?before=1.-1", 400),
            ("/airings?slot=%27%20OR%201%3D1%20--", 200),
            ("/airings?topic=%00%ff%fe", 200),
            ("/airings/0", 404),
            ("/airings/99999999999999999999", 404),
            ("/airings/18446744073709551615", 404),
            ("/airings/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404),
            ("/airings/%ff%fe", 404),
            ("/../../etc/passwd", 404),
            ("/..%2f..%2fetc/passwd", 404),
            ("/state/accounts.json", 404),
            ("/month?month=2026-13", 400),
            ("/month?month=0000-00", 400),
            ("/month?slots=-1", 400),
            ("/rundown?days=0", 400),
            ("/rundown?days=99999999999", 400),
            ("/rundown?from=1999-12-31", 400),
            ("/rundown?from=2199-12-31&days=31", 200),
            ("/inbox?from=x", 400),
            ("/recordings?after=-1", 400),
            ("/recordings?name=%ff%00", 200),
            ("/stop", 405),
            ("/?language=fr", 400),
            ("/?language=%F0%9F%98%80", 400),
            ("/login?next=javascript:alert(1)", 200),
        ] {
            let page = reader.get(path);
            assert_eq!(page.status, status, "{path}: {}", page.body);
            in_words(&page, vietnamese, path);
        }
        for (method, status) in [("PUT", 405), ("DELETE", 405), ("TRACE", 405), ("OPTIONS", 405)] {
            let request = format!(
                "{method} / HTTP/1.1\r\nHost: {}\r\nCookie: loa-language={language}\r\nConnection: close\r\n\r\n",
                reader.address
            );
            let page = reader.send(request.as_bytes());
            assert_eq!(page.status, status, "{method}");
            in_words(&page, vietnamese, method);
        }
        let huge = "x".repeat(200_000);
        let page = reader.post("/login", &[("name", &huge)]);
        assert_eq!(page.status, 413, "{}", page.body);
        in_words(&page, vietnamese, "a huge form");
        let page = reader.post("/khong-co", &[]);
        assert_eq!((page.status, page.header("allow")), (404, None));
        in_words(&page, vietnamese, "a form of no page");
        // What an address does take it says itself.
        for (path, allowed) in [("/", "GET,HEAD"), ("/airings/1", "GET,HEAD"), ("/reports/file", "GET,HEAD")]
        {
            let page = reader.post(path, &[("x", "y")]);
            assert_eq!((page.status, page.header("allow")), (405, Some(allowed)), "{path}: {}", page.body);
            in_words(&page, vietnamese, path);
        }
        for path in ["/stop", "/emergency/end", "/upload", "/recordings/off"] {
            let page = reader.get(path);
            assert_eq!((page.status, page.header("allow")), (405, Some("POST")), "{path}: {}", page.body);
        }
        let page = reader.post("/api/v1/status", &[]);
        assert_eq!((page.status, page.header("allow")), (405, Some("GET,HEAD")), "{}", page.body);
    }
}

#[test]
fn what_is_no_http_is_let_go_and_who_is_slow_keeps_nobody_waiting() {
    let station = running();
    let place = address(station.path());
    let mut slow: Vec<TcpStream> = (0..40).map(|_| TcpStream::connect(place).unwrap()).collect();
    slow.iter_mut().for_each(|stream| stream.write_all(b"GET / HTTP/1.1\r\nHost: ").unwrap());
    let mut form = TcpStream::connect(place).unwrap();
    let head = format!(
        "POST /stop HTTP/1.1\r\nHost: {place}\r\nOrigin: http://{place}\r\nContent-Length: 500\r\n\r\ntoken="
    );
    form.write_all(head.as_bytes()).unwrap();
    let mut reader = Browser::at(place);
    for nonsense in [&b"\x16\x03\x01\x02\x00\x01\x00"[..], b"\r\n\r\n", b"GET\0/\0HTTP", &[0xff; 70_000]] {
        let mut stream = TcpStream::connect(place).unwrap();
        let _ = stream.write_all(nonsense);
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let mut said = Vec::new();
        let _ = stream.read_to_end(&mut said);
        assert!(!String::from_utf8_lossy(&said).contains("200 OK"));
        assert_eq!(reader.get("/").status, 200);
    }
    let many = (0..200).map(|at| format!("X-{at}: y\r\n")).collect::<String>();
    let request = format!("GET / HTTP/1.1\r\nHost: {place}\r\n{many}\r\n");
    assert_eq!(reader.send(request.as_bytes()).status, 431);
    let two = format!("GET / HTTP/1.1\r\nHost: {place}\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    assert!(matches!(reader.send(two.as_bytes()).status, 400 | 421));
    // Those who never came to the point are let go.
    let mut said = Vec::new();
    let _ = slow[0].read_to_end(&mut said);
    let _ = form.read_to_end(&mut said);
    assert!(String::from_utf8_lossy(&said).contains("400 Bad Request"), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn one_machine_from_afar_keeps_no_other_out_nor_the_station_itself() {
    let Some(own) = own_address() else { return };
    let mut station = station("0.0.0.0:0");
    account(&station, "Bình", "technician");
    station.run();
    let here = address(station.path());
    let afar = (own, here.port());
    // A head that does not end holds its place for ten seconds.
    let held = || {
        let mut stream = TcpStream::connect(afar).unwrap();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: ");
        stream.set_read_timeout(Some(std::time::Duration::from_secs(2))).unwrap();
        stream
    };
    let mut greedy: Vec<TcpStream> = (0..40).map(|_| held()).collect();
    let let_go = |stream: &mut TcpStream| {
        let found = stream.read(&mut [0u8; 16]);
        !matches!(&found, Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut))
    };
    assert!(greedy[32..].iter_mut().all(let_go), "a machine may have 32 connections");
    assert_eq!(Browser::at(([127, 0, 0, 1], here.port()).into()).get("/health").status, 200);
    // Those that were let in keep their places until they leave them; then another may come.
    greedy.truncate(32);
    assert!(!let_go(&mut greedy[0]), "those that were there first stay");
    drop(greedy);
    let mut again = Browser::at(afar.into());
    wait_for("a place", || {
        let mut stream = TcpStream::connect(afar).ok()?;
        stream.write_all(b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").ok()?;
        (stream.read(&mut [0u8; 16]).ok()? > 0).then_some(())
    });
    assert_eq!(again.get("/health").status, 200);
}

#[test]
fn titles_and_names_are_text_and_nothing_else() {
    let mut station = station("127.0.0.1:0");
    station.recording("a.wav", 30_000);
    let due = station.schedule_in(7, "a.wav");
    let file = station.path().join("schedules/lich.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let sly = "<script>alert('1')</script>\\\"><img src=x onerror=alert(1)> & {{ 1234*4321 }}";
    station.schedule("lich.toml", &text.replace("\"Đúng giờ\"", &format!("\"{sly}\"")));
    station.run();
    station.wait_for_outcome("aired");
    let mut reader = Browser::of(&station);
    let day = due.with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    let mut seen = 0;
    for path in [
        "/".to_owned(),
        "/airings".into(),
        "/airings/1".into(),
        "/month".into(),
        format!("/rundown?from={day}&days=1"),
        "/airings?slot=%3Cscript%3Ealert(1)%3C/script%3E&topic=%22%3E%3Cimg%3E".into(),
        "/login?next=%22%3E%3Cscript%3E".into(),
    ] {
        let page = reader.get(&path);
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.body.contains("<script>") && !page.body.contains("<img"), "{path}: {}", page.body);
        assert!(!page.body.contains("5332114"), "{path} works nothing out");
        seen += usize::from(page.body.contains("&#60;script&#62;") || page.body.contains("&lt;script&gt;"));
    }
    assert!(seen >= 5, "the title is shown as it is written");
}

/// A station of which one part fails.
struct Failing(&'static str);

impl MadeUp for Failing {
    fn report(&self) -> Option<Report> {
        assert!(self.0 != "panic", "the station's state is poisoned");
        None
    }
    fn give(&self, _: Order, _: String) -> Given {
        assert!(self.0 != "panic", "the order is lost");
        if self.0 == "silent" { Given::Silent } else { Given::Refused(Refusal::Ending) }
    }
}

#[test]
fn a_station_that_fails_behind_its_pages_is_a_page_that_says_so() {
    for (how, status, stopped) in [("panic", 500, 500), ("silent", 503, 503), ("ending", 503, 200)] {
        let served = Served::by(Failing(how), |_| {});
        let mut reader = served.browser();
        for _ in 0..30 {
            let page = reader.get("/");
            assert_eq!(page.status, status, "{how}: {}", page.body);
            in_words(&page, true, how);
            assert!(page.body.contains("class=\"bad\""), "{how}: {}", page.body);
        }
        assert_eq!(reader.get("/airings").status, 200, "{how}: the other pages are there");
        let health = reader.get("/health").status;
        assert_eq!(health, status, "{how}");
        // What is on air can be stopped from the page that says that the page failed.
        let told = reader.post("/stop", &[]);
        assert_eq!(told.status, stopped, "{how}: {}", told.body);
        let sign = served.root.path().join("state/page");
        assert!(sign.exists());
    }
}

/// A station whose standing nobody learns until the test is over: a disk hangs.
struct Hanging(std::sync::Mutex<std::sync::mpsc::Receiver<()>>);

impl MadeUp for Hanging {
    fn report(&self) -> Option<Report> {
        let _ = self.0.lock().map(|over| over.recv());
        None
    }
    fn give(&self, _: Order, _: String) -> Given {
        Given::Refused(Refusal::NothingOnAir)
    }
}

#[test]
fn however_many_pages_hang_what_is_on_air_can_be_stopped() {
    let (over, hangs) = std::sync::mpsc::channel();
    let served = Served::by(Hanging(std::sync::Mutex::new(hangs)), |_| {});
    let mut stopper = served.browser();
    stopper.get("/login");
    // Far more than there are threads; half of them go away at once, the others wait.
    let mut waiting = Vec::new();
    for number in 0..60 {
        let mut stream = std::net::TcpStream::connect(stopper.address).unwrap();
        let path = if number % 2 == 0 { "/" } else { "/health" };
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", stopper.address);
        std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
        if number % 4 < 2 {
            waiting.push(stream);
        }
    }
    for _ in 0..3 {
        let told = stopper.post("/stop", &[]);
        assert_eq!(told.status, 200, "{}", told.body);
        assert!(told.body.to_lowercase().contains("không có gì đang phát"), "{}", told.body);
    }
    drop(over);
    drop(waiting);
}
