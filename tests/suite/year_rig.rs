//! A generated year of a station, 2025 and the December before it, written into a journal as a station writes it, with good days and bad ones. Owns
//! the telling; what a report makes of it is for others to count. Stands alone, so that a bench can include it by its path.
#![allow(dead_code)]

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use loa::core::airing::{AiredCart, AiringId, CueId, Kind, Outcome, Priority, Reason};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::drops::{DropId, Sender, Verdict, WhyReturned};
use loa::core::record::{Begin, ClockState, Dropped, Entry, Finish, Missed, Record, Trust};
use loa::journal::Journal;

/// The schedule of the year: three slots, one of them a repeat on working days.
pub const SCHEDULE: &str = r#"id = "cchc-2025"
title = "Tuyên truyền CCHC năm 2025"
valid_from = 2024-12-01
valid_until = 2025-12-31
approved_by = "Nguyễn Văn An, Phó Chủ tịch UBND xã"
approved_ref = "45/KH-UBND"

[[slot]]
id = "sang"
title = "Chuyên mục CCHC"
at = ["05:30"]
days = ["T2-CN"]
play = ["nhac-hieu.mp3", "bai.mp3"]

[[slot]]
id = "trua"
title = "Bản tin trưa"
at = ["11:15"]
days = ["T2-T6"]
play = ["bai.mp3"]

[[slot]]
id = "chieu"
title = "Chuyên mục CCHC (phát lại)"
at = ["17:00"]
days = ["T2-T6"]
play = ["nhac-hieu.mp3", "bai.mp3"]
"#;

/// The themes that the programmes of the year are on; the last is in no list.
pub const TOPICS: [&str; 5] = ["dich-vu-cong", "thu-tuc", "vneid", "chinh-quyen-so", "chu-de-cu"];

const HANOI: i64 = 7 * 3600;
/// Twice a day the journal does not say what became of a cue: these are numbers of cues.
const FORGOTTEN: [u64; 3] = [100, 333, 600];

struct Year {
    state: u64,
    next: u64,
    cues: u64,
}

impl Year {
    fn chance(&mut self, of: u64) -> u64 {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % of
    }

    fn airing(&mut self) -> AiringId {
        self.next += 1;
        AiringId(self.next)
    }

    fn tune() -> AiredCart {
        cart("nhac-hieu.mp3", "Nhạc hiệu", "nhac-hieu", None)
    }

    fn item(&mut self) -> AiredCart {
        let number = self.chance(60);
        let topic = TOPICS[(number % TOPICS.len() as u64) as usize];
        let kind = ["tin", "bai", "hoi-dap"][(number % 3) as usize];
        cart(&format!("ky-{number}.mp3"), &format!("Kỳ {number}"), kind, Some(topic))
    }

    /// One cue with what becomes of it.
    fn cue(&mut self, day: NaiveDate, slot: &str, title: &str, at: (u32, u32), tune: bool) -> Vec<Entry> {
        self.cues += 1;
        if FORGOTTEN.contains(&self.cues) {
            return Vec::new();
        }
        let due = civil(day, at);
        let cue = CueId { schedule: "cchc-2025".into(), slot: slot.into(), due };
        let mut carts = if tune { vec![Year::tune()] } else { Vec::new() };
        carts.push(self.item());
        let airing = self.airing();
        let priority = if self.chance(20) == 0 { Priority::Priority } else { Priority::Normal };
        let begin = |kind| Begin {
            airing,
            kind,
            cue: Some(cue.clone()),
            title: title.into(),
            priority,
            planned: Some(carts.iter().map(whole).sum()),
            carts: carts.clone(),
            clock_synchronised: Some(true),
            clock_trust: Some(Trust::Synchronised),
            by: None,
            approved_by: Some("Nguyễn Văn An, Phó Chủ tịch UBND xã (45/KH-UBND)".into()),
            held: false,
        };
        let late = TimeDelta::milliseconds(if self.chance(15) == 0 {
            4_000 + self.chance(90_000) as i64
        } else {
            2
        });
        let missed = |reason| {
            vec![Entry::Missed(Missed {
                airing,
                kind: Kind::Cue,
                cue: Some(cue.clone()),
                title: title.into(),
                priority,
                reason,
                planned: Some(carts.iter().map(whole).sum()),
                carts: carts.clone(),
                by: (reason == Reason::Operator).then(|| "Trần Thị Bình".into()),
                approved_by: None,
                detail: String::new(),
            })]
        };
        match self.chance(40) {
            0 => missed(Reason::StationOff),
            1 => missed(Reason::Cancelled),
            2 => missed([Reason::NoAudio, Reason::Operator, Reason::Superseded][self.chance(3) as usize]),
            3 => aired(begin(Kind::Cue), due + late, Some((Outcome::Interrupted, Reason::PowerLost))),
            4 => aired(begin(Kind::Cue), due + late, Some((Outcome::Cut, Reason::Operator))),
            5 => aired(begin(Kind::Test), due + late, None),
            _ => aired(begin(Kind::Cue), due + late, None),
        }
    }

    /// An airing of no slot.
    fn other(&mut self, day: NaiveDate, kind: Kind) -> Vec<Entry> {
        let mut carts = vec![self.item()];
        if kind == Kind::Fallback {
            carts[0].topic = None;
        }
        let begin = Begin {
            airing: self.airing(),
            kind,
            cue: None,
            title: "Theo yêu cầu".into(),
            priority: Priority::Normal,
            planned: Some(whole(&carts[0])),
            carts,
            clock_synchronised: Some(false),
            clock_trust: Some(Trust::Plausible),
            by: Some("=HYPERLINK(\"http://x\")".into()),
            approved_by: None,
            held: false,
        };
        aired(begin, civil(day, (9, 7)), None)
    }
}

