//! A config while it is being answered: a text in which one answer after the other takes its place, remarks and all else
//! kept. Owns which key an answer is; whether it is right is the config's own to say, so that no draft ever holds what a
//! station would refuse.

use std::path::{Path, PathBuf};

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use super::template;
use crate::config::Config;
use crate::core::document::offer_id;
use crate::core::fault::{ConfigFault, Faults};
use crate::core::language::Language;

/// An answer, as a person or a flag gave it.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The station's name.
    Name(String),
    /// Its language.
    Language(Language),
    /// Its time zone.
    Zone(String),
    /// Who is asked about it.
    Technician(String),
    /// That person's telephone.
    Telephone(String),
    /// Its only card.
    Card(String),
    /// Its loudness in LUFS.
    Loudness(f64),
    /// Its quiet hours.
    QuietHours(String),
    /// Its set of limits.
    Preset(String),
    /// Where its pages are served.
    Listen(String),
}

/// The config as it is answered so far.
#[derive(Clone, Debug)]
pub struct Draft {
    document: DocumentMut,
    root: PathBuf,
    /// A station that is not there yet is named by its name; one that is keeps its id, which stands in its reports.
    fresh: bool,
}

impl Draft {
    /// Of a station that is not there yet.
    pub fn fresh(root: &Path) -> Draft {
        let document = template::config().parse().unwrap_or_default();
        Draft { document, root: root.to_path_buf(), fresh: true }
    }

    /// Of a station whose config is that text; none where it is no TOML.
    pub fn of(text: &str, root: &Path) -> Option<Draft> {
        Some(Draft { document: text.parse().ok()?, root: root.to_path_buf(), fresh: false })
    }

    /// Takes an answer; the draft stays as it was where the config would refuse it.
    pub fn take(&mut self, answer: &Answer) -> Result<(), Faults<ConfigFault>> {
        let mut next = self.clone();
        next.write(answer);
        next.config()?;
        *self = next;
        Ok(())
    }

    fn write(&mut self, answer: &Answer) {
        match answer {
            Answer::Name(name) => {
                self.put("station", "name", name.trim().into());
                if self.fresh {
                    self.put("station", "id", id_of(name).into());
                }
            }
            Answer::Language(language) => {
                let word = if *language == Language::Vi { "vi" } else { "en" };
                self.put("station", "language", word.into());
            }
            Answer::Zone(zone) => self.put("station", "time_zone", zone.trim().into()),
            Answer::Technician(name) => self.put("station", "technician", name.trim().into()),
            Answer::Telephone(number) => self.put("station", "telephone", number.trim().into()),
            Answer::Card(card) => {
                self.put("output", "cards", Value::Array(Array::from_iter([card.trim()])));
            }
            Answer::Loudness(lufs) if lufs.fract() == 0.0 => {
                self.put("loudness", "target_lufs", (*lufs as i64).into());
            }
            Answer::Loudness(lufs) => self.put("loudness", "target_lufs", (*lufs).into()),
            Answer::QuietHours(hours) => self.put("policy", "quiet_hours", hours.trim().into()),
            Answer::Preset(preset) => self.put("policy", "preset", preset.trim().into()),
            Answer::Listen(address) => self.put("page", "listen", address.trim().into()),
        }
    }

    /// Puts a value where it belongs, with the remarks that stood at the old one.
    fn put(&mut self, table: &str, key: &str, mut value: Value) {
        let table = self.document.entry(table).or_insert_with(|| Item::Table(Table::new()));
        // A table that is none was refused when the config was read.
        let Some(table) = table.as_table_like_mut() else { return };
        match table.get_mut(key) {
            Some(item) => {
                if let Some(old) = item.as_value() {
                    *value.decor_mut() = old.decor().clone();
                }
                *item = Item::Value(value);
            }
            None => drop(table.insert(key, Item::Value(value))),
        }
    }

    /// Whether a set of limits is named.
    pub fn names_preset(&self) -> bool {
        self.document.get("policy").and_then(|policy| policy.get("preset")).is_some()
    }

    /// The config as the station would read it.
    pub fn config(&self) -> Result<Config, Faults<ConfigFault>> {
        Config::parse(self.text().as_bytes(), "config/station.toml", &self.root)
    }

