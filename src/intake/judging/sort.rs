//! What a dropped file is: by the ending of its name, and by its first bytes, which overrule the name where they are
//! certain. Owns the list of endings that count as sound and the marks of formats; never opens a file.

use super::mpeg;

/// So many bytes of a file's beginning tell what it is.
pub const HEAD: usize = 4096;

/// What a drop is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sort {
    /// A recording, by its name or by its content.
    Recording,
    /// A schedule in TOML.
    Toml,
    /// A workbook, with its ending in lower case.
    Workbook(String),
    /// A document to be read by people, with its ending in lower case.
    Document(String),
    /// Nothing that Loa has a use for, with its ending in lower case; empty where it has none.
    Other(String),
}

/// Names that are taken for recordings, whatever is in them.
const SOUND: &[&str] = &[
    "wav", "wave", "mp3", "flac", "ogg", "oga", "opus", "m4a", "m4b", "aac", "mp4", "aif", "aiff", "aifc",
    "mp2", "caf", "mka", "webm", "wma", "asf", "amr", "awb", "3gp", "3gpp", "3g2", "ac3", "eac3", "ape",
    "wv", "tta", "w64", "au",
];
/// Names of workbooks; one with macros is read as any other, its macros are not.
const WORKBOOKS: &[&str] = &["xlsx", "xlsm", "xlsb", "xls", "ods", "csv"];
/// Names of what people read.
const DOCUMENTS: &[&str] = &[
    "doc", "docx", "docm", "dot", "dotx", "pdf", "odt", "rtf", "ppt", "pptx", "pps", "ppsx", "odp", "png",
    "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif",
];

/// What a drop is for. `head` is its beginning, [`HEAD`] bytes where it has as many. Known sound is a recording
/// whatever its ending, except that of a schedule or a workbook; a name of a recording is taken at its word here, and
/// [`super::judge`] holds its content against it.
pub fn sort_of(name: &str, head: &[u8]) -> Sort {
    let ending = ending_of(name);
    let is = |list: &[&str]| list.contains(&ending.as_str());
    if ending == "toml" {
        Sort::Toml
    } else if is(WORKBOOKS) {
        Sort::Workbook(ending)
    } else if is(SOUND) || matches!(content_of(head), Content::Sound(_)) {
        Sort::Recording
    } else if is(DOCUMENTS) {
        Sort::Document(ending)
    } else {
        Sort::Other(ending)
    }
}

/// Whether a name alone says that it is a recording.
pub(in crate::intake) fn names_sound(name: &str) -> bool {
    SOUND.contains(&ending_of(name).as_str())
}

/// The ending of a name in lower case; empty where there is none. What holds other signs than letters and digits, or is
/// longer than ten, belongs to the name: `Bản tin số 5. Hết`.
pub(in crate::intake) fn ending_of(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_one = ending.chars().count() <= 10 && ending.chars().all(char::is_alphanumeric);
    if is_one { ending.to_lowercase() } else { String::new() }
}

/// What the first bytes say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::intake) enum Content {
    /// Sound.
    Sound(Format),
    /// Certainly something else, in a word.
    Else(&'static str),
    /// Nothing certain.
    Unknown,
}

/// A format of sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::intake) struct Format {
    /// In a word.
    pub word: &'static str,
    /// Loa has a reader for it; what is inside may still be beyond it.
    pub ours: bool,
}

