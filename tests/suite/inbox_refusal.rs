//! The real binary at a station that airs nothing unapproved, where a person refuses: what waited goes and is kept, what
//! was approved airs on, the office is told why, and a power cut between any two steps changes none of it.

use loa::core::record::NotedRefusal;
use loa::journal::Reader;

use super::office_rig::{drop_file, office, receipt, receipts, recording, rundown, schedule, station};
use super::station_folder::{StationFolder, wait_for};

const WHY: &str = "Sai ngày họp dân, phải là 15/12";

fn refuse(station: &StationFolder, more: &[&str]) -> (Option<i32>, String) {
    let output = station.loa(&[&["refuse", "tuan-48", "--by", "Trần Thị B"], more].concat());
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

fn approve(station: &StationFolder) {
    let output = station.loa(&["approve", "tuan-48", "--by", "Trần Thị B"]);
    assert!(output.status.success(), "{output:?}");
}

fn waiting(station: &StationFolder) -> serde_json::Value {
    station.json(&["status", "--json"])["waiting"].clone()
}

fn nothing_waits(station: &StationFolder) {
    wait_for("nothing to wait", || waiting(station).as_array().unwrap().is_empty().then_some(()));
}

fn refusals(station: &StationFolder) -> Vec<NotedRefusal> {
    Reader::open(&station.path().join("state/journal.db")).unwrap().refusals(0).unwrap()
}

fn texts(station: &StationFolder) -> Vec<String> {
    let files = std::fs::read_dir(station.path().join("schedules")).unwrap().flatten();
    let texts = files.filter(|file| file.path().extension().is_some_and(|ending| ending == "toml"));
    texts.map(|file| std::fs::read_to_string(file.path()).unwrap()).collect()
}

fn kept(station: &StationFolder, name: &str) -> Vec<Vec<u8>> {
    let folder = station.path().join("state/replaced").join(name);
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    files.map(|file| std::fs::read(file.path()).unwrap()).collect()
}

/// A station that wants approval, whose schedule was approved: with the recording that it plays, another, and the receipt.
fn with_a_live_schedule() -> (StationFolder, [Vec<u8>; 2], String) {
    let mut station = station("approval = \"command\"");
    station.run();
    let [first, second] = [48_000, 96_000].map(|frames| recording(&station, frames));
    drop_file(&station, "ban-tin.wav", &first);
    receipt(&station, "ban-tin.wav");
    drop_file(&station, "lich.toml", schedule("tuan-48", "ban-tin.wav", "05:30").as_bytes());
    let (_, answer) = receipt(&station, "lich.toml - CHỜ DUYỆT");
    approve(&station);
    wait_for("it to be live", || (rundown(&station).len() == 1).then_some(()));
    (station, [first, second], answer)
}

fn whole(station: &StationFolder) {
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn a_new_schedule_that_is_refused_is_kept_and_its_office_learns_why() {
    let mut station = station("approval = \"command\"");
    station.run();
    drop_file(&station, "ban-tin.wav", &recording(&station, 48_000));
    receipt(&station, "ban-tin.wav");
    let sent = schedule("tuan-48", "ban-tin.wav", "05:30");
    drop_file(&station, "lich.toml", sent.as_bytes());
    receipt(&station, "lich.toml - CHỜ DUYỆT");
    let waited = texts(&station);
    assert_eq!(waited.len(), 1);
    // The office must learn why: without a reason nothing is refused, nor where nothing waits.
    for (more, code) in [(&[][..], 2), (&["--why", "  "], 1), (&["--why", &"dài ".repeat(126)], 1)] {
        let (found, said) = refuse(&station, more);
        assert!(found == Some(code) && (code == 2 || said.contains("lý do")), "{more:?}: {found:?}: {said}");
    }
    let other = station.loa(&["refuse", "khac", "--by", "Trần Thị B", "--why", WHY]);
    let said = String::from_utf8_lossy(&other.stderr).into_owned();
    assert!(other.status.code() == Some(1) && said.contains("“tuan-48”"), "{other:?}");
    assert_eq!(waiting(&station)[0]["schedule"], "tuan-48");
    assert!(refusals(&station).is_empty());

    let (code, said) = refuse(&station, &["--why", &format!(" {WHY}\n")]);
    assert!(code == Some(0) && said.contains("Không duyệt: “Lịch thử” (tuan-48)"), "{code:?}: {said}");
    nothing_waits(&station);
    assert!(texts(&station).is_empty() && rundown(&station).is_empty());
    assert_eq!(kept(&station, "schedules/tuan-48.toml"), [waited[0].as_bytes()]);
    assert_eq!(refuse(&station, &["--why", WHY]).0, Some(1), "it is refused already");
    let (_, paper) = receipt(&station, "lich.toml - KHÔNG DUYỆT");
    for told in [WHY, "Trần Thị B", "Lịch thử", "gửi lại"] {
        assert!(paper.contains(told), "{told}: {paper}");
    }
    let board = || std::fs::read_to_string(office(&station).join("lich-phat.html")).unwrap_or_default();
    wait_for("the board to say so", || board().contains(WHY).then_some(()));

    // The same text dropped again is another request.
    drop_file(&station, "lich.toml", sent.as_bytes());
    wait_for("it to wait again", || (receipts(&station, "lich.toml - CHỜ DUYỆT").len() == 2).then_some(()));
    assert_eq!(texts(&station), waited);
    // Also where it is not known any more how far the refusal was followed.
    station.kill();
    std::fs::remove_file(station.path().join("state/refused-files")).unwrap();
    station.run();
    assert_eq!(texts(&station), waited);
    assert_eq!(waiting(&station)[0]["schedule"], "tuan-48");
    approve(&station);
    wait_for("it to be live", || (rundown(&station).len() == 1).then_some(()));
    let refused = refusals(&station);
    assert!(refused.len() == 1 && refused[0].refused.why == WHY && refused[0].refused.drops.len() == 1);
    assert_eq!(receipts(&station, "KHÔNG DUYỆT").len(), 1);
    whole(&station);
}

#[test]
fn what_is_live_airs_on_when_its_change_or_new_content_is_refused() {
    let (station, [first, second], old) = with_a_live_schedule();
    let live = texts(&station);
    assert_eq!(refuse(&station, &["--why", WHY]).0, Some(1), "what is live is not refused");
    let is_live = || {
        let planned = rundown(&station);
        let stands = planned.len() == 1 && planned[0]["due"].as_str().unwrap().contains("T05:30");
        assert!(stands && planned[0]["notice"].is_null(), "{planned:?}");
        assert_eq!(texts(&station), live);
    };

    // A change of it, by whoever has read no newer receipt than the first, and then the newest.
    let number = |text: &str| {
        text.split("--receipt ").nth(1).unwrap().split(['`', ' ', '\n', '.']).next().unwrap().to_owned()
    };
    drop_file(&station, "lich.toml", schedule("tuan-48", "ban-tin.wav", "06:15").as_bytes());
    let newest = wait_for("the change", || receipts(&station, "lich.toml - CHỜ DUYỆT").get(1).cloned());
    let (code, said) = refuse(&station, &["--why", WHY, "--receipt", &number(&old)]);
    assert!(code == Some(1) && said.contains(&number(&newest.1)), "{code:?}: {said}");
    assert_eq!(waiting(&station)[0]["holds"][0]["hold"], "approval");
    assert_eq!(refuse(&station, &["--why", WHY, "--receipt", &number(&newest.1)]).0, Some(0));
    nothing_waits(&station);
    is_live();
    receipt(&station, "lich.toml - KHÔNG DUYỆT");

    // New content of its recording.
    drop_file(&station, "ban-tin.wav", &second);
    receipt(&station, "ban-tin.wav - CHỜ DUYỆT");
    assert_eq!(refuse(&station, &["--why", WHY]).0, Some(0));
    nothing_waits(&station);
    let name = "Phòng Văn hóa/ban-tin.wav";
    assert!(!station.path().join("state/waiting").join(name).exists());
    assert_eq!(std::fs::read(station.path().join("audio").join(name)).unwrap(), first);
    assert!(kept(&station, name).contains(&second));
    is_live();
    let (_, paper) = receipt(&station, "ban-tin.wav - KHÔNG DUYỆT");
    assert!(paper.contains(WHY) && paper.contains(name), "{paper}");

    // What a technician put into the library by hand stays there; the answer says so, and it does not air.
    std::fs::write(station.path().join("audio").join(name), &second).unwrap();
    wait_for("it to wait", || (waiting(&station)[0]["holds"][0]["hold"] == "not_approved").then_some(()));
    let (code, said) = refuse(&station, &["--why", WHY]);
    assert!(code == Some(0) && said.contains(name), "{code:?}: {said}");
    assert_eq!(std::fs::read(station.path().join("audio").join(name)).unwrap(), second);
    assert!(!rundown(&station)[0]["notice"].is_null());
    let retired =
        |entry: &loa::core::record::Entry| matches!(entry, loa::core::record::Entry::Retired { .. });
    let journal = Reader::open(&station.path().join("state/journal.db")).unwrap();
    assert!(!journal.latest(500).unwrap().iter().any(|noted| retired(&noted.entry)), "nothing was retired");
    whole(&station);
}

/// The refusal is in the journal, and nothing else of it was done.
#[test]
fn a_refusal_that_a_power_cut_breaks_off_is_finished_at_the_next_start() {
    let (mut station, [_, second], _) = with_a_live_schedule();
    let live = texts(&station);
    drop_file(&station, "lich-sua.toml", schedule("tuan-48", "ban-tin.wav", "06:15").as_bytes());
    receipt(&station, "lich-sua.toml - CHỜ DUYỆT");
    let waited = texts(&station);
    drop_file(&station, "ban-tin.wav", &second);
    receipt(&station, "ban-tin.wav - CHỜ DUYỆT");
    assert_eq!(refuse(&station, &["--why", WHY]).0, Some(0));
    let told = || receipts(&station, "KHÔNG DUYỆT");
    wait_for("both answers", || (told().len() == 2).then_some(()));
    let answers = told();

    station.kill();
    let file = std::fs::read_dir(station.path().join("schedules")).unwrap().flatten();
    let file = file.map(|file| file.path()).find(|path| path.extension().is_some_and(|end| end == "toml"));
    std::fs::write(file.unwrap(), &waited[0]).unwrap();
    let held = station.path().join("state/waiting/Phòng Văn hóa/ban-tin.wav");
    std::fs::create_dir_all(held.parent().unwrap()).unwrap();
    std::fs::write(&held, &second).unwrap();
    for followed in ["refused-files", "refused-answers"] {
        let _ = std::fs::remove_file(station.path().join("state").join(followed));
    }
    for (name, _) in &answers {
        let paper = office(&station).join("Phiếu báo").join(name);
        std::fs::remove_file(&paper).unwrap();
        std::fs::remove_file(paper.with_extension("html")).unwrap();
    }
    // The inbox lies on a drive that is away for now.
    let (inbox, away) = (station.path().join("inbox"), station.path().join("inbox-away"));
    std::fs::rename(&inbox, &away).unwrap();
    std::fs::write(&inbox, b"no folder").unwrap();
    station.run();
    nothing_waits(&station);
    assert_eq!(texts(&station), live);
    assert!(!held.exists());
    assert_eq!(rundown(&station).len(), 1);
    std::fs::remove_file(&inbox).unwrap();
    std::fs::rename(&away, &inbox).unwrap();
    wait_for("both answers again", || (receipts(&station, "KHÔNG DUYỆT") == answers).then_some(()));
    assert_eq!(refusals(&station).len(), 1);
    whole(&station);
}

#[test]
fn an_office_that_cannot_be_answered_keeps_no_other_from_its_answer() {
    let mut station = station("approval = \"command\"");
    // Where its receipts would lie there lies a file: not even the first answer gets there.
    let blocked = office(&station).join("Phiếu báo");
    std::fs::write(&blocked, b"no folder").unwrap();
    station.run();
    drop_file(&station, "lich.toml", schedule("tuan-48", "chua-co.wav", "05:30").as_bytes());
    let awaited = |id: &str| waiting(&station).as_array().unwrap().iter().any(|one| one["schedule"] == id);
    wait_for("the first to wait", || awaited("tuan-48").then_some(()));
    let other = station.path().join("inbox/Y tế");
    std::fs::create_dir_all(&other).unwrap();
    std::fs::write(other.join("lich.toml"), schedule("tuan-49", "chua-co.wav", "06:15")).unwrap();
    wait_for("the second to wait", || awaited("tuan-49").then_some(()));
    assert_eq!(refuse(&station, &["--why", WHY]).0, Some(0));
    let second = station.loa(&["refuse", "tuan-49", "--by", "Trần Thị B", "--why", WHY]);
    assert!(second.status.success(), "{second:?}");
    let told = || {
        let files = std::fs::read_dir(other.join("Phiếu báo")).into_iter().flatten().flatten();
        let mut names = files.map(|file| file.file_name().to_string_lossy().into_owned());
        names.find(|name| name.contains("KHÔNG DUYỆT") && name.ends_with(".txt"))
    };
    let answer = other.join("Phiếu báo").join(wait_for("the answer to the other office", told));
    let written = || std::fs::metadata(&answer).unwrap().modified().unwrap();
    let since = written();
    let alarms = station.json(&["status", "--json"])["alarms"].to_string();
    assert!(alarms.contains("inbox_not_stored") && alarms.contains("lich.toml"), "{alarms}");
    // When its folder is there again it is answered as well, and nobody a second time.
    std::fs::remove_file(&blocked).unwrap();
    let (_, paper) = receipt(&station, "lich.toml - KHÔNG DUYỆT");
    assert!(paper.contains(WHY), "{paper}");
    assert_eq!(receipts(&station, "lich.toml - CHỜ DUYỆT").len(), 1);
    assert_eq!(written(), since);
    let followed = || std::fs::read_to_string(station.path().join("state/refused-answers")).ok();
    let last = refusals(&station).last().unwrap().seq.to_string();
    wait_for("it to be written down", || (followed()?.trim() == last).then_some(()));
    whole(&station);
}
