//! Who else plays on the cards, or has them, and which other stations run on this machine. Owns how the kernel's list
//! of sound streams is read.

use std::path::Path;

use super::ask::ask_fine;
use super::mixer::{pactl, sink_of};
use super::{Patient, processes};
use crate::core::card::Host;
use crate::core::checkup::{Finding, Sound};

/// Programs that play for others: they hold a card, and who plays by them is asked of them.
const SERVERS: &[&str] = &["pulseaudio", "pipewire", "pipewire-pulse", "wireplumber"];

pub(super) fn programs(patient: &Patient) -> Vec<Finding> {
    let cards = &patient.config.output.cards;
    let of = |host| cards.iter().any(|card| card.host == host);
    let (mut found, mut known) = (Vec::new(), false);
    if of(Host::PulseAudio) {
        known |= on_server(patient, &mut found);
    }
    let asound = Path::new("/proc/asound");
    if (of(Host::Alsa) || of(Host::PulseAudio)) && asound.is_dir() {
        known = true;
        let server_is_ours = !of(Host::Alsa);
        for (card, process) in holders(asound) {
            let program = processes::name_of(process);
            let server = SERVERS.contains(&&*program) && server_is_ours;
            if program != "loa" && process != std::process::id() && !server {
                found.push(Sound::Shared { card, program, process: Some(process) });
            }
        }
    }
    if !known && !patient.config.silent_only() {
        found.push(Sound::ProgramsUnknown);
    }
    let holder = patient.holder();
    let others = processes::stations().into_iter().filter(|process| Some(*process) != holder);
    // Without the holder every station that runs would seem to be another.
    if patient.report().is_none() || holder.is_some() {
        found.extend(others.map(|process| Sound::OtherStation { process }));
    }
    if found.is_empty() && known {
        found.push(Sound::Alone);
    }
    found.into_iter().map(Finding::from).collect()
}

/// Streams of others on our sinks; whether the server could be asked.
fn on_server(patient: &Patient, found: &mut Vec<Sound>) -> bool {
    let Ok(text) = ask_fine("pactl", &["list", "sink-inputs"]) else { return false };
    let streams = pactl::streams(&text);
    for card in patient.config.output.cards.iter().filter(|card| card.host == Host::PulseAudio) {
        let Ok(Some(sink)) = sink_of(card) else { continue };
        for stream in &streams {
            let ours = stream.program == "loa" || stream.process == Some(std::process::id());
            if stream.sink == Some(sink.number) && !ours && !stream.paused {
                let (program, process) = (stream.program.clone(), stream.process);
                found.push(Sound::Shared { card: card.to_string(), program, process });
            }
        }
    }
    true
}

/// Each card that a process plays on, by its id, with the process: from `card*/pcm*p/sub*/status`.
fn holders(asound: &Path) -> Vec<(String, u32)> {
    let below = |folder: &Path, begins: &str, ends: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let fits = |path: &std::path::PathBuf| {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            name.starts_with(begins) && name.ends_with(ends)
        };
        let mut paths: Vec<_> = entries.map(|entry| entry.path()).filter(fits).collect();
        paths.sort();
        paths
    };
    let mut found = Vec::new();
    for card in below(asound, "card", "").into_iter().filter(|card| card.is_dir()) {
        let id = std::fs::read_to_string(card.join("id")).unwrap_or_default();
        for stream in below(&card, "pcm", "p") {
            for sub in below(&stream, "sub", "") {
                let status = std::fs::read_to_string(sub.join("status")).unwrap_or_default();
                found.extend(owner(&status).map(|process| (id.trim().to_owned(), process)));
            }
        }
    }
    found
}

/// The process in a `status` of the kernel; none: the stream is closed.
fn owner(status: &str) -> Option<u32> {
    status.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        value.trim().parse().ok().filter(|_| name.trim() == "owner_pid")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_holds_a_card_is_read_from_the_kernels_list() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        put("card0/id", "PCH\n");
        put("card0/pcm0p/sub0/status", "state: RUNNING\nowner_pid   : 4711\ntrigger_time: 1.2\n");
        put("card0/pcm0c/sub0/status", "state: RUNNING\nowner_pid   : 12\n");
        put("card0/pcm3p/sub0/status", "closed\n");
        put("card1/id", "Device\n");
        put("card1/pcm0p/sub0/status", "");
        put("cards", " 0 [PCH            ]: HDA-Intel\n");
        assert_eq!(holders(folder.path()), [("PCH".to_owned(), 4_711)]);
        assert_eq!(holders(Path::new("/no such folder")), []);
        assert_eq!((owner("owner_pid   : x"), owner("owner_pid")), (None, None));
    }
}
