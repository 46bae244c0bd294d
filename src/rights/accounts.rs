//! The accounts of this machine, as Linux lists them in `/etc/passwd` and `/etc/group`. Owns how these are read; an account of a
//! directory on the network is not listed there, and is known by its number alone.

/// An account, with its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What it is called; its number where it is not listed.
    pub name: String,
    /// Its number.
    pub user: u32,
    /// The number of its own group.
    pub group: u32,
    /// The other groups that it is in.
    pub groups: Vec<u32>,
}

/// The account with that number.
pub fn by_number(user: u32) -> Option<Account> {
    let (accounts, groups) = lists();
    find(&accounts, &groups, |fields| number(fields, 2) == Some(user))
}

/// The account with that name.
pub fn by_name(name: &str) -> Option<Account> {
    let (accounts, groups) = lists();
    find(&accounts, &groups, |fields| fields[0] == name)
}

/// What the account with that number is called; its number where it is not listed.
pub fn name_of(user: u32) -> String {
    by_number(user).map_or_else(|| format!("uid {user}"), |account| account.name)
}

fn lists() -> (String, String) {
    let read = |list: &str| std::fs::read_to_string(list).unwrap_or_default();
    (read("/etc/passwd"), read("/etc/group"))
}

fn number(fields: &[&str], at: usize) -> Option<u32> {
    fields.get(at).and_then(|field| field.parse().ok())
}

fn find(accounts: &str, groups: &str, is_it: impl Fn(&[&str]) -> bool) -> Option<Account> {
    let mut listed = accounts.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let own = listed.find(|fields| is_it(fields))?;
    let (user, group) = number(&own, 2).zip(number(&own, 3))?;
    let is_in =
        |fields: &[&str]| fields.get(3).is_some_and(|names| names.split(',').any(|name| name == own[0]));
    let others = groups.lines().map(|line| line.trim_end().split(':').collect::<Vec<_>>());
    let groups = others.filter(|fields| is_in(fields)).filter_map(|fields| number(&fields, 2)).collect();
    Some(Account { name: own[0].to_owned(), user, group, groups })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNTS: &str =
        "root:x:0:0:root:/root:/bin/sh\nloa:x:997:996:Loa:/var/lib/loa:/usr/sbin/nologin\nbroken:x:1\n";
    const GROUPS: &str =
        "root:x:0:\naudio:x:29:pulse,loa\ndialout:x:20:loa\nvideo:x:44:loan\nloa:x:996:kythuat\n";

    #[test]
    fn an_account_has_the_groups_that_list_it() {
        let loa = Account { name: "loa".into(), user: 997, group: 996, groups: vec![29, 20] };
        let found = |wanted: &str| find(ACCOUNTS, GROUPS, |fields| fields[0] == wanted);
        assert_eq!(found("loa"), Some(loa.clone()));
        assert_eq!(find(ACCOUNTS, GROUPS, |fields| number(fields, 2) == Some(997)), Some(loa));
        assert_eq!((found("broken"), found("lo"), find("", "", |_| true)), (None, None, None));
        assert_eq!(name_of(4_711_471), "uid 4711471");
    }
}
