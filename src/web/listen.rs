//! Recordings listened to by a page. Owns how a file goes out: by the part that was asked for, in pieces, a few at once and
//! slowly enough that the playout does not notice. Which file it is the library says, or the list of what waits; no path ever comes from outside.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::ask::{Answered, Ask, bad};
use super::receive::Asked;
use super::{Pages, unheard};
use crate::core::cart::CartName;
use crate::core::page::{Field, Problem};

/// So much is read at a time,
const PIECE: u64 = 128 * 1_024;
/// and then nothing for so long: 2.5 MB in a second, and twice that for all who listen.
const REST: Duration = Duration::from_millis(50);
/// So many pieces wait for whoever listens.
const AHEAD: usize = 2;

/// A span of bytes, both ends inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    /// All of it.
    Whole,
    /// From here to there.
    Part(u64, u64),
    /// A part that is not there.
    Nowhere,
}

/// What is asked for of so many bytes, by the header `Range`. What is no single range of bytes is passed over, as HTTP has it.
fn wanted(range: Option<&str>, length: u64) -> Wanted {
    let Some(range) = range.and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((from, to)) = range.split_once('-') else { return Wanted::Whole };
    let number = |text: &str| {
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        // A number that is too large is beyond the end.
        plain.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    match (number(from.trim()), number(to.trim()), from.trim().is_empty(), to.trim().is_empty()) {
        (Some(from), Some(to), ..) if from > to => Wanted::Whole,
        (Some(from), to, _, open) if to.is_some() || open => match from < length {
            true => Wanted::Part(from, to.unwrap_or(u64::MAX).min(length - 1)),
            false => Wanted::Nowhere,
        },
        (None, Some(0), true, _) => Wanted::Nowhere,
        (None, Some(_), true, _) if length == 0 => Wanted::Nowhere,
        (None, Some(last), true, _) => Wanted::Part(length.saturating_sub(last), length - 1),
        _ => Wanted::Whole,
    }
}

/// What a file is by its name, as browsers call it.
fn kind(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "mp3" | "mp2" => "audio/mpeg",
        "wav" | "wave" => "audio/wav",
        "flac" => "audio/flac",
        "ogg" | "oga" | "opus" => "audio/ogg",
        "m4a" | "m4b" | "mp4" => "audio/mp4",
        "aac" => "audio/aac",
        "webm" | "mka" => "audio/webm",
        "aif" | "aiff" | "aifc" => "audio/aiff",
        "wma" | "asf" => "audio/x-ms-wma",
        "amr" | "awb" => "audio/amr",
        "3gp" | "3gpp" | "3g2" => "audio/3gpp",
        _ => "application/octet-stream",
    }
}

/// A part of a file on its way out.
struct Heard {
    pieces: Receiver<std::io::Result<Bytes>>,
    left: u64,
}

