//! Versions and changes that replace what a cue plays: what airs until the new recordings are in, and what a receipt
//! foretells of it. Held against the playout in virtual time.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use loa::clock::Clock;
use loa::core::airing::ScheduleId;
use loa::core::cart::{Cart, CartFault, CartName, Library};
use loa::core::limits::Sounded;
use loa::core::preview::{Grounds, Preview, ShiftKind, preview};
use loa::core::record::JournalledVersion;
use loa::core::rundown::Plan;
use loa::core::rundown::forecast::{Notice, Policy};
use loa::intake::schedules::plan_of;

use super::rig::{Rig, ZONE};

fn slot(play: &str) -> String {
    format!("[[slot]]\nid = \"sang\"\ntitle = \"Bản tin sáng\"\nat = [\"05:30\"]\nplay = [\"{play}\"]\n")
}

fn rig() -> Rig {
    Rig::at("2026-12-01 05:00").recording("cu.mp3", 60).schedule(&slot("cu.mp3")).on()
}

#[test]
fn a_replaced_cue_keeps_its_old_audio_until_all_of_the_new_is_in() {
    let mut rig = rig();
    rig.go_live(&slot("moi-1.mp3\", \"moi-2.mp3"));
    rig.run_to("06:00");
    rig.add_recording("moi-1.mp3", 30);
    rig.run_to("2026-12-02 05:29");
    assert_eq!(rig.airings().len(), 1);
    rig.run_to("2026-12-02 06:00");
    // A minute before the cue the second one comes: the new is whole.
    rig.run_to("2026-12-03 05:29");
    rig.add_recording("moi-2.mp3", 45);
    rig.run_to("06:00");
    assert_eq!(
        rig.log(),
        "01 05:30 sang: aired from 05:30:00, 60 s\n02 05:30 sang: aired from 05:30:00, 60 s\n\
         03 05:30 sang: aired from 05:30:00, 75 s"
    );
    let played: Vec<String> = rig.airings().iter().map(|airing| airing.carts[0].file.to_string()).collect();
    assert_eq!(played, ["cu.mp3", "cu.mp3", "moi-1.mp3"]);
    rig.assert_sound();
}

#[test]
fn what_arrives_while_the_old_is_already_decoded_ahead_takes_its_place() {
    let mut rig = rig();
    rig.go_live(&slot("moi.mp3"));
    rig.run_to("05:29:57");
    rig.add_recording("moi.mp3", 30);
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 30 s");
}

#[test]
fn a_change_of_one_day_keeps_the_slot_s_own_recordings_until_the_new_is_in() {
    let mut rig = rig();
    let change =
        "[[change]]\nslot = \"sang\"\ndate = 2026-12-01\naction = \"replace\"\nplay = [\"moi.mp3\"]\n";
    rig.go_live(&format!("{}{change}", slot("cu.mp3")));
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: aired from 05:30:00, 60 s");
    assert_eq!(rig.airings()[0].carts[0].file.as_str(), "cu.mp3");
}

#[test]
fn where_the_old_is_gone_too_the_cue_is_missed_for_the_new() {
    let mut rig = rig();
    rig.go_live(&slot("moi.mp3"));
    rig.remove_recording("cu.mp3");
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, no_audio");
    assert_eq!(rig.airings()[0].carts[0].file.as_str(), "moi.mp3");
}

#[test]
fn content_that_is_not_approved_does_not_air() {
    let mut rig = rig();
    rig.set_cart("cu.mp3", Cart::Faulty(CartFault::NotApproved));
    rig.run_to("06:00");
    assert_eq!(rig.log(), "01 05:30 sang: missed, not_approved");
}

/// 05:00 on 1 December, a Tuesday.
fn now() -> DateTime<Utc> {
    "2026-11-30T22:00:00Z".parse().unwrap()
}

fn plan(versions: &[(&str, String, Option<DateTime<Utc>>)]) -> Plan {
    let journalled = |(id, slots, until): &(&str, String, Option<DateTime<Utc>>)| JournalledVersion {
        schedule: ScheduleId::from(*id),
        file: format!("{id}.toml"),
        text: format!("id = \"{id}\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n{slots}"),
        from: if until.is_some() { now() - TimeDelta::days(9) } else { now() },
        until: *until,
    };
    let versions: Vec<JournalledVersion> = versions.iter().map(journalled).collect();
    plan_of(&versions, &[], ZONE, Arc::default())
}

fn library(names: &[(&str, u64)]) -> Library {
    let mut library = Library::default();
    for (name, seconds) in names {
        let found = super::rig::measured(name, *seconds);
        library.put(CartName::new(name).unwrap(), Cart::Ready(Arc::new(found)));
    }
    library
}

fn told(before: &str, after: &str, recordings: &[(&str, u64)]) -> Preview {
    let before = plan(&[("lich", before.to_owned(), None)]);
    let mut with = plan(&[("lich", after.to_owned(), None)]);
    let mut old = before.versions[0].clone();
    (old.from, old.until) = (now() - TimeDelta::days(9), Some(now()));
    with.versions.insert(0, old);
    let (library, policy) = (library(recordings), Policy::default());
    let grounds = Grounds { library: &library, policy: &policy, sounded: &Sounded::default(), now: now() };
    preview(&before, &with, &"lich".into(), &grounds)
}

