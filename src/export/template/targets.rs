//! The template of targets as a file. Owns how its sheets follow one another; how cells look is the schedule's template's.

use rust_xlsxwriter::{
    DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Workbook, XlsxError,
};

use super::{Lists, READY_ROWS, Rows, paragraphs, parted, table};
use crate::core::report::targets::MOST;
use crate::core::workbook::headings::{Column, SheetKind, TARGETS};
use crate::core::workbook::template::{TARGETS_HEADING_ROW, TargetsTemplate};

/// The template as a workbook.
///
/// # Errors
/// What the library says; there is no text of the template that it refuses.
pub fn targets_xlsx(template: &TargetsTemplate<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    // Of its year and of no moment: the same targets are the same bytes.
    let made = ExcelDateTime::from_ymd(template.year.clamp(1900, 9999) as u16, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made));
    let lists = vec![
        (Column::Topic, template.topics()),
        (Column::TopicId, template.ids()),
        (Column::Period, template.periods()),
    ];
    let lists = Lists {
        sheet: template.lists,
        lists: lists.into_iter().filter(|(_, words)| !words.is_empty()).collect(),
    };
    let guide = book.add_worksheet().set_name(template.sheet(SheetKind::Guide))?;
    paragraphs(guide, &template.guide)?;
    let sheet = book.add_worksheet().set_name(template.sheet(SheetKind::Targets))?;
    table(sheet, (TARGETS, TARGETS_HEADING_ROW), (&template.rows(), Rows::Own), &lists)?;
    let column = |of| TARGETS.iter().position(|word| word.means == of).map(|at| at as u16);
    if let Some(at) = column(Column::Topic) {
        // The longest of the usual themes in two lines.
        sheet.set_column_width(at, 50.0)?;
    }
    let figures = DataValidation::new().allow_whole_number(DataValidationRule::Between(1, MOST as i32));
    for at in [Column::Airings, Column::Minutes].into_iter().filter_map(column) {
        let (first, last) = (TARGETS_HEADING_ROW + 1, TARGETS_HEADING_ROW + READY_ROWS);
        sheet.add_data_validation(first as u32, at, last as u32, at, &figures)?;
    }
    sheet.set_active(true);
    lists.write(&mut book)?;
    book.save_to_buffer()
}

/// The template as text for a spreadsheet: UTF-8 with a byte order mark, parted by `;`.
pub fn targets_csv(template: &TargetsTemplate<'_>) -> Vec<u8> {
    parted(&template.rows())
}
