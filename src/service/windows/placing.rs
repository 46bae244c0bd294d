//! The program's place in Windows: what `loa install` does to a PC before there is a station, and `loa uninstall` takes
//! back. Owns the list of these steps and what each writes: the program's folder, the rights on the station's, the search
//! path, the power plan, the list of installed programs. Never touches what a station has written, and asks nobody.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use windows_registry::{Key, LOCAL_MACHINE, Value};

/// The file of the program.
const PROGRAM: &str = "loa.exe";
/// Files that go along with it, where they lie beside it.
const BESIDE: &[&str] = &["go-bo.cmd", "uninstall.cmd", "LAM-THEO-DAY.txt", "README.txt"];
/// Folders of a station.
const FOLDERS: &[&str] = &["config", "schedules", "audio", "inbox", "state"];
/// What the machine's environment is read from.
const ENVIRONMENT: &str = r"SYSTEM\CurrentControlSet\Control\Session Manager\Environment";
/// With it a shutdown only lays the services to sleep: they are neither told of it nor started with the PC.
const FAST_STARTUP: &str = r"SYSTEM\CurrentControlSet\Control\Session Manager\Power";
/// The list of installed programs.
const INSTALLED: &str = r"SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall\Loa";
/// The station's pages, as its own machine reaches them by default.
const PAGES: &str = "http://127.0.0.1:8080/";

/// Windows' own names for SYSTEM, the administrators and the users, in every language.
const SYSTEM: &str = "*S-1-5-18:(OI)(CI)F";
const ADMINISTRATORS: &str = "*S-1-5-32-544:(OI)(CI)F";
const USERS_READ: &str = "*S-1-5-32-545:(OI)(CI)RX";
const USERS_CHANGE: &str = "*S-1-5-32-545:(OI)(CI)M";

/// One thing that an installation does. Each bears being done twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The program, with its uninstaller, into the folder of programs.
    Program,
    /// The station's folder, and the lists of holidays, themes and targets where it has none.
    Folder,
    /// Who may do what in the station's folder: the config and the state are the administrators' alone, the inbox is
    /// everyone's.
    Rights,
    /// The program's folder into the search path, so that `loa` is found.
    SearchPath,
    /// The PC neither sleeps nor is laid to sleep by a shutdown.
    Awake,
    /// Into the list of installed programs, and a link to the pages into the start menu.
    Listed,
}

impl Step {
    /// All, in order.
    pub const ALL: [Step; 6] =
        [Step::Program, Step::Folder, Step::Rights, Step::SearchPath, Step::Awake, Step::Listed];

    /// Whether a station cannot go on air, or not safely, without it.
    pub fn is_needed(self) -> bool {
        matches!(self, Step::Program | Step::Folder | Step::Rights)
    }
}

/// Why a step was not done. `Display` is the English.
#[derive(Debug, thiserror::Error)]
pub enum PlacingFault {
    /// The file system's.
    #[error("`{}`: {found}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        found: std::io::Error,
    },
    /// A program of Windows did not do it.
    #[error("{program}: {found}")]
    Program {
        /// The program.
        program: &'static str,
        /// What it said.
        found: String,
    },
    /// The registry's.
    #[error("the registry, `{key}`: {found}")]
    Registry {
        /// The key.
        key: &'static str,
        /// What the system said.
        found: String,
    },
}

/// The folder of the installed program.
pub fn program_folder() -> PathBuf {
    let programs = std::env::var_os("ProgramFiles").filter(|folder| !folder.is_empty());
    PathBuf::from(programs.unwrap_or_else(|| r"C:\Program Files".into())).join("Loa")
}

/// The installed program.
pub fn program() -> PathBuf {
    program_folder().join(PROGRAM)
}

/// Does a step, for the station whose folder that is.
///
/// # Errors
/// What was in the way.
pub fn take(step: Step, station: &Path) -> Result<(), PlacingFault> {
    match step {
        Step::Program => copy_program(),
        Step::Folder => make_folders(station),
        Step::Rights => give_rights(station),
        Step::SearchPath => change_search_path(|path, own| with_entry(path, own)),
        Step::Awake => keep_awake(),
        Step::Listed => list(),
    }
}

