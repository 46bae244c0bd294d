//! The sound cards of the machine, through cpal: opened by host and id, never by being the default of something else.
//! Owns the stream's callback and its heartbeat; never decides which card is tried.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{
    BufferSize, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, StreamConfig,
    SupportedStreamConfig,
};

use super::bus::Voice;
use super::deck::STEREO;
use super::holders;
use super::timeline::Stamp;
use crate::clock::{Clock, SystemClock};
use crate::core::card::{CardName, Host, NotOpened};

/// Frames that a card is asked to take at a time: below 1,024 PulseAudio gaps under load and says nothing.
const PERIOD: u32 = 2_048;
/// Windows asks every 10 ms for what it has played, whatever is wanted: this is the whole of its buffer, and what a busy
/// PC may be late by before the card runs dry.
const WASAPI_BUFFER: u32 = 4_800;
/// ALSA waits this long for a card that says nothing before it looks whether it is still there.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

/// How often the sound system is asked whether a card is still there: a loss is noticed within a second, whatever way it
/// comes, and the question itself takes its time.
const STILL_THERE: Duration = Duration::from_millis(500);

/// What a card's callback pulls; empty between two owners.
pub(super) type VoiceSlot = Arc<Mutex<Option<Voice>>>;

/// The signs of life of an open card, written by its callback.
#[derive(Debug, Default)]
pub(super) struct Heartbeat {
    /// Steady time of the last callback, nanoseconds; 0 before the first.
    pub(super) last: AtomicU64,
    /// When the first frame of the last block is heard, nanoseconds since 1970.
    pub(super) heard: AtomicI64,
    /// Frames handed over and not heard yet when the last callback returned.
    pub(super) unheard: AtomicU64,
    /// The host has no such card any more, whatever its callback does.
    pub(super) gone: AtomicBool,
    /// Steady time when the host was last known to have it, nanoseconds; 0 where the host is not asked.
    pub(super) there: AtomicU64,
    /// Errors that the host told.
    pub(super) errors: AtomicU64,
    /// The first of them.
    pub(super) found: Mutex<Option<String>>,
}

/// The sound systems through which cards are opened. PulseAudio's is kept for as long as its server answers: a connection
/// that is let go leaves a thread and three descriptors behind until the server says something (pulseaudio 0.3.2 waits
/// for it without an end), so that a card that is missing for a day would cost ten thousands of them.
#[derive(Default)]
pub(super) struct Hosts {
    pulse: Mutex<Option<Arc<cpal::Host>>>,
}

impl Hosts {
    fn of(&self, name: &CardName) -> Result<(cpal::HostId, Arc<cpal::Host>), NotOpened> {
        let id: cpal::HostId = name.host.name().parse().map_err(|_| {
            let found = format!("this machine has no {}", name.host.name());
            NotOpened::Other { found }
        })?;
        let fresh =
            || cpal::host_from_id(id).map(Arc::new).map_err(|error| NotOpened::from(error.to_string()));
        if name.host != Host::PulseAudio {
            return Ok((id, fresh()?));
        }
        let kept = || self.pulse.lock().unwrap_or_else(PoisonError::into_inner);
        // Not asked under the lock: a server that hangs answers never.
        let known = kept().clone();
        if let Some(known) = known.filter(|host| host.output_devices().is_ok()) {
            return Ok((id, known));
        }
        let host = fresh()?;
        *kept() = Some(host.clone());
        Ok((id, host))
    }
}

/// A card that is open. Dropping it closes the card, which may block for ever where the sound server is gone.
pub(super) struct OpenCard {
    pub(super) rate: u32,
    pub(super) silent: bool,
    pub(super) _stream: Box<dyn Send>,
}

/// A card as `loa devices` lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The name that the config takes.
    pub name: CardName,
    /// What its maker or the system calls it.
    pub description: String,
}

/// Every card of this machine, Loa's own last.
pub fn list() -> Vec<Listed> {
    let mut found = Vec::new();
    for host in [Host::PulseAudio, Host::Alsa, Host::Wasapi, Host::CoreAudio] {
        let Ok(host_id) = host.name().parse() else { continue };
        let Ok(devices) = cpal::host_from_id(host_id).and_then(|host| host.output_devices()) else {
            continue;
        };
        for device in devices {
            let Ok(id) = device.id() else { continue };
            let description = device.description().map(|found| found.name().to_owned()).unwrap_or_default();
            found.push(Listed { name: CardName { host, id: Some(id.id().to_owned()) }, description });
        }
    }
    found.push(Listed { name: CardName { host: Host::Virtual, id: None }, description: String::new() });
    found
}

