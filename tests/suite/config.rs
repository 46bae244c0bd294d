//! The config as a file: where its paths lead, and what is said of files that cannot be read.

use std::path::Path;

use loa::config::{Config, Themes};
use loa::core::fault::{ConfigFault, DocumentFault, Fault, Faults};

const RIGHT: &str =
    "[station]\nid = \"xa\"\nname = \"Xã\"\n[output]\ncards = [\"pulseaudio:loa\", \"virtual\"]\n";

fn only(faults: Result<Config, Faults<ConfigFault>>) -> ConfigFault {
    let faults = faults.unwrap_err();
    assert_eq!(faults.len(), 1, "{faults}");
    faults[0].fault.clone()
}

#[test]
fn paths_count_from_the_parent_of_the_configs_folder() {
    let station = tempfile::tempdir().unwrap();
    std::fs::create_dir(station.path().join("config")).unwrap();
    let file = station.path().join("config/station.toml");
    let absolute = std::path::absolute(station.path().join("o-khac")).unwrap();
    let text = format!("{RIGHT}[paths]\naudio = \"ghi-am\"\nstate = '{}'\n", absolute.display());
    std::fs::write(&file, text).unwrap();
    let config = Config::read(&file).unwrap();
    assert_eq!(config.paths.audio, station.path().join("ghi-am"));
    assert_eq!(config.paths.schedules, station.path().join("schedules"));
    assert_eq!(config.paths.state, absolute);
    assert_eq!(config.files.themes, station.path().join("config/themes.toml"));
}

#[test]
fn a_config_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name);
    assert_eq!(only(Config::read(&file("khong-co.toml"))), ConfigFault::NotThere);
    assert_eq!(only(Config::read(folder.path())), ConfigFault::Folder);
    std::fs::write(file("trong.toml"), "").unwrap();
    assert_eq!(only(Config::read(&file("trong.toml"))), DocumentFault::Empty.into());
    // A sparse file: its size is told before a byte of it is read.
    std::fs::File::create(file("to.toml")).unwrap().set_len(1 << 40).unwrap();
    let limit = 1 << 20;
    assert_eq!(
        only(Config::read(&file("to.toml"))),
        DocumentFault::TooLarge { bytes: 1 << 40, limit }.into()
    );
    std::fs::write(file("utf16.toml"), RIGHT.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())
        .unwrap();
    assert!(matches!(
        only(Config::read(&file("utf16.toml"))),
        ConfigFault::Document(DocumentFault::NotUtf8 | DocumentFault::ControlCharacter { .. })
    ));
}

#[test]
fn a_list_that_the_config_names_and_that_is_not_there_is_told_by_its_own_name() {
    let config = Config::parse(RIGHT.as_bytes(), "station.toml", Path::new("/khong/co")).unwrap();
    let faults = config.reference().unwrap_err();
    assert_eq!(faults[0].fault, ConfigFault::NotThere);
    assert!(Path::new(&faults[0].file).ends_with("config/themes.toml"), "{}", faults[0].file);
    // A config without a calendar has no holidays.
    assert!(config.files.holidays.is_none() && config.holidays().is_ok());
}

#[test]
fn themes_keep_the_order_of_their_file() {
    let text =
        "[[theme]]\nid = \"b\"\nvi = \"Bê\"\nen = \"B\"\n[[theme]]\nid = \"a\"\nvi = \"A\"\nen = \"A\"\n";
    let themes = Themes::parse(text.as_bytes(), "themes.toml").unwrap();
    assert_eq!(themes.0.iter().map(|theme| theme.id.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(themes.get("b").unwrap().name(loa::words::Language::Vi), "Bê");
}

#[test]
fn sizes_are_told_in_the_faults_of_schedules_too() {
    assert_eq!(Fault::too_large(5, 4), DocumentFault::TooLarge { bytes: 5, limit: 4 }.into());
}
