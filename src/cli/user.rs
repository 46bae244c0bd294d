//! `loa user`: the accounts of the station's pages. Owns how a password comes in: from the terminal twice, from a file, or
//! from standard input; never from the command line, which every user of the machine can read.

use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use clap::Subcommand;

use super::setting::{Asked, who};
use super::{Exit, say, say_json};
use crate::core::account::{AccountName, LONGEST_PASSWORD, Role};
use crate::web::accounts::{self, Accounts, AccountsError};
use crate::words::{Language, Say, pages};

/// The accounts of the station's pages.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Makes an account, or gives it another password and role.
    Add {
        /// Its name, as the journal will have it.
        name: String,
        /// What it may do: supervisor reviews, approves and may stop; office reads; technician gives every order.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The file whose first line is the password; `-` for standard input. Default: asked on the terminal, twice.
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Lists the accounts.
    List {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Takes an account out; its sessions end.
    Remove {
        /// Its name.
        name: String,
    },
}

fn role(text: &str) -> Result<Role, String> {
    text.parse().map_err(|()| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        format!("`{text}` is not one of {}", words.join(", "))
    })
}

#[derive(serde::Serialize)]
struct AccountJson<'a> {
    name: &'a str,
    role: Role,
    by: &'a str,
}

impl User {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, state) = (setting.language, setting.config.paths.state.as_path());
        let told = |error: AccountsError| anyhow!("{}", error.say(language));
        let named = |name: &str| {
            AccountName::new(name).map_err(|fault| anyhow!("{}", pages::account_fault(language, fault)))
        };
        match self {
            User::Add { name, role, password_file } => {
                let name = named(name)?;
                let password = match password_file {
                    Some(file) => from_file(language, file)?,
                    None => from_terminal(language)?,
                };
                asked.on_station(|| accounts::add(state, &name, *role, &password, &who()))?.map_err(told)?;
                say(&pages::added(language, &name, *role));
            }
            User::Remove { name } => {
                let name = named(name)?;
                asked.on_station(|| accounts::remove(state, &name, &who()))?.map_err(told)?;
                say(&pages::removed(language, &name));
            }
            User::List { json } => {
                let accounts = asked.on_station(|| Accounts::read(state))?.map_err(told)?;
                list(&accounts, language, *json)?;
            }
        }
        Ok(Exit::Fine)
    }
}

fn list(accounts: &Accounts, language: Language, json: bool) -> Result<()> {
    if json {
        let rows = accounts.iter().map(|account| AccountJson {
            name: account.name.as_str(),
            role: account.role,
            by: &account.by,
        });
        return say_json(&rows.collect::<Vec<_>>());
    }
    if accounts.is_empty() {
        say(pages::labels(language).no_accounts);
    }
    for account in accounts.iter() {
        say(&format!("{}  {}", account.name, pages::role(language, account.role)));
    }
    Ok(())
}

pub(super) fn from_file(language: Language, file: &Path) -> Result<String> {
    let limit = LONGEST_PASSWORD as u64 + 2;
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        std::io::stdin().take(limit).read_to_end(&mut bytes)?;
    } else {
        let unreadable = || match language {
            Language::Vi => format!("không đọc được tệp mật khẩu “{}”; hãy kiểm tra tên tệp", file.display()),
            Language::En => format!("the password file `{}` cannot be read; check its name", file.display()),
        };
        std::fs::File::open(file).with_context(unreadable)?.take(limit).read_to_end(&mut bytes)?;
    }
    let text = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'));
    let text = text.ok_or_else(|| match language {
        Language::Vi => anyhow!("tệp mật khẩu không phải văn bản UTF-8; hãy lưu lại với mã hóa UTF-8"),
        Language::En => anyhow!("the password file is no text in UTF-8; save it as UTF-8"),
    })?;
    // Notepad's mark of UTF-8 is no letter that anybody types.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn from_terminal(language: Language) -> Result<String> {
    let words = |vi: &'static str, en: &'static str| if language == Language::Vi { vi } else { en };
    if !std::io::stdin().is_terminal() {
        return Err(anyhow!(words(
            "không có cửa sổ lệnh để hỏi mật khẩu; hãy dùng `--password-file TỆP`, hoặc `--password-file -`",
            "there is no terminal to ask for the password; give `--password-file FILE`, or `--password-file -`",
        )));
    }
    let first = rpassword::prompt_password(words("Mật khẩu: ", "Password: "))?;
    let again = rpassword::prompt_password(words("Nhập lại mật khẩu: ", "The same again: "))?;
    if first != again {
        return Err(anyhow!(words(
            "hai lần nhập không giống nhau; hãy chạy lại lệnh",
            "the two are not the same; run the command again",
        )));
    }
    Ok(first)
}
