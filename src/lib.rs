//! Loa airs recorded programmes on a station's sound card exactly when the schedule says, writes down what really
//! went out, and turns that record into reports.

pub mod audio;
pub mod clock;
pub mod core;
pub mod journal;
pub mod sound;
pub mod playout;
pub mod words;
