//! The journal's truth: what is derived is what the entries say, by a second telling of the rules, and what makes no
//! sense is refused.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use proptest::prelude::*;
use rusqlite::Connection;
use tempfile::TempDir;

use loa::core::airing::{AiringId, CueId, Outcome, Reason, ScheduleId, SlotId};
use loa::core::order::Order;
use loa::core::record::{Entry, Record};
use loa::journal::{Filter, Journal, Reader, Verdict};

use super::histories::{Event, Station, Written};

pub fn verdict(path: &Path) -> Verdict {
    loa::journal::verify(path, None, &mut |_, _| ()).unwrap()
}

fn told(events: &[Event]) -> Vec<Written> {
    let mut station = Station::founded();
    events.iter().for_each(|event| station.happens(*event));
    station.take()
}

/// A journal with every kind of event in it, closed.
pub fn eventful() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("journal.db");
    let journal = Journal::open(&path).unwrap();
    for (at, entries) in told(Event::ALL) {
        journal.write(at, &entries).unwrap();
    }
    drop(journal);
    assert!(verdict(&path).is_whole(), "{:?}", verdict(&path));
    (dir, path)
}

pub fn last_entry(path: &Path) -> u64 {
    Reader::open(path).unwrap().head().unwrap().unwrap().seq
}

/// The as-run log by a second, naive telling of what entries mean.
#[derive(Default)]
struct Told {
    airings: BTreeMap<u64, ToldAiring>,
    live: BTreeMap<String, String>,
    skips: usize,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct ToldAiring {
    cue: Option<CueId>,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    started: Option<DateTime<Utc>>,
    ended: Option<DateTime<Utc>>,
    frames: u64,
    device: Option<String>,
    level: Option<u64>,
    carts: Vec<(String, Option<String>, Duration)>,
    detail: String,
}

impl Told {
    fn hear(&mut self, entry: &Entry) {
        let carts = |carts: &[loa::core::airing::AiredCart]| {
            carts.iter().map(|cart| (cart.file.to_string(), cart.topic.clone(), Duration::ZERO)).collect()
        };
        let micro = |at: &DateTime<Utc>| at.trunc_subsecs(6);
        match entry {
            Entry::Begin(begin) => {
                self.airings.retain(|_, one| one.cue.is_none() || one.cue != begin.cue);
                let (cue, carts) = (begin.cue.clone(), carts(&begin.carts));
                self.airings.insert(begin.airing.0, ToldAiring { cue, carts, ..ToldAiring::default() });
            }
            Entry::Missed(missed) => {
                self.airings.retain(|_, one| one.cue.is_none() || one.cue != missed.cue);
                let told = ToldAiring {
                    cue: missed.cue.clone(),
                    outcome: Some(Outcome::Missed),
                    reason: Some(missed.reason),
                    carts: carts(&missed.carts),
                    detail: missed.detail.clone(),
                    ..ToldAiring::default()
                };
                self.airings.insert(missed.airing.0, told);
            }
            Entry::Sounded { airing, at, device } => {
                let one = self.airings.get_mut(&airing.0).unwrap();
                one.outcome = Some(Outcome::OnAir);
                (one.started, one.device) = (Some(micro(at)), Some(device.clone()));
            }
            Entry::Resumed { airing, device, .. } => {
                self.airings.get_mut(&airing.0).unwrap().device = Some(device.clone());
            }
            Entry::Finish(finish) => {
                let one = self.airings.get_mut(&finish.airing.0).unwrap();
                (one.outcome, one.reason) = (Some(finish.outcome), finish.reason);
                (one.ended, one.frames) = (Some(micro(&finish.ended)), finish.frames);
                one.device = finish.device.clone().or(one.device.take());
                one.level = finish.level_dbfs.map(|level| (-level * 1e6).round() as u64);
                one.detail.clone_from(&finish.detail);
                one.carts.iter_mut().zip(&finish.carts).for_each(|(cart, aired)| cart.2 = *aired);
            }
            Entry::Entered(entered) => {
                let told = ToldAiring {
                    outcome: Some(Outcome::Aired),
                    started: Some(micro(&entered.started)),
                    ended: Some(micro(&(entered.started + entered.length))),
                    carts: vec![(
                        entered.title.replace([':', '/'], " "),
                        entered.topic.clone(),
                        entered.length,
                    )],
                    detail: entered.why.clone(),
                    ..ToldAiring::default()
                };
                self.airings.insert(entered.airing.0, told);
            }
            Entry::Reopened { airing } => drop(self.airings.remove(&airing.0)),
            Entry::Live { schedule, text, .. } => {
                self.live.insert(schedule.to_string(), text.clone());
            }
            Entry::Retired { schedule, .. } => drop(self.live.remove(schedule.as_str())),
            Entry::Ordered { order: Order::Skip { .. }, refused: None, .. } => self.skips += 1,
            _ => {}
        }
    }

