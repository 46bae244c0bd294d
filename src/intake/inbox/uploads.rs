//! What comes into the inbox by the station's pages: written beside its place under a name that a look passes over, then
//! named as a drop is, whole or not at all. Owns where an upload may go and what it is called there, and finds the receipts
//! again; what becomes of a drop is the inbox's.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use unicode_normalization::UnicodeNormalization;

use super::disk::{Disk, RealDisk};
use super::looking::offices;
use super::names::{cleaned, fault, numbered, own, receipt_day};
use crate::core::drops::{DropId, ENGLISH_NAMES, VIETNAMESE_NAMES};
use crate::intake::is_temporary;

/// How an unfinished upload is called: a look passes over it.
const UNFINISHED: (&str, &str) = (".loa-upload-", ".part");
/// A receipt is never larger.
const LARGEST_RECEIPT: u64 = 4 << 20;
/// Names tried for an upload before it is given up.
const TRIES: usize = 10_000;

/// The offices that a file can be sent for: those of the config, and those that have a folder, by name.
pub fn offered(root: &Path, configured: &[String]) -> Vec<String> {
    let is_one = |name: &String| {
        let plain = !name.contains(['/', '\\']) && fault(Path::new(name)).is_none();
        plain && own(OsStr::new(name)).is_none() && !is_temporary(name)
    };
    let there = offices(root).unwrap_or_default();
    let there = there.iter().filter_map(|office| office.sender.folder()).map(|name| name.nfc().collect());
    let mut all: Vec<String> = configured.iter().cloned().chain(there).filter(is_one).collect();
    all.sort();
    all.dedup();
    all
}

/// The folder of an office that is offered, made where it is not there; none is the inbox itself, which is never made: it
/// may lie on a drive that is not there.
fn folder_of(root: &Path, office: Option<&str>, configured: &[String]) -> io::Result<PathBuf> {
    if !std::fs::symlink_metadata(root)?.is_dir() {
        return Err(ErrorKind::NotFound.into());
    }
    let Some(office) = office else { return Ok(root.to_owned()) };
    if !offered(root, configured).iter().any(|name| name == office) {
        return Err(ErrorKind::NotFound.into());
    }
    let is_it = |name: &str| name.nfc().eq(office.chars());
    let there = offices(root)?.into_iter().find(|one| one.sender.folder().is_some_and(is_it));
    if let Some(there) = there {
        return Ok(there.folder);
    }
    let folder = root.join(office);
    RealDisk.make_folder(&folder)?;
    Ok(folder)
}

/// A file that comes in. Let go before it is finished, it leaves nothing.
pub struct Upload {
    part: PathBuf,
    folder: PathBuf,
    name: String,
    file: Option<File>,
}

impl Upload {
    /// Begins a file that was `sent` under that name, for an office that is offered, or for the inbox itself.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] where no such office is offered or the inbox is not there; else what the system says.
    pub fn begin(root: &Path, office: Option<&str>, configured: &[String], sent: &str) -> io::Result<Upload> {
        let folder = folder_of(root, office, configured)?;
        Upload::within(folder, cleaned(sent))
    }

    /// Begins a file that takes that recording off, as one does that is moved into the folder for it.
    ///
    /// # Errors
    /// What the system says.
    pub fn to_withdraw(root: &Path, withdraw: &str, name: &str) -> io::Result<Upload> {
        let mut folder = folder_of(root, None, &[])?;
        let mut parts: Vec<&str> = std::iter::once(withdraw).chain(name.split('/')).collect();
        let file = parts.pop().unwrap_or_default().to_owned();
        for part in parts {
            folder.push(part);
            RealDisk.make_folder(&folder)?;
        }
        Upload::within(folder, file)
    }

    fn within(folder: PathBuf, name: String) -> io::Result<Upload> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let part = folder.join(format!("{}{number}{}", UNFINISHED.0, UNFINISHED.1));
            match File::create_new(&part) {
                Ok(file) => return Ok(Upload { part, folder, name, file: Some(file) }),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Writes on.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.file {
            Some(file) => file.write_all(bytes),
            None => Err(ErrorKind::NotFound.into()),
        }
    }

