//! The page *Recordings*: what the library holds, as it was measured, and which schedules play it. Owns the list; nothing is
//! changed here.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use unicode_normalization::UnicodeNormalization;

use super::ask::{Answered, Ask};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::cart::{Cart, CartName};
use crate::core::page::{Field, Problem};
use crate::core::rundown::Plan;
use crate::core::schedule::Play;
use crate::words::{Say, pages, terms};

/// So many a page.
const ROWS: usize = 150;

struct RecordingShown {
    name: String,
    length: String,
    loudness: String,
    state: String,
    wrong: bool,
    used: String,
}

#[derive(Template)]
#[template(path = "recordings.html")]
struct RecordingsPage {
    f: Frame,
    wanted: String,
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
        }
    });
    let more = (fitting.len() > skip + ROWS)
        .then(|| format!("/recordings?{}", ask.fields.with(&[("after", &(skip + ROWS).to_string())])));
    Ok(RecordingsPage {
        rows: rows.collect(),
        f: Frame::new(ask, Some(Place::Recordings), labels.recordings.into()),
        wanted,
        more,
    })
}
