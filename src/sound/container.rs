//! What a container says that the demuxer does not hand on: the edit list of an MP4, and whether an mp3 states its
//! length. Owns the reading of those few bytes; never decodes, and answers "nothing said" to whatever it cannot read.

use std::io::{self, Read, Seek, SeekFrom};

/// What was found at the head of a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The edit of the first audio track of an MP4.
    pub edit: Option<Edit>,
    /// An mp3 that states its length (a Xing, Info or VBRI header). Without one the demuxer only estimates it.
    pub mpeg_length: bool,
}

/// Which part of an MP4's track is to be played: an encoder's delay comes before it, its padding after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where playing starts, in units of the track's `timescale`.
    pub start: u64,
    /// How long it lasts, in units of `movie_timescale`; 0 where the edit does not say.
    pub length: u64,
    /// Units a second of the track.
    pub timescale: u32,
    /// Units a second of the movie.
    pub movie_timescale: u32,
}

impl Edit {
    /// Frames at `rate` Hz to be dropped from the front.
    pub fn skipped_frames(&self, rate: u32) -> u64 {
        scale(self.start, rate, self.timescale)
    }

    /// How many of `rest` frames, those after the start, are to be played. An edit is written in coarse units
    /// (often milliseconds), so it counts only where it is shorter by more than one of them; else the sample table
    /// is right to the frame.
    pub fn kept_frames(&self, rest: u64, rate: u32) -> u64 {
        let length = scale(self.length, rate, self.movie_timescale);
        let coarse = scale(1, rate, self.movie_timescale) + 1;
        if self.length > 0 && length.saturating_add(coarse) < rest { length } else { rest }
    }
}

/// `units` of which `per_second` make a second, as frames at `rate` Hz, rounded.
fn scale(units: u64, rate: u32, per_second: u32) -> u64 {
    let per_second = u128::from(per_second.max(1));
    let frames = (u128::from(units) * u128::from(rate) + per_second / 2) / per_second;
    u64::try_from(frames).unwrap_or(u64::MAX)
}

/// Looks at the head of a file and leaves the reader at the start.
///
/// # Errors
/// Only where the file cannot be read; a file of any content is answered.
pub fn look<R: Read + Seek>(file: &mut R) -> io::Result<Head> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut start = Vec::new();
    file.rewind()?;
    file.by_ref().take(12).read_to_end(&mut start)?;
    let head = match start.get(4..8) {
        Some(b"ftyp") => Head { edit: audio_edit(file, length)?, ..Head::default() },
        _ => Head { mpeg_length: states_mpeg_length(file, &start)?, ..Head::default() },
    };
    file.rewind()?;
    Ok(head)
}

/// The first frame of an mp3 that states its length holds one of three words behind its side information.
fn states_mpeg_length<R: Read + Seek>(file: &mut R, start: &[u8]) -> io::Result<bool> {
    let tag = match start {
        [b'I', b'D', b'3', _, _, _, a, b, c, d, ..] => {
            10 + [a, b, c, d].iter().fold(0u64, |size, byte| size << 7 | u64::from(*byte & 0x7f))
        }
        _ => 0,
    };
    file.seek(SeekFrom::Start(tag))?;
    let mut frame = Vec::new();
    file.by_ref().take(8192).read_to_end(&mut frame)?;
    Ok(frame.windows(4).any(|word| matches!(word, b"Xing" | b"Info" | b"VBRI")))
}

/// One box of an MP4: where its content lies.
struct Span {
    kind: [u8; 4],
    start: u64,
    end: u64,
}

/// How deep and wide a file may nest before it is no longer believed.
const MOST_BOXES: usize = 4096;

