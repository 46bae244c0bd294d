//! The journal's file among other files, processes and accidents: killed writers, a second station, what is no
//! journal, readers beside the writer.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;

use loa::core::record::{Entry, Record};
use loa::journal::lock::{LockError, StationLock};
use loa::journal::{Fault, Filter, Journal, JournalError, Reader};

use super::histories::{self, Event, Station};
use super::journal::verdict;

/// Where a process of this test finds its journal.
const FOLDER: &str = "LOA_TEST_STATE";

/// This test as another process, which does there what `test` does when it is given a folder.
fn process(test: &str, state: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([&format!("journal_file::{test}"), "--exact", "--nocapture"]).env(FOLDER, state);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// A station that writes and says after each transaction what it was given for it. In a process of its own it never
/// ends by itself.
#[test]
fn a_station_writes_and_acknowledges() {
    let given = std::env::var_os(FOLDER).map(PathBuf::from);
    let own = tempfile::tempdir().unwrap();
    let state = given.as_deref().unwrap_or(own.path());
    let _lock = StationLock::take(state).unwrap();
    let path = state.join("journal.db");
    let journal = Journal::open(&path).unwrap();
    let mut out = std::io::stdout();
    let mut number = 0;
    loop {
        // A history of its own each time, with numbers of airings that go on.
        let first = journal.next_airing().0 - 1;
        let head = Reader::open(&path).unwrap().head().unwrap().map_or(0, |head| head.seq);
        let mut station = Station::founded_after(first).with_drops_of(head);
        histories::usual().skip(number).take(20).for_each(|event| station.happens(event));
        for (at, mut entries) in station.take() {
            entries.retain(|entry| !matches!(entry, Entry::Founded { .. }));
            if let Some(last) = journal.write(at, &entries).unwrap().pop()
                && given.is_some()
            {
                // The line feed in front ends what the test harness may have begun.
                writeln!(out, "\nack {} {}", last.seq, last.hash).unwrap();
            }
        }
        number += 20;
        if given.is_none() && number == 60 {
            break;
        }
    }
    assert!(verdict(&path).is_whole());
}

/// Killed at any instant, dozens of times on end: the journal is whole, holds everything that was acknowledged and at
/// most the one transaction more that was being written, and the lock is free.
#[test]
fn a_killed_station_leaves_a_whole_journal() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let mut acknowledged: Vec<(u64, String)> = Vec::new();
    let mut lot = 12_345_u64;
    for round in 0..40 {
        let mut child = process("a_station_writes_and_acknowledges", dir.path()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        lot = lot.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let (acks, spin) = (lot >> 60, (lot >> 20) % 400_000);
        let mut heard = 0;
        let mut seen = Vec::new();
        while heard < acks {
            let line = lines.next().expect("the station ended by itself").unwrap();
            heard += u64::from(line.starts_with("ack "));
            seen.push(line);
        }
        assert!((0..spin).all(|turn| std::hint::black_box(turn) < spin));
        child.kill().unwrap();
        child.wait().unwrap();
        seen.extend(lines.map_while(Result::ok));
        // A line that the kill cut short acknowledges nothing.
        let whole = seen.iter().filter_map(|line| {
            let (seq, hash) = line.strip_prefix("ack ")?.split_once(' ')?;
            (hash.len() == 64).then(|| (seq.parse().unwrap(), hash.to_owned()))
        });
        acknowledged.extend(whole);

        let _lock = StationLock::take(dir.path()).expect("a killed station frees its lock");
        match Reader::open(&path) {
            Ok(reader) => {
                let last = reader.head().unwrap().map_or(0, |head| head.seq);
                let known = acknowledged.last().map_or(0, |ack| ack.0);
                assert!(
                    (known..=known + 8).contains(&last),
                    "round {round}: {known} acknowledged, {last} there"
                );
                assert!(verdict(&path).is_whole(), "round {round}: {:?}", verdict(&path).flaw);
                reader.airings(&Filter::default(), Some(50)).unwrap();
            }
            Err(error) => {
                assert!(
                    matches!(error.fault, Fault::Missing) && acknowledged.is_empty(),
                    "round {round}: {error}"
                );
            }
        }
    }
    let reader = Reader::open(&path).unwrap();
    for (seq, hash) in &acknowledged {
        assert_eq!(&reader.entry(*seq).unwrap().unwrap().stamp.hash, hash);
    }
    assert!(acknowledged.len() > 100, "too few to prove anything: {}", acknowledged.len());
    assert!(!Journal::open(&path).unwrap().rebuilt());
}

#[test]
fn a_second_station_is_refused_and_told_who_has_the_state() {
    let dir = tempfile::tempdir().unwrap();
    let state = dir.path().join("trạng thái");
    let lock = StationLock::take(&state).unwrap();
    let error = StationLock::take(&state).unwrap_err();
    assert!(matches!(error, LockError::Held { .. }));
    let text = error.to_string();
    assert!(text.contains("a station already runs on this state"), "{text}");
    #[cfg(unix)]
    assert!(text.contains(&format!("process {}", std::process::id())), "{text}");
    // From another process too, which then writes nothing.
    let second = process("a_station_writes_and_acknowledges", &state).output().unwrap();
    assert!(!second.status.success());
    assert!(!state.join("journal.db").exists());
    drop(lock);
    drop(StationLock::take(&state).unwrap());
    // What stands in the file is of no account.
    fs::write(state.join("lock"), [0xff; 5000]).unwrap();
    let _lock = StationLock::take(&state).unwrap();
    let file = dir.path().join("a file");
    fs::write(&file, "").unwrap();
    let error = StationLock::take(&file).unwrap_err().to_string();
    assert!(error.contains("must be on a local disk and writable"), "{error}");
}

/// A closed journal of a few airings.
fn small(path: &Path) {
    histories::fill(path, 30);
}

/// All that lies in the folder, with what it holds.
fn folder(dir: &Path) -> Vec<(PathBuf, u64, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let (mut start, len) = (Vec::new(), fs::metadata(&path).unwrap().len());
            fs::File::open(&path).unwrap().take(1 << 20).read_to_end(&mut start).unwrap();
            (path, len, start)
        })
        .collect();
    all.sort();
    all
}

