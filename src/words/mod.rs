//! Everything that people read, in Vietnamese and English. Owns the rendering of faults and states; never decides
//! anything.

pub mod archive;
pub mod board;
pub mod cards;
pub mod checkup;
pub mod complaints;
pub mod conditions;
pub mod disk;
pub mod emergencies;
pub mod fault;
pub mod handover;
pub mod handwritten;
pub mod notices;
pub mod orders;
pub mod outbox;
pub mod pages;
pub mod receipts;
pub mod refused;
pub mod report;
pub mod restart;
pub mod returned;
pub mod setup;
pub mod targets;
pub mod template;
pub mod terms;
pub mod workbook;

mod cues;

pub use crate::core::language::Language;

/// Something that can be said to a person. The English is the type's `Display` wherever it has one.
pub trait Say {
    /// The sentence in that language, without a full stop, with the remedy where there is one.
    fn say(&self, language: Language) -> String;
}
