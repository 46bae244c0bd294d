//! What people can be told that troubleshooting must answer, rendered by the functions that say it. Owns how each is
//! rendered and what makes the list complete: alarm codes, findings and closed lists are read from the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono_tz::Asia::Ho_Chi_Minh;
use loa::core::amplifier::Switch;
use loa::core::card::NotOpened;
use loa::core::drops::Complaint;
use loa::core::fault::{ConfigFault, Fault, Flaw, Located, SheetFault};
use loa::core::order::Refusal;
use loa::core::record::{Gap, Restored};
use loa::core::restart::{Busy, Turn};
use loa::words::Language::{self, En, Vi};
use loa::words::{Say, checkup, conditions, disk, emergencies, notices, orders, pages, restart, setup};

use super::guide_samples::{self as samples, at, cart, some};

/// One thing that a person is told.
pub struct Message {
    /// Its family and name, e.g. `alarm disk_full`.
    pub code: String,
    pub vi: String,
    pub en: String,
    /// Troubleshooting has to answer it; the rest it may.
    pub must: bool,
}

fn message(code: impl Into<String>, say: impl Fn(Language) -> String) -> Message {
    Message { code: code.into(), vi: say(Vi), en: say(En), must: true }
}

/// Everything that troubleshooting is about.
pub fn all() -> Vec<Message> {
    let mut all = alarms();
    all.extend(samples::findings().iter().map(|found| {
        message(format!("finding {}", found.nature().code), |language| {
            checkup::finding(language, Ho_Chi_Minh, found).found
        })
    }));
    let say =
        |family: &str, name: String, said: &dyn Say| message(format!("{family} {name}"), |l| said.say(l));
    all.extend(samples::complaints().iter().map(|one| say("Complaint", variant(one), one)));
    all.extend(
        samples::bad_names().into_iter().map(|one| say("BadName", variant(&one), &Complaint::BadName(one))),
    );
    all.extend(samples::cart_faults().iter().map(|one| say("CartFault", variant(one), one)));
    let faults =
        samples::target_faults().into_iter().map(|fault| (variant(&fault), SheetFault::Target(fault)));
    all.extend(faults.map(|(name, one)| say("TargetFault", name, &one)));
    all.extend(samples::archive_faults().iter().map(|one| say("ArchiveFault", variant(one), one)));
    all.extend(setting_up());
    let refused = samples::targets_refused();
    all.extend(refused.iter().map(|one| say("TargetsRefused", variant(one), one)));
    all.extend(samples::remarks().iter().map(|one| say("Remark", variant(one), one)));
    all.extend(samples::control_errors().iter().map(|one| say("ControlError", variant(one), one)));
    all.extend(samples::undelivered().iter().map(|one| say("Undelivered", variant(one), one)));
    all.extend(
        samples::holds()
            .iter()
            .map(|one| message(format!("Hold {}", variant(one)), |l| orders::hold(l, one))),
    );
    all.extend(samples::notices().iter().map(|one| {
        message(format!("Notice {}", variant(one)), |language| notices::notice(language, Ho_Chi_Minh, one))
    }));
    all.extend(samples::refusals().iter().map(|one| {
        let name = match one {
            Refusal::ByHand(fault) => format!("HandFault {}", variant(fault)),
            other => format!("Refusal {}", variant(other)),
        };
        message(name, |language| orders::refusal(language, Ho_Chi_Minh, one))
    }));
    // What pages say otherwise than the command line, since they have buttons.
    let at_pages = samples::refusals().into_iter().filter(|one| {
        let differs = |l| pages::refusal(l, Ho_Chi_Minh, one) != orders::refusal(l, Ho_Chi_Minh, one);
        differs(Vi) && differs(En)
    });
    all.extend(at_pages.map(|one| {
        let name = format!("PageRefusal {}", variant(&one));
        message(name, |language| pages::refusal(language, Ho_Chi_Minh, &one))
    }));
    all.extend(
        samples::page_problems().iter().map(|one| {
            message(format!("Problem {}", variant(one)), |language| pages::problem(language, one))
        }),
    );
    let told = super::faults::all().into_iter().flat_map(|(_, told)| told);
    all.extend(told.map(|one| Message { code: one.code, vi: one.vi, en: one.en, must: false }));
    let cells = super::workbook::all().into_iter().flat_map(|(_, told)| told);
    all.extend(cells.map(|one| Message { must: false, ..message(one.fault.code(), |l| one.fault.say(l)) }));
    all
}

