//! The accounts of the pages: `state/accounts.json` and its hashes. Owns that file, which commands write and the running
//! station reads again when it changes, and the argon2 by which passwords are proved. Never keeps a password, and never
//! writes the journal: what changed is told to whoever does.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::core::account::{AccountFault, AccountName, Role, password};
use crate::core::cart::Fingerprint;
use crate::core::record::AccountChange;
use crate::words::{Language, Say, pages};

mod owner;

#[cfg(unix)]
use owner::belongs_to_station;
use owner::open_lock;

/// What argon2id is given where nothing else is written: 19 MiB, two passes, as OWASP has it.
const MEMORY_KIB: u32 = 19 * 1_024;
const PASSES: u32 = 2;
/// More than this is no file of ours.
const LARGEST: u64 = 1 << 20;

/// Why the accounts could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountsError {
    /// The file, or the folder it lies in.
    #[error("`{file}` could not be {doing}: {found}; the station's user must own the state folder")]
    File {
        /// The file.
        file: PathBuf,
        /// `read` or `written`.
        doing: Doing,
        /// What kind of trouble.
        kind: std::io::ErrorKind,
        /// What the system said.
        found: String,
    },
    /// Its content.
    #[error(
        "`{file}` holds no accounts: {found}; delete it, then make the accounts anew with `loa user add`"
    )]
    Content {
        /// The file.
        file: PathBuf,
        /// What was found.
        found: String,
    },
    /// The name or the password.
    #[error(transparent)]
    Fault(#[from] AccountFault),
    /// Nobody of that name.
    #[error("there is no account `{name}`; `loa user list` has them all")]
    Unknown {
        /// The name that was given.
        name: AccountName,
    },
    /// The system gave no chance, or the hash failed.
    #[error("the password could not be hashed: {found}; try again")]
    Hash {
        /// What was found.
        found: String,
    },
}

impl Say for AccountsError {
    fn say(&self, language: Language) -> String {
        match self {
            AccountsError::File { file, doing, kind, found } => {
                let writing = *doing == Doing::Written;
                pages::accounts_file(language, &file.display().to_string(), writing, *kind, found)
            }
            AccountsError::Content { file, found } => {
                pages::accounts_content(language, &file.display().to_string(), found)
            }
            AccountsError::Fault(fault) => pages::account_fault(language, *fault),
            AccountsError::Unknown { name } => pages::unknown_account(language, name),
            AccountsError::Hash { found } => pages::not_hashed(language, found),
        }
    }
}

/// What was being done with the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Reading.
    Read,
    /// Writing.
    Written,
}

impl std::fmt::Display for Doing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Doing::Read => "read",
            Doing::Written => "written",
        })
    }
}

/// A hash with all that is needed to prove a password by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Hashed {
    memory_kib: u32,
    passes: u32,
    salt: Fingerprint,
    hash: Fingerprint,
}

impl Hashed {
    fn new(password: &str) -> Result<Hashed, AccountsError> {
        let mut salt = [0u8; 32];
        getrandom::fill(&mut salt).map_err(|error| AccountsError::Hash { found: error.to_string() })?;
        let empty = Fingerprint([0; 32]);
        let mut made =
            Hashed { memory_kib: MEMORY_KIB, passes: PASSES, salt: Fingerprint(salt), hash: empty };
        made.hash = made.of(password).map_err(|found| AccountsError::Hash { found })?;
        Ok(made)
    }

    fn of(&self, password: &str) -> Result<Fingerprint, String> {
        let parameters = Params::new(self.memory_kib, self.passes, 1, Some(32));
        let parameters = parameters.map_err(|error| error.to_string())?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters);
        let mut hash = [0u8; 32];
        argon
            .hash_password_into(password.as_bytes(), &self.salt.0, &mut hash)
            .map_err(|error| error.to_string())?;
        Ok(Fingerprint(hash))
    }
}

/// An account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Its name.
    pub name: AccountName,
    /// What it may do.
    pub role: Role,
    /// The system's user who made it so.
    pub by: String,
    password: Hashed,
}

impl Account {
    /// A mark of name and password: another password gives another.
    pub fn mark(&self) -> Fingerprint {
        Fingerprint::of(format!("{} {} {}", self.name, self.password.salt, self.password.hash).as_bytes())
    }
}

/// Who took out an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Removed {
    name: AccountName,
    by: String,
}

/// All accounts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accounts {
    accounts: Vec<Account>,
    #[serde(default)]
    removed: Vec<Removed>,
}

/// What the journal was last told of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Noted {
    name: AccountName,
    role: Role,
    mark: Fingerprint,
}

