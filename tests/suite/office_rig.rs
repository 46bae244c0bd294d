//! An office at a station that runs: it drops files into its folder of the inbox and reads its receipts.

use std::path::PathBuf;

use serde_json::Value;

use super::station_folder::{StationFolder, now, wait_for};

/// A station whose inbox settles in a second, in Vietnamese.
pub(crate) fn station(policy: &str) -> StationFolder {
    let station = StationFolder::new("\"virtual\"");
    let file = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let text = text.replace("language = \"en\"", "language = \"vi\"\ntelephone = \"0905 123 456\"");
    let text = text.replace("quiet_hours = \"none\"", &format!("quiet_hours = \"none\"\n{policy}"));
    std::fs::write(&file, format!("{text}[inbox]\nsettle = \"1s\"\n")).unwrap();
    station
}

pub(crate) fn office(station: &StationFolder) -> PathBuf {
    let folder = station.path().join("inbox/Phòng Văn hóa");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The receipts of an office whose names hold `part`, as text.
pub(crate) fn receipts(station: &StationFolder, part: &str) -> Vec<(String, String)> {
    let folder = office(station).join("Phiếu báo");
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".txt") && name.contains(part)).collect();
    names.sort();
    let read = |name: String| {
        let text = std::fs::read_to_string(office(station).join("Phiếu báo").join(&name)).unwrap();
        (name, text)
    };
    names.into_iter().map(read).collect()
}

pub(crate) fn receipt(station: &StationFolder, part: &str) -> (String, String) {
    wait_for(&format!("a receipt of {part}; {}", station.log()), || receipts(station, part).pop())
}

/// Copies as a person does: the whole file appears at once under its name.
pub(crate) fn drop_file(station: &StationFolder, name: &str, bytes: &[u8]) {
    let draft = station.path().join("draft-drop");
    std::fs::write(&draft, bytes).unwrap();
    std::fs::rename(draft, office(station).join(name)).unwrap();
}

pub(crate) fn tomorrow() -> String {
    let date = now().with_timezone(&chrono_tz::Asia::Ho_Chi_Minh).date_naive();
    date.succ_opt().unwrap().to_string()
}

pub(crate) fn schedule(id: &str, file: &str, at: &str) -> String {
    let day = tomorrow();
    format!(
        "id = \"{id}\"\ntitle = \"Lịch thử\"\nvalid_from = {day}\napproved_by = \"Nguyễn Văn An\"\n\
         approved_ref = \"45/KH-UBND\"\n[[cart]]\nfile = \"{file}\"\ntitle = \"Bài thử\"\nkind = \"bai\"\n\
         [[slot]]\nid = \"sang\"\ntitle = \"Bản tin sáng\"\ndates = [{day}]\nat = [\"{at}\"]\nplay = [\"{file}\"]\n"
    )
}

pub(crate) fn rundown(station: &StationFolder) -> Vec<Value> {
    station.json(&["rundown", "--days", "3", "--json"]).as_array().unwrap().clone()
}

pub(crate) fn recording(station: &StationFolder, frames: usize) -> Vec<u8> {
    let path = station.recording("mau.wav", frames);
    let bytes = std::fs::read(&path).unwrap();
    std::fs::remove_file(path).unwrap();
    bytes
}
