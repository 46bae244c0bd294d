//! Orders by page. Owns the forms and how each becomes an order in somebody's name; whether they may give it was decided
//! before ([`super::receive`]), what becomes of it is the station's to say.

use std::time::Duration;

use askama::Template;
use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::Given;
use super::airings::Choice;
use super::ask::{Answered, Ask, bad, html_response, render};
use super::frame::{Frame, Place, Said};
use super::receive::Asked;
use super::take_off;
use super::unheard::{self, UnheardShown};
use crate::core::account::Deed;
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::CartName;
use crate::core::drops::DropId;
use crate::core::order::{Answer, Order};
use crate::core::page::{Field, Problem};
use crate::words::{emergencies, orders, pages, terms};

/// So many recordings are offered by name; any other can be typed.
const RECORDINGS: usize = 400;
/// So many cues to leave out.
const CUES: usize = 120;
/// For how many minutes an emergency may stand.
const SPANS: [u64; 8] = [15, 30, 60, 120, 360, 720, 1_440, 4_320];
/// Every how many minutes it may repeat.
const INTERVALS: [u64; 7] = [1, 5, 10, 15, 30, 60, 120];
/// What was stopped is looked up for so long.
const LOOKING: Duration = Duration::from_secs(2);

struct Waiting {
    id: String,
    title: String,
    holds: Vec<String>,
    /// What nobody has approved of it yet, to be heard.
    unheard: Vec<UnheardShown>,
    /// Of just these.
    seal: String,
    /// Something waits that can be refused.
    refusable: bool,
}

struct Standing {
    file: String,
    said: String,
}

#[derive(Template)]
#[template(path = "orders.html")]
struct OrdersPage {
    f: Frame,
    nothing: Option<&'static str>,
    /// Where the clock wants a person's word.
    clock: Option<String>,
    waiting: Vec<Waiting>,
    newest_receipt: String,
    technician: bool,
    cues: Vec<Choice>,
    emergencies: Vec<Standing>,
    spans: Vec<Choice>,
    intervals: Vec<Choice>,
    recordings: Vec<String>,
}

/// The forms.
pub(super) async fn page(ask: Asked) -> Answered {
    if ask.0.visitor.account.is_none() {
        return Err(Problem::NotSignedIn.into());
    }
    ask.0.page(show).await
}

fn show(ask: &Ask) -> Result<OrdersPage, Problem> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    // Before what waits is looked at: what comes while the form is made or read is not approved with it.
    let newest_receipt = ask.pages.readers.ask(|reader| reader.latest_drops(None, 1))?;
    let newest_receipt = newest_receipt.last().map(|(_, drop)| drop.id.to_string()).unwrap_or_default();
    let report = ask.pages.report().ok_or(Problem::PlayoutSilent)?;
    let standing = &report.standing;
    let may = |deed| ask.visitor.may(deed);
    let technician = may(Deed::Play) && may(Deed::Skip) && may(Deed::Emergency);
    let (plan, library) = ask.programme()?;
    let mut cues = match technician {
        true => plan.cues(standing.now, standing.now + TimeDelta::days(8)),
        false => Vec::new(),
    };
    cues.retain(|cue| cue.fate.is_none());
    let cue = |cue: &crate::core::rundown::Cue| {
        let civil = cue.due.with_timezone(&zone).naive_local();
        Choice {
            value: format!("{}|{}|{}", cue.slot.id, civil.date(), civil.time().format("%H:%M:%S")),
            name: format!("{} {}", terms::date_and_time(language, zone, cue.due), cue.slot.title),
            chosen: false,
        }
    };
    let unheard = if may(Deed::Approve) { ask.pages.station.unheard() } else { Vec::new() };
    let waiting = report.waiting.iter().filter(|_| may(Deed::Approve)).map(|awaited| Waiting {
        id: awaited.schedule.to_string(),
        title: awaited.title.clone(),
        holds: awaited.holds.iter().map(|hold| orders::hold(language, hold)).collect(),
        unheard: unheard::with(language, &unheard, &awaited.schedule),
        seal: unheard::seal(&unheard, &awaited.schedule).unwrap_or_default(),
        refusable: !awaited.airs,
    });
    let waiting: Vec<Waiting> = waiting.collect();
    let minutes = |minutes: u64| terms::length(language, Duration::from_secs(minutes * 60));
    let choice = |value: u64, chosen| Choice { value: value.to_string(), name: minutes(value), chosen };
    let once = Choice { value: String::new(), name: labels.once.into(), chosen: true };
    let names = library.iter().map(|(name, _)| name.to_string()).take(RECORDINGS);
    let clock = (may(Deed::ConfirmClock) && !standing.clock.trust.is_trusted())
        .then(|| pages::is_it_right(language, zone, standing.now));
    let nothing = !technician && waiting.is_empty() && clock.is_none();
    Ok(OrdersPage {
        f: Frame::new(ask, Some(Place::Orders), labels.orders.into()),
        nothing: nothing.then_some(labels.nothing_to_order),
        clock,
        waiting,
        newest_receipt,
        technician,
        cues: cues.iter().take(CUES).map(cue).collect(),
        emergencies: standing
            .emergencies
            .iter()
            .map(|order| Standing {
                file: order.file.to_string(),
                said: emergencies::standing(language, zone, order),
            })
            .collect(),
        spans: SPANS.iter().map(|span| choice(*span, *span == 60)).collect(),
        intervals: std::iter::once(once).chain(INTERVALS.iter().map(|every| choice(*every, false))).collect(),
        recordings: if technician { names.collect() } else { Vec::new() },
    })
}

