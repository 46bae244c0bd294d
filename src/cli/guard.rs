//! `loa amplifier-guard`: started by the station itself, never by a person. Makes itself deaf to the signals that end a
//! station, and serves its pipe.

use anyhow::Result;

use super::Exit;

/// Serves the station that started it, and switches the amplifier off when it is gone.
pub(super) fn run() -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let _deaf = runtime.block_on(async { deaf() });
    let (orders, replies) = (std::io::stdin().lock(), std::io::stdout().lock());
    crate::amplifier::guard::serve(orders, replies)?;
    Ok(Exit::Fine)
}

/// A signal that somebody waits for no longer ends the process.
#[cfg(unix)]
fn deaf() -> Vec<tokio::signal::unix::Signal> {
    use tokio::signal::unix::{SignalKind, signal};
    let kinds = [SignalKind::terminate(), SignalKind::interrupt(), SignalKind::hangup()];
    kinds.into_iter().filter_map(|kind| signal(kind).ok()).collect()
}

#[cfg(not(unix))]
fn deaf() -> Option<impl Sized> {
    tokio::signal::windows::ctrl_c().ok()
}
