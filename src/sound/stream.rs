//! A file's packets and the decoder they go through: demuxing, choosing the decoder, trimming to the frame. Owns the
//! decoders of symphonia and of Opus; never catches a panic: that is the recording's business.
//!
//! A damaged packet is skipped and counted, the next one decoded.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symphonia::core::audio::Channels;
use symphonia::core::codecs::CodecParameters;
use symphonia::core::codecs::audio::{AudioCodecParameters, AudioDecoder, well_known};
use symphonia::core::errors::Error as SymphoniaError;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatReader, Track, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::packet::Packet;

use super::aac::SbrWatch;
use super::container::Head;
use super::decode::{CHANNELS, DecodeFault, RATES};
use super::opus;

/// A file that tells how far it was read.
struct Source {
    file: File,
    length: u64,
    at: u64,
    read: Arc<AtomicU64>,
}

impl Read for Source {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.at += read as u64;
        self.read.fetch_max(self.at, Ordering::Relaxed);
        Ok(read)
    }
}

impl Seek for Source {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl MediaSource for Source {
    fn is_seekable(&self) -> bool {
        true
    }
    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

enum Voice {
    Symphonia(Box<dyn AudioDecoder>),
    Opus(opus::Decoder),
}

/// A file's packets, and the decoder that they go through.
pub(super) struct Stream {
    format: Box<dyn FormatReader>,
    voice: Voice,
    pub(super) name: String,
    track: u32,
    pub(super) rate: u32,
    pub(super) channels: Channels,
    pub(super) claimed: Option<u64>,
    pub(super) frames: u64,
    /// Frames still to be dropped from the front.
    skip: u64,
    /// Where the sound ends by an edit, in frames.
    ends: u64,
    pub(super) lost: u64,
    /// It ends in the middle, who knows where.
    pub(super) cut_off: bool,
    /// Looks out for HE-AAC.
    sbr: Option<SbrWatch>,
    pub(super) trouble: Option<String>,
    length: u64,
    read: Arc<AtomicU64>,
    block: Vec<f32>,
}

/// So many packets on end without a frame, and a file is given up: a hostile one may claim billions of empty packets.
const MOST_FRUITLESS: u32 = 10_000;

impl Stream {
    pub(super) fn open(file: File, hint: &Hint, head: Head) -> Result<Stream, DecodeFault> {
        let length = file.metadata().map_err(DecodeFault::Unreadable)?.len();
        let read = Arc::new(AtomicU64::new(0));
        let source = Source { file, length, at: 0, read: Arc::clone(&read) };
        let bytes = MediaSourceStream::new(Box::new(source), Default::default());
        let format = symphonia::default::get_probe()
            .probe(hint, bytes, Default::default(), Default::default())
            .map_err(|error| DecodeFault::Unrecognised { found: error.to_string() })?;
        // The demuxer has looked for tags at the end of the file: none of it is decoded yet.
        read.store(0, Ordering::Relaxed);
        let track = sound_track(format.as_ref())?;
        let (voice, name) = voice(track, format.format_info().short_name)?;
        let sbr = (name == "aac").then(SbrWatch::default);
        let rate = track_rate(track);
        let edit = head.edit.filter(|_| format.format_info().short_name == "isomp4");
        let edited = edit.map_or(0, |edit| edit.skipped_frames(rate));
        let skip = match &voice {
            Voice::Opus(decoder) => edited.max(decoder.pre_skip),
            Voice::Symphonia(_) => edited,
        };
        let claimed =
            claimed_frames(track, format.format_info().short_name, head, length).map(|claimed| match edit {
                Some(edit) => edit.kept_frames(claimed.saturating_sub(edited), rate),
                // Ogg counts what comes before the start of an Opus recording, too.
                None => claimed.saturating_sub(skip),
            });
        // Symphonia trims the tail of everything but an MP4, which is cut where its sample table or edit ends.
        let ends = claimed.filter(|_| format.format_info().short_name == "isomp4").unwrap_or(u64::MAX);
        // An Ogg stream whose last page does not say that it is the last was cut off, who knows how much of it.
        let cut_off = format.format_info().short_name == "ogg" && claimed.is_none();
        Ok(Stream {
            track: track.id,
            voice,
            name,
            rate,
            channels: Channels::None,
            claimed,
            frames: 0,
            skip,
            ends,
            lost: u64::from(cut_off),
            cut_off,
            sbr,
            trouble: None,
            length,
            read,
            block: Vec::new(),
            format,
        })
    }

