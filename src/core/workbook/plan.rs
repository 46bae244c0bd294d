//! The table *Lịch phát* as slots and recordings. Owns which rows are one slot (same programme, time and days), the
//! order in it, and how both are written as TOML.
//!
//! The schedule is valid from the first to the last day that any row names. A slot of all these days has `at` and
//! `days`; one of fewer days has its `dates` written out, since slots have no first and last day of their own.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveTime};

use super::find::{Found, Table, same_name};
use super::headings::{Column, Label};
use super::lines::{Lines, Told, quoted};
use super::rows::{self, Dates, Row, Said};
use super::{Cell, SheetFault, ThemeNames, ids, legacy, repeats};
use crate::core::cart::CartName;
use crate::core::pattern::Days;

/// The most days that a slot with fewer days than its schedule may span.
pub const MOST_DATES: i64 = 400;

/// What becomes a `[[slot]]`.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    pub id: String,
    /// As it was written first.
    pub programme: String,
    /// As it is compared.
    pub name: String,
    pub time: NaiveTime,
    pub dates: Dates,
    /// What it plays, each with its order and row.
    pub play: Vec<(Option<u32>, usize, CartName)>,
    /// The programme that it repeats, as written, with its row.
    pub repeat: Option<(usize, Cell)>,
    pub priority: Option<&'static str>,
    /// Its first row.
    pub row: usize,
    /// Something of it was told: that it plays nothing is no news.
    pub at_fault: bool,
    /// The slots that it repeats, each with the days on which it does; none where it has been told.
    pub sources: Vec<repeats::Source>,
}

impl Slot {
    /// Where its programme stands in the session.
    pub fn first_order(&self) -> u32 {
        self.play.iter().filter_map(|(order, ..)| *order).min().unwrap_or(u32::MAX)
    }

    /// Its recordings in order: by their numbers; one without a number follows the row above it.
    fn in_order(&self) -> Vec<&CartName> {
        let mut last = 0;
        let mut numbered: Vec<(u32, &CartName)> = Vec::new();
        for (order, _, name) in &self.play {
            last = order.unwrap_or(last);
            numbered.push((last, name));
        }
        numbered.sort_by_key(|(order, _)| *order);
        numbered.into_iter().map(|(_, name)| name).collect()
    }
}

/// What becomes a `[[cart]]`.
#[derive(Clone, Debug)]
struct Cart {
    name: CartName,
    row: usize,
    /// Its row names no other recording, so what the row says is said of it.
    alone: bool,
    title: Option<String>,
    kind: Option<(&'static str, usize)>,
    topic: Option<(String, usize)>,
    source: Option<String>,
    bad_kind: bool,
}

/// The table as it was understood.
pub(super) struct Plan<'t, 'g> {
    pub table: &'t Table<'g>,
    pub slots: Vec<Slot>,
    carts: Vec<Cart>,
    /// Programmes of which a row is at fault: that one of their slots is not there is no news.
    pub at_fault: HashSet<String>,
}

/// Reads the table.
pub(super) fn read<'t, 'g>(table: &'t Table<'g>, themes: &[ThemeNames], told: &mut Told<'_>) -> Plan<'t, 'g> {
    let needed = [Column::From, Column::Until, Column::Time, Column::Programme, Column::File, Column::Kind];
    for column in needed.into_iter().filter(|column| !table.has(*column)) {
        told.tell(table.place.row(table.heading_row()).headed(column), SheetFault::MissingColumn);
    }
    let rows = rows::read(table, themes, told);
    let texts: Vec<&str> =
        rows.iter().flat_map(|row| row.note.titles.iter()).map(String::as_str).take(400).collect();
    if let Some(found) = legacy(&texts.join("\n")) {
        told.tell(table.place, SheetFault::OldFont { found });
    }
    if rows.is_empty() {
        told.tell(table.place, SheetFault::NoRows);
    }
    let mut plan = Plan { table, slots: Vec::new(), carts: Vec::new(), at_fault: HashSet::new() };
    plan.take_slots(&rows, told);
    plan.take_carts(&rows, told);
    ids::give(&mut plan.slots);
    repeats::resolve(&mut plan, told);
    plan
}

impl<'t, 'g> Plan<'t, 'g> {
    fn take_slots(&mut self, rows: &[Row], told: &mut Told<'_>) {
        let mut known: HashMap<(String, NaiveTime, Dates), usize> = HashMap::new();
        for row in rows {
            let (Said::This(programme), Said::This(times), Said::This(dates)) =
                (&row.programme, &row.times, &row.dates)
            else {
                if let Said::This(programme) = &row.programme {
                    self.at_fault.insert(same_name(programme));
                }
                continue;
            };
            for time in times {
                let name = same_name(programme);
                let at = *known.entry((name.clone(), *time, *dates)).or_insert(self.slots.len());
                if at == self.slots.len() {
                    self.slots.push(Slot {
                        id: String::new(),
                        programme: programme.clone(),
                        name,
                        time: *time,
                        dates: *dates,
                        play: Vec::new(),
                        repeat: None,
                        priority: None,
                        row: row.at,
                        at_fault: false,
                        sources: Vec::new(),
                    });
                }
                let Some(slot) = self.slots.get_mut(at) else { continue };
                slot.play.extend(row.files.iter().map(|file| (row.order, row.at, file.clone())));
                slot.at_fault |= row.bad_files;
                // One row that goes first makes its whole programme go first.
                slot.priority = slot.priority.max(row.priority);
                if !row.repeat.is_empty() && slot.repeat.is_none() {
                    slot.repeat = Some((row.at, row.repeat.clone()));
                }
            }
        }
        for slot in &mut self.slots {
            match &slot.repeat {
                Some((row, _)) if !slot.play.is_empty() => {
                    told.tell(self.table.at(*row, Column::RepeatOf), SheetFault::FileAndRepeat);
                    slot.at_fault = true;
                }
                None if slot.play.is_empty() && !slot.at_fault => {
                    if self.table.has(Column::File) {
                        told.tell(self.table.at(slot.row, Column::File), SheetFault::NothingToPlay);
                    }
                    slot.at_fault = true;
                }
                _ => {}
            }
            if slot.at_fault {
                self.at_fault.insert(slot.name.clone());
            }
        }
    }

