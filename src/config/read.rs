//! Reads the config table by table. Owns limits and defaults.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono_tz::{Asia, TZ_VARIANTS, Tz};
use toml::de::DeTable;
use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::core::amplifier::LONGEST_BEFORE;
use crate::core::document::{Fields, Key, Sheet, is_id};
use crate::core::emergency::{LONGEST_INTERVAL, LONGEST_TIME, SHORTEST_INTERVAL, USUAL_TIME};
use crate::core::fault::closest;

pub(super) type Table<'s, 'i> = Fields<'s, 'i, ConfigFault>;
type Told = Vec<Located<ConfigFault>>;

const USUAL_QUIET_HOURS: &str = "21:00-05:00";

pub(super) fn read(
    bytes: &[u8],
    file: &str,
    root: &Path,
) -> Result<(Option<Config>, Told), Faults<ConfigFault>> {
    let (table, sheet) = Sheet::open(file, bytes).map_err(Faults)?;
    let config = read_tables(&table, &sheet, root);
    Ok((config, sheet.finish()))
}

fn read_tables(table: &DeTable<'_>, sheet: &Sheet<'_, ConfigFault>, root: &Path) -> Option<Config> {
    let top = Fields::new(sheet, table, 0, "", TOP_KEYS);
    top.tell_unknown();
    let empty = DeTable::new();
    let open = |key: &'static str, place: &'static str, keys: &'static [Key]| {
        let found = top.table(key);
        let fields =
            Fields::new(sheet, found.map_or(&empty, |found| found.value), top.place(key), place, keys);
        fields.tell_unknown();
        // A table of the wrong type was told; that its keys are missing would say nothing new.
        (found.is_some() || !top.has(key)).then_some(fields)
    };
    let station = open("station", "[station]", STATION_KEYS).and_then(|fields| read_station(&fields));
    let paths = open("paths", "[paths]", PATHS_KEYS).map(|fields| read_paths(&fields, root));
    let output = open("output", "[output]", OUTPUT_KEYS).and_then(|fields| read_output(&fields));
    let loudness = open("loudness", "[loudness]", LOUDNESS_KEYS).map(|fields| read_loudness(&fields));
    let policy = open("policy", "[policy]", POLICY_KEYS).map(|fields| read_policy(&fields));
    let inbox = open("inbox", "[inbox]", INBOX_KEYS).map(|fields| read_inbox(&fields));
    let offices = top.tables("office").unwrap_or_default().into_iter().filter_map(|office| {
        read_office(&Fields::new(sheet, office.value, office.at, "[[office]]", OFFICE_KEYS))
    });
    let offices = offices.collect();
    let amplifier = open("amplifier", "[amplifier]", AMPLIFIER_KEYS);
    let amplifier = match top.has("amplifier") {
        true => Some(read_amplifier(&amplifier?)),
        false => None,
    };
    let alarms = open("alarms", "[alarms]", ALARMS_KEYS);
    let alarms = alarms.and_then(|fields| alarms::read(&fields, sheet, root));
    let page = open("page", "[page]", PAGE_KEYS).and_then(|fields| page::read(&fields, root));
    let clock = open("clock", "[clock]", CLOCK_KEYS).map(|fields| {
        let trust = fields.word("trust", &["measured", "vouched"], |word| match word {
            "measured" => Some(ClockTrust::Measured),
            "vouched" => Some(ClockTrust::Vouched),
            _ => None,
        });
        trust.unwrap_or_default()
    });
    let report = open("report", "[report]", REPORT_KEYS).map(|fields| {
        let text = |key| fields.text(key).map(|text| text.value.to_owned());
        ReportKeys { superior: text("superior"), receiver: text("receiver"), place: text("place") }
    });
    let files = open("files", "[files]", FILES_KEYS).map(|fields| Files {
        holidays: fields.text("holidays").map(|text| root.join(text.value)),
        themes: path(&fields, "themes", root, "config/themes.toml"),
        targets: fields.text("targets").map(|text| root.join(text.value)),
    });
    let paths = paths?;
    let backup =
        open("backup", "[backup]", BACKUP_KEYS).map(|fields| read_backup(&fields, root, &paths.state));
    Some(Config {
        station: station?,
        paths,
        output: output?,
        loudness: loudness?,
        policy: policy?,
        inbox: inbox?,
        offices,
        amplifier: amplifier.map_or(Some(None), |read| read.map(Some))?,
        alarms: alarms?,
        page: page?,
        clock: clock?,
        backup: backup?,
        report: report?,
        files: files?,
    })
}

