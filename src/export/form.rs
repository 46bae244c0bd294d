//! A form as a file: a workbook to count with, CSV for other programs, a page to print and sign. Owns which layouts there
//! are; each is a file of its own, and nothing here writes a file.

pub mod csv;
pub mod page;
pub mod xlsx;
