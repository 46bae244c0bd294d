//! Everything that people read, in Vietnamese and English. Owns the languages and the rendering of faults and states;
//! never decides anything.

use serde::{Deserialize, Serialize};

/// A language of the station or the reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

/// Something that can be said to a person. The English is the type's `Display` wherever it has one.
pub trait Say {
    /// The sentence in that language, without a full stop, with the remedy where there is one.
    fn say(&self, language: Language) -> String;
}
