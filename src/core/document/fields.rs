//! The keys of one table and their values by type. Owns the refusal of unknown keys, missing keys and wrong types;
//! never knows what a value means.

use std::time::Duration;

use chrono::{NaiveDate, NaiveTime};
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::{Sheet, span};
use crate::core::airing::SlotId;
use crate::core::fault::{DocumentFault, Flaw, IdFault, Shape, clip, closest};

/// A key that a table may have.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// How it is written, whole, as the remedy shows it.
    pub example: &'static str,
}

/// A value and the byte where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct At<T> {
    /// The byte of the text.
    pub at: usize,
    /// The value.
    pub value: T,
}

/// One table of a document: each key is asked for by its type, and what is not so is told.
pub struct Fields<'s, 'i, F> {
    sheet: &'s Sheet<'i, F>,
    table: &'s DeTable<'i>,
    place: &'static str,
    keys: &'static [Key],
    /// The byte where the table begins.
    pub at: usize,
    /// The slot that faults are about.
    pub slot: Option<SlotId>,
}

impl<'s, 'i, F: Flaw + From<DocumentFault> + PartialEq> Fields<'s, 'i, F> {
    /// Takes a table that begins at byte `at`; `place` is its heading, empty for the top of the file. Unknown keys are
    /// told by [`Fields::tell_unknown`], once the slot is known.
    pub fn new(
        sheet: &'s Sheet<'i, F>,
        table: &'s DeTable<'i>,
        at: usize,
        place: &'static str,
        keys: &'static [Key],
    ) -> Self {
        Fields { sheet, table, place, keys, at, slot: None }
    }

