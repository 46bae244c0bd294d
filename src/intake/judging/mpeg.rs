//! Sound that has no head of its own, only frames: mp3, AAC in ADTS, AC-3. Known by a frame that is followed by another
//! exactly where it says. Owns the arithmetic of their frame heads; never decodes.

use super::sort::Format;

/// The format of a run of frames that begins with `head`; none where it is no such run.
pub(super) fn stream(head: &[u8]) -> Option<Format> {
    let format = |word, ours| Format { word, ours };
    match head {
        [0xff, second, ..] if second & 0xf6 == 0xf0 => follows(head, adts).then_some(format("aac", true)),
        [0xff, second, ..] if second & 0xe0 == 0xe0 => follows(head, mpeg).then_some(format("mp3", true)),
        [0x0b, 0x77, ..] => follows(head, ac3).then_some(format("ac3", false)),
        _ => None,
    }
}

/// Whether a second frame begins where the first ends.
fn follows(head: &[u8], length: fn(&[u8]) -> Option<usize>) -> bool {
    let next = length(head).and_then(|length| head.get(length..));
    next.is_some_and(|next| length(next).is_some())
}

fn adts(frame: &[u8]) -> Option<usize> {
    let [0xff, second, third, a, b, c, ..] = *frame else { return None };
    let length = usize::from(a & 3) << 11 | usize::from(b) << 3 | usize::from(c >> 5);
    (second & 0xf6 == 0xf0 && third >> 2 & 15 < 13 && length > 7).then_some(length)
}

/// Kilobits a second of MPEG-1 layer III, MPEG-1 layer II, and MPEG-2 layers II and III, by index (ISO 11172-3, 2.4.2.3;
/// ISO 13818-3, 2.4.2.3).
const BITRATES: [[usize; 15]; 3] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

fn mpeg(frame: &[u8]) -> Option<usize> {
    let [0xff, second, third, ..] = *frame else { return None };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let table = match (second & 0xe0, version, layer) {
        (0xe0, 3, 1) => 0,
        (0xe0, 3, 2) => 1,
        (0xe0, 0 | 2, 1 | 2) => 2,
        _ => return None,
    };
    let kilobits = *BITRATES[table].get(usize::from(third >> 4)).filter(|kilobits| **kilobits > 0)?;
    let full = *[44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))?;
    let rate = match version {
        3 => full,
        2 => full / 2,
        _ => full / 4,
    };
    // Layer III of MPEG-2 has half the samples in a frame.
    let eighths = if version != 3 && layer == 1 { 72_000 } else { 144_000 };
    Some(eighths * kilobits / rate + usize::from(third >> 1 & 1))
}

/// Kilobits a second of AC-3 by index (ATSC A/52, table 5.18).
const AC3_BITRATES: [usize; 19] =
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

fn ac3(frame: &[u8]) -> Option<usize> {
    let [0x0b, 0x77, a, b, fifth, sixth, ..] = *frame else { return None };
    // Above 10 the frame is E-AC-3, which states its size as such.
    if sixth >> 3 > 10 {
        return (sixth >> 3 <= 16).then(|| ((usize::from(a & 7) << 8 | usize::from(b)) + 1) * 2);
    }
    let kilobits = *AC3_BITRATES.get(usize::from(fifth >> 1 & 31))?;
    let padded = usize::from(fifth & 1);
    Some(match fifth >> 6 {
        0 => kilobits * 4,
        1 => (kilobits * 96_000 / 44_100 + padded) * 2,
        2 => kilobits * 6,
        _ => return None,
    })
}
