//! Backups of real stations, looked into without Loa: what is in the file, and what is in a folder. Owns the comparisons.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use serde_json::Value;

/// The files below a folder, by their paths with `/`.
pub fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                found.insert(name, std::fs::read(path).unwrap());
            }
        }
    }
    found
}

/// The names of the files of a folder itself.
pub fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// The files in a backup, by their names.
pub fn unzipped(file: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(file).unwrap()).unwrap();
    let mut found = BTreeMap::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        found.insert(entry.name().unwrap().into_owned(), bytes);
    }
    found
}

/// What a backup says of itself.
pub fn manifest(file: &Path) -> Value {
    serde_json::from_slice(&unzipped(file)["loa-backup.json"]).unwrap()
}

/// What a command said.
pub fn text(output: &std::process::Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// `loa restore` in English.
pub fn restore(file: &Path, folder: &Path, more: &[&str]) -> std::process::Output {
    std::process::Command::new(env!("CARGO_BIN_EXE_loa"))
        .args(["--language", "en", "restore"])
        .arg(file)
        .arg("--folder")
        .arg(folder)
        .args(more)
        .output()
        .unwrap()
}

/// Backs a station up into `file`.
pub fn back_up(station: &super::station_folder::StationFolder, file: &Path, more: &[&str]) {
    let said = station.loa(&[&["backup", file.to_str().unwrap()], more].concat());
    assert!(said.status.success(), "{}", text(&said));
}

/// Writes a backup anew with other files: its people's text first, its manifest last.
pub fn rewritten(file: &Path, to: &Path, edit: impl FnOnce(&mut Vec<(String, Vec<u8>)>, &mut Value)) {
    use std::io::Write;
    let mut held = unzipped(file);
    let for_people = held.remove("loa-backup.txt").unwrap();
    let mut manifest: Value = serde_json::from_slice(&held.remove("loa-backup.json").unwrap()).unwrap();
    let mut files: Vec<(String, Vec<u8>)> = held.into_iter().collect();
    edit(&mut files, &mut manifest);
    files.insert(0, ("loa-backup.txt".into(), for_people));
    files.push(("loa-backup.json".into(), serde_json::to_vec(&manifest).unwrap()));
    let mut archive = zip::ZipWriter::new(std::fs::File::create(to).unwrap());
    for (name, bytes) in files {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(&bytes).unwrap();
    }
    archive.finish().unwrap();
}
