//! The page *Themes*: airings and minutes by theme against the plan's targets, what is behind and what is still to come. Owns
//! the drawing; the counts are the journal's, the targets the plan's.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use askama::Template;
use chrono::TimeDelta;

use super::ask::{Answered, Ask};
use super::frame::{Frame, Place};
use super::receive::Asked;
use super::{hold, reports};
use crate::core::form::{Reached, minutes, number};
use crate::core::page::Problem;
use crate::core::pattern::civil_days;
use crate::core::period::{Period, PeriodName, Reckoning};
use crate::core::record::Stamp;
use crate::core::report::targets::{Amount, KEPT_FROM, Over, Targets};
use crate::core::report::{Count, Earlier, ThemeCount, Topic};
use crate::words::{Say, pages, report};

/// So many periods are kept at hand.
const KEPT: usize = 4;
/// What is still to come is worked out so far ahead.
const AHEAD: TimeDelta = TimeDelta::days(366);
/// The width of the drawing for 100 %, and for the longest bar.
const FULL: f64 = 400.0;
const LONGEST: f64 = 500.0;

/// What a period came to, as it stood when the journal had that head.
struct Kept {
    period: Period,
    head: Option<Stamp>,
    counts: Arc<HashMap<Topic, ThemeCount>>,
}

/// The periods looked at of late.
#[derive(Default)]
pub(super) struct KeptPeriods(Vec<Kept>);

struct Bar {
    /// Of 400 for the whole target.
    width: u32,
    tone: &'static str,
    said: String,
}

struct ThemeShown {
    name: String,
    airings: String,
    minutes: String,
    since: String,
    coming: u64,
    plan: String,
    bar: Option<Bar>,
    verdict: String,
    href: String,
}

#[derive(Template)]
#[template(path = "themes.html")]
struct ThemesPage {
    f: Frame,
    period: String,
    said: String,
    administrative: bool,
    rows: Vec<ThemeShown>,
    line: u32,
    outside: Option<String>,
    planned: bool,
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<ThemesPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let period = match ask.fields.get("period").or(ask.fields.get("from")) {
        Some(_) => reports::period(ask)?,
        None => this_month(ask),
    };
    let counts = counts(ask, &period)?;
    let targets = ask.pages.config.targets(&ask.pages.themes);
    let targets = targets.map_err(|faults| Problem::Lists { found: faults.say(language) })?;
    let coming = coming(ask, &period)?;
    let rows = ask.pages.themes.0.iter().map(|theme| {
        let id = Some(theme.id.clone());
        let none = ThemeCount::default();
        let count = counts.get(&id).unwrap_or(&none);
        let ahead = coming.get(&id).copied().unwrap_or_default();
        row(ask, (&theme.id, theme.name(language)), &period, count, ahead, &targets)
    });
    let outside = counts.get(&None).map(ThemeCount::counted).filter(|count| count.times > 0);
    Ok(ThemesPage {
        rows: rows.collect(),
        period: match period.name {
            PeriodName::Span => String::new(),
            name => name.to_string(),
        },
        said: report::period(language, &period),
        administrative: period.reckoning == Reckoning::Administrative,
        line: (FULL * KEPT_FROM / 100.0) as u32,
        outside: outside.map(|count| pages::outside(language, count.times, minutes(count.length))),
        planned: !targets.0.is_empty(),
        f: Frame::new(ask, Some(Place::Themes), labels.themes.into()),
    })
}

fn this_month(ask: &Ask) -> Period {
    use chrono::Datelike;
    let today = ask.today();
    let alone = Period { name: PeriodName::Span, reckoning: Reckoning::Calendar, from: today, to: today };
    let name = PeriodName::Month(today.year(), today.month());
    Period::named(name, Reckoning::Calendar).unwrap_or(alone)
}

