//! A card that another program has to itself: the real binary meets one that answers EBUSY, by a plugin of ALSA's that this
//! test builds, and is played through PulseAudio once it is let go. Owns what setup, doctor, a running station and `loa
//! devices` say of it, and that nothing is lost.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use loa::core::record::{CardChange, Entry};
use loa::journal::Reader;

use super::setup_rig::{Bare, Said, Talk, is_bare};
use super::sound_server::SoundServer;
use super::station_folder::{StationFolder, wait_for};
use super::survival_cards::two_slots;

/// The plugin, built once.
fn plugin() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/alsa/busy_card.c");
        let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let draft = place.join(format!("busy_card-{}.so", std::process::id()));
        let built = Command::new("gcc")
            .args(["-shared", "-fPIC", "-DPIC", "-O1", "-Wall", "-Werror", source, "-lasound", "-o"])
            .arg(&draft)
            .status()
            .expect("`gcc` and libasound2-dev are there: Loa itself is built with them");
        assert!(built.success());
        let ready = place.join("busy_card.so");
        std::fs::rename(draft, &ready).unwrap();
        ready
    })
}

/// Cards of ALSA's that sound on a server of the test's own, and that another program can have.
struct Cards {
    server: SoundServer,
    folder: tempfile::TempDir,
}

impl Cards {
    /// `alsa:loa` and `alsa:ban`, of no other program's for now.
    fn new() -> Cards {
        let folder = tempfile::tempdir().unwrap();
        let (plugin, lock) = (plugin().display(), folder.path().join("lock"));
        let card = format!("type busy\n lock \"{}\"\n card tieng\n", lock.display());
        let text = format!(
            "</usr/share/alsa/alsa.conf>\npcm_type.busy {{ lib \"{plugin}\" }}\n\
             pcm.tieng {{ type pulse }}\n\
             pcm.loa {{ {card} hint {{ show on\n description \"Card thử\" }} }}\n\
             pcm.ban {{ {card} hint {{ show on\n description \"Card bàn\" }} }}\n"
        );
        std::fs::write(folder.path().join("asound.conf"), text).unwrap();
        Cards { server: SoundServer::start(), folder }
    }

    /// Another program takes them.
    fn take(&self) {
        std::fs::write(self.folder.path().join("lock"), "").unwrap();
    }

    /// It lets them go.
    fn let_go(&self) {
        std::fs::remove_file(self.folder.path().join("lock")).unwrap();
    }

    fn environment(&self) -> Vec<(String, String)> {
        let mut environment = self.server.environment();
        let path = self.folder.path().join("asound.conf").display().to_string();
        environment.push(("ALSA_CONFIG_PATH".into(), path));
        environment
    }

    fn bare(&self) -> Bare {
        let mut bare = Bare::new();
        bare.environment = self.environment();
        bare
    }

    fn station(&self) -> StationFolder {
        let mut station = StationFolder::in_memory("\"alsa:loa\"");
        station.environment = self.environment();
        station.recording("a.wav", 48_000);
        station
    }
}

fn has_all(said: &str, words: &[&str]) {
    for word in words {
        assert!(said.contains(word), "`{word}` is missing in {said}");
    }
}

fn peak(heard: &[f32]) -> f32 {
    heard.iter().fold(0.0, |peak, sample| peak.max(sample.abs()))
}

