//! How often somebody may try a password. Owns the count by name and by address, and what the journal is told, since nothing
//! is ever taken out of it: of failures at most one entry in half an hour for each account, of sign-ins one a minute.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use crate::core::account::AccountName;
use crate::core::record::Visit;

/// Failures are counted over this span.
const SPAN: Duration = Duration::from_secs(15 * 60);
/// So many for a name, from everywhere else than the station's own machine together: who guesses from afar must not keep the
/// technician out who stands before it.
const PER_NAME: u32 = 8;
/// So many from one address.
const PER_ADDRESS: u32 = 24;
/// The journal is told so often of failures for a name,
const TOLD_EVERY: Duration = Duration::from_secs(30 * 60);
/// and so often of an account that signs in.
const IN_EVERY: Duration = Duration::from_secs(60);
/// Whoever is not known yet waits so long while too many are being kept in mind.
const CROWDED: Duration = Duration::from_secs(60);
/// So many are kept in mind; while it is full, nobody new may try from afar.
const MOST: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum About {
    Name { name: AccountName, local: bool },
    Address(IpAddr),
}

/// From where somebody tries.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comer {
    pub(super) from: IpAddr,
    /// At the station's own machine, and not through another server on it.
    pub(super) local: bool,
}

#[derive(Clone, Copy)]
struct Count {
    since: Duration,
    times: u32,
}

struct Untold {
    times: u64,
    from: IpAddr,
    told: Option<Duration>,
}

/// The attempts of late.
#[derive(Default)]
pub(super) struct Attempts {
    counts: HashMap<About, Count>,
    untold: HashMap<Option<AccountName>, Untold>,
    /// When the journal was last told that an account signed in; as many as there are accounts.
    told_in: HashMap<AccountName, Duration>,
}

fn abouts(name: Option<&AccountName>, who: Comer) -> impl Iterator<Item = (About, u32)> {
    let of_name = name.map(|name| (About::Name { name: name.clone(), local: who.local }, PER_NAME));
    of_name.into_iter().chain([(About::Address(network(who.from)), PER_ADDRESS)])
}

