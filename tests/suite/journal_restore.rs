//! A damaged journal is put together again: whatever was spoilt, what comes out is whole, a true beginning of what was
//! written, and says what is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use loa::core::record::{Entry, Record};
use loa::journal::{Fault, Flaw, Journal, Noted, Reader, backup, open_or_restore, suspect};

use super::histories::{self, Station};
use super::journal::{eventful, verdict};

fn now() -> DateTime<Utc> {
    "2027-05-01T02:00:00Z".parse().unwrap()
}

fn entries(path: &Path) -> Vec<Noted> {
    Reader::open(path).unwrap().latest(usize::MAX).unwrap()
}

fn day(number: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, number).unwrap()
}

/// The journal with what SQLite keeps beside it.
fn clear_away(path: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    }
}

/// The files in the folder beside those of the running journal.
fn set_aside(path: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    found.retain(|path| name(path).contains(".damaged-") && name(path).ends_with(".db"));
    found.sort();
    found
}

/// Opens what was spoilt, and holds it against the truth: a true beginning, then at most the entry that owns up.
fn mended(path: &Path, backups: &Path, truth: &[Noted]) -> usize {
    let (journal, restored) = open_or_restore(path, backups, now()).unwrap();
    let highest = truth.iter().filter_map(|noted| match &noted.entry {
        Entry::Begin(begin) => Some(begin.airing.0),
        Entry::Missed(missed) => Some(missed.airing.0),
        _ => None,
    });
    let next = journal.next_airing().0;
    drop(journal);
    let proof = verdict(path);
    assert!(proof.is_whole(), "{:?}", proof.flaw);
    let found = entries(path);
    let Some(restored) = restored else {
        assert!(found == truth, "{} entries for {}", found.len(), truth.len());
        return truth.len();
    };
    let (last, kept) = found.split_last().unwrap();
    assert!(kept == &truth[..kept.len()], "{} entries that are no beginning of the truth", kept.len());
    assert_eq!(last.entry, Entry::Restored(restored.clone()));
    assert!(last.stamp.seq > kept.len() as u64);
    assert_eq!(restored.intact_until, kept.last().map(|noted| noted.at));
    assert!(last.stamp.seq > restored.entries && restored.entries >= kept.len() as u64, "{restored:?}");
    assert!(kept.len() == truth.len() || !restored.whole, "{} of {}: {restored:?}", kept.len(), truth.len());
    assert!(next > restored.airings, "{next} {restored:?}");
    if restored.entries == truth.len() as u64 {
        assert!(next > highest.max().unwrap_or(0), "a number is given twice");
    }
    kept.len()
}

/// What can happen to the bytes of a file.
#[derive(Clone, Debug)]
enum Spoilt {
    Bit(usize),
    Stretch(usize, usize, u8),
    CutOff(usize),
}

impl Spoilt {
    fn befall(&self, intact: &[u8]) -> Vec<u8> {
        let mut bytes = intact.to_vec();
        match *self {
            Spoilt::Bit(at) => bytes[at] ^= 1 << (at % 8),
            Spoilt::Stretch(at, length, with) => {
                let end = (at + length).min(bytes.len());
                bytes[at..end].fill(with);
            }
            Spoilt::CutOff(at) => bytes.truncate(at),
        }
        bytes
    }

    /// The version of the layout, which a newer program may have written: never mended over.
    fn may_look_newer(&self) -> bool {
        let touches = |from: usize, to: usize| from < 64 && to > 60;
        match *self {
            Spoilt::Bit(at) => touches(at, at + 1),
            Spoilt::Stretch(at, length, _) => touches(at, at + length),
            Spoilt::CutOff(_) => false,
        }
    }
}