/// Marks of sound: where they stand, what stands there, the format, and whether Loa has a reader for it. The first that
/// fits counts.
const SOUND_MARKS: &[(usize, &[u8], &str, bool)] = &[
    (8, b"WAVE", "wav", true),
    (0, b"fLaC", "flac", true),
    (0, b"OggS", "ogg", true),
    (0, b"ID3", "mp3", true),
    (0, b"caff\0\x01", "caf", true),
    (8, b"AIFF", "aiff", true),
    (8, b"AIFC", "aiff", true),
    (4, b"ftyp3g", "3gp", true),
    (4, b"ftypM4A", "m4a", true),
    (4, b"ftypM4B", "m4a", true),
    (4, b"ftypqt", "mov", true),
    (4, b"ftyp", "mp4", true),
    (0, b"\x1a\x45\xdf\xa3", "mkv", true),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wma", false),
    (0, b"#!AMR", "amr", false),
    (0, b"wvpk", "wavpack", false),
    (0, b"MAC ", "ape", false),
    (0, b"TTA1", "tta", false),
    (0, b".snd\0\0", "au", false),
    (0, b"riff\x2e\x91\xcf\x11\xa5\xd6\x28\xdb\x04\xc1\x00\x00", "w64", false),
];

/// Marks of what is no sound.
const OTHER_MARKS: &[(usize, &[u8], &str)] = &[
    (4, b"ftyphei", "heic"),
    (4, b"ftypmif1", "heic"),
    (4, b"ftypavif", "avif"),
    (8, b"WEBPVP8", "webp"),
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF8", "gif"),
    (0, b"II*\0", "tiff"),
    (0, b"MM\0*", "tiff"),
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"\x1f\x8b\x08", "gz"),
    (0, b"\x7fELF", "elf"),
    (0, b"L\0\0\0\x01\x14\x02\0", "lnk"),
    (0, b"#EXTM3U", "m3u"),
];

/// What the first bytes say.
pub(in crate::intake) fn content_of(head: &[u8]) -> Content {
    let stands = |at: usize, mark: &[u8]| head.get(at..).is_some_and(|rest| rest.starts_with(mark));
    let other = OTHER_MARKS.iter().find(|(at, mark, _)| stands(*at, mark)).map(|(_, _, word)| *word);
    if let Some(word) = other.or_else(|| packed(head)).or_else(|| program(head)).or_else(|| text(head)) {
        return Content::Else(word);
    }
    // 64-bit sizes: the head of a WAV that its reader does not take.
    if (stands(0, b"RF64") || stands(0, b"BW64")) && stands(8, b"WAVE") {
        return Content::Sound(Format { word: "rf64", ours: false });
    }
    let marked = SOUND_MARKS.iter().find(|(at, mark, ..)| stands(*at, mark));
    let marked = marked.map(|(_, _, word, ours)| Format { word, ours: *ours });
    marked.or_else(|| mpeg::stream(head)).map_or(Content::Unknown, Content::Sound)
}

/// A ZIP, and what office programs pack in one.
fn packed(head: &[u8]) -> Option<&'static str> {
    if !head.starts_with(b"PK\x03\x04") && !head.starts_with(b"PK\x05\x06") {
        return None;
    }
    let holds = |name: &[u8]| head.windows(name.len()).any(|window| window == name);
    Some(match () {
        () if holds(b"word/") => "docx",
        () if holds(b"xl/") => "xlsx",
        () if holds(b"ppt/") => "pptx",
        () if holds(b"opendocument.text") => "odt",
        () if holds(b"opendocument.spreadsheet") => "ods",
        () => "zip",
    })
}

/// A program of Windows, or a picture of it: marks of two bytes, which count only with what they point to.
fn program(head: &[u8]) -> Option<&'static str> {
    let word = |at: usize| head.get(at..at + 4)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes));
    let windows = head.starts_with(b"MZ")
        && word(0x3c).and_then(|at| head.get(at as usize..)).is_some_and(|rest| rest.starts_with(b"PE\0\0"));
    let picture = head.starts_with(b"BM") && matches!(word(14), Some(12 | 40 | 56 | 108 | 124));
    if windows { Some("exe") } else { picture.then_some("bmp") }
}

