//! Believable histories of stations, as entries: what a playout writes on good days and bad ones. Owns the telling of
//! one; knows nothing of files but in [`fill`]. Stands alone, so that a bench can include it by its path.
#![allow(dead_code)]

#[path = "history_entries.rs"]
mod history_entries;
#[path = "luck.rs"]
mod luck;

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use loa::core::airing::{AiringId, CueId, Kind, Outcome, Priority, Reason, ScheduleId, SlotId};
use loa::core::cart::{CartName, Fingerprint};
use loa::core::drops::{DropId, Sender, Verdict};
use loa::core::order::Order;
use loa::core::record::{
    AlarmState, Approved, Begin, CardChange, ClockChange, ClockState, Dropped, Entry, Finish, Restored, Trust,
};
use loa::journal::Journal;

use history_entries::{by_hand, cart, live, missed, refused, started};
pub use luck::{Event, usual};

/// Entries of one transaction, and when it was written.
pub type Written = (DateTime<Utc>, Vec<Entry>);

/// A station whose life is told, two hours an event.
pub struct Station {
    now: DateTime<Utc>,
    airings: u64,
    cues: u64,
    drops: u64,
    events: u64,
    other_live: bool,
    told: Vec<Written>,
}

const SCHEDULE: &str = "cchc-2026-12";
const SLOTS: &[&str] = &["sang", "trua", "chieu"];
const CARD: &str = "alsa:hw:CARD=PCH";

impl Station {
    /// Founded on 1 December 2026, 05:00 in Ha Noi.
    pub fn founded() -> Station {
        Station::founded_after(0)
    }

    /// As founded, with that many airings numbered before; what falls due is another year's.
    pub fn founded_after(airings: u64) -> Station {
        let day = NaiveDate::from_ymd_opt(2026, 11, 30).and_then(|day| day.and_hms_opt(22, 0, 0));
        let mut station = Station {
            now: day.unwrap_or_default().and_utc() + TimeDelta::days(airings as i64 * 2),
            airings,
            cues: 0,
            events: 0,
            drops: 0,
            other_live: false,
            told: Vec::new(),
        };
        station.write(vec![
            Entry::Founded { station: "xa-hoa-tien".into(), program: "loa 0.1.0".into() },
            started(),
            live(SCHEDULE, 0),
        ]);
        station.write(vec![Entry::Holidays { text: "[[holiday]]\nname = \"Tết Nguyên đán\"\n".into() }]);
        station
    }

    /// Its drops are told from those of other histories in the same journal by that number, below a million.
    pub fn with_drops_of(mut self, history: u64) -> Station {
        self.drops = history;
        self
    }

    /// Takes what was written since it was last taken.
    pub fn take(&mut self) -> Vec<Written> {
        std::mem::take(&mut self.told)
    }

    /// Airings numbered so far.
    pub fn airings(&self) -> u64 {
        self.airings
    }

