//! What can be wrong with the config and the lists beside it.

use chrono::NaiveDate;

use super::super::cart::CartNameError;
use super::{DocumentFault, Flaw, Severity, did_you_mean, one_of, words_of};

/// What is wrong with the config.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigFault {
    /// With the file, its syntax, keys or types.
    #[error(transparent)]
    Document(#[from] DocumentFault),
    /// No such file.
    #[error("there is no such file")]
    NotThere,
    /// A folder.
    #[error("it is a folder, expected a file")]
    Folder,
    /// A time zone that the tz database does not have.
    #[error("`{found}` is not a time zone")]
    UnknownZone {
        /// As written, clipped.
        found: String,
        /// The zone that comes closest.
        closest: Option<&'static str>,
    },
    /// A card of no known sound system.
    #[error("`{card}` names the sound system `{host}`, expected {}", one_of(known))]
    UnknownHost {
        /// The card, clipped.
        card: String,
        /// Its first half.
        host: String,
        /// Those that there are.
        known: &'static [&'static str],
        /// The one that comes closest.
        closest: Option<&'static str>,
    },
    /// `alsa:` and nothing after.
    #[error("`{card}` names no card")]
    NoCardId {
        /// The card, clipped.
        card: String,
    },
    /// `virtual:…`.
    #[error("`{card}`: the virtual card has no name")]
    VirtualWithId {
        /// The card, clipped.
        card: String,
    },
    /// A card that comes twice.
    #[error("`{card}` is listed twice")]
    CardTwice {
        /// The card.
        card: String,
    },
    /// The virtual card before real ones: these would never be opened.
    #[error("`virtual` stands before other cards, which would never sound")]
    VirtualNotLast,
    /// No quiet hours.
    #[error("`quiet_hours` is `{found}`, expected two different times such as `21:00-05:00`, or `none`")]
    BadQuietHours {
        /// As written, clipped.
        found: String,
    },
    /// A word that is no weekday.
    #[error("`weekdays` holds `{found}`, expected weekdays such as `T2-T6`, `CN`, `mon-fri`")]
    BadDays {
        /// As written, clipped.
        found: String,
    },
    /// No span of the day.
    #[error("`{key}` holds `{found}`, expected two different times such as `05:00-06:00`")]
    BadSpan {
        /// The key.
        key: &'static str,
        /// As written, clipped.
        found: String,
    },
    /// No civil time.
    #[error("`{key}` is `{found}`, expected a time of day such as `12:30`")]
    BadTime {
        /// The key.
        key: &'static str,
        /// As written, clipped.
        found: String,
    },
    /// No `schedule/slot`.
    #[error("`exceptions` holds `{found}`, expected the id of a schedule and of its slot")]
    BadException {
        /// As written, clipped.
        found: String,
    },
    /// No name of a recording.
    #[error("`fallback` holds `{found}`, which {error}")]
    BadFallback {
        /// As written, clipped.
        found: String,
        /// What is wrong with it.
        error: CartNameError,
    },
    /// What the station writes would land among the recordings or schedules.
    #[error("`{inner}` lies in the folder of `{outer}`")]
    PathInside {
        /// The key of the folder that the station writes.
        inner: &'static str,
        /// The key of the folder that the station reads.
        outer: &'static str,
    },
    /// No address of a webhook. It is not repeated: a part of it is often a secret.
    #[error("`webhook` is no web address")]
    BadWebhook,
    /// No e-mail address.
    #[error("`{key}` holds `{found}`, which is no e-mail address")]
    BadAddress {
        /// The key.
        key: &'static str,
        /// As written, clipped.
        found: String,
    },
    /// A password that would go over an open connection.
    #[error("`user` with `security = \"none\"` would send the password for everyone to read")]
    PasswordInTheOpen,
    /// No address to serve the pages at.
    #[error("`listen` is `{found}`, expected an address with its port such as `127.0.0.1:8080`, or `none`")]
    BadListen {
        /// As written, clipped.
        found: String,
    },
    /// Two themes with one id.
    #[error("the theme `{id}` stands already in line {first_line}")]
    DuplicateTheme {
        /// The id.
        id: String,
        /// Where the first stands.
        first_line: usize,
    },
    /// No period of a report.
    #[error("`period` is `{found}`, expected one such as `2026-10`, `2026-Q4`, `2026-H2` or `2026`")]
    BadPeriod {
        /// As written, clipped.
        found: String,
    },
    /// A target of a theme that the list of themes does not have.
    #[error("`{found}` is not in the station's list of themes")]
    UnknownTheme {
        /// As written, clipped.
        found: String,
        /// The theme that comes closest.
        closest: Option<String>,
    },
    /// A target of nothing, or of both.
    #[error("a target is either `airings` or `minutes`")]
    TargetUnit,
    /// Two targets of one theme for one period.
    #[error("the target of `{theme}` for {period} stands already in line {first_line}")]
    DuplicateTarget {
        /// The theme.
        theme: String,
        /// The period.
        period: String,
        /// Where the first stands.
        first_line: usize,
    },
    /// Holidays that end before they begin.
    #[error("`until` {until} is before `date` {from}")]
    HolidayBackwards {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
    },
    /// More days off in a row than there can be.
    #[error("the holidays from {from} to {until} are more than {most} days")]
    HolidayTooLong {
        /// First day.
        from: NaiveDate,
        /// Last day.
        until: NaiveDate,
        /// The most.
        most: i64,
    },
}