    fn last_played(&self, slot: &str) -> Option<Vec<String>> {
        let of_slot = |one: &&ToldAiring| {
            one.cue.as_ref().is_some_and(|cue| cue.slot.as_str() == slot) && one.started.is_some()
        };
        let last = self.airings.values().filter(of_slot).max_by_key(|one| one.started)?;
        Some(last.carts.iter().map(|cart| cart.0.clone()).collect())
    }
}

fn as_told(reader: &Reader, airing: &loa::core::airing::Airing) -> ToldAiring {
    ToldAiring {
        cue: airing.cue.clone(),
        outcome: airing.outcome,
        reason: airing.reason,
        started: airing.started,
        ended: airing.ended,
        frames: airing.frames,
        device: airing.device.clone(),
        level: airing.level_dbfs.map(|level| (-level * 1e6).round() as u64),
        carts: airing.carts.iter().map(|c| (c.file.to_string(), c.topic.clone(), c.aired)).collect(),
        detail: reader.detail(airing.id).unwrap(),
    }
}

fn assert_as_told(path: &Path, told: &Told, history: &[Written]) {
    let reader = Reader::open(path).unwrap();
    let airings = reader.airings(&Filter::default(), None).unwrap();
    let found: BTreeMap<u64, ToldAiring> =
        airings.iter().map(|airing| (airing.id.0, as_told(&reader, airing))).collect();
    assert_eq!(found, told.airings);
    let (first, last) = (DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC);
    let settled: HashSet<CueId> =
        told.airings.values().filter(|one| one.outcome.is_some()).filter_map(|one| one.cue.clone()).collect();
    assert_eq!(reader.settled(first, last).unwrap(), settled);
    let open: Vec<(u64, bool)> = told
        .airings
        .iter()
        .filter(|(_, one)| matches!(one.outcome, None | Some(Outcome::OnAir)))
        .map(|(id, one)| (*id, one.started.is_some()))
        .collect();
    let unfinished = reader.unfinished().unwrap();
    assert_eq!(
        unfinished.iter().map(|one| (one.begin.airing.0, one.sounded.is_some())).collect::<Vec<_>>(),
        open
    );
    let live: BTreeMap<String, String> = reader
        .live()
        .unwrap()
        .into_iter()
        .map(|version| (version.schedule.to_string(), version.text))
        .collect();
    assert_eq!(live, told.live);
    assert_eq!(reader.skips(first).unwrap().len(), told.skips);
    for slot in ["sang", "trua", "chieu"] {
        let played = reader.last_played(&ScheduleId::from("cchc-2026-12"), &SlotId::from(slot)).unwrap();
        let played = played.map(|carts| carts.iter().map(ToString::to_string).collect());
        assert_eq!(played, told.last_played(slot));
    }
    let entries: Vec<Entry> = history.iter().flat_map(|(_, entries)| entries.clone()).collect();
    let noted = reader.latest(usize::MAX).unwrap();
    // A level may differ in its last digit once it was text.
    assert_eq!(noted.len(), entries.len());
    for (noted, entry) in noted.iter().zip(&entries) {
        assert_eq!(std::mem::discriminant(&noted.entry), std::mem::discriminant(entry));
    }
    // Each filter is what it says, of the log as a whole.
    let middle = airings.get(airings.len() / 2).and_then(|airing| airing.cue.clone());
    for outcome in Outcome::ALL {
        let filter = Filter {
            from: middle.as_ref().map(|cue| cue.due),
            outcome: Some(*outcome),
            topic: Some("vneid".into()),
            ..Filter::default()
        };
        let expected: Vec<AiringId> = airings
            .iter()
            .filter(|one| one.outcome == Some(*outcome))
            .filter(|one| one.carts.iter().any(|cart| cart.topic.as_deref() == Some("vneid")))
            .filter(|one| {
                let at = one.cue.as_ref().map(|cue| cue.due).or(one.started).unwrap_or(one.noted);
                middle.as_ref().is_none_or(|cue| at >= cue.due)
            })
            .map(|one| one.id)
            .collect();
        let found = reader.airings(&filter, None).unwrap();
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), expected, "{filter:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever happens to a station, in whatever order: the log is what the entries say, after each transaction that
    /// was refused and after a start, and deriving it anew changes nothing.
    #[test]
    fn the_as_run_log_is_what_the_entries_say(
        events in prop::collection::vec(prop::sample::select(Event::ALL), 0..40),
        cut in any::<prop::sample::Index>(),
    ) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal.db");
        let mut history = told(&events);
        history.truncate(2 + cut.index(history.len()));
        let mut journal = Journal::open(&path).unwrap();
        let mut expected = Told::default();
        let mut last = None;
        for (number, (at, entries)) in history.iter().enumerate() {
            last = journal.write(*at, entries).unwrap().pop();
            entries.iter().for_each(|entry| expected.hear(entry));
            if number % 5 == 0 {
                let mut refused = entries.clone();
                refused.push(Entry::Reopened { airing: AiringId(999_999) });
                let clock = &entries[0];
                if !matches!(clock, Entry::Begin(_) | Entry::Missed(_)) { refused.remove(0); }
                let error = journal.append(*at, &refused).unwrap_err();
                prop_assert!(error.refused, "{error}");
            }
            if number % 17 == 0 {
                drop(journal);
                journal = Journal::open(&path).unwrap();
                prop_assert!(!journal.rebuilt());
            }
        }
        assert_as_told(&path, &expected, &history);
        let proof = verdict(&path);
        prop_assert!(proof.is_whole(), "{:?}", proof.flaw);
        prop_assert_eq!(proof.head, last);
        journal.rebuild(&mut |_, _| ()).unwrap();
        assert_as_told(&path, &expected, &history);
        prop_assert!(verdict(&path).is_whole());
        let highest = history.iter().flat_map(|(_, entries)| entries).filter_map(|entry| match entry {
            Entry::Begin(begin) => Some(begin.airing.0),
            Entry::Missed(missed) => Some(missed.airing.0),
            Entry::Entered(entered) => Some(entered.airing.0),
            _ => None,
        }).max().unwrap_or(0);
        drop(journal);
        prop_assert_eq!(Journal::open(&path).unwrap().next_airing(), AiringId(highest + 1));
    }
}

