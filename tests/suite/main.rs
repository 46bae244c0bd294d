//! Loa's tests beyond one file: one binary, a module a subject.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod config;
mod daemon;
mod faults;
mod faulty;
mod ffmpeg;
mod golden;
mod histories;
mod inbox_folder;
mod inbox_power;
mod inbox_rig;
mod inbox_station;
mod journal;
mod journal_file;
mod journal_tampering;
mod judging;
mod layers;
mod papers;
mod pattern_oracle;
mod pulse;
mod readers;
mod replacing;
mod rig;
mod rundown;
mod sample_station;
mod schedules;
mod sound_damage;
mod sound_oracle;
mod sound_server;
mod stage;
mod station_folder;
mod station_life;
mod station_months;
mod workbook;