#[test]
fn a_flag_that_names_a_card_in_use_is_refused_with_what_to_do_and_nothing_is_written() {
    let cards = Cards::new();
    cards.take();
    let bare = cards.bare();
    let flags = ["--yes", "--name", "X", "--card", "alsa:loa", "--quiet-hours", "none"];
    for (language, words) in [
        ("vi", ["alsa:loa", "đang bị chương trình khác dùng", "tắt trình duyệt", "card khác", "--no-test"]),
        ("en", ["alsa:loa", "in use by another program", "close browsers", "another card", "--no-test"]),
    ] {
        let said = bare.setup(&[&["--language", language][..], &flags].concat(), &[]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        has_all(&said.err, &words);
        assert!(!said.err.contains("temporarily busy"), "cpal's words are nobody's: {said:?}");
        assert!(is_bare(&bare.root()));
    }
    let taken = bare.setup(&[&flags[..], &["--no-test"]].concat(), &[]);
    assert_eq!(taken.code, Some(0), "{taken:?}");
    // A station that is there keeps its card.
    cards.let_go();
    let before = bare.text();
    cards.take();
    let refused = bare.setup(&["--card", "alsa:ban", "--loudness", "-20"], &[]);
    assert_eq!((refused.code, bare.text()), (Some(2), before), "{refused:?}");
    cards.let_go();
    let said = bare.setup(&["--card", "alsa:ban", "--loudness", "-20"], &[]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(bare.text().contains("alsa:ban"));
}

#[test]
fn the_card_question_goes_on_where_it_was_when_the_other_program_has_ended() {
    let cards = Cards::new();
    cards.take();
    let bare = cards.bare();
    let mut talk = Talk::begin(bare.command(&["--quiet-hours", "none"]));
    talk.hears("Tên:");
    talk.answers("Đài xã Tân");
    talk.hears("[c = đúng");
    talk.answers("c");
    talk.hears("[Enter = ");
    talk.answers("alsa:ban");
    let said = talk.hears("[Enter = ");
    has_all(&said, &["alsa:ban", "đang bị chương trình khác dùng", "tắt trình duyệt", "card khác"]);
    assert!(!said.contains("temporarily busy"), "{said}");
    let recorder = cards.server.record();
    cards.let_go();
    talk.answers("alsa:ban");
    talk.hears("Có nghe thấy tiếng chuông không?");
    let heard = recorder.stop();
    for answer in ["c", "", "", ""] {
        talk.answers(answer);
    }
    let Said { code, out, err } = talk.ends();
    assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
    assert!(peak(&heard) > 0.03, "peak {}", peak(&heard));
    let config = bare.config();
    assert_eq!(config.station.name, "Đài xã Tân", "what was answered before is not lost");
    assert_eq!(config.output.cards.iter().map(ToString::to_string).collect::<Vec<_>>(), ["alsa:ban"]);
}

#[test]
fn doctor_tells_a_card_in_use_from_one_that_is_broken() {
    let cards = Cards::new();
    cards.take();
    let station = cards.station();
    for (language, words) in [
        ("vi", ["không mở được alsa:loa: một chương trình khác đang dùng card này", "→ hãy tắt trình duyệt"]),
        ("en", ["alsa:loa cannot be opened: another program is using it", "→ close browsers"]),
    ] {
        let output = station.loa(&["doctor", "--language", language]);
        assert_eq!(output.status.code(), Some(1));
        has_all(&String::from_utf8_lossy(&output.stdout), &words);
    }
    cards.let_go();
    let told = station.json(&["doctor", "--json"]);
    let codes: Vec<&str> =
        told["findings"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
    assert!(codes.contains(&"card_opens") && !codes.contains(&"card_fails"), "{codes:?}");
}

#[test]
fn a_running_station_says_who_has_its_card_and_airs_the_next_cue_once_it_is_let_go() {
    let cards = Cards::new();
    cards.take();
    let mut station = cards.station();
    station.run();
    two_slots(&station, 6, 12);
    let missed = station.wait_for_outcome("missed");
    assert_eq!((&missed["slot"], &missed["reason"]), (&"khong-cho".into(), &"no_device".into()));
    let status = station.json(&["status", "--json"]);
    let alarms = status["alarms"].as_array().unwrap();
    let alarm = alarms.iter().find(|alarm| alarm["code"] == "no_card").expect("an alarm");
    has_all(
        alarm["found"].as_str().unwrap(),
        &["alsa:loa: another program is using it", "close browsers", "tries again"],
    );
    assert_eq!(status["card"]["tried"][0][1], "another program is using it", "{status:#}");
    for (language, words, examined) in [
        (
            "vi",
            "! Không mở được card âm thanh nào: alsa:loa: một chương trình khác đang dùng card này",
            ["không mở được alsa:loa: một chương trình khác đang dùng card này", "→ hãy tắt trình duyệt"],
        ),
        (
            "en",
            "! No card can be opened: alsa:loa: another program is using it",
            ["alsa:loa cannot be opened: another program is using it", "→ close browsers"],
        ),
    ] {
        let output = station.loa(&["status", "--language", language]);
        has_all(&String::from_utf8_lossy(&output.stdout), &[words]);
        // While it runs, the station is asked.
        let output = station.loa(&["doctor", "--language", language]);
        has_all(&String::from_utf8_lossy(&output.stdout), &examined);
    }
    let recorder = cards.server.record();
    cards.let_go();
    let aired = station.wait_for_outcome("aired");
    assert_eq!(
        (&aired["slot"], &aired["device"], &aired["frames"]),
        (&"cho".into(), &"alsa:loa".into(), &48_000.into())
    );
    assert!(peak(&recorder.stop()) > 0.03);
    wait_for("the alarm to be over", || {
        let status = station.json(&["status", "--json"]);
        let standing = status["alarms"].as_array().unwrap().iter().any(|alarm| alarm["code"] == "no_card");
        (!standing).then_some(())
    });
    station.signal("TERM");
    assert_eq!(station.ended(), Some(0));
    let reader = Reader::open(&station.path().join("state/journal.db")).unwrap();
    let entries = reader.latest(100_000).unwrap();
    let refused = entries.iter().filter_map(|noted| match &noted.entry {
        Entry::Card { device, change: CardChange::Refused { found } } => {
            Some((device.as_str(), found.as_str()))
        }
        _ => None,
    });
    // However often it was tried.
    assert_eq!(refused.collect::<Vec<_>>(), [("alsa:loa", "another program is using it")]);
    assert_eq!(station.json(&["verify", "--json"])["whole"], true);
}

#[test]
fn a_card_in_use_is_listed_as_any_other() {
    let cards = Cards::new();
    cards.take();
    let station = cards.station();
    let output = station.loa(&["devices"]);
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    has_all(&String::from_utf8_lossy(&output.stdout), &["alsa:loa", "Card thử", "pulseaudio:loa"]);
}

/// In a process of its own whose kernel tells that a program named `rhythmbox` plays on the card `PCH`. `$1` is a folder,
/// `$2` Loa, `$3` a station's config.
const RHYTHMBOX: &str = r#"
mount -t tmpfs tmpfs "$1" && mkdir "$1/real" "$1/proc" && mount --rbind /proc "$1/real" || exit 9
cp "$(command -v sleep)" "$1/rhythmbox" && "$1/rhythmbox" 100 & 
until [ "$(cat /proc/$!/comm)" = rhythmbox ]; do :; done
trap "kill $!" EXIT
for one in /proc/*; do [ "$one" = /proc/asound ] || ln -s "$1/real/${one##*/}" "$1/proc/${one##*/}"; done
stream="$1/proc/asound/card0/pcm0p/sub0"
mkdir -p "$stream" && echo PCH > "$1/proc/asound/card0/id" && printf 'state: RUNNING\nowner_pid   : %s\n' $! > "$stream/status"
mount --rbind "$1/proc" /proc || exit 9
"$2" setup --folder "$1/new" --yes --name X --card alsa:loa; echo "code $?"
"$2" doctor --config "$3" --language en; "$2" doctor --config "$3" --language vi; exit 0
"#;

#[test]
fn the_program_that_has_the_card_is_named_where_the_kernel_tells() {
    let cards = Cards::new();
    cards.take();
    let (station, place) = (cards.station(), tempfile::tempdir().unwrap());
    let done = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", RHYTHMBOX, "sh"])
        .arg(place.path())
        .arg(env!("CARGO_BIN_EXE_loa"))
        .arg(station.path().join("config/station.toml"))
        .envs(cards.environment())
        .output()
        .expect("`unshare` of util-linux gives this test a /proc of its own");
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    has_all(
        &said,
        &[
            "code 2",
            "Card alsa:loa đang bị chương trình “rhythmbox” dùng nên không mở được: hãy tắt chương trình “rhythmbox”",
            "alsa:loa cannot be opened: the program `rhythmbox` is using it",
            "→ close the program `rhythmbox`",
            "không mở được alsa:loa: chương trình “rhythmbox” đang dùng card này",
            "→ hãy tắt chương trình “rhythmbox”",
            // Who plays on which card is a check of its own.
            "“rhythmbox” (process ",
            "plays on PCH",
        ],
    );
}
