//! The station's config, `config/station.toml`: every key documented here and in the sample, unknown ones refused,
//! every fault told at once. Owns the keys, their limits and their defaults; of what they name it opens the lists beside
//! it alone.

use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::NaiveTime;
use chrono_tz::Tz;

use crate::core::airing::{ScheduleId, SlotId};
use crate::core::amplifier::Timing;
use crate::core::as_json::StationNamed;
use crate::core::calendar::{Holidays, QuietHours};
use crate::core::cart::CartName;
use crate::core::document::LARGEST;
use crate::core::fault::{ConfigFault, DocumentFault, Faults, Located, clip};
use crate::core::language::Language;
use crate::core::limits::Limits;
use crate::core::loudness::Loudness;
use crate::core::report::targets::Targets;
use crate::core::rundown::forecast::Policy as Rules;
use crate::core::schedule::read::Reference;

mod alarms;
pub mod holidays;
pub mod installed;
mod keys;
mod limits;
mod page;
mod read;
pub mod targets;
mod themes;

pub use crate::core::card::{CardName, Host};
pub use alarms::AlarmKeys;
pub use keys::*;
pub use page::{Certificate, Listen, Page};
pub use themes::{Theme, Themes};

/// The config of a station.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// `[station]`.
    pub station: Station,
    /// `[paths]`.
    pub paths: Paths,
    /// `[output]`.
    pub output: Output,
    /// `[loudness]`: `target_lufs`, −30–−16, default −16, louder than the −23 of broadcasting: speech from horn
    /// loudspeakers has to be understood over wind and traffic at the far houses, and speech at −16 still leaves the
    /// limiter little to do; `ceiling_dbtp`, −9–0, default −1, as R128 has it; `normalise`, default true.
    pub loudness: Loudness,
    /// `[policy]`.
    pub policy: Policy,
    /// `[inbox]`.
    pub inbox: Inbox,
    /// `[[office]]`.
    pub offices: Vec<Office>,
    /// `[amplifier]`; none: nothing is switched.
    pub amplifier: Option<AmplifierKeys>,
    /// `[alarms]`; none: whoever looks at the inbox or asks for the status hears of them.
    pub alarms: AlarmKeys,
    /// `[page]`.
    pub page: Page,
    /// `[clock]`.
    pub clock: ClockTrust,
    /// `[backup]`.
    pub backup: Backup,
    /// `[report]`.
    pub report: ReportKeys,
    /// `[files]`.
    pub files: Files,
}

/// `[station]`: who this is.
#[derive(Clone, Debug, PartialEq)]
pub struct Station {
    /// `id`: its name for machines and in reports; the letters of a schedule's id.
    pub id: String,
    /// `name`: its name for people.
    pub name: String,
    /// `time_zone`: by which its schedules are meant. Default `Asia/Ho_Chi_Minh`.
    pub time_zone: Tz,
    /// `language`: of everything that it writes for people. Default `vi`.
    pub language: Language,
    /// `technician`: whom offices ask; on every receipt. Default none.
    pub technician: Option<String>,
    /// `telephone`: of the technician. Default none.
    pub telephone: Option<String>,
    /// `sample`: a station for trying out; its airings are of kind `test` and are never counted. Default false.
    pub sample: bool,
}

/// `[paths]`: folders, relative to the parent of the config's folder, never to the working directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Paths {
    /// `schedules`: read. Default `schedules`.
    pub schedules: PathBuf,
    /// `audio`: the recordings; read. Default `audio`.
    pub audio: PathBuf,
    /// `inbox`: what offices drop; written. Default `inbox`.
    pub inbox: PathBuf,
    /// `state`: the journal, the lock, the control file; written. Default `state`.
    pub state: PathBuf,
    /// `aircheck`: what the virtual card would have sounded; written. Default `state/aircheck`.
    pub aircheck: PathBuf,
}

/// `[output]`: the sound cards and what is asked of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// `cards`: tried in this order; never empty, none twice.
    pub cards: Vec<CardName>,
    /// `rate`: frames a second asked of the card, 8,000–192,000. Default 48,000.
    pub rate: u32,
    /// `dead_air`: the longest silence inside a programme before it counts as dead air, 1 s–10 min. Default 20 s.
    pub dead_air: Duration,
    /// `dead_air_dbfs`: what is below counts as silence, −90–−20 dBFS. Default −50.
    pub dead_air_dbfs: f64,
}

