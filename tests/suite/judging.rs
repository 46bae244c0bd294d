//! What intake says of dropped recordings: every format that offices send, whole and cut short, and what is none.

use std::fs;
use std::time::Duration;

use loa::core::cart::CartFault;
use loa::core::drops::{Complaint, Remark};
use loa::intake::judging::{Sort, sort_of};

use super::judging_rig::{Desk, FOREIGN, OURS, amr};
use crate::ffmpeg::{self, VOICE};
use crate::sound_damage::with_sbr;

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

#[test]
fn a_rate_that_no_recording_has_is_made_usual() {
    let desk = Desk::new();
    let judged = desk.judge(&ffmpeg::make("j-slow.wav", VOICE, "-ar 6000 -ac 1")).unwrap();
    assert_eq!((judged.found.rate, judged.found.channels), (48_000, 2));
    desk.clear(&judged);
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
