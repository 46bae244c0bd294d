//! What people can be told that troubleshooting must answer, rendered by the functions that say it. Owns the list of samples
//! and what makes it complete: alarm codes, findings and closed lists are read from the sources.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use loa::core::airing::{AiringId, ScheduleId, SlotId};
use loa::core::amplifier::Switch;
use loa::core::cart::{CartFault, CartName, CartNameError};
use loa::core::checkup::{
    Finding, Grade, Lacking, Machine, Mixer, Need, Place, Sound, Station, Subject, Unfinished,
};
use loa::core::drops::{BadName, Complaint, DropId, Hold, Remark};
use loa::core::fault::{ConfigFault, Fault, Flaw, Located};
use loa::core::handwritten::{HandFault, Text};
use loa::core::limits::Limit;
use loa::core::order::{ControlError, Refusal};
use loa::core::outbox::{PasswordFault, Undelivered};
use loa::core::page::Problem;
use loa::core::record::{Gap, Restored, Trust};
use loa::core::rundown::forecast::Notice;
use loa::words::Language::{self, En, Vi};
use loa::words::{Say, checkup, conditions, disk, emergencies, notices, orders, pages};

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

fn at() -> DateTime<Utc> {
    "2026-11-24T05:00:00Z".parse().unwrap()
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 9).unwrap()
}

fn cart() -> CartName {
    CartName::new("ban-tin.mp3").unwrap()
}

fn some() -> String {
    "XYZ".into()
}

/// Everything that troubleshooting is about.
pub fn all() -> Vec<Message> {
    let mut all = alarms();
    all.extend(findings().iter().map(|found| {
        message(format!("finding {}", found.nature().code), |language| {
            checkup::finding(language, Ho_Chi_Minh, found).found
        })
    }));
    let say =
        |family: &str, name: String, said: &dyn Say| message(format!("{family} {name}"), |l| said.say(l));
    all.extend(complaints().iter().map(|one| say("Complaint", variant(one), one)));
    all.extend(bad_names().into_iter().map(|one| say("BadName", variant(&one), &Complaint::BadName(one))));
    all.extend(cart_faults().iter().map(|one| say("CartFault", variant(one), one)));
    all.extend(remarks().iter().map(|one| say("Remark", variant(one), one)));
    all.extend(control_errors().iter().map(|one| say("ControlError", variant(one), one)));
    all.extend(undelivered().iter().map(|one| say("Undelivered", variant(one), one)));
    all.extend(holds().iter().map(|one| message(format!("Hold {}", variant(one)), |l| orders::hold(l, one))));
    all.extend(notices().iter().map(|one| {
        message(format!("Notice {}", variant(one)), |language| notices::notice(language, Ho_Chi_Minh, one))
    }));
    all.extend(refusals().iter().map(|one| {
        let name = match one {
            Refusal::ByHand(fault) => format!("HandFault {}", variant(fault)),
            other => format!("Refusal {}", variant(other)),
        };
        message(name, |language| orders::refusal(language, Ho_Chi_Minh, one))
    }));
    all.extend(
        page_problems().iter().map(|one| {
            message(format!("Problem {}", variant(one)), |language| pages::problem(language, one))
        }),
    );
    let told = super::faults::all().into_iter().flat_map(|(_, told)| told);
    all.extend(told.map(|one| Message { code: one.code, vi: one.vi, en: one.en, must: false }));
    let cells = super::workbook::all().into_iter().flat_map(|(_, told)| told);
    all.extend(cells.map(|one| Message { must: false, ..message(one.fault.code(), |l| one.fault.say(l)) }));
    all
}

