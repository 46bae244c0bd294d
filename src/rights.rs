//! Whose rights a command has when it touches a station's folder: where root gives it on a station of another account, that
//! account's. What lies in the folder the account has put there, links to other people's files too, so that root's rights
//! would be its own. Owns the giving up of root's rights, for one piece of work on a thread of its own (Linux keeps them by
//! thread); never gives a right that the caller has not, and writes nothing.
//!
//! Elsewhere than on Linux, and for every caller but root, the work is done as it stands.

use std::io;
use std::path::Path;

pub mod accounts;

use accounts::Account;

/// Whose rights work on a station is done with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Owner {
    /// None: the caller's.
    account: Option<Account>,
}

impl Owner {
    /// The owner of the first of `folders` that is not root's, where root asks; else the caller. Folders that are not there
    /// are nobody's. Named from the outside in: what lies in a folder of root's root has put there.
    pub fn of(folders: &[&Path]) -> Owner {
        Owner { account: other_account(folders) }
    }

    /// As [`Owner::of`], of the station whose configuration is `config`: of its folder, that of the configuration, and that
    /// of its state, where it is known.
    pub fn of_station(config: &Path, state: Option<&Path>) -> Owner {
        let whole = std::path::absolute(config).unwrap_or_else(|_| config.to_owned());
        let folder = whole.parent().unwrap_or(&whole);
        let station = folder.parent().unwrap_or(folder);
        Owner::of(&[&[station, folder][..], state.as_slice()].concat())
    }

    /// Whether it is another account than the caller.
    pub fn is_other(&self) -> bool {
        self.account.is_some()
    }

    /// What that other account is called.
    pub fn name(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.name.as_str())
    }

    /// The number of that other account.
    pub fn user(&self) -> Option<u32> {
        self.account.as_ref().map(|account| account.user)
    }

    /// Does `work` with the owner's rights and no others. Where these are not the caller's it is done on a thread that has
    /// given up root's for good: what it opens it has to use itself, as SQLite opens its files when it comes to them; a file
    /// that is open may go either way. A panic goes on in the caller.
    ///
    /// # Errors
    /// Root's rights could not be given up; nothing was done.
    pub fn act<T: Send>(&self, work: impl FnOnce() -> T + Send) -> io::Result<T> {
        match &self.account {
            None => Ok(work()),
            Some(account) => on_a_thread(account, work),
        }
    }
}

/// Whether the caller is root, who alone has rights to give up.
pub fn by_root() -> bool {
    #[cfg(target_os = "linux")]
    return rustix::process::geteuid().is_root();
    #[cfg(not(target_os = "linux"))]
    false
}

#[cfg(target_os = "linux")]
fn other_account(folders: &[&Path]) -> Option<Account> {
    use std::os::unix::fs::MetadataExt;
    if !by_root() {
        return None;
    }
    let mut owned = folders.iter().filter_map(|folder| folder.metadata().ok());
    let found = owned.find(|found| found.uid() != 0)?;
    // Where it is not listed it has the group of its folder alone.
    let (user, group) = (found.uid(), found.gid());
    let unlisted = || Account { name: accounts::name_of(user), user, group, groups: Vec::new() };
    Some(accounts::by_number(user).unwrap_or_else(unlisted))
}

#[cfg(not(target_os = "linux"))]
fn other_account(_: &[&Path]) -> Option<Account> {
    None
}

/// As much as the first thread of a process has.
#[cfg(target_os = "linux")]
const STACK: usize = 8 << 20;

