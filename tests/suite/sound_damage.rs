//! Bad files: cut short, with holes, empty, of another kind than they say, hostile. Each gives what can be saved or a
//! clear fault, and never a panic.

use std::fs;
use std::path::{Path, PathBuf};

use loa::core::cart::{CartFault, Measurement};
use loa::sound::measure;
use loa::sound::programme::{Block, Part, Programme, Reel};
use proptest::prelude::*;

use crate::ffmpeg::{self, VOICE};

fn tried(path: &Path) -> Result<Measurement, CartFault> {
    measure(path, &mut |_| ())
}

fn written(name: &str, bytes: &[u8]) -> PathBuf {
    let path = ffmpeg::place(name);
    fs::write(&path, bytes).unwrap();
    path
}

fn undecodable(path: &Path, words: &str) {
    match tried(path) {
        Err(CartFault::Undecodable { found }) if found.contains(words) => {}
        other => panic!("{}: {other:?}, expected undecodable: {words}", path.display()),
    }
}

#[test]
fn what_is_cut_off_is_missing() {
    for (name, options) in [
        ("cut.wav", "-c:a pcm_s16le"),
        ("cut.flac", ""),
        ("cut.mp3", "-b:a 128k"),
        ("cut.ogg", "-c:a libvorbis"),
        ("cut.opus", "-c:a libopus"),
    ] {
        let whole = ffmpeg::make(&format!("whole-{name}"), VOICE, options);
        let bytes = fs::read(&whole).unwrap();
        let all = tried(&whole).unwrap();
        assert_eq!(all.missing_frames, 0, "{name}");
        let cut = tried(&written(name, &bytes[..bytes.len() * 6 / 10]))
            .unwrap_or_else(|fault| panic!("{name}: {fault}"));
        assert!(
            (all.frames * 3 / 10..all.frames * 7 / 10).contains(&cut.frames),
            "{name}: {} of {}",
            cut.frames,
            all.frames
        );
        match name {
            // An Ogg stream states its length on its last page only.
            "cut.ogg" | "cut.opus" => assert!(cut.missing_frames > 0, "{name}"),
            _ => assert_eq!(cut.frames + cut.missing_frames, all.frames, "{name}"),
        }
    }
}

#[test]
fn cut_off_where_the_container_needs_its_end_is_a_fault() {
    for (name, options, words) in [
        ("cut.aiff", "", "unexpected end of file"),
        ("cut-index-last.m4a", "-c:a aac", ""),
        ("cut-index-first.m4a", "-c:a aac -movflags +faststart", "nothing could be decoded"),
    ] {
        let whole = ffmpeg::make(&format!("whole-{name}"), VOICE, options);
        let bytes = fs::read(whole).unwrap();
        undecodable(&written(name, &bytes[..bytes.len() / 2]), words);
    }
}

#[test]
fn a_hole_in_the_middle_costs_only_itself() {
    for (name, options) in
        [("hole.mp3", "-b:a 128k"), ("hole.flac", "-sample_fmt s16"), ("hole.ogg", "-c:a libvorbis")]
    {
        let whole = ffmpeg::make(&format!("whole-{name}"), VOICE, options);
        let mut bytes = fs::read(&whole).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle..middle + 2000].fill(0x55);
        let all = tried(&whole).unwrap();
        let hurt = tried(&written(name, &bytes)).unwrap();
        assert!(hurt.missing_frames > 0, "{name}: nothing missing of {} frames", hurt.frames);
        assert!(hurt.frames > all.frames * 6 / 10, "{name}: only {} of {}", hurt.frames, all.frames);
    }
}

#[test]
fn what_cannot_be_decoded_is_counted_where_nothing_is_claimed() {
    let whole = ffmpeg::make("whole-hole.aac", VOICE, "-c:a aac");
    let mut bytes = fs::read(&whole).unwrap();
    let mut at = 0;
    for frame in 0..60 {
        let length = usize::from(bytes[at + 3] & 3) << 11
            | usize::from(bytes[at + 4]) << 3
            | usize::from(bytes[at + 5] >> 5);
        if frame >= 50 {
            bytes[at + 7..at + length].fill(0x2b);
        }
        at += length;
    }
    let (all, hurt) = (tried(&whole).unwrap(), tried(&written("hole.aac", &bytes)).unwrap());
    assert!(hurt.frames + hurt.missing_frames >= all.frames, "{hurt:?}");
    assert_eq!(hurt.missing_frames, 10 * 1024, "{hurt:?}");
}

