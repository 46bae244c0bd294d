//! Any number of channels to stereo. Owns the coefficients (ITU-R BS.775); never changes a stereo sample.

use symphonia::core::audio::{Channels, Position};

/// What each channel of a recording gives to the left and to the right.
#[derive(Clone, Debug, PartialEq)]
pub enum Mixdown {
    /// One channel, copied to both sides.
    Mono,
    /// Two channels, untouched.
    Stereo,
    /// More than two: (left, right) of each channel.
    Matrix(Vec<(f32, f32)>),
}

const HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// What a loudspeaker's position gives to left and right. The low-frequency channel is left out, as BS.775 has it.
fn share(position: Position) -> (f32, f32) {
    const LEFT: Position = Position::REAR_LEFT
        .union(Position::SIDE_LEFT)
        .union(Position::FRONT_LEFT_CENTER)
        .union(Position::FRONT_LEFT_WIDE)
        .union(Position::TOP_FRONT_LEFT)
        .union(Position::TOP_REAR_LEFT);
    const RIGHT: Position = Position::REAR_RIGHT
        .union(Position::SIDE_RIGHT)
        .union(Position::FRONT_RIGHT_CENTER)
        .union(Position::FRONT_RIGHT_WIDE)
        .union(Position::TOP_FRONT_RIGHT)
        .union(Position::TOP_REAR_RIGHT);
    match position {
        Position::FRONT_LEFT => (1.0, 0.0),
        Position::FRONT_RIGHT => (0.0, 1.0),
        Position::FRONT_CENTER => (HALF, HALF),
        Position::LFE1 | Position::LFE2 => (0.0, 0.0),
        side if LEFT.contains(side) => (HALF, 0.0),
        side if RIGHT.contains(side) => (0.0, HALF),
        _ => (0.5, 0.5),
    }
}

impl Mixdown {
    /// The mixdown of a layout. Where the file names no positions, the usual order of that many channels counts.
    pub fn of(channels: &Channels) -> Mixdown {
        let count = channels.count();
        let positions = match channels {
            Channels::Positioned(positions) => Some(*positions),
            _ => Position::from_wave_channel_count(u32::try_from(count).unwrap_or(0)),
        };
        match (count, positions) {
            (0 | 1, _) => Mixdown::Mono,
            (2, _) => Mixdown::Stereo,
            (_, Some(positions)) => Mixdown::Matrix(positions.iter().map(share).collect()),
            (_, None) => Mixdown::Matrix((0..count).map(|_| (0.5, 0.5)).collect()),
        }
    }

    /// How many channels go in.
    pub fn channels(&self) -> usize {
        match self {
            Mixdown::Mono => 1,
            Mixdown::Stereo => 2,
            Mixdown::Matrix(shares) => shares.len(),
        }
    }

    /// Appends the interleaved frames of `input` to `out` as stereo; an incomplete last frame is dropped.
    pub fn mix(&self, input: &[f32], out: &mut Vec<f32>) {
        match self {
            Mixdown::Mono => out.extend(input.iter().flat_map(|sample| [*sample, *sample])),
            Mixdown::Stereo => out.extend_from_slice(&input[..input.len() & !1]),
            Mixdown::Matrix(shares) => {
                for frame in input.chunks_exact(shares.len()) {
                    let (mut left, mut right) = (0.0, 0.0);
                    for (sample, (to_left, to_right)) in frame.iter().zip(shares) {
                        left += sample * to_left;
                        right += sample * to_right;
                    }
                    out.extend([left, right]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symphonia::core::audio::layouts;

    fn mixed(channels: &Channels, input: &[f32]) -> Vec<f32> {
        let mut out = Vec::new();
        Mixdown::of(channels).mix(input, &mut out);
        out
    }

    #[test]
    fn mono_is_copied_and_stereo_is_untouched() {
        assert_eq!(mixed(&layouts::CHANNEL_LAYOUT_MONO, &[0.1, -0.2]), [0.1, 0.1, -0.2, -0.2]);
        assert_eq!(mixed(&layouts::CHANNEL_LAYOUT_STEREO, &[0.1, -0.2]), [0.1, -0.2]);
        assert_eq!(mixed(&Channels::Discrete(1), &[0.1]), [0.1, 0.1]);
    }

    #[test]
    fn five_one_is_mixed_by_bs_775_named_or_not() {
        let frame = [0.1, 0.2, 0.4, 0.9, 0.05, 0.06];
        let expected = [0.1 + HALF * 0.45, 0.2 + HALF * 0.46];
        for layout in [layouts::CHANNEL_LAYOUT_5P1, layouts::CHANNEL_LAYOUT_5P1_SIDE, Channels::Discrete(6)] {
            let found = mixed(&layout, &frame);
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{layout:?}: {found:?}");
        }
    }
}