    /// Tells the keys that the table must not have.
    pub fn tell_unknown(&self) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if self.keys.iter().any(|known| known.name == name) {
                continue;
            }
            self.tell(key.span().start, || {
                let known = || self.keys.iter().map(|key| key.name);
                DocumentFault::UnknownKey {
                    key: clip(name),
                    place: self.place,
                    closest: closest(&clip(name), known()),
                    known: known().collect(),
                }
            });
        }
    }

    /// Tells a fault of this table.
    pub fn tell<G: Into<F>>(&self, at: usize, fault: impl FnOnce() -> G) {
        self.sheet.tell(at, self.slot.as_ref(), || fault().into());
    }

    /// The byte of the value of `key`, else of the table.
    pub fn place(&self, key: &str) -> usize {
        self.table.get(key).map_or(self.at, |value| value.span().start)
    }

    /// Whether the key is there, whatever its value.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Tells that `key` is missing, if it is. Asked right or wrong, the value comes back.
    pub fn need<T>(&self, key: &'static str, value: Option<T>) -> Option<T> {
        if value.is_none() && !self.has(key) {
            self.tell(self.at, || DocumentFault::MissingKey {
                key,
                place: self.place,
                example: self.example(key),
            });
        }
        value
    }

    /// The value as it stands.
    pub fn value(&self, key: &str) -> Option<&'s Spanned<DeValue<'i>>> {
        self.table.get(key)
    }

    /// A text of one line, trimmed, never empty.
    pub fn text(&self, key: &'static str) -> Option<At<&'s str>> {
        let value = self.table.get(key)?;
        let DeValue::String(text) = value.get_ref() else { return self.wrong(key, value, Shape::Text) };
        self.line_of_text(key, value.span().start, text)
    }

    /// One word of a closed list.
    pub fn word<T: Copy>(
        &self,
        key: &'static str,
        words: &'static [&'static str],
        meaning: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(key)?;
        let word = meaning(text.value);
        if word.is_none() {
            self.tell(text.at, || DocumentFault::UnknownWord {
                key,
                found: clip(text.value),
                allowed: words,
                closest: closest(&clip(text.value), words.iter().copied()),
            });
        }
        word
    }

    /// A text that is an id.
    pub fn id(&self, key: &'static str) -> Option<At<&'s str>> {
        let text = self.text(key)?;
        match is_id(text.value) {
            Ok(()) => Some(text),
            Err(why) => {
                self.tell(text.at, || DocumentFault::BadId {
                    found: clip(text.value),
                    why,
                    offer: offer_id(text.value),
                });
                None
            }
        }
    }

    /// true or false.
    pub fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong(key, value, Shape::YesNo),
        }
    }

    /// A civil date.
    pub fn date(&self, key: &'static str) -> Option<At<NaiveDate>> {
        let value = self.table.get(key)?;
        match date_of(value.get_ref()) {
            Some(date) => Some(At { at: value.span().start, value: date }),
            None => self.wrong(key, value, Shape::Date),
        }
    }

    /// A whole number within limits.
    pub fn integer(&self, key: &'static str, from: i64, to: i64) -> Option<i64> {
        let value = self.table.get(key)?;
        let DeValue::Integer(digits) = value.get_ref() else { return self.wrong(key, value, Shape::Integer) };
        let number = i64::from_str_radix(digits.as_str(), digits.radix()).ok();
        let within = number.filter(|number| (from..=to).contains(number));
        if within.is_none() {
            self.out_of_range(key, value, from.to_string(), to.to_string());
        }
        within
    }

    /// A number within limits.
    pub fn number(&self, key: &'static str, from: f64, to: f64) -> Option<f64> {
        let value = self.table.get(key)?;
        let number = match value.get_ref() {
            DeValue::Float(digits) => digits.as_str().replace('_', "").parse::<f64>().ok(),
            DeValue::Integer(digits) if digits.radix() == 10 => digits.as_str().parse::<f64>().ok(),
            _ => return self.wrong(key, value, Shape::Number),
        };
        let within = number.filter(|number| (from..=to).contains(number));
        if within.is_none() {
            self.out_of_range(key, value, from.to_string(), to.to_string());
        }
        within
    }

    /// A length of time within limits, as [`span::parse`] reads it.
    pub fn span(&self, key: &'static str, from: Duration, to: Duration) -> Option<Duration> {
        let text = self.text(key)?;
        let Some(found) = span::parse(text.value) else {
            self.tell(text.at, || DocumentFault::NotASpan { key, found: clip(text.value) });
            return None;
        };
        if found < from || found > to {
            self.tell(text.at, || DocumentFault::OutOfRange {
                key,
                found: clip(text.value),
                from: span::write(from),
                to: span::write(to),
            });
            return None;
        }
        Some(found)
    }

    /// The items of a list that must have some.
    pub fn list(&self, key: &'static str) -> Option<&'s [Spanned<DeValue<'i>>]> {
        let list = self.list_or_empty(key)?;
        if list.is_empty() {
            self.tell(self.place(key), || DocumentFault::EmptyList { key, example: self.example(key) });
            return None;
        }
        Some(list)
    }

    /// The items of a list that may have none.
    pub fn list_or_empty(&self, key: &'static str) -> Option<&'s [Spanned<DeValue<'i>>]> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Array(list) => Some(list),
            _ => self.wrong(key, value, Shape::List),
        }
    }

    /// The texts of a list that must have some; an item that is no text is told and left out.
    pub fn texts(&self, key: &'static str) -> Option<Vec<At<&'s str>>> {
        Some(self.list(key)?.iter().filter_map(|item| self.item_text(key, item)).collect())
    }

    /// An item of a list as a text of one line.
    pub fn item_text(&self, key: &'static str, item: &'s Spanned<DeValue<'i>>) -> Option<At<&'s str>> {
        match item.get_ref() {
            DeValue::String(text) => self.line_of_text(key, item.span().start, text),
            _ => self.wrong_item(key, item, Shape::Text),
        }
    }

    /// An item of a list as a civil date.
    pub fn item_date(&self, key: &'static str, item: &Spanned<DeValue<'i>>) -> Option<At<NaiveDate>> {
        match date_of(item.get_ref()) {
            Some(value) => Some(At { at: item.span().start, value }),
            None => self.wrong_item(key, item, Shape::Date),
        }
    }

    /// The tables `[[key]]`, each with the byte where it begins.
    pub fn tables(&self, key: &'static str) -> Option<Vec<At<&'s DeTable<'i>>>> {
        let value = self.table.get(key)?;
        let DeValue::Array(list) = value.get_ref() else { return self.wrong(key, value, Shape::Tables) };
        let table = |item: &'s Spanned<DeValue<'i>>| match item.get_ref() {
            DeValue::Table(table) => Some(At { at: item.span().start, value: table }),
            _ => self.wrong_item(key, item, Shape::Table),
        };
        Some(list.iter().filter_map(table).collect())
    }

    /// The table `[key]`, with the byte where it begins.
    pub fn table(&self, key: &'static str) -> Option<At<&'s DeTable<'i>>> {
        let value = self.table.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(At { at: value.span().start, value: table }),
            _ => self.wrong(key, value, Shape::Table),
        }
    }

    /// How `key` is written.
    pub fn example(&self, key: &str) -> &'static str {
        self.keys.iter().find(|known| known.name == key).map_or("", |known| known.example)
    }

    /// Tells a value of the wrong type.
    pub fn wrong<T>(&self, key: &'static str, value: &Spanned<DeValue<'i>>, expected: Shape) -> Option<T> {
        let (found, example) = (shape_of(value.get_ref()), self.example(key));
        self.tell(value.span().start, || DocumentFault::WrongType { key, found, expected, example });
        None
    }

    /// Tells an item of the wrong type.
    pub fn wrong_item<T>(
        &self,
        key: &'static str,
        item: &Spanned<DeValue<'i>>,
        expected: Shape,
    ) -> Option<T> {
        let (found, example) = (shape_of(item.get_ref()), self.example(key));
        self.tell(item.span().start, || DocumentFault::WrongItem { key, found, expected, example });
        None
    }

    fn line_of_text(&self, key: &'static str, at: usize, text: &'s str) -> Option<At<&'s str>> {
        let value = text.trim();
        if value.is_empty() {
            self.tell(at, || DocumentFault::EmptyText { key, example: self.example(key) });
            return None;
        }
        if value.chars().any(char::is_control) {
            self.tell(at, || DocumentFault::ControlInText { key });
            return None;
        }
        Some(At { at, value })
    }

    fn out_of_range(&self, key: &'static str, value: &Spanned<DeValue<'i>>, from: String, to: String) {
        let found = clip(self.sheet.source(value.span()));
        self.tell(value.span().start, || DocumentFault::OutOfRange { key, found, from, to });
    }
}

