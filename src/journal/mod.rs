//! The journal: the one record of what the station did. Owns the file, its layout and its proof; takes in the entries
//! of [`crate::core::record`], never decides which to write.
//!
//! Only `entry` is append-only and hash-chained. The as-run log, the versions of schedules and the skips are derived
//! from it in the same transaction by one function, which `verify` and `rebuild` use as well. The pulse and the cache
//! of measurements stand outside the chain. `schema.sql` and the upgrades beside it are the document of the layout.
//!
//! One process writes, the holder of [`lock::StationLock`], through [`Journal`]; any number read through [`Reader`].

mod answers;
pub mod backup;
mod by_hand;
mod carts;
mod chain;
#[cfg(test)]
mod cost;
mod counting;
mod derive;
mod emergencies;
mod error;
mod file;
mod glance;
mod going_on;
mod listing;
pub mod lock;
mod reader;
mod refusals;
pub mod reserve;
mod restore;
mod themes;
mod verify;
mod writer;

pub use carts::KnownCart;
pub use chain::Noted;
pub use error::{Fault, JournalError, Refusal};
pub use going_on::go_on;
pub use reader::{Counts, Filter, Reader};
pub use restore::{open_or_restore, suspect};
pub use verify::{Flaw, Verdict, rebuild, verify};
pub use writer::Journal;
