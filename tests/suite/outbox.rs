//! Alarms told by webhook and e-mail, against servers that refuse, hang, err and at last take them.

use std::cell::Cell;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use loa::core::outbox::{
    Change, Login, MailServer, Message, Pace, PasswordFault, Security, Standing, Tiding, Undelivered, Way,
    WayStanding, WebAddress,
};
use loa::core::paper::Contact;
use loa::outbox::email::{self, Letter};
use loa::outbox::webhook::{self, Teller};
use loa::outbox::{Courier, Dispatch};
use loa::words::{Language, Say, outbox as words};

use super::far_servers::{Web, dead_port, mail, web};
use super::golden::hold_against;

const LONG: Duration = Duration::from_secs(60);

fn at(minute: i64) -> DateTime<Utc> {
    "2026-11-24T05:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn alarm(about: &str) -> Standing {
    let found = "không mở được card nào; hãy cắm lại card\nalsa:hw: không có thiết bị".into();
    Standing { code: "no_card".into(), about: about.into(), found, since: at(0) }
}

fn teller() -> Teller {
    Teller { station: "xa-thu".into(), name: "Đài xã Thử".into(), zone: Ho_Chi_Minh }
}

fn address(port: u16) -> WebAddress {
    WebAddress::parse(&format!("http://127.0.0.1:{port}/bi-mat?khoa=42")).unwrap()
}

/// A webhook whose patience the test sets, in milliseconds.
fn webhook_to(address: WebAddress, patience: Arc<AtomicU64>) -> Courier {
    let to = address.host().to_owned();
    let mark = address.whole().to_owned();
    let send = move |message: &Message, _| {
        let patience = Duration::from_millis(patience.load(Ordering::Relaxed));
        webhook::post(&address, &webhook::json(&teller(), &message.tidings), patience)
    };
    Courier { way: Way::Webhook, to, mark, send: Box::new(send) }
}

fn dispatch(state: &Path, couriers: Vec<Courier>) -> Dispatch {
    Dispatch::open(state.join("outbox.json"), Pace { after: Duration::ZERO, ..Pace::default() }, couriers)
}

#[test]
fn a_webhook_that_hangs_errs_and_hangs_up_is_told_in_the_end_and_once() {
    let state = tempfile::tempdir().unwrap();
    let script = [
        Web::Hang,
        Web::Answer("500 Internal Server Error", "đầy"),
        Web::HangUp,
        Web::Answer("302 Found", ""),
        Web::Answer("200 OK", "cảm ơn"),
    ];
    let (port, heard) = web(&script);
    let patience = Arc::new(AtomicU64::new(300));
    let mut outbox = dispatch(state.path(), vec![webhook_to(address(port), patience.clone())]);
    let minute = Cell::new(0);
    let found = |dispatch: &Dispatch| dispatch.standing()[0].failing.clone().map(|failing| failing.found);
    let host = format!("127.0.0.1:{port}");
    let mut causes = Vec::new();
    for at_minute in 0..700 {
        minute.set(at_minute);
        outbox.turn(|| vec![alarm("card")], |_| true, || at(minute.get()));
        patience.store(60_000, Ordering::Relaxed);
        causes.extend(found(&outbox));
    }
    causes.dedup();
    assert!(matches!(&causes[0], Undelivered::TooSlow { host: to, .. } if *to == host), "{causes:?}");
    assert!(
        matches!(&causes[1], Undelivered::Refused { answer, .. } if answer.starts_with("500") && answer.contains("đầy")),
        "{causes:?}"
    );
    assert!(matches!(&causes[2], Undelivered::NotReached { .. }), "{causes:?}");
    assert!(
        matches!(&causes[3], Undelivered::Refused { answer, .. } if answer.starts_with("302")),
        "{causes:?}"
    );
    assert_eq!(causes.len(), 4, "{causes:?}");
    let requests: Vec<(String, String)> = heard.try_iter().collect();
    assert_eq!(requests.len(), 5, "the first try, four more, and nothing after it was taken");
    let (head, body) = requests.last().unwrap();
    assert!(head.starts_with("POST /bi-mat?khoa=42 "), "{head}");
    let json: serde_json::Value = serde_json::from_str(body).unwrap();
    assert_eq!(
        json,
        serde_json::json!([{
            "station": "xa-thu", "name": "Đài xã Thử", "alarm": "no_card", "about": "card",
            "found": alarm("card").found, "state": "raised", "since": "2026-11-24T12:00:00+07:00",
        }])
    );
    for cause in causes {
        let said = format!("{cause} {}", cause.say(Language::Vi));
        assert!(!said.contains("bi-mat") && !said.contains("khoa"), "a secret is shown: {said}");
    }
}

