//! Alarms as an HTTP POST. Owns the shape of its JSON, which is stable, and what counts as delivered: an answer of 2xx,
//! nothing else, no redirection either. The address is never logged or shown: it is often the only secret there is.

use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error};

use super::{is_unknown_name, said};
use crate::core::outbox::{Change, Tiding, Undelivered, WebAddress};

/// As much of an answer as is read.
const ANSWER: u64 = 4 * 1024;

/// Who tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Teller {
    /// The station's id.
    pub station: String,
    /// Its name.
    pub name: String,
    /// Its zone, for the times.
    pub zone: Tz,
}

#[derive(Serialize)]
struct Item<'a> {
    station: &'a str,
    name: &'a str,
    alarm: &'a str,
    about: &'a str,
    found: &'a str,
    /// `raised`, `standing` (told again), `over`; `test` by `loa alarms --test`.
    state: &'static str,
    since: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    over: Option<String>,
}

/// The body of a message: a list, an item an alarm.
pub fn json(teller: &Teller, tidings: &[Tiding]) -> String {
    let time = |at: DateTime<Utc>| at.with_timezone(&teller.zone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let items = tidings.iter().map(|tiding| {
        let (state, over) = match tiding.change {
            Change::Raised => ("raised", None),
            Change::Standing => ("standing", None),
            Change::Over { at } => ("over", Some(time(at))),
        };
        item(
            teller,
            &tiding.alarm.code,
            &tiding.alarm.about,
            &tiding.alarm.found,
            state,
            time(tiding.alarm.since),
            over,
        )
    });
    serde_json::to_string(&items.collect::<Vec<_>>()).unwrap_or_default()
}

/// The body of a test message.
pub fn test_json(teller: &Teller, found: &str, now: DateTime<Utc>) -> String {
    let since = now.with_timezone(&teller.zone).to_rfc3339_opts(SecondsFormat::Secs, false);
    let item = item(teller, "test", &teller.name, found, "test", since, None);
    serde_json::to_string(&[item]).unwrap_or_default()
}

fn item<'a>(
    teller: &'a Teller,
    alarm: &'a str,
    about: &'a str,
    found: &'a str,
    state: &'static str,
    since: String,
    over: Option<String>,
) -> Item<'a> {
    Item { station: &teller.station, name: &teller.name, alarm, about, found, state, since, over }
}

/// Posts a body and says what was answered. Nothing of the connection stays: a message goes out once in days.
pub fn post(address: &WebAddress, body: &str, patience: Duration) -> Result<String, Undelivered> {
    let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(patience))
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .user_agent(concat!("loa/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build()
        .into();
    let host = address.host();
    let request = agent.post(address.whole()).content_type("application/json; charset=utf-8");
    let mut answer = request.send(body).map_err(|error| undelivered(host, &error, patience))?;
    let status = answer.status();
    // What stands in the body explains a refusal; that it cannot be read changes nothing.
    let text =
        answer.body_mut().with_config().limit(ANSWER).lossy_utf8(true).read_to_string().unwrap_or_default();
    let reason = status.canonical_reason().unwrap_or_default();
    let answer = said(format!("{} {reason} {}", status.as_u16(), text.trim()).trim());
    match status.is_success() {
        true => Ok(answer),
        false => Err(Undelivered::Refused { host: host.into(), answer }),
    }
}

fn undelivered(host: &str, error: &Error, patience: Duration) -> Undelivered {
    let host = host.to_owned();
    let not_secure = |host, found: String| Undelivered::NotSecure { host, found };
    match error {
        Error::HostNotFound => Undelivered::NoSuchHost { host },
        Error::Timeout(_) => Undelivered::TooSlow { host, seconds: patience.as_secs() },
        Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => not_secure(host, said(error)),
        Error::Io(error) if is_unknown_name(error) => Undelivered::NoSuchHost { host },
        Error::Io(error) => Undelivered::NotReached { host, found: said(error) },
        Error::Tls(found) => not_secure(host, said(found)),
        Error::Rustls(found) => not_secure(host, said(found)),
        Error::BadUri(_) | Error::Http(_) => {
            Undelivered::BadAddress { address: host, found: "it cannot be read as a web address".into() }
        }
        other => Undelivered::NotReached { host, found: said(other) },
    }
}
