//! Makes the texts of a sheet fit to be shown: what a file is called may hide, turn round or break what stands beside
//! it. Owns what may not reach a reader; the words stay as they are.

use unicode_normalization::UnicodeNormalization;

use crate::core::paper::{Paper, Part, Stamp};

/// Characters after which a text is cut short: far beyond every sentence of ours, short of a page.
const LONGEST: usize = 1_000;

/// The sheet with every text fit to be shown.
pub(super) fn legible(paper: &Paper) -> Paper {
    let all = |texts: &[String]| texts.iter().map(|one| text(one)).collect::<Vec<_>>();
    let part = |part: &Part| match part {
        Part::Heading(one) => Part::Heading(text(one)),
        Part::Subheading(one) => Part::Subheading(text(one)),
        Part::Text(one) => Part::Text(text(one)),
        Part::Warning(one) => Part::Warning(text(one)),
        Part::Facts(facts) => {
            Part::Facts(facts.iter().map(|(label, what)| (text(label), text(what))).collect())
        }
        Part::List(items) => Part::List(all(items)),
        Part::Signatures(signs) => {
            Part::Signatures(signs.iter().map(|(who, how)| (text(who), text(how))).collect())
        }
        Part::Table { headings, rows } => {
            Part::Table { headings: all(headings), rows: rows.iter().map(|row| all(row)).collect() }
        }
    };
    Paper {
        title: text(&paper.title),
        stamp: paper.stamp.as_ref().map(|stamp| Stamp { text: text(&stamp.text), tone: stamp.tone }),
        parts: paper.parts.iter().map(part).collect(),
        ..*paper
    }
}

/// One text in NFC, on one line, with `�` in place of what is not to be seen.
pub(super) fn text(found: &str) -> String {
    let mut fit: String = found.nfc().take(LONGEST).map(shown).collect();
    if found.nfc().nth(LONGEST).is_some() {
        fit.push('…');
    }
    fit
}

fn shown(letter: char) -> char {
    match letter {
        '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => ' ',
        // Marks that turn the direction of what follows: `cod.mp3` would read as `3pm.doc`.
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => HIDDEN,
        // Letters without a shape: two names that look alike would not be.
        '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' | '\u{feff}' => HIDDEN,
        '\u{e0000}'..='\u{e0fff}' | '\u{fff9}'..='\u{fffb}' => HIDDEN,
        // No letters at all; XML and old browsers stumble over them.
        '\u{fdd0}'..='\u{fdef}' => HIDDEN,
        other if other.is_control() || u32::from(other) & 0xfffe == 0xfffe => HIDDEN,
        other => other,
    }
}

const HIDDEN: char = char::REPLACEMENT_CHARACTER;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_or_turns_is_shown_as_a_mark_and_letters_of_every_language_stay() {
        assert_eq!(text("bài\u{202e}3pm.exe"), "bài�3pm.exe");
        assert_eq!(text("a\u{0}b\u{7}c\u{9b}d\u{feff}e\u{ffff}"), "a�b�c�d�e�");
        assert_eq!(text("một\r\nhai\tba"), "một  hai ba");
        assert_eq!(text("Bản tin Cơ Tu: đhr’năng, g’lêng ŏ ĭ"), "Bản tin Cơ Tu: đhr’năng, g’lêng ŏ ĭ");
        assert_eq!(text("ba\u{309}n"), "bản");
    }

    #[test]
    fn a_text_without_end_is_cut_short() {
        assert_eq!(text(&"ế".repeat(10_000)).chars().count(), LONGEST + 1);
        assert_eq!(text(&"a".repeat(LONGEST)), "a".repeat(LONGEST));
    }
}