    /// Appends the next block that has frames; 0 at the end.
    pub(super) fn next(&mut self, out: &mut Vec<f32>) -> Result<usize, DecodeFault> {
        for _ in 0..MOST_FRUITLESS {
            if self.frames >= self.ends {
                return Ok(0);
            }
            let packet = match self.format.next_packet() {
                Ok(Some(packet)) => packet,
                Ok(None) => return Ok(0),
                Err(SymphoniaError::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => {
                    self.trouble = Some(error.to_string());
                    return Ok(0);
                }
                Err(SymphoniaError::IoError(error)) => return Err(DecodeFault::Unreadable(error)),
                Err(SymphoniaError::ResetRequired) => {
                    self.next_chain()?;
                    continue;
                }
                Err(error) => {
                    self.trouble = Some(error.to_string());
                    self.lost += 1;
                    continue;
                }
            };
            if packet.track_id != self.track {
                continue;
            }
            if self.sbr.as_mut().is_some_and(|watch| watch.sees(&packet.data)) {
                let found = "its upper half would be lost".to_owned();
                return Err(DecodeFault::Unsupported { codec: "HE-AAC".to_owned(), found });
            }
            match self.decode(&packet) {
                Ok(()) => {}
                Err(error) => {
                    self.trouble = Some(error);
                    self.lost = self.lost.saturating_add(self.frames_of(&packet));
                    continue;
                }
            }
            let frames = self.take(out)?;
            if frames > 0 {
                return Ok(frames);
            }
        }
        Ok(0)
    }

    /// How much of the file has been read, in bytes, and how much there is.
    pub(super) fn progress(&self) -> (u64, u64) {
        (self.read.load(Ordering::Relaxed).min(self.length), self.length)
    }

    /// Decodes a packet to `block`, in the recording's rate and channels.
    fn decode(&mut self, packet: &Packet) -> Result<(), String> {
        self.block.clear();
        let (rate, channels) = match &mut self.voice {
            Voice::Symphonia(decoder) => {
                let decoded = decoder.decode(packet).map_err(|error| error.to_string())?;
                decoded.copy_to_vec_interleaved(&mut self.block);
                (decoded.spec().rate(), decoded.spec().channels().clone())
            }
            Voice::Opus(decoder) => {
                decoder.decode(&packet.data, &mut self.block)?;
                // The demuxer leaves it to the decoder to drop what the last page says is padding.
                let samples =
                    decoder.channels() * usize::try_from(packet.trim_end.get()).unwrap_or(usize::MAX);
                self.block.truncate(self.block.len().saturating_sub(samples));
                (opus::RATE, decoder.layout())
            }
        };
        if self.block.is_empty() || self.channels == channels && self.rate == rate {
            return Ok(());
        }
        if self.channels == Channels::None {
            self.rate = rate;
            self.channels = channels;
            return Ok(());
        }
        // Stations join mono and stereo mp3s by appending one to the other.
        match (rate == self.rate, self.channels.count(), channels.count()) {
            (true, 2, 1) => self.block = self.block.iter().flat_map(|sample| [*sample; 2]).collect(),
            (true, 1, 2) => {
                self.block = self.block.chunks_exact(2).map(|pair| (pair[0] + pair[1]) / 2.0).collect()
            }
            (true, ours, theirs) if ours == theirs => {}
            _ => return Err(format!("changes to {} channels at {rate} Hz in the middle", channels.count())),
        }
        Ok(())
    }

    /// Moves what is to be played of `block` to `out`.
    fn take(&mut self, out: &mut Vec<f32>) -> Result<usize, DecodeFault> {
        let channels = self.channels.count();
        if self.block.is_empty() {
            return Ok(0);
        }
        if !RATES.contains(&self.rate) || !CHANNELS.contains(&channels) {
            return Err(DecodeFault::Unusual { rate: self.rate, channels });
        }
        let frames = self.block.len() / channels;
        let skipped = self.skip.min(frames as u64);
        self.skip -= skipped;
        let kept = (frames as u64 - skipped).min(self.ends - self.frames);
        self.frames += kept;
        let (skipped, kept) = (skipped as usize, kept as usize);
        let samples = &self.block[skipped * channels..(skipped + kept) * channels];
        out.extend(samples.iter().map(|sample| if sample.is_finite() { *sample } else { 0.0 }));
        Ok(kept)
    }

    /// A second stream that follows the first in one Ogg file: decoded on, as one recording.
    fn next_chain(&mut self) -> Result<(), DecodeFault> {
        let track = sound_track(self.format.as_ref())?;
        let (voice, _) = voice(track, self.format.format_info().short_name)?;
        self.skip = match &voice {
            Voice::Opus(decoder) => decoder.pre_skip,
            Voice::Symphonia(_) => 0,
        };
        self.track = track.id;
        self.voice = voice;
        // What the first stream claimed says nothing of the others.
        self.claimed = None;
        Ok(())
    }

    /// How many frames a packet would have had; at least one.
    fn frames_of(&self, packet: &Packet) -> u64 {
        let track = self.format.tracks().iter().find(|track| track.id == self.track);
        let time = track.and_then(|track| track.time_base).and_then(|base| base.calc_duration(packet.dur));
        let nanos = time.map_or(0, |time| time.as_nanos().max(0));
        u64::try_from((nanos * i128::from(self.rate) + 500_000_000) / 1_000_000_000)
            .unwrap_or(u64::MAX)
            .max(1)
    }
}

/// The track that is played.
fn sound_track(format: &dyn FormatReader) -> Result<&Track, DecodeFault> {
    format.default_track(TrackType::Audio).ok_or_else(|| DecodeFault::Unsupported {
        codec: "no sound track".to_owned(),
        found: format!("only other tracks in this {}", format.format_info().short_name),
    })
}

fn audio_parameters(track: &Track) -> Option<&AudioCodecParameters> {
    track.codec_params.as_ref().and_then(CodecParameters::audio)
}

/// The rate that the container states; the first decoded packet overrules it.
fn track_rate(track: &Track) -> u32 {
    audio_parameters(track).and_then(|parameters| parameters.sample_rate).unwrap_or(0)
}

/// The decoder of a track, and the word for what it decodes.
fn voice(track: &Track, container: &str) -> Result<(Voice, String), DecodeFault> {
    let unsupported = |codec: &str, found: &str| DecodeFault::Unsupported {
        codec: codec.to_owned(),
        found: found.to_owned(),
    };
    let parameters =
        audio_parameters(track).ok_or_else(|| unsupported("an unknown codec", "no parameters"))?;
    if parameters.codec == well_known::CODEC_ID_OPUS {
        let head = parameters.extra_data.as_deref().unwrap_or_default();
        let decoder =
            opus::Decoder::new(head, container == "isomp4").map_err(|found| unsupported("opus", found))?;
        return Ok((Voice::Opus(decoder), "opus".to_owned()));
    }
    let codecs = symphonia::default::get_codecs();
    let codec = codecs
        .get_audio_decoder(parameters.codec)
        .map_or("an unknown codec", |codec| codec.codec.info.short_name);
    let decoder = codecs
        .make_audio_decoder(parameters, &Default::default())
        .map_err(|error| unsupported(codec, &error.to_string()))?;
    let name = match (codec.starts_with("pcm") || codec.starts_with("adpcm"), container) {
        (true, "wave") => "wav",
        (true, _) => container,
        (false, _) => codec,
    };
    Ok((Voice::Symphonia(decoder), name.to_owned()))
}

/// What the container claims to hold, where it is a claim and not an estimate of the demuxer.
fn claimed_frames(track: &Track, container: &str, head: Head, length: u64) -> Option<u64> {
    let frames = track.num_frames?;
    match container {
        "mp1" | "mp2" | "mp3" => head.mpeg_length.then_some(frames),
        // A recorder that could not seek back leaves the largest size it can write: that is no claim.
        "wave" => {
            let parameters = audio_parameters(track)?;
            let bits =
                u64::from(parameters.bits_per_coded_sample.or(parameters.bits_per_sample).unwrap_or(8));
            let channels = parameters.channels.as_ref().map_or(1, Channels::count) as u64;
            let bytes = frames.saturating_mul(channels * bits / 8);
            (bytes <= length || bytes < 0x7fff_0000).then_some(frames)
        }
        "aiff" | "caf" | "flac" | "isomp4" | "ogg" => Some(frames),
        _ => None,
    }
}
