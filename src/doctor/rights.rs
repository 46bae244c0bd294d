//! Whether an account may do with a file what the station does. Owns how another account's rights are told from owners and
//! modes: the superuser may do everything, which says nothing about the station's account.

use std::path::{Path, PathBuf};

use super::Patient;
use crate::core::checkup::Need;

/// Whose rights are looked at.
pub(super) enum Eyes {
    /// Those of the account that asks.
    Own,
    /// The station's, as the superuser sees them.
    #[cfg(target_os = "linux")]
    Station(Account),
}

/// Where something is not allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Barred {
    /// At what; a folder on the way to it, where it is not to be entered.
    pub(super) path: PathBuf,
    /// What is not allowed.
    pub(super) need: Need,
}

impl Eyes {
    /// Those by which `patient` is to be seen.
    #[cfg(target_os = "linux")]
    pub(super) fn of(patient: &Patient) -> Eyes {
        let account = || Account::by_id(owner_of_station(patient)?);
        if rustix::process::geteuid().is_root() {
            account().map_or(Eyes::Own, Eyes::Station)
        } else {
            Eyes::Own
        }
    }

    /// Those by which `patient` is to be seen.
    #[cfg(not(target_os = "linux"))]
    pub(super) fn of(_patient: &Patient) -> Eyes {
        Eyes::Own
    }

    /// The account, where it is not the one that asks.
    pub(super) fn account(&self) -> Option<String> {
        match self {
            Eyes::Own => None,
            #[cfg(target_os = "linux")]
            Eyes::Station(account) => Some(account.name.clone()),
        }
    }

    /// What is not allowed of what is needed at `path`.
    pub(super) fn barred(&self, path: &Path, need: Need) -> Option<Barred> {
        match self {
            Eyes::Own => (!may(path, need)).then(|| Barred { path: path.to_path_buf(), need }),
            #[cfg(target_os = "linux")]
            Eyes::Station(account) => account.barred(path, need),
        }
    }
}

/// The account that the station runs as: whoever holds its lock, else whoever its state, else its folder belongs to; none
/// where that is the superuser.
#[cfg(target_os = "linux")]
fn owner_of_station(patient: &Patient) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let owner = |path: &Path| std::fs::metadata(path).ok().map(|found| found.uid());
    if let Some(runs) = patient.holder().and_then(|process| owner(Path::new(&format!("/proc/{process}")))) {
        return (runs != 0).then_some(runs);
    }
    let folder = patient.file.parent().and_then(Path::parent);
    // What a command of root's left behind is root's, and the station's account cannot open it.
    let owners = [owner(&patient.config.paths.state), folder.and_then(owner)];
    owners.into_iter().flatten().find(|owner| *owner != 0)
}

#[cfg(target_os = "linux")]
fn may(path: &Path, need: Need) -> bool {
    use rustix::fs::{Access, AtFlags, CWD, accessat};
    let mut wanted = match need {
        Need::Read => Access::READ_OK,
        Need::Write => Access::READ_OK | Access::WRITE_OK,
        Need::Enter => Access::EXEC_OK,
    };
    if path.is_dir() {
        wanted |= Access::EXEC_OK;
    }
    // A read-only disk is told of as such.
    !matches!(accessat(CWD, path, wanted, AtFlags::EACCESS), Err(error) if error != rustix::io::Errno::ROFS)
}

#[cfg(not(target_os = "linux"))]
fn may(path: &Path, need: Need) -> bool {
    std::fs::metadata(path).is_ok_and(|found| need != Need::Write || !found.permissions().readonly())
}

/// What the account of that number is called; its number where nobody knows.
#[cfg(target_os = "linux")]
pub(super) fn name_of(id: u32) -> String {
    let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    line_of(&accounts, id).map_or_else(|| id.to_string(), |fields| fields[0].to_owned())
}

/// The fields of an account's line.
#[cfg(target_os = "linux")]
fn line_of(accounts: &str, id: u32) -> Option<Vec<&str>> {
    let mut lines = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    lines.find(|fields| fields.get(2).is_some_and(|field| field.parse() == Ok(id)))
}

/// An account of this machine that is not the superuser's.
#[cfg(target_os = "linux")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Account {
    name: String,
    id: u32,
    groups: Vec<u32>,
}

