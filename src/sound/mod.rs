//! x
pub mod programme;
