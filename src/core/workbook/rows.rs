//! One row of *Lịch phát*: what it says by itself, and what it takes over from the row above. Owns the rule of the
//! latter: a row goes on with the programme above where it names none and no time; empty dates are those above.

use chrono::{NaiveDate, NaiveTime};

use super::find::{Table, same_name};
use super::headings::{Column, KINDS, PRIORITIES, Word, fold, meaning};
use super::lines::Told;
use super::{Cell, SheetFault, ThemeNames, cells};
use crate::core::cart::CartName;
use crate::core::fault::{Fault, WordList, clip, closest};
use crate::core::pattern::Days;

/// The most times in one cell.
const MOST_TIMES: usize = 24;

/// The days of a slot: those weekdays from the first to the last day, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Dates {
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub days: Days,
}

impl Dates {
    /// Whether that day is one of them.
    pub fn has(&self, date: NaiveDate) -> bool {
        self.from <= date && date <= self.until && self.days.has(date)
    }

    /// The days in order.
    pub fn iter(self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take_while(move |date| *date <= self.until).filter(move |date| self.has(*date))
    }
}

/// What a cell says: nothing, something wrong that has been told, or what it should.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said<T> {
    Nothing,
    Wrong,
    This(T),
}

impl<T> Said<T> {
    pub fn known(self) -> Option<T> {
        match self {
            Said::This(value) => Some(value),
            Said::Nothing | Said::Wrong => None,
        }
    }

    fn or(self, above: &Said<T>) -> Said<T>
    where
        T: Clone,
    {
        if matches!(self, Said::Nothing) { above.clone() } else { self }
    }
}

/// A row that says what airs.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Its number, from 0.
    pub at: usize,
    pub programme: Said<String>,
    pub times: Said<Vec<NaiveTime>>,
    pub dates: Said<Dates>,
    pub order: Option<u32>,
    pub files: Vec<CartName>,
    /// A name that no recording can have was told.
    pub bad_files: bool,
    pub repeat: Cell,
    pub priority: Option<&'static str>,
    pub note: Note,
}

/// What a row says of its recordings.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    pub titles: Vec<String>,
    pub kind: Option<&'static str>,
    /// It says a kind that was told.
    pub bad_kind: bool,
    pub topic: Option<String>,
    pub source: Option<String>,
}

/// Reads the rows; what is wrong with one is told, and the others are read all the same.
pub(super) fn read(table: &Table<'_>, themes: &[ThemeNames], told: &mut Told<'_>) -> Vec<Row> {
    const CONTENT: [Column; 9] = [
        Column::Programme,
        Column::Time,
        Column::File,
        Column::RepeatOf,
        Column::Title,
        Column::From,
        Column::Until,
        Column::Days,
        Column::Kind,
    ];
    const PLAYS: [Column; 2] = [Column::Time, Column::File];
    let filled =
        |row: usize, columns: &[Column]| columns.iter().any(|column| !table.own(row, *column).is_empty());
    // Below the last row that plays something, behind an empty one: who made it, who signs.
    let last = table.rows().rev().find(|row| filled(*row, &PLAYS)).map_or(table.rows().start, |row| row + 1);
    let end = (last..table.rows().end).find(|row| table.is_empty(*row)).unwrap_or(table.rows().end);
    let mut rows: Vec<Row> = Vec::new();
    for at in table.rows().start..end {
        if filled(at, &CONTENT) {
            let row = read_row(table, at, rows.last(), themes, told);
            rows.push(row);
        }
    }
    rows
}