    /// The time it is there.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Lets that happen.
    pub fn happens(&mut self, event: Event) {
        self.events += 1;
        match event {
            Event::Airs => {
                let airing = self.begins();
                self.airs(airing);
            }
            Event::Stopped => {
                let airing = self.begins();
                self.sounds(airing);
                self.write(vec![Entry::Ordered {
                    order: Order::Stop,
                    by: "Nguyễn Văn An".into(),
                    refused: None,
                }]);
                self.ends(airing, Outcome::Cut, Some(Reason::Operator), 61);
            }
            Event::BadAudio => {
                let airing = self.begins();
                self.sounds(airing);
                self.ends(airing, Outcome::Interrupted, Some(Reason::BadAudio), 700);
            }
            Event::Emergency => {
                let airing = self.begins();
                let begun = self.now;
                self.sounds(airing);
                let at = begun + TimeDelta::seconds(60);
                self.write(vec![Entry::Paused { airing, at, reason: Reason::Emergency }]);
                let flood =
                    self.begins_without_cue(Kind::Emergency, "Tin lũ khẩn cấp", Some("Trần Thị Bình"));
                self.sounds(flood);
                self.ends(flood, Outcome::Aired, None, 120);
                let at = self.now;
                self.write(vec![Entry::Resumed { airing, at, device: CARD.into() }]);
                self.ends(airing, Outcome::Aired, None, 900);
            }
            Event::CardLost => {
                let airing = self.begins();
                self.sounds(airing);
                let (at, found) = (self.now, "the device was unplugged".to_owned());
                self.write(vec![
                    Entry::Card { device: CARD.into(), change: CardChange::Lost { found } },
                    Entry::Paused { airing, at, reason: Reason::DeviceLost },
                ]);
                if self.events.is_multiple_of(2) {
                    self.later(20);
                    let at = self.now;
                    self.write(vec![
                        Entry::Card { device: "pulse:usb".into(), change: CardChange::Back },
                        Entry::Resumed { airing, at, device: "pulse:usb".into() },
                    ]);
                    self.ends(airing, Outcome::Aired, None, 900);
                } else {
                    self.ends(airing, Outcome::Interrupted, Some(Reason::DeviceLost), 33);
                }
            }
            Event::Missed => {
                let reasons =
                    Reason::ALL.iter().filter(|reason| reason.fits(Outcome::Missed)).collect::<Vec<_>>();
                let reason = *reasons[self.events as usize % reasons.len()];
                let cue = self.cue();
                self.later(600);
                let airing = self.number();
                self.write(vec![missed(airing, Kind::Cue, Some(cue), reason)]);
            }
            Event::BeginsAgain => {
                let (airing, cue) = (self.number(), self.cue());
                self.begins_for(airing, cue.clone());
                self.later(5);
                self.begins_for(airing, cue);
                self.airs(airing);
            }
            Event::NeverSounds => {
                let (airing, cue) = (self.number(), self.cue());
                self.begins_for(airing, cue.clone());
                self.later(600);
                self.write(vec![missed(airing, Kind::Cue, Some(cue), Reason::NoDevice)]);
            }
            Event::Reopened => {
                let cue = self.cue();
                let (airing, real) = (self.number(), self.now);
                self.later(90_000);
                self.write(vec![missed(airing, Kind::Cue, Some(cue.clone()), Reason::Late)]);
                self.now = real + TimeDelta::seconds(30);
                let clock = ClockState { synchronised: Some(true), trust: Trust::Synchronised };
                self.write(vec![
                    Entry::Clock { change: ClockChange::Stepped { by_ms: -89_970_000 }, clock },
                    Entry::Reopened { airing },
                ]);
                let airing = self.number();
                self.begins_for(airing, cue);
                self.airs(airing);
            }
            Event::PowerCut => {
                let airing = self.begins();
                self.sounds(airing);
                self.later(3600);
                let finish = self.finish(airing, Outcome::Interrupted, Some(Reason::PowerLost), 200);
                self.write(vec![started(), Entry::Finish(finish)]);
            }
            Event::PowerCutAtBegin => {
                let cue = self.cue();
                let lost = self.number();
                self.begins_for(lost, cue.clone());
                self.later(40);
                self.write(vec![started()]);
                let airing = self.number();
                self.begins_for(airing, cue);
                self.airs(airing);
            }
            Event::Held => {
                let (airing, cue) = (self.number(), self.cue());
                let mut begin = self.begin(airing, Kind::Cue, Some(cue), "Chuyên mục CCHC", None);
                begin.held = true;
                let sounded = Entry::Sounded { airing, at: self.now, device: CARD.into() };
                self.write(vec![Entry::Begin(begin), sounded]);
                self.ends(airing, Outcome::Aired, None, 900);
            }
            Event::Played => {
                let file = cart(0).file;
                self.write(vec![Entry::Ordered {
                    order: Order::Play { file },
                    by: "kỹ thuật".into(),
                    refused: None,
                }]);
                let airing = self.begins_without_cue(Kind::Manual, "Thông báo họp thôn", Some("kỹ thuật"));
                if self.events.is_multiple_of(3) {
                    self.later(3600);
                    self.write(vec![started(), missed(airing, Kind::Manual, None, Reason::StationOff)]);
                } else {
                    self.sounds(airing);
                    self.ends(airing, Outcome::Aired, None, 45);
                }
            }
            Event::Fallback => {
                let (airing, cue) = (self.number(), self.cue());
                self.write(vec![missed(airing, Kind::Cue, Some(cue), Reason::NoAudio)]);
                let airing = self.begins_without_cue(Kind::Fallback, "Nhạc chờ", None);
                self.sounds(airing);
                self.ends(airing, Outcome::Aired, None, 300);
            }
            Event::Orders => {
                let date = self.now.date_naive();
                let skip = |slot: &str| Order::Skip { slot: slot.into(), date, time: None };
                let by = || "Lê Văn Cường".to_owned();
                self.write(vec![Entry::Ordered {
                    order: skip("toi"),
                    by: by(),
                    refused: Some("no such slot".into()),
                }]);
                self.write(vec![Entry::Ordered { order: skip("trua"), by: by(), refused: None }]);
                let file = CartName::new("lu.mp3").unwrap();
                let emergency = Order::Emergency {
                    file: file.clone(),
                    title: None,
                    until: self.now + chrono::TimeDelta::hours(1),
                    every: Some(std::time::Duration::from_secs(600)),
                    from: None,
                };
                self.write(vec![Entry::Ordered { order: emergency, by: by(), refused: None }]);
                let end = Order::EndEmergency { file: Some(file) };
                self.write(vec![Entry::Ordered { order: end, by: by(), refused: None }]);
                self.write(vec![Entry::Ordered { order: Order::ConfirmClock, by: by(), refused: None }]);
            }
            Event::NewVersion => {
                let version = live(SCHEDULE, self.events);
                let Entry::Live { schedule, text, file, .. } = &version else { unreachable!() };
                let content = Fingerprint::of(text.as_bytes());
                let id = DropId(format!("20261124-{:06}-{:06x}", self.drops, self.events).into());
                let dropped = Entry::Dropped(Dropped {
                    id: id.clone(),
                    sender: Sender::office("Phòng Văn hóa"),
                    file: file.clone(),
                    sha256: Some(content),
                    verdict: Verdict::Waiting,
                    subject: Some(schedule.to_string()),
                    content: Some(content),
                    why: Vec::new(),
                    detail: "waits for approval".into(),
                    emergency: self.events.is_multiple_of(2),
                });
                let approved = Entry::Approved(Approved {
                    schedule: schedule.clone(),
                    text: content,
                    carts: [(CartName::new("dvc-ky-1.mp3").unwrap(), content)].into(),
                    receipt: None,
                    by: "Trần Thị Bình".into(),
                });
                let refused = refused(schedule, &id, content, !self.events.is_multiple_of(3));
                self.write(vec![dropped]);
                self.write(vec![refused]);
                self.write(vec![approved, version]);
            }
            Event::OtherSchedule => {
                self.other_live = !self.other_live;
                let schedule = ScheduleId::from("tet-2027");
                self.write(vec![if self.other_live {
                    live("tet-2027", self.events)
                } else {
                    Entry::Retired { schedule, by: "the file was removed".into() }
                }]);
            }
            Event::Restart => {
                self.write(vec![Entry::Ended { by: "SIGTERM".into() }]);
                self.later(30);
                self.write(vec![started()]);
            }
            Event::Restored => {
                let entries = self.told.iter().map(|(_, entries)| entries.len() as u64).sum();
                self.write(vec![Entry::Restored(Restored {
                    found: "the file is damaged".into(),
                    set_aside: Some("journal.damaged-20261201T000000Z.db".into()),
                    sources: vec!["journal.db".into()],
                    intact_until: Some(self.now),
                    entries,
                    airings: self.airings,
                    whole: true,
                    backup: None,
                })]);
            }
            Event::ByHand => {
                let airing = self.number();
                self.write(by_hand(airing, self.now));
            }
            Event::Alarm => {
                for (state, found) in
                    [(AlarmState::Raised, "line 3: unknown key `tittle`"), (AlarmState::Over, "")]
                {
                    self.write(vec![Entry::Alarm {
                        code: "schedule_faulty".into(),
                        about: "lịch tháng 12.toml".into(),
                        found: found.into(),
                        state,
                    }]);
                }
            }
        }
        self.later(7200);
    }

