//! What follows once the config is written: the word about the clock, the service, the first cue, and what to do tomorrow.
//! Owns that nothing is started again while it airs, or will within ten minutes.

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Session, told, words};
use crate::cli::setting::{Asked, who};
use crate::cli::{Exit, problem, say};
use crate::clock::{Clock, SystemClock, boot_id, system_started, testimony};
use crate::config::{Approval, Listen};
use crate::control::{Ask, Told};
use crate::core::order::Order;
use crate::core::trust::Vouched;
use crate::service::{self, ServiceError, State};
use crate::setup::SetupError;
use crate::setup::first_cue::{self, NotNow};
use crate::words::orders;

/// A station is not started again when something is due within this.
const SOON: TimeDelta = TimeDelta::minutes(10);

/// How the station runs, after all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    /// As a service.
    Service,
    /// Somebody has to start it, or has.
    ByHand,
    /// The service did not start.
    Failed,
}

impl Session<'_> {
    /// A station that was just made.
    pub(super) fn after_making(&mut self) -> Result<Exit> {
        let mut fine = self.goes_on(self.pass_on_clock())?;
        let runs = if self.service { self.start_service() } else { Runs::ByHand };
        if runs == Runs::Failed {
            // What to do tomorrow is for a station that runs.
            return Ok(Exit::Wrong);
        }
        fine &= self.pass_on_clock_again()?;
        if self.distrusts_its_clock() {
            say(self.talk.texts().clock_later);
        } else {
            fine &= self.goes_on(self.offer_first_cue(runs == Runs::ByHand))?;
        }
        self.say_tomorrow(runs)?;
        Ok(if fine { Exit::Fine } else { Exit::Wrong })
    }

    /// A running station that does not air by its clock.
    fn distrusts_its_clock(&self) -> bool {
        self.running().is_some_and(|report| !report.standing.clock.trust.is_trusted())
    }

    /// The word about the clock, to a station that came up too early to find it or where the system does not say which boot
    /// it is; whether it could be given.
    fn pass_on_clock_again(&self) -> Result<bool> {
        if !self.clock_confirmed || !self.distrusts_its_clock() {
            return Ok(true);
        }
        self.goes_on(self.pass_on_clock())
    }

    /// The service is being started by the system, after a failure say, and answers nobody yet.
    fn comes_up(&self) -> bool {
        let may = self.place.is_installed() && !self.flags.no_service;
        may && self.running().is_none() && service::state() == State::Running
    }

    /// Tells what could not be written now that the config is; whether all was. No station stays off for it.
    fn goes_on(&self, done: Result<()>) -> Result<bool> {
        let Err(error) = done else { return Ok(true) };
        let trouble = error.downcast::<SetupError>()?;
        problem(self.talk.language, &told(self.talk.language, &trouble, true));
        Ok(false)
    }

    /// A station of which something was changed, or nothing.
    pub(super) fn after_changing(&mut self, changed: bool) -> Result<Exit> {
        let mut fine = self.goes_on(self.pass_on_clock())?;
        let mut runs = Runs::ByHand;
        if changed && self.running().is_some() {
            runs = self.offer_restart()?;
        } else if self.service || self.comes_up() {
            runs = self.start_service();
        } else if !changed
            && self.account.is_none()
            && !(self.clock_confirmed || self.flags.share || self.flags.first_cue)
        {
            say(self.talk.texts().nothing_changed);
        }
        fine &= self.pass_on_clock_again()?;
        if self.flags.first_cue && self.distrusts_its_clock() {
            say(self.talk.texts().clock_later);
        } else if self.flags.first_cue && runs != Runs::Failed {
            fine &= self.goes_on(self.set_first_cue(self.running().is_none()))?;
        }
        Ok(if runs == Runs::Failed || !fine { Exit::Wrong } else { Exit::Fine })
    }

    /// A running station is told that the clock is right; one that is not, at its start.
    fn pass_on_clock(&self) -> Result<()> {
        if !self.clock_confirmed {
            return Ok(());
        }
        let (config, language) = (self.config()?, self.talk.language);
        let order = Ask::Order { order: Order::ConfirmClock, by: who() };
        match crate::control::ask(&config.paths.state, order) {
            Ok(Told::Done(answer)) => say(&orders::answer(language, config.station.time_zone, &answer)),
            Ok(Told::Refused(refusal)) => {
                problem(language, &orders::refusal(language, config.station.time_zone, &refusal));
            }
            _ => {
                let clock = SystemClock::new();
                let known = boot_id().zip(system_started(&clock));
                let (Some((boot, started)), false) = (known, testimony(&clock).synchronised == Some(true))
                else {
                    return Ok(());
                };
                crate::setup::vouch(&config, self.place.root(), &Vouched { boot, started, by: who() })?;
            }
        }
        Ok(())
    }

    /// Starts the service, where there is one, and waits until it is up. One that answers nobody is not ended: the system is
    /// about to start it, or it airs what it can.
    fn start_service(&self) -> Runs {
        let language = self.talk.language;
        let started = match service::state() {
            State::NoKeeper | State::NotInstalled => return Runs::ByHand,
            State::Running if self.running().is_some() => service::restart(),
            State::Running | State::Stopped | State::Failed => service::enable_and_start(),
        };
        match started {
            Ok(()) => {
                say(self.talk.texts().runs);
                Runs::Service
            }
            Err(error) => {
                let (found, not_allowed) = match error {
                    ServiceError::NotAllowed { found } => (found, true),
                    ServiceError::Refused { found } => (found, false),
                };
                problem(language, &words::service_trouble(language, &found, not_allowed));
                Runs::Failed
            }
        }
    }

    /// What airs, or will within minutes, in this place; none where nothing does.
    pub(super) fn busy(&self) -> Result<Option<String>> {
        let Some(report) = self.running() else { return Ok(None) };
        let standing = report.standing;
        let sounding = standing.on_air.map(|on_air| on_air.title).or(standing.paused);
        let emergency = standing.emergencies.first().map(|order| order.title.clone());
        let asked = Asked { config: self.place.config.clone(), language: Some(self.talk.language) };
        let setting = asked.setting()?;
        let soon = setting.now + SOON;
        let mut cues = setting.plan()?.cues(setting.now - TimeDelta::minutes(1), soon);
        cues.retain(|cue| cue.fate.is_none());
        let waiting = standing.coming.into_iter().find(|one| one.due <= soon).map(|one| one.title);
        let due = cues.first().map(|cue| cue.slot.title.clone());
        Ok(sounding.or(emergency).or(waiting).or(due))
    }

    /// Starts the running station again, where that disturbs nothing and a person wants it.
    fn offer_restart(&mut self) -> Result<Runs> {
        let (texts, language) = (self.talk.texts(), self.talk.language);
        if !self.place.is_installed() || service::state() != State::Running {
            say(words::restart_by_hand(language));
            return Ok(Runs::ByHand);
        }
        if let Some(title) = self.busy()? {
            say(&words::busy(language, &title));
            say(texts.restart_later);
            return Ok(Runs::ByHand);
        }
        let wanted =
            !self.flags.no_service && (self.flags.yes || self.talk.yes(texts.restart, Some(true))?);
        if !wanted {
            say(texts.restart_later);
            return Ok(Runs::ByHand);
        }
        // The answer may have taken its time: what has come near meanwhile is not cut.
        if let Some(title) = self.busy()? {
            say(&words::busy(language, &title));
            say(texts.restart_later);
            return Ok(Runs::ByHand);
        }
        Ok(self.start_service())
    }

    fn offer_first_cue(&self, by_hand: bool) -> Result<()> {
        if self.flags.first_cue {
            return self.set_first_cue(by_hand);
        }
        let Some(due) = self.first_cue_at(by_hand)?.ok().filter(|_| !self.flags.yes) else { return Ok(()) };
        let zone = self.config()?.station.time_zone;
        say("");
        if self.talk.yes(&words::first_cue_question(self.talk.language, zone, due), Some(false))? {
            self.set_first_cue(by_hand)?;
        }
        Ok(())
    }

    /// When the first cue would air, if it may.
    fn first_cue_at(&self, by_hand: bool) -> Result<Result<DateTime<Utc>, NotNow>> {
        let config = self.config()?;
        let due = first_cue::due(SystemClock::new().now(), by_hand);
        let holidays = config.holidays().unwrap_or_default();
        Ok(first_cue::may_air(&config, &holidays, due).map(|()| due))
    }

    fn set_first_cue(&self, by_hand: bool) -> Result<()> {
        let (config, language) = (self.config()?, self.talk.language);
        // Asked anew: a person may have thought about it for minutes.
        match self.first_cue_at(by_hand)? {
            Ok(due) => {
                first_cue::write(&config, self.place.root(), self.talk.texts().first_cue, due)?;
                say(&words::first_cue_set(language, config.station.time_zone, due));
                if config.policy.approval == Approval::Command {
                    say(&words::first_cue_waits(language));
                }
            }
            Err(why) => say(&words::no_first_cue(language, why == NotNow::QuietHours)),
        }
        Ok(())
    }

    fn say_tomorrow(&self, runs: Runs) -> Result<()> {
        let (config, language) = (self.config()?, self.talk.language);
        say("");
        let named = (!self.place.is_installed()).then_some(self.place.config.as_path());
        if runs == Runs::ByHand {
            say(&words::run_by_hand(language, named));
            say("");
        }
        let scheme = if config.page.certificate.is_some() { "https" } else { "http" };
        let page = match config.page.listen {
            Listen::Nowhere => None,
            Listen::At(at) if at.ip().is_unspecified() => Some(format!("{scheme}://127.0.0.1:{}", at.port())),
            Listen::At(at) => Some(format!("{scheme}://{at}")),
        };
        let inbox = &config.paths.inbox;
        words::tomorrow(language, page.as_deref(), inbox, named).iter().for_each(|line| say(line));
        Ok(())
    }
}
