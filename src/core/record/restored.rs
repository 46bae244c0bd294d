//! What the journal says of itself after it was damaged, as values. Owns their shape; the file is `journal`'s.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A journal that was damaged and put together again from what was intact, or that goes on from a backup. Its entry follows the last intact one in the
/// chain, but its number lies above every number that is known to have been given: those between are lost, and none of
/// them is ever given again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// What was wrong with the file, in English.
    pub found: String,
    /// The name of the damaged file, which lies beside the journal; none: there was no file.
    pub set_aside: Option<String>,
    /// The names of the files that intact entries were taken from.
    pub sources: Vec<String>,
    /// The time of the last intact entry; none: there is none.
    pub intact_until: Option<DateTime<Utc>>,
    /// The highest number of an entry that is known to have been given.
    pub entries: u64,
    /// The highest number of an airing that is known to have been given.
    pub airings: u64,
    /// Whether it is certain that nothing is lost: every entry that the file is known to have held is intact.
    pub whole: bool,
    /// When the backup was made from which the station was put on another machine or back in its place; none: the journal
    /// was damaged. What the station wrote after it, if it ran on, is in no file that was at hand; numbers are left free for
    /// that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backup: Option<DateTime<Utc>>,
}

/// A stretch of the record that is lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The numbers of the first and of the last entry that are known to be lost; none: it is not known whether any is.
    pub entries: Option<(u64, u64)>,
    /// When the journal was restored.
    pub until: DateTime<Utc>,
    /// The entry that says so.
    pub restored: Restored,
}
