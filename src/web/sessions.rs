//! Who is signed in at the pages. Owns the sessions, in memory alone and by the hash of their secret, and when they end; a
//! restart of the station ends them all.

use std::collections::HashMap;
use std::time::Duration;

use crate::core::account::AccountName;
use crate::core::cart::Fingerprint;

/// A session that nobody uses for so long is over.
const IDLE: Duration = Duration::from_secs(60 * 60);
/// And any, after a day's work.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);
/// So many at most for one account; the oldest go.
const PER_ACCOUNT: usize = 20;

/// What a browser holds: 32 random bytes, in hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Secret(String);

impl Secret {
    /// A new one; none: the system gave no chance.
    pub(super) fn new() -> Option<Secret> {
        let mut random = [0u8; 32];
        getrandom::fill(&mut random).ok()?;
        Some(Secret(Fingerprint(random).to_string()))
    }

    /// The secret in a cookie, if it can be one.
    pub(super) fn from_cookie(text: &str) -> Option<Secret> {
        let fine = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        fine.then(|| Secret(text.to_owned()))
    }

    /// As the cookie has it.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    fn hash(&self) -> Fingerprint {
        Fingerprint::of(self.0.as_bytes())
    }
}

struct Session {
    name: AccountName,
    /// The account as it was: another password ends the session.
    mark: Fingerprint,
    begun: Duration,
    used: Duration,
}

/// The sessions.
#[derive(Default)]
pub(super) struct Sessions(HashMap<Fingerprint, Session>);

impl Sessions {
    /// Begins one at that steady time.
    pub(super) fn begin(&mut self, secret: &Secret, name: AccountName, mark: Fingerprint, at: Duration) {
        self.sweep(at);
        let mut own: Vec<(Duration, Fingerprint)> = self
            .0
            .iter()
            .filter(|(_, session)| session.name == name)
            .map(|(hash, session)| (session.begun, *hash))
            .collect();
        own.sort_by_key(|(begun, _)| *begun);
        let surplus = (own.len() + 1).saturating_sub(PER_ACCOUNT);
        own.iter().take(surplus).for_each(|(_, hash)| drop(self.0.remove(hash)));
        self.0.insert(secret.hash(), Session { name, mark, begun: at, used: at });
    }

    /// Whose that session is, and their mark when it began. `used`: somebody did something, and not a page by itself.
    pub(super) fn of(
        &mut self,
        secret: &Secret,
        at: Duration,
        used: bool,
    ) -> Option<(AccountName, Fingerprint)> {
        let session = self.0.get_mut(&secret.hash()).filter(|session| session.lives(at))?;
        if used {
            session.used = at;
        }
        Some((session.name.clone(), session.mark))
    }

    /// Ends one.
    pub(super) fn end(&mut self, secret: &Secret) {
        self.0.remove(&secret.hash());
    }

    fn sweep(&mut self, at: Duration) {
        self.0.retain(|_, session| session.lives(at));
    }
}

impl Session {
    fn lives(&self, at: Duration) -> bool {
        at.saturating_sub(self.used) < IDLE && at.saturating_sub(self.begun) < LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hours(hours: f64) -> Duration {
        Duration::from_secs_f64(hours * 3_600.0)
    }

    #[test]
    fn a_session_ends_when_nobody_uses_it_and_after_a_days_work() {
        let (mut sessions, secret) = (Sessions::default(), Secret::new().unwrap());
        let (name, mark) = (AccountName::new("a").unwrap(), Fingerprint([1; 32]));
        sessions.begin(&secret, name.clone(), mark, hours(0.0));
        assert!(sessions.of(&secret, hours(0.9), true).is_some());
        assert!(sessions.of(&secret, hours(1.8), false).is_some());
        assert!(sessions.of(&secret, hours(1.95), false).is_none(), "a page by itself keeps nothing alive");
        sessions.begin(&secret, name.clone(), mark, hours(2.0));
        for tenth in 21..140 {
            assert_eq!(sessions.of(&secret, hours(f64::from(tenth) / 10.0), true).is_some(), tenth < 140);
        }
        assert!(sessions.of(&secret, hours(14.0), true).is_none());
        sessions.begin(&secret, name, mark, hours(15.0));
        sessions.end(&secret);
        assert!(sessions.of(&secret, hours(15.0), true).is_none());
    }

    #[test]
    fn the_oldest_sessions_of_an_account_go() {
        let mut sessions = Sessions::default();
        let name = AccountName::new("a").unwrap();
        let secrets: Vec<Secret> = (0..25).map(|_| Secret::new().unwrap()).collect();
        for (at, secret) in secrets.iter().enumerate() {
            sessions.begin(secret, name.clone(), Fingerprint([0; 32]), Duration::from_secs(at as u64));
        }
        let living = |secret: &Secret| sessions.of(secret, Duration::from_secs(30), false).is_some();
        assert_eq!(secrets.iter().map(living).filter(|lives| *lives).count(), PER_ACCOUNT);
    }

    #[test]
    fn what_is_no_secret_of_ours_is_none() {
        assert!(Secret::from_cookie("").is_none());
        assert!(Secret::from_cookie(&"g".repeat(64)).is_none());
        assert!(Secret::from_cookie(Secret::new().unwrap().as_str()).is_some());
    }
}
