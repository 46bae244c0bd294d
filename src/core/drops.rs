//! What offices drop into the inbox and what becomes of it, as values: sender, drop, receipt. Owns the complaints with
//! which a drop is returned; never touches a file and never words an answer.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::airing::{ScheduleId, SlotId, closed_list};
use super::cart::{CartFault, CartName, CartNameError, Fingerprint, Measurement};
use super::fault::Located;
use super::preview::Preview;
use super::report::targets::{TargetsAnswer, TargetsRefused};
use super::workbook::CellFault;

mod why;

pub use why::WhyReturned;

/// Who dropped: the office, by the name of its folder in the inbox; none for what lies in the inbox itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sender(Option<Arc<str>>);

impl Sender {
    /// The office of that folder.
    pub fn office(folder: &str) -> Sender {
        Sender(Some(folder.into()))
    }

    /// The name of its folder, as it is spelled on disk; none for the inbox itself.
    pub fn folder(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// What its recording is called in the library: each office has a namespace of its own, so that the `REC001.wav`
    /// of one never replaces that of another.
    pub fn cart(&self, inner: &str) -> Result<CartName, CartNameError> {
        match &self.0 {
            Some(folder) => CartName::new(&format!("{folder}/{inner}")),
            None => CartName::new(inner),
        }
    }
}

/// The number of a drop: when it was taken up and a word of its content, e.g. `20261124-051203-3f9a1c`. Sorts by time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DropId(pub Arc<str>);

impl fmt::Display for DropId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

closed_list! {
    /// What a receipt says at its head.
    Verdict {
        /// ĐÃ TIẾP NHẬN: taken, and nothing is missing.
        Accepted = "accepted",
        /// CHỜ BỔ SUNG: taken and live; cues lack recordings, each with its deadline.
        Incomplete = "incomplete",
        /// CHỜ DUYỆT: right, and live only when a person says so.
        Waiting = "waiting",
        /// ĐÃ GỠ: taken off the schedule.
        Withdrawn = "withdrawn",
        /// TRẢ LẠI: not taken; why, and how to mend it.
        Returned = "returned",
    }
}

/// The answer to one drop.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The drop.
    pub id: DropId,
    /// Who dropped it.
    pub sender: Sender,
    /// Its name below the sender's folder, as dropped.
    pub file: String,
    /// When it was answered.
    pub at: DateTime<Utc>,
    /// SHA-256 of what was dropped, where it could be read.
    pub sha256: Option<Fingerprint>,
    /// The answer.
    pub answer: Answer,
}

/// What became of a drop.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A recording is in the library.
    Recording(Box<RecordingAnswer>),
    /// A schedule is live, or will be.
    Schedule(Box<ScheduleAnswer>),
    /// The plan's targets are those of the drop.
    Targets(Box<TargetsAnswer>),
    /// Something is taken off.
    Withdrawn(Withdrawn),
    /// Nothing was taken, for these reasons; never empty.
    Returned(Vec<Complaint>),
}

impl Receipt {
    /// What it says at its head.
    pub fn verdict(&self) -> Verdict {
        match &self.answer {
            Answer::Recording(answer)
                if !answer.awaits.is_empty() || answer.emergency == Some(EmergencyTaken::Waits) =>
            {
                Verdict::Waiting
            }
            Answer::Recording(_) => Verdict::Accepted,
            Answer::Schedule(answer) if !answer.holds.is_empty() => Verdict::Waiting,
            Answer::Schedule(answer) if !answer.preview.missing.is_empty() => Verdict::Incomplete,
            Answer::Schedule(_) | Answer::Targets(_) => Verdict::Accepted,
            Answer::Withdrawn(_) => Verdict::Withdrawn,
            Answer::Returned(_) => Verdict::Returned,
        }
    }
}

/// The answer to a recording that was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordingAnswer {
    /// What it is called in the library.
    pub name: CartName,
    /// What measuring found.
    pub found: Measurement,
    /// It was converted from this format, since Loa cannot decode it well.
    pub converted_from: Option<String>,
    /// How it stands to what the library had.
    pub news: News,
    /// What the office should know of it; it airs all the same.
    pub remarks: Vec<Remark>,
    /// It does not air until a person approves it with one of these schedules, of which an approval covers it; empty: it
    /// airs.
    pub awaits: Vec<ScheduleId>,
    /// The cues of the coming days that play it, the soonest first.
    pub airs: Vec<Airs>,
    /// Where none of them does: the first cue after them.
    pub later: Option<Airs>,
    /// It is in no schedule at all, now or later.
    pub unscheduled: bool,
    /// It came by the folder for emergencies, and this is done about it.
    pub emergency: Option<EmergencyTaken>,
}

