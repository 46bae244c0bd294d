//! The first cue of a new station: a gong in the library and a schedule of one airing today, so that whoever set it up hears
//! it come by the schedule. Owns that schedule, which retires itself with the day, and when it may be heard; anything that a
//! person made under these names is left alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, DurationRound, NaiveDate, TimeDelta, Utc};

use super::carry::{SetupError, replace};
use super::gong;
use crate::config::Config;
use crate::core::calendar::Holidays;
use crate::core::limits::OnHolidays;

/// The schedule's id, and its file's name.
pub const SCHEDULE: &str = "kiem-tra";
/// The recording's name.
const RECORDING: &str = "chuong-kiem-tra.wav";
/// Three rounds of the gong.
const ROUNDS: u32 = 3;
/// How long that sounds.
pub const LENGTH: Duration = Duration::from_secs(10);
/// From now to the cue at least: the station takes the schedule over and measures the recording meanwhile.
const AHEAD: TimeDelta = TimeDelta::seconds(75);
/// And where a person has yet to start the station.
const AHEAD_BY_HAND: TimeDelta = TimeDelta::seconds(195);

/// Why there is no first cue now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNow {
    /// It would sound in the quiet hours.
    QuietHours,
    /// The station's limits keep this day silent.
    Limit,
}

/// The full minute at which it would air.
pub fn due(now: DateTime<Utc>, by_hand: bool) -> DateTime<Utc> {
    let earliest = now + if by_hand { AHEAD_BY_HAND } else { AHEAD };
    let minute = TimeDelta::minutes(1);
    let full = earliest.duration_trunc(minute).unwrap_or(earliest);
    if full < earliest { full + minute } else { full }
}

/// Whether the village may hear it then.
pub fn may_air(config: &Config, holidays: &Holidays, due: DateTime<Utc>) -> Result<(), NotNow> {
    let (zone, until) = (config.station.time_zone, due + TimeDelta::from_std(LENGTH).unwrap_or_default());
    if config.policy.quiet_hours.touches(zone, due, until) {
        return Err(NotNow::QuietHours);
    }
    let (date, limits) = (due.with_timezone(&zone).date_naive(), &config.policy.limits);
    let silent = limits.holidays == OnHolidays::Silent && holidays.contains(date);
    let too_long =
        limits.day.is_some_and(|day| day < LENGTH) || limits.session.is_some_and(|session| session < LENGTH);
    if !limits.weekdays.has(date) || silent || too_long { Err(NotNow::Limit) } else { Ok(()) }
}

/// Writes recording and schedule; what lies under these names already and is not of an earlier first cue is an error.
pub fn write(config: &Config, root: &Path, title: &str, due: DateTime<Utc>) -> Result<PathBuf, SetupError> {
    let civil = due.with_timezone(&config.station.time_zone);
    let file = config.paths.schedules.join(format!("{SCHEDULE}.toml"));
    match std::fs::read(&file) {
        Ok(bytes) if bytes.starts_with(HEAD.as_bytes()) => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        _ => return Err(SetupError::NotOurs { path: file }),
    }
    let recording = config.paths.audio.join(RECORDING);
    if !recording.exists() {
        let failed = |error: hound::Error| SetupError::NotWritten {
            path: recording.clone(),
            kind: match &error {
                hound::Error::IoError(error) => error.kind(),
                _ => std::io::ErrorKind::Other,
            },
            found: error.to_string(),
        };
        // Made elsewhere and put there whole: the running station looks at what lies in its library.
        let aside = tempfile::NamedTempFile::new().map_err(|error| failed(error.into()))?;
        gong::write(aside.path(), ROUNDS).map_err(failed)?;
        let bytes = std::fs::read(aside.path()).map_err(|error| failed(error.into()))?;
        replace(root, &recording, &bytes)?;
    }
    let text = schedule(title, civil.date_naive(), &civil.format("%H:%M").to_string());
    replace(root, &file, text.as_bytes())?;
    Ok(file)
}

/// By which an earlier first cue is told from what a person wrote under that name.
const HEAD: &str = "# Lịch phát thử trong ngày cài đặt, do `loa setup` tạo";

fn schedule(title: &str, date: NaiveDate, time: &str) -> String {
    let title = toml_edit::Value::from(title);
    format!(
        "\
{HEAD}; hết hôm đó thì tự hết hiệu lực, xóa lúc nào cũng được.
# The test of the day on which the station was set up; it ends with that day and may be deleted at any time.
id = \"{SCHEDULE}\"
title = {title}
valid_from = {date}
valid_until = {date}

[[cart]]
file = \"{RECORDING}\"
title = {title}
kind = \"nhac-hieu\"

[[slot]]
id = \"phat-thu\"
title = {title}
dates = [{date}]
at = [\"{time}\"]
play = [\"{RECORDING}\"]
"
    )
}