/// Whoever has one address of version 6 has 2^64 of them.
fn network(from: IpAddr) -> IpAddr {
    match from {
        IpAddr::V4(_) => from,
        IpAddr::V6(six) => {
            let [a, b, c, d, ..] = six.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

impl Attempts {
    /// How long to wait before the next attempt; none: it may be tried now.
    pub(super) fn wait(&mut self, name: Option<&AccountName>, who: Comer, at: Duration) -> Option<Duration> {
        if self.counts.len() >= MOST {
            self.counts.retain(|_, count| at.saturating_sub(count.since) < SPAN);
        }
        let full = self.counts.len() >= MOST && !who.local;
        let waits = abouts(name, who).filter_map(|(about, most)| {
            // What cannot be counted must not be tried.
            let Some(count) = self.counts.get(&about) else { return full.then_some(CROWDED) };
            let age = at.saturating_sub(count.since);
            (count.times >= most && age < SPAN).then(|| SPAN - age)
        });
        waits.max()
    }

    /// Counts an attempt before its password is proved, so that many at once are counted too.
    pub(super) fn begun(&mut self, name: Option<&AccountName>, who: Comer, at: Duration) {
        for (about, _) in abouts(name, who) {
            if self.counts.len() >= MOST && !self.counts.contains_key(&about) {
                continue;
            }
            let count = self.counts.entry(about).or_insert(Count { since: at, times: 0 });
            if at.saturating_sub(count.since) >= SPAN {
                *count = Count { since: at, times: 0 };
            }
            count.times += 1;
        }
    }

    /// The password was right: the attempts for that name are forgotten, and this one of the address: whoever has an
    /// account guesses no more of others for it. Whether the journal is to be told.
    pub(super) fn succeeded(&mut self, name: &AccountName, who: Comer, at: Duration) -> bool {
        for (about, _) in abouts(Some(name), who) {
            match about {
                About::Name { .. } => drop(self.counts.remove(&about)),
                About::Address(_) => {
                    self.counts.entry(about).and_modify(|count| count.times = count.times.saturating_sub(1));
                }
            }
        }
        let last = self.told_in.get(name).copied();
        let due = last.is_none_or(|last| at.saturating_sub(last) >= IN_EVERY);
        if due {
            self.told_in.insert(name.clone(), at);
        }
        due
    }

    /// The password was wrong. `name` only where it is an account's.
    pub(super) fn failed(&mut self, name: Option<AccountName>, from: IpAddr) {
        let untold = self.untold.entry(name).or_insert(Untold { times: 0, from, told: None });
        untold.times += 1;
        untold.from = from;
    }

    /// What the journal is to be told now.
    pub(super) fn take_due(&mut self, at: Duration) -> Vec<Visit> {
        let due = |untold: &Untold| untold.told.is_none_or(|told| at.saturating_sub(told) >= TOLD_EVERY);
        let mut visits = Vec::new();
        for (name, untold) in self.untold.iter_mut().filter(|(_, untold)| untold.times > 0 && due(untold)) {
            let times = std::mem::take(&mut untold.times);
            visits.push(Visit::Failed { name: name.clone(), times, from: untold.from.to_string() });
            untold.told = Some(at);
        }
        self.untold.retain(|_, untold| untold.times > 0 || !due(untold));
        visits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FROM: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 7));
    const FAR: Comer = Comer { from: FROM, local: false };
    const HERE: Comer = Comer { from: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), local: true };

    fn name(text: &str) -> AccountName {
        AccountName::new(text).unwrap()
    }

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn who_guesses_waits_and_keeps_nobody_out_at_the_station_itself() {
        let mut attempts = Attempts::default();
        let binh = name("Bình");
        for at in 0..8 {
            assert_eq!(attempts.wait(Some(&binh), FAR, seconds(at)), None, "attempt {at}");
            attempts.begun(Some(&binh), FAR, seconds(at));
        }
        assert_eq!(attempts.wait(Some(&binh), FAR, seconds(10)), Some(seconds(890)));
        assert_eq!(attempts.wait(Some(&binh), HERE, seconds(10)), None);
        assert_eq!(attempts.wait(Some(&name("An")), FAR, seconds(10)), None);
        assert_eq!(attempts.wait(Some(&binh), FAR, seconds(900)), None);
        // A right password clears the name, and of the address its own attempt alone.
        attempts.begun(Some(&binh), HERE, seconds(10));
        assert!(attempts.succeeded(&binh, HERE, seconds(10)));
        assert!(!attempts.succeeded(&binh, HERE, seconds(60)), "the journal is told once a minute");
        assert!(
            attempts.wait(Some(&binh), FAR, seconds(10)).is_some(),
            "what is done here ends nothing there"
        );
        (0..17).for_each(|at| attempts.begun(Some(&name(&format!("n{at}"))), FAR, seconds(11)));
        assert!(attempts.wait(Some(&name("An")), FAR, seconds(12)).is_some(), "an address has its count");
        attempts.succeeded(&name("n1"), FAR, seconds(12));
        attempts.succeeded(&name("n2"), FAR, seconds(12));
        assert_eq!(attempts.wait(Some(&name("An")), FAR, seconds(12)), None);
    }

    #[test]
    fn the_journal_is_told_once_in_half_an_hour_however_often_somebody_tries() {
        let mut attempts = Attempts::default();
        attempts.failed(Some(name("Bình")), FROM);
        assert_eq!(attempts.take_due(seconds(0)).len(), 1);
        (0..50).for_each(|_| attempts.failed(Some(name("Bình")), FROM));
        assert!(attempts.take_due(seconds(1_799)).is_empty());
        let told = attempts.take_due(seconds(1_800));
        assert!(matches!(&told[..], [Visit::Failed { times: 50, .. }]), "{told:?}");
        assert!(attempts.take_due(seconds(9_000)).is_empty());
        assert!(attempts.untold.is_empty());
    }

    #[test]
    fn memory_is_bounded_and_who_cannot_be_counted_may_not_try() {
        let mut attempts = Attempts::default();
        let comer = |at: u32| Comer { from: IpAddr::V4(at.into()), local: false };
        for at in 0..MOST as u32 * 2 {
            attempts.begun(None, comer(at), seconds(1));
        }
        assert!(attempts.counts.len() <= MOST);
        assert_eq!(attempts.wait(None, comer(1), seconds(2)), None, "who is known may");
        assert!(attempts.wait(None, comer(MOST as u32 * 3), seconds(2)).is_some());
        assert_eq!(attempts.wait(None, HERE, seconds(2)), None, "the technician at the station may");
        assert_eq!(attempts.wait(None, comer(MOST as u32 * 3), SPAN + seconds(2)), None, "it empties");
    }
}
