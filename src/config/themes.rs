//! The themes of the publicity plan, `config/themes.toml`: what airings are counted by. Owns the list; an editable
//! file, since plans change every year.

use std::collections::{BTreeSet, HashMap};
use std::path::Path;

use super::{THEME_KEYS, THEMES_KEYS, bytes_of, whole};
use crate::core::document::{Fields, Sheet};
use crate::core::fault::{ConfigFault, Faults};
use crate::core::language::Language;
use crate::core::workbook::ThemeNames;

/// A theme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its id, as schedules name it.
    pub id: String,
    /// Its name in Vietnamese.
    pub vi: String,
    /// Its name in English.
    pub en: String,
}

impl Theme {
    /// Its name in that language.
    pub fn name(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

/// All themes in the order of the file, which is that of the reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Themes(pub Vec<Theme>);

impl Themes {
    /// Reads the list; `Err` holds every fault.
    pub fn read(path: &Path) -> Result<Themes, Faults<ConfigFault>> {
        Themes::parse(&bytes_of(path)?, &path.display().to_string())
    }

    /// Reads the list from the bytes of its file, which faults name `file`.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Themes, Faults<ConfigFault>> {
        let (table, sheet) = Sheet::open(file, bytes).map_err(Faults)?;
        let mut themes = Vec::new();
        let mut lines: HashMap<&str, usize> = HashMap::new();
        let top = Fields::new(&sheet, &table, 0, "", THEMES_KEYS);
        top.tell_unknown();
        for theme in top.need("theme", top.tables("theme")).unwrap_or_default() {
            let fields = Fields::new(&sheet, theme.value, theme.at, "[[theme]]", THEME_KEYS);
            fields.tell_unknown();
            let id = fields.need("id", fields.id("id"));
            let vi = fields.need("vi", fields.text("vi"));
            let en = fields.need("en", fields.text("en"));
            let (Some(id), Some(vi), Some(en)) = (id, vi, en) else { continue };
            if let Some(first) = lines.insert(id.value, sheet.line(theme.at)) {
                let id = id.value.to_owned();
                fields.tell(theme.at, || ConfigFault::DuplicateTheme { id, first_line: first });
                continue;
            }
            let text = |text: &str| text.to_owned();
            themes.push(Theme { id: text(id.value), vi: text(vi.value), en: text(en.value) });
        }
        drop(lines);
        whole(Some(Themes(themes)), sheet.finish())
    }

    /// The theme of that id.
    pub fn get(&self, id: &str) -> Option<&Theme> {
        self.0.iter().find(|theme| theme.id == id)
    }

    /// All of them, as a workbook calls them: id, Vietnamese, English.
    pub fn names(&self) -> Vec<ThemeNames> {
        self.0.iter().map(|theme| (theme.id.clone(), theme.vi.clone(), theme.en.clone())).collect()
    }

    /// All ids.
    pub fn ids(&self) -> BTreeSet<String> {
        self.0.iter().map(|theme| theme.id.clone()).collect()
    }
}
