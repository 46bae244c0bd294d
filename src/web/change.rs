//! A schedule changed for one day by a form on the page *Rundown*. Owns how the form becomes a change, and what is told of
//! what became of it; the schedule with the change is read, judged and journalled as any version is.

use std::sync::Arc;

use askama::Template;
use chrono::{NaiveDate, NaiveTime};

use super::airings::Choice;
use super::ask::{Answered, Ask, bad, html_response, render};
use super::folders::{Changed, DayChange};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::account::Deed;
use crate::core::airing::{ScheduleId, SlotId};
use crate::core::cart::{Cart, CartName};
use crate::core::page::{Field, Problem};
use crate::core::pattern::{civil_days, parse_time};
use crate::core::rundown::Plan;
use crate::core::schedule::{Action, Schedule, Slot};
use crate::words::{Say, orders, pages};

/// So many recordings are offered by name; any other can be typed.
const RECORDINGS: usize = 400;
/// So many slots.
const SLOTS: usize = 200;
/// The words of the actions, as a schedule has them.
const ACTIONS: [&str; 4] = ["cancel", "move", "replace", "extra"];
/// The longest reason, in letters.
const LONGEST_REASON: usize = 300;

/// The form.
pub(super) struct ChangeForm {
    pub(super) slots: Vec<Choice>,
    pub(super) actions: Vec<Choice>,
    pub(super) recordings: Vec<String>,
    pub(super) date: NaiveDate,
}

fn live(plan: &Plan) -> impl Iterator<Item = (&Arc<Schedule>, &Arc<Slot>)> {
    let live = plan.versions.iter().filter(|version| version.until.is_none()).map(|one| &one.schedule);
    live.flat_map(|schedule| schedule.slots.iter().map(move |slot| (schedule, slot)))
}

/// The form, for whoever may send it.
pub(super) fn form(ask: &Ask, from: NaiveDate) -> Option<ChangeForm> {
    if ask.visitor.account.is_none() || !ask.visitor.may(Deed::Change) {
        return None;
    }
    let (plan, library) = ask.pages.station.programme();
    let slot = |(schedule, slot): (&Arc<Schedule>, &Arc<Slot>)| Choice {
        value: format!("{}|{}", schedule.id, slot.id),
        name: format!("{} – {}", slot.title, schedule.title),
        chosen: false,
    };
    let today = ask.today();
    let lasts = |schedule: &Schedule| schedule.valid_until.is_none_or(|last| last >= today);
    let language = ask.visitor.language;
    let action = |word: &&str| Choice {
        value: (*word).into(),
        name: pages::action(language, word).into(),
        chosen: false,
    };
    Some(ChangeForm {
        slots: live(&plan).filter(|(schedule, _)| lasts(schedule)).take(SLOTS).map(slot).collect(),
        actions: ACTIONS.iter().map(action).collect(),
        recordings: library.iter().map(|(name, _)| name.to_string()).take(RECORDINGS).collect(),
        date: from.max(ask.today()),
    })
}

#[derive(Template)]
#[template(path = "changed.html")]
struct ChangedPage {
    f: Frame,
    tone: &'static str,
    text: String,
    details: Vec<String>,
    back: String,
}

/// Changes a schedule for one day.
pub(super) async fn change(ask: Asked) -> Answered {
    Ok(html_response(ask.0.at_once(carry_out).await?))
}

fn carry_out(ask: &Ask) -> Result<String, Problem> {
    let (language, labels) = (ask.visitor.language, pages::labels(ask.visitor.language));
    let Some((by, _)) = &ask.visitor.account else { return Err(Problem::NotSignedIn) };
    let change = read(ask)?;
    let (tone, text, details) = match ask.pages.station.change(&change, by) {
        Changed::Live => ("good", labels.changed, Vec::new()),
        Changed::Waits(holds) => {
            ("calm", labels.change_waits, holds.iter().map(|hold| orders::hold(language, hold)).collect())
        }
        Changed::Faulty(faults) => {
            ("bad", labels.change_faulty, faults.iter().map(|fault| fault.say(language)).collect())
        }
        Changed::NotLive => ("bad", labels.change_not_live, Vec::new()),
        Changed::AnotherWaits => ("bad", labels.change_not_alone, Vec::new()),
        Changed::Failed(found) => return Err(Problem::NotStored { found }),
    };
    let title = if tone == "bad" { labels.refused } else { labels.result };
    render(&ChangedPage {
        f: Frame::new(ask, Some(Place::Rundown), title.into()),
        tone,
        text: text.into(),
        details,
        back: format!("/rundown?from={}&days=1", change.date),
    })
}

/// The change that the form says.
fn read(ask: &Ask) -> Result<DayChange, Problem> {
    let (plan, library) = ask.pages.station.programme();
    let chosen = ask.fields.get("slot").unwrap_or_default();
    let is_it = |(schedule, slot): &(&Arc<Schedule>, &Arc<Slot>)| {
        chosen.strip_prefix(schedule.id.as_str()).and_then(|rest| rest.strip_prefix('|'))
            == Some(slot.id.as_str())
    };
    let (schedule, slot) = live(&plan).find(is_it).ok_or_else(|| bad(Field::Slot, chosen))?;
    let (schedule, slot): (ScheduleId, SlotId) = (schedule.id.clone(), slot.id.clone());
    let date = ask.day("date", Field::Day)?.ok_or_else(|| bad(Field::Day, ""))?;
    let (today, now) = (ask.today(), ask.pages.clock.now());
    if date < today {
        return Err(bad(Field::Day, &date.to_string()));
    }
    let time = || {
        let text = ask.fields.get("at").unwrap_or_default();
        let time = parse_time(text).ok();
        let is_past = |time: &NaiveTime| date == today && *time <= now.with_timezone(&ask.zone()).time();
        time.filter(|time| !is_past(time)).ok_or_else(|| bad(Field::Time, text))
    };
    let play = || {
        let names = ask.fields.all("play").map(|text| {
            let name = CartName::new(text).map_err(|_| bad(Field::Recording, text))?;
            let is_there = matches!(library.get(&name), Some(Cart::Ready(_)));
            if is_there { Ok(name) } else { Err(bad(Field::Recording, text)) }
        });
        names.collect::<Result<Vec<CartName>, Problem>>()
    };
    let word = ask.fields.get("action").unwrap_or_default();
    let action = match word {
        "cancel" => Action::Cancel,
        "move" => Action::Move { at: time()? },
        "replace" => match play()? {
            none if none.is_empty() => return Err(bad(Field::Recording, "")),
            play => Action::Replace { play: play.into() },
        },
        "extra" => {
            let play = play()?;
            Action::Extra { at: time()?, play: (!play.is_empty()).then(|| play.into()) }
        }
        _ => return Err(bad(Field::Action, word)),
    };
    // What was due today is past and cannot be changed; of another day the schedule itself says whether something is due.
    if date == today && !matches!(action, Action::Extra { .. }) {
        let (_, until) = civil_days(ask.zone(), date, date);
        let left = plan.cues(now, until);
        if !left.iter().any(|cue| cue.schedule.id == schedule && cue.slot.id == slot) {
            return Err(Problem::NoCueLeft);
        }
    }
    let reason = ask.fields.get("reason").map(|reason| {
        let plain = reason.chars().map(|c| if c.is_control() { ' ' } else { c });
        plain.take(LONGEST_REASON).collect::<String>()
    });
    Ok(DayChange { schedule, slot, date, action, reason })
}
