//! Tells HE-AAC from AAC. Owns the look at the end of a packet; never decodes one.
//!
//! HE-AAC holds its upper half (SBR) where a decoder of plain AAC sees padding, and most files do not say so in their
//! head: decoded as plain AAC they are dull, at half their rate, without an error. So the packets are asked.

/// So many packets are asked.
const ASKED: u32 = 32;

/// Whether a stream of AAC packets carries SBR.
#[derive(Debug, Default)]
pub struct SbrWatch {
    asked: u32,
    found: u32,
}

impl SbrWatch {
    /// Looks at one more packet; true once it is sure that the stream carries SBR. Some 2 % of plain packets look as if
    /// they did, nearly all of HE-AAC do.
    pub fn sees(&mut self, packet: &[u8]) -> bool {
        if self.asked < ASKED {
            self.asked += 1;
            self.found += u32::from(ends_with_sbr(packet));
        }
        self.asked == ASKED && self.found > ASKED / 2
    }
}

/// Whether a packet's last element is a fill element (`110`) that holds SBR (`1101` or `1110`) and fits exactly before
/// the end mark (`111`), behind which zeros fill up the byte (ISO 14496-3, 4.4.2.1 and 4.4.2.7).
fn ends_with_sbr(packet: &[u8]) -> bool {
    let read = |at: usize, count: usize| {
        (at..at + count).fold(0, |value, bit| value << 1 | u32::from(packet[bit / 8] >> (7 - bit % 8) & 1))
    };
    let Some(last) = packet.iter().rposition(|byte| *byte != 0) else { return false };
    let end = last * 8 + 8 - packet[last].trailing_zeros() as usize;
    let Some(mark) = end.checked_sub(3).filter(|at| read(*at, 3) == 0b111) else { return false };
    // A count of 15 is followed by 8 bits of the rest, less one.
    (1..=269usize).any(|bytes| {
        let head = if bytes < 15 { 7 } else { 15 };
        let Some(start) = mark.checked_sub(head + bytes * 8) else { return false };
        let counted = match read(start + 3, 4) as usize {
            15 => bytes >= 15 && 14 + read(start + 7, 8) as usize == bytes,
            count => count == bytes,
        };
        read(start, 3) == 0b110 && counted && matches!(read(start + head, 4), 0b1101 | 0b1110)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A packet of some bits, a fill element with a payload, and the end mark.
    fn packet(before: &[bool], kind: u32, bytes: u32) -> Vec<u8> {
        let mut bits = before.to_vec();
        let mut put = |value: u32, count: u32| bits.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
        put(0b110, 3);
        put(bytes.min(15), 4);
        if bytes >= 15 {
            put(bytes - 14, 8);
        }
        put(kind, 4);
        put(0xa, 4);
        (1..bytes).for_each(|n| put(n & 0xff, 8));
        put(0b111, 3);
        bits.resize(bits.len().next_multiple_of(8), false);
        bits.chunks(8).map(|byte| byte.iter().fold(0, |value, bit| value << 1 | u8::from(*bit))).collect()
    }

    proptest! {
        #[test]
        fn sbr_is_found_wherever_it_lies(before in prop::collection::vec(any::<bool>(), 0..100), bytes in 1u32..=269) {
            prop_assert!(ends_with_sbr(&packet(&before, 0b1101, bytes)));
            prop_assert!(ends_with_sbr(&packet(&before, 0b1110, bytes)));
        }

        #[test]
        fn any_bytes_are_answered_and_few_look_like_it(
            packets in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..400), 32..64),
        ) {
            let mut watch = SbrWatch::default();
            for packet in &packets {
                prop_assert!(!watch.sees(packet));
            }
        }
    }

    #[test]
    fn a_stream_is_judged_by_most_of_its_packets() {
        let (he, plain) = (packet(&[true; 9], 0b1101, 40), packet(&[true; 9], 0, 40));
        let judged = |every: usize| {
            let mut watch = SbrWatch::default();
            (0..64).any(|n| watch.sees(if n % every == 0 { &he } else { &plain }))
        };
        assert!(judged(1));
        assert!(!judged(3));
    }
}