/// Takes back what [`take`] did to Windows, each as far as it goes; what went wrong. The program's own folder is left: a
/// program that runs cannot be deleted. The station's folder is not touched, nor is the power plan.
pub fn take_back() -> Vec<PlacingFault> {
    let search_path = change_search_path(|path, own| without_entry(path, own));
    let listed = LOCAL_MACHINE.remove_tree(INSTALLED).map_err(|found| registry(INSTALLED, found));
    let link = std::fs::remove_file(start_menu_link()).map_err(|found| file(&start_menu_link(), found));
    [search_path, listed, link].into_iter().filter_map(Result::err).collect()
}

fn file(path: &Path, found: std::io::Error) -> PlacingFault {
    PlacingFault::File { path: path.to_path_buf(), found }
}

fn registry(key: &'static str, found: impl std::fmt::Display) -> PlacingFault {
    PlacingFault::Registry { key, found: found.to_string() }
}

fn copy_program() -> Result<(), PlacingFault> {
    let this = std::env::current_exe().map_err(|found| file(Path::new(PROGRAM), found))?;
    let folder = program_folder();
    std::fs::create_dir_all(&folder).map_err(|found| file(&folder, found))?;
    let Some(from) = this.parent().filter(|from| !same_folder(from, &folder)) else { return Ok(()) };
    let copy = |from: &Path, name: &str| {
        let to = folder.join(name);
        std::fs::copy(from, &to).map(drop).map_err(|found| file(&to, found))
    };
    copy(&this, PROGRAM)?;
    let there = BESIDE.iter().filter(|name| from.join(name).exists());
    there.map(|name| copy(&from.join(name), name)).collect()
}

fn same_folder(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some() && real(one) == real(other)
}

fn make_folders(station: &Path) -> Result<(), PlacingFault> {
    for name in FOLDERS {
        let folder = station.join(name);
        std::fs::create_dir_all(&folder).map_err(|found| file(&folder, found))?;
    }
    // The lists that lie in the package; what a station has is its own.
    let this = std::env::current_exe().map_err(|found| file(Path::new(PROGRAM), found))?;
    let lists = this.parent().unwrap_or(Path::new("")).join("config");
    for entry in std::fs::read_dir(lists).into_iter().flatten().flatten() {
        let to = station.join("config").join(entry.file_name());
        if !to.exists() {
            std::fs::copy(entry.path(), &to).map_err(|found| file(&to, found))?;
        }
    }
    Ok(())
}

fn give_rights(station: &Path) -> Result<(), PlacingFault> {
    let rights = |folder: &Path, whose: &[&str]| {
        let folder = folder.display().to_string();
        // What was inherited goes: the folder of programs' data lets every user make files in it.
        let mut arguments = vec![folder.as_str(), "/inheritance:r", "/grant:r"];
        arguments.extend(whose);
        run("icacls", &arguments)
    };
    rights(station, &[SYSTEM, ADMINISTRATORS, USERS_READ])?;
    for secret in ["config", "state"] {
        rights(&station.join(secret), &[SYSTEM, ADMINISTRATORS])?;
    }
    rights(&station.join("inbox"), &[SYSTEM, ADMINISTRATORS, USERS_CHANGE])
}

fn keep_awake() -> Result<(), PlacingFault> {
    for what in ["standby-timeout-ac", "standby-timeout-dc", "hibernate-timeout-ac", "hibernate-timeout-dc"] {
        run("powercfg", &["/change", what, "0"])?;
    }
    let key = LOCAL_MACHINE.create(FAST_STARTUP).map_err(|found| registry(FAST_STARTUP, found))?;
    key.set_u32("HiberbootEnabled", 0).map_err(|found| registry(FAST_STARTUP, found))
}

