//! How many may be connected to the pages at once: from this machine, from all others, and from each of those. Owns the
//! counting alone. What comes from afar keeps nobody at the station from stopping what is on air, and one address from afar
//! keeps no other out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use super::hold;

/// So many connections from this machine.
const FROM_HERE: usize = 128;
/// So many from all others together,
const FROM_AFAR: usize = 256;
/// and so many from one address of those. A browser opens six at most, and a whole office may share an address.
const FROM_ONE: usize = 32;

/// Who has a place: loopback counts as one caller.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Caller {
    Here,
    Afar(IpAddr),
}

impl Caller {
    /// A machine with IPv6 has a whole network of addresses (/64) to come from, and counts as one.
    fn of(address: IpAddr) -> Caller {
        match address.to_canonical() {
            address if address.is_loopback() => Caller::Here,
            IpAddr::V6(six) => {
                let network = u128::from(six) >> 64 << 64;
                Caller::Afar(Ipv6Addr::from(network).into())
            }
            four => Caller::Afar(four),
        }
    }
}

/// The places, taken and free.
#[derive(Clone, Default)]
pub(super) struct Room(Arc<Mutex<HashMap<Caller, usize>>>);

/// A place; it is free again when this is dropped.
pub(super) struct Place {
    room: Room,
    caller: Caller,
}

impl Room {
    /// A place for a connection from there; none where there are too many already.
    pub(super) fn place(&self, from: IpAddr) -> Option<Place> {
        let caller = Caller::of(from);
        let mut taken = hold(&self.0);
        let own = taken.get(&caller).copied().unwrap_or(0);
        let here = taken.get(&Caller::Here).copied().unwrap_or(0);
        let is_free = match caller {
            Caller::Here => own < FROM_HERE,
            Caller::Afar(_) => own < FROM_ONE && taken.values().sum::<usize>() - here < FROM_AFAR,
        };
        is_free.then(|| {
            *taken.entry(caller).or_default() += 1;
            Place { room: self.clone(), caller }
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = hold(&self.room.0);
        if let Some(count) = taken.get_mut(&self.caller) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(room: &Room, from: &str) -> Vec<Place> {
        let from: IpAddr = from.parse().unwrap();
        std::iter::from_fn(|| room.place(from)).take(1_000).collect()
    }

    #[test]
    fn one_address_from_afar_leaves_room_for_others_and_for_the_station_itself() {
        let room = Room::default();
        let greedy = taken(&room, "10.0.0.7");
        assert_eq!(greedy.len(), FROM_ONE);
        assert_eq!(taken(&room, "::ffff:10.0.0.7").len(), 0, "the same address in another coat");
        assert_eq!(taken(&room, "10.0.0.8").len(), FROM_ONE);
        assert_eq!(taken(&room, "127.0.0.1").len(), FROM_HERE);
        drop(greedy);
        assert_eq!(taken(&room, "10.0.0.7").len(), FROM_ONE, "places are free again");
        assert!(hold(&room.0).is_empty(), "nobody is remembered who is gone");
    }

    #[test]
    fn all_from_afar_together_leave_room_for_the_station_itself() {
        let room = Room::default();
        let many: Vec<Place> = (1..100).flat_map(|n| taken(&room, &format!("10.0.0.{n}"))).collect();
        assert_eq!(many.len(), FROM_AFAR);
        let (here, six) = (taken(&room, "127.0.0.1"), taken(&room, "::1"));
        assert_eq!(here.len() + six.len(), FROM_HERE);
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one() {
        let room = Room::default();
        let one = taken(&room, "2001:db8:0:1::1");
        assert_eq!((one.len(), taken(&room, "2001:db8:0:1::2").len()), (FROM_ONE, 0));
        assert_eq!(taken(&room, "2001:db8:0:2::1").len(), FROM_ONE);
    }
}
