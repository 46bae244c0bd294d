//! The keys of `config/station.toml` and of the lists beside it, each with how it is written. The sample files are held
//! against these lists by a test.

use crate::core::document::Key;

/// The tables of the config.
pub const TOP_KEYS: &[Key] = &[
    Key { name: "station", example: "[station]" },
    Key { name: "paths", example: "[paths]" },
    Key { name: "output", example: "[output]" },
    Key { name: "loudness", example: "[loudness]" },
    Key { name: "policy", example: "[policy]" },
    Key { name: "inbox", example: "[inbox]" },
    Key { name: "office", example: "[[office]]" },
    Key { name: "amplifier", example: "[amplifier]" },
    Key { name: "alarms", example: "[alarms]" },
    Key { name: "page", example: "[page]" },
    Key { name: "clock", example: "[clock]" },
    Key { name: "backup", example: "[backup]" },
    Key { name: "report", example: "[report]" },
    Key { name: "files", example: "[files]" },
];

/// `[station]`.
pub const STATION_KEYS: &[Key] = &[
    Key { name: "id", example: r#"id = "xa-binh-minh""# },
    Key { name: "name", example: r#"name = "Đài Truyền thanh xã Bình Minh""# },
    Key { name: "time_zone", example: r#"time_zone = "Asia/Ho_Chi_Minh""# },
    Key { name: "language", example: r#"language = "vi""# },
    Key { name: "technician", example: r#"technician = "Nguyễn Văn Bình""# },
    Key { name: "telephone", example: r#"telephone = "0905 123 456""# },
    Key { name: "sample", example: "sample = false" },
];

/// `[paths]`.
pub const PATHS_KEYS: &[Key] = &[
    Key { name: "schedules", example: r#"schedules = "schedules""# },
    Key { name: "audio", example: r#"audio = "audio""# },
    Key { name: "inbox", example: r#"inbox = "inbox""# },
    Key { name: "state", example: r#"state = "state""# },
    Key { name: "aircheck", example: r#"aircheck = "state/aircheck""# },
];

/// `[output]`.
pub const OUTPUT_KEYS: &[Key] = &[
    Key { name: "cards", example: r#"cards = ["pulseaudio", "alsa:hw:CARD=PCH", "virtual"]"# },
    Key { name: "rate", example: "rate = 48000" },
    Key { name: "dead_air", example: r#"dead_air = "20s""# },
    Key { name: "dead_air_dbfs", example: "dead_air_dbfs = -50" },
];

/// `[loudness]`.
pub const LOUDNESS_KEYS: &[Key] = &[
    Key { name: "target_lufs", example: "target_lufs = -16" },
    Key { name: "ceiling_dbtp", example: "ceiling_dbtp = -1.0" },
    Key { name: "normalise", example: "normalise = true" },
];

/// `[policy]`.
pub const POLICY_KEYS: &[Key] = &[
    Key { name: "quiet_hours", example: r#"quiet_hours = "21:00-05:00""# },
    Key { name: "exceptions", example: r#"exceptions = ["lich-le-tet/giao-thua"]"# },
    Key { name: "preset", example: r#"preset = "ha-noi-noi-thanh""# },
    Key { name: "sessions_a_day", example: "sessions_a_day = 2" },
    Key { name: "session", example: r#"session = "15m""# },
    Key { name: "day", example: r#"day = "1h""# },
    Key { name: "weekdays", example: r#"weekdays = ["T2-T6"]"# },
    Key { name: "holidays", example: r#"holidays = "silent""# },
    Key { name: "no_music", example: r#"no_music = ["05:00-06:00"]"# },
    Key { name: "approval", example: r#"approval = "schedule""# },
    Key { name: "fallback", example: r#"fallback = ["nhac-nen.mp3"]"# },
    Key { name: "emergency", example: r#"emergency = "approve""# },
    Key { name: "emergency_for", example: r#"emergency_for = "1h""# },
    Key { name: "emergency_every", example: r#"emergency_every = "10m""# },
];

/// `[inbox]`.
pub const INBOX_KEYS: &[Key] = &[
    Key { name: "settle", example: r#"settle = "3s""# },
    Key { name: "poll", example: r#"poll = "30s""# },
    Key { name: "keep_days", example: "keep_days = 90" },
    Key { name: "largest_mb", example: "largest_mb = 2048" },
    Key { name: "longest", example: r#"longest = "4h""# },
];

/// `[[office]]`.
pub const OFFICE_KEYS: &[Key] = &[
    Key { name: "folder", example: r#"folder = "Phòng Văn hóa""# },
    Key { name: "language", example: r#"language = "vi""# },
];

/// `[amplifier]`.
pub const AMPLIFIER_KEYS: &[Key] = &[
    Key { name: "on", example: r#"on = ["/usr/local/bin/tang-am", "bat"]"# },
    Key { name: "off", example: r#"off = ["/usr/local/bin/tang-am", "tat"]"# },
    Key { name: "before", example: r#"before = "30s""# },
    Key { name: "after", example: r#"after = "1m""# },
    Key { name: "timeout", example: r#"timeout = "10s""# },
];

/// `[alarms]`.
pub const ALARMS_KEYS: &[Key] = &[
    Key { name: "webhook", example: r#"webhook = "https://giam-sat.example.vn/loa""# },
    Key { name: "after", example: r#"after = "2m""# },
    Key { name: "remind", example: r#"remind = "24h""# },
    Key { name: "email", example: "[alarms.email]" },
];

/// `[alarms.email]`.
pub const EMAIL_KEYS: &[Key] = &[
    Key { name: "server", example: r#"server = "mail.example.vn""# },
    Key { name: "port", example: "port = 587" },
    Key { name: "security", example: r#"security = "starttls""# },
    Key { name: "user", example: r#"user = "dai-xa@example.vn""# },
    Key { name: "password_file", example: r#"password_file = "config/mat-khau-email""# },
    Key { name: "from", example: r#"from = "dai-xa@example.vn""# },
    Key { name: "to", example: r#"to = ["can-bo@example.vn"]"# },
];

/// `[page]`.
pub const PAGE_KEYS: &[Key] = &[
    Key { name: "listen", example: r#"listen = "127.0.0.1:8080""# },
    Key { name: "certificate", example: r#"certificate = "config/trang.crt""# },
    Key { name: "key", example: r#"key = "config/trang.key""# },
];

/// `[clock]`.
pub const CLOCK_KEYS: &[Key] = &[Key { name: "trust", example: r#"trust = "measured""# }];

/// `[backup]`.
pub const BACKUP_KEYS: &[Key] = &[
    Key { name: "folder", example: r#"folder = "state/backup""# },
    Key { name: "keep", example: "keep = 14" },
    Key { name: "at", example: r#"at = "12:30""# },
];

/// `[files]`.
pub const FILES_KEYS: &[Key] = &[
    Key { name: "holidays", example: r#"holidays = "config/holidays.toml""# },
    Key { name: "themes", example: r#"themes = "config/themes.toml""# },
    Key { name: "targets", example: r#"targets = "config/targets.toml""# },
];

/// `[report]`.
pub const REPORT_KEYS: &[Key] = &[
    Key { name: "superior", example: r#"superior = "UBND xã Bình Minh""# },
    Key { name: "receiver", example: r#"receiver = "Sở Nội vụ""# },
    Key { name: "place", example: r#"place = "Bình Minh""# },
];

/// The top of the list of themes.
pub const THEMES_KEYS: &[Key] = &[Key { name: "theme", example: "[[theme]]" }];

/// `[[theme]]`.
pub const THEME_KEYS: &[Key] = &[
    Key { name: "id", example: r#"id = "dich-vu-cong""# },
    Key { name: "vi", example: r#"vi = "Cổng dịch vụ công""# },
    Key { name: "en", example: r#"en = "public-service portal""# },
];

/// The top of the calendar of holidays.
pub const HOLIDAYS_KEYS: &[Key] = &[Key { name: "holiday", example: "[[holiday]]" }];

/// `[[holiday]]`.
pub const HOLIDAY_KEYS: &[Key] = &[
    Key { name: "date", example: "date = 2027-02-05" },
    Key { name: "until", example: "until = 2027-02-11" },
    Key { name: "name", example: r#"name = "Tết Nguyên đán""# },
];

/// The top of the list of targets.
pub const TARGETS_KEYS: &[Key] = &[Key { name: "target", example: "[[target]]" }];

/// `[[target]]`.
pub const TARGET_KEYS: &[Key] = &[
    Key { name: "theme", example: r#"theme = "dich-vu-cong""# },
    Key { name: "period", example: r#"period = "2026-Q4""# },
    Key { name: "airings", example: "airings = 24" },
    Key { name: "minutes", example: "minutes = 120" },
];
