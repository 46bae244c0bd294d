//! Samples of every finding, complaint, refusal and other thing of a closed list that a person can be told. Owns their fields
//! alone; what is said of them `words` says.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use loa::core::account::Deed;
use loa::core::airing::{AiringId, ScheduleId, SlotId};
use loa::core::archive::{ArchiveFault, NameFault};
use loa::core::card::NotOpened;
use loa::core::cart::{CartFault, CartName, CartNameError};
use loa::core::checkup::{
    Finding, Grade, Lacking, Machine, Mixer, Need, Page, Place, Sound, Station, Subject, Unfinished,
};
use loa::core::drops::{BadName, Complaint, DropId, Hold, Remark};
use loa::core::fault::{ConfigFault, Fault, Located, TargetFault};
use loa::core::handwritten::{HandFault, Text};
use loa::core::limits::Limit;
use loa::core::order::{ControlError, Refusal};
use loa::core::outbox::{PasswordFault, Undelivered};
use loa::core::page::Problem;
use loa::core::record::Trust;
use loa::core::report::targets::TargetsRefused;
use loa::core::rundown::forecast::Notice;

pub fn at() -> DateTime<Utc> {
    "2026-11-24T05:00:00Z".parse().unwrap()
}

pub fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, 9).unwrap()
}

pub fn cart() -> CartName {
    CartName::new("ban-tin.mp3").unwrap()
}

pub fn some() -> String {
    "XYZ".into()
}

pub fn findings() -> Vec<Finding> {
    let folder = || PathBuf::from("/var/lib/loa");
    let unit = || "loa.service".to_owned();
    let lacking = |meanwhile, fault| {
        let carts = vec![(cart(), fault)];
        Station::Lacks(Box::new(Lacking { title: some(), due: at(), carts, meanwhile }))
    };
    let in_use = || NotOpened::InUse { program: Some("firefox".into()) };
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
        Sound::Fails { card: some(), found: some().into(), instead: None },
        Sound::Fails { card: some(), found: some().into(), instead: Some(some()) },
        Sound::Fails { card: some(), found: in_use(), instead: None },
        Sound::Fails { card: some(), found: in_use(), instead: Some(some()) },
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
        Machine::NotAllowed { path: folder(), need: Need::Read, account: None },
        Machine::NotAllowed { path: folder(), need: Need::Write, account: None },
        Machine::NotAllowed { path: folder(), need: Need::Read, account: Some("loa".into()) },
        Machine::NotAllowed { path: folder(), need: Need::Write, account: Some("loa".into()) },
        Machine::NotAllowed { path: folder(), need: Need::Enter, account: Some("loa".into()) },
        Machine::NotAllowed { path: folder(), need: Need::Make, account: None },
        Machine::NotAllowed { path: folder(), need: Need::Make, account: Some("loa".into()) },
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
    let address = || "0.0.0.0:8080".parse().unwrap();
    let page = [
        Page::Unprotected { address: address() },
        Page::Ending { file: folder(), ends: at(), over: false },
        Page::Ending { file: folder(), ends: at(), over: true },
        Page::CertificateFaulty { found: some() },
    ];
    let unfinished =
        [Unfinished::Hung { after: Duration::from_secs(20) }, Unfinished::Broke { found: some() }];
    let mut all: Vec<Finding> = sound.map(Finding::from).into();
    all.extend(machine.map(Finding::from));
    all.extend(station.map(Finding::from));
    all.extend(page.map(Finding::from));
    all.extend(unfinished.map(|how| Finding::Unfinished { subject: Subject::Card, how }));
    all.retain(|found| found.nature().grade != Grade::Ok);
    all
}

