//! Opus packets to samples, which symphonia demuxes but does not decode. Owns the Opus head (channels, layout, gain,
//! pre-skip); never trims: that is the recording's business.

use ruopus::{MultistreamDecoder, OpusDecoder};
use symphonia::core::audio::{Channels, layouts};

/// Opus always decodes at 48 kHz.
pub const RATE: u32 = 48_000;

/// Where Vorbis channel order puts a channel in the usual (WAVE) order, for 1 to 8 channels (RFC 7845, 5.1.1.2).
const WAVE_ORDER: [&[usize]; 8] = [
    &[0],
    &[0, 1],
    &[0, 2, 1],
    &[0, 1, 2, 3],
    &[0, 2, 1, 3, 4],
    &[0, 2, 1, 4, 5, 3],
    &[0, 2, 1, 5, 6, 4, 3],
    &[0, 2, 1, 6, 7, 4, 5, 3],
];

enum Streams {
    One(Box<OpusDecoder>),
    Many(MultistreamDecoder),
}

/// A decoder for one Opus stream.
pub struct Decoder {
    streams: Streams,
    channels: usize,
    /// Frames at 48 kHz before the recording begins.
    pub pre_skip: u64,
    gain: f32,
}

impl Decoder {
    /// Takes the identification header, `OpusHead` and what follows (the integers little-endian in Ogg and Matroska,
    /// big-endian in MP4).
    ///
    /// # Errors
    /// What is wrong with the header, in a few words.
    pub fn new(head: &[u8], big_endian: bool) -> Result<Decoder, &'static str> {
        let Some(
            [
                b'O',
                b'p',
                b'u',
                b's',
                b'H',
                b'e',
                b'a',
                b'd',
                _,
                channels,
                a,
                b,
                _,
                _,
                _,
                _,
                c,
                d,
                family,
                table @ ..,
            ],
        ) = head.first_chunk::<19>().map(|_| head)
        else {
            return Err("the opus header is cut short");
        };
        let (pre_skip, gain) = if big_endian {
            (u16::from_be_bytes([*a, *b]), i16::from_be_bytes([*c, *d]))
        } else {
            (u16::from_le_bytes([*a, *b]), i16::from_le_bytes([*c, *d]))
        };
        let channels = usize::from(*channels);
        let streams = match (family, channels, table) {
            (0, 1 | 2, _) => Streams::One(Box::new(OpusDecoder::new(channels))),
            (1, 1..=8, [streams, coupled, mapping @ ..]) => {
                let (streams, coupled) = (usize::from(*streams), usize::from(*coupled));
                let Some(mapping) = mapping.get(..channels) else {
                    return Err("the opus header is cut short");
                };
                let decoded = streams + coupled;
                let inside = mapping.iter().all(|from| *from == 255 || usize::from(*from) < decoded);
                if streams == 0 || coupled > streams || decoded > 255 || !inside {
                    return Err("the opus header has an impossible channel mapping");
                }
                Streams::Many(MultistreamDecoder::with_rate(RATE, streams, coupled, mapping))
            }
            _ => return Err("the opus channel mapping is not one for loudspeakers"),
        };
        // Q7.8 decibels.
        let gain = 10f32.powf(f32::from(gain) / 256.0 / 20.0);
        Ok(Decoder { streams, channels, pre_skip: u64::from(pre_skip), gain })
    }

    /// How many channels it decodes, 1–8.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Where they belong.
    pub fn layout(&self) -> Channels {
        match self.channels {
            1 => layouts::CHANNEL_LAYOUT_OGG_1P0,
            2 => layouts::CHANNEL_LAYOUT_OGG_2P0,
            3 => layouts::CHANNEL_LAYOUT_OGG_3P0,
            4 => layouts::CHANNEL_LAYOUT_OGG_4P0,
            5 => layouts::CHANNEL_LAYOUT_OGG_5P0,
            6 => layouts::CHANNEL_LAYOUT_OGG_5P1,
            7 => layouts::CHANNEL_LAYOUT_OGG_6P1,
            _ => layouts::CHANNEL_LAYOUT_OGG_7P1,
        }
    }

    /// Decodes a packet to `out`, interleaved in WAVE order.
    ///
    /// # Errors
    /// Where the packet is malformed; the next may be fine.
    pub fn decode(&mut self, packet: &[u8], out: &mut Vec<f32>) -> Result<(), &'static str> {
        let samples = match &mut self.streams {
            Streams::One(decoder) => decoder.decode_packet(packet),
            Streams::Many(decoder) => decoder.decode_packet(packet),
        };
        let mut samples = samples.map_err(|_| "malformed opus packet")?;
        if self.gain != 1.0 {
            samples.iter_mut().for_each(|sample| *sample *= self.gain);
        }
        match WAVE_ORDER.get(self.channels.wrapping_sub(1)) {
            Some(order) if self.channels > 2 => {
                for frame in samples.chunks_exact(self.channels) {
                    let at = out.len();
                    out.resize(at + self.channels, 0.0);
                    for (sample, to) in frame.iter().zip(*order) {
                        out[at + to] = *sample;
                    }
                }
            }
            _ => out.append(&mut samples),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn head(channels: u8, family: u8, table: &[u8]) -> Vec<u8> {
        let mut head = b"OpusHead\x01".to_vec();
        head.extend([channels, 0x38, 0x01, 0x80, 0xbb, 0, 0, 0, 0, family]);
        head.extend(table);
        head
    }

    #[test]
    fn a_header_that_cannot_be_is_refused() {
        assert_eq!(Decoder::new(&head(2, 0, &[]), false).unwrap().pre_skip, 312);
        assert_eq!(Decoder::new(&head(6, 1, &[4, 2, 0, 4, 1, 2, 3, 5]), false).unwrap().channels, 6);
        for bad in [
            &head(3, 0, &[])[..],
            &head(0, 0, &[]),
            &head(2, 255, &[1, 1, 0, 1]),
            &head(6, 1, &[4, 2, 0, 4, 1]),
            &head(2, 1, &[1, 2, 0, 1]),
            &head(2, 1, &[0, 0, 255, 255]),
            &head(2, 1, &[1, 0, 0, 9]),
            b"OpusHead\x01\x02",
            b"",
        ] {
            assert!(Decoder::new(bad, false).is_err(), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn any_packets_are_answered(packets in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..80), 1..6)) {
            let mut one = Decoder::new(&head(2, 0, &[]), false).unwrap();
            let mut many = Decoder::new(&head(6, 1, &[4, 2, 0, 4, 1, 2, 3, 5]), false).unwrap();
            let mut out = Vec::new();
            for packet in &packets {
                let _ = one.decode(packet, &mut out);
                let _ = many.decode(packet, &mut out);
            }
        }
    }
}