/// The boxes that lie in `start..end`, as far as they are well-formed.
fn boxes<R: Read + Seek>(file: &mut R, start: u64, end: u64) -> io::Result<Vec<Span>> {
    let mut found = Vec::new();
    let mut at = start;
    while at.saturating_add(8) <= end && found.len() < MOST_BOXES {
        let Some(head) = bytes::<8, R>(file, at)? else { break };
        let [a, b, c, d, kind @ ..] = head;
        let (size, header) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (end - at, 8),
            1 => match bytes::<8, R>(file, at + 8)? {
                Some(large) => (u64::from_be_bytes(large), 16),
                None => break,
            },
            size => (u64::from(size), 8),
        };
        let next = at.saturating_add(size);
        if size < header || next > end {
            break;
        }
        found.push(Span { kind, start: at + header, end: next });
        at = next;
    }
    Ok(found)
}

/// `N` bytes at a place, none beyond the end of the file.
fn bytes<const N: usize, R: Read + Seek>(file: &mut R, at: u64) -> io::Result<Option<[u8; N]>> {
    let mut found = [0; N];
    file.seek(SeekFrom::Start(at))?;
    match file.read_exact(&mut found) {
        Ok(()) => Ok(Some(found)),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// The box that a path of names leads to, below `start..end`.
fn descend<R: Read + Seek>(
    file: &mut R,
    start: u64,
    end: u64,
    path: &[&[u8; 4]],
) -> io::Result<Option<Span>> {
    let Some((name, deeper)) = path.split_first() else { return Ok(None) };
    let Some(span) = boxes(file, start, end)?.into_iter().find(|span| &span.kind == *name) else {
        return Ok(None);
    };
    if deeper.is_empty() { Ok(Some(span)) } else { descend(file, span.start, span.end, deeper) }
}

/// The units a second of a `mvhd` or `mdhd` box.
fn timescale<R: Read + Seek>(file: &mut R, header: &Span) -> io::Result<Option<u32>> {
    let Some([version]) = bytes::<1, R>(file, header.start)? else { return Ok(None) };
    let at = header.start + if version == 1 { 20 } else { 12 };
    Ok(bytes::<4, R>(file, at)?.map(u32::from_be_bytes).filter(|scale| *scale > 0))
}

/// The edit of the first sound track: its first entry that is not an empty one.
fn audio_edit<R: Read + Seek>(file: &mut R, length: u64) -> io::Result<Option<Edit>> {
    let Some(moov) = descend(file, 0, length, &[b"moov"])? else { return Ok(None) };
    let Some(mvhd) = descend(file, moov.start, moov.end, &[b"mvhd"])? else { return Ok(None) };
    let Some(movie_timescale) = timescale(file, &mvhd)? else { return Ok(None) };
    for trak in boxes(file, moov.start, moov.end)?.iter().filter(|span| &span.kind == b"trak") {
        let Some(hdlr) = descend(file, trak.start, trak.end, &[b"mdia", b"hdlr"])? else { continue };
        if bytes::<4, R>(file, hdlr.start + 8)? != Some(*b"soun") {
            continue;
        }
        let Some(mdhd) = descend(file, trak.start, trak.end, &[b"mdia", b"mdhd"])? else { continue };
        let Some(timescale) = timescale(file, &mdhd)? else { continue };
        let Some(elst) = descend(file, trak.start, trak.end, &[b"edts", b"elst"])? else { return Ok(None) };
        let played = first_played(file, &elst)?;
        return Ok(played.map(|(length, start)| Edit { start, length, timescale, movie_timescale }));
    }
    Ok(None)
}

/// (length, start) of the first entry of an edit list that plays something.
fn first_played<R: Read + Seek>(file: &mut R, elst: &Span) -> io::Result<Option<(u64, u64)>> {
    let Some([version, _, _, _, a, b, c, d]) = bytes::<8, R>(file, elst.start)? else { return Ok(None) };
    let entries = u32::from_be_bytes([a, b, c, d]).min(MOST_BOXES as u32);
    let size = if version == 1 { 20 } else { 12 };
    for entry in 0..u64::from(entries) {
        let at = elst.start + 8 + entry * size;
        if at + size > elst.end {
            break;
        }
        let (length, start) = if version == 1 {
            let Some(length) = bytes::<8, R>(file, at)? else { break };
            let Some(start) = bytes::<8, R>(file, at + 8)? else { break };
            (u64::from_be_bytes(length), i64::from_be_bytes(start))
        } else {
            let Some(length) = bytes::<4, R>(file, at)? else { break };
            let Some(start) = bytes::<4, R>(file, at + 4)? else { break };
            (u64::from(u32::from_be_bytes(length)), i64::from(i32::from_be_bytes(start)))
        };
        // An entry that starts at −1 is silence before the track.
        if let Ok(start) = u64::try_from(start) {
            return Ok(Some((length, start)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn wrap(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
        [&(content.len() as u32 + 8).to_be_bytes()[..], kind, content].concat()
    }

    fn words(words: &[u32]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    /// An MP4 head: a picture track first, then a sound track whose edit list holds `entries`.
    fn mp4(entries: &[[u32; 3]]) -> Vec<u8> {
        let hdlr = |kind: &[u8; 4]| wrap(b"hdlr", &[&[0; 8][..], kind, &[0; 12]].concat());
        let mdhd = wrap(b"mdhd", &words(&[0, 0, 0, 44_100, 99_999, 0]));
        let mdia = |kind: &[u8; 4]| wrap(b"mdia", &[mdhd.clone(), hdlr(kind)].concat());
        let elst = [words(&[0, entries.len() as u32]), words(entries.as_flattened())].concat();
        let edts = wrap(b"edts", &wrap(b"elst", &elst));
        let picture = wrap(b"trak", &mdia(b"vide"));
        let sound = wrap(b"trak", &[edts, mdia(b"soun")].concat());
        let mvhd = wrap(b"mvhd", &words(&[0, 0, 0, 1000, 5000]));
        let moov = wrap(b"moov", &[mvhd, picture, sound].concat());
        [wrap(b"ftyp", b"M4A \0\0\0\0"), wrap(b"free", &[0; 40]), moov].concat()
    }

    #[test]
    fn the_edit_of_the_sound_track_is_found_behind_an_empty_one() {
        let file = mp4(&[[700, u32::MAX, 65_536], [3217, 1024, 65_536]]);
        let edit = look(&mut Cursor::new(&file)).unwrap().edit.unwrap();
        assert_eq!(edit, Edit { start: 1024, length: 3217, timescale: 44_100, movie_timescale: 1000 });
        assert_eq!(edit.skipped_frames(44_100), 1024);
    }

    #[test]
    fn a_coarse_edit_does_not_cut_what_the_sample_table_states_to_the_frame() {
        let edit = Edit { start: 0, length: 3217, timescale: 44_100, movie_timescale: 1000 };
        assert_eq!(edit.kept_frames(141_870, 44_100), 141_870);
        assert_eq!(edit.kept_frames(143_360, 44_100), 141_870);
        assert_eq!(Edit { length: 0, ..edit }.kept_frames(143_360, 44_100), 143_360);
    }

    #[test]
    fn an_mp3_states_its_length_behind_its_tags_or_not() {
        let tagged =
            [b"ID3\x04\x00\x00\x00\x00\x02\x00".to_vec(), vec![0; 256], vec![0xff; 36], b"Xing".to_vec()];
        assert!(look(&mut Cursor::new(tagged.concat())).unwrap().mpeg_length);
        assert!(!look(&mut Cursor::new(vec![0xff; 500])).unwrap().mpeg_length);
    }

    proptest! {
        #[test]
        fn any_bytes_are_answered(mut junk in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..300,
                                  value in any::<[u8; 4]>(), cut in 0usize..400) {
            let _ = look(&mut Cursor::new(&junk)).unwrap();
            junk.splice(0..0, *b"\0\0\0\x10ftypM4A \0\0\0\0");
            let _ = look(&mut Cursor::new(&junk)).unwrap();
            let mut hurt = mp4(&[[3217, 1024, 65_536]]);
            let at = at.min(hurt.len() - 4);
            hurt[at..at + 4].copy_from_slice(&value);
            hurt.truncate(cut.max(at + 4));
            let _ = look(&mut Cursor::new(&hurt)).unwrap();
        }
    }
}
