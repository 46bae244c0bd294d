//! The template as a file: `.xlsx` with drop-down lists and formats, `.csv` for whoever has no spreadsheet. Owns how the
//! cells look; what stands in them is in [`crate::core::workbook::template`].

use chrono::{Datelike, NaiveTime, Timelike};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula,
    Workbook, Worksheet, XlsxError,
};

use crate::core::workbook::headings::{ACTIONS, CHANGES, Column, KINDS, PLAN, SheetKind, Word};
use crate::core::workbook::template::{HEADING_ROW, LABEL_COLUMN, Template};

mod targets;

use crate::core::workbook::{Cell, column_letters};
pub use targets::{targets_csv, targets_xlsx};

/// The rows that have formats and drop-down lists; below them a cell can be written all the same.
const READY_ROWS: usize = 500;
/// How wide the guide is, in letters.
const GUIDE_WIDTH: usize = 72;
/// A4, by the number that Excel has for it.
const A4: u8 = 9;

/// The template as a workbook.
///
/// # Errors
/// What the library says; there is no text of the template that it refuses.
pub fn xlsx(template: &Template<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let first = template.first;
    let made = ExcelDateTime::from_ymd(first.year() as u16, first.month() as u8, first.day() as u8)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let lists = Lists::of(template);

    let guide = book.add_worksheet().set_name(template.sheet(SheetKind::Guide))?;
    paragraphs(guide, &template.wording.guide)?;

    let plan = book.add_worksheet().set_name(template.sheet(SheetKind::Plan))?;
    table(plan, (PLAN, HEADING_ROW), (&template.plan(), Rows::Examples), &lists)?;
    plan.set_active(true);

    let changes = book.add_worksheet().set_name(template.sheet(SheetKind::Changes))?;
    table(changes, (CHANGES, 0), (&template.changes(), Rows::Examples), &lists)?;

    lists.write(&mut book)?;
    book.save_to_buffer()
}

/// How it is filled in, a paragraph a row.
fn paragraphs(guide: &mut Worksheet, texts: &[&str]) -> Result<(), XlsxError> {
    guide.set_column_width(0, GUIDE_WIDTH as f64)?.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    for (row, text) in texts.iter().enumerate() {
        let format = Format::new().set_text_wrap().set_align(FormatAlign::Top).set_font_size(12);
        let format = if row == 0 { format.set_bold().set_font_size(14) } else { format };
        guide.write_string_with_format(row as u32, 0, *text, &format)?;
        // Not every program makes room for wrapped text by itself.
        let lines = text.chars().count().div_ceil(GUIDE_WIDTH * 9 / 10) as f64;
        guide.set_row_height(row as u32, 18.0 * lines + 4.0)?;
    }
    Ok(())
}

/// What can be chosen, by column. The lists stand on a sheet of their own: together they are longer than Excel takes in
/// the cell itself.
struct Lists {
    sheet: &'static str,
    lists: Vec<(Column, Vec<String>)>,
}

impl Lists {
    fn of(template: &Template<'_>) -> Lists {
        let owned = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let lists = vec![
            (Column::Days, owned(template.wording.days.to_vec())),
            (Column::Kind, owned(template.words(KINDS))),
            (Column::Topic, owned(template.topics())),
            (Column::Priority, owned(template.priorities())),
            (Column::Action, owned(template.words(ACTIONS))),
        ];
        Lists {
            sheet: template.wording.lists,
            lists: lists.into_iter().filter(|(_, words)| !words.is_empty()).collect(),
        }
    }

    fn write(&self, book: &mut Workbook) -> Result<(), XlsxError> {
        let sheet = book.add_worksheet().set_name(self.sheet)?;
        for (column, (_, words)) in self.lists.iter().enumerate() {
            for (row, word) in words.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, word)?;
            }
        }
        sheet.set_hidden(true);
        Ok(())
    }

    /// The drop-down list of a column. Other words can be written where the list holds examples only.
    fn choice(&self, column: Column) -> Option<DataValidation> {
        let at = self.lists.iter().position(|(known, _)| *known == column)?;
        let letters = column_letters(at as u32);
        let last = self.lists.get(at)?.1.len();
        let list = Formula::new(format!("='{}'!${letters}$1:${letters}${last}", self.sheet));
        let closed = !matches!(column, Column::Days | Column::Period);
        Some(DataValidation::new().allow_list_formula(list).show_error_message(closed))
    }
}

/// What the rows below the headings are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// Examples, to be deleted.
    Examples,
    /// The station's own.
    Own,
}

