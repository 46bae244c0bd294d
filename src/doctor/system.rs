//! What of the system keeps a station from running alone for weeks: sleep, and whether it comes back after a power cut;
//! and `ffmpeg`. Owns how systemd's answers are read, and those of Windows. The power settings of a desktop cannot be seen from here.

use std::path::Path;

use super::ask::{Answer, ask};
use crate::core::checkup::{Finding, Machine};
use crate::intake::judging::find_ffmpeg;

/// The station's unit.
const UNIT: &str = "loa.service";
/// What logind does by these words leaves the machine running.
const HARMLESS: &[&str] = &["ignore", "lock", ""];

/// Of a power plan of Windows, in whatever language: its last two numbers are the seconds after which the machine sleeps on
/// mains and on battery, 0 for never.
fn never_sleeps(said: &str) -> bool {
    let number = |line: &str| u32::from_str_radix(line.trim().rsplit_once("0x")?.1, 16).ok();
    let numbers: Vec<u32> = said.lines().filter_map(number).collect();
    matches!(numbers[..], [.., 0, 0])
}

pub(super) fn suspend() -> Vec<Finding> {
    if cfg!(windows) {
        let plan = ask("powercfg", &["/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE"]);
        let off = plan.is_ok_and(|answer| never_sleeps(&answer.said));
        return vec![if off { Machine::SleepMasked } else { Machine::SleepUnknown }.into()];
    }
    let masked = ask("systemctl", &["is-enabled", "sleep.target", "suspend.target"]);
    let logind = ask("systemd-analyze", &["cat-config", "systemd/logind.conf"]);
    let lid = Path::new("/proc/acpi/button/lid").is_dir();
    let logind = logind.ok().map(|answer| answer.said).unwrap_or_default();
    vec![sleep(masked.ok().as_ref(), &logind, lid).into()]
}

fn sleep(masked: Option<&Answer>, logind: &str, lid: bool) -> Machine {
    let Some(answer) = masked.filter(|answer| !answer.said.trim().is_empty()) else {
        return Machine::SleepUnknown;
    };
    if answer.said.lines().any(|line| line.trim() == "masked") {
        return Machine::SleepMasked;
    }
    let idle = setting(logind, "IdleAction").unwrap_or("ignore");
    if !HARMLESS.contains(&idle) {
        return Machine::SleepsWhenIdle { action: idle.to_owned() };
    }
    let on_lid = setting(logind, "HandleLidSwitch").unwrap_or("suspend");
    Machine::SleepPossible { lid: lid && !HARMLESS.contains(&on_lid) }
}

/// What a key of an INI text says; where it stands several times, the last, as systemd has it.
fn setting<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';']));
    let mut values = lines.filter_map(|line| line.split_once('=')).filter(|(name, _)| name.trim() == key);
    values.next_back().map(|(_, value)| value.trim())
}

pub(super) fn autostart() -> Vec<Finding> {
    if cfg!(windows) {
        let starts = ask("sc", &["qc", "loa"]).is_ok_and(|answer| answer.said.contains("AUTO_START"));
        let unit = "loa".into();
        return vec![if starts { Machine::Autostart { unit } } else { Machine::AutostartUnknown }.into()];
    }
    let system = ask("systemctl", &["is-enabled", UNIT]);
    let user = ask("systemctl", &["--user", "is-enabled", UNIT]);
    let enabled = |answer: &Answer| answer.said.trim().starts_with("enabled");
    vec![
        match system {
            Err(_) => Machine::AutostartUnknown,
            Ok(answer) if enabled(&answer) => Machine::Autostart { unit: UNIT.into() },
            Ok(_) if user.is_ok_and(|answer| enabled(&answer)) => Machine::Autostart { unit: UNIT.into() },
            Ok(_) => Machine::NoAutostart { unit: UNIT.into() },
        }
        .into(),
    ]
}

pub(super) fn converter() -> Vec<Finding> {
    vec![Machine::Converter { there: find_ffmpeg().is_some() }.into()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Answer {
        Answer { fine: false, said: text.into(), complaint: String::new() }
    }

    #[test]
    fn a_power_plan_of_windows_is_understood_in_every_language() {
        let plan = |on_mains: &str, on_battery: &str| {
            format!(
                "Power Scheme GUID: 381b4222-f694-41f0-9685-ff5bb260df2e  (Balanced)\r\n  Possible Settings units: Seconds\r\n    \
                 Minimum Possible Setting: 0x00000000\r\n    Maximum Possible Setting: 0xffffffff\r\n\
                 Chỉ mục thiết đặt nguồn AC: 0x{on_mains}\r\n    Current DC Power Setting Index: 0x{on_battery}\r\n\r\n"
            )
        };
        assert!(never_sleeps(&plan("00000000", "00000000")));
        assert!(!never_sleeps(&plan("00000708", "00000000")) && !never_sleeps(&plan("00000000", "00000384")));
        assert!(!never_sleeps("") && !never_sleeps("Invalid Parameters -- try \"/?\" for help"));
    }

    #[test]
    fn sleep_is_off_possible_or_sure() {
        let stock = "# /etc/systemd/logind.conf\n[Login]\n#HandleLidSwitch=suspend\n#IdleAction=ignore\n";
        let possible = said("static\nstatic\n");
        assert_eq!(sleep(Some(&said("masked\nmasked\n")), stock, true), Machine::SleepMasked);
        assert_eq!(sleep(Some(&possible), stock, false), Machine::SleepPossible { lid: false });
        assert_eq!(sleep(Some(&possible), stock, true), Machine::SleepPossible { lid: true });
        let open = "[Login]\nHandleLidSwitch = ignore\n";
        assert_eq!(sleep(Some(&possible), open, true), Machine::SleepPossible { lid: false });
        let idle = "IdleAction=ignore\n[Login]\nIdleAction=suspend\n; IdleAction=lock\n";
        assert_eq!(sleep(Some(&possible), idle, false), Machine::SleepsWhenIdle { action: "suspend".into() });
        assert_eq!(sleep(Some(&said("")), stock, false), Machine::SleepUnknown);
        assert_eq!(sleep(None, stock, false), Machine::SleepUnknown);
    }
}