    /// What was written, through to the disk: a large file written out at once would keep the journal waiting.
    ///
    /// # Errors
    /// What the system says.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |file| file.sync_data())
    }

    /// Through to the disk and to its name, or one numbered: never over another file. Answers the name.
    ///
    /// # Errors
    /// What the system says; nothing is left then.
    pub fn finish(mut self) -> io::Result<String> {
        // Closed before it has its name: a look waits for whoever has a drop open.
        let Some(file) = self.file.take() else { return Err(ErrorKind::NotFound.into()) };
        file.sync_all()?;
        drop(file);
        for n in 1..TRIES {
            let name = numbered(OsStr::new(&self.name), n);
            match RealDisk.shift(&self.part, &self.folder.join(&name)) {
                Ok(()) => return Ok(name.to_string_lossy().into_owned()),
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(ErrorKind::AlreadyExists.into())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        self.file = None;
        // Finished, nothing of that name is there any more.
        let _ = std::fs::remove_file(&self.part);
    }
}

/// Removes what uploads left that the power cut short. To be called before any begins.
pub fn sweep(root: &Path) {
    for office in offices(root).unwrap_or_default() {
        for entry in std::fs::read_dir(&office.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
            if is_file && name.starts_with(UNFINISHED.0) && name.ends_with(UNFINISHED.1) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
}

/// The receipt of that number as it was laid out, the latest where a drop was answered again; none where it is not kept any
/// more, or the number is none.
pub fn receipt_of(root: &Path, id: &DropId) -> Option<String> {
    let end = format!(" - {id}.html");
    receipt_day(&format!("x{end}"))?;
    let mut latest = None;
    for office in offices(root).ok()? {
        for names in [VIETNAMESE_NAMES, ENGLISH_NAMES] {
            for entry in std::fs::read_dir(office.folder.join(names.receipts)).into_iter().flatten().flatten()
            {
                let is_it = entry.file_name().to_str().is_some_and(|name| name.ends_with(&end));
                // No link: it may lead out of the inbox.
                let found = is_it.then(|| std::fs::symlink_metadata(entry.path()).ok()).flatten();
                let found = found.filter(|found| found.is_file() && found.len() <= LARGEST_RECEIPT);
                if let Some(written) = found.and_then(|found| found.modified().ok()) {
                    latest = latest.max(Some((written, entry.path())));
                }
            }
        }
    }
    latest.and_then(|(_, path)| std::fs::read_to_string(path).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_upload_is_there_whole_or_not_at_all_and_never_over_another() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().join("inbox");
        let offices = ["Phòng Văn hóa".to_owned(), "../x".into(), "Phiếu báo".into(), ".ẩn".into()];
        let begin = |office| Upload::begin(&root, office, &offices, "bài.mp3");
        assert_eq!(begin(None).err().unwrap().kind(), ErrorKind::NotFound, "the inbox is not made");
        std::fs::create_dir(&root).unwrap();
        let nfd: String = "Trường học".nfd().collect();
        std::fs::create_dir(root.join(&nfd)).unwrap();
        assert_eq!(offered(&root, &offices), ["Phòng Văn hóa", "Trường học"]);
        for strange in ["..", "../x", "", "Phiếu báo", "/etc", "nơi khác"] {
            assert!(begin(Some(strange)).is_err(), "{strange}");
        }
        let mut first = begin(Some("Trường học")).unwrap();
        let mut second = begin(Some("Trường học")).unwrap();
        first.write(b"1").unwrap();
        second.write(b"2").unwrap();
        let list = || {
            let names = std::fs::read_dir(root.join(&nfd)).unwrap().flatten();
            let mut names: Vec<String> =
                names.map(|entry| entry.file_name().to_string_lossy().into()).collect();
            names.sort();
            names
        };
        assert!(list().iter().all(|name| is_temporary(name)), "{:?}", list());
        assert_eq!(first.finish().unwrap(), "bài.mp3");
        assert_eq!(second.finish().unwrap(), "bài (2).mp3");
        drop(begin(Some("Trường học")).unwrap());
        assert_eq!(list(), ["bài (2).mp3", "bài.mp3"]);
        assert_eq!(std::fs::read(root.join(&nfd).join("bài.mp3")).unwrap(), b"1");
        // What a power cut left of one.
        let only = || std::fs::read_dir(root.join("Phòng Văn hóa")).unwrap().flatten().next();
        let broken_off = begin(Some("Phòng Văn hóa")).unwrap();
        let left = only().unwrap().path();
        drop(broken_off);
        std::fs::write(left, b"1").unwrap();
        sweep(&root);
        assert!(only().is_none());
    }

    #[test]
    fn a_receipt_is_found_by_its_number_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("Xã/Phiếu báo");
        std::fs::create_dir_all(&folder).unwrap();
        let id = |text: &str| DropId(text.into());
        std::fs::write(folder.join("a - b.mp3 - TRẢ LẠI - 20261124-051203-3f9a1c.html"), "phiếu").unwrap();
        std::fs::write(folder.join("ghi chú.html"), "riêng").unwrap();
        std::fs::write(folder.join("thư - số 5.html"), "riêng").unwrap();
        std::fs::write(place.path().join("bí mật.html"), "riêng").unwrap();
        assert_eq!(receipt_of(place.path(), &id("20261124-051203-3f9a1c")).as_deref(), Some("phiếu"));
        for other in
            ["", "ghi chú", "số 5", "../../bí mật", "20261124-051203-3f9a1d", "/../20261124-051203-3f9a1c"]
        {
            assert_eq!(receipt_of(place.path(), &id(other)), None, "{other}");
        }
        #[cfg(unix)]
        {
            let link = folder.join("x - TRẢ LẠI - 20261124-051203-000000.html");
            std::os::unix::fs::symlink(place.path().join("bí mật.html"), link).unwrap();
            assert_eq!(receipt_of(place.path(), &id("20261124-051203-000000")), None, "a link");
        }
    }
}
