//! The sample station that a newcomer runs: its config and lists are whole, its schedules without a fault.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use loa::config::*;
use loa::core::cart::{CartName, Library};
use loa::core::document::Key;
use loa::core::schedule::Schedule;
use loa::core::schedule::against::{Against, Filed, check_against};
use loa::core::schedule::read::read;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn config() -> Config {
    Config::read(&root().join("config/station.toml")).unwrap_or_else(|faults| panic!("{faults}"))
}

fn schedules(config: &Config) -> Vec<(String, Schedule)> {
    let reference = config.reference().unwrap_or_else(|faults| panic!("{faults}"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&config.paths.schedules).unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let (schedule, notices) = read(&std::fs::read(&path).unwrap(), &file, &reference).unwrap();
        assert_eq!(notices, [], "{file}");
        found.push((file, schedule));
    }
    assert!(found.len() >= 2);
    found
}

#[test]
fn the_sample_is_a_sample_apart_from_a_real_station() {
    let config = config();
    assert!(config.station.sample && config.clock_is_vouched() && !config.silent_only());
    assert_eq!(config.output.cards.last().map(ToString::to_string).as_deref(), Some("virtual"));
    assert_eq!(config.paths.state, root().join("sample-state"));
    assert!(config.paths.aircheck.starts_with(&config.paths.state));
    let ignored = std::fs::read_to_string(root().join(".gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "/sample-state"));
}

#[test]
fn its_schedules_have_no_fault_and_all_their_recordings_lie_in_audio() {
    let config = config();
    let schedules = schedules(&config);
    let holidays = config.holidays().unwrap_or_else(|faults| panic!("{faults}"));
    let mut library = Library::default();
    for entry in std::fs::read_dir(&config.paths.audio).unwrap() {
        let name = entry.unwrap().file_name();
        library.put(CartName::new(&name.to_string_lossy()).unwrap(), loa::core::cart::Cart::Unmeasured);
    }
    let filed: Vec<Filed<'_>> = schedules.iter().map(|(file, schedule)| Filed { file, schedule }).collect();
    let from = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let against =
        Against { library: &library, zone: config.station.time_zone, from, days: 366, holidays: &holidays };
    let told: Vec<String> = check_against(&filed, &against)
        .into_iter()
        .filter(|one| !matches!(one.fault, loa::core::fault::Fault::UnmeasuredRecording { .. }))
        .map(|one| one.to_string())
        .collect();
    assert_eq!(told, Vec::<String>::new());
}

#[test]
fn its_calendar_has_the_holidays_of_the_day() {
    let holidays = config().holidays().unwrap_or_else(|faults| panic!("{faults}"));
    let day = |month, day| chrono::NaiveDate::from_ymd_opt(2027, month, day).unwrap();
    for there in [day(2, 5), day(2, 8), day(2, 11), day(9, 3)] {
        assert!(holidays.contains(there), "{there}");
    }
    for not in [day(2, 4), day(2, 12), day(9, 4)] {
        assert!(!holidays.contains(not), "{not}");
    }
}

/// Tables that the sample shows as a remark.
const OPTIONAL: &[&str] = &["amplifier", "alarms", "alarms.email"];

/// Tables that the sample has, with keys that it shows as remarks.
const PARTLY: &[(&str, &[Key])] = &[("policy", POLICY_KEYS), ("page", PAGE_KEYS)];

/// Whether a remark shows a key of that table.
fn is_key(table: &str, remark: &str) -> bool {
    let Some((key, _)) = remark.split_once(" = ") else { return false };
    let shown = |(of, keys): &(&str, &[Key])| *of == table && keys.iter().any(|known| known.name == key);
    OPTIONAL.contains(&table) || PARTLY.iter().any(shown)
}

#[test]
fn every_key_of_the_config_is_shown_and_explained_in_the_sample() {
    let text = std::fs::read_to_string(root().join("config/station.toml")).unwrap();
    let mut shown = BTreeSet::new();
    let (mut table, mut explained, mut in_list) = (String::new(), false, false);
    for line in text.lines() {
        // What most stations do not have is shown as a remark.
        let line = match line.strip_prefix("# ") {
            Some(shown) if OPTIONAL.contains(&shown.trim_matches(['[', ']'])) => {
                explained = true;
                shown
            }
            Some(shown) if is_key(&table, shown) => {
                explained = true;
                shown
            }
            _ => line,
        };
        if let Some(name) = line.strip_prefix('[') {
            table = name.trim_matches(['[', ']']).to_owned();
            // The remark before its header explains all that is below it.
            assert!(explained || !line.starts_with("[["), "`{line}` has no remark before it");
            in_list = line.starts_with("[[");
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            assert!(explained || in_list, "`{key}` of `[{table}]` has no remark before it");
            shown.insert((table.clone(), key.to_owned()));
        }
        explained = line.starts_with('#');
    }
    let known: BTreeSet<(String, String)> = [
        ("station", STATION_KEYS),
        ("paths", PATHS_KEYS),
        ("output", OUTPUT_KEYS),
        ("loudness", LOUDNESS_KEYS),
        ("policy", POLICY_KEYS),
        ("inbox", INBOX_KEYS),
        ("office", OFFICE_KEYS),
        ("amplifier", AMPLIFIER_KEYS),
        ("alarms", ALARMS_KEYS),
        ("alarms.email", EMAIL_KEYS),
        ("page", PAGE_KEYS),
        ("clock", CLOCK_KEYS),
        ("backup", BACKUP_KEYS),
        ("report", REPORT_KEYS),
        ("files", FILES_KEYS),
    ]
    .iter()
    // A table within a table is shown as a table.
    .flat_map(|(table, keys)| {
        keys.iter()
            .filter(|key| !key.example.starts_with('['))
            .map(move |key: &Key| ((*table).to_owned(), key.name.to_owned()))
    })
    .collect();
    assert_eq!(shown, known);
    let tables: BTreeSet<&str> =
        known.iter().map(|(table, _)| table.split('.').next().unwrap_or_default()).collect();
    assert_eq!(tables, TOP_KEYS.iter().map(|key| key.name).collect());
}

#[test]
fn the_sample_shows_the_defaults_where_it_does_not_differ_from_a_real_station() {
    let bare = "[station]\nid = \"xa\"\nname = \"Xã\"\n[output]\ncards = [\"virtual\"]\n";
    let bare = Config::parse(bare.as_bytes(), "station.toml", Path::new(&root())).unwrap();
    let sample = config();
    assert_eq!(sample.loudness, bare.loudness);
    assert_eq!(sample.policy, bare.policy);
    assert_eq!(sample.page, bare.page);
    assert_eq!(sample.station.time_zone, bare.station.time_zone);
    assert_eq!(sample.station.language, bare.station.language);
    assert_eq!(
        (sample.output.rate, sample.output.dead_air, sample.output.dead_air_dbfs),
        (bare.output.rate, bare.output.dead_air, bare.output.dead_air_dbfs)
    );
    assert_eq!((&sample.paths.audio, &sample.paths.schedules), (&bare.paths.audio, &bare.paths.schedules));
    assert_eq!(sample.files.themes, bare.files.themes);
    assert!(!bare.station.sample && !bare.clock_is_vouched() && bare.silent_only());
    assert_eq!(bare.paths.aircheck, root().join("state/aircheck"));
}
