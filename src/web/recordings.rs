//! The page *Recordings*: what the library holds, as it was measured, and which schedules play it; above it what waits
//! for approval. Owns the list; nothing is changed here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use chrono::TimeDelta;
use unicode_normalization::UnicodeNormalization;

use super::ask::{Answered, Ask, html_response, render};
use super::frame::{Frame, Place};
use super::listen::recording;
use super::receive::Asked;
use super::unheard::{self, UnheardShown};
use crate::core::account::Deed;
use crate::core::cart::{Cart, CartName};
use crate::core::page::{Field, Problem};
use crate::core::rundown::{Cue, Plan};
use crate::core::schedule::{Play, Slot};
use crate::words::{Say, pages, terms};

/// So many a page.
const ROWS: usize = 75;
/// The next cues of a recording are looked for so far ahead,
const NEXT: TimeDelta = TimeDelta::days(14);
/// and so many are shown.
const CUES: usize = 10;

struct RecordingShown {
    name: String,
    length: String,
    loudness: String,
    state: String,
    wrong: bool,
    used: String,
    one: String,
    listen: String,
}

#[derive(Template)]
#[template(path = "recordings.html")]
struct RecordingsPage {
    f: Frame,
    wanted: String,
    /// What waits, above the first of the others.
    waiting: Vec<UnheardShown>,
    rows: Vec<RecordingShown>,
    more: Option<String>,
}

/// The page.
pub(super) async fn page(ask: Asked) -> Answered {
    ask.0.page(show).await
}

/// The live schedules that name each recording.
fn used(plan: &Plan) -> BTreeMap<&CartName, BTreeSet<&str>> {
    let mut used: BTreeMap<&CartName, BTreeSet<&str>> = BTreeMap::new();
    for schedule in plan.versions.iter().filter(|version| version.until.is_none()).map(|one| &one.schedule) {
        let of_slots = schedule.slots.iter().filter_map(|slot| match &slot.play {
            Play::Carts(carts) => Some(carts.iter()),
            _ => None,
        });
        for name in of_slots.flatten().chain(schedule.carts.keys()) {
            used.entry(name).or_default().insert(schedule.id.as_str());
        }
    }
    used
}

/// An address of a recording.
pub(super) fn href(what: &str, name: &CartName) -> String {
    let name: String = form_urlencoded::byte_serialize(name.as_str().as_bytes()).collect();
    format!("/recordings/{what}?name={name}")
}