/// What setting up and upgrading say where something is in the way.
fn setting_up() -> Vec<Message> {
    let file = Path::new("/var/lib/loa/config/station.toml");
    let denied = std::io::ErrorKind::PermissionDenied;
    let about = |name: &str, say: &dyn Fn(Language) -> String| message(format!("setup {name}"), say);
    vec![
        about("card", &|l| setup::card_in_use(l, "alsa:default", Some("firefox"))),
        about("card", &|l| setup::card_in_use(l, "alsa:default", None)),
        about("card", &|l| setup::card_trouble(l, "alsa:default", &some())),
        about("config_faulty", &|l| setup::config_faulty(l, file, &some()).replace('\n', " ")),
        about("not_written", &|l| setup::not_written(l, file, denied, &some(), false)),
        about("changed", &|l| setup::changed_meanwhile(l, file)),
        about("not_ours", &|l| setup::not_ours(l, file)),
        about("service", &|l| setup::service_trouble(l, &some(), true)),
        about("service", &|l| setup::service_trouble(l, &some(), false)),
        about("no_first_cue", &|l| setup::no_first_cue(l, true)),
        about("no_first_cue", &|l| setup::no_first_cue(l, false)),
        about("busy", &|l| setup::busy(l, &some())),
        about("restart", &|l| restart::turn(l, Ho_Chi_Minh, &Turn::Wait(Busy::Due { at: at() }))),
    ]
}

fn alarms() -> Vec<Message> {
    let restored = |whole| Restored {
        found: some(),
        set_aside: None,
        backup: None,
        sources: Vec::new(),
        intact_until: Some(at()),
        entries: 7,
        airings: 2,
        whole,
    };
    let gap = Gap { entries: Some((8, 9)), until: at(), restored: restored(false) };
    let moved = |whole| Gap { restored: Restored { backup: Some(at()), ..restored(whole) }, ..gap.clone() };
    let located = |fault| Located { file: "lich.toml".into(), line: Some(12), slot: None, fault };
    let denied = std::io::ErrorKind::PermissionDenied;
    let tried = [("alsa:default".to_owned(), some().into())];
    let firefox = NotOpened::InUse { program: Some("firefox".into()) };
    let in_use = [("alsa:default".to_owned(), firefox)];
    let about = |code: &str, say: &dyn Fn(Language) -> String| message(format!("alarm {code}"), say);
    vec![
        about("no_card", &|l| conditions::no_card(l, &tried).1),
        about("no_card", &|l| conditions::no_card(l, &in_use).1),
        about("clock_not_trusted", &|l| conditions::clock_not_trusted(l).1),
        about("dead_air", &|l| emergencies::dead_air(l, Ho_Chi_Minh, at())),
        about("emergency_waiting", &|l| emergencies::waits(l, &cart(), at(), Ho_Chi_Minh)),
        about("emergency_waiting", &|l| emergencies::refused(l, &some())),
        about("amplifier_failed", &|l| conditions::amplifier_failed(l, Switch::On, &some()).1),
        about("amplifier_failed", &|l| conditions::amplifier_failed(l, Switch::Off, &some()).1),
        about("schedule_faulty", &|l| located(Fault::NoSlots).say(l)),
        about("list_faulty", &|l| {
            Located { file: "holidays.toml".into(), line: None, slot: None, fault: ConfigFault::NotThere }
                .say(l)
        }),
        about("schedules_unreadable", &|l| conditions::schedules_unreadable(l).1),
        about("inbox_failed", &|l| conditions::inbox_failed(l).into()),
        about("inbox_missing", &|l| conditions::inbox_missing(l).into()),
        about("inbox_not_stored", &|l| conditions::drop_not_stored(l, &some())),
        about("disk_low", &|l| disk::low(l, 200 << 20)),
        about("disk_full", &disk::full),
        about("journal_not_written", &|l| disk::not_written(l, &some())),
        about("journal_damaged", &|l| disk::damaged(l, &some())),
        about("journal_restored", &|l| disk::restored(l, Ho_Chi_Minh, &gap)),
        about("journal_restored", &|l| disk::restored(l, Ho_Chi_Minh, &moved(true))),
        about("journal_restored", &|l| disk::restored(l, Ho_Chi_Minh, &moved(false))),
        about("backup_failed", &|l| disk::backup_failed(l, &some())),
        about("page_not_served", &|l| pages::cannot_listen(l, "127.0.0.1:8080", &some()).1),
        about("page_not_served", &|l| pages::no_accounts_to_listen(l, "0.0.0.0:8080").1),
        about("page_not_served", &|l| pages::pages_failed(l).1),
        about("certificate_ends", &|l| pages::certificate_ends(l, Ho_Chi_Minh, at())),
        about("certificate_faulty", &|l| pages::certificate_not_renewed(l, &some())),
        about("accounts_faulty", &|l| pages::accounts_content(l, "accounts.json", &some())),
        about("accounts_faulty", &|l| pages::accounts_file(l, "accounts.json", false, denied, &some())),
    ]
}

