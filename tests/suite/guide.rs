//! The user's guide against the program: headings of troubleshooting are messages that are really said, commands are taken by
//! the command line, config keys, links and pictures are there, and the two languages say the same things in the same order.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Parser;
use clap::error::ErrorKind;
use loa::cli::Cli;
use loa::core::airing::{Outcome, Reason};
use loa::core::drops::Verdict;
use loa::core::workbook::headings as sheet;
use loa::words::Language::{En, Vi};
use loa::words::{receipts, refused, setup, terms};

use super::guide_messages::{self, Message};

/// Each guide in Vietnamese and in English, below `docs/guide`.
const GUIDES: [[&str; 2]; 4] = [
    ["vi/ky-thuat.md", "en/technician.md"],
    ["vi/co-quan-gui-bai.md", "en/office.md"],
    ["vi/giam-sat.md", "en/supervisor.md"],
    ["vi/su-co.md", "en/troubleshooting.md"],
];
const TROUBLES: [&str; 2] = GUIDES[3];
/// Where a value of the moment stands in a heading.
const VALUE: char = '…';
/// What a newcomer may have to type until the first cue sounds, commands and answers together. `make test-deb` types them.
const FIRST_SOUND: usize = 12;
/// Of which one is the password that `sudo` asks for.
const PASSWORDS: usize = 1;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide")
}

fn read(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("docs/guide/{name}: {error}"))
}

fn every_page() -> Vec<(&'static str, String)> {
    let pages = ["README.md"].into_iter().chain(GUIDES.into_iter().flatten());
    pages.map(|name| (name, read(name))).collect()
}

fn headings<'a>(text: &'a str, level: &str) -> Vec<&'a str> {
    outside_code(text).filter_map(|line| line.strip_prefix(level)?.strip_prefix(' ')).map(str::trim).collect()
}

/// The lines that stand in no fenced block.
fn outside_code(text: &str) -> impl Iterator<Item = &str> {
    let mut within = false;
    text.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        within ^= fence;
        !within && !fence
    })
}

/// Whether the message begins as the heading says, with any value where the heading has `…`, and a clause of the message
/// ends where the heading does.
fn is_of(heading: &str, message: &str) -> bool {
    let (first, rest) =
        heading.split_once(VALUE).map_or((heading, None), |(first, rest)| (first, Some(rest)));
    let Some(after) = message.strip_prefix(first) else { return false };
    match rest {
        None => after.is_empty() || after.starts_with([';', '.', ',', ':']),
        Some("") => true,
        Some(rest) => after.char_indices().any(|(at, _)| is_of(rest, &after[at..])),
    }
}

/// The same of a message that begins with where a fault lies.
fn is_anywhere_of(heading: &str, message: &str) -> bool {
    is_of(heading, message)
        || message.match_indices(": ").any(|(at, colon)| is_of(heading, &message[at + colon.len()..]))
}

fn answers([vi, en]: [&str; 2], message: &Message) -> bool {
    is_anywhere_of(vi, &message.vi) && is_anywhere_of(en, &message.en)
}

