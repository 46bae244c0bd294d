//! What people write by hand, into a running station: taken down, marked in the reports, and refused where it makes no
//! sense.

use chrono::{TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

use super::station_folder::StationFolder;

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn now() -> chrono::DateTime<Utc> {
    #[allow(clippy::disallowed_methods)]
    Utc::now()
}

#[test]
fn an_airing_by_hand_is_counted_and_marked_and_a_note_stands_beside_it() {
    let mut station = StationFolder::new("\"virtual\"");
    station.run();
    let began = (now() - TimeDelta::days(1)).with_timezone(&Ho_Chi_Minh);
    let day = began.format("%Y-%m-%d").to_string();
    let why = ["--why", "mất điện, trưởng thôn đọc", "--topic", "dich-vu-cong", "--by", "Bình"];
    let entered = station.loa(&[&["enter", &day, "17:00", "10m", "Đọc thông báo"][..], &why].concat());
    assert!(entered.status.success(), "{}", said(&entered));
    let airings = station.json(&["airings", "--from", &day, "--to", &day, "--json"]);
    let airing = &airings[0];
    assert_eq!((&airing["kind"], &airing["outcome"]), (&"entered".into(), &"aired".into()));
    assert_eq!(
        (&airing["aired_s"], &airing["frames"], &airing["device"]),
        (&600.0.into(), &0.into(), &().into())
    );
    let number = airing["id"].to_string();
    assert!(station.loa(&["note", &number, "đã nghe tại thôn 3", "--by", "An"]).status.success());
    let unknown = station.loa(&["note", "777", "không có", "--by", "An"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("no airing has the number 777"), "{}", said(&unknown));

    let report = |form: &str, format: &str| {
        let output = station.loa(&[
            "report",
            "--from",
            &day,
            "--to",
            &day,
            "--form",
            form,
            "--format",
            format,
            "--language",
            "en",
        ]);
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let log = report("log", "html");
    for text in ["entered by hand", "entered by Bình", "đã nghe tại thôn 3 – An (account "] {
        assert!(log.contains(text), "{text}: {log}");
    }
    assert!(log.contains("mất điện, trưởng thôn đọc"), "why it was entered: {log}");
    let twice = station.loa(&[&["enter", &day, "17:00", "10m", "Đọc thông báo"][..], &why].concat());
    assert_eq!(twice.status.code(), Some(1), "{}", said(&twice));
    let summary = report("summary", "csv");
    assert!(summary.contains("Public services,1,1,10.0,1,,,"), "{summary}");
    assert!(summary.contains("1 of them entered by hand"), "{summary}");
    let back = station.loa(&["take-back", &number, "--why", "nhập nhầm", "--by", "Bình"]);
    assert!(back.status.success(), "{}", said(&back));
    let again = station.loa(&["take-back", &number, "--why", "nhập nhầm", "--by", "Bình"]);
    assert!(said(&again).contains("taken back already"), "{}", said(&again));
    assert!(report("summary", "csv").contains("Public services,0,0,0.0,0,,,1 called off"));
    assert!(report("log", "html").contains("taken back, not counted"));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn a_review_stands_in_the_reports_of_its_period_and_no_other() {
    let mut station = StationFolder::new("\"virtual\"");
    station.run();
    let reviewed =
        station.loa(&["review", "--period", "2025-Q3", "--note", "đủ chỉ tiêu", "--by", "Lê Thị Cúc"]);
    assert!(reviewed.status.success(), "{}", said(&reviewed));
    let page = |period: &str| {
        let output = station.loa(&["report", "--period", period, "--form", "summary", "--language", "vi"]);
        String::from_utf8(output.stdout).unwrap()
    };
    let august = page("2025-08");
    for text in ["Lê Thị Cúc (tài khoản ", "đã xem xét kỳ từ 01/07/2025 đến hết 30/09/2025", ": đủ chỉ tiêu."]
    {
        assert!(august.contains(text), "{text}: {august}");
    }
    assert!(!page("2025-10").contains("Lê Thị Cúc"));
    // What comes after a review is told with it.
    let quarter = (now() - TimeDelta::days(120)).with_timezone(&Ho_Chi_Minh);
    let (month, day) = (quarter.format("%Y-%m").to_string(), quarter.format("%Y-%m-%d").to_string());
    assert!(station.loa(&["review", "--period", &month, "--by", "Lê Thị Cúc"]).status.success());
    assert!(!page(&month).contains("sau đó có thêm"));
    let entered = station.loa(&["enter", &day, "17:00", "10m", "Đọc", "--why", "x", "--by", "An"]);
    assert!(entered.status.success(), "{}", said(&entered));
    assert!(page(&month).contains("sau đó có thêm 1 mục nhập thủ công"), "{}", page(&month));
    let next = (now() + TimeDelta::days(400)).format("%Y").to_string();
    let running = station.loa(&["review", "--period", &next, "--by", "Lê Thị Cúc"]);
    assert_eq!(running.status.code(), Some(1));
    assert!(said(&running).contains("is not over"), "{}", said(&running));
}

#[test]
fn what_makes_no_sense_is_refused_and_leaves_no_trace() {
    let mut station = StationFolder::new("\"virtual\"");
    station.run();
    let head = station.json(&["verify", "--json"])["head"].clone();
    let tomorrow = (now() + TimeDelta::days(1)).with_timezone(&Ho_Chi_Minh).format("%Y-%m-%d").to_string();
    let today = now().with_timezone(&Ho_Chi_Minh).format("%Y-%m-%d").to_string();
    for (asked, said_of) in [
        (vec!["enter", &tomorrow, "05:00", "10m", "Đọc", "--why", "x"], "would have ended"),
        (vec!["enter", "2020-01-01", "05:00", "10m", "Đọc", "--why", "x"], "would have ended"),
        (vec!["enter", &today, "00:00", "10m", " ", "--why", "x"], "`title` is empty"),
        (vec!["enter", &today, "00:00", "7h", "Đọc", "--why", "x"], "its length"),
        (
            vec!["enter", &today, "00:00", "1s", "Đọc", "--why", "x", "--topic", "dich-vu-kong"],
            "dich-vu-cong",
        ),
        (vec!["note", "0", "x"], "no airing"),
        (vec!["note", "1", "", "--by", "An"], "`note` is empty"),
    ] {
        let output = station.loa(&asked);
        assert_eq!(output.status.code(), Some(1), "{asked:?}: {}", said(&output));
        assert!(said(&output).contains(said_of), "{asked:?}: {}", said(&output));
    }
    assert_eq!(station.json(&["verify", "--json"])["head"], head);
}
