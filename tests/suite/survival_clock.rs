//! The clock is set while the real binary airs: forward and backward, by seconds and by more than a year, into the night
//! and back; and the net arrives late. The machine's own clock stays as it is: libfaketime stands between the program
//! and the wall clock, the steady clock runs on. What the system says when its clock is set (a timer that is cancelled)
//! does not come through it, so that a step is noticed at the next look, two seconds later at most.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use loa::core::airing::{AiringId, Outcome};
use loa::core::record::{ClockChange, Entry};
use loa::journal::{Filter, Reader};

use super::rig::{ZONE, moment};
use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, now, wait_for};
use super::survival_rig::{Chance, Ear, Heard, coded, station_on, times};

const SLOTS: usize = 20;
const EVERY: usize = 3;
/// The civil hours in which the slots fall due: two by day, two by night.
const HOURS: [u32; 4] = [3, 10, 11, 22];
const FRAMES: usize = 24_000;
/// Until a step is noticed something may sound that was settled before it: a look, the lead, and the recorder's delay.
const UNNOTICED: TimeDelta = TimeDelta::seconds(5);

/// The clock that a station goes by: the machine's, off by what the test says.
struct FalseClock {
    file: PathBuf,
    /// By how much it was off, and since when by the machine's clock.
    offsets: Vec<(DateTime<Utc>, TimeDelta)>,
}

impl FalseClock {
    /// Takes hold of the station's clock and sets it to that civil time.
    fn at(station: &mut StationFolder, civil: &str) -> FalseClock {
        let library = std::fs::read_dir("/usr/lib").unwrap().flatten().map(|entry| entry.path());
        let library =
            library.map(|folder| folder.join("faketime/libfaketime.so.1")).find(|path| path.exists());
        let library = library.expect("libfaketime is installed by `make test`");
        let file = station.path().join("offset");
        for (name, value) in [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".into()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
            ("NO_FAKE_STAT", "1".into()),
        ] {
            station.environment.push((name.into(), value));
        }
        let mut clock = FalseClock { file, offsets: Vec::new() };
        clock.set(moment(ZONE, civil) - now());
        clock
    }

    fn set(&mut self, offset: TimeDelta) {
        let draft = self.file.with_extension("draft");
        std::fs::write(&draft, format!("{:+.6}\n", offset.num_microseconds().unwrap() as f64 / 1e6)).unwrap();
        std::fs::rename(draft, &self.file).unwrap();
        self.offsets.push((now(), offset));
    }

    fn step(&mut self, by: TimeDelta) {
        self.set(self.offset() + by);
    }

    fn offset(&self) -> TimeDelta {
        self.offsets.last().unwrap().1
    }

    /// What the station's clock said at that time of the machine, and how long before that it was last set.
    fn wall(&self, at: DateTime<Utc>) -> (DateTime<Utc>, TimeDelta) {
        let (since, offset) =
            self.offsets.iter().rfind(|(since, _)| *since <= at).unwrap_or(&self.offsets[0]);
        (at + *offset, at - *since)
    }
}

/// Cues every three seconds in [`HOURS`] of four days, two of these hours in the quiet ones; and the config for them.
fn dense(station: &StationFolder, trust: &str) {
    let config = station.path().join("config/station.toml");
    let text = std::fs::read_to_string(&config).unwrap();
    let text = text
        .replace("quiet_hours = \"none\"", "quiet_hours = \"21:00-05:00\"")
        .replace("trust = \"vouched\"", trust);
    std::fs::write(&config, text).unwrap();
    let hours = HOURS.map(|hour| hour.to_string()).join(",");
    for number in 0..2 {
        let head = "valid_from = 2026-12-01\nvalid_until = 2026-12-04\n";
        let mut text = format!("id = \"lich-{number}\"\ntitle = \"Lịch {number}\"\n{head}");
        for slot in (number..SLOTS).step_by(2) {
            coded(station, &format!("r{slot}.wav"), slot, FRAMES);
            text += &format!(
                "[[slot]]\nid = \"s{slot}\"\ntitle = \"Khung {slot}\"\ncron = \"{} * {hours} * * *\"\n\
                 grace = \"20s\"\nplay = [\"r{slot}.wav\"]\n",
                slot * EVERY
            );
        }
        station.schedule(&format!("lich-{number}.toml"), &text);
    }
}

fn journal(station: &StationFolder) -> PathBuf {
    station.path().join("state/journal.db")
}

