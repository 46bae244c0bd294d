//! The template as values: what stands in which cell before it is written in some format. Owns its layout and where the
//! examples stand; the texts come from `words`, the formats from `export`.

use chrono::{Datelike, NaiveDate, NaiveTime};

pub use targets::{TARGETS_HEADING_ROW, TargetsTemplate};

mod targets;

use super::headings::{CHANGES, Column, KINDS, LABELS, Label, PLAN, PRIORITIES, SHEETS, SheetKind, Word};
use super::{Cell, ThemeNames};
use crate::core::language::Language;

/// The row of the headings of *Lịch phát*, from 0.
pub const HEADING_ROW: usize = 7;
/// The column of the labels, from 0; their values stand in the next.
pub const LABEL_COLUMN: usize = 1;

/// The texts of the template that are no headings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// How to fill it in, a paragraph each.
    pub guide: Vec<&'static str>,
    /// What stands at the head of the table.
    pub caption: &'static str,
    /// What the sheet with the drop-down lists is called.
    pub lists: &'static str,
    /// An id, a title and a sender, to be replaced.
    pub labels: [(Label, &'static str); 3],
    /// The programme of the examples.
    pub programme: &'static str,
    /// The title, file and kind of each example.
    pub items: [(&'static str, &'static str, &'static str); 2],
    /// Where they come from.
    pub source: &'static str,
    /// What marks them as examples.
    pub remark: &'static str,
    /// Weekdays to choose from; others can be written.
    pub days: &'static [&'static str],
}

/// The template for a station in a language.
#[derive(Clone, Debug)]
pub struct Template<'a> {
    /// Its language.
    pub language: Language,
    /// Its texts.
    pub wording: Wording,
    /// The station's themes.
    pub themes: &'a [ThemeNames],
    /// The first day of the examples, which last to the end of its month.
    pub first: NaiveDate,
}

impl Template<'_> {
    /// What a sheet is called.
    pub fn sheet(&self, kind: SheetKind) -> &'static str {
        SHEETS.iter().find(|word| word.means == kind).map_or("", |word| word.text(self.language))
    }

    /// The names of the themes.
    pub fn topics(&self) -> Vec<&str> {
        self.themes
            .iter()
            .map(|(_, vi, en)| match self.language {
                Language::Vi => vi.as_str(),
                Language::En => en.as_str(),
            })
            .collect()
    }

    /// The words of a list in its language.
    pub fn words<T: Copy>(&self, words: &[Word<T>]) -> Vec<&'static str> {
        words.iter().map(|word| word.text(self.language)).collect()
    }

    /// The priorities that can be chosen: an emergency cannot.
    pub fn priorities(&self) -> Vec<&'static str> {
        PRIORITIES.iter().filter(|word| word.means.is_some()).map(|word| word.text(self.language)).collect()
    }

    /// The sheet *Lịch phát*: caption, labels, headings and the examples.
    pub fn plan(&self) -> Vec<Vec<Cell>> {
        let mut rows = vec![vec![Cell::Empty, Cell::text(self.wording.caption)]];
        for label in LABELS {
            let value = self.wording.labels.iter().find(|(known, _)| *known == label.means);
            let value = value.map_or(Cell::Empty, |(_, text)| Cell::text(text));
            rows.push(vec![Cell::Empty, Cell::text(label.text(self.language)), value]);
        }
        rows.resize_with(HEADING_ROW, Vec::new);
        rows.push(self.words(PLAN).into_iter().map(Cell::text).collect());
        rows.extend((0..self.wording.items.len()).map(|at| self.example(at)));
        rows
    }

    /// The sheet *Thay đổi*: its headings.
    pub fn changes(&self) -> Vec<Vec<Cell>> {
        vec![self.words(CHANGES).into_iter().map(Cell::text).collect()]
    }

    fn example(&self, at: usize) -> Vec<Cell> {
        let next = self.first.with_day(1).and_then(|first| first.checked_add_months(chrono::Months::new(1)));
        let last = next.and_then(|next| next.pred_opt()).unwrap_or(self.first);
        let (title, file, kind) = self.wording.items.get(at).copied().unwrap_or_default();
        let of_kind =
            KINDS.iter().find(|word| word.means == kind).map_or("", |word| word.text(self.language));
        // The signature tune counts for no theme.
        let preferred = self.themes.iter().position(|(id, ..)| id == "dich-vu-cong").unwrap_or(0);
        let topic = self.topics().get(preferred).copied().filter(|_| at > 0).unwrap_or_default();
        let cell = |column: Column| match column {
            Column::Number | Column::Order => Cell::Number((at + 1) as f64),
            Column::From => Cell::Date(self.first),
            Column::Until => Cell::Date(last),
            Column::Days => Cell::text(self.wording.days.first().copied().unwrap_or_default()),
            Column::Time => NaiveTime::from_hms_opt(5, 30, 0).map_or(Cell::Empty, Cell::Time),
            Column::Programme => Cell::text(self.wording.programme),
            Column::Title => Cell::text(title),
            Column::File => Cell::text(file),
            Column::Kind => Cell::text(of_kind),
            Column::Topic => Cell::text(topic),
            Column::Source => Cell::text(self.wording.source),
            Column::Priority => Cell::text(self.priorities().first().copied().unwrap_or_default()),
            Column::Remark => Cell::text(self.wording.remark),
            _ => Cell::Empty,
        };
        PLAN.iter().map(|word| cell(word.means)).collect()
    }
}
