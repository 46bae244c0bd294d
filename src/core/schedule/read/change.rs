//! The `[[change]]`s of a schedule: each for one slot on one day. Owns their keys and what they must not do to one
//! another.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};

use super::slot::read_time;
use super::{Days, Draft, Validity, cart_names, closest_slot};
use crate::core::airing::SlotId;
use crate::core::cart::CartName;
use crate::core::document::{At, Fields, Key, Sheet};
use crate::core::fault::{Fault, clip};
use crate::core::schedule::{Action, Change};

/// The keys of a `[[change]]`.
pub const CHANGE_KEYS: &[Key] = &[
    Key { name: "slot", example: r#"slot = "sang""# },
    Key { name: "date", example: "date = 2026-12-09" },
    Key { name: "action", example: r#"action = "cancel""# },
    Key { name: "at", example: r#"at = "16:45""# },
    Key { name: "play", example: r#"play = ["nhac-hieu.mp3", "dvc-ky-1.mp3"]"# },
    Key { name: "reason", example: r#"reason = "Hội nghị tại trụ sở""# },
];

const ACTIONS: &[&str] = &["cancel", "move", "replace", "extra"];

/// What is known of the changes of one slot on one day; the numbers are bytes of the text.
#[derive(Default)]
struct Day {
    cancelled: Option<usize>,
    moved: Option<At<NaiveTime>>,
    replaced: Option<usize>,
    extras: Vec<At<NaiveTime>>,
}

/// Reads all changes; those with faults are told and left out.
pub(super) fn read_all(
    top: &Fields<'_, '_, Fault>,
    sheet: &Sheet<'_, Fault>,
    validity: Option<Validity>,
    (drafts, by_id): (&[Draft<'_>], &HashMap<SlotId, usize>),
    days: &mut Days,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut of_days: BTreeMap<(SlotId, NaiveDate), Day> = BTreeMap::new();
    for table in top.tables("change").unwrap_or_default() {
        let mut fields = Fields::new(sheet, table.value, table.at, "[[change]]", CHANGE_KEYS);
        let named = fields.need("slot", fields.text("slot"));
        let draft = named.and_then(|named| by_id.get(&SlotId::from(named.value))).map(|at| &drafts[*at]);
        fields.slot = draft.map(|draft| draft.id.clone());
        fields.tell_unknown();
        if let (Some(named), None) = (named, draft) {
            fields.tell(named.at, || Fault::ChangeOfUnknownSlot {
                wanted: clip(named.value),
                closest: closest_slot(named.value, drafts, &SlotId::from("")),
            });
        }
        let date = fields.need("date", fields.date("date"));
        if let (Some(date), Some(validity)) = (date, validity)
            && !validity.holds(date.value)
        {
            fields.tell(date.at, || validity.outside(date.value));
        }
        let reason = fields.text("reason").map(|reason| reason.value.to_owned());
        let Some(action) = read_action(&fields) else { continue };
        let (Some(draft), Some(date)) = (draft, date) else { continue };
        let of_day = of_days.entry((draft.id.clone(), date.value)).or_default();
        check_among(&fields, sheet, date.value, &action, of_day);
        if validity.is_some_and(|validity| validity.holds(date.value)) {
            check_due(&fields, draft, date, &action, days);
        }
        let slot = draft.id.clone();
        changes.push(Change { slot, date: date.value, action, reason, line: sheet.line(table.at) });
    }
    for ((slot, date), of_day) in &of_days {
        let draft = by_id.get(slot).and_then(|at| drafts[*at].slot.as_ref());
        let (Some(draft), false) = (draft, of_day.extras.is_empty()) else { continue };
        // A cue that was cancelled or moved away leaves its time to an extra one.
        if of_day.cancelled.is_some() || of_day.moved.is_some() || draft.except.contains(date) {
            continue;
        }
        let (day, mut due) = (days.day(*date), Vec::new());
        draft.pattern.on_day(day, &mut due);
        for extra in of_day.extras.iter().filter(|extra| due.contains(&day.at(extra.value))) {
            sheet.tell(extra.at, Some(slot), || Fault::AlreadyDue { date: *date, at: extra.value });
        }
    }
    changes
}

fn read_action(fields: &Fields<'_, '_, Fault>) -> Option<Action> {
    let word = |word: &str| ACTIONS.iter().copied().find(|known| *known == word);
    let action = fields.need("action", fields.word("action", ACTIONS, word))?;
    for (key, used) in [("at", ["move", "extra"]), ("play", ["replace", "extra"])] {
        if fields.has(key) && !used.contains(&action) {
            fields.tell(fields.place(key), || Fault::KeyWithoutMeaning { key, action });
        }
    }
    let at = || fields.need("at", fields.value("at").and_then(|at| read_time(fields, "at", at, false)));
    let play = || -> Option<Arc<[CartName]>> { cart_names(fields) };
    Some(match action {
        "move" => Action::Move { at: at()? },
        "replace" => Action::Replace { play: fields.need("play", play())? },
        "extra" => {
            let (at, play) = (at(), play());
            if fields.has("play") && play.is_none() {
                return None;
            }
            Action::Extra { at: at?, play }
        }
        _ => Action::Cancel,
    })
}

/// Two changes of one slot on one day go together only where it is certain what airs.
fn check_among(
    fields: &Fields<'_, '_, Fault>,
    sheet: &Sheet<'_, Fault>,
    date: NaiveDate,
    action: &Action,
    day: &mut Day,
) {
    let here = fields.at;
    let same_time = |at: NaiveTime, day: &Day| {
        let extra = day.extras.iter().find(|extra| extra.value == at).map(|extra| extra.at);
        extra.or(day.moved.filter(|moved| moved.value == at).map(|moved| moved.at))
    };
    let other = match action {
        Action::Cancel => day.cancelled.or(day.moved.map(|moved| moved.at)).or(day.replaced),
        Action::Move { at } => day.cancelled.or(day.moved.map(|moved| moved.at)).or(same_time(*at, day)),
        Action::Replace { .. } => day.cancelled.or(day.replaced),
        Action::Extra { at, .. } => same_time(*at, day),
    };
    if let Some(other) = other {
        fields.tell(here, || Fault::ChangesContradict { date, first_line: sheet.line(other) });
        return;
    }
    match action {
        Action::Cancel => day.cancelled = Some(here),
        Action::Move { at } => day.moved = Some(At { at: here, value: *at }),
        Action::Replace { .. } => day.replaced = Some(here),
        Action::Extra { at, .. } => day.extras.push(At { at: here, value: *at }),
    }
}

/// What is cancelled, moved or replaced must be there; an extra cue may come on any day of the validity.
fn check_due(
    fields: &Fields<'_, '_, Fault>,
    draft: &Draft<'_>,
    date: At<NaiveDate>,
    action: &Action,
    days: &mut Days,
) {
    let (Some(slot), false) = (&draft.slot, matches!(action, Action::Extra { .. })) else { return };
    let day = days.day(date.value);
    let count = slot.airs_on(day);
    if count == 0 {
        fields.tell(date.at, || Fault::ChangeWhenNotDue { date: date.value });
    }
    if let Action::Move { at } = action {
        let mut due = Vec::new();
        slot.pattern.on_day(day, &mut due);
        if count > 1 {
            fields.tell(date.at, || Fault::MoveOfSeveral { date: date.value, count });
        } else if count == 1 && due.contains(&day.at(*at)) {
            fields.tell(fields.place("at"), || Fault::AlreadyDue { date: date.value, at: *at });
        }
    }
}

impl Change {
    /// The recordings that it names.
    pub(super) fn play(&self) -> Option<&Arc<[CartName]>> {
        match &self.action {
            Action::Replace { play } => Some(play),
            Action::Extra { play, .. } => play.as_ref(),
            Action::Cancel | Action::Move { .. } => None,
        }
    }
}