    /// What a row says of one recording is said of it; of several in one cell, only where no row of its own says more.
    fn take_carts(&mut self, rows: &[Row], told: &mut Told<'_>) {
        let mut known: HashMap<CartName, usize> = HashMap::new();
        for row in rows {
            let alone = row.files.len() == 1;
            for (at, name) in row.files.iter().enumerate() {
                let title = match row.note.titles.len() {
                    count if count == row.files.len() => row.note.titles.get(at).cloned(),
                    _ if alone => Some(row.note.titles.join("; ")).filter(|title| !title.is_empty()),
                    _ => None,
                };
                let cart = Cart {
                    name: name.clone(),
                    row: row.at,
                    alone,
                    title,
                    kind: row.note.kind.map(|kind| (kind, row.at)),
                    topic: row.note.topic.clone().map(|topic| (topic, row.at)),
                    source: row.note.source.clone(),
                    bad_kind: row.note.bad_kind,
                };
                match known.get(name).and_then(|at| self.carts.get_mut(*at)) {
                    None => {
                        known.insert(name.clone(), self.carts.len());
                        self.carts.push(cart);
                    }
                    Some(first) if first.alone == alone => first.join(cart, self.table, told),
                    Some(first) if alone => *first = cart,
                    Some(_) => {}
                }
            }
        }
        for cart in self.carts.iter().filter(|cart| cart.kind.is_none() && !cart.bad_kind) {
            if self.table.has(Column::Kind) {
                told.tell(self.table.at(cart.row, Column::Kind), SheetFault::EmptyCell);
            }
        }
    }

    /// The first and the last day that any row names.
    pub fn span(&self) -> Option<(NaiveDate, NaiveDate)> {
        let from = self.slots.iter().map(|slot| slot.dates.from).min()?;
        let until = self.slots.iter().map(|slot| slot.dates.until).max()?;
        Some((from, until))
    }

    /// Writes the schedule without its changes.
    pub fn write(&self, found: &Found<'_>, lines: &mut Lines, told: &mut Told<'_>) {
        let labelled = |label: Label| found.labels.get(&label).filter(|(_, text)| !text.is_empty());
        let place = |label: Label| match found.labels.get(&label) {
            Some((place, _)) => *place,
            None => self.table.place.labelled(label),
        };
        for (label, key) in [
            (Label::Id, "id"),
            (Label::Title, "title"),
            (Label::Approver, "approved_by"),
            (Label::Document, "approved_ref"),
        ] {
            match labelled(label) {
                Some((place, text)) => lines.push(Some(*place), &format!("{key} = {}", quoted(text))),
                None if matches!(label, Label::Id | Label::Title) => {
                    told.tell(place(label), SheetFault::MissingLabel);
                }
                None => {}
            }
        }
        let Some((from, until)) = self.span() else { return };
        lines.push(Some(self.table.place), &format!("valid_from = {from}"));
        lines.push(Some(self.table.place), &format!("valid_until = {until}"));
        for cart in &self.carts {
            self.write_cart(cart, lines);
        }
        for slot in self.slots.iter().filter(|slot| !slot.at_fault) {
            if lines.is_full() {
                return;
            }
            self.write_slot(slot, (from, until), lines, told);
        }
    }

