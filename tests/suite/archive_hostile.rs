//! Backups that are cut off, damaged, hostile or newer: each is told by name, and nothing is written anywhere.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::archive_rig::{back_up, files_of, names_in, restore, rewritten, text};
use super::station_folder::StationFolder;

/// A backup, and a place to restore into.
struct Case {
    place: tempfile::TempDir,
    file: PathBuf,
}

impl Case {
    fn new() -> Case {
        let place = tempfile::tempdir().unwrap();
        let station = StationFolder::within(place.path(), "\"virtual\"");
        station.recording("nhạc.wav", 20_000);
        let file = place.path().join("a.zip");
        back_up(&station, &file, &[]);
        drop(station);
        Case { place, file }
    }

    /// Restores `file`, which must be refused with those words, on an empty place and on a station that stays as it is.
    fn refused(&self, file: &Path, words: &str) {
        let before = names_in(self.place.path());
        let fresh = self.place.path().join("fresh");
        let said = restore(file, &fresh, &[]);
        assert_eq!(said.status.code(), Some(1), "{}", text(&said));
        assert!(text(&said).contains(words), "expected `{words}` in: {}", text(&said));
        assert!(!text(&said).contains("panic"), "{}", text(&said));
        assert_eq!(names_in(self.place.path()), before, "nothing is left");
        let there = StationFolder::within(self.place.path(), "\"virtual\"");
        let (files, beside) = (files_of(there.path()), names_in(self.place.path()));
        assert_eq!(restore(file, there.path(), &["--replace"]).status.code(), Some(1));
        assert!(files_of(there.path()) == files, "the station is as it was");
        assert_eq!(names_in(self.place.path()), beside);
    }

    fn edited(&self, edit: impl FnOnce(&mut Vec<(String, Vec<u8>)>, &mut Value)) -> PathBuf {
        let to = self.place.path().join("edited.zip");
        rewritten(&self.file, &to, edit);
        to
    }
}

/// The manifest lists one more file of that content, and the archive has it.
fn add(files: &mut Vec<(String, Vec<u8>)>, manifest: &mut Value, name: &str, bytes: &[u8]) {
    use sha2::Digest;
    let sha256 = loa::core::cart::Fingerprint(sha2::Sha256::digest(bytes).into()).to_string();
    let part = serde_json::json!({"name": name, "size": bytes.len(), "sha256": sha256, "modified_ns": 0});
    manifest["files"].as_array_mut().unwrap().push(part);
    files.push((name.into(), bytes.to_vec()));
}

#[test]
fn a_backup_that_is_cut_off_anywhere_is_told() {
    let case = Case::new();
    let whole = std::fs::read(&case.file).unwrap();
    let cut = case.place.path().join("cut.zip");
    for share in [1, 3, 50, 90, 99] {
        std::fs::write(&cut, &whole[..whole.len() * share / 100]).unwrap();
        case.refused(&cut, "is cut off");
    }
    std::fs::write(&cut, &whole[..whole.len() - 1]).unwrap();
    case.refused(&cut, "is cut off");
    std::fs::write(&cut, b"").unwrap();
    case.refused(&cut, "is no backup of a station");
    std::fs::write(&cut, b"PK\x03\x04 something else entirely, long enough to be looked at").unwrap();
    case.refused(&cut, "is no backup of a station");
}

#[test]
fn a_byte_that_is_another_is_told_with_its_file() {
    let case = Case::new();
    let whole = std::fs::read(&case.file).unwrap();
    let at = whole.windows(4).position(|four| four == b"WAVE").unwrap() + 2_000;
    let spoilt = case.place.path().join("spoilt.zip");
    let mut bytes = whole.clone();
    bytes[at] ^= 1;
    std::fs::write(&spoilt, bytes).unwrap();
    case.refused(&spoilt, "is damaged at `audio/nhạc.wav`");
    // The library's checksum cannot see it where the content was changed on purpose.
    let changed = case.edited(|files, _| {
        let (_, bytes) = files.iter_mut().find(|(name, _)| name == "audio/nhạc.wav").unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
    });
    case.refused(&changed, "its SHA-256 is");
    let longer = case.edited(|files, _| files[0].1.push(b'x'));
    case.refused(&longer, "is damaged at");
}

