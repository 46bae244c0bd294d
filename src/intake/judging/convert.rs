//! What Loa cannot decode well becomes FLAC, by `ffmpeg`, once and before anything airs. Owns how that program is
//! called and what is believed of it: it reads the one file that it is given, as a format that was seen in it, is
//! stopped when it takes too long, and leaves nothing behind where it fails. Never decides that a file is converted.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// `ffmpeg` is stopped when it takes longer than this: hours of sound take it a minute or two.
pub(super) const PATIENCE: Duration = Duration::from_secs(600);
/// The running program is looked at this often.
const LOOK: Duration = Duration::from_millis(20);
/// So much of what it says is kept.
const MOST_SAID: u64 = 64 * 1024;
/// The demuxers that it may use: those of the formats that are converted. No playlist is among them, nothing that names
/// other files.
const DEMUXERS: &str =
    "asf,amr,mov,mp4,m4a,3gp,3g2,ac3,eac3,wv,ape,tta,au,w64,wav,aac,mp3,ogg,matroska,webm,aiff,caf,flac";

/// What is to be converted.
pub(super) struct Job<'a> {
    /// The program.
    pub ffmpeg: &'a Path,
    /// The dropped file.
    pub from: &'a Path,
    /// The FLAC that it becomes; whatever is there is replaced.
    pub to: &'a Path,
    /// No more than this of the sound.
    pub longest: Duration,
    /// At most 16 bits a sample: what was compressed with loss has no more in it.
    pub lossy: bool,
    /// To stereo at 48,000 Hz: its own rate or number of channels is none that Loa takes.
    pub to_usual: bool,
}

/// Why it was not converted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// The file is not converted, in one line.
    Refused(String),
    /// There was no room, or the program could not be started: nothing is said of the file.
    Hindered(String),
}

/// The `ffmpeg` of the search path, where there is one. A relative folder in the path is passed over: whoever may write
/// to the folder that the station was started in would name the program.
pub fn find_ffmpeg() -> Option<PathBuf> {
    let name = format!("ffmpeg{}", std::env::consts::EXE_SUFFIX);
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .filter(|folder| folder.is_absolute())
        .map(|folder| folder.join(&name))
        .find(|program| program.is_file())
}

/// Converts; answers the length that the container claims, where it states one.
///
/// # Errors
/// [`Failure`]; nothing is left at `to` then.
pub(super) fn convert(job: &Job, patience: Duration) -> Result<Option<Duration>, Failure> {
    let done = run(job, patience).and_then(|said| {
        // Whoever reads the decision to store it must find it, after a power cut too.
        File::options().write(true).open(job.to).and_then(|file| file.sync_all()).map_err(hindered)?;
        Ok(claimed_length(&said))
    });
    if done.is_err() {
        let _ = fs::remove_file(job.to);
    }
    done
}

fn hindered(error: io::Error) -> Failure {
    Failure::Hindered(error.to_string())
}

/// Lets the program run; answers what it said.
fn run(job: &Job, patience: Duration) -> Result<String, Failure> {
    // A file of its own: what lies there may be anything, a link too.
    match fs::remove_file(job.to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(hindered(error)),
        _ => {}
    }
    let room = most_bytes(job.longest);
    let mut child = Command::new(job.ffmpeg)
        .args(arguments(job, room))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| {
            Failure::Hindered(format!("`{}` cannot be started: {error}", job.ffmpeg.display()))
        })?;
    let listening = Listening::to(&mut child);
    let status = wait(&mut child, patience).map_err(hindered)?;
    let said = listening.end();
    let Some(status) = status else {
        let found = format!("it took longer than {} s and was stopped", patience.as_secs_f32());
        return Err(Failure::Refused(found));
    };
    if said.contains("No space left on device") {
        return Err(Failure::Hindered("no space left on device".to_owned()));
    }
    let made = fs::metadata(job.to).map_or(0, |about| about.len());
    match (status.success(), made) {
        (true, 1..) if made >= room => {
            Err(Failure::Refused(format!("its sound fills more than {room} bytes")))
        }
        (true, 1..) => Ok(said),
        _ => Err(Failure::Refused(last_words(&said, status))),
    }
}

/// More bytes than the longest recording has as FLAC, stereo at 48,000 Hz and 32 bits: a few bytes can hold days.
fn most_bytes(longest: Duration) -> u64 {
    (longest.as_secs() + 60).saturating_mul(48_000 * 2 * 4)
}

