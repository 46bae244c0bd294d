//! What `amixer scontents` prints in the language of C: the controls of a card's mixer. Pure; what it does not know it
//! passes over.

/// A control that has to do with playing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Control {
    pub(super) name: String,
    /// Of the loudest channel; none: it has no volume.
    pub(super) percent: Option<u32>,
    /// Whether a channel is switched on; none: it has no switch.
    pub(super) on: Option<bool>,
}

impl Control {
    /// Nothing comes through.
    pub(super) fn is_silent(&self) -> bool {
        self.on == Some(false) || self.percent == Some(0)
    }
}

/// The card as `amixer -c` takes it, of a card's id: `PCH` of `hw:CARD=PCH,DEV=0`, `1` of `plughw:1,0`; none: the
/// default card.
pub(super) fn target(id: Option<&str>) -> Option<String> {
    let (_, rest) = id?.split_once(':')?;
    let card = rest.split(',').find_map(|part| match part.split_once('=') {
        Some(("CARD", name)) => Some(name),
        Some(_) => None,
        None => Some(part),
    })?;
    Some(card.trim().to_owned()).filter(|card| !card.is_empty() && !card.starts_with('-'))
}

/// The controls of `amixer scontents` that have a playing side.
pub(super) fn controls(text: &str) -> Vec<Control> {
    let mut found: Vec<Control> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("Simple mixer control ") {
            let name = head.trim().trim_start_matches('\'');
            let name = name.rsplit_once('\'').map_or(name, |(name, _)| name);
            found.push(Control { name: name.to_owned(), percent: None, on: None });
        } else if let (Some(control), Some((_, playing))) = (found.last_mut(), line.split_once(": Playback "))
        {
            // `Front Left: Playback 46 [74%] [-12.75dB] [on] Capture 0 [0%] [off]`
            let playing = playing.split(" Capture ").next().unwrap_or_default();
            for word in playing.split_whitespace() {
                let Some(word) = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) else {
                    continue;
                };
                if let Some(percent) = word.strip_suffix('%').and_then(|number| number.parse().ok()) {
                    control.percent = control.percent.max(Some(percent));
                } else if word == "on" || word == "off" {
                    control.on = Some(control.on == Some(true) || word == "on");
                }
            }
        }
    }
    found.retain(|control| control.percent.is_some() || control.on.is_some());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As alsa-utils 1.2 prints it, of an onboard card.
    const CONTENTS: &str = "Simple mixer control 'Master',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Playback channels: Mono
  Limits: Playback 0 - 87
  Mono: Playback 61 [70%] [-19.50dB] [off]
Simple mixer control 'Front Mic Boost',0
  Capabilities: volume
  Limits: 0 - 3
  Front Left: 0 [0%] [0.00dB]
Simple mixer control 'Line',0
  Capabilities: pvolume cvolume pswitch cswitch
  Limits: Playback 0 - 31 Capture 0 - 31
  Front Left: Playback 0 [0%] [-34.50dB] [off] Capture 31 [100%] [on]
  Front Right: Playback 31 [100%] [12.00dB] [on] Capture 0 [0%] [off]
Simple mixer control 'PCM',0
  Limits: Playback 0 - 255
  Front Left: Playback 255 [100%] [0.00dB]
Simple mixer control 'Capture',0
  Front Left: Capture 46 [74%] [16.50dB] [on]
Simple mixer control 'IEC958',0
  Mono: Playback [on]
Simple mixer control 'Auto-Mute Mode',0
  Items: 'Disabled' 'Enabled'
  Item0: 'Disabled'
";

    #[test]
    fn controls_are_read_with_their_playing_side_alone() {
        let control = |name: &str, percent, on| Control { name: name.into(), percent, on };
        assert_eq!(
            controls(CONTENTS),
            [
                control("Master", Some(70), Some(false)),
                control("Line", Some(100), Some(true)),
                control("PCM", Some(100), None),
                control("IEC958", None, Some(true)),
            ]
        );
        for text in
            ["", "amixer: Mixer attach default error", "  Mono: Playback 1 [1%]", "Simple mixer control"]
        {
            assert_eq!(controls(text), [], "{text}");
        }
    }

    #[test]
    fn the_card_of_an_id_is_found() {
        for (id, card) in [
            ("hw:CARD=PCH,DEV=0", Some("PCH")),
            ("sysdefault:CARD=Device", Some("Device")),
            ("plughw:1,0", Some("1")),
            ("front:DEV=0,CARD=PCH", Some("PCH")),
            ("hw:2", Some("2")),
            ("default", None),
            ("hw:", None),
            ("hw:--help", None),
        ] {
            assert_eq!(target(Some(id)).as_deref(), card, "{id}");
        }
        assert_eq!(target(None), None);
    }
}
