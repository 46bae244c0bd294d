//! A form as a page that needs nothing else and prints on A4 as Decree 30/2020/NĐ-CP lays out a document: Times New Roman,
//! the bodies on the left, the state's name on the right, room to sign. Owns the markup; every text is escaped.

use super::super::legible;
use super::super::page::Page;
use crate::core::form::{Column, Form, FormCell, Printed, Reached, Table, said};
use crate::core::language::Language;

/// Margins of the decree (appendix I): top and bottom 20–25 mm, left 30–35 mm, right 15–20 mm. Across, the left margin is
/// where the sheet is bound all the same.
const STYLE: &str = "\
body{font-family:'Times New Roman',Tinos,'Liberation Serif',serif;font-size:13pt;line-height:1.3;color:#000;\
background:#fff;margin:0 auto;padding:1em;max-width:80em;word-wrap:break-word;overflow-wrap:anywhere}\
.head{width:100%;border-collapse:collapse;margin:0 0 .6em}\
.head td{border:0;width:50%;text-align:center;vertical-align:top;padding:0 .5em}\
.head p{margin:0}.strong{font-weight:bold}.line{border-bottom:1px solid #000;padding-bottom:.15em}\
.place{font-style:italic;padding-top:.5em}\
h1{font-size:14pt;text-align:center;margin:.8em 0 .2em}\
.sub{text-align:center;font-style:italic;margin:0 0 .8em}\
h2{font-size:13pt;margin:1.2em 0 .4em}\
.table{width:100%;border-collapse:collapse;font-size:11pt;table-layout:fixed}\
.table th,.table td{border:1px solid #000;padding:.15em .3em;vertical-align:top;text-align:left}\
.table th{text-align:center;vertical-align:middle}\
.dense{font-size:9.5pt;line-height:1.15}.dense th,.dense td{padding:.1em .3em}.legend{font-size:9.5pt;margin:.3em 0}\
.table .n{text-align:right}.table .c{text-align:center;white-space:nowrap}\
.table tfoot td{font-weight:bold}.low{font-weight:bold;text-decoration:underline}\
.signs{width:100%;border-collapse:collapse;margin:1.2em 0 0;page-break-inside:avoid}\
.signs td{border:0;text-align:center;vertical-align:top;padding:0 .5em 5em}\
.signs p{margin:0}.what{font-style:italic}\
.proof{font-size:9pt;margin:.6em 0 0}.proof p{margin:0}\
@media print{body{padding:0 1px;max-width:none}thead{display:table-header-group}tfoot{display:table-row-group}\
tr,.remark{page-break-inside:avoid}h2{page-break-after:avoid}}";

