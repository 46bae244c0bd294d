//! The table *Thay đổi*: changes of one day. Owns which slot a row means and what each kind of change needs; whether
//! two of them go together is for the reader of schedules.

use chrono::{NaiveDate, NaiveTime};

use super::find::Table;
use super::headings::{ACTIONS, Column, meaning};
use super::lines::{Lines, Told, quoted};
use super::plan::{Plan, Slot};
use super::repeats::{MOST_LOOKS, Wanted};
use super::rows::unknown_word;
use super::{Cell, SheetFault, cells};
use crate::core::cart::CartName;
use crate::core::fault::{Fault, clip};

/// A row of the table.
struct Row<'a, 'g, 't> {
    table: &'a Table<'g>,
    at: usize,
    told: &'a mut Told<'t>,
}

/// Writes the changes; what is wrong with one is told, and the others are written all the same.
pub(super) fn write(table: &Table<'_>, plan: &Plan<'_, '_>, lines: &mut Lines, told: &mut Told<'_>) {
    const CONTENT: [Column; 6] =
        [Column::Date, Column::Time, Column::Programme, Column::Action, Column::NewTime, Column::NewFile];
    const NEEDED: [Column; 2] = [Column::Date, Column::Action];
    let filled =
        |row: usize, columns: &[Column]| columns.iter().any(|column| !table.own(row, *column).is_empty());
    let last = table.rows().rev().find(|row| filled(*row, &NEEDED)).map_or(table.rows().start, |row| row + 1);
    let end = (last..table.rows().end).find(|row| table.is_empty(*row)).unwrap_or(table.rows().end);
    let rows: Vec<usize> = (table.rows().start..end).filter(|row| filled(*row, &CONTENT)).collect();
    if rows.is_empty() {
        return;
    }
    for column in [Column::Date, Column::Action].into_iter().filter(|column| !table.has(*column)) {
        told.tell(table.place.row(table.heading_row()).headed(column), SheetFault::MissingColumn);
    }
    if rows.len().saturating_mul(plan.slots.len()) > MOST_LOOKS {
        return told.tell(table.place, SheetFault::TooMuch);
    }
    for at in rows {
        if lines.is_full() {
            return;
        }
        Row { table, at, told }.write(plan, lines);
    }
}