fn civil(day: NaiveDate, (hour, minute): (u32, u32)) -> DateTime<Utc> {
    let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
    (day.and_time(time) - TimeDelta::seconds(HANOI)).and_utc()
}

fn cart(file: &str, title: &str, kind: &str, topic: Option<&str>) -> AiredCart {
    AiredCart {
        #[allow(clippy::unwrap_used)]
        file: CartName::new(file).unwrap(),
        title: title.into(),
        kind: kind.into(),
        topic: topic.map(str::to_owned),
        source: topic.map(|_| "tu-san-xuat".into()),
        sha256: Some(Fingerprint::of(file.as_bytes())),
        aired: Duration::ZERO,
    }
}

/// How long a recording of the year is: by its name, never a whole second.
fn whole(cart: &AiredCart) -> Duration {
    let sum: u64 = cart.file.as_str().bytes().map(u64::from).sum();
    if cart.topic.is_none() {
        Duration::from_millis(14_700)
    } else {
        Duration::from_millis(120_350 + sum * 97)
    }
}

/// Begin, first frame and end; what was cut or holed went out to its half.
fn aired(begin: Begin, started: DateTime<Utc>, spoilt: Option<(Outcome, Reason)>) -> Vec<Entry> {
    let share = |cart: &AiredCart| if spoilt.is_some() { whole(cart) / 2 } else { whole(cart) };
    let carts: Vec<Duration> = begin.carts.iter().map(share).collect();
    let length: Duration = carts.iter().sum();
    let (airing, device) = (begin.airing, "alsa:hw:CARD=PCH".to_owned());
    let finish = Finish {
        airing,
        outcome: spoilt.map_or(Outcome::Aired, |(outcome, _)| outcome),
        reason: spoilt.map(|(_, reason)| reason),
        ended: started + TimeDelta::from_std(length).unwrap_or_default(),
        frames: (length.as_millis() * 48) as u64,
        aired: length,
        carts,
        level_dbfs: Some(-18.5),
        device: Some(device.clone()),
        detail: String::new(),
    };
    vec![Entry::Begin(begin), Entry::Sounded { airing, at: started, device }, Entry::Finish(finish)]
}

/// Writes the year into a new journal at `path`.
pub fn fill(path: &Path) {
    let first = NaiveDate::from_ymd_opt(2024, 12, 1).unwrap_or_default();
    let (journal, mut year) = found(path, first);
    for day in first.iter_days().take_while(|day| day.year() <= 2025) {
        write_day(&journal, &mut year, day);
    }
}

fn found(path: &Path, first: NaiveDate) -> (Journal, Year) {
    #[allow(clippy::unwrap_used)]
    let journal = Journal::open(path).unwrap();
    let start = civil(first, (0, 0)) - TimeDelta::seconds(1);
    let clock = ClockState { synchronised: Some(true), trust: Trust::Synchronised };
    let entries = [
        Entry::Founded { station: "xa-thu".into(), program: "loa 0.1.0".into() },
        Entry::Started { program: "loa 0.1.0".into(), boot: None, clock },
        Entry::Live {
            schedule: "cchc-2025".into(),
            file: "cchc-2025.toml".into(),
            text: SCHEDULE.into(),
            by: "Văn phòng".into(),
        },
    ];
    append(&journal, start, &entries);
    (journal, Year { state: 42, next: 0, cues: 0 })
}

fn write_day(journal: &Journal, year: &mut Year, day: NaiveDate) {
    let mut entries = year.cue(day, "sang", "Chuyên mục CCHC", (5, 30), true);
    if !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) {
        entries.extend(match day.day() {
            7 => year.other(day, Kind::Manual),
            8 => year.other(day, Kind::Fallback),
            9 => year.other(day, Kind::Emergency),
            _ => Vec::new(),
        });
        entries.extend(year.cue(day, "trua", "Bản tin trưa", (11, 15), false));
        entries.extend(year.cue(day, "chieu", "Chuyên mục CCHC (phát lại)", (17, 0), true));
    }
    if day.day() == 3 {
        let returned = Dropped {
            id: DropId(format!("{}-081500-3f9a1c", day.format("%Y%m%d")).as_str().into()),
            sender: Sender::office("Văn phòng"),
            file: "bài hỏng.mp3".into(),
            sha256: None,
            verdict: Verdict::Returned,
            subject: None,
            content: None,
            why: vec![WhyReturned::Damaged],
            detail: "it ends in the middle".into(),
            emergency: false,
        };
        entries.push(Entry::Dropped(returned));
    }
    append(journal, civil(day, (20, 0)), &entries);
}

fn append(journal: &Journal, at: DateTime<Utc>, entries: &[Entry]) {
    #[allow(clippy::unwrap_used)]
    journal.append(at, entries).unwrap();
}

/// Writes ten years, 2016 to 2025, of `a_day` airings each day: a million with 274.
pub fn fill_decade(path: &Path, a_day: u32) {
    let first = NaiveDate::from_ymd_opt(2016, 1, 1).unwrap_or_default();
    let (journal, mut year) = found(path, first);
    let days = first.iter_days();
    for day in days.take_while(|day| day.year() <= 2025) {
        let entries: Vec<Entry> = (0..a_day)
            .flat_map(|number| {
                let minute = number * 1_430 / a_day;
                year.cue(day, "sang", "Chuyên mục CCHC", (minute / 60, minute % 60), number % 2 == 0)
            })
            .collect();
        append(&journal, civil(day, (23, 59)), &entries);
    }
}
