//! Room that is kept for the journal: a file of the state folder that holds nothing, and is freed when the disk is full, so
//! that what airs in the coming hours can still be written down. Owns the file `reserve`; deletes nothing else.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// 8 MiB: the write-ahead log alone may grow to 4 MiB before it is reused, and the other half takes the entries of more
/// than a thousand airings, weeks of a commune's station (tests/suite/disk_full.rs counts them).
pub const SIZE: u64 = 8 << 20;

fn place(state: &Path) -> PathBuf {
    state.join("reserve")
}

/// Whether the reserve is there.
pub fn stands(state: &Path) -> bool {
    std::fs::metadata(place(state)).is_ok_and(|found| found.len() == SIZE)
}

/// Makes the reserve where it is not there. Written out, and with bytes that no file system packs: a hole in a file is no
/// reserve.
///
/// # Errors
/// The disk's; what was written of it is given back then.
pub fn keep(state: &Path) -> std::io::Result<()> {
    if stands(state) {
        return Ok(());
    }
    let made = make(&place(state));
    if made.is_err() {
        free(state);
    }
    made
}

fn make(path: &Path) -> std::io::Result<()> {
    let mut file = File::create(path)?;
    let mut block = [0u8; 64 << 10];
    let mut number = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..SIZE / block.len() as u64 {
        for word in block.chunks_exact_mut(8) {
            number ^= number << 13;
            number ^= number >> 7;
            number ^= number << 17;
            word.copy_from_slice(&number.to_le_bytes());
        }
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// Gives the room back; false where there was none.
pub fn free(state: &Path) -> bool {
    std::fs::remove_file(place(state)).is_ok()
}

/// What is free on the disk of that folder for this program, in bytes; none where the system does not say.
#[cfg(target_os = "linux")]
pub fn free_space(folder: &Path) -> Option<u64> {
    let found = rustix::fs::statvfs(folder).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// What is free on the disk of that folder for this program, in bytes; none where the system does not say.
#[cfg(windows)]
pub fn free_space(folder: &Path) -> Option<u64> {
    fs4::available_space(folder).ok()
}

/// What is free on the disk of that folder for this program, in bytes; none where the system does not say.
#[cfg(not(any(target_os = "linux", windows)))]
pub fn free_space(_folder: &Path) -> Option<u64> {
    None
}
