//! The limits of `[policy]`. Owns the presets: rules that were seen in the field (domain.md, *A day*), each a set of
//! limits that a key beside it overrides.

use std::time::Duration;

use super::ConfigFault;
use crate::core::calendar::QuietHours;
use crate::core::document::Fields;
use crate::core::fault::clip;
use crate::core::limits::{Limits, OnHolidays};
use crate::core::pattern::Days;

/// The names of the presets, in the order of [`preset`].
const PRESETS: &[&str] = &["none", "ha-noi-noi-thanh", "ha-noi-ngoai-thanh", "lien-chieu"];

/// Monday to Friday.
const WORKDAYS: Days = Days(0b001_1111);

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// The limits of a preset. The hours of its sessions are the schedules' own.
fn preset(name: &str) -> Option<Limits> {
    let none = Limits::default();
    Some(match name {
        "none" => none,
        "ha-noi-noi-thanh" => {
            Limits { sessions: Some(2), session: Some(minutes(15)), weekdays: WORKDAYS, ..none }
        }
        "ha-noi-ngoai-thanh" => Limits { session: Some(minutes(45)), ..none },
        "lien-chieu" => Limits { sessions: Some(2), session: Some(minutes(60)), ..none },
        _ => return None,
    })
}

pub(super) fn read(fields: &Fields<'_, '_, ConfigFault>) -> Limits {
    let named = fields.text("preset").map(|text| text.value);
    // Whether it is one is told by `word`.
    let _ = fields.word("preset", PRESETS, |word| preset(word).map(|_| ()));
    let base = named.and_then(preset).unwrap_or_default();
    // Nothing at all lifts the limit of a preset.
    let span = |key, base| match fields.span(key, Duration::ZERO, minutes(24 * 60)) {
        None => base,
        Some(Duration::ZERO) => None,
        some => some,
    };
    let sessions = match fields.integer("sessions_a_day", 0, 48).and_then(|count| u32::try_from(count).ok()) {
        None => base.sessions,
        Some(0) => None,
        some => some,
    };
    let holidays = fields.word("holidays", &["air", "silent"], |word| match word {
        "air" => Some(OnHolidays::Airs),
        "silent" => Some(OnHolidays::Silent),
        _ => None,
    });
    Limits {
        sessions,
        session: span("session", base.session),
        day: span("day", base.day),
        weekdays: weekdays(fields).unwrap_or(base.weekdays),
        holidays: holidays.unwrap_or(base.holidays),
        no_music: no_music(fields).unwrap_or(base.no_music),
    }
}

fn weekdays(fields: &Fields<'_, '_, ConfigFault>) -> Option<Days> {
    let mut days = Days(0);
    for text in fields.texts("weekdays")? {
        match Days::parse(text.value) {
            Ok(more) => days = Days(days.0 | more.0),
            Err(_) => fields.tell(text.at, || ConfigFault::BadDays { found: clip(text.value) }),
        }
    }
    (days.0 != 0).then_some(days)
}

fn no_music(fields: &Fields<'_, '_, ConfigFault>) -> Option<Vec<QuietHours>> {
    let mut spans = Vec::new();
    for item in fields.list_or_empty("no_music")? {
        let Some(text) = fields.item_text("no_music", item) else { continue };
        match QuietHours::parse(text.value) {
            Ok(span) if span.span().is_some() => spans.push(span),
            _ => fields.tell(text.at, || ConfigFault::BadSpan { key: "no_music", found: clip(text.value) }),
        }
    }
    Some(spans)
}