fn said(preview: &Preview) -> Vec<String> {
    let line = |shift: &loa::core::preview::Shift| {
        let due = shift.cue.due.with_timezone(&ZONE).format("%d %H:%M");
        let kind = match &shift.kind {
            ShiftKind::Added => "added".to_owned(),
            ShiftKind::Removed => "removed".to_owned(),
            ShiftKind::Moved { from } => format!("moved from {}", from.with_timezone(&ZONE).format("%H:%M")),
            ShiftKind::Replaced { before, now } => format!("plays {} for {}", now[0], before[0]),
            ShiftKind::Affected { before } => format!("affected, was {before:?}"),
        };
        format!("{due} {}: {kind}", shift.cue.slot)
    };
    preview.shifts.iter().map(line).collect()
}

#[test]
fn nothing_changes_where_nothing_is_changed() {
    let same = slot("a.mp3");
    let told = told(&same, &same, &[("a.mp3", 60)]);
    assert_eq!(said(&told), Vec::<String>::new());
    assert_eq!(told.cues.len(), 7);
    assert!(told.missing.is_empty());
}

#[test]
fn what_is_added_moved_removed_and_replaced_is_told_day_by_day() {
    let after = "[[slot]]\nid = \"sang\"\ntitle = \"S\"\nat = [\"05:30\"]\nplay = [\"a.mp3\"]\n\
                 [[slot]]\nid = \"chieu\"\ntitle = \"C\"\ndates = [2026-12-02]\nat = [\"17:00\"]\nplay = [\"a.mp3\"]\n\
                 [[change]]\nslot = \"sang\"\ndate = 2026-12-03\naction = \"move\"\nat = \"06:10\"\n\
                 [[change]]\nslot = \"sang\"\ndate = 2026-12-04\naction = \"cancel\"\nreason = \"Hội nghị\"\n\
                 [[change]]\nslot = \"sang\"\ndate = 2026-12-05\naction = \"replace\"\nplay = [\"b.mp3\"]\n";
    let told = told(&slot("a.mp3"), after, &[("a.mp3", 60), ("b.mp3", 60)]);
    assert_eq!(
        said(&told),
        [
            "02 17:00 chieu: added",
            "03 06:10 sang: moved from 05:30",
            "04 05:30 sang: removed",
            "05 05:30 sang: plays b.mp3 for a.mp3",
        ]
    );
    let removed = &told.shifts[2].cue;
    assert_eq!(removed.notice, Some(Notice::Cancelled { reason: Some("Hội nghị".into()) }));
    assert_eq!(removed.expected, None);
}

#[test]
fn a_cue_that_lacks_recordings_has_a_deadline_and_says_what_airs_meanwhile() {
    let told = told(&slot("cu.mp3"), &slot("moi.mp3"), &[("cu.mp3", 60)]);
    let [missing] = &told.missing[..] else { panic!("{:?}", told.missing) };
    assert_eq!(missing.due, now() + TimeDelta::minutes(30));
    assert_eq!(missing.deadline, now() + TimeDelta::minutes(25));
    assert_eq!((missing.carts[0].as_str(), missing.meanwhile[0].as_str()), ("moi.mp3", "cu.mp3"));
    assert_eq!(told.cues[0].notice, Some(Notice::Former { missing: missing.carts.clone() }));
    assert_eq!(told.cues[0].expected, Some(missing.due));
}

#[test]
fn another_schedule_s_cue_that_must_wait_is_told_with_its_expected_start() {
    let other = "[[slot]]\nid = \"tin\"\ntitle = \"Tin\"\nat = [\"05:31\"]\nplay = [\"b.mp3\"]\n".to_owned();
    let before = plan(&[("khac", other.clone(), None)]);
    let after = plan(&[("khac", other, None), ("lich", slot("a.mp3"), None)]);
    let (library, policy) = (library(&[("a.mp3", 120), ("b.mp3", 60)]), Policy::default());
    let grounds = Grounds { library: &library, policy: &policy, sounded: &Sounded::default(), now: now() };
    let told = preview(&before, &after, &"lich".into(), &grounds);
    let waits: Vec<_> = told.shifts.iter().filter(|shift| shift.schedule.as_str() == "khac").collect();
    assert_eq!(waits.len(), 7);
    assert_eq!(waits[0].cue.expected, Some(now() + TimeDelta::minutes(32)));
    assert_eq!(waits[0].kind, ShiftKind::Affected { before: None });
    assert_eq!(told.cues.len(), 7);
    assert_eq!(told.first.as_ref().unwrap().due, now() + TimeDelta::minutes(30));
}

#[test]
fn what_a_receipt_foretells_is_what_then_airs() {
    let mut rig = rig();
    rig.go_live(&slot("moi.mp3"));
    let plan = rig.plan();
    let library = rig.library();
    let policy = rig.settings.policy.clone();
    let grounds =
        Grounds { library: &library, policy: &policy, sounded: &Sounded::default(), now: rig.clock.now() };
    let (coming, beyond) = loa::core::preview::coming_days(&plan, &grounds, 300);
    assert_eq!(beyond, 0);
    let (first, beyond) = loa::core::preview::coming_days(&plan, &grounds, 4);
    assert!(first == coming[..4] && beyond == coming.len() - 4);
    rig.run_to("2026-12-04 06:00");
    let foretold: Vec<_> = coming.iter().filter_map(|cue| cue.expected).take(4).collect();
    let aired: Vec<_> = rig.airings().iter().filter_map(|airing| airing.started).collect();
    assert_eq!(aired, foretold);
}
