//! A form with files as it comes in: read piece by piece, no more of it in memory than a piece. Owns the reading of
//! multipart/form-data and its bounds; what a file becomes is [`super::upload`]'s. Nothing is written here.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes};
use axum::http::header;
use axum::http::request::Parts;
use futures_core::Stream;
use multer::{Field, Multipart};
use tokio::sync::OwnedSemaphorePermit;

use super::door::Held;
use super::hold;
use crate::core::page::Problem;

/// So much is handed on before the reader of the form has its turn.
const PIECE: usize = 64 * 1_024;
/// So much may come without a piece of a field: heads of parts are short.
const MOST_HELD: usize = 256 * 1_024;
/// No field of ours but a file is longer.
const LONGEST_FIELD: usize = 1_024;
/// What a refused sender still has to send is read so far, so that he sees why.
const MOST_DRAINED: usize = 64 << 20;
const DRAINING: Duration = Duration::from_secs(10);

/// The body, handed on in pieces: multer takes all that there is, and would hold a fast sender's file in memory.
struct Pieces {
    body: Arc<Mutex<BodyDataStream>>,
    held: Arc<AtomicUsize>,
    at_once: usize,
}

impl Stream for Pieces {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.at_once >= PIECE {
            self.at_once = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut *hold(&self.body)).poll_next(context);
        match &polled {
            Poll::Ready(Some(Ok(bytes))) => {
                self.at_once += bytes.len();
                if self.held.fetch_add(bytes.len(), Ordering::Relaxed) > MOST_HELD {
                    return Poll::Ready(Some(Err(axum::Error::new("a form without end"))));
                }
            }
            _ => self.at_once = 0,
        }
        polled
    }
}

/// A form with files that is coming in.
pub(super) struct Sending {
    form: Multipart<'static>,
    held: Arc<AtomicUsize>,
    body: Arc<Mutex<BodyDataStream>>,
    /// One of the few that come in at once, and the connection that may last.
    pub(super) place: Option<(OwnedSemaphorePermit, Held)>,
}

/// A form on its way from the door to its page.
pub(super) type Handed = Arc<Mutex<Option<Sending>>>;

impl Sending {
    /// The form of that request.
    pub(super) fn of(parts: &Parts, body: Body) -> Result<Sending, Problem> {
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let boundary = kind.and_then(|kind| multer::parse_boundary(kind).ok());
        let boundary = boundary.filter(|boundary| (1..=200).contains(&boundary.len()));
        let boundary = boundary.ok_or(Problem::NotWhole)?;
        let body = Arc::new(Mutex::new(body.into_data_stream()));
        let held = Arc::new(AtomicUsize::new(0));
        let pieces = Pieces { body: body.clone(), held: held.clone(), at_once: 0 };
        Ok(Sending { form: Multipart::new(pieces, boundary), held, body, place: None })
    }

    /// The next field; none: that was all.
    pub(super) async fn next(&mut self) -> Result<Option<Field<'static>>, Problem> {
        self.held.store(0, Ordering::Relaxed);
        self.form.next_field().await.map_err(|_| Problem::NotWhole)
    }

    /// The next piece of a field; none: it is whole.
    pub(super) async fn piece(&self, field: &mut Field<'static>) -> Result<Option<Bytes>, Problem> {
        self.held.store(0, Ordering::Relaxed);
        field.chunk().await.map_err(|_| Problem::NotWhole)
    }

    /// A short field as text.
    pub(super) async fn text(&self, mut field: Field<'static>) -> Result<String, Problem> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.piece(&mut field).await? {
            bytes.extend_from_slice(&piece);
            if bytes.len() > LONGEST_FIELD {
                return Err(Problem::TooMuch);
            }
        }
        String::from_utf8(bytes).map_err(|_| Problem::NotWhole)
    }

    /// The mark of the form, which has to stand in its first field.
    pub(super) async fn token(&mut self) -> Result<Option<String>, Problem> {
        match self.next().await? {
            Some(field) if field.name() == Some("token") && field.file_name().is_none() => {
                self.text(field).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    /// Reads on for a while without keeping anything: a browser shows no answer before it has sent its form.
    pub(super) async fn drain(self) {
        let Sending { body, form, .. } = self;
        drop(form);
        let mut left = MOST_DRAINED;
        let reading = std::future::poll_fn(|context| {
            loop {
                match Pin::new(&mut *hold(&body)).poll_next(context) {
                    Poll::Ready(Some(Ok(bytes))) if bytes.len() < left => left -= bytes.len(),
                    Poll::Ready(_) => return Poll::Ready(()),
                    Poll::Pending => return Poll::Pending,
                }
            }
        });
        let _ = tokio::time::timeout(DRAINING, reading).await;
    }
}
