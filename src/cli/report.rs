//! `loa report`: the forms that the station is scored on.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use chrono::NaiveDate;
use clap::Args;

use super::setting::Asked;
use super::{Exit, problem, say};
use crate::core::form::FormKind;
use crate::core::period::{Period, PeriodError, PeriodName, Reckoning};
use crate::export::form::Layout;
use crate::reporting::{Reporting, file_name};
use crate::words::report::no_period;
use crate::words::{Language, Say};

/// A report of what aired: for printing and signing, or as a workbook.
#[derive(Debug, Args)]
pub struct Report {
    /// The period: 2026-10, 2026-W45, 2026-Q4, 2026-H2 or 2026.
    #[arg(long, value_name = "PERIOD", conflicts_with_all = ["from", "to"])]
    period: Option<String>,
    /// The first day of another span.
    #[arg(long, value_name = "DATE", requires = "to", required_unless_present = "period")]
    from: Option<NaiveDate>,
    /// Its last day.
    #[arg(long, value_name = "DATE", requires = "from")]
    to: Option<NaiveDate>,
    /// Months from the 15th of the month before to the 14th, and the year from 15 December.
    #[arg(long)]
    administrative: bool,
    /// Which form: log (nhật ký phát thanh), summary (tổng hợp theo chủ đề), reconcile (đối chiếu lịch – thực phát).
    #[arg(long, value_parser = form_kind)]
    form: FormKind,
    /// As what: html (prints on A4), xlsx, csv.
    #[arg(long, value_parser = layout)]
    format: Option<Layout>,
    /// The file to write, whose ending says the format; an existing one is never overwritten. `-` is standard output.
    /// Default: standard output, a workbook into a file of its own.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

fn form_kind(text: &str) -> Result<FormKind, String> {
    text.parse().map_err(|()| {
        format!("`{text}` is not one of {}", words(FormKind::ALL.iter().map(|kind| kind.word())))
    })
}

fn layout(text: &str) -> Result<Layout, String> {
    Layout::of_ending(text).ok_or_else(|| {
        format!("`{text}` is not one of {}", words(Layout::ALL.iter().map(|layout| layout.ending())))
    })
}

fn words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}

impl Report {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let language = setting.language;
        let period = match self.asked_period() {
            Ok(period) => period,
            Err(error) => {
                problem(language, &no_period(language, &error));
                return Ok(Exit::Usage);
            }
        };
        let streamed = self.output.as_deref() == Some(std::path::Path::new("-"));
        let ending = self.output.as_deref().and_then(|file| file.extension()?.to_str());
        let named = ending.and_then(Layout::of_ending);
        if let (Some(asked), Some(named)) = (self.format, named)
            && asked != named
        {
            let (asked, named) = (asked.ending(), named.ending());
            problem(
                language,
                &match language {
                    Language::Vi => {
                        format!("tệp có đuôi .{named} mà --format là {asked}; hãy bỏ một trong hai")
                    }
                    Language::En => {
                        format!("the file ends with .{named} and --format is {asked}; give one of the two")
                    }
                },
            );
            return Ok(Exit::Usage);
        }
        let Some(format) =
            self.format.or(named).or((self.output.is_none() || streamed).then_some(Layout::Html))
        else {
            let said = setting.words(
                "tệp báo cáo phải có đuôi .html, .xlsx hoặc .csv, hoặc ghi --format",
                "the report's file must end with .html, .xlsx or .csv, or give --format",
            );
            problem(language, said);
            return Ok(Exit::Usage);
        };
        let reporting = Reporting { config: &setting.config, language, now: setting.now, most: None };
        let bytes = asked.on_station(|| -> Result<Vec<u8>> {
            let journal = setting.journal_there()?;
            let made = reporting.file(&journal, (self.form, &period), format);
            made.map_err(|error| anyhow!("{}", error.say(language)))
        })??;
        // A workbook on a terminal helps nobody.
        let file = self.output.clone().filter(|_| !streamed).or((format == Layout::Xlsx && !streamed)
            .then(|| PathBuf::from(format!("{}.xlsx", file_name(self.form, &period)))));
        let Some(file) = file else {
            std::io::stdout().lock().write_all(&bytes).or_else(closed_pipe)?;
            return Ok(Exit::Fine);
        };
        write_new(&file, &bytes).with_context(|| refused(language, &file))?;
        say(&match language {
            Language::Vi => format!("đã lập “{}”", file.display()),
            Language::En => format!("wrote `{}`", file.display()),
        });
        Ok(Exit::Fine)
    }

    fn asked_period(&self) -> Result<Period, PeriodError> {
        let reckoning = if self.administrative { Reckoning::Administrative } else { Reckoning::Calendar };
        match (&self.period, self.from, self.to) {
            (Some(name), _, _) => Period::named(PeriodName::parse(name)?, reckoning),
            (None, Some(from), Some(to)) => Period::span(from, to, reckoning),
            // The command line asks for one of the two.
            (None, _, _) => Err(PeriodError::NoPeriod { found: String::new() }),
        }
    }
}

/// What is read here may have been asked for by a reader that has seen enough.
pub(super) fn closed_pipe(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Writes a file that was not there, or nothing: never half a report, whenever the power goes.
pub(super) fn write_new(file: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut draft = tempfile::NamedTempFile::new_in(folder.unwrap_or(std::path::Path::new(".")))?;
    draft.write_all(bytes)?;
    draft.as_file().sync_all()?;
    let written = draft.persist_noclobber(file).map_err(|error| error.error)?;
    readable(&written)
}

/// A draft is its writer's alone; a report is for whoever may look into the folder.
#[cfg(unix)]
fn readable(written: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    written.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}

pub(super) fn refused(language: Language, file: &std::path::Path) -> String {
    let name = file.display();
    match language {
        Language::Vi => {
            format!("không ghi được “{name}”; nếu tệp đã có thì hãy đổi tên hoặc chọn tên khác bằng -o")
        }
        Language::En => {
            format!(
                "`{name}` cannot be written; if it is there already, rename it or choose another name with -o"
            )
        }
    }
}
