//! `loa setup`: makes a station, or shows how one is set up and changes one thing. Owns the order of the questions and the
//! flags that answer them; what is written, and how, is the room `setup`'s.

use std::path::PathBuf;

use anyhow::{Result, anyhow};
use clap::Args;

use super::setting::{Asked, who};
use super::{Exit, problem, say};
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, Listen};
use crate::control::{Ask, Report, Told};
use crate::core::account::{AccountName, Role};
use crate::setup::{self, Answer, Draft, Found, NewAccount, Place, Plan, SetupError};
use crate::web::accounts::Accounts;
use crate::words::setup as words;
use crate::words::setup::Topic;
use crate::words::{Language, Say, pages};

mod after;
mod cards;
mod dialogue;
mod list;
mod questions;

use dialogue::{BrokenOff, Dialogue};

/// Sets the station up, or changes one thing of it. Every answer can be a flag; what no flag answers is asked.
#[derive(Debug, Default, Args)]
pub struct Setup {
    /// Ask nothing: what no flag says takes the default; --name and --card are needed for a new station.
    #[arg(long)]
    yes: bool,
    /// The station's name, e.g. "Đài Truyền thanh xã Bình Minh".
    #[arg(long)]
    name: Option<String>,
    /// Its time zone. Default: Asia/Ho_Chi_Minh.
    #[arg(long)]
    zone: Option<String>,
    /// You have compared the machine's clock with a watch, and it is right.
    #[arg(long)]
    clock_is_right: bool,
    /// The sound card, as `loa devices` lists it; `virtual` makes no sound.
    #[arg(long, value_name = "CARD")]
    card: Option<String>,
    /// Take the card without opening it first.
    #[arg(long)]
    no_test: bool,
    /// Hours without a sound, e.g. 21:00-05:00, or none.
    #[arg(long, value_name = "HOURS")]
    quiet_hours: Option<String>,
    /// A set of limits: none, ha-noi-noi-thanh, ha-noi-ngoai-thanh, lien-chieu.
    #[arg(long)]
    preset: Option<String>,
    /// Where the pages are served, e.g. 127.0.0.1:8080, 0.0.0.0:8080, or none.
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// The name of the technician's account of the pages.
    #[arg(long, value_name = "NAME")]
    account: Option<String>,
    /// The file whose first line is that account's password; `-` for standard input. Default: asked, twice.
    #[arg(long, value_name = "FILE", requires = "account")]
    password_file: Option<PathBuf>,
    /// The loudness of every recording, -30 to -16 LUFS.
    #[arg(long, value_name = "LUFS", allow_negative_numbers = true)]
    loudness: Option<f64>,
    /// The technician, at the foot of every receipt.
    #[arg(long, value_name = "NAME")]
    technician: Option<String>,
    /// The technician's telephone.
    #[arg(long, value_name = "NUMBER")]
    telephone: Option<String>,
    /// Write the lines by which Samba shares the inbox, into a file beside the configuration.
    #[arg(long)]
    share: bool,
    /// Do not start the service.
    #[arg(long)]
    no_service: bool,
    /// Air a gong by the schedule, about two minutes from now.
    #[arg(long)]
    first_cue: bool,
    /// Another station folder than the installed one.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<PathBuf>,
}

/// What has been answered so far.
struct Session<'a> {
    flags: &'a Setup,
    place: Place,
    /// The config that is there; none: a new station.
    was: Option<String>,
    draft: Draft,
    account: Option<NewAccount>,
    clock_confirmed: bool,
    heard: bool,
    /// Whether the service is to be started when all is written.
    service: bool,
    talk: Dialogue,
}

/// A wrong flag, in the reader's language.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct WrongFlag(String);