fn arguments(job: &Job, room: u64) -> Vec<OsString> {
    // With the protocol in front a name that begins with `-` is no option, and `http:x` no address.
    let file = |path: &Path| {
        let mut argument = OsString::from("file:");
        argument.push(path);
        argument
    };
    let longest = (job.longest + Duration::from_secs(1)).as_secs().to_string();
    let room = room.to_string();
    let mut arguments: Vec<OsString> = Vec::new();
    let mut say = |words: &str| arguments.extend(words.split(' ').map(OsString::from));
    say("-nostdin -hide_banner -nostats -loglevel info -protocol_whitelist file -format_whitelist");
    say(DEMUXERS);
    say("-threads 1 -i");
    arguments.push(file(job.from));
    let mut say = |words: &str| arguments.extend(words.split(' ').map(OsString::from));
    say(
        "-map 0:a:0 -map_metadata -1 -map_chapters -1 -fflags +bitexact -flags:a +bitexact -threads 1 -c:a flac",
    );
    if job.lossy {
        say("-sample_fmt s16");
    }
    if job.to_usual {
        say("-ar 48000 -ac 2");
    }
    say("-t");
    say(&longest);
    say("-fs");
    say(&room);
    say("-f flac -y");
    arguments.push(file(job.to));
    arguments
}

/// What a program says, collected beside it, so that it never waits for a reader.
struct Listening {
    said: Arc<Mutex<Vec<u8>>>,
    over: Receiver<()>,
}

impl Listening {
    fn to(child: &mut Child) -> Listening {
        let said = Arc::new(Mutex::new(Vec::new()));
        let (tell, over) = channel();
        if let Some(mut stderr) = child.stderr.take() {
            let into = Arc::clone(&said);
            std::thread::spawn(move || {
                let mut buffer = [0; 4096];
                while let Ok(read @ 1..) = stderr.read(&mut buffer) {
                    let mut into = into.lock().unwrap_or_else(PoisonError::into_inner);
                    // The beginning names the length, the end the failure.
                    if (into.len() + read) as u64 > MOST_SAID {
                        let half = into.len() / 2;
                        into.drain(half..);
                        into.push(b'\n');
                    }
                    into.extend(&buffer[..read]);
                }
                drop(tell);
            });
        }
        Listening { said, over }
    }

    /// All that was said, once the program has ended. A child of it may hold the pipe open: that is not waited for.
    fn end(self) -> String {
        let _ = self.over.recv_timeout(Duration::from_secs(1));
        let said = self.said.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&said).into_owned()
    }
}

/// Waits for the end; none where it did not come within `patience` and was brought about.
fn wait(child: &mut Child, patience: Duration) -> io::Result<Option<ExitStatus>> {
    let mut waited = Duration::ZERO;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(Some(status)),
            Ok(None) if waited < patience => {}
            other => {
                let _ = child.kill();
                let _ = child.wait();
                return other.map(|_| None);
            }
        }
        std::thread::sleep(LOOK);
        waited += LOOK;
    }
}

