//! *Phát lại từ*: which slot a repeat repeats. Owns how the cell is understood: a programme, a time, or both; and that
//! a programme of several slots is repeated day by day, each day the one that was due last.

use chrono::{NaiveDate, NaiveTime};

use super::find::same_name;
use super::headings::Column;
use super::lines::Told;
use super::plan::{Plan, Slot};
use super::{Cell, SheetFault, cells};
use crate::core::fault::{clip, closest};

/// The most days times slots that are looked at; a workbook beyond it is longer than any schedule can be.
pub(super) const MOST_LOOKS: usize = 4_000_000;

/// What a repeat repeats, and when.
#[derive(Clone, Debug)]
pub(super) struct Source {
    /// The id of the repeating slot.
    pub id: String,
    /// The id of the slot that is repeated.
    pub of: String,
    /// The days, where there are several sources.
    pub dates: Vec<NaiveDate>,
}

/// A cell that names a programme, a time, or both: `Chuyên mục CCHC`, `05:30`, `Chuyên mục CCHC (5h30)`.
pub(super) struct Wanted {
    name: Option<String>,
    time: Option<NaiveTime>,
    /// As written.
    pub text: String,
}

impl Wanted {
    /// Understands the cell; `is_programme` tells a programme whose name ends like a time from one with a time.
    pub fn of(cell: &Cell, is_programme: impl Fn(&str) -> bool) -> Wanted {
        let text = cell.line();
        let only = |name, time| Wanted { name, time, text: text.clone() };
        if is_programme(&same_name(&text)) {
            return only(Some(same_name(&text)), None);
        }
        if let Ok(time) = cells::time(cell) {
            return only(None, Some(time));
        }
        // The longest end that is a time: “5 giờ 30” has two blanks in it.
        let ends = text
            .char_indices()
            .filter(|(_, c)| matches!(c, ' ' | '(' | ','))
            .map(|(at, c)| (at, at + c.len_utf8()));
        for (name_end, time_begin) in ends {
            let (name, time) = (text.get(..name_end), text.get(time_begin..));
            let (Some(name), Some(time)) = (name, time) else { continue };
            let time = time.trim().trim_start_matches('(').trim_end_matches(')');
            let time = time.trim().strip_prefix("lúc ").unwrap_or(time.trim());
            if let Some(time) = cells::written_time(time) {
                let name = name.trim_end_matches([' ', ',', '(', '-', '–']);
                let name = name.strip_suffix(" lúc").unwrap_or(name).trim_end_matches([' ', ',', '-']);
                return only(Some(same_name(name)).filter(|name| !name.is_empty()), Some(time));
            }
        }
        only(Some(same_name(&text)), None)
    }

    /// Of a programme and a time in cells of their own.
    pub fn both(name: Option<&str>, time: Option<NaiveTime>) -> Wanted {
        Wanted { name: name.map(same_name), time, text: name.unwrap_or_default().to_owned() }
    }

    pub fn fits(&self, slot: &Slot) -> bool {
        self.name.as_ref().is_none_or(|name| *name == slot.name)
            && self.time.is_none_or(|time| time == slot.time)
    }

    /// Whether a programme of that name is at fault already.
    pub fn is_at_fault(&self, plan: &Plan<'_, '_>) -> bool {
        self.name.as_ref().map_or(!plan.at_fault.is_empty(), |name| plan.at_fault.contains(name))
    }

    /// That there is no such slot.
    pub fn unknown(&self, plan: &Plan<'_, '_>) -> SheetFault {
        let times: Vec<NaiveTime> = match &self.name {
            Some(name) => {
                plan.slots.iter().filter(|slot| slot.name == *name).map(|slot| slot.time).take(6).collect()
            }
            None => Vec::new(),
        };
        if let (Some(at), false) = (self.time, times.is_empty()) {
            return SheetFault::NotAtThatTime { at, times };
        }
        let names = plan.slots.iter().map(|slot| slot.programme.as_str());
        SheetFault::UnknownProgramme {
            found: clip(&self.text),
            closest: closest(&clip(&self.text), names).map(str::to_owned),
        }
    }
}

