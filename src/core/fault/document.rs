//! What can be wrong with any text file of the station, whatever it says: its bytes, its syntax, its keys and the
//! types of their values.

use std::fmt;

use super::{Severity, did_you_mean, listed, one_of, thousands, words_of};

/// A type of value, as people know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A text in quotes.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// true or false.
    YesNo,
    /// A civil date.
    Date,
    /// A time of day.
    Time,
    /// A date with a time.
    DateTime,
    /// A list in square brackets.
    List,
    /// A table.
    Table,
    /// A table that may come several times, `[[…]]`.
    Tables,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Shape::Text => "a text in quotes",
            Shape::Integer => "a whole number",
            Shape::Number => "a number",
            Shape::YesNo => "`true` or `false`",
            Shape::Date => "a date",
            Shape::Time => "a time of day",
            Shape::DateTime => "a date with a time",
            Shape::List => "a list in `[…]`",
            Shape::Table => "a table",
            Shape::Tables => "a table in double brackets",
        })
    }
}

/// The ways in which a text is no TOML, as far as a remedy differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SyntaxFault {
    /// A text without quotes.
    Unquoted,
    /// “Typographic quotes”, as word processors make them.
    CurlyQuotes,
    /// Nothing after `=`.
    NoValue,
    /// A text whose closing quote is missing.
    UnclosedText,
    /// A backslash in double quotes, mostly of a Windows path.
    Backslash,
    /// A key without `=`.
    NoEquals,
    /// A key with letters that a key cannot have.
    BadKey,
    /// A list whose `,` or `]` is missing.
    UnclosedList,
    /// A heading whose `]` is missing.
    UnclosedHeading,
    /// Something after the value.
    AfterValue,
    /// `True`, `yes` …
    YesNo,
    /// Tables in tables in tables.
    TooDeep,
    /// Anything else, as the parser words it, in English.
    Other(String),
}

impl SyntaxFault {
    /// Whether the rest of the file can be read all the same: the fault spoils its own line only.
    pub fn is_local(&self) -> bool {
        use SyntaxFault::*;
        matches!(self, Unquoted | CurlyQuotes | NoValue | UnclosedText | Backslash | AfterValue | YesNo)
    }
}

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdFault {
    /// Other characters than letters without diacritics, digits, `-`, `_`, `.`.
    Characters,
    /// Longer than 64.
    TooLong,
}

/// What is wrong with a file as a document.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DocumentFault {
    /// Larger than any such file can be; it was not read further.
    #[error("the file has {} bytes, expected at most {}", thousands(*bytes), thousands(*limit))]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The system refused to open or read it.
    #[error("it cannot be read: {found}")]
    Unreadable {
        /// What the system said.
        found: String,
    },
    /// Another encoding.
    #[error("the file is not UTF-8 text")]
    NotUtf8,
    /// A character that no text has, e.g. NUL.
    #[error("the file holds the control character U+{code:04X}, expected plain text")]
    ControlCharacter {
        /// Its code point.
        code: u32,
    },
    /// Nothing but white space and comments.
    #[error("the file is empty")]
    Empty,
    /// No TOML.
    #[error("{}", syntax_message(problem, found))]
    Syntax {
        /// In what way.
        problem: SyntaxFault,
        /// The text there, clipped; may be empty.
        found: String,
    },
    /// 2026-02-30.
    #[error("there is no date `{found}`")]
    ImpossibleDate {
        /// As written.
        found: String,
    },
    /// 25:00.
    #[error("there is no time of day `{found}`")]
    ImpossibleTime {
        /// As written.
        found: String,
    },
    /// A key that comes twice in its table.
    #[error("`{key}` is written twice")]
    DuplicateKey {
        /// The key.
        key: String,
    },
    /// A key that does not exist.
    #[error("`{key}` is not a key of {}", place_name(place))]
    UnknownKey {
        /// The key.
        key: String,
        /// The heading of its table; empty at the top of the file.
        place: &'static str,
        /// The key that comes closest.
        closest: Option<&'static str>,
        /// The keys that there are.
        known: Vec<&'static str>,
    },
    /// A key that must be there.
    #[error("`{key}` is missing{}", missing_from(place))]
    MissingKey {
        /// The key.
        key: &'static str,
        /// The heading of its table; empty at the top of the file.
        place: &'static str,
        /// How it is written.
        example: &'static str,
    },
    /// A value of another type.
    #[error("`{key}` is {found}, expected {expected}")]
    WrongType {
        /// The key.
        key: &'static str,
        /// What it is.
        found: Shape,
        /// What it should be.
        expected: Shape,
        /// How it is written.
        example: &'static str,
    },
    /// An item of a list, of another type.
    #[error("`{key}` holds {found}, expected each item to be {expected}")]
    WrongItem {
        /// The key.
        key: &'static str,
        /// What the item is.
        found: Shape,
        /// What it should be.
        expected: Shape,
        /// How it is written.
        example: &'static str,
    },
    /// A text of nothing but white space.
    #[error("`{key}` is empty")]
    EmptyText {
        /// The key.
        key: &'static str,
        /// How it is written.
        example: &'static str,
    },
    /// A text with a line break or another control character.
    #[error("`{key}` holds a line break or another control character, expected one line of text")]
    ControlInText {
        /// The key.
        key: &'static str,
    },
    /// A list without items.
    #[error("`{key}` is an empty list")]
    EmptyList {
        /// The key.
        key: &'static str,
        /// How it is written.
        example: &'static str,
    },
    /// A word that is not one of a closed list.
    #[error("`{key}` is `{found}`, expected {}", one_of(allowed))]
    UnknownWord {
        /// The key.
        key: &'static str,
        /// The word, clipped.
        found: String,
        /// The list.
        allowed: &'static [&'static str],
        /// The one that comes closest.
        closest: Option<&'static str>,
    },
    /// A text that is no length of time.
    #[error("`{key}` is `{found}`, expected a length of time such as `90s`, `10m` or `1h30m`")]
    NotASpan {
        /// The key.
        key: &'static str,
        /// The text, clipped.
        found: String,
    },
    /// A number or length of time beyond its limits.
    #[error("`{key}` is {found}, expected {from} to {to}")]
    OutOfRange {
        /// The key.
        key: &'static str,
        /// As written, clipped.
        found: String,
        /// The least.
        from: String,
        /// The most.
        to: String,
    },
    /// A text that is no id.
    #[error("`{found}` cannot be an id: {}", id_message(*why))]
    BadId {
        /// The text, clipped.
        found: String,
        /// Why.
        why: IdFault,
        /// An id made of it, where one can be made.
        offer: Option<String>,
    },
    /// The list of faults was cut off.
    #[error("{count} more faults are not listed")]
    More {
        /// How many are not listed.
        count: usize,
    },
}

