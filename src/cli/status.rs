//! `loa status`: how the station is.

use anyhow::Result;
use clap::Args;

use super::setting::Asked;
use super::{Exit, say, say_json};
use crate::control::Report;
use crate::core::as_json::StatusJson;
use crate::core::order::START;
use crate::core::standing::{AmplifierStanding, CardStanding};
use crate::words::{Language, cards, emergencies, orders, outbox, terms};

/// How the station is.
#[derive(Debug, Args)]
pub struct Status {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

impl Status {
    pub(super) fn run(&self, asked: &Asked) -> Result<Exit> {
        let setting = asked.setting()?;
        let (language, zone, config) = (setting.language, setting.zone, &setting.config);
        let report = setting.running();
        let quiet = config.policy.quiet_hours.contains(zone, setting.now);
        if self.json {
            say_json(&StatusJson::of(config.named(), setting.now, quiet, report.as_ref()))?;
        } else if let Some(report) = &report {
            let next = setting.next_cues()?;
            lines(language, zone, &config.station.name, quiet, report, &next)
                .iter()
                .for_each(|line| say(line));
        } else {
            say(&match language {
                Language::Vi => {
                    format!(
                        "Trạm “{}” không chạy. Khởi động bằng `{START}`, trạm chạy thử thì `loa run`.",
                        config.station.name
                    )
                }
                Language::En => {
                    format!(
                        "Station “{}” is not running. Start it with `{START}`, or `loa run` where it is tried out.",
                        config.station.name
                    )
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
    lines.extend(standing.emergencies.iter().map(|order| {
        let standing = emergencies::standing(language, zone, order);
        format!("! {standing}. {}", emergencies::how_to_end(language))
    }));
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
            format!(
                "{} {}",
                pick("! Không mở được card âm thanh nào:", "! No card can be opened:"),
                cards::tried(language, tried)
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