/// `[policy]`: what the station does not do, whatever a schedule says.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// `quiet_hours`: civil times, `"none"` for none. Default 21:00–05:00.
    pub quiet_hours: QuietHours,
    /// `exceptions`: slots that may air in the quiet hours. A schedule cannot excuse itself. Default none.
    pub exceptions: Vec<(ScheduleId, SlotId)>,
    /// `preset`, `sessions_a_day`, `session`, `day`, `weekdays`, `holidays`, `no_music`: how often, how long and on which
    /// days the station may be heard. Default: no limit.
    pub limits: Limits,
    /// `approval`: who lets a schedule go live. Default `schedule`.
    pub approval: Approval,
    /// `fallback`: recordings of the library of which the first that can air takes the place of a cue whose own
    /// cannot. Default none.
    pub fallback: Vec<CartName>,
    /// `emergency`: what becomes of a recording in the inbox's folder for emergencies. Default `approve`.
    pub emergency: EmergencyDrops,
    /// `emergency_for`: how long an emergency order stands that says nothing else, 1 min–7 days. Default 1 h.
    pub emergency_for: Duration,
    /// `emergency_every`: how often one repeats that comes by the inbox, 1 min–24 h. Default 10 min.
    pub emergency_every: Duration,
}

/// `[policy]` `emergency`: what becomes of a recording in the inbox's folder for emergencies (*Khẩn cấp*).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EmergencyDrops {
    /// `approve`: it waits for `loa emergency`. The default.
    #[default]
    Approve,
    /// `at_once`: it airs at once, for `emergency_for`, every `emergency_every`.
    AtOnce,
}

/// `[policy]` `approval`: what it takes for a right schedule to go live.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Approval {
    /// `schedule`: that it is right; it names its approver and document itself. The default.
    #[default]
    Schedule,
    /// `command`: that a person approves it with `loa approve`, and its recordings with it.
    Command,
}

/// `[inbox]`: how drops are taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbox {
    /// `settle`: a file is taken when its size and time have not changed for so long, 1 s–10 min. Default 3 s.
    pub settle: Duration,
    /// `poll`: how often the folder is looked at where the system gives no hint, 1 s–10 min. Default 30 s; on a network
    /// drive 3 s at most.
    pub poll: Duration,
    /// `keep_days`: how long received and returned drops, receipts and replaced recordings are kept, 0 for ever,
    /// at most 3,660. Default 90.
    pub keep_days: u32,
    /// `largest_mb`: a larger file is returned unread, 1–100,000 MB. Default 2,048.
    pub largest_mb: u32,
    /// `longest`: a longer recording is returned, 1 min–24 h. Default 4 h.
    pub longest: Duration,
}

impl Policy {
    /// What binds every airing, as the core has it.
    pub fn rules(&self) -> Rules {
        Rules {
            quiet: self.quiet_hours.clone(),
            limits: self.limits.clone(),
            exempt: self.exceptions.iter().cloned().collect(),
        }
    }
}

impl Default for Inbox {
    fn default() -> Inbox {
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        let (settle, poll) = (Duration::from_secs(3), Duration::from_secs(30));
        Inbox { settle, poll, keep_days: 90, largest_mb: 2_048, longest: hours(4) }
    }
}

/// `[[office]]`: an office with a folder in the inbox; one that is not listed is served all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Office {
    /// `folder`: the name of its folder in the inbox, in NFC.
    pub folder: String,
    /// `language`: of its receipts. Default: the station's.
    pub language: Option<Language>,
}

/// `[amplifier]`: the commands that switch the amplifier or the transmitter, both or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmplifierKeys {
    /// `on`: the program that switches it on, and its arguments; no shell reads them.
    pub on: Vec<String>,
    /// `off`: the program that switches it off, and its arguments.
    pub off: Vec<String>,
    /// `before` and `after`: it goes on so long before an airing, 0 s–4 min, default 30 s, and off so long after the last,
    /// 0 s–10 min, default 1 min.
    pub timing: Timing,
    /// `timeout`: a command that takes longer has failed, 1–60 s. Default 10 s.
    pub timeout: Duration,
}

/// `[clock]` `trust`: on what ground the clock is trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClockTrust {
    /// `measured`: by synchronisation or a hardware clock that kept running; else a person is asked. The default.
    #[default]
    Measured,
    /// `vouched`: by other means that Loa cannot see, e.g. a GPS clock; never by hope.
    Vouched,
}

/// `[backup]`: the daily copy of the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct Backup {
    /// `folder`: where the copies go, relative to the same folder as `[paths]`; another disk is better than the same. Default
    /// `backup` in the folder of the state.
    pub folder: PathBuf,
    /// `keep`: how many are kept, 1–1,000. Default 14.
    pub keep: u32,
    /// `at`: the civil time after which the day's copy is made, as soon as nothing is on air or due within minutes. Default
    /// 12:30, between the programmes of noon and of the evening, when most machines are switched on.
    pub at: NaiveTime,
}

/// `[report]`: what stands at the head of the reports, beside the station's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportKeys {
    /// `superior`: the body above the station's. Default none.
    pub superior: Option<String>,
    /// `receiver`: whom the reports go to. Default none.
    pub receiver: Option<String>,
    /// `place`: where they are signed. Default none, a dotted line.
    pub place: Option<String>,
}

