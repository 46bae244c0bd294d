//! Findings about the station's pages: where they are served, and how well what passes is kept from others. Owns how grave
//! each is.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Grade, Nature, Subject};

/// A certificate that ends within this is told of: time for an office to have it renewed.
pub const CERTIFICATE_ENDS_SOON: TimeDelta = TimeDelta::days(21);

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Page {
    /// None are served, as the config has it.
    Nowhere,
    /// This machine alone reaches them.
    Here {
        /// Where.
        address: SocketAddr,
    },
    /// Other machines reach them, over TLS.
    Protected {
        /// Where.
        address: SocketAddr,
        /// Until when the certificate is good.
        ends: DateTime<Utc>,
    },
    /// Other machines reach them, and whoever is on the way reads passwords.
    Unprotected {
        /// Where.
        address: SocketAddr,
    },
    /// The certificate ends soon, or has ended.
    Ending {
        /// Its file.
        file: PathBuf,
        /// When.
        ends: DateTime<Utc>,
        /// It has.
        over: bool,
    },
    /// The certificate or its key cannot be used.
    CertificateFaulty {
        /// Which file, and what was found, in English.
        found: String,
    },
}

impl Page {
    /// What a certificate that is good until `ends` comes to at `now`, for pages that others reach or that only this
    /// machine does.
    pub fn of_certificate(
        address: SocketAddr,
        file: PathBuf,
        ends: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Page {
        if ends - now < CERTIFICATE_ENDS_SOON {
            return Page::Ending { file, ends, over: ends <= now };
        }
        if address.ip().is_loopback() { Page::Here { address } } else { Page::Protected { address, ends } }
    }

    pub(super) fn nature(&self) -> Nature {
        let (grade, code) = match self {
            Page::Nowhere => (Grade::Ok, "no_page"),
            Page::Here { .. } => (Grade::Ok, "page_here"),
            Page::Protected { .. } => (Grade::Ok, "page_protected"),
            Page::Unprotected { .. } => (Grade::Attention, "page_unprotected"),
            Page::Ending { over: false, .. } => (Grade::Attention, "certificate_ends"),
            Page::Ending { over: true, .. } => (Grade::Wrong, "certificate_over"),
            Page::CertificateFaulty { .. } => (Grade::Wrong, "certificate_faulty"),
        };
        Nature { subject: Subject::Page, grade, code }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_told_of_three_weeks_before_it_ends() {
        let now: DateTime<Utc> = "2026-11-24T05:00:00Z".parse().unwrap();
        let code = |address: &str, days: i64| {
            let ends = now + TimeDelta::days(days);
            Page::of_certificate(address.parse().unwrap(), "trang.crt".into(), ends, now).nature().code
        };
        assert_eq!(code("0.0.0.0:8080", 90), "page_protected");
        assert_eq!(code("127.0.0.1:8080", 21), "page_here");
        assert_eq!(code("127.0.0.1:8080", 20), "certificate_ends");
        assert_eq!(code("0.0.0.0:8080", 0), "certificate_over");
        assert_eq!(code("0.0.0.0:8080", -3), "certificate_over");
    }
}
