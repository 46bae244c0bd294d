//! What each question costs, counted and not timed: a station asks as fast in its twentieth year as in its first.
//! Tests only.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Connection;

use super::answers::*;
use super::glance::glances;
use super::listing::airings;
use super::reader::Filter;
use super::{Journal, chain, file, writer};
use crate::core::airing::{AiredCart, AiringId, CueId, Kind, Priority, Reason};
use crate::core::cart::CartName;
use crate::core::record::{Begin, Entry, Missed, Record};

/// A journal with that many missed cues, an hour apart, and one begun that never sounded.
fn journal(cues: i64) -> (tempfile::TempDir, Journal) {
    let dir = tempfile::tempdir().unwrap();
    let journal = Journal::open(&dir.path().join("journal.db")).unwrap();
    let missed = (1..=cues).map(|hour| {
        Entry::Missed(Missed {
            airing: AiringId(hour.unsigned_abs()),
            kind: Kind::Cue,
            cue: Some(cue(hour)),
            title: "Bản tin".into(),
            priority: Priority::Normal,
            reason: Reason::Late,
            planned: None,
            carts: vec![cart()],
            by: None,
            approved_by: None,
            detail: String::new(),
        })
    });
    let begun = Entry::Begin(Begin {
        airing: AiringId(cues.unsigned_abs() + 1),
        kind: Kind::Manual,
        cue: None,
        title: "Thông báo".into(),
        priority: Priority::Normal,
        planned: None,
        carts: Vec::new(),
        clock_synchronised: None,
        clock_trust: None,
        by: None,
        approved_by: None,
        held: false,
    });
    journal.append(hour(cues), &missed.chain([begun]).collect::<Vec<_>>()).unwrap();
    (dir, journal)
}

fn cart() -> AiredCart {
    AiredCart {
        file: CartName::new("a.mp3").unwrap(),
        title: "A".into(),
        kind: "bai".into(),
        topic: Some("vneid".into()),
        source: None,
        sha256: None,
        aired: Duration::ZERO,
    }
}

fn hour(number: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::hours(number)
}

fn cue(number: i64) -> CueId {
    // A slot of long ago, so that going backwards through the log is no way to find it.
    let slot = if number <= 20 { "trua" } else { "sang" };
    CueId { schedule: "lich".into(), slot: slot.into(), due: hour(number) }
}

/// Instructions of SQLite's machine, which a busy computer does not change.
fn steps(db: &mut Connection, question: &dyn Fn(&Connection)) -> u64 {
    let count = Arc::new(AtomicU64::new(0));
    let counted = count.clone();
    let tick = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        false
    };
    db.progress_handler(1, Some(tick)).unwrap();
    question(db);
    db.progress_handler(0, None::<fn() -> bool>).unwrap();
    count.load(Ordering::Relaxed)
}

#[test]
fn no_question_takes_longer_as_the_years_go_by() {
    const FEW: i64 = 200;
    const MANY: i64 = 4000;
    let of = |cues: i64, question: &dyn Fn(&Connection, i64)| {
        let (_dir, journal) = journal(cues);
        steps(&mut file::open_to_write(journal.path()).unwrap(), &|db| question(db, cues))
    };
    let lately = |cues| (hour(cues - 20), hour(cues));
    let slot = |cues| (cue(cues).schedule, cue(cues).slot);
    type Question<'q> = (&'q str, &'q dyn Fn(&Connection, i64));
    let questions: &[Question<'_>] = &[
        ("opening", &|db, _| writer::stands(db).map(drop).unwrap()),
        ("head", &|db, _| chain::head(db).map(drop).unwrap()),
        ("latest", &|db, _| assert_eq!(latest(db, 5).unwrap().len(), 5)),
        ("span", &|db, _| assert!(span(db).unwrap().is_some())),
        ("settled", &|db, n| assert_eq!(settled(db, lately(n).0, lately(n).1).unwrap().len(), 21)),
        ("missed by the clock", &|db, n| {
            assert_eq!(missed_by_clock(db, lately(n).0, lately(n).1).unwrap().len(), 21);
        }),
        ("unfinished", &|db, _| assert_eq!(unfinished(db).unwrap().len(), 1)),
        ("last played", &|db, n| assert!(last_played(db, &slot(n).0, &slot(n).1).unwrap().is_none())),
        ("versions", &|db, n| assert!(versions(db, Some(hour(n))).unwrap().is_empty())),
        ("skips", &|db, n| assert!(skips(db, hour(n)).unwrap().is_empty())),
        ("one airing", &|db, n| assert!(airing_of(db, &cue(n)).unwrap().is_some())),
        ("airings", &|db, n| {
            let (from, to) = (Some(lately(n).0), Some(hour(n)));
            assert_eq!(airings(db, &Filter { from, to, ..Filter::default() }, None).unwrap().len(), 20);
        }),
        ("airings of a theme", &|db, n| {
            let (from, to, topic) = (Some(lately(n).0), Some(hour(n)), Some("vneid".into()));
            assert_eq!(
                airings(db, &Filter { from, to, topic, ..Filter::default() }, None).unwrap().len(),
                20
            );
        }),
        ("where a list goes on", &|db, n| {
            let before = Some((hour(n / 2), AiringId(n.unsigned_abs() / 2)));
            assert_eq!(airings(db, &Filter { before, ..Filter::default() }, Some(5)).unwrap().len(), 5);
        }),
        ("a month at a glance", &|db, n| {
            assert_eq!(glances(db, lately(n).0, hour(n)).unwrap().len(), 20);
        }),
        ("the latest airings", &|db, _| {
            assert_eq!(airings(db, &Filter::default(), Some(5)).unwrap().len(), 5)
        }),
        ("the latest of a slot", &|db, _| {
            let filter = Filter { slot: Some("trua".into()), ..Filter::default() };
            assert_eq!(airings(db, &filter, Some(5)).unwrap().len(), 5);
        }),
    ];
    for (name, question) in questions {
        let (few, many) = (of(FEW, question), of(MANY, question));
        assert!(few > 0 && many < few + FEW.unsigned_abs(), "{name}: {few} steps of few, {many} of many");
    }
}
