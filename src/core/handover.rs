//! What a station's hand-over sheet is made from, as values: what the station is, where things are, whom to call, what airs.
//! Owns which facts the sheet has; it never holds a secret.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::account::{AccountName, Role};
use super::calendar::QuietHours;
use super::limits::Limits;
use super::record::Stamp;

/// The facts of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    /// The day that it is printed.
    pub day: NaiveDate,
    /// The station's zone.
    pub zone: Tz,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The version of the program.
    pub program: String,
    /// Whether it is a sample, which is never counted.
    pub sample: bool,
    /// The body above it, and whom reports go to.
    pub superior: Option<String>,
    /// Whom the reports go to.
    pub receiver: Option<String>,
    /// Where it is signed.
    pub place: Option<String>,
    /// The technician.
    pub technician: Option<String>,
    /// The technician's telephone.
    pub telephone: Option<String>,
    /// The sound cards, in order.
    pub cards: Vec<String>,
    /// The loudness that recordings are brought to, in LUFS; none: they air as they are.
    pub loudness: Option<f64>,
    /// How the amplifier is switched.
    pub amplifier: Amplifier,
    /// The quiet hours.
    pub quiet: QuietHours,
    /// How much may be heard.
    pub limits: Limits,
    /// Whether a person approves schedules by command.
    pub approval: bool,
    /// Where things are.
    pub where_is: Places,
    /// The journal's last entry; none: it never ran.
    pub head: Option<Stamp>,
    /// The last airing that was aired whole: when it began, and its title.
    pub last_aired: Option<(DateTime<Utc>, String)>,
    /// The offices that have a folder in the inbox.
    pub offices: Vec<String>,
    /// Who has an account.
    pub accounts: Vec<(AccountName, Role)>,
    /// E-mail addresses that are told of alarms.
    pub told: Vec<String>,
    /// Whether another program is told of alarms.
    pub webhook: bool,
    /// What airs in the seven days from that day.
    pub week: Vec<Regular>,
}

/// How the amplifier goes on and off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Amplifier {
    /// By hand, or it is always on.
    ByHand,
    /// By the station's command, so long before and after an airing.
    Switched {
        /// Before.
        before: Duration,
        /// After.
        after: Duration,
    },
}

/// Where things are, as this machine names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The configuration.
    pub config: String,
    /// The schedules.
    pub schedules: String,
    /// The recordings.
    pub audio: String,
    /// The inbox.
    pub inbox: String,
    /// The state, with the journal.
    pub state: String,
    /// The address of the pages; none: they are not served.
    pub page: Option<String>,
    /// The certificate of the pages.
    pub certificate: Option<CertificateAt>,
    /// The folder of the journal's daily backups.
    pub backups: String,
    /// The day of the newest.
    pub newest_backup: Option<NaiveDate>,
    /// How many are kept.
    pub kept: u32,
}

/// Something that airs again and again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regular {
    /// The civil time.
    pub time: NaiveTime,
    /// On which weekdays, Monday first.
    pub days: [bool; 7],
    /// Its title.
    pub title: String,
}

/// Rows of a week, at most: beyond, the pages show it.
pub const MOST_ROWS: usize = 24;

/// The certificate of the pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateAt {
    /// Its file.
    pub file: String,
    /// The last day on which it is good; none: it could not be read.
    pub ends: Option<NaiveDate>,
}
