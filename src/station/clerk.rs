//! The inbox's clerk: looks into what offices drop, decides with the plan and the recordings at hand, and carries
//! decisions out. Owns the way from a drop to its answer; the words of the answer are `words`', the folder `intake`'s.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use super::scheduling::{Scheduling, hold};
use super::shelf::Shelf;
use super::targets::TargetsList;
use crate::clock::Clock;
use crate::config::{Config, Themes};
use crate::core::cart::{Cart, CartName, CartNameError, Fingerprint, Library};
use crate::core::drops::{
    Airs, Answer, BadName, Complaint, ENGLISH_NAMES, EmergencyTaken, News, Receipt, RecordingAnswer, Remark,
    ScheduleAnswer, Sender, VIETNAMESE_NAMES, Withdrawn,
};
use crate::core::fault::{Fault, Located};
use crate::core::limits::Sounded;
use crate::core::paper::Contact;
use crate::core::preview::{self, Grounds};
use crate::core::record::{Dropped, Entry, Record};
use crate::core::rundown::Version;
use crate::core::rundown::forecast::Policy;
use crate::core::schedule::read::{Reference, read};
use crate::intake::inbox::{Act, Clerk, Decision, Found, Inlet, Rendered};
use crate::intake::judging::{self, Limits, Setback, Sort};
use crate::intake::namespace::{Spelled, spell_out};
use crate::intake::store;
use crate::intake::submitted::{Submitted, bytes_of, text_of};
use crate::words::{self, Language, Say, orders, receipts};

mod plans;
mod refused;
mod targets;

use plans::{airs, live, plays, without};

/// Everything that a decision rests on.
pub(super) struct Desk {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) record: Arc<dyn Record>,
    pub(super) shelf: Arc<Shelf>,
    pub(super) scheduling: Arc<Mutex<Scheduling>>,
    pub(super) zone: Tz,
    pub(super) language: Language,
    /// The languages of offices that have one of their own, by folder in NFC.
    pub(super) offices: Vec<(String, Language)>,
    pub(super) contact: Contact,
    pub(super) policy: Policy,
    pub(super) reference: Reference,
    pub(super) themes: Vec<(String, String, String)>,
    pub(super) targets: TargetsList,
    pub(super) scratch: PathBuf,
    pub(super) limits: Limits,
    /// What is done about recordings in the folder for emergencies.
    pub(super) emergencies: EmergencyTaken,
    /// How many decisions were carried out, or begun to be.
    pub(super) carried_out: u64,
}

/// A decision before it is worded.
struct Judged {
    answer: Answer,
    act: Act,
    sha256: Option<Fingerprint>,
}

impl Judged {
    fn returned(why: Vec<Complaint>, sha256: Option<Fingerprint>) -> Judged {
        Judged { answer: Answer::Returned(why), act: Act::Answer, sha256 }
    }
}

impl Desk {
    /// The desk of the station of `config`.
    pub(super) fn new(
        config: &Config,
        (reference, themes): (Reference, &Themes),
        record: Arc<dyn Record>,
        shelf: Arc<Shelf>,
        scheduling: Arc<Mutex<Scheduling>>,
        clock: Arc<dyn Clock>,
    ) -> Desk {
        let offices = config.offices.iter();
        Desk {
            targets: TargetsList::new(config, themes, record.clone(), clock.clone()),
            clock,
            record,
            shelf,
            scheduling,
            zone: config.station.time_zone,
            language: config.station.language,
            offices: offices.filter_map(|office| Some((office.folder.clone(), office.language?))).collect(),
            contact: Contact {
                station: config.station.name.clone(),
                technician: config.station.technician.clone(),
                telephone: config.station.telephone.clone(),
            },
            policy: super::policy(config),
            reference,
            themes: themes.names(),
            scratch: config.paths.state.join("scratch"),
            limits: Limits {
                largest: u64::from(config.inbox.largest_mb) * 1_000_000,
                longest: config.inbox.longest,
                ffmpeg: judging::find_ffmpeg(),
            },
            emergencies: super::emergencies::what_is_done(config),
            carried_out: 0,
        }
    }

