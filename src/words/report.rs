//! The reports in words: the head, the period, the remarks and the proof that every form carries. Owns what the forms have
//! in common; each form is a file of its own.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Language::{self, En, Vi};
use super::cues::pick;
use super::terms::{self, short_date};
use crate::core::airing::{Airing, AiringId};
use crate::core::form::{Column, Form, Head, Printed, Signature, Table};
use crate::core::handwritten::{AiringNote, NotedReview};
use crate::core::period::{Period, PeriodError, PeriodName, Reckoning};
use crate::core::record::{Gap, Stamp};
use crate::core::workbook::ThemeNames;
use crate::core::workbook::headings::{KINDS, Word};

pub mod log;
pub mod reconcile;
pub mod summary;

/// What every form is made from, beside what it counts.
#[derive(Clone, Debug)]
pub struct Occasion {
    /// The reader's language.
    pub language: Language,
    /// The station's zone.
    pub zone: Tz,
    /// The station's name.
    pub station: String,
    /// The body above it.
    pub superior: Option<String>,
    /// Whom the report goes to.
    pub receiver: Option<String>,
    /// Where it is signed.
    pub place: Option<String>,
    /// The themes, in the order of the report: id, Vietnamese, English.
    pub themes: Vec<ThemeNames>,
    /// The period.
    pub period: Period,
    /// When it is made.
    pub now: DateTime<Utc>,
    /// The journal's last entry.
    pub head: Option<Stamp>,
    /// What was lost of the journal in the period.
    pub gaps: Vec<Gap>,
    /// What supervisors noted on airings of the period, in the order they wrote it.
    pub notes: Vec<AiringNote>,
    /// Who reviewed the period or a part of it, and when.
    pub reviews: Vec<NotedReview>,
    /// Why airings were entered by hand.
    pub whys: HashMap<AiringId, String>,
}

impl Occasion {
    pub(super) fn pick<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        pick(self.language, vi, en)
    }

    /// The name of a theme, its id where the list has it no more.
    pub(super) fn theme(&self, id: &str) -> String {
        let known = self.themes.iter().find(|(known, _, _)| known == id);
        known.map_or_else(|| id.to_owned(), |(_, vi, en)| self.pick(vi, en).to_owned())
    }

    fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// A form with everything but its tables and its own remarks.
    pub(super) fn form(&self, title: &str, tables: Vec<Table>, own: Vec<String>) -> Form {
        let mut remarks = own;
        remarks.extend(self.unfinished());
        remarks.extend(self.reviews.iter().map(|review| self.review(review)));
        remarks.extend(self.gaps.iter().map(|gap| self.gap(gap)));
        Form {
            language: self.language,
            head: self.head(),
            title: title.to_owned(),
            subtitles: vec![period(self.language, &self.period)],
            tables,
            remarks,
            signatures: self.signatures(),
            proof: self.proof(),
            landscape: false,
        }
    }

    fn head(&self) -> Head {
        let today = self.today();
        let place = self.place.as_deref().unwrap_or("……………");
        let place_and_day = match self.language {
            // Decree 30/2020/NĐ-CP, appendix I: a nought before days below 10 and before January and February only.
            Vi => {
                let (day, month, year) = (today.day(), today.month(), today.year());
                let nought = if month <= 2 { "0" } else { "" };
                format!("{place}, ngày {day:02} tháng {nought}{month} năm {year}")
            }
            En => format!("{place}, {}", today.format("%-d %B %Y")),
        };
        Head {
            superior: self.superior.clone(),
            station: self.station.clone(),
            receiver: self
                .receiver
                .as_ref()
                .map(|receiver| format!("{}: {receiver}", self.pick("Đơn vị nhận báo cáo", "Report to"))),
            state: self.pick("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "SOCIALIST REPUBLIC OF VIET NAM").into(),
            motto: self.pick("Độc lập - Tự do - Hạnh phúc", "Independence - Freedom - Happiness").into(),
            place_and_day,
        }
    }

    fn signatures(&self) -> Vec<Signature> {
        let signed = self.pick("(Ký, ghi rõ họ tên)", "(signature, full name)");
        let sealed = self.pick("(Ký, đóng dấu, ghi rõ họ tên)", "(signature, seal, full name)");
        [
            (self.pick("Người lập biểu", "Prepared by"), signed),
            (self.pick("Người kiểm tra biểu", "Checked by"), signed),
            (self.pick("Thủ trưởng đơn vị", "Head of the unit"), sealed),
        ]
        .map(|(title, what)| Signature { title: title.into(), what: what.into() })
        .to_vec()
    }

    fn proof(&self) -> Vec<String> {
        let made = terms::date_and_time(self.language, self.zone, self.now);
        let Some(Stamp { seq, hash }) = &self.head else {
            return vec![match self.language {
                Vi => format!("Lập lúc {made}; nhật ký của trạm chưa có mục nào."),
                En => format!("Made at {made}; the station's journal has no entry yet."),
            }];
        };
        match self.language {
            Vi => vec![
                format!("Lập lúc {made} từ nhật ký của trạm, đến mục số {seq}."),
                format!("Đối chứng tại trạm: loa verify --head {seq}:{hash}"),
            ],
            En => vec![
                format!("Made at {made} from the station's journal, up to entry {seq}."),
                format!("To prove it at the station: loa verify --head {seq}:{hash}"),
            ],
        }
    }

    fn unfinished(&self) -> Option<String> {
        let running = self.period.to >= self.today();
        running.then(|| {
            let now = terms::date_and_time(self.language, self.zone, self.now);
            match self.language {
                Vi => format!("Kỳ báo cáo chưa kết thúc: số liệu tính đến {now}."),
                En => format!("The period is not over: the figures are those of {now}."),
            }
        })
    }

    fn review(&self, NotedReview { at, reviewed, later }: &NotedReview) -> String {
        let (from, to) = (short_date(reviewed.from), short_date(reviewed.to));
        let at = terms::date_and_time(self.language, self.zone, *at);
        let by = named(self.language, &reviewed.by, &reviewed.account);
        let mut said = match self.language {
            Vi => format!("{by} đã xem xét kỳ từ {from} đến hết {to}, ghi nhận lúc {at}"),
            En => format!("{by} reviewed {from} to {to}, written down at {at}"),
        };
        if !reviewed.text.is_empty() {
            said.push_str(&format!(": {}", reviewed.text));
        }
        match (self.language, later) {
            (_, 0) => {}
            (Vi, later) => said.push_str(&format!("; sau đó có thêm {later} mục nhập thủ công")),
            (En, later) => said.push_str(&format!("; {later} entries by hand came after that")),
        }
        format!("{said}.")
    }

    /// What supervisors noted on an airing.
    pub(super) fn noted(&self, airing: &Airing) -> Vec<String> {
        let of_it = self.notes.iter().filter(|note| note.airing == airing.id);
        of_it
            .map(|note| format!("{} – {}", note.text, named(self.language, &note.by, &note.account)))
            .collect()
    }

    fn gap(&self, gap: &Gap) -> String {
        let at = |at| terms::date_and_time(self.language, self.zone, at);
        let until = at(gap.until);
        match (self.language, gap.restored.intact_until.map(at)) {
            (Vi, Some(from)) => {
                format!("Nhật ký bị hỏng và đã được khôi phục: có thể thiếu số liệu từ {from} đến {until}.")
            }
            (En, Some(from)) => {
                format!(
                    "The journal was damaged and restored: figures from {from} to {until} may be missing."
                )
            }
            (Vi, None) => format!("Nhật ký bị mất và được lập lại lúc {until}: không còn số liệu trước đó."),
            (En, None) => {
                format!("The journal was lost and begun anew at {until}: there are no figures from before.")
            }
        }
    }
}