fn list() -> Result<(), PlacingFault> {
    let folder = program_folder();
    let write = |key: Key| {
        key.set_string("DisplayName", "Loa")?;
        key.set_string("DisplayVersion", env!("CARGO_PKG_VERSION"))?;
        key.set_string("Publisher", "Loa")?;
        key.set_string("DisplayIcon", folder.join(PROGRAM).display().to_string())?;
        key.set_string("UninstallString", format!("\"{}\"", folder.join(BESIDE[0]).display()))?;
        key.set_u32("NoModify", 1)?;
        key.set_u32("NoRepair", 1)
    };
    LOCAL_MACHINE.create(INSTALLED).and_then(write).map_err(|found| registry(INSTALLED, found))?;
    let link = start_menu_link();
    std::fs::write(&link, format!("[InternetShortcut]\r\nURL={PAGES}\r\n"))
        .map_err(|found| file(&link, found))
}

fn start_menu_link() -> PathBuf {
    let data = std::env::var_os("ProgramData").filter(|data| !data.is_empty());
    let data = PathBuf::from(data.unwrap_or_else(|| r"C:\ProgramData".into()));
    data.join(r"Microsoft\Windows\Start Menu\Programs\Loa.url")
}

/// Writes the machine's search path anew where `change` has another one; keeps how it was written (`%SystemRoot%` stays
/// that).
fn change_search_path(change: impl Fn(&str, &str) -> Option<String>) -> Result<(), PlacingFault> {
    let own = program_folder().display().to_string();
    let fault = |found| registry(ENVIRONMENT, found);
    let key = LOCAL_MACHINE.options().read().write().open(ENVIRONMENT).map_err(fault)?;
    let value: Value = key.get_value("Path").map_err(fault)?;
    let kind = value.ty();
    let path = String::try_from(value).map_err(fault)?;
    let Some(changed) = change(&path, &own) else { return Ok(()) };
    match kind {
        windows_registry::Type::String => key.set_string("Path", changed),
        _ => key.set_expand_string("Path", changed),
    }
    .map_err(fault)?;
    // What runs is told by a change that .NET makes and nothing else does simply: a variable that is not there is
    // removed. Without it new windows know the path only after the next login.
    let _ = run(
        "powershell",
        &["-NoProfile", "-Command", "[Environment]::SetEnvironmentVariable('LOA_NONE', $null, 'Machine')"],
    );
    Ok(())
}

/// The search path with `own` at its end; none where it has it.
fn with_entry(path: &str, own: &str) -> Option<String> {
    let there = path.split(';').any(|entry| is_entry(entry, own));
    (!there)
        .then(|| format!("{}{}{own}", path, if path.is_empty() || path.ends_with(';') { "" } else { ";" }))
}

/// The search path without `own`; none where it has it not.
fn without_entry(path: &str, own: &str) -> Option<String> {
    let others: Vec<&str> = path.split(';').filter(|entry| !is_entry(entry, own)).collect();
    (others.len() < path.split(';').count()).then(|| others.join(";"))
}

fn is_entry(entry: &str, own: &str) -> bool {
    entry.trim().trim_matches('"').trim_end_matches('\\').eq_ignore_ascii_case(own)
}

fn run(program: &'static str, arguments: &[&str]) -> Result<(), PlacingFault> {
    let fault = |found: String| PlacingFault::Program { program, found };
    let done = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    let done = done.map_err(|error| fault(error.to_string()))?;
    if done.status.success() {
        return Ok(());
    }
    let said = [done.stderr, done.stdout].map(|said| String::from_utf8_lossy(&said).trim().to_owned());
    let said = said.into_iter().find(|said| !said.is_empty()).unwrap_or_default();
    Err(fault(format!("{}: {said}", done.status)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = r"C:\Program Files\Loa";

    #[test]
    fn the_search_path_gets_the_program_once_and_loses_it_whole() {
        let before = r"%SystemRoot%\system32;%SystemRoot%;C:\Ông Bình\bin";
        let with = with_entry(before, OWN).unwrap();
        assert_eq!(with, format!("{before};{OWN}"));
        assert_eq!(with_entry(&with, OWN), None);
        assert_eq!(with_entry(&format!(r#"{before};"c:\program files\loa\";D:\"#), OWN), None);
        assert_eq!(without_entry(&with, OWN).as_deref(), Some(before));
        assert_eq!(without_entry(before, OWN), None);
        assert_eq!(with_entry("", OWN).as_deref(), Some(OWN));
        assert_eq!(with_entry(r"C:\Windows;", OWN), Some(format!(r"C:\Windows;{OWN}")));
    }
}