    fn language_of(&self, sender: &Sender) -> Language {
        let folder: Option<String> = sender.folder().map(|folder| folder.nfc().collect());
        let own = |folder: &String| self.offices.iter().find(|(name, _)| name == folder);
        folder.as_ref().and_then(own).map_or(self.language, |(_, language)| *language)
    }

    /// What has been heard of late, as far as the limits count it.
    pub(super) fn sounded(&self) -> Result<Sounded, Setback> {
        if self.policy.limits.is_none() {
            return Ok(Sounded::default());
        }
        let now = self.clock.now();
        let heard = self.record.heard(now - TimeDelta::days(2));
        let heard = heard.map_err(|error| Setback::Hindered { found: error.to_string() })?;
        Ok(self.policy.sounded(heard, now))
    }

    fn grounds<'a>(&'a self, library: &'a Library, sounded: &'a Sounded) -> Grounds<'a> {
        Grounds { library, policy: &self.policy, sounded, now: self.clock.now() }
    }

    fn look_into(&self, found: &Found) -> Result<Judged, Setback> {
        if let Some(complaint) = &found.complaint {
            return Err(complaint.clone().into());
        }
        match (judging::sort_of_file(&found.path, &found.inner).map_err(unreadable)?, found.inlet) {
            (Sort::Recording, Inlet::Drop | Inlet::Emergency) => self.recording(found),
            (Sort::Toml | Sort::Workbook(_), Inlet::Emergency) => Err(Complaint::NoEmergency.into()),
            (Sort::Recording, Inlet::Withdraw) => self.withdraw_recording(found),
            (sort @ (Sort::Toml | Sort::Workbook(_)), inlet) => self.schedule(found, &sort, inlet),
            (Sort::Document(ending), _) => Err(Complaint::Document { ending }.into()),
            (Sort::Other(ending), _) => Err(Complaint::NoUse { ending }.into()),
        }
    }

    fn recording(&self, found: &Found) -> Result<Judged, Setback> {
        let name = self.name_of(found).map_err(|error| Complaint::BadName(BadName::Cart(error)))?;
        // A place of its own: the same bytes dropped twice are two drops.
        let scratch = self.scratch.join(&*found.id.0);
        let judged = judging::judge(&found.path, &found.inner, &self.limits, &scratch, &mut |_| ());
        if judged.is_err() {
            let _ = std::fs::remove_dir(&scratch);
        }
        let judged = judged?;
        let shown = self.shelf.get();
        let cover = shown.covered.get(&name).filter(|cover| !cover.allowed.contains(&judged.content));
        let awaits = cover.map(|cover| cover.schedules.clone()).unwrap_or_default();
        let waits = !awaits.is_empty();
        let there = shown.library.get(&name);
        let news = match there {
            Some(Cart::Ready(had)) if had.sha256 == judged.content => News::Same,
            Some(_) => News::Replaces,
            None => match shown.library.by_content(&judged.content) {
                Some(other) => News::SameAs(other.clone()),
                None => News::New,
            },
        };
        let mut library = Library::clone(&shown.library);
        if !waits {
            library.put(name.clone(), Cart::Ready(Arc::new(judged.found.clone())));
        }
        let sounded = self.sounded()?;
        let airs = airs(&shown.plan, &name, &self.grounds(&library, &sounded));
        let later = match airs.is_empty() {
            true => preview::later_with(&shown.plan, &name, &self.grounds(&library, &sounded)),
            false => None,
        };
        let later = later.map(|(title, due)| Airs { title, due, expected: None });
        let mut remarks = judged.remarks;
        if there.is_none() && found.sender.folder().is_some() {
            let schedules = hold(&self.scheduling).sent_with(&found.sender, &found.inner);
            let schedules = schedules.map_err(|error| Setback::Hindered { found: error.to_string() })?;
            remarks.extend((!schedules.is_empty()).then_some(Remark::CommonAirs(schedules)));
        }
        let unscheduled = !plays(&shown.plan, &name) && !self.waits_with(&name);
        // One that a schedule's approval covers waits for that, as any.
        let emergency = (found.inlet == Inlet::Emergency && !waits).then_some(self.emergencies);
        // The same content is stored as well: what is known of the folder may be older than what lies in it, and other
        // content may wait for approval.
        let act = Act::Store {
            name: name.clone(),
            source: judged.source,
            content: judged.content,
            found: Box::new(judged.found.clone()),
            waits,
            emergency: emergency.is_some(),
        };
        let answer = RecordingAnswer {
            name,
            found: judged.found,
            converted_from: judged.converted_from,
            news,
            remarks,
            awaits,
            airs,
            later,
            unscheduled,
            emergency,
        };
        Ok(Judged { answer: Answer::Recording(Box::new(answer)), act, sha256: Some(judged.dropped) })
    }

    /// Its name in the library. What comes by the folder for emergencies has a folder of its own there too: it replaces
    /// nothing that a schedule plays.
    fn name_of(&self, found: &Found) -> Result<CartName, CartNameError> {
        let folder = match self.language {
            Language::Vi => VIETNAMESE_NAMES.emergency,
            Language::En => ENGLISH_NAMES.emergency,
        };
        match found.inlet {
            Inlet::Emergency => found.sender.cart(&format!("{folder}/{}", found.inner)),
            Inlet::Drop | Inlet::Withdraw => found.sender.cart(&found.inner),
        }
    }

    fn waits_with(&self, name: &CartName) -> bool {
        let scheduling = hold(&self.scheduling);
        scheduling.waiting.values().any(|waiting| waiting.schedule.played().any(|played| played == name))
    }

    fn withdraw_recording(&self, found: &Found) -> Result<Judged, Setback> {
        let sounded = self.sounded()?;
        let shown = self.shelf.get();
        let sha256 = crate::sound::measure::fingerprint_of(&found.path).ok();
        let is_there = |name: &CartName| {
            shown.library.get(name).is_some() || self.shelf.pending.join(name.as_str()).is_file()
        };
        // An emergency of that very content goes before a recording that is only called the same.
        let emergency = self.name_of(&Found { inlet: Inlet::Emergency, ..found.clone() }).ok();
        let same = |name: &CartName| shown.library.by_content(&sha256?).filter(|same| *same == name).cloned();
        let by_name = emergency.as_ref().and_then(same);
        let by_name = by_name.or_else(|| found.sender.cart(&found.inner).ok().filter(is_there));
        // An office may have called its copy otherwise meanwhile; another office's recording is not its to take off.
        let by_content = || {
            let name = shown.library.by_content(&sha256?)?;
            let own = found.sender.folder().is_none_or(|folder| {
                let folder: String = folder.nfc().collect();
                name.as_str().strip_prefix(&folder).is_some_and(|rest| rest.starts_with('/'))
            });
            own.then(|| name.clone())
        };
        let Some(name) = by_name.or_else(by_content) else {
            return Ok(Judged::returned(vec![Complaint::NothingToWithdraw], sha256));
        };
        let cues = airs(&shown.plan, &name, &self.grounds(&shown.library, &sounded));
        let answer = Answer::Withdrawn(Withdrawn::Recording { name: name.clone(), cues });
        Ok(Judged { answer, act: Act::Remove { name }, sha256 })
    }

    fn schedule(&self, found: &Found, sort: &Sort, inlet: Inlet) -> Result<Judged, Setback> {
        let bytes = bytes_of(&found.path, sort)?;
        let sha256 = Some(Fingerprint::of(&bytes));
        let text = match text_of(&bytes, sort, &found.inner, &self.reference, &self.themes) {
            Ok(Submitted::Schedule(text)) => text,
            Ok(Submitted::Targets(text)) => return self.sent_targets(found, text, sha256),
            Err(complaint) => return Ok(Judged::returned(vec![complaint], sha256)),
        };
        let shown = self.shelf.get();
        let Spelled { text, common } = spell_out(&text, &found.sender, &shown.library);
        let (schedule, mut notices) = match read(text.as_bytes(), &found.inner, &self.reference) {
            Ok(read) => read,
            Err(faults) => return Ok(Judged::returned(vec![Complaint::Schedule(faults)], sha256)),
        };
        if !common.is_empty() {
            let fault = Fault::CommonRecordings { files: common.into_iter().collect() };
            notices.push(Located { file: found.inner.clone(), line: None, slot: None, fault });
        }
        let sounded = self.sounded()?;
        let id = schedule.id.clone();
        let is_live = live(&shown.plan, &id).is_some();
        if schedule.retired || inlet == Inlet::Withdraw {
            let waits = hold(&self.scheduling).waiting.contains_key(&id);
            if !is_live && !waits {
                return Ok(Judged::returned(vec![Complaint::NothingToWithdraw], sha256));
            }
            let after = without(&shown.plan, &id, self.clock.now());
            let preview = preview::preview(&shown.plan, &after, &id, &self.grounds(&shown.library, &sounded));
            let removed = preview.shifts.iter().filter(|shift| shift.schedule == id).count();
            let answer = Answer::Withdrawn(Withdrawn::Schedule { id: id.clone(), cues: removed });
            return Ok(Judged { answer, act: Act::Retire { id }, sha256 });
        }
        let holds = hold(&self.scheduling).holds(&found.inner, &text, &schedule, true);
        let holds = holds.map_err(|error| Setback::Hindered { found: error.to_string() })?;
        let approval = schedule.approval();
        let (title, from, until) = (schedule.title.clone(), schedule.valid_from, schedule.valid_until);
        let mut after = without(&shown.plan, &id, self.clock.now());
        let now = self.clock.now();
        after.versions.push(Version { schedule: Arc::new(schedule), from: now, until: None });
        let preview = preview::preview(&shown.plan, &after, &id, &self.grounds(&shown.library, &sounded));
        if preview.first.is_none() {
            return Ok(Judged::returned(vec![Complaint::NoCue { from, until }], sha256));
        }
        let answer = ScheduleAnswer {
            id: id.clone(),
            title,
            from,
            until,
            approval,
            replaces: is_live,
            holds,
            preview,
            notices,
        };
        Ok(Judged { answer: Answer::Schedule(Box::new(answer)), act: Act::Schedule { id, text }, sha256 })
    }

    fn text_of_act<'a>(&self, act: &'a Act) -> Option<std::borrow::Cow<'a, str>> {
        match act {
            Act::Schedule { text, .. } => Some(text.into()),
            Act::Retire { id } => Some(format!("id = \"{id}\"\nretired = true\n").into()),
            Act::Answer | Act::Store { .. } | Act::Remove { .. } | Act::Targets { .. } => None,
        }
    }
}

