//! Texts with faults, one for each thing that can be wrong. A line that a fault must name ends with `# !`.

/// A text and what is wrong with it.
pub struct Case {
    /// What is wrong, in words.
    pub about: &'static str,
    /// The text.
    pub text: String,
}

const HEAD: &str = "id = \"lich\"\ntitle = \"Lịch\"\nvalid_from = 2026-12-01\nvalid_until = 2026-12-31\n";
const SLOT: &str = "[[slot]]\nid = \"sang\"\nat = [\"05:30\"]\ndays = [\"T2-T6\"]\nplay = [\"a.mp3\"]\n";
const CONFIG: &str = "[station]\nid = \"xa\"\nname = \"Xã\"\n[output]\ncards = [\"virtual\"]\n";

fn case(about: &'static str, text: impl Into<String>) -> Case {
    Case { about, text: text.into() }
}

/// Something at the top of a schedule that is right otherwise.
fn top(about: &'static str, line: &str) -> Case {
    case(about, format!("{HEAD}{line}\n{SLOT}"))
}

/// Something in the slot of a schedule that is right otherwise.
fn slot(about: &'static str, line: &str) -> Case {
    case(about, format!("{HEAD}{SLOT}{line}\n"))
}

/// The slot of a schedule that is right otherwise.
fn slots(about: &'static str, slots: &str) -> Case {
    case(about, format!("{HEAD}{slots}"))
}

/// Changes, or recordings, of a schedule that is right otherwise.
fn with(about: &'static str, tables: &str) -> Case {
    case(about, format!("{HEAD}{SLOT}{tables}"))
}

/// Faulty schedules.
pub fn schedules() -> Vec<Case> {
    [documents(), slots_and_times(), playing(), changes(), notes()].into_iter().flatten().collect()
}

fn documents() -> Vec<Case> {
    vec![
        slots(
            "a cue every second",
            "[[slot]] # !\nid = \"sang\"\ncron = \"* * * * * *\"\nplay = [\"a.mp3\"]\n",
        ),
        case("empty file", " \n# ghi chú\n"),
        case("control character", "id = \"lich\"\n# \u{7} !\n"),
        case("a word document", "PK\u{3}\u{4}\n"),
        case(
            "text without quotes",
            format!("id = lich # !\ntitle = \"Lịch\"\nvalid_from = 2026-12-01\n{SLOT}"),
        ),
        top("date as people write it", "approved_ref = 09/12/2026 # !"),
        top("typographic quotes", "approved_by = “Nguyễn Văn An” # !"),
        top("no value", "approved_by = # !"),
        top("something else", "approved_by = 1__0 # !"),
        slot("closing quote missing", "title = \"Chuyên mục"),
        top("backslash", "approved_ref = \"45\\KH\" # !"),
        case("no equals sign", format!("{HEAD}{SLOT}Nội dung # !\n")),
        slot("key with diacritics", "giờ = \"05:30\" # !"),
        slots("list not closed", "[[slot]]\nid = \"sang\"\nplay = [\"a.mp3\" \"b.mp3\"]\n"),
        slots("heading not closed", "[[slot\nid = \"sang\"\n"),
        slot("two keys in a line", "start = \"soft\" grace = \"5m\" # !"),
        top("True with a capital", "retired = True # !"),
        top("yes", "retired = yes # !"),
        case("too deep", format!("a = {}\n", "[".repeat(500))),
        case("date that is none", format!("id = \"l\"\ntitle = \"L\"\nvalid_from = 2026-02-30 # !\n{SLOT}")),
        slots(
            "time that is none",
            "[[slot]]\nid = \"a\"\nat = [25:00:00] # !\ndays = [\"T2\"]\nplay = [\"a.mp3\"]\n",
        ),
        top("key twice", "title = \"Lịch khác\" # !"),
        slots("single brackets", "[slot]\nid = \"a\"\n[slot] # !\nid = \"b\"\n"),
        top("unknown key at the top", "valid_til = 2026-12-31 # !"),
        top("unknown key, nothing like it", "mau = \"đỏ\" # !"),
        slot("unknown key of a slot", "grase = \"5m\" # !"),
        case("missing keys", "title = \"Lịch\" # !\n"),
        slot("wrong type", "title = 5 # !"),
        case(
            "text for a date",
            format!("id = \"l\"\ntitle = \"L\"\nvalid_from = \"01/12/2026\" # !\n{SLOT}"),
        ),
        slots(
            "wrong items",
            "[[slot]]\nid = \"a\"\nat = [\"05:30\"]\ndays = [2, 3] # !\nplay = [\"a.mp3\"]\n",
        ),
        top("empty text", "approved_by = \" \" # !"),
        slot("line break", "title = \"\"\"Chuyên mục # !\nCCHC\"\"\""),
        slots("empty list", "[[slot]]\nid = \"a\"\nat = [\"05:30\"]\ndays = [\"T2\"]\nplay = [] # !\n"),
        slot("word of no list", "start = \"hart\" # !\npriority = \"emergency\" # !"),
        slot("no length of time", "grace = \"10 phút\" # !"),
        slot("too long a grace", "grace = \"7h\" # !"),
        case(
            "id with diacritics",
            format!("id = \"Lịch tháng 12\" # !\ntitle = \"L\"\nvalid_from = 2026-12-01\n{SLOT}"),
        ),
        case(
            "long id",
            format!("id = \"{}\" # !\ntitle = \"L\"\nvalid_from = 2026-12-01\n{SLOT}", "a".repeat(65)),
        ),
    ]
}