fn every_way_to_open(path: &Path) -> [(&'static str, Option<JournalError>); 3] {
    [
        ("write", Journal::open(path).err()),
        ("read", Reader::open(path).err()),
        ("verify", loa::journal::verify(path, None, &mut |_, _| ()).err()),
    ]
}

#[test]
fn what_is_no_journal_is_told_and_left_as_it_is() {
    type Make = fn(&Path);
    type Told = fn(&Fault) -> bool;
    let sqlite = |path: &Path, pragma: &str| {
        Connection::open(path)
            .unwrap()
            .execute_batch(&format!("CREATE TABLE t (x); INSERT INTO t VALUES (1); {pragma}"))
            .unwrap();
    };
    let foreign: Make = |path| Connection::open(path).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    let cases: &[(&str, Make, Told, &str)] = &[
        ("nothing in it", |path| fs::write(path, "").unwrap(), |f| matches!(f, Fault::Empty), "is empty"),
        (
            "one byte",
            |path| fs::write(path, "x").unwrap(),
            |f| matches!(f, Fault::NotSqlite),
            "is no journal",
        ),
        (
            "a text",
            |path| fs::write(path, "Nhật ký phát thanh\n".repeat(500)).unwrap(),
            |f| matches!(f, Fault::NotSqlite),
            "restore it from a backup",
        ),
        (
            "a header alone",
            |path| fs::write(path, b"SQLite format 3\0").unwrap(),
            |f| matches!(f, Fault::NotSqlite),
            "is no journal",
        ),
        (
            "a terabyte of nothing",
            |path| fs::File::create(path).unwrap().set_len(1 << 40).unwrap(),
            |f| matches!(f, Fault::NotSqlite),
            "is no journal",
        ),
        ("another program's", foreign, |f| matches!(f, Fault::Foreign { .. }), "another program"),
        (
            "a newer one",
            |path| {
                small(path);
                let db = Connection::open(path).unwrap();
                db.execute_batch("PRAGMA journal_mode = DELETE; PRAGMA user_version = 77").unwrap();
            },
            |f| matches!(f, Fault::Newer { found: 77, .. }),
            "use the newer program",
        ),
        (
            "half of one",
            |path| {
                small(path);
                let whole = fs::read(path).unwrap();
                fs::write(path, &whole[..whole.len() / 2]).unwrap();
            },
            |f| matches!(f, Fault::Truncated { .. }),
            "is cut off",
        ),
        ("a folder", |path| fs::create_dir(path).unwrap(), |f| matches!(f, Fault::Io(_)), "journal.db"),
    ];
    for (name, make, told, says) in cases {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        make(&path);
        let before = (!path.is_dir()).then(|| folder(dir.path()));
        for (way, error) in every_way_to_open(&path) {
            let error = error.unwrap_or_else(|| panic!("{name}: opened to {way}"));
            assert!(told(&error.fault), "{name}, {way}: {error:?}");
            assert!(error.to_string().contains(says), "{name}, {way}: {error}");
            assert!(error.to_string().contains("journal.db"), "{name}, {way}: {error}");
        }
        if let Some(before) = before {
            assert!(folder(dir.path()) == before, "{name}: the folder was changed");
        }
    }
    // A foreign one with the right id, which has nothing of ours in it.
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    sqlite(&path, "PRAGMA application_id = 0x4c4f4131; PRAGMA user_version = 1");
    assert!(Journal::open(&path).is_err() && Reader::open(&path).is_err());
    assert!(!loa::journal::verify(&path, None, &mut |_, _| ()).is_ok_and(|proof| proof.is_whole()));
    // The right beginning, and rubbish after it.
    let path = dir.path().join("rubbish.db");
    small(&path);
    let mut bytes = fs::read(&path).unwrap();
    bytes.iter_mut().skip(100).for_each(|byte| *byte = 0xa5);
    fs::write(&path, &bytes).unwrap();
    for error in [Journal::open(&path).unwrap_err(), Reader::open(&path).unwrap_err()] {
        assert!(matches!(error.fault, Fault::Damaged { .. }), "{error:?}");
        assert!(error.to_string().contains("restore the journal from a backup"), "{error}");
    }
    assert!(matches!(verdict(&path).flaw, Some(loa::journal::Flaw::Damaged { after: 0, .. })));
    assert!(fs::read(&path).unwrap() == bytes);
}

/// A journal of the first layout, as the program wrote it then.
#[test]
fn a_journal_of_the_first_layout_is_brought_up_and_nothing_in_it_changes() {
    const FIRST: &[u8] = include_bytes!("../fixtures/journals/version-1.db");
    let dir = tempfile::tempdir().unwrap();
    let (old, new) = (dir.path().join("old.db"), dir.path().join("new.db"));
    fs::write(&old, FIRST).unwrap();
    // To read it alone brings nothing up.
    let error = Reader::open(&old).unwrap_err();
    assert!(matches!(error.fault, Fault::Older { found: 1, known: 4 }), "{error:?}");
    assert!(error.to_string().contains("start the station once with this program"), "{error}");
    assert!(fs::read(&old).unwrap() == FIRST);

    let entries = |path: &Path| -> Vec<(i64, Vec<u8>, String)> {
        let db = Connection::open(path).unwrap();
        let mut rows = db.prepare("SELECT seq, hash, body FROM entry ORDER BY seq").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect()
    };
    let before = entries(&old);
    assert_eq!(before.len(), 96);
    let journal = Journal::open(&old).unwrap();
    assert!(!journal.rebuilt());
    assert_eq!(journal.next_airing().0, 31);
    drop(journal);
    assert!(entries(&old) == before);
    // The proof compares the layout word for word with that of a journal founded today.
    assert!(verdict(&old).is_whole(), "{:?}", verdict(&old));
    drop(Journal::open(&new).unwrap());
    assert!(verdict(&new).is_whole());
    // The inbox writes into it like into any.
    let journal = Journal::open(&old).unwrap();
    let mut station = Station::founded_after(31);
    [Event::NewVersion, Event::Airs].into_iter().for_each(|event| station.happens(event));
    for (at, mut entries) in station.take() {
        entries.retain(|entry| !matches!(entry, Entry::Founded { .. }));
        journal.write(at, &entries).unwrap();
    }
    drop(journal);
    assert!(verdict(&old).is_whole(), "{:?}", verdict(&old));
    assert!(Reader::open(&old).is_ok());
}

#[test]
fn a_journal_that_is_gone_is_not_founded_over_what_is_left_of_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    assert!(matches!(Reader::open(&path).unwrap_err().fault, Fault::Missing));
    assert!(!path.exists());
    fs::write(dir.path().join("journal.db-wal"), "entries").unwrap();
    let error = Journal::open(&path).unwrap_err();
    assert!(matches!(error.fault, Fault::StrayWal { .. }), "{error}");
    assert!(!path.exists());
    fs::remove_file(dir.path().join("journal.db-wal")).unwrap();
    // A founding that was cut short is begun anew.
    fs::write(dir.path().join("journal.db.new"), "half").unwrap();
    drop(Journal::open(&path).unwrap());
    assert_eq!(folder(dir.path()).len(), 1);
    assert!(verdict(&path).is_whole());
}

