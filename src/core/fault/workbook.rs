//! What can be wrong with a workbook: the file, its sheets and headings, its cells, and what the cells say together.
//! The places are in [`CellFault`](crate::core::workbook::CellFault).

use chrono::{NaiveDate, NaiveTime};

use super::{Fault, Flaw, Severity, TargetFault, did_you_mean, listed, thousands, words_of};
use crate::core::pattern::DaysError;
use crate::core::workbook::Legacy;

/// The words of a drop-down list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordList {
    /// In Vietnamese.
    pub vi: Vec<&'static str>,
    /// In English.
    pub en: Vec<&'static str>,
}

/// What is wrong with a workbook.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SheetFault {
    /// Neither a workbook nor text.
    #[error("the file is no workbook, or only part of one")]
    NoWorkbook,
    /// A web page that a program named like a workbook.
    #[error("the file is a web page, not a workbook")]
    WebPage,
    /// It is a workbook that cannot be read.
    #[error("the workbook cannot be read: {found}")]
    Unreadable {
        /// What was found.
        found: String,
    },
    /// Larger than any filled-in template; it was not opened.
    #[error("the file has {} bytes, expected at most {}", thousands(*bytes), thousands(*limit))]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// It unpacks to far more than its size, or repeats a cell without end.
    #[error("the workbook unpacks to more than {} bytes", thousands(*limit))]
    Swollen {
        /// The limit.
        limit: u64,
    },
    /// More rows than any schedule has.
    #[error("the sheet has cells below row {}", thousands(*limit))]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// More columns than the template has by far.
    #[error("the sheet has cells to the right of column {limit}")]
    TooManyColumns {
        /// The limit.
        limit: u64,
    },
    /// It opens with a password only.
    #[error("the workbook is locked with a password")]
    Encrypted,
    /// A CSV in another encoding.
    #[error("the text is not Unicode{}", found.map(|legacy| format!(", it looks like {legacy}")).unwrap_or_default())]
    NotUnicode {
        /// Which, where it is recognised.
        found: Option<Legacy>,
    },
    /// Text that only an old font makes readable.
    #[error("the text is in the old encoding {found}, not in Unicode")]
    OldFont {
        /// Which.
        found: Legacy,
    },
    /// No cell of any sheet holds anything.
    #[error("the workbook is empty")]
    EmptyBook,
    /// The sheet holds nothing.
    #[error("the sheet is empty")]
    EmptySheet,
    /// No sheet is called `Lịch phát`, and none has its headings.
    #[error("there is no sheet `Lịch phát` (Schedule); the sheets are {}", listed(sheets))]
    NoPlan {
        /// The sheets that there are.
        sheets: Vec<String>,
    },
    /// The sheet has no row of headings.
    #[error("the row with the headings of the template is not there")]
    NoHeadings,
    /// A heading that comes twice.
    #[error("the heading `{found}` comes twice")]
    ColumnTwice {
        /// As written, clipped.
        found: String,
    },
    /// A heading that the template has not, with content below.
    #[error("`{found}` is not a heading of the template")]
    UnknownColumn {
        /// As written, clipped.
        found: String,
        /// The heading that comes closest.
        closest: Option<&'static str>,
    },
    /// Content in a column without a heading.
    #[error("`{found}` stands in a column without a heading")]
    NoHeading {
        /// As written, clipped.
        found: String,
    },
    /// A column that must be there.
    #[error("the column is missing")]
    MissingColumn,
    /// A label above the table that must be there, with its value.
    #[error("it is not filled in")]
    MissingLabel,
    /// Headings, and nothing below.
    #[error("no row is filled in below the headings")]
    NoRows,
    /// A formula that went wrong.
    #[error("the formula in this cell fails: {found}")]
    FormulaFault {
        /// As the spreadsheet shows it, e.g. `#REF!`.
        found: String,
    },
    /// A cell that must be filled in.
    #[error("the cell is empty")]
    EmptyCell,
    /// No date.
    #[error("`{found}` is not a date")]
    BadDate {
        /// As written, clipped.
        found: String,
    },
    /// No time of day.
    #[error("`{found}` is not a time of day")]
    BadTime {
        /// As written, clipped.
        found: String,
    },
    /// No weekdays.
    #[error("{}", days_message(error))]
    BadDays {
        /// As written, clipped.
        found: String,
        /// Why.
        error: DaysError,
    },
    /// No place in an order.
    #[error("`{found}` is not a whole number from 1 to 999")]
    BadOrder {
        /// As written, clipped.
        found: String,
    },
    /// A word that its list has not.
    #[error("`{found}` is not in the list")]
    UnknownWord {
        /// As written, clipped.
        found: String,
        /// The word that comes closest, in its language.
        closest: Option<&'static str>,
        /// The list.
        list: Box<WordList>,
    },
    /// An emergency in a schedule.
    #[error("an emergency is not scheduled: a person at the station orders it, and it airs at once")]
    Emergency,
    /// A theme that the station's list has not.
    #[error("`{found}` is not a theme of the station's list")]
    UnknownTopic {
        /// As written, clipped.
        found: String,
        /// The theme that comes closest.
        closest: Option<String>,
    },
    /// It ends before it begins.
    #[error("the last day {until} is before the first day {from}")]
    UntilBeforeFrom {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// None of the weekdays falls on one of the days.
    #[error("none of these weekdays falls between {from} and {until}")]
    NeverDue {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// A row of fewer days than the whole schedule, and yet of very many.
    #[error("the row spans {days} days of a schedule that is longer still, expected at most {most}")]
    TooManyDates {
        /// How many.
        days: i64,
        /// The limit.
        most: i64,
    },
    /// More slots, repeats and changes than can be worked out.
    #[error("the table says more than one schedule can hold")]
    TooMuch,
    /// A recording, and a programme to be repeated.
    #[error("the programme has both recordings and a programme that it repeats")]
    FileAndRepeat,
    /// Neither.
    #[error("the programme has neither a recording nor a programme that it repeats")]
    NothingToPlay,
    /// The same recording with another kind or theme.
    #[error("the same recording is described otherwise in row {row}")]
    Differs {
        /// The row, from 1.
        row: u32,
    },
    /// A programme that the table has not.
    #[error("the schedule has no programme `{found}`")]
    UnknownProgramme {
        /// As written, clipped.
        found: String,
        /// The programme that comes closest.
        closest: Option<String>,
    },
    /// The programme is there, at other times.
    #[error("this programme does not air at {}, but at {}", at.format("%H:%M"), times_of(times))]
    NotAtThatTime {
        /// The time that was asked for.
        at: NaiveTime,
        /// Its times, some of them.
        times: Vec<NaiveTime>,
    },
    /// A programme that repeats itself.
    #[error("the programme is to repeat itself")]
    RepeatOfItself,
    /// A programme that repeats a repeat.
    #[error("that programme is itself a repeat, of `{of}`")]
    RepeatOfRepeat {
        /// What that one repeats, as written.
        of: String,
    },
    /// A cell that this kind of change has no use for.
    #[error("this kind of change takes nothing here")]
    NotForThisChange,
    /// The programme does not air on that day.
    #[error("the programme does not air on {}", date.format("%A %-d %B %Y"))]
    NotDue {
        /// The day.
        date: NaiveDate,
    },
    /// The row may mean several airings.
    #[error("it is not certain which airing is meant{}", at_times(times))]
    Uncertain {
        /// The times of those airings; one or none where they are at the same time.
        times: Vec<NaiveTime>,
    },
    /// Two changes of which only one can be.
    #[error("this change and that of row {row} cannot both be on {date}")]
    ChangesContradict {
        /// The day.
        date: NaiveDate,
        /// The row of the other, from 1.
        row: u32,
    },
    /// A change of a day that no row of the schedule names.
    #[error("{date} is outside the schedule, {from} to {until}")]
    OutsideValidity {
        /// The day.
        date: NaiveDate,
        /// First day of the schedule.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// What is wrong with the schedule that the cells make.
    #[error(transparent)]
    Schedule(Box<Fault>),
    /// What is wrong with targets.
    #[error(transparent)]
    Target(TargetFault),
    /// The list of faults was cut off.
    #[error("{count} more faults are not listed")]
    More {
        /// How many are not listed.
        count: usize,
    },
}

words_of!(SheetFault {
    SheetFault::NoWorkbook => "no_workbook",
    SheetFault::WebPage => "web_page",
    SheetFault::Unreadable { .. } => "unreadable",
    SheetFault::TooLarge { .. } => "too_large",
    SheetFault::Swollen { .. } => "swollen",
    SheetFault::TooManyRows { .. } => "too_many_rows",
    SheetFault::TooManyColumns { .. } => "too_many_columns",
    SheetFault::Encrypted => "encrypted",
    SheetFault::NotUnicode { .. } => "not_unicode",
    SheetFault::OldFont { .. } => "old_font",
    SheetFault::EmptyBook => "empty_book",
    SheetFault::EmptySheet => "empty_sheet",
    SheetFault::NoPlan { .. } => "no_plan",
    SheetFault::NoHeadings => "no_headings",
    SheetFault::ColumnTwice { .. } => "column_twice",
    SheetFault::UnknownColumn { .. } => "unknown_column",
    SheetFault::NoHeading { .. } => "no_heading",
    SheetFault::MissingColumn => "missing_column",
    SheetFault::MissingLabel => "missing_label",
    SheetFault::NoRows => "no_rows",
    SheetFault::FormulaFault { .. } => "formula_fault",
    SheetFault::EmptyCell => "empty_cell",
    SheetFault::BadDate { .. } => "bad_date",
    SheetFault::BadTime { .. } => "bad_time",
    SheetFault::BadDays { .. } => "bad_days",
    SheetFault::BadOrder { .. } => "bad_order",
    SheetFault::UnknownWord { .. } => "unknown_word",
    SheetFault::Emergency => "emergency",
    SheetFault::UnknownTopic { .. } => "unknown_topic",
    SheetFault::UntilBeforeFrom { .. } => "until_before_from",
    SheetFault::NeverDue { .. } => "never_due",
    SheetFault::TooManyDates { .. } => "too_many_dates",
    SheetFault::TooMuch => "too_much",
    SheetFault::FileAndRepeat => "file_and_repeat",
    SheetFault::NothingToPlay => "nothing_to_play",
    SheetFault::Differs { .. } => "differs",
    SheetFault::UnknownProgramme { .. } => "unknown_programme",
    SheetFault::NotAtThatTime { .. } => "not_at_that_time",
    SheetFault::RepeatOfItself => "repeat_of_itself",
    SheetFault::RepeatOfRepeat { .. } => "repeat_of_repeat",
    SheetFault::NotForThisChange => "not_for_this_change",
    SheetFault::NotDue { .. } => "not_due",
    SheetFault::Uncertain { .. } => "uncertain",
    SheetFault::ChangesContradict { .. } => "changes_contradict",
    SheetFault::OutsideValidity { .. } => "outside_validity",
    SheetFault::Schedule(_) => "schedule",
    SheetFault::Target(_) => "target",
    SheetFault::More { .. } => "more",
});

impl Flaw for SheetFault {
    const ROOM: &'static str = "workbook";

    fn word(&self) -> &'static str {
        match self {
            SheetFault::Schedule(fault) => fault.word(),
            SheetFault::Target(fault) => fault.word(),
            own => own.own_word(),
        }
    }

    /// A workbook is taken whole or not at all: whoever filled it in is told what to mend.
    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            SheetFault::NoWorkbook => "copy the file again, or save it as .xlsx and send that".into(),
            SheetFault::Unreadable { .. } | SheetFault::WebPage => {
                "open it in Excel or LibreOffice, save it as .xlsx, and send it again".into()
            }
            SheetFault::TooLarge { .. } | SheetFault::Swollen { .. } => {
                "copy the filled-in rows into a new template, and send that".into()
            }
            SheetFault::TooManyRows { .. } => "delete what stands below the table, or split the schedule".into(),
            SheetFault::TooManyColumns { .. } => "delete what stands to the right of the table".into(),
            SheetFault::Encrypted => "take the password off and send it again".into(),
            SheetFault::NotUnicode { .. } => "save it as `CSV UTF-8`, or send the workbook as .xlsx".into(),
            SheetFault::OldFont { .. } => {
                "convert the text to Unicode (with UniKey: Ctrl+Shift+F6), choose a font such as Times New Roman, and send it again".into()
            }
            SheetFault::EmptyBook | SheetFault::EmptySheet | SheetFault::NoRows => {
                "fill in the template; `loa template` writes one".into()
            }
            SheetFault::NoPlan { .. } => "fill in the template, and keep the names of its sheets".into(),
            SheetFault::NoHeadings => {
                "copy the row of headings from the template, such as `From`, `Until`, `Time`, `Programme`, `Recording`".into()
            }
            SheetFault::ColumnTwice { .. } => "keep one of the two columns".into(),
            SheetFault::UnknownColumn { closest, .. } => did_you_mean(*closest)
                .unwrap_or_else(|| "write remarks into the column `Remarks`, and delete this column".into()),
            SheetFault::NoHeading { .. } => "write a heading of the template above it, or empty the cell".into(),
            SheetFault::MissingColumn => "add the column with this heading".into(),
            SheetFault::MissingLabel => "write it into the cell beside its label, above the table".into(),
            SheetFault::FormulaFault { .. } => "mend the formula, or write the value itself".into(),
            SheetFault::EmptyCell => "fill it in".into(),
            SheetFault::BadDate { .. } => "write day/month/year with all four digits, e.g. 05/12/2026".into(),
            SheetFault::BadTime { .. } => "write it as 05:30 or 5h30, from 00:00 to 23:59".into(),
            SheetFault::BadDays { error: DaysError::Backwards { .. }, .. } => {
                "name the days one by one, e.g. `T7, CN, T2`".into()
            }
            SheetFault::BadDays { .. } => "write it as `T2-T6`, or `T2, T4, CN`, or `daily`".into(),
            SheetFault::BadOrder { .. } => "write 1 for the first recording of the programme, 2 for the next".into(),
            SheetFault::UnknownWord { closest, list, .. } => {
                did_you_mean(*closest).unwrap_or_else(|| format!("choose one of {}", listed(&list.en)))
            }
            SheetFault::Emergency => "choose `Normal` or `Priority`; for an emergency call the station".into(),
            SheetFault::UnknownTopic { closest, .. } => did_you_mean(closest.as_deref())
                .unwrap_or_else(|| "choose one from the drop-down list of the template, or leave it empty".into()),
            SheetFault::UntilBeforeFrom { .. } => "mend one of the two dates".into(),
            SheetFault::NeverDue { .. } => "mend the weekdays, or the first and the last day".into(),
            SheetFault::TooManyDates { .. } => "send it as a schedule of its own, with another schedule id".into(),
            SheetFault::TooMuch => "split it into several schedules, each with its own schedule id".into(),
            SheetFault::FileAndRepeat => "keep `Recording` or `Repeats`, and empty the other".into(),
            SheetFault::NothingToPlay => "fill in `Recording` or `Repeats`".into(),
            SheetFault::Differs { .. } => "give it the same kind and theme in all rows".into(),
            SheetFault::UnknownProgramme { closest, .. } => did_you_mean(closest.as_deref())
                .unwrap_or_else(|| "write the programme as in the sheet of the schedule".into()),
            SheetFault::NotAtThatTime { .. } => "mend the time".into(),
            SheetFault::RepeatOfItself => "name the programme, or its time, that is aired first".into(),
            SheetFault::RepeatOfRepeat { .. } => "name the programme that is aired first".into(),
            SheetFault::NotForThisChange => "empty the cell, or choose another change".into(),
            SheetFault::NotDue { .. } => {
                "mend the date; for one more airing choose `Extra airing`".into()
            }
            SheetFault::Uncertain { times } if times.len() > 1 => "fill in its time".into(),
            SheetFault::Uncertain { .. } => "fill in the programme, or give each programme a name of its own".into(),
            SheetFault::ChangesContradict { .. } => "keep one of the two".into(),
            SheetFault::OutsideValidity { .. } => "mend the date".into(),
            SheetFault::Schedule(fault) => return fault.help(),
            SheetFault::Target(fault) => return Some(fault.help()),
            SheetFault::More { .. } => "mend those above and send it again".into(),
        })
    }
}

/// What is wrong with the weekdays; the error's own words hold the remedy of schedules.
fn days_message(error: &DaysError) -> String {
    match error {
        DaysError::Empty => "no weekday is named".into(),
        DaysError::Unknown { found } => format!("`{found}` is no weekday"),
        DaysError::Thu { found } => format!("`{found}` may be Thursday or the Vietnamese “thứ”"),
        DaysError::Number { found } => {
            format!("the number `{found}` may be counted from Monday or as in “thứ {found}”")
        }
        DaysError::Backwards { found } => format!("the range `{found}` runs backwards"),
    }
}

fn times_of(times: &[NaiveTime]) -> String {
    times.iter().map(|time| time.format("%H:%M").to_string()).collect::<Vec<_>>().join(", ")
}

fn at_times(times: &[NaiveTime]) -> String {
    if times.len() > 1 { format!(": there are airings at {}", times_of(times)) } else { String::new() }
}