fn slots_and_times() -> Vec<Case> {
    let timed = |about, time: &str| {
        slots(about, &format!("[[slot]] # ?\nid = \"sang\"\n{time}\nplay = [\"a.mp3\"]\n"))
    };
    vec![
        case("no slots", HEAD),
        case(
            "ends before it begins",
            format!(
                "id = \"l\"\ntitle = \"L\"\nvalid_from = 2026-12-31\nvalid_until = 2026-12-01 # !\n{SLOT}"
            ),
        ),
        slots("two slots of one id", &format!("{SLOT}{}", SLOT.replace("[[slot]]", "[[slot]] # !"))),
        slots("no time", "[[slot]] # !\nid = \"sang\"\nplay = [\"a.mp3\"]\n"),
        timed("two ways", "cron = \"30 5 * * *\" # !\nat = [\"05:30\"]\ndays = [\"T2\"]"),
        timed("dates alone", "dates = [2026-12-08] # !"),
        timed("days alone", "days = [\"T2\"] # !"),
        timed("no cron pattern", "cron = \"năm rưỡi sáng\" # !"),
        timed("thu", "at = [\"05:30\"]\ndays = [\"thu\"] # !"),
        timed("days that are none", "at = [\"05:30\"]\ndays = [\"T8\"] # !"),
        timed("time that is none", "at = [\"5.30\"] # !\ndays = [\"T2\"]"),
        timed("dates outside", "dates = [2026-12-08, 2027-01-08] # !\nat = [\"05:30\"]"),
        slots(
            "never due",
            "[[slot]] # !\nid = \"sang\"\nat = [\"05:30\"]\ndays = [\"T5\"]\nplay = [\"a.mp3\"]\n\
             except = [2026-12-03, 2026-12-10, 2026-12-17, 2026-12-24, 2026-12-31]\n",
        ),
        slot("except without meaning", "except = [\"tet\"] # !"),
    ]
}

fn playing() -> Vec<Case> {
    let plays = |about, play: &str| {
        slots(about, &format!("[[slot]]\nid = \"sang\"\nat = [\"05:30\"]\ndays = [\"T2\"]\n{play}\n"))
    };
    vec![
        slots("nothing to play", "[[slot]] # !\nid = \"sang\"\nat = [\"05:30\"]\ndays = [\"T2\"]\n"),
        plays("play and repeat", "play = [\"a.mp3\"]\nrepeat_of = \"sang\" # !"),
        plays("a relay without an end", "relay = \"30s\" # !"),
        plays("play and relay", "play = [\"a.mp3\"]\nrelay = \"30m\" # !"),
        plays("outside the folder", "play = [\"../a.mp3\"] # !"),
        plays("a drive", "play = ['D:\\nhac\\a.mp3'] # !"),
        plays("repeat of a slot that is not there", "repeat_of = \"toi\" # !"),
        slots(
            "repeat of a slot that is nearly there",
            &format!(
                "{SLOT}[[slot]]\nid = \"chieu\"\nat = [\"17:00\"]\ndays = [\"T2\"]\nrepeat_of = \"sangg\" # !\n"
            ),
        ),
        plays("repeat of itself", "repeat_of = \"sang\" # !"),
        slots(
            "repeat of a relay",
            "[[slot]]\nid = \"tinh\"\nat = [\"06:00\"]\nrelay = \"30m\"\n\
             [[slot]]\nid = \"chieu\"\nat = [\"17:00\"]\nrepeat_of = \"tinh\" # !\n",
        ),
        slots(
            "repeat of a repeat",
            &format!(
                "{SLOT}[[slot]]\nid = \"trua\"\nat = [\"11:00\"]\ndays = [\"T2\"]\nrepeat_of = \"sang\"\n\
                 [[slot]]\nid = \"chieu\"\nat = [\"17:00\"]\ndays = [\"T2\"]\nrepeat_of = \"trua\" # !\n"
            ),
        ),
    ]
}

