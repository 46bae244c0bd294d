//! TOML files of the station as documents with lines: every fault is told at once, each with its place. Owns the
//! limits of size, the encoding, the syntax and the telling of faults; never knows what a key means, that is its
//! reader's.

use std::cell::RefCell;

use toml::de::DeTable;

use super::airing::SlotId;
use super::fault::{DocumentFault, Flaw, Located};

mod fields;
pub mod span;
mod syntax;

pub use fields::{At, Fields, Key, is_id, offer_id, time_of};

/// The largest file that is read: 1 MiB. A schedule of a thousand slots has some 200 KB.
pub const LARGEST: u64 = 1 << 20;
/// The most faults told of one file; the rest are counted. A person mends a few and checks again.
pub const MOST_FAULTS: usize = 100;

/// The text of a file.
#[derive(Debug)]
pub struct Text<'i> {
    text: &'i str,
    lines: Vec<usize>,
}

impl<'i> Text<'i> {
    /// The line of a byte, from 1.
    fn line(&self, at: usize) -> usize {
        self.lines.partition_point(|begin| *begin <= at)
    }
}

/// Where the faults of one file are told.
#[derive(Debug)]
pub struct Sheet<'i, F> {
    file: String,
    text: Text<'i>,
    /// Lines whose syntax is at fault: what their values would say besides is not told.
    spoilt: Vec<usize>,
    told: RefCell<(Vec<Located<F>>, usize)>,
}

impl<'i, F: Flaw + From<DocumentFault> + PartialEq> Sheet<'i, F> {
    /// Opens a file: its table, and the sheet on which faults of its syntax are already told. `Err` where it cannot
    /// be read at all, or where a fault of syntax leaves the rest uncertain.
    pub fn open(file: &str, bytes: &'i [u8]) -> Result<(DeTable<'i>, Sheet<'i, F>), Vec<Located<F>>> {
        let alone = |line: Option<usize>, fault: DocumentFault| {
            vec![Located { file: file.to_owned(), line, slot: None, fault: F::from(fault) }]
        };
        if bytes.len() as u64 > LARGEST {
            return Err(alone(None, DocumentFault::TooLarge { bytes: bytes.len() as u64, limit: LARGEST }));
        }
        let line_of = |at: usize| Some(1 + bytes.iter().take(at).filter(|byte| **byte == b'\n').count());
        let text = std::str::from_utf8(bytes)
            .map_err(|error| alone(line_of(error.valid_up_to()), DocumentFault::NotUtf8))?;
        let odd = text.char_indices().find(|(_, c)| c.is_control() && !matches!(c, '\t' | '\n' | '\r'));
        if let Some((at, odd)) = odd {
            return Err(alone(line_of(at), DocumentFault::ControlCharacter { code: odd.into() }));
        }
        let bare = |line: &str| line.is_empty() || line.starts_with('#');
        if text.trim_start_matches('\u{feff}').lines().all(|line| bare(line.trim())) {
            return Err(alone(None, DocumentFault::Empty));
        }
        let lines = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let mut sheet = Sheet {
            file: file.to_owned(),
            text: Text { text, lines },
            spoilt: Vec::new(),
            told: RefCell::new((Vec::new(), 0)),
        };
        let (table, faults) = syntax::parse(text);
        let mut certain = true;
        for fault in faults {
            let line = sheet.text.line(fault.at);
            if sheet.spoilt.last() == Some(&line) {
                continue;
            }
            sheet.tell(fault.at, None, || fault.fault.into());
            sheet.spoilt.push(line);
            if !fault.local {
                certain = false;
                break;
            }
        }
        if certain { Ok((table, sheet)) } else { Err(sheet.finish()) }
    }

    /// Tells a fault at a byte of the text. Beyond [`MOST_FAULTS`] it is only counted, and not even made.
    pub fn tell(&self, at: usize, slot: Option<&SlotId>, fault: impl FnOnce() -> F) {
        let line = self.line(at);
        if self.spoilt.binary_search(&line).is_ok() {
            return;
        }
        let mut told = self.told.borrow_mut();
        if told.0.len() >= MOST_FAULTS {
            told.1 += 1;
            return;
        }
        let fault =
            Located { file: self.file.clone(), line: Some(line), slot: slot.cloned(), fault: fault() };
        told.0.push(fault);
    }

    /// Tells a fault of the file as a whole.
    pub fn tell_of_file(&self, fault: F) {
        self.told.borrow_mut().0.push(Located { file: self.file.clone(), line: None, slot: None, fault });
    }

    /// The line of a byte, from 1.
    pub fn line(&self, at: usize) -> usize {
        self.text.line(at)
    }

    /// The text between two bytes.
    pub fn source(&self, span: std::ops::Range<usize>) -> &'i str {
        self.text.text.get(span).unwrap_or_default()
    }

    /// What was told, by line.
    pub fn finish(self) -> Vec<Located<F>> {
        let (mut told, more) = self.told.into_inner();
        told.sort_by_key(|fault| fault.line);
        // A list of ten numbers where texts should be is one mistake.
        told.dedup();
        if more > 0 {
            let fault = F::from(DocumentFault::More { count: more });
            told.push(Located { file: self.file, line: None, slot: None, fault });
        }
        told
    }
}
