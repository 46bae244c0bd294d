//! Where the diagnostics of a service go, whose words nobody sees: `loa.log` in the state folder. Owns the limit: a file
//! that is full becomes `loa.log.old`, over the one before, so that both together never take more than twice the limit.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The file's name, beside the journal.
pub(super) const NAME: &str = "loa.log";
/// A full file; some weeks of a station that is well.
const LIMIT: u64 = 1 << 20;

/// The log. What cannot be written is let go: a full disk is told by other ways.
pub(super) struct LogFile {
    path: PathBuf,
    limit: u64,
    open: Option<(File, u64)>,
}

impl LogFile {
    /// The log in that state folder, which is made with the first line.
    pub(super) fn in_state(state: &Path) -> LogFile {
        LogFile { path: state.join(NAME), limit: LIMIT, open: None }
    }

    fn opened(&mut self) -> io::Result<&mut (File, u64)> {
        if self.open.as_ref().is_some_and(|(_, length)| *length >= self.limit) {
            // Closed first: Windows does not give an open file another name.
            self.open = None;
            std::fs::rename(&self.path, self.path.with_extension("log.old"))?;
        }
        if self.open.is_none() {
            self.path.parent().map(std::fs::create_dir_all).transpose()?;
            let file = OpenOptions::new().append(true).create(true).open(&self.path)?;
            let length = file.metadata()?.len();
            self.open = Some((file, length));
        }
        self.open.as_mut().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

impl Write for LogFile {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if let Ok((file, length)) = self.opened()
            && file.write_all(line).is_ok()
        {
            *length += line.len() as u64;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_file_is_set_aside_and_the_one_before_goes() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        let mut log = LogFile { limit: 10, ..LogFile::in_state(&state) };
        for line in ["first line\n", "second\n", "third\n", "fourth line\n"] {
            log.write_all(line.as_bytes()).unwrap();
        }
        let read = |name: &str| std::fs::read_to_string(state.join(name)).unwrap();
        assert_eq!(
            (read("loa.log").as_str(), read("loa.log.old").as_str()),
            ("fourth line\n", "second\nthird\n")
        );
        // The next start goes on where the file ends, full or not.
        let mut log = LogFile { limit: 100, ..LogFile::in_state(&state) };
        log.write_all(b"fifth\n").unwrap();
        assert_eq!(read("loa.log"), "fourth line\nfifth\n");
    }

    #[test]
    fn what_cannot_be_written_is_let_go() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("state");
        std::fs::write(&state, "no folder").unwrap();
        LogFile::in_state(&state).write_all(b"a line\n").unwrap();
    }
}