#[test]
fn a_dead_server_costs_the_others_nothing_and_what_was_told_survives_a_restart() {
    let state = tempfile::tempdir().unwrap();
    let (port, heard) = web(&[Web::Answer("204 No Content", "")]);
    let dead = dead_port();
    let couriers = || {
        let patience = Arc::new(AtomicU64::new(60_000));
        let panics = Courier {
            way: Way::Email,
            to: "a@b".into(),
            mark: "a@b".into(),
            send: Box::new(|_, _| panic!("a library")),
        };
        vec![webhook_to(address(dead), patience.clone()), panics, webhook_to(address(port), patience)]
    };
    let mut first = dispatch(state.path(), couriers());
    first.turn(|| vec![alarm("card")], |_| true, || at(0));
    let ways = first.standing();
    assert!(matches!(ways[0].failing.as_ref().unwrap().found, Undelivered::NotReached { .. }), "{ways:?}");
    assert!(matches!(ways[1].failing.as_ref().unwrap().found, Undelivered::Broken { .. }), "{ways:?}");
    assert_eq!((ways[2].delivered, &ways[2].failing), (Some(at(0)), &None));
    drop(first);
    let mut second = dispatch(state.path(), couriers());
    let since = |ways: &[WayStanding]| {
        ways.iter().map(|way| way.failing.clone().map(|one| (one.since, one.tries))).collect::<Vec<_>>()
    };
    assert_eq!(since(&second.standing()), since(&ways), "what failed survives too");
    second.turn(|| vec![alarm("card")], |_| false, || at(30));
    assert_eq!(heard.try_iter().count(), 1, "told once");
    second.turn(Vec::new, |_| true, || at(31));
    let (_, body) = heard.try_iter().next().unwrap();
    assert!(
        body.contains("\"state\":\"over\"") && body.contains("\"over\":\"2026-11-24T12:31:00+07:00\""),
        "{body}"
    );
}

#[test]
fn a_spoilt_file_of_what_was_told_is_as_none_and_a_state_that_cannot_be_written_stops_nothing() {
    for spoilt in ["", "{", "[]", "{\"webhook x\": {\"known\": 7}}", "\u{0}\u{0}\u{0}"] {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(state.path().join("outbox.json"), spoilt).unwrap();
        let (port, heard) = web(&[Web::Answer("200 OK", "")]);
        let patience = Arc::new(AtomicU64::new(60_000));
        dispatch(state.path(), vec![webhook_to(address(port), patience)]).turn(
            || vec![alarm("a")],
            |_| true,
            || at(0),
        );
        assert_eq!(heard.try_iter().count(), 1, "{spoilt:?}");
    }
    let (port, heard) = web(&[Web::Answer("200 OK", "")]);
    let patience = Arc::new(AtomicU64::new(60_000));
    let mut nowhere = dispatch(Path::new("/khong/co"), vec![webhook_to(address(port), patience)]);
    (0..5).for_each(|minute| nowhere.turn(|| vec![alarm("a")], |_| true, || at(minute)));
    assert_eq!(heard.try_iter().count(), 1, "it goes on by memory");
}

