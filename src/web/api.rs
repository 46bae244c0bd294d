//! The commands' JSON for programs of others, and the word whether all is well. Owns no shape: those are
//! [`crate::core::as_json`]'s, the same as the commands'.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::airings::wanted;
use super::ask::{Answered, Ask};
use super::receive::Asked;
use super::rundown::{rows, span};
use crate::core::as_json::{AiringJson, CueJson, StatusJson};
use crate::core::page::Problem;
use crate::words::notices;

/// More are not answered at once: neither a program nor a browser should have to hold them.
const MOST: usize = 2_000;

fn json(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string_pretty(value).map_err(|_| Problem::Failed)
}

/// An answer in JSON.
pub(super) fn json_response(text: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// As `loa status --json`.
pub(super) async fn status(ask: Asked) -> Answered {
    let work = |ask: &Ask| {
        let now = ask.pages.clock.now();
        let quiet = ask.pages.policy.quiet.contains(ask.zone(), now);
        let report = ask.pages.report().ok_or(Problem::PlayoutSilent)?;
        json(&StatusJson::of(ask.pages.config.named(), now, quiet, Some(&report)))
    };
    Ok(json_response(ask.0.blocking(work).await?))
}

/// As `loa airings --json`: yesterday and today where no days are given.
pub(super) async fn airings(ask: Asked) -> Answered {
    let work = |ask: &Ask| {
        let filter = wanted(ask, 1)?.filter;
        let airings = ask.pages.readers.ask(|reader| reader.airings(&filter, Some(MOST + 1)))?;
        if airings.len() > MOST {
            return Err(Problem::TooManyRows { most: MOST });
        }
        json(&airings.iter().map(|airing| AiringJson::of(ask.zone(), airing)).collect::<Vec<_>>())
    };
    Ok(json_response(ask.0.blocking(work).await?))
}

/// As `loa rundown --json`: today where no days are given.
pub(super) async fn rundown(ask: Asked) -> Answered {
    let work = |ask: &Ask| {
        let (language, zone) = (ask.visitor.language, ask.zone());
        let (from, days) = span(ask, 1)?;
        let rows = rows(ask, from, days)?;
        let cues = rows.iter().map(|row| {
            let notice = row.notice.as_ref().map(|notice| notices::notice(language, zone, notice));
            CueJson::of(zone, row, notice)
        });
        json(&cues.collect::<Vec<_>>())
    };
    Ok(json_response(ask.0.blocking(work).await?))
}

/// Whether the playout answers; nothing else, for whoever asks need not be signed in.
pub(super) async fn health(ask: Asked) -> Answered {
    let turns = ask.0.pages.asking.clone();
    let playout = ask.0.in_turn(turns, |ask| Ok(ask.pages.report().is_some())).await?;
    let status = if playout { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let text = json(&serde_json::json!({ "playout": playout }))?;
    Ok((status, json_response(text)).into_response())
}