impl Accounts {
    /// Those of that state folder; no file: none.
    pub fn read(state: &Path) -> Result<Accounts, AccountsError> {
        let file = file_of(state);
        let failed = |error: std::io::Error| AccountsError::File {
            file: file.clone(),
            doing: Doing::Read,
            kind: error.kind(),
            found: error.to_string(),
        };
        match std::fs::metadata(&file) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Accounts::default()),
            Err(error) => return Err(failed(error)),
            Ok(found) if found.len() > LARGEST => {
                let found = format!("it has {} bytes", found.len());
                return Err(AccountsError::Content { file, found });
            }
            Ok(_) => {}
        }
        let text = std::fs::read_to_string(&file).map_err(failed)?;
        serde_json::from_str(&text)
            .map_err(|error| AccountsError::Content { file: file.clone(), found: error.to_string() })
    }

    /// In the order in which they were made.
    pub fn iter(&self) -> impl Iterator<Item = &Account> {
        self.accounts.iter()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.accounts.is_empty()
    }

    /// The account of that name.
    pub fn get(&self, name: &AccountName) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == *name)
    }

    /// The account whose name and password these are; takes as long for a name that belongs to nobody. Slow on purpose: a
    /// twentieth of a second and 19 MiB.
    pub fn prove(&self, name: Option<&AccountName>, given: &str) -> Option<&Account> {
        let account = name.and_then(|name| self.get(name));
        let nobody = Hashed {
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: Fingerprint([7; 32]),
            hash: Fingerprint([0; 32]),
        };
        let hashed = account.map_or(&nobody, |account| &account.password);
        let given = password(given).unwrap_or_default();
        let found = hashed.of(&given).ok()?;
        let differ = found.0.iter().zip(&hashed.hash.0).fold(0, |differ, (a, b)| differ | (a ^ b));
        account.filter(|_| differ == 0)
    }

    /// What the journal has not been told yet, with who did it. [`Accounts::noted`] afterwards.
    pub fn changes(&self, state: &Path) -> Vec<(AccountName, AccountChange, String)> {
        let told = std::fs::read(noted_in(state)).unwrap_or_default();
        let told: Vec<Noted> = serde_json::from_slice(&told).unwrap_or_default();
        let mut changes = Vec::new();
        for account in &self.accounts {
            let mut say = |change| changes.push((account.name.clone(), change, account.by.clone()));
            match told.iter().find(|noted| noted.name == account.name) {
                None => say(AccountChange::Added { role: account.role }),
                Some(noted) => {
                    if noted.role != account.role {
                        say(AccountChange::Role { role: account.role });
                    }
                    if noted.mark != account.mark() {
                        say(AccountChange::Password);
                    }
                }
            }
        }
        for gone in told.iter().filter(|noted| self.get(&noted.name).is_none()) {
            let by = self.removed.iter().rfind(|removed| removed.name == gone.name);
            // Whoever edits the file by hand leaves no name.
            let by = by.map_or_else(|| "unknown".into(), |removed| removed.by.clone());
            changes.push((gone.name.clone(), AccountChange::Removed, by));
        }
        changes
    }

    /// Remembers that the journal has been told of the accounts as they are.
    pub fn noted(&self, state: &Path) -> Result<(), AccountsError> {
        let noted = |account: &Account| Noted {
            name: account.name.clone(),
            role: account.role,
            mark: account.mark(),
        };
        let noted: Vec<Noted> = self.accounts.iter().map(noted).collect();
        replace(&noted_in(state), &noted)
    }
}

/// Makes the account, or gives it another password and role.
pub fn add(state: &Path, name: &AccountName, role: Role, given: &str, by: &str) -> Result<(), AccountsError> {
    let hashed = Hashed::new(&password(given)?)?;
    change(state, |accounts| {
        let made = Account { name: name.clone(), role, by: by.to_owned(), password: hashed };
        match accounts.accounts.iter_mut().find(|account| account.name == *name) {
            Some(account) => *account = made,
            None => accounts.accounts.push(made),
        }
        Ok(())
    })
}

/// Takes the account out.
pub fn remove(state: &Path, name: &AccountName, by: &str) -> Result<(), AccountsError> {
    change(state, |accounts| {
        let before = accounts.accounts.len();
        accounts.accounts.retain(|account| account.name != *name);
        if accounts.accounts.len() == before {
            return Err(AccountsError::Unknown { name: name.clone() });
        }
        accounts.removed.retain(|removed| removed.name != *name);
        accounts.removed.push(Removed { name: name.clone(), by: by.to_owned() });
        Ok(())
    })
}

/// When the file was last changed; none: there is none.
pub(super) fn changed(state: &Path) -> Option<(SystemTime, u64)> {
    let found = std::fs::metadata(file_of(state)).ok()?;
    Some((found.modified().ok()?, found.len()))
}

/// The file of the accounts.
pub fn file_of(state: &Path) -> PathBuf {
    state.join("accounts.json")
}

fn noted_in(state: &Path) -> PathBuf {
    state.join("accounts-noted.json")
}