/// Opens a card of the machine. May block for as long as its sound server likes.
///
/// # Errors
/// Why it does not open.
pub(super) fn open(
    hosts: &Hosts,
    name: &CardName,
    rate: u32,
    period: Option<u32>,
    slot: VoiceSlot,
    beat: Arc<Heartbeat>,
    clock: SystemClock,
) -> Result<OpenCard, NotOpened> {
    let (host_id, host) = hosts.of(name)?;
    // `default` is ALSA's own name for it, and everybody's word.
    let device = match name.id.as_deref() {
        None | Some("default") => host.default_output_device(),
        Some(id) => host.device_by_id(&cpal::DeviceId::new(host_id, id)),
    };
    let device = device.ok_or(NotOpened::NotThere)?;
    let refused = |error: cpal::Error| refused(name, &error);
    let config = best_config(&device, rate).map_err(refused)?;
    let wanted = StreamConfig {
        channels: config.channels(),
        sample_rate: config.sample_rate(),
        buffer_size: BufferSize::Fixed(period.unwrap_or(if name.host == Host::Wasapi {
            WASAPI_BUFFER
        } else {
            PERIOD
        })),
    };
    let watched = device.id().ok().filter(|_| name.host == Host::PulseAudio && name.id.is_some());
    let link = Link {
        slot,
        beat: beat.clone(),
        clock,
        channels: usize::from(wanted.channels),
        rate: wanted.sample_rate,
    };
    let stream = match config.sample_format() {
        SampleFormat::F32 => build::<f32>(&device, wanted, link),
        SampleFormat::I16 => build::<i16>(&device, wanted, link),
        SampleFormat::I32 => build::<i32>(&device, wanted, link),
        SampleFormat::U8 => build::<u8>(&device, wanted, link),
        other => return Err(format!("the card wants samples as {other}, which Loa does not speak").into()),
    }
    .map_err(refused)?;
    stream.play().map_err(refused)?;
    let end = Arc::new(AtomicBool::new(false));
    if let Some(id) = watched {
        watch(host, id, beat, clock, end.clone())?;
    }
    let stream = Watched { _stream: stream, end };
    Ok(OpenCard { rate: wanted.sample_rate, silent: false, _stream: Box::new(stream) })
}

/// Opens a card for a moment, in silence, and closes it again; the frames a second that it takes. May block for as long
/// as its sound server likes.
///
/// # Errors
/// Why it does not open.
pub fn try_open(name: &CardName, rate: u32) -> Result<u32, NotOpened> {
    let card =
        open(&Hosts::default(), name, rate, None, VoiceSlot::default(), Arc::default(), SystemClock::new())?;
    let taken = card.rate;
    // Closing may block for ever where the sound server is gone.
    let closing = std::thread::Builder::new().name("card closing".into()).spawn(move || drop(card));
    closing.map(|_| taken).map_err(|error| error.to_string().into())
}

/// Why the sound system refuses a card. That another program has it is the one thing that people can mend by themselves,
/// and is told apart.
fn refused(name: &CardName, error: &cpal::Error) -> NotOpened {
    if error.kind() != cpal::ErrorKind::DeviceBusy {
        return error.to_string().into();
    }
    match holders::blamed(name) {
        Some(holder) if holder.process == std::process::id() => "Loa has not let go of it yet".into(),
        holder => {
            let program = holder.map(|holder| holder.program).filter(|program| !program.is_empty());
            NotOpened::InUse { program }
        }
    }
}

/// A stream and the word that its watch may end.
struct Watched {
    _stream: cpal::Stream,
    end: Arc<AtomicBool>,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Release);
    }
}

/// PulseAudio moves a stream whose card is taken away to another card and says nothing: it is asked again and again
/// whether the card is still there, so that nothing ever sounds on a card that the config does not name.
fn watch(
    host: Arc<cpal::Host>,
    id: cpal::DeviceId,
    beat: Arc<Heartbeat>,
    clock: SystemClock,
    end: Arc<AtomicBool>,
) -> Result<(), String> {
    let now = move || clock.read().steady.as_nanos() as u64;
    beat.there.store(now(), Ordering::Release);
    let work = move || {
        while !end.load(Ordering::Acquire) {
            std::thread::sleep(STILL_THERE);
            // Before the question: the card may go while it is answered.
            let asked = now();
            if host.device_by_id(&id).is_none() {
                beat.gone.store(true, Ordering::Release);
                return;
            }
            beat.there.store(asked, Ordering::Release);
        }
    };
    std::thread::Builder::new()
        .name("card watch".into())
        .spawn(work)
        .map(drop)
        .map_err(|error| error.to_string())
}

