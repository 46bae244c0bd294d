//! Where an installed station lives: one folder that holds the whole of it (`config`, `schedules`, `audio`, `inbox`,
//! `state`), so that whoever carries it to another PC carries one thing. Owns the place and what a command takes as its
//! configuration when nobody names one; reads nothing.

use std::path::{Path, PathBuf};

/// The configuration below a station's folder, wherever that is.
pub const CONFIG: &str = "config/station.toml";

/// The folder of the station that is installed on this machine: `/var/lib/loa`, as the FHS has what a service keeps; on
/// Windows `Loa` in the folder of programs' own data (`%ProgramData%`).
pub fn folder() -> PathBuf {
    #[cfg(windows)]
    {
        let data = std::env::var_os("ProgramData").filter(|data| !data.is_empty());
        PathBuf::from(data.unwrap_or_else(|| "C:\\ProgramData".into())).join("Loa")
    }
    #[cfg(not(windows))]
    PathBuf::from("/var/lib/loa")
}

/// The configuration that is meant: the one that was named; else the one of the working directory, as a developer has it;
/// else the installed station's. Where there is none the first is named, so that the error tells what was looked for.
pub fn configuration(named: Option<PathBuf>) -> PathBuf {
    let here = PathBuf::from(CONFIG);
    named.unwrap_or_else(|| chosen(&here, &folder().join(CONFIG)))
}

fn chosen(here: &Path, installed: &Path) -> PathBuf {
    // A station whose folder this user may not look into is there all the same, and its error says what to do.
    let there = |path: &Path| path.try_exists().unwrap_or(true);
    if !there(here) && there(installed) { installed.to_path_buf() } else { here.to_path_buf() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_working_directory_goes_first_then_the_installed_station() {
        let folder = tempfile::tempdir().unwrap();
        let (here, installed) = (folder.path().join("here.toml"), folder.path().join("installed.toml"));
        assert_eq!(chosen(&here, &installed), here);
        std::fs::write(&installed, "").unwrap();
        assert_eq!(chosen(&here, &installed), installed);
        std::fs::write(&here, "").unwrap();
        assert_eq!(chosen(&here, &installed), here);
        assert_eq!(configuration(Some("x.toml".into())), Path::new("x.toml"));
    }
}
