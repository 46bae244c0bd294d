//! Alarms as a letter, a letter a receiver: an address that is refused keeps nothing from the others. Owns the dialogue
//! with the mail server and the reading of the password, which is read anew for every letter and kept nowhere.

use std::io::{ErrorKind, Read};
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{CertificateStore, Tls, TlsParameters};
use lettre::{Address, SmtpTransport, Transport};

use super::{is_unknown_name, said};
use crate::core::fault::clip;
use crate::core::outbox::{MailServer, PasswordFault, Security, Undelivered};

/// A password is shorter than this; a file that is longer is no password file.
const LONGEST_PASSWORD: u64 = 4 * 1024;

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The station's name, before the sender's address.
    pub name: String,
    /// Its subject, one line.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// When it is written.
    pub at: DateTime<Utc>,
}

/// Sends a letter to one of the receivers and says what the server answered.
pub fn send(
    server: &MailServer,
    to: &str,
    letter: &Letter,
    patience: Duration,
) -> Result<String, Undelivered> {
    let message = compose(server, to, letter)?;
    let broken = |error: Error| undelivered(&server.server, &error, patience);
    let tls = || {
        let parameters = TlsParameters::builder(server.server.clone())
            .certificate_store(CertificateStore::Default)
            .build_rustls();
        parameters.map_err(broken)
    };
    let tls = match server.security {
        Security::StartTls => Tls::Required(tls()?),
        Security::Tls => Tls::Wrapper(tls()?),
        Security::Nothing => Tls::None,
    };
    let mut transport =
        SmtpTransport::builder_dangerous(&server.server).port(server.port).tls(tls).timeout(Some(patience));
    if let Some(login) = &server.login {
        let password = password(&login.password_file)?;
        transport = transport.credentials(Credentials::new(login.user.clone(), password));
    }
    let answer = transport.build().send(&message).map_err(broken)?;
    let words: Vec<&str> = answer.message().collect();
    Ok(said(format!("{} {}", answer.code(), words.join(" "))))
}

fn compose(server: &MailServer, to: &str, letter: &Letter) -> Result<Message, Undelivered> {
    let mailbox = |address: &str, name: Option<String>| {
        let bad = |error: lettre::address::AddressError| Undelivered::BadAddress {
            address: clip(address),
            found: error.to_string(),
        };
        Ok::<_, Undelivered>(Mailbox::new(name, address.parse::<Address>().map_err(bad)?))
    };
    let automatic = HeaderName::new_from_ascii_str("Auto-Submitted");
    Message::builder()
        .from(mailbox(&server.from, Some(letter.name.clone()))?)
        .to(mailbox(to, None)?)
        .subject(&letter.subject)
        .date(letter.at.into())
        .message_id(None)
        // Nobody's holiday reply is wanted (RFC 3834).
        .raw_header(HeaderValue::new(automatic, "auto-generated".into()))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.text.clone())
        .map_err(|error| Undelivered::Broken { found: said(error) })
}

fn undelivered(host: &str, error: &Error, patience: Duration) -> Undelivered {
    use std::error::Error as _;
    let host = host.to_owned();
    // The library says "Connection error"; what the system said stands behind it.
    let found = said(error.source().map_or_else(|| error.to_string(), ToString::to_string));
    let io = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    // A socket whose time is over says either, by the system.
    let over = |kind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut);
    if error.is_timeout() || io.is_some_and(|error| over(error.kind())) {
        Undelivered::TooSlow { host, seconds: patience.as_secs() }
    } else if io.is_some_and(is_unknown_name) {
        Undelivered::NoSuchHost { host }
    } else if error.is_tls() || found.contains("certificate") || found.contains("STARTTLS") {
        Undelivered::NotSecure { host, found }
    } else if error.is_client() {
        Undelivered::Broken { found: said(error) }
    } else if error.is_transient() || error.is_permanent() {
        Undelivered::Refused { host, answer: said(error) }
    } else {
        Undelivered::NotReached { host, found }
    }
}

/// The password: the first line of a file that only the station's user may read.
pub fn password(file: &Path) -> Result<String, Undelivered> {
    let fault = |why| Undelivered::Password { file: file.to_owned(), why };
    let unreadable = |error: std::io::Error| fault(PasswordFault::Unreadable { found: said(error) });
    // A pipe of that name would hold the task up for ever.
    let kind = std::fs::metadata(file).map_err(unreadable)?;
    if !kind.is_file() {
        return Err(fault(PasswordFault::Unreadable { found: "it is no file".into() }));
    }
    let open = std::fs::File::open(file).map_err(unreadable)?;
    // Of the file that is open, not of whatever has its name by now.
    let found = open.metadata().map_err(unreadable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = found.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(fault(PasswordFault::Open { mode }));
        }
    }
    if found.len() > LONGEST_PASSWORD {
        return Err(fault(PasswordFault::TooLong { limit: LONGEST_PASSWORD }));
    }
    let mut text = String::new();
    open.take(LONGEST_PASSWORD).read_to_string(&mut text).map_err(unreadable)?;
    let first = text.trim_start_matches('\u{feff}').lines().next().unwrap_or_default().trim_end();
    match first.is_empty() {
        true => Err(fault(PasswordFault::Empty)),
        false => Ok(first.to_owned()),
    }
}
