//! The sound of a test: three strokes of a gong, made by the program itself. Owns its shape and its loudness, which is well
//! below a programme's: whoever tests a card may have forgotten that the amplifier is on.

use std::path::Path;

/// Frames a second.
const RATE: u32 = 48_000;
/// From stroke to stroke.
const STROKE: f64 = 1.0;
/// The strokes' pitches in Hz, falling.
const PITCHES: [f64; 3] = [659.26, 523.25, 392.0];
/// The partials of a stroke: multiple of its pitch, amplitude, and how fast it dies away.
const PARTIALS: [(f64, f64, f64); 3] = [(1.0, 1.0, 2.2), (2.01, 0.35, 3.5), (3.03, 0.12, 5.0)];
/// The amplitude of a stroke; three that ring into each other stay below a quarter of full scale.
const AMPLITUDE: f64 = 0.12;

/// So many rounds of three strokes, as samples of one channel.
fn samples(rounds: u32) -> impl Iterator<Item = i16> {
    let strokes: Vec<f64> = (0..rounds).flat_map(|_| PITCHES).collect();
    let length = (strokes.len() as f64 + 1.0) * STROKE;
    let frames = (length * f64::from(RATE)) as u32;
    (0..frames).map(move |frame| {
        let at = f64::from(frame) / f64::from(RATE);
        let struck = strokes.iter().enumerate().map(|(number, pitch)| (at - number as f64 * STROKE, pitch));
        let sum: f64 =
            struck.filter(|(since, _)| *since >= 0.0).map(|(since, pitch)| stroke(since, *pitch)).sum();
        // Silence at the end, whatever still rings.
        let fade = ((length - at) / 0.2).min(1.0);
        (sum * fade * AMPLITUDE * f64::from(i16::MAX)) as i16
    })
}

fn stroke(since: f64, pitch: f64) -> f64 {
    let attack = (since / 0.008).min(1.0);
    let partial = |(multiple, amplitude, decay): &(f64, f64, f64)| {
        amplitude * (-decay * since).exp() * (std::f64::consts::TAU * pitch * multiple * since).sin()
    };
    attack * PARTIALS.iter().map(partial).sum::<f64>()
}

/// Writes so many rounds as a recording, about three seconds each.
pub(super) fn write(file: &Path, rounds: u32) -> Result<(), hound::Error> {
    let sample_format = hound::SampleFormat::Int;
    let spec = hound::WavSpec { channels: 1, sample_rate: RATE, bits_per_sample: 16, sample_format };
    let mut wav = hound::WavWriter::create(file, spec)?;
    samples(rounds).try_for_each(|sample| wav.write_sample(sample))?;
    wav.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gong_is_heard_and_startles_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("gong.wav");
        write(&file, 1).unwrap();
        let found = crate::sound::measure::measure(&file, &mut |_| {}).unwrap();
        println!("{found:?}");
        assert!((-30.0..=-22.0).contains(&found.loudness_lufs.unwrap()), "{found:?}");
        assert!(found.true_peak_dbtp.unwrap() < -12.0, "{found:?}");
        assert_eq!(found.frames, 4 * 48_000);
    }
}