/// Finds for every repeat what it repeats; what cannot be found is told.
pub(super) fn resolve(plan: &mut Plan<'_, '_>, told: &mut Told<'_>) {
    let mut looks = 0;
    let mut found: Vec<(usize, Option<Vec<Source>>)> = Vec::new();
    for (at, slot) in plan.slots.iter().enumerate().filter(|(_, slot)| !slot.at_fault) {
        let Some((row, cell)) = &slot.repeat else { continue };
        let is_programme = |name: &str| plan.slots.iter().any(|slot| slot.name == name);
        let wanted = Wanted::of(cell, is_programme);
        looks += plan.slots.len();
        let fitting: Vec<&Slot> = plan.slots.iter().filter(|other| wanted.fits(other)).collect();
        let sources: Vec<&Slot> =
            fitting.iter().copied().filter(|other| other.repeat.is_none() && !other.at_fault).collect();
        looks += sources
            .len()
            .saturating_mul((slot.dates.until - slot.dates.from).num_days().unsigned_abs() as usize);
        let place = plan.table.at(*row, Column::RepeatOf);
        if looks > MOST_LOOKS {
            told.tell(plan.table.place, SheetFault::TooMuch);
            found.push((at, None));
            continue;
        }
        if sources.is_empty() {
            if !wanted.is_at_fault(plan) {
                told.tell(place, no_source(slot, &fitting, &wanted, plan));
            }
            found.push((at, None));
            continue;
        }
        found.push((at, Some(by_day(slot, &sources))));
    }
    for (at, sources) in found {
        let Some(slot) = plan.slots.get_mut(at) else { continue };
        slot.at_fault |= sources.is_none();
        slot.sources = sources.unwrap_or_default();
        if slot.at_fault {
            plan.at_fault.insert(slot.name.clone());
        }
    }
}

fn no_source(slot: &Slot, fitting: &[&Slot], wanted: &Wanted, plan: &Plan<'_, '_>) -> SheetFault {
    match fitting.iter().find(|other| other.id != slot.id).or(fitting.first()) {
        None => wanted.unknown(plan),
        Some(other) if other.id == slot.id => SheetFault::RepeatOfItself,
        Some(other) => SheetFault::RepeatOfRepeat {
            of: other.repeat.as_ref().map(|(_, cell)| clip(&cell.line())).unwrap_or_default(),
        },
    }
}

/// Each day what was due last before; the days before the first airing go with the first slot.
fn by_day(slot: &Slot, sources: &[&Slot]) -> Vec<Source> {
    if let [only] = sources {
        return vec![Source { id: slot.id.clone(), of: only.id.clone(), dates: Vec::new() }];
    }
    let mut found: Vec<Source> = Vec::new();
    for date in slot.dates.iter() {
        let last = sources.iter().filter_map(|source| Some((last_before(source, date, slot.time)?, *source)));
        let source =
            last.max_by_key(|(due, source)| (*due, std::cmp::Reverse(source.row))).map(|(_, source)| source);
        let Some(source) = source.or(sources.first().copied()) else { continue };
        match found.iter_mut().find(|known| known.of == source.id) {
            Some(known) => known.dates.push(date),
            None => found.push(Source { id: String::new(), of: source.id.clone(), dates: vec![date] }),
        }
    }
    let several = found.len() > 1;
    for source in &mut found {
        let first = source.dates.first().map(|date| date.format("%Y%m%d").to_string()).unwrap_or_default();
        source.id = if several { format!("{}.{first}", slot.id) } else { slot.id.clone() };
    }
    found
}

/// When a slot was due last before that instant.
fn last_before(slot: &Slot, date: NaiveDate, time: NaiveTime) -> Option<(NaiveDate, NaiveTime)> {
    let latest = if slot.time < time { date } else { date.pred_opt()? };
    let from = latest.min(slot.dates.until);
    std::iter::successors(Some(from), |date| date.pred_opt())
        .take(7)
        .take_while(|date| *date >= slot.dates.from)
        .find(|date| slot.dates.has(*date))
        .map(|date| (date, slot.time))
}