    /// The text of the config.
    pub fn text(&self) -> String {
        self.document.to_string()
    }
}

/// What a station is called before its place's name.
const KINDS: [&str; 6] =
    ["dai-truyen-thanh-", "dai-phat-thanh-", "tram-truyen-thanh-", "tram-phat-thanh-", "dai-", "tram-"];

/// The id that a name makes: `Đài Truyền thanh xã Bình Minh` is `xa-binh-minh`.
fn id_of(name: &str) -> String {
    let whole = offer_id(name).unwrap_or_else(|| "dai".into()).to_ascii_lowercase();
    if KINDS.contains(&format!("{whole}-").as_str()) {
        return whole;
    }
    let place = KINDS.iter().find_map(|kind| whole.strip_prefix(kind)).filter(|place| !place.is_empty());
    place.map(str::to_owned).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_station_is_named_for_machines_by_its_place() {
        for (name, id) in [
            ("Đài Truyền thanh xã Bình Minh", "xa-binh-minh"),
            ("ĐÀI TRUYỀN THANH XÃ ĐẠI ĐỒNG", "xa-dai-dong"),
            ("Đài truyền thanh", "dai-truyen-thanh"),
            ("Trạm phát thanh phường Hòa Khánh Bắc (2)", "phuong-hoa-khanh-bac-2"),
            ("Đài", "dai"),
            ("公社", "dai"),
            ("Radio 1", "radio-1"),
        ] {
            assert_eq!(id_of(name), id, "{name}");
        }
    }

    #[test]
    fn a_wrong_answer_is_refused_with_its_fault_and_changes_nothing() {
        let mut draft = Draft::fresh(Path::new("/x"));
        draft.take(&Answer::Name("Đài xã Tân".into())).unwrap();
        let before = draft.text();
        for wrong in [
            Answer::Name("  ".into()),
            Answer::Zone("Ho Chi Min".into()),
            Answer::Card("pulse:loa".into()),
            Answer::Loudness(-3.0),
            Answer::QuietHours("9 giờ tối".into()),
            Answer::Preset("ha-noi".into()),
            Answer::Listen("8080".into()),
        ] {
            assert!(draft.take(&wrong).is_err(), "{wrong:?}");
            assert_eq!(draft.text(), before, "{wrong:?}");
        }
    }

    #[test]
    fn one_answer_changes_one_line_and_foreign_remarks_stay() {
        let mut draft = Draft::fresh(Path::new("/x"));
        let name = "Đài \"số 1\" xã Tân\\Lập";
        draft.take(&Answer::Name(name.into())).unwrap();
        let text = draft
            .text()
            .replace("quiet_hours = \"21:00-05:00\"", "quiet_hours   =  \"21:00-05:00\"  # theo xã");
        let mut again = Draft::of(&text, Path::new("/x")).unwrap();
        assert_eq!(again.config().unwrap().station.name, name);
        again.take(&Answer::QuietHours("22:00-04:30".into())).unwrap();
        let after = again.text();
        let differ: Vec<_> =
            text.lines().zip(after.lines()).filter(|(before, after)| before != after).collect();
        assert_eq!(differ.len(), 1, "{differ:?}");
        assert_eq!(differ[0].1, "quiet_hours   =  \"22:00-04:30\"  # theo xã");
        again.take(&Answer::Name("Đài khác".into())).unwrap();
        assert_eq!(again.config().unwrap().station.id, draft.config().unwrap().station.id);
    }

    #[test]
    fn a_key_that_stood_nowhere_finds_its_table() {
        let bare = "[station]\nid = \"x\"\nname = \"X\"\n[output]\ncards = [\"alsa\"]\n";
        let mut draft = Draft::of(bare, Path::new("/x")).unwrap();
        draft.take(&Answer::Preset("lien-chieu".into())).unwrap();
        draft.take(&Answer::Technician("Bình".into())).unwrap();
        draft.take(&Answer::Loudness(-17.5)).unwrap();
        let config = draft.config().unwrap();
        assert_eq!((config.policy.limits.sessions, config.loudness.target_lufs), (Some(2), -17.5));
        assert_eq!(config.station.technician.as_deref(), Some("Bình"));
    }
}
