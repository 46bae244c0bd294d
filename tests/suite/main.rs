//! Loa's tests beyond one file: one binary, a module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod amplifier;
mod archive_backup;
mod archive_hostile;
mod archive_power;
mod archive_restore;
mod archive_rig;
mod browser;
#[cfg(target_os = "linux")]
mod busy_card;
mod config;
mod daemon;
mod disk_full;
mod doctor;
mod emergency_troubles;
mod far_servers;
mod faults;
mod faulty;
mod ffmpeg;
mod golden;
mod guide;
mod guide_messages;
mod guide_samples;
mod handover;
mod handwriting;
mod histories;
mod inbox_approval;
mod inbox_changes;
mod inbox_emergency;
mod inbox_folder;
mod inbox_names;
mod inbox_power;
mod inbox_refusal;
mod inbox_rig;
mod inbox_station;
mod inbox_targets;
#[cfg(unix)]
mod inbox_unix;
mod inbox_upkeep;
mod journal;
mod journal_backup;
mod journal_file;
mod journal_restore;
mod journal_tampering;
mod judging;
mod judging_hostile;
mod judging_rig;
mod layers;
mod office_rig;
mod outbox;
mod outbox_pace;
#[cfg(target_os = "linux")]
mod package;
mod pages;
mod pages_change;
mod pages_guard;
mod pages_hostile;
mod pages_listen;
mod pages_log;
mod pages_reports;
mod pages_rig;
mod pages_unheard;
mod pages_upload;
mod panel;
mod papers;
mod papers_hostile;
mod papers_rig;
mod papers_samples;
mod pattern_oracle;
mod pulse;
mod readers;
mod relay;
mod replacing;
mod report;
mod rig;
mod rig_log;
#[cfg(target_os = "linux")]
mod root_archive;
#[cfg(target_os = "linux")]
mod root_commands;
mod rundown;
mod sample_station;
mod schedules;
mod setup;
mod setup_rig;
#[cfg(target_os = "linux")]
mod setup_service;
#[cfg(unix)]
mod setup_terminal;
mod setup_troubles;
mod sound_damage;
mod sound_oracle;
mod sound_server;
mod spoilt;
mod stage;
mod station_disk;
mod station_emergency;
mod station_fallback;
mod station_folder;
mod station_life;
mod station_limits;
mod station_months;
mod station_orders;
mod station_sound;
mod storing;
#[cfg(target_os = "linux")]
mod supervision;
mod survival_calendar;
mod survival_cards;
#[cfg(target_os = "linux")]
mod survival_clock;
mod survival_kills;
mod survival_months;
mod survival_rig;
#[cfg(target_os = "linux")]
mod survival_soak;
mod workbook;
mod workbook_formats;
mod workbook_hostile;
mod workbook_rig;
mod workbook_schedule;
mod workbook_targets;
mod year_rig;
