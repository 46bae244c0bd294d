//! The card. [`output`] is the seam to the playout.
pub mod output;