impl HttpBody for Heard {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        let piece = std::task::ready!(self.pieces.poll_recv(context));
        if let Some(Ok(bytes)) = &piece {
            self.left = self.left.saturating_sub(bytes.len() as u64);
        }
        Poll::Ready(piece.map(|piece| piece.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

/// Sends a file out from where it stands, until all is sent or nobody listens any more.
async fn send(pages: Arc<Pages>, mut file: File, mut left: u64, to: Sender<std::io::Result<Bytes>>) {
    while left > 0 {
        // Whoever waits for a slow listener holds nobody up.
        let Ok(place) = to.reserve().await else { return };
        let Ok(turn) = pages.listening.acquire().await else { return };
        let size = left.min(PIECE);
        let reading = tokio::task::spawn_blocking(move || {
            let mut piece = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
            let read = Read::by_ref(&mut file).take(size).read_to_end(&mut piece);
            (file, read.map(|_| piece))
        });
        let Ok((read_from, read)) = reading.await else { return };
        file = read_from;
        // A file that has become shorter breaks off: no answer says that it is whole.
        let read = read.and_then(|piece| match piece.is_empty() {
            true => Err(std::io::ErrorKind::UnexpectedEof.into()),
            false => Ok(Bytes::from(piece)),
        });
        left -= read.as_ref().map_or(left, |piece| piece.len() as u64);
        place.send(read);
        tokio::time::sleep(REST).await;
        drop(turn);
    }
}

/// The recording in the field, which has to be one of the library.
pub(super) fn recording(ask: &Ask) -> Result<CartName, Problem> {
    let name = ask.fields.get("name").unwrap_or_default();
    let name = CartName::new(name).map_err(|_| bad(Field::Recording, name))?;
    let (_, library) = ask.pages.station.programme();
    library.get(&name).map(|_| ()).ok_or(Problem::NoSuchRecording)?;
    Ok(name)
}

/// A recording, or the part of it that is asked for.
pub(super) async fn listen(ask: Asked, headers: HeaderMap) -> Answered {
    let ask = ask.0;
    let pages = ask.pages.clone();
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).map(ToOwned::to_owned);
    let opening = ask.carrying(move |ask| {
        let failed = |error: std::io::Error| Problem::NotRead { found: error.to_string() };
        let (name, mut file) = match unheard::content(ask)? {
            Some((name, content)) => {
                let file = unheard::open(ask, &name, &content)?;
                (name, file)
            }
            None => {
                let name = recording(ask)?;
                let file = ask.pages.station.recording(&name).map_err(failed)?;
                (name, file.ok_or(Problem::NoSuchRecording)?)
            }
        };
        let length = file.metadata().map_err(failed)?.len();
        let wanted = wanted(range.as_deref(), length);
        if let Wanted::Part(from, _) = wanted {
            file.seek(SeekFrom::Start(from)).map_err(failed)?;
        }
        Ok((name, file, length, wanted))
    });
    let (name, file, length, wanted) = opening.await?;
    let (status, left, range) = match wanted {
        Wanted::Whole => (StatusCode::OK, length, None),
        Wanted::Part(from, to) => {
            (StatusCode::PARTIAL_CONTENT, to - from + 1, Some(format!("bytes {from}-{to}/{length}")))
        }
        Wanted::Nowhere => (StatusCode::RANGE_NOT_SATISFIABLE, 0, Some(format!("bytes */{length}"))),
    };
    let (to, pieces) = channel(AHEAD);
    if left > 0 {
        tokio::spawn(send(pages, file, left, to));
    }
    let mut response: Response = (status, Body::new(Heard { pieces, left })).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind(name.as_str())));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(left));
    if let Some(range) = range.and_then(|range| HeaderValue::from_str(&range).ok()) {
        headers.insert(header::CONTENT_RANGE, range);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_has_them() {
        let part = Wanted::Part;
        for (range, found) in [
            ("bytes=0-", part(0, 99)),
            ("bytes=10-19", part(10, 19)),
            ("bytes=10-1000", part(10, 99)),
            ("bytes=99-99999999999999999999999", part(99, 99)),
            ("bytes=-10", part(90, 99)),
            ("bytes=-1000", part(0, 99)),
            ("bytes=100-", Wanted::Nowhere),
            ("bytes=99999999999999999999999-", Wanted::Nowhere),
            ("bytes=-0", Wanted::Nowhere),
            ("bytes=20-10", Wanted::Whole),
            ("bytes=0-1,5-6", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=a-b", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("bytes=1", Wanted::Whole),
            ("lines=1-2", Wanted::Whole),
            ("", Wanted::Whole),
        ] {
            assert_eq!(wanted(Some(range), 100), found, "{range}");
        }
        assert_eq!(wanted(None, 100), Wanted::Whole);
        for range in ["bytes=0-", "bytes=-1"] {
            assert_eq!(wanted(Some(range), 0), Wanted::Nowhere, "{range} of nothing");
        }
    }
}
