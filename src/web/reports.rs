//! The page *Reports*: which form, which period, as what; and the forms themselves, to look at, print or take away. Owns the
//! choice that is offered and how long a form may be that is made while the station airs; what stands in a form is
//! [`crate::reporting`]'s.

use askama::Template;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, NaiveDate};

use super::airings::Choice;
use super::ask::{Answered, Ask, bad};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::account::Deed;
use crate::core::form::FormKind;
use crate::core::page::{Field, Problem};
use crate::core::period::{Period, PeriodError, PeriodName, Reckoning};
use crate::export::form::Layout;
use crate::reporting::{ReportError, Reporting, file_name};
use crate::words::{Say, pages, report};

/// A form of more airings would take the memory that the station keeps for airing: some years of most stations.
const MOST: usize = 20_000;
/// So many months back are offered by name; any other period can be written.
const MONTHS: u32 = 13;

/// A form brings its own style, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";

#[derive(Template)]
#[template(path = "reports.html")]
struct ReportsPage {
    f: Frame,
    forms: Vec<Choice>,
    periods: Vec<Choice>,
    reviewable: Vec<Choice>,
    layouts: Vec<Choice>,
    may_write: bool,
    today: NaiveDate,
    themes: Vec<Choice>,
    kinds: Vec<Choice>,
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<ReportsPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let forms = FormKind::ALL.iter().map(|kind| Choice {
        value: kind.word().to_owned(),
        name: pages::form(language, *kind).to_owned(),
        chosen: *kind == FormKind::Summary,
    });
    let layouts = Layout::ALL.iter().map(|layout| Choice {
        value: layout.ending().to_owned(),
        name: pages::layout(language, layout.ending()).to_owned(),
        chosen: *layout == Layout::Html,
    });
    let today = ask.today();
    let named = |name: &PeriodName, chosen| Choice {
        value: name.to_string(),
        name: match Period::named(*name, Reckoning::Calendar) {
            Ok(period) => report::period(language, &period),
            Err(_) => name.to_string(),
        },
        chosen,
    };
    let last_month = months(today).nth(1);
    let periods = periods(today);
    let over =
        |name: &&PeriodName| Period::named(**name, Reckoning::Calendar).is_ok_and(|period| period.to < today);
    let themes = ask.pages.themes.0.iter().map(|theme| Choice {
        value: theme.id.clone(),
        name: theme.name(language).to_owned(),
        chosen: false,
    });
    let kinds = crate::core::workbook::headings::KINDS.iter().map(|kind| Choice {
        value: kind.means.to_owned(),
        name: report::cart_kind(language, kind.means),
        chosen: kind.means == "thong-bao",
    });
    Ok(ReportsPage {
        forms: forms.collect(),
        periods: periods.iter().map(|name| named(name, Some(*name) == last_month)).collect(),
        reviewable: periods.iter().filter(over).map(|name| named(name, Some(*name) == last_month)).collect(),
        layouts: layouts.collect(),
        may_write: ask.visitor.may(Deed::WriteDown),
        today,
        themes: themes.collect(),
        kinds: kinds.collect(),
        f: Frame::new(ask, Some(Place::Reports), labels.reports.into()),
    })
}

/// This month and those before it.
fn months(today: NaiveDate) -> impl Iterator<Item = PeriodName> {
    let now = today.year() * 12 + today.month0() as i32;
    (0..MONTHS as i32).map(move |back| {
        let month = now - back;
        PeriodName::Month(month.div_euclid(12), month.rem_euclid(12) as u32 + 1)
    })
}

