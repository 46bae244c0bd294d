//! A submitted schedule, or list of targets, as text: the bytes of a TOML file, or a workbook translated. Owns which of the two
//! it is, what is too large and what is returned at once; never looks at what else the station airs.

use std::path::Path;

use super::judging::Sort;
use super::workbook::Book;
use super::{schedules, workbook};
use crate::core::drops::Complaint;
use crate::core::report::targets::is_list;
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

/// What was submitted, as TOML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// A schedule, found right by itself.
    Schedule(String),
    /// The plan's targets. Those of a workbook were found right; a list in TOML is still to be read.
    Targets(String),
}

/// Its text. `file` is what faults call it.
///
/// # Errors
/// Everything that is wrong with it.
pub fn text_of(
    bytes: &[u8],
    sort: &Sort,
    file: &str,
    reference: &Reference,
    themes: &[ThemeNames],
) -> Result<Submitted, Complaint> {
    let right = |text: &[u8]| read(text, file, reference).map(drop).map_err(Complaint::Schedule);
    if let Sort::Workbook(ending) = sort {
        let no_use = || Complaint::NoUse { ending: ending.clone() };
        let kind = workbook::Ending::of(&format!(".{ending}")).ok_or_else(no_use)?;
        return match workbook::open(bytes, kind, themes).map_err(Complaint::Workbook)? {
            Book::Targets(targets) => Ok(Submitted::Targets(targets.text(""))),
            Book::Schedule(translated) => {
                right(translated.text.as_bytes())?;
                Ok(Submitted::Schedule(translated.text))
            }
        };
    }
    let text = String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned();
    if is_list(&text) {
        return Ok(Submitted::Targets(text));
    }
    right(bytes)?;
    Ok(Submitted::Schedule(text))
}
