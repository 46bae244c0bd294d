//! Why a message could not be delivered. Owns the causes as values, with their English and the remedy; the Vietnamese is
//! in `words`.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Why a message could not be delivered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum Undelivered {
    /// No server of that name.
    #[error("there is no server `{host}`; check the name in station.toml and the station's network")]
    NoSuchHost {
        /// The name.
        host: String,
    },
    /// The server was not reached, or the connection broke.
    #[error("`{host}` was not reached: {found}; check the station's network")]
    NotReached {
        /// The server.
        host: String,
        /// What the system says.
        found: String,
    },
    /// It took too long.
    #[error("`{host}` did not answer within {seconds} s; check the station's network, or the server")]
    TooSlow {
        /// The server.
        host: String,
        /// The station's patience.
        seconds: u64,
    },
    /// The server and the station found no way to speak in secret.
    #[error("no secure connection to `{host}`: {found}; check `security`, and the server's certificate")]
    NotSecure {
        /// The server.
        host: String,
        /// What was found.
        found: String,
    },
    /// The server said no.
    #[error("`{host}` refused the message: {answer}; ask who runs that server")]
    Refused {
        /// The server.
        host: String,
        /// Its answer, clipped.
        answer: String,
    },
    /// An address that is none.
    #[error("`{address}` is no address: {found}; mend it in station.toml")]
    BadAddress {
        /// As written, clipped.
        address: String,
        /// What is wrong with it.
        found: String,
    },
    /// The password is not to be had.
    #[error("the password file `{}` {why}", file.display())]
    Password {
        /// The file.
        file: PathBuf,
        /// Why.
        why: PasswordFault,
    },
    /// A fault of the program.
    #[error("the message could not be made or sent: {found}")]
    Broken {
        /// What was found.
        found: String,
    },
}

/// Why a password file is not used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "fault", rename_all = "snake_case")]
pub enum PasswordFault {
    /// It cannot be read.
    #[error("cannot be read: {found}; make it, with the password in its first line")]
    Unreadable {
        /// What the system says.
        found: String,
    },
    /// Others may read it too.
    #[error(
        "may be read by others (its mode is {mode:o}, expected 600 or less); run `chmod 600` on it, and change the \
         password if others were on this machine"
    )]
    Open {
        /// Its permissions.
        mode: u32,
    },
    /// Its first line is empty.
    #[error("is empty; write the password into its first line")]
    Empty,
    /// Too large to be one.
    #[error("is no password: it is longer than {limit} bytes; write the password alone into its first line")]
    TooLong {
        /// The limit.
        limit: u64,
    },
}
