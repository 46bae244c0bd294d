//! Every finding in both languages. Owns the list of samples; the compiler keeps the wording itself complete.

use std::collections::{BTreeSet, HashSet};
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

use super::*;
use crate::core::card::NotOpened;
use crate::core::cart::{CartFault, CartName};
use crate::core::checkup::{Lacking, Machine, Mixer, Need, Page, Place, Sound, Station};
use crate::core::fault::{ConfigFault, Located};
use crate::core::outbox::Undelivered;
use crate::core::record::Trust;

fn samples() -> Vec<Finding> {
    let at: DateTime<Utc> = "2026-11-24T05:00:00Z".parse().unwrap();
    let folder = || PathBuf::from("/srv/loa");
    let card = || "alsa:hw:CARD=PCH".to_owned();
    let in_use = |program: Option<&str>| NotOpened::InUse { program: program.map(str::to_owned) };
    let lacking = |meanwhile| {
        let carts = vec![
            (CartName::new("a.mp3").unwrap(), None),
            (CartName::new("b.mp3").unwrap(), Some(CartFault::Silent)),
        ];
        Station::Lacks(Box::new(Lacking { title: "Buổi sáng".into(), due: at, carts, meanwhile }))
    };
    let level =
        |percent| Sound::Level { card: card(), control: "Master".into(), percent, mixer: Mixer::Amixer };
    let located =
        Located { file: "station.toml".into(), line: None, slot: None, fault: ConfigFault::NotThere };
    let sound = [
        Sound::Opens { card: "alsa:hw:CARD=PCH".parse().unwrap(), rate: 48_000 },
        Sound::Open { device: card() },
        Sound::Closed,
        Sound::Fails { card: card(), found: "it hung".into(), instead: None },
        Sound::Fails { card: card(), found: in_use(None), instead: None },
        Sound::Fails { card: card(), found: in_use(Some("vlc")), instead: None },
        Sound::Fails { card: card(), found: in_use(Some("loa")), instead: None },
        Sound::Fails { card: card(), found: in_use(Some("pipewire")), instead: Some("pulseaudio".into()) },
        Sound::Fails { card: card(), found: "it hung".into(), instead: Some("pulseaudio".into()) },
        Sound::OnlyVirtual,
        level(0),
        level(30),
        level(90),
        Sound::Muted { card: card(), control: "Master".into(), mixer: Mixer::Pactl },
        Sound::LoaMuted,
        Sound::NoMixer { card: card(), mixer: Mixer::Pactl },
        Sound::NoMixer { card: card(), mixer: Mixer::Amixer },
        Sound::MixerUnknown { card: card(), found: "connection refused".into() },
        Sound::MixerUnknownHere { card: "wasapi".into() },
        Sound::Alone,
        Sound::Shared { card: card(), program: "firefox".into(), process: Some(4) },
        Sound::Shared { card: card(), program: String::new(), process: None },
        Sound::OtherStation { process: 4 },
        Sound::ProgramsUnknown,
    ];
    let machine = [
        Machine::Clock { trust: Trust::Synchronised },
        Machine::Clock { trust: Trust::Unproven },
        Machine::NotSynchronised { said: Some(false) },
        Machine::NotSynchronised { said: None },
        Machine::NoHardwareClock,
        Machine::HardwareClockOff { ahead: TimeDelta::hours(7) },
        Machine::HardwareClockOff { ahead: TimeDelta::minutes(-3) },
        Machine::ZoneDiffers { system: TimeDelta::minutes(-210), station: Ho_Chi_Minh },
        Machine::Space { folder: folder(), free: 1 << 20 },
        Machine::Space { folder: folder(), free: 200 << 20 },
        Machine::Space { folder: folder(), free: 200 << 30 },
        Machine::NoMoreFiles { folder: folder() },
        Machine::ReadOnly { folder: folder() },
        Machine::StateOnNetwork { folder: folder() },
        Machine::SpaceUnknown { folder: folder(), found: "no such device".into() },
        Machine::NotThere { place: Place::Audio, folder: folder() },
        Machine::NotAllowed { path: folder(), need: Need::Read, account: None },
        Machine::NotAllowed { path: folder(), need: Need::Write, account: None },
        Machine::NotAllowed { path: folder(), need: Need::Read, account: Some("loa".into()) },
        Machine::NotAllowed { path: folder(), need: Need::Write, account: Some("loa".into()) },
        Machine::NotAllowed { path: folder(), need: Need::Enter, account: Some("loa".into()) },
        Machine::OtherAccount { this: "root".into(), owner: "loa".into() },
        Machine::DoorAjar { file: folder() },
        Machine::Allowed,
        Machine::SleepMasked,
        Machine::SleepPossible { lid: true },
        Machine::SleepPossible { lid: false },
        Machine::SleepsWhenIdle { action: "suspend".into() },
        Machine::SleepUnknown,
        Machine::Autostart { unit: "loa.service".into() },
        Machine::NoAutostart { unit: "loa.service".into() },
        Machine::AutostartUnknown,
        Machine::Converter { there: true },
        Machine::Converter { there: false },
    ];
    let station = [
        Station::ConfigRight { file: folder() },
        Station::ConfigFaulty(Box::new(located)),
        Station::Running { since: at },
        Station::NotRunning { ever: false },
        Station::NotRunning { ever: true },
        Station::NotAnswering { process: Some(4), found: "the playout is busy".into() },
        Station::NotAnswering { process: None, found: "the playout is busy".into() },
        Station::Barred { file: folder() },
        Station::Held { entries: 3 },
        Station::Alarm { about: "lich.toml".into(), found: "một\nhai".into() },
        Station::NoAlarm,
        Station::Untold {
            to: "van-hoa@example.vn".into(),
            since: at,
            found: Undelivered::NoSuchHost { host: "mail.example.vn".into() },
        },
        Station::InboxEmpty,
        Station::InboxWaiting { files: 2, one: folder() },
        Station::InboxUnreadable { folder: folder(), found: "permission denied".into() },
        Station::Journal { entries: 9, proven: true },
        Station::Journal { entries: 9, proven: false },
        Station::NoJournal,
        Station::JournalBroken { found: "entry 4 was changed".into() },
        Station::Restarts { cuts: 0, last: None },
        Station::Restarts { cuts: 2, last: Some(at) },
        Station::SchedulesUnreadable { folder: folder() },
        Station::NoSchedule,
        Station::NothingComes,
        Station::Comes { cues: 10, first: at },
        lacking(true),
        lacking(false),
        Station::RecordingsThere,
        Station::Unmeasured { recordings: 2 },
    ];
    let address = || "0.0.0.0:8080".parse().unwrap();
    let page = [
        Page::Nowhere,
        Page::Here { address: "127.0.0.1:8080".parse().unwrap() },
        Page::Protected { address: address(), ends: at },
        Page::Unprotected { address: address() },
        Page::Ending { file: folder(), ends: at, over: false },
        Page::Ending { file: folder(), ends: at, over: true },
        Page::CertificateFaulty { found: "trang.key: no PEM".into() },
    ];
    let unfinished = [
        Unfinished::Hung { after: Duration::from_secs(20) },
        Unfinished::Broke { found: "index out of bounds".into() },
    ];
    let mut all: Vec<Finding> = sound.map(Finding::from).into();
    all.extend(machine.map(Finding::from));
    all.extend(station.map(Finding::from));
    all.extend(page.map(Finding::from));
    all.extend(unfinished.map(|how| Finding::Unfinished { subject: Subject::Card, how }));
    all
}

