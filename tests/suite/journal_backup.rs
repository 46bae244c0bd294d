//! Backups of the journal: whole whatever is written meanwhile, never half-made, never in place of a better one.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::NaiveDate;

use loa::core::record::{Entry, Record};
use loa::journal::backup::{self, BackupError};
use loa::journal::{Journal, Reader};

use super::histories::{self, Event, Station};
use super::journal::verdict;

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, number).unwrap()
}

#[test]
fn a_backup_of_a_journal_that_is_being_written_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("bản sao"));
    let journal = Journal::open(&path).unwrap();
    let mut station = Station::founded();
    Event::ALL.iter().cycle().take(200).for_each(|event| station.happens(*event));
    let history = station.take();
    let over = AtomicBool::new(false);
    let made = std::thread::scope(|threads| {
        threads.spawn(|| {
            history.iter().for_each(|(at, entries)| drop(journal.write(*at, entries).unwrap()));
            // A copy that began anew with each entry would never end now.
            while !over.load(Ordering::Relaxed) {
                journal.append(history[0].0, &[Entry::Ended { by: "x".into() }]).unwrap();
            }
        });
        let mut made = Vec::new();
        for number in 1..=6 {
            let mut steps = 0;
            let mut rest = || {
                steps += 1;
                std::thread::yield_now();
                true
            };
            made.push(backup::back_up(&path, &backups, day(number), 4, &mut rest).unwrap());
        }
        over.store(true, Ordering::Relaxed);
        made
    });
    let all = Reader::open(&path).unwrap().latest(usize::MAX).unwrap();
    let kept = backup::list(&backups);
    assert!(kept.len() <= 4 && !kept.is_empty());
    assert_eq!(kept.first(), made.last());
    for path in &kept {
        assert!(verdict(path).is_whole());
        let copied = Reader::open(path).unwrap().latest(usize::MAX).unwrap();
        assert_eq!(copied[..], all[..copied.len()]);
    }
    assert_eq!(backup::newest_day(&backups), Some(day(6)));
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), kept.len(), "nothing else is left");
}

#[test]
fn what_is_put_off_or_has_no_room_leaves_nothing_and_deletes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("backup"));
    histories::fill(&path, 1_000);
    let good = backup::back_up(&path, &backups, day(1), 1, &mut || true).unwrap();
    // Names that are no backup's are nobody's business.
    std::fs::write(backups.join("journal-1.db.txt"), "ghi chú").unwrap();
    Journal::open(&path)
        .unwrap()
        .append(histories::fill(&dir.path().join("o.db"), 1), &[Entry::Ended { by: "x".into() }])
        .unwrap();
    let put_off = backup::back_up(&path, &backups, day(2), 1, &mut || false).unwrap_err();
    assert!(matches!(put_off, BackupError::PutOff), "{put_off}");
    assert_eq!(backup::list(&backups), [good]);
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 2);
    let file = dir.path().join("a file");
    std::fs::write(&file, "").unwrap();
    assert!(matches!(backup::back_up(&path, &file, day(2), 1, &mut || true), Err(BackupError::Failed(_))));
    let newer = backup::back_up(&path, &backups, day(2), 1, &mut || true).unwrap();
    assert_eq!(backup::list(&backups), [newer]);
}

const FOLDER: &str = "LOA_TEST_BACKUP";

/// In a process of its own it makes one backup after the other; killed at any instant, all that has a backup's name is
/// whole.
#[test]
fn a_backup_bears_to_be_killed() {
    if let Some(state) = std::env::var_os(FOLDER) {
        let (path, backups) = (Path::new(&state).join("journal.db"), Path::new(&state).join("backup"));
        for number in 0.. {
            backup::back_up(&path, &backups, day(1 + number % 30), 3, &mut || true).unwrap();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("backup"));
    histories::fill(&path, 400);
    let mut parts = 0;
    for round in 0..15u64 {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["journal_backup::a_backup_bears_to_be_killed", "--exact"]).env(FOLDER, dir.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let before = backup::list(&backups).len();
        let turns = 40_000 + round * 3_000;
        for _ in 0..turns {
            std::thread::yield_now();
            if before == 0 && !backup::list(&backups).is_empty() {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        parts += usize::from(backups.join("copy.part").exists());
        backup::list(&backups).iter().for_each(|path| assert!(verdict(path).is_whole(), "round {round}"));
    }
    assert!(parts > 0, "no round was killed on its way");
    backup::back_up(&path, &backups, day(31), 1, &mut || true).unwrap();
    assert_eq!(std::fs::read_dir(&backups).unwrap().count(), 1, "what the kills left is gone");
}
