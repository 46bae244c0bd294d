//! What the journal says of drops and of approvals, as values. Owns their shape for ever, as [`super`] does.

use std::collections::BTreeMap;

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
