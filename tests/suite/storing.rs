//! The way of a recording into the library and out of it: the old version is kept, links are not followed, and a power
//! cut between any two steps is made good.

use std::fs;
#[cfg(target_os = "linux")]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use loa::core::cart::{CartName, Fingerprint};
use loa::intake::store::{prune, remove, store};
use loa::sound::measure::fingerprint_of;
use tempfile::TempDir;

/// A library, a folder of kept versions and some recordings to be stored. A recording is any bytes here.
struct Shelf {
    folder: TempDir,
}

const NFC: &str = "xã/bản tin.mp3";
const NFD: &str = "xa\u{303}/ba\u{309}n tin.mp3";

impl Shelf {
    fn new() -> Shelf {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("audio")).unwrap();
        Shelf { folder }
    }
    fn audio(&self) -> PathBuf {
        self.folder.path().join("audio")
    }
    fn kept(&self) -> PathBuf {
        self.folder.path().join("kept")
    }
    fn source(&self, bytes: &str) -> (PathBuf, Fingerprint) {
        let path = self.folder.path().join("source");
        fs::write(&path, bytes).unwrap();
        let content = fingerprint_of(&path).unwrap();
        (path, content)
    }
    fn store(&self, name: &str, bytes: &str) -> std::io::Result<loa::intake::Marks> {
        let (path, content) = self.source(bytes);
        store(&path, &self.audio(), &CartName::new(name).unwrap(), content, &self.kept())
    }
    fn remove(&self, name: &str) -> std::io::Result<bool> {
        remove(&self.audio(), &CartName::new(name).unwrap(), &self.kept())
    }
    fn put(&self, below: &str, bytes: &str) {
        let path = self.folder.path().join(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    /// Everything below a folder: (path, content), sorted.
    fn all(&self, below: &str) -> Vec<(String, String)> {
        let root = self.folder.path().join(below);
        let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    found.push((name, fs::read_to_string(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
    fn kept_contents(&self) -> Vec<String> {
        self.all("kept").into_iter().map(|(_, content)| content).collect()
    }
}

fn one(name: &str, bytes: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), bytes.to_owned())]
}

#[test]
fn a_recording_is_stored_and_the_old_one_kept() {
    let shelf = Shelf::new();
    let marks = shelf.store(NFC, "old").unwrap();
    assert_eq!(marks, loa::intake::Marks::of(&shelf.audio().join(NFC)).unwrap());
    assert_eq!((shelf.all("audio"), shelf.all("kept")), (one(NFC, "old"), vec![]));
    // Asked for again, with the source gone too: nothing is touched.
    let content = shelf.source("old").1;
    let gone = shelf.folder.path().join("gone");
    let name = CartName::new(NFC).unwrap();
    assert_eq!(store(&gone, &shelf.audio(), &name, content, &shelf.kept()).unwrap(), marks);

    shelf.store(NFC, "new").unwrap();
    let digits = &content.to_string()[..12];
    assert_eq!(
        (shelf.all("audio"), shelf.all("kept")),
        (one(NFC, "new"), one(&format!("{NFC}/{digits}.mp3"), "old"))
    );
    shelf.store(NFC, "old").unwrap();
    shelf.store(NFC, "new").unwrap();
    assert_eq!(
        (shelf.all("audio"), shelf.kept_contents()),
        (one(NFC, "new"), vec!["new".into(), "old".into()])
    );
    // A name without an ending.
    shelf.store("bai", "1").unwrap();
    shelf.store("bai", "2").unwrap();
    assert!(
        shelf.all("kept").iter().any(|(path, content)| content == "1" && path.len() == "bai/".len() + 12)
    );
}

#[test]
fn two_spellings_of_a_name_are_one_recording() {
    let shelf = Shelf::new();
    shelf.put(&format!("audio/{NFD}"), "old");
    shelf.store(NFC, "new").unwrap();
    assert_eq!((shelf.all("audio"), shelf.kept_contents()), (one(NFD, "new"), vec!["old".to_owned()]));
    // Both are there, put by hand: one stays.
    shelf.put(&format!("audio/{}", NFD.replace("ba\u{309}n", "bản")), "other");
    shelf.store(NFC, "newer").unwrap();
    let left = shelf.all("audio");
    assert_eq!((left.len(), left[0].1.as_str()), (1, "newer"));
    assert_eq!(shelf.kept_contents().len(), 3);
    // Both with the content that is wanted, as a power cut between the two steps leaves them.
    shelf.put(&format!("audio/{}", NFD.replace("ba\u{309}n", "bản")), "newer");
    shelf.put(&format!("audio/{NFD}"), "newer");
    shelf.store(NFC, "newer").unwrap();
    assert_eq!((shelf.all("audio").len(), shelf.kept_contents().len()), (1, 3));
}

#[test]
fn a_power_cut_after_any_step_is_made_good_by_asking_again() {
    // What each step leaves, and that which the next has not done.
    let (content, old) = {
        let shelf = Shelf::new();
        (shelf.source("new").1.to_string(), shelf.source("old").1.to_string())
    };
    let half = format!("audio/xã/.loa-{}.part", &content[..16]);
    let kept = format!("kept/{NFC}");
    let steps: &[&[(&str, &str)]] = &[
        &[],
        &[(&half, "ne")],
        &[(&half, "new")],
        &[(&half, "new"), (&format!("{kept}/.new.part"), "ol")],
        &[(&half, "new"), (&format!("{kept}/.new.part"), "old")],
        &[(&half, "new"), (&format!("{kept}/{}.mp3", &old[..12]), "old")],
    ];
    for step in steps {
        let shelf = Shelf::new();
        shelf.put(&format!("audio/{NFC}"), "old");
        step.iter().for_each(|(path, bytes)| shelf.put(path, bytes));
        shelf.store(NFC, "new").unwrap();
        assert_eq!(shelf.all("audio"), one(NFC, "new"), "{step:?}");
        assert_eq!(shelf.kept_contents(), ["old"], "{step:?}");
    }
    // Removing: kept, and not yet deleted.
    let shelf = Shelf::new();
    shelf.put(&format!("audio/{NFC}"), "old");
    shelf.put(&format!("{kept}/{}.mp3", &old[..12]), "old");
    assert!(shelf.remove(NFC).unwrap());
    assert!(!shelf.remove(NFC).unwrap());
    assert_eq!((shelf.all("audio"), shelf.kept_contents()), (vec![], vec!["old".to_owned()]));
}

#[test]
fn a_source_that_has_changed_is_not_stored() {
    let shelf = Shelf::new();
    shelf.store(NFC, "old").unwrap();
    let (path, _) = shelf.source("changed since");
    let name = CartName::new(NFC).unwrap();
    let error = store(&path, &shelf.audio(), &name, Fingerprint([1; 32]), &shelf.kept()).unwrap_err();
    assert!(error.to_string().contains("has changed"), "{error}");
    assert_eq!((shelf.all("audio"), shelf.all("kept")), (one(NFC, "old"), vec![]));
}

#[test]
fn where_the_old_cannot_be_kept_it_is_not_replaced() {
    let shelf = Shelf::new();
    shelf.store(NFC, "old").unwrap();
    // A file where the folder of kept versions should be: no more can be written there than on a full disk.
    fs::write(shelf.kept(), "").unwrap();
    assert!(shelf.store(NFC, "new").is_err());
    assert!(shelf.remove(NFC).is_err());
    assert_eq!(shelf.all("audio"), one(NFC, "old"));
    // The same in the library itself.
    fs::remove_file(shelf.kept()).unwrap();
    shelf.put("audio/phường", "a file");
    assert!(shelf.store("phường/bài.mp3", "new").is_err());
    shelf.put("audio/thôn/bài.mp3/x", "a folder");
    assert!(shelf.store("thôn/bài.mp3", "new").is_err());
    assert!(shelf.remove("thôn/bài.mp3").is_err());
    let left: Vec<String> = shelf.all("audio").into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["phường", "thôn/bài.mp3/x", NFC]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_told() {
    let shelf = Shelf::new();
    let (path, content) = shelf.source("new");
    // Not even root makes files here.
    let read_only = Path::new("/proc/self");
    let name = CartName::new("bài.mp3").unwrap();
    assert!(store(&path, read_only, &name, content, &shelf.kept()).is_err());
    assert!(store(&path, read_only, &CartName::new("xã/bài.mp3").unwrap(), content, &shelf.kept()).is_err());
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let shelf = Shelf::new();
    let outside = shelf.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("bài.mp3"), "theirs").unwrap();
    symlink(&outside, shelf.audio().join("xã")).unwrap();
    symlink(outside.join("bài.mp3"), shelf.audio().join("bài.mp3")).unwrap();
    for name in ["xã/bài.mp3", "xã/mới.mp3", "bài.mp3"] {
        let error = shelf.store(name, "new").unwrap_err();
        assert!(error.to_string().contains("is a link"), "{name}: {error}");
        assert!(shelf.remove(name).is_err(), "{name}");
    }
    assert_eq!(shelf.all("outside"), one("bài.mp3", "theirs"));
    // One that waits where the new file is written first.
    let (content, victim) = (shelf.source("new").1.to_string(), outside.join("bài.mp3"));
    symlink(&victim, shelf.audio().join(format!(".loa-{}.part", &content[..16]))).unwrap();
    shelf.store("khác.mp3", "new").unwrap();
    assert_eq!(shelf.all("outside"), one("bài.mp3", "theirs"));
}

#[test]
fn what_was_kept_long_enough_goes() {
    let shelf = Shelf::new();
    shelf.store(NFC, "1").unwrap();
    // Recorded years ago: its time as a kept version begins when it is replaced.
    let file = fs::File::options().write(true).open(shelf.audio().join(NFC)).unwrap();
    file.set_modified(DateTime::<Utc>::UNIX_EPOCH.into()).unwrap();
    drop(file);
    shelf.store(NFC, "2").unwrap();
    assert!(shelf.remove(NFC).unwrap());
    let kept_since = |content: &str| {
        let (path, _) = shelf.all("kept").into_iter().find(|(_, found)| found == content).unwrap();
        DateTime::<Utc>::from(fs::metadata(shelf.kept().join(path)).unwrap().modified().unwrap())
    };
    let (first, second) = (kept_since("1"), kept_since("2"));
    let days = |days: u64| Duration::from_secs(days * 86_400);
    assert_eq!(prune(&shelf.kept(), days(30), first + days(30)).unwrap(), 0);
    assert_eq!(prune(&shelf.kept(), days(30), first - days(900)).unwrap(), 0, "a clock that went back");
    let old = fs::File::options().write(true).open(shelf.kept().join(&shelf.all("kept")[0].0)).unwrap();
    old.set_modified((first - days(1)).into()).unwrap();
    assert_eq!(prune(&shelf.kept(), days(30), first + days(30) - Duration::from_secs(1)).unwrap(), 1);
    assert_eq!(shelf.kept_contents().len(), 1);
    assert_eq!(prune(&shelf.kept(), days(30), second + days(31)).unwrap(), 1);
    assert_eq!(fs::read_dir(shelf.kept()).unwrap().count(), 0, "empty folders go too");
    assert_eq!(prune(&shelf.folder.path().join("none"), days(1), second).unwrap(), 0);
}