fn alarms() -> Vec<Message> {
    let restored = |whole| Restored {
        found: some(),
        set_aside: None,
        sources: Vec::new(),
        intact_until: Some(at()),
        entries: 7,
        airings: 2,
        whole,
    };
    let gap = Gap { entries: Some((8, 9)), until: at(), restored: restored(false) };
    let located = |fault| Located { file: "lich.toml".into(), line: Some(12), slot: None, fault };
    let tried = [("alsa:default".to_owned(), some())];
    let about = |code: &str, say: &dyn Fn(Language) -> String| message(format!("alarm {code}"), say);
    vec![
        about("no_card", &|l| conditions::no_card(l, &tried).1),
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
        about("backup_failed", &|l| disk::backup_failed(l, &some())),
        about("page_not_served", &|l| pages::cannot_listen(l, "127.0.0.1:8080", &some()).1),
        about("page_not_served", &|l| pages::no_accounts_to_listen(l, "0.0.0.0:8080").1),
        about("page_not_served", &|l| pages::pages_failed(l).1),
        about("accounts_faulty", &|l| pages::accounts_content(l, "accounts.json", &some())),
        about("accounts_faulty", &|l| pages::accounts_file(l, "accounts.json", false, &some())),
    ]
}

fn findings() -> Vec<Finding> {
    let folder = || PathBuf::from("/var/lib/loa");
    let unit = || "loa.service".to_owned();
    let lacking = |meanwhile, fault| {
        let carts = vec![(cart(), fault)];
        Station::Lacks(Box::new(Lacking { title: some(), due: at(), carts, meanwhile }))
    };
    let level = |percent| Sound::Level { card: some(), control: some(), percent, mixer: Mixer::Amixer };
    let config = Located {
        file: "station.toml".into(),
        line: Some(4),
        slot: None,
        fault: ConfigFault::VirtualNotLast,
    };
    let schedule = |fault| Located { file: "lich.toml".into(), line: Some(12), slot: None, fault };
    let notice = Fault::UnknownTopic { topic: some(), closest: None };
    let sound = [
        Sound::Fails { card: some(), found: some(), instead: None },
        Sound::Fails { card: some(), found: some(), instead: Some(some()) },
        Sound::OnlyVirtual,
        level(0),
        level(30),
        Sound::Muted { card: some(), control: some(), mixer: Mixer::Pactl },
        Sound::LoaMuted,
        Sound::NoMixer { card: some(), mixer: Mixer::Amixer },
        Sound::MixerUnknown { card: some(), found: some() },
        Sound::MixerUnknownHere { card: some() },
        Sound::Shared { card: some(), program: "firefox".into(), process: Some(4) },
        Sound::Shared { card: some(), program: String::new(), process: None },
        Sound::OtherStation { process: 4 },
        Sound::ProgramsUnknown,
    ];
    let machine = [
        Machine::Clock { trust: Trust::BeforeBuild },
        Machine::Clock { trust: Trust::BeforeJournal },
        Machine::Clock { trust: Trust::Unproven },
        Machine::Clock { trust: Trust::Stepped },
        Machine::NotSynchronised { said: Some(false) },
        Machine::NotSynchronised { said: None },
        Machine::NoHardwareClock,
        Machine::HardwareClockOff { ahead: TimeDelta::hours(7) },
        Machine::HardwareClockOff { ahead: TimeDelta::hours(-7) },
        Machine::ZoneDiffers { system: TimeDelta::zero(), station: Ho_Chi_Minh },
        Machine::Space { folder: folder(), free: 1 << 20 },
        Machine::Space { folder: folder(), free: 500 << 20 },
        Machine::NoMoreFiles { folder: folder() },
        Machine::ReadOnly { folder: folder() },
        Machine::StateOnNetwork { folder: folder() },
        Machine::SpaceUnknown { folder: folder(), found: some() },
        Machine::NotThere { place: Place::Inbox, folder: folder() },
        Machine::NotAllowed { path: folder(), need: Need::Read },
        Machine::NotAllowed { path: folder(), need: Need::Write },
        Machine::OtherAccount { this: "binh".into(), owner: "loa".into() },
        Machine::DoorAjar { file: folder() },
        Machine::SleepPossible { lid: true },
        Machine::SleepPossible { lid: false },
        Machine::SleepsWhenIdle { action: "suspend".into() },
        Machine::SleepUnknown,
        Machine::NoAutostart { unit: unit() },
        Machine::AutostartUnknown,
    ];
    let station = [
        Station::ConfigFaulty(Box::new(config)),
        Station::NotRunning { ever: false },
        Station::NotRunning { ever: true },
        Station::NotAnswering { process: Some(4), found: some() },
        Station::Barred { file: folder() },
        Station::Held { entries: 3 },
        Station::Alarm { about: some(), found: some() },
        Station::Untold { to: some(), since: at(), found: Undelivered::NoSuchHost { host: some() } },
        Station::InboxWaiting { files: 2, one: folder() },
        Station::InboxUnreadable { folder: folder(), found: some() },
        Station::NoJournal,
        Station::JournalBroken { found: some() },
        Station::Restarts { cuts: 2, last: Some(at()) },
        Station::ScheduleFaulty(Box::new(schedule(Fault::NoSlots))),
        Station::ScheduleFaulty(Box::new(schedule(notice))),
        Station::SchedulesUnreadable { folder: folder() },
        Station::NoSchedule,
        Station::NothingComes,
        lacking(true, None),
        lacking(false, None),
        lacking(false, Some(CartFault::Silent)),
        Station::Unmeasured { recordings: 2 },
    ];
    let unfinished =
        [Unfinished::Hung { after: Duration::from_secs(20) }, Unfinished::Broke { found: some() }];
    let mut all: Vec<Finding> = sound.map(Finding::from).into();
    all.extend(machine.map(Finding::from));
    all.extend(station.map(Finding::from));
    all.extend(unfinished.map(|how| Finding::Unfinished { subject: Subject::Card, how }));
    all.retain(|found| found.nature().grade != Grade::Ok);
    all
}