#[test]
fn every_heading_of_troubleshooting_is_a_message_that_is_said_and_none_lacks_its_heading() {
    let messages = guide_messages::all();
    let texts = TROUBLES.map(read);
    let [vi, en] = [0, 1].map(|at| headings(&texts[at], "###"));
    let mut wrong = Vec::new();
    for (vi, en) in vi.iter().zip(&en) {
        for heading in [vi, en] {
            let letters = heading.chars().filter(|c| c.is_alphabetic()).count();
            if letters < 4 {
                wrong.push(format!("says too little to be found: {heading}"));
            }
        }
        if !messages.iter().any(|message| answers([vi, en], message)) {
            wrong.push(format!("nothing is said so: {vi}\n        {en}"));
        }
    }
    for message in messages.iter().filter(|message| message.must) {
        if !vi.iter().zip(&en).any(|(vi, en)| answers([vi, en], message)) {
            wrong.push(format!(
                "has no heading: {}\n        {}\n        {}",
                message.code, message.vi, message.en
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(vi.len(), en.len(), "the two languages have as many headings");
    let twice = |all: &[&str]| all.len() - all.iter().collect::<BTreeSet<_>>().len();
    assert_eq!([twice(&vi), twice(&en)], [0, 0], "headings that stand twice");
}

#[test]
fn under_each_heading_of_troubleshooting_something_is_said() {
    for name in TROUBLES {
        let text = read(name);
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        for pair in lines.windows(2) {
            // Two messages may share what is said of them; a section may not end with a bare one.
            let bare = pair[0].starts_with("### ") && pair[1].starts_with("## ");
            assert!(!bare, "{name}: {}", pair[0]);
        }
        assert!(!lines.last().unwrap().starts_with('#'), "{name}");
    }
}

#[test]
fn the_two_languages_have_the_same_parts_steps_and_pictures() {
    for [vi, en] in GUIDES {
        let texts = [read(vi), read(en)];
        let count = |level: &str| texts.each_ref().map(|text| headings(text, level).len());
        for level in ["#", "##", "###"] {
            let [in_vi, in_en] = count(level);
            assert_eq!(in_vi, in_en, "{vi} and {en}: headings {level}");
        }
        let step =
            |line: &&str| line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && line.contains(". ");
        let row = |line: &&str| line.starts_with('|');
        let [steps_vi, steps_en] = texts.each_ref().map(|text| outside_code(text).filter(step).count());
        assert_eq!(steps_vi, steps_en, "{vi} and {en}: numbered steps");
        let [rows_vi, rows_en] = texts.each_ref().map(|text| outside_code(text).filter(row).count());
        assert_eq!(rows_vi, rows_en, "{vi} and {en}: rows of tables");
        let pictures = |text: &str| {
            let links = links(text).into_iter().filter(|link| link.ends_with(".png"));
            links.map(|link| link.replace("-vi.png", ".png").replace("-en.png", ".png")).collect::<Vec<_>>()
        };
        assert_eq!(pictures(&texts[0]), pictures(&texts[1]), "{vi} and {en}: pictures");
    }
}

fn links(text: &str) -> Vec<String> {
    let starts = text.match_indices("](").map(|(at, start)| at + start.len());
    starts.map(|at| text[at..].split(')').next().unwrap().to_owned()).collect()
}

/// The anchor that a heading has on GitHub.
fn anchor(heading: &str) -> String {
    let kept = heading
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric() || " -_".contains(*c))
        .collect::<String>();
    kept.replace(' ', "-")
}

#[test]
fn every_link_and_picture_is_there() {
    let door = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let mut pages: Vec<(PathBuf, String)> =
        every_page().into_iter().map(|(name, text)| (folder().join(name), text)).collect();
    pages.push((door.clone(), std::fs::read_to_string(&door).unwrap()));
    let mut wrong = Vec::new();
    for (page, text) in &pages {
        for link in links(text).iter().filter(|link| !link.starts_with("http")) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            let text = std::fs::read(&target).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            let there = ["#", "##", "###"]
                .iter()
                .any(|level| headings(&text, level).iter().any(|one| anchor(one) == part));
            if !target.exists() || (!part.is_empty() && !there) {
                wrong.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let readme = &pages.last().unwrap().1;
    assert!(readme.contains("docs/guide/"), "the README has a door to the guide");
}

/// Spans of code within lines, and the lines of fenced blocks.
fn code(text: &str) -> Vec<String> {
    let mut within = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            within = !within;
        } else if within {
            found.push(line.trim().to_owned());
        } else {
            found.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
        }
    }
    found
}

/// The words of a command as a shell parts them.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for c in command.chars() {
        match c {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The command that Loa itself is given by a line, without who gives it.
fn of_loa(line: &str) -> Option<&str> {
    let line = line.trim_start_matches("sudo -u loa ").trim_start_matches("sudo ");
    (line.starts_with("loa ") && !line.contains(" = ")).then_some(line)
}

#[test]
fn every_command_of_the_guide_is_taken() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, text) in every_page() {
        for line in code(&text) {
            let Some(command) = of_loa(&line) else { continue };
            count += 1;
            let words = words(command);
            let Err(error) = Cli::try_parse_from(&words) else { continue };
            // `…` stands for a value; the rest of the command has to be right all the same.
            let value = line.contains(VALUE)
                && !matches!(error.kind(), ErrorKind::UnknownArgument | ErrorKind::InvalidSubcommand);
            if !value && error.kind() != ErrorKind::DisplayHelp && error.kind() != ErrorKind::DisplayVersion {
                wrong.push(format!("{name}: {line}: {}", error.to_string().lines().next().unwrap()));
            }
        }
    }
    assert!(count > 50, "{count} commands");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_config_key_of_the_guide_exists() {
    let config =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("config/station.toml")).unwrap();
    let lines = config.lines().map(|line| line.trim_start_matches("# "));
    let known: BTreeSet<&str> = lines
        .clone()
        .filter_map(|line| Some(line.split_once(" = ")?.0))
        .filter(|key| !key.contains(' '))
        .collect();
    let tables: BTreeSet<&str> = lines.filter(|line| line.starts_with('[') && line.ends_with(']')).collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, text) in every_page() {
        for span in code(&text) {
            let unknown = match span.split_once(" = ") {
                Some((key, _)) => !known.contains(key),
                None if span.starts_with('[') && span.ends_with(']') => !tables.contains(span.as_str()),
                None => continue,
            };
            count += 1;
            if unknown {
                wrong.push(format!("{name}: `{span}`"));
            }
        }
    }
    assert!(count > 10, "{count} keys");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The first cells of the rows of tables, each word of them.
fn first_cells(text: &str) -> BTreeSet<String> {
    let rows = outside_code(text).filter_map(|line| line.strip_prefix("| "));
    let cells = rows
        .flat_map(|row| row.split(" | ").next().unwrap().split(", ").map(str::to_owned).collect::<Vec<_>>());
    cells.map(|cell| cell.trim_matches('*').to_owned()).collect()
}

#[test]
fn the_supervisors_guide_has_every_reason_of_every_outcome_and_no_other() {
    for (name, language) in GUIDES[2].into_iter().zip([Vi, En]) {
        let text = read(name);
        let mut due = BTreeSet::new();
        for &outcome in Outcome::ALL {
            let reasons = Reason::ALL.iter().filter(|reason| reason.fits(outcome));
            let said =
                |reason: &Reason| (terms::outcome(language, outcome), terms::reason(language, *reason));
            due.extend(reasons.map(said));
        }
        let outcomes: BTreeSet<&str> = due.iter().map(|(outcome, _)| *outcome).collect();
        let rows = text.lines().filter_map(|line| line.strip_prefix("| ")?.split_once(" | "));
        let told = rows.filter(|(outcome, _)| outcomes.contains(outcome));
        let told: BTreeSet<(&str, &str)> =
            told.map(|(outcome, rest)| (outcome, rest.split(" | ").next().unwrap())).collect();
        assert_eq!(told, due, "{name}");
    }
}

#[test]
fn the_offices_guide_has_every_column_change_and_receipt() {
    for (name, language) in GUIDES[1].into_iter().zip([Vi, En]) {
        let told = first_cells(&read(name));
        let columns = sheet::PLAN.iter().map(|word| word.text(language));
        let changes = sheet::ACTIONS.iter().map(|word| word.text(language));
        let verdicts =
            [Verdict::Accepted, Verdict::Incomplete, Verdict::Waiting, Verdict::Withdrawn, Verdict::Returned];
        let stamps = verdicts.map(|verdict| receipts::stamp(language, verdict));
        let stamps = stamps.into_iter().chain([refused::stamp(language)]);
        let absent: Vec<&str> =
            columns.chain(changes).chain(stamps).filter(|word| !told.contains(*word)).collect();
        assert_eq!(absent, Vec::<&str>::new(), "{name}");
    }
}

#[test]
fn what_setup_asks_stands_in_the_guide_in_its_own_words_and_order() {
    let zone = chrono_tz::Asia::Ho_Chi_Minh;
    let now = "2026-11-29T13:24:00Z".parse().unwrap();
    for (name, language) in GUIDES[0].into_iter().zip([Vi, En]) {
        let texts = setup::texts(language);
        let asked = [
            texts.name.to_owned(),
            format!("{} {} {}", texts.clock, setup::time_aloud(language, zone, now), texts.clock_right),
            format!("{} {}", texts.card, setup::card_choose(language, 1)),
            texts.card_heard.to_owned(),
            texts.quiet.to_owned(),
            texts.page.to_owned(),
            format!("{} {}", texts.review, texts.review_choose),
            setup::first_cue_question(language, zone, now),
        ];
        let text = read(name);
        let part = text.split("<!-- first-sound -->").nth(1).unwrap();
        let rows = part.lines().filter_map(|line| line.strip_prefix("| ")).skip(2).take(asked.len());
        let told: Vec<&str> = rows.map(|row| row.split(" | ").next().unwrap()).collect();
        assert_eq!(told.len(), asked.len(), "{name}");
        for (told, asked) in told.iter().zip(&asked) {
            assert!(told.split(VALUE).all(|words| asked.contains(words.trim())), "{name}: {told}: {asked}");
        }
    }
}

#[test]
fn a_newcomer_hears_the_first_cue_after_twelve_commands_or_answers() {
    for name in GUIDES[0] {
        let text = read(name);
        let (_, part) = text.split_once("<!-- first-sound -->").unwrap();
        let (part, _) = part.split_once("<!-- /first-sound -->").unwrap();
        let commands = code(part).iter().filter(|line| line.starts_with("sudo ")).count();
        let answers = part.lines().filter(|line| line.starts_with("| ")).count().saturating_sub(2);
        assert!(commands > 0 && answers > 0, "{name}: {commands} commands, {answers} answers");
        let typed = commands + PASSWORDS + answers;
        assert!(typed <= FIRST_SOUND, "{name}: {commands} commands, a password and {answers} answers");
    }
}
