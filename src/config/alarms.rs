//! Reads `[alarms]`: by which ways people who are far away are told of alarms. Owns its limits and defaults; it opens no
//! password file: that is done for each letter.

use std::path::Path;
use std::time::Duration;

use super::read::Table;
use super::{ConfigFault, EMAIL_KEYS};
use crate::core::document::{Fields, Sheet};
use crate::core::fault::clip;
use crate::core::outbox::{Login, MailServer, Pace, Security, WebAddress};

/// `[alarms]`: who is told of alarms, and how soon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AlarmKeys {
    /// `webhook`: where each message is posted as JSON. Default none.
    pub webhook: Option<WebAddress>,
    /// `[alarms.email]`: the mail server, and who is written to; none: nobody.
    pub email: Option<MailServer>,
    /// `after`: an alarm that is over sooner is not told, 0 s–1 h, default 2 min; and `remind`: what still stands is told
    /// again after this, 1 h–30 days, default 24 h.
    pub pace: Pace,
}

pub(super) fn read(fields: &Table<'_, '_>, sheet: &Sheet<'_, ConfigFault>, root: &Path) -> Option<AlarmKeys> {
    let webhook = fields.text("webhook").and_then(|text| {
        let address = WebAddress::parse(text.value);
        if address.is_none() {
            fields.tell(text.at, || ConfigFault::BadWebhook);
        }
        address
    });
    let usual = Pace::default();
    let hours = |hours: u64| Duration::from_secs(hours * 3_600);
    let pace = Pace {
        after: fields.span("after", Duration::ZERO, hours(1)).unwrap_or(usual.after),
        remind: fields.span("remind", hours(1), hours(30 * 24)).unwrap_or(usual.remind),
    };
    let email = match fields.table("email") {
        Some(table) => {
            let email = Fields::new(sheet, table.value, table.at, "[alarms.email]", EMAIL_KEYS);
            email.tell_unknown();
            Some(read_email(&email, root)?)
        }
        None => None,
    };
    Some(AlarmKeys { webhook, email, pace })
}

fn read_email(fields: &Table<'_, '_>, root: &Path) -> Option<MailServer> {
    let security = fields.word("security", &["starttls", "tls", "none"], |word| match word {
        "starttls" => Some(Security::StartTls),
        "tls" => Some(Security::Tls),
        "none" => Some(Security::Nothing),
        _ => None,
    });
    let security = security.unwrap_or_default();
    let port = fields.integer("port", 1, 65_535).and_then(|port| u16::try_from(port).ok());
    let user = fields.text("user");
    let file = fields.text("password_file");
    let login = match (user, file) {
        (Some(user), Some(file)) => {
            if security == Security::Nothing {
                fields.tell(user.at, || ConfigFault::PasswordInTheOpen);
            }
            Some(Login { user: user.value.to_owned(), password_file: root.join(file.value) })
        }
        (Some(_), None) => fields.need("password_file", None),
        (None, Some(_)) => fields.need("user", None),
        (None, None) => None,
    };
    let server = fields.need("server", fields.text("server"));
    let address = |key: &'static str, at: usize, text: &str| {
        if !is_address(text) {
            fields.tell(at, || ConfigFault::BadAddress { key, found: clip(text) });
        }
        text.to_owned()
    };
    let from = fields.need("from", fields.text("from")).map(|from| address("from", from.at, from.value));
    let to = fields.need("to", fields.texts("to"));
    let to: Option<Vec<String>> =
        to.map(|to| to.into_iter().map(|one| address("to", one.at, one.value)).collect());
    // Whoever is named twice gets one letter.
    let mut seen = std::collections::HashSet::new();
    let to = to.map(|to| to.into_iter().filter(|one| seen.insert(one.to_lowercase())).collect());
    Some(MailServer {
        server: server?.value.to_owned(),
        port: port.unwrap_or(security.usual_port()),
        security,
        login,
        from: from?,
        to: to?,
    })
}

/// Whether a text can be an e-mail address at all; the mail server knows the rest. Letters with diacritics are in none that
/// every mail server takes.
fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    let fine = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with('.');
    let plain = text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>' | ',' | ';' | '"'));
    plain && parts.is_some_and(|(user, host)| fine(user) && fine(host) && !host.contains('@'))
}
