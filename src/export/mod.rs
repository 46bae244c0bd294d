//! Sheets and forms as files that offices open: pages, plain text, the workbook to fill in. Owns the layout; the words come
//! from `words`, and nothing here writes a file.

pub mod form;
mod legible;
pub mod page;
pub mod template;
pub mod text;
