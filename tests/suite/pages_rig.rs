//! Readers of the station's pages for tests: a browser as far as cookies, forms and origins go, and stations with accounts.
//! Speaks HTTP by itself, so that it can speak it wrongly.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use loa::clock::SystemClock;
use loa::config::{Config, Themes};
use loa::core::airing::ScheduleId;
use loa::core::cart::Library;
use loa::core::drops::DropId;
use loa::core::handwritten::Handwritten;
use loa::core::order::Order;
use loa::core::record::Entry;
use loa::core::rundown::Plan;
use loa::core::standing::Report;
use loa::web::folders::Folders;
use loa::web::{Given, Pages, Station};

use super::station_folder::{StationFolder, wait_for};

/// The password of every account of these tests.
pub const PASSWORD: &str = "mười hai con giáp";

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Page {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// The mark of its forms.
    pub fn token(&self) -> Option<&str> {
        let rest = self.body.split_once("name=\"token\" value=\"")?.1;
        rest.split_once('"').map(|(token, _)| token)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    pub address: SocketAddr,
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    /// At the station's pages.
    pub fn at(address: SocketAddr) -> Browser {
        Browser { address, cookies: BTreeMap::new() }
    }

    /// At that station's, with somebody signed in.
    pub fn signed_in(station: &StationFolder, name: &str) -> Browser {
        let mut browser = Browser::of(station);
        assert_eq!(browser.sign_in(name).status, 303);
        browser
    }

    /// At that station's.
    pub fn of(station: &StationFolder) -> Browser {
        Browser::at(address(station.path()))
    }

    fn cookie(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn get(&mut self, path: &str) -> Page {
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nConnection: close\r\n\r\n",
            self.address,
            self.cookie()
        );
        self.send(request.as_bytes())
    }

    /// Sends a form as a page of the station does.
    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.get("/login").token().map(ToOwned::to_owned);
        let token = token.or_else(|| self.get("/").token().map(ToOwned::to_owned));
        self.post_as(path, fields, token.as_deref(), &format!("Origin: http://{}\r\n", self.address))
    }

    /// Sends a form with that mark and those headers.
    pub fn post_as(
        &mut self,
        path: &str,
        fields: &[(&str, &str)],
        token: Option<&str>,
        headers: &str,
    ) -> Page {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(token.into_iter().map(|token| ("token", token)));
        body.extend_pairs(fields);
        let body = body.finish();
        let host =
            if headers.contains("Host: ") { String::new() } else { format!("Host: {}\r\n", self.address) };
        let request = format!(
            "POST {path} HTTP/1.1\r\n{host}Cookie: {}\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            self.cookie(),
            body.len()
        );
        self.send(request.as_bytes())
    }

    pub fn sign_in(&mut self, name: &str) -> Page {
        self.post("/login", &[("name", name), ("password", PASSWORD)])
    }

    /// The status, the head in small letters and the bytes of an answer.
    pub fn hear(&self, path: &str, range: &str) -> (u16, String, Vec<u8>) {
        let range = if range.is_empty() { String::new() } else { format!("Range: {range}\r\n") };
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n{range}Connection: close\r\n\r\n",
            self.address,
            self.cookie()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, bytes.split_off(end + 4))
    }

    /// What stands in the form of *Orders* that decides on that schedule, beside its mark; none while there is none.
    pub fn decision(&mut self, action: &str, schedule: &str) -> Option<Vec<(String, String)>> {
        let page = self.get("/orders").body;
        let action = format!("action=\"{action}\"");
        let forms = page.split(&action).skip(1);
        let hidden = |form: &str| -> Vec<(String, String)> {
            let form = form.split("</form>").next().unwrap_or_default();
            let fields = form.split("<input type=\"hidden\" name=\"").skip(1).filter_map(|field| {
                let (name, rest) = field.split_once("\" value=\"")?;
                Some((name.to_owned(), rest.split_once('"')?.0.to_owned()))
            });
            fields.filter(|(name, _)| name != "token").collect()
        };
        forms.map(hidden).find(|fields| fields.contains(&("schedule".into(), schedule.into())))
    }

    /// Sends that form, once it is there; and anew, where a recording was measured since its page was made.
    pub fn approve(&mut self, schedule: &str) -> Page {
        wait_for("the form for approving", || {
            let fields = self.decision("/approve", schedule)?;
            Some(self.decide("/approve", &fields)).filter(|told| told.status != 409)
        })
    }

    /// Sends a form for deciding as its page had it.
    pub fn decide(&mut self, action: &str, fields: &[(String, String)]) -> Page {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (&**name, &**text)).collect();
        self.post(action, &fields)
    }

    /// Sends bytes as they are; keeps the cookies of the answer.
    pub fn send(&mut self, request: &[u8]) -> Page {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        // A server that has heard enough may hang up before the end.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let mut part = [0u8; 65_536];
        while let Ok(count @ 1..) = stream.read(&mut part) {
            bytes.extend_from_slice(&part[..count]);
        }
        let page = read(&bytes);
        for (_, cookie) in page.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

fn read(bytes: &[u8]) -> Page {
    let text = String::from_utf8(bytes.to_vec()).expect("the answer is UTF-8");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer: {text:?}"));
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
    Page { status, headers, body: body.to_owned() }
}

/// A name as an address has it.
pub fn encoded(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

/// Where the pages of that station are.
pub fn address(root: &Path) -> SocketAddr {
    let sign = root.join("state/page");
    wait_for("the pages", || {
        let text = std::fs::read_to_string(&sign).ok()?;
        text.trim().trim_end_matches('/').rsplit('/').next()?.parse().ok()
    })
}

/// A station that serves its pages at that address.
pub fn station(listen: &str) -> StationFolder {
    let station = StationFolder::in_memory("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let listen = format!("listen = \"{listen}\"");
    std::fs::write(&config, text.replace("listen = \"none\"", &listen)).unwrap();
    station
}

/// As [`station`], where nothing airs that nobody approved.
pub fn approving_station(listen: &str) -> StationFolder {
    let station = station(listen);
    approval(&station, true);
    station
}

/// Has a station want approval, or no longer; it has to be started anew.
pub fn approval(station: &StationFolder, wanted: bool) {
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap().replace("approval = \"command\"\n", "");
    let policy = "quiet_hours = \"none\"\n";
    let wanted = if wanted { "approval = \"command\"\n" } else { "" };
    std::fs::write(&config, text.replace(policy, &format!("{policy}{wanted}"))).unwrap();
}

/// Has the inbox take what has lain there for a second.
pub fn hasty_inbox(station: &StationFolder) {
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}[inbox]\nsettle = \"1s\"\n")).unwrap();
}