    fn write_cart(&self, cart: &Cart, lines: &mut Lines) {
        let Some((kind, kind_row)) = cart.kind else { return };
        let at = |row: usize, column: Column| Some(self.table.at(row, column));
        lines.push(None, "");
        lines.push(at(cart.row, Column::File), "[[cart]]");
        lines.push(at(cart.row, Column::File), &format!("file = {}", quoted(cart.name.as_str())));
        if let Some(title) = &cart.title {
            lines.push(at(cart.row, Column::Title), &format!("title = {}", quoted(title)));
        }
        lines.push(at(kind_row, Column::Kind), &format!("kind = {}", quoted(kind)));
        if let Some((topic, row)) = &cart.topic {
            lines.push(at(*row, Column::Topic), &format!("topic = {}", quoted(topic)));
        }
        if let Some(source) = &cart.source {
            lines.push(at(cart.row, Column::Source), &format!("source = {}", quoted(source)));
        }
    }

    fn write_slot(
        &self,
        slot: &Slot,
        (from, until): (NaiveDate, NaiveDate),
        lines: &mut Lines,
        told: &mut Told<'_>,
    ) {
        let whole = (slot.dates.from, slot.dates.until) == (from, until);
        let days = (slot.dates.until - slot.dates.from).num_days() + 1;
        let one_source = slot.sources.len() <= 1;
        if (!whole || !one_source) && days > MOST_DATES {
            told.tell(
                self.table.at(slot.row, Column::Until),
                SheetFault::TooManyDates { days, most: MOST_DATES },
            );
            return;
        }
        let row = self.table.place.row(slot.row);
        let at = |column: Column| Some(self.table.at(slot.row, column));
        let begin = |lines: &mut Lines, id: &str, when: &str| {
            lines.push(None, "");
            lines.push(Some(row), "[[slot]]");
            lines.push(at(Column::Programme), &format!("id = {}", quoted(id)));
            lines.push(at(Column::Programme), &format!("title = {}", quoted(&slot.programme)));
            lines.push(at(Column::Time), &format!("at = [\"{}\"]", slot.time.format("%H:%M:%S")));
            if !when.is_empty() {
                lines.push(at(Column::From), when);
            }
            if let Some(priority) = slot.priority {
                lines.push(at(Column::Priority), &format!("priority = {}", quoted(priority)));
            }
        };
        let when = |dates: &mut dyn Iterator<Item = NaiveDate>| {
            let dates: Vec<String> = dates.map(|date| date.to_string()).collect();
            format!("dates = [{}]", dates.join(", "))
        };
        let own = match whole {
            true if slot.dates.days == Days::ALL => String::new(),
            true => format!("days = [\"{}\"]", slot.dates.days),
            false => when(&mut slot.dates.iter()),
        };
        let repeat = slot.repeat.as_ref().map(|(row, _)| self.table.at(*row, Column::RepeatOf));
        if repeat.is_none() {
            begin(lines, &slot.id, &own);
            let names: Vec<String> = slot.in_order().iter().map(|name| quoted(name.as_str())).collect();
            lines.push(at(Column::File), &format!("play = [{}]", names.join(", ")));
        }
        for source in &slot.sources {
            let own = if one_source { own.clone() } else { when(&mut source.dates.iter().copied()) };
            begin(lines, &source.id, &own);
            lines.push(repeat, &format!("repeat_of = {}", quoted(&source.of)));
        }
    }
}

impl Cart {
    /// Takes over what another row says of the same recording; what counts in reports must not differ.
    fn join(&mut self, other: Cart, table: &Table<'_>, told: &mut Told<'_>) {
        self.title = self.title.take().or(other.title);
        self.source = self.source.take().or(other.source);
        self.bad_kind |= other.bad_kind;
        match (&self.kind, other.kind) {
            (Some((a, first)), Some((b, row))) if *a != b => {
                told.tell(table.at(row, Column::Kind), SheetFault::Differs { row: *first as u32 + 1 });
            }
            (first, second) => self.kind = first.or(second),
        }
        match (&self.topic, other.topic) {
            (Some((a, first)), Some((b, row))) if *a != b => {
                told.tell(table.at(row, Column::Topic), SheetFault::Differs { row: *first as u32 + 1 });
            }
            (None, second) => self.topic = second,
            _ => {}
        }
    }
}
