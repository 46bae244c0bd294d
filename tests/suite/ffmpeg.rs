//! The reference for everything about files: recordings made by ffmpeg, and what ffmpeg decodes and measures of a file.
//! Owns one folder below the build's; never says what is right, only what ffmpeg says.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use loa::sound::decode::Recording;

/// A voice-like sound: two tones that swell, different on each side, and some noise; not a whole number of any block.
pub const VOICE: &str = "aevalsrc=exprs=\
    (0.3+0.2*sin(2*PI*1.3*t))*sin(2*PI*317*t)+0.05*random(0)-0.025|\
    (0.3+0.2*cos(2*PI*0.7*t))*sin(2*PI*941*t)+0.05*random(1)-0.025:d=3.217";

/// What ffmpeg makes of a file.
pub struct Decoded {
    pub rate: u32,
    pub channels: usize,
    pub samples: Vec<f32>,
}

/// Where files of tests are made; a name belongs to one test.
pub fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sound");
    std::fs::create_dir_all(&folder).unwrap();
    folder.join(name)
}

fn run(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output();
    let output = output.unwrap_or_else(|error| {
        panic!(
            "`{program}` is needed by this test and cannot be run ({error}): scripts/need-packages ffmpeg sox"
        )
    });
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Makes `name` from a lavfi source, with ffmpeg's options in one line.
pub fn make(name: &str, source: &str, options: &str) -> PathBuf {
    let path = place(name);
    let mut arguments = vec!["-v", "error", "-y", "-f", "lavfi", "-i", source];
    arguments.extend(options.split_whitespace());
    arguments.push(path.to_str().unwrap());
    run("ffmpeg", &arguments);
    path
}

/// Makes `name` from a file.
pub fn convert(from: &Path, name: &str, options: &str) -> PathBuf {
    let path = place(name);
    let mut arguments = vec!["-v", "error", "-y", "-i", from.to_str().unwrap()];
    arguments.extend(options.split_whitespace());
    arguments.push(path.to_str().unwrap());
    run("ffmpeg", &arguments);
    path
}

/// Makes `name` from a file with sox, whose arguments before and after the output are given.
pub fn sox(from: &Path, name: &str, format: &str, effects: &str) -> PathBuf {
    let path = place(name);
    let mut arguments = vec![from.to_str().unwrap()];
    arguments.extend(format.split_whitespace());
    arguments.push(path.to_str().unwrap());
    arguments.extend(effects.split_whitespace());
    run("sox", &arguments);
    path
}

/// One entry of the sound stream, as ffprobe has it.
pub fn about(path: &Path, entry: &str) -> String {
    let entry = format!("stream={entry}");
    let arguments = ["-v", "error", "-select_streams", "a:0", "-show_entries", &entry, "-of", "csv=p=0"];
    let output = run("ffprobe", &[&arguments[..], &[path.to_str().unwrap()]].concat());
    String::from_utf8(output.stdout).unwrap().trim().trim_end_matches(',').to_owned()
}

/// All samples, as ffmpeg decodes them.
pub fn decode(path: &Path) -> Decoded {
    let rate = about(path, "sample_rate").parse().unwrap();
    let channels = about(path, "channels").parse().unwrap();
    // The reference decoder: ffmpeg's own brings speech to 48 kHz with another filter.
    let decoder: &[&str] = if about(path, "codec_name") == "opus" { &["-c:a", "libopus"] } else { &[] };
    let arguments = ["-i", path.to_str().unwrap(), "-map", "0:a:0", "-f", "f32le", "-"];
    let output = run("ffmpeg", &[&["-v", "error"], decoder, &arguments].concat());
    let samples = output.stdout.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect();
    Decoded { rate, channels, samples }
}

/// (integrated loudness in LUFS, true peak in dBTP), after the filters that are given.
pub fn loudness(path: &Path, filters: &str) -> (f64, f64) {
    let filters = format!("{filters}ebur128=peak=true:framelog=verbose");
    let output =
        run("ffmpeg", &["-nostats", "-i", path.to_str().unwrap(), "-af", &filters, "-f", "null", "-"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    let summary = text.rsplit_once("Summary:").unwrap().1;
    let number = |label: &str| -> f64 {
        let rest = summary.split_once(label).unwrap().1;
        rest.split_whitespace().next().unwrap().parse().unwrap()
    };
    (number("I:"), number("Peak:"))
}

/// All samples, as Loa decodes them, and the recording at its end.
pub fn ours(path: &Path) -> (Recording, Vec<f32>) {
    let mut recording = Recording::open(path).unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
    let mut samples = Vec::new();
    while recording.read(&mut samples).unwrap() > 0 {}
    (recording, samples)
}

/// Interleaved floats as a WAV file.
pub fn write_wav(name: &str, samples: &[f32], channels: u16, rate: u32) -> PathBuf {
    let path = place(name);
    let spec = hound::WavSpec {
        channels,
        sample_rate: rate,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    samples.iter().for_each(|sample| writer.write_sample(*sample).unwrap());
    writer.finalize().unwrap();
    path
}
