//! What can be wrong with the plan's targets as they stand in a workbook. The places are in
//! [`CellFault`](crate::core::workbook::CellFault).

use super::{did_you_mean, words_of};

/// What is wrong with a target.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum TargetFault {
    /// A theme that the station's list has not.
    #[error("`{found}` is not a theme of the station's list")]
    UnknownTheme {
        /// As written, clipped.
        found: String,
        /// The theme that comes closest.
        closest: Option<String>,
    },
    /// The name of one theme, and the id of another.
    #[error("this is the id of the theme `{of_id}`, but the row names `{named}`")]
    ThemesDiffer {
        /// The id as it is read.
        of_id: String,
        /// The id of the theme that is named.
        named: String,
    },
    /// No period.
    #[error("`{found}` is no period from 2000 to 2099")]
    BadPeriod {
        /// As written, clipped.
        found: String,
    },
    /// No number that can be reached.
    #[error("`{found}` is not a whole number from 1 to 1,000,000")]
    BadFigure {
        /// As written, clipped.
        found: String,
    },
    /// Airings and minutes of one theme in one period.
    #[error("the row has both airings and minutes")]
    TwoFigures,
    /// The same theme and period again.
    #[error("row {row} has a target of this theme for this period already")]
    Again {
        /// The row, from 1.
        row: u32,
    },
    /// The sheet has no row of headings.
    #[error("the row with the headings of the template is not there")]
    NoHeadings,
    /// A period, and nothing to be reached in any row.
    #[error("no row has a number of airings or minutes")]
    NoFigures,
    /// A schedule in the same workbook.
    #[error("the workbook holds both a schedule and targets")]
    WithSchedule,
}

words_of!(TargetFault {
    TargetFault::UnknownTheme { .. } => "unknown_theme",
    TargetFault::ThemesDiffer { .. } => "themes_differ",
    TargetFault::BadPeriod { .. } => "bad_period",
    TargetFault::BadFigure { .. } => "bad_figure",
    TargetFault::TwoFigures => "two_figures",
    TargetFault::Again { .. } => "target_again",
    TargetFault::NoHeadings => "no_target_headings",
    TargetFault::NoFigures => "no_figures",
    TargetFault::WithSchedule => "with_schedule",
});

impl TargetFault {
    /// Its code.
    pub fn word(&self) -> &'static str {
        self.own_word()
    }

    /// What mends it.
    pub fn help(&self) -> String {
        match self {
            TargetFault::UnknownTheme { closest, .. } => did_you_mean(closest.as_deref()).unwrap_or_else(|| {
                "choose one from the drop-down list of the template; the station's technician adds new themes to the list".into()
            }),
            TargetFault::ThemesDiffer { .. } => "keep the one that is meant, and empty the other cell".into(),
            TargetFault::BadPeriod { .. } => {
                "write it as `October 2026`, `Quarter 4 of 2026`, `First half of 2026` or `Year 2026`".into()
            }
            TargetFault::BadFigure { .. } => {
                "write digits alone, e.g. 96; leave the cell empty where there is no target".into()
            }
            TargetFault::TwoFigures => "keep one of the two".into(),
            TargetFault::Again { .. } => "keep one of the two rows".into(),
            TargetFault::NoHeadings => {
                "copy the row of headings from the template: `Reform theme`, `Theme id`, `Period`, `Airings`, `Minutes`".into()
            }
            TargetFault::NoFigures => "fill in `Airings` or `Minutes` of the themes that have a target".into(),
            TargetFault::WithSchedule => "send each in a workbook of its own".into(),
        }
    }
}
