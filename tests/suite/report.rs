//! The reports of a generated year, asked of the real binary, read back by another program (openpyxl) and held against
//! figures that `tests/oracle/report_oracle.py` works out by itself from the as-run log.

use std::path::PathBuf;
use std::process::Command;

use super::station_folder::StationFolder;
use super::year_rig;

fn station() -> StationFolder {
    let station = StationFolder::new("\"virtual\"");
    std::fs::create_dir(station.path().join("state")).unwrap();
    year_rig::fill(&station.path().join("state/journal.db"));
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("config/themes.toml"), station.path().join("config/themes.toml")).unwrap();
    std::fs::write(
        station.path().join("config/targets.toml"),
        "[[target]]\ntheme = \"dich-vu-cong\"\nperiod = \"2025\"\nairings = 150\n\
         [[target]]\ntheme = \"thu-tuc\"\nperiod = \"2025-10\"\nairings = 10\n\
         [[target]]\ntheme = \"thu-tuc\"\nperiod = \"2025-11\"\nairings = 10\n\
         [[target]]\ntheme = \"thu-tuc\"\nperiod = \"2025-12\"\nairings = 25\n\
         [[target]]\ntheme = \"vneid\"\nperiod = \"2025-Q4\"\nminutes = 60\n",
    )
    .unwrap();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(
        &config,
        format!(
            "{text}[report]\nsuperior = \"UBND xã Bình Minh\"\nreceiver = \"Sở Nội vụ\"\n\
             [files]\ntargets = \"config/targets.toml\"\n"
        ),
    )
    .unwrap();
    station
}

/// Runs the command and expects it to succeed.
fn report(station: &StationFolder, arguments: &[&str]) -> Vec<u8> {
    let output = station.loa(&[&["report"], arguments].concat());
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Lets the oracle read the workbooks and count by itself.
fn oracle(station: &StationFolder, from: &str, to: &str, reckoning: &str, language: &str) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let home = std::env::var_os("LOA_ORACLE_PYTHONPATH")
        .map_or_else(|| root.join("target/oracle-python"), PathBuf::from);
    let said = Command::new("python3")
        .arg(root.join("tests/oracle/report_oracle.py"))
        .args([from, to, reckoning, language])
        .arg(station.path())
        .env("PYTHONPATH", home)
        .output()
        .expect("python3 is needed to ask openpyxl");
    assert!(
        said.status.success(),
        "`scripts/need-oracle` installs what it needs:\n{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
}

#[test]
fn every_figure_is_what_an_independent_count_of_the_log_finds() {
    let station = station();
    let airings = station.loa(&["airings", "--from", "2024-11-01", "--to", "2026-01-31", "--json"]);
    std::fs::write(station.path().join("airings.json"), airings.stdout).unwrap();
    for (period, from, to, reckoning, language) in [
        ("2025-Q4", "2025-10-01", "2025-12-31", "calendar", "vi"),
        ("2025-03", "2025-03-01", "2025-03-31", "calendar", "en"),
        ("2025-Q1", "2024-12-15", "2025-03-14", "administrative", "vi"),
        ("2025-Q2", "2025-03-15", "2025-06-14", "administrative", "vi"),
        ("2025", "2025-01-01", "2025-12-31", "calendar", "vi"),
        ("2025-W01", "2024-12-30", "2025-01-05", "calendar", "en"),
    ] {
        for form in ["log", "summary", "reconcile"] {
            let file = station.path().join(format!("{form}.xlsx"));
            let _ = std::fs::remove_file(&file);
            let file = file.display().to_string();
            let mut asked = vec!["--period", period, "--form", form, "-o", &file, "--language", language];
            asked.extend((reckoning == "administrative").then_some("--administrative"));
            report(&station, &asked);
        }
        oracle(&station, from, to, reckoning, language);
    }
}

#[test]
fn a_page_prints_as_the_decree_lays_it_out_and_carries_its_proof() {
    let station = station();
    let page =
        report(&station, &["--period", "2025-11", "--form", "log", "--format", "html", "--language", "vi"]);
    let page = String::from_utf8(page).unwrap();
    let read = roxmltree::Document::parse_with_options(
        &page,
        roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() },
    )
    .unwrap();
    let headings = read.descendants().filter(|node| node.has_tag_name("th")).count();
    assert_eq!(headings, 9, "the log prints in nine columns");
    assert!(page.contains("size:A4 landscape"));
    for text in [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "UBND XÃ BÌNH MINH",
        "Tháng 11 năm 2025 (từ 01/11/2025 đến hết 30/11/2025)",
        "Thủ trưởng đơn vị",
        "lượt phát thử",
    ] {
        assert!(page.contains(text), "{text}");
    }
    // The proof holds, and is told where the journal is another one.
    let head = page.split("--head ").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(station.loa(&["verify", "--head", &head]).status.success(), "{head}");
    let last = if head.ends_with('0') { '1' } else { '0' };
    let other = format!("{}{last}", &head[..head.len() - 1]);
    assert!(!station.loa(&["verify", "--head", &other]).status.success());
}

