//! Why a drop is returned, in a word, as the journal keeps it. Owns the list, which only grows: journals of all times hold
//! its words; what was found in the file is the complaint's.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Answer, Complaint};
use crate::core::airing::closed_list;
use crate::core::cart::CartFault;
use crate::core::report::targets::TargetsRefused;

closed_list! {
    /// Why a drop is returned.
    WhyReturned {
        /// It cannot be read.
        Unreadable = "unreadable",
        /// Loa cannot decode it.
        Undecodable = "undecodable",
        /// Nothing but silence.
        Silent = "silent",
        /// A part of its sound is missing.
        Damaged = "damaged",
        /// The recording of that name has content that was not approved.
        NotApproved = "not_approved",
        /// Named like a recording, and something else.
        NotSound = "not_sound",
        /// Nothing in it.
        Empty = "empty",
        /// Larger than the station takes.
        TooLarge = "too_large",
        /// Longer than the station takes.
        TooLong = "too_long",
        /// Its format needs `ffmpeg`, which is not installed.
        NeedsFfmpeg = "needs_ffmpeg",
        /// `ffmpeg` could not convert it.
        NotConverted = "not_converted",
        /// Its name cannot be used.
        BadName = "bad_name",
        /// A document to be read by people.
        Document = "document",
        /// A file that Loa has no use for.
        NoUse = "no_use",
        /// A link, a pipe or a device.
        NoFile = "no_file",
        /// Its reader failed on it.
        NotUnderstood = "not_understood",
        /// A schedule of which no cue is left.
        NoCue = "no_cue",
        /// A schedule in TOML with faults.
        FaultySchedule = "faulty_schedule",
        /// A workbook with faults.
        FaultyWorkbook = "faulty_workbook",
        /// A list of targets with faults, or without a target.
        FaultyTargets = "faulty_targets",
        /// Targets, which this station takes from nobody by drop.
        TargetsNotTaken = "targets_not_taken",
        /// In the folder for emergencies, and no recording.
        NoEmergency = "no_emergency",
        /// In the folder for taking off, and nothing to take off.
        NothingToWithdraw = "nothing_to_withdraw",
    }
}

impl Answer {
    /// Why the drop is returned, each complaint in a word; empty where it is not.
    pub fn why(&self) -> Vec<WhyReturned> {
        match self {
            Answer::Returned(complaints) => complaints.iter().map(Complaint::why).collect(),
            Answer::Recording(_) | Answer::Schedule(_) | Answer::Targets(_) | Answer::Withdrawn(_) => {
                Vec::new()
            }
        }
    }
}

impl Complaint {
    /// The complaint in a word.
    pub fn why(&self) -> WhyReturned {
        match self {
            Complaint::Recording(CartFault::Unreadable { .. }) | Complaint::Unreadable { .. } => {
                WhyReturned::Unreadable
            }
            Complaint::Recording(CartFault::Undecodable { .. }) => WhyReturned::Undecodable,
            Complaint::Recording(CartFault::Silent) => WhyReturned::Silent,
            Complaint::Recording(CartFault::Damaged { .. }) => WhyReturned::Damaged,
            Complaint::Recording(CartFault::NotApproved) => WhyReturned::NotApproved,
            Complaint::NotSound { .. } => WhyReturned::NotSound,
            Complaint::Empty => WhyReturned::Empty,
            Complaint::TooLarge { .. } => WhyReturned::TooLarge,
            Complaint::TooLong { .. } => WhyReturned::TooLong,
            Complaint::NeedsFfmpeg { .. } => WhyReturned::NeedsFfmpeg,
            Complaint::NotConverted { .. } => WhyReturned::NotConverted,
            Complaint::BadName(_) => WhyReturned::BadName,
            Complaint::Document { .. } => WhyReturned::Document,
            Complaint::NoUse { .. } => WhyReturned::NoUse,
            Complaint::NoFile => WhyReturned::NoFile,
            Complaint::NotUnderstood => WhyReturned::NotUnderstood,
            Complaint::NoCue { .. } => WhyReturned::NoCue,
            Complaint::Schedule(_) => WhyReturned::FaultySchedule,
            Complaint::Workbook(_) => WhyReturned::FaultyWorkbook,
            Complaint::Targets(TargetsRefused::Faulty(_) | TargetsRefused::Empty) => {
                WhyReturned::FaultyTargets
            }
            Complaint::Targets(
                TargetsRefused::Approval | TargetsRefused::NoList | TargetsRefused::NotTakenOff,
            ) => WhyReturned::TargetsNotTaken,
            Complaint::NoEmergency => WhyReturned::NoEmergency,
            Complaint::NothingToWithdraw => WhyReturned::NothingToWithdraw,
        }
    }
}
