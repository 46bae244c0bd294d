//! Tells that something may have changed in a folder. Owns the file system's events, folded into one hint; whoever is
//! told looks for itself, and looks now and then without being told.

use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

/// Hints of changes in one folder.
pub struct Hints {
    watcher: Option<RecommendedWatcher>,
    watched: Option<Identity>,
    hints: Receiver<()>,
    tell: SyncSender<()>,
}

impl Hints {
    /// Watches `folder` and all below it. Where the system cannot watch it (a network drive, no such folder yet) no
    /// hint comes, and the regular looks must do.
    pub fn of(folder: &Path) -> Hints {
        // One hint is as good as a thousand: the second finds the first still unread and is dropped.
        let (tell, hints) = sync_channel(1);
        let mut hints = Hints { watcher: None, watched: None, hints, tell };
        hints.watch(folder);
        hints
    }

    /// Watches anew: a folder that was deleted and made again is another one, and says nothing of it.
    pub fn watch(&mut self, folder: &Path) {
        self.watched = Identity::of(folder);
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

    /// Watches anew where another folder lies in the place of the one watched: it was deleted and made again, or a drive
    /// came back. The system says nothing of it. True where it did. One that is gone is let go of: a file system of
    /// Windows may keep its name, and nobody could make it again, as long as somebody watches it.
    pub fn follow(&mut self, folder: &Path) -> bool {
        let now = Identity::of(folder);
        if now.is_none() {
            (self.watcher, self.watched) = (None, None);
        }
        let other = now.is_some() && now != self.watched;
        if other {
            self.watch(folder);
        }
        other
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

/// What tells a folder from another one made in its place. The number alone does not: it is given again at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Identity {
    created: Option<std::time::SystemTime>,
    #[cfg(unix)]
    number: (u64, u64),
}

impl Identity {
    fn of(folder: &Path) -> Option<Identity> {
        let found = std::fs::metadata(folder).ok().filter(std::fs::Metadata::is_dir)?;
        Some(Identity {
            created: found.created().ok(),
            #[cfg(unix)]
            number: {
                use std::os::unix::fs::MetadataExt;
                (found.dev(), found.ino())
            },
        })
    }
}

/// Whether `folder` lies where the system does not tell of changes that others make: NFS, SMB, a folder of the host of
/// a virtual machine, FUSE. It wants to be looked at every few seconds. Where the system does not say: no.
#[cfg(target_os = "linux")]
pub fn is_on_network(folder: &Path) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|found| is_network_system(found.f_type as u32))
}

/// Whether `folder` lies where the system does not tell of changes that others make: this system does not say.
#[cfg(not(target_os = "linux"))]
pub fn is_on_network(_folder: &Path) -> bool {
    false
}

/// By the numbers of statfs(2): NFS, SMB, CIFS, SMB2, FUSE, AFS, 9P, Ceph, Coda, NCP, VirtualBox's and VMware's folders.
#[cfg(target_os = "linux")]
fn is_network_system(number: u32) -> bool {
    matches!(
        number,
        0x6969
            | 0x517B
            | 0xFF53_4D42
            | 0xFE53_4D42
            | 0x6573_5546
            | 0x5346_414F
            | 0x0102_1997
            | 0x00C3_6400
            | 0x7375_7245
            | 0x564C
            | 0x786F_4256
            | 0xBACB_ACBC
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_made_again_in_its_place_is_watched_anew() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("inbox");
        let mut hints = Hints::of(&folder);
        assert!(!hints.follow(&folder), "there is none");
        std::fs::create_dir(&folder).unwrap();
        assert!(hints.follow(&folder));
        assert!(!hints.follow(&folder), "it is the same");
        // Wine, on which these tests run for Windows, keeps the name of a folder that somebody watches, other than Windows.
        let away = |folder: &Path| match cfg!(windows) {
            true => std::fs::rename(folder, place.path().join("away")),
            false => std::fs::remove_dir(folder),
        };
        away(&folder).unwrap();
        assert!(!hints.follow(&folder), "there is none any more");
        std::fs::create_dir(&folder).unwrap();
        assert!(hints.follow(&folder));
        while hints.wait(Duration::ZERO) {}
        std::fs::write(folder.join("bai.mp3"), b"x").unwrap();
        assert!(hints.wait(Duration::from_secs(20)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn network_drives_are_known_by_their_file_system() {
        assert!(!is_on_network(&std::env::temp_dir()));
        assert!(!is_on_network(Path::new("/no such folder")));
        for number in [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546] {
            assert!(is_network_system(number));
        }
        // ext, tmpfs, btrfs, xfs, overlay.
        for number in [0xEF53, 0x0102_1994, 0x9123_683E, 0x5846_5342, 0x794C_7630] {
            assert!(!is_network_system(number));
        }
    }
}
