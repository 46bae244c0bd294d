//! `loa run`: airs the schedules until told to stop.

use std::io::ErrorKind;
#[cfg(target_os = "linux")]
use std::path::Path;

use anyhow::{Result, anyhow};
use clap::Args;

use super::setting::{Asked, Setting};
use super::{Exit, say};
use crate::journal::lock::LockError;
use crate::words::Language;

/// Airs the schedules until told to stop.
#[derive(Debug, Args)]
pub struct Run {
    /// Air on this card instead of the configured list, e.g. `virtual`; may be given several times, in order.
    #[arg(long, value_name = "CARD")]
    card: Vec<String>,
    /// Run as the service that Windows starts; its service manager alone starts it so.
    #[cfg(windows)]
    #[arg(long, hide = true)]
    pub(super) service: bool,
}

impl Run {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        #[cfg(windows)]
        if self.service {
            return super::as_service::run(asked);
        }
        let mut setting = asked.setting()?;
        if !self.card.is_empty() {
            setting.config.output.cards =
                self.card.iter().map(|name| name.parse()).collect::<Result<_, _>>()?;
        }
        #[cfg(target_os = "linux")]
        if let Some(owner) = another_owner(&setting.config.paths.state) {
            return Err(not_as_root(setting.language, &setting.config.paths.state, owner));
        }
        let Setting { config, language, .. } = &setting;
        let name = &config.station.name;
        let started = crate::station::run(config, None, || match language {
            Language::Vi => say(&format!("Trạm “{name}” đang chạy. Bấm Ctrl-C để tắt.")),
            Language::En => say(&format!("Station “{name}” is running. Ctrl-C ends it.")),
        });
        started.map_err(|error| told(*language, error))?;
        say(setting.words("Trạm đã tắt.", "The station has ended."));
        Ok(Exit::Fine)
    }
}

/// Why the state's lock could not be had, in the reader's language; every other error as it is.
fn told(language: Language, error: anyhow::Error) -> anyhow::Error {
    match error.downcast_ref() {
        None => error,
        Some(LockError::Held { .. }) if language == Language::En => error,
        Some(LockError::Held { path, holder }) => {
            let process =
                holder.map_or("tiến trình khác".to_owned(), |process| format!("tiến trình {process}"));
            anyhow!(
                "trạm này đang chạy rồi: {process} giữ “{}”; hãy tắt nó trước, hoặc cho trạm này một thư mục `state` riêng",
                path.display()
            )
        }
        Some(LockError::Unusable { path, source }) => {
            let path = path.display();
            let full = matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
            match (language, full) {
                (Language::Vi, true) => anyhow!(
                    "ổ đĩa đã đầy, không ghi được “{path}”: hãy xóa bớt tệp trên ổ đĩa đó; không cần xóa gì của trạm"
                ),
                (Language::En, true) => anyhow!(
                    "the disk is full and `{path}` cannot be written: delete files on that disk; none of the station's need go"
                ),
                (Language::Vi, false) => anyhow!(
                    "không khóa được “{path}” ({source}): thư mục `state` phải nằm trên ổ đĩa của chính máy này và ghi được"
                ),
                (Language::En, false) => anyhow!(
                    "`{path}` cannot be locked ({source}): the state folder must be on a disk of this machine and writable"
                ),
            }
        }
    }
}

/// Whose the state is, where it is not the superuser's and the superuser runs this: the files that a station of root leaves
/// there are closed to the service that is to go on.
#[cfg(target_os = "linux")]
fn another_owner(state: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let owner = std::fs::metadata(state).ok()?.uid();
    let by_root = rustix::process::geteuid().is_root();
    (by_root && owner != 0).then_some(owner)
}

#[cfg(target_os = "linux")]
fn not_as_root(language: Language, state: &Path, owner: u32) -> anyhow::Error {
    let (state, owner) = (state.display(), crate::rights::accounts::name_of(owner));
    match language {
        Language::Vi => anyhow!(
            "thư mục “{state}” là của người dùng `{owner}`, còn lệnh này do root chạy: trạm sẽ để lại những tệp mà dịch vụ không \
             mở được; hãy chạy `sudo systemctl start loa`, hoặc `sudo -u {owner} loa run`"
        ),
        Language::En => anyhow!(
            "`{state}` belongs to the user `{owner}` and root runs this: the station would leave files that the service cannot \
             open; run `sudo systemctl start loa`, or `sudo -u {owner} loa run`"
        ),
    }
}