/// Entries that make no sense are told apart from a sick disk, change nothing, and say why.
#[test]
fn an_entry_that_makes_no_sense_is_refused_with_the_reason() {
    let (_dir, path) = eventful();
    let journal = Journal::open(&path).unwrap();
    let before = last_entry(&path);
    let history = told(&[Event::Airs, Event::Missed]);
    let at = history[0].0 + TimeDelta::days(30);
    let entry = |wanted: fn(&Entry) -> bool| {
        history.iter().flat_map(|(_, entries)| entries).find(|entry| wanted(entry)).unwrap().clone()
    };
    let begin = entry(|entry| matches!(entry, Entry::Begin(_)));
    let mut finish = entry(|entry| matches!(entry, Entry::Finish(_)));
    let Entry::Finish(ending) = &mut finish else { unreachable!() };
    ending.airing = AiringId(5_000);
    let versions = told(&[Event::NewVersion]);
    let mut written = versions.iter().flat_map(|(_, entries)| entries);
    let dropped = written.find(|entry| matches!(entry, Entry::Dropped(_))).unwrap().clone();
    let mut second = begin.clone();
    let Entry::Begin(other) = &mut second else { unreachable!() };
    other.airing = AiringId(5_001);
    for (entries, why) in [
        (vec![entry(|entry| matches!(entry, Entry::Founded { .. }))], "founded already"),
        (vec![begin.clone()], "airing 1 has ended already, `aired`"),
        (vec![second], "is `aired` already, as airing 1"),
        (vec![finish], "airing 5000 was never begun"),
        (vec![Entry::Sounded { airing: AiringId(1), at, device: "x".into() }], "airing 1 has ended already"),
        (vec![Entry::Retired { schedule: "nil".into(), by: "x".into() }], "`nil` is not live"),
        (vec![Entry::Reopened { airing: AiringId(1) }], "no missed cue"),
        (vec![dropped.clone(), dropped], "is decided on already"),
    ] {
        let error = journal.append(at, &entries).unwrap_err();
        assert!(error.refused && error.found.contains(why), "{error}");
    }
    assert_eq!(last_entry(&path), before);
    assert!(verdict(&path).is_whole());
    drop(journal);
    // Another's lock on the file is no refusal: the entry may be tried again.
    let journal = Journal::open(&path).unwrap();
    let db = Connection::open(&path).unwrap();
    db.execute_batch("DROP TABLE mark").unwrap();
    let error = journal.append(at, &[Entry::Ended { by: "x".into() }]).unwrap_err();
    assert!(!error.refused, "{error}");
}