fn read_station(fields: &Table<'_, '_>) -> Option<Station> {
    let id = fields.need("id", fields.id("id")).map(|id| id.value.to_owned());
    let name = fields.need("name", fields.text("name")).map(|name| name.value.to_owned());
    let zone = fields.text("time_zone").and_then(|zone| {
        let found = zone.value.parse::<Tz>().ok();
        if found.is_none() {
            fields.tell(zone.at, || ConfigFault::UnknownZone {
                found: clip(zone.value),
                closest: closest_zone(zone.value),
            });
        }
        found
    });
    let language = language(fields);
    let text = |key| fields.text(key).map(|text| text.value.to_owned());
    Some(Station {
        id: id?,
        name: name?,
        time_zone: zone.unwrap_or(Asia::Ho_Chi_Minh),
        language: language.unwrap_or_default(),
        technician: text("technician"),
        telephone: text("telephone"),
        sample: fields.flag("sample").unwrap_or(false),
    })
}

fn language(fields: &Table<'_, '_>) -> Option<Language> {
    fields.word("language", &["vi", "en"], |word| match word {
        "vi" => Some(Language::Vi),
        "en" => Some(Language::En),
        _ => None,
    })
}

fn read_inbox(fields: &Table<'_, '_>) -> Inbox {
    let seconds = Duration::from_secs;
    let number = |key, from, to| fields.integer(key, from, to).and_then(|number| u32::try_from(number).ok());
    let usual = Inbox::default();
    Inbox {
        settle: fields.span("settle", seconds(1), seconds(600)).unwrap_or(usual.settle),
        poll: fields.span("poll", seconds(1), seconds(600)).unwrap_or(usual.poll),
        keep_days: number("keep_days", 0, 3_660).unwrap_or(usual.keep_days),
        largest_mb: number("largest_mb", 1, 100_000).unwrap_or(usual.largest_mb),
        longest: fields.span("longest", seconds(60), seconds(86_400)).unwrap_or(usual.longest),
    }
}

fn read_amplifier(fields: &Table<'_, '_>) -> Option<AmplifierKeys> {
    let seconds = Duration::from_secs;
    let command = |key| {
        let words = fields.need(key, fields.texts(key))?;
        Some(words.into_iter().map(|word| word.value.to_owned()).collect::<Vec<_>>())
    };
    let (on, off) = (command("on"), command("off"));
    let timing = Timing {
        before: fields.span("before", Duration::ZERO, LONGEST_BEFORE).unwrap_or(seconds(30)),
        after: fields.span("after", Duration::ZERO, seconds(600)).unwrap_or(seconds(60)),
    };
    let timeout = fields.span("timeout", seconds(1), seconds(60)).unwrap_or(seconds(10));
    Some(AmplifierKeys { on: on?, off: off?, timing, timeout })
}

fn read_backup(fields: &Table<'_, '_>, root: &Path, state: &Path) -> Backup {
    let keep = fields.integer("keep", 1, 1_000).and_then(|keep| u32::try_from(keep).ok());
    let at = fields.text("at").and_then(|text| {
        let time = time_of(text.value);
        if time.is_none() {
            fields.tell(text.at, || ConfigFault::BadTime { key: "at", found: clip(text.value) });
        }
        time
    });
    Backup {
        folder: fields.text("folder").map_or_else(|| state.join("backup"), |text| root.join(text.value)),
        keep: keep.unwrap_or(14),
        at: at.or(NaiveTime::from_hms_opt(12, 30, 0)).unwrap_or_default(),
    }
}

/// A civil time as people write it here: `12:30`.
fn time_of(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

fn read_office(fields: &Table<'_, '_>) -> Option<Office> {
    fields.tell_unknown();
    let folder = fields.need("folder", fields.text("folder"))?;
    Some(Office { folder: folder.value.nfc().collect(), language: language(fields) })
}

/// The zone whose name comes closest; its last part counts, so that `Ho Chi Minh` finds Asia/Ho_Chi_Minh.
fn closest_zone(wanted: &str) -> Option<&'static str> {
    let wanted = clip(wanted).replace(' ', "_");
    let whole = TZ_VARIANTS.iter().map(|zone| zone.name());
    let Some((_, city)) = wanted.rsplit_once('/') else {
        let city = closest(&wanted, whole.map(|name| name.rsplit('/').next().unwrap_or(name)))?;
        return TZ_VARIANTS.iter().map(|zone| zone.name()).find(|name| name.ends_with(city));
    };
    let same =
        whole.clone().find(|name| name.rsplit('/').next().is_some_and(|of| of.eq_ignore_ascii_case(city)));
    same.or_else(|| closest(&wanted, whole))
}

fn path(fields: &Table<'_, '_>, key: &'static str, root: &Path, usual: &str) -> PathBuf {
    root.join(fields.text(key).map_or(usual, |text| text.value))
}

