//! Recordings, names and converters that mean no good: none is heard longer than is taken, and none leaves anything.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use loa::core::cart::CartFault;
use loa::core::drops::Complaint;
#[cfg(unix)]
use loa::intake::judging::Judged;
use loa::intake::judging::{Setback, judge};

use super::judging_rig::Desk;
use crate::ffmpeg::{self, VOICE};

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
