//! Where messages go: a mail server, and the address of a webhook. Owns what may be shown of an address.

use std::path::PathBuf;

/// A mail server and who writes to whom by it, `[alarms.email]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or address.
    pub server: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: Security,
    /// The account; none: the server takes letters without one.
    pub login: Option<Login>,
    /// The sender's address.
    pub from: String,
    /// The receivers' addresses; never empty.
    pub to: Vec<String>,
}

/// An account at a mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Login {
    /// Its name.
    pub user: String,
    /// The file whose first line is its password; only the station's user may read it.
    pub password_file: PathBuf,
}

/// How the connection to a mail server is kept secret.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// `starttls`: open first, encrypted before anything is said. The default.
    #[default]
    StartTls,
    /// `tls`: encrypted from the first byte.
    Tls,
    /// `none`: for a server in the same house; no password goes over it.
    Nothing,
}

impl Security {
    /// The port where such servers listen.
    pub fn usual_port(self) -> u16 {
        match self {
            Security::StartTls => 587,
            Security::Tls => 465,
            Security::Nothing => 25,
        }
    }
}

/// Where a webhook listens: `http://` or `https://`, a host, and whatever follows. What follows may be a secret, so that
/// only the host is ever shown.
#[derive(Clone, PartialEq, Eq)]
pub struct WebAddress(String);

impl WebAddress {
    /// Reads an address; none: it is none, or it holds a name and a password (which belong in no config).
    pub fn parse(text: &str) -> Option<WebAddress> {
        let address = WebAddress(text.to_owned());
        let plain = text.chars().all(|c| c.is_ascii_graphic());
        let host = address.authority()?;
        let named = host.split(':').next().is_some_and(|name| !name.is_empty()) && !host.contains('@');
        (plain && named).then_some(address)
    }

    fn authority(&self) -> Option<&str> {
        let rest = self.0.strip_prefix("https://").or_else(|| self.0.strip_prefix("http://"))?;
        rest.split(['/', '?', '#']).next()
    }

    /// The host, with its port where one is written.
    pub fn host(&self) -> &str {
        self.authority().unwrap_or_default()
    }

    /// The whole address, for the request alone.
    pub fn whole(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for WebAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebAddress({}/…)", self.host())
    }
}
