//! `loa alarms --test`: whether those who are far away are reached when something is wrong.

use anyhow::Result;
use clap::Args;

use super::setting::Asked;
use super::{Exit, problem, say};
use crate::words::outbox;

/// Whether those who are far away are told of alarms.
#[derive(Debug, Args)]
pub struct Alarms {
    /// Send a test message to everybody whom the configuration names, and say what the servers answer.
    #[arg(long)]
    test: bool,
}

impl Alarms {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let language = setting.language;
        if !self.test {
            problem(
                language,
                setting.words(
                    "hãy chạy `loa alarms --test` để gửi tin thử; cảnh báo hiện có xem bằng `loa status`",
                    "run `loa alarms --test` to send a test message; `loa status` shows the alarms",
                ),
            );
            return Ok(Exit::Usage);
        }
        let answers = crate::station::outbox::test(&setting.config, setting.now);
        if answers.is_empty() {
            say(&outbox::nobody(language));
            return Ok(Exit::Wrong);
        }
        for (to, answer) in &answers {
            say(&outbox::tested(language, to, answer));
        }
        let all = answers.iter().all(|(_, answer)| answer.is_ok());
        Ok(if all { Exit::Fine } else { Exit::Wrong })
    }
}
