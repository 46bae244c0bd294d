//! The library as a value: which recordings the station has, how long and how loud they are.
//! Owns the names of recordings and their rules; never opens a file.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// The name of a recording: its path below `paths.audio`, with `/`, in Unicode NFC. macOS sends NFD names; two
/// spellings of one name are one cart.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CartName(Arc<str>);

/// Why a text is no name of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CartNameError {
    /// Nothing but white space.
    #[error("is empty")]
    Empty,
    /// Absolute, or with a drive, or with `..`: it would reach files outside the library.
    #[error("leaves the folder of recordings")]
    Leaves,
    /// Holds a control character.
    #[error("holds a control character")]
    Control,
}

impl CartName {
    /// Takes `name` as written by a person; `\` counts as `/`, and `./` in front is dropped.
    pub fn new(name: &str) -> Result<CartName, CartNameError> {
        let name: String = name.trim().nfc().collect::<String>().replace('\\', "/");
        if name.is_empty() {
            return Err(CartNameError::Empty);
        }
        if name.chars().any(char::is_control) {
            return Err(CartNameError::Control);
        }
        let drive = name.as_bytes().get(1) == Some(&b':');
        if name.starts_with('/') || drive || name.split('/').any(|part| part == "..") {
            return Err(CartNameError::Leaves);
        }
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if parts.is_empty() {
            return Err(CartNameError::Empty);
        }
        Ok(CartName(parts.join("/").into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for CartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &self.0)
    }
}

/// SHA-256 of a recording's bytes: its identity, whatever its name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// That of these bytes.
    pub fn of(bytes: &[u8]) -> Fingerprint {
        Fingerprint(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}
impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
impl std::str::FromStr for Fingerprint {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let mut bytes = [0u8; 32];
        if text.len() != 64 || !text.is_ascii() {
            return Err(());
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[at * 2..at * 2 + 2], 16).map_err(|_| ())?;
        }
        Ok(Fingerprint(bytes))
    }
}
impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(|()| serde::de::Error::custom("a fingerprint is 64 hexadecimal digits"))
    }
}

/// What measuring a recording found. Everything is counted over the whole decoded file, never taken from tags.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// SHA-256 of the file.
    pub sha256: Fingerprint,
    /// Container and codec in a word: `wav`, `mp3`, `flac`, `vorbis`, `opus`, `aac` …
    pub format: String,
    /// Frames in the file, at its own rate.
    pub frames: u64,
    /// Frames a second of the file, 8,000–192,000 Hz.
    pub rate: u32,
    /// Channels of the file, 1–8; more than two are mixed down.
    pub channels: u16,
    /// Integrated loudness in LUFS (EBU R128), none where all of it is below the absolute gate of −70.
    pub loudness_lufs: Option<f64>,
    /// True peak in dBTP (4× oversampled, BS.1770), none for digital silence.
    pub true_peak_dbtp: Option<f64>,
    /// Silence (below −60 dBFS) before the first sound.
    pub silent_head: Duration,
    /// Silence after the last sound.
    pub silent_tail: Duration,
    /// Longest silence between two sounds.
    pub longest_hole: Duration,
    /// Samples at or beyond full scale.
    pub clipped: u64,
    /// How many frames the file claims that could not be decoded; 0 for a whole file.
    pub missing_frames: u64,
}

impl Measurement {
    /// The length in time.
    pub fn duration(&self) -> Duration {
        frames_to_duration(self.frames, self.rate)
    }

    /// All of it silent: no sound at any moment.
    pub fn is_silent(&self) -> bool {
        self.loudness_lufs.is_none() && self.silent_head >= self.duration()
    }
}

/// `frames` at `rate` Hz as time, to the nanosecond below.
pub fn frames_to_duration(frames: u64, rate: u32) -> Duration {
    Duration::from_nanos((u128::from(frames) * 1_000_000_000 / u128::from(rate.max(1))) as u64)
}

/// Why a recording is in the folder and yet cannot air.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum CartFault {
    /// It cannot be opened or read.
    Unreadable {
        /// What the system said.
        found: String,
    },
    /// It is no recording that Loa can decode.
    Undecodable {
        /// What the decoder said.
        found: String,
    },
    /// Nothing but silence.
    Silent,
    /// Its content is not the one that was approved, at a station that airs nothing else.
    NotApproved,
    /// It ends before it should, or has holes.
    Damaged {
        /// Frames decoded.
        frames: u64,
        /// Frames that could not be decoded.
        missing_frames: u64,
    },
}

/// The share of a damaged recording that is missing, in per cent, at least 1.
pub fn percent_lost(frames: u64, missing: u64) -> u64 {
    let whole = u128::from(frames) + u128::from(missing);
    let lost = u128::from(missing) * 100 / whole.max(1);
    u64::try_from(lost).unwrap_or(100).max(1)
}

impl fmt::Display for CartFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CartFault::Unreadable { found } => write!(f, "cannot be read: {found}"),
            CartFault::Undecodable { found } => write!(f, "is no recording that can be decoded: {found}"),
            CartFault::Silent => f.write_str("holds nothing but silence"),
            CartFault::NotApproved => f.write_str("is not approved in the content that it has now"),
            CartFault::Damaged { frames, missing_frames } => {
                let lost = percent_lost(*frames, *missing_frames);
                write!(f, "is damaged, or was copied in part: about {lost} % of its sound is missing")
            }
        }
    }
}

