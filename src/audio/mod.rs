//! The card: what airs is decoded ahead, placed on the card's clock to the frame, counted as it goes out, and told. Owns
//! threads, rings and the sound card; knows files only through [`crate::sound`].
//!
//! [`output`] is the seam to the playout, [`engine`] its real side. The path: `decoder` (a thread a deck) → ring of a
//! `deck` → `bus` in rodio's mixer → the callback of a `card`, or of the `virtual_card`; `timeline` says which frame is
//! heard when.

mod bus;
pub mod card;
mod deck;
mod decoder;
pub mod engine;
pub mod holders;
pub mod output;
mod timeline;
pub mod virtual_card;
