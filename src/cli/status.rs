//! `loa status`: how the station is.

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::setting::{Asked, rfc3339};
use super::{Exit, say, say_json};
use crate::control::{Alarm, Report};
use crate::core::emergency::InForce;
use crate::core::order::Awaited;
use crate::core::outbox::WayStanding;
use crate::core::standing::{AmplifierStanding, CardStanding, Coming, OnAirNow};
use crate::words::{Language, emergencies, orders, outbox, terms};

/// How the station is.
#[derive(Debug, Args)]
pub struct Status {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct StatusJson {
    running: bool,
    station: String,
    name: String,
    now: String,
    /// Whether the quiet hours bind the station now.
    quiet_hours: bool,
    /// The configured cards, in order.
    cards: Vec<String>,
    clock_trusted: Option<bool>,
    clock_trust: Option<String>,
    clock_synchronised: Option<bool>,
    card: Option<CardStanding>,
    amplifier: Option<AmplifierStanding>,
    on_air: Option<OnAirNow>,
    /// The title of what an emergency has paused.
    paused: Option<String>,
    /// The emergency orders that stand.
    emergencies: Vec<EmergencyJson>,
    coming: Vec<Coming>,
    schedules: Vec<String>,
    /// Versions of schedules that wait for a person.
    waiting: Vec<Awaited>,
    inbox: String,
    alarms: Vec<Alarm>,
    /// How those who are far away are told of them.
    ways: Vec<WayStanding>,
    held_entries: Option<usize>,
    aircheck: String,
}

#[derive(Serialize)]
struct EmergencyJson {
    file: String,
    title: String,
    until: String,
    /// None: it airs once.
    every_s: Option<u64>,
    next: Option<String>,
    by: String,
}

impl EmergencyJson {
    fn of(zone: chrono_tz::Tz, order: &InForce) -> EmergencyJson {
        EmergencyJson {
            file: order.file.to_string(),
            title: order.title.clone(),
            until: rfc3339(zone, order.until),
            every_s: order.every.map(|every| every.as_secs()),
            next: order.next.map(|next| rfc3339(zone, next)),
            by: order.by.clone(),
        }
    }
}

impl Status {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone, config) = (setting.language, setting.zone, &setting.config);
        let report = setting.running();
        let quiet = config.policy.quiet_hours.contains(zone, setting.now);
        if self.json {
            let standing = report.as_ref().map(|report| &report.standing);
            say_json(&StatusJson {
                running: report.is_some(),
                station: config.station.id.clone(),
                name: config.station.name.clone(),
                now: rfc3339(zone, setting.now),
                quiet_hours: quiet,
                cards: config.output.cards.iter().map(ToString::to_string).collect(),
                clock_trusted: standing.map(|standing| standing.clock.trust.is_trusted()),
                clock_trust: standing.and_then(|standing| {
                    serde_json::to_value(standing.clock.trust).ok()?.as_str().map(ToOwned::to_owned)
                }),
                clock_synchronised: standing.and_then(|standing| standing.clock.synchronised),
                card: standing.map(|standing| standing.card.clone()),
                amplifier: standing.and_then(|standing| standing.amplifier),
                on_air: standing.and_then(|standing| standing.on_air.clone()),
                paused: standing.and_then(|standing| standing.paused.clone()),
                emergencies: standing
                    .map(|standing| &standing.emergencies[..])
                    .unwrap_or_default()
                    .iter()
                    .map(|order| EmergencyJson::of(zone, order))
                    .collect(),
                coming: standing.map(|standing| standing.coming.clone()).unwrap_or_default(),
                schedules: report.as_ref().map(|report| report.schedules.clone()).unwrap_or_default(),
                waiting: report.as_ref().map(|report| report.waiting.clone()).unwrap_or_default(),
                inbox: config.paths.inbox.display().to_string(),
                alarms: report.as_ref().map(|report| report.alarms.clone()).unwrap_or_default(),
                ways: report.as_ref().map(|report| report.ways.clone()).unwrap_or_default(),
                held_entries: standing.map(|standing| standing.held),
                aircheck: config.paths.aircheck.display().to_string(),
            })?;
        } else if let Some(report) = &report {
            let next = setting.next_cues()?;
            lines(language, zone, &config.station.name, quiet, report, &next)
                .iter()
                .for_each(|line| say(line));
        } else {
            say(&match language {
                Language::Vi => {
                    format!("Trạm “{}” không chạy. Khởi động bằng `loa run`.", config.station.name)
                }
                Language::En => {
                    format!("Station “{}” is not running. Start it with `loa run`.", config.station.name)
                }
            });
        }
        Ok(if report.is_some() { Exit::Fine } else { Exit::Wrong })
    }
}

