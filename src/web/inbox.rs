//! The page *Inbox*: what came, what was answered, what waits for a person. Owns the list; what was decided, and the receipt
//! beside the drop, are the inbox's.

use askama::Template;
use axum::extract::Path;
use chrono::NaiveDate;

use super::airings::wanted;
use super::ask::{Answered, Ask, html_response};
use super::frame::{Frame, Place};
use super::receive::{Asked, OwnPolicy};
use super::upload::{self, UploadForm};
use crate::core::account::Deed;
use crate::core::drops::{DropId, Verdict};
use crate::core::page::Problem;
use crate::core::pattern::civil_days;
use crate::words::returned::returned;
use crate::words::{orders, pages, receipts, refused, terms};

/// So many drops are shown, the latest first.
const ROWS: usize = 150;
/// What is shown where no day is given: two weeks.
const USUAL_DAYS: u64 = 13;
/// So much of a reason is shown; the receipt has it whole. Only journals without words for it have longer ones.
const WHY: usize = 200;

struct DropShown {
    at: String,
    sender: String,
    file: String,
    verdict: &'static str,
    why: Option<String>,
    id: String,
}

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    f: Frame,
    folder: String,
    waiting: Vec<(String, Vec<String>)>,
    may_approve: bool,
    upload: Option<UploadForm>,
    from: NaiveDate,
    to: NaiveDate,
    rows: Vec<DropShown>,
    beyond: Option<String>,
}

/// A receipt is laid out by Loa and lies where offices may write: whatever it holds, it does nothing.
const RECEIPT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'; sandbox";

/// A receipt as it lies beside its drop.
pub(super) async fn receipt(ask: Asked, Path(id): Path<String>) -> Answered {
    let read = |ask: &Ask| ask.pages.station.receipt(&DropId(id.into())).ok_or(Problem::NoSuchReceipt);
    let mut response = html_response(ask.0.blocking(read).await?);
    response.extensions_mut().insert(OwnPolicy(RECEIPT_POLICY));
    Ok(response)
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<InboxPage, Problem> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    let days = wanted(ask, USUAL_DAYS)?;
    let (after, until) = civil_days(zone, days.from, days.to);
    let (drops, counts) = ask.pages.readers.ask(|reader| {
        Ok((reader.latest_drops(Some((after, until)), ROWS)?, reader.drop_counts(after, until)?))
    })?;
    // Later than the answer: a person has refused what waited.
    let refusals = ask.pages.readers.ask(|reader| reader.refusals(0))?;
    let refusal = |id: &DropId| {
        refusals.iter().rev().find(|noted| noted.refused.drops.iter().any(|drop| drop.id == *id))
    };
    let row = |(at, drop): &(chrono::DateTime<chrono::Utc>, crate::core::record::Dropped)| {
        let (verdict, why) = match refusal(&drop.id) {
            Some(noted) => (refused::stamp(language), Some(refused::whose(&noted.refused))),
            None => {
                let why = (drop.verdict == Verdict::Returned).then(|| returned(language, drop));
                (receipts::stamp(language, drop.verdict), why)
            }
        };
        DropShown {
            at: terms::date_and_time(language, zone, *at),
            sender: drop.sender.folder().unwrap_or("—").to_owned(),
            file: drop.file.clone(),
            verdict,
            why: why.filter(|why| !why.is_empty()).map(|why| shortened(&why)),
            id: drop.id.to_string(),
        }
    };
    // A playout that does not answer is told on the page *Now*; what came is shown all the same.
    let waiting = ask.pages.report().map(|report| report.waiting).unwrap_or_default();
    let waiting = waiting.iter().map(|awaited| {
        let why = awaited.holds.iter().map(|hold| orders::hold(language, hold)).collect();
        (format!("{} ({})", awaited.title, awaited.schedule), why)
    });
    let all: u64 = counts.values().sum();
    let beyond = (all as usize).checked_sub(drops.len()).filter(|more| *more > 0);
    Ok(InboxPage {
        f: Frame::new(ask, Some(Place::Inbox), labels.inbox.into()),
        folder: ask.pages.config.paths.inbox.display().to_string(),
        waiting: waiting.collect(),
        upload: upload::form(ask),
        may_approve: ask.visitor.account.is_some() && ask.visitor.may(Deed::Approve),
        from: days.from,
        to: days.to,
        rows: drops.iter().rev().take(ROWS).map(row).collect(),
        beyond: beyond.map(|more| pages::drops_beyond(language, more)),
    })
}

fn shortened(why: &str) -> String {
    let mut shown: String = why.chars().take(WHY).collect();
    if why.chars().nth(WHY).is_some() {
        shown.push('…');
    }
    shown
}