#[test]
fn a_reel_plays_a_damaged_part_to_its_end_and_says_so() {
    let whole = ffmpeg::make("reel-whole.flac", VOICE, "");
    let bytes = fs::read(whole).unwrap();
    let path = written("reel-cut.flac", &bytes[..bytes.len() / 2]);
    let part = Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 };
    let mut reel = Reel::open(Programme { parts: vec![part] }, 48_000);
    let mut out = Vec::new();
    let last = loop {
        match reel.read(&mut out) {
            Block::Audio { .. } => {}
            other => break other,
        }
    };
    assert!(out.len() > 48_000 * 2, "{}", out.len());
    assert!(matches!(&last, Block::Failed { part: 0, found } if found.contains("are missing")), "{last:?}");
    assert_eq!(reel.read(&mut out), Block::End);
}

#[test]
fn what_is_no_recording_is_named() {
    undecodable(&written("empty.mp3", b""), "is empty");
    undecodable(&written("letter.mp3", "Kính gửi: Đài truyền thanh xã\n".repeat(400).as_bytes()), "");
    undecodable(&written("zeros.wav", &[0; 100_000]), "no recording of a known format");
    undecodable(
        &written("page.docx", b"PK\x03\x04\x14\0\x06\0[Content_Types].xml"),
        "no recording of a known format",
    );
    let noise: Vec<u8> = (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    undecodable(&written("noise.m4a", &noise), "");
    assert!(matches!(tried(&ffmpeg::place("none-such.mp3")), Err(CartFault::Unreadable { .. })));
    assert!(
        matches!(tried(Path::new(env!("CARGO_TARGET_TMPDIR"))), Err(CartFault::Unreadable { found }) if found.contains("a folder"))
    );
    assert_eq!(tried(&ffmpeg::make("silence.flac", "anullsrc=d=3", "")), Err(CartFault::Silent));
    let picture = ffmpeg::make("picture.mp4", "testsrc=d=1", "-c:v mpeg4");
    undecodable(&picture, "no sound track");
    undecodable(&ffmpeg::make("old.wma", VOICE, "-c:a wmav2"), "");
}

#[test]
fn the_name_says_nothing() {
    let mp3 = ffmpeg::make("renamed-from.mp3", VOICE, "-b:a 128k");
    let renamed = written("renamed.wav", &fs::read(&mp3).unwrap());
    assert_eq!(tried(&renamed), tried(&mp3));
    let flac = ffmpeg::make("renamed-from.flac", VOICE, "");
    assert_eq!(tried(&written("renamed.mp3", &fs::read(&flac).unwrap())), tried(&flac));
}

/// An AAC stream (ADTS) whose frames all end with a fill element that holds SBR, as those of HE-AAC do.
pub fn with_sbr(plain: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while at + 7 < plain.len() {
        let head = &plain[at..at + 7];
        let length = usize::from(head[3] & 3) << 11 | usize::from(head[4]) << 3 | usize::from(head[5] >> 5);
        let frame = &plain[at + 7..at + length];
        let mut bits: Vec<bool> =
            frame.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1 == 1)).collect();
        let last = bits.iter().rposition(|bit| *bit).unwrap();
        bits.truncate(last - 2);
        // fill, 10 bytes, SBR data, its payload; the end mark.
        bits.extend([true, true, false, true, false, true, false, true, true, false, true]);
        bits.extend([false; 76]);
        bits.extend([true; 3]);
        bits.resize(bits.len().next_multiple_of(8), false);
        let length = 7 + bits.len() / 8;
        let size = [
            head[3] & 0xfc | (length >> 11) as u8,
            (length >> 3) as u8,
            (length << 5) as u8 | head[5] & 0x1f,
        ];
        out.extend([&head[..3], &size, &head[6..]].concat());
        out.extend(
            bits.chunks(8).map(|byte| byte.iter().fold(0u8, |value, bit| value << 1 | u8::from(*bit))),
        );
        at += 7 + frame.len();
    }
    out
}

#[test]
fn he_aac_is_refused_whether_its_head_says_so_or_not() {
    let plain = fs::read(ffmpeg::make("plain.aac", VOICE, "-c:a aac -ar 22050 -b:a 48k")).unwrap();
    let he = written("he.aac", &with_sbr(&plain));
    assert_eq!(ffmpeg::about(&he, "profile"), "HE-AAC", "it is what ffmpeg takes for HE-AAC");
    undecodable(&he, "HE-AAC");
    undecodable(&ffmpeg::convert(&he, "he-silent-head.m4a", "-c copy -bsf:a aac_adtstoasc"), "HE-AAC");

    let mut said = fs::read(ffmpeg::make("plain.m4a", VOICE, "-c:a aac")).unwrap();
    let head = said.windows(5).position(|bytes| bytes == [0x12, 0x10, 0x56, 0xe5, 0]).unwrap();
    // Object type 5 (SBR), 22,050 Hz, stereo, extended to 44,100 Hz, of object type 2.
    said[head..head + 5].copy_from_slice(&[0x2b, 0x92, 0x08, 0, 0]);
    undecodable(&written("he-said.m4a", &said), "aac");
}

