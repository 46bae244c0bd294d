//! Makes a form of a period: asks the journal, holds it against the plan, and has it worded. Owns the order of the questions,
//! all of one moment of the journal; counting is `core::report`'s, the words are `words::report`'s, and nothing here lays a
//! form out or writes a file.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::config::{Config, Themes, holidays};
use crate::core::airing::Kind;
use crate::core::fault::{ConfigFault, Faults};
use crate::core::form::{Form, FormKind};
use crate::core::language::Language;
use crate::core::pattern::civil_days;
use crate::core::period::{Period, year_of};
use crate::core::record::Gap;
use crate::core::report::reconcile::reconcile;
use crate::core::report::{Counting, Logged, Summary};
use crate::core::rundown::{Cue, Plan};
use crate::export::form::{Layout, LayoutError};
use crate::intake::schedules::plan_of;
use crate::journal::{Filter, JournalError, Reader};
use crate::words::Say;
use crate::words::report::{Occasion, log, reconcile as against, summary};

/// Why a form could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The journal could not be read.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A list beside the config is faulty.
    #[error("{0}")]
    Config(Faults<ConfigFault>),
    /// The form could not be laid out.
    #[error(transparent)]
    Layout(#[from] LayoutError),
    /// More airings than whoever asks can bear.
    #[error(
        "the period has more than {most} airings; make the report with `loa report`, or ask for a shorter period"
    )]
    TooMany {
        /// The most.
        most: usize,
    },
}

impl Say for ReportError {
    fn say(&self, language: Language) -> String {
        match (language, self) {
            (_, ReportError::Config(faults)) => faults.say(language),
            (Language::En, error) => error.to_string(),
            (Language::Vi, ReportError::Journal(error)) => {
                format!("không đọc được nhật ký: {error}; xem `loa doctor`")
            }
            (Language::Vi, ReportError::Layout(error)) => {
                format!("không lập được tệp báo cáo: {error}")
            }
            (Language::Vi, ReportError::TooMany { most }) => format!(
                "kỳ này có hơn {most} lượt phát; hãy lập báo cáo bằng lệnh `loa report`, hoặc chọn kỳ ngắn hơn"
            ),
        }
    }
}

/// Makes forms for a reader.
#[derive(Clone, Debug)]
pub struct Reporting<'a> {
    /// The station's config.
    pub config: &'a Config,
    /// The reader's language.
    pub language: Language,
    /// When the forms are made.
    pub now: DateTime<Utc>,
    /// No form of more airings is made; none: however many there are.
    pub most: Option<usize>,
}