/// One recording of the library.
#[derive(Clone, Debug, PartialEq)]
pub enum Cart {
    /// In the folder, not measured yet.
    Unmeasured,
    /// Measured and fit to air. A damaged one is measured *and* at fault: what can be decoded airs.
    Ready(Arc<Measurement>),
    /// Not fit to air.
    Faulty(CartFault),
}

/// All recordings of the station by name.
#[derive(Clone, Debug, Default)]
pub struct Library {
    carts: HashMap<CartName, Cart>,
    /// Where the bytes lie, when that is not the name below the folder: names are compared in NFC and opened as they are.
    places: HashMap<CartName, Arc<Path>>,
}

impl Library {
    /// Puts or replaces a recording.
    pub fn put(&mut self, name: CartName, cart: Cart) {
        self.carts.insert(name, cart);
    }
    /// Says where a recording's bytes lie.
    pub fn place(&mut self, name: CartName, path: Arc<Path>) {
        self.places.insert(name, path);
    }
    /// Where a recording's bytes lie.
    pub fn path(&self, name: &CartName) -> Option<&Arc<Path>> {
        self.places.get(name)
    }
    /// Takes a recording away.
    pub fn remove(&mut self, name: &CartName) {
        self.carts.remove(name);
        self.places.remove(name);
    }
    /// The recording of that name.
    pub fn get(&self, name: &CartName) -> Option<&Cart> {
        self.carts.get(name)
    }
    /// The length of that recording, where it has been measured.
    pub fn duration(&self, name: &CartName) -> Option<Duration> {
        match self.carts.get(name)? {
            Cart::Ready(found) => Some(found.duration()),
            Cart::Unmeasured | Cart::Faulty(_) => None,
        }
    }
    /// How many recordings there are.
    pub fn len(&self) -> usize {
        self.carts.len()
    }
    /// No recording at all.
    pub fn is_empty(&self) -> bool {
        self.carts.is_empty()
    }
    /// Every recording, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&CartName, &Cart)> {
        self.carts.iter()
    }
    /// The measured recording with that content, the first by name where several have it.
    pub fn by_content(&self, content: &Fingerprint) -> Option<&CartName> {
        let same = |cart: &Cart| matches!(cart, Cart::Ready(found) if found.sha256 == *content);
        self.carts.iter().filter(|(_, cart)| same(cart)).map(|(name, _)| name).min()
    }
    /// The name that comes closest to `wanted`, to be offered where a schedule names a recording that is not there.
    pub fn closest(&self, wanted: &CartName) -> Option<&CartName> {
        let score = |name: &CartName| strsim::jaro_winkler(name.as_str(), wanted.as_str());
        self.carts
            .keys()
            .map(|name| (score(name), name))
            .filter(|(score, _)| *score > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
            .map(|(_, name)| name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_name_in_nfc_and_nfd_and_never_leaves_the_library() {
        let nfc = CartName::new("bản tin.mp3").unwrap();
        let nfd = CartName::new("ba\u{309}n tin.mp3").unwrap();
        assert_eq!(nfc, nfd);
        assert_eq!(CartName::new(".\\xa\\bai.mp3").unwrap().as_str(), "xa/bai.mp3");
        for leaving in ["/etc/passwd", "../x.mp3", "a/../../x.mp3", "C:\\x.mp3", "\\\\nas\\x.mp3"] {
            assert_eq!(CartName::new(leaving), Err(CartNameError::Leaves), "{leaving}");
        }
        assert_eq!(CartName::new("a\u{7}b"), Err(CartNameError::Control));
        assert_eq!(CartName::new(" ./ "), Err(CartNameError::Empty));
    }

    #[test]
    fn the_closest_name_is_offered_and_nothing_far_off() {
        let mut library = Library::default();
        for name in ["ban-tin-007.mp3", "nhac-hieu.wav"] {
            library.put(CartName::new(name).unwrap(), Cart::Unmeasured);
        }
        let wanted = CartName::new("ban-tin-07.mp3").unwrap();
        assert_eq!(library.closest(&wanted).unwrap().as_str(), "ban-tin-007.mp3");
        assert_eq!(library.closest(&CartName::new("xyz").unwrap()), None);
    }

    #[test]
    fn a_fingerprint_reads_back() {
        let print = Fingerprint([0xa5; 32]);
        assert_eq!(print.to_string().parse(), Ok(print));
        assert!("zz".repeat(32).parse::<Fingerprint>().is_err());
    }

    #[test]
    fn a_recording_is_found_by_its_content_once_it_is_measured() {
        let found = |byte: u8| {
            Cart::Ready(Arc::new(Measurement {
                sha256: Fingerprint([byte; 32]),
                format: "wav".to_owned(),
                frames: 1,
                rate: 8000,
                channels: 1,
                loudness_lufs: None,
                true_peak_dbtp: None,
                silent_head: Duration::ZERO,
                silent_tail: Duration::ZERO,
                longest_hole: Duration::ZERO,
                clipped: 0,
                missing_frames: 0,
            }))
        };
        let mut library = Library::default();
        for (name, cart) in
            [("b.wav", found(1)), ("a.wav", found(1)), ("c.wav", found(2)), ("d.wav", Cart::Unmeasured)]
        {
            library.put(CartName::new(name).unwrap(), cart);
        }
        let named = |byte: u8| library.by_content(&Fingerprint([byte; 32])).map(CartName::as_str);
        assert_eq!((named(1), named(2), named(3)), (Some("a.wav"), Some("c.wav"), None));
    }
}