/// A page of the web: what a download gives where one must log in first.
fn text(head: &[u8]) -> Option<&'static str> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let begins = |word: &[u8]| head.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    if begins(b"<!doctype html") || begins(b"<html") {
        Some("html")
    } else {
        begins(b"<?xml").then_some("xml")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_ending_says_what_a_drop_is_for() {
        let ending = |text: &str| text.to_owned();
        for (name, sort) in [
            ("Bản tin.MP3", Sort::Recording),
            ("xã/ghi âm 1.wma", Sort::Recording),
            ("lich (1).toml", Sort::Toml),
            ("Lịch tháng 12.XLSX", Sort::Workbook(ending("xlsx"))),
            ("lich.xlsm", Sort::Workbook(ending("xlsm"))),
            ("lich.csv", Sort::Workbook(ending("csv"))),
            ("Kế hoạch.docx", Sort::Document(ending("docx"))),
            ("a.b.pdf", Sort::Document(ending("pdf"))),
            ("Zalo.jpg", Sort::Document(ending("jpg"))),
            ("setup.exe", Sort::Other(ending("exe"))),
            ("không đuôi", Sort::Other(ending(""))),
            ("Bản tin số 5. Hết rồi", Sort::Other(ending(""))),
            ("v1.2/bai", Sort::Other(ending(""))),
            ("", Sort::Other(ending(""))),
            (".", Sort::Other(ending(""))),
        ] {
            assert_eq!(sort_of(name, b"nothing known"), sort, "{name}");
        }
    }

    #[test]
    fn known_sound_is_a_recording_whatever_it_is_called_but_a_schedule_stays_one() {
        let flac = b"fLaC\0\0\0\x22";
        for name in ["bai", "bai.mp3 (1)", "bai.txt", "bai.pdf", "bai.wav"] {
            assert_eq!(sort_of(name, flac), Sort::Recording, "{name}");
        }
        assert_eq!(sort_of("lich.toml", flac), Sort::Toml);
        assert_eq!(sort_of("lich.xls", flac), Sort::Workbook("xls".to_owned()));
    }

    #[test]
    fn what_is_no_sound_is_named() {
        let mut program = b"MZ".to_vec();
        program.resize(0x80, 0);
        program[0x3c] = 0x80;
        program.extend(b"PE\0\0");
        for (head, word) in [
            (&b"\x89PNG\r\n\x1a\n\0\0"[..], "png"),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", "jpeg"),
            (b"\0\0\0\x18ftypheic", "heic"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
            (b"%PDF-1.7", "pdf"),
            (b"PK\x03\x04\x14\0\x06\0....word/document.xml", "docx"),
            (b"PK\x03\x04\x14\0\x06\0....xl/workbook.xml", "xlsx"),
            (b"PK\x03\x04\x14\0\0\0\0\0bai.mp3", "zip"),
            (&program, "exe"),
            (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML>", "html"),
            (b"<?xml version='1.0'?>", "xml"),
            (b"#EXTM3U\nbai.mp3", "m3u"),
        ] {
            assert_eq!(content_of(head), Content::Else(word), "{word}");
        }
        // Marks too short to be believed by themselves.
        for head in [&b"MZ and a song"[..], b"BMW", b"", b"\xff", b"\x0b\x77", b"\xff\xfb\x90\0"] {
            assert_eq!(content_of(head), Content::Unknown, "{head:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_and_names_are_answered(name in any::<String>(), mut head in prop::collection::vec(any::<u8>(), 0..600),
                                            mark in 0..SOUND_MARKS.len(), two in any::<[u8; 2]>()) {
            let _ = sort_of(&name, &head);
            let (at, bytes, ..) = SOUND_MARKS[mark];
            if head.len() >= at + bytes.len() {
                head[at..at + bytes.len()].copy_from_slice(bytes);
            }
            let _ = sort_of(&name, &head);
            head.splice(0..0, two);
            for start in [[0xff, 0xfb], [0xff, 0xf1], [0x0b, 0x77]] {
                head.splice(0..2, start);
                let _ = sort_of(&name, &head);
            }
        }
    }
}
