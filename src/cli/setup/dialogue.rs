//! Asking a person, one line at a time. Owns how an answer is read, what counts as yes and no in either language, and that
//! the end of the answers ends everything.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Result;
use unicode_normalization::UnicodeNormalization;

use crate::cli::say;
use crate::words::Language;
use crate::words::setup::{Texts, texts};

/// No more answers come: nothing is done.
#[derive(Debug, thiserror::Error)]
#[error("broken off")]
pub(super) struct BrokenOff;

/// A dialogue in a language.
pub(super) struct Dialogue {
    pub(super) language: Language,
    terminal: bool,
}

impl Dialogue {
    pub(super) fn new(language: Language) -> Dialogue {
        Dialogue { language, terminal: std::io::stdin().is_terminal() }
    }

    pub(super) fn texts(&self) -> &'static Texts {
        texts(self.language)
    }

    /// Asks until the answer can be read; without white space at its ends, in NFC.
    pub(super) fn ask(&self, question: &str) -> Result<String> {
        loop {
            prompt(question);
            let mut bytes = Vec::new();
            // No answer is longer; the rest of it is the next answer's trouble.
            let read =
                std::io::Read::take(&mut std::io::stdin().lock(), 4_096).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                say("");
                return Err(BrokenOff.into());
            }
            let text: String = String::from_utf8_lossy(&bytes).trim().nfc().collect();
            if !self.terminal {
                say(&text);
            }
            if text.contains(|c: char| c.is_control() || c == '\u{fffd}') {
                say(self.texts().not_read);
                continue;
            }
            return Ok(text);
        }
    }

    /// Asks for yes or no; Enter is `usual`, where there is one.
    pub(super) fn yes(&self, question: &str, usual: Option<bool>) -> Result<bool> {
        loop {
            match (yes_or_no(&self.ask(question)?), usual) {
                (Some(Reply::Yes), _) => return Ok(true),
                (Some(Reply::No), _) => return Ok(false),
                (Some(Reply::Nothing), Some(usual)) => return Ok(usual),
                _ => say(self.texts().yes_or_no),
            }
        }
    }

    /// Asks for one of a numbered list, from 1; Enter is none.
    pub(super) fn choose(&self, question: &str, most: usize) -> Result<Option<usize>> {
        loop {
            let text = self.ask(question)?;
            match text.trim_end_matches('.').parse() {
                _ if text.is_empty() => return Ok(None),
                Ok(number) if (1..=most).contains(&number) => return Ok(Some(number)),
                _ => say(self.texts().no_such_choice),
            }
        }
    }

    /// Asks for what is not shown while it is typed.
    pub(super) fn secret(&self, question: &str) -> Result<String> {
        if !self.terminal {
            return self.hidden_line(question);
        }
        Ok(rpassword::prompt_password(question)?)
    }

    /// A line that is not repeated in the transcript.
    fn hidden_line(&self, question: &str) -> Result<String> {
        prompt(question);
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line)?;
        say("");
        if read == 0 { Err(BrokenOff.into()) } else { Ok(line.trim_end_matches(['\r', '\n']).to_owned()) }
    }
}

fn prompt(question: &str) {
    let mut out = std::io::stdout().lock();
    let _ = write!(out, "{question}");
    let _ = out.flush();
}

/// What a short answer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reply {
    Yes,
    No,
    Nothing,
}

/// Both languages' words count in both, with and without diacritics: whoever hesitates types either.
pub(super) fn yes_or_no(text: &str) -> Option<Reply> {
    match text.to_lowercase().as_str() {
        "" => Some(Reply::Nothing),
        "c" | "co" | "có" | "đ" | "đúng" | "dung" | "y" | "yes" | "ok" | "ừ" | "vâng" => {
            Some(Reply::Yes)
        }
        "k" | "ko" | "khong" | "không" | "s" | "sai" | "n" | "no" => Some(Reply::No),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_understood_as_people_type_them() {
        for yes in ["c", "C", "có", "CÓ", "đúng", "y", "Yes"] {
            assert_eq!(yes_or_no(yes), Some(Reply::Yes), "{yes}");
        }
        for no in ["k", "Không", "sai", "n", "NO"] {
            assert_eq!(yes_or_no(no), Some(Reply::No), "{no}");
        }
        assert_eq!((yes_or_no(""), yes_or_no("cos"), yes_or_no("1")), (Some(Reply::Nothing), None, None));
    }
}
