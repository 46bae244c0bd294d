//! Who else plays on the cards, or has them, and which other stations run on this machine. Owns whose playing is to be
//! told; the kernel's list of those who have a card is read in `audio`.

use super::ask::ask_fine;
use super::mixer::{pactl, sink_of};
use super::{Patient, processes};
use crate::audio::holders::{self, Holder};
use crate::core::card::{Host, is_sound_server};
use crate::core::checkup::{Finding, Sound};

pub(super) fn programs(patient: &Patient) -> Vec<Finding> {
    let cards = &patient.config.output.cards;
    let of = |host| cards.iter().any(|card| card.host == host);
    let (mut found, mut known) = (Vec::new(), false);
    if of(Host::PulseAudio) {
        known |= on_server(patient, &mut found);
    }
    if (of(Host::Alsa) || of(Host::PulseAudio)) && holders::are_known() {
        known = true;
        let server_is_ours = !of(Host::Alsa);
        for Holder { card, process, program, .. } in holders::all() {
            let server = is_sound_server(&program) && server_is_ours;
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