/// Waits until the four days are accounted for, and ends the station.
fn accounted_and_ended(station: &mut StationFolder) {
    let over = moment(ZONE, "2026-12-05 00:00:00");
    wait_for("the account", || {
        let pulse = Reader::open(&journal(station)).ok()?.pulse().ok()??;
        pulse.accounted.filter(|accounted| *accounted >= over)
    });
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0), "{}", station.log());
}

fn entries(journal: &Path) -> Vec<Entry> {
    let all = Reader::open(journal).unwrap().latest(1_000_000).unwrap();
    all.into_iter().map(|noted| noted.entry).collect()
}

/// Whatever the clock said: each occurrence has one row, what was heard is what the journal says in the same order, no
/// occurrence sounded twice, and nothing began in the night.
fn assert_true(station: &StationFolder, clock: &FalseClock, heard: &Heard) -> String {
    let path = journal(station);
    let verdict = loa::journal::verify(&path, None, &mut |_, _| ()).unwrap();
    assert!(verdict.is_whole(), "{:?}", verdict.flaw);
    let reader = Reader::open(&path).unwrap();
    let live: BTreeMap<_, _> =
        reader.live().unwrap().iter().map(|one| (one.schedule.to_string(), one.from)).collect();
    let mut rows = BTreeMap::new();
    let mut slots: BTreeMap<AiringId, usize> = BTreeMap::new();
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for row in reader.airings(&Filter::default(), None).unwrap() {
        let cue = row.cue.as_ref().unwrap();
        let slot: usize = cue.slot.as_str()[1..].parse().unwrap();
        slots.insert(row.id, slot);
        let outcome = row.outcome.unwrap_or_else(|| panic!("no outcome: {row:?}"));
        assert_ne!(outcome, Outcome::OnAir, "{row:?}");
        let reason = row.reason.map(|reason| format!(" {reason}")).unwrap_or_default();
        *outcomes.entry(format!("{outcome}{reason}")).or_default() += 1;
        assert_eq!(rows.insert((cue.due, slot), ()), None, "two rows for one occurrence: {row:?}");
    }
    let mut due = BTreeMap::new();
    for day in 1..=4 {
        for (hour, minute) in HOURS.iter().flat_map(|hour| (0..60).map(move |minute| (*hour, minute))) {
            for slot in 0..SLOTS {
                let at = moment(ZONE, &format!("2026-12-{day:02} {hour:02}:{minute:02}:{:02}", slot * EVERY));
                if at > live[&format!("lich-{}", slot % 2)] {
                    due.insert((at, slot), ());
                }
            }
        }
    }
    assert!(rows == due, "{} rows for {} occurrences", rows.len(), due.len());
    let sounded: Vec<AiringId> = entries(&path)
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Sounded { airing, .. } => Some(airing),
            _ => None,
        })
        .collect();
    let mut once = sounded.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), sounded.len(), "an airing sounded twice");
    assert_eq!(heard.strange, 0, "two programmes at once");
    let (stretches, _) = heard.joined();
    let heard_slots: Vec<usize> = stretches.iter().map(|one| one.code).collect();
    let told_slots: Vec<usize> = sounded.iter().map(|airing| slots[airing]).collect();
    assert_eq!(heard_slots, told_slots, "what was heard, and what the journal says");
    for one in &stretches {
        assert_eq!(one.from, 0, "{one:?}");
        let (wall, since_step) = clock.wall(one.at);
        let hour = wall.with_timezone(&ZONE).hour();
        assert!((5..21).contains(&hour) || since_step < UNNOTICED, "{one:?} began at {wall}, in the night");
    }
    format!("{outcomes:?}")
}

