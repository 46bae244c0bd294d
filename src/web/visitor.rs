//! Who asks for a page: from where, signed in as whom, in which language, and by which name of the station. Owns the cookies
//! and the marks of forms; decides nothing about what may be done.

use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderValue, header};

use super::door::Peer;
use super::sessions::Secret;
use super::{Pages, hold};
use crate::core::account::{AccountName, Deed, Role};
use crate::core::cart::Fingerprint;
use crate::core::language::Language;

const SESSION: &str = "loa-session";
const VISIT: &str = "loa-visit";
const LANGUAGE: &str = "loa-language";
/// A year, in seconds.
const YEAR: u32 = 31_536_000;

/// Whoever asks.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The language to speak.
    pub(super) language: Language,
    /// From where.
    pub(super) from: IpAddr,
    /// At the station's own machine.
    pub(super) local: bool,
    /// Signed in as.
    pub(super) account: Option<(AccountName, Role)>,
    /// The secret of the session, else of the visit.
    pub(super) secret: Secret,
    /// The visit is new: its cookie is to be set.
    pub(super) fresh: bool,
    /// The language was chosen just now.
    pub(super) chose: bool,
}

impl Visitor {
    /// Reads it off a request. `used`: a person asked, and not a page by itself. None: the system gives no chance.
    pub(super) fn of(
        pages: &Pages,
        headers: &HeaderMap,
        peer: Peer,
        chosen: Option<Language>,
        used: bool,
    ) -> Option<Visitor> {
        let session = cookie(headers, SESSION).and_then(Secret::from_cookie).and_then(|secret| {
            let (name, mark) = hold(&pages.sessions).of(&secret, pages.steady(), used)?;
            let accounts = pages.accounts();
            // Another password, or none any more, ends the session.
            let account = accounts.get(&name).filter(|account| account.mark() == mark)?;
            Some((secret, (name, account.role)))
        });
        let kept = cookie(headers, LANGUAGE).and_then(language);
        let visit = cookie(headers, VISIT).and_then(Secret::from_cookie);
        let (secret, account, fresh) = match (session, visit) {
            (Some((secret, account)), _) => (secret, Some(account), false),
            (None, Some(secret)) => (secret, None, false),
            (None, None) => (Secret::new()?, None, true),
        };
        // Behind another server everybody seems to be here.
        let forwarded =
            ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via"]
                .iter()
                .any(|name| headers.contains_key(*name));
        let named_local = host(headers).is_some_and(|host| is_loopback(name_of(host)));
        Some(Visitor {
            language: chosen.or(kept).unwrap_or(pages.config.station.language),
            from: peer.0,
            local: peer.0.is_loopback() && named_local && !forwarded,
            account,
            secret,
            fresh,
            chose: chosen.is_some(),
        })
    }

    /// Whether they may do it.
    pub(super) fn may(&self, deed: Deed) -> bool {
        let by_role = self.account.as_ref().is_some_and(|(_, role)| role.may(deed));
        // Whoever stands before the station may silence it.
        by_role || (deed == Deed::Stop && self.local)
    }

    /// The mark that a form of theirs carries.
    pub(super) fn token(&self, pages: &Pages) -> String {
        token(&pages.secret, &self.secret)
    }

    /// The cookies to be set.
    pub(super) fn cookies(&self, pages: &Pages) -> Vec<HeaderValue> {
        let mut cookies = Vec::new();
        if self.fresh {
            cookies.extend(set(pages, VISIT, self.secret.as_str(), None));
        }
        if self.chose {
            cookies.extend(set(pages, LANGUAGE, word(self.language), Some(YEAR)));
        }
        cookies
    }
}

fn token(of_run: &Secret, of_visit: &Secret) -> String {
    Fingerprint::of(format!("form {} {}", of_run.as_str(), of_visit.as_str()).as_bytes()).to_string()
}

/// The cookie of a session.
pub(super) fn session_cookie(pages: &Pages, secret: &Secret) -> Option<HeaderValue> {
    set(pages, SESSION, secret.as_str(), None)
}

/// The cookie that ends a session.
pub(super) fn no_session(pages: &Pages) -> Option<HeaderValue> {
    set(pages, SESSION, "", Some(0))
}