/// The line that says why it failed.
fn last_words(said: &str, status: ExitStatus) -> String {
    let line =
        said.lines().rev().map(str::trim).find(|line| !line.is_empty() && *line != "Conversion failed!");
    let line = line.map_or_else(|| format!("it ended with {status}"), str::to_owned);
    line.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// The length that the container states. What is only estimated from the bit rate is no claim.
fn claimed_length(said: &str) -> Option<Duration> {
    if said.contains("Estimating duration from bitrate") {
        return None;
    }
    let stated = said.lines().find_map(|line| line.trim().strip_prefix("Duration: "))?;
    let mut parts = stated.split(',').next()?.split(':');
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    let (seconds, hundredths) = seconds.split_once('.')?;
    let whole = hours.parse::<u64>().ok()?.checked_mul(3600)?
        + minutes.parse::<u64>().ok().filter(|minutes| *minutes < 60)? * 60
        + seconds.parse::<u64>().ok().filter(|seconds| *seconds < 60)?;
    let rest = hundredths.parse::<u64>().ok().filter(|rest| *rest < 100)?;
    Some(Duration::from_secs(whole) + Duration::from_millis(rest * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job<'a>(ffmpeg: &'a Path, from: &'a Path, to: &'a Path) -> Job<'a> {
        Job { ffmpeg, from, to, longest: Duration::from_secs(60), lossy: true, to_usual: false }
    }

    #[test]
    fn no_name_is_an_option_or_an_address() {
        for name in ["-i.wma", "http:x.wma", "a'b\".wma", "concat:a|b.wma", "%03d.wma"] {
            let words = arguments(&job(Path::new("ffmpeg"), Path::new(name), Path::new("-y.flac")), 1);
            let input = words.iter().position(|word| word == "-i").unwrap();
            assert_eq!(words[input + 1], *format!("file:{name}"));
            assert_eq!(words.last().unwrap(), "file:-y.flac");
            assert!(!words.iter().any(|word| word == name));
        }
    }

    #[test]
    fn a_length_is_believed_where_it_is_stated() {
        let said = |duration: &str| format!("Input #0, wv, from 'x':\n  Duration: {duration}, start: 0.0\n");
        assert_eq!(claimed_length(&said("01:02:03.45")), Some(Duration::from_millis(3_723_450)));
        for odd in ["N/A", "00:00:99.00", "1:2", "-1:00:00.00", "00:00:01", "99999999999999999999:00:00.00"] {
            assert_eq!(claimed_length(&said(odd)), None, "{odd}");
        }
        let guess = format!("[amr @ 0x1] Estimating duration from bitrate\n{}", said("00:00:10.00"));
        assert_eq!(claimed_length(&guess), None);
        assert_eq!(claimed_length(""), None);
    }

    #[cfg(unix)]
    mod with_a_program_of_our_own {
        use super::*;
        use std::os::unix::fs::PermissionsExt;

        /// What comes of a program that does this; its last argument is the file to be written, with `file:` before it.
        fn outcome(script: &str, patience: Duration) -> (Result<Option<Duration>, Failure>, bool) {
            let folder = tempfile::tempdir().unwrap();
            let (program, to) = (folder.path().join("ffmpeg"), folder.path().join("out.flac"));
            let out = "for last; do :; done; out=${last#file:}";
            fs::write(&program, format!("#!/bin/sh\n{out}\n{script}\n")).unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
            loop {
                match convert(&job(&program, &program, &to), patience) {
                    // A test beside this one was starting a program while the script was written.
                    Err(Failure::Hindered(words)) if words.contains("Text file busy") => {}
                    outcome => return (outcome, to.exists()),
                }
            }
        }

        #[test]
        fn its_last_words_are_told_and_nothing_is_left() {
            let refused = |words: &str| (Err(Failure::Refused(words.to_owned())), false);
            let tried = |script| outcome(script, PATIENCE);
            let script = "echo half > \"$out\"; echo first >&2; printf 'x: \\033Invalid data\\n\\nConversion failed!\\n' >&2; exit 1";
            assert_eq!(tried(script), refused("x: Invalid data"));
            assert_eq!(tried("echo nothing made >&2"), refused("nothing made"));
            assert!(!tried(": > \"$out\"; exit 3").1);
            let full = (Err(Failure::Hindered("no space left on device".to_owned())), false);
            assert_eq!(
                tried("echo x > \"$out\"; echo 'av_write: No space left on device' >&2; exit 1"),
                full
            );
            assert_eq!(
                tried("echo '  Duration: 00:00:02.50, x' >&2; echo x > \"$out\""),
                (Ok(Some(Duration::from_millis(2500))), true)
            );
            // More than a pipe holds, and the beginning is kept.
            let loud = "echo '  Duration: 00:00:02.50, x' >&2; i=0; while [ $i -lt 4000 ]; do echo '0123456789012345678901234567890123456789' >&2; i=$((i+1)); done; echo 'the end' >&2; exit 1";
            assert_eq!(tried(loud), refused("the end"));
        }

        #[test]
        fn it_is_stopped_when_it_takes_too_long() {
            let stopped =
                (Err(Failure::Refused("it took longer than 0.06 s and was stopped".to_owned())), false);
            let short = Duration::from_millis(60);
            assert_eq!(outcome("echo x > \"$out\"; exec sleep 600", short), stopped);
            // A child of it that lives on and holds its error output is not waited for.
            assert_eq!(outcome("echo x > \"$out\"; sleep 5", short), stopped);
        }

        #[test]
        fn a_program_that_is_not_there_says_nothing_of_the_file() {
            let none = Path::new("/nowhere/ffmpeg");
            let found = convert(&job(none, none, Path::new("/nowhere/out.flac")), PATIENCE);
            assert!(matches!(found, Err(Failure::Hindered(words)) if words.contains("/nowhere/ffmpeg")));
        }
    }
}
