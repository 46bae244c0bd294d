//! The virtual card: keeps time without a card, and writes what would have sounded into an aircheck, one WAV file for
//! each stretch of programme. Owns these files and keeps the latest only; makes no sound.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use hound::{SampleFormat, WavSpec, WavWriter};

use super::card::{Heartbeat, OpenCard, VoiceSlot};
use super::deck::STEREO;
use super::timeline::Stamp;
use crate::clock::{Clock, SystemClock};

/// The card asks for frames this often.
const PERIOD: Duration = Duration::from_millis(20);
/// What a real card would have between a callback and the loudspeaker.
const DELAY: Duration = Duration::from_millis(40);
/// More than this behind (a machine that slept): the card does not race through what it missed.
const MOST_BEHIND: Duration = Duration::from_secs(1);
/// An aircheck ends after this much silence.
const SILENCE_ENDS: Duration = Duration::from_millis(500);
/// Files that are kept; a minute is 11 MB.
const KEPT: usize = 40;
/// How the names of airchecks end; nothing else is ever removed.
const ENDING: &str = ".aircheck.wav";

/// What the card needs to know.
pub(super) struct Virtual {
    pub(super) rate: u32,
    /// Where airchecks go; none: nowhere.
    pub(super) folder: Option<PathBuf>,
    pub(super) zone: Tz,
    pub(super) clock: SystemClock,
}

/// The running card; ends when it is dropped.
struct Running {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // It looks every 20 ms, and then completes its file.
            let _ = thread.join();
        }
    }
}

/// Opens it.
///
/// # Errors
/// Where the folder of airchecks cannot be made, or no thread can be started.
pub(super) fn open(card: Virtual, slot: VoiceSlot, beat: Arc<Heartbeat>) -> Result<OpenCard, String> {
    if let Some(folder) = &card.folder {
        std::fs::create_dir_all(folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
    }
    let (rate, end) = (card.rate, Arc::new(AtomicBool::new(false)));
    let ended = end.clone();
    let work = move || run(&card, &slot, &beat, &ended);
    let thread = std::thread::Builder::new()
        .name("virtual card".into())
        .spawn(work)
        .map_err(|error| error.to_string())?;
    Ok(OpenCard { rate, silent: true, _stream: Box::new(Running { end, thread: Some(thread) }) })
}

fn run(card: &Virtual, slot: &VoiceSlot, beat: &Heartbeat, end: &AtomicBool) {
    let mut began = card.clock.read().steady;
    let mut frames_out = 0u64;
    let mut aircheck = Aircheck::new(card);
    let mut block = Vec::new();
    while !end.load(Ordering::Acquire) {
        let now = card.clock.read();
        let due = frames_in(now.steady.saturating_sub(began), card.rate);
        let behind = due.saturating_sub(frames_out);
        if behind > frames_in(MOST_BEHIND, card.rate) {
            (began, frames_out) = (now.steady, 0);
            continue;
        }
        let wall = now.wall.timestamp_nanos_opt().unwrap_or(0);
        // By its own clock the card is exact: a frame is heard a fixed time after it was due.
        let span = (i128::from(frames_out) * 1_000_000_000 / i128::from(card.rate.max(1))) as i64;
        let heard = (began + DELAY).as_nanos() as i64 + span;
        let stamp = Stamp { called: now.steady.as_nanos() as i64, heard, wall };
        block.clear();
        block.resize(behind as usize * STEREO, 0.0);
        if behind > 0
            && let Ok(mut slot) = slot.lock()
            && let Some(voice) = slot.as_mut()
        {
            voice.render(stamp, &mut block);
        }
        aircheck.take(&block, wall + heard - stamp.called);
        frames_out += behind;
        beat.unheard.store(behind + frames_in(DELAY, card.rate), Ordering::Release);
        beat.heard.store(wall + DELAY.as_nanos() as i64, Ordering::Release);
        beat.last.store(now.steady.as_nanos() as u64, Ordering::Release);
        std::thread::sleep(PERIOD);
    }
    aircheck.complete();
}

fn frames_in(span: Duration, rate: u32) -> u64 {
    (span.as_nanos() * u128::from(rate) / 1_000_000_000) as u64
}

/// The aircheck that is being written, if any.
struct Aircheck<'a> {
    card: &'a Virtual,
    file: Option<WavWriter<BufWriter<File>>>,
    /// Silent samples that were not written: they belong to the file only if sound follows.
    silent: usize,
    told: bool,
}

