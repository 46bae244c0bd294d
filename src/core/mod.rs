//! The station's rules, pure: given the time, the rundown and what is on air, what happens next and what it is
//! called. Nothing here reads a clock, a file or a card, and nothing here imports from another room.

pub mod account;
pub mod airing;
pub mod amplifier;
pub mod archive;
pub mod as_json;
pub mod board;
pub mod calendar;
pub mod card;
pub mod cart;
pub mod checkup;
pub mod continuity;
pub mod document;
pub mod drops;
pub mod emergency;
pub mod fault;
pub mod form;
pub mod handover;
pub mod handwritten;
pub mod language;
pub mod limits;
pub mod loudness;
pub mod order;
pub mod outbox;
pub mod page;
pub mod paper;
pub mod pattern;
pub mod period;
pub mod preview;
pub mod record;
pub mod report;
pub mod restart;
pub mod rundown;
pub mod schedule;
pub mod standing;
pub mod trust;
pub mod workbook;

/// The largest span that the program waits without looking at the wall clock again: a step of the clock is noticed
/// at the latest after this long, also where the system does not report it.
pub const LOOK_AGAIN: std::time::Duration = std::time::Duration::from_secs(2);
