//! The template of the plan's targets as values: every theme of the station with its present targets. Owns its layout and
//! the periods that can be chosen; the texts come from `words`, the formats from `export`.

use std::collections::BTreeSet;

use super::super::headings::{SHEETS, SheetKind, TARGETS};
use super::super::{Cell, ThemeNames};
use super::Column;
use crate::core::language::Language;
use crate::core::period::PeriodName;
use crate::core::report::targets::{Amount, Target, Targets};

/// The row of the headings, from 0.
pub const TARGETS_HEADING_ROW: usize = 2;

/// The template of targets for a station in a language.
#[derive(Clone, Debug)]
pub struct TargetsTemplate<'a> {
    /// Its language.
    pub language: Language,
    /// How to fill it in, a paragraph each.
    pub guide: Vec<&'static str>,
    /// What stands at the head of the table.
    pub caption: &'static str,
    /// What the sheet with the drop-down lists is called.
    pub lists: &'static str,
    /// The station's themes.
    pub themes: &'a [ThemeNames],
    /// Its present targets.
    pub targets: &'a Targets,
    /// The year of the rows that have no target yet.
    pub year: i32,
}

impl TargetsTemplate<'_> {
    /// What a sheet is called.
    pub fn sheet(&self, kind: SheetKind) -> &'static str {
        SHEETS.iter().find(|word| word.means == kind).map_or("", |word| word.text(self.language))
    }

    /// The names of the themes.
    pub fn topics(&self) -> Vec<String> {
        self.themes.iter().map(|theme| self.name(theme)).collect()
    }

    /// Their ids.
    pub fn ids(&self) -> Vec<String> {
        self.themes.iter().map(|(id, ..)| id.clone()).collect()
    }

    /// The periods to choose from, as they are written: those of its year and of the next, and of whatever has a target.
    pub fn periods(&self) -> Vec<String> {
        let years: BTreeSet<i32> =
            self.targets.years().into_iter().chain([self.year, self.year + 1]).collect();
        let of = |year| {
            let halves = (1..=2).map(move |half| PeriodName::Half(year, half));
            let quarters = (1..=4).map(move |quarter| PeriodName::Quarter(year, quarter));
            let months = (1..=12).map(move |month| PeriodName::Month(year, month));
            [PeriodName::Year(year)].into_iter().chain(halves).chain(quarters).chain(months)
        };
        let mut periods: Vec<PeriodName> = years.into_iter().flat_map(of).collect();
        for target in &self.targets.0 {
            if !periods.contains(&target.period) {
                periods.push(target.period);
            }
        }
        periods.into_iter().map(|period| period.spelled(self.language)).collect()
    }

    /// The sheet *Chỉ tiêu*: caption, headings, and a row for each target and for each theme that has none.
    pub fn rows(&self) -> Vec<Vec<Cell>> {
        let mut rows = vec![vec![Cell::Empty, Cell::text(self.caption)]];
        rows.resize_with(TARGETS_HEADING_ROW, Vec::new);
        rows.push(TARGETS.iter().map(|word| Cell::text(word.text(self.language))).collect());
        for theme in self.themes {
            let mut own = self.targets.0.iter().filter(|target| target.topic == theme.0).peekable();
            if own.peek().is_none() {
                rows.push(self.row(rows.len(), theme, PeriodName::Year(self.year), None));
            }
            for Target { period, amount, .. } in own {
                rows.push(self.row(rows.len(), theme, *period, Some(*amount)));
            }
        }
        rows
    }

    fn name(&self, (_, vi, en): &ThemeNames) -> String {
        match self.language {
            Language::Vi => vi.clone(),
            Language::En => en.clone(),
        }
    }

    fn row(&self, at: usize, theme: &ThemeNames, period: PeriodName, amount: Option<Amount>) -> Vec<Cell> {
        let cell = |column| match (column, amount) {
            (Column::Number, _) => Cell::Number((at - TARGETS_HEADING_ROW) as f64),
            (Column::Topic, _) => Cell::text(&self.name(theme)),
            (Column::TopicId, _) => Cell::text(&theme.0),
            (Column::Period, _) => Cell::text(&period.spelled(self.language)),
            (Column::Airings, Some(Amount::Airings(count)))
            | (Column::Minutes, Some(Amount::Minutes(count))) => Cell::Number(count.into()),
            _ => Cell::Empty,
        };
        TARGETS.iter().map(|word| cell(word.means)).collect()
    }
}