fn complaints() -> Vec<Complaint> {
    let hours = Duration::from_secs(5 * 3600);
    vec![
        Complaint::NotSound { found: "png" },
        Complaint::Empty,
        Complaint::TooLarge { bytes: 3 << 30, limit: 2 << 30 },
        Complaint::TooLong { length: hours, limit: hours },
        Complaint::NeedsFfmpeg { format: "wma".into() },
        Complaint::NotConverted { format: "wma".into(), found: some() },
        Complaint::Document { ending: "docx".into() },
        Complaint::NoUse { ending: "exe".into() },
        Complaint::NoUse { ending: String::new() },
        Complaint::NoFile,
        Complaint::Unreadable { found: some() },
        Complaint::NotUnderstood,
        Complaint::NoCue { from: day(), until: Some(day()) },
        Complaint::NoEmergency,
        Complaint::NothingToWithdraw,
    ]
}

fn bad_names() -> Vec<BadName> {
    vec![
        BadName::Cart(CartNameError::Control),
        BadName::Windows,
        BadName::Long,
        BadName::NotUnicode,
        BadName::Deep,
    ]
}

fn cart_faults() -> Vec<CartFault> {
    vec![
        CartFault::Unreadable { found: some() },
        CartFault::Undecodable { found: some() },
        CartFault::Silent,
        CartFault::NotApproved,
        CartFault::Damaged { frames: 90, missing_frames: 10 },
    ]
}

fn remarks() -> Vec<Remark> {
    let span = Duration::from_secs(12);
    vec![
        Remark::SilentHead(span),
        Remark::SilentTail(span),
        Remark::Hole(span),
        Remark::Clipped(12_345),
        Remark::Soft(-38.2),
        Remark::Damaged(span),
        Remark::Long(span),
        Remark::CommonAirs(vec![ScheduleId::from("cchc-2026-12")]),
    ]
}

fn holds() -> Vec<Hold> {
    let (slot, other_slot): (SlotId, SlotId) = ("sang".into(), "sang".into());
    vec![
        Hold::Approval,
        Hold::SameHour { file: cart(), date: day(), slot, other: "thong-bao".into(), other_slot },
        Hold::NewContent { file: cart() },
        Hold::NotApproved { file: cart() },
    ]
}

fn notices() -> Vec<Notice> {
    let carts = || vec![cart()];
    vec![
        Notice::Cancelled { reason: None },
        Notice::Cancelled { reason: Some(some()) },
        Notice::Skipped { by: some() },
        Notice::WithoutCarts { carts: carts(), all: true },
        Notice::WithoutCarts { carts: carts(), all: false },
        Notice::Former { missing: carts() },
        Notice::NothingToRepeat,
        Notice::Waits { behind: some(), until: at() },
        Notice::WaitsForQuiet { until: at() },
        Notice::CutBy { by: some(), at: at() },
        Notice::WaitsForLimit { limit: Limit::Sessions(2), until: at() },
        Notice::Limit { limit: None },
        Notice::Limit { limit: Some(Limit::Sessions(2)) },
        Notice::QuietHours,
        Notice::TooLate { behind: some() },
        Notice::Superseded,
    ]
}