    fn write(&mut self, entries: Vec<Entry>) {
        self.told.push((self.now, entries));
    }

    fn later(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    fn number(&mut self) -> AiringId {
        self.airings += 1;
        AiringId(self.airings)
    }

    fn cue(&mut self) -> CueId {
        self.cues += 1;
        let slot = SLOTS[self.cues as usize % SLOTS.len()];
        CueId { schedule: SCHEDULE.into(), slot: SlotId::from(slot), due: self.now }
    }

    fn begins(&mut self) -> AiringId {
        let (airing, cue) = (self.number(), self.cue());
        self.begins_for(airing, cue);
        airing
    }

    fn begins_for(&mut self, airing: AiringId, cue: CueId) {
        let begin = self.begin(airing, Kind::Cue, Some(cue), "Chuyên mục CCHC", None);
        self.write(vec![Entry::Begin(begin)]);
    }

    fn airs(&mut self, airing: AiringId) {
        self.sounds(airing);
        self.ends(airing, Outcome::Aired, None, 900);
    }

    fn begins_without_cue(&mut self, kind: Kind, title: &str, by: Option<&str>) -> AiringId {
        let airing = self.number();
        let begin = self.begin(airing, kind, None, title, by);
        self.write(vec![Entry::Begin(begin)]);
        airing
    }

    fn begin(
        &self,
        airing: AiringId,
        kind: Kind,
        cue: Option<CueId>,
        title: &str,
        by: Option<&str>,
    ) -> Begin {
        let emergency = kind == Kind::Emergency;
        Begin {
            airing,
            kind,
            cue,
            title: title.into(),
            priority: if emergency { Priority::Emergency } else { Priority::Normal },
            planned: Some(Duration::from_secs(900)),
            carts: vec![cart(0), cart(airing.0)],
            clock_trust: None,
            clock_synchronised: (!self.events.is_multiple_of(5)).then_some(self.events.is_multiple_of(2)),
            by: by.map(str::to_owned),
            approved_by: Some("Phạm Văn Dũng, 45/KH-UBND".into()),
            held: false,
        }
    }

    fn sounds(&mut self, airing: AiringId) {
        let at = self.now + TimeDelta::microseconds(137);
        self.write(vec![Entry::Sounded { airing, at, device: CARD.into() }]);
        self.later(1);
    }

    fn ends(&mut self, airing: AiringId, outcome: Outcome, reason: Option<Reason>, seconds: u64) {
        self.later(seconds as i64);
        let finish = self.finish(airing, outcome, reason, seconds);
        self.write(vec![Entry::Finish(finish)]);
    }

    fn finish(&self, airing: AiringId, outcome: Outcome, reason: Option<Reason>, seconds: u64) -> Finish {
        Finish {
            airing,
            outcome,
            reason,
            ended: self.now,
            frames: seconds * 48_000,
            aired: Duration::from_secs(seconds),
            carts: vec![
                Duration::from_secs(seconds.min(12)),
                Duration::from_secs(seconds.saturating_sub(12)),
            ],
            level_dbfs: (seconds != 45).then_some(-19.3 - (airing.0 % 97) as f64 / 7.0),
            device: (!airing.0.is_multiple_of(7)).then(|| CARD.to_owned()),
            detail: if reason.is_some() { format!("ended after {seconds} s") } else { String::new() },
        }
    }
}

/// Founds a journal at `path` with that many airings numbered, of a station of the usual luck, a week's entries in one
/// transaction; answers with the time that it is there. A believable size: twelve airings a day make 100,000 in some
/// 23 years.
#[allow(clippy::unwrap_used)]
pub fn fill(path: &Path, airings: u64) -> DateTime<Utc> {
    let journal = Journal::open(path).unwrap();
    let mut station = Station::founded();
    for (number, event) in usual().enumerate() {
        let enough = station.airings() >= airings;
        if number % 84 == 0 || enough {
            let entries: Vec<Entry> = station.take().into_iter().flat_map(|(_, entries)| entries).collect();
            journal.write(station.now(), &entries).unwrap();
        }
        if enough {
            break;
        }
        station.happens(event);
    }
    station.now()
}