/// A WAV head of any claims, with some sound behind it.
fn wav(channels: u16, rate: u32, bits: u16, claimed: u32) -> Vec<u8> {
    let frame = channels.wrapping_mul(bits / 8);
    let mut head = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0".to_vec();
    head.extend(channels.to_le_bytes());
    head.extend(rate.to_le_bytes());
    head.extend(rate.wrapping_mul(u32::from(frame)).to_le_bytes());
    head.extend(frame.to_le_bytes());
    head.extend(bits.to_le_bytes());
    head.extend(b"data");
    head.extend(claimed.to_le_bytes());
    head.extend((0..40_000u32).flat_map(|n| ((n * 700 % 20_000) as i16 - 10_000).to_le_bytes()));
    head
}

#[test]
fn a_head_that_claims_what_cannot_be_is_refused_or_bounded() {
    // A recorder that could not seek back: no claim, and nothing is missing.
    let endless = tried(&written("endless.wav", &wav(1, 44_100, 16, u32::MAX))).unwrap();
    assert_eq!((endless.frames, endless.missing_frames), (40_000, 0));
    let sox_says = tried(&written("endless-sox.wav", &wav(1, 44_100, 16, 0x7fff_f000))).unwrap();
    assert_eq!((sox_says.frames, sox_says.missing_frames), (40_000, 0));
    let short = tried(&written("claims-more.wav", &wav(1, 44_100, 16, 160_000))).unwrap();
    assert_eq!((short.frames, short.missing_frames), (40_000, 40_000));
    for (name, bytes, words) in [
        ("rate-max.wav", wav(2, u32::MAX, 16, 80_000), "expected 1 to 8 at 8,000"),
        ("rate-1.wav", wav(2, 1, 16, 80_000), "expected 1 to 8 at 8,000"),
        ("rate-0.wav", wav(2, 0, 16, 80_000), ""),
        ("channels-0.wav", wav(0, 44_100, 16, 80_000), ""),
        ("channels-9.wav", wav(9, 44_100, 16, 80_000), "expected 1 to 8 at 8,000"),
        ("channels-32.wav", wav(32, 44_100, 16, 80_000), "invalid channel count"),
        ("channels-max.wav", wav(u16::MAX, 44_100, 16, 80_000), ""),
        ("bits-0.wav", wav(2, 44_100, 0, 80_000), ""),
    ] {
        undecodable(&written(name, &bytes), words);
    }
}

#[test]
fn arbitrary_bytes_never_panic() {
    let seeds: Vec<Vec<u8>> = [
        ("seed.wav", "-c:a pcm_s16le"),
        ("seed.mp3", "-b:a 64k"),
        ("seed.flac", ""),
        ("seed.ogg", "-c:a libvorbis"),
        ("seed.opus", "-c:a libopus -b:a 32k"),
        ("seed.m4a", "-c:a aac -b:a 64k"),
        ("seed.aac", "-c:a aac -b:a 64k"),
        ("seed.aiff", ""),
        ("seed.caf", ""),
    ]
    .iter()
    .map(|(name, options)| fs::read(ffmpeg::make(name, VOICE, &format!("{options} -t 0.4"))).unwrap())
    .collect();
    let hurt = (
        prop::sample::select(seeds),
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        any::<bool>(),
    );
    let damaged = hurt.prop_map(|(mut bytes, changes, in_head)| {
        for (at, value) in changes {
            let reach = if in_head { bytes.len().min(300) } else { bytes.len() };
            let at = at.index(reach);
            bytes[at] = value;
        }
        bytes
    });
    let junk = prop::collection::vec(any::<u8>(), 0..3000);
    let path = ffmpeg::place("hurt");
    proptest!(ProptestConfig::with_cases(400), |(bytes in prop_oneof![4 => damaged, 1 => junk])| {
        fs::write(&path, &bytes).unwrap();
        match tried(&path) {
            Ok(found) => prop_assert!(found.frames > 0 && (8_000..=192_000).contains(&found.rate) && (1..=8).contains(&found.channels)),
            Err(fault) => prop_assert!(!fault.to_string().is_empty()),
        }
    });
}