/// Whom a writing names, with the account that it came by where that is another.
pub(super) fn named(language: Language, by: &str, account: &str) -> String {
    match language {
        _ if account.is_empty() || account == by => by.to_owned(),
        Vi => format!("{by} (tài khoản {account})"),
        En => format!("{by} (account {account})"),
    }
}

/// A period: `Quý IV năm 2026 (từ 01/10/2026 đến hết 31/12/2026)`.
pub fn period(language: Language, period: &Period) -> String {
    let (from, to) = (short_date(period.from), short_date(period.to));
    let days = match language {
        Vi => format!("từ {from} đến hết {to}"),
        En => format!("{from} to {to}"),
    };
    let name = match (language, period.name) {
        (Vi, PeriodName::Span) => return format!("Từ {from} đến hết {to}"),
        (En, PeriodName::Span) => return format!("{from} to {to}"),
        (_, named) => named.spelled(language),
    };
    match (language, period.reckoning) {
        (_, Reckoning::Calendar) => format!("{name} ({days})"),
        (Vi, Reckoning::Administrative) => format!("{name} (kỳ báo cáo hành chính, {days})"),
        (En, Reckoning::Administrative) => format!("{name} (administrative period, {days})"),
    }
}

/// Why something is no period.
pub fn no_period(language: Language, error: &PeriodError) -> String {
    match (language, error) {
        (En, error) => error.to_string(),
        (Vi, PeriodError::NoPeriod { found }) => format!(
            "“{found}” không phải kỳ báo cáo, phải ghi như 2026-10 (tháng), 2026-W45 (tuần), 2026-Q4 (quý), 2026-H2 (nửa năm), 2026 (năm)"
        ),
        (Vi, PeriodError::OutOfRange { found, year, from, to }) => {
            format!("không có kỳ “{found}”: năm {year} chỉ có {from} đến {to}")
        }
        (Vi, PeriodError::WeekIsCalendar) => {
            "tuần không có kỳ báo cáo hành chính; hãy bỏ `--administrative`, hoặc chọn tháng".into()
        }
        (Vi, PeriodError::BeyondCalendar) => "ngày nằm ngoài các năm 1900 đến 9998; hãy sửa lại ngày".into(),
        (Vi, PeriodError::TooLong { days }) => {
            format!("khoảng thời gian dài {days} ngày, nhiều nhất 10 năm; hãy lập báo cáo từng phần")
        }
        (Vi, PeriodError::Backwards { from, to }) => format!(
            "ngày cuối {} trước ngày đầu {}; hãy ghi ngày sớm hơn trước",
            short_date(*to),
            short_date(*from)
        ),
    }
}

/// A kind of recording, as the workbook calls it; as written where it has no word.
pub fn cart_kind(language: Language, kind: &str) -> String {
    let known: Option<&Word<&str>> = KINDS.iter().find(|word| word.means == kind);
    known.map_or_else(|| kind.to_owned(), |word| pick(language, word.vi, word.en).to_owned())
}

/// Where a recording came from; as written where it has no word.
pub fn source(language: Language, source: &str) -> String {
    match source {
        "tu-san-xuat" => pick(language, "Tự sản xuất", "own production").into(),
        other => other.to_owned(),
    }
}

/// The number by which an airing is found in the journal again: its own, and the beginning of the entry's hash.
pub fn control_code(airing: &Airing) -> String {
    let hash: String = airing.entry_hash.chars().take(12).collect();
    format!("{}-{hash}", airing.id)
}

fn column(heading: &str, width: u16) -> Column {
    Column { heading: heading.to_owned(), width }
}

fn printed(heading: &str, of: &[usize], share: u16) -> Printed {
    Printed { heading: heading.to_owned(), of: of.to_vec(), share, usual: Vec::new() }
}
