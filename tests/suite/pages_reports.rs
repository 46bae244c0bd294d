//! Themes, reports and handwriting by page: the same figures as the command's, in both languages, and what is wrong told in
//! the reader's language.

use super::pages_rig::{Browser, account, station};
use super::station_folder::StationFolder;
use super::year_rig;

/// A running station with a generated year behind it.
fn station_of_a_year() -> StationFolder {
    let mut station = station("127.0.0.1:0");
    std::fs::create_dir(station.path().join("state")).unwrap();
    year_rig::fill(&station.path().join("state/journal.db"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("config/themes.toml"), station.path().join("config/themes.toml")).unwrap();
    std::fs::write(
        station.path().join("config/targets.toml"),
        "[[target]]\ntheme = \"dich-vu-cong\"\nperiod = \"2025\"\nairings = 100\n\
         [[target]]\ntheme = \"vneid\"\nperiod = \"2025-Q4\"\nminutes = 6000\n",
    )
    .unwrap();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}[files]\ntargets = \"config/targets.toml\"\n")).unwrap();
    account(&station, "Bình", "technician");
    account(&station, "Cúc", "supervisor");
    account(&station, "Dũng", "office");
    station.run();
    station
}

#[test]
fn a_form_by_page_is_the_commands_form() {
    let station = station_of_a_year();
    let mut reader = Browser::of(&station);
    for form in ["log", "summary", "reconcile"] {
        let page = reader.get(&format!("/reports/file?form={form}&period=2025-Q4&format=csv&language=vi"));
        assert_eq!(page.status, 200, "{form}: {}", page.body);
        assert!(page.header("content-type").unwrap().starts_with("text/csv"));
        let name = page.header("content-disposition").unwrap();
        assert!(name.starts_with("attachment; filename=\"") && name.contains("2025-Q4.csv"), "{name}");
        let command = station.loa(&[
            "report",
            "--period",
            "2025-Q4",
            "--form",
            form,
            "--format",
            "csv",
            "--language",
            "vi",
        ]);
        let rows = |text: &str| {
            // The running station goes on writing: between the two forms its head may have moved.
            assert_eq!(text.matches("--head").count(), 1, "{text}");
            let made = |line: &&str| line.contains("Lập lúc") || line.contains("--head");
            text.lines().filter(|line| !made(line)).map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(rows(&page.body), rows(&String::from_utf8(command.stdout).unwrap()), "{form}");
    }
    let page = reader.get("/reports/file?form=log&from=2025-10-01&to=2025-10-07&format=html&language=en");
    assert!(page.header("content-security-policy").unwrap().contains("style-src 'unsafe-inline'"));
    assert!(page.body.contains("AIRING LOG") && page.body.contains("01/10/2025 to 07/10/2025"));
    let administrative = reader.get("/reports/file?form=summary&period=2025-10&administrative=1&format=html");
    assert!(administrative.body.contains("15/09/2025"), "{}", administrative.body);
}

#[test]
fn what_is_asked_wrongly_is_told_in_the_readers_language() {
    let station = station_of_a_year();
    let mut reader = Browser::of(&station);
    for (address, said) in [
        ("/reports/file?form=log&period=2025-13&language=vi", "năm 2025 chỉ có"),
        ("/reports/file?form=log&period=xx&language=en", "is no period"),
        ("/reports/file?form=xx&period=2025&language=vi", "“Biểu mẫu”"),
        ("/reports/file?form=log&period=2025&format=doc&language=vi", "“Dạng tệp”"),
        ("/reports/file?form=log&language=vi", "“Kỳ báo cáo”"),
        ("/reports/file?form=log&from=2025-10-01&language=vi", "“Đến ngày”"),
        ("/reports/file?form=log&from=2025-10-02&to=2025-10-01&language=vi", "sớm hơn"),
        ("/reports/file?form=log&from=2000-01-01&to=2025-10-01&language=vi", "nhiều nhất 10 năm"),
        ("/reports/file?form=log&period=2025-W01&administrative=1&language=vi", "tuần không có kỳ"),
        ("/themes?period=%00%22%3Cscript%3E&language=vi", "không phải kỳ báo cáo"),
    ] {
        let page = reader.get(address);
        assert_eq!(page.status, 400, "{address}: {}", page.body);
        assert!(page.body.to_lowercase().contains(&said.to_lowercase()), "{address}: {}", page.body);
        assert!(!page.body.contains("<script>"), "{address}");
    }
    // A faulty plan is a page that says so, and no half report.
    std::fs::write(station.path().join("config/targets.toml"), "[[target]]\ntheme = \"x\"\n").unwrap();
    for address in ["/themes?period=2025&language=vi", "/reports/file?form=summary&period=2025&language=vi"] {
        let page = reader.get(address);
        assert_eq!(page.status, 500, "{address}");
        assert!(
            page.body.contains("targets.toml") && page.body.contains("phụ trách kỹ thuật"),
            "{}",
            page.body
        );
    }
}

#[test]
fn themes_are_held_against_the_plan() {
    let station = station_of_a_year();
    let mut reader = Browser::of(&station);
    let page = reader.get("/themes?period=2025-Q4&language=vi").body;
    let csv = station.loa(&[
        "report",
        "--period",
        "2025-Q4",
        "--form",
        "summary",
        "--format",
        "csv",
        "--language",
        "vi",
    ]);
    let csv = String::from_utf8(csv.stdout).unwrap();
    let row = csv.lines().find(|line| line.contains("Cổng dịch vụ công")).unwrap();
    let cells: Vec<&str> = row.split(';').collect();
    let (times, minutes, since, share) = (cells[3], cells[4], cells[5], cells[7]);
    let shown = page.split("Cổng dịch vụ công").nth(1).unwrap().split("</tr>").next().unwrap();
    for text in [times, minutes, since, &format!("{share} %"), "100 lượt cả năm"] {
        assert!(shown.contains(text), "{text}: {shown}");
    }
    let vneid = page.split("VNeID").nth(1).unwrap().split("</tr>").next().unwrap();
    assert!(
        vneid.contains("▼") && vneid.contains("class=\"behind\"") && vneid.contains("còn thiếu"),
        "{vneid}"
    );
    assert!(reader.get("/themes?language=en").body.contains("Still planned"));
}

#[test]
fn a_supervisor_writes_by_page_what_the_commands_write_and_an_office_does_not() {
    let station = station_of_a_year();
    let mut supervisor = Browser::of(&station);
    supervisor.get("/?language=vi");
    assert_eq!(supervisor.sign_in("Cúc").status, 303);
    assert!(supervisor.get("/reports").body.contains("action=\"/review\""));
    let fields = [
        ("date", "2026-11-20"),
        ("time", "17:00"),
        ("minutes", "12"),
        ("title", "Trưởng thôn đọc <b>thông báo</b>"),
        ("kind", "thong-bao"),
        ("topic", "thu-tuc"),
        ("why", "mất điện"),
        ("by", "Lê Thị Cúc"),
    ];
    let entered = supervisor.post("/enter", &fields);
    assert!(entered.status == 200 && entered.body.contains("nhập thủ công"), "{}", entered.body);
    let airings = station.json(&["airings", "--from", "2026-11-20", "--to", "2026-11-20", "--json"]);
    assert_eq!((&airings[0]["kind"], &airings[0]["by"]), (&"entered".into(), &"Lê Thị Cúc".into()));
    let number = airings[0]["id"].to_string();
    let noted = supervisor.post("/note", &[("airing", &number), ("text", "đã nghe tại thôn 3")]);
    assert!(noted.body.contains("Đã ghi chú"), "{}", noted.body);
    let proof = supervisor.get(&format!("/airings/{number}")).body;
    assert!(proof.contains("đã nghe tại thôn 3 – Cúc") && proof.contains("&#60;b&#62;"), "{proof}");
    assert!(proof.contains("mất điện") && proof.contains("action=\"/take-back\""), "{proof}");
    let again = supervisor.post("/enter", &fields);
    assert!(again.body.contains("đã có cùng giờ bắt đầu"), "{}", again.body);
    let back = supervisor.post("/take-back", &[("airing", &number), ("why", "nhập nhầm")]);
    assert!(back.body.contains("Đã rút"), "{}", back.body);
    let reviewed = supervisor.post("/review", &[("period", "2025-Q4"), ("by", "Lê Thị Cúc"), ("text", "đủ")]);
    assert!(reviewed.body.contains("Đã ghi nhận"), "{}", reviewed.body);
    let form = supervisor.get("/reports/file?form=summary&period=2025-Q4").body;
    assert!(form.contains("Lê Thị Cúc (tài khoản Cúc) đã xem xét kỳ từ 01/10/2025"), "{form}");
    let mut office = Browser::of(&station);
    assert_eq!(office.sign_in("Dũng").status, 303);
    assert!(!office.get("/reports").body.contains("action=\"/review\""));
    assert_eq!(office.post("/note", &[("airing", &number), ("text", "x")]).status, 403);
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}