/// Stereo at the wanted rate in the finest format; else what the card likes.
fn best_config(device: &cpal::Device, rate: u32) -> Result<SupportedStreamConfig, cpal::Error> {
    let rank = |config: &SupportedStreamConfig| {
        let format = match config.sample_format() {
            SampleFormat::F32 => 0,
            SampleFormat::I32 => 1,
            SampleFormat::I16 => 2,
            SampleFormat::U8 => 3,
            _ => 9,
        };
        (config.channels().abs_diff(STEREO as u16), format)
    };
    let offered = device.supported_output_configs()?;
    let fitting = offered.filter_map(|range| range.try_with_sample_rate(rate));
    match fitting.min_by_key(rank) {
        Some(config) => Ok(config),
        None => device.default_output_config(),
    }
}

/// What the callback holds.
struct Link {
    slot: VoiceSlot,
    beat: Arc<Heartbeat>,
    clock: SystemClock,
    channels: usize,
    rate: u32,
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    link: Link,
) -> Result<cpal::Stream, cpal::Error> {
    let errors = link.beat.clone();
    // As long as the longest block that a host hands out; a longer one is taken in pieces.
    let mut frames = vec![0.0f32; 16_384 * STEREO];
    let data = move |out: &mut [T], info: &OutputCallbackInfo| link.serve(out, info, &mut frames);
    let error = move |error: cpal::Error| {
        // May be called a million times a second: counts, and keeps the first.
        if errors.errors.fetch_add(1, Ordering::AcqRel) == 0
            && let Ok(mut found) = errors.found.try_lock()
        {
            *found = Some(error.to_string());
        }
    };
    device.build_output_stream(config, data, error, Some(LOOK_AGAIN))
}

impl Link {
    fn serve<T: SizedSample + FromSample<f32>>(
        &self,
        out: &mut [T],
        info: &OutputCallbackInfo,
        frames: &mut [f32],
    ) {
        let now = self.clock.read();
        let stamps = info.timestamp();
        let nanos = |at: cpal::StreamInstant| i64::try_from(at.as_nanos()).unwrap_or(i64::MAX);
        let (called, heard) = (nanos(stamps.callback), nanos(stamps.playback));
        let wall = now.wall.timestamp_nanos_opt().unwrap_or(0);
        let count = out.len() / self.channels.max(1);
        let mut done = 0;
        // Never waits: whoever holds the slot is taking the voice away.
        let mut voice = self.slot.try_lock().ok();
        for piece in out.chunks_mut(self.channels.max(1) * (frames.len() / STEREO)) {
            let length = piece.len() / self.channels.max(1);
            let stereo = &mut frames[..length * STEREO];
            match voice.as_mut().and_then(|slot| slot.as_mut()) {
                Some(voice) => {
                    let ahead = (done as i128 * 1_000_000_000 / i128::from(self.rate.max(1))) as i64;
                    voice.render(Stamp { called, heard: heard + ahead, wall }, stereo);
                }
                None => stereo.fill(0.0),
            }
            spread(stereo, piece, self.channels);
            done += length;
        }
        let delay = (heard - called).max(0);
        let waiting = (i128::from(delay) * i128::from(self.rate) / 1_000_000_000) as u64;
        self.beat.unheard.store(waiting + count as u64, Ordering::Release);
        self.beat.heard.store(wall + delay, Ordering::Release);
        self.beat.last.store(now.steady.as_nanos() as u64, Ordering::Release);
    }
}

/// Stereo to as many channels as the card has: one gets the mean, of more the first two sound.
fn spread<T: SizedSample + FromSample<f32>>(stereo: &[f32], out: &mut [T], channels: usize) {
    for (from, to) in stereo.chunks_exact(STEREO).zip(out.chunks_exact_mut(channels.max(1))) {
        if let [only] = to {
            *only = T::from_sample((from[0] + from[1]) / 2.0);
        } else {
            for (at, sample) in to.iter_mut().enumerate() {
                *sample = T::from_sample(from.get(at).copied().unwrap_or(0.0));
            }
        }
    }
}

impl Heartbeat {
    /// The frames that a card of that rate took and nobody heard, and the last moment that was heard. What was taken since
    /// a card that is gone was last there sounded elsewhere, if anywhere.
    pub(super) fn lost(&self, rate: u32) -> (u64, DateTime<Utc>) {
        let mut unheard = self.unheard.load(Ordering::Acquire);
        let mut heard = self.heard.load(Ordering::Acquire);
        let there = self.there.load(Ordering::Acquire);
        if self.gone.load(Ordering::Acquire) && there > 0 {
            let elsewhere = self.last.load(Ordering::Acquire).saturating_sub(there);
            unheard += (u128::from(elsewhere) * u128::from(rate) / 1_000_000_000) as u64;
            heard = heard.saturating_sub_unsigned(elsewhere);
        }
        (unheard, DateTime::from_timestamp_nanos(heard))
    }
}

/// The first error that a card told, if any.
pub(super) fn first_error(beat: &Heartbeat) -> Option<String> {
    beat.found.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
