//! The languages of the people at the stations. Owns the list; the texts are in `words`.

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
