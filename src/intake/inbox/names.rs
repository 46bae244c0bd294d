//! Names in the inbox: which are its own, which no file of the library can have, and what receipts and kept drops are
//! called. Pure; never touches a file.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::sync::LazyLock;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::core::cart::CartName;
use crate::core::drops::{BadName, DropId, ENGLISH_NAMES, InboxNames, VIETNAMESE_NAMES};
use crate::intake::is_temporary;

/// Folders below a sender's folder, at most.
pub const DEPTH: usize = 8;
/// Bytes of a name, at most: most file systems bear 255, and Loa adds a little to some.
const LONGEST: usize = 200;
/// Bytes of a drop's name in the name of its receipt, at most.
const CLIPPED: usize = 110;

/// A spelling under which names are the same that Windows, macOS or Unicode take for the same.
pub fn fold(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase().nfc().collect()
}

/// What a name of the inbox's own stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// The folder of accepted or of returned drops.
    Kept,
    /// The folder of receipts.
    Receipts,
    /// The folder for taking off.
    Withdraw,
    /// The folder for emergencies.
    Emergency,
    /// The board or the alarm.
    Page,
}

/// What `name` stands for directly below a sender's folder; none: it is a drop's or an office's. The names of both
/// languages count, in whatever spelling.
pub fn own(name: &OsStr) -> Option<Own> {
    static FOLDED: LazyLock<Vec<(String, Own)>> = LazyLock::new(|| {
        let of = |names: InboxNames| {
            [
                (names.accepted, Own::Kept),
                (names.returned, Own::Kept),
                (names.receipts, Own::Receipts),
                (names.withdraw, Own::Withdraw),
                (names.emergency, Own::Emergency),
                (names.board, Own::Page),
                (names.alarm, Own::Page),
            ]
        };
        let all = [VIETNAMESE_NAMES, ENGLISH_NAMES].into_iter().flat_map(of);
        all.map(|(name, own)| (fold(name), own)).collect()
    });
    let folded = fold(name.to_str()?);
    FOLDED.iter().find(|(name, _)| *name == folded).map(|(_, own)| *own)
}

/// Why a drop cannot be called so: its path below the sender's folder, with the office's folder in front if any.
pub fn fault(path: &Path) -> Option<BadName> {
    let Some(text) = path.to_str() else { return Some(BadName::NotUnicode) };
    if let Err(error) = CartName::new(text) {
        return Some(BadName::Cart(error));
    }
    let parts = || path.iter().filter_map(OsStr::to_str);
    if parts().any(|part| part.len() > LONGEST) {
        return Some(BadName::Long);
    }
    parts().any(is_bad_on_windows).then_some(BadName::Windows)
}

/// By the rules of Windows for names of files: <https://learn.microsoft.com/windows/win32/fileio/naming-a-file>.
pub(crate) fn is_bad_on_windows(part: &str) -> bool {
    part.ends_with(['.', ' ']) || part.contains(['<', '>', ':', '"', '|', '?', '*', '\\']) || is_device(part)
}

