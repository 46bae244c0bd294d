//! The station in virtual time on a disk that is full, that hangs, or that lost the record: it airs on, and everything is
//! written down as soon as it can be.

use std::sync::Arc;

use loa::core::airing::{Airing, Reason};
use loa::core::cart::CartName;
use loa::core::order::{Order, Refusal};
use loa::core::record::Entry;
use loa::journal::{Reader, backup, open_or_restore};
use loa::playout::scribe::Scribe;

use super::rig::Rig;
use super::spoilt::{Mode, Spoilt};

const DAY: &str = "[[slot]]\nid = \"sang\"\ntitle = \"Sáng\"\nat = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.mp3\"]\n\
    [[slot]]\nid = \"trua\"\ntitle = \"Trưa\"\nat = [\"11:00\"]\ndays = [\"T2-CN\"]\nplay = [\"b.mp3\"]\n\
    [[slot]]\nid = \"chieu\"\ntitle = \"Chiều\"\nat = [\"17:00\"]\ndays = [\"T2-CN\"]\nrepeat_of = \"sang\"\n";

fn station() -> Rig {
    Rig::at("2026-12-01 05:00").recording("a.mp3", 60).recording("b.mp3", 120).schedule(DAY)
}

/// The hand that writes the station's journal, for a thread of its own.
fn scribe_of(rig: &mut Rig) -> Scribe {
    Scribe::from(Arc::new(Spoilt { journal: rig.journal(), disk: rig.disk.clone() }))
}

/// Which airings began as held.
fn held(rig: &Rig) -> Vec<u64> {
    let entries = Reader::open(&rig.path()).unwrap().latest(usize::MAX).unwrap();
    let begins = entries.into_iter().filter_map(|noted| match noted.entry {
        Entry::Begin(begin) => begin.held.then_some(begin.airing.0),
        _ => None,
    });
    begins.collect()
}

const WHOLE_DAY: &str = "01 05:30 sang: aired from 05:30:00, 60 s\n01 11:00 trua: aired from 11:00:00, 120 s\n\
    01 17:00 chieu: aired from 17:00:00, 60 s";

#[test]
fn on_a_full_disk_it_airs_on_and_writes_when_there_is_room() {
    let mut rig = station();
    rig.power_on();
    rig.run_to("05:25");
    rig.disk.is(Mode::Full);
    rig.run_to("17:10");
    assert_eq!(rig.stage.lock().unwrap().heard.len(), 3, "everything sounded");
    assert_eq!(rig.log(), "", "nothing is written yet");
    let played = rig.order(Order::Play { file: CartName::new("a.mp3").unwrap() });
    assert!(
        matches!(played, Err(Refusal::NotRecorded { .. })),
        "what cannot be taken down does not happen: {played:?}"
    );
    rig.disk.is(Mode::Well);
    rig.run_to("17:11");
    assert_eq!(rig.log(), WHOLE_DAY);
    assert_eq!(held(&rig).len(), 3);
    rig.run_to("23:00");
    rig.assert_sound();
}

/// A disk that hangs for ever holds up nothing: cues start at their second, and the quiet hours are kept.
#[test]
fn on_a_disk_that_hangs_it_airs_on_and_keeps_the_quiet_hours() {
    let mut rig = station();
    // Believed to be a minute long, and far longer: the quiet hours must cut it.
    rig.add_recording("dài.mp3", 60);
    let length = std::time::Duration::from_secs(3 * 3600);
    rig.stage.lock().unwrap().lengths.insert("dài.mp3".into(), length);
    rig.go_live(&format!(
        "{DAY}[[slot]]\nid = \"toi\"\ntitle = \"Tối\"\nat = [\"20:30\"]\ndays = [\"T2-CN\"]\nplay = [\"dài.mp3\"]\n"
    ));
    let scribe = scribe_of(&mut rig);
    rig.scribe = Some(scribe.clone());
    rig.power_on();
    let writer = std::thread::spawn(scribe.thread());
    rig.run_to("05:25");
    assert!(scribe.flush(super::station_folder::PATIENCE));
    rig.disk.is(Mode::Hangs);
    rig.run_to("21:10");
    assert_eq!(rig.stage.lock().unwrap().heard.len(), 4, "everything sounded");
    let last = rig.stage.lock().unwrap().heard.last().unwrap().wall.1;
    let boundary = rig.moment("21:00");
    assert!((last - boundary).num_milliseconds().abs() < 1_000, "cut at {last}");
    assert!(scribe.trouble().is_some() && scribe.held() > 8);
    let played = rig.order(Order::Skip { slot: "sang".into(), date: boundary.date_naive(), time: None });
    assert!(played.is_err(), "{played:?}");
    rig.disk.is(Mode::Well);
    assert!(scribe.flush(super::station_folder::PATIENCE));
    assert_eq!((scribe.trouble(), scribe.held()), (None, 0));
    rig.run_to("21:11");
    assert!(scribe.flush(super::station_folder::PATIENCE));
    let cut = "01 20:30 toi: cut, quiet_hours from 20:30:00, 1800 s";
    assert_eq!(rig.log(), format!("{WHOLE_DAY}\n{cut}"));
    // What was in the writer's hand when the disk began to hang was begun once more, as held.
    let mut began_held = held(&rig);
    began_held.dedup();
    assert_eq!(began_held.len(), 4);
    rig.assert_sound();
    scribe.close();
    writer.join().unwrap();
}