fn table(
    sheet: &mut Worksheet,
    (columns, head): (&[Word<Column>], usize),
    (rows, are): (&[Vec<Cell>], Rows),
    lists: &Lists,
) -> Result<(), XlsxError> {
    for (at, word) in columns.iter().enumerate() {
        let at = at as u16;
        sheet.set_column_width(at, width(word.means))?;
        sheet.set_column_format(at, &format(word.means))?;
        if let Some(choice) = lists.choice(word.means) {
            sheet.add_data_validation(head as u32 + 1, at, (head + READY_ROWS) as u32, at, &choice)?;
        }
    }
    let label = Format::new().set_bold();
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_border(FormatBorder::Thin)
        .set_background_color(Color::RGB(0xDDE8F5));
    for (row, cells) in rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let of_column = columns.get(column).map_or_else(Format::new, |word| format(word.means));
            let format = match row.cmp(&head) {
                // What is filled in beside a label is text, whatever its column holds below.
                std::cmp::Ordering::Less if column == LABEL_COLUMN => label.clone(),
                std::cmp::Ordering::Less => Format::new().set_num_format("@"),
                std::cmp::Ordering::Equal => heading.clone(),
                std::cmp::Ordering::Greater if are == Rows::Own => of_column,
                std::cmp::Ordering::Greater => of_column.set_italic().set_font_color(Color::RGB(0x666666)),
            };
            write(sheet, (row as u32, column as u16), cell, &format)?;
        }
    }
    sheet.set_row_height(head as u32, 36)?;
    for row in head + 1..rows.len() {
        sheet.set_row_height(row as u32, 30)?;
    }
    sheet.set_freeze_panes(head as u32 + 1, 0)?;
    sheet.set_repeat_rows(head as u32, head as u32)?;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => sheet.write_blank(row, column, format)?,
        Cell::Number(number) => sheet.write_number_with_format(row, column, *number, format)?,
        Cell::Date(date) => {
            let day = ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
            sheet.write_datetime_with_format(row, column, &day, format)?
        }
        Cell::Time(time) => sheet.write_number_with_format(row, column, fraction(*time), format)?,
        other => sheet.write_string_with_format(row, column, other.line(), format)?,
    };
    Ok(())
}

/// A time of day as a spreadsheet stores it: a fraction of the day.
fn fraction(time: NaiveTime) -> f64 {
    f64::from(time.num_seconds_from_midnight()) / 86_400.0
}

/// How a column is formatted below its heading. Text stays text where a spreadsheet would see a date in `2-6` or a
/// number in `001`.
fn format(column: Column) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match column {
        Column::From | Column::Until | Column::Date => format.set_num_format("dd/mm/yyyy"),
        Column::Time | Column::NewTime => format.set_num_format("hh:mm"),
        Column::Number | Column::Order | Column::Airings | Column::Minutes => format,
        _ => format.set_num_format("@").set_text_wrap(),
    }
}

/// How wide a column is, in letters.
fn width(column: Column) -> f64 {
    match column {
        Column::Number => 5.0,
        Column::Airings | Column::Minutes => 10.0,
        Column::TopicId | Column::Period => 22.0,
        Column::Order => 9.0,
        Column::Time | Column::NewTime => 8.0,
        Column::From | Column::Date => 16.0,
        Column::Until | Column::Days | Column::Priority => 13.0,
        Column::Kind | Column::Source | Column::Action | Column::Approver => 18.0,
        Column::RepeatOf | Column::Remark => 24.0,
        Column::Programme
        | Column::Title
        | Column::File
        | Column::Topic
        | Column::NewFile
        | Column::Reason => 30.0,
    }
}

/// The template as text for a spreadsheet: UTF-8 with a byte order mark, parted by `;` where a comma is the decimal sign.
pub fn csv(template: &Template<'_>) -> Vec<u8> {
    let mut rows = template.plan();
    rows.push(Vec::new());
    rows.push(vec![Cell::text(template.sheet(SheetKind::Changes))]);
    rows.extend(template.changes());
    parted(&rows)
}

fn parted(rows: &[Vec<Cell>]) -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.iter().map(field).collect();
        text.push_str(&cells.join(";"));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

fn field(cell: &Cell) -> String {
    let line = match cell {
        Cell::Time(time) => time.format("%H:%M").to_string(),
        other => other.line(),
    };
    if line.contains([';', '"', ',']) { format!("\"{}\"", line.replace('"', "\"\"")) } else { line }
}