/// What may only be read can be read and proved, and is refused to the one who would write. In a process of its own it
/// is done as one who is not the superuser, whom no permission stops.
#[cfg(unix)]
#[test]
fn a_read_only_journal_is_read_and_not_written() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    if let Some(state) = std::env::var_os(FOLDER) {
        let path = Path::new(&state).join("journal.db");
        let error = Journal::open(&path).unwrap_err();
        assert!(matches!(error.fault, Fault::ReadOnly), "{error:?}");
        assert!(error.to_string().contains("can only be read"), "{error}");
        assert!(Reader::open(&path).unwrap().counts().unwrap().entries > 60);
        assert!(verdict(&path).is_whole());
        return;
    }
    let allow = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    for mode in [0o777, 0o555] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        small(&path);
        let before = fs::read(&path).unwrap();
        allow(&path, 0o444);
        allow(dir.path(), mode);
        let mut other = process("a_read_only_journal_is_read_and_not_written", dir.path());
        if fs::OpenOptions::new().append(true).open(&path).is_ok() {
            other.uid(65_534).gid(65_534);
        }
        let done = other.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && said.contains("1 passed"), "folder {mode:o}: {said}");
        assert!(fs::read(&path).unwrap() == before);
        allow(dir.path(), 0o777);
    }
}