/// Weeks without power, dozens of cues a day: the account is kept in steps of one short transaction, and goes on soon
/// after a journal that did not answer. Three cues of the night of the power cut stay open for their grace meanwhile.
#[test]
fn weeks_off_are_accounted_for_within_a_minute_though_the_disk_is_slow_to_answer() {
    let mut rig = Rig::at("2026-12-01 05:00").recording("a.mp3", 20).schedule(
        "[[slot]]\nid = \"deu\"\ntitle = \"Đều\"\ncron = \"*/5 5-20 * * *\"\ngrace = \"15m\"\nplay = [\"a.mp3\"]\n",
    );
    rig.power_on();
    rig.run_to("05:01");
    rig.power_cut();
    rig.off_until("2026-12-22 05:06:30");
    rig.power_on();
    rig.disk.is(Mode::Deaf);
    rig.run_to("05:06:38");
    rig.disk.is(Mode::Well);
    rig.run_to("05:07:30");
    let missed = |one: &&Airing| one.reason == Some(Reason::StationOff);
    let rows = rig.airings();
    // Of the first day all but the first; the last day's first is within its grace.
    assert_eq!(rows.iter().filter(missed).count(), 21 * 16 * 12 - 1, "{} rows", rows.len());
    let most = rig.disk.most_written_at_once();
    assert!(most <= 300, "{most} entries in one transaction");
    rig.run_to("06:00");
    rig.assert_sound();
}

/// What the journal cannot be asked, this run knows of itself: nothing airs twice however the schedules change meanwhile.
#[test]
fn while_the_disk_hangs_nothing_airs_twice() {
    let mut rig = station();
    let scribe = scribe_of(&mut rig);
    rig.scribe = Some(scribe.clone());
    rig.power_on();
    let writer = std::thread::spawn(scribe.thread());
    rig.run_to("11:03");
    assert!(scribe.flush(super::station_folder::PATIENCE));
    rig.disk.is(Mode::Hangs);
    // All cues within their grace are looked for anew.
    let plan = rig.plan();
    rig.tell(loa::playout::News::Plan(plan));
    rig.run_to("17:02");
    let plan = rig.plan();
    rig.tell(loa::playout::News::Plan(plan));
    rig.run_to("17:30");
    assert_eq!(rig.stage.lock().unwrap().heard.len(), 3);
    rig.disk.is(Mode::Well);
    assert!(scribe.flush(super::station_folder::PATIENCE));
    rig.run_to("18:00");
    assert!(scribe.flush(super::station_folder::PATIENCE));
    assert_eq!(rig.log(), WHOLE_DAY);
    scribe.close();
    writer.join().unwrap();
}

/// The journal is lost while a cue sounds; yesterday's backup knows nothing of it. It does not air again, and neither does
/// what else fell into the gap.
#[test]
fn what_fell_into_the_gap_of_a_restored_journal_does_not_air_again() {
    let mut rig = station().on();
    rig.run_to("06:00");
    let (path, folder) = (rig.path(), rig.path().with_file_name("backup"));
    let day = loa::clock::Clock::now(&*rig.clock).date_naive();
    backup::back_up(&path, &folder, day, 3, &mut || true).unwrap();
    rig.run_to("17:00:30");
    rig.power_cut();
    std::fs::write(&path, "").unwrap();
    for beside in ["journal.db-wal", "journal.db-shm"] {
        let _ = std::fs::remove_file(path.with_file_name(beside));
    }
    rig.off_until("17:04");
    let now = loa::clock::Clock::now(&*rig.clock);
    let (_, restored) = open_or_restore(&path, &folder, now).unwrap();
    assert!(!restored.unwrap().whole);
    rig.power_on();
    rig.run_to("23:00");
    // The morning's, the noon's, and the half of the evening's before the power went.
    assert_eq!(rig.stage.lock().unwrap().heard.len(), 3, "the evening's did not sound again");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 60 s\n01 11:00 trua: missed, no_record\n01 17:00 chieu: missed, no_record"
    );
    assert!(
        rig.airings()
            .iter()
            .filter(|one| one.reason == Some(Reason::NoRecord))
            .all(|one| one.started.is_none())
    );
    // The next day is like any other.
    rig.run_to("2026-12-02 12:00");
    assert!(
        rig.log()
            .ends_with("02 05:30 sang: aired from 05:30:00, 60 s\n02 11:00 trua: aired from 11:00:00, 120 s")
    );
    rig.assert_sound();
}