impl super::setting::Setting {
    /// The next cues that will air, at most five.
    fn next_cues(&self) -> Result<Vec<(chrono::DateTime<chrono::Utc>, String)>> {
        let plan = self.plan()?;
        let mut cues = plan.cues(self.now, self.now + chrono::TimeDelta::days(8));
        cues.retain(|cue| cue.fate.is_none());
        cues.truncate(5);
        Ok(cues.into_iter().map(|cue| (cue.due, cue.slot.title.clone())).collect())
    }
}

fn lines(
    language: Language,
    zone: chrono_tz::Tz,
    name: &str,
    quiet: bool,
    report: &Report,
    next: &[(chrono::DateTime<chrono::Utc>, String)],
) -> Vec<String> {
    let standing = &report.standing;
    let vi = language == Language::Vi;
    let pick = |in_vi: &str, in_en: &str| if vi { in_vi.to_owned() } else { in_en.to_owned() };
    let mut lines = vec![format!("{name} · {}", terms::date_and_time(language, zone, standing.now))];
    lines.push(match &standing.on_air {
        Some(on_air) => {
            let until = on_air.until.map(|at| terms::clock_time(zone, at)).unwrap_or_default();
            let level = on_air.level_dbfs.map(|level| format!(" · {level:.1} dBFS")).unwrap_or_default();
            format!("{} “{}” → {until}{level}", pick("Đang phát:", "On air:"), on_air.title)
        }
        None if quiet => pick("Đang trong giờ yên tĩnh: không phát gì.", "Quiet hours: nothing airs."),
        None => pick("Không có gì đang phát.", "Nothing is on air."),
    });
    lines.extend(standing.paused.as_ref().map(|title| {
        format!("  {} “{title}”", pick("Tạm dừng, sẽ phát tiếp:", "Paused, goes on afterwards:"))
    }));
    lines.extend(
        standing
            .emergencies
            .iter()
            .map(|order| format!("! {}", emergencies::standing(language, zone, order))),
    );
    let trust = terms::trust(language, standing.clock.trust);
    lines.push(format!("{} {trust}", pick("Đồng hồ:", "Clock:")));
    if !standing.clock.trust.is_trusted() {
        lines.push(pick(
            "  ! Trạm chưa tin giờ máy nên không phát theo lịch. Nếu giờ trên đúng, hãy chạy `loa clock confirm`.",
            "  ! The clock is not trusted, so no cue airs. If the time above is right, run `loa clock confirm`.",
        ));
    }
    lines.push(match &standing.card {
        CardStanding::Closed => {
            pick("Card âm thanh: đóng, sẽ mở trước lượt phát kế tiếp.", "Card: closed until the next cue.")
        }
        CardStanding::Opening => pick("Card âm thanh: đang mở.", "Card: being opened."),
        CardStanding::Open { device, silent: false } => {
            format!("{} {device}", pick("Card âm thanh:", "Card:"))
        }
        CardStanding::Open { device, silent: true } => {
            format!(
                "{} {device} {}",
                pick("Card âm thanh:", "Card:"),
                pick("(không phát ra tiếng)", "(makes no sound)")
            )
        }
        CardStanding::Missing { tried } => {
            let list: Vec<String> = tried.iter().map(|(card, found)| format!("{card}: {found}")).collect();
            format!(
                "{} {}",
                pick("! Không mở được card âm thanh nào:", "! No card can be opened:"),
                list.join("; ")
            )
        }
    });
    lines.extend(standing.amplifier.map(|amplifier| match amplifier {
        AmplifierStanding::On => pick("Tăng âm: bật.", "Amplifier: on."),
        AmplifierStanding::Off => pick("Tăng âm: tắt.", "Amplifier: off."),
        AmplifierStanding::Switching => pick("Tăng âm: đang bật hoặc tắt.", "Amplifier: being switched."),
        AmplifierStanding::Failed => pick("! Tăng âm: lệnh bị lỗi.", "! Amplifier: the command fails."),
    }));
    lines.push(format!("{} {}", pick("Lịch đang chạy:", "Schedules:"), report.schedules.join(", ")));
    for (due, title) in next {
        lines.push(format!("  {}  {title}", terms::date_and_time(language, zone, *due)));
    }
    for awaited in &report.waiting {
        let why: Vec<String> = awaited.holds.iter().map(|hold| orders::hold(language, hold)).collect();
        lines.push(format!(
            "? {} “{}” ({}): {}",
            pick("Lịch chờ:", "Waiting:"),
            awaited.title,
            awaited.schedule,
            why.join("; ")
        ));
    }
    if standing.held > 0 {
        let held = standing.held;
        lines.push(if vi {
            format!("! {held} mục chưa ghi được vào nhật ký, đang giữ trong bộ nhớ; hãy xem ổ đĩa.")
        } else {
            format!("! {held} entries could not be written and are held in memory; look at the disk.")
        });
    }
    for alarm in &report.alarms {
        lines.push(format!("! {}: {}", alarm.about, alarm.found.replace('\n', "\n    ")));
    }
    lines.extend(report.ways.iter().map(|way| outbox::way(language, zone, way)));
    lines
}