words_of!(ConfigFault {
    ConfigFault::Document(_) => "document",
    ConfigFault::NotThere => "not_there",
    ConfigFault::Folder => "folder",
    ConfigFault::UnknownZone { .. } => "unknown_zone",
    ConfigFault::UnknownHost { .. } => "unknown_host",
    ConfigFault::NoCardId { .. } => "no_card_id",
    ConfigFault::VirtualWithId { .. } => "virtual_with_id",
    ConfigFault::CardTwice { .. } => "card_twice",
    ConfigFault::VirtualNotLast => "virtual_not_last",
    ConfigFault::BadQuietHours { .. } => "bad_quiet_hours",
    ConfigFault::BadDays { .. } => "bad_days",
    ConfigFault::BadSpan { .. } => "bad_span",
    ConfigFault::BadTime { .. } => "bad_time",
    ConfigFault::BadException { .. } => "bad_exception",
    ConfigFault::BadFallback { .. } => "bad_fallback",
    ConfigFault::PathInside { .. } => "path_inside",
    ConfigFault::BadWebhook => "bad_webhook",
    ConfigFault::BadAddress { .. } => "bad_address",
    ConfigFault::PasswordInTheOpen => "password_in_the_open",
    ConfigFault::BadListen { .. } => "bad_listen",
    ConfigFault::DuplicateTheme { .. } => "duplicate_theme",
    ConfigFault::BadPeriod { .. } => "bad_period",
    ConfigFault::UnknownTheme { .. } => "unknown_theme",
    ConfigFault::TargetUnit => "target_unit",
    ConfigFault::DuplicateTarget { .. } => "duplicate_target",
    ConfigFault::HolidayBackwards { .. } => "holiday_backwards",
    ConfigFault::HolidayTooLong { .. } => "holiday_too_long",
});

impl Flaw for ConfigFault {
    const ROOM: &'static str = "config";

    fn word(&self) -> &'static str {
        match self {
            ConfigFault::Document(fault) => fault.word(),
            own => own.own_word(),
        }
    }

    /// All of them must be mended: a station does not guess what its technician meant.
    fn severity(&self) -> Severity {
        Severity::Error
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            ConfigFault::Document(fault) => return fault.help(),
            ConfigFault::NotThere | ConfigFault::Folder => {
                "name the station's file with `--config`, e.g. `--config config/station.toml`".into()
            }
            ConfigFault::UnknownZone { closest, .. } => did_you_mean(*closest)
                .unwrap_or_else(|| "in Viet Nam write `time_zone = \"Asia/Ho_Chi_Minh\"`".into()),
            ConfigFault::UnknownHost { closest, .. } => did_you_mean(*closest)
                .unwrap_or_else(|| "`loa devices` lists the cards as they are written here".into()),
            ConfigFault::NoCardId { .. } => {
                "delete the colon for the default card, or see `loa devices`".into()
            }
            ConfigFault::VirtualWithId { .. } => "write `virtual`".into(),
            ConfigFault::CardTwice { .. } => "keep one of the two".into(),
            ConfigFault::VirtualNotLast => "put `virtual` last, or delete the cards after it".into(),
            ConfigFault::BadDays { .. } => "write it as in `weekdays = [\"T2-T6\"]`".into(),
            ConfigFault::BadSpan { key, .. } => format!("write it as in `{key} = [\"05:00-06:00\"]`"),
            ConfigFault::BadQuietHours { .. } => {
                "the quiet hours may cross midnight; the first time belongs to them, the second does not"
                    .into()
            }
            ConfigFault::BadTime { key, .. } => format!("write it as in `{key} = \"12:30\"`"),
            ConfigFault::BadException { .. } => {
                "write it as in `exceptions = [\"lich-le-tet/giao-thua\"]`".into()
            }
            ConfigFault::BadFallback { .. } => {
                "name recordings as they are in the folder of recordings, as in `fallback = [\"nhac-nen.mp3\"]`"
                    .into()
            }
            ConfigFault::PathInside { inner, .. } => format!("give `{inner}` a folder of its own"),
            ConfigFault::BadWebhook => {
                "write it whole, as in `webhook = \"https://giam-sat.example.vn/loa\"`".into()
            }
            ConfigFault::BadAddress { .. } => "write it as in `can-bo@example.vn`".into(),
            ConfigFault::PasswordInTheOpen => "write `security = \"starttls\"` or `\"tls\"`".into(),
            ConfigFault::BadListen { .. } => {
                "`127.0.0.1` is this machine alone; `0.0.0.0` every network it is in, which needs accounts".into()
            }
            ConfigFault::DuplicateTheme { .. } => "give each theme an id of its own".into(),
            ConfigFault::BadPeriod { .. } => "write it as in `period = \"2026-Q4\"`".into(),
            ConfigFault::UnknownTheme { closest, .. } => did_you_mean(closest.as_deref())
                .unwrap_or_else(|| "add the theme to the file of `files.themes`, or mend the target".into()),
            ConfigFault::TargetUnit => "keep one of the two, as in `airings = 24`".into(),
            ConfigFault::DuplicateTarget { .. } => "keep one of the two".into(),
            ConfigFault::HolidayBackwards { .. } | ConfigFault::HolidayTooLong { .. } => {
                "mend one of the two dates".into()
            }
        })
    }
}
