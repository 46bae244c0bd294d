//! The page *Rundown*: the coming days drawn to scale, and as tables. Owns the drawing; what stands in a cue's way is the
//! forecast's to say, by the rules that the playout follows.

use std::time::Duration;

use askama::Template;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};

use super::ask::{Answered, Ask};
use super::change::{self, ChangeForm};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::airing::Priority;
use crate::core::page::{Field, Problem};
use crate::core::pattern::{Day, civil_days};
use crate::core::rundown::forecast::{Notice, Row, forecast};
use crate::words::{notices, pages, terms};

/// So many days where none are asked for.
const USUAL_DAYS: u32 = 3;
/// So many at most.
const MOST_DAYS: u32 = 31;
/// So many cues on a page, over all its days: a page has to be light.
const CUES: usize = 200;
/// What was heard before counts for the limits as far back as this.
const HEARD_BEFORE: chrono::TimeDelta = chrono::TimeDelta::days(2);

struct Bar {
    tone: &'static str,
    x: i64,
    y: usize,
    width: i64,
    title: String,
}

struct CueShown {
    due: String,
    title: String,
    length: String,
    notice: Option<String>,
}

struct DayShown {
    name: String,
    summary: String,
    width: i64,
    quiet: Vec<(i64, i64)>,
    hours: Vec<(i64, u32)>,
    bars: Vec<Bar>,
    rows: Vec<CueShown>,
    beyond: Option<String>,
}

#[derive(Template)]
#[template(path = "rundown.html")]
struct RundownPage {
    f: Frame,
    from: NaiveDate,
    days_asked: u32,
    days: Vec<DayShown>,
    before: String,
    after: String,
    change: Option<ChangeForm>,
}

/// What is asked for: the first day, and how many.
pub(super) fn span(ask: &Ask, usual: u32) -> Result<(NaiveDate, u32), Problem> {
    let from = ask.day("from", Field::From)?.unwrap_or_else(|| ask.today());
    Ok((from, ask.number("days", Field::Days, MOST_DAYS)?.unwrap_or(usual)))
}

/// The cues of that span with what will become of them.
pub(super) fn rows(ask: &Ask, from: NaiveDate, days: u32) -> Result<Vec<Row>, Problem> {
    let to = from.checked_add_days(Days::new(u64::from(days) - 1)).unwrap_or(from);
    let (after, until) = civil_days(ask.zone(), from, to);
    let (plan, library) = ask.programme()?;
    let now = ask.pages.clock.now();
    let heard = ask.pages.readers.ask(|reader| reader.heard(now - HEARD_BEFORE))?;
    let sounded = ask.pages.policy.sounded(heard, now);
    let mut rows = Vec::new();
    forecast(&plan, &library, &ask.pages.policy, &sounded, after, until, |row| rows.push(row));
    Ok(rows)
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<RundownPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let (from, days_asked) = span(ask, USUAL_DAYS)?;
    let rows = rows(ask, from, days_asked)?;
    let zone = ask.zone();
    let (mut shown, mut left) = (Vec::new(), CUES);
    let mut next = from;
    for date in from.iter_days().take(days_asked as usize) {
        let of_day: Vec<&Row> =
            rows.iter().filter(|row| row.cue.due.with_timezone(&zone).date_naive() == date).collect();
        // A day that does not fit whole begins the next page; the first is shown as far as it goes.
        if of_day.len() > left && date > from {
            break;
        }
        left = left.saturating_sub(of_day.len());
        shown.push(draw(ask, date, &of_day));
        next = date.succ_opt().unwrap_or(date);
    }
    let earlier = from.checked_sub_days(Days::new(u64::from(days_asked))).unwrap_or(from);
    Ok(RundownPage {
        f: Frame::new(ask, Some(Place::Rundown), labels.rundown.into()),
        from,
        days_asked,
        change: change::form(ask, from),
        days: shown,
        before: format!("/rundown?from={earlier}&days={days_asked}"),
        after: format!("/rundown?from={next}&days={days_asked}"),
    })
}

fn draw(ask: &Ask, date: NaiveDate, rows: &[&Row]) -> DayShown {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let day = Day::new(date, zone);
    let midnight = day.at(NaiveTime::MIN);
    let end = Day::new(date.succ_opt().unwrap_or(date), zone).at(NaiveTime::MIN);
    // A minute is a unit; a day with a change of the clocks is as long as it is.
    let minutes = |at: DateTime<Utc>| (at.clamp(midnight, end) - midnight).num_minutes();
    let hours = (0..24)
        .step_by(2)
        .filter_map(|hour| Some((minutes(day.at(NaiveTime::from_hms_opt(hour, 0, 0)?)), hour)));
    let quiet = ask.pages.policy.quiet.span().map_or_else(Vec::new, |(from, until)| {
        let (from, until) = (minutes(day.at(from)), minutes(day.at(until)));
        let whole = minutes(end);
        match from < until {
            true => vec![(from, until - from)],
            false => vec![(0, until), (from, whole - from)],
        }
    });
    let mut lanes: [Option<DateTime<Utc>>; 3] = [None; 3];
    let mut bars = Vec::new();
    let mut clashes = 0;
    for row in rows {
        let tone = match &row.notice {
            Some(Notice::Cancelled { .. } | Notice::Skipped { .. }) => "gone",
            Some(_) => "clash",
            None => "fine",
        };
        clashes += usize::from(tone == "clash");
        let due = row.cue.due;
        let until = due + row.length.max(Duration::from_secs(60));
        // Cues at one time are drawn below one another.
        let lane = lanes.iter().position(|busy| busy.is_none_or(|busy| busy <= due)).unwrap_or(2);
        if let Some(busy) = lanes.get_mut(lane) {
            *busy = Some(until);
        }
        if bars.len() < CUES {
            bars.push(Bar {
                tone,
                x: minutes(due),
                y: 3 + lane * 13,
                width: (minutes(until) - minutes(due)).max(4),
                title: format!("{} {}", terms::clock_time(zone, due), row.cue.slot.title),
            });
        }
    }
    let cue = |row: &&Row| {
        let priority = match row.cue.slot.priority {
            Priority::Normal => String::new(),
            other => format!(" [{}]", terms::priority(language, other)),
        };
        CueShown {
            due: terms::clock_time(zone, row.cue.due),
            title: format!("{}{priority}", row.cue.slot.title),
            length: terms::length(language, row.length),
            notice: row.notice.as_ref().map(|notice| notices::notice(language, zone, notice)),
        }
    };
    DayShown {
        name: terms::date(language, date),
        summary: pages::day_drawn(language, rows.len(), clashes),
        width: minutes(end),
        quiet,
        hours: hours.collect(),
        bars,
        rows: rows.iter().take(CUES).map(cue).collect(),
        beyond: rows
            .len()
            .checked_sub(CUES)
            .filter(|more| *more > 0)
            .map(|more| pages::cues_beyond(language, more)),
    }
}
