//! The text of a schedule with one more one-day change, as a person would write it below the others. Owns how a change is
//! written; whether the text is right then is [`super::read`]'s to say.

use toml_edit::{Array, ArrayOfTables, Datetime, DocumentMut, InlineTable, Item, Table, Value};

use super::Action;
use crate::core::airing::SlotId;
use crate::core::cart::CartName;

/// The text with that change; none where it is no TOML, or its changes are written as none can be.
pub fn with_change(
    text: &str,
    slot: &SlotId,
    date: chrono::NaiveDate,
    action: &Action,
    reason: Option<&str>,
) -> Option<String> {
    let mut document = text.trim_start_matches('\u{feff}').parse::<DocumentMut>().ok()?;
    let date: Datetime = date.to_string().parse().ok()?;
    let mut keys: Vec<(&str, Value)> = vec![("slot", slot.as_str().into()), ("date", date.into())];
    let at = |at: &chrono::NaiveTime| ("at", Value::from(at.format("%H:%M:%S").to_string()));
    let play =
        |play: &[CartName]| ("play", Value::from(play.iter().map(CartName::as_str).collect::<Array>()));
    let word = match action {
        Action::Cancel => "cancel",
        Action::Move { at: time } => {
            keys.push(at(time));
            "move"
        }
        Action::Replace { play: carts } => {
            keys.push(play(carts));
            "replace"
        }
        Action::Extra { at: time, play: carts } => {
            keys.push(at(time));
            keys.extend(carts.as_ref().map(|carts| play(carts)));
            "extra"
        }
    };
    keys.insert(2, ("action", word.into()));
    keys.extend(reason.map(|reason| ("reason", reason.into())));
    let changes = document.entry("change").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    match changes {
        Item::ArrayOfTables(tables) => {
            let mut table = Table::new();
            for (key, value) in keys {
                table.insert(key, Item::Value(value));
            }
            tables.push(table);
        }
        // The same written in one line: `change = [{ slot = "sang", … }]`.
        Item::Value(Value::Array(tables)) => {
            let mut table = InlineTable::new();
            for (key, value) in keys {
                table.insert(key, value);
            }
            tables.push(table);
        }
        _ => return None,
    }
    Some(document.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::schedule::read::{Reference, read};

    #[test]
    fn a_change_is_read_as_it_was_meant_and_the_rest_stays_as_it_was() {
        let text = "# Lịch của xã\nid = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-01-01\n\n[[slot]]\nid = \"sang\" # sáng\n\
                    title = \"Sáng\"\nat = [\"05:30\"]\ndays = [\"T2-CN\"]\nplay = [\"a.mp3\"]\n";
        let date = |day| chrono::NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
        let time = chrono::NaiveTime::from_hms_opt(6, 0, 0).unwrap();
        let carts: std::sync::Arc<[CartName]> = [CartName::new("Xã/b \"2\".mp3").unwrap()].into();
        let actions = [
            Action::Cancel,
            Action::Move { at: time },
            Action::Replace { play: carts.clone() },
            Action::Extra { at: time, play: Some(carts) },
            Action::Extra { at: time, play: None },
        ];
        for start in [text.to_owned(), text.replace("\n\n", "\nchange = []\n"), format!("\u{feff}{text}")] {
            let mut written = start.clone();
            for (day, action) in actions.iter().enumerate() {
                let day = date(day as u32 + 1);
                let reason = Some("Hội nghị \"A\" [[slot]]");
                written = with_change(&written, &"sang".into(), day, action, reason).unwrap();
            }
            let (schedule, _) = read(written.as_bytes(), "lich.toml", &Reference::lenient()).unwrap();
            let found: Vec<&Action> = schedule.changes.iter().map(|change| &change.action).collect();
            assert_eq!(found, actions.iter().collect::<Vec<_>>(), "{written}");
            assert!(schedule.changes.iter().all(|change| change.reason.is_some()), "{written}");
            assert!(written.contains("# Lịch của xã") && written.contains("\"sang\" # sáng"), "{written}");
        }
        assert_eq!(with_change("id = ", &"sang".into(), date(1), &Action::Cancel, None), None);
        assert_eq!(with_change("change = 1", &"sang".into(), date(1), &Action::Cancel, None), None);
    }
}