fn refusals() -> Vec<Refusal> {
    let span = Duration::from_secs(60);
    let number = || DropId("20261204-091203-3f9a1c".into());
    let airing = AiringId(7);
    let by_hand = [
        HandFault::Empty { what: Text::Why },
        HandFault::TooLong { what: Text::Why, found: 3000 },
        HandFault::BadTime { ended: at() },
        HandFault::BadLength { found: span },
        HandFault::UnknownTheme { found: some(), closest: None },
        HandFault::NoSuchAiring { airing },
        HandFault::NotByHand { airing },
        HandFault::Twice { airing },
        HandFault::NoLine { what: Text::Note },
        HandFault::NotOver { to: day() },
    ];
    let mut all = vec![
        Refusal::NothingOnAir,
        Refusal::NotInLibrary { file: cart(), closest: None },
        Refusal::CannotAir { file: cart(), found: some() },
        Refusal::QuietHours { until: at() },
        Refusal::Limit { limit: Limit::Sessions(2) },
        Refusal::EmergencyOver { until: at() },
        Refusal::EmergencyTooLong { until: at(), most: Duration::from_secs(7 * 86_400) },
        Refusal::EmergencyInterval { every: span, from: span, to: span },
        Refusal::NoEmergency,
        Refusal::NoSuchCue { slot: "sang".into(), date: day() },
        Refusal::NothingToApprove { schedule: "cchc-2026-12".into(), waiting: Vec::new() },
        Refusal::NothingToApprove { schedule: "cchc-2026-12".into(), waiting: vec!["thong-bao".into()] },
        Refusal::NewerThanReceipt { receipt: number(), file: some(), newest: number() },
        Refusal::NoSuchReceipt { receipt: number() },
        Refusal::Ending,
        Refusal::NotRecorded { found: some() },
    ];
    all.extend(by_hand.map(Refusal::ByHand));
    all
}

fn control_errors() -> Vec<ControlError> {
    let (state, file) = (PathBuf::from("/var/lib/loa/state"), || PathBuf::from("/var/lib/loa/state/control"));
    vec![
        ControlError::NotRunning { state },
        ControlError::NotAllowed { file: file(), found: some() },
        ControlError::NoAnswer { found: some() },
        ControlError::NoDoor { file: file(), found: some() },
    ]
}

fn undelivered() -> Vec<Undelivered> {
    let (host, found) = (some, some);
    vec![
        Undelivered::NoSuchHost { host: host() },
        Undelivered::NotReached { host: host(), found: found() },
        Undelivered::TooSlow { host: host(), seconds: 30 },
        Undelivered::NotSecure { host: host(), found: found() },
        Undelivered::Refused { host: host(), answer: found() },
        Undelivered::BadAddress { address: some(), found: found() },
        Undelivered::Password { file: "mat-khau".into(), why: PasswordFault::Open { mode: 0o644 } },
        Undelivered::Password { file: "mat-khau".into(), why: PasswordFault::Empty },
        Undelivered::Broken { found: found() },
    ]
}

/// Those that somebody meets who does nothing odd.
fn page_problems() -> Vec<Problem> {
    use loa::core::account::Deed;
    vec![
        Problem::StrangeName,
        Problem::NoToken,
        Problem::NotAllowed(Deed::Stop),
        Problem::NotAllowed(Deed::Play),
        Problem::WrongPassword,
        Problem::TooManyAttempts { wait: Duration::from_secs(60) },
        Problem::Crowded,
        Problem::PlayoutSilent,
        Problem::NothingSent,
        Problem::TooLarge { limit: 2_000_000_000 },
        Problem::DiskFull,
        Problem::NoSuchReceipt,
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
        ("src/core/drops.rs", "Complaint", &["Recording", "BadName", "Schedule", "Workbook"][..]),
        ("src/core/drops.rs", "BadName", &[]),
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
