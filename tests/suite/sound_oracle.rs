//! The sound room against ffmpeg and sox: lengths to the frame, samples, loudness, true peak, resampling, gapless joins.

use std::path::{Path, PathBuf};

use loa::core::cart::Measurement;
use loa::sound::programme::{Block, Part, Programme, Reel};
use loa::sound::{measure, render};

use crate::ffmpeg::{self, VOICE};

fn measured(path: &Path) -> Measurement {
    measure(path, &mut |_| ()).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()))
}

fn part(path: PathBuf) -> Part {
    Part { path, gain_db: 0.0, limit: false, ceiling_dbtp: -1.0 }
}

fn rendered(paths: &[&PathBuf], rate: u32) -> Vec<f32> {
    render(Programme { parts: paths.iter().map(|path| part((*path).clone())).collect() }, rate)
}

/// The largest difference of two runs of samples.
fn furthest(ours: &[f32], theirs: &[f32]) -> f32 {
    ours.iter().zip(theirs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// Rate, channels and samples as ffmpeg has them. `whole` says how long it is, in frames: ffmpeg too reads it in the
/// file, but plays an MP4 on to the end of the last packet.
fn begins_as_ffmpeg(path: &Path, whole: u64) {
    let name = path.display();
    let theirs = ffmpeg::decode(path);
    let (recording, samples) = ffmpeg::ours(path);
    assert_eq!(
        (recording.rate(), usize::from(recording.channels())),
        (theirs.rate, theirs.channels),
        "{name}"
    );
    assert_eq!((recording.frames(), recording.missing_frames()), (whole, 0), "{name}");
    assert_eq!(samples.len(), whole as usize * theirs.channels, "{name}");
    assert!(theirs.samples.len() >= samples.len(), "{name}");
    let off = furthest(&samples, &theirs.samples);
    assert!(off <= 2e-4, "{name}: off by {off}");
}

/// Length, rate and channels as ffmpeg has them, and every sample within `tolerance`.
fn same_as_ffmpeg(path: &Path, tolerance: f32) {
    let name = path.display();
    let theirs = ffmpeg::decode(path);
    let (recording, samples) = ffmpeg::ours(path);
    assert_eq!(
        (recording.rate(), usize::from(recording.channels())),
        (theirs.rate, theirs.channels),
        "{name}"
    );
    assert_eq!(samples.len() / theirs.channels, theirs.samples.len() / theirs.channels, "{name}: frames");
    assert_eq!(recording.frames() as usize, samples.len() / theirs.channels, "{name}");
    assert_eq!(recording.missing_frames(), 0, "{name}");
    let off = furthest(&samples, &theirs.samples);
    assert!(off <= tolerance, "{name}: off by {off}");
}

#[test]
fn wav_of_every_width_rate_and_layout() {
    for (codec, tolerance) in [
        ("pcm_u8", 0.0),
        ("pcm_s16le", 0.0),
        ("pcm_s24le", 0.0),
        ("pcm_s32le", 1e-7),
        ("pcm_f32le", 0.0),
        ("pcm_f64le", 1e-7),
    ] {
        same_as_ffmpeg(&ffmpeg::make(&format!("{codec}.wav"), VOICE, &format!("-c:a {codec}")), tolerance);
    }
    for rate in [8000, 11_025, 16_000, 22_050, 32_000, 48_000, 88_200, 96_000, 192_000] {
        for channels in [1, 2] {
            let options = format!("-ar {rate} -ac {channels}");
            same_as_ffmpeg(&ffmpeg::make(&format!("{rate}-{channels}.wav"), VOICE, &options), 0.0);
        }
    }
    same_as_ffmpeg(&ffmpeg::make("5.1.wav", VOICE, "-ac 6 -c:a pcm_s24le"), 0.0);
    for codec in ["pcm_alaw", "pcm_mulaw", "adpcm_ms", "adpcm_ima_wav"] {
        // ADPCM comes in whole blocks: ffmpeg's encoder fills the last one.
        same_as_ffmpeg(&ffmpeg::make(&format!("{codec}.wav"), VOICE, &format!("-c:a {codec}")), 0.0);
    }
    same_as_ffmpeg(&ffmpeg::make("s16.aiff", VOICE, ""), 0.0);
}

#[test]
fn mp3_of_every_kind() {
    for (name, options) in [
        ("cbr", "-b:a 128k"),
        ("mono", "-b:a 64k -ac 1"),
        ("vbr", "-q:a 4"),
        ("joint", "-b:a 96k -joint_stereo 1"),
        ("lsf", "-ar 22050 -b:a 56k"),
        ("lowest", "-ar 8000 -ac 1 -b:a 16k"),
        ("48k", "-ar 48000 -b:a 320k"),
        ("tagged", "-b:a 128k -id3v2_version 3 -metadata title=Bản_tin"),
        ("headerless", "-b:a 128k -write_xing 0 -id3v2_version 0"),
    ] {
        same_as_ffmpeg(
            &ffmpeg::make(&format!("{name}.mp3"), VOICE, &format!("-c:a libmp3lame {options}")),
            2e-4,
        );
    }
    same_as_ffmpeg(&ffmpeg::make("layer2.mp2", VOICE, "-c:a mp2 -b:a 128k"), 2e-4);
}

#[test]
fn the_gap_that_an_mp3_encoder_adds_is_gone() {
    let wav = ffmpeg::make("gap.wav", VOICE, "");
    for options in ["-b:a 192k", "-q:a 2"] {
        let mp3 = ffmpeg::convert(&wav, "gap.mp3", options);
        let (original, decoded) = (ffmpeg::ours(&wav).1, ffmpeg::ours(&mp3).1);
        assert_eq!(original.len(), decoded.len());
        assert!(furthest(&original, &decoded) < 0.1, "in its place, or the tones would be apart");
    }
}

#[test]
fn flac_vorbis_opus_and_alac() {
    same_as_ffmpeg(&ffmpeg::make("16.flac", VOICE, "-sample_fmt s16"), 0.0);
    same_as_ffmpeg(&ffmpeg::make("24.flac", VOICE, "-sample_fmt s32 -ar 96000"), 0.0);
    same_as_ffmpeg(&ffmpeg::make("5.1.flac", VOICE, "-ac 6 -sample_fmt s16"), 0.0);
    for (name, options) in [("q4", "-q:a 4"), ("mono", "-ac 1 -q:a 1"), ("22k", "-ar 22050")] {
        same_as_ffmpeg(
            &ffmpeg::make(&format!("{name}.ogg"), VOICE, &format!("-c:a libvorbis {options}")),
            1e-4,
        );
    }
    for (name, options) in [
        ("music", "-b:a 96k"),
        ("voice", "-b:a 24k -ac 1 -application voip"),
        ("hybrid", "-b:a 32k -ac 1"),
        ("long", "-b:a 64k -frame_duration 60"),
        ("low-delay", "-b:a 128k -application lowdelay -frame_duration 5"),
        ("5.1", "-b:a 256k -ac 6"),
    ] {
        same_as_ffmpeg(
            &ffmpeg::make(&format!("{name}.opus"), VOICE, &format!("-c:a libopus {options}")),
            2e-3,
        );
    }
    same_as_ffmpeg(&ffmpeg::make("lossless.m4a", VOICE, "-c:a alac"), 0.0);
}

#[test]
fn aac_and_its_edit_list() {
    for (name, options) in [
        ("stereo", "-b:a 128k"),
        ("mono", "-ac 1 -b:a 64k"),
        ("48k", "-ar 48000"),
        ("faststart", "-movflags +faststart"),
    ] {
        let wav = ffmpeg::make(&format!("{name}-m4a.wav"), VOICE, options);
        let path = ffmpeg::convert(&wav, &format!("{name}.m4a"), &format!("-c:a aac -aac_pns 0 {options}"));
        begins_as_ffmpeg(&path, ffmpeg::ours(&wav).0.frames());
    }
    same_as_ffmpeg(&ffmpeg::make("stream.aac", VOICE, "-c:a aac -aac_pns 0 -b:a 96k"), 2e-4);
    // A recording from a telephone that was cut: the edit list alone says which part counts.
    let whole = ffmpeg::make("whole.m4a", VOICE, "-c:a aac -aac_pns 0");
    let cut = ffmpeg::convert(&whole, "cut-front.m4a", "-ss 1 -c copy");
    begins_as_ffmpeg(&cut, ffmpeg::about(&cut, "duration_ts").parse().unwrap());
}

#[test]
fn loudness_and_true_peak() {
    let quiet = format!("{VOICE},volume=-25dB");
    let loud = format!("{VOICE},volume=14dB");
    let speech = "anoisesrc=d=20:c=pink:a=0.4:seed=3,tremolo=f=2:d=0.9,aformat=channel_layouts=mono";
    // It begins and ends softly: at an edge every interpolator rings in its own way.
    let between = "aevalsrc=exprs=0.9*sin(2*PI*11025*t+PI/4)|0.5*sin(2*PI*11025*t):d=4:s=44100,\
        afade=d=0.2,afade=t=out:st=3.8:d=0.2";
    for (name, source, options) in [
        ("voice-44.wav", VOICE, ""),
        ("quiet-48.flac", &quiet, "-ar 48000"),
        ("loud-clipped.wav", &loud, "-c:a pcm_s16le"),
        ("loud-float.wav", &loud, "-c:a pcm_f32le -ar 48000"),
        ("between-samples.wav", between, ""),
        ("speech-22.mp3", speech, "-ar 22050 -ac 1 -b:a 64k"),
        ("speech-96.wav", speech, "-ar 96000 -ac 2"),
        ("speech-8.wav", speech, "-ar 8000 -ac 1"),
        ("speech.opus", speech, "-c:a libopus -b:a 48k"),
        ("speech-6.flac", speech, "-ac 6"),
    ] {
        let path = ffmpeg::make(name, source, options);
        let found = measured(&path);
        // As it airs: mono on both sides, more than two channels mixed by BS.775.
        let filters = match found.channels {
            1 => "pan=stereo|FL=FC|FR=FC,",
            2 => "",
            _ => "pan=stereo|FL=FL+0.7071*FC+0.7071*BL|FR=FR+0.7071*FC+0.7071*BR,",
        };
        let (lufs, dbtp) = ffmpeg::loudness(&path, filters);
        let (ours, peak) = (found.loudness_lufs.unwrap(), found.true_peak_dbtp.unwrap());
        assert!((ours - lufs).abs() <= 0.1, "{name}: {ours} LUFS, ffmpeg says {lufs}");
        assert!((peak - dbtp).abs() <= 0.3, "{name}: {peak} dBTP, ffmpeg says {dbtp}");
    }
}

#[test]
fn silences_and_clipping_are_found_where_they_are() {
    let source =
        "aevalsrc=exprs=if(between(t\\,1.5\\,3)+between(t\\,5\\,6)\\,1.2*sin(2*PI*500*t)\\,0):d=8:s=48000";
    let found = measured(&ffmpeg::make("holes.wav", source, "-c:a pcm_s16le"));
    let near = |time: std::time::Duration, seconds: f64| (time.as_secs_f64() - seconds).abs() < 0.001;
    assert!(
        near(found.silent_head, 1.5) && near(found.longest_hole, 2.0) && near(found.silent_tail, 2.0),
        "{found:?}"
    );
    assert!((40_000..60_000).contains(&found.clipped), "{}", found.clipped);
    assert_eq!((found.frames, found.format.as_str()), (384_000, "wav"));
    let seconds = std::cell::Cell::new(0.0);
    measure(&ffmpeg::place("holes.wav"), &mut |share| {
        assert!((seconds.get()..=1.0).contains(&share));
        seconds.set(share);
    })
    .unwrap();
    assert!(seconds.get() > 0.99);
}

#[test]
fn resampling_agrees_with_sox() {
    for (rate, low_pass) in [(44_100, 18_000), (22_050, 9000), (8000, 3200), (96_000, 18_000)] {
        let source = format!("{VOICE}:s={rate},lowpass=f={low_pass}:p=2");
        let path = ffmpeg::make(&format!("rate-{rate}.wav"), &source, "-c:a pcm_f32le");
        let sox = ffmpeg::sox(
            &path,
            &format!("rate-{rate}-sox.wav"),
            "-b 32 -e floating-point",
            "rate -v -s 48000",
        );
        let (ours, theirs) = (rendered(&[&path], 48_000), ffmpeg::decode(&sox).samples);
        let frames = measured(&path).frames;
        assert_eq!(ours.len() as u64 / 2, (frames * 48_000).div_ceil(rate), "{rate}");
        let edge = 2 * 2400;
        let off = furthest(&ours[edge..ours.len() - edge], &theirs[edge..]);
        assert!(off < 3e-3, "{rate}: off by {off}");
    }
}

#[test]
fn two_halves_join_to_the_whole() {
    for rate in [44_100, 22_050, 48_000] {
        let whole = ffmpeg::make(&format!("whole-{rate}.wav"), VOICE, &format!("-ar {rate} -c:a pcm_f32le"));
        let samples = ffmpeg::ours(&whole).1;
        let middle = samples.len() / 4 * 2 + 2;
        let first = ffmpeg::write_wav(&format!("first-{rate}.wav"), &samples[..middle], 2, rate);
        let second = ffmpeg::write_wav(&format!("second-{rate}.wav"), &samples[middle..], 2, rate);
        let joined = rendered(&[&first, &second], 48_000);
        let at_once = rendered(&[&whole], 48_000);
        assert_eq!(joined.len(), at_once.len(), "{rate}");
        assert!(joined == at_once, "{rate}: off by {}", furthest(&joined, &at_once));
    }
}

#[test]
fn a_reel_tells_its_parts_apart_and_goes_on_after_a_bad_one() {
    let first = ffmpeg::make("part-1.wav", VOICE, "-ar 44100");
    let second = ffmpeg::make("part-2.mp3", VOICE, "-ar 48000 -ac 1 -b:a 64k");
    let missing = ffmpeg::place("no-such-file.wav");
    let parts = [&first, &missing, &second, &first].map(|path| part(path.clone())).to_vec();
    let mut reel = Reel::open(Programme { parts }, 48_000);
    let (mut out, mut frames, mut order) = (Vec::new(), [0u64; 4], Vec::new());
    loop {
        let before = out.len();
        match reel.read(&mut out) {
            Block::Audio { part, frames: some } => {
                assert_eq!(out.len() - before, some * 2);
                frames[part] += some as u64;
                if order.last() != Some(&part) {
                    order.push(part);
                }
            }
            Block::Failed { part, found } => {
                assert_eq!((part, out.len()), (1, before), "{found}");
                order.push(part);
            }
            Block::End => break,
        }
    }
    assert_eq!(order, [0, 1, 2, 3]);
    let expected = |path| {
        let found = measured(path);
        (found.frames * 48_000).div_ceil(u64::from(found.rate))
    };
    assert_eq!(frames, [expected(&first), 0, expected(&second), expected(&first)]);
    assert_eq!(reel.read(&mut out), Block::End);
}

#[test]
fn what_is_limited_stays_below_the_ceiling_for_ffmpeg_too() {
    for (name, source) in [
        (
            "square",
            "aevalsrc=exprs=0.9*sgn(sin(2*PI*1987*t))|0.9*sgn(sin(2*PI*5003*t)):d=3:s=44100".to_owned(),
        ),
        ("voice", format!("{VOICE},volume=6dB")),
    ] {
        let path = ffmpeg::make(&format!("limit-{name}.wav"), &source, "-c:a pcm_f32le");
        for ceiling_dbtp in [-1.0, -3.0] {
            let parts = vec![Part { path: path.clone(), gain_db: 12.0, limit: true, ceiling_dbtp }];
            let out = render(Programme { parts }, 48_000);
            let peak =
                ffmpeg::loudness(&ffmpeg::write_wav(&format!("limited-{name}.wav"), &out, 2, 48_000), "").1;
            assert!(
                (ceiling_dbtp - 1.5..=ceiling_dbtp).contains(&peak),
                "{name}: {peak} dBTP under {ceiling_dbtp}"
            );
        }
    }
}