/// What is done about a recording that came by the folder for emergencies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmergencyTaken {
    /// It waits for a person's order.
    Waits,
    /// It airs at once, by the station's own order.
    AtOnce {
        /// How long the order stands.
        time: Duration,
        /// How often it repeats.
        every: Duration,
    },
}

/// How a dropped recording stands to what the library had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// No recording of that name was there.
    New,
    /// The very same content was there under the same name.
    Same,
    /// The very same content is there under this name too.
    SameAs(CartName),
    /// It replaces other content of the same name from the next preroll on; the old is kept.
    Replaces,
}

/// Something about a recording that the office should know.
#[derive(Clone, Debug, PartialEq)]
pub enum Remark {
    /// It begins with so much silence.
    SilentHead(Duration),
    /// It ends with so much silence.
    SilentTail(Duration),
    /// It falls silent in the middle for so long.
    Hole(Duration),
    /// So many samples are clipped: it was recorded too loudly.
    Clipped(u64),
    /// It is so soft (LUFS) that bringing it up will bring up its noise.
    Soft(f64),
    /// So much of it could not be decoded; the rest airs.
    Damaged(Duration),
    /// Its length, which is unusual for a programme.
    Long(Duration),
    /// These live schedules of the office play the station's common recording of that name.
    CommonAirs(Vec<ScheduleId>),
}

/// A cue that plays a recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Airs {
    /// The title of its slot.
    pub title: String,
    /// The planned instant.
    pub due: DateTime<Utc>,
    /// The expected start, where it will not be at its due.
    pub expected: Option<DateTime<Utc>>,
}

/// The answer to a schedule that was found right.
#[derive(Clone, Debug, PartialEq)]
pub struct ScheduleAnswer {
    /// Its id.
    pub id: ScheduleId,
    /// Its title.
    pub title: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day, where there is one.
    pub until: Option<NaiveDate>,
    /// Approver and document, as the schedule names them.
    pub approval: Option<String>,
    /// It replaces a version that is live.
    pub replaces: bool,
    /// Why it is not live yet; empty: it is.
    pub holds: Vec<Hold>,
    /// What changes in the coming days.
    pub preview: Preview,
    /// What is told of it though it is right.
    pub notices: Vec<Located>,
}

/// Why a right schedule, or a recording of it, does not air yet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "hold", rename_all = "snake_case")]
pub enum Hold {
    /// This station airs nothing that was not approved with `loa approve`.
    Approval,
    /// The same recording in the same hour stands in another schedule: two offices sent the same programme.
    SameHour {
        /// The recording.
        file: CartName,
        /// The first day on which they meet.
        date: NaiveDate,
        /// The slot of this schedule.
        slot: SlotId,
        /// The other schedule.
        other: ScheduleId,
        /// Its slot.
        other_slot: SlotId,
    },
    /// The schedule is live; new content of this recording waits, and what was approved before airs.
    NewContent {
        /// The recording.
        file: CartName,
    },
    /// The schedule is live; this recording came into its folder only after the schedule was approved, and does not air yet.
    NewRecording {
        /// The recording.
        file: CartName,
    },
    /// The schedule is live; what lies in the folder of recordings under this name is not what was approved and does not
    /// air.
    NotApproved {
        /// The recording.
        file: CartName,
    },
}

/// What was taken off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withdrawn {
    /// A schedule, with how many cues of the coming days fall away.
    Schedule {
        /// Its id.
        id: ScheduleId,
        /// How many cues of the coming 7 days.
        cues: usize,
    },
    /// A recording, with the cues of the coming days that played it.
    Recording {
        /// Its name.
        name: CartName,
        /// Those cues.
        cues: Vec<Airs>,
    },
}