#[test]
fn whatever_the_clock_is_set_to_nothing_airs_twice_and_nothing_at_night() {
    let mut chance = Chance::new("clock");
    let server = SoundServer::start();
    let mut station = station_on(&server, "");
    let mut clock = FalseClock::at(&mut station, "2026-12-02 10:05:00");
    dense(&station, "trust = \"vouched\"");
    let ear = Ear::at(&server);
    station.run();
    wait_for("the first cue", || ear.with(|heard| heard.stretches.first().copied()));
    // There and back: to another minute, hour, night, day, year.
    let hours = TimeDelta::hours;
    let mut trips = vec![
        hours(12),
        -hours(7),
        TimeDelta::seconds(1),
        TimeDelta::seconds(-1),
        TimeDelta::seconds(10),
        TimeDelta::seconds(-10),
        TimeDelta::minutes(1),
        TimeDelta::minutes(-3),
        hours(1),
        -hours(1),
        hours(17),
        hours(24),
        -hours(24),
        hours(24 * 400),
        -hours(24 * 400),
    ];
    let trips: Vec<TimeDelta> = match times(4, 45) {
        // Always into the night; the others by chance.
        few if few < trips.len() => {
            let mut chosen = trips.drain(..2).collect::<Vec<_>>();
            (2..few).for_each(|_| chosen.push(trips.swap_remove(chance.below(trips.len() as u64) as usize)));
            chosen
        }
        many => (0..many).map(|_| chance.pick(&trips)).collect(),
    };
    let mut steps = Vec::new();
    for trip in &trips {
        for by in [*trip, -*trip] {
            clock.step(by);
            steps.push(by);
            std::thread::sleep(chance.millis(3_000, 5_000));
            // Somebody says that the time is right, or nobody does.
            if by < TimeDelta::zero() && chance.below(3) > 0 {
                assert!(station.loa(&["clock", "confirm"]).status.success());
                std::thread::sleep(chance.millis(3_000, 5_000));
            }
        }
    }
    assert!(station.is_running(), "{}", station.log());
    // The days are over, by a clock that is right.
    clock.set(moment(ZONE, "2026-12-05 06:00:00") - now());
    std::thread::sleep(Duration::from_secs(3));
    assert!(station.loa(&["clock", "confirm"]).status.success());
    accounted_and_ended(&mut station);
    let heard = ear.stop();
    let outcomes = assert_true(&station, &clock, &heard);
    let noted: Vec<i64> = entries(&journal(&station))
        .into_iter()
        .filter_map(|entry| match entry {
            Entry::Clock { change: ClockChange::Stepped { by_ms }, .. } => Some(by_ms),
            _ => None,
        })
        .collect();
    println!(
        "clock: {} steps, {} of them noted; {outcomes}; {} heard",
        steps.len(),
        noted.len(),
        heard.joined().0.len()
    );
    for by in steps.iter().filter(|by| by.num_seconds().abs() > 5) {
        let near = |noted: &i64| (noted - by.num_milliseconds()).abs() < 1_000;
        assert!(noted.iter().any(near), "a step by {by} is not in the record: {noted:?}");
    }
}

#[test]
fn until_somebody_vouches_for_the_clock_nothing_airs_and_when_the_net_is_there_it_does() {
    let server = SoundServer::start();
    let mut station = station_on(&server, "");
    // The machine's word on its clock, by the name under which the station asks for it.
    let tools = station.path().join("tools");
    let says = |word: &str| {
        std::fs::create_dir_all(&tools).unwrap();
        let (draft, file) = (tools.join("draft"), tools.join("timedatectl"));
        std::fs::write(&draft, format!("#!/bin/sh\necho {word}\n")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&draft, mode).unwrap();
        std::fs::rename(draft, file).unwrap();
    };
    says("no");
    let path = std::env::var("PATH").unwrap();
    station.environment.push(("PATH".into(), format!("{}:{path}", tools.display())));
    // An hour behind, in an hour that has cues.
    let mut clock = FalseClock::at(&mut station, "2026-12-02 10:05:00");
    dense(&station, "trust = \"measured\"");
    let ear = Ear::at(&server);
    station.run();
    let trust = |station: &StationFolder| station.json(&["status", "--json"])["clock_trust"].clone();
    // A hardware clock that agrees with the real time does not agree with this one.
    wait_for("distrust", || (trust(&station) == "unproven").then_some(()));
    std::thread::sleep(Duration::from_secs(12));
    assert_eq!(ear.with(|heard| heard.stretches.len()), 0, "nobody vouched for this clock");
    assert_eq!(station.airings().len(), 0, "nor is anything missed by it");
    says("yes");
    clock.step(TimeDelta::hours(1));
    wait_for("trust", || (trust(&station) == "synchronised").then_some(()));
    wait_for("a cue", || ear.with(|heard| heard.stretches.first().copied()));
    clock.set(moment(ZONE, "2026-12-05 06:00:00") - now());
    accounted_and_ended(&mut station);
    println!("net late: {}", assert_true(&station, &clock, &ear.stop()));
    let rows = Reader::open(&journal(&station)).unwrap().airings(&Filter::default(), None).unwrap();
    let wrong_hour = moment(ZONE, "2026-12-02 10:00:00")..moment(ZONE, "2026-12-02 11:00:00");
    for row in rows.iter().filter(|row| wrong_hour.contains(&row.cue.as_ref().unwrap().due)) {
        assert_eq!(row.outcome, Some(Outcome::Missed), "{row:?}");
    }
    assert!(
        rows.iter().any(|row| row.outcome == Some(Outcome::Aired) && row.clock_synchronised == Some(true))
    );
}
