//! What supervisors and technicians write into the record by page: airings entered by hand, notes, reviews. Owns how a form
//! becomes a writing in somebody's name; the rules are [`crate::core::handwritten`]'s.

use std::time::Duration;

use chrono::NaiveTime;

use super::ask::{Answered, Ask, bad};
use super::orders::carry_out;
use super::receive::Asked;
use super::reports;
use crate::core::airing::AiringId;
use crate::core::handwritten::{AiringNote, Entered, Handwritten, Reviewed, TakenBack};
use crate::core::page::{Field, Problem};
use crate::core::pattern::{Day, parse_time};

/// Whom a writing names, and the account it comes by.
fn named(ask: &Ask) -> (String, String) {
    let account = ask.by();
    (ask.fields.get("by").map_or_else(|| account.clone(), ToOwned::to_owned), account)
}

fn text(ask: &Ask, name: &str) -> String {
    ask.fields.get(name).unwrap_or_default().to_owned()
}

fn airing(ask: &Ask) -> Result<AiringId, Problem> {
    let text = ask.fields.get("airing").unwrap_or_default();
    text.parse().map(AiringId).map_err(|_| bad(Field::Cue, text))
}

async fn write(ask: Asked, hand: fn(&Ask) -> Result<Handwritten, Problem>) -> Answered {
    carry_out(ask.0, move |ask| Ok(ask.pages.station.write_down(hand(ask)?))).await
}

/// An airing that Loa did not make.
pub(super) async fn enter(ask: Asked) -> Answered {
    write(ask, |ask| {
        let day = ask.day("date", Field::Date)?.ok_or_else(|| bad(Field::Date, ""))?;
        let civil = ask.fields.get("time").unwrap_or_default();
        let time: NaiveTime = parse_time(civil).map_err(|_| bad(Field::Began, civil))?;
        let minutes = ask.number("minutes", Field::Length, 360)?.ok_or_else(|| bad(Field::Length, ""))?;
        let (by, account) = named(ask);
        Ok(Handwritten::Airing(Entered {
            airing: AiringId(0),
            title: text(ask, "title"),
            started: Day::new(day, ask.zone()).at(time),
            length: Duration::from_secs(60 * u64::from(minutes)),
            kind: ask.fields.get("kind").unwrap_or("thong-bao").to_owned(),
            topic: ask.fields.get("topic").map(ToOwned::to_owned),
            why: text(ask, "why"),
            by,
            account,
        }))
    })
    .await
}

/// A note on an airing.
pub(super) async fn note(ask: Asked) -> Answered {
    write(ask, |ask| {
        let (by, account) = named(ask);
        Ok(Handwritten::Note(AiringNote { airing: airing(ask)?, text: text(ask, "text"), by, account }))
    })
    .await
}

/// An airing that was entered is taken back.
pub(super) async fn take_back(ask: Asked) -> Answered {
    write(ask, |ask| {
        let (by, account) = named(ask);
        Ok(Handwritten::TakeBack(TakenBack { airing: airing(ask)?, why: text(ask, "why"), by, account }))
    })
    .await
}

/// A period was reviewed.
pub(super) async fn review(ask: Asked) -> Answered {
    write(ask, |ask| {
        let period = reports::period(ask)?;
        let (by, account) = named(ask);
        let reviewed = Reviewed { from: period.from, to: period.to, text: text(ask, "text"), by, account };
        Ok(Handwritten::Review(reviewed))
    })
    .await
}