/// What is said of an order that was carried out.
pub(super) fn said(ask: &Ask, given: &Given) -> String {
    match given {
        Given::Done(answer) => orders::answer(ask.visitor.language, ask.zone(), answer),
        Given::Refused(_) | Given::Silent => String::new(),
    }
}

/// Gives an order, and says what became of it.
async fn give(ask: Ask, order: impl FnOnce(&Ask) -> Result<Order, Problem> + Send + 'static) -> Answered {
    carry_out(ask, |ask| Ok(ask.pages.station.give(order(ask)?, ask.by()))).await
}

pub(super) async fn carry_out(
    ask: Ask,
    work: impl FnOnce(&Ask) -> Result<Given, Problem> + Send + 'static,
) -> Answered {
    Ok(html_response(ask.at_once(|ask| told(ask, work(ask)?)).await?))
}

/// The page that says what became of an order.
fn told(ask: &Ask, given: Given) -> Result<String, Problem> {
    ask.pages.asks_anew();
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    let (title, tone, text) = match given {
        Given::Done(answer) => (labels.result, "good", orders::answer(language, zone, &answer)),
        Given::Refused(refusal) => {
            let said = pages::refusal(language, zone, &refusal);
            (labels.refused, "bad", format!("{}.", terms::capital(&said)))
        }
        Given::Silent => return Err(Problem::PlayoutSilent),
    };
    let back = match ask.path.as_str() {
        "/stop" => "/",
        "/note" | "/take-back" => "/airings",
        "/enter" | "/review" => "/reports",
        _ => "/orders",
    };
    render(&Said { f: Frame::new(ask, None, title.into()), tone, text, back })
}

fn recording(ask: &Ask) -> Result<CartName, Problem> {
    let name = ask.fields.get("file").unwrap_or_default();
    CartName::new(name).map_err(|_| bad(Field::Recording, name))
}

/// Stops what is on air, and offers to take off what it was.
pub(super) async fn stop(ask: Asked) -> Answered {
    let ask = ask.0;
    // A turn of its own kind: neither readers nor other orders stand before a stop.
    let turns = ask.pages.stopping.clone();
    let stopping = |ask: &Ask| Ok(ask.pages.station.give(Order::Stop, ask.by()));
    let given = ask.clone().in_turn(turns, stopping).await?;
    ask.pages.asks_anew();
    let Given::Done(Answer::Stopped { title, .. }) = &given else {
        return Ok(html_response(told(&ask, given)?));
    };
    // It is silent already: a journal that does not answer costs the offer, not the answer.
    let title = title.clone();
    // With those who read: where a disk hangs, looking must not take the turn of the next stop.
    let looking = ask.clone().blocking(move |ask| take_off::offered(ask, title.as_deref()));
    let offered = tokio::time::timeout(LOOKING, looking).await;
    match offered {
        Ok(Ok(offered)) if !offered.is_empty() => {
            Ok(html_response(take_off::stopped(&ask, &given, offered)?))
        }
        _ => Ok(html_response(told(&ask, given)?)),
    }
}

