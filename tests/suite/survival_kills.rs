//! The power goes at any instant, in the middle of a start too: the real binary on a sound server is killed again and
//! again, and afterwards every occurrence has exactly one row, which says what the card's monitor heard.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::core::airing::{Airing, Outcome, Reason};
use loa::core::record::Stamp;
use loa::journal::{Filter, Reader};

use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now, wait_for};
use super::survival_rig::{Chance, Ear, Heard, Stretch, coded, station_on, times};

/// One slot a cue: slot `n` is due at second `EVERY × n` of each minute.
const SLOTS: usize = 20;
const EVERY: usize = 3;
/// The longest grace of these slots.
const GRACE: TimeDelta = TimeDelta::seconds(20);
/// How much of an airing may be heard without a word of it in the journal: what sounds until *sounded* is durable. The
/// cue then airs again, whole, or is missed where its grace is over (design.md, What the journal holds). Mostly none, some tens of milliseconds at times; less
/// than the shortest recording in any case, so that one that airs twice is found.
const UNTOLD: usize = 67_200;

fn frames_of(slot: usize) -> usize {
    72_000 + slot * 960
}

/// Two slots a schedule: more cues a day are refused.
fn dense(station: &StationFolder) {
    for slot in 0..SLOTS {
        coded(station, &format!("r{slot}.wav"), slot, frames_of(slot));
    }
    for number in 0..SLOTS / 2 {
        let mut text =
            format!("id = \"lich-{number}\"\ntitle = \"Lịch {number}\"\nvalid_from = 2026-01-01\n");
        for slot in [number, number + SLOTS / 2] {
            let (start, grace) = if slot % 4 == 0 { ("hard", "5s") } else { ("soft", "20s") };
            text += &format!(
                "[[slot]]\nid = \"s{slot}\"\ntitle = \"Khung {slot}\"\ncron = \"{} * * * * *\"\nstart = \"{start}\"\n\
                 grace = \"{grace}\"\nplay = [\"r{slot}.wav\"]\n",
                slot * EVERY
            );
        }
        station.schedule(&format!("lich-{number}.toml"), &text);
    }
}

fn journal(station: &StationFolder) -> std::path::PathBuf {
    station.path().join("state/journal.db")
}

/// Proves the journal whole, with everything in it that it had before; none where a kill came before its founding.
fn verified(station: &StationFolder, head: Option<&Stamp>) -> Option<Stamp> {
    match loa::journal::verify(&journal(station), head, &mut |_, _| ()) {
        Ok(verdict) => {
            assert!(verdict.is_whole(), "{:?}\n{}", verdict.flaw, station.log());
            verdict.head
        }
        Err(error) => {
            assert!(head.is_none(), "{error}");
            None
        }
    }
}

fn killed_after(station: &mut StationFolder, span: Duration) {
    station.start();
    std::thread::sleep(span);
    assert!(station.is_running(), "it ended by itself:\n{}", station.log());
    station.kill();
}

#[test]
fn killed_at_any_instant_no_occurrence_is_lost_doubled_or_wrong() {
    let rounds = times(10, 500);
    let mut chance = Chance::new("kills");
    let server = SoundServer::start();
    let mut station = station_on(&server, "");
    dense(&station);
    let ear = Ear::at(&server);
    let mut head = None;
    for round in 0..rounds {
        let span = match chance.below(8) {
            // In the middle of a start, of the founding too.
            _ if round < 2 => chance.millis(1, 60),
            0 | 1 => chance.millis(1, 200),
            2..=5 => chance.millis(200, 2_500),
            _ => chance.millis(2_500, 6_000),
        };
        killed_after(&mut station, span);
        head = verified(&station, head.as_ref());
        std::thread::sleep(chance.millis(0, 500));
    }
    // Everything due until now is settled by a run until every grace is over, and the start after it.
    let until = now();
    station.run();
    std::thread::sleep((until + GRACE + TimeDelta::seconds(3) - now()).to_std().unwrap_or_default());
    station.kill();
    station.run();
    wait_for("the account", || {
        let pulse = Reader::open(&journal(&station)).ok()?.pulse().ok()??;
        pulse.accounted.filter(|accounted| *accounted >= until)
    });
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0), "{}", station.log());
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
    verified(&station, head.as_ref());
    let (rows, live) = told(&station);
    settled_once(&rows, &live, until);
    println!("kills: {rounds} kills; {}", as_heard(&rows, &ear.stop(), until));
}