/// Whether a text may be an id: letters without diacritics, digits, `-`, `_`, `.`, at most 64, and not dots alone.
pub fn is_id(text: &str) -> Result<(), IdFault> {
    let fine = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    if !text.bytes().all(fine) || text.bytes().all(|byte| byte == b'.') {
        return Err(IdFault::Characters);
    }
    if text.len() > 64 { Err(IdFault::TooLong) } else { Ok(()) }
}

/// An id made of a text: diacritics taken off, the rest joined with hyphens.
pub fn offer_id(text: &str) -> Option<String> {
    use unicode_normalization::UnicodeNormalization;
    let mut id = String::new();
    for c in text.nfd().take(400) {
        match c.to_ascii_lowercase() {
            'đ' | 'Đ' => id.push('d'),
            c if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') => id.push(c),
            '\u{300}'..='\u{36f}' => {}
            _ if id.is_empty() || id.ends_with('-') => {}
            _ => id.push('-'),
        }
    }
    let id: String = id.chars().take(64).collect();
    let id = id.trim_end_matches('-');
    (!id.is_empty() && is_id(id).is_ok()).then(|| id.to_owned())
}

fn shape_of(value: &DeValue<'_>) -> Shape {
    match value {
        DeValue::String(_) => Shape::Text,
        DeValue::Integer(_) => Shape::Integer,
        DeValue::Float(_) => Shape::Number,
        DeValue::Boolean(_) => Shape::YesNo,
        DeValue::Datetime(Datetime { time: None, .. }) => Shape::Date,
        DeValue::Datetime(Datetime { date: None, .. }) => Shape::Time,
        DeValue::Datetime(_) => Shape::DateTime,
        DeValue::Array(_) => Shape::List,
        DeValue::Table(_) => Shape::Table,
    }
}

fn date_of(value: &DeValue<'_>) -> Option<NaiveDate> {
    match value {
        DeValue::Datetime(Datetime { date: Some(date), time: None, offset: None }) => {
            NaiveDate::from_ymd_opt(i32::from(date.year), date.month.into(), date.day.into())
        }
        _ => None,
    }
}

/// A time of day written without quotes, to the second.
pub fn time_of(value: &DeValue<'_>) -> Option<NaiveTime> {
    match value {
        DeValue::Datetime(Datetime { date: None, time: Some(time), offset: None }) => {
            NaiveTime::from_hms_opt(time.hour.into(), time.minute.into(), time.second.unwrap_or(0).into())
        }
        _ => None,
    }
}
