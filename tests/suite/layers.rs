//! The house's order: which room may import which. Reads the `use crate::` lines and every other `crate::` path of the
//! sources, and fails on an edge that the design does not have.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each room with those it may import. What is not listed is forbidden; `core` imports nothing of ours.
const MAY: &[(&str, &[&str])] = &[
    ("core", &[]),
    ("rights", &[]),
    ("clock", &["core"]),
    ("sound", &["core"]),
    ("words", &["core"]),
    ("export", &["core"]),
    ("config", &["core"]),
    ("journal", &["core"]),
    ("audio", &["core", "clock", "sound"]),
    ("intake", &["core", "clock", "sound"]),
    ("reporting", &["core", "config", "journal", "intake", "words", "export"]),
    ("control", &["core"]),
    ("amplifier", &["core"]),
    ("outbox", &["core"]),
    ("playout", &["core", "clock", "audio"]),
    ("web", &["reporting", "core", "clock", "words", "export", "config", "journal"]),
    (
        "station",
        &[
            "core",
            "clock",
            "sound",
            "words",
            "config",
            "journal",
            "audio",
            "intake",
            "control",
            "playout",
            "export",
            "amplifier",
            "outbox",
            "web",
        ],
    ),
    ("archive", &["core", "rights", "sound", "config", "journal", "intake"]),
    ("doctor", &["core", "rights", "clock", "config", "journal", "audio", "intake", "control", "web"]),
    ("service", &["config"]),
    ("setup", &["core", "clock", "sound", "config", "audio", "control", "web"]),
    (
        "cli",
        &[
            "reporting",
            "core",
            "rights",
            "clock",
            "sound",
            "words",
            "export",
            "config",
            "journal",
            "audio",
            "intake",
            "control",
            "playout",
            "station",
            "amplifier",
            "archive",
            "doctor",
            "outbox",
            "web",
            "service",
            "setup",
        ],
    ),
];

/// Libraries that only these rooms may name.
const NAMED_ONLY_IN: &[(&str, &[&str])] = &[
    ("rodio", &["audio", "sound"]),
    ("cpal", &["audio", "sound"]),
    ("symphonia", &["sound"]),
    ("rusqlite", &["journal"]),
    ("notify", &["intake"]),
    ("calamine", &["intake"]),
    ("rust_xlsxwriter", &["export"]),
    ("ureq", &["outbox"]),
    ("lettre", &["outbox"]),
    ("axum", &["web"]),
    ("askama", &["web"]),
    ("argon2", &["web"]),
    ("hyper", &["web"]),
    ("hyper_util", &["web"]),
    ("tokio_rustls", &["web"]),
    ("x509_cert", &["web"]),
    ("rpassword", &["cli"]),
    ("sd_notify", &["station"]),
    ("windows_service", &["service"]),
    ("clap", &["cli", "main"]),
    ("zip", &["archive", "intake"]),
];

fn sources() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                found.push((path, text));
            }
        }
    }
    found
}

fn room(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    let first = below.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a text names after `crate::`.
fn named(text: &str) -> BTreeSet<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let after = code.flat_map(|line| line.split("crate::").skip(1));
    after
        .map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap())
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn imports_run_downwards_only() {
    let may: BTreeMap<&str, &[&str]> = MAY.iter().copied().collect();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let from = room(&path);
        if from == "lib" || from == "main" {
            continue;
        }
        let allowed = may
            .get(from.as_str())
            .unwrap_or_else(|| panic!("the room `{from}` is not in the plan of the house"));
        for to in named(&text) {
            if to != from && may.contains_key(to) && !allowed.contains(&to) {
                wrong.push(format!("{}: `{from}` imports `{to}`", path.display()));
            }
            assert!(may.contains_key(to), "{}: `crate::{to}` is no room", path.display());
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_plan_of_the_house_has_no_circle() {
    for (at, (from, to)) in MAY.iter().enumerate() {
        let below: Vec<&str> = MAY[..at].iter().map(|(room, _)| *room).collect();
        assert!(to.iter().all(|room| below.contains(room)), "`{from}` imports what is not below it");
    }
}

#[test]
fn a_library_is_named_where_it_belongs() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let from = room(&path);
        let code = || text.lines().filter(|line| !line.trim_start().starts_with("//"));
        for (library, rooms) in NAMED_ONLY_IN {
            let named = |line: &str| {
                let of_another = |at: usize| line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                line.match_indices(&format!("{library}::")).any(|(at, _)| !of_another(at))
            };
            if code().any(named) && !rooms.contains(&from.as_str()) {
                wrong.push(format!("{} names {library}", path.display()));
            }
        }
        if code().any(|line| line.contains("cron::"))
            && !path.ends_with("core/pattern.rs")
            && !path.to_string_lossy().contains("core/pattern/")
        {
            wrong.push(format!("{} names cron", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_file_opens_with_what_it_is_responsible_for_and_stays_readable() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        if !text.starts_with("//! ")
            || text.lines().take_while(|line| line.starts_with("//!")).map(str::len).sum::<usize>() < 30
        {
            wrong.push(format!("{} does not say what it is responsible for", path.display()));
        }
        let lines = text.lines().count();
        if lines > 450 {
            wrong.push(format!("{} has {lines} lines", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