fn changes() -> Vec<Case> {
    let change = |about, lines: &str| with(about, &format!("[[change]]\n{lines}\n"));
    let twice = |about, first: &str, second: &str| {
        let begin = "slot = \"sang\"\ndate = 2026-12-09\n";
        with(about, &format!("[[change]]\n{begin}{first}\n[[change]] # !\n{begin}{second}\n"))
    };
    vec![
        change("of no slot", "slot = \"sangg\" # !\ndate = 2026-12-09\naction = \"cancel\""),
        change("of no slot at all", "slot = \"xyz\" # !\ndate = 2026-12-09\naction = \"cancel\""),
        change("not due", "slot = \"sang\"\ndate = 2026-12-12 # !\naction = \"cancel\""),
        change("outside the validity", "slot = \"sang\"\ndate = 2027-01-12 # !\naction = \"cancel\""),
        change(
            "key without meaning",
            "slot = \"sang\"\ndate = 2026-12-09\naction = \"cancel\"\nat = \"06:00\" # !",
        ),
        change(
            "to the same time",
            "slot = \"sang\"\ndate = 2026-12-09\naction = \"move\"\nat = \"05:30\" # !",
        ),
        with(
            "move of several",
            "[[slot]]\nid = \"nhieu\"\nat = [\"11:00\", \"17:00\"]\ndays = [\"T4\"]\nplay = [\"a.mp3\"]\n\
             [[change]]\nslot = \"nhieu\"\ndate = 2026-12-09 # !\naction = \"move\"\nat = \"18:00\"\n",
        ),
        twice("cancelled and moved", "action = \"cancel\"", "action = \"move\"\nat = \"06:00\""),
        twice(
            "two extras at once",
            "action = \"extra\"\nat = \"06:00\"",
            "action = \"extra\"\nat = \"06:00\"",
        ),
        with(
            "extra where one is due",
            "[[change]] # !\nslot = \"sang\"\ndate = 2026-12-09\naction = \"extra\"\nat = \"05:30\"\n",
        ),
    ]
}

fn notes() -> Vec<Case> {
    let note = |about, lines: &str| with(about, &format!("[[cart]]\nfile = \"a.mp3\"\n{lines}\n"));
    vec![
        note("theme that is nearly there", "kind = \"bai\"\ntopic = \"dich-vu-cng\" # !"),
        note("theme that is not there", "kind = \"bai\"\ntopic = \"bong-da\" # !"),
        note("kind mistyped", "kind = \"thong-boa\" # !"),
        with("described and not played", "[[cart]] # !\nfile = \"b.mp3\"\nkind = \"bai\"\n"),
        with(
            "described twice",
            "[[cart]]\nfile = \"a.mp3\"\nkind = \"bai\"\n[[cart]] # !\nfile = \"a.mp3\"\nkind = \"tin\"\n",
        ),
        with("described by a name that leaves", "[[cart]]\nfile = \"/etc/passwd\" # !\nkind = \"bai\"\n"),
    ]
}