/// A recording for itself.
#[derive(Template)]
#[template(path = "recording.html")]
struct OnePage {
    f: Frame,
    name: String,
    listen: String,
    state: String,
    wrong: bool,
    facts: Vec<(&'static str, String)>,
    used: Vec<String>,
    cues: Vec<(String, String)>,
    take_off: bool,
}

/// The page of one recording.
pub(super) async fn one(ask: Asked) -> Answered {
    let ask = ask.0;
    if ask.fields.get("content").is_none() {
        return ask.page(show_one).await;
    }
    // Its file is opened: that waits for disks, as listening does, and takes no reader's turn.
    let one = |ask: &Ask| match unheard::content(ask)? {
        Some((name, content)) => unheard::page(ask, &name, content),
        None => render(&show_one(ask)?),
    };
    Ok(html_response(ask.carrying(one).await?))
}

fn show_one(ask: &Ask) -> Result<OnePage, Problem> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    let name = recording(ask)?;
    let (plan, library) = ask.programme()?;
    let cart = library.get(&name).ok_or(Problem::NoSuchRecording)?;
    let mut facts = Vec::new();
    let (state, wrong) = match cart {
        Cart::Ready(found) => {
            let level = |level: f64, unit: &str| format!("{} {unit}", terms::tenths(language, level));
            let span = |span| terms::length(language, span);
            facts.push((labels.length, span(found.duration())));
            facts.push((labels.format, pages::format(language, &found.format, found.rate, found.channels)));
            facts.extend(found.loudness_lufs.map(|lufs| (labels.loudness, level(lufs, "LUFS"))));
            facts.extend(found.true_peak_dbtp.map(|peak| (labels.true_peak, level(peak, "dBTP"))));
            facts.push((labels.silent_head, span(found.silent_head)));
            facts.push((labels.silent_tail, span(found.silent_tail)));
            facts.push((labels.longest_hole, span(found.longest_hole)));
            facts.push((labels.clipped, found.clipped.to_string()));
            facts.push((labels.fingerprint, found.sha256.to_string()));
            let damaged = found.missing_frames > 0;
            (if damaged { labels.damaged.to_owned() } else { labels.ready.to_owned() }, damaged)
        }
        Cart::Unmeasured => (labels.unmeasured.to_owned(), false),
        Cart::Faulty(fault) => (fault.say(language), true),
    };
    let now = ask.pages.clock.now();
    let cues = plan.cues(now, now + NEXT).into_iter();
    let cues = cues.filter(|cue| cue.fate.is_none() && cue.plays(&library).contains(&name));
    let cue = |cue: Cue| (terms::date_and_time(language, zone, cue.due), cue.slot.title.clone());
    let live = plan.versions.iter().filter(|version| version.until.is_none()).map(|one| &one.schedule);
    let mut used = Vec::new();
    for schedule in live {
        let plays = |slot: &&Arc<Slot>| matches!(&slot.play, Play::Carts(carts) if carts.contains(&name));
        let slots: Vec<&str> = schedule.slots.iter().filter(plays).map(|slot| slot.title.as_str()).collect();
        if !slots.is_empty() || schedule.played().any(|played| *played == name) {
            used.push(format!("{} ({}): {}", schedule.title, schedule.id, slots.join(", ")));
        }
    }
    Ok(OnePage {
        f: Frame::new(ask, Some(Place::Recordings), labels.recording.into()),
        listen: href("listen", &name),
        state,
        wrong,
        facts,
        used,
        cues: cues.take(CUES).map(cue).collect(),
        take_off: ask.visitor.account.is_some() && ask.visitor.may(Deed::TakeOff),
        name: name.to_string(),
    })
}

fn show(ask: &Ask) -> Result<RecordingsPage, Problem> {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let skip = ask.number("after", Field::Before, 1_000_000)?.unwrap_or(0) as usize;
    let wanted: String = ask.fields.get("name").unwrap_or_default().nfc().collect();
    let plain = wanted.to_lowercase();
    let (plan, library) = ask.pages.station.programme();
    let used = used(&plan);
    let mut fitting: Vec<(&CartName, &Cart)> =
        library.iter().filter(|(name, _)| name.as_str().to_lowercase().contains(&plain)).collect();
    fitting.sort_by_key(|(name, _)| *name);
    let rows = fitting.iter().skip(skip).take(ROWS).map(|(name, cart)| {
        let (length, loudness, state, wrong) = match cart {
            Cart::Ready(found) => (
                terms::length(language, found.duration()),
                found.loudness_lufs.map(|level| format!("{} LUFS", terms::tenths(language, level))),
                match found.missing_frames {
                    0 => labels.ready.to_owned(),
                    _ => labels.damaged.to_owned(),
                },
                found.missing_frames > 0,
            ),
            Cart::Unmeasured => (String::new(), None, labels.unmeasured.to_owned(), false),
            Cart::Faulty(fault) => (String::new(), None, fault.say(language), true),
        };
        let schedules: Vec<&str> = used.get(name).into_iter().flatten().copied().collect();
        RecordingShown {
            name: name.to_string(),
            length,
            loudness: loudness.unwrap_or_default(),
            state,
            wrong,
            used: schedules.join(", "),
            one: href("one", name),
            listen: href("listen", name),
        }
    });
    let more = (fitting.len() > skip + ROWS)
        .then(|| format!("/recordings?{}", ask.fields.with(&[("after", &(skip + ROWS).to_string())])));
    let waiting = match skip {
        0 => unheard::beside(language, &ask.pages.station.unheard(), &library, &plain),
        _ => Vec::new(),
    };
    Ok(RecordingsPage {
        waiting,
        rows: rows.collect(),
        f: Frame::new(ask, Some(Place::Recordings), labels.recordings.into()),
        wanted,
        more,
    })
}
