//! The mixer of the cards: muted, turned down, or not known. Owns which control of a card counts; what `pactl` and
//! `amixer` print is read in the files below.

use super::Patient;
use super::ask::{Unasked, ask_fine};
use crate::core::card::{CardName, Host};
use crate::core::checkup::{self, Finding, Sound};

mod amixer;
pub(super) mod pactl;

use amixer::Control;

/// Controls through which everything goes, wherever a card has them.
const MAIN: &[&str] = &["Master", "PCM", "Digital"];
/// Controls of one way out each; a card sounds as long as one of them is open.
const WAYS_OUT: &[&str] = &["Speaker", "Headphone", "Headset", "Front", "Line Out", "Lineout"];

pub(super) fn mixer(patient: &Patient) -> Vec<Finding> {
    let cards = &patient.config.output.cards;
    let mut found = Vec::new();
    for card in cards {
        match card.host {
            Host::PulseAudio => found.extend(by_server(card)),
            Host::Alsa => found.extend(by_card(card)),
            Host::Wasapi | Host::CoreAudio => {
                found.push(Sound::MixerUnknownHere { card: card.to_string() });
            }
            Host::Virtual => {}
        }
    }
    if cards.iter().any(|card| card.host == Host::PulseAudio)
        && let Ok(text) = ask_fine("pactl", &["list", "sink-inputs"])
        && pactl::streams(&text).iter().any(|stream| stream.muted && stream.program == "loa")
    {
        found.push(Sound::LoaMuted);
    }
    found.into_iter().map(Finding::from).collect()
}

fn unknown(card: &CardName, mixer: checkup::Mixer, error: &Unasked) -> Sound {
    let card = card.to_string();
    match error {
        Unasked::NotInstalled(_) => Sound::NoMixer { card, mixer },
        other => Sound::MixerUnknown { card, found: other.to_string() },
    }
}

fn told_nothing(card: &CardName) -> Sound {
    Sound::MixerUnknown { card: card.to_string(), found: "it has no volume that can be read".into() }
}

/// The sink of the sound server that `card` names, by the texts of `pactl`; none where it is not there.
pub(super) fn sink_of(card: &CardName) -> Result<Option<pactl::Sink>, Unasked> {
    let name = match card.id.as_deref() {
        None | Some("default") => pactl::default_sink(&ask_fine("pactl", &["info"])?),
        Some(id) => Some(id.to_owned()),
    };
    let sinks = pactl::sinks(&ask_fine("pactl", &["list", "sinks"])?);
    Ok(sinks.into_iter().find(|sink| Some(&sink.name) == name.as_ref()))
}

fn by_server(card: &CardName) -> Vec<Sound> {
    let mixer = checkup::Mixer::Pactl;
    match sink_of(card) {
        Err(error) => vec![unknown(card, mixer, &error)],
        // The card itself is told to be missing.
        Ok(None) => Vec::new(),
        Ok(Some(sink)) if sink.muted => {
            vec![Sound::Muted { card: card.to_string(), control: sink.name, mixer }]
        }
        Ok(Some(pactl::Sink { percent: Some(percent), name, .. })) => {
            vec![Sound::Level { card: card.to_string(), control: name, percent, mixer }]
        }
        Ok(Some(_)) => vec![told_nothing(card)],
    }
}

fn by_card(card: &CardName) -> Vec<Sound> {
    let asked = match amixer::target(card.id.as_deref()) {
        Some(target) => ask_fine("amixer", &["-c", &target, "scontents"]),
        None => ask_fine("amixer", &["scontents"]),
    };
    match asked {
        Err(error) => vec![unknown(card, checkup::Mixer::Amixer, &error)],
        Ok(text) => judge(card, &amixer::controls(&text)),
    }
}

fn judge(card: &CardName, controls: &[Control]) -> Vec<Sound> {
    let mixer = checkup::Mixer::Amixer;
    let muted = |control: &Control| {
        let control = control.name.clone();
        Sound::Muted { card: card.to_string(), control, mixer }
    };
    let main: Vec<&Control> = controls.iter().filter(|one| MAIN.contains(&&*one.name)).collect();
    let out = |one: &&Control| WAYS_OUT.iter().any(|way| one.name.starts_with(way));
    let out: Vec<&Control> = controls.iter().filter(out).collect();
    let mut found: Vec<Sound> =
        main.iter().filter(|one| one.on == Some(false)).map(|one| muted(one)).collect();
    if let Some(first) = out.first().filter(|_| out.iter().all(|one| one.is_silent())) {
        found.push(muted(first));
    }
    let open = main.iter().filter(|one| one.on != Some(false));
    let lowest = open.filter_map(|one| Some((one.percent?, &one.name))).min();
    if let Some((percent, control)) = lowest.filter(|(percent, _)| found.is_empty() || *percent == 0) {
        found.push(Sound::Level { card: card.to_string(), control: control.clone(), percent, mixer });
    }
    if found.is_empty() {
        found.push(told_nothing(card));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(name: &str, percent: u32, on: bool) -> Control {
        Control { name: name.into(), percent: Some(percent), on: Some(on) }
    }

    fn codes(controls: &[Control]) -> Vec<&'static str> {
        let card = "alsa:hw:CARD=PCH,DEV=0".parse().unwrap();
        judge(&card, controls).into_iter().map(|one| Finding::from(one).nature().code).collect()
    }

    #[test]
    fn what_everything_goes_through_counts_and_of_the_ways_out_one_is_enough() {
        let (master, pcm) = (control("Master", 87, true), control("PCM", 100, true));
        assert_eq!(codes(&[master.clone(), pcm.clone(), control("Mic", 0, false)]), ["mixer_up"]);
        let phones_out = [master.clone(), control("Headphone", 0, false), control("Speaker", 80, true)];
        assert_eq!(codes(&phones_out), ["mixer_up"], "nobody listens by headphone");
        let none_out = [master.clone(), control("Headphone", 0, false), control("Speaker", 80, false)];
        assert_eq!(codes(&none_out), ["mixer_muted"]);
        assert_eq!(codes(&[control("Master", 87, false), pcm.clone()]), ["mixer_muted"]);
        assert_eq!(codes(&[master.clone(), control("PCM", 0, true)]), ["mixer_down"]);
        assert_eq!(codes(&[control("Master", 30, true), pcm]), ["mixer_low"]);
        assert_eq!(
            codes(&[control("Master", 0, false), control("PCM", 0, true)]),
            ["mixer_muted", "mixer_down"]
        );
        assert_eq!(codes(&[]), ["mixer_unknown"]);
    }
}