fn read_row(
    table: &Table<'_>,
    at: usize,
    above: Option<&Row>,
    themes: &[ThemeNames],
    told: &mut Told<'_>,
) -> Row {
    let mut cell = Reader { table, at, told };
    let own_name = cell.text(Column::Programme);
    let goes_on = match (&own_name, above.map(|above| &above.programme)) {
        (Said::Nothing, Some(_)) => true,
        (Said::This(own), Some(Said::This(above))) => same_name(own) == same_name(above),
        _ => false,
    };
    let programme = match above {
        Some(above) => own_name.or(&above.programme),
        None => own_name,
    };
    let programme = cell.needed(Column::Programme, programme);
    let times = match (cell.times(), above) {
        (Said::Nothing, Some(above)) if goes_on => above.times.clone(),
        (times, _) => times,
    };
    let times = cell.needed(Column::Time, times);
    let dates = cell.dates(above.map(|above| &above.dates));
    let mut bad_files = false;
    let mut files = Vec::new();
    for name in table.own(at, Column::File).list() {
        match CartName::new(&name) {
            Ok(name) => files.push(name),
            Err(error) => {
                bad_files = true;
                let fault = Fault::BadCartName { found: clip(&name), error };
                cell.tell(Column::File, SheetFault::Schedule(Box::new(fault)));
            }
        }
    }
    if cell.is_broken(Column::File) {
        (files, bad_files) = (Vec::new(), true);
    }
    let order = cell.order();
    let kind = cell.word(Column::Kind, KINDS);
    let priority = cell.word(Column::Priority, PRIORITIES);
    if priority == Said::This(None) {
        cell.tell(Column::Priority, SheetFault::Emergency);
    }
    let titles =
        if cell.is_broken(Column::Title) { Vec::new() } else { table.filled(at, Column::Title).list() };
    let note = Note {
        titles,
        bad_kind: kind == Said::Wrong,
        kind: kind.known(),
        topic: cell.topic(themes),
        source: cell.text(Column::Source).known(),
    };
    let repeat =
        if cell.is_broken(Column::RepeatOf) { Cell::Empty } else { table.own(at, Column::RepeatOf).clone() };
    if files.is_empty() && !bad_files && repeat.is_empty() && !(note.titles.is_empty() && note.kind.is_none())
    {
        cell.tell(Column::File, SheetFault::EmptyCell);
        bad_files = true;
    }
    Row {
        at,
        programme,
        times,
        dates,
        order,
        files,
        bad_files,
        repeat,
        priority: priority.known().flatten(),
        note,
    }
}

/// Reads the cells of one row.
struct Reader<'a, 'g, 't> {
    table: &'a Table<'g>,
    at: usize,
    told: &'a mut Told<'t>,
}