/// `[files]`: lists beside the config, relative to the same folder as `[paths]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Files {
    /// `holidays`: the calendar of holidays; none: there are no holidays.
    pub holidays: Option<PathBuf>,
    /// `themes`: the themes of the plan. Default `config/themes.toml`.
    pub themes: PathBuf,
    /// `targets`: the plan's targets; none: nothing is held against a plan.
    pub targets: Option<PathBuf>,
}

impl Config {
    /// Reads the config; the error holds every fault. A relative `path` counts from the working directory, as every
    /// path on a command line does; what the config names does not.
    pub fn read(path: &Path) -> Result<Config, Faults<ConfigFault>> {
        let bytes = bytes_of(path)?;
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let folder = whole.parent().unwrap_or(&whole);
        Config::parse(&bytes, &path.display().to_string(), folder.parent().unwrap_or(folder))
    }

    /// Reads the config from the bytes of its file, which faults name `file`; its paths are relative to `root`.
    pub fn parse(bytes: &[u8], file: &str, root: &Path) -> Result<Config, Faults<ConfigFault>> {
        let (config, told) = read::read(bytes, file, root)?;
        whole(config, told)
    }

    /// Reads the list of themes that the config names.
    pub fn themes(&self) -> Result<Themes, Faults<ConfigFault>> {
        Themes::read(&self.files.themes)
    }

    /// Reads the calendar of holidays that the config names; without one there are no holidays.
    pub fn holidays(&self) -> Result<Holidays, Faults<ConfigFault>> {
        self.files.holidays.as_deref().map_or_else(|| Ok(Holidays::default()), holidays::read)
    }

    /// Reads the targets that the config names; without them nothing is held against a plan.
    pub fn targets(&self, themes: &Themes) -> Result<Targets, Faults<ConfigFault>> {
        self.files
            .targets
            .as_deref()
            .map_or_else(|| Ok(Targets::default()), |path| targets::read(path, themes))
    }

    /// The same, empty where the list that the config names is not written yet.
    pub fn targets_so_far(&self, themes: &Themes) -> Result<Targets, Faults<ConfigFault>> {
        let is_there = self.files.targets.as_ref().is_some_and(|path| path.exists());
        if is_there { self.targets(themes) } else { Ok(Targets::default()) }
    }

    /// The calendar of holidays as it is written; nothing where there is none, or where it cannot be read.
    pub fn holidays_text(&self) -> String {
        let bytes = self.files.holidays.as_deref().and_then(|path| bytes_of(path).ok());
        bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// What schedules are read by.
    pub fn reference(&self) -> Result<Reference, Faults<ConfigFault>> {
        Ok(Reference::new(self.themes()?.ids()))
    }

    /// Which station it is, as JSON says it.
    pub fn named(&self) -> StationNamed {
        StationNamed {
            id: self.station.id.clone(),
            name: self.station.name.clone(),
            zone: self.station.time_zone,
            cards: self.output.cards.iter().map(ToString::to_string).collect(),
            inbox: self.paths.inbox.display().to_string(),
            aircheck: self.paths.aircheck.display().to_string(),
        }
    }

    /// Whether no card of the list makes a sound.
    pub fn silent_only(&self) -> bool {
        self.output.cards.iter().all(|card| card.host == Host::Virtual)
    }

    /// Whether the technician vouches for this machine's clock.
    pub fn clock_is_vouched(&self) -> bool {
        self.clock == ClockTrust::Vouched
    }
}

/// The value, where nothing was told.
fn whole<T>(value: Option<T>, told: Vec<Located<ConfigFault>>) -> Result<T, Faults<ConfigFault>> {
    match value {
        Some(value) if told.is_empty() => Ok(value),
        _ => Err(Faults(told)),
    }
}

/// The bytes of a file, as far as its size is sane.
fn bytes_of(path: &Path) -> Result<Vec<u8>, Faults<ConfigFault>> {
    use std::io::{ErrorKind, Read};
    let fault = |fault: ConfigFault| {
        Faults(vec![Located { file: path.display().to_string(), line: None, slot: None, fault }])
    };
    let of_io = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => fault(ConfigFault::NotThere),
        ErrorKind::IsADirectory => fault(ConfigFault::Folder),
        _ => fault(DocumentFault::Unreadable { found: clip(&error.to_string()) }.into()),
    };
    if path.is_dir() {
        return Err(fault(ConfigFault::Folder));
    }
    let file = std::fs::File::open(path).map_err(of_io)?;
    let size = file.metadata().map_or(0, |found| found.len());
    if size > LARGEST {
        return Err(fault(DocumentFault::TooLarge { bytes: size, limit: LARGEST }.into()));
    }
    let mut bytes = Vec::new();
    // One byte more than the limit: a file that grows meanwhile, or that tells no size, is refused too.
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(of_io)?;
    Ok(bytes)
}