/// Why a drop is returned. Each has its remedy.
#[derive(Clone, Debug, PartialEq)]
pub enum Complaint {
    /// A recording that cannot air.
    Recording(CartFault),
    /// The bytes are something else than the name says, e.g. a picture named .mp3; in a word: `png`.
    NotSound {
        /// What it is.
        found: &'static str,
    },
    /// Nothing in it.
    Empty,
    /// Larger than the station takes.
    TooLarge {
        /// Bytes found.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Longer than the station takes.
    TooLong {
        /// Its length.
        length: Duration,
        /// The limit.
        limit: Duration,
    },
    /// A format that needs `ffmpeg`, which is not installed.
    NeedsFfmpeg {
        /// The format, e.g. `wma`.
        format: String,
    },
    /// `ffmpeg` could not convert it.
    NotConverted {
        /// The format.
        format: String,
        /// What `ffmpeg` said, one line.
        found: String,
    },
    /// A name that no file of the library can have on every system.
    BadName(BadName),
    /// A document to be read by people: Word, PDF, a picture.
    Document {
        /// Its ending, e.g. `docx`.
        ending: String,
    },
    /// A file that Loa has no use for.
    NoUse {
        /// Its ending; empty where it has none.
        ending: String,
    },
    /// A link, a pipe or a device: only files are taken.
    NoFile,
    /// It cannot be read.
    Unreadable {
        /// What the system said.
        found: String,
    },
    /// Its reader failed on it.
    NotUnderstood,
    /// A schedule of which no cue is left.
    NoCue {
        /// Its first day.
        from: NaiveDate,
        /// Its last day.
        until: Option<NaiveDate>,
    },
    /// A schedule in TOML with faults.
    Schedule(Vec<Located>),
    /// A workbook with faults, each with sheet, row and column.
    Workbook(Vec<CellFault>),
    /// Targets that are faulty or that this station does not take.
    Targets(TargetsRefused),
    /// In the folder for emergencies: only a recording can air at once.
    NoEmergency,
    /// In the folder for taking off: nothing of that name is in the library, no schedule with that id is live.
    NothingToWithdraw,
}

/// Why a name cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadName {
    /// It is no name of a recording.
    Cart(CartNameError),
    /// Windows reserves it (CON, NUL, LPT1 …), or it ends with a dot or a space, or holds one of `<>:"|?*`.
    Windows,
    /// It is longer than 200 bytes.
    Long,
    /// It is not Unicode.
    NotUnicode,
    /// It lies more than eight folders deep.
    Deep,
}

/// The names of the inbox's own folders and files, in the station's language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboxNames {
    /// Where accepted drops are put: `Đã nhận`.
    pub accepted: &'static str,
    /// Where returned drops are put: `Trả lại`.
    pub returned: &'static str,
    /// Where receipts are put: `Phiếu báo`.
    pub receipts: &'static str,
    /// What is moved here is taken off: `Gỡ khỏi lịch`.
    pub withdraw: &'static str,
    /// What is dropped here is to air at once: `Khẩn cấp`.
    pub emergency: &'static str,
    /// Yesterday, alarms and the coming days: `lich-phat.html`.
    pub board: &'static str,
    /// There for as long as something is wrong: `CẢNH BÁO.txt`.
    pub alarm: &'static str,
}

/// The names in Vietnamese.
pub const VIETNAMESE_NAMES: InboxNames = InboxNames {
    accepted: "Đã nhận",
    returned: "Trả lại",
    receipts: "Phiếu báo",
    withdraw: "Gỡ khỏi lịch",
    emergency: "Khẩn cấp",
    board: "lich-phat.html",
    alarm: "CẢNH BÁO.txt",
};

/// The names in English.
pub const ENGLISH_NAMES: InboxNames = InboxNames {
    accepted: "Accepted",
    returned: "Returned",
    receipts: "Receipts",
    withdraw: "Take off",
    emergency: "Emergency",
    board: "rundown.html",
    alarm: "ALARM.txt",
};

impl InboxNames {
    /// Every name that is the inbox's own, in either language: never an office's folder, never a drop. A station that
    /// changes its language does not take its own receipts for drops.
    pub fn reserved() -> BTreeSet<&'static str> {
        [VIETNAMESE_NAMES, ENGLISH_NAMES]
            .iter()
            .flat_map(|names| {
                [
                    names.accepted,
                    names.returned,
                    names.receipts,
                    names.withdraw,
                    names.emergency,
                    names.board,
                    names.alarm,
                ]
            })
            .collect()
    }
}
