//! A sheet as one page that needs nothing else: shown by old browsers and phones, printed on A4. Owns the markup; every
//! text goes through `escape`.

use super::legible::legible;
use crate::core::language::Language;
use crate::core::paper::{Paper, Part, Tone};

/// Nothing that a newer browser alone knows; tones differ by their frame too, since offices print in black.
const STYLE: &str = "\
@page{size:A4;margin:20mm 15mm 20mm 30mm}\
body{font-family:'Times New Roman',Tinos,'Liberation Serif',serif;font-size:17px;line-height:1.4;color:#000;\
background:#fff;max-width:50em;margin:0 auto;padding:1em;word-wrap:break-word;overflow-wrap:anywhere}\
h1{font-size:1.3em;text-align:center;margin:0 0 .7em}\
h2{font-size:1.15em;margin:1.4em 0 .4em;border-bottom:1px solid #000}\
h3{font-size:1em;margin:1em 0 .3em}\
.stamp{font-size:2em;font-weight:bold;text-align:center;padding:.25em;margin:0 0 .7em}\
.good{border:3px solid #075a2b;color:#075a2b}\
.awaited{border:3px dashed #7a4a00;color:#7a4a00}\
.bad{border:9px double #a40000;color:#a40000}\
.warning{border:1px solid #a40000;border-left:8px solid #a40000;padding:.3em .6em;font-weight:bold}\
table{border-collapse:collapse;width:100%;margin:.4em 0}\
th,td{border:1px solid #777;padding:.2em .45em;text-align:left;vertical-align:top}\
.facts th,.facts td{border:0;padding-left:0}\
.facts th{font-weight:normal;width:30%}\
.facts td{font-weight:bold}\
li{margin:.3em 0}\
.signs{display:table;width:100%;table-layout:fixed;margin:1em 0 0;page-break-inside:avoid}\
.sign{display:table-cell;text-align:center;padding-bottom:4.5em}.sign p{margin:0}\
.who{font-weight:bold}.how{font-style:italic}\
.small{font-size:15px;line-height:1.3}.small p,.small ul{margin:.4em 0}.small h2{margin:.8em 0 .3em}\
.small li{margin:.1em 0}.small th,.small td{padding:.1em .4em}\
.good,.awaited,.bad,.warning{-webkit-print-color-adjust:exact;print-color-adjust:exact}\
@media print{body{font-size:13pt;max-width:none;padding:0}.small{font-size:10.5pt}h2,h3{page-break-after:avoid}\
thead{display:table-header-group}tr,li,.warning,.stamp{page-break-inside:avoid}}";

/// The sheet as a page in UTF-8; also well-formed XML.
pub fn html(paper: &Paper) -> String {
    lay_out(paper, "<body>\n")
}

/// As [`html`], in smaller letters: for a sheet that is kept at hand, and has much on few pages.
pub fn small_html(paper: &Paper) -> String {
    lay_out(paper, "<body class=\"small\">\n")
}

fn lay_out(paper: &Paper, body: &str) -> String {
    let paper = legible(paper);
    let mut page = Page(String::with_capacity(8 * 1024));
    let language = match paper.language {
        Language::Vi => "vi",
        Language::En => "en",
    };
    page.raw("<!DOCTYPE html>\n<html lang=\"").raw(language);
    page.raw("\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" ");
    page.raw("content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n");
    if let Some(every) = paper.renewed {
        page.raw(&format!("<meta http-equiv=\"refresh\" content=\"{}\"/>\n", every.as_secs()));
    }
    page.element("title", &paper.title).raw("<style>").raw(STYLE).raw("</style>\n</head>\n").raw(body);
    page.element("h1", &paper.title);
    if let Some(stamp) = &paper.stamp {
        let tone = match stamp.tone {
            Tone::Good => "good",
            Tone::Awaited => "awaited",
            Tone::Bad => "bad",
        };
        page.raw("<div class=\"stamp ").raw(tone).raw("\">").text(&stamp.text).raw("</div>\n");
    }
    paper.parts.iter().for_each(|part| page.part(part));
    page.raw("</body>\n</html>\n");
    page.0
}

/// A page as it grows.
pub(super) struct Page(pub(super) String);

impl Page {
    /// Markup of ours.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(&mut self.0, text);
        self
    }

    /// An element with nothing but a text in it.
    pub(super) fn element(&mut self, tag: &str, text: &str) -> &mut Self {
        self.raw("<").raw(tag).raw(">").text(text).raw("</").raw(tag).raw(">\n")
    }

    fn part(&mut self, part: &Part) {
        match part {
            Part::Heading(text) => self.element("h2", text),
            Part::Subheading(text) => self.element("h3", text),
            Part::Text(text) => self.element("p", text),
            Part::Warning(text) => self.raw("<p class=\"warning\">").text(text).raw("</p>\n"),
            Part::List(items) => {
                self.raw("<ul>\n");
                items.iter().for_each(|item| {
                    self.element("li", item);
                });
                self.raw("</ul>\n")
            }
            Part::Facts(facts) => {
                self.raw("<table class=\"facts\">\n");
                for (label, what) in facts {
                    self.raw("<tr>").element("th", label).element("td", what).raw("</tr>\n");
                }
                self.raw("</table>\n")
            }
            Part::Signatures(signs) => {
                self.raw("<div class=\"signs\">\n");
                for (who, how) in signs {
                    self.raw("<div class=\"sign\"><p class=\"who\">").text(who);
                    self.raw("</p>\n<p class=\"how\">").text(how).raw("</p></div>\n");
                }
                self.raw("</div>\n")
            }
            Part::Table { headings, rows } => {
                self.raw("<table>\n<thead>\n");
                self.row("th", headings).raw("</thead>\n<tbody>\n");
                rows.iter().for_each(|row| {
                    self.row("td", row);
                });
                self.raw("</tbody>\n</table>\n")
            }
        };
    }

    fn row(&mut self, tag: &str, cells: &[String]) -> &mut Self {
        self.raw("<tr>");
        cells.iter().for_each(|cell| {
            self.element(tag, cell);
        });
        self.raw("</tr>\n")
    }
}

/// Appends `text` so that it is text and nothing else, in an element or an attribute.
fn escape(page: &mut String, text: &str) {
    for letter in text.chars() {
        match letter {
            '&' => page.push_str("&amp;"),
            '<' => page.push_str("&lt;"),
            '>' => page.push_str("&gt;"),
            '"' => page.push_str("&quot;"),
            '\'' => page.push_str("&#39;"),
            other => page.push(other),
        }
    }
}
