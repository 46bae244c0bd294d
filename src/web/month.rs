//! The page *Month*: a cell for each slot and day, by the worst that happened in it. Owns what counts as worst and how a month
//! is cut into pages; a cell says by its letter what it says by its colour.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use chrono::{Datelike, Months, NaiveDate, NaiveTime, Weekday};

use super::airings::tone;
use super::ask::{Answered, Ask, bad};
use super::frame::{Frame, Place};
use super::hold;
use super::receive::Asked;
use crate::core::airing::{Glance, Outcome, Reason, ScheduleId, SlotId};
use crate::core::page::{Field, Problem};
use crate::core::pattern::civil_days;
use crate::core::record::Stamp;
use crate::words::{pages, terms};

/// So many months are kept at hand.
const KEPT: usize = 4;
/// So many slots a page.
const SLOTS: usize = 30;

struct DayShown {
    name: u32,
    href: String,
    off: bool,
}

/// The worst of a slot's cues of a day.
#[derive(Clone)]
struct Worst {
    id: u64,
    outcome: Option<Outcome>,
    reason: Option<Reason>,
    badness: u8,
}

/// A slot's days.
struct SlotDays {
    /// When its last cue of the month was due: a slot may move.
    time: NaiveTime,
    title: String,
    days: Vec<Option<Worst>>,
}

/// A month as it stood when the journal had that head.
struct Kept {
    first: NaiveDate,
    head: Option<Stamp>,
    slots: Arc<Vec<SlotDays>>,
}

/// The months looked at of late: readers come together, and what aired changes now and then only.
#[derive(Default)]
pub(super) struct KeptMonths(Vec<Kept>);

struct Cell {
    id: u64,
    tone: &'static str,
    sign: &'static str,
}

struct SlotShown {
    title: String,
    cells: Vec<Option<Cell>>,
}

struct Legend {
    tone: &'static str,
    sign: &'static str,
    name: &'static str,
}

#[derive(Template)]
#[template(path = "month.html")]
struct MonthPage {
    f: Frame,
    before: String,
    after: String,
    legend: Vec<Legend>,
    days: Vec<DayShown>,
    rows: Vec<SlotShown>,
    more: Option<String>,
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

/// How bad it is, the worst highest.
fn badness(glance: &Glance) -> u8 {
    match (glance.outcome, glance.reason) {
        (Some(Outcome::Missed), Some(reason)) if reason.is_called_off() => 1,
        (Some(Outcome::Missed), _) => 5,
        (Some(Outcome::Interrupted), _) => 4,
        (Some(Outcome::Cut), _) => 3,
        (Some(Outcome::OnAir) | None, _) => 2,
        (Some(Outcome::Aired), _) => 0,
    }
}

/// The slots of the month that begins on that day.
fn slots(ask: &Ask, first: NaiveDate) -> Result<Arc<Vec<SlotDays>>, Problem> {
    let zone = ask.zone();
    let head = ask.pages.readers.ask(|reader| reader.head())?;
    let same = |kept: &&Kept| kept.first == first && kept.head == head;
    if let Some(kept) = hold(&ask.pages.months).0.iter().find(same) {
        return Ok(kept.slots.clone());
    }
    let days = first.num_days_in_month();
    let last = first.with_day(u32::from(days)).unwrap_or(first);
    let (after, until) = civil_days(zone, first, last);
    let glances = ask.pages.readers.ask(|reader| reader.glances(after, until))?;
    let mut slots: BTreeMap<(&ScheduleId, &SlotId), SlotDays> = BTreeMap::new();
    for glance in glances.iter().filter(|glance| !glance.cue.is_emergency()) {
        let cue = &glance.cue;
        let empty =
            || SlotDays { time: NaiveTime::MIN, title: String::new(), days: vec![None; usize::from(days)] };
        let slot = slots.entry((&cue.schedule, &cue.slot)).or_insert_with(empty);
        // The latest title: the log goes forward.
        slot.title.clone_from(&glance.title);
        let due = cue.due.with_timezone(&zone);
        slot.time = due.time();
        let day = due.date_naive().day0() as usize;
        let badness = badness(glance);
        if let Some(worst) = slot.days.get_mut(day)
            && worst.as_ref().is_none_or(|worst| badness > worst.badness)
        {
            *worst = Some(Worst { id: glance.id.0, outcome: glance.outcome, reason: glance.reason, badness });
        }
    }
    // As the day goes; slots of one time stay in the order of their ids.
    let mut slots: Vec<SlotDays> = slots.into_values().collect();
    slots.sort_by_key(|slot| slot.time);
    let slots = Arc::new(slots);
    let mut months = hold(&ask.pages.months);
    months.0.retain(|kept| kept.first != first);
    if months.0.len() >= KEPT {
        months.0.remove(0);
    }
    months.0.push(Kept { first, head, slots: slots.clone() });
    Ok(slots)
}

fn show(ask: &Ask) -> Result<MonthPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let first = match ask.fields.get("month") {
        Some(text) => NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
            .ok()
            .filter(|first| (2000..2200).contains(&first.year()))
            .ok_or_else(|| bad(Field::Month, text))?,
        None => ask.today().with_day(1).unwrap_or_else(|| ask.today()),
    };
    let skip = ask.number("slots", Field::Before, 100_000)?.unwrap_or(0) as usize;
    let step = |months: i32| {
        let there = match months {
            1 => first.checked_add_months(Months::new(1)),
            _ => first.checked_sub_months(Months::new(1)),
        };
        format!("/month?month={}", there.unwrap_or(first).format("%Y-%m"))
    };
    let days = first.num_days_in_month();
    let slots = slots(ask, first)?;
    let all = slots.len();
    let holidays = ask.pages.station.programme().0.holidays.clone();
    let cell = |worst: &Worst| Cell {
        id: worst.id,
        tone: tone(worst.outcome, worst.reason),
        sign: pages::sign(language, worst.outcome, worst.reason),
    };
    let rows = slots.iter().skip(skip).take(SLOTS).map(|slot| SlotShown {
        title: format!("{} {}", terms::time_of_day(slot.time), slot.title),
        cells: slot.days.iter().map(|day| day.as_ref().map(cell)).collect(),
    });
    let rows = rows.collect();
    let heading = (1..=u32::from(days)).filter_map(|day| first.with_day(day)).map(|day| DayShown {
        name: day.day(),
        href: format!("/airings?from={day}&to={day}"),
        off: day.weekday() == Weekday::Sun || holidays.contains(day),
    });
    let mut legend: Vec<Legend> = Outcome::ALL
        .iter()
        .map(|outcome| Legend {
            tone: outcome.word(),
            sign: pages::sign(language, Some(*outcome), None),
            name: terms::outcome(language, *outcome),
        })
        .collect();
    legend.push(Legend {
        tone: "cancelled",
        sign: pages::sign(language, Some(Outcome::Missed), Some(Reason::Cancelled)),
        name: pages::called_off(language),
    });
    let more = (all > skip + SLOTS).then(|| {
        let month = first.format("%Y-%m").to_string();
        let slots = (skip + SLOTS).to_string();
        format!("/month?{}", ask.fields.with(&[("month", &month), ("slots", &slots)]))
    });
    Ok(MonthPage {
        f: Frame::new(
            ask,
            Some(Place::Month),
            format!("{} – {}", labels.month, pages::month(language, first)),
        ),
        before: step(-1),
        after: step(1),
        legend,
        days: heading.collect(),
        rows,
        more,
    })
}
