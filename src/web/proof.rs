//! The page of one airing: what proves that it was heard, or why it was not. Owns which measurements are shown; each is as
//! the journal has it.

use std::time::Duration;

use askama::Template;
use chrono::{DateTime, Utc};

use super::airings::tone;
use super::ask::{Answered, Ask};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::account::Deed;
use crate::core::airing::{Airing, AiringId, Kind, Outcome};
use crate::core::form::number;
use crate::core::language::Language;
use crate::core::page::Problem;
use crate::words::{notices, pages, report, terms};

struct CartShown {
    title: String,
    file: String,
    kind: String,
    topic: String,
    aired: String,
    sha256: String,
}

#[derive(Template)]
#[template(path = "proof.html")]
struct ProofPage {
    f: Frame,
    tone: &'static str,
    result: String,
    sentence: String,
    detail: Option<String>,
    facts: Vec<(&'static str, String)>,
    carts: Vec<CartShown>,
    /// Something sounded, and was measured.
    measured: bool,
    notes: Vec<String>,
    number: u64,
    may_write: bool,
    may_take_back: bool,
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<ProofPage, Problem> {
    let language = ask.visitor.language;
    let number = ask.path.strip_prefix("/airings/").and_then(|id| id.parse::<u64>().ok());
    // The journal counts as far as its columns do.
    let id = number.filter(|id| *id <= i64::MAX as u64).map(AiringId).ok_or(Problem::NoSuchAiring)?;
    let found =
        ask.pages.readers.ask(|reader| Ok((reader.airing(id)?, reader.detail(id)?, reader.notes_of(id)?)))?;
    let (Some(airing), detail, notes) = found else { return Err(Problem::NoSuchAiring) };
    let sentence = notices::why(language, ask.zone(), &airing, "");
    let carts = airing.carts.iter().map(|cart| {
        let theme = cart.topic.as_deref().map(|id| match ask.pages.themes.get(id) {
            Some(theme) => theme.name(language).to_owned(),
            None => id.to_owned(),
        });
        CartShown {
            title: cart.title.clone(),
            file: cart.file.to_string(),
            kind: report::cart_kind(language, &cart.kind),
            topic: theme.unwrap_or_default(),
            aired: terms::length(language, cart.aired),
            sha256: cart.sha256.map(|print| print.to_string()).unwrap_or_default(),
        }
    });
    Ok(ProofPage {
        f: Frame::new(ask, Some(Place::Airings), airing.title.clone()),
        tone: tone(airing.outcome, airing.reason),
        result: pages::result(language, airing.outcome, airing.reason),
        sentence: format!("{sentence}."),
        detail: Some(detail).filter(|detail| !detail.is_empty()),
        facts: facts(ask, &airing),
        carts: carts.collect(),
        notes: notes.iter().map(|note| pages::noted(language, note)).collect(),
        number: id.0,
        may_write: ask.visitor.may(Deed::WriteDown),
        may_take_back: ask.visitor.may(Deed::WriteDown)
            && airing.kind == Kind::Entered
            && airing.outcome == Some(Outcome::Aired),
        measured: airing.frames > 0 && airing.kind != Kind::Entered,
    })
}

fn facts(ask: &Ask, airing: &Airing) -> Vec<(&'static str, String)> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    // To the millisecond: that is how finely it was measured.
    let exact = |at: DateTime<Utc>| {
        let civil = at.with_timezone(&zone);
        let point = if language == Language::Vi { ',' } else { '.' };
        let (time, ms) = (civil.format("%H:%M:%S"), civil.timestamp_subsec_millis().min(999));
        format!("{time}{point}{ms:03} {}", terms::date(language, civil.date_naive()))
    };
    // What somebody wrote in by hand is never shown as measured.
    let measured = airing.kind != Kind::Entered;
    let (start, end) = match measured {
        true => (labels.measured_start, labels.measured_end),
        false => (labels.started, labels.ended),
    };
    let mut facts = vec![
        (labels.number, airing.id.to_string()),
        (labels.kind, terms::kind(language, airing.kind).to_owned()),
        (labels.priority, terms::priority(language, airing.priority).to_owned()),
    ];
    let cue = airing.cue.as_ref();
    if let Some(cue) = cue.filter(|cue| !cue.is_emergency()) {
        facts.push((labels.schedule, cue.schedule.to_string()));
        facts.push((labels.slot, cue.slot.to_string()));
    }
    facts.extend(cue.map(|cue| (labels.due, exact(cue.due))));
    facts.extend(airing.started.map(|at| (start, exact(at))));
    facts.extend(airing.ended.map(|at| (end, exact(at))));
    let lateness = |ms: i64| match ms {
        1_000.. => terms::length(language, Duration::from_millis(ms.unsigned_abs())),
        ms => format!("{ms} ms"),
    };
    facts.extend(airing.late_ms().map(|ms| (labels.lateness, lateness(ms))));
    facts.extend(airing.planned.map(|planned| (labels.planned_length, terms::length(language, planned))));
    facts.push((labels.aired_length, terms::length(language, airing.aired)));
    if measured && airing.started.is_some() {
        facts.push((labels.frames, number(language, airing.frames as f64, 0)));
        let level = match airing.level_dbfs {
            Some(level) => format!("{} dBFS", terms::tenths(language, level)),
            None => labels.nothing_measured.to_owned(),
        };
        facts.push((labels.level, level));
    }
    facts.extend(airing.device.clone().map(|device| (labels.device, device)));
    let clock = match airing.clock_synchronised {
        Some(true) => labels.synchronised,
        Some(false) => labels.not_synchronised,
        None => labels.not_known,
    };
    facts.push((labels.clock_state, clock.to_owned()));
    facts.extend(airing.by.clone().map(|by| (labels.ordered_by, by)));
    facts.extend(airing.approved_by.clone().map(|by| (labels.approved_by, by)));
    facts.push((labels.noted_at, exact(airing.noted)));
    facts.push((labels.entry_hash, airing.entry_hash.clone()));
    facts
}
