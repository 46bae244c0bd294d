//! Files as sound: opens recordings, measures them, and joins them to a programme at the card's rate. Knows files, not
//! cards: nothing here is paced, opens a device or reads a clock.
//!
//! The path of a sample: [`decode`] (trimmed gapless, whatever the container) → [`mix`] (to stereo) → [`resample`] (to
//! the card's rate) → gain and [`limit`] → clamped to full scale. [`programme`] owns that order, [`mod@measure`] reads the
//! same decoder once through; which gain follows from that is `core::loudness`'s business.

mod aac;
mod container;
pub mod decode;
pub mod limit;
pub mod measure;
pub mod mix;
mod opus;
pub mod programme;
pub mod resample;
mod stream;

pub use measure::measure;
pub use programme::render;
