//! One `[[slot]]` of a schedule. Owns its keys and the rules among them.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::NaiveTime;
use toml::Spanned;
use toml::de::DeValue;

use super::{Days, Draft, LONGEST_SEARCH, Validity, cart_names};
use crate::core::airing::{Priority, SlotId, Start};
use crate::core::document::{At, Fields, Key, Sheet, time_of};
use crate::core::fault::{Fault, Shape, clip};
use crate::core::pattern::{self, Pattern};
use crate::core::schedule::{DEFAULT_GRACE, LONGEST_GRACE, LONGEST_RELAY, Play, Slot};

/// The keys of a `[[slot]]`.
pub const SLOT_KEYS: &[Key] = &[
    Key { name: "id", example: r#"id = "sang""# },
    Key { name: "title", example: r#"title = "Chuyên mục CCHC""# },
    Key { name: "cron", example: r#"cron = "30 5 * * mon-fri""# },
    Key { name: "at", example: r#"at = ["05:30"]"# },
    Key { name: "days", example: r#"days = ["T2-T6"]"# },
    Key { name: "dates", example: "dates = [2026-12-08]" },
    Key { name: "play", example: r#"play = ["nhac-hieu.mp3", "dvc-ky-1.mp3"]"# },
    Key { name: "repeat_of", example: r#"repeat_of = "sang""# },
    Key { name: "relay", example: r#"relay = "30m""# },
    Key { name: "start", example: r#"start = "soft""# },
    Key { name: "grace", example: r#"grace = "10m""# },
    Key { name: "priority", example: r#"priority = "normal""# },
    Key { name: "except", example: r#"except = ["holidays", 2026-12-24]"# },
];

/// What a slot has where it does not say.
pub(super) struct Fallback<'a> {
    pub title: &'a str,
    pub validity: Option<Validity>,
}

/// Reads a slot as far as it can be read; none where it has no id.
pub(super) fn read<'s>(
    mut fields: Fields<'s, '_, Fault>,
    sheet: &Sheet<'_, Fault>,
    fallback: &Fallback<'_>,
    days: &mut Days,
) -> Option<Draft<'s>> {
    let id = fields.need("id", fields.id("id")).map(|id| SlotId::from(id.value));
    fields.slot = id.clone();
    fields.tell_unknown();
    let title = fields.text("title").map_or(fallback.title, |title| title.value);
    let (except_holidays, except) = read_except(&fields);
    let pattern = read_pattern(&fields, fallback.validity);
    let repeat = fields.text("repeat_of");
    let relay = fields.span("relay", Duration::from_secs(60), LONGEST_RELAY);
    let found: Vec<&'static str> =
        ["play", "repeat_of", "relay"].into_iter().filter(|key| fields.has(key)).collect();
    let play = match found[..] {
        ["play"] => cart_names(&fields).map(Play::Carts),
        ["repeat_of"] => repeat.map(|of| Play::RepeatOf(SlotId::from(of.value))),
        ["relay"] => relay.map(Play::Relay),
        [] => {
            fields.tell(fields.at, || Fault::NothingToPlay);
            None
        }
        _ => {
            fields.tell(fields.place(found[1]), || Fault::SeveralPlays { found: found.clone() });
            None
        }
    };
    let start = fields.word("start", &["soft", "hard"], |word| word.parse::<Start>().ok());
    // An emergency is an order, never a slot.
    let priority = fields.word("priority", &["normal", "priority"], |word| {
        word.parse::<Priority>().ok().filter(|priority| *priority != Priority::Emergency)
    });
    let grace = fields.span("grace", Duration::ZERO, LONGEST_GRACE).unwrap_or(DEFAULT_GRACE);
    let id = id?;
    let at = fields.at;
    let slot = pattern.zip(play).map(|(pattern, play)| Slot {
        id: id.clone(),
        title: title.to_owned(),
        pattern,
        play,
        start: start.unwrap_or(Start::Soft),
        grace,
        priority: priority.unwrap_or(Priority::Normal),
        except_holidays,
        except,
        line: sheet.line(at),
    });
    if let (Some(slot), Some(validity)) = (&slot, fallback.validity) {
        tell_never_due(&fields, slot, validity, days);
    }
    Some(Draft { id, at, repeat, slot })
}

/// Monday to Sunday.
const EVERY_DAY: pattern::Days = pattern::Days(0b111_1111);

/// `cron`, or `at` (with `days`, else every day), or `at` with `dates`.
fn read_pattern(fields: &Fields<'_, '_, Fault>, validity: Option<Validity>) -> Option<Pattern> {
    let cron = fields.text("cron");
    let at = fields.list("at").map(|items| {
        items.iter().map(|item| read_time(fields, "at", item, true)).collect::<Option<Vec<NaiveTime>>>()
    });
    let days = read_days(fields);
    let dates = fields.list("dates").map(|items| {
        let mut dates = BTreeSet::new();
        for date in items.iter().filter_map(|item| fields.item_date("dates", item)) {
            if let Some(validity) = validity.filter(|validity| !validity.holds(date.value)) {
                fields.tell(date.at, || validity.outside(date.value));
            }
            dates.insert(date.value);
        }
        dates.into_iter().collect::<Vec<_>>()
    });
    let half = |has: &'static str, lacks: &'static str| {
        fields.tell(fields.place(has), || Fault::HalfTime { has, lacks });
        None
    };
    let has = |key: &&'static str| fields.has(key);
    let found: Vec<&'static str> =
        ["cron", "at", "days", "dates"].into_iter().filter(|key| has(key)).collect();
    match found[..] {
        [] => {
            fields.tell(fields.at, || Fault::NoTime);
            None
        }
        ["cron"] => {
            let cron = cron?;
            Pattern::cron(cron.value)
                .map_err(|error| {
                    fields.tell(cron.at, || Fault::BadPattern { found: clip(cron.value), error });
                })
                .ok()
        }
        // A time without days is every day's, as anybody would read it.
        ["at"] => Some(Pattern::weekly(&at??, EVERY_DAY)),
        ["at", "days"] => Some(Pattern::weekly(&at??, days?)),
        ["at", "dates"] => Some(Pattern::dated(&dates?, &at??)),
        ["days"] => half("days", "at"),
        ["dates"] => half("dates", "at"),
        _ => {
            fields.tell(fields.place(found[0]), || Fault::SeveralTimes { found: found.clone() });
            None
        }
    }
}

fn read_days(fields: &Fields<'_, '_, Fault>) -> Option<pattern::Days> {
    let mut days: Option<pattern::Days> = None;
    for text in fields.texts("days")? {
        match pattern::Days::parse(text.value) {
            Ok(more) => days = Some(days.map_or(more, |days| pattern::Days(days.0 | more.0))),
            Err(_) => fields.tell(text.at, || Fault::BadDays { found: clip(text.value) }),
        }
    }
    days
}

/// A time of day as a text or as TOML's own; `item`: of a list.
pub(super) fn read_time(
    fields: &Fields<'_, '_, Fault>,
    key: &'static str,
    value: &Spanned<DeValue<'_>>,
    item: bool,
) -> Option<NaiveTime> {
    let place = value.span().start;
    match value.get_ref() {
        DeValue::String(text) => {
            let time = pattern::parse_time(text.trim()).ok();
            if time.is_none() {
                fields.tell(place, || Fault::BadTime { found: clip(text) });
            }
            time
        }
        other => time_of(other).or_else(|| {
            let shape = Shape::Time;
            if item { fields.wrong_item(key, value, shape) } else { fields.wrong(key, value, shape) }
        }),
    }
}

/// Holidays or not, and the dates.
fn read_except(fields: &Fields<'_, '_, Fault>) -> (bool, BTreeSet<chrono::NaiveDate>) {
    let (mut holidays, mut dates) = (false, BTreeSet::new());
    for item in fields.list_or_empty("except").unwrap_or_default() {
        match item.get_ref() {
            DeValue::String(word) if word.trim() == "holidays" => holidays = true,
            DeValue::String(word) => {
                fields.tell(item.span().start, || Fault::BadExcept { found: clip(word) });
            }
            _ => dates.extend(fields.item_date("except", item).map(|At { value, .. }| value)),
        }
    }
    (holidays, dates)
}

/// Whether a slot airs at all is looked up day by day, where the validity is short enough.
fn tell_never_due(fields: &Fields<'_, '_, Fault>, slot: &Slot, validity: Validity, days: &mut Days) {
    let Some(until) = validity.until else { return };
    if fields.has("dates") || !(0..LONGEST_SEARCH).contains(&(until - validity.from).num_days()) {
        return;
    }
    let mut dates = validity.from.iter_days().take_while(|date| *date <= until);
    if !dates.any(|date| slot.airs_on(days.day(date)) > 0) {
        fields.tell(fields.at, || Fault::NeverDue { from: validity.from, until });
    }
}

impl Slot {
    /// How many cues its pattern has on that day; none on an excepted date. Holidays and changes do not count here.
    pub fn airs_on(&self, day: &pattern::Day) -> usize {
        if self.except.contains(&day.date) { 0 } else { self.pattern.count_on(day) }
    }
}