fn row(
    ask: &Ask,
    (id, name): (&str, &str),
    period: &Period,
    count: &ThemeCount,
    coming: u64,
    targets: &Targets,
) -> ThemeShown {
    let language = ask.visitor.language;
    let counted = count.counted();
    let progress = targets.progress(id, period, count);
    let plan = progress.map(|progress| pages::plan(language, progress.amount, progress.over));
    let bar = progress.map(|progress| {
        // A year's plan is behind only when the year is over.
        let early = progress.over == Over::Year && period.to != period.year().to;
        let running = early || period.to >= ask.today();
        let reached = Reached::of(progress.per_cent, KEPT_FROM);
        let tone = match (reached, running) {
            (Reached::Full, _) => "fine",
            (Reached::AboveLine, _) => "near",
            (Reached::BelowLine, true) => "open",
            (Reached::BelowLine, false) => "behind",
        };
        let share = number(language, (progress.per_cent * 10.0).floor() / 10.0, 1);
        let width = (progress.per_cent / 100.0 * FULL).clamp(0.0, LONGEST) as u32;
        Bar { width, tone, said: format!("{share} %{}", reached.mark()) }
    });
    let verdict = progress.map(|progress| {
        let left = match progress.amount {
            Amount::Airings(target) => {
                let reached = if progress.over == Over::Year { count.cumulative } else { counted };
                u64::from(target).saturating_sub(reached.times)
            }
            Amount::Minutes(target) => {
                let reached = if progress.over == Over::Year { count.cumulative } else { counted };
                Duration::from_secs(60 * u64::from(target))
                    .saturating_sub(reached.length)
                    .as_secs()
                    .div_ceil(60)
            }
        };
        pages::left(language, progress.amount, left, coming)
    });
    ThemeShown {
        name: name.to_owned(),
        airings: counted.times.to_string(),
        minutes: number(language, minutes(counted.length), 1),
        since: count.cumulative.times.to_string(),
        coming,
        plan: plan.unwrap_or_default(),
        bar,
        verdict: verdict.unwrap_or_default(),
        href: format!("/airings?topic={id}&from={}&to={}", period.from, period.to),
    }
}

/// What the period came to, and its year up to its end; kept while the journal stands still.
fn counts(ask: &Ask, period: &Period) -> Result<Arc<HashMap<Topic, ThemeCount>>, Problem> {
    let head = ask.pages.readers.ask(|reader| reader.head())?;
    if let Some(kept) =
        hold(&ask.pages.periods).0.iter().find(|kept| kept.period == *period && kept.head == head)
    {
        return Ok(kept.counts.clone());
    }
    let zone = ask.zone();
    let (from, to) = civil_days(zone, period.from, period.to);
    let (year, _) = civil_days(zone, period.year().from, period.to);
    let (of_period, of_year) =
        ask.pages.readers.ask(|reader| Ok((reader.counted(from, to)?, reader.counted(year, to)?)))?;
    let mut counts: HashMap<Topic, ThemeCount> = HashMap::new();
    let add = |sum: &mut Count, more: &Earlier| {
        sum.times += more.count.times;
        sum.length += more.count.length;
    };
    for one in &of_period {
        add(&mut counts.entry(one.topic.clone()).or_default().first, one);
    }
    for one in &of_year {
        add(&mut counts.entry(one.topic.clone()).or_default().cumulative, one);
    }
    let counts = Arc::new(counts);
    let mut kept = hold(&ask.pages.periods);
    kept.0.retain(|kept| kept.period != *period);
    kept.0.insert(0, Kept { period: *period, head, counts: counts.clone() });
    kept.0.truncate(KEPT);
    Ok(counts)
}

/// How many recordings of each theme the rest of the period is to air.
fn coming(ask: &Ask, period: &Period) -> Result<HashMap<Topic, u64>, Problem> {
    let now = ask.pages.clock.now();
    let (_, to) = civil_days(ask.zone(), period.from, period.to);
    let mut coming = HashMap::new();
    if to <= now {
        return Ok(coming);
    }
    let (plan, _) = ask.programme()?;
    plan.each_day(now, to.min(now + AHEAD), |day| {
        for cue in day.iter().filter(|cue| cue.fate.is_none()) {
            for note in cue.play.iter().filter_map(|name| cue.note(name)) {
                *coming.entry(note.topic.clone()).or_default() += 1;
            }
        }
    });
    Ok(coming)
}
