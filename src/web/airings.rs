//! The page *Airings*: the as-run log, the latest first, by day, theme, slot and outcome. Owns the filter and how the list
//! goes on; each airing leads to its proof.

use askama::Template;
use chrono::{DateTime, Days, NaiveDate, Utc};

use super::ask::{Answered, Ask, bad};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::airing::{AiringId, Kind, Listed, Outcome, Reason, SlotId};
use crate::core::page::{Field, Problem};
use crate::core::pattern::civil_days;
use crate::journal::Filter;
use crate::words::{pages, terms};

/// So many airings a page.
const ROWS: usize = 100;
/// What is shown where no day is given: a week.
const USUAL_DAYS: u64 = 6;

/// One of a list to choose from.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) name: String,
    pub(super) chosen: bool,
}

struct FilterShown {
    from: NaiveDate,
    to: NaiveDate,
    slot: String,
    topics: Vec<Choice>,
    outcomes: Vec<Choice>,
}

struct RowShown {
    /// The day, above the first of its airings.
    day: Option<String>,
    id: u64,
    due: String,
    started: String,
    title: String,
    length: String,
    tone: &'static str,
    sign: &'static str,
    result: String,
}

#[derive(Template)]
#[template(path = "airings.html")]
struct AiringsPage {
    f: Frame,
    filter: FilterShown,
    rows: Vec<RowShown>,
    newest: Option<String>,
    older: Option<String>,
}

/// What is asked for, read and found right.
pub(super) struct Wanted {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) filter: Filter,
}

/// Reads days and filter; `usual` days before the last where no first day is given.
pub(super) fn wanted(ask: &Ask, usual: u64) -> Result<Wanted, Problem> {
    let to = ask.day("to", Field::To)?;
    let from = ask.day("from", Field::From)?;
    let to = to.unwrap_or_else(|| ask.today().max(from.unwrap_or(NaiveDate::MIN)));
    let from = from.unwrap_or_else(|| to.checked_sub_days(Days::new(usual)).unwrap_or(to));
    if from > to {
        return Err(Problem::Backwards);
    }
    let outcome = match ask.fields.get("outcome") {
        Some(text) => Some(text.parse::<Outcome>().map_err(|()| bad(Field::Outcome, text))?),
        None => None,
    };
    let (after, until) = civil_days(ask.zone(), from, to);
    let filter = Filter {
        from: Some(after),
        to: Some(until),
        outcome,
        slot: ask.fields.get("slot").map(SlotId::from),
        topic: ask.fields.get("topic").map(ToOwned::to_owned),
        before: None,
    };
    Ok(Wanted { from, to, filter })
}

/// How an outcome is coloured; the sign beside it says the same.
pub(super) fn tone(outcome: Option<Outcome>, reason: Option<Reason>) -> &'static str {
    match (outcome, reason) {
        (Some(Outcome::Missed), Some(reason)) if reason.is_called_off() => "cancelled",
        (Some(outcome), _) => outcome.word(),
        (None, _) => "on_air",
    }
}

fn cursor(text: &str) -> Option<(DateTime<Utc>, AiringId)> {
    let (micros, id) = text.split_once('.')?;
    let placed = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    Some((placed, AiringId(id.parse().ok().filter(|id| *id <= i64::MAX as u64)?)))
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<AiringsPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let Wanted { from, to, mut filter } = wanted(ask, USUAL_DAYS)?;
    let before = ask.fields.get("before");
    if let Some(text) = before {
        filter.before = Some(cursor(text).ok_or_else(|| bad(Field::Before, text))?);
    }
    let mut airings = ask.pages.readers.ask(|reader| reader.listed(&filter, Some(ROWS + 1)))?;
    airings.reverse();
    let more = airings.len() > ROWS;
    airings.truncate(ROWS);
    let last = airings.last().filter(|_| more);
    let older = last.map(|airing| {
        let place = format!("{}.{}", airing.placed.timestamp_micros(), airing.id);
        format!("/airings?{}", ask.fields.with(&[("before", &place)]))
    });
    let topics = ask.pages.themes.0.iter().map(|theme| Choice {
        value: theme.id.clone(),
        name: theme.name(language).to_owned(),
        chosen: filter.topic.as_deref() == Some(&theme.id),
    });
    let outcomes = Outcome::ALL.iter().map(|outcome| Choice {
        value: outcome.word().to_owned(),
        name: terms::outcome(language, *outcome).to_owned(),
        chosen: filter.outcome == Some(*outcome),
    });
    let shown = FilterShown {
        from,
        to,
        slot: ask.fields.get("slot").unwrap_or_default().to_owned(),
        topics: topics.collect(),
        outcomes: outcomes.collect(),
    };
    let mut day = None;
    let rows = airings.iter().map(|airing| {
        let date = airing.placed.with_timezone(&ask.zone()).date_naive();
        let fresh = day.replace(date) != Some(date);
        row(ask, airing, fresh.then(|| terms::date(language, date)))
    });
    Ok(AiringsPage {
        rows: rows.collect(),
        f: Frame::new(ask, Some(Place::Airings), labels.airings.into()),
        filter: shown,
        newest: before.map(|_| format!("/airings?{}", ask.fields.with(&[("before", "")]))),
        older,
    })
}

fn row(ask: &Ask, airing: &Listed, day: Option<String>) -> RowShown {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let time = |at: Option<DateTime<Utc>>| at.map_or_else(|| "—".into(), |at| terms::clock_time(zone, at));
    let title = match airing.kind {
        Kind::Cue => airing.title.clone(),
        other => format!("{} [{}]", airing.title, terms::kind(language, other)),
    };
    RowShown {
        day,
        id: airing.id.0,
        due: time(airing.due),
        started: time(airing.started),
        title,
        length: match airing.ended {
            Some(_) => terms::length(language, airing.aired),
            None => "—".into(),
        },
        tone: tone(airing.outcome, airing.reason),
        sign: pages::sign(language, airing.outcome, airing.reason),
        result: pages::result(language, airing.outcome, airing.reason),
    }
}
