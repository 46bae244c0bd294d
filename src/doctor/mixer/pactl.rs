//! What `pactl list` prints in the language of C: sinks and the streams that play on them. Pure; what it does not know
//! it passes over.

use std::collections::HashMap;

/// A card as the sound server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::doctor) struct Sink {
    pub(in crate::doctor) number: u32,
    pub(in crate::doctor) name: String,
    pub(in crate::doctor) muted: bool,
    /// Of the loudest channel.
    pub(in crate::doctor) percent: Option<u32>,
}

/// A program's sound on its way to a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::doctor) struct Stream {
    /// The number of its sink.
    pub(in crate::doctor) sink: Option<u32>,
    /// It is paused by its program.
    pub(in crate::doctor) paused: bool,
    pub(in crate::doctor) muted: bool,
    /// The name of the program's file, else what it calls itself; empty where neither is told.
    pub(in crate::doctor) program: String,
    pub(in crate::doctor) process: Option<u32>,
}

/// The sinks of `pactl list sinks`.
pub(in crate::doctor) fn sinks(text: &str) -> Vec<Sink> {
    let sink = |(number, fields): (u32, Fields<'_>)| {
        Some(Sink {
            number,
            name: (*fields.get("Name")?).to_owned(),
            muted: fields.get("Mute") == Some(&"yes"),
            percent: fields.get("Volume").and_then(|volume| loudest(volume)),
        })
    };
    blocks(text, "Sink #").into_iter().filter_map(sink).collect()
}

/// The streams of `pactl list sink-inputs`.
pub(in crate::doctor) fn streams(text: &str) -> Vec<Stream> {
    let stream = |(_, fields): (u32, Fields<'_>)| {
        let named = ["application.process.binary", "application.name", "media.name"];
        let program = named.iter().find_map(|name| fields.get(name)).unwrap_or(&"");
        Stream {
            sink: fields.get("Sink").and_then(|number| number.parse().ok()),
            paused: fields.get("Corked") == Some(&"yes"),
            muted: fields.get("Mute") == Some(&"yes"),
            program: (*program).to_owned(),
            process: fields.get("application.process.id").and_then(|number| number.parse().ok()),
        }
    };
    blocks(text, "Sink Input #").into_iter().map(stream).collect()
}

/// The default sink of `pactl info`.
pub(in crate::doctor) fn default_sink(text: &str) -> Option<String> {
    text.lines().find_map(|line| Some(line.strip_prefix("Default Sink: ")?.trim().to_owned()))
}

type Fields<'t> = HashMap<&'t str, &'t str>;

/// The blocks that begin with `head` and a number, with their fields; of two fields of one name the first.
fn blocks<'t>(text: &'t str, head: &str) -> Vec<(u32, Fields<'t>)> {
    let mut found: Vec<(u32, Fields<'t>)> = Vec::new();
    // Another block, or what a newer pactl may add between them.
    let mut inside = false;
    for line in text.lines() {
        if !line.starts_with(char::is_whitespace) && !line.is_empty() {
            let number = line.strip_prefix(head).and_then(|number| number.trim().parse().ok());
            inside = number.is_some();
            found.extend(number.map(|number| (number, Fields::new())));
        } else if let (true, Some((_, fields))) = (inside, found.last_mut()) {
            let line = line.trim();
            // A property's value stands in quotes and may hold anything.
            let parted = match line.split_once(" = \"") {
                Some((name, value)) => Some((name, value.strip_suffix('"').unwrap_or(value))),
                None => line.split_once(':').map(|(name, value)| (name, value.trim())),
            };
            if let Some((name, value)) = parted {
                fields.entry(name).or_insert(value);
            }
        }
    }
    found
}

/// `front-left: 65536 / 100% / 0.00 dB,   front-right: …`
fn loudest(volume: &str) -> Option<u32> {
    volume.split('/').filter_map(|part| part.trim().strip_suffix('%')?.parse().ok()).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As PulseAudio 16.1 prints it.
    const SINKS: &str = "Sink #0
\tState: SUSPENDED
\tName: alsa_output.pci-0000_00_1f.3.analog-stereo
\tDescription: Built-in Audio Analog Stereo
\tSample Specification: s16le 2ch 44100Hz
\tMute: yes
\tVolume: front-left: 27525 /  42% / -22.61 dB,   front-right: 29491 /  45% / -20.81 dB
\t        balance 0.04
\tBase Volume: 65536 / 100% / 0.00 dB
\tProperties:
\t\talsa.card_name = \"HDA: Intel \\\"PCH\\\"\"
\t\tdevice.description = \"Mute: no\"

Sink #17
\tName: loa
\tMute: no
\tVolume: mono: 65536 / 100% / 0.00 dB
";

    const STREAMS: &str = "Sink Input #3
\tDriver: protocol-native.c
\tClient: 12
\tSink: 0
\tCorked: no
\tMute: no
\tVolume: front-left: 65536 / 100% / 0.00 dB,   front-right: 65536 / 100% / 0.00 dB
\tProperties:
\t\tmedia.name = \"Chợ Lớn = \\\"x\\\"\"
\t\tapplication.name = \"Firefox\"
\t\tapplication.process.id = \"4711\"
\t\tapplication.process.binary = \"firefox-esr\"

Sink Input #4
\tSink: 17
\tCorked: yes
\tMute: yes
\tProperties:
\t\tmedia.name = \"loa\"
";

    #[test]
    fn sinks_are_read_with_their_mute_and_volume() {
        let first = "alsa_output.pci-0000_00_1f.3.analog-stereo";
        assert_eq!(
            sinks(SINKS),
            [
                Sink { number: 0, name: first.into(), muted: true, percent: Some(45) },
                Sink { number: 17, name: "loa".into(), muted: false, percent: Some(100) },
            ]
        );
    }

    #[test]
    fn streams_are_read_with_their_program() {
        let found = streams(STREAMS);
        let firefox = Stream {
            sink: Some(0),
            paused: false,
            muted: false,
            program: "firefox-esr".into(),
            process: Some(4_711),
        };
        assert_eq!(found[0], firefox);
        let other =
            Stream { sink: Some(17), paused: true, muted: true, program: "loa".into(), process: None };
        assert_eq!(found[1..], [other]);
    }

    #[test]
    fn what_is_no_such_text_gives_nothing() {
        for text in [
            "",
            "\n\n",
            "\tName: x",
            "Sink #x\n\tName: y",
            "Sink #1",
            "Connection refused",
            "Sink #2\n\tMute",
        ] {
            assert_eq!(sinks(text), [], "{text}");
            assert_eq!(streams(text), [], "{text}");
        }
        assert_eq!(default_sink("Server Name: x\nDefault Sink: loa\n").as_deref(), Some("loa"));
        assert_eq!(default_sink("No PulseAudio daemon running"), None);
        // Cut off anywhere, it is read as far as it goes.
        for end in (0..SINKS.len()).filter(|end| SINKS.is_char_boundary(*end)) {
            assert!(sinks(&SINKS[..end]).len() <= 2);
        }
    }
}
