//! Single entries of the histories, with what chance does not decide. Owns their wording.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use loa::core::airing::{AiredCart, AiringId, CueId, Kind, Priority, Reason, ScheduleId};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::drops::{DropId, Sender};
use loa::core::handwritten::{AiringNote, Entered, Reviewed};
use loa::core::record::{ClockState, Entry, Missed, Refused, RefusedDrop, Trust};

const TOPICS: &[&str] = &["dich-vu-cong", "thu-tuc", "vneid", "chu-truong"];

pub fn started() -> Entry {
    let clock = ClockState { synchronised: Some(true), trust: Trust::Synchronised };
    Entry::Started { program: "loa 0.1.0".into(), boot: Some("3f2a".into()), clock }
}

pub fn live(schedule: &str, version: u64) -> Entry {
    Entry::Live {
        schedule: schedule.into(),
        file: format!("{schedule}.toml"),
        text: format!("id = \"{schedule}\"\ntitle = \"Tuyên truyền CCHC, bản {version}\"\n"),
        by: "văn phòng".into(),
    }
}

pub fn missed(airing: AiringId, kind: Kind, cue: Option<CueId>, reason: Reason) -> Entry {
    Entry::Missed(Missed {
        airing,
        kind,
        cue,
        title: "Chuyên mục CCHC".into(),
        priority: Priority::Normal,
        reason,
        planned: None,
        carts: vec![cart(airing.0)],
        by: None,
        approved_by: None,
        detail: format!("for the reason `{reason}`"),
    })
}

pub fn cart(number: u64) -> AiredCart {
    let file = if number == 0 { "nhạc-hiệu.mp3".into() } else { format!("kỳ-{}.mp3", number % 40) };
    let topic = (number > 0).then(|| TOPICS[number as usize % TOPICS.len()].to_owned());
    AiredCart {
        title: file.clone(),
        #[allow(clippy::unwrap_used)]
        file: CartName::new(&file).unwrap(),
        kind: if number == 0 { "nhac-hieu".into() } else { "bai".into() },
        topic,
        source: (number > 0).then(|| "tu-san-xuat".into()),
        sha256: (!number.is_multiple_of(11)).then_some(Fingerprint([number as u8; 32])),
        aired: Duration::ZERO,
    }
}

/// What a person refuses of that drop: its version with a recording, or recordings alone.
pub fn refused(schedule: &ScheduleId, drop: &DropId, content: Fingerprint, version: bool) -> Entry {
    Entry::Refused(Refused {
        schedule: schedule.clone(),
        title: "Tuyên truyền CCHC".into(),
        text: version.then_some(content),
        #[allow(clippy::unwrap_used)]
        carts: [(CartName::new("dvc-ky-2.mp3").unwrap(), content)].into(),
        drops: vec![RefusedDrop {
            id: drop.clone(),
            sender: Sender::office("Phòng Văn hóa"),
            file: "lich.xlsx".into(),
        }],
        by: "Trần Thị Bình".into(),
        why: "sai giờ họp dân".into(),
        receipt: version.then(|| drop.clone()),
    })
}

/// What a person writes in, with a note on it and a review of the day.
pub fn by_hand(airing: AiringId, now: DateTime<Utc>) -> Vec<Entry> {
    let by = || "Nguyễn Văn Bình".to_owned();
    let entered = Entered {
        airing,
        title: "Trưởng thôn đọc thông báo: 8/3".into(),
        started: now - TimeDelta::minutes(40),
        length: Duration::from_secs(754),
        kind: "thong-bao".into(),
        topic: Some("thu-tuc".into()),
        why: "mất điện".into(),
        by: by(),
        account: "dai".into(),
    };
    let day = now.date_naive();
    vec![
        Entry::Entered(entered),
        Entry::Noted(AiringNote { airing, text: "đã nghe".into(), by: by(), account: String::new() }),
        Entry::Reviewed(Reviewed {
            from: day,
            to: day,
            text: String::new(),
            by: by(),
            account: String::new(),
        }),
    ]
}