/// Readers see the journal whole at every moment while it grows, and the writer never waits for them.
#[test]
fn readers_see_a_whole_journal_while_it_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let journal = Journal::open(&path).unwrap();
    let mut station = Station::founded();
    Event::ALL.iter().cycle().take(150).for_each(|event| station.happens(*event));
    let history = station.take();
    let total: usize = history.iter().map(|(_, entries)| entries.len()).sum();
    let looks = std::thread::scope(|threads| {
        let writer = threads
            .spawn(|| history.iter().for_each(|(at, entries)| drop(journal.write(*at, entries).unwrap())));
        let look = || {
            let reader = Reader::open(&path).unwrap();
            let (mut looks, mut head) = (0, None);
            loop {
                let over = writer.is_finished();
                let proof = loa::journal::verify(&path, head.as_ref(), &mut |_, _| ()).unwrap();
                assert!(proof.is_whole(), "{:?}", proof.flaw);
                head = reader.head().unwrap();
                let open = reader.unfinished().unwrap();
                assert!(open.len() <= 3, "{open:?}");
                reader.airings(&Filter::default(), Some(20)).unwrap();
                looks += 1;
                if over {
                    break looks;
                }
            }
        };
        look()
    });
    assert_eq!(Reader::open(&path).unwrap().counts().unwrap().entries, total as u64);
    assert!(looks > 1);
}

/// Some two years of a station. That opening and asking do not take longer as the years go by is counted in
/// `journal/answers.rs`.
#[test]
fn a_journal_of_many_years_opens_whole() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let now = histories::fill(&path, 10_000);
    let journal = Journal::open(&path).unwrap();
    assert!(!journal.rebuilt());
    assert!(journal.next_airing().0 > 10_000);
    let day = journal.settled(now - chrono::TimeDelta::days(1), now).unwrap();
    assert!((8..=13).contains(&day.len()), "{}", day.len());
    assert!(journal.unfinished().unwrap().is_empty());
    let reader = Reader::open(&path).unwrap();
    let latest = reader.airings(&Filter::default(), Some(10)).unwrap();
    assert_eq!(latest.len(), 10);
    assert!(latest.iter().all(|airing| airing.noted > now - chrono::TimeDelta::days(8)));
}
