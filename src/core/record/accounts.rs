//! What the journal holds of accounts: who may do what since when, and who came in. Owns the words of these entries; no
//! password and no hash is ever in one, and no name that belongs to nobody: people type passwords into the wrong field.

use serde::{Deserialize, Serialize};

use crate::core::account::{AccountName, Role};
use crate::core::airing::ScheduleId;
use crate::core::cart::{CartName, Fingerprint};

/// What happened to an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum AccountChange {
    /// It is new.
    Added {
        /// What it may do.
        role: Role,
    },
    /// Its role is another.
    Role {
        /// What it may do.
        role: Role,
    },
    /// Its password is another.
    Password,
    /// It is gone.
    Removed,
}

/// Somebody at the door of the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "visit", rename_all = "snake_case")]
pub enum Visit {
    /// Signed in.
    In {
        /// Who.
        name: AccountName,
        /// From which address.
        from: String,
    },
    /// Signed out.
    Out {
        /// Who.
        name: AccountName,
    },
    /// Wrong passwords, since the entry before it that says so.
    Failed {
        /// For which account; none: for names that belong to nobody.
        name: Option<AccountName>,
        /// How often.
        times: u64,
        /// From which address, the latest.
        from: String,
    },
    /// Sent a file into the inbox; its drop follows as an entry of its own.
    Uploaded {
        /// Who.
        name: AccountName,
        /// For which office; none: into the inbox itself.
        office: Option<String>,
        /// What the file is called there.
        file: String,
        /// How long it is.
        bytes: u64,
    },
    /// Changed a schedule for one day; the version follows, or waits for an approval.
    Changed {
        /// Who.
        name: AccountName,
        /// Which schedule.
        schedule: ScheduleId,
        /// SHA-256 of its text with the change.
        text: Fingerprint,
    },
    /// Had a recording taken off every schedule; its drop follows as an entry of its own.
    TookOff {
        /// Who.
        name: AccountName,
        /// Which recording.
        file: CartName,
    },
}