/// What is offered: months, quarters, half-years, years, and the last weeks.
fn periods(today: NaiveDate) -> Vec<PeriodName> {
    let (year, month) = (today.year(), today.month0());
    let mut offered: Vec<PeriodName> = months(today).collect();
    offered.extend((0..5i32).map(|back| {
        let quarter = year * 4 + month as i32 / 3 - back;
        PeriodName::Quarter(quarter.div_euclid(4), quarter.rem_euclid(4) as u32 + 1)
    }));
    offered.extend((0..3i32).map(|back| {
        let half = year * 2 + month as i32 / 6 - back;
        PeriodName::Half(half.div_euclid(2), half.rem_euclid(2) as u32 + 1)
    }));
    offered.extend((0..3i32).map(|back| PeriodName::Year(year - back)));
    offered.extend((0..4u64).filter_map(|back| {
        let week = today.checked_sub_days(chrono::Days::new(7 * back))?.iso_week();
        Some(PeriodName::Week(week.year(), week.week()))
    }));
    offered
}

/// The period that is asked for: by name, else by its days.
pub(super) fn period(ask: &Ask) -> Result<Period, Problem> {
    let reckoning = match ask.fields.get("administrative") {
        Some(_) => Reckoning::Administrative,
        None => Reckoning::Calendar,
    };
    let (from, to) = (ask.day("from", Field::From)?, ask.day("to", Field::To)?);
    let period = match (from, to, ask.fields.get("period")) {
        (Some(from), Some(to), _) => Period::span(from, to, reckoning),
        (None, None, Some(name)) => PeriodName::parse(name).and_then(|name| Period::named(name, reckoning)),
        (Some(_), None, _) => return Err(bad(Field::To, "")),
        (None, Some(_), _) => return Err(bad(Field::From, "")),
        (None, None, None) => return Err(bad(Field::Period, "")),
    };
    period.map_err(|error| match error {
        PeriodError::Backwards { .. } => Problem::Backwards,
        other => Problem::Period(other),
    })
}

/// A form as a file.
pub(super) async fn file(ask: Asked) -> Answered {
    // One at a time: a form may take a second and some tens of megabytes.
    let turns = ask.0.pages.reporting.clone();
    let (bytes, name, layout) = ask.0.in_turn(turns, made).await?;
    Ok(response(bytes, &name, layout))
}

fn made(ask: &Ask) -> Result<(Vec<u8>, String, Layout), Problem> {
    let text = ask.fields.get("form").unwrap_or_default();
    let kind: FormKind = text.parse().map_err(|()| bad(Field::Form, text))?;
    let text = ask.fields.get("format").unwrap_or("html");
    let layout = Layout::of_ending(text).ok_or_else(|| bad(Field::Layout, text))?;
    let period = period(ask)?;
    let language = ask.visitor.language;
    let config = &ask.pages.config;
    let reporting = Reporting { config, language, now: ask.pages.clock.now(), most: Some(MOST) };
    let journal = crate::journal::Reader::open(ask.pages.readers.journal());
    let journal = journal.map_err(|error| Problem::Journal { found: error.to_string() })?;
    let bytes = reporting.file(&journal, (kind, &period), layout).map_err(|error| match error {
        ReportError::Journal(error) => Problem::Journal { found: error.to_string() },
        ReportError::TooMany { most } => Problem::TooManyRows { most },
        other => Problem::Lists { found: other.say(language) },
    })?;
    Ok((bytes, format!("{}.{}", file_name(kind, &period), layout.ending()), layout))
}

fn response(bytes: Vec<u8>, name: &str, layout: Layout) -> Response {
    let how = if layout == Layout::Html { "inline" } else { "attachment" };
    let mut response = ([(header::CONTENT_TYPE, layout.media_type())], bytes).into_response();
    let headers = response.headers_mut();
    // The name is of letters, digits and signs of ours alone.
    if let Ok(disposition) = HeaderValue::from_str(&format!("{how}; filename=\"{name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_offered_in_january_reaches_into_the_years_before() {
        let names: Vec<String> =
            periods(NaiveDate::from_ymd_opt(2027, 1, 2).unwrap()).iter().map(ToString::to_string).collect();
        for name in [
            "2027-01", "2026-12", "2026-01", "2027-Q1", "2026-Q4", "2026-Q1", "2027-H1", "2026-H2", "2025",
            "2026-W53",
        ] {
            assert!(names.contains(&name.to_owned()), "{name}: {names:?}");
        }
        assert!(names.iter().all(|name| PeriodName::parse(name).is_ok()));
    }
}
