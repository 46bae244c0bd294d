//! The hand-over sheet: made from the station's own configuration and journal, in both languages, on two sheets of A4, with
//! no secret on it.

use std::path::Path;
use std::process::Command;

use super::archive_rig::text;
use super::papers_rig::texts_of_page;
use super::station_folder::{StationFolder, now};

/// A station that has aired, with everything in its configuration that a sheet tells of.
fn station() -> StationFolder {
    let mut station = StationFolder::new("\"virtual\"");
    let config = station.path().join("config/station.toml");
    let written = std::fs::read_to_string(&config).unwrap();
    let written = written
        .replace(
            "language = \"en\"",
            "language = \"vi\"\ntechnician = \"Nguyễn Văn Bình\"\ntelephone = \"0905 123 456\"",
        )
        .replace(
            "quiet_hours = \"none\"",
            "quiet_hours = \"none\"\nsessions_a_day = 40\nsession = \"45m\"\nholidays = \"silent\"",
        )
        .replace(
            "listen = \"none\"",
            "listen = \"0.0.0.0:8443\"\ncertificate = \"config/trang.crt\"\nkey = \"config/trang.key\"",
        );
    let more = "[report]\nsuperior = \"UBND xã <Bình Minh>\"\nreceiver = \"Sở Nội vụ\"\n[[office]]\nfolder = \"Phòng Văn hóa\"\n\
                [alarms]\nwebhook = \"https://giam-sat.example.vn/loa?khoa=bi-mat-1\"\n[alarms.email]\nserver = \"mail.example.vn\"\n\
                user = \"dai\"\npassword_file = \"config/mat-khau\"\nfrom = \"dai@example.vn\"\nto = [\"van-hoa@example.vn\"]\n\
                [amplifier]\non = [\"true\"]\noff = [\"true\"]\nbefore = \"20s\"\n";
    std::fs::write(&config, format!("{written}{more}")).unwrap();
    for (name, secret) in [("mat-khau", "bi-mat-2"), ("trang.crt", "chứng thư"), ("trang.key", "bi-mat-3")]
    {
        std::fs::write(station.path().join("config").join(name), secret).unwrap();
    }
    super::pages_rig::account(&station, "binh", "technician");
    station.recording("a.wav", 4_800);
    station.schedule_in(2, "a.wav");
    station.run();
    station.wait_for_outcome("aired");
    let civil = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    station.schedule(
        "tuan.toml",
        &format!(
            "id = \"tuan\"\ntitle = \"Tuần\"\nvalid_from = {civil}\n[[slot]]\nid = \"sang\"\ntitle = \"Chuyên mục CCHC\"\n\
             at = [\"05:30\"]\ndays = [\"T2-T6\"]\nplay = [\"a.wav\"]\n[[slot]]\nid = \"trua\"\ntitle = \"Bản tin trưa\"\n\
             at = [\"11:15\"]\ndays = [\"T2-CN\"]\nplay = [\"a.wav\"]\n[[slot]]\nid = \"toi\"\ntitle = \"Ca nhạc\"\n\
             at = [\"18:00\"]\ndays = [\"T7\", \"CN\"]\nplay = [\"a.wav\"]\n"
        ),
    );
    station.kill();
    station
}

fn sheet(station: &StationFolder, language: &str) -> String {
    let file = station.path().join(format!("{language}.html"));
    let said = station.loa(&["handover", "--language", language, "-o", file.to_str().unwrap()]);
    assert!(said.status.success(), "{}", text(&said));
    std::fs::read_to_string(file).unwrap()
}

/// How many sheets a page prints on, each of A4.
fn sheets_of_a4(page: &Path) -> usize {
    let pdf = page.with_extension("pdf");
    let chromium = std::env::var("LOA_CHROMIUM").unwrap_or_else(|_| "chromium".into());
    let printed = Command::new(chromium)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"])
        .arg(format!("--print-to-pdf={}", pdf.display()))
        .arg(page)
        .output()
        .expect("Chromium is needed: scripts/need-browser installs it");
    assert!(printed.status.success(), "{}", text(&printed));
    let bytes = String::from_utf8_lossy(&std::fs::read(&pdf).unwrap()).into_owned();
    let boxes: Vec<&str> =
        bytes.split("/MediaBox [").skip(1).filter_map(|rest| rest.split(']').next()).collect();
    for found in &boxes {
        let sides: Vec<f64> = found.split_whitespace().map(|side| side.parse().unwrap()).collect();
        assert!((sides[2] - 595.3).abs() < 1.5 && (sides[3] - 841.9).abs() < 1.5, "{found}");
    }
    boxes.len()
}