pub fn complaints() -> Vec<Complaint> {
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

pub fn bad_names() -> Vec<BadName> {
    vec![
        BadName::Cart(CartNameError::Control),
        BadName::Windows,
        BadName::Long,
        BadName::NotUnicode,
        BadName::Deep,
    ]
}

pub fn cart_faults() -> Vec<CartFault> {
    vec![
        CartFault::Unreadable { found: some() },
        CartFault::Undecodable { found: some() },
        CartFault::Silent,
        CartFault::NotApproved,
        CartFault::Damaged { frames: 90, missing_frames: 10 },
    ]
}

pub fn remarks() -> Vec<Remark> {
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

pub fn holds() -> Vec<Hold> {
    let (slot, other_slot): (SlotId, SlotId) = ("sang".into(), "sang".into());
    vec![
        Hold::Approval,
        Hold::SameHour { file: cart(), date: day(), slot, other: "thong-bao".into(), other_slot },
        Hold::NewContent { file: cart() },
        Hold::NewRecording { file: cart() },
        Hold::NotApproved { file: cart() },
    ]
}

pub fn notices() -> Vec<Notice> {
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

pub fn refusals() -> Vec<Refusal> {
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
        Refusal::NothingToRefuse { schedule: "cchc-2026-12".into(), waiting: Vec::new() },
        Refusal::NewerThanReceipt { receipt: number(), file: some(), newest: number() },
        Refusal::NoSuchReceipt { receipt: number() },
        Refusal::Ending,
        Refusal::NotRecorded { found: some() },
    ];
    all.extend(by_hand.map(Refusal::ByHand));
    all
}

pub fn control_errors() -> Vec<ControlError> {
    let (state, file) = (PathBuf::from("/var/lib/loa/state"), || PathBuf::from("/var/lib/loa/state/control"));
    vec![
        ControlError::NotRunning { state },
        ControlError::NotAllowed { file: file(), found: some() },
        ControlError::NoAnswer { found: some() },
        ControlError::NoDoor { file: file(), found: some() },
    ]
}

pub fn undelivered() -> Vec<Undelivered> {
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

pub fn target_faults() -> Vec<TargetFault> {
    vec![
        TargetFault::UnknownTheme { found: some(), closest: None },
        TargetFault::ThemesDiffer { of_id: some(), named: some() },
        TargetFault::BadPeriod { found: some() },
        TargetFault::BadFigure { found: some() },
        TargetFault::TwoFigures,
        TargetFault::Again { row: 7 },
        TargetFault::NoHeadings,
        TargetFault::NoFigures,
        TargetFault::WithSchedule,
    ]
}

/// What keeps a station from being backed up or restored.
pub fn archive_faults() -> Vec<ArchiveFault> {
    let (file, folder) = (|| PathBuf::from("/media/usb/loa.zip"), || PathBuf::from("/var/lib/loa"));
    vec![
        ArchiveFault::Exists { file: file() },
        ArchiveFault::AtWork { file: file() },
        ArchiveFault::NoRoom { folder: folder(), free: 1 << 20, needed: 2 << 30 },
        ArchiveFault::Full { folder: folder() },
        ArchiveFault::TooLarge { folder: folder() },
        ArchiveFault::Unreadable { file: file(), found: some() },
        ArchiveFault::Unwritable { file: file(), found: some() },
        ArchiveFault::JournalDamaged { found: some() },
        ArchiveFault::Journal { file: file(), found: some() },
        ArchiveFault::NoBackup { file: file(), found: some() },
        ArchiveFault::CutOff { file: file() },
        ArchiveFault::Damaged { file: file(), name: some(), found: some() },
        ArchiveFault::BadName { file: file(), name: some(), fault: NameFault::Outside },
        ArchiveFault::Newer { file: file(), made_by: "1.2.0".into(), this: "1.1.0".into() },
        ArchiveFault::Running { folder: folder(), holder: Some(4) },
        ArchiveFault::Occupied { folder: folder() },
        ArchiveFault::NoSwap { new: folder(), old: folder(), found: some() },
        ArchiveFault::NotEmpty { folder: folder(), file: file() },
    ]
}

pub fn targets_refused() -> Vec<TargetsRefused> {
    use TargetsRefused::{Approval, Empty, NoList, NotTakenOff};
    vec![Empty, Approval, NoList, NotTakenOff]
}

/// Those that somebody meets who does nothing odd.
pub fn page_problems() -> Vec<Problem> {
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
        Problem::WaitsNoMore,
        Problem::WaitsOtherwise,
    ]
}
