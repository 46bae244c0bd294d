//! A submitted schedule as text: the bytes of a TOML file, or a workbook translated. Owns what is too large and what is
//! returned at once; never looks at what else the station airs.

use std::path::Path;

use super::judging::Sort;
use super::{schedules, workbook};
use crate::core::drops::Complaint;
use crate::core::schedule::read::{Reference, read};
use crate::core::workbook::ThemeNames;

/// The bytes of a submitted schedule.
///
/// # Errors
/// It is larger than a schedule of that sort, or cannot be read.
pub fn bytes_of(path: &Path, sort: &Sort) -> Result<Vec<u8>, Complaint> {
    let limit = match sort {
        Sort::Workbook(_) => workbook::LARGEST,
        _ => schedules::LARGEST,
    };
    let unreadable = |error: std::io::Error| Complaint::Unreadable { found: error.to_string() };
    let bytes = std::fs::metadata(path).map_err(unreadable)?.len();
    if bytes > limit {
        return Err(Complaint::TooLarge { bytes, limit });
    }
    std::fs::read(path).map_err(unreadable)
}

/// Its text, found right by itself. `file` is what faults call it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn text_of(
    bytes: &[u8],
    sort: &Sort,
    file: &str,
    reference: &Reference,
    themes: &[ThemeNames],
) -> Result<String, Complaint> {
    if let Sort::Workbook(ending) = sort {
        let no_use = || Complaint::NoUse { ending: ending.clone() };
        let kind = workbook::Ending::of(&format!(".{ending}")).ok_or_else(no_use)?;
        let translated = workbook::read(bytes, kind, themes).map_err(Complaint::Workbook)?;
        read(translated.text.as_bytes(), file, reference).map_err(Complaint::Schedule)?;
        return Ok(translated.text);
    }
    read(bytes, file, reference).map_err(Complaint::Schedule)?;
    Ok(String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned())
}
