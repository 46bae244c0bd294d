//! The door of the pages: listens, speaks TLS where there is a certificate, and lets in whom there is [`Room`] for. Owns
//! the sockets, the limits for the slow, and the file `state/page` with the address; what is asked is [`super::receive`]'s.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::certificate::Held as Certificate;
use super::room::Room;
use super::{LOOK, Pages, receive};

/// A client that takes longer for the head of a request, or for TLS, is let go.
const PATIENCE: Duration = Duration::from_secs(10);
/// A connection that is this old is closed when it is idle,
const OLD: Duration = Duration::from_secs(90);
/// and so much later in any case: somebody does not read what he asked for.
const TOO_OLD: Duration = Duration::from_secs(30);
/// Threads for what blocks; most of them only ever wait for the playout.
const BLOCKING: usize = 24;

/// Why the door is closed.
pub(super) enum Closed {
    /// Other machines could come in, and there are no accounts.
    NoAccounts,
    /// What was found.
    Failed(String),
}

/// By whom a request comes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// What a connection does that may last: it is not closed for its age meanwhile.
#[derive(Clone, Default)]
pub(super) struct Lease(Arc<AtomicUsize>);

/// Something that may last.
pub(super) struct Held(Lease);

impl Lease {
    pub(super) fn hold(&self) -> Held {
        self.0.fetch_add(1, Ordering::Relaxed);
        Held(self.clone())
    }

    /// When the connection is old, and nothing on it may last any longer.
    async fn over(&self) {
        tokio::time::sleep(OLD).await;
        while self.0.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(LOOK).await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The file with the address, there while the pages are served.
struct Sign(PathBuf);

impl Drop for Sign {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Serves at that address until told to stop.
pub(super) fn serve(pages: &Arc<Pages>, address: SocketAddr, stop: &impl Fn() -> bool) -> Result<(), Closed> {
    let failed = |error: std::io::Error| Closed::Failed(error.to_string());
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().max_blocking_threads(BLOCKING).thread_name("pages-work");
    let runtime = runtime.build().map_err(failed)?;
    let served = runtime.block_on(listen(pages, address, stop));
    runtime.shutdown_timeout(LOOK);
    served
}

async fn listen(pages: &Arc<Pages>, address: SocketAddr, stop: &impl Fn() -> bool) -> Result<(), Closed> {
    let failed = |error: std::io::Error| Closed::Failed(error.to_string());
    let bare = || !address.ip().is_loopback() && pages.accounts().is_empty();
    if bare() {
        return Err(Closed::NoAccounts);
    }
    let tls = pages.config.page.certificate.as_ref().map(Certificate::open).transpose();
    let tls = tls.map_err(Closed::Failed)?.map(Arc::new);
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let place = listener.local_addr().map_err(failed)?;
    let sign = Sign(pages.config.paths.state.join("page"));
    let scheme = if tls.is_some() { "https" } else { "http" };
    if let Err(error) = std::fs::write(&sign.0, format!("{scheme}://{place}/\n")) {
        tracing::warn!(%error, "the address of the pages could not be written down");
    }
    tracing::info!("the pages are at {scheme}://{place}/");
    pages.station.alarm("page_not_served", None);
    let router = receive::router(pages.clone());
    let room = Room::default();
    let mut look = tokio::time::interval(LOOK);
    let mut looking: Option<tokio::task::JoinHandle<()>> = None;
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, from)) => {
                    let peer = Peer(from.ip().to_canonical());
                    // Whoever comes too many is let go at once, and tries again.
                    let Some(place) = room.place(peer.0) else { continue };
                    let (router, tls) = (router.clone(), tls.as_ref().map(|tls| tls.acceptor()));
                    tokio::spawn(async move {
                        let _ = stream.set_nodelay(true);
                        match tls {
                            None => talk(stream, router, peer).await,
                            Some(tls) => {
                                if let Ok(Ok(stream)) = tokio::time::timeout(PATIENCE, tls.accept(stream)).await {
                                    talk(stream, router, peer).await;
                                }
                            }
                        }
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(LOOK).await;
                }
            },
            _ = look.tick() => {
                // On a thread of its own, one at a time: a disk that hangs must not keep a request waiting.
                if looking.as_ref().is_none_or(tokio::task::JoinHandle::is_finished) {
                    let (pages, tls) = (pages.clone(), tls.clone());
                    looking = Some(tokio::task::spawn_blocking(move || {
                        pages.look();
                        if let Some(tls) = tls {
                            tls.look(&pages);
                        }
                    }));
                }
                if stop() {
                    return Ok(());
                }
                if bare() {
                    return Err(Closed::NoAccounts);
                }
            }
        }
    }
}

async fn talk<S>(stream: S, router: Router, peer: Peer)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let inner = TowerToHyperService::new(router);
    let lease = Lease::default();
    let of_requests = lease.clone();
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        request.extensions_mut().insert(of_requests.clone());
        inner.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .max_headers(64)
        .max_buf_size(32 * 1_024)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        // A client that goes away, or speaks no HTTP, is nobody's trouble.
        _ = connection.as_mut() => {}
        () = lease.over() => {
            connection.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(TOO_OLD, connection).await;
        }
    }
}
