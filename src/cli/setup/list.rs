//! The settings as a numbered list: before a new station is written, and whenever setup is run again. Owns what each line
//! shows.

use anyhow::Result;

use super::questions::leaves;
use super::{Session, words};
use crate::cli::say;
use crate::config::{Config, Listen};
use crate::core::limits::Limits;
use crate::service::{self, State};
use crate::setup::Done;
use crate::web::accounts::Accounts;
use crate::words::setup::{Start, Topic};
use crate::words::{pages, terms};

use super::dialogue::{BrokenOff, Reply, yes_or_no};

impl Session<'_> {
    /// Shows everything until it may be written; a number changes one answer.
    pub(super) fn review(&mut self) -> Result<()> {
        loop {
            let texts = self.talk.texts();
            say("");
            say(texts.review);
            self.show()?;
            let text = self.talk.ask(texts.review_choose)?;
            if matches!(yes_or_no(&text), Some(Reply::Nothing | Reply::Yes)) {
                return Ok(());
            }
            if leaves(&text) {
                return Err(BrokenOff.into());
            }
            match text.parse::<usize>().ok().and_then(|number| Topic::ALL.get(number.checked_sub(1)?)) {
                Some(topic) => {
                    say("");
                    self.question(*topic)?;
                }
                None => say(texts.no_such_choice),
            }
        }
    }

    pub(super) fn show(&self) -> Result<()> {
        let (config, language) = (self.config()?, self.talk.language);
        for (at, topic) in Topic::ALL.into_iter().enumerate() {
            say(&words::topic_line(language, at + 1, topic, &self.value(&config, topic)));
        }
        let paths = &config.paths;
        say(&words::folders(language, &paths.audio, &paths.schedules, &paths.inbox));
        Ok(())
    }

    fn value(&self, config: &Config, topic: Topic) -> String {
        let language = self.talk.language;
        match topic {
            Topic::Name => config.station.name.clone(),
            Topic::Clock => {
                words::clock_value(language, config.station.time_zone.name(), self.clock_confirmed)
            }
            Topic::Card => {
                let cards: Vec<String> = config.output.cards.iter().map(ToString::to_string).collect();
                words::card_value(language, &cards.join(", "), self.heard)
            }
            Topic::Quiet => {
                let span = config.policy.quiet_hours.span();
                let hours = span.map(|(from, until)| {
                    format!("{}–{}", terms::time_of_day(from), terms::time_of_day(until))
                });
                words::quiet_value(language, hours, config.policy.limits != Limits::default())
            }
            Topic::Page => {
                let accounts = self.account_names(config).join(", ");
                let account = Some(accounts.as_str()).filter(|names| !names.is_empty());
                let (address, network) = match config.page.listen {
                    Listen::Nowhere => (None, false),
                    Listen::At(at) => (Some(at.to_string()), !at.ip().is_loopback()),
                };
                words::page_value(language, address.as_deref(), network, account)
            }
            Topic::Loudness => {
                let lufs = config.loudness.target_lufs;
                let number =
                    if lufs.fract() == 0.0 { format!("{lufs}") } else { terms::tenths(language, lufs) };
                format!("{number} LUFS")
            }
            Topic::Technician => {
                let said = [config.station.technician.as_deref(), config.station.telephone.as_deref()];
                let said: Vec<&str> = said.into_iter().flatten().collect();
                if said.is_empty() { words::nobody(language).to_owned() } else { said.join(", ") }
            }
            Topic::Service => words::start_value(language, self.start()).to_owned(),
        }
    }

    /// Those that there are, and the one that is to be made.
    fn account_names(&self, config: &Config) -> Vec<String> {
        let there = Accounts::read(&config.paths.state).unwrap_or_default();
        let mut names: Vec<String> = there.iter().map(|account| account.name.to_string()).collect();
        let new = self.account.as_ref().map(|account| account.name.to_string());
        names.extend(new.filter(|name| !there.iter().any(|account| account.name.as_str() == name)));
        names
    }

    /// How the station starts, or will.
    fn start(&self) -> Start {
        let state = if self.place.is_installed() { service::state() } else { State::NoKeeper };
        match state {
            State::NoKeeper | State::NotInstalled => Start::ByHand,
            State::Running if self.was.is_some() => Start::Runs,
            _ if self.service && self.was.is_none() => Start::Will,
            State::Stopped | State::Failed | State::Running => Start::Stopped,
        }
    }

    /// Tells what was written.
    pub(super) fn tell(&self, done: &[Done]) -> Result<()> {
        let language = self.talk.language;
        let kept =
            done.iter().find_map(|one| if let Done::Kept(path) = one { Some(path.as_path()) } else { None });
        for one in done {
            match one {
                Done::Config(path) => say(&words::written(language, path, kept)),
                Done::Account(name) => {
                    say(&pages::added(language, name, crate::core::account::Role::Technician))
                }
                Done::Share(path) => {
                    say(&words::shared(language, Some(path), &self.config()?.paths.inbox));
                }
                Done::Folder(_) | Done::List(_) | Done::Kept(_) => {}
            }
        }
        if self.flags.share && cfg!(windows) {
            say(&words::shared(language, None, &self.config()?.paths.inbox));
        }
        Ok(())
    }
}
