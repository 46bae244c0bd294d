//! The lock of the station: whoever holds `state/lock` is the one that writes. Owns the lock file; never removes it,
//! since a removed file can be locked twice.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The right to write, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct StationLock {
    path: PathBuf,
    _file: File,
}

/// Why the lock could not be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error(
        "`{}` is held by {}: a station already runs on this state; end it first, or give this one a state folder of its own",
        path.display(), holder.map_or("another process".to_owned(), |pid| format!("process {pid}"))
    )]
    Held {
        /// The lock file.
        path: PathBuf,
        /// The process, where the file says it (on Windows a locked file cannot be read).
        holder: Option<u32>,
    },
    /// The file cannot be made or locked.
    #[error("`{}` cannot be locked: {source}; the state folder must be on a local disk and writable", path.display())]
    Unusable {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

impl StationLock {
    /// Takes the lock in the state folder `dir`, which is made where it is not there. Does not wait.
    pub fn take(dir: &Path) -> Result<StationLock, LockError> {
        let path = dir.join("lock");
        let unusable = |source| LockError::Unusable { path: path.clone(), source };
        std::fs::create_dir_all(dir).map_err(unusable)?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // A command of root's takes the lock too, and what lies in the folder the station's account has put there: a link
        // would have some other file hold the number of a process.
        #[cfg(target_os = "linux")]
        {
            use std::os::unix::fs::OpenOptionsExt;
            options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
        }
        let mut file = options.open(&path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                let holder = match file.read_to_string(&mut holder) {
                    Ok(_) => holder.trim().parse().ok(),
                    Err(_) => None,
                };
                return Err(LockError::Held { path, holder });
            }
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        file.set_len(0)
            .and_then(|()| file.seek(SeekFrom::Start(0)))
            .and_then(|_| writeln!(file, "{}", std::process::id()))
            .map_err(unusable)?;
        Ok(StationLock { path, _file: file })
    }

    /// The lock file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}
