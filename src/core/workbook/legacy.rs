//! Vietnamese of the time before Unicode: text that only a certain font makes readable. Owns how it is recognised;
//! never converts it, since a wrong guess would put wrong names into reports for years.

use std::fmt;

/// An encoding from before Unicode, as its letters look when they are taken for Western European ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Legacy {
    /// TCVN3, the fonts whose names begin with `.Vn`: `LÞch ph¸t`.
    Tcvn3,
    /// VNI, the fonts whose names begin with `VNI-`: `Lòch phaùt`.
    Vni,
}

impl fmt::Display for Legacy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Legacy::Tcvn3 => "TCVN3 (ABC)",
            Legacy::Vni => "VNI",
        })
    }
}

/// Signs that TCVN3 has for letters and that stand in no word of any language.
const TCVN3_SIGNS: &str = "µ¸¶·¹¨»¾¼½©®ª«¬×÷§¤¢¦£¥¡Þß";
/// What VNI puts behind a vowel for its tone.
const VNI_TONES: &str = "ùøûõïáàåãäéèúüëÙØÛÕÏÁÀÅÃÄÉÈÚÜË";
const VNI_VOWELS: &str = "aeiouyôöâêAEIOUYÔÖÂÊ";
/// Letters that Vietnamese alone has.
const VIETNAMESE: &str = "ăđơưĂĐƠƯ";

/// Whether a text of some length is Vietnamese in an encoding from before Unicode. A few words are enough; a text with
/// true Vietnamese letters is none.
pub fn legacy(text: &str) -> Option<Legacy> {
    let letters: Vec<char> = text.chars().take(20_000).collect();
    if letters.iter().any(|c| VIETNAMESE.contains(*c) || ('\u{1ea0}'..='\u{1ef9}').contains(c)) {
        return None;
    }
    let pairs = || letters.iter().zip(letters.iter().skip(1));
    // In a word: a letter stands beside it.
    let letter = |c: &char| c.is_ascii_alphabetic();
    let sign = |c: &char| TCVN3_SIGNS.contains(*c);
    let signs = pairs().filter(|(a, b)| (letter(a) && sign(b)) || (sign(a) && letter(b))).count();
    let tones = pairs().filter(|(a, b)| VNI_VOWELS.contains(**a) && VNI_TONES.contains(**b)).count();
    match () {
        () if signs >= 3 => Some(Legacy::Tcvn3),
        () if tones >= 3 => Some(Legacy::Vni),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_encodings_are_told_from_vietnamese_and_from_other_languages() {
        assert_eq!(legacy("LÞch ph¸t thanh; Giê ph¸t; Tªn ch\u{ad}¬ng tr×nh"), Some(Legacy::Tcvn3));
        assert_eq!(legacy("Lòch phaùt; Giôø phaùt; Teân chöông trình; Ngaøy trong tuaàn"), Some(Legacy::Vni));
        for text in [
            "Lịch phát; Giờ phát; Tên chương trình",
            "Schedule; Time; Programme",
            "Lich phat; Gio phat; Ten chuong trinh",
            "Bản tin của Công ty «Hoà Bình» ® © 2026",
            "Tin Cơ Tu: Bh'nơơn, pr'ặt",
            "Müller, Åse, Noël",
            "",
        ] {
            assert_eq!(legacy(text), None, "{text}");
        }
    }
}
