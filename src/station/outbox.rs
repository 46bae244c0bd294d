//! Puts the outbox to work: the ways of the config, the station's words, and the task that looks whether there is
//! something to tell. Owns nothing but the wiring; the playout does not know that it exists.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::alarms::Alarms;
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::core::cart::Fingerprint;
use crate::core::outbox::{Message, Standing, Undelivered, Way, WayStanding};
use crate::core::paper::{Contact, Paper};
use crate::outbox::email::{self, Letter};
use crate::outbox::webhook::{self, Teller};
use crate::outbox::{Courier, Dispatch, PATIENCE};
use crate::words;

/// So often it is looked whether there is something to tell.
const LOOK: Duration = Duration::from_secs(1);
/// After a start every part of the station that looks by itself has raised its alarms anew within this.
const SETTLED: Duration = Duration::from_secs(120);

/// How the ways stand, for `loa status`.
pub(super) type Ways = Arc<Mutex<Vec<WayStanding>>>;

/// Everybody who is told, by the config.
struct Addressees<'a> {
    config: &'a Config,
    contact: Contact,
    teller: Teller,
}

impl<'a> Addressees<'a> {
    fn new(config: &'a Config) -> Self {
        let station = &config.station;
        Addressees {
            config,
            contact: Contact {
                station: station.name.clone(),
                technician: station.technician.clone(),
                telephone: station.telephone.clone(),
            },
            teller: Teller {
                station: station.id.clone(),
                name: station.name.clone(),
                zone: station.time_zone,
            },
        }
    }

    fn couriers(&self) -> Vec<Courier> {
        let (language, zone) = (self.config.station.language, self.config.station.time_zone);
        let webhook = self.config.alarms.webhook.clone().map(|address| {
            let (to, teller) = (address.host().to_owned(), self.teller.clone());
            let mark = format!("{to} {}", Fingerprint::of(address.whole().as_bytes()));
            let send = move |message: &Message, _| {
                webhook::post(&address, &webhook::json(&teller, &message.tidings), PATIENCE)
            };
            Courier { way: Way::Webhook, to, mark, send: Box::new(send) }
        });
        let letters = self.config.alarms.email.iter().flat_map(|server| {
            server.to.iter().map(move |to| {
                let (server, to, contact) = (server.clone(), to.clone(), self.contact.clone());
                let shown = to.clone();
                let send = move |message: &Message, now| {
                    let subject = words::outbox::subject(language, &contact, message);
                    let paper = words::outbox::letter(language, zone, &contact, now, message);
                    email::send(&server, &to, &letter(&contact, subject, &paper, now), PATIENCE)
                };
                Courier { way: Way::Email, mark: shown.clone(), to: shown, send: Box::new(send) }
            })
        });
        webhook.into_iter().chain(letters).collect()
    }
}

fn letter(contact: &Contact, subject: String, paper: &Paper, at: DateTime<Utc>) -> Letter {
    let text = crate::export::text::text(paper);
    // The mark is for Notepad; a letter says its encoding itself.
    let text = text.trim_start_matches('\u{feff}').to_owned();
    Letter { name: contact.station.clone(), subject, text, at }
}

/// The task that tells of alarms; none: the config names nobody.
pub(super) fn task(
    config: &Config,
    alarms: Arc<Alarms>,
    clock: Arc<SystemClock>,
    ways: Ways,
    stop: impl Fn() -> bool + Send + 'static,
) -> Option<impl FnOnce() + Send + 'static> {
    let couriers = Addressees::new(config).couriers();
    if couriers.is_empty() {
        return None;
    }
    let pace = config.alarms.pace;
    let mut dispatch = Dispatch::open(config.paths.state.join("outbox.json"), pace, couriers);
    let show = move |dispatch: &Dispatch| {
        *ways.lock().unwrap_or_else(PoisonError::into_inner) = dispatch.standing();
    };
    show(&dispatch);
    Some(move || {
        crate::clock::yield_to_others();
        let began = clock.read().steady;
        let look = || {
            let standing = alarms.all().into_iter().map(|alarm| Standing {
                code: alarm.code,
                about: alarm.about,
                found: alarm.found,
                since: alarm.since,
            });
            standing.collect()
        };
        while !stop() {
            let settled = clock.read().steady.saturating_sub(began) >= SETTLED.max(pace.after);
            dispatch.turn(look, |code| settled && alarms.were_looked_for(code), || clock.now());
            show(&dispatch);
            std::thread::sleep(LOOK);
        }
    })
}

/// Sends a test message to everybody whom the config names; what each server answered, by whom it was sent to.
pub fn test(config: &Config, now: DateTime<Utc>) -> Vec<(String, Result<String, Undelivered>)> {
    let addressees = Addressees::new(config);
    let (language, contact) = (config.station.language, &addressees.contact);
    let (subject, found) = words::outbox::test(language, contact);
    let webhook = config.alarms.webhook.as_ref().map(|address| {
        let body = webhook::test_json(&addressees.teller, found, now);
        (address.host().to_owned(), webhook::post(address, &body, PATIENCE))
    });
    let paper = words::outbox::test_letter(language, contact);
    let letter = letter(contact, subject, &paper, now);
    let letters = config.alarms.email.iter().flat_map(|server| {
        let letter = &letter;
        server.to.iter().map(move |to| (to.clone(), email::send(server, to, letter, PATIENCE)))
    });
    webhook.into_iter().chain(letters).collect()
}