impl Reader<'_, '_, '_> {
    fn tell(&mut self, column: Column, fault: SheetFault) {
        self.told.tell(self.table.at(self.at, column), fault);
    }

    /// A formula went wrong there.
    fn is_broken(&mut self, column: Column) -> bool {
        let Cell::Fault(found) = self.table.filled(self.at, column) else { return false };
        self.tell(column, SheetFault::FormulaFault { found: clip(found) });
        true
    }

    /// An empty cell that must not be is told; where the whole column is missing, that has been told.
    fn needed<T>(&mut self, column: Column, said: Said<T>) -> Said<T> {
        if matches!(said, Said::Nothing) {
            if self.table.has(column) {
                self.tell(column, SheetFault::EmptyCell);
            }
            return Said::Wrong;
        }
        said
    }

    fn taken<T>(&mut self, column: Column, read: fn(&Cell) -> Result<T, SheetFault>) -> Said<T> {
        let cell = self.table.filled(self.at, column);
        if cell.is_empty() {
            return Said::Nothing;
        }
        match read(cell) {
            Ok(value) => Said::This(value),
            Err(fault) => {
                self.tell(column, fault);
                Said::Wrong
            }
        }
    }

    fn text(&mut self, column: Column) -> Said<String> {
        if self.is_broken(column) {
            return Said::Wrong;
        }
        let line = self.table.filled(self.at, column).line();
        if line.is_empty() { Said::Nothing } else { Said::This(line) }
    }

    /// One or several times of day.
    fn times(&mut self) -> Said<Vec<NaiveTime>> {
        let cell = self.table.filled(self.at, Column::Time);
        let parts = cell.list();
        if !matches!(cell, Cell::Text(_)) || parts.len() <= 1 {
            return match self.taken(Column::Time, cells::time) {
                Said::This(time) => Said::This(vec![time]),
                Said::Wrong => Said::Wrong,
                Said::Nothing => Said::Nothing,
            };
        }
        if parts.len() > MOST_TIMES {
            self.tell(Column::Time, SheetFault::BadTime { found: clip(&cell.line()) });
            return Said::Wrong;
        }
        let mut times = Vec::new();
        for part in &parts {
            match cells::time(&Cell::Text(part.clone())) {
                Ok(time) => times.push(time),
                Err(fault) => {
                    self.tell(Column::Time, fault);
                    return Said::Wrong;
                }
            }
        }
        times.sort_unstable();
        times.dedup();
        Said::This(times)
    }

    /// First day, last day and weekdays: all three of the row above where the row says none of them; its first and
    /// last day where it says weekdays only; every day where it says no weekdays.
    fn dates(&mut self, above: Option<&Said<Dates>>) -> Said<Dates> {
        let from = self.taken(Column::From, cells::date);
        let until = self.taken(Column::Until, cells::date);
        let days = self.taken(Column::Days, cells::days);
        let (from, until) = match (from, until, above) {
            (Said::Nothing, Said::Nothing, Some(above)) => match (above, &days) {
                (above, Said::Nothing) => return above.clone(),
                (Said::This(above), _) => (Said::This(above.from), Said::This(above.until)),
                (Said::Nothing | Said::Wrong, _) => return Said::Wrong,
            },
            (from, until, _) => (self.needed(Column::From, from), self.needed(Column::Until, until)),
        };
        let days = if matches!(days, Said::Nothing) { Said::This(Days::ALL) } else { days };
        let (Said::This(from), Said::This(until), Said::This(days)) = (from, until, days) else {
            return Said::Wrong;
        };
        if until < from {
            self.tell(Column::Until, SheetFault::UntilBeforeFrom { from, until });
            return Said::Wrong;
        }
        let dates = Dates { from, until, days };
        if dates.from.iter_days().take(7).all(|date| !dates.has(date)) {
            self.tell(Column::Days, SheetFault::NeverDue { from, until });
            return Said::Wrong;
        }
        Said::This(dates)
    }

    fn order(&mut self) -> Option<u32> {
        if self.is_broken(Column::Order) {
            return None;
        }
        let line = self.table.own(self.at, Column::Order).line();
        if line.is_empty() {
            return None;
        }
        let order = line.parse::<u32>().ok().filter(|order| (1..=999).contains(order));
        if order.is_none() {
            self.tell(Column::Order, SheetFault::BadOrder { found: clip(&line) });
        }
        order
    }

    fn word<T: Copy>(&mut self, column: Column, words: &'static [Word<T>]) -> Said<T> {
        match self.text(column) {
            Said::This(text) => match meaning(words, &text) {
                Some(means) => Said::This(means),
                None => {
                    self.tell(column, unknown_word(words, &text));
                    Said::Wrong
                }
            },
            Said::Nothing => Said::Nothing,
            Said::Wrong => Said::Wrong,
        }
    }

    fn topic(&mut self, themes: &[ThemeNames]) -> Option<String> {
        let text = self.text(Column::Topic).known()?;
        let found = theme_of(&text, themes);
        if found.is_none() {
            let closest = closest_theme(&text, themes);
            self.tell(Column::Topic, SheetFault::UnknownTopic { found: clip(&text), closest });
        }
        found
    }
}

/// The theme that goes by this id or name.
pub(super) fn theme_of(text: &str, themes: &[ThemeNames]) -> Option<String> {
    let folded = fold(text);
    let is = |theme: &&ThemeNames| [&theme.0, &theme.1, &theme.2].iter().any(|name| fold(name) == folded);
    themes.iter().find(is).map(|theme| theme.0.clone())
}

/// The id or name of a theme that comes closest.
pub(super) fn closest_theme(text: &str, themes: &[ThemeNames]) -> Option<String> {
    let names = themes.iter().flat_map(|theme| [&*theme.1, &*theme.2, &*theme.0]);
    closest(&clip(text), names).map(str::to_owned)
}

/// A word that is not in its list, with the list as both templates have it.
pub(super) fn unknown_word<T: Copy>(words: &'static [Word<T>], text: &str) -> SheetFault {
    let closest = closest(&clip(text), words.iter().flat_map(|word| [word.vi, word.en]));
    SheetFault::UnknownWord {
        found: clip(text),
        closest,
        list: Box::new(WordList {
            vi: words.iter().map(|word| word.vi).collect(),
            en: words.iter().map(|word| word.en).collect(),
        }),
    }
}
