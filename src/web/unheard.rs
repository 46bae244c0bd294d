//! What waits for approval, to be heard before: beside the forms of *Orders*, on *Recordings*, and each on a page of its own.
//! Owns how it is shown, and the seal by which an approval covers the recordings that its page showed.

use std::fmt::Write as _;
use std::fs::File;

use askama::Template;

use super::ask::{Ask, bad};
use super::frame::{Frame, Place};
use super::recordings::href;
use crate::core::account::Deed;
use crate::core::airing::ScheduleId;
use crate::core::cart::{Cart, CartName, Fingerprint, Library};
use crate::core::language::Language;
use crate::core::page::{Field, Problem};
use crate::web::folders::Unheard;
use crate::words::{pages, terms};

/// A recording that waits, as a list has it.
pub(super) struct UnheardShown {
    pub(super) name: String,
    pub(super) length: String,
    pub(super) schedules: String,
    /// Its page, and what is heard there; none: it cannot be heard yet.
    pub(super) links: Option<(String, String)>,
}

impl UnheardShown {
    fn of(language: Language, unheard: &Unheard) -> UnheardShown {
        let schedules: Vec<&str> = unheard.schedules.iter().map(ScheduleId::as_str).collect();
        let link = |what, content| format!("{}&content={content}", href(what, &unheard.name));
        UnheardShown {
            name: unheard.name.to_string(),
            length: unheard.length.map(|length| terms::length(language, length)).unwrap_or_default(),
            schedules: schedules.join(", "),
            links: unheard.content.map(|content| (link("one", content), link("listen", content))),
        }
    }
}

fn of_schedule<'a>(
    unheard: &'a [Unheard],
    schedule: &'a ScheduleId,
) -> impl Iterator<Item = &'a Unheard> + use<'a> {
    unheard.iter().filter(move |one| one.schedules.contains(schedule))
}

/// What waits with a schedule.
pub(super) fn with(language: Language, unheard: &[Unheard], schedule: &ScheduleId) -> Vec<UnheardShown> {
    of_schedule(unheard, schedule).map(|one| UnheardShown::of(language, one)).collect()
}

/// What waits and is not in the library in that content, where it would be heard like any other.
pub(super) fn beside(
    language: Language,
    unheard: &[Unheard],
    library: &Library,
    name: &str,
) -> Vec<UnheardShown> {
    let lies_there = |one: &&Unheard| match library.get(&one.name) {
        Some(Cart::Ready(found)) => one.content == Some(found.sha256),
        Some(Cart::Unmeasured) => one.content.is_none(),
        Some(Cart::Faulty(_)) | None => false,
    };
    let wanted = unheard.iter().filter(|one| !lies_there(one));
    let wanted = wanted.filter(|one| one.name.as_str().to_lowercase().contains(name));
    wanted.map(|one| UnheardShown::of(language, one)).collect()
}

/// What stands in the form for approving, of all that its page shows: another seal, and something else would be approved
/// than could be heard. None where nothing waits to be heard.
pub(super) fn seal(unheard: &[Unheard], schedule: &ScheduleId) -> Option<String> {
    let mut text = String::new();
    for one in of_schedule(unheard, schedule) {
        let content = one.content.map(|content| content.to_string()).unwrap_or_default();
        let _ = writeln!(text, "{content} {}", one.name);
    }
    (!text.is_empty()).then(|| Fingerprint::of(text.as_bytes()).to_string())
}

/// The content that the address names; none: whatever the library has is meant.
pub(super) fn content(ask: &Ask) -> Result<Option<(CartName, Fingerprint)>, Problem> {
    let Some(content) = ask.fields.get("content") else { return Ok(None) };
    let content = content.parse().map_err(|()| bad(Field::Content, content))?;
    let name = ask.fields.get("name").unwrap_or_default();
    let name = CartName::new(name).map_err(|_| bad(Field::Recording, name))?;
    Ok(Some((name, content)))
}

/// The recording that waits in that content.
pub(super) fn open(ask: &Ask, name: &CartName, content: &Fingerprint) -> Result<File, Problem> {
    let opened = ask.pages.station.unheard_recording(name, content);
    let opened = opened.map_err(|error| Problem::NotRead { found: error.to_string() })?;
    opened.ok_or(Problem::WaitsNoMore)
}

/// A recording that waits, for itself.
#[derive(Template)]
#[template(path = "unheard.html")]
struct UnheardPage {
    f: Frame,
    name: String,
    listen: String,
    facts: Vec<(&'static str, String)>,
    /// The one of that name that the library has.
    former: Option<String>,
    decides: bool,
}

/// The page of a recording that waits.
pub(super) fn page(ask: &Ask, name: &CartName, content: Fingerprint) -> Result<String, Problem> {
    // What cannot be heard is said at once, and not by a player that stays silent.
    drop(open(ask, name, &content)?);
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let waiting = ask.pages.station.unheard();
    let is_it = |one: &&Unheard| one.name == *name && one.content == Some(content);
    let unheard = waiting.iter().find(is_it).ok_or(Problem::WaitsNoMore)?;
    let shown = UnheardShown::of(language, unheard);
    let mut facts = Vec::new();
    if !shown.length.is_empty() {
        facts.push((labels.length, shown.length));
    }
    facts.push((labels.waits_with, shown.schedules));
    facts.push((labels.fingerprint, content.to_string()));
    let (_, library) = ask.pages.station.programme();
    let is_other = matches!(library.get(name), Some(Cart::Ready(found)) if found.sha256 != content);
    super::ask::render(&UnheardPage {
        f: Frame::new(ask, Some(Place::Recordings), labels.waiting_recording.into()),
        name: shown.name,
        listen: format!("{}&content={content}", href("listen", name)),
        facts,
        former: is_other.then(|| href("one", name)),
        decides: ask.visitor.account.is_some() && ask.visitor.may(Deed::Approve),
    })
}
