//! How loud a recording is to be: the gain that brings it to the station's target, and whether a limiter is needed.
//! Owns the rule; measuring and limiting are in `sound`.

use super::cart::Measurement;

/// The most that a quiet recording is raised: beyond that its noise would be broadcast.
pub const MOST_GAIN_DB: f64 = 20.0;
/// The most that a loud recording is lowered.
pub const LEAST_GAIN_DB: f64 = -60.0;

/// The station's loudness.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loudness {
    /// Integrated loudness to be reached, LUFS (EBU R128).
    pub target_lufs: f64,
    /// The true peak stays below this, dBTP.
    pub ceiling_dbtp: f64,
    /// Off: recordings air as they are, only kept below the ceiling.
    pub normalise: bool,
}

/// What is done to a recording.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gain {
    /// Gain in dB.
    pub db: f64,
    /// Its peaks would pass the ceiling: the limiter is in the path.
    pub limit: bool,
}

impl Loudness {
    /// The gain for a recording.
    pub fn gain(&self, found: &Measurement) -> Gain {
        let db = match found.loudness_lufs {
            Some(lufs) if self.normalise => (self.target_lufs - lufs).clamp(LEAST_GAIN_DB, MOST_GAIN_DB),
            _ => 0.0,
        };
        let limit = found.true_peak_dbtp.is_some_and(|peak| peak + db > self.ceiling_dbtp);
        Gain { db, limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cart::Fingerprint;
    use std::time::Duration;

    fn found(lufs: Option<f64>, peak: Option<f64>) -> Measurement {
        Measurement {
            sha256: Fingerprint([0; 32]),
            format: "wav".into(),
            frames: 48_000,
            rate: 48_000,
            channels: 1,
            loudness_lufs: lufs,
            true_peak_dbtp: peak,
            silent_head: Duration::ZERO,
            silent_tail: Duration::ZERO,
            longest_hole: Duration::ZERO,
            clipped: 0,
            missing_frames: 0,
        }
    }

    #[test]
    fn a_recording_comes_to_the_target_and_its_peaks_stay_below_the_ceiling() {
        let station = Loudness { target_lufs: -16.0, ceiling_dbtp: -1.0, normalise: true };
        assert_eq!(station.gain(&found(Some(-23.0), Some(-9.0))), Gain { db: 7.0, limit: false });
        assert_eq!(station.gain(&found(Some(-23.0), Some(-7.5))), Gain { db: 7.0, limit: true });
        assert_eq!(station.gain(&found(Some(-60.0), Some(-50.0))).db, MOST_GAIN_DB);
        assert_eq!(station.gain(&found(None, None)), Gain { db: 0.0, limit: false });
        let as_is = Loudness { normalise: false, ..station };
        assert_eq!(as_is.gain(&found(Some(-23.0), Some(-0.5))), Gain { db: 0.0, limit: true });
    }
}