fn spoilt(size: usize) -> impl Strategy<Value = Spoilt> {
    prop_oneof![
        2 => (0..size).prop_map(Spoilt::Bit),
        3 => (0..size, 1usize..9000, any::<u8>()).prop_map(|(at, length, with)| Spoilt::Stretch(at, length, with)),
        2 => (0..size).prop_map(Spoilt::CutOff),
        1 => (0..120usize).prop_map(Spoilt::Bit),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_spoilt_what_comes_out_is_whole_and_true(
        damage in any::<prop::sample::Index>().prop_flat_map(|_| spoilt(130_000)),
        with_backup in any::<bool>(),
    ) {
        let (dir, path) = eventful();
        let backups = dir.path().join("backup");
        let truth = entries(&path);
        if with_backup {
            backup::back_up(&path, &backups, day(1), 5, &mut || true).unwrap();
        }
        let intact = std::fs::read(&path).unwrap();
        prop_assert!(intact.len() > 130_000, "{}", intact.len());
        let bytes = damage.befall(&intact);
        std::fs::write(&path, &bytes).unwrap();
        suspect(&path, "a test");
        if damage.may_look_newer() && matches!(Journal::open(&path), Err(ref error) if matches!(error.fault, Fault::Newer { .. })) {
            return Ok(());
        }
        let kept = mended(&path, &backups, &truth);
        if with_backup {
            prop_assert_eq!(kept, truth.len(), "the backup has all of it");
        }
        if let [aside] = &*set_aside(&path) {
            prop_assert!(std::fs::read(aside).unwrap() == bytes, "the damaged file is kept as it was");
        }
        // Once more is nothing new.
        let before = entries(&path);
        let (_, again) = open_or_restore(&path, &backups, now()).unwrap();
        prop_assert!(again.is_none() && entries(&path) == before);
    }
}

/// The newest backup is of yesterday, a page in the middle is spoilt: the backup bridges the hole and what was written
/// since follows on it, so that nothing is lost.
#[test]
fn what_a_backup_bridges_is_not_lost() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("backup"));
    histories::fill(&path, 300);
    backup::back_up(&path, &backups, day(1), 5, &mut || true).unwrap();
    let journal = Journal::open(&path).unwrap();
    let head = Reader::open(&path).unwrap().head().unwrap().unwrap();
    for _ in 0..200 {
        journal.append(now(), &[Entry::Ended { by: "sau bản sao lưu".repeat(40) }]).unwrap();
    }
    drop(journal);
    let truth = entries(&path);
    let mut bytes = std::fs::read(&path).unwrap();
    // The bytes of an early entry: the hash of that one does not hold any more.
    let text = b"Tuy\xc3\xaan truy\xe1\xbb\x81n CCHC";
    let at = bytes.windows(text.len()).position(|part| part == text).unwrap();
    bytes[at] = b'X';
    std::fs::write(&path, &bytes).unwrap();
    // The tail is in order, so opening alone finds nothing.
    let (journal, none) = open_or_restore(&path, &backups, now()).unwrap();
    assert!(none.is_none());
    drop(journal);
    // The daily backup proves its copy, and does not become one.
    let refused = backup::back_up(&path, &backups, day(2), 1, &mut || true).unwrap_err();
    let backup::BackupError::Flawed(flaw) = &refused else { panic!("{refused}") };
    assert_eq!(backup::list(&backups).len(), 1, "the good one is kept");
    suspect(&path, &flaw.to_string());
    assert_eq!(mended(&path, &backups, &truth), truth.len());
    let restored = entries(&path).pop().unwrap();
    let Entry::Restored(restored) = restored.entry else { panic!("{restored:?}") };
    assert!(restored.whole && restored.sources.len() == 2, "{restored:?}");
    assert_eq!(loa::journal::verify(&path, Some(&head), &mut |_, _| ()).unwrap().flaw, None);
    assert_eq!(set_aside(&path).len(), 1);
}

