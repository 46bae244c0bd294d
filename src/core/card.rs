//! A sound card as the config names it: `host:id`, or the host alone for that host's default card. Owns the spelling,
//! both ways; never looks whether there is such a card.

use std::fmt;
use std::str::FromStr;

use super::fault::{ConfigFault, clip, closest};

/// A sound system. Each exists on some machines only; on another its cards cannot be opened, and the next of the list
/// is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Host {
    /// ALSA, the cards themselves; Linux.
    Alsa,
    /// PulseAudio, or PipeWire speaking its protocol; Linux.
    PulseAudio,
    /// WASAPI; Windows.
    Wasapi,
    /// CoreAudio; macOS.
    CoreAudio,
    /// Loa's own card, which keeps time and writes an aircheck.
    Virtual,
}

impl Host {
    /// Every host, with the name that the config takes.
    pub const NAMES: &'static [&'static str] = &["alsa", "pulseaudio", "wasapi", "coreaudio", "virtual"];

    /// The name that the config takes.
    pub fn name(self) -> &'static str {
        match self {
            Host::Alsa => "alsa",
            Host::PulseAudio => "pulseaudio",
            Host::Wasapi => "wasapi",
            Host::CoreAudio => "coreaudio",
            Host::Virtual => "virtual",
        }
    }
}

/// A card of the config.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CardName {
    /// Its sound system.
    pub host: Host,
    /// Its id there, as `loa devices` lists it; none: the default card. The virtual card has none.
    pub id: Option<String>,
}

impl fmt::Display for CardName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.host.name())?;
        self.id.iter().try_for_each(|id| write!(f, ":{id}"))
    }
}

impl FromStr for CardName {
    type Err = ConfigFault;

    fn from_str(text: &str) -> Result<CardName, ConfigFault> {
        let text = text.trim();
        let (name, id) = match text.split_once(':') {
            Some((name, id)) => (name.trim(), Some(id.trim())),
            None => (text, None),
        };
        let host = match name.to_ascii_lowercase().as_str() {
            "alsa" => Host::Alsa,
            "pulseaudio" => Host::PulseAudio,
            "wasapi" => Host::Wasapi,
            "coreaudio" => Host::CoreAudio,
            "virtual" => Host::Virtual,
            _ => {
                return Err(ConfigFault::UnknownHost {
                    card: clip(text),
                    host: clip(name),
                    known: Host::NAMES,
                    closest: closest(&clip(name), Host::NAMES.iter().copied()),
                });
            }
        };
        match (host, id) {
            (Host::Virtual, Some(_)) => Err(ConfigFault::VirtualWithId { card: clip(text) }),
            (_, Some("")) => Err(ConfigFault::NoCardId { card: clip(text) }),
            (host, id) => Ok(CardName { host, id: id.map(str::to_owned) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_read_back_as_they_are_written() {
        for text in [
            "alsa:hw:CARD=PCH,DEV=0",
            "pulseaudio",
            "pulseaudio:loa",
            "virtual",
            "wasapi:{0.0.0.00000000}.{a}",
        ] {
            assert_eq!(text.parse::<CardName>().unwrap().to_string(), text);
        }
        assert_eq!("ALSA : hw:1 ".parse::<CardName>().unwrap().to_string(), "alsa:hw:1");
        for name in Host::NAMES {
            assert_eq!(name.parse::<CardName>().unwrap().host.name(), *name);
        }
    }

    #[test]
    fn a_host_that_is_none_is_refused_with_the_closest() {
        let Err(ConfigFault::UnknownHost { closest, .. }) = "pulse:loa".parse::<CardName>() else { panic!() };
        assert_eq!(closest, Some("pulseaudio"));
        assert!(matches!("alsa: ".parse::<CardName>(), Err(ConfigFault::NoCardId { .. })));
        assert!(matches!("virtual:x".parse::<CardName>(), Err(ConfigFault::VirtualWithId { .. })));
    }
}