fn server(port: u16, login: Option<Login>) -> MailServer {
    let (server, from) = ("127.0.0.1".to_owned(), "dai-xa@example.vn".to_owned());
    MailServer {
        server,
        port,
        security: Security::Nothing,
        login,
        from,
        to: vec!["van-hoa@example.vn".into()],
    }
}

fn letter() -> Letter {
    Letter {
        name: "Đài xã Thử".into(),
        subject: "[Đài xã Thử] CẢNH BÁO: 1".into(),
        text: "Mất card.\r\n.\r\nHết.\r\n".into(),
        at: at(0),
    }
}

#[test]
fn a_letter_reaches_its_receiver_and_a_refused_one_is_told_with_the_servers_words() {
    let (port, heard) = mail("khong-co");
    let answer = email::send(&server(port, None), "van-hoa@example.vn", &letter(), LONG).unwrap();
    assert!(answer.contains("250") && answer.contains("queued as 42"), "{answer}");
    let (commands, text) = heard.recv().unwrap();
    let said = commands.join("\n");
    assert!(
        said.contains("MAIL FROM:<dai-xa@example.vn>") && said.contains("RCPT TO:<van-hoa@example.vn>"),
        "{said}"
    );
    assert!(
        text.contains("Subject: =?utf-8?b?") && text.contains("Auto-Submitted: auto-generated"),
        "{text}"
    );
    assert!(text.contains("Date: Tue, 24 Nov 2026 05:00:00 +0000"), "{text}");
    let refused = email::send(&server(port, None), "khong-co@example.vn", &letter(), LONG).unwrap_err();
    assert!(
        matches!(&refused, Undelivered::Refused { answer, .. } if answer.contains("no such mailbox here")),
        "{refused:?}"
    );
}

#[test]
fn a_mail_server_that_is_not_there_hangs_or_is_none_is_told_apart() {
    let send =
        |server: &MailServer, patience| email::send(server, "a@example.vn", &letter(), patience).unwrap_err();
    let dead = send(&server(dead_port(), None), LONG);
    assert!(matches!(&dead, Undelivered::NotReached { host, .. } if host == "127.0.0.1"), "{dead:?}");
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let hung = send(&server(port, None), Duration::from_millis(300));
    assert!(matches!(hung, Undelivered::TooSlow { .. }), "{hung:?}");
    // Without encryption where it is asked for, nothing is said.
    let (port, heard) = mail("-");
    let open = send(&MailServer { security: Security::StartTls, ..server(port, None) }, LONG);
    assert!(matches!(open, Undelivered::NotSecure { .. }), "{open:?}");
    assert_eq!(heard.try_iter().count(), 0, "no letter went over an open connection");
    let (port, _heard) = web(&[Web::Answer("200 OK", "")]);
    let none = MailServer { security: Security::Tls, ..server(port, None) };
    assert!(matches!(
        send(&none, Duration::from_secs(2)),
        Undelivered::TooSlow { .. } | Undelivered::NotSecure { .. } | Undelivered::NotReached { .. }
    ));
}

#[cfg(unix)]
#[test]
fn a_password_that_others_may_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mat-khau");
    let why = || match email::password(&file).unwrap_err() {
        Undelivered::Password { why, .. } => why,
        other => panic!("{other:?}"),
    };
    let mode = |mode| std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
    assert!(matches!(why(), PasswordFault::Unreadable { .. }));
    std::fs::write(&file, "mật khẩu của đài\r\nghi chú\n").unwrap();
    for open in [0o644, 0o640, 0o604, 0o620] {
        mode(open);
        assert_eq!(why(), PasswordFault::Open { mode: open });
    }
    mode(0o600);
    assert_eq!(email::password(&file).unwrap(), "mật khẩu của đài");
    std::fs::write(&file, "\nx").unwrap();
    assert_eq!(why(), PasswordFault::Empty);
    std::fs::write(&file, "x".repeat(10_000)).unwrap();
    assert!(matches!(why(), PasswordFault::TooLong { .. }));
    std::fs::write(&file, [0xff, 0xfe, 0x41]).unwrap();
    assert!(matches!(why(), PasswordFault::Unreadable { .. }));
    // With such a file no letter is even begun.
    mode(0o644);
    let login = Login { user: "dai".into(), password_file: file.clone() };
    let (port, heard) = mail("-");
    assert!(matches!(
        email::send(&server(port, Some(login)), "a@b.vn", &letter(), LONG),
        Err(Undelivered::Password { .. })
    ));
    assert_eq!(heard.try_iter().count(), 0);
}

