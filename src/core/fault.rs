//! What can be wrong with what people write: schedules, the config, the themes. Owns the faults as values, with their
//! stable codes, their English and the remedy; never decides what follows from one. The Vietnamese is in `words`.

use std::fmt;

use super::airing::SlotId;

mod config;
mod document;
mod schedule;
mod target;
mod workbook;

pub use config::ConfigFault;
pub use document::{DocumentFault, IdFault, Shape, SyntaxFault};
pub use schedule::{Fault, SameCue, says_thu};
pub use target::TargetFault;
pub use workbook::{SheetFault, WordList};

/// How much a fault matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// It must be mended: a version of a schedule with one never goes live, a config with one is not used, a cue with
    /// one will not sound as planned.
    Error,
    /// It may be meant: it is told, and nothing is refused.
    Notice,
}

/// What every kind of fault can say of itself. `Display` is the English message: what was found and what was expected,
/// without place, remedy or full stop.
pub trait Flaw: fmt::Display {
    /// The first half of its code.
    const ROOM: &'static str;
    /// The second half of its code, e.g. `unknown_key`.
    fn word(&self) -> &'static str;
    /// How much it matters.
    fn severity(&self) -> Severity;
    /// The remedy, in English, where there is one.
    fn help(&self) -> Option<String>;
    /// Its stable code, e.g. `schedule.unknown_key`: for machines, the same in every language and version.
    fn code(&self) -> String {
        format!("{}.{}", Self::ROOM, self.word())
    }
}

/// A fault with its place. `Display` is `schedules/sang.toml:12: slot `sang`: message`.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<F = Fault> {
    /// The file, as the reader was told its name.
    pub file: String,
    /// The line, from 1; none where the whole file is meant.
    pub line: Option<usize>,
    /// The slot, where it is about one.
    pub slot: Option<SlotId>,
    /// What is wrong.
    pub fault: F,
}

impl<F: fmt::Display> fmt::Display for Located<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if let Some(slot) = &self.slot {
            write!(f, ": slot `{slot}`")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl<F: fmt::Debug + fmt::Display> std::error::Error for Located<F> {}

/// Everything that is wrong with a file, by line; never empty. `Display` is a line each.
#[derive(Clone, Debug, PartialEq)]
pub struct Faults<F = Fault>(pub Vec<Located<F>>);

impl<F: fmt::Display> fmt::Display for Faults<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            write!(f, "{}{fault}", if at > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl<F: fmt::Debug + fmt::Display> std::error::Error for Faults<F> {}

impl<F> std::ops::Deref for Faults<F> {
    type Target = [Located<F>];
    fn deref(&self) -> &[Located<F>] {
        &self.0
    }
}

/// Gives a fault the list of its words, and the word of each variant, from one table.
macro_rules! words_of {
    ($name:ident { $($pattern:pat => $word:literal),+ $(,)? }) => {
        impl $name {
            /// The second halves of all codes of its own.
            pub const WORDS: &'static [&'static str] = &[$($word),+];
            fn own_word(&self) -> &'static str { match self { $($pattern => $word),+ } }
        }
    };
}
use words_of;

/// The name among `names` that comes closest to `wanted`, where one comes close. Looks at the first 2,000 names only,
/// so that a hostile file cannot make it slow.
pub fn closest<'a>(wanted: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    names
        .into_iter()
        .take(2_000)
        .map(|name| (strsim::jaro_winkler(&name.to_lowercase(), &wanted), name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, name)| name)
}

/// `found` as it stands in a message: one line, at most 60 characters.
pub fn clip(found: &str) -> String {
    let mut clipped: String = found.chars().take(60).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if found.chars().nth(60).is_some() {
        clipped.push('…');
    }
    clipped
}

/// `did you mean …?`, where there is something to offer.
fn did_you_mean(closest: Option<&str>) -> Option<String> {
    closest.map(|name| format!("did you mean `{name}`?"))
}

/// A list as it stands in a message.
fn listed<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A choice as it stands in a message.
fn one_of(words: &[&str]) -> String {
    match words {
        [first @ .., last] if !first.is_empty() => format!("{} or `{last}`", listed(first)),
        _ => listed(words),
    }
}

/// A whole number with thousands parted.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut parted = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    parted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_word_is_offered_and_a_far_one_is_not() {
        assert_eq!(closest("grase", ["id", "grace", "start"]), Some("grace"));
        assert_eq!(closest("Grace", ["id", "grace"]), Some("grace"));
        assert_eq!(closest("xyz", ["id", "grace"]), None);
    }

    #[test]
    fn what_was_found_is_clipped_to_one_short_line() {
        assert_eq!(clip("a\nb"), "a b");
        assert_eq!(clip(&"ế".repeat(100)).chars().count(), 61);
        assert_eq!((thousands(999), thousands(1_048_576)), ("999".to_owned(), "1,048,576".to_owned()));
    }
}
