//! A sheet as plain text that Notepad shows right: a byte order mark, CRLF, at most [`WIDTH`] columns. Owns the
//! layout by columns, in which a wide letter counts two and a combining mark none.

use textwrap::{Options, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr;

use super::legible::legible;
use crate::core::paper::{Paper, Part};

/// Columns of a line: what a window of Notepad and a printed A4 page hold.
pub const WIDTH: usize = 78;
/// Between two columns of a table.
const GAP: usize = 2;
/// A blank at which no line is parted.
const FIXED: char = '\u{a0}';

/// The sheet as text.
pub fn text(paper: &Paper) -> String {
    let paper = legible(paper);
    let mut lines = hanging("", "", &paper.title.to_uppercase());
    if let Some(stamp) = &paper.stamp {
        let frame = "=".repeat(WIDTH);
        let inside = WIDTH.saturating_sub(stamp.text.width()) / 2;
        lines.extend([String::new(), frame.clone()]);
        lines.extend(hanging(&" ".repeat(inside), "", &stamp.text));
        lines.push(frame);
    }
    for part in &paper.parts {
        lines.push(String::new());
        lay(&mut lines, part);
    }
    let mut text = String::from('\u{feff}');
    for line in lines {
        text.push_str(line.trim_end());
        text.push_str("\r\n");
    }
    text
}

fn lay(lines: &mut Vec<String>, part: &Part) {
    match part {
        Part::Heading(text) => {
            let heading = hanging("", "", &text.to_uppercase());
            let longest = heading.iter().map(|line| line.width()).max().unwrap_or_default();
            lines.extend(heading);
            lines.push("-".repeat(longest));
        }
        Part::Subheading(text) => lines.extend(hanging("* ", "  ", text)),
        Part::Text(text) => lines.extend(hanging("", "", text)),
        Part::Warning(text) => lines.extend(hanging("!!! ", "    ", text)),
        Part::List(items) => items.iter().for_each(|item| lines.extend(hanging("- ", "  ", item))),
        Part::Facts(facts) => {
            let longest = facts.iter().map(|(label, _)| label.width() + 1).max().unwrap_or_default();
            let widths = [longest.min(WIDTH / 2), WIDTH - longest.min(WIDTH / 2) - GAP];
            for (label, what) in facts {
                lines.extend(row(&widths, &[format!("{label}:"), what.clone()]));
            }
        }
        Part::Signatures(signs) => {
            for (who, how) in signs {
                lines.extend(hanging("", "", &format!("{who} ({how}):")));
                lines.push("_".repeat(WIDTH / 2));
            }
        }
        Part::Table { headings, rows } => {
            let widths = columns(headings, rows);
            lines.extend(row(&widths, headings));
            lines.push(widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>().join("  "));
            rows.iter().for_each(|cells| lines.extend(row(&widths, cells)));
        }
    }
}

/// A paragraph whose lines after the first stand in.
fn hanging(first: &str, rest: &str, text: &str) -> Vec<String> {
    wrapped(Options::new(WIDTH).initial_indent(first).subsequent_indent(rest), text)
}

/// The lines of a text. What a reader copies is not parted while it fits on a line: neither a name at its hyphen nor
/// a command in back-ticks at its blanks.
fn wrapped(options: Options<'_>, text: &str) -> Vec<String> {
    let room = options.width.saturating_sub(options.subsequent_indent.width());
    let mut held = String::with_capacity(text.len());
    for (at, part) in text.split('`').enumerate() {
        let (tick, is_command) = (if at > 0 { "`" } else { "" }, at % 2 == 1);
        held.push_str(tick);
        match is_command && part.width() + 2 <= room {
            true => held.extend(part.chars().map(|letter| if letter == ' ' { FIXED } else { letter })),
            false => held.push_str(part),
        }
    }
    let lines = wrap(&held, options.word_splitter(WordSplitter::NoHyphenation));
    lines.iter().map(|line| line.replace(FIXED, " ")).collect()
}

/// The widths of the columns: as wide as what stands in them, the widest narrowed until the table fits.
fn columns(headings: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let mut widths: Vec<usize> = headings.iter().map(|heading| heading.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width()).min(WIDTH);
        }
    }
    let room = WIDTH.saturating_sub(GAP * widths.len().saturating_sub(1)).max(widths.len());
    while widths.iter().sum::<usize>() > room {
        if let Some(widest) = widths.iter_mut().max() {
            *widest -= 1;
        }
    }
    widths
}

/// The cells beside each other, each wrapped in its column.
fn row(widths: &[usize], cells: &[String]) -> Vec<String> {
    let cells: Vec<Vec<String>> =
        widths.iter().zip(cells).map(|(width, cell)| wrapped(Options::new(*width), cell)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or_default();
    let line = |at: usize| {
        let mut line = String::new();
        let mut column = 0usize;
        for (width, cell) in widths.iter().zip(&cells) {
            let cell = cell.get(at).map_or("", String::as_str);
            line.push_str(&" ".repeat(column.saturating_sub(line.width())));
            line.push_str(cell);
            column += width + GAP;
        }
        line
    };
    (0..height).map(line).collect()
}
