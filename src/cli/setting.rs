//! What most commands start from: the configuration, the language, the folders, the journal.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use anyhow::{Result, anyhow};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::control::{Ask, Report, Told};
use crate::core::calendar::Holidays;
use crate::core::cart::{Cart, CartFault, Library};
use crate::core::drops::Hold;
use crate::core::limits::Sounded;
use crate::core::order::START;
use crate::core::pattern::civil_days;
use crate::core::rundown::Plan;
use crate::core::rundown::forecast::Policy;
use crate::intake::recordings::{Memory, Recordings};
use crate::intake::schedules::{Folder, Sheet, plan_of, plan_of_sheets};
use crate::intake::{Marks, SETTLE};
use crate::journal::Reader;
use crate::rights::{self, Owner};
use crate::words::{Language, Say};

/// What was given on the command line for every command.
pub(super) struct Asked {
    pub(super) config: PathBuf,
    pub(super) language: Option<Language>,
}

/// A station's setting, read.
#[derive(Clone)]
pub(super) struct Setting {
    pub(super) config: Config,
    pub(super) language: Language,
    pub(super) zone: Tz,
    pub(super) now: DateTime<Utc>,
}

impl Asked {
    /// Whose rights work on the station is done with.
    pub(super) fn owner(&self) -> Owner {
        let owner = Owner::of_station(&self.config, None);
        if owner.is_other() || !rights::by_root() {
            return owner;
        }
        // The configuration is root's own, and so is what it names.
        let state = Config::read(&self.config).ok().map(|config| config.paths.state);
        Owner::of_station(&self.config, state.as_deref())
    }

    /// Does `work` on the station with its owner's rights: what lies in its folder is that account's, and root's rights are
    /// not for it. Whatever the caller named, a file to write say, is not to be touched by it.
    pub(super) fn on_station<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T> {
        self.owner().act(work).map_err(|error| {
            let language = self.language.unwrap_or_else(of_terminal);
            let config = self.config.display();
            match language {
                Language::Vi => anyhow!(
                    "không làm việc được với quyền của tài khoản giữ thư mục trạm (“{config}”): {error}; hãy chạy lệnh bằng chính \
                     tài khoản đó"
                ),
                Language::En => anyhow!(
                    "the rights of the account that the station's folder belongs to (`{config}`) cannot be taken: {error}; run the \
                     command as that account"
                ),
            }
        })
    }

    /// The language to speak where the configuration cannot be asked: what was given, else what the terminal speaks.
    pub(super) fn language_known(&self) -> Language {
        let configured = || {
            let read = self.on_station(|| Config::read(&self.config).ok());
            read.ok().flatten().map(|config| config.station.language)
        };
        self.language.or_else(configured).unwrap_or_else(of_terminal)
    }

    /// Reads the configuration. All its faults are one error, a line each.
    pub(super) fn setting(&self) -> Result<Setting> {
        let config = self.on_station(|| Config::read(&self.config))?.map_err(|faults| {
            let language = self.language_known();
            let lines: Vec<String> = faults.iter().map(|fault| fault.say(language)).collect();
            anyhow!("{}", lines.join("\n"))
        })?;
        let language = self.language.unwrap_or(config.station.language);
        Ok(Setting { language, zone: config.station.time_zone, now: SystemClock::new().now(), config })
    }
}

/// The language of the terminal.
fn of_terminal() -> Language {
    let terminal = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| std::env::var(name).ok());
    let english = terminal.is_some_and(|locale| locale.starts_with("en"));
    if english { Language::En } else { Language::Vi }
}