#[test]
fn the_sheet_tells_what_the_station_is_and_no_secret_and_fits_on_two_sheets() {
    let station = station();
    let head = station.json(&["verify", "--json"])["head"].as_str().unwrap().to_owned();
    let hash = std::fs::read_to_string(station.path().join("state/accounts.json")).unwrap();
    let after = hash.split("\"hash\": \"").nth(1).unwrap();
    let hash = after.split('"').next().unwrap().to_owned();
    assert_eq!(hash.len(), 64);
    for (language, tells) in [
        (
            "vi",
            [
                "PHIẾU BÀN GIAO",
                "T2–T6",
                "hằng ngày",
                "T7, CN",
                "nhiều nhất 40 buổi mỗi ngày; mỗi buổi không quá 45 phút; không phát ngày lễ",
                "Loa tự bật trước 20 giây, tắt sau 1 phút",
                "binh (kỹ thuật)",
                "CHƯA có bản nào",
                "NGƯỜI GIAO",
                "NGƯỜI NHẬN",
            ],
        ),
        (
            "en",
            [
                "HAND-OVER SHEET",
                "Mon–Fri",
                "daily",
                "Sat, Sun",
                "at most 40 sessions a day; a session of at most 45 min; silent on holidays",
                "Loa switches it on 20 s before and off 1 min after",
                "binh (technician)",
                "there is NONE yet",
                "HANDED OVER BY",
                "TAKEN OVER BY",
            ],
        ),
    ] {
        let page = sheet(&station, language);
        let said = texts_of_page(&page).join("\n");
        let folder = station.path().display().to_string();
        let everywhere = [
            "Đài thử (xa-thu)",
            "Nguyễn Văn Bình, 0905 123 456",
            "UBND xã <Bình Minh>",
            "Sở Nội vụ",
            "Phòng Văn hóa",
            "virtual",
            "https://127.0.0.1:8443",
            "van-hoa@example.vn",
            "Chuyên mục CCHC",
            "Bản tin trưa",
            "-16",
            &folder,
            &head,
            "Đúng giờ",
        ];
        for expected in tells.into_iter().chain(everywhere) {
            let expected =
                if language == "vi" { expected.replace("-16", "-16,0") } else { expected.to_owned() };
            assert!(said.contains(&expected), "`{expected}` is missing in:\n{said}");
        }
        for secret in ["bi-mat-1", "bi-mat-2", "bi-mat-3", &hash, super::pages_rig::PASSWORD] {
            assert!(!page.contains(secret), "{secret}");
        }
        assert!(sheets_of_a4(&station.path().join(format!("{language}.html"))) <= 2, "{language}");
    }
    // A certificate that can be read says itself until when it is good; the text that stood in its place did not.
    super::pages_rig::certificate(&station.path().join("config"), 90);
    std::fs::remove_file(station.path().join("en.html")).unwrap();
    let ends = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh) + chrono::TimeDelta::days(90);
    let good = format!("trang.crt; good until {}", ends.format("%A %-d %B %Y"));
    let said = texts_of_page(&sheet(&station, "en")).join("\n");
    assert!(said.contains(&good), "`{good}` is missing in:\n{said}");
}

#[test]
fn a_station_that_never_ran_has_a_sheet_and_nothing_is_written_over() {
    let station = StationFolder::new("\"virtual\"");
    let said = station.loa(&["handover"]);
    assert!(said.status.success(), "{}", text(&said));
    let page = String::from_utf8(said.stdout).unwrap();
    assert!(texts_of_page(&page).iter().any(|text| text.contains("Nothing airs in the next seven days")));
    let file = station.path().join("phieu.html");
    std::fs::write(&file, "đã ký").unwrap();
    let said = station.loa(&["handover", "-o", file.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(1));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "đã ký");
}
