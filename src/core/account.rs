//! Who may do what at the station's pages. Owns the roles, what each may do, and the rules for names and passwords; never
//! sees a hash.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::airing::closed_list;

closed_list! {
    /// What an account is for.
    Role {
        /// Reviews what aired, and approves.
        Supervisor = "supervisor",
        /// Makes recordings and schedules.
        Office = "office",
        /// Runs the station.
        Technician = "technician",
    }
}

/// What can be done at the pages besides reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Stop what is on air.
    Stop,
    /// Play a recording now.
    Play,
    /// Leave out a cue.
    Skip,
    /// Order and end an emergency.
    Emergency,
    /// Vouch for the clock.
    ConfirmClock,
    /// Approve a schedule.
    Approve,
    /// Write into the record by hand: airings, notes, reviews.
    WriteDown,
    /// Send files into the inbox.
    Upload,
    /// Change a schedule for one day.
    Change,
    /// Take a recording off every schedule.
    TakeOff,
}

impl Deed {
    /// All of them.
    pub const ALL: &[Deed] = &[
        Deed::Stop,
        Deed::Play,
        Deed::Skip,
        Deed::Emergency,
        Deed::ConfirmClock,
        Deed::Approve,
        Deed::WriteDown,
        Deed::Upload,
        Deed::Change,
        Deed::TakeOff,
    ];

    /// Whether it is an order to the station.
    pub fn is_order(self) -> bool {
        !matches!(self, Deed::Upload | Deed::Change | Deed::TakeOff | Deed::WriteDown)
    }
}

impl Role {
    /// Whether that role may do it. Whoever reviews may also silence and approve; what makes sound is the technician's.
    pub fn may(self, deed: Deed) -> bool {
        match self {
            Role::Technician => true,
            Role::Supervisor => matches!(deed, Deed::Stop | Deed::Approve | Deed::WriteDown),
            Role::Office => deed == Deed::Upload,
        }
    }
}

/// The longest name of an account, in letters.
pub const LONGEST_NAME: usize = 64;
/// The shortest password, in letters.
pub const SHORTEST_PASSWORD: usize = 10;
/// The longest password, in bytes: what is longer is no password that somebody types.
pub const LONGEST_PASSWORD: usize = 1_024;

/// The name of an account as the journal and the reports have it: in NFC, without spaces at its ends, 1 to 64 letters,
/// none of them a control character.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AccountName(String);

/// Why a text is no name, or no password, of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountFault {
    /// Nothing, or too much.
    #[error("a name has 1 to {LONGEST_NAME} letters; give a shorter one, as in `loa user add binh`")]
    NameLength,
    /// Line breaks and the like.
    #[error("a name holds letters, digits, spaces and signs only; leave out the others")]
    NameLetters,
    /// Too short.
    #[error("a password has {SHORTEST_PASSWORD} letters at least; take several words")]
    PasswordShort,
    /// Too long.
    #[error("a password has {LONGEST_PASSWORD} bytes at most; take a shorter one")]
    PasswordLong,
}

impl AccountName {
    /// The name, if it is one.
    pub fn new(text: &str) -> Result<AccountName, AccountFault> {
        let name: String = text.trim().nfc().collect();
        if name.is_empty() || name.chars().count() > LONGEST_NAME {
            return Err(AccountFault::NameLength);
        }
        // What makes text run backwards would let one name look like another.
        let hidden = |c: char| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
        };
        if name.chars().any(hidden) {
            return Err(AccountFault::NameLetters);
        }
        Ok(AccountName(name))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for AccountName {
    type Error = AccountFault;

    fn try_from(text: String) -> Result<AccountName, AccountFault> {
        AccountName::new(&text)
    }
}

impl From<AccountName> for String {
    fn from(name: AccountName) -> String {
        name.0
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text will do as a password; in NFC, so that it is the same from every keyboard.
pub fn password(text: &str) -> Result<String, AccountFault> {
    let password: String = text.nfc().collect();
    if password.len() > LONGEST_PASSWORD {
        return Err(AccountFault::PasswordLong);
    }
    if password.chars().count() < SHORTEST_PASSWORD {
        return Err(AccountFault::PasswordShort);
    }
    Ok(password)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_people_see_them() {
        assert_eq!(AccountName::new(" Bi\u{300}nh ").unwrap(), AccountName::new("B\u{ec}nh").unwrap());
        assert_eq!(AccountName::new("  "), Err(AccountFault::NameLength));
        assert_eq!(AccountName::new(&"x".repeat(65)), Err(AccountFault::NameLength));
        for bad in ["a\nb", "a\u{202e}b", "a\0"] {
            assert_eq!(AccountName::new(bad), Err(AccountFault::NameLetters), "{bad:?}");
        }
        assert!(serde_json::from_str::<AccountName>("\"\"").is_err());
    }

    #[test]
    fn passwords_are_long_enough_and_the_same_from_every_keyboard() {
        assert_eq!(password("ngắn"), Err(AccountFault::PasswordShort));
        assert_eq!(password(&"x".repeat(1_025)), Err(AccountFault::PasswordLong));
        assert_eq!(password("mo\u{323}t hai ba bo\u{301}n"), password("m\u{1ecd}t hai ba b\u{f3}n"));
    }

    #[test]
    fn only_the_technician_makes_sound_and_an_office_gives_no_orders() {
        for &deed in Deed::ALL {
            assert!(Role::Technician.may(deed));
            assert_eq!(Role::Office.may(deed), deed == Deed::Upload, "{deed:?}");
            assert_eq!(
                Role::Supervisor.may(deed),
                matches!(deed, Deed::Stop | Deed::Approve | Deed::WriteDown),
                "{deed:?}"
            );
        }
    }
}
