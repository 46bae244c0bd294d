//! The calendar of holidays, `config/holidays.toml`: an editable file, since most holidays of Viet Nam are lunar and the
//! days off are decided year by year. Owns its reading; what a holiday means for a slot is the rundown's.

use std::path::Path;

use chrono::NaiveDate;

use super::{HOLIDAY_KEYS, HOLIDAYS_KEYS, bytes_of, whole};
use crate::core::calendar::Holidays;
use crate::core::document::{Fields, Sheet};
use crate::core::fault::{ConfigFault, Faults};

/// The longest row of holidays: a longer one is a mistyped year.
const LONGEST_DAYS: i64 = 31;

/// Reads the calendar; the error holds every fault.
pub fn read(path: &Path) -> Result<Holidays, Faults<ConfigFault>> {
    parse(&bytes_of(path)?, &path.display().to_string())
}

/// Reads the calendar from the bytes of its file, which faults name `file`. An empty list is right: `holiday = []`.
pub fn parse(bytes: &[u8], file: &str) -> Result<Holidays, Faults<ConfigFault>> {
    let (table, sheet) = Sheet::open(file, bytes).map_err(Faults)?;
    let mut days: Vec<NaiveDate> = Vec::new();
    let top = Fields::new(&sheet, &table, 0, "", HOLIDAYS_KEYS);
    top.tell_unknown();
    for holiday in top.need("holiday", top.tables("holiday")).unwrap_or_default() {
        let fields = Fields::new(&sheet, holiday.value, holiday.at, "[[holiday]]", HOLIDAY_KEYS);
        fields.tell_unknown();
        let first = fields.need("date", fields.date("date"));
        let until = fields.date("until");
        let _ = fields.text("name");
        let Some(first) = first.map(|date| date.value) else { continue };
        let last = until.map_or(first, |until| until.value);
        let at = until.map_or(holiday.at, |until| until.at);
        if last < first {
            fields.tell(at, || ConfigFault::HolidayBackwards { from: first, until: last });
        } else if (last - first).num_days() >= LONGEST_DAYS {
            fields.tell(at, || ConfigFault::HolidayTooLong { from: first, until: last, most: LONGEST_DAYS });
        } else {
            days.extend(first.iter_days().take_while(|day| *day <= last));
        }
    }
    whole(Some(days.into_iter().collect()), sheet.finish())
}
