//! What stands around every page: the station's name, the other pages, who is signed in. Owns the frame that the templates
//! share, and the page that only says something.

use askama::Template;

use super::ask::Ask;
use super::visitor::word;
use crate::core::account::{Deed, Role};
use crate::core::language::Language;
use crate::words::pages::{self, Labels};

/// A page of the list of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Now,
    Rundown,
    Airings,
    Month,
    Inbox,
    Recordings,
    Orders,
    Themes,
    Reports,
}

impl Place {
    const ALL: [Place; 9] = [
        Place::Now,
        Place::Rundown,
        Place::Airings,
        Place::Month,
        Place::Themes,
        Place::Reports,
        Place::Inbox,
        Place::Recordings,
        Place::Orders,
    ];

    fn href(self) -> &'static str {
        match self {
            Place::Now => "/",
            Place::Rundown => "/rundown",
            Place::Airings => "/airings",
            Place::Month => "/month",
            Place::Inbox => "/inbox",
            Place::Recordings => "/recordings",
            Place::Orders => "/orders",
            Place::Themes => "/themes",
            Place::Reports => "/reports",
        }
    }

    pub(super) fn name(self, labels: &Labels) -> &'static str {
        match self {
            Place::Now => labels.now,
            Place::Rundown => labels.rundown,
            Place::Airings => labels.airings,
            Place::Month => labels.month,
            Place::Inbox => labels.inbox,
            Place::Recordings => labels.recordings,
            Place::Orders => labels.orders,
            Place::Themes => labels.themes,
            Place::Reports => labels.reports,
        }
    }
}

pub(super) struct Shown {
    pub(super) href: &'static str,
    pub(super) name: &'static str,
    pub(super) here: bool,
}

/// What the templates share.
pub(super) struct Frame {
    pub(super) w: &'static Labels,
    pub(super) lang: &'static str,
    pub(super) other_lang: &'static str,
    pub(super) other_name: &'static str,
    pub(super) other_href: String,
    pub(super) station: String,
    pub(super) zone: String,
    pub(super) sample: bool,
    pub(super) technician: Option<String>,
    pub(super) title: String,
    pub(super) places: Vec<Shown>,
    pub(super) account: Option<String>,
    pub(super) role: &'static str,
    pub(super) has_accounts: bool,
    pub(super) token: String,
    pub(super) may_stop: bool,
}

impl Frame {
    pub(super) fn new(ask: &Ask, here: Option<Place>, title: String) -> Frame {
        let (pages, visitor) = (&ask.pages, &ask.visitor);
        let language = visitor.language;
        let labels = pages::labels(language);
        // By the account: that whoever stands here may stop has its button on *Now*.
        let orders = |role: Role| Deed::ALL.iter().any(|deed| deed.is_order() && role.may(*deed));
        let orders = visitor.account.as_ref().is_some_and(|(_, role)| orders(*role));
        // Whoever has to sign in first is shown no doors that do not open.
        let inside = visitor.local || visitor.account.is_some();
        let shown = |place: &Place| inside && (*place != Place::Orders || orders);
        let places = Place::ALL.iter().filter(|place| shown(place)).map(|place| Shown {
            href: place.href(),
            name: place.name(labels),
            here: here == Some(*place),
        });
        let other = match language {
            Language::Vi => Language::En,
            Language::En => Language::Vi,
        };
        // A form that was sent cannot be sent again by an address.
        let other_href = match ask.sent {
            true => format!("/?language={}", word(other)),
            false => format!("{}?{}", ask.path, ask.fields.with(&[("language", word(other))])),
        };
        let station = &pages.config.station;
        let technician =
            station.technician.as_ref().filter(|_| inside).map(|name| match &station.telephone {
                Some(telephone) => format!("{name}, {telephone}"),
                None => name.clone(),
            });
        Frame {
            w: labels,
            lang: word(language),
            other_lang: word(other),
            other_name: pages::own_name(other),
            other_href,
            station: station.name.clone(),
            zone: station.time_zone.name().to_owned(),
            sample: station.sample,
            technician,
            title,
            places: places.collect(),
            account: visitor.account.as_ref().map(|(name, _)| name.to_string()),
            role: visitor.account.as_ref().map_or("", |(_, role)| pages::role(language, *role)),
            has_accounts: !pages.accounts().is_empty(),
            token: visitor.token(pages),
            may_stop: visitor.may(Deed::Stop),
        }
    }
}

/// A page that only says something.
#[derive(Template)]
#[template(path = "said.html")]
pub(super) struct Said {
    pub(super) f: Frame,
    pub(super) tone: &'static str,
    pub(super) text: String,
    pub(super) back: &'static str,
}
