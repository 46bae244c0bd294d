//! The texts of `loa setup` in English.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    welcome: "\
A few questions, about five minutes. Enter takes the answer in [brackets].
A slip does no harm: what is wrong is asked again, and you see all of it before anything is written.
Ctrl-C leaves at any moment, with everything as it was. No loudspeaker sounds before you were asked.",
    other_language: "(Muốn làm bằng tiếng Việt, gõ: vi)",
    name: "1. The station's name, at the head of reports and pages. Example: Đài Truyền thanh xã Bình Minh
   Name",
    name_missing: "   There is no name yet. Type the station's name, then Enter.",
    clock: "2. The machine's clock. The station airs by it; a wrong clock airs at wrong times.",
    clock_right: "   Compared with your watch or telephone, is that right? [y = yes, n = no] ",
    clock_again: "   Enter reads it again when it is set. If the zone is wrong, type the zone, e.g. Asia/Bangkok. [s = later] ",
    clock_later: if cfg!(windows) { "   Later will do: the station airs nothing by its schedule until you confirm the time with: loa clock confirm" } else { "   Later will do: the station airs nothing by its schedule until you confirm the time with: sudo loa clock confirm" },
    card: "3. The sound card: by which way the sound reaches the amplifier.",
    card_warning: "   A test of three soft strokes of a gong, 4 seconds, tells whether it is the right one.
   TAKE CARE: with the amplifier on, the loudspeakers outside sound. Better switch it off and listen on a small speaker.",
    no_card: "   There is no sound card. Plug one in (or its USB cable), then Enter looks again.
   If it still is not there, see `loa devices` in another terminal, or type the card's name here. [Enter = look again] ",
    card_silent: "   The card `virtual` makes no sound. For a station without a sound, type: loa setup --card virtual",
    card_heard: "   Did you hear the gong? [y = yes, n = no] ",
    card_not_heard: "   Not heard: look at the cable and the volume of the PC and the speaker, or try another card.",
    card_quiet: "   It is in the quiet hours, so there is no test. To hear it all the same, type the whole word: play",
    card_busy_station: "   The station airs, or will within minutes, so there is no test now.",
    quiet: "4. Quiet hours. The station makes no sound in them, whatever a schedule says; only an emergency that a person orders airs.",
    quiet_choices: [
        "21:00 to 05:00, no other limit",
        "21:00 to 06:00, no other limit",
        "21:00 to 05:00; 2 sessions a day of 15 minutes, Monday to Friday (as in the city of Hà Nội)",
        "21:00 to 05:00; sessions of 45 minutes at most (as in the country around Hà Nội)",
        "21:00 to 05:00; 2 sessions a day of 60 minutes (as in Liên Chiểu, Đà Nẵng)",
    ],
    quiet_choose: "   A number, or hours such as 22:00-04:30",
    page: "5. The station's pages: what is on air, what comes, reports to print, and the button STOP NOW.",
    page_choices: [
        "on this machine only, no password; to look and to stop",
        "on this machine only, with an account for orders (play now, leave out a cue, confirm the clock)",
        "from other machines and telephones of the office's network too; needs an account",
    ],
    choose: "   A number",
    no_such_choice: "   That number is not in the list. Type one of those above.",
    account: "   The technician's name to sign in with; it stands in the journal beside each order",
    password: "   Password, 10 letters at least; several words are good. What you type is not shown: ",
    password_again: "   The same password again: ",
    passwords_differ: "   The two are not the same. Type them again.",
    not_read: "   What was typed cannot be read (a stray key). Type it again.",
    keep: "as it is",
    account_needed: "   Pages on a network need an account, or anybody could give orders.",
    yes_or_no: "   Type y (yes) or n (no).",
    loudness: "Loudness. Every recording is brought to the same; the nearer to 0 the louder, -30 to -16. Horns out of doors: -16.
   Loudness (LUFS)",
    no_number: "   That is not a number. Type for example -16",
    technician: "The technician, at the foot of every receipt, so that offices know whom to ask.\n   Name",
    telephone: "   Telephone",
    review: "Before anything is written:",
    review_choose: "Write it and go on? [Enter = write; a number = change that; q = leave, nothing is written] ",
    standing: "The station is set up like this:",
    change: "Which number shall change? [Enter = none] ",
    nothing_changed: "Nothing was changed.",
    broken_off: "Broken off. Nothing was written; everything is as it was.",
    restart: "The change counts when the station is started again, which takes seconds; nothing airs in the next ten minutes. Start it again now? [Enter = yes, n = later] ",
    restart_later: if cfg!(windows) { "The change counts from the next start on. When nothing airs, type: net stop loa & net start loa" } else { "The change counts from the next start on. When nothing airs, type: sudo systemctl restart loa" },
    runs: "The station runs, and starts with the machine.",
    runs_already: if cfg!(windows) { "The station runs, and starts with the machine. To switch it off for good: sc config loa start= disabled & net stop loa" } else { "The station runs, and starts with the machine. To switch it off for good: sudo systemctl disable --now loa" },
    service: "Start the station now, and whenever the machine starts? [Enter = yes, n = no] ",
    first_cue: "Test of the day of setting up",
};