#[test]
fn csv_opens_in_excel_and_runs_nothing() {
    let station = station();
    let csv = report(&station, &["--period", "2025", "--form", "log", "--format", "csv", "--language", "vi"]);
    assert!(csv.starts_with("\u{feff}".as_bytes()));
    let text = String::from_utf8(csv).unwrap();
    assert!(text.contains("\r\nSTT;Ngày;Buổi;Giờ theo lịch;"), "{}", &text[..400]);
    assert!(text.contains("theo lệnh của =HYPERLINK"), "the order's name stands inside a text");
    for line in text.lines() {
        for cell in line.split(';') {
            let cell = cell.trim_start_matches('"');
            let number = cell.replace(',', ".").parse::<f64>().is_ok();
            assert!(number || !cell.starts_with(['=', '+', '-', '@']), "{cell}");
        }
    }
}

#[test]
fn what_cannot_be_made_is_told_with_the_remedy_and_leaves_no_file() {
    let station = station();
    for (arguments, said) in [
        (vec!["--period", "2025-13"], "2025-13"),
        (vec!["--period", "thang-10"], "2025-Q4"),
        (vec!["--period", "2025-W10", "--administrative"], "month"),
        (vec!["--from", "2025-02-01", "--to", "2025-01-01"], "earlier"),
        (vec!["--period", "2025", "-o", "bao-cao.doc"], ".xlsx"),
        (vec!["--period", "2025", "--format", "csv", "-o", "bao-cao.xlsx"], "one of the two"),
        (vec!["--from=-262143-01-01", "--to", "2025-01-01"], "1900"),
        (vec!["--from", "2025-01-01", "--to=+262142-12-31"], "1900"),
        (vec!["--from", "1990-01-01", "--to", "2025-01-01"], "3660"),
    ] {
        let said = if said == "2025-Q4" { "2026-Q4" } else { said };
        let asked = [&["report", "--form", "log"][..], &arguments].concat();
        let output = station.loa(&asked);
        assert_eq!(output.status.code(), Some(2), "{asked:?}");
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(error.contains(said), "{asked:?}: {error}");
    }
    let file = station.path().join("q.xlsx").display().to_string();
    let asked = ["--period", "2025-10", "--form", "summary", "-o", &file];
    report(&station, &asked);
    let before = std::fs::read(&file).unwrap();
    let again = station.loa(&[&["report"], &asked[..]].concat());
    assert_eq!(again.status.code(), Some(1), "a report is never written over");
    assert!(String::from_utf8_lossy(&again.stderr).contains("-o"));
    assert_eq!(std::fs::read(&file).unwrap(), before);
    // A period before the station was: an empty form that says so, no error.
    let page = report(&station, &["--period", "2020", "--form", "log", "--language", "vi"]);
    assert!(String::from_utf8(page).unwrap().contains("Không có lượt phát nào trong kỳ"));
    // A faulty plan is no half report.
    std::fs::write(
        station.path().join("config/targets.toml"),
        "[[target]]\ntheme = \"dich-vu-kong\"\nperiod = \"2025-Q9\"\n",
    )
    .unwrap();
    let check = station.json(&["check", "--json"]);
    let codes: Vec<&str> = check.as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&"config.bad_period") && codes.contains(&"config.unknown_theme"), "{codes:?}");
    let output = station.loa(&["report", "--period", "2025", "--form", "summary"]);
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    for said in ["dich-vu-cong", "2025-Q9", "airings"] {
        assert!(error.contains(said), "{said}: {error}");
    }
}

#[test]
fn a_station_that_never_ran_says_so() {
    let station = StationFolder::new("\"virtual\"");
    let output = station.loa(&["report", "--period", "2025", "--form", "log"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("loa run"));
}

#[test]
fn what_was_planned_is_told_by_the_holidays_of_its_time() {
    use loa::core::record::{Entry, Record};
    let mut station = StationFolder::new("\"virtual\"");
    std::fs::create_dir(station.path().join("state")).unwrap();
    let db = station.path().join("state/journal.db");
    let journal = loa::journal::Journal::open(&db).unwrap();
    let schedule = "id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2025-01-01\nvalid_until = 2025-01-31\n\
        [[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.wav\"]\n\
        except = [\"holidays\"]\n";
    let entries = [
        Entry::Founded { station: "xa-thu".into(), program: "loa".into() },
        Entry::Holidays { text: "[[holiday]]\ndate = 2025-01-10\n".into() },
        Entry::Live {
            schedule: "lich".into(),
            file: "lich.toml".into(),
            text: schedule.into(),
            by: "x".into(),
        },
    ];
    journal.append("2024-12-31T00:00:00Z".parse().unwrap(), &entries).unwrap();
    drop(journal);
    // The office has put the list of another year in its place.
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    std::fs::write(&config, format!("{text}[files]\nholidays = \"config/holidays.toml\"\n")).unwrap();
    let calendar = "[[holiday]]\ndate = 2026-01-01\n";
    std::fs::write(station.path().join("config/holidays.toml"), calendar).unwrap();
    let csv = report(&station, &["--period", "2025-01", "--form", "reconcile", "--format", "csv"]);
    let csv = String::from_utf8(csv).unwrap();
    let told = csv.lines().filter(|line| line.contains(",Sáng,")).count();
    assert_eq!(told, 30, "{csv}");
    assert!(!csv.contains("2025-01-10"), "{csv}");
    // What the station goes by from now on is written down when it starts, once.
    for _ in 0..2 {
        station.run();
        station.signal("TERM");
        assert_eq!(station.ended(), Some(0));
    }
    let calendars = loa::journal::Reader::open(&db).unwrap().holidays().unwrap();
    let texts: Vec<&str> = calendars.iter().map(|(_, text)| text.as_str()).collect();
    assert_eq!(texts, ["[[holiday]]\ndate = 2025-01-10\n", calendar]);
}
