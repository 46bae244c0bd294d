//! What intake says of dropped recordings, and their way into the library: every format that offices send, whole and cut
//! short, hostile names and converters, and a power cut between any two steps.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, Utc};
use loa::core::cart::{CartFault, CartName, Fingerprint};
use loa::core::drops::{Complaint, Remark};
use loa::intake::judging::{Judged, Limits, Setback, Sort, find_ffmpeg, judge, sort_of};
use loa::intake::store::{prune, remove, store};
use loa::sound::measure::fingerprint_of;
use tempfile::TempDir;

use crate::ffmpeg::{self, VOICE};
use crate::sound_damage::with_sbr;

/// A desk that recordings are judged on: a folder of drops and a scratch folder.
struct Desk {
    folder: TempDir,
    limits: Limits,
}

impl Desk {
    fn new() -> Desk {
        let limits =
            Limits { largest: 1 << 31, longest: Duration::from_secs(4 * 3600), ffmpeg: find_ffmpeg() };
        assert!(limits.ffmpeg.is_some(), "these tests need ffmpeg: scripts/need-packages ffmpeg sox");
        Desk { folder: tempfile::tempdir().unwrap(), limits }
    }

    fn scratch(&self) -> PathBuf {
        self.folder.path().join("scratch")
    }

    fn left(&self) -> Vec<PathBuf> {
        fs::read_dir(self.scratch()).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
    }

    /// Judges a file, and sees that nothing is left but what was answered.
    fn judge(&self, path: &Path) -> Result<Judged, Complaint> {
        match self.try_to(path) {
            Ok(judged) => Ok(judged),
            Err(Setback::Returned(complaint)) => Err(complaint),
            Err(Setback::Hindered { found }) => panic!("{}: {found}", path.display()),
        }
    }

    fn try_to(&self, path: &Path) -> Result<Judged, Setback> {
        let name = path.file_name().unwrap().to_string_lossy();
        let answer = judge(path, &name, &self.limits, &self.scratch(), &mut |_| ());
        match &answer {
            Ok(judged) if judged.converted_from.is_some() => {
                assert_eq!(self.left(), std::slice::from_ref(&judged.source));
                assert_eq!(fingerprint_of(&judged.source).unwrap(), judged.content);
                assert_ne!(judged.content, judged.dropped);
            }
            Ok(judged) => {
                assert_eq!((judged.source.as_path(), judged.content), (path, judged.dropped));
                assert!(self.left().is_empty());
            }
            Err(_) => assert!(self.left().is_empty(), "{answer:?}"),
        }
        if let Ok(judged) = &answer {
            assert_eq!(judged.dropped, fingerprint_of(path).unwrap());
            assert_eq!(judged.content, judged.found.sha256);
        }
        answer
    }