impl Clerk for Desk {
    fn judge(&mut self, found: &Found) -> std::io::Result<Decision> {
        // A reader that panics on a hostile file costs that file its place, not the inbox its life.
        let looked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.look_into(found)));
        let looked = looked.unwrap_or_else(|_| Err(Complaint::NotUnderstood.into()));
        let Judged { answer, act, sha256 } = match looked {
            Ok(judged) => judged,
            Err(Setback::Returned(complaint)) => Judged::returned(vec![complaint], None),
            Err(Setback::Hindered { found }) => return Err(std::io::Error::other(found)),
        };
        let receipt = Receipt {
            id: found.id.clone(),
            sender: found.sender.clone(),
            file: found.inner.clone(),
            at: self.clock.now(),
            sha256,
            answer,
        };
        let language = self.language_of(&found.sender);
        let paper = receipts::receipt(language, self.zone, &self.contact, &receipt);
        let verdict = receipt.verdict();
        Ok(Decision {
            id: receipt.id.clone(),
            at: receipt.at,
            sender: receipt.sender.clone(),
            file: receipt.file.clone(),
            sha256,
            verdict,
            act,
            why: receipt.answer.why(),
            detail: detail(&receipt.answer),
            receipt: Rendered {
                stamp: receipts::stamp(language, verdict).to_owned(),
                html: crate::export::page::html(&paper),
                text: crate::export::text::text(&paper),
            },
        })
    }

    fn carry_out(&mut self, decision: &Decision) -> std::io::Result<()> {
        self.carried_out += 1;
        let text = self.text_of_act(&decision.act);
        let (subject, content) = match &decision.act {
            Act::Answer | Act::Targets { .. } => (None, None),
            Act::Store { name, content, .. } => (Some(name.to_string()), Some(*content)),
            Act::Remove { name } => (Some(name.to_string()), None),
            Act::Schedule { id, .. } | Act::Retire { id } => {
                (Some(id.to_string()), text.as_ref().map(|text| Fingerprint::of(text.as_bytes())))
            }
        };
        if !self.record.has_drop(&decision.id).map_err(std::io::Error::other)? {
            let entry = Entry::Dropped(Dropped {
                id: decision.id.clone(),
                sender: decision.sender.clone(),
                file: decision.file.clone(),
                sha256: decision.sha256,
                verdict: decision.verdict,
                subject,
                content,
                why: decision.why.clone(),
                detail: decision.detail.clone(),
                emergency: matches!(decision.act, Act::Store { emergency: true, .. }),
            });
            self.record.append(self.clock.now(), &[entry]).map_err(std::io::Error::other)?;
        } else if self.is_refused(&decision.id)? {
            return Ok(());
        }
        match &decision.act {
            Act::Answer => {}
            Act::Targets { text } => self.targets.put(text, &targets::brought(decision))?,
            Act::Store { name, source, content, found, waits, .. } => {
                let root = if *waits { &self.shelf.pending } else { &self.shelf.audio };
                let marks = store::store(source, root, name, *content, &self.shelf.kept)?;
                if *waits {
                    self.shelf.contents_known.learn(name.clone(), marks, *content, found.duration());
                } else {
                    // What waited under that name is not what the office wants any more.
                    store::remove(&self.shelf.pending, name, &self.shelf.kept)?;
                    self.shelf.known.tell(name.clone(), marks, Cart::Ready(Arc::new((**found).clone())));
                }
                if source.starts_with(&self.scratch) {
                    let _ = std::fs::remove_file(source);
                    let _ = source.parent().map(std::fs::remove_dir);
                }
            }
            Act::Remove { name } => {
                store::remove(&self.shelf.pending, name, &self.shelf.kept)?;
                store::remove(&self.shelf.audio, name, &self.shelf.kept)?;
            }
            Act::Schedule { id, .. } | Act::Retire { id } => {
                if let Some(text) = text {
                    hold(&self.scheduling).put(id, &text).map_err(std::io::Error::other)?;
                }
            }
        }
        Ok(())
    }
}

fn unreadable(error: std::io::Error) -> Complaint {
    Complaint::Unreadable { found: error.to_string() }
}

/// What the journal keeps of an answer that is not a plain yes, in English.
fn detail(answer: &Answer) -> String {
    match answer {
        Answer::Returned(why) => why.iter().map(|why| why.say(Language::En)).collect::<Vec<_>>().join("\n"),
        Answer::Schedule(schedule) => {
            let holds = schedule.holds.iter().map(|hold| orders::hold(Language::En, hold));
            holds.collect::<Vec<_>>().join("\n")
        }
        Answer::Recording(recording) if !recording.awaits.is_empty() => "waits for approval".to_owned(),
        Answer::Recording(recording) if recording.emergency == Some(EmergencyTaken::Waits) => {
            "waits for an emergency order".to_owned()
        }
        Answer::Targets(answer) => words::targets::journalled(answer),
        Answer::Recording(_) | Answer::Withdrawn(_) => String::new(),
    }
}
