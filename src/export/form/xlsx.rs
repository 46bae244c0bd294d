//! A form as a workbook to count with: a sheet a table, real numbers, dates and times, the heading frozen and repeated on
//! every printed page. Owns how the cells look.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, Timelike};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::super::legible;
use crate::core::form::{Form, FormCell, Reached, Table, minutes};

/// A4, by the number that Excel has for it.
const A4: u8 = 9;
/// Excel takes no longer name of a sheet.
const LONGEST_NAME: usize = 31;

/// The form as a workbook, dated `made`.
///
/// # Errors
/// What the library says, e.g. that a table has more rows than a sheet can hold (1,048,576).
pub fn xlsx(form: &Form, made: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let date = ExcelDateTime::from_ymd(made.year() as u16, made.month() as u8, made.day() as u8)?;
    let properties = DocProperties::new().set_title(legible::text(&form.title)).set_creation_datetime(&date);
    book.set_properties(&properties);
    let formats = Formats::new();
    let mut names = HashSet::new();
    for (at, table) in form.tables.iter().enumerate() {
        let sheet = book.add_worksheet().set_name(name(&table.caption, &mut names))?;
        self::sheet(sheet, form, table, at == 0, &formats)?;
    }
    book.save_to_buffer()
}

/// A name that Excel takes, and none twice.
fn name(caption: &str, taken: &mut HashSet<String>) -> String {
    let plain: String = legible::text(caption)
        .chars()
        .map(|letter| if "[]:*?/\\'".contains(letter) { ' ' } else { letter })
        .take(LONGEST_NAME - 3)
        .collect();
    let mut name = plain.clone();
    let mut count = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{plain} {count}");
        count += 1;
    }
    name
}

fn sheet(
    sheet: &mut Worksheet,
    form: &Form,
    table: &Table,
    first: bool,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let last = (table.columns.len().max(2) - 1) as u16;
    let mut row = 0;
    let mut line = |sheet: &mut Worksheet, text: &str, format: &Format| -> Result<(), XlsxError> {
        sheet.write_string_with_format(row, 0, legible::text(text), format)?;
        row += 1;
        Ok(())
    };
    for text in form.head.superior.iter().chain([&form.head.station]).chain(&form.head.receiver) {
        line(sheet, text, &formats.strong)?;
    }
    line(sheet, if first { &form.title } else { &table.caption }, &formats.title)?;
    for text in &form.subtitles {
        line(sheet, text, &formats.plain)?;
    }
    let heading = row + 1;
    for (at, column) in table.columns.iter().enumerate() {
        let at = at as u16;
        sheet.set_column_width(at, f64::from(column.width))?;
        sheet.write_string_with_format(heading, at, legible::text(&column.heading), &formats.heading)?;
    }
    sheet.set_row_height(heading, 34)?;
    let mut row = heading;
    for (cells, strong) in
        table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)))
    {
        row += 1;
        for (at, cell) in cells.iter().enumerate() {
            write(sheet, (row, at as u16), cell, formats, strong)?;
        }
    }
    if !table.rows.is_empty() {
        sheet.autofilter(heading, 0, heading + table.rows.len() as u32, last)?;
    }
    row += 1;
    if first {
        for text in form.remarks.iter().chain(&form.proof) {
            row += 1;
            sheet.write_string_with_format(row, 0, legible::text(text), &formats.plain)?;
        }
        row += 2;
        let signs = form.signatures.len().max(1) as u16;
        for (at, signature) in form.signatures.iter().enumerate() {
            let column = last * at as u16 / signs + u16::from(at > 0);
            sheet.write_string_with_format(row, column, &signature.title, &formats.strong)?;
            sheet.write_string_with_format(row + 1, column, &signature.what, &formats.plain)?;
        }
    }
    sheet.set_freeze_panes(heading + 1, 0)?;
    sheet.set_repeat_rows(heading, heading)?;
    if form.landscape {
        sheet.set_landscape();
    }
    // Decree 30/2020/NĐ-CP, in inches: left 30 mm, right 15 mm, top and bottom 20 mm.
    sheet.set_margins(1.18, 0.59, 0.79, 0.79, 0.3, 0.3);
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0).set_footer("&C&P/&N");
    Ok(())
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &FormCell,
    formats: &Formats,
    strong: bool,
) -> Result<(), XlsxError> {
    let of = |format: &Format| if strong { format.clone().set_bold() } else { format.clone() };
    match cell {
        FormCell::Empty => sheet.write_blank(row, column, &of(&formats.text))?,
        FormCell::Text(text) => {
            sheet.write_string_with_format(row, column, legible::text(text), &of(&formats.text))?
        }
        FormCell::Whole(count) => {
            sheet.write_number_with_format(row, column, *count as f64, &of(&formats.whole))?
        }
        FormCell::WholeOf(count, unit) => {
            let format = of(&formats.whole).set_num_format(format!("#,##0\" {}\"", unit.replace('"', "")));
            sheet.write_number_with_format(row, column, *count as f64, &format)?
        }
        FormCell::Minutes(length) => {
            sheet.write_number_with_format(row, column, minutes(*length), &of(&formats.tenths))?
        }
        FormCell::Length(length) => {
            let days = length.as_secs_f64().round() / 86_400.0;
            sheet.write_number_with_format(row, column, days, &of(&formats.length))?
        }
        FormCell::Late(ms) => {
            sheet.write_number_with_format(row, column, *ms as f64 / 1000.0, &of(&formats.late))?
        }
        FormCell::Date(date) => {
            let day = ExcelDateTime::from_ymd(date.year() as u16, date.month() as u8, date.day() as u8)?;
            sheet.write_datetime_with_format(row, column, &day, &of(&formats.date))?
        }
        FormCell::Time(time) => {
            let day = f64::from(time.num_seconds_from_midnight()) / 86_400.0;
            sheet.write_number_with_format(row, column, day, &of(&formats.time))?
        }
        FormCell::PerCent { value, reached } => {
            let format = of(match reached {
                Reached::Full => &formats.full,
                Reached::AboveLine => &formats.tenths,
                Reached::BelowLine => &formats.below,
            });
            sheet.write_number_with_format(row, column, (value * 10.0).round() / 10.0, &format)?
        }
    };
    Ok(())
}

/// How each kind of cell looks, made once: the library knows equal formats by their number.
struct Formats {
    title: Format,
    strong: Format,
    plain: Format,
    heading: Format,
    text: Format,
    whole: Format,
    tenths: Format,
    length: Format,
    late: Format,
    date: Format,
    time: Format,
    full: Format,
    below: Format,
}

impl Formats {
    fn new() -> Formats {
        let font = || Format::new().set_font_name("Times New Roman").set_font_size(12);
        let cell = || font().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        let number = |format: &str| cell().set_num_format(format);
        Formats {
            title: font().set_bold().set_font_size(14),
            strong: font().set_bold(),
            plain: font(),
            heading: cell()
                .set_bold()
                .set_text_wrap()
                .set_align(FormatAlign::Center)
                .set_align(FormatAlign::VerticalCenter)
                .set_background_color(Color::RGB(0xE7ECF3)),
            text: cell().set_text_wrap(),
            // Excel shows the signs of the reader's own language.
            whole: number("#,##0"),
            tenths: number("#,##0.0"),
            length: number("[h]:mm:ss"),
            late: number("+0.0;-0.0;0.0"),
            date: number("dd/mm/yyyy"),
            time: number("hh:mm:ss"),
            full: number("#,##0.0\" ✓\""),
            below: number("#,##0.0\" ▼\"").set_bold().set_font_color(Color::RGB(0xA40000)),
        }
    }
}