#[test]
fn the_words_of_messages() {
    let contact = Contact {
        station: "Đài Truyền thanh xã Thử".into(),
        technician: Some("Nguyễn Văn Bình".into()),
        telephone: Some("0905 000 000".into()),
    };
    let tiding = |about: &str, change| Tiding { alarm: alarm(about), change };
    let all = [
        tiding("Card âm thanh", Change::Raised),
        tiding("Đồng hồ", Change::Standing),
        tiding("Ổ đĩa", Change::Over { at: at(95) }),
    ];
    let causes = [
        Undelivered::NoSuchHost { host: "mail.example.vn".into() },
        Undelivered::NotReached { host: "mail.example.vn".into(), found: "Connection refused".into() },
        Undelivered::TooSlow { host: "mail.example.vn".into(), seconds: 30 },
        Undelivered::NotSecure { host: "mail.example.vn".into(), found: "UnknownIssuer".into() },
        Undelivered::Refused { host: "mail.example.vn".into(), answer: "550 no".into() },
        Undelivered::BadAddress { address: "a@".into(), found: "Missing domain".into() },
        Undelivered::Broken { found: "a panic".into() },
        Undelivered::Password {
            file: "config/mk".into(),
            why: PasswordFault::Unreadable { found: "not there".into() },
        },
        Undelivered::Password { file: "config/mk".into(), why: PasswordFault::Open { mode: 0o644 } },
        Undelivered::Password { file: "config/mk".into(), why: PasswordFault::Empty },
        Undelivered::Password { file: "config/mk".into(), why: PasswordFault::TooLong { limit: 4096 } },
    ];
    let mut text = String::new();
    for language in [Language::Vi, Language::En] {
        for (some, others) in [(&all[..], 0), (&all[..1], 0), (&all[2..], 0), (&all[2..], 2)] {
            let some = &Message { tidings: some.to_vec(), others };
            let paper = words::letter(language, Ho_Chi_Minh, &contact, at(100), some);
            let sheet = loa::export::text::text(&paper).replace(['\r', '\u{feff}'], "");
            text.push_str(&format!("{}\n\n{sheet}\n", words::subject(language, &contact, some)));
        }
        let (subject, _) = words::test(language, &contact);
        let sheet = loa::export::text::text(&words::test_letter(language, &contact));
        text.push_str(&format!("{subject}\n\n{}\n", sheet.replace(['\r', '\u{feff}'], "")));
        let mut outbox = loa::core::outbox::Outbox::default();
        let mut way = |outbox: &loa::core::outbox::Outbox| {
            let standing = outbox.standing(Way::Email, "van-hoa@example.vn".into());
            text.push_str(&format!("{}\n", words::way(language, Ho_Chi_Minh, &standing)));
        };
        way(&outbox);
        outbox.delivered(&Message::default(), at(0));
        way(&outbox);
        for cause in &causes {
            outbox.failed(cause.clone(), at(1));
            way(&outbox);
        }
        text.push_str(&format!("{}\n", words::tested(language, "a@b.vn", &Ok("250 queued".into()))));
        text.push_str(&format!("{}\n", words::tested(language, "a@b.vn", &Err(causes[0].clone()))));
        text.push_str(&format!("{}\n\n", words::nobody(language)));
    }
    hold_against("tests/golden/outbox.txt", &text);
}
