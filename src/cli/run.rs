//! `loa run`: airs the schedules until told to stop.

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

/// A station that runs already, in the reader's language; every other error as it is.
fn told(language: Language, error: anyhow::Error) -> anyhow::Error {
    let Some(LockError::Held { path, holder }) = error.downcast_ref() else { return error };
    let path = path.display();
    match (language, holder) {
        (Language::En, _) => error,
        (Language::Vi, Some(process)) => anyhow!(
            "trạm này đang chạy rồi: tiến trình {process} giữ “{path}”; hãy tắt nó trước, hoặc cho trạm này một thư mục `state` riêng"
        ),
        (Language::Vi, None) => anyhow!(
            "trạm này đang chạy rồi: tiến trình khác giữ “{path}”; hãy tắt nó trước, hoặc cho trạm này một thư mục `state` riêng"
        ),
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