#[cfg(target_os = "linux")]
impl Account {
    fn by_id(id: u32) -> Option<Account> {
        let read = |file| std::fs::read_to_string(file).unwrap_or_default();
        Account::of(id, &read("/etc/passwd"), &read("/etc/group"))
    }

    /// By the texts of the system's lists; none where they do not know it, since its groups would not be known either.
    fn of(id: u32, accounts: &str, groups: &str) -> Option<Account> {
        let line = line_of(accounts, id)?;
        let name = line[0].to_owned();
        let mut of: Vec<u32> = line.get(3).and_then(|group| group.parse().ok()).into_iter().collect();
        for line in groups.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            if let [_, _, group, members] = fields[..]
                && members.split(',').any(|member| member == name)
            {
                of.extend(group.parse::<u32>());
            }
        }
        Some(Account { name, id, groups: of })
    }

    fn barred(&self, path: &Path, need: Need) -> Option<Barred> {
        let whole = path.canonicalize().ok()?;
        let mut above: Vec<&Path> = whole.ancestors().skip(1).collect();
        above.reverse();
        if let Some(folder) = above.into_iter().find(|folder| !self.may(folder, 0o1)) {
            return Some(Barred { path: folder.to_path_buf(), need: Need::Enter });
        }
        let enter = if whole.is_dir() { 0o1 } else { 0 };
        let bits = match need {
            Need::Read => 0o4 | enter,
            Need::Write => 0o6 | enter,
            Need::Enter => 0o1,
        };
        (!self.may(&whole, bits)).then_some(Barred { path: whole, need })
    }

    /// By owner, group and mode. What a list of further rights allows is not told from here, so that nothing is said.
    fn may(&self, path: &Path, bits: u32) -> bool {
        use std::os::unix::fs::MetadataExt;
        let Ok(found) = std::fs::metadata(path) else { return true };
        if rustix::fs::getxattr(path, "system.posix_acl_access", &mut [0u8; 0][..]).is_ok_and(|size| size > 0)
        {
            return true;
        }
        let shift = match () {
            () if found.uid() == self.id => 6,
            () if self.groups.contains(&found.gid()) => 3,
            () => 0,
        };
        found.mode() >> shift & bits == bits
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    fn mode(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn an_account_is_read_with_its_groups() {
        let accounts = "root:x:0:0:root:/root:/bin/bash\nloa:x:998:997::/var/lib/loa:/usr/sbin/nologin\n";
        let groups = "root:x:0:\naudio:x:29:binh,loa\nvideo:x:44:loax\nloa:x:997:\n";
        let loa = Account { name: "loa".into(), id: 998, groups: vec![997, 29] };
        assert_eq!(Account::of(998, accounts, groups), Some(loa));
        assert_eq!(Account::of(5, accounts, groups), None);
    }

    #[test]
    fn what_another_account_may_do_is_told_from_owner_group_and_mode() {
        let folder = tempfile::tempdir().unwrap();
        let (inner, file) = (folder.path().join("d"), folder.path().join("d/f"));
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(&file, "").unwrap();
        let found = std::fs::metadata(&file).unwrap();
        let account = |id, groups: &[u32]| Account { name: "loa".into(), id, groups: groups.to_vec() };
        let owner = account(found.uid(), &[]);
        let (member, other) = (account(found.uid() + 1, &[found.gid()]), account(found.uid() + 1, &[]));
        mode(folder.path(), 0o755);
        mode(&inner, 0o750);
        mode(&file, 0o640);
        let barred = |path: &Path, need| Some(Barred { path: path.canonicalize().unwrap(), need });
        assert_eq!(owner.barred(&file, Need::Write), None);
        assert_eq!(member.barred(&file, Need::Read), None);
        assert_eq!(member.barred(&file, Need::Write), barred(&file, Need::Write));
        assert_eq!(other.barred(&file, Need::Read), barred(&inner, Need::Enter));
        mode(&inner, 0o711);
        assert_eq!(other.barred(&file, Need::Read), barred(&file, Need::Read));
        assert_eq!(other.barred(&inner, Need::Read), barred(&inner, Need::Read));
        mode(&file, 0o604);
        assert_eq!(other.barred(&file, Need::Read), None);
        assert_eq!(member.barred(&file, Need::Read), barred(&file, Need::Read), "its group has less");
    }
}