#[test]
fn every_finding_is_said_in_both_languages_and_has_a_remedy_where_it_is_not_fine() {
    let mut said = HashSet::new();
    for sample in samples() {
        let [vi, en] = [Vi, En].map(|language| finding(language, Ho_Chi_Minh, &sample));
        assert_ne!(vi.found, en.found, "{sample:?}");
        let fine = sample.nature().grade == Grade::Ok;
        for told in [&vi, &en] {
            assert_eq!(told.remedy.is_none(), fine, "{told:?}");
            for text in told.remedy.iter().chain([&told.found]) {
                assert!(!text.trim().is_empty() && !text.ends_with(['.', ';', ' ']), "{text}");
                assert!(!text.contains("  "), "{text}");
            }
            assert!(said.insert((*told).clone()), "said twice: {}", told.found);
        }
        assert!(fine || vi.remedy != en.remedy, "{sample:?}");
    }
}

#[test]
fn every_subject_and_grade_has_its_word_and_the_remedy_stands_below() {
    for language in [Vi, En] {
        let words: BTreeSet<&str> = Subject::ALL.iter().map(|one| subject(language, *one)).collect();
        assert_eq!(words.len(), Subject::ALL.len());
    }
    let told = samples().into_iter().map(|sample| sample.nature().subject).collect::<BTreeSet<_>>();
    assert_eq!(told, Subject::ALL.into(), "a subject without a sample");
    let muted = Finding::from(Sound::Muted {
        card: "pulseaudio:loa".into(),
        control: "loa".into(),
        mixer: Mixer::Pactl,
    });
    assert_eq!(
        lines(Vi, Ho_Chi_Minh, &muted),
        [
            "LỖI       Âm lượng: pulseaudio:loa: “loa” đang tắt tiếng",
            "          → hãy bật tiếng bằng bảng chỉnh âm lượng của máy hoặc `pavucontrol`"
        ]
    );
    assert_eq!(
        lines(En, Ho_Chi_Minh, &Station::Held { entries: 3 }.into())[0],
        "WRONG     Journal: 3 entries could not be written and are held in memory"
    );
}

#[test]
fn a_fault_keeps_its_remedy_apart() {
    let told = station::said(
        En,
        Ho_Chi_Minh,
        &Station::ConfigFaulty(Box::new(Located {
            file: "station.toml".into(),
            line: None,
            slot: None,
            fault: ConfigFault::NotThere,
        })),
    );
    assert!(told.remedy.is_some_and(|remedy| !remedy.is_empty()) && told.found.starts_with("station.toml"));
}