/// Makes an account, as a technician does.
pub fn account(station: &StationFolder, name: &str, role: &str) {
    let file = station.path().join("mat-khau");
    std::fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    let file = file.display().to_string();
    let output = station.loa(&["user", "add", name, "--role", role, "--password-file", &file]);
    assert!(output.status.success(), "{output:?}");
}

/// An address of this machine that is not loopback.
pub fn own_address() -> Option<IpAddr> {
    // Nothing is sent: the system only says from where it would be.
    let socket = UdpSocket::bind(("0.0.0.0", 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip()).filter(|ip| !ip.is_loopback())
}

/// A certificate for this machine, good for so many days, and its key.
pub fn certificate(folder: &Path, days: u32) {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            &days.to_string(),
            "-subj",
            "/CN=localhost",
        ])
        .arg("-keyout")
        .arg(folder.join("trang.key"))
        .arg("-out")
        .arg(folder.join("trang.crt"))
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// A station that a test makes up: how it stands, and what becomes of an order. Of everything else it knows nothing.
pub trait MadeUp: Send + Sync {
    fn report(&self) -> Option<Report> {
        None
    }
    fn give(&self, _order: Order, _by: String) -> Given {
        Given::Silent
    }
}

/// Such a station, as the pages reach one.
struct Reached<T>(T);

impl<T: MadeUp> Folders for Reached<T> {}

impl<T: MadeUp> Station for Reached<T> {
    fn report(&self) -> Option<Report> {
        self.0.report()
    }
    fn give(&self, order: Order, by: String) -> Given {
        self.0.give(order, by)
    }
    fn approve(&self, _: ScheduleId, _: String, _: Option<DropId>) -> Given {
        Given::Silent
    }
    fn refuse(&self, _: ScheduleId, _: String, _: String, _: Option<DropId>) -> Given {
        Given::Silent
    }
    fn write_down(&self, _: Handwritten) -> Given {
        Given::Silent
    }
    fn programme(&self) -> (Arc<Plan>, Arc<Library>) {
        (Arc::new(Plan::empty(chrono_tz::Asia::Ho_Chi_Minh)), Arc::default())
    }
    fn write(&self, _: Vec<Entry>) {}
    fn alarm(&self, _: &'static str, _: Option<(String, String)>) {}
}

/// Pages in this very process, over a journal of the test's making.
pub struct Served {
    pub root: tempfile::TempDir,
    ended: Arc<AtomicBool>,
    serving: Option<JoinHandle<()>>,
}

impl Served {
    /// With that station behind them; `fill` makes the journal.
    pub fn by(station: impl MadeUp + 'static, fill: impl FnOnce(&loa::journal::Journal)) -> Served {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("state")).unwrap();
        let text = "[station]\nid = \"xa\"\nname = \"Xã\"\n[output]\ncards = [\"virtual\"]\n\
                    [page]\nlisten = \"127.0.0.1:0\"\n";
        let config = Config::parse(text.as_bytes(), "station.toml", root.path()).unwrap();
        let journal = root.path().join("state/journal.db");
        fill(&loa::journal::Journal::open(&journal).unwrap());
        let clock = Arc::new(SystemClock::new());
        let pages =
            Pages::new(&config, Themes::default(), &journal, Box::new(Reached(station)), clock).unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let stop = ended.clone();
        let serving = std::thread::spawn(move || pages.keep(|| stop.load(Ordering::Relaxed)));
        Served { root, ended, serving: Some(serving) }
    }

    pub fn browser(&self) -> Browser {
        Browser::at(address(self.root.path()))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        let served = self.serving.take().unwrap().join();
        assert!(served.is_ok() || std::thread::panicking());
    }
}