impl Reporting<'_> {
    /// The form of a period, of one moment of the journal, whose head it carries.
    pub fn form(&self, journal: &Reader, kind: FormKind, period: &Period) -> Result<Form, ReportError> {
        journal.at_once(|journal| self.made(journal, kind, period))
    }

    /// The form of a period as a file.
    pub fn file(
        &self,
        journal: &Reader,
        (kind, period): (FormKind, &Period),
        layout: Layout,
    ) -> Result<Vec<u8>, ReportError> {
        let form = self.form(journal, kind, period)?;
        Ok(layout.bytes(&form, self.now.with_timezone(&self.zone()).date_naive())?)
    }

    fn zone(&self) -> Tz {
        self.config.station.time_zone
    }

    fn made(&self, journal: &Reader, kind: FormKind, period: &Period) -> Result<Form, ReportError> {
        let (from, to) = civil_days(self.zone(), period.from, period.to);
        let themes = self.config.themes().map_err(ReportError::Config)?;
        let mut occasion = self.occasion(journal, &themes, period)?;
        let (logged, found) = self.counted(journal, period)?;
        for entered in logged.iter().filter(|logged| logged.airing.kind == Kind::Entered) {
            let id = entered.airing.id;
            occasion.whys.insert(id, journal.detail(id)?);
        }
        Ok(match kind {
            FormKind::Log => log::log(&occasion, &logged),
            FormKind::Summary => {
                let targets = self.config.targets(&themes).map_err(ReportError::Config)?;
                summary::summary(&occasion, &found, &targets)
            }
            FormKind::Reconcile => {
                let tests = logged.iter().filter(|logged| logged.airing.kind == Kind::Test).count();
                let planned = self.planned(journal, from, to)?;
                let drops = journal.drops(from, to)?;
                let (rows, totals) = reconcile(&planned, logged, self.now);
                against::reconcile(&occasion, &rows, &totals, &drops, tests)
            }
        })
    }

    fn counted(&self, journal: &Reader, period: &Period) -> Result<(Vec<Logged>, Summary), ReportError> {
        let (from, to) = civil_days(self.zone(), period.from, period.to);
        let (year, _) = civil_days(self.zone(), year_of(period.from, period.reckoning).from, period.to);
        let earlier = if year < from { journal.counted(year, from)? } else { Vec::new() };
        let mut counting = Counting::of(self.zone(), period, earlier);
        let filter = Filter { from: Some(from), to: Some(to), ..Filter::default() };
        let airings = journal.airings(&filter, self.most.map(|most| most + 1))?;
        if let Some(most) = self.most.filter(|most| airings.len() > *most) {
            return Err(ReportError::TooMany { most });
        }
        let logged = airings.into_iter().map(|airing| counting.take(airing)).collect();
        Ok((logged, counting.summary()))
    }

    fn occasion(&self, journal: &Reader, themes: &Themes, period: &Period) -> Result<Occasion, JournalError> {
        let (from, to) = civil_days(self.zone(), period.from, period.to);
        let touches = |gap: &Gap| {
            gap.entries.is_some()
                && gap.until > from
                && gap.restored.intact_until.is_none_or(|intact| intact < to)
        };
        let reviews = journal.reviews((period.from, period.to), (from, to))?;
        let report = &self.config.report;
        Ok(Occasion {
            language: self.language,
            zone: self.zone(),
            station: self.config.station.name.clone(),
            superior: report.superior.clone(),
            receiver: report.receiver.clone(),
            place: report.place.clone(),
            themes: themes.names(),
            period: *period,
            now: self.now,
            head: journal.head()?,
            notes: journal.notes(from, to)?,
            reviews,
            whys: HashMap::new(),
            gaps: journal.gaps()?.into_iter().filter(touches).collect(),
        })
    }

    /// The cues that were planned in `(from, to]`, by the versions that were live and the holidays that held when they were
    /// due.
    fn planned(
        &self,
        journal: &Reader,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Cue>, ReportError> {
        // Nothing before the station was founded was ever missed.
        let Some((founded, _)) = journal.span()? else { return Ok(Vec::new()) };
        let today = Arc::new(self.config.holidays().map_err(ReportError::Config)?);
        let plan = plan_of(&journal.versions(from)?, &[], self.zone(), today);
        // Beyond a year nobody asks what will be, and a span may have no end that matters.
        let (mut from, to) = (from.max(founded), to.min(self.now + TimeDelta::days(366)));
        let mut cues = Vec::new();
        let calendars = journal.holidays()?;
        for (at, (_, text)) in calendars.iter().enumerate() {
            let until = calendars.get(at + 1).map_or(to, |(next, _)| (*next).min(to));
            if from < until {
                let of_then = holidays::parse(text.as_bytes(), "holidays.toml").unwrap_or_default();
                cues.extend(Plan { holidays: Arc::new(of_then), ..plan.clone() }.cues(from, until));
                from = until;
            }
        }
        if from < to {
            cues.extend(plan.cues(from, to));
        }
        Ok(cues)
    }
}

/// What a file of a form is called without its ending, e.g. `tong-hop-2026-Q4`.
pub fn file_name(kind: FormKind, period: &Period) -> String {
    use crate::core::period::{PeriodName, Reckoning};
    let form = match kind {
        FormKind::Log => "nhat-ky",
        FormKind::Summary => "tong-hop",
        FormKind::Reconcile => "doi-chieu",
    };
    let days = |from: NaiveDate, to: NaiveDate| format!("{from}_{to}");
    let name = match period.name {
        PeriodName::Span => days(period.from, period.to),
        name => name.to_string(),
    };
    let administrative = if period.reckoning == Reckoning::Administrative { "-hc" } else { "" };
    format!("{form}-{name}{administrative}")
}