#[test]
fn a_list_shows_what_the_whole_airings_say_whatever_is_asked_for() {
    let (_dir, path) = eventful();
    let reader = Reader::open(&path).unwrap();
    let all = reader.airings(&Filter::default(), None).unwrap();
    let middle = &all[all.len() / 2];
    for (filter, limit) in [
        (Filter::default(), None),
        (Filter::default(), Some(3)),
        (Filter { outcome: Some(Outcome::Missed), ..Filter::default() }, None),
        (Filter { slot: Some(SlotId::from("trua")), ..Filter::default() }, Some(5)),
        (Filter { topic: Some("vneid".into()), ..Filter::default() }, None),
        (Filter { from: Some(middle.placed()), ..Filter::default() }, None),
        (Filter { to: Some(middle.placed()), ..Filter::default() }, None),
        (Filter { before: Some((middle.placed(), middle.id)), ..Filter::default() }, Some(4)),
    ] {
        let whole = reader.airings(&filter, limit).unwrap();
        let rows = reader.listed(&filter, limit).unwrap();
        assert!(!rows.is_empty(), "{filter:?}");
        let seen = |airing: &loa::core::airing::Airing| {
            let due = airing.cue.as_ref().map(|cue| cue.due);
            let spans = (airing.started, airing.ended, airing.aired);
            (
                airing.id,
                airing.kind,
                airing.title.clone(),
                due,
                airing.placed(),
                spans,
                airing.outcome,
                airing.reason,
            )
        };
        let listed = |row: &loa::core::airing::Listed| {
            let spans = (row.started, row.ended, row.aired);
            (row.id, row.kind, row.title.clone(), row.due, row.placed, spans, row.outcome, row.reason)
        };
        assert_eq!(
            rows.iter().map(listed).collect::<Vec<_>>(),
            whole.iter().map(seen).collect::<Vec<_>>(),
            "{filter:?}"
        );
    }
}
