//! A form as a file: a workbook to count with, CSV for other programs, a page to print and sign. Owns which layouts there
//! are; each is a file of its own, and nothing here writes a file.

use chrono::NaiveDate;

use crate::core::form::Form;

pub mod csv;
pub mod page;
pub mod xlsx;

/// The layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Layout {
    /// A page that prints on A4.
    Html,
    /// A workbook.
    Xlsx,
    /// For other programs; Excel opens it too.
    Csv,
}

impl Layout {
    /// All of them.
    pub const ALL: [Layout; 3] = [Layout::Html, Layout::Xlsx, Layout::Csv];

    /// How the name of its file ends.
    pub fn ending(self) -> &'static str {
        match self {
            Layout::Html => "html",
            Layout::Xlsx => "xlsx",
            Layout::Csv => "csv",
        }
    }

    /// The layout of that ending, however it is written.
    pub fn of_ending(ending: &str) -> Option<Layout> {
        Layout::ALL.into_iter().find(|layout| layout.ending().eq_ignore_ascii_case(ending))
    }

    /// What it is, as servers call it.
    pub fn media_type(self) -> &'static str {
        match self {
            Layout::Html => "text/html; charset=utf-8",
            Layout::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Layout::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The form as the bytes of a file, made on that day.
    ///
    /// # Errors
    /// What the library of the layout says, e.g. that a sheet cannot hold so many rows.
    pub fn bytes(self, form: &Form, made: NaiveDate) -> Result<Vec<u8>, LayoutError> {
        match self {
            Layout::Html => Ok(page::html(form).into_bytes()),
            Layout::Xlsx => xlsx::xlsx(form, made).map_err(|error| LayoutError(error.to_string())),
            Layout::Csv => csv::csv(form).map_err(|error| LayoutError(error.to_string())),
        }
    }
}

/// Why a form could not be laid out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the form could not be laid out: {0}; ask for a shorter period or another format")]
pub struct LayoutError(String);