#[test]
fn no_name_leaves_the_folder_and_none_comes_twice() {
    let case = Case::new();
    for name in ["../ra ngoài.txt", "/tmp/ra-ngoai.txt", "audio/../../ra.txt", "audio\\..\\ra.txt"] {
        let file = case.edited(|files, manifest| add(files, manifest, name, b"x"));
        case.refused(&file, "leads out of the station's folder");
    }
    let folders = case.edited(|_, manifest| manifest["places"]["state"] = "../state".into());
    case.refused(&folders, "leads out of the station's folder");
    let both = case.edited(|files, manifest| add(files, manifest, "config", b"x"));
    case.refused(&both, "is a file and a folder as well");
    let twice = case.edited(|_, manifest| {
        let parts = manifest["files"].as_array_mut().unwrap();
        parts.push(parts[0].clone());
    });
    case.refused(&twice, "two files of this name");
    let unlisted = case.edited(|files, _| files.push(("audio/lạ.wav".into(), b"x".to_vec())));
    case.refused(&unlisted, "and its list has");
    let gone = case.edited(|files, _| drop(files.remove(0)));
    case.refused(&gone, "and its list has");
    assert!(!case.place.path().parent().unwrap().join("ra ngoài.txt").exists());
}

#[test]
fn links_and_what_swells_are_refused() {
    let case = Case::new();
    let link = case.place.path().join("link.zip");
    let listed = case.edited(|files, manifest| add(files, manifest, "audio/link", b"/etc/passwd"));
    let mut from = zip::ZipArchive::new(std::fs::File::open(&listed).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(std::fs::File::create(&link).unwrap());
    for at in 0..from.len() {
        let entry = from.by_index(at).unwrap();
        if entry.name().unwrap() == "audio/link" {
            to.add_symlink("audio/link", "/etc/passwd", zip::write::SimpleFileOptions::default()).unwrap();
        } else {
            to.raw_copy_file(entry).unwrap();
        }
    }
    to.finish().unwrap();
    case.refused(&link, "it is no plain file");
    // The list promises a little, the archive unpacks to much.
    let swelling = case.edited(|files, manifest| {
        add(files, manifest, "audio/zeros", &vec![0; 4 << 20]);
        let parts = manifest["files"].as_array_mut().unwrap();
        parts.last_mut().unwrap()["size"] = 10.into();
    });
    case.refused(&swelling, "is damaged at `audio/zeros`");
    // The list promises more than any disk has.
    let endless = case.edited(|_, manifest| {
        manifest["files"][0]["size"] = (1u64 << 60).into();
    });
    case.refused(&endless, "is damaged at");
}

#[test]
fn a_newer_programs_backup_says_which_is_needed_and_an_older_ones_is_taken() {
    let case = Case::new();
    let newer = case.edited(|_, manifest| manifest["program"] = "7.2.0".into());
    case.refused(&newer, "was made by Loa 7.2.0");
    case.refused(&newer, "install Loa 7.2.0 or newer");
    // Of a format to come nothing else need be understood.
    let format = case.edited(|_, manifest| *manifest = serde_json::json!({"format": 2, "program": "9.0.0"}));
    case.refused(&format, "was made by Loa 9.0.0");
    let format = case.edited(|_, manifest| manifest["format"] = 2.into());
    case.refused(&format, "was made by Loa");
    let older = case.edited(|_, manifest| manifest["program"] = "0.0.9".into());
    let said = restore(&older, &case.place.path().join("new"), &[]);
    assert!(said.status.success(), "{}", text(&said));
}