fn set(pages: &Pages, name: &str, value: &str, seconds: Option<u32>) -> Option<HeaderValue> {
    let secure = if pages.config.page.certificate.is_some() { "; Secure" } else { "" };
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict{secure}{age}")).ok()
}

fn cookie<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value)
}

/// A language by its word.
pub(super) fn language(word: &str) -> Option<Language> {
    match word {
        "vi" => Some(Language::Vi),
        "en" => Some(Language::En),
        _ => None,
    }
}

/// The word of a language.
pub(super) fn word(language: Language) -> &'static str {
    match language {
        Language::Vi => "vi",
        Language::En => "en",
    }
}

/// The name and port by which the station was asked for.
pub(super) fn host(headers: &HeaderMap) -> Option<&str> {
    let mut hosts = headers.get_all(header::HOST).iter();
    let only = hosts.next().filter(|_| hosts.next().is_none())?;
    only.to_str().ok()
}

/// The name without the port.
fn name_of(host: &str) -> &str {
    match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((six, _)) => six,
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    }
}

fn is_loopback(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Whether a name is one that a page of elsewhere cannot have been loaded from: else it could point its own name at this
/// machine and read, or stop, in the name of whoever looks at it. `here`: the pages are served to this machine alone.
pub(super) fn is_ours(host: &str, here: bool, tls: bool) -> bool {
    let name = name_of(host).trim_end_matches('.').to_ascii_lowercase();
    if is_loopback(&name) {
        return true;
    }
    if here || name.is_empty() {
        return false;
    }
    let of_the_house = [".local", ".lan", ".home.arpa", ".internal"].iter().any(|end| name.ends_with(end));
    tls || name.parse::<IpAddr>().is_ok() || !name.contains('.') || of_the_house
}

/// Whether what was sent came from a page of this very station, by what the browser says of it.
pub(super) fn came_from_ours(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text("sec-fetch-site").is_none_or(|site| site == "same-origin");
    let Some(host) = host(headers) else { return false };
    let same = |address: &str| {
        let rest = address.strip_prefix("http://").or_else(|| address.strip_prefix("https://"));
        rest.and_then(|rest| rest.split(['/', '?', '#']).next())
            .is_some_and(|of| of.eq_ignore_ascii_case(host))
    };
    // A browser that says nothing at all of where it comes from is not trusted with orders.
    site && text("origin").or_else(|| text("referer")).is_some_and(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            (axum::http::HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
        };
        pairs.iter().map(pair).collect()
    }

    #[test]
    fn a_name_that_another_site_could_have_is_not_ours() {
        for ours in ["127.0.0.1:8080", "localhost", "LOCALHOST:80", "[::1]:8080", "127.0.0.1.:1"] {
            assert!(is_ours(ours, true, false), "{ours}");
        }
        for strange in
            ["loa.evil.example:8080", "192.168.1.5:8080", "", "127.0.0.1.evil.example", "localhost.evil"]
        {
            assert!(!is_ours(strange, true, false), "{strange}");
        }
        for ours in ["192.168.1.5:8080", "may-phat:8080", "may-phat.local", "[fd00::1]:80"] {
            assert!(is_ours(ours, false, false), "{ours}");
        }
        assert!(!is_ours("evil.example", false, false) && is_ours("loa.example.vn", false, true));
    }

    #[test]
    fn what_is_sent_must_come_from_a_page_of_this_station() {
        let came = |pairs: &[(&'static str, &str)]| {
            let mut all = vec![("host", "127.0.0.1:8080")];
            all.extend(pairs);
            came_from_ours(&headers(&all))
        };
        assert!(came(&[("origin", "http://127.0.0.1:8080")]));
        assert!(came(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "same-origin")]));
        assert!(came(&[("referer", "http://127.0.0.1:8080/orders?x=1")]));
        assert!(!came(&[]));
        assert!(!came(&[("origin", "null")]));
        assert!(!came(&[("origin", "http://127.0.0.1:9090")]), "another port is another site");
        assert!(!came(&[("origin", "http://evil.example")]));
        assert!(!came(&[("referer", "http://evil.example/http://127.0.0.1:8080/")]));
        assert!(!came(&[("origin", "http://127.0.0.1:8080"), ("sec-fetch-site", "cross-site")]));
        assert!(!came(&[("origin", "http://evil.example"), ("referer", "http://127.0.0.1:8080/")]));
    }
}
