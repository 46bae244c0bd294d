//! Why the station's pages do not do what they are asked, as values. Owns the list, with the HTTP status of each; the words
//! are [`crate::words`]' alone, since whoever reads them chose the language.

use std::time::Duration;

use super::account::Deed;
use super::period::PeriodError;

/// Why a page, or what was sent to one, is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no such page.
    NoSuchPage,
    /// The journal has no such airing.
    NoSuchAiring,
    /// A page that is only read was sent something, or the other way round.
    WrongMethod,
    /// More was sent than any form of ours holds.
    TooMuch,
    /// What was sent did not come whole.
    NotWhole,
    /// The pages were asked for under a name that is not this station's.
    StrangeName,
    /// A language that the pages do not have.
    NoSuchLanguage,
    /// A field holds what it cannot.
    BadField {
        /// Which.
        field: Field,
        /// What was found, clipped.
        found: String,
    },
    /// A span of days that ends before it begins.
    Backwards,
    /// The answer would be too long.
    TooManyRows {
        /// The most.
        most: usize,
    },
    /// No period of a report.
    Period(PeriodError),
    /// A list beside the config is faulty, or a form could not be laid out.
    Lists {
        /// What was found, in the reader's language.
        found: String,
    },
    /// What was sent came from another site's page.
    StrangeOrigin,
    /// What was sent has not the mark of a page of ours, or of an old one.
    NoToken,
    /// One has to sign in first.
    NotSignedIn,
    /// The account may not do this.
    NotAllowed(Deed),
    /// Name and password belong to no account; which of the two is wrong is not told.
    WrongPassword,
    /// Too many attempts.
    TooManyAttempts {
        /// When it may be tried again.
        wait: Duration,
    },
    /// Too much is being asked at once.
    Crowded,
    /// The playout does not answer.
    PlayoutSilent,
    /// The journal could not be read.
    Journal {
        /// What was found.
        found: String,
    },
    /// No file was chosen.
    NothingSent,
    /// A file is longer than the station takes.
    TooLarge {
        /// The most, in bytes.
        limit: u64,
    },
    /// The disk has no room for it.
    DiskFull,
    /// It could not be stored.
    NotStored {
        /// What was found.
        found: String,
    },
    /// A recording could not be read.
    NotRead {
        /// What was found.
        found: String,
    },
    /// Of that slot nothing is due any more on that day.
    NoCueLeft,
    /// No receipt of that number is kept.
    NoSuchReceipt,
    /// The library has no such recording.
    NoSuchRecording,
    /// No recording waits for approval in that content, or none any longer.
    WaitsNoMore,
    /// What waits of a schedule is not what the form's page showed.
    WaitsOtherwise,
    /// It took too long.
    TookTooLong,
    /// The program failed.
    Failed,
}

/// A field of a form or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The first day.
    From,
    /// The last day.
    To,
    /// How many days.
    Days,
    /// A month.
    Month,
    /// An outcome.
    Outcome,
    /// Where a list goes on.
    Before,
    /// A recording.
    Recording,
    /// A cue.
    Cue,
    /// For how long.
    Minutes,
    /// How often.
    Every,
    /// A schedule.
    Schedule,
    /// A period.
    Period,
    /// A form.
    Form,
    /// A layout.
    Layout,
    /// A day.
    Date,
    /// When something began.
    Began,
    /// How long something was.
    Length,
    /// An office.
    Office,
    /// A civil day.
    Day,
    /// A civil time.
    Time,
    /// What changes.
    Action,
    /// A slot of a schedule.
    Slot,
    /// The fingerprint of a recording.
    Content,
}

impl Problem {
    /// The status by which HTTP tells it.
    pub fn status(&self) -> u16 {
        match self {
            Problem::NoSuchPage
            | Problem::NoSuchAiring
            | Problem::NoSuchReceipt
            | Problem::NoSuchRecording => 404,
            Problem::WaitsNoMore => 410,
            Problem::WaitsOtherwise => 409,
            Problem::WrongMethod => 405,
            Problem::TooMuch | Problem::TooLarge { .. } => 413,
            Problem::DiskFull => 507,
            Problem::StrangeName => 421,
            Problem::NotWhole
            | Problem::NothingSent
            | Problem::NoCueLeft
            | Problem::NoSuchLanguage
            | Problem::BadField { .. }
            | Problem::Backwards
            | Problem::Period(_)
            | Problem::TooManyRows { .. } => 400,
            Problem::StrangeOrigin | Problem::NoToken | Problem::NotAllowed(_) | Problem::WrongPassword => {
                403
            }
            Problem::NotSignedIn => 401,
            Problem::TooManyAttempts { .. } => 429,
            Problem::Lists { .. } => 500,
            Problem::Crowded
            | Problem::PlayoutSilent
            | Problem::Journal { .. }
            | Problem::NotRead { .. }
            | Problem::NotStored { .. }
            | Problem::TookTooLong => 503,
            Problem::Failed => 500,
        }
    }
}
