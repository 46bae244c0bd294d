//! The real binary with targets in its inbox: what an office sends is what reports go by, says who sent it, and survives a
//! power cut; what a station does not take is returned with the remedy.

use std::path::{Path, PathBuf};

use loa::core::record::Entry;
use loa::journal::Reader;

use super::office_rig::{drop_file, office, receipt, receipts, station};
use super::pages_rig::Browser;
use super::station_folder::{StationFolder, wait_for};
use super::year_rig;

const LIST: &str = "# của trạm\n[[target]]\ntheme = \"dich-vu-cong\"\nperiod = \"2025\"\nairings = 100\n\
                    [[target]]\ntheme = \"thu-tuc\"\nperiod = \"2025\"\nairings = 50\n\
                    [[target]]\ntheme = \"vneid\"\nperiod = \"2024\"\nminutes = 6000\n";

/// A station with a generated year behind it, and targets.
fn station_with(policy: &str, files: &str) -> StationFolder {
    let station = station(policy);
    std::fs::create_dir(station.path().join("state")).unwrap();
    year_rig::fill(&station.path().join("state/journal.db"));
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    std::fs::copy(root.join("config/themes.toml"), station.path().join("config/themes.toml")).unwrap();
    std::fs::write(list(&station), LIST).unwrap();
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text.replace("listen = \"none\"", "listen = \"127.0.0.1:0\"");
    std::fs::write(&config, format!("{text}{files}")).unwrap();
    station
}

const FILES: &str = "[files]\ntargets = \"config/targets.toml\"\n";

fn list(station: &StationFolder) -> PathBuf {
    station.path().join("config/targets.toml")
}

