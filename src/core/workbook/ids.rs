//! The ids of the slots that a workbook makes. Owns how they are made: from the programme and its time alone, so that
//! a version that is sent again names the same slots, and so that programmes of one session queue in the order of the
//! workbook (at the same due time the slot ids decide).

use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveTime, Timelike};

use super::headings::fold;
use super::plan::Slot;

/// So much of a programme's name stands in an id; the whole must stay below 64 letters.
const NAME: usize = 22;

/// Gives every slot its id: `0530-chuyen-muc-cchc`. The second programme of the same time has `0530.02-…`; where one
/// programme of one time has several slots, each carries its first day, `…-20261205`, and then its weekdays.
pub(super) fn give(slots: &mut [Slot]) {
    let mut ranks: BTreeMap<NaiveTime, Vec<(u32, usize, String)>> = BTreeMap::new();
    for slot in slots.iter() {
        let of_time = ranks.entry(slot.time).or_default();
        of_time.push((slot.first_order(), slot.row, slot.name.clone()));
    }
    for names in ranks.values_mut() {
        names.sort();
        let mut seen = HashSet::new();
        names.retain(|(.., name)| seen.insert(name.clone()));
    }
    let ranks: BTreeMap<(NaiveTime, String), usize> = ranks
        .into_iter()
        .flat_map(|(time, names)| {
            names.into_iter().enumerate().map(move |(rank, (.., name))| ((time, name), rank))
        })
        .collect();

    let mut bases: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, slot) in slots.iter().enumerate() {
        let rank = ranks.get(&(slot.time, slot.name.clone())).copied().unwrap_or_default();
        bases.entry(base(slot, rank)).or_default().push(at);
    }
    let mut taken = HashSet::new();
    for (base, of_base) in bases {
        let alone = of_base.len() == 1;
        for at in of_base {
            let Some(slot) = slots.get_mut(at) else { continue };
            let dated = format!("{base}-{}", slot.dates.from.format("%Y%m%d"));
            let days = fold(&slot.dates.days.to_string()).replace(' ', "");
            let mut tries = vec![dated.clone(), format!("{dated}-{days}")];
            if alone {
                tries.insert(0, base.clone());
            }
            let numbered = (2..).map(|number: u32| format!("{dated}-{number}"));
            let id = tries.into_iter().chain(numbered).find(|id| !taken.contains(id)).unwrap_or(dated);
            taken.insert(id.clone());
            slot.id = id;
        }
    }
}

fn base(slot: &Slot, rank: usize) -> String {
    let time = slot.time.format(if slot.time.second() == 0 { "%H%M" } else { "%H%M%S" });
    let ascii: String =
        fold(&slot.programme).chars().filter(|c| c.is_ascii_alphanumeric() || *c == ' ').collect();
    let words: String = ascii.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    let words = words.get(..NAME).unwrap_or(&words).trim_end_matches('-');
    let name = if words.is_empty() { "chuong-trinh" } else { words };
    if rank == 0 { format!("{time}-{name}") } else { format!("{time}.{:02}-{name}", rank + 1) }
}