fn read_paths(fields: &Table<'_, '_>, root: &Path) -> Paths {
    let paths = Paths {
        schedules: path(fields, "schedules", root, "schedules"),
        audio: path(fields, "audio", root, "audio"),
        inbox: path(fields, "inbox", root, "inbox"),
        state: path(fields, "state", root, "state"),
        aircheck: path(fields, "aircheck", root, "state/aircheck"),
    };
    let folders = [
        ("schedules", &paths.schedules),
        ("audio", &paths.audio),
        ("inbox", &paths.inbox),
        ("state", &paths.state),
        ("aircheck", &paths.aircheck),
    ];
    for (inner, written) in folders {
        for (outer, read) in folders {
            let belongs = (inner, outer) == ("aircheck", "state");
            if inner != outer && !belongs && written.starts_with(read) {
                fields.tell(fields.place(inner), || ConfigFault::PathInside { inner, outer });
            }
        }
    }
    paths
}

fn read_output(fields: &Table<'_, '_>) -> Option<Output> {
    let mut cards: Vec<CardName> = Vec::new();
    for text in fields.need("cards", fields.texts("cards")).unwrap_or_default() {
        match text.value.parse::<CardName>() {
            Ok(card) if cards.contains(&card) => {
                fields.tell(text.at, || ConfigFault::CardTwice { card: card.to_string() });
            }
            Ok(card) => cards.push(card),
            Err(fault) => fields.tell(text.at, || fault),
        }
    }
    let silent = cards.iter().position(|card| card.host == Host::Virtual);
    if silent.is_some_and(|at| at + 1 < cards.len()) {
        fields.tell(fields.place("cards"), || ConfigFault::VirtualNotLast);
    }
    let integer = |key, from, to| fields.integer(key, from, to).and_then(|number| u32::try_from(number).ok());
    let rate = integer("rate", 8_000, 192_000).unwrap_or(48_000);
    let dead_air = fields.span("dead_air", Duration::from_secs(1), Duration::from_secs(600));
    let dead_air_dbfs = fields.number("dead_air_dbfs", -90.0, -20.0).unwrap_or(-50.0);
    (!cards.is_empty()).then_some(Output {
        cards,
        rate,
        dead_air: dead_air.unwrap_or(Duration::from_secs(20)),
        dead_air_dbfs,
    })
}

fn read_loudness(fields: &Table<'_, '_>) -> Loudness {
    Loudness {
        target_lufs: fields.number("target_lufs", -30.0, -16.0).unwrap_or(-16.0),
        ceiling_dbtp: fields.number("ceiling_dbtp", -9.0, 0.0).unwrap_or(-1.0),
        normalise: fields.flag("normalise").unwrap_or(true),
    }
}

fn read_policy(fields: &Table<'_, '_>) -> Policy {
    let written = fields.text("quiet_hours");
    let quiet_hours = QuietHours::parse(written.map_or(USUAL_QUIET_HOURS, |text| text.value));
    if let (Some(text), Err(_)) = (written, &quiet_hours) {
        fields.tell(text.at, || ConfigFault::BadQuietHours { found: clip(text.value) });
    }
    let mut exceptions = Vec::new();
    for item in fields.list_or_empty("exceptions").unwrap_or_default() {
        let Some(text) = fields.item_text("exceptions", item) else { continue };
        match text.value.split_once('/') {
            Some((schedule, slot)) if is_id(schedule).is_ok() && is_id(slot).is_ok() => {
                exceptions.push((ScheduleId::from(schedule), SlotId::from(slot)));
            }
            _ => fields.tell(text.at, || ConfigFault::BadException { found: clip(text.value) }),
        }
    }
    let limits = super::limits::read(fields);
    let approval = fields.word("approval", &["schedule", "command"], |word| match word {
        "schedule" => Some(Approval::Schedule),
        "command" => Some(Approval::Command),
        _ => None,
    });
    let emergency = fields.word("emergency", &["approve", "at_once"], |word| match word {
        "approve" => Some(EmergencyDrops::Approve),
        "at_once" => Some(EmergencyDrops::AtOnce),
        _ => None,
    });
    let emergency_for = fields.span("emergency_for", SHORTEST_INTERVAL, LONGEST_TIME);
    let emergency_every = fields.span("emergency_every", SHORTEST_INTERVAL, LONGEST_INTERVAL);
    Policy {
        quiet_hours: quiet_hours.unwrap_or_default(),
        exceptions,
        limits,
        approval: approval.unwrap_or_default(),
        fallback: read_fallback(fields),
        emergency: emergency.unwrap_or_default(),
        emergency_for: emergency_for.unwrap_or(USUAL_TIME),
        emergency_every: emergency_every.unwrap_or(Duration::from_secs(600)),
    }
}

fn read_fallback(fields: &Table<'_, '_>) -> Vec<CartName> {
    let mut carts = Vec::new();
    for item in fields.list_or_empty("fallback").unwrap_or_default() {
        let Some(text) = fields.item_text("fallback", item) else { continue };
        match CartName::new(text.value) {
            Ok(name) => carts.push(name),
            Err(error) => {
                let found = clip(text.value);
                fields.tell(text.at, || ConfigFault::BadFallback { found, error });
            }
        }
    }
    carts
}
