//! The page *Now*: what is on air, what comes next, and whether all is well. Owns what is shown and in which order; the part
//! that is renewed every two seconds is a page of its own.

use askama::Template;
use chrono::TimeDelta;

use super::ask::{Answered, Ask};
use super::frame::{Frame, Place};
use super::receive::Asked;
use crate::core::drops::Verdict;
use crate::core::page::Problem;
use crate::core::pattern::civil_days;
use crate::core::rundown::Plan;
use crate::core::standing::{AmplifierStanding, CardStanding, OnAirNow, Report};
use crate::words::{emergencies, orders, outbox, pages, terms};

/// So many cues are shown.
const CUES: usize = 8;
/// So many alarms: the page has to be light on the worst of days.
const ALARMS: usize = 40;

#[derive(Template)]
#[template(path = "now.html")]
struct NowPage {
    f: Frame,
    live: Live,
}

#[derive(Template)]
#[template(path = "live.html")]
struct LivePart {
    f: Frame,
    live: Live,
}

struct OnAir {
    title: String,
    facts: Vec<(&'static str, String)>,
    meter: Option<String>,
}

struct AlarmShown {
    about: String,
    found: String,
    since: String,
}

struct Fact {
    term: &'static str,
    text: String,
    wrong: bool,
}

struct Live {
    tone: &'static str,
    headline: String,
    now: String,
    on_air: Option<OnAir>,
    notes: Vec<String>,
    alarms: Vec<AlarmShown>,
    coming: Vec<(String, String)>,
    facts: Vec<Fact>,
}

/// The whole page.
pub(super) async fn page(ask: Asked) -> Answered {
    let work = |ask: &Ask| {
        let labels = pages::labels(ask.visitor.language);
        let f = Frame::new(ask, Some(Place::Now), labels.now.into());
        Ok(NowPage { f, live: look(ask)? })
    };
    ask.0.page(work).await
}

/// The part that is renewed.
pub(super) async fn live(ask: Asked) -> Answered {
    let work = |ask: &Ask| Ok(LivePart { f: Frame::new(ask, None, String::new()), live: look(ask)? });
    ask.0.page(work).await
}

fn look(ask: &Ask) -> Result<Live, Problem> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let report = ask.pages.report().ok_or(Problem::PlayoutSilent)?;
    let standing = &report.standing;
    let quiet = ask.pages.policy.quiet.contains(zone, standing.now);
    let trusted = standing.clock.trust.is_trusted();
    let alarms = report.alarms.iter().take(ALARMS).map(|alarm| AlarmShown {
        about: alarm.about.clone(),
        found: alarm.found.clone(),
        since: terms::date_and_time(language, zone, alarm.since),
    });
    let mut notes: Vec<String> = standing.paused.iter().map(|title| pages::paused(language, title)).collect();
    notes.extend(standing.emergencies.iter().map(|order| emergencies::standing(language, zone, order)));
    notes.extend(report.waiting.iter().map(|awaited| {
        let why: Vec<String> = awaited.holds.iter().map(|hold| orders::hold(language, hold)).collect();
        pages::waiting(language, &awaited.title, &why.join("; "))
    }));
    // A journal that cannot be read is told below; it hides nothing of what is on air.
    let plan =
        ask.programme().map_or_else(|_| Plan::clone(&ask.pages.station.programme().0), |(plan, _)| plan);
    let mut cues = plan.cues(standing.now, standing.now + TimeDelta::days(8));
    cues.retain(|cue| cue.fate.is_none());
    let coming = cues
        .iter()
        .take(CUES)
        .map(|cue| (terms::date_and_time(language, zone, cue.due), cue.slot.title.clone()));
    let tone = match (report.alarms.is_empty() && trusted, &standing.on_air) {
        (false, _) => "bad",
        (true, Some(_)) => "good",
        (true, None) => "calm",
    };
    Ok(Live {
        tone,
        headline: pages::headline(language, standing.on_air.is_some(), quiet, trusted, report.alarms.len()),
        now: terms::date_and_time(language, zone, standing.now),
        on_air: standing.on_air.as_ref().map(|on_air| on_air_of(ask, on_air)),
        notes,
        alarms: alarms.collect(),
        coming: coming.collect(),
        facts: facts(ask, &report),
    })
}

