//! The questions of `loa setup`, each asked until its answer will do. Owns what Enter takes.

use anyhow::Result;

use super::dialogue::{Reply, yes_or_no};
use super::{Session, words};
use crate::cli::say;
use crate::cli::setting::who;
use crate::clock::{Clock, SystemClock};
use crate::config::Listen;
use crate::core::account::AccountName;
use crate::service::{self, State};
use crate::setup::{Answer, NewAccount};
use crate::web::accounts::Accounts;
use crate::words::setup::Topic;
use crate::words::{Language, pages};

/// The choices of the quiet hours, in the order of their texts.
const QUIET: [(&str, &str); 5] = [
    ("21:00-05:00", "none"),
    ("21:00-06:00", "none"),
    ("21:00-05:00", "ha-noi-noi-thanh"),
    ("21:00-05:00", "ha-noi-ngoai-thanh"),
    ("21:00-05:00", "lien-chieu"),
];
/// The pages' usual port.
const PORT: u16 = 8_080;

impl Session<'_> {
    pub(super) fn question(&mut self, topic: Topic) -> Result<()> {
        match topic {
            Topic::Name => self.ask_name(),
            Topic::Clock => self.ask_clock(),
            Topic::Card => self.ask_card(),
            Topic::Quiet => self.ask_quiet(),
            Topic::Page => self.ask_page(),
            Topic::Loudness => self.ask_loudness(),
            Topic::Technician => self.ask_technician(),
            Topic::Service => self.ask_service(),
        }
    }

    /// What Enter takes: the default of a new station, else what stands.
    fn enter<'a>(&self, usual: Option<&'a str>) -> Option<&'a str> {
        if self.was.is_some() { Some(self.talk.texts().keep) } else { usual }
    }

    fn ask_name(&mut self) -> Result<()> {
        loop {
            let texts = self.talk.texts();
            let text = self.talk.ask(&words::with_enter(texts.name, self.enter(None)))?;
            let language = match text.to_lowercase().as_str() {
                "" if self.was.is_some() => return Ok(()),
                "" => {
                    say(texts.name_missing);
                    continue;
                }
                "en" => Language::En,
                "vi" => Language::Vi,
                _ => match self.take(&Answer::Name(text)) {
                    Ok(()) => return Ok(()),
                    Err(said) => {
                        say(&format!("   {said}"));
                        continue;
                    }
                },
            };
            self.talk.language = language;
            if self.was.is_none() {
                self.take(&Answer::Language(language)).map_err(super::WrongFlag)?;
                say(self.talk.texts().welcome);
            }
        }
    }

    fn ask_clock(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        say(texts.clock);
        loop {
            let zone = self.config()?.station.time_zone;
            say(&format!("   {}", words::time_aloud(self.talk.language, zone, SystemClock::new().now())));
            // Enter is no answer here: whoever runs through the questions must not vouch for a wrong clock.
            if self.talk.yes(texts.clock_right, None)? {
                self.clock_confirmed = true;
                return Ok(());
            }
            say(&words::set_the_clock(self.talk.language, zone));
            loop {
                let text = self.talk.ask(texts.clock_again)?;
                match text.to_lowercase().as_str() {
                    "" => break,
                    "b" | "s" => {
                        say(texts.clock_later);
                        self.clock_confirmed = false;
                        return Ok(());
                    }
                    _ => match self.take(&Answer::Zone(text)) {
                        Ok(()) => break,
                        Err(said) => say(&format!("   {said}")),
                    },
                }
            }
        }
    }

    fn ask_quiet(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        say(texts.quiet);
        numbered(&texts.quiet_choices);
        loop {
            let text = self.talk.ask(&words::with_enter(texts.quiet_choose, self.enter(Some("1"))))?;
            let number = if text.is_empty() { Some(1) } else { text.parse::<usize>().ok() };
            let (hours, preset) = match number {
                Some(_) if text.is_empty() && self.was.is_some() => return Ok(()),
                Some(number) => match number.checked_sub(1).and_then(|at| QUIET.get(at)) {
                    Some((hours, preset)) => ((*hours).to_owned(), Some(*preset)),
                    None => {
                        say(texts.no_such_choice);
                        continue;
                    }
                },
                // Hours of one's own leave the limits as they are.
                None => (text, None),
            };
            // A set of limits that was never named need not be.
            let preset = preset.filter(|preset| *preset != "none" || self.draft.names_preset());
            let taken = self.take(&Answer::QuietHours(hours)).and_then(|()| match preset {
                Some(preset) => self.take(&Answer::Preset(preset.into())),
                None => Ok(()),
            });
            match taken {
                Ok(()) => return Ok(()),
                Err(said) => say(&format!("   {said}")),
            }
        }
    }

    fn ask_page(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        say(texts.page);
        numbered(&texts.page_choices);
        let question = words::with_enter(texts.choose, self.enter(Some("1")));
        let choice = match self.talk.choose(&question, texts.page_choices.len())? {
            None if self.was.is_some() => return Ok(()),
            choice => choice.unwrap_or(1),
        };
        let port = match (self.config()?.page.listen, &self.was) {
            (Listen::At(address), Some(_)) => address.port(),
            _ => {
                let free = crate::setup::free_port(PORT);
                if free != PORT {
                    say(&words::port_taken(self.talk.language, PORT, free));
                }
                free
            }
        };
        if choice > 1 && self.account.is_none() {
            let there = self.accounts()?;
            if choice == 3 && there.is_empty() {
                say(texts.account_needed);
            }
            self.account = self.ask_account(&there)?;
        }
        let host = if choice == 3 { "0.0.0.0" } else { "127.0.0.1" };
        self.take(&Answer::Listen(format!("{host}:{port}"))).map_err(|said| super::WrongFlag(said).into())
    }

    /// The technician's account; none: those that there are will do. What an account that there is may do is not changed
    /// unless a person says so.
    fn ask_account(&self, there: &Accounts) -> Result<Option<NewAccount>> {
        let (texts, language) = (self.talk.texts(), self.talk.language);
        let who = who();
        // Nobody signs orders as the administrator.
        let mut usual = Some(who.as_str()).filter(|who| !["root", "unknown"].contains(who));
        if !there.is_empty() {
            let named = there.iter().map(|one| format!("{} ({})", one.name, pages::role(language, one.role)));
            say(&words::accounts_there(language, &named.collect::<Vec<_>>().join(", ")));
            usual = Some(texts.keep);
        }
        loop {
            let text = self.talk.ask(&words::with_enter(texts.account, usual))?;
            if text.is_empty() && !there.is_empty() {
                return Ok(None);
            }
            let text = if text.is_empty() { usual.unwrap_or_default().to_owned() } else { text };
            let name = match AccountName::new(&text) {
                Ok(name) => name,
                Err(fault) => {
                    say(&format!("   {}", pages::account_fault(language, fault)));
                    continue;
                }
            };
            let known = there.get(&name).map(|known| pages::role(language, known.role));
            let anew = match known {
                Some(role) => self.talk.yes(&words::account_anew(language, &name, role), Some(false))?,
                None => true,
            };
            if anew {
                return Ok(Some(self.ask_password(name)?));
            }
        }
    }

    pub(super) fn ask_password(&self, name: AccountName) -> Result<NewAccount> {
        let texts = self.talk.texts();
        loop {
            let password = self.talk.secret(texts.password)?;
            if let Err(fault) = crate::core::account::password(&password) {
                say(&format!("   {}", pages::account_fault(self.talk.language, fault)));
                continue;
            }
            if self.talk.secret(texts.password_again)? == password {
                return Ok(NewAccount { name, password, by: who() });
            }
            say(texts.passwords_differ);
        }
    }

    fn ask_loudness(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        loop {
            let text = self.talk.ask(&words::with_enter(texts.loudness, Some(texts.keep)))?;
            if text.is_empty() {
                return Ok(());
            }
            // As people write numbers here, and with the long minus of Word.
            match text.replace(',', ".").replace(['−', '–'], "-").parse() {
                Ok(lufs) => match self.take(&Answer::Loudness(lufs)) {
                    Ok(()) => return Ok(()),
                    Err(said) => say(&format!("   {said}")),
                },
                Err(_) => say(texts.no_number),
            }
        }
    }

    fn ask_technician(&mut self) -> Result<()> {
        let texts = self.talk.texts();
        for (question, answer) in [
            (texts.technician, Answer::Technician as fn(String) -> Answer),
            (texts.telephone, Answer::Telephone),
        ] {
            let text = self.talk.ask(&words::with_enter(question, Some(texts.keep)))?;
            if !text.is_empty() {
                self.take(&answer(text)).map_err(super::WrongFlag)?;
            }
        }
        Ok(())
    }

    fn ask_service(&mut self) -> Result<()> {
        let state = if self.place.is_installed() { service::state() } else { State::NoKeeper };
        match state {
            State::NoKeeper | State::NotInstalled => {
                let config = (!self.place.is_installed()).then_some(self.place.config.as_path());
                say(&words::run_by_hand(self.talk.language, config));
            }
            // Nobody silences a village by a wrong key.
            State::Running => say(self.talk.texts().runs_already),
            State::Stopped | State::Failed => {
                self.service = self.talk.yes(self.talk.texts().service, Some(true))?;
            }
        }
        Ok(())
    }
}

/// Whether a text is a word of leaving, in either language.
pub(super) fn leaves(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "t" | "thoát" | "thoat" | "q" | "quit")
        || yes_or_no(text) == Some(Reply::No)
}

pub(super) fn numbered(choices: &[&str]) {
    for (at, choice) in choices.iter().enumerate() {
        say(&format!("     {}  {choice}", at + 1));
    }
}
