//! A sheet of paper as a value: what a receipt, the board and the alarm say, before it is laid out. Owns the parts that
//! such a sheet can have; the words come from `words`, the layout from `export`.

use std::time::Duration;

use super::language::Language;

/// Rows of a table on a sheet, at most; an office reads no more, and a schedule may have thousands.
pub const ROWS: usize = 300;

/// A sheet to be read by people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Its language.
    pub language: Language,
    /// What it is, e.g. `Phiếu báo`.
    pub title: String,
    /// What stands large at its head.
    pub stamp: Option<Stamp>,
    /// The rest, in order.
    pub parts: Vec<Part>,
    /// A page left open on a screen loads itself anew this often; none: what it says never changes.
    pub renewed: Option<Duration>,
}

/// Whom an office turns to: what stands at the foot of every sheet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// The station's name.
    pub station: String,
    /// Its technician's name.
    pub technician: Option<String>,
    /// The technician's telephone.
    pub telephone: Option<String>,
}

/// What stands large at the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The words, e.g. `ĐÃ TIẾP NHẬN`.
    pub text: String,
    /// How it looks; readable without colour all the same.
    pub tone: Tone,
}

/// How a part looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Something is awaited.
    Awaited,
    /// Something is wrong.
    Bad,
}

/// A part of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// A heading.
    Heading(String),
    /// A heading below a heading, e.g. a day.
    Subheading(String),
    /// A paragraph.
    Text(String),
    /// A paragraph that must not be overlooked.
    Warning(String),
    /// Labels with what belongs to them.
    Facts(Vec<(String, String)>),
    /// A list.
    List(Vec<String>),
    /// A table; every row has as many cells as there are headings.
    Table {
        /// The headings.
        headings: Vec<String>,
        /// The rows.
        rows: Vec<Vec<String>>,
    },
    /// Room to sign beside each other: who, and how.
    Signatures(Vec<(String, String)>),
}