#[test]
fn what_is_lost_is_named_and_its_numbers_are_never_given_again() {
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("backup"));
    histories::fill(&path, 30);
    backup::back_up(&path, &backups, day(1), 5, &mut || true).unwrap();
    let intact = entries(&path).len() as u64;
    let journal = Journal::open(&path).unwrap();
    let mut station = Station::founded_after(journal.next_airing().0 - 1);
    histories::usual().take(170).for_each(|event| station.happens(event));
    let airings = station.airings();
    for (at, mut entries) in station.take() {
        entries.retain(|entry| !matches!(entry, Entry::Founded { .. }));
        journal.write(at, &entries).unwrap();
    }
    drop(journal);
    let truth = entries(&path);
    let head = Reader::open(&path).unwrap().head().unwrap().unwrap();
    // Every entry's text is spoilt, so that only the backup's are proved; the numbers can be read.
    let db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(
        "DROP TRIGGER entry_is_never_changed; UPDATE entry SET hash = zeroblob(32); PRAGMA wal_checkpoint(TRUNCATE);",
    )
    .unwrap();
    drop(db);
    let kept = mended(&path, &backups, &truth);
    assert_eq!(kept as u64, intact);
    let proof = verdict(&path);
    let [gap] = &*proof.gaps else { panic!("{:?}", proof.gaps) };
    assert_eq!(gap.entries, Some((intact + 1, truth.len() as u64)));
    assert_eq!(gap.restored.airings, airings);
    // A report that carries a head from the gap is told where it went.
    let lost = loa::journal::verify(&path, Some(&head), &mut |_, _| ()).unwrap().flaw;
    assert_eq!(lost, Some(Flaw::Lost { seq: head.seq, first: intact + 1, last: truth.len() as u64 }));
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.counts().unwrap().entries, intact + 1);
    assert_eq!(reader.gaps().unwrap(), proof.gaps);
    // It goes on, is backed up and restored like any other.
    let journal = Journal::open(&path).unwrap();
    assert_eq!(journal.next_airing().0, airings + 1);
    journal.append(now(), &[Entry::Ended { by: "x".into() }]).unwrap();
    drop(journal);
    backup::back_up(&path, &backups, day(2), 5, &mut || true).unwrap();
    let whole = entries(&path);
    std::fs::write(&path, "").unwrap();
    let (_, again) = open_or_restore(&path, &backups, now()).unwrap();
    assert!(again.is_some_and(|restored| !restored.whole));
    let after = entries(&path);
    assert!(after[..whole.len()] == whole[..]);
    assert!(verdict(&path).is_whole() && verdict(&path).gaps.len() == 2);
    // Nobody leaves numbers out by hand: the layout refuses it, and the proof tells it.
    let db = rusqlite::Connection::open(&path).unwrap();
    let jump = "INSERT INTO entry SELECT seq + 5, at, hash, '{\"entry\":\"ended\"}' FROM entry ORDER BY seq DESC LIMIT 1";
    assert!(db.execute_batch(jump).is_err());
}

#[test]
fn with_nothing_left_a_new_journal_says_so_first() {
    for spoil in [
        (|path: &Path| std::fs::write(path, "").unwrap()) as fn(&Path),
        |path| std::fs::write(path, "rác".repeat(1000)).unwrap(),
        |path| {
            std::fs::remove_file(path).unwrap();
            std::fs::write(path.with_file_name("journal.db-wal"), "entries").unwrap();
        },
    ] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        histories::fill(&path, 10);
        spoil(&path);
        let (journal, restored) = open_or_restore(&path, &dir.path().join("backup"), now()).unwrap();
        let restored = restored.unwrap();
        assert!(!restored.whole && restored.intact_until.is_none(), "{restored:?}");
        assert_eq!(journal.next_airing().0, 1);
        drop(journal);
        assert_eq!(entries(&path).len(), 1);
        assert!(verdict(&path).is_whole());
        let aside = path.with_file_name(restored.set_aside.unwrap());
        let log = PathBuf::from(format!("{}-wal", aside.display()));
        assert!(aside.exists() || log.exists(), "{}", aside.display());
    }
}

#[test]
fn what_is_not_ours_is_refused_and_left() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let backups = dir.path().join("backup");
    rusqlite::Connection::open(&path)
        .unwrap()
        .execute_batch("CREATE TABLE entry (seq, at, hash, body)")
        .unwrap();
    let foreign = std::fs::read(&path).unwrap();
    let error = open_or_restore(&path, &backups, now()).unwrap_err();
    assert!(matches!(error.fault, Fault::Foreign { .. }), "{error}");
    assert!(std::fs::read(&path).unwrap() == foreign && set_aside(&path).is_empty());
    // A journal that is not there is founded where there never was one, and restored where there was.
    clear_away(&path);
    assert!(open_or_restore(&path, &backups, now()).unwrap().1.is_none());
    clear_away(&path);
    histories::fill(&path, 10);
    let truth = entries(&path);
    backup::back_up(&path, &backups, day(1), 5, &mut || true).unwrap();
    clear_away(&path);
    assert_eq!(mended(&path, &backups, &truth), truth.len());
}