fn on_air_of(ask: &Ask, on_air: &OnAirNow) -> OnAir {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    let since = on_air.since.map_or_else(|| labels.not_yet.to_owned(), |at| terms::clock_time(zone, at));
    let mut facts = vec![(labels.started, since)];
    facts.extend(on_air.until.map(|at| (labels.until, terms::clock_time(zone, at))));
    facts.extend(
        on_air.level_dbfs.map(|level| (labels.level, format!("{} dBFS", terms::tenths(language, level)))),
    );
    facts.push((labels.kind, terms::kind(language, on_air.kind).to_owned()));
    facts.push((labels.priority, terms::priority(language, on_air.priority).to_owned()));
    OnAir {
        title: on_air.title.clone(),
        facts,
        meter: on_air.level_dbfs.map(|level| format!("{:.1}", level.clamp(-60.0, 0.0))),
    }
}

fn facts(ask: &Ask, report: &Report) -> Vec<Fact> {
    let (language, zone) = (ask.visitor.language, ask.zone());
    let labels = pages::labels(language);
    let standing = &report.standing;
    let raised = |codes: &[&str]| report.alarms.iter().any(|alarm| codes.contains(&alarm.code.as_str()));
    let judged = |term, codes: &[&str]| {
        let wrong = raised(codes);
        Fact { term, text: if wrong { labels.see_alarms } else { labels.in_order }.into(), wrong }
    };
    let trust = standing.clock.trust;
    let mut facts = vec![
        Fact {
            term: labels.clock,
            text: terms::trust(language, trust).to_owned(),
            wrong: !trust.is_trusted(),
        },
        Fact {
            term: labels.card,
            text: pages::card(language, &standing.card),
            wrong: matches!(standing.card, CardStanding::Missing { .. }),
        },
    ];
    facts.extend(standing.amplifier.map(|amplifier| Fact {
        term: labels.amplifier,
        text: pages::amplifier(language, amplifier).to_owned(),
        wrong: amplifier == AmplifierStanding::Failed,
    }));
    facts.push(judged(labels.disk, &["disk_low", "disk_full"]));
    facts.push(match standing.held {
        0 => judged(
            labels.journal,
            &["journal_not_written", "journal_damaged", "journal_restored", "backup_failed"],
        ),
        held => Fact { term: labels.journal, text: pages::held(language, held), wrong: true },
    });
    facts.push(inbox(ask, report));
    let schedules = match report.schedules.is_empty() {
        true => labels.no_schedules.to_owned(),
        false => report.schedules.join(", "),
    };
    facts.push(Fact { term: labels.schedules, text: schedules, wrong: false });
    facts.extend(report.ways.iter().map(|way| Fact {
        term: labels.alarms,
        text: outbox::way(language, zone, way),
        wrong: false,
    }));
    facts
}

/// What came today, else what is wrong with the inbox. A journal that cannot be read hides nothing else of the page.
fn inbox(ask: &Ask, report: &Report) -> Fact {
    let language = ask.visitor.language;
    let labels = pages::labels(language);
    let codes = ["inbox_failed", "inbox_missing", "inbox_not_stored"];
    if report.alarms.iter().any(|alarm| codes.contains(&alarm.code.as_str())) {
        return Fact { term: labels.inbox, text: labels.see_alarms.into(), wrong: true };
    }
    let today = ask.today();
    let (from, to) = civil_days(ask.zone(), today, today);
    match ask.pages.readers.ask(|reader| reader.drop_counts(from, to)) {
        Ok(counts) => {
            let returned = counts.get(&Verdict::Returned).copied().unwrap_or_default() as usize;
            let all = counts.values().sum::<u64>() as usize;
            let text = pages::drops(language, all - returned, returned);
            Fact { term: labels.inbox, text, wrong: false }
        }
        Err(problem) => Fact { term: labels.inbox, text: pages::problem(language, &problem), wrong: true },
    }
}