/// Faulty configs.
pub fn configs() -> Vec<Case> {
    let config = |about, lines: &str| case(about, format!("{CONFIG}{lines}\n"));
    let cards = |about, cards: &str| {
        case(about, format!("[station]\nid = \"xa\"\nname = \"Xã\"\n[output]\ncards = [{cards}] # !\n"))
    };
    let station = |about, line: &str| {
        case(
            about,
            format!("[station]\nid = \"xa\"\nname = \"Xã\"\n{line} # !\n[output]\ncards = [\"virtual\"]\n"),
        )
    };
    vec![
        case("nothing of what must be", "[policy] # ?\nexceptions = []\n"),
        config("unknown table", "[polcy] # !\nquiet_hours = \"none\""),
        station("unknown zone", "time_zone = \"Ho Chi Minh\""),
        station("zone of no place", "time_zone = \"xyz\""),
        station("unknown language", "language = \"en_GB\""),
        cards("host that is none", "\"pulse:loa\""),
        cards("host like none", "\"speaker\""),
        cards("no card id", "\"alsa:\""),
        cards("virtual with a name", "\"virtual:x\""),
        cards("card twice", "\"pulseaudio\", \"pulseaudio\""),
        cards("virtual not last", "\"virtual\", \"pulseaudio\""),
        config("rate beyond its limits", "rate = 4000 # !\ndead_air_dbfs = 3 # !"),
        config("quiet hours", "[policy]\nquiet_hours = \"21-5\" # !"),
        config(
            "limits",
            "[policy]\npreset = \"ha-noi\" # !\nsession = \"25h\" # !\nweekdays = [\"T8\"] # !\nno_music = [\"5-5\"] # !",
        ),
        config("fallback", "[policy]\nfallback = [\"../nhac-nen.mp3\"] # !"),
        config("time of the backup", "[backup]\nat = \"trưa\" # !"),
        config("where the pages are", "[page]\nlisten = \"8080\" # !"),
        config("a certificate without its key", "[page] # !\ncertificate = \"trang.crt\""),
        config("exception", "[policy]\nexceptions = [\"giao-thua\"] # !"),
        config("an amplifier that is never switched off", "[amplifier] # !\non = [\"tang-am\", \"bat\"]"),
        config("a webhook that is none", "[alarms]\nwebhook = \"giam-sat.example.vn/loa\" # !"),
        config("a reminder every minute", "[alarms]\nremind = \"1m\" # !"),
        config(
            "a mail server with a password for everyone to read",
            "[alarms.email]\nserver = \"mail\"\nsecurity = \"none\"\npassword_file = \"mk\"\nuser = \"dai\" # !\n\
             from = \"dai\" # !\nto = [\"a@b.vn\", \"a b@c.vn\"] # !",
        ),
        config(
            "a user without a password",
            "[alarms.email] # !\nuser = \"dai\"\nfrom = \"a@b.vn\"\nto = [\"a@b.vn\"]",
        ),
        config("state among the recordings", "[paths]\nstate = \"audio/state\" # !\naircheck = \"x\""),
    ]
}

/// Faulty lists of themes.
pub fn themes() -> Vec<Case> {
    let theme = |id: &str| format!("[[theme]]\nid = \"{id}\"\nvi = \"Chủ đề\"\nen = \"Theme\"\n");
    vec![
        case("theme twice", format!("{}{}", theme("a"), theme("a").replace("]]", "]] # !"))),
        case("single brackets", "[theme]\nid = \"a\"\n[theme] # !\nid = \"b\"\n"),
        case("theme without a name", "[[theme]] # !\nid = \"a\"\nvi = \"Chủ đề\"\n"),
    ]
}

/// Faulty calendars.
pub fn holidays() -> Vec<Case> {
    vec![
        case("backwards", "[[holiday]]\ndate = 2027-02-11\nuntil = 2027-02-05 # !\n"),
        case("year mistyped", "[[holiday]]\ndate = 2027-02-05\nuntil = 2028-02-11 # !\n"),
    ]
}

/// Faulty lists of targets.
pub fn targets() -> Vec<Case> {
    let target = |rest: &str| format!("[[target]]\ntheme = \"dich-vu-cong\"\n{rest}");
    let first = target("period = \"2026-Q4\"\nairings = 5\n");
    vec![
        case("no period", target("period = \"tháng 10\" # !\nairings = 1\n")),
        case("no such theme", "[[target]]\ntheme = \"dich-vu-kong\" # !\nperiod = \"2026\"\nminutes = 5\n"),
        case("of nothing", "[[target]] # !\ntheme = \"dich-vu-cong\"\nperiod = \"2026\"\n"),
        case("target twice", format!("{first}{}", first.replace("]]", "]] # !"))),
    ]
}