/// The name of a variant, as the source has it.
fn variant(value: &impl std::fmt::Debug) -> String {
    let said = format!("{value:?}");
    said.chars().take_while(char::is_ascii_alphanumeric).collect()
}

fn source(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap()
}

/// The variants of an enum that its source has.
fn variants(file: &str, name: &str) -> BTreeSet<String> {
    let text = source(file);
    let (_, rest) = text.split_once(&format!("pub enum {name} {{")).unwrap();
    let lines = rest.lines().take_while(|line| *line != "}");
    let names = lines.filter_map(|line| {
        line.strip_prefix("    ").filter(|own| own.starts_with(|c: char| c.is_ascii_uppercase()))
    });
    names.map(|own| own.chars().take_while(char::is_ascii_alphanumeric).collect()).collect()
}

/// The codes of every alarm that the station or its pages can raise, as their sources have them.
fn alarm_codes() -> BTreeSet<String> {
    let mut folders = vec![PathBuf::from("src/station"), PathBuf::from("src/web")];
    let mut texts = vec![source("src/station.rs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)).unwrap() {
            let path = folder.join(entry.unwrap().file_name());
            match path.extension() {
                Some(ending) if ending == "rs" => texts.push(source(&path.display().to_string())),
                _ if path.extension().is_none() => folders.push(path),
                _ => {}
            }
        }
    }
    let mut codes = BTreeSet::new();
    for text in texts {
        // What the tests of a file raise is not the station's.
        let text = text.split("#[cfg(test)]").next().unwrap();
        for raising in [".set(", ".alarm(", "const FAULTY: &str = "] {
            for (at, _) in text.match_indices(raising) {
                let Some(quoted) = text[at + raising.len()..].trim_start().strip_prefix('"') else {
                    continue;
                };
                codes.insert(quoted.split('"').next().unwrap().to_owned());
            }
        }
    }
    codes
}

/// The codes of findings that are not fine, as the source has them.
fn finding_codes() -> BTreeSet<String> {
    let texts = [
        "src/core/checkup.rs",
        "src/core/checkup/sound.rs",
        "src/core/checkup/page.rs",
        "src/core/checkup/machine.rs",
        "src/core/checkup/station.rs",
    ];
    let lines = texts.map(source).join("\n");
    let graded = lines.lines().filter(|line| {
        ["Attention, \"", "NotKnown, \"", "Wrong, \"", "code: \""].iter().any(|grade| line.contains(grade))
    });
    graded.map(|line| line.split('"').nth(1).unwrap().to_owned()).collect()
}

#[test]
fn no_alarm_finding_or_refusal_is_left_out_of_what_troubleshooting_must_answer() {
    let all = all();
    let sampled = |family: &str| {
        let names = all.iter().filter_map(|one| one.code.strip_prefix(family)?.strip_prefix(' '));
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let differ = |own: BTreeSet<String>, there: BTreeSet<String>| {
        own.symmetric_difference(&there).cloned().collect::<Vec<String>>()
    };
    assert_eq!(differ(sampled("alarm"), alarm_codes()), Vec::<String>::new());
    assert_eq!(differ(sampled("finding"), finding_codes()), Vec::<String>::new());
    for (file, name, elsewhere) in [
        ("src/core/drops.rs", "Complaint", &["Recording", "BadName", "Schedule", "Workbook", "Targets"][..]),
        ("src/core/drops.rs", "BadName", &[]),
        // What a journal says of itself is in its own words.
        ("src/core/archive.rs", "ArchiveFault", &[]),
        ("src/core/fault/target.rs", "TargetFault", &[]),
        ("src/core/report/targets/change.rs", "TargetsRefused", &["Faulty"]),
        ("src/core/drops.rs", "Remark", &[]),
        ("src/core/drops.rs", "Hold", &[]),
        ("src/core/cart.rs", "CartFault", &[]),
        ("src/core/order.rs", "ControlError", &[]),
        ("src/core/order.rs", "Refusal", &["ByHand"]),
        ("src/core/handwritten.rs", "HandFault", &[]),
        ("src/core/outbox/undelivered.rs", "Undelivered", &[]),
        ("src/core/rundown/forecast.rs", "Notice", &[]),
    ] {
        let mut there = variants(file, name);
        there.retain(|variant| !elsewhere.contains(&variant.as_str()));
        assert!(!there.is_empty());
        assert_eq!(differ(sampled(name), there), Vec::<String>::new(), "{name}");
    }
}