impl<'a> Aircheck<'a> {
    fn new(card: &'a Virtual) -> Self {
        Aircheck { card, file: None, silent: 0, told: false }
    }

    /// Takes in a block whose first frame is heard at `at`, nanoseconds since 1970.
    fn take(&mut self, block: &[f32], at: i64) {
        let Some(folder) = self.card.folder.clone() else { return };
        for (number, frame) in block.chunks_exact(STEREO).enumerate() {
            if frame.iter().all(|sample| *sample == 0.0) {
                self.silent += 1;
                if self.silent as u64 == frames_in(SILENCE_ENDS, self.card.rate) {
                    self.complete();
                }
                continue;
            }
            let gap = std::mem::take(&mut self.silent);
            if self.file.is_none() {
                let frame_at =
                    at + (number as i128 * 1_000_000_000 / i128::from(self.card.rate.max(1))) as i64;
                match self.begin(&folder, frame_at) {
                    Ok(file) => self.file = Some(file),
                    Err(error) => return self.tell_once(&error),
                }
            } else if let Err(error) = self.write(&vec![0.0; gap * STEREO]) {
                return self.tell_once(&error);
            }
            if let Err(error) = self.write(frame) {
                return self.tell_once(&error);
            }
        }
        if let Some(Err(error)) = self.file.as_mut().map(WavWriter::flush) {
            self.tell_once(&error);
        }
    }

    fn begin(&self, folder: &Path, at: i64) -> Result<WavWriter<BufWriter<File>>, hound::Error> {
        let civil = DateTime::<Utc>::from_timestamp_nanos(at).with_timezone(&self.card.zone);
        let name = civil.format("%Y-%m-%dT%H%M%S%.3f").to_string();
        make_room(folder);
        let spec = WavSpec {
            channels: STEREO as u16,
            sample_rate: self.card.rate,
            bits_per_sample: 16,
            sample_format: SampleFormat::Int,
        };
        WavWriter::create(folder.join(format!("{name}{ENDING}")), spec)
    }

    fn write(&mut self, samples: &[f32]) -> Result<(), hound::Error> {
        let Some(file) = &mut self.file else { return Ok(()) };
        samples.iter().try_for_each(|sample| file.write_sample((sample * 32_767.0).round() as i16))
    }

    fn complete(&mut self) {
        if let Some(Err(error)) = self.file.take().map(WavWriter::finalize) {
            self.tell_once(&error);
        }
    }

    /// A full disk spoils the aircheck, never the airing.
    fn tell_once(&mut self, error: &hound::Error) {
        self.file = None;
        if !std::mem::replace(&mut self.told, true) {
            tracing::error!(%error, "the aircheck cannot be written; the airing goes on without");
        }
    }
}

/// Removes the oldest airchecks, so that with the next one there are as many as are kept.
fn make_room(folder: &Path) {
    let names = airchecks(folder);
    let surplus = (names.len() + 1).saturating_sub(KEPT);
    names.iter().take(surplus).for_each(|path| remove(path));
}

/// Removes the oldest airchecks of a folder for as long as the disk is `short` of room. The latest stays: it may be written
/// at this moment.
pub fn free_room(folder: &Path, mut short: impl FnMut() -> bool) {
    let mut names = airchecks(folder);
    names.pop();
    for path in names {
        if !short() {
            return;
        }
        remove(&path);
    }
}

/// The oldest first.
fn airchecks(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    names.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ENDING)));
    names.sort();
    names
}

fn remove(path: &Path) {
    if let Err(error) = std::fs::remove_file(path) {
        tracing::warn!(%error, path = %path.display(), "an old aircheck could not be removed");
    }
}