impl Row<'_, '_, '_> {
    fn tell(&mut self, column: Column, fault: SheetFault) {
        self.told.tell(self.table.at(self.at, column), fault);
    }

    fn cell(&self, column: Column) -> &Cell {
        self.table.filled(self.at, column)
    }

    fn line(&mut self, column: Column) -> Option<String> {
        if let Cell::Fault(found) = self.cell(column) {
            let found = clip(found);
            self.tell(column, SheetFault::FormulaFault { found });
            return None;
        }
        Some(self.cell(column).line()).filter(|line| !line.is_empty())
    }

    /// A cell that may be empty; `Err` where what stands there was told.
    fn taken<T>(
        &mut self,
        column: Column,
        read: fn(&Cell) -> Result<T, SheetFault>,
    ) -> Result<Option<T>, ()> {
        let cell = self.cell(column);
        if cell.is_empty() {
            return Ok(None);
        }
        read(cell).map(Some).map_err(|fault| self.tell(column, fault))
    }

    fn needed<T>(&mut self, column: Column, taken: Result<Option<T>, ()>) -> Result<T, ()> {
        match taken {
            Ok(Some(value)) => Ok(value),
            Ok(None) => {
                if self.table.has(column) {
                    self.tell(column, SheetFault::EmptyCell);
                } else {
                    self.told.tell(
                        self.table.place.row(self.table.heading_row()).headed(column),
                        SheetFault::MissingColumn,
                    );
                }
                Err(())
            }
            Err(()) => Err(()),
        }
    }

    fn action(&mut self) -> Result<&'static str, ()> {
        let text = self.line(Column::Action);
        let text = self.needed(Column::Action, Ok(text))?;
        meaning(ACTIONS, &text).ok_or_else(|| self.tell(Column::Action, unknown_word(ACTIONS, &text)))
    }

    fn files(&mut self) -> Result<Vec<CartName>, ()> {
        let cell = self.cell(Column::NewFile).clone();
        let mut files = Vec::new();
        if self.line(Column::NewFile).is_none() {
            return if cell.is_empty() { Ok(files) } else { Err(()) };
        }
        for name in cell.list() {
            match CartName::new(&name) {
                Ok(name) => files.push(name),
                Err(error) => {
                    let fault = Fault::BadCartName { found: clip(&name), error };
                    self.tell(Column::NewFile, SheetFault::Schedule(Box::new(fault)));
                    return Err(());
                }
            }
        }
        Ok(files)
    }

    fn write(mut self, plan: &Plan<'_, '_>, lines: &mut Lines) {
        let date = self.taken(Column::Date, cells::date);
        let date = self.needed(Column::Date, date);
        let action = self.action();
        let time = self.taken(Column::Time, cells::time);
        let new_time = self.taken(Column::NewTime, cells::time);
        let files = self.files();
        let name = self.line(Column::Programme);
        let (Ok(date), Ok(action), Ok(time), Ok(new_time), Ok(files)) = (date, action, time, new_time, files)
        else {
            return;
        };
        let (time, at) = match (action, time, new_time) {
            // An extra airing without a new time is at the time that it has.
            ("extra", time, None) => {
                let Ok(at) = self.needed(Column::NewTime, Ok(time)) else { return };
                (None, Some(at))
            }
            ("extra" | "move", time, Some(at)) => (time, Some(at)),
            ("move", _, None) => {
                let _ = self.needed::<NaiveTime>(Column::NewTime, Ok(None));
                return;
            }
            (_, _, Some(_)) => return self.tell(Column::NewTime, SheetFault::NotForThisChange),
            (_, time, None) => (time, None),
        };
        match (action, files.is_empty()) {
            ("replace", true) => {
                let _ = self.needed::<CartName>(Column::NewFile, Ok(None));
                return;
            }
            ("cancel" | "move", false) => return self.tell(Column::NewFile, SheetFault::NotForThisChange),
            _ => {}
        }
        let Some(slot) = self.slot(plan, date, (name.as_deref(), time), action) else { return };
        let here = |column| Some(self.table.at(self.at, column));
        lines.push(None, "");
        lines.push(Some(self.table.place.row(self.at)), "[[change]]");
        lines.push(here(Column::Programme), &format!("slot = {}", quoted(&slot)));
        lines.push(here(Column::Date), &format!("date = {date}"));
        lines.push(here(Column::Action), &format!("action = \"{action}\""));
        if let Some(at) = at {
            let column = if new_time.is_some() { Column::NewTime } else { Column::Time };
            lines.push(here(column), &format!("at = \"{}\"", at.format("%H:%M:%S")));
        }
        if !files.is_empty() {
            let names: Vec<String> = files.iter().map(|name| quoted(name.as_str())).collect();
            lines.push(here(Column::NewFile), &format!("play = [{}]", names.join(", ")));
        }
        let (reason, approver) = (self.line(Column::Reason), self.line(Column::Approver));
        let reason = match (reason, approver) {
            (Some(reason), Some(approver)) => Some(format!("{reason} ({approver})")),
            (one, other) => one.or(other.map(|approver| format!("({approver})"))),
        };
        if let Some(reason) = reason {
            lines
                .push(Some(self.table.at(self.at, Column::Reason)), &format!("reason = {}", quoted(&reason)));
        }
    }

    /// The id of the slot that the row means; that it is not certain is told.
    fn slot(
        &mut self,
        plan: &Plan<'_, '_>,
        date: NaiveDate,
        (name, time): (Option<&str>, Option<NaiveTime>),
        action: &str,
    ) -> Option<String> {
        if name.is_none() && (time.is_none() || action == "extra") {
            let _ = self.needed::<String>(Column::Programme, Ok(None));
            return None;
        }
        let wanted = Wanted::both(name, time);
        let fitting: Vec<&Slot> =
            plan.slots.iter().filter(|slot| !slot.at_fault && wanted.fits(slot)).collect();
        if fitting.is_empty() {
            if !wanted.is_at_fault(plan) {
                let column = if name.is_some() { Column::Programme } else { Column::Time };
                self.tell(column, wanted.unknown(plan));
            }
            return None;
        }
        let due: Vec<&Slot> = fitting.iter().copied().filter(|slot| slot.dates.has(date)).collect();
        let choice = match (action, due.is_empty()) {
            // One more airing may come on any day; it is of what airs that day, if something does, and at first hand.
            ("extra", none_due) => {
                let choice = if none_due { fitting } else { due };
                let first_hand: Vec<&Slot> =
                    choice.iter().copied().filter(|slot| slot.repeat.is_none()).collect();
                if first_hand.is_empty() { choice } else { first_hand }
            }
            (_, true) => {
                self.tell(Column::Date, SheetFault::NotDue { date });
                return None;
            }
            (_, false) => due,
        };
        match choice[..] {
            [slot] => Some(id_on(slot, date)),
            _ => {
                let mut times: Vec<NaiveTime> = choice.iter().map(|slot| slot.time).collect();
                times.sort_unstable();
                times.dedup();
                let column = if times.len() > 1 { Column::Time } else { Column::Programme };
                times.truncate(6);
                self.tell(column, SheetFault::Uncertain { times });
                None
            }
        }
    }
}

/// The id under which a slot airs on that day: a repeat of a programme of several slots has several.
fn id_on(slot: &Slot, date: NaiveDate) -> String {
    let of_day = slot.sources.iter().find(|source| source.dates.contains(&date)).or(slot.sources.first());
    of_day.map_or_else(|| slot.id.clone(), |source| source.id.clone())
}
