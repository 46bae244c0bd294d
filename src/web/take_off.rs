//! A recording taken off every schedule by a page, as by moving it into the folder for that; and the page after a stop, which
//! offers it for what was on air. Owns neither the stop nor what is taken off: that is the playout's and the inbox's.

use askama::Template;
use chrono::TimeDelta;

use super::Given;
use super::ask::{Answered, Ask, html_response, render};
use super::frame::{Frame, Said};
use super::listen::recording;
use super::orders::said;
use super::receive::Asked;
use crate::core::account::Deed;
use crate::core::airing::Airing;
use crate::core::page::Problem;
use crate::core::record::Visit;
use crate::journal::Filter;
use crate::words::pages;

/// What was stopped began within this: no airing is longer.
const BEGAN_WITHIN: TimeDelta = TimeDelta::days(1);
/// So many of the latest airings are looked at.
const LATEST: usize = 40;

/// A recording that can be taken off.
pub(super) struct Offered {
    name: String,
    /// Where it is taken off by whoever has to sign in first.
    after_login: String,
}

#[derive(Template)]
#[template(path = "stopped.html")]
struct StoppedPage {
    f: Frame,
    text: String,
    offered: Vec<Offered>,
    may: bool,
}

/// The recordings of what was stopped, by its title, as far as the library has them.
pub(super) fn offered(ask: &Ask, title: Option<&str>) -> Result<Vec<Offered>, Problem> {
    let filter = Filter { from: Some(ask.pages.clock.now() - BEGAN_WITHIN), ..Filter::default() };
    let latest = ask.pages.readers.ask(|reader| reader.airings(&filter, Some(LATEST)))?;
    let of_title = |airing: &&Airing| title == Some(airing.title.as_str()) && airing.started.is_some();
    let airing = latest.iter().filter(of_title).max_by_key(|airing| airing.started);
    let (_, library) = ask.pages.station.programme();
    let carts = airing.into_iter().flat_map(|airing| &airing.carts).map(|cart| &cart.file);
    let mut names: Vec<_> = carts.filter(|name| library.get(name).is_some()).collect();
    names.sort();
    names.dedup();
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let offered = names.into_iter().map(|name| {
        let page = format!("/recordings/one?name={}", encoded(name.as_str()));
        Offered { name: name.to_string(), after_login: format!("/login?next={}", encoded(&page)) }
    });
    Ok(offered.collect())
}

/// The page after a stop.
pub(super) fn stopped(ask: &Ask, given: &Given, offered: Vec<Offered>) -> Result<String, Problem> {
    let labels = pages::labels(ask.visitor.language);
    render(&StoppedPage {
        may: ask.visitor.account.is_some() && ask.visitor.may(Deed::TakeOff),
        text: said(ask, given),
        offered,
        f: Frame::new(ask, None, labels.result.into()),
    })
}

/// Takes a recording off every schedule.
pub(super) async fn take_off(ask: Asked) -> Answered {
    let html = ask.0.carrying(|ask| {
        let labels = pages::labels(ask.visitor.language);
        let Some((by, _)) = &ask.visitor.account else { return Err(Problem::NotSignedIn) };
        let file = recording(ask)?;
        match ask.pages.station.take_off(&file) {
            Ok(true) => {}
            Ok(false) => return Err(Problem::NoSuchRecording),
            Err(error) if error.kind() == std::io::ErrorKind::StorageFull => return Err(Problem::DiskFull),
            Err(error) => return Err(Problem::NotStored { found: error.to_string() }),
        }
        ask.pages.tell(vec![Visit::TookOff { name: by.clone(), file: file.clone() }]);
        render(&Said {
            f: Frame::new(ask, None, labels.result.into()),
            tone: "good",
            text: pages::taken_off(ask.visitor.language, file.as_str()),
            back: "/inbox",
        })
    });
    Ok(html_response(html.await?))
}