words_of!(DocumentFault {
    DocumentFault::TooLarge { .. } => "too_large",
    DocumentFault::Unreadable { .. } => "unreadable",
    DocumentFault::NotUtf8 => "not_utf8",
    DocumentFault::ControlCharacter { .. } => "control_character",
    DocumentFault::Empty => "empty",
    DocumentFault::Syntax { .. } => "syntax",
    DocumentFault::ImpossibleDate { .. } => "impossible_date",
    DocumentFault::ImpossibleTime { .. } => "impossible_time",
    DocumentFault::DuplicateKey { .. } => "duplicate_key",
    DocumentFault::UnknownKey { .. } => "unknown_key",
    DocumentFault::MissingKey { .. } => "missing_key",
    DocumentFault::WrongType { .. } => "wrong_type",
    DocumentFault::WrongItem { .. } => "wrong_item",
    DocumentFault::EmptyText { .. } => "empty_text",
    DocumentFault::ControlInText { .. } => "control_in_text",
    DocumentFault::EmptyList { .. } => "empty_list",
    DocumentFault::UnknownWord { .. } => "unknown_word",
    DocumentFault::NotASpan { .. } => "not_a_span",
    DocumentFault::OutOfRange { .. } => "out_of_range",
    DocumentFault::BadId { .. } => "bad_id",
    DocumentFault::More { .. } => "more",
});

