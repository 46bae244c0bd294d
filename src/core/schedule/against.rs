//! Schedules against the recordings, the holidays and one another. Owns what is wrong only there; a schedule with
//! such a fault may be live all the same, and its other cues air.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime, Timelike};
use chrono_tz::Tz;

use super::{Action, Play, Schedule, Slot};
use crate::core::calendar::Holidays;
use crate::core::cart::{Cart, CartFault, CartName, Library};
use crate::core::fault::{Fault, Located, SameCue};
use crate::core::pattern::Day;

/// What schedules are held against.
pub struct Against<'a> {
    /// The recordings.
    pub library: &'a Library,
    /// The station's zone.
    pub zone: Tz,
    /// The days on which cues of two schedules are compared: from this one …
    pub from: NaiveDate,
    /// … this many.
    pub days: usize,
    /// The holidays.
    pub holidays: &'a Holidays,
}

/// A schedule and the file it came from, as faults name it.
#[derive(Clone, Copy)]
pub struct Filed<'a> {
    /// The file.
    pub file: &'a str,
    /// The schedule.
    pub schedule: &'a Schedule,
}

/// Everything that is wrong with `schedules` beyond their own texts, by schedule and line. Retired ones are left out;
/// two files with one id are for whoever reads the folder.
pub fn check_against(schedules: &[Filed<'_>], against: &Against<'_>) -> Vec<Located> {
    let live: Vec<Filed<'_>> = schedules.iter().copied().filter(|filed| !filed.schedule.retired).collect();
    let mut told = Vec::new();
    let mut same_hours = same_hours(&live, against);
    for (at, filed) in live.iter().enumerate() {
        let begin = told.len();
        check_recordings(filed, against.library, &mut told);
        check_holidays(filed, against, &mut told);
        told.extend(same_hours.remove(&at).unwrap_or_default());
        told[begin..].sort_by_key(|one| one.line);
    }
    told
}

/// Each recording is told once for each slot or change that plays it.
fn check_recordings(filed: &Filed<'_>, library: &Library, told: &mut Vec<Located>) {
    let schedule = filed.schedule;
    let of_slots = schedule.slots.iter().filter_map(|slot| match &slot.play {
        Play::Carts(names) => Some((&slot.id, slot.line, names)),
        Play::RepeatOf(_) | Play::Relay(_) => None,
    });
    let of_changes = schedule.changes.iter().filter_map(|change| match &change.action {
        Action::Replace { play } | Action::Extra { play: Some(play), .. } => {
            Some((&change.slot, change.line, play))
        }
        Action::Cancel | Action::Move { .. } | Action::Extra { play: None, .. } => None,
    });
    let mut known: HashMap<&CartName, Option<Fault>> = HashMap::new();
    for (slot, line, names) in of_slots.chain(of_changes) {
        let mut here = HashSet::new();
        for name in names.iter().filter(|name| here.insert(*name)) {
            let fault = known.entry(name).or_insert_with(|| of_recording(name, library));
            if let Some(fault) = fault.clone() {
                let slot = Some(slot.clone());
                told.push(Located { file: filed.file.to_owned(), line: Some(line), slot, fault });
            }
        }
    }
}

fn of_recording(name: &CartName, library: &Library) -> Option<Fault> {
    let file = name.clone();
    match library.get(name) {
        None => {
            let closest = library.closest(name).map(|name| name.as_str().to_owned());
            Some(Fault::MissingRecording { file, closest })
        }
        Some(Cart::Unmeasured) => Some(Fault::UnmeasuredRecording { file }),
        Some(Cart::Ready(found)) if found.is_silent() => Some(Fault::SilentRecording { file }),
        Some(Cart::Ready(found)) if found.missing_frames > 0 => {
            Some(Fault::DamagedRecording { file, frames: found.frames, missing_frames: found.missing_frames })
        }
        Some(Cart::Ready(_)) => None,
        Some(Cart::Faulty(CartFault::Unreadable { found })) => {
            Some(Fault::UnreadableRecording { file, found: found.clone() })
        }
        Some(Cart::Faulty(CartFault::Undecodable { found })) => {
            Some(Fault::UndecodableRecording { file, found: found.clone() })
        }
        Some(Cart::Faulty(CartFault::NotApproved)) => Some(Fault::UnapprovedRecording { file }),
        Some(Cart::Faulty(CartFault::Silent)) => Some(Fault::SilentRecording { file }),
        Some(Cart::Faulty(CartFault::Damaged { frames, missing_frames })) => {
            Some(Fault::DamagedRecording { file, frames: *frames, missing_frames: *missing_frames })
        }
    }
}

fn check_holidays(filed: &Filed<'_>, against: &Against<'_>, told: &mut Vec<Located>) {
    for change in &filed.schedule.changes {
        let excused = filed.schedule.slot(&change.slot).is_some_and(|slot| slot.except_holidays);
        let extra = matches!(change.action, Action::Extra { .. });
        if excused && !extra && against.holidays.contains(change.date) {
            told.push(Located {
                file: filed.file.to_owned(),
                line: Some(change.line),
                slot: Some(change.slot.clone()),
                fault: Fault::ChangeOnHoliday { date: change.date },
            });
        }
    }
}

/// The same recording in the same hour of the clock from two schedules: two offices dropped the same programme.
/// Signature tunes and music are in many programmes and do not count. Each pair of slots is told once, with the later
/// schedule.
fn same_hours(live: &[Filed<'_>], against: &Against<'_>) -> HashMap<usize, Vec<Located>> {
    let mut found: HashMap<usize, Vec<Located>> = HashMap::new();
    let mut pairs = HashSet::new();
    let shared = shared_recordings(live);
    if shared.is_empty() {
        return found;
    }
    for date in against.from.iter_days().take(against.days) {
        let day = Day::new(date, against.zone);
        let mut hours: HashMap<(u32, &CartName), (usize, &Slot, NaiveTime)> = HashMap::new();
        for (at, filed) in live.iter().enumerate() {
            let valid = filed.schedule.valid_from <= date
                && filed.schedule.valid_until.is_none_or(|until| date <= until);
            for slot in filed.schedule.slots.iter().filter(|_| valid) {
                let Play::Carts(names) = &slot.play else { continue };
                let mut names: Vec<&CartName> = names.iter().filter(|name| shared.contains(name)).collect();
                names.dedup();
                if names.is_empty() || slot.except.contains(&date) {
                    continue;
                }
                let mut due = Vec::new();
                slot.pattern.on_day(&day, &mut due);
                for (time, name) in due.iter().flat_map(|due| names.iter().map(move |name| (due, *name))) {
                    let time = time.with_timezone(&against.zone).time();
                    let (first, other, other_at) =
                        *hours.entry((time.hour(), name)).or_insert((at, slot, time));
                    if first == at || !pairs.insert((first, &other.id, at, &slot.id)) {
                        continue;
                    }
                    let other = SameCue {
                        schedule: live[first].schedule.id.clone(),
                        slot: other.id.clone(),
                        at: other_at,
                    };
                    found.entry(at).or_default().push(Located {
                        file: filed.file.to_owned(),
                        line: Some(slot.line),
                        slot: Some(slot.id.clone()),
                        fault: Fault::SameHour { file: name.clone(), date, at: time, other },
                    });
                }
            }
        }
    }
    found
}

/// Programmes that more than one schedule names, as far as one of them says what they are.
fn shared_recordings<'a>(live: &[Filed<'a>]) -> HashSet<&'a CartName> {
    let mut first: HashMap<&CartName, usize> = HashMap::new();
    let mut shared = HashSet::new();
    let mut programmes = HashSet::new();
    let mut music = HashSet::new();
    for (at, filed) in live.iter().enumerate() {
        for (name, note) in &filed.schedule.carts {
            if note.kind.starts_with("nhac") {
                music.insert(name)
            } else {
                programmes.insert(name)
            };
        }
        for name in filed.schedule.played() {
            if *first.entry(name).or_insert(at) != at {
                shared.insert(name);
            }
        }
    }
    shared.retain(|name| programmes.contains(name) && !music.contains(name));
    shared
}
