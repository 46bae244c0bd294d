//! A form as CSV that Excel opens by itself: UTF-8 with a byte order mark, parted by `;` and with decimal commas where the
//! language has them. Owns the guard against cells that a spreadsheet would run as formulas.

use super::super::legible;
use crate::core::form::{Form, FormCell, clock_length, minutes};
use crate::core::language::Language;

/// The form as bytes: the title and what is below it, each table under its caption, the remarks, the proof.
pub fn csv(form: &Form) -> Result<Vec<u8>, csv::Error> {
    let delimiter = if form.language == Language::Vi { b';' } else { b',' };
    let mut bytes = "\u{feff}".as_bytes().to_vec();
    let mut out = csv::WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(&mut bytes);
    let mut line = |text: &str| out.write_record([words(text)]);
    line(&form.head.station)?;
    line(&form.title)?;
    for text in &form.subtitles {
        line(text)?;
    }
    for (at, table) in form.tables.iter().enumerate() {
        // An empty row, which the library would write as two quotes.
        out.write_record([" "])?;
        if at > 0 {
            out.write_record([words(&table.caption)])?;
        }
        out.write_record(table.columns.iter().map(|column| words(&column.heading)))?;
        for row in table.rows.iter().chain(&table.total) {
            out.write_record(row.iter().map(|cell| plain(form.language, cell)))?;
        }
    }
    out.write_record([" "])?;
    for text in form.remarks.iter().chain(&form.proof) {
        out.write_record([words(text)])?;
    }
    out.flush()?;
    drop(out);
    Ok(bytes)
}

/// A text that no spreadsheet takes for a formula: Excel, LibreOffice and Google run cells that begin so (OWASP, CSV
/// injection). A spreadsheet of another region parts the line at another sign, so each sign that may part counts as a begin.
fn words(text: &str) -> String {
    let mut safe = String::new();
    let mut begins = true;
    for letter in legible::text(text).chars() {
        if begins && matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') {
            safe.push('\'');
        }
        begins = matches!(letter, ',' | ';' | '"' | '\t') || (begins && letter.is_whitespace());
        safe.push(letter);
    }
    safe
}

/// A cell as a spreadsheet reads it: numbers without signs for thousands.
fn plain(language: Language, cell: &FormCell) -> String {
    let decimal = |number: f64| {
        let said = format!("{number:.1}");
        if language == Language::Vi { said.replace('.', ",") } else { said }
    };
    match cell {
        FormCell::Empty => String::new(),
        FormCell::Text(text) => words(text),
        FormCell::Whole(count) => count.to_string(),
        FormCell::WholeOf(count, unit) => format!("{count} {unit}"),
        FormCell::Minutes(length) => decimal(minutes(*length)),
        FormCell::Length(length) => {
            let said = clock_length(*length);
            // Two parts would be read as hours and minutes.
            if said.matches(':').count() == 1 { format!("0:{said:0>5}") } else { said }
        }
        FormCell::Late(ms) => decimal(*ms as f64 / 1000.0),
        // As every Excel reads it, whatever its region: `05/12/2025` may be a day in May.
        FormCell::Date(date) => date.format("%Y-%m-%d").to_string(),
        FormCell::Time(time) => time.format("%H:%M:%S").to_string(),
        FormCell::PerCent { value, .. } => decimal(*value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_text_begins_as_a_formula_wherever_the_line_is_parted() {
        assert_eq!(words("=1+1"), "'=1+1");
        assert_eq!(words("Tin,=HYPERLINK(1)"), "Tin,'=HYPERLINK(1)");
        assert_eq!(words("a; \"@b"), "a; \"'@b");
        assert_eq!(words("  +84 905"), "  '+84 905");
        assert_eq!(words("Kỳ 1 - phần 2"), "Kỳ 1 - phần 2");
    }
}