/// The rows of the as-run log, and since when each schedule is live.
fn told(station: &StationFolder) -> (Vec<Airing>, BTreeMap<String, DateTime<Utc>>) {
    let reader = Reader::open(&journal(station)).unwrap();
    let versions = reader.versions(DateTime::UNIX_EPOCH).unwrap();
    let live: BTreeMap<_, _> = versions.iter().map(|one| (one.schedule.to_string(), one.from)).collect();
    assert_eq!(live.len(), SLOTS / 2, "each schedule went live once");
    (reader.airings(&Filter::default(), None).unwrap(), live)
}

fn slot_of(row: &Airing) -> usize {
    row.cue.as_ref().unwrap().slot.as_str()[1..].parse().unwrap()
}

/// Every occurrence, counted by the seconds of the minute and not by Loa, has exactly one row with a true outcome, and
/// no row is of anything else.
fn settled_once(rows: &[Airing], live: &BTreeMap<String, DateTime<Utc>>, until: DateTime<Utc>) {
    let mut found: BTreeMap<(i64, usize), usize> = BTreeMap::new();
    for row in rows {
        let cue = row.cue.as_ref().expect("nobody ordered anything");
        if cue.due > until {
            continue;
        }
        *found.entry((cue.due.timestamp(), slot_of(row))).or_default() += 1;
        let outcome = row.outcome.unwrap_or_else(|| panic!("no outcome: {row:?}"));
        assert_ne!(outcome, Outcome::OnAir, "{row:?}");
        assert!(row.reason.map_or(outcome == Outcome::Aired, |reason| reason.fits(outcome)), "{row:?}");
    }
    let mut expected = BTreeMap::new();
    for slot in 0..SLOTS {
        let since = live[&format!("lich-{}", slot % (SLOTS / 2))];
        let due = |at: &i64| {
            at.rem_euclid(60) == (slot * EVERY) as i64 && *at * 1_000_000 > since.timestamp_micros()
        };
        (since.timestamp()..=until.timestamp()).filter(due).for_each(|at| {
            expected.insert((at, slot), 1);
        });
    }
    assert_eq!(found, expected);
}

/// Holds what the rows say against what was heard; the figures as a line.
fn as_heard(rows: &[Airing], heard: &Heard, until: DateTime<Utc>) -> String {
    assert_eq!(heard.strange, 0, "two programmes at once, or a sample changed");
    let (stretches, holes) = heard.joined();
    let near = |row: &Airing, one: &Stretch| {
        one.code == slot_of(row) && row.started.is_some_and(|at| (one.at - at).abs() < TimeDelta::seconds(25))
    };
    let mut untold = Vec::new();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.cue.as_ref().unwrap().due <= until) {
        let word = row.outcome.map_or("none", Outcome::word);
        let reason = row.reason.map(|reason| format!(" {reason}")).unwrap_or_default();
        *outcomes.entry(format!("{word}{reason}")).or_default() += 1;
    }
    for one in &stretches {
        assert_eq!(one.from, 0, "{one:?}");
        if !rows.iter().any(|row| near(row, one)) {
            // Killed before it was written down, and its grace was over before the next run could air it.
            assert!(one.until <= UNTOLD, "heard, and no row says so: {one:?}");
            untold.push(one.until as i64 / 48);
        }
    }
    for row in rows.iter().filter(|row| row.started.is_some()) {
        let of_it: Vec<_> = stretches.iter().filter(|one| near(row, one)).collect();
        let (last, before) = of_it.split_last().unwrap_or_else(|| panic!("not heard: {row:?}"));
        let off = |one: &Stretch| (one.at - row.started.unwrap()).abs();
        for one in before {
            assert!(
                off(last) <= off(one),
                "heard again after it was written down: {last:?} after {one:?}: {row:?}"
            );
            assert!(one.until <= UNTOLD, "heard twice: {one:?} before {last:?}: {row:?}");
            untold.push(one.until as i64 / 48);
        }
        let whole = frames_of(slot_of(row));
        let frames = row.frames as usize;
        match (row.outcome.unwrap(), row.reason) {
            (Outcome::Aired, _) => assert_eq!((last.until, frames), (whole, whole), "{row:?}"),
            (Outcome::Cut, _) => assert_eq!(last.until, frames, "{row:?}"),
            // By the last pulse: what the card had taken then, of which the end may not have sounded.
            (Outcome::Interrupted, Some(Reason::PowerLost)) => {
                assert!(last.until <= whole && frames <= last.until + 9_600, "{last:?} {row:?}");
            }
            other => panic!("{other:?}: {row:?}"),
        }
    }
    format!(
        "{outcomes:?}; heard before it was written down: {}; moments the sound server ran dry: {holes}",
        super::survival_rig::figures(untold)
    )
}