/// The form as a page in UTF-8; also well-formed XML.
pub fn html(form: &Form) -> String {
    let mut page = Page(String::with_capacity(
        16 * 1024 + 600 * form.tables.iter().map(|t| t.rows.len()).sum::<usize>(),
    ));
    let language = if form.language == Language::Vi { "vi" } else { "en" };
    page.raw("<!DOCTYPE html>\n<html lang=\"").raw(language);
    page.raw("\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" ");
    page.raw("content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
    element(&mut page, "title", &format!("{} - {}", form.title, form.head.station));
    page.raw("<style>").raw(if form.landscape {
        "@page{size:A4 landscape;margin:20mm 15mm 20mm 30mm}"
    } else {
        "@page{size:A4;margin:20mm 15mm 20mm 30mm}"
    });
    page.raw(STYLE).raw("</style>\n</head>\n<body>\n");
    head(&mut page, form);
    element(&mut page, "h1", &form.title);
    form.subtitles.iter().for_each(|text| of_class(&mut page, "sub", text));
    for (at, table) in form.tables.iter().enumerate() {
        if at > 0 {
            element(&mut page, "h2", &table.caption);
        }
        self::table(&mut page, form.language, table);
    }
    form.remarks.iter().for_each(|text| of_class(&mut page, "remark", text));
    page.raw("<table class=\"signs\" role=\"presentation\">\n<tr>\n");
    for signature in &form.signatures {
        page.raw("<td>");
        of_class(&mut page, "strong", &signature.title);
        of_class(&mut page, "what", &signature.what);
        page.raw("</td>\n");
    }
    page.raw("</tr>\n</table>\n<div class=\"proof\">\n");
    form.proof.iter().for_each(|text| element(&mut page, "p", text));
    page.raw("</div>\n</body>\n</html>\n");
    page.0
}

fn element(page: &mut Page, tag: &str, text: &str) {
    page.element(tag, &legible::text(text));
}

fn of_class(page: &mut Page, class: &str, text: &str) {
    page.raw("<p class=\"").raw(class).raw("\">").text(&legible::text(text)).raw("</p>\n");
}

fn head(page: &mut Page, form: &Form) {
    let head = &form.head;
    page.raw("<table class=\"head\" role=\"presentation\">\n<tr>\n<td>");
    if let Some(superior) = &head.superior {
        of_class(page, "superior", &superior.to_uppercase());
    }
    page.raw("<p class=\"strong\"><span class=\"line\">").text(&legible::text(&head.station.to_uppercase()));
    page.raw("</span></p>\n");
    if let Some(receiver) = &head.receiver {
        of_class(page, "place", receiver);
    }
    page.raw("</td>\n<td>");
    of_class(page, "strong", &head.state);
    page.raw("<p class=\"strong\"><span class=\"line\">").text(&head.motto).raw("</span></p>\n");
    of_class(page, "place", &head.place_and_day);
    page.raw("</td>\n</tr>\n</table>\n");
}

fn table(page: &mut Page, language: Language, table: &Table) {
    let whole: Vec<Printed>;
    let printed = if table.printed.is_empty() {
        whole = all(&table.columns);
        &whole
    } else {
        &table.printed
    };
    // More than the page is wide stands in it one below the other: small enough that a sheet holds a good part of a month.
    let dense = printed.iter().any(|column| column.of.len() > 1);
    page.raw(if dense {
        "<table class=\"table dense\">\n<colgroup>\n"
    } else {
        "<table class=\"table\">\n<colgroup>\n"
    });
    for column in printed {
        page.raw(&format!("<col style=\"width:{}%\"/>\n", column.share));
    }
    page.raw("</colgroup>\n<thead>\n<tr>\n");
    for column in printed {
        page.raw("<th scope=\"col\">").text(&legible::text(&column.heading)).raw("</th>\n");
    }
    page.raw("</tr>\n</thead>\n<tbody>\n");
    table.rows.iter().for_each(|row| self::row(page, language, printed, row));
    page.raw("</tbody>\n");
    if let Some(total) = &table.total {
        page.raw("<tfoot>\n");
        row(page, language, printed, total);
        page.raw("</tfoot>\n");
    }
    page.raw("</table>\n");
    table.legend.iter().for_each(|text| of_class(page, "legend", text));
}

/// A narrower column would part `STT`, in per cent.
const NARROWEST: u32 = 5;

/// Every column by itself, as wide as its letters ask for.
fn all(columns: &[Column]) -> Vec<Printed> {
    let sum: u32 = columns.iter().map(|column| u32::from(column.width)).sum::<u32>().max(1);
    let printed = |(at, column): (usize, &Column)| Printed {
        heading: column.heading.clone(),
        of: vec![at],
        share: (u32::from(column.width) * 100 / sum).max(NARROWEST) as u16,
        usual: Vec::new(),
    };
    columns.iter().enumerate().map(printed).collect()
}

fn row(page: &mut Page, language: Language, printed: &[Printed], row: &[FormCell]) {
    page.raw("<tr>");
    for column in printed {
        let cells: Vec<&FormCell> = column.of.iter().filter_map(|at| row.get(*at)).collect();
        let class = match cells.as_slice() {
            [FormCell::PerCent { reached: Reached::BelowLine, .. }] => "n low",
            [FormCell::Text(_)] | [FormCell::Empty] => "",
            [FormCell::Date(_) | FormCell::Time(_)] => "c",
            [_] => "n",
            _ => "",
        };
        page.raw("<td");
        if !class.is_empty() {
            page.raw(" class=\"").raw(class).raw("\"");
        }
        page.raw(">");
        let texts = column.of.iter().filter_map(|at| printed_cell(language, column, *at, row.get(*at)?));
        let mut before: Option<bool> = None;
        for (runs_on, text) in texts {
            // Words run on in their line; a day and a time begin one of their own.
            page.raw(match before {
                None => "",
                Some(true) if runs_on => "; ",
                Some(_) => "<br/>",
            });
            page.text(&legible::text(&text));
            before = Some(runs_on);
        }
        page.raw("</td>");
    }
    page.raw("</tr>\n");
}

/// What is printed of a cell, and whether it is words that run on; none: it goes without saying.
fn printed_cell(language: Language, column: &Printed, at: usize, cell: &FormCell) -> Option<(bool, String)> {
    let text = match column.usual.iter().find(|usual| usual.of == at) {
        Some(usual) if usual.cell == *cell => return None,
        Some(usual) if *cell == FormCell::Empty => usual.without.clone(),
        _ => said(language, cell),
    };
    (!text.is_empty()).then_some((matches!(cell, FormCell::Text(_) | FormCell::Empty), text))
}