/// Plays a recording.
pub(super) async fn play(ask: Asked) -> Answered {
    give(ask.0, |ask| Ok(Order::Play { file: recording(ask)? })).await
}

/// Leaves out a cue.
pub(super) async fn skip(ask: Asked) -> Answered {
    give(ask.0, |ask| {
        let chosen = ask.fields.get("cue").unwrap_or_default();
        let read = || {
            let mut parts = chosen.splitn(3, '|');
            let slot = SlotId::from(parts.next().filter(|slot| !slot.is_empty())?);
            let date = NaiveDate::parse_from_str(parts.next()?, "%Y-%m-%d").ok()?;
            let time = NaiveTime::parse_from_str(parts.next()?, "%H:%M:%S").ok()?;
            Some(Order::Skip { slot, date, time: Some(time) })
        };
        read().ok_or_else(|| bad(Field::Cue, chosen))
    })
    .await
}

/// Orders an emergency.
pub(super) async fn emergency(ask: Asked) -> Answered {
    give(ask.0, |ask| {
        let listed = |name: &str, field, list: &[u64]| match ask.fields.get(name) {
            Some(text) => {
                let minutes = text.parse().ok().filter(|minutes| list.contains(minutes));
                minutes.map(Some).ok_or_else(|| bad(field, text))
            }
            None => Ok(None),
        };
        let minutes: Option<u64> = listed("minutes", Field::Minutes, &SPANS)?;
        let stands = minutes
            .map_or(ask.pages.config.policy.emergency_for, |minutes| Duration::from_secs(minutes * 60));
        let every: Option<u64> = listed("every", Field::Every, &INTERVALS)?;
        Ok(Order::Emergency {
            file: recording(ask)?,
            title: None,
            until: ask.pages.clock.now() + stands,
            every: every.map(|minutes| Duration::from_secs(minutes * 60)),
            from: None,
        })
    })
    .await
}

/// Ends an emergency.
pub(super) async fn end_emergency(ask: Asked) -> Answered {
    give(ask.0, |ask| Ok(Order::EndEmergency { file: Some(recording(ask)?) })).await
}

/// Vouches for the clock.
pub(super) async fn confirm_clock(ask: Asked) -> Answered {
    give(ask.0, |_| Ok(Order::ConfirmClock)).await
}

/// The schedule that somebody decides on, and the newest receipt that he has read.
fn decided(ask: &Ask) -> Result<(ScheduleId, Option<DropId>), Problem> {
    let schedule = ask.fields.get("schedule").ok_or_else(|| bad(Field::Schedule, ""))?;
    let receipt = ask.fields.get("receipt").map(|number| DropId(number.into()));
    // Only where nothing was ever dropped is there no receipt to have read.
    let dropped = ask.pages.readers.ask(|reader| reader.latest_drops(None, 1))?;
    if receipt.is_none() && !dropped.is_empty() {
        return Err(bad(Field::Schedule, schedule));
    }
    Ok((ScheduleId::from(schedule), receipt))
}

/// Approves a schedule, with the recordings that the form's page showed, as far as they were there and measured by then.
pub(super) async fn approve(ask: Asked) -> Answered {
    carry_out(ask.0, |ask| {
        let (schedule, receipt) = decided(ask)?;
        // What is dropped has a receipt; what lies in the folder itself a technician may have replaced without one.
        if ask.fields.get("seal") != unheard::seal(&ask.pages.station.unheard(), &schedule).as_deref() {
            return Err(Problem::WaitsOtherwise);
        }
        Ok(ask.pages.station.approve(schedule, ask.by(), receipt))
    })
    .await
}

/// Refuses what waits of a schedule; the station wants a reason.
pub(super) async fn refuse(ask: Asked) -> Answered {
    carry_out(ask.0, |ask| {
        let (schedule, receipt) = decided(ask)?;
        let why = ask.fields.get("why").unwrap_or_default().to_owned();
        Ok(ask.pages.station.refuse(schedule, ask.by(), why, receipt))
    })
    .await
}