/// The template as the command writes it, with a cell changed.
fn template(station: &StationFolder, from: &str, to: &str) -> Vec<u8> {
    let file = station.path().join("mau.csv");
    let _ = std::fs::remove_file(&file);
    let output = station.loa(&["template", "--targets", "-o", &file.display().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(from), "{text}");
    text.replace(from, to).into_bytes()
}

/// Plan and per cent of the portal in the year's summary.
fn share(station: &StationFolder) -> (String, String) {
    let csv = station.loa(&["report", "--period", "2025", "--form", "summary", "--format", "csv"]).stdout;
    let csv = String::from_utf8(csv).unwrap();
    let row = csv.lines().find(|line| line.contains("Cổng dịch vụ công")).unwrap();
    let cells: Vec<&str> = row.split(';').collect();
    (cells[6].to_owned(), cells[7].to_owned())
}

/// What the journal was told of the list, and by whom.
fn told(station: &StationFolder) -> Vec<(String, String)> {
    let reader = Reader::open(&station.path().join("state/journal.db")).unwrap();
    let latest = reader.latest(100).unwrap();
    let of_targets = |entry| match entry {
        Entry::Targets { text, by } => Some((text, by)),
        _ => None,
    };
    latest.into_iter().filter_map(|noted| of_targets(noted.entry)).collect()
}

#[test]
fn targets_that_an_office_sends_are_what_reports_and_the_page_go_by() {
    let mut station = station_with("", FILES);
    let first = share(&station);
    assert_eq!(first.0, "100");
    station.run();
    wait_for("the list to be taken down", || (told(&station).len() == 1).then_some(()));
    let mut reader = Browser::of(&station);
    let page = |reader: &mut Browser| reader.get("/themes?period=2025&language=vi").body;
    assert!(page(&mut reader).contains("100 lượt"));

    drop_file(&station, "Chỉ tiêu.csv", &template(&station, ";Năm 2025;100;", ";Năm 2025;400;"));
    let (name, text) = receipt(&station, "Chỉ tiêu.csv");
    assert!(name.contains("ĐÃ TIẾP NHẬN"), "{name}: {text}");
    for part in ["100 lượt", "400 lượt", "Có hiệu lực ngay"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(!text.contains("50 lượt"), "what does not change is not told: {text}");
    // The new per cent, in the command's report and on the page of the station that runs.
    let second = share(&station);
    assert_eq!(second.0, "400");
    let number = |text: &str| text.replace(',', ".").parse::<f64>().unwrap();
    assert!((number(&first.1) / number(&second.1) - 4.0).abs() < 0.05, "{first:?} {second:?}");
    assert!(page(&mut reader).contains("400 lượt"));
    // Who sent it stands in the journal, on the board and in the list; what was there is kept.
    let by = "inbox Phòng Văn hóa/Chỉ tiêu.csv";
    let now = std::fs::read_to_string(list(&station)).unwrap();
    assert!(now.contains(by) && now.contains("period = \"2024\"\nminutes = 6000"), "{now}");
    assert_eq!(told(&station)[1..], [(now.clone(), by.to_owned())]);
    let kept = std::fs::read_dir(station.path().join("state/replaced/targets.toml")).unwrap();
    let kept: Vec<String> =
        kept.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
    assert_eq!(kept, [LIST]);
    let board = office(&station).join("lich-phat.html");
    wait_for("the board to say so", || {
        std::fs::read_to_string(&board).is_ok_and(|text| text.contains("Chỉ tiêu.csv")).then_some(())
    });

    // The same again changes nothing; nor does the template as it is.
    drop_file(&station, "lần hai.csv", &template(&station, ";400;", ";400;"));
    let (_, text) = receipt(&station, "lần hai.csv - ĐÃ TIẾP NHẬN");
    assert!(text.contains("không có gì thay đổi"), "{text}");
    assert_eq!(std::fs::read_to_string(list(&station)).unwrap(), now);
    assert_eq!(told(&station).len(), 2);

    // A list in TOML; then a change by hand, which the journal takes down as well.
    let toml = "[[target]]\ntheme = \"dich-vu-cong\"\nperiod = \"2025\"\nairings = 200\n";
    drop_file(&station, "chi-tieu.toml", toml.as_bytes());
    let (_, text) = receipt(&station, "chi-tieu.toml - ĐÃ TIẾP NHẬN");
    assert!(text.contains("400 lượt") && text.contains("50 lượt") && text.contains("không có"), "{text}");
    assert_eq!(share(&station).0, "200");
    std::fs::write(list(&station), toml.replace("200", "300")).unwrap();
    wait_for("the change by hand to be taken down", || (told(&station).len() == 4).then_some(()));
    let (text, by) = told(&station).pop().unwrap();
    assert!(text.contains("300") && by.starts_with("file ") && by.ends_with("targets.toml"), "{by}");
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn what_is_wrong_or_not_taken_is_returned_and_the_list_stays() {
    let mut station = station_with("", FILES);
    station.run();
    let wrong = template(&station, ";Năm 2025;100;", ";Năm 2025;một trăm;");
    drop_file(&station, "sai.csv", &wrong);
    let (_, text) = receipt(&station, "sai.csv - TRẢ LẠI");
    assert!(text.contains("một trăm") && text.contains("Số lượt phát"), "{text}");
    drop_file(
        &station,
        "sai.toml",
        b"[[target]]\ntheme = \"dich-vu-kong\"\nperiod = \"2025\"\nairings = 3\n",
    );
    let (_, text) = receipt(&station, "sai.toml - TRẢ LẠI");
    assert!(text.contains("dich-vu-cong"), "{text}");
    let right = template(&station, ";100;", ";101;");
    std::fs::write(office(&station).join("Gỡ khỏi lịch/go.csv"), &right).unwrap();
    let (_, text) = receipt(&station, "go.csv - TRẢ LẠI");
    assert!(text.contains("không gỡ"), "{text}");
    assert_eq!(std::fs::read_to_string(list(&station)).unwrap(), LIST);
    // A list that is faulty itself is the technician's: the drop waits until it is mended.
    std::fs::write(list(&station), "[[target]]\nhỏng").unwrap();
    drop_file(&station, "dung.csv", &right);
    let alarm = station.path().join("inbox/CẢNH BÁO.txt");
    wait_for("an alarm", || {
        std::fs::read_to_string(&alarm).is_ok_and(|text| text.contains("dung.csv")).then_some(())
    });
    assert!(receipts(&station, "dung.csv").is_empty());
    std::fs::write(list(&station), LIST).unwrap();
    receipt(&station, "dung.csv - ĐÃ TIẾP NHẬN");
    assert_eq!(share(&station).0, "101");
}

#[test]
fn a_station_that_wants_approval_or_has_no_list_takes_no_targets_and_says_what_to_do() {
    for (policy, files, says) in
        [("approval = \"command\"", FILES, "mọi thay đổi phải có người"), ("", "", "`[files]`")]
    {
        let mut station = station_with(policy, files);
        station.run();
        drop_file(&station, "chi-tieu.toml", LIST.replace("100", "5").as_bytes());
        let (_, text) = receipt(&station, "chi-tieu.toml - TRẢ LẠI");
        assert!(text.contains(says), "{text}");
        assert_eq!(std::fs::read_to_string(list(&station)).unwrap(), LIST);
    }
}

#[test]
fn a_power_cut_between_the_steps_neither_loses_the_targets_nor_tells_of_them_twice() {
    let mut station = station_with("", FILES);
    station.run();
    drop_file(&station, "chi-tieu.toml", LIST.replace("100", "400").as_bytes());
    receipt(&station, "chi-tieu.toml - ĐÃ TIẾP NHẬN");
    let (now, before) = (std::fs::read_to_string(list(&station)).unwrap(), told(&station).len());
    let note = |station: &StationFolder| -> Option<PathBuf> {
        let notes = std::fs::read_dir(station.path().join("state/intake")).ok()?;
        notes
            .flatten()
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|end| end == "json"))
    };
    // The disk has no room for the list, so the decision stands in its note; then the power goes.
    let blocked = station.path().join("config/targets.toml.part");
    std::fs::create_dir_all(blocked.join("in the way")).unwrap();
    drop_file(&station, "lan-hai.toml", LIST.replace("100", "500").as_bytes());
    wait_for("the note", || note(&station));
    wait_for("the decision to be in the journal", || {
        let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
        let drops = journal.latest_drops(None, 1).unwrap();
        drops.iter().any(|(_, drop)| drop.file == "lan-hai.toml").then_some(())
    });
    station.kill();
    assert_eq!(std::fs::read_to_string(list(&station)).unwrap(), now, "the old list is whole");
    std::fs::remove_dir_all(&blocked).unwrap();
    station.run();
    receipt(&station, "lan-hai.toml - ĐÃ TIẾP NHẬN");
    assert_eq!(share(&station).0, "500");
    assert_eq!(told(&station).len(), before + 1);
    assert!(told(&station)[before].1.ends_with("/lan-hai.toml"));
    wait_for("the note to be gone", || note(&station).is_none().then_some(()));
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
    let left: Vec<PathBuf> = leftovers(&station.path().join("config"));
    assert_eq!(left, Vec::<PathBuf>::new());
}

fn leftovers(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.extension().is_some_and(|end| end == "part")).collect()
}
