//! What the journal says of drops, of approvals and of refusals, as values. Owns their shape for ever, as [`super`] does.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint};
use crate::core::drops::{DropId, Sender, Verdict, WhyReturned};

/// A drop into the inbox and what was decided about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The drop.
    pub id: DropId,
    /// Who dropped it.
    pub sender: Sender,
    /// Its name below the sender's folder.
    pub file: String,
    /// SHA-256 of what was dropped, where it could be read.
    pub sha256: Option<Fingerprint>,
    /// What was decided.
    pub verdict: Verdict,
    /// The recording or the schedule that it is, where it is one.
    pub subject: Option<String>,
    /// SHA-256 of what was taken over: the recording as it is stored, the text of the schedule.
    pub content: Option<Fingerprint>,
    /// Why it was returned, each reason in a word; empty in journals older than the words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub why: Vec<WhyReturned>,
    /// What was found wrong, or what is awaited, in English, one line a finding.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// It came by the folder for emergencies and airs by an emergency order only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub emergency: bool,
}

/// A person's approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The schedule.
    pub schedule: ScheduleId,
    /// SHA-256 of the text of the version.
    pub text: Fingerprint,
    /// Its recordings as far as they were there, with the content that is approved.
    pub carts: BTreeMap<CartName, Fingerprint>,
    /// Who approved it.
    pub by: String,
    /// The newest receipt that the approver had read, where it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<DropId>,
}

/// That a person refused what waited of a schedule. What was approved before stays live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The schedule.
    pub schedule: ScheduleId,
    /// Its title.
    pub title: String,
    /// SHA-256 of the text that waited; none where only recordings waited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Fingerprint>,
    /// The recordings that waited, with the content that is refused.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub carts: BTreeMap<CartName, Fingerprint>,
    /// The drops that brought it, which are answered once more. The same content dropped later is another request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drops: Vec<RefusedDrop>,
    /// Who refused.
    pub by: String,
    /// Why, for the office.
    pub why: String,
    /// The newest receipt that the refuser had read, where it was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<DropId>,
}

/// A drop of which something is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedDrop {
    /// The drop.
    pub id: DropId,
    /// Who dropped it.
    pub sender: Sender,
    /// Its name below the sender's folder.
    pub file: String,
}

/// A refusal as it stands in the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotedRefusal {
    /// The number of its entry.
    pub seq: u64,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// What it says.
    pub refused: Refused,
}