    fn drop(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn judge_bytes(&self, name: &str, bytes: &[u8]) -> Result<Judged, Complaint> {
        self.judge(&self.drop(name, bytes))
    }

    fn clear(&self, judged: &Judged) {
        if judged.converted_from.is_some() {
            fs::remove_file(&judged.source).unwrap();
        }
    }
}

/// The formats that Loa decodes itself.
const OURS: &[(&str, &str)] = &[
    ("j.wav", "-c:a pcm_s24le"),
    ("j.mp3", "-b:a 128k"),
    ("j-bare.mp3", "-b:a 128k -write_xing 0 -id3v2_version 0"),
    ("j.mp2", "-c:a mp2"),
    ("j.flac", ""),
    ("j.ogg", "-c:a libvorbis"),
    ("j.opus", "-c:a libopus"),
    ("j.m4a", "-c:a aac"),
    ("j.aac", "-c:a aac"),
    ("j-aac.3gp", "-c:a aac"),
    ("j.aiff", ""),
    ("j.caf", ""),
    ("j.webm", "-c:a libopus"),
];

/// The formats that are converted, and the word for each.
const FOREIGN: &[(&str, &str, &str)] = &[
    ("j.wma", "-c:a wmav2", "wma"),
    ("j-old.wma", "-c:a wmav1", "wma"),
    ("j.ac3", "-c:a ac3", "ac3"),
    ("j.eac3", "-c:a eac3", "ac3"),
    ("j.wv", "-c:a wavpack", "wavpack"),
    ("j.tta", "-c:a tta", "tta"),
    ("j.au", "-c:a pcm_s16be", "au"),
    ("j.w64", "-c:a pcm_s16le", "w64"),
    ("j-rf64.wav", "-c:a pcm_s24le -rf64 always", "rf64"),
    ("j-mp3.wav", "-c:a libmp3lame -b:a 128k", "wav"),
    ("j-ac3.m4a", "-c:a ac3", "m4a"),
];

/// AMR, which only sox writes, raw and in the 3gp of a telephone.
fn amr() -> [(PathBuf, &'static str); 2] {
    let wav = ffmpeg::make("j-amr.wav", VOICE, "");
    let amr = ffmpeg::sox(&wav, "j.amr-nb", "-r 8000 -c 1", "");
    let named = ffmpeg::place("j.amr");
    fs::copy(amr, &named).unwrap();
    let phone = ffmpeg::convert(&named, "j-amr.3gp", "-c copy");
    [(named, "amr"), (phone, "3gp")]
}

#[test]
fn what_loa_decodes_is_taken_as_it_is() {
    let desk = Desk::new();
    for (name, options) in OURS {
        let judged = desk.judge(&ffmpeg::make(name, VOICE, options)).unwrap();
        assert!((3.1..3.35).contains(&judged.found.duration().as_secs_f64()), "{name}: {judged:?}");
        assert_eq!((judged.converted_from, judged.remarks), (None, vec![]), "{name}");
    }
}

#[test]
fn what_loa_cannot_decode_is_converted_or_needs_ffmpeg() {
    let desk = Desk::new();
    let mut without = Desk::new();
    without.limits.ffmpeg = None;
    let made = FOREIGN.iter().map(|(name, options, word)| (ffmpeg::make(name, VOICE, options), *word));
    for (path, word) in made.chain(amr()) {
        let shown = path.display();
        let judged = desk.judge(&path).unwrap_or_else(|complaint| panic!("{shown}: {complaint:?}"));
        assert_eq!(judged.converted_from.as_deref(), Some(word), "{shown}");
        assert_eq!((judged.found.format.as_str(), &judged.remarks[..]), ("flac", &[][..]), "{shown}");
        assert!((3.1..3.35).contains(&judged.found.duration().as_secs_f64()), "{shown}: {judged:?}");
        let (loudness, _) = ffmpeg::loudness(&path, "");
        let louder = if judged.found.channels == 1 { 3.01 } else { 0.0 };
        assert!((judged.found.loudness_lufs.unwrap() - loudness - louder).abs() < 0.3, "{shown}: {judged:?}");
        // The same drop is the same recording, whenever it is converted.
        let first = judged.content;
        assert_eq!(desk.judge(&path).unwrap().content, first, "{shown}");
        desk.clear(&judged);
        let format = word.to_owned();
        assert_eq!(without.judge(&path), Err(Complaint::NeedsFfmpeg { format }), "{shown}");
    }
}

#[test]
fn converting_what_has_no_loss_loses_nothing() {
    let desk = Desk::new();
    for (name, options) in
        [("j-whole-rf64.wav", "-c:a pcm_s24le -rf64 always"), ("j-whole.wv", "-c:a wavpack")]
    {
        let path = ffmpeg::make(name, VOICE, options);
        let judged = desk.judge(&path).unwrap();
        let (theirs, (_, ours)) = (ffmpeg::decode(&path), ffmpeg::ours(&judged.source));
        assert_eq!(theirs.samples.len(), ours.len(), "{name}");
        let off = theirs.samples.iter().zip(&ours).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off <= 1.5 / 8_388_608.0, "{name}: off by {off}");
        desk.clear(&judged);
    }
}

#[test]
fn he_aac_is_converted() {
    let mut desk = Desk::new();
    let plain = fs::read(ffmpeg::make("j-plain.aac", VOICE, "-c:a aac -ar 22050 -b:a 48k")).unwrap();
    let he = desk.drop("he.aac", &with_sbr(&plain));
    let boxed = ffmpeg::convert(&he, "j-he.m4a", "-c copy -bsf:a aac_adtstoasc");
    for path in [&he, &boxed] {
        let judged = desk.judge(path);
        // Ffmpeg finds the payload of these frames wanting, as it is; what counts is that it was asked.
        match judged {
            Ok(judged) => {
                assert_eq!(judged.converted_from.as_deref(), Some("HE-AAC"));
                desk.clear(&judged);
            }
            Err(Complaint::NotConverted { format, .. }) => assert_eq!(format, "HE-AAC"),
            other => panic!("{other:?}"),
        }
    }
    desk.limits.ffmpeg = None;
    for path in [&he, &boxed] {
        assert_eq!(desk.judge(path), Err(Complaint::NeedsFfmpeg { format: "HE-AAC".to_owned() }));
    }
}

#[test]
fn half_a_file_is_returned() {
    let desk = Desk::new();
    let ours = OURS.iter().map(|(name, options)| (*name, *options));
    let foreign = FOREIGN.iter().map(|(name, options, _)| (*name, *options));
    let index_first =
        [("first.m4a", "-c:a aac -movflags +faststart"), ("first.3gp", "-c:a aac -movflags +faststart")];
    for (name, options) in ours.chain(foreign).chain(index_first) {
        let whole = fs::read(ffmpeg::make(&format!("cut-{name}"), VOICE, options)).unwrap();
        let answer = desk.judge_bytes(name, &whole[..whole.len() * 6 / 10]);
        match (name, &answer) {
            // Nothing in these says how long they are.
            ("j-bare.mp3" | "j.mp2" | "j.aac" | "j.ac3" | "j.eac3", Ok(judged)) => {
                assert!(judged.found.duration() < Duration::from_millis(2500), "{name}: {answer:?}");
                desk.clear(judged);
            }
            (_, Err(Complaint::Recording(CartFault::Damaged { frames, missing_frames }))) => {
                assert!(*frames > 0 && *missing_frames > 0, "{name}: {answer:?}");
                if !matches!(name, "j.ogg" | "j.opus") {
                    let share = *missing_frames as f64 / (*frames + *missing_frames) as f64;
                    assert!((0.2..0.8).contains(&share), "{name}: {answer:?}");
                }
            }
            (
                _,
                Err(Complaint::Recording(CartFault::Undecodable { .. }) | Complaint::NotConverted { .. }),
            ) => {
                assert!(
                    name.contains("m4a")
                        || name.contains("3gp")
                        || matches!(name, "j.aiff" | "j.caf" | "j.webm"),
                    "{name}: {answer:?}"
                );
            }
            _ => panic!("{name}: {answer:?}"),
        }
    }
    let phone = fs::read(&amr()[1].0).unwrap();
    let answer = desk.judge_bytes("j-amr.3gp", &phone[..phone.len() / 2]);
    assert!(matches!(answer, Err(Complaint::NotConverted { .. } | Complaint::Recording(_))), "{answer:?}");
}

#[test]
fn a_little_damage_is_told_and_taken() {
    let desk = Desk::new();
    let whole = fs::read(ffmpeg::make("j-little.wav", VOICE, "-c:a pcm_s16le")).unwrap();
    let judged = desk.judge_bytes("little.wav", &whole[..whole.len() * 995 / 1000]).unwrap();
    assert!(
        matches!(judged.remarks[..], [Remark::Damaged(lost)] if (14..18).contains(&lost.as_millis())),
        "{:?}",
        judged.remarks
    );
}

#[test]
fn what_is_no_recording_is_named() {
    let mut desk = Desk::new();
    assert_eq!(desk.judge_bytes("empty.mp3", b""), Err(Complaint::Empty));
    let png = fs::read(ffmpeg::make("j.png", "testsrc=d=1", "-frames:v 1")).unwrap();
    let jpeg = fs::read(ffmpeg::make("j.jpg", "testsrc=d=1", "-frames:v 1")).unwrap();
    for (bytes, found) in [
        (&png[..], "png"),
        (&jpeg, "jpeg"),
        (b"%PDF-1.4 ...", "pdf"),
        (b"<html><body>login", "html"),
        (b"PK\x03\x04\x14\0\0\0\0\0bai.mp3", "zip"),
    ] {
        assert_eq!(desk.judge_bytes("bai.mp3", bytes), Err(Complaint::NotSound { found }));
    }
    for (name, bytes) in [
        ("thu.mp3", "Kính gửi: Đài truyền thanh xã\n".repeat(400).into_bytes()),
        ("zeros.wma", vec![0; 100_000]),
        ("noise.amr", (0..60_000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()),
    ] {
        let answer = desk.judge_bytes(name, &bytes);
        let undecodable = matches!(answer, Err(Complaint::Recording(CartFault::Undecodable { .. })));
        assert!(undecodable, "{name}: {answer:?}");
    }
    let answer = desk
        .judge_bytes("head-only.wma", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c");
    assert!(matches!(answer, Err(Complaint::NotConverted { found, .. }) if !found.is_empty()));
    let silence = ffmpeg::make("j-silence.mp3", "anullsrc=d=3", "");
    assert_eq!(desk.judge(&silence), Err(Complaint::Recording(CartFault::Silent)));
    let silence = ffmpeg::make("j-silence.wma", "anullsrc=d=3", "-c:a wmav2");
    assert_eq!(desk.judge(&silence), Err(Complaint::Recording(CartFault::Silent)));
    assert_eq!(desk.judge(desk.folder.path()), Err(Complaint::NoFile));
    assert!(matches!(desk.judge(&desk.folder.path().join("none.mp3")), Err(Complaint::Unreadable { .. })));
    desk.limits.largest = 100;
    let large = Complaint::TooLarge { bytes: 101, limit: 100 };
    assert_eq!(desk.judge_bytes("large.mp3", &[0; 101]), Err(large));
}

#[cfg(unix)]
#[test]
fn a_link_is_no_recording() {
    let desk = Desk::new();
    let real = ffmpeg::make("j-linked.wav", VOICE, "");
    let link = desk.folder.path().join("link.wav");
    std::os::unix::fs::symlink(real, &link).unwrap();
    assert_eq!(desk.judge(&link), Err(Complaint::NoFile));
}

#[test]
fn the_content_counts_and_not_the_name() {
    let desk = Desk::new();
    let head = |bytes: &[u8]| bytes[..bytes.len().min(4096)].to_vec();
    for (name, options) in OURS {
        let path = ffmpeg::make(&format!("n-{name}"), VOICE, options);
        let (bytes, expected) = (fs::read(&path).unwrap(), desk.judge(&path).unwrap());
        for other in
            ["bai.wav", "bai.mp3", "bai.flac", "bai.wma", "bai.amr", "bai.m4a", "bai.aac", "bai.ogg", "bai"]
        {
            let judged = desk.judge_bytes(other, &bytes);
            let judged = judged.unwrap_or_else(|complaint| panic!("{name} as {other}: {complaint:?}"));
            assert_eq!(judged.found, expected.found, "{name} as {other}");
            assert_eq!(sort_of(other, &head(&bytes)), Sort::Recording, "{name} as {other}");
        }
    }
    let wma = fs::read(ffmpeg::make("n.wma", VOICE, "-c:a wmav2")).unwrap();
    assert_eq!(sort_of("bai", &head(&wma)), Sort::Recording);
    let judged = desk.judge_bytes("bai.mp3", &wma).unwrap();
    assert_eq!(judged.converted_from.as_deref(), Some("wma"));
    // In the library it keeps its name: what plays it goes by its content.
    let kept = desk.drop("bai.wma", &fs::read(&judged.source).unwrap());
    assert_eq!(loa::sound::measure(&kept, &mut |_| ()), Ok(judged.found.clone()));
    desk.clear(&judged);
}

/// A WAV head that claims so many bytes, 8,000 Hz mono 16 bits, and the file's length.
fn sparse_wav(path: &Path, claimed: u32, length: u64) {
    let mut head = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    head.extend(8000u32.to_le_bytes());
    head.extend(16_000u32.to_le_bytes());
    head.extend(b"\x02\0\x10\0data");
    head.extend(claimed.to_le_bytes());
    fs::write(path, head).unwrap();
    fs::File::options().write(true).open(path).unwrap().set_len(44 + length).unwrap();
}

#[test]
fn a_day_of_silence_is_refused_without_hearing_it() {
    let mut desk = Desk::new();
    let day = 24 * 3600;
    let path = desk.folder.path().join("day.wav");
    sparse_wav(&path, day * 16_000, u64::from(day) * 16_000);
    let mut blocks = 0;
    let answer = judge(&path, "day.wav", &desk.limits, &desk.scratch(), &mut |_| blocks += 1);
    let limit = desk.limits.longest;
    let too_long = Complaint::TooLong { length: Duration::from_secs(u64::from(day)), limit };
    assert_eq!(answer, Err(Setback::Returned(too_long)));
    assert_eq!(blocks, 0);

    // What claims nothing is heard as far as is taken, and no further.
    desk.limits.longest = Duration::from_secs(20);
    sparse_wav(&path, u32::MAX, 3600 * 16_000);
    let mut read = 0.0;
    let answer = judge(&path, "day.wav", &desk.limits, &desk.scratch(), &mut |share| read = share);
    assert!(
        matches!(answer, Err(Setback::Returned(Complaint::TooLong { length, .. })) if (20..25).contains(&length.as_secs())),
        "{answer:?}"
    );
    assert!(read < 0.01, "{read}");
    // A day that is claimed and not there is damage, not length.
    let mut bytes = fs::read(ffmpeg::make("j-claims.wav", VOICE, "-ar 8000 -ac 1 -bitexact")).unwrap();
    let data = bytes.windows(4).position(|word| word == b"data").unwrap();
    bytes[data + 4..data + 8].copy_from_slice(&(day * 16_000).to_le_bytes());
    bytes[4..8].fill(0xff);
    let answer = desk.judge_bytes("claims.wav", &bytes);
    assert!(matches!(answer, Err(Complaint::Recording(CartFault::Damaged { .. }))), "{answer:?}");
    // What is converted is converted no further than is taken.
    desk.limits.longest = Duration::from_secs(2);
    let answer = desk.judge(&ffmpeg::make("j-long.wma", VOICE, "-c:a wmav2"));
    let limit = desk.limits.longest;
    assert!(
        matches!(answer, Err(Complaint::TooLong { length, limit: told }) if told == limit && length > limit),
        "{answer:?}"
    );
}

#[test]
fn a_rate_that_no_recording_has_is_made_usual() {
    let desk = Desk::new();
    let judged = desk.judge(&ffmpeg::make("j-slow.wav", VOICE, "-ar 6000 -ac 1")).unwrap();
    assert_eq!((judged.found.rate, judged.found.channels), (48_000, 2));
    desk.clear(&judged);
}

#[test]
fn hostile_names_are_only_names() {
    let desk = Desk::new();
    let wma = fs::read(ffmpeg::make("j-hostile.wma", VOICE, "-c:a wmav2")).unwrap();
    let names: &[&str] = if cfg!(unix) {
        &[
            "-i.wma",
            "http:x.wma",
            "a'b\".wma",
            "$(touch x).wma",
            "%03d.wma",
            "a|b.wma",
            "dòng\n1.wma",
            "Cơ Tu ʼbhr.wma",
        ]
    } else {
        &["-i.wma", "a'b.wma", "$(touch x).wma", "%03d.wma"]
    };
    for name in names {
        let judged = desk.judge_bytes(name, &wma).unwrap_or_else(|complaint| panic!("{name}: {complaint:?}"));
        desk.clear(&judged);
    }
    // Relative to wherever the station runs.
    let relative = pathdiff(&ffmpeg::place("j-hostile.wma"));
    let judged = judge(&relative, "x", &desk.limits, &desk.scratch(), &mut |_| ()).unwrap();
    desk.clear(&judged);
}

/// A path from the working directory of the tests.
fn pathdiff(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap();
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    up.join(path.strip_prefix("/").unwrap_or(path))
}

#[test]
fn what_names_other_files_is_not_followed() {
    let desk = Desk::new();
    let secret = ffmpeg::make("j-secret.wav", VOICE, "");
    let list = format!("ffconcat version 1.0\nfile '{}'\n", secret.display());
    let hls = format!("#EXTM3U\n#EXTINF:3,\n{}\n#EXT-X-ENDLIST\n", secret.display());
    for text in [list, hls] {
        for name in ["list.wma", "list.mp3", "list.amr"] {
            assert!(desk.judge_bytes(name, text.as_bytes()).is_err(), "{name}: {text}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_converter_that_fails_or_lies_harms_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let mut desk = Desk::new();
    let wma = ffmpeg::make("j-fake.wma", VOICE, "-c:a wmav2");
    let program = desk.folder.path().join("ffmpeg");
    desk.limits.ffmpeg = Some(program.clone());
    let not_converted = |words: &'static str| move |answer: &Result<Judged, Setback>| matches!(answer, Err(Setback::Returned(Complaint::NotConverted { format, found })) if format == "wma" && found.contains(words));
    let tried = |script: &str| {
        fs::write(&program, format!("#!/bin/sh\nfor last; do :; done; out=${{last#file:}}\n{script}\n"))
            .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        loop {
            match desk.try_to(&wma) {
                // A test beside this one was starting a program while the script was written.
                Err(Setback::Hindered { found }) if found.contains("Text file busy") => {}
                answer => return answer,
            }
        }
    };
    let answer = tried("echo 'Invalid data found' >&2; exit 1");
    assert!(not_converted("Invalid data found")(&answer), "{answer:?}");
    let answer = tried("head -c 5000 /dev/urandom > \"$out\"");
    assert!(not_converted("no recording")(&answer), "{answer:?}");
    let answer = tried("exit 0");
    assert!(not_converted("it ended with")(&answer), "{answer:?}");
    let answer = tried("echo x > \"$out\"; kill -9 $$");
    assert!(not_converted("signal")(&answer), "{answer:?}");
    let answer = tried("echo 'No space left on device' >&2; exit 1");
    assert!(matches!(answer, Err(Setback::Hindered { .. })), "{answer:?}");
    fs::remove_file(&program).unwrap();
    assert!(
        matches!(desk.try_to(&wma), Err(Setback::Hindered { found }) if found.contains("cannot be started"))
    );
    // A scratch folder that cannot be made.
    let answer = judge(&wma, "x.wma", &desk.limits, &wma.join("scratch"), &mut |_| ());
    assert!(matches!(answer, Err(Setback::Hindered { .. })), "{answer:?}");
}

#[test]
fn what_the_office_should_know_is_remarked() {
    let desk = Desk::new();
    let tone = |from: f64, to: f64, level: f64| {
        format!("if(between(t\\,{from}\\,{to})\\,{level}*sin(2*PI*500*t)\\,0)")
    };
    let source = |sound: String, seconds: u32| format!("aevalsrc=exprs={sound}:d={seconds}:s=16000");
    let gaps = source(format!("{}+{}", tone(4.0, 5.0, 0.3), tone(11.0, 12.0, 0.3)), 18);
    let judged = desk.judge(&ffmpeg::make("j-gaps.wav", &gaps, "")).unwrap();
    let seconds: Vec<u64> = judged
        .remarks
        .iter()
        .map(|remark| match remark {
            Remark::SilentHead(span) | Remark::SilentTail(span) | Remark::Hole(span) => {
                span.as_secs_f64().round() as u64
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(seconds, [4, 6, 6]);
    let judged = desk.judge(&ffmpeg::make("j-loud.wav", &source(tone(0.0, 9.0, 1.3), 3), "")).unwrap();
    assert!(matches!(judged.remarks[..], [Remark::Clipped(10_000..)]), "{:?}", judged.remarks);
    let judged = desk.judge(&ffmpeg::make("j-soft.wav", &source(tone(0.0, 9.0, 0.005), 3), "")).unwrap();
    assert!(matches!(judged.remarks[..], [Remark::Soft(level)] if level < -40.0), "{:?}", judged.remarks);
}

/// A library, a folder of kept versions and some recordings to be stored. A recording is any bytes here.
struct Shelf {
    folder: TempDir,
}

const NFC: &str = "xã/bản tin.mp3";
const NFD: &str = "xa\u{303}/ba\u{309}n tin.mp3";

impl Shelf {
    fn new() -> Shelf {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("audio")).unwrap();
        Shelf { folder }
    }
    fn audio(&self) -> PathBuf {
        self.folder.path().join("audio")
    }
    fn kept(&self) -> PathBuf {
        self.folder.path().join("kept")
    }
    fn source(&self, bytes: &str) -> (PathBuf, Fingerprint) {
        let path = self.folder.path().join("source");
        fs::write(&path, bytes).unwrap();
        let content = fingerprint_of(&path).unwrap();
        (path, content)
    }
    fn store(&self, name: &str, bytes: &str) -> std::io::Result<loa::intake::Marks> {
        let (path, content) = self.source(bytes);
        store(&path, &self.audio(), &CartName::new(name).unwrap(), content, &self.kept())
    }
    fn remove(&self, name: &str) -> std::io::Result<bool> {
        remove(&self.audio(), &CartName::new(name).unwrap(), &self.kept())
    }
    fn put(&self, below: &str, bytes: &str) {
        let path = self.folder.path().join(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    /// Everything below a folder: (path, content), sorted.
    fn all(&self, below: &str) -> Vec<(String, String)> {
        let root = self.folder.path().join(below);
        let (mut found, mut folders) = (Vec::new(), vec![root.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                    found.push((name, fs::read_to_string(path).unwrap()));
                }
            }
        }
        found.sort();
        found
    }
    fn kept_contents(&self) -> Vec<String> {
        self.all("kept").into_iter().map(|(_, content)| content).collect()
    }
}

fn one(name: &str, bytes: &str) -> Vec<(String, String)> {
    vec![(name.to_owned(), bytes.to_owned())]
}

#[test]
fn a_recording_is_stored_and_the_old_one_kept() {
    let shelf = Shelf::new();
    let marks = shelf.store(NFC, "old").unwrap();
    assert_eq!(marks, loa::intake::Marks::of(&shelf.audio().join(NFC)).unwrap());
    assert_eq!((shelf.all("audio"), shelf.all("kept")), (one(NFC, "old"), vec![]));
    // Asked for again, with the source gone too: nothing is touched.
    let content = shelf.source("old").1;
    let gone = shelf.folder.path().join("gone");
    let name = CartName::new(NFC).unwrap();
    assert_eq!(store(&gone, &shelf.audio(), &name, content, &shelf.kept()).unwrap(), marks);

    shelf.store(NFC, "new").unwrap();
    let digits = &content.to_string()[..12];
    assert_eq!(
        (shelf.all("audio"), shelf.all("kept")),
        (one(NFC, "new"), one(&format!("{NFC}/{digits}.mp3"), "old"))
    );
    shelf.store(NFC, "old").unwrap();
    shelf.store(NFC, "new").unwrap();
    assert_eq!(
        (shelf.all("audio"), shelf.kept_contents()),
        (one(NFC, "new"), vec!["new".into(), "old".into()])
    );
    // A name without an ending.
    shelf.store("bai", "1").unwrap();
    shelf.store("bai", "2").unwrap();
    assert!(
        shelf.all("kept").iter().any(|(path, content)| content == "1" && path.len() == "bai/".len() + 12)
    );
}

#[test]
fn two_spellings_of_a_name_are_one_recording() {
    let shelf = Shelf::new();
    shelf.put(&format!("audio/{NFD}"), "old");
    shelf.store(NFC, "new").unwrap();
    assert_eq!((shelf.all("audio"), shelf.kept_contents()), (one(NFD, "new"), vec!["old".to_owned()]));
    // Both are there, put by hand: one stays.
    shelf.put(&format!("audio/{}", NFD.replace("ba\u{309}n", "bản")), "other");
    shelf.store(NFC, "newer").unwrap();
    let left = shelf.all("audio");
    assert_eq!((left.len(), left[0].1.as_str()), (1, "newer"));
    assert_eq!(shelf.kept_contents().len(), 3);
    // Both with the content that is wanted, as a power cut between the two steps leaves them.
    shelf.put(&format!("audio/{}", NFD.replace("ba\u{309}n", "bản")), "newer");
    shelf.put(&format!("audio/{NFD}"), "newer");
    shelf.store(NFC, "newer").unwrap();
    assert_eq!((shelf.all("audio").len(), shelf.kept_contents().len()), (1, 3));
}

#[test]
fn a_power_cut_after_any_step_is_made_good_by_asking_again() {
    // What each step leaves, and that which the next has not done.
    let (content, old) = {
        let shelf = Shelf::new();
        (shelf.source("new").1.to_string(), shelf.source("old").1.to_string())
    };
    let half = format!("audio/xã/.loa-{}.part", &content[..16]);
    let kept = format!("kept/{NFC}");
    let steps: &[&[(&str, &str)]] = &[
        &[],
        &[(&half, "ne")],
        &[(&half, "new")],
        &[(&half, "new"), (&format!("{kept}/.new.part"), "ol")],
        &[(&half, "new"), (&format!("{kept}/.new.part"), "old")],
        &[(&half, "new"), (&format!("{kept}/{}.mp3", &old[..12]), "old")],
    ];
    for step in steps {
        let shelf = Shelf::new();
        shelf.put(&format!("audio/{NFC}"), "old");
        step.iter().for_each(|(path, bytes)| shelf.put(path, bytes));
        shelf.store(NFC, "new").unwrap();
        assert_eq!(shelf.all("audio"), one(NFC, "new"), "{step:?}");
        assert_eq!(shelf.kept_contents(), ["old"], "{step:?}");
    }
    // Removing: kept, and not yet deleted.
    let shelf = Shelf::new();
    shelf.put(&format!("audio/{NFC}"), "old");
    shelf.put(&format!("{kept}/{}.mp3", &old[..12]), "old");
    assert!(shelf.remove(NFC).unwrap());
    assert!(!shelf.remove(NFC).unwrap());
    assert_eq!((shelf.all("audio"), shelf.kept_contents()), (vec![], vec!["old".to_owned()]));
}

#[test]
fn a_source_that_has_changed_is_not_stored() {
    let shelf = Shelf::new();
    shelf.store(NFC, "old").unwrap();
    let (path, _) = shelf.source("changed since");
    let name = CartName::new(NFC).unwrap();
    let error = store(&path, &shelf.audio(), &name, Fingerprint([1; 32]), &shelf.kept()).unwrap_err();
    assert!(error.to_string().contains("has changed"), "{error}");
    assert_eq!((shelf.all("audio"), shelf.all("kept")), (one(NFC, "old"), vec![]));
}

#[test]
fn where_the_old_cannot_be_kept_it_is_not_replaced() {
    let shelf = Shelf::new();
    shelf.store(NFC, "old").unwrap();
    // A file where the folder of kept versions should be: no more can be written there than on a full disk.
    fs::write(shelf.kept(), "").unwrap();
    assert!(shelf.store(NFC, "new").is_err());
    assert!(shelf.remove(NFC).is_err());
    assert_eq!(shelf.all("audio"), one(NFC, "old"));
    // The same in the library itself.
    fs::remove_file(shelf.kept()).unwrap();
    shelf.put("audio/phường", "a file");
    assert!(shelf.store("phường/bài.mp3", "new").is_err());
    shelf.put("audio/thôn/bài.mp3/x", "a folder");
    assert!(shelf.store("thôn/bài.mp3", "new").is_err());
    assert!(shelf.remove("thôn/bài.mp3").is_err());
    let left: Vec<String> = shelf.all("audio").into_iter().map(|(name, _)| name).collect();
    assert_eq!(left, ["phường", "thôn/bài.mp3/x", NFC]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_takes_no_files_is_told() {
    let shelf = Shelf::new();
    let (path, content) = shelf.source("new");
    // Not even root makes files here.
    let read_only = Path::new("/proc/self");
    let name = CartName::new("bài.mp3").unwrap();
    assert!(store(&path, read_only, &name, content, &shelf.kept()).is_err());
    assert!(store(&path, read_only, &CartName::new("xã/bài.mp3").unwrap(), content, &shelf.kept()).is_err());
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let shelf = Shelf::new();
    let outside = shelf.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("bài.mp3"), "theirs").unwrap();
    symlink(&outside, shelf.audio().join("xã")).unwrap();
    symlink(outside.join("bài.mp3"), shelf.audio().join("bài.mp3")).unwrap();
    for name in ["xã/bài.mp3", "xã/mới.mp3", "bài.mp3"] {
        let error = shelf.store(name, "new").unwrap_err();
        assert!(error.to_string().contains("is a link"), "{name}: {error}");
        assert!(shelf.remove(name).is_err(), "{name}");
    }
    assert_eq!(shelf.all("outside"), one("bài.mp3", "theirs"));
    // One that waits where the new file is written first.
    let (content, victim) = (shelf.source("new").1.to_string(), outside.join("bài.mp3"));
    symlink(&victim, shelf.audio().join(format!(".loa-{}.part", &content[..16]))).unwrap();
    shelf.store("khác.mp3", "new").unwrap();
    assert_eq!(shelf.all("outside"), one("bài.mp3", "theirs"));
}

#[test]
fn what_was_kept_long_enough_goes() {
    let shelf = Shelf::new();
    shelf.store(NFC, "1").unwrap();
    // Recorded years ago: its time as a kept version begins when it is replaced.
    let file = fs::File::options().write(true).open(shelf.audio().join(NFC)).unwrap();
    file.set_modified(DateTime::<Utc>::UNIX_EPOCH.into()).unwrap();
    drop(file);
    shelf.store(NFC, "2").unwrap();
    assert!(shelf.remove(NFC).unwrap());
    let kept_since = |content: &str| {
        let (path, _) = shelf.all("kept").into_iter().find(|(_, found)| found == content).unwrap();
        DateTime::<Utc>::from(fs::metadata(shelf.kept().join(path)).unwrap().modified().unwrap())
    };
    let (first, second) = (kept_since("1"), kept_since("2"));
    let days = |days: u64| Duration::from_secs(days * 86_400);
    assert_eq!(prune(&shelf.kept(), days(30), first + days(30)).unwrap(), 0);
    assert_eq!(prune(&shelf.kept(), days(30), first - days(900)).unwrap(), 0, "a clock that went back");
    let old = fs::File::options().write(true).open(shelf.kept().join(&shelf.all("kept")[0].0)).unwrap();
    old.set_modified((first - days(1)).into()).unwrap();
    assert_eq!(prune(&shelf.kept(), days(30), first + days(30) - Duration::from_secs(1)).unwrap(), 1);
    assert_eq!(shelf.kept_contents().len(), 1);
    assert_eq!(prune(&shelf.kept(), days(30), second + days(31)).unwrap(), 1);
    assert_eq!(fs::read_dir(shelf.kept()).unwrap().count(), 0, "empty folders go too");
    assert_eq!(prune(&shelf.folder.path().join("none"), days(1), second).unwrap(), 0);
}
