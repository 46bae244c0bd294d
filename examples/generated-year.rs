//! Writes a station with a generated year (2025) into a new folder, so that reports and pages can be looked at before a
//! station has a year of its own:
//!
//!     cargo run --example generated-year -- FOLDER
//!     loa report --config FOLDER/config/station.toml --period 2025-Q4 --form summary -o quy-4.xlsx

#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs)]

use std::path::{Path, PathBuf};

#[path = "../tests/suite/year_rig.rs"]
mod year_rig;

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: cargo run --example generated-year -- FOLDER (which must not exist yet)");
        return std::process::ExitCode::from(2);
    };
    std::fs::create_dir(&folder).unwrap();
    for name in ["config", "schedules", "audio", "state"] {
        std::fs::create_dir(folder.join(name)).unwrap();
    }
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    for name in ["themes.toml", "holidays.toml"] {
        std::fs::copy(sample.join(name), folder.join("config").join(name)).unwrap();
    }
    let targets = std::fs::read_to_string(sample.join("targets.toml")).unwrap();
    std::fs::write(folder.join("config/targets.toml"), targets.replace("2026", "2025")).unwrap();
    std::fs::write(folder.join("schedules/cchc-2025.toml"), year_rig::SCHEDULE).unwrap();
    std::fs::write(
        folder.join("config/station.toml"),
        "[station]\nid = \"xa-binh-minh\"\nname = \"Đài Truyền thanh xã Bình Minh\"\n\
         technician = \"Nguyễn Văn Bình\"\ntelephone = \"0905 000 000\"\n\
         [output]\ncards = [\"virtual\"]\n[clock]\ntrust = \"vouched\"\n\
         [report]\nsuperior = \"UBND xã Bình Minh\"\nreceiver = \"Sở Nội vụ\"\nplace = \"Bình Minh\"\n\
         [files]\nholidays = \"config/holidays.toml\"\ntargets = \"config/targets.toml\"\n",
    )
    .unwrap();
    year_rig::fill(&folder.join("state/journal.db"));
    std::process::ExitCode::SUCCESS
}