/// A device whatever comes after its first dot: `con.mp3` too.
fn is_device(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or(part).trim_end().to_uppercase();
    let numbered = |stem: &str| {
        let number = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
        let mut rest = number.unwrap_or_default().chars();
        let digit = rest.next().is_some_and(|digit| digit.is_ascii_digit() || "¹²³".contains(digit));
        digit && rest.next().is_none()
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$") || numbered(&stem)
}

/// Whether a schedule is written in such a file: it is taken up after the recordings that it may name.
pub fn is_schedule(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
    matches!(ending.as_deref(), Some("toml" | "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "csv"))
}

/// The `n`th name to try for a file that is kept: `bai.mp3`, `bai (2).mp3`, `bai (3).mp3` …
pub fn numbered(name: &OsStr, n: usize) -> OsString {
    if n < 2 {
        return name.to_owned();
    }
    let text = name.to_string_lossy();
    let (stem, ending) = match text.rfind('.') {
        Some(dot) if dot > 0 && text.len() - dot <= 16 => text.split_at(dot),
        _ => (&*text, ""),
    };
    format!("{} ({n}){ending}", clip(stem, LONGEST)).into()
}

/// What a file that a browser sent is called in the inbox: the last part of what it was called there, with what no system
/// bears replaced. No path, not empty, and no name that a look passes over or that is the inbox's own.
pub fn cleaned(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).find(|part| !part.trim().is_empty()).unwrap_or_default();
    let name = safe(last);
    let name = name.trim_end_matches(['.', ' ']);
    let (stem, ending) = match name.rfind('.') {
        Some(dot) if dot > 0 && name.len() - dot <= 16 => name.split_at(dot),
        _ => (name, ""),
    };
    // Room for a number, and for what is put before and behind it.
    let clipped = format!("{}{ending}", clip(stem, LONGEST - 32));
    // A name that was clipped may end with a dot that stood in its middle.
    let mut name = clipped.trim_end_matches(['.', ' ']).to_owned();
    let guarded = name.is_empty() || name.starts_with(['.', '~', '$']) || is_device(&name);
    if guarded || own(OsStr::new(&name)).is_some() || is_temporary(&name) {
        name.insert(0, '_');
    }
    if is_temporary(&name) {
        name.push('_');
    }
    name
}

/// What a receipt is called without its ending: so that the office finds it by the name of its drop, safe everywhere.
pub fn receipt(file: &str, stamp: &str, id: &DropId) -> String {
    let last = file.rsplit('/').next().unwrap_or(file);
    let name = safe(last);
    let clipped = clip(&name, CLIPPED);
    let more = if clipped.len() < name.len() { "…" } else { "" };
    let guard = if is_device(clipped) || clipped.starts_with(['.', '~']) { "_" } else { "" };
    format!("{guard}{clipped}{more} - {} - {id}", clip(&safe(stamp), LONGEST / 4))
}

/// The day in the name of a receipt; none: it is no receipt of Loa's.
pub fn receipt_day(name: &str) -> Option<NaiveDate> {
    let stem = name.strip_suffix(".html").or_else(|| name.strip_suffix(".txt"))?;
    let id = stem.rsplit(" - ").next()?;
    let mut parts = id.split('-');
    let (day, time, word) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_word = word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    if parts.next().is_some() || !digits(day, 8) || !digits(time, 6) || !is_word {
        return None;
    }
    NaiveDate::parse_from_str(day, "%Y%m%d").ok()
}

fn safe(text: &str) -> String {
    // Marks of writing direction would let a name be read as another one.
    let hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let safe = |c: char| if hidden(c) || "<>:\"/\\|?*".contains(c) { '_' } else { c };
    text.nfc().map(safe).collect::<String>().trim().to_owned()
}

/// The beginning of `text`, at most so many bytes, whole characters.
fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text).trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cart::CartNameError;
    use proptest::prelude::*;

    fn id() -> DropId {
        DropId("20261124-051203-3f9a1c".into())
    }

    #[test]
    fn own_names_are_known_in_both_languages_and_every_spelling() {
        for name in InboxNames::reserved() {
            assert!(own(OsStr::new(name)).is_some(), "{name}");
            let decomposed: String = name.nfd().collect();
            assert!(own(OsStr::new(&decomposed)).is_some(), "{name} in NFD");
            assert!(own(OsStr::new(&decomposed.to_uppercase())).is_some(), "{name} in capitals");
        }
        assert_eq!(own(OsStr::new("phiếu báo")), Some(Own::Receipts));
        assert_eq!(own(OsStr::new("Take Off")), Some(Own::Withdraw));
        for name in ["Phieu bao", "Đã nhận 2", "lich-phat.htm", "UBND xã Hòa Vang", "Kơr Cơ Tu"] {
            assert_eq!(own(OsStr::new(name)), None, "{name}");
        }
    }

    #[test]
    fn names_that_no_library_bears_are_refused_and_all_others_taken() {
        let cart = |error| Some(BadName::Cart(error));
        for (name, expected) in [
            ("..\\..\\etc", cart(CartNameError::Leaves)),
            ("C:\\bai.mp3", cart(CartNameError::Leaves)),
            ("bai\n.mp3", cart(CartNameError::Control)),
            ("bai\u{7f}.mp3", cart(CartNameError::Control)),
            ("CON", Some(BadName::Windows)),
            ("con.mp3", Some(BadName::Windows)),
            ("Lpt1 .mp3", Some(BadName::Windows)),
            ("com¹.wav", Some(BadName::Windows)),
            ("xa-a/NUL/bai.mp3", Some(BadName::Windows)),
            ("bai.", Some(BadName::Windows)),
            ("bai.mp3 ", Some(BadName::Windows)),
            ("xa /bai.mp3", Some(BadName::Windows)),
            // There it is a folder and a name.
            ("a\\b.mp3", (!cfg!(windows)).then_some(BadName::Windows)),
            ("a?.mp3", Some(BadName::Windows)),
            ("bai 5:30.mp3", Some(BadName::Windows)),
        ] {
            assert_eq!(fault(Path::new(name)), expected, "{name:?}");
        }
        assert_eq!(fault(Path::new(&"ă".repeat(100))), None, "200 bytes");
        assert_eq!(fault(Path::new(&format!("{}b", "ă".repeat(100)))), Some(BadName::Long));
        for name in
            ["Bản tin sáng.mp3", "Pr'á Cơ Tu – dâng ơơi, k'bhuh.mp3", "console.mp3", "COM10.mp3", "a..b.mp3"]
        {
            assert_eq!(fault(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn a_kept_file_is_numbered_before_its_ending() {
        let numbered = |name: &str, n| numbered(OsStr::new(name), n).into_string().unwrap();
        assert_eq!(numbered("bai.mp3", 1), "bai.mp3");
        assert_eq!(numbered("bai.mp3", 2), "bai (2).mp3");
        assert_eq!(numbered("Bài 5. Nộp hồ sơ trực tuyến", 3), "Bài 5. Nộp hồ sơ trực tuyến (3)");
        assert_eq!(numbered("bai", 2), "bai (2)");
        let long = numbered(&format!("{}.mp3", "x".repeat(251)), 2);
        assert!(long.len() < 255 && long.ends_with(" (2).mp3"), "{long}");
    }

    #[test]
    fn what_a_browser_sent_gets_a_name_that_every_system_bears() {
        let decomposed: String = "Bản tin.mp3".nfd().collect();
        for (sent, name) in [
            ("bài.mp3", "bài.mp3"),
            (&*decomposed, "Bản tin.mp3"),
            ("C:\\Users\\an\\bài 5.mp3", "bài 5.mp3"),
            ("../../etc/passwd", "passwd"),
            ("/etc/cron.d/x", "x"),
            ("..", "_"),
            ("", "_"),
            ("a/../", "_"),
            ("a\n\0b.mp3", "a__b.mp3"),
            ("CON.mp3", "_CON.mp3"),
            (".htaccess", "_.htaccess"),
            ("~$lich.xlsx", "_~$lich.xlsx"),
            ("bài.mp3.part", "_bài.mp3.part_"),
            ("Thumbs.db", "_Thumbs.db"),
            ("lich-phat.html", "_lich-phat.html"),
            ("phiếu báo", "_phiếu báo"),
            ("a?.mp3. ", "a_.mp3"),
        ] {
            assert_eq!(cleaned(sent), name, "{sent:?}");
        }
        let long = "a".repeat(LONGEST - 33);
        assert_eq!(cleaned(&format!("{long}.{long}")), long, "clipped at its dot");
    }

    #[test]
    fn a_receipt_is_found_by_the_name_of_its_drop() {
        assert_eq!(
            receipt("tin/Bản tin.mp3", "ĐÃ TIẾP NHẬN", &id()),
            "Bản tin.mp3 - ĐÃ TIẾP NHẬN - 20261124-051203-3f9a1c"
        );
        assert_eq!(receipt("con.mp3", "TRẢ LẠI", &id()), "_con.mp3 - TRẢ LẠI - 20261124-051203-3f9a1c");
        let day = NaiveDate::from_ymd_opt(2026, 11, 24);
        assert_eq!(receipt_day(&format!("{}.html", receipt("a - b.mp3", "TRẢ LẠI", &id()))), day);
        for other in
            ["ghi chú.txt", "a - b - 20261124-051203.html", "a - 20261340-051203-3f9a1c.txt", "a.docx"]
        {
            assert_eq!(receipt_day(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn every_upload_has_a_name_that_is_taken_up(sent in "\\PC{0,300}|.{0,300}|[./\\\\~$a: ]{0,9}") {
            let name = cleaned(&sent);
            prop_assert!(name.len() <= LONGEST && !name.contains(['/', '\\']), "{}", name);
            prop_assert_eq!(fault(Path::new(&name)), None, "{}", name);
            prop_assert!(!is_temporary(&name) && own(OsStr::new(&name)).is_none(), "{}", name);
            prop_assert!(name.nfc().eq(name.chars()), "{}", name);
        }

        #[test]
        fn every_receipt_has_a_name_that_every_system_bears(file in "\\PC{0,300}|.{0,300}", stamp in ".{0,80}") {
            let name = receipt(&file, &stamp, &id());
            prop_assert!(name.len() <= LONGEST, "{}", name.len());
            prop_assert_eq!(fault(Path::new(&format!("{name}.html"))), None, "{}", name);
            prop_assert!(!super::super::super::is_temporary(&name));
            let text = format!("{name}.txt");
            prop_assert!(receipt_day(&text).is_some());
        }
    }
}