impl Setting {
    /// The text in the reader's language.
    pub(super) fn words<'a>(&self, vi: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Vi => vi,
            Language::En => en,
        }
    }

    /// Faults of a file beside the configuration, in the reader's language.
    pub(super) fn told(&self, faults: &impl Say) -> anyhow::Error {
        anyhow!("{}", faults.say(self.language))
    }

    /// Today's civil date.
    pub(super) fn today(&self) -> NaiveDate {
        self.now.with_timezone(&self.zone).date_naive()
    }

    /// The span of civil days `[from, to]` as instants `(after, until]`.
    pub(super) fn span(&self, from: NaiveDate, to: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
        civil_days(self.zone, from, to)
    }

    /// The journal, or none where the station has never run.
    pub(super) fn journal(&self) -> Result<Option<Reader>> {
        let file = crate::station::journal_file(&self.config);
        if !file.exists() {
            return Ok(None);
        }
        Ok(Some(Reader::open(&file)?))
    }

    /// The journal; its absence is an error.
    pub(super) fn journal_there(&self) -> Result<Reader> {
        let absent = || {
            let state = self.config.paths.state.display().to_string();
            match self.language {
                Language::Vi => anyhow!(
                    "chưa có nhật ký trong “{state}”: trạm chưa chạy lần nào; hãy khởi động bằng `{START}`, trạm chạy thử thì `loa run`"
                ),
                Language::En => anyhow!(
                    "there is no journal in `{state}`: the station has never run; start it with `{START}`, or `loa run` where it is tried out"
                ),
            }
        };
        self.journal()?.ok_or_else(absent)
    }

    /// Asks the running station how it is; none where none runs.
    pub(super) fn running(&self) -> Option<Report> {
        match crate::control::ask(&self.config.paths.state, Ask::Status) {
            Ok(Told::Status(report)) => Some(*report),
            _ => None,
        }
    }

    /// The schedules as they lie in their folder.
    pub(super) fn sheets(&self) -> Result<Vec<Sheet>> {
        let root = &self.config.paths.schedules;
        let mut folder =
            Folder::new(root.clone(), self.config.reference().map_err(|faults| self.told(&faults))?);
        folder.look(None).ok_or_else(|| {
            let root = root.display();
            match self.language {
                Language::Vi => anyhow!(
                    "không đọc được thư mục lịch “{root}”; hãy tạo thư mục, hoặc sửa `paths.schedules`"
                ),
                Language::En => anyhow!(
                    "the folder of schedules `{root}` cannot be read; make it, or mend `paths.schedules`"
                ),
            }
        })
    }

    /// What has been heard of late, as far as the limits count it.
    pub(super) fn sounded(&self, policy: &Policy) -> Result<Sounded> {
        let since = self.now - TimeDelta::days(2);
        let heard = self.journal()?.map(|journal| journal.heard(since)).transpose()?;
        Ok(policy.sounded(heard.unwrap_or_default(), self.now))
    }

    /// The holidays.
    pub(super) fn holidays(&self) -> Result<Arc<Holidays>> {
        Ok(Arc::new(self.config.holidays().map_err(|faults| self.told(&faults))?))
    }

    /// What is planned: by the running station's live versions, else by the folder. Orders to skip count in both.
    pub(super) fn plan(&self) -> Result<Plan> {
        let holidays = self.holidays()?;
        let journal = self.journal()?;
        let skips = match &journal {
            Some(journal) => journal.skips(self.now - TimeDelta::days(400))?,
            None => Vec::new(),
        };
        if let (Some(journal), Some(_)) = (&journal, self.running()) {
            let versions = journal.versions(self.now - TimeDelta::days(400))?;
            return Ok(plan_of(&versions, &skips, self.zone, holidays));
        }
        let mut plan = plan_of_sheets(&self.sheets()?, self.zone, holidays.clone());
        plan.skips = plan_of(&[], &skips, self.zone, holidays).skips;
        Ok(plan)
    }

    /// The recordings as they lie in their folder, without what the running station keeps from airing; what the journal
    /// remembers is not measured again. `measure` measures the rest, and shows how far it is.
    pub(super) fn library(&self, measure: bool) -> Result<Library> {
        let memory = Recalled { journal: self.journal()? };
        let root = self.config.paths.audio.clone();
        let mut recordings = Recordings::open(root, Box::new(memory), std::time::Duration::ZERO);
        recordings.look(SETTLE);
        let mut done = 0;
        while measure && recordings.measure_next(Vec::new) {
            done += 1;
            super::progress(&format!("{} {done}", self.words("đang đo tệp ghi âm", "measuring recordings")));
        }
        if done > 0 {
            super::progress("");
        }
        let mut library = recordings.library();
        let waiting = self.running().map(|report| report.waiting).unwrap_or_default();
        for hold in waiting.into_iter().flat_map(|awaited| awaited.holds) {
            if let Hold::NotApproved { file } | Hold::NewRecording { file } = hold {
                library.put(file, Cart::Faulty(CartFault::NotApproved));
            }
        }
        Ok(library)
    }
}

/// What a journal remembers, for commands: they may not write.
struct Recalled {
    journal: Option<Reader>,
}

impl Memory for Recalled {
    fn recall(&self) -> Vec<(crate::core::cart::CartName, Marks, crate::core::cart::Cart)> {
        let known = self.journal.as_ref().and_then(|journal| journal.carts().ok()).unwrap_or_default();
        known.into_iter().filter_map(crate::station::known_cart).collect()
    }
    fn remember(&self, _: &crate::core::cart::CartName, _: Marks, _: &crate::core::cart::Cart) {}
    fn forget(&self, _: &crate::core::cart::CartName) {}
}

/// The account that gives orders, for the journal. Asked first before any rights are given up.
pub(super) fn who() -> String {
    static WHO: OnceLock<String> = OnceLock::new();
    let asked = || {
        let names = ["SUDO_USER", "USER", "USERNAME", "LOGNAME"];
        let named = names.iter().find_map(|name| std::env::var(name).ok());
        named.filter(|name| !name.trim().is_empty()).or_else(system_user).unwrap_or_else(|| "unknown".into())
    };
    WHO.get_or_init(asked).clone()
}

/// The account that runs this process, where no variable names it: a service has none.
#[cfg(target_os = "linux")]
fn system_user() -> Option<String> {
    Some(rights::accounts::name_of(rustix::process::getuid().as_raw()))
}

#[cfg(not(target_os = "linux"))]
fn system_user() -> Option<String> {
    None
}
