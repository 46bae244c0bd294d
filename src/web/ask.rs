//! A request as the pages see it: who asks, and what stands in the address or the form. Owns how fields are read, so that
//! no page trusts one; what is wrong with one is told by [`Problem`].

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{Datelike, NaiveDate};
use tokio::sync::Semaphore;

use super::Pages;
use super::sending::Handed;
use super::visitor::Visitor;
use crate::core::cart::Library;
use crate::core::fault::clip;
use crate::core::page::{Field, Problem};
use crate::core::rundown::{Plan, Skip};
use crate::words;

/// Orders to leave something out are given for days ahead, never for years.
const SKIPS: chrono::TimeDelta = chrono::TimeDelta::days(400);

/// Fields of an address or a form, in their order.
#[derive(Clone, Default)]
pub(super) struct Fields(Vec<(String, String)>);

impl Fields {
    /// Reads them; bytes that are no UTF-8 become a sign that no name holds.
    pub(super) fn of(encoded: &[u8]) -> Fields {
        let pairs = form_urlencoded::parse(encoded).take(64);
        Fields(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The field of that name, without spaces at its ends; none where nothing stands in it.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.raw(name).map(str::trim).filter(|value| !value.is_empty())
    }

    /// Every field of that name in which something stands.
    pub(super) fn all<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        let fields = self.0.iter().filter(move |(of, _)| of == name);
        fields.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The field as it was sent.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// As they stand in an address, with one put in the place of another.
    pub(super) fn with(&self, changed: &[(&str, &str)]) -> String {
        let mut written = form_urlencoded::Serializer::new(String::new());
        let kept = self.0.iter().filter(|(name, _)| !changed.iter().any(|(of, _)| of == name));
        kept.filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            written.append_pair(name, value);
        });
        changed.iter().filter(|(_, value)| !value.is_empty()).for_each(|(name, value)| {
            written.append_pair(name, value);
        });
        written.finish()
    }
}

/// A request.
#[derive(Clone)]
pub(super) struct Ask {
    pub(super) pages: Arc<Pages>,
    pub(super) visitor: Visitor,
    /// Of the address, or of the form where one was sent.
    pub(super) fields: Fields,
    pub(super) path: String,
    /// A form was sent.
    pub(super) sent: bool,
    /// A form with files, of which the files are not read yet.
    pub(super) sending: Option<Handed>,
}

/// A problem that [`super::receive`] makes a page of.
#[derive(Clone, Debug)]
pub(super) struct Refused(pub(super) Problem);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Refused {
        Refused(problem)
    }
}

/// What a page answers.
pub(super) type Answered = Result<Response, Refused>;

impl Ask {
    /// Works on a thread that may block, a few at once; a panic there is told as one here.
    pub(super) async fn blocking<T: Send + 'static>(
        self,
        work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Refused> {
        let turns = self.pages.reading.clone();
        self.in_turn(turns, work).await
    }

    /// As [`Ask::blocking`], and waits for nobody's reading: for orders.
    pub(super) async fn at_once<T: Send + 'static>(
        self,
        work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Refused> {
        let turns = self.pages.ordering.clone();
        self.in_turn(turns, work).await
    }

    /// As [`Ask::blocking`], for files that go in or out: they wait for disks, and take no order's turn.
    pub(super) async fn carrying<T: Send + 'static>(
        self,
        work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Refused> {
        let turns = self.pages.carrying.clone();
        self.in_turn(turns, work).await
    }

    /// Works when one of those turns is free. The turn belongs to the work and not to whoever waits for it: where a disk
    /// hangs, work that nobody waits for any more still takes its turn, and others keep theirs.
    pub(super) async fn in_turn<T: Send + 'static>(
        self,
        turns: Arc<Semaphore>,
        work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Refused> {
        let turn = turns.acquire_owned().await.map_err(|_| Problem::Crowded)?;
        let working = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work(&self)
        });
        Ok(working.await.map_err(|_| Problem::Failed)??)
    }

    /// A page from what `work` makes.
    pub(super) async fn page<T: askama::Template + Send + 'static>(
        self,
        work: impl FnOnce(&Ask) -> Result<T, Problem> + Send + 'static,
    ) -> Answered {
        let html = self.blocking(move |ask| render(&work(ask)?)).await?;
        Ok(html_response(html))
    }

    /// In whose name the journal has what they do.
    pub(super) fn by(&self) -> String {
        let Visitor { account, from, .. } = &self.visitor;
        match account {
            Some((name, _)) => name.to_string(),
            None => words::pages::not_signed_in(self.pages.config.station.language, &from.to_string()),
        }
    }

    /// What is planned, with what was left out by order up to now, and the recordings there are. Blocks.
    pub(super) fn programme(&self) -> Result<(Plan, Arc<Library>), Problem> {
        let (plan, library) = self.pages.station.programme();
        let since = self.pages.clock.now() - SKIPS;
        let skips = self.pages.readers.ask(|reader| reader.skips(since))?;
        let skips = skips.iter().filter_map(|(order, by)| Skip::of(order, by)).collect();
        Ok((Plan { skips, ..Plan::clone(&plan) }, library))
    }

    /// A day in a field.
    pub(super) fn day(&self, name: &str, field: Field) -> Result<Option<NaiveDate>, Problem> {
        let Some(text) = self.fields.get(name) else { return Ok(None) };
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d");
        // As people write it here, from browsers that have no field for days.
        let day = day.or_else(|_| NaiveDate::parse_from_str(text, "%d/%m/%Y")).ok();
        let day = day.filter(|day| (2000..2200).contains(&day.year()));
        day.map(Some).ok_or_else(|| bad(field, text))
    }

    /// A number in a field.
    pub(super) fn number(&self, name: &str, field: Field, most: u32) -> Result<Option<u32>, Problem> {
        let Some(text) = self.fields.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| (1..=most).contains(number));
        number.map(Some).ok_or_else(|| bad(field, text))
    }

    /// Today's civil date.
    pub(super) fn today(&self) -> NaiveDate {
        self.pages.clock.now().with_timezone(&self.zone()).date_naive()
    }

    pub(super) fn zone(&self) -> chrono_tz::Tz {
        self.pages.config.station.time_zone
    }
}

/// That a field holds what it cannot.
pub(super) fn bad(field: Field, found: &str) -> Problem {
    Problem::BadField { field, found: clip(found) }
}

/// A template as text.
pub(super) fn render(template: &impl askama::Template) -> Result<String, Problem> {
    template.render().map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::Failed
    })
}

/// A page.
pub(super) fn html_response(html: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
