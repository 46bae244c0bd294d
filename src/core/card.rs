//! A sound card as the config names it: `host:id`, or the host alone for that host's default card; and why one does not
//! open. Owns the spelling of both, both ways; never looks whether there is such a card.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

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

/// Programs that play for others: they hold a card, and who is heard by them is asked of them.
const SOUND_SERVERS: &[&str] = &["pulseaudio", "pipewire", "pipewire-pulse", "wireplumber"];

/// Whether a program is a sound server, which plays for others.
pub fn is_sound_server(program: &str) -> bool {
    SOUND_SERVERS.contains(&program)
}

/// Why a card does not open. Its English stands in the journal and in what the station answers, and is read back from
/// there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum NotOpened {
    /// Another program has it to itself.
    InUse {
        /// The program, where the system tells.
        program: Option<String>,
    },
    /// The system has no such card.
    NotThere,
    /// Anything else.
    Other {
        /// What was found, in English.
        found: String,
    },
}

const IN_USE: &str = "another program is using it";
const IN_USE_BY: (&str, &str) = ("the program `", "` is using it");
const NOT_THERE: &str = "there is no such card; `loa devices` lists those that there are";

impl NotOpened {
    /// Whether this tells anybody more than `before` did: whoever has the card may be seen at one trial and gone at the
    /// next.
    pub fn is_news_after(&self, before: &NotOpened) -> bool {
        match (self, before) {
            (NotOpened::InUse { program: None }, NotOpened::InUse { .. }) => false,
            _ => self != before,
        }
    }
}

impl fmt::Display for NotOpened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotOpened::InUse { program: None } => f.write_str(IN_USE),
            NotOpened::InUse { program: Some(program) } => {
                write!(f, "{}{program}{}", IN_USE_BY.0, IN_USE_BY.1)
            }
            NotOpened::NotThere => f.write_str(NOT_THERE),
            NotOpened::Other { found } => f.write_str(found),
        }
    }
}

impl From<String> for NotOpened {
    fn from(found: String) -> NotOpened {
        let program = found.strip_prefix(IN_USE_BY.0).and_then(|rest| rest.strip_suffix(IN_USE_BY.1));
        match (program, found.as_str()) {
            (Some(program), _) => NotOpened::InUse { program: Some(program.to_owned()) },
            (None, IN_USE) => NotOpened::InUse { program: None },
            (None, NOT_THERE) => NotOpened::NotThere,
            (None, _) => NotOpened::Other { found },
        }
    }
}

impl From<&str> for NotOpened {
    fn from(found: &str) -> NotOpened {
        found.to_owned().into()
    }
}

impl From<NotOpened> for String {
    fn from(found: NotOpened) -> String {
        found.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_card_does_not_open_reads_back_from_its_english() {
        let in_use = |program: Option<&str>| NotOpened::InUse { program: program.map(str::to_owned) };
        for found in [in_use(None), in_use(Some("a `b`")), NotOpened::NotThere, "it hung".into()] {
            assert_eq!(NotOpened::from(found.to_string()), found);
            let json = serde_json::to_string(&found).unwrap();
            assert_eq!(json, format!("{:?}", found.to_string()));
            assert_eq!(serde_json::from_str::<NotOpened>(&json).unwrap(), found);
        }
    }

    #[test]
    fn a_program_that_is_not_seen_for_once_is_no_news() {
        let in_use = |program: Option<&str>| NotOpened::InUse { program: program.map(str::to_owned) };
        assert!(
            !in_use(None).is_news_after(&in_use(Some("a"))) && !in_use(None).is_news_after(&in_use(None))
        );
        assert!(in_use(Some("a")).is_news_after(&in_use(None)));
        assert!(in_use(Some("a")).is_news_after(&in_use(Some("b"))));
        assert!(in_use(None).is_news_after(&NotOpened::NotThere));
    }

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
