//! The plan's targets, `config/targets.toml`: how many airings or minutes of a theme a period is to have. Owns the reading;
//! how far a target is reached is [`crate::core::report::targets`]'s.

use std::collections::HashMap;
use std::path::Path;

use super::{TARGET_KEYS, TARGETS_KEYS, Themes, bytes_of, whole};
use crate::core::document::{Fields, Sheet};
use crate::core::fault::{ConfigFault, Faults, clip, closest};
use crate::core::period::PeriodName;
use crate::core::report::targets::{Amount, MOST, Target, Targets};

/// Reads the list; the error holds every fault.
pub fn read(path: &Path, themes: &Themes) -> Result<Targets, Faults<ConfigFault>> {
    parse(&bytes_of(path)?, &path.display().to_string(), themes)
}

/// Reads the list from the bytes of its file, which faults name `file`. An empty list is right: `target = []`.
pub fn parse(bytes: &[u8], file: &str, themes: &Themes) -> Result<Targets, Faults<ConfigFault>> {
    let (table, sheet) = Sheet::open(file, bytes).map_err(Faults)?;
    let top = Fields::new(&sheet, &table, 0, "", TARGETS_KEYS);
    top.tell_unknown();
    let mut targets = Vec::new();
    let mut lines: HashMap<(String, PeriodName), usize> = HashMap::new();
    for target in top.need("target", top.tables("target")).unwrap_or_default() {
        let fields = Fields::new(&sheet, target.value, target.at, "[[target]]", TARGET_KEYS);
        fields.tell_unknown();
        let theme = fields.need("theme", fields.text("theme"));
        let period = fields.need("period", fields.text("period"));
        let airings = fields.integer("airings", 1, MOST.into());
        let minutes = fields.integer("minutes", 1, MOST.into());
        let period = period.and_then(|text| {
            let name = PeriodName::parse(text.value).ok();
            if name.is_none() {
                fields.tell(text.at, || ConfigFault::BadPeriod { found: clip(text.value) });
            }
            name
        });
        let theme = theme.filter(|theme| {
            let known = themes.get(theme.value).is_some();
            if !known {
                fields.tell(theme.at, || ConfigFault::UnknownTheme {
                    found: clip(theme.value),
                    closest: closest_theme(theme.value, themes),
                });
            }
            known
        });
        if fields.has("airings") == fields.has("minutes") {
            fields.tell(target.at, || ConfigFault::TargetUnit);
        }
        let amount = airings
            .map(|count| Amount::Airings(count as u32))
            .or_else(|| minutes.map(|count| Amount::Minutes(count as u32)));
        let (Some(theme), Some(period), Some(amount)) = (theme, period, amount) else { continue };
        let key = (theme.value.to_owned(), period);
        if let Some(first) = lines.insert(key, sheet.line(target.at)) {
            fields.tell(target.at, || ConfigFault::DuplicateTarget {
                theme: theme.value.to_owned(),
                period: period.to_string(),
                first_line: first,
            });
            continue;
        }
        targets.push(Target { topic: theme.value.to_owned(), period, amount });
    }
    whole(Some(Targets(targets)), sheet.finish())
}

fn closest_theme(found: &str, themes: &Themes) -> Option<String> {
    let ids: Vec<&str> = themes.0.iter().map(|theme| theme.id.as_str()).collect();
    closest(found, ids.iter().copied()).map(str::to_owned)
}