#[cfg(target_os = "linux")]
fn on_a_thread<T: Send>(account: &Account, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("owner".into()).stack_size(STACK);
        let acting = thread.spawn_scoped(scope, || {
            become_for_good(account)?;
            Ok(work())
        })?;
        acting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

#[cfg(not(target_os = "linux"))]
fn on_a_thread<T: Send>(_: &Account, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    Ok(work())
}

/// Gives up root's rights on this thread, and sees that they are gone: no group of root's, none of its three numbers, and so
/// no capability; nor may the account look into the process through this thread, since the kernel lets nobody but root trace
/// one that has changed its user.
#[cfg(target_os = "linux")]
fn become_for_good(account: &Account) -> io::Result<()> {
    use rustix::process::{Gid, Uid};
    use rustix::thread::{capabilities, set_thread_groups, set_thread_res_gid, set_thread_res_uid};
    let (user, group) = (Uid::from_raw(account.user), Gid::from_raw(account.group));
    let groups: Vec<Gid> = account.groups.iter().map(|group| Gid::from_raw(*group)).collect();
    // The user last: only root may change the groups.
    set_thread_groups(&groups)?;
    set_thread_res_gid(group, group, group)?;
    set_thread_res_uid(user, user, user)?;
    let left = capabilities(None)?;
    if !left.effective.is_empty() || !left.permitted.is_empty() {
        return Err(io::Error::other("the system leaves this process rights of root's"));
    }
    Ok(())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    /// A folder that belongs to nobody of this machine; none where the test is not root's.
    fn of_another() -> Option<(tempfile::TempDir, Owner)> {
        let folder = tempfile::tempdir().ok()?;
        std::os::unix::fs::chown(folder.path(), Some(4_711), Some(4_712)).ok()?;
        let owner = Owner::of(&[Path::new("/"), folder.path()]);
        Some((folder, owner))
    }

    #[test]
    fn root_has_the_owners_rights_and_no_others_for_that_work_alone() {
        use std::os::unix::fs::MetadataExt;
        let Some((folder, owner)) = of_another() else {
            assert!(!Owner::of(&[Path::new("/")]).is_other(), "nobody but root gives anything up");
            return;
        };
        assert_eq!(owner.user(), Some(4_711));
        let told = owner
            .act(|| {
                std::fs::write(folder.path().join("x"), "").unwrap();
                let id = std::process::Command::new("id").args(["-u"]).output().unwrap();
                let status = std::fs::read_to_string("/proc/thread-self/status").unwrap();
                // For good: there is no way back.
                assert!(rustix::thread::set_thread_res_uid(rustix::process::Uid::ROOT, None, None).is_err());
                (std::fs::read("/etc/shadow").is_err(), String::from_utf8(id.stdout).unwrap(), status)
            })
            .unwrap();
        assert_eq!((told.0, told.1.trim()), (true, "4711"));
        for line in ["CapEff:\t0000000000000000", "CapPrm:\t0000000000000000", "Gid:\t4712\t4712\t4712\t4712"]
        {
            assert!(told.2.contains(line), "{line} in {}", told.2);
        }
        let groups = told.2.lines().find(|line| line.starts_with("Groups:")).unwrap();
        assert_eq!(groups.split_whitespace().count(), 1, "{groups}");
        let made = folder.path().join("x").metadata().unwrap();
        assert_eq!((made.uid(), made.gid()), (4_711, 4_712));
        assert!(rustix::process::geteuid().is_root(), "the caller keeps its own");
        assert!(std::fs::read("/etc/shadow").is_ok());
    }

    #[test]
    fn what_belongs_to_root_is_done_as_it_stands() {
        assert!(!Owner::of(&[Path::new("/"), Path::new("/không có")]).is_other());
        let caller = std::thread::current().id();
        assert_eq!(Owner::of(&[Path::new("/")]).act(|| std::thread::current().id()).unwrap(), caller);
    }

    #[test]
    fn a_panic_goes_on_in_the_caller() {
        let owner = of_another().map_or_else(|| Owner::of(&[Path::new("/")]), |(_, owner)| owner);
        let caught = std::panic::catch_unwind(|| owner.act(|| -> () { panic!("giữa chừng") }));
        assert_eq!(caught.unwrap_err().downcast_ref::<&str>(), Some(&"giữa chừng"));
    }
}