impl DocumentFault {
    /// The second half of its code.
    pub fn word(&self) -> &'static str {
        self.own_word()
    }

    /// All of them must be mended.
    pub fn severity(&self) -> Severity {
        Severity::Error
    }

    /// The remedy, in English.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            DocumentFault::TooLarge { .. } => "split it, or check that this is the right file".into(),
            DocumentFault::Unreadable { .. } => "check the file and who may read it".into(),
            DocumentFault::NotUtf8 => "save it again as UTF-8 (in Notepad: Save As, Encoding: UTF-8)".into(),
            DocumentFault::ControlCharacter { .. } => {
                "remove the character, or save the file again as plain UTF-8 text".into()
            }
            DocumentFault::Empty => "copy the file again; its copy may have been cut short".into(),
            DocumentFault::Syntax { problem, found } => syntax_help(problem, found)?,
            DocumentFault::ImpossibleDate { .. } => {
                "dates are written year-month-day with two digits each, e.g. 2026-12-09".into()
            }
            DocumentFault::ImpossibleTime { .. } => "times are written 00:00 to 23:59, e.g. \"05:30\"".into(),
            DocumentFault::DuplicateKey { key }
                if ["slot", "cart", "change", "theme", "holiday"].contains(&&**key) =>
            {
                format!("write the heading with double brackets each time: `[[{key}]]`")
            }
            DocumentFault::DuplicateKey { .. } => "keep one of the two".into(),
            DocumentFault::UnknownKey { closest, known, .. } => {
                did_you_mean(*closest).unwrap_or_else(|| format!("the keys here are {}", listed(known)))
            }
            DocumentFault::MissingKey { example, .. } => format!("add `{example}`"),
            DocumentFault::WrongType { example, .. }
            | DocumentFault::WrongItem { example, .. }
            | DocumentFault::EmptyText { example, .. }
            | DocumentFault::EmptyList { example, .. } => format!("write it as in `{example}`"),
            DocumentFault::ControlInText { .. } => "write it in one line".into(),
            DocumentFault::UnknownWord { closest, .. } => return did_you_mean(*closest),
            DocumentFault::NotASpan { .. } => {
                "numbers with `h`, `m` or `s`, in quotes, without spaces".into()
            }
            DocumentFault::OutOfRange { .. } => "choose a value within these limits".into(),
            DocumentFault::BadId { offer: Some(offer), .. } => format!("for example `{offer}`"),
            DocumentFault::BadId { offer: None, .. } => "for example `ban-tin-sang`".into(),
            DocumentFault::More { .. } => "mend those above and check again".into(),
        })
    }
}

fn missing_from(place: &str) -> String {
    if place.is_empty() { String::new() } else { format!(" in `{place}`") }
}

fn place_name(place: &str) -> String {
    if place.is_empty() { "the top of the file".into() } else { format!("`{place}`") }
}

fn id_message(why: IdFault) -> &'static str {
    match why {
        IdFault::Characters => "it takes letters without diacritics, digits, `-`, `_` and `.`",
        IdFault::TooLong => "it is longer than 64 characters",
    }
}

fn syntax_message(problem: &SyntaxFault, found: &str) -> String {
    match problem {
        SyntaxFault::Unquoted => format!("`{found}` has no quotes"),
        SyntaxFault::CurlyQuotes => format!("`{found}` has typographic quotes, expected straight ones"),
        SyntaxFault::NoValue => "nothing stands after `=`".into(),
        SyntaxFault::UnclosedText => "the closing quote is missing".into(),
        SyntaxFault::Backslash => "a backslash stands in a text in double quotes".into(),
        SyntaxFault::NoEquals => "this line is not `key = value`".into(),
        SyntaxFault::BadKey => format!("`{found}` cannot stand in a key"),
        SyntaxFault::UnclosedList => "`,` or `]` is missing in a list".into(),
        SyntaxFault::UnclosedHeading => "the heading lacks its closing bracket".into(),
        SyntaxFault::AfterValue => "something stands after the value".into(),
        SyntaxFault::YesNo => format!("`{found}` is neither `true` nor `false`"),
        SyntaxFault::TooDeep => "tables stand too deep in one another".into(),
        SyntaxFault::Other(message) => format!("not TOML: {message}"),
    }
}

fn syntax_help(problem: &SyntaxFault, found: &str) -> Option<String> {
    Some(match problem {
        SyntaxFault::Unquoted if found.chars().all(|c| c.is_ascii_digit() || "-/.:".contains(c)) => {
            "dates are written 2026-12-09, times \"05:30\"".into()
        }
        SyntaxFault::Unquoted => format!("put it in double quotes: \"{found}\""),
        SyntaxFault::CurlyQuotes => "type the quotes again in a plain text editor: \"…\"".into(),
        SyntaxFault::NoValue => "write a value, or delete the line".into(),
        SyntaxFault::UnclosedText => "end the text with the quote that it began with".into(),
        SyntaxFault::Backslash => "write `/` instead, as in \"nhac/nhac-hieu.mp3\"".into(),
        SyntaxFault::NoEquals => "write `key = value`, or begin a remark with `#`".into(),
        SyntaxFault::BadKey => "keys are the words of the manual, without spaces or diacritics".into(),
        SyntaxFault::UnclosedList => "write it as in `play = [\"a.mp3\", \"b.mp3\"]`".into(),
        SyntaxFault::UnclosedHeading => "write it as in `[[slot]]`".into(),
        SyntaxFault::AfterValue => "one line takes one key; begin a remark with `#`".into(),
        SyntaxFault::YesNo => "write `true` or `false`, in small letters".into(),
        SyntaxFault::TooDeep => "the file is no schedule or config; check where it comes from".into(),
        SyntaxFault::Other(_) => return None,
    })
}
