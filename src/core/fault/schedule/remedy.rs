//! What mends a fault of a schedule, in English. Owns the remedies; what is wrong is said by the fault itself.

use super::Fault;
use crate::core::fault::did_you_mean;

/// The remedy, in English.
pub(super) fn of(fault: &Fault) -> Option<String> {
    Some(match fault {
        Fault::Document(fault) => return fault.help(),
        Fault::TooManyCues { .. } => {
            "look at `cron` and `at`; with six fields the first of `cron` is seconds".into()
        }
        Fault::TooManySlots { .. } => "use `days` or `cron` instead of a slot for each day".into(),
        Fault::NoSlots => "add a `[[slot]]`; to take the schedule out, write `retired = true`".into(),
        Fault::UntilBeforeFrom { .. } => "mend one of the two dates".into(),
        Fault::DuplicateSlot { .. } => "give each slot of the schedule an id of its own".into(),
        Fault::NoTime => {
            "add `cron`, or `at` with `days`, e.g. `at = [\"05:30\"]` and `days = [\"T2-T6\"]`".into()
        }
        Fault::SeveralTimes { .. } => "keep `cron`, or `at` with `days`, or `at` with `dates`".into(),
        Fault::HalfTime { .. } => "add `at = [\"05:30\"]`".into(),
        Fault::BadPattern { .. } => {
            "five fields: minute hour day month weekday, e.g. \"30 5 * * mon-fri\"; try it with `loa next`"
                .into()
        }
        Fault::BadDays { found } if says_thu(found) => {
            "`thu` may be Thursday or thứ: write `T5` for thứ Năm, or `T2` to `T7` and `CN`".into()
        }
        Fault::BadDays { .. } => "write days as in `days = [\"T2-T6\", \"CN\"]` or `[\"mon-fri\"]`".into(),
        Fault::BadTime { .. } => "times are written 00:00 to 23:59, e.g. \"05:30\"".into(),
        Fault::DateOutsideValidity { .. } => "mend the date, or `valid_from` and `valid_until`".into(),
        Fault::NothingToPlay => {
            "add `play = [\"nhac-hieu.mp3\", …]`, `repeat_of = \"…\"` or `relay = \"30m\"`".into()
        }
        Fault::SeveralPlays { .. } => "keep one of them".into(),
        Fault::BadCartName { .. } => {
            "name the recording as it was dropped, relative to the folder of recordings".into()
        }
        Fault::UnknownRepeat { closest, .. } | Fault::ChangeOfUnknownSlot { closest, .. } => {
            did_you_mean(closest.as_deref()).unwrap_or_else(|| "name the id of a slot of this file".into())
        }
        Fault::RepeatOfItself => "name the slot whose programme is to be repeated".into(),
        Fault::RepeatOfRepeat { of, .. } => format!("write `repeat_of = \"{of}\"`"),
        Fault::RepeatOfRelay { .. } => "name a slot that plays recordings".into(),
        Fault::BadExcept { .. } => "write it as in `except = [\"holidays\", 2026-12-24]`".into(),
        Fault::DuplicateCart { .. } => "keep one of the two".into(),
        Fault::ChangeWhenNotDue { .. } => {
            "mend the date; for one more airing write `action = \"extra\"`".into()
        }
        Fault::MoveOfSeveral { .. } => "cancel them with `cancel`, and add the new ones with `extra`".into(),
        Fault::KeyWithoutMeaning { .. } => "delete it, or choose another action".into(),
        Fault::ChangesContradict { .. } => "keep one of the two".into(),
        Fault::AlreadyDue { .. } => "choose another time, or delete the change".into(),
        Fault::UnknownTopic { closest, .. } => did_you_mean(closest.as_deref()).unwrap_or_else(|| {
            "no report counts it; use an id of the list of themes, or add it there".into()
        }),
        Fault::UnknownKind { closest, .. } => return did_you_mean(Some(closest)),
        Fault::UnusedCart { closest, .. } => {
            did_you_mean(closest.as_deref()).unwrap_or_else(|| "check the name of the file".into())
        }
        Fault::CommonRecordings { .. } => {
            "to have your own of that name aired, drop it first and then the schedule again".into()
        }
        Fault::NeverDue { .. } => "check its days against `valid_from` and `valid_until`".into(),
        Fault::ChangeOnHoliday { .. } => "for an airing on that day write `action = \"extra\"`".into(),
        Fault::MissingRecording { closest, .. } => {
            let remedy = "copy the file into the folder of recordings or mend the name, then run `loa check`";
            match closest {
                Some(name) => format!("closest is `{name}`; {remedy}"),
                None => remedy.into(),
            }
        }
        Fault::UnreadableRecording { .. } => "check the file and who may read it, or copy it again".into(),
        Fault::UndecodableRecording { .. } => {
            "save the recording again as mp3 or wav, and copy it again; `loa probe` tells more".into()
        }
        Fault::UnapprovedRecording { .. } => "approve it with `loa approve SCHEDULE --by NAME`".into(),
        Fault::SilentRecording { .. } => "check the recording; its export may have gone wrong".into(),
        Fault::DamagedRecording { .. } => {
            "copy the file again; what can be decoded airs, and is recorded as interrupted".into()
        }
        Fault::UnmeasuredRecording { .. } => "it will be measured when the station runs".into(),
        Fault::DuplicateSchedule { .. } => "delete the older file, or give one of them another id".into(),
        Fault::SameHour { .. } => "nothing to do if that is meant".into(),
    })
}

/// Whether the text holds the bare word that is Thursday to some and "thứ" to others.
pub fn says_thu(text: &str) -> bool {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).any(|word| word == "thu")
}
