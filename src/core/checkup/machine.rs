//! Findings about the machine: clock, disks, rights, sleep, and whether the station comes back by itself. Owns how
//! grave each is.

use std::path::PathBuf;

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::{Grade, Nature, Subject};
use crate::core::record::Trust;

/// With less than this free the journal is at its end soon.
const FULL: u64 = 64 << 20;
/// With less than this free a month of recordings has no place.
const TIGHT: u64 = 1 << 30;

/// A folder of the station, by its key in `[paths]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// `schedules`.
    Schedules,
    /// `audio`.
    Audio,
    /// `inbox`.
    Inbox,
    /// `state`.
    State,
}

impl Place {
    /// Its key in the config.
    pub fn key(self) -> &'static str {
        match self {
            Place::Schedules => "paths.schedules",
            Place::Audio => "paths.audio",
            Place::Inbox => "paths.inbox",
            Place::State => "paths.state",
        }
    }
}

/// What the station must be allowed to do with a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Read it.
    Read,
    /// Read and write it.
    Write,
    /// Go through it, a folder, to what is in it.
    Enter,
    /// To make the folder.
    Make,
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Machine {
    /// The clock is trusted, or is not.
    Clock {
        /// On what ground, or why not.
        trust: Trust,
    },
    /// The system does not keep its clock by the network.
    NotSynchronised {
        /// Whether it says so; none: it says nothing about it.
        said: Option<bool>,
    },
    /// There is no hardware clock: after a power cut without network nothing vouches for the time.
    NoHardwareClock,
    /// The hardware clock is off: its battery may be dead, or it is kept in local time.
    HardwareClockOff {
        /// What it is ahead.
        ahead: TimeDelta,
    },
    /// The system's civil time is another than the station's.
    ZoneDiffers {
        /// What the system's time is ahead of UTC.
        system: TimeDelta,
        /// The station's zone.
        station: Tz,
    },
    /// Room on the disk below a folder of the station.
    Space {
        /// The folder.
        folder: PathBuf,
        /// Bytes that this account may still write.
        free: u64,
    },
    /// The disk takes no more files, whatever their size.
    NoMoreFiles {
        /// The folder.
        folder: PathBuf,
    },
    /// The disk is mounted read-only.
    ReadOnly {
        /// The folder.
        folder: PathBuf,
    },
    /// The state lies on a network drive, where the journal is not safe.
    StateOnNetwork {
        /// The folder.
        folder: PathBuf,
    },
    /// Room is not known on this system, or the disk does not answer.
    SpaceUnknown {
        /// The folder.
        folder: PathBuf,
        /// What was found, in English.
        found: String,
    },
    /// A folder of the config is not there.
    NotThere {
        /// Which.
        place: Place,
        /// Where it should be.
        folder: PathBuf,
    },
    /// An account may not do what the station does.
    NotAllowed {
        /// With what.
        path: PathBuf,
        /// What it must be allowed to.
        need: Need,
        /// The station's account, where that is not the one that asks.
        account: Option<String>,
    },
    /// The state belongs to another account: what this one may do says little.
    OtherAccount {
        /// The account that asks.
        this: String,
        /// The account that the state belongs to.
        owner: String,
    },
    /// Others may read the door through which the station is controlled.
    DoorAjar {
        /// The file.
        file: PathBuf,
    },
    /// Everything that the station needs is allowed.
    Allowed,
    /// The machine cannot go to sleep.
    SleepMasked,
    /// It can; nothing that can be seen makes it.
    SleepPossible {
        /// Closing the lid of this laptop would.
        lid: bool,
    },
    /// It does when nobody touches it.
    SleepsWhenIdle {
        /// What it does, by logind's word.
        action: String,
    },
    /// Whether it goes to sleep is not known.
    SleepUnknown,
    /// The station's unit starts with the machine.
    Autostart {
        /// The unit.
        unit: String,
    },
    /// It does not.
    NoAutostart {
        /// The unit.
        unit: String,
    },
    /// Whether it does is not known.
    AutostartUnknown,
    /// `ffmpeg` is installed, or is not.
    Converter {
        /// It is.
        there: bool,
    },
}

impl Machine {
    pub(super) fn nature(&self) -> Nature {
        use Grade::{Attention, NotKnown, Ok, Wrong};
        use Subject::{Autostart, Clock, Converter, Disk, Permissions, Suspend};
        let (subject, grade, code) = match self {
            Machine::Clock { trust } if trust.is_trusted() => (Clock, Ok, "clock_trusted"),
            Machine::Clock { .. } => (Clock, Wrong, "clock_not_trusted"),
            Machine::NotSynchronised { .. } => (Clock, Attention, "clock_not_synchronised"),
            Machine::NoHardwareClock => (Clock, Attention, "no_hardware_clock"),
            Machine::HardwareClockOff { .. } => (Clock, Attention, "hardware_clock_off"),
            Machine::ZoneDiffers { .. } => (Clock, Attention, "zone_differs"),
            Machine::Space { free, .. } if *free < FULL => (Disk, Wrong, "disk_full"),
            Machine::Space { free, .. } if *free < TIGHT => (Disk, Attention, "disk_tight"),
            Machine::Space { .. } => (Disk, Ok, "disk_free"),
            Machine::NoMoreFiles { .. } => (Disk, Wrong, "disk_no_more_files"),
            Machine::ReadOnly { .. } => (Disk, Wrong, "disk_read_only"),
            Machine::StateOnNetwork { .. } => (Disk, Wrong, "state_on_network"),
            Machine::SpaceUnknown { .. } => (Disk, NotKnown, "disk_unknown"),
            Machine::NotThere { .. } => (Permissions, Wrong, "folder_missing"),
            Machine::NotAllowed { .. } => (Permissions, Wrong, "not_allowed"),
            Machine::OtherAccount { .. } => (Permissions, Attention, "other_account"),
            Machine::DoorAjar { .. } => (Permissions, Attention, "door_ajar"),
            Machine::Allowed => (Permissions, Ok, "allowed"),
            Machine::SleepMasked => (Suspend, Ok, "sleep_masked"),
            Machine::SleepPossible { .. } => (Suspend, Attention, "sleep_possible"),
            Machine::SleepsWhenIdle { .. } => (Suspend, Wrong, "sleeps_when_idle"),
            Machine::SleepUnknown => (Suspend, NotKnown, "sleep_unknown"),
            Machine::Autostart { .. } => (Autostart, Ok, "autostart"),
            Machine::NoAutostart { .. } => (Autostart, Attention, "no_autostart"),
            Machine::AutostartUnknown => (Autostart, NotKnown, "autostart_unknown"),
            // No station needs it before an office sends such a file, and that file's receipt says so.
            Machine::Converter { there: true } => (Converter, Ok, "ffmpeg"),
            Machine::Converter { there: false } => (Converter, Ok, "no_ffmpeg"),
        };
        Nature { subject, grade, code }
    }
}