impl Setup {
    pub(super) fn run(&self, asked: &Asked, named: Option<PathBuf>) -> Result<Exit> {
        let place = Place::new(named, self.folder.clone());
        let language = asked.language.unwrap_or_default();
        if let Err(error) = setup::may_write(&place) {
            problem(language, &told(language, &error, false));
            return Ok(Exit::Wrong);
        }
        let (was, draft, language) = match place.look() {
            Found::Nothing => (None, Draft::fresh(place.root()), language),
            Found::Station { config, text } => {
                let language = asked.language.unwrap_or(config.station.language);
                let draft = Draft::of(&text, place.root())
                    .ok_or_else(|| anyhow!("{}", words::would_not_read(language, "TOML")))?;
                (Some(text), draft, language)
            }
            Found::Faulty(faults) => {
                problem(language, &words::config_faulty(language, &place.config, &faults.say(language)));
                return Ok(Exit::Wrong);
            }
        };
        let mut session = Session {
            flags: self,
            service: place.is_installed() && !self.no_service && was.is_none(),
            place,
            was,
            draft,
            account: None,
            clock_confirmed: self.clock_is_right,
            heard: false,
            talk: Dialogue::new(language),
        };
        match session.all(asked.language) {
            Err(error) if error.is::<BrokenOff>() => {
                say(session.talk.texts().broken_off);
                Ok(Exit::Wrong)
            }
            Err(error) if error.is::<WrongFlag>() => {
                problem(session.talk.language, &error.to_string());
                Ok(Exit::Usage)
            }
            Err(error) => match error.downcast_ref::<SetupError>() {
                Some(trouble) => {
                    problem(session.talk.language, &told(session.talk.language, trouble, false));
                    Ok(Exit::Wrong)
                }
                None => Err(error),
            },
            ended => ended,
        }
    }

    /// Whether a flag changes the config or the accounts.
    fn changes(&self) -> bool {
        let texts = [
            &self.name,
            &self.zone,
            &self.card,
            &self.quiet_hours,
            &self.preset,
            &self.listen,
            &self.account,
            &self.technician,
            &self.telephone,
        ];
        texts.iter().any(|flag| flag.is_some()) || self.loudness.is_some()
    }
}

/// What kept setup from writing, before the config was written or after it, in the reader's language.
fn told(language: Language, error: &SetupError, config_done: bool) -> String {
    match error {
        SetupError::NotWritten { path, kind, found } => {
            words::not_written(language, path, *kind, found, config_done)
        }
        SetupError::WouldNotRead(faults) => words::would_not_read(language, &faults.say(language)),
        SetupError::Changed { config } => words::changed_meanwhile(language, config),
        SetupError::NotOurs { path } => words::not_ours(language, path),
        SetupError::Account(error) => error.say(language),
    }
}