/// One change at a time, whoever makes it.
fn change(
    state: &Path,
    edit: impl FnOnce(&mut Accounts) -> Result<(), AccountsError>,
) -> Result<(), AccountsError> {
    let lock = state.join("accounts.lock");
    let failed = |error: std::io::Error| AccountsError::File {
        file: file_of(state),
        doing: Doing::Written,
        kind: error.kind(),
        found: error.to_string(),
    };
    std::fs::create_dir_all(state).map_err(failed)?;
    let held = open_lock(&lock).map_err(failed)?;
    held.lock().map_err(failed)?;
    let mut accounts = Accounts::read(state)?;
    edit(&mut accounts)?;
    replace(&file_of(state), &accounts)
}

/// Replaces a file in one step, readable by its owner alone where the system knows owners.
fn replace(file: &Path, content: &impl Serialize) -> Result<(), AccountsError> {
    let failed = |error: std::io::Error| AccountsError::File {
        file: file.to_owned(),
        doing: Doing::Written,
        kind: error.kind(),
        found: error.to_string(),
    };
    let text = serde_json::to_vec_pretty(content).map_err(|error| failed(error.into()))?;
    let fresh = file.with_extension("new");
    let _ = std::fs::remove_file(&fresh);
    replace_by(&fresh, file, &text).map_err(|error| {
        // Half a file is nobody's, and takes the room that is wanting.
        let _ = std::fs::remove_file(&fresh);
        failed(error)
    })
}

fn replace_by(fresh: &Path, file: &Path, text: &[u8]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut written = options.open(fresh)?;
    written.write_all(text)?;
    written.sync_all()?;
    #[cfg(unix)]
    belongs_to_station(fresh)?;
    std::fs::rename(fresh, file)?;
    // A name is durable once its folder is: no account that was removed comes back after a power cut.
    #[cfg(unix)]
    if let Some(folder) = file.parent() {
        std::fs::File::open(folder).and_then(|folder| folder.sync_all())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> AccountName {
        AccountName::new(text).unwrap()
    }

    #[test]
    fn a_password_proves_its_own_account_and_no_other() {
        let state = tempfile::tempdir().unwrap();
        add(state.path(), &name("Bình"), Role::Technician, "mười hai con giáp", "root").unwrap();
        add(state.path(), &name("An"), Role::Office, "một hai ba bốn năm", "root").unwrap();
        let accounts = Accounts::read(state.path()).unwrap();
        let proved =
            |who: &str, given: &str| accounts.prove(Some(&name(who)), given).map(|account| account.role);
        assert_eq!(proved("Bình", "mười hai con giáp"), Some(Role::Technician));
        assert_eq!(proved("An", "mười hai con giáp"), None);
        assert_eq!(proved("Ai đó", "mười hai con giáp"), None);
        assert_eq!(proved("Bình", ""), None);
        assert!(accounts.prove(None, "mười hai con giáp").is_none());
        let text = std::fs::read_to_string(file_of(state.path())).unwrap();
        assert!(!text.contains("giáp"), "{text}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(file_of(state.path())).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn every_change_is_told_once_with_who_made_it() {
        let state = tempfile::tempdir().unwrap();
        let told = || {
            let accounts = Accounts::read(state.path()).unwrap();
            let changes = accounts.changes(state.path());
            accounts.noted(state.path()).unwrap();
            changes
        };
        assert!(told().is_empty());
        add(state.path(), &name("Bình"), Role::Office, "mười hai con giáp", "root").unwrap();
        let added = AccountChange::Added { role: Role::Office };
        assert_eq!(told(), [(name("Bình"), added, "root".into())]);
        assert!(told().is_empty());
        add(state.path(), &name("Bình"), Role::Technician, "mười hai con giáp khác", "an").unwrap();
        assert_eq!(
            told(),
            [
                (name("Bình"), AccountChange::Role { role: Role::Technician }, "an".into()),
                (name("Bình"), AccountChange::Password, "an".into())
            ]
        );
        remove(state.path(), &name("Bình"), "an").unwrap();
        assert_eq!(told(), [(name("Bình"), AccountChange::Removed, "an".into())]);
        assert!(matches!(remove(state.path(), &name("Bình"), "an"), Err(AccountsError::Unknown { .. })));
        assert!(told().is_empty());
    }

    #[test]
    fn a_file_that_is_none_of_ours_is_told_and_left_alone() {
        let state = tempfile::tempdir().unwrap();
        std::fs::write(file_of(state.path()), "{\"accounts\":[{}]}").unwrap();
        assert!(matches!(Accounts::read(state.path()), Err(AccountsError::Content { .. })));
        let added = add(state.path(), &name("a"), Role::Office, "mười hai con giáp", "root");
        assert!(matches!(added, Err(AccountsError::Content { .. })));
    }
}
