//! The syntax of a document: what the parser says, in the terms of [`SyntaxFault`]. Owns the parser's words, of which
//! no other file knows.

use toml::de::{DeTable, Error};

use crate::core::fault::{DocumentFault, SyntaxFault, clip};

/// Beyond this size only the first fault of syntax is told: each costs the parser a few hundred bytes, and a hostile
/// file could hold more than one in every byte.
const RECOVERABLE: usize = 256 << 10;

/// A fault of syntax.
pub(super) struct Found {
    /// The byte where it is.
    pub at: usize,
    /// What it is.
    pub fault: DocumentFault,
    /// Whether the rest of the file can be read all the same.
    pub local: bool,
}

/// Parses as much as can be parsed; the faults in order of place.
pub(super) fn parse(text: &str) -> (DeTable<'_>, Vec<Found>) {
    let (table, errors) = if text.len() <= RECOVERABLE {
        let (table, errors) = DeTable::parse_recoverable(text);
        (table.into_inner(), errors)
    } else {
        match DeTable::parse(text) {
            Ok(table) => (table.into_inner(), Vec::new()),
            Err(error) => (DeTable::new(), vec![error]),
        }
    };
    let mut places: Vec<(usize, &Error)> =
        errors.iter().map(|e| (e.span().map_or(0, |s| s.start), e)).collect();
    places.sort_by_key(|(at, _)| *at);
    // Where the list of a line is broken, every later line is read as part of it: the first says all.
    places.truncate(2 * super::MOST_FAULTS);
    let mut found: Vec<Found> = places.into_iter().map(|(at, error)| of(text, at, error)).collect();
    if text.len() > RECOVERABLE {
        found.iter_mut().for_each(|fault| fault.local = false);
    }
    (table, found)
}

fn of(text: &str, at: usize, error: &Error) -> Found {
    let message = error.message();
    let span = error.span().unwrap_or(at..at);
    let here = text.get(span).unwrap_or_default();
    let fault = if message == "duplicate key" {
        DocumentFault::DuplicateKey { key: clip(here.trim_matches(['"', '\''])) }
    } else if message.starts_with("invalid date") {
        DocumentFault::ImpossibleDate { found: clip(here) }
    } else if message.starts_with("invalid time") {
        DocumentFault::ImpossibleTime { found: clip(here) }
    } else {
        match problem(message, here) {
            // A line of prose, or a key: what it is shows in the whole line only.
            SyntaxFault::BadKey => {
                let (key, rest) =
                    line_of(text, at).split_once('=').map_or(("", None), |(key, rest)| (key, Some(rest)));
                let problem = if rest.is_some() { SyntaxFault::BadKey } else { SyntaxFault::NoEquals };
                DocumentFault::Syntax { problem, found: clip(key.trim()) }
            }
            problem => DocumentFault::Syntax { problem, found: clip(here.trim()) },
        }
    };
    let local = match &fault {
        DocumentFault::Syntax { problem, .. } => problem.is_local(),
        // The keys below a heading that comes twice are told of as twice there, one by one.
        DocumentFault::DuplicateKey { .. } => !line_of(text, at).trim_start().starts_with('['),
        _ => true,
    };
    // The parser points behind the last character of a line; the fault is of that line.
    let at =
        if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\n') && here.is_empty() { at - 1 } else { at };
    Found { at, fault, local }
}

fn line_of(text: &str, at: usize) -> &str {
    let begin = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |line_end| line_end + 1);
    text.get(begin..).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

fn problem(message: &str, here: &str) -> SyntaxFault {
    let says = |begin: &str| message.starts_with(begin);
    if says("string values must be quoted") || says("invalid float") || says("unexpected leading zero") {
        if here.trim().is_empty() {
            SyntaxFault::NoValue
        } else if here.contains(['“', '”', '‘', '’', '«', '»']) {
            SyntaxFault::CurlyQuotes
        } else if ["yes", "no", "on", "off"].contains(&here.trim().to_lowercase().as_str()) {
            SyntaxFault::YesNo
        } else {
            SyntaxFault::Unquoted
        }
    } else if says("invalid boolean") {
        SyntaxFault::YesNo
    } else if says("invalid basic string") || says("invalid literal string") || says("invalid multi-line") {
        SyntaxFault::UnclosedText
    } else if says("missing escaped value") || says("too few unicode value digits") {
        SyntaxFault::Backslash
    } else if says("key with no value") || says("missing value for key") {
        SyntaxFault::NoEquals
    } else if says("invalid unquoted key") || says("unquoted keys cannot be empty") {
        SyntaxFault::BadKey
    } else if says("missing comma between array")
        || says("unclosed array, ")
        || says("unexpected `=` in array")
    {
        SyntaxFault::UnclosedList
    } else if says("unclosed table") || says("unclosed array table") {
        SyntaxFault::UnclosedHeading
    } else if says("unexpected key or value") {
        SyntaxFault::AfterValue
    } else if says("recursion limit") || says("cannot recurse") {
        SyntaxFault::TooDeep
    } else {
        SyntaxFault::Other(message.to_owned())
    }
}
