//! The pages over a long log: every airing once however the list is cut, a month of many slots, and no page too heavy.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use loa::core::airing::{AiredCart, AiringId, CueId, Kind, Outcome, Priority, Reason};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::record::{Begin, Entry, Finish, Missed, Record};
use loa::journal::{Filter, Journal, Reader};

use super::pages_rig::{MadeUp, Served};

/// A station that is never asked.
struct Unasked;

impl MadeUp for Unasked {}

fn cart(topic: &str) -> AiredCart {
    AiredCart {
        file: CartName::new("Phòng Văn hóa/dvc-kỳ-1.mp3").unwrap(),
        title: "Nộp hồ sơ trực tuyến, kỳ 1".into(),
        kind: "bai".into(),
        topic: Some(topic.into()),
        source: Some("tu-san-xuat".into()),
        sha256: Some(Fingerprint([7; 32])),
        aired: Duration::ZERO,
    }
}

/// One day of that many slots: all due at one instant, each third missed, each seventh of them by a change in the schedule.
fn day(journal: &Journal, first: &mut u64, day: DateTime<Utc>, slots: u64) {
    let mut entries = Vec::new();
    for slot in 0..slots {
        let airing = AiringId(*first);
        *first += 1;
        let cue = CueId {
            schedule: "tuyen-truyen-cai-cach-hanh-chinh".into(),
            slot: format!("chuyen-muc-{slot:02}").as_str().into(),
            due: day,
        };
        let title = format!("Chuyên mục Cải cách hành chính của xã, khung giờ thứ {slot}");
        let (cue, carts) = (Some(cue), vec![cart(if slot % 2 == 0 { "vneid" } else { "thu-tuc" })]);
        let (kind, priority, planned) = (Kind::Cue, Priority::Normal, Some(Duration::from_secs(300)));
        if slot % 3 == 1 {
            let reason = if slot % 7 == 0 { Reason::Cancelled } else { Reason::NoAudio };
            let (by, approved_by, detail) = (None, None, String::new());
            entries.push(Entry::Missed(Missed {
                airing,
                kind,
                cue,
                title,
                priority,
                reason,
                planned,
                carts,
                by,
                approved_by,
                detail,
            }));
            continue;
        }
        let device = "alsa:hw:CARD=PCH".to_owned();
        entries.push(Entry::Begin(Begin {
            airing,
            kind,
            cue,
            title,
            priority,
            planned,
            carts,
            clock_synchronised: Some(true),
            clock_trust: None,
            by: None,
            approved_by: None,
            held: false,
        }));
        entries.push(Entry::Sounded { airing, at: day, device: device.clone() });
        entries.push(Entry::Finish(Finish {
            airing,
            outcome: Outcome::Aired,
            reason: None,
            ended: day + TimeDelta::seconds(300),
            frames: 14_400_000,
            aired: Duration::from_secs(300),
            carts: vec![Duration::from_secs(300)],
            level_dbfs: Some(-20.4),
            device: Some(device),
            detail: String::new(),
        }));
    }
    journal.append(day + TimeDelta::seconds(301), &entries).unwrap();
}

/// November 2026, 60 slots a day.
fn november() -> Served {
    Served::by(Unasked, |journal| {
        let mut first = 1;
        for date in 1..=30 {
            day(
                journal,
                &mut first,
                Ho_Chi_Minh.with_ymd_and_hms(2026, 11, date, 5, 30, 0).unwrap().to_utc(),
                60,
            );
        }
    })
}

/// What stands between these two, each time.
fn each<'t>(text: &'t str, from: &str, to: char) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| rest.split(to).next()).collect()
}

#[test]
fn a_list_shows_every_airing_once_however_it_is_cut() {
    let served = november();
    let mut reader = served.browser();
    for (filter, wanted) in
        [("", 1_800), ("&outcome=missed", 600), ("&topic=vneid", 900), ("&slot=chuyen-muc-04", 30)]
    {
        let mut next = Some(format!("/airings?from=2026-11-01&to=2026-11-30{filter}"));
        let mut seen = Vec::new();
        while let Some(path) = next {
            let page = reader.get(&path);
            assert_eq!(page.status, 200, "{path}: {}", page.body);
            assert!(page.body.len() < 100_000, "{path} has {} bytes", page.body.len());
            let ids = each(&page.body, "<a href=\"/airings/", '"');
            seen.extend(ids.iter().map(|id| id.parse::<u64>().unwrap()));
            let older = page.body.split_once("\" rel=\"next\"");
            next = older.map(|(before, _)| before.rsplit('"').next().unwrap().replace("&#38;", "&"));
        }
        assert_eq!(seen.len(), wanted, "{filter}");
        assert!(seen.is_sorted_by(|a, b| a > b), "the latest first, none twice");
    }
}

#[test]
fn a_month_of_many_slots_is_cut_into_light_pages_that_say_what_happened() {
    let served = november();
    let mut reader = served.browser();
    let mut seen = BTreeSet::new();
    let mut next = Some("/month?month=2026-11&language=en".to_owned());
    let mut cells = 0;
    while let Some(path) = next {
        let page = reader.get(&path);
        assert!(page.status == 200 && page.body.len() < 100_000, "{path}: {} bytes", page.body.len());
        seen.extend(each(&page.body, "<th scope=\"row\">", '<').into_iter().map(ToOwned::to_owned));
        let signs = each(&page.body, "<td class=\"", '<').len();
        cells += signs;
        for (tone, sign) in [("aired", 'A'), ("missed", 'M'), ("cancelled", 'X')] {
            for cell in page.body.split(&format!("<td class=\"{tone}\"><a href=\"/airings/")).skip(1) {
                assert_eq!(cell.split_once("\">").unwrap().1.chars().next(), Some(sign), "{tone}");
            }
        }
        let more = page.body.split_once("\">More slots");
        next = more.map(|(before, _)| before.rsplit('"').next().unwrap().replace("&#38;", "&"));
    }
    assert_eq!((seen.len(), cells), (60, 1_800));
    assert!(reader.get("/month?month=2027-02").body.contains("The journal has no such airing"));
}

#[test]
fn a_glance_says_what_the_airings_say() {
    let served = november();
    let reader = Reader::open(&served.root.path().join("state/journal.db")).unwrap();
    let from = Ho_Chi_Minh.with_ymd_and_hms(2026, 11, 10, 0, 0, 0).unwrap().to_utc();
    let to = from + TimeDelta::days(2);
    let airings =
        reader.airings(&Filter { from: Some(from), to: Some(to), ..Filter::default() }, None).unwrap();
    let glances = reader.glances(from, to).unwrap();
    assert_eq!(glances.len(), 120);
    for (airing, glance) in airings.iter().zip(&glances) {
        assert_eq!(
            (airing.id, airing.cue.as_ref(), airing.outcome),
            (glance.id, Some(&glance.cue), glance.outcome)
        );
        assert_eq!((airing.reason, &airing.title), (glance.reason, &glance.title));
    }
}
