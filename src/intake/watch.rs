//! Tells that something may have changed in a folder. Owns the file system's events, folded into one hint; whoever is
//! told looks for itself, and looks now and then without being told.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// Hints of changes in one folder.
pub struct Hints {
    watcher: Option<RecommendedWatcher>,
    hints: Receiver<()>,
    tell: SyncSender<()>,
}

impl Hints {
    /// Watches `folder` and all below it. Where the system cannot watch it (a network drive, no such folder yet) no
    /// hint comes, and the regular looks must do.
    pub fn of(folder: &Path) -> Hints {
        // One hint is as good as a thousand: the second finds the first still unread and is dropped.
        let (tell, hints) = sync_channel(1);
        let mut hints = Hints { watcher: None, hints, tell };
        hints.watch(folder);
        hints
    }

    /// Watches anew: a folder that was deleted and made again is another one, and says nothing of it.
    pub fn watch(&mut self, folder: &Path) {
        let tell = self.tell.clone();
        let told = move |event: notify::Result<notify::Event>| {
            // Reading a file is no change; everything else may be one, an overflow of the system's queue above all.
            if !matches!(event, Ok(ref event) if event.kind.is_access() && !event.need_rescan()) {
                let _ = tell.try_send(());
            }
        };
        self.watcher = notify::recommended_watcher(told).ok().and_then(|mut watcher| {
            let watched = watcher.watch(folder, RecursiveMode::Recursive);
            watched
                .inspect_err(|error| tracing::debug!(%error, ?folder, "the folder is looked at, not watched"))
                .ok()?;
            Some(watcher)
        });
    }

    /// Waits for a hint, at most for `span`; true where one came.
    pub fn wait(&self, span: Duration) -> bool {
        match self.hints.recv_timeout(span) {
            Ok(()) => true,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => false,
        }
    }

    /// Gives the hint oneself, from elsewhere: to end a wait.
    pub fn nudge(&self) -> SyncSender<()> {
        self.tell.clone()
    }
}