/// The power is cut between any two steps by which the restored file takes the damaged one's place.
#[test]
fn a_restoration_that_was_cut_short_is_finished() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    histories::fill(&path, 600);
    let truth = entries(&path);
    let mut damaged = std::fs::read(&path).unwrap();
    let half = damaged.len() / 2;
    damaged[half..].fill(0);
    std::fs::write(&path, &damaged).unwrap();
    let nowhere = dir.path().join("none");
    suspect(&path, "a test");
    let kept = mended(&path, &nowhere, &truth);
    assert!(kept > 0 && kept < truth.len(), "{kept} of {}", truth.len());
    let restored = std::fs::read(&path).unwrap();
    let aside = set_aside(&path).pop().unwrap();
    let (ready, wal) = (dir.path().join("journal.db.restored"), dir.path().join("journal.db-wal"));
    let clear = || {
        for entry in std::fs::read_dir(dir.path()).unwrap() {
            std::fs::remove_file(entry.unwrap().path()).unwrap();
        }
    };
    let steps: [&dyn Fn(); 5] = [
        &|| {
            std::fs::write(&path, &damaged).unwrap();
            suspect(&path, "a test");
            std::fs::write(dir.path().join("journal.db.restoring"), &restored[..9000]).unwrap();
            std::fs::write(dir.path().join("journal.db.restoring-journal"), "half").unwrap();
        },
        &|| {
            std::fs::write(&path, &damaged).unwrap();
            std::fs::write(&wal, "log").unwrap();
            std::fs::write(&ready, &restored).unwrap();
        },
        &|| {
            std::fs::write(&aside, &damaged).unwrap();
            std::fs::write(&wal, "log").unwrap();
            std::fs::write(&ready, &restored).unwrap();
        },
        &|| {
            std::fs::write(&aside, &damaged).unwrap();
            std::fs::write(&ready, &restored).unwrap();
        },
        &|| {
            std::fs::write(&aside, &damaged).unwrap();
            std::fs::write(&path, &restored).unwrap();
        },
    ];
    for (number, step) in steps.iter().enumerate() {
        clear();
        step();
        drop(open_or_restore(&path, &nowhere, now()).unwrap());
        let found = entries(&path);
        assert_eq!(found.len(), kept + 1, "step {number}");
        assert!(found[..kept] == truth[..kept], "step {number}");
        assert!(verdict(&path).is_whole(), "step {number}");
        assert!(!ready.exists() && std::fs::read(&wal).map_or(true, |log| log != b"log"), "step {number}");
        assert!(std::fs::read(&aside).unwrap() == damaged, "step {number}");
    }
}

const FOLDER: &str = "LOA_TEST_RESTORE";

/// In a process of its own it restores what it finds there; killed at any instant, again and again, nothing is lost by it.
#[test]
fn a_restoration_bears_to_be_killed() {
    if let Some(state) = std::env::var_os(FOLDER) {
        let path = Path::new(&state).join("journal.db");
        drop(open_or_restore(&path, &Path::new(&state).join("backup"), now()).unwrap());
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (path, backups) = (dir.path().join("journal.db"), dir.path().join("backup"));
    histories::fill(&path, 1_500);
    let truth = entries(&path);
    backup::back_up(&path, &backups, day(1), 5, &mut || true).unwrap();
    let mut damaged = std::fs::read(&path).unwrap();
    let third = damaged.len() / 3;
    damaged[third..third + 200_000].fill(0);
    std::fs::write(&path, &damaged).unwrap();
    suspect(&path, "a test");
    let mut finished = 0;
    for round in 0..25u64 {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["journal_restore::a_restoration_bears_to_be_killed", "--exact"])
            .env(FOLDER, dir.path());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let mut patience = round * round * 3_000;
        while patience > 0 && child.try_wait().unwrap().is_none() {
            patience = patience.saturating_sub(1_000);
            std::thread::yield_now();
        }
        finished += u32::from(child.try_wait().unwrap().is_some_and(|status| status.success()));
        let _ = child.kill();
        child.wait().unwrap();
    }
    drop(open_or_restore(&path, &backups, now()).unwrap());
    let found = entries(&path);
    assert!(found[..truth.len()] == truth[..]);
    assert_eq!(found.len(), truth.len() + 1, "restored once, however often it was begun");
    assert!(verdict(&path).is_whole());
    assert!(std::fs::read(&set_aside(&path)[0]).unwrap() == damaged);
    assert!(finished < 25, "no round was killed on its way");
}
