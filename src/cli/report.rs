//! `loa report`: the forms that the station is scored on.

use std::collections::HashMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result, anyhow};
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Args, ValueEnum};

use super::setting::{Asked, Setting};
use super::{Exit, problem, say};
use crate::config::Themes;
use crate::core::airing::Kind;
use crate::core::form::Form;
use crate::core::period::{Period, PeriodError, PeriodName, Reckoning, year_of};
use crate::core::report::reconcile::reconcile;
use crate::core::report::{Counting, Logged};
use crate::export::form::{csv, page, xlsx};
use crate::journal::{Filter, NotedReview, Reader};
use crate::words::report::{Occasion, Review, log, no_period, reconcile as against, summary};
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
    /// Which form.
    #[arg(long, value_enum)]
    form: Which,
    /// As what.
    #[arg(long, value_enum)]
    format: Option<As>,
    /// The file to write, whose ending says the format; an existing one is never overwritten. `-` is standard output.
    /// Default: standard output, a workbook into a file of its own.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// The forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Which {
    /// The airing log (nhật ký phát thanh).
    Log,
    /// By theme, against the plan (biểu tổng hợp).
    Summary,
    /// Scheduled against aired (đối chiếu lịch – thực phát).
    Reconcile,
}

/// The formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum As {
    /// A page that prints on A4.
    Html,
    /// A workbook.
    Xlsx,
    /// For other programs; Excel opens it too.
    Csv,
}

impl As {
    fn ending(self) -> &'static str {
        match self {
            As::Html => "html",
            As::Xlsx => "xlsx",
            As::Csv => "csv",
        }
    }

    fn of_ending(file: &std::path::Path) -> Option<As> {
        let ending = file.extension()?.to_str()?.to_lowercase();
        [As::Html, As::Xlsx, As::Csv].into_iter().find(|format| format.ending() == ending)
    }
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
        let named = self.output.as_deref().and_then(As::of_ending);
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
        let Some(format) = self.format.or(named).or((self.output.is_none() || streamed).then_some(As::Html))
        else {
            let said = setting.words(
                "tệp báo cáo phải có đuôi .html, .xlsx hoặc .csv, hoặc ghi --format",
                "the report's file must end with .html, .xlsx or .csv, or give --format",
            );
            problem(language, said);
            return Ok(Exit::Usage);
        };
        let form = self.make(&setting, &period)?;
        let bytes = match format {
            As::Html => page::html(&form).into_bytes(),
            As::Csv => csv::csv(&form)?,
            As::Xlsx => xlsx::xlsx(&form, setting.today())?,
        };
        // A workbook on a terminal helps nobody.
        let file = self
            .output
            .clone()
            .filter(|_| !streamed)
            .or((format == As::Xlsx && !streamed).then(|| self.usual_name(&period)));
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

    fn usual_name(&self, period: &Period) -> PathBuf {
        let form = match self.form {
            Which::Log => "nhat-ky",
            Which::Summary => "tong-hop",
            Which::Reconcile => "doi-chieu",
        };
        let days = match period.name {
            PeriodName::Span => format!("{}_{}", period.from, period.to),
            name => name.to_string(),
        };
        PathBuf::from(format!("{form}-{days}{}.xlsx", if self.administrative { "-hc" } else { "" }))
    }

    /// The form, of one moment of the journal, whose head it carries.
    fn make(&self, setting: &Setting, period: &Period) -> Result<Form> {
        setting.journal_there()?.at_once(|journal| self.form(setting, journal, period))
    }

    fn form(&self, setting: &Setting, journal: &Reader, period: &Period) -> Result<Form> {
        let (from, to) = setting.span(period.from, period.to);
        let mut occasion = occasion(setting, journal, period, (from, to))?;
        let (year, _) = setting.span(year_of(period.from, period.reckoning).from, period.to);
        let earlier = if year < from { journal.counted(year, from)? } else { Vec::new() };
        let mut counting = Counting::of(setting.zone, period, earlier);
        let filter = Filter { from: Some(from), to: Some(to), ..Filter::default() };
        let logged: Vec<Logged> =
            journal.airings(&filter, None)?.into_iter().map(|airing| counting.take(airing)).collect();
        for entered in logged.iter().filter(|logged| logged.airing.kind == Kind::Entered) {
            let id = entered.airing.id;
            occasion.whys.insert(id, journal.detail(id)?);
        }
        match self.form {
            Which::Log => Ok(log::log(&occasion, &logged)),
            Which::Summary => {
                let themes = themes(setting)?;
                let targets = setting.config.targets(&themes);
                let targets = targets.map_err(|faults| anyhow!(faults.say(setting.language)))?;
                Ok(summary::summary(&occasion, &counting.summary(), &targets))
            }
            Which::Reconcile => {
                let tests = logged.iter().filter(|logged| logged.airing.kind == Kind::Test).count();
                let planned = setting.planned(journal, from, to)?;
                let drops = journal.drops(from, to)?;
                let (rows, totals) = reconcile(&planned, logged, setting.now);
                Ok(against::reconcile(&occasion, &rows, &totals, &drops, tests))
            }
        }
    }
}

fn themes(setting: &Setting) -> Result<Themes> {
    setting.config.themes().map_err(|faults| anyhow!(faults.say(setting.language)))
}

fn occasion(
    setting: &Setting,
    journal: &Reader,
    period: &Period,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Occasion> {
    let config = &setting.config;
    let themes = themes(setting)?;
    let touches = |gap: &crate::core::record::Gap| {
        gap.entries.is_some()
            && gap.until > from
            && gap.restored.intact_until.is_none_or(|intact| intact < to)
    };
    let reviews = journal.reviews((period.from, period.to), (from, to))?;
    let review = |noted: NotedReview| Review { at: noted.at, reviewed: noted.reviewed, later: noted.later };
    Ok(Occasion {
        language: setting.language,
        zone: setting.zone,
        station: config.station.name.clone(),
        superior: config.report.superior.clone(),
        receiver: config.report.receiver.clone(),
        place: config.report.place.clone(),
        themes: themes.names(),
        period: *period,
        now: setting.now,
        head: journal.head()?,
        notes: journal.notes(from, to)?,
        reviews: reviews.into_iter().map(review).collect(),
        whys: HashMap::new(),
        gaps: journal.gaps()?.into_iter().filter(touches).collect(),
    })
}

/// What is read here may have been asked for by a reader that has seen enough.
fn closed_pipe(error: std::io::Error) -> std::io::Result<()> {
    if error.kind() == std::io::ErrorKind::BrokenPipe { Ok(()) } else { Err(error) }
}

/// Writes a file that was not there, or nothing: never half a report, whenever the power goes.
fn write_new(file: &std::path::Path, bytes: &[u8]) -> std::io::Result<()> {
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

fn refused(language: Language, file: &std::path::Path) -> String {
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