impl Session<'_> {
    fn all(&mut self, language: Option<Language>) -> Result<Exit> {
        self.take_flags(language)?;
        if self.was.is_none() { self.make() } else { self.change() }
    }

    /// Every flag is looked at before the first question.
    fn take_flags(&mut self, language: Option<Language>) -> Result<()> {
        let flags = self.flags;
        let text = |flag: &Option<String>, answer: fn(String) -> Answer| flag.clone().map(answer);
        let answers = [
            text(&flags.name, Answer::Name),
            text(&flags.zone, Answer::Zone),
            text(&flags.card, Answer::Card),
            text(&flags.quiet_hours, Answer::QuietHours),
            text(&flags.preset, Answer::Preset),
            text(&flags.listen, Answer::Listen),
            text(&flags.technician, Answer::Technician),
            text(&flags.telephone, Answer::Telephone),
            flags.loudness.map(Answer::Loudness),
            // A reader's language is not the station's, unless it is a new one.
            language.filter(|_| self.was.is_none()).map(Answer::Language),
        ];
        for answer in answers.into_iter().flatten() {
            self.take(&answer).map_err(WrongFlag)?;
        }
        if let (Some(card), false) = (&flags.card, flags.no_test) {
            self.card_opens(card)?;
        }
        if let Some(name) = &flags.account {
            let language = self.talk.language;
            let named =
                AccountName::new(name).map_err(|fault| WrongFlag(pages::account_fault(language, fault)))?;
            // The same again is how what was cut short is done again; another role is not given behind anybody's back.
            if let Some(known) = self.accounts()?.get(&named).filter(|known| known.role != Role::Technician) {
                let role = pages::role(language, known.role);
                return Err(WrongFlag(words::account_is_another(language, &named, role)).into());
            }
            self.account = Some(match &flags.password_file {
                Some(file) => self.new_account(named, super::user::from_file(language, file)?)?,
                None if flags.yes => {
                    return Err(WrongFlag(words::flag_needed(language, "--password-file")).into());
                }
                None => self.ask_password(named)?,
            });
        }
        if flags.listen.is_some()
            && self.on_network()?
            && self.account.is_none()
            && self.accounts()?.is_empty()
        {
            let language = self.talk.language;
            return Err(WrongFlag(words::flag_needed(language, "--account, --password-file")).into());
        }
        Ok(())
    }

    /// An account with a password that will do.
    fn new_account(&self, name: AccountName, password: String) -> Result<NewAccount> {
        let language = self.talk.language;
        crate::core::account::password(&password)
            .map_err(|fault| WrongFlag(pages::account_fault(language, fault)))?;
        Ok(NewAccount { name, password, by: who() })
    }

    /// Takes an answer; what is wrong with it, in words, where it is refused.
    fn take(&mut self, answer: &Answer) -> Result<(), String> {
        let language = self.talk.language;
        self.draft.take(answer).map_err(|faults| {
            let said: Vec<String> = faults.iter().map(|fault| fault.fault.say(language)).collect();
            said.join("\n")
        })
    }

    /// A new station: the questions that no flag has answered, a look at all of them, and then it is made.
    fn make(&mut self) -> Result<Exit> {
        let flags = self.flags;
        if flags.yes {
            let language = self.talk.language;
            if flags.name.is_none() {
                return Err(WrongFlag(words::flag_needed(language, "--name")).into());
            }
            if flags.card.is_none() {
                return Err(WrongFlag(words::card_needed(language, &self.card_names())).into());
            }
        } else {
            say(&format!("Loa · {}", self.place.root().display()));
            say(self.talk.texts().welcome);
            if flags.name.is_none() {
                say(self.talk.texts().other_language);
            }
            let answered = [
                (Topic::Name, flags.name.is_some()),
                (Topic::Clock, flags.clock_is_right),
                (Topic::Card, flags.card.is_some()),
                (Topic::Quiet, flags.quiet_hours.is_some() || flags.preset.is_some()),
                (Topic::Page, flags.listen.is_some()),
            ];
            for (topic, _) in answered.into_iter().filter(|(_, answered)| !answered) {
                say("");
                self.question(topic)?;
            }
            self.review()?;
        }
        self.write()?;
        self.after_making()
    }

    /// A station that is there: the flags' changes, else one that a person chooses.
    fn change(&mut self) -> Result<Exit> {
        let flags = self.flags;
        if !flags.changes() && !flags.share && !flags.first_cue && !flags.clock_is_right {
            let texts = self.talk.texts();
            say(texts.standing);
            self.show()?;
            if flags.yes {
                return Ok(Exit::Fine);
            }
            let Some(number) = self.talk.choose(texts.change, Topic::ALL.len())? else {
                say(texts.nothing_changed);
                return Ok(Exit::Fine);
            };
            say("");
            self.question(Topic::ALL[number - 1])?;
        }
        let changed = self.write()?;
        self.after_changing(changed)
    }

    /// Writes what was answered; whether the config is another one now.
    fn write(&mut self) -> Result<bool> {
        let text = self.draft.text();
        let plan = Plan {
            place: self.place.clone(),
            was: self.was.clone(),
            config: Some(text.clone()),
            account: self.account.clone(),
            share: self.flags.share && cfg!(not(windows)),
            now: SystemClock::new().now(),
        };
        let done = setup::carry_out(&plan)?;
        self.tell(&done)?;
        let changed = self.was.as_ref() != Some(&text);
        self.was = Some(text);
        Ok(changed)
    }

    /// The config as it is answered.
    fn config(&self) -> Result<Config> {
        let language = self.talk.language;
        self.draft
            .config()
            .map_err(|faults| anyhow!("{}", words::would_not_read(language, &faults.say(language))))
    }

    /// The station that runs in this place, if one does.
    fn running(&self) -> Option<Report> {
        let state = self.config().ok()?.paths.state;
        match crate::control::ask(&state, Ask::Status) {
            Ok(Told::Status(report)) => Some(*report),
            _ => None,
        }
    }

    /// Whether other machines are to reach the pages.
    fn on_network(&self) -> Result<bool> {
        Ok(matches!(self.config()?.page.listen, Listen::At(address) if !address.ip().is_loopback()))
    }

    /// The accounts that the station has already.
    fn accounts(&self) -> Result<Accounts> {
        Ok(Accounts::read(&self.config()?.paths.state).unwrap_or_default())
    }
}
